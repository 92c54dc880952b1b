//! The ways that lead from one thing to another: through the gaps between rows, around what is written.

use super::super::event::{Array, Event};
use super::Shown;
use super::focus::At;
use crate::diagram::parts::way;
use crate::diagram::{Diagram, Point, Rect, Size, Tone, point};
use crate::text::Text;

/// From a frame to the way beside it, in units.
const ASIDE: f32 = 12.0;
/// From a row to the middle of the gap beside it.
const GAP: f32 = 4.0;

/// Draws the ways of this step.
pub fn draw(shown: &Shown, picture: &mut Diagram) {
    moves(shown, picture);
    chooses(shown, picture);
    looks(shown, picture);
}

/// A cell that is drawn, its name, and the row that it is in.
struct Place {
    key: String,
    cell: Rect,
    row: Rect,
}

impl Place {
    fn of(shown: &Shown, picture: &Diagram, at: At, cell: u32) -> Option<Place> {
        let id = shown.bucket_at(at)?;
        let key = format!("cell/{id}/{cell}");
        let (cell, row) = (picture.get(&key)?.rect, picture.get(&format!("bucket/{id}"))?.rect);
        Some(Place { key, cell, row })
    }

    /// Out of the cell into the gap above its row, or below it.
    fn out(&self, below: bool) -> [Point; 2] {
        let x = self.cell.center().x;
        if below {
            [point(x, self.cell.bottom()), point(x, self.row.bottom() + GAP)]
        } else {
            [point(x, self.cell.y), point(x, self.row.y - GAP)]
        }
    }
}

/// From an old cell over the bit that decides to the cell that the entry goes to.
fn moves(shown: &Shown, picture: &mut Diagram) {
    let (old, from, to) = match shown.event {
        Some(Event::EntryMoved { old, from_pos, from_cell, to, pos, cell, .. }) => {
            let to = At { array: Array::Buckets, bucket: *to, pos: *pos };
            (*old, (*from_pos, *from_cell), Some((to, *cell)))
        }
        Some(
            Event::MarkedX { old, pos, cell, .. }
            | Event::MarkedY { old, pos, cell, .. }
            | Event::MarkedSameSize { old, pos, cell, .. },
        ) => (*old, (*pos, *cell), shown.destination().map(|(to, cell, _)| (to, cell))),
        _ => return,
    };
    let from = Place::of(shown, picture, At { array: Array::Oldbuckets, bucket: old, pos: from.0 }, from.1);
    let Some(from) = from else { return };
    let chain = to.map_or(0, |(at, _)| at.bucket);
    let to = to.and_then(|(at, cell)| Place::of(shown, picture, at, cell));
    let y = matches!(picture.get("hash/new"), Some(mark) if mark.labels.iter().any(|label| label.text.en == "1"));
    let about = Text::new("the way of the entry", "条目的去向");
    let Some(bit) = picture.get("hash/new").map(|mark| mark.rect) else {
        if let Some(to) = to {
            across(picture, "trail", &from, &to, Tone::Info, about);
        }
        return;
    };
    // In from above, out below.
    let below = shown.size == Size::Stage || shown.narrow;
    let [start, gap] = from.out(below);
    let (over, under, x) = (bit.y - ASIDE, bit.bottom() + ASIDE * 0.6, bit.center().x);
    let aside = from.row.right() + ASIDE;
    let mut corners = vec![start, gap];
    if gap.y <= over && !below {
        corners.push(point(x, gap.y));
    } else {
        corners.extend([point(aside, gap.y), point(aside, over), point(x, over)]);
    }
    corners.push(point(x, bit.y));
    way(picture, "trail/bit", "hash/new", &corners, Tone::Active, about.clone());
    if let Some(to) = to {
        let [end, gap] = to.out(false);
        let aside = before(shown, picture, chain).unwrap_or(to.row.x - ASIDE * 3.0);
        let corners = [point(x, bit.bottom()), point(x, under), point(aside, under), point(aside, gap.y), gap, end];
        way(picture, "trail", &to.key, &corners, if y { Tone::Moved } else { Tone::Info }, about);
    }
}

/// Left of the number of a new bucket.
fn before(shown: &Shown, picture: &Diagram, bucket: u32) -> Option<f32> {
    let id = shown.bucket_at(At { array: Array::Buckets, bucket, pos: 0 })?;
    Some(picture.get(&format!("index/{id}"))?.rect.x - ASIDE)
}

/// From one cell to another: above their row, or down between the arrays.
fn across(picture: &mut Diagram, key: &str, from: &Place, to: &Place, tone: Tone, about: Text) {
    let ([start, a], [end, b]) = (from.out(to.row.y > from.row.y && to.row.x < from.row.right()), to.out(false));
    if (a.y - b.y).abs() <= 2.0 * GAP {
        let b = point(b.x, a.y);
        return way(picture, key, &to.key, &[start, a, b, end], tone, about);
    }
    let [end, b] = if to.row.y < from.row.y && to.row.x < from.row.right() { to.out(true) } else { [end, b] };
    if (a.y - b.y).abs() <= 4.0 * GAP {
        return way(picture, key, &to.key, &[start, a, point(b.x, a.y), end], tone, about);
    }
    let aside = from.row.right().max(if to.row.x < from.row.right() { to.row.right() } else { 0.0 }) + ASIDE;
    way(picture, key, &to.key, &[start, a, point(aside, a.y), point(aside, b.y), b, end], tone, about);
}

/// From the low bits of the hash to the number of the bucket that they choose.
fn chooses(shown: &Shown, picture: &mut Diagram) {
    let Some(Event::BucketChosen { bucket, .. }) = shown.event else { return };
    let Some(id) = shown.bucket_at(At { array: Array::Buckets, bucket: *bucket, pos: 0 }) else { return };
    let key = format!("index/{id}");
    let (Some(bits), Some(number)) = (picture.get("hash/low"), picture.get(&key)) else { return };
    let (bits, number) = (bits.rect, number.rect);
    let (aside, y) = (number.x - ASIDE, number.center().y);
    let end = [point(aside, y), point(number.x - 1.0, y)];
    let start = if bits.right() < aside {
        vec![point(bits.right(), bits.center().y), point(aside, bits.center().y)]
    } else {
        let (x, over) = (bits.center().x, bits.y - ASIDE);
        vec![point(x, bits.y), point(x, over), point(aside, over)]
    };
    let corners: Vec<Point> = start.into_iter().chain(end).collect();
    way(picture, "choice", &key, &corners, Tone::Info, Text::new("the low bits choose the bucket", "低位选桶"));
}

/// A look from one cell at another.
fn looks(shown: &Shown, picture: &mut Diagram) {
    let Some([from, to]) = shown.focus.arrow else { return };
    let (Some(from), Some(to)) = (Place::of(shown, picture, from.0, from.1), Place::of(shown, picture, to.0, to.1))
    else {
        return;
    };
    across(picture, "look", &from, &to, Tone::Info, Text::new("what is looked at from there", "从这里看向哪里"));
}
