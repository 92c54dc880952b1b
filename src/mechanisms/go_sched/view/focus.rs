//! What a step is about, read from its event: who acts, on which P, which goroutines, and which figures changed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::event::Event;
use super::super::state::GoSched;

/// What is pointed out.
#[derive(Default)]
pub struct Focus {
    /// The goroutines of the event.
    pub goids: BTreeSet<u32>,
    /// The P that the event is about.
    pub p: Option<u32>,
    /// The P that is stolen from.
    pub victim: Option<u32>,
    /// The thread that took the step.
    pub m: Option<u32>,
    /// The Ps whose owner or status changed.
    pub cards: Vec<u32>,
    /// The Ps looked at in vain by a thief, or by sysmon.
    pub looked: Vec<u32>,
    /// The P whose `runnext` changed or was looked at.
    pub next: Option<u32>,
    /// The P whose ring was looked at.
    pub ring: Option<u32>,
    /// The P whose `schedtick` changed or was looked at.
    pub tick: Option<u32>,
    /// The P whose `syscalltick` changed.
    pub systick: Option<u32>,
    /// The global queue changed or was looked at.
    pub global: bool,
    /// `nmspinning` changed or was looked at.
    pub spin: bool,
    /// `nmspinning` and the number of busy Ps by which somebody was allowed to spin, or refused.
    pub rule: Option<(i32, u32)>,
}

impl Focus {
    /// Of a step with this event.
    pub fn new(machine: &GoSched, event: Option<&Event>) -> Focus {
        let mut focus = Focus::default();
        let Some(event) = event else { return focus };
        focus.figures(event);
        focus.subjects(event);
        focus.owners(event);
        focus.searching(machine, event);
        focus
    }

    fn figures(&mut self, event: &Event) {
        let value = serde_json::to_value(event).ok();
        let Some(named) = value.as_ref().and_then(Value::as_object).and_then(|named| named.values().next()) else {
            return;
        };
        let number = |name: &str| named.get(name).and_then(Value::as_u64).map(|n| n as u32);
        (self.p, self.victim, self.m) = (number("p"), number("victim"), number("m"));
        self.goids.extend(["g", "kicked", "first", "last"].into_iter().filter_map(number));
        let list = named.get("gs").and_then(Value::as_array).into_iter().flatten();
        self.goids.extend(list.filter_map(Value::as_u64).map(|n| n as u32));
    }

    /// Queues and ticks.
    fn subjects(&mut self, event: &Event) {
        let p = self.p;
        match event {
            Event::RunnextSet { .. } | Event::RunnextTaken { .. } => self.next = p,
            Event::RunnextGrace { .. } | Event::RunnextGone { .. } | Event::RunnextStolen { .. } => {
                self.next = self.victim;
            }
            Event::LocalEmpty { .. } => (self.next, self.ring) = (p, p),
            Event::OverflowRaced { .. }
            | Event::OverflowCopied { .. }
            | Event::OverflowHeadMoved { .. }
            | Event::RingSlotWritten { .. }
            | Event::RingTailMoved { .. }
            | Event::LocalTaken { .. }
            | Event::InjectedLocal { .. }
            | Event::HandoffWork { .. } => self.ring = p,
            Event::BatchMoved { .. } => (self.ring, self.global) = (p, true),
            Event::VictimFound { .. } | Event::StealRaced { .. } | Event::RecheckFound { .. } => {
                self.ring = self.victim;
            }
            Event::GlobalPut { .. }
            | Event::OverflowToGlobal { .. }
            | Event::InjectedGlobal { .. }
            | Event::GlobalEmpty { .. }
            | Event::GlobalBatchSized { .. }
            | Event::GlobalTaken { .. } => self.global = true,
            Event::GlobalDue { .. } => (self.tick, self.global) = (p, true),
            Event::GlobalNotDue { .. } | Event::SchedtickRaised { .. } | Event::SliceInherited { .. } => self.tick = p,
            Event::SyscallDone { .. } | Event::SyscalltickRaised { .. } => self.systick = p,
            Event::WakepNotNeeded { .. } | Event::WakepRaised { .. } | Event::WakepNoIdleP { .. } => self.spin = true,
            Event::SpinForNeed { .. } | Event::SpinStopped { .. } | Event::SpinAgain { .. } => self.spin = true,
            Event::SpinReset { .. } | Event::HandoffSpin { .. } => self.spin = true,
            Event::SpinStarted { before, busy, .. } => self.ruled(*before, *busy),
            Event::SpinRefused { nmspinning, busy, .. } => self.ruled(*nmspinning, *busy),
            _ => {}
        }
    }

    fn ruled(&mut self, before: i32, busy: u32) {
        self.spin = true;
        self.rule = Some((before, busy));
    }

    /// Ps that change hands.
    fn owners(&mut self, event: &Event) {
        let changes = matches!(
            event,
            Event::IdlePTaken { .. }
                | Event::ThreadCreated { .. }
                | Event::NextpSet { .. }
                | Event::PReleased { .. }
                | Event::PIdled { .. }
                | Event::PAcquired { .. }
                | Event::MWoke { .. }
                | Event::MStarted { .. }
                | Event::PUnwired { .. }
                | Event::PInSyscall { .. }
                | Event::OldPRegained { .. }
                | Event::OldPLost { .. }
                | Event::PWired { .. }
                | Event::RetakeDeferred { .. }
                | Event::PRetaken { .. }
        );
        if changes {
            self.cards.extend(self.p);
        }
        if let Event::TicksNoted { ps, .. } = event {
            self.looked.clone_from(ps);
        }
    }

    /// Ps that a pass looked at: all that are not idle, but the thief's own.
    fn searching(&mut self, machine: &GoSched, event: &Event) {
        let Event::PassEmpty { p, looked, .. } = event else { return };
        if *looked > 0 {
            let idle = &machine.sched().pidle;
            let all = 0..machine.ps().len() as u32;
            self.looked = all.filter(|other| other != p && !idle.contains(other)).collect();
        }
    }
}
