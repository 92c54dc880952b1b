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

#[test]
fn what_is_not_understood_of_the_settings_is_told_and_the_rest_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "(lang: En, theme: Sepia, panel: Laws)";
    std::fs::write(folder.path().join("settings.ron"), text).expect("written");
    let window = Window::with(Some(folder.path()), |_| {});
    assert_eq!((window.shell().settings().lang, window.shell().settings().panel), (Lang::En, PanelTab::Laws));
    assert!(window.has_part("Some of the settings were not understood"));
    assert!(window.has_part("theme: unknown name `Sepia`"));
    drop(window);
    assert!(!folder.path().join("settings.ron.damaged").exists());
}

#[test]
fn settings_that_cannot_be_saved_are_told_in_the_window() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").expect("written");
    let mut window = Window::with(Some(&file.join("settings")), |options| options.lang = Some(Lang::En));
    window.go(Command::Theme(Theme::Light));
    let began = std::time::Instant::now();
    while !window.has_part("The settings could not be saved in") {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "it is not told");
        std::thread::sleep(std::time::Duration::from_millis(10));
        window.harness.step();
    }
}
