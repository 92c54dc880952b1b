//! An operation under way: where it stands in the source, and its local variables.

use serde::Serialize;

use super::event::Top;
use super::memory::{KeyId, Ptr};

/// A call of a runtime function that has not returned.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Frame {
    /// The goroutine; 1 is main.
    pub g: u32,
    /// The function.
    pub call: Call,
    /// What it does next.
    pub pc: Pc,
    /// The key it is about.
    pub key: Option<KeyId>,
    /// The value to be stored by an assignment.
    pub value: i64,
    /// The key's hash, once computed.
    pub hash: u64,
    /// The seed it was computed under.
    pub hash0: u32,
    /// The key's tophash, once computed.
    pub top: Top,
    /// The number of the bucket chosen.
    pub bucket: u32,
    /// `B` when it was chosen: how many bits of the hash made that number. `None` before that.
    pub chosen: Option<u8>,
    /// `b`: the bucket looked at.
    pub b: Option<Ptr>,
    /// The array to which `b` belongs.
    pub slot: u32,
    /// The number of `b`'s chain in that array.
    pub chain: u32,
    /// The place of `b` in its chain.
    pub pos: u32,
    /// `i`: the next cell.
    pub i: u32,
    /// Assignment: the first empty cell seen.
    pub inserti: Option<Spot>,
    /// The cell found or filled.
    pub spot: Option<Spot>,
    /// Whether the key was there before.
    pub overwrites: bool,
    /// How often it has come to `goto again`.
    pub tries: u32,
    /// Whether it has switched `hashWriting` and not cleared it yet.
    pub toggled: bool,
    /// The evacuation under way, if any.
    pub evac: Option<Evac>,
    /// `hashGrow`: the array allocated and not published yet; `newoverflow`: the bucket not linked yet.
    pub fresh: Option<Ptr>,
    /// `hashGrow`: the array that becomes old.
    pub outgoing: Option<u32>,
    /// `newoverflow`: the bucket to be extended.
    pub last: Option<Spot>,
    /// Iteration: the bucket whose keys alone are returned (`checkBucket`).
    pub check: Option<u32>,
    /// Whether another goroutine wrote while this one was reading.
    pub overlapped: bool,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Hash)]
pub struct Spot {
    /// Its bucket.
    pub ptr: Ptr,
    /// The array of the bucket's chain.
    pub slot: u32,
    /// The chain's number.
    pub chain: u32,
    /// The bucket's place in the chain.
    pub pos: u32,
    /// The cell, 0..=7.
    pub cell: u32,
}

/// Local variables of `evacuate`.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Evac {
    /// The old bucket.
    pub old: u32,
    /// Whether it is the first of `growWork`'s two.
    pub hit: bool,
    /// Number of old buckets, and the bit that decides between X and Y.
    pub newbit: u32,
    /// `advanceEvacuationMark`: where to stop skipping.
    pub stop: u32,
    /// The old bucket being copied.
    pub b: Ptr,
    /// Its place in the chain.
    pub pos: u32,
    /// The next cell.
    pub i: u32,
    /// The destinations X and Y.
    pub dst: [Dst; 2],
    /// The destination of the entry being copied.
    pub y: bool,
    /// Its tophash.
    pub top: Top,
}

/// `evacDst`: where the next entry goes.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Dst {
    /// The bucket.
    pub b: Ptr,
    /// The number of its chain.
    pub chain: u32,
    /// Its place in the chain.
    pub pos: u32,
    /// The next free cell; 8 if the bucket is full.
    pub i: u32,
}

/// The runtime function that a frame belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `mapassign`, then the caller's store of the elem.
    Assign,
    /// `mapaccess1`.
    Access,
    /// `mapdelete`.
    Delete,
    /// `mapclear`.
    Clear,
    /// `mapiterinit`, without the call of `mapiternext` at its end.
    IterInit {
        /// The iteration.
        id: u32,
        /// Start bucket and offset, if chosen.
        at: Option<(u32, u32)>,
    },
    /// `mapiternext`.
    IterNext {
        /// The iteration.
        id: u32,
    },
    /// `makemap`.
    Make {
        /// The size asked for.
        hint: usize,
    },
}

impl Call {
    /// The function's name.
    pub fn function(self) -> &'static str {
        match self {
            Call::Assign => "mapassign",
            Call::Access => "mapaccess1",
            Call::Delete => "mapdelete",
            Call::Clear => "mapclear",
            Call::IterInit { .. } => "mapiterinit",
            Call::IterNext { .. } => "mapiternext",
            Call::Make { .. } => "makemap",
        }
    }
}

/// What a frame does next, in the order of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr, Hash)]
#[allow(missing_docs, reason = "each is the name of the step that comes next")]
pub enum Pc {
    Checks,
    Hash,
    SetFlag,
    LazyBucket,
    PickBucket,
    GrowWorkHit,
    GrowWorkNext,
    Evacuate,
    EvacuateCell,
    EvacuateFull,
    MoveEntry,
    ClearOldBucket,
    AdvanceMark,
    SkipMark,
    FinishGrowth,
    StartSearch,
    Search,
    CompareKey,
    GrowthCheck,
    SetSameSize,
    NewArray,
    RaiseB,
    MoveFlags,
    SetOldBuckets,
    SetBuckets,
    ResetNevacuate,
    ResetNoverflow,
    SetSpare,
    Again,
    NewOverflow,
    CountOverflow,
    LinkOverflow,
    StoreKey,
    StoreTophash,
    RaiseCount,
    CheckFlag,
    ClearFlag,
    StoreElem,
    ChooseArray,
    ReturnValue,
    ReturnZero,
    ClearKey,
    ClearElem,
    MarkEmptyOne,
    LookRight,
    MarkEmptyRest,
    StepLeft,
    TestLeft,
    LowerCount,
    Reseed,
    ClearChain,
    ClearSameSize,
    ClearOld,
    ClearNevacuate,
    ClearNoverflow,
    ClearCount,
    ClearSeed,
    ClearExtra,
    ClearMemory,
    ClearSpare,
    Snapshot,
    ChooseStart,
    SetIterFlags,
    NextBucket,
    NextWrap,
    NextCells,
    MakeHeader,
    MakeSize,
    MakeArray,
    MakeSpare,
    MakeReturn,
    Done,
}

impl Pc {
    /// Whether an evacuation at this place is in the midst of a bucket's cells.
    pub fn copies(self) -> bool {
        use Pc::{CountOverflow, EvacuateCell, EvacuateFull, LinkOverflow, MoveEntry, NewOverflow};
        matches!(self, EvacuateCell | EvacuateFull | MoveEntry | NewOverflow | CountOverflow | LinkOverflow)
    }
}

impl Frame {
    /// Whether it is in the middle of `hashGrow`: an array has been allocated and not all of it has been published.
    pub fn growing(&self) -> bool {
        use Pc::{MoveFlags, RaiseB, ResetNevacuate, ResetNoverflow, SetBuckets, SetOldBuckets, SetSpare};
        matches!(self.pc, RaiseB | MoveFlags | SetOldBuckets | SetBuckets | ResetNevacuate | ResetNoverflow | SetSpare)
    }

    /// A call that has not done anything yet.
    pub(super) fn new(g: u32, call: Call, key: Option<KeyId>, value: i64) -> Frame {
        Frame {
            g,
            call,
            pc: Pc::Checks,
            key,
            value,
            hash: 0,
            hash0: 0,
            top: Top(0),
            bucket: 0,
            chosen: None,
            b: None,
            slot: 0,
            chain: 0,
            pos: 0,
            i: 0,
            inserti: None,
            spot: None,
            overwrites: false,
            tries: 0,
            toggled: false,
            evac: None,
            fresh: None,
            outgoing: None,
            last: None,
            check: None,
            overlapped: false,
        }
    }

    /// The cell that the search stands at.
    pub(super) fn here(&self, b: Ptr) -> Spot {
        Spot { ptr: b, slot: self.slot, chain: self.chain, pos: self.pos, cell: self.i }
    }

    /// The allocations that this frame keeps alive.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> {
        let spots =
            [self.inserti, self.spot, self.last].into_iter().flatten().flat_map(|spot| [spot.slot, spot.ptr.slot]);
        let ptrs = [self.b, self.fresh].into_iter().flatten().map(|ptr| ptr.slot);
        let evac = self.evac.into_iter().flat_map(|evac| [evac.b.slot, evac.dst[0].b.slot, evac.dst[1].b.slot]);
        let walked = (self.b.is_some() || self.pc == Pc::ClearChain).then_some(self.slot);
        spots.chain(ptrs).chain(evac).chain(self.outgoing).chain(walked)
    }
}
