//! The window's lists: keys, words, the line without a display. What it does is tested in tests/window.

use std::collections::BTreeSet;
use std::path::Path;

use super::no_window;
use super::words::{EN, Words, ZH, keys};
use crate::text::Lang;

#[test]
fn each_key_is_bound_once() {
    let mut seen = BTreeSet::new();
    for binding in super::keys::BINDINGS {
        for (modifiers, key) in binding.keys {
            assert!(seen.insert(format!("{modifiers:?} {key:?}")), "{modifiers:?} {key:?} is bound twice");
        }
    }
}

#[test]
fn both_languages_have_the_same_words() {
    let [en, zh] = [EN, ZH].map(|source| keys(source).collect::<BTreeSet<_>>());
    assert_eq!(en.symmetric_difference(&zh).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(keys(EN).count(), en.len(), "a key stands twice");
    let words = Words::default();
    for key in en {
        for lang in Lang::ALL {
            assert!(!words.with(lang, key, &[("n", 2.into())]).is_empty(), "{key}");
        }
    }
}

#[test]
fn every_key_of_the_words_is_used_and_every_used_one_exists() {
    let mut sources = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    for folder in [root.clone(), root.join("panels"), root.join("library")] {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
                sources += &std::fs::read_to_string(path).expect("readable");
            }
        }
    }
    let known: BTreeSet<&str> = keys(EN).collect();
    for key in &known {
        assert!(sources.contains(&format!("\"{key}\"")), "{key} is used nowhere");
    }
    for call in ["look.t(\"", "look.with(\"", "words: \""] {
        for rest in sources.split(call).skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            assert!(known.contains(key), "{key} is used but not in the words");
        }
    }
}

#[test]
fn without_a_display_one_line_names_the_commands() {
    let cause = "winit EventLoopError: os error at /src/linux/mod.rs:765: neither\nWAYLAND_DISPLAY nor DISPLAY is set.";
    let line = no_window(cause, "list, check, export");
    let wanted = "the window could not be opened: there is no display; these commands need none: list, check, export";
    assert_eq!(line, wanted);
}
