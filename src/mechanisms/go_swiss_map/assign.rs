//! `mapassign` after its search: room, pruning, storing the key; a table that grows or is split; and `NewMap`.

use std::sync::Arc;

use super::super::keys::KeyId;
use super::event::Event;
use super::frame::{Call, Copying, Frame, Pc, Spot};
use super::laws::Fault;
use super::setup::KeyKind;
use super::state::{Ctrl, DELETED, EMPTY, GoSwissMap, MAX_LOAD, MAX_TABLE, SLOTS, Table};
use super::step::{Astray, Step};

impl GoSwissMap {
    /// `growToSmall`, by the first write.
    pub(super) fn make_group(&mut self, f: &mut Frame) -> Step {
        if let Some(group) = self.group {
            (f.table, f.group, f.pc) = (Some(group), 0, Pc::MatchH2);
            return Ok(None);
        }
        if !self.directory.is_empty() {
            f.pc = Pc::PickTable;
            return Ok(None);
        }
        let table = self.add(Table::small());
        self.group = Some(table);
        Ok(Some(Event::GroupAllocated { g: f.g, table }))
    }

    /// The slot: the first tombstone passed, if there was one. It costs no growthLeft: what is raised here is lowered later.
    pub(super) fn take_tombstone(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::CheckRoom;
        let Some((group, slot)) = f.tombstone else { return Ok(None) };
        let table = f.table.ok_or(Astray)?;
        f.spot = Some(Spot { table, group, slot });
        let credit = u16::from(self.fault != Fault::TombstoneCosts);
        let t = self.at_mut(f.table)?;
        t.growth_left = t.growth_left.wrapping_add(credit);
        let left = t.growth_left;
        self.stories.reused += 1;
        Ok(Some(Event::TombstoneChosen { g: f.g, table, group, slot, left }))
    }

    pub(super) fn check_room(&mut self, f: &mut Frame) -> Step {
        let (g, table) = (f.g, f.table.ok_or(Astray)?);
        let t = self.at(f.table)?;
        let (left, capacity, used, tombstones) = (t.growth_left, t.capacity, t.used, t.tombstones());
        if left > 0 {
            f.pc = Pc::StoreKey;
            return Ok(Some(Event::RoomLeft { g, table, left }));
        }
        // Where a tombstone before the place was forgotten, to turn it back would cut the way to the key.
        let never = matches!(self.fault, Fault::NeverPrunes | Fault::ForgetsFirst);
        f.pc = if self.kind == KeyKind::Pair || never { Pc::Rehash } else { Pc::Prune };
        Ok(Some(Event::NoRoomLeft { g, table, capacity, used, tombstones }))
    }

    /// `pruneTombstones`: turns those back that no key's search has to pass, if that is worth it.
    pub(super) fn prune(&mut self, f: &mut Frame) -> Step {
        let (g, table) = (f.g, f.table.ok_or(Astray)?);
        let t = self.at(f.table)?;
        let (tombstones, capacity) = (t.tombstones(), t.capacity);
        f.pc = Pc::Rehash;
        let worth = capacity.div_ceil(10);
        if tombstones < worth {
            return Ok(Some(Event::PruneTooFew { g, table, tombstones, worth, capacity }));
        }
        let needed = self.needed(t);
        let removable = (0..=t.mask()).filter(|group| needed >> group & 1 == 0);
        let slots = removable.flat_map(|group| (0..SLOTS).map(move |slot| (group, slot)));
        let deleted = slots.filter(|(group, slot)| t.group(*group).ctrl[*slot as usize] == DELETED);
        let turned: Vec<u32> = deleted.map(|(group, slot)| group * SLOTS + slot).collect();
        let found = turned.len() as u16;
        if found < worth {
            return Ok(Some(Event::PruneUseless { g, table, tombstones, found, worth, capacity }));
        }
        let t = self.at_mut(f.table)?;
        let groups = Arc::make_mut(&mut t.groups);
        for slot in &turned {
            groups[(slot / SLOTS) as usize].ctrl[(slot % SLOTS) as usize] = EMPTY;
        }
        t.growth_left = t.growth_left.wrapping_add(found);
        let left = t.growth_left;
        self.stories.pruned += 1;
        f.pc = Pc::StoreKey;
        Ok(Some(Event::Pruned { g, table, tombstones, found, left, turned }))
    }

    /// A bit for each group whose tombstones must stay: a key's search passes it; and for those that have none.
    fn needed(&self, t: &Table) -> u128 {
        let mut needed = 0u128;
        for (number, group) in (0..).zip(t.groups.iter()) {
            let full = (0..SLOTS as usize).filter(|slot| group.ctrl[*slot].is_full());
            for id in full.filter_map(|slot| group.keys[slot]) {
                for passed in t.probe(self.hash(id)).take_while(|passed| *passed != number) {
                    if t.group(passed).matching(|ctrl| !ctrl.is_full()) != 0 {
                        needed |= 1 << passed;
                    }
                }
            }
            if group.first(EMPTY).is_some() {
                needed |= 1 << number;
            }
        }
        needed
    }

    pub(super) fn store_key(&mut self, f: &mut Frame) -> Step {
        let spot = f.spot.ok_or(Astray)?;
        let Spot { table, group, slot } = spot;
        self.group_mut(spot)?.keys[slot as usize] = f.key;
        f.pc = if f.unchecked { Pc::LowerGrowthLeft } else { Pc::SetCtrl };
        Ok(Some(Event::KeyStored { g: f.g, key: self.frame_key(f)?, table, group, slot }))
    }

    pub(super) fn set_ctrl(&mut self, f: &mut Frame) -> Step {
        let (spot, h2) = (f.spot.ok_or(Astray)?, f.h2().ok_or(Astray)?);
        let Spot { table, group, slot } = spot;
        self.group_mut(spot)?.ctrl[slot as usize] = h2;
        let small = self.at(Some(table))?.small;
        f.pc = if small || f.unchecked { Pc::RaiseMapUsed } else { Pc::LowerGrowthLeft };
        Ok(Some(Event::CtrlSet { g: f.g, key: self.frame_key(f)?, table, group, slot, h2 }))
    }

    pub(super) fn lower_growth_left(&mut self, f: &mut Frame) -> Step {
        let t = self.at_mut(f.table)?;
        t.growth_left = t.growth_left.wrapping_sub(1);
        let left = t.growth_left;
        f.pc = Pc::RaiseTableUsed;
        Ok(Some(Event::GrowthLeftLowered { g: f.g, table: f.table.ok_or(Astray)?, left }))
    }

    pub(super) fn raise_table_used(&mut self, f: &mut Frame) -> Step {
        let t = self.at_mut(f.table)?;
        t.used = t.used.wrapping_add(1);
        let used = t.used;
        f.pc = if f.unchecked { Pc::SetCtrl } else { Pc::RaiseMapUsed };
        Ok(Some(Event::TableUsedRaised { g: f.g, table: f.table.ok_or(Astray)?, used }))
    }

    pub(super) fn raise_map_used(&mut self, f: &mut Frame) -> Step {
        self.used = self.used.wrapping_add(1);
        f.pc = Pc::CheckWriting;
        Ok(Some(Event::MapUsedRaised { g: f.g, used: self.used }))
    }

    // --- growing ---

    /// `rehash`: twice as many slots, or from 1,024 on two tables.
    pub(super) fn rehash(&mut self, f: &mut Frame) -> Step {
        let (g, table) = (f.g, f.table.ok_or(Astray)?);
        let t = self.at(f.table)?;
        let (capacity, depth) = (t.capacity, t.local_depth);
        f.pc = Pc::MakeTables;
        let splits = capacity >= MAX_TABLE && self.fault != Fault::NeverSplits;
        Ok(Some(match splits {
            false => Event::GrowChosen { g, table, capacity, next: capacity.saturating_mul(2) },
            true => Event::SplitChosen { g, table, capacity, depth, next: depth + 1 },
        }))
    }

    pub(super) fn make_tables(&mut self, f: &mut Frame) -> Step {
        let (g, from) = (f.g, f.table.ok_or(Astray)?);
        let (capacity, index, depth, small) = {
            let t = self.at(f.table)?;
            (t.capacity, t.index, t.local_depth, t.small)
        };
        f.pc = Pc::CopyEntry;
        if capacity < MAX_TABLE || self.fault == Fault::NeverSplits {
            let mut fresh = Table::new(capacity.saturating_mul(2), if small { 0 } else { index }, depth);
            if self.fault == Fault::FillsAll {
                fresh.growth_left = fresh.capacity;
            }
            let (capacity, left) = (fresh.capacity, fresh.growth_left);
            let to = self.add(fresh);
            f.copying = Some(Copying { from, at: 0, left: to, right: None });
            return Ok(Some(Event::TableMade { g, table: to, capacity, left }));
        }
        let left = self.add(Table::new(MAX_TABLE, -1, depth + 1));
        let right = self.add(Table::new(MAX_TABLE, -1, depth + 1));
        f.copying = Some(Copying { from, at: 0, left, right: Some(right) });
        Ok(Some(Event::HalvesMade { g, left, right, depth: depth + 1 }))
    }

    /// One entry of the old table into the new one, or into one of two.
    pub(super) fn copy_entry(&mut self, f: &mut Frame) -> Step {
        let copying = f.copying.ok_or(Astray)?;
        let old = self.at(Some(copying.from))?;
        let full = |at: &u32| old.group(at / SLOTS).ctrl[(at % SLOTS) as usize].is_full();
        let Some(at) = (copying.at..u32::from(old.capacity)).find(full) else {
            f.copying = Some(Copying { at: old.capacity.into(), ..copying });
            f.pc = match copying.right {
                _ if old.small => Pc::MakeDirectory,
                None => Pc::ReplaceTable,
                Some(_) => Pc::DoubleDirectory,
            };
            return Ok(None);
        };
        let (group, slot, depth) = (at / SLOTS, at % SLOTS, old.local_depth);
        let entry = old.group(group);
        let (id, elem) = (entry.keys[slot as usize].ok_or(Astray)?, entry.elems[slot as usize]);
        let hash = self.hash(id);
        let bit = (hash >> (63 - depth.min(63)) & 1) as u8;
        let to = copying.right.filter(|_| bit == 1).unwrap_or(copying.left);
        let Spot { group: to_group, slot: to_slot, .. } = self.unchecked_put(to, hash, id, elem)?;
        f.copying = Some(Copying { at: at + 1, ..copying });
        let (g, key, table) = (f.g, self.key(id).clone(), copying.from);
        Ok(Some(match copying.right {
            None => Event::EntryMoved { g, key, table, group, slot, to, to_group, to_slot },
            Some(_) => Event::EntrySplit { g, key, table, group, slot, bit, to, to_group, to_slot },
        }))
    }

    /// `uncheckedPutSlot`: the first free slot on the way, without comparing keys.
    fn unchecked_put(&mut self, to: u32, hash: u64, key: KeyId, elem: i64) -> Result<Spot, Astray> {
        let mut spot = self.unchecked_spot(to, hash)?;
        if self.fault == Fault::KeepsGroup {
            spot.group = if self.at(Some(to))?.group(0).first(EMPTY).is_some() { 0 } else { spot.group };
            spot.slot = self.at(Some(to))?.group(spot.group).first(EMPTY).unwrap_or(spot.slot);
        }
        let group = self.group_mut(spot)?;
        let slot = spot.slot as usize;
        (group.keys[slot], group.elems[slot], group.ctrl[slot]) = (Some(key), elem, Ctrl::of(hash));
        let t = self.at_mut(Some(to))?;
        t.growth_left -= 1;
        t.used += 1;
        Ok(spot)
    }

    fn unchecked_spot(&self, table: u32, hash: u64) -> Result<Spot, Astray> {
        let t = self.at(Some(table)).ok().filter(|t| t.growth_left > 0).ok_or(Astray)?;
        let free = |group: u32| Some((group, t.group(group).ctrl.iter().position(|ctrl| !ctrl.is_full())?));
        let (group, slot) = t.probe(hash).find_map(free).ok_or(Astray)?;
        Ok(Spot { table, group, slot: slot as u32 })
    }

    /// `growToTable`, its end: a directory with one place.
    pub(super) fn make_directory(&mut self, f: &mut Frame) -> Step {
        let table = f.copying.take().ok_or(Astray)?.left;
        if self.fault == Fault::LosesNew {
            return Err(Astray);
        }
        (self.group, self.directory) = (None, vec![table]);
        (self.global_depth, self.global_shift) = (0, 64);
        (f.table, f.unchecked, f.pc) = (Some(table), true, Pc::FindUnchecked);
        self.stories.grown += 1;
        Ok(Some(Event::DirectoryMade { g: f.g, table }))
    }

    /// `uncheckedPutSlotForAssign`: the new table is known to have room.
    pub(super) fn find_unchecked(&mut self, f: &mut Frame) -> Step {
        let spot = self.unchecked_spot(f.table.ok_or(Astray)?, f.hash().ok_or(Astray)?)?;
        let Spot { table, group, slot } = spot;
        (f.spot, f.group, f.pc) = (Some(spot), group, Pc::StoreKey);
        Ok(Some(Event::EmptyFound { g: f.g, key: self.frame_key(f)?, table, group, slot }))
    }

    /// `replaceTable`: every place of the directory that led to the old table.
    fn replace(&mut self, table: u32) -> Result<(u32, u32), Astray> {
        let t = self.at(Some(table))?;
        let (index, depth) = (u32::try_from(t.index).map_err(|_| Astray)?, t.local_depth);
        let entries = 1u32.checked_shl(self.global_depth.checked_sub(depth).ok_or(Astray)?.into()).ok_or(Astray)?;
        let installed = if self.fault == Fault::InstallsOne { 1 } else { entries };
        for place in index..index + installed {
            *self.directory.get_mut(place as usize).ok_or(Astray)? = table;
        }
        Ok((index, entries))
    }

    pub(super) fn replace_table(&mut self, f: &mut Frame) -> Step {
        let Copying { from, left: table, .. } = f.copying.filter(|_| self.fault != Fault::LosesNew).ok_or(Astray)?;
        let (index, entries) = self.replace(table)?;
        f.pc = Pc::MarkStale;
        self.stories.grown += 1;
        Ok(Some(Event::TableReplaced { g: f.g, table, old: from, index, entries }))
    }

    /// `installTableSplit`: a directory twice as long, if both halves need a place of their own.
    pub(super) fn double_directory(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::InstallLeft;
        let from = f.copying.ok_or(Astray)?.from;
        if self.at(Some(from))?.local_depth != self.global_depth {
            return Ok(None);
        }
        let current = self.current();
        for table in self.tables.iter_mut().filter(|(number, _)| current.contains(number)).map(|(_, table)| table) {
            table.index *= 2;
        }
        self.directory = self.directory.iter().flat_map(|table| [*table, *table]).collect();
        if self.fault != Fault::ForgetsDepth {
            self.global_depth += 1;
            self.global_shift -= 1;
        }
        let (len, depth, shift) = (self.directory.len(), self.global_depth, self.global_shift);
        Ok(Some(Event::DirectoryDoubled { g: f.g, len, depth, shift }))
    }

    pub(super) fn install_half(&mut self, f: &mut Frame) -> Step {
        let Copying { from, left, right, .. } = f.copying.filter(|_| self.fault != Fault::LosesHalves).ok_or(Astray)?;
        let (first, table) = match f.pc {
            Pc::InstallLeft => (true, left),
            _ => (false, right.ok_or(Astray)?),
        };
        let index = match first {
            true => self.at(Some(from))?.index,
            false => {
                let t = self.at(Some(left))?;
                t.index + (1 << self.global_depth.saturating_sub(t.local_depth).min(30))
            }
        };
        self.at_mut(Some(table))?.index = index;
        let (index, entries) = self.replace(table)?;
        f.pc = if first { Pc::InstallRight } else { Pc::MarkStale };
        Ok(Some(Event::HalfInstalled { g: f.g, table, index, entries }))
    }

    /// Whoever still walks the old table sees by its index that it is none of the map's any more.
    pub(super) fn mark_stale(&mut self, f: &mut Frame) -> Step {
        let copying = f.copying.take().ok_or(Astray)?;
        if self.fault != Fault::StaysInUse {
            self.at_mut(Some(copying.from))?.index = -1;
        }
        self.stories.splits += u32::from(copying.right.is_some());
        (f.tombstone, f.spot, f.pc) = (None, None, Pc::PickTable);
        Ok(Some(Event::TableStale { g: f.g, table: copying.from }))
    }

    // --- making ---

    /// `NewMap`: nothing for up to eight entries; else tables for 8/7 of the hint, a power of two of them.
    pub(super) fn size_tables(&mut self, f: &mut Frame) -> Step {
        let Call::Make { hint } = f.call else { return Err(Astray) };
        f.pc = Pc::ReturnMap;
        let (g, seed) = (f.g, format!("{:016x}", self.seed));
        if hint <= u64::from(SLOTS) {
            return Ok(Some(Event::HintIsSmall { g, hint, seed }));
        }
        let (target, tables, capacity) = self.make_for(hint);
        Ok(Some(Event::TablesMade { g, hint, target, tables, capacity, seed }))
    }

    /// Directory and tables for so many entries; what they come to.
    pub(super) fn make_for(&mut self, hint: u64) -> (u64, u64, u16) {
        let target = hint * u64::from(SLOTS) / u64::from(MAX_LOAD);
        let tables = target.div_ceil(u64::from(MAX_TABLE)).next_power_of_two();
        self.global_depth = tables.trailing_zeros() as u8;
        self.global_shift = 64 - self.global_depth;
        let each = (target / tables) as u16;
        self.directory = (0..tables).map(|index| self.add(Table::new(each, index as i32, self.global_depth))).collect();
        (target, tables, each.next_power_of_two())
    }

    /// The variable holds the map from here on.
    pub(super) fn return_map(&mut self, f: &mut Frame) -> Step {
        let Call::Make { hint } = f.call else { return Err(Astray) };
        self.nil = false;
        f.pc = Pc::Done;
        Ok(Some(Event::MapMade { g: f.g, hint }))
    }
}
