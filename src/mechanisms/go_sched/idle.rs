//! `findRunnable` from the moment it has found nothing: give up the P, look again, poll the network, sleep.

use super::event::{Event, Reason};
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GStatus, GoSched, PStatus};
use super::steal::earliest;

/// So many goroutines are named in a caption.
const NAMED: usize = 3;

impl GoSched {
    /// 15: under `sched.lock`, a last look at the global queue and at `needspinning`; then `releasep`.
    pub(super) fn idle_lock(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        if self.sched.runqsize != 0 {
            return self.size_batch(m);
        }
        if !self.ms[m as usize].spinning && self.sched.needspinning {
            self.become_spinning(m);
            self.go(m, Pc::FindTop);
            return Some(Event::SpinForNeed { m, p: self.own(m), nmspinning: self.sched.nmspinning });
        }
        self.sched.lock = Some(m);
        self.go(m, Pc::IdlePut);
        Some(self.releasep(m))
    }

    /// `releasep`: the P stays in the M's hand.
    pub(super) fn releasep(&mut self, m: u32) -> Event {
        let p = self.own(m);
        let pp = &mut self.ps[p as usize];
        (pp.m, pp.status) = (None, PStatus::Idle);
        self.t(m).p = None;
        self.w(m).pp = Some(p);
        Event::PReleased { m, p }
    }

    /// `pidleput`.
    pub(super) fn idle_put(&mut self, m: u32) -> Step {
        let event = self.pidleput(m);
        self.sched.lock = None;
        self.go(m, Pc::IdleSpin);
        Some(event)
    }

    pub(super) fn pidleput(&mut self, m: u32) -> Event {
        let p = self.w(m).pp.take().unwrap_or_default();
        self.sched.pidle.push(p);
        let pp = &mut self.ps[p as usize];
        pp.timerp &= !pp.timers.is_empty();
        Event::PIdled { m, p, npidle: self.npidle() }
    }

    /// `pidleget` into the M's hand.
    pub(super) fn pidleget(&mut self, m: u32) -> Option<Event> {
        let p = self.pop_idle()?;
        self.w(m).pp = Some(p);
        Some(Event::IdlePTaken { m, p, npidle: self.npidle() })
    }

    /// The next one of the idle list; its bit in `timerpMask` is set.
    pub(super) fn pop_idle(&mut self) -> Option<u32> {
        let p = self.sched.pidle.pop()?;
        self.ps[p as usize].timerp = true;
        Some(p)
    }

    /// `pidlegetSpinning` with no idle P left.
    pub(super) fn need_spinning(&mut self, m: u32) -> Event {
        self.sched.needspinning = true;
        Event::NeedSpinningSet { m }
    }

    /// 16: no longer spinning, *before* looking again.
    pub(super) fn idle_spin(&mut self, m: u32) -> Step {
        let spinning = std::mem::take(&mut self.t(m).spinning);
        self.w(m).was_spinning = spinning;
        if !spinning {
            self.go(m, Pc::NetBlock);
            return None;
        }
        self.sched.nmspinning -= 1;
        self.go(m, Pc::RecheckGlobal);
        Some(Event::SpinStopped { m, nmspinning: self.sched.nmspinning })
    }

    /// Somebody put work into the global queue meanwhile?
    pub(super) fn recheck_global(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        self.go(m, Pc::RecheckQueues);
        if self.sched.runqsize == 0 {
            return None;
        }
        match self.pidleget(m) {
            Some(event) => {
                self.sched.lock = Some(m);
                self.go(m, Pc::RecheckBatch);
                Some(event)
            }
            None => Some(self.need_spinning(m)),
        }
    }

    /// `checkRunqsNoP`: or into some P's queue? Timers only shorten the poll.
    pub(super) fn recheck_queues(&mut self, m: u32) -> Step {
        let work = |p: &u32| !self.ps[*p as usize].is_empty() && !self.sched.pidle.contains(p);
        let filled = (0..self.procs()).find(work);
        if let Some(victim) = filled {
            if let Some(event) = self.want_sched(m) {
                return Some(event);
            }
            let Some(p) = self.pop_idle() else {
                self.check_timers_no_p(m);
                return Some(self.need_spinning(m));
            };
            self.w(m).pp = Some(p);
            self.go(m, Pc::RecheckAcquire);
            return Some(Event::RecheckFound { m, p, victim, npidle: self.npidle() });
        }
        self.check_timers_no_p(m);
        Some(Event::RecheckEmpty { m })
    }

    /// `checkTimersNoP`: the earliest timer of all Ps shortens the poll, also when work was seen but no P was idle.
    fn check_timers_no_p(&mut self, m: u32) {
        let when = self.time_sleep_until();
        let w = self.w(m);
        w.poll_until = earliest(w.poll_until, when);
        self.go(m, Pc::NetBlock);
    }

    /// `acquirep` of the P in the M's hand.
    pub(super) fn acquirep(&mut self, m: u32) -> Event {
        let p = self.w(m).pp.take().unwrap_or_default();
        let pp = &mut self.ps[p as usize];
        (pp.m, pp.status) = (Some(m), PStatus::Running);
        self.t(m).p = Some(p);
        Event::PAcquired { m, p }
    }

    pub(super) fn recheck_acquire(&mut self, m: u32) -> Step {
        self.go(m, Pc::RecheckSpin);
        Some(self.acquirep(m))
    }

    /// Work was found after all: it counts as spinning again, so that it wakes another one when it runs it.
    pub(super) fn recheck_spin(&mut self, m: u32) -> Step {
        self.become_spinning(m);
        let next = if self.w(m).gp.is_some() { Pc::Found } else { Pc::FindTop };
        self.go(m, next);
        Some(Event::SpinAgain { m, p: self.own(m), nmspinning: self.sched.nmspinning })
    }

    /// 17: polls the network until the next timer, if nobody does.
    pub(super) fn net_block(&mut self, m: u32) -> Step {
        let until = self.w(m).poll_until;
        self.go(m, Pc::Stopm);
        if !self.sched.netpoll_inited || (self.waiting.is_empty() && until == 0) {
            return None;
        }
        if self.sched.lastpoll.is_some() || self.fault == Fault::PollAnyway {
            self.sched.lastpoll = None;
            self.sched.poll_until = until;
            self.sched.netpoll_break = false;
            self.t(m).until = if until == 0 { u64::MAX } else { until };
            self.go(m, Pc::NetWait);
            return Some(Event::NetpollBlocked { m, until, waiting: self.waiting.len() as u32 });
        }
        let poller = self.sched.poll_until;
        if until != 0 && (poller == 0 || poller > until) {
            self.sched.netpoll_break = true;
            return Some(Event::NetpollBroken { m, until });
        }
        None
    }

    /// The poll ends: somebody is ready, a timer is due, or it was asked to end.
    pub(super) fn net_wait(&mut self, m: u32) -> Step {
        let list = self.netpoll();
        let gs = self.goids(&list);
        self.w(m).list = list;
        self.sched.poll_until = 0;
        self.sched.lastpoll = Some(self.now);
        self.sched.netpoll_break = false;
        self.t(m).until = 0;
        self.go(m, Pc::NetGetP);
        Some(Event::NetpollReturned { m, gs })
    }

    pub(super) fn net_get_p(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        if let Some(event) = self.pidleget(m) {
            self.go(m, Pc::NetAcquire);
            return Some(event);
        }
        if self.w(m).list.is_empty() {
            self.go(m, Pc::Stopm)
        } else {
            self.call(m, Pc::Inject, Pc::Stopm)
        }
        Some(Event::NoIdleP { m })
    }

    pub(super) fn net_acquire(&mut self, m: u32) -> Step {
        let event = self.acquirep(m);
        let list = std::mem::take(&mut self.w(m).list);
        if !list.is_empty() {
            self.take_list(m, list);
        } else if self.w(m).was_spinning {
            self.go(m, Pc::NetSpin);
        } else {
            self.go(m, Pc::FindTop);
        }
        Some(event)
    }

    pub(super) fn net_spin(&mut self, m: u32) -> Step {
        self.become_spinning(m);
        self.go(m, Pc::FindTop);
        Some(Event::SpinAgain { m, p: self.own(m), nmspinning: self.sched.nmspinning })
    }

    /// 18: `stopm`, `mput`: onto the list of idle Ms.
    pub(super) fn stopm(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        self.sched.midle.push(m);
        self.t(m).note = false;
        let next = if self.nobody_runs() { Pc::CheckDead } else { Pc::Parked };
        self.go(m, next);
        Some(Event::MParked { m, nmidle: self.sched.midle.len() as u32 })
    }

    /// `checkdead`: no M is left that could do something, and no timer is waiting.
    /// While sysmon has taken a P or goroutines in hand, it counts as one that runs (`incidlelocked(-1)`).
    pub(super) fn nobody_runs(&self) -> bool {
        let watching = |pc: Pc| {
            matches!(pc, Pc::SysmonSleep | Pc::SysmonDeep | Pc::SysmonPoll | Pc::SysmonRetake | Pc::SysmonCheck)
        };
        if self.sysmon().is_some_and(|m| !watching(self.ms[m as usize].pc)) {
            return false;
        }
        let idle = self.sched.midle.len() + usize::from(self.sysmon);
        let in_syscall = |pc: Pc| pc == Pc::InSyscall && self.fault == Fault::DeadIgnoresSyscalls;
        let ignored = self.ms.iter().filter(|thread| in_syscall(thread.pc)).count();
        let timers = self.ps.iter().any(|p| !p.timers.is_empty());
        self.ms.len() == idle + ignored && !timers && self.fault != Fault::NoCheckDead
    }

    /// `goroutineheader` of each goroutine, by number: what it waits for in brackets.
    fn headers(&self) -> Vec<String> {
        let mut all: Vec<_> =
            self.live().map(|(_, g)| (g.goid, g.waitreason.map_or("runnable", Reason::text))).collect();
        all.sort_unstable();
        all.into_iter().map(|(g, reason)| format!("goroutine {g} [{reason}]")).collect()
    }

    pub(super) fn check_dead(&mut self, m: u32) -> Step {
        let waiting = self.live().filter(|(_, g)| g.status == GStatus::Waiting).count() as u32;
        self.go(m, Pc::Parked);
        self.die("fatal error: all goroutines are asleep - deadlock!", 2);
        let headers = self.headers();
        let gs: Vec<String> = headers.iter().take(NAMED).cloned().collect();
        let more = headers.len() - gs.len();
        if let Some(dead) = &mut self.dead {
            dead.goroutines = headers;
        }
        Some(Event::DeadlockFound { m, waiting, gs, more })
    }

    /// Woken: `acquirep(nextp)`, and look for work again.
    pub(super) fn parked(&mut self, m: u32) -> Step {
        let thread = self.t(m);
        thread.note = false;
        let p = thread.nextp.take();
        thread.w.pp = p;
        self.acquirep(m);
        self.go(m, Pc::Schedule);
        Some(Event::MWoke { m, p: self.own(m), spinning: self.ms[m as usize].spinning })
    }

    /// A new thread: `mstart1`.
    pub(super) fn start_thread(&mut self, m: u32) -> Step {
        let p = self.t(m).nextp.take();
        self.w(m).pp = p;
        self.acquirep(m);
        self.go(m, Pc::Schedule);
        Some(Event::MStarted { m, p: self.own(m), spinning: self.ms[m as usize].spinning })
    }
}
