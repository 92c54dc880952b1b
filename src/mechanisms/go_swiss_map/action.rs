//! What a script or a viewer can ask of the map.

use serde::{Deserialize, Serialize};

use super::super::keys::Key;

/// One action. The plain ones are carried out to their end by the main goroutine (number 1), which first finishes
/// whatever it has under way; `Go`, `Run`, `Copy` and `Finish` let the viewer be the scheduler.
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
    /// Starts iteration `id` at offsets drawn at random (`Iter.Init`).
    Iter(u32),
    /// Starts iteration `id` with this entryOffset and this dirOffset.
    IterAt(u32, u64, u64),
    /// Fetches the next pair of iteration `id` (`Iter.Next`).
    Next(u32),
    /// `m = make(map[…]int, hint)`, for a map that is still nil.
    Make(i64),
    /// Puts so many further entries in, as `Insert` does, shown as a single step. Keys are numbered on: k1, k2, …
    Fill(u32),
    /// Deletes the numbered keys from this one to that one, shown as a single step.
    Erase(u64, u64),
    /// Fetches so many further pairs of iteration `id`, shown as a single step.
    Pairs(u32, u32),
    /// Starts an operation in goroutine `g` (1 is main), which then waits for `Run(g)`.
    Go(u32, Op),
    /// Lets goroutine `g` take its next atomic step.
    Run(u32),
    /// Lets goroutine `g` go on copying entries of a table until so many groups of it are done, shown as a single step.
    Copy(u32, u32),
    /// Lets goroutine `g` go on to the end of its operation.
    Finish(u32),
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
    /// Starts iteration `id` with these offsets.
    IterAt(u32, u64, u64),
    /// Fetches the next pair of iteration `id`.
    Next(u32),
    /// `m = make(map[…]int, hint)`, for a map that is still nil.
    Make(i64),
}

impl Op {
    /// The key it is about, if it is about one.
    pub fn key(&self) -> Option<&Key> {
        match self {
            Op::Insert(key) | Op::Set(key, _) | Op::Get(key) | Op::Delete(key) => Some(key),
            Op::Clear | Op::Iter(_) | Op::IterAt(..) | Op::Next(_) | Op::Make(_) => None,
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
            Action::IterAt(id, entry, dir) => Op::IterAt(*id, *entry, *dir),
            Action::Next(id) => Op::Next(*id),
            Action::Make(hint) => Op::Make(*hint),
            _ => return None,
        })
    }
}
