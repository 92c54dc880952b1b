//! Which places of a state differ from another state.

use serde_json::Value;

use super::run::Change;

/// Every place at which `new` differs from `old`, in the order of the state. Places that came or went as a whole are
/// one change; null stands for what is not there.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    compare(&mut String::new(), old, new, &mut found);
    found
}

fn compare(path: &mut String, old: &Value, new: &Value, found: &mut Vec<Change>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, new) in b {
                below(path, name, a.get(name).unwrap_or(&Value::Null), new, found);
            }
            for (name, old) in a.iter().filter(|(name, _)| !b.contains_key(*name)) {
                below(path, name, old, &Value::Null, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if has_moved_up(a, b) => {
            found.push(Change { path: path.clone(), old: old.clone(), new: new.clone() });
        }
        (Value::Array(a), Value::Array(b)) => {
            for i in 0..a.len().max(b.len()) {
                let (old, new) = (a.get(i).unwrap_or(&Value::Null), b.get(i).unwrap_or(&Value::Null));
                let length = path.len();
                path.push_str(&format!("[{i}]"));
                compare(path, old, new, found);
                path.truncate(length);
            }
        }
        _ => found.push(Change { path: path.clone(), old: old.clone(), new: new.clone() }),
    }
}

/// Whether a list is the other one without, or with more, somewhere before its end: then the places after it have not
/// changed, they have moved up or down, and the list is one change.
fn has_moved_up(a: &[Value], b: &[Value]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.len() == long.len() || short.is_empty() {
        return false;
    }
    let before = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let after = short[before..].iter().rev().zip(long.iter().rev()).take_while(|(x, y)| x == y).count();
    after > 0 && before + after == short.len()
}

fn below(path: &mut String, name: &str, old: &Value, new: &Value, found: &mut Vec<Change>) {
    let length = path.len();
    if length > 0 {
        path.push('.');
    }
    path.push_str(name);
    compare(path, old, new, found);
    path.truncate(length);
}

/// Whether one path is the other, or lies above or below it: `buckets[3]` and `buckets[3].tophash[1]`.
pub fn touches(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A value on one short line: `null` is `—`, containers are counted.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(words) => words.clone(),
        Value::Array(items) if items.iter().all(|i| !i.is_array() && !i.is_object()) && items.len() <= 8 => {
            format!("[{}]", items.iter().map(brief).collect::<Vec<_>>().join(" "))
        }
        Value::Array(items) => format!("[{}]", items.len()),
        Value::Object(fields) => format!("{{{}}}", fields.keys().cloned().collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A value of the state on one line, at most about 60 characters.
pub fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => "∅".to_owned(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        other => brief(other),
    };
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_changed_added_and_removed_places() {
        let old = json!({"count": 1, "buckets": [{"tophash": ["1c", "0"]}], "gone": true});
        let new = json!({"count": 2, "buckets": [{"tophash": ["1c", "9e"]}, null], "come": [1]});
        let paths: Vec<String> = changes(&old, &new).into_iter().map(|c| c.path).collect();
        assert_eq!(paths, ["count", "buckets[0].tophash[1]", "come", "gone"]);
    }

    #[test]
    fn what_leaves_the_head_of_a_queue_is_one_change() {
        let queue = |items: &[u32]| json!({"runq": items});
        let paths = |old: &[u32], new: &[u32]| -> Vec<String> {
            changes(&queue(old), &queue(new)).into_iter().map(|change| change.path).collect()
        };
        assert_eq!(paths(&[4, 5, 6, 7], &[5, 6, 7]), ["runq"]);
        assert_eq!(paths(&[4, 5, 6, 7], &[4, 7]), ["runq"]);
        assert_eq!(paths(&[5, 6], &[4, 5, 6]), ["runq"]);
        assert_eq!(paths(&[4, 5], &[4, 5, 6]), ["runq[2]"], "what is appended is a place of its own");
        assert_eq!(paths(&[4, 5, 6], &[4, 9, 6]), ["runq[1]"]);
    }

    #[test]
    fn a_path_touches_what_lies_above_and_below_it() {
        assert!(touches("buckets[3]", "buckets[3].tophash[1]"));
        assert!(touches("buckets[3].tophash[1]", "buckets"));
        assert!(!touches("buckets[3]", "buckets[31]"));
        assert!(!touches("count", "counter"));
    }
}
