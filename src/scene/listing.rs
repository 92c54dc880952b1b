//! The code listing: pseudo-code of our own, each line marked with the events that it stands for.
//!
//! A line ends in `  @Event @Event` where it stands for events; a line that starts with `#` names a real file and
//! function and opens a section; other lines are shown as they are.

use super::mechanism::CodeLine;

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
