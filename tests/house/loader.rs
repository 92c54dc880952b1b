//! Scenes from strangers: bytes, mutated scenes, limits. Errors with a place, never a panic.

use std::path::Path;
use std::sync::LazyLock;

use glassbox::catalog::{Catalog, Source};
use glassbox::scene::script::{MAX_ACTIONS, MAX_FILE};
use proptest::prelude::*;

use crate::{extent, inputs};

fn source(text: impl Into<String>) -> Source {
    let (path, folder, name) = ("own/go-map/x.ron".to_owned(), "go-map".to_owned(), "x".to_owned());
    Source { path, folder, name, text: text.into() }
}

/// The first fault of a script.
fn fault(text: &str) -> String {
    let catalog = Catalog::only(vec![source(text)]);
    catalog.stage("go-map/x").map(|run| run.steps()).expect_err("should not load")[0].to_string()
}

fn script(beats: &str) -> String {
    format!("(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), beats: [{beats}])")
}

#[test]
fn faults_name_the_place_the_cause_and_the_nearest_name() {
    let misspelt = "(\n  title: (en: \"a\", zh: \"b\"),\n  sumary: (en: \"a\", zh: \"b\"),\n  beats: [],\n)";
    let told = fault(misspelt);
    assert!(told.starts_with("own/go-map/x.ron:3:") && told.contains("did you mean `summary`?"), "{told}");
    let told = fault(&script("\n (do: Insrt(\"k1\"))"));
    assert!(told.starts_with("own/go-map/x.ron:2:") && told.contains("did you mean `Insert`?"), "{told}");
    let told = fault(&script("(do: Insert(-1))"));
    assert!(told.contains("negative"), "{told}");
    let told = fault(&script("(do: Get(\"k1\")),\n // do: nothing\n (do: Run(7))"));
    assert!(told.starts_with("own/go-map/x.ron:3:3: beat 2, `Run(7)`, is refused: "), "{told}");
    let told = fault(&script("(do: Get(\"k1\"), at: {\"KeyMatchd\": (en: \"\", zh: \"\")})"));
    assert!(told.contains("did you mean `KeyMatched`?"), "{told}");
}

#[test]
fn limits_are_told() {
    let told = fault(&format!("{}{}", script(""), " ".repeat(MAX_FILE)));
    assert!(told.contains("bytes"), "{told}");
    let told = fault(&"(".repeat(10_000));
    assert!(told.contains("x.ron:1:"), "{told}");
    let told = fault(&script(&format!("(do: Insert({}", "[".repeat(5_000))));
    assert!(told.contains("x.ron:1:"), "{told}");
    let told = fault(&script(&format!("(do: Get(\"a\"), times: {})", MAX_ACTIONS + 1)));
    assert!(told.contains("actions"), "{told}");
    let told = fault(&script("(do: Get(\"a\"), times: 18446744073709551615)"));
    assert!(told.contains("actions"), "{told}");
    let told = fault(&script(&format!("(do: Get(\"a\"), say: (en: \"{}\", zh: \"\"))", "x".repeat(5_000))));
    assert!(told.contains("characters"), "{told}");
    let many = (0..extent::of(999, 9_999)).map(|i| format!("(do: Insert(\"k{i}\"))")).collect::<Vec<_>>().join(",");
    let catalog = Catalog::only(vec![source(script(&many))]);
    match catalog.stage("go-map/x") {
        Ok(run) => assert!(run.steps() <= 100_000),
        Err(faults) => assert!(faults[0].to_string().contains("steps"), "{}", faults[0]),
    }
    let told = fault(&script(&format!("(do: Insert(\"{}\"))", "k".repeat(100_000))));
    assert!(told.contains("key"), "{told}");
}

#[test]
fn an_unknown_mechanism_is_told_with_the_nearest() {
    let mut own = source(format!("(mechanism: \"go-mop\",{}", &script("")[1..]));
    own.folder = "elsewhere".to_owned();
    let told = Catalog::only(vec![own.clone()]).faults()[0].to_string();
    assert!(told.contains("did you mean `go-map`?"), "{told}");
    own.text = own.text.replace("go-mop", "go-map");
    assert_eq!(Catalog::only(vec![own]).stage("go-map/x").map(|run| run.steps()).ok(), Some(0));
}

#[test]
fn a_scene_of_ones_own_takes_the_place_of_a_built_in_one() {
    let own = Source { name: "growth".to_owned(), ..source(script("(do: Get(\"k1\"))")) };
    let catalog = Catalog::with(vec![own]);
    assert_eq!(catalog.scenes().len(), Catalog::default().scenes().len());
    assert!(catalog.stage("go-map/growth").unwrap().steps() < 20);
}

/// Files of the project that end so, up to a size: what strangers' files are made from. The first character is the
/// mechanism's number, as [`inputs`] want it.
fn seeds(folder: &str, end: &str, most: u64) -> Vec<String> {
    let catalog = Catalog::only(Vec::new());
    let mut texts = Vec::new();
    for (number, kind) in catalog.kinds().iter().enumerate() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(kind.id);
        if !folder.exists() {
            assert!(kind.recorded.is_none(), "{}: no recordings", kind.id);
            continue;
        }
        for file in std::fs::read_dir(folder).expect("each mechanism has its folder") {
            let path = file.expect("a file").path();
            if path.to_str().is_some_and(|name| name.ends_with(end)) && path.metadata().expect("a file").len() <= most {
                texts.push(format!("{number}{}", std::fs::read_to_string(path).expect("text")));
            }
        }
    }
    texts.sort();
    let mechanisms = catalog.kinds().iter().filter(|kind| kind.traced.is_none()).count();
    assert!(texts.len() >= mechanisms, "{folder}: {}", texts.len());
    texts
}

/// Places, and what stands there instead of up to twelve characters.
type Cuts = Vec<(u16, u16, String)>;

fn cuts() -> impl Strategy<Value = Cuts> {
    proptest::collection::vec((any::<u16>(), any::<u16>(), "[a-zA-Z0-9\"():,\\[\\]{} \n-]{0,6}"), 1..6)
}

/// The seed of this number, cut.
fn mutated(seeds: &[String], which: u16, cuts: Cuts) -> Vec<u8> {
    let mut text: Vec<char> = seeds[usize::from(which) % seeds.len()].chars().collect();
    for (at, length, instead) in cuts {
        let from = usize::from(at) % text.len().max(1);
        let to = (from + usize::from(length) % 12).min(text.len());
        text.splice(from.min(text.len())..to, instead.chars());
    }
    text.into_iter().collect::<String>().into_bytes()
}

static SCENES: LazyLock<Vec<String>> = LazyLock::new(|| seeds("scenes", ".ron", 6_000));
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| seeds("scenes", "mechanism.ron", u64::MAX));
static RECORDINGS: LazyLock<Vec<String>> = LazyLock::new(|| seeds("tests/recordings", ".jsonl", 60_000));

proptest! {
    #![proptest_config(ProptestConfig { cases: extent::of(40, 400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        inputs::scene(&bytes);
        inputs::words(&bytes);
        inputs::recording(&bytes);
        inputs::trace(&bytes);
    }

    #[test]
    fn mutated_scenes_never_panic(which in any::<u16>(), cuts in cuts()) {
        inputs::scene(&mutated(&SCENES, which, cuts));
    }

    #[test]
    fn mutated_words_never_panic(which in any::<u16>(), cuts in cuts()) {
        inputs::words(&mutated(&WORDS, which, cuts));
    }

    #[test]
    fn mutated_recordings_never_panic(which in any::<u16>(), cuts in cuts()) {
        inputs::recording(&mutated(&RECORDINGS, which, cuts)[1..]);
    }

    #[test]
    fn mutated_traces_never_panic(cuts in cuts()) {
        let seeds = [include_str!("../gctrace/go-1.23.9.txt").to_owned()];
        inputs::trace(&mutated(&seeds, 0, cuts));
    }

    #[cfg(feature = "app")]
    #[test]
    fn mutated_settings_say_the_same_when_written_again(which in any::<u16>(), cuts in cuts()) {
        let seeds = [
            include_str!("../../fuzz/seeds/settings/two-scenes.ron").to_owned(),
            include_str!("../../fuzz/seeds/settings/raw-names.ron").to_owned(),
        ];
        inputs::settings(&mutated(&seeds, which, cuts));
    }

    #[test]
    fn typed_actions_never_panic(action in "\\PC{0,40}") {
        let run = Catalog::default().stage("go-map/first-growth").map_err(|f| TestCaseError::fail(format!("{f:?}")))?;
        if let Err(error) = run.fork(run.steps() / 2, &action) {
            prop_assert!(!error.message(glassbox::text::Lang::Zh).is_empty());
        }
    }
}
