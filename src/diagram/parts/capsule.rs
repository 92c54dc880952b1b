//! A capsule: a token that carries another one with it.

use super::token::Token;
use super::words::{fit, wide};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Size, Tone, label, mono, rect};
use crate::text::Text;

/// Who waits or travels, and what it brings: a pill with a word, a smaller token in it, and a remark.
#[derive(Clone, Debug)]
pub struct Capsule {
    token: Token,
    carried: Option<Token>,
    note: Option<(Text, Tone)>,
    ghost: bool,
}

/// A capsule that carries nothing.
pub fn capsule(token: Token) -> Capsule {
    Capsule { token, carried: None, note: None, ghost: false }
}

impl Capsule {
    /// With a token in it; an absent one is a place to be filled.
    pub fn carrying(self, carried: impl Into<Option<Token>>) -> Capsule {
        Capsule { carried: carried.into(), ..self }
    }

    /// With a remark behind its word, which goes first where room is scarce.
    pub fn note(self, note: impl Into<Text>, tone: Tone) -> Capsule {
        Capsule { note: Some((note.into(), tone)), ..self }
    }

    /// Whether it is of no use any more: dashes.
    pub fn ghost(self, ghost: bool) -> Capsule {
        Capsule { ghost, ..self }
    }

    /// Its token alone.
    pub(super) fn plain(&self) -> Token {
        self.token.clone()
    }

    pub(super) fn width(&self, size: Size) -> Span {
        let words = wide(&self.token.text, size.body(), Face::Mono);
        let carried = self.carried.as_ref().map_or(Span::default(), |carried| inner(carried, size).plus(SPACE));
        let note = self.note.as_ref().map_or(0.0, |(note, _)| wide(note, size.small(), Face::Sans) + SPACE);
        carried.plus(words + 2.0 * EDGE).then(span(0.0, note + 4.0)).max(Span::fixed(size.cell()))
    }

    /// Its marks in exactly this place.
    pub(super) fn marks(&self, place: Rect, size: Size) -> Vec<Mark> {
        let token = &self.token;
        let height = size.body().min(place.h - 4.0).max(size.least_text());
        let carried = self.carried.as_ref().map(|carried| (carried, inner(carried, size)));
        let least = carried.as_ref().map_or(0.0, |(_, w)| w.least + SPACE);
        let Some((text, w)) = fit(&token.text, height, Face::Mono, place.w - 2.0 * EDGE - least) else {
            return Vec::new();
        };
        if place.h < height + 2.0 {
            return Vec::new();
        }
        let mut room = place.w - 2.0 * EDGE - w;
        let shape = Shape::Box { radius: (place.h / 2.0).min(16.0) };
        let mark = Mark::new(token.key.clone(), place).shape(shape).tone(token.tone).layer(20);
        let mark = Mark { bend: token.bend, path: token.path.clone(), ..mark };
        let mark = mark.about(token.about.clone().unwrap_or_else(|| token.text.clone()));
        let mark = mark.border(match (self.ghost, token.strong) {
            (true, _) => Border::Dashed,
            (_, true) => Border::Thick,
            _ => Border::Thin,
        });
        let ink = if self.ghost { Ink::Soft } else { Ink::Text };
        let mut mark = mark.fill(if self.ghost { Fill::Well } else { Fill::Tint });
        mark = mark.label(mono(text, height).ink(ink).left(EDGE));
        let mut marks = Vec::new();
        if let Some((carried, span)) = carried {
            let w = span.wanted.min(room - SPACE);
            let h = (place.h - 8.0).min(size.cell());
            let place = rect(place.right() - EDGE * 0.6 - w, place.center().y - h / 2.0, w, h);
            marks.extend(carried.mark(place, size).map(|mark| mark.layer(22)));
            room -= w + SPACE;
        }
        if let Some((note, tone)) = &self.note
            && wide(note, size.small(), Face::Sans) + SPACE <= room
        {
            // On the tint of another meaning only the colours of text have contrast enough.
            let ink = match (self.ghost, *tone) {
                (_, Tone::Plain) => Ink::Soft,
                (true, tone) => Ink::Of(tone),
                (false, _) => Ink::Text,
            };
            mark = mark.label(label(note.clone(), size.small()).ink(ink).left(EDGE + w + SPACE));
        }
        marks.insert(0, mark);
        marks
    }
}

/// From the end of a capsule to its words.
const EDGE: f32 = 11.0;
/// Between what is in a capsule.
const SPACE: f32 = 7.0;

/// The width of what is carried.
fn inner(carried: &Token, size: Size) -> Span {
    let w = carried.width(size);
    span(w.least, w.wanted.min(w.least.max(size.cell() * 0.8)))
}

impl Part for Capsule {
    fn need(&self, _room: f32, size: Size) -> Need {
        Need { w: self.width(size), h: span(size.least_cell(), size.cell()) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (w, h) = (self.width(size).wanted.min(place.w), size.cell().min(place.h));
        picture.marks.extend(self.marks(rect(place.x, place.center().y - h / 2.0, w, h), size));
    }
}
