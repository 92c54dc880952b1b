//! The contract: what every mechanism's machine offers to the floors above.
//!
//! A machine *is* its state. It knows no picture, no script, no clock and no file. Whatever is under way (a write that
//! has taken three of its nine steps) is part of the state, so that another action can follow at *any* step, and a
//! what-if branch may leave a run in the middle of an action.
//!
//! An action is looked at first ([`Machine::accept`], which cannot change anything) and then carried out piece by piece
//! ([`Machine::proceed`]). Whoever carries it out counts the pieces: limits, kept machines and searches work inside
//! the longest action as well as between actions.

mod budget;
mod dice;
mod digest;
mod event;
mod law;

use std::fmt::Debug;
use std::hash::Hash;

use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use smol_str::SmolStr;

pub use budget::{Budget, Course, Halt, carry_out, set_up};
pub use dice::{Dice, Draw};
pub use digest::digest;
pub use event::{Event, Fact, events, figure_texts};
pub use law::{Law, LawKind, Lawful, Mutant, Notes, laws, none, reached};

use crate::text::Text;

/// A deterministic state machine that behaves as the real mechanism of a stated version does.
pub trait Machine: Lawful + Clone + Hash + Serialize + Send + Sync + 'static {
    /// Sizes, versions, switches, seeds: everything that a run needs besides its actions.
    type Setup: Clone + Debug + Default + Serialize + DeserializeOwned;
    /// What a script or a viewer can ask.
    type Action: Clone + Debug + Serialize + DeserializeOwned + Send + Sync;
    /// What one step did, with its figures.
    type Event: Event;
    /// What is left of an action that is under way, apart from the machine's own state.
    type Doing: Clone + Send + Sync;

    /// The name of the mechanism in scene ids and on the command line, such as `go-map`.
    const ID: &'static str;
    /// The names that its gauges may have; mechanism.ron has a title for each.
    const GAUGES: &'static [&'static str] = &[];
    /// What the machine draws at random, each with the distribution that it must have. A setup with a seed has some.
    const DRAWS: &'static [Draw] = &[];
    /// What neither a recording nor the source fixes and was chosen, in English and Chinese.
    const ASSUMED: &'static [(&'static str, &'static str)] = &[];
    /// Events that a thousand random runs need not meet, each with the reason and the test that meets it instead.
    const RARE: &'static [(&'static str, &'static str)] = &[];

    /// A machine before its first action. Refuses a setup that no real system could have. Costs little: whatever takes
    /// long to set up stands in [`Machine::prelude`].
    fn start(setup: &Self::Setup) -> Result<Self, Refusal>;

    /// Actions that the setup asks for and that are carried out before the run begins, unseen but counted.
    fn prelude(_setup: &Self::Setup) -> Vec<Self::Action> {
        Vec::new()
    }

    /// The prelude is over: what a machine notes of its run, for laws of the kind "sometimes", begins here.
    fn begin_run(&mut self) {}

    /// What may happen next: the viewer's what-ifs, the random and the exhaustive search. Each is accepted.
    fn choices(&self) -> Vec<Self::Action>;

    /// Looks whether `action` can be carried out now, and says how it begins. It changes nothing.
    fn accept(&self, action: &Self::Action) -> Result<Self::Doing, Refusal>;

    /// Takes the next atomic step of an accepted action, or works a bounded while at one that the viewer does not see.
    /// It comes to [`Progress::Done`] at last, and only steps and pieces of work change the machine.
    fn proceed(&mut self, doing: &mut Self::Doing) -> Progress<Self::Event>;

    /// What an action goes on with, where it does not say that itself: the next statement of the goroutine that it lets run.
    /// Stands for `{next}` in the words of mechanism.ron.
    fn next(&self, _action: &Self::Action) -> Option<Text> {
        None
    }

    /// What may happen next without anybody asking for anything new: the scheduler's choices. What a search from a scene tries.
    fn turns(&self) -> Vec<Self::Action> {
        self.choices()
    }

    /// What has gone wrong for the program that it runs, in the real system's words: a deadlock, a leak, a panic, a fatal error.
    fn alarm(&self) -> Option<Text> {
        None
    }

    /// About how much memory the machine holds, in bytes; computed in little time.
    fn bytes(&self) -> usize;

    /// Figures worth a curve: load factor, queue length.
    fn gauges(&self) -> Vec<Gauge> {
        Vec::new()
    }

    /// A setup for a random run.
    fn sample(rng: &mut ChaCha8Rng) -> Self::Setup;

    /// Carries out `action` whatever it costs, calling `step` after each atomic change with the state as it then is and
    /// what was done. For tests and recordings; scenes and searches count ([`Course`]).
    fn apply(&mut self, action: &Self::Action, step: &mut dyn FnMut(&Self, Self::Event)) -> Result<(), Refusal> {
        let mut doing = self.accept(action)?;
        loop {
            match self.proceed(&mut doing) {
                Progress::Step(event) => step(self, event),
                Progress::Worked => {}
                Progress::Done => return Ok(()),
            }
        }
    }
}

/// What [`Machine::proceed`] came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress<E> {
    /// One step, and what it did.
    Step(E),
    /// Something that is not a step of its own: a piece of an action that shows as one step, such as the 300th of 3,000
    /// skipped steps. It costs as much as a step.
    Worked,
    /// The action is over; the machine has not changed.
    Done,
}

impl<E> From<Option<E>> for Progress<E> {
    fn from(event: Option<E>) -> Progress<E> {
        event.map_or(Progress::Done, Progress::Step)
    }
}

/// An action that the machine does not accept, and why, in the mechanism's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: Text,
}

impl Refusal {
    /// A refusal with its reason in both languages.
    pub fn new(en: impl Into<SmolStr>, zh: impl Into<SmolStr>) -> Refusal {
        Refusal { reason: Text::new(en, zh) }
    }
}

/// `Err` of a [`Refusal`]: its reason in English and Chinese, each as [`format!`] takes it.
///
/// ```
/// # use glassbox::machine::{Refusal, refuse};
/// fn check(n: u32) -> Result<(), Refusal> {
///     if n > 3 { refuse!("{n} goroutines; at most 3", "有 {n} 个 goroutine；最多 3 个") } else { Ok(()) }
/// }
/// assert_eq!(check(4).unwrap_err().reason.zh, "有 4 个 goroutine；最多 3 个");
/// ```
#[macro_export]
macro_rules! refuse {
    ($en:literal, $zh:literal $(,)?) => {
        Err($crate::machine::Refusal::new(format!($en), format!($zh)))
    };
}

pub use crate::refuse;

/// Refuses more of something than can be shown; `what` says of what, in English and in Chinese with its measure word.
pub fn within(n: usize, most: usize, what: (&str, &str)) -> Result<(), Refusal> {
    let (en, zh) = what;
    if n > most {
        return refuse!("{n} {en}; at most {most} can be shown", "有 {n} {zh}，超过可展示的上限 {most}");
    }
    Ok(())
}

/// A figure at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gauge {
    /// What is measured, short and stable, such as `load`; one of [`Machine::GAUGES`].
    pub name: &'static str,
    /// Of which of several things, such as the channel `jobs`; its title is put for `{of}` in the gauge's title.
    pub of: Option<String>,
    /// The figure.
    pub value: f64,
    /// A line that the figure must not cross, or is judged by.
    pub limit: Option<f64>,
}

impl Gauge {
    /// A figure of the whole machine.
    pub fn new(name: &'static str, value: f64) -> Gauge {
        Gauge { name, of: None, value, limit: None }
    }

    /// The same with a line that it is judged by.
    pub fn limit(self, limit: impl Into<Option<f64>>) -> Gauge {
        Gauge { limit: limit.into(), ..self }
    }

    /// The same as the figure of one of several things.
    pub fn of(self, of: impl Into<String>) -> Gauge {
        Gauge { of: Some(of.into()), ..self }
    }
}
