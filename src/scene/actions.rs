//! How actions are said: in the words of the mechanism, with what they are given.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::captions;
use crate::machine::Machine;
use crate::text::{Lang, Text};

/// The title of an action at a state: `m["k53"] = 53` of `Insert("k53")`. `{0}`, `{1}` are what it is given, in order, `{next}` what
/// the machine says that it goes on with. An action without words stays as it is written.
pub fn said<M: Machine>(words: &BTreeMap<String, Text>, machine: &M, action: &M::Action) -> Text {
    let written = || Text::same(super::script::options().to_string(action).unwrap_or_else(|_| format!("{action:?}")));
    let Ok(value) = serde_json::to_value(action) else { return written() };
    let mut title = of(words, &value).unwrap_or_else(written);
    if let Some(next) = machine.next(action) {
        title = Text::new(title.en.replace("{next}", &next.en), title.zh.replace("{next}", &next.zh));
    }
    title
}

/// The words for a variant with its fields filled in; a field that is such a variant itself, with words, is said too.
fn of(words: &BTreeMap<String, Text>, value: &Value) -> Option<Text> {
    let (name, given) = match value {
        Value::String(name) => (name.as_str(), Vec::new()),
        Value::Object(fields) if fields.len() == 1 => {
            let (name, given) = fields.iter().next()?;
            let given = match given {
                Value::Array(items) => items.clone(),
                one => vec![one.clone()],
            };
            (name.as_str(), given)
        }
        _ => return None,
    };
    let words_here = words.get(name)?;
    let fill = |lang: Lang| {
        let named = given.iter().enumerate().map(|(i, field)| {
            let said = of(words, field).map(|text| Value::String(text.get(lang).to_owned()));
            (i.to_string(), said.unwrap_or_else(|| plain(field)))
        });
        let figures = Value::Object(named.collect::<Map<String, Value>>());
        captions::filled(words_here.get(lang), &figures, lang).into_iter().map(|span| span.text).collect::<String>()
    };
    Some(Text::new(fill(Lang::En), fill(Lang::Zh)))
}

fn plain(field: &Value) -> Value {
    match field {
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Array(_) => field.clone(),
        other => Value::String(super::diff::brief(other)),
    }
}
