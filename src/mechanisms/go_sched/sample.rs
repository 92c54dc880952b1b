//! Random setups that together show every event.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use crate::machine::{Draw, Machine};

use super::action::Action;
use super::event::Event;
use super::setup::{Queued, Setup, Stmt};
use super::state::GoSched;

/// What thieves draw: where they begin and how far they go from P to P. Of 5 Ps each of 5 beginnings and each of the steps
/// 1 to 4, which are all coprime to 5.
pub(super) const DRAWS: &[Draw] = &[Draw {
    name: "stealOrder",
    source: "proc.go: stealWork, randomOrder.start; rand.go: cheaprand",
    weights: || vec![1.0; 20],
    outcome: first_order,
}];

/// Beginning and step of the first pass of the first thief of a machine with this seed.
fn first_order(seed: u64) -> usize {
    let main = vec![Stmt::Go(name("compute"), 1), Stmt::Compute(1_000)];
    let setup = Setup { procs: 5, seed, main, sysmon: false, ..Setup::default() };
    let mut drawn = None;
    if let Ok(mut machine) = GoSched::start(&setup) {
        let _ = machine.apply(&Action::Run(200), &mut |_, event| {
            if let Event::PassEmpty { start, step, .. } | Event::VictimFound { start, step, .. } = event {
                drawn = drawn.or(Some(start * 4 + step - 1));
            }
        });
    }
    drawn.map_or(usize::MAX, |outcome| outcome as usize)
}

/// A setup for a random run: one of several characters.
pub(super) fn sample(rng: &mut ChaCha8Rng) -> Setup {
    let procs = [1, 1, 2, 2, 3, 4, 4, 8][rng.random_range(0..8)];
    let chans = BTreeMap::from([(name("c"), 0), (name("d"), rng.random_range(0..3))]);
    let mut setup =
        Setup { procs, seed: rng.next_u64(), chans, schedtick: rng.random_range(0..122), ..Setup::default() };
    setup.sysmon = rng.random_range(0..8) > 0;
    setup.asyncpreemptoff = rng.random_range(0..4) == 0;
    setup.round_us = [0, 0, 1, 7][rng.random_range(0..4)];
    setup.programs = programs(rng);
    setup.main = statements(rng, 4, true);
    setup.main.push(if rng.random_range(0..8) == 0 { Stmt::Gosched } else { Stmt::Wait });
    match rng.random_range(0..8) {
        0 => full_ring(rng, &mut setup),
        1 => setup.max_threads = 3 + u32::from(setup.sysmon),
        2 => hungry(rng, &mut setup),
        3 => long(rng, &mut setup),
        _ => {}
    }
    queue(rng, &mut setup);
    setup
}

fn name(text: &str) -> String {
    String::from(text)
}

/// Leaves have no `go`, so that nothing grows without end.
fn programs(rng: &mut ChaCha8Rng) -> BTreeMap<String, Vec<Stmt>> {
    let mut programs = BTreeMap::new();
    for leaf in ["x", "y", "z"] {
        programs.insert(name(leaf), statements(rng, 3, false));
    }
    let mut parent = statements(rng, 2, false);
    parent.push(Stmt::Go(name("x"), rng.random_range(1..4)));
    programs.insert(name("parent"), parent);
    programs.insert(name("a"), vec![Stmt::Compute(1), Stmt::Go(name("b"), 1)]);
    programs.insert(name("b"), vec![Stmt::Compute(1), Stmt::Go(name("a"), 1)]);
    programs.insert(name("empty"), Vec::new());
    programs
}

fn statements(rng: &mut ChaCha8Rng, most: usize, go: bool) -> Vec<Stmt> {
    let mut list: Vec<Stmt> = (0..rng.random_range(1..=most)).map(|_| statement(rng, go)).collect();
    if rng.random_range(0..6) == 0 {
        list.push(Stmt::Again(rng.random_range(1..4)));
    }
    list
}

fn statement(rng: &mut ChaCha8Rng, go: bool) -> Stmt {
    let us = [1, 5, 30, 200, 3000, 25_000][rng.random_range(0..6)];
    let ch = name(["c", "d"][rng.random_range(0..2)]);
    if go && rng.random_range(0..2) == 0 {
        let program = ["x", "y", "z", "parent", "parent", "empty", "a"][rng.random_range(0..7)];
        return Stmt::Go(name(program), [1, 2, 3, 6][rng.random_range(0..4)]);
    }
    match rng.random_range(0..22) {
        0..3 => Stmt::Compute(us),
        3 => Stmt::Loop(us),
        4..7 => Stmt::Send(ch),
        7..10 => Stmt::Recv(ch),
        10 => Stmt::Times(rng.random_range(2..5), Box::new(Stmt::Send(ch))),
        11 => Stmt::Times(rng.random_range(2..5), Box::new(Stmt::Recv(ch))),
        12..14 => Stmt::Syscall(us - 1),
        14 => Stmt::SyscallBlock(us),
        15..17 => Stmt::Net(us - 1),
        17..19 => Stmt::Sleep(us),
        19 if rng.random_range(0..3) == 0 => Stmt::Close(ch),
        19..21 => Stmt::Gosched,
        _ => Stmt::Times(3, Box::new(Stmt::Gosched)),
    }
}

/// P0's ring is nearly or quite full, and main starts more.
fn full_ring(rng: &mut ChaCha8Rng, setup: &mut Setup) {
    setup.procs = setup.procs.min(2);
    setup.queued.push(Queued::Local(0, name("empty"), rng.random_range(254..=256)));
    setup.chans.insert(name("d"), 4);
    // A few steps more or less before the overflow: a thief may meet it at any moment.
    setup.main = (0..rng.random_range(0..5)).map(|_| Stmt::Send(name("d"))).collect();
    setup.main.extend([Stmt::Go(name("x"), 8), Stmt::Wait]);
}

/// Busy Ps and one that has nothing: thieves.
fn hungry(rng: &mut ChaCha8Rng, setup: &mut Setup) {
    setup.procs = setup.procs.max(3);
    setup.queued.push(Queued::Running(1, name("y")));
    setup.queued.push(Queued::Local(1, name("x"), rng.random_range(1..9)));
    setup.queued.push(Queued::Local(2, name("z"), rng.random_range(0..5)));
}

/// Long computations and system calls, so that sysmon has something to do.
fn long(rng: &mut ChaCha8Rng, setup: &mut Setup) {
    setup.sysmon = true;
    setup.programs.insert(name("x"), vec![Stmt::Loop(40_000), Stmt::Compute(30_000)]);
    setup.programs.insert(name("y"), vec![Stmt::Syscall(rng.random_range(100..30_000)), Stmt::Compute(5)]);
    setup.programs.insert(name("z"), vec![Stmt::Net(12_000), Stmt::Compute(10)]);
    setup.main = vec![Stmt::Go(name("x"), 3), Stmt::Go(name("y"), 3), Stmt::Go(name("z"), 3), Stmt::Wait];
}

fn queue(rng: &mut ChaCha8Rng, setup: &mut Setup) {
    let spare =
        256 - setup.queued.iter().map(|queued| if let Queued::Local(_, _, n) = queued { *n } else { 0 }).sum::<u32>();
    let p = rng.random_range(0..setup.procs);
    match rng.random_range(0..6) {
        0 => setup.queued.push(Queued::Global(name("x"), rng.random_range(1..40))),
        1 if spare >= 8 => setup.queued.push(Queued::Local(p, name("z"), rng.random_range(1..=8))),
        2 | 3 => setup.queued.push(Queued::Runnext(0, name("y"))),
        _ => {}
    }
}
