//! The contract's side: starting, refusing, going on, and traces for random runs.

use std::fmt::Write;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::event::{Event, seconds};
use super::judge::{ASSIST_PERCENT, Seen};
use super::laws::Fault;
use super::setup::{self, Line, Setup};
use super::state::{Counts, GoGctrace};
use crate::machine::{Gauge, Machine, Progress, Refusal, refuse};
use crate::text::Text;

/// What a viewer can ask. The file says what happens; there are no what-ifs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// The next cycle.
    Next,
    /// On to the cycle at this place of the file, from 1.
    To(usize),
}

/// The place of the file at which an action is over.
#[derive(Clone, Copy, Debug)]
pub struct Doing(usize);

impl Machine for GoGctrace {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-gctrace";
    const GAUGES: &'static [&'static str] =
        &["end", "start", "live", "goal", "stw", "cpu", "gc-percent", "assist", "forced"];
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "assists stand out from 25 % of all CPU time while marking ran: as much as workers are given",
            "标记期间辅助标记占全部 CPU 的 25 % 起算偏高：后台 worker 的配额也是这么多",
        ),
        (
            "a death spiral: five cycles in a row with 90 % of the goal live at the end and 25 % of the CPU for the collector",
            "死亡螺旋：连续五轮结束时存活都达目标的 90 %，且 GC 占 CPU 25 % 以上",
        ),
        (
            "the file does not say GOGC: a goal counts as low if GOGC=100 would have given more",
            "文件里没有 GOGC：目标低于 GOGC=100 应得的值，就算偏低",
        ),
    ];

    fn start(setup: &Setup) -> Result<GoGctrace, Refusal> {
        let trace = setup::cycles(setup)?;
        let (cycles, skipped, damaged) = (trace.len(), setup.skipped, setup.damaged);
        let (seen, counts, fault) = (Seen::default(), Counts::default(), Fault::None);
        Ok(GoGctrace { at: 0, cycles, skipped, damaged, cycle: None, seen, counts, trace, fault })
    }

    fn choices(&self) -> Vec<Action> {
        let further = [self.at + 2, self.at + 10, self.cycles];
        let mut further: Vec<usize> = further.into_iter().filter(|n| (self.at + 2..=self.cycles).contains(n)).collect();
        further.sort_unstable();
        further.dedup();
        let next = (self.at < self.cycles).then_some(Action::Next);
        next.into_iter().chain(further.into_iter().map(Action::To)).collect()
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        let (at, cycles) = (self.at, self.cycles);
        let to = match action {
            Action::Next => at + 1,
            Action::To(to) => *to,
        };
        if to > cycles {
            return refuse!("the file has {cycles} cycles", "文件里只有 {cycles} 轮 GC");
        }
        if to <= at {
            return refuse!(
                "cycle {to} of the file is over: {at} have been shown",
                "第 {to} 轮已经放过：现在是第 {at} 轮"
            );
        }
        Ok(Doing(to))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        if self.at < doing.0 { self.advance().into() } else { Progress::Done }
    }

    /// The cycle that it leads to, by its number in the process.
    fn next(&self, action: &Action) -> Option<Text> {
        let Doing(to) = self.accept(action).ok()?;
        self.trace.get(to - 1).map(|cycle| Text::same(format!("gc {}", cycle.n)))
    }

    /// The file's lines are shared by all copies.
    fn bytes(&self) -> usize {
        size_of::<GoGctrace>() + self.cycle.as_ref().map_or(0, |cycle| cycle.line.len())
    }

    /// Sizes in MB, the heap at the end against its goal; pauses in µs; shares in percent.
    fn gauges(&self) -> Vec<Gauge> {
        let of = |get: fn(&super::Cycle) -> u64| self.cycle.as_ref().map_or(0.0, |cycle| get(cycle) as f64);
        let goal = of(|cycle| cycle.goal_mb);
        vec![
            Gauge::new("end", of(|cycle| cycle.end_mb)).limit(goal),
            Gauge::new("start", of(|cycle| cycle.start_mb)),
            Gauge::new("live", of(|cycle| cycle.live_mb)),
            Gauge::new("goal", goal),
            Gauge::new("stw", self.seen.stw_us as f64),
            Gauge::new("cpu", self.seen.cpu_percent.unwrap_or(0) as f64),
            Gauge::new("gc-percent", of(|cycle| cycle.gc_percent)),
            Gauge::new("assist", self.seen.assist_percent as f64).limit(ASSIST_PERCENT as f64),
            Gauge::new("forced", of(|cycle| u64::from(cycle.forced))),
        ]
    }

    /// Some cycles of a program that is well, allocates much, has a limit, or nearly no room left.
    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        let (mut lines, mut at, mut live) = (Vec::new(), 5, 3);
        let mode = rng.random_range(0..4u64);
        let old = rng.random_range(0..3u32) == 0;
        let procs = [1, 2, 8][rng.random_range(0..3usize)];
        for n in 1..=rng.random_range(12..40u64) {
            let goal = match mode {
                2 => 3 + live,
                3 => 40,
                _ => (2 * live).max(4),
            };
            let mark = rng.random_range(100..9_000);
            let assist =
                mark * procs * if mode == 1 { rng.random_range(10..60) } else { rng.random_range(0..12) } / 100;
            let worker = mark * procs / 4;
            live = if mode == 3 { 39 } else { rng.random_range(1..40) };
            let (start, end) = (goal - 1, goal.max(live));
            let roots = if old { "" } else { " 1 MB stacks, 0 MB globals," };
            let forced = if rng.random_range(0..9u32) == 0 { " (forced)" } else { "" };
            let [worker, mark_ms, assist] = [worker, mark, assist].map(seconds);
            let mut line =
                format!("gc {n} @{}s {}%: 0.031+{mark_ms}+0.040 ms clock, ", seconds(at), 5 + 20 * (mode / 3));
            let _ =
                write!(line, "0.062+{assist}/{worker}/0.10+0.080 ms cpu, {start}->{end}->{live} MB, {goal} MB goal,");
            let _ = write!(line, "{roots} {procs} P{forced}");
            lines.push(Line(u32::try_from(lines.len() + 1).unwrap_or(u32::MAX), line));
            at += if mode == 3 { mark.div_ceil(1_000) } else { rng.random_range(20..900) };
        }
        Setup { lines, skipped: rng.random_range(0..9), damaged: rng.random_range(0..3) }
    }
}
