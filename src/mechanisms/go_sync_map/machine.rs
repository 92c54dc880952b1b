//! The contract's side: starting, refusing, carrying out, choosing.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::machine::{Gauge, Machine, Progress, Refusal, refuse};
use crate::text::Text;

use super::event::Event;
use super::setup::{self, Call, Key, MAX_CALLS, Routine, SLICES_FROM, Setup};
use super::state::{Counts, GoSyncMap, Goroutine, Pc};

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
    action: Action,
    /// A `Statement` is over when only so many calls are under way.
    depth: usize,
    over: bool,
}

impl Machine for GoSyncMap {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-sync-map";
    const GAUGES: &'static [&'static str] = &["misses", "dirty", "locks", "mutex-map", "copied"];

    fn start(setup: &Setup) -> Result<GoSyncMap, Refusal> {
        setup::check(setup)?;
        let goroutine = |Routine { name, program }| Goroutine { name, program, ..Goroutine::default() };
        let Setup { goroutines, without_expunged } = setup.clone();
        let goroutines = (1..).zip(goroutines.into_iter().map(goroutine)).collect();
        Ok(GoSyncMap { goroutines, without_expunged, ..GoSyncMap::default() })
    }

    /// Every goroutine's next step and call; the pairs that a Range may come to; of one that has nothing to do further
    /// calls, on keys and with values that take their turns.
    fn choices(&self) -> Vec<Action> {
        let (idle, able): (Vec<u32>, Vec<u32>) = self.goroutines.keys().partition(|g| self.idle(**g));
        let mut choices: Vec<Action> = able.iter().map(|g| Action::Run(*g)).collect();
        choices.extend(able.iter().map(|g| Action::Statement(*g)));
        for g in able {
            choices.extend(self.pairs(g).iter().skip(1).take(2).map(|key| Action::Visit(g, *key)));
        }
        if !idle.is_empty() {
            let turn: usize = self.goroutines.values().map(|goroutine| goroutine.program.len()).sum();
            let (g, turn) = (idle[turn % idle.len()], turn as u32);
            let ([a, b], value) = ([turn, turn + 1].map(|n| Key(1 + n % 3)), i64::from(turn) + 100);
            let now = self.entry(self.read.map, a).or_else(|| self.entry(self.dirty, a));
            let now = now.and_then(|e| self.entries[&e].value()).unwrap_or(value);
            let other = if turn.is_multiple_of(4) { SLICES_FROM + value } else { value };
            choices.extend(every_call([a, b], [value, other, now]).into_iter().map(|call| Action::Do(g, call)));
        }
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        let g = self.check(action)?;
        let stack = &self.g(g).stack;
        let begins = stack.last().is_none_or(|frame| frame.pc == Pc::Body);
        Ok(Doing { action: action.clone(), depth: stack.len() - usize::from(!begins), over: false })
    }

    /// The call that the goroutine makes, and what it does next in it.
    fn next(&self, action: &Action) -> Option<Text> {
        let (Action::Run(g) | Action::Statement(g) | Action::Finish(g)) = action else { return None };
        let goroutine = self.goroutines.get(g)?;
        let words = match (goroutine.stack.last(), goroutine.program.get(goroutine.done)) {
            (Some(frame), _) if matches!(action, Action::Run(_)) => frame.pc.text().to_owned(),
            (Some(frame), _) => frame.call.to_string(),
            (None, call) => call?.to_string(),
        };
        Some(Text::same(format!("G{g}: {words}")))
    }

    fn turns(&self) -> Vec<Action> {
        self.goroutines.keys().filter(|g| self.can_run(**g)).map(|g| Action::Run(*g)).collect()
    }

    /// A value that was stored and is lost.
    fn alarm(&self) -> Option<Text> {
        (self.counts.lost > 0).then(|| Text::new("a stored value is lost", "写入的值丢失了"))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        if std::mem::replace(&mut doing.over, true) {
            return Progress::Done;
        }
        Progress::Step(match &doing.action {
            Action::Do(g, call) => {
                self.goroutines.entry(*g).or_default().program.push(call.clone());
                Event::CallAdded { g: *g, call: call.to_string() }
            }
            Action::Visit(g, key) => {
                self.come_to(*g, *key);
                Event::VisitChosen { g: *g, key: *key }
            }
            going @ (Action::Run(g) | Action::Statement(g) | Action::Finish(g)) => {
                let event = self.advance(*g);
                let ended = matches!(going, Action::Statement(_)) && self.g(*g).stack.len() <= doing.depth;
                doing.over = matches!(going, Action::Run(_)) || ended || !self.can_run(*g);
                event
            }
        })
    }

    fn bytes(&self) -> usize {
        let calls: usize = self.goroutines.values().map(|goroutine| goroutine.program.len() * 64).sum();
        let keys: usize = self.maps.values().map(|map| map.len() * 32).sum();
        calls + keys + self.entries.len() * 48 + size_of::<GoSyncMap>()
    }

    /// `misses` against `len(dirty)`; then what the map has locked beside what one Mutex around a map would have.
    fn gauges(&self) -> Vec<Gauge> {
        let dirty = self.keys(self.dirty).len() as f64;
        let Counts { calls, locks, copied, .. } = self.counts;
        let counted = [("locks", locks), ("mutex-map", calls), ("copied", copied)];
        let misses = Gauge::new("misses", self.misses as f64).limit((self.dirty != 0).then_some(dirty));
        let counted = counted.map(|(name, n)| Gauge::new(name, f64::from(n)));
        [misses, Gauge::new("dirty", dirty)].into_iter().chain(counted).collect()
    }

    /// One to three goroutines on three keys; now and then without `expunged`.
    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        let mut any = |most: u32| rng.random_range(0..most);
        let goroutines = (0..=any(3)).map(|_| {
            let calls = (0..any(6)).map(|_| {
                let keys = [(); 2].map(|()| Key(1 + any(3)));
                let values = [(); 3].map(|()| i64::from(any(4)) + if any(6) == 0 { SLICES_FROM } else { 10 });
                let mut calls = every_call(keys, values);
                calls.swap_remove(any(calls.len() as u32) as usize)
            });
            Routine { name: String::new(), program: calls.collect() }
        });
        Setup { goroutines: goroutines.collect(), without_expunged: any(8) == 0 }
    }
}

/// A call of each kind.
fn every_call([a, b]: [Key; 2], [value, other, old]: [i64; 3]) -> Vec<Call> {
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
        Call::Range(vec![Call::Delete(b), Call::Store(a, value)]),
        Call::Range(vec![Call::LoadOrStore(b, other), Call::Stop]),
        Call::Clear,
    ]
}

impl GoSyncMap {
    /// The keys that `g`'s Range has still to come to, the next one first, if it is about to come to one.
    fn pairs(&self, g: u32) -> &[Key] {
        let range = self.g(g).stack.last().filter(|frame| frame.pc == Pc::Next);
        range.map_or(&[], |frame| &frame.todo)
    }

    /// The Range of `g` comes to this key next, if it has still to come to it.
    pub(super) fn come_to(&mut self, g: u32, key: Key) -> bool {
        let place = self.pairs(g).iter().position(|other| *other == key);
        if let (Some(place), Some(range)) = (place, self.goroutines.entry(g).or_default().stack.last_mut()) {
            range.todo[..=place].rotate_right(1);
        }
        place.is_some()
    }

    /// The goroutine that an acceptable action is about.
    fn check(&self, action: &Action) -> Result<u32, Refusal> {
        let (Action::Run(g) | Action::Statement(g) | Action::Finish(g) | Action::Do(g, _) | Action::Visit(g, _)) =
            action;
        let last = self.goroutines.len();
        let Some(goroutine) = self.goroutines.get(g) else {
            return refuse!("there is no goroutine {g}; there are 1 to {last}", "没有 goroutine {g}；现有 1 到 {last}");
        };
        let checked = match action {
            Action::Do(_, call) => setup::check_program(&[&goroutine.program[..], std::slice::from_ref(call)].concat()),
            Action::Visit(_, key) if self.pairs(*g).contains(key) => Ok(()),
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
        };
        checked.map(|()| *g)
    }
}
