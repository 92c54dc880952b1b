//! Proofs that bite, for every mechanism of the catalogue: what a refusal may change, whose law catches a mutant, how draws
//! are distributed, what a gauge is called, what any setup looks like.

use glassbox::catalog::{Catalog, Source};
use glassbox::diagram::Size;
use glassbox::explore::Options;
use glassbox::scene::{Run, lint};
use serde_json::Value;

use crate::extent;

#[test]
fn what_is_not_offered_is_refused_without_a_trace_or_carried_out() {
    for kind in extent::kinds(&Catalog::default()) {
        let found = kind.refusals(Options { runs: 6, seed: 11, steps: 25 });
        assert!(found.faults.is_empty(), "{}: {:#?}", kind.id, found.faults);
        let enough = found.taken >= 50 && found.refused >= 50 && found.unreadable >= 50;
        assert!(enough, "{}: {found:?}", kind.id);
    }
}

/// The limit of a run's steps holds inside an action too, for broken machines as well.
#[test]
fn a_run_is_never_longer_than_it_may_be() {
    for kind in extent::kinds(&Catalog::default()) {
        for mutant in std::iter::once(None).chain((0..kind.mutants.len()).map(Some)) {
            let options = Options { runs: 6, seed: 2, steps: 37 };
            let report = kind.explore(options, mutant);
            assert!(report.steps <= options.runs * options.steps, "{} {mutant:?}: {}", kind.id, report.steps);
        }
    }
}

/// In the first run that breaks a law, the broken law is the mutant's own.
#[test]
fn a_mutant_is_caught_by_its_own_law_first() {
    for kind in extent::kinds(&Catalog::default()) {
        let sometimes = kind.explore(Options { runs: 1, seed: 1, steps: 1 }, None).sometimes;
        let always = kind.mutants.iter().enumerate().filter(|(_, (law, _))| sometimes.iter().all(|(s, _)| s != law));
        let (mut own, mut others) = (0, Vec::new());
        for (i, (law, what)) in always.step_by(extent::every(3)) {
            let mut reports =
                (1..=extent::of(2, 40)).map(|seed| kind.explore(Options { runs: 10, seed, steps: 300 }, Some(i)));
            let first = reports.find_map(|report| report.violations.into_iter().next());
            match first {
                Some(violation) if violation.law == *law => own += 1,
                Some(violation) => others.push(format!("{law}, {what}: {}: {}", violation.law, violation.message)),
                // It needs a rarer moment: the longer search of `machines` finds it.
                None => {}
            }
        }
        println!("{}: {own} by their own law first, not so: {others:#?}", kind.id);
        assert!(own > others.len(), "{}: {own} by their own law, {others:#?}", kind.id);
        assert!(others.is_empty(), "{}: {others:#?}", kind.id);
    }
}

/// A machine that never gets to a story breaks no other law on the way, and the sound machine gets there in the same runs.
#[test]
fn a_mutant_of_a_story_only_misses_the_story() {
    for kind in extent::kinds(&Catalog::default()) {
        let options = Options { runs: extent::of(22, 250), seed: 7, steps: 300 };
        let sound = kind.explore(options, None);
        let reached = |law: &str| sound.sometimes.iter().any(|(name, reached)| *name == law && *reached);
        let mut wrong = Vec::new();
        for (i, (law, what)) in
            kind.mutants.iter().enumerate().filter(|(_, (law, _))| reached(law)).step_by(extent::every(3))
        {
            let report = kind.explore(options, Some(i));
            if report.violated > 0 || report.sometimes.contains(&(*law, true)) {
                wrong.push(format!("{law}, {what}: {:?}", report.violations.first().map(|v| v.law)));
            }
        }
        println!("{}: stories whose mutants do more than miss them: {wrong:#?}", kind.id);
        let all = sound.sometimes.len();
        assert!(all == 0 || sound.sometimes.iter().filter(|(_, reached)| *reached).count() * 2 >= all, "{}", kind.id);
        assert!(wrong.is_empty(), "{}: {wrong:#?}", kind.id);
    }
}

#[test]
fn draws_have_their_distribution() {
    for kind in extent::kinds(&Catalog::default()) {
        let draws = kind.draws();
        for draw in &draws {
            assert!(draw.counts.len() >= 2 && draw.chi_square <= draw.limit, "{}: {draw:?}", kind.id);
        }
        let seeded = kind.sampled(1).contains("seed:");
        assert!(!seeded || !draws.is_empty(), "{}: a seed, and no draws", kind.id);
    }
}

/// Each gauge that a machine shows is declared, each declared one is shown, and a title that is missing or of nothing is
/// a fault.
#[test]
fn gauges_are_declared_shown_and_titled() {
    for kind in extent::kinds(&Catalog::default()) {
        let met = kind.facts(Options { runs: 16, seed: 4, steps: 80 }).gauges;
        assert_eq!(met, kind.gauges.iter().copied().collect(), "{}", kind.id);
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes").join(kind.id);
        let text = std::fs::read_to_string(folder.join("mechanism.ron")).unwrap();
        let Some(gauge) = kind.gauges.first() else { continue };
        let gauges = text.find("gauges:").unwrap();
        let renamed = text[gauges..].replacen(&format!("\"{gauge}\""), "\"nonsense\"", 1);
        let path = format!("own/{}/mechanism.ron", kind.id);
        let text = format!("{}{renamed}", &text[..gauges]);
        let own = Source { path, folder: kind.id.to_owned(), name: "mechanism".to_owned(), text };
        let faults = Catalog::with(vec![own]).words(kind.id).map(drop).expect_err(kind.id);
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|fault| fault.contains(&format!("gauge `{gauge}`"))), "{told:?}");
        assert!(told.iter().any(|fault| fault.contains("nonsense")), "{told:?}");
    }
}

/// Whatever setup a script has, each step and each choice shows a legible picture.
#[test]
fn setups_of_every_kind_are_legible() {
    for kind in extent::kinds(&Catalog::default()) {
        let mut shown = 0;
        for seed in 0..extent::of(2, 6) {
            let text = format!(
                "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: {}, beats: [])",
                kind.sampled(seed)
            );
            let run = staged(kind.id, text.clone()).unwrap_or_else(|faults| panic!("{}: {faults}\n{text}", kind.id));
            let mut random = seed as usize + 7;
            let mut next = |n: usize| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) % n
            };
            let choices = run.choices(0);
            let mut branch = run.fork(0, &choices[next(choices.len())].text).unwrap();
            for _ in 0..8 {
                let choices = branch.choices(branch.steps());
                if choices.is_empty() || branch.steps() > 60 {
                    break;
                }
                branch.act(&choices[next(choices.len())].text).unwrap();
            }
            shown += branch.steps();
            assert_eq!(lint::lint(&*branch), Vec::<String>::new(), "{}, seed {seed}: {text}", kind.id);
        }
        assert!(shown >= 10, "{}: {shown} steps", kind.id);
    }
}

fn staged(mechanism: &str, text: String) -> Result<Box<dyn Run>, String> {
    let path = format!("own/{mechanism}/x.ron");
    let own = Source { path, folder: mechanism.to_owned(), name: "x".to_owned(), text };
    Catalog::only(vec![own]).stage(&format!("{mechanism}/x")).map_err(|faults| faults[0].to_string())
}

/// Scenes of every mechanism, damaged: faults with causes, never a panic.
#[test]
fn damaged_scenes_of_every_mechanism_are_told() {
    let catalog = Catalog::default();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut refused = 0;
    for scene in extent::scenes(&catalog) {
        let mechanism = catalog.mechanism_of(scene);
        let name = scene.id.rsplit('/').next().unwrap();
        let text = std::fs::read_to_string(root.join(format!("scenes/{mechanism}/{name}.ron"))).unwrap();
        let begin: Vec<char> = text.chars().collect();
        let mut random = scene.id.len();
        for _ in 0..3 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (at, long) = ((random >> 33) % begin.len(), (random >> 20) % 4);
            let mut damaged = begin.clone();
            damaged
                .splice(at..(at + long).min(begin.len()), ["9", ")", "", "\"", "0", "-1"][(random >> 40) % 6].chars());
            match staged(mechanism, damaged.into_iter().collect()) {
                Ok(run) => drop(run.picture(run.steps(), Size::Window)),
                Err(fault) => {
                    assert!(fault.contains(".ron") && fault.len() > 20, "{}: {fault}", scene.id);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused * 3 >= extent::scenes(&catalog).count(), "{refused} of the damaged scenes are refused");
}

/// The changes named for a step, made to the state before it, give the state after it; and nothing else is named. The
/// oracle does not look for differences: it makes them.
#[test]
fn changes_lead_from_one_state_to_the_next() {
    let catalog = Catalog::default();
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap();
        for at in (1..=run.steps()).step_by(extent::of(29, 9)) {
            let (before, after) = (leaves(&run.state(at - 1)), leaves(&run.state(at)));
            let named = run.changes(at);
            for change in &named {
                assert_ne!(change.old, change.new, "{}@{at}: {}", scene.id, change.path);
            }
            // Outside of the named places both states have the same leaves; below each, what the change says.
            let outside = |leaves: &[(String, Value)]| -> Vec<(String, Value)> {
                let named = |path: &str| named.iter().any(|change| below(path, &change.path));
                leaves.iter().filter(|(path, _)| !named(path)).cloned().collect()
            };
            let (mut left, mut right) = (outside(&before), outside(&after));
            left.retain(|(_, value)| !empty(value));
            right.retain(|(_, value)| !empty(value));
            left.sort_by(|a, b| a.0.cmp(&b.0));
            right.sort_by(|a, b| a.0.cmp(&b.0));
            assert_eq!(left, right, "{}@{at}: {named:?}", scene.id);
        }
    }
}

fn empty(value: &Value) -> bool {
    matches!(value, Value::Null)
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(|o| o.is_empty())
}

fn below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Each place of a state that has no places below it.
fn leaves(state: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut todo = vec![(String::new(), state.clone())];
    while let Some((path, value)) = todo.pop() {
        match &value {
            Value::Object(fields) if !fields.is_empty() => {
                let dot = if path.is_empty() { "" } else { "." };
                todo.extend(fields.iter().map(|(name, value)| (format!("{path}{dot}{name}"), value.clone())));
            }
            Value::Array(items) if !items.is_empty() => {
                todo.extend(items.iter().enumerate().map(|(i, value)| (format!("{path}[{i}]"), value.clone())));
            }
            _ => found.push((path, value)),
        }
    }
    found
}
