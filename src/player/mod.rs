//! Where a viewer is in a run and how they move, and the tree of their what-ifs. Numbers only: no machine, no picture.

mod branches;
mod transport;
mod watched;

pub use branches::{Branch, Branches};
pub use transport::{Command, Direction, Outline, SPEEDS, Transport};
pub use watched::Watched;
