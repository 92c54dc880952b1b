//! Things that many mechanisms show, as values: a field, a token, a queue, a ring, a socket, a card, a program, a table,
//! linked entries, rows of cells, a graph in layers, curves, a meter, the digits of a number.
//!
//! A part holds what it shows, with keys, meanings and places in the state; it knows how much room it wants in either size
//! and draws itself into the room it is given. [`row()`], [`column()`] and [`flow()`] are parts made of parts, so that a
//! view names no coordinates: it says what stands beside what, and which parts take the room that is left.
//!
//! Where there is less room than a part wants, it gives way in the same order everywhere:
//! 1. gaps shrink, then the longest parts, their cells becoming narrower and lower;
//! 2. what was before (`old → new`) and notes go;
//! 3. parts marked as [`Line::spare`] go, the last first;
//! 4. of many cells the first are shown, those with a meaning before plain ones, and `+N` stands for the others, which are
//!    seen when the canvas is enlarged;
//! 5. words end in an ellipsis; the tooltip has them whole;
//! 6. a part without even that room draws nothing. Nothing is ever drawn over something else.

mod arrange;
mod bits;
mod capsule;
mod card;
mod curves;
mod enlarged;
mod field;
mod flow;
mod frame;
mod graph;
mod known;
mod lines;
mod linked;
mod meter;
mod more;
mod pipe;
mod pointer;
mod queue;
mod rack;
mod ring;
mod shelf;
mod socket;
mod steady;
mod strip;
mod table;
mod token;
mod way;
mod words;

pub use arrange::{Line, column, row};
pub use bits::{Bits, bits};
pub use capsule::{Capsule, capsule};
pub use card::{Card, card};
pub use curves::{Curves, curves};
pub use enlarged::{Enlarged, enlarged};
pub use field::{Field, field};
pub use flow::{Flow, flow};
pub use graph::{Graph, Legend, Node, Stage, graph, legend, node};
pub use lines::{Lines, lines};
pub use linked::{Head, Lane, Linked, Slot, head, lane, linked, slot};
pub use meter::{Meter, meter};
pub use pipe::{Middle, Pipe, Side, Well, middle, pipe, side, well};
pub use pointer::{pointer, trail};
pub use queue::{Queue, queue};
pub use rack::{Hole, Rack, Row, Section, Sign, Thing, Tray, hole, numbered, rack, section, thing, tray};
pub use ring::{Ring, ring};
pub use shelf::{Shelf, shelf};
pub use socket::{Socket, socket};
pub use steady::{Rigid, Steady, rigid, steady};
pub use strip::{Strip, strip};
pub use table::{Cell, Entry, Table, cell, entry, table};
pub use token::{Token, token};
pub use way::way;
pub use words::{Words, words};

use super::{Diagram, Rect, Size};

/// Something that knows how much room it wants, and draws itself into the room it gets.
pub trait Part {
    /// The room it wants where it may be at most `room` units wide.
    fn need(&self, room: f32, size: Size) -> Need;

    /// Draws it within `place`, which may be larger or smaller than it wants.
    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram);
}

/// The room a part wants.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Need {
    /// Its width.
    pub w: Span,
    /// Its height.
    pub h: Span,
}

/// A length that may be shortened, in units.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Span {
    /// Below this it loses cells or words.
    pub least: f32,
    /// What it takes where there is room.
    pub wanted: f32,
}

/// A length that may be shortened to `least`.
pub fn span(least: f32, wanted: f32) -> Span {
    Span { least: least.min(wanted), wanted }
}

impl Span {
    /// A length that stays.
    pub fn fixed(length: f32) -> Span {
        span(length, length)
    }

    /// Both lengths with `by` more.
    pub fn plus(self, by: f32) -> Span {
        span(self.least + by, self.wanted + by)
    }

    /// One after the other.
    pub fn then(self, next: Span) -> Span {
        span(self.least + next.least, self.wanted + next.wanted)
    }

    /// Beside each other: the longer of both.
    pub fn max(self, other: Span) -> Span {
        span(self.least.max(other.least), self.wanted.max(other.wanted))
    }
}

/// The picture of one part that fills an area, which is [`Size::area`] where the canvas is its own.
pub fn picture(part: &dyn Part, area: Rect, size: Size) -> Diagram {
    let mut picture = Diagram::new();
    part.draw(area, size, &mut picture);
    picture
}
