//! `reentersyscall`, `entersyscallblock`, `exitsyscall`: leaving the P behind and coming back for it.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GStatus, GoSched, PStatus};

impl GoSched {
    /// `casgstatus(gp, _Grunning, _Gsyscall)`.
    pub(super) fn enter_syscall(&mut self, m: u32, us: u64, blocking: bool) -> Step {
        let (p, gp) = (self.own(m), self.curg(m).unwrap_or_default());
        self.gs[gp.at()].status = GStatus::Syscall;
        let w = self.w(m);
        (w.us, w.blocking) = (us, blocking);
        self.t(m).syscalltick = self.ps[p as usize].syscalltick;
        let next = match (blocking, self.sched.sysmonwait) {
            (true, _) => Pc::SysRelease,
            (false, true) => Pc::SysWakeMon,
            (false, false) => Pc::SysUnwire,
        };
        self.go(m, next);
        Some(Event::SyscallEntered { m, p, g: self.goid(gp), us, blocking })
    }

    /// sysmon sleeps deeply: it is woken, for it may have to retake this P.
    pub(super) fn sys_wake_mon(&mut self, m: u32) -> Step {
        self.go(m, Pc::SysUnwire);
        Some(self.wake_sysmon(m))
    }

    fn wake_sysmon(&mut self, m: u32) -> Event {
        self.sched.sysmonwait = false;
        if let Some(sysmon) = self.sysmon() {
            self.t(sysmon).note = true;
        }
        Event::SysmonWoken { m }
    }

    /// P and M no longer know each other, but the M remembers: `oldp`.
    pub(super) fn sys_unwire(&mut self, m: u32) -> Step {
        let p = self.own(m);
        if self.fault != Fault::UnwireHalf {
            self.ps[p as usize].m = None;
        }
        let thread = self.t(m);
        (thread.oldp, thread.p) = (Some(p), None);
        self.go(m, Pc::SysStatus);
        Some(Event::PUnwired { m, p })
    }

    /// `_Psyscall`: from now on anybody may take the P.
    pub(super) fn sys_status(&mut self, m: u32) -> Step {
        let p = self.ms[m as usize].oldp.unwrap_or_default();
        self.ps[p as usize].status = PStatus::Syscall;
        self.begin_call(m);
        Some(Event::PInSyscall { m, p, until: self.ms[m as usize].until })
    }

    fn begin_call(&mut self, m: u32) {
        let until = self.now + self.w(m).us;
        self.t(m).until = until;
        self.go(m, Pc::InSyscall);
    }

    /// `entersyscallblock_handoff`: the P is given away at once.
    pub(super) fn sys_release(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let pp = &mut self.ps[p as usize];
        pp.syscalltick = pp.syscalltick.wrapping_add(1);
        let event = self.releasep(m);
        self.call(m, Pc::Handoff, Pc::SysBlocked);
        Some(event)
    }

    pub(super) fn sys_blocked(&mut self, m: u32) -> Step {
        self.begin_call(m);
        let until = self.ms[m as usize].until;
        Some(Event::SyscallBlocks { m, g: self.curg(m).map_or(0, |slot| self.goid(slot)), until })
    }

    /// The kernel returns.
    pub(super) fn in_syscall(&mut self, m: u32) -> Step {
        self.go(m, Pc::SysExitOld);
        Some(Event::SyscallReturned { m, g: self.curg(m).map_or(0, |slot| self.goid(slot)) })
    }

    /// `exitsyscallfast`: the old P, if it still is in this system call.
    pub(super) fn sys_exit_old(&mut self, m: u32) -> Step {
        self.go(m, Pc::SysPidle);
        let p = self.t(m).oldp.take()?;
        let pp = &mut self.ps[p as usize];
        if pp.status != PStatus::Syscall {
            return Some(Event::OldPLost { m, p, status: pp.status.into() });
        }
        pp.status = PStatus::Idle;
        self.w(m).pp = Some(p);
        self.go(m, Pc::SysWire);
        Some(Event::OldPRegained { m, p })
    }

    /// `wirep`.
    pub(super) fn sys_wire(&mut self, m: u32) -> Step {
        self.acquirep(m);
        let p = self.own(m);
        let tick = self.ms[m as usize].syscalltick;
        let pp = &mut self.ps[p as usize];
        if pp.syscalltick != tick {
            // It was retaken meanwhile and went into another system call, from which it is taken now.
            pp.syscalltick = pp.syscalltick.wrapping_add(1);
        }
        self.go(m, Pc::SysDone);
        Some(Event::PWired { m, p })
    }

    /// `exitsyscallfast_pidle`: any other idle P.
    pub(super) fn sys_pidle(&mut self, m: u32) -> Step {
        if self.npidle() == 0 {
            self.go(m, Pc::SysSlow);
            return Some(Event::NoIdleP { m });
        }
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let Some(event) = self.pidleget(m) else {
            self.go(m, Pc::SysSlow);
            return Some(Event::NoIdleP { m });
        };
        self.go(m, Pc::SysAcquire);
        Some(event)
    }

    pub(super) fn sys_acquire(&mut self, m: u32, next: Pc) -> Step {
        if self.sched.sysmonwait {
            return Some(self.wake_sysmon(m));
        }
        self.go(m, next);
        Some(self.acquirep(m))
    }

    /// Back in Go code: `syscalltick++`, `_Grunning`.
    pub(super) fn sys_done(&mut self, m: u32) -> Step {
        let (p, gp) = (self.own(m), self.curg(m).unwrap_or_default());
        let pp = &mut self.ps[p as usize];
        pp.syscalltick = pp.syscalltick.wrapping_add(1);
        let syscalltick = pp.syscalltick;
        let g = &mut self.gs[gp.at()];
        if !std::mem::take(&mut g.after_syscall) {
            g.status = GStatus::Running;
            self.complete(gp);
        }
        self.go(m, Pc::User);
        Some(Event::SyscallDone { m, p, g: self.goid(gp), syscalltick })
    }

    /// `exitsyscall0`: no P, so the goroutine cannot run on.
    pub(super) fn sys_slow(&mut self, m: u32) -> Step {
        let gp = self.curg(m).unwrap_or_default();
        self.complete(gp);
        let g = &mut self.gs[gp.at()];
        (g.status, g.after_syscall) = (GStatus::Runnable, true);
        self.go(m, Pc::SysDrop);
        Some(Event::SyscallGRunnable { m, g: self.goid(gp) })
    }

    /// Under `sched.lock`: an idle P after all, or the global queue, and the M sleeps.
    pub(super) fn sys_put(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        self.w(m).inherit = false;
        if let Some(event) = self.pidleget(m) {
            self.go(m, Pc::SysExecute);
            return Some(event);
        }
        self.go(m, Pc::Stopm);
        Some(self.globrunqput(m))
    }
}
