//! The contract's side: starting, refusing, carrying out, choosing.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::machine::{Gauge, Law, Machine, Mutant, Progress, Refusal, refuse};

use super::event::Event;
use super::laws;
use super::setup::{self, Call, Key, MAX_CALLS, Routine, Setup};
use super::state::{Frame, GoSyncMap, Goroutine, Pc};

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
    /// The goroutine that runs, and how many more steps it may take.
    g: u32,
    left: u32,
    /// It runs until this many calls are under way.
    depth: Option<usize>,
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
        let goroutine = |Routine { name, program }| Goroutine { name, program, ..Goroutine::default() };
        let Setup { goroutines, slices_from, without_expunged } = setup.clone();
        let goroutines = (1..).zip(goroutines.into_iter().map(goroutine)).collect();
        Ok(GoSyncMap { goroutines, slices_from, without_expunged, ..GoSyncMap::default() })
    }

    /// Every goroutine's next step and call; the pairs that a Range may come to; of one that has nothing to do further
    /// calls on keys that take their turns.
    fn choices(&self) -> Vec<Action> {
        let (idle, able): (Vec<u32>, Vec<u32>) = self.goroutines.keys().partition(|g| self.idle(**g));
        let mut choices: Vec<Action> = able.iter().map(|g| Action::Run(*g)).collect();
        choices.extend(able.iter().map(|g| Action::Statement(*g)));
        for g in able {
            let todo = self.open_range(g).map_or(&[][..], |frame| &frame.todo);
            choices.extend(todo.iter().skip(1).take(2).map(|key| Action::Visit(g, *key)));
        }
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
        Ok(match *action {
            Action::Run(g) => Doing { first: None, g, left: 1, depth: None },
            Action::Statement(g) => Doing { first: None, g, left: u32::MAX, depth: Some(self.outer_depth(g)) },
            Action::Finish(g) => Doing { first: None, g, left: u32::MAX, depth: None },
            Action::Do(g, _) | Action::Visit(g, _) => Doing { first: Some(action.clone()), g, left: 0, depth: None },
        })
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        match doing.first.take() {
            Some(Action::Do(g, call)) => {
                let text = call.to_string();
                self.goroutines.entry(g).or_default().program.push(call);
                return Progress::Step(Event::CallAdded { g, call: text });
            }
            Some(Action::Visit(g, key)) => {
                self.come_to(g, key);
                return Progress::Step(Event::VisitChosen { g, key });
            }
            _ if doing.left == 0 || !self.can_run(doing.g) => return Progress::Done,
            _ => {}
        }
        let event = self.advance(doing.g);
        let over = doing.depth.is_some_and(|depth| self.g(doing.g).stack.len() <= depth);
        doing.left = if over { 0 } else { doing.left - 1 };
        Progress::Step(event)
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
        let routine = |n: i64| {
            let calls = rng.random_range(0..6);
            let program = (0..calls).map(|i| random_call(rng, slices_from, 10 * (n + 1) + i)).collect();
            Routine { name: String::new(), program }
        };
        let goroutines = (0..3).map(routine).collect::<Vec<_>>();
        let goroutines = goroutines[..rng.random_range(1..=3)].to_vec();
        Setup { goroutines, slices_from, without_expunged: rng.random_range(0..8) == 0 }
    }
}

/// A call of each kind, with these keys and values; a Range's function calls `inner`.
fn every_call([a, b]: [Key; 2], [value, other, old]: [i64; 3], inner: Call) -> Vec<Call> {
    vec![
        Call::Load(a),
        Call::Store(a, value),
        Call::Store(b, other),
        Call::LoadOrStore(b, value),
        Call::Delete(a),
        Call::LoadAndDelete(b),
        Call::Swap(a, other),
        Call::CompareAndSwap(a, old, value),
        Call::CompareAndDelete(a, old),
        Call::Range(Vec::new()),
        Call::Range(vec![inner.clone()]),
        Call::Range(vec![inner, Call::Stop]),
        Call::Clear,
    ]
}

fn random_call(rng: &mut ChaCha8Rng, slices_from: i64, number: i64) -> Call {
    let mut any = |inner: Call| {
        let keys = [(); 2].map(|()| Key(rng.random_range(1..=3)));
        let old = 10 * rng.random_range(1..=3) + rng.random_range(0..3);
        let value = |number: i64| if rng.random_range(0..6) == 0 { slices_from + number } else { number };
        let mut all = every_call(keys, [number, number, old].map(value), inner);
        all.swap_remove(rng.random_range(0..all.len()))
    };
    let inner = any(Call::Clear);
    any(inner)
}

impl GoSyncMap {
    /// The Range that goroutine `g` is in, if it is about to come to its next pair.
    fn open_range(&self, g: u32) -> Option<&Frame> {
        self.goroutines.get(&g)?.stack.last().filter(|frame| frame.pc == Pc::Next)
    }

    /// How many calls are under way around the innermost one that `g` is in, or begins.
    fn outer_depth(&self, g: u32) -> usize {
        let stack = &self.g(g).stack;
        let begins = stack.last().is_none_or(|frame| frame.pc == Pc::Body);
        stack.len() - usize::from(!begins)
    }

    /// Further calls, on keys and with values that take their turns.
    fn calls(&self, turn: u32) -> Vec<Call> {
        let (a, b, value) = (Key(1 + turn % 3), Key(1 + (turn + 1) % 3), i64::from(turn) + 100);
        let now = self.entry(self.read.map, a).or_else(|| self.entry(self.dirty, a));
        let now = now.and_then(|e| self.entries[&e].value()).unwrap_or(value);
        let other = if turn.is_multiple_of(4) { self.slices_from + value } else { value };
        every_call([a, b], [value, other, now], Call::Delete(b))
    }

    /// The Range of `g` comes to this key next, if it has still to come to it.
    pub(super) fn come_to(&mut self, g: u32, key: Key) -> bool {
        let frame = self.goroutines.entry(g).or_default().stack.last_mut();
        let Some(frame) = frame.filter(|frame| frame.pc == Pc::Next) else { return false };
        let Some(place) = frame.todo.iter().position(|other| *other == key) else { return false };
        frame.todo[..=place].rotate_right(1);
        true
    }

    fn check(&self, action: &Action) -> Result<(), Refusal> {
        let (Action::Run(g) | Action::Statement(g) | Action::Finish(g) | Action::Do(g, _) | Action::Visit(g, _)) =
            action;
        let last = self.goroutines.len();
        let Some(goroutine) = self.goroutines.get(g) else {
            return refuse!("there is no goroutine {g}; there are 1 to {last}", "没有 goroutine {g}；现有 1 到 {last}");
        };
        match action {
            Action::Do(_, call) => setup::check_program(&[&goroutine.program[..], &[call.clone()]].concat()),
            Action::Visit(_, key) if self.open_range(*g).is_some_and(|frame| frame.todo.contains(key)) => Ok(()),
            Action::Visit(_, key) => refuse!(
                "goroutine {g} is in no Range that could come to {key} next",
                "goroutine {g} 不在 Range 中，或下一步不可能轮到 {key}"
            ),
            _ if self.idle(*g) => refuse!(
                "goroutine {g} has made all its calls; a program has room for {MAX_CALLS}",
                "goroutine {g} 的调用已全部完成；一个程序最多 {MAX_CALLS} 个调用"
            ),
            _ if !self.can_run(*g) => refuse!(
                "goroutine {g} sleeps until the mutex is released",
                "goroutine {g} 在等锁，互斥锁释放后才能运行"
            ),
            _ => Ok(()),
        }
    }
}
