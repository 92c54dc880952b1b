//! The line above the cards: the global queue, those who wait for the network and on channels, time, threads.

use super::super::program::Code;
use super::super::state::{GoSched, Slot};
use super::plan::RIGHT;
use super::tokens::{Crowd, LARGE, parked, places, polled};
use crate::diagram::{Border, Diagram, Ink, Mark, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

const TOP: f32 = 30.0;
/// The left edge of the queue.
const QUEUE: f32 = 236.0;
/// Room for a group of waiting goroutines, and for the clock.
const GROUP: f32 = 272.0;
const CLOCK: f32 = 180.0;

/// Draws the line.
pub fn draw(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    let mut right = RIGHT - CLOCK;
    if !machine.chans().is_empty() {
        right -= GROUP;
        let name = Text::new("on channels", "等 channel");
        group("chan", name, right, parked(machine).collect(), crowd, picture);
    }
    if machine.programs_have(|code| matches!(code, Code::Net(_))) {
        right -= GROUP;
        group("net", Text::same("netpoller"), right, polled(machine).collect(), crowd, picture);
    }
    queue(machine, right - 24.0, crowd, picture);
    clock(machine, picture);
}

fn queue(machine: &GoSched, right: f32, crowd: &mut Crowd, picture: &mut Diagram) {
    let sched = machine.sched();
    let y = TOP + 26.0;
    let name = label(Text::new("global runq", "全局队列 runq"), 19.0).ink(Ink::Soft).left(0.0);
    picture.push(Mark::text("global/name", point(48.0, y), name).path("sched.runq"));
    let lit = crowd.focus.global;
    let size = mono(sched.runqsize.to_string(), 20.0).left(0.0);
    let size = if lit { size.ink(Ink::Of(Tone::Info)) } else { size };
    picture.push(Mark::text("global/size", point(184.0, y), size).path("sched.runqsize"));
    let queue = Mark::new("global", rect(QUEUE, TOP, right - QUEUE, 52.0)).path("sched.runq");
    let queue = queue.about(Text::new("the global run queue", "全局运行队列")).shape(Shape::Box { radius: 26.0 });
    picture.push(if lit { queue.tone(Tone::Info).border(Border::Thick) } else { queue });
    let w = crowd.width();
    let fit = ((right - QUEUE - 14.0) / (w + 6.0)) as usize;
    let slots = places(point(QUEUE + 10.0, TOP + 5.0), w, LARGE, fit);
    crowd.row("global", sched.runq.iter().copied(), &slots, Tone::Info, picture);
}

fn group(key: &str, name: Text, x: f32, slots: Vec<Slot>, crowd: &mut Crowd, picture: &mut Diagram) {
    if slots.iter().all(|slot| crowd.has(*slot)) {
        return;
    }
    let name = Mark::text(format!("{key}/name"), point(x, TOP + 26.0), label(name, 18.0).ink(Ink::Soft).left(0.0));
    let begin = name.rect.right() + 10.0;
    picture.push(name);
    let w = crowd.width();
    let slots_at = places(point(begin, TOP + 5.0), w, LARGE, ((x + GROUP - begin) / (w + 6.0)) as usize);
    crowd.row(key, slots.into_iter(), &slots_at, Tone::Faint, picture);
}

fn clock(machine: &GoSched, picture: &mut Diagram) {
    let n = machine.ms().len();
    let plural = if n == 1 { "" } else { "s" };
    let time = label(format!("t = {}", crate::text::time(machine.now())), 18.0).right(0.0);
    picture.push(Mark::text("now", point(RIGHT, TOP + 14.0), time).path("now"));
    let threads = label(Text::new(format!("{n} thread{plural}"), format!("{n} 个线程")), 18.0).ink(Ink::Soft);
    picture.push(Mark::text("threads", point(RIGHT, TOP + 40.0), threads.right(0.0)).path("allm"));
}
