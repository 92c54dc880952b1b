//! Small parts that every page uses: named buttons, chips, headings.

use egui::{Button, Response, RichText, Sense, Stroke, Ui, Vec2, Widget, WidgetInfo, accesskit, vec2};

use super::look::{self, Look};
use crate::diagram::Tone;
use crate::paint::theme;

/// A button that is an icon; its name is said by a screen reader and shown when the pointer rests on it.
pub struct IconButton<'a> {
    icon: &'a str,
    name: &'a str,
    keys: &'a str,
    size: Vec2,
    on: bool,
    accent: bool,
    quiet: bool,
    enabled: bool,
}

impl<'a> IconButton<'a> {
    pub fn new(icon: &'a str, name: &'a str) -> IconButton<'a> {
        let size = vec2(38.0, 36.0);
        IconButton { icon, name, keys: "", size, on: false, accent: false, quiet: false, enabled: true }
    }

    /// The keys that do the same, for the hint.
    pub fn keys(self, keys: &'a str) -> IconButton<'a> {
        IconButton { keys, ..self }
    }

    pub fn size(self, width: f32, height: f32) -> IconButton<'a> {
        IconButton { size: vec2(width, height), ..self }
    }

    /// Switched on.
    pub fn on(self, on: bool) -> IconButton<'a> {
        IconButton { on, ..self }
    }

    /// The button that matters most.
    pub fn accent(self) -> IconButton<'a> {
        IconButton { accent: true, ..self }
    }

    /// Without a frame until the pointer is on it.
    pub fn quiet(self) -> IconButton<'a> {
        IconButton { quiet: true, ..self }
    }

    pub fn enabled(self, enabled: bool) -> IconButton<'a> {
        IconButton { enabled, ..self }
    }

    pub fn show(self, ui: &mut Ui, look: Look) -> Response {
        let mut words = look::sans(self.icon, 18.0);
        if self.accent {
            words = words.color(theme::on_accent(look.theme));
        } else if self.on {
            words = words.color(look.accent());
        }
        let mut button = Button::new(words).min_size(self.size);
        if self.accent {
            button = button.fill(look.accent()).stroke(Stroke::NONE);
        } else if self.on {
            button = button.fill(look.tint(Tone::Active, 0.16)).stroke(Stroke::new(1.0, look.accent()));
        }
        if self.quiet {
            button = button.frame_when_inactive(false);
        }
        let hint = if self.keys.is_empty() { self.name.to_owned() } else { format!("{}  ·  {}", self.name, self.keys) };
        named(ui, self.enabled, button, self.name).on_hover_text(hint)
    }
}

/// Adds a widget under a name of its own.
pub fn named(ui: &mut Ui, enabled: bool, widget: impl Widget, name: &str) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = vec2(8.0, 4.0);
        ui.add_enabled(enabled, widget)
    })
    .inner
    .accessible_name(name)
}

/// A small rounded label with a hairline, in a tone.
pub fn chip(ui: &mut Ui, look: Look, words: &str, tone: Option<Tone>) -> Response {
    let ink = tone.map_or(look.soft(), |tone| look.tone(tone));
    let line = tone.map_or(look.line(), |tone| look.tint(tone, 0.55));
    egui::Frame::new()
        .stroke(Stroke::new(1.0, line))
        .fill(tone.map_or(look.panel(), |tone| look.tint(tone, 0.08)))
        .corner_radius(20)
        .inner_margin(egui::Margin::symmetric(11, 4))
        .show(ui, |ui| ui.label(look::sans(words, 13.0).color(ink)))
        .response
}

/// The heading of a section in a panel.
pub fn section(ui: &mut Ui, look: Look, words: &str) {
    ui.add_space(10.0);
    ui.label(look::sans(words, 12.5).color(look.soft()));
    ui.add_space(2.0);
}

/// A framed card that can be clicked as a whole; returns its response and what was made inside.
pub fn card<R>(ui: &mut Ui, look: Look, name: &str, add: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    let id = ui.next_auto_id();
    let hovered = ui.ctx().read_response(id).is_some_and(|response| response.hovered() || response.has_focus());
    let edge = if hovered { look.soft() } else { look.line() };
    let shown = egui::Frame::new()
        .stroke(Stroke::new(1.0, edge))
        .fill(look.panel())
        .corner_radius(8)
        .inner_margin(egui::Margin::symmetric(12, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        });
    let response = ui.interact(shown.response.rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(accesskit::Role::Button, true, name));
    (response, shown.inner)
}

/// Words that are quiet and small.
pub fn note(ui: &mut Ui, look: Look, words: impl Into<String>) -> Response {
    ui.add(egui::Label::new(look::sans(words, 13.0).color(look.soft())).wrap())
}

/// Old → new, told apart by a line through the old one as well as by colour.
pub fn old_new(ui: &mut Ui, look: Look, old: &str, new: &str) {
    ui.spacing_mut().item_spacing.x = 6.0;
    let cut = |words: &str| -> String {
        match words.char_indices().nth(26) {
            Some((at, _)) => format!("{}…", &words[..at]),
            None => words.to_owned(),
        }
    };
    let text = |words: String, tone: Tone| -> RichText { look::mono(words, 13.0).color(look.tone(tone)) };
    ui.label(text(cut(old), Tone::Bad));
    ui.label(look::sans("→", 13.0).color(look.soft()));
    ui.label(text(cut(new), Tone::Good));
}
