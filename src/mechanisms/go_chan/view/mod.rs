//! The picture of channels: a card a goroutine with its program, below them a pipe a channel with its two queues, at the foot
//! the run queue.
//!
//! Things travel and keep their keys: a goroutine's token between its card and the run queue, a sudog between its owner, a
//! queue and whoever took it off, a value out of a sender's frame, into a slot, into a receiver's frame.

mod cards;
mod channels;
mod phase;
mod sudogs;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Event, GoChan, Goroutine, Sent, Status};
use crate::diagram::parts::{
    Card, Line, Token, card, column, enlarged, field, lines, picture, queue, row, shelf, token, trail,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::text::Text;
use crate::view::View;

/// What has to have room in all pictures of a run.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Lines of the longest program.
    lines: usize,
    /// The widest line of each goroutine's program, and its longest status.
    words: BTreeMap<u32, (SmolStr, Text)>,
    /// How many lines of each program have been looked at.
    read: BTreeMap<u32, usize>,
    /// Goroutines in `runq`.
    runq: usize,
    /// Sudogs in `sendq` and `recvq` of each channel.
    waiters: Vec<[usize; 2]>,
}

impl View for GoChan {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        let longer = |old: &mut SmolStr, new: &str| {
            if new.chars().count() > old.chars().count() {
                *old = new.into();
            }
        };
        for goroutine in &self.gs {
            let (line, status) = room.words.entry(goroutine.id).or_default();
            // Programs only grow at their ends.
            let read = room.read.entry(goroutine.id).or_default();
            let known = std::mem::replace(read, goroutine.program.lines.len());
            for one in goroutine.program.lines.iter().skip(known) {
                longer(line, &format!("{}{}", "  ".repeat(one.indent.into()), one.text));
            }
            let Text { en, zh } = cards::status(self, goroutine);
            longer(&mut status.en, &en);
            longer(&mut status.zh, &zh);
            room.lines = room.lines.max(goroutine.program.lines.len() + usize::from(cards::is_main(self, goroutine)));
        }
        room.runq = room.runq.max(self.runq.len());
        room.waiters.resize(self.channels.len(), [0; 2]);
        for (most, channel) in room.waiters.iter_mut().zip(&self.channels) {
            *most = [most[0].max(channel.sendq.len()), most[1].max(channel.recvq.len())];
        }
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let shown = Shown { m: self, event, tone, size, room: &room };
        // Goroutines that start later have their place from the beginning.
        let later = room.words.keys().filter(|g| self.goroutine(**g).is_none()).map(|g| shown.later(*g));
        let cards = self.gs.iter().map(|goroutine| shown.goroutine(goroutine)).chain(later);
        let channels = (0..self.channels.len()).map(|ch| shown.place(ch));
        let page = column().filling(1.0, shelf(cards)).filling(0.35, shelf(channels)).with(shown.run_queue()).gap(2.4);
        let mut picture = picture(&enlarged(page, MOST), area, size);
        if let Some((from, to)) = shown.copied() {
            let gutter = [String::from("goroutine/1"), format!("channel/{}", self.channels[0].name)];
            trail(&mut picture, "trail", [&from, &to], [&gutter[0], &gutter[1]], tone);
        }
        picture
    }
}

/// How far a picture is enlarged that has little in it.
const MOST: f32 = 1.7;

/// What is drawn, and what the step was about.
struct Shown<'a> {
    m: &'a GoChan,
    event: Option<&'a Event>,
    tone: Tone,
    size: Size,
    room: &'a Room,
}

impl Shown<'_> {
    /// The tone of what this step is about, and of everything else.
    fn tone_if(&self, about: bool) -> Tone {
        if about { self.tone } else { Tone::Plain }
    }

    /// One that starts later, as wide as it will be.
    fn later(&self, g: u32) -> Card {
        let (line, status) = self.room.words.get(&g).cloned().unwrap_or_default();
        let program = lines(format!("goroutine/{g}/later")).room(self.room.lines).widest(line.to_string());
        let made = card(format!("goroutine/{g}"), "").home(format!("G{g}"), Tone::Faint, true).widest(status);
        made.away().filling(program)
    }

    /// The run queue of the one P, and how the process ended. What it printed stands in the caption.
    fn run_queue(&self) -> Line {
        let runner = |g: u32, path: String| {
            let goroutine = self.m.goroutine(g);
            // One kicked out of runnext goes round the one that takes its place.
            self.token(g, goroutine.map_or(Tone::Plain, |goroutine| self.stands(goroutine))).path(path).bend(0.4)
        };
        let next = self.m.runnext.map(|g| runner(g, String::from("runnext")));
        let next = queue("runnext", "runnext").tokens(next).slots(1).path("runnext");
        let runq = self.m.runq.iter().enumerate().map(|(i, g)| runner(*g, format!("runq[{i}]")));
        let runq = queue("runq", "runq").tokens(runq).slots(self.room.runq.max(2)).path("runq");
        let dead = self.m.dead.as_ref().map(|dead| {
            let tone = if dead.exit == 0 { Tone::Good } else { Tone::Bad };
            field("dead", Text::new("exit status", "退出码"), dead.exit.to_string()).tone(tone).path("dead")
        });
        let timers = self.m.channels.iter().any(|channel| channel.timer.is_some());
        let now = timers.then(|| {
            let fires = matches!(self.event, Some(Event::TimerFired { .. }));
            field("now", Text::new("time", "时间"), format!("{} ms", self.m.now))
                .widest("0000 ms")
                .tone(self.tone_if(fires))
                .path("now")
        });
        row().with(next).filling(1.0, runq).maybe(now).maybe(dead).gap(2.0)
    }

    /// A goroutine's token; the one that was just made runnable, or kicked out of runnext, stands out.
    fn token(&self, g: u32, tone: Tone) -> Token {
        let made = token(format!("goroutine/{g}/token"), format!("G{g}"));
        match self.event {
            Some(Event::Readied { woken: g1, .. } | Event::TimerFired { to: g1, .. }) if *g1 == g => {
                made.tone(Tone::Good).strong()
            }
            Some(
                Event::Readied { kicked, .. }
                | Event::GoroutineStarted { kicked, .. }
                | Event::TimerFired { kicked, .. },
            ) if *kicked == g => made.tone(Tone::Moved).strong(),
            _ => made.tone(tone),
        }
    }

    /// The tone of a goroutine's status.
    fn stands(&self, goroutine: &Goroutine) -> Tone {
        match goroutine.status {
            _ if goroutine.leaked || goroutine.spins || goroutine.endless => Tone::Bad,
            Status::Waiting(_) => Tone::Moved,
            Status::Running if self.m.blocked_by(goroutine.id).is_some() => Tone::Bad,
            Status::Running => Tone::Good,
            Status::Runnable => Tone::Info,
            Status::Dead => Tone::Plain,
        }
    }

    /// The token of a value that was sent, wherever it lies.
    fn value(sent: Sent, number: i64, tone: Tone) -> Token {
        let made = token(format!("value/{}.{}.{}", sent.g, sent.nth, sent.slot), number.to_string());
        made.square().tone(tone).about(Text::new(format!("value {number}"), format!("值 {number}")))
    }

    /// Between which marks the step has copied a value.
    fn copied(&self) -> Option<(String, String)> {
        let out = |g: u32| {
            let slot = self.m.goroutine(g)?.frame.as_ref()?.left?;
            Some(format!("goroutine/{g}/out/{slot}"))
        };
        let at = |g: u32| Some(cards::received_key(self.m.goroutine(g)?));
        Some(match self.event? {
            Event::SentDirectly { g, to, .. } => (out(*g)?, at(*to)?),
            Event::ReceivedDirectly { g, from, .. } => (out(*from)?, at(*g)?),
            Event::SlotWritten { g, ch, slot, .. } => (out(*g)?, format!("slot/{ch}/{slot}")),
            Event::SlotRefilled { ch, slot, from, .. } => (out(*from)?, format!("slot/{ch}/{slot}")),
            Event::SlotRead { g, ch, slot, .. } | Event::HeadTaken { g, ch, slot, .. } => {
                (format!("slot/{ch}/{slot}"), at(*g)?)
            }
            _ => return None,
        })
    }
}
