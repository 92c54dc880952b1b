//! `stealWork`, `runqsteal`, `runqgrab`: four passes over the other Ps in a random order.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::queues::take_head;
use super::run::Step;
use super::state::{GoSched, PStatus, RUNQ, Slot};

/// Passes of `stealWork`; only the last one takes timers and `runnext`.
const STEAL_TRIES: u8 = 4;
/// Microseconds that a thief leaves to a running victim before it takes its `runnext`.
const RUNNEXT_GRACE: u64 = 3;

impl GoSched {
    /// Begins a pass: `stealOrder.start(cheaprand())`, a random first P and a random step coprime to GOMAXPROCS.
    pub(super) fn steal_pass(&mut self, m: u32) -> Step {
        if self.procs() == 1 {
            // Four passes over nobody but itself: they are drawn all the same.
            for _ in 0..STEAL_TRIES {
                self.draw();
            }
        }
        if self.w(m).pass >= STEAL_TRIES || self.procs() == 1 {
            self.go(m, Pc::StealDone);
            return None;
        }
        let draw = self.draw();
        self.begin_order(m, draw);
        None
    }

    /// `randomOrder.start(i)`.
    pub(super) fn begin_order(&mut self, m: u32, i: u32) {
        let count = self.procs();
        let start = i % count;
        let inc = self.coprimes[(i / count) as usize % self.coprimes.len()];
        let w = self.w(m);
        (w.i, w.start, w.pos, w.inc, w.looked) = (0, start, start, inc, 0);
        self.go(m, Pc::StealVictim);
    }

    /// `randomEnum.next`.
    pub(super) fn next_victim(&mut self, m: u32) {
        let count = self.procs();
        let w = self.w(m);
        w.i += 1;
        w.pos = (w.pos + w.inc) % count;
        self.go(m, Pc::StealVictim);
    }

    /// Looks at one P after the other until one has something, or the pass is over.
    pub(super) fn steal_victim(&mut self, m: u32) -> Step {
        let own = self.own(m);
        while self.w(m).i < self.procs() {
            let (victim, pass) = (self.w(m).pos, self.w(m).pass);
            let last = pass == STEAL_TRIES - 1;
            if victim == own || self.fault == Fault::NoSteal {
                self.next_victim(m);
                continue;
            }
            let timers = last && self.ps[victim as usize].timerp;
            if timers && self.ps[victim as usize].timers.first().is_some_and(|timer| timer.when <= self.now) {
                self.go(m, Pc::StealTimers);
                return None;
            }
            if timers {
                let when = self.ps[victim as usize].timers.first().map_or(0, |timer| timer.when);
                let w = self.w(m);
                w.poll_until = earliest(w.poll_until, when);
            }
            // `idlepMask`: a P that is on its way to a thread counts as busy.
            if !self.sched.pidle.contains(&victim) {
                if let Some(step) = self.runqgrab(m, victim, last) {
                    return step;
                }
                self.w(m).looked += 1;
            }
            self.next_victim(m);
        }
        let w = self.w(m);
        w.pass += 1;
        let (pass, looked, start, step) = (w.pass, w.looked, w.start, w.inc);
        self.go(m, Pc::StealPass);
        Some(Event::PassEmpty { m, p: own, pass, start, step, looked })
    }

    /// `runqgrab`: what is there to take from `victim`? `None`: nothing.
    pub(super) fn runqgrab(&mut self, m: u32, victim: u32, next_too: bool) -> Option<Step> {
        let own = self.own(m);
        let (pass, start, step) = (self.w(m).pass + 1, self.w(m).start, self.w(m).inc);
        let p2 = &self.ps[victim as usize];
        let (len, head, next) = (p2.runq_len().min(RUNQ as u32), p2.runqhead, p2.runnext);
        let n = if self.fault == Fault::StealsLess { (len / 2).max(len.min(1)) } else { len - len / 2 };
        if n > 0 {
            let w = self.w(m);
            (w.victim, w.head, w.n, w.size) = (victim, head, n, len);
            self.go(m, Pc::StealCopy);
            return Some(Some(Event::VictimFound { m, p: own, victim, pass, start, step, len, n }));
        }
        if next_too
            && self.fault != Fault::NoRunnextSteal
            && let Some(next) = next
        {
            let running = p2.status == PStatus::Running;
            let until = self.now + if running { RUNNEXT_GRACE } else { 0 };
            let w = self.w(m);
            (w.victim, w.batch) = (victim, vec![next]);
            self.t(m).until = until;
            self.go(m, Pc::StealNext);
            let grace = Event::RunnextGrace { m, p: own, victim, g: self.goid(next), until };
            return Some(running.then_some(grace));
        }
        None
    }

    /// Last pass: runs the victim's timers that are due; whom they wake comes to the own queue.
    pub(super) fn steal_timers(&mut self, m: u32) -> Step {
        let victim = self.w(m).pos;
        if let Some(event) = self.fire_timer(m, victim) {
            self.call(m, Pc::Ready, Pc::StealTimers);
            return Some(event);
        }
        self.go(m, Pc::StealOwn);
        None
    }

    /// After a victim's timers: is there something in the own queue now?
    pub(super) fn steal_own(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let pp = &mut self.ps[p as usize];
        if let Some(gp) = pp.runnext.take() {
            self.found(m, gp, true);
            return Some(Event::RunnextTaken { m, p, g: self.goid(gp) });
        }
        if let Some(gp) = take_head(pp) {
            let (head, len) = (pp.runqhead, pp.runq_len());
            self.found(m, gp, false);
            return Some(Event::LocalTaken { m, p, g: self.goid(gp), head, len });
        }
        self.w(m).ran = true;
        self.go(m, Pc::StealVictim);
        None
    }

    /// `runqgrab`: copies half of the victim's ring, rounded up, behind the own tail. Nothing is taken yet.
    pub(super) fn steal_copy(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let (victim, head, n) = (self.w(m).victim, self.w(m).head, self.w(m).n);
        let batch: Vec<Slot> = (0..n).map(|i| self.ps[victim as usize].slot(head.wrapping_add(i))).collect();
        let pp = &mut self.ps[p as usize];
        for (i, gp) in batch.iter().enumerate() {
            pp.set(pp.runqtail.wrapping_add(i as u32), *gp);
        }
        let gs = self.goids(&batch);
        self.w(m).batch = batch;
        self.go(m, Pc::StealCas);
        Some(Event::StealCopied { m, p, victim, n, gs })
    }

    /// The victim's head moves past them, unless it moved in the meantime.
    pub(super) fn steal_cas(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let (victim, head, n) = (self.w(m).victim, self.w(m).head, self.w(m).n);
        let p2 = &mut self.ps[victim as usize];
        if p2.runqhead != head {
            let found = p2.runqhead;
            self.w(m).batch.clear();
            self.go(m, Pc::StealVictim);
            return Some(Event::StealRaced { m, p, victim, head, found });
        }
        let taken = if self.fault == Fault::HeadTooFar { p2.runq_len().wrapping_add(1) } else { n };
        p2.runqhead = head.wrapping_add(taken);
        let (head, left) = (p2.runqhead, p2.runq_len());
        let w = self.w(m);
        let gp = w.batch.pop().unwrap_or_default();
        w.owned = true;
        self.found(m, gp, false);
        if n > 1 {
            self.go(m, Pc::StealPublish);
        } else {
            self.w(m).owned = false;
        }
        self.stories.steals += 1;
        Some(Event::StealCommitted { m, p, victim, n, head, left, g: self.goid(gp) })
    }

    /// The own tail moves over those that are kept; the last one of the batch runs.
    pub(super) fn steal_publish(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let w = self.w(m);
        w.owned = false;
        let n = w.batch.drain(..).len() as u32;
        let pp = &mut self.ps[p as usize];
        pp.runqtail = pp.runqtail.wrapping_add(n);
        let (tail, len) = (pp.runqtail, pp.runq_len());
        self.go(m, Pc::Found);
        Some(Event::StealPublished { m, p, n, tail, len })
    }

    /// After the 3 µs: `runnext`, if it is still the same.
    pub(super) fn steal_next(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let victim = self.w(m).victim;
        let seen = self.w(m).batch.pop().unwrap_or_default();
        let p2 = &mut self.ps[victim as usize];
        if p2.runnext != Some(seen) {
            self.go(m, Pc::StealVictim);
            return Some(Event::RunnextGone { m, p, victim, g: self.goid(seen) });
        }
        p2.runnext = None;
        self.found(m, seen, false);
        self.stories.steals += 1;
        self.stories.next_steals += 1;
        Some(Event::RunnextStolen { m, p, victim, g: self.goid(seen) })
    }

    /// Nothing found. If timers were run there may be something now: from the top.
    pub(super) fn steal_done(&mut self, m: u32) -> Step {
        let ran = self.w(m).ran;
        self.go(m, if ran { Pc::FindTop } else { Pc::IdleLock });
        None
    }
}

/// The earlier of two times; 0 stands for none.
pub(super) fn earliest(a: u64, b: u64) -> u64 {
    match (a, b) {
        (0, when) | (when, 0) => when,
        _ => a.min(b),
    }
}
