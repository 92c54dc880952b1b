//! Replays recordings of Go 1.23.9's `sync.Map`: one goroutine, both maps and every entry after each operation.
//!
//! The form of a recording: a header; the new map; then an operation a line with what it returned and the state after
//! it. Maps and entries are numbered as they are first seen, as they are here. Lines between two `visit`s happen inside
//! the Range's function.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::machine::Machine;
use crate::replay::{Comparing, Line, Recording, RecordingError, Replay, Report};

use super::event::Event;
use super::setup::{Call, Key, Setup};
use super::state::{GoSyncMap, P, Pc};

/// The goroutine that does it all.
const G: u32 = 1;
/// Steps that one operation may take.
const MAX_STEPS: usize = 1_000_000;
/// What Go says when slices are compared.
const PANIC: &str = "runtime error: comparing uncomparable type []int";

impl Replay for GoSyncMap {
    const WHAT: (&'static str, &'static str) = (
        "read and dirty map, every entry, misses and what each operation returned, with one goroutine",
        "单个 goroutine 下每次操作之后的 read、dirty、所有 entry、misses，以及返回值",
    );

    fn accepts(header: &Json) -> bool {
        header["mechanism"] == "sync.Map" && header["impl"] == "read-dirty"
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let header: Header = recording.header()?;
        let setup = Setup { slices_from: header.slices_from, ..Setup::default() };
        let machine = GoSyncMap::start(&setup)
            .map_err(|refusal| RecordingError::new(1, format!("setup: {}", refusal.reason.en)))?;
        let mut run =
            Run { machine, report: Report::default(), keys: header.keys, walks: Vec::new(), known: Known::default() };
        let mut lines = 0;
        for line in recording.lines() {
            run.line(line)?;
            lines += 1;
        }
        if lines != header.ops + 1 {
            let cause = format!("the recording ends after {} of {} operations", lines - 1, header.ops);
            return Err(RecordingError::new(lines + 1, cause));
        }
        Ok(run.report)
    }
}

#[derive(Deserialize)]
struct Header {
    keys: u32,
    slices_from: i64,
    ops: usize,
}

/// An entry as recorded: key, number, what it points at.
type Recorded = (u32, u32, Json);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    op: Option<String>,
    k: Option<u32>,
    v: Option<i64>,
    old: Option<i64>,
    id: Option<u32>,
    stopped: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    rv: Option<Option<i64>>,
    ok: Option<bool>,
    panic: Option<String>,
    pairs: Option<Vec<(u32, i64)>>,
    rm: u32,
    amended: bool,
    dm: u32,
    misses: usize,
    read: Option<Vec<Recorded>>,
    #[serde(default, deserialize_with = "given")]
    dirty: Option<Option<Vec<Recorded>>>,
}

/// Tells `null` from a field that is not there.
fn given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What the two maps were when they were last recorded.
#[derive(Default)]
struct Known {
    read: Vec<Recorded>,
    dirty: Option<Vec<Recorded>>,
}

/// A Range under way: its number, and the keys that it may have skipped, since their entries held no value for a while.
struct Walk {
    id: u32,
    skipped: BTreeSet<Key>,
}

struct Run {
    machine: GoSyncMap,
    report: Report,
    keys: u32,
    walks: Vec<Walk>,
    known: Known,
}

impl Run {
    fn line(&mut self, line: Line) -> Result<(), RecordingError> {
        let operation: Operation = line.read()?;
        let op = operation.op.clone().unwrap_or_else(|| String::from("new"));
        let mut visited = Vec::new();
        match op.as_str() {
            "new" => {}
            "visit" | "visited" => self.walk(&operation, line, &mut visited)?,
            _ => {
                let call = self.call(&op, &operation, line)?;
                self.machine.call(G, call);
                self.run(self.depth() - 1, false, &mut visited);
            }
        }
        self.note_skipped();
        self.report.operations += 1;
        self.known.read = operation.read.clone().unwrap_or_else(|| std::mem::take(&mut self.known.read));
        if let Some(dirty) = &operation.dirty {
            self.known.dirty = dirty.clone();
        }
        let m = &self.machine;
        let mut at = self.report.at(line.number, &op);
        returned(&mut at, &operation, m, &op, visited);
        at.same("rm", &operation.rm, &m.read.map);
        at.same("amended", &operation.amended, &m.read.amended);
        at.same("dm", &operation.dm, &m.dirty);
        at.same("misses", &operation.misses, &m.misses);
        at.same("read", &self.known.read, &shown(m, m.read.map));
        at.same("dirty", &self.known.dirty, &(m.dirty != 0).then(|| shown(m, m.dirty)));
        Ok(())
    }

    fn call(&self, op: &str, operation: &Operation, line: Line) -> Result<Call, RecordingError> {
        let key = || match operation.k {
            Some(k) if k < self.keys => Ok(Key(k)),
            Some(k) => Err(line.fault(format!("there is no key {k}; there are {}", self.keys))),
            None => Err(line.fault(format!("{op} has no k"))),
        };
        let value = || operation.v.ok_or_else(|| line.fault(format!("{op} has no v")));
        let old = || operation.old.ok_or_else(|| line.fault(format!("{op} has no old")));
        Ok(match op {
            "load" => Call::Load(key()?),
            "store" => Call::Store(key()?, value()?),
            "swap" => Call::Swap(key()?, value()?),
            "loadOrStore" => Call::LoadOrStore(key()?, value()?),
            "loadAndDelete" => Call::LoadAndDelete(key()?),
            "delete" => Call::Delete(key()?),
            "compareAndSwap" => Call::CompareAndSwap(key()?, old()?, value()?),
            "compareAndDelete" => Call::CompareAndDelete(key()?, old()?),
            "clear" => Call::Clear,
            "range" => Call::Range(Vec::new()),
            other => return Err(line.fault(format!("unknown operation {other:?}"))),
        })
    }

    /// A Range comes to a pair, or ends; the first line that names it begins it.
    fn walk(&mut self, operation: &Operation, line: Line, visited: &mut Vec<(u32, i64)>) -> Result<(), RecordingError> {
        let id = operation.id.ok_or_else(|| line.fault("a visit has no id"))?;
        if self.walks.iter().all(|walk| walk.id != id) {
            self.machine.call(G, Call::Range(Vec::new()));
            self.walks.push(Walk { id, skipped: BTreeSet::new() });
            self.run(self.depth() - 1, true, visited);
            self.note_skipped();
        }
        let Some(walk) = self.walks.pop_if(|walk| walk.id == id) else {
            return Err(line.fault(format!("Range {id} goes on inside another one")));
        };
        if let Some(k) = operation.k {
            self.walks.push(walk);
            if !self.machine.come_to(G, Key(k)) {
                return Err(
                    line.fault(format!("Range {id} cannot come to key {k}: it is not in its map, or was visited"))
                );
            }
            let event = self.machine.advance(G);
            self.meet(&event, visited);
            return Ok(());
        }
        let stopped = operation.stopped.unwrap_or(false);
        let frame = self.machine.goroutines.get_mut(&G).and_then(|goroutine| goroutine.stack.last_mut());
        if let Some(frame) = frame {
            frame.todo.retain(|key| !walk.skipped.contains(key));
            frame.pc = if stopped { Pc::Stop } else { frame.pc };
        }
        self.run(self.depth() - 1, false, visited);
        Ok(())
    }

    fn depth(&self) -> usize {
        self.machine.g(G).stack.len()
    }

    /// Runs until only so many calls are under way, or until a Range is about to come to its first pair.
    fn run(&mut self, depth: usize, to_first_pair: bool, visited: &mut Vec<(u32, i64)>) {
        for _ in 0..MAX_STEPS {
            let stack = &self.machine.g(G).stack;
            if stack.len() <= depth || to_first_pair && stack.last().is_some_and(|frame| frame.pc == Pc::Next) {
                return;
            }
            let event = self.machine.advance(G);
            self.meet(&event, visited);
        }
    }

    fn meet(&mut self, event: &Event, visited: &mut Vec<(u32, i64)>) {
        self.report.met(event);
        if let Event::Visited { key, p, .. } = event {
            visited.extend(p.value().map(|value| (key.0, value)));
        }
    }

    fn note_skipped(&mut self) {
        let frames = self.machine.g(G).stack.iter();
        for (walk, frame) in self.walks.iter_mut().zip(frames) {
            let map = frame.read.unwrap_or_default().map;
            let dead =
                |key: &&Key| self.machine.entry(map, **key).is_some_and(|e| self.machine.entries[&e].value().is_none());
            walk.skipped.extend(frame.todo.iter().filter(dead));
        }
    }
}

/// What the operation returned, or which pairs it visited.
fn returned(at: &mut Comparing, operation: &Operation, m: &GoSyncMap, op: &str, mut visited: Vec<(u32, i64)>) {
    let (value, ok, panicked) = m.g(G).got;
    match op {
        "visit" => {
            let wanted: Vec<_> = operation.k.zip(operation.rv.flatten()).into_iter().collect();
            at.same("rv", &wanted, &visited);
        }
        "visited" => at.same("visits that Go did not make", &Vec::new(), &visited),
        "range" => {
            visited.sort_unstable();
            at.same("pairs", operation.pairs.as_deref().unwrap_or_default(), &visited);
        }
        _ => {}
    }
    if let Some(rv) = operation.rv.filter(|_| op != "visit") {
        at.same("rv", &rv, &value);
    }
    if let Some(wanted) = operation.ok {
        at.same("ok", &wanted, &ok);
    }
    if op.starts_with("compare") {
        at.same("panic", &operation.panic.as_deref(), &panicked.then_some(PANIC));
    }
}

/// A Go map as it is recorded.
fn shown(m: &GoSyncMap, map: u32) -> Vec<Recorded> {
    let none = BTreeMap::new();
    let keys = m.maps.get(&map).unwrap_or(&none).iter();
    // Entries are numbered from 1 here, since 0 is none.
    keys.map(|(key, e)| (key.0, e - 1, point(m.entries[e]))).collect()
}

fn point(p: P) -> Json {
    p.value().map_or_else(|| Json::from(p.to_string()), Json::from)
}
