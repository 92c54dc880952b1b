//! `glassbox list`: mechanisms and scenes.

use serde_json::{Value, json};

use super::terminal::{Out, tell};
use super::{Failure, joined};
use crate::catalog::Catalog;
use crate::kind::MechanismKind;

/// Prints every mechanism with its scenes. What can't be staged is listed with its error, and counted on stderr.
pub fn list(catalog: &Catalog, as_json: bool, out: &mut Out) -> Result<(), Failure> {
    let of_ours = catalog.kinds().iter().filter(|kind| kind.traced.is_none());
    let mechanisms: Vec<Value> = of_ours.map(|kind| mechanism(catalog, kind)).collect();
    if as_json {
        out.pretty_json(&json!({ "mechanisms": mechanisms }))?;
    } else {
        mechanisms.iter().try_for_each(|mechanism| print(mechanism, out))?;
    }
    let scenes = || mechanisms.iter().flat_map(scenes_of);
    let broken = scenes().filter(|scene| scene["error"].is_string()).count();
    if broken > 0 {
        let all = scenes().count();
        tell(format_args!("{broken} of {all} scenes can't be shown; `glassbox check DIR` tells all that is wrong"));
    }
    Ok(())
}

fn scenes_of(mechanism: &Value) -> impl Iterator<Item = &Value> {
    mechanism["scenes"].as_array().into_iter().flatten()
}

fn mechanism(catalog: &Catalog, kind: &MechanismKind) -> Value {
    let scenes = catalog.scenes().iter().filter(|scene| catalog.mechanism_of(scene) == kind.id);
    let scenes: Vec<Value> = scenes
        .map(|scene| match catalog.stage(&scene.id) {
            Ok(run) => json!({
                "id": scene.id,
                "title": run.title(),
                "steps": run.steps(),
                "stops": run.story().stops,
                "questions": run.questions(),
                "phases": run.story().segments,
            }),
            Err(faults) => json!({"id": scene.id, "error": joined(&faults)}),
        })
        .collect();
    match catalog.words(kind.id) {
        Ok(words) => {
            let fidelity = catalog.fidelity(kind);
            let line = fidelity.line();
            let mut fidelity = json!(fidelity);
            fidelity["line"] = json!(line);
            json!({
                "id": kind.id,
                "title": words.title,
                "models": words.models,
                "fidelity": fidelity,
                "phases": words.phases.iter().map(|phase| json!({"id": phase.id, "title": phase.title})).collect::<Vec<_>>(),
                "scenes": scenes,
            })
        }
        Err(faults) => json!({"id": kind.id, "error": joined(&faults), "scenes": scenes}),
    }
}

fn print(mechanism: &Value, out: &mut Out) -> Result<(), Failure> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let title = |of: &Value| format!("{} / {}", word(&of["title"]["en"]), word(&of["title"]["zh"]));
    let id = word(&mechanism["id"]);
    match mechanism["error"].as_str() {
        Some(error) => out.line(format_args!("{id}  error: {error}"))?,
        None => {
            out.line(format_args!("{id}  {}  ({})", title(mechanism), word(&mechanism["models"])))?;
            out.line(format_args!("  {}", word(&mechanism["fidelity"]["line"]["en"])))?;
        }
    }
    for scene in scenes_of(mechanism) {
        let id = word(&scene["id"]);
        match scene["error"].as_str() {
            Some(error) => out.line(format_args!("  {id:<24}  error: {error}"))?,
            None if scene["steps"] == 1 => out.line(format_args!("  {id:<24}    1 step   {}", title(scene)))?,
            None => out.line(format_args!("  {id:<24} {:>4} steps  {}", scene["steps"], title(scene)))?,
        }
    }
    Ok(())
}
