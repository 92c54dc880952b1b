//! What a script or a viewer can ask of the scheduler.

use serde::{Deserialize, Serialize};

/// One action. `Step` and `Round` let the viewer decide which thread goes on; `Run`, `Advance` and `Skip` use the
/// machine's own interleaving: every thread that can take a step takes one in turn, and when none can, time passes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// M's next atomic step; M1 is sysmon.
    Step(u32),
    /// M goes on alone until it begins the next statement of a goroutine, or has to wait for something.
    Round(u32),
    /// Time passes until the next moment at which something is due.
    Tick,
    /// So many steps of the machine's own interleaving.
    Run(u32),
    /// The machine's own interleaving until so many microseconds have passed.
    Advance(u64),
    /// As `Run`, but shown as one step: over long stretches in which nothing new happens.
    Skip(u32),
    /// As `Advance`, but shown as one step.
    SkipTo(u64),
    /// What if the goroutine that is running on the first busy M started so many goroutines of this program now?
    Spawn(String, u32),
    /// What if the network was ready for this goroutine now?
    NetReady(u32),
    /// What if the system call of this M returned now?
    Return(u32),
}
