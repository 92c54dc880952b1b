//! The house's tests: they walk the catalogue, so that a new mechanism is tested without new test code.

mod budgets;
mod commands;
mod extent;
#[path = "../../fuzz/inputs.rs"]
mod inputs;
mod loader;
mod machines;
mod pair;
mod parts;
#[cfg(feature = "app")]
mod pictures;
mod player;
mod proofs;
mod public;
mod recordings;
mod scenes;
mod search;
mod story;
mod strangers;
mod traces;
mod trails;
