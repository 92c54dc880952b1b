//! A part within another one: what it needs is worked out once for each room that it is asked about.

use std::cell::RefCell;

use super::{Need, Part};
use crate::diagram::{Diagram, Rect, Size};

/// A part and what is known of its needs. Whoever holds parts asks each of them several times, and they ask theirs as often:
/// without this a picture would be laid out some hundred times over.
pub struct Known {
    part: Box<dyn Part>,
    /// By the room in bits: the same number is the same room.
    needs: RefCell<Vec<((u32, Size), Need)>>,
}

impl Known {
    pub fn new(part: impl Part + 'static) -> Known {
        Known { part: Box::new(part), needs: RefCell::default() }
    }
}

impl Part for Known {
    fn need(&self, room: f32, size: Size) -> Need {
        let asked = (room.to_bits(), size);
        if let Some((_, need)) = self.needs.borrow().iter().find(|(known, _)| *known == asked) {
            return *need;
        }
        let need = self.part.need(room, size);
        self.needs.borrow_mut().push((asked, need));
        need
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        self.part.draw(place, size, picture);
    }
}
