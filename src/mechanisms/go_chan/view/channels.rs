//! A pipe a channel: senders that wait, the ring or the place to meet, receivers that wait.

use super::super::program::after;
use super::super::{Event, Hchan, Name, Pc, Queue, Timer};
use super::Shown;
use crate::diagram::parts::{Card, Line, Middle, Side, card, middle, pipe, row, side, steady, token, well, words};
use crate::diagram::{Size, Tone};
use crate::text::Text;

impl Shown<'_> {
    /// A channel; that of a timer is as wide before it is made, and whatever is said of it.
    pub(super) fn place(&self, ch: usize) -> Line {
        let (c, made) = (&self.m.channels[ch], self.channel(ch));
        let (least, cells) = if self.size == Size::Window { (8.0, 10.4) } else { (5.0, 7.4) };
        match c.there() && c.timer.is_none() {
            true => row().filling(1.0, made),
            false => row().filling(1.0, steady(made, least, cells)),
        }
    }

    fn channel(&self, ch: usize) -> Card {
        let c = &self.m.channels[ch];
        let name = &c.name;
        if !c.there() {
            let said = words(format!("channel/place{ch}/none"), Text::new("no timer now", "现在没有定时器")).quiet();
            return card(format!("channel/place{ch}"), "time.After").away().filling(said);
        }
        let made = card(format!("channel/{name}"), name.to_string()).path(format!("channels.{name}"));
        if c.nil {
            let said = words(format!("channel/{name}/nil"), Text::new("nil: no hchan", "nil：没有 hchan")).quiet();
            let made = if self.at_work(c) { made.active().tone(self.tone) } else { made.away() };
            return self.made_by(made, format!("var {name} chan int")).filling(said);
        }
        let size = if c.dataqsiz > 0 { format!(", {}", c.dataqsiz) } else { String::new() };
        let made = match c.timer {
            Some(timer) => self.made_by(made, after(timer.after)),
            None => self.made_by(made, format!("make(chan int{size})")),
        };
        let counted = matches!(self.event, Some(Event::QcountRaised { .. } | Event::QcountLowered { .. }));
        let ring = c.dataqsiz > 0;
        let count =
            ring.then(|| (format!("qcount {}/{}", c.qcount, c.dataqsiz), self.tone_if(counted && self.about(c))));
        let count =
            c.timer.map(|timer| self.clock(timer, name)).or(count.map(|(words, tone)| (Text::same(words), tone)));
        let made = match count {
            Some((words, tone)) => made.status(words, tone),
            None => made,
        };
        let badge = |part: &str, words: Text, tone: Tone| {
            token(format!("channel/{name}/{part}"), words).tone(tone).path(format!("channels.{name}.{part}"))
        };
        let set = matches!(self.event, Some(Event::ClosedSet { ch, .. }) if ch == name);
        let made = match c.closed {
            true if set => made.badge(badge("closed", Text::new("closed", "已关闭"), Tone::Bad).strong()),
            true => made.badge(badge("closed", Text::new("closed", "已关闭"), Tone::Bad)),
            false => made,
        };
        // The channel is still there, for everybody else.
        let forgot = self.m.gs.iter().filter(|g| g.nils.contains(&ch));
        let made = forgot.fold(made, |made, g| {
            let set = matches!(self.event, Some(Event::NilAssigned { g: by, ch }) if *by == g.id && ch == name);
            let said = Text::new(format!("nil for G{}", g.id), format!("G{} 处为 nil", g.id));
            let badge = token(format!("channel/{name}/nil/{}", g.id), said).path(format!("goroutines.{}.nil", g.id));
            made.badge(if set { badge.tone(self.tone).strong() } else { badge })
        });
        let busy = matches!(self.event, Some(Event::LockBusy { ch, .. }) if ch == name);
        let tone = if busy { Tone::Bad } else { Tone::Active };
        let made = match c.lock {
            Some(g) if busy => made.badge(badge("lock", locked(g), tone).strong()),
            Some(g) => made.badge(badge("lock", locked(g), tone)),
            None => made,
        };
        let made = if self.at_work(c) { made.active().tone(self.tone) } else { made };
        let between = if ring { self.ring(ch) } else { self.meeting(c) };
        made.filling(pipe(self.waiters(ch, Queue::Sendq), between, self.waiters(ch, Queue::Recvq)))
    }

    /// When a timer fires, or that it has fired.
    fn clock(&self, timer: Timer, name: &Name) -> (Text, Tone) {
        let fires =
            matches!(self.event, Some(Event::TimerFired { ch, .. } | Event::TimerMade { ch, .. }) if ch == name);
        let when = timer.when;
        let said = match timer.pending {
            true => Text::new(format!("fires at {when} ms"), format!("{when} ms 时触发")),
            false => Text::new(format!("fired at {when} ms"), format!("{when} ms 时已触发")),
        };
        (said, self.tone_if(fires))
    }

    /// How the program made it; on the stage slots say as much, or the word that there are none.
    fn made_by(&self, made: Card, statement: String) -> Card {
        if self.size == Size::Window { made.note(statement) } else { made }
    }

    /// Whether the step is about this channel.
    fn about(&self, channel: &Hchan) -> bool {
        self.event.and_then(Event::channel).is_some_and(|name| name == channel.name)
    }

    /// Whether the step looks at the channel or changes it: with its lock held, or by a look that needs no lock.
    fn at_work(&self, channel: &Hchan) -> bool {
        let unlocked = matches!(
            self.event,
            Some(
                Event::FastPathFails { .. }
                    | Event::FastPathPassed { .. }
                    | Event::FastPathClosed { .. }
                    | Event::NilNotReady { .. }
                    | Event::NilCaseDropped { .. }
                    | Event::ParkedForEver { .. }
                    | Event::PanicCloseOfNil { .. }
                    | Event::LenRead { .. }
                    | Event::CapRead { .. }
                    | Event::TimerMade { .. }
                    | Event::TimerFired { .. }
                    | Event::NilAssigned { .. }
            )
        );
        self.about(channel) && (channel.lock.is_some() || unlocked)
    }

    /// One of the queues, as long as it ever becomes.
    fn waiters(&self, ch: usize, queue: Queue) -> Side {
        let (name, field) = (&self.m.channels[ch].name, queue.field());
        let most = self.room.waiters[ch][usize::from(queue == Queue::Recvq)];
        let all = self.m.channels[ch].queue(queue).iter().enumerate();
        let all = all.map(|(i, waiter)| {
            let joined = matches!(self.event, Some(Event::Enqueued { g, ch, .. }) if *g == waiter.g && ch == name);
            self.sudog(*waiter, joined, Some(&format!("channels.{name}.{field}[{i}]")), None)
        });
        let touched = match self.event {
            Some(Event::Enqueued { ch, queue, .. } | Event::SudogDequeued { ch, queue, .. }) => {
                ch == name && *queue == field
            }
            Some(Event::LoserUnlinked { ch, queue, queued: true, .. } | Event::StaleSudogDropped { ch, queue, .. }) => {
                ch == name && *queue == field
            }
            _ => false,
        };
        let made = side(format!("{field}/{name}/track"), field).waiters(all).room(most);
        made.widest(self.sample(ch, queue)).tone(self.tone_if(touched)).path(format!("channels.{name}.{field}"))
    }

    /// No buffer: a sender and a receiver meet.
    fn meeting(&self, channel: &Hchan) -> Middle {
        let quiet = || Text::new("unbuffered", "无缓冲");
        let made = |text| middle(format!("ring/{}", channel.name), text).widest(quiet()).widest("G2 → G1");
        let pair = match self.event {
            Some(Event::SentDirectly { g, ch, to, .. }) if *ch == channel.name => (g, to),
            Some(Event::ReceivedDirectly { g, ch, from, .. }) if *ch == channel.name => (from, g),
            _ => return made(quiet()),
        };
        made(Text::same(format!("G{} → G{}", pair.0, pair.1))).tone(self.tone)
    }

    fn ring(&self, ch: usize) -> Middle {
        let channel = &self.m.channels[ch];
        let name = &channel.name;
        let touched = self.event.filter(|_| self.about(channel)).and_then(slot_of);
        let slots = (0..channel.buf.len()).map(|i| {
            let path = format!("channels.{name}.buf[{i}]");
            let number = channel.buf[i];
            let touched = touched == Some(i as u32);
            // A copy has been taken: the slot keeps its own until it is zeroed or filled again.
            let content = channel.sent[i].map(|sent| {
                let rest = || token(format!("buffered/{name}/{i}"), number.to_string()).square().absent();
                let value = || Shown::value(sent, number, if touched { self.tone } else { Tone::Info });
                if self.copied_out(channel, i) { rest() } else { value() }.path(path.clone())
            });
            well(format!("slot/{name}/{i}")).content(content).tone(self.tone_if(touched)).path(path)
        });
        let here = |event: &Event| event.channel().is_some_and(|ch| ch == *name);
        let moved = |at: bool| self.tone_if(at && self.event.is_some_and(here));
        let sends = matches!(self.event, Some(Event::SendxMoved { .. } | Event::SendxFollowed { .. }));
        let receives = matches!(self.event, Some(Event::RecvxMoved { .. }));
        let head = |made: Middle, field: &'static str, at: u32, tone: Tone| {
            made.head(format!("{field}/{name}"), field, at as usize, tone, format!("channels.{name}.{field}"))
        };
        let made = middle(format!("ring/{name}"), "").slots(slots).path(format!("channels.{name}.buf"));
        head(head(made, "sendx", channel.sendx, moved(sends)), "recvx", channel.recvx, moved(receives))
    }

    /// Whether a slot's value has been copied out, and the slot is neither zeroed nor filled again yet.
    fn copied_out(&self, channel: &Hchan, i: usize) -> bool {
        let holder = channel.lock.and_then(|g| self.m.goroutine(g)?.frame.as_ref());
        let out = holder.filter(|frame| self.m.channels[frame.ch].name == channel.name);
        channel.recvx as usize == i && out.is_some_and(|frame| matches!(frame.pc, Pc::ZeroSlot | Pc::Refill))
    }
}

/// The slot that a step touched.
fn slot_of(event: &Event) -> Option<u32> {
    match *event {
        Event::HeadTaken { slot, .. }
        | Event::SlotRefilled { slot, .. }
        | Event::SlotWritten { slot, .. }
        | Event::SlotRead { slot, .. }
        | Event::SlotZeroed { slot, .. } => Some(slot),
        Event::TimerFired { to: 0, .. } => Some(0),
        _ => None,
    }
}

fn locked(g: u32) -> Text {
    Text::new(format!("lock G{g}"), format!("G{g} 持锁"))
}
