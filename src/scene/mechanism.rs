//! The words of a mechanism: mechanism.ron and its code listing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::run::Curve;
use super::story::Phase;
use crate::diagram::Tone;
use crate::machine::Gauge;
use crate::text::Text;

/// Everything said of a mechanism, apart from its machine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mechanism {
    /// Its name on the command line, such as `go-map`; filled in by the catalogue.
    #[serde(skip)]
    pub id: String,
    /// What it is: `map`.
    pub title: Text,
    /// What it belongs to: `Go runtime`.
    pub group: Text,
    /// The release and the file that are modelled: `Go 1.23.9 · runtime/map.go`.
    pub models: String,
    /// What the machine leaves out.
    pub omits: Vec<Text>,
    /// What may be going on, in the order in which it usually does; each event belongs to one.
    #[serde(default)]
    pub phases: Vec<Phase>,
    /// Numbers of the source that sentences may name as they are: `6.5`.
    #[serde(default)]
    pub constants: Vec<String>,
    /// How each action is said, by the action's name: `{0}`, `{1}` are what it is given, `{0:q}` in quotes if it is a text,
    /// `{next}` what the machine says that it goes on with.
    #[serde(default)]
    pub actions: BTreeMap<String, Text>,
    /// A sentence for each event, by the event's name.
    pub captions: BTreeMap<String, CaptionText>,
    /// A title for each law.
    pub laws: BTreeMap<String, Text>,
    /// A title for each gauge; `{of}` stands for the thing that it measures.
    pub gauges: BTreeMap<String, Text>,
    /// What people say of it, and whether it is so.
    pub claims: Vec<Claim>,
    /// The code listing; filled in from its own file.
    #[serde(skip)]
    pub listing: Vec<CodeLine>,
    /// The number of each event's phase; filled in from the phases.
    #[serde(skip)]
    pub phase_of: BTreeMap<String, usize>,
}

impl Mechanism {
    /// An empty curve for a gauge, with its title in words.
    pub fn curve(&self, gauge: &Gauge) -> Curve {
        let of = gauge.of.as_deref().unwrap_or_default();
        let title = self.gauges.get(gauge.name).cloned().unwrap_or_else(|| Text::same(gauge.name));
        let title = Text::new(title.en.replace("{of}", of), title.zh.replace("{of}", of));
        Curve { name: gauge.name, of: gauge.of.clone(), title, limits: Vec::new(), values: Vec::new() }
    }
}

/// The sentence for an event. `{name}` stands for a figure, `{name:x}` for it in hex, `{name:us}` for microseconds with
/// the unit that suits them, `{name:G}` for a list with a letter before each (`G7, G6`); `*words*` are emphasised.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionText {
    /// Its colour on the timeline and in the caption.
    pub kind: Kind,
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
    /// Why this is so in general, shown below where the author says nothing.
    #[serde(default)]
    pub why: Option<Text>,
    /// Other sentences for certain figures; the first one whose figures are all there is shown instead.
    #[serde(default)]
    pub cases: Vec<Case>,
}

/// Another sentence for an event with certain figures, such as a list that is empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The figures that the event must have, by name.
    pub when: BTreeMap<String, Value>,
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
    /// Why this is so; that of the event if there is none.
    #[serde(default)]
    pub why: Option<Text>,
}

/// What kind of thing a step is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default, strum::EnumIter, strum::IntoStaticStr,
)]
pub enum Kind {
    /// Something was looked at or decided; nothing changed.
    #[default]
    Look,
    /// Something was written.
    Write,
    /// Something larger begins or ends: a growth, a phase.
    Turn,
    /// Something was moved.
    Move,
    /// An answer was found, an operation ended.
    Done,
    /// A fault: panic, fatal error.
    Fault,
}

impl Kind {
    /// The tone that shows it.
    pub fn tone(self) -> Tone {
        match self {
            Kind::Look => Tone::Info,
            Kind::Write | Kind::Turn => Tone::Active,
            Kind::Move => Tone::Moved,
            Kind::Done => Tone::Good,
            Kind::Fault => Tone::Bad,
        }
    }
}

/// What people say of a mechanism, and whether it is so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What is said.
    pub says: Text,
    /// Whether it is so.
    pub verdict: ClaimVerdict,
    /// What is so.
    pub correct: Text,
    /// The function that shows it: `overLoadFactor, mapassign`.
    pub source: String,
    /// The moment that shows it.
    pub shown: Moment,
}

/// Whether a claim is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
pub enum ClaimVerdict {
    /// It is so.
    True,
    /// It is so in part.
    Imprecise,
    /// It is not so.
    False,
    /// It may be so, and the source does not say it: a reason that somebody has thought of.
    NotInSource,
}

/// A step of a scene, named by what happens there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The scene's name within its mechanism: `growth`.
    pub scene: String,
    /// The event.
    pub event: String,
    /// Which of them, from 1.
    #[serde(default = "first")]
    pub nth: usize,
}

fn first() -> usize {
    1
}

/// A line of the code listing: condensed pseudo-code of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// The line, with its indentation.
    pub text: String,
    /// Whether it opens a function: names the real file and function.
    pub heading: bool,
    /// The events that this line stands for.
    pub events: Vec<String>,
}
