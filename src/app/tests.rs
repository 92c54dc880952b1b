//! The window without a display: clicked, typed into and read through its accessibility tree.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use egui::accesskit::{Live, Role};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::fake::FakeLibrary;
use super::settings::{self, PanelTab};
use super::words::{EN, ZH, keys};
use super::*;
use crate::player::{Command as Move, Direction};

/// The window's state, made in the first frame, when there is a context to make it for.
enum Cradle {
    Waiting(Option<Box<Options>>),
    Open(Box<Shell>),
}

impl Cradle {
    fn frame_ui(&mut self, ui: &mut Ui) {
        if let Cradle::Waiting(options) = self {
            let options = options.take().expect("a window opens once");
            *self = Cradle::Open(Box::new(Shell::new(ui.ctx(), *options)));
        }
        if let Cradle::Open(shell) = self {
            shell.frame_ui(ui);
        }
    }
}

/// A window that the tests drive.
struct Window {
    harness: Harness<'static, Cradle>,
    inserts: Rc<Cell<u32>>,
}

impl Window {
    /// The library page in English, without settings.
    fn new() -> Window {
        Window::with(None, |options| options.lang = Some(Lang::En))
    }

    fn with(folder: Option<&Path>, set: impl FnOnce(&mut Options)) -> Window {
        let library = FakeLibrary::default();
        let inserts = Rc::clone(&library.inserts);
        let mut options = Options::new(Box::new(library));
        options.config_dir = folder.map(Path::to_owned);
        set(&mut options);
        let harness = Harness::builder()
            .with_size(egui::vec2(1600.0, 1000.0))
            .with_step_dt(1.0 / 60.0)
            .with_max_steps(60)
            .with_context_setup(fonts::install)
            .build_ui_state(|ui, cradle: &mut Cradle| cradle.frame_ui(ui), Cradle::Waiting(Some(Box::new(options))));
        let mut window = Window { harness, inserts };
        window.harness.run();
        window
    }

    /// A scene in English, at a position.
    fn scene(at: usize) -> Window {
        Window::with(None, |options| {
            options.lang = Some(Lang::En);
            options.scene = Some("fake/growth".to_owned());
            options.at = Some(at);
        })
    }

    fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run_steps(3);
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    /// Types into a field from its beginning, and presses Enter.
    fn enter(&mut self, field: &str, words: &str) {
        self.harness.get_by_label(field).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.get_by_label(field).type_text(words);
        self.harness.run_steps(2);
        self.harness.key_press(Key::Enter);
        self.harness.run_steps(3);
    }

    fn settle(&mut self) {
        for _ in 0..600 {
            self.harness.step();
            if !self.session().transport().moving() {
                break;
            }
        }
        self.harness.run();
    }

    fn shell(&self) -> &Shell {
        match self.harness.state() {
            Cradle::Open(shell) => shell,
            Cradle::Waiting(_) => unreachable!("the first frame is over"),
        }
    }

    fn shell_mut(&mut self) -> &mut Shell {
        match self.harness.state_mut() {
            Cradle::Open(shell) => shell,
            Cradle::Waiting(_) => unreachable!("the first frame is over"),
        }
    }

    fn session(&self) -> &Session {
        self.shell().session.as_ref().expect("a scene is open")
    }

    fn at(&self) -> usize {
        self.session().at()
    }

    fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    fn has_part(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    fn go(&mut self, command: Command) {
        let ctx = self.harness.ctx.clone();
        self.shell_mut().apply(&ctx, command);
        self.harness.run_steps(2);
    }

    /// What the live region says.
    fn announced(&self) -> String {
        let live = self.harness.root().children_recursive().find(|node| node.accesskit_node().live() == Live::Polite);
        live.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
    }
}

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
    window.press(Key::PageDown);
    window.settle();
    window.press(Key::PageUp);
    window.settle();
    assert_eq!(window.at(), 1);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.at(), 3, "the second action starts after the first one's three steps");
    window.press_with(Modifiers::SHIFT, Key::ArrowLeft);
    assert_eq!(window.at(), 0);
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
        assert_eq!(window.shell().settings.panel, tab);
    }
    window.press_with(Modifiers { shift: true, ..Modifiers::COMMAND }, Key::Plus);
    assert_eq!(window.shell().settings.scale, 1.1);
    window.press_with(Modifiers::COMMAND, Key::Num0);
    assert_eq!(window.shell().settings.scale, 1.0);
    window.press(Key::T);
    assert_eq!(window.shell().settings.theme, Theme::Light);
    window.press(Key::Z);
    assert!(window.has("播放"));
    window.press(Key::Z);
    window.press(Key::Questionmark);
    assert!(window.has("Rewind, or stop rewinding"));
    window.press(Key::Escape);
    assert!(!window.has("Rewind, or stop rewinding"));
    window.press(Key::Escape);
    assert!(window.shell().session.is_none(), "Escape leads back to the library");
}

#[test]
fn each_key_is_bound_once() {
    let mut seen = BTreeSet::new();
    for binding in super::keys::BINDINGS {
        for (modifiers, key) in binding.keys {
            assert!(seen.insert(format!("{modifiers:?} {key:?}")), "{modifiers:?} {key:?} is bound twice");
        }
    }
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
    assert_eq!(window.shell().settings.theme, Theme::Dark);
    assert_eq!(window.at(), 3);
    window.press(Key::Escape);
    assert!(window.shell().session.is_some(), "Escape leaves the field, not the scene");
}

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
    assert!(window.shell().session.is_some());
}

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
    let caption = window.session().run().caption(began, Lang::En).plain();
    window.click(&format!("Step {began}: {caption}"));
    assert_eq!(window.at(), began);
}

#[test]
fn a_clicked_mark_is_reached_in_the_state() {
    let mut window = Window::scene(6);
    window.click("k1");
    assert_eq!(window.shell().settings.panel, PanelTab::State);
    let path = window.session().run().picture(6).get("entry/k1").and_then(|mark| mark.path.clone());
    let path = path.expect("entries have a place in the state");
    assert!(window.has(&format!("{path}: 1")), "the row of {path} is shown");
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
fn events_are_found_by_name_action_and_sentence() {
    let mut window = Window::scene(0);
    window.enter("Find events", "growthbegan");
    window.harness.run_steps(4);
    let at = window.at();
    assert_eq!(window.session().run().event(at).map(|event| event.name), Some("GrowthBegan"));
    window.enter("Find events", "free slot k2");
    let at = window.at();
    assert!(window.session().run().caption(at, Lang::En).plain().contains("k2"));
}

#[test]
fn presenting_shows_the_stage_alone_and_returns_to_the_same_step() {
    let mut window = Window::scene(5);
    window.press(Key::F5);
    assert!(!window.has("Play") && !window.has("Timeline"));
    window.press(Key::PageDown);
    window.settle();
    window.press(Key::Period);
    window.press(Key::Period);
    window.press(Key::Escape);
    assert!(window.has("Play"));
    assert_eq!(window.at(), 6);
    window.press(Key::F5);
    window.press(Key::F5);
    assert!(window.has("Play"));
}

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
    assert!(window.shell().session.is_none());
    assert!(window.has_part("scenes/fake/broken.ron:14:9"));
    window.click("Dismiss");
    assert!(window.shell().notices.is_empty());
}

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
    assert_eq!((state.settings.lang, state.settings.theme), (Lang::En, Theme::Light));
    assert_eq!(state.settings.panel, PanelTab::Laws);
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
    assert_eq!(window.shell().settings.theme, Theme::Light);
    window.click("Larger");
    assert_eq!(window.shell().settings.scale, 1.1);
    window.click("Reduced motion");
    assert!(window.shell().settings.reduced_motion);
    window.click("中文");
    assert_eq!(window.shell().settings.lang, Lang::Zh);
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
    let again = settings::load(folder.path());
    assert!(again.damaged.is_none(), "a good file has taken its place");
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
fn a_still_window_asks_for_no_frame() {
    for scene in [None, Some("fake/growth".to_owned())] {
        let mut window = Window::with(None, |options| {
            options.scene = scene;
            options.at = Some(8);
        });
        window.harness.run_steps(30);
        let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        assert_eq!(asked, std::time::Duration::MAX);
    }
}

#[test]
fn a_resting_film_sleeps_until_it_moves() {
    let mut window = Window::scene(0);
    window.click("Play");
    let mut slept = false;
    for _ in 0..120 {
        window.harness.step();
        let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        slept |= asked > std::time::Duration::from_millis(100) && asked < std::time::Duration::from_secs(5);
    }
    assert!(slept, "between two steps the film rests, and no frame is drawn");
}

#[test]
fn every_mark_and_control_has_a_name() {
    let window = Window::scene(8);
    let picture = window.session().run().picture(8);
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
    let wanted: Vec<String> = (1..=5).map(|at| run.caption(at, Lang::En).plain()).collect();
    assert_eq!(said[0], "Growing");
    assert_eq!(said[1..], wanted);
}

#[test]
fn both_languages_have_the_same_words() {
    let [en, zh] = [EN, ZH].map(|source| keys(source).collect::<BTreeSet<_>>());
    assert_eq!(en.symmetric_difference(&zh).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(keys(EN).count(), en.len(), "a key stands twice");
    let words = words::Words::default();
    for key in en {
        for lang in Lang::ALL {
            assert!(!words.with(lang, key, &[("n", 2.into())]).is_empty(), "{key}");
        }
    }
}

#[test]
fn every_key_of_the_words_is_used_and_every_used_one_exists() {
    let mut sources = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    for folder in [root.clone(), root.join("panels")] {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
                sources += &std::fs::read_to_string(path).expect("readable");
            }
        }
    }
    let known: BTreeSet<&str> = keys(EN).collect();
    for key in &known {
        assert!(sources.contains(&format!("\"{key}\"")), "{key} is used nowhere");
    }
    for call in ["look.t(\"", "look.with(\"", "words: \""] {
        for rest in sources.split(call).skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            assert!(known.contains(key), "{key} is used but not in the words");
        }
    }
}

#[test]
fn without_a_display_one_line_names_the_commands() {
    let cause = "winit EventLoopError: os error at /src/linux/mod.rs:765: neither\nWAYLAND_DISPLAY nor DISPLAY is set.";
    let line = no_window(cause, "list, check, export");
    let wanted = "the window could not be opened: there is no display; these commands need none: list, check, export";
    assert_eq!(line, wanted);
}

#[test]
fn the_timeline_and_the_curves_seek() {
    let mut window = Window::scene(3);
    let strip = window.harness.get_by_label("Timeline").rect();
    let ticks = &window.session().ticks;
    let wanted = egui::pos2(strip.left() + 20.0 + ticks.place_of(11), strip.top() + 34.0);
    window.harness.drag_at(wanted);
    window.harness.run_steps(2);
    window.harness.drop_at(wanted);
    window.harness.run_steps(2);
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
fn a_long_run_is_drawn_at_once() {
    let mut window = Window::with(None, |options| options.scene = Some("fake/long".to_owned()));
    let steps = window.session().run().steps();
    assert!(steps >= 9_900, "{steps}");
    window.go(Command::Move(Move::Seek(steps / 2)));
    assert_eq!(window.at(), steps / 2);
}
