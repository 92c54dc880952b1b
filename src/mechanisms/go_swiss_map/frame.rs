//! Operations under way: program counters and local variables.

use strum::IntoStaticStr;

use super::super::keys::KeyId;
use super::setup::KeyKind;
use super::state::Ctrl;

/// What is being carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "told at Action")]
pub enum Call {
    Access,
    Assign,
    Delete,
    Clear,
    /// With the offsets, if they are not drawn.
    IterInit {
        id: u32,
        at: Option<(u64, u64)>,
    },
    IterNext {
        id: u32,
    },
    Make {
        hint: u64,
    },
}

impl Call {
    /// The runtime function that carries it out for this kind of key.
    pub fn function(self, kind: KeyKind) -> &'static str {
        match self {
            Call::Access => kind.functions()[0],
            Call::Assign => kind.functions()[1],
            Call::Delete => "Delete",
            Call::Clear => "Clear",
            Call::IterInit { .. } => "Iter.Init",
            Call::IterNext { .. } => "Iter.Next",
            Call::Make { .. } => "NewMap",
        }
    }

    /// The iteration that it is about.
    pub fn iteration(self) -> Option<u32> {
        match self {
            Call::IterInit { id, .. } | Call::IterNext { id } => Some(id),
            _ => None,
        }
    }
}

/// What a frame does next, in the order of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntoStaticStr)]
#[allow(missing_docs, reason = "each is told at the function that carries it out")]
pub enum Pc {
    Checks,
    ScanSmall,
    Hash,
    SetWriting,
    MakeGroup,
    PickTable,
    StartProbe,
    MatchH2,
    CompareKey,
    MatchEmpty,
    ProbeNext,
    ReturnValue,
    ReturnZero,
    // Insertion.
    TakeTombstone,
    CheckRoom,
    Prune,
    Rehash,
    StoreKey,
    SetCtrl,
    LowerGrowthLeft,
    RaiseTableUsed,
    RaiseMapUsed,
    CheckWriting,
    ClearWriting,
    StoreElem,
    // Growth.
    MakeTables,
    CopyEntry,
    MakeDirectory,
    FindUnchecked,
    ReplaceTable,
    DoubleDirectory,
    InstallLeft,
    InstallRight,
    MarkStale,
    // Deletion.
    LowerTableUsed,
    LowerMapUsed,
    ClearKey,
    ClearElem,
    MarkCtrl,
    RaiseGrowthLeft,
    NotePossible,
    Reseed,
    // Clear.
    ClearTable,
    ResetUsed,
    ResetPossible,
    RaiseClearSeq,
    // Iteration.
    InitIter,
    AdjustDirectory,
    PickIterTable,
    FirstSlot,
    NextSlot,
    SmallSlot,
    // Making.
    SizeTables,
    ReturnMap,
    Done,
}

impl Pc {
    /// Whether the figures of a map are between two values when a frame stands here.
    pub(super) fn half_done(self) -> bool {
        use Pc::*;
        matches!(
            self,
            StoreKey
                | SetCtrl
                | LowerGrowthLeft
                | RaiseTableUsed
                | RaiseMapUsed
                | InstallLeft
                | InstallRight
                | MarkStale
        ) || matches!(self, LowerMapUsed | ClearKey | ClearElem | MarkCtrl | RaiseGrowthLeft | NotePossible)
            || matches!(self, ClearTable | ResetUsed | ResetPossible | CheckRoom)
    }
}

/// A place in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "numbers")]
pub struct Spot {
    pub table: u32,
    pub group: u32,
    pub slot: u32,
}

/// A table that is being copied into one or, with `right`, into two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Copying {
    /// The table whose entries move.
    pub from: u32,
    /// The next slot, counted over all groups.
    pub at: u32,
    /// The larger table; in a split the one for keys with the bit clear.
    pub left: u32,
    /// In a split the table for keys with the bit set.
    pub right: Option<u32>,
}

/// An operation under way.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Frame {
    /// The goroutine.
    pub g: u32,
    /// What it carries out.
    pub call: Call,
    /// What it does next.
    pub pc: Pc,
    /// The key that it is about.
    pub key: Option<KeyId>,
    /// The value to be stored.
    pub value: i64,
    /// The key's hash, once computed, and the seed that it was computed under.
    pub hashed: Option<(u64, u64)>,
    /// The table at hand.
    pub table: Option<u32>,
    /// The group at hand (`seq.offset`), and how many have been left behind (`seq.index`).
    pub group: u32,
    pub(super) index: u32,
    /// Slots that a match has found and that have not been looked at yet.
    pub bits: u8,
    /// The slot found or to be filled.
    pub spot: Option<Spot>,
    /// The first tombstone passed.
    pub tombstone: Option<(u32, u32)>,
    /// The table that is being copied.
    pub copying: Option<Copying>,
    /// Whether `writing` has been toggled and not toggled back.
    pub toggled: bool,
    /// Whether the key goes into a table known to have room (`uncheckedPutSlotForAssign`).
    pub(super) unchecked: bool,
    /// For the laws: whether another goroutine wrote meanwhile.
    pub(super) overlapped: bool,
}

impl Frame {
    pub(super) fn new(g: u32, call: Call, key: Option<KeyId>, value: i64) -> Frame {
        Frame {
            g,
            call,
            pc: Pc::Checks,
            key,
            value,
            hashed: None,
            table: None,
            group: 0,
            index: 0,
            bits: 0,
            spot: None,
            tombstone: None,
            copying: None,
            toggled: false,
            unchecked: false,
            overlapped: false,
        }
    }

    /// The key's hash.
    pub fn hash(&self) -> Option<u64> {
        self.hashed.map(|(hash, _)| hash)
    }

    /// The control byte that it looks for.
    pub fn h2(&self) -> Option<Ctrl> {
        self.hash().map(Ctrl::of)
    }

    /// The tables that it holds on to.
    pub(super) fn roots(&self) -> impl Iterator<Item = u32> + use<> {
        let copied = self.copying.into_iter().flat_map(|c| [Some(c.from), Some(c.left), c.right]).flatten();
        self.table.into_iter().chain(self.spot.map(|spot| spot.table)).chain(copied)
    }
}
