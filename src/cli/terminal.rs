//! The one way to a terminal: what commands print and what goes wrong. Words from files never steer it.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::text::{steers, visible};

/// What a command prints. There is no way to print but these, so that none can forget to escape.
pub struct Out<'a>(&'a mut dyn Write);

impl<'a> Out<'a> {
    /// Prints to a writer.
    pub fn new(to: &'a mut dyn Write) -> Out<'a> {
        Out(to)
    }

    /// One line, whatever is in the words.
    pub fn line(&mut self, words: impl Display) -> io::Result<()> {
        writeln!(self.0, "{}", visible(&words.to_string()))
    }

    /// One line of fields with tabs between them.
    pub fn row(&mut self, fields: &[&str]) -> io::Result<()> {
        let fields: Vec<_> = fields.iter().map(|field| visible(field)).collect();
        writeln!(self.0, "{}", fields.join("\t"))
    }

    /// Text of several lines.
    pub fn text(&mut self, words: &str) -> io::Result<()> {
        words.lines().try_for_each(|line| self.line(line))
    }

    /// A value on one line, as JSON.
    pub fn json(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.0, "{}", harmless(&value.to_string()))
    }

    /// A value on indented lines, as JSON.
    pub fn pretty_json(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.0, "{}", harmless(&format!("{value:#}")))
    }
}

/// JSON that says the same without a character that steers a terminal. Those below U+0020 are escapes already; the
/// others can stand in strings alone, where an escape means the same.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && steers(c) {
            let units = &mut [0; 2];
            out.extend(c.encode_utf16(units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Tells on stderr what is wrong, in one line.
pub fn tell(message: impl Display) {
    // There is nobody left to tell that stderr is closed.
    let _ = writeln!(io::stderr(), "glassbox: {}", visible(&message.to_string()));
}

/// How far a long command is, on stderr if that is a terminal.
pub struct Progress {
    told: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// The time between two figures.
    const PAUSE: Duration = Duration::from_millis(100);

    /// Nothing is shown yet.
    pub fn new() -> Progress {
        Progress { told: None, shown: io::stderr().is_terminal() }
    }

    /// So many are done.
    pub fn at(&mut self, done: usize, all: usize, what: &str) {
        if !self.shown || self.told.is_some_and(|told| told.elapsed() < Progress::PAUSE) {
            return;
        }
        self.told = Some(Instant::now());
        let _ = write!(io::stderr(), "\r\x1b[K{done}/{all} {}", visible(what));
    }
}

impl Drop for Progress {
    /// Clears the line.
    fn drop(&mut self) {
        if self.told.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(print: impl FnOnce(&mut Out) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        print(&mut Out::new(&mut bytes)).expect("memory takes everything");
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn a_line_stays_a_line_and_a_field_a_field() {
        assert_eq!(printed(|out| out.line("a\nb\u{1b}[31m")), "a\\nb\\u{1b}[31m\n");
        assert_eq!(printed(|out| out.row(&["a\tb", "c"])), "a\\tb\tc\n");
        assert_eq!(printed(|out| out.text("a\n  b\u{7}\n")), "a\n  b\\u{7}\n");
    }

    #[test]
    fn json_says_the_same_and_steers_nothing() {
        let value = json!({"\u{9b}k": "\u{1b}\u{7f}\u{202e}\u{e0041}\n", "n": [1, "桶"]});
        for text in [printed(|out| out.json(&value)), printed(|out| out.pretty_json(&value))] {
            assert!(text.chars().all(|c| c == '\n' || !steers(c)), "{text:?}");
            assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
        }
    }
}
