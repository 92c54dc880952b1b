//! `selectgo`: the orders, three passes, and what lies between them.

use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::hchan::{Queue, Waiter};
use super::laws::Fault;
use super::state::GoChan;

impl GoChan {
    /// One case more in `pollorder`: an inside-out shuffle.
    pub(super) fn shuffle(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let Some(case) = f.cases.get(f.next).copied() else {
            self.g_mut(g).poll_order = None;
            (f.next, f.pc) = (0, Pc::Sort);
            return None;
        };
        let index = f.next;
        f.next += 1;
        (f.ch, f.sending) = (case.ch, case.send);
        let (ch, source) = (self.name(case.ch), case.source);
        if self.is_nil(g, case.ch) {
            self.stories.nilled |= !self.channels[case.ch].nil;
            return Some(Event::NilCaseDropped { g, case: source, ch });
        }
        let norder = f.pollorder.len();
        if self.fault == Fault::DropsLastCase && norder > 1 {
            return Some(Event::NilCaseDropped { g, case: source, ch });
        }
        let place = match self.wanted_place(g, f, index) {
            Some(place) => place,
            None => self.draw(norder + 1),
        };
        f.pollorder.push(index);
        f.pollorder.swap(place, norder);
        let order = f.sources(&f.pollorder);
        Some(Event::CaseShuffled { g, case: source, ch, place, order })
    }

    /// Where the case must be put so that the order that the viewer chose comes out: undoes the later swaps.
    fn wanted_place(&self, g: u32, f: &Frame, index: usize) -> Option<usize> {
        let wanted = self.g(g).poll_order.as_ref()?;
        let at = |source: &usize| f.cases.iter().position(|case| case.source == *source);
        let mut order: Vec<usize> = wanted.iter().filter_map(at).collect();
        let last = order.iter().copied().max()?;
        for later in (index..=last).rev() {
            if self.is_nil(g, f.cases[later].ch) {
                continue;
            }
            let place = order.iter().position(|case| *case == later)?;
            if later == index {
                return Some(place);
            }
            order.swap_remove(place);
        }
        None
    }

    /// `lockorder`: a heap sort by the channels' addresses that starts from `pollorder`.
    pub(super) fn sort_locks(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        f.lockorder = match self.fault {
            Fault::LocksInPollorder => f.pollorder.clone(),
            _ => heap_sort(&f.pollorder, |case| f.cases[case].ch),
        };
        f.pc = if f.lockorder.is_empty() { Pc::Poll } else { Pc::Sellock };
        let channels = f.lockorder.iter().map(|case| self.name(f.cases[*case].ch)).collect();
        Some(Event::LockOrderSorted { g, order: f.sources(&f.lockorder), channels })
    }

    /// `sellock`: each channel once, in lock order.
    pub(super) fn sellock(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let next = f.lockorder.iter().map(|case| f.cases[*case].ch).find(|ch| !f.held.contains(ch));
        let event = next.map(|ch| self.take_lock(g, f, ch));
        let all = f.lockorder.iter().all(|case| f.held.contains(&f.cases[*case].ch));
        if all {
            f.next = 0;
            f.pc = if f.pc == Pc::Relock { Pc::ResetDone } else { Pc::Poll };
        }
        event
    }

    /// Pass 1: the next case in poll order.
    pub(super) fn poll(&mut self, _g: u32, f: &mut Frame) -> Option<Event> {
        let Some(case) = f.pollorder.get(f.next).map(|index| f.cases[*index]) else {
            (f.next, f.pc) = (0, Pc::NothingReady);
            return None;
        };
        (f.ch, f.sending, f.slot) = (case.ch, case.send, case.source);
        let closed = self.channels[case.ch].closed;
        f.pc = if case.send && closed { Pc::Choose } else { Pc::Dequeue };
        None
    }

    pub(super) fn case_not_ready(&mut self, g: u32, f: &mut Frame) -> Event {
        f.next += 1;
        f.pc = Pc::Poll;
        Event::CaseNotReady { g, case: f.slot, ch: self.name(f.ch), sends: f.sending, polled: f.next }
    }

    /// The first case that is ready wins.
    pub(super) fn choose(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        f.chosen = f.pollorder.get(f.next).copied();
        let channel = &self.channels[f.ch];
        let why = match f.sg {
            Some(_) => "waiter",
            None if f.sending && channel.closed => "closed",
            None if f.sending => "room",
            None if channel.qcount > 0 => "buffer",
            None => "closed",
        };
        f.pc = match why {
            "waiter" => Pc::Waiter,
            "room" => Pc::WriteSlot,
            "buffer" => Pc::ReadSlot,
            _ => Pc::Unlock,
        };
        f.then = if f.sending { Pc::Panic } else { Pc::ZeroOut };
        Some(Event::CaseReady { g, case: f.slot, ch: channel.name.clone(), sends: f.sending, why })
    }

    pub(super) fn nothing_ready(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        if f.block || self.fault == Fault::NeverDefault {
            f.pc = if f.lockorder.is_empty() { Pc::Park } else { Pc::Prepare };
            return Some(Event::NothingReady { g, cases: f.lockorder.len() });
        }
        (f.then, f.pc) = (Pc::Return, Pc::Unlock);
        Some(Event::DefaultChosen { g, polled: f.pollorder.len() })
    }

    pub(super) fn reset_done(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let goroutine = self.g_mut(g);
        goroutine.select_done = false;
        f.sg = goroutine.param.take().map(|n| Waiter { g, n });
        f.pc = Pc::ClearSudogs;
        Some(Event::SelectDoneReset { g })
    }

    pub(super) fn clear_sudogs(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let waiting = &mut self.g_mut(g).waiting;
        for sudog in waiting.iter_mut() {
            (sudog.is_select, sudog.elem) = (false, None);
        }
        (f.next, f.pc) = (0, Pc::Pass3);
        Some(Event::SudogsCleared { g, sudogs: waiting.len() })
    }

    /// Pass 3: the sudogs in lock order; the winner was taken off its queue by whoever woke the select.
    pub(super) fn pass3(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let (n, index) = (f.next, f.lockorder[f.next]);
        let case = f.cases[index];
        let ch = self.name(case.ch);
        f.next += 1;
        let event = if f.sg == Some(Waiter { g, n }) {
            let success = self.g(g).waiting[n].success;
            (f.chosen, f.ch, f.sending, f.slot) = (Some(index), case.ch, case.send, case.source);
            f.received = success && !case.send;
            f.then = if case.send && !success { Pc::Panic } else { Pc::Return };
            Event::WinnerFound { g, case: case.source, ch, success }
        } else {
            let queue = if case.send { Queue::Sendq } else { Queue::Recvq };
            let forgets = self.fault == Fault::NoUnlink;
            let list = self.channels[case.ch].queue_mut(queue);
            let at = list.iter().position(|waiter| *waiter == Waiter { g, n });
            if let Some(at) = at.filter(|_| !forgets) {
                list.remove(at);
            }
            Event::LoserUnlinked { g, case: case.source, ch, queue: queue.field(), queued: at.is_some() }
        };
        if f.next == f.lockorder.len() {
            self.g_mut(g).waiting.clear();
            (f.sg, f.pc) = (None, Pc::Unlock);
        }
        Some(event)
    }

    /// The channels of a select's cases that are not nil, as source numbers; `None` if the statement is none that
    /// `selectgo` handles, or if it has drawn its order already.
    pub fn open_poll_order(&self, g: u32) -> Option<Vec<usize>> {
        use super::goroutine::Status;
        use super::program::What;
        let goroutine = self.goroutine(g).filter(|g| g.status != Status::Dead)?;
        let Some(What::Select { select, .. }) = goroutine.what() else { return None };
        let drawn = goroutine.frame.as_ref().is_some_and(|f| f.call != Call::Select || f.pc != Pc::Enter);
        if drawn || select.cases.len() < 2 {
            return None;
        }
        let cases = select.cases.iter().enumerate();
        Some(cases.filter(|(_, case)| !self.is_nil(g, case.ch)).map(|(source, _)| source).collect())
    }
}

/// The heap sort of `selectgo`, step for step: equal channels come out in an order that depends on `pollorder`.
fn heap_sort(pollorder: &[usize], key: impl Fn(usize) -> usize) -> Vec<usize> {
    let mut heap = vec![0; pollorder.len()];
    for (i, case) in pollorder.iter().enumerate() {
        let mut j = i;
        while j > 0 && key(heap[(j - 1) / 2]) < key(*case) {
            heap[j] = heap[(j - 1) / 2];
            j = (j - 1) / 2;
        }
        heap[j] = *case;
    }
    for i in (0..heap.len()).rev() {
        let last = heap[i];
        heap[i] = heap[0];
        let mut j = 0;
        loop {
            let mut k = 2 * j + 1;
            if k >= i {
                break;
            }
            if k + 1 < i && key(heap[k]) < key(heap[k + 1]) {
                k += 1;
            }
            if key(last) >= key(heap[k]) {
                break;
            }
            heap[j] = heap[k];
            j = k;
        }
        heap[j] = last;
    }
    heap
}
