//! The what-if card: what may happen at this step, or an action of the viewer's own.

use egui::{Align, Align2, Button, FontSelection, Key, Rect, Ui, vec2};

use super::command::Command;
use super::look::{self, Look};
use super::session::Session;
use super::widgets::{IconButton, note};
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::ActionError;

/// The card's own state.
#[derive(Default)]
pub struct WhatIf {
    pub open: bool,
    /// The action that is being typed.
    pub typed: String,
    /// Why the last one was not taken.
    pub error: Option<ActionError>,
    /// The keyboard is to go into the field.
    pub focus: bool,
}

impl WhatIf {
    /// Opens the card, or closes it. What was typed and not taken stays.
    pub fn toggle(&mut self) {
        let open = !self.open;
        *self = WhatIf { open, focus: open, typed: std::mem::take(&mut self.typed), error: None };
    }
}

/// Draws the card over a corner of the picture if it is open; what the step says stays to be read.
pub fn whatif_ui(ui: &Ui, look: Look, session: &mut Session, picture: Rect, out: &mut Vec<Command>) {
    if !session.whatif.open {
        return;
    }
    let frame = egui::Frame::window(ui.style()).inner_margin(egui::Margin::same(16));
    egui::Area::new(egui::Id::unique("what-if"))
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(picture.right_bottom() - vec2(14.0, 4.0))
        .constrain_to(picture)
        .order(egui::Order::Foreground)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_width(380.0);
                head_ui(ui, look, session, out);
                type_ui(ui, look, session, out);
                choices_ui(ui, look, session, picture.height(), out);
            });
        });
}

fn head_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.label(look::sans(icon::GIT_FORK, 18.0).color(look.tone(Tone::Moved)));
        let title = look.with("what-if-at", &[("at", session.at().into())]);
        ui.label(look::strong(title, 16.0));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if IconButton::new(icon::X, look.t("close")).keys("Esc").size(28.0, 28.0).quiet().show(ui, look).clicked() {
                out.push(Command::ToggleWhatIf);
            }
        });
    });
    let branches = session.branches();
    let on = branches.shown() > 0 && session.at() == session.run().steps();
    note(ui, look, look.t(if on { "what-if-goes-on" } else { "what-if-leaves" }));
}

fn type_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let example = session.here().choices().first().cloned();
    let whatif = &mut session.whatif;
    let mut take = false;
    ui.horizontal(|ui| {
        let hint = example.as_ref().map_or("Insert(\"k99\")", |choice| &choice.text);
        let field = egui::TextEdit::singleline(&mut whatif.typed)
            .font(egui::FontId::monospace(14.0))
            .hint_text(look::mono(hint, 14.0).color(look.soft()))
            .margin(egui::Margin::symmetric(10, 8))
            .desired_width(ui.available_width() - 96.0);
        let response = ui.add(field).accessible_name(look.t("type-action"));
        if std::mem::take(&mut whatif.focus) {
            response.request_focus();
        }
        if response.changed() {
            whatif.error = None;
        }
        take = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let ready = !whatif.typed.trim().is_empty();
        take |= ui.add_enabled(ready, Button::new(look.t("take")).min_size(vec2(70.0, 34.0))).clicked();
        take &= ready;
    });
    if take {
        out.push(Command::Act(whatif.typed.trim().to_owned()));
    }
    if let Some(error) = &whatif.error {
        error_ui(ui, look, error);
    }
}

/// Why the action was not taken, and what could be typed instead.
fn error_ui(ui: &mut Ui, look: Look, error: &ActionError) {
    ui.horizontal_top(|ui| {
        ui.label(look::sans(icon::WARNING_CIRCLE, 15.0).color(look.tone(Tone::Bad)));
        ui.add(egui::Label::new(look::sans(error.message(look.lang), 13.5).color(look.tone(Tone::Bad))).wrap());
    });
    if error.forms().is_empty() {
        return;
    }
    note(ui, look, look.t("forms"));
    for form in error.forms() {
        let title = look.of(&form.title);
        let said = if title == form.text { String::new() } else { format!("   {title}") };
        let mut words = egui::text::LayoutJob::default();
        look::mono(&form.text, 13.0).color(look.text()).append_to(
            &mut words,
            ui.style(),
            FontSelection::Default,
            Align::Center,
        );
        look::mono(said, 13.0).color(look.soft()).append_to(
            &mut words,
            ui.style(),
            FontSelection::Default,
            Align::Center,
        );
        let label = ui.add(egui::Label::new(words).wrap());
        label.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &form.text));
    }
}

fn choices_ui(ui: &mut Ui, look: Look, session: &Session, room: f32, out: &mut Vec<Command>) {
    let choices = session.here().choices();
    let goes_on = session.here().goes_on();
    ui.horizontal(|ui| {
        super::widgets::section(ui, look, look.t("choices"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let button = Button::new(look::sans(format!("{} {}", icon::FAST_FORWARD, look.t("go-on")), 13.0));
            let button = ui.add_enabled(goes_on, button).accessible_name(look.t("go-on"));
            if button.on_hover_text(look.t("go-on-hint")).clicked() {
                out.push(Command::GoOn);
            }
        });
    });
    if choices.is_empty() {
        note(ui, look, look.t("no-choices"));
        return;
    }
    // They have what is left below what stands above them, and a row at least.
    let most = (room - ui.min_rect().height() - 50.0).clamp(44.0, 250.0);
    egui::ScrollArea::vertical().max_height(most).min_scrolled_height(most).auto_shrink([false, true]).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            for choice in choices {
                let words = look::mono(look.of(&choice.title), 13.0);
                let button = ui.add(Button::new(words).wrap_mode(egui::TextWrapMode::Extend));
                if button.on_hover_text(look::mono(&choice.text, 13.0)).clicked() {
                    out.push(Command::Act(choice.text.clone()));
                }
            }
        });
    });
}
