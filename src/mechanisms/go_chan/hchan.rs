//! `hchan`, its ring and its queues.

use std::collections::VecDeque;
use std::sync::Arc;

/// A channel's name, as programs write it. Cheap to clone.
pub type Name = Arc<str>;

/// `hchan`, for elements of type `int`.
#[derive(Clone, Debug, Hash)]
pub struct Hchan {
    /// The name of the variable.
    pub name: Name,
    /// Whether the variable is nil; then nothing else here means anything.
    pub nil: bool,
    /// Values in the buffer.
    pub qcount: u32,
    /// Size of the ring, in values.
    pub dataqsiz: u32,
    /// The ring: all slots as they are in memory.
    pub buf: Vec<i64>,
    /// The slot that the next value goes into.
    pub sendx: u32,
    /// The slot that the next value comes from.
    pub recvx: u32,
    /// Whether it was closed.
    pub closed: bool,
    /// Waiting receivers, the first to be served first.
    pub recvq: VecDeque<Waiter>,
    /// Waiting senders, the first to be served first.
    pub sendq: VecDeque<Waiter>,
    /// Whether the context whose `Done()` it is has been cancelled (`cancelCtx.err`).
    pub cancelled: bool,
    /// The goroutine that holds `lock`.
    pub lock: Option<u32>,
    /// `timer`: the timer that feeds the channel of a `time.After`.
    pub timer: Option<Timer>,
    /// For pictures: which value lies in each slot of the ring, from the write on until the slot is zeroed.
    pub sent: Vec<Option<Sent>>,
    /// For the laws: the values that the buffer must hold, in order.
    pub(super) expected: VecDeque<i64>,
    /// For the laws: that it was closed once.
    pub(super) was_closed: bool,
}

/// The timer of one `time.After` in a program: each call makes a new one with a channel of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timer {
    /// After how many milliseconds it fires.
    pub after: u64,
    /// `when`: the time at which it fires.
    pub when: u64,
    /// Whether it has still to fire.
    pub pending: bool,
    /// Whether the call that made it is under way: otherwise nobody can reach timer and channel.
    pub reached: bool,
}

/// A sudog in a queue: the `n`-th on the waiting list of goroutine `g`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Waiter {
    /// The goroutine.
    pub g: u32,
    /// Its place on the goroutine's waiting list.
    pub n: usize,
}

/// Which value it is: the sender, how many statements it had carried out before, and the case of its select.
///
/// The runtime knows no such thing. A picture needs it: equal numbers are not the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sent {
    /// The goroutine that sends it.
    pub g: u32,
    /// Statements that it had carried out before.
    pub nth: u32,
    /// The slot of its frame: 0, or the case of the select in the order of the source.
    pub slot: usize,
}

/// Which of a channel's queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// `recvq`.
    Recvq,
    /// `sendq`.
    Sendq,
}

impl Queue {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Queue::Recvq => "recvq",
            Queue::Sendq => "sendq",
        }
    }
}

impl Hchan {
    pub(super) fn new(name: Name, cap: u32, nil: bool) -> Hchan {
        Hchan {
            name,
            nil,
            qcount: 0,
            dataqsiz: cap,
            buf: vec![0; cap as usize],
            sendx: 0,
            recvx: 0,
            closed: false,
            recvq: VecDeque::new(),
            sendq: VecDeque::new(),
            cancelled: false,
            lock: None,
            timer: None,
            sent: vec![None; cap as usize],
            expected: VecDeque::new(),
            was_closed: false,
        }
    }

    /// The place of a timer's channel that has not been made yet.
    pub(super) fn of_timer(name: Name, after: u64) -> Hchan {
        let timer = Timer { after, when: 0, pending: false, reached: false };
        Hchan { timer: Some(timer), ..Hchan::new(name, 1, false) }
    }

    /// Whether there is such a channel now.
    pub fn there(&self) -> bool {
        self.timer.is_none_or(|timer| timer.reached)
    }

    /// `full(c)`, as the fast path of a non-blocking send asks.
    pub fn full(&self) -> bool {
        if self.dataqsiz == 0 { self.recvq.is_empty() } else { self.qcount == self.dataqsiz }
    }

    /// `empty(c)`, as the fast path of a non-blocking receive asks.
    pub fn empty(&self) -> bool {
        if self.dataqsiz == 0 { self.sendq.is_empty() } else { self.qcount == 0 }
    }

    /// One of the queues.
    pub fn queue(&self, queue: Queue) -> &VecDeque<Waiter> {
        match queue {
            Queue::Recvq => &self.recvq,
            Queue::Sendq => &self.sendq,
        }
    }

    pub(super) fn queue_mut(&mut self, queue: Queue) -> &mut VecDeque<Waiter> {
        match queue {
            Queue::Recvq => &mut self.recvq,
            Queue::Sendq => &mut self.sendq,
        }
    }
}

/// The index after `x` in a ring of `size`.
pub(super) fn after(x: u32, size: u32) -> u32 {
    if x + 1 >= size { 0 } else { x + 1 }
}
