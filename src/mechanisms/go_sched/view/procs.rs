//! A card a P: its thread, what it runs, what the thread holds, `runnext`, its ring.

use super::super::pc::Place;
use super::super::state::PStatus;
use super::Shown;
use super::crowd::Proc;
use crate::diagram::parts::{
    Card, Line, Queue, Socket, Steady, Strip, Token, card, column, queue, rigid, row, socket, steady, strip, token,
    words,
};
use crate::diagram::{Size, Tone};
use crate::text::Text;

/// So many Ps stand side by side with all lines, so many have short cards in two rows, so many a line each; of more only
/// their names are seen, and who runs.
pub(super) const FULL: usize = 4;
const SHORT: usize = 8;
const FEW: usize = 16;
/// Beside so many Ps there is room for names of places.
const NAMED: usize = 2;

impl Shown<'_> {
    /// The Ps that the run uses, in as few rows as they need.
    pub(super) fn procs(&self) -> Line {
        let used: Vec<u32> = self.room.used.iter().copied().collect();
        let n = used.len();
        let (columns, cells) = match n {
            1 if self.has_kernel() => (1, 9.0),
            0 | 1 => (1, 13.0),
            2 => (2, 9.0),
            3 => (3, 7.6),
            _ if n <= FEW => (FULL, 6.4),
            _ => (8, 3.0),
        };
        let made = |p: &u32| steady(self.proc(*p, n), cells / 2.0, cells);
        // In the last row too a P is as wide as the others.
        let row_of = |ps: &[u32]| -> Line {
            let line = row().each_filling(ps.iter().map(made)).strict();
            (ps.len()..columns).fold(line, |line, _| line.filling(1.0, strip(0.0)))
        };
        column().each_filling(used.chunks(columns).map(row_of).collect::<Vec<_>>()).strict()
    }

    fn proc(&self, number: u32, n: usize) -> Card {
        let (p, proc) = (&self.m.ps[number as usize], &self.crowd.procs[number as usize]);
        let made = card(format!("p/{number}"), format!("P{number}")).path(format!("allp[{number}]"));
        let idle = self.m.sched.pidle.contains(&number);
        let about = n > 1 && self.focus.ps.contains(&number);
        let made = match () {
            () if about => made.active().tone(self.tone),
            () if n > 1 && self.focus.looked.contains(&number) => made.active().tone(Tone::Info),
            () if p.status == PStatus::Syscall => made.tone(Tone::Bad).away(),
            () if idle => made.away(),
            () => made,
        };
        let made = self.status(number, proc).into_iter().fold(made, |made, (words, tone)| made.status(words, tone));
        if n > SHORT {
            return self.tile(number, proc, made, n);
        }
        let tick = self.focus.tick == Some(number);
        let made = match (self.size, tick) {
            (_, true) => made.badge(
                token(format!("p/{number}/schedtick"), format!("schedtick {}", p.schedtick))
                    .square()
                    .tone(self.tone)
                    .strong()
                    .path(format!("allp[{number}].schedtick")),
            ),
            (Size::Window, false) => made.note(format!("schedtick {}", p.schedtick)),
            (Size::Stage, false) => made,
        };
        let (beside, hand) = self.hand(proc, n);
        let made = beside.into_iter().fold(made, Card::badge);
        let thread = match self.parted(n) {
            true => strip(1.25).left(self.place_of_thread(proc)),
            false => self.thread_line(number, proc, n <= NAMED),
        };
        let thread = self.says(proc, thread);
        let name = if n >= FULL && self.size == Size::Stage { "next" } else { "runnext" };
        let next = hand.into_iter().fold(strip(1.2).left(rigid(self.next(number, proc, name))), Strip::left);
        if n <= FULL {
            let runs = self.parted(n).then(|| strip(1.25).left(self.runs(number, proc, false)));
            let made =
                runs.into_iter().fold(made.with(thread), Card::with).filling(strip(0.0)).with(next).filling(strip(0.0));
            let count = strip(0.7).left(self.count(number));
            return made.with(count).with(self.ring(number, proc)).filling(self.foot(number));
        }
        match self.size {
            Size::Window => {
                let why = self.decided(number).map(|why| words(format!("p/{number}/why"), why).tone(self.tone).whole());
                let next = next.right(why.unwrap_or_else(|| self.count(number)));
                made.with(thread).with(next).with(self.ring(number, proc))
            }
            Size::Stage => made.with(self.short_line(number, proc)).with(self.ring(number, proc)),
        }
    }

    /// One of many: who runs, who searches, how many wait.
    fn tile(&self, number: u32, proc: &Proc, made: Card, n: usize) -> Card {
        let made = self.hand(proc, n).0.into_iter().fold(made, Card::badge);
        if n <= FEW {
            let waits = Some(proc.ring.len()).filter(|n| *n > 0);
            let waits = waits.map(|n| words(format!("p/{number}/runq/len"), n.to_string()).tone(Tone::Info));
            return made.with(waits.into_iter().fold(self.short_line(number, proc), Strip::right));
        }
        let m = proc.m.into_iter().map(|m| self.thread(m));
        let g = proc.m.and_then(|m| self.crowd.curg.get(&m)).map(|slot| self.g(*slot, self.stands(*slot)));
        m.chain(g).fold(made, Card::badge)
    }

    fn short_line(&self, number: u32, proc: &Proc) -> Strip {
        self.says(proc, self.thread_line(number, proc, false).left(self.next(number, proc, "")))
    }

    /// What the thread holds: beside the P's name where its lines have no room, else beside `runnext`.
    fn hand(&self, proc: &Proc, n: usize) -> (Vec<Token>, Option<Queue>) {
        let held = proc.m.and_then(|m| Some((m, self.crowd.hands.get(&m)?)));
        let Some((m, hand)) = held else { return (Vec::new(), None) };
        let tokens = hand.iter().map(|slot| self.g(*slot, Tone::Moved));
        if n > FULL || n == FULL && self.size == Size::Stage {
            let more =
                (hand.len() > 1).then(|| token(format!("m/{m}/hand/more"), format!("+{}", hand.len() - 1)).bare());
            return (tokens.take(1).chain(more).collect(), None);
        }
        let name = if n == 1 { Text::new("in hand", "手里") } else { Text::default() };
        (Vec::new(), Some(queue(format!("m/{m}/hand"), name).tokens(tokens).slots(1).tone(Tone::Moved)))
    }

    /// What is said of a P whose thread is not simply there.
    fn status(&self, number: u32, proc: &Proc) -> Option<(Text, Tone)> {
        let p = &self.m.ps[number as usize];
        match () {
            () if self.m.sched.pidle.contains(&number) => Some((Text::new("idle", "空闲"), Tone::Faint)),
            () if p.status == PStatus::Syscall => Some((Text::new("in a system call", "系统调用中"), Tone::Bad)),
            () if p.m.is_some() || proc.m.is_some() => None,
            () => Some(match proc.held {
                Some(m) => (Text::new(format!("held by M{m}"), format!("M{m} 拿着")), Tone::Plain),
                None => (Text::new("no M", "无 M"), Tone::Plain),
            }),
        }
    }

    /// The thread with what it does, and what it runs.
    fn thread_line(&self, number: u32, proc: &Proc, named: bool) -> Strip {
        let runs = self.runs(number, proc, named);
        strip(1.25).left(rigid(row().with(self.place_of_thread(proc)).with(runs).gap(0.6)))
    }

    /// What the thread runs.
    fn runs(&self, number: u32, proc: &Proc, named: bool) -> Socket {
        let name = if named { Text::new("runs", "运行") } else { Text::default() };
        let curg = proc.m.and_then(|m| self.crowd.curg.get(&m));
        let runs = socket(format!("p/{number}/running"), name).well().widest(self.widest());
        runs.token(curg.map(|slot| self.g(*slot, self.stands(*slot))))
    }

    /// Whether a goroutine stands below its thread: before an audience numbers of four digits have no room side by side.
    fn parted(&self, n: usize) -> bool {
        self.size == Size::Stage && n == FULL && self.room.goids.max(self.room.threads as u32) >= 1000
    }

    /// What its thread does, unless it is seen that it runs a goroutine.
    fn says(&self, proc: &Proc, made: Strip) -> Strip {
        let says = proc.m.filter(|m| self.m.place(*m) != Place::User);
        says.into_iter().fold(made, |made, m| made.spare(self.does(m)))
    }

    /// The thread, or nothing, in a place wide enough for any.
    fn place_of_thread(&self, proc: &Proc) -> Steady<Line> {
        let longest = format!("M{}", self.room.threads.saturating_sub(1));
        let cells = token("", longest).triangle().cells(self.size);
        steady(row().maybe(proc.m.map(|m| self.thread(m))), cells, cells)
    }

    /// `runnext`.
    fn next(&self, number: u32, proc: &Proc, name: &str) -> Socket {
        let made = socket(format!("p/{number}/runnext"), name).widest(self.widest()).tone(Tone::Good);
        let made = made.lit(self.focus.next == Some(number), self.tone).path(format!("allp[{number}].runnext"));
        made.token(proc.next.map(|slot| self.g(slot, Tone::Good)))
    }
}
