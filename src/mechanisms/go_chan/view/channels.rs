//! A row a channel: senders that wait, the ring, receivers that wait.

use super::super::{Event, GoChan, Hchan, Queue, Waiter};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, layout, measure, mono, point, rect,
};
use crate::text::Text;

/// The area of the rows, in canvas units.
const AREA: Rect = rect(48.0, 104.0, 1504.0, 320.0);
const MAX_ROW: f32 = 200.0;
const NAME: f32 = 196.0;
const PILL: f32 = 92.0;
const PILL_HEIGHT: f32 = 44.0;

/// Where the parts of a channel's row stand.
pub struct Row {
    /// The whole row.
    pub place: Rect,
    /// The first slot of the ring.
    slot: Rect,
    /// From one slot to the next.
    step: f32,
    /// Slots that are drawn.
    pub drawn: usize,
    ring: Rect,
}

impl Row {
    /// The place of a slot of the ring.
    pub fn slot(&self, i: u32) -> Option<Rect> {
        ((i as usize) < self.drawn).then(|| self.slot.shifted(self.step * i as f32, 0.0))
    }
}

/// The rows of all channels.
pub fn rows(machine: &GoChan) -> Vec<Row> {
    let channels = machine.channels();
    let height = (AREA.h / channels.len().max(1) as f32).min(MAX_ROW);
    let used = height * channels.len() as f32;
    let area = rect(AREA.x, AREA.y + (AREA.h - used) / 2.0, AREA.w, used);
    layout::column(area, channels.len(), 0.0)
        .zip(channels)
        .map(|(place, channel)| row(place.grown(-3.0), channel))
        .collect()
}

fn row(place: Rect, channel: &Hchan) -> Row {
    let ring = rect(place.x + 570.0, place.y, 380.0, place.h);
    let drawn = (channel.dataqsiz as usize).min(16);
    let step = (ring.w / drawn.max(1) as f32).min(78.0);
    let size = (step - 6.0).min(place.h - 62.0).clamp(12.0, 66.0);
    let x = ring.x + (ring.w - step * drawn as f32) / 2.0 + (step - size) / 2.0;
    let slot = rect(x, place.center().y - size / 2.0, size, size);
    Row { place, slot, step, drawn, ring }
}

/// Draws all rows.
pub fn draw(machine: &GoChan, event: Option<&Event>, picture: &mut Diagram) {
    for (channel, row) in machine.channels().iter().zip(rows(machine)) {
        head(channel, event, &row, picture);
        if channel.nil {
            continue;
        }
        ring(machine, channel, event, &row, picture);
        for queue in [Queue::Sendq, Queue::Recvq] {
            waiters(machine, channel, event, queue, &row, picture);
        }
    }
}

/// Which channel a step is about.
fn about(event: Option<&Event>, channel: &Hchan) -> bool {
    event.and_then(Event::channel).is_some_and(|name| *name == channel.name)
}

fn head(channel: &Hchan, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let name = &channel.name;
    let place = row.place;
    let frame = Mark::new(format!("channel/{name}"), place).path(format!("channels.{name}")).fill(Fill::Panel);
    let frame = frame.about(Text::new(format!("channel {name}"), format!("channel {name}")));
    picture.push(if channel.nil {
        frame.border(Border::Dashed).fill(Fill::None)
    } else if about(event, channel) {
        frame.tone(Tone::Active)
    } else {
        frame
    });
    let middle = place.center().y;
    let title = measure::fitted(name, 24.0, Face::Mono, NAME - 24.0);
    let x = place.x + 20.0;
    let lift = if place.h > 112.0 { 28.0 } else { 13.0 };
    picture.push(
        Mark::text(format!("channel/{name}/name"), point(x, middle - lift), mono(title, 24.0).left(0.0)).layer(12),
    );
    if channel.nil {
        let words = Text::new("nil: blocks for ever", "nil：永远阻塞");
        picture.push(
            Mark::text(
                format!("channel/{name}/nil"),
                point(x, middle + 16.0),
                label(words, 18.0).left(0.0).ink(Ink::Soft),
            )
            .layer(12),
        );
        return;
    }
    let count = format!("{}/{}", channel.qcount, channel.dataqsiz);
    let counted = Mark::text(
        format!("channel/{name}/qcount"),
        point(x, middle + lift - 22.0),
        mono(format!("qcount {count}"), 17.0).left(0.0).ink(Ink::Soft),
    );
    picture.push(counted.path(format!("channels.{name}.qcount")).layer(12));
    // A low row has no room below the figures.
    let low = place.h <= 112.0;
    let place = if low { (x + 118.0, middle - 31.0) } else { (x - 4.0, middle + lift - 4.0) };
    badges(channel, event, place, picture);
}

/// Closed, and who holds the lock.
fn badges(channel: &Hchan, event: Option<&Event>, (mut x, y): (f32, f32), picture: &mut Diagram) {
    let name = &channel.name;
    let mut badge = |part: &str, words: String, tone: Tone, path: String| {
        let w = measure::width(&words, 16.0, Face::Mono) + 18.0;
        let mark =
            Mark::new(format!("channel/{name}/{part}"), rect(x, y, w, 28.0)).tone(tone).fill(Fill::Tint).path(path);
        picture.push(
            Mark { shape: Shape::Box { radius: 14.0 }, ..mark }.label(mono(words, 16.0).ink(Ink::Tone)).layer(13),
        );
        x += w + 6.0;
    };
    if channel.closed {
        badge("closed", "closed".to_owned(), Tone::Bad, format!("channels.{name}.closed"));
    }
    if let Some(g) = channel.lock {
        let busy = matches!(event, Some(Event::LockBusy { ch, .. }) if ch == name);
        let tone = if busy { Tone::Bad } else { Tone::Active };
        badge("lock", format!("lock G{g}"), tone, format!("channels.{name}.lock"));
    }
}

fn ring(machine: &GoChan, channel: &Hchan, event: Option<&Event>, row: &Row, picture: &mut Diagram) {
    let name = &channel.name;
    if channel.dataqsiz == 0 {
        let words = Text::new("unbuffered", "无缓冲");
        let place = rect(row.ring.center().x - 75.0, row.place.center().y - 22.0, 150.0, 44.0);
        let mark = Mark::new(format!("ring/{name}"), place).border(Border::Dashed).fill(Fill::None).layer(12);
        picture.push(mark.label(label(words, 18.0).ink(Ink::Soft)));
        return;
    }
    let touched = event.filter(|_| about(event, channel)).and_then(slot_of);
    for i in 0..row.drawn as u32 {
        let Some(place) = row.slot(i) else { continue };
        let slot =
            Mark::new(format!("slot/{name}/{i}"), place).fill(Fill::Well).path(format!("channels.{name}.buf[{i}]"));
        let slot = slot.about(Text::same(format!("buf[{i}]"))).layer(12);
        let slot = if touched == Some(i) {
            slot.tone(Tone::Active).border(Border::Thick)
        } else {
            slot.border(Border::Dashed)
        };
        picture.push(slot);
        if held(channel, i) {
            let value = channel.buf.get(i as usize).copied().unwrap_or(0);
            let mark = super::tokens::value(format!("buffered/{name}/{i}"), place.grown(-3.0), value, Tone::Info);
            // A token that has just come, or is about to leave, lies on it and says the value.
            let covered = super::tokens::on_slot(machine, event, channel, i);
            picture.push(if covered { Mark { labels: Vec::new(), ..mark } } else { mark });
        }
    }
    for (field, i, above) in [("sendx", channel.sendx, true), ("recvx", channel.recvx, false)] {
        let Some(place) = row.slot(i) else { continue };
        let y = if above { place.y - 15.0 } else { place.bottom() + 15.0 };
        let arrow = if above { format!("{field}↓") } else { format!("{field}↑") };
        let moved = matches!(
            (event, field),
            (Some(Event::SendxMoved { ch, .. } | Event::SendxFollowed { ch, .. }), "sendx") if ch == name
        ) || matches!((event, field), (Some(Event::RecvxMoved { ch, .. }), "recvx") if ch == name);
        let ink = if moved { Ink::Of(Tone::Active) } else { Ink::Soft };
        let mark = Mark::text(format!("{field}/{name}"), point(place.center().x, y), mono(arrow, 16.0).ink(ink));
        picture.push(mark.path(format!("channels.{name}.{field}")).layer(14));
    }
}

/// The slot that a step is about.
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

/// Whether slot `i` holds one of the `qcount` values. While one is being put in or taken out, `qcount` is a step behind.
fn held(channel: &Hchan, i: u32) -> bool {
    let behind = (i + channel.dataqsiz - channel.recvx) % channel.dataqsiz;
    behind < channel.qcount && channel.buf.get(i as usize).is_some_and(|value| *value != 0 || channel.qcount > 0)
}

fn waiters(machine: &GoChan, channel: &Hchan, event: Option<&Event>, queue: Queue, row: &Row, picture: &mut Diagram) {
    let name = &channel.name;
    let field = queue.field();
    let middle = row.place.center().y;
    let sends = queue == Queue::Sendq;
    // The head stands next to the ring.
    let edge = if sends { row.ring.x - 12.0 } else { row.ring.right() + 12.0 };
    let way = if sends { -1.0 } else { 1.0 };
    let title_y = (middle - PILL_HEIGHT / 2.0 - 15.0).max(row.place.y + 12.0);
    let title = label(field, 17.0).ink(Ink::Soft);
    let title = if sends { title.right(0.0) } else { title.left(0.0) };
    let title = Mark::text(format!("{field}/{name}"), point(edge, title_y), title);
    picture.push(title.path(format!("channels.{name}.{field}")).layer(12));
    let most = if sends { 3 } else { 5 };
    for (i, waiter) in channel.queue(queue).iter().take(most).enumerate() {
        let x = edge + way * (i as f32 * (PILL + 8.0)) - if sends { PILL } else { 0.0 };
        let place = rect(x, middle - PILL_HEIGHT / 2.0 + 6.0, PILL, PILL_HEIGHT);
        let mark = sudog(machine, *waiter, place).path(format!("channels.{name}.{field}[{i}]"));
        let joined = matches!(event, Some(Event::Enqueued { g, .. }) if *g == waiter.g) && about(event, channel);
        let tone = if machine.stale(*waiter) {
            Tone::Bad
        } else if joined {
            Tone::Active
        } else {
            Tone::Plain
        };
        picture.push(mark.tone(tone).border(if joined { Border::Thick } else { Border::Thin }));
    }
    let more = channel.queue(queue).len().saturating_sub(most);
    if more > 0 {
        let x = edge + way * (most as f32 * (PILL + 8.0) + 14.0);
        picture.push(Mark::text(
            format!("{field}/{name}/more"),
            point(x, middle + 6.0),
            label(format!("+{more}"), 17.0).ink(Ink::Soft),
        ));
    }
}

/// A sudog, wherever it stands: the goroutine, and which case of its select.
pub fn sudog(machine: &GoChan, waiter: Waiter, place: Rect) -> Mark {
    let Waiter { g, n } = waiter;
    let case = machine.sudog(waiter).filter(|sudog| sudog.is_select).and_then(|sudog| sudog.case);
    let words = case.map_or_else(|| format!("G{g}"), |case| format!("G{g}·c{case}"));
    let mark = Mark::new(format!("sudog/{g}/{n}"), place).fill(Fill::Well).layer(20);
    let about = match case {
        Some(case) => Text::new(
            format!("sudog of goroutine {g}, select case {case}"),
            format!("goroutine {g} 的 sudog，select 第 {case} 个 case"),
        ),
        None => Text::new(format!("sudog of goroutine {g}"), format!("goroutine {g} 的 sudog")),
    };
    Mark { shape: Shape::Box { radius: 22.0 }, bend: 0.15, ..mark }.label(mono(words, 19.0)).about(about)
}
