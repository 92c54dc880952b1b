//! `glassbox replay`: recordings of the real system through the machine.

use std::path::PathBuf;

use super::Failure;
use super::terminal::{Out, tell};
use crate::catalog::Catalog;
use crate::files::read_text;
use crate::replay::Report;

/// The largest recording that is read, in bytes; the largest of ours has under one million.
const MAX_RECORDING: usize = 64 << 20;

/// Replays each file and prints what was compared; the first mismatch of a file in detail.
pub fn replay(catalog: &Catalog, files: &[PathBuf], out: &mut Out) -> Result<(), Failure> {
    let (mut total, mut damaged) = (Report::default(), 0);
    for path in files {
        let shown = path.display();
        let outcome = read_text(path, MAX_RECORDING)
            .map_err(|error| error.at(path).to_string())
            .and_then(|text| catalog.replay(&text).map_err(|error| format!("{shown}:{}: {}", error.line, error.cause)));
        let report = match outcome {
            Ok((_, report)) => report,
            Err(message) => {
                damaged += 1;
                tell(message);
                continue;
            }
        };
        if let Some(first) = &report.first {
            out.line(format_args!(
                "{shown}:{}: {}: {}: recorded {}, the machine has {}",
                first.line, first.op, first.field, first.expected, first.got
            ))?;
        }
        total.add(report);
    }
    let Report { operations, fields, mismatches, .. } = total;
    if damaged == files.len() {
        // Of nothing that was read nothing is to be said.
        return Err(Failure::told());
    }
    out.line(format_args!("{operations} operations, {fields} fields compared, {mismatches} mismatches"))?;
    if mismatches + damaged == 0 { Ok(()) } else { Err(Failure::told()) }
}
