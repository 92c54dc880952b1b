//! A card a goroutine: its status, its program with the line it is at, the runtime function under way, its values.

use super::super::program::What;
use super::super::{Call, Event, Frame, GoChan, Goroutine, Status, Waiter};
use super::channels;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Tone, label, layout, measure, mono, rect};
use crate::text::Text;

/// The area of the cards, in canvas units.
const AREA: Rect = rect(48.0, 434.0, 1504.0, 322.0);
const LINE: f32 = 23.0;
const PAD: f32 = 16.0;

/// The places of the cards, in the order of the goroutines. More than six stand in two rows.
pub fn places(machine: &GoChan) -> Vec<Rect> {
    let n = machine.goroutines().len();
    let columns = if n > 6 { n.div_ceil(2) } else { n.max(1) };
    let places: Vec<Rect> = layout::grid(AREA, n, columns, 12.0).collect();
    // One or two goroutines need no card as wide as the canvas.
    places.into_iter().map(|place| rect(place.x, place.y, place.w.min(620.0), place.h)).collect()
}

/// Where the value that a goroutine is about to send lies in its frame.
pub fn outbox(card: Rect) -> Rect {
    rect(card.x + PAD + 44.0, card.bottom() - 52.0, 42.0, 42.0)
}

/// Where the value that it received last lies.
pub fn inbox(card: Rect) -> Rect {
    rect(card.right() - PAD - 46.0, card.bottom() - 52.0, 42.0, 42.0)
}

/// Draws all cards.
pub fn draw(machine: &GoChan, event: Option<&Event>, picture: &mut Diagram) {
    for (goroutine, place) in machine.goroutines().iter().zip(places(machine)) {
        card(machine, goroutine, event, place, picture);
        sudogs(machine, goroutine, place, picture);
    }
}

fn card(machine: &GoChan, goroutine: &Goroutine, event: Option<&Event>, place: Rect, picture: &mut Diagram) {
    let id = goroutine.id;
    let acts = event.is_some_and(|event| event.goroutine() == id);
    let top = |y: f32| y - place.h / 2.0;
    let (status, tone) = status(machine, goroutine);
    let name = if goroutine.name.is_empty() { format!("G{id}") } else { format!("G{id} {}", goroutine.name) };
    let room = place.w - 2.0 * PAD;
    let status_room = measure::width(&status, 16.0, Face::Mono).min(room * 0.62);
    let status = measure::fitted(&status, 16.0, Face::Mono, status_room + 0.5);
    let name = measure::fitted(&name, 20.0, Face::Strong, room - status_room - 10.0);
    let mut card = Mark::new(format!("goroutine/{id}"), place)
        .path(format!("goroutines.{id}"))
        .about(Text::new(format!("goroutine {id}: {status}"), format!("goroutine {id}：{status}")))
        .tone(if acts { Tone::Active } else { tone })
        .label(label(name, 20.0).strong().left(PAD).down(top(26.0)))
        .label(mono(status, 16.0).ink(Ink::Of(tone)).right(PAD).down(top(27.0)));
    if acts {
        card = card.border(Border::Thick);
    } else if !matches!(goroutine.status, Status::Running) {
        card = card.border(Border::Dashed).fill(Fill::None);
    }
    let footer = 62.0;
    let lines = (((place.h - 44.0 - footer - LINE) / LINE) as usize).max(1);
    let (first, current) = window(goroutine, lines);
    let mut y = 58.0;
    for (i, line) in goroutine.program.lines.iter().enumerate().skip(first).take(lines) {
        let indent = f32::from(line.indent) * 18.0;
        let text = measure::fitted(&line.text, 17.0, Face::Mono, room - 14.0 - indent);
        let here = Some(i) == current;
        let ink = if here { Ink::Of(Tone::Active) } else { Ink::Soft };
        card = card.label(mono(text, 17.0).ink(ink).left(PAD + 14.0 + indent).down(top(y)));
        if here {
            card = card.label(mono("▸", 17.0).ink(Ink::Of(Tone::Active)).left(PAD - 2.0).down(top(y)));
        }
        y += LINE;
    }
    if let Some(frame) = &goroutine.frame {
        let text = measure::fitted(&call(frame), 16.0, Face::Mono, room);
        card = card.label(mono(text, 16.0).ink(Ink::Soft).left(PAD).down(top(place.h - footer - 8.0)));
    }
    picture.push(card);
}

/// The first line that is drawn, so that the current one is in sight, and the current one.
fn window(goroutine: &Goroutine, lines: usize) -> (usize, Option<usize>) {
    let current = goroutine.program.instrs.get(goroutine.at).map(|instr| instr.line);
    let case = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Select).and_then(|frame| {
        let chosen = frame.cases.get(frame.chosen?)?.source;
        case_line(goroutine, chosen)
    });
    let current = case.or(current);
    let all = goroutine.program.lines.len();
    let first = current.map_or(all.saturating_sub(lines), |line| line.saturating_sub(lines / 2));
    (first.min(all.saturating_sub(lines)), current)
}

/// The line of a case of the select that the goroutine is at.
fn case_line(goroutine: &Goroutine, case: usize) -> Option<usize> {
    match &goroutine.program.instrs.get(goroutine.at)?.what {
        What::Select { select, .. } => select.cases.get(case).map(|case| case.line),
        _ => None,
    }
}

fn status(machine: &GoChan, goroutine: &Goroutine) -> (String, Tone) {
    if goroutine.leaked {
        return ("leaked".to_owned(), Tone::Bad);
    }
    match goroutine.status {
        Status::Waiting(reason) => (reason.text().to_owned(), Tone::Moved),
        Status::Running => match machine.blocked_by(goroutine.id) {
            Some((_, holder)) => (format!("spins for lock of G{holder}"), Tone::Bad),
            None => ("running".to_owned(), Tone::Good),
        },
        Status::Runnable => ("runnable".to_owned(), Tone::Info),
        Status::Dead => ("dead".to_owned(), Tone::Faint),
    }
}

/// The runtime function and, for a select, its two orders.
fn call(frame: &Frame) -> String {
    let next: &'static str = frame.pc.into();
    if frame.call != Call::Select || frame.pollorder.is_empty() {
        return format!("{} → {next}", frame.call.function());
    }
    let cases = |order: &[usize]| {
        let numbers = order.iter().filter_map(|i| frame.cases.get(*i)).map(|case| case.source.to_string());
        numbers.collect::<Vec<_>>().join(" ")
    };
    let locks = if frame.lockorder.is_empty() { String::new() } else { format!(" lock {}", cases(&frame.lockorder)) };
    format!("selectgo poll {}{locks} → {next}", cases(&frame.pollorder))
}

/// Sudogs that are not in a queue: being filled in, or taken off and in the hands of whoever serves them.
fn sudogs(machine: &GoChan, goroutine: &Goroutine, card: Rect, picture: &mut Diagram) {
    let hand = goroutine.frame.as_ref().and_then(|frame| frame.sg);
    let own = (0..goroutine.waiting.len()).map(|n| Waiter { g: goroutine.id, n });
    let mut x = card.x + 110.0;
    for waiter in hand.into_iter().chain(own) {
        let key = format!("sudog/{}/{}", waiter.g, waiter.n);
        let queued = machine
            .channels()
            .iter()
            .any(|channel| channel.sendq.iter().chain(&channel.recvq).any(|queued| *queued == waiter));
        let place = rect(x, card.bottom() - 48.0, 92.0, 36.0);
        if queued || picture.get(&key).is_some() || place.right() > card.right() - PAD - 100.0 {
            continue;
        }
        picture.push(channels::sudog(machine, waiter, place).tone(Tone::Active));
        x += 100.0;
    }
}
