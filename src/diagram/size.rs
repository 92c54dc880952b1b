//! The two sizes of a picture: for one reader at a window, for an audience in a room.

use serde::Serialize;

use super::{CANVAS_W, MIN_TEXT, Rect, rect};

/// Whom a picture is drawn for. Both are drawn on the canvas of 1600 × 900 units; all lengths below are in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Default)]
pub enum Size {
    /// One reader at a window: everything is shown.
    #[default]
    Window,
    /// An audience: fewer and larger cells, the least important figures left out.
    Stage,
}

impl Size {
    /// Both sizes.
    pub const ALL: [Size; 2] = [Size::Window, Size::Stage];

    /// The short name used on the command line and in file names: `window` or `stage`.
    pub fn code(self) -> &'static str {
        match self {
            Size::Window => "window",
            Size::Stage => "stage",
        }
    }

    /// The smallest text a label may have: on the stage 22 pixels of a picture of 1280 × 720.
    pub fn least_text(self) -> f32 {
        self.of(MIN_TEXT, 28.0)
    }

    /// Height of text in headings.
    pub fn title(self) -> f32 {
        self.of(22.0, 32.0)
    }

    /// Height of text that is read: names, values, code.
    pub fn body(self) -> f32 {
        self.of(20.0, 30.0)
    }

    /// Height of text that is looked up: units, notes.
    pub fn small(self) -> f32 {
        self.of(17.0, 28.0)
    }

    /// Height of a box with one line of text.
    pub fn cell(self) -> f32 {
        self.of(40.0, 52.0)
    }

    /// Height below which such a box is not drawn.
    pub fn least_cell(self) -> f32 {
        self.of(26.0, 36.0)
    }

    /// From the edge of a box to what it holds.
    pub fn pad(self) -> f32 {
        self.of(14.0, 16.0)
    }

    /// Between two things of a kind.
    pub fn gap(self) -> f32 {
        self.of(14.0, 16.0)
    }

    /// The room for the picture: what the caption leaves free, and on the stage the line above the picture.
    pub fn area(self) -> Rect {
        match self {
            Size::Window => rect(48.0, 36.0, CANVAS_W - 96.0, 708.0),
            Size::Stage => rect(48.0, 92.0, CANVAS_W - 96.0, 600.0),
        }
    }

    /// The strip for the caption.
    pub fn caption(self) -> Rect {
        match self {
            Size::Window => rect(48.0, 768.0, CANVAS_W - 96.0, 108.0),
            Size::Stage => rect(42.0, 708.0, CANVAS_W - 84.0, 180.0),
        }
    }

    fn of(self, window: f32, stage: f32) -> f32 {
        match self {
            Size::Window => window,
            Size::Stage => stage,
        }
    }
}
