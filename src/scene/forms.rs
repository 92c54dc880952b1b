//! What could have been typed instead of an action that cannot be read.

use std::collections::BTreeMap;

use ron::error::Error;

use super::complaint::{meant, unknown};
use super::run::Choice;
use crate::text::Text;

/// So many are shown at most.
const MOST: usize = 3;

/// Forms near to what was typed: `known` actions of the same name, or with a statement of that name in them; where no name is
/// near, one of each name. An action that none of them shows has its form from the words for it.
pub fn near(typed: &str, error: &Error, known: Vec<Choice>, words: &BTreeMap<String, Text>) -> Vec<Choice> {
    let unknown = unknown(error);
    let wanted = match unknown {
        Some((found, names)) => meant(found, names).unwrap_or(found),
        None => name(typed),
    };
    let of_name = known.iter().filter(|choice| name(&choice.text) == wanted);
    let with_it = known.iter().filter(|choice| choice.text.contains(&format!("{wanted}(")));
    let forms = few(of_name.chain(with_it));
    if !forms.is_empty() || wanted.is_empty() {
        return forms;
    }
    match words.get(wanted).filter(|_| unknown.is_none_or(|(_, names)| names.contains(&wanted))) {
        Some(said) => vec![lettered(wanted, said)],
        None => one_of_each(&known),
    }
}

/// The name that an action begins with.
fn name(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn few<'a>(choices: impl Iterator<Item = &'a Choice>) -> Vec<Choice> {
    let mut forms: Vec<Choice> = Vec::new();
    for choice in choices {
        if forms.len() < MOST && !forms.iter().any(|form| form.text == choice.text) {
            forms.push(choice.clone());
        }
    }
    forms
}

fn one_of_each(known: &[Choice]) -> Vec<Choice> {
    let first = |(i, choice): &(usize, &Choice)| !known[..*i].iter().any(|one| name(&one.text) == name(&choice.text));
    few(known.iter().enumerate().filter(first).map(|(_, choice)| choice))
}

/// `IterAt(a, b, c)`, said with the same letters.
fn lettered(name: &str, said: &Text) -> Choice {
    let letters = ["a", "b", "c", "d"];
    let (mut title, mut given) = (said.clone(), Vec::new());
    for (i, letter) in letters.into_iter().enumerate() {
        let places = [format!("{{{i}}}"), format!("{{{i}:q}}"), format!("{{{i}:us}}")];
        if !places.iter().any(|place| said.en.contains(place)) {
            break;
        }
        let text = said.en.contains(&places[1]);
        given.push(if text { format!("\"{letter}\"") } else { letter.to_owned() });
        for place in places {
            title = Text::new(title.en.replace(&place, letter), title.zh.replace(&place, letter));
        }
    }
    let title = Text::new(title.en.replace("{next}", "…"), title.zh.replace("{next}", "…"));
    let text = if given.is_empty() { name.to_owned() } else { format!("{name}({})", given.join(", ")) };
    Choice { text, title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_of_the_name_that_was_meant() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "it is read, and no more")]
        enum Typed {
            Insert(String),
            Delete(String),
            IterAt(u32, u32),
        }
        let choice = |text: &str| Choice { text: text.to_owned(), title: Text::same(text) };
        let known = ["Insert(\"k1\")", "Insert(\"k2\")", "Delete(\"k1\")"].map(choice).to_vec();
        let words = BTreeMap::from([("IterAt".to_owned(), Text::same("range {0} from {1}"))]);
        let forms = |typed: &str| -> Vec<String> {
            let error = ron::from_str::<Typed>(typed).unwrap_err().code;
            near(typed, &error, known.clone(), &words).into_iter().map(|form| form.text).collect()
        };
        assert_eq!(forms("Insert(k1)"), ["Insert(\"k1\")", "Insert(\"k2\")"]);
        assert_eq!(forms("delte(\"k1\")"), ["Delete(\"k1\")"]);
        assert_eq!(forms("m[1] = 2"), ["Insert(\"k1\")", "Delete(\"k1\")"], "one of each");
        assert_eq!(forms("IterAt(1)"), ["IterAt(a, b)"]);
    }
}
