//! Playing, stepping, seeking and looking closer, by mouse and by keys.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use glassbox::app::Command;
use glassbox::app::PanelTab;
use glassbox::diagram::palette::Theme;
use glassbox::player::{Command as Move, Direction};
use glassbox::scene::Grain;

use crate::harness::Window;

#[test]
fn a_viewer_opens_plays_steps_rewinds_and_seeks() {
    let mut window = Window::new();
    window.click("Growing");
    assert_eq!(window.at(), 0);
    window.click("Play");
    window.harness.run_steps(180);
    assert!(window.at() >= 2, "three seconds show more than one step, but position is {}", window.at());
    window.click("Pause");
    window.settle();
    let paused = window.at();
    window.click("Step forward");
    window.settle();
    assert_eq!(window.at(), paused + 1);
    window.click("Step back");
    window.settle();
    assert_eq!(window.at(), paused);
    window.enter("Position", "20");
    assert_eq!(window.at(), 20);
    window.click("Rewind");
    window.harness.run_steps(90);
    assert!(window.at() < 19, "rewinding goes back, but position is {}", window.at());
    window.click("Rewind");
    window.settle();
    window.click("To the end");
    assert_eq!(window.at(), window.session().run().steps());
    window.click("To the start");
    assert_eq!(window.at(), 0);
}

#[test]
fn keys_do_what_the_table_says() {
    let mut window = Window::scene(0);
    window.press(Key::ArrowRight);
    window.settle();
    assert_eq!(window.at(), 1);
    let stops: Vec<usize> = window.session().run().story().stops.iter().map(|stop| stop.at).collect();
    assert_eq!(stops[0], 3);
    window.press(Key::PageDown);
    window.settle();
    assert_eq!(window.at(), stops[0]);
    window.press(Key::ArrowDown);
    window.settle();
    assert_eq!(window.at(), stops[1]);
    window.press(Key::ArrowUp);
    window.settle();
    window.press(Key::PageUp);
    window.settle();
    assert_eq!(window.at(), 0);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    window.settle();
    assert_eq!(window.at(), 3, "the second action starts after the first one's three steps");
    window.press_with(Modifiers::SHIFT, Key::ArrowLeft);
    window.settle();
    assert_eq!(window.at(), 0);
    for grain in [Grain::Action, Grain::Step] {
        window.press(Key::S);
        assert_eq!(window.shell().settings().grain, grain);
    }
    window.press(Key::PageDown);
    window.settle();
    assert_eq!(window.at(), 1);
    window.press(Key::S);
    window.press(Key::End);
    assert_eq!(window.at(), window.session().run().steps());
    window.press(Key::Home);
    window.press(Key::Space);
    assert_eq!(window.session().transport().playing(), Some(Direction::Forward));
    window.press(Key::Space);
    window.settle();
    window.press(Key::R);
    window.press(Key::Plus);
    assert_eq!(window.session().transport().speed(), 1.5);
    window.press(Key::Minus);
    window.press(Key::L);
    assert!(window.session().transport().looped().is_some());
    window.press(Key::L);
    for (key, tab) in [
        (Key::Num2, PanelTab::State),
        (Key::Num3, PanelTab::Laws),
        (Key::Num4, PanelTab::Curves),
        (Key::Num5, PanelTab::Claims),
        (Key::Num6, PanelTab::Branches),
        (Key::Num1, PanelTab::Code),
    ] {
        window.press(key);
        assert_eq!(window.shell().settings().panel, tab);
    }
    window.press_with(Modifiers { shift: true, ..Modifiers::COMMAND }, Key::Plus);
    assert_eq!(window.shell().settings().scale, 1.1);
    window.press_with(Modifiers::COMMAND, Key::Num0);
    assert_eq!(window.shell().settings().scale, 1.0);
    window.press(Key::T);
    assert_eq!(window.shell().settings().theme, Theme::Light);
    window.press(Key::Z);
    assert!(window.has("播放"));
    window.press(Key::Z);
    window.press(Key::Questionmark);
    assert!(window.has("Rewind, or stop rewinding"));
    window.press(Key::Escape);
    assert!(!window.has("Rewind, or stop rewinding"));
    window.press(Key::Escape);
    assert!(window.shell().session().is_some(), "with nothing open Escape leaves nothing");
    window.press(Key::Backspace);
    assert!(window.shell().session().is_none(), "Backspace leads back to the library");
}

#[test]
fn holding_an_arrow_films_until_it_is_let_go() {
    let mut window = Window::scene(20);
    let event = |pressed, repeat| egui::Event::Key {
        key: Key::ArrowLeft,
        physical_key: None,
        pressed,
        repeat,
        modifiers: Modifiers::NONE,
    };
    window.harness.event(event(true, false));
    window.harness.run_steps(20);
    window.harness.event(event(true, true));
    window.harness.run_steps(90);
    assert_eq!(window.session().transport().playing(), Some(Direction::Back));
    assert!(window.at() < 18);
    window.harness.event(event(false, false));
    window.harness.run_steps(2);
    assert_eq!(window.session().transport().playing(), None);
}

#[test]
fn keys_rest_while_a_field_is_typed_into() {
    let mut window = Window::scene(3);
    window.press(Key::Slash);
    window.harness.run_steps(2);
    window.press(Key::T);
    window.press(Key::Space);
    window.press(Key::End);
    assert_eq!(window.shell().settings().theme, Theme::Dark);
    assert_eq!(window.at(), 3);
    window.press(Key::Escape);
    assert!(window.shell().session().is_some(), "Escape leaves the field, not the scene");
}

#[test]
fn playing_stops_at_the_next_event_of_a_kind() {
    let mut window = Window::scene(0);
    window.click("Until…");
    window.harness.run_steps(3);
    window.click("GrowthBegan");
    window.go(Command::Move(Move::Speed(8.0)));
    window.settle();
    let at = window.at();
    assert_eq!(window.session().run().event(at).map(|event| event.name), Some("GrowthBegan"));
}

#[test]
fn the_timeline_and_the_curves_seek() {
    let mut window = Window::scene(0);
    let strip = window.harness.get_by_label("Timeline").rect();
    // Drawn along the strip, the hand passes every position once, in order, and stays where it lets go.
    let mut passed = vec![];
    let mut hand = egui::pos2(strip.left() + 2.0, strip.top() + 34.0);
    window.harness.drag_at(hand);
    while passed.last() != Some(&11) && hand.x < strip.right() {
        window.harness.hover_at(hand);
        window.harness.run_steps(1);
        passed.push(window.at());
        hand.x += 4.0;
    }
    window.harness.drop_at(hand);
    window.harness.run_steps(2);
    passed.dedup();
    assert_eq!(passed, Vec::from_iter(0..=11));
    assert_eq!(window.at(), 11);
    window.press(Key::Num4);
    window.harness.run_steps(2);
    let plot = window.harness.get_by_label("Curve: Load factor").rect();
    let place = egui::pos2(plot.right() - 2.0, plot.center().y);
    window.harness.drag_at(place);
    window.harness.run_steps(2);
    window.harness.drop_at(place);
    window.harness.run_steps(2);
    assert!(window.at() > 24, "a click at the right edge leads towards the end, but position is {}", window.at());
}

#[test]
fn the_stage_is_zoomed_around_the_pointer_and_fitted_again() {
    let mut window = Window::scene(6);
    let before = window.harness.get_by_label("k1").rect();
    window.harness.hover_at(before.center());
    window.harness.event(egui::Event::Zoom(2.0));
    window.harness.run_steps(3);
    let after = window.harness.get_by_label("k1").rect();
    assert!(after.width() > before.width() * 1.9 && after.center().distance(before.center()) < 3.0, "{after:?}");
    window.press(Key::Num0);
    assert!((window.harness.get_by_label("k1").rect().width() - before.width()).abs() < 1.0);
}

#[test]
fn presenting_shows_the_stage_alone_and_returns_to_the_same_step() {
    let mut window = Window::scene(5);
    window.press(Key::F5);
    assert!(!window.has("Play") && !window.has("Timeline"));
    let next = window.session().run().story().stops.iter().map(|stop| stop.at).find(|at| *at > 5).unwrap();
    window.press(Key::PageDown);
    window.settle();
    window.press(Key::Period);
    window.press(Key::Period);
    window.press(Key::Escape);
    assert!(window.has("Play"));
    assert_eq!(window.at(), next);
    window.press(Key::F5);
    window.press(Key::F5);
    assert!(window.has("Play"));
}

#[test]
fn a_long_run_is_drawn_at_once() {
    let mut window = Window::with(None, |options| options.scene = Some("fake/long".to_owned()));
    let steps = window.session().run().steps();
    assert!(steps >= 9_900, "{steps}");
    window.go(Command::Move(Move::Seek(steps / 2)));
    assert_eq!(window.at(), steps / 2);
}

/// A number beyond the run, and what is no number, are told and lead nowhere.
#[test]
fn what_is_no_step_is_told() {
    for (typed, told) in [("999", "There is no step 999"), ("-3", "`-3` is no step"), ("abc", "`abc` is no step")] {
        let mut window = Window::scene(4);
        window.go(Command::GoTo(typed.to_owned()));
        assert!(window.has_part(told), "{typed}");
        assert_eq!(window.at(), 4);
    }
}

/// What was typed wrongly stays in the field, to be mended; one message says what may be typed.
#[test]
fn a_wrong_step_stays_in_its_field() {
    let mut window = Window::scene(4);
    for wrong in ["999", "1o"] {
        window.enter("Position", wrong);
        window.harness.run_steps(3);
        let field = window.harness.get_by_label("Position");
        assert_eq!(field.value().as_deref(), Some(wrong));
        assert!(field.is_focused());
    }
    assert!(window.has_part("`1o` is no step: a number from 0 to") && !window.has_part("There is no step 999"));
    window.enter("Position", "10");
    assert_eq!(window.at(), 10);
    assert!(!window.has_part("is no step"), "what is mended is told no longer");
}

/// Only what was played or gone over step by step counts as watched; a jump to the end does not.
#[test]
fn a_jump_is_not_watched() {
    let mut window = Window::scene(0);
    window.press(Key::End);
    window.press(Key::Home);
    window.press(Key::ArrowRight);
    window.settle();
    window.press(Key::Backspace);
    let watched = &window.shell().settings().scenes["fake/growth"].watched;
    assert_eq!(watched.steps(99), 1, "{watched:?}");
}

/// While the stage is blank, whatever is pressed shows it again, and nothing goes on unseen.
#[test]
fn a_blank_stage_goes_nowhere_and_keys_without_a_place_on_it_rest() {
    let mut window = Window::scene(5);
    window.press(Key::F5);
    window.press(Key::Period);
    window.press(Key::PageDown);
    window.settle();
    assert_eq!(window.at(), 5);
    for key in [Key::F, Key::Slash, Key::Num3, Key::P, Key::L, Key::Minus] {
        window.press(key);
    }
    window.press(Key::Escape);
    assert!(window.session().transport().looped().is_none() && window.session().transport().speed() == 1.0);
    assert!(window.shell().settings().panels_open && window.shell().settings().panel == PanelTab::Code);
}

/// Shift is often let go before the key that it goes with: what went down as `?` comes up as `/`.
#[test]
fn the_table_of_keys_opens_as_often_as_it_is_asked_for() {
    let mut window = Window::scene(6);
    let key = |key, pressed| egui::Event::Key {
        key,
        physical_key: Some(Key::Slash),
        pressed,
        repeat: false,
        modifiers: if pressed { Modifiers::SHIFT } else { Modifiers::NONE },
    };
    for _ in 0..3 {
        window.harness.event(key(Key::Questionmark, true));
        window.harness.event(key(Key::Slash, false));
        window.harness.run_steps(2);
        assert!(window.has("Show or hide the panels"), "the table is open");
        window.press(Key::Escape);
        assert!(!window.has("Show or hide the panels"));
    }
}
