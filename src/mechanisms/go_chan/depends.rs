//! Which places of the state decided a step.

use super::event::Event;
use super::hchan::Name;

fn of<const N: usize>(ch: &Name, fields: [&str; N]) -> Vec<String> {
    fields.map(|field| format!("channels.{ch}.{field}")).to_vec()
}

fn at<const N: usize>(g: u32, fields: [&str; N]) -> Vec<String> {
    fields.map(|field| format!("goroutines.{g}.{field}")).to_vec()
}

/// The paths for `Event::depends`.
pub(super) fn depends(event: &Event) -> Vec<String> {
    use Event::*;
    match event {
        Scheduled { g, from, .. } => vec![String::from(*from), format!("goroutines.{g}.status")],
        LockBusy { ch, .. } | Locked { ch, .. } => of(ch, ["lock"]),
        FastPathFails { ch, .. } | FastPathPassed { ch, .. } => of(ch, ["closed", "qcount", "recvq", "sendq"]),
        FastPathClosed { ch, .. } | ClosedFound { ch, .. } => of(ch, ["closed", "qcount"]),
        ClosedButNotEmpty { ch, .. } => of(ch, ["qcount"]),
        SudogDequeued { ch, queue, .. } => of(ch, [*queue]),
        SelectDoneWon { waiter, .. } | StaleSudogDropped { waiter, .. } => at(*waiter, ["selectDone"]),
        SentDirectly { ch, .. } => of(ch, ["recvq"]),
        ReceivedDirectly { ch, .. } => of(ch, ["sendq"]),
        SlotRefilled { ch, from, .. } => {
            let mut paths = of(ch, ["sendq", "recvx"]);
            paths.extend(at(*from, ["waiting"]));
            paths
        }
        HeadTaken { ch, slot, .. } | SlotRead { ch, slot, .. } => {
            vec![format!("channels.{ch}.buf[{slot}]"), format!("channels.{ch}.recvx")]
        }
        SlotZeroed { ch, .. } | RecvxMoved { ch, .. } | SendxFollowed { ch, .. } => of(ch, ["recvx"]),
        SlotWritten { ch, .. } | SendxMoved { ch, .. } => of(ch, ["sendx", "qcount"]),
        QcountRaised { ch, .. } | QcountLowered { ch, .. } => of(ch, ["qcount"]),
        WouldBlock { ch, .. } => of(ch, ["qcount", "recvq", "sendq"]),
        SudogPrepared { ch, queue, .. } => {
            // A sender waits because no receiver does and the buffer is full, a receiver the other way round.
            of(ch, [if *queue == "sendq" { "recvq" } else { "sendq" }, "qcount"])
        }
        Enqueued { ch, queue, .. } => of(ch, [*queue]),
        WokenUp { g, .. } => at(*g, ["waiting", "param"]),
        ClosedSet { ch, .. } => of(ch, ["closed"]),
        WaiterZeroed { ch, .. } | WaiterListed { ch, .. } => of(ch, ["closed"]),
        Readied { woken, .. } => {
            let mut paths = at(*woken, ["param"]);
            paths.push(String::from("runnext"));
            paths
        }
        CaseNotReady { ch, sends: true, .. } => of(ch, ["closed", "recvq", "qcount"]),
        CaseNotReady { ch, sends: false, .. } => of(ch, ["sendq", "qcount", "closed"]),
        CaseReady { ch, sends, why, .. } => match (*why, sends) {
            ("closed", _) => of(ch, ["closed"]),
            ("waiter", true) => of(ch, ["recvq"]),
            ("waiter", false) => of(ch, ["sendq"]),
            _ => of(ch, ["qcount"]),
        },
        WinnerFound { g, .. } => at(*g, ["param"]),
        LoserUnlinked { ch, queue, .. } => of(ch, [*queue]),
        RangeEnded { ch, .. } => of(ch, ["closed", "qcount"]),
        LenRead { ch, .. } => of(ch, ["qcount"]),
        CapRead { ch, .. } => of(ch, ["dataqsiz"]),
        PanicSendOnClosed { ch, .. } | PanicCloseOfClosed { ch, .. } => of(ch, ["closed"]),
        DeadlockFound { .. } => vec![String::from("runnext"), String::from("runq"), String::from("goroutines")],
        LeakFound { g, .. } => at(*g, ["status", "waiting"]),
        _ => Vec::new(),
    }
}

impl Event {
    /// The channel that the step is about, if it is about one.
    pub fn channel(&self) -> Option<&Name> {
        use Event::*;
        match self {
            Locked { ch, .. }
            | LockBusy { ch, .. }
            | Unlocked { ch, .. }
            | ParkedForEver { ch, .. }
            | NilNotReady { ch, .. }
            | FastPathFails { ch, .. }
            | FastPathPassed { ch, .. }
            | FastPathClosed { ch, .. }
            | ClosedFound { ch, .. }
            | ClosedButNotEmpty { ch, .. }
            | ZeroStored { ch, .. }
            | SudogDequeued { ch, .. }
            | SelectDoneWon { ch, .. }
            | StaleSudogDropped { ch, .. }
            | SentDirectly { ch, .. }
            | ReceivedDirectly { ch, .. }
            | WaiterTold { ch, .. }
            | HeadTaken { ch, .. }
            | SlotRefilled { ch, .. }
            | SlotWritten { ch, .. }
            | SlotRead { ch, .. }
            | SlotZeroed { ch, .. }
            | SendxMoved { ch, .. }
            | RecvxMoved { ch, .. }
            | SendxFollowed { ch, .. }
            | QcountRaised { ch, .. }
            | QcountLowered { ch, .. }
            | WouldBlock { ch, .. }
            | SudogPrepared { ch, .. }
            | Enqueued { ch, .. }
            | ParkUnlocked { ch, .. }
            | WokenUp { ch, .. }
            | ClosedSet { ch, .. }
            | WaiterZeroed { ch, .. }
            | WaiterListed { ch, .. }
            | NilCaseDropped { ch, .. }
            | CaseShuffled { ch, .. }
            | CaseNotReady { ch, .. }
            | CaseReady { ch, .. }
            | WinnerFound { ch, .. }
            | LoserUnlinked { ch, .. }
            | SendReturned { ch, .. }
            | ReceiveReturned { ch, .. }
            | RangeEnded { ch, .. }
            | CloseReturned { ch, .. }
            | SelectReturned { ch, .. }
            | LenRead { ch, .. }
            | CapRead { ch, .. }
            | PanicSendOnClosed { ch, .. }
            | PanicCloseOfClosed { ch, .. }
            | PanicCloseOfNil { ch, .. } => Some(ch).filter(|name| !name.is_empty()),
            _ => None,
        }
    }

    /// The goroutine that took the step, or that the verdict is about; 1 is main where the setup says so.
    pub fn goroutine(&self) -> u32 {
        use Event::*;
        match *self {
            Scheduled { g, .. }
            | StatementAdded { g, .. }
            | GoroutineStarted { g, .. }
            | PollOrderChosen { g, .. }
            | GoroutineEnded { g, .. }
            | MainReturned { g, .. }
            | Locked { g, .. }
            | LockBusy { g, .. }
            | Unlocked { g, .. }
            | ParkedForEver { g, .. }
            | NilNotReady { g, .. }
            | FastPathFails { g, .. }
            | FastPathPassed { g, .. }
            | FastPathClosed { g, .. }
            | ClosedFound { g, .. }
            | ClosedButNotEmpty { g, .. }
            | ZeroStored { g, .. }
            | SudogDequeued { g, .. }
            | SelectDoneWon { g, .. }
            | StaleSudogDropped { g, .. }
            | SentDirectly { g, .. }
            | ReceivedDirectly { g, .. }
            | WaiterTold { g, .. }
            | Readied { g, .. }
            | HeadTaken { g, .. }
            | SlotRefilled { g, .. }
            | SlotWritten { g, .. }
            | SlotRead { g, .. }
            | SlotZeroed { g, .. }
            | SendxMoved { g, .. }
            | RecvxMoved { g, .. }
            | SendxFollowed { g, .. }
            | QcountRaised { g, .. }
            | QcountLowered { g, .. }
            | WouldBlock { g, .. }
            | SudogPrepared { g, .. }
            | Enqueued { g, .. }
            | Parked { g, .. }
            | ParkUnlocked { g, .. }
            | WokenUp { g, .. }
            | ClosedSet { g, .. }
            | WaiterZeroed { g, .. }
            | WaiterListed { g, .. }
            | NilCaseDropped { g, .. }
            | CaseShuffled { g, .. }
            | LockOrderSorted { g, .. }
            | CaseNotReady { g, .. }
            | CaseReady { g, .. }
            | DefaultChosen { g, .. }
            | NothingReady { g, .. }
            | SelectDoneReset { g, .. }
            | SudogsCleared { g, .. }
            | WinnerFound { g, .. }
            | LoserUnlinked { g, .. }
            | SendReturned { g, .. }
            | ReceiveReturned { g, .. }
            | RangeEnded { g, .. }
            | CloseReturned { g, .. }
            | SelectReturned { g, .. }
            | DefaultReturned { g, .. }
            | LenRead { g, .. }
            | CapRead { g, .. }
            | PanicSendOnClosed { g, .. }
            | PanicCloseOfClosed { g, .. }
            | PanicCloseOfNil { g, .. }
            | Recovered { g, .. }
            | DeadlockFound { g, .. }
            | LeakFound { g, .. } => g,
        }
    }
}
