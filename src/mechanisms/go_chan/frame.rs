//! The runtime call that is under way: where it stands in the source, and its local variables.

use crate::text::named;

use super::hchan::{Sent, Waiter};

named! {
    /// The runtime function under way.
    pub enum Call by function {
        Send = "chansend",
        Recv = "chanrecv",
        Close = "closechan",
        Select = "selectgo",
        Len = "chanlen",
        Cap = "chancap",
        /// A select without cases.
        Block = "block",
    }
}

/// A case in `selectgo`'s array: sends from the front, receives from the back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scase {
    /// The channel.
    pub ch: usize,
    /// Whether it sends.
    pub send: bool,
    /// Its number in the order of the source.
    pub source: usize,
}

/// A runtime call that has not returned, with its local variables.
#[derive(Clone, Debug, Hash)]
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
    /// The slot whose value has left: copied into a receiver's frame or into the buffer. One at most, for a call sends
    /// one value.
    pub left: Option<usize>,
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
    /// Channels of timers that the statement has made.
    pub timers: Vec<usize>,
    /// `closechan`: the list of those to be woken, the last one pushed at the end.
    pub glist: Vec<u32>,
    /// For pictures: which value it received; none for the zero value of a closed channel.
    pub got: Option<Sent>,
    /// For the laws: the value that was really sent to this receive.
    pub(super) truth: Option<i64>,
    /// For the laws: the goroutine it has made runnable in this call.
    pub(super) woke: bool,
}

/// The next place of a runtime function; see the function of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, Hash)]
pub enum Pc {
    /// `time.After`: `NewTimer`, before the call.
    NewTimer,
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
            left: None,
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
            timers: Vec::new(),
            glist: Vec::new(),
            got: None,
            truth: None,
            woke: false,
        }
    }

    /// The source numbers of cases given as indexes.
    pub(super) fn sources(&self, order: &[usize]) -> Vec<usize> {
        order.iter().map(|at| self.cases[*at].source).collect()
    }
}
