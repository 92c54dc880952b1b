//! `chansend` and `send`, from the moment the lock is held; selects use the same places.

use super::event::Event;
use super::frame::{Frame, Pc};
use super::hchan::{Sent, after};
use super::laws::Fault;
use super::state::GoChan;

impl GoChan {
    /// `sendDirect`: into the receiver's frame, past the buffer. `sg.elem = nil` belongs to it: the lock is held.
    pub(super) fn send_direct(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiter = f.sg?;
        let value = f.slots[f.slot].unwrap_or(0);
        if let Some(first) = self.channels[f.ch].expected.front() {
            let what = format!("{}: {value} overtakes {first}, which is in the buffer", self.name(f.ch));
            self.wrong.note("values-in-order", || what);
        }
        let sent = self.sent(g, f.slot);
        self.put_into(waiter.g, waiter.n, value, Some(value), Some(sent));
        f.left = Some(f.slot);
        self.served(f);
        Some(Event::SentDirectly { g, ch: self.name(f.ch), to: waiter.g, value })
    }

    /// Which value goroutine `g` sends from a slot of its frame in its present statement.
    pub(super) fn sent(&self, g: u32, slot: usize) -> Sent {
        Sent { g, nth: self.g(g).completed, slot }
    }

    /// Writes into the place that a parked receiver's sudog points to. `truth`, `sent`: the value, if one was sent.
    pub(super) fn put_into(&mut self, to: u32, n: usize, value: i64, truth: Option<i64>, sent: Option<Sent>) {
        let goroutine = self.g_mut(to);
        let slot = goroutine.waiting.get_mut(n).and_then(|sudog| sudog.elem.take());
        if let (Some(slot), Some(frame)) = (slot, &mut goroutine.frame) {
            frame.slots[slot] = Some(value);
            (frame.truth, frame.got) = (truth, sent);
        }
    }

    pub(super) fn write_slot(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let value = f.slots[f.slot].unwrap_or(0);
        let sent = self.sent(g, f.slot);
        let channel = self.ch(f.ch);
        let slot = channel.sendx;
        channel.buf[slot as usize] = value;
        channel.sent[slot as usize] = Some(sent);
        channel.expected.push_back(value);
        (f.left, f.pc) = (Some(f.slot), Pc::MoveSendx);
        Some(Event::SlotWritten { g, ch: channel.name.clone(), slot, value })
    }

    pub(super) fn move_sendx(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let channel = self.ch(f.ch);
        let from = channel.sendx;
        channel.sendx = after(from, channel.dataqsiz);
        f.pc = Pc::RaiseQcount;
        Some(Event::SendxMoved { g, ch: channel.name.clone(), from, sendx: channel.sendx })
    }

    pub(super) fn raise_qcount(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let twice = self.fault == Fault::QcountRaisedTwice;
        let channel = self.ch(f.ch);
        channel.qcount += 1 + u32::from(twice);
        (f.then, f.pc) = (Pc::Return, Pc::Unlock);
        let (qcount, dataqsiz) = (channel.qcount, channel.dataqsiz);
        Some(Event::QcountRaised { g, ch: channel.name.clone(), qcount, dataqsiz })
    }
}
