//! Goroutines: status, waiting list, and the runtime call that is under way.

use super::hchan::Waiter;
use super::program::{Program, What};

/// A goroutine (`g`), with its program.
#[derive(Clone, Debug)]
pub struct Goroutine {
    /// Its number, from 1 on.
    pub id: u32,
    /// What it does, in a word; may be empty.
    pub name: String,
    /// Its program.
    pub program: Program,
    /// Whether each statement runs under a deferred `recover()`.
    pub recovers: bool,
    /// Its status.
    pub status: Status,
    /// `v`: the value received last.
    pub v: i64,
    /// `ok`: whether that value was sent, not the zero value of a closed channel.
    pub ok: bool,
    /// How its last statement ended.
    pub outcome: Option<Outcome>,
    /// The call under way.
    pub frame: Option<Frame>,
    /// `waiting`: its sudogs, in lock order.
    pub waiting: Vec<Sudog>,
    /// `param`: which of them was chosen by whoever woke it.
    pub param: Option<usize>,
    /// `selectDone`: somebody has won the right to wake this select.
    pub select_done: bool,
    /// Whether nobody that can still run could ever wake it, as the programs stand.
    pub leaked: bool,
    /// The order in which its next select is to poll, if the viewer chose one.
    pub poll_order: Option<Vec<usize>>,
    /// The next place of its program.
    pub(super) at: usize,
    pub(super) counters: Vec<u32>,
}

/// A goroutine's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `_Grunnable`: in a run queue.
    Runnable,
    /// `_Grunning`.
    Running,
    /// `_Gwaiting`.
    Waiting(Reason),
    /// `_Gdead`.
    Dead,
}

impl Status {
    /// The runtime's name.
    pub fn name(self) -> &'static str {
        match self {
            Status::Runnable => "runnable",
            Status::Running => "running",
            Status::Waiting(_) => "waiting",
            Status::Dead => "dead",
        }
    }
}

/// Why a goroutine waits: Go's `waitReason`, as it stands in stack traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Waits for a receiver or for room.
    Send,
    /// Waits for a value.
    Receive,
    /// Sends on the nil channel: for ever.
    SendNil,
    /// Receives from the nil channel: for ever.
    ReceiveNil,
    /// Waits in a select.
    Select,
    /// A select without cases: for ever.
    SelectNoCases,
}

impl Reason {
    /// The text in brackets behind `goroutine 7`.
    pub fn text(self) -> &'static str {
        match self {
            Reason::Send => "chan send",
            Reason::Receive => "chan receive",
            Reason::SendNil => "chan send (nil chan)",
            Reason::ReceiveNil => "chan receive (nil chan)",
            Reason::Select => "select",
            Reason::SelectNoCases => "select (no cases)",
        }
    }

    /// Whether no other goroutine can end this wait.
    pub fn for_ever(self) -> bool {
        matches!(self, Reason::SendNil | Reason::ReceiveNil | Reason::SelectNoCases)
    }
}

/// How a statement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value was sent.
    Sent,
    /// A value, and whether it was sent by somebody.
    Received(i64, bool),
    /// The channel was closed.
    Closed,
    /// The case that was chosen, in the order of the source; with what was received, if it is a receive.
    Selected(usize, Option<(i64, bool)>),
    /// No case was ready: default.
    Default,
    /// `len(c)`.
    Len(u32),
    /// `cap(c)`.
    Cap(u32),
    /// It panicked and recovered.
    Panicked(&'static str),
}

/// `sudog`: a goroutine on a channel's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sudog {
    /// The channel.
    pub ch: usize,
    /// Whether it is on `sendq`.
    pub send: bool,
    /// `elem`: which of the frame's slots it points to; nil once the value is copied.
    pub elem: Option<usize>,
    /// `isSelect`.
    pub is_select: bool,
    /// `success`: woken by a value, not by `close`.
    pub success: bool,
    /// The case, in the order of the source.
    pub case: Option<usize>,
    /// For the laws: its number among all that ever queued.
    pub(super) ticket: u64,
}

/// The runtime function under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `chansend`.
    Send,
    /// `chanrecv`.
    Recv,
    /// `closechan`.
    Close,
    /// `selectgo`.
    Select,
    /// `chanlen`.
    Len,
    /// `chancap`.
    Cap,
    /// `block`: a select without cases.
    Block,
}

impl Call {
    /// The function's name.
    pub fn function(self) -> &'static str {
        match self {
            Call::Send => "chansend",
            Call::Recv => "chanrecv",
            Call::Close => "closechan",
            Call::Select => "selectgo",
            Call::Len => "chanlen",
            Call::Cap => "chancap",
            Call::Block => "block",
        }
    }
}

/// A case in `selectgo`'s array: sends from the front, receives from the back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scase {
    /// The channel.
    pub ch: usize,
    /// Whether it sends.
    pub send: bool,
    /// Its number in the order of the source.
    pub source: usize,
}

/// A runtime call that has not returned, with its local variables.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The function.
    pub call: Call,
    /// What it does next.
    pub pc: Pc,
    /// The channel in hand: the call's, or that of the select's case in hand.
    pub ch: usize,
    /// Whether the call, or the case in hand, sends.
    pub sending: bool,
    /// Whether it may block.
    pub block: bool,
    /// The values to be sent, and the places for received ones: one, or one a case in the order of the source.
    pub slots: Vec<Option<i64>>,
    /// The slot in hand.
    pub slot: usize,
    /// The waiter taken from a queue.
    pub sg: Option<Waiter>,
    /// Channels whose locks it holds, in the order in which it took them.
    pub held: Vec<usize>,
    /// The channel whose lock it spins for.
    pub wants: Option<usize>,
    /// What comes after the locks are released.
    pub(super) then: Pc,
    /// `received`: false for the zero value of a closed channel.
    pub received: bool,
    /// Select: the cases.
    pub cases: Vec<Scase>,
    /// Select: the order of polling, as indexes into `cases`.
    pub pollorder: Vec<usize>,
    /// Select: the order of locking.
    pub lockorder: Vec<usize>,
    /// The loop's variable: which case, lock or sudog is next.
    pub next: usize,
    /// Select: the case chosen (index into `cases`).
    pub chosen: Option<usize>,
    /// `closechan`: the list of those to be woken, the last one pushed at the end.
    pub glist: Vec<u32>,
    /// For the laws: the value that was really sent to this receive.
    pub(super) truth: Option<i64>,
    /// For the laws: the goroutine it has made runnable in this call.
    pub(super) woke: bool,
}

/// The next place of a runtime function; see the function of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Pc {
    /// Before the first line: nil channel, fast path.
    Enter,
    /// `lock(&c.lock)`.
    Lock,
    /// `c.closed != 0`.
    CheckClosed,
    /// `waitq.dequeue`: takes the head off.
    Dequeue,
    /// `waitq.dequeue`: `selectDone.CompareAndSwap(0, 1)`.
    SelectDone,
    /// What to do with the waiter.
    Waiter,
    /// `send`: `sendDirect`.
    SendDirect,
    /// `recv`: `recvDirect`.
    RecvDirect,
    /// `recv`: `buf[recvx]` to the receiver.
    TakeHead,
    /// `recv`: the sender's value into the same slot.
    Refill,
    /// `c.recvx++`.
    MoveRecvx,
    /// `c.sendx = c.recvx`.
    FollowSendx,
    /// `buf[sendx] = value`.
    WriteSlot,
    /// `c.sendx++`.
    MoveSendx,
    /// `c.qcount++`.
    RaiseQcount,
    /// `buf[recvx]` to the receiver.
    ReadSlot,
    /// `typedmemclr` of the slot.
    ZeroSlot,
    /// `c.qcount--`.
    LowerQcount,
    /// No waiter, nothing in the buffer or no room.
    NoWaiter,
    /// `acquireSudog`.
    Prepare,
    /// `waitq.enqueue`.
    Enqueue,
    /// `gopark`, `park_m`.
    Park,
    /// `chanparkcommit`, `selparkcommit`.
    Commit,
    /// Parked.
    Asleep,
    /// `unlock`.
    Unlock,
    /// `gp.param = sg`, `sg.success = true`.
    Tell,
    /// `goready`.
    Ready,
    /// The zero value to the receiver.
    ZeroOut,
    /// `c.closed = 1`.
    SetClosed,
    /// `closechan`: the receiver's place is zeroed.
    ZeroWaiter,
    /// `closechan`: `glist.push`.
    List,
    /// `closechan`: `glist.pop`, `goready`.
    ReadyListed,
    /// Select: `pollorder`, one case.
    Shuffle,
    /// Select: `lockorder`.
    Sort,
    /// Select: `sellock`.
    Sellock,
    /// Select, pass 1: one case.
    Poll,
    /// Select, pass 1: the case is ready.
    Choose,
    /// Select: no case is ready.
    NothingReady,
    /// Select, woken: `sellock` again.
    Relock,
    /// Select, woken: `selectDone = 0`.
    ResetDone,
    /// Select, woken: the sudogs forget their values and channels.
    ClearSudogs,
    /// Select, pass 3: one sudog.
    Pass3,
    /// Back to the program.
    Return,
    /// `panic`: send on closed channel, close of closed channel.
    Panic,
    /// A deferred `recover()`.
    Recover,
    /// The call has returned.
    Done,
}

impl Frame {
    pub(super) fn new(call: Call, ch: usize, sending: bool, block: bool, slots: Vec<Option<i64>>) -> Frame {
        Frame {
            call,
            pc: Pc::Enter,
            ch,
            sending,
            block,
            slots,
            slot: 0,
            sg: None,
            held: Vec::new(),
            wants: None,
            then: Pc::Return,
            received: false,
            cases: Vec::new(),
            pollorder: Vec::new(),
            lockorder: Vec::new(),
            next: 0,
            chosen: None,
            glist: Vec::new(),
            truth: None,
            woke: false,
        }
    }

    /// The source numbers of cases given as indexes.
    pub(super) fn sources(&self, order: &[usize]) -> Vec<usize> {
        order.iter().map(|at| self.cases[*at].source).collect()
    }
}

impl Goroutine {
    /// Whether its program is done and it has not ended yet: it can be given further statements.
    pub fn idle(&self) -> bool {
        self.frame.is_none() && self.status != Status::Dead && self.at >= self.program.instrs.len()
    }

    /// Whether its next step is its last.
    pub(super) fn ends_next(&self) -> bool {
        self.idle() || self.frame.is_none() && matches!(self.what(), Some(What::Return))
    }

    pub(super) fn what(&self) -> Option<&What> {
        self.program.instrs.get(self.at).map(|instr| &instr.what)
    }

    /// The line of its program that is carried out, or comes next.
    pub fn line(&self) -> Option<usize> {
        self.program.instrs.get(self.at).filter(|_| self.status != Status::Dead).map(|instr| instr.line)
    }

    /// The line of a case, by its number in the source, of the select that is carried out or comes next.
    pub fn case_line(&self, case: usize) -> Option<usize> {
        let Some(What::Select { select, .. }) = self.what() else { return None };
        select.cases.get(case).map(|case| case.line)
    }

    /// Whether it is parked and its locks are released: only another goroutine can make it run.
    pub fn asleep(&self) -> bool {
        matches!(self.status, Status::Waiting(_)) && !self.committing()
    }

    /// Whether its status is waiting, and the thread it ran on has still to release the channel's lock.
    pub fn committing(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| frame.pc == Pc::Commit)
    }

    /// The slot of its frame that one of its sudogs points to, as it is now.
    pub fn elem(&self, sudog: &Sudog) -> Option<i64> {
        let frame = self.frame.as_ref()?;
        frame.slots.get(sudog.elem?).copied().flatten()
    }
}
