//! A mechanism's machine without its type: what the catalogue keeps of each.
//!
//! Each mechanism exports one function `kind()`; with it the mechanism is known to scenes, searches, replays and tests.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::explore::{self, Bounds, Options};
use crate::machine::{LawKind, Machine};
use crate::replay::{self, Recording, RecordingError, Replay};
use crate::scene::script;
use crate::scene::search::{self, Limits, Searched};
use crate::scene::{Fault, Header, Mechanism, Run, stage};
use crate::text::Text;
use crate::trace::Traced;
use crate::view::View;

/// [`stage::words`] of a machine.
type ReadWords = fn(&str, &str, &str, &str) -> Result<Mechanism, Vec<Fault>>;
/// [`stage::stage`] of a machine.
type StageScript = fn(&Arc<Mechanism>, &str, &str, &str) -> Result<Box<dyn Run>, Vec<Fault>>;

/// [`search::exhaust`] of a machine.
type ExhaustSetup = fn(Option<(&str, &str)>, Bounds) -> Result<Searched, Vec<Fault>>;

/// [`search::search`] of a machine.
type SearchScript = fn(&str, &str, usize, Limits) -> Result<Searched, Vec<Fault>>;

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
    /// Those of them that some run comes to, and not all keep.
    pub stories: Vec<&'static str>,
    /// Its broken machines: the law that must catch each, and what is broken.
    pub mutants: Vec<(&'static str, &'static str)>,
    /// What neither a recording nor the source fixes.
    pub assumed: &'static [(&'static str, &'static str)],
    /// Recordings of the real thing, if there are any.
    pub recorded: Option<Recorded>,
    /// How traces that strangers bring are played, if it is a machine for such; it has no scenes of its own then.
    pub traced: Option<Tracer>,
    /// Reads mechanism.ron and the listing: file and text of each.
    pub(crate) words: ReadWords,
    /// Reads a script's title and place: file and text.
    pub(crate) header: fn(&str, &str) -> Result<Header, Fault>,
    /// Reads what stands beside a script: file and text.
    pub(crate) beside: fn(&str, &str) -> Result<Option<stage::Other>, Fault>,
    /// Stages a script: words, id, file, text.
    pub(crate) stage: StageScript,
    /// The names of its gauges.
    pub gauges: &'static [&'static str],
    explore: fn(Options, Option<usize>) -> explore::Report,
    search: SearchScript,
    exhaust: ExhaustSetup,
    trails: fn(Options, Option<usize>) -> Vec<u64>,
    facts: fn(Options) -> explore::Facts,
    refusals: fn(Options) -> explore::Refusals,
    draws: fn() -> Vec<explore::Drawn>,
    sampled: fn(u64) -> String,
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

/// How files of traces are played.
pub struct Tracer {
    /// Whether a text holds such a trace.
    pub recognises: fn(&str) -> bool,
    /// Lines of a file, with its text, that are left out; or why nothing of it can be played.
    pub faults: fn(&str, &str) -> Result<Vec<Fault>, Fault>,
    /// Reads what a file holds: file and text.
    pub(crate) header: fn(&str, &str) -> Result<Header, Fault>,
    /// Plays a file: words, id, file, text.
    pub(crate) stage: StageScript,
}

impl MechanismKind {
    /// A machine with a picture.
    pub fn of<M: View>() -> MechanismKind {
        MechanismKind {
            id: M::ID,
            events: stage::event_names::<M>(),
            rare: M::RARE,
            laws: M::LAWS.iter().map(|law| law.name).collect(),
            stories: M::LAWS.iter().filter(|law| law.kind == LawKind::Sometimes).map(|law| law.name).collect(),
            mutants: M::MUTANTS.iter().map(|mutant| (mutant.law, mutant.what)).collect(),
            assumed: M::ASSUMED,
            recorded: None,
            traced: None,
            words: stage::words::<M>,
            header: stage::header::<M>,
            beside: stage::beside::<M>,
            stage: stage::stage::<M>,
            explore: explored::<M>,
            search: search::search::<M>,
            exhaust: search::exhaust::<M>,
            trails: trails::<M>,
            facts: explore::facts::<M>,
            refusals: explore::refusals::<M>,
            draws: explore::draws::<M>,
            sampled: sampled::<M>,
            gauges: M::GAUGES,
        }
    }

    /// The same; recordings of the real thing are replayed through it, and the tests demand that there are some.
    pub fn recorded<M: Replay>(mut self) -> MechanismKind {
        let what = Text::new(M::WHAT.0, M::WHAT.1);
        self.recorded = Some(Recorded { what, accepts: M::accepts, replay: M::replay });
        self
    }

    /// The same; files of strangers are played by it, and nothing else is.
    pub fn traced<M: View + Traced>(mut self) -> MechanismKind {
        self.traced = Some(Tracer {
            recognises: M::recognises,
            faults: stage::trace_faults::<M>,
            header: stage::trace_header::<M>,
            stage: stage::stage_trace::<M>,
        });
        self
    }

    /// Random runs in which the figures and the reasons of events are judged.
    pub fn facts(&self, options: Options) -> explore::Facts {
        (self.facts)(options)
    }

    /// Actions that the machine does not offer, tried in the states of random runs.
    pub fn refusals(&self, options: Options) -> explore::Refusals {
        (self.refusals)(options)
    }

    /// What the machine draws at random, drawn from many seeds.
    pub fn draws(&self) -> Vec<explore::Drawn> {
        (self.draws)()
    }

    /// A setup for a random run, as a script writes it.
    pub fn sampled(&self, seed: u64) -> String {
        (self.sampled)(seed)
    }

    /// Searches from a script for what goes wrong: its file and text, and after how many beats.
    pub fn search(&self, file: &str, text: &str, beats: usize, limits: Limits) -> Result<Searched, Vec<Fault>> {
        (self.search)(file, text, beats, limits)
    }

    /// Searches all that may happen in the machine for a broken law, from a setup or a script: its file and text.
    pub fn exhaust(&self, setup: Option<(&str, &str)>, bounds: Bounds) -> Result<Searched, Vec<Fault>> {
        (self.exhaust)(setup, bounds)
    }

    /// Random runs of the machine, or of its broken machine with this number.
    pub fn explore(&self, options: Options, mutant: Option<usize>) -> explore::Report {
        (self.explore)(options, mutant)
    }

    /// Random runs of the machine, or of its broken machine with this number, each as a number over all that happened.
    pub fn trails(&self, options: Options, mutant: Option<usize>) -> Vec<u64> {
        (self.trails)(options, mutant)
    }
}

fn sampled<M: Machine>(seed: u64) -> String {
    let setup = M::sample(&mut ChaCha8Rng::seed_from_u64(seed));
    script::options().to_string(&setup).unwrap_or_else(|error| error.to_string())
}

fn explored<M: Machine>(options: Options, mutant: Option<usize>) -> explore::Report {
    explore::explore::<M>(options, spoil(mutant))
}

fn trails<M: Machine>(options: Options, mutant: Option<usize>) -> Vec<u64> {
    explore::trails::<M>(options, spoil(mutant))
}

fn spoil<M: Machine>(mutant: Option<usize>) -> Option<fn(&mut M)> {
    mutant.and_then(|i| M::MUTANTS.get(i)).map(|mutant| mutant.spoil)
}
