//! Actions that a machine did not offer: choices of earlier states, and choices whose text was damaged. Each is refused,
//! with a reason and without a trace, or carried out to its end.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Options, Temper, WORK_A_STEP, picture};
use crate::machine::{Budget, Machine, Progress, carry_out, set_up};
use crate::scene::script;

/// Choices of earlier states that are kept.
const KEPT: usize = 64;
/// Actions that are tried in each state.
const TRIED: usize = 3;
/// Faults kept in a report.
const FAULTS: usize = 10;

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusals {
    /// Actions that were carried out.
    pub taken: u64,
    /// Actions that were refused.
    pub refused: u64,
    /// Damaged texts that are no action.
    pub unreadable: u64,
    /// What should not be.
    pub faults: Vec<String>,
}

/// Tries such actions in states of random runs. Every choice must be accepted, too, and the end of an action must not
/// change anything.
pub fn refusals<M: Machine>(options: Options) -> Refusals {
    let mut found = Refusals::default();
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut known: Vec<M::Action> = Vec::new();
    for _ in 0..options.runs {
        let Ok(mut machine) = set_up::<M>(&M::sample(&mut rng), &mut { Budget::ANY }) else { continue };
        let temper = Temper::drawn(&mut rng);
        for _ in 0..options.steps {
            let choices = machine.choices();
            if let Some(action) = choices.iter().find(|action| machine.accept(action).is_err()) {
                found.note(format!("{action:?} is offered and refused"));
            }
            for choice in &choices {
                match known.len() {
                    KEPT.. => known[rng.random_range(0..KEPT)] = choice.clone(),
                    _ => known.push(choice.clone()),
                }
            }
            if choices.is_empty() {
                break;
            }
            for _ in 0..TRIED {
                let stale = &known[rng.random_range(0..known.len())];
                found.attempt(&machine, stale, options);
                match damaged(stale, &mut rng) {
                    Some(action) => found.attempt(&machine, &action, options),
                    None => found.unreadable += 1,
                }
            }
            let action = temper.pick(&choices, &mut rng);
            let mut budget = Budget { work: options.steps.saturating_mul(WORK_A_STEP), ..Budget::ANY };
            if carry_out(&mut machine, action, &mut budget).is_err() {
                break;
            }
        }
    }
    found
}

/// The action as a script writes it, with one letter gone, doubled or another; `None` if that is no action.
fn damaged<A: serde::Serialize + serde::de::DeserializeOwned>(action: &A, rng: &mut ChaCha8Rng) -> Option<A> {
    const INSTEAD: [char; 12] = ['0', '1', '7', '9', '-', '(', ')', '"', ',', 'a', 'z', '\u{1f600}'];
    let mut text: Vec<char> = script::options().to_string(action).ok()?.chars().collect();
    // Numbers are what a machine must judge; other damage is mostly no action at all.
    let digits: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_digit()).collect();
    let at = match digits.len() {
        0 => rng.random_range(0..text.len().max(1)),
        some => digits[rng.random_range(0..some)],
    };
    let instead = INSTEAD[rng.random_range(0..INSTEAD.len())];
    match rng.random_range(0..3u32) {
        0 => drop(text.splice(at..(at + 1).min(text.len()), None)),
        1 => text.insert(at, instead),
        _ => drop(text.splice(at..(at + 1).min(text.len()), [instead])),
    }
    script::options().from_str(&text.into_iter().collect::<String>()).ok()
}

impl Refusals {
    fn attempt<M: Machine>(&mut self, machine: &M, action: &M::Action, options: Options) {
        let before = picture(machine);
        let doing = match machine.accept(action) {
            Ok(doing) => doing,
            Err(refusal) => {
                self.refused += 1;
                if refusal.reason.en.trim().is_empty() || refusal.reason.zh.trim().is_empty() {
                    self.note(format!("{action:?} is refused without a reason"));
                }
                if picture(machine) != before {
                    self.note(format!("{action:?} is refused and changes the machine"));
                }
                return;
            }
        };
        self.taken += 1;
        let mut twin = machine.clone();
        let mut doing = doing;
        for _ in 0..options.steps.saturating_mul(WORK_A_STEP) {
            // Once in a while is enough: a copy at each piece would cost more than all the rest.
            let last = self.taken.is_multiple_of(4).then(|| twin.clone());
            if twin.proceed(&mut doing) == Progress::Done {
                if last.is_some_and(|last| picture(&last) != picture(&twin)) {
                    self.note(format!("the end of {action:?} changes the machine"));
                }
                break;
            }
        }
        if picture(machine) != before {
            self.note(format!("{action:?}, carried out on a clone, changes the machine"));
        }
    }

    fn note(&mut self, fault: String) {
        if self.faults.len() < FAULTS {
            self.faults.push(fault);
        }
    }
}
