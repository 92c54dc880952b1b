//! What holds after every step, and the broken machines that break it.

use crate::machine::{laws, none, reached};

use super::line::{self, Cycle};
use super::state::GoGctrace;

laws! {
    /// What is broken, for the laws' sake.
    pub enum Fault of GoGctrace;

    always("figures-as-printed", "runtime/mgc.go: gcMarkTermination", as_printed)
        broken MisreadsGoal: "the goal is a megabyte too low";
    always("pauses-add-up", "runtime/mgc.go: gcMarkTermination", pauses_add_up)
        broken OnePause: "mark termination is not counted as a pause";
    sometimes("forced", "runtime/mgc.go: GC, work.userForced", |m| reached(m.seen.forced))
        broken NeverForced: "(forced) is not read";
    sometimes("assists", "runtime/mgcpacer.go: gcBackgroundUtilization", |m| reached(m.seen.assists))
        broken NeverAssists: "assists never stand out";
    sometimes("bound", "runtime/mgcpacer.go: heapGoalInternal, memoryLimitHeapGoal", |m| reached(m.seen.bound))
        broken NeverBound: "a low goal never stands out";
    sometimes("spiral", "runtime/mgclimit.go: gcCPULimiter", |m| reached(m.seen.spiral))
        broken NeverSpirals: "a death spiral never stands out";
}

/// The figures shown are those that the shown line holds.
fn as_printed(m: &GoGctrace) -> Result<(), String> {
    let Some(cycle) = &m.cycle else { return Ok(()) };
    match line::read(&cycle.line, 0, cycle.number) {
        Ok(printed) => none((printed != *cycle).then_some(printed), |printed| format!("printed: {}", printed.line)),
        Err(wrong) => Err(wrong.cause),
    }
}

/// All pauses so far are those of the file.
fn pauses_add_up(m: &GoGctrace) -> Result<(), String> {
    let printed: u64 = m.trace[..m.at].iter().map(Cycle::stw_us).sum();
    none((printed != m.counts.stw_us).then_some(printed), |us| format!("{us} µs printed, {} counted", m.counts.stw_us))
}
