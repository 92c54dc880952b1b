//! What is wrong with a file that somebody wrote: the place, the cause, and the nearest name that would be right.

use std::fmt;

use ron::error::{Error, SpannedError};
use serde::Serialize;

use crate::text::Text;

/// Something wrong with a scene or with the words of a mechanism.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file, or the name of a built-in one.
    pub file: String,
    /// Line and column, from 1, where known.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub cause: String,
}

impl Fault {
    /// A fault of a file as a whole.
    pub fn new(file: &str, cause: impl Into<String>) -> Fault {
        Fault { file: file.to_owned(), place: None, cause: cause.into() }
    }

    /// A fault at a place.
    pub fn at(file: &str, place: Option<(usize, usize)>, cause: impl Into<String>) -> Fault {
        Fault { place, ..Fault::new(file, cause) }
    }

    /// A fault that the RON reader found.
    pub fn from_ron(file: &str, error: &SpannedError) -> Fault {
        let place = (error.span.start.line, error.span.start.col);
        Fault::at(file, Some(place), explained(&error.code))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.cause),
            None => write!(f, "{}: {}", self.file, self.cause),
        }
    }
}

/// The reader's complaint with the nearest known name.
pub fn explained(error: &Error) -> String {
    match error {
        Error::NoSuchStructField { expected, found, .. } => unknown("field", found, expected.iter().copied()),
        Error::NoSuchEnumVariant { expected, found, .. } => unknown("name", found, expected.iter().copied()),
        Error::ExceededRecursionLimit => "nested too deeply".to_owned(),
        Error::Message(said) => Text::from_both(said).en.into(),
        other => {
            let mut words = other.to_string();
            if let Some(first) = words.get(0..1) {
                let lower = first.to_lowercase();
                words.replace_range(0..1, &lower);
            }
            words
        }
    }
}

/// The most names that are listed in full.
const FEW: usize = 24;

/// `unknown field "hnit", did you mean "hint"? (known: …)`; of very many names only the nearest.
pub fn unknown<'a>(what: &str, found: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let near = ranked(found, known.clone());
    let meant = near.first().map_or(String::new(), |near| format!(", did you mean `{near}`?"));
    let names: Vec<&str> = known.collect();
    let listed = match near.get(1..) {
        _ if names.is_empty() => String::new(),
        _ if names.len() <= FEW => format!(" (known: {})", names.join(", ")),
        Some(others) if !others.is_empty() => {
            let others = others.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            format!(" (also near: {others}; {} are known)", names.len())
        }
        _ => format!(" ({} are known)", names.len()),
    };
    format!("unknown {what} `{found}`{meant}{listed}")
}

/// The known name that is most like `found`, if any is like it at all.
pub fn nearest<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    ranked(found, known).first().copied()
}

/// The known names that are like `found`, the nearest first.
fn ranked<'a>(found: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let found = found.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&found, &name.to_lowercase());
    let mut near: Vec<(f64, &str)> = known.map(|name| (likeness(name), name)).filter(|(like, _)| *like > 0.7).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().map(|(_, name)| name).collect()
}
