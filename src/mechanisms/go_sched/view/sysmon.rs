//! sysmon's card: how it sleeps, what it noted of each P, and how long ago.

use super::super::event::Event;
use super::super::state::{P, PStatus};
use super::Shown;
use crate::diagram::parts::{Card, Line, Steady, card, column, meter, row, steady, strip, words};
use crate::diagram::{Size, Tone};
use crate::text::{Text, time};

/// Microseconds after which it preempts, and retakes at any rate; what the bar stands for.
const LIMIT: u64 = 10_000;
const WHOLE: u64 = 12_500;

impl Shown<'_> {
    /// Whether sysmon has a card: beside few Ps.
    pub(super) fn has_card(&self) -> bool {
        self.m.sysmon().is_some() && (self.alone() || self.m.ps.len() == 2 && self.size == Size::Window)
    }

    pub(super) fn sysmon(&self) -> Steady<Card> {
        let m = self.m.sysmon().unwrap_or_default();
        let (idle, delay) = self.m.sysmon_pace().unwrap_or_default();
        let until = self.m.ms[m as usize].until;
        let pace = if self.m.sched.sysmonwait {
            Text::new(format!("deep sleep until {}", time(until)), format!("深睡到 {}", time(until)))
        } else {
            Text::new(format!("sleeps {}", time(delay)), format!("每次睡 {}", time(delay)))
        };
        let pace = words("sysmon/pace", pace).path("sysmon");
        let rounds = Text::new(format!("{idle} rounds without a retake"), format!("连续 {idle} 轮没有收回"));
        let pace = if self.size == Size::Window { pace.note(rounds) } else { pace };
        let acts = self.focus.m == Some(m);
        let made = card("sysmon", "sysmon").path("sysmon");
        let made = if acts { made.active().tone(self.tone) } else { made };
        let made = self.sends().into_iter().fold(made, |made, what| made.status(what, self.tone));
        let notes = (0..).zip(&self.m.ps).map(|(number, p)| self.noted(number, p));
        steady(made.with(strip(1.25).left(self.thread(m)).left(pace.quiet())).with(column().each(notes)), 5.0, 8.0)
    }

    /// What it noted of a P, and a bar for the time since.
    fn noted(&self, number: u32, p: &P) -> Line {
        let noted = &p.sysmontick;
        let (name, since, current) = match p.status {
            PStatus::Syscall => ("syscalltick", noted.syscallwhen, noted.syscalltick == p.syscalltick),
            _ => ("schedtick", noted.schedwhen, noted.schedtick == p.schedtick),
        };
        let tick = if name == "schedtick" { noted.schedtick } else { noted.syscalltick };
        let lit = self.focus.looked.contains(&number) || self.focus.ps.contains(&number) && self.sends().is_some();
        let path = format!("allp[{number}].sysmontick");
        let said = words(format!("sysmon/p/{number}"), format!("P{number} {name} {tick}")).path(path.clone());
        let us = if current && p.status != PStatus::Idle { self.m.now.saturating_sub(since) } else { 0 };
        let tone = if us >= LIMIT { Tone::Bad } else { Tone::Active };
        let about = Text::new("time since sysmon noted this tick", "从 sysmon 记下这个计数起的时间");
        let bar = meter(format!("sysmon/p/{number}/since"), WHOLE as f32, about).fill(0.0, us as f32, tone);
        let bar = bar.limit(LIMIT as f32, Tone::Bad).path(path);
        let limit = match self.size {
            Size::Window => format!("{} / {}", time(us), time(LIMIT)),
            Size::Stage => time(us),
        };
        let limit = words(format!("sysmon/p/{number}/us"), limit).quiet();
        let line = strip(0.8).left(if lit { said.tone(self.tone) } else { said });
        row().filling(1.0, column().with(line.right(limit)).with(bar).gap(0.2))
    }

    /// What it does to a P or its thread in this step.
    pub(super) fn sends(&self) -> Option<Text> {
        match self.event? {
            Event::PreemptRequested { target, signal: true, .. } => Some(Text::same(format!("SIGURG → M{target}"))),
            Event::PreemptRequested { g, .. } => Some(Text::new(format!("stop G{g}"), format!("让 G{g} 停下"))),
            Event::PRetaken { p, .. } => Some(Text::new(format!("retakes P{p}"), format!("收回 P{p}"))),
            Event::RetakeDeferred { p, .. } => Some(Text::new(format!("leaves P{p}"), format!("暂不收 P{p}"))),
            _ => None,
        }
    }
}
