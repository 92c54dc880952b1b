//! `mapdelete` after its search: clearing the cell, and `emptyOne` → `emptyRest` back along the chain.

use super::event::{EMPTY_ONE, EMPTY_REST, Event};
use super::frame::{Call, Frame, Pc, Spot};
use super::hmap::GoMap;
use super::laws::Fault;
use super::memory::BUCKET_COUNT;
use super::step::{Nil, Step};

const LAST: u32 = BUCKET_COUNT as u32 - 1;

impl GoMap {
    /// Only a key with pointers is cleared.
    pub(super) fn clear_key(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::ClearElem;
        if !self.kind.bucket_has_pointers() {
            return Ok(None);
        }
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        self.mem.at_mut(spot.ptr).keys[cell as usize] = None;
        Ok(Some(Event::KeyCleared { g: f.g, array: self.array(slot), bucket, pos, cell, key: self.frame_key(f)? }))
    }

    pub(super) fn clear_elem(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        self.mem.at_mut(spot.ptr).elems[cell as usize] = 0;
        f.pc = Pc::MarkEmptyOne;
        Ok(Some(Event::ElemCleared { g: f.g, array: self.array(slot), bucket, pos, cell, key: self.frame_key(f)? }))
    }

    pub(super) fn mark_empty_one(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        self.mem.at_mut(spot.ptr).tophash[cell as usize] = EMPTY_ONE;
        if let Some(id) = f.key {
            self.iters_forget(id);
        }
        f.pc = if self.fault == Fault::NoBackPropagation { Pc::LowerCount } else { Pc::LookRight };
        Ok(Some(Event::MarkedEmptyOne { g: f.g, array: self.array(slot), bucket, pos, cell, key: self.frame_key(f)? }))
    }

    /// Does anything live follow? The next cell says so, in this bucket or in the next.
    pub(super) fn look_right(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        let (g, array, b) = (f.g, self.array(slot), self.mem.at(spot.ptr));
        let (next_pos, next_cell, found) = match (cell == LAST, b.overflow) {
            (false, _) => (pos, cell + 1, b.tophash[cell as usize + 1]),
            (true, Some(next)) => (pos + 1, 0, self.mem.at(next).tophash[0]),
            (true, None) => {
                f.pc = Pc::MarkEmptyRest;
                return Ok(Some(Event::RightIsChainEnd { g, array, bucket, pos, cell }));
            }
        };
        if found == EMPTY_REST {
            f.pc = Pc::MarkEmptyRest;
            return Ok(Some(Event::RightIsEmptyRest { g, array, bucket, pos, cell, next_pos, next_cell }));
        }
        f.pc = Pc::LowerCount;
        Ok(Some(Event::RightInUse { g, array, bucket, pos, cell, next_pos, next_cell, found }))
    }

    pub(super) fn mark_empty_rest(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        self.mem.at_mut(spot.ptr).tophash[cell as usize] = EMPTY_REST;
        f.pc = Pc::StepLeft;
        Ok(Some(Event::MarkedEmptyRest { g: f.g, array: self.array(slot), bucket, pos, cell }))
    }

    /// One cell to the left, through the predecessor bucket if need be.
    pub(super) fn step_left(&mut self, f: &mut Frame) -> Step {
        let spot = Self::spot(f)?;
        let (g, array, bucket) = (f.g, self.array(spot.slot), spot.chain);
        let head = self.mem.nth(spot.slot, spot.chain).ok_or(Nil)?;
        if spot.cell > 0 {
            f.spot = Some(Spot { cell: spot.cell - 1, ..spot });
            f.pc = Pc::TestLeft;
            return Ok(None);
        }
        if spot.ptr == head {
            f.pc = Pc::LowerCount;
            return Ok(Some(Event::ChainStartReached { g, array, bucket }));
        }
        let (ptr, _) = self.mem.chain(head).find(|(_, b)| b.overflow == Some(spot.ptr)).ok_or(Nil)?;
        let pos = spot.pos.saturating_sub(1);
        f.spot = Some(Spot { ptr, pos, cell: LAST, ..spot });
        f.pc = Pc::TestLeft;
        Ok(Some(Event::PredecessorFound { g, array, bucket, pos }))
    }

    /// The marks go on while the cell is `emptyOne`.
    pub(super) fn test_left(&mut self, f: &mut Frame) -> Step {
        let Spot { ptr, slot, chain: bucket, pos, cell } = Self::spot(f)?;
        let found = self.mem.at(ptr).tophash[cell as usize];
        if found == EMPTY_ONE {
            f.pc = Pc::MarkEmptyRest;
            return Ok(None);
        }
        f.pc = Pc::LowerCount;
        Ok(Some(Event::LeftInUse { g: f.g, array: self.array(slot), bucket, pos, cell, found }))
    }

    pub(super) fn lower_count(&mut self, f: &mut Frame) -> Step {
        self.h.count = self.h.count.checked_sub(1).ok_or(Nil)?;
        f.pc = if self.h.count == 0 { Pc::Reseed } else { Pc::CheckFlag };
        Ok(Some(Event::CountLowered { g: f.g, count: self.h.count }))
    }

    /// A new hash seed for an empty map.
    pub(super) fn reseed(&mut self, f: &mut Frame) -> Step {
        self.h.hash0 = self.rand() as u32;
        self.reseeds += 1;
        f.pc = if f.call == Call::Clear { Pc::ClearExtra } else { Pc::CheckFlag };
        Ok(Some(Event::Reseeded { g: f.g, hash0: self.h.hash0 }))
    }
}
