//! The picture of channels: the run queue above, a row a channel with its ring between its two queues, a card a
//! goroutine with its program. Values travel as tokens: out of a sender's frame, into a slot, into a receiver's frame.

mod cards;
mod channels;
mod queue;
mod tokens;

use super::{Event, GoChan};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Tone, mono, rect};
use crate::view::View;

impl View for GoChan {
    fn view(&self, event: Option<&Event>) -> Diagram {
        let mut picture = Diagram::new();
        queue::draw(self, event, &mut picture);
        channels::draw(self, event, &mut picture);
        cards::draw(self, event, &mut picture);
        tokens::draw(self, event, &mut picture);
        end(self, &mut picture);
        picture
    }
}

/// How the process ended, across the run queue's line.
fn end(machine: &GoChan, picture: &mut Diagram) {
    let Some(dead) = machine.dead() else { return };
    let (words, tone) = match dead.exit {
        0 => (format!("main returned  (exit status {})", dead.exit), Tone::Good),
        exit => (format!("{}  (exit status {exit})", dead.message), Tone::Bad),
    };
    let mark = Mark::new("dead", rect(700.0, 36.0, 852.0, 52.0)).path("dead").tone(tone).fill(Fill::Tint);
    picture.push(mark.border(Border::Thick).label(mono(words, 21.0).ink(Ink::Tone)));
}
