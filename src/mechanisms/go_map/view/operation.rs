//! The operation at hand: what was called, what it gave, the end of the process.

use super::super::event::Event;
use super::super::frame::{Call, Frame};
use super::super::hmap::GoMap;
use super::super::memory::KeyId;
use super::super::setup::Key;
use super::hash;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Label, Mark, Rect, Tone, label, measure, mono, point, rect};
use crate::text::{Lang, Text};

/// The strip between the arrays and the caption, in canvas units.
pub const STRIP: Rect = rect(48.0, 672.0, 1504.0, 78.0);
const CALL: f32 = 322.0;

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
    let Some(frame) = at_work(map, event) else { return };
    // A newcomer waits at the right end of the box.
    let newcomer = picture.marks.iter().any(|mark| mark.key.starts_with("entry/") && mark.rect == hand());
    let room = if newcomer { hand().x - STRIP.x - 28.0 } else { CALL - 32.0 };
    let words = outcome(map, event, frame).unwrap_or_else(|| call(map, frame));
    picture.push(
        Mark::new("call", rect(STRIP.x, STRIP.y, CALL, STRIP.h))
            .path("goroutines")
            .label(fitted(&words, room).left(18.0).down(-14.0))
            .label(
                label(format!("G{} · {}", frame.g, frame.call.function()), 17.0).ink(Ink::Soft).left(18.0).down(18.0),
            ),
    );
    hash::draw(map, event, frame, point(STRIP.x + CALL + 30.0, STRIP.y), picture);
}

/// The operation that took this step, or else the first one under way.
pub fn at_work<'a>(map: &'a GoMap, event: Option<&Event>) -> Option<&'a Frame> {
    let of = |frame: &&Frame| event.is_some_and(|event| event.goroutine() == frame.g);
    map.frames().iter().find(of).or(map.ended().filter(of)).or(map.frames().first())
}

/// Where a newcomer waits until it is stored.
pub fn hand() -> Rect {
    rect(STRIP.x + 244.0, STRIP.y + 10.0, 64.0, 58.0)
}

/// Words as large as they can be in this width, at most 21 units high.
pub fn fitted(words: &Text, room: f32) -> Label {
    let widest = Lang::ALL.map(|lang| measure::width(words.get(lang), 1.0, Face::Mono)).into_iter().fold(0.0, f32::max);
    let size = (room / widest.max(0.1)).clamp(16.0, 21.0);
    let cut = |lang| measure::fitted(words.get(lang), size, Face::Mono, room);
    mono(Text::new(cut(Lang::En), cut(Lang::Zh)), size)
}

/// The call as it stands in the program: `m["k1"] = 7`.
pub fn call(map: &GoMap, frame: &Frame) -> Text {
    let key = frame.key.map(|id| quoted(map, id)).unwrap_or_default();
    match frame.call {
        Call::Assign => Text::same(format!("m[{key}] = {}", frame.value)),
        Call::Access => Text::same(format!("m[{key}]")),
        Call::Delete => Text::same(format!("delete(m, {key})")),
        Call::Clear => Text::same("clear(m)"),
        Call::Make { hint } => Text::same(format!("m = make(map[{}]int, {hint})", map.kind().go())),
        Call::IterInit { id, .. } | Call::IterNext { id } => {
            Text::new(format!("for range · iteration {id}"), format!("for range · 迭代 {id}"))
        }
    }
}

/// What the operation that ended with this step gave its caller.
pub fn outcome(map: &GoMap, event: Option<&Event>, frame: &Frame) -> Option<Text> {
    map.ended().filter(|ended| ended.g == frame.g)?;
    let key = frame.key.map(|id| quoted(map, id)).unwrap_or_default();
    match (event?, frame.call) {
        (Event::ValueReturned { value, .. }, _) => Some(Text::same(format!("m[{key}] → {value}"))),
        (Event::ZeroReturned { .. } | Event::EmptyMapReturns { .. } | Event::NilMapReturns { .. }, Call::Access) => {
            Some(Text::same(format!("m[{key}] → 0")))
        }
        (Event::IterYielded { key, value, .. } | Event::IterYieldedMoved { key, value, .. }, _) => {
            Some(Text::new(format!("range → {key}, {value}"), format!("range → {key}, {value}")))
        }
        _ => None,
    }
}

fn quoted(map: &GoMap, id: KeyId) -> String {
    match map.key(id) {
        Key::Str(text) => format!("\"{text}\""),
        Key::Int(number) => number.to_string(),
    }
}
