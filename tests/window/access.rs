//! What a screen reader is told.

use egui::accesskit::Role;
use egui_kittest::kittest::NodeT;
use glassbox::diagram::Size;
use glassbox::text::Lang;

use crate::harness::Window;

#[test]
fn every_mark_and_control_has_a_name() {
    let window = Window::scene(8);
    let picture = window.session().run().picture(8, Size::Window);
    for mark in &picture.marks {
        let name = mark.name(Lang::En);
        assert!(window.has(&name), "{name} ({}) is not in the accessibility tree", mark.key);
    }
    for node in window.harness.root().children_recursive() {
        let node = node.accesskit_node();
        let control = matches!(node.role(), Role::Button | Role::Tab | Role::Slider | Role::TextInput | Role::CheckBox);
        assert!(
            !control || node.label().is_some_and(|label| !label.trim().is_empty()),
            "{:?} has no name",
            node.role()
        );
    }
}

#[test]
fn each_step_is_announced_once() {
    let mut window = Window::scene(0);
    let mut said = vec![window.announced()];
    window.click("Play");
    while window.at() < 5 {
        window.harness.step();
        let now = window.announced();
        if said.last() != Some(&now) {
            said.push(now);
        }
    }
    let run = window.session().run();
    let wanted: Vec<String> = (1..=5).map(|at| run.caption(at, Lang::En).spoken()).collect();
    assert_eq!(said[0], "Growing");
    assert_eq!(said[1..], wanted);
}
