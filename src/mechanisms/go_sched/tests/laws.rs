//! Random runs, mutants, speed.

use super::*;

#[test]
fn random_runs_keep_every_law_and_see_every_event() {
    let start = Instant::now();
    let report = explore::<GoSched>(Options { runs: 1000, seed: 1, steps: 400 }, None);
    println!("{} steps, {} actions, {:?}", report.steps, report.actions, start.elapsed());
    assert_eq!(report.violated, 0, "{:#?}", report.violations.first());
    let rare = |name: &str| GoSched::RARE.iter().any(|(rare, _)| *rare == name);
    let unseen: Vec<_> = report.coverage.iter().filter(|(name, n)| *n == 0 && !rare(name)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
    let missed: Vec<_> = report.sometimes.iter().filter(|(_, reached)| !reached).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn every_law_catches_its_mutants() {
    for law in GoSched::LAWS {
        assert!(GoSched::MUTANTS.iter().any(|mutant| mutant.law == law.name), "{} has no mutant", law.name);
    }
    for mutant in GoSched::MUTANTS {
        let start = Instant::now();
        let law = GoSched::LAWS.iter().find(|law| law.name == mutant.law).unwrap();
        match law.kind {
            LawKind::Sometimes => {
                let report = explore::<GoSched>(Options { runs: 25, seed: 2, steps: 300 }, Some(mutant.spoil));
                assert!(report.sometimes.contains(&(mutant.law, false)), "{}: reached", mutant.what);
            }
            LawKind::Always => {
                let caught = (0..40).any(|seed| {
                    let report = explore::<GoSched>(Options { runs: 40, seed, steps: 400 }, Some(mutant.spoil));
                    report.violations.iter().any(|violation| violation.law == mutant.law)
                });
                assert!(caught, "{} was not caught by {}", mutant.what, mutant.law);
            }
        }
        println!("{}: {:?}", mutant.law, start.elapsed());
    }
}

#[test]
fn what_decided_a_step_is_a_place_in_the_state() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..60 {
        let mut machine = GoSched::start(&GoSched::sample(&mut rng)).unwrap();
        let mut before = json(&machine);
        machine
            .apply(&Action::Run(200), &mut |state, event| {
                let after = serde_json::to_value(state).unwrap();
                for path in event.depends() {
                    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
                    let there = before.pointer(&pointer).or(after.pointer(&pointer));
                    assert!(there.is_some(), "{event:?}: {path}");
                }
                before = after;
            })
            .unwrap();
    }
}

/// A thief takes from the ring between two steps of `runqputslow`: rare, but met.
#[test]
fn an_overflow_that_meets_a_thief_is_met_by_some_run() {
    let met = |seed| {
        let report = explore::<GoSched>(Options { runs: 1000, seed, steps: 400 }, None);
        report.coverage.iter().any(|(name, n)| *name == "OverflowRaced" && *n > 0)
    };
    assert!((2..12).any(met));
}

/// `handoffp` puts the P on the idle list in the middle of the call: the call lasts as long as its program says.
#[test]
fn a_blocking_call_lasts_as_long_as_it_says_whatever_becomes_of_the_p() {
    let setup = setup(4, vec![go("disk", 30), Stmt::Wait], &[("disk", vec![Stmt::SyscallBlock(900_000)])]);
    let mut machine = GoSched::start(&setup).unwrap();
    let (mut blocked, mut early) = (0, 0);
    machine
        .apply(&Action::Run(2_000), &mut |state, event| match event {
            Event::SyscallBlocks { until, .. } => {
                assert_eq!(until, 900_000);
                blocked += 1;
            }
            Event::SyscallReturned { .. } if state.now() < 900_000 => early += 1,
            _ => {}
        })
        .unwrap();
    assert_eq!((blocked, early), (30, 0));
}
