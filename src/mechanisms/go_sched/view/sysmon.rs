//! sysmon: what it noted of every P, and whom it acts on.

use super::super::event::Event;
use super::super::state::{GoSched, P, PStatus};
use super::plan::Layout;
use super::theft::route;
use super::tokens::Crowd;
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Point, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

/// Microseconds after which it preempts, and retakes at any rate.
const LIMIT: u64 = 10_000;
/// Where on a bar that limit lies.
const AT_LIMIT: f32 = 0.8;
/// Height of a P's lines in the card.
const LINE: f32 = 78.0;

/// Height of its card.
pub fn height(machine: &GoSched) -> f32 {
    92.0 + LINE * machine.ps().len() as f32
}

/// Its card: how it sleeps, and a line a P.
pub fn card(machine: &GoSched, place: Rect, crowd: &mut Crowd, picture: &mut Diagram) {
    let Some(m) = machine.sysmon() else { return };
    let about = Text::new("sysmon, the thread without a P that watches", "sysmon：没有 P、负责监视的线程");
    let mark = Mark::new("sysmon", place).shape(Shape::Box { radius: 14.0 }).layer(5).path("sysmon");
    let mark = if crowd.focus.m == Some(m) { mark.tone(Tone::Good).border(Border::Thick) } else { mark };
    picture.push(mark.about(about));
    crowd.thread(m, rect(place.x + 20.0, place.y + 14.0, 60.0, 52.0), 0.0, picture);
    let x = place.x + 96.0;
    let name = label("sysmon", 19.0).strong().left(0.0);
    picture.push(Mark::text("sysmon/name", point(x, place.y + 26.0), name).layer(11));
    let (first, second) = pace(machine, m);
    let first = Mark::text("sysmon/pace", point(x + 84.0, place.y + 26.0), label(first, 17.0).ink(Ink::Soft).left(0.0));
    picture.push(first.path("sysmon").layer(11));
    let second = Mark::text("sysmon/next", point(x, place.y + 54.0), label(second, 17.0).ink(Ink::Soft).left(0.0));
    picture.push(second.path("sysmon").layer(11));
    for (number, p) in machine.ps().iter().enumerate() {
        let line = rect(place.x + 20.0, place.y + 80.0 + LINE * number as f32, place.w - 40.0, LINE - 10.0);
        notes(machine, p, number as u32, line, crowd, picture);
    }
}

/// How it sleeps, and when it looks next.
fn pace(machine: &GoSched, m: u32) -> (Text, Text) {
    let (idle, delay) = machine.sysmon_pace().unwrap_or_default();
    let until = machine.ms()[m as usize].until;
    let delay = crate::text::time(delay);
    let plural = if idle == 1 { "" } else { "s" };
    let first = Text::new(
        format!("sleep {delay} · {idle} round{plural} without a retake"),
        format!("每次睡 {delay} · 连续 {idle} 轮没有收回"),
    );
    let second = if machine.sched().sysmonwait {
        let until = crate::text::time(until);
        Text::new(format!("deep sleep, at most until t = {until}"), format!("深睡，最迟到 t = {until}"))
    } else if until > machine.now() {
        let until = crate::text::time(until);
        Text::new(format!("next look at t = {until}"), format!("下次看：t = {until}"))
    } else {
        Text::new("looks now", "正在看")
    };
    (first, second)
}

/// What it noted of a P, and a bar for the time since.
fn notes(machine: &GoSched, p: &P, number: u32, line: Rect, crowd: &Crowd, picture: &mut Diagram) {
    let noted = &p.sysmontick;
    let lit = crowd.focus.looked.contains(&number) || crowd.focus.p == Some(number) && acts(crowd.event);
    let words = Text::same(format!(
        "P{number}: schedtick {} @ {} · syscalltick {} @ {}",
        noted.schedtick,
        crate::text::time(noted.schedwhen),
        noted.syscalltick,
        crate::text::time(noted.syscallwhen),
    ));
    let ink = if lit { Ink::Of(Tone::Good) } else { Ink::Text };
    let words = label(words, 17.0).left(0.0).ink(ink);
    let mark = Mark::text(format!("sysmon/p/{number}"), point(line.x, line.y + 14.0), words);
    picture.push(mark.path(format!("allp[{number}].sysmontick")).layer(11));
    let (what, since, current) = match p.status {
        PStatus::Running if p.m.is_some() => {
            (Text::new("this slice", "本时间片"), noted.schedwhen, noted.schedtick == p.schedtick)
        }
        PStatus::Syscall => {
            (Text::new("system call", "系统调用"), noted.syscallwhen, noted.syscalltick == p.syscalltick)
        }
        _ => return,
    };
    let us = if current { machine.now().saturating_sub(since) } else { 0 };
    let track = rect(line.x, line.y + 36.0, line.w - 190.0, 12.0);
    bar(number, us, track, picture);
    let (en, zh) = match current {
        true => {
            (format!("{} ≥ {}", what.en, crate::text::time(us)), format!("{} ≥ {}", what.zh, crate::text::time(us)))
        }
        false => (format!("{}: new", what.en), format!("{}：新的", what.zh)),
    };
    let words = label(Text::new(en, zh), 17.0).ink(Ink::Soft).left(0.0);
    picture.push(Mark::text(format!("sysmon/p/{number}/us"), point(track.right() + 14.0, track.center().y), words));
}

fn bar(number: u32, us: u64, track: Rect, picture: &mut Diagram) {
    let key = format!("sysmon/p/{number}");
    let shape = Shape::Box { radius: 6.0 };
    let about = Text::new("time since sysmon noted this tick", "从 sysmon 记下这个计数起的时间");
    let back = Mark::new(format!("{key}/track"), track).shape(shape.clone()).fill(Fill::Well).border(Border::None);
    picture.push(back.about(about.clone()).layer(8));
    let share = (us as f32 / LIMIT as f32 * AT_LIMIT).clamp(0.0, 1.0);
    let filled = Rect { w: (track.w * share).max(2.0), ..track };
    let tone = if us >= LIMIT { Tone::Bad } else { Tone::Active };
    let bar = Mark::new(format!("{key}/bar"), filled).shape(shape).tone(tone).fill(Fill::Solid).border(Border::None);
    picture.push(bar.about(about).layer(9));
    let x = track.x + track.w * AT_LIMIT;
    let points = vec![point(x, track.y - 4.0), point(x, track.bottom() + 4.0)];
    let mark = Mark::new(format!("{key}/limit"), rect(x, track.y - 4.0, 0.0, track.h + 8.0));
    let mark = mark.shape(Shape::Line { points }).tone(Tone::Bad).fill(Fill::None).layer(10);
    picture.push(mark.about(Text::same("10 ms")));
    let words = mono("10 ms", 16.0).ink(Ink::Soft);
    picture.push(Mark::text(format!("{key}/limit/name"), point(x, track.bottom() + 14.0), words));
}

fn acts(event: Option<&Event>) -> bool {
    matches!(
        event,
        Some(
            Event::PreemptRequested { .. }
                | Event::RetakeDeferred { .. }
                | Event::PRetaken { .. }
                | Event::SyscalltickRaised { .. }
        )
    )
}

/// An arrow from sysmon to the thread or the P it acts on, around the cards.
pub fn act(machine: &GoSched, layout: &Layout, crowd: &Crowd, picture: &mut Diagram) {
    let (Some(event), true, Some(sysmon)) = (crowd.event, acts(crowd.event), machine.sysmon()) else { return };
    let Some((p, plan)) = layout.cards.iter().find(|(p, _)| Some(*p) == crowd.focus.p) else { return };
    let (key, signal) = match event {
        Event::PreemptRequested { target, signal, .. } => (format!("m/{target}"), *signal),
        _ => (format!("p/{p}"), false),
    };
    let get = |key: &str| picture.get(key).cloned();
    let (Some(to), Some(from)) = (get(&key), get("sysmon").or_else(|| get(&format!("m/{sysmon}")))) else { return };
    let gutter = plan.place.x - 10.0;
    let low = layout.bottom + 7.0;
    let begin: Vec<Point> = if from.rect.x > plan.place.right() {
        let (x, y) = (from.rect.x, from.rect.bottom() - 20.0);
        vec![point(x, y), point(x - 10.0, y), point(x - 10.0, low)]
    } else {
        vec![point(from.rect.center().x, from.rect.y), point(from.rect.center().x, low)]
    };
    let y = if key.starts_with('m') { to.rect.bottom() - 8.0 } else { plan.name.y };
    let end = if key.starts_with('m') { point(to.rect.x + 2.0, y) } else { point(to.rect.x, y) };
    let around = [point(gutter, low), point(gutter, y)];
    let about = Text::new("sysmon acts", "sysmon 动手");
    route("sysmon/act", begin.into_iter().chain(around).collect(), &to, end, Tone::Good, &about, picture);
    if signal && !layout.many && plan.systick.is_some() {
        let words = mono("SIGURG", 17.0).ink(Ink::Of(Tone::Good)).left(0.0);
        picture.push(Mark::text("sysmon/signal", point(gutter + 16.0, low + 18.0), words).layer(31));
    }
}
