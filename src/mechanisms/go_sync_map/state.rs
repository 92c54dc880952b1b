//! The state: the two maps, the entries that they share, the mutex, and what each goroutine is doing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::machine::Notes;
use crate::text::named;

use super::laws::Fault;
use super::setup::{Call, Key};

/// Go 1.23.9's `sync.Map` with the goroutines that use it.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct GoSyncMap {
    /// `m.mu`.
    pub mu: Mutex,
    /// `m.read`: loaded and stored atomically, as a whole.
    pub read: ReadOnly,
    /// `m.dirty`: the number of a Go map, 0 for nil. Guarded by the mutex.
    pub dirty: u32,
    /// `m.misses`. Guarded by the mutex.
    pub misses: usize,
    /// The Go maps that somebody can still reach, by number; each key leads to an entry's number. 0 is the nil map.
    pub maps: BTreeMap<u32, BTreeMap<Key, u32>>,
    /// `entry.p` of each entry that somebody can still reach, by number.
    pub entries: BTreeMap<u32, P>,
    /// By number.
    pub goroutines: BTreeMap<u32, Goroutine>,
    /// What has been counted.
    pub counts: Counts,
    #[serde(skip)]
    pub(super) last_map: u32,
    #[serde(skip)]
    pub(super) last_entry: u32,
    #[serde(skip)]
    pub(super) slices_from: i64,
    #[serde(skip)]
    pub(super) without_expunged: bool,
    #[serde(skip)]
    pub(super) fault: Fault,
    #[serde(skip)]
    pub(super) wrong: Notes,
}

/// `readOnly`: a map that nobody writes any more, and whether dirty has keys that it has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ReadOnly {
    /// `m`.
    pub map: u32,
    /// `amended`.
    pub amended: bool,
}

/// What an entry points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum P {
    /// Deleted; if there is a dirty map, the entry is in it.
    Nil,
    /// Deleted, and not in the dirty map.
    Expunged,
    /// A value, and who allocated it: the goroutine and the number of its call. Each call stores a pointer of its own.
    Value(i64, (u32, u32)),
}

impl P {
    /// The value, if there is one.
    pub fn value(self) -> Option<i64> {
        if let P::Value(value, _) = self { Some(value) } else { None }
    }
}

impl fmt::Display for P {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            P::Nil => f.write_str("nil"),
            P::Expunged => f.write_str("expunged"),
            P::Value(value, _) => write!(f, "{value}"),
        }
    }
}

impl Serialize for P {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().map_or_else(|| json!(self.to_string()), |value| json!(value)).serialize(serializer)
    }
}

/// `sync.Mutex` in normal mode: whoever is woken still has to win it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Mutex {
    /// Who holds it.
    pub holder: Option<u32>,
    /// Who sleeps, the head first.
    pub waiters: VecDeque<u32>,
    /// Who has been woken and has not tried again yet; meanwhile nobody else is woken.
    pub woken: Option<u32>,
}

/// Figures that only grow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Counts {
    /// Calls begun: so often a map with one Mutex would have been locked.
    pub calls: u32,
    /// How often `m.mu` was taken.
    pub locks: u32,
    /// Entries copied into new dirty maps.
    pub copied: u32,
    /// Values that were stored and that nobody can find any more.
    pub lost: u32,
}

/// A goroutine.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Goroutine {
    /// What it does, in a word.
    pub name: String,
    /// Its calls.
    #[serde(serialize_with = "texts")]
    pub program: Vec<Call>,
    /// How many of them are done.
    pub done: usize,
    /// What the last call returned, in words.
    pub last: Option<String>,
    /// The calls under way, the innermost last.
    pub stack: Vec<Frame>,
    /// Number of the call begun last, from 1 on.
    #[serde(skip)]
    pub(super) calls: u32,
    /// What the last call returned: value, `ok`, whether it panicked.
    #[serde(skip)]
    pub(super) got: (Option<i64>, bool, bool),
}

fn texts<S: Serializer>(program: &[Call], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(program.iter().map(Call::to_string))
}

/// A call under way: its program counter and local variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Frame {
    /// The call.
    pub call: Call,
    /// Its number among the goroutine's calls.
    pub number: u32,
    /// What it does next.
    pub pc: Pc,
    /// `read`: what it saw of `m.read`.
    pub read: Option<ReadOnly>,
    /// `e`.
    pub e: Option<u32>,
    /// Whether `e` was found in the dirty map.
    pub from_dirty: bool,
    /// `p`: what `e` pointed at when it looked.
    pub p: Option<P>,
    /// Keys still to be copied, or to be visited by a Range.
    pub todo: Vec<Key>,
    /// What a Range is visiting.
    pub pair: Option<(Key, i64)>,
    /// How many calls of the Range's function are done at this pair.
    pub at: usize,
    /// Entries that a promotion lost.
    pub lost: Vec<(Key, u32)>,
    /// What it will return.
    pub value: Option<i64>,
    /// The second thing that it will return.
    pub ok: bool,
    /// Comparing has panicked.
    pub panicked: bool,
}

impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = json!({
            "call": self.call.to_string(),
            "func": self.function(),
            "next": self.pc.text(),
            "key": self.call.key(),
            "read": self.read,
            "e": self.e,
            "p": self.p,
            "todo": self.todo,
            "pair": self.pair,
            "lost": self.lost.iter().map(|(key, _)| key).collect::<Vec<_>>(),
            "value": self.value,
            "ok": self.ok,
        });
        shown.serialize(serializer)
    }
}

named! {
    /// What a frame does next, one atomic step each, in the order of the source: the statement, shortened.
    #[derive(Default)]
    pub enum Pc by text {
        #[default]
        ReadLoad = "read = m.read.Load()",
        Lookup = "e, ok = read.m[key]",
        Lock = "m.mu.Lock()",
        DirtyLookup = "e, ok = m.dirty[key]",
        DirtyDelete = "delete(m.dirty, key)",
        Unexpunge = "e.p.CAS(expunged, nil)",
        LinkDirty = "m.dirty[key] = e",
        SwapP = "e.p.Swap(&value)",
        MakeDirty = "m.dirty = make(…)",
        CopyNext = "copy the next entry",
        Expunge = "e.p.CAS(nil, expunged)",
        Publish = "amended = true",
        MakeEntry = "m.dirty[key] = newEntry",
        Miss = "m.misses++",
        Promote = "m.read.Store(m.dirty)",
        Lost = "(a value is lost)",
        DropDirty = "m.dirty, misses = nil, 0",
        ClearRead = "m.read.Store(empty)",
        ClearDirty = "clear(m.dirty)",
        Unlock = "m.mu.Unlock()",
        LoadP = "p = e.p.Load()",
        Cas = "e.p.CAS(p, …)",
        Next = "the next pair of read.m",
        Body = "f(key, value)",
        Stop = "f returns false",
        Return = "return",
    }
}

impl Frame {
    /// The function of sync/map.go in which its next step stands.
    pub fn function(&self) -> &'static str {
        let (method, on_entry) = self.call.functions();
        match self.pc {
            Pc::Promote | Pc::DropDirty if !matches!(self.call, Call::Range(_)) => "missLocked",
            Pc::Miss | Pc::Lost => "missLocked",
            Pc::MakeDirty | Pc::CopyNext | Pc::Expunge => "dirtyLocked",
            Pc::LoadP | Pc::Cas => on_entry,
            _ => method,
        }
    }
}

impl GoSyncMap {
    /// A goroutine that is there.
    pub fn g(&self, g: u32) -> &Goroutine {
        &self.goroutines[&g]
    }

    /// Whether a goroutine has done all that it has to do.
    pub fn idle(&self, g: u32) -> bool {
        let goroutine = self.g(g);
        goroutine.stack.is_empty() && goroutine.done == goroutine.program.len()
    }

    /// Whether it can take a step now.
    pub fn can_run(&self, g: u32) -> bool {
        !self.idle(g) && !self.mu.waiters.contains(&g)
    }

    /// All calls under way.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.goroutines.values().flat_map(|goroutine| &goroutine.stack)
    }

    /// The keys of a Go map.
    pub fn keys(&self, map: u32) -> Vec<Key> {
        self.maps.get(&map).into_iter().flatten().map(|(key, _)| *key).collect()
    }

    /// Where a Go map leads.
    pub fn entry(&self, map: u32, key: Key) -> Option<u32> {
        self.maps.get(&map)?.get(&key).copied()
    }

    /// Forgets maps and entries that nobody can reach any more.
    pub(super) fn sweep(&mut self) {
        let mut maps = BTreeSet::from([self.read.map, self.dirty]);
        maps.extend(self.frames().filter_map(|frame| frame.read).map(|read| read.map));
        let mut entries: BTreeSet<u32> = self.frames().filter_map(|frame| frame.e).collect();
        entries.extend(self.frames().flat_map(|frame| frame.lost.iter().map(|(_, e)| *e)));
        self.maps.retain(|map, _| maps.contains(map));
        entries.extend(self.maps.values().flat_map(BTreeMap::values));
        self.entries.retain(|e, _| entries.contains(e));
    }
}
