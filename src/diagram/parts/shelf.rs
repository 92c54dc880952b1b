//! Things of a kind beside each other, in as many rows as they need.

use std::rc::Rc;

use super::known::Known;
use super::{Line, Need, Part, column, row};
use crate::diagram::{Diagram, Rect, Size};

/// Parts side by side, in as few rows as have room for the least of all; they share what is left.
#[derive(Default)]
pub struct Shelf {
    parts: Vec<Rc<Known>>,
}

/// Parts side by side.
pub fn shelf(parts: impl IntoIterator<Item = impl Part + 'static>) -> Shelf {
    Shelf { parts: parts.into_iter().map(|part| Rc::new(Known::new(part))).collect() }
}

impl Part for Rc<Known> {
    fn need(&self, room: f32, size: Size) -> Need {
        (**self).need(room, size)
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        (**self).draw(place, size, picture);
    }
}

impl Shelf {
    fn rows(&self, room: f32, size: Size) -> Line {
        let gap = size.gap();
        let least: Vec<f32> = self.parts.iter().map(|part| part.need(f32::INFINITY, size).w.least + gap).collect();
        let fits = |row: &[f32]| row.iter().sum::<f32>() - gap <= room;
        let n = self.parts.len().max(1);
        let each = (1..=n).map(|rows| n.div_ceil(rows)).find(|each| least.chunks(*each).all(fits)).unwrap_or(1);
        column().each_filling(self.parts.chunks(each).map(|parts| row().each_filling(parts.iter().cloned())))
    }
}

impl Part for Shelf {
    fn need(&self, room: f32, size: Size) -> Need {
        self.rows(room, size).need(room, size)
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        self.rows(place.w, size).draw(place, size, picture);
    }
}
