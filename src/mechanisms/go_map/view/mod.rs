//! The picture of a map: header chips, the arrays with their buckets and cells, and the operation at hand with the
//! bits of its hash.

mod arrays;
mod cells;
mod crowd;
mod extras;
mod focus;
mod hash;
mod header;
mod operation;
mod places;

use super::event::Event;
use super::hmap::GoMap;
use crate::diagram::{Diagram, Size, Tone, rect};
use crate::view::View;

impl View for GoMap {
    type Room = ();
    const STAGED: bool = false;

    // One picture for both sizes: it is not made of parts yet.
    fn view(&self, event: Option<&Event>, _tone: Tone, _size: Size, _room: &()) -> Diagram {
        let focus = event.map(|event| focus::focus(self, event)).unwrap_or_default();
        let mut picture = Diagram::new();
        header::draw(self, &focus, &mut picture);
        let crowd = crowd::is_one(self, event);
        let area = if crowd { rect(48.0, places::AREA.y, 1150.0, places::AREA.h) } else { places::AREA };
        arrays::draw(self, event, &focus, area, &mut picture);
        operation::draw(self, event, &mut picture);
        if crowd {
            crowd::draw(self, event, &mut picture);
        }
        picture
    }
}
