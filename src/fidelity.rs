//! How true a machine is known to be: what was compared with recordings of the real system, what follows from its
//! source, what is assumed. Computed from the machines and from the report of the recordings; nothing is typed in.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::kind::MechanismKind;
use crate::replay;
use crate::text::Text;

/// What the committed recordings of a mechanism come to. A test replays them all and rewrites or compares the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Recordings.
    pub files: usize,
    /// Operations in them.
    pub operations: usize,
    /// Fields compared, without a mismatch.
    pub fields: usize,
    /// The events that the machine met on the way.
    pub events: BTreeSet<String>,
}

impl Compared {
    /// Adds the replay of one more recording.
    pub fn add(&mut self, report: &replay::Report) {
        self.files += 1;
        self.operations += report.operations;
        self.fields += report.fields;
        self.events.extend(report.events.iter().map(|event| (*event).to_owned()));
    }
}

/// The report of the recordings under tests/recordings/, by mechanism.
pub fn report() -> BTreeMap<String, Compared> {
    let text = include_str!("../tests/recordings/report.json");
    serde_json::from_str(text).unwrap_or_default()
}

/// How true a mechanism's machine is known to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// What recordings compare, and how much of it; none if there are no recordings.
    pub recorded: Option<Recorded>,
    /// Steps that no recording shows: they are derived from the source, and laws watch over them.
    pub derived: Vec<&'static str>,
    /// How many kinds of step there are.
    pub events: usize,
    /// How many laws are checked after every step.
    pub laws: usize,
    /// What neither a recording nor the source fixes, and was chosen.
    pub assumed: Vec<Text>,
}

/// What was compared with the real system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// In words.
    pub what: Text,
    /// Recordings.
    pub files: usize,
    /// Operations in them.
    pub operations: usize,
    /// Fields compared, without a mismatch.
    pub fields: usize,
}

impl Fidelity {
    /// Of a mechanism, by the report of its recordings.
    pub fn of(kind: &MechanismKind, report: &BTreeMap<String, Compared>) -> Fidelity {
        let compared = report.get(kind.id).cloned().unwrap_or_default();
        let recorded = kind.recorded.as_ref().filter(|_| compared.files > 0).map(|recorded| Recorded {
            what: recorded.what.clone(),
            files: compared.files,
            operations: compared.operations,
            fields: compared.fields,
        });
        let derived = kind.events.iter().copied().filter(|event| !compared.events.contains(*event)).collect();
        let assumed = kind.assumed.iter().map(|(en, zh)| Text::new(*en, *zh)).collect();
        Fidelity { recorded, derived, events: kind.events.len(), laws: kind.laws.len(), assumed }
    }

    /// In one line.
    pub fn line(&self) -> Text {
        let (events, laws, assumed) = (self.events, self.laws, self.assumed.len());
        let met = events - self.derived.len();
        let rest = Text::new(
            format!("{} derived from the source, under {laws} laws · {assumed} assumed", self.derived.len()),
            format!("{} 种步骤依据源码推导，受 {laws} 条定律检查 · {assumed} 项假定", self.derived.len()),
        );
        let recorded = match &self.recorded {
            None => Text::new("no recordings", "无录制对照"),
            Some(Recorded { files, operations, fields, .. }) => Text::new(
                format!(
                    "{met} of {events} kinds of step recorded: {operations} operations, {fields} fields, {files} files"
                ),
                format!("{events} 种步骤中 {met} 种有录制对照：{operations} 次操作、{fields} 个字段、{files} 个文件"),
            ),
        };
        Text::new(format!("{} · {}", recorded.en, rest.en), format!("{} · {}", recorded.zh, rest.zh))
    }

    /// In full: what is compared, which steps are only derived, what is assumed; a line each.
    pub fn details(&self) -> Text {
        let mut details = self.line();
        let mut add = |en: String, zh: String| {
            details = details.then("\n", "\n").then(&en, &zh);
        };
        if let Some(recorded) = &self.recorded {
            add(format!("recorded: {}", recorded.what.en), format!("录制：{}", recorded.what.zh));
        }
        if !self.derived.is_empty() {
            let names = self.derived.join(", ");
            add(format!("derived: {names}"), format!("推导：{names}"));
        }
        for assumed in &self.assumed {
            add(format!("assumed: {}", assumed.en), format!("假定：{}", assumed.zh));
        }
        details
    }
}
