//! One program written in a few ways: each serves the same requests, with a heap and a pacer of its own.
//!
//! A request puts together a reply of so many parts. What that allocates follows from the way; sizes are rounded up as
//! `mallocgc` rounds them (`runtime/sizeclasses.go`, `msize.go`: `roundupsize`). A cycle begins after the request that has
//! reached the trigger, and the next request is served while it marks.

use serde::{Deserialize, Serialize};

use crate::machine::{Gauge, Refusal, none, refuse, within};

use super::event::Event;
use super::laws::Fault;
use super::pacer::{Kind, NOT_TRIGGERED, Pacer};
use super::setup::Pacing;
use super::state::GoGc;

/// `class_to_size`: what a small allocation takes; above, whole pages.
const CLASSES: [u64; 67] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
    512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
    5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480,
    21760, 24576, 27264, 28672, 32768,
];
/// `maxSmallSize - mallocHeaderSize`: larger allocations are spans of their own.
const MOST_SMALL: u64 = 32_760;
const PAGE: u64 = 8192;
/// A slice header, which a pool keeps a pointer to.
const SLICE: u64 = 24;
/// `growslice` doubles up to here, and then grows by less and less.
const DOUBLES: u64 = 256;
/// After so many requests a curve has its next sample; so many are kept.
const EVERY: u64 = 5;
const SAMPLES: usize = 128;
/// So many requests may be served at a time, and in all.
const MOST_AT_ONCE: u64 = 1000;
const MOST_IN_ALL: u64 = 100_000;

/// What is served: a reply of `parts` parts of `bytes` bytes each, beside `kept` bytes that the program keeps, full of
/// pointers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "told above")]
pub struct Serving {
    pub parts: u64,
    pub bytes: u64,
    pub kept: u64,
    pub ways: Vec<Way>,
    pub pacing: Pacing,
}

impl Default for Serving {
    fn default() -> Serving {
        Serving { parts: 16, bytes: 256, kept: 2 << 20, ways: Way::ALL.into(), pacing: Pacing::default() }
    }
}

/// How a reply is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Way {
    /// `s += part`: a new string each time.
    Concat,
    /// `b = append(b, part...)` from a nil slice.
    Append,
    /// The same from `make([]byte, 0, n)`.
    Make,
    /// The same in a buffer out of a `sync.Pool`, which is put back.
    Pool,
}

impl Way {
    /// In the order in which they allocate less.
    pub const ALL: [Way; 4] = [Way::Concat, Way::Append, Way::Make, Way::Pool];

    /// As it stands in the program.
    pub fn text(self) -> &'static str {
        match self {
            Way::Concat => "s += part",
            Way::Append => "append",
            Way::Make => "make(0, n)",
            Way::Pool => "sync.Pool",
        }
    }

    /// Its name among gauges and curves.
    pub(super) fn id(self) -> &'static str {
        match self {
            Way::Concat => "concat",
            Way::Append => "append",
            Way::Make => "make",
            Way::Pool => "pool",
        }
    }

    /// How what it allocates ends.
    fn kind(self) -> Kind {
        if self == Way::Pool { Kind::Noscan } else { Kind::Garbage }
    }

    /// The sizes that one request asks for; a pool's first one has to make the buffer.
    fn asks(self, parts: u64, bytes: u64, first: bool) -> Vec<u64> {
        match self {
            // The first `+=` has one operand that is not empty, and returns it (`concatstrings`).
            Way::Concat => (2..=parts).map(|n| n * bytes).collect(),
            Way::Append => {
                let (mut cap, mut asked) = (0, Vec::new());
                for len in (1..=parts).map(|n| n * bytes) {
                    if len > cap {
                        let wanted = next_cap(len, cap);
                        asked.push(wanted);
                        cap = round_up(wanted);
                    }
                }
                asked
            }
            Way::Make => vec![parts * bytes],
            Way::Pool if first => vec![parts * bytes, SLICE],
            Way::Pool => Vec::new(),
        }
    }

    /// Bytes that one request allocates, and in how many pieces.
    pub(super) fn costs(self, parts: u64, bytes: u64, first: bool, fault: Fault) -> (u64, u64) {
        let asked = self.asks(parts, bytes, first);
        let sized = |size: &u64| if fault == Fault::AsksOnly { *size } else { round_up(*size) };
        (asked.iter().map(sized).sum(), asked.len() as u64)
    }
}

/// `roundupsize` of memory without pointers.
pub(super) fn round_up(size: u64) -> u64 {
    match CLASSES.iter().find(|class| **class >= size) {
        Some(class) if size <= MOST_SMALL => *class,
        _ => size.div_ceil(PAGE) * PAGE,
    }
}

/// `nextslicecap` of slice.go.
fn next_cap(len: u64, old: u64) -> u64 {
    if len > 2 * old {
        return len;
    }
    let mut cap = old;
    if old < DOUBLES {
        return 2 * old;
    }
    while cap < len {
        cap += (cap + 3 * DOUBLES) >> 2;
    }
    cap
}

/// A way with its heap, and what it has come to so far.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Served {
    pub(super) way: Way,
    pub(super) requests: u64,
    /// Bytes and pieces allocated for requests.
    pub(super) allocated: u64,
    pub(super) pieces: u64,
    pub(super) cycles: u32,
    /// Bytes that all cycles have scanned.
    pub(super) scanned: u64,
    pub(super) pacer: Pacer,
    /// heapLive, as it went.
    #[serde(skip)]
    pub(super) line: Vec<u64>,
}

/// Refuses what would take too long or cannot be drawn.
pub(super) fn check(serving: &Serving) -> Result<(), Refusal> {
    let Serving { parts, bytes, kept, ways, pacing: _ } = serving;
    within(ways.len(), Way::ALL.len(), ("ways", "种写法"))?;
    let twice = ways.iter().enumerate().any(|(at, way)| ways[..at].contains(way));
    if ways.is_empty() || twice {
        return refuse!("a way is served once, and there is one at least", "至少一种写法，且不能重复");
    }
    if !(1..=64).contains(parts) || !(16..=4096).contains(bytes) || *kept > 1 << 30 {
        return refuse!(
            "1 to 64 parts of 16 to 4096 bytes, and at most 1 GiB kept",
            "1 到 64 段，每段 16 到 4096 字节，保留至多 1 GiB"
        );
    }
    Ok(())
}

impl Served {
    pub(super) fn new(way: Way, serving: &Serving) -> Served {
        let mut pacer = Pacer::new(&serving.pacing);
        pacer.allocate(serving.kept, Kind::Pointers);
        pacer.aim(Fault::None);
        let line = vec![pacer.heap_live];
        Served { way, requests: 0, allocated: 0, pieces: 0, cycles: 0, scanned: 0, pacer, line }
    }

    /// One request: its bytes are garbage when it ends. Whether a cycle begins with it.
    fn request(&mut self, parts: u64, bytes: u64, fault: Fault) -> bool {
        let (size, pieces) = self.way.costs(parts, bytes, self.requests == 0, fault);
        self.requests += 1;
        self.allocated += size;
        self.pieces += pieces;
        let pacer = &mut self.pacer;
        pacer.allocate(size, self.way.kind());
        pacer.aim(fault);
        let least = if fault == Fault::StartsAtGoal { pacer.goal } else { pacer.trigger };
        pacer.triggered == NOT_TRIGGERED && pacer.heap_live >= least
    }

    /// Bytes allocated for requests, in MiB.
    pub(super) fn gauge(&self) -> Gauge {
        Gauge::new(self.way.id(), self.allocated as f64 / f64::from(1 << 20))
    }

    fn sample(&mut self) {
        if self.requests.is_multiple_of(EVERY) {
            self.line.push(self.pacer.heap_live);
        }
        let over = self.line.len().saturating_sub(SAMPLES);
        self.line.drain(..over);
    }
}

impl GoGc {
    /// Whether so many more requests may be asked for.
    pub(super) fn check_serve(&self, n: u64) -> Result<(), Refusal> {
        if n == 0 || n > MOST_AT_ONCE || self.asked + n > MOST_IN_ALL {
            return refuse!(
                "{n} requests: 1 to {MOST_AT_ONCE} at a time, {MOST_IN_ALL} in all",
                "{n} 个请求：一次 1 到 {MOST_AT_ONCE}，总共至多 {MOST_IN_ALL}"
            );
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, n: u64) {
        self.asked += n;
    }

    /// Whether every way has served what was asked for.
    pub(super) fn all_served(&self) -> bool {
        self.ways.iter().all(|served| served.requests == self.asked)
    }

    /// The first way that is behind goes on: to its last request, or until a cycle has to begin; or a cycle is carried out.
    pub(super) fn serve(&mut self) -> Option<Event> {
        let (asked, (parts, bytes), fault) = (self.asked, self.reply, self.fault);
        let at = self.ways.iter().position(|served| served.requests < asked)?;
        let served = self.ways.get_mut(at)?;
        if served.pacer.triggered != NOT_TRIGGERED {
            return Some(served.mark(at, (parts, bytes), fault));
        }
        let (first, was) = (served.requests, served.allocated);
        while served.requests < asked {
            let begins = served.request(parts, bytes, fault);
            served.sample();
            if begins {
                served.pacer.start_cycle();
                served.pacer.aim(fault);
                break;
            }
        }
        let (n, bytes) = (served.requests - first, served.allocated - was);
        let begins = served.pacer.triggered != NOT_TRIGGERED;
        Some(Event::WayServed {
            at,
            way: served.way.text(),
            n,
            bytes,
            live: served.pacer.heap_live,
            trigger: served.pacer.trigger,
            begins,
        })
    }
}

impl Served {
    /// A cycle: one request is served while it marks, then the next goal is known.
    fn mark(&mut self, at: usize, (parts, bytes): (u64, u64), fault: Fault) -> Event {
        self.request(parts, bytes, fault);
        self.sample();
        let measured = self.pacer.estimated();
        let scan = measured.scanned();
        let pacer = &mut self.pacer;
        pacer.give_back(&measured, fault);
        pacer.aim(fault);
        self.cycles += 1;
        self.scanned += scan;
        Event::WayCycled {
            at,
            way: self.way.text(),
            cycles: self.cycles,
            marked: pacer.heap_marked,
            scan,
            goal: pacer.goal,
        }
    }
}

// --- laws ---

/// Bytes allocated are those of so many requests, each rounded up to its size class.
pub(super) fn costs_add_up(m: &GoGc) -> Result<(), String> {
    let (parts, bytes) = m.reply;
    let cost = |served: &Served, first| served.way.costs(parts, bytes, first, Fault::None).0;
    let due = |served: &Served| match served.requests {
        0 => 0,
        n => cost(served, true) + (n - 1) * cost(served, false),
    };
    none(m.ways.iter().find(|served| served.allocated != due(served)), |served| {
        format!(
            "{} has allocated {} for {} requests, not {}",
            served.way.text(),
            served.allocated,
            served.requests,
            due(served)
        )
    })
}

/// A heap that has reached its trigger is being marked.
pub(super) fn cycles_at_trigger(m: &GoGc) -> Result<(), String> {
    let above =
        |served: &&Served| served.pacer.triggered == NOT_TRIGGERED && served.pacer.heap_live >= served.pacer.trigger;
    none(m.ways.iter().filter(|served| served.requests > 0).find(above), |served| {
        format!("{}: heapLive is {}, the trigger {}", served.way.text(), served.pacer.heap_live, served.pacer.trigger)
    })
}
