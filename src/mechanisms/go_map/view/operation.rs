//! The operation at hand: what was called, the key's hash in bits, the end of the process; and, when several goroutines
//! use the map, who stands where.

use super::super::event::{Event, Top};
use super::super::frame::{Call, Frame, Pc};
use super::super::hmap::GoMap;
use super::super::memory::KeyId;
use super::super::setup::Key;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Point, Rect, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// The strip between the arrays and the caption, in canvas units.
const STRIP: Rect = rect(48.0, 672.0, 1504.0, 78.0);
const BITS: f32 = 21.0;

/// Whether more than one goroutine has to be shown.
pub fn crowd(map: &GoMap) -> bool {
    map.frames().len() > 1 || map.frames().iter().any(|frame| frame.g > 1) || map.dead().is_some_and(|dead| dead.g > 1)
}

/// Draws the strip.
pub fn draw(map: &GoMap, event: Option<&Event>, picture: &mut Diagram) {
    if let Some(dead) = map.dead() {
        let exit = dead.exit.map_or_else(String::new, |exit| format!("  (exit status {exit})"));
        let words = format!("{}{exit}", dead.message);
        let mark = Mark::new("dead", rect(STRIP.x, STRIP.y + 8.0, STRIP.w, STRIP.h - 16.0)).path("dead");
        let mark = mark.tone(Tone::Bad).fill(Fill::Tint).border(Border::Thick);
        picture.push(mark.label(mono(words, 24.0).ink(Ink::Tone)));
        return;
    }
    let running = event.map(Event::goroutine).and_then(|g| map.frames().iter().find(|frame| frame.g == g));
    let frame = running.or(map.frames().first());
    let call = frame.map(|frame| call_text(map, frame)).or_else(|| answer(event));
    let Some((call, function)) = call else { return };
    let call = measure::fitted(&call, 21.0, Face::Mono, 216.0);
    picture.push(
        Mark::new("call", rect(STRIP.x, STRIP.y, 322.0, STRIP.h))
            .path("goroutines")
            .label(mono(call, 21.0).left(18.0).down(-14.0))
            .label(label(function, 17.0).ink(Ink::Soft).left(18.0).down(18.0)),
    );
    if let Some((key, hash)) = hashed(map, event, frame) {
        hash_bits(map, event, key, hash, point(STRIP.x + 352.0, STRIP.y), picture);
        points_at_bucket(event, picture);
    }
}

/// From the low bits of the hash to the bucket that they choose.
fn points_at_bucket(event: Option<&Event>, picture: &mut Diagram) {
    let Some(Event::BucketChosen { bucket, .. }) = event else { return };
    let path = format!("buckets[{bucket}]");
    let chosen =
        picture.marks.iter().find(|mark| mark.path.as_deref() == Some(&path) && mark.key.starts_with("bucket/"));
    if let (Some(bits), Some(chosen)) = (picture.get("hash/low"), chosen) {
        let about = Text::new("the low bits choose the bucket", "低位选桶");
        picture.push(Mark::arrow("choice", bits, chosen, -0.12).tone(Tone::Info).layer(15).about(about));
    }
}

/// Where a newcomer waits until it is stored.
pub fn hand() -> Rect {
    rect(STRIP.x + 244.0, STRIP.y + 10.0, 64.0, 58.0)
}

/// `m["k1"] = 7` and the function that carries it out.
fn call_text(map: &GoMap, frame: &Frame) -> (String, String) {
    let key = frame.key.map(|id| quoted(map.key(id))).unwrap_or_default();
    let call = match frame.call {
        Call::Assign => format!("m[{key}] = {}", frame.value),
        Call::Access => format!("m[{key}]"),
        Call::Delete => format!("delete(m, {key})"),
        Call::Clear => "clear(m)".to_owned(),
        Call::IterInit { id, .. } => format!("range m  #{id}"),
        Call::IterNext { id } => format!("next  #{id}"),
    };
    let who = if frame.g > 1 || map.frames().len() > 1 { format!("G{} · ", frame.g) } else { String::new() };
    (call, format!("{who}{}", frame.call.function()))
}

/// What the operation that has just ended gave its caller.
fn answer(event: Option<&Event>) -> Option<(String, String)> {
    let shown = |call: String, function: &str| Some((call, function.to_owned()));
    match event? {
        Event::ValueReturned { key, value, .. } => shown(format!("m[{}] → {value}", quoted(key)), "mapaccess1"),
        Event::ZeroReturned { key, .. } => shown(format!("m[{}] → 0", quoted(key)), "mapaccess1"),
        Event::ElemStored { key, value, .. } | Event::ElemOverwritten { key, value, .. } => {
            shown(format!("m[{}] = {value}", quoted(key)), "mapassign")
        }
        Event::IterYielded { key, value, id, .. } | Event::IterYieldedMoved { key, value, id, .. } => {
            shown(format!("#{id} → {}, {value}", quoted(key)), "mapiternext")
        }
        _ => None,
    }
}

fn quoted(key: &Key) -> String {
    match key {
        Key::Str(text) => format!("\"{text}\""),
        Key::Int(number) => number.to_string(),
    }
}

/// The key whose hash decides this step: that of the entry being moved, else that of the operation once computed.
fn hashed<'a>(map: &'a GoMap, event: Option<&Event>, frame: Option<&Frame>) -> Option<(&'a Key, u64)> {
    if let Some(id) = frame.and_then(|frame| evacuating(map, frame)) {
        return Some((map.key(id), map.hash(id)));
    }
    if let Some(Event::EntryMoved { key, .. }) = event {
        return map.key_id(key).map(|id| (map.key(id), map.hash(id)));
    }
    let frame = frame?;
    let id = frame.key?;
    (!matches!(frame.pc, Pc::Checks | Pc::Hash)).then_some((map.key(id), frame.hash))
}

/// The key that `evacuate` has marked and not copied yet.
pub fn evacuating(map: &GoMap, frame: &Frame) -> Option<KeyId> {
    let evac = frame.evac?;
    let bucket = map.memory().at(evac.b);
    let cell = evac.i as usize;
    let marked =
        bucket.tophash.get(cell).is_some_and(|top| top.is_evacuated() && *top != super::super::event::EVACUATED_EMPTY);
    let copying =
        matches!(frame.pc, Pc::EvacuateFull | Pc::MoveEntry | Pc::NewOverflow | Pc::CountOverflow | Pc::LinkOverflow);
    if marked && copying { bucket.keys.get(cell).copied().flatten() } else { None }
}

fn hash_bits(map: &GoMap, event: Option<&Event>, key: &Key, hash: u64, at: Point, picture: &mut Diagram) {
    let name = measure::fitted(&format!("hash({key})"), 20.0, Face::Mono, 190.0);
    let width = measure::width(&name, 20.0, Face::Mono);
    picture.push(Mark::text("hash/name", point(at.x, at.y + 24.0), mono(name, 20.0).left(0.0).ink(Ink::Soft)));
    let bits = format!("{hash:064b}");
    let top = Top::of(hash);
    let mut x = at.x + width + 18.0;
    let mut group = |part: &str, digits: &str, words: Text, tone: Tone, boxed: bool| {
        let words = label(words, 16.0).ink(Ink::Tone).down(21.0);
        let wide = crate::text::Lang::ALL.map(|lang| words.width(lang)).into_iter().fold(0.0, f32::max);
        let w = measure::width(digits, BITS, Face::Mono).max(wide) + 16.0;
        let mark = Mark::new(format!("hash/{part}"), rect(x, at.y, w, 76.0)).tone(tone);
        let mark = mark.label(mono(digits, BITS).ink(if boxed { Ink::Tone } else { Ink::Soft }).down(-14.0));
        let mark = if boxed { mark.label(words).fill(Fill::Tint) } else { mark.fill(Fill::None) };
        picture.push(mark.border(if boxed { Border::Thin } else { Border::None }));
        x += w + 8.0;
    };
    group("top", &bits[..8], Text::same(format!("tophash {top}")), Tone::Moved, true);
    let b = map.hmap().B as usize;
    let newbit = newbit(map, event);
    let low = b.min(16);
    let rest = &bits[64 - low.max(8)..64 - low];
    group("middle", &format!("… {rest}"), Text::default(), Tone::Plain, false);
    let number = hash & map.hmap().mask();
    match newbit {
        Some(_) if low > 0 => {
            let bit = &bits[64 - low..65 - low];
            let side = if bit == "1" { "Y" } else { "X" };
            group("new", bit, Text::new(format!("new bit → {side}"), format!("新增位 → {side}")), Tone::Active, true);
            if low > 1 {
                let old = number & (map.hmap().mask() >> 1);
                group(
                    "low",
                    &bits[65 - low..],
                    Text::new(format!("old bucket {old}"), format!("旧桶 {old}")),
                    Tone::Info,
                    true,
                );
            }
        }
        _ => {
            let digits = if low == 0 { "–" } else { &bits[64 - low..] };
            group("low", digits, Text::new(format!("bucket {number}"), format!("{number} 号桶")), Tone::Info, true);
        }
    }
}

/// The bit that a doubling adds, while it decides something.
fn newbit(map: &GoMap, event: Option<&Event>) -> Option<()> {
    let deciding = matches!(
        event,
        Some(
            Event::MarkedX { .. }
                | Event::MarkedY { .. }
                | Event::EntryMoved { .. }
                | Event::DestinationFull { .. }
                | Event::DestinationsXY { .. }
                | Event::OldBucketConsulted { .. }
                | Event::NewBucketConsulted { .. }
        )
    );
    let doubling = map.hmap().growing() && !map.hmap().same_size_grow();
    (deciding && doubling).then_some(())
}

/// Draws a card for each goroutine at the right edge.
pub fn goroutines(map: &GoMap, event: Option<&Event>, picture: &mut Diagram) {
    let running = event.map(Event::goroutine);
    let mut y = 160.0;
    for frame in map.frames() {
        let lit = running == Some(frame.g);
        let (call, _) = call_text(map, frame);
        let next: &'static str = frame.pc.into();
        let mut card = Mark::new(format!("goroutine/{}", frame.g), rect(1232.0, y, 320.0, 118.0))
            .path("goroutines")
            .label(label(format!("G{}", frame.g), 22.0).strong().left(18.0).down(-34.0))
            .label(mono(measure::fitted(&call, 20.0, Face::Mono, 220.0), 20.0).left(74.0).down(-34.0))
            .label(label(frame.call.function(), 17.0).ink(Ink::Soft).left(18.0).down(0.0))
            .label(label(Text::new("next", "下一步"), 17.0).ink(Ink::Soft).left(18.0).down(34.0))
            .label(mono(next, 17.0).ink(Ink::Tone).left(84.0).down(34.0))
            .tone(if lit { Tone::Active } else { Tone::Plain });
        if lit {
            card = card.border(Border::Thick);
        }
        if frame.toggled {
            card = card.label(mono("hashWriting", 16.0).ink(Ink::Of(Tone::Bad)).right(16.0).down(0.0));
        }
        picture.push(card);
        y += 132.0;
        if y > 560.0 {
            break;
        }
    }
}
