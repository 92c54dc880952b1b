//! What a step is about, read from its event.

use std::collections::BTreeSet;

use super::super::event::Event;
use super::super::state::GoSched;
use crate::machine::Event as _;

/// What is pointed out.
#[derive(Default)]
pub struct Focus {
    /// The goroutines of the event.
    pub goids: BTreeSet<u32>,
    /// The thread that took the step.
    pub m: Option<u32>,
    /// Ps that the step is about, and those looked at in vain.
    pub ps: Vec<u32>,
    pub looked: Vec<u32>,
    /// Ps whose `runnext`, ring or `schedtick` changed or was looked at.
    pub next: Option<u32>,
    pub ring: Option<u32>,
    pub tick: Option<u32>,
    /// The global queue, or `nmspinning`, changed or was looked at.
    pub global: bool,
    pub spin: bool,
    /// `nmspinning` and the number of busy Ps by which somebody was allowed to spin, or refused.
    pub rule: Option<(i32, u32)>,
}

impl Focus {
    /// Of a step with this event.
    pub fn new(machine: &GoSched, event: Option<&Event>) -> Focus {
        let mut focus = Focus::default();
        let Some(event) = event else { return focus };
        let number = |name: &str| event.figure::<u32>(name);
        focus.m = number("m");
        focus.goids.extend(["g", "first", "last", "to", "from"].into_iter().filter_map(number));
        focus.goids.extend(event.figure::<Option<u32>>("kicked").flatten());
        focus.goids.extend(["gs", "spilled"].into_iter().filter_map(|name| event.figure::<Vec<u32>>(name)).flatten());
        let (p, victim) = (number("p"), number("victim"));
        let own = focus.m.and_then(|m| machine.ms.get(m as usize)?.p);
        focus.ps.extend(p.or(own).into_iter().chain(victim));
        focus.subjects(event, p, victim);
        focus.searching(machine, event);
        focus
    }

    /// Queues and figures.
    fn subjects(&mut self, event: &Event, p: Option<u32>, victim: Option<u32>) {
        use Event::*;
        match event {
            RunnextSet { .. } | RunnextTaken { .. } => self.next = p,
            RunnextGrace { .. } | RunnextGone { .. } | RunnextStolen { .. } => self.next = victim,
            LocalEmpty { .. } => (self.next, self.ring) = (p, p),
            OverflowRaced { .. } | OverflowCopied { .. } | OverflowHeadMoved { .. } => self.ring = p,
            RingSlotWritten { .. } | RingTailMoved { .. } | LocalTaken { .. } => self.ring = p,
            InjectedLocal { .. } | HandoffWork { .. } | StealPublished { .. } => self.ring = p,
            BatchMoved { .. } => (self.ring, self.global) = (p, true),
            VictimFound { .. } | StealRaced { .. } | RecheckFound { .. } => self.ring = victim,
            StealCopied { .. } | StealCommitted { .. } => self.ring = victim,
            GlobalPut { .. } | OverflowToGlobal { .. } | InjectedGlobal { .. } => self.global = true,
            GlobalEmpty { .. } | GlobalBatchSized { .. } | GlobalTaken { .. } => self.global = true,
            GlobalDue { .. } => (self.tick, self.global) = (p, true),
            GlobalNotDue { .. } | SchedtickRaised { .. } | SliceInherited { .. } => self.tick = p,
            WakepNotNeeded { .. } | WakepRaised { .. } | WakepNoIdleP { .. } | SpinForNeed { .. } => self.spin = true,
            SpinStopped { .. } | SpinAgain { .. } | SpinReset { .. } | HandoffSpin { .. } => self.spin = true,
            SpinStarted { before, busy, .. } => (self.spin, self.rule) = (true, Some((*before, *busy))),
            SpinRefused { nmspinning, busy, .. } => (self.spin, self.rule) = (true, Some((*nmspinning, *busy))),
            TicksNoted { ps, .. } => self.looked.clone_from(ps),
            _ => {}
        }
    }

    /// Ps that a pass looked at: all that are not idle, but the thief's own.
    fn searching(&mut self, machine: &GoSched, event: &Event) {
        let Event::PassEmpty { p, looked, .. } = event else { return };
        if *looked > 0 {
            let all = 0..machine.ps.len() as u32;
            self.looked = all.filter(|other| other != p && !machine.sched.pidle.contains(other)).collect();
        }
    }
}
