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
            // 1.24 gives it words of its own: sync.WaitGroup.Wait.
            Reason::Wait => "semacquire",
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
        Computing { m: u32, p: u32, g: u32, us: u64 = "{until} - now", until: u64 } <- "allgs.{g}.pc";
        /// `runtime.Gosched()`.
        GoschedCalled { m: u32, g: u32 } <- "allgs.{g}.pc";
        /// A receiver was waiting: it gets the value.
        SentToReceiver { m: u32, g: u32, ch: String, to: u32 = "was chans.{ch}.recvq[0]" } <- "chans.{ch}";
        /// There was room in the buffer; `count` of `cap` are taken now.
        SentToBuffer { m: u32, g: u32, ch: String, count: u32, cap: u32 } <- "chans.{ch}.qcount";
        /// It joined `sendq`; the channel stays locked until it is parked.
        SendWaits { m: u32, g: u32, ch: String } <- "chans.{ch}";
        /// A sender was waiting: its value was taken (`buffered`: it went into the buffer, and the oldest one came out).
        ReceivedFromSender {
            m: u32,
            g: u32,
            ch: String,
            from: u32 = "was chans.{ch}.sendq[0]",
            buffered: bool = "derived: whether dataqsiz is above 0",
        } <- "chans.{ch}";
        /// From the buffer; `count` of `cap` are left.
        ReceivedFromBuffer { m: u32, g: u32, ch: String, count: u32, cap: u32 } <- "chans.{ch}.qcount";
        /// The channel is closed and empty.
        ReceivedClosed { m: u32, g: u32, ch: String } <- "chans.{ch}.closed";
        /// It joined `recvq`; the channel stays locked until it is parked.
        RecvWaits { m: u32, g: u32, ch: String } <- "chans.{ch}";
        /// `close`: all waiters will be made ready, the last one first.
        ChanClosed {
            m: u32,
            g: u32,
            ch: String,
            waiters: u32 = "was len chans.{ch}.recvq + was len chans.{ch}.sendq",
        } <- "chans.{ch}.closed";
        /// All others have ended already.
        WaitPassed { m: u32, g: u32 } <- "others", "wait";
        /// The last of the others is about to end: main is made ready.
        WaitGroupZero { m: u32, g: u32 } <- "others", "wait";
        /// `newproc1`: the struct of a goroutine that ended (`old`) is used again.
        GReused { m: u32, p: u32, old: u32 = "derived: the goid left in the struct, which is no longer in allgs" } <-
            "allp[{p}].gFree";
        /// `newproc1`: a new struct; `allgs` there are.
        GAllocated { m: u32, allgs: u32 = "derived: how many structs there are, those of ended goroutines included" } <-
            "sched.gFree";
        /// The new goroutine has a number and is runnable; `by` started it.
        GCreated {
            m: u32,
            g: u32 = "allm[{m}].hand[0]",
            by: u32 = "allm[{m}].curg",
            program: String = "allgs.{g}.program",
        };

        // --- parking, yielding, ending ---
        /// `_Grunning` → `_Gwaiting`.
        GParked { m: u32, g: u32, reason: Reason };
        /// `dropg`: M and G no longer know each other.
        GDropped { m: u32, g: u32 = "was allm[{m}].curg" };
        /// `waitunlockf`: from now on others can make it ready.
        ParkCommitted { m: u32, g: u32 = "allgs.{g}.waitreason = {reason}", reason: Reason };
        /// `waitunlockf`: a timer in the heap of its P will wake it.
        TimerAdded {
            m: u32,
            p: u32,
            g: u32 = "was allm[{m}].hand[0]",
            when: u64 = "derived: the time at which the statement began and how long it sleeps",
        };
        /// What it waits for has happened already: it goes on.
        ParkAborted { m: u32, g: u32 = "allm[{m}].hand[0]" } <- "allgs.{g}.waitreason";
        /// `goschedImpl`: `_Grunning` → `_Grunnable`.
        GYielded { m: u32, g: u32, preempted: bool = "derived: whether a preemption led here or Gosched" };
        /// It goes to the tail of the global queue.
        GlobalPut { m: u32, g: u32 = "sched.runq[-1]", runqsize: u32 };
        /// `gdestroy`: `_Gdead`.
        GExited { m: u32, g: u32 };
        /// `gfput`: its struct joins the P's free ones.
        GFreed { m: u32, p: u32, g: u32 = "was allm[{m}].hand[0]", gfree: u32 = "allp[{p}].gFree" };

        // --- runqput ---
        /// `runnext` is set; who was there is `kicked`.
        RunnextSet { m: u32, p: u32, g: u32 = "allp[{p}].runnext", kicked: Option<u32> = "was allp[{p}].runnext" } <-
            "allp[{p}].runnext";
        /// The goroutine stands in a slot of the ring, behind its end.
        RingSlotWritten { m: u32, p: u32, g: u32 = "allm[{m}].hand[0]", slot: u32 = "allp[{p}].runqtail % 256" } <-
            "allp[{p}].runqtail", "allp[{p}].runqhead";
        /// `runqtail + 1`: now it is in the ring.
        RingTailMoved { m: u32, p: u32, g: u32 = "allp[{p}].runq[-1]", tail: u32, len: u32 } <-
            "allp[{p}].runqtail", "allp[{p}].runqhead";
        /// The ring is full: its first half is copied.
        OverflowCopied { m: u32, p: u32, g: u32 = "allm[{m}].hand[0]", n: u32 = "len allp[{p}].runq / 2" } <-
            "allp[{p}].runqtail", "allp[{p}].runqhead";
        /// A thief moved the head meanwhile: once more.
        OverflowRaced {
            m: u32,
            p: u32,
            head: u32 = "derived: runqhead when half of the ring was copied",
            found: u32 = "allp[{p}].runqhead",
        } <- "allp[{p}].runqhead";
        /// The first half has left the ring.
        OverflowHeadMoved {
            m: u32,
            p: u32,
            n: u32 = "{head} - was allp[{p}].runqhead",
            head: u32 = "allp[{p}].runqhead",
            len: u32,
        } <- "allp[{p}].runqhead";
        /// That half and the one that did not fit are in the global queue.
        OverflowToGlobal {
            m: u32,
            p: u32,
            n: u32 = "{runqsize} - was sched.runqsize",
            first: u32 = "sched.runq[{runqsize-n}]",
            last: u32 = "sched.runq[-1]",
            runqsize: u32,
        };

        // --- waking ---
        /// `_Gwaiting` → `_Grunnable`.
        GReadied { m: u32, g: u32 = "allm[{m}].hand[0]" };
        /// `wakep`: somebody is searching already.
        WakepNotNeeded { m: u32, nmspinning: i32 } <- "sched.nmspinning";
        /// `wakep`: `nmspinning` 0 → 1.
        WakepRaised { m: u32 } <- "sched.nmspinning";
        /// `wakep`: there is no idle P; undone.
        WakepNoIdleP { m: u32, nmspinning: i32 } <- "sched.pidle";
        /// `pidleget`.
        IdlePTaken { m: u32, p: u32 = "allm[{m}].handP", npidle: u32 } <- "sched.pidle";
        /// No idle P.
        NoIdleP { m: u32 } <- "sched.pidle";
        /// `startm`: an idle M.
        IdleMTaken { m: u32, target: u32 = "was sched.midle[0]", nmidle: u32 } <- "sched.midle";
        /// `startm`: a new thread, with the P it will run.
        ThreadCreated {
            m: u32,
            target: u32 = "len allm - 1",
            p: u32 = "allm[{target}].nextp",
            spinning: bool = "allm[{target}].spinning",
        } <- "sched.midle";
        /// `startm`: the idle M is given its P.
        NextpSet { m: u32, target: u32, p: u32 = "allm[{target}].nextp", spinning: bool = "allm[{target}].spinning" };
        /// `notewakeup`.
        MUnparked { m: u32, target: u32 = "allm[{target}].note = true" };
        /// `handoffp`: there is work for this P.
        HandoffWork {
            m: u32,
            p: u32 = "allm[{m}].handP",
            local: u32 = "len allp[{p}].runq | len allp[{p}].runq + 1",
            runqsize: u32,
        } <- "allp[{p}].runq", "allp[{p}].runnext", "sched.runqsize";
        /// `handoffp`: nobody searches and no P is idle: it shall search.
        HandoffSpin { m: u32, p: u32 = "allm[{m}].handP" } <- "sched.nmspinning", "sched.npidle";
        /// `handoffp`: it is the last P, and somebody has to poll the network.
        HandoffPoll { m: u32, p: u32 = "allm[{m}].handP" } <- "sched.npidle", "sched.lastpoll";
        /// `injectglist`: all of the list became runnable.
        ListReadied { m: u32, gs: Vec<u32> = "each among allm[{m}].hand" } <- "sched.npidle";
        /// `injectglist`: these went to the global queue.
        InjectedGlobal { m: u32, gs: Vec<u32> = "each among sched.runq", runqsize: u32 } <- "sched.npidle";
        /// `injectglist`: these went to the own ring, those that did not fit (`spilled`) to the global queue.
        InjectedLocal {
            m: u32,
            p: u32,
            gs: Vec<u32> = "each among allp[{p}].runq",
            len: u32,
            spilled: Vec<u32> = "each among sched.runq",
        } <- "allp[{p}].runqtail";

        // --- findRunnable ---
        /// A timer was due: its goroutine is made ready.
        TimerFired {
            m: u32,
            p: u32 = "in allp[{p}]",
            g: u32 = "was allp[{p}].timers[0][0]",
            when: u64 = "was allp[{p}].timers[0][1]",
        } <- "allp[{p}].timers", "now";
        /// `schedtick % 61 == 0`, and the global queue is not empty: one from there first.
        GlobalDue { m: u32, p: u32, schedtick: u32, runqsize: u32 } <- "allp[{p}].schedtick", "sched.runqsize";
        /// `schedtick % 61` is not 0: the own queue first.
        GlobalNotDue { m: u32, p: u32, schedtick: u32, rest: u32 = "{schedtick} % 61", runqsize: u32 } <-
            "allp[{p}].schedtick", "sched.runqsize";
        /// `runqget`: `runnext`, with the rest of the slice.
        RunnextTaken { m: u32, p: u32, g: u32 = "was allp[{p}].runnext" } <- "allp[{p}].runnext";
        /// `runqget`: the head of the ring.
        LocalTaken { m: u32, p: u32, g: u32 = "was allp[{p}].runq[0]", head: u32 = "allp[{p}].runqhead", len: u32 } <-
            "allp[{p}].runq", "allp[{p}].runnext";
        /// Nothing in the own queue.
        LocalEmpty { m: u32, p: u32 } <- "allp[{p}].runq", "allp[{p}].runnext";
        /// Nothing in the global queue.
        GlobalEmpty { m: u32, p: u32 } <- "sched.runqsize";
        /// `globrunqget`: n = min(runqsize, runqsize/GOMAXPROCS + 1, 128); `left` is runqsize from here on.
        GlobalBatchSized {
            m: u32,
            p: u32 = "allm[{m}].p | allm[{m}].handP",
            runqsize: u32 = "was sched.runqsize",
            procs: u32 = "len allp",
            n: u32 = "{runqsize} / {procs} + 1 | {runqsize} | is 128",
            left: u32 = "sched.runqsize",
        } <- "sched.runqsize";
        /// One from the head of the global queue, to be run.
        GlobalTaken { m: u32, p: u32 = "allm[{m}].p | allm[{m}].handP", g: u32 = "was sched.runq[0]", runqsize: u32 } <-
            "sched.runq";
        /// The others of the batch went to the tail of the own ring.
        BatchMoved {
            m: u32,
            p: u32 = "allm[{m}].p | allm[{m}].handP",
            n: u32 = "len {gs}",
            gs: Vec<u32> = "was sched.runq[{0..n-1}]",
            len: u32,
        } <- "sched.runq";
        /// Nobody's connection is ready.
        NetpollEmpty { m: u32, waiting: u32 = "len netpoll" } <- "netpoll";
        /// These connections are ready; the first goroutine will run here.
        NetpollFound { m: u32, gs: Vec<u32> = "allm[{m}].hand" } <- "netpoll";
        /// It begins to search: 2 × nmspinning, `before`, was below the number of busy Ps.
        SpinStarted { m: u32, p: u32, before: i32 = "was sched.nmspinning", nmspinning: i32, busy: u32 } <-
            "sched.nmspinning", "sched.npidle";
        /// It must not search: enough do.
        SpinRefused { m: u32, p: u32, nmspinning: i32, busy: u32 } <- "sched.nmspinning", "sched.npidle";

        // --- stealWork ---
        /// Pass 1 to 4, beginning at P `start`, `step` further each time: `victim` has `len` in its ring, `n` are wanted.
        VictimFound {
            m: u32,
            p: u32,
            victim: u32,
            pass: u8,
            start: u32,
            step: u32,
            len: u32 = "len allp[{victim}].runq",
            n: u32 = "{len} + 1 / 2",
        } <- "allp[{victim}].runq";
        /// Nothing at any of `looked` Ps that are not idle.
        PassEmpty {
            m: u32,
            p: u32,
            pass: u8,
            start: u32,
            step: u32,
            looked: u32 = "derived: how many other Ps were not in sched.pidle when their turn came",
        };
        /// Copied behind the own ring's end; nothing is taken yet.
        StealCopied {
            m: u32,
            p: u32,
            victim: u32,
            n: u32 = "len {gs}",
            gs: Vec<u32> = "allp[{victim}].runq[{0..n-1}] | derived: what stood there before others took it",
        } <- "allp[{victim}].runq";
        /// The victim's head has moved meanwhile: once more.
        StealRaced {
            m: u32,
            p: u32,
            victim: u32,
            head: u32 = "derived: runqhead of the victim when it was found",
            found: u32 = "allp[{victim}].runqhead",
        } <- "allp[{victim}].runqhead";
        /// The victim's head moved past them: they are stolen, `left` are left to it. The last one, `g`, will run.
        StealCommitted {
            m: u32,
            p: u32,
            victim: u32,
            n: u32 = "{head} - was allp[{victim}].runqhead",
            head: u32 = "allp[{victim}].runqhead",
            left: u32 = "len allp[{victim}].runq",
            g: u32 = "was allp[{victim}].runq[{n-1}]",
        } <- "allp[{victim}].runqhead";
        /// The own tail moved: the other `n` are in the own ring.
        StealPublished { m: u32, p: u32, n: u32 = "{tail} - was allp[{p}].runqtail", tail: u32, len: u32 };
        /// Last pass: only `runnext` is there, and the victim is running. It gets 3 µs to run it itself.
        RunnextGrace { m: u32, p: u32, victim: u32, g: u32 = "allp[{victim}].runnext", until: u64 } <-
            "allp[{victim}].runnext", "allp[{victim}].status";
        /// `runnext` is another one now.
        RunnextGone { m: u32, p: u32, victim: u32, g: u32 = "derived: runnext of the victim when the grace began" } <-
            "allp[{victim}].runnext";
        /// `runnext` is stolen.
        RunnextStolen { m: u32, p: u32, victim: u32, g: u32 = "was allp[{victim}].runnext" } <-
            "allp[{victim}].runnext";

        // --- going idle ---
        /// `needspinning` was set: it searches instead of giving up its P.
        SpinForNeed { m: u32, p: u32, nmspinning: i32 } <- "sched.needspinning";
        /// `releasep`.
        PReleased { m: u32, p: u32 = "was allm[{m}].p" };
        /// `pidleput`.
        PIdled { m: u32, p: u32 = "sched.pidle[0]", npidle: u32 };
        /// `nmspinning − 1`, before looking once more.
        SpinStopped { m: u32, nmspinning: i32 };
        /// Work was found but no idle P: `needspinning`.
        NeedSpinningSet { m: u32 } <- "sched.pidle";
        /// `checkRunqsNoP`: `victim` has work; an idle P was taken for it.
        RecheckFound { m: u32, p: u32 = "allm[{m}].handP", victim: u32, npidle: u32 } <-
            "allp[{victim}].runq", "allp[{victim}].runnext", "sched.pidle";
        /// All queues looked at once more: nothing.
        RecheckEmpty { m: u32 };
        /// `acquirep`.
        PAcquired { m: u32, p: u32 };
        /// It searches again.
        SpinAgain { m: u32, p: u32, nmspinning: i32 };
        /// It sleeps in the network poller; `until` 0: without end.
        NetpollBlocked { m: u32, until: u64 = "sched.pollUntil", waiting: u32 = "len netpoll" } <-
            "sched.lastpoll", "sched.pollUntil";
        /// `netpollBreak`: the one in the poller shall not sleep beyond `until`.
        NetpollBroken { m: u32, until: u64 = "derived: the timer for which the poller is woken" } <-
            "sched.lastpoll", "sched.pollUntil";
        /// The poller returned; these connections are ready.
        NetpollReturned { m: u32, gs: Vec<u32> = "allm[{m}].hand | is []" } <- "netpoll";
        /// `stopm`: it joins the idle Ms and sleeps.
        MParked { m: u32 = "sched.midle[0]", nmidle: u32 };
        /// It was woken and owns the P it was given.
        MWoke { m: u32, p: u32, spinning: bool } <- "allm[{m}].nextp", "allm[{m}].note";
        /// The new thread runs and owns its P.
        MStarted { m: u32, p: u32, spinning: bool } <- "allm[{m}].nextp", "allm[{m}].note";
        /// `checkdead`: no thread is left that could do anything. `gs`: the first of the lines that follow, as the runtime heads
        /// each goroutine's stack (`traceback.go`: `goroutineheader`); `more`: how many follow these.
        DeadlockFound {
            m: u32,
            waiting: u32 = "len allgs",
            gs: Vec<String> = "each among dead.goroutines",
            more: usize = "len dead.goroutines - len {gs}",
        } <- "sched.nmidle";

        // --- execute ---
        /// `resetspinning`: it has found something; `wakep` follows.
        SpinReset { m: u32, nmspinning: i32 } <- "allm[{m}].spinning";
        /// `curg`.
        CurgSet { m: u32, g: u32 };
        /// `_Grunnable` → `_Grunning`.
        GRunning { m: u32, p: u32, g: u32 };
        /// `schedtick + 1`: a new time slice.
        SchedtickRaised { m: u32, p: u32, g: u32, schedtick: u32 } <- "allp[{p}].schedtick";
        /// It came from `runnext`: the slice goes on, `schedtick` stays.
        SliceInherited { m: u32, p: u32, g: u32, schedtick: u32 } <- "allp[{p}].schedtick";

        // --- system calls ---
        /// `_Grunning` → `_Gsyscall`.
        SyscallEntered {
            m: u32,
            p: u32,
            g: u32,
            us: u64 = "allgs.{g}.at = syscall({us}) | allgs.{g}.at = blockingSyscall({us})",
            blocking: bool = "derived: whether the statement is known to block",
        };
        /// sysmon is woken from its deep sleep.
        SysmonWoken { m: u32 } <- "sched.sysmonwait";
        /// M and P no longer know each other; the M remembers `oldp`.
        PUnwired { m: u32, p: u32 = "allm[{m}].oldp" };
        /// `_Psyscall`.
        PInSyscall { m: u32, p: u32 = "allm[{m}].oldp", until: u64 = "allm[{m}].until | now" };
        /// Without a P: the call blocks.
        SyscallBlocks { m: u32, g: u32, until: u64 = "allm[{m}].until | now" };
        /// The kernel returns.
        SyscallReturned { m: u32, g: u32 } <- "allm[{m}].until", "now";
        /// The old P is still in this system call: it is taken back.
        OldPRegained { m: u32, p: u32 = "was allm[{m}].oldp" } <- "allm[{m}].oldp", "allp[{p}].status";
        /// The old P is gone.
        OldPLost { m: u32, p: u32 = "was allm[{m}].oldp", status: &'static str = "allp[{p}].status" } <-
            "allm[{m}].oldp", "allp[{p}].status";
        /// `wirep`.
        PWired { m: u32, p: u32 };
        /// Back in Go code; `syscalltick + 1`.
        SyscallDone { m: u32, p: u32, g: u32, syscalltick: u32 };
        /// `exitsyscall0`: no P: `_Gsyscall` → `_Grunnable`.
        SyscallGRunnable { m: u32, g: u32 } <- "sched.pidle";

        // --- sysmon ---
        /// It noted the ticks of these Ps, which have changed since it last looked.
        TicksNoted { m: u32, ps: Vec<u32> = "each in allp[{}]" } <- "allp[{ps}].schedtick", "allp[{ps}].syscalltick";
        /// The same slice for 10 ms: the goroutine is asked to stop (`signal`: also by SIGURG to thread `target`).
        PreemptRequested {
            m: u32,
            p: u32 = "in allp[{p}]",
            target: u32 = "allp[{p}].m",
            g: u32 = "allm[{target}].curg",
            for_us: u64 = "now - allp[{p}].sysmontick.schedwhen",
            signal: bool = "allm[{target}].signal",
        } <- "allp[{p}].schedtick", "allp[{p}].sysmontick";
        /// The signal made it yield; `left` of its computation is left.
        PreemptedBySignal { m: u32, p: u32, g: u32, left: u64 = "allgs.{g}.left | is 0" } <-
            "allm[{m}].signal", "allgs.{g}.preempt";
        /// The prologue of a function noticed the request.
        PreemptedAtCall { m: u32, p: u32, g: u32, left: u64 = "allgs.{g}.left | is 0" } <- "allgs.{g}.preempt";
        /// The signal met a thread in the scheduler, or another goroutine.
        SignalIgnored { m: u32 } <- "allm[{m}].signal";
        /// In a system call, but nobody needs the P: not before 10 ms.
        RetakeDeferred { m: u32, p: u32 = "in allp[{p}]", for_us: u64 } <-
            "allp[{p}].runq", "allp[{p}].sysmontick", "sched.npidle";
        /// The P is taken out of the system call.
        PRetaken { m: u32, p: u32 = "allm[{m}].handP", for_us: u64 } <- "allp[{p}].status", "allp[{p}].sysmontick";
        /// `syscalltick + 1`; `handoffp` follows.
        SyscalltickRaised { m: u32, p: u32 = "allm[{m}].handP", syscalltick: u32 };
        /// The network was not polled for 10 ms: sysmon does it.
        SysmonPolled { m: u32, gs: Vec<u32> = "allm[{m}].hand | is []" } <- "sched.lastpoll", "netpoll";
        /// Its round is over; rounds without a retake so far, next sleep.
        SysmonSlept { m: u32, idle: u32 = "sysmon.idle", delay: u64 = "sysmon.delay" } <- "sysmon";
        /// All Ps are idle.
        SysmonDeepSleep { m: u32, until: u64 } <- "sched.npidle";
        /// It wakes from deep sleep; `woken`: by a system call.
        SysmonUp { m: u32, woken: bool = "was allm[{m}].note" } <- "allm[{m}].note";

        // --- threads and time ---
        /// It waits for a lock.
        LockWaited { m: u32, lock: String = "allm[{m}].wants", holder: u32 = "chans.{lock} | sched.lock" } <-
            "?{lock}", "?chans.{lock}";
        /// Nobody can do anything before `to`.
        TimePassed { from: u64 = "was now", to: u64 = "now", us: u64 = "now - was now" };
        /// So many steps were taken at once.
        Skipped { steps: u32 = "derived: how many steps were taken", us: u64 = "now - was now" };

        // --- what-ifs ---
        /// What if: the running goroutine starts `n` more.
        SpawnAsked { m: u32, g: u32, n: u32 = "allgs.{g}.spawn[1]", program: String = "allgs.{g}.spawn[0]" };
        /// What if: its connection is ready now.
        NetReadyNow { g: u32 = "allgs.{g}.waitreason = IO wait" };
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
        ThreadsExhausted { m: u32, threads: u32 = "len allm" } <- "sched.midle";
    }
    figures {
        m: "in allm[{m}]";
        p: "allm[{m}].p";
        g: "allm[{m}].curg";
        target: "in allm[{target}]";
        victim: "in allp[{victim}]";
        ch: "in chans.{ch}";
        count: "chans.{ch}.qcount";
        cap: "chans.{ch}.dataqsiz";
        reason: "allgs.{g}.waitreason";
        until: "allm[{m}].until";
        spinning: "allm[{m}].spinning";
        runqsize: "sched.runqsize";
        npidle: "sched.npidle";
        nmidle: "sched.nmidle";
        nmspinning: "sched.nmspinning";
        busy: "len allp - sched.npidle";
        tail: "allp[{p}].runqtail";
        len: "len allp[{p}].runq";
        schedtick: "allp[{p}].schedtick";
        syscalltick: "allp[{p}].syscalltick";
        for_us: "now - allp[{p}].sysmontick.syscallwhen";
        pass: "one of 1 2 3 4";
        start: "in allp[{start}]";
        step: "derived: drawn from the numbers that are coprime to the number of Ps";
    }
}
