//! One line with things at both of its ends.

use super::{Line, Need, Part, Span, row, span};
use crate::diagram::{Diagram, Rect, Size, rect};

/// A line as high as a cell, whatever stands in it, and as wide as its place: what comes and goes moves nothing else.
pub struct Strip {
    left: Line,
    right: Line,
    height: f32,
}

/// A line with nothing in it, `height` cells high.
pub fn strip(height: f32) -> Strip {
    Strip { left: row().gap(BETWEEN), right: row().gap(BETWEEN), height }
}

impl Strip {
    /// With one more thing from the left end on.
    pub fn left(self, part: impl Part + 'static) -> Strip {
        Strip { left: self.left.with(part), ..self }
    }

    /// With one more thing from the left end on, which goes where room is scarce.
    pub fn spare(self, part: impl Part + 'static) -> Strip {
        Strip { left: self.left.spare(part), ..self }
    }

    /// With one more thing before the right end; these have room first.
    pub fn right(self, part: impl Part + 'static) -> Strip {
        Strip { right: self.right.with(part), ..self }
    }
}

/// Between things, in usual gaps.
const BETWEEN: f32 = 0.6;

impl Part for Strip {
    fn need(&self, _room: f32, size: Size) -> Need {
        let h = size.cell() * self.height;
        Need { w: Span::default(), h: span(h.min(size.least_cell()), h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let wanted = self.right.need(place.w, size).w.wanted.min(place.w);
        self.right.draw(rect(place.right() - wanted, place.y, wanted, place.h), size, picture);
        let taken = if wanted > 0.0 { wanted + size.gap() } else { 0.0 };
        if place.w > taken {
            self.left.draw(rect(place.x, place.y, place.w - taken, place.h), size, picture);
        }
    }
}
