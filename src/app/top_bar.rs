//! The bar along the upper edge: where you are, and what belongs to the whole window.

use egui::{Align, Button, Layout, Popup, Ui, vec2};

use super::command::Command;
use super::library::replayed_chip;
use super::look::{self, Look};
use super::settings::{SCALES, Settings};
use super::shelf::SceneCard;
use super::widgets::{IconButton, chip, named, section};
use crate::diagram::palette::Theme;
use crate::paint::{icon, theme};
use crate::text::Lang;

/// Height of the bar in points.
pub const HEIGHT: f32 = 56.0;

/// Draws the bar; `scene` is the open one.
pub fn top_bar_ui(ui: &mut Ui, look: Look, settings: &Settings, scene: Option<&SceneCard>, out: &mut Vec<Command>) {
    let width = ui.available_width();
    ui.spacing_mut().item_spacing.x = 8.0;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add_space(20.0);
        if scene.is_some() {
            present_ui(ui, look, width, out);
            let hint = if settings.panels_open { "hide-panels" } else { "show-panels" };
            let panels = IconButton::new(icon::SIDEBAR_SIMPLE, look.t(hint)).keys("P").on(settings.panels_open);
            if panels.show(ui, look).clicked() {
                out.push(Command::TogglePanels);
            }
        }
        if IconButton::new(icon::KEYBOARD, look.t("keys")).keys("?").show(ui, look).clicked() {
            out.push(Command::ToggleKeys);
        }
        settings_ui(ui, look, settings, out);
        let (mark, name) = match look.theme {
            Theme::Dark => (icon::SUN, "to-light"),
            Theme::Light => (icon::MOON, "to-dark"),
        };
        if IconButton::new(mark, look.t(name)).keys("T").show(ui, look).clicked() {
            out.push(Command::Theme(look.theme.other()));
        }
        let language = Button::new(look::sans("中 / EN", 14.0)).min_size(vec2(64.0, 36.0));
        if named(ui, true, language, look.t("other-language")).on_hover_text("Z").clicked() {
            out.push(Command::Language(look.lang.other()));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(18.0);
            place_ui(ui, look, width, scene, out);
        });
    });
}

fn present_ui(ui: &mut Ui, look: Look, width: f32, out: &mut Vec<Command>) {
    let words = if width < 1180.0 { icon::PRESENTATION.to_owned() } else { format!("{}  F5", look.t("present")) };
    let text = look::strong(words, 14.0).color(theme::on_accent(look.theme));
    let button = Button::new(text).fill(look.accent()).stroke(egui::Stroke::NONE).min_size(vec2(44.0, 36.0));
    if named(ui, true, button, look.t("present")).on_hover_text("F5").clicked() {
        out.push(Command::Present(true));
    }
}

/// The program's name, which leads to the library, and the way to the scene.
fn place_ui(ui: &mut Ui, look: Look, width: f32, scene: Option<&SceneCard>, out: &mut Vec<Command>) {
    let name = Button::new(look::strong(format!("{} Glassbox", icon::SQUARES_FOUR), 17.0)).frame_when_inactive(false);
    if named(ui, true, name, look.t("to-library")).on_hover_text(look.t("to-library")).clicked() {
        out.push(Command::Library);
    }
    let Some(card) = scene else { return };
    ui.spacing_mut().item_spacing.x = 7.0;
    let slash = |ui: &mut Ui| ui.label(look::sans("/", 15.0).color(look.soft()));
    if width > 1250.0 {
        ui.label(look::sans(look.of(&card.group), 15.0).color(look.soft()));
        slash(ui);
    }
    if width > 1000.0 {
        ui.label(look::sans(look.of(&card.mechanism_title), 15.0).color(look.soft()));
        slash(ui);
    }
    ui.add(egui::Label::new(look::strong(look.of(&card.title), 15.0)).truncate());
    if width > 1400.0 {
        ui.add_space(8.0);
        chip(ui, look, &look.with("models", &[("what", card.models.as_str().into())]), None);
    }
    if width > 1500.0 && card.replayed {
        replayed_chip(ui, look, card);
    }
}

fn settings_ui(ui: &mut Ui, look: Look, settings: &Settings, out: &mut Vec<Command>) {
    let response = IconButton::new(icon::GEAR, look.t("settings")).show(ui, look);
    let popup = Popup::from_toggle_button_response(&response);
    popup.close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_width(250.0);
        section(ui, look, look.t("language"));
        ui.horizontal(|ui| {
            for (lang, name) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
                if ui.selectable_label(look.lang == lang, name).clicked() {
                    out.push(Command::Language(lang));
                }
            }
        });
        section(ui, look, look.t("theme"));
        ui.horizontal(|ui| {
            for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
                if ui.selectable_label(look.theme == theme, look.t(name)).clicked() {
                    out.push(Command::Theme(theme));
                }
            }
        });
        section(ui, look, look.t("scale"));
        ui.horizontal(|ui| {
            if IconButton::new(icon::MINUS, look.t("smaller")).keys("Ctrl -").size(30.0, 28.0).show(ui, look).clicked()
            {
                out.push(Command::ScaleBy(-1));
            }
            ui.label(look::mono(format!("{:.0} %", settings.scale * 100.0), 14.0));
            if IconButton::new(icon::PLUS, look.t("larger")).keys("Ctrl +").size(30.0, 28.0).show(ui, look).clicked() {
                out.push(Command::ScaleBy(1));
            }
        });
        ui.add_space(8.0);
        let mut large = settings.stage_size;
        if ui.checkbox(&mut large, look.t("stage-size")).on_hover_text(look.t("stage-size-hint")).changed() {
            out.push(Command::StageSize(large));
        }
        let mut reduced = settings.reduced_motion;
        if ui.checkbox(&mut reduced, look.t("reduced-motion")).changed() {
            out.push(Command::ReducedMotion(reduced));
        }
    });
}

/// A size a notch larger or smaller.
pub fn scaled(scale: f32, notches: i8) -> f32 {
    let tenths = (scale * 10.0).round() + f32::from(notches);
    (tenths / 10.0).clamp(SCALES.0, SCALES.1)
}
