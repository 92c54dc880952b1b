//! `sysmon`, `retake`, `preemptone`: the thread without a P that watches the others.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GoSched, PStatus};

/// `forcePreemptNS`, and what a P may spend in a system call when nobody needs it; also how long the network may go
/// unpolled. Microseconds.
const TEN_MS: u64 = 10_000;
/// `forcegcperiod / 2`: the longest deep sleep.
const DEEP_SLEEP: u64 = 60_000_000;

impl GoSched {
    /// Its sleep is over. With all Ps idle it goes into deep sleep.
    pub(super) fn sysmon_sleep(&mut self, m: u32) -> Step {
        self.go(m, Pc::SysmonPoll);
        if self.npidle() != self.procs() {
            return None;
        }
        if let Some(event) = self.want_sched(m) {
            self.go(m, Pc::SysmonSleep);
            return Some(event);
        }
        let next = self.time_sleep_until();
        if next != 0 && next <= self.now {
            return None;
        }
        let until = if next == 0 { self.now + DEEP_SLEEP } else { next.min(self.now + DEEP_SLEEP) };
        self.sched.sysmonwait = true;
        let thread = self.t(m);
        (thread.until, thread.note) = (until, false);
        self.go(m, Pc::SysmonDeep);
        Some(Event::SysmonDeepSleep { m, until })
    }

    /// It was woken by a system call, or its time is over.
    pub(super) fn sysmon_deep(&mut self, m: u32) -> Step {
        let woken = std::mem::take(&mut self.t(m).note);
        self.t(m).until = 0;
        self.sched.sysmonwait = false;
        if woken {
            let w = self.w(m);
            (w.idle, w.delay) = (0, 20);
        }
        self.go(m, Pc::SysmonPoll);
        Some(Event::SysmonUp { m, woken })
    }

    /// Polls the network if nobody did for 10 ms.
    pub(super) fn sysmon_poll(&mut self, m: u32) -> Step {
        let w = self.w(m);
        (w.i, w.took) = (0, 0);
        self.go(m, Pc::SysmonRetake);
        let stale = self.sched.lastpoll.is_some_and(|last| last + TEN_MS < self.now);
        if !self.sched.netpoll_inited || !stale {
            return None;
        }
        self.sched.lastpoll = Some(self.now);
        let list = self.netpoll();
        let gs = self.goids(&list);
        if !list.is_empty() {
            self.w(m).list = list;
            self.call(m, Pc::Inject, Pc::SysmonCheck);
        }
        Some(Event::SysmonPolled { m, gs })
    }

    /// `retake`: looks at one P after the other; ticks that have changed are noted.
    pub(super) fn sysmon_retake(&mut self, m: u32) -> Step {
        let mut noted = Vec::new();
        while self.w(m).i < self.procs() {
            let p = self.w(m).i;
            match self.look(p) {
                Look::Nothing => {}
                Look::Note => {
                    self.note(p);
                    noted.push(p);
                }
                Look::NoteSlice => {
                    self.note(p);
                    noted.push(p);
                    continue;
                }
                _ if !noted.is_empty() => break,
                Look::Preempt => return self.preemptone(m, p),
                Look::Defer => {
                    self.w(m).i += 1;
                    let since = self.ps[p as usize].sysmontick.syscallwhen;
                    return Some(Event::RetakeDeferred { m, p, for_us: self.now - since });
                }
                Look::Retake => return Some(self.retake(m, p)),
            }
            self.w(m).i += 1;
        }
        if !noted.is_empty() {
            return Some(Event::TicksNoted { m, ps: noted });
        }
        let w = self.w(m);
        w.idle = if w.took > 0 { 0 } else { w.idle + 1 };
        if w.idle == 0 {
            w.delay = 20;
        } else if w.idle > 50 {
            w.delay *= 2;
        }
        w.delay = w.delay.min(TEN_MS);
        let (idle, delay) = (w.idle, w.delay);
        self.t(m).until = self.now + delay;
        self.go(m, Pc::SysmonSleep);
        Some(Event::SysmonSlept { m, idle, delay })
    }

    /// What is there to do about a P?
    fn look(&self, p: u32) -> Look {
        let pp = &self.ps[p as usize];
        let pd = &pp.sysmontick;
        let ten_ms = TEN_MS * self.per_us;
        if pp.status == PStatus::Idle {
            return Look::Nothing;
        }
        let same_slice = pd.schedtick == pp.schedtick;
        let long = same_slice && pd.schedwhen + ten_ms <= self.now;
        if pp.status == PStatus::Running {
            let stoppable = pp.m.and_then(|m| self.curg(m)).is_some() && self.fault != Fault::NoPreempt;
            return match (long, same_slice) {
                (true, _) if stoppable => Look::Preempt,
                (_, true) => Look::Nothing,
                (_, false) => Look::Note,
            };
        }
        if !long && pd.syscalltick != pp.syscalltick {
            return Look::Note;
        }
        if !same_slice {
            return Look::NoteSlice;
        }
        let unneeded = pp.is_empty() && self.sched.nmspinning + self.npidle() as i32 > 0;
        if (unneeded && pd.syscallwhen + ten_ms > self.now) || self.fault == Fault::NoRetake {
            return Look::Defer;
        }
        Look::Retake
    }

    fn note(&mut self, p: u32) {
        let now = self.now;
        let pp = &mut self.ps[p as usize];
        let pd = &mut pp.sysmontick;
        if pd.schedtick != pp.schedtick {
            (pd.schedtick, pd.schedwhen) = (pp.schedtick, now);
        }
        if pp.status == PStatus::Syscall && pd.syscalltick != pp.syscalltick {
            (pd.syscalltick, pd.syscallwhen) = (pp.syscalltick, now);
        }
    }

    /// `preemptone`: the goroutine is asked to stop, by its stack guard and by a signal.
    fn preemptone(&mut self, m: u32, p: u32) -> Step {
        self.w(m).i += 1;
        let pp = &mut self.ps[p as usize];
        let target = pp.m?;
        let for_us = self.now - pp.sysmontick.schedwhen;
        let signal = !self.asyncpreemptoff;
        pp.preempt |= signal;
        let thread = self.t(target);
        thread.signal |= signal;
        let gp = thread.curg?;
        self.gs[gp.at()].preempt = true;
        Some(Event::PreemptRequested { m, p, target, g: self.goid(gp), for_us, signal })
    }

    /// The P is taken out of the system call; `handoffp` follows.
    fn retake(&mut self, m: u32, p: u32) -> Event {
        let pp = &mut self.ps[p as usize];
        let for_us = self.now - pp.sysmontick.syscallwhen;
        pp.status = PStatus::Idle;
        let w = self.w(m);
        w.pp = Some(p);
        w.took += 1;
        w.i += 1;
        self.stories.retakes += 1;
        self.go(m, Pc::SysmonTick);
        Event::PRetaken { m, p, for_us }
    }

    /// `syscalltick++`, so that the M sees that it has lost its P.
    pub(super) fn sysmon_tick(&mut self, m: u32) -> Step {
        let p = self.w(m).pp.unwrap_or_default();
        let pp = &mut self.ps[p as usize];
        pp.syscalltick = pp.syscalltick.wrapping_add(1);
        let syscalltick = pp.syscalltick;
        self.call(m, Pc::Handoff, Pc::SysmonCheck);
        Some(Event::SyscalltickRaised { m, p, syscalltick })
    }

    /// `incidlelocked(1)`, after which it counts as idle again: `checkdead`.
    pub(super) fn sysmon_check(&mut self, m: u32) -> Step {
        let next = if self.nobody_runs() { Pc::CheckDead } else { Pc::SysmonRetake };
        self.go(m, next);
        None
    }
}

/// What `retake` finds at a P.
enum Look {
    Nothing,
    Note,
    /// Its slice is noted, and the system call is looked at as well.
    NoteSlice,
    Preempt,
    Defer,
    Retake,
}
