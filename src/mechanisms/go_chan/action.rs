//! What a script or a viewer can ask: the viewer is the scheduler.

use serde::{Deserialize, Serialize};

use super::setup::Statement;

/// One action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Lets goroutine `g` take its next atomic step.
    Run(u32),
    /// Lets goroutine `g` run to the end of its current statement, or until it parks or has to wait for a lock.
    Statement(u32),
    /// Lets goroutine `g` run until it parks, ends or has to wait for a lock, at most [`SLICE`] steps.
    Finish(u32),
    /// One P's scheduler: the goroutine that runs goes on, else `runnext`, else the head of the queue; as `Finish`. If
    /// nobody can run, the next timer fires.
    Schedule,
    /// The next timer fires: model time goes on to it.
    Fire,
    /// Adds a statement at the end of goroutine `g`'s program; the number after the last one starts a new goroutine.
    Do(u32, Statement),
    /// The next select of goroutine `g` will poll its cases (numbered from 0, those on nil channels left out) in this
    /// order, instead of one drawn at random.
    PollOrder(u32, Vec<usize>),
}

/// Steps after which `Finish` and `Schedule` return, so that a program that never blocks does not hold the viewer.
pub const SLICE: u32 = 200;
