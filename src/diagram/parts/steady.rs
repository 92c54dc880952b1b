//! A part that asks for the same width whatever it shows.

use super::{Need, Part, span};
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
