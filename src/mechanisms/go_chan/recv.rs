//! `chanrecv` and `recv`, from the moment the lock is held; selects use the same places.

use super::event::Event;
use super::frame::{Frame, Pc};
use super::hchan::{Sent, after};
use super::laws::Fault;
use super::state::GoChan;

impl GoChan {
    /// `recvDirect`: out of the sender's frame.
    pub(super) fn recv_direct(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        let (value, sent) = self.take_from(waiter.g, waiter.n);
        f.got = sent;
        (f.slots[f.slot], f.truth, f.received) = (Some(value), Some(value), true);
        self.served(f);
        Some(Event::ReceivedDirectly { g, ch: self.name(f.ch), from: waiter.g, value })
    }

    /// The value that a parked sender's sudog points to; `sg.elem = nil`.
    fn take_from(&mut self, from: u32, n: usize) -> (i64, Option<Sent>) {
        let goroutine = self.g_mut(from);
        let slot = goroutine.waiting.get_mut(n).and_then(|sudog| sudog.elem.take());
        let mut value = 0;
        if let (Some(slot), Some(frame)) = (slot, &mut goroutine.frame) {
            value = frame.slots[slot].unwrap_or(0);
            frame.left = Some(slot);
        }
        (value, slot.map(|slot| self.sent(from, slot)))
    }

    /// The buffer is full and a sender waits: the head goes to the receiver, …
    pub(super) fn take_head(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        let slot = channel.recvx;
        let value = channel.buf[slot as usize];
        (f.truth, f.got) = (channel.expected.pop_front(), channel.sent[slot as usize]);
        (f.slots[f.slot], f.received, f.pc) = (Some(value), true, Pc::Refill);
        Some(Event::HeadTaken { g, ch: channel.name.clone(), slot, value })
    }

    /// … and the sender's value into the same slot, which is the tail of the queue as well.
    pub(super) fn refill(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        let (value, sent) = self.take_from(waiter.g, waiter.n);
        let keeps = self.fault == Fault::KeepsOldSlot;
        self.stories.rotated = true;
        let channel = self.ch(f.ch);
        let slot = channel.recvx;
        if !keeps {
            channel.buf[slot as usize] = value;
        }
        channel.sent[slot as usize] = sent;
        channel.expected.push_back(value);
        f.pc = Pc::MoveRecvx;
        Some(Event::SlotRefilled { g, ch: channel.name.clone(), slot, value, from: waiter.g })
    }

    pub(super) fn move_recvx(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        let from = channel.recvx;
        channel.recvx = after(from, channel.dataqsiz);
        f.pc = if f.sg.is_some() { Pc::FollowSendx } else { Pc::LowerQcount };
        Some(Event::RecvxMoved { g, ch: channel.name.clone(), from, recvx: channel.recvx })
    }

    pub(super) fn follow_sendx(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        let from = std::mem::replace(&mut channel.sendx, channel.recvx);
        let event = Event::SendxFollowed { g, ch: channel.name.clone(), from, sendx: channel.sendx };
        self.served(f);
        Some(event)
    }

    pub(super) fn read_slot(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        let slot = channel.recvx;
        let value = channel.buf[slot as usize];
        (f.truth, f.got) = (channel.expected.pop_front(), channel.sent[slot as usize]);
        (f.slots[f.slot], f.received, f.pc) = (Some(value), true, Pc::ZeroSlot);
        Some(Event::SlotRead { g, ch: channel.name.clone(), slot, value })
    }

    pub(super) fn zero_slot(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let keeps = self.fault == Fault::SlotNotZeroed;
        let channel = self.ch(f.ch);
        let slot = channel.recvx;
        if !keeps {
            channel.buf[slot as usize] = 0;
        }
        channel.sent[slot as usize] = None;
        f.pc = Pc::MoveRecvx;
        Some(Event::SlotZeroed { g, ch: channel.name.clone(), slot })
    }

    pub(super) fn lower_qcount(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        channel.qcount = channel.qcount.saturating_sub(1);
        (f.then, f.pc) = (Pc::Return, Pc::Unlock);
        let (qcount, dataqsiz) = (channel.qcount, channel.dataqsiz);
        Some(Event::QcountLowered { g, ch: channel.name.clone(), qcount, dataqsiz })
    }

    /// Closed and empty: the zero value, after the lock is released.
    pub(super) fn zero_out(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        (f.slots[f.slot], f.received, f.pc) = (Some(0), false, Pc::Return);
        Some(Event::ZeroStored { g, ch: self.name(f.ch) })
    }
}
