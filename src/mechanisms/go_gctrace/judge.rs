//! What stands out in a cycle, computed from the figures of the file alone.

use serde::Serialize;

use super::line::Cycle;

/// Assists stand out from here on, in percent of all CPU time while marking ran: workers get as much
/// (`gcBackgroundUtilization`, `mgcpacer.go`).
pub const ASSIST_PERCENT: u64 = 25;
/// A death spiral is seen over so many cycles in a row.
pub const SPIRAL_CYCLES: usize = 5;
/// In each of them so much of the goal, in percent, was live at its end: next to nothing was freed.
pub const SPIRAL_LIVE_PERCENT: u64 = 90;
/// And over all of them the collector took so much of the CPU, in percent, idle workers not counted: what workers get
/// while marking never pauses.
pub const SPIRAL_CPU_PERCENT: u64 = 25;
/// The least goal with GOGC=100, in MB: `heapMinimum`, `mgcpacer.go`.
const HEAP_MINIMUM_MB: u64 = 4;

/// What is computed of a cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Seen {
    /// Both pauses, in µs.
    pub stw_us: u64,
    /// Assists' share of all CPU time (Ps times wall clock) while marking ran, in percent, rounded down.
    pub assist_percent: u64,
    /// The collector's share of the CPU from the end of the first to the end of the last of the `SPIRAL_CYCLES` latest
    /// cycles, in percent, rounded down; none where the cycle before is not in the file. A process begins with none.
    pub cpu_percent: Option<u64>,
    /// The mean time from one of those cycles to the next, in ms; none for the first cycle.
    pub every_ms: Option<u64>,
    /// What was live, in percent of the goal, rounded down.
    pub live_percent: u64,
    /// The least goal that GOGC=100 could have given after the cycle before, in MB; none where that is not in the file.
    pub gogc_mb: Option<u64>,
    /// The program asked for the cycle.
    pub forced: bool,
    /// Assists took `ASSIST_PERCENT` or more.
    pub assists: bool,
    /// The goal lies below [`Seen::gogc_mb`].
    pub bound: bool,
    /// The last cycles found next to nothing to free and took much of the CPU.
    pub spiral: bool,
}

/// Judges the last one of these cycles.
pub fn judge(cycles: &[Cycle]) -> Seen {
    let Some((cycle, before)) = cycles.split_last() else { return Seen::default() };
    let window = &cycles[cycles.len() - in_a_row(cycles)..];
    let first = &window[0];
    let share = |since: u64, cycles: &[Cycle]| {
        percent(cycles.iter().map(Cycle::cpu_us).sum(), cycle.procs, cycle.end_us().saturating_sub(since))
    };
    let cpu_percent = match window {
        [only] => (only.n == 1).then(|| share(0, window)),
        _ => Some(share(first.end_us(), &window[1..])),
    };
    let rounds = window.len() as u64 - 1;
    let busy = cpu_percent.is_some_and(|percent| percent >= SPIRAL_CPU_PERCENT);
    let full = |cycle: &Cycle| cycle.goal_mb > 0 && cycle.live_mb * 100 >= cycle.goal_mb * SPIRAL_LIVE_PERCENT;
    let gogc_mb = before.last().filter(|before| follows(before, cycle)).map(gogc_goal);
    let assist_percent = percent(cycle.assist_us, cycle.procs, cycle.mark_us);
    Seen {
        stw_us: cycle.stw_us(),
        assist_percent,
        cpu_percent,
        every_ms: (cycle.at_ms - first.at_ms).checked_div(rounds),
        live_percent: (cycle.live_mb * 100).checked_div(cycle.goal_mb).unwrap_or(0),
        gogc_mb,
        forced: cycle.forced,
        assists: assist_percent >= ASSIST_PERCENT,
        bound: gogc_mb.is_some_and(|least| cycle.goal_mb < least),
        spiral: window.len() == SPIRAL_CYCLES && window.iter().all(full) && busy,
    }
}

/// How many of the last cycles, `SPIRAL_CYCLES` at most, follow each other without a gap.
fn in_a_row(cycles: &[Cycle]) -> usize {
    let pairs = cycles.windows(2).rev().take(SPIRAL_CYCLES - 1);
    1 + pairs.take_while(|pair| follows(&pair[0], &pair[1])).count()
}

/// Whether a cycle is the next one of the same process: no line between them is missing.
fn follows(before: &Cycle, cycle: &Cycle) -> bool {
    cycle.n == before.n + 1 && cycle.at_ms >= before.at_ms
}

/// Live heap, and as much again with what is scanned besides. Sizes are rounded down, so this is no more than the real goal.
fn gogc_goal(before: &Cycle) -> u64 {
    let roots = before.stacks_mb.unwrap_or(0) + before.globals_mb.unwrap_or(0);
    (2 * before.live_mb + roots).max(HEAP_MINIMUM_MB)
}

/// A CPU time in percent of what so many Ps have in this wall clock; 100 at most, since the file's times are rounded.
fn percent(cpu_us: u64, procs: u64, clock_us: u64) -> u64 {
    let whole = u128::from(procs) * u128::from(clock_us);
    let share = (u128::from(cpu_us) * 100).checked_div(whole).unwrap_or(0);
    u64::try_from(share.min(100)).unwrap_or(100)
}
