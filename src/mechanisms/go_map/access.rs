//! The search through a chain that lookup, assignment and deletion share, and the rest of `mapaccess1`.

use super::super::keys::Hash;
use super::event::{Bits, EMPTY_REST, Event};
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, Returned};
use super::laws::Fault;
use super::memory::BUCKET_COUNT;
use super::step::{Nil, Step};

impl GoMap {
    /// `bucket = hash & bucketMask(h.B)`.
    pub(super) fn pick_bucket(&mut self, f: &mut Frame) -> Step {
        let mask = self.h.mask();
        f.bucket = (f.hash & mask) as u32;
        f.chosen = Some(self.h.B);
        f.pc = if f.call == Call::Access { Pc::ChooseArray } else { Pc::GrowWorkHit };
        Ok(Some(Event::BucketChosen {
            g: f.g,
            key: self.frame_key(f)?,
            hash: Hash(f.hash),
            B: self.h.B,
            mask,
            bits: Bits { value: f.hash & mask, width: self.h.B },
            bucket: f.bucket,
        }))
    }

    /// A lookup while growing: the old bucket, unless it has been evacuated.
    pub(super) fn choose_array(&mut self, f: &mut Frame) -> Step {
        (f.slot, f.chain, f.pos, f.i) = (self.h.buckets.ok_or(Nil)?, f.bucket, 0, 0);
        f.b = Some(self.mem.nth(f.slot, f.chain).ok_or(Nil)?);
        f.pc = Pc::Search;
        let Some(old_slot) = self.h.oldbuckets else { return Ok(None) };
        let old = (f.hash & u64::from(self.h.noldbuckets() - 1)) as u32;
        let old_head = self.mem.nth(old_slot, old).ok_or(Nil)?;
        let first = self.mem.at(old_head).tophash[0];
        let (g, key, bucket) = (f.g, self.frame_key(f)?, f.bucket);
        if first.is_evacuated() || self.fault == Fault::LookupOnlyNew {
            return Ok(Some(Event::NewBucketConsulted { g, key, bucket, old, first }));
        }
        (f.slot, f.chain, f.b) = (old_slot, old, Some(old_head));
        Ok(Some(Event::OldBucketConsulted { g, key, bucket, old, first }))
    }

    /// Assignment and deletion, after `growWork`: always the new array.
    pub(super) fn start_search(&mut self, f: &mut Frame) -> Step {
        (f.slot, f.chain, f.pos, f.i) = (self.h.buckets.ok_or(Nil)?, f.bucket, 0, 0);
        f.b = Some(self.mem.nth(f.slot, f.chain).ok_or(Nil)?);
        f.inserti = None;
        f.pc = Pc::Search;
        Ok(None)
    }

    /// The next cells of the bucket, up to one that matters, or the next bucket of the chain.
    pub(super) fn search(&mut self, f: &mut Frame) -> Step {
        let b = f.b.ok_or(Nil)?;
        let tophash = self.mem.at(b).tophash;
        let remembers = f.call == Call::Assign && f.inserti.is_none();
        let stops = |i: &usize| {
            let top = tophash[*i];
            top == f.top || top == EMPTY_REST || (remembers && top.is_empty())
        };
        let start = f.i as usize;
        let end = (start..BUCKET_COUNT).find(stops).unwrap_or(BUCKET_COUNT);
        let (g, array, bucket, pos) = (f.g, self.array(f.slot), f.chain, f.pos);
        if end > start {
            f.i = end as u32;
            let (from, to, cells) = (start as u32, end as u32 - 1, (end - start) as u32);
            return Ok(Some(Event::CellsDiffer { g, array, bucket, pos, from, to, cells, tophash: f.top }));
        }
        if start == BUCKET_COUNT {
            return self.next_in_chain(f);
        }
        let (cell, found) = (f.i, tophash[start]);
        if found == f.top {
            f.pc = Pc::CompareKey;
            let key = self.frame_key(f)?;
            return Ok(Some(Event::TophashMatched { g, array, bucket, pos, cell, tophash: found, key }));
        }
        if remembers {
            f.inserti = Some(f.here(b));
            if self.fault == Fault::StopsAtEmptyOne {
                f.pc = miss(f.call);
            } else if found != EMPTY_REST {
                f.i += 1;
            }
            return Ok(Some(Event::EmptyCellRemembered { g, array, bucket, pos, cell, found }));
        }
        f.pc = miss(f.call);
        Ok(Some(Event::EmptyRestStops { g, array, bucket, pos, cell, key: self.frame_key(f)? }))
    }

    fn next_in_chain(&mut self, f: &mut Frame) -> Step {
        let b = f.b.ok_or(Nil)?;
        let (g, array, bucket) = (f.g, self.array(f.slot), f.chain);
        match self.mem.at(b).overflow {
            Some(_) if f.pos as usize > self.mem.bucket_total() => Err(Nil),
            Some(next) => {
                (f.b, f.pos, f.i) = (Some(next), f.pos + 1, 0);
                Ok(Some(Event::OverflowFollowed { g, array, bucket, pos: f.pos }))
            }
            None => {
                f.last = Some(f.here(b));
                f.pc = miss(f.call);
                let (key, remembered) = (self.frame_key(f)?, f.inserti.is_some());
                Ok(Some(Event::ChainEnds { g, array, bucket, pos: f.pos, key, remembered }))
            }
        }
    }

    /// Equal tophash: are the keys equal?
    pub(super) fn compare_key(&mut self, f: &mut Frame) -> Step {
        let b = f.b.ok_or(Nil)?;
        let spot = f.here(b);
        let (g, array, bucket, pos, cell, key) = (f.g, self.array(f.slot), f.chain, f.pos, f.i, self.frame_key(f)?);
        if self.mem.at(b).keys[cell as usize] != f.key {
            let found = self.key_at(b, cell);
            f.i += 1;
            f.pc = Pc::Search;
            return Ok(Some(Event::KeyDiffers { g, array, bucket, pos, cell, key, found }));
        }
        f.spot = Some(spot);
        f.overwrites = true;
        f.pc = match f.call {
            Call::Access => Pc::ReturnValue,
            Call::Delete => Pc::ClearKey,
            _ if self.fault == Fault::OverwriteCounts => Pc::RaiseCount,
            _ => Pc::CheckFlag,
        };
        Ok(Some(Event::KeyMatched { g, array, bucket, pos, cell, key }))
    }

    pub(super) fn return_value(&mut self, f: &mut Frame) -> Step {
        let spot = Self::spot(f)?;
        let value = self.mem.at(spot.ptr).elems[spot.cell as usize];
        self.returned = Returned { key: f.key, value };
        self.judge_read(f, value)?;
        f.pc = Pc::Done;
        Ok(Some(Event::ValueReturned { g: f.g, key: self.frame_key(f)?, value }))
    }

    pub(super) fn return_zero(&mut self, f: &mut Frame) -> Step {
        self.returned = Returned::default();
        let undisturbed = !f.overlapped && !self.raced && self.frames.iter().all(|other| !other.toggled);
        if undisturbed && f.key.is_some_and(|id| self.find(id).is_some()) {
            self.wrong_read = f.key;
        }
        self.judge_read(f, 0)?;
        f.pc = Pc::Done;
        Ok(Some(Event::ZeroReturned { g: f.g, key: self.frame_key(f)? }))
    }
}

/// Where the search goes on when the key is not there.
fn miss(call: Call) -> Pc {
    match call {
        Call::Access => Pc::ReturnZero,
        Call::Assign => Pc::GrowthCheck,
        _ => Pc::CheckFlag,
    }
}
