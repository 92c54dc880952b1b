//! What stands beside and above the arrays: where `nevacuate` points, how far iterations have come, spare overflow
//! buckets, ways and looks from cell to cell, and what the marks in the cells mean.

use super::super::event::{Array, Event};
use super::super::frame::{Call, Pc};
use super::super::iterate::Iter;
use super::super::memory::{BUCKET_COUNT, Ptr};
use super::arrays::{Arrays, Shown};
use super::focus::At;
use super::places::{Detail, INDEX};
use crate::diagram::{Arrow, Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, point, rect};
use crate::text::{Lang, Text};

/// The line between the chips and the arrays.
const INFO_Y: f32 = 91.0;
/// The most spare buckets that are drawn one by one.
const PILLS: usize = 4;
/// Width of one with the gap behind it.
const PILL: f32 = 50.0;

impl Arrays<'_> {
    /// Draws everything that is no bucket.
    pub fn extras(&self, picture: &mut Diagram) {
        self.nevacuate(picture);
        self.spare(picture);
        self.trail(picture);
        self.look(picture);
        self.iterations(picture);
        self.legend(picture);
    }

    /// A pointer to the old bucket that is next in turn.
    fn nevacuate(&self, picture: &mut Diagram) {
        let shown = self.shown();
        let Some(old) = shown.first().filter(|array| array.role == Array::Oldbuckets) else { return };
        let mark = self.map.hmap().nevacuate as usize;
        let row = match (old.places.bucket(mark, 0), old.places.bucket(mark.saturating_sub(1), 0)) {
            (Some(row), _) => row.center().y,
            (None, Some(last)) => last.bottom() + 8.0,
            _ => return,
        };
        let Some(first) = old.places.columns.first() else { return };
        let lit = self.focus.chips.contains(&"nevacuate");
        let tone = if lit { Tone::Active } else { Tone::Moved };
        let words = label("nevacuate ▸", 16.0).ink(Ink::Tone).right(0.0);
        let words = if lit { words.strong() } else { words };
        let place = point(first.title.x + 6.0, row);
        picture.push(Mark::text("nevacuate", place, words).tone(tone).layer(11).path("nevacuate"));
    }

    /// The preallocated overflow buckets, and one that is being linked.
    fn spare(&self, picture: &mut Diagram) {
        let shown = self.shown();
        let Some(column) = shown.last().and_then(|array| array.places.columns.last()) else { return };
        let y = self.places.bottom + 8.0;
        let (spare, pointed) = self.spare_buckets(shown.last());
        let next = if pointed { " · nextOverflow" } else { "" };
        let n = spare.len();
        let words = Text::new(format!("spare overflow ×{n}{next}"), format!("备用溢出桶 ×{n}{next}"));
        let words = label(words, 16.0).ink(Ink::Soft).left(0.0);
        let linking = self.map.frames().iter().filter(|frame| !frame.growing()).filter_map(|frame| frame.fresh);
        let pills = linking.map(|ptr| (ptr, Tone::Active)).chain(spare.iter().map(|ptr| (*ptr, Tone::Faint)));
        let pills = pills.map(|(ptr, tone)| (format!("bucket/{}", self.bucket_key(ptr)), tone));
        let pills: Vec<_> = pills.filter(|(key, _)| picture.get(key).is_none()).take(PILLS).collect();
        // Below a narrow column at the right edge there may not be room for all of it.
        let wide = Lang::ALL.map(|lang| words.width(lang)).into_iter().fold(0.0, f32::max) + 4.0;
        let room = self.area.right() - pills.len() as f32 * PILL - if spare.is_empty() { 0.0 } else { wide };
        let mut x = (column.title.x + INDEX).min(room);
        for (key, tone) in pills {
            let about = Text::new("an overflow bucket not yet in use", "尚未使用的溢出桶");
            picture.push(
                Mark::new(key, rect(x, y, PILL - 6.0, 20.0)).border(Border::Dashed).tone(tone).about(about).layer(10),
            );
            x += PILL;
        }
        if !spare.is_empty() {
            picture.push(Mark::text("spare/words", point(x + 4.0, y + 10.0), words).path("spare"));
        }
    }

    /// Spare overflow buckets, and whether `nextOverflow` points to them yet.
    fn spare_buckets(&self, newest: Option<&Shown>) -> (Vec<Ptr>, bool) {
        let behind = |slot: u32, from: u32| -> Vec<Ptr> {
            (from..self.map.memory().total_len(slot)).map(|index| Ptr { slot, index }).collect()
        };
        let unpointed = |pc: Pc| matches!(pc, Pc::MakeSpare | Pc::ClearSpare);
        let early = self.map.frames().iter().any(|frame| frame.growing() || unpointed(frame.pc));
        match (newest.filter(|_| early), self.map.hmap().next_overflow) {
            (Some(array), _) => (behind(array.slot, self.map.memory().main_len(array.slot)), false),
            (None, Some(next)) => (behind(next.slot, next.index), true),
            (None, None) => (Vec::new(), false),
        }
    }

    /// The way that the entry of this step took.
    fn trail(&self, picture: &mut Diagram) {
        let Some(Event::EntryMoved { old, from_pos, from_cell, to, pos, cell, .. }) = self.event else { return };
        let from = At { array: Array::Oldbuckets, bucket: *old, pos: *from_pos };
        let to = At { array: Array::Buckets, bucket: *to, pos: *pos };
        let cells = (self.find(picture, from, *from_cell), self.find(picture, to, *cell));
        let (Some(from), Some(to)) = cells else { return };
        let mut trail = Mark::arrow("trail", from, to, -0.06).tone(Tone::Moved).layer(32);
        if (from.rect.y - to.rect.y).abs() < 1.0 {
            over(&mut trail, from.rect, to.rect, 12.0);
        }
        if let Shape::Arrow(Arrow { dotted, .. }) = &mut trail.shape {
            *dotted = true;
        }
        picture.push(trail.about(Text::new("the way the entry took", "条目的去向")));
    }

    /// A look from one cell at another: above the row if they are neighbours.
    fn look(&self, picture: &mut Diagram) {
        let Some([from, to]) = self.focus.arrow else { return };
        let cells = (self.find(picture, from.0, from.1), self.find(picture, to.0, to.1));
        let (Some(a), Some(b)) = cells else { return };
        let about = Text::new("what is looked at from there", "从这里看向哪里");
        if (a.rect.y - b.rect.y).abs() >= 1.0 {
            let [line, head] = between(a, b);
            picture.push(line.about(about));
            return picture.push(head);
        }
        let mut look = Mark::arrow("look", a, b, 0.0).tone(Tone::Info).layer(32).about(about);
        over(&mut look, a.rect, b.rect, if from.0 == to.0 { 34.0 } else { 12.0 });
        picture.push(look);
    }

    /// A cell that is drawn.
    fn find<'p>(&self, picture: &'p Diagram, at: At, cell: u32) -> Option<&'p Mark> {
        let slot = self.shown().iter().find(|array| array.role == at.array)?.slot;
        self.cell_mark(picture, slot, (at.bucket, at.pos), cell)
    }

    fn cell_mark<'p>(&self, picture: &'p Diagram, slot: u32, (chain, pos): (u32, u32), cell: u32) -> Option<&'p Mark> {
        let head = self.map.memory().nth(slot, chain)?;
        let (ptr, _) = self.map.memory().chain(head).nth(pos as usize)?;
        picture.get(&format!("cell/{}/{cell}", self.bucket_key(ptr)))
    }

    /// Where each iteration began and where it stands.
    fn iterations(&self, picture: &mut Diagram) {
        let mut right = self.area.right();
        for (id, iter) in self.map.iterations() {
            let Some(slot) = iter.buckets else { continue };
            let tone = if *id == 1 { Tone::Info } else { Tone::Moved };
            right = self.iteration(*id, iter, tone, right, picture);
            if let Some(cell) = self.cell_mark(picture, slot, (iter.start_bucket, 0), iter.offset) {
                let place = rect(cell.rect.x + 3.0, cell.rect.y + 3.0, 9.0, 9.0);
                picture.push(dot(format!("iter/{id}/start"), place, tone));
            }
            let (place, i) = self.stands(*id, iter).unwrap_or(((slot, iter.start_bucket, 0), 0));
            let cell = (i + BUCKET_COUNT as u32 - 1 + iter.offset) % BUCKET_COUNT as u32;
            let cell = if i == 0 { iter.offset } else { cell };
            if let Some(cell) = self.cell_mark(picture, place.0, (place.1, place.2), cell) {
                let place = rect(cell.rect.x, cell.rect.bottom() - 3.0, cell.rect.w, 5.0);
                let bar = Mark::new(format!("iter/{id}/cursor"), place).shape(Shape::Box { radius: 2.0 });
                picture.push(bar.tone(tone).fill(Fill::Solid).border(Border::None).layer(26));
            }
        }
    }

    /// The array, chain and bucket that an iteration stands in, and how many cells of it it has passed.
    fn stands(&self, id: u32, iter: &Iter) -> Option<((u32, u32, u32), u32)> {
        let walks = |call: Call| call == Call::IterNext { id };
        match self.map.frames().iter().find(|frame| walks(frame.call) && frame.pc != Pc::Checks) {
            Some(frame) if frame.b.is_some() => Some(((frame.slot, frame.chain, frame.pos), frame.i)),
            Some(frame) if iter.bptr.is_some() => Some(((frame.slot, frame.chain, frame.pos), BUCKET_COUNT as u32)),
            _ => iter.bptr.map(|_| (iter.place, iter.i)),
        }
    }

    /// Says what the two marks of an iteration mean; returns where the next one has to end.
    fn iteration(&self, id: u32, iter: &Iter, tone: Tone, right: f32, picture: &mut Diagram) -> f32 {
        let (start, offset) = (iter.start_bucket, iter.offset);
        let words = Text::new(
            format!("iteration {id}: start bucket {start}, cell {offset}"),
            format!("迭代 {id}：起点 桶 {start} 槽 {offset}"),
        );
        let words = label(words, 16.0).left(28.0);
        let now = label(Text::new("now", "当前"), 16.0).right(12.0);
        let wide =
            |label: &crate::diagram::Label| Lang::ALL.map(|lang| label.width(lang)).into_iter().fold(0.0, f32::max);
        let (first, second) = (wide(&words), wide(&now));
        let place = rect(right - first - second - 92.0, INFO_Y - 15.0, first + second + 92.0, 30.0);
        if place.x < self.area.x + 560.0 {
            return right;
        }
        let lit = self.focus.chips.contains(&"iter");
        let mark = Mark::new(format!("iter/{id}/words"), place).path("iterators").label(words).label(now);
        picture.push(if lit { mark.tone(Tone::Active).border(Border::Thick) } else { mark });
        picture.push(dot(format!("iter/{id}/key/start"), rect(place.x + 12.0, INFO_Y - 4.5, 9.0, 9.0), tone));
        let bar =
            Mark::new(format!("iter/{id}/key/cursor"), rect(place.right() - second - 44.0, INFO_Y - 2.5, 24.0, 5.0));
        picture.push(bar.shape(Shape::Box { radius: 2.0 }).tone(tone).fill(Fill::Solid).border(Border::None).layer(11));
        place.x - 10.0
    }

    /// What the parts of the picture are, and what the marks in narrow cells mean.
    fn legend(&self, picture: &mut Diagram) {
        let cells = |mark: &&Mark| mark.key.starts_with("cell/");
        let named = picture.marks.iter().find(cells).is_none_or(|cell| self.names(cell.rect));
        let growing = self.shown().len() > 1;
        let words = match (growing, named) {
            _ if self.places.detail == Detail::Dots => return,
            (true, _) => Text::new(
                "0 emptyRest · 1 emptyOne · →X/→Y moved · →∅ evacuatedEmpty",
                "0 emptyRest · 1 emptyOne · →X/→Y 已迁移 · →∅ evacuatedEmpty",
            ),
            (false, false) => Text::same("0 emptyRest · 1 emptyOne"),
            // That line would reach to the words of an iteration.
            (false, true) if self.map.iterations().values().any(|iter| iter.buckets.is_some()) => return,
            (false, true) => Text::new(
                "above: hmap · a row: bmap = tophash[8], keys[8], elems[8], overflow · a cell: tophash, below it key = elem",
                "上方：hmap · 每行：bmap = tophash[8]、keys[8]、elems[8]、overflow · 每格：上为 tophash，下为 键 = 值",
            ),
        };
        let words = label(words, 16.0).ink(Ink::Of(Tone::Faint)).left(0.0);
        picture.push(Mark::text("legend", point(self.area.x, INFO_Y), words));
    }
}

/// Leads an arrow above a row, from the upper edge of one cell to that of another.
fn over(arrow: &mut Mark, from: Rect, to: Rect, rise: f32) {
    let (start, end) = (point(from.center().x, from.y), point(to.center().x, to.y));
    let top = start.y.min(end.y) - rise;
    if let Shape::Arrow(Arrow { curve, .. }) = &mut arrow.shape {
        *curve = [start, point((start.x + end.x) / 2.0, top), end];
    }
    arrow.rect = rect(start.x.min(end.x), top, (start.x - end.x).abs(), start.y.max(end.y) - top);
}

/// A line through the gap between two rows, and its head.
fn between(from: &Mark, to: &Mark) -> [Mark; 2] {
    let (a, b) = (from.rect, to.rect);
    let (leaves, arrives) = if b.y > a.y { (a.bottom(), b.y) } else { (a.y, b.bottom()) };
    let gap = arrives + (leaves - arrives).clamp(-9.5, 9.5);
    let turn = point(b.center().x, gap);
    let points = vec![point(a.center().x, leaves), point(a.center().x, gap), turn];
    let place =
        points[1..].iter().fold(rect(points[0].x, points[0].y, 0.0, 0.0), |all, p| all.union(rect(p.x, p.y, 0.0, 0.0)));
    let line = Mark::new("look", place).shape(Shape::Line { points }).fill(Fill::None);
    let line = line.tone(Tone::Info).border(Border::Thick).layer(32);
    let mut head = Mark::arrow("look/head", &line, to, 0.0).tone(Tone::Info).layer(33);
    if let Shape::Arrow(Arrow { curve, .. }) = &mut head.shape {
        let end = point(turn.x, arrives);
        *curve = [turn, turn.lerp(end, 0.5), end];
        head.rect = rect(turn.x, turn.y.min(end.y), 0.0, (turn.y - end.y).abs());
    }
    [line, head]
}

fn dot(key: String, place: Rect, tone: Tone) -> Mark {
    Mark::new(key, place).shape(Shape::Circle).tone(tone).fill(Fill::Solid).border(Border::None).layer(26)
}
