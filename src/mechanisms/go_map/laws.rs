//! What holds after every step, in the middle of operations too, and what must happen some time.
//!
//! Two writers that both passed the `hashWriting` check corrupt the map before the runtime notices: from that moment
//! (`raced`) the laws on the contents say nothing more. Where an operation under way makes a law's figure differ for a
//! few steps, the law accounts for these steps instead of looking away.

use crate::machine::{laws, none, reached};

use super::event::{EMPTY_ONE, EMPTY_REST, EVACUATED_Y, Top};
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, HASH_WRITING, SAME_SIZE_GROW, load_limit};
use super::memory::{BUCKET_COUNT, Bucket, KeyId, Ptr};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoMap;

    always("hash-writing", "map.go: mapassign, mapdelete, mapclear: hashWriting", hash_writing)
        broken FlagNotCleared: "a write does not clear hashWriting";
    always("same-size-flag", "map.go: hashGrow, advanceEvacuationMark, mapclear: sameSizeGrow", same_size_flag)
        broken SameSizeStays: "the end of a growth leaves sameSizeGrow set";
    always("canonical-tail", "map.go: emptyRest, emptyOne, mapdelete", canonical_tail)
        broken NoBackPropagation: "deletion never turns emptyOne into emptyRest";
    always("whole-bucket-moved", "map.go: comment on the tophash values, evacuate", whole_bucket_moved)
        broken EmptyCellsNotMarked: "evacuation leaves empty cells unmarked";
    always("evacuation-mark", "map.go: nevacuate, advanceEvacuationMark", evacuation_mark)
        broken MarkSkipsUnmoved: "the mark skips buckets that have not moved";
    always("pristine-destination", "map.go: growWork, evacuate", pristine_destination)
        broken NoHitBucket: "a write does not move its own old bucket first";
    always("count-is-live", "map.go: hmap.count", count_is_live)
        broken OverwriteCounts: "overwriting raises count";
    always("one-place", "map.go: mapassign, evacuate", one_place)
        broken StopsAtEmptyOne: "assignment stops searching at the first empty cell";
    always("right-bucket", "map.go: bucketMask, tophash, evacuate", right_bucket)
        broken WrongBit: "evacuation looks at the wrong bit of the hash";
    always("noverflow-exact", "map.go: incrnoverflow", noverflow_exact)
        broken SpareNotCounted: "spare overflow buckets are not counted";
    always("load-limit", "map.go: overLoadFactor, mapassign", load_limited)
        broken LoadLimitEight: "growth waits for eight entries a bucket";
    always("lookup-finds", "map.go: mapaccess1", lookup_finds)
        broken LookupOnlyNew: "lookup never consults the old array";
    always("iteration-once", "map.go: mapiternext; Go specification, For statements with range clause", iteration_once)
        broken IterUnfiltered: "iteration returns both halves of an old bucket";
    sometimes("doubling-finished", "map.go: advanceEvacuationMark", |map| reached(map.stories.doublings > 0))
        broken NoRoomToDouble: "the new array of a doubling leads nowhere";
    sometimes("same-size-finished", "map.go: advanceEvacuationMark", |map| reached(map.stories.same_size > 0))
        broken NeverSameSize: "overflow buckets never start a growth";
    sometimes("iterated-old-bucket", "map.go: mapiternext: checkBucket",
        |map| reached(map.stories.old_bucket_keys > 0))
        broken IterLosesOld: "an iteration that needs the old array finds nothing there";
    sometimes("read-write-fatal", "map.go: mapaccess1", |map| died(map, "concurrent map read and map write"))
        broken ReadUnchecked: "lookup does not check hashWriting";
    sometimes("writes-fatal", "map.go: mapassign, mapdelete, mapclear", |map| died(map, "concurrent map writes"))
        broken WriteUnchecked: "writers do not check hashWriting";
    sometimes("iteration-fatal", "map.go: mapiternext", |map| died(map, "concurrent map iteration and map write"))
        broken IterUnchecked: "iteration does not check hashWriting";
    sometimes("nil-map-panic", "map.go: mapassign", |map| died(map, "assignment to entry in nil map"))
        broken NilMapAccepts: "assignment to the nil map returns";
}

fn died(map: &GoMap, how: &str) -> Result<(), String> {
    reached(map.dead.as_ref().is_some_and(|dead| dead.message.ends_with(how)))
}

/// `hashWriting` is set while a writer is between setting and clearing it, and not otherwise.
fn hash_writing(map: &GoMap) -> Result<(), String> {
    let writers = map.frames.iter().filter(|frame| frame.toggled).count();
    if map.raced || map.h.flags.has(HASH_WRITING) == (writers == 1) {
        return Ok(());
    }
    Err(format!("flags {}, {writers} writers at work", map.h.flags))
}

/// `sameSizeGrow` only while growing.
fn same_size_flag(map: &GoMap) -> Result<(), String> {
    let passing = [Pc::NewArray, Pc::RaiseB, Pc::MoveFlags, Pc::SetOldBuckets, Pc::FinishGrowth];
    if map.raced || !map.h.flags.has(SAME_SIZE_GROW) || map.h.growing() || map.any_frame(&passing) {
        return Ok(());
    }
    Err(String::from("flag sameSizeGrow is set but oldbuckets is nil"))
}

/// Chains of the new array, and of old buckets that have not begun to move.
fn standing(map: &GoMap) -> impl Iterator<Item = Ptr> {
    let old = map.h.oldbuckets.filter(|slot| map.h.buckets != Some(*slot)).into_iter().flat_map(|slot| map.heads(slot));
    let old = old.filter(|head| !map.mem.at(*head).evacuated());
    map.h.buckets.into_iter().flat_map(|slot| map.heads(slot)).chain(old)
}

fn clearing(map: &GoMap) -> bool {
    map.frames.iter().any(|frame| frame.call == Call::Clear && frame.toggled)
}

/// `hashGrow` between raising B and publishing everything.
fn swapping(map: &GoMap) -> bool {
    map.any_frame(&[Pc::MoveFlags, Pc::SetOldBuckets, Pc::SetBuckets, Pc::ResetNevacuate, Pc::ResetNoverflow])
}

fn place(map: &GoMap, head: Ptr, pos: usize, cell: usize) -> String {
    let array: &str = map.array(head.slot).into();
    format!("{array}[{}], chain position {pos}, cell {cell}", head.index)
}

/// After an `emptyRest` everything is `emptyRest`; an `emptyOne` has an entry after it.
fn canonical_tail(map: &GoMap) -> Result<(), String> {
    if map.raced {
        return Ok(());
    }
    let spreading = [Pc::LookRight, Pc::MarkEmptyRest, Pc::StepLeft, Pc::TestLeft];
    let spots = map.frames.iter().filter(|frame| spreading.contains(&frame.pc)).filter_map(|frame| frame.spot);
    let spread: Vec<Ptr> = spots.map(|spot| Ptr { slot: spot.slot, index: spot.chain }).collect();
    for head in standing(map).filter(|head| !spread.contains(head)) {
        let (mut rest, mut last) = (false, None);
        for (pos, (_, bucket)) in map.mem.chain(head).enumerate() {
            for (cell, top) in bucket.tophash.into_iter().enumerate() {
                if rest && top != EMPTY_REST {
                    return Err(format!("{}: {top} after emptyRest", place(map, head, pos, cell)));
                }
                rest |= top == EMPTY_REST;
                last = if top == EMPTY_REST { last } else { Some((pos, cell, top)) };
            }
        }
        if let Some((pos, cell, EMPTY_ONE)) = last {
            return Err(format!("{}: emptyOne with no entry after it", place(map, head, pos, cell)));
        }
    }
    Ok(())
}

/// No mark of evacuation in the new array; an old bucket has moved with all its cells or with none.
fn whole_bucket_moved(map: &GoMap) -> Result<(), String> {
    if map.raced || clearing(map) {
        return Ok(());
    }
    let outcome = |head: Ptr, wrong: fn(Top) -> bool| {
        for (pos, (_, bucket)) in map.mem.chain(head).enumerate() {
            if let Some(cell) = bucket.tophash.iter().position(|top| wrong(*top)) {
                return Err(format!("{}: {}", place(map, head, pos, cell), bucket.tophash[cell]));
            }
        }
        Ok(())
    };
    for head in map.h.buckets.into_iter().flat_map(|slot| map.heads(slot)) {
        outcome(head, Top::is_evacuated)?;
    }
    for head in map.h.oldbuckets.into_iter().flat_map(|slot| map.heads(slot)) {
        if map.being_evacuated(head) && !map.any_frame(&[Pc::AdvanceMark]) {
            continue;
        }
        match (map.mem.at(head).evacuated(), map.h.same_size_grow()) {
            (true, true) => outcome(head, |top| !top.is_evacuated() || top == EVACUATED_Y)?,
            (true, false) => outcome(head, |top| !top.is_evacuated())?,
            (false, _) => outcome(head, Top::is_evacuated)?,
        }
    }
    Ok(())
}

/// Buckets below `nevacuate` have moved, the one it points at has not.
fn evacuation_mark(map: &GoMap) -> Result<(), String> {
    let Some(slot) = map.h.oldbuckets.filter(|_| !map.raced && !clearing(map) && !swapping(map)) else { return Ok(()) };
    let (mark, old_buckets) = (map.h.nevacuate, map.mem.main_len(slot));
    if let Some(head) = map.heads(slot).take(mark as usize).find(|head| !map.mem.at(*head).evacuated()) {
        return Err(format!("oldbuckets[{}] has not moved, nevacuate is {mark}", head.index));
    }
    let at_work = map.frames.iter().any(|frame| frame.evac.is_some());
    if at_work || old_buckets > 1024 {
        return Ok(());
    }
    match map.mem.nth(slot, mark).filter(|_| mark < old_buckets) {
        None => Err(format!("nevacuate is {mark} of {old_buckets}, but oldbuckets is not nil")),
        Some(head) if map.mem.at(head).evacuated() => {
            Err(format!("nevacuate points at oldbuckets[{mark}], which has moved"))
        }
        Some(_) => Ok(()),
    }
}

/// The destinations of an old bucket that has not moved are untouched.
fn pristine_destination(map: &GoMap) -> Result<(), String> {
    let (Some(new), Some(old)) = (map.h.buckets, map.h.oldbuckets) else { return Ok(()) };
    if map.raced || new == old || clearing(map) {
        return Ok(());
    }
    for head in map.heads(old).filter(|head| !map.mem.at(*head).evacuated() && !map.being_evacuated(*head)) {
        let y = head.index + map.mem.main_len(old);
        for index in [head.index, y].into_iter().filter(|index| *index < map.mem.main_len(new)) {
            let bucket = map.mem.at(Ptr { slot: new, index });
            if bucket.overflow.is_some() || bucket.tophash != [EMPTY_REST; BUCKET_COUNT] {
                return Err(format!("buckets[{index}] is in use, but oldbuckets[{}] has not moved", head.index));
            }
        }
    }
    Ok(())
}

fn live_cells(bucket: &Bucket) -> impl Iterator<Item = (usize, Top)> {
    bucket.tophash.into_iter().enumerate().filter(|(_, top)| top.is_live())
}

/// Live cells everywhere: the new array and, cell by cell, what has not left the old one.
fn for_each_live(
    map: &GoMap,
    mut visit: impl FnMut(Ptr, usize, usize, &Bucket) -> Result<(), String>,
) -> Result<(), String> {
    let old = map.h.oldbuckets.filter(|slot| map.h.buckets != Some(*slot));
    for head in map.h.buckets.into_iter().chain(old).flat_map(|slot| map.heads(slot)) {
        for (pos, (_, bucket)) in map.mem.chain(head).enumerate() {
            for (cell, _) in live_cells(bucket) {
                visit(head, pos, cell, bucket)?;
            }
        }
    }
    Ok(())
}

/// How many live cells there are more than `count` says, in the middle of this operation.
fn ahead_of_count(frame: &Frame) -> isize {
    match (frame.pc, frame.call) {
        (Pc::RaiseCount, Call::Assign) if !frame.overwrites => 1,
        (Pc::LookRight | Pc::MarkEmptyRest | Pc::StepLeft | Pc::TestLeft | Pc::LowerCount, _) => -1,
        (Pc::EvacuateFull | Pc::MoveEntry, _) => -1,
        (Pc::NewOverflow | Pc::CountOverflow | Pc::LinkOverflow, _) if frame.evac.is_some() => -1,
        _ => 0,
    }
}

/// `count` is the number of live cells.
fn count_is_live(map: &GoMap) -> Result<(), String> {
    if map.raced || clearing(map) {
        return Ok(());
    }
    let mut live = 0;
    for_each_live(map, |_, _, _, _| {
        live += 1;
        Ok(())
    })?;
    let expected = map.h.count as isize + map.frames.iter().map(ahead_of_count).sum::<isize>();
    if live == expected {
        return Ok(());
    }
    Err(format!("count is {}, {live} cells are live, {expected} expected at this step", map.h.count))
}

/// No key stands in two live cells.
fn one_place(map: &GoMap) -> Result<(), String> {
    if map.raced || clearing(map) {
        return Ok(());
    }
    let mut seen = vec![false; map.keys.list.len()];
    for_each_live(map, |head, pos, cell, bucket| match bucket.keys[cell] {
        Some(id) if std::mem::replace(&mut seen[id.index()], true) => {
            Err(format!("{}: {} stands elsewhere as well", place(map, head, pos, cell), map.key(id)))
        }
        _ => Ok(()),
    })
}

/// A live cell's key is there, its tophash is the hash's, its bucket the hash's low bits.
fn right_bucket(map: &GoMap) -> Result<(), String> {
    if map.raced || clearing(map) {
        return Ok(());
    }
    let half_deleted = map.any_frame(&[Pc::ClearElem, Pc::MarkEmptyOne]);
    for_each_live(map, |head, pos, cell, bucket| {
        let buckets = u64::from(map.mem.main_len(head.slot));
        match bucket.keys[cell] {
            Some(id) => check_hash(map, id, head, buckets, bucket.tophash[cell]),
            None if half_deleted => Ok(()),
            None => Err(format!("{}: live, but without a key", place(map, head, pos, cell))),
        }
    })
}

fn check_hash(map: &GoMap, id: KeyId, head: Ptr, buckets: u64, top: Top) -> Result<(), String> {
    let hash = map.hash(id);
    let bucket = hash & (buckets - 1);
    if bucket == u64::from(head.index) && Top::of(hash) == top {
        return Ok(());
    }
    let array: &str = map.array(head.slot).into();
    let key = map.key(id);
    Err(format!("{key} with hash {hash:016x} stands in {array}[{}] with tophash {top}, not in {bucket}", head.index))
}

/// Below B = 16 `noverflow` is the number of overflow buckets linked from the new array.
fn noverflow_exact(map: &GoMap) -> Result<(), String> {
    let Some(slot) = map.h.buckets.filter(|_| map.h.B < 16) else { return Ok(()) };
    if map.raced || clearing(map) || swapping(map) {
        return Ok(());
    }
    let linked: usize = map.heads(slot).map(|head| map.mem.chain(head).count() - 1).sum();
    let counted_only = map.frames.iter().filter(|frame| frame.pc == Pc::LinkOverflow).count();
    if linked + counted_only == usize::from(map.h.noverflow) {
        return Ok(());
    }
    Err(format!("noverflow is {}, {linked} overflow buckets are linked", map.h.noverflow))
}

/// Not growing: at most 8, or 6.5 entries a bucket, unless a same-size growth let more in.
fn load_limited(map: &GoMap) -> Result<(), String> {
    let limit = load_limit(map.h.B);
    if map.raced || map.absorbed || map.h.growing() || map.h.count <= limit {
        return Ok(());
    }
    Err(format!("{} entries with B = {}, at most {limit} without growing", map.h.count, map.h.B))
}

/// A lookup that no write disturbed finds what is in the map.
fn lookup_finds(map: &GoMap) -> Result<(), String> {
    none(map.wrong_read, |id| format!("{} is in the map and was not found", map.key(id)))
}

/// An iteration returns no key twice and every key that was there throughout.
fn iteration_once(map: &GoMap) -> Result<(), String> {
    for (id, iter) in map.iters.iter().filter(|(_, iter)| !map.raced && !iter.raced) {
        if let Some(key) = iter.twice {
            return Err(format!("iteration {id} returned {} twice", map.key(key)));
        }
        let missed = iter.throughout.iter().find(|key| iter.ended && !iter.seen.contains(key));
        if let Some(key) = missed {
            return Err(format!("iteration {id} ended without {}", map.key(*key)));
        }
    }
    Ok(())
}
