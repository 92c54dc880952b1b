//! The machine against recordings of the real map, against its laws, and against what the sources say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::explore::{Options, exhaustive, explore};
use crate::machine::{Event as _, Law, LawKind, Machine};
use crate::replay::{RecordingError, Replay, Report};

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
    GoMap::replay(text.lines())
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
