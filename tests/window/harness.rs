//! A window that the tests drive.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use egui::accesskit::Live;
use egui::{Key, Modifiers, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use glassbox::app::{Command, Options, Session, Shell};
use glassbox::paint::fonts;
use glassbox::text::Lang;

use crate::fake::FakeLibrary;

/// The window's state, made in the first frame, when there is a context to make it for.
pub enum Cradle {
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
pub struct Window {
    pub harness: Harness<'static, Cradle>,
    pub inserts: Rc<Cell<u32>>,
}

impl Window {
    /// The library page in English, without settings.
    pub fn new() -> Window {
        Window::with(None, |options| options.lang = Some(Lang::En))
    }

    pub fn with(folder: Option<&Path>, set: impl FnOnce(&mut Options)) -> Window {
        let library = FakeLibrary::default();
        let inserts = Rc::clone(&library.inserts);
        let mut options = Options::new(Box::new(library));
        options.config_dir = folder.map(Path::to_owned);
        // The thread that stages may be slow in a build without optimisation on a busy machine.
        options.patience = Duration::from_secs(60);
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
    pub fn scene(at: usize) -> Window {
        Window::with(None, |options| {
            options.lang = Some(Lang::En);
            options.scene = Some("fake/growth".to_owned());
            options.at = Some(at);
        })
    }

    pub fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run_steps(3);
    }

    pub fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    pub fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    /// Types into a field from its beginning, and presses Enter.
    pub fn enter(&mut self, field: &str, words: &str) {
        self.harness.get_by_label(field).focus();
        self.harness.run_steps(2);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.get_by_label(field).type_text(words);
        self.harness.run_steps(2);
        self.harness.key_press(Key::Enter);
        self.harness.run_steps(3);
    }

    pub fn settle(&mut self) {
        for _ in 0..600 {
            self.harness.step();
            if !self.session().transport().moving() {
                break;
            }
        }
        self.harness.run();
    }

    pub fn shell(&self) -> &Shell {
        match self.harness.state() {
            Cradle::Open(shell) => shell,
            Cradle::Waiting(_) => unreachable!("the first frame is over"),
        }
    }

    pub fn shell_mut(&mut self) -> &mut Shell {
        match self.harness.state_mut() {
            Cradle::Open(shell) => shell,
            Cradle::Waiting(_) => unreachable!("the first frame is over"),
        }
    }

    pub fn session(&self) -> &Session {
        self.shell().session().expect("a scene is open")
    }

    pub fn at(&self) -> usize {
        self.session().at()
    }

    pub fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    pub fn has_part(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    pub fn go(&mut self, command: Command) {
        let ctx = self.harness.ctx.clone();
        self.shell_mut().apply(&ctx, command);
        self.harness.run_steps(2);
    }

    /// What the live region says.
    pub fn announced(&self) -> String {
        let live = self.harness.root().children_recursive().find(|node| node.accesskit_node().live() == Live::Polite);
        live.and_then(|node| node.accesskit_node().label()).unwrap_or_default()
    }
}
