//! Laws, and the broken machines that prove that they can fail.

use std::collections::BTreeMap;

/// A machine with its laws; written with [`laws!`](crate::machine::laws).
pub trait Lawful: Sized + 'static {
    /// What holds after every step, or must be reached by some run: the first law broken is the one reported.
    const LAWS: &'static [Law<Self>];
    /// Deliberately broken machines: for each law at least one that it catches.
    const MUTANTS: &'static [Mutant<Self>];
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

/// The outcome of a law of the kind [`LawKind::Always`]: whether no counterexample was found, and else what it says.
pub fn none<T>(found: Option<T>, says: impl FnOnce(T) -> String) -> Result<(), String> {
    found.map_or(Ok(()), |found| Err(says(found)))
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

/// Declares the laws of a machine, the most telling first, each with what is broken to prove that it can fail.
///
/// ```
/// # use glassbox::machine::{laws, reached};
/// # pub struct Queue { fault: Fault, waiters: usize }
/// laws! {
///     /// What is broken, at the place where the real code would be.
///     pub enum Fault of Queue;
///     always("short", "queue.go: put", |q| if q.waiters < 9 { Ok(()) } else { Err(format!("{} wait", q.waiters)) })
///         broken TakesMore: "a full queue takes one more";
///     sometimes("waits", "queue.go: put", |q| reached(q.waiters > 0))
///         broken Rejects: "whoever would have to wait goes away";
/// }
/// ```
///
/// makes it [`Lawful`](crate::machine::Lawful), and `Fault`, which is `None` in a sound machine and which its field `fault` holds. What is
/// broken otherwise stands as `spoiled |machine| … => "what"`.
#[macro_export]
macro_rules! laws {
    (
        $(#[$outer:meta])*
        $vis:vis enum $Fault:ident of $Machine:ty;
        $(
            $kind:ident($name:literal, $source:expr, $check:expr $(,)?)
            $(broken $broken:ident: $what:literal)* $(spoiled $spoil:expr => $how:literal)?;
        )*
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        $vis enum $Fault {
            /// Nothing.
            #[default]
            None,
            $($(#[doc = $what] $broken,)*)*
        }

        impl $crate::machine::Lawful for $Machine {
            const LAWS: &'static [$crate::machine::Law<$Machine>] =
                &[$($crate::machine::Law::$kind($name, $source, $check)),*];
            const MUTANTS: &'static [$crate::machine::Mutant<$Machine>] = &[$(
                $($crate::machine::Mutant::new($name, $what, |machine| machine.fault = $Fault::$broken),)*
                $($crate::machine::Mutant::new($name, $how, $spoil),)?
            )*];
        }
    };
}

pub use crate::laws;

/// What steps noted when they broke a law that the state alone does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Notes(BTreeMap<&'static str, String>);

impl Notes {
    /// Notes that a step broke this law; the first note stays.
    pub fn note(&mut self, law: &'static str, what: impl FnOnce() -> String) {
        self.0.entry(law).or_insert_with(what);
    }

    /// Whether the law holds as far as steps have noted.
    pub fn none(&self, law: &str) -> Result<(), String> {
        self.0.get(law).map_or(Ok(()), |what| Err(what.clone()))
    }
}
