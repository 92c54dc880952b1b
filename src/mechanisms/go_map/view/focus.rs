//! What a step is about: which chips, buckets and cells are pointed out, and in which tone.

use super::super::event::{Array, Event};
use super::super::setup::Key;
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
    /// Names of header chips.
    pub chips: &'static [&'static str],
    /// Buckets.
    pub buckets: Vec<(At, Tone)>,
    /// Cells from..=to of a bucket.
    pub cells: Vec<(At, u32, u32, Tone)>,
    /// An entry, wherever it stands.
    pub entry: Option<(Key, Tone)>,
}

impl Focus {
    fn chips(chips: &'static [&'static str]) -> Focus {
        Focus { chips, ..Focus::default() }
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
        self.buckets.extend(other.buckets);
        self.cells.extend(other.cells);
        self
    }

    fn entry(key: &Key, tone: Tone) -> Focus {
        Focus { entry: Some((key.clone(), tone)), ..Focus::default() }
    }

    fn chip(self, chips: &'static [&'static str]) -> Focus {
        Focus { chips, ..self }
    }
}

/// What the step of this event points out.
pub fn focus(event: &Event) -> Focus {
    use Array::{Buckets, Oldbuckets};
    use Event::*;
    use Tone::{Active, Bad, Faint, Good, Info, Moved};
    match *event {
        GoroutineStarted { .. } | Hashed { .. } | TriedAgain { .. } | ZeroReturned { .. } | ValueReturned { .. } => {
            Focus::default()
        }
        NilMapReturns { .. } | PanicNilMap { .. } => Focus::chips(&["nil"]),
        EmptyMapReturns { .. } | CountRaised { .. } | CountLowered { .. } | CountReset { .. } => {
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
        | IterFlagClear { .. }
        | FatalReadWrite { .. }
        | FatalWritesAtStart { .. }
        | FatalWritesAtEnd { .. }
        | FatalIteration { .. } => Focus::chips(&["flags"]),
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
        NewArrayAllocated { .. } | OldArraySet { .. } | NewArraySet { .. } | ArrayZeroed { .. } => Focus::chips(&[]),
        BRaised { .. } => Focus::chips(&["B", "load"]),
        NevacuateReset { .. } | NothingLeftToEvacuate { .. } => Focus::chips(&["nevacuate"]),
        SpareSet { .. } | SpareTaken { .. } | SpareDropped { .. } | OverflowAllocated { .. } => {
            Focus::chips(&["spare"])
        }
        OverflowLinked { array, bucket, pos, .. } => Focus::bucket(array, bucket, pos, Good),
        KeyStored { array, bucket, pos, cell, .. }
        | TophashStored { array, bucket, pos, cell, .. }
        | ElemStored { array, bucket, pos, cell, .. }
        | ElemOverwritten { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Good),
        EvacuateHitBucket { bucket, old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, bucket, 0, Info))
        }
        EvacuateNextBucket { old, .. } => Focus::bucket(Oldbuckets, old, 0, Active).chip(&["nevacuate"]),
        AlreadyEvacuated { old, .. } => Focus::cell((Oldbuckets, old, 0), 0, Info),
        DestinationsXY { old, x, y, .. } => Focus::bucket(Oldbuckets, old, 0, Active)
            .and(Focus::bucket(Buckets, x, 0, Moved))
            .and(Focus::bucket(Buckets, y, 0, Moved)),
        DestinationX { old, x, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Active).and(Focus::bucket(Buckets, x, 0, Moved))
        }
        EmptyCellsEvacuated { old, pos, from, to, .. } => Focus::cells((Oldbuckets, old, pos), from, to, Faint),
        MarkedX { old, pos, cell, to, .. }
        | MarkedY { old, pos, cell, to, .. }
        | MarkedSameSize { old, pos, cell, to, .. } => {
            Focus::cell((Oldbuckets, old, pos), cell, Active).and(Focus::bucket(Buckets, to, 0, Moved))
        }
        DestinationFull { to, pos, .. } => Focus::bucket(Buckets, to, pos, Bad),
        EntryMoved { to, pos, cell, .. } => Focus::cell((Buckets, to, pos), cell, Moved),
        OldOverflowFollowed { old, pos, .. } => Focus::bucket(Oldbuckets, old, pos, Active),
        OldBucketCleared { old, .. } | OldBucketKeptForIterator { old, .. } | OldBucketKeptNoPointers { old, .. } => {
            Focus::bucket(Oldbuckets, old, 0, Faint)
        }
        EvacuationMarkStays { old, .. } => Focus::bucket(Oldbuckets, old, 0, Faint).chip(&["nevacuate"]),
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
        RightInUse { array, bucket, next_pos, next_cell, .. }
        | RightIsEmptyRest { array, bucket, next_pos, next_cell, .. } => {
            Focus::cell((array, bucket, next_pos), next_cell, Info)
        }
        RightIsChainEnd { array, bucket, pos, cell, .. } | LeftInUse { array, bucket, pos, cell, .. } => {
            Focus::cell((array, bucket, pos), cell, Info)
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
        IterEmptyCells { array, bucket, pos, .. } => Focus::bucket(array, bucket, pos, Info),
        IterOtherHalf { ref key, check, belongs, .. } => Focus::entry(key, Bad)
            .and(Focus::bucket(Buckets, check, 0, Info))
            .and(Focus::bucket(Buckets, belongs, 0, Faint)),
        IterKeyGone { .. } => Focus::chips(&["iter"]),
        IterYielded { array, bucket, pos, cell, .. } => Focus::cell((array, bucket, pos), cell, Good),
        IterYieldedMoved { ref key, .. } => Focus::entry(key, Good),
        IterChainDone { array, bucket, .. } => Focus::bucket(array, bucket, 0, Faint),
        ChainMarkedEmpty { array, bucket, .. } => Focus::bucket(array, bucket, 0, Active),
        ThrowBadMapState { old, .. } => Focus::bucket(Oldbuckets, old, 0, Bad),
        GrowsForever { .. } => Focus::chips(&["count", "noverflow"]),
        MemoryFault { .. } => Focus::default(),
    }
}
