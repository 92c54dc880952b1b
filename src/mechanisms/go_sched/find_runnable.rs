//! `findRunnable`, in the source's own order, up to stealing.
//!
//! 3 own timers · 6 every 61st slice the global queue · 9 own queue · 10 global queue · 11 network · 12 steal (steal.rs)
//! · 15 to 18 give up the P, look again, poll the network, sleep (idle.rs). The other items belong to the collector.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GStatus, GoSched, Slot};

impl GoSched {
    /// 3: runs the own timers that are due.
    pub(super) fn find_top(&mut self, m: u32) -> Step {
        let p = self.own(m);
        if let Some(event) = self.fire_timer(m, p) {
            self.call(m, Pc::Ready, Pc::FindTop);
            return Some(event);
        }
        let next = self.ps[p as usize].timers.first().map_or(0, |timer| timer.when);
        let w = self.w(m);
        (w.gp, w.pass, w.ran, w.poll_until) = (None, 0, false, next);
        self.go(m, Pc::Find61);
        None
    }

    /// 6: is it time for the global queue?
    pub(super) fn find61(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let (schedtick, runqsize) = (self.ps[p as usize].schedtick, self.sched.runqsize);
        let rest = schedtick % 61;
        self.go(m, Pc::FindLocal);
        if runqsize == 0 {
            return None;
        }
        if rest == 0 && self.fault != Fault::No61 {
            self.go(m, Pc::FindOne);
            return Some(Event::GlobalDue { m, p, schedtick, runqsize });
        }
        Some(Event::GlobalNotDue { m, p, schedtick, rest, runqsize })
    }

    /// 10: the global queue.
    pub(super) fn find_global(&mut self, m: u32) -> Step {
        if self.sched.runqsize == 0 {
            self.go(m, Pc::FindNetpoll);
            return Some(Event::GlobalEmpty { m, p: self.own(m) });
        }
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        if self.sched.runqsize == 0 {
            self.go(m, Pc::FindNetpoll);
            return None;
        }
        self.size_batch(m)
    }

    /// 11: who waits for the network and can go on?
    pub(super) fn find_netpoll(&mut self, m: u32) -> Step {
        self.go(m, Pc::FindSpin);
        if self.waiting.is_empty() || self.sched.lastpoll.is_none() || self.fault == Fault::NoNetpoll {
            return None;
        }
        let list = self.netpoll();
        if list.is_empty() {
            return Some(Event::NetpollEmpty { m, waiting: self.waiting.len() as u32 });
        }
        let gs = self.goids(&list);
        self.stories.polls += 1;
        self.take_list(m, list);
        Some(Event::NetpollFound { m, gs })
    }

    /// The first goroutine of a list will run, the others are injected.
    pub(super) fn take_list(&mut self, m: u32, mut list: Vec<Slot>) {
        let w = self.w(m);
        w.gp = Some(list.remove(0));
        w.list = list;
        if w.list.is_empty() { self.go(m, Pc::NetGot) } else { self.call(m, Pc::Inject, Pc::NetGot) }
    }

    /// `casgstatus(gp, _Gwaiting, _Grunnable)`.
    pub(super) fn net_got(&mut self, m: u32) -> Step {
        let gp = self.w(m).gp.unwrap_or_default();
        self.wake_up(gp);
        self.w(m).inherit = false;
        self.go(m, Pc::Found);
        Some(Event::GReadied { m, g: self.goid(gp) })
    }

    /// 12: may it search? Not more than half as many searchers as busy Ps.
    pub(super) fn find_spin(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let w = self.w(m);
        (w.pass, w.i, w.looked) = (0, 0, 0);
        self.go(m, Pc::StealPass);
        if self.ms[m as usize].spinning {
            return None;
        }
        let (nmspinning, busy) = (self.sched.nmspinning, self.procs() - self.npidle());
        if 2 * nmspinning < busy as i32 {
            self.become_spinning(m);
            return Some(Event::SpinStarted { m, p, before: nmspinning, nmspinning: nmspinning + 1, busy });
        }
        self.go(m, Pc::IdleLock);
        Some(Event::SpinRefused { m, p, nmspinning, busy })
    }

    /// `becomeSpinning`.
    pub(super) fn become_spinning(&mut self, m: u32) {
        self.t(m).spinning = true;
        self.sched.nmspinning += 1;
        self.sched.needspinning = false;
    }

    /// A goroutine has been found and is in the M's hand.
    pub(super) fn found(&mut self, m: u32, gp: Slot, inherit: bool) {
        let w = self.w(m);
        (w.gp, w.inherit) = (Some(gp), inherit);
        self.go(m, Pc::Found);
    }

    /// The reason for which a goroutine waited is gone: the statement it waited in is done.
    pub(super) fn wake_up(&mut self, slot: Slot) {
        let g = &mut self.gs[slot.at()];
        g.status = GStatus::Runnable;
        if g.waitreason.take().is_some() {
            self.complete(slot);
        }
    }
}
