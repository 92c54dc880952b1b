//! What a picture, a test or a law asks of the state.

use super::event::Reason;
use super::pc::{Lock, Pc, Place};
use super::program::Program;
use super::state::{Chan, Dead, G, GStatus, GoSched, M, P, Sched, Slot, Waiter};

impl GoSched {
    /// Model time, in microseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// What all Ps share.
    pub fn sched(&self) -> &Sched {
        &self.sched
    }

    /// The Ps, by number.
    pub fn ps(&self) -> &[P] {
        &self.ps
    }

    /// The Ms, by number; with sysmon M1 is sysmon.
    pub fn ms(&self) -> &[M] {
        &self.ms
    }

    /// The number of sysmon's thread.
    pub fn sysmon(&self) -> Option<u32> {
        self.sysmon.then_some(1)
    }

    /// sysmon's rounds in a row without a retake, and its sleep between rounds in microseconds.
    pub fn sysmon_pace(&self) -> Option<(u32, u64)> {
        let w = &self.ms[self.sysmon()? as usize].w;
        Some((w.idle, w.delay))
    }

    /// What a lock is called: `sched.lock`, `c.lock`.
    pub fn lock_name(&self, lock: Lock) -> String {
        match lock {
            Lock::Sched => String::from("sched.lock"),
            Lock::Chan(at) => format!("{}.lock", self.chans[usize::from(at)].name),
        }
    }

    /// The goroutine in a slot.
    pub fn g(&self, slot: Slot) -> &G {
        &self.gs[slot.at()]
    }

    /// The number of the goroutine in a slot.
    pub fn goid(&self, slot: Slot) -> u32 {
        self.gs[slot.at()].goid
    }

    /// The slot of a goroutine that has not ended.
    pub fn find(&self, goid: u32) -> Option<Slot> {
        let alive = |g: &G| g.goid == goid && g.status != GStatus::Dead;
        self.gs.iter().position(alive).map(Slot::nth)
    }

    /// All goroutines that have not ended, in the order of their slots.
    pub fn live(&self) -> impl Iterator<Item = (Slot, &G)> {
        let all = self.gs.iter().enumerate().map(|(at, g)| (Slot::nth(at), g));
        all.filter(|(_, g)| g.status != GStatus::Dead)
    }

    /// The channels, in the order of their names.
    pub fn chans(&self) -> &[Chan] {
        &self.chans
    }

    /// Goroutines that wait for the network.
    pub fn waiting(&self) -> &[Waiter] {
        &self.waiting
    }

    /// Main, if it is parked in `Wait`.
    pub fn waiter(&self) -> Option<Slot> {
        self.waiter
    }

    /// Goroutines besides main that have not ended.
    pub fn others(&self) -> u32 {
        self.others
    }

    /// The programs; number 0 is main's.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// The end of the process.
    pub fn dead(&self) -> Option<&Dead> {
        self.dead.as_ref()
    }

    /// The M whose turn is next in the machine's own interleaving.
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// The goroutine that an M holds in its hands: found but not running yet, or to be put into a queue.
    pub fn in_hand(&self, m: u32) -> impl Iterator<Item = Slot> {
        let w = &self.ms[m as usize].w;
        let batch = if w.owned { w.batch.as_slice() } else { &[] };
        [w.gp.filter(|_| !self.on_chan(m)), w.put]
            .into_iter()
            .flatten()
            .chain(w.list.iter().copied())
            .chain(batch.iter().copied())
    }

    /// Whether an M is parking a goroutine that a channel has already.
    pub(super) fn on_chan(&self, m: u32) -> bool {
        matches!(self.ms[m as usize].w.reason, Some(Reason::Send(_) | Reason::Recv(_)))
    }

    /// The P that an M holds in its hands: released, taken from the idle list, to be given to another M.
    pub fn p_in_hand(&self, m: u32) -> Option<u32> {
        self.ms[m as usize].w.pp
    }

    /// What an M is doing.
    pub fn place(&self, m: u32) -> Place {
        let thread = &self.ms[m as usize];
        if self.sysmon() == Some(m) {
            return Place::Sysmon;
        }
        match thread.pc {
            Pc::Parked | Pc::CheckDead if !thread.note => Place::Idle,
            Pc::NetWait => Place::Netpoll,
            Pc::InSyscall => Place::Syscall,
            _ if thread.spinning => Place::Spinning,
            Pc::User | Pc::Computing => Place::User,
            _ => Place::Scheduler,
        }
    }

    /// Goroutines stolen so far, and how often a thief came away with some.
    pub fn steals(&self) -> u32 {
        self.stories.steals
    }

    /// The M that took the last step; `None` after a step that no thread took (time, what-ifs).
    pub fn acted(&self) -> Option<u32> {
        self.acted
    }

    pub(super) fn draw(&mut self) -> u32 {
        match &mut self.drawn {
            Some((drawn, at)) => {
                *at += 1;
                drawn.get(*at - 1).copied().unwrap_or_default()
            }
            None => self.rng.bits(),
        }
    }

    /// The earliest timer of all Ps; 0: none.
    pub(super) fn time_sleep_until(&self) -> u64 {
        self.ps.iter().filter_map(|p| p.timers.first()).map(|timer| timer.when).min().unwrap_or(0)
    }

    pub(super) fn procs(&self) -> u32 {
        self.ps.len() as u32
    }

    pub(super) fn npidle(&self) -> u32 {
        self.sched.pidle.len() as u32
    }
}
