//! The contract's side: starting, refusing, carrying out, choosing.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::machine::{Gauge, Law, Machine, Mutant, Progress, Refusal};

use super::event::Event;
use super::laws;
use super::setup::{self, Call, Key, MAX_CALLS, Routine, Setup};
use super::state::{Fault, Frame, GoSyncMap, Goroutine, Pc, ReadOnly};

/// What a script or a viewer can ask: the viewer is the scheduler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Lets goroutine `g` take its next atomic step.
    Run(u32),
    /// Lets goroutine `g` run to the end of the innermost call that it is in, or begins; or until it sleeps.
    Statement(u32),
    /// Lets goroutine `g` run to the end of its program, or until it sleeps.
    Finish(u32),
    /// Adds a call at the end of goroutine `g`'s program.
    Do(u32, Call),
    /// Goroutine `g`'s Range comes to this key next. Go's order is random.
    Visit(u32, Key),
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub struct Doing {
    /// What the viewer does before anything runs.
    first: Option<Action>,
    /// The goroutine that runs.
    g: u32,
    /// How many more steps it may take.
    left: u32,
    /// It runs until this many calls are under way.
    depth: Option<usize>,
    /// Whether it has taken a step.
    begun: bool,
}

impl Machine for GoSyncMap {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-sync-map";
    const LAWS: &'static [Law<GoSyncMap>] = laws::LAWS;
    const MUTANTS: &'static [Mutant<GoSyncMap>] = laws::MUTANTS;
    const GAUGES: &'static [&'static str] = &["misses", "dirty", "locks", "mutex-map", "copied"];

    fn start(setup: &Setup) -> Result<GoSyncMap, Refusal> {
        setup::check(setup)?;
        let goroutine = |routine: &Routine| Goroutine {
            name: routine.name.clone(),
            program: routine.program.clone(),
            done: 0,
            last: None,
            stack: Vec::new(),
            calls: 0,
            got: (None, false, false),
        };
        Ok(GoSyncMap {
            mu: Default::default(),
            read: ReadOnly::default(),
            dirty: 0,
            misses: 0,
            maps: BTreeMap::new(),
            entries: BTreeMap::new(),
            goroutines: (1..).zip(setup.goroutines.iter().map(goroutine)).collect(),
            counts: Default::default(),
            last_map: 0,
            last_entry: 0,
            slices_from: setup.slices_from,
            without_expunged: setup.without_expunged,
            fault: Fault::None,
            wrong: BTreeMap::new(),
        })
    }

    /// Every goroutine's next step and call; the pairs that a Range may come to; of one that has nothing to do further
    /// calls on keys that take their turns.
    fn choices(&self) -> Vec<Action> {
        let able: Vec<u32> = self.goroutines.keys().copied().filter(|g| self.can_run(*g)).collect();
        let mut choices: Vec<Action> = able.iter().map(|g| Action::Run(*g)).collect();
        choices.extend(able.iter().map(|g| Action::Statement(*g)));
        for g in able {
            let todo = self.open_range(g).map_or(&[][..], |frame| &frame.todo);
            choices.extend(todo.iter().skip(1).take(2).map(|key| Action::Visit(g, *key)));
        }
        let idle: Vec<u32> = self.goroutines.keys().copied().filter(|g| self.idle(*g)).collect();
        if !idle.is_empty() {
            let turn: usize = self.goroutines.values().map(|goroutine| goroutine.program.len()).sum();
            let g = idle[turn % idle.len()];
            choices.extend(self.calls(turn as u32).into_iter().map(|call| Action::Do(g, call)));
        }
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        self.check(action)?;
        let doing = |g: u32, left: u32| Doing { first: None, g, left, depth: None, begun: false };
        Ok(match action {
            Action::Run(g) => doing(*g, 1),
            Action::Statement(g) => Doing { depth: Some(self.outer_depth(*g)), ..doing(*g, u32::MAX) },
            Action::Finish(g) => doing(*g, u32::MAX),
            Action::Do(g, _) | Action::Visit(g, _) => Doing { first: Some(action.clone()), ..doing(*g, 0) },
        })
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        if let Some(first) = doing.first.take() {
            return self.prepare(first).into();
        }
        let over = doing.begun && doing.depth.is_some_and(|depth| self.g(doing.g).stack.len() <= depth);
        if over || doing.left == 0 || !self.can_run(doing.g) {
            return Progress::Done;
        }
        (doing.begun, doing.left) = (true, doing.left - 1);
        Progress::Step(self.advance(doing.g))
    }

    fn bytes(&self) -> usize {
        let calls: usize = self.goroutines.values().map(|goroutine| goroutine.program.len() * 64).sum();
        let keys: usize = self.maps.values().map(|map| map.len() * 32).sum();
        calls + keys + self.entries.len() * 48 + size_of::<GoSyncMap>()
    }

    /// `misses` against `len(dirty)`; then what the map has locked beside what one Mutex around a map would have.
    fn gauges(&self) -> Vec<Gauge> {
        let dirty = self.keys(self.dirty).len() as f64;
        vec![
            Gauge::new("misses", self.misses as f64).limit((self.dirty != 0).then_some(dirty)),
            Gauge::new("dirty", dirty),
            Gauge::new("locks", f64::from(self.counts.locks)),
            Gauge::new("mutex-map", f64::from(self.counts.calls)),
            Gauge::new("copied", f64::from(self.counts.copied)),
        ]
    }

    /// One to three goroutines on three keys; now and then without `expunged`.
    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        let slices_from = Setup::default().slices_from;
        let goroutines = (0..rng.random_range(1..=3)).map(|n| {
            let calls = rng.random_range(0..6);
            let program = (0..calls).map(|i| random_call(rng, slices_from, 10 * (n + 1) + i, 0)).collect();
            Routine { name: String::new(), program }
        });
        let goroutines = goroutines.collect();
        Setup { goroutines, slices_from, without_expunged: rng.random_range(0..8) == 0 }
    }
}

fn random_call(rng: &mut ChaCha8Rng, slices_from: i64, number: i64, depth: u32) -> Call {
    let key = Key(rng.random_range(1..=3));
    let value = |rng: &mut ChaCha8Rng, number: i64| {
        if rng.random_range(0..6) == 0 { slices_from + number } else { number }
    };
    match rng.random_range(0..if depth == 0 { 20 } else { 15 }) {
        0..=2 => Call::Load(key),
        3..=5 => Call::Store(key, value(rng, number)),
        6 => Call::LoadOrStore(key, value(rng, number)),
        7 => Call::LoadAndDelete(key),
        8..=10 => Call::Delete(key),
        11 => Call::Swap(key, value(rng, number)),
        12 | 13 => {
            let old = 10 * rng.random_range(1..=3) + rng.random_range(0..3);
            Call::CompareAndSwap(key, value(rng, old), value(rng, number))
        }
        14 => {
            let old = 10 * rng.random_range(1..=3) + rng.random_range(0..3);
            Call::CompareAndDelete(key, value(rng, old))
        }
        15 | 16 => Call::Range(Vec::new()),
        17 => Call::Range(vec![random_call(rng, slices_from, number, 1)]),
        18 => Call::Range(vec![random_call(rng, slices_from, number, 1), Call::Stop]),
        _ => Call::Clear,
    }
}

impl GoSyncMap {
    /// The Range that goroutine `g` is in, if it is about to come to its next pair.
    fn open_range(&self, g: u32) -> Option<&Frame> {
        self.goroutines.get(&g)?.stack.last().filter(|frame| frame.pc == Pc::Next)
    }

    /// How many calls are under way around the innermost one that `g` is in, or begins.
    fn outer_depth(&self, g: u32) -> usize {
        let stack = &self.g(g).stack;
        match stack.last() {
            Some(frame) if frame.pc == Pc::Body => stack.len(),
            _ => stack.len().saturating_sub(1),
        }
    }

    /// A further call of each kind, on keys and with values that take their turns.
    fn calls(&self, turn: u32) -> Vec<Call> {
        let (a, b, v) = (Key(1 + turn % 3), Key(1 + (turn + 1) % 3), i64::from(turn) + 100);
        let now = self.entry(self.read.map, a).or_else(|| self.entry(self.dirty, a));
        let now = now.and_then(|e| self.entries[&e].value()).unwrap_or(v);
        vec![
            Call::Load(a),
            Call::Store(a, v),
            Call::Store(b, if turn.is_multiple_of(4) { self.slices_from + v } else { v }),
            Call::LoadOrStore(b, v),
            Call::Delete(a),
            Call::LoadAndDelete(b),
            Call::Swap(a, v),
            Call::CompareAndSwap(a, now, v),
            Call::CompareAndDelete(a, now),
            Call::Range(if turn.is_multiple_of(3) { vec![Call::Delete(b)] } else { Vec::new() }),
            Call::Clear,
        ]
    }

    /// What the viewer does; `check` has accepted it.
    fn prepare(&mut self, action: Action) -> Option<Event> {
        match action {
            Action::Do(g, call) => {
                let text = call.to_string();
                self.goroutines.get_mut(&g)?.program.push(call);
                Some(Event::CallAdded { g, call: text })
            }
            Action::Visit(g, key) => {
                self.come_to(g, key);
                Some(Event::VisitChosen { g, key })
            }
            Action::Run(_) | Action::Statement(_) | Action::Finish(_) => None,
        }
    }

    /// The Range of `g` comes to this key next, if it has still to come to it.
    pub(super) fn come_to(&mut self, g: u32, key: Key) -> bool {
        let frame = self.goroutines.get_mut(&g).and_then(|goroutine| goroutine.stack.last_mut());
        let Some(frame) = frame.filter(|frame| frame.pc == Pc::Next) else { return false };
        let Some(place) = frame.todo.iter().position(|other| *other == key) else { return false };
        frame.todo[..=place].rotate_right(1);
        true
    }

    fn check(&self, action: &Action) -> Result<(), Refusal> {
        let (Action::Run(g) | Action::Statement(g) | Action::Finish(g) | Action::Do(g, _) | Action::Visit(g, _)) =
            action;
        let Some(goroutine) = self.goroutines.get(g) else {
            let last = self.goroutines.len();
            return Err(Refusal::new(
                format!("there is no goroutine {g}; there are 1 to {last}"),
                format!("没有 goroutine {g}；现有 1 到 {last}"),
            ));
        };
        match action {
            Action::Do(_, call) => setup::fits(call, &goroutine.program),
            Action::Visit(_, key) if self.open_range(*g).is_some_and(|frame| frame.todo.contains(key)) => Ok(()),
            Action::Visit(_, key) => Err(Refusal::new(
                format!("goroutine {g} is in no Range that could come to {key} next"),
                format!("goroutine {g} 不在 Range 中，或下一步不可能轮到 {key}"),
            )),
            _ if self.idle(*g) => Err(Refusal::new(
                format!("goroutine {g} has made all its calls; a program has room for {MAX_CALLS}"),
                format!("goroutine {g} 的调用已全部完成；一个程序最多 {MAX_CALLS} 个调用"),
            )),
            _ if !self.can_run(*g) => Err(Refusal::new(
                format!("goroutine {g} sleeps until the mutex is released"),
                format!("goroutine {g} 在等锁，互斥锁释放后才能运行"),
            )),
            _ => Ok(()),
        }
    }
}
