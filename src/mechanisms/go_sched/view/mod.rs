//! The picture of the scheduler: a card a P with its thread, what it runs, what its thread holds, runnext and its ring;
//! the global queue and those who wait above, threads without a P below or beside. A goroutine is a circle, a thread a
//! triangle; both keep their keys wherever they go.

mod above;
mod cards;
mod focus;
mod kernel;
mod many;
mod plan;
mod ring;
mod strip;
mod sysmon;
mod theft;
mod threads;
mod tokens;

use super::event::Event;
use super::state::GoSched;
use crate::diagram::{Diagram, Size, Tone};
use crate::view::View;
use tokens::Crowd;

impl View for GoSched {
    type Room = ();
    const STAGED: bool = false;

    // One picture for both sizes: it is not made of parts yet.
    fn view(&self, event: Option<&Event>, _tone: Tone, _size: Size, _room: &()) -> Diagram {
        let mut picture = Diagram::new();
        let mut crowd = Crowd::new(self, event);
        let layout = plan::layout(self);
        if layout.many {
            many::draw(self, &layout, &mut crowd, &mut picture);
        } else {
            for (p, plan) in &layout.cards {
                cards::draw(self, *p, plan, &mut crowd, &mut picture);
            }
        }
        if let Some(panel) = layout.panel {
            kernel::panel(self, panel, &mut crowd, &mut picture);
        }
        above::draw(self, &mut crowd, &mut picture);
        strip::draw(self, &layout, &mut crowd, &mut picture);
        theft::draw(&layout, &crowd, &mut picture);
        sysmon::act(self, &layout, &crowd, &mut picture);
        picture
    }
}
