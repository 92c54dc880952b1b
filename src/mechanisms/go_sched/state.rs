//! G, M, P and sched: the state of the scheduler under the names of `runtime2.go`.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::Serialize;

use crate::machine::{Dice, Notes};

use super::event::Reason;
use super::laws::Fault;
use super::pc::{Calls, Lock, Pc, Work};
use super::program::Program;

/// Length of a P's ring.
pub const RUNQ: usize = 256;

/// The place of a G in `allgs`. Structs of goroutines that have ended are used again, so it is no identity: `goid` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    pub(super) fn at(self) -> usize {
        usize::from(self.0)
    }

    /// The place `at` of `allgs`. Setups and spawns are refused long before there are so many.
    pub(super) fn nth(at: usize) -> Slot {
        Slot(u16::try_from(at).unwrap_or_else(|_| panic!("allgs[{at}]: places go up to {}", u16::MAX)))
    }
}

/// `atomicstatus`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::IntoStaticStr, Hash)]
pub enum GStatus {
    /// On a run queue, or on its way there or from there.
    #[serde(rename = "_Grunnable")]
    #[strum(serialize = "_Grunnable")]
    Runnable,
    /// Runs on an M with a P.
    #[serde(rename = "_Grunning")]
    #[strum(serialize = "_Grunning")]
    Running,
    /// In a system call.
    #[serde(rename = "_Gsyscall")]
    #[strum(serialize = "_Gsyscall")]
    Syscall,
    /// Parked.
    #[serde(rename = "_Gwaiting")]
    #[strum(serialize = "_Gwaiting")]
    Waiting,
    /// Not in use: just made, or ended.
    #[default]
    #[serde(rename = "_Gdead")]
    #[strum(serialize = "_Gdead")]
    Dead,
}

/// A goroutine.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub struct G {
    /// Its number; main is 1. 0: never used.
    pub goid: u32,
    /// Status.
    pub status: GStatus,
    /// The M that runs it.
    pub m: Option<u32>,
    /// The number of its program.
    pub program: u16,
    /// The statement it is at.
    pub pc: u16,
    /// How often it has carried out this statement.
    pub done: u32,
    /// How often it has begun its program again.
    pub rounds: u32,
    /// Microseconds left of an interrupted computation.
    pub left: u64,
    /// It is asked to stop (`preempt`, `stackguard0`).
    pub preempt: bool,
    /// Why it waits.
    pub waitreason: Option<Reason>,
    /// It was woken by `close` in the middle of a send.
    pub(super) closed: bool,
    /// Its system call ended without a P: `syscalltick` is raised when it runs again.
    pub(super) after_syscall: bool,
    /// When the computation under way went on last, and how long it has computed so far.
    pub(super) since: u64,
    pub(super) spent: u64,
    /// What-if: start so many goroutines of a program before going on.
    pub(super) spawn: Option<(u16, u32)>,
}

/// Status of a P.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr, Hash)]
pub enum PStatus {
    /// On the idle list, or on its way from there.
    #[serde(rename = "_Pidle")]
    #[strum(serialize = "_Pidle")]
    Idle,
    /// Owned by an M.
    #[serde(rename = "_Prunning")]
    #[strum(serialize = "_Prunning")]
    Running,
    /// Its M is in a system call: anybody may take it.
    #[serde(rename = "_Psyscall")]
    #[strum(serialize = "_Psyscall")]
    Syscall,
}

/// A goroutine that sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timer {
    /// When it is due.
    pub when: u64,
    /// The goroutine.
    pub g: Slot,
}

/// What sysmon noted of a P when it last saw a change.
#[derive(Clone, Copy, Debug, Default, Serialize, Hash)]
pub struct SysmonTick {
    /// `schedtick` then.
    pub schedtick: u32,
    /// `syscalltick` then.
    pub syscalltick: u32,
    /// When that `schedtick` was first seen.
    pub schedwhen: u64,
    /// When that `syscalltick` was first seen.
    pub syscallwhen: u64,
}

/// A processor: the right to run Go code, with a queue.
#[derive(Clone, Debug, Hash)]
pub struct P {
    /// Status.
    pub status: PStatus,
    /// The M that owns it.
    pub m: Option<u32>,
    /// Time slices begun; goroutines from `runnext` inherit one.
    pub schedtick: u32,
    /// System calls finished or retaken.
    pub syscalltick: u32,
    /// The M is asked to reschedule.
    pub preempt: bool,
    /// Free-running index of the first goroutine in the ring.
    pub runqhead: u32,
    /// Free-running index after the last one.
    pub runqtail: u32,
    /// The ring.
    pub runq: [Slot; RUNQ],
    /// The goroutine that runs next, in the current slice.
    pub runnext: Option<Slot>,
    /// The heap of timers: the earliest first, the others in the heap's order.
    pub timers: Vec<Timer>,
    /// Its bit in `timerpMask`: thieves look at its timers.
    pub timerp: bool,
    /// Structs of ended goroutines; the last one is used first.
    pub gfree: Vec<Slot>,
    /// sysmon's notes.
    pub sysmontick: SysmonTick,
    /// For the laws: `schedtick` as it must be.
    pub(super) slices: u32,
}

impl P {
    pub(super) fn new(status: PStatus) -> P {
        P {
            status,
            m: None,
            schedtick: 0,
            syscalltick: 0,
            preempt: false,
            runqhead: 0,
            runqtail: 0,
            runq: [Slot(0); RUNQ],
            runnext: None,
            timers: Vec::new(),
            timerp: true,
            gfree: Vec::new(),
            sysmontick: SysmonTick::default(),
            slices: 0,
        }
    }

    /// How many goroutines are in the ring.
    pub fn runq_len(&self) -> u32 {
        self.runqtail.wrapping_sub(self.runqhead)
    }

    /// `runqempty`: nothing in the ring, nothing in `runnext`.
    pub fn is_empty(&self) -> bool {
        self.runq_len() == 0 && self.runnext.is_none()
    }

    /// The goroutines in the ring, the next one first.
    pub fn ring(&self) -> impl Iterator<Item = Slot> {
        (0..self.runq_len().min(RUNQ as u32)).map(|i| self.slot(self.runqhead.wrapping_add(i)))
    }

    pub(super) fn slot(&self, index: u32) -> Slot {
        self.runq[index as usize % RUNQ]
    }

    pub(super) fn set(&mut self, index: u32, g: Slot) {
        self.runq[index as usize % RUNQ] = g;
    }
}

/// A thread.
#[derive(Clone, Debug, Default, Hash)]
pub struct M {
    /// The P it owns.
    pub p: Option<u32>,
    /// The P it had before its system call.
    pub oldp: Option<u32>,
    /// The P it is given when it is woken.
    pub nextp: Option<u32>,
    /// The goroutine it runs.
    pub curg: Option<Slot>,
    /// It searches for work and is counted in `nmspinning`.
    pub spinning: bool,
    /// `syscalltick` of its P when the system call began.
    pub syscalltick: u32,
    /// Where it stands.
    pub pc: Pc,
    /// It is busy or asleep until then.
    pub until: u64,
    /// It was woken (`notewakeup`) and has not noticed yet.
    pub note: bool,
    /// A signal to preempt was sent to it.
    pub signal: bool,
    /// The lock it waits for.
    pub wants: Option<Lock>,
    pub(super) calls: Calls,
    pub(super) w: Work,
}

/// `sched`: what all Ps share.
#[derive(Clone, Debug, Default, Hash)]
pub struct Sched {
    /// The M that holds `sched.lock` in the middle of several steps.
    pub lock: Option<u32>,
    /// The global run queue.
    pub runq: VecDeque<Slot>,
    /// Its length, as the runtime counts it (lowered before goroutines are taken).
    pub runqsize: u32,
    /// Idle Ps, the one to be taken next last.
    pub pidle: Vec<u32>,
    /// Idle Ms, the one to be taken next last.
    pub midle: Vec<u32>,
    /// Spinning Ms, those being started included.
    pub nmspinning: i32,
    /// Somebody found work but no P: an M about to give up its P shall spin instead.
    pub needspinning: bool,
    /// When the network was last polled; `None`: an M is polling.
    pub lastpoll: Option<u64>,
    /// Until when that M polls; 0: without end.
    pub poll_until: u64,
    /// Somebody asked the polling M to return (`netpollBreak`).
    pub netpoll_break: bool,
    /// Whether the poller has been set up.
    pub netpoll_inited: bool,
    /// sysmon sleeps deeply and wants to be woken by system calls.
    pub sysmonwait: bool,
    /// Structs of ended goroutines that Ps had too many of.
    pub gfree: Vec<Slot>,
}

/// A channel, without values.
#[derive(Clone, Debug, Default, Hash)]
pub struct Chan {
    /// Its name.
    pub name: String,
    /// Capacity.
    pub cap: u32,
    /// Values in the buffer.
    pub count: u32,
    /// Closed.
    pub closed: bool,
    /// The M that holds its lock in the middle of several steps.
    pub lock: Option<u32>,
    /// Goroutines that wait for a value.
    pub recvq: VecDeque<Slot>,
    /// Goroutines that wait to get rid of one.
    pub sendq: VecDeque<Slot>,
}

/// A goroutine that waits for the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Waiter {
    /// The goroutine.
    pub g: Slot,
    /// When its connection is ready.
    pub ready: u64,
}

/// How the process ended.
#[derive(Clone, Debug, PartialEq, Serialize, Hash)]
pub struct Dead {
    /// What is printed; empty if main returned.
    pub message: &'static str,
    /// Exit status.
    pub exit: u8,
    /// At a deadlock: what is printed above each goroutine's stack.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goroutines: Vec<String>,
}

/// How often things happened, for gauges and laws.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Stories {
    pub(super) steals: u32,
    pub(super) next_steals: u32,
    pub(super) overflows: u32,
    pub(super) retakes: u32,
    pub(super) preemptions: u32,
    pub(super) polled61: u32,
    pub(super) inherited: u32,
    pub(super) polls: u32,
}

/// The scheduler with all its goroutines.
#[derive(Clone, Hash)]
pub struct GoSched {
    pub(super) now: u64,
    pub(super) sched: Sched,
    pub(super) ps: Vec<P>,
    pub(super) ms: Vec<M>,
    pub(super) gs: Vec<G>,
    pub(super) chans: Vec<Chan>,
    /// Goroutines that wait for the network.
    pub(super) waiting: Vec<Waiter>,
    /// Main, parked in `Wait`.
    pub(super) waiter: Option<Slot>,
    /// Goroutines besides main that have not ended.
    pub(super) others: u32,
    pub(super) dead: Option<Dead>,
    /// The M whose turn it is in the machine's own interleaving.
    pub(super) turn: u32,
    /// The M that took the last step.
    pub(super) acted: Option<u32>,
    pub(super) goidgen: u32,
    /// How many goroutines what-ifs may still lead to.
    pub(super) budget: u64,
    pub(super) rng: Dice,
    pub(super) coprimes: Arc<[u32]>,
    pub(super) programs: Arc<[Program]>,
    pub(super) sysmon: bool,
    pub(super) asyncpreemptoff: bool,
    pub(super) max_threads: u32,
    pub(super) round_us: u64,
    pub(super) stories: Stories,
    pub(super) fault: Fault,
    pub(super) wrong: Notes,
    /// How often steps were skipped.
    pub(super) jumps: u32,
    /// Recordings: goroutine and statement, before each statement and at the end of each goroutine.
    pub(super) log: Option<Vec<(u32, u32)>>,
    /// Units of time in a microsecond: 1, but recordings of single calls count nanoseconds.
    pub(super) per_us: u64,
    /// Recordings: what the real generator drew, and how much of it was used.
    pub(super) drawn: Option<(Vec<u32>, usize)>,
}
