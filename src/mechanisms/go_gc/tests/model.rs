//! A second model of the same small heap, written down anew from the facts: numbers and a few bits instead of names and
//! maps, one function for all steps. It shares no line with the machine, and must come to the same number of states.
//!
//! (A model checker of its own was weighed: its crate brings a web server and forty others into every build of the tests,
//! and would check the same transitions that stand here.)

use std::collections::{HashSet, VecDeque};

use super::Mode;

/// Entries of the one wbBuf.
const ROOM: usize = 2;

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
enum Colour {
    #[default]
    White,
    Grey,
    Black,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
enum Pc {
    #[default]
    Start,
    Reset,
    Phase,
    Count,
    Stacks,
    Blacken,
    Go,
    Mark,
    Again,
    Stop,
    Flush,
    Quiet,
    Terminate,
    Rescan,
    Check,
    Off,
    Sweep,
    GoAgain,
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Job {
    Globals,
    Stack,
    Object(usize),
    /// Green Tea: the span, queued for this object; whether it has been released, and had many marks then.
    Span(usize, Option<bool>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Test,
    New,
    Old,
    Write,
}

/// A and B (0 and 1) have a slot that holds W or nothing; W (2) has none, under Green Tea one that stays empty: all lie in one
/// span then. The goroutine holds A, B, and W or nothing.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Heap {
    pc: Pc,
    slots: [bool; 2],
    held: bool,
    colours: [Colour; 3],
    gone: bool,
    lost: bool,
    roots: (bool, bool),
    job: Option<Job>,
    todo: Vec<usize>,
    suspended: bool,
    scanned: (bool, bool),
    waits: bool,
    grey: Vec<usize>,
    buffer: Vec<bool>,
    /// A store to this slot, of W's variable or of nil.
    store: Option<(usize, bool, At)>,
    dirty: bool,
    paused: u8,
    counted: u8,
    floats: bool,
    /// 1: the span is taken, 2: swept.
    sweep: u8,
    tea: bool,
    /// Bits of the one span: marked, scanned; 0 to 2 marks since it was queued or released; what it is queued for.
    marks: u8,
    scans: u8,
    owned: u8,
    spans: Vec<usize>,
    /// Bits of what is still to be scanned of the span.
    batch: u8,
    queued: u8,
}

fn stopped(pc: Pc) -> bool {
    !matches!(pc, Pc::Start | Pc::Mark | Pc::Again | Pc::Stop | Pc::Over)
}

fn barrier(pc: Pc, gc: Mode) -> bool {
    gc != Mode::NoBarrier && !matches!(pc, Pc::Start | Pc::Reset | Pc::Phase | Pc::Sweep | Pc::GoAgain | Pc::Over)
}

impl Heap {
    fn shade(&mut self, object: usize) -> bool {
        if self.colours[object] != Colour::White || object == 2 && self.gone {
            return false;
        }
        let ends = object == 2 && !self.tea;
        self.colours[object] = if ends { Colour::Black } else { Colour::Grey };
        if self.tea {
            self.marks |= 1 << object;
            if self.owned == 0 {
                self.spans.push(object);
            }
            self.queued += u8::from(self.owned == 0);
            self.owned = (self.owned + 1).min(2);
        } else if !ends {
            self.grey.push(object);
            self.queued += 1;
        }
        true
    }

    fn flush(&mut self) -> bool {
        let entries = std::mem::take(&mut self.buffer);
        entries.into_iter().filter(|entry| *entry && self.shade(2)).count() > 0
    }

    fn shade_stack(&mut self) {
        self.shade(0);
        self.shade(1);
        if self.held {
            self.shade(2);
        }
    }

    fn reachable(&self) -> bool {
        self.held || self.slots[0] || self.slots[1]
    }

    fn check(&mut self) {
        self.buffer.clear();
        self.grey.clear();
        self.spans.clear();
        self.settle();
        self.pc = Pc::Off;
    }

    fn settle(&mut self) {
        self.floats = self.colours[2] == Colour::Black && !self.reachable();
    }

    fn any_queued(&self) -> bool {
        !self.grey.is_empty() || !self.spans.is_empty()
    }

    fn storing(&self) -> bool {
        matches!(self.store, Some((_, _, At::New | At::Old | At::Write)))
    }

    /// gcStart, gcMarkDone and gcMarkTermination.
    fn collect(&mut self, gc: Mode) {
        self.paused += u8::from(stopped(self.pc));
        self.pc = match self.pc {
            Pc::Start => {
                self.paused = 1;
                Pc::Reset
            }
            Pc::Reset => {
                self.paused = 2;
                Pc::Phase
            }
            Pc::Phase => Pc::Count,
            Pc::Count => {
                self.roots = (true, true);
                if gc == Mode::Deletion { Pc::Stacks } else { Pc::Blacken }
            }
            Pc::Stacks if self.roots.1 => {
                self.roots.1 = false;
                self.shade_stack();
                self.scanned.1 = true;
                Pc::Stacks
            }
            Pc::Stacks | Pc::Blacken => Pc::Go,
            Pc::Go | Pc::Again => Pc::Mark,
            Pc::Mark => {
                self.waits = false;
                self.dirty = self.flush() || self.any_queued();
                if self.dirty { Pc::Again } else { Pc::Stop }
            }
            Pc::Stop => {
                self.paused = 1;
                Pc::Flush
            }
            Pc::Flush => {
                self.flush();
                Pc::Quiet
            }
            Pc::Quiet => {
                if self.any_queued() {
                    Pc::Mark
                } else {
                    Pc::Terminate
                }
            }
            Pc::Terminate => {
                self.settle();
                self.roots.1 = gc == Mode::Insertion;
                if gc == Mode::Insertion { Pc::Rescan } else { Pc::Check }
            }
            Pc::Rescan if self.roots.1 => {
                self.roots.1 = false;
                self.shade_stack();
                Pc::Rescan
            }
            Pc::Rescan if !self.grey.is_empty() => {
                let object = self.grey.pop().unwrap();
                if self.slots[object] {
                    self.shade(2);
                }
                self.colours[object] = Colour::Black;
                self.counted += 1;
                Pc::Rescan
            }
            Pc::Rescan | Pc::Check => {
                self.check();
                Pc::Off
            }
            Pc::Off => Pc::Sweep,
            Pc::Sweep => Pc::GoAgain,
            Pc::GoAgain | Pc::Over => Pc::Over,
        };
    }

    /// gcDrain: one step, which goes on until something was white or a job is done.
    fn work(&mut self) {
        self.waits = false;
        let Some(job) = self.job else {
            if self.roots.0 {
                (self.roots.0, self.job, self.todo) = (false, Some(Job::Globals), vec![1, 0]);
            } else if self.roots.1 {
                (self.roots.1, self.job) = (false, Some(Job::Stack));
            } else if let Some(object) = self.grey.pop() {
                // The slot is looked at when its turn comes, not now.
                (self.job, self.todo) = (Some(Job::Object(object)), vec![3]);
            } else if !self.spans.is_empty() {
                self.job = Some(Job::Span(self.spans.remove(0), None));
            } else if !self.buffer.is_empty() {
                self.flush();
            } else {
                self.waits = true;
            }
            return;
        };
        if let Job::Span(object, many) = job {
            return self.span(object, many);
        }
        if job == Job::Stack && !self.suspended {
            self.suspended = true;
            self.todo = if self.held { vec![2, 1, 0] } else { vec![1, 0] };
            return;
        }
        while let Some(next) = self.todo.pop() {
            let found = match job {
                Job::Object(object) => object < 2 && self.slots[object] && self.shade(2),
                _ => self.shade(next),
            };
            if found {
                return;
            }
        }
        self.job = None;
        match job {
            Job::Globals => self.scanned.0 = true,
            Job::Stack => (self.suspended, self.scanned.1) = (false, true),
            Job::Object(object) => {
                self.colours[object] = Colour::Black;
                self.counted += 1;
                self.next_of_span();
            }
            Job::Span(..) => {}
        }
    }

    /// scanSpan: release first, then what is marked and not scanned, of one mark the one object.
    fn span(&mut self, object: usize, many: Option<bool>) {
        match many {
            None => {
                self.job = Some(Job::Span(object, Some(self.owned > 1)));
                self.owned = 0;
            }
            Some(many) => {
                self.batch = self.marks & !self.scans & if many { 7 } else { 1 << object };
                self.scans |= self.batch;
                self.job = None;
                self.next_of_span();
            }
        }
    }

    fn next_of_span(&mut self) {
        if self.batch != 0 {
            let object = self.batch.trailing_zeros() as usize;
            self.batch &= self.batch - 1;
            (self.job, self.todo) = (Some(Job::Object(object)), vec![3]);
        }
    }

    /// A store, one step of it.
    fn write(&mut self, (slot, variable, at): (usize, bool, At), gc: Mode) {
        let (new, old) = (variable && self.held, self.slots[slot]);
        let records_new = matches!(gc, Mode::Hybrid | Mode::GreenTea | Mode::Insertion | Mode::OnlyNew);
        let records_old = matches!(gc, Mode::Hybrid | Mode::GreenTea | Mode::Deletion | Mode::OnlyOld);
        let buffered = !matches!(gc, Mode::Insertion | Mode::Deletion);
        let last = if records_old { At::Old } else { At::Write };
        let first = if records_new && variable { At::New } else { last };
        let then = match at {
            At::Test if barrier(self.pc, gc) => {
                let wanted = if first == At::New && last == At::Old { 2 } else { 1 };
                if buffered && self.buffer.len() + wanted > ROOM {
                    self.flush();
                    Some(At::Test)
                } else {
                    Some(first)
                }
            }
            At::New | At::Old => {
                let pointer = if at == At::New { new } else { old };
                if buffered {
                    self.buffer.push(pointer);
                } else if pointer {
                    self.shade(2);
                }
                Some(if at == At::New { last } else { At::Write })
            }
            At::Test | At::Write => {
                self.slots[slot] = new;
                None
            }
        };
        self.store = then.map(|at| (slot, variable, at));
    }

    fn sweep_step(&mut self) {
        if self.sweep == 0 {
            self.sweep = 1;
        } else if self.colours[2] == Colour::White && !self.gone {
            (self.gone, self.lost) = (true, self.reachable());
        } else {
            self.sweep = 2;
            self.colours[0] = Colour::White;
            self.colours[1] = Colour::White;
            self.colours[2] = Colour::White;
            (self.marks, self.scans, self.owned) = (0, 0, 0);
        }
    }

    fn next(&self, gc: Mode) -> Vec<Heap> {
        let mut found = Vec::new();
        let mut push = |step: &dyn Fn(&mut Heap)| {
            let mut next = self.clone();
            step(&mut next);
            found.push(next);
        };
        if self.sweep == 2 {
            return found;
        }
        let idle = self.job.is_none() && self.waits && self.roots == (false, false) && !self.any_queued();
        let goes_on = match self.pc {
            Pc::Start | Pc::Stop => !self.storing(),
            Pc::Mark => idle && !self.storing(),
            Pc::Over => false,
            _ => true,
        };
        if goes_on {
            push(&|heap| heap.collect(gc));
        }
        if self.pc == Pc::Over {
            push(&Heap::sweep_step);
        }
        let takes = !self.storing() && (self.roots != (false, false) || self.any_queued() || !self.waits);
        let works = match self.job {
            Some(Job::Stack) if !self.suspended => !self.storing(),
            Some(_) => true,
            None => takes,
        };
        if self.pc == Pc::Mark && works {
            push(&Heap::work);
        }
        if !stopped(self.pc) && !self.suspended {
            match self.store {
                Some(store) => push(&|heap| heap.write(store, gc)),
                None => {
                    push(&|heap| heap.held = heap.slots[0]);
                    push(&|heap| heap.write((1, true, At::Test), gc));
                    push(&|heap| heap.write((0, false, At::Test), gc));
                }
            }
        }
        found
    }
}

/// How many states there are, and in how many a reachable W has been freed.
pub fn all_orders(gc: Mode) -> (usize, usize) {
    let start = Heap { slots: [true, false], tea: gc == Mode::GreenTea, ..Heap::default() };
    let mut known = HashSet::from([start.clone()]);
    let mut todo = VecDeque::from([start]);
    let mut lost = 0;
    while let Some(heap) = todo.pop_front() {
        lost += usize::from(heap.lost);
        todo.extend(heap.next(gc).into_iter().filter(|next| known.insert(next.clone())));
    }
    (known.len(), lost)
}
