//! Small parts that every page uses: named buttons, chips, headings.

use egui::{Button, Response, Sense, Stroke, Ui, Vec2, Widget, WidgetInfo, accesskit, vec2};

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
        let hint =
            if self.keys.is_empty() { self.name.to_owned() } else { format!("{}  ·  {}", self.name, self.keys) };
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
    let fill = tone.map_or(look.panel(), |tone| look.tint(tone, 0.08));
    let galley = ui.painter().layout_no_wrap(words.to_owned(), egui::FontId::proportional(13.0), ink);
    let (place, response) = ui.allocate_exact_size(vec2(galley.size().x + 24.0, 28.0), Sense::hover());
    let edge = Stroke::new(1.0, line);
    ui.painter().rect(place, 14.0, fill, edge, egui::StrokeKind::Inside);
    ui.painter().galley(place.center() - galley.size() / 2.0, galley, ink);
    response.widget_info(|| WidgetInfo::labeled(accesskit::Role::Label, true, words));
    response
}

/// The heading of a section in a panel.
pub fn section(ui: &mut Ui, look: Look, words: &str) {
    ui.add_space(10.0);
    ui.label(look::sans(words, 12.5).color(look.soft()));
    ui.add_space(2.0);
}

/// A framed card that can be clicked as a whole; returns its response and what was made inside.
pub fn card<R>(ui: &mut Ui, look: Look, name: &str, add: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    // The card senses clicks below its contents, so that buttons on it keep their own.
    let shown = ui.scope_builder(egui::UiBuilder::new().sense(Sense::click()), |ui| {
        let card = ui.response();
        let edge = if card.hovered() || card.has_focus() { look.soft() } else { look.line() };
        let frame = egui::Frame::new()
            .stroke(Stroke::new(1.0, edge))
            .fill(look.panel())
            .corner_radius(8)
            .inner_margin(egui::Margin::symmetric(12, 9));
        let inside = frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui)
        });
        inside.inner
    });
    shown.response.widget_info(|| WidgetInfo::labeled(accesskit::Role::Button, true, name));
    (shown.response, shown.inner)
}

/// Words that are quiet and small.
pub fn note(ui: &mut Ui, look: Look, words: impl Into<String>) -> Response {
    ui.add(egui::Label::new(look::sans(words, 13.0).color(look.soft())).wrap())
}

/// A place and what it was → is now, told apart by a line through the old one as well as by colour; can be clicked.
pub fn change_ui(ui: &mut Ui, look: Look, path: &str, old: &str, new: &str) -> Response {
    let font = egui::FontId::monospace(13.0);
    let cut = |words: &str, most: usize| match words.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words.to_owned(),
    };
    let (was, is) = (cut(old, 22), cut(new, 26));
    let width = |words: &str| crate::diagram::measure::width(words, 13.0, crate::diagram::Face::Mono);
    // Where all of it has no room on one line, the path has a line of its own.
    let one = width(path) + width(&was) + width(&is) + 48.0 <= ui.available_width();
    let tall = if one { 23.0 } else { 42.0 };
    let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::click());
    let said = format!("{path}: {old} → {new}");
    response.widget_info(|| WidgetInfo::labeled(accesskit::Role::Button, true, &said));
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    if response.hovered() || response.has_focus() {
        painter.rect_filled(place.expand2(vec2(4.0, 0.0)), 4.0, look.tint(Tone::Plain, 0.1));
    }
    let middle = place.bottom() - 11.5;
    let mut right = place.right();
    let mut put = |words: String, ink, gap: f32| {
        let at = egui::pos2(right, middle);
        let shown = painter.text(at, egui::Align2::RIGHT_CENTER, words, font.clone(), ink);
        right = shown.left() - gap;
        shown
    };
    put(is, look.tone(Tone::Good), 5.0);
    put("→".to_owned(), look.soft(), 5.0);
    let was = put(was, look.tone(Tone::Bad), 12.0);
    painter.hline(was.x_range(), middle + 0.5, Stroke::new(1.0, look.tone(Tone::Bad)));
    let room = if one { right - place.left() } else { place.width() };
    let fitted = crate::diagram::measure::fitted(path, 13.0, crate::diagram::Face::Mono, room);
    let at = egui::pos2(place.left(), place.top() + 11.5);
    painter.text(at, egui::Align2::LEFT_CENTER, fitted, font.clone(), look.text());
    response.on_hover_text(said)
}
