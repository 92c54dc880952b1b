//! What holds after every step, and what must happen some time.
//!
//! Two writers that both passed the check of `writing` corrupt the map before the runtime notices: from that moment
//! (`raced`) the laws on the contents say nothing more. While an operation stands between two changes that belong together
//! ([`super::Pc`]: half done), laws on figures wait.

use crate::machine::{laws, none, reached};

use super::state::{Ctrl, DELETED, EMPTY, GoSwissMap, MAX_TABLE, Table, limit};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoSwissMap;

    always("writing-flag", "map.go: Map.writing", writing_flag)
        broken WritingStays: "a writer does not toggle writing back";
    always("directory-size", "map.go: globalDepth, globalShift, installTableSplit", directory_size)
        broken ForgetsDepth: "the directory doubles, and globalDepth stays";
    always("directory-runs", "map.go: replaceTable, installTableSplit; table.go: table.index", directory_runs)
        broken InstallsOne: "a table is put into one place of the directory only";
    always("table-capacity", "table.go: maxTableCapacity, rehash", table_capacity)
        broken NeverSplits: "a table of 1,024 slots grows instead of being split";
    always("small-map", "map.go: deleteSmall, putSlotSmall", small_map)
        broken SmallTombstone: "a small map leaves tombstones";
    always("tombstone-possible", "map.go: Delete: tombstonePossible", tombstone_possible)
        broken ForgetsTombstones: "tombstonePossible is not set";
    always("no-mixed-group", "table.go: Delete; comment in checkInvariants", no_mixed_group)
        broken AlwaysTombstone: "deletion always leaves a tombstone";
    always("growth-left", "table.go: growthLeft, maxGrowthLeft, tombstones", growth_left)
        broken TombstoneCosts: "filling a tombstone costs growthLeft"
        broken FillsAll: "a new table may fill all of its slots";
    always("used-is-full", "map.go: Map.used; table.go: table.used", used_is_full)
        broken OverwriteCounts: "overwriting raises used";
    always("one-place", "table.go: PutSlot", one_place)
        broken StopsAtTombstone: "assignment stops searching at the first tombstone";
    always("found-by-probing", "table.go: probeSeq, grow, split; map.go: directoryIndex", found_by_probing)
        broken KeepsGroup: "growing fills the first group of the new table first";
    always("lookup-finds", "runtime.go: runtime_mapaccess1", lookup_finds)
        broken LookupStopsAtTombstone: "lookup stops at a tombstone";
    always("stale-table", "table.go: grow, split: index = -1", stale_table)
        broken StaysInUse: "a table that is replaced keeps its index";
    always("iteration-once", "table.go: Iter.Next; Go specification, For statements with range clause", iteration_once)
        broken IterWalksNew: "an iteration goes on in the new table";
    sometimes("grown", "table.go: grow", |map| reached(map.stories.grown > 0))
        broken LosesNew: "a table that is made to be copied into leads nowhere";
    sometimes("split", "table.go: split", |map| reached(map.stories.splits > 0))
        broken LosesHalves: "the halves of a split lead nowhere";
    sometimes("tombstone-reused", "table.go: PutSlot", |map| reached(map.stories.reused > 0))
        broken ForgetsFirst: "no tombstone is remembered";
    sometimes("pruned", "table.go: pruneTombstones", |map| reached(map.stories.pruned > 0))
        broken NeverPrunes: "tombstones are never turned back";
    sometimes("iterated-stale", "table.go: grownKeyElem", |map| reached(map.stories.stale_keys > 0))
        broken IterLosesOld: "a key of a table that was replaced is never found again";
    sometimes("read-write-fatal", "runtime.go: runtime_mapaccess1", |map| died(map, "concurrent map read and map write"))
        broken ReadUnchecked: "lookup does not check writing";
    sometimes("writes-fatal", "runtime.go: runtime_mapassign; map.go: Delete, Clear", |map| died(map, "concurrent map writes"))
        broken WriteUnchecked: "writers do not check writing";
    sometimes("iteration-fatal", "table.go: Iter.Next", |map| died(map, "concurrent map iteration and map write"))
        broken IterUnchecked: "iteration does not check writing";
    sometimes("nil-map-panic", "runtime.go: runtime_mapassign", |map| died(map, "assignment to entry in nil map"))
        broken NilMapAccepts: "assignment to the nil map returns";
}

fn died(map: &GoSwissMap, how: &str) -> Result<(), String> {
    reached(map.dead.as_ref().is_some_and(|dead| dead.message.ends_with(how)))
}

/// Nobody is between two changes that belong together, and no two writers have torn the map.
fn settled(map: &GoSwissMap) -> bool {
    !map.raced && map.frames.iter().all(|frame| !frame.pc.half_done())
}

/// The tables of the directory, each once.
fn tables(map: &GoSwissMap) -> impl Iterator<Item = (u32, &Table)> {
    map.current().into_iter().filter_map(|number| Some((number, map.table(number)?))).filter(|(_, table)| !table.small)
}

/// `writing` is toggled once by each writer at work.
fn writing_flag(map: &GoSwissMap) -> Result<(), String> {
    let writers = map.frames.iter().filter(|frame| frame.toggled).count();
    let odd = usize::from(map.writing) != writers % 2;
    none(odd.then_some(()), |()| format!("writing is {}, {writers} writers are at work", map.writing))
}

/// The directory has 2^globalDepth places, and globalShift leaves that many bits of the hash.
fn directory_size(map: &GoSwissMap) -> Result<(), String> {
    let (len, depth, shift) = (map.directory.len(), map.global_depth, map.global_shift);
    let right = len == 0 && depth == 0 || len == 1 << depth && u32::from(shift) == 64 - u32::from(depth);
    none((!right).then_some(()), |()| format!("{len} places, globalDepth {depth}, globalShift {shift}"))
}

/// A table stands in 2^(globalDepth − localDepth) places side by side, and its index is the first.
fn directory_runs(map: &GoSwissMap) -> Result<(), String> {
    if !settled(map) {
        return Ok(());
    }
    let wrong = tables(map).find(|(number, table)| {
        let places: Vec<usize> = (0..map.directory.len()).filter(|place| map.directory[*place] == *number).collect();
        let run = 1usize << map.global_depth.saturating_sub(table.local_depth);
        let first = usize::try_from(table.index).unwrap_or(usize::MAX);
        first % run != 0 || !places.iter().copied().eq(first..first.saturating_add(run))
    });
    none(wrong, |(number, table)| format!("table {number}: index {}, localDepth {}", table.index, table.local_depth))
}

fn table_capacity(map: &GoSwissMap) -> Result<(), String> {
    let wrong = map.tables.iter().find(|(_, table)| table.capacity > MAX_TABLE || !table.capacity.is_power_of_two());
    none(wrong, |(number, table)| format!("table {number} has {} slots", table.capacity))
}

/// A small map has no tombstones.
fn small_map(map: &GoSwissMap) -> Result<(), String> {
    let Some(table) = map.group.and_then(|group| map.table(group)).filter(|_| settled(map)) else { return Ok(()) };
    let slot = table.group(0).first(DELETED);
    none(slot, |slot| format!("slot {slot} of the only group is deleted"))
}

/// Where there is a tombstone, `tombstonePossible` says so.
fn tombstone_possible(map: &GoSwissMap) -> Result<(), String> {
    let some = tables(map).find(|(_, table)| table.counted().1 > 0);
    none(some.filter(|_| settled(map) && !map.tombstone_possible), |(number, _)| {
        format!("table {number} has tombstones")
    })
}

/// No group has an empty slot and a tombstone.
fn no_mixed_group(map: &GoSwissMap) -> Result<(), String> {
    if map.raced {
        return Ok(());
    }
    for (number, table) in tables(map) {
        let mixed = table.groups.iter().position(|g| g.first(EMPTY).is_some() && g.first(DELETED).is_some());
        none(mixed, |group| format!("table {number}, group {group} has an empty slot and a tombstone"))?;
    }
    Ok(())
}

/// growthLeft is 7/8 of the slots without the full ones and the tombstones: so one in eight is empty, and every search ends.
fn growth_left(map: &GoSwissMap) -> Result<(), String> {
    let wrong = tables(map).filter(|_| settled(map)).find(|(_, table)| {
        let (full, tombstones) = table.counted();
        usize::from(table.growth_left) + full + tombstones != usize::from(limit(table.capacity))
    });
    none(wrong, |(number, table)| {
        let (full, tombstones) = table.counted();
        format!("table {number}: growthLeft {}, {full} full, {tombstones} deleted", table.growth_left)
    })
}

/// A table's `used` is its full slots; the map's is the sum.
fn used_is_full(map: &GoSwissMap) -> Result<(), String> {
    if !settled(map) {
        return Ok(());
    }
    let wrong = tables(map).find(|(_, table)| table.counted().0 != usize::from(table.used));
    none(wrong, |(number, table)| format!("table {number}: used {}, {} full", table.used, table.counted().0))?;
    let small = map.group.and_then(|group| map.table(group)).map_or(0, |table| table.counted().0 as u64);
    let sum = tables(map).map(|(_, table)| u64::from(table.used)).sum::<u64>() + small;
    none((sum != map.used).then_some(()), |()| format!("used is {}, of all tables {sum}", map.used))
}

/// No key stands in two full slots.
fn one_place(map: &GoSwissMap) -> Result<(), String> {
    let mut seen = vec![false; map.keys.list.len()];
    for (number, table) in map.current().into_iter().filter_map(|number| Some((number, map.table(number)?))) {
        let slots = table.groups.iter().flat_map(|group| group.ctrl.iter().zip(group.keys));
        let mut keys = slots.filter(|(ctrl, _)| ctrl.is_full()).filter_map(|(_, key)| key);
        let twice = keys.find(|key| std::mem::replace(&mut seen[key.index()], true));
        none(twice.filter(|_| settled(map)), |key| format!("{} stands twice, in table {number} again", map.key(key)))?;
    }
    Ok(())
}

/// Every key is found where a search for it would look, beside its h2.
fn found_by_probing(map: &GoSwissMap) -> Result<(), String> {
    if !settled(map) {
        return Ok(());
    }
    for number in map.current() {
        let Some(table) = map.table(number) else { continue };
        for (g, group) in (0..).zip(table.groups.iter()) {
            for slot in (0..8).filter(|slot| group.ctrl[*slot as usize].is_full()) {
                let Some(key) = group.keys[slot as usize] else {
                    return Err(format!("table {number}, group {g}, slot {slot} is full, without a key"));
                };
                let there = map.find(key).is_some_and(|at| (at.table, at.group, at.slot) == (number, g, slot));
                if !there || group.ctrl[slot as usize] != Ctrl::of(map.hash(key)) {
                    let key = map.key(key);
                    return Err(format!("table {number}, group {g}, slot {slot}: no search comes to {key}"));
                }
            }
        }
    }
    Ok(())
}

/// A lookup that no write disturbed finds what is in the map.
fn lookup_finds(map: &GoSwissMap) -> Result<(), String> {
    none(map.wrong_read, |key| format!("{} is in the map, and was not found", map.key(key)))
}

/// A table that an iteration still walks and the directory no longer has says so by its index.
fn stale_table(map: &GoSwissMap) -> Result<(), String> {
    let current = map.current();
    let walked = map.iters.values().filter_map(|iter| iter.table).filter(|number| !current.contains(number));
    let wrong = walked.filter_map(|number| Some((number, map.table(number)?))).find(|(_, table)| table.index != -1);
    none(wrong.filter(|_| settled(map)), |(number, table)| {
        format!("table {number} is in no directory, and its index is {}", table.index)
    })
}

/// An iteration returns every key that was there from beginning to end exactly once, and no key twice.
fn iteration_once(map: &GoSwissMap) -> Result<(), String> {
    for (id, iter) in map.iters.iter().filter(|(_, iter)| !iter.raced && !map.raced) {
        none(iter.twice, |key| format!("iteration {id} returned {} twice", map.key(key)))?;
        let missed = iter.throughout.iter().find(|key| iter.ended && !iter.seen.contains(key));
        none(missed, |key| format!("iteration {id} has ended and never returned {}", map.key(*key)))?;
    }
    Ok(())
}
