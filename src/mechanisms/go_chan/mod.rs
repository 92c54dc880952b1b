//! Go's channels and select, as a machine.
//!
//! Modelled: `runtime/chan.go` and `runtime/select.go` of Go 1.23.9 on linux/amd64, step by step: `chansend`, `send`,
//! `sendDirect`, `chanrecv`, `recv`, `recvDirect`, `closechan`, `waitq`, `chanparkcommit`, `selectnbsend`,
//! `selectnbrecv`, `full`, `empty`, `chanlen`, `chancap`, `selectgo` with its three passes, `sellock`, `selunlock`,
//! `selparkcommit`; of `proc.go` what parking and waking need: `gopark`, `park_m`, `goready`, `ready`, `runqput` into
//! `runnext`, `checkdead`; of `time.go` what `time.After` needs: a timer that sends once into a channel of its own; and of the
//! compiler's `walkSelectCases` what it makes of small selects. Elements are `int`.
//!
//! Left out: tickers and timers that are stopped or reset, the heap of timers and when it is looked at, zero-size elements, channels of directions, the race detector and profiling; shrinking
//! stacks (`parkingOnChan`, `activeStackChans`) and write barriers; `wakep`, stealing and time slices. The run queue is
//! that of one P. A goroutine that the viewer runs out of turn, or beside another one, stands for one that another P has
//! stolen; what it wakes still lands in the one queue that is shown. A thread that finds a lock taken spins and never
//! sleeps. Addresses of channels are in the order in which the setup lists them. `pollorder` is drawn from a seed, or
//! chosen by the viewer.
//!
//! What one step is: every change of the state is a step of its own, and so is every decision a reader should see. Some
//! changes are drawn together, since a lock hides what lies between: `sg.elem = nil` with the copy before it; `param`
//! with `success`; `closechan`'s push with both. The loads of the fast paths are one step, since the source proves them
//! to be as good as one moment; so is the sorting of `lockorder`, which nobody else sees.
//!
//! A select's goroutine that is woken while its thread is still releasing the last locks (`selparkcommit`) runs only
//! when all are released: its first act would be to wait for them anyway.
//!
//! Each goroutine has variables of its own for the channels, as a function has that gets them as arguments: `c = nil` changes
//! its own. Time passes only when a timer fires.
//!
//! Verdicts are ours, not the runtime's (`verdict.rs`): a goroutine leaks, or main hangs, if it sleeps and nobody can come to an
//! operation that wakes it (`reach.rs`); it never ends if it is woken again and again and cannot come to its end; it spins if
//! it never waits and changes nothing (`spin.rs`). Of a leak is said whether a search by reachability would find it, which
//! asks only who still refers to the channel. A statement added by the viewer revises all of them; nothing else may.

mod action;
mod case;
mod choices;
mod close;
mod decide;
mod event;
mod frame;
mod goroutine;
mod hchan;
mod laws;
mod machine;
mod program;
mod reach;
mod recording;
mod recv;
mod select;
mod send;
mod setup;
mod show;
mod spin;
mod state;
mod step;
#[cfg(test)]
mod tests;
mod timer;
mod verdict;
mod view;
mod wait;

pub use action::{Action, SLICE};
pub use event::Event;
pub use frame::{Call, Frame, Pc, Scase};
pub use goroutine::{Goroutine, Got, Outcome, Reason, Status, Sudog};
pub use hchan::{Hchan, Name, Queue, Sent, Timer, Waiter};
pub use program::{Line, Program};
pub use setup::{Case, Channel, Main, Routine, Setup, Statement, Value};
pub use state::{DEADLOCK, Dead, GoChan, Verdict};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoChan>().recorded::<GoChan>()
}
