//! `time.After`: a channel with a timer of its own, which sends once (`time.go`: `newTimer`, `sendTime`).
//!
//! The timer's send is one step: nobody but the goroutine that made the channel can stand at it. It fires only while that
//! goroutine's statement is under way: afterwards nobody can reach it, and since Go 1.23 such a timer stands in no heap
//! (`time.go`: `timer.needsAdd`, `unblockTimerChan`) and is collected.

use super::event::Event;
use super::frame::{Frame, Pc};
use super::goroutine::Status;
use super::hchan::{Hchan, Name, Sent};
use super::laws::Fault;
use super::program::What;
use super::state::GoChan;

impl GoChan {
    /// `NewTimer`: one of the statement's timers that is not made yet.
    pub(super) fn new_timer(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let next = self.timers_of(g).into_iter().find(|ch| !f.timers.contains(ch));
        let Some(ch) = next else {
            f.pc = Pc::Enter;
            return None;
        };
        f.timers.push(ch);
        let name = self.fresh_name();
        let (now, old) = (self.now, &mut self.channels[ch]);
        let mut timer = old.timer?;
        (timer.when, timer.pending, timer.reached) = (now + timer.after, true, true);
        *old = Hchan { timer: Some(timer), ..Hchan::of_timer(name.clone(), timer.after) };
        Some(Event::TimerMade { g, ch: name, after: timer.after, when: timer.when })
    }

    /// The channels of the timers that a goroutine's statement makes.
    fn timers_of(&self, g: u32) -> Vec<usize> {
        let channels = match self.g(g).what() {
            Some(What::Op(super::program::Op::Recv { ch, .. })) => vec![*ch],
            Some(What::Select { select, .. }) => select.cases.iter().map(|case| case.ch).collect(),
            _ => Vec::new(),
        };
        channels.into_iter().filter(|ch| self.channels[*ch].timer.is_some()).collect()
    }

    /// Each timer has a name that no channel has had.
    fn fresh_name(&mut self) -> Name {
        loop {
            self.timers += 1;
            let name = format!("timer{}", self.timers);
            if self.channels.iter().all(|channel| *channel.name != *name) {
                return name.into();
            }
        }
    }

    /// The statement is over: nobody can reach the timers that it has not received from.
    pub(super) fn drop_timer(&mut self, g: u32, f: &mut Frame) -> Option<Event> {
        let ch = f.timers.pop()?;
        if f.chosen.is_some() && f.ch == ch && f.pc != Pc::Recover {
            return None;
        }
        let name = self.name(ch);
        let timer = self.channels[ch].timer.as_mut()?;
        let pending = timer.pending;
        (timer.pending, timer.reached) = (false, false);
        Some(Event::TimerDropped { g, ch: name, when: timer.when, pending })
    }

    /// The timer that fires next: the one that is due first.
    pub fn next_timer(&self) -> Option<usize> {
        let pending = self.channels.iter().enumerate().filter_map(|(ch, channel)| {
            let timer = channel.timer.filter(|timer| timer.pending)?;
            Some((timer.when, ch))
        });
        let due = match self.fault {
            Fault::TimersNeverFire => None,
            Fault::LastTimerFirst => pending.max(),
            _ => pending.min(),
        };
        due.map(|(_, ch)| ch)
    }

    /// The next of these channels whose timer is due and has not fired: whoever looks at the channel lets it fire first
    /// (`chan.go`: `chanrecv`, `select.go`: `selectgo`, through `timer.maybeRunChan`).
    pub(super) fn due_of(&self, channels: impl Iterator<Item = usize>) -> Option<usize> {
        let due = |ch: &usize| self.channels[*ch].timer.is_some_and(|timer| timer.pending && timer.when <= self.now);
        let never = self.fault == Fault::TimersNeverFire;
        channels.filter(|ch| due(ch) && !never).min_by_key(|ch| (self.channels[*ch].timer.map(|timer| timer.when), *ch))
    }

    /// Whether a timer is going to wake somebody.
    pub(super) fn timer_wakes(&self) -> bool {
        let waits = |channel: &Hchan| channel.recvq.iter().any(|waiter| self.live(*waiter));
        self.channels.iter().any(|channel| channel.timer.is_some_and(|timer| timer.pending) && waits(channel))
    }

    /// `sendTime`: the time goes on to `when`, and the timer sends it, if there is room.
    pub(super) fn fire(&mut self) -> Option<Event> {
        self.fire_one(self.next_timer()?)
    }

    pub(super) fn fire_one(&mut self, ch: usize) -> Option<Event> {
        let timer = self.channels[ch].timer.as_mut()?;
        timer.pending = false;
        self.now = self.now.max(timer.when);
        self.look = true;
        let (now, name) = (self.now, self.name(ch));
        let value = i64::try_from(now).unwrap_or(i64::MAX);
        let sent = Sent { g: 0, nth: u32::try_from(self.timers).unwrap_or(u32::MAX), slot: ch };
        while let Some(waiter) = self.channels[ch].recvq.pop_front() {
            let select = self.sudog(waiter).is_some_and(|sudog| sudog.is_select);
            if select && self.set_select_done(waiter.g) {
                self.stories.stale = true;
                continue;
            }
            self.put_into(waiter.g, waiter.n, value, Some(value), Some(sent));
            self.tell_waiter(waiter, true);
            self.g_mut(waiter.g).status = Status::Runnable;
            let kicked = self.put_next(waiter.g).unwrap_or(0);
            return Some(Event::TimerFired { ch: name, now, to: waiter.g, kicked });
        }
        let channel = self.ch(ch);
        (channel.buf[0], channel.sent[0]) = (value, Some(sent));
        channel.expected.push_back(value);
        (channel.qcount, channel.sendx) = (1, 0);
        Some(Event::TimerFired { ch: name, now, to: 0, kicked: 0 })
    }
}
