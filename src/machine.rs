//! The contract: what every mechanism's machine offers to the floors above.
//!
//! A machine *is* its state. It knows no picture, no script, no clock and no file. Whatever is under way (a write that
//! has taken three of its nine steps) is part of the state, so that another action can follow at *any* step, and a
//! what-if branch may leave a run in the middle of an action.

use std::fmt::Debug;

use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::text::Text;

/// A deterministic state machine that behaves as the real mechanism of a stated version does.
pub trait Machine: Clone + Serialize + 'static {
    /// Sizes, versions, switches, seeds: everything that a run needs besides its actions.
    type Setup: Clone + Debug + Default + Serialize + DeserializeOwned;
    /// What a script or a viewer can ask.
    type Action: Clone + Debug + Serialize + DeserializeOwned;
    /// What one step did, with its figures.
    type Event: Event;

    /// The name of the mechanism in scene ids and on the command line, such as `go-map`.
    const ID: &'static str;
    /// What holds after every step, or must be reached by some run.
    const LAWS: &'static [Law<Self>];
    /// Deliberately broken machines: for each law at least one that it catches.
    const MUTANTS: &'static [Mutant<Self>];

    /// Events that a thousand random runs need not meet, each with the reason and the test that meets it instead.
    const RARE: &'static [(&'static str, &'static str)] = &[];

    /// A machine before its first action. Refuses a setup that no real system could have.
    fn start(setup: &Self::Setup) -> Result<Self, Refusal>;

    /// What may happen next: the viewer's what-ifs, the random and the exhaustive search. Each is accepted by `apply`.
    fn choices(&self) -> Vec<Self::Action>;

    /// Carries out `action`, calling `step` after each atomic change with the state as it then is and what was done.
    /// A refused action leaves the machine unchanged and calls `step` not once.
    fn apply(&mut self, action: &Self::Action, step: &mut dyn FnMut(&Self, Self::Event)) -> Result<(), Refusal>;

    /// Figures worth a curve: load factor, queue length.
    fn gauges(&self) -> Vec<Gauge> {
        Vec::new()
    }

    /// A setup for a random run.
    fn sample(rng: &mut ChaCha8Rng) -> Self::Setup;
}

/// The record of one step. The name of the variant picks the caption and the code line, its fields are the figures.
pub trait Event: Clone + Debug + Serialize + strum::VariantNames {
    /// The variant's name, such as `Hashed`.
    fn name(&self) -> &'static str;

    /// Places in the state (`oldbuckets[3]`, `nevacuate`) that decided this step; the last steps that changed them, or
    /// anything below them, are its reasons.
    fn depends(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A named invariant.
pub struct Law<M> {
    /// Short and stable, such as `canonical-tail`; its title stands in mechanism.ron.
    pub name: &'static str,
    /// Whether it holds always or must be reached sometimes.
    pub kind: LawKind,
    /// Where it comes from: file and function, RFC section.
    pub source: &'static str,
    /// `Err` with the place and the figures that break it. For [`LawKind::Sometimes`]: `Ok` where the state is one
    /// that must be reached.
    pub check: fn(&M) -> Result<(), String>,
}

/// How a law is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LawKind {
    /// Holds after every step of every run.
    Always,
    /// Is reached by at least one run: a story that never happens is a fault as well.
    Sometimes,
}

/// A machine broken on purpose, to prove that a law can fail.
pub struct Mutant<M> {
    /// The law that must catch it.
    pub law: &'static str,
    /// What is broken, in one sentence.
    pub what: &'static str,
    /// Breaks a fresh machine.
    pub spoil: fn(&mut M),
}

/// An action that the machine does not accept, and why, in the mechanism's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: Text,
}

impl Refusal {
    /// A refusal with its reason in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Refusal {
        Refusal { reason: Text::new(en, zh) }
    }
}

/// A figure at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gauge {
    /// Short and stable, such as `load`; its title stands in mechanism.ron.
    pub name: &'static str,
    /// The figure.
    pub value: f64,
    /// A line that the figure must not cross, or is judged by.
    pub limit: Option<f64>,
}
