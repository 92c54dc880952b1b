//! Channels, as far as the scheduler sees them: who parks, who is made ready. Values are not modelled.

use super::event::{Event, Reason};
use super::pc::Pc;
use super::run::Step;
use super::state::{GoSched, Slot};

impl GoSched {
    /// `chansend`: to a waiting receiver, into the buffer, or wait.
    pub(super) fn send(&mut self, m: u32, slot: Slot, at: u16) -> Event {
        let g = self.goid(slot);
        let c = &mut self.chans[usize::from(at)];
        let ch = c.name.clone();
        if c.closed {
            self.die("panic: send on closed channel", 2);
            return Event::PanicSendClosed { m, g };
        }
        if let Some(to) = c.recvq.pop_front() {
            self.complete(slot);
            self.ready_then(m, to, Pc::User);
            return Event::SentToReceiver { m, g, ch, to: self.goid(to) };
        }
        if c.count < c.cap {
            c.count += 1;
            let (count, cap) = (c.count, c.cap);
            self.complete(slot);
            return Event::SentToBuffer { m, g, ch, count, cap };
        }
        c.sendq.push_back(slot);
        self.park_on(m, at, Reason::Send(at));
        Event::SendWaits { m, g, ch }
    }

    /// `chanrecv`: from a waiting sender, from the buffer, or wait.
    pub(super) fn recv(&mut self, m: u32, slot: Slot, at: u16) -> Event {
        let g = self.goid(slot);
        let c = &mut self.chans[usize::from(at)];
        let ch = c.name.clone();
        if let Some(from) = c.sendq.pop_front() {
            let buffered = c.cap > 0;
            self.complete(slot);
            self.ready_then(m, from, Pc::User);
            return Event::ReceivedFromSender { m, g, ch, from: self.goid(from), buffered };
        }
        if c.count > 0 {
            c.count -= 1;
            let (count, cap) = (c.count, c.cap);
            self.complete(slot);
            return Event::ReceivedFromBuffer { m, g, ch, count, cap };
        }
        if c.closed {
            self.complete(slot);
            return Event::ReceivedClosed { m, g, ch };
        }
        c.recvq.push_back(slot);
        self.park_on(m, at, Reason::Recv(at));
        Event::RecvWaits { m, g, ch }
    }

    /// `closechan`: all who wait are made ready, the last one first.
    pub(super) fn close(&mut self, m: u32, slot: Slot, at: u16) -> Event {
        let g = self.goid(slot);
        let c = &mut self.chans[usize::from(at)];
        let ch = c.name.clone();
        if c.closed {
            self.die("panic: close of closed channel", 2);
            return Event::PanicCloseClosed { m, g };
        }
        c.closed = true;
        let senders: Vec<Slot> = c.sendq.drain(..).collect();
        let mut list: Vec<Slot> = c.recvq.drain(..).chain(senders.iter().copied()).collect();
        for sender in &senders {
            self.gs[sender.at()].closed = true;
        }
        list.reverse();
        let waiters = list.len() as u32;
        self.w(m).list = list;
        self.go(m, Pc::CloseReady);
        Event::ChanClosed { m, g, ch, waiters }
    }

    /// `goready` of the next one.
    pub(super) fn close_ready(&mut self, m: u32) -> Step {
        if self.w(m).list.is_empty() {
            let slot = self.curg(m).unwrap_or_default();
            self.complete(slot);
            self.go(m, Pc::User);
            return None;
        }
        let next = self.w(m).list.remove(0);
        self.ready_then(m, next, Pc::CloseReady);
        None
    }

    fn ready_then(&mut self, m: u32, gp: Slot, back: Pc) {
        self.w(m).put = Some(gp);
        self.call(m, Pc::Ready, back);
    }

    /// The channel stays locked until the goroutine is parked.
    fn park_on(&mut self, m: u32, at: u16, reason: Reason) {
        self.chans[usize::from(at)].lock = Some(m);
        self.w(m).reason = Some(reason);
        self.go(m, Pc::Park);
    }
}
