//! A token: a small thing that travels, such as a goroutine's number or a value.

use super::graph::Stage;
use super::words::{fit, wide};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, label, mono, rect};
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
    dashed: bool,
    look: Look,
    stage: Option<Stage>,
    pub(super) bend: f32,
    pub(super) path: Option<Path>,
    pub(super) about: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Pill,
    Square,
    Round,
    Triangle,
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
        dashed: false,
        look: Look::Pill,
        stage: None,
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

    /// The same where this step is about it.
    pub fn strong_if(self, about: bool) -> Token {
        Token { strong: self.strong || about, ..self }
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
        Token { look: Look::Square, ..self }
    }

    /// As narrow as its word allows: a short one in a circle.
    pub fn round(self) -> Token {
        Token { look: Look::Round, ..self }
    }

    /// A node of a graph, as it looks there.
    pub fn stage(self, stage: Stage) -> Token {
        let look = if stage == Stage::Done { Look::Square } else { Look::Round };
        Token { stage: Some(stage), look, ..self }
    }

    /// With three corners: one that carries others.
    pub fn triangle(self) -> Token {
        Token { look: Look::Triangle, ..self }
    }

    /// With dashes: on its way, not there for good.
    pub fn dashed(self, dashed: bool) -> Token {
        Token { dashed, ..self }
    }

    /// How far its way to this place bows, as a share of the distance.
    pub fn bend(self, bend: f32) -> Token {
        Token { bend, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Token {
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
        match self.look {
            Look::Pill | Look::Square => span(words + 10.0, (words + 22.0).max(size.cell())),
            Look::Round => span(words + 10.0, (words + 10.0).max(size.cell())),
            Look::Triangle => {
                let words = wide(&self.text, size.small(), Face::Mono);
                span(words * LEAST_TIP, (words * TIP).max(size.cell() * TALL * 1.1))
            }
        }
    }

    /// The width it takes where there is room, in cells.
    pub fn cells(&self, size: Size) -> f32 {
        self.width(size).wanted / size.cell()
    }

    /// The height it takes where there is room.
    pub(super) fn height(&self, size: Size) -> f32 {
        if self.look == Look::Triangle { size.cell() * TALL } else { size.cell() }
    }

    /// Its mark in exactly this place; `None` where it has no room for its word.
    pub(super) fn mark(&self, place: Rect, size: Size) -> Option<Mark> {
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        if place.h < height + 2.0 {
            return None;
        }
        let (height, face) = if self.bare { (size.small().min(height), Face::Sans) } else { (height, Face::Mono) };
        if self.look == Look::Triangle {
            return self.triangular(place, size);
        }
        let (text, _) = fit(&self.text, height, face, place.w - 6.0)?;
        let radius = match self.look {
            Look::Square if self.stage.is_some() => 3.0,
            Look::Square => 8.0,
            _ => place.h / 2.0,
        };
        let mark = Mark::new(self.key.clone(), place).shape(Shape::Box { radius }).tone(self.tone).layer(20);
        let mark = Mark { bend: self.bend, path: self.path.clone(), ..mark };
        let mark = mark.about(self.about.clone().unwrap_or_else(|| self.text.clone()));
        if self.bare {
            let mark = Mark { shape: Shape::Text, ..mark }.fill(Fill::None).border(Border::None).layer(12);
            return Some(mark.label(label(text, height).ink(Ink::Soft)));
        }
        if let Some(stage) = self.stage {
            return Some(stage.on(mark.border(self.border())).label(mono(text, height).ink(stage.ink())));
        }
        Some(if self.absent {
            // An empty place is a hole, one that something has left an outline.
            let fill = if self.text.en.is_empty() { Fill::Well } else { Fill::None };
            mark.fill(fill).border(Border::Dashed).layer(11).label(mono(text, height).ink(Ink::Soft))
        } else {
            mark.fill(Fill::Tint).border(self.border()).label(mono(text, height))
        })
    }

    fn border(&self) -> Border {
        match (self.dashed, self.strong) {
            (true, _) => Border::Dashed,
            (_, true) => Border::Thick,
            _ => Border::Thin,
        }
    }

    /// Its word stands where a triangle is wide.
    fn triangular(&self, place: Rect, size: Size) -> Option<Mark> {
        let height = size.small().min(place.h * 0.5).max(size.least_text());
        let (text, w) = fit(&self.text, height, Face::Mono, place.w)?;
        if w * LEAST_TIP > place.w + 0.5 || place.h < height * 1.4 {
            return None;
        }
        let mark = Mark::new(self.key.clone(), place).shape(Shape::Triangle).tone(self.tone).layer(18);
        let mark = Mark { bend: self.bend, path: self.path.clone(), ..mark }.fill(Fill::Tint).border(self.border());
        let mark = mark.about(self.about.clone().unwrap_or_else(|| self.text.clone()));
        Some(mark.label(mono(text, height).down(place.h / 2.0 - height * 0.5 - place.h * 0.07)))
    }
}

/// Width of a triangle for each unit of its word.
const TIP: f32 = 1.6;
const LEAST_TIP: f32 = 1.45;
/// Height of a triangle in cells.
const TALL: f32 = 1.2;

impl Part for Token {
    fn need(&self, _room: f32, size: Size) -> Need {
        Need { w: self.width(size), h: span(size.least_cell(), self.height(size)) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (w, h) = (self.width(size).wanted.min(place.w), self.height(size).min(place.h));
        picture.marks.extend(self.mark(rect(place.x, place.center().y - h / 2.0, w, h), size));
    }
}
