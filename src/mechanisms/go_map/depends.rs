//! Which places of the state decided a step.

use super::event::{Array, Event};

/// `buckets[5].overflow.overflow`: the bucket at `pos` of a chain. Arrays that only an iteration holds have no path.
fn bucket_path(array: Array, bucket: u32, pos: u32) -> Option<String> {
    let array = match array {
        Array::Buckets => "buckets",
        Array::Oldbuckets => "oldbuckets",
        Array::Snapshot => return None,
    };
    Some(format!("{array}[{bucket}]{}", ".overflow".repeat(pos as usize)))
}

fn tophash(array: Array, bucket: u32, pos: u32, cell: u32) -> Vec<String> {
    bucket_path(array, bucket, pos).map(|path| format!("{path}.tophash[{cell}]")).into_iter().collect()
}

fn cell_of(part: &str, array: Array, bucket: u32, pos: u32, cell: u32) -> Vec<String> {
    bucket_path(array, bucket, pos).map(|path| format!("{path}.{part}[{cell}]")).into_iter().collect()
}

fn link(array: Array, bucket: u32, pos: u32) -> Vec<String> {
    bucket_path(array, bucket, pos).map(|path| format!("{path}.overflow")).into_iter().collect()
}

fn list<const N: usize>(paths: [&str; N]) -> Vec<String> {
    paths.map(String::from).to_vec()
}

/// The paths for `Event::depends`.
pub(super) fn depends(event: &Event) -> Vec<String> {
    use Event::*;
    match *event {
        EmptyMapReturns { .. } => list(["count"]),
        WritingFlagClear { .. } | WritingFlagSet { .. } | WritingFlagLost { .. } => list(["flags"]),
        WritingFlagHeld { .. } | WritingFlagCleared { .. } => list(["flags"]),
        FatalReadWrite { .. } | FatalWritesAtStart { .. } | FatalWritesAtEnd { .. } | FatalIteration { .. } => {
            list(["flags"])
        }
        IterFlagClear { .. } | IterFlagsSet { .. } | IterFlagsPresent { .. } => list(["flags"]),
        IteratorFlagsMoved { .. } | SameSizeFlagCleared { .. } | OldBucketKeptForIterator { .. } => list(["flags"]),
        Hashed { .. } => list(["hash0"]),
        BucketChosen { .. } => list(["B"]),
        FirstBucketAllocated { .. } => list(["buckets"]),
        CellsDiffer { array, bucket, pos, from, to, .. } => {
            (from..=to).flat_map(|cell| tophash(array, bucket, pos, cell)).collect()
        }
        EmptyCellRemembered { array, bucket, pos, cell, .. }
        | EmptyRestStops { array, bucket, pos, cell, .. }
        | TophashMatched { array, bucket, pos, cell, .. }
        | LeftInUse { array, bucket, pos, cell, .. } => tophash(array, bucket, pos, cell),
        RightInUse { array, bucket, next_pos, next_cell, .. }
        | RightIsEmptyRest { array, bucket, next_pos, next_cell, .. } => tophash(array, bucket, next_pos, next_cell),
        KeyDiffers { array, bucket, pos, cell, .. } | KeyMatched { array, bucket, pos, cell, .. } => {
            cell_of("keys", array, bucket, pos, cell)
        }
        IterYielded { array, bucket, pos, cell, .. } => {
            let mut paths = cell_of("keys", array, bucket, pos, cell);
            paths.extend(cell_of("elems", array, bucket, pos, cell));
            paths
        }
        OverflowFollowed { array, bucket, pos, .. } | IterOverflow { array, bucket, pos, .. } if pos > 0 => {
            link(array, bucket, pos - 1)
        }
        ChainEnds { array, bucket, pos, .. } | RightIsChainEnd { array, bucket, pos, .. } => link(array, bucket, pos),
        GrowthUnderWay { .. } => list(["oldbuckets"]),
        NoGrowthNeeded { .. } => list(["count", "B", "noverflow"]),
        LoadExceeded { .. } => list(["count", "B"]),
        TooManyOverflow { .. } => list(["noverflow", "B"]),
        SameSizeFlagSet { .. } => list(["noverflow"]),
        NewArrayAllocated { .. } | BRaised { .. } => list(["B", "flags"]),
        OldArraySet { .. } => list(["buckets"]),
        SpareTaken { .. } | OverflowAllocated { .. } => list(["spare"]),
        EvacuateHitBucket { .. } => list(["oldbuckets"]),
        EvacuateNextBucket { .. } => list(["oldbuckets", "nevacuate"]),
        NothingLeftToEvacuate { .. } => list(["oldbuckets"]),
        AlreadyEvacuated { old, .. } => tophash(Array::Oldbuckets, old, 0, 0),
        DestinationsXY { old, .. } | DestinationX { old, .. } => {
            vec![format!("oldbuckets[{old}]"), String::from("flags")]
        }
        EmptyCellsEvacuated { old, pos, from, to, .. } => {
            (from..=to).flat_map(|cell| tophash(Array::Oldbuckets, old, pos, cell)).collect()
        }
        MarkedX { old, pos, cell, .. } | MarkedY { old, pos, cell, .. } | MarkedSameSize { old, pos, cell, .. } => {
            tophash(Array::Oldbuckets, old, pos, cell)
        }
        DestinationFull { to, pos, .. } => tophash(Array::Buckets, to, pos, 7),
        OldOverflowFollowed { old, pos, .. } if pos > 0 => link(Array::Oldbuckets, old, pos - 1),
        OldBucketCleared { .. } => list(["flags"]),
        EvacuationMarkStays { .. } | EvacuationMarkAdvanced { .. } => list(["nevacuate"]),
        EvacuationMarkSkips { skipped, .. } => tophash(Array::Oldbuckets, skipped, 0, 0),
        OldArrayFreed { .. } => list(["nevacuate"]),
        OldBucketConsulted { old, .. } | NewBucketConsulted { old, .. } => tophash(Array::Oldbuckets, old, 0, 0),
        CountLowered { .. } | CountRaised { .. } | Reseeded { .. } => list(["count"]),
        IterSnapshot { .. } => list(["buckets", "B"]),
        IterBucket { .. } => list(["oldbuckets", "B"]),
        IterOldBucket { old, .. } | IterNewBucket { old, .. } => tophash(Array::Oldbuckets, old, 0, 0),
        IterOtherHalf { .. } => list(["oldbuckets"]),
        IterEnded { id, .. } => vec![format!("iterators.{id}.wrapped"), format!("iterators.{id}.startBucket")],
        HintFits { .. } | HintExceeds { .. } | BucketsMade { .. } => list(["B"]),
        NevacuateReset { .. } => list(["nevacuate"]),
        NoverflowReset { .. } => list(["noverflow"]),
        _ => Vec::new(),
    }
}

impl Event {
    /// The goroutine that took the step; 1 is main.
    pub fn goroutine(&self) -> u32 {
        use Event::*;
        match *self {
            GoroutineStarted { g, .. }
            | NilMapReturns { g, .. }
            | EmptyMapReturns { g, .. }
            | WritingFlagClear { g, .. }
            | Hashed { g, .. }
            | WritingFlagSet { g, .. }
            | WritingFlagLost { g, .. }
            | FirstBucketAllocated { g, .. }
            | BucketChosen { g, .. }
            | CellsDiffer { g, .. }
            | EmptyCellRemembered { g, .. }
            | EmptyRestStops { g, .. }
            | TophashMatched { g, .. }
            | KeyDiffers { g, .. }
            | KeyMatched { g, .. }
            | OverflowFollowed { g, .. }
            | ChainEnds { g, .. }
            | GrowthUnderWay { g, .. }
            | NoGrowthNeeded { g, .. }
            | LoadExceeded { g, .. }
            | TooManyOverflow { g, .. }
            | SameSizeFlagSet { g, .. }
            | NewArrayAllocated { g, .. }
            | BRaised { g, .. }
            | IteratorFlagsMoved { g, .. }
            | OldArraySet { g, .. }
            | NewArraySet { g, .. }
            | NevacuateReset { g, .. }
            | NoverflowReset { g, .. }
            | SpareSet { g, .. }
            | TriedAgain { g, .. }
            | SpareTaken { g, .. }
            | OverflowAllocated { g, .. }
            | NoverflowRaised { g, .. }
            | NoverflowSampledOut { g, .. }
            | OverflowLinked { g, .. }
            | KeyStored { g, .. }
            | TophashStored { g, .. }
            | CountRaised { g, .. }
            | WritingFlagHeld { g, .. }
            | WritingFlagCleared { g, .. }
            | ElemStored { g, .. }
            | ElemOverwritten { g, .. }
            | EvacuateHitBucket { g, .. }
            | EvacuateNextBucket { g, .. }
            | NothingLeftToEvacuate { g, .. }
            | AlreadyEvacuated { g, .. }
            | DestinationsXY { g, .. }
            | DestinationX { g, .. }
            | EmptyCellsEvacuated { g, .. }
            | MarkedX { g, .. }
            | MarkedY { g, .. }
            | MarkedSameSize { g, .. }
            | DestinationFull { g, .. }
            | EntryMoved { g, .. }
            | OldOverflowFollowed { g, .. }
            | OldBucketCleared { g, .. }
            | OldBucketKeptForIterator { g, .. }
            | OldBucketKeptNoPointers { g, .. }
            | EvacuationMarkStays { g, .. }
            | EvacuationMarkAdvanced { g, .. }
            | EvacuationMarkSkips { g, .. }
            | OldArrayFreed { g, .. }
            | SameSizeFlagCleared { g, .. }
            | OldBucketConsulted { g, .. }
            | NewBucketConsulted { g, .. }
            | ValueReturned { g, .. }
            | ZeroReturned { g, .. }
            | KeyCleared { g, .. }
            | ElemCleared { g, .. }
            | MarkedEmptyOne { g, .. }
            | RightInUse { g, .. }
            | RightIsEmptyRest { g, .. }
            | RightIsChainEnd { g, .. }
            | MarkedEmptyRest { g, .. }
            | PredecessorFound { g, .. }
            | LeftInUse { g, .. }
            | ChainStartReached { g, .. }
            | CountLowered { g, .. }
            | Reseeded { g, .. }
            | HeaderMade { g, .. }
            | HintExceeds { g, .. }
            | HintFits { g, .. }
            | BucketsMade { g, .. }
            | MapMade { g, .. }
            | Filled { g, .. }
            | PairsReturned { g, .. }
            | IterSnapshot { g, .. }
            | IterStartChosen { g, .. }
            | IterFlagsSet { g, .. }
            | IterFlagsPresent { g, .. }
            | IterFlagClear { g, .. }
            | IterBucket { g, .. }
            | IterOldBucket { g, .. }
            | IterNewBucket { g, .. }
            | IterWrapped { g, .. }
            | IterEmptyCells { g, .. }
            | IterOtherHalf { g, .. }
            | IterKeyGone { g, .. }
            | IterYielded { g, .. }
            | IterYieldedMoved { g, .. }
            | IterOverflow { g, .. }
            | IterChainDone { g, .. }
            | IterEnded { g, .. }
            | ChainMarkedEmpty { g, .. }
            | OldArrayDropped { g, .. }
            | CountReset { g, .. }
            | SpareDropped { g, .. }
            | ArrayZeroed { g, .. }
            | PanicNilMap { g, .. }
            | FatalReadWrite { g, .. }
            | FatalWritesAtStart { g, .. }
            | FatalWritesAtEnd { g, .. }
            | FatalIteration { g, .. }
            | ThrowBadMapState { g, .. }
            | GrowsForever { g, .. }
            | MemoryFault { g, .. } => g,
        }
    }
}
