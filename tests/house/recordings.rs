//! Recordings of the real systems, replayed through the machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use glassbox::catalog::Catalog;
use glassbox::fidelity::{self, Compared, Fidelity};

use crate::extent;

fn recordings() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut files: Vec<PathBuf> = fs::read_dir(top)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().is_dir())
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

/// Every recording replays without a mismatch, and the committed report says exactly what they come to: a mechanism's
/// recordings cannot vanish, nor a field that was compared. `UPDATE_REPORT=1` rewrites it.
#[test]
fn every_recording_is_reproduced_exactly() {
    let catalog = Catalog::default();
    let mut found: BTreeMap<String, Compared> = BTreeMap::new();
    for file in recordings() {
        let text = fs::read_to_string(&file).unwrap();
        if !extent::of_folder(file.parent().unwrap(), &catalog) {
            continue;
        }
        let (id, report) =
            catalog.replay(&text).unwrap_or_else(|e| panic!("{}:{}: {}", file.display(), e.line, e.cause));
        assert_eq!(report.mismatches, 0, "{}: {:?}", file.display(), report.first);
        assert!(report.operations > 0 && report.fields > 0, "{}: {report:?}", file.display());
        found.entry(id.to_owned()).or_default().add(&report);
    }
    for kind in extent::kinds(&catalog) {
        assert_eq!(kind.recorded.is_some(), found.contains_key(kind.id), "{}: recordings", kind.id);
    }
    if std::env::var_os("UPDATE_REPORT").is_some() {
        let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/report.json"), text).unwrap();
        return;
    }
    let mut known = fidelity::report();
    known.retain(|id, _| found.contains_key(id));
    assert_eq!(found, known, "UPDATE_REPORT=1 cargo test --test house recordings:: rewrites the report");
}

/// The line that the window and `list` show is computed: of what is recorded, what is derived, what is assumed.
#[test]
fn fidelity_adds_up() {
    let catalog = Catalog::default();
    for kind in extent::kinds(&catalog) {
        let fidelity = catalog.fidelity(kind);
        let met = fidelity::report().get(kind.id).map_or(0, |compared| compared.events.len());
        assert_eq!(fidelity.derived.len() + met, kind.events.len(), "{}: an event of the report is unknown", kind.id);
        assert_eq!(fidelity.recorded.is_some(), kind.recorded.is_some(), "{}", kind.id);
        let unknown = Fidelity::of(kind, &BTreeMap::new());
        assert!(unknown.recorded.is_none() && unknown.line().en.starts_with("no recordings"), "{}", unknown.line().en);
    }
}

/// Cutting a recording off anywhere, or damaging a line, is told with the line and never a panic.
#[test]
fn a_damaged_recording_is_told_with_its_line() {
    let catalog = Catalog::default();
    let file = recordings().into_iter().find(|file| file.ends_with("first-steps-str.jsonl")).unwrap();
    let text = fs::read_to_string(file).unwrap();
    for (damage, line) in [("", 1), ("{\"go\":", 1), ("[]", 1), ("{}", 1)] {
        assert_eq!(catalog.replay(damage).map(drop).map_err(|error| error.line), Err(line), "{damage}");
    }
    let lines: Vec<&str> = text.lines().collect();
    for (i, damaged) in [
        (2, "{\"op\":\"set\"}"),
        (3, "nonsense"),
        (4, "{\"op\":\"jump\",\"k\":0}"),
        (5, "{\"op\":\"get\",\"k\":999999}"),
    ] {
        let mut lines = lines.clone();
        lines[i] = damaged;
        let error = catalog.replay(&lines.join("\n")).map(drop).expect_err(damaged);
        assert_eq!(error.line, i + 1, "{damaged}: {}", error.cause);
    }
}
