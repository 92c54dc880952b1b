//! A card a goroutine: its status, its program with the line it is at, the runtime function under way.

use super::super::program::What;
use super::super::{Call, Event, Frame, GoChan, Goroutine, Main, Pc, Status};
use super::places::{Card, PAD, Places, indent};
use super::{phase, queue, selects};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Shape, Tone, label, measure, mono, point};
use crate::text::Text;

/// Draws all cards.
pub fn draw(machine: &GoChan, event: Option<&Event>, places: &Places, picture: &mut Diagram) {
    for (goroutine, card) in machine.goroutines().iter().zip(&places.cards) {
        frame(machine, goroutine, event, *card, picture);
        title(machine, goroutine, places, *card, picture);
        code(machine, goroutine, places.line, *card, picture);
        selects::draw(machine, goroutine, event, *card, picture);
        doing(machine, goroutine, *card, picture);
    }
}

fn frame(machine: &GoChan, goroutine: &Goroutine, event: Option<&Event>, card: Card, picture: &mut Diagram) {
    let id = goroutine.id;
    let acts = event.is_some_and(|event| event.goroutine() == id);
    let (status, tone) = status(machine, goroutine);
    let mark = Mark::new(format!("goroutine/{id}"), card.place).path(format!("goroutines.{id}"));
    let mark =
        mark.about(Text::new(format!("goroutine {id}: {}", status.en), format!("goroutine {id}：{}", status.zh)));
    picture.push(if acts {
        mark.tone(Tone::Active).border(Border::Thick)
    } else if goroutine.status == Status::Running {
        mark.tone(tone)
    } else {
        mark.tone(tone).border(Border::Dashed).fill(Fill::None)
    });
}

/// The goroutine's name beside its token, and its status.
fn title(machine: &GoChan, goroutine: &Goroutine, places: &Places, card: Card, picture: &mut Diagram) {
    let (id, place) = (goroutine.id, card.place);
    let home = queue::home(card);
    let y = home.center().y;
    let (status, tone) = status(machine, goroutine);
    let room = place.right() - PAD - home.right() - 10.0;
    let fit = |text: &str| measure::fitted(text, 16.0, Face::Mono, room * 0.72);
    let status = mono(Text::new(fit(&status.en), fit(&status.zh)), 16.0).ink(Ink::Of(tone)).right(0.0);
    let status = Mark::text(format!("goroutine/{id}/status"), point(place.right() - PAD, y), status).layer(12);
    let name = measure::fitted(&goroutine.name, 19.0, Face::Strong, status.rect.x - home.right() - 20.0);
    if !name.is_empty() {
        let words = label(name, 19.0).strong().left(0.0);
        let mark = Mark::text(format!("goroutine/{id}/name"), point(home.right() + 10.0, y), words).layer(12);
        picture.push(mark.path(format!("goroutines.{id}")));
    }
    picture.push(status.path(format!("goroutines.{id}.status")));
    if !queue::at_home(machine, places, id) {
        // The token is in a queue; here is where it comes back to.
        let mark = Mark::new(format!("goroutine/{id}/home"), home).border(Border::Dashed).fill(Fill::None).layer(11);
        let mark = Mark { shape: Shape::Box { radius: 20.0 }, ..mark }.tone(Tone::Faint);
        picture.push(mark.label(mono(format!("G{id}"), 18.0).ink(Ink::Soft)).path(format!("goroutines.{id}")));
    }
}

fn status(machine: &GoChan, goroutine: &Goroutine) -> (Text, Tone) {
    if goroutine.leaked {
        return (Text::new("leaked", "泄漏"), Tone::Bad);
    }
    match goroutine.status {
        Status::Waiting(reason) => (Text::same(reason.text()), Tone::Moved),
        Status::Running => match machine.blocked_by(goroutine.id) {
            Some((ch, holder)) => {
                let name = &machine.channels()[ch].name;
                let words =
                    Text::new(format!("spins: G{holder} holds {name}"), format!("自旋：{name} 被 G{holder} 锁着"));
                (words, Tone::Bad)
            }
            None => (Text::same("running"), Tone::Good),
        },
        Status::Runnable => (Text::same("runnable"), Tone::Info),
        Status::Dead => (Text::same("dead"), Tone::Faint),
    }
}

/// The program: a mark a line, so that a line that changes leaves the others alone.
fn code(machine: &GoChan, goroutine: &Goroutine, line: (f32, f32), card: Card, picture: &mut Diagram) {
    let id = goroutine.id;
    let (height, size) = line;
    let all = &goroutine.program.lines;
    let elsewhere = does_other_work(machine, goroutine);
    let total = all.len() + usize::from(elsewhere);
    let shown = ((card.code.h / height) as usize).max(1);
    let current = if elsewhere { Some(all.len()) } else { current(goroutine) };
    let first = current.map_or(total.saturating_sub(shown), |line| line.saturating_sub(shown / 2));
    let first = first.min(total.saturating_sub(shown));
    // The stack of a close grows up at the right.
    let stack = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Close && card.phase.is_some());
    let stack = stack.map(|frame| queue::stack_top(card, frame.glist.len()));
    let plain = if goroutine.status == Status::Running { Ink::Text } else { Ink::Soft };
    let y = |i: usize| card.code.y + height * ((i - first) as f32 + 0.5);
    for (i, line) in all.iter().enumerate().skip(first).take(shown) {
        let dropped = dropped(machine, goroutine, i);
        let beside = stack.is_some_and(|top| y(i) + height / 2.0 > top);
        let room = card.code.w - if beside { 150.0 } else { 16.0 };
        let tone = if Some(i) == current { Tone::Active } else { Tone::Faint };
        let ink = if Some(i) == current || dropped { Ink::Of(tone) } else { plain };
        let shift = indent(line.indent);
        let left_out = if dropped { "  ✗ nil" } else { "" };
        let text = measure::fitted(&format!("{}{left_out}", line.text), size, Face::Mono, room - shift);
        let at = point(card.code.x + 16.0 + shift, y(i));
        let mark = Mark::text(format!("goroutine/{id}/code/{i}"), at, mono(text, size).ink(ink).left(0.0)).layer(12);
        picture.push(mark.path(format!("goroutines.{id}")));
    }
    if elsewhere && total - first <= shown {
        let words = label(Text::new("… other work", "……其他工作"), size).ink(Ink::Soft).left(0.0);
        let at = point(card.code.x + 16.0, y(all.len()));
        picture.push(Mark::text(format!("goroutine/{id}/other"), at, words).layer(12));
    }
    if let Some(i) = current.filter(|i| *i >= first && *i - first < shown) {
        let cursor = mono("▸", size).ink(Ink::Of(Tone::Active)).left(0.0);
        let mark = Mark::text(format!("goroutine/{id}/at"), point(card.code.x - 4.0, y(i)), cursor).layer(12);
        picture.push(mark.path(format!("goroutines.{id}.line")));
    }
}

/// Main, having nothing to do on these channels now: it runs all the same.
fn does_other_work(machine: &GoChan, goroutine: &Goroutine) -> bool {
    let main = machine.main() == Main::First && goroutine.id == 1;
    main && goroutine.idle() && goroutine.status == Status::Running && machine.dead().is_none()
}

/// The line it is at: in a select, that of the case in hand.
fn current(goroutine: &Goroutine) -> Option<usize> {
    let case = goroutine.frame.as_ref().and_then(|frame| match frame.call {
        Call::Select => selects::case_in_hand(frame),
        // A select of one case is the plain operation.
        _ => Some(0),
    });
    case.and_then(|case| goroutine.case_line(case)).or(goroutine.line())
}

/// Whether a line is a case that the select under way has left out, its channel being nil.
fn dropped(machine: &GoChan, goroutine: &Goroutine, line: usize) -> bool {
    let Some(frame) = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Select) else { return false };
    let Some(What::Select { select, .. }) = goroutine.what() else { return false };
    let seen = |frame: &Frame, index: usize| frame.pc != Pc::Shuffle || index < frame.next;
    frame.cases.iter().enumerate().any(|(index, case)| {
        let here = select.cases.get(case.source).is_some_and(|source| source.line == line);
        here && machine.channels()[case.ch].nil && seen(frame, index)
    })
}

/// The runtime function, and what it does next if it runs.
fn doing(machine: &GoChan, goroutine: &Goroutine, card: Card, picture: &mut Diagram) {
    let (Some(frame), Some(area)) = (&goroutine.frame, card.phase) else { return };
    let id = goroutine.id;
    let room = if frame.call == Call::Select { area.w - 142.0 } else { area.w };
    let words = phase::words(machine, goroutine, frame, room);
    let words = label(words, phase::SIZE).ink(Ink::Soft).left(0.0);
    let mark = Mark::text(format!("goroutine/{id}/phase"), point(area.x, area.center().y), words).layer(12);
    picture.push(mark.path(format!("goroutines.{id}.call.at")));
}
