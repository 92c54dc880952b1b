//! Two runs on one timeline.

use glassbox::catalog::{Catalog, Source};
use glassbox::diagram::Size;
use glassbox::scene::Run;
use glassbox::text::Lang;

fn staged(id: &str) -> Box<dyn Run> {
    Catalog::default().stage(id).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn own(text: &str) -> Result<Box<dyn Run>, String> {
    let (path, folder, name) = ("own/go-map/x.ron".to_owned(), "go-map".to_owned(), "x".to_owned());
    let own = Source { path, folder, name, text: text.to_owned() };
    Catalog::only(vec![own]).stage("go-map/x").map_err(|faults| faults[0].to_string())
}

/// Both are at the end of an action at the same position, in the state that each would be in alone.
#[test]
fn both_take_the_same_actions_and_wait_for_each_other() {
    let pair = staged("go-map/beside-swiss");
    let texts = |run: &dyn Run| run.actions().iter().map(|action| action.text.clone()).collect::<Vec<_>>();
    let script = |setup: &str, actions: &[String]| {
        let beats: Vec<String> = actions.iter().map(|action| format!("(do: {action})")).collect();
        format!(
            "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: {setup}, beats: [{}])",
            beats.join(",")
        )
    };
    let actions = texts(&*pair);
    let alone = own(&script("(hashes: Seeded(4))", &actions)).unwrap();
    assert_eq!(texts(&*alone), actions);
    let mut waits = 0;
    for (both, one) in pair.actions().iter().zip(alone.actions()) {
        let end = both.before + both.steps;
        assert_eq!(pair.state(end)["left"], *alone.state(one.before + one.steps), "{}", both.text);
        assert!(both.steps >= one.steps);
        for at in both.before + 1..=end {
            waits += usize::from(pair.state(at)["right"] == pair.state(at - 1)["right"]);
            assert_eq!(pair.action_at(at).map(|action| pair.actions()[action].text.clone()), Some(both.text.clone()));
        }
    }
    assert!(waits > 10, "the map that grows at once waits for the one that moves step by step");
    let last = pair.state(pair.steps());
    assert_eq!((&last["left"]["count"], &last["right"]["used"]), (&20.into(), &20.into()));
}

/// The stops lie where the leading run's do, and the last one at the end; each has its sentence, whoever moves there.
#[test]
fn the_story_is_the_leading_runs() {
    for id in ["go-map/beside-swiss", "go-gc/barrier-off-and-on"] {
        let pair = staged(id);
        let story = pair.story();
        assert_eq!(story.stops.last().map(|stop| stop.at), Some(pair.steps()), "{id}");
        for stop in &story.stops {
            assert_eq!(pair.caption(stop.at, Lang::En).meaning(), stop.says.en, "{id}@{}", stop.at);
        }
        assert!(story.segments.windows(2).all(|two| two[0].to == two[1].from), "{id}");
        assert_eq!(story.segments.last().map(|segment| segment.to), Some(pair.steps()), "{id}");
    }
}

/// A what-if is taken in both; what only one could do is no choice.
#[test]
fn a_what_if_is_taken_in_both() {
    let pair = staged("go-map/beside-swiss");
    let at = pair.actions()[1].before + 1;
    let fork = pair.fork(at, "Get(\"k1\")").unwrap();
    let state = fork.state(fork.steps());
    assert_eq!((&state["left"]["count"], &state["right"]["used"]), (&8.into(), &8.into()));
    assert_eq!(fork.actions().back().map(|action| action.text.clone()), Some("Get(\"k1\")".to_owned()));
    assert!(pair.same_until(&*fork) >= at);
    let choices = pair.choices(at);
    assert!(!choices.is_empty());
    for choice in choices {
        assert!(pair.fork(at, &choice.text).is_ok(), "{}", choice.text);
    }
    assert!(pair.fork(at, "Nonsense").is_err());
}

/// In both pictures every mark has its side, and what differs between two setups of one machine is told.
#[test]
fn what_differs_is_told() {
    let pair = staged("go-gc/barrier-off-and-on");
    let told = |at: usize| {
        let picture = pair.picture(at, Size::Window);
        let found = picture.marks.iter().find(|mark| &*mark.key == "pair/differs").unwrap();
        found.labels[0].text.en.to_string()
    };
    let buffered = pair.find("OldBuffered", 1).unwrap();
    assert!(told(buffered).contains("differ"), "{}", told(buffered));
    let (before, after) = (pair.state(buffered - 1), pair.state(buffered));
    assert_eq!(before["right"], after["right"], "without a barrier nothing happens at the note");
    assert_ne!(before["left"], after["left"]);
    assert!(pair.changes(buffered).iter().all(|change| change.path.starts_with("left.")));
    let end = pair.state(pair.steps());
    assert_ne!(end["left"]["objects"]["W"], end["right"]["objects"]["W"]);
}

/// What is wrong beside a scene is told with its file and cause.
#[test]
fn what_is_wrong_beside_a_scene_is_told() {
    let script = |beside: &str, action: &str| {
        format!(
            "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), beats: [(do: {action})], beside: ({beside}, names: ((en: \"a\", zh: \"a\"), (en: \"b\", zh: \"b\"))))"
        )
    };
    let told = |beside: &str, action: &str| own(&script(beside, action)).map(drop).unwrap_err();
    let other = "mechanism: \"go-swiss-map\"";
    assert!(own(&script(other, "Insert(\"k1\")")).is_ok());
    assert!(told("mechanism: \"go-swiss-mop\"", "Insert(\"k1\")").contains("did you mean `go-swiss-map`?"));
    assert!(told("mechanism: \"go-swiss-map\", setup: (hint: \"x\")", "Insert(\"k1\")").contains("beside"));
    assert!(told("mechanism: \"go-chan\"", "Insert(\"k1\")").contains("beside: `Insert(\"k1\")`"));
}
