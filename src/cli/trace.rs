//! `glassbox trace`: a line a step.

use serde_json::json;

use super::Failure;
use super::terminal::Out;
use crate::scene::{Grain, Run};
use crate::text::Lang;

/// Prints every step, or those that a press at this grain leads to: index, action, event, caption, changed state paths.
pub fn trace(run: &dyn Run, as_json: bool, lang: Lang, grain: Grain, out: &mut Out) -> Result<(), Failure> {
    let story = run.story();
    let marks = match grain {
        Grain::Step => (1..=run.steps()).collect(),
        coarser => story.marks(coarser),
    };
    for at in marks {
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
                "means": caption.meaning(),
                "phase": story.segment(at).map(|segment| segment.title.get(lang)),
                "stop": story.stop(at).map(|stop| stop.title.get(lang)),
                "changes": changes,
            });
            out.json(&line)?;
        } else {
            let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
            let told = match story.stop(at).filter(|_| grain == Grain::Stop) {
                Some(stop) => format!("{}: {}", stop.title.get(lang), stop.says.get(lang)),
                None => caption.deed(),
            };
            out.row(&[&at.to_string(), action, event.name, &told, &paths.join(" ")])?;
        }
    }
    Ok(())
}
