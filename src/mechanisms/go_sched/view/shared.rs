//! What Ps share: the global queue and those who wait, above the cards; threads without a P, below them.

use super::super::pc::Place;
use super::super::state::{GStatus, GoSched, Slot};
use super::tokens::{Crowd, LARGE, parked, places, polled};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

const TOP: f32 = 34.0;

/// Draws the line above the cards.
pub fn above(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    let sched = machine.sched();
    let y = TOP + 26.0;
    let name = label(Text::new("global runq", "全局队列 runq"), 19.0).ink(Ink::Soft).left(0.0);
    picture.push(Mark::text("global/name", point(48.0, y), name).path("sched.runq"));
    picture.push(
        Mark::text("global/size", point(190.0, y), mono(sched.runqsize.to_string(), 20.0).left(0.0))
            .path("sched.runqsize"),
    );
    let queue = Mark::new("global", rect(236.0, TOP, 560.0, 52.0)).path("sched.runq");
    let queue = queue.about(Text::new("the global run queue", "全局运行队列"));
    picture.push(Mark { shape: Shape::Box { radius: 26.0 }, ..queue });
    let slots = places(rect(246.0, TOP + 5.0, LARGE, LARGE), 11);
    crowd.row("global", sched.runq.iter().copied(), &slots, Tone::Info, picture);
    group("net", Text::same("netpoller"), 822.0, 4, polled(machine).collect(), crowd, picture);
    let name = Text::new("on channels", "等 channel");
    group("chan", name, 1120.0, 4, parked(machine).collect(), crowd, picture);
    let n = machine.ms().len();
    let plural = if n == 1 { "" } else { "s" };
    let threads = label(Text::new(format!("{n} thread{plural}"), format!("{n} 个线程")), 17.0);
    picture.push(Mark::text("threads", point(1552.0, y + 28.0), threads.right(0.0).ink(Ink::Soft)).path("allm"));
    let time = format!("t = {}", time(machine.now()));
    picture.push(Mark::text("now", point(1552.0, y), mono(time, 18.0).right(0.0).ink(Ink::Soft)).path("now"));
}

fn group(key: &str, name: Text, x: f32, most: usize, slots: Vec<Slot>, crowd: &mut Crowd, picture: &mut Diagram) {
    if slots.iter().all(|slot| crowd.has(*slot)) {
        return;
    }
    let name = Mark::text(format!("{key}/name"), point(x, TOP + 26.0), label(name, 18.0).ink(Ink::Soft).left(0.0));
    let begin = name.rect.right() + 10.0;
    picture.push(name);
    let slots_at = places(rect(begin, TOP + 5.0, LARGE, LARGE), most);
    crowd.row(key, slots.into_iter(), &slots_at, Tone::Faint, picture);
}

/// Microseconds as a reader would say them.
fn time(us: u64) -> String {
    if us < 1_000 { format!("{us} µs") } else { format!("{}.{:03} ms", us / 1_000, us % 1_000) }
}

/// Draws the lines below the cards: threads in system calls, waiting goroutines, idle threads, the spinning rule.
pub fn below(machine: &GoSched, crowd: &mut Crowd, picture: &mut Diagram) {
    if let Some(dead) = machine.dead() {
        let words = if dead.message.is_empty() { "main returned".to_owned() } else { dead.message.replace('\n', "  ") };
        let tone = if dead.exit == 0 { Tone::Good } else { Tone::Bad };
        let mark = Mark::new("dead", rect(48.0, 700.0, 1504.0, 54.0)).path("dead").tone(tone).fill(Fill::Tint);
        let words = measure::fitted(&words, 22.0, Face::Mono, 1150.0);
        let words = mono(format!("{words}  (exit status {})", dead.exit), 22.0).ink(Ink::Tone);
        picture.push(mark.border(Border::Thick).label(words));
    }
    let mut pen = Pen { x: 48.0, y: 640.0, last: machine.dead().is_none() };
    let detached: Vec<u32> = (0..machine.ms().len() as u32).filter(|m| !crowd.has_thread(*m)).collect();
    let (idle, busy): (Vec<u32>, Vec<u32>) = detached.into_iter().partition(|m| machine.place(*m) == Place::Idle);
    let mut left_out = 0;
    let special = |m: u32| machine.place(m) != Place::Syscall;
    let mut others = busy.iter().filter(|m| special(**m)).count();
    for (i, &m) in busy.iter().enumerate() {
        others -= usize::from(special(m));
        let held: Vec<Slot> = machine.ms()[m as usize].curg.into_iter().chain(machine.in_hand(m)).collect();
        let held: Vec<Slot> = held.into_iter().filter(|slot| !crowd.has(*slot)).collect();
        let wide = 64.0 + 118.0 + held.len().min(6) as f32 * (LARGE + 6.0) + 14.0;
        // Room for those to come that are not one more system call, and for the count of those left out.
        let spare = if i + 1 < busy.len() || left_out > 0 { 206.0 + 212.0 * others.min(2) as f32 } else { 0.0 };
        let Some(at) = pen.take_leaving(wide, spare) else {
            left_out += 1;
            continue;
        };
        crowd.thread(m, rect(at.0, at.1, 60.0, 52.0), 112.0, picture);
        let slots = places(rect(at.0 + 188.0, at.1 + 8.0, LARGE, LARGE), held.len().min(6));
        crowd.row(&format!("m/{m}"), held.into_iter(), &slots, Tone::Bad, picture);
    }
    if left_out > 0
        && let Some(at) = pen.take(190.0)
    {
        let words = Text::new(format!("+{left_out} more threads"), format!("还有 {left_out} 个线程"));
        picture.push(Mark::text("m/more", point(at.0, at.1 + 30.0), label(words, 18.0).left(0.0).ink(Ink::Soft)));
    }
    let others: Vec<Slot> = crowd.rest();
    if !others.is_empty()
        && let Some(at) = pen.take(100.0 + (others.len().min(9) as f32) * (LARGE + 6.0))
    {
        let words = label(elsewhere(machine, &others), 18.0).ink(Ink::Soft).left(0.0);
        let name = Mark::text("elsewhere/name", point(at.0, at.1 + 30.0), words);
        let begin = name.rect.right() + 10.0;
        picture.push(name);
        let slots = places(rect(begin, at.1 + 8.0, LARGE, LARGE), others.len().min(8));
        crowd.row("elsewhere", others.into_iter(), &slots, Tone::Faint, picture);
    }
    if !idle.is_empty()
        && let Some(at) = pen.take(330.0)
    {
        let name = Mark::text(
            "idle/name",
            point(at.0, at.1 + 30.0),
            label(Text::new("idle Ms", "空闲 M"), 18.0).ink(Ink::Soft).left(0.0),
        );
        let mut x = name.rect.right() + 10.0;
        picture.push(name.path("sched.midle"));
        for m in idle.iter().take(3) {
            crowd.thread(*m, rect(x, at.1, 60.0, 52.0), 0.0, picture);
            x += 66.0;
        }
        if idle.len() > 3 {
            let more = format!("+{}", idle.len() - 3);
            picture.push(Mark::text(
                "idle/more",
                point(x + 4.0, at.1 + 32.0),
                mono(more, 17.0).left(0.0).ink(Ink::Soft),
            ));
        }
    }
    if let Some(at) = pen.take(320.0) {
        let sched = machine.sched();
        let words = format!("nmspinning {}", sched.nmspinning);
        let name = Mark::text("nmspinning", point(at.0, at.1 + 30.0), mono(words, 18.0).left(0.0).ink(Ink::Soft));
        let busy = machine.ps().len() - sched.pidle.len();
        let rule =
            format!("2 × {} {} {busy}", sched.nmspinning, if 2 * sched.nmspinning < busy as i32 { "<" } else { "≥" });
        let place = point(name.rect.right() + 14.0, at.1 + 30.0);
        picture.push(name.path("sched.nmspinning"));
        let about =
            Text::new("a thread may spin while 2 × nmspinning < busy Ps", "2 × nmspinning < 忙碌的 P 数时允许自旋");
        picture.push(Mark::text("spin-rule", place, mono(rule, 18.0).left(0.0).ink(Ink::Soft)).about(about));
    }
}

/// Why those stand here who are in no queue.
fn elsewhere(machine: &GoSched, slots: &[Slot]) -> Text {
    let asleep = slots.iter().all(|slot| machine.g(*slot).status == GStatus::Waiting);
    if asleep { Text::new("parked", "挂起") } else { Text::new("on the way", "途中") }
}

/// Places from left to right in two lines.
struct Pen {
    x: f32,
    y: f32,
    /// Whether the second line is free.
    last: bool,
}

impl Pen {
    fn take(&mut self, wide: f32) -> Option<(f32, f32)> {
        self.take_leaving(wide, 0.0)
    }

    /// Takes a place after which `spare` is still free.
    fn take_leaving(&mut self, wide: f32, spare: f32) -> Option<(f32, f32)> {
        let last = !self.last || self.y > 660.0;
        if last && self.x + wide + spare > 1552.0 {
            return None;
        }
        if self.x + wide > 1552.0 {
            (self.x, self.y) = (48.0, 700.0);
        }
        let at = (self.x, self.y);
        self.x += wide + 16.0;
        Some(at)
    }
}

/// The area left for the cards.
pub const CARDS: Rect = rect(48.0, 104.0, 1504.0, 524.0);
