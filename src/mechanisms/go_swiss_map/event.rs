//! What one step did, with its figures.
//!
//! `g` is the goroutine that took the step, `op` the runtime's function, `table`, `group` and `slot` a place, `h2` a control
//! byte, `left` a table's `growthLeft`.

use crate::machine::events;

use super::super::keys::{Hash, Key};
use super::state::Ctrl;

events! {
    /// The record of one step.
    pub enum Event {
        /// Another goroutine begins an operation.
        GoroutineStarted { g: u32, op: &'static str = "goroutines.{g}.call", key: Option<Key> = "goroutines.{g}.key | is null" };

        // --- what every function does first and last ---
        NilMapReturns { g: u32 = "in goroutines.{g} | derived: an operation that is over with its first step",
            op: &'static str = "goroutines.{g}.call | was goroutines.{g}.call | derived: of an operation that is over at once" };
        EmptyMapReturns { g: u32 = "in goroutines.{g} | derived: an operation that is over with its first step",
            op: &'static str = "goroutines.{g}.call | was goroutines.{g}.call | derived: of an operation that is over at once" } <- "used";
        PanicNilMap { g: u32, key: Key } <- "goroutines.{g}";
        WritingClear { g: u32, op: &'static str, used: u64 = "used" } <- "writing";
        FatalReadWrite { g: u32, key: Key } <- "writing";
        FatalWritesAtStart { g: u32, op: &'static str } <- "writing";
        FatalWritesAtEnd { g: u32, op: &'static str } <- "writing";
        FatalIteration { g: u32, id: u32 } <- "writing";
        Hashed { g: u32, key: Key, hash: Hash = "goroutines.{g}.hash", h1: Hash = "derived: the hash without its lower seven bits",
            h2: Ctrl = "goroutines.{g}.h2" } <- "seed";
        /// `writing` 0: another writer had toggled it before.
        WritingToggled { g: u32, op: &'static str, writing: u8 = "writing" } <- "writing";
        WritingHeld { g: u32, op: &'static str } <- "writing";
        WritingCleared { g: u32, op: &'static str, writing: u8 = "writing" };
        /// Two writers have corrupted the map: nothing can follow.
        Astray { g: u32, op: &'static str };

        // --- search ---
        /// A small map with integer keys: `compared` full slots at most, without a hash; found at `slot`.
        SlotsCompared { g: u32, key: Key, table: u32 = "group", group: u32, compared: u32 = "derived: full slots",
            slot: Option<u32> = "derived: where the key is" } <- "tables.{table}.groups[0].keys";
        TableChosen { g: u32, key: Key, index: u32, table: u32 = "directory[{index}]", depth: u8 = "globalDepth" }
            <- "directory[{index}]", "globalDepth";
        ProbeStarted { g: u32, table: u32, group: u32, groups: usize = "len tables.{table}.groups" } <- "tables.{table}.capacity";
        /// Eight control bytes compared at once: these are equal.
        H2Matched { g: u32, table: u32, group: u32, h2: Ctrl = "goroutines.{g}.h2",
            slots: Vec<u32> = "each tables.{table}.groups[{group}].ctrl[{}] = {h2}" } <- "tables.{table}.groups[{group}].ctrl";
        H2Missed { g: u32, table: u32, group: u32, h2: Ctrl = "goroutines.{g}.h2" } <- "tables.{table}.groups[{group}].ctrl";
        KeyMatched { g: u32, key: Key, table: u32, group: u32, slot: u32 } <- "tables.{table}.groups[{group}].keys[{slot}]";
        KeyDiffers { g: u32, key: Key, table: u32, group: u32, slot: u32,
            found: Option<Key> = "tables.{table}.groups[{group}].keys[{slot}]" } <- "tables.{table}.groups[{group}].keys[{slot}]";
        /// The search ends here: the key is nowhere; for an assignment this slot is free.
        EmptyFound { g: u32, key: Key, table: u32, group: u32, slot: u32 = "tables.{table}.groups[{group}].ctrl[{slot}] = empty" }
            <- "tables.{table}.groups[{group}].ctrl";
        SmallMissed { g: u32, key: Key, table: u32 = "group", group: u32 } <- "tables.{table}.groups[0].ctrl";
        SmallFull { g: u32, key: Key, table: u32 = "group", group: u32 } <- "tables.{table}.groups[0].ctrl";
        TombstoneRemembered { g: u32, table: u32, group: u32, slot: u32 = "tables.{table}.groups[{group}].ctrl[{slot}] = deleted" }
            <- "tables.{table}.groups[{group}].ctrl";
        /// No empty slot: the search goes on `step` groups further.
        ProbeNext { g: u32, table: u32, from: u32 = "in tables.{table}.groups[{from}]", group: u32,
            step: u32 = "derived: one more than the last time" } <- "tables.{table}.groups[{from}].ctrl";
        ValueReturned { g: u32, key: Key, value: i64 = "derived: the elem beside the key" };
        ZeroReturned { g: u32, key: Key };

        // --- insertion ---
        GroupAllocated { g: u32, table: u32 = "group" };
        TombstoneChosen { g: u32, table: u32, group: u32, slot: u32, left: u16 } <- "tables.{table}.groups[{group}].ctrl[{slot}]";
        RoomLeft { g: u32, table: u32, left: u16 } <- "tables.{table}.growthLeft";
        NoRoomLeft { g: u32, table: u32, capacity: u16, used: u16 = "tables.{table}.used",
            tombstones: u16 = "derived: 7/8 of the capacity − used − growthLeft" } <- "tables.{table}.growthLeft";
        /// `worth`: fewer are not worth the work, a tenth of the capacity.
        PruneTooFew { g: u32, table: u32, tombstones: u16 = "derived: 7/8 of the capacity − used − growthLeft",
            worth: u16 = "derived: a tenth of the capacity", capacity: u16 } <- "tables.{table}.used";
        /// `found`: tombstones that no key's search passes.
        PruneUseless { g: u32, table: u32, tombstones: u16 = "derived: 7/8 of the capacity − used − growthLeft",
            found: u16 = "derived: tombstones that no search passes", worth: u16 = "derived: a tenth of the capacity",
            capacity: u16 } <- "tables.{table}.groups";
        /// `turned`: slots, counted over the table.
        Pruned { g: u32, table: u32, tombstones: u16 = "derived: before it", found: u16 = "derived: tombstones turned", left: u16,
            turned: Vec<u32> = "derived: the slots whose tombstones were turned" }
            <- "tables.{table}.groups";
        KeyStored { g: u32, key: Key, table: u32, group: u32, slot: u32 };
        CtrlSet { g: u32, key: Key, table: u32, group: u32, slot: u32,
            h2: Ctrl = "tables.{table}.groups[{group}].ctrl[{slot}]" };
        GrowthLeftLowered { g: u32, table: u32, left: u16 };
        TableUsedRaised { g: u32, table: u32, used: u16 = "tables.{table}.used" };
        MapUsedRaised { g: u32, used: u64 = "used" };
        ElemStored { g: u32, key: Key, value: i64 = "tables.{table}.groups[{group}].elems[{slot}] | derived: of a table that is gone",
            table: u32 = "in tables.{table} | derived: gone", group: u32, slot: u32 };

        // --- growth: one larger table, or two ---
        GrowChosen { g: u32, table: u32, capacity: u16, next: u16 = "{capacity} * 2" } <- "tables.{table}.growthLeft";
        SplitChosen { g: u32, table: u32, capacity: u16, depth: u8 = "tables.{table}.localDepth", next: u8 = "{depth} + 1" }
            <- "tables.{table}.growthLeft";
        TableMade { g: u32, table: u32, capacity: u16, left: u16 };
        HalvesMade { g: u32, left: u32 = "in tables.{left}", right: u32 = "in tables.{right}", depth: u8 = "tables.{left}.localDepth" };
        EntryMoved { g: u32, key: Key = "tables.{to}.groups[{to_group}].keys[{to_slot}]", table: u32, group: u32, slot: u32,
            to: u32 = "in tables.{to}", to_group: u32 = "in tables.{to}.groups[{to_group}]",
            to_slot: u32 = "in tables.{to}.groups[{to_group}].ctrl[{to_slot}]" } <- "tables.{table}.groups[{group}].keys[{slot}]";
        /// `bit`: the one of the hash that decides.
        EntrySplit { g: u32, key: Key = "tables.{to}.groups[{to_group}].keys[{to_slot}]", table: u32, group: u32, slot: u32,
            bit: u8 = "derived: the hash's next bit from the top", to: u32 = "in tables.{to}",
            to_group: u32 = "in tables.{to}.groups[{to_group}]",
            to_slot: u32 = "in tables.{to}.groups[{to_group}].ctrl[{to_slot}]" } <- "tables.{table}.groups[{group}].keys[{slot}]";
        /// So many entries of so many groups were moved, shown as one step.
        EntriesMoved { g: u32, table: u32, groups: u32 = "derived: as many as were asked for", entries: u32 = "derived: counted",
            next: u32 = "derived: where copying goes on" };
        DirectoryMade { g: u32, table: u32 = "directory[0]" };
        TableReplaced { g: u32, table: u32 = "directory[{index}]", old: u32 = "was directory[{index}]", index: u32,
            entries: u32 = "derived: 2^(globalDepth − localDepth)" } <- "tables.{table}.localDepth";
        DirectoryDoubled { g: u32, len: usize = "len directory", depth: u8 = "globalDepth", shift: u8 = "globalShift" } <- "globalDepth";
        HalfInstalled { g: u32, table: u32 = "directory[{index}]", index: u32 = "tables.{table}.index",
            entries: u32 = "derived: 2^(globalDepth − localDepth)" } <- "tables.{table}.localDepth";
        /// Its index is −1.
        TableStale { g: u32, table: u32 };

        // --- deletion ---
        TableUsedLowered { g: u32, table: u32, used: u16 = "tables.{table}.used" };
        MapUsedLowered { g: u32, used: u64 = "used" };
        KeyCleared { g: u32, key: Key, table: u32, group: u32, slot: u32 };
        ElemCleared { g: u32, key: Key, table: u32, group: u32,
            slot: u32 = "tables.{table}.groups[{group}].elems[{slot}] = 0" };
        /// `beside`: an empty slot of the group, if it had one before.
        CtrlEmptied { g: u32, key: Key, table: u32, group: u32, slot: u32 = "tables.{table}.groups[{group}].ctrl[{slot}] = empty",
            beside: Option<u32> = "derived: the first empty slot of the group" } <- "tables.{table}.groups[{group}].ctrl";
        TombstoneSet { g: u32, key: Key, table: u32, group: u32, slot: u32 = "tables.{table}.groups[{group}].ctrl[{slot}] = deleted" }
            <- "tables.{table}.groups[{group}].ctrl";
        GrowthLeftRaised { g: u32, table: u32, left: u16 };
        TombstonePossible { g: u32 };
        Reseeded { g: u32, seed: String = "seed" } <- "used";

        // --- clear ---
        GroupCleared { g: u32, table: u32 = "group" };
        TableCleared { g: u32, table: u32, entries: u16 = "was tables.{table}.used", left: u16 };
        MapUsedReset { g: u32, from: u64 = "was used" };
        TombstonesGone { g: u32 };
        ClearSeqRaised { g: u32, seq: u64 = "clearSeq" };

        // --- make ---
        HintIsSmall { g: u32, hint: u64, seed: String = "seed" };
        TablesMade { g: u32, hint: u64, target: u64 = "derived: 8/7 of the hint", tables: u64 = "len directory",
            capacity: u16 = "tables.0.capacity", seed: String = "seed" };
        MapMade { g: u32, hint: u64 };

        // --- iteration ---
        /// Where it begins: the place of the directory, and the slot, counted over the table that stands there. The walk goes
        /// round that table from there; in the next one it begins at the same offset.
        IterBegun { g: u32 = "in goroutines.{g} | derived: an operation that is over with its first step", id: u32, slot: u64 = "derived: entryOffset mod the capacity of the table that stands there", place: u64 = "derived: dirOffset mod dirLen",
            random: bool = "derived: whether they were drawn" };
        IterWritingClear { g: u32, id: u32 } <- "writing";
        IterDirectoryGrew { g: u32, id: u32, from: u8 = "was iterators.{id}.globalDepth", depth: u8 = "globalDepth" } <- "globalDepth";
        /// `back`: so many places it was moved back, to the table's first.
        IterTable { g: u32, id: u32, place: u32 = "in directory[{place}]", table: u32 = "iterators.{id}.table",
            back: u64 = "derived: place − the table's index" } <- "directory[{place}]";
        IterEmptyPassed { g: u32, id: u32, slots: u32 = "derived: counted" };
        IterYielded { g: u32, id: u32, key: Key = "tables.{table}.groups[{group}].keys[{slot}]",
            value: i64 = "tables.{table}.groups[{group}].elems[{slot}]", table: u32, group: u32, slot: u32 }
            <- "tables.{table}.groups[{group}].keys[{slot}]";
        /// The table has been replaced: the key's value comes from the table `now`.
        IterLookedUp { g: u32, id: u32, key: Key = "tables.{table}.groups[{group}].keys[{slot}]",
            value: i64 = "derived: looked up by the key", table: u32, group: u32, slot: u32, now: u32 = "in tables.{now}" }
            <- "?tables.{table}.index";
        IterKeyGone { g: u32, id: u32, key: Key = "tables.{table}.groups[{group}].keys[{slot}]", table: u32, group: u32, slot: u32 }
            <- "?tables.{table}.index";
        IterTableDone { g: u32, id: u32, table: u32 = "in tables.{table}", entries: u32 = "derived: 2^(globalDepth − localDepth)" };
        IterEnded { g: u32 = "in goroutines.{g} | derived: an operation that is over with its first step", id: u32, yielded: u32 = "iterators.{id}.yielded" };

        // --- many operations, shown as one step ---
        Filled { g: u32 = "one of 1", entries: u32 = "derived: as many as were asked for", from: Key = "derived: the first of them",
            to: Key = "derived: the last of them" };
        Erased { g: u32 = "one of 1", entries: u64 = "derived: how many fewer there are", from: Key = "derived: the first of them",
            to: Key = "derived: the last of them" };
        PairsReturned { g: u32 = "one of 1", id: u32, pairs: u32 = "derived: how many were left",
            key: Option<Key> = "derived: the last key returned" };
    }
    figures {
        g: "in goroutines.{g}";
        op: "goroutines.{g}.call | was goroutines.{g}.call";
        key: "goroutines.{g}.key | was goroutines.{g}.key | derived: the key that the iteration looked up";
        table: "in tables.{table}";
        group: "in tables.{table}.groups[{group}]";
        slot: "in tables.{table}.groups[{group}].ctrl[{slot}]";
        index: "in directory[{index}]";
        left: "tables.{table}.growthLeft";
        capacity: "tables.{table}.capacity";
        hint: "derived: the size given to make";
        id: "in iterators.{id}";
    }
}

impl Event {
    /// The goroutine that took the step; 1 is main.
    pub fn goroutine(&self) -> u32 {
        crate::machine::Event::figure(self, "g").unwrap_or_default()
    }
}
