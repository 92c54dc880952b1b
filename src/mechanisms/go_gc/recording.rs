//! Replays recordings of the pacer of Go 1.23.9.
//!
//! The form of a recording: a header; all fields; then a step a line with what has changed. What is marked, scan works, times
//! and the size of the heap differ from run to run and are taken from the recording; goals, triggers, cons/mark ratios and the
//! runway are computed, and so is the allocation at which each cycle begins.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::replay::{Line, Recording, RecordingError, Replay, Report, merge, need};

use super::pacer::{Measured, NOT_TRIGGERED, Pacer, Ratio};
use super::setup::Pacing;
use super::state::{GoGc, Phase};

impl Replay for GoGc {
    const WHAT: (&'static str, &'static str) = (
        "the pacer's goals, triggers, cons/mark ratios and runways, the allocation at which each cycle begins, runtime/metrics and gctrace, with one P",
        "单个 P 下 pacer 的目标、触发点、cons/mark 比、runway，每轮 GC 由哪次分配触发，以及 runtime/metrics 与 gctrace",
    );

    fn accepts(header: &Json) -> bool {
        header["mechanism"] == "gc" && header["gomaxprocs"] == 1
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let Header { ops } = recording.header()?;
        let pacer = Some(Box::new(Pacer::new(&Pacing::default())));
        let machine = GoGc { pacer, ..GoGc::default() };
        let mut run = Run { machine, known: Json::Null, report: Report::default(), cycles: Vec::new() };
        recording.each(ops, |line| {
            run.line(line)?;
            Ok(run.report.operations)
        })?;
        Ok(run.report)
    }
}

#[derive(Deserialize)]
struct Header {
    ops: usize,
}

struct Run {
    machine: GoGc,
    /// The real state as it was recorded so far.
    known: Json,
    report: Report,
    /// Each cycle that has ended, as gctrace prints it.
    cycles: Vec<String>,
}

impl Run {
    fn line(&mut self, line: Line) -> Result<(), RecordingError> {
        let now: Json = line.read()?;
        if let Some(printed) = now.get("gctrace") {
            return self.gctrace(line, printed);
        }
        if self.known.is_null() {
            self.known = json!({});
            merge(&mut self.known, &now);
            self.begin(line)?;
            return Ok(());
        }
        let op = need(now["op"].as_str(), line.number, "op")?.to_owned();
        if !["alloc", "drop", "gc", "gogc", "limit", "goroutines", "yield", "sleep"].contains(&op.as_str()) {
            return Err(line.fault(format!("unknown operation {op:?}")));
        }
        let before = (self.count("cycles", line)?, self.count("numgc", line)?);
        merge(&mut self.known, &now);
        let after = (self.count("cycles", line)?, self.count("numgc", line)?);
        self.report.operations += 1;
        self.memory(line)?;
        match op.as_str() {
            "gogc" | "limit" => {
                let wanted = need(now["v"].as_i64(), line.number, "v")?;
                let sweep_done = self.number("sweepDistMinTrigger", line)? == 0;
                self.machine.pace().heap_live = self.number("heapLive", line)?;
                let event = if op == "gogc" {
                    self.machine.set_gogc(wanted as i32, sweep_done)
                } else {
                    self.machine.set_limit(wanted, sweep_done)
                };
                self.report.met(&event);
            }
            _ => self.pass(&op, &now, line, before, after)?,
        }
        self.machine.pace().heap_live = self.number("heapLive", line)?;
        self.machine.pace().globals_scan = self.number("globalsScan", line)?;
        self.compare(&op, line)?;
        if let Some(metrics) = now.get("metrics") {
            self.metrics(&op, metrics, line);
        }
        Ok(())
    }

    /// Cycles that begin and end within an operation, in the order in which that can be.
    fn pass(
        &mut self,
        op: &str,
        now: &Json,
        line: Line,
        before: (u64, u64),
        after: (u64, u64),
    ) -> Result<(), RecordingError> {
        let (begun, ended) = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
        let running = self.machine.phase == Phase::Mark;
        if begun > 1 || ended > 1 {
            // What the first of them came to has been overwritten.
            *self.report.left_out.entry(format!("{op} with more than one cycle")).or_default() += 1;
            return self.begin(line);
        }
        if running && ended == 1 {
            self.end(line)?;
        }
        if begun == 1 {
            self.start(op, line)?;
        } else if op == "alloc" && now["kind"] != "small" && self.machine.phase == Phase::Off {
            // The allocation tested the trigger and did not start a cycle.
            let live = self.number("heapLive", line)?;
            self.machine.pace().heap_live = live;
            let event = self.machine.grow(0, super::pacer::Kind::Garbage);
            self.report.met(&event);
            self.memory(line)?;
            if ended == 0 {
                self.machine.pace().look(super::laws::Fault::None);
                let starts = self.machine.at_trigger();
                self.report.at(line.number, op).same("starts a cycle", &false, &starts);
            }
        }
        if !running && ended == 1 {
            self.end(line)?;
        }
        Ok(())
    }

    /// A cycle begins: the heap has reached the trigger, unless somebody asked for it.
    fn start(&mut self, op: &str, line: Line) -> Result<(), RecordingError> {
        let live = self.number("heap0", line)?;
        self.machine.pace().heap_live = live;
        self.machine.pace().look(super::laws::Fault::None);
        let forced = op == "gc";
        if !forced {
            let starts = self.machine.at_trigger();
            self.report.at(line.number, op).same("starts a cycle", &true, &starts);
        }
        let event = self.machine.start_cycle(if forced { "forced" } else { "heap" });
        self.report.met(&event);
        Ok(())
    }

    fn end(&mut self, line: Line) -> Result<(), RecordingError> {
        let began = self.number("markStartTime", line)?;
        let measured = Measured {
            live: self.number("heap1", line)?,
            marked: self.number("heap2", line)?,
            heap_scan: self.number("heapScanWork", line)?,
            stack_scan: self.number("stackScanWork", line)?,
            globals_scan: self.number("globalsScanWork", line)?,
            assist_time: self.number("assistTime", line)?,
            idle_time: self.number("idleMarkTime", line)?,
            duration: self.number("tMarkTerm", line)?.saturating_sub(began),
        };
        self.machine.pace().globals_scan = self.number("globalsScan", line)?;
        let event = self.machine.end_cycle(&measured);
        self.report.met(&event);
        self.memory(line)?;
        let pacer = self.machine.pace();
        let mib = |bytes: u64| bytes >> 20;
        let cycle = format!(
            "gc {} {}->{}->{} MB, {} MB goal, {} MB stacks, {} MB globals, 1 P",
            self.known["numgc"],
            mib(pacer.last.heap0),
            mib(pacer.last.heap1),
            mib(pacer.last.heap2),
            mib(pacer.last_heap_goal),
            mib(pacer.last_stack_scan),
            mib(pacer.globals_scan)
        );
        self.cycles.push(cycle);
        Ok(())
    }

    /// Takes over all fields: the state that the recording begins with.
    fn begin(&mut self, line: Line) -> Result<(), RecordingError> {
        let number = |field: &str| self.number(field, line);
        let ratio = |field: &str| need(self.known[field].as_f64(), line.number, field).map(Ratio);
        let ratios = [0, 1, 2, 3].map(|at| ratio(&format!("lastConsMark{at}")));
        let [a, b, c, d] = ratios;
        let mut pacer = Pacer {
            memory_limit: number("memoryLimit")?,
            heap_live: number("heapLive")?,
            heap_marked: number("heapMarked")?,
            triggered: number("triggered")?,
            cons_mark: ratio("consMark")?,
            last_cons_mark: [a?, b?, c?, d?],
            last_heap_goal: number("lastHeapGoal")?,
            last_heap_scan: number("lastHeapScan")?,
            last_stack_scan: number("lastStackScan")?,
            globals_scan: number("globalsScan")?,
            ..Pacer::default()
        };
        pacer.set_percent(need(self.known["gcPercent"].as_i64(), line.number, "gcPercent")? as i32);
        // The goal was committed with the live heap of that moment.
        let sweep = number("sweepDistMinTrigger")?;
        pacer.commit(true);
        pacer.sweep_dist_min_trigger = sweep;
        (pacer.last.heap0, pacer.last.heap1, pacer.last.heap2) = (number("heap0")?, number("heap1")?, number("heap2")?);
        self.machine.phase = if pacer.triggered == NOT_TRIGGERED { Phase::Off } else { Phase::Mark };
        self.machine.cycles = self.count("cycles", line)? as u32;
        self.machine.pacer = Some(Box::new(pacer));
        self.memory(line)?;
        self.compare("begin", line)
    }

    /// Memory as it is mapped and used: what a memory limit is judged by.
    fn memory(&mut self, line: Line) -> Result<(), RecordingError> {
        let (free, mapped) = (self.number("heapFree", line)?, self.number("mappedReady", line)?);
        let (made, freed) = (self.number("totalAlloc", line)?, self.number("totalFree", line)?);
        let pacer = self.machine.pace();
        (pacer.heap_free, pacer.mapped_ready, pacer.heap_alloc) = (free, mapped, made.saturating_sub(freed));
        Ok(())
    }

    /// All that can be computed.
    fn compare(&mut self, op: &str, line: Line) -> Result<(), RecordingError> {
        self.machine.pace().look(super::laws::Fault::None);
        let phase = self.machine.phase as u64;
        let cycles = self.machine.cycles;
        let pacer = self.machine.pacer.clone().unwrap_or_default();
        let [a, b, c, d] = pacer.last_cons_mark.map(|ratio| json!(ratio.0));
        let fields = [
            ("gcPercent", json!(pacer.gc_percent)),
            ("memoryLimit", json!(pacer.memory_limit)),
            ("heapMinimum", json!(pacer.heap_minimum)),
            ("runway", json!(pacer.runway)),
            ("gcPercentHeapGoal", json!(pacer.gc_percent_heap_goal)),
            ("sweepDistMinTrigger", json!(pacer.sweep_dist_min_trigger)),
            ("triggered", json!(pacer.triggered)),
            ("lastHeapGoal", json!(pacer.last_heap_goal)),
            ("heapMarked", json!(pacer.heap_marked)),
            ("lastHeapScan", json!(pacer.last_heap_scan)),
            ("lastStackScan", json!(pacer.last_stack_scan)),
            ("heap0", json!(pacer.last.heap0)),
            ("phase", json!(phase)),
            ("cycles", json!(cycles)),
            ("trigger", json!(pacer.trigger)),
            ("goal", json!(pacer.goal)),
        ];
        let known = self.known.clone();
        let mut at = self.report.at(line.number, op);
        at.fields(&known, fields);
        let ratios = [
            ("consMark", json!(pacer.cons_mark.0)),
            ("lastConsMark0", a),
            ("lastConsMark1", b),
            ("lastConsMark2", c),
            ("lastConsMark3", d),
        ];
        for (field, ratio) in ratios {
            at.same(field, &known[field].as_f64(), &ratio.as_f64());
        }
        Ok(())
    }

    /// runtime/metrics after a cycle.
    fn metrics(&mut self, op: &str, metrics: &Json, line: Line) {
        let pacer = self.machine.pacer.clone().unwrap_or_default();
        let roots = pacer.last_stack_scan + pacer.globals_scan;
        let fields = [
            ("/gc/heap/live:bytes", json!(pacer.heap_marked)),
            ("/gc/scan/heap:bytes", json!(pacer.last_heap_scan)),
            ("/gc/scan/stack:bytes", json!(pacer.last_stack_scan)),
            ("/gc/scan/globals:bytes", json!(pacer.globals_scan)),
            ("/gc/scan/total:bytes", json!(pacer.last_heap_scan + roots)),
            ("/gc/gomemlimit:bytes", json!(pacer.memory_limit)),
            ("/gc/heap/goal:bytes", json!(pacer.goal)),
        ];
        let fields = fields.into_iter().filter(|(field, _)| metrics.get(field).is_some());
        let fields: Vec<_> = fields.collect();
        self.report.at(line.number, op).fields(metrics, fields);
    }

    /// What GODEBUG=gctrace=1 printed of each cycle, without its times.
    fn gctrace(&mut self, line: Line, printed: &Json) -> Result<(), RecordingError> {
        let printed = need(printed.as_array(), line.number, "gctrace")?;
        for (text, cycle) in printed.iter().filter_map(Json::as_str).zip(self.cycles.clone()) {
            let number = text.split(" @").next().unwrap_or_default();
            let sizes = text.split(" ms cpu, ").nth(1).unwrap_or_default().replace(" (forced)", "");
            self.report.at(line.number, "gctrace").same("cycle", &cycle, &format!("{number} {sizes}"));
        }
        Ok(())
    }

    fn number(&self, field: &str, line: Line) -> Result<u64, RecordingError> {
        need(self.known[field].as_u64(), line.number, field)
    }

    fn count(&self, field: &str, line: Line) -> Result<u64, RecordingError> {
        self.number(field, line)
    }
}
