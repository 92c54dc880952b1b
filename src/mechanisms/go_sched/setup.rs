//! What a run starts from: processors, programs of the goroutines, what already waits in which queue.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything that a run needs besides its actions. Times are in microseconds of model time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// GOMAXPROCS, 1 to 64.
    pub procs: u32,
    /// Seed of the order in which thieves visit Ps.
    pub seed: u64,
    /// Channels and their capacities.
    pub chans: BTreeMap<String, u32>,
    /// What goroutines do, by name. A goroutine that comes to the end of its program exits.
    pub programs: BTreeMap<String, Vec<Stmt>>,
    /// What goroutine 1 does; when it comes to the end the process exits. It runs on M0 and P0.
    pub main: Vec<Stmt>,
    /// Goroutines that exist from the start, numbered on from 2.
    pub queued: Vec<Queued>,
    /// `schedtick` of P0 when main begins; real programs of Go 1.23.9 have begun about four slices by then.
    pub schedtick: u32,
    /// Whether the thread sysmon (M1) runs. Without it nobody retakes a P and nobody preempts.
    pub sysmon: bool,
    /// `GODEBUG=asyncpreemptoff=1`: no signals; only calls of functions notice a request to stop.
    pub asyncpreemptoff: bool,
    /// `debug.SetMaxThreads`; 10000 in Go.
    pub max_threads: u32,
    /// What one round of the machine's own interleaving (a step of every thread that can take one) costs. At 0
    /// scheduling takes no time, only programs do.
    pub round_us: u64,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            procs: 4,
            seed: 1,
            chans: BTreeMap::new(),
            programs: BTreeMap::from([(String::from("compute"), vec![Stmt::Compute(100)])]),
            main: vec![Stmt::Go(String::from("compute"), 3), Stmt::Wait],
            queued: Vec::new(),
            schedtick: 4,
            sysmon: true,
            asyncpreemptoff: false,
            max_threads: 10_000,
            round_us: 0,
        }
    }
}

/// A statement of a goroutine's program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stmt {
    /// Computes for so long, calling functions on the way.
    Compute(u64),
    /// Computes for so long in a loop without any call: only a signal can stop it.
    Loop(u64),
    /// `go program()`, so many times.
    Go(String, u32),
    /// Sends on a channel.
    Send(String),
    /// Receives from a channel.
    Recv(String),
    /// Closes a channel.
    Close(String),
    /// A system call that lasts so long (`entersyscall`).
    Syscall(u64),
    /// A system call known to block (`entersyscallblock`): the P is handed off at once.
    SyscallBlock(u64),
    /// Waits for the network, which is ready after so long (or earlier: `NetReady`).
    Net(u64),
    /// `time.Sleep`.
    Sleep(u64),
    /// `runtime.Gosched`.
    Gosched,
    /// Waits until all goroutines but main have ended (`sync.WaitGroup`). Main only.
    Wait,
    /// A statement several times.
    Times(u32, Box<Stmt>),
    /// Back to the first statement, so many times.
    Again(u32),
}

/// Goroutines that exist from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Queued {
    /// In the ring of a P: so many goroutines of this program.
    Local(u32, String, u32),
    /// In a P's `runnext`.
    Runnext(u32, String),
    /// At the tail of the global queue: so many goroutines of this program.
    Global(String, u32),
    /// Running on a P (not P0, where main runs).
    Running(u32, String),
}

/// The most goroutines that a setup may lead to.
pub const MAX_GOROUTINES: u64 = 5000;
impl Stmt {
    /// The statement as Go would write it.
    pub fn go(&self) -> String {
        match self {
            Stmt::Compute(us) => format!("compute({us})"),
            Stmt::Loop(us) => format!("for {{ /* {us} µs */ }}"),
            Stmt::Go(name, 1) => format!("go {name}()"),
            Stmt::Go(name, n) => format!("for range {n} {{ go {name}() }}"),
            Stmt::Send(name) => format!("{name} <- v"),
            Stmt::Recv(name) => format!("<-{name}"),
            Stmt::Close(name) => format!("close({name})"),
            Stmt::Syscall(us) => format!("syscall({us})"),
            Stmt::SyscallBlock(us) => format!("blockingSyscall({us})"),
            Stmt::Net(us) => format!("conn.Read({us})"),
            Stmt::Sleep(us) if us % 1000 == 0 => format!("time.Sleep({} * time.Millisecond)", us / 1000),
            Stmt::Sleep(us) => format!("time.Sleep({us} * time.Microsecond)"),
            Stmt::Gosched => String::from("runtime.Gosched()"),
            Stmt::Wait => String::from("wg.Wait()"),
            Stmt::Times(n, inner) => format!("for range {n} {{ {} }}", inner.go()),
            Stmt::Again(n) => format!("// again, {n} times"),
        }
    }
}
