//! `Delete` after its search, and `Clear`.

use std::sync::Arc;

use super::event::Event;
use super::frame::{Call, Frame, Pc, Spot};
use super::laws::Fault;
use super::setup::KeyKind;
use super::state::{Ctrl, DELETED, EMPTY, GoSwissMap, Group, limit};
use super::step::{Astray, Step};

impl GoSwissMap {
    pub(super) fn lower_table_used(&mut self, f: &mut Frame) -> Step {
        let t = self.at_mut(f.table)?;
        t.used = t.used.wrapping_sub(1);
        let used = t.used;
        f.pc = Pc::LowerMapUsed;
        Ok(Some(Event::TableUsedLowered { g: f.g, table: f.table.ok_or(Astray)?, used }))
    }

    pub(super) fn lower_map_used(&mut self, f: &mut Frame) -> Step {
        self.used = self.used.wrapping_sub(1);
        // A key without pointers stays in memory: nobody looks at it.
        f.pc = if self.kind == KeyKind::String { Pc::ClearKey } else { Pc::ClearElem };
        Ok(Some(Event::MapUsedLowered { g: f.g, used: self.used }))
    }

    pub(super) fn clear_key(&mut self, f: &mut Frame) -> Step {
        let spot = f.spot.ok_or(Astray)?;
        let Spot { table, group, slot } = spot;
        self.group_mut(spot)?.keys[slot as usize] = None;
        f.pc = Pc::ClearElem;
        Ok(Some(Event::KeyCleared { g: f.g, key: self.frame_key(f)?, table, group, slot }))
    }

    pub(super) fn clear_elem(&mut self, f: &mut Frame) -> Step {
        let spot = f.spot.ok_or(Astray)?;
        let Spot { table, group, slot } = spot;
        self.group_mut(spot)?.elems[slot as usize] = 0;
        f.pc = Pc::MarkCtrl;
        Ok(Some(Event::ElemCleared { g: f.g, key: self.frame_key(f)?, table, group, slot }))
    }

    /// Empty if the group has an empty slot, for then no search goes on beyond it; else a tombstone.
    pub(super) fn mark_ctrl(&mut self, f: &mut Frame) -> Step {
        let spot = f.spot.ok_or(Astray)?;
        let Spot { table, group, slot } = spot;
        let small = self.at(Some(table))?.small;
        let beside = self.at(Some(table))?.group(group).first(EMPTY);
        let empty = match self.fault {
            Fault::AlwaysTombstone => small,
            Fault::SmallTombstone => !small && beside.is_some(),
            _ => small || beside.is_some(),
        };
        self.group_mut(spot)?.ctrl[slot as usize] = if empty { EMPTY } else { DELETED };
        if let Some(key) = f.key {
            self.iters_forget(Some(key));
        }
        f.pc = match (small, empty) {
            (true, _) => Pc::Reseed,
            (false, true) => Pc::RaiseGrowthLeft,
            (false, false) => Pc::NotePossible,
        };
        let (g, key) = (f.g, self.frame_key(f)?);
        Ok(Some(match empty {
            true => Event::CtrlEmptied { g, key, table, group, slot, beside },
            false => Event::TombstoneSet { g, key, table, group, slot },
        }))
    }

    pub(super) fn raise_growth_left(&mut self, f: &mut Frame) -> Step {
        let t = self.at_mut(f.table)?;
        t.growth_left = t.growth_left.wrapping_add(1);
        let left = t.growth_left;
        f.pc = Pc::Reseed;
        Ok(Some(Event::GrowthLeftRaised { g: f.g, table: f.table.ok_or(Astray)?, left }))
    }

    /// `tombstonePossible = true`: `clear` of a map without entries has something to do.
    pub(super) fn note_possible(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::Reseed;
        if self.tombstone_possible || self.fault == Fault::ForgetsTombstones {
            return Ok(None);
        }
        self.tombstone_possible = true;
        Ok(Some(Event::TombstonePossible { g: f.g }))
    }

    /// An empty map has a new seed: keys that have been chosen to collide no longer do.
    pub(super) fn reseed(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::CheckWriting;
        if self.used > 0 && f.call != Call::Clear {
            return Ok(None);
        }
        self.seed = self.dice.wide();
        self.reseeds += 1;
        Ok(Some(Event::Reseeded { g: f.g, seed: format!("{:016x}", self.seed) }))
    }

    // --- clear ---

    /// The group of a small map, or the next table that is not as new.
    pub(super) fn clear_table(&mut self, f: &mut Frame) -> Step {
        if let Some(table) = self.group {
            *self.group_mut(Spot { table, group: 0, slot: 0 })? = Group::NEW;
            self.iters_forget(None);
            f.pc = Pc::ResetUsed;
            return Ok(Some(Event::GroupCleared { g: f.g, table }));
        }
        let dirty = |number: &&u32| {
            let asks = |t: &super::state::Table| t.used > 0 || t.growth_left != limit(t.capacity);
            self.tables.get(number).is_some_and(asks)
        };
        let Some(table) = self.directory.iter().skip(f.index as usize).find(dirty).copied() else {
            f.pc = Pc::ResetUsed;
            return Ok(None);
        };
        let t = self.at_mut(Some(table))?;
        for group in Arc::make_mut(&mut t.groups).iter_mut().filter(|g| g.matching(|c: Ctrl| c != EMPTY) != 0) {
            *group = Group::NEW;
        }
        let entries = t.used;
        (t.used, t.growth_left) = (0, limit(t.capacity));
        let left = t.growth_left;
        self.iters_forget(None);
        Ok(Some(Event::TableCleared { g: f.g, table, entries, left }))
    }

    pub(super) fn reset_used(&mut self, f: &mut Frame) -> Step {
        let from = std::mem::take(&mut self.used);
        f.pc = if self.group.is_some() { Pc::RaiseClearSeq } else { Pc::ResetPossible };
        Ok(Some(Event::MapUsedReset { g: f.g, from }))
    }

    pub(super) fn reset_possible(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::RaiseClearSeq;
        let was = std::mem::take(&mut self.tombstone_possible);
        Ok(was.then_some(Event::TombstonesGone { g: f.g }))
    }

    /// `clearSeq++`: iterations see that everything has gone.
    pub(super) fn raise_clear_seq(&mut self, f: &mut Frame) -> Step {
        self.clear_seq += 1;
        f.pc = Pc::Reseed;
        Ok(Some(Event::ClearSeqRaised { g: f.g, seq: self.clear_seq }))
    }
}
