//! Where things stand: rows of channels, below them cards of goroutines. This depends on how many there are and on their
//! programs, not on how far a run has come.

use super::super::program::What;
use super::super::{GoChan, Goroutine, Hchan};
use crate::diagram::{Face, Rect, layout, measure, rect};

/// Left edge and width of everything, in canvas units.
const LEFT: f32 = 48.0;
const WIDTH: f32 = 1504.0;
/// Where the rows begin, and where the cards end.
const TOP: f32 = 104.0;
const BOTTOM: f32 = 756.0;
const GAP: f32 = 12.0;
/// Line heights and text heights of programs: the largest that has room for all of them.
const LINES: [(f32, f32); 3] = [(34.0, 23.0), (28.0, 20.0), (23.0, 17.0)];
/// From a card's edge to what it holds.
pub const PAD: f32 = 16.0;
/// Below this height a card has no room for what a call does next.
const LOW_CARD: f32 = 230.0;
/// Height of a row of chips.
pub const CHIPS: f32 = 32.0;

/// All places of one picture.
pub struct Places {
    /// The channels' rows.
    pub rows: Vec<Row>,
    /// The goroutines' cards.
    pub cards: Vec<Card>,
    /// Height of a line of a program, and of its text.
    pub line: (f32, f32),
}

/// Where the parts of a channel's row stand.
pub struct Row {
    /// The whole row.
    pub place: Rect,
    /// Where the ring lies, or the word that there is none.
    pub ring: Rect,
    /// Slots that are drawn.
    pub drawn: usize,
    first: Rect,
    step: f32,
}

/// Where the parts of a goroutine's card stand.
#[derive(Clone, Copy)]
pub struct Card {
    /// The whole card.
    pub place: Rect,
    /// The program.
    pub code: Rect,
    /// The orders of a select, if the program has one: one row, or two below each other.
    pub orders: Option<Rect>,
    /// What the call does next.
    pub phase: Option<Rect>,
    /// Sudogs.
    pub sudogs: Rect,
    /// Values: to be sent on the left, received on the right.
    pub values: Rect,
}

impl Places {
    /// The places for a machine.
    pub fn of(machine: &GoChan) -> Places {
        let channels = machine.channels();
        let height = match channels.len() {
            0 => 0.0,
            1 => 180.0,
            2 => 116.0,
            3 => 94.0,
            n => 300.0 / n as f32,
        };
        let used = height * channels.len() as f32;
        let rows = layout::column(rect(LEFT, TOP, WIDTH, used), channels.len(), 0.0);
        let rows = rows.zip(channels).map(|(place, channel)| row(Rect { h: place.h - 6.0, ..place }, channel));
        let top = TOP + used + GAP - 6.0;
        let n = machine.goroutines().len();
        let columns = if n > 6 { n.div_ceil(2) } else { n.max(2) };
        let area = rect(LEFT, top, WIDTH, BOTTOM - top);
        let rows_of_cards = n.div_ceil(columns).max(1);
        let cards = layout::grid(area, columns * rows_of_cards, columns, GAP).zip(machine.goroutines());
        let cards: Vec<Card> = cards.map(|(place, goroutine)| card(place, goroutine)).collect();
        let line = LINES.into_iter().find(|line| roomy(machine, &cards, *line)).unwrap_or(LINES[LINES.len() - 1]);
        Places { rows: rows.collect(), cards, line }
    }

    /// The card of a goroutine.
    pub fn card(&self, g: u32) -> Option<Card> {
        self.cards.get((g as usize).checked_sub(1)?).copied()
    }
}

impl Row {
    /// The place of a slot of the ring.
    pub fn slot(&self, i: usize) -> Option<Rect> {
        (i < self.drawn).then(|| self.first.shifted(self.step * i as f32, 0.0))
    }

    /// Whether the row is too low for three lines at its left end.
    pub fn low(&self) -> bool {
        self.place.h < 108.0
    }
}

fn row(place: Rect, channel: &Hchan) -> Row {
    let ring = rect(place.x + 590.0, place.y, 330.0, place.h);
    let drawn = (channel.dataqsiz as usize).min(16);
    let step = (ring.w / drawn.max(1) as f32).min(78.0);
    let size = (step - 6.0).min(place.h - 60.0).clamp(12.0, 62.0);
    let x = ring.center().x - step * drawn as f32 / 2.0 + (step - size) / 2.0;
    Row { place, ring, drawn, step, first: rect(x, place.center().y - size / 2.0, size, size) }
}

fn card(place: Rect, goroutine: &Goroutine) -> Card {
    let strip = |bottom: f32, h: f32| rect(place.x + PAD, bottom - h, place.w - 2.0 * PAD, h);
    let values = strip(place.bottom() - 10.0, 42.0);
    let low = place.h < LOW_CARD;
    let sudogs = strip(values.y - 6.0, 44.0);
    let phase = (!low).then(|| strip(sudogs.y - 8.0, 22.0));
    let above = phase.map_or(sudogs.y - 4.0, |phase| phase.y);
    let orders = uses_select(goroutine).then(|| strip(above, if place.w < 440.0 { 2.0 * CHIPS } else { CHIPS }));
    let orders = orders.filter(|_| !low);
    let top = place.y + 52.0;
    let bottom = orders.map_or(above, |orders| orders.y);
    let code = rect(place.x + PAD, top, place.w - 2.0 * PAD, (bottom - top).max(0.0));
    Card { place, code, orders, phase, sudogs, values }
}

/// Whether one of its statements is a `selectgo`.
fn uses_select(goroutine: &Goroutine) -> bool {
    goroutine.program.instrs.iter().any(|instr| match &instr.what {
        What::Select { select, .. } => select.cases.len() != 1 || select.general,
        _ => false,
    })
}

/// Whether all programs fit in lines of this height and type of this height: all cards are set alike.
fn roomy(machine: &GoChan, cards: &[Card], (height, size): (f32, f32)) -> bool {
    machine.goroutines().iter().zip(cards).all(|(goroutine, card)| {
        let lines = &goroutine.program.lines;
        let wide = |line: &super::super::Line| {
            measure::width(&line.text, size, Face::Mono) + indent(line.indent) <= card.code.w - 16.0
        };
        lines.len() as f32 * height <= card.code.h && lines.iter().all(wide)
    })
}

/// How far a line of a program is indented.
pub fn indent(depth: u8) -> f32 {
    f32::from(depth) * 18.0
}
