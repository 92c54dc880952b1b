//! A row a channel: senders that wait, the ring, receivers that wait.

use super::super::{Event, GoChan, Hchan, Pc, Queue};
use super::places::{Places, Row};
use super::{sudogs, values};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// Room for the name and the figures.
const NAME: f32 = 224.0;
const PILL_HEIGHT: f32 = 42.0;

/// Draws all rows.
pub fn draw(machine: &GoChan, event: Option<&Event>, places: &Places, picture: &mut Diagram) {
    for (ch, (channel, row)) in machine.channels().iter().zip(&places.rows).enumerate() {
        head(channel, event, row, picture);
        if channel.nil {
            continue;
        }
        ring(machine, ch, event, row, picture);
        for queue in [Queue::Sendq, Queue::Recvq] {
            waiters(machine, event, ch, queue, row, picture);
        }
    }
}

/// Whether a step is about this channel.
fn about(event: Option<&Event>, channel: &Hchan) -> bool {
    event.and_then(Event::channel).is_some_and(|name| name == channel.name)
}

/// Whether a step looks at the channel or changes it: with its lock held, or by a look that needs no lock.
fn at_work(event: Option<&Event>, channel: &Hchan) -> bool {
    let unlocked = matches!(
        event,
        Some(
            Event::FastPathFails { .. }
                | Event::FastPathPassed { .. }
                | Event::FastPathClosed { .. }
                | Event::NilNotReady { .. }
                | Event::NilCaseDropped { .. }
                | Event::ParkedForEver { .. }
                | Event::PanicCloseOfNil { .. }
                | Event::LenRead { .. }
                | Event::CapRead { .. }
        )
    );
    about(event, channel) && (channel.lock.is_some() || unlocked)
}

fn head(channel: &Hchan, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let (name, place) = (&channel.name, row.place);
    let frame = Mark::new(format!("channel/{name}"), place).path(format!("channels.{name}")).fill(Fill::Panel);
    let frame = frame.about(Text::new(format!("channel {name}"), format!("channel {name}")));
    let frame = if at_work(event, channel) { frame.tone(Tone::Active) } else { frame };
    picture.push(if channel.nil { frame.border(Border::Dashed).fill(Fill::None) } else { frame });
    let middle = place.center().y;
    let title = measure::fitted(name, 24.0, Face::Mono, if row.low() || channel.closed { 104.0 } else { NAME - 24.0 });
    let x = place.x + 20.0;
    let lift = if row.low() { 14.0 } else { 30.0 };
    let mut line = |part: &str, y: f32, words: crate::diagram::Label| {
        let mark = Mark::text(format!("channel/{name}/{part}"), point(x, y), words.left(0.0)).layer(12);
        picture.push(if channel.nil { mark } else { mark.path(format!("channels.{name}.{part}")) });
    };
    if channel.nil {
        line("name", middle - 14.0, mono(title, 24.0));
        line("nil", middle + 16.0, label(Text::new("nil: no hchan", "nil：没有 hchan"), 18.0).ink(Ink::Soft));
        return;
    }
    let count = format!("qcount {}/{}", channel.qcount, channel.dataqsiz);
    let counted = matches!(event, Some(Event::QcountRaised { ch, .. } | Event::QcountLowered { ch, .. }) if ch == name);
    let ink = if counted { Ink::Of(Tone::Active) } else { Ink::Soft };
    line("qcount", if row.low() { middle + 16.0 } else { middle + 2.0 }, mono(count, 17.0).ink(ink));
    picture.push(
        Mark::text(format!("channel/{name}/name"), point(x, middle - lift), mono(title, 24.0).left(0.0)).layer(12),
    );
    badges(channel, event, row, picture);
}

/// Who holds the lock, and closed: each has a place of its own.
fn badges(channel: &Hchan, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let name = &channel.name;
    let (x, middle) = (row.place.x + 16.0, row.place.center().y);
    let (first, second) = if row.low() {
        (point(x + 118.0, middle - 31.0), point(x + 118.0, middle + 3.0))
    } else {
        (point(x, middle + 18.0), point(x + 118.0, middle - 44.0))
    };
    let mut badge = |part: &str, words: String, tone: Tone, at: crate::diagram::Point| {
        let w = measure::width(&words, 16.0, Face::Mono) + 18.0;
        let mark = Mark::new(format!("channel/{name}/{part}"), rect(at.x, at.y, w, 28.0)).tone(tone).fill(Fill::Tint);
        let mark = Mark { shape: Shape::Box { radius: 14.0 }, ..mark }.path(format!("channels.{name}.{part}"));
        picture.push(mark.label(mono(words, 16.0).ink(Ink::Tone)).layer(13));
    };
    if let Some(g) = channel.lock {
        let busy = matches!(event, Some(Event::LockBusy { ch, .. }) if ch == name);
        badge("lock", format!("lock G{g}"), if busy { Tone::Bad } else { Tone::Active }, first);
    }
    if channel.closed {
        badge("closed", "closed".to_owned(), Tone::Bad, second);
    }
}

fn ring(machine: &GoChan, ch: usize, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let channel = &machine.channels()[ch];
    let name = &channel.name;
    if channel.dataqsiz == 0 {
        let words = Text::new("unbuffered", "无缓冲");
        let place = rect(row.ring.center().x - 75.0, row.place.center().y - 22.0, 150.0, 44.0);
        let mark = Mark::new(format!("ring/{name}"), place).border(Border::Dashed).fill(Fill::None).layer(12);
        picture.push(mark.label(label(words, 18.0).ink(Ink::Soft)));
        return;
    }
    let touched = event.filter(|_| about(event, channel)).and_then(slot_of);
    for i in 0..row.drawn {
        let Some(place) = row.slot(i) else { continue };
        let path = format!("channels.{name}.buf[{i}]");
        let slot = Mark::new(format!("slot/{name}/{i}"), place).fill(Fill::Well).path(path.clone());
        let slot = slot.about(Text::same(format!("buf[{i}]"))).layer(12);
        picture.push(if touched == Some(i as u32) {
            slot.tone(Tone::Active).border(Border::Thick)
        } else {
            slot.border(Border::Dashed)
        });
        let Some(sent) = channel.sent[i] else { continue };
        // The slot's content; on it lies the token, until a copy of the value has been taken: the slot keeps its own.
        let value = channel.buf[i];
        let content = values::value(format!("buffered/{name}/{i}"), place.grown(-3.0), value, Tone::Info);
        let taken = copied(machine, channel, i);
        let labels = if taken { content.labels.clone() } else { Vec::new() };
        picture.push(Mark { labels, layer: 14, ..content }.path(path.clone()));
        if !taken {
            let fresh = touched == Some(i as u32);
            let token = values::token(sent, place.grown(-3.0), value, if fresh { Tone::Moved } else { Tone::Info });
            picture.push(token.path(path));
        }
    }
    indexes(channel, event, row, picture);
}

fn indexes(channel: &Hchan, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let name = &channel.name;
    for (field, i, above) in [("sendx", channel.sendx, true), ("recvx", channel.recvx, false)] {
        let Some(place) = row.slot(i as usize) else { continue };
        let y = if above { place.y - 14.0 } else { place.bottom() + 14.0 };
        let arrow = if above { format!("{field}↓") } else { format!("{field}↑") };
        let moved = matches!(
            (event, field),
            (Some(Event::SendxMoved { ch, .. } | Event::SendxFollowed { ch, .. }), "sendx") if ch == name
        ) || matches!((event, field), (Some(Event::RecvxMoved { ch, .. }), "recvx") if ch == name);
        let ink = if moved { Ink::Of(Tone::Active) } else { Ink::Soft };
        let mark = Mark::text(format!("{field}/{name}"), point(place.center().x, y), mono(arrow, 16.0).ink(ink));
        picture.push(mark.path(format!("channels.{name}.{field}")).layer(12));
    }
}

/// The slot that a step touched.
fn slot_of(event: &Event) -> Option<u32> {
    match *event {
        Event::HeadTaken { slot, .. }
        | Event::SlotRefilled { slot, .. }
        | Event::SlotWritten { slot, .. }
        | Event::SlotRead { slot, .. }
        | Event::SlotZeroed { slot, .. } => Some(slot),
        _ => None,
    }
}

/// Whether a slot's value has been copied out, and the slot is neither zeroed nor filled again yet.
fn copied(machine: &GoChan, channel: &Hchan, i: usize) -> bool {
    let holder = channel.lock.and_then(|g| machine.goroutine(g)?.frame.as_ref());
    let out = holder.filter(|frame| machine.channels()[frame.ch].name == channel.name);
    channel.recvx as usize == i && out.is_some_and(|frame| matches!(frame.pc, Pc::ZeroSlot | Pc::Refill))
}

/// A queue on its track: the head stands next to the ring.
fn waiters(machine: &GoChan, event: Option<&Event>, ch: usize, queue: Queue, row: &Row, picture: &mut Diagram) {
    let name = &machine.channels()[ch].name;
    let field = queue.field();
    let sends = queue == Queue::Sendq;
    let y = row.place.center().y + if row.low() { 10.0 } else { 8.0 } - PILL_HEIGHT / 2.0;
    let track = if sends {
        rect(row.place.x + NAME + 8.0, y - 5.0, row.ring.x - row.place.x - NAME - 18.0, PILL_HEIGHT + 10.0)
    } else {
        let x = row.ring.right() + 10.0;
        rect(x, y - 5.0, row.place.right() - 16.0 - x, PILL_HEIGHT + 10.0)
    };
    let mark = Mark::new(format!("{field}/{name}/track"), track).tone(Tone::Faint).border(Border::Dashed);
    let mark = Mark { shape: Shape::Box { radius: 18.0 }, ..mark }.fill(Fill::None).layer(11);
    picture.push(mark.path(format!("channels.{name}.{field}")).about(Text::same(field)));
    let words = label(field, 17.0).ink(Ink::Soft);
    let words = if sends { words.right(0.0) } else { words.left(0.0) };
    let x = if sends { track.right() - 14.0 } else { track.x + 14.0 };
    let title = Mark::text(format!("{field}/{name}"), point(x, track.y - 13.0), words);
    picture.push(title.path(format!("channels.{name}.{field}")).layer(12));
    let x = if sends { track.right() - 5.0 - sudogs::PILL } else { track.x + 5.0 };
    let head: Rect = rect(x, y, sudogs::PILL, PILL_HEIGHT);
    sudogs::in_queue(machine, event, ch, queue, head, picture);
}
