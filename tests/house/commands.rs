//! The commands as a shell sees them: output, exit codes, one line on wrong use.

use std::path::Path;
use std::process::{Command, Output};

use crate::extent;

pub fn glassbox(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glassbox"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command.output().expect("the program starts")
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn list_names_every_scene() {
    let listed = glassbox(&["list"]);
    assert!(listed.status.success() && out(&listed).contains("go-map/growth"), "{}", out(&listed));
    let json: serde_json::Value = serde_json::from_str(&out(&glassbox(&["list", "--json"]))).unwrap();
    let scenes = json["mechanisms"][0]["scenes"].as_array().unwrap();
    assert_eq!(json["mechanisms"][0]["id"], "go-map");
    assert!(scenes.len() >= 8 && scenes.iter().all(|scene| scene["steps"].as_u64().is_some()), "{json}");
}

#[test]
fn check_passes_on_the_built_in_scenes_and_on_their_folder() {
    // The tests of scenes lint each of them; for a sample of the command one is enough.
    let folder = std::env::temp_dir().join(format!("glassbox-good-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("go-map")).unwrap();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes/go-map/hint.ron"), folder.join("go-map/hint.ron"))
        .unwrap();
    let one = folder.to_str().unwrap();
    for arguments in
        extent::of(vec![vec!["check", one]], vec![vec!["check", one], vec!["check"], vec!["check", "scenes"]])
    {
        let checked = glassbox(&arguments);
        assert!(checked.status.success(), "{}{}", out(&checked), err(&checked));
        assert!(out(&checked).trim_end().ends_with("0 faults"), "{}", out(&checked));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn check_tells_every_fault_of_a_folder_and_exits_1() {
    let folder = std::env::temp_dir().join(format!("glassbox-check-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("go-map")).unwrap();
    std::fs::write(folder.join("go-map/bad.ron"), "(title: 1)").unwrap();
    std::fs::write(folder.join("go-map/worse.ron"), [0xff, 0xfe]).unwrap();
    std::fs::write(folder.join("lost.ron"), "()").unwrap();
    let checked = glassbox(&["check", folder.to_str().unwrap()]);
    std::fs::remove_dir_all(&folder).unwrap();
    let told = out(&checked);
    assert_eq!(checked.status.code(), Some(1), "{told}");
    for part in ["bad.ron:1:8: ", "worse.ron:1:1: not UTF-8", "lost.ron: the folder", "3 faults"] {
        assert!(told.contains(part), "no `{part}` in {told}");
    }
}

/// What nothing closes is told with its place, and one thing is one thing.
#[test]
fn check_tells_of_signs_that_nothing_closes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("go-map")).unwrap();
    let words = "(en: \"x\", zh: \"x\")";
    let say = |said: &str| format!("say: (en: \"{said}\", zh: \"x\")");
    let beats = format!("(do: Insert(\"k1\"), {}),\n(do: Get(\"k1\"), {})", say("an *odd one"), say("so {=count"));
    let scene = format!("(title: {words}, summary: {words}, beats: [\n{beats}])");
    std::fs::write(folder.path().join("go-map/odd.ron"), scene).unwrap();
    let told = out(&glassbox(&["check", folder.path().to_str().unwrap()]));
    assert!(told.contains("odd.ron:2:34: nothing closes the `*`"), "{told}");
    assert!(told.contains("odd.ron:3:31: nothing closes the `{`"), "{told}");
    assert!(told.contains("1 scene, ") && told.trim_end().ends_with("2 faults"), "{told}");
}

/// Frames of two films in one folder would be a third film.
#[cfg(feature = "app")]
#[test]
fn a_film_goes_into_a_folder_without_frames() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let film = ["render", "go-map/nil-map", "--from", "0", "--to", "1", "--out", into];
    std::fs::write(folder.path().join("frame-00007.png"), "of another film").unwrap();
    let refused = glassbox(&film);
    assert!(!refused.status.success() && err(&refused).contains("frame-00007.png"), "{}", err(&refused));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn trace_is_a_line_a_step_in_either_language() {
    for lang in ["en", "zh"] {
        let traced = out(&glassbox(&["trace", "go-map/growth", "--lang", lang]));
        let first = traced.lines().next().unwrap();
        assert_eq!(first.split('\t').count(), 5, "{first}");
        let json = out(&glassbox(&["trace", "go-map/growth", "--json", "--lang", lang]));
        assert_eq!(json.lines().count(), traced.lines().count());
        for (i, line) in json.lines().enumerate() {
            let step: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(step["step"], i + 1);
            assert!(step["caption"].as_str().is_some_and(|caption| !caption.is_empty()));
        }
    }
}

/// Stops, questions and phases for whoever scripts; a line a stop; answers, best first; a search from a scene.
#[test]
fn the_story_is_there_for_scripts_too() {
    let list: serde_json::Value = serde_json::from_str(&out(&glassbox(&["list", "--json"]))).unwrap();
    let scenes = list["mechanisms"][0]["scenes"].as_array().unwrap();
    let growth = scenes.iter().find(|scene| scene["id"] == "go-map/growth").unwrap();
    let stops = growth["stops"].as_array().unwrap();
    assert!((5..=12).contains(&stops.len()) && stops.last().unwrap()["at"] == growth["steps"]);
    assert!(stops.iter().all(|stop| stop["title"]["en"].is_string() && stop["title"]["zh"].is_string()));
    assert!(growth["questions"][0]["ask"]["zh"].is_string() && growth["questions"][0]["at"].is_u64());
    assert!(growth["phases"][0]["title"]["en"].is_string() && list["mechanisms"][0]["phases"][0]["id"].is_string());
    let traced = out(&glassbox(&["trace", "go-map/growth", "--grain", "stop"]));
    assert_eq!(traced.lines().count(), stops.len());
    let found = out(&glassbox(&["find", "map", "怎么扩容", "--lang", "zh", "--json"]));
    let found: Vec<serde_json::Value> = serde_json::from_str(&found).unwrap();
    assert!(found[0]["scene"].as_str().unwrap().starts_with("go-map/") && found[0]["text"].is_string());
    assert!(found.windows(2).all(|pair| pair[0]["score"].as_f64() >= pair[1]["score"].as_f64()));
    let explored = glassbox(&["explore", "go-chan/leaks"]);
    assert_eq!(explored.status.code(), Some(1));
    assert!(out(&explored).contains("leaks") && out(&explored).contains("beats: ["), "{}", out(&explored));
}

#[test]
fn replay_counts_and_exits_1_on_a_mismatch() {
    let file = "tests/recordings/go-map/first-steps-str.jsonl";
    let replayed = glassbox(&["replay", file]);
    assert!(replayed.status.success());
    assert!(out(&replayed).contains(" operations, ") && out(&replayed).trim_end().ends_with("0 mismatches"));
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let wrong = std::env::temp_dir().join(format!("glassbox-wrong-{}.jsonl", std::process::id()));
    std::fs::write(&wrong, text.replacen("\"count\":2", "\"count\":3", 1)).unwrap();
    let replayed = glassbox(&["replay", wrong.to_str().unwrap()]);
    std::fs::remove_file(&wrong).unwrap();
    assert_eq!(replayed.status.code(), Some(1));
    let told = out(&replayed);
    assert!(told.contains("count") && told.contains("recorded 3, the machine has 2"), "{told}");
    let missing = glassbox(&["replay", "no/such/file"]);
    assert_eq!(
        (missing.status.code(), out(&missing).as_str()),
        (Some(1), ""),
        "of what was not read nothing is counted"
    );
}

#[test]
fn explore_reports_coverage() {
    let explored = glassbox(&["explore", "go-map", "--runs", "20", "--seed", "1", "--steps", "300"]);
    assert!(explored.status.success(), "{}{}", out(&explored), err(&explored));
    assert!(out(&explored).contains("0 violations"), "{}", out(&explored));
}

/// All that may happen, from a setup's own file or a scene's; what is wrong with a file is told with its place.
#[test]
fn explore_tries_all_that_may_happen_in_a_machine() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let setup = r#"(goroutines: [(name: "a", program: [Store("k1", 1)]), (name: "b", program: [Load("k1")])])"#;
    let script = format!("(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: {setup}, beats: [])");
    let (setup, script) = (file("setup.ron", setup), file("scene.ron", &script));
    let search = |arguments: &[&str]| {
        let all: Vec<&str> =
            ["explore", "go-sync-map", "--exhaustive"].into_iter().chain(arguments.iter().copied()).collect();
        glassbox(&all)
    };
    let found = search(&["--setup", &setup, "--depth", "4"]);
    let told = out(&found);
    assert!(
        found.status.success() && told.contains("up to 4 actions deep") && told.contains("one-entry-a-key"),
        "{told}"
    );
    assert!(told.contains("every law holds in every state up to 4 actions deep, and there are more"), "{told}");
    assert_eq!(out(&search(&["--setup", &script, "--depth", "4"])), told, "a scene's setup is a setup");
    let cut = out(&search(&["--setup", &setup, "--states", "50"]));
    assert!(cut.starts_with("50 states") && cut.contains("stopped after 50 states"), "{cut}");
    let wrong = file("wrong.ron", "(gorotines: [])");
    let wrong = search(&["--setup", &wrong]);
    let told = err(&wrong);
    assert!(wrong.status.code() == Some(1) && told.contains("wrong.ron:1:2") && told.contains("goroutines"), "{told}");
}

#[test]
fn wrong_use_is_one_clear_line_and_exit_2() {
    let cases: [(&[&str], &str); 10] = [
        (&["trase", "go-map/growth"], "trace"),
        (&["trace"], "SCENE"),
        (&["trace", "go-map/grwth"], "did you mean `go-map/growth`?"),
        (&["trace", "go-map/growth", "--lang", "fr"], "zh"),
        (&["explore", "go-mop"], "did you mean `go-map`?"),
        (&["explore", "go-map", "--runs", "many"], "many"),
        (&["explore", "go-map", "--depth", "3"], "--exhaustive"),
        (&["check", "no/such/folder"], "no/such/folder"),
        (&["replay"], "FILE"),
        (&["list", "--jsn"], "--json"),
    ];
    for (arguments, part) in cases {
        let output = glassbox(arguments);
        let told = err(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert_eq!(told.trim_end().lines().count(), 1, "{arguments:?}: {told}");
        assert!(told.contains(part), "{arguments:?}: no `{part}` in {told}");
    }
}

#[cfg(feature = "app")]
#[test]
fn without_a_display_the_window_says_so_in_one_line() {
    let output = glassbox(&[]);
    let told = err(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    assert!(told.contains("display") && told.contains("render"), "{told}");
}
