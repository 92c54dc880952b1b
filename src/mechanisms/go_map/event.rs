//! What one step of a map operation did, with its figures.
//!
//! `g` is the goroutine (1 is main). `pos` is the place of a bucket in its chain: 0 is the bucket in the array, 1 the
//! first overflow bucket. `cell` is 0..=7. `array` says which array a bucket number belongs to.

#![allow(missing_docs, reason = "what a figure is called in every event is said above")]

use serde::{Serialize, Serializer};

use crate::machine::events;
use crate::text::as_displayed;

use super::super::keys::{Hash, Key};
use super::hmap::Flags;

/// A tophash byte: a live cell's top byte of the hash, or one of the five marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Top(pub u8);

/// This cell is empty, and so is every later cell of the chain.
pub const EMPTY_REST: Top = Top(0);
/// This cell is empty.
pub const EMPTY_ONE: Top = Top(1);
/// Old array: the entry moved to the bucket of the same number.
pub const EVACUATED_X: Top = Top(2);
/// Old array: the entry moved to the bucket `noldbuckets` further on.
pub const EVACUATED_Y: Top = Top(3);
/// Old array: the cell was empty when its bucket was evacuated.
pub const EVACUATED_EMPTY: Top = Top(4);
/// Smallest tophash of a live cell.
pub const MIN_TOP_HASH: Top = Top(5);

impl Top {
    /// The tophash of a hash: its top byte, plus five if that is below five.
    pub fn of(hash: u64) -> Top {
        let top = (hash >> 56) as u8;
        Top(if top < MIN_TOP_HASH.0 { top + MIN_TOP_HASH.0 } else { top })
    }

    /// `emptyRest` or `emptyOne`.
    pub fn is_empty(self) -> bool {
        self <= EMPTY_ONE
    }

    /// Whether the cell holds an entry here.
    pub fn is_live(self) -> bool {
        self >= MIN_TOP_HASH
    }

    /// One of the three marks of an evacuated bucket.
    pub fn is_evacuated(self) -> bool {
        self > EMPTY_ONE && self < MIN_TOP_HASH
    }
}

impl std::fmt::Display for Top {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match *self {
            EMPTY_REST => f.write_str("emptyRest"),
            EMPTY_ONE => f.write_str("emptyOne"),
            EVACUATED_X => f.write_str("evacuatedX"),
            EVACUATED_Y => f.write_str("evacuatedY"),
            EVACUATED_EMPTY => f.write_str("evacuatedEmpty"),
            Top(byte) => write!(f, "{byte:02x}"),
        }
    }
}

as_displayed!(Top);

/// The low `width` bits of a hash, shown in binary; nothing at width 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// The bits.
    pub value: u64,
    /// How many there are.
    pub width: u8,
}

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.width {
            0 => serializer.serialize_str(""),
            width => serializer.collect_str(&format_args!("{:0width$b}", self.value, width = width as usize)),
        }
    }
}

/// One of the arrays that a bucket can belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Array {
    /// `hmap.buckets`.
    Buckets,
    /// `hmap.oldbuckets`.
    Oldbuckets,
    /// An array that only an iteration or a goroutine still holds.
    Snapshot,
}

events! {
    /// The record of one step. Variants stand in the order of the source: checks, assignment, growth, evacuation, lookup,
    /// deletion, iteration, clear, ends.
    pub enum Event {
        // --- goroutines and checks (all operations) ---
        /// A goroutine was created and is about to call `op`.
        GoroutineStarted {
            g: u32 = "in goroutines.{g}",
            op: &'static str,
            key: Option<Key> = "goroutines.{g}.key | is null",
        };
        /// The map is nil: reading, deleting, clearing and iterating return at once.
        NilMapReturns {
            g: u32 = "in goroutines.{g} | derived: a call that begins and returns in one step",
            op: &'static str = "goroutines.{g}.call | was goroutines.{g}.call | derived: of a call that is over at once",
        };
        /// `count == 0`: reading, deleting, clearing and iterating return at once, before the `hashWriting` check.
        EmptyMapReturns {
            g: u32 = "in goroutines.{g} | derived: a call that begins and returns in one step",
            op: &'static str = "goroutines.{g}.call | was goroutines.{g}.call | derived: of a call that is over at once",
        } <- "count";
        /// `hashWriting` is not set: nobody was seen writing. `count` for the checks before it.
        WritingFlagClear { g: u32, op: &'static str, count: usize = "count" } <- "flags";
        /// The key's hash under `hash0`; `byte` is its top byte, `tophash` the same plus `added` (5 if below 5, else 0).
        Hashed {
            g: u32,
            key: Key,
            hash: Hash = "goroutines.{g}.hash",
            byte: u8 = "derived: the top byte of the hash",
            tophash: Top = "goroutines.{g}.tophash",
            added: u8 = "derived: 5 if the top byte is below 5",
            hash0: u32 = "hex hash0",
        } <- "hash0";
        /// `flags ^= hashWriting` switched the flag on.
        WritingFlagSet { g: u32, op: &'static str } <- "flags";
        /// `flags ^= hashWriting` switched off the flag of another writer, who passed the check at the same time.
        WritingFlagLost { g: u32, op: &'static str } <- "flags";

        // --- assignment and what it shares with lookup and deletion ---
        /// `buckets` was nil: the one bucket of B = 0 is allocated by the first write.
        FirstBucketAllocated { g: u32 } <- "buckets";
        /// `bucket = hash & mask`: the low B bits of the hash (`bits` in binary, empty at B = 0).
        BucketChosen {
            g: u32,
            key: Key,
            hash: Hash = "goroutines.{g}.hash | derived: of a key that is read without being stored",
            B: u8 = "B",
            mask: u64 = "2 ^ B - 1",
            bits: Bits = "derived: the low B bits of the hash",
            bucket: u32 = "goroutines.{g}.bucket",
        } <- "B", "?goroutines.{g}.hash";
        /// Cells `from..=to` of one bucket: no tophash equals `tophash`, none is `emptyRest` or remembered.
        CellsDiffer {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            from: u32 = "in {array}[{bucket}]{.overflow*pos}.tophash[{from}] | derived: an array that only an iteration still holds",
            to: u32,
            cells: u32 = "{to} - {from} + 1",
            tophash: Top = "goroutines.{g}.tophash",
        } <- "?{array}[{bucket}]{.overflow*pos}.tophash[{from..to}]", "goroutines.{g}.tophash";
        /// The first empty cell on the way: a new key would be put here.
        EmptyCellRemembered {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            found: Top = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*pos}.tophash[{cell}]";
        /// The cell is `emptyRest`: nothing can follow, the search ends.
        EmptyRestStops {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32 = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] = emptyRest | derived: an array that only an iteration still holds",
            key: Key,
        } <- "?{array}[{bucket}]{.overflow*pos}.tophash[{cell}]";
        /// The tophash is equal: the keys have to be compared.
        TophashMatched {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            tophash: Top = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] | derived: an array that only an iteration still holds",
            key: Key,
        } <- "?{array}[{bucket}]{.overflow*pos}.tophash[{cell}]", "goroutines.{g}.tophash";
        /// Same tophash, other key: the search goes on.
        KeyDiffers {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key,
            found: Option<Key> = "{array}[{bucket}]{.overflow*pos}.keys[{cell}] | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*pos}.keys[{cell}]";
        /// The key was found.
        KeyMatched {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key = "{array}[{bucket}]{.overflow*pos}.keys[{cell}] | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*pos}.keys[{cell}]";
        /// All eight cells looked at: the search goes on in the overflow bucket; `pos` is that bucket's.
        OverflowFollowed { g: u32, array: Array, bucket: u32, pos: u32 } <- "?{array}[{bucket}]{.overflow*pos}";
        /// No further overflow bucket: the search ends. `remembered`: whether an empty cell was seen.
        ChainEnds {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            key: Key,
            remembered: bool = "derived: whether inserti is set",
        } <- "?{array}[{bucket}]{.overflow*pos}.overflow";

        // --- the growth check of a new key ---
        /// The map is growing already: no growth can be started, whatever the load.
        GrowthUnderWay {
            g: u32,
            count: usize = "count",
            noverflow: u16 = "noverflow",
            nevacuate: u32 = "nevacuate",
            old_buckets: u32 = "len oldbuckets",
        } <- "oldbuckets";
        /// Neither too loaded nor too many overflow buckets. `next` = count + 1; `limit` = max(8, 13·2^B/2).
        NoGrowthNeeded {
            g: u32,
            next: usize = "count + 1",
            limit: usize = "derived: max(8, 13·2^B/2)",
            B: u8,
            noverflow: u16,
            overflow_limit: u16 = "derived: 2^min(B, 15)",
        } <- "count", "B", "noverflow";
        /// `next` = count + 1 is above 8 and above `limit` = 13·2^B/2: doubling.
        LoadExceeded {
            g: u32,
            next: usize = "count + 1",
            limit: usize = "derived: max(8, 13·2^B/2)",
            B: u8,
            noverflow: u16,
            overflow_limit: u16 = "derived: 2^min(B, 15)",
        } <- "count", "B";
        /// `noverflow` has reached 2^min(B,15) and the load is fine: growth to the same size.
        TooManyOverflow {
            g: u32,
            next: usize = "count + 1",
            limit: usize = "derived: max(8, 13·2^B/2)",
            B: u8,
            noverflow: u16,
            overflow_limit: u16 = "derived: 2^min(B, 15)",
        } <- "noverflow", "B";

        // --- hashGrow ---
        /// `flags |= sameSizeGrow`.
        SameSizeFlagSet { g: u32 } <- "noverflow";
        /// The new bucket array: `buckets` of them and `spare` preallocated overflow buckets behind. Nobody sees it yet.
        NewArrayAllocated {
            g: u32,
            B: u8 = "derived: B of the array that nobody sees yet",
            buckets: u32 = "2 ^ {B}",
            spare: u32 = "derived: of the array that nobody sees yet",
        } <- "B", "flags";
        /// `B` grew by one.
        BRaised { g: u32, from: u8 = "was B", B: u8, buckets: u32 = "2 ^ B" } <- "B", "flags";
        /// The `iterator` flag became `oldIterator`, or `oldIterator` of an older growth was dropped.
        IteratorFlagsMoved { g: u32, from: Flags = "was flags", to: Flags = "flags" } <- "flags";
        /// `oldbuckets = buckets`: from now on the map is growing.
        OldArraySet { g: u32, old_buckets: u32 = "len oldbuckets" } <- "buckets";
        /// `buckets` = the new array.
        NewArraySet { g: u32, buckets: u32 = "len buckets" };
        /// `nevacuate = 0`.
        NevacuateReset { g: u32, from: u32 = "was nevacuate" } <- "nevacuate";
        /// `noverflow = 0`, by `hashGrow` (in `op` mapassign: only the new array's overflow buckets count) or by `clear`.
        NoverflowReset { g: u32, from: u16 = "was noverflow", op: &'static str } <- "noverflow";
        /// `nextOverflow` = the first of `spare` preallocated overflow buckets.
        SpareSet { g: u32, spare: u32 = "spare" };
        /// `goto again`: the growth has made everything found so far invalid.
        TriedAgain { g: u32, key: Key };

        // --- a new overflow bucket (newoverflow) ---
        /// A preallocated overflow bucket is handed out; `spare` are left.
        SpareTaken { g: u32, spare: u32 = "spare" } <- "spare";
        /// No spare left: an overflow bucket is allocated.
        OverflowAllocated { g: u32 } <- "spare";
        /// `noverflow` was raised to this figure.
        NoverflowRaised { g: u32, noverflow: u16, overflow_limit: u16 = "derived: 2^min(B, 15)" };
        /// `noverflow` was not raised: with B above 15 only one in 2^(B-15) is counted.
        NoverflowSampledOut { g: u32, noverflow: u16 };
        /// The overflow bucket was linked to the end of the chain; `pos` is its place.
        OverflowLinked { g: u32, array: Array, bucket: u32, pos: u32 };

        // --- storing a new entry ---
        /// The key was written into its cell, whose tophash still says empty.
        KeyStored {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key = "{array}[{bucket}]{.overflow*pos}.keys[{cell}] | derived: an array that only an iteration still holds",
        };
        /// The tophash was written: the cell is live.
        TophashStored {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key,
            tophash: Top = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] | derived: an array that only an iteration still holds",
        };
        /// `count++`.
        CountRaised { g: u32, count: usize = "count" } <- "count";
        /// `hashWriting` is still set, as this writer left it.
        WritingFlagHeld { g: u32, op: &'static str } <- "flags";
        /// `flags &^= hashWriting`: the runtime function returns; an assignment has not stored its elem yet.
        WritingFlagCleared { g: u32, op: &'static str } <- "flags";
        /// Compiled code stored the elem of a new entry through the pointer that `mapassign` returned.
        ElemStored {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key,
            value: i64 = "{array}[{bucket}]{.overflow*pos}.elems[{cell}] | derived: an array that only an iteration still holds",
        };
        /// Compiled code overwrote the elem of an entry that was there; `before` is what it held.
        ElemOverwritten {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key,
            value: i64 = "{array}[{bucket}]{.overflow*pos}.elems[{cell}] | derived: an array that only an iteration still holds",
            before: i64 = "was {array}[{bucket}]{.overflow*pos}.elems[{cell}] | derived: an array that only an iteration still holds",
        };

        // --- evacuation ---
        /// `growWork`, first half: the old bucket of the one that is to be used.
        EvacuateHitBucket {
            g: u32,
            bucket: u32 = "in buckets[{bucket}]",
            old: u32 = "in oldbuckets[{old}]",
            old_buckets: u32 = "len oldbuckets",
        } <- "oldbuckets";
        /// `growWork`, second half: one more, the bucket that `nevacuate` points at.
        EvacuateNextBucket { g: u32, old: u32 = "nevacuate", old_buckets: u32 = "len oldbuckets" } <-
            "oldbuckets", "nevacuate";
        /// The first half finished the growth: there is no second one.
        NothingLeftToEvacuate { g: u32 } <- "oldbuckets";
        /// This old bucket has moved before: nothing to copy.
        AlreadyEvacuated { g: u32, old: u32, first: Top = "oldbuckets[{old}].tophash[0]" } <-
            "oldbuckets[{old}].tophash[0]";
        /// Doubling: the entries go to X (same number) or Y (number + `newbit`), by one more bit of their hashes.
        DestinationsXY {
            g: u32,
            old: u32,
            x: u32 = "is {old}",
            y: u32 = "{old} + {newbit}",
            newbit: u32 = "len oldbuckets",
            live: u32 = "derived: the live cells of the old chain",
        } <- "oldbuckets[{old}]", "flags";
        /// Same size: all entries go to X, close together and without holes.
        DestinationX {
            g: u32,
            old: u32,
            x: u32 = "is {old}",
            live: u32 = "derived: the live cells of the old chain",
        } <- "oldbuckets[{old}]", "flags";
        /// Neighbouring empty old cells `from..=to` are marked `evacuatedEmpty`.
        EmptyCellsEvacuated {
            g: u32,
            old: u32,
            pos: u32 = "in oldbuckets[{old}]{.overflow*pos}",
            from: u32 = "in oldbuckets[{old}]{.overflow*pos}.tophash[{from}]",
            to: u32 = "in oldbuckets[{old}]{.overflow*pos}.tophash[{to}]",
            cells: u32 = "{to} - {from} + 1",
        } <- "oldbuckets[{old}]{.overflow*pos}.tophash[{from..to}]";
        /// The new bit of the hash is 0: the old cell is marked `evacuatedX`. `to` is the destination bucket.
        MarkedX {
            g: u32,
            old: u32,
            pos: u32 = "in oldbuckets[{old}]{.overflow*pos}",
            cell: u32 = "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}] = evacuatedX",
            key: Key = "oldbuckets[{old}]{.overflow*pos}.keys[{cell}]",
            hash: Hash = "derived: of the key in the cell",
            newbit: u32 = "len oldbuckets",
            to: u32 = "is {old}",
        } <- "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}]";
        /// The new bit of the hash is 1: the old cell is marked `evacuatedY`.
        MarkedY {
            g: u32,
            old: u32,
            pos: u32 = "in oldbuckets[{old}]{.overflow*pos}",
            cell: u32 = "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}] = evacuatedY",
            key: Key = "oldbuckets[{old}]{.overflow*pos}.keys[{cell}]",
            hash: Hash = "derived: of the key in the cell",
            newbit: u32 = "len oldbuckets",
            to: u32 = "{old} + {newbit}",
        } <- "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}]";
        /// Same-size growth: the old cell is marked `evacuatedX` without looking at the hash.
        MarkedSameSize {
            g: u32,
            old: u32,
            pos: u32 = "in oldbuckets[{old}]{.overflow*pos}",
            cell: u32 = "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}] = evacuatedX",
            key: Key = "oldbuckets[{old}]{.overflow*pos}.keys[{cell}]",
            to: u32 = "is {old}",
        } <- "oldbuckets[{old}]{.overflow*pos}.tophash[{cell}]";
        /// The destination bucket is full: it needs an overflow bucket. `side` is X or Y.
        DestinationFull {
            g: u32,
            side: &'static str = "one of X Y",
            to: u32 = "in buckets[{to}]",
            pos: u32 = "in buckets[{to}]{.overflow*pos}",
        } <- "buckets[{to}]{.overflow*pos}.tophash[7]";
        /// Tophash (unchanged), key and elem were copied from cell `from_cell` of the old bucket: the entry has arrived.
        EntryMoved {
            g: u32,
            old: u32,
            from_pos: u32 = "in oldbuckets[{old}]{.overflow*from_pos}",
            from_cell: u32 = "oldbuckets[{old}]{.overflow*from_pos}.keys[{from_cell}] = {key}",
            side: &'static str = "one of X Y",
            to: u32 = "in buckets[{to}]",
            pos: u32 = "in buckets[{to}]{.overflow*pos}",
            cell: u32 = "in buckets[{to}]{.overflow*pos}.tophash[{cell}]",
            key: Key = "buckets[{to}]{.overflow*pos}.keys[{cell}]",
            tophash: Top = "buckets[{to}]{.overflow*pos}.tophash[{cell}]",
            value: i64 = "buckets[{to}]{.overflow*pos}.elems[{cell}]",
        };
        /// Evacuation goes on in the old bucket's overflow bucket.
        OldOverflowFollowed { g: u32, old: u32, pos: u32 = "in oldbuckets[{old}]{.overflow*pos}" } <-
            "oldbuckets[{old}]{.overflow*pos}";
        /// Keys, elems and overflow pointer of the old head bucket were zeroed to help the garbage collector.
        OldBucketCleared { g: u32, old: u32, unlinked: u32 = "derived: the overflow buckets of the chain" } <- "flags";
        /// They stay: an iteration may still walk the old array (`oldIterator`).
        OldBucketKeptForIterator { g: u32, old: u32 } <- "flags";
        /// They stay: the bucket type has no pointers.
        OldBucketKeptNoPointers { g: u32, old: u32 };
        /// The bucket is not the one `nevacuate` points at: the mark stays.
        EvacuationMarkStays { g: u32, old: u32, nevacuate: u32 = "nevacuate" } <- "nevacuate";
        /// `nevacuate++`.
        EvacuationMarkAdvanced { g: u32, nevacuate: u32 = "nevacuate", old_buckets: u32 = "len oldbuckets" } <-
            "nevacuate";
        /// `nevacuate++` over a bucket that had moved before.
        EvacuationMarkSkips {
            g: u32,
            skipped: u32 = "was nevacuate",
            nevacuate: u32 = "nevacuate",
            old_buckets: u32 = "len oldbuckets",
        } <- "oldbuckets[{skipped}].tophash[0]";
        /// All old buckets have moved: `oldbuckets = nil`, the growth is over.
        OldArrayFreed { g: u32, old_buckets: u32 = "was len oldbuckets" } <- "nevacuate";
        /// `flags &^= sameSizeGrow`.
        SameSizeFlagCleared { g: u32 } <- "flags";

        // --- lookup ---
        /// The old bucket has not been evacuated: the key can only be there.
        OldBucketConsulted {
            g: u32,
            key: Key,
            bucket: u32 = "in buckets[{bucket}]",
            old: u32,
            first: Top = "oldbuckets[{old}].tophash[0]",
        } <- "oldbuckets[{old}].tophash[0]";
        /// The old bucket has been evacuated: the new one is right.
        NewBucketConsulted {
            g: u32,
            key: Key,
            bucket: u32 = "in buckets[{bucket}]",
            old: u32,
            first: Top = "oldbuckets[{old}].tophash[0]",
        } <- "oldbuckets[{old}].tophash[0]";
        /// A pointer to the elem is returned.
        ValueReturned { g: u32, key: Key, value: i64 = "derived: the elem that the pointer leads to" };
        /// Not found: the zero value is returned.
        ZeroReturned { g: u32, key: Key };
        /// What the lookup gave is none of what it could have given (`due`), had the operations come one after another: other
        /// goroutines wrote meanwhile, and no check noticed.
        WrongValueRead {
            g: u32 = "misread.g",
            key: Key = "misread.key",
            value: i64 = "misread.value",
            due: Vec<i64> = "misread.due",
        } <- "misread";

        // --- deletion ---
        /// The key was cleared, since a string is a pointer (an integer key stays in memory).
        KeyCleared {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            key: Key = "was {array}[{bucket}]{.overflow*pos}.keys[{cell}] | derived: an array that only an iteration still holds",
        };
        /// The elem was cleared.
        ElemCleared {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32 = "{array}[{bucket}]{.overflow*pos}.elems[{cell}] = 0 | derived: an array that only an iteration still holds",
            key: Key,
        };
        /// The cell became `emptyOne`.
        MarkedEmptyOne {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32 = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] = emptyOne | derived: an array that only an iteration still holds",
            key: Key,
        };
        /// What follows is not `emptyRest`: the cell stays `emptyOne`. `next_pos`, `next_cell`, `found`: what follows.
        RightInUse {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            next_pos: u32 = "in {array}[{bucket}]{.overflow*next_pos} | derived: an array that only an iteration still holds",
            next_cell: u32 = "in {array}[{bucket}]{.overflow*next_pos}.tophash[{next_cell}] | derived: an array that only an iteration still holds",
            found: Top = "{array}[{bucket}]{.overflow*next_pos}.tophash[{next_cell}] | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*next_pos}.tophash[{next_cell}]";
        /// What follows is `emptyRest`: the marks spread back from here.
        RightIsEmptyRest {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            next_pos: u32 = "in {array}[{bucket}]{.overflow*next_pos} | derived: an array that only an iteration still holds",
            next_cell: u32 = "{array}[{bucket}]{.overflow*next_pos}.tophash[{next_cell}] = emptyRest | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*next_pos}.tophash[{next_cell}]";
        /// Nothing follows the last cell of the chain: the marks spread back from here.
        RightIsChainEnd { g: u32, array: Array, bucket: u32, pos: u32, cell: u32 } <-
            "?{array}[{bucket}]{.overflow*pos}.overflow";
        /// The cell became `emptyRest`.
        MarkedEmptyRest {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32 = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] = emptyRest | derived: an array that only an iteration still holds",
        };
        /// The marks spread on into the bucket before; `pos` is that bucket's.
        PredecessorFound { g: u32, array: Array, bucket: u32, pos: u32 };
        /// The cell to the left is not `emptyOne`: the marks stop.
        LeftInUse {
            g: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            found: Top = "{array}[{bucket}]{.overflow*pos}.tophash[{cell}] | derived: an array that only an iteration still holds",
        } <- "?{array}[{bucket}]{.overflow*pos}.tophash[{cell}]";
        /// The first cell of the chain was reached: the marks stop.
        ChainStartReached { g: u32, array: Array, bucket: u32 };
        /// `count--`.
        CountLowered { g: u32, count: usize = "count" } <- "count";
        /// The map is empty: a new `hash0` is drawn.
        Reseeded { g: u32, hash0: u32 = "hex hash0" } <- "count";

        // --- make ---
        /// `makemap` has an `hmap` with a seed of its own; the variable is nil until it returns.
        HeaderMade { g: u32, hint: usize = "derived: the size given to make", hash0: u32 = "hex hash0" };
        /// With this B the hint is over the load limit: `next` = B + 1 is tried.
        HintExceeds {
            g: u32,
            hint: usize = "derived: the size given to make",
            B: u8 = "was B",
            limit: usize = "derived: max(8, 13·2^B/2)",
            next: u8 = "B",
        } <- "B";
        /// The smallest B for which the hint is not over the limit.
        HintFits {
            g: u32,
            hint: usize = "derived: the size given to make",
            B: u8,
            limit: usize = "derived: max(8, 13·2^B/2)",
        } <- "B";
        /// The array: `wanted` = 2^(B-4) spare overflow buckets from B = 4 on, and `more` for which the size class has room.
        BucketsMade {
            g: u32,
            B: u8,
            buckets: u32 = "2 ^ B",
            wanted: u32 = "derived: 2^(B-4) from B = 4 on",
            more: u32 = "{spare} - {wanted}",
            spare: u32 = "derived: of the array just made",
        } <- "B";
        /// `make` returns: the variable holds the map.
        MapMade { g: u32, hint: usize = "derived: the size given to make" };
        /// So many entries were put in, one after the other, shown as one step.
        Filled {
            g: u32 = "one of 1",
            entries: u32 = "derived: as many as were asked for",
            from: Key = "derived: the first of the numbered keys",
            to: Key = "derived: the last of the numbered keys",
        };

        // --- iteration ---
        /// `mapiterinit` remembered `B` and `buckets`.
        IterSnapshot { g: u32, id: u32, B: u8, buckets: u32 = "derived: of the array remembered" } <- "buckets", "B";
        /// Start bucket and offset within every bucket, drawn at random or given.
        IterStartChosen {
            g: u32,
            id: u32,
            start: u32 = "iterators.{id}.startBucket",
            offset: u32 = "iterators.{id}.offset",
            random: bool = "derived: whether the start was drawn",
        };
        /// `flags |= iterator|oldIterator`.
        IterFlagsSet { g: u32, id: u32 } <- "flags";
        /// Both flags were set already.
        IterFlagsPresent { g: u32, id: u32 } <- "flags";
        /// `mapiternext`: `hashWriting` is not set.
        IterFlagClear { g: u32, id: u32 } <- "flags";
        /// A bucket of the array that the iteration remembered; the map is not growing into it.
        IterBucket { g: u32, id: u32, array: Array, bucket: u32 } <- "oldbuckets", "B";
        /// The map is growing into this array and the old bucket has not moved: it is walked instead.
        IterOldBucket {
            g: u32,
            id: u32,
            bucket: u32 = "derived: of the array that the iteration remembered",
            old: u32,
        } <- "oldbuckets[{old}].tophash[0]";
        /// The map is growing into this array and the old bucket has moved: the new one is walked.
        IterNewBucket {
            g: u32,
            id: u32,
            bucket: u32 = "in buckets[{bucket}] | derived: of the array that the iteration remembered",
            old: u32,
        } <- "oldbuckets[{old}].tophash[0]";
        /// After the last bucket the walk goes on at bucket 0.
        IterWrapped { g: u32, id: u32 = "iterators.{id}.wrapped = true" };
        /// Cells from the `from`-th to the `to`-th on the walk (offset applied: first cell looked at is `cell`) are empty.
        IterEmptyCells {
            g: u32,
            id: u32,
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
            from: u32 = "derived: counted from the offset",
            to: u32 = "derived: counted from the offset",
            cells: u32 = "{to} - {from} + 1",
        };
        /// A key of the old bucket that will go to the other new bucket is left out.
        IterOtherHalf {
            g: u32,
            id: u32,
            key: Key,
            hash: Hash = "derived: of the key in the cell",
            belongs: u32 = "derived: the low bits of the hash",
            check: u32 = "derived: the bucket that the walk is filling",
            pos: u32 = "derived: the place on the walk",
            cell: u32 = "derived: the place on the walk",
        } <- "oldbuckets";
        /// The cell's entry has moved and is no longer in the map: left out.
        IterKeyGone {
            g: u32,
            id: u32,
            key: Option<Key> = "derived: the key in the cell, if it is still there",
            pos: u32 = "derived: the place on the walk",
            cell: u32 = "derived: the place on the walk",
            found: Top = "derived: the tophash in the array that the walk is in",
        };
        /// The pair is returned and the position saved.
        IterYielded {
            g: u32,
            id: u32,
            key: Key = "{array}[{bucket}]{.overflow*pos}.keys[{cell}] | derived: an array that only an iteration still holds",
            value: i64 = "{array}[{bucket}]{.overflow*pos}.elems[{cell}] | derived: an array that only an iteration still holds",
            array: Array,
            bucket: u32,
            pos: u32,
            cell: u32,
        } <- "?{array}[{bucket}]{.overflow*pos}.keys[{cell}]", "?{array}[{bucket}]{.overflow*pos}.elems[{cell}]";
        /// The cell's entry has moved since the iteration began; looked up by its key and returned.
        IterYieldedMoved {
            g: u32,
            id: u32,
            key: Key,
            value: i64 = "derived: looked up by its key",
            found: Top = "derived: the tophash in the array that the walk is in",
            pos: u32 = "derived: the place on the walk",
            cell: u32 = "derived: the place on the walk",
        };
        /// The walk goes on in the overflow bucket.
        IterOverflow { g: u32, id: u32, array: Array, bucket: u32, pos: u32 } <- "?{array}[{bucket}]{.overflow*pos}";
        /// The chain is done.
        IterChainDone { g: u32, id: u32, array: Array, bucket: u32 };
        /// So many pairs were fetched one after the other, shown as one step; `key` is the last.
        PairsReturned {
            g: u32 = "one of 1",
            id: u32,
            pairs: u32 = "derived: how many were left",
            key: Option<Key> = "derived: the last key returned",
        };
        /// Back at the start bucket: the iteration ends, after `yielded` pairs.
        IterEnded { g: u32, id: u32, yielded: u32 = "iterators.{id}.yielded" } <-
            "iterators.{id}.wrapped", "iterators.{id}.startBucket";

        // --- clear ---
        /// Every tophash of one chain, or of the neighbouring chains `bucket..=to` that have no overflow buckets, became
        /// `emptyRest`, so that iterations under way end.
        ChainMarkedEmpty {
            g: u32,
            array: Array,
            bucket: u32,
            to: u32 = "in {array}[{to}] | derived: an array that only an iteration still holds",
            chains: u32 = "{to} - {bucket} + 1",
            cells: u32 = "derived: eight a bucket of the chains",
        };
        /// `oldbuckets = nil` by `clear`.
        OldArrayDropped { g: u32 };
        /// `count = 0`.
        CountReset { g: u32, from: usize = "was count" };
        /// `nextOverflow` was dropped with `mapextra`.
        SpareDropped { g: u32, spare: u32 = "was spare" };
        /// The memory of the bucket array was zeroed and is used again.
        ArrayZeroed { g: u32, buckets: u32 = "len buckets" };

        // --- ends of the process ---
        /// `panic: assignment to entry in nil map`.
        PanicNilMap { g: u32, key: Key } <- "goroutines.{g}";
        /// `fatal error: concurrent map read and map write`.
        FatalReadWrite { g: u32, key: Key } <- "flags";
        /// `fatal error: concurrent map writes`; another writer was seen before this one began.
        FatalWritesAtStart { g: u32, op: &'static str } <- "flags";
        /// `fatal error: concurrent map writes`; the flag was gone when this writer was about to finish.
        FatalWritesAtEnd { g: u32, op: &'static str } <- "flags";
        /// `fatal error: concurrent map iteration and map write`.
        FatalIteration { g: u32, id: u32 } <- "flags";
        /// Two writers corrupted the map: `fatal error: bad map state`.
        ThrowBadMapState { g: u32, old: u32, found: Top = "derived: the tophash that was met" };
        /// Two writers corrupted the map: its figures ask for a growth again after each growth, without end.
        GrowsForever { g: u32, tries: u32 = "derived: growths that one operation has begun" };
        /// Two writers corrupted the map: a pointer that another one changed leads nowhere.
        MemoryFault { g: u32, op: &'static str };
    }
    figures {
        g: "in goroutines.{g}";
        op: "goroutines.{g}.call | was goroutines.{g}.call";
        key: "goroutines.{g}.key | was goroutines.{g}.key | derived: the key that the iteration or the other array has here";
        array: "one of buckets oldbuckets snapshot";
        bucket: "in {array}[{bucket}] | derived: an array that only an iteration still holds";
        pos: "in {array}[{bucket}]{.overflow*pos} | derived: an array that only an iteration still holds";
        cell: "in {array}[{bucket}]{.overflow*pos}.tophash[{cell}] | derived: an array that only an iteration still holds";
        from: "in {array}[{bucket}]{.overflow*pos}.tophash[{from}] | derived: an array that only an iteration still holds";
        to: "in {array}[{bucket}]{.overflow*pos}.tophash[{to}] | derived: an array that only an iteration still holds";
        old: "in oldbuckets[{old}]";
        id: "in iterators.{id}";
        B: "B";
        noverflow: "noverflow";
    }
}

impl Event {
    /// The goroutine that took the step; 1 is main.
    pub fn goroutine(&self) -> u32 {
        crate::machine::Event::figure(self, "g").unwrap_or_default()
    }
}
