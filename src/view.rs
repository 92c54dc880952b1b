//! The second half of the contract: how a machine is drawn.

use crate::diagram::{Diagram, Size, Tone};
use crate::machine::Machine;

/// A machine that has a picture.
pub trait View: Machine {
    /// The picture of this state; `event` is what the step that led here did, and decides what is pointed out, `tone` is the
    /// one of its kind in mechanism.ron; `size` says whom it is drawn for.
    fn view(&self, event: Option<&Self::Event>, tone: Tone, size: Size) -> Diagram;
}
