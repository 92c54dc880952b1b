//! A sentence in the two languages of the house, and the choice between them.

use std::borrow::Cow;
use std::fmt::Display;

use serde::{Deserialize, Serialize, Serializer};
use smol_str::{SmolStr, format_smolstr};

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
    pub en: SmolStr,
    /// Chinese.
    pub zh: SmolStr,
}

impl Text {
    /// Words that differ between the languages.
    pub fn new(en: impl Into<SmolStr>, zh: impl Into<SmolStr>) -> Text {
        Text { en: en.into(), zh: zh.into() }
    }

    /// Words that are the same in both languages: identifiers, numbers, symbols.
    pub fn same(words: impl Into<SmolStr>) -> Text {
        let en = words.into();
        Text { zh: en.clone(), en }
    }

    /// Words that came through a reader's error, which carries one text: `English / 中文`.
    pub fn from_both(words: &str) -> Text {
        words.split_once(" / ").map_or_else(|| Text::same(words), |(en, zh)| Text::new(en, zh))
    }

    /// The words with more behind them.
    pub fn then(&self, en: &str, zh: &str) -> Text {
        Text { en: format_smolstr!("{}{en}", self.en), zh: format_smolstr!("{}{zh}", self.zh) }
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

/// Declares an enum whose values have names of their own in the source that is modelled.
///
/// ```
/// # use glassbox::text::named;
/// named! {
///     /// Why a goroutine waits.
///     #[derive(PartialOrd)]
///     pub enum Reason by text {
///         Send = "chan send",
///         /// For ever.
///         SendNil = "chan send (nil chan)",
///     }
/// }
/// assert_eq!(Reason::SendNil.text(), "chan send (nil chan)");
/// ```
#[macro_export]
macro_rules! named {
    (
        $(#[$outer:meta])*
        pub enum $Enum:ident by $by:ident { $($(#[$inner:meta])* $Value:ident = $name:literal),* $(,)? }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $Enum {
            $(#[doc = concat!("`", $name, "`.\n\n")] $(#[$inner])* $Value),*
        }

        impl $Enum {
            /// What it is called in the source.
            pub fn $by(self) -> &'static str {
                match self {
                    $($Enum::$Value => $name),*
                }
            }
        }
    };
}

pub use crate::named;

/// Serialises types as they are displayed.
#[macro_export]
macro_rules! as_displayed {
    ($($Type:ty),+) => {
        $(impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

pub use crate::as_displayed;

/// Serialises a list whose elements are to be seen as they are displayed.
pub fn each_displayed<T: Display, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().map(T::to_string))
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

/// `1 scene`, `2 scenes`.
pub fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A size as a reader would say it: `85 KiB`, `8.4 MiB`; `∞` for what no memory could be.
pub fn bytes(n: u64) -> String {
    match n {
        0..0x10_0000 => format!("{} KiB", n >> 10),
        _ if n >= 1 << 50 => String::from("∞"),
        _ => format!("{:.1} MiB", n as f64 / f64::from(1 << 20)),
    }
}

/// Words that somebody else wrote, as they may be shown on one line of a terminal or in the title of a window: what
/// would steer it (control characters, line ends, changes of direction, characters that nobody sees) as an escape.
pub fn visible(words: &str) -> Cow<'_, str> {
    if !words.contains(steers) {
        return Cow::Borrowed(words);
    }
    let mut shown = String::with_capacity(words.len() + 16);
    for c in words.chars() {
        if steers(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Unicode's controls (Cc), line separators (Zl, Zp), and of the format characters (Cf) all but the two joiners, which
/// Persian and emoji are written with.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_as_an_escape() {
        let shown = visible("\u{1b}]0;pwned\u{7}a\nb\tc\0\u{9b}31m\u{7f}\u{202e}\u{2028}\u{2066}\u{e0041}");
        assert_eq!(shown, r"\u{1b}]0;pwned\u{7}a\nb\tc\u{0}\u{9b}31m\u{7f}\u{202e}\u{2028}\u{2066}\u{e0041}");
        let words = "桶 3 → \"k9\" · ½ \\u é 👩\u{200d}💻 می\u{200c}خواهم";
        assert!(matches!(visible(words), Cow::Borrowed(same) if same == words), "everything else stays as it is");
    }
}
