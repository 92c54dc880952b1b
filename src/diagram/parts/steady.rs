//! Parts that ask for the same width whatever they show, or give none of theirs away.

use super::{Need, Part, Span, span};
use crate::diagram::{Diagram, Rect, Size};

/// A part of a width of its own: what is said in it makes neither it nor the picture narrower or wider.
pub struct Steady<P> {
    part: P,
    least: f32,
    cells: f32,
}

/// A part `cells` cells wide where there is room, and `least` cells at least.
pub fn steady<P: Part>(part: P, least: f32, cells: f32) -> Steady<P> {
    Steady { part, least, cells }
}

impl<P: Part> Part for Steady<P> {
    fn need(&self, room: f32, size: Size) -> Need {
        let wanted = size.cell() * self.cells;
        Need { w: span(size.cell() * self.least, wanted), ..self.part.need(room.min(wanted), size) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        self.part.draw(place, size, picture);
    }
}

/// A part that is never narrower than it wants to be, as long as others can give way.
pub struct Rigid<P>(P);

/// A part that stands where it stands: only what is beside it gives way.
pub fn rigid<P: Part>(part: P) -> Rigid<P> {
    Rigid(part)
}

impl<P: Part> Part for Rigid<P> {
    fn need(&self, room: f32, size: Size) -> Need {
        let need = self.0.need(room, size);
        Need { w: Span::fixed(need.w.wanted), ..need }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        self.0.draw(place, size, picture);
    }
}
