//! The heap of a few objects, in every order; the pacer against recordings.

use crate::explore::{Options, explore, facts};
use crate::machine::Machine;
use crate::replay::{Recording, Replay};

use super::state::GoGc;

#[test]
fn scratch_random() {
    let report = explore::<GoGc>(Options { runs: 1000, seed: 1, steps: 400 }, None);
    println!("{:#?}", report.violations);
    println!("{:?}", report.coverage.iter().filter(|(_, n)| *n == 0).collect::<Vec<_>>());
    println!("{:?}", report.sometimes);
    let facts = facts::<GoGc>(Options { runs: 200, seed: 3, steps: 250 });
    println!("{:#?}", facts.faults);
}

#[test]
fn scratch_replay() {
    for entry in std::fs::read_dir("tests/recordings/go-gc").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let report = GoGc::replay(Recording::new(&text));
        println!("{path:?}: {}", report.map_or_else(|e| e.to_string(), |r| r.to_string()));
    }
}

#[test]
fn scratch_mutants() {
    use crate::machine::Lawful;
    for (i, mutant) in GoGc::MUTANTS.iter().enumerate() {
        let sometimes = GoGc::LAWS.iter().any(|law| law.name == mutant.law && law.kind == crate::machine::LawKind::Sometimes);
        if sometimes {
            let report = explore::<GoGc>(Options { runs: 250, seed: 7, steps: 300 }, Some(mutant.spoil));
            println!("{i} {} sometimes: violated {} {:?} reached {:?}", mutant.law, report.violated, report.violations.first().map(|v| (v.law, v.message.clone())), report.sometimes.iter().find(|(n, _)| *n == mutant.law));
            continue;
        }
        let mut own = 0;
        let mut others = Vec::new();
        for seed in 1..=12 {
            let report = explore::<GoGc>(Options { runs: 10, seed, steps: 300 }, Some(mutant.spoil));
            for v in report.violations { if v.law == mutant.law { own += 1 } else { others.push((v.law, v.message, v.setup, v.actions)) } }
        }
        println!("{i} {} {}: own {own}, others {} {:?}", mutant.law, mutant.what, others.len(), others.first());
    }
}
