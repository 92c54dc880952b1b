//! What a map is made of before its first operation: kind of key, hint, hashes, randomness.

use serde::{Deserialize, Serialize};

use super::super::keys::{Hashes, Key};
use super::action::Op;

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
    pub(super) history: Vec<Op>,
    /// Seed of what Go draws at random: hash seeds and the starts of iterations.
    pub seed: u64,
}

/// Type of the keys. It decides the size of a bucket and whether the garbage collector looks into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyKind {
    /// `map[string]int`: 208 bytes a bucket, with pointers.
    #[default]
    String,
    /// `map[uint64]int`: 144 bytes a bucket, no pointers.
    Uint64,
}

impl KeyKind {
    /// Size of a bucket in bytes (`maptype.BucketSize`).
    pub fn bucket_size(self) -> usize {
        match self {
            KeyKind::String => 208,
            KeyKind::Uint64 => 144,
        }
    }

    /// Whether the bucket type contains pointers besides `overflow` (`Bucket.Pointers()`).
    pub fn bucket_has_pointers(self) -> bool {
        self == KeyKind::String
    }

    /// The type in Go's words.
    pub fn go(self) -> &'static str {
        match self {
            KeyKind::String => "string",
            KeyKind::Uint64 => "uint64",
        }
    }
}

impl KeyKind {
    /// The type a map must have to hold this key.
    pub fn of(key: &Key) -> KeyKind {
        match key {
            Key::Int(_) => KeyKind::Uint64,
            Key::Str(_) => KeyKind::String,
        }
    }

    /// The `n`-th key as scripts count them: `k9`, or 9.
    pub fn numbered(self, n: u64) -> Key {
        match self {
            KeyKind::String => Key::from(format!("k{n}").as_str()),
            KeyKind::Uint64 => Key::Int(n),
        }
    }
}
