//! What the pictures of a run have room for.

use std::collections::BTreeSet;

use super::super::state::{GoSched, PStatus, Slot};
use super::crowd::Crowd;

/// As much as the largest state of a run needs.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Ps that have run anything, or are on their way to it.
    pub(super) used: BTreeSet<u32>,
    /// Goroutines in a ring, with those behind its tail.
    pub(super) ring: usize,
    /// Goroutines in the global queue, in the netpoller, waiting elsewhere.
    pub(super) global: usize,
    pub(super) net: usize,
    pub(super) parked: usize,
    /// Threads without a P, idle ones, all.
    pub(super) outside: usize,
    pub(super) idle: usize,
    pub(super) threads: usize,
    /// The highest number of a goroutine.
    pub(super) goids: u32,
    /// How often a step was one of a goroutine of each program; 0: none runs it.
    pub(super) programs: Vec<u32>,
    /// Whether the process ends with a fault.
    pub(super) dies: bool,
}

impl Room {
    pub(super) fn widen(&mut self, m: &GoSched) {
        let in_use = |p: &u32| {
            let pp = &m.ps[*p as usize];
            pp.schedtick > 0 || pp.status != PStatus::Idle || !pp.is_empty() || !m.sched.pidle.contains(p)
        };
        let new: Vec<u32> = (0..m.ps.len() as u32).filter(|p| !self.used.contains(p) && in_use(p)).collect();
        self.used.extend(new);
        let crowd = Crowd::new(m);
        for p in &crowd.procs {
            self.ring = self.ring.max(p.ring.len() + p.behind.len());
        }
        let most = |old: &mut usize, new: usize| *old = (*old).max(new);
        most(&mut self.global, crowd.global.len());
        most(&mut self.net, crowd.polled.len());
        most(&mut self.parked, crowd.parked.len());
        most(&mut self.outside, crowd.outside.len());
        most(&mut self.idle, crowd.idle.len());
        most(&mut self.threads, m.ms.len());
        self.goids = self.goids.max(m.goidgen);
        self.dies |= m.dead.as_ref().is_some_and(|dead| dead.exit != 0);
        self.programs.resize(m.programs.len(), 0);
        let program = |slot: Slot| usize::from(m.g(slot).program);
        for (slot, _) in m.live() {
            self.programs[program(slot)] = self.programs[program(slot)].max(1);
        }
        let acted = m.acted().and_then(|m_| m.ms[m_ as usize].curg);
        if let Some(slot) = acted {
            self.programs[program(slot)] += 1;
        }
    }
}
