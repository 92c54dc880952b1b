//! What-ifs.

use egui::Key;
use egui_kittest::kittest::Queryable;

use crate::harness::Window;

#[test]
fn a_viewer_forks_names_and_compares_branches() {
    let mut window = Window::scene(6);
    window.press(Key::F);
    window.enter("An action of your own", "Insert(\"k99\")");
    assert_eq!(window.session().branches().all().len(), 2);
    assert_eq!(window.session().branches().shown(), 1);
    window.settle();
    assert_eq!(window.at(), 9, "the branch plays its action: three steps");
    // At its end the branch goes on instead of forking again.
    window.press(Key::F);
    window.click("Insert(\"k4\")");
    window.settle();
    assert_eq!(window.session().branches().all().len(), 2);
    assert_eq!(window.session().branches().all()[1].actions, ["Insert(\"k99\")", "Insert(\"k4\")"]);
    window.press(Key::Num6);
    window.click("Rename Insert(\"k99\")");
    window.harness.run_steps(2);
    window.enter("Name of the branch", "with k99");
    assert_eq!(window.session().branches().all()[1].name, "with k99");
    assert!(window.has_part("The states differ in"), "both branches are compared at their ends");
    window.click("Show Growing");
    assert_eq!(window.session().branches().shown(), 0);
    assert!(window.has("“with k99” leaves here, at step 6"), "the timeline shows where it leaves");
    window.click("Remove with k99");
    assert_eq!(window.session().branches().all().len(), 1);
}

#[test]
fn a_wrong_action_is_explained_and_changes_nothing() {
    let mut window = Window::scene(6);
    window.press(Key::F);
    window.enter("An action of your own", "Insret(1)");
    assert!(window.has_part("column 1: expected Insert"));
    assert_eq!(window.session().branches().all().len(), 1);
    let field = window.harness.get_by_label("An action of your own");
    assert!(field.is_focused(), "what is typed next mends the action");
    window.enter("An action of your own", "Insert(\"k0\")");
    assert!(window.has("k0 is not a key"));
    assert_eq!(window.session().branches().all().len(), 1);
    assert_eq!(window.at(), 6);
    window.press(Key::Escape);
    assert!(!window.has("k0 is not a key"), "Escape closes the card even from its field");
    assert!(window.shell().session().is_some());
}
