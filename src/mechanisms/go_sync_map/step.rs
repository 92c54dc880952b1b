//! One atomic step of a goroutine: sync/map.go's methods as rows of program counters. Each arm says where the call goes
//! on and what was done.

use super::event::Event;
use super::laws::Fault;
use super::setup::{Call, Key, SLICES_FROM};
use super::state::{Frame, GoSyncMap, Got, P, Pc, ReadOnly};

impl GoSyncMap {
    /// The next step of a goroutine that can run.
    pub(super) fn advance(&mut self, g: u32) -> Event {
        let mut f = self.top(g);
        let (next, event) = self.step(g, f.function(), &mut f);
        f.pc = next;
        let goroutine = self.goroutines.entry(g).or_default();
        match (&event, goroutine.stack.last_mut()) {
            (Event::Returned { .. } | Event::Recovered { .. }, range) => {
                match range {
                    Some(range) => (range.at, range.pc) = (range.at + 1, in_body(range, range.at + 1)),
                    None => goroutine.done = (goroutine.done + 1).min(goroutine.program.len()),
                }
                (goroutine.got, goroutine.last) = (f.got, Some(f.result()));
            }
            _ => goroutine.stack.push(f),
        }
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

    fn step(&mut self, g: u32, op: &'static str, f: &mut Frame) -> (Pc, Event) {
        let (key, e, held) = (f.key(), f.e.unwrap_or_default(), self.mu.holder == Some(g));
        match f.pc {
            Pc::ReadLoad => {
                let ReadOnly { map: m, amended } = self.read;
                let some = amended || !self.keys(m).is_empty();
                self.sees(f);
                let next = match (&f.call, held) {
                    (Call::Range(_), false) if amended && self.fault != Fault::NeverMisses => Pc::Lock,
                    (Call::Range(_), false) => Pc::Next,
                    (Call::Range(_), true) if amended => Pc::Promote,
                    (Call::Range(_), true) => Pc::Unlock,
                    (Call::Clear, false) if some => Pc::Lock,
                    (Call::Clear, false) => Pc::Return,
                    (Call::Clear, true) if some => Pc::ClearRead,
                    (Call::Clear, true) => Pc::ClearDirty,
                    _ => Pc::Lookup,
                };
                let loaded = Event::ReadLoaded { g, op, m, amended };
                (next, if held { Event::ReadReloaded { g, op, m, amended } } else { loaded })
            }
            Pc::Lookup => {
                let ReadOnly { map: m, amended } = f.read.unwrap_or_default();
                let (stores, swaps) = (f.call.stores(), matches!(f.call, Call::CompareAndSwap(..)));
                let lock = if self.fault == Fault::DirtyWithoutLock && !stores { Pc::DirtyLookup } else { Pc::Lock };
                f.e = self.entry(m, key);
                match (f.e, held) {
                    (Some(e), false) => (Pc::LoadP, Event::ReadHit { g, op, key, m, e }),
                    (None, false) => {
                        let next = if stores || amended { lock } else { Pc::Return };
                        (next, Event::ReadMiss { g, op, key, m, amended })
                    }
                    (Some(e), true) if stores => (Pc::Unexpunge, Event::ReadHitLocked { g, op, key, m, e }),
                    (Some(e), true) => {
                        (if swaps { Pc::LoadP } else { Pc::Unlock }, Event::ReadHitLocked { g, op, key, m, e })
                    }
                    (None, true) => {
                        let next = if stores || swaps || amended { Pc::DirtyLookup } else { Pc::Unlock };
                        (next, Event::ReadMissLocked { g, op, key, m, amended })
                    }
                }
            }
            // `sync.Mutex` in normal mode: whoever comes first gets it; one that was woken and is late sleeps at the head.
            Pc::Lock => {
                let woken = self.mu.woken.take_if(|woken| *woken == g).is_some();
                if let Some(holder) = self.mu.holder {
                    let place = if woken { 0 } else { self.mu.waiters.len() };
                    if self.fault != Fault::NeverSleeps {
                        self.mu.waiters.insert(place, g);
                    }
                    return (Pc::Lock, Event::MutexWaits { g, op, holder, place });
                }
                self.mu.holder = Some(g);
                self.counts.locks += 1;
                f.p = None;
                (Pc::ReadLoad, Event::Locked { g, op, locks: self.counts.locks })
            }
            Pc::Unlock => {
                self.mu.holder = None;
                if self.mu.woken.is_none() && self.fault != Fault::WakesNobody {
                    self.mu.woken = self.mu.waiters.pop_front();
                }
                let next = match &f.call {
                    Call::Range(_) => Pc::Next,
                    call if f.e.is_some() && call.facts().new.is_none() => Pc::LoadP,
                    _ => Pc::Return,
                };
                (next, Event::Unlocked { g, op, woken: self.mu.woken })
            }
            // What `load`, `trySwap`, `tryLoadOrStore`, `delete` and the comparing ones make of what the entry points at.
            Pc::LoadP => {
                let (p, old) = (self.entries[&e], f.call.facts().old);
                let slice = |value: i64| value >= SLICES_FROM && self.fault != Fault::ComparesAll;
                f.p = Some(p);
                match (&f.call, p, old) {
                    (call, P::Expunged, _) if call.stores() => (Pc::Lock, Event::ExpungedFound { g, op, key, e }),
                    (_, P::Value { value, .. }, Some(old)) if slice(value) && slice(old) => {
                        f.got.panicked = true;
                        let next = if held && self.fault != Fault::KeepsLock { Pc::Unlock } else { Pc::Return };
                        (next, Event::ComparePanicked { g, op, key, e, p, old })
                    }
                    (_, _, Some(old)) if p.value() != Some(old) => {
                        (self.after(f, held), Event::CompareDiffers { g, op, key, e, p, old })
                    }
                    (Call::Load(_), ..)
                    | (Call::LoadOrStore(..), P::Value { .. }, _)
                    | (Call::LoadAndDelete(_) | Call::Delete(_), P::Nil | P::Expunged, _) => {
                        f.got = p.got();
                        (self.after(f, held), Event::ValueLoaded { g, op, key, e, p })
                    }
                    _ => (Pc::Cas, Event::PointerLoaded { g, op, key, e, p }),
                }
            }
            Pc::Cas => {
                let (found, to) = (self.entries[&e], new_value(g, f));
                if self.fault == Fault::CasNeverFails && found != P::Expunged {
                    f.p = Some(found);
                }
                let wanted = f.p.unwrap_or(P::Nil);
                if found != wanted && (self.fault != Fault::PlainDelete || to != P::Nil) {
                    f.p = f.p.filter(|_| self.fault != Fault::CasNeverFails);
                    return (Pc::LoadP, Event::CasFailed { g, op, key, e, wanted, found });
                }
                self.replace(e, wanted, to);
                f.got = match f.call {
                    Call::LoadOrStore(_, value) => Got { value: Some(value), ..f.got },
                    Call::CompareAndSwap(..) | Call::CompareAndDelete(..) => Got { ok: true, ..f.got },
                    _ => wanted.got(),
                };
                (self.after(f, held), Event::CasDone { g, op, key, e, from: found, to })
            }
            Pc::Next if !f.todo.is_empty() => {
                let key = f.todo.remove(0);
                let e = self.entry(f.read.unwrap_or_default().map, key).unwrap_or_default();
                let p = self.entries[&e];
                let Some(value) = p.value() else { return (Pc::Next, Event::VisitSkipped { g, op, key, e, p }) };
                (f.pair, f.at) = (Some((key, value)), 0);
                (in_body(f, 0), Event::Visited { g, op, key, e, p })
            }
            Pc::Body | Pc::Stop => (Pc::Return, Event::RangeStopped { g, op }),
            Pc::Next | Pc::Return if f.got.panicked => (f.pc, Event::Recovered { g, op, call: f.call.to_string() }),
            Pc::Next | Pc::Return => (f.pc, Event::Returned { g, op, call: f.call.to_string(), result: f.result() }),
            _ => self.locked_step(g, op, f, held),
        }
    }

    /// Steps that only the mutex's holder takes.
    fn locked_step(&mut self, g: u32, op: &'static str, f: &mut Frame, held: bool) -> (Pc, Event) {
        if !held {
            self.wrong.note("dirty-needs-mutex", || format!("G{g} uses dirty and misses without the mutex"));
        }
        let (key, m, e) = (f.key(), self.dirty, f.e.unwrap_or_default());
        let dirty_len = self.keys(m).len();
        let replacing = if matches!(f.call, Call::LoadOrStore(..)) { Pc::LoadP } else { Pc::SwapP };
        match f.pc {
            Pc::DirtyLookup => {
                f.e = self.entry(m, key);
                f.from_dirty = f.e.is_some();
                let amended = f.read.is_some_and(|read| read.amended);
                let next = match (&f.call, f.e) {
                    (Call::Store(..) | Call::Swap(..), Some(_)) => Pc::SwapP,
                    (Call::LoadOrStore(..) | Call::CompareAndSwap(..), Some(_)) => Pc::LoadP,
                    (Call::LoadAndDelete(_) | Call::Delete(_), Some(_)) => Pc::DirtyDelete,
                    (Call::CompareAndSwap(..), None) => Pc::Unlock,
                    (call, None) if call.stores() && amended => Pc::MakeEntry,
                    (call, None) if call.stores() && m != 0 => Pc::Publish,
                    (call, None) if call.stores() => Pc::MakeDirty,
                    _ => self.miss(),
                };
                let missed = Event::DirtyMiss { g, op, key, m };
                (next, f.e.map_or(missed, |e| Event::DirtyHit { g, op, key, m, e }))
            }
            Pc::DirtyDelete => {
                self.maps.entry(m).or_default().remove(&key);
                (self.miss(), Event::DirtyDeleted { g, op, key, m, e, len: self.keys(m).len() })
            }
            Pc::Unexpunge if self.entries[&e] != P::Expunged => {
                (replacing, Event::NotExpunged { g, op, key, e, p: self.entries[&e] })
            }
            Pc::Unexpunge => {
                self.replace(e, P::Expunged, P::Nil);
                (Pc::LinkDirty, Event::Unexpunged { g, op, key, e })
            }
            Pc::LinkDirty => {
                let e = if self.fault == Fault::OtherEntry { self.new_entry(P::Nil) } else { e };
                if self.fault != Fault::ForgetsLink {
                    self.write(m, key, e);
                }
                (replacing, Event::DirtyLinked { g, op, key, m, e })
            }
            Pc::SwapP => {
                let (from, to) = (self.entries[&e], new_value(g, f));
                self.replace(e, from, to);
                f.got = from.got();
                (Pc::Unlock, Event::Swapped { g, op, key, e, from, to })
            }
            Pc::MakeDirty => {
                self.last_map += 1;
                self.dirty = self.last_map;
                self.maps.insert(self.dirty, Default::default());
                f.todo = self.keys(self.read.map);
                (next_copy(f), Event::DirtyMade { g, op, m: self.dirty, of: self.read.map, len: f.todo.len() })
            }
            // `dirtyLocked`: one entry of the read map is copied, or expunged and left out.
            Pc::CopyNext | Pc::Expunge => {
                let key = f.todo[0];
                let e = self.entry(self.read.map, key).unwrap_or_default();
                let p = self.entries[&e];
                let sees_nil = p == P::Nil && self.fault != Fault::CopiesNil;
                let plays = self.without_expunged && self.fault != Fault::StillExpunges;
                let event = match f.pc {
                    Pc::Expunge if p != P::Nil => {
                        return (Pc::CopyNext, Event::ExpungeFailed { g, op, key, e, found: p });
                    }
                    Pc::Expunge => {
                        self.replace(e, p, P::Expunged);
                        if self.fault == Fault::CopiesExpunged {
                            self.write(m, key, e);
                        }
                        Event::Expunged { g, op, key, e }
                    }
                    _ if sees_nil && plays || p == P::Expunged => Event::LeftOut { g, op, key, e, p },
                    _ if sees_nil => return (Pc::Expunge, Event::NilSeen { g, op, key, e }),
                    _ => {
                        self.write(m, key, e);
                        self.counts.copied += 1;
                        Event::EntryCopied { g, op, key, m, e, p }
                    }
                };
                f.todo.remove(0);
                (next_copy(f), event)
            }
            Pc::Publish => {
                self.read.amended = self.fault != Fault::ForgetsAmended;
                (Pc::MakeEntry, Event::AmendedSet { g, op, m: self.read.map })
            }
            Pc::MakeEntry => {
                let p = new_value(g, f);
                let e = self.new_entry(p);
                self.write(m, key, e);
                if self.fault == Fault::WritesRead && self.read.map != 0 {
                    self.write(self.read.map, key, e);
                }
                f.got.value = p.value().filter(|_| matches!(f.call, Call::LoadOrStore(..)));
                (Pc::Unlock, Event::EntryMade { g, op, key, m, e, p })
            }
            Pc::Miss => {
                self.misses += 1;
                let (misses, late) = (self.misses, usize::from(self.fault == Fault::PromotesLate));
                let next = if misses < dirty_len + late { Pc::Unlock } else { Pc::Promote };
                (next, Event::Missed { g, op, misses, m, len: dirty_len })
            }
            Pc::Promote => {
                let old = std::mem::replace(&mut self.read, ReadOnly { map: m, amended: false }).map;
                let stored = self.keys(old).into_iter().filter_map(|key| Some((key, self.entry(old, key)?)));
                let gone = |(key, e): &(Key, u32)| self.entries[e].value().is_some() && self.entry(m, *key) != Some(*e);
                f.lost = stored.filter(gone).collect();
                if matches!(f.call, Call::Range(_)) {
                    self.sees(f);
                }
                (next_lost(f), Event::Promoted { g, op, m, old, len: dirty_len })
            }
            Pc::Lost => {
                let (key, e) = f.lost.remove(0);
                self.counts.lost += 1;
                (next_lost(f), Event::StoreLost { g, op, key, e, p: self.entries[&e] })
            }
            Pc::ClearRead => {
                let old = std::mem::take(&mut self.read).map;
                (Pc::ClearDirty, Event::ReadCleared { g, op, old, len: self.keys(old).len() })
            }
            Pc::ClearDirty => {
                self.maps.entry(m).and_modify(|map| map.clear());
                self.misses = 0;
                (Pc::Unlock, Event::DirtyCleared { g, op, m, len: dirty_len })
            }
            _ => {
                self.dirty = 0;
                (Pc::Unlock, Event::DirtyDropped { g, op, misses: std::mem::take(&mut self.misses) })
            }
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

    fn miss(&self) -> Pc {
        if self.fault == Fault::NeverMisses { Pc::Unlock } else { Pc::Miss }
    }

    /// `read` is what `m.read` is now; a Range will go through that map.
    fn sees(&self, f: &mut Frame) {
        f.read = Some(self.read);
        f.todo = if matches!(f.call, Call::Range(_)) { self.keys(self.read.map) } else { Vec::new() };
    }

    /// Puts a pointer into an entry in place of the one that the caller saw there.
    fn replace(&mut self, e: u32, saw: P, to: P) {
        let there = self.entries.insert(e, to).unwrap_or(P::Nil);
        if there != saw {
            let what = || format!("entry {e}: {saw} was seen and {there} was replaced");
            self.wrong.note("replaces-what-it-saw", what);
        }
    }

    fn new_entry(&mut self, p: P) -> u32 {
        self.last_entry += 1;
        self.entries.insert(self.last_entry, p);
        self.last_entry
    }

    /// Writes to a Go map; nobody may write to the read one.
    fn write(&mut self, map: u32, key: Key, e: u32) {
        if map == self.read.map {
            self.wrong.note("read-map-never-written", || format!("{key} is written into map {map}, which is read"));
        }
        self.maps.entry(map).or_default().insert(key, e);
    }
}

/// The pointer that the call puts into an entry.
fn new_value(g: u32, f: &Frame) -> P {
    f.call.facts().new.map_or(P::Nil, |value| P::Value { value, by: (g, f.number) })
}

fn next_copy(f: &Frame) -> Pc {
    if f.todo.is_empty() { Pc::Publish } else { Pc::CopyNext }
}

fn next_lost(f: &Frame) -> Pc {
    if f.lost.is_empty() { Pc::DropDirty } else { Pc::Lost }
}

/// Where a Range goes on after so many calls of its function.
fn in_body(f: &Frame, calls: usize) -> Pc {
    let Call::Range(body) = &f.call else { return Pc::Return };
    match body.get(calls) {
        Some(Call::Stop) => Pc::Stop,
        Some(_) => Pc::Body,
        None => Pc::Next,
    }
}
