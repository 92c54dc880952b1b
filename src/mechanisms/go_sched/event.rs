//! What one step did, with its figures.
//!
//! `m` is the thread that took the step, `p` the processor it is about, `g` the goroutine (its goid; 1 is main).
//! Times and durations are microseconds. `n` is a number of goroutines, `gs` which ones, in order.

#![allow(missing_docs, reason = "what a figure is called in every event is said above")]

use serde::{Serialize, Serializer};

use crate::machine::events;

/// Why a goroutine waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Sends on the channel of this number.
    Send(u16),
    /// Receives from the channel of this number.
    Recv(u16),
    /// Waits for the network.
    Net,
    /// Sleeps.
    Sleep,
    /// Waits for all other goroutines.
    Wait,
}

impl Reason {
    /// The runtime's own words.
    pub fn text(self) -> &'static str {
        match self {
            Reason::Send(_) => "chan send",
            Reason::Recv(_) => "chan receive",
            Reason::Net => "IO wait",
            Reason::Sleep => "sleep",
            Reason::Wait => "sync.WaitGroup.Wait",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

events! {
    /// The record of one step. Variants stand by subject: goroutines, queues, waking, searching, stealing, going idle,
    /// running, system calls, sysmon, time, what-ifs, ends.
    pub enum Event {
        // --- what goroutines do ---
        /// It computes until then.
        Computing { m: u32, p: u32, g: u32, us: u64, until: u64 };
        /// `runtime.Gosched()`.
        GoschedCalled { m: u32, g: u32 };
        /// A receiver was waiting: it gets the value.
        SentToReceiver { m: u32, g: u32, ch: String, to: u32 };
        /// There was room in the buffer; `count` of `cap` are taken now.
        SentToBuffer { m: u32, g: u32, ch: String, count: u32, cap: u32 };
        /// It joined `sendq`; the channel stays locked until it is parked.
        SendWaits { m: u32, g: u32, ch: String };
        /// A sender was waiting: its value was taken (`buffered`: it went into the buffer, and the oldest one came out).
        ReceivedFromSender { m: u32, g: u32, ch: String, from: u32, buffered: bool };
        /// From the buffer; `count` of `cap` are left.
        ReceivedFromBuffer { m: u32, g: u32, ch: String, count: u32, cap: u32 };
        /// The channel is closed and empty.
        ReceivedClosed { m: u32, g: u32, ch: String };
        /// It joined `recvq`; the channel stays locked until it is parked.
        RecvWaits { m: u32, g: u32, ch: String };
        /// `close`: all waiters will be made ready, the last one first.
        ChanClosed { m: u32, g: u32, ch: String, waiters: u32 };
        /// All others have ended already.
        WaitPassed { m: u32, g: u32 };
        /// The last of the others is about to end: main is made ready.
        WaitGroupZero { m: u32, g: u32 };
        /// `newproc1`: the struct of a goroutine that ended (`old`) is used again.
        GReused { m: u32, p: u32, old: u32 };
        /// `newproc1`: a new struct; `allgs` there are.
        GAllocated { m: u32, allgs: u32 };
        /// The new goroutine has a number and is runnable; `by` started it.
        GCreated { m: u32, g: u32, by: u32, program: String };

        // --- parking, yielding, ending ---
        /// `_Grunning` → `_Gwaiting`.
        GParked { m: u32, g: u32, reason: Reason };
        /// `dropg`: M and G no longer know each other.
        GDropped { m: u32, g: u32 };
        /// `waitunlockf`: from now on others can make it ready.
        ParkCommitted { m: u32, g: u32, reason: Reason };
        /// `waitunlockf`: a timer in the heap of its P will wake it.
        TimerAdded { m: u32, p: u32, g: u32, when: u64 };
        /// What it waits for has happened already: it goes on.
        ParkAborted { m: u32, g: u32 };
        /// `goschedImpl`: `_Grunning` → `_Grunnable`.
        GYielded { m: u32, g: u32, preempted: bool };
        /// It goes to the tail of the global queue.
        GlobalPut { m: u32, g: u32, runqsize: u32 };
        /// `gdestroy`: `_Gdead`.
        GExited { m: u32, g: u32 };
        /// `gfput`: its struct joins the P's free ones.
        GFreed { m: u32, p: u32, g: u32, gfree: u32 };

        // --- runqput ---
        /// `runnext` is set; who was there is `kicked`.
        RunnextSet { m: u32, p: u32, g: u32, kicked: Option<u32> };
        /// The goroutine stands in a slot of the ring, behind its end.
        RingSlotWritten { m: u32, p: u32, g: u32, slot: u32 };
        /// `runqtail + 1`: now it is in the ring.
        RingTailMoved { m: u32, p: u32, g: u32, tail: u32, len: u32 };
        /// The ring is full: its first half is copied.
        OverflowCopied { m: u32, p: u32, g: u32, n: u32 };
        /// A thief moved the head meanwhile: once more.
        OverflowRaced { m: u32, p: u32, head: u32, found: u32 };
        /// The first half has left the ring.
        OverflowHeadMoved { m: u32, p: u32, n: u32, head: u32, len: u32 };
        /// That half and the one that did not fit are in the global queue.
        OverflowToGlobal { m: u32, p: u32, n: u32, first: u32, last: u32, runqsize: u32 };

        // --- waking ---
        /// `_Gwaiting` → `_Grunnable`.
        GReadied { m: u32, g: u32 };
        /// `wakep`: somebody is searching already.
        WakepNotNeeded { m: u32, nmspinning: i32 };
        /// `wakep`: `nmspinning` 0 → 1.
        WakepRaised { m: u32 };
        /// `wakep`: there is no idle P; undone.
        WakepNoIdleP { m: u32, nmspinning: i32 };
        /// `pidleget`.
        IdlePTaken { m: u32, p: u32, npidle: u32 };
        /// No idle P.
        NoIdleP { m: u32 };
        /// `startm`: an idle M.
        IdleMTaken { m: u32, target: u32, nmidle: u32 };
        /// `startm`: a new thread, with the P it will run.
        ThreadCreated { m: u32, target: u32, p: u32, spinning: bool };
        /// `startm`: the idle M is given its P.
        NextpSet { m: u32, target: u32, p: u32, spinning: bool };
        /// `notewakeup`.
        MUnparked { m: u32, target: u32 };
        /// `handoffp`: there is work for this P.
        HandoffWork { m: u32, p: u32, local: u32, runqsize: u32 };
        /// `handoffp`: nobody searches and no P is idle: it shall search.
        HandoffSpin { m: u32, p: u32 };
        /// `handoffp`: it is the last P, and somebody has to poll the network.
        HandoffPoll { m: u32, p: u32 };
        /// `injectglist`: all of the list became runnable.
        ListReadied { m: u32, gs: Vec<u32> };
        /// `injectglist`: these went to the global queue.
        InjectedGlobal { m: u32, gs: Vec<u32>, runqsize: u32 };
        /// `injectglist`: these went to the own ring.
        InjectedLocal { m: u32, p: u32, gs: Vec<u32>, len: u32 };

        // --- findRunnable ---
        /// A timer was due: its goroutine is made ready.
        TimerFired { m: u32, p: u32, g: u32, when: u64 };
        /// `schedtick % 61 == 0`, and the global queue is not empty: one from there first.
        GlobalDue { m: u32, p: u32, schedtick: u32, runqsize: u32 };
        /// `schedtick % 61` is not 0: the own queue first.
        GlobalNotDue { m: u32, p: u32, schedtick: u32, rest: u32, runqsize: u32 };
        /// `runqget`: `runnext`, with the rest of the slice.
        RunnextTaken { m: u32, p: u32, g: u32 };
        /// `runqget`: the head of the ring.
        LocalTaken { m: u32, p: u32, g: u32, head: u32, len: u32 };
        /// Nothing in the own queue.
        LocalEmpty { m: u32, p: u32 };
        /// Nothing in the global queue.
        GlobalEmpty { m: u32, p: u32 };
        /// `globrunqget`: n = min(runqsize, runqsize/GOMAXPROCS + 1, 128); `left` is runqsize from here on.
        GlobalBatchSized { m: u32, p: u32, runqsize: u32, procs: u32, n: u32, left: u32 };
        /// One from the head of the global queue, to be run.
        GlobalTaken { m: u32, p: u32, g: u32, runqsize: u32 };
        /// The others of the batch went to the tail of the own ring.
        BatchMoved { m: u32, p: u32, n: u32, gs: Vec<u32>, len: u32 };
        /// Nobody's connection is ready.
        NetpollEmpty { m: u32, waiting: u32 };
        /// These connections are ready; the first goroutine will run here.
        NetpollFound { m: u32, gs: Vec<u32> };
        /// It begins to search: 2 × nmspinning, `before`, was below the number of busy Ps.
        SpinStarted { m: u32, p: u32, before: i32, nmspinning: i32, busy: u32 };
        /// It must not search: enough do.
        SpinRefused { m: u32, p: u32, nmspinning: i32, busy: u32 };

        // --- stealWork ---
        /// Pass 1 to 4, beginning at P `start`, `step` further each time: `victim` has `len` in its ring, `n` are wanted.
        VictimFound { m: u32, p: u32, victim: u32, pass: u8, start: u32, step: u32, len: u32, n: u32 };
        /// Nothing at any of `looked` Ps that are not idle.
        PassEmpty { m: u32, p: u32, pass: u8, start: u32, step: u32, looked: u32 };
        /// Copied behind the own ring's end; nothing is taken yet.
        StealCopied { m: u32, p: u32, victim: u32, n: u32, gs: Vec<u32> };
        /// The victim's head has moved meanwhile: once more.
        StealRaced { m: u32, p: u32, victim: u32, head: u32, found: u32 };
        /// The victim's head moved past them: they are stolen, `left` are left to it. The last one, `g`, will run.
        StealCommitted { m: u32, p: u32, victim: u32, n: u32, head: u32, left: u32, g: u32 };
        /// The own tail moved: the other `n` are in the own ring.
        StealPublished { m: u32, p: u32, n: u32, tail: u32, len: u32 };
        /// Last pass: only `runnext` is there, and the victim is running. It gets 3 µs to run it itself.
        RunnextGrace { m: u32, p: u32, victim: u32, g: u32, until: u64 };
        /// `runnext` is another one now.
        RunnextGone { m: u32, p: u32, victim: u32, g: u32 };
        /// `runnext` is stolen.
        RunnextStolen { m: u32, p: u32, victim: u32, g: u32 };

        // --- going idle ---
        /// `needspinning` was set: it searches instead of giving up its P.
        SpinForNeed { m: u32, p: u32, nmspinning: i32 };
        /// `releasep`.
        PReleased { m: u32, p: u32 };
        /// `pidleput`.
        PIdled { m: u32, p: u32, npidle: u32 };
        /// `nmspinning − 1`, before looking once more.
        SpinStopped { m: u32, nmspinning: i32 };
        /// Work was found but no idle P: `needspinning`.
        NeedSpinningSet { m: u32 };
        /// `checkRunqsNoP`: `victim` has work; an idle P was taken for it.
        RecheckFound { m: u32, p: u32, victim: u32, npidle: u32 };
        /// All queues looked at once more: nothing.
        RecheckEmpty { m: u32 };
        /// `acquirep`.
        PAcquired { m: u32, p: u32 };
        /// It searches again.
        SpinAgain { m: u32, p: u32, nmspinning: i32 };
        /// It sleeps in the network poller; `until` 0: without end.
        NetpollBlocked { m: u32, until: u64, waiting: u32 };
        /// `netpollBreak`: the one in the poller shall not sleep beyond `until`.
        NetpollBroken { m: u32, until: u64 };
        /// The poller returned; these connections are ready.
        NetpollReturned { m: u32, gs: Vec<u32> };
        /// `stopm`: it joins the idle Ms and sleeps.
        MParked { m: u32, nmidle: u32 };
        /// It was woken and owns the P it was given.
        MWoke { m: u32, p: u32, spinning: bool };
        /// The new thread runs and owns its P.
        MStarted { m: u32, p: u32, spinning: bool };
        /// `checkdead`: no thread is left that could do anything.
        DeadlockFound { m: u32, waiting: u32 };

        // --- execute ---
        /// `resetspinning`: it has found something; `wakep` follows.
        SpinReset { m: u32, nmspinning: i32 };
        /// `curg`.
        CurgSet { m: u32, g: u32 };
        /// `_Grunnable` → `_Grunning`.
        GRunning { m: u32, p: u32, g: u32 };
        /// `schedtick + 1`: a new time slice.
        SchedtickRaised { m: u32, p: u32, g: u32, schedtick: u32 };
        /// It came from `runnext`: the slice goes on, `schedtick` stays.
        SliceInherited { m: u32, p: u32, g: u32, schedtick: u32 };

        // --- system calls ---
        /// `_Grunning` → `_Gsyscall`.
        SyscallEntered { m: u32, p: u32, g: u32, us: u64, blocking: bool };
        /// sysmon is woken from its deep sleep.
        SysmonWoken { m: u32 };
        /// M and P no longer know each other; the M remembers `oldp`.
        PUnwired { m: u32, p: u32 };
        /// `_Psyscall`.
        PInSyscall { m: u32, p: u32, until: u64 };
        /// Without a P: the call blocks.
        SyscallBlocks { m: u32, g: u32, until: u64 };
        /// The kernel returns.
        SyscallReturned { m: u32, g: u32 };
        /// The old P is still in this system call: it is taken back.
        OldPRegained { m: u32, p: u32 };
        /// The old P is gone.
        OldPLost { m: u32, p: u32, status: &'static str };
        /// `wirep`.
        PWired { m: u32, p: u32 };
        /// Back in Go code; `syscalltick + 1`.
        SyscallDone { m: u32, p: u32, g: u32, syscalltick: u32 };
        /// `exitsyscall0`: no P: `_Gsyscall` → `_Grunnable`.
        SyscallGRunnable { m: u32, g: u32 };

        // --- sysmon ---
        /// It noted the ticks of these Ps, which have changed since it last looked.
        TicksNoted { m: u32, ps: Vec<u32> };
        /// The same slice for 10 ms: the goroutine is asked to stop (`signal`: also by SIGURG to thread `target`).
        PreemptRequested { m: u32, p: u32, target: u32, g: u32, for_us: u64, signal: bool };
        /// The signal made it yield; `left` of its computation is left.
        PreemptedBySignal { m: u32, p: u32, g: u32, left: u64 };
        /// The prologue of a function noticed the request.
        PreemptedAtCall { m: u32, p: u32, g: u32, left: u64 };
        /// The signal met a thread in the scheduler, or another goroutine.
        SignalIgnored { m: u32 };
        /// In a system call, but nobody needs the P: not before 10 ms.
        RetakeDeferred { m: u32, p: u32, for_us: u64 };
        /// The P is taken out of the system call.
        PRetaken { m: u32, p: u32, for_us: u64 };
        /// `syscalltick + 1`; `handoffp` follows.
        SyscalltickRaised { m: u32, p: u32, syscalltick: u32 };
        /// The network was not polled for 10 ms: sysmon does it.
        SysmonPolled { m: u32, gs: Vec<u32> };
        /// Its round is over; rounds without a retake so far, next sleep.
        SysmonSlept { m: u32, idle: u32, delay: u64 };
        /// All Ps are idle.
        SysmonDeepSleep { m: u32, until: u64 };
        /// It wakes from deep sleep; `woken`: by a system call.
        SysmonUp { m: u32, woken: bool };

        // --- threads and time ---
        /// It waits for a lock.
        LockWaited { m: u32, lock: String, holder: u32 };
        /// Nobody can do anything before `to`.
        TimePassed { from: u64, to: u64, us: u64 };
        /// So many steps were taken at once.
        Skipped { steps: u32, us: u64 };

        // --- what-ifs ---
        /// What if: the running goroutine starts `n` more.
        SpawnAsked { m: u32, g: u32, n: u32, program: String };
        /// What if: its connection is ready now.
        NetReadyNow { g: u32 };
        /// What if: its system call returns now.
        ReturnsNow { m: u32, g: u32 };

        // --- ends of the process ---
        /// `main` returned: exit 0, whatever the others do.
        MainReturned { m: u32, g: u32 };
        /// `panic: send on closed channel`.
        PanicSendClosed { m: u32, g: u32 };
        /// `panic: close of closed channel`.
        PanicCloseClosed { m: u32, g: u32 };
        /// `fatal error: thread exhaustion`.
        ThreadsExhausted { m: u32, threads: u32 };
    }
    figures {}
    depends super::depends::depends;
}
