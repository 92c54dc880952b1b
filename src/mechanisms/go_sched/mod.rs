//! Go's scheduler of goroutines (G) on threads (M) by processors (P), as a machine.
//!
//! Modelled: `runtime/proc.go` of Go 1.23.9 on linux/amd64, step by step: `schedule`, `findRunnable`, `stealWork`,
//! `runqgrab`, `runqsteal`, `runqput`, `runqputslow`, `runqget`, `globrunqget`, `execute`, `newproc`, `goschedImpl`,
//! `park_m`, `goexit0`, `ready`, `wakep`, `startm`, `stopm`, `handoffp`, `resetspinning`, `injectglist`,
//! `reentersyscall`, `entersyscallblock`, `exitsyscall`, `sysmon`, `retake`, `preemptone`, `checkdead`; of `netpoll.go`
//! and `time.go` what scheduling needs: who waits, who polls, when a timer is due. Goroutines follow small programs.
//!
//! Left out: the garbage collector and everything that stops the world, the trace reader, finalizers, cgo, threads
//! locked to goroutines, `LockOSThread`, the race detector's randomness, profiling, signals other than the one for
//! preemption, changes of GOMAXPROCS. Goroutine ids are given out one by one (Go reserves 16 at a time for a P).
//! Channels carry no values; `Wait` stands for `sync.WaitGroup`.
//!
//! Simplified: `injectglist` gives `sched.lock` back between the idle Ps that it takes; the mask of idle Ps is the idle
//! list itself; the wake-ups of `checkdead` are those of `mput` and of sysmon's `incidlelocked`. A setup with goroutines
//! in queues starts as if `wakep` had been called for them: with one searcher on its way, if a P is idle. P0 starts with
//! a `syscalltick` of 1, for the runtime itself has made system calls there.
//!
//! What one step is: every change of the state is a step of its own, and so is every decision a reader should see.
//! Drawn together, since nobody but the thread itself could tell: the looks of one stealing pass at Ps that have
//! nothing; the second to last goroutine of a batch from the global queue; the ticks that one look of sysmon notes;
//! the re-checks of a spinning M that find nothing. `sched.lock` is part of the state where it is held for longer than
//! a step: whoever needs it then waits. So is a channel's lock while a goroutine parks on it.
//!
//! Model time is a field, in microseconds. By default scheduling itself takes no time, only what programs do; a thief
//! still sleeps its 3 µs before it takes a `runnext`, and sysmon its 20 µs to 10 ms.

mod access;
mod action;
mod chan;
mod event;
mod find_runnable;
mod glance;
mod idle;
mod laws;
mod machine;
mod netpoll;
mod pc;
mod program;
mod queues;
mod recording;
mod run;
mod sample;
mod schedule;
mod setup;
mod show;
mod start;
mod state;
mod steal;
mod syscall;
mod sysmon;
#[cfg(test)]
mod tests;
mod threads;
mod user;
mod view;
mod wake;

pub use action::Action;
pub use event::{Event, Reason};
pub use pc::{Lock, Pc, Place};
pub use program::{Code, MAIN_PROGRAM, Program};
pub use setup::{MAX_GOROUTINES, Queued, Setup, Stmt};
pub use state::{Chan, Dead, G, GStatus, GoSched, M, P, PStatus, RUNQ, Sched, Slot, SysmonTick, Timer, Waiter};

/// The mechanism, for the catalogue.
pub fn kind() -> crate::kind::MechanismKind {
    crate::kind::MechanismKind::of::<GoSched>().recorded::<GoSched>()
}
