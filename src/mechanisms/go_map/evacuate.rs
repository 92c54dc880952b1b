//! `growWork`, `evacuate`, `advanceEvacuationMark`.

use super::super::keys::Hash;
use super::event::{EVACUATED_EMPTY, EVACUATED_X, EVACUATED_Y, Event, MIN_TOP_HASH};
use super::frame::{Dst, Evac, Frame, Pc, Spot};
use super::hmap::{GoMap, OLD_ITERATOR, SAME_SIZE_GROW};
use super::laws::Fault;
use super::memory::{BUCKET_COUNT, KeyId, Ptr};
use super::step::{Nil, Step};

impl GoMap {
    /// `growWork`: first the old bucket of the one about to be used.
    pub(super) fn grow_work_hit(&mut self, f: &mut Frame) -> Step {
        if !self.h.growing() {
            f.pc = Pc::StartSearch;
            return Ok(None);
        }
        if self.fault == Fault::NoHitBucket {
            f.pc = Pc::GrowWorkNext;
            return Ok(None);
        }
        let old_buckets = self.h.noldbuckets();
        let old = f.bucket & (old_buckets - 1);
        self.enter_evacuate(f, old, true)?;
        Ok(Some(Event::EvacuateHitBucket { g: f.g, bucket: f.bucket, old, old_buckets }))
    }

    /// `growWork`: then one more, unless the growth is over.
    pub(super) fn grow_work_next(&mut self, f: &mut Frame) -> Step {
        if !self.h.growing() {
            f.pc = Pc::StartSearch;
            return Ok(Some(Event::NothingLeftToEvacuate { g: f.g }));
        }
        let old = self.h.nevacuate;
        self.enter_evacuate(f, old, false)?;
        Ok(Some(Event::EvacuateNextBucket { g: f.g, old, old_buckets: self.h.noldbuckets() }))
    }

    fn enter_evacuate(&mut self, f: &mut Frame, old: u32, hit: bool) -> Result<(), Nil> {
        let b = self.mem.nth(self.h.oldbuckets.ok_or(Nil)?, old).ok_or(Nil)?;
        let dst = Dst { b, chain: old, pos: 0, i: 0 };
        let newbit = self.h.noldbuckets();
        let evac = Evac { old, hit, newbit, stop: 0, b, pos: 0, i: 0, dst: [dst; 2], y: false, top: MIN_TOP_HASH };
        f.evac = Some(evac);
        f.pc = Pc::Evacuate;
        Ok(())
    }

    fn leave_evacuate(f: &mut Frame, hit: bool) {
        f.evac = None;
        f.pc = if hit { Pc::GrowWorkNext } else { Pc::StartSearch };
    }

    /// Already moved? Otherwise the destinations X and, when doubling, Y.
    pub(super) fn evacuate(&mut self, f: &mut Frame) -> Step {
        let g = f.g;
        let evac = f.evac.as_mut().ok_or(Nil)?;
        let Evac { old, newbit, b, .. } = *evac;
        let first = self.mem.at(b).tophash[0];
        if first.is_evacuated() {
            f.pc = Pc::AdvanceMark;
            return Ok(Some(Event::AlreadyEvacuated { g, old, first }));
        }
        let slot = self.h.buckets.ok_or(Nil)?;
        let same_size = self.h.same_size_grow();
        evac.dst[0].b = self.mem.nth(slot, old).ok_or(Nil)?;
        if !same_size {
            let y = old + newbit;
            evac.dst[1] = Dst { b: self.mem.nth(slot, y).ok_or(Nil)?, chain: y, pos: 0, i: 0 };
        }
        f.pc = Pc::EvacuateCell;
        let live = self.mem.chain(b).map(|(_, bucket)| bucket.live() as u32).sum();
        Ok(Some(if same_size {
            Event::DestinationX { g, old, x: old, live }
        } else {
            Event::DestinationsXY { g, old, x: old, y: old + newbit, newbit, live }
        }))
    }

    /// The next old cell: marked, and if it is live a destination chosen.
    pub(super) fn evacuate_cell(&mut self, f: &mut Frame) -> Step {
        let g = f.g;
        let evac = f.evac.as_mut().ok_or(Nil)?;
        let Evac { old, b, pos, i, newbit, .. } = *evac;
        if i as usize == BUCKET_COUNT {
            return self.next_old_bucket(f);
        }
        let top = self.mem.at(b).tophash[i as usize];
        if top.is_empty() {
            return self.evacuate_empty(f);
        }
        if top < MIN_TOP_HASH {
            self.die(g, "fatal error: bad map state");
            return Ok(Some(Event::ThrowBadMapState { g, old, found: top }));
        }
        let id = self.mem.at(b).keys[i as usize].ok_or(Nil)?;
        let hash = self.hash(id);
        let same_size = self.h.same_size_grow();
        evac.y = !same_size && self.goes_to_y(hash, newbit);
        evac.top = top;
        self.mem.at_mut(b).tophash[i as usize] = if evac.y { EVACUATED_Y } else { EVACUATED_X };
        let dst = evac.dst[usize::from(evac.y)];
        f.pc = if dst.i as usize == BUCKET_COUNT { Pc::EvacuateFull } else { Pc::MoveEntry };
        let (key, hash, to) = (self.key(id).clone(), Hash(hash), dst.chain);
        Ok(Some(match (same_size, evac.y) {
            (true, _) => Event::MarkedSameSize { g, old, pos, cell: i, key, to },
            (false, false) => Event::MarkedX { g, old, pos, cell: i, key, hash, newbit, to },
            (false, true) => Event::MarkedY { g, old, pos, cell: i, key, hash, newbit, to },
        }))
    }

    /// Marks the empty cells from here to the next entry.
    fn evacuate_empty(&mut self, f: &mut Frame) -> Step {
        let evac = f.evac.as_mut().ok_or(Nil)?;
        let (old, pos, from) = (evac.old, evac.pos, evac.i);
        let bucket = self.mem.at_mut(evac.b);
        while let Some(top) = bucket.tophash.get_mut(evac.i as usize).filter(|top| top.is_empty()) {
            if self.fault != Fault::EmptyCellsNotMarked || evac.i == 0 {
                *top = EVACUATED_EMPTY;
            }
            evac.i += 1;
        }
        let to = evac.i - 1;
        Ok(Some(Event::EmptyCellsEvacuated { g: f.g, old, pos, from, to, cells: to + 1 - from }))
    }

    fn goes_to_y(&self, hash: u64, newbit: u32) -> bool {
        let bit = if self.fault == Fault::WrongBit { newbit << 1 } else { newbit };
        hash & u64::from(bit) != 0
    }

    fn next_old_bucket(&mut self, f: &mut Frame) -> Step {
        let evac = f.evac.as_mut().ok_or(Nil)?;
        match self.mem.at(evac.b).overflow {
            Some(_) if evac.pos as usize > self.mem.bucket_total() => Err(Nil),
            Some(next) => {
                (evac.b, evac.pos, evac.i) = (next, evac.pos + 1, 0);
                Ok(Some(Event::OldOverflowFollowed { g: f.g, old: evac.old, pos: evac.pos }))
            }
            None => {
                f.pc = Pc::ClearOldBucket;
                Ok(None)
            }
        }
    }

    pub(super) fn evacuate_full(&mut self, f: &mut Frame) -> Step {
        let evac = f.evac.ok_or(Nil)?;
        let dst = evac.dst[usize::from(evac.y)];
        let slot = self.h.buckets.ok_or(Nil)?;
        f.last = Some(Spot { ptr: dst.b, slot, chain: dst.chain, pos: dst.pos, cell: dst.i });
        f.pc = Pc::NewOverflow;
        Ok(Some(Event::DestinationFull { g: f.g, side: side(evac.y), to: dst.chain, pos: dst.pos }))
    }

    /// Tophash, key and elem to the destination cell.
    pub(super) fn move_entry(&mut self, f: &mut Frame) -> Step {
        let (evac, dst, id) = self.moving(f)?;
        let cell = dst.i as usize;
        let value = self.mem.at(evac.b).elems[evac.i as usize];
        let bucket = self.mem.at_mut(dst.b);
        bucket.tophash[cell] = evac.top;
        bucket.keys[cell] = Some(id);
        bucket.elems[cell] = value;
        if let Some(evac) = f.evac.as_mut() {
            evac.dst[usize::from(evac.y)].i += 1;
            evac.i += 1;
        }
        f.pc = Pc::EvacuateCell;
        let (side, key, tophash) = (side(evac.y), self.key(id).clone(), evac.top);
        let Evac { old, pos: from_pos, i: from_cell, .. } = evac;
        let Dst { chain: to, pos, i: cell, .. } = dst;
        Ok(Some(Event::EntryMoved { g: f.g, old, from_pos, from_cell, side, to, pos, cell, key, tophash, value }))
    }

    fn moving(&self, f: &Frame) -> Result<(Evac, Dst, KeyId), Nil> {
        let evac = f.evac.ok_or(Nil)?;
        let id = self.mem.at(evac.b).keys[evac.i as usize].ok_or(Nil)?;
        Ok((evac, evac.dst[usize::from(evac.y)], id))
    }

    /// Zeroes the old head bucket's body, unless somebody may still need it.
    pub(super) fn clear_old_bucket(&mut self, f: &mut Frame) -> Step {
        let (g, old) = (f.g, f.evac.ok_or(Nil)?.old);
        f.pc = Pc::AdvanceMark;
        if self.h.flags.has(OLD_ITERATOR) {
            return Ok(Some(Event::OldBucketKeptForIterator { g, old }));
        }
        if !self.kind.bucket_has_pointers() {
            return Ok(Some(Event::OldBucketKeptNoPointers { g, old }));
        }
        let head = self.mem.nth(self.h.oldbuckets.ok_or(Nil)?, old).ok_or(Nil)?;
        let unlinked = self.mem.chain(head).count() as u32 - 1;
        let bucket = self.mem.at_mut(head);
        (bucket.keys, bucket.elems, bucket.overflow) = ([None; BUCKET_COUNT], [0; BUCKET_COUNT], None);
        self.garbage |= unlinked > 0;
        Ok(Some(Event::OldBucketCleared { g, old, unlinked }))
    }

    /// `if oldbucket == h.nevacuate { advanceEvacuationMark }`.
    pub(super) fn advance_mark(&mut self, f: &mut Frame) -> Step {
        let g = f.g;
        let evac = f.evac.as_mut().ok_or(Nil)?;
        let (old, hit, newbit) = (evac.old, evac.hit, evac.newbit);
        if old != self.h.nevacuate {
            Self::leave_evacuate(f, hit);
            return Ok(Some(Event::EvacuationMarkStays { g, old, nevacuate: self.h.nevacuate }));
        }
        self.h.nevacuate += 1;
        evac.stop = newbit.min(self.h.nevacuate + 1024);
        f.pc = Pc::SkipMark;
        Ok(Some(Event::EvacuationMarkAdvanced { g, nevacuate: self.h.nevacuate, old_buckets: newbit }))
    }

    /// Skips buckets that have moved before; at the end frees the old array.
    pub(super) fn skip_mark(&mut self, f: &mut Frame) -> Step {
        let (g, evac) = (f.g, f.evac.ok_or(Nil)?);
        let slot = self.h.oldbuckets.ok_or(Nil)?;
        if self.h.nevacuate != evac.stop {
            let next = self.mem.nth(slot, self.h.nevacuate).ok_or(Nil)?;
            if self.mem.at(next).evacuated() || self.fault == Fault::MarkSkipsUnmoved {
                let skipped = self.h.nevacuate;
                self.h.nevacuate += 1;
                let (nevacuate, old_buckets) = (self.h.nevacuate, evac.newbit);
                return Ok(Some(Event::EvacuationMarkSkips { g, skipped, nevacuate, old_buckets }));
            }
        }
        if self.h.nevacuate != evac.newbit {
            Self::leave_evacuate(f, evac.hit);
            return Ok(None);
        }
        self.h.oldbuckets = None;
        self.garbage = true;
        f.pc = Pc::FinishGrowth;
        Ok(Some(Event::OldArrayFreed { g, old_buckets: evac.newbit }))
    }

    /// `h.flags &^= sameSizeGrow`.
    pub(super) fn finish_growth(&mut self, f: &mut Frame) -> Step {
        let evac = f.evac.ok_or(Nil)?;
        Self::leave_evacuate(f, evac.hit);
        if !self.h.same_size_grow() {
            self.stories.doublings += self.stories.begun.min(1);
            return Ok(None);
        }
        self.stories.same_size += self.stories.begun.min(1);
        if self.fault != Fault::SameSizeStays {
            self.h.flags.0 &= !SAME_SIZE_GROW;
        }
        Ok(Some(Event::SameSizeFlagCleared { g: f.g }))
    }

    /// Whether the old bucket behind this pointer is being evacuated by some goroutine right now.
    pub(super) fn being_evacuated(&self, head: Ptr) -> bool {
        let evacs = self.frames.iter().filter_map(|frame| frame.evac);
        self.h.oldbuckets == Some(head.slot) && evacs.into_iter().any(|evac| evac.old == head.index)
    }
}

fn side(y: bool) -> &'static str {
    if y { "Y" } else { "X" }
}
