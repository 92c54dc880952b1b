//! One atomic step of a goroutine: which function stands at which place of the source; checks, hash, probing, lookup.

use super::super::keys::{Hash, Key};
use super::event::Event;
use super::frame::{Call, Frame, Pc, Spot};
use super::laws::Fault;
use super::setup::KeyKind;
use super::state::{Ctrl, DELETED, Dead, EMPTY, GoSwissMap, Group, Returned, SLOTS, Table};

/// Where Go would go on without end, or read what two writers have torn: nothing can follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Astray;

/// What one place of the source did: an event, or nothing that could be seen (then the next place follows at once).
pub(super) type Step = Result<Option<Event>, Astray>;

/// Places that follow one another without a step are fewer than this: more are a fault of ours.
const UNSEEN: u32 = 100;

impl GoSwissMap {
    /// Takes the next atomic step of goroutine `g`; `None` if its operation is over.
    pub(super) fn advance(&mut self, g: u32) -> Option<Event> {
        let at = self.frames.iter().position(|frame| frame.g == g)?;
        let mut frame = self.frames[at];
        self.last = None;
        let mut unseen = 0;
        let event = loop {
            match self.micro(&mut frame) {
                Ok(Some(event)) => break Some(event),
                Ok(None) if frame.pc == Pc::Done => break None,
                Ok(None) if unseen < UNSEEN => unseen += 1,
                Ok(None) | Err(Astray) => {
                    let message = "two writers have corrupted the map: Go would search for ever or throw";
                    self.die(g, message);
                    break Some(Event::Astray { g, op: self.op(&frame) });
                }
            }
        };
        if frame.pc == Pc::Done {
            self.frames.remove(at);
            self.last = Some(frame);
        } else {
            self.frames[at] = frame;
        }
        self.sweep();
        event
    }

    fn micro(&mut self, f: &mut Frame) -> Step {
        match f.pc {
            Pc::Checks => self.checks(f),
            Pc::ScanSmall => self.scan_small(f),
            Pc::Hash => self.hash_key(f),
            Pc::SetWriting => self.set_writing(f),
            Pc::MakeGroup => self.make_group(f),
            Pc::PickTable => self.pick_table(f),
            Pc::StartProbe => self.start_probe(f),
            Pc::MatchH2 => self.match_h2(f),
            Pc::CompareKey => self.compare_key(f),
            Pc::MatchEmpty => self.match_empty(f),
            Pc::ProbeNext => self.probe_next(f),
            Pc::ReturnValue | Pc::ReturnZero => self.return_elem(f),
            Pc::TakeTombstone => self.take_tombstone(f),
            Pc::CheckRoom => self.check_room(f),
            Pc::Prune => self.prune(f),
            Pc::Rehash => self.rehash(f),
            Pc::StoreKey => self.store_key(f),
            Pc::SetCtrl => self.set_ctrl(f),
            Pc::LowerGrowthLeft => self.lower_growth_left(f),
            Pc::RaiseTableUsed => self.raise_table_used(f),
            Pc::RaiseMapUsed => self.raise_map_used(f),
            Pc::CheckWriting => self.check_writing(f),
            Pc::ClearWriting => self.clear_writing(f),
            Pc::StoreElem => self.store_elem(f),
            Pc::MakeTables => self.make_tables(f),
            Pc::CopyEntry => self.copy_entry(f),
            Pc::MakeDirectory => self.make_directory(f),
            Pc::FindUnchecked => self.find_unchecked(f),
            Pc::ReplaceTable => self.replace_table(f),
            Pc::DoubleDirectory => self.double_directory(f),
            Pc::InstallLeft | Pc::InstallRight => self.install_half(f),
            Pc::MarkStale => self.mark_stale(f),
            Pc::LowerTableUsed => self.lower_table_used(f),
            Pc::LowerMapUsed => self.lower_map_used(f),
            Pc::ClearKey => self.clear_key(f),
            Pc::ClearElem => self.clear_elem(f),
            Pc::MarkCtrl => self.mark_ctrl(f),
            Pc::RaiseGrowthLeft => self.raise_growth_left(f),
            Pc::NotePossible => self.note_possible(f),
            Pc::Reseed => self.reseed(f),
            Pc::ClearTable => self.clear_table(f),
            Pc::ResetUsed => self.reset_used(f),
            Pc::ResetPossible => self.reset_possible(f),
            Pc::RaiseClearSeq => self.raise_clear_seq(f),
            Pc::InitIter => self.init_iter(f),
            Pc::AdjustDirectory => self.adjust_directory(f),
            Pc::PickIterTable => self.pick_iter_table(f),
            Pc::FirstSlot => self.first_slot(f),
            Pc::NextSlot => self.next_slot(f),
            Pc::SmallSlot => self.small_slot(f),
            Pc::SizeTables => self.size_tables(f),
            Pc::ReturnMap => self.return_map(f),
            Pc::Done => Ok(None),
        }
    }

    pub(super) fn op(&self, f: &Frame) -> &'static str {
        f.call.function(self.kind)
    }

    pub(super) fn die(&mut self, g: u32, message: &'static str) {
        self.dead = Some(Dead { message, g });
    }

    pub(super) fn at(&self, table: Option<u32>) -> Result<&Table, Astray> {
        table.and_then(|table| self.tables.get(&table)).ok_or(Astray)
    }

    pub(super) fn at_mut(&mut self, table: Option<u32>) -> Result<&mut Table, Astray> {
        table.and_then(|table| self.tables.get_mut(&table)).ok_or(Astray)
    }

    pub(super) fn group_mut(&mut self, spot: Spot) -> Result<&mut Group, Astray> {
        let groups = std::sync::Arc::make_mut(&mut self.at_mut(Some(spot.table))?.groups);
        groups.get_mut(spot.group as usize).ok_or(Astray)
    }

    pub(super) fn frame_key(&self, f: &Frame) -> Result<Key, Astray> {
        Ok(self.key(f.key.ok_or(Astray)?).clone())
    }

    /// What every function does first: nil and empty maps, then `writing`.
    fn checks(&mut self, f: &mut Frame) -> Step {
        let (g, op) = (f.g, self.op(f));
        match f.call {
            Call::Make { .. } => {
                f.pc = Pc::SizeTables;
                return Ok(None);
            }
            Call::Assign if self.nil && self.fault != Fault::NilMapAccepts => {
                self.die(g, "panic: assignment to entry in nil map");
                return Ok(Some(Event::PanicNilMap { g, key: self.frame_key(f)? }));
            }
            _ if self.nil => {
                self.returns_at_once(f);
                return Ok(Some(Event::NilMapReturns { g, op }));
            }
            _ => {}
        }
        let empty = match f.call {
            Call::Assign => false,
            Call::Clear => self.used == 0 && !self.tombstone_possible,
            Call::IterNext { id } => self.iter(id)?.empty,
            _ => self.used == 0,
        };
        if empty {
            self.returns_at_once(f);
            return Ok(Some(match f.call {
                Call::IterNext { id } => Event::IterEnded { g, id, yielded: 0 },
                _ => Event::EmptyMapReturns { g, op },
            }));
        }
        let unchecked = match f.call {
            Call::Access => Fault::ReadUnchecked,
            Call::IterNext { .. } => Fault::IterUnchecked,
            _ => Fault::WriteUnchecked,
        };
        if self.writing != 0 && self.fault != unchecked && !matches!(f.call, Call::IterInit { .. }) {
            return Ok(Some(self.fatal_at_start(f)?));
        }
        f.pc = match f.call {
            Call::IterInit { .. } => {
                f.pc = Pc::InitIter;
                return Ok(None);
            }
            Call::IterNext { id } => {
                f.pc = self.enter_next(id)?;
                return Ok(Some(Event::IterWritingClear { g, id }));
            }
            Call::Clear => Pc::SetWriting,
            Call::Access if self.group.is_some() && self.kind == KeyKind::Uint64 => Pc::ScanSmall,
            _ => Pc::Hash,
        };
        Ok(Some(Event::WritingClear { g, op, used: self.used }))
    }

    fn fatal_at_start(&mut self, f: &Frame) -> Result<Event, Astray> {
        let g = f.g;
        Ok(match f.call {
            Call::Access => {
                self.die(g, "fatal error: concurrent map read and map write");
                Event::FatalReadWrite { g, key: self.frame_key(f)? }
            }
            Call::IterNext { id } => {
                self.die(g, "fatal error: concurrent map iteration and map write");
                Event::FatalIteration { g, id }
            }
            _ => {
                self.die(g, "fatal error: concurrent map writes");
                Event::FatalWritesAtStart { g, op: self.op(f) }
            }
        })
    }

    fn returns_at_once(&mut self, f: &mut Frame) {
        f.pc = Pc::Done;
        match f.call {
            Call::IterInit { id, .. } => self.iter_of_nothing(id),
            Call::IterNext { id } => self.end_iter(id),
            _ => {}
        }
        self.returned = Returned::default();
    }

    /// `runtime_mapaccess1_fast64` of a small map: the keys of the full slots, one after the other, without a hash.
    fn scan_small(&mut self, f: &mut Frame) -> Step {
        let table = self.group.ok_or(Astray)?;
        let group = self.at(Some(table))?.group(0);
        let slot = (0..SLOTS).find(|slot| {
            let at = *slot as usize;
            group.ctrl[at].is_full() && group.keys[at] == f.key
        });
        let compared = group.matching(Ctrl::is_full).count_ones();
        f.table = Some(table);
        f.spot = slot.map(|slot| Spot { table, group: 0, slot });
        f.pc = if slot.is_some() { Pc::ReturnValue } else { Pc::ReturnZero };
        Ok(Some(Event::SlotsCompared { g: f.g, key: self.frame_key(f)?, table, group: 0, compared, slot }))
    }

    fn hash_key(&mut self, f: &mut Frame) -> Step {
        let hash = self.hash(f.key.ok_or(Astray)?);
        f.hashed = Some((hash, self.seed));
        f.pc = match (f.call, self.group) {
            (Call::Access, Some(_)) => self.small_search(f),
            (Call::Access, None) => Pc::PickTable,
            _ => Pc::SetWriting,
        };
        let (h1, h2) = (Hash(hash >> 7), Ctrl::of(hash));
        Ok(Some(Event::Hashed { g: f.g, key: self.frame_key(f)?, hash: Hash(hash), h1, h2 }))
    }

    /// A small map has one group: there is nothing to choose.
    fn small_search(&self, f: &mut Frame) -> Pc {
        (f.table, f.group, f.index) = (self.group, 0, 0);
        Pc::MatchH2
    }

    /// `m.writing ^= 1`.
    fn set_writing(&mut self, f: &mut Frame) -> Step {
        let stale = f.hashed.is_some_and(|(_, seed)| seed != self.seed);
        if stale || self.frames.iter().any(|other| other.g != f.g && other.toggled) {
            self.raced = true;
        }
        for other in self.frames.iter_mut().filter(|other| other.g != f.g && other.pc != Pc::Checks) {
            other.overlapped = true;
            if let Some(iter) = other.call.iteration().and_then(|id| self.iters.get_mut(&id)) {
                iter.raced = true;
            }
        }
        self.writing ^= 1;
        f.toggled = true;
        f.pc = match f.call {
            Call::Clear => Pc::ClearTable,
            Call::Assign => Pc::MakeGroup,
            _ if self.group.is_some() => self.small_search(f),
            _ => Pc::PickTable,
        };
        Ok(Some(Event::WritingToggled { g: f.g, op: self.op(f), writing: self.writing }))
    }

    fn pick_table(&mut self, f: &mut Frame) -> Step {
        let hash = f.hash().ok_or(Astray)?;
        let index = self.directory_index(hash);
        let table = *self.directory.get(index as usize).ok_or(Astray)?;
        f.table = Some(table);
        f.pc = Pc::StartProbe;
        let key = self.frame_key(f)?;
        Ok(Some(Event::TableChosen { g: f.g, key, index, table, depth: self.global_depth }))
    }

    /// `makeProbeSeq`.
    fn start_probe(&mut self, f: &mut Frame) -> Step {
        let table = self.at(f.table)?;
        let groups = table.groups.len();
        (f.group, f.index, f.tombstone) = (table.start(f.hash().ok_or(Astray)?), 0, None);
        f.pc = Pc::MatchH2;
        Ok(Some(Event::ProbeStarted { g: f.g, table: f.table.ok_or(Astray)?, group: f.group, groups }))
    }

    /// `matchH2`: eight control bytes at once.
    fn match_h2(&mut self, f: &mut Frame) -> Step {
        let (table, h2) = (f.table.ok_or(Astray)?, f.h2().ok_or(Astray)?);
        let (g, group) = (f.g, f.group);
        f.bits = self.at(f.table)?.group(group).matching(|ctrl| ctrl == h2);
        f.pc = if f.bits == 0 { Pc::MatchEmpty } else { Pc::CompareKey };
        let slots: Vec<u32> = (0..SLOTS).filter(|slot| f.bits >> slot & 1 != 0).collect();
        Ok(Some(match slots.is_empty() {
            true => Event::H2Missed { g, table, group, h2 },
            false => Event::H2Matched { g, table, group, h2, slots },
        }))
    }

    fn compare_key(&mut self, f: &mut Frame) -> Step {
        let (g, table, group, slot) = (f.g, f.table.ok_or(Astray)?, f.group, f.bits.trailing_zeros() % SLOTS);
        let found = self.at(f.table)?.group(group).keys[slot as usize];
        let key = self.frame_key(f)?;
        f.bits &= f.bits.wrapping_sub(1);
        if found != f.key {
            f.pc = if f.bits == 0 { Pc::MatchEmpty } else { Pc::CompareKey };
            let found = found.map(|id| self.key(id).clone());
            return Ok(Some(Event::KeyDiffers { g, key, table, group, slot, found }));
        }
        f.spot = Some(Spot { table, group, slot });
        let small = self.at(f.table)?.small;
        f.pc = match f.call {
            Call::Access => Pc::ReturnValue,
            Call::Delete if small => Pc::LowerMapUsed,
            Call::Delete => Pc::LowerTableUsed,
            _ if self.fault == Fault::OverwriteCounts => Pc::RaiseMapUsed,
            _ => Pc::CheckWriting,
        };
        Ok(Some(Event::KeyMatched { g, key, table, group, slot }))
    }

    /// No key matched: is there an empty slot in the group? Then the key is nowhere.
    fn match_empty(&mut self, f: &mut Frame) -> Step {
        let (g, table, group) = (f.g, f.table.ok_or(Astray)?, f.group);
        let t = self.at(f.table)?;
        let (empty, deleted) = (t.group(group).first(EMPTY), t.group(group).first(DELETED));
        let key = self.frame_key(f)?;
        let miss = match f.call {
            Call::Access => Pc::ReturnZero,
            Call::Delete => Pc::CheckWriting,
            _ => Pc::TakeTombstone,
        };
        if t.small {
            f.pc = miss;
            if f.call != Call::Assign {
                return Ok(Some(Event::SmallMissed { g, key, table, group }));
            }
            let free = empty.or(deleted);
            f.spot = free.map(|slot| Spot { table, group, slot });
            f.pc = if f.spot.is_some() { Pc::StoreKey } else { Pc::MakeTables };
            return Ok(Some(match free {
                Some(slot) => Event::EmptyFound { g, key, table, group, slot },
                None => Event::SmallFull { g, key, table, group },
            }));
        }
        let stops = self.fault == Fault::LookupStopsAtTombstone && f.call == Call::Access;
        if let Some(slot) = empty.or(deleted.filter(|_| stops)) {
            f.spot = Some(Spot { table, group, slot }).filter(|_| f.call == Call::Assign);
            f.pc = miss;
            return Ok(Some(Event::EmptyFound { g, key, table, group, slot }));
        }
        let remembers = f.call == Call::Assign && f.tombstone.is_none() && self.fault != Fault::ForgetsFirst;
        if let Some(slot) = deleted.filter(|_| remembers) {
            f.tombstone = Some((group, slot));
            f.pc = Pc::ProbeNext;
            if self.fault == Fault::StopsAtTombstone {
                (f.pc, f.spot) = (miss, Some(Spot { table, group, slot }));
            }
            return Ok(Some(Event::TombstoneRemembered { g, table, group, slot }));
        }
        self.probe_next(f)
    }

    /// `seq.next()`: one group further than the last time.
    fn probe_next(&mut self, f: &mut Frame) -> Step {
        let (from, mask) = (f.group, self.at(f.table)?.mask());
        if f.index >= mask {
            return Err(Astray);
        }
        f.index += 1;
        f.group = (f.group + f.index) & mask;
        f.pc = Pc::MatchH2;
        Ok(Some(Event::ProbeNext { g: f.g, table: f.table.ok_or(Astray)?, from, group: f.group, step: f.index }))
    }

    fn return_elem(&mut self, f: &mut Frame) -> Step {
        let found = f.spot.filter(|_| f.pc == Pc::ReturnValue);
        let key = self.frame_key(f)?;
        f.pc = Pc::Done;
        self.returned = Returned::default();
        if let Some(spot) = found {
            let value = self.elem(spot);
            self.returned = Returned { key: f.key, value };
            return Ok(Some(Event::ValueReturned { g: f.g, key, value }));
        }
        let undisturbed = !f.overlapped && !self.raced && self.frames.iter().all(|other| !other.toggled);
        self.wrong_read = f.key.filter(|id| undisturbed && self.find(*id).is_some()).or(self.wrong_read);
        Ok(Some(Event::ZeroReturned { g: f.g, key }))
    }

    /// Before a writer returns: `writing` must be as it left it.
    fn check_writing(&mut self, f: &mut Frame) -> Step {
        let (g, op) = (f.g, self.op(f));
        if self.writing == 0 && self.fault != Fault::WriteUnchecked {
            self.die(g, "fatal error: concurrent map writes");
            return Ok(Some(Event::FatalWritesAtEnd { g, op }));
        }
        f.pc = Pc::ClearWriting;
        Ok(Some(Event::WritingHeld { g, op }))
    }

    /// `m.writing ^= 1`, and the function returns.
    fn clear_writing(&mut self, f: &mut Frame) -> Step {
        if self.fault != Fault::WritingStays {
            self.writing ^= 1;
        }
        f.toggled = false;
        f.pc = if f.call == Call::Assign { Pc::StoreElem } else { Pc::Done };
        Ok(Some(Event::WritingCleared { g: f.g, op: self.op(f), writing: self.writing }))
    }

    /// The statement's own code stores the value, through the pointer that the function has returned.
    fn store_elem(&mut self, f: &mut Frame) -> Step {
        let spot = f.spot.ok_or(Astray)?;
        let Spot { table, group, slot } = spot;
        self.group_mut(spot)?.elems[slot as usize] = f.value;
        f.pc = Pc::Done;
        Ok(Some(Event::ElemStored { g: f.g, key: self.frame_key(f)?, value: f.value, table, group, slot }))
    }
}
