//! What a line is drawn with.

use egui::{Color32, Stroke};

/// Width in points, and colour.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    pub width: f32,
    pub colour: Color32,
}

impl Pen {
    /// As egui's stroke; none if it has no width.
    pub fn stroke(self) -> Stroke {
        if self.width > 0.0 { Stroke::new(self.width, self.colour) } else { Stroke::NONE }
    }
}
