//! What a run begins with: goroutines with short programs of calls.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::machine::{Refusal, refuse, within};
use crate::text::as_displayed;

/// So many goroutines at most have room in the picture.
pub const MAX_GOROUTINES: usize = 3;
/// So many calls at most a program may have.
pub const MAX_CALLS: usize = 64;
/// So deep Ranges may be nested.
const MAX_DEPTH: usize = 3;
/// Values from this number on stand for slices of ints, which Go cannot compare.
pub const SLICES_FROM: i64 = 9000;

/// Everything that a run needs besides its actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The goroutines, numbered from 1 on; all use the one map.
    pub goroutines: Vec<Routine>,
    /// Plays a map that does not know `expunged`: an entry that is nil is left out of the dirty map, and stays nil.
    pub without_expunged: bool,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { goroutines: vec![Routine::default()], without_expunged: false }
    }
}

/// A goroutine: what it does, in a word, and its calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "told above")]
pub struct Routine {
    pub name: String,
    pub program: Vec<Call>,
}

/// A call of one of the map's methods, with key and values in the order of Go's arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[allow(missing_docs, reason = "they are named as in sync/map.go")]
pub enum Call {
    Load(Key),
    /// A Swap that drops what it returns.
    Store(Key, i64),
    LoadOrStore(Key, i64),
    LoadAndDelete(Key),
    /// A LoadAndDelete that drops what it returns.
    Delete(Key),
    Swap(Key, i64),
    CompareAndSwap(Key, i64, i64),
    CompareAndDelete(Key, i64),
    /// Its function makes these calls and returns true.
    Range(#[serde(default)] Vec<Call>),
    /// Within a Range: its function returns false.
    Stop,
    #[default]
    Clear,
}

/// The functions of sync/map.go that carry a call out (the method, and what that calls for an entry that it has found);
/// its key, the value that it compares with, the value that it puts there.
pub(super) struct Facts {
    pub(super) method: &'static str,
    pub(super) on_entry: &'static str,
    pub(super) key: Option<Key>,
    pub(super) old: Option<i64>,
    pub(super) new: Option<i64>,
}

impl Call {
    pub(super) fn facts(&self) -> Facts {
        let (method, on_entry, key, old, new) = match *self {
            Call::Load(key) => ("Load", "Load", Some(key), None, None),
            Call::Store(key, new) | Call::Swap(key, new) => ("Swap", "trySwap", Some(key), None, Some(new)),
            Call::LoadOrStore(key, new) => ("LoadOrStore", "tryLoadOrStore", Some(key), None, Some(new)),
            Call::LoadAndDelete(key) | Call::Delete(key) => ("LoadAndDelete", "delete", Some(key), None, None),
            Call::CompareAndSwap(key, old, new) => {
                ("CompareAndSwap", "tryCompareAndSwap", Some(key), Some(old), Some(new))
            }
            Call::CompareAndDelete(key, old) => ("CompareAndDelete", "CompareAndDelete", Some(key), Some(old), None),
            Call::Range(_) | Call::Stop => ("Range", "Range", None, None, None),
            Call::Clear => ("Clear", "Clear", None, None, None),
        };
        Facts { method, on_entry, key, old, new }
    }

    /// Whether it puts a value there whatever is there now.
    pub(super) fn stores(&self) -> bool {
        matches!(self.facts(), Facts { old: None, new: Some(_), .. })
    }

    /// It and the calls of its function, and of theirs, each with the number of Ranges around it.
    pub(super) fn all(&self, depth: usize) -> Vec<(&Call, usize)> {
        let body = if let Call::Range(body) = self { &body[..] } else { &[] };
        let within = body.iter().flat_map(|call| call.all(depth + 1));
        std::iter::once((self, depth)).chain(within).collect()
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Facts { key, old, new, .. } = self.facts();
        let words = key.iter().map(Key::to_string).chain(old.iter().chain(&new).map(i64::to_string));
        match self {
            Call::Range(_) => f.write_str("Range(f)"),
            Call::Stop => f.write_str("return false"),
            call => write!(f, "{}({})", <&str>::from(call), words.collect::<Vec<_>>().join(", ")),
        }
    }
}

/// A key, written `"k1"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u32);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "k{}", self.0)
    }
}

as_displayed!(Key);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.strip_prefix('k').filter(|digits| digits.len() <= 3).and_then(|digits| digits.parse().ok());
        number.map(Key).ok_or_else(|| {
            de::Error::custom(format!(
                "{text:?} is no key: keys are \"k0\" to \"k999\" / {text:?} 不是键：键为 \"k0\" 到 \"k999\""
            ))
        })
    }
}

/// Refuses what cannot be shown or would not compile.
pub(super) fn check(setup: &Setup) -> Result<(), Refusal> {
    within(setup.goroutines.len(), MAX_GOROUTINES, ("goroutines", "个 goroutine"))?;
    setup.goroutines.iter().try_for_each(|routine| check_program(&routine.program))
}

/// Refuses calls that cannot be a program.
pub(super) fn check_program(program: &[Call]) -> Result<(), Refusal> {
    let all: Vec<(&Call, usize)> = program.iter().flat_map(|call| call.all(0)).collect();
    if all.contains(&(&Call::Stop, 0)) {
        return refuse!("only the function of a Range can return false", "只有 Range 的函数才能返回 false");
    }
    let ranges = all.iter().filter(|(call, _)| matches!(call, Call::Range(_)));
    let deepest = ranges.map(|(_, around)| around + 1).max().unwrap_or(0);
    within(deepest, MAX_DEPTH, ("Ranges inside each other", "层嵌套的 Range"))?;
    within(all.len(), MAX_CALLS, ("calls in a program", "个调用在一个程序中"))
}
