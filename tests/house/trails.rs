//! What machines do is known: seeded random runs come to the numbers that are committed. The number says nothing about who
//! is right; it tells that a change which was to leave a machine as it is has not done so, or that a law has become another.

use std::collections::BTreeMap;
use std::path::PathBuf;

use glassbox::catalog::Catalog;
use glassbox::explore::Options;
use glassbox::kind::MechanismKind;

use crate::extent;

/// Runs of the sound machine, and of each broken one: those that are known, and the first of them, which a sample looks at.
const RUNS: (u64, u64) = (16, 2);
const SAMPLE: (u64, u64) = (4, 1);
const STEPS: u64 = 200;

type Trails = BTreeMap<String, Vec<String>>;

fn trails(kind: &MechanismKind, (sound, each): (u64, u64)) -> Trails {
    let of = |mutant: Option<usize>, runs| {
        let trails = kind.trails(Options { runs, seed: 1, steps: STEPS }, mutant);
        trails.iter().map(|trail| format!("{trail:016x}")).collect()
    };
    let broken = kind.mutants.iter().enumerate().map(|(i, (law, what))| (format!("{law}: {what}"), of(Some(i), each)));
    std::iter::once((String::from("sound"), of(None, sound))).chain(broken).collect()
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/runs.json")
}

#[test]
fn machines_do_what_they_did() {
    let catalog = Catalog::default();
    let update = std::env::var_os("UPDATE_RUNS").is_some();
    let runs = if update { RUNS } else { extent::of(SAMPLE, RUNS) };
    let found: BTreeMap<&str, Trails> = extent::kinds(&catalog).map(|kind| (kind.id, trails(kind, runs))).collect();
    if update {
        std::fs::write(file(), serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        return;
    }
    let known: BTreeMap<String, Trails> = serde_json::from_str(&std::fs::read_to_string(file()).unwrap()).unwrap();
    for (id, trails) in found {
        let empty = Trails::new();
        let known = known.get(id).unwrap_or(&empty);
        let same = |machine: &String, runs: &[String]| known.get(machine).is_some_and(|known| known.starts_with(runs));
        let others: Vec<_> = trails.iter().filter(|(machine, runs)| !same(machine, runs)).collect();
        let first = |(machine, runs): &(&String, &Vec<String>)| {
            let before = known.get(*machine).map_or(&[][..], |runs| runs);
            (0..runs.len()).find(|run| before.get(*run) != runs.get(*run)).unwrap_or_default()
        };
        let told: Vec<String> = others.iter().map(|other| format!("{}, run {}", other.0, first(other))).collect();
        assert!(
            told.is_empty(),
            "{id} does not do what it did: {told:#?}\nIf that is meant: UPDATE_RUNS=1 cargo test --test house trails::"
        );
        assert_eq!(known.len(), trails.len(), "{id}: tests/runs.json has machines that there are not");
    }
}
