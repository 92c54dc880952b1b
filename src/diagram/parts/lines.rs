//! Lines of a program, with the one that it is at.

use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{Diagram, Face, Ink, Key, Mark, Rect, Size, Tone, mono, point, rect};
use crate::text::Text;

/// A few lines of code. Where not all have room, those around the one it is at are shown.
#[derive(Clone, Debug)]
pub struct Lines {
    key: Key,
    lines: Vec<Line>,
    at: Option<usize>,
    quiet: bool,
    room: usize,
    path: Option<String>,
}

#[derive(Clone, Debug)]
struct Line {
    text: Text,
    indent: usize,
    tone: Tone,
    path: Option<String>,
}

/// A program without lines.
pub fn lines(key: impl Into<Key>) -> Lines {
    Lines { key: key.into(), lines: Vec::new(), at: None, quiet: false, room: 1, path: None }
}

impl Lines {
    /// With one more line, indented by so many steps.
    pub fn line(self, indent: usize, text: impl Into<Text>) -> Lines {
        self.toned(indent, text, Tone::Plain)
    }

    /// With one more line that has a meaning.
    pub fn toned(mut self, indent: usize, text: impl Into<Text>, tone: Tone) -> Lines {
        self.lines.push(Line { text: text.into(), indent, tone, path: None });
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

    /// With the place in the state of the last line; before the first line, of all that have none of their own.
    pub fn path(mut self, path: impl Into<String>) -> Lines {
        match self.lines.last_mut() {
            Some(line) => line.path = Some(path.into()),
            None => self.path = Some(path.into()),
        }
        self
    }
}

impl Part for Lines {
    fn need(&self, _room: f32, size: Size) -> Need {
        let body = size.body();
        let w = |line: &Line| wide(&line.text, body, Face::Mono) + cursor(size) + indent(size) * line.indent as f32;
        let widest = self.lines.iter().map(w).fold(0.0, f32::max);
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
        let at = self.at.unwrap_or(0);
        let first = at.saturating_sub(shown / 2).min(self.lines.len().saturating_sub(shown));
        let y = |i: usize| place.y + height * ((i - first) as f32 + 0.5);
        for (i, line) in self.lines.iter().enumerate().skip(first).take(shown) {
            let x = place.x + cursor(size) + indent(size) * line.indent as f32;
            let Some((words, _)) = fit(&line.text, text, Face::Mono, place.right() - x) else { continue };
            let here = self.at == Some(i);
            let ink = match (here, line.tone, self.quiet) {
                (true, Tone::Plain, _) => Ink::Of(Tone::Active),
                (_, Tone::Plain, true) => Ink::Soft,
                (_, Tone::Plain, false) => Ink::Text,
                (_, tone, _) => Ink::Of(tone),
            };
            let mark = Mark::text(format!("{}/{i}", self.key), point(x, y(i)), mono(words, text).ink(ink).left(0.0));
            let level = |mark: &Mark| rect(mark.rect.x, y(i) - height / 2.0, mark.rect.w, height);
            picture.push(
                Mark { path: line.path.clone().or_else(|| self.path.clone()), rect: level(&mark), ..mark }
                    .about(line.text.clone())
                    .layer(12),
            );
            if here {
                let sign = mono("▸", text).ink(Ink::Of(Tone::Active)).left(0.0);
                let mark = Mark::text(format!("{}/at", self.key), point(x - cursor(size), y(i)), sign).layer(12);
                picture.push(Mark { rect: level(&mark), ..mark });
            }
        }
    }
}

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
