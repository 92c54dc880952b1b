//! Threads without a P: each in a place of its own, with the goroutine it carries beside it.

use super::super::pc::Place;
use super::super::state::{GoSched, Slot};
use super::sysmon;
use super::tokens::{Crowd, places};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, layout, measure, point, rect};
use crate::text::Text;

/// Height of a place.
pub const HEIGHT: f32 = 60.0;

/// Threads that have no P and have not been given one: not idle, not sysmon.
pub fn outside(machine: &GoSched, crowd: &Crowd) -> Vec<u32> {
    let all = 0..machine.ms().len() as u32;
    let busy = |m: &u32| !crowd.threads.contains(m) && !matches!(machine.place(*m), Place::Idle | Place::Sysmon);
    all.filter(|m| busy(m) && crowd.starting(*m).is_none()).collect()
}

/// Beside the cards: sysmon, and below it the threads without a P.
pub fn panel(machine: &GoSched, area: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let mut top = area.y;
    if machine.sysmon().is_some() {
        let card = rect(area.x, area.y, area.w, sysmon::height(machine));
        sysmon::card(machine, card, crowd, picture);
        top = card.bottom() + 14.0;
    }
    let ms = outside(machine, crowd);
    let words = if ms.is_empty() {
        Text::new("threads without a P: none", "没有 P 的线程：无")
    } else {
        Text::new("threads without a P", "没有 P 的线程")
    };
    let words = label(words, 17.0).ink(Ink::Soft).left(0.0);
    if machine.sysmon().is_none() || !ms.is_empty() {
        picture.push(Mark::text("outside/name", point(area.x + 4.0, top + 14.0), words).path("allm"));
    }
    let room = rect(area.x, top + 32.0, area.w, area.bottom() - top - 32.0);
    let fit = ((room.h + 8.0) / (HEIGHT + 10.0)) as usize;
    let column = rect(room.x, room.y, room.w, (HEIGHT + 10.0) * fit as f32 - 10.0);
    let slots: Vec<Rect> = layout::column(column, fit, 10.0).collect();
    seats(machine, &ms, &slots, crowd, picture);
}

/// Seats threads: everyone has a place by number and keeps it while nobody else has it.
pub fn seats(machine: &GoSched, ms: &[u32], slots: &[Rect], crowd: &mut Crowd, picture: &mut Diagram) {
    let mut taken = vec![false; slots.len()];
    let first = |m: &u32| (crowd.focus.m != Some(*m), machine.place(*m) == Place::Syscall, *m);
    let mut order = ms.to_vec();
    order.sort_by_key(first);
    order.truncate(slots.len());
    order.sort_unstable();
    for m in order {
        let number = m as usize - usize::from(machine.sysmon().is_some_and(|sysmon| sysmon < m));
        let wanted = number % slots.len();
        let free = (wanted..slots.len()).chain(0..wanted).find(|at| !taken[*at]);
        if let Some(at) = free {
            taken[at] = true;
            pair(machine, m, slots[at], crowd, picture);
        }
    }
}

/// A thread with what it carries and what it does.
fn pair(machine: &GoSched, m: u32, place: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let held = machine.ms()[m as usize].curg.into_iter().filter(|slot| !crowd.has(*slot)).chain(crowd.hand(m));
    let held: Vec<Slot> = held.collect();
    let (_, tone) = crowd.doing(m);
    if !held.is_empty() {
        let frame = Mark::new(format!("m/{m}/pair"), place).tone(tone).border(Border::Thin).layer(6);
        let about = Text::new(format!("M{m} and what it carries"), format!("M{m} 和它带着的 goroutine"));
        picture.push(frame.shape(Shape::Box { radius: 12.0 }).about(about).path(format!("allm[{m}]")));
    }
    crowd.thread(m, rect(place.x + 8.0, place.y + 4.0, 60.0, 52.0), 0.0, picture);
    let begin = place.x + 8.0 + if m >= 1000 { 86.0 } else { 70.0 };
    let long = held.iter().any(|slot| machine.goid(*slot) >= 1000);
    let w = if long { crowd.width() } else { 42.0 };
    let most = if held.len() < 2 { 1 } else { ((place.right() - begin) / (w + 6.0)) as usize };
    let row = places(point(begin, place.y + 9.0), w, 42.0, most.max(1));
    let n = held.len().min(row.len());
    let curg = machine.ms()[m as usize].curg;
    let tone = curg.filter(|slot| held.contains(slot)).map_or(Tone::Moved, |slot| crowd.carried(slot));
    crowd.row(&format!("m/{m}/hand"), held.into_iter(), &row, tone, picture);
    let begin = begin + n as f32 * (w + 6.0) + 4.0;
    says(machine, m, rect(begin, place.y, place.right() - begin - 6.0, place.h), crowd, picture);
    if let Some(oldp) = machine.ms()[m as usize].oldp {
        tether(m, oldp, picture);
    }
}

/// What it does and until when; the P it had.
fn says(machine: &GoSched, m: u32, area: Rect, crowd: &Crowd, picture: &mut Diagram) {
    if area.w < 60.0 {
        return;
    }
    let thread = &machine.ms()[m as usize];
    let (words, tone) = crowd.doing(m);
    let until =
        Some(crate::text::time(thread.until)).filter(|_| thread.until > machine.now() && thread.until != u64::MAX);
    let second = match (until, thread.oldp) {
        (Some(until), Some(p)) if area.w > 220.0 => {
            Some(Text::new(format!("until {until} · oldp = P{p}"), format!("到 {until} · oldp = P{p}")))
        }
        (Some(until), _) => Some(Text::new(format!("until {until}"), format!("到 {until}"))),
        (None, Some(p)) => Some(Text::same(format!("oldp = P{p}"))),
        (None, None) => None,
    };
    let fit = |text: &Text| {
        Text::new(
            measure::fitted(&text.en, 16.0, Face::Sans, area.w),
            measure::fitted(&text.zh, 16.0, Face::Sans, area.w),
        )
    };
    let y = area.center().y;
    let ink = if tone == Tone::Plain { Ink::Soft } else { Ink::Of(tone) };
    let first = label(fit(&words), 16.0).left(0.0).ink(ink);
    let at = if second.is_some() { y - 11.0 } else { y };
    picture.push(Mark::text(format!("m/{m}/doing"), point(area.x, at), first).layer(18));
    if let Some(second) = second {
        let words = label(fit(&second), 16.0).left(0.0).ink(Ink::Soft);
        let mark = Mark::text(format!("m/{m}/until"), point(area.x, y + 12.0), words).layer(18);
        picture.push(mark.path(format!("allm[{m}]")));
    }
}

/// A dotted line to the P that it means to come back to, where nothing lies in between.
fn tether(m: u32, p: u32, picture: &mut Diagram) {
    let get = |key: String| picture.get(&key);
    let (Some(pair), Some(card)) = (get(format!("m/{m}/pair")), get(format!("p/{p}"))) else { return };
    let beside = card.rect.right() <= pair.rect.x && pair.rect.x - card.rect.right() < 40.0;
    let below = card.rect.h > 400.0 && pair.rect.y > card.rect.bottom();
    if !beside && !below {
        return;
    }
    let mut line = Mark::arrow(format!("m/{m}/oldp"), pair, card, 0.0).tone(Tone::Bad).fill(Fill::None);
    if let Shape::Arrow(arrow) = &mut line.shape {
        (arrow.dotted, arrow.head) = (true, false);
        if beside {
            let y = pair.rect.center().y.min(card.rect.bottom() - 20.0);
            let (a, b) = (point(pair.rect.x, pair.rect.center().y), point(card.rect.right(), y));
            arrow.curve = [a, a.lerp(b, 0.5), b];
            line.rect = rect(b.x, a.y.min(b.y), a.x - b.x, (a.y - b.y).abs());
        }
    }
    let about = Text::new(format!("oldp of M{m} is P{p}"), format!("M{m} 的 oldp 是 P{p}"));
    picture.push(line.about(about).path(format!("allm[{m}].oldp")));
}
