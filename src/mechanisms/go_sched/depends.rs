//! Which places of the state decided a step.

use super::event::Event;

fn list<const N: usize>(paths: [String; N]) -> Vec<String> {
    paths.to_vec()
}

fn p_at(p: u32, field: &str) -> String {
    format!("allp[{p}].{field}")
}

fn m_at(m: u32, field: &str) -> String {
    format!("allm[{m}].{field}")
}

fn g_at(g: u32, field: &str) -> String {
    format!("allgs.{g}.{field}")
}

fn sched(field: &str) -> String {
    format!("sched.{field}")
}

/// The paths for `Event::depends`.
pub(super) fn depends(event: &Event) -> Vec<String> {
    use Event::*;
    match event {
        Computing { g, .. } | GoschedCalled { g, .. } => list([g_at(*g, "pc")]),
        SentToReceiver { ch, .. } | RecvWaits { ch, .. } | SendWaits { ch, .. } | ReceivedFromSender { ch, .. } => {
            list([format!("chans.{ch}")])
        }
        SentToBuffer { ch, .. } | ReceivedFromBuffer { ch, .. } => list([format!("chans.{ch}.qcount")]),
        ReceivedClosed { ch, .. } | ChanClosed { ch, .. } => list([format!("chans.{ch}.closed")]),
        WaitPassed { .. } | WaitGroupZero { .. } => list([String::from("others"), String::from("wait")]),
        GReused { p, .. } => list([p_at(*p, "gFree")]),
        GAllocated { .. } => list([sched("gFree")]),
        RunnextSet { p, .. } => list([p_at(*p, "runnext")]),
        RingSlotWritten { p, .. } | RingTailMoved { p, .. } => list([p_at(*p, "runqtail"), p_at(*p, "runqhead")]),
        OverflowCopied { p, .. } => list([p_at(*p, "runqtail"), p_at(*p, "runqhead")]),
        OverflowRaced { p, .. } | OverflowHeadMoved { p, .. } => list([p_at(*p, "runqhead")]),
        ParkAborted { g, .. } => list([g_at(*g, "waitreason")]),
        WakepNotNeeded { .. } | WakepRaised { .. } => list([sched("nmspinning")]),
        WakepNoIdleP { .. } | NoIdleP { .. } | IdlePTaken { .. } | NeedSpinningSet { .. } => list([sched("pidle")]),
        IdleMTaken { .. } | ThreadCreated { .. } | ThreadsExhausted { .. } => list([sched("midle")]),
        HandoffWork { p, .. } => list([p_at(*p, "runq"), p_at(*p, "runnext"), sched("runqsize")]),
        HandoffSpin { .. } => list([sched("nmspinning"), sched("npidle")]),
        HandoffPoll { .. } => list([sched("npidle"), sched("lastpoll")]),
        ListReadied { .. } | InjectedGlobal { .. } => list([sched("npidle")]),
        InjectedLocal { p, .. } => list([p_at(*p, "runqtail")]),
        TimerFired { p, .. } => list([p_at(*p, "timers"), String::from("now")]),
        GlobalDue { p, .. } | GlobalNotDue { p, .. } => list([p_at(*p, "schedtick"), sched("runqsize")]),
        RunnextTaken { p, .. } => list([p_at(*p, "runnext")]),
        LocalTaken { p, .. } => list([p_at(*p, "runq"), p_at(*p, "runnext")]),
        LocalEmpty { p, .. } => list([p_at(*p, "runq"), p_at(*p, "runnext")]),
        GlobalEmpty { .. } | GlobalBatchSized { .. } => list([sched("runqsize")]),
        GlobalTaken { .. } | BatchMoved { .. } => list([sched("runq")]),
        NetpollEmpty { .. } | NetpollFound { .. } | NetpollReturned { .. } => list([String::from("netpoll")]),
        SysmonPolled { .. } => list([sched("lastpoll"), String::from("netpoll")]),
        SpinStarted { .. } | SpinRefused { .. } => list([sched("nmspinning"), sched("npidle")]),
        VictimFound { victim, .. } | StealCopied { victim, .. } => list([p_at(*victim, "runq")]),
        StealRaced { victim, .. } | StealCommitted { victim, .. } => list([p_at(*victim, "runqhead")]),
        RunnextGrace { victim, .. } => list([p_at(*victim, "runnext"), p_at(*victim, "status")]),
        RunnextGone { victim, .. } | RunnextStolen { victim, .. } => list([p_at(*victim, "runnext")]),
        SpinForNeed { .. } => list([sched("needspinning")]),
        RecheckFound { victim, .. } => list([p_at(*victim, "runq"), p_at(*victim, "runnext"), sched("pidle")]),
        NetpollBlocked { .. } | NetpollBroken { .. } => list([sched("lastpoll"), sched("pollUntil")]),
        MWoke { m, .. } | MStarted { m, .. } => list([m_at(*m, "nextp"), m_at(*m, "note")]),
        DeadlockFound { .. } => list([sched("nmidle")]),
        SpinReset { m, .. } => list([m_at(*m, "spinning")]),
        SliceInherited { p, .. } | SchedtickRaised { p, .. } => list([p_at(*p, "schedtick")]),
        OldPRegained { m, p } => list([m_at(*m, "oldp"), p_at(*p, "status")]),
        OldPLost { m, p, .. } => list([m_at(*m, "oldp"), p_at(*p, "status")]),
        SyscallReturned { m, .. } => list([m_at(*m, "until"), String::from("now")]),
        SyscallGRunnable { .. } => list([sched("pidle")]),
        SysmonWoken { .. } => list([sched("sysmonwait")]),
        TicksNoted { ps, .. } => ps.iter().flat_map(|p| [p_at(*p, "schedtick"), p_at(*p, "syscalltick")]).collect(),
        PreemptRequested { p, .. } => list([p_at(*p, "schedtick"), p_at(*p, "sysmontick")]),
        PreemptedBySignal { m, g, .. } => list([m_at(*m, "signal"), g_at(*g, "preempt")]),
        PreemptedAtCall { g, .. } => list([g_at(*g, "preempt")]),
        SignalIgnored { m } => list([m_at(*m, "signal")]),
        RetakeDeferred { p, .. } => list([p_at(*p, "runq"), p_at(*p, "sysmontick"), sched("npidle")]),
        PRetaken { p, .. } => list([p_at(*p, "status"), p_at(*p, "sysmontick")]),
        SysmonSlept { .. } => list([String::from("sysmon")]),
        SysmonDeepSleep { .. } => list([sched("npidle")]),
        SysmonUp { m, .. } => list([m_at(*m, "note")]),
        LockWaited { lock, .. } => list([if lock == "sched.lock" { lock.clone() } else { format!("chans.{lock}") }]),
        _ => Vec::new(),
    }
}
