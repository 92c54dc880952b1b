//! Every machine of the catalogue: random runs against its laws, broken machines, words for every event.

use glassbox::catalog::Catalog;
use glassbox::explore::Options;

#[test]
fn a_thousand_random_runs_break_no_law_and_meet_every_event() {
    for kind in Catalog::default().kinds() {
        let report = kind.explore(Options { runs: 1_000, seed: 1, steps: 400 }, None);
        assert!(report.violations.is_empty(), "{}: {:?}", kind.id, report.violations);
        let never: Vec<_> = report.coverage.iter().filter(|(_, count)| *count == 0).map(|(name, _)| *name).collect();
        assert!(never.is_empty(), "{}: no run met {never:?}", kind.id);
        assert_eq!(report.coverage.len(), kind.events.len());
    }
}

#[test]
fn every_law_has_a_broken_machine_that_it_catches() {
    for kind in Catalog::default().kinds() {
        for law in &kind.laws {
            assert!(kind.mutants.iter().any(|(caught, _)| caught == law), "{}: no mutant for {law}", kind.id);
        }
        for (i, (law, what)) in kind.mutants.iter().enumerate() {
            let report = kind.explore(Options { runs: 400, seed: 7, steps: 300 }, Some(i));
            let caught = report.violations.iter().any(|violation| violation.law == *law);
            assert!(caught, "{}: `{what}` is not caught by {law}: {:?}", kind.id, report.violations);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_runs() {
    for kind in Catalog::default().kinds() {
        let options = Options { runs: 20, seed: 5, steps: 200 };
        let (a, b) = (kind.explore(options, None), kind.explore(options, None));
        assert_eq!((a.steps, a.coverage), (b.steps, b.coverage), "{}", kind.id);
    }
}
