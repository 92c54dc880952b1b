//! `schedule`, `resetspinning`, `execute`; `park_m`, `goschedImpl`, `goexit0`: from goroutine to goroutine.

use super::event::{Event, Reason};
use super::laws::Fault;
use super::pc::{Lock, Pc};
use super::run::Step;
use super::state::{GStatus, GoSched, Timer, Waiter};

impl GoSched {
    /// One round of the scheduler begins.
    pub(super) fn schedule(&mut self, m: u32) -> Step {
        let p = self.own(m);
        self.ps[p as usize].preempt = false;
        self.go(m, Pc::FindTop);
        None
    }

    /// A goroutine is in hand. A searcher that has found one stops searching, and wakes the next searcher.
    pub(super) fn got(&mut self, m: u32) -> Step {
        self.go(m, Pc::Execute);
        if !self.ms[m as usize].spinning || self.fault == Fault::LateChain {
            return None;
        }
        self.resetspinning(m);
        if self.fault != Fault::NoChain {
            self.call(m, Pc::Wakep, Pc::Execute);
        }
        Some(Event::SpinReset { m, nmspinning: self.sched.nmspinning })
    }

    fn resetspinning(&mut self, m: u32) {
        self.t(m).spinning = false;
        if self.fault != Fault::SpinKept {
            self.sched.nmspinning -= 1;
        }
    }

    /// `execute`: `mp.curg = gp`.
    pub(super) fn execute(&mut self, m: u32) -> Step {
        let gp = self.w(m).gp.take().unwrap_or_default();
        self.t(m).curg = Some(gp);
        self.gs[gp.at()].m = Some(m);
        self.go(m, Pc::ExecRunning);
        Some(Event::CurgSet { m, g: self.goid(gp) })
    }

    pub(super) fn exec_running(&mut self, m: u32) -> Step {
        let gp = self.curg(m).unwrap_or_default();
        let g = &mut self.gs[gp.at()];
        (g.status, g.preempt) = (GStatus::Running, false);
        self.go(m, Pc::ExecTick);
        Some(Event::GRunning { m, p: self.own(m), g: self.goid(gp) })
    }

    /// A new slice, or the rest of the one before.
    pub(super) fn exec_tick(&mut self, m: u32) -> Step {
        let (p, g) = (self.own(m), self.curg(m).map_or(0, |slot| self.goid(slot)));
        let inherit = self.w(m).inherit && self.fault != Fault::NoInherit;
        self.go(m, Pc::User);
        let ticks = !inherit || self.fault == Fault::RunnextTicks;
        let pp = &mut self.ps[p as usize];
        pp.schedtick = pp.schedtick.wrapping_add(u32::from(ticks));
        pp.slices = pp.slices.wrapping_add(u32::from(!inherit));
        let schedtick = pp.schedtick;
        if inherit {
            self.stories.inherited += 1;
            return Some(Event::SliceInherited { m, p, g, schedtick });
        }
        Some(Event::SchedtickRaised { m, p, g, schedtick })
    }

    /// `park_m`.
    pub(super) fn park(&mut self, m: u32) -> Step {
        let gp = self.curg(m).unwrap_or_default();
        let reason = self.w(m).reason.unwrap_or(Reason::Wait);
        let g = &mut self.gs[gp.at()];
        (g.status, g.waitreason) = (GStatus::Waiting, Some(reason));
        self.go(m, Pc::ParkDrop);
        Some(Event::GParked { m, g: self.goid(gp), reason })
    }

    /// `dropg`: M and G no longer know each other. The goroutine is in the M's hand, unless a channel has it already.
    pub(super) fn dropg(&mut self, m: u32, next: Pc) -> Step {
        let gp = self.t(m).curg.take().unwrap_or_default();
        self.gs[gp.at()].m = None;
        self.w(m).gp = Some(gp);
        self.go(m, next);
        if self.fault == Fault::LateChain && self.ms[m as usize].spinning {
            self.resetspinning(m);
            self.call(m, Pc::Wakep, next);
        }
        Some(Event::GDropped { m, g: self.goid(gp) })
    }

    /// `waitunlockf`: only now may others find it.
    pub(super) fn park_commit(&mut self, m: u32) -> Step {
        let gp = self.w(m).gp.take().unwrap_or_default();
        let (g, p, us) = (self.goid(gp), self.own(m), self.w(m).us);
        self.go(m, Pc::Schedule);
        let reason = self.w(m).reason.take().unwrap_or(Reason::Wait);
        match reason {
            Reason::Send(at) | Reason::Recv(at) => self.chans[usize::from(at)].lock = None,
            Reason::Net => {
                self.sched.netpoll_inited = true;
                if us <= self.now {
                    return Some(self.abort_park(m, gp));
                }
                self.waiting.push(Waiter { g: gp, ready: us });
            }
            Reason::Sleep => {
                self.sched.netpoll_inited = true;
                if self.add_timer(p, Timer { when: us, g: gp }) {
                    self.w(m).when = us;
                    self.call(m, Pc::WakeNetPoller, Pc::Schedule);
                }
                return Some(Event::TimerAdded { m, p, g, when: us });
            }
            Reason::Wait if self.others == 0 => return Some(self.abort_park(m, gp)),
            Reason::Wait => self.waiter = Some(gp),
        }
        Some(Event::ParkCommitted { m, g, reason })
    }

    /// What it waits for has happened already: it goes on in the same slice.
    fn abort_park(&mut self, m: u32, gp: super::state::Slot) -> Event {
        self.wake_up(gp);
        let w = self.w(m);
        (w.gp, w.inherit) = (Some(gp), true);
        self.go(m, Pc::Execute);
        Event::ParkAborted { m, g: self.goid(gp) }
    }

    /// `goschedImpl`.
    pub(super) fn yield_status(&mut self, m: u32) -> Step {
        let gp = self.curg(m).unwrap_or_default();
        self.gs[gp.at()].status = GStatus::Runnable;
        self.go(m, Pc::YieldDrop);
        let preempted = std::mem::take(&mut self.w(m).preempted);
        Some(Event::GYielded { m, g: self.goid(gp), preempted })
    }

    /// To the tail of the global queue, not of the own one.
    pub(super) fn yield_put(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let event = self.globrunqput(m);
        self.call(m, Pc::Wakep, Pc::Schedule);
        Some(event)
    }

    pub(super) fn globrunqput(&mut self, m: u32) -> Event {
        let gp = self.w(m).gp.take().unwrap_or_default();
        self.sched.runq.push_back(gp);
        self.sched.runqsize += 1;
        Event::GlobalPut { m, g: self.goid(gp), runqsize: self.sched.runqsize }
    }

    /// `gdestroy`.
    pub(super) fn exit_status(&mut self, m: u32) -> Step {
        let gp = self.curg(m).unwrap_or_default();
        self.gs[gp.at()].status = GStatus::Dead;
        self.go(m, Pc::ExitDrop);
        Some(Event::GExited { m, g: self.goid(gp) })
    }

    /// Takes a lock for one step, or makes the M wait for it.
    pub(super) fn want(&mut self, m: u32, lock: Lock) -> Step {
        let holder = self.holder(lock).filter(|holder| *holder != m)?;
        self.t(m).wants = Some(lock);
        let name = self.lock_name(lock);
        Some(Event::LockWaited { m, lock: name, holder })
    }

    pub(super) fn want_sched(&mut self, m: u32) -> Step {
        self.want(m, Lock::Sched)
    }

    pub(super) fn holder(&self, lock: Lock) -> Option<u32> {
        match lock {
            Lock::Sched => self.sched.lock,
            Lock::Chan(at) => self.chans[usize::from(at)].lock,
        }
    }
}
