//! Goroutines: status, waiting list, program.

use std::collections::BTreeSet;

use crate::text::named;

use super::frame::{Frame, Pc};
use super::hchan::Sent;
use super::program::{Program, What};

/// A goroutine (`g`), with its program.
#[derive(Clone, Debug, Hash)]
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
    /// For pictures: which value `v` is.
    pub got: Got,
    /// How its last statement ended.
    pub outcome: Option<Outcome>,
    /// Statements that it has carried out.
    pub completed: u32,
    /// The call under way.
    pub frame: Option<Frame>,
    /// `waiting`: its sudogs, in lock order.
    pub waiting: Vec<Sudog>,
    /// `param`: which of them was chosen by whoever woke it.
    pub param: Option<usize>,
    /// `selectDone`: somebody has won the right to wake this select.
    pub select_done: bool,
    /// Whether nobody that can still run could ever wake it, as the programs stand: a leak, or main hangs.
    pub leaked: bool,
    /// Whether all that it can still do never waits and changes nothing.
    pub spins: bool,
    /// Whether it is woken again and again and can never come to its end.
    pub endless: bool,
    /// Channels that its own variables do not name any more: `c = nil`.
    pub nils: BTreeSet<usize>,
    /// The order in which its next select is to poll, if the viewer chose one.
    pub poll_order: Option<Vec<usize>>,
    /// The next place of its program.
    pub(super) at: usize,
    pub(super) counters: Vec<u32>,
}

/// Which value a goroutine's `v` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Got {
    /// It has received nothing so far.
    #[default]
    Nothing,
    /// The zero value of a closed channel.
    Zero,
    /// One that was sent.
    Sent(Sent),
}

/// A goroutine's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

named! {
    /// Why a goroutine waits: Go's `waitReason`, as it stands in brackets behind `goroutine 7`.
    pub enum Reason by text {
        /// For a receiver or for room.
        Send = "chan send",
        /// For a value.
        Receive = "chan receive",
        /// For ever.
        SendNil = "chan send (nil chan)",
        /// For ever.
        ReceiveNil = "chan receive (nil chan)",
        Select = "select",
        /// For ever.
        SelectNoCases = "select (no cases)",
    }
}

impl Reason {
    /// Whether no other goroutine can end this wait.
    pub fn for_ever(self) -> bool {
        matches!(self, Reason::SendNil | Reason::ReceiveNil | Reason::SelectNoCases)
    }
}

/// How a statement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    /// Whether its program goes round somewhere.
    pub fn loops(&self) -> bool {
        self.program.instrs.iter().any(|instr| matches!(instr.what, super::program::What::Jump(_)))
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
