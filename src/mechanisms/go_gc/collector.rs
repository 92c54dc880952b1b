//! What the collector does: gcStart, the workers, gcMarkDone and gcMarkTermination, the sweeper.

use super::event::Event;
use super::laws::Fault;
use super::setup::Mode;
use super::state::{Colour, GoGc, Job, NIL, Next, Phase};

impl GoGc {
    /// Colours go from white over grey to black.
    pub(super) fn paint(&mut self, name: &str, colour: Colour) {
        let Some(object) = self.objects.get_mut(name) else { return };
        if colour < object.colour {
            let was = object.colour;
            self.wrong.note("colours-go-forward", || format!("{name} was {was} and becomes {colour}"));
        }
        object.colour = colour;
    }

    /// `shade`, `greyobject`: marks a white object and queues it, unless it has no pointers. Whether it was white.
    pub(super) fn shade(&mut self, name: &str) -> bool {
        let Some(object) = self.objects.get(name) else { return false };
        if object.colour != Colour::White || object.freed {
            return false;
        }
        if object.slots.is_empty() {
            self.paint(name, Colour::Black);
            self.mark_noscan(name);
            return true;
        }
        self.paint(name, Colour::Grey);
        if self.defer_to_span(name) {
            return true;
        }
        if self.fault != Fault::ForgetsQueue {
            self.workbuf.push(name.to_owned());
            self.counts.queued += 1;
        }
        true
    }

    pub(super) fn shade_all(&mut self, names: impl IntoIterator<Item = String>) -> Vec<String> {
        names.into_iter().filter(|name| self.shade(name)).collect()
    }

    /// `wbBufFlush1`: how many entries there were, and what was white.
    pub(super) fn flush(&mut self, p: u32) -> (usize, Vec<String>) {
        let entries = self.wbbufs.get_mut(&p).map(std::mem::take).unwrap_or_default();
        (entries.len(), self.shade_all(entries))
    }

    /// Takes the next grey object off the work buffer and scans it as a whole, with the world stopped or as an assist.
    pub(super) fn scan_next(&mut self) -> (String, Vec<String>) {
        let obj = self.workbuf.pop().unwrap_or_default();
        let shaded = self.scan_whole(&obj);
        (obj, shaded)
    }

    /// Scans an object in one step: what was white in it.
    pub(super) fn scan_whole(&mut self, obj: &str) -> Vec<String> {
        let slots: Vec<String> = self.objects.get(obj).into_iter().flat_map(|o| o.slots.values().cloned()).collect();
        let shaded = self.shade_all(slots);
        self.paint(obj, Colour::Black);
        self.counts.scanned += 1;
        shaded
    }

    // --- workers ---

    /// Whether the worker of `p` has something to do.
    pub(super) fn can_work(&self, p: u32) -> bool {
        let Some(worker) = self.workers.get(&p).filter(|_| self.marking()) else { return false };
        match &worker.job {
            Some(Job::Stack(g)) if !self.goroutines[g].suspended => !self.goroutines[g].storing(),
            Some(_) => true,
            None if self.busy(Some(p)) => false,
            None => {
                let pays = self.credit > 0 && !self.assists.is_empty();
                !self.roots.is_empty() || self.queued() > 0 || pays || !worker.waits
            }
        }
    }

    /// Every worker has run out of work: `gcMarkDone` may begin.
    pub(super) fn out_of_work(&self) -> bool {
        let idle = self.workers.values().all(|worker| worker.job.is_none() && worker.waits);
        self.marking() && idle && self.roots.is_empty() && self.queued() == 0
    }

    /// `gcDrain`, one step: root jobs before objects; the wbBuf of its P when there is nothing else.
    pub(super) fn work(&mut self, p: u32) -> Event {
        let worker = self.workers.entry(p).or_default();
        worker.waits = false;
        let Some(job) = worker.job.clone() else { return self.take(p) };
        if let Job::Span(span) = job {
            return self.scan_span(p, span);
        }
        match (&job, worker.todo.pop()) {
            (Job::Stack(g), None) if !self.goroutines[g].suspended => self.suspend(p, *g),
            (Job::Stack(g), None) => {
                self.workers.entry(p).or_default().job = None;
                self.scanned(*g);
                Event::StackScanned { p, g: *g }
            }
            (Job::Globals, None) => {
                self.workers.entry(p).or_default().job = None;
                self.globals_scanned = true;
                Event::GlobalsScanned { p, barrier: self.barrier }
            }
            (Job::Object(obj), None) => self.blacken(p, obj.clone()),
            (Job::Span(_), None) => unreachable!("told above"),
            (job, Some(next)) => {
                let to = match job {
                    Job::Object(obj) => self.objects.get(obj).and_then(|object| object.slots.get(&next)).cloned(),
                    _ => Some(next),
                };
                self.find(p, &job.clone(), &to.unwrap_or_default())
            }
        }
    }

    /// A pointer has been found: greys what it points at; if that is marked already, goes on with the next one.
    fn find(&mut self, p: u32, from: &Job, to: &str) -> Event {
        if !self.shade(to) {
            return self.work(p);
        }
        let (obj, from, queued) = (to.to_owned(), from.clone(), self.workbuf.len());
        match self.colour(to) {
            Colour::Black => Event::NoscanMarked { p, obj, from },
            _ if self.bits_of(to).is_some() => self.deferred(p, obj, from),
            _ => Event::Greyed { p, obj, from, queued },
        }
    }

    fn blacken(&mut self, p: u32, obj: String) -> Event {
        self.next_of_batch(p);
        self.paint(&obj, if self.fault == Fault::ClearsMark { Colour::White } else { Colour::Black });
        if self.fault == Fault::ClearsMark {
            self.set_bits(&obj, false);
        }
        self.counts.scanned += 1;
        self.credit += u32::from(self.assist);
        Event::Blackened { p, obj }
    }

    /// The next job; but first credit of background work pays for whoever has waited longest (`gcFlushBgCredit`).
    fn take(&mut self, p: u32) -> Event {
        if self.credit > 0
            && let Some(g) = self.assists.pop_front()
        {
            self.credit -= 1;
            if let Some(goroutine) = self.goroutines.get_mut(&g) {
                goroutine.owed = 0;
            }
            return Event::AssistPaid { p, g };
        }
        let next = match self.roots.front() {
            Some(Job::Stack(g)) if self.fault == Fault::SameRootTwice && self.goroutines[g].scans == 0 => {
                Some(Job::Stack(*g))
            }
            _ => self.roots.pop_front(),
        };
        if let Some(job) = next {
            if job == Job::Globals {
                let found = self.globals.values().rev().filter(|to| *to != NIL).cloned().collect();
                self.workers.entry(p).or_default().todo = found;
            }
            self.workers.entry(p).or_default().job = Some(job.clone());
            return Event::RootTaken { p, job, left: self.roots.len() };
        }
        if let Some(obj) = self.workbuf.pop() {
            self.begin_object(p, &obj);
            return Event::Popped { p, obj, left: self.workbuf.len() };
        }
        if self.fault != Fault::IgnoresSpans
            && let Some(entry) = self.spanq.pop_front()
        {
            return self.dequeue(p, entry);
        }
        if !self.wbbufs[&p].is_empty() {
            let (n, shaded) = self.flush(p);
            return Event::WbBufFlushed { p, by: "worker", n, shaded };
        }
        self.workers.entry(p).or_default().waits = true;
        Event::WorkerWaits { p, waiting: self.workers.values().filter(|worker| worker.waits).count() }
    }

    /// An object becomes the job of a worker: its slots are to be looked at.
    pub(super) fn begin_object(&mut self, p: u32, obj: &str) {
        let slots = self.objects.get(obj).map(|object| object.slots.keys().rev().cloned().collect());
        let worker = self.workers.entry(p).or_default();
        (worker.job, worker.todo) = (Some(Job::Object(obj.to_owned())), slots.unwrap_or_default());
    }

    /// `scanstack`: the goroutine stands still meanwhile.
    fn suspend(&mut self, p: u32, g: u32) -> Event {
        let Some(goroutine) = self.goroutines.get_mut(&g) else { return self.take(p) };
        goroutine.suspended = true;
        let found: Vec<String> = goroutine.stack.values().rev().filter(|to| *to != NIL).cloned().collect();
        self.workers.entry(p).or_default().todo.clone_from(&found);
        Event::Suspended { p, g, found }
    }

    fn scanned(&mut self, g: u32) {
        if let Some(goroutine) = self.goroutines.get_mut(&g) {
            (goroutine.suspended, goroutine.gcscandone) = (false, true);
            goroutine.scans += 1;
        }
    }

    /// All that a stack points at, shaded.
    fn shade_stack(&mut self, g: u32) -> Vec<String> {
        let found: Vec<String> = self.goroutines[&g].stack.values().cloned().collect();
        self.shade_all(found)
    }

    // --- gcStart, gcMarkDone, gcMarkTermination ---

    /// Whether the collector can take its next step: it cannot stop the world in the middle of a barrier.
    pub(super) fn can_go_on(&self) -> bool {
        match self.next {
            Next::Sleep | Next::SweepRest => self.pacer.is_none() && (self.unswept().is_some() || !self.busy(None)),
            Next::Mark => self.out_of_work() && !self.busy(None),
            Next::StopSecond | Next::Ragged => !self.busy(None),
            _ => true,
        }
    }

    fn phase(&mut self, phase: Phase) {
        if self.stopped.is_none() {
            self.wrong.note("phase-only-in-stw", || format!("{} becomes {phase} while the world runs", self.phase));
        }
        self.phase = phase;
        self.barrier = phase != Phase::Off && self.gc.barrier();
        if self.fault == Fault::BarrierLate && phase == Phase::Mark {
            self.barrier = false;
        }
    }

    /// The next step of the collector outside of its workers.
    pub(super) fn collect(&mut self) -> Event {
        self.counts.pause += u32::from(self.stopped.is_some());
        match self.next {
            Next::Sleep | Next::SweepRest if self.unswept().or(self.sweeping()).is_some() && !self.skips_sweep() => {
                self.next = Next::SweepRest;
                self.sweep("gcStart")
            }
            Next::Sleep | Next::SweepRest => {
                self.next = Next::Reset;
                self.stop(match self.gc {
                    Mode::StopTheWorld => "mark and sweep",
                    Mode::ConcurrentSweep => "mark",
                    _ => "sweep termination",
                })
            }
            Next::Reset => {
                self.next = Next::SetMark;
                self.cycles += 1;
                self.globals_scanned = false;
                for goroutine in self.goroutines.values_mut() {
                    (goroutine.gcscandone, goroutine.scans, goroutine.owed) = (false, 0, 0);
                }
                (self.credit, self.counts.pause) = (0, 2);
                Event::MarkReset { cycles: self.cycles }
            }
            Next::SetMark => {
                self.next = Next::CountRoots;
                if self.fault == Fault::StartsEarly {
                    self.stopped = None;
                }
                self.phase(Phase::Mark);
                Event::MarkPhase { barrier: self.barrier }
            }
            Next::CountRoots => {
                self.roots =
                    std::iter::once(Job::Globals).chain(self.goroutines.keys().map(|g| Job::Stack(*g))).collect();
                self.next = if self.gc == Mode::Deletion { Next::Snapshot } else { Next::BlackenOn };
                Event::RootsCounted { roots: self.roots.len() }
            }
            Next::Snapshot => match self.roots.iter().position(|job| matches!(job, Job::Stack(_))) {
                Some(at) => {
                    let Some(Job::Stack(g)) = self.roots.remove(at) else { unreachable!("a stack stands there") };
                    let shaded = self.shade_stack(g);
                    self.scanned(g);
                    Event::StackSnapshot { g, shaded }
                }
                None => self.blacken_on(),
            },
            Next::BlackenOn => self.blacken_on(),
            Next::StartFirst => {
                self.next = Next::Mark;
                self.start()
            }
            Next::Mark | Next::Ragged => self.mark_done(),
            Next::Again => {
                self.next = Next::Mark;
                Event::MarkingAgain { queued: self.queued() }
            }
            Next::StopSecond => {
                self.next = Next::FlushAgain;
                self.stop("mark termination")
            }
            Next::FlushAgain => self.flush_again(),
            Next::BlackenOff if self.queued() > 0 => {
                self.next = Next::Mark;
                self.stopped = None;
                Event::Restarted { queued: self.queued() }
            }
            Next::BlackenOff => {
                self.next = Next::SetTermination;
                self.blacken = self.fault == Fault::StaysBlackening;
                let woken = self.assists.len();
                for g in std::mem::take(&mut self.assists) {
                    if let Some(goroutine) = self.goroutines.get_mut(&g) {
                        goroutine.owed = 0;
                    }
                }
                Event::BlackenOff { woken }
            }
            Next::SetTermination => {
                self.next = if self.gc == Mode::Insertion { Next::Rescan } else { Next::CheckMark };
                if self.gc == Mode::Insertion && self.fault != Fault::SkipsRescan {
                    self.roots = self.goroutines.keys().map(|g| Job::Stack(*g)).collect();
                }
                self.phase(Phase::Termination);
                self.settle();
                Event::TerminationPhase
            }
            Next::Rescan => self.rescan(),
            Next::CheckMark => self.check_mark(),
            Next::SetOff => {
                self.next = Next::SweepReady;
                let barrier = self.barrier;
                self.phase(Phase::Off);
                Event::OffPhase { barrier }
            }
            Next::SweepReady => {
                self.sweepgen += 2;
                self.next = if self.gc == Mode::StopTheWorld { Next::SweepAll } else { Next::StartSecond };
                Event::SweepReady { sweepgen: self.sweepgen, spans: self.spans.len() }
            }
            Next::SweepAll if self.unswept().or(self.sweeping()).is_some() => self.sweep("gcSweep"),
            Next::SweepAll | Next::StartSecond => {
                self.next = Next::Sleep;
                self.start()
            }
        }
    }

    fn skips_sweep(&self) -> bool {
        self.fault == Fault::SkipsSweep
    }

    fn stop(&mut self, why: &'static str) -> Event {
        self.stopped = Some(why);
        self.counts.pause = 1;
        Event::WorldStopped { why }
    }

    fn start(&mut self) -> Event {
        self.stopped = None;
        Event::WorldStarted { pause: self.counts.pause }
    }

    fn blacken_on(&mut self) -> Event {
        self.blacken = true;
        self.workers.values_mut().for_each(|worker| worker.waits = false);
        // Before 1.5 the world stays stopped for all of marking.
        self.next = if self.gc.stops_for_mark() { Next::Mark } else { Next::StartFirst };
        Event::BlackenOn
    }

    /// The ragged barrier: one P after the other flushes its wbBuf; if that brought work, marking goes on.
    fn mark_done(&mut self) -> Event {
        if self.gc.stops_for_mark() {
            self.next = Next::SetTermination;
            self.blacken = false;
            return Event::BlackenOff { woken: 0 };
        }
        if self.next == Next::Mark {
            (self.next, self.dirty) = (Next::Ragged, false);
            self.workers.values_mut().for_each(|worker| worker.waits = false);
        }
        // A worker that waits has flushed in this round.
        let p = self.workers.iter().find(|(_, worker)| !worker.waits).map_or(0, |(p, _)| *p);
        let (n, shaded) =
            if self.fault == Fault::NeverFlushes { (self.wbbufs[&p].len(), Vec::new()) } else { self.flush(p) };
        self.dirty |= !shaded.is_empty() || self.queued() > 0;
        self.workers.entry(p).or_default().waits = true;
        if self.workers.values().all(|worker| worker.waits) {
            self.workers.values_mut().for_each(|worker| worker.waits = false);
            self.next = if self.dirty && self.fault != Fault::IgnoresRagged { Next::Again } else { Next::StopSecond };
        }
        Event::RaggedFlushed { p, n, shaded }
    }

    fn flush_again(&mut self) -> Event {
        self.next = Next::BlackenOff;
        let ps: Vec<u32> = self.wbbufs.keys().copied().collect();
        let (mut entries, mut all) = (0, Vec::new());
        if self.fault != Fault::NeverFlushes {
            for p in ps {
                let (n, shaded) = self.flush(p);
                entries += n;
                all.extend(shaded);
            }
        }
        Event::FlushedAgain { n: entries, shaded: all }
    }

    /// Go 1.5 to 1.7: stacks again, and all that comes of it, while the world is stopped.
    fn rescan(&mut self) -> Event {
        if let Some(Job::Stack(g)) = self.roots.pop_front() {
            let shaded = self.shade_stack(g);
            return Event::StackRescanned { g, shaded };
        }
        if self.workbuf.is_empty() {
            return self.check_mark();
        }
        let (obj, shaded) = self.scan_next();
        Event::StwDrained { obj, shaded }
    }

    fn check_mark(&mut self) -> Event {
        self.next = Next::SetOff;
        self.wbbufs.values_mut().for_each(Vec::clear);
        self.workbuf.clear();
        self.spanq.clear();
        self.settle();
        let of = |colour| self.objects.values().filter(|object| object.colour == colour).count();
        Event::MarkChecked { black: of(Colour::Black), white: of(Colour::White) }
    }

    /// Counts garbage that this cycle keeps.
    fn settle(&mut self) {
        let reachable = self.reachable();
        let floats = |(name, object): &(&String, &super::state::Object)| {
            object.colour == Colour::Black && !reachable.contains(name.as_str())
        };
        self.counts.floating = self.objects.iter().filter(floats).count() as u32;
    }
}
