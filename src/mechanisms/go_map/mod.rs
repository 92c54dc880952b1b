//! Go's classic map, as a machine.
//!
//! Modelled: the generic path of `runtime/map.go` of Go 1.23.9 on linux/amd64 (little-endian, 64-bit), step by step:
//! `makemap`, `makeBucketArray`, `mapaccess1`, `mapassign`, `hashGrow`, `newoverflow`, `growWork`, `evacuate`,
//! `advanceEvacuationMark`, `mapdelete`, `mapiterinit`, `mapiternext`, `mapaccessK`, `mapclear`, and `roundupsize` of
//! `msize.go` for the number of spare overflow buckets. Keys are `string` or `uint64`, elems are `int`.
//!
//! Left out: the variants that the compiler chooses for these very key types (`map_faststr.go`, `map_fast64.go`: the
//! same growth and evacuation; their lookups ignore `emptyRest`, and they write the tophash before the key);
//! `NeedKeyUpdate`, keys and elems stored as pointers, keys not equal to themselves, unhashable keys; `clone`; the race
//! detector; and the lists `extra.overflow` and `extra.oldoverflow`, which only keep memory alive: here buckets live as
//! long as something points to them. Of `mapiterinit` the call of `mapiternext` at its end is an action of its own.
//!
//! What one step is: every change of the state is a step of its own, and so is every decision a reader should see.
//! Four things are drawn together, since nothing changes in between or nobody could tell: neighbouring cells that a
//! search passes (`CellsDiffer`, `IterEmptyCells`) or an evacuation marks (`EmptyCellsEvacuated`); tophash, key and elem of
//! an entry that is copied to the new array (`EntryMoved`); `mapaccessK` within an iteration, with the publication of the pair
//! and the position; the cells of neighbouring chains that `clear` marks, or of one chain with overflow buckets. A check that passes is shown with the next one, nil and
//! `count` with `hashWriting`.
//!
//! Two writers at once may corrupt the real map before it dies of it. The machine follows them as far as pointers
//! lead: where Go would read memory that belongs to nobody it ends with the runtime's nil-pointer panic, and where Go
//! would start one growth after another for ever it stops after eight (`GrowsForever`).
//!
//! A hash given in the setup stays the key's hash when the map draws a new seed: what the author says counts. Under
//! `Seeded` the new seed gives new hashes, as in Go.

#![allow(non_snake_case, reason = "B is B in the source, in the state and in what engineers say")]

mod access;
mod action;
mod assign;
mod choices;
mod clear;
mod delete;
mod evacuate;
mod event;
mod frame;
mod hmap;
mod iterate;
mod laws;
mod machine;
mod make;
mod memory;
mod misread;
mod recorded;
mod recording;
mod setup;
mod show;
mod step;
#[cfg(test)]
mod tests;
mod view;

pub use super::keys::{Hash, Hashes, Key};
pub use action::{Action, Op};
pub use event::{
    Array, Bits, EMPTY_ONE, EMPTY_REST, EVACUATED_EMPTY, EVACUATED_X, EVACUATED_Y, Event, MIN_TOP_HASH, Top,
};
pub use frame::{Call, Dst, Evac, Frame, Pc, Spot};
pub use hmap::{
    Dead, Flags, GoMap, HASH_WRITING, Hmap, ITERATOR, OLD_ITERATOR, SAME_SIZE_GROW, load_limit, over_load_factor,
    overflow_limit,
};
pub use iterate::Iter;
pub use machine::{LAST_GOROUTINE, MAIN};
pub use memory::{BUCKET_COUNT, Bucket, KeyId, Memory, Ptr, buckets_with_spare};
pub use misread::Misread;
pub use setup::{KeyKind, Setup};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoMap>().recorded::<GoMap>()
}
