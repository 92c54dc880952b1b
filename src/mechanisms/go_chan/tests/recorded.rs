//! Recordings of real channels: whole, tampered with and damaged.

use std::fs;
use std::path::PathBuf;

use crate::replay::{Recording, RecordingError, Replay, Report};

use super::super::GoChan;

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-chan");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn recording(wanted: &str) -> String {
    recordings().into_iter().find(|(name, _)| name == wanted).unwrap().1
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoChan::replay(Recording::new(text))
}

#[test]
fn every_recording_replays_exactly() {
    let mut total = Report::default();
    let (mut files, mut completions) = (0, 0);
    for (name, text) in recordings() {
        let report = replay(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(report.mismatches, 0, "{name}: {report}");
        total.add(report);
        files += 1;
        let lines = text.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        completions += lines.map(|line| line["done"].as_array().unwrap().len()).sum::<usize>();
    }
    println!("{files} files, {completions} completions, {total}");
    assert_eq!((files, total.operations, completions), (31, 795, 741));
}

#[test]
fn a_tampered_recording_is_a_mismatch() {
    let text = recording("phases-cap1");
    let changes = [
        ("\"qcount\":1", "\"qcount\":2"),
        ("\"sendx\":0", "\"sendx\":5"),
        ("\"closed\":0", "\"closed\":1"),
        ("\"buf\":[0]", "\"buf\":[9]"),
        ("\"ok\":true", "\"ok\":false"),
        ("\"recvq\":[{\"g\":", "\"recvq\":[{\"g\":3},{\"g\":"),
        ("\"done\":[{\"g\":", "\"done\":[{\"op\":\"send\",\"g\":7,\"i\":0},{\"g\":"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        let report = replay(&text.replacen(from, to, 1)).unwrap();
        assert!(report.mismatches > 0 && report.first.is_some(), "{from} -> {to}");
    }
}

#[test]
fn a_damaged_recording_says_where_and_why() {
    let text = recording("select-01");
    let lines: Vec<&str> = text.lines().collect();
    let with = |n: usize, line: &str| [&lines[..n - 1], &[line], &lines[n..]].concat().join("\n");
    let cases = [
        (String::new(), 1, "empty"),
        (String::from("{}"), 1, "missing field `caps`"),
        (text.replacen("\"workers\":", "\"workers\":999999", 1), 1, "together cannot be replayed"),
        (with(2, "nonsense"), 2, "not readable"),
        (with(2, &lines[1].replacen("\"op\":\"send\"", "\"op\":\"push\"", 1)), 2, "unknown operation"),
        (with(2, &lines[1].replacen("\"ch\":1", "\"ch\":7", 1)), 2, "no channel 7"),
        (with(2, &lines[1].replacen("\"g\":2", "\"g\":9", 1)), 2, "no goroutine 9"),
        (with(3, lines[1]), 3, "in the middle of an operation"),
        (text.replacen("\"caps\":[0,0]", "\"caps\":[0,0,0]", 1), 2, "2 channels are listed, 3 were made"),
        (lines[..5].join("\n"), 5, "ends after 4 of 24"),
    ];
    for (damaged, line, cause) in cases {
        let error = replay(&damaged).expect_err(cause);
        assert_eq!(error.line, line, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

/// A select that waits twice in one queue: the recording decides which order Go drew.
#[test]
fn two_cases_in_one_queue_are_replayed_in_either_order() {
    for (first, second) in [(1, 2), (2, 1)] {
        let text = format!(
            "{{\"mechanism\":\"chan\",\"caps\":[0],\"workers\":1,\"ops\":1}}\n{{\"i\":0,\"g\":1,\"op\":\"select\",\"cases\":\
             [{{\"ch\":0,\"dir\":\"send\",\"v\":1}},{{\"ch\":0,\"dir\":\"send\",\"v\":2}}],\"done\":[],\"chans\":[{{\"qcount\":0,\
             \"dataqsiz\":0,\"sendx\":0,\"recvx\":0,\"closed\":0,\"buf\":[],\"recvq\":[],\"sendq\":[{{\"g\":1,\"sel\":true,\
             \"v\":{first}}},{{\"g\":1,\"sel\":true,\"v\":{second}}}]}}]}}"
        );
        assert_eq!(replay(&text).unwrap().mismatches, 0, "{first}, {second}");
    }
}

/// Two cases that receive from one channel: which one stands first in the queue shows only when it is chosen.
#[test]
fn a_case_chosen_later_decides_the_order_of_its_twin() {
    let chans = |recvq: &str| {
        format!(
            "\"chans\":[{{\"qcount\":0,\"dataqsiz\":0,\"sendx\":0,\"recvx\":0,\"closed\":0,\"buf\":[],\"recvq\":[{recvq}],\"sendq\":[]}}]"
        )
    };
    let twins = "{\"g\":1,\"sel\":true},{\"g\":1,\"sel\":true}";
    for case in [0, 1] {
        let lines = [
            String::from("{\"mechanism\":\"chan\",\"caps\":[0],\"workers\":2,\"ops\":2}"),
            format!(
                "{{\"i\":0,\"g\":1,\"op\":\"select\",\"cases\":[{{\"ch\":0,\"dir\":\"recv\"}},{{\"ch\":0,\"dir\":\"recv\"}}],\"done\":[],{}}}",
                chans(twins)
            ),
            format!(
                "{{\"i\":1,\"g\":2,\"op\":\"send\",\"ch\":0,\"v\":5,\"done\":[{{\"g\":2,\"i\":1,\"op\":\"send\"}},{{\"g\":1,\"i\":0,\"op\":\"select\",\"v\":5,\"ok\":true,\"case\":{case}}}],{}}}",
                chans("")
            ),
        ];
        assert_eq!(replay(&lines.join("\n")).unwrap().mismatches, 0, "case {case}");
    }
}

/// 5,040 orders of seven equal cases, none of which fits what is recorded, are not tried on a machine of any size.
#[test]
fn slots_goroutines_and_tried_orders_are_limited_together() {
    let recording = |caps: &str, workers: u32, g: u32| {
        let case = "{\"ch\":0,\"dir\":\"recv\"}";
        let cases = [case; 7].join(",");
        let chan =
            "{\"qcount\":1,\"dataqsiz\":0,\"sendx\":0,\"recvx\":0,\"closed\":0,\"buf\":[],\"recvq\":[],\"sendq\":[]}";
        let chans = vec![chan; caps.split(',').count()].join(",");
        format!(
            "{{\"mechanism\":\"chan\",\"caps\":[{caps}],\"workers\":{workers},\"ops\":1}}\n\
             {{\"i\":0,\"g\":{g},\"op\":\"select\",\"cases\":[{cases}],\"done\":[],\"chans\":[{chans}]}}"
        )
    };
    for (text, line, cause) in [
        (recording("40000,40000", 1, 1), 1, "together"),
        (recording("4294967295,4294967295", 1, 1), 1, "together"),
        (recording("0,40000", 40_000, 1), 1, "together"),
        (recording("0,60000", 5_534, 5_535), 2, "together"),
        (recording("0", 15_000, 1), 2, "5040 orders"),
        (recording("0,15000", 1, 1), 2, "5040 orders"),
    ] {
        let error = replay(&text).expect_err(cause);
        assert!(error.line == line && error.cause.contains(cause), "{error}");
    }
    assert!(replay(&recording("0", 2, 1)).unwrap().mismatches > 0);
}
