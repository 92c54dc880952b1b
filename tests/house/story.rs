//! What a person meets first: phases, stops, questions, actions in words.

use glassbox::catalog::Catalog;
use glassbox::scene::{Grain, stage};
use glassbox::text::Lang;

use crate::extent;

#[test]
fn every_scene_is_told_in_5_to_12_stops_of_its_own_and_one_at_its_end() {
    let catalog = Catalog::default();
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap();
        assert_eq!(stage::advice(&*run), Vec::<String>::new(), "{}", scene.id);
        let story = run.story();
        assert!(story.marked && story.stops.last().is_some_and(|stop| stop.at == run.steps()), "{}", scene.id);
        assert!(story.stops.windows(2).all(|pair| pair[0].at < pair[1].at), "{}: {:?}", scene.id, story.stops);
        for stop in &story.stops {
            for lang in Lang::ALL {
                let (title, says) = (stop.title.get(lang), stop.says.get(lang));
                assert!(!title.trim().is_empty() && !says.trim().is_empty(), "{}@{}", scene.id, stop.at);
                assert!(title.chars().count() <= 34, "{}@{}: `{title}` is no title", scene.id, stop.at);
                assert!(!title.contains('{') && !says.contains('{'), "{}@{}: {title}: {says}", scene.id, stop.at);
                assert_eq!(run.caption(stop.at, lang).meaning(), says, "{}@{}", scene.id, stop.at);
            }
        }
        assert!((2..=5).contains(&run.questions().len()), "{}: {} questions", scene.id, run.questions().len());
    }
}

/// Growth can be told in 12 presses and select in 10.
#[test]
fn the_two_great_stories_are_short() {
    let catalog = Catalog::default();
    for (id, most) in [("go-map/growth", 12), ("go-chan/select", 10)] {
        let stops = catalog.stage(id).unwrap().story().stops.len();
        assert!(stops <= most, "{id}: {stops} presses");
    }
}

/// Segments lie side by side and cover the run, each with a title; a press at the grain of actions leads to the ends of actions.
#[test]
fn segments_cover_the_run_and_presses_end_where_actions_do() {
    let catalog = Catalog::default();
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap();
        let story = run.story();
        let mut covered = 0;
        for segment in &story.segments {
            assert!(segment.from == covered && segment.to > covered && !segment.title.en.is_empty(), "{}", scene.id);
            covered = segment.to;
        }
        assert_eq!(covered, run.steps(), "{}", scene.id);
        let ends: Vec<usize> = run.actions().iter().map(|action| action.before + action.steps).collect();
        let marks = story.marks(Grain::Action);
        assert!(marks.iter().all(|mark| ends.contains(mark)) && marks.last() == ends.last(), "{}", scene.id);
        let folded = |at: &usize| story.folds.iter().any(|fold| fold.from() < *at && *at < fold.to());
        assert!(ends.iter().all(|end| marks.contains(end) || folded(end)), "{}", scene.id);
    }
}

/// Actions are said in the words of the mechanism, in the timeline and among the choices.
#[test]
fn actions_are_said_in_words() {
    let catalog = Catalog::default();
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap();
        let choices = [0, run.steps() / 2, run.steps()].into_iter().flat_map(|at| run.choices(at));
        let taken = run.actions().iter().map(|action| (action.text.clone(), action.title.clone()));
        for (text, title) in taken.chain(choices.map(|choice| (choice.text, choice.title))) {
            for lang in Lang::ALL {
                let said = title.get(lang);
                assert!(
                    said != text
                        && !said.is_empty()
                        && !["{next", "{0", "{1", "{2"].iter().any(|hole| said.contains(hole)),
                    "{}: {text}: `{said}`",
                    scene.id
                );
            }
        }
    }
}
