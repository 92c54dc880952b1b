//! What one step did, with its figures.
//!
//! `g` is a goroutine, `p` a P (with its worker and its wbBuf), `obj` an object; `x` a variable.

use crate::machine::events;

use super::state::{Colour, Job};
use super::tea::Owned;

events! {
    /// The record of one step.
    pub enum Event {
        // --- statements of goroutines ---
        Allocated { g: u32, x: String, obj: String = "goroutines.{g}.stack.{x}", span: usize = "objects.{obj}.span",
            colour: Colour = "objects.{obj}.colour" } <- "phase", "spans[{span}]";
        Loaded { g: u32, x: String, from: String, slot: String = "in objects.{from}.slots.{slot}", obj: String = "goroutines.{g}.stack.{x}" }
            <- "objects.{from}.slots.{slot}";
        GlobalRead { g: u32, x: String, global: String, obj: String = "goroutines.{g}.stack.{x}" } <- "globals.{global}";
        Copied { g: u32, x: String, from: String, obj: String = "goroutines.{g}.stack.{x}" } <- "goroutines.{g}.stack.{from}";
        Dropped { g: u32, x: String, obj: String = "was goroutines.{g}.stack.{x}" } <- "goroutines.{g}.stack.{x}";
        /// What the new goroutine starts with is shaded as what is stored in its closure.
        Started { g: u32, new: u32 = "in goroutines.{new}", x: String, obj: String = "goroutines.{new}.stack.{x}" } <- "phase";
        /// `writeBarrier.enabled` is set.
        FlagTested { g: u32, stmt: String = "goroutines.{g}.doing.stmt" } <- "barrier";
        NewBuffered { g: u32, p: u32, obj: String = "wbbufs.{p}[-1]", n: usize = "len wbbufs.{p}" } <- "barrier";
        OldBuffered { g: u32, p: u32, obj: String = "wbbufs.{p}[-1]", n: usize = "len wbbufs.{p}" } <- "barrier";
        /// The barriers of before 1.10 did not wait.
        NewShaded { g: u32, obj: String, colour: Colour = "was objects.{obj}.colour | derived: nil" } <- "barrier";
        OldShaded { g: u32, obj: String, colour: Colour = "was objects.{obj}.colour | derived: nil" } <- "barrier";
        Stored { g: u32, into: String, slot: String = "in objects.{into}.slots.{slot}", old: String = "was objects.{into}.slots.{slot}",
            obj: String = "objects.{into}.slots.{slot}" } <- "barrier";
        GlobalStored { g: u32, global: String, old: String = "was globals.{global}", obj: String = "globals.{global}" } <- "barrier";
        WbBufFlushed { p: u32, by: &'static str = "one of full worker viewer", n: usize = "was len wbbufs.{p}",
            shaded: Vec<String> = "each in objects.{}" } <- "wbbufs.{p}";

        // --- assists ---
        CreditStolen { g: u32, credit: u32 = "credit" } <- "credit", "goroutines.{g}.owed";
        Assisted { g: u32, obj: String = "was workbuf[-1]", shaded: Vec<String> = "each in objects.{}" } <- "workbuf", "credit";
        /// The span at the head of the queue, as a whole.
        SpanAssisted { g: u32, span: usize = "was spanq[0].span", objs: Vec<String> = "each in objects.{}",
            shaded: Vec<String> = "each in objects.{}" } <- "spanq", "credit";
        AssistParked { g: u32, place: usize = "assists[{place}] = {g}" } <- "workbuf", "credit";
        AssistPaid { p: u32, g: u32 = "was assists[0]" } <- "assists";

        // --- gcStart ---
        WorldStopped { why: &'static str = "stopped" } <- "goroutines";
        MarkReset { cycles: u32 = "cycles" } <- "sweepgen";
        MarkPhase { barrier: bool = "barrier" } <- "stopped";
        RootsCounted { roots: usize = "len roots" } <- "goroutines";
        /// Yuasa's barrier needs all of them before anything else.
        StackSnapshot { g: u32, shaded: Vec<String> = "each in objects.{}" } <- "stopped";
        BlackenOn <- "phase";
        WorldStarted { pause: u32 = "counts.pause" } <- "stopped";

        // --- workers ---
        RootTaken { p: u32, job: Job = "workers.{p}.job", left: usize = "len roots" } <- "roots";
        Suspended { p: u32, g: u32, found: Vec<String> = "workers.{p}.todo" } <- "workers.{p}.job";
        Greyed { p: u32, obj: String = "objects.{obj}.colour = grey", from: Job = "workers.{p}.job", queued: usize = "len workbuf" }
            <- "workers.{p}.job";
        /// It has no pointers: nothing to scan.
        NoscanMarked { p: u32, obj: String = "objects.{obj}.colour = black", from: Job = "workers.{p}.job" } <- "workers.{p}.job";
        /// The span was unowned: whoever marks first in it queues it.
        SpanQueued { p: u32, obj: String = "spanq[-1].obj", from: Job = "workers.{p}.job", span: usize = "objects.{obj}.span",
            queued: usize = "len spanq" } <- "workers.{p}.job", "spans[{span}].bits.owned";
        /// The span is owned: it will be scanned anyway.
        SpanMarked { p: u32, obj: String = "objects.{obj}.colour = grey", from: Job = "workers.{p}.job",
            span: usize = "objects.{obj}.span", wait: usize = "derived: marks without a scan bit" }
            <- "workers.{p}.job", "spans[{span}].bits.owned";
        SpanDequeued { p: u32, span: usize = "was spanq[0].span", obj: String = "was spanq[0].obj", left: usize = "len spanq" }
            <- "roots", "workbuf", "spanq";
        SpanReleased { p: u32, span: usize = "spans[{span}].bits.owned = unowned", found: Owned = "was spans[{span}].bits.owned" }
            <- "workers.{p}.job";
        /// Which objects are to be scanned is settled: the one that the span was queued for, or `marks &^ scans`.
        ScansSet { p: u32, span: usize = "in spans[{span}].bits", found: Owned = "was workers.{p}.found",
            objs: Vec<String> = "each in objects.{}", n: usize = "len {objs}" } <- "spans[{span}].bits.marks", "workers.{p}.found";
        StackScanned { p: u32, g: u32 = "goroutines.{g}.gcscandone = true" } <- "workers.{p}.job";
        GlobalsScanned { p: u32, barrier: bool = "barrier" } <- "workers.{p}.job";
        Popped { p: u32, obj: String = "workers.{p}.job", left: usize = "len workbuf" } <- "roots", "workbuf";
        Blackened { p: u32, obj: String = "objects.{obj}.colour = black" } <- "workers.{p}.job";
        WorkerWaits { p: u32, waiting: usize = "derived: workers that wait" } <- "workbuf", "roots", "wbbufs.{p}";

        // --- gcMarkDone, gcMarkTermination ---
        RaggedFlushed { p: u32, n: usize = "was len wbbufs.{p}", shaded: Vec<String> = "each in objects.{}" } <- "wbbufs.{p}";
        MarkingAgain { queued: usize = "len workbuf + len spanq" } <- "workbuf", "spanq";
        FlushedAgain { n: usize = "derived: entries of all wbBufs", shaded: Vec<String> = "each in objects.{}" } <- "wbbufs";
        Restarted { queued: usize = "len workbuf + len spanq" } <- "workbuf", "spanq";
        BlackenOff { woken: usize = "was len assists" } <- "workbuf";
        TerminationPhase <- "stopped";
        StackRescanned { g: u32, shaded: Vec<String> = "each in objects.{}" } <- "goroutines.{g}.stack";
        StwDrained { obj: String = "was workbuf[-1]", shaded: Vec<String> = "each in objects.{}" } <- "workbuf";
        MarkChecked { black: usize = "derived: black objects", white: usize = "derived: white objects" } <- "workbuf", "wbbufs";
        OffPhase { barrier: bool = "was barrier" } <- "stopped";
        SweepReady { sweepgen: u32 = "sweepgen", spans: usize = "len spans" } <- "phase";

        // --- sweep ---
        SpanTaken { span: usize = "in spans[{span}]", by: &'static str = "one of bgsweep gcStart gcSweep mallocgc" } <- "sweepgen";
        Freed { span: usize, obj: String = "was objects.{obj}.colour = white" } <- "?objects.{obj}.colour";
        /// Somebody can still reach it.
        LiveFreed { span: usize, obj: String = "objects.{obj}.freed = true", by: String } <- "objects.{obj}.colour";
        SpanSwept { span: usize = "in spans[{span}]", kept: usize = "derived: taken slots" } <- "spans[{span}]";

        // --- the pacer ---
        HeapGrew { bytes: u64, live: u64 = "pacer.heapLive", trigger: u64 = "pacer.trigger" } <- "pacer.heapLive";
        CycleStarted { why: &'static str = "one of heap forced periodic", live: u64 = "pacer.triggered",
            goal: u64 = "pacer.goal" } <- "pacer.trigger", "pacer.heapLive";
        CycleEnded { cycles: u32 = "cycles", marked: u64 = "pacer.heapMarked", scan: u64 = "derived: heap, stacks and globals scanned",
            goal: u64 = "pacer.goal", trigger: u64 = "pacer.trigger" } <- "pacer.triggered", "pacer.heapLive";
        HeapDropped { bytes: u64, kept: u64 = "pacer.kept" } <- "pacer.kept";
        /// Of one way of a program.
        WayServed { at: usize = "in ways[{at}]", way: &'static str = "derived: the way's name", n: u64 = "derived: requests served",
            bytes: u64 = "derived: what they allocated", live: u64 = "ways[{at}].pacer.heapLive",
            trigger: u64 = "ways[{at}].pacer.trigger", begins: bool = "derived: whether the trigger is reached" }
            <- "ways[{at}].pacer.trigger", "ways[{at}].pacer.heapLive";
        WayCycled { at: usize = "in ways[{at}]", way: &'static str = "derived: the way's name", cycles: u32 = "ways[{at}].cycles",
            marked: u64 = "ways[{at}].pacer.heapMarked", scan: u64 = "derived: heap, stacks and globals scanned",
            goal: u64 = "ways[{at}].pacer.goal" } <- "ways[{at}].pacer.heapLive";
        GogcSet { gogc: i32 = "pacer.gcPercent", goal: u64 = "pacer.goal" } <- "pacer.gcPercent";
        LimitSet { limit: i64 = "derived: what was asked for", goal: u64 = "pacer.goal" } <- "pacer.memoryLimit";
    }
    figures {
        g: "in goroutines.{g}";
        p: "in workers.{p}";
        x: "in goroutines.{g}.stack.{x}";
        obj: "in objects.{obj} | is nil";
        from: "in objects.{from} | in goroutines.{g}.stack.{from}";
        into: "in objects.{into}";
        global: "in globals.{global}";
        span: "in spans[{span}]";
        by: "derived: who points at it";
        bytes: "derived: what was asked for";
    }
}
