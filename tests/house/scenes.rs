//! Every scene of the catalogue: words, pictures, claims, and that it plays the same in any order.

use std::collections::BTreeSet;

use glassbox::catalog::{Catalog, Source};
use glassbox::diagram::{Diagram, Size, tween};
use glassbox::explore::Options;
use glassbox::scene::{Caption, Run, captions, diff, lint, page, stage};
use glassbox::text::{Lang, Text};
use serde_json::Value;

use crate::extent;

fn every_run(mut check: impl FnMut(&str, &dyn Run)) {
    let catalog = Catalog::default();
    assert!(!catalog.scenes().is_empty());
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap_or_else(|faults| panic!("{}: {faults:?}", scene.id));
        check(&scene.id, &*run);
    }
}

/// Of a sample every sixth scene, of the whole each.
fn some_runs(mut check: impl FnMut(&str, &dyn Run)) {
    let mut number = 0;
    every_run(|id, run| {
        if number % extent::of(6, 1) == 0 {
            check(id, run);
        }
        number += 1;
    });
}

#[test]
fn every_scene_has_20_to_90_steps_and_words_in_both_languages() {
    let catalog = Catalog::default();
    every_run(|id, run| {
        assert!((20..=90).contains(&run.steps()), "{id} has {} steps", run.steps());
        let header = catalog.header(catalog.scene(id).unwrap()).unwrap();
        for lang in Lang::ALL {
            assert!(!header.title.get(lang).is_empty() && !header.summary.get(lang).is_empty(), "{id}: {lang:?}");
        }
        let said = (1..=run.steps()).filter(|&at| {
            let caption = &run.mechanism().captions[run.event(at).unwrap().name];
            let general = caption.why.iter().chain(caption.cases.iter().filter_map(|case| case.why.as_ref()));
            let aside = run.caption(at, Lang::Zh).remark();
            let plain = |why: &Text| {
                Caption { means: captions::filled(&why.zh, &run.figures(at), Lang::Zh), ..Caption::default() }.meaning()
            };
            !aside.is_empty() && general.map(plain).all(|why| why != aside)
        });
        assert!(said.count() >= 3, "{id}: the author says nothing");
    });
}

#[test]
fn every_caption_fills_its_placeholders() {
    every_run(|id, run| assert_eq!(stage::lint_words(run, id), Vec::new()));
}

/// Also those of events that only branches and random runs meet.
#[test]
fn every_caption_of_every_event_fills_its_placeholders() {
    let catalog = Catalog::default();
    for kind in extent::kinds(&catalog) {
        let words = catalog.words(kind.id).unwrap();
        let report = kind.explore(Options { runs: extent::of(18, 450), seed: 7, steps: 400 }, None);
        assert!(
            report.samples.len() * 10 >= words.captions.len() * extent::of(5, 9),
            "{}: {}",
            kind.id,
            report.samples.len()
        );
        let events = report.samples.iter().flat_map(|(name, seen)| seen.iter().map(move |event| (*name, event)));
        let faults = |(name, event): (&str, &Value)| {
            let missing = captions::faults(&words.captions[name], event.get(name).unwrap_or(event));
            (!missing.is_empty()).then(|| format!("{event} has no {missing:?}"))
        };
        let faults: Vec<String> = events.filter_map(faults).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", kind.id);
    }
}

#[test]
fn every_picture_is_legible() {
    some_runs(|id, run| assert_eq!(lint::lint(run), Vec::<String>::new(), "{id}"));
}

#[test]
fn every_claim_points_at_a_step() {
    let catalog = Catalog::default();
    for kind in extent::kinds(&catalog) {
        let words = catalog.words(kind.id).unwrap();
        // Without scenes of its own there is nothing to show a claim with.
        if kind.traced.is_some() {
            continue;
        }
        assert!(!words.claims.is_empty(), "{} has no claims", kind.id);
        for claim in &words.claims {
            catalog.moment(kind.id, &claim.shown).unwrap_or_else(|error| panic!("{}: {error}", claim.says.en));
        }
    }
}

#[test]
fn a_table_of_differences_belongs_to_its_scene_and_its_branches() {
    let run = Catalog::default().stage("go-chan/versus-cond").unwrap();
    let table = run.table().expect("the scene compares two things");
    assert_eq!((table.heads.0.en.as_str(), table.heads.1.en.as_str()), ("channel", "sync.Cond"));
    assert!(table.rows.len() >= 5);
    let action = run.choices(3).remove(0).text;
    assert_eq!(run.fork(3, &action).unwrap().table(), Some(table));
    assert!(Catalog::default().stage("go-map/growth").unwrap().table().is_none());
}

/// Forward, back, and in a scattered order, a position always shows the same state and the same picture.
#[test]
fn seeking_in_any_order_shows_the_same() {
    some_runs(|id, run| {
        let catalog = Catalog::default();
        let n = run.steps();
        let forward: Vec<_> = (0..=n).map(|at| (run.state(at), run.picture(at, Size::Window))).collect();
        let other = catalog.stage(id).unwrap();
        let scattered = (0..=n).map(|i| (i * 37 + 11) % (n + 1));
        for at in (0..=n).rev().chain(scattered).step_by(extent::of(3, 1)) {
            assert_eq!(other.state(at), forward[at].0, "{id}@{at}");
            assert_eq!(other.picture(at, Size::Window), forward[at].1, "{id}@{at}");
        }
    });
}

/// What the panel of changes has to say. That it says no more and no less than what differs: `proofs`.
#[test]
fn most_steps_change_the_state() {
    some_runs(|id, run| {
        let changed = (1..=run.steps()).filter(|&at| !run.changes(at).is_empty()).count();
        assert!(changed * 2 > run.steps(), "{id}: only {changed} steps change the state");
    });
}

#[test]
fn laws_hold_at_every_step_of_every_scene() {
    every_run(|id, run| {
        for at in 0..=run.steps() {
            for law in run.laws(at).into_iter().filter(|law| law.always) {
                assert_eq!(law.outcome, Ok(()), "{id}@{at}: {}", law.name);
            }
        }
    });
}

/// What a machine must be able to get to, its scenes show.
#[test]
fn every_story_is_in_a_scene() {
    let (mut reached, mut missed) = (BTreeSet::new(), BTreeSet::new());
    every_run(|id, run| {
        let mechanism = id.split('/').next().unwrap();
        for law in (0..=run.steps()).flat_map(|at| run.laws(at)).filter(|law| !law.always) {
            let met = if law.outcome.is_ok() { &mut reached } else { &mut missed };
            met.insert((mechanism.to_owned(), law.name));
        }
    });
    let never: Vec<(&str, &str)> =
        missed.difference(&reached).map(|(mechanism, law)| (mechanism.as_str(), *law)).collect();
    let known: Vec<_> = IN_NO_SCENE.into_iter().filter(|(mechanism, _)| extent::only(mechanism)).collect();
    assert_eq!(never, known, "stories that no scene gets to");
}

/// Stories that only what-ifs and random runs get to. It is to be empty.
const IN_NO_SCENE: [(&str, &str); 6] = [
    ("go-chan", "panic-close-nil"),
    ("go-map", "iteration-fatal"),
    ("go-sched", "deadlock"),
    ("go-sched", "polled-network"),
    ("go-sync-map", "cas-lost"),
    ("go-sync-map", "comparing-panics"),
];

#[test]
fn a_tween_begins_at_one_picture_and_ends_at_the_next() {
    some_runs(|id, run| {
        for at in 0..run.steps() {
            let (a, b) =
                (page::compose(run, at, Lang::Zh, Size::Window), page::compose(run, at + 1, Lang::Zh, Size::Window));
            assert_eq!(tween(&a, &b, 0.0), a, "{id}@{at}");
            assert_eq!(tween(&a, &b, 1.0), b, "{id}@{at}");
            let middle = tween(&a, &b, 0.5);
            moves_only_between(&a, &b, &middle);
        }
    });
}

/// A mark that has the same place before and after does not move in between.
fn moves_only_between(a: &Diagram, b: &Diagram, middle: &Diagram) {
    for mark in &middle.marks {
        if let (Some(from), Some(to)) = (a.get(&mark.key), b.get(&mark.key))
            && from.rect == to.rect
        {
            assert_eq!(mark.rect, from.rect, "{} moves for no reason", mark.key);
        }
    }
}

#[test]
fn reasons_are_earlier_steps() {
    some_runs(|id, run| {
        let mut found = 0;
        for at in 1..=run.steps() {
            for reason in run.reasons(at, usize::MAX).unwrap() {
                assert!(reason.at >= 1 && reason.at < at, "{id}@{at}: {reason:?}");
                let changes = run.changes(reason.at);
                assert!(
                    changes.iter().any(|change| diff::touches(&change.path, &reason.path)),
                    "{id}@{at}: {reason:?}"
                );
                found += 1;
            }
        }
        assert!(found > 0, "{id}: no step has a reason");
    });
}

/// A click on a mark reaches a place that the state really has.
#[test]
fn every_mark_leads_to_a_place_in_the_state() {
    some_runs(|id, run| {
        let mut places = 0;
        for at in 0..=run.steps() {
            let state = run.state(at);
            for mark in &run.picture(at, Size::Window).marks {
                let Some(path) = &mark.path else { continue };
                assert!(place_in(&state, path), "{id}@{at}: mark {} leads to {path}", mark.key);
                places += 1;
            }
        }
        assert!(places > 0, "{id}: no mark leads anywhere");
    });
}

/// Whether a value has something at a path such as `buckets[3].tophash[1]`.
fn place_in(state: &Value, path: &str) -> bool {
    state.pointer(&format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/"))).is_some()
}

/// At every step of every scene each choice forks, and leaves the parent as it was.
#[test]
fn every_choice_forks_at_every_step() {
    some_runs(|id, run| {
        let steps = run.steps();
        for at in (0..=steps).step_by(extent::of(9, 3)) {
            for choice in run.choices(at).into_iter().map(|choice| choice.text) {
                let fork = run.fork(at, &choice).unwrap_or_else(|error| panic!("{id}@{at} {choice}: {error:?}"));
                assert!(fork.steps() > at, "{id}@{at} {choice}: no step");
                assert_eq!(fork.same_until(run).min(at), at, "{id}@{at} {choice}: the past differs");
                assert_eq!(fork.state(at), run.state(at), "{id}@{at} {choice}");
            }
        }
        assert_eq!(run.steps(), steps);
    });
}

/// A reader may fill a map of any size: filled to its brim, it grows with the next key, and every step is legible.
#[test]
fn maps_of_every_size_are_legible() {
    for exponent in extent::of(&[1, 3][..], &[1, 2, 3, 4, 5, 6, 8, 10]) {
        let full = 13u32 << (exponent - 1);
        let text = format!(
            "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: (hint: {full}, filled: {full}),
            beats: [(do: Insert(\"one\")), (do: Get(\"k7\")), (do: Insert(\"two\")), (do: Delete(\"k9\"))])"
        );
        let (path, folder, name) = ("own/go-map/x.ron".to_owned(), "go-map".to_owned(), "x".to_owned());
        let catalog = Catalog::only(vec![Source { path, folder, name, text }]);
        let run = catalog.stage("go-map/x").unwrap_or_else(|faults| panic!("{full}: {faults:?}"));
        assert!((0..run.steps()).any(|at| run.event(at + 1).is_some_and(|event| event.name == "LoadExceeded")));
        assert_eq!(lint::lint(&*run), Vec::<String>::new(), "{full} entries");
    }
}

/// What-if branches are as legible as the scenes: a walk of choices from the middle of each scene.
#[test]
fn branches_are_legible_too() {
    some_runs(|id, run| {
        let mut random = 7usize;
        let mut next = |n: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % n
        };
        let begin = run.steps() / 2;
        let choices = run.choices(begin);
        let mut branch = run.fork(begin, &choices[next(choices.len())].text).unwrap();
        for _ in 0..extent::of(6, 40) {
            let choices = branch.choices(branch.steps());
            if choices.is_empty() {
                break;
            }
            branch.act(&choices[next(choices.len())].text).unwrap();
        }
        let complaints: Vec<String> = lint::lint_from(&*branch, begin);
        assert_eq!(complaints, Vec::<String>::new(), "{id}, branch of {} steps", branch.steps());
    });
}

/// An action that is typed while another one is at work: the steps that end the other one stay the other's.
#[test]
fn what_an_interrupted_action_still_does_is_its_own() {
    let catalog = Catalog::default();
    let run = catalog.stage("go-map/growth").unwrap();
    let insert = run.actions().iter().find(|action| action.text == "Insert(\"k53\")").unwrap().clone();
    let (middle, end) = (insert.before + 5, insert.before + insert.steps);
    let of = |run: &dyn Run, at: usize| run.actions()[run.action_at(at).unwrap()].text.clone();
    let typed = run.fork(middle, "Get(\"k1\")").unwrap();
    assert_eq!((of(&*typed, end), of(&*typed, end + 1)), (insert.text.clone(), "Get(\"k1\")".to_owned()));
    assert_eq!(typed.actions().last().unwrap().before, end);
    // Another goroutine steps in between: nothing of the interrupted action is done by that.
    let between = run.fork(middle, "Go(3, Get(\"k1\"))").unwrap();
    assert_eq!(of(&*between, middle + 1), "Go(3,Get(\"k1\"))");
    // Where both can run they take turns.
    let turn = between.turn(between.steps()).unwrap();
    assert!(turn.starts_with("Run("), "{turn}");
}

/// An action that first ends another one gives it those steps, also when the branch is left again: actions lie side by side.
#[test]
fn actions_lie_side_by_side_in_branches_of_branches() {
    let run = Catalog::default().stage("go-map/growth").unwrap();
    let at = run.actions()[0].before + 9;
    let branch = run.fork(at, "Delete(\"k3\")").unwrap();
    for from in [at + 4, branch.steps() - 2, branch.steps()] {
        let other = branch.fork(from, "Get(\"k1\")").unwrap();
        let mut covered = 0;
        for action in other.actions() {
            assert_eq!(action.before, covered, "{from}: {}", action.text);
            covered += action.steps;
        }
        assert_eq!(covered, other.steps(), "{from}");
    }
}
