//! Why a step happened: the earlier steps that it follows from.

use egui::Ui;

use super::super::command::Command;
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::{card, note, section};
use crate::diagram::Tone;
use crate::player::Command as Move;

/// Draws what people ask of this scene; a click goes to the answer.
pub fn questions_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    let questions = &session.spine().questions;
    if questions.is_empty() {
        return;
    }
    section(ui, look, look.t("asked"));
    for question in questions {
        let step = look.with("step-number", &[("at", question.at.into())]);
        let ask = look.of(&question.ask);
        let (response, ()) = card(ui, look, &format!("{ask} {step}"), |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add(egui::Label::new(look::sans(ask, 13.5)).wrap().selectable(false));
                ui.label(look::strong(step, 13.0).color(look.tone(Tone::Info)));
            });
        });
        if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            out.push(Command::Move(Move::Seek(question.at)));
        }
    }
}

/// Draws the reasons; a click goes there.
pub fn why_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    let here = session.here();
    section(ui, look, look.t("why"));
    let aside = here.caption().remark();
    if !aside.is_empty() {
        note(ui, look, aside.as_str());
    }
    let Some(reasons) = here.reasons() else {
        ui.ctx().request_repaint();
        return;
    };
    if reasons.is_empty() && aside.is_empty() {
        note(ui, look, look.t("no-reasons"));
    }
    for (reason, sentence) in reasons.iter().take(6) {
        let step = look.with("step-number", &[("at", reason.at.into())]);
        let name = format!("{step}: {sentence}");
        let (response, ()) = card(ui, look, &name, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.label(look::strong(step, 13.0).color(look.tone(Tone::Info)));
                ui.label(look::mono(&reason.path, 12.0).color(look.soft()));
            });
            ui.add(egui::Label::new(look::sans(sentence, 13.5)).wrap().selectable(false));
        });
        if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            out.push(Command::Move(Move::Seek(reason.at)));
        }
    }
}
