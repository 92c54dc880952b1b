//! Where a thread stands in the source, and the local variables it has there.

use serde::Serialize;

use super::event::Reason;
use super::state::Slot;

/// What a thread does next, in the order of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, strum::IntoStaticStr, Hash)]
#[allow(missing_docs, reason = "each is the name of the step that comes next")]
pub enum Pc {
    // threads
    #[default]
    Start,
    Parked,
    CheckDead,
    // goroutines
    User,
    Computing,
    NewG,
    NewRunnable,
    CloseReady,
    Park,
    ParkDrop,
    ParkCommit,
    YieldStatus,
    YieldDrop,
    YieldPut,
    ExitStatus,
    ExitDrop,
    ExitFree,
    // queues
    PutNext,
    PutRing,
    PutTail,
    PutSlowHead,
    PutSlowGlobal,
    // waking
    Ready,
    Wakep,
    WakepP,
    Startm,
    StartmGive,
    StartmWake,
    Handoff,
    HandoffIdle,
    WakeNetPoller,
    Inject,
    InjectGlobal,
    InjectStart,
    InjectLocal,
    // schedule, findRunnable
    Schedule,
    FindTop,
    Find61,
    FindOne,
    FindLocal,
    FindGlobal,
    GlobalFirst,
    GlobalRest,
    FindNetpoll,
    NetGot,
    FindSpin,
    StealPass,
    StealVictim,
    StealTimers,
    StealOwn,
    StealCopy,
    StealCas,
    StealPublish,
    StealNext,
    StealDone,
    IdleLock,
    IdlePut,
    IdleSpin,
    RecheckGlobal,
    RecheckBatch,
    RecheckQueues,
    RecheckAcquire,
    RecheckSpin,
    NetBlock,
    NetWait,
    NetGetP,
    NetAcquire,
    NetSpin,
    Stopm,
    Found,
    Execute,
    ExecRunning,
    ExecTick,
    // system calls
    SysWakeMon,
    SysUnwire,
    SysStatus,
    SysRelease,
    SysBlocked,
    InSyscall,
    SysExitOld,
    SysWire,
    SysPidle,
    SysAcquire,
    SysDone,
    SysSlow,
    SysDrop,
    SysPut,
    SysExecute,
    // sysmon
    SysmonSleep,
    SysmonDeep,
    SysmonPoll,
    SysmonRetake,
    SysmonTick,
    SysmonCheck,
    // recordings: a function called by itself has returned
    Returned,
}

/// What a thread is doing, for the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
pub enum Place {
    /// It runs a goroutine.
    User,
    /// It is in the scheduler.
    Scheduler,
    /// It searches for work and is counted in `nmspinning`.
    Spinning,
    /// It is in a system call.
    Syscall,
    /// It sleeps in the network poller.
    Netpoll,
    /// It is on the list of idle Ms.
    Idle,
    /// It is sysmon.
    Sysmon,
}

/// A lock that is held for longer than one step, or waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lock {
    /// `sched.lock`.
    Sched,
    /// The lock of the channel of this number.
    Chan(u16),
}

/// Places to return to: the runtime's functions called from several places.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Calls {
    stack: [Pc; 8],
    len: u8,
}

impl Calls {
    pub(super) fn push(&mut self, pc: Pc) {
        self.stack[usize::from(self.len)] = pc;
        self.len += 1;
    }

    pub(super) fn top(&self) -> Option<Pc> {
        self.stack[..usize::from(self.len)].last().copied()
    }

    pub(super) fn pop(&mut self) -> Pc {
        self.len -= 1;
        self.stack[usize::from(self.len)]
    }
}

/// A thread's local variables.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Work {
    /// `gp`: the goroutine found, yielded or parked: in no queue.
    pub(super) gp: Option<Slot>,
    /// `inheritTime`.
    pub(super) inherit: bool,
    /// `runqput`, `ready`: the goroutine to be put.
    pub(super) put: Option<Slot>,
    /// `newproc1`: the goroutine being made.
    pub(super) newg: Option<Slot>,
    /// `glist`: goroutines that have left their wait queue and are in no run queue yet.
    pub(super) list: Vec<Slot>,
    /// `runqputslow`, `runqgrab`: goroutines copied.
    pub(super) batch: Vec<Slot>,
    /// Whether `batch` has left its ring.
    pub(super) owned: bool,
    /// The ring's head as it was seen.
    pub(super) head: u32,
    /// How many are taken or started.
    pub(super) n: u32,
    /// The length or size that decided `n`.
    pub(super) size: u32,
    /// `stealWork`: the pass, 0..=3.
    pub(super) pass: u8,
    /// `randomEnum`: how many Ps were visited, where it began, where it is, its step.
    pub(super) i: u32,
    pub(super) start: u32,
    pub(super) pos: u32,
    pub(super) inc: u32,
    /// Ps of this pass that were looked at in vain.
    pub(super) looked: u32,
    /// The P stolen from.
    pub(super) victim: u32,
    /// `ranTimer`.
    pub(super) ran: bool,
    /// `pollUntil`: the next timer; 0: none.
    pub(super) poll_until: u64,
    /// `wasSpinning`.
    pub(super) was_spinning: bool,
    /// `startm`, `handoffp`: a P in hand.
    pub(super) pp: Option<u32>,
    /// `startm`: `nmspinning` has been raised for the M to be started.
    pub(super) token: bool,
    /// `startm`: the idle M taken.
    pub(super) target: Option<u32>,
    /// Why the goroutine parks.
    pub(super) reason: Option<Reason>,
    /// Whether the goroutine was made to yield.
    pub(super) preempted: bool,
    /// How long a system call lasts; when a goroutine that parks is due.
    pub(super) us: u64,
    /// `wakeNetPoller`: when the earliest timer is due. Apart from `us`: `handoffp` runs in the middle of a system call.
    pub(super) when: u64,
    /// `entersyscallblock` instead of `entersyscall`.
    pub(super) blocking: bool,
    /// sysmon: rounds without a retake, its sleep, Ps retaken in this round.
    pub(super) idle: u32,
    pub(super) delay: u64,
    pub(super) took: u32,
}
