//! `closechan`.

use super::event::Event;
use super::frame::{Frame, Pc};
use super::hchan::Queue;
use super::laws::Fault;
use super::state::GoChan;

impl GoChan {
    pub(super) fn set_closed(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        (channel.closed, channel.was_closed) = (true, true);
        let (receivers, senders) = (channel.recvq.len(), channel.sendq.len());
        (f.pc, f.sending) = (Pc::Dequeue, false);
        Some(Event::ClosedSet { g, ch: channel.name.clone(), receivers, senders })
    }

    /// A receiver gets the zero value.
    pub(super) fn zero_waiter(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        self.put_into(waiter.g, waiter.n, 0, None, None);
        f.pc = Pc::List;
        Some(Event::WaiterZeroed { g, ch: self.name(f.ch), waiter: waiter.g })
    }

    /// `gp.param`, `success = false`, `glist.push`; a sender's `elem = nil` as well.
    pub(super) fn list_waiter(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg.take()?;
        let success = self.fault == Fault::CloseSaysSuccess && !f.sending;
        self.tell_waiter(waiter, success);
        if let Some(sudog) = self.g_mut(waiter.g).waiting.get_mut(waiter.n) {
            sudog.elem = None;
        }
        f.glist.push(waiter.g);
        let depth = f.glist.len();
        f.pc = Pc::Dequeue;
        let queue = if f.sending { Queue::Sendq } else { Queue::Recvq };
        Some(Event::WaiterListed { g, ch: self.name(f.ch), waiter: waiter.g, queue: queue.field(), depth })
    }

    /// The lock is released: the last one listed is woken first.
    pub(super) fn ready_listed(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        f.pc = if f.glist.len() > 1 { Pc::ReadyListed } else { Pc::Return };
        let woken = f.glist.pop()?;
        f.woke = true;
        Some(self.ready(g, woken))
    }
}
