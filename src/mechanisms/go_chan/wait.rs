//! Locks, queues, parking and waking: what sends, receives, closes and selects share.

use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::goroutine::{Reason, Status, Sudog};
use super::hchan::{Queue, Waiter};
use super::laws::Fault;
use super::state::GoChan;

impl GoChan {
    /// `lock(&c.lock)`: true if the goroutine has it now. If somebody else holds it the goroutine spins.
    pub(super) fn take_lock(&mut self, g: u32, f: &mut Frame, ch: usize) -> Event {
        let (name, op) = (self.name(ch), f.call.function());
        if let Some(holder) = self.channels[ch].lock {
            f.wants = Some(ch);
            return Event::LockBusy { g, ch: name, op, holder };
        }
        f.wants = None;
        if let Some(higher) = f.held.iter().find(|held| **held > ch) {
            let what = format!("G{g} locks {name} after {}, whose address is higher", self.name(*higher));
            self.wrong.note("lock-order", || what);
        }
        self.channels[ch].lock = Some(g);
        f.held.push(ch);
        Event::Locked { g, ch: name, op }
    }

    pub(super) fn lock_one(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let event = self.take_lock(g, f, f.ch);
        if f.wants.is_none() {
            f.pc = Pc::CheckClosed;
        }
        Some(event)
    }

    /// `unlock`, `selunlock`: one lock, the one taken last first.
    pub(super) fn unlock(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let Some(ch) = f.held.pop() else {
            f.pc = f.then;
            return None;
        };
        self.channels[ch].lock = None;
        if f.held.is_empty() {
            f.pc = f.then;
        }
        let wakes = f.sg.is_some() || !f.glist.is_empty();
        Some(Event::Unlocked { g, ch: self.name(ch), op: f.call.function(), wakes })
    }

    /// The queue that the call takes waiters from.
    fn other_side(f: &Frame) -> Queue {
        // `closechan` takes the receivers first, then the senders: there `sending` says that it is at the senders.
        match (f.call == Call::Close, f.sending) {
            (false, true) | (true, false) => Queue::Recvq,
            (false, false) | (true, true) => Queue::Sendq,
        }
    }

    /// `waitq.dequeue`, first half: takes the head off.
    pub(super) fn dequeue(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let queue = GoChan::other_side(f);
        let waiter = if self.passes_over(f, queue) { None } else { self.channels[f.ch].queue_mut(queue).pop_front() };
        let Some(waiter) = waiter else { return self.nobody_waits(g, f) };
        let name = self.name(f.ch);
        let Some(sudog) = self.sudog(waiter).copied() else { return self.nobody_waits(g, f) };
        let earlier = self.channels[f.ch].queue(queue).iter().filter_map(|other| self.sudog(*other));
        if earlier.map(|other| other.ticket).min().is_some_and(|ticket| ticket < sudog.ticket) {
            self.wrong.note("fifo", || format!("{name}.{}: G{} is served before its turn", queue.field(), waiter.g));
        }
        f.sg = Some(waiter);
        f.pc = if sudog.is_select { Pc::SelectDone } else { Pc::Waiter };
        Some(Event::SudogDequeued {
            g,
            ch: name,
            queue: queue.field(),
            waiter: waiter.g,
            select: sudog.is_select,
            case: sudog.case.unwrap_or(0),
            value: self.value_to_send(waiter).unwrap_or(0),
        })
    }

    /// For the mutants: whether this broken machine does not look into the queue.
    fn passes_over(&self, f: &Frame, queue: Queue) -> bool {
        let channel = &self.channels[f.ch];
        match self.fault {
            Fault::PrefersBuffer => f.call == Call::Send && channel.qcount < channel.dataqsiz,
            Fault::ForgetsSender => f.call != Call::Close && !f.sending && channel.qcount > 0,
            Fault::MissesSender => f.call == Call::Recv && f.block && channel.dataqsiz == 0,
            Fault::CloseForgetsSenders => f.call == Call::Close && queue == Queue::Sendq,
            _ => false,
        }
    }

    /// The queue is empty: on to the buffer, or to the other queue.
    fn nobody_waits(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        f.sg = None;
        let channel = &self.channels[f.ch];
        let served = if f.sending { channel.qcount < channel.dataqsiz } else { channel.qcount > 0 };
        match f.call {
            Call::Close if f.sending => (f.then, f.pc) = (Pc::ReadyListed, Pc::Unlock),
            Call::Close => f.sending = true,
            Call::Select if served || channel.closed => f.pc = Pc::Choose,
            Call::Select => return Some(self.case_not_ready(g, f)),
            _ if served => f.pc = if f.sending { Pc::WriteSlot } else { Pc::ReadSlot },
            _ => f.pc = Pc::NoWaiter,
        }
        None
    }

    /// `waitq.dequeue`, second half: a select can be woken once only.
    pub(super) fn win_select(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        let (ch, case) = (self.name(f.ch), self.sudog(waiter)?.case.unwrap_or(0));
        if self.g(waiter.g).select_done && self.fault != Fault::NoSelectDone {
            self.stories.stale = true;
            (f.sg, f.pc) = (None, Pc::Dequeue);
            let queue = GoChan::other_side(f).field();
            return Some(Event::StaleSudogDropped { g, ch, queue, waiter: waiter.g, case });
        }
        self.set_select_done(waiter.g);
        f.pc = Pc::Waiter;
        Some(Event::SelectDoneWon { g, ch, waiter: waiter.g, case })
    }

    /// `selectDone.CompareAndSwap(0, 1)`; whether it was 1 already.
    pub(super) fn set_select_done(&mut self, g: u32) -> bool {
        let was = std::mem::replace(&mut self.g_mut(g).select_done, true);
        if self.fault == Fault::NothingStale {
            for channel in &mut self.channels {
                channel.recvq.retain(|other| other.g != g);
                channel.sendq.retain(|other| other.g != g);
            }
        }
        was
    }

    /// There is a waiter: which way it is served.
    pub(super) fn serve(&mut self, f: &mut Frame) -> Option<Event> {
        f.pc = match f.call {
            Call::Select if f.chosen.is_none() => Pc::Choose,
            Call::Close if f.sending => Pc::List,
            Call::Close => Pc::ZeroWaiter,
            _ if f.sending => Pc::SendDirect,
            _ if self.channels[f.ch].dataqsiz == 0 => Pc::RecvDirect,
            _ => Pc::TakeHead,
        };
        None
    }

    /// The waiter has been served: unlock, then tell it, then make it runnable.
    pub(super) fn served(&self, f: &mut Frame) {
        (f.then, f.pc) = (Pc::Tell, Pc::Unlock);
        if self.fault == Fault::ReadyBeforeUnlock {
            (f.then, f.pc) = (Pc::Return, Pc::Tell);
        }
    }

    pub(super) fn tell(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        self.tell_waiter(waiter, true);
        f.pc = Pc::Ready;
        Some(Event::WaiterTold { g, ch: self.name(f.ch), waiter: waiter.g, success: true })
    }

    pub(super) fn tell_waiter(&mut self, waiter: Waiter, success: bool) {
        if self.g(waiter.g).param.is_some() || !matches!(self.g(waiter.g).status, Status::Waiting(_)) {
            self.wrong.note("woken-once", || format!("G{} is woken a second time", waiter.g));
        }
        let goroutine = self.g_mut(waiter.g);
        goroutine.param = Some(waiter.n);
        if let Some(sudog) = goroutine.waiting.get_mut(waiter.n) {
            sudog.success = success;
        }
    }

    pub(super) fn ready_waiter(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg.take()?;
        f.pc = if f.held.is_empty() { Pc::Return } else { Pc::Unlock };
        f.woke = true;
        if self.fault == Fault::ForgetsReady {
            return None;
        }
        Some(self.ready(g, waiter.g))
    }

    /// `goready`: into `runnext` of the waker's P; whoever was there goes to the tail of the queue.
    pub(super) fn ready(&mut self, g: u32, woken: u32) -> Event {
        self.g_mut(woken).status = Status::Runnable;
        let kicked = self.put_next(woken);
        Event::Readied { g, woken, kicked: kicked.unwrap_or(0), runq: self.runq.len() }
    }

    /// `runqput(next)`.
    pub(super) fn put_next(&mut self, g: u32) -> Option<u32> {
        let kicked = self.runnext.replace(g);
        if self.fault != Fault::LosesKicked {
            self.runq.extend(kicked);
        }
        kicked
    }

    pub(super) fn no_waiter(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        if f.block || self.fault == Fault::NeverDefault {
            f.pc = Pc::Prepare;
            return None;
        }
        f.chosen = None;
        (f.then, f.pc) = (Pc::Return, Pc::Unlock);
        let channel = &self.channels[f.ch];
        let (qcount, dataqsiz) = (channel.qcount, channel.dataqsiz);
        Some(Event::WouldBlock { g, ch: channel.name.clone(), op: f.call.function(), qcount, dataqsiz })
    }

    /// `acquireSudog` and its fields. A select fills in one a case, in lock order.
    pub(super) fn prepare(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let mut case = None;
        if f.call == Call::Select {
            let scase = f.cases[f.lockorder[f.next]];
            (f.ch, f.sending, f.slot) = (scase.ch, scase.send, scase.source);
            case = Some(scase.source);
        }
        self.tickets += 1;
        let sudog = Sudog {
            ch: f.ch,
            send: f.sending,
            elem: Some(f.slot),
            is_select: case.is_some(),
            success: false,
            case,
            ticket: self.tickets,
        };
        self.g_mut(g).waiting.push(sudog);
        f.pc = Pc::Enqueue;
        let (queue, value) = (side(f), f.slots[f.slot].filter(|_| f.sending).unwrap_or(0));
        let (ch, select, case) = (self.name(f.ch), case.is_some(), case.unwrap_or(0));
        Some(Event::SudogPrepared { g, ch, queue: queue.field(), select, case, value })
    }

    pub(super) fn enqueue(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let queue = side(f);
        let n = self.g(g).waiting.len() - 1;
        let (waiter, fault) = (Waiter { g, n }, self.fault);
        let list = self.channels[f.ch].queue_mut(queue);
        let place = list.len();
        match fault {
            Fault::EnqueuesAtHead => list.push_front(waiter),
            Fault::EnqueuesTwice => list.extend([waiter, waiter]),
            _ => list.push_back(waiter),
        }
        f.next += 1;
        let select = f.call == Call::Select;
        f.pc = if select && f.next < f.lockorder.len() { Pc::Prepare } else { Pc::Park };
        let case = self.g(g).waiting[n].case.unwrap_or(0);
        Some(Event::Enqueued { g, ch: self.name(f.ch), queue: queue.field(), select, case, place })
    }

    /// `gopark`, `park_m`: the status; the lock is still held.
    pub(super) fn park(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let reason = match f.call {
            Call::Select => Reason::Select,
            _ if f.sending => Reason::Send,
            _ => Reason::Receive,
        };
        self.look |= f.held.is_empty();
        f.pc = if f.held.is_empty() { Pc::Asleep } else { Pc::Commit };
        self.g_mut(g).status = Status::Waiting(reason);
        Some(Event::Parked { g, reason: reason.text() })
    }

    /// `chanparkcommit`, `selparkcommit`: one lock, in lock order.
    pub(super) fn park_commit(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let ch = f.held.remove(0);
        if self.fault != Fault::CommitKeepsLock {
            self.channels[ch].lock = None;
        }
        if f.held.is_empty() {
            (f.pc, f.next) = (Pc::Asleep, 0);
            self.look = true;
        }
        Some(Event::ParkUnlocked { g, ch: self.name(ch) })
    }

    /// The nil channel, or a select without cases.
    pub(super) fn park_for_ever(&mut self, g: u32, f: &mut Frame, reason: Reason) -> Event {
        f.pc = Pc::Asleep;
        self.look = true;
        self.g_mut(g).status = Status::Waiting(reason);
        let ch = if f.call == Call::Block { "".into() } else { self.name(f.ch) };
        Event::ParkedForEver { g, ch, op: f.call.function(), reason: reason.text() }
    }

    /// Running again after the park.
    pub(super) fn woken_up(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        if f.call == Call::Select {
            (f.next, f.pc) = (0, Pc::Relock);
            return None;
        }
        let goroutine = self.g_mut(g);
        goroutine.param = None;
        let success = goroutine.waiting.pop().is_some_and(|sudog| sudog.success);
        goroutine.waiting.clear();
        f.received = success && !f.sending;
        f.pc = if f.sending && !success { Pc::Panic } else { Pc::Return };
        Some(Event::WokenUp { g, ch: self.name(f.ch), op: f.call.function(), success })
    }
}

/// The queue that the call itself waits on.
fn side(f: &Frame) -> Queue {
    if f.sending { Queue::Sendq } else { Queue::Recvq }
}
