//! The pacer: `gcControllerState` of mgcpacer.go. Its fields have the names that they have there; all sizes are bytes.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::laws::Fault;
use super::setup::Pacing;
use super::state::{GoGc, Phase};

/// `defaultHeapMinimum`.
const HEAP_MINIMUM: u64 = 4 << 20;
/// `sweepMinHeapDistance`: as much is allocated at least before the next cycle, so that sweeping gets done.
const SWEEP_DISTANCE: u64 = 1 << 20;
/// `memoryLimitMinHeapGoalHeadroom`.
const LEAST_HEADROOM: u64 = 1 << 20;
/// `gcBackgroundUtilization`, which is also `gcGoalUtilization`.
const UTILIZATION: f64 = 0.25;
/// `triggered` while no cycle runs.
pub const NOT_TRIGGERED: u64 = u64::MAX;
/// Samples that are kept for the picture.
const HISTORY: usize = 96;

/// A ratio; equal if its bits are.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Ratio(pub f64);

impl Hash for Ratio {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// `gcControllerState`, as far as it decides when a cycle begins.
#[derive(Clone, Debug, Default, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "named as in mgcpacer.go")]
pub struct Pacer {
    pub(super) gc_percent: i32,
    pub(super) memory_limit: u64,
    pub(super) heap_minimum: u64,
    pub(super) heap_live: u64,
    pub(super) heap_marked: u64,
    /// What `trigger()` returns now.
    pub(super) trigger: u64,
    pub(super) goal: u64,
    pub(super) triggered: u64,
    pub(super) runway: u64,
    pub(super) cons_mark: Ratio,
    pub(super) last_cons_mark: [Ratio; 4],
    pub(super) gc_percent_heap_goal: u64,
    pub(super) sweep_dist_min_trigger: u64,
    pub(super) last_heap_goal: u64,
    pub(super) last_heap_scan: u64,
    pub(super) last_stack_scan: u64,
    pub(super) globals_scan: u64,
    pub(super) heap_free: u64,
    /// `totalAlloc - totalFree`.
    pub(super) heap_alloc: u64,
    pub(super) mapped_ready: u64,
    /// What the program keeps, and how much of that has pointers; for runs that measure nothing.
    pub(super) kept: u64,
    pub(super) kept_pointers: u64,
    /// Garbage made while a cycle runs: it is black.
    pub(super) floats: u64,
    pub(super) last: Cycle,
    #[serde(skip)]
    pub(super) stacks: u64,
    #[serde(skip)]
    pub(super) other: u64,
    /// Live heap, trigger and goal, after each change.
    #[serde(skip)]
    pub(super) history: Vec<[u64; 3]>,
}

/// The last cycle as gctrace prints it: live when it began, when marking ended, and marked.
#[derive(Clone, Copy, Debug, Default, Hash, Serialize)]
#[allow(missing_docs, reason = "told above")]
pub struct Cycle {
    pub(super) heap0: u64,
    pub(super) heap1: u64,
    pub(super) heap2: u64,
}

/// What a cycle came to, as far as it is measured: bytes and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "named as in mgcpacer.go")]
pub struct Measured {
    pub live: u64,
    pub marked: u64,
    pub heap_scan: u64,
    pub stack_scan: u64,
    pub globals_scan: u64,
    pub assist_time: u64,
    pub idle_time: u64,
    pub duration: u64,
}

impl Measured {
    /// Bytes that were scanned: heap, stacks and globals.
    pub(super) fn scanned(&self) -> u64 {
        self.heap_scan + self.stack_scan + self.globals_scan
    }
}

impl Pacer {
    /// A pacer before its first cycle.
    pub(super) fn new(pacing: &Pacing) -> Pacer {
        let mut pacer = Pacer {
            triggered: NOT_TRIGGERED,
            stacks: pacing.stacks,
            globals_scan: pacing.globals,
            other: pacing.other,
            mapped_ready: pacing.other,
            memory_limit: u64::try_from(pacing.limit).unwrap_or(i64::MAX as u64),
            ..Pacer::default()
        };
        pacer.set_percent(pacing.gogc);
        pacer.commit(true);
        pacer.look(Fault::None);
        pacer
    }

    /// Whether there is a memory limit.
    pub(super) fn limited(&self) -> bool {
        self.memory_limit < i64::MAX as u64
    }

    /// `setGCPercent`, without the commit.
    pub(super) fn set_percent(&mut self, percent: i32) {
        self.gc_percent = percent.max(-1);
        // As Go converts it: -1 becomes the largest number, and the product wraps.
        self.heap_minimum = HEAP_MINIMUM.wrapping_mul(i64::from(self.gc_percent) as u64) / 100;
    }

    /// `commit`: the goal that GOGC asks for, and the runway.
    pub(super) fn commit(&mut self, sweep_done: bool) {
        self.sweep_dist_min_trigger = if sweep_done { 0 } else { self.heap_live + SWEEP_DISTANCE };
        let roots = self.last_stack_scan.saturating_add(self.globals_scan);
        let goal = u64::try_from(self.gc_percent).ok().map(|percent| {
            let grows = self.heap_marked.saturating_add(roots).saturating_mul(percent) / 100;
            self.heap_marked.saturating_add(grows)
        });
        self.gc_percent_heap_goal = goal.unwrap_or(u64::MAX).max(self.heap_minimum);
        let scan = self.last_heap_scan + self.last_stack_scan + self.globals_scan;
        self.runway = ((self.cons_mark.0 * (1.0 - UTILIZATION) / UTILIZATION) * scan as f64) as u64;
    }

    /// `heapGoalInternal`: the goal, and the trigger below which sweeping would not get done.
    fn heap_goal(&self) -> (u64, u64) {
        let (goal, limited) = (self.gc_percent_heap_goal, self.memory_limit_goal());
        if limited < goal {
            return (limited, 0);
        }
        let goal = goal.max(self.sweep_dist_min_trigger);
        let least = if self.triggered == NOT_TRIGGERED { 0 } else { self.triggered.saturating_add(64 << 10) };
        (goal.max(least), self.sweep_dist_min_trigger)
    }

    /// `memoryLimitHeapGoal`.
    fn memory_limit_goal(&self) -> u64 {
        let other = self.mapped_ready.saturating_sub(self.heap_free).saturating_sub(self.heap_alloc);
        let taken = other + self.mapped_ready.saturating_sub(self.memory_limit);
        if taken >= self.memory_limit {
            return self.heap_marked;
        }
        let goal = self.memory_limit - taken;
        let headroom = (goal / 100 * 3).max(LEAST_HEADROOM);
        let goal = if goal < headroom || goal - headroom < headroom { headroom } else { goal - headroom };
        goal.max(self.heap_marked)
    }

    /// `trigger`: live heap at which a cycle begins, and the goal.
    fn triggers(&self, fault: Fault) -> (u64, u64) {
        let (goal, least) = self.heap_goal();
        if self.heap_marked >= goal {
            return (goal, goal);
        }
        let share = |of: u64| (goal - self.heap_marked) / 64 * of + self.heap_marked;
        let least = least.max(self.heap_marked).max(share(45));
        let mut most = share(61);
        if goal > HEAP_MINIMUM && goal - HEAP_MINIMUM > most {
            most = goal - HEAP_MINIMUM;
        }
        let most = if fault == Fault::TriggersLate { goal + 1 } else { most.max(least) };
        let wanted = if self.runway > goal { least } else { goal - self.runway };
        let wanted = if fault == Fault::TriggersLate { goal + 1 } else { wanted };
        (wanted.max(least).min(most), goal)
    }

    /// Works out trigger and goal anew.
    pub(super) fn aim(&mut self, fault: Fault) {
        (self.trigger, self.goal) = self.triggers(fault);
    }

    /// The same, and keeps them for the picture.
    pub(super) fn look(&mut self, fault: Fault) {
        self.aim(fault);
        if self.history.len() == HISTORY {
            self.history.remove(0);
        }
        self.history.push([self.heap_live, self.trigger, self.goal]);
    }

    /// `startCycle`.
    pub(super) fn start_cycle(&mut self) {
        self.triggered = self.heap_live;
        self.floats = 0;
        self.last.heap0 = self.heap_live;
    }

    /// `endCycle`, `resetLive` and the commit that follows, with one P.
    pub(super) fn end_cycle(&mut self, cycle: &Measured, fault: Fault) {
        self.last_heap_goal = self.heap_goal().0;
        let share = |time: u64| if cycle.duration > 0 { time as f64 / cycle.duration as f64 } else { 0.0 };
        let utilization = UTILIZATION + share(cycle.assist_time);
        if cycle.live > self.triggered {
            let scanned = cycle.scanned() as f64;
            let grown = (cycle.live - self.triggered) as f64;
            let now = (grown * (utilization + share(cycle.idle_time))) / (scanned * (1.0 - utilization));
            let highest =
                self.last_cons_mark.iter().fold(now, |most, ratio| if ratio.0 > most { ratio.0 } else { most });
            self.cons_mark = Ratio(if fault == Fault::ForgetsRatios { now } else { highest });
            self.last_cons_mark.rotate_left(1);
            self.last_cons_mark[3] = Ratio(now);
        }
        self.last = Cycle { heap1: cycle.live, heap2: cycle.marked, ..self.last };
        (self.heap_marked, self.heap_live) = (cycle.marked, cycle.marked);
        (self.last_heap_scan, self.last_stack_scan) = (cycle.heap_scan, cycle.stack_scan);
        self.triggered = NOT_TRIGGERED;
        self.commit(false);
        if fault == Fault::ForgetsMinimum && self.gc_percent >= 0 {
            self.gc_percent_heap_goal = self.heap_marked + self.heap_marked * self.gc_percent as u64 / 100;
        }
    }

    /// The heap has grown; memory is mapped for it.
    pub(super) fn allocate(&mut self, bytes: u64, kind: Kind) {
        self.heap_live += bytes;
        self.heap_alloc += bytes;
        self.mapped_ready = self.other + self.heap_alloc;
        let garbage = kind == Kind::Garbage;
        self.kept += if garbage { 0 } else { bytes };
        self.floats += if garbage && self.triggered != NOT_TRIGGERED { bytes } else { 0 };
        self.kept_pointers += if kind == Kind::Pointers { bytes } else { 0 };
    }

    /// The end of a cycle, after which all freed memory has been given back.
    pub(super) fn give_back(&mut self, cycle: &Measured, fault: Fault) {
        self.end_cycle(cycle, fault);
        self.heap_alloc = self.heap_marked;
        self.mapped_ready = self.other + self.heap_alloc;
    }

    /// What a cycle comes to if nothing was measured: all that the program keeps, and all that was made while it ran.
    pub(super) fn estimated(&self) -> Measured {
        Measured {
            live: self.heap_live,
            marked: (self.kept + self.floats).min(self.heap_live),
            heap_scan: self.kept_pointers,
            stack_scan: self.stacks,
            globals_scan: self.globals_scan,
            assist_time: 0,
            idle_time: 0,
            duration: 0,
        }
    }
}

/// How a run of the pacer allocates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Dropped at once.
    Garbage,
    /// Kept, without pointers.
    Noscan,
    /// Kept, full of pointers.
    Pointers,
}

impl GoGc {
    pub(super) fn pace(&mut self) -> &mut Pacer {
        self.pacer.get_or_insert_default()
    }

    /// The heap has grown.
    pub(super) fn grow(&mut self, bytes: u64, kind: Kind) -> Event {
        let fault = self.fault;
        let pacer = self.pace();
        pacer.allocate(bytes, kind);
        pacer.look(fault);
        Event::HeapGrew { bytes, live: pacer.heap_live, trigger: pacer.trigger }
    }

    /// The program drops some of what it keeps.
    pub(super) fn drop_heap(&mut self, bytes: u64) -> Event {
        let pacer = self.pace();
        pacer.kept = pacer.kept.saturating_sub(bytes);
        pacer.kept_pointers = pacer.kept_pointers.min(pacer.kept);
        Event::HeapDropped { bytes, kept: pacer.kept }
    }

    /// `gcTrigger.test` for a heap that has grown.
    pub(super) fn at_trigger(&self) -> bool {
        self.phase == Phase::Off && self.pacer.as_ref().is_some_and(|pacer| pacer.heap_live >= pacer.trigger)
    }

    /// A cycle begins.
    pub(super) fn start_cycle(&mut self, why: &'static str) -> Event {
        (self.phase, self.cycles) = (Phase::Mark, self.cycles + 1);
        (self.barrier, self.blacken) = (true, true);
        let fault = self.fault;
        let pacer = self.pace();
        pacer.start_cycle();
        pacer.look(fault);
        Event::CycleStarted { why, live: pacer.triggered, goal: pacer.goal }
    }

    /// A cycle has ended: the next goal and trigger are known.
    pub(super) fn end_cycle(&mut self, measured: &Measured) -> Event {
        (self.phase, self.barrier, self.blacken) = (Phase::Off, false, false);
        let (fault, cycles) = (self.fault, self.cycles);
        let pacer = self.pace();
        pacer.give_back(measured, fault);
        pacer.look(fault);
        let scan = measured.scanned();
        Event::CycleEnded { cycles, marked: pacer.heap_marked, scan, goal: pacer.goal, trigger: pacer.trigger }
    }

    /// `debug.SetGCPercent`.
    pub(super) fn set_gogc(&mut self, gogc: i32, sweep_done: bool) -> Event {
        let fault = self.fault;
        let pacer = self.pace();
        pacer.set_percent(gogc);
        pacer.commit(sweep_done);
        pacer.look(fault);
        Event::GogcSet { gogc: pacer.gc_percent, goal: pacer.goal }
    }

    /// `debug.SetMemoryLimit`.
    pub(super) fn set_limit(&mut self, limit: i64, sweep_done: bool) -> Event {
        let fault = self.fault;
        let pacer = self.pace();
        pacer.memory_limit = u64::try_from(limit).unwrap_or(i64::MAX as u64);
        pacer.commit(sweep_done);
        pacer.look(fault);
        Event::LimitSet { limit, goal: pacer.goal }
    }
}
