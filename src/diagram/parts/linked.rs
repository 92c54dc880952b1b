//! Two tables that share entries: a lane an entry, so that no pointer crosses another or runs over words.

use super::field::{arrow_from, is_empty};
use super::frame::{Frame, INNER};
use super::more::more;
use super::pointer::arrow_mark;
use super::token::{Token, token};
use super::words::{fit, wide};
use super::{Need, Part, Span, span};
use crate::diagram::{
    Arrow, Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, mono, point, rect,
};
use crate::text::Text;

/// A table at the left, one at the right, and between them what their rows point at. Each shared thing has a lane: its row
/// in the left table, itself, its row in the right table, on one level. Lanes without room are counted by `+N`.
#[derive(Clone, Debug)]
pub struct Linked {
    key: Key,
    left: Head,
    right: Head,
    lanes: Vec<Lane>,
    room: usize,
    widest: Option<Text>,
}

/// The heading of one of the two tables.
#[derive(Clone, Debug)]
pub struct Head(Frame);

/// A shared thing with its rows.
#[derive(Clone, Debug)]
pub struct Lane {
    key: Key,
    text: Text,
    was: Option<Text>,
    tone: Tone,
    ghost: bool,
    left: Option<Slot>,
    right: Option<Slot>,
    tags: Vec<Token>,
    path: Option<Path>,
    about: Option<Text>,
}

/// A row of one of the tables, which points at the thing in its lane.
#[derive(Clone, Debug)]
pub struct Slot {
    key: Key,
    text: Text,
    tone: Tone,
    path: Option<Path>,
}

/// Two tables without rows.
pub fn linked(key: impl Into<Key>, left: Head, right: Head) -> Linked {
    Linked { key: key.into(), left, right, lanes: Vec::new(), room: 1, widest: None }
}

/// The heading of a table. The key names the table itself: where one takes the other's place, it moves there.
pub fn head(key: impl Into<Key>, name: impl Into<Text>) -> Head {
    Head(Frame::new(key.into(), name.into()))
}

/// A shared thing: its key, and what it holds now.
pub fn lane(key: impl Into<Key>, text: impl Into<Text>) -> Lane {
    Lane {
        key: key.into(),
        text: text.into(),
        was: None,
        tone: Tone::Plain,
        ghost: false,
        left: None,
        right: None,
        tags: Vec::new(),
        path: None,
        about: None,
    }
}

/// A row of a table that points at the thing in its lane.
pub fn slot(key: impl Into<Key>, text: impl Into<Text>) -> Slot {
    Slot { key: key.into(), text: text.into(), tone: Tone::Plain, path: None }
}

impl Head {
    /// With a quiet remark beside it.
    pub fn note(mut self, note: impl Into<Text>) -> Head {
        self.0.note = Some(note.into());
        self
    }

    /// There is no table, and this is what stands in its place: `nil`.
    pub fn absent(mut self, word: impl Into<Text>) -> Head {
        self.0.absent = Some(word.into());
        self
    }

    /// With a meaning.
    pub fn tone(mut self, tone: Tone) -> Head {
        self.0.tone = tone;
        self
    }

    /// With its place in the state.
    pub fn path(mut self, path: impl Into<Path>) -> Head {
        self.0.path = Some(path.into());
        self
    }
}

impl Slot {
    /// With a meaning, which its pointer shares.
    pub fn tone(self, tone: Tone) -> Slot {
        Slot { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Slot {
        Slot { path: Some(path.into()), ..self }
    }
}

impl Lane {
    /// With a row in the left table, if there is one.
    pub fn left(self, row: impl Into<Option<Slot>>) -> Lane {
        Lane { left: row.into(), ..self }
    }

    /// With a row in the right table, if there is one.
    pub fn right(self, row: impl Into<Option<Slot>>) -> Lane {
        Lane { right: row.into(), ..self }
    }

    /// The value before this step, where it differs: `old → new`.
    pub fn was(self, old: impl Into<Text>) -> Lane {
        let old = old.into();
        Lane { was: (old != self.text).then_some(old), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Lane {
        Lane { tone, ..self }
    }

    /// Whether it holds nothing that could be used: dashes.
    pub fn ghost(self, ghost: bool) -> Lane {
        Lane { ghost, ..self }
    }

    /// With a small token in it: who has it in hand.
    pub fn tag(mut self, tag: Token) -> Lane {
        self.tags.push(tag);
        self
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Lane {
        Lane { path: Some(path.into()), ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Lane {
        Lane { about: Some(about.into()), ..self }
    }

    fn has_meaning(&self) -> bool {
        let rows = self.left.iter().chain(&self.right).any(|row| row.tone != Tone::Plain);
        rows || self.tone != Tone::Plain || self.was.is_some() || !self.tags.is_empty()
    }

    fn width(&self, size: Size) -> Span {
        let now = wide(&self.text, size.body(), Face::Mono);
        let was = self.was.as_ref().map_or(0.0, |old| wide(&arrow_from(old), size.body(), Face::Mono));
        let tags = self.tags.iter().fold(Span::default(), |all, tag| all.then(tag.width(size).plus(TAG_GAP)));
        span(now, now + was).then(tags).plus(2.6 * size.pad())
    }
}

impl Linked {
    /// With one more lane.
    pub fn lane(mut self, lane: Lane) -> Linked {
        self.lanes.push(lane);
        self
    }

    /// With these lanes.
    pub fn lanes(mut self, lanes: impl IntoIterator<Item = Lane>) -> Linked {
        self.lanes.extend(lanes);
        self
    }

    /// Room for so many lanes, so that it stays as large when they come and go.
    pub fn room(self, lanes: usize) -> Linked {
        Linked { room: lanes.max(1), ..self }
    }

    /// Room for this in each lane, so that it stays as wide when what they hold changes.
    pub fn widest(self, text: impl Into<Text>) -> Linked {
        Linked { widest: Some(text.into()), ..self }
    }

    fn count(&self) -> usize {
        self.lanes.len().max(self.room)
    }

    fn heading(&self, size: Size) -> f32 {
        self.left.0.heading(size).max(self.right.0.heading(size))
    }

    /// Width of the left table, of what is shared, of the right table.
    fn widths(&self, size: Size) -> [Span; 3] {
        let row = |row: Option<&Slot>| {
            row.map_or(Span::default(), |row| {
                let words = wide(&row.text, size.body(), Face::Mono);
                span(words + 12.0 + DOT * 3.0, words + 2.0 * size.pad() + DOT * 4.0)
            })
        };
        let table = |head: &Head, side_is_left: bool, side: &dyn Fn(&Lane) -> Option<&Slot>| {
            let rows = self.lanes.iter().fold(Span::fixed(size.cell()), |w, lane| w.max(row(side(lane))));
            let title = head.0.width(size);
            // The left heading has room over the gutter.
            let heading = if side_is_left { title.least } else { title.wanted };
            rows.plus(2.0 * INNER).max(span(title.least.min(size.title() * 5.0), heading))
        };
        let widest = self.widest.as_ref().map_or(0.0, |text| wide(text, size.body(), Face::Mono) + 2.0 * size.pad());
        let shared = self.lanes.iter().fold(span(size.cell() * 2.0, widest), |w, lane| w.max(lane.width(size)));
        let shared = span(shared.least.max(size.cell() * 2.0), shared.wanted.max(widest).max(size.cell() * 2.0));
        // Both tables are equally wide: what moves from one to the other keeps its shape.
        let (left, right) = (
            table(&self.left, true, &|lane| lane.left.as_ref()),
            table(&self.right, false, &|lane| lane.right.as_ref()),
        );
        [left.max(right), shared, left.max(right)]
    }

    fn shown(&self, most: usize) -> (Vec<&Lane>, Vec<&Lane>) {
        if self.lanes.len() <= most {
            return (self.lanes.iter().collect(), Vec::new());
        }
        let mut order: Vec<usize> = (0..self.lanes.len()).collect();
        order.sort_by_key(|i| !self.lanes[*i].has_meaning());
        let chosen: Vec<usize> = order[..most.saturating_sub(1)].to_vec();
        let all =
            |here: bool| (0..self.lanes.len()).filter(|i| chosen.contains(i) == here).map(|i| &self.lanes[i]).collect();
        (all(true), all(false))
    }
}

/// Between lanes.
const GAP: f32 = 6.0;
/// Radius of the dot that a pointer starts from.
const DOT: f32 = 5.0;
/// Before a tag.
const TAG_GAP: f32 = 6.0;

fn gutter(size: Size) -> Span {
    span(size.gap() * 2.0, size.gap() * 5.0)
}

impl Part for Linked {
    fn need(&self, _room: f32, size: Size) -> Need {
        let [left, shared, right] = self.widths(size);
        let n = self.count();
        let above = self.heading(size) + 2.0 * INNER;
        let least = size.least_cell() * n.min(2) as f32 + GAP;
        let wanted = (size.cell() + GAP) * n as f32 - GAP;
        let w = left.then(gutter(size)).then(shared).then(gutter(size)).then(right);
        Need { w, h: span(least, wanted).plus(above) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let heading = self.heading(size);
        let room = place.h - heading - 2.0 * INNER;
        let n = self.count();
        let height = ((room + GAP) / n as f32 - GAP).clamp(size.least_cell(), size.cell() * 2.2);
        let most = ((room + GAP) / (height + GAP) + 0.01).floor().max(0.0) as usize;
        let Some([left, shared, right]) = self.columns(place, size).filter(|_| most > 0) else { return };
        let drawn = n.min(most);
        let body = |x: (f32, f32)| rect(x.0, place.y + heading, x.1, (height + GAP) * drawn as f32 - GAP + 2.0 * INNER);
        self.left.0.draw(body(left), shared.0 + shared.1 - left.0 - size.gap(), size, picture);
        self.right.0.draw(body(right), right.1, size, picture);
        let (shown, hidden) = self.shown(drawn);
        let level =
            |i: usize, (x, w): (f32, f32)| rect(x, place.y + heading + INNER + (height + GAP) * i as f32, w, height);
        let inner = |(x, w): (f32, f32)| (x + INNER, w - 2.0 * INNER);
        for i in 0..drawn {
            let lane = shown.get(i);
            if let Some(lane) = lane {
                lane.draw(level(i, shared), size, picture);
            }
            for (head, column, row, to_right) in [
                (&self.left, left, lane.and_then(|lane| lane.left.as_ref()), true),
                (&self.right, right, lane.and_then(|lane| lane.right.as_ref()), false),
            ] {
                let place = level(i, inner(column));
                match (row, lane) {
                    (Some(row), Some(lane)) => row.draw(place, lane, to_right, size, picture),
                    _ if head.0.absent.is_none() => head.0.slot(i, place, picture),
                    _ => {}
                }
            }
        }
        let hidden: Vec<Token> =
            hidden.iter().map(|lane| token(lane.key.clone(), lane.text.clone()).tone(lane.tone)).collect();
        more(&format!("{}/more", self.key), &hidden, level(drawn - 1, shared), size, picture);
    }
}

impl Linked {
    /// Left edge and width of the three columns; `None` where not even the gutters have room.
    fn columns(&self, place: Rect, size: Size) -> Option<[(f32, f32); 3]> {
        let ([left, shared, right], gutter) = (self.widths(size), gutter(size));
        let sum = |widths: [Span; 3]| widths.iter().map(|w| w.wanted).sum::<f32>() + 2.0 * gutter.wanted;
        // Where there is room, tables are as wide as a few cells: a remark that comes or goes does not move them.
        let whole = |w: Span| span(w.least, (w.wanted / size.cell() / 4.0).ceil() * size.cell() * 4.0);
        let roomy = [whole(left), shared, whole(right)];
        let widths = if sum(roomy) <= place.w { roomy } else { [left, shared, right] };
        let wanted = sum(widths);
        let least: f32 = widths.iter().map(|w| w.least).sum::<f32>() + 2.0 * gutter.least;
        let (lengths, gutter) = if place.w >= wanted {
            // What is left goes to the gutters up to twice their width, then to the columns.
            let more = (place.w - wanted).min(2.0 * gutter.wanted);
            let each = (place.w - wanted - more) / 3.0;
            (widths.map(|w| w.wanted + each), gutter.wanted + more / 2.0)
        } else {
            let give = ((place.w - least) / (wanted - least).max(1e-3)).clamp(0.0, 1.0);
            let mix = |w: Span| w.least + (w.wanted - w.least) * give;
            let columns = widths.map(mix);
            let gutter = mix(gutter);
            let scale = ((place.w - 2.0 * gutter) / columns.iter().sum::<f32>()).min(1.0);
            (columns.map(|w| w * scale), gutter)
        };
        let [left, shared, right] = lengths;
        let second = place.x + left + gutter;
        let third = second + shared + gutter;
        (left.min(shared) > 4.0 * INNER).then_some([(place.x, left), (second, shared), (third, right)])
    }
}

impl Lane {
    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let pad = size.pad().min(place.w * 0.1);
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        let mut right = place.right() - pad * 0.6;
        for tag in &self.tags {
            let least = wide(&self.text, height, Face::Mono).min(place.w * 0.4);
            let w = tag.width(size).wanted.min(right - place.x - least - 2.0 * pad);
            let h = (place.h - 8.0).min(size.cell() * 0.9);
            if let Some(mark) = tag.mark(rect(right - w, place.center().y - h / 2.0, w, h), size) {
                right -= w + TAG_GAP;
                picture.push(mark.layer(21));
            }
        }
        let mark = Mark::new(self.key.clone(), place).tone(self.tone).layer(9);
        let mark = Mark { path: self.path.clone(), ..mark };
        let mut mark = mark.about(self.about.clone().unwrap_or_else(|| self.text.clone()));
        mark = match self.tone {
            Tone::Plain | Tone::Faint => mark,
            _ => mark.fill(Fill::Tint).border(Border::Thick),
        };
        if self.ghost {
            mark = mark.border(Border::Dashed).fill(Fill::None);
        }
        if let Some((text, w)) = fit(&self.text, height, Face::Mono, right - place.x - 2.0 * pad) {
            let was = self.was.as_ref().map(|old| (arrow_from(old), wide(&arrow_from(old), height, Face::Mono)));
            let mut x = pad;
            if let Some((old, before)) = was.filter(|(_, before)| before + w + 2.0 * pad <= right - place.x) {
                mark = mark.label(mono(old, height).ink(Ink::Soft).left(x));
                x += before;
            }
            let quiet = self.ghost || is_empty(&self.text) && self.tone == Tone::Plain;
            mark = mark.label(mono(text, height).ink(if quiet { Ink::Soft } else { Ink::Text }).left(x));
        }
        picture.push(mark);
    }
}

impl Slot {
    /// The row, the dot in it and the pointer to what stands in its lane.
    fn draw(&self, place: Rect, lane: &Lane, to_right: bool, size: Size, picture: &mut Diagram) {
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        let mark = Mark { path: self.path.clone(), ..Mark::new(self.key.clone(), place) }.tone(self.tone).layer(9);
        let mut mark = match self.tone {
            Tone::Plain | Tone::Faint => mark.fill(Fill::Well),
            _ => mark.fill(Fill::Tint).border(Border::Thick),
        };
        let dot_x = if to_right { place.right() - DOT * 2.5 } else { place.x + DOT * 2.5 };
        let pad = size.pad().min(place.w * 0.12);
        if let Some((text, _)) = fit(&self.text, height, Face::Mono, place.w - DOT * 4.0 - pad - 2.0) {
            let words = mono(text, height);
            mark = mark.label(if to_right { words.left(pad) } else { words.right(pad) });
        }
        picture.push(mark.about(self.text.clone()));
        let y = place.center().y;
        let dot = Mark::new(format!("{}/dot", self.key), rect(dot_x - DOT, y - DOT, 2.0 * DOT, 2.0 * DOT));
        let dot = dot.shape(Shape::Circle).fill(Fill::Solid).border(Border::None).tone(self.tone).layer(10);
        let from = dot.key.clone();
        picture.push(dot);
        let Some(target) = picture.get(&lane.key).map(|mark| mark.rect) else { return };
        let end = point(if to_right { target.x } else { target.right() }, y);
        let start = point(dot_x, y);
        let arrow =
            Arrow { from, to: lane.key.clone(), curve: [start, start.lerp(end, 0.5), end], head: true, dotted: false };
        picture.push(arrow_mark(format!("{}/pointer", self.key).into(), arrow, self.tone));
    }
}
