//! The picture of the scheduler: a card a P with its thread, what it runs, `runnext` and its ring; above them the global queue
//! and those who wait, below them the threads without a P, beside them the program with who is at which line.
//!
//! A goroutine is a circle, a thread a triangle; both keep their keys wherever they go.

mod crowd;
mod focus;
mod outside;
mod procs;
mod programs;
mod rings;
mod room;
mod sysmon;
mod ways;

use super::event::Event;
use super::state::{GStatus, GoSched, Slot};
use crate::diagram::parts::{
    Line, Queue, Strip, Token, column, enlarged, field, picture, queue, row, strip, token, words,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::text::{Text, time};
use crate::view::View;
use crowd::Crowd;
use focus::Focus;
pub use room::Room;

impl View for GoSched {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        room.widen(self);
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let (focus, crowd) = (Focus::new(self, event), Crowd::new(self));
        let shown = Shown { m: self, event, tone, size, area, room: &room, focus, crowd };
        let mut picture = picture(&enlarged(shown.page(), MOST), area, size);
        ways::draw(&shown, &mut picture);
        picture
    }
}

/// How far a picture is enlarged that has little in it.
const MOST: f32 = 1.9;

/// What is drawn, and what the step was about.
struct Shown<'a> {
    m: &'a GoSched,
    event: Option<&'a Event>,
    tone: Tone,
    size: Size,
    area: Rect,
    room: &'a Room,
    focus: Focus,
    crowd: Crowd,
}

impl Shown<'_> {
    fn page(&self) -> Line {
        let middle = row().filling(1.0, self.procs()).maybe(self.kernel()).with(self.right()).gap(1.2);
        let page = column().with(self.above()).filling(1.0, middle).maybe(self.end()).gap(1.2);
        if self.alone() { page } else { page.maybe(self.outside()).with(self.below()) }
    }

    /// Whether there is one P: then threads without it stand beside it, for there is room.
    fn alone(&self) -> bool {
        self.m.ps.len() == 1
    }

    /// The global queue, those who wait, and the time.
    fn above(&self) -> Strip {
        let (sched, room) = (&self.m.sched, self.room);
        let name = Text::new(format!("global runq  {}", sched.runqsize), format!("全局 runq  {}", sched.runqsize));
        let global = self.crowd.global.iter().map(|slot| self.g(*slot, Tone::Info));
        let global =
            queue("global", name).tokens(global).slots(room.global.clamp(LONG, 3 * LONG)).ends(2).path("sched.runq");
        let made = strip(1.2).left(global.widest(self.widest()).tone(self.tone_if(self.focus.global)));
        let net = self.waits("net", Text::same("netpoller"), &self.crowd.polled, room.net, "netpoll");
        let made = if room.net > 0 { made.right(net) } else { made };
        let waiting = Text::new("waiting", "等待中");
        let made = made.right(self.waits("parked", waiting, &self.crowd.parked, room.parked, "allgs"));
        let made = if self.alone() { made.right(self.searching()) } else { made };
        made.right(field("now", "t", time(self.m.now)).widest("000.00 ms").bare().path("now"))
    }

    /// Goroutines that wait for something; those of the step first where not all have room.
    fn waits(&self, key: &str, name: Text, slots: &[Slot], most: usize, path: &str) -> Queue {
        let mut slots = slots.to_vec();
        if slots.len() > FEW {
            slots.sort_by_key(|slot| !self.lit(*slot));
        }
        let tokens = slots.iter().map(|slot| self.g(*slot, Tone::Faint));
        let made = queue(key, name).tokens(tokens).slots(most.clamp(1, FEW)).most(FEW);
        made.widest(self.widest()).path(path)
    }

    /// How the process ended, unless main simply returned.
    fn end(&self) -> Option<Strip> {
        let dead = self.m.dead.as_ref().filter(|dead| dead.exit != 0);
        let said = |dead: &super::Dead| {
            let exit = Text::new(format!("exit status {}", dead.exit), format!("退出码 {}", dead.exit));
            words("dead", dead.message.replace('\n', "  ")).mono().tone(Tone::Bad).note(exit).path("dead")
        };
        self.room.dies.then(|| dead.map(said).into_iter().fold(strip(0.8), Strip::left))
    }

    /// The longest number of a goroutine in this run.
    fn widest(&self) -> String {
        "0".repeat(self.room.goids.to_string().len())
    }

    /// Whether the step is about a goroutine.
    fn lit(&self, slot: Slot) -> bool {
        self.focus.goids.contains(&self.m.goid(slot))
    }

    /// A goroutine.
    fn g(&self, slot: Slot, tone: Tone) -> Token {
        let (goid, g) = (self.m.goid(slot), self.m.g(slot));
        let status: &'static str = g.status.into();
        let program = self.m.programs.get(usize::from(g.program)).map_or("", |program| program.name.as_str());
        let about = Text::new(
            format!("goroutine {goid}, {status}, program {program}"),
            format!("goroutine {goid}，{status}，程序 {program}"),
        );
        let made =
            token(format!("g/{goid}"), goid.to_string()).round().about(about).bend(0.05 + 0.05 * (goid % 4) as f32);
        // One that has ended is no longer in the state, though its thread has not let go of it yet.
        if g.status == GStatus::Dead {
            return made.tone(Tone::Faint).dashed(true);
        }
        let made =
            made.path(format!("allgs.{goid}")).tone(if self.crowd.copied.contains(&slot) { Tone::Moved } else { tone });
        if self.lit(slot) { made.strong() } else { made }
    }

    /// The tone of a goroutine that is on a thread, or stands at a line.
    fn stands(&self, slot: Slot) -> Tone {
        match self.m.g(slot).status {
            GStatus::Running => Tone::Active,
            GStatus::Runnable => Tone::Info,
            GStatus::Syscall => Tone::Bad,
            GStatus::Waiting | GStatus::Dead => Tone::Faint,
        }
    }

    /// The tone of what this step is about, and of everything else.
    fn tone_if(&self, about: bool) -> Tone {
        if about { self.tone } else { Tone::Plain }
    }

    /// The programs; above them sysmon, where it has a card and stands nowhere else.
    fn right(&self) -> Line {
        let sysmon = (self.has_card() && !self.alone()).then(|| self.sysmon());
        column().maybe(sysmon).filling(1.0, self.programs())
    }
}

/// Slots of the global queue in which there is little.
const LONG: usize = 8;
/// Goroutines in a group of those who wait; a count stands for the others.
const FEW: usize = 4;
