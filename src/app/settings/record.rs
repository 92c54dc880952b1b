//! A settings file field by field, as text: what this version does not understand, or did not change, stays as it is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use ron::value::RawValue;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{Remembered, Settings};
use crate::scene::fault::explained;

/// A settings file: each field's value as it is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    fields: Vec<(String, String)>,
    scenes: BTreeMap<String, String>,
}

/// Calls a macro with every field but the scenes.
macro_rules! each_field {
    ($each:ident) => {
        $each!(lang, theme, speed, grain, scale, stage_size, reduced_motion, panel, panels_open, last)
    };
}

impl Record {
    /// Takes a file's text apart. `Err` if it is no record of fields at all.
    pub fn parse(text: &str) -> Result<Record, String> {
        let Fields(fields) =
            ron::from_str(text).map_err(|error| format!("{}: {}", error.span.start, explained(&error.code)))?;
        let mut record = Record::default();
        for (name, value) in fields {
            if name == "scenes" {
                let scenes: BTreeMap<String, Box<RawValue>> =
                    read(value.get_ron()).map_err(|cause| format!("scenes: {cause}"))?;
                record.scenes = scenes.into_iter().map(|(id, value)| (id, value.trim().get_ron().to_owned())).collect();
            } else {
                record.set(&name, value.trim().get_ron().to_owned());
            }
        }
        Ok(record)
    }

    /// What it says, and what of it could not be understood: that stands at its default.
    pub fn settings(&self) -> (Settings, Vec<String>) {
        let (mut settings, mut unread) = (Settings::default(), Vec::new());
        macro_rules! take {
            ($($name:ident),*) => {
                $(self.take(stringify!($name), &mut settings.$name, &mut unread);)*
            };
        }
        each_field!(take);
        for (id, text) in &self.scenes {
            let (remembered, cause) = remembered(text);
            unread.extend(cause.map(|cause| format!("{id}: {cause}")));
            settings.scenes.extend(remembered.map(|remembered| (id.clone(), remembered)));
        }
        (settings.within_limits(), unread)
    }

    /// Puts in what has changed from `base` to `mine`; of a scene that somebody else has changed too, both changes stay.
    /// `true` if that takes the place of something that could not be understood.
    pub fn put(&mut self, base: &Settings, mine: &Settings) -> Result<bool, ron::Error> {
        macro_rules! put {
            ($($name:ident),*) => {
                $(if base.$name != mine.$name {
                    self.set(stringify!($name), ron::to_string(&mine.$name)?);
                })*
            };
        }
        each_field!(put);
        let mut loses = false;
        for (id, scene) in &mine.scenes {
            let before = base.scenes.get(id);
            if before == Some(scene) {
                continue;
            }
            let there = self.scenes.get(id).map(|text| remembered(text));
            loses |= there.as_ref().is_some_and(|(_, cause)| cause.is_some());
            let there = there.and_then(|(there, _)| there).filter(|there| Some(there) != before);
            let both = there.map(|there| scene.with_changes_of(&there, before));
            self.scenes.insert(id.clone(), written(both.as_ref().unwrap_or(scene))?);
        }
        Ok(loses)
    }

    /// Whether it has this field.
    pub fn names(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    fn take<T: DeserializeOwned>(&self, name: &str, value: &mut T, unread: &mut Vec<String>) {
        let Some((_, text)) = self.fields.iter().find(|(field, _)| field == name) else { return };
        match read(text) {
            Ok(there) => *value = there,
            Err(cause) => unread.push(format!("{name}: {cause}")),
        }
    }

    fn set(&mut self, name: &str, text: String) {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, value)) => *value = text,
            None => self.fields.push((name.to_owned(), text)),
        }
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "(")?;
        for (name, value) in &self.fields {
            writeln!(f, "    {}: {value},", identifier(name))?;
        }
        writeln!(f, "    scenes: {{")?;
        for (id, value) in &self.scenes {
            let id = ron::to_string(id).map_err(|_| fmt::Error)?;
            writeln!(f, "        {id}: {value},")?;
        }
        writeln!(f, "    }},\n)")
    }
}

/// A field's name as RON reads it: one with dots or signs in it begins with `r#`.
fn identifier(name: &str) -> Cow<'_, str> {
    let plain = name.chars().all(|c| c == '_' || c.is_alphanumeric()) && !name.starts_with(|c: char| c.is_numeric());
    if plain { name.into() } else { format!("r#{name}").into() }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    ron::from_str(text).map_err(|error| explained(&error.code))
}

/// What is remembered of a scene, as far as it can be understood, and what could not be.
fn remembered(text: &str) -> (Option<Remembered>, Option<String>) {
    match read::<Remembered>(text) {
        Err(cause) => (None, Some(cause)),
        Ok(mut remembered) => {
            let dropped = remembered.branches.mend();
            let cause = format!("branches that leave nothing: {}", dropped.join(", "));
            (Some(remembered), (!dropped.is_empty()).then_some(cause))
        }
    }
}

/// A value on indented lines, as it stands in the map of scenes.
fn written(value: &impl Serialize) -> Result<String, ron::Error> {
    let text = ron::ser::to_string_pretty(value, ron::ser::PrettyConfig::default().new_line("\n"))?;
    Ok(text.replace('\n', "\n        "))
}

/// The fields of a record in their order, whatever their names.
struct Fields(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("settings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    fields.push((name, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_struct("Settings", &[], Each)
    }
}

/// The name of a field.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name(name.to_owned()))
            }
        }
        deserializer.deserialize_identifier(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::Watched;

    fn watched(last: usize) -> Watched {
        let mut watched = Watched::default();
        watched.add(0, last);
        watched
    }
    use crate::app::settings::PanelTab;
    use crate::diagram::palette::Theme;
    use crate::text::Lang;

    fn parsed(text: &str) -> Record {
        Record::parse(text).expect("a record")
    }

    #[test]
    fn a_name_with_signs_in_it_stays() {
        let record = parsed("(r#.from+later-1: 2, r#lang: Zh, scenes: {})");
        assert_eq!(record.to_string(), "(\n    r#.from+later-1: 2,\n    lang: Zh,\n    scenes: {\n    },\n)\n");
        assert_eq!(parsed(&record.to_string()), record);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut mine = Settings { lang: Lang::En, speed: 2.0, last: Some("a/b".to_owned()), ..Settings::default() };
        let mut scene = Remembered { at: 3, watched: watched(9), steps: 12, ..Remembered::default() };
        scene.branches.fork(3, "Insert(\"k1\")\n");
        mine.scenes.insert("a/\"b\\\n".to_owned(), scene);
        let mut record = Record::default();
        assert!(!record.put(&Settings::default(), &mine).expect("RON"));
        let text = record.to_string();
        assert_eq!(parsed(&text), record, "{text}");
        assert_eq!(parsed(&text).settings(), (mine.clone(), Vec::new()));
        // As versions before this one wrote it.
        let whole = ron::ser::to_string_pretty(&mine, ron::ser::PrettyConfig::default()).expect("RON");
        assert_eq!(parsed(&whole).settings(), (mine.clone(), Vec::new()));
        assert_eq!(ron::from_str::<Settings>(&text).expect("versions before read this one"), mine);
    }

    #[test]
    fn a_word_of_the_future_costs_its_own_field_alone_and_stays_in_the_file() {
        let text =
            "(lang: En, theme: Sepia(3), panel: Laws, voice: (pitch: 2, tones: [1, 2]), scenes: {\"a/b\": (at: 2)})";
        let mut record = parsed(text);
        let (read, unread) = record.settings();
        assert_eq!((read.lang, read.theme, read.panel), (Lang::En, Theme::default(), PanelTab::Laws));
        assert_eq!(read.scenes["a/b"].at, 2);
        assert!(unread.len() == 1 && unread[0].starts_with("theme: unknown name `Sepia`"), "{unread:?}");
        let mine = Settings { lang: Lang::Zh, ..read.clone() };
        record.put(&read, &mine).expect("RON");
        let text = record.to_string();
        for part in ["lang: Zh", "theme: Sepia(3)", "voice: (pitch: 2, tones: [1, 2])"] {
            assert!(text.contains(part), "no `{part}` in {text}");
        }
        record.put(&mine, &Settings { theme: Theme::Light, ..mine.clone() }).expect("RON");
        assert_eq!(
            parsed(&record.to_string()).settings().0.theme,
            Theme::Light,
            "what the viewer chooses takes its place"
        );
    }

    #[test]
    fn of_a_list_of_branches_the_good_ones_are_kept() {
        let text = r#"(scenes: {
            "a/b": (at: 2, branches: (branches: [
                (name: "", parent: None, actions: []),
                (name: "good", parent: Some((0, 1)), actions: ["Clear"]),
                (name: "nowhere", parent: Some((7, 1)), actions: ["Clear"]),
                (name: "below", parent: Some((2, 1)), actions: ["Clear"]),
                (name: "twig", parent: Some((1, 1)), actions: ["Clear"]),
            ], shown: 9)),
            "a/c": (at: "two"),
            "a/d": (at: 4),
        })"#;
        let mut record = parsed(text);
        let (read, unread) = record.settings();
        let names: Vec<&str> = read.scenes["a/b"].branches.all().iter().map(|branch| branch.name.as_str()).collect();
        assert_eq!(names, ["", "good", "twig"]);
        assert_eq!(read.scenes["a/d"].at, 4);
        assert!(
            unread.len() == 2 && unread[0].ends_with("nowhere, below") && unread[1].starts_with("a/c: "),
            "{unread:?}"
        );
        let mut mine = read.clone();
        mine.scenes.entry("a/d".to_owned()).or_default().at = 5;
        assert!(!record.put(&read, &mine).expect("RON"), "what was not understood stays");
        assert!(record.to_string().contains("nowhere"));
        mine.scenes.entry("a/b".to_owned()).or_default().at = 5;
        assert!(record.put(&read, &mine).expect("RON"), "now it goes, and is to be copied before");
    }

    #[test]
    fn text_without_fields_is_damaged_and_says_where() {
        for text in ["", "(lang: Zh, scenes: {", "()()", "(scenes: 3)", "[1]", "\0", "(lang: En,, )"] {
            Record::parse(text).expect_err(text);
        }
        assert!(Record::parse("(\n lang: ]").expect_err("damaged").starts_with("2:"));
        let deep = format!("(a: {}", "[".repeat(100_000));
        Record::parse(&deep).expect_err("too deep");
        assert_eq!(parsed("()").settings(), (Settings::default(), Vec::new()));
    }
}
