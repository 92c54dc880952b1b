//! The recorded steps of one run of a machine, from which any position is reached again.
//!
//! Kept are the events, the gauges, the actions and a machine: before each of the first actions, then every few dozen
//! steps. A position is reached by taking the nearest kept machine before it and carrying out the actions again; machines
//! are deterministic, so this is the same state. That holds a run of 10,000 steps in a few megabytes, and seeks in
//! microseconds.

use std::sync::Arc;

use serde_json::Value;

use super::script::MAX_STEPS;
use crate::machine::{Event, Gauge, Refusal};
use crate::view::View;

/// A machine is kept at the first action that begins this many steps after the last kept one.
const KEEP_EVERY: usize = 64;
/// Before each of the first so many actions a machine is kept in any case. A scene's actions are not many, and one of
/// them may be a single step on the tape but thousands in the machine, such as a scheduler's `Skip(3000)`.
const KEEP_FIRST: usize = 64;

/// The recorded steps of one run.
pub struct Tape<M: View> {
    steps: Vec<Step<M::Event>>,
    actions: Vec<Taken<M::Action>>,
    kept: Vec<Kept<M>>,
    gauges: Vec<Vec<Gauge>>,
    end: M,
}

/// One recorded step.
#[derive(Clone)]
pub struct Step<E> {
    /// What it did.
    pub event: E,
    /// The index of its action.
    pub action: usize,
}

/// One action that was taken.
#[derive(Clone)]
pub struct Taken<A> {
    /// The action.
    pub action: A,
    /// The position before its first step.
    pub before: usize,
    /// How many of its steps are on the tape.
    pub steps: usize,
}

struct Kept<M> {
    at: usize,
    /// The first action that is not yet in the machine.
    next_action: usize,
    machine: Arc<M>,
}

impl<M> Clone for Kept<M> {
    fn clone(&self) -> Kept<M> {
        Kept { at: self.at, next_action: self.next_action, machine: Arc::clone(&self.machine) }
    }
}

/// Why an action is not on the tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The machine refused it.
    Refused(Refusal),
    /// The tape would have more than [`MAX_STEPS`] steps.
    Full,
}

impl<M: View> Tape<M> {
    /// An empty tape that begins with this machine.
    pub fn new(start: M) -> Tape<M> {
        let kept = vec![Kept { at: 0, next_action: 0, machine: Arc::new(start.clone()) }];
        Tape { steps: Vec::new(), actions: Vec::new(), kept, gauges: vec![start.gauges()], end: start }
    }

    /// Takes an action at the end. Nothing changes if it is rejected.
    pub fn act(&mut self, action: M::Action) -> Result<(), Rejected> {
        let before = self.steps.len();
        let index = self.actions.len();
        let far = before - self.kept.last().map_or(0, |kept| kept.at);
        if far >= KEEP_EVERY || (far > 0 && self.kept.len() < KEEP_FIRST) {
            self.kept.push(Kept { at: before, next_action: index, machine: Arc::new(self.end.clone()) });
        }
        let (steps, gauges) = (&mut self.steps, &mut self.gauges);
        let mut over = false;
        let done = self.end.apply(&action, &mut |machine, event| {
            over |= steps.len() >= MAX_STEPS;
            if !over {
                steps.push(Step { event, action: index });
                gauges.push(machine.gauges());
            }
        });
        if over {
            self.steps.truncate(before);
            self.gauges.truncate(before + 1);
            self.end = self.machine(before);
            return Err(Rejected::Full);
        }
        done.map_err(Rejected::Refused)?;
        self.actions.push(Taken { action, before, steps: self.steps.len() - before });
        Ok(())
    }

    /// The tape up to a position, to be continued otherwise. The action that is under way there is cut off.
    pub fn until(&self, at: usize) -> Tape<M> {
        let at = at.min(self.len());
        let end = self.machine(at);
        let mut actions: Vec<_> = self.actions.iter().take_while(|taken| taken.before < at).cloned().collect();
        if let Some(last) = actions.last_mut() {
            last.steps = last.steps.min(at - last.before);
        }
        let mut kept: Vec<_> = self.kept.iter().take_while(|kept| kept.at < at).cloned().collect();
        kept.push(Kept { at, next_action: actions.len(), machine: Arc::new(end.clone()) });
        Tape { steps: self.steps[..at].to_vec(), actions, kept, gauges: self.gauges[..=at].to_vec(), end }
    }

    /// The number of steps.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps; the one that leads to position `at` is number `at - 1`.
    pub fn steps(&self) -> &[Step<M::Event>] {
        &self.steps
    }

    /// The actions in order.
    pub fn actions(&self) -> &[Taken<M::Action>] {
        &self.actions
    }

    /// The gauges at each position.
    pub fn gauges(&self) -> &[Vec<Gauge>] {
        &self.gauges
    }

    /// The event that led to a position; `None` at 0.
    pub fn event(&self, at: usize) -> Option<&M::Event> {
        self.steps.get(at.checked_sub(1)?).map(|step| &step.event)
    }

    /// The machine at a position.
    pub fn machine(&self, at: usize) -> M {
        let nearest = self.kept.partition_point(|kept| kept.at <= at).saturating_sub(1);
        let kept = &self.kept[nearest];
        let mut machine = M::clone(&kept.machine);
        let mut position = kept.at;
        for taken in &self.actions[kept.next_action..] {
            if position >= at {
                break;
            }
            if position + taken.steps <= at {
                position += taken.steps;
                self.again(&mut machine, &taken.action, &mut |_| {});
                continue;
            }
            let mut wanted = None;
            self.again(&mut machine, &taken.action, &mut |state| {
                position += 1;
                if position == at {
                    wanted = Some(state.clone());
                }
            });
            return wanted.expect("a recorded step did not happen again: the machine is not deterministic");
        }
        machine
    }

    fn again(&self, machine: &mut M, action: &M::Action, seen: &mut dyn FnMut(&M)) {
        let done = machine.apply(action, &mut |state, _| seen(state));
        debug_assert!(done.is_ok(), "a recorded action was refused when taken again: {action:?}");
    }
}

/// An event's name and figures as a value: `{"Hashed": {…}}`.
fn figures<E: Event>(event: &E) -> Value {
    serde_json::to_value(event).unwrap_or(Value::Null)
}

/// The figures of an event by name; an empty object for an event without any.
pub fn figures_of<E: Event>(event: &E) -> Value {
    match figures(event) {
        Value::Object(mut fields) if fields.len() == 1 => fields.shift_remove(event.name()).unwrap_or(Value::Null),
        _ => Value::Object(serde_json::Map::new()),
    }
}
