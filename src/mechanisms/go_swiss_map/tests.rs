use std::fs;
use std::path::PathBuf;

use crate::machine::{Budget, Event as _, LawKind, Lawful, Machine, set_up};
use crate::replay::{Recording, RecordingError, Replay, Report};

use super::super::keys::{Hash, Hashes, Key};
use super::laws::Fault;
use super::state::{DELETED, EMPTY};
use super::*;

fn made(setup: &Setup) -> GoSwissMap {
    set_up::<GoSwissMap>(setup, &mut { Budget::ANY }).unwrap()
}

fn act(map: &mut GoSwissMap, action: Action) -> Vec<Event> {
    let mut events = Vec::new();
    map.apply(&action, &mut |_, event| events.push(event)).unwrap();
    events
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.name()).collect()
}

fn refuse(map: &GoSwissMap, action: Action) -> String {
    map.accept(&action).map(drop).unwrap_err().reason.en.into()
}

fn recordings() -> Vec<(String, String)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-swiss-map");
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoSwissMap::replay(Recording::new(text))
}

// --- recordings ---

#[test]
fn every_recording_replays() {
    let files = recordings();
    assert_eq!(files.len(), 32);
    for (name, text) in files {
        let report = replay(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(report.mismatches, 0, "{name}: {report}");
    }
}

/// Every figure of the state after an operation is compared: one digit off is noticed.
#[test]
fn a_damaged_recording_is_noticed() {
    let (_, text) = recordings().into_iter().find(|(name, _)| name.contains("mixed-u64")).unwrap();
    for (field, was, is) in [
        ("used", "\"used\":3,", "\"used\":4,"),
        ("tomb", "\"tomb\":true", "\"tomb\":false"),
        ("depth", "\"depth\":0", "\"depth\":1"),
        ("left", "\"left\":5", "\"left\":6"),
        ("ldepth", "\"ldepth\":0", "\"ldepth\":1"),
        ("clears", "\"clears\":0", "\"clears\":1"),
        ("ok", "\"ok\":true", "\"ok\":false"),
        ("a control byte", "808080808080\"", "8080808080fe\""),
    ] {
        assert!(text.contains(was), "{field}");
        let report = replay(&text.replacen(was, is, 1)).unwrap();
        assert!(report.mismatches > 0, "{field}");
    }
    let error = |text: &str| replay(text).unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert!(error(&lines[..20].join("\n")).contains("the recording ends after"));
    assert!(error(&text.replacen("\"op\":\"set\"", "\"op\":\"put\"", 1)).contains("unknown operation \"put\""));
    assert!(error(&text.replacen("\"h\":\"", "\"h\":\"x", 1)).contains("not hexadecimal"));
    assert!(error(&text.replacen("\"path\":\"fast64\"", "\"path\":\"generic\"", 1)).contains("the compiler chooses"));
}

// --- numbers ---

/// The entries at which an unhinted map grows or is split, and what it grows to.
#[test]
fn it_grows_at_these_numbers() {
    let mut map = made(&Setup { key: KeyKind::Uint64, ..Setup::default() });
    let mut seen = Vec::new();
    for n in 1..=900 {
        let before = map.tables.values().map(|t| t.capacity).max();
        act(&mut map, Action::Insert(Key::Int(n)));
        let after = map.tables.values().map(|t| t.capacity).max();
        if before != after || map.directory.len() > 1 && seen.last().is_some_and(|(_, len)| *len == 1) {
            seen.push((n, map.directory.len()));
        }
    }
    let at: Vec<u64> = seen.iter().map(|(n, _)| *n).collect();
    assert_eq!(at, [1, 9, 15, 29, 57, 113, 225, 449, 897]);
}

#[test]
fn hints_give_these_tables() {
    for (hint, tables, capacity) in
        [(8, 0, 0), (9, 1, 16), (14, 1, 16), (15, 1, 32), (28, 1, 32), (113, 1, 256), (896, 1, 1024)]
            .into_iter()
            .chain([(897, 2, 512), (1793, 4, 512), (5000, 8, 1024)])
    {
        let map = made(&Setup { hint: Some(hint), ..Setup::default() });
        assert_eq!(map.directory.len(), tables, "{hint}");
        assert!(map.tables.values().all(|t| t.capacity == capacity), "{hint}");
        let mut nil = made(&Setup { nil: true, ..Setup::default() });
        act(&mut nil, Action::Make(hint));
        assert_eq!((nil.directory, nil.global_shift), (map.directory, map.global_shift), "{hint}");
    }
}

// --- stories ---

/// Hashes by group and control byte, for keys k1, k2, …
fn grouped(groups: &[u64]) -> Hashes {
    Hashes::Given((1..).zip(groups).map(|(n, g)| (KeyKind::String.numbered(n), Hash(g << 7 | n))).collect())
}

/// Four groups: 0, 1 and 2 full, in 3 two entries and one that belongs to group 2; no growthLeft.
fn nearly_full() -> Vec<u64> {
    [[0; 8], [1; 8], [2; 8]].concat().into_iter().chain([3, 3, 3, 2, 3, 0]).collect()
}

#[test]
fn pruning_turns_only_tombstones_that_no_search_passes() {
    let setup = Setup { hint: Some(28), hashes: grouped(&nearly_full()), filled: 28, ..Setup::default() };
    let mut map = made(&setup);
    act(&mut map, Action::Erase(1, 5));
    act(&mut map, Action::Erase(17, 17));
    let events = act(&mut map, Action::Insert("k29".into()));
    let turned = vec![0, 1, 2, 3, 4];
    let pruned = Event::Pruned { g: 1, table: 0, tombstones: 6, found: 5, left: 5, turned };
    assert!(events.contains(&pruned), "{events:?}");
    let table = map.table(0).unwrap();
    assert_eq!((table.group(0).first(EMPTY), table.group(2).first(DELETED)), (Some(0), Some(0)));
    assert!(map.find(map.keys.index[&Key::from("k28")]).is_some());
}

#[test]
fn an_iteration_begins_at_one_slot_of_its_table() {
    let mut map = made(&Setup { hint: Some(28), filled: 4, ..Setup::default() });
    let events = act(&mut map, Action::IterAt(1, 45, 0));
    assert!(matches!(events[..], [.., Event::IterBegun { slot: 13, place: 0, .. }]), "{events:?}");
}

#[test]
fn pruning_is_not_worth_it_where_searches_pass_the_tombstones() {
    let mut groups = nearly_full();
    groups[24..28].fill(0);
    let mut map = made(&Setup { hint: Some(28), hashes: grouped(&groups), filled: 28, ..Setup::default() });
    act(&mut map, Action::Erase(1, 4));
    let events = act(&mut map, Action::Insert("k29".into()));
    let useless = Event::PruneUseless { g: 1, table: 0, tombstones: 4, found: 0, worth: 4, capacity: 32 };
    assert!(events.contains(&useless) && names(&events).contains(&"GrowChosen"), "{events:?}");
}

#[test]
fn the_generic_assignment_never_prunes() {
    let numbered = |n: u64, g: u64| (KeyKind::Pair.numbered(n), Hash(g << 7 | n));
    let hashes = Hashes::Given((1..).zip(nearly_full()).map(|(n, g)| numbered(n, g)).collect());
    let setup = Setup { key: KeyKind::Pair, hint: Some(28), hashes, filled: 28, ..Setup::default() };
    let mut map = made(&setup);
    act(&mut map, Action::Erase(1, 5));
    let events = names(&act(&mut map, Action::Insert("p29".into())));
    assert!(
        events.contains(&"NoRoomLeft") && events.contains(&"GrowChosen") && !events.contains(&"Pruned"),
        "{events:?}"
    );
}

#[test]
fn a_map_of_several_splits_finds_all_that_is_in_it() {
    let mut map = made(&Setup { key: KeyKind::Uint64, filled: 4_000, ..Setup::default() });
    assert!(map.directory.len() >= 4);
    let used: u64 = map.current().iter().map(|n| u64::from(map.tables[n].used)).sum();
    assert_eq!(used, 4_000);
    for n in [1, 2_000, 4_000] {
        assert_eq!(names(&act(&mut map, Action::Get(Key::Int(n)))).last(), Some(&"ValueReturned"), "{n}");
    }
    assert!(GoSwissMap::LAWS.iter().all(|law| law.kind == LawKind::Sometimes || (law.check)(&map).is_ok()));
}

#[test]
fn an_iteration_through_two_splits_returns_each_key_once() {
    for seed in 0..4 {
        let mut map =
            made(&Setup { key: KeyKind::Uint64, hashes: Hashes::Seeded(seed), filled: 1_700, ..Setup::default() });
        map.apply(&Action::IterAt(1, 77, u64::from(seed)), &mut |_, _| {}).unwrap();
        act(&mut map, Action::Pairs(1, 600));
        act(&mut map, Action::Fill(1_000));
        act(&mut map, Action::Fill(1_000));
        while map.check(&Action::Next(1)).is_ok() {
            act(&mut map, Action::Pairs(1, 1_000));
        }
        let iter = &map.iters[&1];
        assert!(iter.twice.is_none() && iter.throughout.iter().all(|key| iter.seen.contains(key)), "{seed}");
    }
}

/// Two writers whose entries both fit where only one may: the table fills up, and a search finds no end.
#[test]
fn two_writers_lead_astray() {
    let groups: Vec<u64> = [0; 16].to_vec();
    let mut map = made(&Setup { hint: Some(14), hashes: grouped(&groups), filled: 14, ..Setup::default() });
    map.tables.get_mut(&0).unwrap().growth_left = 2;
    act(&mut map, Action::Insert("k15".into()));
    act(&mut map, Action::Insert("k16".into()));
    map.raced = true;
    let events = act(&mut map, Action::Get("k99".into()));
    assert_eq!(names(&events).last(), Some(&"Astray"));
    assert!(refuse(&map, Action::Clear).starts_with("the process has ended"));
}

#[test]
fn a_second_writer_undoes_the_mark_of_the_first() {
    let mut map = made(&Setup { filled: 3, ..Setup::default() });
    act(&mut map, Action::Go(2, Op::Insert("a".into())));
    act(&mut map, Action::Go(3, Op::Delete("k1".into())));
    for g in [2, 3, 2, 3, 2, 3] {
        act(&mut map, Action::Run(g));
    }
    assert_eq!(map.writing, 0);
    let events = act(&mut map, Action::Finish(2));
    assert_eq!(names(&events).last(), Some(&"FatalWritesAtEnd"));
    assert_eq!(map.alarm().unwrap().en, "fatal error: concurrent map writes");
}

#[test]
fn impossible_setups_and_actions_are_refused() {
    let no = |setup: Setup| GoSwissMap::start(&setup).map(drop).unwrap_err().reason.en;
    assert!(no(Setup { nil: true, hint: Some(1), ..Setup::default() }).contains("never made"));
    assert!(no(Setup { nil: true, filled: 1, ..Setup::default() }).contains("nil map"));
    assert!(no(Setup { hint: Some(-1), ..Setup::default() }).contains("size out of range"));
    assert!(no(Setup { hint: Some(i64::MAX), ..Setup::default() }).contains("at most 60000"));
    let hashes = Hashes::Given([(Key::Int(1), Hash(1))].into());
    assert!(no(Setup { hashes, ..Setup::default() }).contains("of type string"));
    let map = made(&Setup { filled: 3, ..Setup::default() });
    assert!(refuse(&map, Action::Get(Key::Int(1))).contains("of type string"));
    assert!(refuse(&map, Action::Run(2)).contains("nothing to run"));
    assert!(refuse(&map, Action::Copy(1, 1)).contains("nothing to run"));
    assert!(refuse(&map, Action::Go(10, Op::Clear)).contains("numbered 1 to 9"));
    assert!(refuse(&map, Action::Next(1)).contains("no iteration 1"));
    assert!(refuse(&map, Action::Fill(0)).contains("at a time"));
    assert!(refuse(&map, Action::Erase(5, 4)).contains("at a time"));
    assert!(refuse(&map, Action::Erase(0, u64::MAX)).contains("at a time"));
    assert!(refuse(&map, Action::Make(1)).contains("made already"));
}

/// A table with two places of the directory grows into both; put into one of them only, it is caught.
#[test]
fn a_table_with_two_places_grows_into_both() {
    let setup = super::sample::uneven(KeyKind::Uint64, 1);
    let end = |fault: Fault| {
        let mut map = set_up::<GoSwissMap>(&setup, &mut { Budget::ANY }).unwrap();
        map.fault = fault;
        map.apply(&Action::Finish(1), &mut |_, _| {}).unwrap();
        crate::explore::broken(&map).map(|told| told.en.to_string())
    };
    assert_eq!(end(Fault::None), None);
    let told = end(Fault::InstallsOne).unwrap_or_default();
    assert!(told.starts_with("directory-runs"), "{told}");
}
