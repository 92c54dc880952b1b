//! Go's two-map `sync.Map`, as a machine.
//!
//! Modelled: `sync/map.go` of Go 1.23.9, step by step: `Load`, `Store`, `Swap`, `LoadOrStore`, `LoadAndDelete`, `Delete`,
//! `CompareAndSwap`, `CompareAndDelete`, `Range`, `Clear`, `missLocked`, `dirtyLocked`, and of the entries `load`, `trySwap`,
//! `tryLoadOrStore`, `delete`, `tryCompareAndSwap`, `unexpungeLocked`, `tryExpungeLocked`, `swapLocked`. Go 1.24 replaced all
//! of it by a hash trie.
//!
//! Left out: memory order beyond "each atomic operation is one step", garbage collection, and of `sync.Mutex` spinning
//! and starvation mode. Keys are names, values are ints; from a number of the setup on they stand for slices, which
//! cannot be compared. A Range and `dirtyLocked` go through a map in the order of its keys, where Go's order is random; of a
//! Range the viewer may choose the next pair. Whoever calls a method that panics recovers.
//!
//! What one step is: each atomic load, store, swap and CompareAndSwap; each Lock and Unlock; each look into a Go map
//! and each write to one. Drawn together, since the mutex hides what lies between: an entry's load and its copy in
//! `dirtyLocked`; `dirty = nil` with `misses = 0`; `clear(dirty)` with `misses = 0`.
//!
//! Values are compared by pointer, as the source's CompareAndSwap does: each call stores a pointer of its own.

mod event;
mod laws;
mod locked;
mod machine;
mod recording;
mod setup;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod view;

pub use event::Event;
pub use machine::{Action, Doing};
pub use setup::{Call, Key, Routine, Setup};
pub use state::{Counts, Frame, GoSyncMap, Goroutine, Mutex, P, Pc, ReadOnly};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoSyncMap>().recorded::<GoSyncMap>()
}
