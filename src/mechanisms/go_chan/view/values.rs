//! Values: one token from the sender's frame, by way of a slot or not, to the receiver's `v`.

use super::super::program::{Op, What};
use super::super::{Call, Event, Frame, GoChan, Goroutine, Got, Sent};
use super::places::{Card, Places};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

const SIZE: f32 = 42.0;

/// Draws what goroutines send and have received.
pub fn draw(machine: &GoChan, event: Option<&Event>, places: &Places, picture: &mut Diagram) {
    for (goroutine, card) in machine.goroutines().iter().zip(&places.cards) {
        outgoing(machine, goroutine, *card, picture);
        incoming(goroutine, event, *card, picture);
    }
}

/// A value: a square with rounded corners.
pub fn value(key: String, place: Rect, value: i64, tone: Tone) -> Mark {
    let size = if place.w >= 36.0 { 19.0 } else { 16.0 };
    let words = measure::fitted(&value.to_string(), size, Face::Mono, place.w - 4.0);
    let about = Text::new(format!("value {value}"), format!("值 {value}"));
    let mark = Mark::new(key, place).tone(tone).fill(Fill::Tint).border(Border::Thin).layer(22).about(about);
    Mark { shape: Shape::Box { radius: 6.0 }, bend: 0.15, ..mark }.label(mono(words, size).ink(Ink::Text))
}

/// The token of a value that was sent, wherever it lies.
pub fn token(sent: Sent, place: Rect, number: i64, tone: Tone) -> Mark {
    value(format!("value/{}.{}.{}", sent.g, sent.nth, sent.slot), place, number, tone)
}

/// What a goroutine sends and nobody has taken yet. A value that `close` refused stays.
fn outgoing(machine: &GoChan, goroutine: &Goroutine, card: Card, picture: &mut Diagram) {
    let Some(frame) = &goroutine.frame else { return };
    let id = goroutine.id;
    let held: Vec<(usize, i64)> = sends(frame).filter(|(slot, _)| frame.left != Some(*slot)).collect();
    if held.is_empty() {
        return;
    }
    let y = card.values.y;
    let mut x = card.values.x;
    if card.place.w > 250.0 {
        let words = label(Text::new("sends", "发送"), 16.0).ink(Ink::Soft).left(0.0);
        picture.push(Mark::text(format!("goroutine/{id}/sends"), point(x, y + SIZE / 2.0), words).layer(12));
        x += 54.0;
    }
    for (slot, number) in held.into_iter().take(3) {
        let place = rect(x, y, SIZE, SIZE);
        let mark = token(machine.sent(id, slot), place, number, Tone::Active);
        picture.push(mark.path(format!("goroutines.{id}.call.slots[{slot}]")));
        x += SIZE + 6.0;
    }
}

/// The slots of a frame that hold values to be sent.
fn sends(frame: &Frame) -> impl Iterator<Item = (usize, i64)> + '_ {
    let all = frame.slots.iter().enumerate();
    let values = all.filter_map(|(slot, value)| Some((slot, (*value)?)));
    values.filter(|(slot, _)| match frame.call {
        Call::Select => frame.cases.iter().any(|case| case.source == *slot && case.send),
        call => call == Call::Send,
    })
}

/// What a goroutine received last, or is receiving: in its frame, and then in `v`.
fn incoming(goroutine: &Goroutine, event: Option<&Event>, card: Card, picture: &mut Diagram) {
    let id = goroutine.id;
    let inbox = rect(card.values.right() - SIZE, card.values.y, SIZE, SIZE);
    let arrived = goroutine.frame.as_ref().and_then(|frame| Some((arrived(frame)?, frame.got)));
    let drops = matches!(goroutine.what(), Some(What::Op(Op::Recv { keep: false, .. })));
    if let (Some((number, got)), true) = (arrived, drops) {
        let place = inbox.shifted(-(SIZE + 38.0), 0.0);
        picture.push(received(id, got, place, number, Tone::Moved));
        name(id, "dropped", Text::new("dropped", "丢弃"), place, picture);
    }
    let (number, got, ok) = match (arrived, goroutine.got) {
        (Some((number, got)), _) if !drops => (number, got, true),
        (_, Got::Nothing) => return,
        (_, Got::Zero) => (goroutine.v, None, goroutine.ok),
        (_, Got::Sent(sent)) => (goroutine.v, Some(sent), goroutine.ok),
    };
    let words = if ok {
        "v"
    } else if card.place.w > 340.0 {
        "v, ok = false"
    } else {
        "ok=false"
    };
    name(id, "v", Text::same(words), inbox, picture);
    let fresh = event.is_some_and(|event| brings(event, id));
    let mark = received(id, got, inbox, number, if got.is_some() { Tone::Good } else { Tone::Faint });
    picture.push(if fresh { mark.border(Border::Thick) } else { mark });
}

fn name(id: u32, part: &str, words: Text, place: Rect, picture: &mut Diagram) {
    let words = label(words, 16.0).ink(Ink::Soft).right(0.0);
    let at = point(place.x - 8.0, place.center().y);
    picture.push(Mark::text(format!("goroutine/{id}/{part}"), at, words).layer(12).path(format!("goroutines.{id}.v")));
}

fn received(id: u32, got: Option<Sent>, place: Rect, number: i64, tone: Tone) -> Mark {
    let mark = match got {
        Some(sent) => token(sent, place, number, tone),
        None => value(format!("zero/{id}"), place, number, tone),
    };
    mark.path(format!("goroutines.{id}.v"))
}

/// What a receive has got so far.
fn arrived(frame: &Frame) -> Option<i64> {
    match frame.call {
        Call::Recv => frame.slots.first().copied().flatten(),
        Call::Select => {
            let receives = frame.cases.iter().filter(|case| !case.send);
            receives.filter_map(|case| frame.slots.get(case.source).copied().flatten()).next()
        }
        _ => None,
    }
}

/// Whether a step brings a value to this goroutine.
fn brings(event: &Event, id: u32) -> bool {
    match *event {
        Event::SentDirectly { to: g, .. }
        | Event::WaiterZeroed { waiter: g, .. }
        | Event::ReceivedDirectly { g, .. }
        | Event::SlotRead { g, .. }
        | Event::HeadTaken { g, .. }
        | Event::ZeroStored { g, .. }
        | Event::FastPathClosed { g, .. } => g == id,
        _ => false,
    }
}
