//! The machine against recordings, its laws, every interleaving of small programs, and its refusals.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::explore::{Bounds, broken, exhaustive};
use crate::machine::{Event as _, Machine};
use crate::replay::{Recording, RecordingError, Replay, Report};

use super::state::Pc;
use super::*;

fn start(ron: &str) -> GoSyncMap {
    GoSyncMap::start(&ron::from_str(ron).unwrap()).unwrap()
}

/// Goroutines with these programs.
fn with(programs: &[&str]) -> GoSyncMap {
    let goroutines: Vec<String> = programs.iter().map(|program| format!("(program: [{program}])")).collect();
    start(&format!("(goroutines: [{}])", goroutines.join(", ")))
}

fn act(machine: &mut GoSyncMap, action: Action) -> Vec<&'static str> {
    let mut names = Vec::new();
    machine.apply(&action, &mut |_, event| names.push(event.name())).unwrap_or_else(|no| panic!("{}", no.reason.en));
    names
}

fn finish(machine: &mut GoSyncMap, g: u32) -> Vec<&'static str> {
    act(machine, Action::Finish(g))
}

fn refuse(machine: &GoSyncMap, action: Action) -> String {
    machine.accept(&action).map(drop).unwrap_err().reason.en.into()
}

// --- recordings ---

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-sync-map");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoSyncMap::replay(Recording::new(text))
}

#[test]
fn every_recording_replays_exactly_and_meets_almost_every_event() {
    let mut total = Report::default();
    for (name, text) in recordings() {
        let report = replay(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(report.mismatches, 0, "{name}: {report}");
        total.add(report);
    }
    println!("{total}");
    let unmet: Vec<_> = Event::FACTS.iter().map(|fact| fact.name).filter(|name| !total.events.contains(name)).collect();
    // What needs a second goroutine, the viewer, or a map without `expunged`.
    let alone = ["CallAdded", "VisitChosen", "ReadHitLocked", "MutexWaits", "CasFailed", "NotExpunged"];
    let unmet: Vec<_> = unmet.into_iter().filter(|name| !alone.contains(name)).collect();
    assert_eq!(unmet, ["ExpungeFailed", "LeftOut", "StoreLost"]);
    assert_eq!((recordings().len(), total.operations, total.fields), (16, 1570, 11254));
}

#[test]
fn a_tampered_recording_is_a_mismatch() {
    let all: String = recordings().into_iter().map(|(_, text)| text).collect();
    let changes = [
        ("\"misses\":1", "\"misses\":2"),
        ("\"rm\":1", "\"rm\":2"),
        ("\"dm\":2", "\"dm\":0"),
        ("\"amended\":true", "\"amended\":false"),
        ("\"expunged\"", "\"nil\""),
        ("\"ok\":true", "\"ok\":false"),
        ("\"panic\":\"runtime", "\"panic\":\"something"),
        ("\"pairs\":[[", "\"pairs\":[[99,1],["),
    ];
    assert!(changes.iter().all(|(from, _)| all.contains(from)));
    for (from, to) in changes {
        let (_, text) = recordings().into_iter().find(|(_, text)| text.contains(from)).unwrap();
        let report = replay(&text.replacen(from, to, 1)).unwrap();
        assert!(report.mismatches > 0 && report.first.is_some(), "{from} -> {to}");
    }
}

#[test]
fn a_damaged_recording_says_where_and_why() {
    let (_, text) = recordings().into_iter().find(|(name, _)| name.contains("walk-clear")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let with = |n: usize, line: &str| [&lines[..n - 1], &[line], &lines[n..]].concat().join("\n");
    let visit = lines.iter().position(|line| line.contains("\"visit\"")).unwrap();
    let cases = [
        (with(3, "nonsense"), 3, "not readable"),
        (with(3, &lines[2].replace("store", "push")), 3, "unknown operation"),
        (with(3, &lines[2].replace("\"k\":0", "\"k\":77")), 3, "there is no key 77"),
        (with(3, &lines[2].replace("\"v\":1,", "")), 3, "`v` is missing"),
        (with(visit + 1, &lines[visit].replace("\"k\":1", "\"k\":5")), visit + 1, "cannot come to key 5"),
        (lines[..9].join("\n"), 9, "ends after 7 of 36"),
    ];
    for (damaged, line, cause) in cases {
        let error = replay(&damaged).expect_err(cause);
        assert_eq!(error.line, line, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

// --- laws ---

// --- all interleavings ---

/// What all calls returned, and what the map holds at the end.
type Ending = (Vec<Option<String>>, Vec<(Key, i64)>);

fn ending(m: &GoSyncMap) -> Ending {
    let returned = m.goroutines.values().map(|goroutine| goroutine.last.clone()).collect();
    let mut all = m.keys(m.read.map);
    all.extend(m.keys(m.dirty));
    all.sort_unstable();
    all.dedup();
    let live = |key: Key| {
        let known = if m.read.amended { m.entry(m.dirty, key) } else { m.entry(m.read.map, key) };
        let e = m.entry(m.read.map, key).or(known)?;
        Some((key, m.entries[&e].value()?))
    };
    (returned, all.into_iter().filter_map(live).collect())
}

/// All orders of the atomic steps, or of whole calls, by goroutines that have something to do.
fn orders(m: &GoSyncMap, action: fn(u32) -> Action) -> ((usize, u64, usize), BTreeSet<Ending>) {
    let mut endings = BTreeSet::new();
    let choose =
        |m: &GoSyncMap| -> Vec<Action> { m.goroutines.keys().copied().filter(|g| m.can_run(*g)).map(action).collect() };
    let found = exhaustive(m, Bounds::new(200, 2_000_000), choose, broken, |m| {
        if m.goroutines.keys().all(|g| m.idle(*g)) {
            endings.insert(ending(m));
        }
    });
    assert_eq!((found.found, found.cut), (None, false));
    ((found.states, found.steps, found.ends), endings)
}

/// Every interleaving of the atomic steps ends as some order of whole calls does: to its users each call is one step.
fn linear(before: &[&str], programs: &[&str], figures: (usize, u64, usize)) {
    let first = [before, &programs[..1]].concat().join(", ");
    let mut m = with(&[&[first.as_str()], &programs[1..]].concat());
    before.iter().for_each(|_| drop(act(&mut m, Action::Statement(1))));
    let (found, stepwise) = orders(&m, Action::Run);
    let (_, whole) = orders(&m, Action::Statement);
    assert!(stepwise.is_subset(&whole), "{programs:?}: {:?}", stepwise.difference(&whole).collect::<Vec<_>>());
    assert_eq!(found, figures, "{programs:?}");
}

#[test]
fn a_store_against_a_delete_and_an_expunge() {
    // k1 is in the read map; one deletes and stores it, the other's new key makes a dirty map and expunges.
    let before = ["Store(\"k1\", 1)", "Load(\"k1\")", "Delete(\"k1\")"];
    linear(&before, &["Store(\"k1\", 2)", "Store(\"k2\", 3)"], (133, 223, 2));
}

#[test]
fn a_promotion_against_a_store() {
    let before = ["Store(\"k1\", 1)", "Load(\"k1\")", "Store(\"k2\", 2)"];
    linear(&before, &["Load(\"k2\"), Load(\"k3\")", "Store(\"k3\", 3), Swap(\"k2\", 4)"], (453, 788, 2));
}

#[test]
fn a_compare_and_swap_on_one_entry() {
    let before = ["Store(\"k1\", 1)", "Load(\"k1\")"];
    linear(&before, &["CompareAndSwap(\"k1\", 1, 2)", "CompareAndSwap(\"k1\", 1, 3)"], (44, 70, 2));
    // Hidden fields count: 91 states and two endings look different.
    linear(&before, &["CompareAndSwap(\"k1\", 1, 2)", "LoadAndDelete(\"k1\"), LoadOrStore(\"k1\", 1)"], (97, 160, 3));
}

#[test]
fn a_clear_against_stores() {
    linear(&["Store(\"k1\", 1)"], &["Clear", "Store(\"k1\", 2), Load(\"k1\")"], (231, 374, 4));
}

// --- stories ---

/// The table of the fact sheet: two stores, misses, promotion, nil, expunged, unexpunged, Range, Clear.
#[test]
fn every_transition_once() {
    let mut m = with(&[
        "Store(\"k1\", 1), Store(\"k2\", 2), Load(\"k1\"), Load(\"k9\"), Delete(\"k1\"), Delete(\"k2\"), Store(\"k2\", 4), \
         Store(\"k3\", 5), Store(\"k1\", 6)",
    ]);
    let mut seen = Vec::new();
    while m.can_run(1) {
        act(&mut m, Action::Statement(1));
        let side = |map: u32| {
            let point = |key: Key| format!("{key}:{}", m.entries[&m.entry(map, key).unwrap()]);
            m.keys(map).into_iter().map(point).collect::<Vec<_>>().join(" ")
        };
        seen.push(format!("{} {} | {} | {}", side(m.read.map), m.read.amended, side(m.dirty), m.misses));
    }
    assert_eq!(
        seen,
        [
            " true | k1:1 | 0",
            " true | k1:1 k2:2 | 0",
            " true | k1:1 k2:2 | 1",
            "k1:1 k2:2 false |  | 0",
            "k1:nil k2:2 false |  | 0",
            "k1:nil k2:nil false |  | 0",
            "k1:nil k2:4 false |  | 0",
            "k1:expunged k2:4 true | k2:4 k3:5 | 0",
            "k1:6 k2:4 true | k1:6 k2:4 k3:5 | 0",
        ]
    );
}

#[test]
fn without_expunged_a_store_is_lost() {
    let program = "Store(\"k1\", 1), Load(\"k1\"), Delete(\"k1\"), Store(\"k2\", 2), Store(\"k1\", 3), Load(\"k2\"), Load(\"k1\")";
    let last = |without: bool| {
        let setup = format!("(goroutines: [(program: [{program}])], without_expunged: {without})");
        let mut m = start(&setup);
        let events = finish(&mut m, 1);
        (m.g(1).last.clone().unwrap(), events.contains(&"StoreLost"), m.counts.lost)
    };
    assert_eq!(last(false), ("3, true".to_owned(), false, 0));
    assert_eq!(last(true), ("nil, false".to_owned(), true, 1));
}

#[test]
fn a_woken_waiter_still_has_to_win_the_mutex() {
    let mut m = with(&["Store(\"k1\", 1)", "Store(\"k2\", 2)", "Store(\"k3\", 3)"]);
    for g in [1, 2, 3] {
        (0..3).for_each(|_| drop(act(&mut m, Action::Run(g))));
    }
    assert_eq!((m.mu.holder, m.mu.waiters.iter().copied().collect::<Vec<_>>()), (Some(1), vec![2, 3]));
    assert_eq!(refuse(&m, Action::Run(2)), "goroutine 2 sleeps until the mutex is released");
    finish(&mut m, 1);
    assert_eq!((m.mu.holder, m.mu.woken), (None, Some(2)));
    act(&mut m, Action::Do(1, Call::Store(Key(4), 4)));
    (0..3).for_each(|_| drop(act(&mut m, Action::Run(1))));
    assert_eq!(act(&mut m, Action::Run(2)), ["MutexWaits"]);
    assert_eq!(m.mu.waiters.iter().copied().collect::<Vec<_>>(), [2, 3], "whoever was woken sleeps at the head");
    for g in [1, 2, 3] {
        finish(&mut m, g);
    }
    assert_eq!((m.counts.locks, m.counts.calls), (4, 4));
}

#[test]
fn a_range_visits_as_the_viewer_says_and_stops_when_told() {
    let mut m = with(&["Store(\"k1\", 1), Store(\"k2\", 2), Store(\"k3\", 3), Range([Delete(\"k1\"), Stop])"]);
    (0..3).for_each(|_| drop(act(&mut m, Action::Statement(1))));
    while !m.g(1).stack.last().is_some_and(|frame| frame.pc == Pc::Next) {
        act(&mut m, Action::Run(1));
    }
    assert_eq!(refuse(&m, Action::Visit(1, Key(7))), "goroutine 1 is in no Range that could come to k7 next");
    act(&mut m, Action::Visit(1, Key(3)));
    assert_eq!(act(&mut m, Action::Run(1)), ["Visited"]);
    assert_eq!(m.g(1).stack[0].pair, Some((Key(3), 3)));
    let events = finish(&mut m, 1);
    assert_eq!(events.iter().filter(|name| **name == "Visited").count(), 0);
    assert!(events.ends_with(&["Returned", "RangeStopped", "Returned"]), "{events:?}");
}

#[test]
fn impossible_setups_and_actions_are_refused() {
    let no = |ron: &str| GoSyncMap::start(&ron::from_str(ron).unwrap()).map(drop).unwrap_err().reason.en;
    assert_eq!(no("(goroutines: [(), (), (), ()])"), "4 goroutines; at most 3 can be shown");
    assert_eq!(no("(goroutines: [(program: [Stop])])"), "only the function of a Range can return false");
    assert_eq!(
        no("(goroutines: [(program: [Range([Range([Range([Range([])])])])])])"),
        "4 Ranges inside each other; at most 3 can be shown"
    );
    assert!(
        ron::from_str::<Setup>("(goroutines: [(program: [Load(\"x\")])])")
            .unwrap_err()
            .to_string()
            .contains("is no key")
    );
    let m = with(&[""]);
    assert_eq!(refuse(&m, Action::Run(2)), "there is no goroutine 2; there are 1 to 1");
    assert!(refuse(&m, Action::Run(1)).starts_with("goroutine 1 has made all its calls"));
    let many = Call::Range(vec![Call::Clear; 64]);
    assert_eq!(refuse(&m, Action::Do(1, many)), "65 calls in a program; at most 64 can be shown");
}

// --- pictures ---

/// What a picture has beside a single program is enlarged; no step makes it larger or moves it.
#[test]
fn nothing_jumps_beside_a_single_program() {
    use crate::diagram::{Rect, Size, Tone};
    use crate::view::View as _;
    let mut machine =
        with(&[r#"Store("k1", 10), Store("k2", 20), Load("k1"), Load("k9"), Delete("k1"), Store("k3", 30)"#]);
    let (mut room, mut states) = (Default::default(), Vec::new());
    machine.apply(&Action::Finish(1), &mut |now, event| states.push((now.clone(), event))).unwrap();
    states.iter().for_each(|(now, _)| now.widen(&mut room));
    for size in Size::ALL {
        let places = |(now, event): &(GoSyncMap, Event)| -> Vec<(String, Rect)> {
            let picture = now.view(Some(event), Tone::Active, size, size.area(), &room);
            let stay = ["mu", "mu/waiters", "misses", "dirty/len", "goroutine/1"];
            let marks = picture.marks.iter().filter(|mark| stay.contains(&&*mark.key));
            marks.map(|mark| (mark.key.to_string(), mark.rect)).collect()
        };
        let first = places(&states[0]);
        assert!(first.len() >= 4, "{first:?}");
        states.iter().for_each(|state| assert_eq!(places(state), first, "{size:?}, {}", state.1.name()));
    }
}
