//! Where in the file it is, the cycle that is shown, and what the ones so far come to.

use std::sync::Arc;

use serde::Serialize;

use super::event::Event;
use super::judge::{Seen, judge};
use super::laws::Fault;
use super::line::Cycle;

/// A trace at one of its cycles.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct GoGctrace {
    /// How many cycles have been shown.
    pub at: usize,
    /// How many the file has.
    pub cycles: usize,
    /// Other lines of the file.
    pub skipped: u32,
    /// Its damaged gctrace lines.
    pub damaged: u32,
    /// The cycle that is shown.
    pub cycle: Option<Cycle>,
    /// What is computed of it.
    pub seen: Seen,
    /// Sums over the cycles so far.
    pub counts: Counts,
    /// All cycles: what the run is given, not what becomes of it.
    #[serde(skip)]
    pub(super) trace: Arc<[Cycle]>,
    #[serde(skip)]
    pub(super) fault: Fault,
}

/// Sums over the cycles so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Counts {
    /// Forced ones.
    pub forced: u32,
    /// Those with many assists.
    pub assists: u32,
    /// Those whose goal lies below the one of GOGC=100.
    pub bound: u32,
    /// Those in a death spiral.
    pub spiral: u32,
    /// All pauses, in µs.
    pub stw_us: u64,
    /// The longest pauses of one cycle, in µs.
    pub most_stw_us: u64,
    /// The largest heap at the end of a cycle, in MB.
    pub most_mb: u64,
}

impl GoGctrace {
    /// Shows the next cycle.
    pub(super) fn advance(&mut self) -> Option<Event> {
        let mut cycle = self.trace.get(self.at)?.clone();
        self.at += 1;
        let mut seen = judge(&self.trace[..self.at]);
        match self.fault {
            Fault::MisreadsGoal if cycle.goal_mb > 0 => cycle.goal_mb -= 1,
            Fault::NeverForced => seen.forced = false,
            Fault::NeverAssists => seen.assists = false,
            Fault::NeverBound => seen.bound = false,
            Fault::NeverSpirals => seen.spiral = false,
            _ => {}
        }
        let counts = &mut self.counts;
        counts.forced += u32::from(seen.forced);
        counts.assists += u32::from(seen.assists);
        counts.bound += u32::from(seen.bound);
        counts.spiral += u32::from(seen.spiral);
        counts.stw_us += if self.fault == Fault::OnePause { cycle.sweep_us } else { seen.stw_us };
        counts.most_stw_us = counts.most_stw_us.max(seen.stw_us);
        counts.most_mb = counts.most_mb.max(cycle.end_mb);
        let event = Event::of(&cycle, &seen, counts.forced);
        (self.cycle, self.seen) = (Some(cycle), seen);
        Some(event)
    }
}
