//! Green Tea (`mgcmark_greenteagc.go` of Go 1.27.3): what is queued is the span of a small object, once for all that is marked
//! in it until its turn comes. Finding a pointer, setting the mark and queueing the span is one step here.
//!
//! An object's colour stays grey until all of it has been looked at; its scan bit is set when a worker takes it on.

use std::fmt;

use serde::Serialize;

use crate::machine::none;
use crate::text::{as_displayed, named};

use super::event::Event;
use super::laws::Fault;
use super::setup::{Mode, Setup};
use super::state::{Colour, GoGc, Job, Phase, Span, Worker};

named! {
    /// `spanScanOwnership`: whether somebody has queued the span, and how many marks have come since, at most.
    #[derive(Default)]
    pub enum Owned by text {
        #[default]
        Unowned = "unowned",
        OneMark = "OneMark",
        ManyMark = "ManyMark",
    }
}

impl fmt::Display for Owned {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.text())
    }
}

as_displayed!(Owned);

/// `spanInlineMarkBits`: what lies at the end of a span of small objects, a bit of each kind a slot.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Bits {
    pub(super) scans: Vec<bool>,
    pub(super) owned: Owned,
    pub(super) marks: Vec<bool>,
    /// Its objects have no pointers: marked, they are done with.
    pub(super) noscan: bool,
}

impl Bits {
    pub(super) fn new(slots: usize, noscan: bool) -> Bits {
        Bits { scans: vec![false; slots], marks: vec![false; slots], noscan, owned: Owned::Unowned }
    }

    /// Slots that are marked and not scanned.
    fn unscanned(&self) -> impl Iterator<Item = usize> {
        (0..self.marks.len()).filter(|at| self.marks[*at] && !self.scans[*at])
    }
}

/// `objptr`: a span in the queue, with the object whose mark has put it there.
#[derive(Clone, Debug, Hash, Serialize)]
#[allow(missing_docs, reason = "told above")]
pub struct Entry {
    pub(super) span: usize,
    pub(super) obj: String,
}

/// The spans that a heap begins with: objects in the order of their names. For Green Tea objects with pointers, without, and
/// those of more than 512 bytes lie apart, as size classes and `noscan` keep them apart in Go.
pub(super) fn spans(setup: &Setup) -> Vec<Span> {
    let tea = setup.gc == Mode::GreenTea;
    let kind = |name: &String| match (tea, setup.over512.contains(name)) {
        (true, true) => 2,
        (true, false) => usize::from(setup.objects[name].is_empty()),
        (false, _) => 0,
    };
    let mut found = Vec::new();
    for of in 0..3 {
        let names: Vec<&String> = setup.objects.keys().filter(|name| kind(name) == of).collect();
        found.extend(names.chunks(setup.span.max(1)).map(|names| Span {
            slots: (0..setup.span).map(|at| names.get(at).map(|name| (*name).clone())).collect(),
            sweepgen: 0,
            bits: (tea && of < 2).then(|| Bits::new(setup.span, of == 1)),
        }));
    }
    found
}

/// A span without objects.
pub(super) fn empty_span(gc: Mode, slots: usize) -> Span {
    Span { slots: vec![None; slots], sweepgen: 0, bits: (gc == Mode::GreenTea).then(|| Bits::new(slots, false)) }
}

impl GoGc {
    /// Span and slot of an object that lies in a span with bits.
    pub(super) fn bits_of(&self, name: &str) -> Option<(usize, usize)> {
        let at = self.objects.get(name)?.span;
        let span = self.spans.get(at).filter(|span| span.bits.is_some())?;
        Some((at, span.slots.iter().position(|slot| slot.as_deref() == Some(name))?))
    }

    fn bits(&mut self, span: usize) -> Option<&mut Bits> {
        self.spans.get_mut(span)?.bits.as_mut()
    }

    /// Sets or clears both bits of an object.
    pub(super) fn set_bits(&mut self, name: &str, to: bool) {
        if let Some((span, slot)) = self.bits_of(name)
            && let Some(bits) = self.bits(span)
        {
            (bits.marks[slot], bits.scans[slot]) = (to, to);
        }
    }

    /// An object without pointers is marked: there is nothing to queue.
    pub(super) fn mark_noscan(&mut self, name: &str) {
        if let Some((span, slot)) = self.bits_of(name)
            && let Some(bits) = self.bits(span)
        {
            bits.marks[slot] = true;
        }
    }

    /// Whether new objects, which have a pointer, may lie in this span.
    pub(super) fn takes_new(&self, span: &Span) -> bool {
        self.gc != Mode::GreenTea || span.bits.as_ref().is_some_and(|bits| !bits.noscan)
    }

    /// Entries that wait in the work buffer and in the queue of spans.
    pub(super) fn queued(&self) -> usize {
        self.workbuf.len() + if self.fault == Fault::IgnoresSpans { 0 } else { self.spanq.len() }
    }

    /// `tryDeferToSpanScan`: sets the mark bit and queues the span, if nobody owns it. Whether the object lies in such a span.
    pub(super) fn defer_to_span(&mut self, name: &str) -> bool {
        let Some((span, slot)) = self.bits_of(name) else { return false };
        let each = self.fault == Fault::QueuesEachMark;
        let Some(bits) = self.bits(span) else { return false };
        bits.marks[slot] = true;
        let unowned = bits.owned == Owned::Unowned;
        bits.owned = if unowned { Owned::OneMark } else { Owned::ManyMark };
        if unowned || each {
            self.spanq.push_back(Entry { span, obj: name.to_owned() });
            self.counts.queued += 1;
        }
        true
    }

    /// What a worker that has marked such an object has done.
    pub(super) fn deferred(&self, p: u32, obj: String, from: Job) -> Event {
        let span = self.objects[&obj].span;
        if self.spanq.back().is_some_and(|entry| entry.obj == obj) {
            return Event::SpanQueued { p, obj, from, span, queued: self.spanq.len() };
        }
        let wait = self.spans[span].bits.as_ref().map_or(0, |bits| bits.unscanned().count());
        Event::SpanMarked { p, obj, from, span, wait }
    }

    /// A worker takes the span at the head of the queue.
    pub(super) fn dequeue(&mut self, p: u32, Entry { span, obj }: Entry) -> Event {
        let worker = self.workers.entry(p).or_default();
        (worker.job, worker.todo) = (Some(Job::Span(span)), vec![obj.clone()]);
        Event::SpanDequeued { p, span, obj, left: self.spanq.len() }
    }

    /// `scanSpan` up to the scans themselves: gives up the ownership, then settles what is to be scanned. In this order a mark
    /// that comes in between queues the span again.
    pub(super) fn scan_span(&mut self, p: u32, span: usize) -> Event {
        let late = self.fault == Fault::ReleasesLate;
        let Some(found) = self.workers[&p].found else {
            let found = if late { self.owner(span) } else { self.release(span) };
            if late {
                self.settle_scans(p, span, found);
            }
            self.workers.entry(p).or_default().found = Some(found);
            return Event::SpanReleased { p, span, found };
        };
        if late {
            self.release(span);
        } else {
            self.settle_scans(p, span, found);
        }
        let objs = self.workers[&p].batch.clone();
        self.workers.entry(p).or_default().found = None;
        self.next_of_batch(p);
        Event::ScansSet { p, span, found, n: objs.len(), objs }
    }

    fn owner(&self, span: usize) -> Owned {
        self.spans[span].bits.as_ref().map_or(Owned::Unowned, |bits| bits.owned)
    }

    fn release(&mut self, span: usize) -> Owned {
        self.bits(span).map_or(Owned::Unowned, |bits| std::mem::take(&mut bits.owned))
    }

    /// What a worker is to scan of a span.
    fn settle_scans(&mut self, p: u32, span: usize, found: Owned) {
        let queued_for = self.workers.entry(p).or_default().todo.pop().unwrap_or_default();
        self.workers.entry(p).or_default().batch = self.set_scans(span, found, &queued_for);
    }

    /// Sets the scan bit of the one object that was marked, or of all that are marked: what is to be scanned.
    fn set_scans(&mut self, span: usize, found: Owned, queued_for: &str) -> Vec<String> {
        let all = self.fault == Fault::ScansAll;
        let slots = self.spans[span].slots.clone();
        let Some(bits) = self.bits(span) else { return Vec::new() };
        let named = |at: &usize| found != Owned::OneMark || slots[*at].as_deref() == Some(queued_for);
        let chosen: Vec<usize> = bits.unscanned().filter(named).collect();
        chosen.iter().for_each(|at| bits.scans[*at] = true);
        if all {
            bits.scans.fill(true);
        }
        chosen.into_iter().filter_map(|at| slots[at].clone()).collect()
    }

    /// The next object of the span that a worker is at, if there is one.
    pub(super) fn next_of_batch(&mut self, p: u32) {
        let Worker { job, batch, .. } = self.workers.entry(p).or_default();
        *job = None;
        if !batch.is_empty() {
            let next = batch.remove(0);
            self.begin_object(p, &next);
        }
    }

    /// An assist takes a span (`gcDrainN`): all of it in one step.
    pub(super) fn assist_span(&mut self, g: u32) -> Event {
        let Some(Entry { span, obj }) = self.spanq.pop_front() else { unreachable!("something is queued") };
        let found = self.release(span);
        let objs = self.set_scans(span, found, &obj);
        let shaded = objs.iter().flat_map(|obj| self.scan_whole(obj)).collect();
        Event::SpanAssisted { g, span, objs, shaded }
    }
}

// --- laws ---

fn spans_with_bits(m: &GoGc) -> impl Iterator<Item = (usize, &Span, &Bits)> {
    m.spans.iter().enumerate().filter_map(|(at, span)| Some((at, span, span.bits.as_ref()?)))
}

/// What is scanned has been marked.
pub(super) fn scans_within_marks(m: &GoGc) -> Result<(), String> {
    let slot = |bits: &Bits| (0..bits.marks.len()).find(|at| bits.scans[*at] && !bits.marks[*at]);
    let found = spans_with_bits(m).find_map(|(span, _, bits)| Some((span, slot(bits)?)));
    none(found, |(span, slot)| format!("slot {slot} of span {span} has a scan bit and no mark bit"))
}

/// A span lies in the queue once, and is owned there.
pub(super) fn queued_once(m: &GoGc) -> Result<(), String> {
    let times = |span: usize| m.spanq.iter().filter(|entry| entry.span == span).count();
    let wrong = spans_with_bits(m).find(|(span, _, bits)| times(*span) > usize::from(bits.owned != Owned::Unowned));
    none(wrong, |(span, _, bits)| format!("span {span} is {} and queued {} times", bits.owned, times(span)))
}

/// A span in which something is marked and not scanned is queued, or at a worker that has yet to settle what it scans.
pub(super) fn marks_get_scanned(m: &GoGc) -> Result<(), String> {
    let known = |span: usize| {
        let taken = m.workers.values().any(|worker| worker.job == Some(Job::Span(span)));
        taken || m.spanq.iter().any(|entry| entry.span == span)
    };
    let left = |span: usize, bits: &Bits| bits.unscanned().next().filter(|_| !bits.noscan && !known(span));
    let found = spans_with_bits(m).find_map(|(span, _, bits)| Some((span, left(span, bits)?)));
    none(found, |(span, slot)| format!("slot {slot} of span {span} is marked, and nobody will scan it"))
}

/// When marking has ended all that is marked has been scanned.
pub(super) fn marks_are_scans(m: &GoGc) -> Result<(), String> {
    let left = spans_with_bits(m).find(|(_, _, bits)| !bits.noscan && bits.unscanned().next().is_some());
    none(left.filter(|_| m.phase == Phase::Termination), |(span, ..)| {
        format!("marking has ended, and span {span} has marks without scan bits")
    })
}

/// White has no mark bit; grey and black have one; black has both bits, unless there is nothing to scan.
pub(super) fn bits_are_colours(m: &GoGc) -> Result<(), String> {
    let agree = |name: &str, at: usize, bits: &Bits| match m.colour(name) {
        Colour::White => !bits.marks[at],
        Colour::Grey => bits.marks[at],
        Colour::Black => bits.marks[at] && (bits.scans[at] || bits.noscan),
    };
    let wrong = spans_with_bits(m).find_map(|(_, span, bits)| {
        let mut named = span.slots.iter().enumerate().filter_map(|(at, slot)| Some((at, slot.as_ref()?)));
        named.find(|(at, name)| !agree(name, *at, bits)).map(|(_, name)| name)
    });
    none(wrong, |name| format!("{name} is {}, and its bits are not", m.colour(name)))
}
