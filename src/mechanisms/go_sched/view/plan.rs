//! Where everything in a card lies, by how many Ps share the canvas.

use super::super::program::Code;
use super::super::state::{GoSched, PStatus};
use crate::diagram::{Point, Rect, layout, point, rect};

/// How many Ps that have been in use get small cards.
const SMALL: usize = 12;
/// The upper edge of the cards.
const TOP: f32 = 112.0;
/// The left edge of everything.
pub const LEFT: f32 = 48.0;
/// The right edge of everything.
pub const RIGHT: f32 = 1552.0;

/// How much a card has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A ring with large slots, all lines.
    Full,
    /// As full, in two rows of four.
    Short,
    /// No slots: the first goroutines of the ring.
    Small,
    /// Figures, and the goroutine that runs.
    Tile,
}

/// The places in a card.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The card.
    pub place: Rect,
    /// How much it has room for.
    pub size: Size,
    /// Diameter of a goroutine.
    pub token: f32,
    /// The left end of its name.
    pub name: Point,
    /// The right end of `schedtick`.
    pub tick: Point,
    /// The right end of `syscalltick`.
    pub systick: Option<Point>,
    /// The thread.
    pub m: Rect,
    /// Room for what the thread does, right of it.
    pub words: f32,
    /// What it runs.
    pub well: Rect,
    /// What the thread holds: first a label, then circles.
    pub hand: Rect,
    /// `runnext`.
    pub next: Rect,
    /// The left end of what is said about the ring.
    pub ring_name: Point,
    /// The ring.
    pub ring: Rect,
    /// Slots in a row of the ring; with the rows a divisor of 256.
    pub columns: usize,
    /// Rows of the ring.
    pub rows: usize,
    /// The left end of the first timer.
    pub timer: Option<Point>,
    /// A thread that has been given this P and has not begun.
    pub dock: Rect,
    /// A free line between `runnext` and the ring.
    pub mid: f32,
    /// A free line below the ring.
    pub low: f32,
}

/// Where the Ps and the threads without one lie.
pub struct Layout {
    /// The cards with their Ps.
    pub cards: Vec<(u32, Plan)>,
    /// The Ps that have no card.
    pub unused: Vec<u32>,
    /// Many Ps: small cards or tiles.
    pub many: bool,
    /// Room for sysmon and for threads in the kernel, beside the cards.
    pub panel: Option<Rect>,
    /// The lower edge of the cards.
    pub bottom: f32,
}

/// The layout for this state; it changes only when a P is used for the first time.
pub fn layout(machine: &GoSched) -> Layout {
    let n = machine.ps().len();
    let wide = machine.last_goid() >= 1000;
    if n > 8 {
        return many(machine, n);
    }
    let kernel = |code: &Code| matches!(code, Code::Syscall(_) | Code::SyscallBlock(_) | Code::Net(_));
    let beside = n <= 2 && (machine.sysmon().is_some() || machine.programs_have(kernel));
    // With four Ps a line for threads that are starting lies between the cards and the other threads.
    let height = if n == 4 { 444.0 } else { 500.0 };
    let (rows, gap) = if n > 4 { (2, 16.0) } else { (1, 20.0) };
    let area = rect(LEFT, if n > 4 { 108.0 } else { TOP }, RIGHT - LEFT, if n > 4 { 508.0 } else { height });
    let columns = if n > 4 { 4 } else { n + usize::from(beside) };
    let mut places: Vec<Rect> = layout::grid(area, columns * rows, columns, gap).collect();
    let panel = beside.then(|| places.pop()).flatten().map(|place| Rect { h: 564.0, ..place });
    let of = |place: Rect| if n > 4 { short(place, wide) } else { full(place, wide) };
    let cards = (0..n as u32).zip(places.into_iter().map(of)).collect();
    Layout { cards, unused: Vec::new(), many: false, panel, bottom: area.bottom() }
}

fn many(machine: &GoSched, n: usize) -> Layout {
    let (used, unused): (Vec<u32>, Vec<u32>) = (0..n as u32).partition(|p| in_use(machine, *p));
    if used.len() <= SMALL {
        let places = layout::grid(rect(LEFT, 108.0, RIGHT - LEFT, 432.0), SMALL, 4, 12.0);
        let cards = used.into_iter().zip(places.map(small)).collect();
        return Layout { cards, unused, many: true, panel: None, bottom: 540.0 };
    }
    let columns = if n <= 16 { 8 } else { 16 };
    let rows = n.div_ceil(columns) as f32;
    let area = rect(LEFT, 108.0, RIGHT - LEFT, (rows * 122.0 + (rows - 1.0) * 8.0).min(512.0));
    let places = layout::grid(area, n, columns, 8.0);
    let cards = (0..n as u32).zip(places.map(tile)).collect();
    Layout { cards, unused: Vec::new(), many: true, panel: None, bottom: area.bottom() }
}

/// Whether a P has run anything, or is on its way to it.
fn in_use(machine: &GoSched, p: u32) -> bool {
    let pp = &machine.ps()[p as usize];
    pp.schedtick > 0 || pp.status != PStatus::Idle || !pp.is_empty() || !machine.sched().pidle.contains(&p)
}

/// A card over the whole height.
fn full(place: Rect, wide: bool) -> Plan {
    let roomy = place.w > 560.0;
    let hero = place.w > 1000.0;
    let pad = if hero { 32.0 } else { 20.0 };
    let (x, right, y) = (place.x + pad, place.right() - pad, place.y);
    let token = if hero {
        56.0
    } else if roomy {
        48.0
    } else {
        40.0
    };
    let unit = if hero { 1.2 } else { 1.0 };
    let m = rect(x, y + 54.0 * unit, if roomy { 78.0 } else { 60.0 }, if roomy { 66.0 } else { 54.0 });
    let m = Rect { w: m.w * unit, h: m.h * unit, ..m };
    let well_w = if hero {
        260.0
    } else if roomy {
        210.0
    } else {
        124.0
    };
    let well = rect(right - well_w, y + 66.0 * unit, well_w, token + 12.0);
    let words = if roomy { 200.0 * unit } else { well.x - m.right() - 20.0 };
    let next_y = m.bottom() + if roomy { 24.0 } else { token + 24.0 };
    let next = rect(x + 84.0, next_y, token + 8.0, token + 8.0);
    let hand = if roomy {
        let begin = x + token + 140.0;
        rect(begin, next_y + 4.0, right - begin, token)
    } else {
        rect(x, m.bottom() + 12.0, right - x, token)
    };
    let ring_y = next.bottom() + if hero { 70.0 } else { 54.0 };
    let (columns, rows) = match (hero, wide) {
        (true, _) => (16, 2),
        (false, true) if !roomy => (4, 2),
        (false, _) => (8, 2),
    };
    let ring_h = (place.bottom() - 56.0 - ring_y).min(172.0);
    let ring = rect(x, ring_y, right - x, ring_h);
    Plan {
        place,
        size: Size::Full,
        token,
        name: point(x, y + 30.0),
        tick: point(right, y + 30.0),
        systick: Some(point(right, y + 53.0)),
        m,
        words,
        well,
        hand,
        next,
        ring_name: point(x, ring_y - 28.0),
        ring,
        columns,
        rows,
        timer: Some(point(x, ring.bottom() + 34.0)),
        dock: rect(x, place.bottom() + if place.h > 460.0 { 18.0 } else { 8.0 }, 60.0, 52.0),
        mid: next.bottom() + 10.0,
        low: ring.bottom() + 12.0,
    }
}

/// A card in two rows of four.
fn short(place: Rect, wide: bool) -> Plan {
    let (x, right, y) = (place.x + 18.0, place.right() - 18.0, place.y);
    let m = rect(x, y + 40.0, 54.0, 46.0);
    let well = rect(right - 106.0, y + 40.0, 106.0, 46.0);
    let next = rect(x + 72.0, y + 92.0, 42.0, 42.0);
    let begin = next.right() + 14.0;
    Plan {
        place,
        size: Size::Short,
        token: 36.0,
        name: point(x, y + 22.0),
        tick: point(right, y + 22.0),
        systick: None,
        m,
        words: well.x - m.right() - 20.0,
        well,
        hand: rect(begin, next.y + 3.0, right - begin, 36.0),
        next,
        ring_name: point(x, y + 149.0),
        ring: rect(x, y + 166.0, right - x, 76.0),
        columns: if wide { 4 } else { 8 },
        rows: 2,
        timer: None,
        dock: m,
        mid: next.bottom() + 3.0,
        low: place.bottom() + 8.0,
    }
}

/// A card of a P among many.
fn small(place: Rect) -> Plan {
    let (x, right, y) = (place.x + 14.0, place.right() - 14.0, place.y);
    let m = rect(x, y + 34.0, 54.0, 46.0);
    let well = rect(right - 96.0, y + 34.0, 96.0, 46.0);
    let next = rect(x + 70.0, y + 86.0, 42.0, 42.0);
    let begin = m.right() + 8.0;
    let ring = rect(next.right() + 14.0, next.y + 3.0, right - next.right() - 14.0, 36.0);
    Plan {
        place,
        size: Size::Small,
        token: 36.0,
        name: point(x, y + 20.0),
        tick: point(right, y + 20.0),
        systick: None,
        m,
        words: well.x - begin - 12.0,
        well,
        hand: rect(begin, m.y + 6.0, well.x - begin - 10.0, 36.0),
        next,
        ring_name: point(right, y + 20.0),
        ring,
        columns: 1,
        rows: 1,
        timer: None,
        dock: m,
        mid: next.bottom(),
        low: place.bottom(),
    }
}

/// A tile.
fn tile(place: Rect) -> Plan {
    let (x, right, y) = (place.x + 5.0, place.right() - 5.0, place.y);
    let m = rect(x, y + 30.0, 44.0, 36.0);
    let next = rect(x + 2.0, y + 74.0, 38.0, 38.0);
    let nothing = rect(x, y, 0.0, 0.0);
    Plan {
        place,
        size: Size::Tile,
        token: 34.0,
        name: point(x + 4.0, y + 17.0),
        tick: point(right - 4.0, y + 17.0),
        systick: None,
        m,
        words: 0.0,
        well: rect(right - 36.0, y + 31.0, 36.0, 36.0),
        hand: rect(right - 36.0, y + 31.0, 36.0, 34.0),
        next,
        ring_name: point(right - 4.0, y + 17.0),
        ring: nothing,
        columns: 1,
        rows: 1,
        timer: None,
        dock: m,
        mid: y,
        low: y,
    }
}
