//! `glassbox check`: everything that is wrong with scenes, their words, their pictures and their claims.

use super::Failure;
use super::terminal::{Out, Progress};
use crate::catalog::Catalog;
use crate::scene::{Fault, lint, stage};
use crate::text::count;

/// Checks every scene of a catalogue; `faults` are those found while its files were read.
pub fn check(catalog: &Catalog, mut faults: Vec<Fault>, out: &mut Out) -> Result<(), Failure> {
    let (mut steps, mut claims) = (0, 0);
    let mut advice = Vec::new();
    let mut progress = Progress::new();
    let all = catalog.scenes().len();
    faults.extend_from_slice(catalog.faults());
    for kind in catalog.kinds() {
        if !catalog.scenes().iter().any(|scene| catalog.mechanism_of(scene) == kind.id) {
            continue;
        }
        match catalog.words(kind.id) {
            Err(found) => faults.extend(found),
            Ok(words) => {
                for (i, claim) in words.claims.iter().enumerate() {
                    progress.at(i, words.claims.len(), &format!("claims of {}", kind.id));
                    claims += 1;
                    // A folder of somebody's own need not hold the scenes that the mechanism's claims point at.
                    let id = format!("{}/{}", kind.id, claim.shown.scene);
                    let elsewhere = catalog.scene(&id).is_err() && !catalog.owns_words(kind.id);
                    if let Err(cause) = catalog.moment(kind.id, &claim.shown).map(drop)
                        && !elsewhere
                    {
                        faults.push(Fault::new(&id, format!("claim `{}`: {cause}", claim.says.en)));
                    }
                }
            }
        }
    }
    for (i, scene) in catalog.scenes().iter().enumerate() {
        progress.at(i, all, "scenes");
        match catalog.stage(&scene.id) {
            Err(found) => faults.extend(found.into_iter().filter(|fault| fault.file == scene.file)),
            Ok(run) => {
                steps += run.steps();
                faults.extend(stage::lint_words(&*run, &scene.file));
                faults.extend(stage::lint_signs(&*run, &scene.file, scene.text()));
                advice.extend(stage::advice(&*run).into_iter().map(|advice| format!("{}: {advice}", scene.file)));
                faults.extend(lint::lint(&*run).into_iter().map(|complaint| Fault::new(&scene.file, complaint)));
            }
        }
    }
    drop(progress);
    for fault in &faults {
        out.line(fault)?;
    }
    for words in &advice {
        out.line(format_args!("advice: {words}"))?;
    }
    let sum = [(all, "scene"), (steps, "step"), (claims, "claim"), (faults.len(), "fault")];
    out.line(sum.map(|(n, what)| count(n, what)).join(", "))?;
    if faults.is_empty() { Ok(()) } else { Err(Failure::told()) }
}
