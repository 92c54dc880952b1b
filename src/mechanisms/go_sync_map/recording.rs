//! Replays recordings of Go 1.23.9's `sync.Map`: one goroutine, both maps and every entry after each operation.
//!
//! The form of a recording: a header; the new map; then an operation a line with what it returned and what has changed in
//! the state. Maps and entries are numbered as they are first seen, as they are here. Lines between two `visit`s happen
//! inside the Range's function.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::machine::Machine;
use crate::replay::{Line, Recording, RecordingError, Replay, Report, merge, need};

use super::event::Event;
use super::machine::Action;
use super::setup::{Call, Key, SLICES_FROM, Setup};
use super::state::{GoSyncMap, Got, P, Pc};

/// The goroutine that does it all.
const G: u32 = 1;
/// What Go says when slices are compared.
const PANIC: &str = "runtime error: comparing uncomparable type []int";

impl Replay for GoSyncMap {
    const WHAT: (&'static str, &'static str) = (
        "read and dirty map, every entry, misses and what each operation returned, with one goroutine",
        "单个 goroutine 下每次操作之后的 read、dirty、所有 entry、misses，以及返回值",
    );

    fn accepts(header: &Json) -> bool {
        header["mechanism"] == "sync.Map" && header["impl"] == "read-dirty" && header["slices_from"] == SLICES_FROM
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let Header { keys, ops } = recording.header()?;
        let mut run = Run { machine: GoSyncMap::start(&Setup::default())?, keys, ..Run::default() };
        recording.each(ops, |line| {
            run.line(line)?;
            Ok(run.report.operations - 1)
        })?;
        Ok(run.report)
    }
}

#[derive(Deserialize)]
struct Header {
    keys: u32,
    ops: usize,
}

#[derive(Deserialize)]
struct Operation {
    op: Option<String>,
    k: Option<u32>,
    v: Option<i64>,
    old: Option<i64>,
    id: Option<u32>,
    #[serde(default)]
    stopped: bool,
    /// What it returned, and what has changed in the state.
    #[serde(flatten)]
    after: Json,
}

#[derive(Default)]
struct Run {
    machine: GoSyncMap,
    keys: u32,
    report: Report,
    /// The Ranges under way: number, and the keys that it may have skipped, since their entries held no value for a while.
    walks: Vec<(u32, BTreeSet<Key>)>,
    /// The pairs that Ranges came to in this line.
    visited: Vec<(u32, i64)>,
    /// The real state as it was recorded so far.
    known: Json,
}

impl Run {
    fn line(&mut self, line: Line) -> Result<(), RecordingError> {
        let operation: Operation = line.read()?;
        // The new map is no operation.
        let op = operation.op.as_deref().unwrap_or("new");
        self.visited.clear();
        match op {
            "new" => {}
            "visit" | "visited" => self.walk(&operation, line)?,
            _ => {
                let call = self.call(op, &operation, line)?;
                self.begin(call);
                self.act(Action::Statement(G));
            }
        }
        self.note_skipped();
        self.report.operations += 1;
        self.compare(line, op, operation.after.clone());
        Ok(())
    }

    /// What the operation returned, or which pairs Ranges came to; and the state after it.
    fn compare(&mut self, line: Line, op: &str, mut after: Json) {
        let (m, mut at) = (&self.machine, self.report.at(line.number, op));
        if op == "visited" {
            at.same("visits that Go did not make", &Vec::new(), &self.visited);
        }
        if op.starts_with("compare") && after.get("panic").is_none() {
            after["panic"] = Json::Null;
        }
        self.visited.sort_unstable();
        let Got { value, ok, panicked } = m.g(G).got;
        let value = if op == "visit" { self.visited.first().map(|(_, value)| *value) } else { value };
        let panic = panicked.then_some(PANIC);
        let returned =
            [("rv", json!(value)), ("ok", json!(ok)), ("panic", json!(panic)), ("pairs", json!(self.visited))];
        at.fields(&after, returned.into_iter().filter(|(field, _)| after.get(field).is_some()));
        merge(&mut self.known, &after);
        let state = [
            ("rm", json!(m.read.map)),
            ("amended", json!(m.read.amended)),
            ("dm", json!(m.dirty)),
            ("misses", json!(m.misses)),
            ("read", shown(m, m.read.map)),
            ("dirty", if m.dirty == 0 { Json::Null } else { shown(m, m.dirty) }),
        ];
        at.fields(&self.known, state);
    }

    fn call(&self, op: &str, operation: &Operation, line: Line) -> Result<Call, RecordingError> {
        let key = || match need(operation.k, line.number, "k")? {
            k if k < self.keys => Ok(Key(k)),
            k => Err(line.fault(format!("there is no key {k}; there are {}", self.keys))),
        };
        let value = || need(operation.v, line.number, "v");
        let old = || need(operation.old, line.number, "old");
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
    fn walk(&mut self, operation: &Operation, line: Line) -> Result<(), RecordingError> {
        let id = need(operation.id, line.number, "id")?;
        if self.walks.iter().all(|(other, _)| *other != id) {
            self.begin(Call::Range(Vec::new()));
            self.walks.push((id, BTreeSet::new()));
            while self.machine.frames().last().is_some_and(|range| range.pc != Pc::Next) {
                self.act(Action::Run(G));
            }
            self.note_skipped();
        }
        if self.walks.last().is_some_and(|(innermost, _)| *innermost != id) {
            return Err(line.fault(format!("Range {id} goes on inside another one")));
        }
        match operation.k {
            Some(k) if self.machine.come_to(G, Key(k)) => self.act(Action::Run(G)),
            Some(k) => {
                let cause = format!("Range {id} cannot come to key {k}: it is not in its map, or was visited");
                return Err(line.fault(cause));
            }
            None => {
                let (_, skipped) = self.walks.pop().unwrap_or_default();
                if let Some(range) = self.machine.goroutines.entry(G).or_default().stack.last_mut() {
                    range.todo.retain(|key| !skipped.contains(key));
                    range.pc = if operation.stopped { Pc::Stop } else { range.pc };
                }
                self.act(Action::Statement(G));
            }
        }
        Ok(())
    }

    /// Begins a call within whatever is under way.
    fn begin(&mut self, call: Call) {
        let frame = self.machine.begin(G, call);
        self.machine.goroutines.entry(G).or_default().stack.push(frame);
    }

    fn act(&mut self, action: Action) {
        let acted = self.machine.apply(&action, &mut |_, event| {
            self.report.met(&event);
            if let Event::Visited { key, p, .. } = event {
                self.visited.extend(p.value().map(|value| (key.0, value)));
            }
        });
        debug_assert!(acted.is_ok(), "nobody else holds the mutex: {acted:?}");
    }

    fn note_skipped(&mut self) {
        let m = &self.machine;
        for ((_, skipped), range) in self.walks.iter_mut().zip(&m.g(G).stack) {
            let map = range.read.unwrap_or_default().map;
            let dead = |key: &&Key| m.entry(map, **key).is_some_and(|e| m.entries[&e].value().is_none());
            skipped.extend(range.todo.iter().filter(dead));
        }
    }
}

/// A Go map as it is recorded: key, entry, what the entry points at. Entries are numbered from 1 on here, since 0 is none.
fn shown(m: &GoSyncMap, map: u32) -> Json {
    let point = |p: P| p.value().map_or_else(|| json!(p), |value| json!(value));
    m.maps.get(&map).into_iter().flatten().map(|(key, e)| json!((key.0, e - 1, point(m.entries[e])))).collect()
}
