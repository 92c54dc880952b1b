//! What a run begins with: the heap, its roots, the goroutines with their statements, and which barrier runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::machine::{Refusal, refuse, within};

use super::state::NIL;
use super::ways::Serving;

/// So many of each have room in the picture.
pub const MAX_OBJECTS: usize = 10;
/// So many goroutines there may be, with those that `go` starts.
pub const MAX_GOROUTINES: usize = 4;
/// So many slots an object has at most.
const MAX_SLOTS: usize = 3;
/// So many variables a stack has at most.
pub const MAX_VARS: usize = 3;
/// So many statements a program may have.
const MAX_PROGRAM: usize = 32;
/// So many spans there may be.
pub const MAX_SPANS: usize = 4;

/// Names of pointers: of slots, globals or variables to objects; `nil` for none.
pub type Pointers = BTreeMap<String, String>;

/// Everything that a run needs besides its actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// Which collector runs.
    pub gc: Mode,
    /// Objects with their slots; one without slots has no pointers (noscan).
    pub objects: BTreeMap<String, Pointers>,
    /// Package variables.
    pub globals: Pointers,
    /// Goroutines, from 1 on; G1 runs on P0, G2 on P1, and so on in turn.
    pub goroutines: Vec<Routine>,
    /// Ps, each with a mark worker and a wbBuf.
    pub procs: u32,
    /// Slots of a span.
    pub span: usize,
    /// Green Tea: objects of more than 512 bytes, which lie in no span that is marked as a whole.
    pub over512: BTreeSet<String>,
    /// Entries of a wbBuf; 512 in Go.
    pub wbbuf: usize,
    /// Whether allocation during marking has to be paid for by assists.
    pub assist: bool,
    /// Plays the pacer with bytes instead of the heap with objects.
    pub pacing: Option<Pacing>,
    /// Plays one program written in a few ways instead.
    pub serving: Option<Serving>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            gc: Mode::default(),
            objects: BTreeMap::new(),
            globals: Pointers::new(),
            goroutines: vec![Routine::default()],
            procs: 1,
            span: 4,
            over512: BTreeSet::new(),
            wbbuf: 512,
            assist: false,
            pacing: None,
            serving: None,
        }
    }
}

/// A goroutine: what it does, in a word, the variables on its stack, and its statements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "told above")]
pub struct Routine {
    pub name: String,
    pub stack: Pointers,
    pub program: Vec<Stmt>,
}

/// What the pacer begins with, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pacing {
    /// GOGC; -1 is off.
    pub gogc: i32,
    /// GOMEMLIMIT in bytes; -1 is off.
    pub limit: i64,
    /// Stacks that a cycle scans.
    pub stacks: u64,
    /// Globals that a cycle scans.
    pub globals: u64,
    /// Mapped memory that is no heap.
    pub other: u64,
}

impl Default for Pacing {
    fn default() -> Pacing {
        Pacing { gogc: 100, limit: -1, stacks: 8 << 10, globals: 416 << 10, other: 3 << 20 }
    }
}

/// Which collector runs. The first ones are sound; the halves lose objects.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter, strum::IntoStaticStr,
)]
pub enum Mode {
    /// Go 1.8 and later: both pointers into the wbBuf, stacks scanned once.
    #[default]
    Hybrid,
    /// Go 1.26 and later: the same barrier; of small objects their spans are queued.
    GreenTea,
    /// Go 1.5 to 1.7: what is stored is shaded; stacks are scanned again at the end.
    Insertion,
    /// Yuasa: what is overwritten is shaded; all stacks are scanned before marking begins.
    Deletion,
    /// Up to Go 1.2: marking and sweeping while the world is stopped.
    StopTheWorld,
    /// Go 1.3 and 1.4: marking while the world is stopped, sweeping beside the program.
    ConcurrentSweep,
    /// Concurrent marking without a barrier.
    NoBarrier,
    /// The hybrid barrier without the old pointer.
    OnlyNew,
    /// The hybrid barrier without the new pointer.
    OnlyOld,
}

impl Mode {
    /// What is stored is shaded.
    pub fn shades_new(self) -> bool {
        matches!(self, Mode::Hybrid | Mode::GreenTea | Mode::Insertion | Mode::OnlyNew)
    }

    /// What is overwritten is shaded.
    pub fn shades_old(self) -> bool {
        matches!(self, Mode::Hybrid | Mode::GreenTea | Mode::Deletion | Mode::OnlyOld)
    }

    /// Whether there is a write barrier at all.
    pub fn barrier(self) -> bool {
        self.shades_new() || self.shades_old()
    }

    /// Shading waits in a wbBuf.
    pub fn buffered(self) -> bool {
        matches!(self, Mode::Hybrid | Mode::GreenTea | Mode::OnlyNew | Mode::OnlyOld)
    }

    /// The world stands still for all of marking.
    pub fn stops_for_mark(self) -> bool {
        matches!(self, Mode::StopTheWorld | Mode::ConcurrentSweep)
    }

    /// Objects made while marking goes on are black.
    pub fn allocates_black(self) -> bool {
        self != Mode::Insertion
    }

    /// Whether it never loses an object.
    pub fn sound(self) -> bool {
        !matches!(self, Mode::NoBarrier | Mode::OnlyNew | Mode::OnlyOld)
    }
}

/// A statement of a goroutine. Variables live on its stack, slots and globals in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stmt {
    /// `x := new(T)`: the variable, the name of the new object.
    New(String, String),
    /// `x = a.f`: variable, variable, slot.
    Load(String, String, String),
    /// `x = G`: variable, global.
    Read(String, String),
    /// `x = y`, both variables.
    Copy(String, String),
    /// `a.f = x`: variable, slot, variable or `nil`.
    Store(String, String, String),
    /// `G = x`: global, variable or `nil`.
    Write(String, String),
    /// `x` goes out of scope.
    Drop(String),
    /// `go f(x)`: a new goroutine with this variable.
    Go(String),
}

impl fmt::Display for Stmt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Stmt::New(x, object) => write!(f, "{x} := new({object})"),
            Stmt::Load(x, a, slot) => write!(f, "{x} = {a}.{slot}"),
            Stmt::Read(x, y) | Stmt::Copy(x, y) | Stmt::Write(x, y) => write!(f, "{x} = {y}"),
            Stmt::Store(a, slot, x) => write!(f, "{a}.{slot} = {x}"),
            Stmt::Drop(x) => write!(f, "{x} = nil"),
            Stmt::Go(x) => write!(f, "go f({x})"),
        }
    }
}

/// A name as Go allows it, short enough to be drawn.
pub(super) fn named(name: &str) -> Result<(), Refusal> {
    let fits = (1..=5).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    if fits && name != NIL && !name.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    refuse!(
        "{name:?} is no name: one to five letters and digits, a letter first, not nil",
        "{name:?} 不是可用的名字：1 到 5 个字母或数字，以字母开头，且不是 nil"
    )
}

/// Refuses what cannot be shown or could not be.
pub(super) fn check(setup: &Setup) -> Result<(), Refusal> {
    within(setup.objects.len(), MAX_OBJECTS, ("objects", "个对象"))?;
    within(setup.globals.len(), MAX_VARS, ("globals", "个全局变量"))?;
    within(setup.goroutines.len(), MAX_GOROUTINES, ("goroutines", "个 goroutine"))?;
    let pointers = |pointers: &Pointers| {
        pointers.iter().try_for_each(|(name, to)| {
            named(name)?;
            match to == NIL || setup.objects.contains_key(to) {
                true => Ok(()),
                false => refuse!("{name} points at {to}, which is no object", "{name} 指向 {to}，但没有这个对象"),
            }
        })
    };
    for (name, slots) in &setup.objects {
        named(name)?;
        within(slots.len(), MAX_SLOTS, ("slots of an object", "个槽在一个对象里"))?;
        pointers(slots)?;
    }
    pointers(&setup.globals)?;
    for routine in &setup.goroutines {
        within(routine.stack.len(), MAX_VARS, ("variables on a stack", "个变量在一个栈上"))?;
        within(routine.program.len(), MAX_PROGRAM, ("statements in a program", "条语句在一个程序中"))?;
        pointers(&routine.stack)?;
    }
    if let Some(name) = setup.over512.iter().find(|name| !setup.objects.contains_key(*name)) {
        return refuse!("there is no object {name}", "没有对象 {name}");
    }
    let ranges = [
        ("procs", setup.procs as usize, 1, 2),
        ("span", setup.span, 2, 8),
        ("wbbuf", setup.wbbuf, 2, 512),
        ("spans", super::tea::spans(setup).len(), 0, MAX_SPANS),
    ];
    if let Some((what, n, from, to)) = ranges.into_iter().find(|(_, n, from, to)| n < from || n > to) {
        return refuse!("{what} is {n}; it may be {from} to {to}", "{what} 为 {n}；应在 {from} 到 {to} 之间");
    }
    if let Some(serving) = &setup.serving {
        super::ways::check(serving)?;
    }
    let served = setup.serving.as_ref().map(|serving| serving.pacing);
    for Pacing { gogc, limit, stacks, globals, other } in setup.pacing.into_iter().chain(served) {
        let most = 1 << 40;
        let sane = (-1..=100_000).contains(&gogc) && (-1..=most).contains(&limit);
        if !sane || [stacks, globals, other].iter().any(|n| *n > most as u64) {
            return refuse!(
                "the pacer takes GOGC -1 to 100000 and sizes up to 1 TiB",
                "GOGC 应为 -1 到 100000，各大小不超过 1 TiB"
            );
        }
    }
    Ok(())
}
