//! Go's two-map `sync.Map`, as a machine: all of `sync/map.go` of Go 1.23.9, step by step. Go 1.24 replaced it by a hash
//! trie.
//!
//! A step is an atomic load, store, swap or CompareAndSwap, a Lock or Unlock, a look into a Go map or a write to one.
//! Drawn together, since the mutex hides what lies between: an entry's load and its copy in `dirtyLocked`; `dirty = nil`
//! with `misses = 0`; `clear(dirty)` with `misses = 0`. Values are compared by pointer: each call stores one of its own.
//!
//! Left out: memory order, garbage collection, and of `sync.Mutex` spinning and starvation mode. Keys are names, values are
//! ints, and from a number on slices, which cannot be compared. Go maps are walked in the order of their keys, where Go's
//! order is random; of a Range the viewer may choose the next pair. Whoever calls a method that panics recovers.

mod event;
mod laws;
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
pub use state::{GoSyncMap, P};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoSyncMap>().recorded::<GoSyncMap>()
}
