//! Runs of a machine that nobody scripted, against its laws: many at random, or all of them up to a depth.

mod draws;
mod exhaustive;
mod facts;
mod refusals;
mod trails;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::{self, Write};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde_json::Value;

pub use draws::{Drawn, draws};
pub use exhaustive::{Bounds, Exhausted, broken, exhaustive};
pub use facts::{Facts, facts};
pub use refusals::{Refusals, refusals};
pub use trails::trails;

use crate::machine::{Budget, Course, Event, LawKind, Machine, digest, set_up};

/// How much to explore.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Runs, each from a setup of its own.
    pub runs: u64,
    /// Seed of everything drawn; the same seed explores the same runs.
    pub seed: u64,
    /// A run ends after this many steps.
    pub steps: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { runs: 1000, seed: 1, steps: 3000 }
    }
}

/// What an exploration found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Runs made.
    pub runs: u64,
    /// Actions carried out.
    pub actions: u64,
    /// Steps taken.
    pub steps: u64,
    /// Single checks of a law.
    pub checks: u64,
    /// Runs that ended with a violation.
    pub violated: u64,
    /// The first few of them.
    pub violations: Vec<Violation>,
    /// Each event and how often it was seen, in the order of the machine.
    pub coverage: Vec<(&'static str, u64)>,
    /// Of each event the first few, with their figures.
    #[serde(skip)]
    pub samples: BTreeMap<&'static str, Vec<Value>>,
    /// Each law that must hold sometimes, and whether some run reached it.
    pub sometimes: Vec<(&'static str, bool)>,
}

/// A broken law, and the run that broke it.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// The run, from 0 on.
    pub run: u64,
    /// The setup, as Rust prints it.
    pub setup: String,
    /// The step within the run, from 0 on.
    pub step: u64,
    /// The last actions, the one at work last.
    pub actions: Vec<String>,
    /// The event of the step.
    pub event: String,
    /// The law; `accepted-choice` and `repeatable` are the explorer's own.
    pub law: &'static str,
    /// The place and the figures.
    pub message: String,
}

/// Violations kept in a report.
const KEPT: usize = 5;
/// Events of a kind kept in a report.
const SAMPLES: usize = 32;
/// Actions kept of a violating run.
const TAIL: usize = 20;
/// Pieces of work that a step may take; a run ends in the middle of an action that takes more.
const WORK_A_STEP: u64 = 1_000;
/// Every so many actions the same action is carried out on a clone as well.
const REPEAT_EVERY: u64 = 16;

/// Random runs. `spoil` breaks each machine before its first action.
pub fn explore<M: Machine>(options: Options, spoil: Option<fn(&mut M)>) -> Report {
    let mut search = Search::<M>::new();
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    for run in 0..options.runs {
        search.run(run, &mut rng, options.steps, spoil);
    }
    search.report
}

type Check<M> = fn(&M) -> Result<(), String>;

struct Search<M: Machine> {
    report: Report,
    always: Vec<(&'static str, Check<M>)>,
    sometimes: Vec<(usize, Check<M>)>,
    /// Where each event's count stands in `coverage`.
    places: HashMap<&'static str, usize>,
}

impl<M: Machine> Search<M> {
    fn new() -> Search<M> {
        let always =
            M::LAWS.iter().filter(|law| law.kind == LawKind::Always).map(|law| (law.name, law.check)).collect();
        let wanted: Vec<_> = M::LAWS.iter().filter(|law| law.kind == LawKind::Sometimes).collect();
        let report = Report {
            coverage: M::Event::FACTS.iter().map(|fact| (fact.name, 0)).collect(),
            sometimes: wanted.iter().map(|law| (law.name, false)).collect(),
            ..Report::default()
        };
        let sometimes = wanted.iter().enumerate().map(|(at, law)| (at, law.check)).collect();
        let places = M::Event::FACTS.iter().enumerate().map(|(at, fact)| (fact.name, at)).collect();
        Search { report, always, sometimes, places }
    }

    fn run(&mut self, run: u64, rng: &mut ChaCha8Rng, steps: u64, spoil: Option<fn(&mut M)>) {
        self.report.runs += 1;
        let setup = M::sample(rng);
        let mut tail = VecDeque::new();
        let violation = match set_up::<M>(&setup, &mut { Budget::ANY }) {
            Err(halt) => Some((0, String::new(), "accepted-choice", halt.reason().en.into())),
            Ok(mut machine) => {
                if let Some(spoil) = spoil {
                    spoil(&mut machine);
                }
                self.play(&mut machine, rng, steps, &mut tail)
            }
        };
        let Some((step, event, law, message)) = violation else { return };
        self.report.violated += 1;
        if self.report.violations.len() < KEPT {
            let actions = tail.into_iter().map(|action: M::Action| format!("{action:?}")).collect();
            let setup = format!("{setup:?}");
            self.report.violations.push(Violation { run, setup, step, actions, event, law, message });
        }
    }

    fn play(
        &mut self,
        machine: &mut M,
        rng: &mut ChaCha8Rng,
        steps: u64,
        tail: &mut VecDeque<M::Action>,
    ) -> Option<(u64, String, &'static str, String)> {
        let mut temper = Temper::drawn(rng);
        let (mut step, mut actions) = (0, 0);
        while step < steps {
            let choices = machine.choices();
            if choices.is_empty() {
                break;
            }
            if actions % temper.lasts == temper.lasts - 1 {
                temper.salt = rng.random();
            }
            let action = temper.pick(&choices, rng).clone();
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(action.clone());
            let twin = (actions % REPEAT_EVERY == REPEAT_EVERY - 1).then(|| machine.clone());
            let mut events = Vec::new();
            actions += 1;
            self.report.actions += 1;
            let mut course = match Course::begin(machine, &action) {
                Ok(course) => course,
                Err(refusal) => return Some((step, String::new(), "accepted-choice", refusal.reason.en.into())),
            };
            let mut budget = Budget { work: steps.saturating_mul(WORK_A_STEP), ..Budget::ANY };
            let over = loop {
                match course.next(machine, &mut budget) {
                    Ok(None) => break true,
                    Ok(Some(event)) => {
                        self.count(&event);
                        self.reach(machine);
                        if let Some((law, message)) = self.check(machine) {
                            return Some((step, format!("{event:?}"), law, message));
                        }
                        step += 1;
                        if step >= steps {
                            break false;
                        }
                        if twin.is_some() {
                            events.push(event);
                        }
                    }
                    Err(_) => break false,
                }
            };
            if !over {
                break;
            }
            if let Some(message) = twin.and_then(|twin| differs(twin, machine, &action, &events)) {
                return Some((step, String::new(), "repeatable", message));
            }
        }
        None
    }

    fn count(&mut self, event: &M::Event) {
        self.report.steps += 1;
        if let Some(at) = self.places.get(event.name()) {
            self.report.coverage[*at].1 += 1;
            if self.report.coverage[*at].1 <= SAMPLES as u64 {
                let value = serde_json::to_value(event).unwrap_or_default();
                self.report.samples.entry(event.name()).or_default().push(value);
            }
        }
    }

    fn check(&mut self, state: &M) -> Option<(&'static str, String)> {
        for (name, check) in &self.always {
            self.report.checks += 1;
            if let Err(message) = check(state) {
                return Some((name, message));
            }
        }
        None
    }

    fn reach(&mut self, state: &M) {
        let reached = &mut self.report.sometimes;
        self.sometimes.retain(|(at, check)| {
            reached[*at].1 = check(state).is_ok();
            !reached[*at].1
        });
    }
}

/// A run's taste. Half of the kinds of action it never chooses; the others have weights, which change from time to
/// time, so that there are spells of hardly anything but one thing. Uniform choices would keep every run near the
/// middle.
struct Temper {
    /// Decides what the run never chooses.
    never: u64,
    /// Decides the weights of the spell.
    salt: u64,
    /// Actions in a spell.
    lasts: u64,
}

impl Temper {
    fn drawn(rng: &mut ChaCha8Rng) -> Temper {
        Temper { never: rng.random(), salt: rng.random(), lasts: 4 << rng.random_range(0..6u32) }
    }

    const WEIGHTS: [u32; 8] = [1, 1, 2, 4, 8, 8, 16, 64];

    /// A kind by its weight, then one of its actions.
    fn pick<'a, A: fmt::Debug>(&self, choices: &'a [A], rng: &mut ChaCha8Rng) -> &'a A {
        let kinds: Vec<u64> = choices.iter().map(kind).collect();
        let mut weights: Vec<(u64, u32)> = Vec::new();
        for kind in &kinds {
            if weights.iter().all(|(known, _)| known != kind) {
                weights.push((*kind, self.weight(*kind)));
            }
        }
        let total: u32 = weights.iter().map(|(_, weight)| weight).sum();
        let mut left = if total == 0 { 0 } else { rng.random_range(0..total) };
        for (kind, weight) in weights {
            if left < weight {
                let some = kinds.iter().filter(|other| **other == kind).count();
                let nth = rng.random_range(0..some);
                let at = (0..kinds.len()).filter(|at| kinds[*at] == kind).nth(nth);
                return &choices[at.unwrap_or(0)];
            }
            left -= weight;
        }
        &choices[rng.random_range(0..choices.len())]
    }

    fn weight(&self, kind: u64) -> u32 {
        if mix(kind ^ self.never) >> 63 == 0 { 0 } else { Temper::WEIGHTS[(mix(kind ^ self.salt) >> 61) as usize] }
    }
}

/// The variant's name as a number: `Insert` of `Insert(Str("k1"))`.
fn kind(action: &impl fmt::Debug) -> u64 {
    let mut name = Name { hash: 0 };
    // Fails on purpose where the name ends.
    let _ = write!(name, "{action:?}");
    name.hash
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Name {
    hash: u64,
}

impl Write for Name {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if !byte.is_ascii_alphanumeric() {
                return Err(fmt::Error);
            }
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        }
        Ok(())
    }
}

/// Carries out the action on a clone: it must take the same steps to the same state.
fn differs<M: Machine>(mut twin: M, machine: &M, action: &M::Action, events: &[M::Event]) -> Option<String> {
    let mut again = Vec::new();
    let outcome = twin.apply(action, &mut |_, event| again.push(format!("{event:?}")));
    let once: Vec<String> = events.iter().map(|event| format!("{event:?}")).collect();
    if outcome.is_err() || once != again {
        return Some(format!("{action:?} took other steps on a clone"));
    }
    (picture(&twin) != picture(machine)).then(|| format!("{action:?} led a clone to another state"))
}

/// A machine to be compared: what it shows of itself, and a number over all of it, hidden fields too.
fn picture<M: Machine>(machine: &M) -> (String, u128) {
    (serde_json::to_string(machine).unwrap_or_else(|error| error.to_string()), digest(machine))
}
