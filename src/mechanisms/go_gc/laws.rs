//! What holds after every step, and the broken machines that break it.
//!
//! A collector without a barrier, or with half of one, is not sound: [`Mode::sound`] is what the laws about colours and
//! freed objects ask first, and the stories ask that such a collector does lose an object some time.

use std::collections::BTreeSet;

use crate::machine::{laws, none, reached};

use super::setup::Mode;
use super::state::{Colour, GoGc, Job, NIL, Next, Phase};
use super::{tea, ways};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoGc;

    always("phase-only-in-stw", "mgc.go: setGCPhase", |m| m.wrong.none("phase-only-in-stw"))
        broken StartsEarly: "the world is started before the phase is set";
    always("barrier-with-phase", "mgc.go: setGCPhase", barrier_with_phase)
        broken BarrierLate: "the barrier stays off when marking begins"
        broken StaysBlackening: "gcBlackenEnabled stays set when marking has ended";
    always("swept-before-mark", "mgc.go: gcStart: sweepone", swept_before_mark)
        broken SkipsSweep: "a cycle begins with spans that are not swept";
    always("colours-go-forward", "mgcmark.go: greyobject, scanobject", |m| m.wrong.none("colours-go-forward"))
        broken ClearsMark: "an object that has been scanned loses its mark bit";
    always("grey-is-queued", "mgcmark.go: greyobject", grey_is_queued)
        broken ForgetsQueue: "greyobject sets the mark bit and does not queue the object";
    always("scans-within-marks", "mgcmark_greenteagc.go: scanSpan", tea::scans_within_marks)
        broken ScansAll: "scanSpan sets the scan bit of every slot";
    always("queued-once", "mgcmark_greenteagc.go: tryDeferToSpanScan", tea::queued_once)
        broken QueuesEachMark: "a span is queued for each of its marks";
    always("marks-get-scanned", "mgcmark_greenteagc.go: scanSpan", tea::marks_get_scanned)
        broken ReleasesLate: "a span is released after its scan bits were set, not before";
    always("marks-are-scans", "mgcmark_greenteagc.go: moveInlineMarks", tea::marks_are_scans)
        broken IgnoresSpans: "queued spans are not seen as work";
    always("bits-are-colours", "malloc.go: gcmarknewobject", tea::bits_are_colours)
        broken FreshUnmarked: "a new object in a span gets neither bit";
    always("scanned-once", "mgcmark.go: markroot", scanned_once)
        broken SameRootTwice: "markrootNext is not raised for stacks";
    always("allocates-black", "malloc.go: gcmarknewobject", allocates_black)
        broken AllocatesWhite: "new objects stay white while marking goes on";
    always("no-grey-at-termination", "mgc.go: gcMark", no_grey_at_termination)
        broken NeverFlushes: "neither the ragged barrier nor STW 2 flushes wbBufs";
    always("white-is-unreachable", "mgc.go: gcMarkTermination", white_is_unreachable)
        broken SkipsRescan: "with the insertion barrier stacks are not scanned again";
    always("strong-invariant", "mbarrier.go", strong_invariant)
        broken SkipsNew: "the barrier does not record the new pointer";
    always("weak-invariant", "mbarrier.go", weak_invariant)
        broken SkipsOld: "the barrier does not record the old pointer";
    always("frees-no-reachable", "mgcsweep.go: sweep", frees_no_reachable)
        broken UsesUnswept: "an object is put into a span that is still to be swept";
    always("trigger-within-goal", "mgcpacer.go: trigger", trigger_within_goal)
        broken TriggersLate: "the trigger is not kept below the goal";
    always("cons-mark-is-highest", "mgcpacer.go: endCycle", cons_mark_is_highest)
        broken ForgetsRatios: "the last ratio alone decides the runway";
    always("minimum-heap", "mgcpacer.go: commit", minimum_heap)
        broken ForgetsMinimum: "GOGC counts from a tiny heap as well";
    always("costs-add-up", "sizeclasses.go; msize.go: roundupsize", ways::costs_add_up)
        broken AsksOnly: "sizes are not rounded up";
    always("cycles-at-trigger", "mgc.go: gcTrigger.test", ways::cycles_at_trigger)
        broken StartsAtGoal: "a cycle begins at the goal, not at the trigger";
    sometimes("floating-garbage", "malloc.go: gcmarknewobject", |m| reached(m.phase == Phase::Termination && m.counts.floating > 0))
        spoiled |m| m.gc = Mode::StopTheWorld => "nobody runs while marking goes on";
    sometimes("wbbuf-alone", "mwbbuf.go: wbBufFlush1", |m| reached(m.buffered().any(|obj| m.colour(obj) == Colour::White)))
        spoiled |m| m.gc = Mode::StopTheWorld => "nothing is ever buffered";
    sometimes("marks-on", "mgc.go: gcMarkDone", |m| reached(m.next == Next::Again))
        broken IgnoresRagged: "work that the ragged barrier finds is left to STW 2";
    sometimes("assist-parks", "mgcmark.go: gcParkAssist", |m| reached(!m.assists.is_empty()))
        spoiled |m| m.assist = false => "nobody is asked to assist";
    sometimes("credit-stolen", "mgcmark.go: gcAssistAlloc", |m| reached(m.credit > 0 && m.assist))
        spoiled |m| m.assist = false => "background work earns no credit";
    sometimes("loses-without-barrier", "mbarrier.go", |m| reached(m.counts.lost > 0))
        spoiled |m| m.gc = Mode::Hybrid => "the whole barrier runs although the setup asks for none";
    sometimes("limit-decides", "mgcpacer.go: memoryLimitHeapGoal",
        |m| reached(m.pacer.as_ref().is_some_and(|pacer| pacer.limited() && pacer.goal < pacer.gc_percent_heap_goal)))
        spoiled |m| m.lift_limit() => "there is no memory limit";
}

impl GoGc {
    /// No memory limit from now on, nor later.
    fn lift_limit(&mut self) {
        self.unlimited = true;
        if self.pacer.is_some() {
            self.set_limit(-1, true);
        }
    }
}

/// `writeBarrier.enabled` while a phase runs, and only then; blackening only while marking.
fn barrier_with_phase(m: &GoGc) -> Result<(), String> {
    let wanted = m.phase != Phase::Off && (m.gc.barrier() || m.pacer.is_some());
    none((m.barrier != wanted).then_some(()), |()| format!("the barrier is {} in phase {}", m.barrier, m.phase))?;
    none((m.blacken && m.phase != Phase::Mark).then_some(()), |()| format!("blackening in phase {}", m.phase))
}

fn swept_before_mark(m: &GoGc) -> Result<(), String> {
    let unswept = m.spans.iter().position(|span| m.phase != Phase::Off && span.sweepgen != m.sweepgen);
    none(unswept, |span| format!("span {span} is not swept, and the phase is {}", m.phase))
}

/// A grey object is in the work buffer, or at a worker; one in a span with bits is [`tea::marks_get_scanned`]'s.
fn grey_is_queued(m: &GoGc) -> Result<(), String> {
    let at_work =
        |name: &String| m.workers.values().any(|worker| worker.job.as_ref() == Some(&Job::Object(name.clone())));
    let lost = m
        .objects
        .iter()
        .filter(|(name, _)| m.bits_of(name).is_none())
        .find(|(name, object)| object.colour == Colour::Grey && !m.workbuf.contains(name) && !at_work(name));
    none(lost, |(name, _)| format!("{name} is grey, and nobody will scan it"))
}

fn scanned_once(m: &GoGc) -> Result<(), String> {
    none(m.goroutines.iter().find(|(_, goroutine)| goroutine.scans > 1), |(g, goroutine)| {
        format!("the stack of G{g} was scanned {} times in one cycle", goroutine.scans)
    })
}

fn allocates_black(m: &GoGc) -> Result<(), String> {
    let marking = m.phase != Phase::Off;
    let white = m.objects.iter().find(|(_, o)| marking && o.born == m.cycles && o.colour != Colour::Black);
    none(white, |(name, object)| format!("{name} was made while marking went on, and is {}", object.colour))
}

fn white(m: &GoGc, name: &str) -> bool {
    m.objects.get(name).is_some_and(|object| object.colour == Colour::White && !object.freed)
}

/// No black object, and no global that has been scanned, points at a white one that waits in no wbBuf.
fn strong_invariant(m: &GoGc) -> Result<(), String> {
    if !matches!(m.gc, Mode::Hybrid | Mode::GreenTea | Mode::Insertion) || !m.barrier {
        return Ok(());
    }
    let pending: BTreeSet<&String> = m.buffered().collect();
    let globals = m.globals.iter().filter(|_| m.globals_scanned);
    let slots = m.objects.iter().filter(|(_, object)| object.colour == Colour::Black);
    let slots = slots.flat_map(|(name, object)| object.slots.values().map(move |to| (name, to)));
    let found = globals.chain(slots).find(|(_, to)| white(m, to) && !pending.contains(to));
    none(found, |(from, to)| format!("{from} is black and points at {to}, which is white"))
}

/// Every white object that a scanned stack or something black can reach is also reached from something grey, through white
/// ones. Stacks and globals that have not been scanned count as grey, and so does what waits in a wbBuf.
fn weak_invariant(m: &GoGc) -> Result<(), String> {
    if !m.gc.sound() || m.phase == Phase::Off || m.next == Next::SweepReady {
        return Ok(());
    }
    let scanning =
        |name: &String| m.workers.values().find(|worker| worker.job.as_ref() == Some(&Job::Object(name.clone())));
    let (mut grey, mut black) = (Vec::new(), Vec::new());
    for (name, object) in &m.objects {
        for (slot, to) in &object.slots {
            match (object.colour, scanning(name)) {
                (Colour::Grey, Some(worker)) if !worker.todo.contains(slot) => black.push(to),
                (Colour::Grey, _) => grey.push(to),
                (Colour::Black, _) => black.push(to),
                (Colour::White, _) => {}
            }
        }
    }
    for (g, goroutine) in &m.goroutines {
        let side = if m.stack_is_black(*g) { &mut black } else { &mut grey };
        side.extend(goroutine.stack.values());
    }
    if m.globals_scanned { &mut black } else { &mut grey }.extend(m.globals.values());
    grey.extend(m.workers.values().filter(|worker| !matches!(worker.job, Some(Job::Object(_)))).flat_map(|w| &w.todo));
    grey.extend(m.buffered());
    let safe = m.reach(grey.into_iter(), |name| white(m, name));
    let seen = m.reach(black.into_iter(), |name| white(m, name));
    none(seen.difference(&safe).next(), |name| format!("{name} is white, can be reached, and nothing grey leads to it"))
}

/// When marking has ended nothing is left to do.
fn no_grey_at_termination(m: &GoGc) -> Result<(), String> {
    if m.phase != Phase::Termination || m.next == Next::Rescan {
        return Ok(());
    }
    let left = m.workbuf.iter().chain(m.wbbufs.values().flatten()).find(|name| *name != NIL);
    none(left, |name| format!("marking has ended, and {name} still waits"))
}

/// When marking has ended all that can be reached is marked.
fn white_is_unreachable(m: &GoGc) -> Result<(), String> {
    if m.phase != Phase::Termination || m.next != Next::SetOff || !m.gc.sound() {
        return Ok(());
    }
    none(m.reachable().into_iter().find(|name| white(m, name)), |name| format!("{name} is white and can be reached"))
}

fn frees_no_reachable(m: &GoGc) -> Result<(), String> {
    let freed = m.objects.iter().find(|(_, object)| object.freed && m.gc.sound());
    none(freed, |(name, _)| format!("{name} has been freed, and somebody points at it"))
}

fn trigger_within_goal(m: &GoGc) -> Result<(), String> {
    let beyond = m.pacers().find(|pacer| pacer.trigger > pacer.goal);
    none(beyond, |pacer| format!("the trigger is {}, the goal {}", pacer.trigger, pacer.goal))
}

fn cons_mark_is_highest(m: &GoGc) -> Result<(), String> {
    let below = m.pacers().find(|pacer| pacer.last_cons_mark.iter().any(|ratio| ratio.0 > pacer.cons_mark.0));
    none(below, |pacer| format!("consMark is {}, one of the last is higher", pacer.cons_mark.0))
}

/// GOGC asks for no less than 4 MiB · GOGC / 100.
fn minimum_heap(m: &GoGc) -> Result<(), String> {
    let below = m.pacers().find(|pacer| pacer.gc_percent_heap_goal < pacer.heap_minimum);
    none(below, |pacer| {
        format!("the goal of GOGC is {}, the minimum {}", pacer.gc_percent_heap_goal, pacer.heap_minimum)
    })
}
