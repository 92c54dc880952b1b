//! Threads: as triangles with what they do, those without a P below the cards, and how many may search.

use super::super::pc::Place;
use super::super::state::GStatus;
use super::Shown;
use crate::diagram::parts::{
    Field, Line, Queue, Steady, Strip, Token, Words, column, field, queue, row, steady, strip, token, words,
};
use crate::diagram::{Size, Tone};
use crate::text::{Text, time};

/// More threads than these are counted, not drawn.
const CROWDED: usize = 16;
/// Width of a thread with what it carries and does, in cells.
const SEAT: f32 = 6.8;
/// Idle threads that are drawn.
const IDLE: usize = 8;

impl Shown<'_> {
    /// A thread.
    pub(super) fn thread(&self, m: u32) -> Token {
        let (does, tone) = self.doing(m);
        let about = Text::new(format!("thread M{m}: {}", does.en), format!("线程 M{m}：{}", does.zh));
        let starting = self.m.ms[m as usize].nextp.is_some();
        let made = token(format!("m/{m}"), format!("M{m}")).triangle().tone(tone).about(about).bend(0.2);
        let made = made.dashed(starting || self.m.place(m) == Place::Spinning).path(format!("allm[{m}]"));
        if self.focus.m == Some(m) { made.strong() } else { made }
    }

    /// What a thread does, with the pass of one that steals.
    pub(super) fn does(&self, m: u32) -> Words {
        let (said, tone) = self.doing(m);
        let made = words(format!("m/{m}/doing"), said).whole();
        let made = if tone == Tone::Plain { made.quiet() } else { made.tone(tone) };
        match self.pass(m) {
            Some(pass) if self.size == Size::Window => made.note(pass_of(pass)),
            _ => made,
        }
    }

    pub(super) fn pass(&self, m: u32) -> Option<u8> {
        use super::super::event::Event::{StealCommitted, VictimFound};
        match self.event {
            Some(VictimFound { m: thief, pass, .. }) if *thief == m => Some(*pass),
            Some(StealCommitted { m: thief, .. }) if *thief == m => Some(self.m.ms[m as usize].w.pass + 1),
            _ => self.m.passes(m).filter(|pass| *pass > 0),
        }
    }

    fn doing(&self, m: u32) -> (Text, Tone) {
        let thread = &self.m.ms[m as usize];
        if thread.nextp.is_some() {
            let tone = if thread.spinning { Tone::Moved } else { Tone::Plain };
            return (Text::new("starting", "启动中"), tone);
        }
        let carries = thread.curg.is_some_and(|g| matches!(self.m.g(g).status, GStatus::Running | GStatus::Syscall));
        match self.m.place(m) {
            Place::User => (Text::new("runs Go code", "运行中"), Tone::Plain),
            Place::Scheduler if carries => (Text::new("in runtime", "runtime 中"), Tone::Plain),
            Place::Scheduler => (Text::new("schedules", "在调度"), Tone::Plain),
            Place::Spinning => (Text::new("spinning", "自旋"), Tone::Moved),
            Place::Syscall => (Text::new("in a system call", "系统调用中"), Tone::Bad),
            Place::Netpoll => (Text::new("in netpoll", "在 netpoll"), Tone::Info),
            Place::Idle => (Text::new("idle", "空闲"), Tone::Faint),
            Place::Sysmon => (Text::same("sysmon"), Tone::Good),
        }
    }

    /// Threads without a P side by side, where they have no room beside the idle ones.
    pub(super) fn outside(&self) -> Option<Line> {
        let seats = self.seats(if self.size == Size::Window { 5 } else { 3 });
        (!seats.is_empty() && !self.few()).then(|| row().each_filling(seats).strict())
    }

    /// Whether all threads that are at no P have room in one line.
    fn few(&self) -> bool {
        self.room.threads <= CROWDED && self.room.idle as f32 * 1.35 + self.room.outside as f32 * SEAT < 19.0
    }

    /// Whether there are others than the one P and its thread.
    pub(super) fn has_kernel(&self) -> bool {
        self.alone() && (self.has_card() || self.room.outside + self.room.idle > 0)
    }

    /// Beside a single P: sysmon, threads without the P below each other, idle ones.
    pub(super) fn kernel(&self) -> Option<Steady<Line>> {
        let most = if self.size == Size::Window { 5 } else { 3 };
        let made = column().maybe(self.has_card().then(|| self.sysmon())).each(self.seats(most));
        let idle = (self.room.idle > 0).then(|| strip(1.25).left(self.idle(2)));
        self.has_kernel().then(|| steady(made.maybe(idle), 5.0, if self.size == Size::Window { 9.0 } else { 8.0 }))
    }

    /// Everyone has a place by number and keeps it while nobody else has it.
    fn seats(&self, most: usize) -> Vec<Strip> {
        let n = self.room.outside.min(most);
        let mut seats: Vec<Option<u32>> = vec![None; n];
        let mut here = self.crowd.outside.clone();
        // Of a thousand in system calls three are as good as any; the one that waits for the network is like no other.
        let rank = |place| match place {
            Place::Netpoll => 0,
            Place::Syscall => 1,
            _ => 2,
        };
        here.sort_by_key(|m| (self.focus.m != Some(*m), rank(self.m.place(*m)), *m));
        here.truncate(n);
        here.sort_unstable();
        for m in here {
            let wanted = m as usize % n;
            if let Some(at) = (wanted..n).chain(0..wanted).find(|at| seats[*at].is_none()) {
                seats[at] = Some(m);
            }
        }
        seats.iter().map(|m| m.map_or_else(|| strip(1.25), |m| self.seat(m))).collect()
    }

    /// A thread with what it carries and until when.
    fn seat(&self, m: u32) -> Strip {
        let thread = &self.m.ms[m as usize];
        let made = strip(1.25).left(self.thread(m));
        let curg = self.crowd.curg.get(&m).map(|slot| self.g(*slot, self.stands(*slot)));
        let made = curg.into_iter().fold(made, Strip::left);
        let hand = self.crowd.hands.get(&m).map(|hand| {
            let tokens = hand.iter().map(|slot| self.g(*slot, Tone::Moved));
            queue(format!("m/{m}/hand"), "").tokens(tokens).slots(1).tone(Tone::Moved)
        });
        let made = hand.into_iter().fold(made, Strip::left);
        let lasts = thread.until > self.m.now && thread.until != u64::MAX;
        let until = match (lasts, thread.oldp) {
            (true, _) => Some(Text::new(format!("until {}", time(thread.until)), format!("到 {}", time(thread.until)))),
            (false, Some(p)) => Some(Text::same(format!("oldp = P{p}"))),
            (false, None) => None,
        };
        made.spare(until.into_iter().fold(self.does(m), Words::note))
    }

    /// Idle threads, the one on the right is taken next.
    fn idle(&self, most: usize) -> Queue {
        let threads = self.crowd.idle.iter().rev().take(most).rev().map(|m| self.thread(*m));
        let idle = queue("idle", Text::new("idle Ms", "空闲 M")).slots(self.room.idle.min(most));
        let idle = idle.widest(format!("M{}", "0".repeat(self.room.threads.to_string().len().max(2))));
        idle.tokens(threads).path("sched.midle")
    }

    /// Idle threads, figures, how many search and whether one more may.
    pub(super) fn below(&self) -> Strip {
        let made = strip(1.25);
        let made = if self.room.idle > 0 { made.left(self.idle(IDLE)) } else { made };
        let seats = if self.few() { self.seats(self.room.outside) } else { Vec::new() };
        let made = seats.into_iter().fold(made, |made, seat| made.left(steady(seat, SEAT / 2.0, SEAT)));
        let made = if self.room.threads > CROWDED { self.counts(made) } else { made };
        let made = match self.m.sysmon() {
            Some(m) if !self.has_card() => made.left(self.thread(m)).spare(self.does(m)),
            _ => made,
        };
        let unused = self.m.ps.len() - self.room.used.len();
        let made = match unused {
            0 => made,
            n => made.spare(
                words("unused", Text::new(format!("{n} more Ps idle"), format!("另有 {n} 个 P 空闲")))
                    .quiet()
                    .path("sched.pidle"),
            ),
        };
        self.spinning(made)
    }

    fn counts(&self, made: Strip) -> Strip {
        let calls = (0..self.m.ms.len() as u32).filter(|m| self.m.place(*m) == Place::Syscall).count();
        let count = |key: &str, name: Text, n: usize| {
            field(format!("count/{key}"), name, n.to_string()).widest("0000").bare().path("allm")
        };
        let made = made.left(count("threads", Text::new("threads", "线程"), self.m.ms.len()));
        made.left(count("calls", Text::new("in system calls", "系统调用中"), calls))
    }

    /// How many search.
    pub(super) fn searching(&self) -> Field {
        let count = field("nmspinning", "nmspinning", self.m.sched.nmspinning.to_string()).widest("00").bare();
        count.tone(self.tone_if(self.focus.spin)).path("sched.nmspinning")
    }

    /// By the figures after this step, or those that the step went by.
    fn spinning(&self, made: Strip) -> Strip {
        let (sched, procs, lit) = (&self.m.sched, self.m.ps.len(), self.focus.spin);
        let (n, idle) = match self.focus.rule {
            Some((before, busy)) => (before, procs - busy as usize),
            None => (sched.nmspinning, sched.pidle.len()),
        };
        let (sign, en, zh) = match 2 * n < (procs - idle) as i32 {
            true => ('✓', "may spin", "允许自旋"),
            false => ('✗', "no more may spin", "不可再自旋"),
        };
        let rule = words("spin-rule", format!("2 × {n} < {procs} − {idle} {sign}")).path("sched.npidle");
        let rule = if self.size == Size::Window { rule.note(Text::new(en, zh)) } else { rule };
        let rule = if lit { rule.tone(self.tone) } else { rule.quiet() };
        let made = made.right(self.searching());
        // The rule is of use where there is a second P.
        if procs > 1 && (lit || self.size == Size::Window) { made.right(rule) } else { made }
    }
}

/// Which of the passes through all Ps.
pub(super) fn pass_of(pass: u8) -> Text {
    Text::new(format!("pass {pass}/4"), format!("第 {pass}/4 轮"))
}
