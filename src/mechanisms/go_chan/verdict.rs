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
        let others = self.gs.iter().filter(|g| g.status != Status::Dead && !g.asleep()).count();
        for at in 0..self.gs.len() {
            let spins = self.only_spins(&self.gs[at], &wakeable);
            let goroutine = &mut self.gs[at];
            if spins && !goroutine.spins {
                goroutine.spins = true;
                return Some(Event::SpinsForEver { g: goroutine.id, name: goroutine.name.clone() });
            }
            goroutine.spins &= spins;
        }
        for (goroutine, wakeable) in self.gs.iter_mut().zip(wakeable) {
            let lost = goroutine.asleep() && !wakeable;
            if lost && !goroutine.leaked && self.fault != Fault::NoLeakFound {
                goroutine.leaked = true;
                if Some(goroutine.id) == main {
                    let reason = if let Status::Waiting(reason) = goroutine.status { reason.text() } else { "" };
                    return Some(Event::MainHangs { g: goroutine.id, reason, others });
                }
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

    /// Whether all that a goroutine can still do is to look at channels on which nothing will ever change: no statement waits,
    /// none sends, closes or receives what was sent, and the program does not end.
    fn only_spins(&self, goroutine: &Goroutine, wakeable: &[bool]) -> bool {
        if goroutine.status == Status::Dead || goroutine.asleep() || goroutine.frame.is_some() {
            return false;
        }
        let others = self.gs.iter().zip(wakeable).filter(|(other, wakes)| **wakes && other.id != goroutine.id);
        let ahead: Vec<(usize, Deed)> = others.flat_map(|(other, _)| deeds(other)).collect();
        // A closed and empty channel stays so: a receive from it is always ready, and changes nothing.
        let drained = |ch: usize| self.channels[ch].closed && self.channels[ch].qcount == 0;
        let quiet = |ch: usize, sends: bool| {
            let channel = &self.channels[ch];
            let met =
                ahead.iter().any(|(at, deed)| *at == ch && (*deed == Deed::Close || (*deed == Deed::Recv) == sends));
            let ready = channel.closed
                || !channel.recvq.is_empty()
                || !channel.sendq.is_empty()
                || channel.qcount > 0
                || channel.dataqsiz > 0;
            channel.nil || (!met && !ready)
        };
        let instrs = &goroutine.program.instrs;
        let mut seen = vec![false; instrs.len()];
        let mut todo = vec![goroutine.at];
        while let Some(at) = todo.pop() {
            let Some(instr) = instrs.get(at) else { return false };
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &instr.what {
                What::Return => return false,
                What::Op(Op::Recv { ch, .. }) if drained(*ch) => todo.push(at + 1),
                What::Op(Op::Len { .. } | Op::Cap { .. }) => todo.push(at + 1),
                What::Jump(to) => todo.push(*to),
                What::Repeat { exit, .. } => todo.extend([at + 1, *exit]),
                What::Select { select, targets, default, .. } => {
                    let mut never_waits = !select.block;
                    for (case, target) in select.cases.iter().zip(targets) {
                        if case.send.is_none() && !self.channels[case.ch].nil && drained(case.ch) {
                            never_waits = true;
                            todo.push(*target);
                        } else if !quiet(case.ch, case.send.is_some()) {
                            return false;
                        }
                    }
                    if !never_waits {
                        return false;
                    }
                    todo.extend((!select.block).then_some(*default));
                }
                What::Op(_) | What::Range { .. } => return false,
            }
        }
        // A program that is seen through without an end goes round.
        true
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
