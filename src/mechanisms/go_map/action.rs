//! What a script or a viewer can ask of the map.

use serde::{Deserialize, Serialize};

use super::super::keys::Key;

/// One action. The plain ones are carried out to their end by the main goroutine (number 1), which first finishes
/// whatever it has under way; `Go` and `Run` let the viewer be the scheduler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// `m[key] = v`, where `v` is the next running number: 1, 2, 3, …
    Insert(Key),
    /// `m[key] = value`.
    Set(Key, i64),
    /// `m[key]`.
    Get(Key),
    /// `delete(m, key)`.
    Delete(Key),
    /// `clear(m)`.
    Clear,
    /// Starts iteration `id` at a bucket and an offset drawn at random (`mapiterinit`).
    Iter(u32),
    /// Starts iteration `id` at this bucket and this offset (0..=7) within every bucket.
    IterAt(u32, u32, u32),
    /// Fetches the next pair of iteration `id` (`mapiternext`).
    Next(u32),
    /// `m = make(map[…]int, hint)`, for a map that is still nil.
    Make(i64),
    /// Puts so many further entries in, as `Insert` does, shown as a single step. Keys are numbered on: k1, k2, …
    Fill(u32),
    /// Fetches so many further pairs of iteration `id`, shown as a single step.
    Pairs(u32, u32),
    /// Starts an operation in goroutine `g` (2 or more), which then waits for `Run(g)`.
    Go(u32, Op),
    /// Lets goroutine `g` take its next atomic step; 1 is main.
    Run(u32),
}

/// An operation that a goroutine carries out step by step; see the actions of the same names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Op {
    /// `m[key] = v`, where `v` is the next running number.
    Insert(Key),
    /// `m[key] = value`.
    Set(Key, i64),
    /// `m[key]`.
    Get(Key),
    /// `delete(m, key)`.
    Delete(Key),
    /// `clear(m)`.
    Clear,
    /// Starts iteration `id` at random.
    Iter(u32),
    /// Starts iteration `id` at a bucket and an offset.
    IterAt(u32, u32, u32),
    /// Fetches the next pair of iteration `id`.
    Next(u32),
    /// `m = make(map[…]int, hint)`, for a map that is still nil.
    Make(i64),
}

impl Op {
    /// The runtime function that carries it out.
    pub fn function(&self) -> &'static str {
        match self {
            Op::Insert(_) | Op::Set(..) => "mapassign",
            Op::Get(_) => "mapaccess1",
            Op::Delete(_) => "mapdelete",
            Op::Clear => "mapclear",
            Op::Iter(_) | Op::IterAt(..) => "mapiterinit",
            Op::Next(_) => "mapiternext",
            Op::Make(_) => "makemap",
        }
    }

    /// The key it is about, if it is about one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Op::Insert(key) | Op::Set(key, _) | Op::Get(key) | Op::Delete(key) => Some(key),
            Op::Clear | Op::Iter(_) | Op::IterAt(..) | Op::Next(_) | Op::Make(_) => None,
        }
    }
}

impl From<Op> for Action {
    fn from(op: Op) -> Action {
        match op {
            Op::Insert(key) => Action::Insert(key),
            Op::Set(key, value) => Action::Set(key, value),
            Op::Get(key) => Action::Get(key),
            Op::Delete(key) => Action::Delete(key),
            Op::Clear => Action::Clear,
            Op::Iter(id) => Action::Iter(id),
            Op::IterAt(id, start, offset) => Action::IterAt(id, start, offset),
            Op::Next(id) => Action::Next(id),
            Op::Make(hint) => Action::Make(hint),
        }
    }
}

impl Action {
    /// The operation of a plain action; `None` for those that are no single operation of main.
    pub fn plain(&self) -> Option<Op> {
        Some(match self {
            Action::Insert(key) => Op::Insert(key.clone()),
            Action::Set(key, value) => Op::Set(key.clone(), *value),
            Action::Get(key) => Op::Get(key.clone()),
            Action::Delete(key) => Op::Delete(key.clone()),
            Action::Clear => Op::Clear,
            Action::Iter(id) => Op::Iter(*id),
            Action::IterAt(id, start, offset) => Op::IterAt(*id, *start, *offset),
            Action::Next(id) => Op::Next(*id),
            Action::Make(hint) => Op::Make(*hint),
            Action::Fill(_) | Action::Pairs(..) | Action::Go(..) | Action::Run(_) => return None,
        })
    }
}
