//! `mapclear`.

use super::event::{EMPTY_REST, Event};
use super::frame::{Frame, Pc};
use super::hmap::{GoMap, SAME_SIZE_GROW};
use super::memory::{BUCKET_COUNT, Ptr};
use super::step::{Nil, Step};

impl GoMap {
    /// `markBucketsEmpty`: the next chains up to one with overflow buckets, or that one; the new array, then the old.
    pub(super) fn clear_chain(&mut self, f: &mut Frame) -> Step {
        if f.i == self.mem.main_len(f.slot) {
            match self.h.oldbuckets {
                Some(old) if old != f.slot => (f.slot, f.i) = (old, 0),
                _ => f.pc = Pc::ClearSameSize,
            }
            return Ok(None);
        }
        let (array, bucket) = (self.array(f.slot), f.i);
        let mut buckets = 0;
        while f.i < self.mem.main_len(f.slot) {
            let head = self.mem.nth(f.slot, f.i).ok_or(Nil)?;
            let chain: Vec<Ptr> = self.mem.chain(head).map(|(ptr, _)| ptr).collect();
            let alone = chain.len() > 1;
            if alone && f.i > bucket {
                break;
            }
            for ptr in &chain {
                self.mem.at_mut(*ptr).tophash = [EMPTY_REST; BUCKET_COUNT];
            }
            buckets += chain.len();
            f.i += 1;
            if alone {
                break;
            }
        }
        let (chains, cells) = (f.i - bucket, (buckets * BUCKET_COUNT) as u32);
        Ok(Some(Event::ChainMarkedEmpty { g: f.g, array, bucket, to: f.i - 1, chains, cells }))
    }

    pub(super) fn clear_same_size(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::ClearOld;
        if !self.h.same_size_grow() {
            return Ok(None);
        }
        self.h.flags.0 &= !SAME_SIZE_GROW;
        Ok(Some(Event::SameSizeFlagCleared { g: f.g }))
    }

    pub(super) fn clear_old(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::ClearNevacuate;
        if self.h.oldbuckets.take().is_none() {
            return Ok(None);
        }
        self.garbage = true;
        Ok(Some(Event::OldArrayDropped { g: f.g }))
    }

    pub(super) fn clear_count(&mut self, f: &mut Frame) -> Step {
        let from = std::mem::take(&mut self.h.count);
        self.absorbed = false;
        self.iters_forget_all();
        f.pc = Pc::ClearSeed;
        Ok(Some(Event::CountReset { g: f.g, from }))
    }

    /// `*h.extra = mapextra{}`.
    pub(super) fn clear_extra(&mut self, f: &mut Frame) -> Step {
        let spare = self.spare();
        f.pc = Pc::ClearMemory;
        Ok(self.h.next_overflow.take().map(|_| Event::SpareDropped { g: f.g, spare }))
    }

    /// `makeBucketArray` over the array in use: zeroes it, spare buckets and all.
    pub(super) fn clear_memory(&mut self, f: &mut Frame) -> Step {
        let slot = self.h.buckets.ok_or(Nil)?;
        self.mem.zero(slot);
        self.garbage = true;
        f.pc = Pc::ClearSpare;
        Ok(Some(Event::ArrayZeroed { g: f.g, buckets: self.mem.main_len(slot) }))
    }
}
