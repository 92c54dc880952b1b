//! From an event and its figures to the sentence shown for it.

use serde_json::Value;

use super::mechanism::{CaptionText, Case};
use super::run::{Caption, Span, Style};
use crate::text::{Lang, Text, bytes, time};

/// The two lines for an event with these figures; a placeholder without a figure stays as it is written.
pub fn render(caption: &CaptionText, remark: Option<&Text>, figures: &Value, lang: Lang) -> Caption {
    let (en, zh, why) = said(caption, figures);
    let words = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let did = filled(words, figures, lang);
    match remark.or(why) {
        Some(means) => Caption { means: filled(means.get(lang), figures, lang), did, kind: caption.kind },
        None => Caption { means: did, did: Vec::new(), kind: caption.kind },
    }
}

/// The places of the state that words name: `{=count}` is what stands at `count` after the step.
pub fn places(words: &str) -> Vec<&str> {
    let figure = |piece| if let Piece::Figure(name) = piece { name_of(name).0.strip_prefix('=') } else { None };
    pieces(words).into_iter().filter_map(figure).collect()
}

/// The numbers that stand in words as they are written: neither a placeholder's figure, nor part of a name (`k53`, `G1`,
/// `go1.23`), nor one of the source's `constants`. Somebody has typed them, and nobody computes them.
pub fn typed(words: &str, constants: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces(words) {
        let (Piece::Words(text) | Piece::Strong(text)) = piece else { continue };
        let mut before = ' ';
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let number = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
            let end = if c.is_ascii_digit() { rest.find(|c| !number(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
            let (taken, left) = rest.split_at(end);
            let written = taken.trim_end_matches(['.', ',']);
            let named = before.is_ascii_alphanumeric() || before == '_' || before == '.';
            if c.is_ascii_digit() && !named && !constants.iter().any(|constant| constant == written) {
                found.push(written.to_owned());
            }
            before = taken.chars().next_back().unwrap_or(' ');
            rest = left;
        }
    }
    found
}

/// A placeholder's name and its format. A path may hold no colon.
fn name_of(placeholder: &str) -> (&str, &str) {
    placeholder.split_once(':').unwrap_or((placeholder, ""))
}

/// The sentences and the reason that apply to these figures.
fn said<'a>(caption: &'a CaptionText, figures: &Value) -> (&'a str, &'a str, Option<&'a Text>) {
    let fits = |case: &&Case| case.when.iter().all(|(name, wanted)| figures.get(name) == Some(wanted));
    match caption.cases.iter().find(fits) {
        Some(case) => (&case.en, &case.zh, case.why.as_ref().or(caption.why.as_ref())),
        None => (&caption.en, &caption.zh, caption.why.as_ref()),
    }
}

/// What these figures do not fill in the sentence shown for them and its reason, and the figures that its cases ask for
/// and the event does not have.
pub fn faults(caption: &CaptionText, figures: &Value) -> Vec<String> {
    let (en, zh, why) = said(caption, figures);
    let texts = why.into_iter().flat_map(|text| [text.en.as_str(), text.zh.as_str()]);
    let mut missing: Vec<String> = [en, zh].into_iter().chain(texts).flat_map(|text| unfilled(text, figures)).collect();
    let asked = caption.cases.iter().flat_map(|case| case.when.keys());
    missing.extend(asked.filter(|name| figures.get(name.as_str()).is_none()).cloned());
    missing
}

/// The placeholders of a sentence that these figures do not fill.
pub fn unfilled(words: &str, figures: &Value) -> Vec<String> {
    pieces(words)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Figure(name) if figure(name, figures, Lang::En).is_none() => Some(name.to_owned()),
            // Emphasis is taken as it is written.
            Piece::Strong(text) if text.contains('{') => Some(text.to_owned()),
            _ => None,
        })
        .collect()
}

/// Words with their figures. Letters and digits directly before a figure belong to it: `G7`, `0x3f`.
pub fn filled(words: &str, figures: &Value, lang: Lang) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for piece in pieces(words) {
        match piece {
            Piece::Words(text) => spans.push(Span::plain(text)),
            Piece::Strong(text) => spans.push(Span { text: text.to_owned(), style: Style::Strong }),
            Piece::Figure(name) => {
                let figure = figure(name, figures, lang).unwrap_or_else(|| format!("{{{name}}}"));
                let before = spans.last_mut().filter(|span| span.style == Style::Plain);
                let letters = before.map(|span| {
                    let kept = span.text.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
                    span.text.split_off(kept)
                });
                let text = letters.unwrap_or_default() + &figure;
                spans.push(Span { text, style: Style::Figure });
            }
        }
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

/// Where a `{` or a `*` stands that nothing closes, in bytes.
pub fn unclosed(words: &str) -> Option<usize> {
    let mut from = 0;
    for piece in pieces(words) {
        match piece {
            // Only what nothing closes is left among plain words.
            Piece::Words(text) if text.starts_with(['{', '*']) => return Some(from),
            Piece::Words(text) => from += text.len(),
            Piece::Figure(text) | Piece::Strong(text) => from += text.len() + 2,
        }
    }
    None
}

enum Piece<'a> {
    Words(&'a str),
    Strong(&'a str),
    Figure(&'a str),
}

fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let next = rest.find(['{', '*']).unwrap_or(rest.len());
        if next > 0 {
            found.push(Piece::Words(&rest[..next]));
            rest = &rest[next..];
            continue;
        }
        let close = if rest.starts_with('{') { '}' } else { '*' };
        match rest[1..].find(close) {
            Some(end) if close == '}' => found.push(Piece::Figure(&rest[1..=end])),
            Some(end) => found.push(Piece::Strong(&rest[1..=end])),
            None => {
                found.push(Piece::Words(rest));
                break;
            }
        }
        rest = rest[1..].find(close).map_or("", |end| &rest[end + 2..]);
    }
    found
}

/// `name` or `name:format`: `x` is hexadecimal with two digits at least, `us` a time, `bytes` a size, a capital letter the kind of the
/// things in a list, `q` puts a text in quotes. What may be there or not is told apart by cases: nothing is no figure.
fn figure(placeholder: &str, figures: &Value, lang: Lang) -> Option<String> {
    let (name, format) = name_of(placeholder);
    match (figures.get(name)?, format) {
        (Value::String(text), "") => Some(text.clone()),
        (Value::String(text), "q") => Some(format!("\"{text}\"")),
        (Value::Number(number), "q") => Some(number.to_string()),
        (Value::Number(number), "us") => number.as_u64().map(time),
        (Value::Number(number), "bytes") => number.as_u64().map(bytes),
        (Value::Array(items), letter) if letter.len() == 1 && letter.as_bytes()[0].is_ascii_uppercase() => {
            let between = if lang == Lang::Zh { "、" } else { ", " };
            let named = items.iter().map(|item| format!("{letter}{}", super::diff::brief(item)));
            Some(named.collect::<Vec<_>>().join(between))
        }
        (Value::Number(number), "x") => number.as_u64().map(|n| format!("{n:02x}")),
        (Value::Number(number), "") => Some(number.to_string()),
        (Value::Bool(yes), "") => Some(yes.to_string()),
        (Value::Array(items), "") => Some(items.iter().map(super::diff::brief).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scene::Kind;

    fn caption(en: &str) -> CaptionText {
        CaptionText { kind: Kind::Look, en: en.to_owned(), zh: String::new(), why: None, cases: Vec::new() }
    }

    #[test]
    fn figures_and_emphasis_become_pieces_of_their_own() {
        let figures = json!({"key": "k4", "tophash": 28, "bit": 1});
        let text = caption("{key} has tophash 0x{tophash:x}, so bit *{bit}* is *new*.");
        let shown = render(&text, None, &figures, Lang::En);
        assert_eq!(shown.deed(), "k4 has tophash 0x1c, so bit {bit} is new.");
        let set = |style| shown.means.iter().filter(move |s| s.style == style).map(|s| s.text.as_str());
        assert_eq!(set(Style::Figure).collect::<Vec<_>>(), ["k4", "0x1c"]);
        assert_eq!(set(Style::Strong).collect::<Vec<_>>(), ["{bit}", "new"]);
    }

    #[test]
    fn typed_numbers_are_told_from_names_placeholders_and_constants() {
        let typed = |words: &str| typed(words, &["6.5".to_owned()]);
        assert_eq!(typed("52 keys in {=B} buckets, *8* more than 6.5, k53 of G1"), ["52", "8"]);
        assert_eq!(typed("go1.23 writes v0.1.2; 1,024."), ["1,024"]);
        assert_eq!(typed("桶 5 里有 k19"), ["5"]);
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        assert_eq!(unfilled("bucket {bucket} of {nb}", &json!({"bucket": 3})), ["nb"]);
        assert_eq!(unfilled("*bucket {bucket}*", &json!({"bucket": 3})), ["bucket {bucket}"]);
        assert_eq!(unfilled("an open { brace", &json!({})), Vec::<String>::new());
    }

    #[test]
    fn the_first_case_that_fits_is_said() {
        let case = |when: Value, en: &str| Case {
            when: serde_json::from_value(when).unwrap(),
            en: en.to_owned(),
            zh: String::new(),
            why: None,
        };
        let cases = vec![case(json!({"kicked": null}), "It was empty."), case(json!({"gs": [], "n": 1}), "Nobody.")];
        let text = CaptionText { cases, ..caption("Kicked out: G{kicked}.") };
        let said = |figures| render(&text, None, &figures, Lang::En).deed();
        assert_eq!(said(json!({"kicked": null, "gs": [], "n": 1})), "It was empty.");
        assert_eq!(said(json!({"kicked": 7, "gs": [], "n": 1})), "Nobody.");
        assert_eq!(said(json!({"kicked": 7, "gs": [], "n": 2})), "Kicked out: G7.");
        let figures = json!({"kicked": 7, "gs": []});
        assert_eq!(faults(&text, &figures), ["n"]);
    }

    #[test]
    fn times_and_lists_are_written_as_one_says_them() {
        let figures = json!({"us": 11_200, "gs": [7, 6]});
        let said = |words: &str, lang| filled(words, &figures, lang).into_iter().map(|s| s.text).collect::<String>();
        assert_eq!(said("{us:us} for {gs:G}", Lang::En), "11.2 ms for G7, G6");
        assert_eq!(said("{gs:G}", Lang::Zh), "G7、G6");
        assert_eq!([time(999), time(1_000), time(60_000_000)], ["999 µs", "1 ms", "60 s"]);
        assert_eq!(unfilled("{gs:us}{us:G}", &figures), ["gs:us", "us:G"]);
    }
}
