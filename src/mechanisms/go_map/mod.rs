//! Go's map.
mod action;
mod event;
mod setup;

pub use action::{Action, Op};
pub use event::{Array, EMPTY_ONE, EMPTY_REST, EVACUATED_EMPTY, EVACUATED_X, EVACUATED_Y, Event, MIN_TOP_HASH, Top};
pub use setup::{Hash, Hashes, Key, KeyKind, Setup};
