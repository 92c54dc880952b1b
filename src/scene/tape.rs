//! The recorded steps of one run of a machine, from which any position is reached again.
//!
//! Kept are the events, the gauges, the actions and, every few dozen steps, a machine with what was left of its action. A
//! position is reached by taking the nearest kept machine before it and going on from there; machines are
//! deterministic, so this is the same state. What two branches have in common they share: a branch costs what it adds.

use std::cmp::Ordering;
use std::sync::Arc;

use imbl::Vector;
use serde_json::Value;

use super::script::MAX_STEPS;
use crate::machine::{Budget, Course, Event, Gauge, Halt, Refusal};
use crate::text::Text;
use crate::view::View;

/// A machine is kept when this many steps have been taken since the last one.
const KEEP_STEPS: usize = 64;
/// Or when it has cost this much work, in pieces, since then: one step on the tape may be thousands in the machine, such
/// as a scheduler's `Skip(3000)`.
const KEEP_WORK: u64 = 4_096;
/// Machines kept by one tape hold about this much memory, in bytes; beyond it fewer are kept, further apart.
const KEPT_BYTES: usize = 32 << 20;

/// The recorded steps of one run.
pub struct Tape<M: View> {
    steps: Vector<Step<M::Event>>,
    actions: Vector<Taken<M::Action>>,
    kept: Vector<Kept<M>>,
    gauges: Vector<Arc<[Gauge]>>,
    end: Arc<M>,
    room: M::Room,
    /// Work since the last kept machine.
    since: u64,
    /// How many times further apart than at first machines are kept.
    apart: usize,
    /// What may still be spent on it.
    budget: Budget,
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

struct Kept<M: View> {
    at: usize,
    /// The first action that has not begun in the machine.
    next: usize,
    /// What is left of the action before it; `None` if nothing is.
    doing: Option<M::Doing>,
    machine: Arc<M>,
    bytes: usize,
}

impl<M: View> Clone for Kept<M> {
    fn clone(&self) -> Kept<M> {
        let (doing, machine) = (self.doing.clone(), Arc::clone(&self.machine));
        Kept { at: self.at, next: self.next, doing, machine, bytes: self.bytes }
    }
}

/// Why an action is not on the tape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The machine refused it.
    Refused(Refusal),
    /// The tape would have more than [`MAX_STEPS`] steps.
    Full,
    /// It would cost more than is left of the budget: the limit that was met.
    Dear(Text),
}

impl<M: View> Tape<M> {
    /// An empty tape that begins with this machine and may cost this much.
    pub fn new(start: M, budget: Budget) -> Tape<M> {
        let mut room = M::Room::default();
        start.widen(&mut room);
        let (gauges, bytes, end) = (start.gauges().into(), start.bytes(), Arc::new(start));
        let kept = Kept { at: 0, next: 0, doing: None, machine: Arc::clone(&end), bytes };
        Tape {
            steps: Vector::new(),
            actions: Vector::new(),
            kept: Vector::unit(kept),
            gauges: Vector::unit(gauges),
            end,
            room,
            since: 0,
            apart: 1,
            budget,
        }
    }

    /// The machine after the last step.
    pub fn end(&self) -> &M {
        &self.end
    }

    /// What its largest state needs in a picture.
    pub fn room(&self) -> &M::Room {
        &self.room
    }

    /// What the next action may cost.
    pub fn allow(&mut self, budget: Budget) {
        self.budget = budget;
    }

    /// Takes an action at the end. Nothing changes if it is rejected.
    pub fn act(&mut self, action: M::Action) -> Result<(), Rejected> {
        let mut course = Course::begin(&*self.end, &action).map_err(Rejected::Refused)?;
        let (before, index) = (self.len(), self.actions.len());
        self.keep(index, None);
        let (kept, since, apart, budget) = (self.kept.clone(), self.since, self.apart, self.budget);
        if let Err(rejected) = self.take(&mut course, index) {
            self.steps.truncate(before);
            self.gauges.truncate(before + 1);
            (self.kept, self.since, self.apart, self.budget) = (kept, since, apart, budget);
            self.end = Arc::new(self.machine(before));
            return Err(rejected);
        }
        self.actions.push_back(Taken { action, before, steps: self.len() - before });
        Ok(())
    }

    fn take(&mut self, course: &mut Course<M>, action: usize) -> Result<(), Rejected> {
        loop {
            let left = self.budget.work;
            let event = course.next(Arc::make_mut(&mut self.end), &mut self.budget).map_err(|halt| match halt {
                Halt::Refused(refusal) => Rejected::Refused(refusal),
                dear => Rejected::Dear(dear.reason()),
            })?;
            self.since += left - self.budget.work;
            let Some(event) = event else { return Ok(()) };
            if self.len() >= MAX_STEPS {
                return Err(Rejected::Full);
            }
            self.steps.push_back(Step { event, action });
            self.end.widen(&mut self.room);
            let now = self.end.gauges();
            let same = self.gauges.last().filter(|before| before[..] == now[..]).cloned();
            self.gauges.push_back(same.unwrap_or_else(|| now.into()));
            self.keep(action + 1, Some(course.doing()));
        }
    }

    /// Keeps the machine as it is now, if the last kept one is far enough behind.
    fn keep(&mut self, next: usize, doing: Option<&M::Doing>) {
        let at = self.len();
        let steps = at - self.kept.last().map_or(0, |kept| kept.at);
        if steps == 0 || (steps < KEEP_STEPS * self.apart && self.since < KEEP_WORK * self.apart as u64) {
            return;
        }
        let bytes = self.end.bytes();
        self.kept.push_back(Kept { at, next, doing: doing.cloned(), machine: Arc::clone(&self.end), bytes });
        self.since = 0;
        if self.kept.iter().map(|kept| kept.bytes).sum::<usize>() > KEPT_BYTES {
            self.kept = self.kept.iter().step_by(2).cloned().collect();
            self.apart *= 2;
        }
    }

    /// The tape up to a position, to be continued otherwise. The action that is under way there is cut off.
    pub fn until(&self, at: usize, budget: Budget) -> Tape<M> {
        let at = at.min(self.len());
        let end = match at == self.len() {
            true => Arc::clone(&self.end),
            false => Arc::new(self.machine(at)),
        };
        let mut actions = self.actions.take(self.first_action(|taken| taken.before >= at));
        if let Some(last) = actions.back_mut() {
            last.steps = last.steps.min(at - last.before);
        }
        let mut kept = self.kept.take(self.first_kept(|kept| kept.at >= at));
        kept.push_back(Kept { at, next: actions.len(), doing: None, machine: Arc::clone(&end), bytes: end.bytes() });
        let (steps, gauges) = (self.steps.take(at), self.gauges.take(at + 1));
        // A branch has the room of what it leaves: nothing jumps where it leaves it.
        let room = self.room.clone();
        Tape { steps, actions, kept, gauges, end, room, since: 0, apart: self.apart, budget }
    }

    /// The number of steps.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The step that leads to a position; `None` at 0.
    pub fn step(&self, at: usize) -> Option<&Step<M::Event>> {
        self.steps.get(at.checked_sub(1)?)
    }

    /// The event that led to a position; `None` at 0.
    pub fn event(&self, at: usize) -> Option<&M::Event> {
        self.step(at).map(|step| &step.event)
    }

    /// The actions in order.
    pub fn actions(&self) -> &Vector<Taken<M::Action>> {
        &self.actions
    }

    /// The gauges at each position.
    pub fn gauges(&self) -> &Vector<Arc<[Gauge]>> {
        &self.gauges
    }

    /// The machine at a position.
    pub fn machine(&self, at: usize) -> M {
        let kept = &self.kept[self.first_kept(|kept| kept.at > at).saturating_sub(1)];
        let mut machine = M::clone(&kept.machine);
        let (mut position, mut next) = (kept.at, kept.next);
        let mut course = kept.doing.clone().map(Course::resume);
        loop {
            if let Some(course) = &mut course {
                let end = self.actions.get(next - 1).map_or(self.len(), |taken| taken.before + taken.steps);
                while position < at.min(end) && onward(&mut machine, course) {
                    position += 1;
                }
                // What follows the last step of an action belongs to it.
                if at >= end {
                    while onward(&mut machine, course) {}
                }
            }
            let Some(taken) = self.actions.get(next).filter(|_| position < at) else { break };
            course = Some(Course::begin(&machine, &taken.action).unwrap_or_else(|refusal| {
                panic!("refused when taken again, {:?}: {}", taken.action, refusal.reason.en)
            }));
            next += 1;
        }
        assert!(position == at, "a recorded step did not happen again: the machine is not deterministic");
        machine
    }

    /// How many of the kept machines come before the first of which this is true.
    fn first_kept(&self, from: impl Fn(&Kept<M>) -> bool) -> usize {
        self.kept.binary_search_by(|kept| if from(kept) { Ordering::Greater } else { Ordering::Less }).unwrap_err()
    }

    /// How many actions come before the first of which this is true.
    fn first_action(&self, from: impl Fn(&Taken<M::Action>) -> bool) -> usize {
        self.actions.binary_search_by(|taken| if from(taken) { Ordering::Greater } else { Ordering::Less }).unwrap_err()
    }
}

/// One step further; `false` at the end of the action.
fn onward<M: View>(machine: &mut M, course: &mut Course<M>) -> bool {
    matches!(course.next(machine, &mut { Budget::ANY }), Ok(Some(_)))
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
