//! What goroutines may still come to: the places of their programs that they can reach, given what all others may still do.
//!
//! A place is passed only if its operation can be served: by what the channel holds, or by an operation that somebody else
//! can reach. So what stands behind a wait that nobody ends is never reached, though it stands in the text. All is counted
//! that may happen, and what cannot be told apart is taken to happen: what is not reached here is never reached.

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::frame::{Call, Frame};
use super::goroutine::{Goroutine, Status};
use super::laws::Fault;
use super::program::{Op, What};
use super::state::GoChan;

/// What a goroutine may still do to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Deed {
    Send,
    Recv,
    Close,
}

/// A place of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Node {
    /// The number of the instruction.
    at: usize,
    /// The variables that are nil there, a bit each.
    nils: u64,
    ok: bool,
    /// Whether the goroutine is there now: it may come to the same place again.
    now: bool,
}

/// The bit of a channel's variable. Only those that a program names can be set to nil, and these come first.
fn bit(ch: usize) -> u64 {
    u32::try_from(ch).ok().and_then(|ch| 1u64.checked_shl(ch)).unwrap_or(0)
}

/// What one goroutine may come to.
#[derive(Clone, Debug, Default)]
struct Way {
    /// Places reached, each with the places after it.
    nodes: HashMap<Node, Vec<Node>>,
    /// Whether it may come to its end, or to a panic.
    ends: bool,
}

/// What all may come to; one entry a goroutine.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// Whether it can run, or somebody may come to wake it.
    pub wakes: Vec<bool>,
    ways: Vec<Way>,
    /// What may be done to each channel, and by which goroutines, a bit each.
    deeds: Vec<[u32; 3]>,
    /// The places of each goroutine that it may come to for ever, once somebody has asked.
    lasting: OnceCell<Vec<Vec<Node>>>,
}

impl Reach {
    /// Whether a goroutine may come to its end, or to a panic.
    pub fn ends(&self, at: usize) -> bool {
        self.wakes[at] && self.ways[at].ends
    }

    /// Whether a goroutine other than this one may do this to the channel.
    pub fn met(&self, at: usize, ch: usize, deed: Deed) -> bool {
        self.deeds[ch][deed as usize] & !(1 << at) != 0
    }

    fn done(&self, at: usize, ch: usize, deed: Deed, buffered: bool) -> bool {
        self.met(at, ch, deed) || buffered && self.deeds[ch][deed as usize] & (1 << at) != 0
    }
}

/// How an operation may go on.
#[derive(Default)]
struct Passed {
    /// The places after it, each with the `ok` that it leaves.
    next: Vec<(usize, Option<bool>)>,
    ends: bool,
}

impl Passed {
    fn or(mut self, other: Passed) -> Passed {
        self.ends |= other.ends;
        self.next.extend(other.next);
        self
    }
}

/// What a call under way has come to already.
struct Decided {
    /// The slot of the case that is served.
    slot: usize,
    /// What a receive says.
    ok: Option<bool>,
    /// Whether the value has been copied; else its partner is in hand.
    certain: bool,
}

impl Decided {
    fn of(f: &Frame) -> Option<Decided> {
        let sends = |slot: usize| match f.call {
            Call::Select => f.cases.iter().any(|case| case.source == slot && case.send),
            call => call == Call::Send,
        };
        if !matches!(f.call, Call::Send | Call::Recv | Call::Select) {
            return None;
        }
        if let Some(slot) = f.left {
            return Some(Decided { slot, ok: None, certain: true });
        }
        let arrived = (0..f.slots.len()).find(|slot| !sends(*slot) && f.slots[*slot].is_some());
        if let Some(slot) = arrived {
            return Some(Decided { slot, ok: Some(f.truth.is_some()), certain: true });
        }
        f.sg.map(|_| Decided { slot: f.slot, ok: (!f.sending).then_some(true), certain: false })
    }

    fn passed(&self, goroutine: &Goroutine) -> Passed {
        let place = goroutine.at;
        let next = match goroutine.what() {
            Some(What::Range { exit, .. }) if self.ok == Some(false) => (*exit, self.ok),
            Some(What::Select { select, targets, .. }) => {
                let keep = select.cases.get(self.slot).is_some_and(|case| case.keep);
                (targets.get(self.slot).copied().unwrap_or(place + 1), self.ok.filter(|_| keep))
            }
            _ => (place + 1, self.ok),
        };
        Passed { next: vec![next], ends: false }
    }
}

impl GoChan {
    /// The least set of places that holds all that can still be reached.
    pub(super) fn reach(&self) -> Reach {
        let ways = self.gs.iter().map(|g| {
            let mut way = Way::default();
            if g.status != Status::Dead {
                let nils = g.nils.iter().fold(0, |nils, ch| nils | bit(*ch));
                way.nodes.insert(Node { at: g.at, nils, ok: g.ok, now: true }, Vec::new());
            }
            way
        });
        let wakes = self.gs.iter().map(|g| g.status != Status::Dead && !g.asleep()).collect();
        let mut reach =
            Reach { wakes, ways: ways.collect(), deeds: vec![[0; 3]; self.channels.len()], lasting: OnceCell::new() };
        loop {
            let mut grown = false;
            for at in 0..self.gs.len() {
                grown |= self.grow(at, &mut reach);
            }
            if !grown {
                return reach;
            }
        }
    }

    /// One goroutine's way, as far as the others' let it.
    fn grow(&self, at: usize, reach: &mut Reach) -> bool {
        let goroutine = &self.gs[at];
        let mut grown = false;
        let mut todo: Vec<Node> = reach.ways[at].nodes.keys().copied().collect();
        while let Some(node) = todo.pop() {
            // Where it sleeps it does nothing by itself: it only is found there.
            let sleeps = node.now && goroutine.asleep() && !reach.wakes[at];
            if !sleeps {
                for (ch, deed) in self.deeds(goroutine, &node) {
                    let by = &mut reach.deeds[ch][deed as usize];
                    grown |= *by & (1 << at) == 0;
                    *by |= 1 << at;
                }
            }
            let decided = goroutine.frame.as_ref().filter(|_| node.now).and_then(Decided::of);
            let passed = match decided {
                Some(decided) if decided.certain => decided.passed(goroutine),
                Some(decided) => decided.passed(goroutine).or(self.passed(at, &node, reach)),
                None => self.passed(at, &node, reach),
            };
            if sleeps && (passed.ends || !passed.next.is_empty()) {
                reach.wakes[at] = true;
                grown = true;
            }
            let way = &mut reach.ways[at];
            grown |= passed.ends && !std::mem::replace(&mut way.ends, true);
            for (place, ok) in passed.next {
                let nils = self.nils_after(goroutine, &node);
                let after = Node { at: place, nils, ok: ok.unwrap_or(node.ok), now: false };
                let known = way.nodes.entry(node).or_default();
                if !known.contains(&after) {
                    known.push(after);
                    grown = true;
                }
                if let Entry::Vacant(place) = way.nodes.entry(after) {
                    place.insert(Vec::new());
                    todo.push(after);
                    grown = true;
                }
            }
        }
        grown
    }

    /// What the statement at a place does to channels that are not nil there.
    fn deeds(&self, goroutine: &Goroutine, node: &Node) -> Vec<(usize, Deed)> {
        let nil = |ch: usize| self.channels[ch].nil || node.nils & bit(ch) != 0;
        let mut deeds = match goroutine.program.instrs.get(node.at).map(|instr| &instr.what) {
            Some(What::Op(Op::Send { ch, .. })) => vec![(*ch, Deed::Send)],
            Some(What::Op(Op::Recv { ch, .. }) | What::Range { ch, .. }) => vec![(*ch, Deed::Recv)],
            Some(What::Op(Op::Close { ch, .. })) => vec![(*ch, Deed::Close)],
            Some(What::Select { select, .. }) => {
                let deed = |send: bool| if send { Deed::Send } else { Deed::Recv };
                select.cases.iter().map(|case| (case.ch, deed(case.send.is_some()))).collect()
            }
            _ => Vec::new(),
        };
        deeds.retain(|(ch, deed)| !nil(*ch) && (*deed != Deed::Close || self.fault != Fault::ForgetsClosers));
        deeds
    }

    fn nils_after(&self, goroutine: &Goroutine, node: &Node) -> u64 {
        match goroutine.program.instrs.get(node.at).map(|instr| &instr.what) {
            Some(What::SetNil { ch }) => node.nils | bit(*ch),
            _ => node.nils,
        }
    }

    /// How the statement at a place may go on.
    fn passed(&self, at: usize, node: &Node, reach: &Reach) -> Passed {
        let goroutine = &self.gs[at];
        let place = node.at;
        let mut passed = Passed::default();
        let Some(instr) = goroutine.program.instrs.get(place) else {
            passed.ends = true;
            return passed;
        };
        let nil = |ch: usize| self.channels[ch].nil || node.nils & bit(ch) != 0;
        let receive = |ch: usize| self.may_receive(at, ch, nil(ch), reach);
        match &instr.what {
            What::Return => passed.ends = true,
            What::Op(Op::Send { ch, .. }) => {
                let (served, panics) = self.may_send(at, *ch, nil(*ch), reach);
                passed.ends |= panics && !goroutine.recovers;
                passed.next.extend((served || panics && goroutine.recovers).then_some((place + 1, None)));
            }
            What::Op(Op::Recv { ch, .. }) => {
                passed.next.extend(receive(*ch).map(|ok| (place + 1, Some(ok))));
            }
            What::Range { ch, exit } => {
                passed.next.extend(receive(*ch).map(|ok| (if ok { place + 1 } else { *exit }, Some(ok))));
            }
            What::Op(Op::Close { ch, once }) => {
                let again = self.channels[*ch].closed || reach.done(at, *ch, Deed::Close, true);
                let panics = nil(*ch) || again && !once;
                passed.ends |= panics && !goroutine.recovers;
                passed.next.push((place + 1, None));
            }
            What::Op(Op::Block) => {}
            What::Op(Op::Len { .. } | Op::Cap { .. }) | What::SetNil { .. } => passed.next.push((place + 1, None)),
            What::IfNotOk { exit } => passed.next.push((if node.ok { *exit } else { place + 1 }, None)),
            What::WhileNotNil { chs, exit } => {
                let goes_on = chs.iter().any(|ch| !nil(*ch));
                passed.next.push((if goes_on { place + 1 } else { *exit }, None));
            }
            What::Select { select, targets, default, after } => {
                for (case, target) in select.cases.iter().zip(targets) {
                    if case.send.is_some() {
                        let (served, panics) = self.may_send(at, case.ch, nil(case.ch), reach);
                        passed.next.extend(served.then_some((*target, None)));
                        passed.ends |= panics && !goroutine.recovers;
                        passed.next.extend((panics && goroutine.recovers).then_some((*after, None)));
                    } else {
                        let kept = |ok: bool| Some(ok).filter(|_| case.keep);
                        passed.next.extend(receive(case.ch).map(|ok| (*target, kept(ok))));
                    }
                }
                passed.next.extend((!select.block).then_some((*default, None)));
            }
            What::Jump(to) | What::Leave { to, .. } => passed.next.push((*to, None)),
            What::Repeat { exit, .. } => passed.next.extend([(place + 1, None), (*exit, None)]),
        }
        passed
    }

    /// Whether a send may be served, and whether it may panic.
    fn may_send(&self, at: usize, ch: usize, nil: bool, reach: &Reach) -> (bool, bool) {
        let (id, c) = (self.gs[at].id, &self.channels[ch]);
        let waits = c.recvq.iter().any(|waiter| waiter.g != id && self.live(*waiter));
        let room = c.qcount < c.dataqsiz || waits || reach.done(at, ch, Deed::Recv, c.dataqsiz > 0);
        let closed = c.closed || reach.done(at, ch, Deed::Close, true);
        (!nil && room && !c.closed, !nil && closed)
    }

    /// The values of `ok` with which a receive may end.
    fn may_receive(&self, at: usize, ch: usize, nil: bool, reach: &Reach) -> impl Iterator<Item = bool> + use<> {
        let c = &self.channels[ch];
        let id = self.gs[at].id;
        let waits = c.sendq.iter().any(|waiter| waiter.g != id && self.live(*waiter));
        let sent = c.qcount > 0 || waits || !c.closed && reach.done(at, ch, Deed::Send, c.dataqsiz > 0);
        let closed = c.closed || reach.done(at, ch, Deed::Close, true);
        // A timer that has been received from is made anew when the statement comes again.
        let timer = c.timer.is_some();
        let ok = |ok: bool, may: bool| (!nil && may).then_some(ok);
        [ok(true, sent || timer), ok(false, closed)].into_iter().flatten()
    }

    /// Whether a goroutine's program has an end that it can never come to, while it is woken for ever.
    pub(super) fn never_ends(&self, at: usize, reach: &Reach) -> bool {
        self.has_an_end(&self.gs[at]) && self.lasts(at, reach)
    }

    /// Whether the process can go on without an end, so that the runtime never finds all goroutines asleep.
    pub(super) fn goes_on(&self, reach: &Reach) -> bool {
        let lives = |at: &usize| self.gs[*at].status != Status::Dead;
        (0..self.gs.len()).filter(lives).any(|at| self.gs[at].spins || self.lasts(at, reach))
    }

    /// Whether a goroutine is woken for ever and comes to no end.
    fn lasts(&self, at: usize, reach: &Reach) -> bool {
        let goroutine = &self.gs[at];
        if !reach.wakes[at] || reach.ways[at].ends {
            return false;
        }
        let all = || reach.ways.iter().zip(&self.gs).map(|(way, goroutine)| lasting(goroutine, way)).collect();
        let lasting: &Vec<Vec<Node>> = reach.lasting.get_or_init(all);
        let lastingly = |ch: usize, wanted: Deed| {
            lasting.iter().enumerate().filter(|(other, _)| *other != at && reach.wakes[*other]).any(|(other, nodes)| {
                nodes.iter().any(|node| self.deeds(&self.gs[other], node).contains(&(ch, wanted)))
            })
        };
        lasting[at].iter().any(|node| {
            let timer = |ch: usize| self.channels[ch].timer.is_some();
            let waits = |(ch, deed): (usize, Deed)| match deed {
                Deed::Send => lastingly(ch, Deed::Recv),
                Deed::Recv => timer(ch) || self.channels[ch].closed || lastingly(ch, Deed::Send),
                Deed::Close => false,
            };
            let what = goroutine.program.instrs.get(node.at).map(|instr| &instr.what);
            let polls = matches!(what, Some(What::Select { select, .. }) if !select.block);
            polls || self.deeds(goroutine, node).into_iter().any(waits)
        })
    }

    /// Whether its text leads to an end from here, should nothing ever keep it waiting.
    fn has_an_end(&self, goroutine: &Goroutine) -> bool {
        texts(goroutine)
            .into_iter()
            .any(|at| goroutine.program.instrs.get(at).is_none_or(|instr| matches!(instr.what, What::Return)))
    }

    /// Whether a goroutine that can run, or that one of these refers to, and so on, refers to a channel that this one waits
    /// on: then no search by reachability finds it.
    pub(super) fn held(&self, at: usize) -> bool {
        let mut alive: Vec<bool> = self.gs.iter().map(|g| g.status != Status::Dead && !g.asleep()).collect();
        let refers: Vec<HashSet<usize>> = self.gs.iter().map(|g| self.refers(g)).collect();
        loop {
            let reached = |waiter: &Goroutine| {
                let on = |ch: usize| refers.iter().zip(&alive).any(|(refers, alive)| *alive && refers.contains(&ch));
                waiter.waiting.iter().any(|sudog| on(sudog.ch))
            };
            let next = self.gs.iter().zip(&alive).position(|(g, alive)| !alive && g.asleep() && reached(g));
            match next {
                Some(next) => alive[next] = true,
                None => return alive[at],
            }
        }
    }

    /// The channels that a goroutine's variables name and the rest of its program speaks of.
    fn refers(&self, goroutine: &Goroutine) -> HashSet<usize> {
        let mut found = HashSet::new();
        for at in texts(goroutine) {
            match goroutine.program.instrs.get(at).map(|instr| &instr.what) {
                Some(
                    What::Op(
                        Op::Send { ch, .. }
                        | Op::Recv { ch, .. }
                        | Op::Close { ch, .. }
                        | Op::Len { ch }
                        | Op::Cap { ch },
                    )
                    | What::Range { ch, .. },
                ) => {
                    found.insert(*ch);
                }
                Some(What::Select { select, .. }) => found.extend(select.cases.iter().map(|case| case.ch)),
                Some(What::WhileNotNil { chs, .. }) => found.extend(chs),
                _ => {}
            }
        }
        found.retain(|ch| !goroutine.nils.contains(ch));
        found
    }
}

/// The places that stand on a way round, so that they may be come to for ever.
fn lasting(goroutine: &Goroutine, way: &Way) -> Vec<Node> {
    let instrs = &goroutine.program.instrs;
    let counts = |at: usize| match instrs.get(at).map(|instr| &instr.what) {
        Some(What::Repeat { exit, .. }) => Some(*exit),
        _ => None,
    };
    // A loop that counts comes to its end: it is gone through once.
    let next = |node: &Node| -> Vec<&Node> {
        let Some(all) = way.nodes.get(node) else { return Vec::new() };
        let once = |to: &Node| match counts(to.at) {
            Some(exit) if (to.at..exit).contains(&node.at) => Node { at: exit, now: false, ..*to },
            _ => *to,
        };
        let turns = |to: &&Node| counts(node.at) != Some(to.at);
        let all = all.iter().filter(turns).map(once);
        all.filter_map(|to| way.nodes.get_key_value(&to)).map(|(node, _)| node).collect()
    };
    let round = |start: &Node| {
        let (mut todo, mut seen) = (next(start), HashSet::new());
        while let Some(node) = todo.pop() {
            if node == start {
                return true;
            }
            if seen.insert(node) {
                todo.extend(next(node));
            }
        }
        false
    };
    way.nodes.keys().filter(|node| round(node)).copied().collect()
}

/// The places that its text leads to from here, whatever keeps it waiting. A statement that has been served is over.
fn texts(goroutine: &Goroutine) -> HashSet<usize> {
    let instrs = &goroutine.program.instrs;
    let served = goroutine.frame.as_ref().and_then(Decided::of).filter(|decided| decided.certain);
    let next = |decided: Decided| decided.passed(goroutine).next.into_iter().map(|(at, _)| at).collect();
    let (mut seen, mut todo) = (HashSet::new(), served.map_or_else(|| vec![goroutine.at], next));
    while let Some(at) = todo.pop() {
        if !seen.insert(at) {
            continue;
        }
        match instrs.get(at).map(|instr| &instr.what) {
            None | Some(What::Op(Op::Block) | What::Return) => {}
            Some(What::Op(_) | What::SetNil { .. }) => todo.push(at + 1),
            Some(
                What::Range { exit, .. }
                | What::Repeat { exit, .. }
                | What::IfNotOk { exit }
                | What::WhileNotNil { exit, .. },
            ) => todo.extend([at + 1, *exit]),
            Some(What::Jump(to) | What::Leave { to, .. }) => todo.push(*to),
            Some(What::Select { targets, default, select, .. }) => {
                todo.extend(targets);
                todo.extend((!select.block).then_some(*default));
            }
        }
    }
    seen
}
