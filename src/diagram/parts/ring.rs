//! A ring: slots that are used in turn, between a head and a tail that only move on.

use super::meter::meter;
use super::more::more;
use super::token::{Token, token};
use super::words::wide;
use super::{Need, Part, span};
use crate::diagram::{Border, Diagram, Face, Fill, Key, Mark, Path, Rect, Shape, Size, Tone, point, rect};
use crate::text::Text;

/// Slots in rows. A token stays in its slot, the index modulo the slots that are drawn, while head and tail move past it.
/// Where the run needs more slots than have room, the first and last tokens are shown in their order, and below them a bar
/// of the whole ring.
#[derive(Clone, Debug)]
pub struct Ring {
    key: Key,
    about: Text,
    slots: u32,
    head: u32,
    tokens: Vec<Token>,
    behind: Vec<Token>,
    left: u32,
    room: usize,
    widest: Text,
    path: Option<Path>,
}

/// An empty ring of so many slots whose head has this index; `about` names it.
pub fn ring(key: impl Into<Key>, about: impl Into<Text>, slots: u32, head: u32) -> Ring {
    Ring {
        key: key.into(),
        about: about.into(),
        slots,
        head,
        tokens: Vec::new(),
        behind: Vec::new(),
        left: 0,
        room: 1,
        widest: Text::same("0"),
        path: None,
    }
}

impl Ring {
    /// With these between head and tail.
    pub fn tokens(self, tokens: Vec<Token>) -> Ring {
        Ring { tokens, ..self }
    }

    /// With these written behind the tail, which has not moved over them.
    pub fn behind(self, behind: Vec<Token>) -> Ring {
        Ring { behind, ..self }
    }

    /// The head has just moved past so many slots.
    pub fn left(self, left: u32) -> Ring {
        Ring { left, ..self }
    }

    /// Room for so many, so that it stays as large when they come and go.
    pub fn room(self, tokens: usize) -> Ring {
        Ring { room: tokens.max(1), ..self }
    }

    /// Slots wide enough for this word.
    pub fn widest(self, text: impl Into<Text>) -> Ring {
        Ring { widest: text.into(), ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Ring {
        Ring { path: Some(path.into()), ..self }
    }

    fn slot(&self, size: Size) -> f32 {
        let more = wide(&Text::same(format!("+{}", self.count())), size.least_text(), Face::Sans);
        token("", self.widest.clone()).round().width(size).wanted.max(more) + 2.0 * RIM
    }

    /// Slots drawn at least; more where the run needs them.
    fn wanted(&self, size: Size) -> usize {
        let least = if size == Size::Window { LEAST } else { LEAST / 2 };
        self.count().max(least).min(self.slots as usize)
    }

    fn count(&self) -> usize {
        self.room.max(self.tokens.len() + self.behind.len())
    }

    fn columns(&self, room: f32, size: Size) -> usize {
        (((room + GAP) / (self.slot(size) + GAP)) as usize).max(1)
    }
}

/// Around a token in its slot, and between slots.
const RIM: f32 = 2.0;
const GAP: f32 = 4.0;
/// Slots of a ring in which there is little.
const LEAST: usize = 12;
/// Slots side by side where there is room, and rows.
const WIDE: usize = 6;
const ROWS: usize = 2;

/// Room above and below the slots for the signs of head and tail.
fn sign(size: Size) -> f32 {
    if size == Size::Window { 7.0 } else { 9.0 }
}

impl Part for Ring {
    fn need(&self, room: f32, size: Size) -> Need {
        let pitch = self.slot(size) + GAP;
        let wide = if size == Size::Window { WIDE } else { WIDE - 2 };
        let rows = self.wanted(size).div_ceil(self.columns(room.min(pitch * 64.0), size)).min(ROWS) as f32;
        let line = size.cell() + 2.0 * RIM;
        let h = span(size.least_cell() + 2.0 * sign(size), (line + GAP) * rows - GAP + 2.0 * sign(size));
        Need { w: span(pitch * 3.0 - GAP, pitch * wide as f32 - GAP), h }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let line = (size.cell() + 2.0 * RIM).min(place.h - 2.0 * sign(size));
        let columns = self.columns(place.w, size);
        if line < size.least_text() + 4.0 || place.w < self.slot(size) {
            return;
        }
        let most = (((place.h - 2.0 * sign(size) + GAP) / (line + GAP)) as usize).clamp(1, ROWS);
        let long = self.count() > columns * most;
        // The bar needs a line's height at most.
        let bar = if long { meter("", 1.0, "").need(place.w, size).h.wanted } else { 0.0 };
        let rows = if long { 1 } else { self.wanted(size).div_ceil(columns).min(most) };
        let w = (place.w + GAP) / columns as f32 - GAP;
        let cells: Vec<Rect> = (0..columns * rows)
            .map(|i| (i % columns, i / columns))
            .map(|(x, y)| rect(place.x + (w + GAP) * x as f32, place.y + sign(size) + (line + GAP) * y as f32, w, line))
            .collect();
        let all = cells.iter().fold(cells[0], |all, cell| all.union(*cell));
        let mark = Mark::new(self.key.clone(), all).fill(Fill::None).border(Border::None).layer(4);
        picture.push(Mark { path: self.path.clone(), ..mark }.about(self.about.clone()));
        for (i, cell) in cells.iter().enumerate() {
            let mark = Mark::new(format!("{}/slot/{i}", self.key), *cell).fill(Fill::Well).border(Border::None);
            picture.push(mark.about(self.about.clone()).layer(5));
        }
        if !long {
            return self.in_slots(&cells, size, picture);
        }
        self.in_order(&cells, size, picture);
        let below = rect(place.x, all.bottom() + sign(size), place.w, bar);
        if below.bottom() <= place.bottom() + 0.5 {
            self.bar(below, size, picture);
        }
    }
}

impl Ring {
    fn in_slots(&self, cells: &[Rect], size: Size, picture: &mut Diagram) {
        let at = |index: u32| cells[index as usize % cells.len()];
        for i in 1..=self.left.min(cells.len() as u32) {
            let mark = Mark::new(format!("{}/left/{i}", self.key), hole(at(self.head.wrapping_sub(i))));
            let mark = mark.shape(Shape::Circle).tone(Tone::Moved).fill(Fill::None).border(Border::Dashed);
            picture.push(mark.about(Text::new("left just now", "刚刚空出")).layer(11));
        }
        for (i, token) in (0..).zip(self.tokens.iter().chain(&self.behind)).take(cells.len()) {
            lay(token, at(self.head.wrapping_add(i)), size, picture);
        }
        let (head, tail) = (at(self.head), at(self.head.wrapping_add(self.tokens.len() as u32)));
        let (half, high) = if size == Size::Window { (6.0, 5.0) } else { (9.0, 7.0) };
        for (name, tip, dy) in
            [("head", point(head.center().x, head.y), -high), ("tail", point(tail.center().x, tail.bottom()), high)]
        {
            let points = vec![tip.shifted(-half, dy), tip, tip.shifted(half, dy)];
            let place = rect(tip.x - half, tip.y.min(tip.y + dy), 2.0 * half, high);
            let mark = Mark::new(format!("{}/{name}", self.key), place).shape(Shape::Line { points }).tone(Tone::Info);
            picture.push(mark.fill(Fill::None).border(Border::Thick).layer(13).about(Text::same(name)));
        }
    }

    /// The first, a count, the last.
    fn in_order(&self, cells: &[Rect], size: Size, picture: &mut Diagram) {
        let all: Vec<&Token> = self.tokens.iter().chain(&self.behind).collect();
        let last = (cells.len() / 3).min(2);
        let first = if all.len() <= cells.len() { all.len() } else { cells.len() - last - 1 };
        for (token, cell) in all[..first].iter().zip(cells) {
            lay(token, *cell, size, picture);
        }
        if first == all.len() {
            return;
        }
        let end = all.len() - last;
        let hidden: Vec<Token> = all[first..end].iter().map(|token| (*token).clone()).collect();
        more(&format!("{}/more", self.key), &hidden, cells[first], size, picture);
        for (token, cell) in all[end..].iter().zip(&cells[first + 1..]) {
            lay(token, *cell, size, picture);
        }
    }

    /// The whole ring, a stretch for neighbours with one meaning.
    fn bar(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let about = Text::new(
            format!("{}: {} of {} slots", self.about.en, self.tokens.len(), self.slots),
            format!("{}：{} / {} 个槽", self.about.zh, self.tokens.len(), self.slots),
        );
        let mut made = meter(format!("{}/all", self.key), self.slots as f32, about);
        made = self.path.iter().fold(made, |made, path| made.path(path.clone()));
        let index = |i: usize| (self.head as usize + i) % self.slots as usize;
        let mut from = 0;
        for i in 1..=self.tokens.len() {
            let ends = i == self.tokens.len() || index(i) == 0 || self.tokens[i].tone != self.tokens[from].tone;
            if ends {
                made = made.fill(index(from) as f32, index(i - 1) as f32 + 1.0, self.tokens[from].tone);
                from = i;
            }
        }
        made.draw(place, size, picture);
    }
}

/// The middle of a slot, as a circle.
fn hole(cell: Rect) -> Rect {
    let d = cell.w.min(cell.h) - 2.0 * RIM;
    rect(cell.center().x - d / 2.0, cell.center().y - d / 2.0, d, d)
}

fn lay(token: &Token, cell: Rect, size: Size, picture: &mut Diagram) {
    let (w, h) = (token.width(size), cell.h - 2.0 * RIM);
    let w = w.wanted.min(w.least.max(h)).min(cell.w - 2.0);
    picture.marks.extend(token.mark(rect(cell.center().x - w / 2.0, cell.y + RIM, w, h), size));
}
