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
        delete_min(timers);
        self.w(m).put = Some(due.g);
        Some(Event::TimerFired { m, p, g: self.goid(due.g), when: due.when })
    }

    /// Adds a timer to a P's heap; true if it is now the earliest.
    pub(super) fn add_timer(&mut self, p: u32, timer: Timer) -> bool {
        let timers = &mut self.ps[p as usize].timers;
        timers.push(timer);
        sift_up(timers);
        timers[0] == timer
    }
}

/// `timerHeapN`: each timer of the heap has up to four below it.
const HEAP_N: usize = 4;

/// `siftUp` of the last one: past those that are due later, not past equal ones.
fn sift_up(heap: &mut [Timer]) {
    let mut at = heap.len() - 1;
    while at > 0 {
        let parent = (at - 1) / HEAP_N;
        if heap[at].when >= heap[parent].when {
            break;
        }
        heap.swap(at, parent);
        at = parent;
    }
}

/// `deleteMin`, `siftDown`: the last one takes the first one's place and sinks below those that are due earlier. So timers
/// due at the same time fire in the order first, last, last but one, …, second.
fn delete_min(heap: &mut Vec<Timer>) {
    heap.swap_remove(0);
    let mut at = 0;
    loop {
        let below = at * HEAP_N + 1;
        let children = below..(below + HEAP_N).min(heap.len());
        let Some(least) = children.min_by_key(|child| heap[*child].when) else { return };
        if heap[least].when >= heap[at].when {
            return;
        }
        heap.swap(at, least);
        at = least;
    }
}
