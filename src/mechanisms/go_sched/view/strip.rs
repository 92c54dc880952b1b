//! The lines below the cards: threads without a P, parked goroutines, idle threads, the spinning rule. Each in its
//! place.

use super::super::pc::Place;
use super::super::state::{GStatus, GoSched, Slot};
use super::kernel::{HEIGHT, outside, seats};
use super::many::gauge;
use super::plan::{LEFT, Layout, RIGHT};
use super::tokens::{Crowd, LARGE, places};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// The upper edges of the two lines.
const FIRST: f32 = 626.0;
const SECOND: f32 = 696.0;
/// More threads than these are counted, not drawn.
const FEW: usize = 16;
/// Where the idle threads begin, and where what is said of spinning may begin.
const IDLE: f32 = 560.0;
const SPIN: f32 = 1100.0;
/// Width of a place for a thread without a P, and the space between two.
const SEAT: f32 = 264.0;
const GAP: f32 = 40.0;

/// Draws the lines.
pub fn draw(machine: &GoSched, layout: &Layout, crowd: &mut Crowd, picture: &mut Diagram) {
    let crowded = machine.ms().len() > FEW;
    let mut left = LEFT;
    if crowded {
        left = gauges(machine, picture);
    }
    let fault = machine.dead().is_some_and(|dead| dead.exit != 0);
    if fault {
        banner(machine, rect(left, FIRST + 4.0, RIGHT - left, 52.0), picture);
    } else {
        first(machine, layout, left, crowd, picture);
    }
    elsewhere(machine, crowd, picture);
    idle(machine, crowd, picture);
    spinning(machine, crowd, picture);
}

/// How the process ended, unless main simply returned.
fn banner(machine: &GoSched, place: Rect, picture: &mut Diagram) {
    let Some(dead) = machine.dead() else { return };
    let mark = Mark::new("dead", place).path("dead").tone(Tone::Bad).fill(Fill::Tint).border(Border::Thick);
    let message = dead.message.replace('\n', "  ");
    let fit = |words: String| measure::fitted(&words, 20.0, Face::Mono, place.w - 40.0);
    let words = Text::new(
        fit(format!("{message}  (exit status {})", dead.exit)),
        fit(format!("{message}  (退出码 {})", dead.exit)),
    );
    picture.push(mark.label(mono(words, 20.0).ink(Ink::Tone)));
}

/// Where many threads are: figures instead of triangles.
fn gauges(machine: &GoSched, picture: &mut Diagram) -> f32 {
    let ms = machine.ms().len();
    let calls = (0..ms as u32).filter(|m| machine.place(*m) == Place::Syscall).count();
    let all = [
        ("gauge/threads", ms, Text::new("threads", "线程"), "allm"),
        ("gauge/calls", calls, Text::new("in system calls", "系统调用中"), "allm"),
        ("gauge/net", machine.waiting().len(), Text::same("netpoller"), "netpoll"),
    ];
    let mut x = LEFT;
    for (key, n, name, path) in all {
        gauge(key, n, name, rect(x, FIRST, 180.0, HEIGHT), path, picture);
        x += 200.0;
    }
    x + 8.0
}

/// sysmon, and the threads without a P.
fn first(machine: &GoSched, layout: &Layout, mut left: f32, crowd: &mut Crowd, picture: &mut Diagram) {
    if let (Some(m), None) = (machine.sysmon(), layout.panel) {
        let (_, delay) = machine.sysmon_pace().unwrap_or_default();
        let delay = crate::text::time(delay);
        let place = rect(left, FIRST + 4.0, 60.0, 52.0);
        crowd.thread(m, place, 0.0, picture);
        let words = label(Text::new("sysmon", "sysmon"), 17.0).ink(Ink::Of(Tone::Good)).left(0.0);
        let x = place.right() + 10.0;
        picture.push(Mark::text("sysmon/name", point(x, FIRST + 20.0), words));
        let words = label(Text::new(format!("sleep {delay}"), format!("睡 {delay}")), 17.0).ink(Ink::Soft).left(0.0);
        picture.push(Mark::text("sysmon/pace", point(x, FIRST + 43.0), words).path("sysmon"));
        left += 60.0 + 10.0 + 100.0 + GAP;
    }
    if layout.panel.is_some() {
        return;
    }
    let slots = if machine.ps().len() < 4 && left == LEFT {
        // Right of the places for threads that are about to get a P.
        layout.cards.iter().map(|(_, plan)| rect(plan.place.x + 236.0, FIRST, SEAT - 10.0, HEIGHT)).collect()
    } else {
        let n = ((RIGHT - left + GAP) / (SEAT + GAP)) as usize;
        let at = |i: usize| rect(left + (SEAT + GAP) * i as f32, FIRST, SEAT, HEIGHT);
        (0..n).map(at).collect::<Vec<Rect>>()
    };
    let ms = outside(machine, crowd);
    seats(machine, &ms, &slots, crowd, picture);
}

/// Parked goroutines that are in no queue.
fn elsewhere(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    let others: Vec<Slot> = crowd.rest();
    if others.is_empty() {
        return;
    }
    let asleep = others.iter().all(|slot| machine.g(*slot).status == GStatus::Waiting);
    let words = if asleep { Text::new("parked", "挂起") } else { Text::new("on the way", "途中") };
    let y = SECOND + HEIGHT / 2.0 - 4.0;
    let name = Mark::text("elsewhere/name", point(LEFT, y), label(words, 18.0).ink(Ink::Soft).left(0.0));
    let begin = name.rect.right() + 10.0;
    picture.push(name);
    let w = crowd.width();
    let fit = ((IDLE - 24.0 - begin) / (w + 6.0)) as usize;
    let slots = places(point(begin, y - LARGE / 2.0), w, LARGE, fit);
    crowd.row("elsewhere", others.into_iter(), &slots, Tone::Faint, picture);
}

/// Idle threads in the order of the list: the one on the right is taken next.
fn idle(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    let list = &machine.sched().midle;
    let taken = (0..machine.ms().len() as u32).filter(|m| machine.place(*m) == Place::Idle && !list.contains(m));
    let all: Vec<u32> = list.iter().copied().chain(taken).filter(|m| !crowd.threads.contains(m)).collect();
    if all.is_empty() {
        return;
    }
    let y = SECOND + HEIGHT / 2.0 - 4.0;
    let words = label(Text::new("idle Ms", "空闲 M"), 18.0).ink(Ink::Soft).left(0.0);
    let name = Mark::text("idle/name", point(IDLE, y), words);
    let mut x = name.rect.right() + 12.0;
    picture.push(name.path("sched.midle"));
    let pitch = if machine.ms().len() > 1000 { 90.0 } else { 66.0 };
    let most = ((SPIN - x) / pitch) as usize;
    let skipped = if all.len() > most { all.len() + 1 - most } else { 0 };
    if skipped > 0 {
        let more = Mark::text("idle/more", point(x, y), mono(format!("+{skipped}"), 17.0).left(0.0).ink(Ink::Soft));
        picture.push(more);
        x += pitch;
    }
    for m in &all[skipped..] {
        crowd.thread(*m, rect(x, y - 26.0, 56.0, 48.0), 0.0, picture);
        x += pitch;
    }
}

/// How many search, and whether one more may: by the figures after this step, or those that the step went by.
fn spinning(machine: &GoSched, crowd: &Crowd, picture: &mut Diagram) {
    let sched = machine.sched();
    let procs = machine.ps().len();
    let y = SECOND + HEIGHT / 2.0 - 4.0;
    let (n, idle) = match crowd.focus.rule {
        Some((before, busy)) => (before, procs - busy as usize),
        None => (sched.nmspinning, sched.pidle.len()),
    };
    let may = 2 * n < (procs - idle) as i32;
    let (sign, en, zh) = match may {
        true => ('✓', "may spin", "允许自旋"),
        false => ('✗', "no more may spin", "不可再自旋"),
    };
    let rule = format!("2 × {n} < {procs} − {idle} {sign}");
    let ink = if crowd.focus.spin { Ink::Of(Tone::Moved) } else { Ink::Soft };
    let count = label(format!("nmspinning {}", sched.nmspinning), 17.0).left(0.0);
    let count = if crowd.focus.spin { count.strong().ink(ink) } else { count };
    let count = Mark::text("nmspinning", point(SPIN + 30.0, y), count).path("sched.nmspinning");
    let about = Text::new(
        "a thread may begin to spin while 2 × nmspinning < GOMAXPROCS − npidle",
        "2 × nmspinning < GOMAXPROCS − npidle 时才允许开始自旋",
    );
    let rule = label(rule, 17.0).ink(ink).left(0.0);
    let rule = Mark::text("spin-rule", point(count.rect.right() + 16.0, y), rule).about(about.clone());
    let verdict = label(Text::new(en, zh), 17.0).ink(ink).left(0.0);
    let verdict = Mark::text("spin-rule/verdict", point(rule.rect.right() + 8.0, y), verdict).about(about);
    picture.push(count);
    picture.push(rule.path("sched.npidle"));
    picture.push(verdict);
}
