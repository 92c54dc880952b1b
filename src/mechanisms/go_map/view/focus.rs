//! What a step is about: which figures, buckets and cells are pointed out, and in which tone.

use super::super::super::keys::Key;
use super::super::event::{Array, Event};
use super::super::frame::{Frame, Pc, Spot};
use super::super::hmap::GoMap;
use super::super::memory::BUCKET_COUNT;
use crate::diagram::Tone;

/// A bucket of one of the arrays: its chain's number and its place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Which array.
    pub array: Array,
    /// The chain's number.
    pub bucket: u32,
    /// The place in the chain; 0 is the head.
    pub pos: u32,
}

/// What a step points out.
#[derive(Clone, Debug, Default)]
pub struct Focus {
    /// Names of header figures.
    pub figures: &'static [&'static str],
    /// Buckets.
    pub buckets: Vec<(At, Tone)>,
    /// Cells from..=to of a bucket.
    pub cells: Vec<(At, u32, u32, Tone)>,
    /// An entry, wherever it stands.
    pub entry: Option<(Key, Tone)>,
    /// From one cell to another.
    pub arrow: Option<[(At, u32); 2]>,
    /// Whole arrays; `Snapshot` is the one that `hashGrow` has not published yet.
    pub arrays: &'static [Array],
    /// The cell whose value this step stored or returned.
    pub value: Option<(At, u32)>,
}

impl Focus {
    fn chips(figures: &'static [&'static str]) -> Focus {
        Focus { figures, ..Focus::default() }
    }

    fn bucket(array: Array, bucket: u32, pos: u32, tone: Tone) -> Focus {
        Focus { buckets: vec![(At { array, bucket, pos }, tone)], ..Focus::default() }
    }

    fn cell(at: (Array, u32, u32), cell: u32, tone: Tone) -> Focus {
        Focus::cells(at, cell, cell, tone)
    }

    fn cells((array, bucket, pos): (Array, u32, u32), from: u32, to: u32, tone: Tone) -> Focus {
        let at = At { array, bucket, pos };
        Focus { buckets: vec![(at, tone)], cells: vec![(at, from, to, tone)], ..Focus::default() }
    }

    fn and(mut self, other: Focus) -> Focus {
        let new = other.buckets.into_iter().filter(|(at, _)| self.buckets.iter().all(|(lit, _)| lit != at));
        let new: Vec<_> = new.collect();
        self.buckets.extend(new);
        self.cells.extend(other.cells);
        self
    }

    fn entry(key: &Key, tone: Tone) -> Focus {
        Focus { entry: Some((key.clone(), tone)), ..Focus::default() }
    }

    fn arrow(self, from: (At, u32), to: (At, u32)) -> Focus {
        Focus { arrow: Some([from, to]), ..self }
    }

    fn arrays(arrays: &'static [Array]) -> Focus {
        Focus { arrays, ..Focus::default() }
    }

    /// A cell and, in it, a value.
    fn value(at: (Array, u32, u32), cell: u32) -> Focus {
        let (array, bucket, pos) = at;
        Focus { value: Some((At { array, bucket, pos }, cell)), ..Focus::cell(at, cell, Tone::Good) }
    }

    fn chip(self, figures: &'static [&'static str]) -> Focus {
        Focus { figures, ..self }
    }
}

/// What the step of this event points out.
pub fn focus(map: &GoMap, event: Option<&Event>) -> Focus {
    let focus = event.map(|event| of_event(map, event)).unwrap_or_default();
    let frame = map.frames().iter().find(|frame| event.is_some_and(|event| event.goroutine() == frame.g));
    // An old bucket under way stays in sight with both its destinations, until it has moved.
    match frame.and_then(|frame| frame.evac.filter(|_| frame.pc.copies() || frame.pc == Pc::ClearOldBucket)) {
        Some(evac) => {
            let ways = if map.hmap().same_size_grow() { 1 } else { 2 };
            let tones = [Tone::Info, Tone::Moved];
            let dst = evac.dst.iter().zip(tones).take(ways);
            let dst = dst.map(|(dst, tone)| Focus::bucket(Array::Buckets, dst.chain, dst.pos, tone));
            dst.fold(focus.and(Focus::bucket(Array::Oldbuckets, evac.old, evac.pos, Tone::Active)), Focus::and)
        }
        None => focus,
    }
}

fn of_event(map: &GoMap, event: &Event) -> Focus {
    use Array::{Buckets, Oldbuckets, Snapshot};
    use Event::*;
    use Tone::{Active, Bad, Faint, Good, Info, Moved};
    match *event {
        GoroutineStarted { .. }
        | Hashed { .. }
        | TriedAgain { .. }
        | ZeroReturned { .. }
        | WrongValueRead { .. }
        | PairsReturned { .. } => Focus::default(),
        ValueReturned { .. } => map
            .ended()
            .and_then(|frame| frame.spot)
            .map_or_else(Focus::default, |spot| Focus::value((map.array(spot.slot), spot.chain, spot.pos), spot.cell)),
        NilMapReturns { .. } | PanicNilMap { .. } => Focus::chips(&["nil"]),
        HeaderMade { .. } => Focus::chips(&["hash0"]),
        HintExceeds { .. } | HintFits { .. } => Focus::chips(&["B"]),
        MapMade { .. } | BucketsMade { .. } | ArrayZeroed { .. } | NewArraySet { .. } => Focus::arrays(&[Buckets]),
        NewArrayAllocated { .. } => Focus::arrays(&[Snapshot]),
        OldArraySet { .. } => Focus::arrays(&[Oldbuckets]),
        Filled { .. } | EmptyMapReturns { .. } | CountRaised { .. } | CountLowered { .. } | CountReset { .. } => {
            Focus::chips(&["count"])
        }
        WritingFlagClear { .. }
        | WritingFlagSet { .. }
        | WritingFlagLost { .. }
        | WritingFlagHeld { .. }
        | WritingFlagCleared { .. }
        | SameSizeFlagSet { .. }
        | SameSizeFlagCleared { .. }
        | IteratorFlagsMoved { .. }
        | IterFlagsSet { .. }
        | IterFlagsPresent { .. }
        | FatalReadWrite { .. }
        | FatalWritesAtStart { .. }
        | FatalWritesAtEnd { .. }
        | FatalIteration { .. } => Focus::chips(&["flags"]),
        IterFlagClear { g, .. } => match map.frames().iter().find(|frame| frame.g == g && frame.b.is_some()) {
            Some(frame) => Focus::bucket(map.array(frame.slot), frame.chain, frame.pos, Info).chip(&["flags"]),
            None => Focus::chips(&["flags"]),
        },
        FirstBucketAllocated { .. } => Focus::bucket(Buckets, 0, 0, Good),
        BucketChosen { bucket, .. } => Focus::bucket(Buckets, bucket, 0, Active),
        CellsDiffer { array, bucket, pos, from, to, .. } => Focus::cells((array, bucket, pos), from, to, Info),
        EmptyCellRemembered { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Active),
        EmptyRestStops { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Info),
        TophashMatched { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Active),
        KeyDiffers { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Bad),
        KeyMatched { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Good),
        OverflowFollowed { array, bucket, pos, .. } | IterOverflow { array, bucket, pos, .. } => {
            Focus::bucket(array, bucket, pos, Active)
        }
        ChainEnds { array, bucket, pos, .. } => Focus::bucket(array, bucket, pos, Info),
        GrowthUnderWay { .. } => Focus::chips(&["nevacuate"]),
        NoGrowthNeeded { .. } => Focus::chips(&["load", "noverflow"]),
        LoadExceeded { .. } => Focus::chips(&["load"]),
        TooManyOverflow { .. } | NoverflowRaised { .. } | NoverflowReset { .. } | NoverflowSampledOut { .. } => {
            Focus::chips(&["noverflow"])
        }
        BRaised { .. } => Focus::chips(&["B", "load"]),
        NevacuateReset { .. } | NothingLeftToEvacuate { .. } => Focus::chips(&["nevacuate"]),
        SpareSet { .. } | SpareTaken { .. } | SpareDropped { .. } | OverflowAllocated { .. } => {
            Focus::chips(&["spare"])
        }
        OverflowLinked { array, bucket, pos, .. } => Focus::bucket(array, bucket, pos, Good),
        KeyStored { array, bucket, pos, cell, .. } | TophashStored { array, bucket, pos, cell, .. } => {
            Focus::cell((array, bucket, pos), cell, Good)
        }
        ElemStored { array, bucket, pos, cell, .. } | ElemOverwritten { array, bucket, pos, cell, .. } => {
            Focus::value((array, bucket, pos), cell)
        }
        EvacuateHitBucket { bucket, old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, bucket, 0, Info))
        }
        EvacuateNextBucket { old, .. } => Focus::bucket(Oldbuckets, old, 0, Active).chip(&["nevacuate"]),
        AlreadyEvacuated { old, .. } => Focus::cell((Oldbuckets, old, 0), 0, Info),
        DestinationsXY { old, x, y, .. } => Focus::bucket(Oldbuckets, old, 0, Active)
            .and(Focus::bucket(Buckets, x, 0, Info))
            .and(Focus::bucket(Buckets, y, 0, Moved)),
        DestinationX { old, x, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, x, 0, Info))
        }
        EmptyCellsEvacuated { old, pos, from, to, .. } => Focus::cells((Oldbuckets, old, pos), from, to, Active),
        MarkedX { old, pos, cell, .. } | MarkedY { old, pos, cell, .. } | MarkedSameSize { old, pos, cell, .. } => {
            Focus::cell((Oldbuckets, old, pos), cell, Active)
        }
        DestinationFull { to, pos, .. } => Focus::bucket(Buckets, to, pos, Bad),
        EntryMoved { old, to, pos, cell, .. } => {
            let tone = if to == old { Info } else { Moved };
            Focus::cell((Buckets, to, pos), cell, tone)
        }
        OldOverflowFollowed { old, pos, .. } => Focus::bucket(Oldbuckets, old, pos, Active),
        OldBucketCleared { old, .. } => Focus::bucket(Oldbuckets, old, 0, Active),
        OldBucketKeptForIterator { old, .. } | OldBucketKeptNoPointers { old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Info)
        }
        EvacuationMarkStays { old, .. } => Focus::bucket(Oldbuckets, old, 0, Info).chip(&["nevacuate"]),
        EvacuationMarkAdvanced { .. } | EvacuationMarkSkips { .. } => Focus::chips(&["nevacuate"]),
        OldArrayFreed { .. } | OldArrayDropped { .. } => Focus::chips(&["nevacuate"]),
        OldBucketConsulted { bucket, old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, bucket, 0, Faint))
        }
        NewBucketConsulted { bucket, old, .. } => {
            Focus::bucket(Buckets, bucket, 0, Active).and(Focus::bucket(Oldbuckets, old, 0, Faint))
        }
        KeyCleared { array, bucket, pos, cell, .. } | ElemCleared { array, bucket, pos, cell, .. } => {
            Focus::cell((array, bucket, pos), cell, Bad)
        }
        MarkedEmptyOne { array, bucket, pos, cell, .. } | MarkedEmptyRest { array, bucket, pos, cell, .. } => {
            Focus::cell((array, bucket, pos), cell, Active)
        }
        RightInUse { array, bucket, pos, cell, next_pos, next_cell, .. }
        | RightIsEmptyRest { array, bucket, pos, cell, next_pos, next_cell, .. } => {
            look((array, bucket, pos, cell), (array, bucket, next_pos, next_cell))
        }
        RightIsChainEnd { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Active),
        LeftInUse { array, bucket, pos, cell, .. } => {
            let right = if cell + 1 == BUCKET_COUNT as u32 { (pos + 1, 0) } else { (pos, cell + 1) };
            look((array, bucket, right.0, right.1), (array, bucket, pos, cell))
        }
        PredecessorFound { array, bucket, pos, .. } => Focus::bucket(array, bucket, pos, Active),
        ChainStartReached { array, bucket, .. } => Focus::cell((array, bucket, 0), 0, Info),
        Reseeded { .. } => Focus::chips(&["hash0"]),
        IterSnapshot { .. } | IterStartChosen { .. } | IterWrapped { .. } | IterEnded { .. } => Focus::chips(&["iter"]),
        IterBucket { array, bucket, .. } => Focus::bucket(array, bucket, 0, Active),
        IterOldBucket { bucket, old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, bucket, 0, Info))
        }
        IterNewBucket { bucket, old, .. } => {
            Focus::bucket(Buckets, bucket, 0, Active).and(Focus::bucket(Oldbuckets, old, 0, Faint))
        }
        IterEmptyCells { array, bucket, pos, cell, cells, .. } => {
            let at = At { array, bucket, pos };
            let passed = (cell..cell + cells).map(|cell| cell % BUCKET_COUNT as u32).map(|cell| (at, cell, cell, Info));
            Focus { cells: passed.collect(), ..Focus::bucket(array, bucket, pos, Info) }
        }
        IterOtherHalf { ref key, check, belongs, .. } => Focus::entry(key, Faint)
            .and(Focus::bucket(Buckets, check, 0, Info))
            .and(Focus::bucket(Buckets, belongs, 0, Faint)),
        IterKeyGone { g, cell, .. } => match map.frames().iter().find(|frame| frame.g == g) {
            Some(frame) => Focus::cell(standing(map, frame), cell, Info),
            None => Focus::chips(&["iter"]),
        },
        IterYielded { array, bucket, pos, cell, .. } => Focus::value((array, bucket, pos), cell),
        IterYieldedMoved { ref key, cell, .. } => moved(map, key, cell),
        IterChainDone { array, bucket, .. } => Focus::bucket(array, bucket, 0, Info),
        ChainMarkedEmpty { array, bucket, to, chains, cells, .. } => {
            let chain = if chains == 1 { cells / BUCKET_COUNT as u32 } else { 1 };
            let at = |bucket: u32| (0..chain).map(move |pos| (At { array, bucket, pos }, Active));
            Focus { buckets: (bucket..=to).flat_map(at).collect(), ..Focus::default() }
        }
        ThrowBadMapState { old, .. } => Focus::bucket(Oldbuckets, old, 0, Bad),
        GrowsForever { .. } => Focus::chips(&["count", "noverflow"]),
        MemoryFault { .. } => Focus::default(),
    }
}

/// `mapdelete` looks from one cell at its neighbour.
fn look(
    (array, bucket, pos, cell): (Array, u32, u32, u32),
    (_, _, next_pos, next_cell): (Array, u32, u32, u32),
) -> Focus {
    let (here, next) = (At { array, bucket, pos }, At { array, bucket, pos: next_pos });
    Focus::cell((array, bucket, pos), cell, Tone::Active)
        .and(Focus::cell((array, bucket, next_pos), next_cell, Tone::Info))
        .arrow((here, cell), (next, next_cell))
}

/// The bucket that a goroutine stands in.
fn standing(map: &GoMap, frame: &Frame) -> (Array, u32, u32) {
    (map.array(frame.slot), frame.chain, frame.pos)
}

/// An iteration found a mark of evacuation in a cell and looked the key up where it is now.
fn moved(map: &GoMap, key: &Key, cell: u32) -> Focus {
    let entry = Focus::entry(key, Tone::Good);
    let found = map.key_id(key).and_then(|id| map.find(id));
    let (Some(frame), Some(Spot { slot, chain, pos, cell: now, .. })) = (map.ended(), found) else { return entry };
    let old = standing(map, frame);
    let from = At { array: old.0, bucket: old.1, pos: old.2 };
    let to = At { array: map.array(slot), bucket: chain, pos };
    let value = Some((to, now));
    Focus { entry: entry.entry, value, ..Focus::cell(old, cell, Tone::Info).arrow((from, cell), (to, now)) }
}
