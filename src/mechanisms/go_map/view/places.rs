//! Where the buckets stand: rows and columns for the arrays, with overflow buckets below their head.
//!
//! While the map doubles, old bucket `i`, new bucket `i` (X) and new bucket `i + noldbuckets` (Y) stand in one row, so
//! that evacuation is a move to the right.

use crate::diagram::{Rect, rect};

/// The area for the arrays, in canvas units.
pub const AREA: Rect = rect(48.0, 122.0, 1504.0, 532.0);
/// Height of a column's title.
const TITLE: f32 = 38.0;
/// Width for a bucket's number, left of it.
const INDEX: f32 = 40.0;
/// Between columns.
const COLUMN_GAP: f32 = 30.0;
/// How far an overflow bucket is set in.
pub const INDENT: f32 = 22.0;
const MAX_CELL: f32 = 92.0;
const MAX_ROW: f32 = 66.0;
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

/// Finds places for arrays given as lengths of their chains; `right` is empty while there is one array. `area` is what
/// may be used.
pub fn places(left: &[usize], right: &[usize], area: Rect) -> Places {
    let (left_columns, right_columns) = columns(left.len(), right.len(), area);
    let count = left_columns + right_columns;
    let width = (area.w - COLUMN_GAP * (count - 1) as f32) / count as f32;
    let cell = ((width - INDEX - INDENT) / 8.0).min(MAX_CELL);
    let rows = left.len().div_ceil(left_columns).max(right.len().div_ceil(right_columns.max(1)));
    let depth = |chains: &[usize], columns: usize, row: usize| {
        let per_column = chains.len().div_ceil(columns.max(1)).max(1);
        let in_row = (0..columns).filter_map(|c| (row < per_column).then(|| chains.get(c * per_column + row)).flatten());
        in_row.copied().max().unwrap_or(0)
    };
    let depths: Vec<usize> =
        (0..rows).map(|row| depth(left, left_columns, row).max(depth(right, right_columns, row)).max(1)).collect();
    let lines: usize = depths.iter().sum();
    let height = ((area.h - TITLE) / lines.max(1) as f32).min(MAX_ROW);
    let detail = match (height, cell) {
        (height, cell) if height >= MIN_ROW && cell >= MIN_CELL => Detail::Full,
        (height, cell) if height >= MIN_COMPACT && cell >= MIN_CELL => Detail::Keys,
        _ => Detail::Dots,
    };
    let step = width + COLUMN_GAP;
    let column = |chains: &[usize], columns: usize, c: usize, x: f32| {
        let per_column = chains.len().div_ceil(columns.max(1)).max(1);
        let first = c * per_column;
        let mut y = area.y + TITLE;
        let mut placed = Vec::new();
        for (row, length) in chains.iter().skip(first).take(per_column).enumerate() {
            let bucket = |pos: usize| {
                let inset = if pos == 0 { 0.0 } else { INDENT };
                rect(x + INDEX + inset, y + pos as f32 * height, cell * 8.0, height - gap(height))
            };
            placed.push((0..*length).map(bucket).collect());
            y += depths.get(row).copied().unwrap_or(1) as f32 * height;
        }
        Column { first, title: rect(x, area.y, width, TITLE), chains: placed }
    };
    let left_places: Vec<Column> =
        (0..left_columns).map(|c| column(left, left_columns, c, area.x + c as f32 * step)).collect();
    let right_places: Vec<Column> = (0..right_columns)
        .map(|c| column(right, right_columns, c, area.x + (left_columns + c) as f32 * step))
        .collect();
    let bottom = area.y + TITLE + lines as f32 * height;
    Places {
        left: ArrayPlaces { columns: left_places },
        right: ArrayPlaces { columns: right_places },
        detail,
        bottom,
    }
}

fn gap(row: f32) -> f32 {
    (row * 0.14).clamp(2.0, 9.0)
}

/// How many columns each array gets: a doubled array of more than eight buckets one for X and one for Y, a large one as
/// many as it needs to stay in sight.
fn columns(left: usize, right: usize, area: Rect) -> (usize, usize) {
    let fit = |n: usize| {
        let mut columns = 1;
        while n.div_ceil(columns) > 8 && columns < 8 {
            columns *= 2;
        }
        let lowest = ((area.h - TITLE) / 7.0) as usize;
        while n.div_ceil(columns) > lowest {
            columns *= 2;
        }
        columns
    };
    match right {
        0 => (fit(left), 0),
        _ if right == left * 2 && left > 4 => (fit(left), 2 * fit(left)),
        _ => (fit(left), fit(right)),
    }
}
