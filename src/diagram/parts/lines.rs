//! Lines of a program, with the one that it is at.

use super::token::Token;
use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, mono, point, rect};
use crate::text::Text;

/// A few lines of code. Where not all have room, those around the one it is at are shown.
#[derive(Clone, Debug)]
pub struct Lines {
    key: Key,
    lines: Vec<Line>,
    at: Option<usize>,
    quiet: bool,
    room: usize,
    widest: Option<Text>,
    margin: Vec<Token>,
    path: Option<Path>,
}

#[derive(Clone, Debug)]
struct Line {
    text: Text,
    indent: usize,
    tone: Tone,
    tags: Vec<Token>,
    path: Option<Path>,
}

/// A program without lines.
pub fn lines(key: impl Into<Key>) -> Lines {
    Lines {
        key: key.into(),
        lines: Vec::new(),
        at: None,
        quiet: false,
        room: 1,
        widest: None,
        margin: Vec::new(),
        path: None,
    }
}

impl Lines {
    /// With one more line, indented by so many steps.
    pub fn line(self, indent: usize, text: impl Into<Text>) -> Lines {
        self.toned(indent, text, Tone::Plain)
    }

    /// With one more line that has a meaning.
    pub fn toned(mut self, indent: usize, text: impl Into<Text>, tone: Tone) -> Lines {
        self.lines.push(Line { text: text.into(), indent, tone, tags: Vec::new(), path: None });
        self
    }

    /// The line it is at, from 0.
    pub fn at(self, line: Option<usize>) -> Lines {
        Lines { at: line, ..self }
    }

    /// It is at the last line so far.
    pub fn here(self) -> Lines {
        Lines { at: self.lines.len().checked_sub(1), ..self }
    }

    /// To be read second: a program that does not run now.
    pub fn quiet(self) -> Lines {
        Lines { quiet: true, ..self }
    }

    /// Room for so many lines, so that what stands below keeps its place.
    pub fn room(self, lines: usize) -> Lines {
        Lines { room: lines.max(1), ..self }
    }

    /// Room for this line too, so that it stays as wide when lines are added.
    pub fn widest(self, line: impl Into<Text>) -> Lines {
        Lines { widest: Some(line.into()), ..self }
    }

    /// With a margin at the right for tags: a column as wide as each of these. It goes first where room is scarce.
    pub fn margin(self, columns: impl IntoIterator<Item = Token>) -> Lines {
        Lines { margin: columns.into_iter().collect(), ..self }
    }

    /// With a tag in the next column of the margin, beside the last line.
    pub fn tag(mut self, tag: Token) -> Lines {
        if let Some(line) = self.lines.last_mut() {
            line.tags.push(tag);
        }
        self
    }

    /// With the place in the state of the last line; before the first line, of all that have none of their own.
    pub fn path(mut self, path: impl Into<Path>) -> Lines {
        match self.lines.last_mut() {
            Some(line) => line.path = Some(path.into()),
            None => self.path = Some(path.into()),
        }
        self
    }

    /// Width of the widest line in this height, without the margin.
    fn words(&self, text: f32, size: Size) -> f32 {
        let indent = |depth: usize| cursor(size) + indent(size) * depth as f32;
        let lines = self.lines.iter().map(|line| wide(&line.text, text, Face::Mono) + indent(line.indent));
        let reserved = self.widest.iter().map(|line| wide(line, text, Face::Mono) + indent(0));
        lines.chain(reserved).fold(0.0, f32::max)
    }

    /// Width of the margin with what lies before it.
    fn margins(&self, size: Size) -> f32 {
        self.margin.iter().map(|column| column.width(size).wanted + TAG_GAP).sum()
    }

    /// Draws the tags of a line whose words end at `words`: in their columns, or, without a margin, where the line leaves room.
    fn tags(&self, line: &Line, margin: bool, level: Rect, words: f32, size: Size, picture: &mut Diagram) {
        let columns = if margin { self.margin.len() } else { line.tags.len() };
        let taken = self.margin.iter().take(columns).map(|column| column.width(size).wanted + TAG_GAP);
        let mut x = level.right() - taken.sum::<f32>();
        for (tag, column) in line.tags.iter().zip(&self.margin) {
            let w = column.width(size).wanted;
            let own = tag.width(size).wanted.min(w);
            let h = (level.h - 2.0).min(size.cell() * 0.9);
            let place = rect(x + TAG_GAP + (w - own) / 2.0, level.center().y - h / 2.0, own, h);
            if place.x > words + APART {
                picture.marks.extend(tag.mark(place, size));
            }
            x += w + TAG_GAP;
        }
    }
}

impl Part for Lines {
    fn need(&self, _room: f32, size: Size) -> Need {
        let body = size.body();
        let widest = self.words(body, size) + self.margins(size);
        let n = self.lines.len().max(self.room) as f32;
        let (least, wanted) = (size.least_text() * LEAST_LEADING, body * LEADING);
        Need { w: span(widest.min(body * 8.0), widest), h: span(least, wanted * n) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        if self.lines.is_empty() {
            return;
        }
        let n = self.lines.len().max(self.room);
        let height = (place.h / n as f32).clamp(size.least_text() * LEAST_LEADING, size.body() * LEADING);
        let text = size.body().min(height / LEAST_LEADING).max(size.least_text());
        let shown = ((place.h + 0.1) / height) as usize;
        // The program is more than its margin.
        let margin = self.words(text, size) + self.margins(size) <= place.w + 0.1;
        // As far up as it may stand with a line below the one that it is at: what is to be seen anyway keeps its place.
        let at = self.at.unwrap_or(0);
        let first = (at + 2).saturating_sub(shown.max(2)).min(self.lines.len().saturating_sub(shown));
        let mut ends = Vec::new();
        let y = |i: usize| place.y + height * ((i - first) as f32 + 0.5);
        for (i, line) in self.lines.iter().enumerate().skip(first).take(shown) {
            let x = place.x + cursor(size) + indent(size) * line.indent as f32;
            let tagged = if margin && !line.tags.is_empty() { self.margins(size) } else { 0.0 };
            let Some((words, w)) = fit(&line.text, text, Face::Mono, place.right() - x - tagged) else { continue };
            let here = self.at == Some(i);
            let ink = match (here, line.tone, self.quiet) {
                (true, Tone::Plain, false) => Ink::Of(Tone::Active),
                (false, Tone::Plain, true) => Ink::Soft,
                (_, Tone::Plain, _) => Ink::Text,
                (_, tone, _) => Ink::Of(tone),
            };
            let mark = Mark::text(format!("{}/{i}", self.key), point(x, y(i)), mono(words, text).ink(ink).left(0.0));
            let level = |mark: &Mark| rect(mark.rect.x, y(i) - height / 2.0, mark.rect.w, height);
            picture.push(
                Mark { path: line.path.clone().or_else(|| self.path.clone()), rect: level(&mark), ..mark }
                    .about(line.text.clone())
                    .layer(12),
            );
            let row = rect(place.x, y(i) - height / 2.0, place.w, height);
            self.tags(line, margin, row, x + w, size, picture);
            ends.push((i, x + w));
            if here {
                let ink = if self.quiet { Ink::Soft } else { Ink::Of(Tone::Active) };
                let sign = mono("▸", text).ink(ink).left(0.0);
                let mark = Mark::text(format!("{}/at", self.key), point(x - cursor(size), y(i)), sign).layer(12);
                picture.push(Mark { rect: level(&mark), ..mark });
            }
        }
        self.more(&ends, |line| rect(place.x, y(line) - height / 2.0, place.w, height), size, picture);
    }
}

impl Lines {
    /// That there is more, above or below those that are shown, where a line leaves room to say so. Given which lines are shown,
    /// where the words of each end, and the place of each.
    fn more(&self, shown: &[(usize, f32)], level: impl Fn(usize) -> Rect, size: Size, picture: &mut Diagram) {
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return };
        let below = self.lines.len() - 1 - last.0;
        let above = if first.0 == last.0 { 0 } else { first.0 };
        for (part, arrow, n, (line, end)) in [("above", "↑", above, first), ("below", "↓", below, last)] {
            let words = format!("{arrow}{n}");
            let w = wide(&words.as_str().into(), size.least_text(), Face::Mono);
            let row = level(*line);
            let place = rect(row.right() - w, row.y, w, row.h);
            if n > 0 && self.lines[*line].tags.is_empty() && place.x > end + APART {
                let about = Text::new(format!("{n} more lines"), format!("还有 {n} 行"));
                let mark = Mark { shape: Shape::Text, ..Mark::new(format!("{}/{part}", self.key), place) };
                let mark = mark.fill(Fill::None).border(Border::None).layer(12).about(about);
                picture.push(mark.label(mono(words, size.least_text()).ink(Ink::Soft)));
            }
        }
    }
}

/// Before a tag.
const TAG_GAP: f32 = 2.0;
/// Between the words and the first tag.
const APART: f32 = 6.0;
/// From one line to the next, in text heights.
const LEADING: f32 = 1.45;
const LEAST_LEADING: f32 = 1.15;

/// Room for the sign that points to the line.
fn cursor(size: Size) -> f32 {
    size.body() * 0.9
}

fn indent(size: Size) -> f32 {
    size.body() * 1.1
}
