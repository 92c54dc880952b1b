//! `mapassign` after its search: `hashGrow`, `newoverflow`, storing the entry.

use super::event::Event;
use super::frame::{Call, Frame, Pc, Spot};
use super::hmap::{
    Dead, Flags, GoMap, ITERATOR, OLD_ITERATOR, SAME_SIZE_GROW, load_limit, over_load_factor, overflow_limit,
};
use super::laws::Fault;
use super::memory::Ptr;
use super::step::{Nil, Step};

/// A sound map asks an assignment to start over twice at most. One whose `count` or `noverflow` two writers have
/// falsified may ask for ever.
const TRIES: u32 = 8;

impl GoMap {
    /// The one bucket of B = 0, allocated by the first write.
    pub(super) fn lazy_bucket(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::PickBucket;
        if self.h.buckets.is_some() {
            return Ok(None);
        }
        self.h.buckets = Some(self.mem.new_bucket().slot);
        Ok(Some(Event::FirstBucketAllocated { g: f.g }))
    }

    /// A new key: is it time to grow?
    pub(super) fn growth_check(&mut self, f: &mut Frame) -> Step {
        let (g, B, noverflow) = (f.g, self.h.B, self.h.noverflow);
        if self.h.growing() {
            f.pc = after_growth_check(f);
            let (count, nevacuate, old_buckets) = (self.h.count, self.h.nevacuate, self.h.noldbuckets());
            return Ok(Some(Event::GrowthUnderWay { g, count, noverflow, nevacuate, old_buckets }));
        }
        let (next, limit, overflow_limit) = (self.h.count + 1, load_limit(B), overflow_limit(B));
        if self.too_loaded(next) {
            f.pc = Pc::NewArray;
            return Ok(Some(Event::LoadExceeded { g, next, limit, B, noverflow, overflow_limit }));
        }
        let too_many = noverflow >= overflow_limit && !over_load_factor(next, B);
        if too_many && self.fault != Fault::NeverSameSize {
            f.pc = Pc::SetSameSize;
            return Ok(Some(Event::TooManyOverflow { g, next, limit, B, noverflow, overflow_limit }));
        }
        f.pc = after_growth_check(f);
        Ok(Some(Event::NoGrowthNeeded { g, next, limit, B, noverflow, overflow_limit }))
    }

    fn too_loaded(&self, next: usize) -> bool {
        match self.fault {
            Fault::LoadLimitEight => next > 8 << self.h.B,
            _ => over_load_factor(next, self.h.B),
        }
    }

    pub(super) fn set_same_size(&mut self, f: &mut Frame) -> Step {
        self.h.flags.0 |= SAME_SIZE_GROW;
        f.pc = Pc::NewArray;
        Ok(Some(Event::SameSizeFlagSet { g: f.g }))
    }

    pub(super) fn new_array(&mut self, f: &mut Frame) -> Step {
        if self.fault == Fault::NoRoomToDouble && !self.h.same_size_grow() {
            return Err(Nil);
        }
        let B = if self.h.same_size_grow() { self.h.B } else { self.h.B + 1 };
        f.outgoing = Some(self.h.buckets.ok_or(Nil)?);
        self.stories.begun += 1;
        let slot = self.mem.make_bucket_array(self.kind, B);
        f.fresh = Some(Ptr { slot, index: 0 });
        f.pc = Pc::RaiseB;
        let buckets = self.mem.main_len(slot);
        Ok(Some(Event::NewArrayAllocated { g: f.g, B, buckets, spare: self.mem.total_len(slot) - buckets }))
    }

    pub(super) fn raise_b(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::MoveFlags;
        if self.h.same_size_grow() {
            return Ok(None);
        }
        let from = self.h.B;
        self.h.B += 1;
        self.absorbed = false;
        Ok(Some(Event::BRaised { g: f.g, from, B: self.h.B, buckets: 1 << self.h.B }))
    }

    pub(super) fn move_flags(&mut self, f: &mut Frame) -> Step {
        let from = self.h.flags;
        let mut to = Flags(from.0 & !(ITERATOR | OLD_ITERATOR));
        if from.has(ITERATOR) {
            to.0 |= OLD_ITERATOR;
        }
        self.h.flags = to;
        f.pc = Pc::SetOldBuckets;
        Ok((from != to).then_some(Event::IteratorFlagsMoved { g: f.g, from, to }))
    }

    pub(super) fn set_old_buckets(&mut self, f: &mut Frame) -> Step {
        self.h.oldbuckets = Some(f.outgoing.ok_or(Nil)?);
        f.pc = Pc::SetBuckets;
        Ok(Some(Event::OldArraySet { g: f.g, old_buckets: self.h.noldbuckets() }))
    }

    pub(super) fn set_buckets(&mut self, f: &mut Frame) -> Step {
        self.h.buckets = Some(f.fresh.ok_or(Nil)?.slot);
        f.outgoing = None;
        f.pc = Pc::ResetNevacuate;
        Ok(Some(Event::NewArraySet { g: f.g, buckets: 1 << self.h.B }))
    }

    pub(super) fn reset_nevacuate(&mut self, f: &mut Frame) -> Step {
        let from = std::mem::take(&mut self.h.nevacuate);
        f.pc = if f.call == Call::Clear { Pc::ClearNoverflow } else { Pc::ResetNoverflow };
        Ok(Some(Event::NevacuateReset { g: f.g, from }))
    }

    pub(super) fn reset_noverflow(&mut self, f: &mut Frame) -> Step {
        let from = std::mem::take(&mut self.h.noverflow);
        f.pc = if f.call == Call::Clear { Pc::ClearCount } else { Pc::SetSpare };
        Ok(Some(Event::NoverflowReset { g: f.g, from, op: f.call.function() }))
    }

    /// `nextOverflow` of a new or reused array, if it has spare buckets.
    pub(super) fn set_spare(&mut self, f: &mut Frame) -> Step {
        let slot = if f.call == Call::Clear { self.h.buckets } else { f.fresh.map(|fresh| fresh.slot) };
        f.pc = if f.call == Call::Clear { Pc::CheckFlag } else { Pc::Again };
        f.fresh = None;
        let slot = slot.ok_or(Nil)?;
        let Some(first) = self.mem.nth(slot, self.mem.main_len(slot)) else { return Ok(None) };
        self.h.next_overflow = Some(first);
        Ok(Some(Event::SpareSet { g: f.g, spare: self.spare() }))
    }

    pub(super) fn again(&mut self, f: &mut Frame) -> Step {
        (f.inserti, f.last) = (None, None);
        f.pc = Pc::PickBucket;
        f.tries += 1;
        if f.tries > TRIES {
            let message = "no end: the corrupted map asks for one growth after another";
            self.dead = Some(Dead { message, exit: None, g: f.g });
            return Ok(Some(Event::GrowsForever { g: f.g, tries: f.tries }));
        }
        Ok(Some(Event::TriedAgain { g: f.g, key: self.frame_key(f)? }))
    }

    /// `newoverflow`: a spare bucket, or a new one.
    pub(super) fn new_overflow(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::CountOverflow;
        let Some(spare) = self.h.next_overflow else {
            f.fresh = Some(self.mem.new_bucket());
            return Ok(Some(Event::OverflowAllocated { g: f.g }));
        };
        f.fresh = Some(spare);
        self.h.next_overflow = self.mem.nth(spare.slot, spare.index + 1);
        if self.fault == Fault::SpareNotCounted {
            f.pc = Pc::LinkOverflow;
        }
        Ok(Some(Event::SpareTaken { g: f.g, spare: self.spare() }))
    }

    /// `incrnoverflow`.
    pub(super) fn count_overflow(&mut self, f: &mut Frame) -> Step {
        f.pc = Pc::LinkOverflow;
        let g = f.g;
        if self.h.B >= 16 && self.rand() & ((1 << (self.h.B - 15)) - 1) != 0 {
            return Ok(Some(Event::NoverflowSampledOut { g, noverflow: self.h.noverflow }));
        }
        self.h.noverflow = self.h.noverflow.wrapping_add(1);
        let (noverflow, overflow_limit) = (self.h.noverflow, overflow_limit(self.h.B));
        Ok(Some(Event::NoverflowRaised { g, noverflow, overflow_limit }))
    }

    /// `b.setoverflow(t, ovf)`; then the new bucket's first cell is the place to fill.
    pub(super) fn link_overflow(&mut self, f: &mut Frame) -> Step {
        let (fresh, last) = (f.fresh.ok_or(Nil)?, f.last.ok_or(Nil)?);
        self.mem.at_mut(last.ptr).overflow = Some(fresh);
        self.garbage |= self.raced;
        let pos = last.pos + 1;
        (f.fresh, f.last) = (None, None);
        match &mut f.evac {
            Some(evac) => {
                let dst = &mut evac.dst[usize::from(evac.y)];
                (dst.b, dst.pos, dst.i) = (fresh, pos, 0);
                f.pc = Pc::MoveEntry;
            }
            None => {
                f.inserti = Some(Spot { ptr: fresh, pos, cell: 0, ..last });
                f.pc = Pc::StoreKey;
            }
        }
        Ok(Some(Event::OverflowLinked { g: f.g, array: self.array(last.slot), bucket: last.chain, pos }))
    }

    pub(super) fn store_key(&mut self, f: &mut Frame) -> Step {
        let spot = f.inserti.ok_or(Nil)?;
        f.spot = Some(spot);
        self.mem.at_mut(spot.ptr).keys[spot.cell as usize] = f.key;
        f.pc = Pc::StoreTophash;
        let Spot { slot, chain: bucket, pos, cell, .. } = spot;
        Ok(Some(Event::KeyStored { g: f.g, array: self.array(slot), bucket, pos, cell, key: self.frame_key(f)? }))
    }

    pub(super) fn store_tophash(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        self.mem.at_mut(spot.ptr).tophash[cell as usize] = f.top;
        f.pc = Pc::RaiseCount;
        let (array, key, tophash) = (self.array(slot), self.frame_key(f)?, f.top);
        Ok(Some(Event::TophashStored { g: f.g, array, bucket, pos, cell, key, tophash }))
    }

    pub(super) fn raise_count(&mut self, f: &mut Frame) -> Step {
        self.h.count += 1;
        self.absorbed |= self.h.growing() && over_load_factor(self.h.count, self.h.B);
        f.pc = Pc::CheckFlag;
        Ok(Some(Event::CountRaised { g: f.g, count: self.h.count }))
    }

    /// The caller's store, after `mapassign` has returned.
    pub(super) fn store_elem(&mut self, f: &mut Frame) -> Step {
        let spot @ Spot { slot, chain: bucket, pos, cell, .. } = Self::spot(f)?;
        let elem = &mut self.mem.at_mut(spot.ptr).elems[cell as usize];
        let before = std::mem::replace(elem, f.value);
        f.pc = Pc::Done;
        let (g, array, key, value) = (f.g, self.array(slot), self.frame_key(f)?, f.value);
        Ok(Some(if f.overwrites {
            Event::ElemOverwritten { g, array, bucket, pos, cell, key, value, before }
        } else {
            Event::ElemStored { g, array, bucket, pos, cell, key, value }
        }))
    }
}

fn after_growth_check(f: &Frame) -> Pc {
    if f.inserti.is_some() { Pc::StoreKey } else { Pc::NewOverflow }
}
