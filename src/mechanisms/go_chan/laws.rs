//! What holds after every step, in the middle of operations too, and what must happen some time.
//!
//! Most laws speak of a channel whose lock is free, for the lock is there so that nobody sees what lies between. The
//! laws on the ring hold under the lock as well: they account for the few steps in which an index is ahead of a count.

use crate::machine::{laws, reached};

use super::frame::{Call, Pc};
use super::goroutine::{Goroutine, Outcome, Status};
use super::hchan::{Hchan, Queue, Waiter};
use super::state::{DEADLOCK, GoChan};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoChan;

    always("run-queue", "proc.go: runqput, ready", run_queue)
        broken LosesKicked: "the goroutine kicked out of runnext is lost";
    always("lock-order", "select.go: sellock, selectgo: lockorder", |m| m.wrong.none("lock-order"))
        broken LocksInPollorder: "select locks its channels in poll order";
    always("woken-once", "chan.go: waitq.dequeue: selectDone", |m| m.wrong.none("woken-once"))
        broken NoSelectDone: "selectDone is not asked";
    always("parked-holds-no-lock", "chan.go: chanparkcommit; select.go: selparkcommit", parked_holds_no_lock)
        broken CommitKeepsLock: "parking does not release the lock";
    always("ready-after-unlock", "chan.go: send, recv, closechan: unlock before goready", ready_after_unlock)
        broken ReadyBeforeUnlock: "the waiter is made runnable before the lock is released";
    always("no-lost-wakeup", "chan.go: send, recv, closechan: goready", no_lost_wakeup)
        broken ForgetsReady: "a served waiter is not made runnable";
    always("poll-each-once", "select.go: selectgo: pollorder", poll_each_once)
        broken DropsLastCase: "select polls only its first case";
    always("one-sudog-a-case", "chan.go: chansend, chanrecv; select.go: selectgo, pass 2", one_sudog)
        broken EnqueuesTwice: "a waiter joins its queue twice";
    always("select-leaves-no-sudog", "select.go: selectgo, pass 3", leaves_no_sudog)
        broken NoUnlink: "a woken select leaves its other sudogs behind";
    always("fifo", "chan.go: waitq.enqueue, waitq.dequeue", |m| m.wrong.none("fifo"))
        broken EnqueuesAtHead: "a waiter joins its queue at the head";
    always("ring-indexes", "chan.go: hchan: qcount, dataqsiz, sendx, recvx", ring_indexes)
        broken QcountRaisedTwice: "a send raises qcount twice";
    always("free-slots-are-zero", "chan.go: chanrecv: typedmemclr", free_slots)
        broken SlotNotZeroed: "a receive leaves its value in the slot";
    always("receivers-wait-when-empty", "chan.go: hchan: invariants", receivers_wait_when_empty)
        broken PrefersBuffer: "a send prefers the buffer to a waiting receiver";
    always("senders-wait-when-full", "chan.go: hchan: invariants", senders_wait_when_full)
        broken ForgetsSender: "a receive takes from the buffer and forgets the waiting sender";
    always("one-side-waits", "chan.go: hchan: invariants", one_side_waits)
        broken MissesSender: "a receive does not look for waiting senders";
    always("closed-for-good", "chan.go: closechan", closed_for_good)
        broken CloseForgetsSenders: "close does not wake senders";
    always("values-in-order", "Go specification, Channel types: first-in-first-out",
        |m| m.wrong.none("values-in-order"))
        broken KeepsOldSlot: "the waiting sender's value does not reach the freed slot";
    always("ok-means-sent", "Go specification, Receive operator", |m| m.wrong.none("ok-means-sent"))
        broken CloseSaysSuccess: "close tells receivers success";
    always("timers-in-order", "time.go: timers.run, timers.check: the heap's first is due first", timers_in_order)
        broken LastTimerFirst: "the timer that is due last fires first";
    always("not-ok-decides", "Go specification, If statements", |m| m.wrong.none("not-ok-decides"))
        broken AsksForOk: "if !ok asks for ok";
    always("verdicts-hold", "what is said of the rest of a run", |m| m.wrong.none("verdicts-hold"))
        broken ForgetsClosers: "whoever judges forgets that a close wakes";
    sometimes("panic-send-closed", "chan.go: chansend", |m| panicked(m, "panic: send on closed channel"))
        broken SendIgnoresClosed: "a send on a closed channel returns";
    sometimes("panic-close-closed", "chan.go: closechan", |m| panicked(m, "panic: close of closed channel"))
        broken CloseIgnoresClosed: "close ignores closed";
    sometimes("panic-close-nil", "chan.go: closechan", |m| panicked(m, "panic: close of nil channel"))
        broken CloseIgnoresNil: "close ignores nil";
    sometimes("deadlock", "proc.go: checkdead", |m| reached(m.dead.as_ref().is_some_and(|d| d.message == DEADLOCK)))
        broken NoCheckdead: "nobody checks whether anybody can run";
    sometimes("leak", "a goroutine that nobody can wake", |m| reached(m.stories.leaked))
        broken NoLeakFound: "nobody asks who can still wake whom";
    sometimes("main-hangs", "main waits for what nobody will do", |m| reached(m.stories.hung))
        broken NoHangFound: "nobody asks who can still wake main";
    sometimes("spins", "a loop that never waits", |m| reached(m.stories.spun))
        broken NoSpinFound: "nobody asks whether a loop can change anything";
    sometimes("never-ends", "a goroutine that is woken for ever", |m| reached(m.stories.endless))
        broken NoEndlessFound: "nobody asks whether a goroutine can come to its end";
    sometimes("case-switched-off", "select.go: selectgo: a nil channel's case is left out", |m| reached(m.stories.nilled))
        broken NilAssignsNothing: "c = nil leaves the variable as it was";
    sometimes("timed-out", "time.go: sendTime", |m| reached(m.stories.timed_out))
        broken TimersNeverFire: "no timer ever fires";
    sometimes("stale-sudog", "chan.go: waitq.dequeue", |m| reached(m.stories.stale))
        broken NothingStale: "whoever wakes a select unlinks all of its sudogs";
    sometimes("buffer-rotated", "chan.go: recv", |m| reached(m.stories.rotated))
        spoiled forget_buffers => "make forgets the size of the buffer";
    sometimes("default-taken", "select.go: selectgo; chan.go: selectnbsend, selectnbrecv",
        |m| reached(m.stories.defaulted))
        broken NeverDefault: "select waits although it has a default";
}

fn panicked(m: &GoChan, message: &str) -> Result<(), String> {
    let recovered =
        |g: &Goroutine| g.outcome.is_some_and(|how| matches!(how, Outcome::Panicked(text) if text == message));
    reached(m.dead.as_ref().is_some_and(|dead| dead.message == message) || m.gs.iter().any(recovered))
}

fn forget_buffers(m: &mut GoChan) {
    m.channels.iter_mut().for_each(|channel| *channel = Hchan::new(channel.name.clone(), 0, channel.nil));
}

/// No timer is pending whose time has passed.
fn timers_in_order(m: &GoChan) -> Result<(), String> {
    let pending = m.channels.iter().filter_map(|channel| Some((channel, channel.timer.filter(|timer| timer.pending)?)));
    for (channel, timer) in pending {
        if timer.when < m.now {
            return Err(format!("{} is due at {} ms, and it is {} ms", channel.name, timer.when, m.now));
        }
    }
    Ok(())
}

/// Exactly the runnable goroutines are queued, each once.
fn run_queue(m: &GoChan) -> Result<(), String> {
    for goroutine in &m.gs {
        let queued = m.runnext.iter().chain(&m.runq).filter(|g| **g == goroutine.id).count();
        let wanted = usize::from(goroutine.status == Status::Runnable);
        if queued != wanted {
            let (id, status) = (goroutine.id, goroutine.status.name());
            return Err(format!("G{id} is {status} and stands {queued} times in the run queue"));
        }
    }
    Ok(())
}

/// A lock is held by a goroutine that is in the runtime, never by one that sleeps.
fn parked_holds_no_lock(m: &GoChan) -> Result<(), String> {
    for (ch, channel) in m.channels.iter().enumerate() {
        let Some(holder) = channel.lock else { continue };
        let frame = m.g(holder).frame.as_ref();
        if !frame.is_some_and(|frame| frame.held.contains(&ch)) {
            return Err(format!("{}.lock is held by G{holder}, which has left it behind", channel.name));
        }
    }
    Ok(())
}

/// Nobody holds a channel's lock who has made a goroutine runnable in the same call.
fn ready_after_unlock(m: &GoChan) -> Result<(), String> {
    for goroutine in &m.gs {
        let Some(frame) = &goroutine.frame else { continue };
        if let (true, Some(ch)) = (frame.woke, frame.held.first()) {
            return Err(format!("G{} has woken a goroutine and holds {}.lock", goroutine.id, m.channels[*ch].name));
        }
    }
    Ok(())
}

/// A parked goroutine that was told (`param`) is in the hands of somebody who will make it runnable.
fn no_lost_wakeup(m: &GoChan) -> Result<(), String> {
    for goroutine in m.gs.iter().filter(|g| g.param.is_some() && matches!(g.status, Status::Waiting(_))) {
        let id = goroutine.id;
        let in_hand =
            m.gs.iter()
                .filter_map(|other| other.frame.as_ref())
                .any(|frame| frame.glist.contains(&id) || frame.sg.is_some_and(|waiter| waiter.g == id));
        if !in_hand {
            return Err(format!("G{id} was served and nobody is going to wake it"));
        }
    }
    Ok(())
}

/// After the shuffle `pollorder` names each case on a channel that is not nil once, and `lockorder` as well.
fn poll_each_once(m: &GoChan) -> Result<(), String> {
    for goroutine in &m.gs {
        let Some(frame) = goroutine.frame.as_ref().filter(|frame| !frame.lockorder.is_empty()) else { continue };
        let wanted = (0..frame.cases.len()).filter(|case| !m.is_nil(goroutine.id, frame.cases[*case].ch));
        for order in [&frame.pollorder, &frame.lockorder] {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            if !sorted.iter().copied().eq(wanted.clone()) {
                return Err(format!("G{}: the order {sorted:?} is not each case once", goroutine.id));
            }
        }
    }
    Ok(())
}

fn places(m: &GoChan) -> impl Iterator<Item = (&Hchan, Queue, Waiter)> {
    m.channels.iter().flat_map(|channel| {
        let of = move |queue| channel.queue(queue).iter().map(move |waiter| (channel, queue, *waiter));
        of(Queue::Recvq).chain(of(Queue::Sendq))
    })
}

/// A plain operation waits with one sudog, a select with one for each case; each stands in one place at most.
fn one_sudog(m: &GoChan) -> Result<(), String> {
    for (channel, queue, waiter) in places(m) {
        let times = places(m).filter(|(_, _, other)| *other == waiter).count();
        if times > 1 {
            let (g, field, name) = (waiter.g, queue.field(), &channel.name);
            return Err(format!("a sudog of G{g} stands {times} times in queues, once in {name}.{field}"));
        }
    }
    for goroutine in &m.gs {
        let (Status::Waiting(reason), Some(frame)) = (goroutine.status, &goroutine.frame) else { continue };
        let wanted = match frame.lockorder.len() {
            _ if reason.for_ever() => 0,
            // A single send or receive; a select waits on its own cases, of which there may be none.
            0 if frame.call != Call::Select => 1,
            cases => cases,
        };
        if goroutine.waiting.len() != wanted {
            let (id, has) = (goroutine.id, goroutine.waiting.len());
            return Err(format!("G{id} waits with {has} sudogs, not {wanted}"));
        }
    }
    Ok(())
}

/// Whoever neither waits nor is about to queue or unlink has no sudog in any queue.
fn leaves_no_sudog(m: &GoChan) -> Result<(), String> {
    for (channel, queue, waiter) in places(m) {
        let goroutine = m.g(waiter.g);
        if goroutine.waiting.get(waiter.n).is_none() {
            let (g, field, name) = (waiter.g, queue.field(), &channel.name);
            return Err(format!("{name}.{field} holds a sudog that G{g} has given back"));
        }
    }
    Ok(())
}

/// `qcount` is at most `dataqsiz`, and `sendx` is `qcount` slots after `recvx`.
fn ring_indexes(m: &GoChan) -> Result<(), String> {
    for (ch, c) in m.channels.iter().enumerate().filter(|(_, c)| c.dataqsiz > 0) {
        let ahead = match m.holder(ch).map(|frame| frame.pc) {
            Some(Pc::RaiseQcount) => 1,
            Some(Pc::LowerQcount | Pc::FollowSendx) => c.dataqsiz - 1,
            _ => 0,
        };
        let sendx = (c.recvx + c.qcount + ahead) % c.dataqsiz;
        if c.qcount > c.dataqsiz || c.sendx != sendx {
            let Hchan { name, qcount, dataqsiz, recvx, .. } = c;
            let at = c.sendx;
            return Err(format!("{name}: qcount {qcount} of {dataqsiz}, recvx {recvx}, sendx {at}, not {sendx}"));
        }
    }
    Ok(())
}

/// Slots that hold no value are zero, so that the garbage collector finds nothing there.
fn free_slots(m: &GoChan) -> Result<(), String> {
    for (ch, c) in m.channels.iter().enumerate().filter(|(_, c)| c.dataqsiz > 0) {
        let written = matches!(m.holder(ch).map(|frame| frame.pc), Some(Pc::MoveSendx | Pc::RaiseQcount));
        let used = c.qcount + u32::from(written);
        let free = (used..c.dataqsiz).map(|n| (c.recvx + n) % c.dataqsiz);
        if let Some(slot) = free.into_iter().find(|slot| c.buf[*slot as usize] != 0) {
            return Err(format!("{}: free slot {slot} holds {}", c.name, c.buf[slot as usize]));
        }
    }
    Ok(())
}

/// Channels whose lock is free.
fn at_rest(m: &GoChan) -> impl Iterator<Item = &Hchan> {
    m.channels.iter().filter(|channel| channel.lock.is_none() && !channel.nil)
}

fn first_live(m: &GoChan, channel: &Hchan, queue: Queue) -> Option<u32> {
    channel.queue(queue).iter().find(|waiter| m.live(**waiter) && !m.unlinking(waiter.g)).map(|waiter| waiter.g)
}

fn receivers_wait_when_empty(m: &GoChan) -> Result<(), String> {
    for channel in at_rest(m).filter(|channel| channel.qcount > 0) {
        if let Some(g) = first_live(m, channel, Queue::Recvq) {
            return Err(format!("{}: G{g} waits to receive, and qcount is {}", channel.name, channel.qcount));
        }
    }
    Ok(())
}

fn senders_wait_when_full(m: &GoChan) -> Result<(), String> {
    for channel in at_rest(m).filter(|channel| channel.qcount < channel.dataqsiz) {
        if let Some(g) = first_live(m, channel, Queue::Sendq) {
            let Hchan { name, qcount, dataqsiz, .. } = channel;
            return Err(format!("{name}: G{g} waits to send, and qcount is {qcount} of {dataqsiz}"));
        }
    }
    Ok(())
}

/// Not both receivers and senders wait, unless they are the two sides of one select.
fn one_side_waits(m: &GoChan) -> Result<(), String> {
    for channel in at_rest(m) {
        let live = |queue: Queue| channel.queue(queue).iter().filter(|waiter| m.live(**waiter)).map(|waiter| waiter.g);
        for receiver in live(Queue::Recvq) {
            if let Some(sender) = live(Queue::Sendq).find(|sender| *sender != receiver) {
                return Err(format!("{}: G{sender} waits to send and G{receiver} to receive", channel.name));
            }
        }
    }
    Ok(())
}

/// Closed stays closed, and nobody waits on a closed channel.
fn closed_for_good(m: &GoChan) -> Result<(), String> {
    for channel in &m.channels {
        if channel.was_closed != channel.closed {
            return Err(format!("{} was closed and is open", channel.name));
        }
    }
    for channel in at_rest(m).filter(|channel| channel.closed) {
        for queue in [Queue::Recvq, Queue::Sendq] {
            if let Some(g) = first_live(m, channel, queue) {
                return Err(format!("{} is closed and G{g} waits in {}", channel.name, queue.field()));
            }
        }
    }
    Ok(())
}
