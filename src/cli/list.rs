//! `glassbox list`: mechanisms and scenes.

use std::io::Write;

use serde_json::json;

use super::{Failure, joined};
use crate::catalog::Catalog;
use crate::text::Lang;

/// Prints every mechanism with its scenes. A scene that can't be staged is listed with its error.
pub fn list(catalog: &Catalog, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let mut mechanisms = Vec::new();
    for kind in catalog.kinds() {
        let words = catalog.words(kind.id).map_err(|faults| Failure::failed(joined(&faults)))?;
        let fidelity = catalog.fidelity(kind);
        let line = fidelity.line();
        let mut fidelity = json!(fidelity);
        fidelity["line"] = json!(line);
        let mut scenes = Vec::new();
        for scene in catalog.scenes().iter().filter(|scene| catalog.mechanism_of(scene) == kind.id) {
            scenes.push(match catalog.stage(&scene.id) {
                Ok(run) => json!({"id": scene.id, "title": run.title(), "steps": run.steps()}),
                Err(faults) => json!({"id": scene.id, "error": joined(&faults)}),
            });
        }
        mechanisms.push(json!({
            "id": kind.id,
            "title": words.title,
            "models": words.models,
            "fidelity": fidelity,
            "scenes": scenes,
        }));
    }
    if as_json {
        writeln!(out, "{:#}", json!({ "mechanisms": mechanisms }))?;
        return Ok(());
    }
    for (kind, mechanism) in catalog.kinds().iter().zip(&mechanisms) {
        let words = catalog.words(kind.id).map_err(|faults| Failure::failed(joined(&faults)))?;
        let (en, zh) = (words.title.get(Lang::En), words.title.get(Lang::Zh));
        writeln!(out, "{}  {en} / {zh}  ({})", kind.id, words.models)?;
        writeln!(out, "  {}", catalog.fidelity(kind).line().get(Lang::En))?;
        for scene in mechanism["scenes"].as_array().into_iter().flatten() {
            let id = scene["id"].as_str().unwrap_or_default();
            match scene["error"].as_str() {
                Some(error) => writeln!(out, "  {id:<24}  error: {error}")?,
                None => {
                    let title = |lang: &str| scene["title"][lang].as_str().unwrap_or_default().to_owned();
                    writeln!(out, "  {id:<24} {:>4} steps  {} / {}", scene["steps"], title("en"), title("zh"))?;
                }
            }
        }
    }
    Ok(())
}
