//! 1 to 64 Ps: one call of a runtime function a line, on a state that was put together for it.
//!
//! M 0 makes the calls, Ms from 1 on are idle at first. Each P is run by an M of its own that is not shown; here these
//! have the numbers after the idle ones. Each call is the machine's own code from its first place to its return.
//!
//! Compared after every line: all results, and of the state every field but `stopwait`. Without a counterpart: `handoffp`
//! and `stealWork` while the world is being stopped (`gcwaiting`); what they did is taken from the recording. `goyield` and
//! `startm` of no P are put together from the machine's functions, and `runqdrain` is `runqget` until nothing is left.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::machine::Machine;
use crate::replay::{Recording, RecordingError, Report, merge};

use crate::mechanisms::go_sched::laws;
use crate::mechanisms::go_sched::pc::Pc;
use crate::mechanisms::go_sched::setup::Setup;
use crate::mechanisms::go_sched::state::{G, GoSched, M, Slot};

use super::compare;

#[derive(Deserialize)]
struct Header {
    gomaxprocs: u32,
    ms: u32,
}

/// The machine between two calls, and what the script has set besides.
pub(super) struct Bench {
    pub(super) machine: GoSched,
    /// Idle Ms are 1 to `ms`.
    pub(super) ms: u32,
    /// The world is being stopped.
    pub(super) gcwaiting: bool,
    /// GOMAXPROCS of the order that was made last, by itself.
    pub(super) order: Option<u32>,
    /// The thread slept in the call.
    pub(super) slept: bool,
}

pub(super) fn replay(recording: Recording) -> Result<Report, RecordingError> {
    let Header { gomaxprocs, ms } = recording.header()?;
    if !(1..=64).contains(&gomaxprocs) || ms > 1000 {
        return Err(RecordingError::new(1, format!("gomaxprocs {gomaxprocs}, ms {ms}: 1 to 64 and at most 1000")));
    }
    let mut bench = Bench::new(gomaxprocs, ms).map_err(|cause| RecordingError::new(1, cause))?;
    let mut report = Report::default();
    let mut known = Value::Object(Map::new());
    for line in recording.lines() {
        let recorded: Map<String, Value> = line.read()?;
        let whole = Value::Object(recorded.clone());
        merge(&mut known, &whole);
        let Some(op) = recorded.get("op") else {
            report.operations += 1;
            compare::state(&bench, &known, &mut report.at(line.number, "start"));
            continue;
        };
        let op = op.as_str().ok_or_else(|| line.fault("`op` is no text"))?;
        let call = bench.begin(op, &recorded).map_err(|cause| line.fault(cause))?;
        bench.sound().map_err(|cause| line.fault(format!("after `{op}` {cause}: the runtime knows no such state")))?;
        if call.left_out {
            *report.left_out.entry(op.to_owned()).or_default() += 1;
            bench.adopt(&recorded);
        } else {
            report.operations += 1;
        }
        let mut comparing = report.at(line.number, op);
        comparing.fields(&whole, call.results);
        compare::state(&bench, &known, &mut comparing);
        call.events.iter().for_each(|event| report.met(event));
    }
    Ok(report)
}

impl Bench {
    /// All Ps run, each with its own M; the Ms from 1 on are idle, 1 to be taken first.
    pub(super) fn new(procs: u32, ms: u32) -> Result<Bench, String> {
        let setup = Setup { procs, sysmon: false, programs: Default::default(), main: Vec::new(), ..Setup::default() };
        let mut machine = GoSched::start(&setup).map_err(|refusal| refusal.reason.en)?;
        machine.gs = vec![G::default()];
        machine.ms = (0..=ms + procs).map(|_| M { pc: Pc::Parked, ..M::default() }).collect();
        machine.sched.midle = (1..=ms).rev().collect();
        machine.sched.pidle.clear();
        // Somebody else is alive, so that main may park; no time of a script is beyond this.
        (machine.others, machine.now, machine.per_us) = (1, 1 << 60, 1000);
        let mut bench = Bench { machine, ms, gcwaiting: false, order: None, slept: false };
        for p in 0..procs {
            bench.machine.ps[p as usize] =
                crate::mechanisms::go_sched::P::new(crate::mechanisms::go_sched::PStatus::Running);
            bench.machine.ms[(ms + 1 + p) as usize].curg = Some(Slot(0));
            bench.own_m(p);
        }
        Ok(bench)
    }

    /// Whether the state is one that the runtime can be in: a script may put anything together.
    fn sound(&self) -> Result<(), String> {
        let sched = &self.machine.sched;
        for (list, name) in [(&sched.pidle, "P"), (&sched.midle, "M")] {
            let mut seen = BTreeSet::new();
            if let Some(twice) = list.iter().find(|id| !seen.insert(**id)) {
                return Err(format!("{name} {twice} is twice in the list of idle {name}s"));
            }
        }
        laws::ring_bounds(&self.machine)?;
        laws::runqsize_exact(&self.machine)
    }

    /// P is run by its own M.
    pub(super) fn own_m(&mut self, p: u32) {
        let m = self.ms + 1 + p;
        self.machine.ps[p as usize].m = Some(m);
        self.machine.ms[m as usize].p = Some(p);
    }
}
