//! The picture of a map: header chips, the arrays with their buckets and cells, and the operation at hand with the
//! bits of its hash.

mod arrays;
mod focus;
mod header;
mod operation;
mod places;

use super::event::Event;
use super::hmap::GoMap;
use crate::diagram::{Diagram, rect};
use crate::view::View;

impl View for GoMap {
    fn view(&self, event: Option<&Event>) -> Diagram {
        let focus = event.map(focus::focus).unwrap_or_default();
        let mut picture = Diagram::new();
        header::draw(self, &focus, &mut picture);
        let crowd = operation::crowd(self);
        let area = if crowd { rect(48.0, 112.0, 1150.0, 546.0) } else { places::AREA };
        arrays::draw(self, event, &focus, area, &mut picture);
        operation::draw(self, event, &mut picture);
        if crowd {
            operation::goroutines(self, event, &mut picture);
        }
        picture
    }
}
