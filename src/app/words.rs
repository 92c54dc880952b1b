//! The words of the window in both languages, from assets/locales by Fluent.

use std::collections::HashMap;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

use crate::text::Lang;

/// English, as shipped.
pub const EN: &str = include_str!("../../assets/locales/en.ftl");
/// Chinese, as shipped.
pub const ZH: &str = include_str!("../../assets/locales/zh.ftl");

/// The words of both languages.
pub struct Words {
    zh: Tongue,
    en: Tongue,
}

struct Tongue {
    bundle: FluentBundle<FluentResource>,
    /// Messages without a variable, formatted once: a frame asks for dozens of them.
    plain: HashMap<String, String>,
}

impl Default for Words {
    fn default() -> Words {
        Words { zh: Tongue::new("zh-CN", ZH), en: Tongue::new("en", EN) }
    }
}

impl Words {
    /// A message without variables; an unknown key stands for itself.
    pub fn plain<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        self.tongue(lang).plain.get(key).map_or(key, String::as_str)
    }

    /// A message with variables.
    pub fn with(&self, lang: Lang, key: &str, values: &[(&str, FluentValue)]) -> String {
        let tongue = self.tongue(lang);
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let pattern = tongue.bundle.get_message(key).and_then(|message| message.value());
        pattern
            .map_or_else(|| key.to_owned(), |p| tongue.bundle.format_pattern(p, Some(&args), &mut vec![]).into_owned())
    }

    fn tongue(&self, lang: Lang) -> &Tongue {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Tongue {
    fn new(language: &str, source: &str) -> Tongue {
        // A damaged shipped file is our own fault; what can be read of it still serves, and a test finds the rest.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new(language.parse().into_iter().collect());
        // Marks around variables for mixed writing directions: neither language needs them, no font has them.
        bundle.set_use_isolating(false);
        let keys: Vec<String> = keys(source).map(str::to_owned).collect();
        bundle.add_resource_overriding(resource);
        let mut plain = HashMap::new();
        for key in keys {
            let Some(pattern) = bundle.get_message(&key).and_then(|message| message.value()) else { continue };
            let mut faults = Vec::new();
            let words = bundle.format_pattern(pattern, None, &mut faults).into_owned();
            if faults.is_empty() {
                plain.insert(key, words);
            }
        }
        Tongue { bundle, plain }
    }
}

/// The keys of a Fluent file, in order.
pub fn keys(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let first = key.chars().next()?;
        first.is_ascii_alphabetic().then_some(key)
    })
}
