//! One atomic step of a goroutine: sync/map.go's methods as rows of program counters, in the order of the source.

use super::event::Event;
use super::setup::{Call, Key};
use super::state::{Fault, Frame, GoSyncMap, P, Pc, ReadOnly};

impl GoSyncMap {
    /// The next step of a goroutine that can run.
    pub(super) fn advance(&mut self, g: u32) -> Event {
        let (mut f, op) = self.top(g);
        let held = self.mu.holder == Some(g);
        let event = match f.pc {
            Pc::ReadLoad => self.load_read(g, op, &mut f, held),
            Pc::Lookup => self.look_up(g, op, &mut f, held),
            Pc::Lock => self.lock(g, op, &mut f),
            Pc::Unlock => self.unlock(g, op, &mut f),
            Pc::LoadP => self.load_p(g, op, &mut f, held),
            Pc::Cas => self.cas(g, op, &mut f, held),
            Pc::Next if f.todo.is_empty() => return self.back(g, op, f),
            Pc::Return => return self.back(g, op, f),
            Pc::Next => self.next_pair(g, op, &mut f),
            Pc::Body | Pc::Stop => {
                f.pc = Pc::Return;
                Event::RangeStopped { g, op }
            }
            Pc::ClearRead => {
                let old = self.read.map;
                let len = self.keys(old).len();
                self.read = ReadOnly::default();
                f.pc = Pc::ClearDirty;
                Event::ReadCleared { g, op, old, len }
            }
            Pc::ClearDirty => {
                let (m, len) = (self.guarded(g).dirty, self.dirty_len());
                self.maps.entry(m).and_modify(|map| map.clear());
                self.misses = 0;
                f.pc = Pc::Unlock;
                Event::DirtyCleared { g, op, m, len }
            }
            _ => self.dirty_step(g, op, &mut f),
        };
        self.keep(g, f);
        event
    }

    fn keep(&mut self, g: u32, frame: Frame) {
        self.goroutines.entry(g).and_modify(|goroutine| goroutine.stack.push(frame));
        self.sweep();
    }

    /// The innermost frame, taken off the stack, or a new one for the call that is next; and the function it stands in.
    fn top(&mut self, g: u32) -> (Frame, &'static str) {
        let Some(goroutine) = self.goroutines.get_mut(&g) else { unreachable!("there is no goroutine {g} to run") };
        let frame = match goroutine.stack.last() {
            Some(Frame { pc: Pc::Body, at, call: Call::Range(body), .. }) => {
                let call = body[*at].clone();
                begin(call, &mut goroutine.calls, &mut self.counts.calls)
            }
            Some(_) => goroutine.stack.pop().unwrap_or_else(|| unreachable!("it has a frame")),
            None => begin(goroutine.program[goroutine.done].clone(), &mut goroutine.calls, &mut self.counts.calls),
        };
        let op = frame.function();
        (frame, op)
    }

    /// Begins a call within whatever is under way: recordings call so inside a Range.
    pub(super) fn call(&mut self, g: u32, call: Call) {
        let Some(goroutine) = self.goroutines.get_mut(&g) else { return };
        let frame = begin(call, &mut goroutine.calls, &mut self.counts.calls);
        goroutine.stack.push(frame);
    }

    fn load_read(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let read = self.read;
        f.read = Some(read);
        let some = read.amended || !self.keys(read.map).is_empty();
        f.pc = match (&f.call, held) {
            (Call::Range(_), false) if read.amended && self.fault != Fault::NeverMisses => Pc::Lock,
            (Call::Range(_), true) if read.amended => Pc::Promote,
            (Call::Range(_), true) => Pc::Unlock,
            (Call::Range(_), false) => Pc::Next,
            (Call::Clear, false) => {
                if some {
                    Pc::Lock
                } else {
                    Pc::Return
                }
            }
            (Call::Clear, true) => {
                if some {
                    Pc::ClearRead
                } else {
                    Pc::ClearDirty
                }
            }
            _ => Pc::Lookup,
        };
        if f.pc == Pc::Next {
            f.todo = self.keys(read.map);
        }
        let (m, amended) = (read.map, read.amended);
        if held { Event::ReadReloaded { g, op, m, amended } } else { Event::ReadLoaded { g, op, m, amended } }
    }

    fn look_up(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, read) = (key_of(f), f.read.unwrap_or_default());
        let (m, amended) = (read.map, read.amended);
        f.e = self.entry(m, key);
        let stores = f.call.stores();
        let swaps = matches!(f.call, Call::CompareAndSwap(..));
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

    /// `sync.Mutex.Lock` in normal mode: whoever comes first gets it; one that was woken and is late sleeps at the head.
    fn lock(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let woken = self.mu.woken == Some(g);
        self.mu.woken = self.mu.woken.filter(|other| *other != g);
        let Some(holder) = self.mu.holder else {
            self.mu.holder = Some(g);
            self.counts.locks += 1;
            (f.pc, f.p) = (Pc::ReadLoad, None);
            return Event::Locked { g, op, locks: self.counts.locks };
        };
        let place = if woken { 0 } else { self.mu.waiters.len() };
        if self.fault != Fault::NeverSleeps {
            self.mu.waiters.insert(place, g);
        }
        Event::MutexWaits { g, op, holder, place }
    }

    fn unlock(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        self.mu.holder = None;
        if self.mu.woken.is_none() && self.fault != Fault::WakesNobody {
            self.mu.woken = self.mu.waiters.pop_front();
        }
        let deletes = matches!(f.call, Call::LoadAndDelete(_) | Call::Delete(_) | Call::CompareAndDelete(..));
        f.pc = match &f.call {
            Call::Range(_) => Pc::Next,
            Call::Load(_) if f.e.is_some() => Pc::LoadP,
            _ if deletes && f.e.is_some() => Pc::LoadP,
            _ => Pc::Return,
        };
        if f.pc == Pc::Next {
            f.todo = self.keys(f.read.unwrap_or_default().map);
        }
        Event::Unlocked { g, op, woken: self.mu.woken }
    }

    /// `e.p.Load()`, and what `load`, `trySwap`, `tryLoadOrStore`, `delete` and the comparing ones make of it.
    fn load_p(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, e) = (key_of(f), f.e.unwrap_or_default());
        let p = self.entries[&e];
        f.p = Some(p);
        let after = self.after(f, held);
        match (&f.call, p) {
            (call, P::Expunged) if call.stores() => {
                f.pc = Pc::Lock;
                return Event::ExpungedFound { g, op, key, e };
            }
            (Call::CompareAndSwap(_, old, _) | Call::CompareAndDelete(_, old), _) => {
                let old = *old;
                let slices = |value: i64| value >= self.slices_from && old >= self.slices_from;
                if self.fault != Fault::ComparesAll && p.value().is_some_and(slices) {
                    f.panicked = true;
                    f.pc = if held && self.fault != Fault::KeepsLock { Pc::Unlock } else { Pc::Return };
                    return Event::ComparePanicked { g, op, key, e, p, old };
                }
                if p.value() != Some(old) {
                    f.pc = after;
                    return Event::CompareDiffers { g, op, key, e, p, old };
                }
            }
            (Call::LoadOrStore(..), P::Value { .. }) | (Call::Load(_), _) => {
                (f.value, f.ok, f.pc) = (p.value(), p.value().is_some(), after);
                return Event::ValueLoaded { g, op, key, e, p };
            }
            (Call::LoadAndDelete(_) | Call::Delete(_), P::Nil | P::Expunged) => {
                f.pc = after;
                return Event::ValueLoaded { g, op, key, e, p };
            }
            _ => {}
        }
        f.pc = Pc::Cas;
        Event::PointerLoaded { g, op, key, e, p }
    }

    fn cas(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> Event {
        let (key, e) = (key_of(f), f.e.unwrap_or_default());
        let found = self.entries[&e];
        if self.fault == Fault::CasNeverFails && found != P::Expunged {
            f.p = Some(found);
        }
        let wanted = f.p.unwrap_or(P::Nil);
        let to = new_value(g, f);
        let plain = self.fault == Fault::PlainDelete && to == P::Nil;
        if found != wanted && !plain {
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
    fn replace(&mut self, e: u32, saw: P, to: P) {
        let found = self.entries.insert(e, to);
        if found != Some(saw) {
            let there = found.unwrap_or(P::Nil);
            self.note("replaces-what-it-saw", || format!("entry {e}: {saw} was seen and {there} was replaced"));
        }
    }

    /// Steps that only the mutex's holder takes.
    fn dirty_step(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let m = self.guarded(g).dirty;
        let e = f.e.unwrap_or_default();
        match f.pc {
            Pc::DirtyLookup => {
                let key = key_of(f);
                f.e = self.entry(m, key);
                f.from_dirty = f.e.is_some();
                let amended = f.read.is_some_and(|read| read.amended);
                f.pc = match (&f.call, f.e) {
                    (Call::Store(..) | Call::Swap(..), Some(_)) => Pc::SwapP,
                    (Call::LoadOrStore(..) | Call::CompareAndSwap(..), Some(_)) => Pc::LoadP,
                    (Call::LoadAndDelete(_) | Call::Delete(_), Some(_)) => Pc::DirtyDelete,
                    (Call::CompareAndSwap(..), None) => Pc::Unlock,
                    (call, None) if call.stores() => match (amended, m) {
                        (true, _) => Pc::MakeEntry,
                        (false, 0) => Pc::MakeDirty,
                        (false, _) => Pc::Publish,
                    },
                    _ => self.miss(),
                };
                match f.e {
                    Some(e) => Event::DirtyHit { g, op, key, m, e },
                    None => Event::DirtyMiss { g, op, key, m },
                }
            }
            Pc::DirtyDelete => {
                let key = key_of(f);
                self.maps.entry(m).or_default().remove(&key);
                f.pc = self.miss();
                Event::DirtyDeleted { g, op, key, m, e, len: self.dirty_len() }
            }
            Pc::Unexpunge => {
                let (key, p) = (key_of(f), self.entries[&e]);
                let then = if matches!(f.call, Call::LoadOrStore(..)) { Pc::LoadP } else { Pc::SwapP };
                f.pc = if p == P::Expunged { Pc::LinkDirty } else { then };
                if p != P::Expunged {
                    return Event::NotExpunged { g, op, key, e, p };
                }
                self.replace(e, p, P::Nil);
                Event::Unexpunged { g, op, key, e }
            }
            Pc::LinkDirty => {
                let key = key_of(f);
                let linked = if self.fault == Fault::OtherEntry { self.new_entry(P::Nil) } else { e };
                if self.fault != Fault::ForgetsLink {
                    self.write(m, key, linked);
                }
                f.pc = if matches!(f.call, Call::LoadOrStore(..)) { Pc::LoadP } else { Pc::SwapP };
                Event::DirtyLinked { g, op, key, m, e: linked }
            }
            Pc::SwapP => {
                let (key, from, to) = (key_of(f), self.entries[&e], new_value(g, f));
                self.replace(e, from, to);
                (f.value, f.ok, f.pc) = (from.value(), from.value().is_some(), Pc::Unlock);
                Event::Swapped { g, op, key, e, from, to }
            }
            Pc::MakeDirty => {
                self.last_map += 1;
                self.dirty = self.last_map;
                self.maps.insert(self.dirty, Default::default());
                f.todo = self.keys(self.read.map);
                f.pc = if f.todo.is_empty() { Pc::Publish } else { Pc::CopyNext };
                Event::DirtyMade { g, op, m: self.dirty, of: self.read.map, len: f.todo.len() }
            }
            Pc::CopyNext | Pc::Expunge => self.copy_next(g, op, f),
            Pc::Publish => {
                self.read.amended = self.fault != Fault::ForgetsAmended;
                f.pc = Pc::MakeEntry;
                Event::AmendedSet { g, op, m: self.read.map }
            }
            Pc::MakeEntry => {
                let (key, p) = (key_of(f), new_value(g, f));
                let e = self.new_entry(p);
                self.write(m, key, e);
                if self.fault == Fault::WritesRead && self.read.map != 0 {
                    self.write(self.read.map, key, e);
                }
                if let Call::LoadOrStore(_, value) = f.call {
                    f.value = Some(value);
                }
                f.pc = Pc::Unlock;
                Event::EntryMade { g, op, key, m, e, p }
            }
            Pc::Miss => {
                self.misses += 1;
                let len = self.dirty_len();
                let late = usize::from(self.fault == Fault::PromotesLate);
                f.pc = if self.misses < len + late { Pc::Unlock } else { Pc::Promote };
                Event::Missed { g, op, misses: self.misses, m, len }
            }
            Pc::Promote => {
                let old = self.read.map;
                let live = |(key, e): (Key, u32)| self.entries[&e].value().map(|_| (key, e));
                let seen = self.keys(old).into_iter().filter_map(|key| Some((key, self.entry(old, key)?)));
                f.lost = seen.filter(|(key, e)| self.entry(m, *key) != Some(*e)).filter_map(live).collect();
                self.read = ReadOnly { map: m, amended: false };
                if matches!(f.call, Call::Range(_)) {
                    f.read = Some(self.read);
                }
                f.pc = if f.lost.is_empty() { Pc::DropDirty } else { Pc::Lost };
                Event::Promoted { g, op, m, old, len: self.dirty_len() }
            }
            Pc::Lost => {
                let (key, e) = f.lost.remove(0);
                self.counts.lost += 1;
                f.pc = if f.lost.is_empty() { Pc::DropDirty } else { Pc::Lost };
                Event::StoreLost { g, op, key, e, p: self.entries[&e] }
            }
            _ => {
                let misses = self.misses;
                (self.dirty, self.misses) = (0, 0);
                f.pc = Pc::Unlock;
                Event::DirtyDropped { g, op, misses }
            }
        }
    }

    /// `dirtyLocked`: one entry of the read map is copied, or expunged and left out.
    fn copy_next(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let (m, key) = (self.dirty, f.todo[0]);
        let e = self.entry(self.read.map, key).unwrap_or_default();
        let p = self.entries[&e];
        let sees_nil = p == P::Nil && self.fault != Fault::CopiesNil;
        let plays = self.without_expunged && self.fault != Fault::StillExpunges;
        let event = match f.pc {
            Pc::Expunge if p != P::Nil => {
                f.pc = Pc::CopyNext;
                return Event::ExpungeFailed { g, op, key, e, found: p };
            }
            Pc::Expunge => {
                self.replace(e, p, P::Expunged);
                if self.fault == Fault::CopiesExpunged {
                    self.write(m, key, e);
                }
                Event::Expunged { g, op, key, e }
            }
            _ if sees_nil && plays || p == P::Expunged => Event::LeftOut { g, op, key, e, p },
            _ if sees_nil => {
                f.pc = Pc::Expunge;
                return Event::NilSeen { g, op, key, e };
            }
            _ => {
                self.write(m, key, e);
                self.counts.copied += 1;
                Event::EntryCopied { g, op, key, m, e, p }
            }
        };
        f.todo.remove(0);
        f.pc = if f.todo.is_empty() { Pc::Publish } else { Pc::CopyNext };
        event
    }

    fn next_pair(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let key = f.todo.remove(0);
        let e = self.entry(f.read.unwrap_or_default().map, key).unwrap_or_default();
        let p = self.entries[&e];
        let Some(value) = p.value() else { return Event::VisitSkipped { g, op, key, e, p } };
        (f.pair, f.at) = (Some((key, value)), 0);
        f.pc = body(f);
        Event::Visited { g, op, key, e, p }
    }

    /// The call returns to the program, or to the function of the Range around it.
    fn back(&mut self, g: u32, op: &'static str, f: Frame) -> Event {
        let got = if f.panicked { (None, false, true) } else { (f.value, f.ok, false) };
        let result = result(&f.call, got);
        if let Some(goroutine) = self.goroutines.get_mut(&g) {
            (goroutine.got, goroutine.last) = (got, Some(result.clone()));
            match goroutine.stack.last_mut() {
                Some(outer) => {
                    outer.at += 1;
                    outer.pc = body(outer);
                }
                None => goroutine.done = (goroutine.done + 1).min(goroutine.program.len()),
            }
        }
        self.sweep();
        let call = f.call.to_string();
        if f.panicked { Event::Recovered { g, op, call } } else { Event::Returned { g, op, call, result } }
    }

    fn miss(&self) -> Pc {
        if self.fault == Fault::NeverMisses { Pc::Unlock } else { Pc::Miss }
    }

    /// Where a call goes on when the entry has been dealt with.
    fn after(&self, f: &Frame, held: bool) -> Pc {
        match (held, f.from_dirty) {
            (true, true) => self.miss(),
            (true, false) => Pc::Unlock,
            _ => Pc::Return,
        }
    }

    fn dirty_len(&self) -> usize {
        self.keys(self.dirty).len()
    }

    fn new_entry(&mut self, p: P) -> u32 {
        self.last_entry += 1;
        self.entries.insert(self.last_entry, p);
        self.last_entry
    }

    /// Writes to a Go map; nobody may write to the read one.
    fn write(&mut self, map: u32, key: Key, e: u32) {
        if map == self.read.map {
            self.note("read-map-never-written", || format!("{key} is written into map {map}, which is read"));
        }
        self.maps.entry(map).or_default().insert(key, e);
    }

    /// What only the mutex's holder may look at and change.
    fn guarded(&mut self, g: u32) -> &mut GoSyncMap {
        if self.mu.holder != Some(g) {
            self.note("dirty-needs-mutex", || format!("G{g} uses dirty and misses without the mutex"));
        }
        self
    }

    fn note(&mut self, law: &'static str, what: impl FnOnce() -> String) {
        self.wrong.entry(law).or_insert_with(what);
    }
}

fn begin(call: Call, calls: &mut u32, counted: &mut u32) -> Frame {
    *calls += 1;
    *counted += 1;
    Frame {
        call,
        number: *calls,
        pc: Pc::ReadLoad,
        read: None,
        e: None,
        from_dirty: false,
        p: None,
        todo: Vec::new(),
        pair: None,
        at: 0,
        lost: Vec::new(),
        value: None,
        ok: false,
        panicked: false,
    }
}

fn key_of(f: &Frame) -> Key {
    f.call.key().unwrap_or(Key(0))
}

/// The pointer that the call puts into an entry.
fn new_value(g: u32, f: &Frame) -> P {
    match f.call {
        Call::Store(_, value)
        | Call::Swap(_, value)
        | Call::LoadOrStore(_, value)
        | Call::CompareAndSwap(_, _, value) => P::Value { value, by: (g, f.number) },
        _ => P::Nil,
    }
}

/// Where a Range goes on after so many calls of its function's body.
fn body(f: &Frame) -> Pc {
    let Call::Range(body) = &f.call else { return Pc::Return };
    match body.get(f.at) {
        Some(Call::Stop) => Pc::Stop,
        Some(_) => Pc::Body,
        None => Pc::Next,
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
