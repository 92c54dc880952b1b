//! What is remembered between two openings.

use egui::Key;
use glassbox::app::{Command, PanelTab};
use glassbox::diagram::palette::Theme;
use glassbox::player::Command as Move;
use glassbox::text::Lang;

use crate::harness::Window;

#[test]
fn settings_branches_and_place_are_taken_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Window::with(Some(folder.path()), |options| {
        options.scene = Some("fake/growth".to_owned());
        options.at = Some(6);
    });
    window.go(Command::Act("Insert(\"k50\")".to_owned()));
    window.settle();
    window.go(Command::Language(Lang::En));
    window.go(Command::Theme(Theme::Light));
    window.go(Command::Panel(PanelTab::Laws));
    window.go(Command::Move(Move::Speed(2.0)));
    let at = window.at();
    drop(window);
    let window = Window::with(Some(folder.path()), |_| {});
    let state = window.shell();
    assert_eq!((state.settings().lang, state.settings().theme), (Lang::En, Theme::Light));
    assert_eq!(state.settings().panel, PanelTab::Laws);
    assert_eq!((window.session().branches().all().len(), window.session().branches().shown()), (2, 1));
    assert_eq!(window.at(), at);
    assert_eq!(window.session().transport().speed(), 2.0);
    assert_eq!(window.session().run().actions().last().map(|a| a.text.as_str()), Some("Insert(\"k50\")"));
}

#[test]
fn settings_are_changed_in_their_menu() {
    let mut window = Window::scene(3);
    window.click("Settings");
    window.click("Light");
    assert_eq!(window.shell().settings().theme, Theme::Light);
    window.click("Larger");
    assert_eq!(window.shell().settings().scale, 1.1);
    window.click("Reduced motion");
    assert!(window.shell().settings().reduced_motion);
    window.click("中文");
    assert_eq!(window.shell().settings().lang, Lang::Zh);
    window.press(Key::ArrowRight);
    assert_eq!((window.at(), window.session().transport().between().2), (4, 0.0), "nothing moves between two steps");
}

#[test]
fn damaged_settings_are_set_aside_with_a_message() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("settings.ron"), "(lang: Zh, scenes: {").expect("written");
    let window = Window::with(Some(folder.path()), |options| options.lang = Some(Lang::En));
    assert!(window.has_part("The settings could not be read"));
    assert!(folder.path().join("settings.ron.damaged").exists());
    drop(window);
    let again = Window::with(Some(folder.path()), |options| options.lang = Some(Lang::En));
    assert!(!again.has_part("The settings could not be read"), "a good file has taken its place");
}
