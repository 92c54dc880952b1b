//! Where the buckets stand: rows and columns for the arrays, with overflow buckets below their head.
//!
//! While the map doubles, old bucket `i`, new bucket `i` (X) and new bucket `i + noldbuckets` (Y) stand in one row, so
//! that evacuation is a move to the right.

use crate::diagram::{Rect, rect};

/// The area for the arrays, in canvas units.
pub const AREA: Rect = rect(48.0, 112.0, 1504.0, 546.0);
/// Height of a column's title.
const TITLE: f32 = 38.0;
/// Width for a bucket's number, left of it.
pub const INDEX: f32 = 40.0;
/// Between columns.
const COLUMN_GAP: f32 = 30.0;
/// How far an overflow bucket is set in.
const INDENT: f32 = 18.0;
const MAX_CELL: f32 = 124.0;
/// So many buckets are drawn wider.
const FEW: usize = 4;
const MAX_CELL_OF_FEW: f32 = 160.0;
const MAX_ROW: f32 = 108.0;
/// Rows lower than this have no room for tophash and key.
const MIN_ROW: f32 = 45.0;
/// Rows lower than this have no room for a key.
const MIN_COMPACT: f32 = 25.0;
/// Cells narrower than this have no room for a key.
const MIN_CELL: f32 = 46.0;

/// How much a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Only whether it is taken.
    Dots,
    /// The key.
    Keys,
    /// Tophash and key.
    Full,
}

/// One column of buckets of an array.
#[derive(Clone, Debug)]
pub struct Column {
    /// The number of the first bucket in it.
    pub first: usize,
    /// Its title's place.
    pub title: Rect,
    /// The places of the buckets of each chain, head first.
    pub chains: Vec<Vec<Rect>>,
}

/// The columns of an array.
#[derive(Clone, Debug, Default)]
pub struct ArrayPlaces {
    /// Left to right.
    pub columns: Vec<Column>,
}

impl ArrayPlaces {
    /// The place of a bucket.
    pub fn bucket(&self, number: usize, pos: usize) -> Option<Rect> {
        let column = self.columns.iter().rfind(|column| column.first <= number)?;
        column.chains.get(number - column.first)?.get(pos).copied()
    }
}

/// The places of up to two arrays side by side.
#[derive(Clone, Debug)]
pub struct Places {
    /// The old array, or the only one.
    pub left: ArrayPlaces,
    /// The new array, while there are two.
    pub right: ArrayPlaces,
    /// How much fits into a cell.
    pub detail: Detail,
    /// Where the lowest bucket ends.
    pub bottom: f32,
}

/// The part of an array that is drawn: one or two equal runs of neighbouring buckets.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The number of each run's first bucket.
    pub firsts: Vec<usize>,
    /// The lengths of the chains, in buckets.
    pub chains: Vec<usize>,
}

impl Span {
    /// Buckets in a run.
    pub fn run(&self) -> usize {
        self.chains.len() / self.firsts.len().max(1)
    }

    /// The number of the bucket whose chain is the `nth`.
    fn number(&self, nth: usize) -> usize {
        let run = self.run().max(1);
        self.firsts.get(nth / run).map_or(0, |first| first + nth % run)
    }
}

/// Finds places for one array or two; `right` is empty while there is one. `area` is what may be used.
pub fn places(left: &Span, right: &Span, area: Rect) -> Places {
    let (left_columns, right_columns) = columns(left.chains.len(), right.chains.len(), area);
    let count = left_columns + right_columns;
    let width = (area.w - COLUMN_GAP * (count - 1) as f32) / count as f32;
    let few = left.chains.len() + right.chains.len() <= FEW;
    let cell = ((width - INDEX - INDENT) / 8.0).min(if few { MAX_CELL_OF_FEW } else { MAX_CELL });
    let depths = depths(&[(left, left_columns), (right, right_columns)]);
    let lines: usize = depths.iter().sum();
    let row = ((area.h - TITLE) / lines.max(1) as f32).min(MAX_ROW);
    let detail = if row >= MIN_ROW && cell >= MIN_CELL {
        Detail::Full
    } else if row >= MIN_COMPACT && cell >= MIN_CELL {
        Detail::Keys
    } else {
        Detail::Dots
    };
    // Few buckets stand lower, so that a small map does not hang from the upper edge; overflow buckets do not count,
    // so that nothing shifts when one is linked.
    let top = area.y + (area.h - TITLE - lines.max(depths.len() * 2) as f32 * row).max(0.0) * 0.3;
    let grid = Grid { x: area.x, y: top, width, cell, row, depths: &depths };
    Places {
        left: grid.array(left, left_columns, 0),
        right: grid.array(right, right_columns, left_columns),
        detail,
        bottom: top + TITLE + lines as f32 * row,
    }
}

/// How many buckets lie below each other in each row: the longest chain of that row in any column.
fn depths(arrays: &[(&Span, usize)]) -> Vec<usize> {
    let mut depths = Vec::new();
    for (span, columns) in arrays.iter().filter(|(_, columns)| *columns > 0) {
        let rows = span.chains.len().div_ceil(*columns).max(1);
        for (i, length) in span.chains.iter().enumerate() {
            let row = i % rows;
            if depths.len() <= row {
                depths.resize(row + 1, 1);
            }
            depths[row] = depths[row].max(*length);
        }
    }
    depths
}

struct Grid<'a> {
    x: f32,
    y: f32,
    width: f32,
    cell: f32,
    row: f32,
    depths: &'a [usize],
}

impl Grid<'_> {
    fn array(&self, span: &Span, columns: usize, before: usize) -> ArrayPlaces {
        let rows = span.chains.len().div_ceil(columns.max(1)).max(1);
        let column = |(c, chains): (usize, &[usize])| {
            let x = self.x + (before + c) as f32 * (self.width + COLUMN_GAP);
            let first = span.number(c * rows);
            Column { first, title: rect(x, self.y, self.width, TITLE), chains: self.column(chains, x) }
        };
        ArrayPlaces { columns: span.chains.chunks(rows).enumerate().map(column).collect() }
    }

    fn column(&self, chains: &[usize], x: f32) -> Vec<Vec<Rect>> {
        let mut y = self.y + TITLE;
        let mut placed = Vec::new();
        for (length, depth) in chains.iter().zip(self.depths) {
            let bucket = |pos: usize| {
                let inset = if pos == 0 { 0.0 } else { INDENT };
                let gap = (self.row * 0.14).clamp(3.0, 16.0);
                rect(x + INDEX + inset, y + pos as f32 * self.row, self.cell * 8.0, self.row - gap)
            };
            placed.push((0..*length).map(bucket).collect());
            y += *depth as f32 * self.row;
        }
        placed
    }
}

/// How many columns each array gets: a doubled array of more than eight buckets one for X and one for Y, a large one as
/// many as it needs to stay in sight.
fn columns(left: usize, right: usize, area: Rect) -> (usize, usize) {
    let lowest = ((area.h - TITLE) / 12.0) as usize;
    let fit = |n: usize| match n {
        0..=8 => 1,
        9..=32 => 2,
        33..=128 => 4,
        _ => n.div_ceil(lowest.max(1)).next_power_of_two(),
    };
    match right {
        0 => (fit(left), 0),
        _ if right == left * 2 && left > 4 => (fit(left), 2 * fit(left)),
        _ => (fit(left), fit(right)),
    }
}
