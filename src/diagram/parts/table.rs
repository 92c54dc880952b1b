//! A table: rows of cells, with the value before where this step changed it.

use super::field::{arrow_from, is_empty};
use super::frame::{Frame, INNER};
use super::more::more;
use super::token::token;
use super::words::{fit, wide};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Size, Tone, label, mono, rect};
use crate::text::Text;

/// A framed table with a heading. Rows without room are counted by `+N`; rows with a meaning are shown first.
#[derive(Clone, Debug)]
pub struct Table {
    frame: Frame,
    columns: Vec<Text>,
    rows: Vec<Entry>,
    room: usize,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    key: Key,
    cells: Vec<Cell>,
    tone: Tone,
    path: Option<Path>,
}

/// A cell of a row.
#[derive(Clone, Debug)]
pub struct Cell {
    text: Text,
    was: Option<Text>,
    tone: Tone,
    quiet: bool,
}

/// A table without rows.
pub fn table(key: impl Into<Key>, name: impl Into<Text>) -> Table {
    Table { frame: Frame::new(key.into(), name.into()), columns: Vec::new(), rows: Vec::new(), room: 1 }
}

/// A row with these cells; its key names the thing, so that it moves when it stands elsewhere in the next picture.
pub fn entry(key: impl Into<Key>, cells: impl IntoIterator<Item = Cell>) -> Entry {
    Entry { key: key.into(), cells: cells.into_iter().collect(), tone: Tone::Plain, path: None }
}

/// A cell.
pub fn cell(text: impl Into<Text>) -> Cell {
    Cell { text: text.into(), was: None, tone: Tone::Plain, quiet: false }
}

impl Table {
    /// With a heading over each column.
    pub fn columns(self, names: impl IntoIterator<Item = impl Into<Text>>) -> Table {
        Table { columns: names.into_iter().map(Into::into).collect(), ..self }
    }

    /// With one more row.
    pub fn row(mut self, row: Entry) -> Table {
        self.rows.push(row);
        self
    }

    /// With these rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Entry>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// Room for so many rows, shown as faint slots, so that it stays as large when it grows.
    pub fn room(self, rows: usize) -> Table {
        Table { room: rows.max(1), ..self }
    }

    /// With a quiet remark beside its heading.
    pub fn note(mut self, note: impl Into<Text>) -> Table {
        self.frame.note = Some(note.into());
        self
    }

    /// There is no table, and this is what stands in its place: `nil`.
    pub fn absent(mut self, word: impl Into<Text>) -> Table {
        self.frame.absent = Some(word.into());
        self
    }

    /// With a meaning.
    pub fn tone(mut self, tone: Tone) -> Table {
        self.frame.tone = tone;
        self
    }

    /// With its place in the state.
    pub fn path(mut self, path: impl Into<Path>) -> Table {
        self.frame.path = Some(path.into());
        self
    }

    fn count(&self) -> usize {
        self.rows.len().max(self.room)
    }

    fn names(&self, size: Size) -> f32 {
        if self.columns.is_empty() { 0.0 } else { size.small() * 1.35 }
    }

    fn widths(&self, size: Size) -> Vec<Span> {
        let columns = self.rows.iter().map(|row| row.cells.len()).chain([self.columns.len(), 1]).max().unwrap_or(1);
        let mut widths = vec![Span::fixed(size.cell()); columns];
        for (width, name) in widths.iter_mut().zip(&self.columns) {
            *width = width.max(Span::fixed(wide(name, size.small(), Face::Sans) + 8.0));
        }
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = width.max(cell.width(size));
            }
        }
        widths
    }

    /// Which rows are shown where `most` have room: those with a meaning first, in their order.
    fn shown(&self, most: usize) -> (Vec<&Entry>, Vec<&Entry>) {
        if self.rows.len() <= most {
            return (self.rows.iter().collect(), Vec::new());
        }
        let room = most.saturating_sub(1);
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|i| !self.rows[*i].has_meaning());
        let chosen = &order[..room];
        (0..self.rows.len()).map(|i| (chosen.contains(&i), &self.rows[i])).fold(
            Default::default(),
            |mut split, (here, row)| {
                let side: &mut Vec<&Entry> = if here { &mut split.0 } else { &mut split.1 };
                side.push(row);
                split
            },
        )
    }
}

impl Entry {
    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Entry {
        Entry { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Entry {
        Entry { path: Some(path.into()), ..self }
    }

    fn has_meaning(&self) -> bool {
        self.tone != Tone::Plain || self.cells.iter().any(|cell| cell.tone != Tone::Plain || cell.was.is_some())
    }
}

impl Cell {
    /// The value before this step, where it differs: `old → new`.
    pub fn was(self, old: impl Into<Text>) -> Cell {
        let old = old.into();
        Cell { was: (old != self.text).then_some(old), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Cell {
        Cell { tone, ..self }
    }

    /// To be read second.
    pub fn quiet(self) -> Cell {
        Cell { quiet: true, ..self }
    }

    fn width(&self, size: Size) -> Span {
        let now = wide(&self.text, size.body(), Face::Mono);
        let was = self.was.as_ref().map_or(0.0, |old| wide(&arrow_from(old), size.body(), Face::Mono));
        span(now + 10.0, now + was + 24.0)
    }

    pub(super) fn mark(&self, key: Key, place: Rect, size: Size) -> Option<Mark> {
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        let (text, w) = fit(&self.text, height, Face::Mono, place.w - 8.0)?;
        if place.h < height + 1.0 {
            return None;
        }
        let was = self.was.as_ref().map(|old| (arrow_from(old), wide(&arrow_from(old), height, Face::Mono)));
        let was = was.filter(|(_, before)| before + w + 8.0 <= place.w);
        let mark = Mark::new(key, place).tone(self.tone).layer(10);
        let mut mark = match self.tone {
            Tone::Plain | Tone::Faint => mark.fill(Fill::Well).border(Border::None),
            _ => mark.fill(Fill::Tint).border(Border::Thick),
        };
        let mut x = 0.0;
        if let Some((old, before)) = was {
            let from = (place.w - before - w) / 2.0;
            mark = mark.label(mono(old, height).ink(Ink::Soft).left(from));
            x = before / 2.0;
        }
        let quiet = self.quiet || (is_empty(&self.text) && self.tone == Tone::Plain);
        Some(mark.label(mono(text, height).ink(if quiet { Ink::Soft } else { Ink::Text }).at(x, 0.0)))
    }
}

impl Part for Table {
    fn need(&self, _room: f32, size: Size) -> Need {
        let widths = self.widths(size);
        let gaps = GAP * (widths.len() - 1) as f32 + 2.0 * INNER;
        let w = widths.into_iter().fold(Span::default(), Span::then).plus(gaps);
        let n = self.count();
        let above = self.frame.heading(size) + self.names(size) + 2.0 * INNER;
        let least = size.least_cell() * n.min(2) as f32 + GAP;
        let wanted = (size.cell() + GAP) * n as f32 - GAP;
        Need { w: w.max(self.frame.width(size)), h: span(least, wanted).plus(above) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (heading, names) = (self.frame.heading(size), self.names(size));
        let room = place.h - heading - names - 2.0 * INNER;
        let n = self.count();
        let height = ((room + GAP) / n as f32 - GAP).clamp(size.least_cell(), size.cell() * 1.2);
        let most = ((room + GAP) / (height + GAP) + 0.01).floor().max(0.0) as usize;
        if most == 0 {
            return;
        }
        let drawn = n.min(most);
        let h = (height + GAP) * drawn as f32 - GAP + names + 2.0 * INNER;
        let body = rect(place.x, place.y + heading, place.w, h);
        self.frame.draw(body, body.w, size, picture);
        if self.frame.absent.is_some() {
            return;
        }
        let columns = self.columns_in(body.x + INNER, body.w - 2.0 * INNER, size);
        let top = body.y + INNER + names;
        for (i, ((x, w), name)) in columns.iter().zip(&self.columns).enumerate() {
            let Some((text, _)) = fit(name, size.small(), Face::Sans, *w) else { continue };
            let at = crate::diagram::point(x + w / 2.0, top - names / 2.0);
            picture.push(Mark::text(
                format!("{}/column/{i}", self.frame.key),
                at,
                label(text, size.small()).ink(Ink::Soft),
            ));
        }
        let y = |i: usize| top + (height + GAP) * i as f32;
        let (shown, hidden) = self.shown(drawn);
        for (i, row) in shown.iter().enumerate() {
            let line = rect(body.x + INNER, y(i), body.w - 2.0 * INNER, height);
            row.draw(line, &columns, size, picture);
        }
        for i in shown.len() + usize::from(!hidden.is_empty())..drawn {
            self.frame.slot(i, rect(body.x + INNER, y(i), body.w - 2.0 * INNER, height), picture);
        }
        let hidden: Vec<_> = hidden.iter().map(|row| row.hidden()).collect();
        let line = rect(body.x + INNER, y(drawn - 1), body.w - 2.0 * INNER, height);
        more(&format!("{}/more", self.frame.key), &hidden, line, size, picture);
    }
}

impl Table {
    /// Left edge and width of each column where the table is `room` wide.
    fn columns_in(&self, x: f32, room: f32, size: Size) -> Vec<(f32, f32)> {
        let widths = self.widths(size);
        let gaps = GAP * (widths.len() - 1) as f32;
        let least: f32 = widths.iter().map(|w| w.least).sum();
        let wanted: f32 = widths.iter().map(|w| w.wanted).sum();
        let length = |w: &Span| {
            let room = room - gaps;
            if room >= wanted {
                w.wanted + (room - wanted) / widths.len() as f32
            } else if room >= least {
                w.least + (w.wanted - w.least) * (room - least) / (wanted - least).max(1e-3)
            } else {
                w.least * room / least
            }
        };
        let mut x = x;
        let place = |w: &Span| {
            let (at, length) = (x, length(w));
            x += length + GAP;
            (at, length)
        };
        widths.iter().map(place).collect()
    }
}

impl Entry {
    fn draw(&self, line: Rect, columns: &[(f32, f32)], size: Size, picture: &mut Diagram) {
        let mark = Mark::new(self.key.clone(), line).tone(self.tone).layer(8);
        let mark = Mark { path: self.path.clone(), ..mark };
        picture.push(match self.tone {
            Tone::Plain | Tone::Faint => mark.fill(Fill::None).border(Border::None),
            _ => mark.fill(Fill::None).border(Border::Thick).layer(14),
        });
        for (i, (cell, (x, w))) in self.cells.iter().zip(columns).enumerate() {
            let key = format!("{}/{i}", self.key);
            let mark = cell.mark(key.into(), rect(*x, line.y, *w, line.h), size);
            picture.marks.extend(mark.map(|mark| Mark { path: self.path.clone(), ..mark }));
        }
    }

    /// As a token behind `+N`, with its first two cells.
    fn hidden(&self) -> super::Token {
        let words = |get: &dyn Fn(&Cell) -> String| self.cells.iter().take(2).map(get).collect::<Vec<_>>().join(" ");
        let text = Text::new(words(&|cell| cell.text.en.to_string()), words(&|cell| cell.text.zh.to_string()));
        token(self.key.clone(), text).tone(self.tone).square()
    }
}

/// Between cells.
const GAP: f32 = 4.0;
