//! A sentence in the two languages of the house, and the choice between them.

use serde::{Deserialize, Serialize};

/// The language a reader has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, in the order in which the house lists them.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The short code used on the command line: `zh` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The other language.
    pub fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }
}

/// The same words in English and Chinese; identifiers of the source stay as they are in both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Words that differ between the languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Text {
        Text { en: en.into(), zh: zh.into() }
    }

    /// Words that are the same in both languages: identifiers, numbers, symbols.
    pub fn same(words: impl Into<String>) -> Text {
        let en = words.into();
        Text { zh: en.clone(), en }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Text {
        Text::same(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Text {
        Text::same(words)
    }
}

/// Microseconds as a reader would say them: `15 µs`, `1.06 ms`, `60 s`.
pub fn time(us: u64) -> String {
    let parts = |whole: u64, rest: u64, unit: &str| {
        let digits = format!("{rest:03}");
        let digits = digits.trim_end_matches('0');
        if digits.is_empty() { format!("{whole} {unit}") } else { format!("{whole}.{digits} {unit}") }
    };
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => parts(us / 1_000, us % 1_000, "ms"),
        _ => parts(us / 1_000_000, us / 1_000 % 1_000, "s"),
    }
}
