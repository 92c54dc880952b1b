//! The picture of channels: the run queue above, a row a channel with its ring between its two queues, a card a
//! goroutine with its program.
//!
//! Things travel and keep their keys: a goroutine's token between its card and the run queue, a sudog between its owner, a
//! queue and whoever took it off, a value out of a sender's frame, into a slot, into a receiver's frame.

mod cards;
mod channels;
mod phase;
mod places;
mod queue;
mod selects;
mod sudogs;
mod values;

use super::{Event, GoChan};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Size, Tone, mono, rect};
use crate::view::View;

impl View for GoChan {
    type Room = ();
    const STAGED: bool = false;

    // One picture for both sizes: it is not made of parts yet.
    fn view(&self, event: Option<&Event>, _tone: Tone, _size: Size, _room: &()) -> Diagram {
        let mut picture = Diagram::new();
        let places = places::Places::of(self);
        channels::draw(self, event, &places, &mut picture);
        cards::draw(self, event, &places, &mut picture);
        queue::draw(self, event, &places, &mut picture);
        sudogs::draw(self, event, &places, &mut picture);
        values::draw(self, event, &places, &mut picture);
        end(self, &mut picture);
        picture
    }
}

/// How the process ended, at the end of the run queue's line. What it printed stands in the caption.
fn end(machine: &GoChan, picture: &mut Diagram) {
    let Some(dead) = machine.dead() else { return };
    let tone = if dead.exit == 0 { Tone::Good } else { Tone::Bad };
    let mark = Mark::new("dead", rect(1352.0, 38.0, 200.0, 48.0)).path("dead").tone(tone).fill(Fill::Tint);
    let words = mono(format!("exit status {}", dead.exit), 19.0).ink(Ink::Tone);
    picture.push(mark.border(Border::Thick).label(words));
}
