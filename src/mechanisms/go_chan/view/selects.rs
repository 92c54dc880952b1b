//! What a `selectgo` keeps: pollorder with a cursor, lockorder, selectDone.

use super::super::{Call, Event, Frame, GoChan, Goroutine, Pc};
use super::places::{CHIPS, Card};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// Draws the two orders and selectDone of a goroutine in a select.
pub fn draw(machine: &GoChan, goroutine: &Goroutine, event: Option<&Event>, card: Card, picture: &mut Diagram) {
    let Some(frame) = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Select) else { return };
    if let Some(area) = card.orders {
        let two = area.h > CHIPS + 1.0;
        let below = if two { CHIPS } else { 0.0 };
        let half = if two { 0.0 } else { area.w * 0.54 };
        let room = if two { area.w } else { area.w - half };
        let first = rect(area.x, area.y, if two { area.w } else { half }, CHIPS);
        let second = rect(area.x + half, area.y + below, room, CHIPS);
        let polled = polled(frame);
        let poll: Vec<Chip> = frame.pollorder.iter().map(|index| poll_chip(machine, frame, *index, polled)).collect();
        chips(goroutine.id, "pollorder", &poll, first, picture);
        let lock: Vec<Chip> = frame.lockorder.iter().map(|index| lock_chip(machine, frame, *index)).collect();
        chips(goroutine.id, "lockorder", &lock, second, picture);
    }
    if let Some(area) = card.phase {
        select_done(goroutine, event, rect(area.right() - 134.0, area.y - 2.0, 134.0, 26.0), picture);
    }
}

struct Chip {
    case: usize,
    words: String,
    tone: Tone,
    border: Border,
}

fn chips(g: u32, name: &str, row: &[Chip], area: crate::diagram::Rect, picture: &mut Diagram) {
    if row.is_empty() {
        return;
    }
    let words = label(name, 16.0).ink(Ink::Soft).left(0.0);
    let path = format!("goroutines.{g}.call.{name}");
    let title = Mark::text(format!("goroutine/{g}/{name}"), point(area.x, area.center().y), words).layer(12);
    let mut x = area.x + 84.0;
    picture.push(title.path(path.clone()));
    for (i, chip) in row.iter().enumerate() {
        let w = measure::width(&chip.words, 16.0, Face::Mono) + 16.0;
        if x + w > area.right() {
            break;
        }
        let place = rect(x, area.center().y - 13.0, w, 26.0);
        let mark = Mark::new(format!("goroutine/{g}/{name}/{}", chip.case), place).tone(chip.tone).border(chip.border);
        let mark = Mark { shape: Shape::Box { radius: 6.0 }, bend: 0.4, ..mark }.fill(Fill::Well).layer(13);
        picture.push(mark.path(format!("{path}[{i}]")).label(mono(chip.words.clone(), 16.0).ink(Ink::Tone)));
        x += w + 6.0;
    }
}

/// How far pass 1 has come: the place in pollorder of the case polled last.
fn polled(frame: &Frame) -> Option<usize> {
    if !matches!(frame.pc, Pc::Poll | Pc::Dequeue | Pc::SelectDone | Pc::Waiter | Pc::Choose) {
        return None;
    }
    frame.pollorder.iter().position(|index| Some(frame.cases[*index].source) == case_in_hand(frame))
}

fn poll_chip(machine: &GoChan, frame: &Frame, index: usize, polled: Option<usize>) -> Chip {
    let case = frame.cases[index].source;
    let at = frame.pollorder.iter().position(|other| *other == index);
    let (tone, border) = match (frame.chosen, polled, at) {
        (Some(chosen), ..) if chosen == index => (Tone::Good, Border::Thick),
        (None, Some(polled), Some(at)) if at == polled => (Tone::Active, Border::Thick),
        (_, Some(polled), Some(at)) if at < polled => (Tone::Faint, Border::Dashed),
        _ => (Tone::Plain, Border::Thin),
    };
    Chip { case, words: format!("{case}·{}", machine.channels()[frame.cases[index].ch].name), tone, border }
}

fn lock_chip(machine: &GoChan, frame: &Frame, index: usize) -> Chip {
    let case = frame.cases[index];
    let held = frame.held.contains(&case.ch);
    let tone = if held { Tone::Active } else { Tone::Plain };
    let border = if held { Border::Thick } else { Border::Thin };
    Chip { case: case.source, words: machine.channels()[case.ch].name.to_string(), tone, border }
}

fn select_done(goroutine: &Goroutine, event: Option<&Event>, place: crate::diagram::Rect, picture: &mut Diagram) {
    let (id, done) = (goroutine.id, goroutine.select_done);
    let touched = match event {
        Some(Event::SelectDoneWon { waiter, .. } | Event::StaleSudogDropped { waiter, .. }) => *waiter == id,
        Some(Event::SelectDoneReset { g }) => *g == id,
        _ => false,
    };
    let tone = if touched || done { Tone::Active } else { Tone::Plain };
    let mark = Mark::new(format!("goroutine/{id}/selectDone"), place).tone(tone).fill(Fill::Well).layer(13);
    let mark = if touched { mark.border(Border::Thick) } else { mark };
    let about = Text::new(
        "selectDone: 1 once somebody has won the right to wake this select",
        "selectDone：为 1 表示已有人取得唤醒这个 select 的权利",
    );
    let mark = mark.path(format!("goroutines.{id}.selectDone")).about(about);
    picture.push(mark.label(mono(format!("selectDone {}", u8::from(done)), 16.0).ink(Ink::Tone)));
}

/// The case of a select, by its number in the source, that the step was about: polled, waited on, or chosen.
pub fn case_in_hand(frame: &Frame) -> Option<usize> {
    if let Some(chosen) = frame.chosen {
        return frame.cases.get(chosen).map(|case| case.source);
    }
    let in_hand = match frame.pc {
        Pc::Poll | Pc::Prepare => frame.next > 0,
        Pc::Dequeue | Pc::SelectDone | Pc::Waiter | Pc::Choose | Pc::Enqueue => true,
        _ => false,
    };
    in_hand.then_some(frame.slot)
}
