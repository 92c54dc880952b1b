//! The arrays and their buckets.

use smol_str::format_smolstr;

use super::super::event::{Array, Event};
use super::super::frame::{Call, Frame};
use super::super::hmap::GoMap;
use super::super::memory::{Bucket, Ptr};
use super::focus::At;
use super::{Shown, operation};
use crate::diagram::parts::{Rack, Row, Section, Tray, Words, numbered, rack, section, tray, words};
use crate::diagram::{Path, Tone};
use crate::text::Text;

/// The most buckets of an array that can have room in a picture: the neighbours of the one at work.
const MOST: usize = 64;

/// An array that is drawn.
#[derive(Clone, Copy)]
pub struct Role {
    /// In memory.
    pub slot: u32,
    /// What it is to the map.
    pub array: Array,
    /// Not yet published by `hashGrow`.
    pub coming: bool,
}

/// The array that is or becomes the old one, and the newest.
pub fn roles(map: &GoMap) -> (Option<Role>, Option<Role>) {
    let h = map.hmap();
    let fresh = map.frames().iter().find(|frame| frame.growing()).and_then(|frame| frame.fresh).map(|ptr| ptr.slot);
    let Some(current) = h.buckets else { return (None, None) };
    let role = |slot, array| Role { slot, array, coming: false };
    let coming = |slot| Some(Role { slot, array: Array::Snapshot, coming: true });
    match (h.oldbuckets, fresh) {
        (Some(old), Some(fresh)) if old == current => (Some(role(old, Array::Oldbuckets)), coming(fresh)),
        (Some(old), _) => (Some(role(old, Array::Oldbuckets)), Some(role(current, Array::Buckets))),
        (None, Some(fresh)) => (Some(role(current, Array::Buckets)), coming(fresh)),
        (None, None) => (None, Some(role(current, Array::Buckets))),
    }
}

impl Shown<'_> {
    /// The old array, if there is one, and the newest; `None` before the first bucket.
    pub fn arrays(&self) -> Option<(Option<Rack>, Rack)> {
        let (old, new) = roles(self.map);
        let new = new?;
        let at = self.bucket() as usize;
        let widest = self.room.chains.keys().max().map_or(0, |len| len.saturating_sub(1) as usize);
        let rack = |array: Role| self.rack(array, at).widest(widest);
        Some((old.map(rack), rack(new)))
    }

    /// Said where there is no bucket.
    pub fn no_array(&self) -> Words {
        let said = match (self.being_made(), self.map.is_nil()) {
            (true, _) => Text::new("no buckets yet", "还没有桶"),
            (_, true) => Text::new("nil map: no hmap, no buckets", "nil map：没有 hmap，也没有桶"),
            _ => Text::new("buckets = nil: the first write allocates one", "buckets = nil：首次写入时才分配"),
        };
        words("no-buckets", said).title().quiet()
    }

    /// `make` has an `hmap` at hand, though the variable is still nil.
    pub fn being_made(&self) -> bool {
        self.map.frames().iter().any(|frame| matches!(frame.call, Call::Make { .. }))
    }

    /// The bucket that the step is about, or else its operation.
    fn bucket(&self) -> u32 {
        let frame = operation::at_work(self.map, self.event);
        let chosen = |frame: &Frame| frame.evac.map(|evac| evac.old).or(frame.chosen.map(|_| frame.bucket));
        let lit = self.focus.buckets.first().map(|(at, _)| at.bucket);
        lit.or_else(|| frame.and_then(chosen)).unwrap_or(self.map.hmap().nevacuate)
    }

    fn rack(&self, array: Role, at: usize) -> Rack {
        let map = self.map;
        let (len, serial) = (map.memory().main_len(array.slot), map.memory().serial(array.slot));
        let halves = if self.room.halved.contains(&len) { 2 } else { 1 };
        let half = len as usize / halves;
        let run = half.min(MOST / halves);
        let first = at % half.max(1) / run.max(1) * run;
        let doubles = halves == 2 && roles(map).0.is_some_and(|old| old.slot != array.slot);
        let sections = (0..halves).map(|n| {
            let (side, tone) = match n {
                _ if !doubles => ("", Tone::Plain),
                0 => (" · X", Tone::Info),
                _ => (" · Y", Tone::Moved),
            };
            let from = n * half + first;
            let rows = (from..from + run).filter_map(|number| self.row(array, number as u32));
            let name = name(array).then(side, side);
            let path = if array.array == Array::Oldbuckets { "oldbuckets" } else { "buckets" };
            let made: Section = section(format!("title/{serial}/{n}"), name, len as usize).rows(rows).path(path);
            made.tone(tone).all(self.focus.arrays.contains(&array.array))
        });
        sections.fold(rack().signs(self.room.pair), Rack::section).around(at % half.max(1) - first)
    }

    fn row(&self, array: Role, number: u32) -> Option<Row> {
        let map = self.map;
        let head = map.memory().nth(array.slot, number)?;
        let chosen = matches!(self.event, Some(Event::BucketChosen { bucket, .. })
            if array.array == Array::Buckets && number == *bucket);
        let len = map.memory().main_len(array.slot);
        let lines = self.room.chains.get(&len).and_then(|chains| chains.get(number as usize)).copied().unwrap_or(1);
        let lit = self.focus.buckets.iter().find(|(lit, _)| lit.array == array.array && lit.bucket == number);
        let tone = if chosen { Tone::Active } else { lit.map_or(Tone::Plain, |(_, tone)| *tone) };
        let row = numbered(format!("index/{}", self.bucket_key(head)), number as usize).lines(lines).tone(tone);
        let chain = map.memory().chain(head).enumerate();
        let row = chain.fold(row, |row, (pos, (ptr, bucket))| {
            let at = At { array: array.array, bucket: number, pos: pos as u32 };
            row.tray(self.tray(array, at, ptr, bucket))
        });
        // The old bucket that is next in turn.
        let next = array.array == Array::Oldbuckets && map.hmap().nevacuate == number;
        let tone = if self.focus.figures.contains(&"nevacuate") { Tone::Active } else { Tone::Moved };
        let about = Text::new("nevacuate: the old bucket whose turn is next", "nevacuate：下一个轮到的旧桶");
        Some(if next { row.sign("nevacuate", tone, about, "nevacuate") } else { row })
    }

    fn tray(&self, array: Role, at: At, ptr: Ptr, bucket: &Bucket) -> Tray {
        let lit = self.focus.buckets.iter().find(|(lit, _)| *lit == at && !array.coming).map(|(_, tone)| *tone);
        let id = self.bucket_key(ptr);
        let tray = tray(format!("bucket/{id}")).lit(lit).left(array.coming || self.moved(array, at)).path(path(at));
        let tray = tray.about(bucket_words(at, bucket));
        tray.holes((0..bucket.tophash.len()).map(|cell| self.hole(array, at, &id, bucket, cell, lit.is_some())))
    }

    /// Whether it belongs to an old bucket that has moved, wholly.
    fn moved(&self, array: Role, at: At) -> bool {
        let head = self.map.memory().nth(array.slot, at.bucket).filter(|_| array.array == Array::Oldbuckets);
        head.is_some_and(|head| {
            let busy = |frame: &Frame| frame.evac.is_some_and(|evac| evac.old == at.bucket && frame.pc.copies());
            self.map.memory().at(head).evacuated() && !self.map.frames().iter().any(busy)
        })
    }

    /// The name of a bucket, which it keeps when its array becomes the old one.
    pub fn bucket_key(&self, ptr: Ptr) -> String {
        format!("{}.{}", self.map.memory().serial(ptr.slot), ptr.index)
    }

    /// The name of a bucket of a chain.
    pub fn bucket_at(&self, at: At) -> Option<String> {
        let (old, new) = roles(self.map);
        let slot = old.iter().chain(&new).find(|array| array.array == at.array)?.slot;
        let (ptr, _) = self.map.memory().chain(self.map.memory().nth(slot, at.bucket)?).nth(at.pos as usize)?;
        Some(self.bucket_key(ptr))
    }
}

fn name(array: Role) -> Text {
    match (array.array, array.coming) {
        (_, true) => Text::new("new array, not in hmap yet", "新数组，尚未挂上"),
        (Array::Oldbuckets, _) => Text::same("oldbuckets"),
        _ => Text::same("buckets"),
    }
}

/// Its place in the state.
pub fn path(at: At) -> Option<Path> {
    let array = match at.array {
        Array::Buckets => "buckets",
        Array::Oldbuckets => "oldbuckets",
        Array::Snapshot => return None,
    };
    Some(format_smolstr!("{array}[{}]{}", at.bucket, ".overflow".repeat(at.pos as usize)))
}

fn bucket_words(at: At, bucket: &Bucket) -> Text {
    let live = bucket.live();
    match at.pos {
        0 => Text::new(format!("bucket {}: {live} of 8", at.bucket), format!("桶 {}：{live}/8", at.bucket)),
        pos => Text::new(
            format!("overflow bucket {pos} of bucket {}: {live} of 8", at.bucket),
            format!("桶 {} 的第 {pos} 个溢出桶：{live}/8", at.bucket),
        ),
    }
}
