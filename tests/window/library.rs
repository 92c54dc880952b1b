//! The library page, and scenes that come, change or cannot be staged.

use egui::Key;
use egui_kittest::kittest::Queryable;
use glassbox::app::Command;
use glassbox::player::Command as Move;

use crate::harness::Window;

#[test]
fn the_library_is_searched_in_both_languages() {
    let mut window = Window::new();
    window.harness.get_by_label("Search scenes, captions, claims").focus();
    window.harness.run_steps(2);
    window.harness.get_by_label("Search scenes, captions, claims").type_text("成千上万");
    window.harness.run_steps(3);
    assert!(window.has("A long run") && !window.has("Growing"));
}

#[test]
fn the_library_is_reached_by_keys_alone() {
    let mut window = Window::new();
    window.harness.set_size(egui::vec2(1000.0, 1400.0));
    window.harness.run_steps(2);
    window.press(Key::ArrowDown);
    window.harness.run_steps(2);
    assert!(window.harness.get_by_label("Growing").is_focused(), "the first card, not the one below it");
    window.press(Key::ArrowRight);
    assert!(window.harness.get_by_label("A long run").is_focused());
    window.press(Key::ArrowLeft);
    window.press(Key::Enter);
    assert_eq!(window.session().run().id(), "fake/growth");
}

#[test]
fn the_contents_list_scenes_in_the_order_of_reading_and_open_them() {
    let mut window = Window::new();
    window.harness.run_steps(2);
    assert!(window.has("table 0 / 3") && window.has("1 Growing") && window.has("2 A long run"));
    window.click("1 Growing");
    assert_eq!(window.session().run().id(), "fake/growth");
    window.press(Key::Space);
    window.settle();
    window.press(Key::Backspace);
    window.harness.run_steps(2);
    assert!(window.has("table 1 / 3"), "what was watched to its end is counted");
    // A narrow window has no room for the list.
    window.harness.set_size(egui::vec2(800.0, 800.0));
    window.harness.run_steps(2);
    assert!(!window.has("1 Growing") && window.has("Growing"));
}

#[test]
fn a_card_plays_while_the_pointer_rests_on_it() {
    let mut window = Window::new();
    window.harness.get_by_label("Growing").hover();
    window.harness.run_steps(3);
    let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(asked < std::time::Duration::from_secs(1));
    window.harness.remove_cursor();
    window.harness.run_steps(30);
    let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert_eq!(asked, std::time::Duration::MAX);
}

#[test]
fn a_scene_that_cannot_be_staged_says_where_it_is_wrong() {
    let mut window = Window::new();
    window.click("A broken scene");
    assert!(window.shell().session().is_none());
    assert!(window.has_part("scenes/fake/broken.ron:14:9"));
    window.click("Dismiss");
    assert!(!window.has_part("scenes/fake/broken.ron:14:9"));
}

#[test]
fn a_broken_scene_that_was_to_be_opened_is_once_it_is_mended() {
    let mut window = Window::new();
    window.go(Command::Open { scene: "fake/broken".to_owned(), place: None });
    let ctx = window.harness.ctx.clone();
    for (inserts, open) in [(7, false), (1, true)] {
        window.inserts.set(inserts);
        window.shell_mut().read_again(&ctx);
        window.harness.run_steps(2);
        assert_eq!(window.shell().session().is_some(), open);
    }
    assert!(!window.has_part("scenes/fake/broken.ron"));
}

#[test]
fn a_reload_keeps_the_step_where_the_run_is_the_same() {
    let mut window = Window::scene(6);
    window.inserts.set(9);
    let ctx = window.harness.ctx.clone();
    window.shell_mut().read_again(&ctx);
    window.harness.run_steps(2);
    assert_eq!(window.at(), 6);
    assert!(window.has("The scenes were read again."));
    window.harness.run_steps(200);
    assert!(!window.has("The scenes were read again."), "good news goes by itself");
    let steps = window.session().run().steps();
    window.go(Command::Move(Move::End));
    window.inserts.set(7);
    window.shell_mut().read_again(&ctx);
    window.harness.run_steps(2);
    assert!(window.at() < steps && window.at() == window.session().run().steps());
}

#[test]
fn the_title_of_the_window_follows_a_reload() {
    let mut window = Window::scene(6);
    window.inserts.set(9);
    let ctx = window.harness.ctx.clone();
    window.shell_mut().read_again(&ctx);
    window.harness.step();
    let commands = &window.harness.output().viewport_output[&egui::ViewportId::ROOT].commands;
    // A NUL in a title would end the window under X11.
    let wanted = "Growing\\u{0} by 9 – Glassbox".to_owned();
    assert!(commands.contains(&egui::ViewportCommand::Title(wanted)), "{commands:?}");
}
