//! Goroutines as circles and threads as triangles, each drawn once, in the tone of what happens to it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::event::Event;
use super::super::pc::Place;
use super::super::state::{GStatus, GoSched, Slot};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// So many goroutines are named by a count that stands for those without room.
const NAMED: usize = 128;

/// Diameter of a circle in units, where there is room.
pub const LARGE: f32 = 42.0;

/// What has been drawn already, and what the step is about.
pub struct Crowd<'a> {
    machine: &'a GoSched,
    drawn: BTreeSet<u32>,
    threads: BTreeSet<u32>,
    /// The goroutines, the P, its victim and the thread of the event.
    pub goids: Vec<u32>,
    /// The P that the event is about.
    pub p: Option<u32>,
    /// The P that is stolen from.
    pub victim: Option<u32>,
    /// The thread that took the step.
    pub m: Option<u32>,
    tone: Tone,
}

impl<'a> Crowd<'a> {
    /// Nothing drawn yet.
    pub fn new(machine: &'a GoSched, event: Option<&Event>) -> Crowd<'a> {
        let figures = event.and_then(|event| serde_json::to_value(event).ok());
        let figures = figures.as_ref().and_then(Value::as_object).and_then(|named| named.values().next());
        let number = |name: &str| figures.and_then(|f| f.get(name)?.as_u64()).map(|n| n as u32);
        let list = figures.and_then(|f| f.get("gs")?.as_array()).map_or(&[][..], Vec::as_slice);
        let mut goids: Vec<u32> = list.iter().filter_map(|g| Some(g.as_u64()? as u32)).collect();
        goids.extend(number("g"));
        let moved = matches!(
            event,
            Some(
                Event::StealCopied { .. }
                    | Event::StealCommitted { .. }
                    | Event::StealPublished { .. }
                    | Event::RunnextStolen { .. }
                    | Event::OverflowCopied { .. }
                    | Event::OverflowToGlobal { .. }
                    | Event::BatchMoved { .. }
            )
        );
        let tone = if moved { Tone::Moved } else { Tone::Active };
        let (drawn, threads) = (BTreeSet::new(), BTreeSet::new());
        Crowd { machine, drawn, threads, goids, p: number("p"), victim: number("victim"), m: number("m"), tone }
    }

    /// Whether a goroutine has been drawn.
    pub fn has(&self, slot: Slot) -> bool {
        self.drawn.contains(&self.machine.goid(slot))
    }

    /// Draws a goroutine, unless it stands elsewhere already.
    pub fn goroutine(&mut self, slot: Slot, place: Rect, tone: Tone, picture: &mut Diagram) {
        let goid = self.machine.goid(slot);
        if !self.drawn.insert(goid) {
            return;
        }
        let lit = self.goids.contains(&goid);
        let tone = if lit { self.tone } else { tone };
        let g = self.machine.g(slot);
        let status: &'static str = g.status.into();
        let program = self.machine.programs().get(usize::from(g.program)).map_or("", |program| program.name.as_str());
        let about = Text::new(
            format!("goroutine {goid}, {status}, program {program}"),
            format!("goroutine {goid}，{status}，程序 {program}"),
        );
        let mark = Mark::new(format!("g/{goid}"), place).tone(tone).fill(Fill::Tint).layer(20).about(about);
        // One that has ended is no longer in the state, though its thread has not let go of it yet.
        let mark = if g.status == GStatus::Dead { mark } else { mark.path(format!("allgs.{goid}")) };
        let mark = mark.border(if lit { Border::Thick } else { Border::Thin });
        let mark = Mark { shape: Shape::Circle, bend: 0.12, ..mark };
        let digits = goid.to_string();
        let size = if digits.len() > 3 { 16.0 } else { 18.0 };
        let fits = measure::width(&digits, size, Face::Mono) < place.w - 2.0 && place.h > 20.0;
        picture.push(if fits { mark.label(mono(digits, size)) } else { mark });
    }

    /// Draws as many goroutines as fit into `places`; a count stands for the rest.
    pub fn row(
        &mut self,
        key: &str,
        slots: impl Iterator<Item = Slot>,
        places: &[Rect],
        tone: Tone,
        picture: &mut Diagram,
    ) {
        let waiting: Vec<Slot> = slots.filter(|slot| !self.has(*slot)).collect();
        let all = waiting.len();
        let shown = if all > places.len() { places.len().saturating_sub(1) } else { all };
        for (slot, place) in waiting.iter().zip(places).take(shown) {
            self.goroutine(*slot, *place, tone, picture);
        }
        if all > shown
            && let Some(place) = places.last()
        {
            let wide = measure::width(&format!("+{}", all - shown), 16.0, Face::Mono) + 2.0;
            let place = rect(place.x, place.y, place.w.max(wide), place.h);
            let more = Mark::new(format!("{key}/more"), place).border(Border::None).fill(Fill::None).layer(20);
            let named: Vec<String> =
                waiting[shown..].iter().take(NAMED).map(|slot| format!("G{}", self.machine.goid(*slot))).collect();
            let rest = if all - shown > NAMED { " …" } else { "" };
            let named = named.join(" ") + rest;
            let about =
                Text::new(format!("{} more: {named}", all - shown), format!("还有 {} 个：{named}", all - shown));
            picture.push(more.label(mono(format!("+{}", all - shown), 16.0).ink(Ink::Soft)).about(about));
        }
    }

    /// Draws a thread with what it does beside it, unless it stands elsewhere already. Returns whether it was drawn.
    pub fn thread(&mut self, m: u32, place: Rect, room: f32, picture: &mut Diagram) -> bool {
        if !self.threads.insert(m) {
            return false;
        }
        let doing = self.machine.place(m);
        let (words, tone) = doing_words(doing);
        let acts = self.m == Some(m);
        let tone = if acts && tone == Tone::Plain { Tone::Active } else { tone };
        let spins = doing == Place::Spinning;
        let about = Text::new(format!("thread M{m}: {}", words.en), format!("线程 M{m}：{}", words.zh));
        let border = match (acts, spins) {
            (true, _) => Border::Thick,
            (false, true) => Border::Dashed,
            (false, false) => Border::Thin,
        };
        let name = format!("M{m}");
        let size = if name.len() > 3 { 16.0 } else { 17.0 };
        let mark = Mark::new(format!("m/{m}"), place).tone(tone).fill(Fill::Tint).border(border).layer(18);
        let mark = Mark { shape: Shape::Triangle, ..mark }.about(about).path(format!("allm[{m}]"));
        picture.push(mark.label(mono(name, size).down(place.h * 0.16)));
        if room > 40.0 {
            let fitted = Text::new(
                measure::fitted(&words.en, 17.0, Face::Sans, room),
                measure::fitted(&words.zh, 17.0, Face::Sans, room),
            );
            let at = point(place.right() + 8.0, place.center().y + 6.0);
            let ink = if tone == Tone::Plain { Ink::Soft } else { Ink::Of(tone) };
            picture.push(Mark::text(format!("m/{m}/doing"), at, label(fitted, 17.0).left(0.0).ink(ink)).layer(18));
        }
        true
    }

    /// Whether a thread has been drawn.
    pub fn has_thread(&self, m: u32) -> bool {
        self.threads.contains(&m)
    }

    /// Goroutines that stand nowhere yet and are in no queue and no thread's hand: the count there stands for those of
    /// them that had no room.
    pub fn rest(&self) -> Vec<Slot> {
        let machine = self.machine;
        let local = machine.ps().iter().flat_map(|p| p.runnext.into_iter().chain(p.ring()));
        let shared = machine.sched().runq.iter().copied();
        let held = (0..machine.ms().len() as u32).flat_map(|m| machine.in_hand(m));
        let queued: BTreeSet<Slot> =
            local.chain(shared).chain(polled(machine)).chain(parked(machine)).chain(held).collect();
        machine.live().map(|(slot, _)| slot).filter(|slot| !self.has(*slot) && !queued.contains(slot)).collect()
    }
}

/// Goroutines in the netpoller.
pub fn polled(machine: &GoSched) -> impl Iterator<Item = Slot> {
    machine.waiting().iter().map(|waiter| waiter.g)
}

/// Goroutines parked on channels.
pub fn parked(machine: &GoSched) -> impl Iterator<Item = Slot> {
    machine.chans().iter().flat_map(|chan| chan.recvq.iter().chain(&chan.sendq)).copied()
}

fn doing_words(doing: Place) -> (Text, Tone) {
    match doing {
        Place::User => (Text::new("runs Go code", "运行中"), Tone::Plain),
        Place::Scheduler => (Text::new("schedules", "在调度"), Tone::Plain),
        Place::Spinning => (Text::new("spinning", "自旋"), Tone::Moved),
        Place::Syscall => (Text::new("system call", "系统调用"), Tone::Bad),
        Place::Netpoll => (Text::new("in netpoll", "等网络"), Tone::Info),
        Place::Idle => (Text::new("idle", "空闲"), Tone::Faint),
        Place::Sysmon => (Text::new("sysmon", "sysmon"), Tone::Good),
    }
}

/// `n` places for circles from `at` to the right.
pub fn places(at: Rect, n: usize) -> Vec<Rect> {
    (0..n).map(|i| rect(at.x + (at.w + 6.0) * i as f32, at.y, at.w, at.h)).collect()
}
