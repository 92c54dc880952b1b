//! The form of a recording: its header and its lines, read and checked, not yet compared.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::replay::RecordingError;

use super::memory::BUCKET_COUNT;

/// What the machine needs of a header.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) key: String,
    pub(super) keys: Vec<String>,
    pub(super) hint: i64,
    pub(super) bucket_size: usize,
    pub(super) bucket_has_pointers: bool,
    pub(super) ops: usize,
}

/// A line after the header. Chains borrow nothing, numbers are as recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a> {
    #[serde(default, borrow)]
    pub(super) op: Option<&'a str>,
    pub(super) k: Option<i64>,
    #[serde(borrow)]
    pub(super) h: Option<&'a str>,
    pub(super) v: Option<i64>,
    pub(super) ok: Option<bool>,
    pub(super) id: Option<u32>,
    pub(super) start: Option<u32>,
    pub(super) off: Option<u32>,
    pub(super) count: Option<u64>,
    pub(super) flags: Option<u8>,
    pub(super) B: Option<u8>,
    pub(super) nov: Option<u16>,
    pub(super) nev: Option<u64>,
    pub(super) nb: Option<u64>,
    pub(super) no: Option<u64>,
    pub(super) same: Option<bool>,
    pub(super) spare: Option<u64>,
    #[serde(borrow)]
    pub(super) seed: Option<&'a str>,
    #[serde(default)]
    pub(super) bnew: bool,
    #[serde(default)]
    pub(super) onew: bool,
    #[serde(default)]
    pub(super) b: Chains,
    #[serde(default)]
    pub(super) o: Chains,
    pub(super) pairs: Option<Vec<(i64, i64)>>,
    pub(super) len: Option<u64>,
}

/// Eight cells as recorded.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Cells {
    pub(super) tophash: [u8; BUCKET_COUNT],
    pub(super) keys: [i64; BUCKET_COUNT],
}

pub(super) const EMPTY: Cells = Cells { tophash: [0; BUCKET_COUNT], keys: [-1; BUCKET_COUNT] };

pub(super) type Chain = Vec<Cells>;

/// The chains that changed, by bucket number.
#[derive(Default)]
pub(super) struct Chains(pub(super) Vec<(usize, Chain)>);

impl<'de> Deserialize<'de> for Chains {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Chains, D::Error> {
        struct ChainsVisitor;
        impl<'de> Visitor<'de> for ChainsVisitor {
            type Value = Chains;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("bucket chains by number")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Chains, A::Error> {
                let mut chains = Vec::with_capacity(4);
                while let Some(entry) = map.next_entry::<usize, Chain>()? {
                    chains.push(entry);
                }
                Ok(Chains(chains))
            }
        }
        deserializer.deserialize_map(ChainsVisitor)
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cells, D::Error> {
        let (hex, keys) = <(&str, [i64; BUCKET_COUNT])>::deserialize(deserializer)?;
        let bytes = (hex.len() == 2 * BUCKET_COUNT).then(|| u64::from_str_radix(hex, 16).ok()).flatten();
        let bytes = bytes.ok_or_else(|| serde::de::Error::custom("tophashes are 16 hexadecimal digits"))?;
        Ok(Cells { tophash: bytes.to_be_bytes(), keys })
    }
}

pub(super) fn hex(text: &str, line: usize, field: &str) -> Result<u64, RecordingError> {
    u64::from_str_radix(text, 16)
        .map_err(|_| RecordingError::new(line, format!("`{field}` is {text:?}, not hexadecimal")))
}

pub(super) fn check_chain(chain: &[Cells], keys: usize, line: usize) -> Result<(), RecordingError> {
    if chain.is_empty() {
        return Err(RecordingError::new(line, "a bucket chain is empty"));
    }
    match chain.iter().flat_map(|cells| cells.keys).find(|key| *key < -2 || *key >= keys as i64) {
        Some(key) => Err(RecordingError::new(line, format!("key {key} is not among the header's {keys} keys"))),
        None => Ok(()),
    }
}
