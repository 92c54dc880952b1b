//! Go's map since Go 1.24 (a Swiss table behind a directory), as a machine.
//!
//! Modelled: `internal/runtime/maps` of Go 1.27.3 on linux/amd64, read in the release's own source: `NewMap`,
//! `directoryIndex`, `replaceTable`, `installTableSplit`, `putSlotSmall`, `growToSmall`, `growToTable`, `Delete`, `Clear` of
//! map.go; `reset`, `PutSlot`, `uncheckedPutSlot`, `Delete`, `pruneTombstones`, `Clear`, `rehash`, `grow`, `split`, the
//! `probeSeq` and `Iter` of table.go; `runtime_mapaccess1` and `runtime_mapassign` of runtime.go, runtime_fast64.go and
//! runtime_faststr.go. Keys are `string`, `uint64` or a struct of two `uint64` (for which the compiler has no function of its
//! own, so that its assignment never prunes); elems are `int`.
//!
//! What one step is: every change of the state, and every decision a reader should see. Drawn together, since nothing
//! changes in between: an entry's hash, probing, key, elem, `growthLeft--`, `used++` and control byte while a table is copied
//! (`EntryMoved`, `EntrySplit`; the new table is not in the map yet); what `pruneTombstones` finds out, and the tombstones
//! that it turns; slots that an iteration passes; a table that `Clear` empties.
//!
//! Left out: functions for 4-byte keys and pointers (the same steps); keys of more than 64 bytes, which a small map compares
//! otherwise; `NeedKeyUpdate`, keys and elems stored as pointers, keys not equal to themselves, unhashable keys; `Clone`;
//! the race detector; experiment `mapsplitgroup`. `matchH2` is the one of amd64, which has no false positives.
//!
//! Two writers at once may corrupt the real map before it dies of it. The machine follows them as long as there is
//! something to follow; where Go would search for ever or stop with an invariant that failed, it ends (`Astray`).
//! What a lookup gives that overlaps a write is not judged.

mod action;
mod assign;
mod erase;
mod event;
mod frame;
mod iterate;
mod laws;
mod machine;
mod recording;
mod sample;
mod setup;
mod show;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod view;

pub use action::{Action, Op};
pub use event::Event;
pub use frame::{Call, Frame, Pc};
pub use iterate::Iter;
pub use setup::{KeyKind, Setup};
pub use state::{Ctrl, Dead, GoSwissMap, Group, Table};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoSwissMap>().recorded::<GoSwissMap>()
}
