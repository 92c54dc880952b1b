//! One atomic step of a goroutine: sync/map.go's methods as rows of program counters, in the order of the source. What
//! is done with the mutex held stands in [`super::locked`].

use super::event::Event;
use super::laws::Fault;
use super::setup::{Call, Key};
use super::state::{Frame, GoSyncMap, P, Pc, ReadOnly};

impl GoSyncMap {
    /// The next step of a goroutine that can run.
    pub(super) fn advance(&mut self, g: u32) -> Event {
        let mut f = self.top(g);
        let (op, held) = (f.function(), self.mu.holder == Some(g));
        let event = match f.pc {
            Pc::ReadLoad => self.load_read(g, op, &mut f, held),
            Pc::Lookup => self.look_up(g, op, &mut f, held),
            Pc::Lock => self.lock(g, op, &mut f),
            Pc::Unlock => self.unlock(g, op, &mut f),
            Pc::LoadP => self.load_p(g, op, &mut f, held),
            Pc::Cas => self.cas(g, op, &mut f, held),
            Pc::Next if !f.todo.is_empty() => self.next_pair(g, op, &mut f),
            Pc::Next | Pc::Return => return self.back(g, op, f),
            Pc::Body | Pc::Stop => {
                f.pc = Pc::Return;
                Event::RangeStopped { g, op }
            }
            _ => self.locked_step(g, op, &mut f),
        };
        self.goroutines.entry(g).or_default().stack.push(f);
        self.sweep();
        event
    }

    /// The innermost frame, off the stack, or a new one for the call that comes next.
    fn top(&mut self, g: u32) -> Frame {
        let goroutine = self.goroutines.entry(g).or_default();
        let call = match goroutine.stack.last() {
            Some(Frame { pc: Pc::Body, at, call: Call::Range(body), .. }) => body[*at].clone(),
            Some(_) => return goroutine.stack.pop().unwrap_or_default(),
            None => goroutine.program[goroutine.done].clone(),
        };
        self.begin(g, call)
    }

    /// The frame of a call that begins within whatever is under way.
    pub(super) fn begin(&mut self, g: u32, call: Call) -> Frame {
        let goroutine = self.goroutines.entry(g).or_default();
        goroutine.calls += 1;
        self.counts.calls += 1;
        Frame { call, number: goroutine.calls, ..Frame::default() }
    }

    fn load_read(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let ReadOnly { map: m, amended } = self.read;
        let some = amended || !self.keys(m).is_empty();
        f.read = Some(self.read);
        f.pc = match (&f.call, held) {
            (Call::Range(_), false) if amended && self.fault != Fault::NeverMisses => Pc::Lock,
            (Call::Range(_), false) => self.walk(f),
            (Call::Range(_), true) if amended => Pc::Promote,
            (Call::Range(_), true) => Pc::Unlock,
            (Call::Clear, false) if some => Pc::Lock,
            (Call::Clear, false) => Pc::Return,
            (Call::Clear, true) if some => Pc::ClearRead,
            (Call::Clear, true) => Pc::ClearDirty,
            _ => Pc::Lookup,
        };
        if held { Event::ReadReloaded { g, op, m, amended } } else { Event::ReadLoaded { g, op, m, amended } }
    }

    fn look_up(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, ReadOnly { map: m, amended }) = (key_of(f), f.read.unwrap_or_default());
        f.e = self.entry(m, key);
        let (stores, swaps) = (f.call.stores(), matches!(f.call, Call::CompareAndSwap(..)));
        let lock = if self.fault == Fault::DirtyWithoutLock && !stores { Pc::DirtyLookup } else { Pc::Lock };
        f.pc = match (held, f.e) {
            (false, Some(_)) => Pc::LoadP,
            (false, None) if stores || amended => lock,
            (false, None) => Pc::Return,
            (true, Some(_)) if stores => Pc::Unexpunge,
            (true, Some(_)) if swaps => Pc::LoadP,
            (true, None) if stores || swaps || amended => Pc::DirtyLookup,
            (true, _) => Pc::Unlock,
        };
        match (f.e, held) {
            (Some(e), false) => Event::ReadHit { g, op, key, m, e },
            (Some(e), true) => Event::ReadHitLocked { g, op, key, m, e },
            (None, false) => Event::ReadMiss { g, op, key, m, amended },
            (None, true) => Event::ReadMissLocked { g, op, key, m, amended },
        }
    }

    /// `e.p.Load()`, and what `load`, `trySwap`, `tryLoadOrStore`, `delete` and the comparing ones make of it.
    fn load_p(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, e) = (key_of(f), f.e.unwrap_or_default());
        let p = self.entries[&e];
        f.p = Some(p);
        match (&f.call, p) {
            (call, P::Expunged) if call.stores() => {
                f.pc = Pc::Lock;
                Event::ExpungedFound { g, op, key, e }
            }
            (&Call::CompareAndSwap(_, old, _) | &Call::CompareAndDelete(_, old), _) if self.panics(p, old) => {
                f.panicked = true;
                f.pc = if held && self.fault != Fault::KeepsLock { Pc::Unlock } else { Pc::Return };
                Event::ComparePanicked { g, op, key, e, p, old }
            }
            (&Call::CompareAndSwap(_, old, _) | &Call::CompareAndDelete(_, old), _) if p.value() != Some(old) => {
                f.pc = self.after(f, held);
                Event::CompareDiffers { g, op, key, e, p, old }
            }
            (Call::Load(_), _)
            | (Call::LoadOrStore(..), P::Value(..))
            | (Call::LoadAndDelete(_) | Call::Delete(_), P::Nil | P::Expunged) => {
                (f.value, f.ok, f.pc) = (p.value(), p.value().is_some(), self.after(f, held));
                Event::ValueLoaded { g, op, key, e, p }
            }
            _ => {
                f.pc = Pc::Cas;
                Event::PointerLoaded { g, op, key, e, p }
            }
        }
    }

    /// Comparing two slices panics.
    fn panics(&self, p: P, old: i64) -> bool {
        let slice = |value: i64| value >= self.slices_from;
        self.fault != Fault::ComparesAll && slice(old) && p.value().is_some_and(slice)
    }

    fn cas(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, e) = (key_of(f), f.e.unwrap_or_default());
        let (found, to) = (self.entries[&e], new_value(g, f));
        if self.fault == Fault::CasNeverFails && found != P::Expunged {
            f.p = Some(found);
        }
        let wanted = f.p.unwrap_or(P::Nil);
        if found != wanted && (self.fault != Fault::PlainDelete || to != P::Nil) {
            f.pc = Pc::LoadP;
            if self.fault == Fault::CasNeverFails {
                f.p = None;
            }
            return Event::CasFailed { g, op, key, e, wanted, found };
        }
        self.replace(e, wanted, to);
        (f.value, f.ok) = match &f.call {
            Call::LoadOrStore(_, value) => (Some(*value), false),
            Call::CompareAndSwap(..) | Call::CompareAndDelete(..) => (None, true),
            _ => (wanted.value(), wanted.value().is_some()),
        };
        f.pc = self.after(f, held);
        Event::CasDone { g, op, key, e, from: found, to }
    }

    /// Puts a pointer into an entry in place of the one that the caller saw there.
    pub(super) fn replace(&mut self, e: u32, saw: P, to: P) {
        let there = self.entries.insert(e, to).unwrap_or(P::Nil);
        if there != saw {
            let what = || format!("entry {e}: {saw} was seen and {there} was replaced");
            self.wrong.note("replaces-what-it-saw", what);
        }
    }

    /// Where a call goes on when its entry has been dealt with.
    fn after(&self, f: &Frame, held: bool) -> Pc {
        match (held, f.from_dirty) {
            (true, true) => self.miss(),
            (true, false) => Pc::Unlock,
            (false, _) => Pc::Return,
        }
    }

    /// A Range begins to go through the map that it has read.
    pub(super) fn walk(&self, f: &mut Frame) -> Pc {
        f.todo = self.keys(f.read.unwrap_or_default().map);
        Pc::Next
    }

    fn next_pair(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let key = f.todo.remove(0);
        let e = self.entry(f.read.unwrap_or_default().map, key).unwrap_or_default();
        let p = self.entries[&e];
        let Some(value) = p.value() else { return Event::VisitSkipped { g, op, key, e, p } };
        (f.pair, f.at) = (Some((key, value)), 0);
        f.pc = in_body(f);
        Event::Visited { g, op, key, e, p }
    }

    /// The call returns to the program, or to the function of the Range around it.
    fn back(&mut self, g: u32, op: &'static str, f: Frame) -> Event {
        let got = if f.panicked { (None, false, true) } else { (f.value, f.ok, false) };
        let (call, result) = (f.call.to_string(), result(&f.call, got));
        let goroutine = self.goroutines.entry(g).or_default();
        (goroutine.got, goroutine.last) = (got, Some(result.clone()));
        match goroutine.stack.last_mut() {
            Some(range) => {
                range.at += 1;
                range.pc = in_body(range);
            }
            None => goroutine.done = (goroutine.done + 1).min(goroutine.program.len()),
        }
        self.sweep();
        if f.panicked { Event::Recovered { g, op, call } } else { Event::Returned { g, op, call, result } }
    }
}

pub(super) fn key_of(f: &Frame) -> Key {
    f.call.key().unwrap_or(Key(0))
}

/// The pointer that the call puts into an entry.
pub(super) fn new_value(g: u32, f: &Frame) -> P {
    f.call.value().map_or(P::Nil, |value| P::Value(value, (g, f.number)))
}

/// Where a Range goes on after so many calls of its function.
fn in_body(f: &Frame) -> Pc {
    match &f.call {
        Call::Range(body) => match body.get(f.at) {
            Some(Call::Stop) => Pc::Stop,
            Some(_) => Pc::Body,
            None => Pc::Next,
        },
        _ => Pc::Return,
    }
}

/// What a call returns, in words.
fn result(call: &Call, (value, ok, panicked): (Option<i64>, bool, bool)) -> String {
    match call {
        _ if panicked => String::from("panic"),
        Call::CompareAndSwap(..) | Call::CompareAndDelete(..) => ok.to_string(),
        Call::Store(..) | Call::Delete(_) | Call::Clear | Call::Range(_) | Call::Stop => String::from("–"),
        _ => format!("{}, {ok}", value.map_or_else(|| String::from("nil"), |value| value.to_string())),
    }
}
