//! A place for one thing: a ring or a well with a name, and what lies in it.

use super::token::{Token, token};
use super::words::{fit, wide, within};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, label, point, rect};
use crate::text::Text;

/// A name and a dashed ring, or a well with the name in it. It keeps its place when the token comes and goes.
#[derive(Clone, Debug)]
pub struct Socket {
    key: Key,
    name: Text,
    token: Option<Token>,
    widest: Text,
    tone: Tone,
    lit: bool,
    well: bool,
    path: Option<Path>,
}

/// An empty ring.
pub fn socket(key: impl Into<Key>, name: impl Into<Text>) -> Socket {
    Socket {
        key: key.into(),
        name: name.into(),
        token: None,
        widest: Text::same("0"),
        tone: Tone::Plain,
        lit: false,
        well: false,
        path: None,
    }
}

impl Socket {
    /// With this in it.
    pub fn token(self, token: Option<Token>) -> Socket {
        Socket { token, ..self }
    }

    /// A well instead of a ring.
    pub fn well(self) -> Socket {
        Socket { well: true, ..self }
    }

    /// Wide enough for this word.
    pub fn widest(self, text: impl Into<Text>) -> Socket {
        Socket { widest: text.into(), ..self }
    }

    /// With a meaning for as long as something lies in it.
    pub fn tone(self, tone: Tone) -> Socket {
        Socket { tone, ..self }
    }

    /// Whether this step is about the place itself: a strong line in this tone.
    pub fn lit(self, lit: bool, tone: Tone) -> Socket {
        Socket { lit, tone: if lit { tone } else { self.tone }, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Socket {
        Socket { path: Some(path.into()), ..self }
    }

    fn slot(&self, size: Size) -> Span {
        let sample = token("", self.widest.clone()).round().width(size);
        self.token.iter().fold(sample, |slot, token| slot.max(token.width(size))).plus(2.0 * RIM)
    }

    fn name_width(&self, size: Size) -> f32 {
        let w = wide(&self.name, size.small(), Face::Sans);
        if w > 0.0 { w + size.gap() * 0.7 } else { 0.0 }
    }
}

/// Between a ring and what lies in it.
const RIM: f32 = 4.0;

impl Part for Socket {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (slot, name) = (self.slot(size), self.name_width(size));
        let w = span(slot.least, slot.wanted + name + if self.well { size.pad() * 0.6 } else { 0.0 });
        Need { w, h: span(size.least_cell(), size.cell() + 2.0 * RIM) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let h = (size.cell() + 2.0 * RIM).min(place.h);
        let area = rect(place.x, place.center().y - h / 2.0, self.need(place.w, size).w.wanted.min(place.w), h);
        let slot = self.slot(size).wanted.min(area.w);
        let pad = if self.well { size.pad() * 0.6 } else { 0.0 };
        let name = fit(&self.name, size.small(), Face::Sans, area.w - slot - size.gap() * 0.7 - pad);
        // All of it, or none: it says no more than the place does.
        let name = name.filter(|(text, w)| *w > 0.0 && *text == self.name && h >= size.small());
        let ring = match (&name, self.well) {
            (Some(_), true) => area,
            (None, true) => rect(area.x, area.y, slot, h),
            (Some((_, w)), false) => rect(area.x + w + size.gap() * 0.7, area.y, slot, h),
            (None, false) => rect(area.x, area.y, slot, h),
        };
        self.frame(ring, picture);
        if let Some((text, _)) = name {
            let ink = if self.lit { Ink::Of(self.tone) } else { Ink::Soft };
            let at = point(area.x + pad, area.center().y);
            let mark = Mark::text(format!("{}/name", self.key), at, label(text, size.small()).ink(ink).left(0.0));
            picture.push(within(Mark { path: self.path.clone(), ..mark }, place).layer(12));
        }
        let Some(token) = &self.token else { return };
        let (w, h) = (token.width(size).wanted.min(slot - 2.0), token.height(size).min(ring.h - 2.0));
        let x = ring.right() - slot / 2.0 - w / 2.0;
        picture.marks.extend(token.mark(rect(x, ring.center().y - h / 2.0, w, h), size));
    }
}

impl Socket {
    fn frame(&self, ring: Rect, picture: &mut Diagram) {
        let shown = self.lit || self.token.is_some();
        let mark = Mark::new(self.key.clone(), ring).tone(if shown { self.tone } else { Tone::Plain }).layer(6);
        let mark = Mark { path: self.path.clone(), ..mark }.about(self.name.clone());
        let mark = mark.shape(match (self.well, ring.w - ring.h < 1.0) {
            (true, _) => Shape::Box { radius: 12.0 },
            (false, true) => Shape::Circle,
            (false, false) => Shape::Box { radius: ring.h / 2.0 },
        });
        picture.push(match (self.well, self.lit) {
            (true, true) => mark.fill(Fill::Well).border(Border::Thick),
            (true, false) => mark.fill(Fill::Well).border(Border::None),
            (false, lit) => mark.fill(Fill::None).border(if lit { Border::Thick } else { Border::Dashed }),
        });
    }
}
