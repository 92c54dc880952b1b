//! What stands beside the stage, and the ways that lead from it.

use egui_kittest::kittest::Queryable;
use glassbox::app::{Command, PanelTab};
use glassbox::diagram::Size;
use glassbox::player::Command as Move;
use glassbox::text::Lang;

use crate::harness::Window;

#[test]
fn panels_show_the_step() {
    let mut window = Window::scene(20);
    assert!(window.has_part("Current line: if count + 1 > 3/4") || window.has_part("Current line:"));
    window.click("State");
    assert!(window.has_part("count:"));
    window.click("Laws");
    assert!(window.has("1 of 1 laws hold here."));
    window.click("Curves");
    assert!(window.has("Curve: Load factor"));
    window.click("Claims");
    window.click("Show the moment: The table grows at three quarters.");
    let at = window.at();
    assert_eq!(window.session().run().event(at).map(|event| event.name), Some("GrowthBegan"));
    window.click("Show in “A long run”: It doubles.");
    assert_eq!(window.session().run().id(), "fake/long");
    let at = window.at();
    assert_eq!(window.session().run().event(at).map(|event| event.name), Some("Grown"));
}

#[test]
fn a_reason_leads_to_the_earlier_step() {
    let mut window = Window::scene(0);
    let grown = window.session().run().find("Grown", 1).expect("the scene grows");
    let began = window.session().run().find("GrowthBegan", 1).expect("the scene grows");
    window.go(Command::Move(Move::Seek(grown)));
    let caption = window.session().run().caption(began, Lang::En).deed();
    window.click(&format!("Step {began}: {caption}"));
    assert_eq!(window.at(), began);
}

#[test]
fn a_clicked_mark_is_reached_in_the_state() {
    let mut window = Window::scene(6);
    window.click("k1");
    assert_eq!(window.shell().settings().panel, PanelTab::State);
    let path = window.session().run().picture(6, Size::Window).get("entry/k1").and_then(|mark| mark.path.clone());
    let path = path.expect("entries have a place in the state");
    assert!(window.has(&format!("{path}: 1")), "the row of {path} is shown");
}

#[test]
fn events_are_found_by_name_action_and_sentence() {
    let mut window = Window::scene(0);
    window.enter("Find events", "growthbegan");
    window.harness.run_steps(4);
    let at = window.at();
    assert_eq!(window.session().run().event(at).map(|event| event.name), Some("GrowthBegan"));
    window.enter("Find events", "free slot k2");
    let at = window.at();
    assert!(window.session().run().caption(at, Lang::En).deed().contains("k2"));
}

/// A line of code that is wider than the panel goes on below its own beginning.
#[test]
fn long_lines_of_code_are_wrapped() {
    let window = Window::scene(20);
    let tallest = |window: &Window| {
        let lines = window.session().run().mechanism().listing.clone();
        let seen = lines.iter().filter_map(|line| window.harness.query_by_label(&line.text).map(|node| node.rect()));
        seen.map(|place| (place.height(), place.width())).fold((0.0_f32, 0.0_f32), |a, b| (a.0.max(b.0), a.1.max(b.1)))
    };
    let (tall, wide) = tallest(&window);
    assert!(tall > 30.0, "one of them has two rows: {tall}");
    let panel = window.harness.get_by_label("Code").rect().left();
    assert!(wide <= 1600.0 - panel, "none goes beyond the panel: {wide}");
}
