//! Recordings of the real system, run through a machine and compared field by field.
//!
//! A recording is JSON lines: a header, then what was done and the state after it. A mechanism that has recordings
//! says how to read them ([`Replay`]); reading files is the caller's business.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Debug};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::machine::{Event, Machine, Refusal};

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
    /// Operations that have no counterpart in the machine, by kind: taken from the recording, not compared.
    pub left_out: BTreeMap<String, usize>,
    /// The events that the machine met on the way: what has been compared with the real system.
    pub events: BTreeSet<&'static str>,
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

    /// The comparison of the fields of one operation, on this line of the recording.
    pub fn at<'a>(&'a mut self, line: usize, op: &'a str) -> Comparing<'a> {
        Comparing { report: self, line, op }
    }

    /// Notes that the machine took a step with this event while it was compared.
    pub fn met(&mut self, event: &impl Event) {
        self.events.insert(event.name());
    }

    /// Adds another replay's figures.
    pub fn add(&mut self, other: Report) {
        self.operations += other.operations;
        self.fields += other.fields;
        self.mismatches += other.mismatches;
        self.first = self.first.take().or(other.first);
        for (kind, n) in other.left_out {
            *self.left_out.entry(kind).or_default() += n;
        }
        self.events.extend(other.events);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Report { operations, fields, mismatches, first, left_out, .. } = self;
        write!(f, "{operations} operations, {fields} fields compared, {mismatches} mismatches")?;
        for (kind, n) in left_out {
            write!(f, "\nwithout a counterpart: {n} {kind}")?;
        }
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

/// No machine can be set up as the header says.
impl From<Refusal> for RecordingError {
    fn from(refusal: Refusal) -> RecordingError {
        RecordingError::new(1, format!("setup: {}", refusal.reason.en))
    }
}

/// A field that this kind of line must have.
pub fn need<T>(value: Option<T>, line: usize, field: &str) -> Result<T, RecordingError> {
    value.ok_or_else(|| RecordingError::new(line, format!("field `{field}` is missing")))
}

/// A machine whose real counterpart has been recorded.
pub trait Replay: Machine {
    /// What the recordings show and is compared, in English and Chinese: `hmap and every bucket after every operation`.
    const WHAT: (&'static str, &'static str);

    /// Whether a recording with this header is of this mechanism and version.
    fn accepts(header: &Value) -> bool;

    /// Runs a whole recording that it accepts, and compares every recorded field after every operation.
    fn replay(recording: Recording) -> Result<Report, RecordingError>;
}

/// The text of a recording: a header, then one line an operation.
#[derive(Clone, Copy)]
pub struct Recording<'a> {
    text: &'a str,
}

impl<'a> Recording<'a> {
    /// A recording with this text.
    pub fn new(text: &'a str) -> Recording<'a> {
        Recording { text }
    }

    /// Its header, as this mechanism needs it.
    pub fn header<H: DeserializeOwned>(&self) -> Result<H, RecordingError> {
        H::deserialize(header(self.text)?).map_err(|error| RecordingError::new(1, format!("the header: {error}")))
    }

    /// All of it.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The lines after the header that are not empty.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let numbered = self.text.lines().enumerate().skip(1).map(|(at, text)| Line { number: at + 1, text });
        numbered.filter(|line| !line.text.trim().is_empty())
    }

    /// Reads these lines one after the other. `read` says how many operations it has read so far: at the end these must be
    /// the header's `ops`, or the recording has been cut off.
    pub fn each(
        &self,
        ops: usize,
        mut read: impl FnMut(Line<'a>) -> Result<usize, RecordingError>,
    ) -> Result<(), RecordingError> {
        let (mut last, mut done) = (1, 0);
        for line in self.lines() {
            (last, done) = (line.number, read(line)?);
        }
        if done != ops {
            return Err(RecordingError::new(last, format!("the recording ends after {done} of {ops} operations")));
        }
        Ok(())
    }
}

/// A line of a recording.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Its number, from 1 on.
    pub number: usize,
    /// Its text.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// What it says, or where and why it cannot be read.
    pub fn read<T: Deserialize<'a>>(&self) -> Result<T, RecordingError> {
        serde_json::from_str(self.text).map_err(|error| self.fault(format!("not readable: {error}")))
    }

    /// What is wrong with it.
    pub fn fault(&self, cause: impl Into<String>) -> RecordingError {
        RecordingError::new(self.number, cause)
    }
}

/// The comparison of one operation's fields.
pub struct Comparing<'a> {
    report: &'a mut Report,
    line: usize,
    op: &'a str,
}

impl Comparing<'_> {
    /// Compares a field: what was recorded with what the machine has.
    pub fn same<T: PartialEq + Debug + ?Sized>(&mut self, field: &str, recorded: &T, machine: &T) {
        let values = || (format!("{recorded:?}"), format!("{machine:?}"));
        self.report.compare(recorded == machine, self.line, self.op, field, values);
    }

    /// Compares each of these fields with the one of its name in what was recorded.
    pub fn fields(&mut self, recorded: &Value, machine: impl IntoIterator<Item = (&'static str, Value)>) {
        machine.into_iter().for_each(|(field, got)| self.same(field, &recorded[field], &got));
    }
}

/// Puts a line that says only what has changed into what is known of the real system's state.
pub fn merge(known: &mut Value, line: &Value) {
    match (known, line) {
        (Value::Object(known), Value::Object(line)) => {
            line.iter().for_each(|(field, value)| merge(known.entry(field).or_insert(Value::Null), value));
        }
        (known, line) => *known = line.clone(),
    }
}

/// The header of a recording: its first line, as JSON.
pub fn header(text: &str) -> Result<Value, RecordingError> {
    let Some(first) = text.lines().next().filter(|line| !line.trim().is_empty()) else {
        return Err(RecordingError::new(1, "the recording is empty: its first line should be a header"));
    };
    serde_json::from_str(first).map_err(|error| RecordingError::new(1, format!("not a header in JSON: {error}")))
}
