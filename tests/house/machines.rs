//! Every machine of the catalogue: random runs against its laws, broken machines, words for every event.
//! That every event is met and every mutant caught takes a thousand runs: [`extent`] says when.

use glassbox::catalog::Catalog;
use glassbox::explore::{Options, Report};
use glassbox::kind::MechanismKind;

use crate::extent;

#[test]
fn random_runs_break_no_law_and_a_thousand_meet_every_event() {
    for kind in extent::kinds(&Catalog::default()) {
        let report = kind.explore(Options { runs: extent::of(18, 1_000), seed: 1, steps: 400 }, None);
        assert!(report.violations.is_empty(), "{}: {:?}", kind.id, report.violations);
        assert_eq!(report.coverage.len(), kind.events.len());
        let met = |event: &str| report.coverage.iter().any(|(name, count)| *name == event && *count > 0);
        let expected: Vec<_> =
            kind.events.iter().filter(|event| !kind.rare.iter().any(|(rare, _)| rare == *event)).collect();
        let unmet: Vec<_> = expected.iter().filter(|event| !met(event)).collect();
        assert!(unmet.len() * 2 <= expected.len(), "{}: most events are not met: {unmet:?}", kind.id);
        if extent::whole() {
            assert!(unmet.is_empty(), "{}: no run met {unmet:?}", kind.id);
            let missed: Vec<_> = report.sometimes.iter().filter(|(_, reached)| !reached).collect();
            assert!(missed.is_empty(), "{}: no run reached {missed:?}", kind.id);
        }
    }
}

#[test]
fn every_law_has_a_broken_machine_that_it_catches() {
    for kind in extent::kinds(&Catalog::default()) {
        for law in &kind.laws {
            assert!(kind.mutants.iter().any(|(caught, _)| caught == law), "{}: no mutant for {law}", kind.id);
        }
        // A few runs of each are tried in `proofs`.
        if !extent::whole() {
            continue;
        }
        let sound = kind.explore(Options { runs: 1, seed: 1, steps: 1 }, None);
        for (i, (law, what)) in kind.mutants.iter().enumerate() {
            // A law of the kind "sometimes" catches a machine that never gets there.
            if sound.sometimes.iter().any(|(sometimes, _)| sometimes == law) {
                let report = kind.explore(Options { runs: 400, seed: 7, steps: 1_000 }, Some(i));
                assert!(report.sometimes.contains(&(*law, false)), "{}: `{what}` gets to {law}", kind.id);
                continue;
            }
            let report = catching_report(kind, i, law);
            let report = report.unwrap_or_else(|| panic!("{}: `{what}` is not caught by {law}", kind.id));
            let others = report.violations.iter().find(|violation| violation.law != *law);
            assert!(others.is_none(), "{}: `{what}` is caught by others than {law}: {others:?}", kind.id);
        }
    }
}

/// Some faults need a rare moment to show: many short searches find it sooner than one long one.
fn catching_report(kind: &MechanismKind, mutant: usize, law: &str) -> Option<Report> {
    let mut reports = (1..=400).map(|seed| kind.explore(Options { runs: 10, seed, steps: 300 }, Some(mutant)));
    reports.find(|report| report.violations.iter().any(|violation| violation.law == law))
}

#[test]
fn the_same_seed_gives_the_same_runs() {
    for kind in extent::kinds(&Catalog::default()) {
        let options = Options { runs: extent::of(5, 20), seed: 5, steps: 200 };
        let (a, b) = (kind.explore(options, None), kind.explore(options, None));
        assert_eq!((a.steps, a.coverage), (b.steps, b.coverage), "{}", kind.id);
    }
}

/// Each figure stands in the state where its spec says, or says from what it is derived; each place that an event depends
/// on is there. Captions rest on the figures, the why panel on the places.
#[test]
fn figures_and_reasons_are_what_the_state_says() {
    for kind in extent::kinds(&Catalog::default()) {
        let (runs, share) = extent::of((28, 4), (1_000, 20));
        let facts = kind.facts(Options { runs, seed: 3, steps: 250 });
        assert!(facts.faults.is_empty(), "{}: {:#?}", kind.id, facts.faults.values());
        let rare = |event: &&str| kind.rare.iter().any(|(rare, _)| rare == event);
        let unseen: Vec<_> =
            kind.events.iter().filter(|event| !facts.events.contains(*event) && !rare(event)).collect();
        assert!(unseen.len() * share <= kind.events.len(), "{}: never judged: {unseen:?}", kind.id);
        assert!(facts.checked > 0 && facts.resolved > 0, "{}: {facts:?}", kind.id);
    }
}
