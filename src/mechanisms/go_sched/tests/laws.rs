//! Random runs, mutants, speed.

use super::*;

#[test]
fn random_runs_keep_every_law_and_see_every_event() {
    let start = Instant::now();
    let report = explore::<GoSched>(Options { runs: 1000, seed: 1, steps: 400 }, None);
    println!("{} steps, {} actions, {:?}", report.steps, report.actions, start.elapsed());
    assert_eq!(report.violated, 0, "{:#?}", report.violations.first());
    let unseen: Vec<_> = report.coverage.iter().filter(|(_, n)| *n == 0).collect();
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
        machine.run(200, &mut |state, event| {
            let after = serde_json::to_value(state).unwrap();
            for path in event.depends() {
                let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
                let there = before.pointer(&pointer).or(after.pointer(&pointer));
                assert!(there.is_some(), "{event:?}: {path}");
            }
            before = after;
        });
    }
}

/// Eight Ps and 200 goroutines, all laws after every step: `cargo test --release -- --ignored --nocapture speed`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let ch = || String::from("c");
    let mut setup = setup(
        8,
        vec![go("compute", 80), go("send", 60), go("recv", 60), Stmt::Wait],
        &[
            ("compute", vec![Stmt::Compute(20), Stmt::Gosched, Stmt::Syscall(30), Stmt::Sleep(40), Stmt::Again(400)]),
            ("send", vec![Stmt::Compute(3), Stmt::Send(ch()), Stmt::Again(2000)]),
            ("recv", vec![Stmt::Recv(ch()), Stmt::Compute(5), Stmt::Again(2000)]),
        ],
    );
    setup.chans.insert(ch(), 2);
    let mut machine = GoSched::start(&setup).unwrap();
    machine.run(20_000, &mut |_, _| {});
    let laws: Vec<_> = GoSched::LAWS.iter().filter(|law| law.kind == LawKind::Always).collect();
    for checked in [false, true] {
        let start = Instant::now();
        let steps = machine.run(500_000, &mut |state, _| {
            if checked {
                laws.iter().for_each(|law| (law.check)(state).unwrap());
            }
        });
        let rate = f64::from(steps) / start.elapsed().as_secs_f64();
        println!("{steps} steps, laws {checked}: {rate:.0} a second; {} goroutines", machine.live().count());
    }
    let start = Instant::now();
    let copies: Vec<GoSched> = (0..1000).map(|_| machine.clone()).collect();
    println!("a clone takes {:?}", start.elapsed() / copies.len() as u32);
}

#[test]
#[ignore = "longer runs from more seeds"]
fn many_more_random_runs() {
    for seed in 10..40 {
        let report = explore::<GoSched>(Options { runs: 1000, seed, steps: 2000 }, None);
        assert_eq!(report.violated, 0, "{seed}: {:#?}", report.violations.first());
    }
}
