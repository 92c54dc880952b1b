//! The machine against recordings of the real scheduler, against its laws, and against what the sources say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::explore::{Options, explore};
use crate::machine::{LawKind, Machine};
use crate::replay::{RecordingError, Replay, Report};

use super::*;

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-sched");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoSched::replay(text.lines())
}

#[test]
fn every_recording_replays_exactly() {
    let mut total = Report::default();
    for (name, text) in recordings() {
        let report = replay(&text).unwrap();
        println!("{name}: {report}");
        total.add(report);
    }
    println!("{total}");
    assert_eq!(total.mismatches, 0);
}

#[test]
fn explored() {
    let start = Instant::now();
    let report = explore::<GoSched>(Options { runs: 1000, seed: 1, steps: 400 }, None);
    println!("{} steps, {} actions, {:?}", report.steps, report.actions, start.elapsed());
    for violation in &report.violations {
        println!("{violation:#?}");
    }
    println!("{:?}", report.sometimes);
    println!("{:?}", report.coverage.iter().filter(|(_, n)| *n < 10).collect::<Vec<_>>());
    assert_eq!(report.violated, 0);
    assert!(report.coverage.iter().all(|(_, n)| *n > 0));
    let _ = (BTreeSet::<u32>::new(), LawKind::Always);
}
