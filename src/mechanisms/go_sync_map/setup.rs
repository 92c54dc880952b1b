//! What a run begins with: goroutines with short programs of calls.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::machine::Refusal;

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

/// A call of one of the map's methods, with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Call {
    /// `m.Load(key)`.
    Load(Key),
    /// `m.Store(key, value)`: a Swap that drops what it returns.
    Store(Key, i64),
    /// `m.LoadOrStore(key, value)`.
    LoadOrStore(Key, i64),
    /// `m.LoadAndDelete(key)`.
    LoadAndDelete(Key),
    /// `m.Delete(key)`: a LoadAndDelete that drops what it returns.
    Delete(Key),
    /// `m.Swap(key, value)`.
    Swap(Key, i64),
    /// `m.CompareAndSwap(key, old, new)`.
    CompareAndSwap(Key, i64, i64),
    /// `m.CompareAndDelete(key, old)`.
    CompareAndDelete(Key, i64),
    /// `m.Range(f)`, where f makes these calls and returns true.
    Range(#[serde(default)] Vec<Call>),
    /// Within a Range: f returns false.
    Stop,
    /// `m.Clear()`.
    Clear,
}

impl Call {
    /// The key it is about.
    pub fn key(&self) -> Option<Key> {
        match self {
            Call::Load(key) | Call::Store(key, _) | Call::LoadOrStore(key, _) | Call::LoadAndDelete(key) => Some(*key),
            Call::Delete(key) | Call::Swap(key, _) | Call::CompareAndSwap(key, ..) => Some(*key),
            Call::CompareAndDelete(key, _) => Some(*key),
            Call::Range(_) | Call::Stop | Call::Clear => None,
        }
    }

    /// The method of sync/map.go that does it.
    pub fn method(&self) -> &'static str {
        match self {
            Call::Load(_) => "Load",
            Call::Store(..) | Call::Swap(..) => "Swap",
            Call::LoadOrStore(..) => "LoadOrStore",
            Call::LoadAndDelete(_) | Call::Delete(_) => "LoadAndDelete",
            Call::CompareAndSwap(..) => "CompareAndSwap",
            Call::CompareAndDelete(..) => "CompareAndDelete",
            Call::Range(_) | Call::Stop => "Range",
            Call::Clear => "Clear",
        }
    }

    /// Whether it puts a value there whatever is there now.
    pub fn stores(&self) -> bool {
        matches!(self, Call::Store(..) | Call::Swap(..) | Call::LoadOrStore(..))
    }

    fn depth(&self) -> usize {
        match self {
            Call::Range(body) => 1 + body.iter().map(Call::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn count(&self) -> usize {
        match self {
            Call::Range(body) => 1 + body.iter().map(Call::count).sum::<usize>(),
            _ => 1,
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Call::Load(key) => write!(f, "Load({key})"),
            Call::Store(key, value) => write!(f, "Store({key}, {value})"),
            Call::LoadOrStore(key, value) => write!(f, "LoadOrStore({key}, {value})"),
            Call::LoadAndDelete(key) => write!(f, "LoadAndDelete({key})"),
            Call::Delete(key) => write!(f, "Delete({key})"),
            Call::Swap(key, value) => write!(f, "Swap({key}, {value})"),
            Call::CompareAndSwap(key, old, new) => write!(f, "CompareAndSwap({key}, {old}, {new})"),
            Call::CompareAndDelete(key, old) => write!(f, "CompareAndDelete({key}, {old})"),
            Call::Range(_) => write!(f, "Range(f)"),
            Call::Stop => write!(f, "return false"),
            Call::Clear => write!(f, "Clear()"),
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
    if setup.goroutines.len() > MAX_GOROUTINES {
        let n = setup.goroutines.len();
        return Err(Refusal::new(
            format!("{n} goroutines; at most {MAX_GOROUTINES} can be shown"),
            format!("有 {n} 个 goroutine；最多能展示 {MAX_GOROUTINES} 个"),
        ));
    }
    setup.goroutines.iter().try_for_each(|routine| routine.program.iter().try_for_each(|call| fits(call, &[])))?;
    setup.goroutines.iter().try_for_each(|routine| room(&routine.program))
}

/// Whether a call may stand outside a Range, behind these others.
pub(super) fn fits(call: &Call, before: &[Call]) -> Result<(), Refusal> {
    if *call == Call::Stop {
        return Err(Refusal::new("only the function of a Range can return false", "只有 Range 的函数才能返回 false"));
    }
    if call.depth() > MAX_DEPTH {
        return Err(Refusal::new(
            format!("Ranges are nested deeper than {MAX_DEPTH}"),
            format!("Range 嵌套超过 {MAX_DEPTH} 层"),
        ));
    }
    room(&[before, std::slice::from_ref(call)].concat())
}

fn room(program: &[Call]) -> Result<(), Refusal> {
    let n: usize = program.iter().map(Call::count).sum();
    if n <= MAX_CALLS {
        return Ok(());
    }
    Err(Refusal::new(
        format!("a program of {n} calls; at most {MAX_CALLS} have room"),
        format!("程序有 {n} 个调用；最多容纳 {MAX_CALLS} 个"),
    ))
}
