//! What a map is made of before its first operation: kind of key, hint, hashes, randomness.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::as_displayed;

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

/// Where the hashes of the keys come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Hashes {
    /// Chosen by the author, and kept when the map draws a new seed; a key not listed is hashed as by `Seeded`.
    Given(BTreeMap<Key, Hash>),
    /// XXH64 of the key's bytes (integers: eight, little-endian) under the map's `hash0`, which starts as this number.
    Seeded(u32),
}

impl Default for Hashes {
    fn default() -> Hashes {
        Hashes::Seeded(1)
    }
}

/// The longest key that a script or a viewer may use, in characters.
pub const MAX_KEY: usize = 40;

/// A key: a string or an unsigned integer. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A key of `map[uint64]int`.
    Int(u64),
    /// A key of `map[string]int`.
    Str(Arc<str>),
}

impl Key {
    /// The type a map must have to hold this key.
    pub fn kind(&self) -> KeyKind {
        match self {
            Key::Int(_) => KeyKind::Uint64,
            Key::Str(_) => KeyKind::String,
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key::Str(text.into())
    }
}

impl From<u64> for Key {
    fn from(number: u64) -> Key {
        Key::Int(number)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Key::Int(number) => write!(f, "{number}"),
            Key::Str(text) => f.write_str(text),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Key::Int(number) => serializer.serialize_u64(*number),
            Key::Str(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key: a string such as \"k1\" or an integer from 0 on")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key, E> {
                match text.chars().count() {
                    0..=MAX_KEY => Ok(Key::from(text)),
                    long => Err(E::custom(format!("a key of {long} characters; at most {MAX_KEY} can be shown"))),
                }
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Key, E> {
                Ok(Key::Int(number))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Key, E> {
                u64::try_from(number).map(Key::Int).map_err(|_| E::custom("a key of uint64 cannot be negative"))
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}

impl Key {
    /// The `n`-th key as scripts count them: `k9`, or 9.
    pub fn numbered(kind: KeyKind, n: u64) -> Key {
        match kind {
            KeyKind::String => Key::from(format!("k{n}").as_str()),
            KeyKind::Uint64 => Key::Int(n),
        }
    }
}

/// A 64-bit hash. Written `0x9e00000000000003` or as a string `"9e00000000000003"`; shown as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(pub u64);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

as_displayed!(Hash);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        struct HashVisitor;
        impl Visitor<'_> for HashVisitor {
            type Value = Hash;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a 64-bit hash such as 0x9e00000000000003")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Hash, E> {
                let digits = text.strip_prefix("0x").unwrap_or(text);
                u64::from_str_radix(digits, 16)
                    .map(Hash)
                    .map_err(|_| E::custom("a hash has 1 to 16 hexadecimal digits"))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Hash, E> {
                Ok(Hash(number))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Hash, E> {
                u64::try_from(number).map(Hash).map_err(|_| E::custom("a hash cannot be negative"))
            }
        }
        deserializer.deserialize_any(HashVisitor)
    }
}
