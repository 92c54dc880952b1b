//! The map's header and the machine's whole state.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::machine::Dice;
use crate::text::as_displayed;

use super::super::keys::{Hashes, Key, KeyTable};
use super::event::{Array, EMPTY_REST, Top};
use super::frame::{Frame, Spot};
use super::iterate::Iter;
use super::laws::Fault;
use super::memory::{KeyId, Memory, Ptr};
use super::misread::Misread;
use super::setup::KeyKind;

/// `hmap.flags`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(pub u8);

/// There may be an iterator using `buckets`.
pub const ITERATOR: u8 = 1;
/// There may be an iterator using `oldbuckets`.
pub const OLD_ITERATOR: u8 = 2;
/// A goroutine is writing to the map.
pub const HASH_WRITING: u8 = 4;
/// The growth under way is to a map of the same size.
pub const SAME_SIZE_GROW: u8 = 8;

impl Flags {
    /// Whether all of these bits are set.
    pub fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let names = [
            (HASH_WRITING, "hashWriting"),
            (SAME_SIZE_GROW, "sameSizeGrow"),
            (ITERATOR, "iterator"),
            (OLD_ITERATOR, "oldIterator"),
        ];
        let mut separator = "";
        for (bit, name) in names {
            if self.has(bit) {
                write!(f, "{separator}{name}")?;
                separator = "|";
            }
        }
        if separator.is_empty() { f.write_str("0") } else { Ok(()) }
    }
}

as_displayed!(Flags);

/// `hmap`, with `mapextra.nextOverflow` pulled in.
#[derive(Clone, Debug, Default, Hash)]
#[allow(non_snake_case)]
pub struct Hmap {
    /// Live cells.
    pub count: usize,
    /// Who uses the map, and how it grows.
    pub flags: Flags,
    /// The array has 2^B buckets.
    pub B: u8,
    /// Overflow buckets of the new array; approximate from B = 16 on.
    pub noverflow: u16,
    /// The hash seed.
    pub hash0: u32,
    /// The bucket array's slot in memory; `None` before the first write to a map made without a size.
    pub buckets: Option<u32>,
    /// The old array; there is one exactly while the map grows.
    pub oldbuckets: Option<u32>,
    /// Old buckets below this number have been evacuated.
    pub nevacuate: u32,
    /// The next preallocated overflow bucket.
    pub next_overflow: Option<Ptr>,
}

impl Hmap {
    /// `growing()`.
    pub fn growing(&self) -> bool {
        self.oldbuckets.is_some()
    }

    /// `sameSizeGrow()`.
    pub fn same_size_grow(&self) -> bool {
        self.flags.has(SAME_SIZE_GROW)
    }

    /// `noldbuckets()`: computed from `B`, as the runtime does.
    pub fn noldbuckets(&self) -> u32 {
        let old_b = if self.same_size_grow() { self.B } else { self.B.saturating_sub(1) };
        1 << old_b
    }

    /// `bucketMask(h.B)`.
    pub fn mask(&self) -> u64 {
        (1 << self.B) - 1
    }
}

/// `overLoadFactor(count, B)`: above 8 and above 6.5 entries a bucket.
pub fn over_load_factor(count: usize, b: u8) -> bool {
    count > 8 && count > 13 * ((1 << b) / 2)
}

/// The most entries that `overLoadFactor` lets pass.
pub fn load_limit(b: u8) -> usize {
    8.max(13 * ((1 << b) / 2))
}

/// `noverflow` from which on `tooManyOverflowBuckets` holds.
pub fn overflow_limit(b: u8) -> u16 {
    1 << b.min(15)
}

/// The end of the process.
#[derive(Clone, Debug, PartialEq, Serialize, Hash)]
pub struct Dead {
    /// What Go prints.
    pub message: &'static str,
    /// The exit code; `None` if it never exits.
    pub exit: Option<u8>,
    /// The goroutine that ended it.
    pub g: u32,
}

/// Stories told so far: what the "sometimes" laws look for.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Stories {
    /// Growths that began within the run; one of its history does not count.
    pub begun: u32,
    pub doublings: u32,
    pub same_size: u32,
    pub old_bucket_keys: u32,
}

/// What a lookup or an iteration gave its caller last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Hash)]
pub(super) struct Returned {
    pub key: Option<KeyId>,
    pub value: i64,
}

/// The machine: Go's map of release 1.23.9 and the goroutines that use it.
#[derive(Clone, Debug, Hash)]
pub struct GoMap {
    pub(super) kind: KeyKind,
    pub(super) nil: bool,
    pub(super) h: Hmap,
    pub(super) mem: Memory,
    pub(super) keys: Arc<KeyTable>,
    pub(super) dice: Dice,
    pub(super) next_value: i64,
    pub(super) frames: Vec<Frame>,
    pub(super) iters: BTreeMap<u32, Iter>,
    pub(super) dead: Option<Dead>,
    /// The seed of a nil map, for the day it is made.
    pub(super) first_hash0: u32,
    // What follows is no part of the map: it tells laws and replays what happened.
    pub(super) last: Option<Frame>,
    pub(super) garbage: bool,
    pub(super) raced: bool,
    pub(super) absorbed: bool,
    pub(super) wrong_read: Option<KeyId>,
    /// What each lookup under way may give its caller.
    pub(super) due: BTreeMap<u32, Vec<i64>>,
    pub(super) misread: Option<Misread>,
    pub(super) untold: bool,
    pub(super) stories: Stories,
    pub(super) returned: Returned,
    pub(super) reseeds: u32,
    pub(super) fault: Fault,
}

impl GoMap {
    /// The map's header.
    pub fn hmap(&self) -> &Hmap {
        &self.h
    }

    /// The buckets.
    pub fn memory(&self) -> &Memory {
        &self.mem
    }

    /// Type of the keys.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Whether it is the nil map.
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// Operations under way, by goroutine.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The operation that ended with the last step, as it was then.
    pub fn ended(&self) -> Option<&Frame> {
        self.last.as_ref()
    }

    /// Iterations by id, ended ones included.
    pub fn iterations(&self) -> &BTreeMap<u32, Iter> {
        &self.iters
    }

    /// How the process ended, if it has.
    pub fn dead(&self) -> Option<&Dead> {
        self.dead.as_ref()
    }

    /// The key of this number.
    pub fn key(&self, id: KeyId) -> &Key {
        &self.keys.list[id.index()].key
    }

    /// The number of a key, if it has been met.
    pub fn key_id(&self, key: &Key) -> Option<KeyId> {
        self.keys.index.get(key).copied()
    }

    /// The key's hash under the present seed.
    pub fn hash(&self, id: KeyId) -> u64 {
        self.keys.hash(id, self.h.hash0.into())
    }

    /// Preallocated overflow buckets not handed out yet.
    pub fn spare(&self) -> u32 {
        self.h.next_overflow.map_or(0, |next| self.mem.total_len(next.slot) - next.index)
    }

    /// Head pointers of an array, in order.
    pub fn heads(&self, slot: u32) -> impl Iterator<Item = Ptr> + use<> {
        (0..self.mem.main_len(slot)).map(move |index| Ptr { slot, index })
    }

    /// Which of the arrays this is.
    pub fn array(&self, slot: u32) -> Array {
        if self.h.buckets == Some(slot) {
            Array::Buckets
        } else if self.h.oldbuckets == Some(slot) {
            Array::Oldbuckets
        } else {
            Array::Snapshot
        }
    }

    /// Old buckets that have been evacuated, and how many there are; `None` if the map is not growing.
    pub fn evacuated(&self) -> Option<(u32, u32)> {
        let slot = self.h.oldbuckets?;
        let moved = self.heads(slot).filter(|head| self.mem.at(*head).evacuated()).count();
        Some((moved as u32, self.mem.main_len(slot)))
    }

    /// Where the key is, looked up as `mapaccessK` does, at once.
    pub fn find(&self, id: KeyId) -> Option<Spot> {
        let hash = self.hash(id);
        let top = Top::of(hash);
        let mut slot = self.h.buckets?;
        let mut chain = (hash & self.h.mask()) as u32;
        if let Some(old_slot) = self.h.oldbuckets {
            let old = (hash & u64::from(self.h.noldbuckets() - 1)) as u32;
            if !self.mem.at(self.mem.nth(old_slot, old)?).evacuated() {
                (slot, chain) = (old_slot, old);
            }
        }
        for (pos, (ptr, bucket)) in self.mem.chain(self.mem.nth(slot, chain)?).enumerate() {
            for cell in 0..bucket.tophash.len() {
                if bucket.tophash[cell] == top && bucket.keys[cell] == Some(id) {
                    return Some(Spot { ptr, slot, chain, pos: pos as u32, cell: cell as u32 });
                }
                if bucket.tophash[cell] == EMPTY_REST {
                    return None;
                }
            }
        }
        None
    }

    /// The number of a key, which is new to the table if need be.
    pub(super) fn intern(&mut self, key: &Key, given: Option<u64>) -> KeyId {
        KeyTable::intern(&mut self.keys, key, given)
    }

    /// `rand()`: the next number of ChaCha8 under the setup's seed.
    pub(super) fn rand(&mut self) -> u64 {
        self.dice.wide()
    }

    /// The first `hash0`: the one of `Seeded`, or a drawn one.
    pub(super) fn seed_hashes(&mut self, hashes: &Hashes) {
        match hashes {
            Hashes::Seeded(seed) => self.h.hash0 = *seed,
            Hashes::Given(given) => {
                self.h.hash0 = self.rand() as u32;
                for (key, hash) in given {
                    self.intern(key, Some(hash.0));
                }
            }
        }
    }

    /// Lets go of buckets that nothing points to any more.
    pub(super) fn collect(&mut self) {
        self.garbage = false;
        let h = &self.h;
        let roots = h.buckets.into_iter().chain(h.oldbuckets).chain(h.next_overflow.map(|next| next.slot));
        let roots = roots.chain(self.frames.iter().flat_map(Frame::roots));
        self.mem.collect(roots.chain(self.iters.values().flat_map(Iter::roots)));
    }
}
