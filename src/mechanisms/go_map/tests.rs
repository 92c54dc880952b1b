//! The machine against recordings of the real map, against its laws, and against what the sources say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::explore::{Bounds, broken, exhaustive};
use crate::machine::{Budget, Event as _, Machine, set_up};
use crate::replay::{Recording, RecordingError, Replay, Report};

use super::hmap::over_load_factor;
use super::memory::buckets_with_spare;
use super::*;

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-map");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoMap::replay(Recording::new(text))
}

#[test]
fn every_recording_replays_exactly() {
    let mut total = Report::default();
    for (name, text) in recordings() {
        let report = replay(&text).unwrap();
        assert_eq!(report.mismatches, 0, "{name}: {report}");
        total.add(report);
    }
    println!("{total}");
    assert_eq!(total.operations, 2519);
}

#[test]
fn a_tampered_recording_is_a_mismatch() {
    let (_, text) = recordings().into_iter().find(|(name, _)| name == "grow-b5-u64").unwrap();
    let changes = [
        ("\"nov\":0", "\"nov\":7"),
        ("\"spare\":0", "\"spare\":1"),
        ("\"same\":false", "\"same\":true"),
        ("\"flags\":0", "\"flags\":1"),
        ("[[\"", "[[\"ff00000000000000\",[0,-1,-1,-1,-1,-1,-1,-1]],[\""),
        ("\"bnew\":true", "\"bnew\":false"),
        ("\"len\":", "\"len\":1"),
    ];
    for (from, to) in changes {
        let report = replay(&text.replacen(from, to, 1)).unwrap();
        assert!(report.mismatches > 0, "{from} -> {to}");
        assert!(report.first.is_some());
    }
    // A chain that the recording says changed, and which did not: seen although only that line lists it.
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains("\"op\":\"get\"")).unwrap_or(20);
    let mut other = lines.clone();
    let changed = lines[at].replacen(
        "\"spare\"",
        "\"b\":{\"0\":[[\"0000000000000000\",[-1,-1,-1,-1,-1,-1,-1,-1]]]},\"spare\"",
        1,
    );
    other[at] = &changed;
    let first = replay(&other.join("\n")).map(|report| report.first);
    assert!(matches!(first, Ok(Some(_)) | Err(_)), "{first:?}");
}

#[test]
fn a_damaged_recording_says_where_and_why() {
    let (_, text) = recordings().into_iter().find(|(name, _)| name == "first-steps-str").unwrap();
    let cases = [
        (text.replacen("\"op\":\"set\",\"k\":0", "\"op\":\"set\",\"k\":99", 1), 3, "key 99"),
        (text.replacen("\"op\":\"set\",\"k\":0", "\"op\":\"put\",\"k\":0", 1), 3, "unknown operation"),
        (text.replacen("\"count\":1,", "", 1), 3, "`count` is missing"),
        (text.replacen("\"h\":\"", "\"h\":\"zz", 1), 3, "hexadecimal"),
        (text.lines().take(9).collect::<Vec<_>>().join("\n"), 9, "ends after 7 of 24"),
        (text.replacen("\"count\":1,", "\"count\":1", 1), 3, "not readable"),
        (String::new(), 1, "empty"),
        (text.replacen("\"key\":\"string\"", "\"key\":\"pair\"", 1), 1, "pair"),
    ];
    for (damaged, line, cause) in cases {
        let error = replay(&damaged).expect_err(cause);
        assert_eq!(error.line, line, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

fn start(setup: Setup) -> GoMap {
    set_up::<GoMap>(&setup, &mut { Budget::ANY }).unwrap()
}

fn act(map: &mut GoMap, action: Action) -> Vec<Event> {
    let mut events = Vec::new();
    map.apply(&action, &mut |_, event| events.push(event)).unwrap();
    events
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.name()).collect()
}

fn state(map: &GoMap) -> serde_json::Value {
    serde_json::to_value(map).unwrap()
}

fn tophashes(map: &GoMap, bucket: usize) -> String {
    let mark = |top: Top| match top {
        EMPTY_REST => '0',
        EMPTY_ONE => '1',
        top if top.is_live() => 'L',
        _ => 'E',
    };
    let head = map.heads(map.hmap().buckets.unwrap()).nth(bucket).unwrap();
    let bucket = |b: &Bucket| b.tophash.map(mark).iter().collect::<String>();
    map.memory().chain(head).map(|(_, b)| bucket(b)).collect::<Vec<_>>().join("/")
}

#[test]
fn limits_and_spare_buckets_are_those_of_the_runtime() {
    let most: Vec<usize> =
        (0..8).map(|b| (0..2000).take_while(|count| !over_load_factor(*count, b)).last().unwrap()).collect();
    assert_eq!(most, [8, 13, 26, 52, 104, 208, 416, 832]);
    let spare = |kind| (3..9).map(|b| buckets_with_spare(kind, b) - (1 << b)).collect::<Vec<_>>();
    assert_eq!(spare(KeyKind::Uint64), [0, 2, 5, 7, 14, 28]);
    assert_eq!(spare(KeyKind::String)[..4], [0, 3, 7, 4]);
    for (hint, b) in [(0, 0), (8, 0), (9, 1), (52, 3), (53, 4), (1000, 8)] {
        assert_eq!(start(Setup { hint: Some(hint), ..Setup::default() }).hmap().B, b, "hint {hint}");
    }
}

#[test]
fn the_first_growth_happens_within_the_ninth_insertion() {
    let mut map = start(Setup::default());
    for n in 1..=8 {
        act(&mut map, Action::Insert(KeyKind::String.numbered(n)));
    }
    assert_eq!(tophashes(&map, 0), "LLLLLLLL");
    let ninth = names(&act(&mut map, Action::Insert("k9".into())));
    let order = ["LoadExceeded", "NewArrayAllocated", "BRaised", "OldArraySet", "NewArraySet", "TriedAgain"];
    let at: Vec<_> = order.iter().map(|name| ninth.iter().position(|seen| seen == name).unwrap()).collect();
    assert!(at.is_sorted());
    assert_eq!(ninth.iter().filter(|name| **name == "EntryMoved").count(), 8);
    assert_eq!(ninth[ninth.len() - 3..], ["WritingFlagHeld", "WritingFlagCleared", "ElemStored"]);
    assert!(!map.hmap().growing());
    assert_eq!((map.hmap().B, map.hmap().count, map.hmap().nevacuate), (1, 9, 1));
}

#[test]
fn a_growth_from_eight_buckets_moves_two_a_write_and_none_a_read() {
    let mut map = start(Setup { hint: Some(52), filled: 52, ..Setup::default() });
    assert_eq!(map.hmap().B, 3);
    act(&mut map, Action::Insert("k53".into()));
    let mut moved = vec![map.evacuated()];
    while let Some((_, 8)) = map.evacuated() {
        let unmoved = |map: &GoMap, id: KeyId| {
            map.find(id)
                .is_some_and(|spot| Some(spot.slot) == map.hmap().oldbuckets && spot.chain != map.hmap().nevacuate)
        };
        let ids = (0..53).map(KeyId::from_index);
        let key =
            ids.clone().find(|id| unmoved(&map, *id)).or(ids.clone().next()).map(|id| map.key(id).clone()).unwrap();
        let before = state(&map)["oldbuckets"].clone();
        act(&mut map, Action::Get(key.clone()));
        assert_eq!(state(&map)["oldbuckets"], before);
        act(&mut map, Action::Insert(key));
        moved.push(map.evacuated());
    }
    assert_eq!(moved, [Some((2, 8)), Some((4, 8)), Some((6, 8)), None]);
}

#[test]
fn deletion_spreads_empty_rest_back_as_the_real_map_does() {
    let mut map = start(Setup { filled: 8, ..Setup::default() });
    let mut ladder = Vec::new();
    for cell in [6, 5, 2, 7, 4, 3, 0, 1] {
        act(&mut map, Action::Delete(KeyKind::String.numbered(cell + 1)));
        ladder.push(tophashes(&map, 0));
    }
    let real = ["LLLLLL1L", "LLLLL11L", "LL1LL11L", "LL1LL000", "LL1L0000", "LL000000", "1L000000", "00000000"];
    assert_eq!(ladder, real);
}

/// Nine keys in bucket 0 of two.
fn crowd() -> GoMap {
    let hashes = Hashes::Given((1..=9).map(|n| (KeyKind::String.numbered(n), Hash(n << 58))).collect());
    start(Setup { hint: Some(13), hashes, filled: 9, ..Setup::default() })
}

#[test]
fn empty_rest_crosses_into_the_bucket_before() {
    let mut map = crowd();
    act(&mut map, Action::Delete("k8".into()));
    assert_eq!(tophashes(&map, 0), "LLLLLLL1/L0000000");
    let events = names(&act(&mut map, Action::Delete("k9".into())));
    assert!(events.contains(&"PredecessorFound"));
    assert_eq!(tophashes(&map, 0), "LLLLLLL0/00000000");
    assert_eq!(map.hmap().noverflow, 1);
}

#[test]
fn a_reader_beside_a_writer_ends_the_process() {
    let mut map = start(Setup { filled: 3, ..Setup::default() });
    act(&mut map, Action::Go(2, Op::Insert("k4".into())));
    for name in ["WritingFlagClear", "Hashed", "WritingFlagSet"] {
        assert_eq!(names(&act(&mut map, Action::Run(2))), [name]);
    }
    assert_eq!(names(&act(&mut map, Action::Get("k1".into()))), ["FatalReadWrite"]);
    let dead = map.dead().unwrap().clone();
    assert_eq!((dead.message, dead.exit), ("fatal error: concurrent map read and map write", Some(2)));
    let before = state(&map);
    let refusal = map.apply(&Action::Get("k1".into()), &mut |_, _| panic!("no step")).unwrap_err();
    assert_eq!(refusal.reason.en, "the process has ended: fatal error: concurrent map read and map write");
    assert_eq!(state(&map), before);
    assert!(map.choices().is_empty());
}

#[test]
fn two_writers_die_in_some_orders_and_not_in_others() {
    let mut map = start(Setup { filled: 1, ..Setup::default() });
    act(&mut map, Action::Go(2, Op::Insert("k2".into())));
    act(&mut map, Action::Go(3, Op::Delete("k1".into())));
    let runs = |map: &GoMap| map.choices().into_iter().filter(|action| matches!(action, Action::Run(_))).collect();
    let mut ends = BTreeSet::new();
    let found = exhaustive(&map, Bounds::new(100, 100_000), runs, broken, |map| {
        if map.dead().is_some() || map.frames().is_empty() {
            ends.insert(map.dead().map(|dead| dead.message));
        }
    });
    assert_eq!(found.found, None);
    assert!(!found.cut);
    assert_eq!(ends, BTreeSet::from([None, Some("fatal error: concurrent map writes")]));
}

#[test]
fn two_writers_in_one_old_bucket_find_each_others_marks() {
    let mut map = start(Setup { hint: Some(52), filled: 53, ..Setup::default() });
    let free = map.heads(map.hmap().oldbuckets.unwrap()).find(|head| !map.memory().at(*head).evacuated()).unwrap();
    let id = map.memory().at(free).keys[0].unwrap();
    let key = map.key(id).clone();
    for g in [2, 3] {
        act(&mut map, Action::Go(g, Op::Insert(key.clone())));
    }
    for name in ["WritingFlagClear", "Hashed", "WritingFlagSet", "BucketChosen", "EvacuateHitBucket", "DestinationsXY"]
    {
        let other = if name == "WritingFlagSet" { "WritingFlagLost" } else { name };
        assert_eq!(names(&act(&mut map, Action::Run(2))), [name]);
        assert_eq!(names(&act(&mut map, Action::Run(3))), [other]);
    }
    act(&mut map, Action::Run(2));
    assert_eq!(names(&act(&mut map, Action::Run(3))), ["ThrowBadMapState"]);
}

#[test]
fn from_sixteen_bits_on_overflow_buckets_are_only_sampled() {
    let hashes = Hashes::Given((1..=200).map(|n| (KeyKind::Uint64.numbered(n), Hash(n << 56 | 7))).collect());
    let mut map = start(Setup { key: KeyKind::Uint64, hint: Some(400_000), hashes, ..Setup::default() });
    assert_eq!(map.hmap().B, 16);
    let mut seen = BTreeSet::new();
    for n in 1..=200 {
        seen.extend(names(&act(&mut map, Action::Insert(Key::Int(n)))));
    }
    assert!(seen.contains("NoverflowSampledOut") && seen.contains("NoverflowRaised"));
    assert!(map.hmap().noverflow < 24);
}

#[test]
fn an_action_in_the_middle_of_another_finishes_that_first() {
    let whole = {
        let mut map = start(Setup { filled: 8, ..Setup::default() });
        act(&mut map, Action::Insert("k9".into()));
        act(&mut map, Action::Get("k3".into()));
        state(&map)
    };
    let mut forks = Vec::new();
    let mut map = start(Setup { filled: 8, ..Setup::default() });
    map.apply(&Action::Insert("k9".into()), &mut |map, _| forks.push(map.clone())).unwrap();
    assert!(forks.len() > 50);
    for mut fork in forks {
        act(&mut fork, Action::Get("k3".into()));
        assert_eq!(state(&fork), whole);
    }
}

#[test]
fn refusals_leave_the_map_unchanged() {
    let mut map = start(Setup { filled: 3, ..Setup::default() });
    let before = state(&map);
    let refused = [
        Action::Insert(Key::Int(1)),
        Action::Next(0),
        Action::IterAt(0, 1, 0),
        Action::IterAt(0, 0, 8),
        Action::Run(2),
        Action::Run(1),
        Action::Go(1, Op::Clear),
        Action::Go(10, Op::Clear),
    ];
    for action in refused {
        let refusal = map.apply(&action, &mut |_, _| panic!("no step")).unwrap_err();
        assert!(!refusal.reason.en.is_empty() && refusal.reason.zh != refusal.reason.en);
        assert_eq!(state(&map), before);
    }
    let impossible = [
        Setup { nil: true, hint: Some(1), ..Setup::default() },
        Setup { hint: Some(-1), ..Setup::default() },
        Setup { nil: true, filled: 1, ..Setup::default() },
        Setup { hint: Some(i64::MAX), ..Setup::default() },
        Setup { key: KeyKind::Uint64, hashes: Hashes::Given([("k1".into(), Hash(1))].into()), ..Setup::default() },
    ];
    assert!(impossible.iter().all(|setup| GoMap::start(setup).is_err()));
}

#[test]
fn the_nil_map_reads_and_does_not_write() {
    let mut map = start(Setup { nil: true, ..Setup::default() });
    for action in [Action::Get("k1".into()), Action::Delete("k1".into()), Action::Clear, Action::Iter(0)] {
        assert_eq!(names(&act(&mut map, action)), ["NilMapReturns"]);
    }
    assert_eq!(names(&act(&mut map, Action::Insert("k1".into()))), ["PanicNilMap"]);
    assert_eq!(map.dead().unwrap().message, "panic: assignment to entry in nil map");
}

#[test]
fn setups_and_actions_are_written_as_scripts_write_them() {
    let setup: Setup = ron::from_str(
        r#"(key: String, hint: Some(52), hashes: Given({"k1": 0x9e00000000000003, "k2": "0x07"}), filled: 1, seed: 7)"#,
    )
    .unwrap();
    let Hashes::Given(given) = &setup.hashes else { panic!("{setup:?}") };
    assert_eq!(given[&Key::from("k1")], Hash(0x9e00000000000003));
    let again: Setup = ron::from_str(&ron::to_string(&setup).unwrap()).unwrap();
    assert_eq!(again, setup);
    for text in
        [r#"Insert("k9")"#, "Insert(17)", r#"Go(2,Get("k1"))"#, "Run(2)", "Clear", "IterAt(0,3,5)", r#"Set("k1",-4)"#]
    {
        let action: Action = ron::from_str(text).unwrap();
        assert_eq!(ron::to_string(&action).unwrap(), text);
    }
    assert!(ron::from_str::<Setup>("(hnit: Some(3))").is_err());
}

/// The pointer that a lookup returned is of that lookup: an empty map answers with the zero value at once.
#[test]
fn an_empty_map_returns_zero_whatever_was_returned_before() {
    let mut map = GoMap::start(&Setup::default()).unwrap();
    for (action, value) in [
        (Action::Set("k1".into(), 7), 0),
        (Action::Get("k1".into()), 7),
        (Action::Delete("k1".into()), 7),
        (Action::Get("k1".into()), 0),
    ] {
        act(&mut map, action);
        assert_eq!(map.returned.value, value);
    }
}

/// A lookup that has chosen an old bucket, which is then moved and emptied: what is there is not found, and that is told. Whatever a
/// write of the same key makes of it is allowed.
#[test]
fn a_lookup_that_gives_what_no_order_gives_is_told() {
    let read = |write: Action| {
        let setup = Setup { key: KeyKind::Uint64, hint: Some(26), filled: 26, ..Setup::default() };
        let mut map = set_up::<GoMap>(&setup, &mut { Budget::ANY }).unwrap();
        let mut events = Vec::new();
        let steps = [Action::Insert(Key::Int(27)), Action::Go(2, Op::Get(Key::Int(10)))];
        let reads = [Action::Run(2), Action::Run(2), Action::Run(2), Action::Run(2), Action::Run(2)];
        for action in steps.into_iter().chain(reads).chain([write]).chain((0..4).map(|_| Action::Run(2))) {
            let _ = map.apply(&action, &mut |_, event| events.push(event));
        }
        let alarm = map.alarm().map(|alarm| alarm.en);
        (events.into_iter().find(|event| matches!(event, Event::WrongValueRead { .. })), alarm)
    };
    let (told, alarm) = read(Action::Delete(Key::Int(10_000)));
    assert_eq!(told, Some(Event::WrongValueRead { g: 2, key: Key::Int(10), value: 0, due: vec![10] }));
    assert_eq!(alarm.unwrap(), "G2 read a wrong value: m[10] gave 0, and no order of the operations does");
    // Deleted meanwhile: zero is what it gives if the deletion comes first.
    assert_eq!(read(Action::Delete(Key::Int(10))), (None, None));
    // Nothing was moved meanwhile.
    assert_eq!(read(Action::Get(Key::Int(10))), (None, None));
}

/// An iteration that begins while the map grows finds `oldIterator` set already, and leaves both set.
#[test]
fn a_second_iteration_leaves_both_flags_set() {
    let mut map = start(Setup { filled: 26, ..Setup::default() });
    act(&mut map, Action::Iter(1));
    assert!(map.hmap().flags.has(ITERATOR | OLD_ITERATOR));
    act(&mut map, Action::Insert("k27".into()));
    assert!(map.hmap().growing() && !map.hmap().flags.has(ITERATOR | OLD_ITERATOR));
    assert!(names(&act(&mut map, Action::Iter(2))).contains(&"IterFlagsSet"));
    assert!(map.hmap().flags.has(ITERATOR | OLD_ITERATOR));
}

/// Over an empty map an iteration is over before it has begun.
#[test]
fn an_iteration_over_an_empty_map_is_over() {
    let mut map = start(Setup::default());
    act(&mut map, Action::Iter(1));
    assert!(map.iterations()[&1].ended);
    assert!(!map.choices().contains(&Action::Next(1)));
}

/// The laws look at old buckets that have not begun to move, too.
#[test]
fn laws_see_old_buckets_that_have_not_moved() {
    let mut map = start(Setup { filled: 26, ..Setup::default() });
    act(&mut map, Action::Insert("k27".into()));
    let old = map.h.oldbuckets.unwrap();
    let standing = map.heads(old).find(|head| !map.mem.at(*head).evacuated()).unwrap();
    assert_eq!(broken(&map), None);
    let bucket = map.mem.at_mut(standing);
    let last = bucket.tophash.iter().rposition(|top| top.is_live()).unwrap();
    bucket.tophash[last] = EMPTY_REST;
    assert!(broken(&map).is_some(), "an entry of an old bucket is gone, and no law has noticed");
}

#[test]
fn what_is_no_key_is_told_what_a_key_is() {
    let told = ron::from_str::<Key>("true").unwrap_err().to_string();
    assert!(told.contains("a key: a string such as"), "{told}");
}
