//! What-ifs.

use egui::Key;
use egui_kittest::kittest::Queryable;
use glassbox::app::Command;
use glassbox::player::Command as Move;

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
    window.click("put k4");
    window.settle();
    assert_eq!(window.session().branches().all().len(), 2);
    assert_eq!(window.session().branches().all()[1].actions, ["Insert(\"k99\")", "Insert(\"k4\")"]);
    window.press(Key::Num6);
    window.click("Rename put k99");
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
fn a_branch_is_let_run_until_nobody_can() {
    let mut window = Window::scene(6);
    window.press(Key::F);
    window.enter("An action of your own", "Insert(\"k92\")");
    window.settle();
    window.press(Key::F);
    window.click("Let it run on");
    window.settle();
    let branch = &window.session().branches().all()[1];
    assert_eq!(branch.actions, ["92", "93", "94", "95"].map(|key| format!("Insert(\"k{key}\")")));
    assert_eq!(window.at(), window.session().run().steps(), "and what has come is played");
    assert!(window.has_part("3 turns, to step") && window.has_part("nobody can run any more"));
    assert!(window.has("k95 breaks everything"), "what it came to is told");
}

#[test]
fn a_wrong_action_is_explained_and_changes_nothing() {
    let mut window = Window::scene(6);
    window.press(Key::F);
    window.enter("An action of your own", "Insret(1)");
    assert!(window.has_part("character 1, at `Insret(1)`: expected Insert"));
    assert!(window.has("Insert(\"k9\")"), "what could be typed is shown");
    assert_eq!(window.session().branches().all().len(), 1);
    window.press(Key::Escape);
    window.press(Key::F);
    let typed = window.harness.get_by_label("An action of your own").value();
    assert_eq!(typed.as_deref(), Some("Insret(1)"), "nothing typed is lost");
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

/// Reads the scenes again, now with so many inserts.
fn reload(window: &mut Window, inserts: u32) {
    window.inserts.set(inserts);
    let ctx = window.harness.ctx.clone();
    window.shell_mut().read_again(&ctx);
    window.harness.run_steps(2);
}

#[test]
fn branches_that_do_not_fit_for_a_while_are_kept_and_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || {
        Window::with(Some(folder.path()), |options| {
            options.scene = Some("fake/growth".to_owned());
            options.lang = Some(glassbox::text::Lang::En);
        })
    };
    let mut window = open();
    window.go(Command::Move(Move::Seek(4)));
    window.go(Command::Act("Insert(\"k40\")".to_owned()));
    window.settle();
    window.go(Command::ShowBranch(0));
    window.go(Command::Move(Move::End));
    for action in ["Insert(\"k50\")", "Insert(\"k51\")"] {
        window.go(Command::Act(action.to_owned()));
        window.settle();
    }
    window.go(Command::Act("Insert(\"k52\")".to_owned()));
    window.settle();
    window.press(Key::Num6);
    let whole = window.session().branches().clone();
    let steps = window.session().run().steps();
    assert_eq!((whole.all().len(), whole.shown()), (3, 2));
    // For a moment the file holds half of the scene.
    reload(&mut window, 3);
    assert_eq!(window.session().branches().all(), whole.all(), "nothing is lost");
    assert_eq!(window.session().branches().shown(), 0, "the scene itself is shown instead");
    assert!(window.has_part("do not fit the scene as it is now"));
    assert!(window.has("Does not fit the scene as it is now; kept."));
    assert_eq!(window.harness.query_all_by_label("Does not fit the scene as it is now; kept.").count(), 1);
    window.click("Show Insert(\"k50\")");
    assert_eq!(window.session().branches().shown(), 0, "a dormant branch can't be shown");
    reload(&mut window, 2);
    reload(&mut window, 7);
    assert_eq!(*window.session().branches(), whole, "the branch that was shown is shown again");
    assert_eq!(window.session().run().steps(), steps);
    assert!(!window.has_part("do not fit the scene as it is now"));
    // The same over a closing of the window.
    reload(&mut window, 2);
    drop(window);
    let mut window = Window::with(Some(folder.path()), |options| options.lang = Some(glassbox::text::Lang::En));
    assert_eq!(*window.session().branches(), whole);
    // A dormant branch can be removed, and what is shown after that has a run.
    reload(&mut window, 2);
    window.go(Command::RemoveBranch(2));
    assert_eq!((window.session().branches().all().len(), window.session().branches().shown()), (2, 0));
    reload(&mut window, 7);
    assert_eq!((window.session().branches().all().len(), window.session().branches().shown()), (2, 0));
}
