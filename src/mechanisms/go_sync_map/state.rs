//! The state: the two maps, the entries that they share, the mutex, and what each goroutine is doing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::machine::Notes;
use crate::text::{as_displayed, each_displayed, named};

use super::laws::Fault;
use super::setup::{Call, Facts, Key};

/// Go 1.23.9's `sync.Map` with the goroutines that use it, by number.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct GoSyncMap {
    pub(super) mu: Mutex,
    /// `m.read`: loaded and stored atomically, as a whole.
    pub(super) read: ReadOnly,
    /// `m.dirty`, the number of a Go map, 0 for nil; and `m.misses`. Both are guarded by the mutex.
    pub(super) dirty: u32,
    pub(super) misses: usize,
    /// The Go maps that somebody can still reach, by number; each key leads to an entry's number. 0 is the nil map.
    pub(super) maps: BTreeMap<u32, BTreeMap<Key, u32>>,
    /// `entry.p` of each entry that somebody can still reach, by number.
    pub(super) entries: BTreeMap<u32, P>,
    pub(super) goroutines: BTreeMap<u32, Goroutine>,
    pub(super) counts: Counts,
    #[serde(skip)]
    pub(super) last_map: u32,
    #[serde(skip)]
    pub(super) last_entry: u32,
    #[serde(skip)]
    pub(super) without_expunged: bool,
    #[serde(skip)]
    pub(super) fault: Fault,
    #[serde(skip)]
    pub(super) wrong: Notes,
}

/// `readOnly`: a map that nobody writes any more, and whether dirty has keys that it has not.
#[derive(Clone, Copy, Debug, Default, Hash, Serialize)]
pub struct ReadOnly {
    pub(super) map: u32,
    pub(super) amended: bool,
}

/// What an entry points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::Display)]
pub enum P {
    /// Deleted; if there is a dirty map, the entry is in it.
    #[strum(to_string = "nil")]
    Nil,
    /// Deleted, and not in the dirty map.
    #[strum(to_string = "expunged")]
    Expunged,
    /// Each call stores a pointer of its own, which is `by` a goroutine and the number of its call.
    #[strum(to_string = "{value}")]
    #[allow(missing_docs, reason = "told above")]
    Value { value: i64, by: (u32, u32) },
}

impl P {
    pub(super) fn value(self) -> Option<i64> {
        if let P::Value { value, .. } = self { Some(value) } else { None }
    }

    /// What a call returns that has found it.
    pub(super) fn got(self) -> Got {
        Got { value: self.value(), ok: self.value().is_some(), panicked: false }
    }
}

as_displayed!(P);

/// `sync.Mutex` in normal mode: whoever is woken still has to win it.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Mutex {
    pub(super) holder: Option<u32>,
    /// Who sleeps, the head first.
    pub(super) waiters: VecDeque<u32>,
    /// Who has been woken and has not tried again yet; meanwhile nobody else is woken.
    pub(super) woken: Option<u32>,
}

/// So often a call has begun (and a map with one Mutex would have been locked), `m.mu` was taken, an entry was copied into
/// a new dirty map, a stored value got lost.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Counts {
    pub(super) calls: u32,
    pub(super) locks: u32,
    pub(super) copied: u32,
    pub(super) lost: u32,
}

/// A goroutine: its calls, how many of them are done, what the last one returned, and those under way, the innermost last.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Goroutine {
    pub(super) name: String,
    #[serde(serialize_with = "each_displayed")]
    pub(super) program: Vec<Call>,
    pub(super) done: usize,
    pub(super) last: Option<String>,
    pub(super) stack: Vec<Frame>,
    /// Number of the call begun last, from 1 on.
    #[serde(skip)]
    pub(super) calls: u32,
    #[serde(skip)]
    pub(super) got: Got,
}

/// A call under way: its program counter and local variables.
#[derive(Clone, Debug, Default, Hash)]
pub struct Frame {
    pub(super) call: Call,
    /// Its number among the goroutine's calls.
    pub(super) number: u32,
    pub(super) pc: Pc,
    pub(super) read: Option<ReadOnly>,
    pub(super) e: Option<u32>,
    /// Whether `e` was found in the dirty map.
    pub(super) from_dirty: bool,
    /// What `e` pointed at when it looked.
    pub(super) p: Option<P>,
    /// Keys still to be copied, or to be visited by a Range.
    pub(super) todo: Vec<Key>,
    /// What a Range is visiting, and how many calls of its function are done there.
    pub(super) pair: Option<(Key, i64)>,
    pub(super) at: usize,
    /// Entries that a promotion lost.
    pub(super) lost: Vec<(Key, u32)>,
    /// What it will return: a value, and whether there was one; or that comparing has panicked.
    pub(super) got: Got,
}

impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Frame { call, pc, read, e, p, todo, pair, got: Got { value, ok, .. }, .. } = self;
        let lost: Vec<Key> = self.lost.iter().map(|(key, _)| *key).collect();
        let shown = json!({
            "call": call.to_string(), "func": self.function(), "next": pc.text(), "key": call.facts().key, "read": read,
            "e": e, "p": p, "todo": todo, "pair": pair, "lost": lost, "value": value, "ok": ok,
        });
        shown.serialize(serializer)
    }
}

/// What a call returns: a value, and whether there was one or it was swapped; or that comparing has panicked.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub struct Got {
    pub(super) value: Option<i64>,
    pub(super) ok: bool,
    pub(super) panicked: bool,
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
        CopyNext = "range read.m → dirty",
        Expunge = "e.p.CAS(nil, expunged)",
        Publish = "amended = true",
        MakeEntry = "m.dirty[key] = newEntry",
        Miss = "m.misses++",
        Promote = "m.read.Store(m.dirty)",
        Lost = "// lost",
        DropDirty = "m.dirty, misses = nil, 0",
        ClearRead = "m.read.Store(empty)",
        ClearDirty = "clear(m.dirty)",
        Unlock = "m.mu.Unlock()",
        LoadP = "p = e.p.Load()",
        Cas = "e.p.CAS(p, …)",
        Next = "range read.m → f",
        Body = "f(key, value)",
        Stop = "f returns false",
        Return = "return",
    }
}

impl Frame {
    pub(super) fn key(&self) -> Key {
        self.call.facts().key.unwrap_or(Key(0))
    }

    /// What it returns, in words.
    pub(super) fn result(&self) -> String {
        let Got { value, ok, panicked } = self.got;
        match &self.call {
            _ if panicked => String::from("panic"),
            Call::CompareAndSwap(..) | Call::CompareAndDelete(..) => ok.to_string(),
            Call::Store(..) | Call::Delete(_) | Call::Clear | Call::Range(_) | Call::Stop => String::from("–"),
            _ => format!("{}, {ok}", value.map_or_else(|| String::from("nil"), |value| value.to_string())),
        }
    }

    /// The function of sync/map.go in which its next step stands.
    pub(super) fn function(&self) -> &'static str {
        let Facts { method, on_entry, .. } = self.call.facts();
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
    pub(super) fn g(&self, g: u32) -> &Goroutine {
        &self.goroutines[&g]
    }

    /// Whether a goroutine has done all that it has to do.
    pub(super) fn idle(&self, g: u32) -> bool {
        let goroutine = self.g(g);
        goroutine.stack.is_empty() && goroutine.done == goroutine.program.len()
    }

    pub(super) fn can_run(&self, g: u32) -> bool {
        !self.idle(g) && !self.mu.waiters.contains(&g)
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.goroutines.values().flat_map(|goroutine| &goroutine.stack)
    }

    pub(super) fn keys(&self, map: u32) -> Vec<Key> {
        self.maps.get(&map).into_iter().flatten().map(|(key, _)| *key).collect()
    }

    pub(super) fn entry(&self, map: u32, key: Key) -> Option<u32> {
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
