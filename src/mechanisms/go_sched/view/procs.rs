//! A card a P: its thread, what it runs, what the thread holds, `runnext`, its ring.

use super::super::event::Event;
use super::super::glance::Behind;
use super::super::pc::Place;
use super::super::state::{PStatus, RUNQ, Slot};
use super::Shown;
use super::crowd::Proc;
use super::outside::pass_of;
use crate::diagram::parts::{
    Card, Line, Ring, Socket, Steady, Strip, Token, Words, card, column, queue, rigid, ring, row, socket, steady,
    strip, token, words,
};
use crate::diagram::{Size, Tone};
use crate::text::{Text, time};

/// So many Ps stand side by side with all lines, so many have short cards in two rows, so many a line each; of more only
/// their names are seen, and who runs.
const FULL: usize = 4;
const SHORT: usize = 8;
const FEW: usize = 16;
/// Beside so many Ps there is room for names of places.
const NAMED: usize = 2;

impl Shown<'_> {
    /// The Ps that the run uses, in as few rows as they need.
    pub(super) fn procs(&self) -> Line {
        let used: Vec<u32> = self.room.used.iter().copied().collect();
        let n = used.len();
        let columns = match n {
            0..=FULL => n.max(1),
            ..=FEW => FULL,
            _ => 8,
        };
        let cells = match n {
            1 if self.has_kernel() => 9.0,
            1 => 13.0,
            2 => 9.0,
            3 => 7.6,
            ..=FEW => 6.4,
            _ => 3.0,
        };
        let made = |p: &u32| steady(self.proc(*p, n), cells / 2.0, cells);
        // In the last row too a P is as wide as the others.
        let row_of = |ps: &[u32]| -> Line {
            let line = row().each_filling(ps.iter().map(made)).strict();
            (ps.len()..columns).fold(line, |line, _| line.filling(1.0, strip(0.0)))
        };
        column().each_filling(used.chunks(columns).map(row_of).collect::<Vec<_>>()).strict()
    }

    fn proc(&self, number: u32, n: usize) -> Card {
        let (p, proc) = (&self.m.ps[number as usize], &self.crowd.procs[number as usize]);
        let made = card(format!("p/{number}"), format!("P{number}")).path(format!("allp[{number}]"));
        let idle = self.m.sched.pidle.contains(&number);
        let about = n > 1 && self.focus.ps.contains(&number);
        let made = match () {
            () if about => made.active().tone(self.tone),
            () if n > 1 && self.focus.looked.contains(&number) => made.active().tone(Tone::Info),
            () if p.status == PStatus::Syscall => made.tone(Tone::Bad).away(),
            () if idle => made.away(),
            () => made,
        };
        let made = self.status(number, proc).into_iter().fold(made, |made, (words, tone)| made.status(words, tone));
        if n > SHORT {
            return self.tile(number, proc, made, n);
        }
        let tick = self.focus.tick == Some(number);
        let made = match (self.size, tick) {
            (_, true) => made.badge(
                token(format!("p/{number}/schedtick"), format!("schedtick {}", p.schedtick))
                    .square()
                    .tone(self.tone)
                    .strong()
                    .path(format!("allp[{number}].schedtick")),
            ),
            (Size::Window, false) => made.note(format!("schedtick {}", p.schedtick)),
            (Size::Stage, false) => made,
        };
        if n <= FULL {
            let made = made.with(self.says(proc, self.thread_line(number, proc, n <= NAMED))).filling(strip(0.0));
            let made = made
                .with(self.next_line(number, proc, n == 1 || n <= NAMED && self.size == Size::Window))
                .filling(strip(0.0));
            return made
                .with(strip(0.7).left(self.count(number)))
                .with(self.ring(number, proc))
                .filling(self.foot(number));
        }
        match self.size {
            Size::Window => {
                let why = self.decided(number).map(|why| words(format!("p/{number}/why"), why).tone(self.tone).whole());
                let next = self
                    .next_line(number, proc, n == 1 || n <= NAMED && self.size == Size::Window)
                    .right(why.unwrap_or_else(|| self.count(number)));
                made.with(self.says(proc, self.thread_line(number, proc, n <= NAMED)))
                    .with(next)
                    .with(self.ring(number, proc))
            }
            Size::Stage => made.with(self.short_line(number, proc)).with(self.ring(number, proc)),
        }
    }

    /// One of many: who runs, who searches, how many wait.
    fn tile(&self, number: u32, proc: &Proc, made: Card, n: usize) -> Card {
        if n <= FEW {
            let waits = Some(proc.ring.len()).filter(|n| *n > 0);
            let waits = waits.map(|n| words(format!("p/{number}/runq/len"), n.to_string()).tone(Tone::Info));
            return made.with(waits.into_iter().fold(self.short_line(number, proc), Strip::right));
        }
        let m = proc.m.into_iter().map(|m| self.thread(m));
        let g = proc.m.and_then(|m| self.crowd.curg.get(&m)).map(|slot| self.g(*slot, self.stands(*slot)));
        m.chain(g).fold(made, Card::badge)
    }

    fn short_line(&self, number: u32, proc: &Proc) -> Strip {
        self.says(proc, self.thread_line(number, proc, false).left(self.next(number, proc, "")))
    }

    /// What is said of a P whose thread is not simply there.
    fn status(&self, number: u32, proc: &Proc) -> Option<(Text, Tone)> {
        let p = &self.m.ps[number as usize];
        match () {
            () if self.m.sched.pidle.contains(&number) => Some((Text::new("idle", "空闲"), Tone::Faint)),
            () if p.status == PStatus::Syscall => Some((Text::new("in a system call", "系统调用中"), Tone::Bad)),
            () if p.m.is_some() || proc.m.is_some() => None,
            () => Some(match proc.held {
                Some(m) => (Text::new(format!("held by M{m}"), format!("M{m} 拿着")), Tone::Plain),
                None => (Text::new("no M", "无 M"), Tone::Plain),
            }),
        }
    }

    /// The thread with what it does, and what it runs.
    fn thread_line(&self, number: u32, proc: &Proc, named: bool) -> Strip {
        let name = if named { Text::new("runs", "运行") } else { Text::default() };
        let curg = proc.m.and_then(|m| self.crowd.curg.get(&m));
        let runs = socket(format!("p/{number}/running"), name).well().widest(self.widest());
        let runs = runs.token(curg.map(|slot| self.g(*slot, self.stands(*slot))));
        strip(1.25).left(rigid(row().with(self.place_of_thread(proc)).with(runs).gap(0.6)))
    }

    /// What its thread does, unless it is seen that it runs a goroutine.
    fn says(&self, proc: &Proc, made: Strip) -> Strip {
        let says = proc.m.filter(|m| self.m.place(*m) != Place::User);
        says.into_iter().fold(made, |made, m| made.spare(self.does(m)))
    }

    /// The thread, or nothing, in a place wide enough for any.
    fn place_of_thread(&self, proc: &Proc) -> Steady<Line> {
        let longest = format!("M{}", self.room.threads.saturating_sub(1));
        let cells = token("", longest).triangle().cells(self.size);
        steady(row().maybe(proc.m.map(|m| self.thread(m))), cells, cells)
    }

    /// `runnext`, and what the thread holds.
    fn next_line(&self, number: u32, proc: &Proc, named: bool) -> Strip {
        let made = strip(1.2).left(rigid(self.next(number, proc, "runnext")));
        let Some((m, hand)) = proc.m.and_then(|m| Some((m, self.crowd.hands.get(&m)?))) else { return made };
        let name = if named { Text::new("in hand", "手里") } else { Text::default() };
        let tokens = hand.iter().map(|slot| self.g(*slot, Tone::Moved));
        made.left(queue(format!("m/{m}/hand"), name).tokens(tokens).slots(1).tone(Tone::Moved))
    }

    fn next(&self, number: u32, proc: &Proc, name: &str) -> Socket {
        let made = socket(format!("p/{number}/runnext"), name).widest(self.widest()).tone(Tone::Good);
        let made = made.lit(self.focus.next == Some(number), self.tone).path(format!("allp[{number}].runnext"));
        made.token(proc.next.map(|slot| self.g(slot, Tone::Good)))
    }

    /// How many are in the ring.
    fn count(&self, number: u32) -> Words {
        let p = &self.m.ps[number as usize];
        let lit = self.focus.ring == Some(number);
        let (len, key) = (p.runq_len(), format!("p/{number}/runq/len"));
        let short = self.room.used.len() > FULL;
        let name = match (short, self.size) {
            (true, _) => Text::same(format!("{len}/{RUNQ}")),
            (_, Size::Stage) => Text::same(format!("runq {len}/{RUNQ}")),
            _ => Text::new(format!("local queue {len}/{RUNQ}"), format!("本地队列 {len}/{RUNQ}")),
        };
        let made = words(key, name).path(format!("allp[{number}].runq"));
        let made = if lit { made.tone(self.tone) } else { made.quiet() };
        if short || self.size == Size::Stage {
            made
        } else {
            made.note(format!("head {} · tail {}", p.runqhead, p.runqtail))
        }
    }

    fn ring(&self, number: u32, proc: &Proc) -> Ring {
        let p = &self.m.ps[number as usize];
        let left = match self.event {
            Some(Event::LocalTaken { p, .. }) if *p == number => 1,
            Some(Event::StealCommitted { victim, n, .. }) if *victim == number => *n,
            Some(Event::OverflowHeadMoved { p, n, .. }) if *p == number => *n,
            _ => 0,
        };
        let mut behind: Vec<_> = match proc.why {
            // A copy is not the goroutine, which is still where it was.
            Some(Behind::Copied) => self.copies(number, &proc.behind, Tone::Moved),
            _ => proc.behind.iter().map(|slot| self.g(*slot, Tone::Moved).dashed(true).bend(0.2)).collect(),
        };
        if let Some(Event::StealRaced { m, p: own, .. }) = self.event.filter(|_| behind.is_empty())
            && *own == number
        {
            let void: Vec<_> = (0..self.m.void_copies(*m)).map(|i| p.at_index(p.runqtail.wrapping_add(i))).collect();
            behind = self.copies(number, &void, Tone::Bad);
        }
        let about = Text::new(format!("the ring of P{number}"), format!("P{number} 的环"));
        let made = ring(format!("p/{number}/ring"), about, RUNQ as u32, p.runqhead).widest(self.widest());
        let tokens = proc.ring.iter().map(|slot| self.g(*slot, Tone::Info)).collect();
        made.tokens(tokens).behind(behind).left(left).room(self.room.ring).path(format!("allp[{number}].runq"))
    }

    fn copies(&self, number: u32, slots: &[Slot], tone: Tone) -> Vec<Token> {
        let copy = |(i, slot): (usize, &Slot)| {
            let goid = self.m.goid(*slot);
            let about = Text::new(format!("a copy of G{goid}, not published"), format!("G{goid} 的副本，尚未发布"));
            token(format!("copy/{number}/{i}"), goid.to_string()).round().tone(tone).dashed(true).about(about)
        };
        slots.iter().enumerate().map(copy).collect()
    }

    /// Below the ring: by what figures the step was decided, else the earliest timer.
    fn foot(&self, number: u32) -> Strip {
        let p = &self.m.ps[number as usize];
        if let Some(why) = self.decided(number) {
            return strip(0.8).left(words(format!("p/{number}/why"), why).tone(self.tone));
        }
        let Some(first) = p.timers.first() else { return strip(0.8) };
        let rest = if p.timers.len() > 1 { format!(" +{}", p.timers.len() - 1) } else { String::new() };
        let said = format!("{} → G{}{rest}", time(first.when), self.m.goid(first.g));
        let said = Text::new(format!("timer {said}"), format!("定时器 {said}"));
        strip(0.8).left(words(format!("p/{number}/timers"), said).quiet().path(format!("allp[{number}].timers")))
    }

    /// The sum by which a step of this P was decided, from the figures of its event.
    fn decided(&self, number: u32) -> Option<Text> {
        let half = |len: u32, n: u32| {
            (len.div_ceil(2) == n).then(|| match self.size {
                Size::Window => {
                    Text::new(format!("half of {len}, rounded up = {n}"), format!("{len} 的一半，向上取整 = {n}"))
                }
                Size::Stage => {
                    let Text { en, zh } = self.focus.m.and_then(|m| self.pass(m)).map(pass_of).unwrap_or_default();
                    Text::new(format!("{en} · ⌈{len}/2⌉ = {n}"), format!("{zh} · ⌈{len}/2⌉ = {n}"))
                }
            })
        };
        match self.event? {
            Event::VictimFound { p, len, n, .. } if *p == number => half(*len, *n),
            Event::StealCopied { p, victim, n, .. } if *p == number => half(self.m.ps[*victim as usize].runq_len(), *n),
            Event::StealCommitted { p, n, left, .. } if *p == number => half(left + n, *n),
            Event::GlobalDue { p, schedtick, .. } if *p == number => Some(Text::same(format!("{schedtick} % 61 = 0"))),
            Event::GlobalNotDue { p, schedtick, rest, .. } if *p == number => {
                Some(Text::same(format!("{schedtick} % 61 = {rest}")))
            }
            Event::GlobalBatchSized { p, runqsize, procs, n, .. } if *p == number => {
                Some(Text::same(format!("min({runqsize}, {runqsize}/{procs} + 1, 128) = {n}")))
            }
            Event::RunnextGrace { p, until, .. } if *p == number => {
                let until = time(*until);
                Some(Text::new(format!("waits until {until}"), format!("等到 {until}")))
            }
            _ => None,
        }
    }
}
