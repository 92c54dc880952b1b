//! Recordings of the real systems, replayed through the machines.

use std::fs;
use std::path::{Path, PathBuf};

use glassbox::catalog::Catalog;

fn recordings() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut files: Vec<PathBuf> = fs::read_dir(top)
        .unwrap()
        .flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_recording_is_reproduced_exactly() {
    let catalog = Catalog::default();
    let files = recordings();
    assert!(files.len() >= 29, "{} recordings", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let (_, report) =
            catalog.replay(&text).unwrap_or_else(|e| panic!("{}:{}: {}", file.display(), e.line, e.cause));
        assert_eq!(report.mismatches, 0, "{}: {:?}", file.display(), report.first);
        assert!(report.operations > 0 && report.fields > report.operations, "{}: {report:?}", file.display());
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
