//! Go's scheduler of goroutines (G) on threads (M) by processors (P), as a machine.
//!
//! Modelled: `runtime/proc.go` of Go 1.23.9 on linux/amd64, step by step: `schedule`, `findRunnable`, `stealWork`,
//! `runqgrab`, `runqsteal`, `runqput`, `runqputslow`, `runqputbatch`, `runqget`, `globrunqget`, `checkRunqsNoP`,
//! `checkTimersNoP`, `execute`, `newproc`, `goschedImpl`, `park_m`, `goexit0`, `ready`, `wakep`, `startm`, `stopm`,
//! `handoffp`, `resetspinning`, `injectglist`, `reentersyscall`, `entersyscallblock`, `exitsyscall`, `sysmon`,
//! `retake`, `preemptone`, `checkdead`. Of `netpoll.go`, `time.go` and `chan.go` what scheduling needs: who waits, who
//! polls, when and in which order timers fire, who is made ready. Goroutines follow small programs.
//!
//! Left out: the garbage collector and everything that stops the world, the trace reader, finalizers, cgo,
//! `LockOSThread`, the race detector's randomness, profiling, signals other than the one for preemption, changes of
//! GOMAXPROCS. Channels carry no values; `Wait` stands for `sync.WaitGroup`.
//!
//! Simplified: goroutine ids are given out one by one (Go reserves 16 at a time for a P). `injectglist` gives
//! `sched.lock` back between the idle Ps that it takes; the mask of idle Ps is the idle list itself; `checkdead` is
//! called by `mput` and by sysmon's `incidlelocked` only. A batch from the global queue, but for its first goroutine,
//! reaches the ring in one step: in Go a thief may take some of it before the rest is there. A setup with goroutines
//! in queues starts as if `wakep` had been called for them: with one searcher on its way, if a P is idle. P0 starts
//! with a `syscalltick` of 1, for the runtime itself has made system calls there.
//!
//! What one step is: every change of the state is a step of its own, and so is every decision a reader should see.
//! Taken together, since no other thread could tell: the looks of one stealing pass at Ps that have nothing, and the
//! re-checks of a searcher (what moves between two of these looks is never missed here, in Go it may be); the waiters
//! that a closed channel lets go; the statuses of a list that is injected; the ticks that one look of sysmon notes.
//! `sched.lock` is part of the state where it is held for longer than a step: whoever needs it then waits. So is a
//! channel's lock while a goroutine parks on it.
//!
//! Model time is a field, in microseconds. By default scheduling itself takes no time, only what programs do; a thief
//! still sleeps its 3 µs before it takes a `runnext`, and sysmon its 20 µs to 10 ms, or up to a minute when all Ps are
//! idle.

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
