//! A card a P: its thread, what it runs, runnext, its ring. Many Ps get small cards, then tiles with figures only.

use super::super::state::{GoSched, P, PStatus, Slot};
use super::shared::CARDS;
use super::tokens::{Crowd, LARGE, places};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, layout, mono, point, rect};
use crate::text::Text;

/// Draws all cards.
pub fn draw(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    let n = machine.ps().len();
    let columns = match n {
        0..=4 => n.max(1),
        5..=8 => 4,
        9..=16 => 8,
        _ => 16,
    };
    let rows = n.div_ceil(columns);
    // One or two Ps need no card as wide as the canvas.
    let wide = CARDS.w.min(columns as f32 * 620.0);
    let area = rect(CARDS.x, CARDS.y, wide, CARDS.h.min(rows as f32 * 524.0));
    let cards: Vec<Rect> = layout::grid(area, n, columns, if n > 8 { 8.0 } else { 20.0 }).collect();
    for (number, (p, place)) in machine.ps().iter().zip(cards).enumerate() {
        let number = number as u32;
        frame(p, number, place, crowd, picture);
        if n > 8 {
            tile(machine, p, number, place, crowd, picture);
        } else {
            card(machine, p, number, place, crowd, picture);
        }
    }
    theft(crowd, picture);
}

/// The way that stolen goroutines take, from ring to ring.
fn theft(crowd: &Crowd, picture: &mut Diagram) {
    let (Some(victim), Some(p)) = (crowd.victim, crowd.p) else { return };
    let ring = |p: u32| picture.get(&format!("p/{p}/slot/0"));
    let (Some(from), Some(to)) = (ring(victim), ring(p)) else { return };
    let bend = if from.rect.x < to.rect.x { 0.22 } else { -0.22 };
    let mut way = Mark::arrow("theft", from, to, bend).tone(Tone::Moved).layer(15);
    if let Shape::Arrow(arrow) = &mut way.shape {
        arrow.dotted = true;
    }
    let about = Text::new(format!("P{p} steals from P{victim}"), format!("P{p} 从 P{victim} 偷取"));
    picture.push(way.about(about));
}

fn frame(p: &P, number: u32, place: Rect, crowd: &Crowd, picture: &mut Diagram) {
    let lit = crowd.p == Some(number) || crowd.victim == Some(number);
    let status: &'static str = p.status.into();
    let about = Text::new(format!("P{number}, {status}"), format!("P{number}，{status}"));
    let mark = Mark::new(format!("p/{number}"), place).about(about).path(format!("allp[{number}]")).layer(5);
    let mark = Mark { shape: Shape::Box { radius: 14.0 }, ..mark };
    picture.push(match (lit, p.status) {
        (true, _) => mark.tone(if crowd.victim.is_some() { Tone::Moved } else { Tone::Active }).border(Border::Thick),
        (false, PStatus::Idle) => mark.border(Border::Dashed).fill(Fill::None),
        (false, PStatus::Syscall) => mark.tone(Tone::Bad).border(Border::Dashed),
        (false, PStatus::Running) => mark,
    });
}

fn card(machine: &GoSched, p: &P, number: u32, place: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let tall = place.h > 400.0;
    let x = place.x + 22.0;
    let right = place.right() - 22.0;
    let y = place.y + 30.0;
    picture.push(
        Mark::text(format!("p/{number}/name"), point(x, y), label(format!("P{number}"), 22.0).strong().left(0.0))
            .layer(11),
    );
    let status = match p.status {
        PStatus::Idle => Some((Text::new("idle", "空闲"), Tone::Faint)),
        PStatus::Syscall => Some((Text::new("in a system call", "系统调用中"), Tone::Bad)),
        PStatus::Running => None,
    };
    if let Some((words, tone)) = status {
        let words = label(words, 17.0).ink(Ink::Of(tone)).left(0.0);
        picture.push(Mark::text(format!("p/{number}/status"), point(x + 52.0, y), words).layer(11));
    }
    let tick = mono(format!("schedtick {}", p.schedtick), 17.0).ink(Ink::Soft).right(0.0);
    picture.push(
        Mark::text(format!("p/{number}/schedtick"), point(right, y), tick)
            .path(format!("allp[{number}].schedtick"))
            .layer(11),
    );

    let size = if tall { LARGE } else { 36.0 };
    let line = y + if tall { 36.0 } else { 18.0 };
    let well = rect(right - 122.0, line, 122.0, size + 14.0);
    let running = Mark::new(format!("p/{number}/running"), well).fill(Fill::Well).border(Border::None).layer(8);
    picture.push(running.label(label(Text::new("runs", "运行"), 17.0).ink(Ink::Soft).left(12.0)));
    if let Some(m) = p.m {
        let room = well.x - (x + 62.0) - 14.0;
        crowd.thread(m, rect(x, line, if tall { 60.0 } else { 54.0 }, size + 10.0), room, picture);
        if let Some(g) = machine.ms()[m as usize].curg {
            crowd.goroutine(g, rect(well.right() - size - 8.0, well.y + 7.0, size, size), Tone::Active, picture);
        }
    }
    let next = line + if tall { 84.0 } else { 53.0 };
    let slot = rect(x + 78.0, next, size + 8.0, size + 8.0);
    picture.push(
        Mark::text(
            format!("p/{number}/runnext/name"),
            point(x, slot.center().y),
            label("runnext", 17.0).ink(Ink::Soft).left(0.0),
        )
        .layer(11),
    );
    let mark = Mark::new(format!("p/{number}/runnext"), slot).tone(Tone::Good).fill(Fill::None).border(Border::Dashed);
    let mark = Mark { shape: Shape::Circle, ..mark }.path(format!("allp[{number}].runnext")).layer(9);
    picture.push(mark.about(Text::new(format!("runnext of P{number}"), format!("P{number} 的 runnext"))));
    if let Some(g) = p.runnext {
        crowd.goroutine(g, slot.grown(-4.0), Tone::Good, picture);
    }
    let queue = if tall { next + 74.0 } else { next };
    let at = if tall { point(x, queue) } else { point(right, slot.center().y) };
    let count = Text::new(format!("local runq {}/256", p.runq_len()), format!("本地队列 {}/256", p.runq_len()));
    let count = label(count, 17.0).ink(Ink::Soft);
    let count = if tall { count.left(0.0) } else { count.right(0.0) };
    picture.push(Mark::text(format!("p/{number}/runq/len"), at, count).path(format!("allp[{number}].runq")).layer(11));
    let top = if tall { queue + 20.0 } else { slot.bottom() + 4.0 };
    ring(p, number, rect(x - 4.0, top, right - x + 8.0, place.bottom() - top), tall, crowd, picture);
    in_hand(machine, p, rect(x, place.bottom() - size - 6.0, right - x, size), crowd, picture);
}

fn ring(p: &P, number: u32, area: Rect, tall: bool, crowd: &mut Crowd, picture: &mut Diagram) {
    let columns = (((area.w + 6.0) / 52.0) as usize).max(1);
    let rows = if tall { 3 } else { 1 };
    let size = ((area.w + 6.0) / columns as f32 - 6.0).min(if tall { 50.0 } else { 44.0 });
    let slots: Vec<Rect> = (0..rows * columns)
        .map(|i| {
            let (column, row) = ((i % columns) as f32, (i / columns) as f32);
            rect(area.x + column * (size + 6.0), area.y + row * (size + 6.0), size, size)
        })
        .collect();
    for (i, slot) in slots.iter().enumerate() {
        let mark = Mark::new(format!("p/{number}/slot/{i}"), *slot).fill(Fill::Well).border(Border::None).layer(8);
        picture.push(
            mark.about(Text::new(format!("place {i} of P{number}'s queue"), format!("P{number} 队列的第 {i} 位"))),
        );
    }
    let circles: Vec<Rect> = slots.iter().map(|slot| slot.grown(-3.0)).collect();
    crowd.row(&format!("p/{number}"), p.ring(), &circles, Tone::Info, picture);
}

/// Goroutines that the P's thread holds: stolen and not yet published, found and not yet running.
fn in_hand(machine: &GoSched, p: &P, area: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let Some(m) = p.m else { return };
    let held: Vec<Slot> = machine.in_hand(m).filter(|slot| !crowd.has(*slot)).collect();
    let most = ((area.w / (LARGE + 6.0)) as usize).max(1);
    let slots = places(rect(area.x, area.y, area.h, area.h), most.min(held.len()));
    crowd.row(&format!("m/{m}/hand"), held.into_iter(), &slots, Tone::Moved, picture);
}

/// Figures only: thread, what runs, how many wait.
fn tile(machine: &GoSched, p: &P, number: u32, place: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let roomy = place.w > 120.0;
    let name = label(format!("P{number}"), 17.0).strong().left(0.0);
    picture.push(Mark::text(format!("p/{number}/name"), point(place.x + 10.0, place.y + 18.0), name).layer(11));
    let waiting = p.runq_len() + u32::from(p.runnext.is_some());
    let count =
        mono(waiting.to_string(), 17.0).ink(if waiting > 0 { Ink::Of(Tone::Info) } else { Ink::Soft }).right(0.0);
    let count = Mark::text(format!("p/{number}/runq/len"), point(place.right() - 10.0, place.y + 18.0), count);
    picture.push(count.path(format!("allp[{number}].runq")).layer(11));
    let Some(m) = p.m else { return };
    let low = place.bottom() - if roomy { 62.0 } else { 46.0 };
    if roomy && place.h > 160.0 {
        let rows = (((low - place.y - 44.0) / 46.0) as usize).min(3);
        let columns = (((place.w - 10.0) / 44.0) as usize).max(1);
        let slots: Vec<Rect> = (0..rows * columns)
            .map(|i| {
                rect(
                    place.x + 8.0 + 44.0 * (i % columns) as f32,
                    place.y + 38.0 + 44.0 * (i / columns) as f32,
                    38.0,
                    38.0,
                )
            })
            .collect();
        crowd.row(&format!("p/{number}"), p.runnext.into_iter().chain(p.ring()), &slots, Tone::Info, picture);
    }
    if roomy {
        crowd.thread(m, rect(place.x + 8.0, low, 58.0, 50.0), 0.0, picture);
    }
    if let Some(g) = machine.ms()[m as usize].curg {
        let size = if roomy { LARGE } else { 38.0 };
        crowd.goroutine(g, rect(place.right() - size - 8.0, low + 4.0, size, size), Tone::Active, picture);
    }
}
