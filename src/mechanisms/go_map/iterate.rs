//! `mapiterinit` and `mapiternext`.

use serde::Serialize;

use super::super::keys::Hash;
use super::event::{Array, EVACUATED_EMPTY, EVACUATED_X, EVACUATED_Y, Event};
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, ITERATOR, OLD_ITERATOR, Returned};
use super::laws::Fault;
use super::memory::{BUCKET_COUNT, KeyId, Ptr};
use super::step::{Nil, Step};

/// `hiter`: an iteration's snapshot and position.
#[derive(Clone, Debug, Default, Serialize, Hash)]
#[serde(rename_all = "camelCase")]
#[allow(non_snake_case)]
pub struct Iter {
    /// `h.B` when the iteration began.
    #[serde(rename = "B")]
    pub B: u8,
    /// The bucket it began at.
    pub start_bucket: u32,
    /// Where it begins in every bucket, 0..=7.
    pub offset: u32,
    /// The next bucket.
    pub bucket: u32,
    /// How many cells of the present bucket it has passed.
    pub i: u32,
    /// Whether it went on at bucket 0.
    pub wrapped: bool,
    /// The bucket whose keys alone are returned while the old one is walked.
    pub check_bucket: Option<u32>,
    /// Whether it has come to its end.
    pub ended: bool,
    /// Pairs returned so far.
    pub yielded: u32,
    /// The slot of the array it remembered.
    #[serde(skip)]
    pub buckets: Option<u32>,
    /// The bucket it stands in.
    #[serde(skip)]
    pub bptr: Option<Ptr>,
    /// The array, chain and place in the chain of `bptr`.
    #[serde(skip)]
    pub place: (u32, u32, u32),
    /// For the laws: whether a goroutine wrote in the middle of one of its steps.
    #[serde(skip)]
    pub(super) raced: bool,
    /// For the laws: keys there from the beginning, and keys returned since they were put in.
    #[serde(skip)]
    pub(super) throughout: Vec<KeyId>,
    #[serde(skip)]
    pub(super) seen: Vec<KeyId>,
    /// For the laws: a key returned twice.
    #[serde(skip)]
    pub(super) twice: Option<KeyId>,
}

impl Iter {
    /// Its start and where it stands, on one line; `None` once it has ended or before it has begun.
    pub fn summary(&self) -> Option<String> {
        let begun = self.buckets.is_some() && !self.ended;
        begun.then(|| format!("{}+{} → {}", self.start_bucket, self.offset, self.bucket))
    }

    /// Whether it is under way and has returned this key.
    pub fn has_returned(&self, key: KeyId) -> bool {
        !self.ended && self.seen.contains(&key)
    }

    /// The allocations that this iteration keeps alive.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> {
        let place = self.bptr.map(|_| self.place.0);
        self.buckets.into_iter().chain(self.bptr.map(|ptr| ptr.slot)).chain(place)
    }
}

impl GoMap {
    fn iter(&mut self, id: u32) -> Result<&mut Iter, Nil> {
        self.iters.get_mut(&id).ok_or(Nil)
    }

    /// An iteration over a nil or empty map: there is no first pair.
    pub(super) fn iter_ends_empty(&mut self, id: u32) {
        self.iters.insert(id, Iter { ended: true, ..Iter::default() });
        self.returned = Returned::default();
        self.garbage = true;
    }

    pub(super) fn iter_snapshot(&mut self, f: &mut Frame) -> Step {
        let Call::IterInit { id, .. } = f.call else { return Err(Nil) };
        let slot = self.h.buckets.ok_or(Nil)?;
        let raced = self.raced || self.frames.iter().any(|other| other.toggled);
        let throughout = self.live_keys();
        self.garbage |= self.iters.contains_key(&id);
        let iter = Iter { B: self.h.B, buckets: Some(slot), raced, throughout, ..Iter::default() };
        self.iters.insert(id, iter);
        f.pc = Pc::ChooseStart;
        Ok(Some(Event::IterSnapshot { g: f.g, id, B: self.h.B, buckets: 1 << self.h.B }))
    }

    fn live_keys(&self) -> Vec<KeyId> {
        let slots = self.h.buckets.into_iter().chain(self.h.oldbuckets);
        let heads = slots.flat_map(|slot| self.heads(slot));
        let buckets = heads.flat_map(|head| self.mem.chain(head));
        buckets
            .flat_map(|(_, b)| (0..BUCKET_COUNT).filter(|i| b.tophash[*i].is_live()).filter_map(|i| b.keys[i]))
            .collect()
    }

    pub(super) fn iter_choose_start(&mut self, f: &mut Frame) -> Step {
        let Call::IterInit { id, at } = f.call else { return Err(Nil) };
        let b = self.iter(id)?.B;
        let (start, offset) = match at {
            Some(at) => at,
            None => {
                let r = self.rand();
                (r as u32, (r >> b) as u32)
            }
        };
        let (start, offset) = (start & ((1 << b) - 1), offset % BUCKET_COUNT as u32);
        let iter = self.iter(id)?;
        (iter.start_bucket, iter.bucket, iter.offset) = (start, start, offset);
        f.pc = Pc::SetIterFlags;
        Ok(Some(Event::IterStartChosen { g: f.g, id, start, offset, random: at.is_none() }))
    }

    pub(super) fn iter_set_flags(&mut self, f: &mut Frame) -> Step {
        let Call::IterInit { id, .. } = f.call else { return Err(Nil) };
        f.pc = Pc::Done;
        if self.h.flags.has(ITERATOR | OLD_ITERATOR) {
            return Ok(Some(Event::IterFlagsPresent { g: f.g, id }));
        }
        self.h.flags.0 |= ITERATOR | OLD_ITERATOR;
        Ok(Some(Event::IterFlagsSet { g: f.g, id }))
    }

    /// `mapiternext` takes the position into its local variables.
    pub(super) fn next_enter(&mut self, f: &mut Frame, id: u32) -> Result<(), Nil> {
        let iter = self.iter(id)?;
        (f.bucket, f.b, f.i, f.check) = (iter.bucket, iter.bptr, iter.i, iter.check_bucket);
        (f.slot, f.chain, f.pos) = iter.place;
        f.pc = if f.b.is_none() { Pc::NextBucket } else { Pc::NextCells };
        if self.frames.iter().any(|other| other.toggled) {
            self.iter(id)?.raced = true;
        }
        Ok(())
    }

    /// The next bucket: of the array remembered, or an old one that has not moved.
    pub(super) fn next_bucket(&mut self, f: &mut Frame) -> Step {
        let Call::IterNext { id } = f.call else { return Err(Nil) };
        let iter = self.iters.get(&id).ok_or(Nil)?;
        let (start, wrapped, b, slot) = (iter.start_bucket, iter.wrapped, iter.B, iter.buckets.ok_or(Nil)?);
        if f.bucket == start && wrapped {
            return self.iter_end(f, id);
        }
        let (g, bucket) = (f.g, f.bucket);
        (f.slot, f.chain, f.check) = (slot, bucket, None);
        let mut event = Event::IterBucket { g, id, array: self.array(slot), bucket };
        if let Some(old_slot) = self.h.oldbuckets.filter(|_| b == self.h.B) {
            let old = bucket & (self.h.noldbuckets() - 1);
            let head = self.mem.nth(old_slot, old).ok_or(Nil)?;
            event = Event::IterNewBucket { g, id, bucket, old };
            if !self.mem.at(head).evacuated() {
                if self.fault == Fault::IterLosesOld {
                    return Err(Nil);
                }
                (f.slot, f.chain, f.check) = (old_slot, old, Some(bucket));
                event = Event::IterOldBucket { g, id, bucket, old };
            }
        }
        f.b = Some(self.mem.nth(f.slot, f.chain).ok_or(Nil)?);
        (f.pos, f.i, f.pc) = (0, 0, Pc::NextCells);
        f.bucket += 1;
        if f.bucket == 1 << b {
            (f.bucket, f.pc) = (0, Pc::NextWrap);
        }
        Ok(Some(event))
    }

    fn iter_end(&mut self, f: &mut Frame, id: u32) -> Step {
        let iter = self.iter(id)?;
        iter.ended = true;
        (iter.buckets, iter.bptr) = (None, None);
        let yielded = iter.yielded;
        self.returned = Returned::default();
        self.garbage = true;
        f.pc = Pc::Done;
        Ok(Some(Event::IterEnded { g: f.g, id, yielded }))
    }

    pub(super) fn next_wrap(&mut self, f: &mut Frame) -> Step {
        let Call::IterNext { id } = f.call else { return Err(Nil) };
        self.iter(id)?.wrapped = true;
        f.pc = Pc::NextCells;
        Ok(Some(Event::IterWrapped { g: f.g, id }))
    }

    /// The next cells, from the offset on and around: empty ones are passed, the first other one is looked at.
    pub(super) fn next_cells(&mut self, f: &mut Frame) -> Step {
        let Call::IterNext { id } = f.call else { return Err(Nil) };
        let (b, offset) = (f.b.ok_or(Nil)?, self.iter(id)?.offset);
        let tophash = self.mem.at(b).tophash;
        let cell_of = |i: u32| (i + offset) % BUCKET_COUNT as u32;
        let filled = |i: &u32| {
            let top = tophash[cell_of(*i) as usize];
            !top.is_empty() && top != EVACUATED_EMPTY
        };
        let count = BUCKET_COUNT as u32;
        let end = (f.i..count).find(filled).unwrap_or(count);
        let (g, array, bucket, pos, from) = (f.g, self.array(f.slot), f.chain, f.pos, f.i);
        if end > from {
            f.i = end;
            let (cell, to, cells) = (cell_of(from), end - 1, end - from);
            return Ok(Some(Event::IterEmptyCells { g, id, array, bucket, pos, cell, from, to, cells }));
        }
        if f.i == count {
            return self.next_overflow(f, id, b, array);
        }
        let cell = cell_of(f.i);
        f.i += 1;
        self.next_entry(f, id, b, cell)
    }

    fn next_overflow(&mut self, f: &mut Frame, id: u32, b: Ptr, array: Array) -> Step {
        let (g, bucket) = (f.g, f.chain);
        f.i = 0;
        f.b = self.mem.at(b).overflow;
        if f.b.is_none() {
            f.pc = Pc::NextBucket;
            return Ok(Some(Event::IterChainDone { g, id, array, bucket }));
        }
        f.pos += 1;
        if f.pos as usize > self.mem.bucket_total() {
            return Err(Nil);
        }
        Ok(Some(Event::IterOverflow { g, id, array, bucket, pos: f.pos }))
    }

    /// A filled cell: left out, looked up anew, or returned.
    fn next_entry(&mut self, f: &mut Frame, id: u32, b: Ptr, cell: u32) -> Step {
        let (g, pos, at) = (f.g, f.pos, cell as usize);
        let found = self.mem.at(b).tophash[at];
        let Some(key_id) = self.mem.at(b).keys[at] else {
            return Ok(Some(Event::IterKeyGone { g, id, key: None, pos, cell, found }));
        };
        let key = self.key(key_id).clone();
        if let Some(check) = f.check.filter(|_| !self.h.same_size_grow() && self.fault != Fault::IterUnfiltered) {
            let hash = self.hash(key_id);
            let belongs = (hash & ((1 << self.iter(id)?.B) - 1)) as u32;
            if belongs != check {
                return Ok(Some(Event::IterOtherHalf { g, id, key, hash: Hash(hash), belongs, check, pos, cell }));
            }
        }
        if found != EVACUATED_X && found != EVACUATED_Y {
            let value = self.mem.at(b).elems[at];
            let (array, bucket) = (self.array(f.slot), f.chain);
            self.publish(f, id, key_id, value)?;
            return Ok(Some(Event::IterYielded { g, id, key, value, array, bucket, pos, cell }));
        }
        let Some(spot) = self.find(key_id).filter(|_| self.h.count > 0) else {
            return Ok(Some(Event::IterKeyGone { g, id, key: Some(key), pos, cell, found }));
        };
        let value = self.mem.at(spot.ptr).elems[spot.cell as usize];
        self.publish(f, id, key_id, value)?;
        Ok(Some(Event::IterYieldedMoved { g, id, key, value, found, pos, cell }))
    }

    /// The pair is returned and the position saved.
    fn publish(&mut self, f: &mut Frame, id: u32, key: KeyId, value: i64) -> Result<(), Nil> {
        if f.check.is_some() && self.array(f.slot) == Array::Oldbuckets {
            self.stories.old_bucket_keys += 1;
        }
        self.returned = Returned { key: Some(key), value };
        let iter = self.iter(id)?;
        (iter.bucket, iter.bptr, iter.i, iter.check_bucket) = (f.bucket, f.b, f.i, f.check);
        iter.place = (f.slot, f.chain, f.pos);
        iter.yielded += 1;
        if iter.seen.contains(&key) {
            iter.twice = Some(key);
        }
        iter.seen.push(key);
        f.pc = Pc::Done;
        Ok(())
    }

    /// A key was deleted: it may come again, and need not come.
    pub(super) fn iters_forget(&mut self, key: KeyId) {
        for iter in self.iters.values_mut().filter(|iter| !iter.ended) {
            iter.throughout.retain(|id| *id != key);
            iter.seen.retain(|id| *id != key);
        }
    }

    /// The map was cleared.
    pub(super) fn iters_forget_all(&mut self) {
        for iter in self.iters.values_mut().filter(|iter| !iter.ended) {
            iter.throughout.clear();
            iter.seen.clear();
        }
    }
}
