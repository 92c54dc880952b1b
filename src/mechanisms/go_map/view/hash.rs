//! The bits of the hash that decides a step: its top byte, and the low bits that choose a bucket.

use super::super::event::{EVACUATED_EMPTY, Event, MIN_TOP_HASH, Top};
use super::super::frame::{Call, Frame, Pc};
use super::super::hmap::GoMap;
use super::super::memory::KeyId;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Point, Shape, Tone, label, measure, mono, point, rect};
use crate::text::{Lang, Text};

const BITS: f32 = 21.0;
/// The lowest units of the arrays' area: a line to a bucket runs below all of them.
const BELOW: f32 = 664.0;

/// What of a hash is shown.
struct Shown {
    key: KeyId,
    hash: u64,
    /// The low bits that have chosen a bucket, if they have.
    low: Option<u8>,
    /// Whether the highest of them is told apart, as the bit that a doubling adds.
    split: bool,
}

/// Draws the hash that this step is about, if it is about one.
pub fn draw(map: &GoMap, event: Option<&Event>, frame: &Frame, at: Point, picture: &mut Diagram) {
    if let Some(shown) = shown(map, event, frame) {
        bits(map, &shown, at, picture);
        to_bucket(event, picture);
    }
}

fn shown(map: &GoMap, event: Option<&Event>, frame: &Frame) -> Option<Shown> {
    let h = map.hmap();
    let doubling = h.growing() && !h.same_size_grow();
    let of_entry = |key: KeyId| Shown { key, hash: map.hash(key), low: Some(h.B), split: true };
    if evacuates(event, frame) {
        if !doubling {
            return None;
        }
        return match event {
            Some(Event::EvacuateHitBucket { .. }) => own(frame, true),
            Some(Event::EntryMoved { key, .. }) => map.key_id(key).map(of_entry),
            _ => evacuating(map, frame).map(of_entry),
        };
    }
    let consulted = matches!(event, Some(Event::OldBucketConsulted { .. } | Event::NewBucketConsulted { .. }));
    let searched = frame.call == Call::Access && h.oldbuckets == Some(frame.slot) && frame.b.is_some();
    own(frame, doubling && (consulted || searched))
}

/// The hash of the operation's own key, once it has been computed.
fn own(frame: &Frame, split: bool) -> Option<Shown> {
    let key = frame.key.filter(|_| !matches!(frame.pc, Pc::Checks | Pc::Hash) && frame.top != Top(0))?;
    Some(Shown { key, hash: frame.hash, low: frame.chosen, split })
}

/// Whether the step is one of an evacuation, in which the operation's own key plays no part.
fn evacuates(event: Option<&Event>, frame: &Frame) -> bool {
    use Event::{EvacuationMarkAdvanced, EvacuationMarkSkips, EvacuationMarkStays};
    use Event::{NothingLeftToEvacuate, OldArrayFreed, SameSizeFlagCleared};
    let ends = matches!(
        event,
        Some(
            EvacuationMarkStays { .. }
                | EvacuationMarkAdvanced { .. }
                | EvacuationMarkSkips { .. }
                | OldArrayFreed { .. }
                | SameSizeFlagCleared { .. }
                | NothingLeftToEvacuate { .. }
        )
    );
    frame.evac.is_some() || ends
}

/// The key that `evacuate` has marked and not copied yet.
pub fn evacuating(map: &GoMap, frame: &Frame) -> Option<KeyId> {
    let evac = frame.evac.filter(|_| frame.pc.copies() && frame.pc != Pc::EvacuateCell)?;
    let bucket = map.memory().at(evac.b);
    let cell = evac.i as usize;
    let marked = bucket.tophash.get(cell).is_some_and(|top| top.is_evacuated() && *top != EVACUATED_EMPTY);
    if marked { bucket.keys.get(cell).copied().flatten() } else { None }
}

/// Groups of bits from left to right.
struct Groups<'a> {
    x: f32,
    y: f32,
    picture: &'a mut Diagram,
}

impl Groups<'_> {
    fn push(&mut self, part: &str, digits: &str, words: Text, tone: Tone) {
        let words = label(words, 16.0).ink(Ink::Tone).down(21.0);
        let wide = Lang::ALL.map(|lang| words.width(lang)).into_iter().fold(0.0, f32::max);
        let w = measure::width(digits, BITS, Face::Mono).max(wide) + 16.0;
        let mark = Mark::new(format!("hash/{part}"), rect(self.x, self.y, w, 76.0)).tone(tone);
        let digits = mono(digits, BITS).down(-14.0);
        self.picture.push(if tone == Tone::Plain {
            mark.label(digits.ink(Ink::Soft)).fill(Fill::None).border(Border::None)
        } else {
            mark.label(digits.ink(Ink::Tone)).label(words).fill(Fill::Tint)
        });
        self.x += w + 8.0;
    }
}

fn bits(map: &GoMap, shown: &Shown, at: Point, picture: &mut Diagram) {
    let name = measure::fitted(&format!("hash({})", map.key(shown.key)), 20.0, Face::Mono, 190.0);
    let width = measure::width(&name, 20.0, Face::Mono);
    picture.push(Mark::text("hash/name", point(at.x, at.y + 24.0), mono(name, 20.0).left(0.0).ink(Ink::Soft)));
    let hash = shown.hash;
    let bits = format!("{hash:064b}");
    let mut groups = Groups { x: at.x + width + 18.0, y: at.y, picture };
    let (byte, top) = ((hash >> 56) as u8, Top::of(hash));
    let below = byte < MIN_TOP_HASH.0;
    let words = if below { format!("{byte:02x} + 5 = {top}") } else { format!("tophash {top}") };
    groups.push("top", &bits[..8], Text::same(words), Tone::Moved);
    let low = usize::from(shown.low.unwrap_or(0).min(16));
    groups.push("middle", &format!("… {}", &bits[64 - low.max(8)..64 - low]), Text::default(), Tone::Plain);
    let number = hash & ((1 << low) - 1);
    if low == 0 {
        return;
    }
    if !shown.split {
        let words = Text::new(format!("bucket {number}"), format!("桶 {number}"));
        return groups.push("low", &bits[64 - low..], words, Tone::Info);
    }
    let bit = &bits[64 - low..65 - low];
    let side = if bit == "1" { "Y" } else { "X" };
    groups.push("new", bit, Text::new(format!("new bit → {side}"), format!("新增位 → {side}")), Tone::Active);
    if low > 1 {
        let old = number & ((1 << (low - 1)) - 1);
        let words = Text::new(format!("old bucket {old}"), format!("旧桶 {old}"));
        groups.push("low", &bits[65 - low..], words, Tone::Info);
    }
}

/// From the low bits of the hash to the number of the bucket that they choose: below the arrays and up beside them.
fn to_bucket(event: Option<&Event>, picture: &mut Diagram) {
    let Some(Event::BucketChosen { bucket, .. }) = event else { return };
    let path = format!("buckets[{bucket}]");
    let chosen =
        picture.marks.iter().find(|mark| mark.path.as_deref() == Some(&path) && mark.key.starts_with("bucket/"));
    let Some(number) = chosen.and_then(|mark| picture.get(&mark.key.replacen("bucket", "index", 1))) else { return };
    let Some(bits) = picture.get("hash/low") else { return };
    let (x, y, from) = (number.rect.x - 22.0, number.rect.center().y, bits.rect.center().x);
    let points = vec![point(from, bits.rect.y), point(from, BELOW), point(x, BELOW), point(x, y)];
    let about = Text::new("the low bits choose the bucket", "低位选桶");
    let line =
        Mark::new("choice", rect(x.min(from), y, (from - x).abs(), bits.rect.y - y)).shape(Shape::Line { points });
    let line = line.fill(Fill::None).tone(Tone::Info).layer(15).about(about);
    let mut head = Mark::arrow("choice/head", &line, number, 0.0).tone(Tone::Info).layer(15);
    if let Shape::Arrow(arrow) = &mut head.shape {
        let end = point(number.rect.x - 2.0, y);
        arrow.curve = [point(x, y), point((x + end.x) / 2.0, y), end];
        head.rect = rect(x, y, end.x - x, 0.0);
    }
    picture.push(line);
    picture.push(head);
}
