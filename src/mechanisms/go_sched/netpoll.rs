//! The network poller and timers, as far as scheduling needs them.

use super::event::Event;
use super::run::Step;
use super::state::{GoSched, Slot, Timer};

impl GoSched {
    /// `netpoll`: takes those whose connections are ready; the one that was ready last comes first (`gList` is a stack).
    pub(super) fn netpoll(&mut self) -> Vec<Slot> {
        let now = self.now;
        let mut ready: Vec<_> = self.waiting.iter().copied().filter(|waiter| waiter.ready <= now).collect();
        if ready.is_empty() {
            return Vec::new();
        }
        self.waiting.retain(|waiter| waiter.ready > now);
        ready.sort_by_key(|waiter| waiter.ready);
        ready.iter().rev().map(|waiter| waiter.g).collect()
    }

    /// Takes a due timer of a P and prepares `ready` for the goroutine that slept.
    pub(super) fn fire_timer(&mut self, m: u32, p: u32) -> Step {
        let timers = &mut self.ps[p as usize].timers;
        let due = timers.first().filter(|timer| timer.when <= self.now).copied()?;
        timers.remove(0);
        self.w(m).put = Some(due.g);
        Some(Event::TimerFired { m, p, g: self.goid(due.g), when: due.when })
    }

    /// Adds a timer to a P's heap; true if it is now the earliest.
    pub(super) fn add_timer(&mut self, p: u32, timer: Timer) -> bool {
        let timers = &mut self.ps[p as usize].timers;
        let at = timers.partition_point(|other| other.when <= timer.when);
        timers.insert(at, timer);
        at == 0
    }
}
