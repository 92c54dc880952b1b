//! The second half of the contract: how a machine is drawn.

use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::Machine;

/// A machine that has a picture.
pub trait View: Machine {
    /// What has to have room in the pictures of a run: as much as its largest state needs, so that nothing jumps when an array
    /// appears.
    type Room: Clone + Default + Send + Sync;

    /// Makes `room` large enough for this state; asked of every state of a run.
    fn widen(&self, _room: &mut Self::Room) {}

    /// The picture of this state; `event` is what the step that led here did, and decides what is pointed out, `tone` is the
    /// one of its kind in mechanism.ron; `size` says whom it is drawn for, `area` where on the canvas, `room` what the run's other
    /// states need.
    fn view(&self, event: Option<&Self::Event>, tone: Tone, size: Size, area: Rect, room: &Self::Room) -> Diagram;
}

/// Whether an area is that of one picture beside another: what stands side by side else stands below each other in it.
pub fn narrow(area: Rect) -> bool {
    area.w < area.h * 1.7
}
