//! A token: a small thing that travels, such as a goroutine's number or a value.

use super::words::{fit, wide};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Rect, Shape, Size, Tone, label, mono, rect};
use crate::text::Text;

/// A pill with one word. It is the same thing wherever it is drawn, so its key names the thing and not the place.
#[derive(Clone, Debug)]
pub struct Token {
    pub(super) key: Key,
    pub(super) text: Text,
    pub(super) tone: Tone,
    pub(super) strong: bool,
    absent: bool,
    bare: bool,
    square: bool,
    pub(super) bend: f32,
    pub(super) path: Option<String>,
    pub(super) about: Option<Text>,
}

/// A token.
pub fn token(key: impl Into<Key>, text: impl Into<Text>) -> Token {
    Token {
        key: key.into(),
        text: text.into(),
        tone: Tone::Plain,
        strong: false,
        absent: false,
        bare: false,
        square: false,
        bend: 0.12,
        path: None,
        about: None,
    }
}

impl Token {
    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Token {
        Token { tone, ..self }
    }

    /// What this step is about: a strong line.
    pub fn strong(self) -> Token {
        Token { strong: true, ..self }
    }

    /// The place of a token that is elsewhere now; it needs a key of its own.
    pub fn absent(self) -> Token {
        Token { absent: true, ..self }
    }

    /// Nothing but its word, to be read second: the heading of others.
    pub fn bare(self) -> Token {
        Token { bare: true, ..self }
    }

    /// With corners: a value, where pills are those who work on it.
    pub fn square(self) -> Token {
        Token { square: true, ..self }
    }

    /// How far its way to this place bows, as a share of the distance.
    pub fn bend(self, bend: f32) -> Token {
        Token { bend, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<String>) -> Token {
        Token { path: Some(path.into()), ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Token {
        Token { about: Some(about.into()), ..self }
    }

    /// The width it takes, and the least.
    pub(super) fn width(&self, size: Size) -> Span {
        if self.bare {
            return Span::fixed(wide(&self.text, size.small(), Face::Sans) + 6.0);
        }
        let words = wide(&self.text, size.body(), Face::Mono);
        span(words + 10.0, (words + 22.0).max(size.cell()))
    }

    /// Its mark in exactly this place; `None` where it has no room for its word.
    pub(super) fn mark(&self, place: Rect, size: Size) -> Option<Mark> {
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        if place.h < height + 2.0 {
            return None;
        }
        let (height, face) = if self.bare { (size.small().min(height), Face::Sans) } else { (height, Face::Mono) };
        let (text, _) = fit(&self.text, height, face, place.w - 6.0)?;
        let radius = if self.square { 8.0 } else { place.h / 2.0 };
        let mark = Mark::new(self.key.clone(), place).shape(Shape::Box { radius }).tone(self.tone).layer(20);
        let mark = Mark { bend: self.bend, path: self.path.clone(), ..mark };
        let mark = mark.about(self.about.clone().unwrap_or_else(|| self.text.clone()));
        if self.bare {
            let mark = Mark { shape: Shape::Text, ..mark }.fill(Fill::None).border(Border::None).layer(12);
            return Some(mark.label(label(text, height).ink(Ink::Soft)));
        }
        Some(if self.absent {
            // An empty place is a hole, one that something has left an outline.
            let fill = if self.text.en.is_empty() { Fill::Well } else { Fill::None };
            mark.fill(fill).border(Border::Dashed).layer(11).label(mono(text, height).ink(Ink::Soft))
        } else {
            let border = if self.strong { Border::Thick } else { Border::Thin };
            mark.fill(Fill::Tint).border(border).label(mono(text, height))
        })
    }
}

impl Part for Token {
    fn need(&self, _room: f32, size: Size) -> Need {
        Need { w: self.width(size), h: span(size.least_cell(), size.cell()) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (w, h) = (self.width(size).wanted.min(place.w), size.cell().min(place.h));
        picture.marks.extend(self.mark(rect(place.x, place.center().y - h / 2.0, w, h), size));
    }
}
