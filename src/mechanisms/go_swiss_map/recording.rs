//! Replays recordings of Go 1.27.3's map: directory, tables and groups after each operation.
//!
//! The form of a recording: a header; the new map; then an operation a line with its result and what has changed in the state.
//! Tables are numbered as they are first seen in the directory. Hashes and the starts of iterations are taken from the
//! recording; everything else is compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::machine::Machine;
use crate::replay::{Line, Recording, RecordingError, Replay, Report, need};

use super::super::keys::{Hashes, Key, KeyId, KeyTable};
use super::frame::{Call, Frame};
use super::machine::MAIN;
use super::setup::{KeyKind, Setup};
use super::state::{DELETED, EMPTY, GoSwissMap, Group, SLOTS};

impl Replay for GoSwissMap {
    const WHAT: (&'static str, &'static str) = (
        "header, directory, tables and every group after every operation, and what lookups and iterations returned",
        "每次操作之后的头部、目录、所有 table 与 group，以及查找和遍历的返回值",
    );

    fn accepts(header: &Json) -> bool {
        header["mechanism"] == "map" && header["impl"] == "swiss" && header["go"] == "go1.27.3"
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let header: Header = recording.header()?;
        let (kind, path) = match header.key.as_str() {
            "string" => (KeyKind::String, "faststr"),
            "uint64" => (KeyKind::Uint64, "fast64"),
            "pair" => (KeyKind::Pair, "generic"),
            other => return Err(RecordingError::new(1, format!("no map here has keys of type {other:?}"))),
        };
        if header.path != path {
            let cause = format!("path {:?}: the compiler chooses {path:?} for such keys", header.path);
            return Err(RecordingError::new(1, cause));
        }
        let hint = (header.hint >= 0).then_some(header.hint);
        let mut map = GoSwissMap::start(&Setup { key: kind, hint, hashes: Hashes::Seeded(0), ..Setup::default() })?;
        for text in &header.keys {
            let number = text.parse().ok().filter(|_| kind == KeyKind::Uint64);
            KeyTable::intern(&mut map.keys, &number.map_or_else(|| Key::from(text.as_str()), Key::Int), Some(0));
        }
        if map.keys.list.len() != header.keys.len() {
            return Err(RecordingError::new(1, "a key is listed twice"));
        }
        let keys = header.keys.len();
        let mut run =
            Run { map, keys, done: 0, report: Report::default(), tables: BTreeMap::new(), known: Known::default() };
        recording.each(header.ops, |line| {
            run.line(line)?;
            Ok(run.done)
        })?;
        Ok(run.report)
    }
}

#[derive(Deserialize)]
struct Header {
    key: String,
    keys: Vec<String>,
    hint: i64,
    path: String,
    ops: usize,
}

/// A line after the header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    op: Option<String>,
    k: Option<i64>,
    h: Option<String>,
    ks: Option<Vec<usize>>,
    hs: Option<Vec<String>>,
    v: Option<i64>,
    ok: Option<bool>,
    id: Option<u32>,
    eoff: Option<String>,
    doff: Option<String>,
    used: Option<u64>,
    depth: Option<u8>,
    shift: Option<u8>,
    dirlen: Option<usize>,
    tomb: Option<bool>,
    clears: Option<u64>,
    seed: Option<String>,
    small: Option<Cells>,
    dir: Option<Vec<usize>>,
    #[serde(default)]
    t: BTreeMap<usize, Change>,
    pairs: Option<Vec<(usize, i64)>>,
    len: Option<u64>,
}

/// Control bytes in hexadecimal, and keys by number, −1 in a slot that is not full.
type Cells = (String, [i64; SLOTS as usize]);

/// What has changed in a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    new: bool,
    index: i32,
    ldepth: u8,
    cap: u16,
    used: u16,
    left: u16,
    #[serde(default)]
    g: BTreeMap<usize, Cells>,
}

/// The real state as it was recorded so far.
#[derive(Default)]
struct Known {
    small: Option<Cells>,
    dir: Vec<usize>,
    tables: BTreeMap<usize, (Json, Vec<Cells>)>,
}

struct Run {
    map: GoSwissMap,
    keys: usize,
    /// Operations done; each of a bulk counts.
    done: usize,
    report: Report,
    /// Of each recorded number, the machine's table.
    tables: BTreeMap<usize, u32>,
    known: Known,
}

fn hex(text: &str, line: Line, field: &str) -> Result<u64, RecordingError> {
    u64::from_str_radix(text, 16).map_err(|_| line.fault(format!("`{field}` is {text:?}, not hexadecimal")))
}

impl Run {
    fn line(&mut self, line: Line) -> Result<(), RecordingError> {
        let o: Operation = line.read()?;
        let op = o.op.clone().unwrap_or_else(|| "new".to_owned());
        let reseeds = self.map.reseeds;
        let n = line.number;
        match op.as_str() {
            "new" => {
                self.map.seed = hex(need(o.seed.as_deref(), n, "seed")?, line, "seed")?;
                return self.compare(line, &op, &o, true);
            }
            "set" | "get" | "del" => {
                let call = [("set", Call::Assign), ("get", Call::Access), ("del", Call::Delete)];
                let call = call.into_iter().find(|(name, _)| *name == op).map_or(Call::Clear, |(_, call)| call);
                let key = self.key(line, need(o.k, n, "k")?, need(o.h.as_deref(), n, "h")?)?;
                let value = if op == "set" { need(o.v, n, "v")? } else { 0 };
                self.call(call, Some(key), value);
                if op == "get" {
                    let got = self.map.returned;
                    let mut at = self.report.at(n, &op);
                    at.same("v", &need(o.v, n, "v")?, &got.value);
                    at.same("ok", &need(o.ok, n, "ok")?, &got.key.is_some());
                }
            }
            "bulk" | "bulkdel" => {
                let (ks, hs) = (need(o.ks.as_ref(), n, "ks")?, need(o.hs.as_ref(), n, "hs")?);
                if ks.len() != hs.len() {
                    return Err(line.fault(format!("{} keys and {} hashes", ks.len(), hs.len())));
                }
                let first = if op == "bulk" { need(o.v, n, "v")? } else { 0 };
                self.done += ks.len().saturating_sub(1);
                for ((k, h), value) in ks.iter().zip(hs).zip(first..) {
                    let key = self.key(line, *k as i64, h)?;
                    self.call(if op == "bulk" { Call::Assign } else { Call::Delete }, Some(key), value);
                }
            }
            "clear" => self.call(Call::Clear, None, 0),
            "iter" | "next" => {
                let id = need(o.id, n, "id")?;
                if op == "iter" {
                    let entry = hex(need(o.eoff.as_deref(), n, "eoff")?, line, "eoff")?;
                    let dir = hex(need(o.doff.as_deref(), n, "doff")?, line, "doff")?;
                    self.call(Call::IterInit { id, at: Some((entry, dir)) }, None, 0);
                } else if self.map.iters.get(&id).is_none_or(|iter| iter.ended) {
                    return Err(line.fault(format!("there is no iteration {id}, or it has ended")));
                }
                self.call(Call::IterNext { id }, None, 0);
                let got = self.map.returned;
                let key = got.key.map_or(-1, |key| key.index() as i64);
                let mut at = self.report.at(n, &op);
                at.same("k", &need(o.k, n, "k")?, &key);
                at.same("v", &need(o.v, n, "v")?, &got.value);
            }
            "final" => {
                self.report.operations += 1;
                return self.last(line, &o);
            }
            other => return Err(line.fault(format!("unknown operation {other:?}"))),
        }
        (self.done, self.report.operations) = (self.done + 1, self.report.operations + 1);
        let reseeded = self.map.reseeds > reseeds;
        self.compare(line, &op, &o, reseeded)
    }

    /// A key by number, with the hash that it has from now on.
    fn key(&mut self, line: Line, number: i64, hash: &str) -> Result<KeyId, RecordingError> {
        let id = self.number(line, number)?;
        let hash = hex(hash, line, "h")?;
        Arc::make_mut(&mut self.map.keys).list[id.index()].given = Some(hash);
        Ok(id)
    }

    fn number(&self, line: Line, number: i64) -> Result<KeyId, RecordingError> {
        let known = usize::try_from(number).ok().filter(|number| *number < self.keys);
        let number =
            known.ok_or_else(|| line.fault(format!("key {number} is not among the header's {} keys", self.keys)))?;
        Ok(KeyId::from_index(number))
    }

    fn call(&mut self, call: Call, key: Option<KeyId>, value: i64) {
        self.map.place(Frame::new(MAIN, call, key, value));
        while let Some(event) = self.map.advance(MAIN).filter(|_| self.map.dead.is_none()) {
            self.report.met(&event);
        }
    }

    fn compare(&mut self, line: Line, op: &str, o: &Operation, reseeded: bool) -> Result<(), RecordingError> {
        let n = line.number;
        self.number_tables();
        let map = &mut self.map;
        let mut at = self.report.at(n, op);
        at.same("used", &need(o.used, n, "used")?, &map.used);
        at.same("depth", &need(o.depth, n, "depth")?, &map.global_depth);
        at.same("shift", &need(o.shift, n, "shift")?, &map.global_shift);
        at.same("dirlen", &need(o.dirlen, n, "dirlen")?, &map.directory.len());
        at.same("tomb", &need(o.tomb, n, "tomb")?, &map.tombstone_possible);
        at.same("clears", &need(o.clears, n, "clears")?, &map.clear_seq);
        at.same("a new seed", &o.seed.is_some(), &reseeded);
        if let Some(seed) = &o.seed {
            map.seed = hex(seed, line, "seed")?;
        }
        self.learn(line, o)?;
        let map = &self.map;
        let mut at = self.report.at(n, op);
        let small = map.group.and_then(|group| map.table(group)).map(|table| cells(table.group(0)));
        at.same("small", &self.known.small, &small);
        let number =
            |table: &u32| self.tables.iter().find(|(_, known)| *known == table).map_or(usize::MAX, |(n, _)| *n);
        let dir: Vec<usize> = map.directory.iter().map(number).collect();
        at.same("dir", &self.known.dir, &dir);
        for number in dir.iter().copied().collect::<std::collections::BTreeSet<_>>() {
            let Some(table) = self.tables.get(&number).and_then(|table| map.table(*table)) else { continue };
            let Some((figures, groups)) = self.known.tables.get(&number) else {
                at.same(&format!("t[{number}]"), &"not recorded", &"a table");
                continue;
            };
            let got = [
                ("index", json!(table.index)),
                ("ldepth", json!(table.local_depth)),
                ("cap", json!(table.capacity)),
                ("used", json!(table.used)),
                ("left", json!(table.growth_left)),
            ];
            at.fields(figures, got);
            at.same(&format!("groups of t[{number}]"), &groups.len(), &table.groups.len());
            for (place, (known, group)) in groups.iter().zip(table.groups.iter()).enumerate() {
                if *known == cells(group) {
                    at.same("g", &(), &());
                } else {
                    at.same(&format!("t[{number}].g[{place}]"), known, &cells(group));
                }
            }
        }
        Ok(())
    }

    /// Numbers the machine's tables as the recorder did: as they are first seen in the directory.
    fn number_tables(&mut self) {
        for table in &self.map.directory {
            if !self.tables.values().any(|known| known == table) {
                self.tables.insert(self.tables.len(), *table);
            }
        }
    }

    /// Brings the recorded state up to date.
    fn learn(&mut self, line: Line, o: &Operation) -> Result<(), RecordingError> {
        if let Some(small) = &o.small {
            self.known.small = Some(small.clone());
        }
        if let Some(dir) = &o.dir {
            self.known.dir.clone_from(dir);
            self.known.small = None;
        }
        for (number, change) in &o.t {
            let figures = json!({
                "index": change.index, "ldepth": change.ldepth, "cap": change.cap, "used": change.used, "left": change.left,
            });
            let fresh = vec![cells(&Group::NEW); usize::from(change.cap) / SLOTS as usize];
            let known = self.known.tables.entry(*number).or_insert_with(|| (Json::Null, fresh.clone()));
            if change.new {
                known.1 = fresh;
            }
            known.0 = figures;
            for (place, group) in &change.g {
                let slot = known.1.get_mut(*place);
                *slot.ok_or_else(|| line.fault(format!("table {number} has no group {place}")))? = group.clone();
            }
        }
        Ok(())
    }

    /// The last line: all pairs, read by lookups.
    fn last(&mut self, line: Line, o: &Operation) -> Result<(), RecordingError> {
        let pairs = need(o.pairs.as_ref(), line.number, "pairs")?;
        self.report.at(line.number, "final").same("len", &need(o.len, line.number, "len")?, &self.map.used);
        let mut listed = vec![false; self.keys];
        for (key, value) in pairs {
            let id = self.number(line, *key as i64)?;
            listed[id.index()] = true;
            self.call(Call::Access, Some(id), 0);
            let got = self.map.returned;
            let got = got.key.map(|_| got.value);
            self.report.at(line.number, "final").same(&format!("key {key}"), &Some(*value), &got);
        }
        for number in (0..self.keys).filter(|number| !listed[*number]) {
            let there = self.map.used > 0 && self.map.find(KeyId::from_index(number)).is_some();
            self.report.at(line.number, "final").same(&format!("whether key {number} is there"), &false, &there);
        }
        Ok(())
    }
}

/// A group as a recording writes it.
fn cells(group: &Group) -> Cells {
    let ctrl: String = group.ctrl.iter().map(|ctrl| format!("{:02x}", ctrl.0)).collect();
    let key = |slot: usize| match group.ctrl[slot] {
        EMPTY | DELETED => -1,
        _ => group.keys[slot].map_or(-2, |id| id.index() as i64),
    };
    (ctrl, std::array::from_fn(key))
}
