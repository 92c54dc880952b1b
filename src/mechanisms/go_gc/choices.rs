//! What may be chosen: statements of a goroutine, and setups for random runs.

use std::collections::BTreeSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use strum::IntoEnumIterator;

use super::setup::{Mode, Pacing, Pointers, Routine, Setup, Stmt};
use super::state::{GoGc, Goroutine, NIL};
use super::ways::Serving;

/// Small heaps of every mode; of fifteen runs three compare ways and three are of the pacer; of the others every third one has a
/// program that hides an object from the collector.
pub(super) fn sample(rng: &mut ChaCha8Rng) -> Setup {
    let mut any = |most: u32| rng.random_range(0..most) as usize;
    let kind = any(15);
    if (2..5).contains(&kind) {
        let (parts, bytes) = (1 + any(24) as u64, [16, 100, 256, 4096][any(4)]);
        return Setup { serving: Some(Serving { parts, bytes, ..Serving::default() }), ..Setup::default() };
    }
    if kind >= 12 {
        let limit = if any(2) == 0 { -1 } else { (8 + any(8) as i64) << 20 };
        return Setup {
            pacing: Some(Pacing { gogc: [50, 100, 200, -1][any(4)], limit, ..Pacing::default() }),
            ..Setup::default()
        };
    }
    if any(3) == 0 {
        return hiding([Mode::Hybrid, Mode::Deletion, Mode::NoBarrier][any(3)]);
    }
    let names = ["A", "B", "C", "D", "E"];
    let count = 2 + any(4);
    let mut to = |nil: u32| if any(nil) == 0 { NIL.to_owned() } else { names[any(count as u32)].to_owned() };
    let slots = |at: usize, to: &mut dyn FnMut(u32) -> String| {
        let slots = if at % 4 == 3 { &[][..] } else { &["f", "g"][..1 + at % 2] };
        slots.iter().map(|slot| ((*slot).to_owned(), to(3))).collect::<Pointers>()
    };
    let objects = (0..count).map(|at| (names[at].to_owned(), slots(at, &mut to))).collect();
    let globals = [(String::from("G"), to(4))].into();
    let stacks: Vec<Pointers> = (0..2).map(|_| ["x", "y"].map(|x| (x.to_owned(), to(4))).into()).collect();
    let routines = stacks.into_iter().enumerate().map(|(at, stack)| {
        let program = match at {
            0 => vec![
                Stmt::Copy("z".into(), "x".into()),
                Stmt::Write("G".into(), "z".into()),
                Stmt::Write("G".into(), NIL.into()),
            ],
            _ => vec![Stmt::New("n".into(), "N".into()), Stmt::Store("n".into(), "next".into(), "n".into())],
        };
        Routine { name: String::new(), stack, program }
    });
    let goroutines = routines.take(1 + any(2)).collect();
    let modes = Mode::iter().chain([Mode::Hybrid, Mode::Insertion, Mode::Deletion, Mode::Hybrid]);
    let modes = modes.chain([Mode::GreenTea; 3]);
    let modes: Vec<Mode> = modes.collect();
    let gc = modes[any(modes.len() as u32)];
    let over512 = if gc == Mode::GreenTea && any(2) == 0 { [String::from("B")].into() } else { BTreeSet::new() };
    let (procs, span, wbbuf) = (1 + any(2) as u32, 2 + any(3), [2, 4, 512][any(3)]);
    Setup {
        gc,
        objects,
        globals,
        goroutines,
        procs,
        span: span.max(count.div_ceil(3)),
        over512,
        wbbuf,
        assist: any(2) == 0,
        ..Setup::default()
    }
}

/// The only pointer to B goes from the heap to a stack: a barrier that does not record it loses B.
fn hiding(gc: Mode) -> Setup {
    let pointer = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let hide = [
        Stmt::Read("x".into(), "G".into()),
        Stmt::Load("y".into(), "x".into(), "f".into()),
        Stmt::Store("x".into(), "f".into(), NIL.into()),
    ];
    Setup {
        gc,
        objects: [("A", "B"), ("B", NIL)].map(|(name, to)| (name.to_owned(), [pointer("f", to)].into())).into(),
        globals: [pointer("G", "A")].into(),
        goroutines: vec![Routine { name: String::new(), stack: Pointers::new(), program: hide.into() }],
        wbbuf: 4,
        ..Setup::default()
    }
}

impl GoGc {
    /// Statements that a goroutine may carry out now, a few of each kind.
    pub(super) fn statements(&self, goroutine: &Goroutine) -> Vec<Stmt> {
        let mut found = Vec::new();
        let vars: Vec<&String> = goroutine.stack.keys().collect();
        let first = vars.first().map_or("x", |x| x.as_str()).to_owned();
        for x in &vars {
            let object = goroutine.stack.get(*x).and_then(|to| self.objects.get(to));
            for slot in object.into_iter().flat_map(|object| object.slots.keys()) {
                found.push(Stmt::Load(first.clone(), (*x).clone(), slot.clone()));
                found.push(Stmt::Store((*x).clone(), slot.clone(), NIL.to_owned()));
                found.extend(vars.iter().map(|y| Stmt::Store((*x).clone(), slot.clone(), (*y).clone())));
            }
            found.push(Stmt::Drop((*x).clone()));
        }
        for global in self.globals.keys() {
            found.push(Stmt::Read(first.clone(), global.clone()));
            found.push(Stmt::Write(global.clone(), NIL.to_owned()));
            found.extend(vars.iter().map(|x| Stmt::Write(global.clone(), (*x).clone())));
        }
        if let [a, .., b] = &vars[..] {
            found.push(Stmt::Copy((*a).clone(), (*b).clone()));
        }
        found.push(Stmt::New(first.clone(), format!("N{}", self.made)));
        found.extend(vars.first().map(|x| Stmt::Go((*x).clone())));
        found
    }
}
