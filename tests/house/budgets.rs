//! What a scene, a what-if and many branches may cost: counted, the same for every mechanism, and told with the place.

use glassbox::catalog::{Catalog, Source};
use glassbox::machine::Budget;
use glassbox::scene::Run;
use glassbox::scene::script::MAX_STEPS;
use glassbox::text::Lang;

fn stage(mechanism: &str, setup: &str, before: &str, beats: &str) -> Result<Box<dyn Run>, String> {
    let words = "(en: \"a\", zh: \"b\")";
    let text = format!("(title: {words}, summary: {words}, setup: ({setup}), before: [{before}], beats: [{beats}])");
    let path = format!("own/{mechanism}/x.ron");
    let catalog = Catalog::only(vec![Source { path, folder: mechanism.to_owned(), name: "x".to_owned(), text }]);
    catalog.stage(&format!("{mechanism}/x")).map_err(|faults| faults[0].to_string())
}

fn refused(mechanism: &str, setup: &str, before: &str, beats: &str) -> String {
    stage(mechanism, setup, before, beats).map(|run| run.steps()).expect_err("this should cost too much")
}

#[test]
fn what_costs_too_much_is_refused_with_file_place_and_limit() {
    let work = Budget::SCENE.work.to_string();
    let told = refused("go-map", "filled: 4294967295", "", "");
    assert!(told.starts_with("own/go-map/x.ron") && told.contains("setup") && told.contains("425984"), "{told}");
    let told = refused("go-map", "filled: 300000", "", "");
    assert!(told.contains("setup") && told.contains(&work), "{told}");
    let told = refused("go-map", "", "Fill(1000), Fill(1000), Fill(1000)", "(do: Fill(1000), times: 4000)");
    assert!(told.contains("beat 1, `Fill(1000)`") && told.contains(&work), "{told}");
    let told = refused("go-sched", ENDLESS, "Skip(1000000), Skip(1000000), Skip(1000000)", "");
    assert!(told.contains("before, action ") && told.contains(&work), "{told}");
    let told = refused("go-map", "", "", "(do: Get(\"k1\")), (do: Insert(\"k1\")), (do: Get(\"k1\"), times: 19000)");
    assert!(told.contains("beat 3, `Get(\"k1\")`") && told.contains(&MAX_STEPS.to_string()), "{told}");
}

/// A refused action of a viewer leaves the run as it was.
#[test]
fn a_dear_what_if_is_refused_and_changes_nothing() {
    let run = stage("go-sched", ENDLESS, "", "(do: Run(30))").unwrap();
    let mut branch = run.fork(20, "Run(5)").unwrap();
    let (steps, state) = (branch.steps(), branch.state(branch.steps()));
    for error in [branch.act("Skip(1000000)").unwrap_err(), run.fork(20, "Skip(1000000)").map(drop).unwrap_err()] {
        assert!(error.message(Lang::En).contains(&Budget::WHAT_IF.work.to_string()), "{error:?}");
    }
    assert_eq!((branch.steps(), branch.state(steps)), (steps, state));
    branch.act("Run(5)").unwrap();
    assert_eq!(branch.steps(), steps + 5);
}

/// A program that goes on for ever, nearly.
const ENDLESS: &str = "main: [Gosched, Again(4000000)]";

/// Positions inside one long action are reached like others, in any order.
#[test]
fn a_long_action_is_sought_inside() {
    let programs = "programs: {\"w\": [Compute(5), Gosched, Compute(5)]}, main: [Go(\"w\", 200), Wait]";
    let run = stage("go-sched", programs, "", "(do: Run(3000))").unwrap();
    let steps = run.steps();
    assert!(steps >= 1_000, "{steps}");
    let places: Vec<usize> = (0..60).map(|i| (i * 7_919 + 13) % (steps + 1)).collect();
    let mut forward: Vec<usize> = places.clone();
    forward.sort_unstable();
    let other = stage("go-sched", programs, "", "(do: Run(3000))").unwrap();
    let states: std::collections::BTreeMap<usize, _> = forward.iter().map(|at| (*at, other.state(*at))).collect();
    for at in places {
        assert_eq!(run.state(at), states[&at], "at {at}");
    }
}

/// Memory of this process in bytes, where the system tells it.
fn resident() -> Option<usize> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(told.split(' ').nth(1)?.parse::<usize>().ok()? * 4096)
}

/// Many branches late in a long run, and a long chain of them: each costs what it adds, not what it shares.
#[test]
fn branches_share_their_tape() {
    let long = stage("go-map", "", "Insert(\"k1\")", "(do: Get(\"k1\"), times: 5000)").unwrap();
    let late = long.steps() - 800;
    assert!(late > 25_000, "{late}");
    let before = resident();
    let branches: Vec<_> = (0..300).map(|_| long.fork(late, "Get(\"k1\")").unwrap()).collect();
    let many = before.zip(resident()).map_or(0, |(before, after)| after.saturating_sub(before));
    assert!(many < 300 << 20, "300 branches take {} MiB", many >> 20);
    assert!(branches.iter().all(|branch| branch.steps() > late && branch.state(late) == long.state(late)));
    drop(branches);
    let mut chain = vec![stage("go-map", "", "Insert(\"k1\")", "(do: Get(\"k1\"), times: 12)").unwrap()];
    let before = resident();
    for _ in 0..2_000 {
        let last = &chain[chain.len() - 1];
        let end = last.steps();
        chain.push(last.fork(end, "Run(2)").or_else(|_| last.fork(end, "Go(2, Get(\"k1\"))")).unwrap());
    }
    let nested = before.zip(resident()).map_or(0, |(before, after)| after.saturating_sub(before));
    assert!(nested < 200 << 20, "2,000 nested branches take {} MiB", nested >> 20);
}
