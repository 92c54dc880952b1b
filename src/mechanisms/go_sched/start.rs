//! `Machine::start`: Ps, threads and goroutines before the first step.

use std::sync::Arc;

use crate::machine::{Dice, Notes, Refusal};

use super::laws::Fault;
use super::pc::Pc;
use super::program::{MAIN_PROGRAM, all_goroutines};
use super::setup::{MAX_GOROUTINES, Queued, Setup};
use super::state::{Chan, G, GStatus, GoSched, M, P, PStatus, Sched, Slot, Stories};

impl GoSched {
    /// Main runs on M0 and P0, sysmon on M1; every other P that has something to do has an M.
    pub(super) fn build(setup: &Setup) -> Result<GoSched, Refusal> {
        let programs = setup.compile()?;
        let count = setup.procs;
        let mut machine = GoSched {
            now: 0,
            sched: Sched { lastpoll: Some(0), ..Sched::default() },
            ps: (0..count).map(|_| P::new(PStatus::Idle)).collect(),
            ms: vec![M::default()],
            gs: Vec::new(),
            chans: setup.chans.iter().map(|(name, cap)| chan(name, *cap)).collect(),
            waiting: Vec::new(),
            waiter: None,
            others: 0,
            dead: None,
            turn: 0,
            acted: None,
            goidgen: 0,
            budget: 2 * MAX_GOROUTINES - all_goroutines(&programs, &setup.queued),
            rng: Dice::seeded(setup.seed),
            coprimes: coprimes(count).collect(),
            programs: Arc::from(programs),
            sysmon: setup.sysmon,
            asyncpreemptoff: setup.asyncpreemptoff,
            max_threads: setup.max_threads,
            round_us: setup.round_us,
            stories: Stories::default(),
            fault: Fault::None,
            wrong: Notes::default(),
            jumps: 0,
            log: None,
            drawn: None,
            per_us: 1,
        };
        if setup.sysmon {
            let mut sysmon = M { pc: Pc::SysmonSleep, until: 20, ..M::default() };
            sysmon.w.delay = 20;
            machine.ms.push(sysmon);
        }
        let main = machine.add(MAIN_PROGRAM);
        machine.others = 0;
        machine.ps[0].schedtick = setup.schedtick;
        machine.ps[0].slices = setup.schedtick;
        // The runtime itself has made system calls on P0 before main begins.
        machine.ps[0].syscalltick = 1;
        machine.wire(0, 0);
        machine.set_running(0, main);
        for queued in &setup.queued {
            machine.place_queued(setup, queued)?;
        }
        for p in (0..count).rev().filter(|p| *p != 0) {
            if machine.ps[p as usize].m.is_none() {
                machine.idle_or_start(p)?;
            }
        }
        machine.first_searcher()?;
        Ok(machine)
    }

    /// Whoever made the waiting goroutines runnable has called `wakep`: one searcher is on its way if a P is idle.
    fn first_searcher(&mut self) -> Result<(), Refusal> {
        let work = self.sched.runqsize > 0 || self.ps.iter().any(|p| !p.is_empty());
        if !work || self.sched.pidle.is_empty() {
            return Ok(());
        }
        let m = self.new_m()?;
        let p = self.pop_idle();
        self.sched.nmspinning = 1;
        let thread = self.t(m);
        (thread.nextp, thread.pc, thread.spinning) = (p, Pc::Start, true);
        Ok(())
    }

    fn add(&mut self, program: u16) -> Slot {
        let slot = Slot::nth(self.gs.len());
        self.gs.push(G::default());
        self.birth(slot, program);
        slot
    }

    fn wire(&mut self, m: u32, p: u32) {
        let pp = &mut self.ps[p as usize];
        (pp.m, pp.status) = (Some(m), PStatus::Running);
        self.t(m).p = Some(p);
    }

    fn set_running(&mut self, m: u32, slot: Slot) {
        let g = &mut self.gs[slot.at()];
        (g.status, g.m) = (GStatus::Running, Some(m));
        let thread = self.t(m);
        (thread.curg, thread.pc) = (Some(slot), Pc::User);
    }

    fn place_queued(&mut self, setup: &Setup, queued: &Queued) -> Result<(), Refusal> {
        match queued {
            Queued::Local(p, name, n) => {
                let program = setup.program_number(name)?;
                for _ in 0..*n {
                    let slot = self.add(program);
                    let pp = &mut self.ps[*p as usize];
                    pp.set(pp.runqtail, slot);
                    pp.runqtail += 1;
                }
            }
            Queued::Runnext(p, name) => {
                let slot = self.add(setup.program_number(name)?);
                self.ps[*p as usize].runnext = Some(slot);
            }
            Queued::Global(name, n) => {
                let program = setup.program_number(name)?;
                for _ in 0..*n {
                    let slot = self.add(program);
                    self.sched.runq.push_back(slot);
                    self.sched.runqsize += 1;
                }
            }
            Queued::Running(p, name) => {
                let slot = self.add(setup.program_number(name)?);
                let m = self.new_m()?;
                self.wire(m, *p);
                self.set_running(m, slot);
            }
        }
        Ok(())
    }

    /// `procresize`: a P with work gets an M, the others go to the idle list, the lowest number on top.
    fn idle_or_start(&mut self, p: u32) -> Result<(), Refusal> {
        if self.ps[p as usize].is_empty() {
            self.sched.pidle.push(p);
            self.ps[p as usize].timerp = false;
            return Ok(());
        }
        let m = self.new_m()?;
        let thread = self.t(m);
        (thread.nextp, thread.pc) = (Some(p), Pc::Start);
        Ok(())
    }

    fn new_m(&mut self) -> Result<u32, Refusal> {
        if self.ms.len() as u32 >= self.max_threads {
            let max = self.max_threads;
            return super::program::refuse(
                format!("the Ps that have something to do need more than {max} threads"),
                format!("有任务的 P 需要的线程超过 {max} 个"),
            );
        }
        self.ms.push(M::default());
        Ok(self.ms.len() as u32 - 1)
    }
}

fn chan(name: &str, cap: u32) -> Chan {
    Chan { name: name.to_string(), cap, ..Chan::default() }
}

/// `randomOrder.reset`: the steps that visit each of `count` Ps once.
pub(super) fn coprimes(count: u32) -> impl Iterator<Item = u32> {
    (1..=count).filter(move |i| gcd(*i, count) == 1)
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
