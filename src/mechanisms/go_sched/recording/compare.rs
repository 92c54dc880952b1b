//! The machine's state in the form of a recording's lines.

use serde_json::{Value, json};

use crate::replay::Comparing;

use crate::mechanisms::go_sched::pc::Pc;
use crate::mechanisms::go_sched::state::{PStatus, Slot};

use super::queues::Bench;

/// Compares every field of the state with what is known of the real one.
pub(super) fn state(bench: &Bench, known: &Value, comparing: &mut Comparing) {
    for p in 0..bench.machine.procs() {
        let recorded = &known["ps"][p.to_string()];
        // A P that is stopped for the collector has no counterpart.
        comparing.fields(recorded, bench.show_p(p).into_iter().filter(|(field, _)| recorded[*field] != "gcstop"));
    }
    for m in 1..=bench.ms {
        comparing.fields(&known["ms"][m.to_string()], bench.show_m(m));
    }
    comparing.fields(known, bench.show_sched());
}

impl Bench {
    fn goids<'a>(&self, slots: impl IntoIterator<Item = &'a Slot>) -> Value {
        slots.into_iter().map(|slot| self.machine.goid(*slot)).collect()
    }

    fn show_p(&self, p: u32) -> [(&'static str, Value); 11] {
        let pp = &self.machine.ps[p as usize];
        let status = match pp.status {
            PStatus::Idle => "idle",
            PStatus::Running => "running",
            PStatus::Syscall => "syscall",
        };
        let pd = &pp.sysmontick;
        [
            ("head", json!(pp.runqhead)),
            ("tail", json!(pp.runqtail)),
            ("ring", self.goids(&pp.ring().collect::<Vec<_>>())),
            ("next", json!(pp.runnext.map_or(0, |slot| self.machine.goid(slot)))),
            ("status", json!(status)),
            ("tick", json!(pp.schedtick)),
            ("stick", json!(pp.syscalltick)),
            ("pd", json!([pd.schedtick, pd.schedwhen, pd.syscalltick, pd.syscallwhen])),
            ("idle", json!(self.machine.sched.pidle.contains(&p))),
            ("timer", json!(pp.timerp)),
            ("timers", json!(pp.timers.len())),
        ]
    }

    fn show_m(&self, m: u32) -> [(&'static str, Value); 3] {
        let thread = &self.machine.ms[m as usize];
        [
            ("nextp", json!(thread.nextp.map_or(-1, i64::from))),
            ("spinning", json!(thread.spinning)),
            ("woken", json!(thread.note && thread.pc == Pc::Parked)),
        ]
    }

    fn show_sched(&self) -> [(&'static str, Value); 8] {
        let s = &self.machine.sched;
        [
            ("gq", self.goids(&s.runq)),
            ("gqsize", json!(s.runqsize)),
            ("pidle", s.pidle.iter().rev().copied().collect()),
            ("midle", s.midle.iter().rev().copied().collect()),
            ("npidle", json!(s.pidle.len())),
            ("nmidle", json!(s.midle.len())),
            ("nmspin", json!(s.nmspinning)),
            ("needspin", json!(u32::from(s.needspinning))),
        ]
    }
}
