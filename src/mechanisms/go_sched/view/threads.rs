//! Threads as triangles, each drawn once, with what it does beside it.

use super::super::pc::Place;
use super::super::state::{GStatus, GoSched};
use super::tokens::{Crowd, places};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect};
use crate::text::Text;

/// Passes of a thief, as dots.
const PASSES: u8 = 4;

impl Crowd<'_> {
    /// Draws a thread, with what it does to the right of it in `room` units, unless it stands elsewhere already.
    pub fn thread(&mut self, m: u32, place: Rect, room: f32, picture: &mut Diagram) {
        if !self.threads.insert(m) {
            return;
        }
        let doing = self.machine.place(m);
        let (words, tone) = self.doing(m);
        let acts = self.focus.m == Some(m);
        let about = Text::new(format!("thread M{m}: {}", words.en), format!("线程 M{m}：{}", words.zh));
        let starting = self.starting(m).is_some();
        let border = match (acts, doing == Place::Spinning || starting) {
            (true, _) => Border::Thick,
            (false, true) => Border::Dashed,
            (false, false) => Border::Thin,
        };
        let mark = self.triangle(m, place).tone(tone).border(border).about(about);
        // Along the left edge of a card, past what stands there.
        let bend = if self.machine.ms()[m as usize].p.is_some() { -0.26 } else { 0.2 };
        let right = mark.rect.right();
        picture.push(Mark { bend, ..mark });
        if room > 40.0 {
            self.words(m, words, tone, rect(right + 8.0, place.y, room, place.h), picture);
        }
    }

    /// The triangle, wide enough for its name.
    fn triangle(&self, m: u32, place: Rect) -> Mark {
        let name = format!("M{m}");
        let size = if place.h > 60.0 { 19.0 } else { 17.0 };
        let size = if name.len() > 3 || place.h < 44.0 { 16.0 } else { size };
        let wide = measure::width(&name, size, Face::Mono);
        let w = if place.h < 44.0 { place.w } else { place.w.max(wide * 1.62) };
        let mark = Mark::new(format!("m/{m}"), Rect { w, ..place }).fill(Fill::Tint).layer(18);
        let mark = Mark { shape: Shape::Triangle, ..mark }.path(format!("allm[{m}]"));
        mark.label(mono(name, size).down(place.h * 0.19))
    }

    fn words(&self, m: u32, words: Text, tone: Tone, area: Rect, picture: &mut Diagram) {
        let fit = |words: &str| measure::fitted(words, 17.0, Face::Sans, area.w);
        let fitted = Text::new(fit(&words.en), fit(&words.zh));
        let passes = self.machine.passes(m);
        let y = area.center().y + if passes.is_some() { 0.0 } else { 6.0 };
        let ink = if tone == Tone::Plain { Ink::Soft } else { Ink::Of(tone) };
        let words = label(fitted, 17.0).left(0.0).ink(ink);
        picture.push(Mark::text(format!("m/{m}/doing"), point(area.x, y), words).layer(18));
        let Some(passes) = passes else { return };
        let about = Text::new(format!("stealing pass {passes} of 4"), format!("第 {passes} 轮偷取，共 4 轮"));
        for (i, dot) in (0..PASSES).zip(places(point(area.x + 1.0, y + 14.0), 9.0, 9.0, usize::from(PASSES))) {
            let fill = if i < passes { Fill::Solid } else { Fill::None };
            let dot = Mark::new(format!("m/{m}/pass/{i}"), dot).shape(Shape::Circle).tone(Tone::Moved).fill(fill);
            picture.push(dot.layer(18).about(about.clone()));
        }
    }

    /// The P that a thread has been given and does not own yet.
    pub fn starting(&self, m: u32) -> Option<u32> {
        self.machine.ms()[m as usize].nextp
    }

    /// What a thread does, and what that means.
    pub fn doing(&self, m: u32) -> (Text, Tone) {
        if let Some(p) = self.starting(m) {
            let spins = self.machine.ms()[m as usize].spinning;
            let tone = if spins { Tone::Moved } else { Tone::Plain };
            return (Text::new(format!("starting → P{p}"), format!("启动中 → P{p}")), tone);
        }
        match self.machine.place(m) {
            Place::User => (Text::new("runs Go code", "运行中"), Tone::Plain),
            Place::Scheduler if carries(self.machine, m) => (Text::new("in the runtime", "runtime 中"), Tone::Plain),
            Place::Scheduler => (Text::new("schedules", "在调度"), Tone::Plain),
            Place::Spinning => (Text::new("spinning", "自旋"), Tone::Moved),
            Place::Syscall => (Text::new("in the kernel", "内核中"), Tone::Bad),
            Place::Netpoll => (Text::new("in netpoll", "在 netpoll"), Tone::Info),
            Place::Idle => (Text::new("idle", "空闲"), Tone::Faint),
            Place::Sysmon => (Text::new("sysmon", "sysmon"), Tone::Good),
        }
    }
}

/// Whether a goroutine's own call brought the thread into the runtime.
fn carries(machine: &GoSched, m: u32) -> bool {
    let curg = machine.ms()[m as usize].curg;
    curg.is_some_and(|slot| matches!(machine.g(slot).status, GStatus::Running | GStatus::Syscall))
}
