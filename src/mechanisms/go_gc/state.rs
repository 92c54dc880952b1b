//! The state: heap, roots, wbBufs, workers, phase; and what follows from it: what is reachable, and through what.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use serde::Serialize;

use crate::machine::Notes;
use crate::text::{as_displayed, each_displayed, named};

use super::laws::Fault;
use super::pacer::Pacer;
use super::setup::{Mode, Pointers, Stmt};
use super::tea::{Bits, Entry, Owned};
use super::ways::Served;

/// No object.
pub const NIL: &str = "nil";

/// Go's collector with the program that it runs beside.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct GoGc {
    pub(super) phase: Phase,
    /// `writeBarrier.enabled`.
    pub(super) barrier: bool,
    /// `gcBlackenEnabled`.
    pub(super) blacken: bool,
    /// Why the world is stopped, if it is.
    pub(super) stopped: Option<&'static str>,
    /// What `gcStart`, `gcMarkDone` or `gcMarkTermination` does next.
    pub(super) next: Next,
    pub(super) cycles: u32,
    /// `mheap_.sweepgen`.
    pub(super) sweepgen: u32,
    pub(super) globals: Pointers,
    pub(super) globals_scanned: bool,
    pub(super) goroutines: BTreeMap<u32, Goroutine>,
    pub(super) objects: BTreeMap<String, Object>,
    pub(super) spans: Vec<Span>,
    /// Root jobs that nobody has taken yet (`markrootNext`).
    pub(super) roots: VecDeque<Job>,
    /// Grey objects, the next one last.
    pub(super) workbuf: Vec<String>,
    /// Spans with something marked and not scanned, the next one first (Green Tea).
    pub(super) spanq: VecDeque<Entry>,
    /// `p.wbBuf` of each P.
    pub(super) wbbufs: BTreeMap<u32, Vec<String>>,
    /// The mark worker of each P.
    pub(super) workers: BTreeMap<u32, Worker>,
    /// `bgScanCredit`, in objects; and who has parked for it.
    pub(super) credit: u32,
    pub(super) assists: VecDeque<u32>,
    pub(super) counts: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pacer: Option<Box<Pacer>>,
    /// One program in a few ways, each with its heap; requests asked for, and their parts and bytes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) ways: Vec<Served>,
    #[serde(skip)]
    pub(super) asked: u64,
    #[serde(skip)]
    pub(super) reply: (u64, u64),
    #[serde(skip)]
    pub(super) gc: Mode,
    #[serde(skip)]
    pub(super) room: usize,
    #[serde(skip)]
    pub(super) assist: bool,
    #[serde(skip)]
    pub(super) dirty: bool,
    #[serde(skip)]
    pub(super) made: u32,
    #[serde(skip)]
    pub(super) unlimited: bool,
    #[serde(skip)]
    pub(super) fault: Fault,
    #[serde(skip)]
    pub(super) wrong: Notes,
}

named! {
    /// `gcphase`.
    #[derive(Default)]
    pub enum Phase by text {
        #[default]
        Off = "_GCoff",
        Mark = "_GCmark",
        Termination = "_GCmarktermination",
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// The colour of an object. White: mark bit clear; grey: marked, to be scanned; black: marked, done with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
#[strum(serialize_all = "lowercase")]
#[allow(missing_docs, reason = "told above")]
pub enum Colour {
    #[default]
    White,
    Grey,
    Black,
}

named! {
    /// What the collector does next outside of its workers, in the order of mgc.go.
    #[derive(Default)]
    pub enum Next by text {
        #[default]
        Sleep = "–",
        SweepRest = "sweepone()",
        Reset = "gcResetMarkState()",
        SetMark = "setGCPhase(_GCmark)",
        CountRoots = "gcMarkRootPrepare()",
        Snapshot = "scan every stack",
        BlackenOn = "gcBlackenEnabled = 1",
        StartFirst = "startTheWorld()",
        Mark = "mark workers",
        Ragged = "forEachP(flush)",
        Again = "mark on",
        StopSecond = "stopTheWorld(mark termination)",
        FlushAgain = "flush every P once more",
        BlackenOff = "gcBlackenEnabled = 0",
        SetTermination = "setGCPhase(_GCmarktermination)",
        Rescan = "scan every stack again",
        CheckMark = "gcMark()",
        SetOff = "setGCPhase(_GCoff)",
        SweepReady = "gcSweep()",
        SweepAll = "sweep every span",
        StartSecond = "startTheWorld()",
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What a worker is at: a root job or an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// `markrootBlock`: the package variables.
    Globals,
    /// The stack of a goroutine.
    Stack(u32),
    /// `scanobject`.
    Object(String),
    /// `scanSpan`, until it is known which objects of the span are to be scanned.
    Span(usize),
}

impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Job::Globals => f.write_str("globals"),
            Job::Stack(g) => write!(f, "G{g}"),
            Job::Object(object) => f.write_str(object),
            Job::Span(span) => write!(f, "span {span}"),
        }
    }
}

as_displayed!(Phase, Colour, Next, Job);

/// An object of the heap: its slots, its colour and where it lies.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Object {
    pub(super) slots: Pointers,
    pub(super) colour: Colour,
    pub(super) span: usize,
    /// Its memory has been given back although somebody still points at it.
    pub(super) freed: bool,
    /// The cycle that it was made in while marking went on; 0: at another time.
    #[serde(skip)]
    pub(super) born: u32,
}

/// A span: whose slots are taken (alloc bits), and how far sweeping has come with it.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Span {
    pub(super) slots: Vec<Option<String>>,
    pub(super) sweepgen: u32,
    /// Of a span that Green Tea marks as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bits: Option<Bits>,
}

/// A goroutine with its stack and its program.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Goroutine {
    pub(super) name: String,
    pub(super) stack: Pointers,
    #[serde(serialize_with = "each_displayed")]
    pub(super) program: Vec<Stmt>,
    pub(super) done: usize,
    pub(super) gcscandone: bool,
    /// Stopped by the worker that scans its stack.
    pub(super) suspended: bool,
    /// The statement that it is in the middle of.
    pub(super) doing: Option<Pending>,
    /// `gcAssistBytes`, in objects.
    pub(super) owed: u32,
    #[serde(skip)]
    pub(super) scans: u32,
}

/// A statement under way.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Pending {
    #[serde(serialize_with = "displayed")]
    pub(super) stmt: Stmt,
    /// Whether it comes from the program, and so counts as one of its statements.
    #[serde(skip)]
    pub(super) own: bool,
    pub(super) at: At,
}

fn displayed<S: serde::Serializer>(stmt: &Stmt, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(stmt)
}

named! {
    /// What a statement under way does next.
    #[derive(Default)]
    pub enum At by text {
        #[default]
        Begin = "–",
        New = "wbBuf ← new pointer",
        Old = "wbBuf ← old pointer",
        Store = "the store",
        Parked = "parked on assistQueue",
        Make = "allocate",
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.text())
    }
}

as_displayed!(At);

/// A mark worker: its job, what of it is still to be looked at, and whether it has run out of work.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Worker {
    pub(super) job: Option<Job>,
    /// Of an object slots, of a root the pointers found there.
    pub(super) todo: Vec<String>,
    /// Of a span: objects that are scanned after this one.
    pub(super) batch: Vec<String>,
    /// Of a span that has been released: who had marked in it until then.
    pub(super) found: Option<Owned>,
    pub(super) waits: bool,
}

/// What is counted: objects marked and freed, lost ones, garbage that floats, steps that stopped the world, objects
/// scanned, entries that were put into the work buffer or the queue of spans.
#[derive(Clone, Debug, Default, Hash, Serialize)]
#[allow(missing_docs, reason = "told above")]
pub struct Counts {
    pub(super) freed: u32,
    pub(super) lost: u32,
    pub(super) floating: u32,
    pub(super) pause: u32,
    pub(super) scanned: u32,
    pub(super) queued: u32,
}

impl GoGc {
    /// Every pacer of the run.
    pub(super) fn pacers(&self) -> impl Iterator<Item = &Pacer> {
        self.pacer.as_deref().into_iter().chain(self.ways.iter().map(|served| &served.pacer))
    }

    pub(super) fn colour(&self, object: &str) -> Colour {
        self.objects.get(object).map_or(Colour::Black, |object| object.colour)
    }

    /// The P that a goroutine runs on.
    pub(super) fn p_of(&self, g: u32) -> u32 {
        (g - 1) % self.workers.len().max(1) as u32
    }

    /// Whether some goroutine (of this P, or any) is between flag test and store, where nobody can preempt it.
    pub(super) fn busy(&self, p: Option<u32>) -> bool {
        let storing = |pending: &Pending| matches!(pending.at, At::New | At::Old | At::Store);
        self.goroutines
            .iter()
            .any(|(g, goroutine)| goroutine.doing.as_ref().is_some_and(storing) && p.is_none_or(|p| p == self.p_of(*g)))
    }

    /// Pointers of globals and of every stack.
    pub(super) fn root_pointers(&self) -> impl Iterator<Item = &String> {
        let stacks = self.goroutines.values().flat_map(|goroutine| goroutine.stack.values());
        self.globals.values().chain(stacks).filter(|to| *to != NIL)
    }

    /// All that can be reached from these through slots; `through` says which objects are gone through.
    pub(super) fn reach<'a>(
        &'a self,
        from: impl Iterator<Item = &'a String>,
        through: impl Fn(&str) -> bool,
    ) -> BTreeSet<&'a str> {
        let mut todo: Vec<&str> = from.map(String::as_str).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = todo.pop() {
            let Some(object) = self.objects.get(name) else { continue };
            if through(name) && found.insert(name) {
                todo.extend(object.slots.values().map(String::as_str));
            }
        }
        found
    }

    /// Every object that the program can still get at.
    pub(super) fn reachable(&self) -> BTreeSet<&str> {
        self.reach(self.root_pointers(), |_| true)
    }

    /// Whether a goroutine's stack will not be looked at any more: its pointers must be protected by others.
    pub(super) fn stack_is_black(&self, g: u32) -> bool {
        let goroutine = &self.goroutines[&g];
        goroutine.gcscandone && (self.gc != Mode::Insertion || matches!(self.next, Next::CheckMark | Next::SetOff))
    }

    /// What waits to be shaded in a wbBuf.
    pub(super) fn buffered(&self) -> impl Iterator<Item = &String> {
        self.wbbufs.values().flatten().filter(|to| *to != NIL)
    }

    /// Spans that the last cycle's sweep has not come to.
    pub(super) fn unswept(&self) -> Option<usize> {
        self.spans.iter().position(|span| span.sweepgen + 2 == self.sweepgen)
    }

    /// The span that is being swept.
    pub(super) fn sweeping(&self) -> Option<usize> {
        self.spans.iter().position(|span| span.sweepgen + 1 == self.sweepgen)
    }
}

impl Goroutine {
    /// Between flag test and store.
    pub(super) fn storing(&self) -> bool {
        self.doing.as_ref().is_some_and(|pending| matches!(pending.at, At::New | At::Old | At::Store))
    }
}
