//! Go's garbage collector, as a machine: a heap of a few objects, goroutines that rewrite it, and the concurrent tri-colour
//! marker of Go 1.23.9 beside them (`runtime/mgc.go`, `mgcmark.go`, `mbarrier.go`, `mwbbuf.go`, `mgcsweep.go`); and the
//! pacer of `mgcpacer.go`, byte for byte, replayed against recordings. Line numbers and formulas were read in the source of
//! the 1.23.9 distribution.
//!
//! Green Tea, the marker that Go 1.26 and later run by default, is read in 1.27.3 (`mgcmark_greenteagc.go`): barrier, phases and
//! pauses are the same, but of small objects it is their spans that are queued.
//!
//! Which barrier runs is a switch: the hybrid one (1.8 and later), insertion with a re-scan of stacks (1.5 to 1.7), deletion
//! with a snapshot of stacks, no barrier or half of one (to lose an object), and the collectors before 1.5 that stop the world.
//!
//! A step of a mutator is a flag test, one entry of a wbBuf, a store, an allocation; of a worker taking a root job, suspending
//! a goroutine, greying one pointer, blackening an object; of the collector one line of `gcStart`, `gcMarkDone` or
//! `gcMarkTermination`. Grey is what is marked and queued or being scanned; what waits in a wbBuf counts as grey too.
//!
//! Left out: several work buffers and span queues a P (here one LIFO and one FIFO for all), packed scans by AVX-512, oblets,
//! finalizers and other specials, tiny blocks, stack shrinking, cgo, the CPU limiter. Assist debt is counted in objects instead of bytes. A statement that stores a pointer
//! cannot be preempted between flag test and store, as compiled code cannot.

mod choices;
mod collector;
mod event;
mod laws;
mod machine;
mod mutator;
mod pacer;
mod recording;
mod setup;
mod state;
mod sweep;
mod tea;
#[cfg(test)]
mod tests;
mod view;
mod ways;

pub use event::Event;
pub use machine::{Action, Doing};
pub use pacer::{Measured, Pacer};
pub use setup::{Mode, Pacing, Routine, Setup, Stmt};
pub use state::{Colour, GoGc, Job, Object, Phase};
pub use tea::{Bits, Entry, Owned};
pub use ways::{Served, Serving, Way};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoGc>().recorded::<GoGc>()
}
