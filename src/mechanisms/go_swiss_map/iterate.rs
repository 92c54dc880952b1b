//! `Iter`: random start, whole tables one after the other, keys of tables that are replaced looked up anew.

use super::super::keys::KeyId;
use super::event::Event;
use super::frame::{Call, Frame, Pc, Spot};
use super::laws::Fault;
use super::state::{Ctrl, GoSwissMap, Returned, SLOTS};
use super::step::{Astray, Step};

/// `Iter`, with what laws know of it.
#[derive(Clone, Debug, Default, Hash)]
pub struct Iter {
    /// Added to every slot number, within a table.
    pub entry_offset: u64,
    /// Added to every place in the directory.
    pub dir_offset: u64,
    /// `clearSeq` when it began.
    pub clear_seq: u64,
    /// `globalDepth` when it went on last.
    pub global_depth: u8,
    /// The place in the directory before `dir_offset`; −1: the map was small.
    pub dir_idx: i64,
    /// The table at hand.
    pub table: Option<u32>,
    /// The group at hand, of that table.
    pub group: Option<u32>,
    /// The slot, counted over the table, before `entry_offset`.
    pub entry_idx: u64,
    /// The group of a small map.
    pub small: Option<u32>,
    /// The map was empty when it began.
    pub empty: bool,
    /// Whether it has returned its last pair.
    pub ended: bool,
    /// Pairs that it has returned.
    pub yielded: u32,
    // For the laws: whether somebody wrote in the middle of one of its steps; keys there from the beginning, and keys
    // returned since they were put in; a key returned twice.
    pub(super) raced: bool,
    pub(super) throughout: Vec<KeyId>,
    pub(super) seen: Vec<KeyId>,
    pub(super) twice: Option<KeyId>,
}

impl Iter {
    /// The tables that it holds on to.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> + use<> {
        self.table.into_iter().chain(self.small)
    }

    /// The slot at hand, the offset applied.
    pub fn slot(&self, capacity: u16) -> u64 {
        (self.entry_idx.wrapping_add(self.entry_offset)) & (u64::from(capacity) - 1)
    }
}

impl GoSwissMap {
    pub(super) fn iter(&self, id: u32) -> Result<&Iter, Astray> {
        self.iters.get(&id).ok_or(Astray)
    }

    fn iter_mut(&mut self, id: u32) -> Result<&mut Iter, Astray> {
        self.iters.get_mut(&id).ok_or(Astray)
    }

    /// An iteration over a nil or empty map: its first `Next` ends it.
    pub(super) fn iter_of_nothing(&mut self, id: u32) {
        self.iters.insert(id, Iter { empty: true, ..Iter::default() });
    }

    pub(super) fn end_iter(&mut self, id: u32) {
        if let Some(iter) = self.iters.get_mut(&id) {
            (iter.ended, iter.table, iter.group, iter.small) = (true, None, None, None);
        }
        self.returned = Returned::default();
    }

    pub(super) fn init_iter(&mut self, f: &mut Frame) -> Step {
        let Call::IterInit { id, at } = f.call else { return Err(Astray) };
        let (entry_offset, dir_offset) = match at {
            Some(at) => at,
            None => (self.dice.wide(), self.dice.wide()),
        };
        let raced = self.raced || self.frames.iter().any(|other| other.toggled);
        let iter = Iter {
            entry_offset,
            dir_offset,
            clear_seq: self.clear_seq,
            global_depth: self.global_depth,
            dir_idx: if self.directory.is_empty() { -1 } else { 0 },
            small: self.group,
            raced,
            throughout: self.live_keys(),
            ..Iter::default()
        };
        self.iters.insert(id, iter);
        f.pc = Pc::Done;
        let place = dir_offset % self.directory.len().max(1) as u64;
        let first = self.directory.get(place as usize).copied().or(self.group);
        let slot = entry_offset % self.at(first).map_or(u64::from(SLOTS), |table| u64::from(table.capacity));
        Ok(Some(Event::IterBegun { g: f.g, id, slot, place, random: at.is_none() }))
    }

    fn live_keys(&self) -> Vec<KeyId> {
        let tables = self.current().into_iter().filter_map(|number| self.tables.get(&number));
        let groups = tables.flat_map(|table| table.groups.iter());
        groups
            .flat_map(|group| group.ctrl.iter().zip(group.keys).filter(|(ctrl, _)| ctrl.is_full()))
            .filter_map(|(_, key)| key)
            .collect()
    }

    /// Where `Next` begins.
    pub(super) fn enter_next(&mut self, id: u32) -> Result<Pc, Astray> {
        let (small, depth) = (self.iter(id)?.dir_idx < 0, self.global_depth);
        if self.frames.iter().any(|other| other.toggled) {
            self.iter_mut(id)?.raced = true;
        }
        Ok(match small {
            true => Pc::SmallSlot,
            false if self.iter(id)?.global_depth != depth => Pc::AdjustDirectory,
            false => Pc::PickIterTable,
        })
    }

    /// The directory has doubled since: so do place and offset.
    pub(super) fn adjust_directory(&mut self, f: &mut Frame) -> Step {
        let (id, depth) = (f.call.iteration().ok_or(Astray)?, self.global_depth);
        let iter = self.iter_mut(id)?;
        let orders = u32::from(depth.wrapping_sub(iter.global_depth)).min(63);
        iter.dir_idx <<= orders;
        iter.dir_offset <<= orders;
        iter.global_depth = depth;
        f.pc = Pc::PickIterTable;
        Ok(Some(Event::IterDirectoryGrew { g: f.g, id, from: depth - orders as u8, depth }))
    }

    pub(super) fn pick_iter_table(&mut self, f: &mut Frame) -> Step {
        let id = f.call.iteration().ok_or(Astray)?;
        let (len, iter) = (self.directory.len() as u64, self.iter(id)?);
        f.pc = Pc::FirstSlot;
        if iter.dir_idx >= len as i64 {
            let yielded = iter.yielded;
            self.end_iter(id);
            f.pc = Pc::Done;
            return Ok(Some(Event::IterEnded { g: f.g, id, yielded }));
        }
        if iter.table.is_some() {
            return Ok(None);
        }
        let place = (iter.dir_idx as u64).wrapping_add(iter.dir_offset) & (len - 1);
        let table = *self.directory.get(place as usize).ok_or(Astray)?;
        let index = self.at(Some(table))?.index as u64;
        let back = place.wrapping_sub(index);
        let iter = self.iter_mut(id)?;
        iter.dir_offset = iter.dir_offset.wrapping_sub(back);
        iter.table = Some(table);
        Ok(Some(Event::IterTable { g: f.g, id, place: place as u32, table, back }))
    }

    /// Resolves the group where the slot number begins one, or none is at hand; gives group and slot.
    fn iter_place(&mut self, id: u32) -> Result<(u32, u32, u32, u64), Astray> {
        let table = self.iter(id)?.table.ok_or(Astray)?;
        let capacity = self.at(Some(table))?.capacity;
        let iter = self.iter_mut(id)?;
        let at = iter.slot(capacity);
        let slot = (at % u64::from(SLOTS)) as u32;
        if slot == 0 || iter.group.is_none() {
            iter.group = Some((at / u64::from(SLOTS)) as u32);
        }
        Ok((table, iter.group.ok_or(Astray)?, slot, u64::from(capacity) - 1))
    }

    /// The slot where `Next` goes on: mostly it is full.
    pub(super) fn first_slot(&mut self, f: &mut Frame) -> Step {
        let id = f.call.iteration().ok_or(Astray)?;
        let (table, mask) = {
            let table = self.iter(id)?.table.ok_or(Astray)?;
            (table, u64::from(self.at(Some(table))?.capacity) - 1)
        };
        if self.iter(id)?.entry_idx > mask {
            return self.table_done(f, id);
        }
        let (_, group, slot, _) = self.iter_place(id)?;
        f.bits = 0;
        let full = self.at(Some(table))?.group(group).ctrl[slot as usize].is_full();
        self.iter_mut(id)?.entry_idx += 1;
        f.pc = Pc::NextSlot;
        if !full {
            f.index = 1;
            return Ok(None);
        }
        f.index = 0;
        self.iter_entry(f, id, Spot { table, group, slot })
    }

    /// The next full slot, found by the control words of whole groups.
    pub(super) fn next_slot(&mut self, f: &mut Frame) -> Step {
        let id = f.call.iteration().ok_or(Astray)?;
        loop {
            let table = self.iter(id)?.table.ok_or(Astray)?;
            if self.iter(id)?.entry_idx >= u64::from(self.at(Some(table))?.capacity) {
                f.bits = 0;
                return match self.passed(f, id) {
                    Some(event) => Ok(Some(event)),
                    None => self.table_done(f, id),
                };
            }
            let (table, group, slot, mask) = self.iter_place(id)?;
            if f.bits == 0 {
                let full = self.at(Some(table))?.group(group).matching(Ctrl::is_full) & (0xff << slot);
                let jump = if full == 0 { SLOTS - slot } else { full.trailing_zeros() - slot };
                f.index += jump;
                let iter = self.iter_mut(id)?;
                iter.entry_idx += u64::from(jump);
                if full == 0 || iter.entry_idx > mask {
                    continue;
                }
                f.bits = full;
                if let Some(event) = self.passed(f, id) {
                    return Ok(Some(event));
                }
                continue;
            }
            // The bits may be of a group that another goroutine has changed since: as in the source, they count.
            f.bits &= f.bits - 1;
            let jump = if f.bits == 0 { SLOTS - slot } else { f.bits.trailing_zeros() - slot };
            self.iter_mut(id)?.entry_idx += u64::from(jump);
            return self.iter_entry(f, id, Spot { table, group, slot });
        }
    }

    /// The empty slots that were passed since the last step, if there were any.
    fn passed(&self, f: &mut Frame, id: u32) -> Option<Event> {
        let slots = std::mem::take(&mut f.index);
        (slots > 0).then_some(Event::IterEmptyPassed { g: f.g, id, slots })
    }

    /// A full slot: returned; in a table that has been replaced, looked up first.
    fn iter_entry(&mut self, f: &mut Frame, id: u32, spot: Spot) -> Step {
        let Spot { table, group, slot } = spot;
        let entry = self.at(Some(table))?.group(group);
        let key_id = entry.keys[slot as usize].ok_or(Astray)?;
        let (g, key, at) = (f.g, self.key(key_id).clone(), self.at(Some(table))?);
        let stale = if at.small { !self.directory.is_empty() } else { at.index == -1 };
        if !stale {
            let value = self.elem(spot);
            self.publish(f, id, key_id, value)?;
            return Ok(Some(Event::IterYielded { g, id, key, value, table, group, slot }));
        }
        if self.used > 0 && self.writing != 0 {
            self.die(g, "fatal error: concurrent map read and map write");
            return Ok(Some(Event::FatalReadWrite { g, key }));
        }
        if self.fault == Fault::IterLosesOld {
            return Err(Astray);
        }
        let Some(now) = self.find(key_id).filter(|_| self.used > 0) else {
            return Ok(Some(Event::IterKeyGone { g, id, key, table, group, slot }));
        };
        let value = self.elem(now);
        self.stories.stale_keys += 1;
        self.publish(f, id, key_id, value)?;
        Ok(Some(Event::IterLookedUp { g, id, key, value, table, group, slot, now: now.table }))
    }

    fn publish(&mut self, f: &mut Frame, id: u32, key: KeyId, value: i64) -> Result<(), Astray> {
        self.returned = Returned { key: Some(key), value };
        let walks_new = self.fault == Fault::IterWalksNew;
        let iter = self.iter_mut(id)?;
        iter.yielded += 1;
        if iter.seen.contains(&key) {
            iter.twice = Some(key);
        }
        iter.seen.push(key);
        if walks_new && iter.dir_idx >= 0 {
            let place = (iter.dir_idx as u64).wrapping_add(iter.dir_offset);
            let table = self.directory.get((place % self.directory.len().max(1) as u64) as usize).copied();
            let iter = self.iter_mut(id)?;
            if iter.table != table {
                (iter.table, iter.group) = (table, None);
            }
        }
        f.pc = Pc::Done;
        Ok(())
    }

    /// `nextDirIdx`: on to the next table, past all places of the directory that this one has, or would have had.
    fn table_done(&mut self, f: &mut Frame, id: u32) -> Step {
        let table = self.iter(id)?.table.ok_or(Astray)?;
        let depth = self.at(Some(table))?.local_depth;
        let entries = 1u32 << self.global_depth.saturating_sub(depth).min(30);
        let iter = self.iter_mut(id)?;
        iter.dir_idx += i64::from(entries);
        (iter.table, iter.group, iter.entry_idx) = (None, None, 0);
        f.pc = Pc::PickIterTable;
        Ok(Some(Event::IterTableDone { g: f.g, id, table, entries }))
    }

    /// The map was small when the iteration began: its group is walked, though it may have grown since.
    pub(super) fn small_slot(&mut self, f: &mut Frame) -> Step {
        let id = f.call.iteration().ok_or(Astray)?;
        let (table, iter) = (self.iter(id)?.small.ok_or(Astray)?, self.iter(id)?);
        let (from, offset) = (iter.entry_idx, iter.entry_offset);
        let slot_of = |idx: u64| (idx.wrapping_add(offset) % u64::from(SLOTS)) as u32;
        let group = self.at(Some(table))?.group(0);
        let full = |idx: &u64| group.ctrl[slot_of(*idx) as usize].is_full();
        let next = (from..u64::from(SLOTS)).find(full).unwrap_or(u64::from(SLOTS));
        let ends = next == u64::from(SLOTS);
        let iter = self.iter_mut(id)?;
        iter.entry_idx = next;
        if next > from {
            return Ok(Some(Event::IterEmptyPassed { g: f.g, id, slots: (next - from) as u32 }));
        }
        if ends {
            let yielded = iter.yielded;
            self.end_iter(id);
            f.pc = Pc::Done;
            return Ok(Some(Event::IterEnded { g: f.g, id, yielded }));
        }
        iter.entry_idx += 1;
        self.iter_entry(f, id, Spot { table, group: 0, slot: slot_of(next) })
    }

    /// A key was deleted, or all were: it may come again, and need not come.
    pub(super) fn iters_forget(&mut self, key: Option<KeyId>) {
        let gone = |id: &KeyId| key.is_none_or(|key| key == *id);
        for iter in self.iters.values_mut().filter(|iter| !iter.ended) {
            iter.throughout.retain(|id| !gone(id));
            iter.seen.retain(|id| !gone(id));
        }
    }
}
