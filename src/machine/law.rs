//! Laws, and the broken machines that prove that they can fail.

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

impl<M> Law<M> {
    /// A law that holds after every step of every run.
    pub const fn always(name: &'static str, source: &'static str, check: fn(&M) -> Result<(), String>) -> Law<M> {
        Law { name, kind: LawKind::Always, source, check }
    }

    /// A story that some run must reach; looked for after every step.
    pub const fn sometimes(name: &'static str, source: &'static str, check: fn(&M) -> Result<(), String>) -> Law<M> {
        Law { name, kind: LawKind::Sometimes, source, check }
    }
}

/// The outcome of a law of the kind [`LawKind::Sometimes`].
pub fn reached(yes: bool) -> Result<(), String> {
    if yes { Ok(()) } else { Err(String::from("not yet")) }
}

/// A machine broken on purpose, to prove that a law can fail.
pub struct Mutant<M> {
    /// The law that must catch it, and before any other does.
    pub law: &'static str,
    /// What is broken, in one sentence.
    pub what: &'static str,
    /// Breaks a fresh machine.
    pub spoil: fn(&mut M),
}

impl<M> Mutant<M> {
    /// A broken machine: the law that must catch it, what is broken, and how.
    pub const fn new(law: &'static str, what: &'static str, spoil: fn(&mut M)) -> Mutant<M> {
        Mutant { law, what, spoil }
    }
}
