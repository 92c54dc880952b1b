//! What a map is made of before its first operation: kind of key, hint, hashes, randomness.

use serde::{Deserialize, Serialize};

use super::super::keys::{Hashes, Key};
use super::action::Action;

/// Everything that a run needs besides its actions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// Type of the keys; the elems are `int`.
    pub key: KeyKind,
    /// The size given to `make`, in entries; `None` is `make` without a size.
    pub hint: Option<i64>,
    /// Whether the map is the nil map, which was never made.
    pub nil: bool,
    /// Where the hashes of the keys come from.
    pub hashes: Hashes,
    /// So many entries are in the map when the run begins: k1, k2, … or 1, 2, …, put in in this order.
    pub filled: u32,
    /// What happened before a random run begins: a script has `before` of its own.
    #[serde(skip)]
    pub(super) history: Vec<Action>,
    /// Seed of what Go draws at random: hash seeds and the starts of iterations.
    pub seed: u64,
}

/// Type of the keys. It decides which of the compiler's functions are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyKind {
    /// `map[string]int`: `runtime_mapassign_faststr` and its like.
    #[default]
    String,
    /// `map[uint64]int`: `runtime_mapassign_fast64` and its like.
    Uint64,
    /// `map[pair]int` with `type pair struct{ a, b uint64 }`: the generic functions. A key is written by a name.
    Pair,
}

impl KeyKind {
    /// Whether a map of this kind can hold the key.
    pub fn holds(self, key: &Key) -> bool {
        matches!(key, Key::Int(_)) == (self == KeyKind::Uint64)
    }

    /// The type in Go's words.
    pub fn go(self) -> &'static str {
        match self {
            KeyKind::String => "string",
            KeyKind::Uint64 => "uint64",
            KeyKind::Pair => "pair",
        }
    }

    /// The `n`-th key as scripts count them: `k9`, 9 or `p9`.
    pub fn numbered(self, n: u64) -> Key {
        match self {
            KeyKind::String => Key::from(format!("k{n}").as_str()),
            KeyKind::Uint64 => Key::Int(n),
            KeyKind::Pair => Key::from(format!("p{n}").as_str()),
        }
    }

    /// What the runtime's functions for this kind of key end in: `_fast64`; nothing for the generic ones.
    pub(super) fn functions(self) -> [&'static str; 2] {
        match self {
            KeyKind::String => ["mapaccess1_faststr", "mapassign_faststr"],
            KeyKind::Uint64 => ["mapaccess1_fast64", "mapassign_fast64"],
            KeyKind::Pair => ["mapaccess1", "mapassign"],
        }
    }
}
