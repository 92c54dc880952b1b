//! A mechanism's machine without its type: what the catalogue keeps of each.
//!
//! Each mechanism exports one function `kind()`; with it the mechanism is known to scenes, searches, replays and tests.

use std::sync::Arc;

use serde_json::Value;

use crate::explore::{self, Options};
use crate::machine::Machine;
use crate::replay::{self, Recording, RecordingError, Replay};
use crate::scene::{Fault, Header, Mechanism, Run, stage};
use crate::text::Text;
use crate::view::View;

/// [`stage::words`] of a machine.
type ReadWords = fn(&str, &str, &str, &str) -> Result<Mechanism, Vec<Fault>>;
/// [`stage::stage`] of a machine.
type StageScript = fn(&Arc<Mechanism>, &str, &str, &str) -> Result<Box<dyn Run>, Vec<Fault>>;

/// A mechanism's machine, seen without its type.
pub struct MechanismKind {
    /// Its id, such as `go-map`.
    pub id: &'static str,
    /// The names of its events.
    pub events: Vec<&'static str>,
    /// Events that random runs need not meet, and why.
    pub rare: &'static [(&'static str, &'static str)],
    /// The names of its laws.
    pub laws: Vec<&'static str>,
    /// Its broken machines: the law that must catch each, and what is broken.
    pub mutants: Vec<(&'static str, &'static str)>,
    /// What neither a recording nor the source fixes.
    pub assumed: &'static [(&'static str, &'static str)],
    /// Recordings of the real thing, if there are any.
    pub recorded: Option<Recorded>,
    /// Reads mechanism.ron and the listing: file and text of each.
    pub(crate) words: ReadWords,
    /// Reads a script's title and place: file and text.
    pub(crate) header: fn(&str, &str) -> Result<Header, Fault>,
    /// Stages a script: words, id, file, text.
    pub(crate) stage: StageScript,
    explore: fn(Options, Option<usize>) -> explore::Report,
    facts: fn(Options) -> explore::Facts,
}

/// How recordings of the real thing are replayed.
pub struct Recorded {
    /// What is compared.
    pub what: Text,
    /// Whether a recording with this header is of the mechanism.
    pub accepts: fn(&Value) -> bool,
    /// Replays a whole recording.
    pub replay: fn(Recording) -> Result<replay::Report, RecordingError>,
}

impl MechanismKind {
    /// A machine with a picture.
    pub fn of<M: View>() -> MechanismKind {
        MechanismKind {
            id: M::ID,
            events: stage::event_names::<M>(),
            rare: M::RARE,
            laws: M::LAWS.iter().map(|law| law.name).collect(),
            mutants: M::MUTANTS.iter().map(|mutant| (mutant.law, mutant.what)).collect(),
            assumed: M::ASSUMED,
            recorded: None,
            words: stage::words::<M>,
            header: stage::header::<M>,
            stage: stage::stage::<M>,
            explore: explored::<M>,
            facts: explore::facts::<M>,
        }
    }

    /// The same; recordings of the real thing are replayed through it, and the tests demand that there are some.
    pub fn recorded<M: Replay>(mut self) -> MechanismKind {
        let what = Text::new(M::WHAT.0, M::WHAT.1);
        self.recorded = Some(Recorded { what, accepts: M::accepts, replay: M::replay });
        self
    }

    /// Random runs in which the figures and the reasons of events are judged.
    pub fn facts(&self, options: Options) -> explore::Facts {
        (self.facts)(options)
    }

    /// Random runs of the machine, or of its broken machine with this number.
    pub fn explore(&self, options: Options, mutant: Option<usize>) -> explore::Report {
        (self.explore)(options, mutant)
    }
}

fn explored<M: Machine>(options: Options, mutant: Option<usize>) -> explore::Report {
    let spoil = mutant.and_then(|i| M::MUTANTS.get(i)).map(|mutant| mutant.spoil);
    explore::explore::<M>(options, spoil)
}
