//! The window: library page, stage, timeline, panels, keyboard.
//!
//! Its parts are functions that read and return commands; `Shell::apply` is the one place that carries them
//! out. What the window shows comes over the border of [`Library`].
//!
//! From outside a window is opened with [`Options`], driven by input or by a [`Command`], and read: [`Shell::session`],
//! [`Shell::settings`]. That is all that tests/window and benches/ know of it.

mod ahead;
mod answers;
mod apply;
mod command;
mod facts;
mod find;
mod grown;
mod keys;
mod library;
mod look;
mod overlay;
mod panels;
mod ran_on;
mod reload;
mod session;
pub mod settings;
mod shelf;
mod stage;
mod story;
mod timeline;
mod tip;
mod top_bar;
mod transport_bar;
mod whatif;
mod widgets;
mod words;
mod worker;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::time::Duration;

use egui::{Frame, Panel, Ui};

pub use command::{Command, Place};
pub use session::Session;
pub use settings::{PanelTab, Settings, folder as settings_folder};
pub use shelf::{IndexPlan, Library, Plan, SceneCard};

use crate::diagram::palette::Theme;
use crate::paint::{fonts, theme};
use crate::text::Lang;
use look::Look;
use overlay::Notice;

/// How the window is to be opened.
pub struct Options {
    /// The scenes.
    pub library: Box<dyn Library>,
    /// A folder whose changes make the library read again.
    pub watch: Option<PathBuf>,
    /// The scene to open at once, instead of where the viewer left.
    pub scene: Option<String>,
    /// The position in it.
    pub at: Option<usize>,
    /// Instead of the remembered language.
    pub lang: Option<Lang>,
    /// Until the viewer has chosen one; usually the system's.
    pub first_lang: Lang,
    /// Instead of the remembered theme.
    pub theme: Option<Theme>,
    /// Where settings are kept; `None` keeps nothing. Usually [`settings_folder`].
    pub config_dir: Option<PathBuf>,
    /// The commands that need no window, named where there is no display: `list, check, export`.
    pub commands: String,
    /// How long a frame may wait for a scene to be staged before it goes on without it: most are there at once.
    pub patience: Duration,
}

impl Options {
    /// A window for these scenes, opened where the viewer left it.
    pub fn new(library: Box<dyn Library>) -> Options {
        Options {
            library,
            watch: None,
            scene: None,
            at: None,
            lang: None,
            first_lang: system_lang(),
            theme: None,
            config_dir: settings_folder(),
            commands: String::new(),
            patience: Duration::from_millis(60),
        }
    }
}

/// Chinese where the system's language is Chinese, else English.
fn system_lang() -> Lang {
    let locale = sys_locale::get_locale().unwrap_or_default();
    if locale.to_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
}

/// Opens the window and returns when it is closed. The error is one line.
pub fn open(options: Options) -> Result<(), String> {
    let icon = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/glassbox.png"));
    let viewport = egui::ViewportBuilder::default()
        .with_icon(icon.unwrap_or_default())
        .with_title("Glassbox")
        .with_app_id("glassbox")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([900.0, 600.0]);
    let native = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let commands = options.commands.clone();
    let opened = eframe::run_native("glassbox", native, Box::new(|cc| Ok(Box::new(Shell::new(&cc.egui_ctx, options)))));
    opened.map_err(|error| no_window(&error.to_string(), &commands))
}

/// One line that says why there is no window, and what works without one.
fn no_window(cause: &str, commands: &str) -> String {
    // winit names the place in its own source before the reason: of no use to a reader.
    let reason = cause.split_once("os error at ").and_then(|(_, at)| at.split_once(": ")).map_or(cause, |(_, why)| why);
    let cause = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let cause = if cause.contains("nor DISPLAY is set") { "there is no display" } else { cause.trim_end_matches('.') };
    if commands.is_empty() {
        format!("the window could not be opened: {cause}")
    } else {
        format!("the window could not be opened: {cause}; these commands need none: {commands}")
    }
}

/// The window's whole state.
pub struct Shell {
    library: Box<dyn Library>,
    words: words::Words,
    settings: Settings,
    store: settings::Store,
    /// The open scene; none on the library page.
    session: Option<Session>,
    /// The scene that is being staged and will be opened.
    opening: Option<apply::Opening>,
    /// The scene that was to be opened and could not be: it is, as soon as its file is whole.
    awaited: Option<(String, Option<Place>)>,
    stager: worker::Worker<apply::Staged>,
    patience: Duration,
    page: library::Page,
    notices: Vec<Notice>,
    watch: Option<reload::Watch>,
    /// Why saved scenes are not noticed at present, as it was told.
    not_watched: Option<String>,
    /// The scenes and positions that a claim or an answer led away from, the latest last.
    left: Vec<(String, usize)>,
    show_keys: bool,
    presenting: bool,
    /// The stage is blank while presenting.
    blank: bool,
    /// The film runs because a key is held.
    holding: bool,
    held: keys::Held,
    /// A text field had the keyboard at the end of the last frame.
    was_typing: bool,
    /// When messages that ask for nothing go, in egui's seconds.
    good_news_until: Option<f64>,
    /// When time was last counted, in egui's seconds; none while nothing moves.
    last_tick: Option<f64>,
}

impl Shell {
    /// A window that is about to show its first frame.
    pub fn new(ctx: &egui::Context, options: Options) -> Shell {
        fonts::install(ctx);
        ctx.options_mut(|o| o.zoom_with_keyboard = false);
        let mut notices = Vec::new();
        let mut settings = Settings { lang: options.first_lang, ..Settings::default() };
        if let Some(folder) = &options.config_dir {
            let loaded = settings::load(folder);
            settings = loaded.settings;
            if !loaded.names_lang {
                settings.lang = options.first_lang;
            }
            notices.extend(loaded.news.map(Notice::Settings));
        }
        let waking = ctx.clone();
        let store = settings::Store::new(options.config_dir, settings.clone(), move || waking.request_repaint());
        settings.lang = options.lang.unwrap_or(settings.lang);
        settings.theme = options.theme.unwrap_or(settings.theme);
        let watch = options.watch.and_then(|folder| match reload::Watch::new(&folder, ctx.clone()) {
            Ok(watch) => Some(watch),
            Err(cause) => {
                let errors = vec![format!("{}: {cause}", folder.display())];
                notices.push(Notice::Unstaged { scene: folder.display().to_string(), errors });
                None
            }
        });
        let scene = options.scene.or_else(|| settings.last.clone());
        let mut shell = Shell {
            library: options.library,
            words: words::Words::default(),
            settings,
            store,
            session: None,
            opening: None,
            awaited: None,
            stager: worker::Worker::new(ctx),
            patience: options.patience,
            page: library::Page::new(ctx),
            notices,
            watch,
            not_watched: None,
            left: Vec::new(),
            show_keys: false,
            presenting: false,
            blank: false,
            holding: false,
            held: keys::Held::default(),
            was_typing: false,
            good_news_until: None,
            last_tick: None,
        };
        theme::apply(ctx, shell.settings.theme);
        ctx.set_zoom_factor(shell.settings.scale);
        if let Some(scene) = scene {
            shell.apply(ctx, Command::Open { scene, place: options.at.map(Place::Step) });
        }
        shell
    }

    /// The scene that is open; none on the library page.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// What is remembered, as it stands now.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// One frame: reads the input, carries out what was asked for, draws.
    pub fn frame_ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.receive(&ctx, Duration::ZERO);
        self.read_again_if_saved(&ctx);
        self.hear_of_settings();
        self.forget_good_news(&ctx);
        let now = keys::Now {
            lang: self.settings.lang,
            theme: self.settings.theme,
            presenting: self.presenting,
            blank: self.blank,
            grain: self.settings.grain,
            stage_size: self.settings.stage_size,
            card_open: self.session.as_ref().is_some_and(|session| session.whatif.open),
        };
        for command in keys::read(&ctx, now, self.session.is_some(), self.was_typing, &mut self.held) {
            self.apply(&ctx, command);
        }
        self.pass_time(&ctx);
        let mut out = Vec::new();
        self.draw_ui(ui, &mut out);
        if !out.is_empty() {
            ctx.request_repaint();
        }
        for command in out {
            self.apply(&ctx, command);
        }
        self.was_typing = ctx.text_edit_focused();
        self.plan_next_frame(&ctx);
        self.remember(&ctx);
    }

    fn draw_ui(&mut self, ui: &mut Ui, out: &mut Vec<Command>) {
        let look = Look { words: &self.words, lang: self.settings.lang, theme: self.settings.theme };
        match &mut self.session {
            Some(session) if self.presenting => {
                session.turn_to_now(look.lang);
                Frame::NONE.show(ui, |ui| {
                    if self.blank {
                        let area = ui.available_rect_before_wrap();
                        ui.painter().rect_filled(area, 0.0, egui::Color32::BLACK);
                    } else {
                        stage::presented_ui(ui, look, session, out);
                    }
                });
            }
            Some(session) => {
                session.turn_to_now(look.lang);
                player_ui(ui, look, &*self.library, &self.settings, session, out);
            }
            None => {
                bar(Panel::top("top-bar").exact_size(top_bar::HEIGHT), look)
                    .show(ui, |ui| top_bar::top_bar_ui(ui, look, &self.settings, None, out));
                library::library_ui(ui, look, &*self.library, &self.settings, &mut self.page, self.patience, out);
            }
        }
        let now = ui.input(|input| input.time);
        if let Some(opening) = self.opening.as_ref().filter(|opening| now - opening.since > 0.1) {
            overlay::opening_ui(ui.ctx(), look, &opening.scene);
        }
        if !self.presenting {
            overlay::notices_ui(ui.ctx(), look, &self.notices, out);
        }
        if self.show_keys {
            overlay::keys_ui(ui.ctx(), look, out);
        }
    }
}

impl eframe::App for Shell {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame_ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.remember_now();
    }
}

fn bar(panel: Panel, look: Look) -> Panel {
    panel.frame(Frame::new().fill(look.chrome()))
}

/// The page of an open scene.
fn player_ui(
    ui: &mut Ui,
    look: Look,
    library: &dyn Library,
    settings: &Settings,
    session: &mut Session,
    out: &mut Vec<Command>,
) {
    let width = ui.available_width();
    let card = library.scenes().iter().find(|card| card.id == session.run().id());
    bar(Panel::top("top-bar").exact_size(top_bar::HEIGHT), look)
        .show(ui, |ui| top_bar::top_bar_ui(ui, look, settings, card, out));
    bar(Panel::bottom("transport").exact_size(transport_bar::HEIGHT), look)
        .show_separator_line(false)
        .show(ui, |ui| transport_bar::transport_ui(ui, look, session, out));
    bar(Panel::bottom("timeline").exact_size(timeline::HEIGHT), look)
        .show(ui, |ui| timeline::timeline_ui(ui, look, session, out));
    if settings.panels_open {
        let most = (width * 0.42).max(260.0);
        let size = (width * 0.24).clamp(280.0, 420.0);
        let panel = Panel::right("panels").default_size(size).size_range(egui::Rangef::new(250.0, most));
        bar(panel, look).show(ui, |ui| panels::panels_ui(ui, look, library, settings.panel, session, out));
    }
    let picture = egui::CentralPanel::default()
        .frame(Frame::new().fill(look.canvas()))
        .show(ui, |ui| stage::stage_ui(ui, look, session, out));
    whatif::whatif_ui(ui, look, session, picture.inner, out);
}
