//! `glassbox trace`: a line a step.

use serde_json::json;

use super::Failure;
use super::terminal::Out;
use crate::scene::Run;
use crate::text::Lang;

/// Prints every step: index, action, event, caption, changed state paths.
pub fn trace(run: &dyn Run, as_json: bool, lang: Lang, out: &mut Out) -> Result<(), Failure> {
    for at in 1..=run.steps() {
        let Some(event) = run.event(at) else { continue };
        let action = run.actions().get(event.action).map_or("", |action| action.text.as_str());
        let caption = run.caption(at, lang);
        let changes = run.changes(at);
        if as_json {
            let line = json!({
                "step": at,
                "action": action,
                "event": event.name,
                "figures": run.figures(at),
                "caption": caption.deed(),
                "aside": Some(caption.remark()).filter(|remark| !remark.is_empty()),
                "changes": changes,
            });
            out.json(&line)?;
        } else {
            let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
            out.row(&[&at.to_string(), action, event.name, &caption.deed(), &paths.join(" ")])?;
        }
    }
    Ok(())
}
