//! `startm`, `handoffp`: giving a P to a thread.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GoSched, M};

impl GoSched {
    /// `startm(pp, spinning)`: an idle M, or a new thread.
    pub(super) fn startm(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        if let Some(target) = self.sched.midle.pop() {
            self.w(m).target = Some(target);
            self.go(m, Pc::StartmGive);
            return Some(Event::IdleMTaken { m, target, nmidle: self.sched.midle.len() as u32 });
        }
        let threads = self.ms.len() as u32;
        if threads >= self.max_threads && self.fault != Fault::ThreadsUnlimited {
            self.die("runtime: program exceeds the thread limit\nfatal error: thread exhaustion", 2);
            return Some(Event::ThreadsExhausted { m, threads });
        }
        let w = self.w(m);
        let (p, spinning) = (w.pp.take(), std::mem::take(&mut w.token));
        self.ms.push(M { nextp: p, spinning, pc: Pc::Start, ..M::default() });
        self.ret(m);
        Some(Event::ThreadCreated { m, target: threads, p: p.unwrap_or_default(), spinning })
    }

    /// `nmp.spinning`, `nmp.nextp`.
    pub(super) fn startm_give(&mut self, m: u32) -> Step {
        let w = self.w(m);
        let target = w.target.unwrap_or_default();
        let (p, spinning) = (w.pp.take(), std::mem::take(&mut w.token));
        let thread = self.t(target);
        (thread.nextp, thread.spinning) = (p, spinning);
        self.go(m, Pc::StartmWake);
        Some(Event::NextpSet { m, target, p: p.unwrap_or_default(), spinning })
    }

    /// `notewakeup`.
    pub(super) fn startm_wake(&mut self, m: u32) -> Step {
        let target = self.w(m).target.take().unwrap_or_default();
        self.t(target).note = true;
        self.ret(m);
        Some(Event::MUnparked { m, target })
    }

    /// `handoffp` of the P in the M's hand: who could need it?
    pub(super) fn handoff(&mut self, m: u32) -> Step {
        let p = self.w(m).pp.unwrap_or_default();
        let (local, runqsize) = (self.queued(p), self.sched.runqsize);
        let blind = self.fault == Fault::IdleWithWork;
        if (local > 0 || runqsize > 0) && !blind {
            let spoilt = self.fault == Fault::SpinWithWork && local > 0;
            if spoilt {
                self.sched.nmspinning += 1;
            }
            self.w(m).token = spoilt;
            self.go(m, Pc::Startm);
            return Some(Event::HandoffWork { m, p, local, runqsize });
        }
        if self.sched.nmspinning == 0 && self.npidle() == 0 && !(blind && local > 0) {
            self.sched.nmspinning = 1;
            self.sched.needspinning = false;
            self.w(m).token = true;
            self.go(m, Pc::Startm);
            return Some(Event::HandoffSpin { m, p });
        }
        self.go(m, Pc::HandoffIdle);
        None
    }

    /// Under `sched.lock`: work after all, or the network to be polled by the last P, or idle.
    pub(super) fn handoff_idle(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let p = self.w(m).pp.unwrap_or_default();
        self.w(m).token = false;
        if self.sched.runqsize != 0 {
            self.go(m, Pc::Startm);
            return Some(Event::HandoffWork { m, p, local: self.queued(p), runqsize: self.sched.runqsize });
        }
        if self.npidle() == self.procs() - 1 && self.sched.lastpoll.is_some() {
            self.go(m, Pc::Startm);
            return Some(Event::HandoffPoll { m, p });
        }
        let when = self.ps[p as usize].timers.first().map_or(0, |timer| timer.when);
        let event = self.pidleput(m);
        self.w(m).when = when;
        if when == 0 {
            self.ret(m)
        } else {
            self.go(m, Pc::WakeNetPoller)
        }
        Some(event)
    }

    fn queued(&self, p: u32) -> u32 {
        let pp = &self.ps[p as usize];
        pp.runq_len().saturating_add(u32::from(pp.runnext.is_some()))
    }
}
