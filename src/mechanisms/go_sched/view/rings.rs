//! A P's ring, how many are in it, and below it by what figures a step was decided.

use super::super::event::Event;
use super::super::glance::Behind;
use super::super::state::{RUNQ, Slot};
use super::Shown;
use super::crowd::Proc;
use super::outside::pass_of;
use super::procs::FULL;
use crate::diagram::parts::{Ring, Strip, Token, Words, ring, strip, token, words};
use crate::diagram::{Size, Tone};
use crate::text::{Text, time};

impl Shown<'_> {
    /// How many are in the ring.
    pub(super) fn count(&self, number: u32) -> Words {
        let p = &self.m.ps[number as usize];
        let lit = self.focus.ring == Some(number);
        let (len, key) = (p.runq_len(), format!("p/{number}/runq/len"));
        let short = self.room.used.len() > FULL;
        let name = match (short, self.size) {
            (true, _) => Text::same(format!("{len}/{RUNQ}")),
            (_, Size::Stage) => Text::same(format!("runq {len}/{RUNQ}")),
            _ => Text::new(format!("local runq {len}/{RUNQ}"), format!("本地 runq {len}/{RUNQ}")),
        };
        let made = words(key, name).path(format!("allp[{number}].runq"));
        let made = if lit { made.tone(self.tone) } else { made.quiet() };
        if short || self.size == Size::Stage {
            made
        } else {
            made.note(format!("head {} · tail {}", p.runqhead, p.runqtail))
        }
    }

    pub(super) fn ring(&self, number: u32, proc: &Proc) -> Ring {
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
    pub(super) fn foot(&self, number: u32) -> Strip {
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
    pub(super) fn decided(&self, number: u32) -> Option<Text> {
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
