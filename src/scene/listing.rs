//! The code listing: pseudo-code of our own, each line marked with the events that it stands for.
//!
//! A line ends in `  @Event @Event` where it stands for events; a line that starts with `#` names a real file and
//! function and opens a section; other lines are shown as they are.

use super::mechanism::CodeLine;
use super::run::Run;

/// The lines of a listing.
pub fn parse(text: &str) -> Vec<CodeLine> {
    text.lines().map(line).collect()
}

fn line(text: &str) -> CodeLine {
    if let Some(heading) = text.strip_prefix('#') {
        return CodeLine { text: heading.trim().to_owned(), heading: true, events: Vec::new() };
    }
    let (code, events) = match text.find(" @") {
        Some(mark) => (&text[..mark], &text[mark..]),
        None => (text, ""),
    };
    let events = events.split_whitespace().filter_map(|word| word.strip_prefix('@')).map(str::to_owned).collect();
    CodeLine { text: code.trim_end().to_owned(), heading: false, events }
}

/// How many steps before tell in which function a step stands.
const LOOK_BACK: usize = 12;

/// The line that the step at `at` stands at, as an index into the mechanism's listing.
///
/// An event may be marked in several functions. The one that the event's figure `op` names is meant; else the one that
/// the step before stood in, else the next one below that, else the first.
pub fn line_at(run: &dyn Run, at: usize) -> Option<usize> {
    let event = run.event(at)?;
    let begin =
        run.actions().get(event.action).map_or(at, |action| action.before + 1).max(at.saturating_sub(LOOK_BACK));
    let listing = &run.mechanism().listing;
    (begin..=at).fold(None, |before, step| {
        let name = run.event(step).map_or("", |event| event.name);
        let marked: Vec<usize> =
            (0..listing.len()).filter(|i| listing[*i].events.iter().any(|marked| marked == name)).collect();
        let op = run.figures(step).get("op").and_then(|op| op.as_str()).map(str::to_owned);
        let named = marked.iter().find(|i| op.as_deref().is_some_and(|op| is_in(listing, **i, op)));
        let same = marked.iter().find(|i| before.is_some_and(|line| section(listing, line) == section(listing, **i)));
        let below = marked.iter().find(|i| before.is_some_and(|line| **i > line));
        named.or(same).or(below).or(marked.first()).copied().or(before)
    })
}

/// The heading above a line.
fn section(listing: &[CodeLine], line: usize) -> Option<usize> {
    (0..=line).rev().find(|i| listing[*i].heading)
}

/// Whether the heading above a line names this function.
fn is_in(listing: &[CodeLine], line: usize, function: &str) -> bool {
    let Some(heading) = section(listing, line) else { return false };
    let functions = listing[heading].text.split('—').next().unwrap_or_default();
    functions.split(|c: char| !c.is_alphanumeric()).any(|word| word == function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_in_its_events_and_a_heading_names_functions() {
        let listing = parse("# send, recv — chan.go\nlock(&c.lock)  @Locked @LockBusy\n  plain");
        assert!(listing[0].heading && is_in(&listing, 2, "recv") && !is_in(&listing, 2, "rec"));
        assert_eq!((listing[1].text.as_str(), listing[1].events.len()), ("lock(&c.lock)", 2));
        assert_eq!(listing[2].text, "  plain");
    }
}
