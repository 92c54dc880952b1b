//! What nobody asks for, but everybody wants to know: a deadlock, which the runtime finds, and leaks, which it does not.

use super::event::Event;
use super::goroutine::{Goroutine, Status};
use super::laws::Fault;
use super::program::{Op, What};
use super::setup::Main;
use super::state::{DEADLOCK, Dead, GoChan};

/// What a goroutine may still do to a channel.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Send,
    Recv,
    Close,
}

impl GoChan {
    /// Looks at the verdicts again; the next one to be told, if any.
    pub(super) fn notice(&mut self) -> Option<Event> {
        if !self.look || self.dead.is_some() {
            return None;
        }
        let asleep = self.gs.iter().filter(|g| g.asleep()).count();
        if self.main == Main::First && !self.anybody_runs() && asleep > 0 && self.fault != Fault::NoCheckdead {
            self.look = false;
            self.dead = Some(Dead { message: DEADLOCK, exit: 2, g: 1 });
            return Some(Event::DeadlockFound { g: 1, asleep });
        }
        let wakeable = self.wakeable();
        let main = (self.main == Main::First).then_some(1);
        for (goroutine, wakeable) in self.gs.iter_mut().zip(wakeable) {
            let lost = goroutine.asleep() && !wakeable && Some(goroutine.id) != main;
            if lost && !goroutine.leaked && self.fault != Fault::NoLeakFound {
                goroutine.leaked = true;
                self.stories.leaked = true;
                let (g, name) = (goroutine.id, goroutine.name.clone());
                let reason = if let Status::Waiting(reason) = goroutine.status { reason.text() } else { "" };
                return Some(Event::LeakFound { g, name, reason });
            }
            goroutine.leaked &= lost;
        }
        self.look = false;
        None
    }

    /// For each goroutine whether it can run, or somebody who can may come to wake it, as the programs stand.
    fn wakeable(&self) -> Vec<bool> {
        let mut wakes: Vec<bool> = self.gs.iter().map(|g| g.status != Status::Dead && !g.asleep()).collect();
        let deeds: Vec<Vec<(usize, Deed)>> = self.gs.iter().map(deeds).collect();
        loop {
            let served = |waiter: &Goroutine| {
                let mut ahead = deeds.iter().zip(&wakes).filter(|(_, wakes)| **wakes).flat_map(|(deeds, _)| deeds);
                let on_its_way = waiter.param.is_some() || waiter.select_done;
                on_its_way
                    || ahead.any(|(ch, deed)| {
                        let helps = |send| *deed == Deed::Close || (*deed == Deed::Recv) == send;
                        waiter.waiting.iter().any(|sudog| sudog.ch == *ch && helps(sudog.send))
                    })
            };
            let next = self.gs.iter().zip(&wakes).position(|(g, wakes)| !wakes && g.asleep() && served(g));
            match next {
                Some(at) => wakes[at] = true,
                None => return wakes,
            }
        }
    }
}

/// What a goroutine may still do, should it run: everything its program can reach from here.
fn deeds(goroutine: &Goroutine) -> Vec<(usize, Deed)> {
    let instrs = &goroutine.program.instrs;
    let mut found = Vec::new();
    let mut seen = vec![false; instrs.len()];
    let mut todo = vec![goroutine.at];
    // The statement in which it sleeps does nothing more by itself, unless the program comes back to it.
    if let (true, Some(instr)) = (goroutine.asleep(), instrs.get(goroutine.at)) {
        todo = successors(&instr.what, goroutine.at);
    }
    while let Some(at) = todo.pop() {
        let Some(instr) = instrs.get(at) else { continue };
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        match &instr.what {
            What::Op(Op::Send { ch, .. }) => found.push((*ch, Deed::Send)),
            What::Op(Op::Recv { ch, .. }) | What::Range { ch, .. } => found.push((*ch, Deed::Recv)),
            What::Op(Op::Close { ch }) => found.push((*ch, Deed::Close)),
            What::Select { select, .. } => found.extend(
                select.cases.iter().map(|case| (case.ch, if case.send.is_some() { Deed::Send } else { Deed::Recv })),
            ),
            _ => {}
        }
        todo.extend(successors(&instr.what, at));
    }
    found
}

fn successors(what: &What, at: usize) -> Vec<usize> {
    match what {
        What::Op(Op::Block) | What::Return => Vec::new(),
        What::Op(_) => vec![at + 1],
        What::Range { exit, .. } | What::Repeat { exit, .. } => vec![at + 1, *exit],
        What::Jump(to) => vec![*to],
        What::Select { targets, default, after, .. } => targets.iter().copied().chain([*default, *after]).collect(),
    }
}
