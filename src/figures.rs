//! Figures and places: the small language in which an event says where its figures stand in the state.
//!
//! A **path** is a place in the state as it is serialised: `buckets[3].tophash[1]`; `[-1]` is the last of a list. In a
//! **template** braces stand for figures of the event:
//!
//! | in braces | stands for |
//! | --- | --- |
//! | `{g}` | the figure; for a list one path for each element; without a figure (null) there is no path |
//! | `{pos+1}`, `{size-n}` | the sum, the difference, of figures or numbers; there is no path below 0 |
//! | `{from..to}`, `{0..n-1}` | each number from one to the other, both included |
//! | `{.overflow*pos}` | the text, as often as the figure says |
//!
//! A **spec** says what a figure is. Alternatives stand between ` | `; one of them must hold:
//!
//! | spec | holds if |
//! | --- | --- |
//! | `PATH` | the figure is what stands there after the step; with a range in it, a list |
//! | `was PATH` | the figure is what stood there before the step |
//! | `len PATH`, `was len PATH`, `len {figure}` | the figure is how many elements there are |
//! | `hex PATH` | the figure is the number written there in hexadecimal |
//! | terms with ` + `, ` - `, ` * `, ` / `, ` % `, ` ^ ` between them | the figure is the result, from left to right; a term is one of the above, a number, or `{figure}` |
//! | `among PATH`, `among was PATH` | the figure is one of the elements of the list there |
//! | `in PATH` | the place exists, before the step or after it: the figure names something that is there |
//! | `PATH = WORDS`, `was PATH = WORDS` | what stands there is the words: `recvq[{place}].g = {g}` |
//! | `is WORDS` | the figure is the words: `is 0` for none |
//! | `one of A B C` | the figure is one of the words |
//! | `each SPEC` | the figure is a list, and the spec holds for each element, which is `{}` |
//! | `derived: FROM WHAT` | it is not found in the state; the words say from what it comes. After alternatives only where none of their places is there: what stands at a place is not to be explained away |

use std::collections::BTreeMap;

use serde_json::Value;

/// An event's figures by name.
pub type Figures = BTreeMap<String, Value>;

/// A step: the states around it and the figures of its event.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The state before the step, serialised.
    pub before: &'a Value,
    /// The state after it.
    pub after: &'a Value,
    /// The figures of its event.
    pub figures: &'a Figures,
}

/// How a spec holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// By the state.
    Checked,
    /// By its word: `derived`.
    Derived,
}

/// What stands at a path of a state.
pub fn at<'a>(state: &'a Value, path: &str) -> Option<&'a Value> {
    let mut place = state;
    for part in path.split(['.', '[']) {
        place = match (part.strip_suffix(']'), place) {
            (Some(index), Value::Array(items)) => match index.parse::<i64>().ok()? {
                -1 => items.last()?,
                index => items.get(usize::try_from(index).ok()?)?,
            },
            (Some(key), Value::Object(fields)) => fields.get(key)?,
            (None, Value::Object(fields)) => fields.get(part)?,
            _ => return None,
        };
    }
    Some(place)
}

/// The paths that a template stands for. Empty if a figure is absent or a number would be below 0.
pub fn paths(template: &str, figures: &Figures) -> Vec<String> {
    expand(template.trim_start_matches('?'), figures).unwrap_or_default()
}

/// The paths of one of an event's `depends` that are not places of either state. A template that begins with `?` has none.
pub fn unresolved(template: &str, moment: Moment) -> Result<Vec<String>, String> {
    let paths = expand(template.trim_start_matches('?'), moment.figures)?;
    let gone = |path: &String| !template.starts_with('?') && !moment.has(path);
    Ok(paths.into_iter().filter(gone).collect())
}

/// Judges the figure `name` by its spec. `Err` says what stands in the state instead.
pub fn judge(spec: &str, name: &str, moment: Moment) -> Result<Held, String> {
    let figure = moment.figures.get(name).unwrap_or(&Value::Null);
    let mut found = Vec::new();
    for alternative in spec.split(" | ").map(str::trim) {
        if alternative.strip_prefix("derived: ").is_some_and(|from| !from.trim().is_empty()) {
            if found.iter().all(|instead: &Instead| !instead.stands) {
                return Ok(Held::Derived);
            }
            continue;
        }
        match holds(alternative, figure, moment)? {
            None => return Ok(Held::Checked),
            Some(instead) => found.push(instead),
        }
    }
    let found: Vec<String> = found.into_iter().map(|instead| instead.words).collect();
    Err(format!("{name} is {}, but {}", text(figure), found.join(", and ")))
}

impl Moment<'_> {
    /// Whether a path is a place of the state before the step or after it.
    pub fn has(&self, path: &str) -> bool {
        at(self.after, path).is_some() || at(self.before, path).is_some()
    }
}

/// Why a spec does not hold: in words, and whether something else stands at the place, or there is no such place.
struct Instead {
    words: String,
    stands: bool,
}

/// `None` if it holds, else what is found instead.
fn holds(spec: &str, figure: &Value, moment: Moment) -> Result<Option<Instead>, String> {
    let unlike = |yes: bool, stands: bool, words: String| Ok((!yes).then_some(Instead { words, stands }));
    let instead = |yes: bool, words: String| unlike(yes, false, words);
    if let Some(each) = spec.strip_prefix("each ") {
        let Value::Array(items) = figure else { return instead(false, "it is not a list".to_owned()) };
        for item in items {
            let mut figures = moment.figures.clone();
            figures.insert(String::new(), item.clone());
            if let Some(found) = holds(each, item, Moment { figures: &figures, ..moment })? {
                return unlike(false, found.stands, format!("of {}: {}", text(item), found.words));
            }
        }
        return Ok(None);
    }
    if let Some(words) = spec.strip_prefix("one of ") {
        let known = words.split(' ').any(|word| word == text(figure));
        return instead(known, format!("it should be one of {words}"));
    }
    if let Some(words) = spec.strip_prefix("is ") {
        let wanted = expand(words, moment.figures)?.join(" ");
        return instead(wanted == text(figure), format!("it should be {wanted}"));
    }
    if let Some(path) = spec.strip_prefix("in ") {
        let paths = expand(path, moment.figures)?;
        let there = !paths.is_empty() && paths.iter().all(|path| moment.has(path));
        return instead(there, format!("there is no {}", paths.join(", ")));
    }
    if let Some(list) = spec.strip_prefix("among ") {
        let there = term(&list.split(' ').collect::<Vec<_>>(), moment)?;
        let one = there.as_array().is_some_and(|items| items.iter().any(|item| same(item, figure)));
        return unlike(one, there.is_array(), format!("{list} is {}", text(&there)));
    }
    if let Some((place, words)) = spec.split_once(" = ") {
        let wanted = expand(words, moment.figures)?.join(" ");
        let there = term(&place.split(' ').collect::<Vec<_>>(), moment)?;
        let words = format!("{place} is {}, not {wanted}", text(&there));
        return unlike(text(&there) == wanted, stands(&there), words);
    }
    let there = expression(spec, moment)?;
    unlike(same(&there, figure), stands(&there), format!("{spec} is {}", text(&there)))
}

/// Whether something was found at every place.
fn stands(there: &Value) -> bool {
    there.as_array().map_or(!there.is_null(), |items| items.iter().all(stands))
}

/// The value of terms with operators between them, from left to right.
fn expression(spec: &str, moment: Moment) -> Result<Value, String> {
    let words: Vec<&str> = spec.split(' ').filter(|word| !word.is_empty()).collect();
    let operator = |word: &&str| matches!(*word, "+" | "-" | "*" | "/" | "%" | "^");
    let mut terms = words.split(operator);
    let mut value = term(terms.next().unwrap_or_default(), moment)?;
    for (operator, words) in words.iter().filter(|word| operator(word)).zip(terms) {
        let (a, b) = (value.as_i64(), term(words, moment)?.as_i64());
        let (Some(a), Some(b)) = (a, b) else { return Ok(Value::Null) };
        let result = match *operator {
            "+" => a.checked_add(b),
            "-" => a.checked_sub(b),
            "*" => a.checked_mul(b),
            "/" => a.checked_div(b),
            "%" => a.checked_rem(b),
            _ => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        };
        value = result.map_or(Value::Null, Value::from);
    }
    Ok(value)
}

/// `was len PATH`, `hex PATH`, `3`, `{figure}`, `len {figure}`.
fn term(words: &[&str], moment: Moment) -> Result<Value, String> {
    let Some((last, before)) = words.split_last() else { return Err("a term is missing".to_owned()) };
    if let Some(odd) = before.iter().find(|word| !["was", "len", "hex"].contains(word)) {
        return Err(format!("`{odd}` is no word before a path: was, len, hex"));
    }
    if let Ok(number) = last.parse::<i64>() {
        return Ok(Value::from(number));
    }
    let state = if before.contains(&"was") { moment.before } else { moment.after };
    let standing = |path: &String| at(state, path).cloned().unwrap_or(Value::Null);
    let figure =
        last.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).and_then(|name| moment.figures.get(name));
    let there = match figure {
        Some(value) => value.clone(),
        None => match &expand(last, moment.figures)?[..] {
            paths if last.contains("..") => paths.iter().map(standing).collect(),
            [] => Value::Null,
            [path] => standing(path),
            several => several.iter().map(standing).collect(),
        },
    };
    if before.contains(&"len") {
        let len = match &there {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            _ => 0,
        };
        return Ok(Value::from(len));
    }
    if before.contains(&"hex") {
        let digits = text(&there);
        return Ok(i64::from_str_radix(digits.trim_start_matches("0x"), 16).map_or(there, Value::from));
    }
    Ok(there)
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(_), _) | (_, Value::Object(_)) | (Value::Null, _) | (_, Value::Null) => a == b,
        _ => text(a) == text(b),
    }
}

/// A figure as words: a string without its quotes.
fn text(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        other => other.to_string(),
    }
}

/// Every text that a template stands for. `Err` names a figure that the event has not.
fn expand(template: &str, figures: &Figures) -> Result<Vec<String>, String> {
    let mut texts = vec![String::new()];
    let mut rest = template;
    while let Some((words, tail)) = rest.split_once('{') {
        let (inside, tail) = tail.split_once('}').ok_or_else(|| format!("no `}}` in `{template}`"))?;
        let pieces = pieces(inside, figures)?;
        texts = texts.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{words}{piece}"))).collect();
        rest = tail;
    }
    texts.iter_mut().for_each(|text| text.push_str(rest));
    Ok(texts)
}

/// What stands in one pair of braces.
fn pieces(inside: &str, figures: &Figures) -> Result<Vec<String>, String> {
    if let Some((words, times)) = inside.split_once('*') {
        let times = number(times, figures)?;
        return Ok(times.into_iter().filter_map(|n| usize::try_from(n).ok()).map(|n| words.repeat(n)).collect());
    }
    if let Some((from, to)) = inside.split_once("..") {
        let (from, to) = (number(from, figures)?, number(to, figures)?);
        return Ok(from.into_iter().zip(to).flat_map(|(from, to)| from..=to).map(|n| n.to_string()).collect());
    }
    if inside.contains(['+', '-']) && !figures.contains_key(inside) {
        return Ok(number(inside, figures)?.into_iter().filter(|n| *n >= 0).map(|n| n.to_string()).collect());
    }
    Ok(match named(inside, figures)? {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(text).collect(),
        other => vec![text(other)],
    })
}

/// A number, a figure, or the sum or difference of two of these.
fn number(words: &str, figures: &Figures) -> Result<Option<i64>, String> {
    if let Some(place) = words.find(['+', '-']) {
        let (a, b) = (number(&words[..place], figures)?, number(&words[place + 1..], figures)?);
        let sign = if words[place..].starts_with('+') { 1 } else { -1 };
        return Ok(a.zip(b).map(|(a, b)| a + sign * b));
    }
    match words.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Ok(named(words, figures)?.as_i64()),
    }
}

fn named<'a>(name: &str, figures: &'a Figures) -> Result<&'a Value, String> {
    figures.get(name).ok_or_else(|| format!("the event has no figure `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn figures(value: Value) -> Figures {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn templates_stand_for_paths() {
        let figures = figures(json!({"g": 3, "pos": 2, "from": 1, "to": 3, "gs": [4, 5], "none": null, "zero": 0}));
        let paths = |template: &str| paths(template, &figures);
        assert_eq!(paths("goroutines.{g}.status"), ["goroutines.3.status"]);
        assert_eq!(paths("b[{g}]{.overflow*pos}.t[{from..to}]").len(), 3);
        assert_eq!(paths("b{.o*pos-1}"), ["b.o"]);
        assert_eq!(paths("?allgs.{gs}"), ["allgs.4", "allgs.5"]);
        assert_eq!(paths("x[{pos-1}]"), ["x[1]"]);
        assert_eq!(paths("x[{g-pos}].y[{0..pos-1}]"), ["x[1].y[0]", "x[1].y[1]"]);
        assert!(paths("x[{zero-1}]").is_empty() && paths("x.{none}").is_empty());
        assert!(expand("x.{nobody}", &figures).is_err());
    }

    #[test]
    fn specs_are_judged_by_the_states_around_the_step() {
        let before = json!({"count": 1, "q": [{"g": 7}], "hash": "ff", "B": 2, "allg": [3]});
        let after = json!({"count": 2, "q": [{"g": 7}, {"g": 3}], "hash": "ff", "B": 2, "on": true, "allg": [7, 3]});
        let figures = figures(
            json!({"n": 2, "was": 1, "g": 3, "place": 1, "h": 255, "limit": 4, "gs": [7, 3], "op": "a", "one": [3]}),
        );
        let judge =
            |name: &str, spec: &str| judge(spec, name, Moment { before: &before, after: &after, figures: &figures });
        for (name, spec) in [
            ("n", "count"),
            ("was", "was count"),
            ("n", "len q"),
            ("was", "was len q"),
            ("place", "q[{place}].g = {g}"),
            ("place", "len q - 1"),
            ("limit", "2 ^ B"),
            ("h", "hex hash"),
            ("g", "in q[{place}]"),
            ("g", "q[-1].g"),
            ("op", "one of a b"),
            ("op", "is b | is a"),
            ("gs", "each one of 7 3"),
            ("n", "{was} + 1"),
            ("n", "len {gs}"),
            ("was", "{h} % 2"),
            ("g", "among allg"),
            ("g", "among was allg"),
            ("gs", "each among allg"),
            ("gs", "allg[{was-1..was}]"),
            ("one", "allg[{place..place}]"),
        ] {
            assert_eq!(judge(name, spec), Ok(Held::Checked), "{name}: {spec}");
        }
        assert_eq!(judge("n", "derived: the clock"), Ok(Held::Derived));
        assert_eq!(judge("n", "nowhere | derived: the clock"), Ok(Held::Derived));
        for (name, spec) in [
            ("n", "was count"),
            ("place", "q[0].g = {g}"),
            ("g", "in r[{place}]"),
            ("op", "one of b c"),
            ("gs", "each is 7"),
            ("n", "nowhere"),
            ("n", "len q + 1"),
            ("n", "derived: "),
            ("n", "was count | derived: what stands there is not it"),
            ("one", "q[{0..1}].g | derived: both stand there"),
            ("n", "on"),
            ("n", "{nobody}"),
            ("n", "long q"),
            ("n", "among allg"),
            ("g", "among count"),
            ("gs", "each among allg[0]"),
            ("place", "allg[{place..place}]"),
        ] {
            assert!(judge(name, spec).is_err(), "{name}: {spec}");
        }
    }

    #[test]
    fn depends_must_be_places_of_the_state() {
        let state = json!({"allp": [{"runq": []}]});
        let figures = figures(json!({"p": 0}));
        let moment = Moment { before: &state, after: &state, figures: &figures };
        assert_eq!(unresolved("allp[{p}].runq", moment), Ok(Vec::new()));
        assert_eq!(unresolved("allp[{p}].rumq", moment), Ok(vec!["allp[0].rumq".to_owned()]));
        assert_eq!(unresolved("?allp[{p}].rumq", moment), Ok(Vec::new()));
        assert!(unresolved("allp[{q}]", moment).is_err());
    }
}
