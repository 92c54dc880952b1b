//! Replays recordings of Go 1.23.9's map: `hmap` and every bucket after every operation.
//!
//! The form of a recording: a header, the new map, one line an operation with its arguments and results and the whole
//! state after it, and at the end all pairs. Arrays are written as differences; the replay keeps the recording's
//! picture of both arrays and compares it, listed chains and others, with the machine's after every operation.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::machine::Machine;
use crate::replay::{Recording, RecordingError, Replay, Report, need};

use super::super::keys::{Hashes, Key};
use super::event::{EVACUATED_EMPTY, Top};
use super::frame::{Call, Frame};
use super::hmap::{GoMap, Returned, SAME_SIZE_GROW};
use super::machine::MAIN;
use super::memory::{BUCKET_COUNT, Bucket, KeyId};
use super::recorded::{Cells, Chain, EMPTY, Header, Line, check_chain, hex};
use super::setup::{KeyKind, Setup};

impl Replay for GoMap {
    const WHAT: (&'static str, &'static str) =
        ("hmap and every bucket after every operation", "每次操作之后的 hmap 和全部桶");

    fn accepts(header: &Value) -> bool {
        header["mechanism"] == "map" && header["impl"] == "hmap"
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let header: Header = recording.header()?;
        let mut replay = Run::start(&header)?;
        let (mut first, mut ended) = (true, false);
        recording.each(header.ops, |line| {
            match line.read()? {
                _ if ended => return Err(line.fault("there is a line after `final`")),
                new if first => replay.first(line.number, &new)?,
                operation => ended = replay.line(line.number, &operation)?,
            }
            first = false;
            Ok(replay.report.operations)
        })?;
        if !ended {
            return Err(RecordingError::new(header.ops + 2, "the recording ends without `final`"));
        }
        Ok(replay.report)
    }
}

/// An array as the recording has it so far.
#[derive(Default)]
struct Picture {
    chains: Vec<Chain>,
    /// The machine's number for its array after the operation before.
    serial: u32,
}

struct Run {
    map: GoMap,
    keys: usize,
    buckets: Picture,
    oldbuckets: Picture,
    report: Report,
}

/// A line being compared.
struct At<'a> {
    line: usize,
    op: &'a str,
}

impl Run {
    fn start(header: &Header) -> Result<Run, RecordingError> {
        let fail = |cause: String| RecordingError::new(1, cause);
        let kind = match header.key.as_str() {
            "string" => KeyKind::String,
            "uint64" => KeyKind::Uint64,
            other => return Err(fail(format!("keys of type {other} are not modelled, only string and uint64"))),
        };
        if (header.bucket_size, header.bucket_has_pointers) != (kind.bucket_size(), kind.bucket_has_pointers()) {
            let cause = format!("a bucket of {} keys has {} bytes", kind.go(), kind.bucket_size());
            return Err(fail(format!("{cause}, not {}", header.bucket_size)));
        }
        let setup = Setup {
            key: kind,
            hint: (header.hint >= 0).then_some(header.hint),
            hashes: Hashes::Seeded(0),
            ..Setup::default()
        };
        let mut map = GoMap::start(&setup)?;
        for (number, text) in header.keys.iter().enumerate() {
            let key = match kind {
                KeyKind::String => Key::from(text.as_str()),
                KeyKind::Uint64 => {
                    Key::Int(text.parse().map_err(|_| fail(format!("key {number}, {text:?}, is no uint64")))?)
                }
            };
            if map.intern(&key, None).index() != number {
                return Err(fail(format!("key {number}, {text:?}, is listed twice")));
            }
        }
        let (buckets, oldbuckets) = (Picture::default(), Picture::default());
        Ok(Run { map, keys: header.keys.len(), buckets, oldbuckets, report: Report::default() })
    }

    /// The second line: the map as it was made.
    fn first(&mut self, number: usize, line: &Line) -> Result<(), RecordingError> {
        if line.op.is_some() {
            return Err(RecordingError::new(number, "the second line should be the new map, without an operation"));
        }
        let at = At { line: number, op: "make" };
        self.compare_state(&at, line, true)
    }

    /// One operation; true for `final`.
    fn line(&mut self, number: usize, line: &Line) -> Result<bool, RecordingError> {
        let op = need(line.op, number, "op")?;
        let at = At { line: number, op };
        if op == "final" {
            self.compare_final(&at, line)?;
            return Ok(true);
        }
        let reseeds = self.map.reseeds;
        self.operate(&at, line)?;
        self.report.operations += 1;
        self.compare_state(&at, line, reseeds != self.map.reseeds)?;
        Ok(false)
    }

    fn operate(&mut self, at: &At, line: &Line) -> Result<(), RecordingError> {
        match at.op {
            "set" => {
                let key = self.hashed_key(at, line)?;
                let value = need(line.v, at.line, "v")?;
                self.call(Call::Assign, Some(key), value);
            }
            "get" => {
                let key = self.hashed_key(at, line)?;
                let (value, ok) = (need(line.v, at.line, "v")?, need(line.ok, at.line, "ok")?);
                self.call(Call::Access, Some(key), 0);
                let Returned { key, value: got } = self.map.returned;
                self.same(at, "v", value, got);
                self.same(at, "ok", ok, key.is_some());
            }
            "del" => {
                let key = self.hashed_key(at, line)?;
                self.call(Call::Delete, Some(key), 0);
            }
            "clear" => self.call(Call::Clear, None, 0),
            "iter" => {
                let id = need(line.id, at.line, "id")?;
                let start = (need(line.start, at.line, "start")?, need(line.off, at.line, "off")?);
                self.call(Call::IterInit { id, at: Some(start) }, None, 0);
                if let Some(iter) = self.map.iters.get(&id) {
                    let got = (iter.start_bucket, iter.offset);
                    self.same(at, "start", start.0, got.0);
                    self.same(at, "off", start.1, got.1);
                }
                self.next(at, line, id)?;
            }
            "next" => {
                let id = need(line.id, at.line, "id")?;
                if !self.map.iters.contains_key(&id) {
                    return Err(RecordingError::new(at.line, format!("iteration {id} is not under way")));
                }
                self.next(at, line, id)?;
            }
            other => return Err(RecordingError::new(at.line, format!("unknown operation {other:?}"))),
        }
        Ok(())
    }

    fn next(&mut self, at: &At, line: &Line, id: u32) -> Result<(), RecordingError> {
        let (key, value) = (need(line.k, at.line, "k")?, need(line.v, at.line, "v")?);
        if key != -1 {
            self.key_number(at, key)?;
        }
        if self.map.iters.get(&id).is_some_and(|iter| !iter.ended) {
            self.call(Call::IterNext { id }, None, 0);
        }
        let got = self.map.returned;
        self.same(at, "k", key, number(got.key));
        self.same(at, "v", value, got.value);
        if key == -1 {
            self.map.iters.remove(&id);
        }
        Ok(())
    }

    fn call(&mut self, call: Call, key: Option<KeyId>, value: i64) {
        self.map.place(Frame::new(MAIN, call, key, value));
        let report = &mut self.report;
        self.map.finish(MAIN, &mut |_, event| report.met(&event));
    }

    fn key_number(&self, at: &At, number: i64) -> Result<KeyId, RecordingError> {
        match usize::try_from(number) {
            Ok(index) if index < self.keys => Ok(KeyId::from_index(index)),
            _ => {
                Err(RecordingError::new(at.line, format!("key {number} is not among the header's {} keys", self.keys)))
            }
        }
    }

    /// The key of an operation, with the hash that it has on this line.
    fn hashed_key(&mut self, at: &At, line: &Line) -> Result<KeyId, RecordingError> {
        let id = self.key_number(at, need(line.k, at.line, "k")?)?;
        let hash = hex(need(line.h, at.line, "h")?, at.line, "h")?;
        Arc::make_mut(&mut self.map.keys).list[id.index()].given = Some(hash);
        Ok(id)
    }

    fn same<T: PartialEq + fmt::Debug>(&mut self, at: &At, field: &str, recorded: T, machine: T) {
        self.report.at(at.line, at.op).same(field, &recorded, &machine);
    }

    fn compare_state(&mut self, at: &At, line: &Line, reseeded: bool) -> Result<(), RecordingError> {
        let h = self.map.h.clone();
        let total = |slot: Option<u32>| slot.map_or(0, |slot| u64::from(self.map.mem.main_len(slot)));
        let (nb, no, spare) = (total(h.buckets), total(h.oldbuckets), u64::from(self.map.spare()));
        self.same(at, "count", need(line.count, at.line, "count")?, h.count as u64);
        self.same(at, "flags", need(line.flags, at.line, "flags")?, h.flags.0);
        self.same(at, "B", need(line.B, at.line, "B")?, h.B);
        self.same(at, "nov", need(line.nov, at.line, "nov")?, h.noverflow);
        self.same(at, "nev", need(line.nev, at.line, "nev")?, u64::from(h.nevacuate));
        self.same(at, "nb", need(line.nb, at.line, "nb")?, nb);
        self.same(at, "no", need(line.no, at.line, "no")?, no);
        self.same(at, "same", need(line.same, at.line, "same")?, h.flags.has(SAME_SIZE_GROW));
        self.same(at, "spare", need(line.spare, at.line, "spare")?, spare);
        self.same(at, "a new seed", line.seed.is_some(), reseeded);
        if let Some(seed) = line.seed {
            self.map.h.hash0 = hex(seed, at.line, "seed")? as u32;
        }
        self.compare_array(at, line, true)?;
        self.compare_array(at, line, false)
    }

    /// Brings the recording's picture of an array up to date and compares it with the machine's.
    fn compare_array(&mut self, at: &At, line: &Line, new: bool) -> Result<(), RecordingError> {
        let (slot, picture, fresh, chains, name) = match new {
            true => (self.map.h.buckets, &mut self.buckets, line.bnew, &line.b, ("b", "bnew")),
            false => (self.map.h.oldbuckets, &mut self.oldbuckets, line.onew, &line.o, ("o", "onew")),
        };
        let (serial, len) = slot.map_or((0, 0), |slot| (self.map.mem.serial(slot), self.map.mem.main_len(slot)));
        let replaced = std::mem::replace(&mut picture.serial, serial) != serial;
        if fresh {
            picture.chains.clear();
        }
        if fresh || replaced || slot.is_none() {
            picture.chains.resize(len as usize, vec![EMPTY]);
        }
        let report = &mut self.report;
        report.compare(fresh == replaced, at.line, at.op, name.1, || (fresh.to_string(), replaced.to_string()));
        for (index, chain) in &chains.0 {
            check_chain(chain, self.keys, at.line)?;
            match picture.chains.get_mut(*index) {
                Some(known) => known.clone_from(chain),
                None => report.compare(false, at.line, at.op, &format!("{}[{index}]", name.0), || {
                    (String::from("a bucket chain"), format!("{len} buckets"))
                }),
            }
        }
        report.fields += chains.0.len() + 1;
        let Some(slot) = slot else { return Ok(()) };
        for head in self.map.heads(slot) {
            let known = picture.chains.get(head.index as usize).map_or(&[][..], Vec::as_slice);
            if !same_chain(known, self.map.mem.chain(head).map(|(_, bucket)| bucket)) {
                let got: Chain = self.map.mem.chain(head).map(|(_, bucket)| cells(bucket)).collect();
                report.compare(false, at.line, at.op, &format!("{}[{}]", name.0, head.index), || {
                    (show(known), show(&got))
                });
            }
        }
        Ok(())
    }

    /// The last line: all pairs, read by lookups.
    fn compare_final(&mut self, at: &At, line: &Line) -> Result<(), RecordingError> {
        let pairs = need(line.pairs.as_ref(), at.line, "pairs")?;
        self.same(at, "len", need(line.len, at.line, "len")?, self.map.h.count as u64);
        let mut listed = BTreeSet::new();
        for (key, value) in pairs {
            let id = self.key_number(at, *key)?;
            listed.insert(id);
            self.call(Call::Access, Some(id), 0);
            let got = self.map.returned;
            self.same(at, &format!("key {key}"), Some(*value), got.key.map(|_| got.value));
        }
        for id in (0..self.keys).map(KeyId::from_index).filter(|id| !listed.contains(id)) {
            let there = self.map.find(id).is_some();
            self.same(at, &format!("whether key {} is there", id.index()), false, there);
        }
        Ok(())
    }
}

fn number(key: Option<KeyId>) -> i64 {
    key.map_or(-1, |key| key.index() as i64)
}

/// The key of a cell as a recording writes it: -1 in an empty cell, -2 where an evacuated one was zeroed.
fn key_of(bucket: &Bucket, cell: usize) -> i64 {
    let top = bucket.tophash[cell];
    match bucket.keys[cell] {
        _ if top.is_empty() || top == EVACUATED_EMPTY => -1,
        None => -2,
        Some(id) => id.index() as i64,
    }
}

fn cells(bucket: &Bucket) -> Cells {
    let keys = std::array::from_fn(|cell| key_of(bucket, cell));
    Cells { tophash: bucket.tophash.map(|Top(byte)| byte), keys }
}

fn same_chain<'a>(known: &[Cells], chain: impl Iterator<Item = &'a Bucket>) -> bool {
    let mut left = known.iter();
    for bucket in chain {
        let Some(cells) = left.next() else { return false };
        if bucket.tophash.map(|Top(byte)| byte) != cells.tophash {
            return false;
        }
        if cells.tophash != EMPTY.tophash && (0..BUCKET_COUNT).any(|cell| key_of(bucket, cell) != cells.keys[cell]) {
            return false;
        }
        if cells.tophash == EMPTY.tophash && cells.keys != EMPTY.keys {
            return false;
        }
    }
    left.next().is_none()
}

fn show(chain: &[Cells]) -> String {
    let bucket = |cells: &Cells| {
        let tophash: String = cells.tophash.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{tophash} {:?}", cells.keys)
    };
    chain.iter().map(bucket).collect::<Vec<_>>().join(" -> ")
}
