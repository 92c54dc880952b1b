//! What nobody asks for, but everybody wants to know: a deadlock, which the runtime finds, and what it does not: leaks, a
//! hang of main, a loop that only spins, a goroutine that is woken for ever and has no way to its end.

use super::event::Event;
use super::goroutine::{Goroutine, Status};
use super::laws::Fault;
use super::program::{Op, What};
use super::reach::Reach;
use super::setup::Main;
use super::state::{DEADLOCK, Dead, GoChan};

/// So many goroutines are named in a caption.
const NAMED: usize = 3;

impl GoChan {
    /// Looks at the verdicts again; the next one to be told, if any.
    pub(super) fn notice(&mut self) -> Option<Event> {
        if !self.look || self.dead.is_some() {
            return None;
        }
        let asleep = self.gs.iter().filter(|g| g.asleep()).count();
        let anybody = self.anybody_runs() || self.timer_wakes();
        if self.main == Main::First && !anybody && asleep > 0 && self.fault != Fault::NoCheckdead {
            self.look = false;
            let goroutines = self.headers();
            let gs: Vec<String> = goroutines.iter().take(NAMED).cloned().collect();
            let more = goroutines.len() - gs.len();
            self.dead = Some(Dead { message: DEADLOCK, exit: 2, g: 1, goroutines });
            return Some(Event::DeadlockFound { g: 1, asleep, gs, more });
        }
        let told = |g: &Goroutine| g.leaked || g.spins || g.endless;
        if !self.gs.iter().any(|g| told(g) || g.status != Status::Dead && (g.asleep() || g.loops())) {
            // All run straight to their ends.
            (self.look, self.revised) = (false, false);
            return None;
        }
        let reach = self.reach();
        let told =
            self.notice_spins(&reach).or_else(|| self.notice_leaks(&reach)).or_else(|| self.notice_endless(&reach));
        if told.is_none() {
            (self.look, self.revised) = (false, false);
        }
        told
    }

    /// What the runtime prints above each goroutine's stack (`traceback.go`: `goroutineheader`).
    fn headers(&self) -> Vec<String> {
        let all = self.gs.iter().filter_map(|g| match g.status {
            Status::Waiting(reason) => Some(format!("goroutine {} [{}]", g.id, reason.text())),
            _ => None,
        });
        all.collect()
    }

    fn notice_spins(&mut self, reach: &Reach) -> Option<Event> {
        for at in 0..self.gs.len() {
            let in_a_call = self.gs[at].frame.is_some();
            let was = self.gs[at].spins;
            // In the middle of a call it is judged by what was said before.
            let spins = if in_a_call { was && !self.revised } else { self.only_spins(&self.gs[at], reach) };
            self.retract(was && !spins, at, "spins");
            self.gs[at].spins = spins;
            if spins && !was && self.fault != Fault::NoSpinFound {
                self.stories.spun = true;
                let goroutine = &self.gs[at];
                return Some(Event::SpinsForEver { g: goroutine.id, name: goroutine.name.clone() });
            }
        }
        None
    }

    fn notice_leaks(&mut self, reach: &Reach) -> Option<Event> {
        let main = (self.main == Main::First).then_some(1);
        let others = self.gs.iter().filter(|g| g.status != Status::Dead && !g.asleep()).count();
        for at in 0..self.gs.len() {
            let (id, was) = (self.gs[at].id, self.gs[at].leaked);
            let is_main = Some(id) == main;
            let lost = self.gs[at].asleep() && !reach.wakes[at];
            self.retract(was && !lost, at, "leaks");
            self.gs[at].leaked = lost && was;
            let silent = if is_main { Fault::NoHangFound } else { Fault::NoLeakFound };
            if !lost || was || self.fault == silent {
                continue;
            }
            // Where all will be asleep at last, or main will panic, the runtime does report it: then nothing is said before.
            let goes_on = self.goes_on(reach);
            if !(if is_main { goes_on && !self.blocks(at) } else { goes_on || main.is_none() || reach.ends(0) }) {
                continue;
            }
            self.gs[at].leaked = true;
            let goroutine = &self.gs[at];
            let reason = if let Status::Waiting(reason) = goroutine.status { reason.text() } else { "" };
            if is_main {
                self.stories.hung = true;
                return Some(Event::MainHangs { g: id, reason, others });
            }
            let name = goroutine.name.clone();
            let held = self.held(at);
            self.stories.leaked = true;
            return Some(Event::LeakFound { g: id, name, reason, held });
        }
        None
    }

    /// Whether a goroutine stands in `select {}`: whoever writes that wants to wait for ever.
    fn blocks(&self, at: usize) -> bool {
        matches!(self.gs[at].what(), Some(What::Op(Op::Block)))
    }

    fn notice_endless(&mut self, reach: &Reach) -> Option<Event> {
        for at in 0..self.gs.len() {
            let (was, id) = (self.gs[at].endless, self.gs[at].id);
            let lives = self.gs[at].status != Status::Dead && !self.gs[at].leaked && !self.gs[at].spins;
            let endless = lives && (was && !self.revised || self.never_ends(at, reach));
            self.retract(was && self.gs[at].status == Status::Dead, at, "never ends");
            self.gs[at].endless = endless && was;
            if endless && !was && self.fault != Fault::NoEndlessFound {
                self.gs[at].endless = true;
                self.stories.endless = true;
                return Some(Event::NeverEnds { g: id, name: self.gs[at].name.clone() });
            }
        }
        None
    }

    /// A verdict is about all that can still happen: only what the viewer adds may change it. Of a machine that is broken
    /// elsewhere it says nothing.
    fn retract(&mut self, retracted: bool, at: usize, what: &str) {
        let judged = matches!(self.fault, Fault::None | Fault::ForgetsClosers);
        if retracted && judged && !self.revised {
            let id = self.gs[at].id;
            self.wrong.note("verdicts-hold", || format!("it was said that G{id} {what}, and it is not so"));
        }
    }
}
