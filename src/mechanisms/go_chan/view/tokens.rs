//! Values on their way: one token for what a goroutine sends, one for what it received.

use super::super::{Call, Event, GoChan, Goroutine, Outcome, Pc};
use super::{cards, channels};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point};
use crate::text::Text;

/// Draws the tokens over everything else.
pub fn draw(machine: &GoChan, event: Option<&Event>, picture: &mut Diagram) {
    let cards = cards::places(machine);
    for (goroutine, card) in machine.goroutines().iter().zip(&cards) {
        outgoing(machine, goroutine, *card, &cards, event, picture);
        incoming(machine, goroutine, *card, picture);
    }
}

/// A value in a circle.
pub fn value(key: String, place: Rect, value: i64, tone: Tone) -> Mark {
    let size = if place.w >= 36.0 { 19.0 } else { 16.0 };
    let words = measure::fitted(&value.to_string(), size, Face::Mono, place.w - 4.0);
    let about = Text::new(format!("value {value}"), format!("值 {value}"));
    let mark = Mark::new(key, place).tone(tone).fill(Fill::Tint).border(Border::Thin).layer(22).about(about);
    Mark { shape: Shape::Circle, bend: 0.15, ..mark }.label(mono(words, size).ink(Ink::Text))
}

/// What a goroutine is about to send, at the place where the value now is.
fn outgoing(
    machine: &GoChan,
    goroutine: &Goroutine,
    card: Rect,
    cards: &[Rect],
    event: Option<&Event>,
    picture: &mut Diagram,
) {
    let g = goroutine.id;
    let key = format!("out/{g}");
    let slot = |name: &str, slot: u32| {
        let ch = machine.channels().iter().position(|channel| &*channel.name == name)?;
        channels::rows(machine).get(ch)?.slot(slot).map(|place| place.grown(-3.0))
    };
    let receiver = |g: u32| cards.get((g as usize).checked_sub(1)?).map(|card| cards::inbox(*card));
    let arrived = match event {
        Some(Event::SlotWritten { g: by, ch, slot: i, value }) if *by == g => slot(ch, *i).map(|place| (place, *value)),
        Some(Event::SlotRefilled { from, ch, slot: i, value, .. }) if *from == g => {
            slot(ch, *i).map(|place| (place, *value))
        }
        Some(Event::SentDirectly { g: by, to, value, .. }) if *by == g => receiver(*to).map(|place| (place, *value)),
        Some(Event::ReceivedDirectly { g: to, from, value, .. }) if *from == g => {
            receiver(*to).map(|place| (place, *value))
        }
        _ => None,
    };
    if let Some((place, sent)) = arrived {
        picture.push(Mark { layer: 40, ..value(key, place, sent, Tone::Moved) }.border(Border::Thick));
        return;
    }
    if let Some(held) = held(machine, goroutine) {
        let place = cards::outbox(card);
        let words = label(Text::new("sends", "发送"), 16.0).ink(Ink::Soft).left(0.0);
        picture.push(Mark::text(format!("out/{g}/name"), point(card.x + 16.0, place.center().y), words));
        picture.push(value(key, place, held, Tone::Active).path(format!("goroutines.{g}")));
    }
}

/// The value in the sender's frame that nobody has taken yet.
fn held(machine: &GoChan, goroutine: &Goroutine) -> Option<i64> {
    use Pc::{
        CheckClosed, Commit, Dequeue, Enqueue, Enter, Lock, NoWaiter, Park, Prepare, SelectDone, SendDirect, Waiter,
        WriteSlot,
    };
    let frame = goroutine.frame.as_ref()?;
    let waiting = goroutine.waiting.iter().filter(|sudog| sudog.send).find_map(|sudog| goroutine.elem(sudog));
    if waiting.is_some() || !frame.sending || machine.dead().is_some() {
        return waiting;
    }
    let before = matches!(
        frame.pc,
        Enter
            | Lock
            | CheckClosed
            | Dequeue
            | SelectDone
            | Waiter
            | SendDirect
            | WriteSlot
            | NoWaiter
            | Prepare
            | Enqueue
            | Park
            | Commit
    );
    if before { frame.slots.get(frame.slot).copied().flatten() } else { None }
}

/// What a goroutine received: still in the slot when that is about to be read, else in its frame.
fn incoming(machine: &GoChan, goroutine: &Goroutine, card: Rect, picture: &mut Diagram) {
    let g = goroutine.id;
    let key = format!("in/{g}");
    if let Some(frame) = goroutine.frame.as_ref().filter(|frame| matches!(frame.pc, Pc::TakeHead | Pc::ReadSlot)) {
        let channel = &machine.channels()[frame.ch];
        let place = channels::rows(machine).get(frame.ch).and_then(|row| row.slot(channel.recvx));
        if let Some(place) = place {
            let held = channel.buf.get(channel.recvx as usize).copied().unwrap_or(0);
            picture.push(value(key, place.grown(-3.0), held, Tone::Info));
            return;
        }
    }
    let (received, ok) = match (&goroutine.frame, goroutine.outcome) {
        (Some(frame), _) if matches!(frame.call, Call::Recv | Call::Select) && !frame.sending => {
            match frame.slots.get(frame.slot).copied().flatten() {
                Some(value) => (value, frame.received),
                None => return,
            }
        }
        (None, Some(Outcome::Received(value, ok) | Outcome::Selected(_, Some((value, ok))))) => (value, ok),
        _ => return,
    };
    let place = cards::inbox(card);
    let tone = if ok { Tone::Good } else { Tone::Faint };
    let words = mono(if ok { "v" } else { "v !ok" }, 16.0).ink(Ink::Soft).right(0.0);
    picture.push(Mark::text(format!("in/{g}/name"), point(place.x - 8.0, place.center().y), words));
    picture.push(value(key, place, received, tone).path(format!("goroutines.{g}.v")));
}
