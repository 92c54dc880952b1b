//! `glassbox replay`: recordings of the real system through the machine.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use crate::catalog::Catalog;
use crate::replay::Report;

/// Replays each file and prints what was compared; the first mismatch of a file in detail.
pub fn replay(catalog: &Catalog, files: &[PathBuf], out: &mut dyn Write) -> Result<(), Failure> {
    let (mut total, mut damaged) = (Report::default(), 0);
    for path in files {
        let shown = path.display();
        let outcome = fs::read_to_string(path)
            .map_err(|error| format!("{shown}: {error}"))
            .and_then(|text| catalog.replay(&text).map_err(|error| format!("{shown}:{}: {}", error.line, error.cause)));
        let report = match outcome {
            Ok((_, report)) => report,
            Err(message) => {
                damaged += 1;
                eprintln!("glassbox: {message}");
                continue;
            }
        };
        if let Some(first) = &report.first {
            writeln!(
                out,
                "{shown}:{}: {}: {}: recorded {}, the machine has {}",
                first.line, first.op, first.field, first.expected, first.got
            )?;
        }
        total.add(report);
    }
    let Report { operations, fields, mismatches, .. } = total;
    writeln!(out, "{operations} operations, {fields} fields compared, {mismatches} mismatches")?;
    if mismatches + damaged == 0 { Ok(()) } else { Err(Failure::told()) }
}
