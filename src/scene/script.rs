//! A scene's script: a setup and the actions, with the author's remarks. Data only; it reaches nothing.

use std::collections::BTreeMap;

use ron::extensions::Extensions;
use ron::value::RawValue;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use crate::text::Text;

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 1 << 20;
/// The deepest nesting of brackets.
pub const MAX_NESTING: usize = 48;
/// The most beats, and the most actions that they may come to with their repetitions.
pub const MAX_ACTIONS: usize = 20_000;
/// The most steps of a run.
pub const MAX_STEPS: usize = 100_000;
/// The longest title, remark or name, in characters.
pub const MAX_WORDS: usize = 400;

/// A script for a machine with this setup and these actions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script<S, A> {
    /// Which mechanism it is for; needed only where the folder's name does not say it.
    #[serde(default)]
    pub mechanism: Option<String>,
    /// Where it stands among the scenes of its mechanism; rising.
    #[serde(default)]
    pub order: u32,
    /// Its title.
    pub title: Text,
    /// What it shows, in one or two sentences.
    pub summary: Text,
    /// What the machine starts from.
    #[serde(default = "Option::default")]
    pub setup: Option<S>,
    /// Actions that are carried out before the scene begins, unseen.
    #[serde(default = "Vec::new")]
    pub before: Vec<A>,
    /// The scene.
    pub beats: Vec<Beat<A>>,
    /// What takes the same actions beside it.
    #[serde(default)]
    pub beside: Option<Beside>,
    /// What two things that the scene compares have and have not.
    #[serde(default)]
    pub table: Option<Table>,
    /// What people ask, each with the moment that answers.
    #[serde(default)]
    pub questions: Vec<Asked>,
}

/// Another machine, or the same one in another setup, that takes the scene's actions too.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Which mechanism; without it the scene's own.
    #[serde(default)]
    pub mechanism: Option<String>,
    /// What it starts from.
    #[serde(default)]
    pub setup: Option<Box<RawValue>>,
    /// What the scene's machine and this one are called.
    pub names: (Text, Text),
}

impl PartialEq for Beside {
    fn eq(&self, other: &Beside) -> bool {
        let setup = |beside: &Beside| beside.setup.as_ref().map(|raw| raw.get_ron().to_owned());
        (&self.mechanism, &self.names, setup(self)) == (&other.mechanism, &other.names, setup(other))
    }
}

/// A question that people really ask, and the moment of the scene that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The question.
    pub ask: Text,
    /// The event that answers; without it the end of the scene does.
    #[serde(default)]
    pub on: Option<String>,
    /// Which of them in the scene, from 1.
    #[serde(default = "once")]
    pub nth: usize,
}

/// A moment of a beat that is worth stopping at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopMark {
    /// The event at which it is; without it the end of the beat.
    #[serde(default)]
    pub on: Option<String>,
    /// Which of them in the beat, from 1.
    #[serde(default = "once")]
    pub nth: usize,
    /// Its title.
    pub title: Text,
    /// What it means; without it what the author says there anyway.
    #[serde(default)]
    pub says: Option<Text>,
}

/// A table of differences.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The two things.
    pub heads: (Text, Text),
    /// What is compared, and how it is with the first and with the second.
    pub rows: Vec<(Text, Text, Text)>,
}

impl Table {
    fn words(&self) -> impl Iterator<Item = &Text> {
        let rows = self.rows.iter().flat_map(|(what, one, other)| [what, one, other]);
        [&self.heads.0, &self.heads.1].into_iter().chain(rows)
    }
}

/// One action with what the author says of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat<A> {
    /// The action.
    #[serde(rename = "do")]
    pub action: A,
    /// How often it is taken.
    #[serde(default = "once")]
    pub times: usize,
    /// Said below the caption at every step of the action.
    #[serde(default)]
    pub say: Option<Text>,
    /// Said instead at steps with this event.
    #[serde(default)]
    pub at: BTreeMap<String, Text>,
    /// Where it is worth stopping.
    #[serde(default = "Vec::new")]
    pub stops: Vec<StopMark>,
}

fn once() -> usize {
    1
}

/// How RON is read everywhere in the house: limited in depth, `Some` may be left out.
pub fn options() -> ron::Options {
    ron::Options::default().with_recursion_limit(MAX_NESTING).with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Reads a value from a file's text, within the limits.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    if text.len() > MAX_FILE {
        return Err(Fault::new(file, format!("the file has {} bytes, at most {MAX_FILE} are read", text.len())));
    }
    options().from_str(text).map_err(|error| Fault::from_ron(file, &error))
}

/// Reads a script and checks its limits.
pub fn read_script<S: DeserializeOwned, A: DeserializeOwned>(file: &str, text: &str) -> Result<Script<S, A>, Fault> {
    let script: Script<S, A> = read(file, text)?;
    let actions = script.before.len() + script.beats.iter().map(|beat| beat.times.min(MAX_ACTIONS + 1)).sum::<usize>();
    if actions > MAX_ACTIONS || script.beats.len() > MAX_ACTIONS {
        return Err(Fault::new(file, format!("{actions} actions, at most {MAX_ACTIONS} are taken")));
    }
    let remarks = script.beats.iter().flat_map(|beat| beat.say.iter().chain(beat.at.values()));
    let stops = script.beats.iter().flat_map(|beat| &beat.stops);
    let stops = stops.flat_map(|stop| std::iter::once(&stop.title).chain(&stop.says));
    let table = script.table.iter().flat_map(Table::words).chain(script.questions.iter().map(|asked| &asked.ask));
    for words in [&script.title, &script.summary].into_iter().chain(remarks).chain(stops).chain(table) {
        let longest = words.en.chars().count().max(words.zh.chars().count());
        if longest > MAX_WORDS {
            let start: String = words.en.chars().take(24).collect();
            return Err(Fault::new(file, format!("`{start}…` has {longest} characters, at most {MAX_WORDS} fit")));
        }
    }
    Ok(script)
}

/// Line and column of the `nth` (from 0) beat's `do:` in a script's text.
pub fn beat_place(text: &str, nth: usize) -> Option<(usize, usize)> {
    let mut seen = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            string_length(rest)
        } else if c.is_alphanumeric() || c == '_' {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            if &rest[..word] == "do" && rest[word..].trim_start().starts_with(':') {
                if seen == nth {
                    let before = &text[..text.len() - rest.len()];
                    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                    return Some((before.matches('\n').count() + 1, column));
                }
                seen += 1;
            }
            word
        } else {
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    None
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return i + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}
