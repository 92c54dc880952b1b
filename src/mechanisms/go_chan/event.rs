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
        Scheduled { g: u32, from: &'static str, place: usize, beside: u32 };
        /// The viewer added a statement to a goroutine's program.
        StatementAdded { g: u32, statement: String };
        /// The viewer started a further goroutine with this statement; it is in `runnext`, `kicked` (0: none) in the queue.
        GoroutineStarted { g: u32, statement: String, kicked: u32 };
        /// The viewer chose the order in which the goroutine's next select polls its cases.
        PollOrderChosen { g: u32, order: Vec<usize> };
        /// The goroutine's program is done: it ends.
        GoroutineEnded { g: u32 };
        /// Main returns: the process ends with code 0, whatever the `left` other goroutines are doing.
        MainReturned { g: u32, left: usize };

        // --- locks ---
        /// `lock(&c.lock)`.
        Locked { g: u32, ch: Name, op: &'static str };
        /// The lock is held by `holder`: the goroutine spins for it.
        LockBusy { g: u32, ch: Name, op: &'static str, holder: u32 };
        /// `unlock(&c.lock)`. `wakes`: whether a waiter was served, and is to be woken now.
        Unlocked { g: u32, ch: Name, op: &'static str, wakes: bool };

        // --- nil channels, fast paths, closed channels ---
        /// A nil channel (or a select without cases): the goroutine parks and nothing can ever wake it.
        ParkedForEver { g: u32, ch: Name, op: &'static str, reason: &'static str };
        /// A non-blocking operation on a nil channel: not ready.
        NilNotReady { g: u32, ch: Name, op: &'static str };
        /// Non-blocking, without the lock: the channel is open and cannot serve it now.
        FastPathFails { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 };
        /// Non-blocking, without the lock: it looks as if the channel could serve it; now with the lock.
        FastPathPassed { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 };
        /// Non-blocking receive, without the lock: closed and empty, the zero value.
        FastPathClosed { g: u32, ch: Name };
        /// The lock is held: the channel is closed. Receives meet this only when the buffer is empty.
        ClosedFound { g: u32, ch: Name, op: &'static str };
        /// The channel is closed, but `qcount` values are left in the buffer: they are received first.
        ClosedButNotEmpty { g: u32, ch: Name, qcount: u32 };
        /// The zero value was put into the receiver's place.
        ZeroStored { g: u32, ch: Name };

        // --- waiters ---
        /// The head was taken off a queue: goroutine `waiter`. `value` is what it wants to send (receivers: 0).
        SudogDequeued { g: u32, ch: Name, queue: &'static str, waiter: u32, select: bool, case: usize, value: i64 };
        /// `selectDone` went from 0 to 1: this goroutine, and no other, may wake the select of `waiter`.
        SelectDoneWon { g: u32, ch: Name, waiter: u32, case: usize };
        /// `selectDone` was 1: the select of `waiter` was won on another channel, this sudog is stale and thrown away.
        StaleSudogDropped { g: u32, ch: Name, queue: &'static str, waiter: u32, case: usize };
        /// `send`: the value was copied straight into the frame of goroutine `to`; the buffer is not touched.
        SentDirectly { g: u32, ch: Name, to: u32, value: i64 };
        /// `recv`, unbuffered: the value was copied straight out of the frame of goroutine `from`.
        ReceivedDirectly { g: u32, ch: Name, from: u32, value: i64 };
        /// `gp.param = sg`, `sg.success`: the waiter will see by which sudog, and how, it was served.
        WaiterTold { g: u32, ch: Name, waiter: u32, success: bool };
        /// `goready`: `woken` is runnable and in `runnext`; the one that was there, `kicked` (0: none), went to the tail.
        Readied { g: u32, woken: u32, kicked: u32, runq: usize };

        // --- the ring ---
        /// `recv`, buffered: the head of the buffer went to the receiver.
        HeadTaken { g: u32, ch: Name, slot: u32, value: i64 };
        /// `recv`, buffered: the waiting sender's value went into the slot that became free.
        SlotRefilled { g: u32, ch: Name, slot: u32, value: i64, from: u32 };
        /// A value was written into the buffer.
        SlotWritten { g: u32, ch: Name, slot: u32, value: i64 };
        /// A value was copied out of the buffer.
        SlotRead { g: u32, ch: Name, slot: u32, value: i64 };
        /// The slot was zeroed.
        SlotZeroed { g: u32, ch: Name, slot: u32 };
        /// `sendx++`, back to 0 at the end of the ring.
        SendxMoved { g: u32, ch: Name, from: u32, sendx: u32 };
        /// `recvx++`, back to 0 at the end of the ring.
        RecvxMoved { g: u32, ch: Name, from: u32, recvx: u32 };
        /// `sendx = recvx`: the ring is as full as before, one slot further on.
        SendxFollowed { g: u32, ch: Name, from: u32, sendx: u32 };
        /// `qcount++`.
        QcountRaised { g: u32, ch: Name, qcount: u32, dataqsiz: u32 };
        /// `qcount--`.
        QcountLowered { g: u32, ch: Name, qcount: u32, dataqsiz: u32 };

        // --- blocking ---
        /// Non-blocking, with the lock: nobody waits, and nothing is in the buffer (receives) or no room in it (sends).
        WouldBlock { g: u32, ch: Name, op: &'static str, qcount: u32, dataqsiz: u32 };
        /// It has to wait: a sudog was filled in. `value` is what it wants to send (receivers: 0).
        SudogPrepared { g: u32, ch: Name, queue: &'static str, select: bool, case: usize, value: i64 };
        /// The sudog joined the queue at `place`, 0 being the head.
        Enqueued { g: u32, ch: Name, queue: &'static str, select: bool, case: usize, place: usize };
        /// `gopark`: the goroutine waits, and still holds the lock.
        Parked { g: u32, reason: &'static str };
        /// `chanparkcommit`, `selparkcommit`: only now that it is parked is the lock released.
        ParkUnlocked { g: u32, ch: Name };
        /// Running again: it reads `success` and gives its sudog back.
        WokenUp { g: u32, ch: Name, op: &'static str, success: bool };

        // --- close ---
        /// `c.closed = 1`.
        ClosedSet { g: u32, ch: Name, receivers: usize, senders: usize };
        /// The waiting receiver's place was zeroed.
        WaiterZeroed { g: u32, ch: Name, waiter: u32 };
        /// The waiter, told `success = false`, was pushed on the list of those to wake, which is popped from the other end;
        /// `depth`: so many are on it now.
        WaiterListed { g: u32, ch: Name, waiter: u32, queue: &'static str, depth: usize };

        // --- select ---
        /// A case on a nil channel is left out of both orders.
        NilCaseDropped { g: u32, case: usize, ch: Name };
        /// One case more in `pollorder`: at `place`; the case that was there moved to the end.
        CaseShuffled { g: u32, case: usize, ch: Name, place: usize, order: Vec<usize> };
        /// `lockorder`: the cases in the order of their channels' addresses.
        LockOrderSorted { g: u32, order: Vec<usize>, channels: Vec<Name> };
        /// Pass 1: the case polled is not ready.
        CaseNotReady { g: u32, case: usize, ch: Name, sends: bool, polled: usize };
        /// Pass 1: the case is ready; `why`: `waiter`, `buffer`, `room`, `closed`.
        CaseReady { g: u32, case: usize, ch: Name, sends: bool, why: &'static str };
        /// Pass 1 found nothing, and there is a default.
        DefaultChosen { g: u32, polled: usize };
        /// Pass 1 found nothing: the select has to wait, on `cases` channels at once.
        NothingReady { g: u32, cases: usize };
        /// Woken: `selectDone = 0`, all locks held.
        SelectDoneReset { g: u32 };
        /// Woken: its sudogs forget their values and channels.
        SudogsCleared { g: u32, sudogs: usize };
        /// Pass 3: this sudog is the one in `param`; `success` is false if it was `close` that woke it.
        WinnerFound { g: u32, case: usize, ch: Name, success: bool };
        /// Pass 3: the sudog of a case that was not chosen left its queue; `queued`: whether it was still in it.
        LoserUnlinked { g: u32, case: usize, ch: Name, queue: &'static str, queued: bool };

        // --- back in the program ---
        /// `c <- v` is done.
        SendReturned { g: u32, ch: Name, value: i64 };
        /// `v, ok := <-c` is done; `kept` is false for `<-c`, which drops the value.
        ReceiveReturned { g: u32, ch: Name, value: i64, ok: bool, kept: bool };
        /// `for … range c` saw a closed, empty channel: the loop ends.
        RangeEnded { g: u32, ch: Name };
        /// `close(c)` is done.
        CloseReturned { g: u32, ch: Name };
        /// The select goes on with this case; for receives with `value` and `ok`.
        SelectReturned { g: u32, case: usize, ch: Name, sends: bool, value: i64, ok: bool };
        /// The select goes on with default.
        DefaultReturned { g: u32 };
        /// `len(c)`, read without the lock.
        LenRead { g: u32, ch: Name, len: u32 };
        /// `cap(c)`.
        CapRead { g: u32, ch: Name, cap: u32 };

        // --- panics and verdicts ---
        /// `panic: send on closed channel`.
        PanicSendOnClosed { g: u32, ch: Name };
        /// `panic: close of closed channel`.
        PanicCloseOfClosed { g: u32, ch: Name };
        /// `panic: close of nil channel`.
        PanicCloseOfNil { g: u32, ch: Name };
        /// A deferred function recovered from the panic; the statement is over.
        Recovered { g: u32, message: &'static str };
        /// `checkdead`: nobody can run; `fatal error: all goroutines are asleep - deadlock!`
        DeadlockFound { g: u32, asleep: usize };
        /// Nobody that can still run could ever wake this goroutine: it leaks. The runtime does not say so.
        LeakFound { g: u32, name: String, reason: &'static str };
    }
    figures {}
    depends super::depends::depends;
}
