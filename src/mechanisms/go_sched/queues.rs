//! `runqput`, `runqputslow`, `runqget`, `globrunqget`: the queues.

use super::event::Event;
use super::laws::Fault;
use super::pc::Pc;
use super::run::Step;
use super::state::{GoSched, P, RUNQ, Slot};

impl GoSched {
    /// `runqput(pp, gp, next=true)`: `runnext`, and whoever was there is kicked out.
    pub(super) fn put_next(&mut self, m: u32) -> Step {
        let gp = self.w(m).put.unwrap_or_default();
        let p = self.own(m);
        let old = self.ps[p as usize].runnext.replace(gp);
        self.w(m).put = old;
        if old.is_some() {
            self.go(m, Pc::PutRing)
        } else {
            self.ret(m)
        }
        let kicked = old.map(|slot| self.goid(slot));
        Some(Event::RunnextSet { m, p, g: self.goid(gp), kicked })
    }

    /// The tail of the ring, if there is room.
    pub(super) fn put_ring(&mut self, m: u32) -> Step {
        let gp = self.w(m).put.unwrap_or_default();
        let p = self.own(m);
        let g = self.goid(gp);
        let pp = &mut self.ps[p as usize];
        if (pp.runq_len() as usize) < RUNQ || self.fault == Fault::RingOverfull {
            let slot = pp.runqtail % RUNQ as u32;
            pp.set(pp.runqtail, gp);
            self.go(m, Pc::PutTail);
            return Some(Event::RingSlotWritten { m, p, g, slot });
        }
        let head = pp.runqhead;
        if self.fault == Fault::OverflowAlone {
            return Some(self.put_alone(m));
        }
        Some(self.copy_half(m, head))
    }

    /// Broken: the one that does not fit goes to the global queue, and the ring stays full.
    fn put_alone(&mut self, m: u32) -> Event {
        if let Some(event) = self.want_sched(m) {
            return event;
        }
        let w = self.w(m);
        w.gp = w.put.take();
        self.ret(m);
        self.globrunqput(m)
    }

    /// `runqputslow`: copies the first half of the ring from `head` on.
    pub(super) fn copy_half(&mut self, m: u32, head: u32) -> Event {
        let n = if self.fault == Fault::OverflowShort { RUNQ / 4 } else { RUNQ / 2 } as u32;
        let p = self.own(m);
        let pp = &self.ps[p as usize];
        let batch: Vec<Slot> = (0..n).map(|i| pp.slot(head.wrapping_add(i))).collect();
        let w = self.w(m);
        (w.batch, w.head, w.n) = (batch, head, n);
        self.go(m, Pc::PutSlowHead);
        let g = self.ms[m as usize].w.put.map_or(0, |slot| self.goid(slot));
        Event::OverflowCopied { m, p, g, n }
    }

    /// `globrunqputbatch`: to the tail of the global queue.
    pub(super) fn globrunqputbatch(&mut self, batch: Vec<Slot>) {
        self.sched.runqsize += batch.len() as u32;
        self.sched.runq.extend(batch);
    }

    /// `globrunqputhead`: before all others in the global queue. Nothing that is modelled calls it; recordings do.
    pub(super) fn globrunqputhead(&mut self, g: Slot) {
        self.sched.runqsize += 1;
        self.sched.runq.push_front(g);
    }

    /// `runqtail = t + 1`: now thieves see it.
    pub(super) fn put_tail(&mut self, m: u32) -> Step {
        let gp = self.w(m).put.take().unwrap_or_default();
        let p = self.own(m);
        let lost = self.fault == Fault::TailStays;
        let pp = &mut self.ps[p as usize];
        if !lost {
            pp.runqtail = pp.runqtail.wrapping_add(1);
        }
        let (tail, len) = (pp.runqtail, pp.runq_len());
        self.ret(m);
        Some(Event::RingTailMoved { m, p, g: self.goid(gp), tail, len })
    }

    /// `runqputslow`: the first half leaves the ring, unless a thief was faster.
    pub(super) fn put_slow_head(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let (head, n) = (self.w(m).head, self.w(m).n);
        let pp = &mut self.ps[p as usize];
        if pp.runqhead != head {
            let found = pp.runqhead;
            self.w(m).batch.clear();
            self.go(m, Pc::PutRing);
            return Some(Event::OverflowRaced { m, p, head, found });
        }
        pp.runqhead = head.wrapping_add(n);
        let (head, len) = (pp.runqhead, pp.runq_len());
        let w = self.w(m);
        w.batch.extend(w.put.take());
        w.owned = true;
        self.go(m, Pc::PutSlowGlobal);
        Some(Event::OverflowHeadMoved { m, p, n, head, len })
    }

    /// 128 and the one that did not fit go to the tail of the global queue.
    pub(super) fn put_slow_global(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let w = self.w(m);
        let batch = std::mem::take(&mut w.batch);
        w.owned = false;
        let n = batch.len() as u32;
        let (first, last) = (batch.first().copied(), batch.last().copied());
        self.globrunqputbatch(batch);
        if self.fault == Fault::OverflowUncounted {
            self.sched.runqsize -= n;
        }
        self.stories.overflows += 1;
        self.ret(m);
        let (first, last) = (first.map_or(0, |slot| self.goid(slot)), last.map_or(0, |slot| self.goid(slot)));
        Some(Event::OverflowToGlobal { m, p: self.own(m), n, first, last, runqsize: self.sched.runqsize })
    }

    /// `runqget`.
    pub(super) fn find_local(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let pp = &mut self.ps[p as usize];
        if let Some(next) = pp.runnext.take() {
            self.found(m, next, true);
            return Some(Event::RunnextTaken { m, p, g: self.goid(next) });
        }
        match take_head(pp) {
            Some(gp) => {
                let (head, len) = (pp.runqhead, pp.runq_len());
                self.found(m, gp, false);
                Some(Event::LocalTaken { m, p, g: self.goid(gp), head, len })
            }
            None => {
                self.go(m, Pc::FindGlobal);
                Some(Event::LocalEmpty { m, p })
            }
        }
    }

    /// Every 61st slice: one from the global queue, whatever waits in the own one.
    pub(super) fn find_one(&mut self, m: u32) -> Step {
        if let Some(event) = self.want_sched(m) {
            return Some(event);
        }
        let Some(gp) = self.sched.runq.pop_front() else {
            self.go(m, Pc::FindLocal);
            return None;
        };
        self.sched.runqsize = self.sched.runqsize.saturating_sub(1);
        self.stories.polled61 += 1;
        self.found(m, gp, false);
        Some(Event::GlobalTaken { m, p: self.own(m), g: self.goid(gp), runqsize: self.sched.runqsize })
    }

    /// `globrunqget(pp, 0)`: how many. Keeps `sched.lock` until all are taken. The caller has seen that there are some.
    pub(super) fn size_batch(&mut self, m: u32) -> Step {
        Some(self.globrunqget(m, u32::MAX))
    }

    /// `globrunqget` of at most `max`.
    pub(super) fn globrunqget(&mut self, m: u32, max: u32) -> Event {
        self.sched.lock = Some(m);
        let (size, procs) = (self.sched.runqsize, self.procs());
        let shared = if self.fault == Fault::BatchUnshared { size } else { size / procs + 1 };
        let n = shared.min(size).min(max).min(RUNQ as u32 / 2);
        self.sched.runqsize -= n;
        let w = self.w(m);
        (w.n, w.size) = (n, size);
        self.go(m, Pc::GlobalFirst);
        Event::GlobalBatchSized { m, p: self.own(m), runqsize: size, procs, n, left: size - n }
    }

    /// The first of the batch will run.
    pub(super) fn global_first(&mut self, m: u32) -> Step {
        let gp = self.sched.runq.pop_front().unwrap_or_default();
        let w = self.w(m);
        w.n = w.n.saturating_sub(1);
        (w.gp, w.inherit) = (Some(gp), false);
        if w.n > 0 {
            self.go(m, Pc::GlobalRest)
        } else {
            self.after_batch(m)
        }
        Some(Event::GlobalTaken { m, p: self.own(m), g: self.goid(gp), runqsize: self.sched.runqsize })
    }

    /// The others go to the tail of the own ring.
    pub(super) fn global_rest(&mut self, m: u32) -> Step {
        let p = self.own(m);
        let n = std::mem::take(&mut self.w(m).n);
        let mut gs = Vec::with_capacity(n as usize);
        for _ in 0..n {
            let Some(gp) = self.sched.runq.pop_front() else { break };
            let pp = &mut self.ps[p as usize];
            pp.set(pp.runqtail, gp);
            pp.runqtail = pp.runqtail.wrapping_add(1);
            gs.push(self.goid(gp));
        }
        let len = self.ps[p as usize].runq_len();
        self.after_batch(m);
        Some(Event::BatchMoved { m, p, n, gs, len })
    }

    /// The lock is given back; an M without a P has taken one from the idle list, which it has to acquire now.
    fn after_batch(&mut self, m: u32) {
        self.sched.lock = None;
        let next = if self.ms[m as usize].p.is_none() { Pc::RecheckAcquire } else { Pc::Found };
        self.go(m, next);
    }
}

/// The head of a ring.
pub(super) fn take_head(p: &mut P) -> Option<Slot> {
    if p.runq_len() == 0 {
        return None;
    }
    let gp = p.slot(p.runqhead);
    p.runqhead = p.runqhead.wrapping_add(1);
    Some(gp)
}
