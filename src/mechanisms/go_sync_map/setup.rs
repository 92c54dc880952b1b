//! What a run begins with: goroutines with short programs of calls.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::machine::{Refusal, refuse};

/// So many goroutines at most have room in the picture.
pub const MAX_GOROUTINES: usize = 3;
/// So many calls at most a program may have.
pub const MAX_CALLS: usize = 64;
/// So deep Ranges may be nested.
const MAX_DEPTH: usize = 3;

/// Everything that a run needs besides its actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The goroutines, numbered from 1 on; all use the one map.
    pub goroutines: Vec<Routine>,
    /// Values from this number on stand for slices of ints, which Go cannot compare.
    pub slices_from: i64,
    /// Plays a map that does not know `expunged`: an entry that is nil is left out of the dirty map, and stays nil.
    pub without_expunged: bool,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup { goroutines: vec![Routine::default()], slices_from: 9000, without_expunged: false }
    }
}

/// A goroutine: a sequence of calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routine {
    /// What it does, in a word: `reader`. May be empty.
    pub name: String,
    /// Its calls.
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

impl Call {
    /// Its key and its values.
    fn arguments(&self) -> (Option<Key>, Vec<i64>) {
        match *self {
            Call::Load(key) | Call::LoadAndDelete(key) | Call::Delete(key) => (Some(key), Vec::new()),
            Call::Store(key, value) | Call::LoadOrStore(key, value) | Call::Swap(key, value) => {
                (Some(key), vec![value])
            }
            Call::CompareAndSwap(key, old, new) => (Some(key), vec![old, new]),
            Call::CompareAndDelete(key, old) => (Some(key), vec![old]),
            Call::Range(_) | Call::Stop | Call::Clear => (None, Vec::new()),
        }
    }

    /// The key it is about.
    pub fn key(&self) -> Option<Key> {
        self.arguments().0
    }

    /// The value that it puts there, if it puts one.
    pub fn value(&self) -> Option<i64> {
        self.arguments().1.pop().filter(|_| !matches!(self, Call::CompareAndDelete(..)))
    }

    /// The functions of sync/map.go that do it: the method, and what it calls for an entry that it has found.
    pub fn functions(&self) -> (&'static str, &'static str) {
        match self {
            Call::Store(..) | Call::Swap(..) => ("Swap", "trySwap"),
            Call::LoadOrStore(..) => ("LoadOrStore", "tryLoadOrStore"),
            Call::LoadAndDelete(_) | Call::Delete(_) => ("LoadAndDelete", "delete"),
            Call::CompareAndSwap(..) => ("CompareAndSwap", "tryCompareAndSwap"),
            Call::Stop => ("Range", "Range"),
            call => (call.into(), call.into()),
        }
    }

    /// Whether it puts a value there whatever is there now.
    pub fn stores(&self) -> bool {
        matches!(self, Call::Store(..) | Call::Swap(..) | Call::LoadOrStore(..))
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
        let (key, values) = self.arguments();
        let words = key.iter().map(Key::to_string).chain(values.iter().map(i64::to_string));
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

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text.strip_prefix('k').filter(|digits| digits.len() <= 3).and_then(|digits| digits.parse().ok());
        number.map(Key).ok_or_else(|| de::Error::custom(format!("{text:?} is no key: keys are \"k0\" to \"k999\"")))
    }
}

/// Refuses what cannot be shown or would not compile.
pub(super) fn check(setup: &Setup) -> Result<(), Refusal> {
    let n = setup.goroutines.len();
    if n > MAX_GOROUTINES {
        return refuse!(
            "{n} goroutines; at most {MAX_GOROUTINES} can be shown",
            "有 {n} 个 goroutine；最多能展示 {MAX_GOROUTINES} 个"
        );
    }
    setup.goroutines.iter().try_for_each(|routine| check_program(&routine.program))
}

/// Refuses calls that cannot be a program.
pub(super) fn check_program(program: &[Call]) -> Result<(), Refusal> {
    let all: Vec<(&Call, usize)> = program.iter().flat_map(|call| call.all(0)).collect();
    let n = all.len();
    if all.contains(&(&Call::Stop, 0)) {
        return refuse!("only the function of a Range can return false", "只有 Range 的函数才能返回 false");
    }
    if all.iter().any(|(call, depth)| matches!(call, Call::Range(_)) && *depth >= MAX_DEPTH) {
        return refuse!("Ranges are nested deeper than {MAX_DEPTH}", "Range 嵌套超过 {MAX_DEPTH} 层");
    }
    if n > MAX_CALLS {
        return refuse!(
            "a program of {n} calls; at most {MAX_CALLS} have room",
            "程序有 {n} 个调用；最多容纳 {MAX_CALLS} 个"
        );
    }
    Ok(())
}
