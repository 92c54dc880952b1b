//! `ready`, `wakep`, `injectglist`, `wakeNetPoller`: making goroutines runnable and finding somebody to run them.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GStatus, GoSched, RUNQ, Slot};

impl GoSched {
    /// `ready(gp, next=true)`: runnable, into `runnext`, then `wakep`.
    pub(super) fn ready(&mut self, m: u32) -> Step {
        let gp = self.w(m).put.unwrap_or_default();
        self.wake_up(gp);
        self.call(m, Pc::PutNext, Pc::Wakep);
        Some(Event::GReadied { m, g: self.goid(gp) })
    }

    /// `wakep`: one more searcher, if there is none.
    pub(super) fn wakep(&mut self, m: u32) -> Step {
        if self.fault == Fault::NoWakep {
            self.ret(m);
            return None;
        }
        let nmspinning = self.sched.nmspinning;
        if nmspinning != 0 {
            self.ret(m);
            return Some(Event::WakepNotNeeded { m, nmspinning });
        }
        self.sched.nmspinning = 1;
        self.w(m).token = true;
        self.go(m, Pc::WakepP);
        Some(Event::WakepRaised { m })
    }

    /// It needs an idle P; without one all is undone.
    pub(super) fn wakep_p(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        if let Some(event) = self.pidleget(m) {
            self.go(m, Pc::Startm);
            return Some(event);
        }
        self.sched.needspinning = true;
        self.sched.nmspinning -= 1;
        self.w(m).token = false;
        self.ret(m);
        Some(Event::WakepNoIdleP { m, nmspinning: self.sched.nmspinning })
    }

    /// `wakeNetPoller`: whoever polls must not sleep beyond `w.when`; if nobody polls, somebody should.
    pub(super) fn wake_net_poller(&mut self, m: u32) -> Step {
        let when = self.w(m).when;
        if self.sched.lastpoll.is_some() {
            self.go(m, Pc::Wakep);
            return None;
        }
        self.ret(m);
        let poller = self.sched.poll_until;
        if poller == 0 || poller > when {
            self.sched.netpoll_break = true;
            return Some(Event::NetpollBroken { m, until: when });
        }
        None
    }

    /// `injectglist`: all of the list become runnable.
    pub(super) fn inject(&mut self, m: u32) -> Step {
        let list = self.w(m).list.clone();
        if list.is_empty() {
            self.ret(m);
            return None;
        }
        for gp in &list {
            self.wake_up(*gp);
        }
        let gs = self.goids(&list);
        let all = list.len() as u32;
        let without_p = self.ms[m as usize].p.is_none();
        let n = if without_p { all } else { self.npidle().min(all) };
        self.w(m).n = n;
        self.go(m, if n > 0 { Pc::InjectGlobal } else { Pc::InjectLocal });
        Some(Event::ListReadied { m, gs })
    }

    /// As many as there are idle Ps (all, without a P of one's own) go to the global queue.
    pub(super) fn inject_global(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let w = self.w(m);
        let n = w.n.min(w.list.len() as u32);
        w.n = n;
        let moved: Vec<Slot> = w.list.drain(..n as usize).collect();
        let gs = self.goids(&moved);
        self.globrunqputbatch(moved);
        self.go(m, Pc::InjectStart);
        Some(Event::InjectedGlobal { m, gs, runqsize: self.sched.runqsize })
    }

    /// For each of them an idle P gets an M.
    pub(super) fn inject_start(&mut self, m: u32) -> Step {
        if self.w(m).n == 0 {
            if self.ms[m as usize].p.is_none() {
                self.ret(m)
            } else {
                self.go(m, Pc::InjectLocal)
            }
            return None;
        }
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        self.w(m).n -= 1;
        if let Some(event) = self.pidleget(m) {
            self.w(m).token = false;
            self.call(m, Pc::Startm, Pc::InjectStart);
            return Some(event);
        }
        self.w(m).n = 0;
        Some(self.need_spinning(m))
    }

    /// `runqputbatch`: the rest goes to the own ring, what does not fit to the global queue; then `wakep`.
    pub(super) fn inject_local(&mut self, m: u32) -> Step {
        if self.w(m).list.is_empty() {
            self.go(m, Pc::Wakep);
            return None;
        }
        let p = self.own(m);
        let room = RUNQ.saturating_sub(self.ps[p as usize].runq_len() as usize);
        // Only what does not fit needs `sched.lock`.
        if self.w(m).list.len() > room
            && let Some(event) = self.want_sched(m)
        {
            return Some(event);
        }
        let mut list = std::mem::take(&mut self.w(m).list);
        let rest = list.split_off(room.min(list.len()));
        let (gs, spilled) = (self.goids(&list), self.goids(&rest));
        let pp = &mut self.ps[p as usize];
        for gp in list {
            pp.set(pp.runqtail, gp);
            pp.runqtail = pp.runqtail.wrapping_add(1);
        }
        self.globrunqputbatch(rest);
        self.go(m, Pc::Wakep);
        Some(Event::InjectedLocal { m, p, gs, len: self.ps[p as usize].runq_len(), spilled })
    }

    /// `newproc1`: a struct of an ended goroutine, or a new one.
    pub(super) fn new_g(&mut self, m: u32) -> Step {
        let p = self.own(m);
        if self.ps[p as usize].gfree.is_empty() {
            let from = self.sched.gfree.len().saturating_sub(32);
            let refill = self.sched.gfree.split_off(from);
            self.ps[p as usize].gfree.extend(refill);
        }
        self.go(m, Pc::NewRunnable);
        if let Some(slot) = self.ps[p as usize].gfree.pop() {
            self.w(m).newg = Some(slot);
            return Some(Event::GReused { m, p, old: self.goid(slot) });
        }
        let slot = Slot::nth(self.gs.len());
        self.gs.push(super::state::G::default());
        self.w(m).newg = Some(slot);
        Some(Event::GAllocated { m, allgs: self.gs.len() as u32 })
    }

    /// It gets its number and becomes runnable; then `runqput` and `wakep`.
    pub(super) fn new_runnable(&mut self, m: u32) -> Step {
        let slot = self.w(m).newg.take().unwrap_or_default();
        let program = self.begin_child(m);
        self.birth(slot, program);
        self.w(m).put = Some(slot);
        self.t(m).calls.push(Pc::User);
        self.call(m, Pc::PutNext, Pc::Wakep);
        let by = self.curg(m).map_or(0, |g| self.goid(g));
        let program = self.programs[usize::from(program)].name.clone();
        Some(Event::GCreated { m, g: self.goid(slot), by, program })
    }

    /// Fills a struct for a goroutine that begins this program.
    pub(super) fn birth(&mut self, slot: Slot, program: u16) {
        self.goidgen += 1;
        self.others += 1;
        let goid = self.goidgen;
        self.gs[slot.at()] = super::state::G { goid, status: GStatus::Runnable, program, ..super::state::G::default() };
    }

    /// `gfput`: the struct goes to the P's list, half of which goes to the common one when it is long.
    pub(super) fn exit_free(&mut self, m: u32) -> Step {
        let slot = self.w(m).gp.take().unwrap_or_default();
        let p = self.own(m);
        let pp = &mut self.ps[p as usize];
        pp.gfree.push(slot);
        if pp.gfree.len() >= 64 {
            let mut moved = pp.gfree.split_off(31);
            moved.reverse();
            self.sched.gfree.extend(moved);
        }
        self.go(m, Pc::Schedule);
        Some(Event::GFreed { m, p, g: self.goid(slot), gfree: self.ps[p as usize].gfree.len() as u32 })
    }
}
