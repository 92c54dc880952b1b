//! A P's ring: every goroutine stays in its slot while head and tail move past it.

use super::super::event::Event;
use super::super::glance::Behind;
use super::super::state::{GoSched, P, RUNQ};
use super::plan::{Plan, Size};
use super::tokens::{Crowd, Unpublished, places};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Point, Rect, Shape, Tone, label, point, rect};
use crate::text::Text;

/// Draws what is said of the ring, its slots with head and tail, and who is in them.
pub fn draw(machine: &GoSched, p: &P, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    caption(p, number, plan, crowd, picture);
    let cells = plan.columns * plan.rows;
    let behind = crowd.behind.remove(&number);
    let written = p.runq_len() as usize + behind.as_ref().map_or(0, |behind| behind.slots.len());
    if written > cells {
        strip(p, number, plan, behind.as_ref(), crowd, picture);
    } else {
        slots(machine, p, number, plan, behind.as_ref(), crowd, picture);
    }
    crowd.behind.extend(behind.map(|behind| (number, behind)));
}

fn caption(p: &P, number: u32, plan: &Plan, crowd: &Crowd, picture: &mut Diagram) {
    let (len, head, tail) = (p.runq_len(), p.runqhead, p.runqtail);
    let words = Text::new(
        format!("local runq {len}/256 · head {head} · tail {tail}"),
        format!("本地队列 {len}/256 · head {head} · tail {tail}"),
    );
    let ink = if crowd.focus.ring == Some(number) { Ink::Of(Tone::Info) } else { Ink::Soft };
    let words = label(words, 17.0).ink(ink).left(0.0);
    let mark = Mark::text(format!("p/{number}/runq/len"), plan.ring_name, words);
    picture.push(mark.path(format!("allp[{number}].runq")).layer(11));
}

/// The slots of a card: those of the ring modulo their number.
fn cells(plan: &Plan) -> Vec<Rect> {
    let pitch = (plan.ring.w + 4.0) / plan.columns as f32;
    let line = plan.ring.h / plan.rows as f32;
    let (w, h) = (pitch - 4.0, line - 14.0);
    let at = |i: usize| {
        let (column, row) = ((i % plan.columns) as f32, (i / plan.columns) as f32);
        rect(plan.ring.x + column * pitch, plan.ring.y + row * line + 7.0, w, h.max(plan.token * 0.8))
    };
    (0..plan.columns * plan.rows).map(at).collect()
}

fn slots(
    machine: &GoSched,
    p: &P,
    number: u32,
    plan: &Plan,
    behind: Option<&Unpublished>,
    crowd: &mut Crowd,
    picture: &mut Diagram,
) {
    let cells = cells(plan);
    let at = |index: u32| cells[index as usize % cells.len()];
    for (i, cell) in cells.iter().enumerate() {
        let mark = Mark::new(format!("p/{number}/slot/{i}"), *cell).fill(Fill::Well).border(Border::None).layer(8);
        let about = Text::new(
            format!("a slot of P{number}'s ring: index modulo {}", cells.len()),
            format!("P{number} 的环的一个槽：下标对 {} 取模", cells.len()),
        );
        picture.push(mark.about(about));
    }
    ghosts(number, crowd, &at, picture);
    for i in 0..p.runq_len() {
        let index = p.runqhead.wrapping_add(i);
        let slot = p.at_index(index);
        let tone = if crowd.copied.contains(&machine.goid(slot)) { Tone::Moved } else { Tone::Info };
        crowd.goroutine(slot, at(index).grown(-3.0), tone, picture);
    }
    for (i, slot) in behind.iter().flat_map(|behind| behind.slots.iter().enumerate()) {
        let place = at(p.runqtail.wrapping_add(i as u32)).grown(-3.0);
        if behind.is_some_and(|behind| behind.why == Behind::Copied) {
            crowd.copy(format!("copy/{number}/{i}"), *slot, place, Tone::Moved, picture);
        } else {
            crowd.unpublished(*slot, place, picture);
        }
    }
    void(machine, p, number, crowd, &at, picture);
    ticks(p, number, &at, picture);
}

/// Dashed rings in slots that this step has left.
fn ghosts(number: u32, crowd: &Crowd, at: &impl Fn(u32) -> Rect, picture: &mut Diagram) {
    let (head, n) = match crowd.event {
        Some(Event::LocalTaken { p, head, .. }) if *p == number => (*head, 1),
        Some(Event::StealCommitted { victim, head, n, .. }) if *victim == number => (*head, *n),
        Some(Event::OverflowHeadMoved { p, head, n, .. }) if *p == number => (*head, *n),
        _ => return,
    };
    for i in 1..=n.min(16) {
        let cell = at(head.wrapping_sub(i));
        let d = cell.w.min(cell.h) - 8.0;
        let place = rect(cell.center().x - d / 2.0, cell.center().y - d / 2.0, d, d);
        let ghost = Mark::new(format!("p/{number}/ghost/{i}"), place).shape(Shape::Circle).tone(Tone::Moved);
        let about = Text::new("left just now", "刚刚空出");
        picture.push(ghost.fill(Fill::None).border(Border::Dashed).layer(12).about(about));
    }
}

/// Copies that a race has made void, struck out.
fn void(machine: &GoSched, p: &P, number: u32, crowd: &Crowd, at: &impl Fn(u32) -> Rect, picture: &mut Diagram) {
    let Some(Event::StealRaced { m, p: own, .. }) = crowd.event else { return };
    if *own != number {
        return;
    }
    for i in 0..machine.void_copies(*m).min(8) {
        let index = p.runqtail.wrapping_add(i);
        let place = at(index).grown(-3.0);
        crowd.copy(format!("copy/{number}/{i}"), p.at_index(index), place, Tone::Bad, picture);
        let points = vec![point(place.x, place.bottom()), point(place.right(), place.y)];
        let strike = Mark::new(format!("copy/{number}/{i}/void"), place).shape(Shape::Line { points }).tone(Tone::Bad);
        let about = Text::new("void: the victim's head has moved", "作废：对方的 head 已经动了");
        picture.push(strike.fill(Fill::None).layer(22).about(about));
    }
}

/// Where head and tail point.
fn ticks(p: &P, number: u32, at: &impl Fn(u32) -> Rect, picture: &mut Diagram) {
    let (head, tail) = (at(p.runqhead), at(p.runqtail));
    let (top, low) = (point(head.center().x, head.y - 1.0), point(tail.center().x, tail.bottom() + 1.0));
    let names = [("head", "runqhead", top, -5.0), ("tail", "runqtail", low, 5.0)];
    for (name, field, tip, dy) in names {
        let about = Text::same(format!("P{number}: {field}"));
        picture.push(tick(format!("p/{number}/{name}"), tip, dy).about(about).path(format!("allp[{number}].{field}")));
    }
}

/// A small arrow head that points at a slot.
fn tick(key: String, tip: Point, dy: f32) -> Mark {
    let points = vec![tip.shifted(-6.0, dy), tip, tip.shifted(6.0, dy)];
    let place = rect(tip.x - 6.0, tip.y.min(tip.y + dy), 12.0, dy.abs());
    Mark::new(key, place)
        .shape(Shape::Line { points })
        .tone(Tone::Info)
        .fill(Fill::None)
        .border(Border::Thick)
        .layer(13)
}

/// All 256 slots as tiny cells, below them in words the first goroutines, a count, the last ones.
fn strip(p: &P, number: u32, plan: &Plan, behind: Option<&Unpublished>, crowd: &mut Crowd, picture: &mut Diagram) {
    let w = crowd.width().min(plan.token + 14.0);
    let fit = ((plan.ring.w + 6.0) / (w.max(plan.token) + 6.0)) as usize;
    let row = places(point(plan.ring.x, plan.ring.y), w.max(plan.token), plan.token, fit);
    tiny(p, number, plan, crowd, picture);
    let behind = behind.filter(|behind| behind.why != Behind::Copied);
    let last = row.len().saturating_sub(behind.map_or(0, |behind| behind.slots.len().min(2)));
    let all: Vec<_> = p.ring().collect();
    crowd.row(&format!("p/{number}"), all.into_iter(), &row[..last], Tone::Info, picture);
    for (slot, place) in behind.iter().flat_map(|behind| &behind.slots).zip(&row[last..]) {
        crowd.unpublished(*slot, *place, picture);
    }
}

fn tiny(p: &P, number: u32, plan: &Plan, crowd: &Crowd, picture: &mut Diagram) {
    let columns = if plan.size == Size::Full { 32 } else { 64 };
    let top = plan.ring.y + plan.token + if plan.size == Size::Full { 14.0 } else { 6.0 };
    let room = plan.place.bottom() - 12.0 - top;
    let side = (plan.ring.w / columns as f32).min(room / (RUNQ / columns) as f32);
    let gap = if side > 7.0 { 2.0 } else { 1.0 };
    let at = |index: u32| {
        let i = index as usize % RUNQ;
        let (column, row) = ((i % columns) as f32, (i / columns) as f32);
        rect(plan.ring.x + column * side, top + row * side, side - gap, side - gap)
    };
    let area = rect(plan.ring.x, top, side * columns as f32, side * (RUNQ / columns) as f32);
    let about = Text::new(format!("all 256 slots of P{number}'s ring"), format!("P{number} 的环的全部 256 个槽"));
    let mark = Mark::new(format!("p/{number}/strip"), area).fill(Fill::None).border(Border::None).layer(7);
    picture.push(mark.about(about.clone()).path(format!("allp[{number}].runq")));
    let left = match crowd.event {
        Some(Event::OverflowHeadMoved { p, n, .. }) if *p == number => *n,
        _ => 0,
    };
    let len = p.runq_len();
    for i in 0..RUNQ as u32 {
        let (cell, offset) = (at(i), i.wrapping_sub(p.runqhead) % RUNQ as u32);
        let (tone, fill) = if offset < len {
            let goid = crowd.machine.goid(p.at_index(i));
            (if crowd.copied.contains(&goid) { Tone::Moved } else { Tone::Info }, Fill::Solid)
        } else if offset >= RUNQ as u32 - left {
            (Tone::Moved, Fill::Tint)
        } else {
            (Tone::Plain, Fill::Well)
        };
        let mark = Mark::new(format!("p/{number}/cell/{i}"), cell).shape(Shape::Box { radius: 1.0 });
        picture.push(mark.tone(tone).fill(fill).border(Border::None).layer(8).about(about.clone()));
    }
    for (name, index) in [("head", p.runqhead), ("tail", p.runqtail)] {
        let cell = at(index).grown(gap);
        let mark = Mark::new(format!("p/{number}/{name}"), cell).shape(Shape::Box { radius: 2.0 }).tone(Tone::Active);
        let border = if name == "head" { Border::Thick } else { Border::Thin };
        let mark = mark.fill(Fill::None).border(border).layer(13).about(Text::same(format!("P{number}: runq{name}")));
        picture.push(mark.path(format!("allp[{number}].runq{name}")));
    }
}

/// A small card's ring: how many, and the first of them.
pub fn first(p: &P, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    let ink = if crowd.focus.ring == Some(number) { Ink::Of(Tone::Info) } else { Ink::Soft };
    let count = Text::new(format!("local runq {}", p.runq_len()), format!("本地队列 {}", p.runq_len()));
    let mark = Mark::text(format!("p/{number}/runq/len"), plan.ring_name, label(count, 17.0).ink(ink).right(0.0));
    picture.push(mark.path(format!("allp[{number}].runq")).layer(11));
    let w = plan.token.max(crowd.width() - 6.0);
    let row = places(point(plan.ring.x, plan.ring.y), w, plan.ring.h, ((plan.ring.w + 6.0) / (w + 6.0)) as usize);
    for place in &row {
        let at = (place.x - plan.ring.x) as u32;
        let mark = Mark::new(format!("p/{number}/slot/{at}"), *place).fill(Fill::Well).border(Border::None).layer(8);
        picture.push(mark.about(Text::new(format!("P{number}'s ring"), format!("P{number} 的环"))));
    }
    let inner: Vec<Rect> = row.iter().map(|place| place.grown(-2.0)).collect();
    let behind = crowd.behind.remove(&number);
    let slots = behind.as_ref().map_or(&[][..], |behind| &behind.slots);
    // What is written and not published keeps the last places.
    let kept = slots.len().min(inner.len() / 2);
    let last = inner.len() - kept;
    let all: Vec<_> = p.ring().collect();
    let begin = all.len().min(last);
    crowd.row(&format!("p/{number}"), all.into_iter(), &inner[..last], Tone::Info, picture);
    for (i, (slot, place)) in slots.iter().zip(&inner[begin..]).enumerate() {
        if behind.as_ref().is_some_and(|behind| behind.why == Behind::Copied) {
            crowd.copy(format!("copy/{number}/{i}"), *slot, *place, Tone::Moved, picture);
        } else {
            crowd.unpublished(*slot, *place, picture);
        }
    }
    crowd.behind.extend(behind.map(|behind| (number, behind)));
}
