//! Keys of Go's maps and where their hashes come from: what the maps of both designs have in common.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use twox_hash::XxHash64;

use crate::text::as_displayed;

/// Where the hashes of the keys come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Hashes {
    /// Chosen by the author, and kept when the map draws a new seed; a key not listed is hashed as by `Seeded`.
    Given(BTreeMap<Key, Hash>),
    /// XXH64 of the key's bytes (integers: eight, little-endian) under the map's seed, which starts as this number.
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
                    long => Err(E::custom(format!(
                        "a key of {long} characters; at most {MAX_KEY} can be shown / 键有 {long} 个字符，最多可展示 {MAX_KEY} 个"
                    ))),
                }
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Key, E> {
                Ok(Key::Int(number))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Key, E> {
                u64::try_from(number)
                    .map(Key::Int)
                    .map_err(|_| E::custom("a key of uint64 cannot be negative / uint64 的键不能为负"))
            }
        }
        deserializer.deserialize_any(KeyVisitor)
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

/// The number of a key in the table of the keys that a machine has met; cells hold it in place of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(NonZeroU32);

impl KeyId {
    /// The key at this index of the table.
    pub(super) fn from_index(index: usize) -> KeyId {
        KeyId(NonZeroU32::MIN.saturating_add(index as u32))
    }

    /// The key's index in the table.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A key known to a machine.
#[derive(Clone, Debug, Hash)]
pub(super) struct KeyInfo {
    pub key: Key,
    pub given: Option<u64>,
}

/// The keys met so far; cells hold their numbers.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct KeyTable {
    pub list: Vec<KeyInfo>,
    pub index: BTreeMap<Key, KeyId>,
}

impl KeyTable {
    /// The number of a key, which is new to the table if need be.
    pub fn intern(table: &mut Arc<KeyTable>, key: &Key, given: Option<u64>) -> KeyId {
        if let Some(id) = table.index.get(key) {
            return *id;
        }
        let table = Arc::make_mut(table);
        let id = KeyId::from_index(table.list.len());
        table.list.push(KeyInfo { key: key.clone(), given });
        table.index.insert(key.clone(), id);
        id
    }

    /// The key's hash under this seed: the given one, or XXH64 of its bytes.
    pub fn hash(&self, id: KeyId, seed: u64) -> u64 {
        let info = &self.list[id.index()];
        info.given.unwrap_or_else(|| match &info.key {
            Key::Int(number) => XxHash64::oneshot(seed, &number.to_le_bytes()),
            Key::Str(text) => XxHash64::oneshot(seed, text.as_bytes()),
        })
    }
}
