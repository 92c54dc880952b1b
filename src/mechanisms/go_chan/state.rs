//! The machine's whole state, and what a picture may ask of it.

use std::collections::VecDeque;

use serde::Serialize;

use crate::machine::{Dice, Notes};

use super::frame::{Frame, Pc};
use super::goroutine::{Goroutine, Status, Sudog};
use super::hchan::{Hchan, Name, Waiter};
use super::laws::Fault;
use super::setup::Main;

/// Goroutines and channels of one process, and the run queue of one P.
#[derive(Clone, Debug, Hash)]
pub struct GoChan {
    pub(super) channels: Vec<Hchan>,
    pub(super) gs: Vec<Goroutine>,
    pub(super) runnext: Option<u32>,
    pub(super) runq: VecDeque<u32>,
    pub(super) main: Main,
    pub(super) dice: Dice,
    /// Model time, in milliseconds: it passes when a timer fires.
    pub(super) now: u64,
    /// Timers that were made.
    pub(super) timers: u64,
    pub(super) dead: Option<Dead>,
    /// Whether the viewer has added to a program since the verdicts were looked at.
    pub(super) revised: bool,
    /// Whether somebody stopped running or a program changed, so that the verdicts have to be looked at again.
    pub(super) look: bool,
    pub(super) tickets: u64,
    /// For the laws: what went wrong in a step, by law.
    pub(super) wrong: Notes,
    pub(super) stories: Stories,
    pub(super) fault: Fault,
}

/// The end of the process.
#[derive(Clone, Debug, PartialEq, Serialize, Hash)]
pub struct Dead {
    /// What Go prints; empty if main returned.
    pub message: &'static str,
    /// The exit code.
    pub exit: u8,
    /// The goroutine that ended it.
    pub g: u32,
    /// At a deadlock: what is printed above each goroutine's stack.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goroutines: Vec<String>,
}

/// What has happened so far, for the laws that must hold sometimes.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Stories {
    pub stale: bool,
    pub rotated: bool,
    pub defaulted: bool,
    pub leaked: bool,
    pub hung: bool,
    pub spun: bool,
    pub endless: bool,
    pub nilled: bool,
    pub timed_out: bool,
}

/// How the process stands.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Verdict {
    /// Somebody can run, or waits for a timer.
    Running,
    /// Nobody can run, and main is elsewhere, so that the runtime does not mind.
    AllAsleep,
    /// Main has returned; these goroutines had not ended.
    Returned(Vec<u32>),
    /// A panic that nobody recovered from ended the process.
    Panic(&'static str),
    /// All goroutines are asleep.
    Deadlock,
}

/// What `checkdead` prints.
pub const DEADLOCK: &str = "fatal error: all goroutines are asleep - deadlock!";

/// `hchanSize`, in bytes: channels stand that far apart in memory here.
const HCHAN_SIZE: u64 = 96;

impl GoChan {
    /// The channels, in the order of their addresses; nil ones among them.
    pub fn channels(&self) -> &[Hchan] {
        &self.channels
    }

    /// A channel by its name.
    pub fn channel(&self, name: &str) -> Option<&Hchan> {
        self.channels.iter().find(|channel| &*channel.name == name)
    }

    /// A channel's address, made up: only the order means something.
    pub fn address(&self, ch: usize) -> u64 {
        0xc000_0180_0000 + HCHAN_SIZE * ch as u64
    }

    /// The goroutines, number 1 first.
    pub fn goroutines(&self) -> &[Goroutine] {
        &self.gs
    }

    /// A goroutine by its number.
    pub fn goroutine(&self, g: u32) -> Option<&Goroutine> {
        self.gs.get((g as usize).checked_sub(1)?)
    }

    /// The sudog that stands in a queue.
    pub fn sudog(&self, waiter: Waiter) -> Option<&Sudog> {
        self.goroutine(waiter.g)?.waiting.get(waiter.n)
    }

    /// The value that a waiting sender wants to send; it is still in the sender's frame. `None` for receivers.
    pub fn value_to_send(&self, waiter: Waiter) -> Option<i64> {
        let sudog = self.sudog(waiter).filter(|sudog| sudog.send)?;
        self.goroutine(waiter.g)?.elem(sudog)
    }

    /// Whether this sudog stands in a queue although its select has been won on another channel.
    pub fn stale(&self, waiter: Waiter) -> bool {
        let won = self.goroutine(waiter.g).is_some_and(|g| g.select_done);
        won && self.sudog(waiter).is_some_and(|sudog| sudog.is_select)
    }

    /// `runnext`: who runs next on this P.
    pub fn runnext(&self) -> Option<u32> {
        self.runnext
    }

    /// The rest of the P's run queue, the head first.
    pub fn runq(&self) -> &VecDeque<u32> {
        &self.runq
    }

    /// Where main is.
    pub fn main(&self) -> Main {
        self.main
    }

    /// How and why the process ended.
    pub fn dead(&self) -> Option<&Dead> {
        self.dead.as_ref()
    }

    /// Goroutines that nobody can ever wake, as the programs stand.
    pub fn leaked(&self) -> Vec<u32> {
        self.gs.iter().filter(|g| g.leaked).map(|g| g.id).collect()
    }

    /// How the process stands.
    pub fn verdict(&self) -> Verdict {
        match &self.dead {
            None if self.anybody_runs() || self.timer_wakes() => Verdict::Running,
            None => Verdict::AllAsleep,
            Some(dead) if dead.exit == 0 => {
                Verdict::Returned(self.gs.iter().filter(|g| g.status != Status::Dead).map(|g| g.id).collect())
            }
            Some(dead) if dead.message == DEADLOCK => Verdict::Deadlock,
            Some(dead) => Verdict::Panic(dead.message),
        }
    }

    /// Whether goroutine `g` can take a step now.
    pub fn can_run(&self, g: u32) -> bool {
        let Some(goroutine) = self.goroutine(g).filter(|_| self.dead.is_none()) else { return false };
        goroutine.status != Status::Dead && !goroutine.asleep() && self.blocked_by(g).is_none()
    }

    /// The channel whose lock goroutine `g` spins for, and who holds it.
    pub fn blocked_by(&self, g: u32) -> Option<(usize, u32)> {
        let ch = self.goroutine(g)?.frame.as_ref()?.wants?;
        Some((ch, self.channels[ch].lock?))
    }

    pub(super) fn anybody_runs(&self) -> bool {
        self.gs.iter().any(|g| g.status != Status::Dead && !g.asleep())
    }

    /// Whether a goroutine's variable is nil: it never named a channel, or names none any more.
    pub fn is_nil(&self, g: u32, ch: usize) -> bool {
        self.channels[ch].nil || self.g(g).nils.contains(&ch)
    }

    pub(super) fn name(&self, ch: usize) -> Name {
        self.channels[ch].name.clone()
    }

    pub(super) fn g(&self, g: u32) -> &Goroutine {
        &self.gs[g as usize - 1]
    }

    pub(super) fn g_mut(&mut self, g: u32) -> &mut Goroutine {
        &mut self.gs[g as usize - 1]
    }

    pub(super) fn ch(&mut self, ch: usize) -> &mut Hchan {
        &mut self.channels[ch]
    }

    /// `cheaprandn(n)`.
    pub(super) fn draw(&mut self, n: usize) -> usize {
        self.dice.below(n)
    }

    /// Whose frame it is that holds a channel's lock and has this channel in hand, and where it stands.
    pub(super) fn holder(&self, ch: usize) -> Option<&Frame> {
        self.g(self.channels[ch].lock?).frame.as_ref().filter(|frame| frame.ch == ch)
    }

    /// Whether the waiter waits for real: parked, and not won on another channel.
    pub(super) fn live(&self, waiter: Waiter) -> bool {
        let goroutine = self.g(waiter.g);
        let waits = matches!(goroutine.status, Status::Waiting(_));
        waits && goroutine.waiting.get(waiter.n).is_some_and(|sudog| !sudog.is_select || !goroutine.select_done)
    }

    /// Whether the goroutine is in a select that has been woken and is unlinking its sudogs.
    pub(super) fn unlinking(&self, g: u32) -> bool {
        let places = [Pc::ResetDone, Pc::ClearSudogs, Pc::Pass3];
        self.g(g).frame.as_ref().is_some_and(|frame| places.contains(&frame.pc))
    }
}
