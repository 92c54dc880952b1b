//! The operations of a recording, each as a call of the machine's own functions.

use serde_json::{Value, json};

use crate::mechanisms::go_sched::event::{Event, Reason};
use crate::mechanisms::go_sched::pc::Pc;
use crate::mechanisms::go_sched::start::coprimes;
use crate::mechanisms::go_sched::state::{GStatus, M, P, PStatus, RUNQ, Slot, Timer};

use super::act::{Words, flag, number, numbers, small};
use super::queues::Bench;

/// What a call came to.
#[derive(Default)]
pub(super) struct Call {
    /// Results by name.
    pub(super) results: Vec<(&'static str, Value)>,
    /// The steps of the machine.
    pub(super) events: Vec<Event>,
    /// It has no counterpart.
    pub(super) left_out: bool,
}

/// Where a search ends.
const SEARCHED: &[Pc] = &[Pc::Found, Pc::Parked, Pc::CheckDead];
/// Where a round of the scheduler ends.
const SCHEDULED: &[Pc] = &[Pc::User, Pc::Parked, Pc::CheckDead];

impl Bench {
    /// Carries out the operation of a line.
    pub(super) fn begin(&mut self, op: &str, line: &Words) -> Result<Call, String> {
        let runs = !matches!(op, "unidle" | "unidlespin" | "recheck" | "handoff" | "exitfast" | "timer" | "set");
        let p = if runs && line.contains_key("p") { self.p(line, "p")? } else { None };
        self.take(p);
        if line.contains_key("draws") {
            self.machine.drawn = Some((numbers(line, "draws")?, 0));
        }
        self.machine.ms[0].spinning = flag(line, "spinning") && matches!(op, "find" | "schedule");
        let mut call = Call::default();
        match op {
            "put" | "fill" | "putslow" | "putbatch" | "get" | "drain" | "gput" | "gputhead" | "gputbatch" | "gget" => {
                self.queue(op, line, &mut call)?;
            }
            // The last pass ends at once.
            "stealwork" if self.gcwaiting => call.left_out = true,
            "steal" | "grab" | "order" | "enum" | "stealwork" => self.steal(op, line, &mut call)?,
            "find" | "schedule" | "gosched" | "goyield" | "park" => self.schedule(op, line, &mut call)?,
            "idle" | "unidle" | "unidlespin" | "wakep" | "startm" | "handoff" | "resetspinning" | "recheck"
            | "ready" | "inject" => self.wake(op, line, &mut call)?,
            "retake" | "exitfast" | "exit0" | "timer" | "arrive" => self.others(op, line, &mut call)?,
            "set" => self.set(line)?,
            _ => return Err(format!("operation {op:?} is not known")),
        }
        if let Some((drawn, used)) = self.machine.drawn.take().filter(|_| !call.left_out) {
            call.results.push(("draws", drawn.iter().copied().take(used).collect()));
            if used > drawn.len() {
                call.results.push(("more draws", json!(used - drawn.len())));
            }
        }
        if line.contains_key("slept") && !call.left_out {
            call.results.push(("slept", json!(self.slept)));
        }
        self.give_back();
        Ok(call)
    }

    fn run(&mut self, call: &mut Call, pc: Pc, stops: &[Pc]) -> Result<(), String> {
        call.events.extend(self.call(pc, stops)?);
        Ok(())
    }

    fn goid(&self, slot: Option<Slot>) -> u32 {
        slot.map_or(0, |slot| self.machine.goid(slot))
    }

    /// The goroutine that a search has put into M 0's hand.
    fn hand(&mut self) -> Option<Slot> {
        self.machine.ms[0].w.gp.take()
    }

    fn queue(&mut self, op: &str, line: &Words, call: &mut Call) -> Result<(), String> {
        match op {
            "put" => {
                let g = small(line, "g")?;
                self.machine.ms[0].w.put = Some(self.slot(g)?);
                self.run(call, if flag(line, "next") { Pc::PutNext } else { Pc::PutRing }, &[])?;
            }
            "fill" => {
                let (g, n) = (small(line, "g")?, small(line, "n")?.min(10_000));
                for g in g..g.saturating_add(n) {
                    self.machine.ms[0].w.put = Some(self.slot(g)?);
                    self.run(call, Pc::PutRing, &[])?;
                }
            }
            "putslow" => {
                let g = small(line, "g")?;
                self.machine.ms[0].w.put = Some(self.slot(g)?);
                self.machine.call(0, Pc::PutSlowHead, Pc::Returned);
                call.events.push(self.machine.copy_half(0, small(line, "h")?));
                call.events.extend(self.go_on(&[Pc::PutRing])?);
                call.results.push(("ok", json!(self.machine.ms[0].pc == Pc::Returned)));
            }
            "putbatch" => {
                let gs = numbers(line, "gs")?;
                self.machine.ms[0].w.list = self.slots(&gs)?;
                self.run(call, Pc::InjectLocal, &[Pc::Wakep])?;
            }
            "get" => {
                self.run(call, Pc::FindLocal, &[Pc::Found, Pc::FindGlobal])?;
                let (gp, inherit) = (self.hand(), self.machine.ms[0].w.inherit);
                call.results.extend([("g", json!(self.goid(gp))), ("inherit", json!(inherit))]);
            }
            "drain" => {
                let mut gs = Vec::new();
                loop {
                    self.run(call, Pc::FindLocal, &[Pc::Found, Pc::FindGlobal])?;
                    self.machine.ret(0);
                    let Some(gp) = self.hand() else { break };
                    gs.push(self.machine.goid(gp));
                }
                call.results.extend([("n", json!(gs.len())), ("gs", json!(gs))]);
            }
            "gput" => {
                let g = small(line, "g")?;
                self.machine.ms[0].w.gp = Some(self.slot(g)?);
                call.events.push(self.machine.globrunqput(0));
            }
            "gputhead" => {
                let g = small(line, "g")?;
                let slot = self.slot(g)?;
                self.machine.globrunqputhead(slot);
            }
            "gputbatch" => {
                let gs = numbers(line, "gs")?;
                let slots = self.slots(&gs)?;
                self.machine.globrunqputbatch(slots);
            }
            _ => {
                let max = small(line, "max")?;
                if max == 1 {
                    self.run(call, Pc::FindOne, &[Pc::Found, Pc::FindLocal])?;
                } else if self.machine.sched.runqsize > 0 {
                    call.events.push(self.machine.globrunqget(0, if max == 0 { u32::MAX } else { max }));
                    call.events.extend(self.go_on(&[Pc::Found])?);
                }
                let gp = self.hand();
                call.results.push(("g", json!(self.goid(gp))));
            }
        }
        Ok(())
    }

    fn steal(&mut self, op: &str, line: &Words, call: &mut Call) -> Result<(), String> {
        const STOLEN: &[Pc] = &[Pc::Found, Pc::StealVictim];
        match op {
            "steal" => {
                let from = self.p(line, "from")?.ok_or("`from` is missing")?;
                self.machine.call(0, Pc::StealVictim, Pc::Returned);
                if let Some(step) = self.machine.runqgrab(0, from, flag(line, "next")) {
                    call.events.extend(step);
                    call.events.extend(self.go_on(STOLEN)?);
                }
                let gp = self.hand();
                call.results.push(("g", json!(self.goid(gp))));
            }
            "grab" => self.grab(line, call)?,
            "order" => {
                let n = small(line, "n")?;
                if !(1..=1024).contains(&n) {
                    return Err(format!("an order of {n} Ps"));
                }
                self.order = Some(n);
                call.results.push(("coprimes", coprimes(n).collect()));
            }
            "enum" => {
                let n = self.order.filter(|n| *n <= 64).ok_or("there is no order of 1 to 64 Ps")?;
                let mut other = Bench::new(n, 0)?.machine;
                other.begin_order(0, small(line, "i")?);
                let mut positions = Vec::new();
                for _ in 0..n {
                    positions.push(other.ms[0].w.pos);
                    other.next_victim(0);
                }
                call.results.extend([("inc", json!(other.ms[0].w.inc)), ("pos", json!(positions))]);
            }
            _ => {
                self.run(call, Pc::StealPass, &[Pc::Found, Pc::FindTop, Pc::IdleLock])?;
                let gp = self.hand();
                let w = &self.machine.ms[0].w;
                let (inherit, ran) = (w.inherit && gp.is_some(), w.ran);
                call.results.extend([
                    ("g", json!(self.goid(gp))),
                    ("inherit", json!(inherit)),
                    ("newwork", json!(ran)),
                ]);
            }
        }
        Ok(())
    }

    /// `runqgrab` into an empty ring, that of a P that only stands for the buffer.
    fn grab(&mut self, line: &Words, call: &mut Call) -> Result<(), String> {
        let (from, at) = (self.p(line, "from")?.ok_or("`from` is missing")?, small(line, "at")?);
        let buffer = self.machine.procs();
        let mut empty = P::new(PStatus::Running);
        (empty.runqhead, empty.runqtail) = (at, at);
        self.machine.ps.push(empty);
        let own = self.machine.ms[0].p.replace(buffer);
        self.machine.call(0, Pc::StealVictim, Pc::Returned);
        if let Some(step) = self.machine.runqgrab(0, from, flag(line, "next")) {
            call.events.extend(step);
            call.events.extend(self.go_on(&[Pc::Found, Pc::StealVictim, Pc::StealPublish])?);
        }
        let stolen = call.events.iter().find_map(|event| match event {
            Event::StealCommitted { n, .. } => Some((*n, false)),
            Event::RunnextStolen { .. } => Some((1, true)),
            _ => None,
        });
        let (n, next) = stolen.unwrap_or_default();
        let hand = self.hand();
        let slot = |i: u32| at.wrapping_add(i) % RUNQ as u32;
        let taken =
            |i: u32| if next { hand.unwrap_or_default() } else { self.machine.ps[buffer as usize].slot(slot(i)) };
        let mut batch: Vec<(u32, u32)> = (0..n).map(|i| (slot(i), self.machine.goid(taken(i)))).collect();
        batch.sort_unstable();
        call.results.extend([("n", json!(n)), ("batch", json!(batch))]);
        self.machine.ps.pop();
        self.machine.ms[0].p = own;
        Ok(())
    }

    fn schedule(&mut self, op: &str, line: &Words, call: &mut Call) -> Result<(), String> {
        if op == "find" {
            self.run(call, Pc::FindTop, SEARCHED)?;
            let found = self.machine.ms[0].pc == Pc::Found;
            let gp = self.hand();
            call.results.push(("g", if found { json!(self.goid(gp)) } else { json!(-1) }));
            if found {
                call.results.push(("inherit", json!(self.machine.ms[0].w.inherit)));
            }
            call.results.push(("wake", json!(false)));
            self.end(call, found);
            return Ok(());
        }
        if op != "schedule" {
            let g = small(line, "g")?;
            let slot = self.slot(g)?;
            (self.machine.ms[0].curg, self.machine.gs[slot.at()].status) = (Some(slot), GStatus::Running);
        }
        match op {
            "gosched" => self.run(call, Pc::YieldStatus, SCHEDULED)?,
            "park" => {
                self.machine.ms[0].w.reason = Some(Reason::Wait);
                self.run(call, Pc::Park, SCHEDULED)?;
            }
            "goyield" => {
                self.run(call, Pc::YieldStatus, &[Pc::YieldPut])?;
                self.machine.ms[0].w.put = self.hand();
                self.machine.call(0, Pc::PutRing, Pc::Schedule);
                call.events.extend(self.go_on(SCHEDULED)?);
            }
            _ => self.run(call, Pc::Schedule, SCHEDULED)?,
        }
        self.ran(call);
        Ok(())
    }

    /// Which goroutine the M runs, and with which P.
    fn ran(&mut self, call: &mut Call) {
        let runs = self.machine.ms[0].pc == Pc::User;
        let gp = self.machine.ms[0].curg.take();
        call.results.push(("ran", if runs { json!(self.goid(gp)) } else { json!(-1) }));
        self.end(call, runs);
    }

    fn end(&mut self, call: &mut Call, found: bool) {
        let thread = &self.machine.ms[0];
        let on = thread.p.map_or(-1, i64::from);
        call.results.push(("on", json!(if found { on } else { -2 })));
        call.results.push(("spin", json!(thread.spinning)));
    }

    fn wake(&mut self, op: &str, line: &Words, call: &mut Call) -> Result<(), String> {
        match op {
            "idle" => call.events.extend([self.machine.releasep(0), self.machine.pidleput(0)]),
            "unidle" | "unidlespin" => {
                match self.machine.pidleget(0) {
                    Some(event) => call.events.extend([event, self.machine.acquirep(0)]),
                    None if op == "unidlespin" => call.events.push(self.machine.need_spinning(0)),
                    None => {}
                }
                call.results.push(("p", json!(self.machine.ms[0].p.map_or(-1, i64::from))));
            }
            "wakep" => self.run(call, Pc::Wakep, &[])?,
            "startm" => {
                let spinning = flag(line, "spinning");
                match self.p(line, "of")? {
                    Some(of) => self.release(of),
                    None => call.events.extend(self.machine.pidleget(0)),
                }
                self.machine.ms[0].w.token = spinning;
                if self.machine.ms[0].w.pp.is_some() {
                    self.run(call, Pc::Startm, &[])?;
                }
            }
            "handoff" => {
                let p = self.p(line, "p")?.ok_or("`p` is missing")?;
                self.release(p);
                // Only a P that nobody needs is stopped.
                let stops: &[Pc] = if self.gcwaiting { &[Pc::HandoffIdle] } else { &[] };
                self.run(call, Pc::Handoff, stops)?;
                call.left_out = self.machine.ms[0].pc == Pc::HandoffIdle;
            }
            "resetspinning" => {
                self.machine.ms[0].spinning = true;
                self.run(call, Pc::Found, &[Pc::Execute])?;
                call.results.push(("spinning", json!(self.machine.ms[0].spinning)));
            }
            "recheck" => {
                self.run(call, Pc::RecheckQueues, &[Pc::RecheckAcquire, Pc::NetBlock])?;
                if self.machine.ms[0].w.pp.is_some() {
                    call.events.push(self.machine.acquirep(0));
                }
                call.results.push(("p", json!(self.machine.ms[0].p.map_or(-1, i64::from))));
            }
            "ready" => {
                let g = small(line, "g")?;
                self.machine.ms[0].w.put = Some(self.slot(g)?);
                self.run(call, Pc::Ready, &[Pc::PutNext])?;
                if !flag(line, "next") {
                    self.machine.go(0, Pc::PutRing);
                }
                call.events.extend(self.go_on(&[])?);
            }
            _ => {
                let gs = numbers(line, "gs")?;
                self.machine.ms[0].w.list = self.slots(&gs)?;
                self.run(call, Pc::Inject, &[])?;
            }
        }
        Ok(())
    }

    /// A P without an M, in M 0's hand.
    fn release(&mut self, p: u32) {
        self.leave(p);
        self.machine.ps[p as usize].status = PStatus::Idle;
        self.machine.ms[0].w.pp = Some(p);
    }

    fn others(&mut self, op: &str, line: &Words, call: &mut Call) -> Result<(), String> {
        match op {
            "retake" => {
                let now = std::mem::replace(&mut self.machine.now, number(line, "now")?.min(1 << 60));
                self.run(call, Pc::SysmonRetake, &[Pc::SysmonSleep])?;
                self.machine.now = now;
                let asked = |event: &Event| if let Event::PreemptRequested { p, .. } = event { Some(*p) } else { None };
                let asked: Vec<u32> = call.events.iter().filter_map(asked).collect();
                call.results.extend([("n", json!(self.machine.ms[0].w.took)), ("preempted", json!(asked))]);
            }
            "exitfast" => {
                let oldp = self.p(line, "p")?;
                let thread = &mut self.machine.ms[0];
                (thread.syscalltick, thread.oldp) = (small(line, "mtick")?, oldp);
                self.run(call, Pc::SysExitOld, &[Pc::SysDone, Pc::SysSlow])?;
                let thread = &self.machine.ms[0];
                let on = thread.p.map_or(-1, i64::from);
                call.results.extend([("ok", json!(thread.pc == Pc::SysDone)), ("on", json!(on))]);
            }
            "exit0" => {
                let g = small(line, "g")?;
                let slot = self.slot(g)?;
                (self.machine.ms[0].curg, self.machine.gs[slot.at()].status) = (Some(slot), GStatus::Syscall);
                self.run(call, Pc::SysSlow, SCHEDULED)?;
                self.ran(call);
                call.results.retain(|(name, _)| *name != "spin");
            }
            "timer" => {
                let (p, g) = (self.p(line, "p")?.ok_or("`p` is missing")?, small(line, "g")?);
                let timer = Timer { when: number(line, "when")?, g: self.slot(g)? };
                self.machine.add_timer(p, timer);
            }
            _ => {
                let m = small(line, "m")?;
                let waits = (1..=self.ms).contains(&m) && self.machine.ms[m as usize].nextp.is_some();
                if !waits {
                    return Err(format!("M {m} was given no P"));
                }
                call.events.extend(self.machine.micro(m));
                let p = self.machine.ms[m as usize].p;
                self.machine.ms[m as usize] = M { pc: Pc::Parked, ..M::default() };
                p.into_iter().for_each(|p| self.own_m(p));
                self.machine.sched.midle.push(m);
            }
        }
        Ok(())
    }
}
