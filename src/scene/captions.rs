//! From an event and its figures to the sentence shown for it.

use serde_json::Value;

use super::mechanism::CaptionText;
use super::run::{Caption, Span};
use crate::text::{Lang, Text};

/// The sentence for an event with these figures; a placeholder without a figure stays as it is written.
pub fn render(caption: &CaptionText, remark: Option<&Text>, figures: &Value, lang: Lang) -> Caption {
    let words = match lang {
        Lang::Zh => &caption.zh,
        Lang::En => &caption.en,
    };
    let aside = remark.or(caption.why.as_ref()).map(|text| filled(text.get(lang), figures));
    let aside = aside.map(|spans| spans.into_iter().map(|span| span.text).collect());
    Caption { sentence: filled(words, figures), aside, kind: caption.kind }
}

/// The placeholders of a sentence that these figures do not fill.
pub fn unfilled(words: &str, figures: &Value) -> Vec<String> {
    pieces(words)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Figure(name) if figure(name, figures).is_none() => Some(name.to_owned()),
            _ => None,
        })
        .collect()
}

fn filled(words: &str, figures: &Value) -> Vec<Span> {
    pieces(words)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(text) => Span { text: text.to_owned(), figure: false },
            Piece::Strong(text) => Span { text: text.to_owned(), figure: true },
            Piece::Figure(name) => {
                Span { text: figure(name, figures).unwrap_or_else(|| format!("{{{name}}}")), figure: true }
            }
        })
        .collect()
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

/// `name` or `name:format`; the one format is `x`, hexadecimal with two digits at least.
fn figure(placeholder: &str, figures: &Value) -> Option<String> {
    let (name, format) = placeholder.split_once(':').unwrap_or((placeholder, ""));
    match (figures.get(name)?, format) {
        (Value::String(text), "") => Some(text.clone()),
        (Value::Number(number), "x") => number.as_u64().map(|n| format!("{n:02x}")),
        (Value::Number(number), "") => Some(number.to_string()),
        (Value::Bool(yes), "") => Some(yes.to_string()),
        (Value::Array(items), "") => Some(items.iter().map(super::diff::brief).collect::<Vec<_>>().join(", ")),
        (Value::Null, "") => Some("nil".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scene::Kind;

    fn caption(en: &str) -> CaptionText {
        CaptionText { kind: Kind::Look, en: en.to_owned(), zh: String::new(), why: None }
    }

    #[test]
    fn figures_and_emphasis_become_pieces_of_their_own() {
        let figures = json!({"key": "k4", "tophash": 28, "bit": 1});
        let text = caption("{key} has tophash 0x{tophash:x}, so bit *{bit}* is *new*.");
        let shown = render(&text, None, &figures, Lang::En);
        assert_eq!(shown.plain(), "k4 has tophash 0x1c, so bit {bit} is new.");
        let figures: Vec<&str> = shown.sentence.iter().filter(|s| s.figure).map(|s| s.text.as_str()).collect();
        assert_eq!(figures, ["k4", "1c", "{bit}", "new"]);
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        assert_eq!(unfilled("bucket {bucket} of {nb}", &json!({"bucket": 3})), ["nb"]);
        assert_eq!(unfilled("an open { brace", &json!({})), Vec::<String>::new());
    }
}
