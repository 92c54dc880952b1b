//! `glassbox explore`: random runs of a machine against its laws.

use std::io::{self, Write};
use std::path::Path;

use super::bring::brought;
use super::terminal::Out;
use super::{Failure, joined};
use crate::catalog::Catalog;
use crate::explore::{Bounds, Options};
use crate::files;
use crate::scene::script::MAX_FILE;
use crate::scene::search::{Found, Limits};
use crate::text::count;

/// Searches from a scene for a run that goes wrong, and writes it as a scene that can be played. Exit 1 if one was found.
pub fn search(
    catalog: Catalog,
    what: &str,
    after: usize,
    limits: Limits,
    file: Option<&Path>,
    out: &mut Out,
) -> Result<(), Failure> {
    let (catalog, id) = if what.ends_with(".ron") { brought(catalog, what)? } else { (catalog, what.to_owned()) };
    let scene = catalog.scene(&id).map_err(Failure::wrong_use)?;
    let kind = catalog.kind(catalog.mechanism_of(scene)).map_err(Failure::wrong_use)?;
    let searched =
        kind.search(&scene.file, scene.text(), after, limits).map_err(|faults| Failure::failed(joined(&faults)))?;
    if searched.actions == 0 {
        return Err(Failure::wrong_use(format!(
            "{id} has no program: nobody can run, and there is nothing to search; `glassbox explore {} --runs 1000` tries its machine",
            kind.id
        )));
    }
    let tried = count(searched.tried, if limits.runs.is_some() { "run" } else { "state" });
    let actions = count(usize::try_from(searched.actions).unwrap_or(usize::MAX), "action");
    out.line(format_args!("{tried}, {actions}, {}", count(searched.ends, "end")))?;
    let Some(found) = searched.found else {
        let (states, most) = (limits.states, Bounds::BYTES >> 20);
        out.line(match searched.cut {
            false => String::from("nothing goes wrong"),
            true if limits.runs.is_some() || searched.tried >= states => {
                format!("nothing found so far: stopped after {tried}, and there are more")
            }
            true => format!("nothing found so far: stopped after {tried}, whose successors fill {most} MB"),
        })?;
        return Ok(());
    };
    show(&found, file, out)
}

/// What was found, and the run that leads there as a scene.
fn show(found: &Found, file: Option<&Path>, out: &mut Out) -> Result<(), Failure> {
    out.line(format_args!("after {}: {}", count(found.actions, "action"), found.what.en))?;
    match file {
        Some(file) => {
            let at = |error: io::Error| Failure::failed(format!("{}: {error}", file.display()));
            files::replace(file, at, |out| out.write_all(found.scene.as_bytes()).map_err(at))?;
            out.line(format_args!("{}: the run as a scene", file.display()))?;
        }
        None => out.text(&found.scene)?,
    }
    Err(Failure::told())
}

/// Searches all that may happen in a machine for a broken law, the shortest runs first. Exit 1 if one was found.
pub fn exhaust(
    catalog: &Catalog,
    mechanism: &str,
    setup: Option<&Path>,
    bounds: Bounds,
    file: Option<&Path>,
    out: &mut Out,
) -> Result<(), Failure> {
    let kind = catalog.kind(mechanism).map_err(Failure::wrong_use)?;
    let given = setup.map(|path| -> Result<(String, String), Failure> {
        let read = files::read_text(path, MAX_FILE);
        let text = read.map_err(|error| Failure::wrong_use(format!("{}: {error}", path.display())))?;
        Ok((path.display().to_string(), text))
    });
    let given = given.transpose()?;
    let given = given.as_ref().map(|(name, text)| (&**name, &**text));
    let searched = kind.exhaust(given, bounds).map_err(|faults| Failure::failed(joined(&faults)))?;
    let wide = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    out.line(format_args!(
        "{}, up to {} deep, {}, {}, {}",
        count(searched.tried, "state"),
        count(searched.depth, "action"),
        count(wide(searched.actions), "action"),
        count(wide(searched.steps), "step"),
        count(searched.ends, "end")
    ))?;
    let always = kind.laws.iter().filter(|law| !kind.stories.contains(law));
    out.line(format_args!("laws: {}", always.copied().collect::<Vec<_>>().join(", ")))?;
    let Some(found) = &searched.found else {
        let held = match searched.cut {
            false if searched.actions == 0 => String::from("nothing can happen in this setup: give one with --setup"),
            false => String::from("every law holds in every state"),
            true if searched.tried >= bounds.states => {
                format!("every law holds so far: stopped after {}, and there are more", count(searched.tried, "state"))
            }
            true if searched.depth >= bounds.depth => {
                format!(
                    "every law holds in every state up to {} deep, and there are more",
                    count(bounds.depth, "action")
                )
            }
            true => format!("every law holds so far: stopped where waiting states fill {} MB", bounds.bytes >> 20),
        };
        return Ok(out.line(held)?);
    };
    show(found, file, out)
}

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
