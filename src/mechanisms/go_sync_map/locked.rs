//! What is done with `m.mu`: taking it, releasing it, and everything in between that nobody else may do.

use super::event::Event;
use super::laws::Fault;
use super::setup::{Call, Key};
use super::state::{Frame, GoSyncMap, P, Pc, ReadOnly};
use super::step::{key_of, new_value};

impl GoSyncMap {
    /// `sync.Mutex.Lock` in normal mode: whoever comes first gets it; one that was woken and is late sleeps at the head.
    pub(super) fn lock(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
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

    pub(super) fn unlock(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        self.mu.holder = None;
        if self.mu.woken.is_none() && self.fault != Fault::WakesNobody {
            self.mu.woken = self.mu.waiters.pop_front();
        }
        f.pc = match &f.call {
            Call::Range(_) => self.walk(f),
            Call::Load(_) | Call::LoadAndDelete(_) | Call::Delete(_) | Call::CompareAndDelete(..) if f.e.is_some() => {
                Pc::LoadP
            }
            _ => Pc::Return,
        };
        Event::Unlocked { g, op, woken: self.mu.woken }
    }

    /// Steps that only the mutex's holder takes.
    pub(super) fn locked_step(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        if self.mu.holder != Some(g) {
            self.wrong.note("dirty-needs-mutex", || format!("G{g} uses dirty and misses without the mutex"));
        }
        let (key, m, e) = (key_of(f), self.dirty, f.e.unwrap_or_default());
        let replacing = if matches!(f.call, Call::LoadOrStore(..)) { Pc::LoadP } else { Pc::SwapP };
        match f.pc {
            Pc::DirtyLookup => self.look_up_dirty(g, op, f),
            Pc::DirtyDelete => {
                self.maps.entry(m).or_default().remove(&key);
                f.pc = self.miss();
                Event::DirtyDeleted { g, op, key, m, e, len: self.dirty_len() }
            }
            Pc::Unexpunge => {
                let p = self.entries[&e];
                if p != P::Expunged {
                    f.pc = replacing;
                    return Event::NotExpunged { g, op, key, e, p };
                }
                self.replace(e, p, P::Nil);
                f.pc = Pc::LinkDirty;
                Event::Unexpunged { g, op, key, e }
            }
            Pc::LinkDirty => {
                let e = if self.fault == Fault::OtherEntry { self.new_entry(P::Nil) } else { e };
                if self.fault != Fault::ForgetsLink {
                    self.write(m, key, e);
                }
                f.pc = replacing;
                Event::DirtyLinked { g, op, key, m, e }
            }
            Pc::SwapP => {
                let (from, to) = (self.entries[&e], new_value(g, f));
                self.replace(e, from, to);
                (f.value, f.ok, f.pc) = (from.value(), from.value().is_some(), Pc::Unlock);
                Event::Swapped { g, op, key, e, from, to }
            }
            Pc::MakeDirty => {
                self.last_map += 1;
                self.dirty = self.last_map;
                self.maps.insert(self.dirty, Default::default());
                f.todo = self.keys(self.read.map);
                f.pc = next_copy(f);
                Event::DirtyMade { g, op, m: self.dirty, of: self.read.map, len: f.todo.len() }
            }
            Pc::CopyNext | Pc::Expunge => self.copy_next(g, op, f),
            Pc::Publish => {
                self.read.amended = self.fault != Fault::ForgetsAmended;
                f.pc = Pc::MakeEntry;
                Event::AmendedSet { g, op, m: self.read.map }
            }
            Pc::MakeEntry => {
                let p = new_value(g, f);
                let e = self.new_entry(p);
                self.write(m, key, e);
                if self.fault == Fault::WritesRead && self.read.map != 0 {
                    self.write(self.read.map, key, e);
                }
                if matches!(f.call, Call::LoadOrStore(..)) {
                    f.value = p.value();
                }
                f.pc = Pc::Unlock;
                Event::EntryMade { g, op, key, m, e, p }
            }
            Pc::Miss => {
                self.misses += 1;
                let (misses, len) = (self.misses, self.dirty_len());
                let late = usize::from(self.fault == Fault::PromotesLate);
                f.pc = if misses < len + late { Pc::Unlock } else { Pc::Promote };
                Event::Missed { g, op, misses, m, len }
            }
            Pc::Promote => {
                let old = self.read.map;
                let stored =
                    |key: Key| Some((key, self.entry(old, key)?)).filter(|(_, e)| self.entries[e].value().is_some());
                let stored = self.keys(old).into_iter().filter_map(stored);
                f.lost = stored.filter(|(key, e)| self.entry(m, *key) != Some(*e)).collect();
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
            Pc::ClearRead => {
                let old = std::mem::take(&mut self.read).map;
                f.pc = Pc::ClearDirty;
                Event::ReadCleared { g, op, old, len: self.keys(old).len() }
            }
            Pc::ClearDirty => {
                let len = self.dirty_len();
                self.maps.entry(m).and_modify(|map| map.clear());
                self.misses = 0;
                f.pc = Pc::Unlock;
                Event::DirtyCleared { g, op, m, len }
            }
            _ => {
                let misses = std::mem::take(&mut self.misses);
                self.dirty = 0;
                f.pc = Pc::Unlock;
                Event::DirtyDropped { g, op, misses }
            }
        }
    }

    fn look_up_dirty(&mut self, g: u32, op: &'static str, f: &mut Frame) -> Event {
        let (key, m) = (key_of(f), self.dirty);
        f.e = self.entry(m, key);
        f.from_dirty = f.e.is_some();
        f.pc = match (&f.call, f.e) {
            (Call::Store(..) | Call::Swap(..), Some(_)) => Pc::SwapP,
            (Call::LoadOrStore(..) | Call::CompareAndSwap(..), Some(_)) => Pc::LoadP,
            (Call::LoadAndDelete(_) | Call::Delete(_), Some(_)) => Pc::DirtyDelete,
            (Call::CompareAndSwap(..), None) => Pc::Unlock,
            (call, None) if call.stores() && f.read.is_some_and(|read| read.amended) => Pc::MakeEntry,
            (call, None) if call.stores() && m != 0 => Pc::Publish,
            (call, None) if call.stores() => Pc::MakeDirty,
            _ => self.miss(),
        };
        match f.e {
            Some(e) => Event::DirtyHit { g, op, key, m, e },
            None => Event::DirtyMiss { g, op, key, m },
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
        f.pc = next_copy(f);
        event
    }

    pub(super) fn miss(&self) -> Pc {
        if self.fault == Fault::NeverMisses { Pc::Unlock } else { Pc::Miss }
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
            self.wrong.note("read-map-never-written", || format!("{key} is written into map {map}, which is read"));
        }
        self.maps.entry(map).or_default().insert(key, e);
    }
}

fn next_copy(f: &Frame) -> Pc {
    if f.todo.is_empty() { Pc::Publish } else { Pc::CopyNext }
}
