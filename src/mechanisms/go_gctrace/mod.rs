//! Lines of `GODEBUG=gctrace=1`, played one by one: `gcMarkTermination` in `runtime/mgc.go` prints one at the end of each
//! cycle. Read against Go 1.23.9 and 1.27.3; `runtime/extern.go` explains the format.
//!
//! No runtime is simulated: every figure is the file's, or computed from the file's. A step is one line, that is one cycle.
//! What the format lacks is not guessed: neither GOGC nor GOMEMLIMIT, nor what happened between two cycles.
//!
//! | since | the line |
//! | --- | --- |
//! | before | `gc # @#s #%: #+#+# ms clock, #+#/#/#+# ms cpu, #->#-># MB, # MB goal, # P`, and `(forced)` |
//! | the pacer of Go 1.18 | `# MB stacks, # MB globals` between goal and P |
//! | Go 1.27 | `(checking for goroutine leaks)` before the colon |

mod event;
mod judge;
mod laws;
mod line;
mod machine;
mod read;
mod setup;
mod state;
#[cfg(test)]
mod tests;
mod view;

pub use event::Event;
pub use judge::Seen;
pub use line::Cycle;
pub use machine::{Action, Doing};
pub use setup::{Line, Setup};
pub use state::{Counts, GoGctrace};

/// The machine, for the catalogue: it has no scenes of its own.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoGctrace>().traced::<GoGctrace>()
}
