//! What one step did, with its figures.
//!
//! `g` is the goroutine that took the step, `ch` the channel's name, `queue` is `recvq` or `sendq`, `case` the number of
//! a select's case in the order of the source, from 0 on (0 outside a select, where `select` is false). `op` is the
//! runtime function.

#![allow(missing_docs, reason = "what a figure is called in every event is said above")]

use crate::machine::events;

use super::hchan::Name;

events! {
    /// The record of one step.
    pub enum Event {
        // --- goroutines ---
        /// A goroutine was taken from the run queue and runs. `from` is `runnext` or `runq`; `place`: 0 is its turn;
        /// `beside`: a goroutine that runs already, on another P (0: none).
        Scheduled {
            g: u32,
            from: &'static str = "one of runnext runq",
            place: usize = "was runq[{place}] = {g} | was runq[{place-1}] = {g} | was runnext = {g}",
            beside: u32 = "goroutines.{beside}.status = running | is 0",
        } <- "{from}", "goroutines.{g}.status";
        /// The viewer added a statement to a goroutine's program.
        StatementAdded { g: u32, statement: String = "derived: the statement given, as Go writes it" };
        /// The viewer started a further goroutine with this statement; it is in `runnext`, `kicked` (0: none) in the queue.
        GoroutineStarted {
            g: u32,
            statement: String = "derived: the statement given, as Go writes it",
            kicked: u32 = "was runnext | is 0",
        };
        /// The viewer chose the order in which the goroutine's next select polls its cases.
        PollOrderChosen { g: u32, order: Vec<usize> = "goroutines.{g}.pollOrderChosen" };
        /// The goroutine's program is done: it ends.
        GoroutineEnded { g: u32 };
        /// Main returns: the process ends with code 0, whatever the `left` other goroutines are doing.
        MainReturned { g: u32, left: usize = "derived: how many goroutines besides main have not ended" };

        // --- locks ---
        /// `lock(&c.lock)`.
        Locked { g: u32 = "channels.{ch}.lock", ch: Name, op: &'static str } <- "channels.{ch}.lock";
        /// The lock is held by `holder`: the goroutine spins for it.
        LockBusy { g: u32, ch: Name, op: &'static str, holder: u32 = "channels.{ch}.lock" } <- "channels.{ch}.lock";
        /// `unlock(&c.lock)`. `wakes`: whether a waiter was served, and is to be woken now.
        Unlocked {
            g: u32 = "was channels.{ch}.lock",
            ch: Name,
            op: &'static str,
            wakes: bool = "derived: whether sg or the list of close is not empty",
        };

        // --- nil channels, fast paths, closed channels ---
        /// A nil channel (or a select without cases): the goroutine parks and nothing can ever wake it.
        ParkedForEver {
            g: u32,
            ch: Name = "in channels.{ch} | derived: a select without cases has no channel",
            op: &'static str,
            reason: &'static str = "goroutines.{g}.waitReason",
        };
        /// A non-blocking operation on a nil channel: not ready.
        NilNotReady { g: u32, ch: Name, op: &'static str };
        /// Non-blocking, without the lock: the channel is open and cannot serve it now.
        FastPathFails { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 } <-
            "channels.{ch}.closed", "channels.{ch}.qcount", "channels.{ch}.recvq", "channels.{ch}.sendq";
        /// Non-blocking, without the lock: it looks as if the channel could serve it; now with the lock.
        FastPathPassed { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 } <-
            "channels.{ch}.closed", "channels.{ch}.qcount", "channels.{ch}.recvq", "channels.{ch}.sendq";
        /// Non-blocking receive, without the lock: closed and empty, the zero value.
        FastPathClosed { g: u32, ch: Name } <- "channels.{ch}.closed", "channels.{ch}.qcount";
        /// The lock is held: the channel is closed. Receives meet this only when the buffer is empty.
        ClosedFound { g: u32, ch: Name, op: &'static str } <- "channels.{ch}.closed", "channels.{ch}.qcount";
        /// The channel is closed, but `qcount` values are left in the buffer: they are received first.
        ClosedButNotEmpty { g: u32, ch: Name, qcount: u32 } <- "channels.{ch}.qcount";
        /// The zero value was put into the receiver's place.
        ZeroStored { g: u32, ch: Name };

        // --- waiters ---
        /// The head was taken off a queue: goroutine `waiter`. `value` is what it wants to send (receivers: 0).
        SudogDequeued {
            g: u32,
            ch: Name,
            queue: &'static str,
            waiter: u32 = "was channels.{ch}.{queue}[0].g",
            select: bool = "was channels.{ch}.{queue}[0].isSelect",
            case: usize = "was channels.{ch}.{queue}[0].case | is 0",
            value: i64 = "was channels.{ch}.{queue}[0].elem | is 0",
        } <- "channels.{ch}.{queue}";
        /// `selectDone` went from 0 to 1: this goroutine, and no other, may wake the select of `waiter`.
        SelectDoneWon {
            g: u32,
            ch: Name,
            waiter: u32 = "goroutines.{waiter}.selectDone = 1",
            case: usize = "derived: the case of the sudog in hand, sg",
        } <- "goroutines.{waiter}.selectDone";
        /// `selectDone` was 1: the select of `waiter` was won on another channel, this sudog is stale and thrown away.
        StaleSudogDropped {
            g: u32,
            ch: Name,
            queue: &'static str,
            waiter: u32 = "goroutines.{waiter}.selectDone = 1",
            case: usize = "derived: the case of the sudog that was in hand, sg",
        } <- "goroutines.{waiter}.selectDone";
        /// `send`: the value was copied straight into the frame of goroutine `to`; the buffer is not touched.
        SentDirectly {
            g: u32,
            ch: Name,
            to: u32 = "was goroutines.{g}.call.sg[0]",
            value: i64 = "derived: the value in the slot of the case in hand",
        } <- "channels.{ch}.recvq";
        /// `recv`, unbuffered: the value was copied straight out of the frame of goroutine `from`.
        ReceivedDirectly {
            g: u32,
            ch: Name,
            from: u32 = "was goroutines.{g}.call.sg[0]",
            value: i64 = "derived: the elem of the sudog in hand",
        } <- "channels.{ch}.sendq";
        /// `gp.param = sg`, `sg.success`: the waiter will see by which sudog, and how, it was served.
        WaiterTold {
            g: u32,
            ch: Name,
            waiter: u32 = "was goroutines.{g}.call.sg[0]",
            success: bool = "derived: told to the sudog in hand: false if close wakes it",
        };
        /// `goready`: `woken` is runnable and in `runnext`; the one that was there, `kicked` (0: none), went to the tail.
        Readied { g: u32, woken: u32 = "runnext", kicked: u32 = "was runnext | is 0", runq: usize = "len runq" } <-
            "goroutines.{woken}.param", "runnext";

        // --- the ring ---
        /// `recv`, buffered: the head of the buffer went to the receiver.
        HeadTaken {
            g: u32,
            ch: Name,
            slot: u32 = "was channels.{ch}.recvx",
            value: i64 = "was channels.{ch}.buf[{slot}]",
        } <- "channels.{ch}.buf[{slot}]", "channels.{ch}.recvx";
        /// `recv`, buffered: the waiting sender's value went into the slot that became free.
        SlotRefilled {
            g: u32,
            ch: Name,
            slot: u32 = "channels.{ch}.recvx",
            value: i64 = "channels.{ch}.buf[{slot}]",
            from: u32 = "was goroutines.{g}.call.sg[0]",
        } <- "channels.{ch}.sendq", "channels.{ch}.recvx", "goroutines.{from}.waiting";
        /// A value was written into the buffer.
        SlotWritten { g: u32, ch: Name, slot: u32 = "channels.{ch}.sendx", value: i64 = "channels.{ch}.buf[{slot}]" } <-
            "channels.{ch}.sendx", "channels.{ch}.qcount";
        /// A value was copied out of the buffer.
        SlotRead { g: u32, ch: Name, slot: u32 = "channels.{ch}.recvx", value: i64 = "channels.{ch}.buf[{slot}]" } <-
            "channels.{ch}.buf[{slot}]", "channels.{ch}.recvx";
        /// The slot was zeroed.
        SlotZeroed { g: u32, ch: Name, slot: u32 = "channels.{ch}.buf[{slot}] = 0" } <- "channels.{ch}.recvx";
        /// `sendx++`, back to 0 at the end of the ring.
        SendxMoved { g: u32, ch: Name, from: u32 = "was channels.{ch}.sendx", sendx: u32 = "channels.{ch}.sendx" } <-
            "channels.{ch}.sendx", "channels.{ch}.qcount";
        /// `recvx++`, back to 0 at the end of the ring.
        RecvxMoved { g: u32, ch: Name, from: u32 = "was channels.{ch}.recvx", recvx: u32 = "channels.{ch}.recvx" } <-
            "channels.{ch}.recvx";
        /// `sendx = recvx`: the ring is as full as before, one slot further on.
        SendxFollowed { g: u32, ch: Name, from: u32 = "was channels.{ch}.sendx", sendx: u32 = "channels.{ch}.sendx" } <-
            "channels.{ch}.recvx";
        /// `qcount++`.
        QcountRaised { g: u32, ch: Name, qcount: u32, dataqsiz: u32 } <- "channels.{ch}.qcount";
        /// `qcount--`.
        QcountLowered { g: u32, ch: Name, qcount: u32, dataqsiz: u32 } <- "channels.{ch}.qcount";

        // --- blocking ---
        /// Non-blocking, with the lock: nobody waits, and nothing is in the buffer (receives) or no room in it (sends).
        WouldBlock { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 } <-
            "channels.{ch}.qcount", "channels.{ch}.recvq", "channels.{ch}.sendq";
        /// It has to wait: a sudog was filled in. `value` is what it wants to send (receivers: 0).
        SudogPrepared {
            g: u32,
            ch: Name,
            queue: &'static str,
            select: bool = "goroutines.{g}.waiting[-1].isSelect",
            case: usize = "goroutines.{g}.waiting[-1].case | is 0",
            value: i64 = "goroutines.{g}.waiting[-1].elem | is 0",
        } <- "channels.{ch}.recvq", "channels.{ch}.sendq", "channels.{ch}.qcount";
        /// The sudog joined the queue at `place`, 0 being the head.
        Enqueued {
            g: u32,
            ch: Name,
            queue: &'static str,
            select: bool = "channels.{ch}.{queue}[{place}].isSelect",
            case: usize = "channels.{ch}.{queue}[{place}].case | is 0",
            place: usize = "channels.{ch}.{queue}[{place}].g = {g}",
        } <- "channels.{ch}.{queue}";
        /// `gopark`: the goroutine waits, and still holds the lock.
        Parked { g: u32, reason: &'static str = "goroutines.{g}.waitReason" };
        /// `chanparkcommit`, `selparkcommit`: only now that it is parked is the lock released.
        ParkUnlocked { g: u32, ch: Name };
        /// Running again: it reads `success` and gives its sudog back.
        WokenUp {
            g: u32,
            ch: Name,
            op: &'static str,
            success: bool = "derived: the success of the sudog that was told",
        } <- "goroutines.{g}.waiting", "goroutines.{g}.param";

        // --- close ---
        /// `c.closed = 1`.
        ClosedSet {
            g: u32,
            ch: Name,
            receivers: usize = "len channels.{ch}.recvq",
            senders: usize = "len channels.{ch}.sendq",
        } <- "channels.{ch}.closed";
        /// The waiting receiver's place was zeroed.
        WaiterZeroed { g: u32, ch: Name, waiter: u32 = "was goroutines.{g}.call.sg[0]" } <- "channels.{ch}.closed";
        /// The waiter, told `success = false`, was pushed on the list of those to wake, which is popped from the other end;
        /// `depth`: so many are on it now.
        WaiterListed {
            g: u32,
            ch: Name,
            waiter: u32 = "goroutines.{g}.call.glist[-1]",
            queue: &'static str,
            depth: usize = "len goroutines.{g}.call.glist",
        } <- "channels.{ch}.closed";

        // --- select ---
        /// A case on a nil channel is left out of both orders.
        NilCaseDropped { g: u32, case: usize = "derived: the case in hand, in the order of the source", ch: Name };
        /// One case more in `pollorder`: at `place`; the case that was there moved to the end.
        CaseShuffled {
            g: u32,
            case: usize = "goroutines.{g}.call.pollorder[{place}]",
            ch: Name,
            place: usize = "goroutines.{g}.call.pollorder[{place}] = {case}",
            order: Vec<usize> = "goroutines.{g}.call.pollorder",
        };
        /// `lockorder`: the cases in the order of their channels' addresses.
        LockOrderSorted {
            g: u32,
            order: Vec<usize> = "goroutines.{g}.call.lockorder",
            channels: Vec<Name> = "derived: the channels of lockorder",
        };
        /// Pass 1: the case polled is not ready.
        CaseNotReady {
            g: u32,
            case: usize = "goroutines.{g}.call.pollorder[{polled-1}]",
            ch: Name,
            sends: bool = "goroutines.{g}.call.sends",
            polled: usize = "goroutines.{g}.call.next",
        } <- "channels.{ch}.closed", "channels.{ch}.recvq", "channels.{ch}.sendq", "channels.{ch}.qcount";
        /// Pass 1: the case is ready; `why`: `waiter`, `buffer`, `room`, `closed`.
        CaseReady {
            g: u32,
            case: usize = "goroutines.{g}.call.slot",
            ch: Name,
            sends: bool = "goroutines.{g}.call.sends",
            why: &'static str = "one of waiter buffer room closed",
        } <- "channels.{ch}.closed", "channels.{ch}.recvq", "channels.{ch}.sendq", "channels.{ch}.qcount";
        /// Pass 1 found nothing, and there is a default.
        DefaultChosen { g: u32, polled: usize = "len goroutines.{g}.call.pollorder" };
        /// Pass 1 found nothing: the select has to wait, on `cases` channels at once.
        NothingReady { g: u32, cases: usize = "len goroutines.{g}.call.lockorder" };
        /// Woken: `selectDone = 0`, all locks held.
        SelectDoneReset { g: u32 };
        /// Woken: its sudogs forget their values and channels.
        SudogsCleared { g: u32, sudogs: usize = "len goroutines.{g}.waiting" };
        /// Pass 3: this sudog is the one in `param`; `success` is false if it was `close` that woke it.
        WinnerFound {
            g: u32,
            case: usize = "goroutines.{g}.call.slot",
            ch: Name,
            success: bool = "derived: the success of the sudog in param",
        } <- "goroutines.{g}.param";
        /// Pass 3: the sudog of a case that was not chosen left its queue; `queued`: whether it was still in it.
        LoserUnlinked {
            g: u32,
            case: usize = "derived: the case of the sudog in hand",
            ch: Name,
            queue: &'static str,
            queued: bool = "derived: whether the sudog was still in its queue",
        } <- "channels.{ch}.{queue}";

        // --- timers ---
        /// `time.After(after)`: a new channel with room for one value, and a timer that fires at `when`.
        TimerMade {
            g: u32,
            ch: Name,
            after: u64 = "channels.{ch}.timer.after",
            when: u64 = "channels.{ch}.timer.when",
        } <- "now";
        /// `sendTime`: the time has come to `now`, the timer's; `to` (0: nobody waited) received it and is in `runnext`, and
        /// `kicked` (0: none) in the queue.
        TimerFired {
            ch: Name,
            now: u64 = "now",
            to: u32 = "runnext | is 0",
            kicked: u32 = "was runnext | is 0",
        } <- "channels.{ch}.timer", "channels.{ch}.recvq";
        /// The statement goes on without this timer: nobody can reach it any more. `pending`: it has not fired.
        TimerDropped {
            g: u32,
            ch: Name,
            when: u64 = "was channels.{ch}.timer.when",
            pending: bool = "was channels.{ch}.timer.pending",
        } <- "channels.{ch}.timer";
        /// `<-time.After(d)` is done, by itself or as a case of a select.
        TimerReceived {
            g: u32,
            ch: Name,
            case: usize = "derived: the case chosen",
            select: bool = "derived: whether it is a case of a select",
            when: u64 = "was channels.{ch}.timer.when",
        } <- "channels.{ch}.timer";

        // --- back in the program ---
        /// `if !ok`: whether its statements are carried out.
        OkTested {
            g: u32,
            ok: bool = "goroutines.{g}.ok",
            enters: bool = "derived: not ok",
        } <- "goroutines.{g}.ok";
        /// `c = nil`: the goroutine's variable names no channel any more.
        NilAssigned { g: u32, ch: Name = "among goroutines.{g}.nil" };
        /// `for a != nil || …`: of `asked` variables `left` are not nil; with none left the loop ends.
        NilTested {
            g: u32,
            asked: usize = "derived: the variables that the statement names",
            left: usize = "derived: those of them that are not nil",
        } <- "?goroutines.{g}.nil";
        /// `c <- v` is done.
        SendReturned { g: u32, ch: Name, value: i64 = "derived: the value sent" };
        /// `v, ok := <-c` is done; `kept` is false for `<-c`, which drops the value.
        ReceiveReturned {
            g: u32,
            ch: Name,
            value: i64 = "goroutines.{g}.v | derived: dropped by <-c",
            ok: bool = "goroutines.{g}.ok | derived: dropped by <-c",
            kept: bool = "derived: whether the statement keeps the value",
        };
        /// `for … range c` saw a closed, empty channel: the loop ends.
        RangeEnded { g: u32, ch: Name } <- "channels.{ch}.closed", "channels.{ch}.qcount";
        /// `close(c)` is done.
        CloseReturned { g: u32, ch: Name };
        /// `cancel()` of a context that is cancelled already: nothing happens.
        CancelRepeated { g: u32, ch: Name } <- "channels.{ch}.closed";
        /// The select goes on with this case; for receives with `value` and `ok`.
        SelectReturned {
            g: u32,
            case: usize = "derived: the case chosen",
            ch: Name,
            sends: bool = "derived: whether the case chosen sends",
            value: i64 = "goroutines.{g}.v | {sends} = true",
            ok: bool = "goroutines.{g}.ok | {sends} = true",
        };
        /// The select goes on with default.
        DefaultReturned { g: u32 };
        /// `len(c)`, read without the lock.
        LenRead { g: u32, ch: Name, len: u32 = "channels.{ch}.qcount | is 0" } <- "channels.{ch}";
        /// `cap(c)`.
        CapRead { g: u32, ch: Name, cap: u32 = "channels.{ch}.dataqsiz | is 0" } <- "channels.{ch}";

        // --- panics and verdicts ---
        /// `panic: send on closed channel`.
        PanicSendOnClosed { g: u32, ch: Name } <- "channels.{ch}.closed";
        /// `panic: close of closed channel`.
        PanicCloseOfClosed { g: u32, ch: Name } <- "channels.{ch}.closed";
        /// `panic: close of nil channel`.
        PanicCloseOfNil { g: u32, ch: Name };
        /// A deferred function recovered from the panic; the statement is over.
        Recovered { g: u32, message: &'static str = "goroutines.{g}.last" };
        /// `checkdead`: nobody can run; `fatal error: all goroutines are asleep - deadlock!`
        /// `gs`: the first of the lines that follow, as the runtime heads each goroutine's stack; `more` follow these.
        DeadlockFound {
            g: u32,
            asleep: usize = "len dead.goroutines",
            gs: Vec<String> = "each among dead.goroutines",
            more: usize = "len dead.goroutines - len {gs}",
        } <- "runnext", "runq", "goroutines";
        /// Main waits for what nobody will do, and `others` can still run: the process hangs, and no deadlock is told.
        MainHangs {
            g: u32,
            reason: &'static str = "goroutines.{g}.waitReason",
            others: usize = "derived: how many goroutines can still run",
        } <- "goroutines.{g}.status", "goroutines.{g}.waiting";
        /// All that its program can still do never waits and changes nothing: a core is busy for ever.
        SpinsForEver { g: u32, name: String = "goroutines.{g}.name | derived: a goroutine without a name" } <-
            "goroutines.{g}.status";
        /// It is woken again and again, and nothing can bring it to its end: it leaks as surely as one asleep.
        NeverEnds { g: u32, name: String = "goroutines.{g}.name | derived: a goroutine without a name" } <-
            "goroutines.{g}.status";
        /// Nobody that can still run could ever wake this goroutine: it leaks. The runtime does not say so. `held`: somebody
        /// that can still run refers to what it waits on, so that a search by reachability does not find it.
        LeakFound {
            g: u32,
            name: String = "goroutines.{g}.name | derived: a goroutine without a name",
            reason: &'static str = "goroutines.{g}.waitReason",
            held: bool = "derived: whether a goroutine that can still run names one of its channels",
        } <- "goroutines.{g}.status", "goroutines.{g}.waiting";
    }
    figures {
        g: "in goroutines.{g}";
        ch: "in channels.{ch}";
        op: "goroutines.{g}.call.func | was goroutines.{g}.call.func";
        queue: "one of recvq sendq";
        qcount: "channels.{ch}.qcount";
        dataqsiz: "channels.{ch}.dataqsiz";
    }
}

impl Event {
    /// The channel that the step is about, if it is about one.
    pub fn channel(&self) -> Option<Name> {
        crate::machine::Event::figure(self, "ch").filter(|name: &Name| !name.is_empty())
    }

    /// The goroutine that took the step, or that the verdict is about; 1 is main where the setup says so.
    pub fn goroutine(&self) -> u32 {
        crate::machine::Event::figure(self, "g").unwrap_or_default()
    }
}
