//! The arrays and their buckets.

use super::super::event::{Array, Event};
use super::super::frame::Frame;
use super::super::hmap::GoMap;
use super::super::memory::{BUCKET_COUNT, Bucket, Ptr};
use super::focus::{At, Focus};
use super::places::{ArrayPlaces, Column, Detail, Places, Span, places};
use super::{header, operation};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::{Lang, Text};

/// Between a cell and the edge of its share of a bucket.
const CELL_GAP: f32 = 2.0;
/// The most buckets of the only array that are drawn.
const MOST: usize = 128;
/// The most buckets of an old array that are drawn beside those of the new one.
const MOST_GROWING: usize = 32;
/// Height of the strip for preallocated overflow buckets.
const STRIP: f32 = 34.0;
/// Width for the marker of `nevacuate`, left of the old array.
const GUTTER: f32 = 92.0;
/// A bucket that is being linked flies over everything else.
const FLYING: u8 = 40;

/// Draws the arrays into an area.
pub fn draw(map: &GoMap, event: Option<&Event>, focus: &Focus, area: Rect, picture: &mut Diagram) {
    match Arrays::new(map, event, focus, area) {
        Some(scene) => {
            scene.draw(picture);
            scene.extras(picture);
        }
        None => empty(map, area, picture),
    }
}

fn empty(map: &GoMap, area: Rect, picture: &mut Diagram) {
    let words = match (header::being_made(map), map.is_nil()) {
        (true, _) => Text::new("no buckets yet", "还没有桶"),
        (_, true) => Text::new("nil map: no hmap, no buckets", "nil map：没有 hmap，也没有桶"),
        _ => Text::new("buckets = nil: the first write allocates one", "buckets = nil：首次写入时才分配"),
    };
    let place = rect(area.x + area.w / 2.0 - 330.0, area.y + 170.0, 660.0, 90.0);
    picture.push(
        Mark::new("no-buckets", place).border(Border::Dashed).fill(Fill::None).label(label(words, 22.0).ink(Ink::Soft)),
    );
}

/// The parts of one array or two that are drawn: all of it, or, where that would be too much to tell anything apart, the
/// neighbours of the bucket that the step is about.
fn windows(map: &GoMap, event: Option<&Event>, focus: &Focus, left: u32, right: Option<u32>) -> (Span, Span) {
    let long = |slot: u32| map.memory().main_len(slot) as usize;
    let span = |slot: u32, firsts: Vec<usize>, run: usize| {
        let numbers = firsts.iter().flat_map(|first| *first..first + run);
        let heads = numbers.filter_map(|number| map.memory().nth(slot, number as u32));
        Span { chains: heads.map(|head| map.memory().chain(head).count()).collect(), firsts }
    };
    let all = long(left);
    let most = if right.is_some() { MOST_GROWING } else { MOST };
    let run = all.min(most);
    let first = bucket_of(map, event, focus) as usize % all.max(1) / run.max(1) * run;
    let right = right.map_or_else(Span::default, |slot| {
        let firsts = (0..long(slot) / all.max(1)).map(|half| first + half * all).collect();
        span(slot, firsts, run)
    });
    (span(left, vec![first], run), right)
}

/// The bucket that the step is about, or else its operation.
fn bucket_of(map: &GoMap, event: Option<&Event>, focus: &Focus) -> u32 {
    let frame = operation::at_work(map, event);
    let chosen = |frame: &Frame| frame.evac.map(|evac| evac.old).or(frame.chosen.map(|_| frame.bucket));
    let lit = focus.buckets.first().map(|(at, _)| at.bucket);
    lit.or_else(|| frame.and_then(chosen)).unwrap_or(map.hmap().nevacuate)
}

/// One array on the canvas.
pub struct Shown<'a> {
    pub role: Array,
    pub slot: u32,
    /// Not yet published by `hashGrow`.
    pub coming: bool,
    span: &'a Span,
    pub places: &'a ArrayPlaces,
}

pub struct Arrays<'a> {
    pub map: &'a GoMap,
    pub event: Option<&'a Event>,
    pub focus: &'a Focus,
    /// The old or only array, and the new one.
    left: (u32, Array, bool),
    right: Option<(u32, Array, bool)>,
    spans: (Span, Span),
    pub places: Places,
    pub area: Rect,
}

impl<'a> Arrays<'a> {
    fn new(map: &'a GoMap, event: Option<&'a Event>, focus: &'a Focus, area: Rect) -> Option<Arrays<'a>> {
        let h = map.hmap();
        let fresh = map.frames().iter().find(|frame| frame.growing()).and_then(|frame| frame.fresh).map(|ptr| ptr.slot);
        let current = h.buckets?;
        let (left, right) = match (h.oldbuckets, fresh) {
            (Some(old), Some(fresh)) if old == current => {
                ((old, Array::Oldbuckets, false), Some((fresh, Array::Snapshot, true)))
            }
            (Some(old), _) => ((old, Array::Oldbuckets, false), Some((current, Array::Buckets, false))),
            (None, Some(fresh)) => ((current, Array::Buckets, false), Some((fresh, Array::Snapshot, true))),
            (None, None) => ((current, Array::Buckets, false), None),
        };
        let spans = windows(map, event, focus, left.0, right.map(|(slot, _, _)| slot));
        let has_spare = |slot: u32| map.memory().total_len(slot) > map.memory().main_len(slot);
        let spare = has_spare(current) || fresh.is_some_and(has_spare);
        let strip = if spare || map.frames().iter().any(|frame| frame.fresh.is_some()) { STRIP } else { 0.0 };
        let gutter = if right.is_some() { GUTTER } else { 0.0 };
        let room = rect(area.x + gutter, area.y, area.w - gutter, area.h - strip);
        let places = places(&spans.0, &spans.1, room);
        Some(Arrays { map, event, focus, left, right, spans, places, area })
    }

    /// The old or only array, then the new one.
    pub fn shown(&self) -> Vec<Shown<'_>> {
        let (slot, role, coming) = self.left;
        let mut shown = vec![Shown { role, slot, coming, span: &self.spans.0, places: &self.places.left }];
        if let Some((slot, role, coming)) = self.right {
            shown.push(Shown { role, slot, coming, span: &self.spans.1, places: &self.places.right });
        }
        shown
    }

    fn draw(&self, picture: &mut Diagram) {
        for array in self.shown() {
            self.titles(&array, picture);
            for (number, head) in self.map.heads(array.slot).enumerate() {
                for (pos, (ptr, bucket)) in self.map.memory().chain(head).enumerate() {
                    if let Some(place) = array.places.bucket(number, pos) {
                        let at = At { array: array.role, bucket: number as u32, pos: pos as u32 };
                        self.bucket(&array, at, ptr, bucket, place, picture);
                    }
                }
            }
        }
        self.newcomer(picture);
    }

    fn titles(&self, array: &Shown, picture: &mut Diagram) {
        let lit = self.focus.arrays.contains(&array.role);
        let serial = self.map.memory().serial(array.slot);
        for (i, column) in array.places.columns.iter().enumerate() {
            if lit {
                picture.push(outline(format!("outline/{serial}/{i}"), column));
            }
            let half = array.half(i);
            if half.is_none() && i > 0 {
                continue;
            }
            let ink = if lit { Ink::Tone } else { Ink::Soft };
            let name = label(array.name(), 20.0).ink(ink).left(0.0).down(-4.0);
            let dx = Lang::ALL.map(|lang| name.width(lang)).into_iter().fold(0.0, f32::max) + 12.0;
            let size = label(self.size(array, half), 18.0).ink(Ink::Of(Tone::Faint)).left(dx).down(-3.0);
            let mark = Mark { shape: Shape::Text, ..Mark::new(format!("title/{serial}/{i}"), column.title) };
            let path = if array.role == Array::Oldbuckets { "oldbuckets" } else { "buckets" };
            let mark = mark.tone(if lit { Tone::Active } else { Tone::Plain });
            picture.push(mark.fill(Fill::None).border(Border::None).label(name).label(size).path(path));
        }
    }

    /// How many buckets, or which ones are drawn.
    fn size(&self, array: &Shown, half: Option<usize>) -> Text {
        let n = self.map.memory().main_len(array.slot);
        let exponent = n.trailing_zeros();
        let run = array.span.run();
        let drawn = |n: usize| {
            let first = array.span.firsts.get(n).copied().unwrap_or_default();
            format!("{first}…{}", first + run.saturating_sub(1))
        };
        match half {
            Some(n) => {
                let name = if n == 0 { "X" } else { "Y" };
                Text::new(format!("{name}: {}", drawn(n)), format!("{name}：{}", drawn(n)))
            }
            None if array.span.chains.len() < n as usize => {
                Text::new(format!("{} of {n}", drawn(0)), format!("{}，共 {n}", drawn(0)))
            }
            None if array.role == Array::Oldbuckets && !self.map.hmap().same_size_grow() => {
                Text::same(format!("{n} = 2^(B-1)"))
            }
            None if array.coming => Text::same(format!("{n} = 2^{exponent}")),
            None => Text::same(format!("{n} = 2^B")),
        }
    }

    fn bucket(&self, array: &Shown, at: At, ptr: Ptr, bucket: &Bucket, place: Rect, picture: &mut Diagram) {
        let id = self.bucket_key(ptr);
        let path = path(at);
        let tone = self.focus.buckets.iter().find(|(lit, _)| *lit == at && !array.coming).map(|(_, tone)| *tone);
        picture.push(self.frame(array, at, &id, bucket, place, tone));
        if at.pos == 0 {
            self.number(at, &id, place, picture);
        } else {
            link(&id, place, tone, picture);
        }
        if self.places.detail == Detail::Dots && bucket.tophash.iter().all(|top| !top.is_live()) && tone.is_none() {
            return;
        }
        let w = place.w / BUCKET_COUNT as f32;
        for cell in 0..BUCKET_COUNT {
            let slot = rect(place.x + w * cell as f32, place.y, w, place.h).grown(-CELL_GAP);
            self.cell(at, &id, bucket, cell, slot, path.as_deref(), picture);
        }
    }

    /// The box around the cells.
    fn frame(&self, array: &Shown, at: At, id: &str, bucket: &Bucket, place: Rect, tone: Option<Tone>) -> Mark {
        // In low rows the boxes of neighbours must not touch.
        let around = if self.places.detail == Detail::Dots { 0.5 } else { 3.0 };
        let frame = Mark::new(format!("bucket/{id}"), place.grown(around)).about(bucket_words(at, bucket)).layer(10);
        let frame = Mark { path: path(at), ..frame };
        let frame = if self.moved(array, at) { frame.tone(Tone::Moved).fill(Fill::Tint) } else { frame };
        let linked = matches!(self.event, Some(Event::OverflowLinked { array, bucket, pos, .. })
            if at == At { array: *array, bucket: *bucket, pos: *pos });
        match tone {
            Some(tone) if linked => frame.tone(tone).border(Border::Thick).fill(Fill::None).layer(FLYING),
            Some(tone) => frame.tone(tone).border(Border::Thick),
            None if array.coming => frame.border(Border::Dashed),
            None => frame,
        }
    }

    /// Whether it belongs to an old bucket that has moved, wholly.
    fn moved(&self, array: &Shown, at: At) -> bool {
        let head = self.map.memory().nth(array.slot, at.bucket).filter(|_| array.role == Array::Oldbuckets);
        head.is_some_and(|head| {
            let busy = |frame: &Frame| frame.evac.is_some_and(|evac| evac.old == at.bucket && frame.pc.copies());
            self.map.memory().at(head).evacuated() && !self.map.frames().iter().any(busy)
        })
    }

    fn number(&self, at: At, id: &str, place: Rect, picture: &mut Diagram) {
        if place.h < 16.0 {
            return;
        }
        let chosen = matches!(self.event, Some(Event::BucketChosen { bucket, .. })
            if at.array == Array::Buckets && at.bucket == *bucket);
        let size = if place.h < 20.0 { 16.0 } else { 19.0 };
        let number = mono(at.bucket.to_string(), size).right(0.0).ink(if chosen { Ink::Tone } else { Ink::Soft });
        let index = Mark::text(format!("index/{id}"), point(place.x - 12.0, place.center().y), number);
        picture.push(index.layer(11).tone(if chosen { Tone::Active } else { Tone::Plain }));
    }

    pub fn bucket_key(&self, ptr: Ptr) -> String {
        format!("{}.{}", self.map.memory().serial(ptr.slot), ptr.index)
    }
}

impl Shown<'_> {
    /// Which half of a doubled array begins with this column: 0 is X, 1 is Y.
    fn half(&self, column: usize) -> Option<usize> {
        let (runs, columns) = (self.span.firsts.len(), self.places.columns.len());
        (runs == 2 && columns >= 2 && column.is_multiple_of(columns / 2)).then(|| column / (columns / 2))
    }

    fn name(&self) -> Text {
        match (self.role, self.coming) {
            (_, true) => Text::new("new array, not yet in hmap", "新数组，尚未挂到 hmap"),
            (Array::Oldbuckets, _) => Text::same("oldbuckets"),
            _ => Text::same("buckets"),
        }
    }
}

/// Around a whole column.
fn outline(key: String, column: &Column) -> Mark {
    let buckets = column.chains.iter().flatten();
    let all = buckets.fold(column.title, |all, bucket| all.union(*bucket));
    let place = rect(all.x - 6.0, all.y + 30.0, all.w + 12.0, all.h - 22.0);
    Mark::new(key, place).fill(Fill::None).border(Border::Thick).tone(Tone::Active).layer(8)
}

/// From a bucket to the overflow bucket below it.
fn link(id: &str, place: Rect, tone: Option<Tone>, picture: &mut Diagram) {
    let y = place.center().y;
    let x = place.x - 13.0;
    let points = vec![point(x, place.y - 8.0), point(x, y), point(place.x - 4.0, y)];
    let line = Mark::new(format!("link/{id}"), rect(x, place.y - 8.0, 9.0, y - place.y + 8.0));
    let about = Text::new("overflow pointer", "overflow 指针");
    picture.push(line.shape(Shape::Line { points }).fill(Fill::None).tone(tone.unwrap_or(Tone::Faint)).about(about));
}

/// Its place in the state.
fn path(at: At) -> Option<String> {
    let array = match at.array {
        Array::Buckets => "buckets",
        Array::Oldbuckets => "oldbuckets",
        Array::Snapshot => return None,
    };
    Some(format!("{array}[{}]{}", at.bucket, ".overflow".repeat(at.pos as usize)))
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
