//! Places for things of one kind: a row, a column, a grid.

use super::geometry::{Rect, rect};

/// `n` rectangles side by side that fill `area`, `gap` units apart.
pub fn row(area: Rect, n: usize, gap: f32) -> impl Iterator<Item = Rect> {
    let w = (area.w - gap * n.saturating_sub(1) as f32) / n.max(1) as f32;
    (0..n).map(move |i| rect(area.x + (w + gap) * i as f32, area.y, w, area.h))
}

/// `n` rectangles below each other that fill `area`, `gap` units apart.
pub fn column(area: Rect, n: usize, gap: f32) -> impl Iterator<Item = Rect> {
    let h = (area.h - gap * n.saturating_sub(1) as f32) / n.max(1) as f32;
    (0..n).map(move |i| rect(area.x, area.y + (h + gap) * i as f32, area.w, h))
}

/// `n` rectangles in rows of `columns`, reading order, that fill `area`, `gap` units apart.
pub fn grid(area: Rect, n: usize, columns: usize, gap: f32) -> impl Iterator<Item = Rect> {
    let columns = columns.max(1);
    let rows = n.div_ceil(columns).max(1);
    let w = (area.w - gap * (columns - 1) as f32) / columns as f32;
    let h = (area.h - gap * (rows - 1) as f32) / rows as f32;
    (0..n)
        .map(move |i| rect(area.x + (w + gap) * (i % columns) as f32, area.y + (h + gap) * (i / columns) as f32, w, h))
}
