//! `glassbox explore`: random runs of a machine against its laws.

use super::Failure;
use super::terminal::Out;
use crate::catalog::Catalog;
use crate::explore::Options;

/// Explores a mechanism and prints what was done, what was checked and which events were met.
pub fn explore(catalog: &Catalog, mechanism: &str, options: Options, out: &mut Out) -> Result<(), Failure> {
    let kind = catalog.kind(mechanism).map_err(Failure::wrong_use)?;
    let report = kind.explore(options, None);
    for violation in &report.violations {
        let actions = violation.actions.join(", ");
        out.line(format_args!(
            "violation: run {}, step {}, after {}: {}: {}",
            violation.run, violation.step, violation.event, violation.law, violation.message
        ))?;
        out.line(format_args!("  setup {}", violation.setup))?;
        out.line(format_args!("  actions … {actions}"))?;
    }
    out.line("coverage of events:")?;
    for (event, count) in &report.coverage {
        out.line(format_args!("  {count:>9} {event}"))?;
    }
    let unmet: Vec<&str> = report.coverage.iter().filter(|(_, count)| *count == 0).map(|(event, _)| *event).collect();
    if !unmet.is_empty() {
        out.line(format_args!("never met: {}", unmet.join(", ")))?;
    }
    for (law, reached) in &report.sometimes {
        out.line(format_args!("{} {law}", if *reached { "reached:" } else { "not reached:" }))?;
    }
    out.line(format_args!(
        "{} runs, {} actions, {} steps taken, {} laws checked, {} of {} events met, {} violations",
        report.runs,
        report.actions,
        report.steps,
        report.checks,
        report.coverage.len() - unmet.len(),
        report.coverage.len(),
        report.violated
    ))?;
    if report.violated == 0 { Ok(()) } else { Err(Failure::told()) }
}
