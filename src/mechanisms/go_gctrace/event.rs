//! What one line says, under the name of what stands out most in it.

use crate::machine::events;

use super::judge::{SPIRAL_CYCLES, Seen};
use super::line::Cycle;
use crate::text::time;

events! {
    /// The record of one step.
    pub enum Event {
        /// Nothing stands out.
        Collected { n: u64, at: String, start: u64, end: u64, live: u64, goal: u64, stw: String, mark: String, cpu: String,
            assist: u64 } <- "cycle";
        /// The program asked for it.
        Forced { n: u64, at: String, start: u64, end: u64, live: u64, goal: u64, stw: String, mark: String, cpu: String,
            assist: u64, forced: u32 = "counts.forced" } <- "cycle";
        /// The goal is below the `least` that GOGC=100 could have given.
        Bound { n: u64, at: String, start: u64, end: u64, live: u64, goal: u64, stw: String, mark: String, cpu: String,
            assist: u64, least: u64 = "seen.gogc_mb" } <- "cycle";
        /// Goroutines that allocated did much of the marking.
        Assisted { n: u64, at: String, start: u64, end: u64, live: u64, goal: u64, stw: String, mark: String, cpu: String,
            assist: u64 } <- "cycle";
        /// `rounds` cycles in a row freed next to nothing and took much of the CPU, one every `every`.
        Spiralled { n: u64, at: String, start: u64, end: u64, live: u64, goal: u64, stw: String, mark: String, cpu: String,
            assist: u64, full: u64 = "seen.live_percent", rounds: usize = "derived: the window of the judgement",
            every: String = "derived: seen.every_ms with its unit" } <- "cycle";
    }
    figures {
        n: "cycle.n";
        at: "derived: cycle.at_ms in seconds";
        start: "cycle.start_mb";
        end: "cycle.end_mb";
        live: "cycle.live_mb";
        goal: "cycle.goal_mb";
        stw: "derived: seen.stw_us with its unit";
        mark: "derived: cycle.mark_us with its unit";
        cpu: "derived: seen.cpu_percent with its sign, a dash for none";
        assist: "seen.assist_percent";
    }
}

impl Event {
    pub(super) fn of(cycle: &Cycle, seen: &Seen, forced: u32) -> Event {
        let Cycle { n, start_mb: start, end_mb: end, live_mb: live, goal_mb: goal, .. } = *cycle;
        let (at, stw, mark) = (seconds(cycle.at_ms), time(seen.stw_us), time(cycle.mark_us));
        let cpu = seen.cpu_percent.map_or_else(|| String::from("–"), |percent| format!("{percent} %"));
        let assist = seen.assist_percent;
        match seen {
            Seen { spiral: true, .. } => {
                let every = time(seen.every_ms.unwrap_or(0) * 1_000);
                let (full, rounds) = (seen.live_percent, SPIRAL_CYCLES);
                Event::Spiralled { n, at, start, end, live, goal, stw, mark, cpu, assist, full, rounds, every }
            }
            Seen { assists: true, .. } => Event::Assisted { n, at, start, end, live, goal, stw, mark, cpu, assist },
            Seen { bound: true, gogc_mb: Some(least), .. } => {
                Event::Bound { n, at, start, end, live, goal, stw, mark, cpu, assist, least: *least }
            }
            Seen { forced: true, .. } => {
                Event::Forced { n, at, start, end, live, goal, stw, mark, cpu, assist, forced }
            }
            _ => Event::Collected { n, at, start, end, live, goal, stw, mark, cpu, assist },
        }
    }
}

/// Milliseconds as gctrace prints seconds: `0.006`.
pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}
