//! A card a P: its thread, what it runs, what the thread holds, `runnext`, its ring.

use super::super::state::{GoSched, P, PStatus};
use super::plan::{Plan, Size};
use super::ring;
use super::tokens::{Crowd, places};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

/// Draws the card of one P.
pub fn draw(machine: &GoSched, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    let p = &machine.ps()[number as usize];
    frame(machine, p, number, plan.place, crowd, picture);
    header(machine, p, number, plan, crowd, picture);
    thread(machine, p, number, plan, crowd, picture);
    if let Some(m) = p.m {
        hand(m, plan.hand, plan.token, plan.hand.w > 400.0, crowd, picture);
    }
    runnext(p, number, plan, crowd, picture);
    if plan.size == Size::Small {
        ring::first(p, number, plan, crowd, picture);
    } else {
        ring::draw(machine, p, number, plan, crowd, picture);
    }
    timers(machine, p, number, plan, picture);
}

/// The card itself.
pub fn frame(machine: &GoSched, p: &P, number: u32, place: Rect, crowd: &Crowd, picture: &mut Diagram) {
    let focus = &crowd.focus;
    let status: &'static str = p.status.into();
    let about = Text::new(format!("P{number}, {status}"), format!("P{number}，{status}"));
    let mark = Mark::new(format!("p/{number}"), place).about(about).path(format!("allp[{number}]")).layer(5);
    let mark = mark.shape(Shape::Box { radius: 14.0_f32.min(place.h / 4.0) });
    let idle = machine.sched().pidle.contains(&number);
    let mark = match p.status {
        PStatus::Idle if idle => mark.fill(Fill::None),
        PStatus::Syscall => mark.tone(Tone::Bad).border(Border::Dashed),
        PStatus::Idle | PStatus::Running => mark,
    };
    let theft = focus.victim.is_some() && (focus.p == Some(number) || focus.victim == Some(number));
    picture.push(if theft {
        mark.tone(Tone::Moved).border(Border::Thick)
    } else if focus.looked.contains(&number) {
        mark.tone(Tone::Info).border(Border::Thick)
    } else if focus.cards.contains(&number) {
        mark.border(Border::Thick)
    } else {
        mark
    });
}

/// What is said of a P whose thread is not simply there.
fn status(machine: &GoSched, p: &P, number: u32, crowd: &Crowd) -> Option<(Text, Tone)> {
    if machine.sched().pidle.contains(&number) {
        return Some((Text::new("idle", "空闲"), Tone::Faint));
    }
    if p.status == PStatus::Syscall {
        return Some((Text::new("in a system call", "系统调用中"), Tone::Bad));
    }
    if p.m.is_some() {
        return None;
    }
    Some(match (crowd.awaited.get(&number), crowd.held.get(&number)) {
        (Some(m), _) => (Text::same(format!("→ M{m}")), Tone::Plain),
        (None, Some(m)) => (Text::new(format!("held by M{m}"), format!("M{m} 拿着")), Tone::Plain),
        (None, None) => (Text::new("no M", "无 M"), Tone::Plain),
    })
}

fn header(machine: &GoSched, p: &P, number: u32, plan: &Plan, crowd: &Crowd, picture: &mut Diagram) {
    let size = if plan.size == Size::Small { 19.0 } else { 22.0 };
    let name = Mark::text(format!("p/{number}/name"), plan.name, label(format!("P{number}"), size).strong().left(0.0));
    let begin = name.rect.right() + 14.0;
    picture.push(name.layer(11));
    if let Some((words, tone)) = status(machine, p, number, crowd) {
        let ink = if tone == Tone::Plain { Ink::Soft } else { Ink::Of(tone) };
        let words = label(words, 17.0).ink(ink).left(0.0);
        picture.push(Mark::text(format!("p/{number}/status"), point(begin, plan.name.y), words).layer(11));
    }
    if plan.size == Size::Small {
        return;
    }
    let lit = crowd.focus.tick == Some(number);
    let words = match crowd.event {
        Some(super::super::event::Event::GlobalDue { schedtick, .. }) if lit => {
            format!("schedtick {schedtick} % 61 = 0")
        }
        Some(super::super::event::Event::GlobalNotDue { schedtick, rest, .. }) if lit => {
            format!("schedtick {schedtick} % 61 = {rest}")
        }
        _ => format!("schedtick {}", p.schedtick),
    };
    let tick = mono(words, 17.0).ink(if lit { Ink::Of(Tone::Active) } else { Ink::Soft }).right(0.0);
    let tick = Mark::text(format!("p/{number}/schedtick"), plan.tick, tick);
    picture.push(tick.path(format!("allp[{number}].schedtick")).layer(11));
    let Some(at) = plan.systick else { return };
    let lit = crowd.focus.systick == Some(number);
    let ink = if lit { Ink::Of(Tone::Active) } else { Ink::Soft };
    let tick = mono(format!("syscalltick {}", p.syscalltick), 17.0).ink(ink).right(0.0);
    let tick = Mark::text(format!("p/{number}/syscalltick"), at, tick);
    picture.push(tick.path(format!("allp[{number}].syscalltick")).layer(11));
}

/// The P's thread with what it runs; or one that has been given this P and has not begun.
fn thread(machine: &GoSched, p: &P, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    let well = Mark::new(format!("p/{number}/running"), plan.well).fill(Fill::Well).border(Border::None).layer(8);
    picture.push(well.label(label(Text::new("runs", "运行"), 17.0).ink(Ink::Soft).left(12.0)));
    let Some(m) = p.m else {
        if let Some(m) = crowd.awaited.get(&number).copied() {
            crowd.thread(m, plan.dock, plan.words.max(170.0), picture);
        }
        return;
    };
    let holds = plan.size == Size::Small && !crowd.hand(m).is_empty();
    crowd.thread(m, plan.m, if holds { 0.0 } else { plan.words }, picture);
    let Some(g) = machine.ms()[m as usize].curg else { return };
    let d = plan.token;
    let place = rect(plan.well.right() - d - 8.0, plan.well.center().y - d / 2.0, d, d);
    let place = if crowd.width() > d && plan.well.w > 110.0 {
        Rect { x: place.right() - crowd.width(), w: crowd.width(), ..place }
    } else {
        place
    };
    let tone = crowd.carried(g);
    crowd.goroutine(g, place, tone, picture);
    if machine.g(g).preempt {
        let words = label("preempt", 16.0).ink(Ink::Of(Tone::Bad));
        let (at, words) = if plan.well.w > 180.0 {
            (point(place.x - 12.0, plan.well.center().y), words.right(0.0))
        } else {
            (point(plan.well.x, plan.well.bottom() + 12.0), words.left(0.0))
        };
        let goid = machine.goid(g);
        let flag = Mark::text(format!("g/{goid}/preempt"), at, words).path(format!("allgs.{goid}.preempt"));
        picture.push(flag.layer(12));
    }
}

/// Goroutines that a thread holds: found and not yet running, stolen, to be put into a queue.
pub fn hand(m: u32, area: Rect, d: f32, roomy: bool, crowd: &mut Crowd, picture: &mut Diagram) {
    let held = crowd.hand(m);
    if held.is_empty() || area.w < d {
        return;
    }
    let words = if roomy {
        Text::new(format!("in M{m}'s hand"), format!("M{m} 手里"))
    } else {
        Text::new("in hand", "手里")
    };
    let words = label(words, 17.0).ink(Ink::Of(Tone::Moved)).left(0.0);
    let name = Mark::text(format!("m/{m}/hand"), point(area.x, area.center().y), words);
    let begin = name.rect.right() + 10.0;
    picture.push(name.layer(12));
    let w = d.max(crowd.width() + 6.0 * f32::from(u8::from(crowd.width() > 50.0)) - 6.0);
    let most = (((area.right() - begin + 6.0) / (w + 6.0)) as usize).max(1);
    let slots = places(point(begin, area.y), w, area.h, most);
    crowd.row(&format!("m/{m}/hand"), held.into_iter(), &slots, Tone::Moved, picture);
}

fn runnext(p: &P, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    let lit = crowd.focus.next == Some(number);
    let at = point(plan.ring.x.min(plan.m.x), plan.next.center().y);
    let words = label("runnext", 17.0).ink(if lit { Ink::Of(Tone::Good) } else { Ink::Soft }).left(0.0);
    picture.push(Mark::text(format!("p/{number}/runnext/name"), at, words).layer(11));
    socket(p, number, plan.next, crowd, picture);
}

/// The circle of `runnext` and who is there.
pub fn socket(p: &P, number: u32, place: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let lit = crowd.focus.next == Some(number);
    let mark = Mark::new(format!("p/{number}/runnext"), place).tone(Tone::Good).fill(Fill::None);
    let mark = mark.border(if lit { Border::Thick } else { Border::Dashed }).shape(Shape::Circle).layer(9);
    let mark = mark.path(format!("allp[{number}].runnext"));
    picture.push(mark.about(Text::new(format!("runnext of P{number}"), format!("P{number} 的 runnext"))));
    if let Some(g) = p.runnext {
        crowd.goroutine(g, place.grown(-4.0), Tone::Good, picture);
    }
}

fn timers(machine: &GoSched, p: &P, number: u32, plan: &Plan, picture: &mut Diagram) {
    let (Some(at), Some(first)) = (plan.timer, p.timers.first()) else { return };
    let rest = match p.timers.len() {
        1 => String::new(),
        n => format!(" +{}", n - 1),
    };
    let words = format!("timer {} → G{}{rest}", crate::text::time(first.when), machine.goid(first.g));
    let words = mono(words, 17.0).ink(Ink::Soft).left(0.0);
    let about = Text::new("the earliest timer of this P", "这个 P 最早到期的定时器");
    let mark = Mark::text(format!("p/{number}/timers"), at, words).about(about);
    picture.push(mark.path(format!("allp[{number}].timers")).layer(11));
}
