//! `glassbox trace`: a line a step.

use serde_json::{Map, Value, json};

use super::Failure;
use super::terminal::Out;
use crate::scene::{Grain, Run};
use crate::text::{Lang, Text};

/// Prints every step, or those that a press at this grain leads to: index, action, event, caption, changed state paths.
pub fn trace(run: &dyn Run, as_json: bool, lang: Lang, grain: Grain, out: &mut Out) -> Result<(), Failure> {
    let story = run.story();
    for at in marks(run, grain) {
        let Some(event) = run.event(at) else { continue };
        if as_json {
            out.json(&step(run, at, lang))?;
            continue;
        }
        let action = run.actions().get(event.action).map_or("", |action| action.text.as_str());
        let changes = run.changes(at);
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        let told = match story.stop(at).filter(|_| grain == Grain::Stop) {
            Some(stop) => format!("{}: {}", stop.title.get(lang), stop.says.get(lang)),
            None => run.caption(at, lang).deed(),
        };
        out.row(&[&at.to_string(), action, event.name, &told, &paths.join(" ")])?;
    }
    Ok(())
}

/// Prints a trace that somebody brought: what each line says and what stands out in it; then what stood out in all of
/// them, and how many lines of the file are none of the trace.
pub fn lines(run: &dyn Run, as_json: bool, lang: Lang, grain: Grain, out: &mut Out) -> Result<(), Failure> {
    let all: Vec<Found> = (0..=run.steps()).map(|at| standing_out(run, at)).collect();
    for at in marks(run, grain) {
        let found = &all[at];
        if as_json {
            let mut line = step(run, at, lang);
            line["stands_out"] = found.iter().map(|(name, _)| *name).collect();
            out.json(&line)?;
        } else {
            let titles: Vec<&str> = found.iter().map(|(_, title)| title.get(lang)).collect();
            let story = run.story();
            let stop = story.stop(at).filter(|_| grain == Grain::Stop).map_or("", |stop| stop.says.get(lang));
            let titles = titles.join(if lang == Lang::Zh { "；" } else { "; " });
            let deed = run.caption(at, lang).deed();
            let fields = [deed.as_str(), titles.as_str(), stop];
            let told = fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
            out.row(&fields[..told])?;
        }
    }
    let mut sums: Vec<(&str, Text, usize, usize)> = Vec::new();
    for (at, (name, title)) in all.iter().enumerate().flat_map(|(at, found)| found.iter().map(move |one| (at, one))) {
        match sums.iter_mut().find(|sum| sum.0 == *name) {
            Some(sum) => sum.2 += 1,
            None => sums.push((*name, title.clone(), 1, at)),
        }
    }
    let state = run.state(run.steps());
    let (steps, skipped, damaged) = (run.steps(), &state["skipped"], &state["damaged"]);
    let number = |at: usize| run.figures(at)["n"].clone();
    if as_json {
        let sums = sums.iter().map(|(name, _, n, at)| ((*name).to_owned(), json!({"cycles": n, "first": number(*at)})));
        let sums: Map<String, Value> = sums.collect();
        out.json(&json!({"cycles": steps, "stands_out": sums, "skipped": skipped, "damaged": damaged}))?;
        return Ok(());
    }
    let zh = lang == Lang::Zh;
    for (_, title, n, at) in &sums {
        let (title, first) = (title.get(lang), number(*at));
        out.line(match zh {
            true => format!("突出：{title}：{steps} 轮里 {n} 轮，首次在 gc {first}"),
            false => format!("stands out: {title}: {n} of {steps} cycles, the first gc {first}"),
        })?;
    }
    if sums.is_empty() {
        out.line(if zh { "突出：无" } else { "stands out: nothing" })?;
    }
    out.line(match zh {
        true => format!("跳过：其他行 {skipped}，残缺的 gc 行 {damaged}"),
        false => format!("skipped: {skipped} other lines, {damaged} damaged gc lines"),
    })?;
    Ok(())
}

/// The stories that a step reaches: their names and titles.
type Found = Vec<(&'static str, Text)>;

fn standing_out(run: &dyn Run, at: usize) -> Found {
    let laws = run.laws(at).into_iter().filter(|law| !law.always && law.outcome.is_ok());
    laws.map(|law| (law.name, law.title)).collect()
}

fn marks(run: &dyn Run, grain: Grain) -> Vec<usize> {
    match grain {
        Grain::Step => (1..=run.steps()).collect(),
        coarser => run.story().marks(coarser),
    }
}

fn step(run: &dyn Run, at: usize, lang: Lang) -> Value {
    let (story, caption) = (run.story(), run.caption(at, lang));
    let event = run.event(at);
    let action = event.and_then(|event| run.actions().get(event.action)).map_or("", |action| action.text.as_str());
    json!({
        "step": at,
        "action": action,
        "event": event.map(|event| event.name),
        "figures": run.figures(at),
        "caption": caption.deed(),
        "aside": Some(caption.remark()).filter(|remark| !remark.is_empty()),
        "means": caption.meaning(),
        "phase": story.segment(at).map(|segment| segment.title.get(lang)),
        "stop": story.stop(at).map(|stop| stop.title.get(lang)),
        "changes": run.changes(at),
    })
}
