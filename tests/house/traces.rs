//! Files of `GODEBUG=gctrace=1`: recognised by what is in them, played like a scene, told by `trace`.

use std::path::Path;

use glassbox::catalog::{Catalog, Source};
use glassbox::scene::{Run, lint, stage};
use glassbox::text::{Lang, steers};
use serde_json::Value;

use crate::commands::{err, glassbox, out};

/// Printed by a program built with Go 1.23.9, at the end with GOMEMLIMIT.
const SAMPLE: &str = "tests/gctrace/go-1.23.9.txt";

fn played(text: &str) -> Box<dyn Run> {
    let mut catalog = Catalog::default();
    let source =
        Source { path: "a/gc.log".to_owned(), folder: String::new(), name: "gc.log".to_owned(), text: text.to_owned() };
    let id = catalog.bring(source).unwrap();
    catalog.stage(&id).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn sample() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE)).unwrap()
}

/// The numbers of a line in their order, times and all, read without knowing what they mean.
fn numbers(line: &str) -> Vec<f64> {
    line.split(|c: char| !c.is_ascii_digit() && c != '.').filter_map(|number| number.parse().ok()).collect()
}

#[test]
fn every_figure_shown_is_the_files() {
    let text = sample();
    let run = played(&text);
    assert_eq!(run.steps(), text.lines().count());
    let names = [
        "n",
        "at_ms",
        "gc_percent",
        "sweep_us",
        "mark_us",
        "term_us",
        "sweep_cpu_us",
        "assist_us",
        "worker_us",
        "idle_us",
        "term_cpu_us",
        "start_mb",
        "end_mb",
        "live_mb",
        "goal_mb",
        "stacks_mb",
        "globals_mb",
        "procs",
    ];
    for (at, line) in (1..).zip(text.lines()) {
        let cycle = &run.state(at)["cycle"];
        assert_eq!((cycle["line"].as_str(), cycle["number"].as_u64()), (Some(line), Some(at as u64)));
        assert_eq!(cycle["forced"], line.ends_with("(forced)"), "{line}");
        let numbers = numbers(line);
        assert_eq!(numbers.len(), names.len(), "{line}");
        for (name, number) in names.into_iter().zip(numbers) {
            let times = if name.ends_with("_us") || name == "at_ms" { 1_000.0 } else { 1.0 };
            assert_eq!(cycle[name].as_u64(), Some((number * times).round() as u64), "{name}: {line}");
        }
        assert!(run.laws(at).iter().all(|law| !law.always || law.outcome.is_ok()), "{line}");
    }
    let curves = run.curves();
    let curve =
        |name: &str| curves.iter().find(|curve| curve.name == name).unwrap_or_else(|| panic!("no curve {name}"));
    for curve in &curves {
        assert!(curve.title.en != curve.name && curve.title.zh != curve.title.en, "{}", curve.name);
        assert_eq!(curve.values.len(), run.steps() + 1, "{}", curve.name);
    }
    assert_eq!([13, 14, 15].map(|at| curve("live").values[at]), [9.0, 18.0, 5.0]);
    assert_eq!((curve("end").values[15], curve("end").limits[15], curve("stw").values[13]), (51.0, 18.0, 39.0));
    assert_eq!(curve("forced").values.iter().sum::<f64>(), 1.0);
}

#[test]
fn the_picture_is_legible_whatever_the_figures() {
    assert_eq!(lint::lint(&*played(&sample())), Vec::<String>::new());
    let (time, size) = ("999999999.999", "999999999");
    let large = format!(
        "gc {size} @{time}s 999% (checking for goroutine leaks): {time}+{time}+{time} ms clock, {time}+{time}/{time}/{time}+{time} ms cpu, \
         {size}->{size}->{size} MB, {size} MB goal, {size} MB stacks, {size} MB globals, 1000000 P (forced)\n"
    );
    let zero = large.replace(time, "0").replace(size, "0").replace("1000000 P", "1 P");
    let run = played(&format!("{zero}{large}{zero}"));
    assert_eq!(lint::lint(&*run), Vec::<String>::new());
    assert_eq!(stage::lint_words(&*run, "gc.log"), Vec::new());
}

#[test]
fn trace_tells_a_line_a_cycle_and_at_the_end_what_stands_out() {
    for (lang, forced, skipped) in
        [("en", "forced by runtime.GC(): 1 of 25", "skipped: 0"), ("zh", "强制触发：25 轮里 1 轮", "跳过：其他行 0")]
    {
        let traced = glassbox(&["trace", SAMPLE, "--lang", lang]);
        let told = out(&traced);
        let lines: Vec<&str> = told.lines().collect();
        assert!(traced.status.success() && lines[..25].iter().all(|line| line.starts_with("gc ")), "{told}");
        assert!(lines[12].starts_with("gc 13") && lines[24].starts_with("gc 25"), "{told}");
        assert!(lines[25..].iter().any(|line| line.contains(forced)), "{told}");
        assert!(lines[lines.len() - 1].starts_with(skipped), "{told}");
    }
    let told = out(&glassbox(&["trace", SAMPLE, "--json"]));
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |name: &str| -> Vec<u64> {
        let named = |line: &&Value| line["stands_out"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        lines.iter().filter(named).map(|line| line["figures"]["n"].as_u64().unwrap()).collect()
    };
    assert_eq!(named("forced"), [13]);
    assert_eq!(named("assists"), [15, 16, 23, 24, 25]);
    assert_eq!(named("bound"), [15, 18, 19, 21, 22, 23, 24, 25]);
    assert_eq!(named("spiral"), [0; 0]);
    let sum = lines.last().unwrap();
    assert_eq!(
        (&sum["cycles"], &sum["stands_out"]["bound"]["first"], &sum["skipped"]),
        (&25.into(), &15.into(), &0.into())
    );
}

#[test]
fn other_files_are_refused_with_their_place_and_nothing_steers_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let first = sample().lines().next().unwrap().to_owned();
    let torn =
        file("a\u{1b}[31m.log", &format!("\u{1b}]0;x\u{7}\n\u{1b}[1m{first}\u{1b}[0m\ngc 2 @0.1s \u{1b}\nbye\n"));
    let traced = glassbox(&["trace", &torn]);
    let (told, warned) = (out(&traced), err(&traced));
    assert!(
        traced.status.success() && told.ends_with("skipped: 2 other lines, 1 damaged gc lines\n"),
        "{told}{warned}"
    );
    assert!(warned.contains(".log:3:12: ") && warned.contains("left out"), "{warned}");
    assert!(told.chars().chain(warned.chars()).all(|c| matches!(c, '\n' | '\t') || !steers(c)), "{told:?}{warned:?}");
    let cases = [
        (file("none.log", "one\ntwo\n"), "none.log: no cycle of GODEBUG=gctrace=1 in 2 lines"),
        (file("broken.log", "one\ngc 1 @0.1s 5"), "broken.log:2:13: "),
        (folder.path().to_str().unwrap().to_owned(), "a folder: only regular files are read"),
    ];
    for (path, part) in cases {
        let refused = glassbox(&["trace", &path]);
        assert!(refused.status.code() == Some(1) && err(&refused).contains(part), "{path}: {}", err(&refused));
        assert_eq!(out(&refused), "");
    }
    assert_eq!(glassbox(&["trace", "no-such.log"]).status.code(), Some(2));
}

#[test]
fn it_is_no_mechanism_of_the_library() {
    let catalog = Catalog::default();
    assert!(catalog.scenes().iter().all(|scene| !scene.is_trace() && catalog.mechanism_of(scene) != "go-gctrace"));
    assert!(!out(&glassbox(&["list"])).contains("gctrace"));
    let run = played(&sample());
    let story = run.story();
    assert!(story.marked && (4..=8).contains(&story.stops.len()), "{:?}", story.stops);
    assert!(Lang::ALL.iter().all(|lang| story.stops.iter().all(|stop| !stop.says.get(*lang).is_empty())));
}
