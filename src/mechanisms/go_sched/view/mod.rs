//! The picture of the scheduler: a card a P with its thread, what it runs, runnext and its ring; the global queue and
//! those who wait above, threads without a P below. A goroutine is a circle, a thread a triangle; both keep their keys
//! wherever they go.

mod cards;
mod shared;
mod tokens;

use super::event::Event;
use super::state::GoSched;
use crate::diagram::Diagram;
use crate::view::View;
use tokens::Crowd;

impl View for GoSched {
    fn view(&self, event: Option<&Event>) -> Diagram {
        let mut picture = Diagram::new();
        let mut crowd = Crowd::new(self, event);
        cards::draw(self, &mut crowd, &mut picture);
        shared::above(self, &mut crowd, &mut picture);
        shared::below(self, &mut crowd, &mut picture);
        picture
    }
}
