//! Recordings of the real system, run through a machine and compared field by field.
//!
//! A recording is JSON lines: a header, then what was done and the state after it. A mechanism that has recordings
//! says how to read them ([`Replay`]); reading files is the caller's business.

use std::fmt;

use serde::Serialize;

use crate::machine::Machine;

/// What a replay found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Operations replayed.
    pub operations: usize,
    /// Fields compared.
    pub fields: usize,
    /// Fields that differ.
    pub mismatches: usize,
    /// The first field that differs.
    pub first: Option<Mismatch>,
}

/// A field in which the machine and the real system differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// Line in the recording, from 1 on.
    pub line: usize,
    /// The operation, as recorded.
    pub op: String,
    /// The field, such as `B` or `b[3]`.
    pub field: String,
    /// What the real system did.
    pub expected: String,
    /// What the machine did.
    pub got: String,
}

impl Report {
    /// Adds a field that was compared; `values` are asked for only if it differs.
    pub fn compare(
        &mut self,
        same: bool,
        line: usize,
        op: &str,
        field: &str,
        values: impl FnOnce() -> (String, String),
    ) {
        self.fields += 1;
        if same {
            return;
        }
        self.mismatches += 1;
        if self.first.is_none() {
            let (expected, got) = values();
            let (op, field) = (op.to_string(), field.to_string());
            self.first = Some(Mismatch { line, op, field, expected, got });
        }
    }

    /// Adds another replay's figures.
    pub fn add(&mut self, other: Report) {
        self.operations += other.operations;
        self.fields += other.fields;
        self.mismatches += other.mismatches;
        self.first = self.first.take().or(other.first);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Report { operations, fields, mismatches, first } = self;
        write!(f, "{operations} operations, {fields} fields compared, {mismatches} mismatches")?;
        if let Some(Mismatch { line, op, field, expected, got }) = first {
            write!(f, "\nfirst: line {line}, {op}: {field} was recorded as {expected}, the machine has {got}")?;
        }
        Ok(())
    }
}

/// A recording that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingError {
    /// Line in the recording, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub cause: String,
}

impl RecordingError {
    /// A line that cannot be read, and why.
    pub fn new(line: usize, cause: impl Into<String>) -> RecordingError {
        RecordingError { line, cause: cause.into() }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.cause)
    }
}

impl std::error::Error for RecordingError {}

/// A machine whose real counterpart has been recorded.
pub trait Replay: Machine {
    /// Whether a recording with this header is of this mechanism and version.
    fn accepts(header: &serde_json::Value) -> bool;

    /// Runs a whole recording, header included, and compares every recorded field after every operation.
    fn replay<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Report, RecordingError>;
}

/// The header of a recording: its first line, as JSON.
pub fn header(text: &str) -> Result<serde_json::Value, RecordingError> {
    let Some(first) = text.lines().next().filter(|line| !line.trim().is_empty()) else {
        return Err(RecordingError::new(1, "the recording is empty: its first line should be a header"));
    };
    serde_json::from_str(first).map_err(|error| RecordingError::new(1, format!("not a header in JSON: {error}")))
}
