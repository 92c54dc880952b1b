//! One atomic step of a goroutine: between statements, and which function stands at which place of the source.

use super::event::Event;
use super::frame::{Call, Frame, Pc, Scase};
use super::goroutine::{Got, Outcome, Reason, Status};
use super::laws::Fault;
use super::program::{Op, Select, What};
use super::setup::{Main, Value};
use super::state::{Dead, GoChan};

/// More than the places that lie between two steps: three at most, such as `CheckClosed`, `Dequeue` and `NoWaiter`.
const MOST_UNSEEN: usize = 16;

impl GoChan {
    /// Takes the next atomic step of goroutine `g`, which must be able to run.
    pub(super) fn advance(&mut self, g: u32) -> Option<Event> {
        if self.g(g).status == Status::Runnable && !self.g(g).committing() {
            return Some(self.schedule(g));
        }
        let mut frame = match self.g_mut(g).frame.take() {
            Some(frame) => frame,
            None if self.g(g).ends_next() => return Some(self.end(g)),
            None => match self.decide(g) {
                Some(event) => return Some(event),
                None => self.begin(g)?,
            },
        };
        let event = self.next_event(g, &mut frame);
        if frame.pc != Pc::Done {
            self.g_mut(g).frame = Some(frame);
        }
        Some(event)
    }

    /// Goes on to the next change that is a step of its own. Between two of them lie a few places of the source that
    /// change nothing a reader sees; a place that leads nowhere is our own bug.
    fn next_event(&mut self, g: u32, f: &mut Frame) -> Event {
        for _ in 0..MOST_UNSEEN {
            if let Some(event) = self.micro(g, f) {
                return event;
            }
        }
        panic!("G{g} takes no step at {:?} of {}", f.pc, f.call.function())
    }

    /// The one change at `pc`, which moves `pc` on. `None` if it is no step of its own.
    fn micro(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        match f.pc {
            Pc::Return | Pc::Done | Pc::Recover if !f.timers.is_empty() => self.drop_timer(g, f),
            Pc::NewTimer => self.new_timer(g, f),
            Pc::Enter => self.enter(g, f),
            Pc::Lock => self.lock_one(g, f),
            Pc::CheckClosed => self.check_closed(g, f),
            Pc::Dequeue => self.dequeue(g, f),
            Pc::SelectDone => self.win_select(g, f),
            Pc::Waiter => self.serve(f),
            Pc::SendDirect => self.send_direct(g, f),
            Pc::RecvDirect => self.recv_direct(g, f),
            Pc::TakeHead => self.take_head(g, f),
            Pc::Refill => self.refill(g, f),
            Pc::MoveRecvx => self.move_recvx(g, f),
            Pc::FollowSendx => self.follow_sendx(g, f),
            Pc::WriteSlot => self.write_slot(g, f),
            Pc::MoveSendx => self.move_sendx(g, f),
            Pc::RaiseQcount => self.raise_qcount(g, f),
            Pc::ReadSlot => self.read_slot(g, f),
            Pc::ZeroSlot => self.zero_slot(g, f),
            Pc::LowerQcount => self.lower_qcount(g, f),
            Pc::NoWaiter => self.no_waiter(g, f),
            Pc::Prepare => self.prepare(g, f),
            Pc::Enqueue => self.enqueue(g, f),
            Pc::Park => self.park(g, f),
            Pc::Commit => self.park_commit(g, f),
            Pc::Asleep => self.woken_up(g, f),
            Pc::Unlock => self.unlock(g, f),
            Pc::Tell => self.tell(g, f),
            Pc::Ready => self.ready_waiter(g, f),
            Pc::ZeroOut => self.zero_out(g, f),
            Pc::SetClosed => self.set_closed(g, f),
            Pc::ZeroWaiter => self.zero_waiter(g, f),
            Pc::List => self.list_waiter(g, f),
            Pc::ReadyListed => self.ready_listed(g, f),
            Pc::Shuffle => self.shuffle(g, f),
            Pc::Sort => self.sort_locks(g, f),
            Pc::Sellock | Pc::Relock => self.sellock(g, f),
            Pc::Poll => self.poll(g, f),
            Pc::Choose => self.choose(g, f),
            Pc::NothingReady => self.nothing_ready(g, f),
            Pc::ResetDone => self.reset_done(g, f),
            Pc::ClearSudogs => self.clear_sudogs(g, f),
            Pc::Pass3 => self.pass3(g, f),
            Pc::Return | Pc::Done => Some(self.return_to_program(g, f)),
            Pc::Panic if f.sending && self.fault == Fault::SendIgnoresClosed => Some(self.return_to_program(g, f)),
            Pc::Panic => Some(self.panic(g, f)),
            Pc::Recover => Some(self.recover(g, f)),
        }
    }

    /// Takes a goroutine from the run queue. Out of turn: another P has stolen it.
    fn schedule(&mut self, g: u32) -> Event {
        let beside = self.gs.iter().find(|other| other.status == Status::Running).map_or(0, |other| other.id);
        self.g_mut(g).status = Status::Running;
        if self.runnext == Some(g) {
            self.runnext = None;
            return Event::Scheduled { g, from: "runnext", place: 0, beside };
        }
        let at = self.runq.iter().position(|queued| *queued == g);
        if let Some(at) = at {
            self.runq.remove(at);
        }
        let place = at.unwrap_or(0) + usize::from(self.runnext.is_some());
        Event::Scheduled { g, from: "runq", place, beside }
    }

    /// The call that the goroutine's next statement makes.
    fn begin(&mut self, g: u32) -> Option<Frame> {
        let goroutine = self.g(g);
        let timer = |ch: usize| self.channels[ch].timer.is_some();
        let begun = |mut frame: Frame, timers: bool| {
            frame.pc = if timers { Pc::NewTimer } else { Pc::Enter };
            frame
        };
        let value = |value: &Value| match value {
            Value::Int(number) => *number,
            Value::Last => goroutine.v,
        };
        Some(match goroutine.what()? {
            What::Op(Op::Send { ch, value: sent, block }) => {
                Frame::new(Call::Send, *ch, true, *block, vec![Some(value(sent))])
            }
            What::Op(Op::Recv { ch, block, .. }) => {
                begun(Frame::new(Call::Recv, *ch, false, *block, vec![None]), timer(*ch))
            }
            What::Range { ch, .. } => Frame::new(Call::Recv, *ch, false, true, vec![None]),
            What::Op(Op::Close { ch, .. }) => Frame::new(Call::Close, *ch, false, true, Vec::new()),
            What::Op(Op::Len { ch }) => Frame::new(Call::Len, *ch, false, true, Vec::new()),
            What::Op(Op::Cap { ch }) => Frame::new(Call::Cap, *ch, false, true, Vec::new()),
            What::Op(Op::Block) => Frame::new(Call::Block, 0, false, true, Vec::new()),
            What::Select { select, .. } => {
                let slots: Vec<_> = select.cases.iter().map(|case| case.send.as_ref().map(value)).collect();
                begun(begin_select(select, slots), select.cases.iter().any(|case| timer(case.ch)))
            }
            _ => return None,
        })
    }

    /// What every function does before it takes the lock.
    fn enter(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let op = f.call.function();
        if let Some(due) = self.due_of(f.timers.iter().copied()) {
            return self.fire_one(due);
        }
        if f.call == Call::Select {
            f.pc = Pc::Shuffle;
            return None;
        }
        if f.call == Call::Block {
            return Some(self.park_for_ever(g, f, Reason::SelectNoCases));
        }
        let (channel, ch, nil) = (&self.channels[f.ch], self.name(f.ch), self.is_nil(g, f.ch));
        let (qcount, dataqsiz) = (channel.qcount, channel.dataqsiz);
        let never = self.fault == Fault::NeverDefault;
        match f.call {
            Call::Len | Call::Cap => {
                f.pc = Pc::Done;
                let (len, cap) = if nil { (0, 0) } else { (qcount, dataqsiz) };
                let (event, outcome) = match f.call {
                    Call::Len => (Event::LenRead { g, ch, len }, Outcome::Len(len)),
                    _ => (Event::CapRead { g, ch, cap }, Outcome::Cap(cap)),
                };
                self.done(g, outcome, None);
                return Some(event);
            }
            Call::Close if nil && self.fault == Fault::CloseIgnoresNil => {
                f.pc = Pc::Return;
                return None;
            }
            Call::Close if nil => {
                f.pc = Pc::Panic;
                return None;
            }
            _ if nil && (f.block || never) => {
                let reason = if f.sending { Reason::SendNil } else { Reason::ReceiveNil };
                return Some(self.park_for_ever(g, f, reason));
            }
            _ if nil => {
                f.pc = Pc::Return;
                return Some(Event::NilNotReady { g, ch, op });
            }
            _ => {}
        }
        let not_ready = if f.sending { channel.full() } else { channel.empty() };
        if !f.block && not_ready && !channel.closed && !never {
            f.pc = Pc::Return;
            return Some(Event::FastPathFails { g, ch, op, qcount, dataqsiz });
        }
        f.chosen = Some(0);
        if !f.block && !f.sending && channel.closed && channel.empty() {
            (f.slots[0], f.received, f.pc) = (Some(0), false, Pc::Return);
            return Some(Event::FastPathClosed { g, ch });
        }
        f.pc = Pc::Lock;
        (!f.block).then_some(Event::FastPathPassed { g, ch, op, qcount, dataqsiz })
    }

    fn check_closed(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let (closed, qcount) = (self.channels[f.ch].closed, self.channels[f.ch].qcount);
        let ignores = f.call == Call::Close && self.fault == Fault::CloseIgnoresClosed;
        if !closed || ignores {
            f.pc = if f.call == Call::Close { Pc::SetClosed } else { Pc::Dequeue };
            return None;
        }
        let ch = self.name(f.ch);
        if f.call == Call::Recv && qcount > 0 {
            f.pc = Pc::ReadSlot;
            return Some(Event::ClosedButNotEmpty { g, ch, qcount });
        }
        f.pc = Pc::Unlock;
        f.then = if f.call == Call::Recv { Pc::ZeroOut } else { Pc::Panic };
        Some(Event::ClosedFound { g, ch, op: f.call.function() })
    }

    /// The call returns; the goroutine's program goes on.
    fn return_to_program(&mut self, g: u32, f: &mut Frame) -> Event {
        f.pc = Pc::Done;
        let ch = self.name(f.ch);
        let value = f.slots.get(f.slot).copied().flatten().unwrap_or(0);
        let receives = !f.sending && f.call != Call::Close;
        let got = (receives && f.chosen.is_some()).then_some((value, f.received));
        if let Some((value, ok)) = got {
            self.check_received(g, f, value, ok);
        }
        if got.is_some() && self.channels[f.ch].timer.is_some() {
            return self.timer_received(g, f, (value, f.received));
        }
        if let Some(What::Select { .. }) = self.g(g).what() {
            let Some(chosen) = f.chosen else {
                self.stories.defaulted = true;
                self.done(g, Outcome::Default, None);
                return Event::DefaultReturned { g };
            };
            let case = if f.call == Call::Select { f.cases[chosen].source } else { 0 };
            self.done(g, Outcome::Selected(case, got), got.map(|_| &*f));
            let (value, ok) = got.unwrap_or((value, true));
            return Event::SelectReturned { g, case, ch, sends: f.sending, value, ok };
        }
        match f.call {
            Call::Send => {
                self.done(g, Outcome::Sent, None);
                Event::SendReturned { g, ch, value }
            }
            Call::Recv => {
                let range = matches!(self.g(g).what(), Some(What::Range { .. }));
                let kept = !matches!(self.g(g).what(), Some(What::Op(Op::Recv { keep: false, .. })));
                self.done(g, Outcome::Received(value, f.received), kept.then_some(&*f));
                match f.received {
                    false if range => Event::RangeEnded { g, ch },
                    ok => Event::ReceiveReturned { g, ch, value, ok, kept },
                }
            }
            _ => {
                self.done(g, Outcome::Closed, None);
                Event::CloseReturned { g, ch }
            }
        }
    }

    /// `<-time.After(d)` is done: what it received is dropped, and nobody can reach its channel any more.
    fn timer_received(&mut self, g: u32, f: &Frame, got: (i64, bool)) -> Event {
        let select = matches!(self.g(g).what(), Some(What::Select { .. }));
        let case = f.chosen.and_then(|chosen| f.cases.get(chosen)).map_or(0, |case| case.source);
        let outcome = if select { Outcome::Selected(case, Some(got)) } else { Outcome::Received(got.0, got.1) };
        let mut when = 0;
        if let Some(timer) = &mut self.channels[f.ch].timer {
            when = timer.when;
            timer.reached = false;
        }
        self.stories.timed_out = true;
        self.done(g, outcome, None);
        Event::TimerReceived { g, ch: self.name(f.ch), case, select, when }
    }

    /// For the laws: what a receive returns was sent, and `ok` says so.
    fn check_received(&mut self, g: u32, f: &Frame, value: i64, ok: bool) {
        let ch = &self.channels[f.ch];
        let (name, closed) = (ch.name.clone(), ch.closed);
        match f.truth {
            Some(truth) if ok && truth != value => {
                self.wrong
                    .note("values-in-order", || format!("{name}: G{g} received {value}, but {truth} was its turn"));
            }
            None if ok => {
                self.wrong.note("ok-means-sent", || format!("{name}: G{g} received {value}, which nobody sent"))
            }
            _ if !ok && (!closed || value != 0) => {
                self.wrong.note("ok-means-sent", || format!("{name}: G{g} received {value}, not ok"));
            }
            _ => {}
        }
    }

    /// A statement is over. `received`: its frame, if what it received goes to `v` and `ok`.
    pub(super) fn done(&mut self, g: u32, outcome: Outcome, received: Option<&Frame>) {
        self.look = true;
        let goroutine = self.g_mut(g);
        if let Some(frame) = received {
            (goroutine.v, goroutine.ok) = (frame.slots.get(frame.slot).copied().flatten().unwrap_or(0), frame.received);
            goroutine.got = frame.got.map_or(Got::Zero, Got::Sent);
        }
        goroutine.outcome = Some(outcome);
        goroutine.completed += 1;
        goroutine.at = match (goroutine.what(), outcome) {
            (Some(What::Range { exit, .. }), Outcome::Received(_, false)) => *exit,
            (Some(What::Select { targets, .. }), Outcome::Selected(case, _)) => targets[case],
            (Some(What::Select { default, .. }), Outcome::Default) => *default,
            (Some(What::Select { after, .. }), _) => *after,
            _ => goroutine.at + 1,
        };
        self.settle(g);
    }

    /// Follows jumps and counts loops, so that the next place is an operation, a return or the end.
    pub(super) fn settle(&mut self, g: u32) {
        let goroutine = self.g_mut(g);
        goroutine.counters.resize(goroutine.program.counters, 0);
        while let Some(what) = goroutine.what() {
            goroutine.at = match *what {
                What::Jump(to) => to,
                What::Leave { counter, to } => {
                    goroutine.counters[counter] = 0;
                    to
                }
                What::Repeat { counter, times, exit } => {
                    let count = &mut goroutine.counters[counter];
                    let again = *count < times;
                    *count = if again { *count + 1 } else { 0 };
                    if again { goroutine.at + 1 } else { exit }
                }
                _ => return,
            };
        }
    }

    fn end(&mut self, g: u32) -> Event {
        self.look = true;
        self.g_mut(g).status = Status::Dead;
        if self.main == Main::Elsewhere || g != 1 {
            return Event::GoroutineEnded { g };
        }
        self.dead = Some(Dead { message: "", exit: 0, g, goroutines: Vec::new() });
        let left = self.gs.iter().filter(|g| g.status != Status::Dead).count();
        Event::MainReturned { g, left }
    }

    fn panic(&mut self, g: u32, f: &mut Frame) -> Event {
        let ch = self.name(f.ch);
        let message = panic_message(f, self.is_nil(g, f.ch));
        if self.g(g).recovers {
            f.pc = Pc::Recover;
        } else {
            f.pc = Pc::Panic;
            self.dead = Some(Dead { message, exit: 2, g, goroutines: Vec::new() });
        }
        match f.call {
            Call::Close if self.is_nil(g, f.ch) => Event::PanicCloseOfNil { g, ch },
            Call::Close => Event::PanicCloseOfClosed { g, ch },
            _ => Event::PanicSendOnClosed { g, ch },
        }
    }

    fn recover(&mut self, g: u32, f: &mut Frame) -> Event {
        f.pc = Pc::Done;
        let message = panic_message(f, self.is_nil(g, f.ch));
        self.done(g, Outcome::Panicked(message), None);
        Event::Recovered { g, message }
    }
}

fn panic_message(f: &Frame, nil: bool) -> &'static str {
    match f.call {
        Call::Close if nil => "panic: close of nil channel",
        Call::Close => "panic: close of closed channel",
        _ => "panic: send on closed channel",
    }
}

/// One case is the plain operation; otherwise the array that the compiler fills: sends from the front, receives from
/// the back.
fn begin_select(select: &Select, slots: Vec<Option<i64>>) -> Frame {
    if let ([case], false) = (&select.cases[..], select.general) {
        let call = if case.send.is_some() { Call::Send } else { Call::Recv };
        return Frame::new(call, case.ch, case.send.is_some(), select.block, slots);
    }
    let all = || select.cases.iter().enumerate();
    let scase = |(source, case): (usize, &super::program::SelectCase)| {
        let (ch, send) = (case.ch, case.send.is_some());
        Scase { ch, send, source }
    };
    let sends = all().filter(|(_, case)| case.send.is_some()).map(scase);
    let receives = all().rev().filter(|(_, case)| case.send.is_none()).map(scase);
    let mut frame = Frame::new(Call::Select, 0, false, select.block, slots);
    frame.cases = sends.chain(receives).collect();
    frame
}
