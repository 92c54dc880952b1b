//! What may happen next, and setups for random runs.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::action::Action;
use super::goroutine::Status;
use super::setup::{Case, Channel, MAX_GOROUTINES, Main, Routine, Setup, Statement, Value};
use super::state::GoChan;

/// At most so many goroutines are offered one by one.
const RUNS: usize = 7;

/// 5 to 25 actions while the process lives and has channels.
pub(super) fn choices(machine: &GoChan) -> Vec<Action> {
    if machine.dead.is_some() {
        return Vec::new();
    }
    let able: Vec<u32> = machine.gs.iter().map(|g| g.id).filter(|g| machine.can_run(*g)).collect();
    let mut choices: Vec<Action> = able.iter().take(RUNS).map(|g| Action::Run(*g)).collect();
    choices.extend(able.iter().take(3).map(|g| Action::Statement(*g)));
    choices.extend(able.iter().take(3).map(|g| Action::Finish(*g)));
    choices.extend((!able.is_empty()).then_some(Action::Schedule));
    for g in able.iter().take(3) {
        if let Some(mut order) =
            machine.open_poll_order(*g).filter(|order| order.len() > 1 && machine.g(*g).poll_order.is_none())
        {
            choices.push(Action::PollOrder(*g, order.clone()));
            order.reverse();
            choices.push(Action::PollOrder(*g, order));
        }
    }
    choices.push(Action::Fire);
    let idle = machine.gs.iter().find(|g| g.idle()).map(|g| g.id);
    choices.extend(idle.into_iter().flat_map(|g| statements(machine, 4).into_iter().map(move |s| Action::Do(g, s))));
    let living = machine.gs.iter().filter(|g| g.status != Status::Dead).count();
    if living < 7 && machine.gs.len() < MAX_GOROUTINES {
        let next = machine.gs.len() as u32 + 1;
        choices.extend(statements(machine, 5).into_iter().map(|statement| Action::Do(next, statement)));
    }
    choices.retain(|action| machine.check(action).is_ok());
    choices
}

/// A few statements on channels that take their turns.
fn statements(machine: &GoChan, count: usize) -> Vec<Statement> {
    let (channels, turn) = (machine.channels.len(), machine.tickets as usize + machine.gs.len());
    if channels == 0 {
        return Vec::new();
    }
    let name = |n: usize| machine.channels[(turn + n) % channels].name.to_string();
    let lines: usize = machine.gs.iter().map(|g| g.program.lines.len()).sum();
    let value = Value::Int(lines as i64 + 1);
    let attempt = match turn % 3 {
        0 => vec![Case::Recv(name(0), Vec::new()), Case::Send(name(1), value, Vec::new())],
        1 => vec![Case::Send(name(0), value, Vec::new()), Case::Default(Vec::new())],
        _ => vec![Case::Recv(name(0), Vec::new()), Case::Default(Vec::new())],
    };
    let mut all = vec![
        Statement::Send(name(0), value),
        Statement::Recv(name(0)),
        Statement::Close(name(0)),
        Statement::Select(attempt),
        Statement::Range(name(1), Vec::new()),
    ];
    all.truncate(count);
    all
}

/// Buffered, unbuffered and nil channels; producers, consumers, selects, closers; now and then nothing fits together.
pub(super) fn sample(rng: &mut ChaCha8Rng) -> Setup {
    let count = rng.random_range(1..=3);
    let channels: Vec<Channel> = (0..count)
        .map(|n| {
            let nil = rng.random_range(0..8) == 0;
            let cap = if nil { 0 } else { rng.random_range(0..4) };
            Channel { name: ["a", "b", "c"][n].into(), cap, nil }
        })
        .collect();
    let goroutines = (0..rng.random_range(1..=5)).map(|n| routine(rng, count, n * 100)).collect();
    let main = if rng.random_range(0..3) == 0 { Main::Elsewhere } else { Main::First };
    Setup { channels, goroutines, main, queued: false, seed: rng.next_u64() }
}

fn routine(rng: &mut ChaCha8Rng, channels: usize, base: i64) -> Routine {
    let mut value = base;
    let program = (0..rng.random_range(0..5)).map(|_| statement(rng, channels, &mut value, 0)).collect();
    Routine { name: String::new(), program, recovers: rng.random_range(0..3) == 0 }
}

fn statement(rng: &mut ChaCha8Rng, channels: usize, value: &mut i64, depth: u32) -> Statement {
    let name = |rng: &mut ChaCha8Rng| String::from(["a", "b", "c"][rng.random_range(0..channels)]);
    let mut next = |rng: &mut ChaCha8Rng| {
        *value += 1;
        if rng.random_range(0..8) == 0 { Value::Last } else { Value::Int(*value) }
    };
    match rng.random_range(0..if depth == 0 { 27 } else { 12 }) {
        0..=2 => Statement::Send(name(rng), next(rng)),
        3..=5 => Statement::Recv(name(rng)),
        6 if rng.random_range(0..4) == 0 => Statement::Cancel(name(rng)),
        6 => Statement::Close(name(rng)),
        7 if rng.random_range(0..2) == 0 => Statement::Len(name(rng)),
        7 => Statement::Cap(name(rng)),
        8..=11 => {
            let mut cases: Vec<Case> = (0..rng.random_range(0..4))
                .map(|_| match rng.random_range(0..2) {
                    0 => Case::Send(name(rng), next(rng), Vec::new()),
                    _ => Case::Recv(name(rng), Vec::new()),
                })
                .collect();
            if rng.random_range(0..3) == 0 {
                cases.push(Case::Default(Vec::new()));
            }
            Statement::Select(cases)
        }
        12 => Statement::Range(name(rng), Vec::new()),
        13 => Statement::Range(name(rng), vec![statement(rng, channels, value, 1)]),
        14 => Statement::Repeat(3, vec![statement(rng, channels, value, 1)]),
        15 => Statement::Loop(vec![statement(rng, channels, value, 1)]),
        16 => Statement::Return,
        17 | 18 => {
            let case = match rng.random_range(0..2) {
                0 => Case::Send(name(rng), next(rng), Vec::new()),
                _ => Case::Recv(name(rng), Vec::new()),
            };
            Statement::Select(vec![case, Case::Default(Vec::new())])
        }
        21..=26 => {
            let value = next(rng);
            usual(rng, channels, value)
        }
        _ => {
            let attempt = Case::Send(name(rng), next(rng), Vec::new());
            Statement::Repeat(3, vec![Statement::Select(vec![attempt, Case::Default(Vec::new())])])
        }
    }
}

/// Loops as programs have them: with a timeout, with `if !ok`, with a case that is switched off, with a default that sleeps.
fn usual(rng: &mut ChaCha8Rng, channels: usize, value: Value) -> Statement {
    let name = |rng: &mut ChaCha8Rng| String::from(["a", "b", "c"][rng.random_range(0..channels)]);
    let (one, other) = (name(rng), name(rng));
    let nils = |name: &str| vec![Statement::IfNotOk(vec![Statement::SetNil(name.into())])];
    match rng.random_range(0..6) {
        0 => {
            let select =
                Statement::Select(vec![Case::Recv(one.clone(), nils(&one)), Case::Recv(other.clone(), nils(&other))]);
            match rng.random_range(0..2) {
                0 => Statement::Loop(vec![select]),
                _ => Statement::ForNotNil(vec![one, other], vec![select]),
            }
        }
        1 => {
            let timeout = Case::After(rng.random_range(0..4) * 5, vec![Statement::Break]);
            let select = Statement::Select(vec![Case::Recv(one, Vec::new()), timeout]);
            if rng.random_range(0..2) == 0 { select } else { Statement::Loop(vec![select]) }
        }
        2 => Statement::After(rng.random_range(1..40)),
        3 => {
            let sleeps = Case::Default(vec![Statement::After(rng.random_range(1..9))]);
            let stop = Case::Recv(one, vec![Statement::Return]);
            Statement::Loop(vec![Statement::Select(vec![stop, sleeps])])
        }
        4 => {
            let leaves = if rng.random_range(0..2) == 0 { Statement::Break } else { Statement::Return };
            Statement::Repeat(3, vec![Statement::Recv(one), Statement::IfNotOk(vec![leaves])])
        }
        _ => {
            let turns = vec![Case::Send(one, value, vec![Statement::Continue]), Case::Default(vec![Statement::Break])];
            Statement::Repeat(2, vec![Statement::Select(turns), Statement::SetNil(other)])
        }
    }
}
