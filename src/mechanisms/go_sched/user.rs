//! What goroutines do between two visits to the scheduler: the statements of their programs.

use super::event::{Event, Reason};
use super::laws::Fault;
use super::pc::Pc;
use super::program::Code;
use super::run::Step;
use super::state::{GStatus, GoSched, Slot};

impl GoSched {
    /// The goroutine that an M runs.
    pub(super) fn curg(&self, m: u32) -> Option<Slot> {
        self.ms[m as usize].curg
    }

    /// The statement a goroutine is at; `None` at the end of its program.
    pub fn code(&self, slot: Slot) -> Option<Code> {
        let g = &self.gs[slot.at()];
        self.programs[usize::from(g.program)].code.get(usize::from(g.pc)).map(|(code, _)| *code)
    }

    /// One execution of the current statement is done.
    pub(super) fn complete(&mut self, slot: Slot) {
        let g = &mut self.gs[slot.at()];
        let times = self.programs[usize::from(g.program)].code.get(usize::from(g.pc)).map_or(1, |(_, times)| *times);
        g.done += 1;
        if g.done >= times {
            (g.pc, g.done) = (g.pc + 1, 0);
        }
    }

    /// The next statement, unless the goroutine is asked to stop.
    pub(super) fn user(&mut self, m: u32) -> Step {
        let slot = self.curg(m).unwrap_or_default();
        if let Some(event) = self.signal(m, slot, 0) {
            return Some(event);
        }
        let g = self.gs[slot.at()];
        if g.preempt {
            return Some(self.stop_at_call(m, slot, 0));
        }
        if g.after_syscall {
            self.go(m, Pc::SysDone);
            return None;
        }
        if g.closed {
            self.die("panic: send on closed channel", 2);
            return Some(Event::PanicSendClosed { m, g: g.goid });
        }
        if g.spawn.is_some() {
            self.go(m, Pc::NewG);
            return None;
        }
        match self.code(slot) {
            Some(code) => self.statement(m, slot, code),
            None => self.end(m, slot),
        }
    }

    fn statement(&mut self, m: u32, slot: Slot, code: Code) -> Step {
        let g = self.gs[slot.at()];
        if let Code::Send(at) | Code::Recv(at) | Code::Close(at) = code
            && let Some(event) = self.want(m, super::pc::Lock::Chan(at))
        {
            return Some(event);
        }
        let again = matches!(code, Code::Again(_)) || (matches!(code, Code::Go(_)) && g.done > 0);
        if !again {
            self.note_statement(slot);
        }
        match code {
            Code::Compute(us) | Code::Loop(us) => {
                let us = if g.left > 0 { g.left } else { us };
                let until = self.now + us;
                self.t(m).until = until;
                self.gs[slot.at()].since = self.now;
                self.go(m, Pc::Computing);
                Some(Event::Computing { m, p: self.own(m), g: g.goid, us, until })
            }
            Code::Go(_) => {
                self.go(m, Pc::NewG);
                None
            }
            Code::Send(at) => Some(self.send(m, slot, at)),
            Code::Recv(at) => Some(self.recv(m, slot, at)),
            Code::Close(at) => Some(self.close(m, slot, at)),
            Code::Syscall(us) => self.enter_syscall(m, us, false),
            Code::SyscallBlock(us) => self.enter_syscall(m, us, true),
            Code::Net(us) => self.wait_for(m, Reason::Net, self.now + us),
            Code::Sleep(us) => self.wait_for(m, Reason::Sleep, self.now + us),
            Code::Gosched => {
                self.complete(slot);
                self.go(m, Pc::YieldStatus);
                Some(Event::GoschedCalled { m, g: g.goid })
            }
            Code::Wait if self.others == 0 => {
                self.complete(slot);
                Some(Event::WaitPassed { m, g: g.goid })
            }
            Code::Wait => self.wait_for(m, Reason::Wait, 0),
            Code::Again(times) => {
                let g = &mut self.gs[slot.at()];
                let again = g.rounds < times;
                (g.pc, g.rounds) = if again { (0, g.rounds + 1) } else { (g.pc + 1, g.rounds) };
                None
            }
        }
    }

    fn wait_for(&mut self, m: u32, reason: Reason, us: u64) -> Step {
        let w = self.w(m);
        (w.reason, w.us) = (Some(reason), us);
        self.go(m, Pc::Park);
        None
    }

    fn note_statement(&mut self, slot: Slot) {
        let (goid, pc) = (self.goid(slot), self.gs[slot.at()].pc);
        if let Some(log) = &mut self.log {
            log.push((goid - 1, u32::from(pc)));
        }
    }

    /// The end of the program: main's ends the process, the last of the others wakes main.
    fn end(&mut self, m: u32, slot: Slot) -> Step {
        self.note_statement(slot);
        let g = self.goid(slot);
        if g == 1 {
            self.die("", 0);
            return Some(Event::MainReturned { m, g });
        }
        self.others = self.others.saturating_sub(1);
        if self.others == 0
            && let Some(main) = self.waiter.take()
        {
            self.w(m).put = Some(main);
            self.call(m, Pc::Ready, Pc::ExitStatus);
            return Some(Event::WaitGroupZero { m, g });
        }
        self.go(m, Pc::ExitStatus);
        None
    }

    /// In the middle of a computation: its time is over, or somebody wants something of it.
    pub(super) fn computing(&mut self, m: u32) -> Step {
        let slot = self.curg(m).unwrap_or_default();
        let now = self.now;
        let until = self.ms[m as usize].until;
        let left = until.saturating_sub(now);
        let g = &mut self.gs[slot.at()];
        // A thread whose turn comes late has computed no longer for that.
        (g.spent, g.since) = (g.spent + now.min(until).saturating_sub(g.since), now);
        if left == 0 {
            // It is over: whoever wants the goroutine to stop stops it before its next statement.
            g.left = 0;
            self.t(m).until = now;
            self.computed(slot);
            self.go(m, Pc::User);
            return None;
        }
        if let Some(event) = self.signal(m, slot, left) {
            return Some(event);
        }
        let calls = matches!(self.code(slot), Some(Code::Compute(_)));
        let g = &mut self.gs[slot.at()];
        if g.preempt && calls {
            return Some(self.stop_at_call(m, slot, left));
        }
        g.left = left;
        self.t(m).until = now;
        self.go(m, Pc::User);
        None
    }

    /// A computation is over: it has taken as long as its statement says, however often it was interrupted.
    fn computed(&mut self, slot: Slot) {
        let spent = std::mem::take(&mut self.gs[slot.at()].spent);
        if let Some(Code::Compute(us) | Code::Loop(us)) = self.code(slot)
            && spent != us
        {
            let g = self.goid(slot);
            self.wrong.note("time-as-asked", || format!("G{g} has computed for {spent} µs of {us}"));
        }
        self.complete(slot);
    }

    /// Whether a computation would notice something before its time is over.
    pub(super) fn disturbed(&self, m: u32) -> bool {
        let thread = &self.ms[m as usize];
        let Some(slot) = thread.curg else { return true };
        let g = &self.gs[slot.at()];
        thread.signal || g.spawn.is_some() || (g.preempt && matches!(self.code(slot), Some(Code::Compute(_))))
    }

    /// `doSigPreempt`: a signal that reaches a running goroutine which is asked to stop makes it yield.
    fn signal(&mut self, m: u32, slot: Slot, left: u64) -> Step {
        if !std::mem::take(&mut self.t(m).signal) {
            return None;
        }
        let p = self.own(m);
        let g = self.gs[slot.at()];
        let wanted = (g.preempt || self.ps[p as usize].preempt) && g.status == GStatus::Running;
        if !wanted {
            return Some(Event::SignalIgnored { m });
        }
        self.stop(m, slot, left);
        Some(Event::PreemptedBySignal { m, p, g: g.goid, left })
    }

    /// `newstack`: the prologue of a function has found `stackPreempt`.
    fn stop_at_call(&mut self, m: u32, slot: Slot, left: u64) -> Event {
        self.stop(m, slot, left);
        Event::PreemptedAtCall { m, p: self.own(m), g: self.goid(slot), left }
    }

    fn stop(&mut self, m: u32, slot: Slot, left: u64) {
        if left > 0 && self.fault != Fault::ForgetsLeft {
            self.gs[slot.at()].left = left;
        }
        self.t(m).until = self.now;
        self.stories.preemptions += 1;
        self.w(m).preempted = true;
        self.go(m, Pc::YieldStatus);
    }

    /// The program of the goroutine that a `go` statement starts; the statement is done.
    pub(super) fn begin_child(&mut self, m: u32) -> u16 {
        let slot = self.curg(m).unwrap_or_default();
        let g = &mut self.gs[slot.at()];
        if let Some((program, n)) = g.spawn {
            g.spawn = (n > 1).then_some((program, n - 1));
            return program;
        }
        let Some(Code::Go(program)) = self.code(slot) else { return 0 };
        self.complete(slot);
        program
    }
}
