//! The claims: what people say of the mechanism, whether it is so, and the moment that shows it.

use egui::{ScrollArea, Ui};

use super::super::command::{Command, Place};
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::shelf::Library;
use super::super::widgets::note;
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::{Claim, ClaimVerdict, Table};

/// Draws the panel.
pub fn claims_ui(ui: &mut Ui, look: Look, library: &dyn Library, session: &Session, out: &mut Vec<Command>) {
    let run = session.run();
    let mechanism = run.mechanism();
    ScrollArea::vertical().id_salt("claims").auto_shrink([false, false]).show(ui, |ui| {
        ui.add_space(4.0);
        if let Some(table) = run.table() {
            table_ui(ui, look, table);
        }
        if mechanism.claims.is_empty() {
            note(ui, look, look.t("no-claims"));
        }
        for claim in &mechanism.claims {
            claim_ui(ui, look, library, session, claim, out);
        }
        if !mechanism.omits.is_empty() {
            super::super::widgets::section(ui, look, look.t("left-out"));
            for omitted in &mechanism.omits {
                note(ui, look, format!("· {}", look.of(omitted)));
            }
        }
    });
}

/// What the scene compares: a row for each difference, what is compared above the two answers.
fn table_ui(ui: &mut Ui, look: Look, table: &Table) {
    let half = (ui.available_width() - 12.0) / 2.0;
    let pair = |ui: &mut Ui, words: [egui::RichText; 2]| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for text in words {
                ui.allocate_ui(egui::vec2(half, 0.0), |ui| {
                    ui.set_width(half);
                    ui.add(egui::Label::new(text).wrap());
                });
            }
        });
    };
    let heads = [&table.heads.0, &table.heads.1];
    pair(ui, heads.map(|head| look::strong(look.of(head), 15.0).color(look.tone(Tone::Info))));
    for (what, one, other) in &table.rows {
        ui.separator();
        ui.label(look::strong(look.of(what), 13.0).color(look.soft()));
        pair(ui, [one, other].map(|text| look::sans(look.of(text), 13.5)));
    }
    ui.add_space(10.0);
}

fn claim_ui(ui: &mut Ui, look: Look, library: &dyn Library, session: &Session, claim: &Claim, out: &mut Vec<Command>) {
    let (mark, tone, verdict) = match claim.verdict {
        ClaimVerdict::True => (icon::SEAL_CHECK, Tone::Good, look.t("claim-true")),
        ClaimVerdict::Imprecise => (icon::SEAL_WARNING, Tone::Active, look.t("claim-imprecise")),
        ClaimVerdict::False => (icon::X_CIRCLE, Tone::Bad, look.t("claim-false")),
        ClaimVerdict::NotInSource => (icon::QUESTION, Tone::Info, look.t("claim-not-in-source")),
    };
    let frame = egui::Frame::new()
        .fill(look.panel())
        .stroke(egui::Stroke::new(1.0, look.line()))
        .corner_radius(8)
        .inner_margin(egui::Margin::symmetric(12, 10));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 5.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(look::sans(mark, 17.0).color(look.tone(tone)));
            ui.label(look::strong(verdict, 13.0).color(look.tone(tone)));
        });
        let says = look.with("quoted", &[("words", look.of(&claim.says).into())]);
        ui.add(egui::Label::new(look::sans(says, 14.5)).wrap());
        if claim.verdict != ClaimVerdict::True || claim.correct != claim.says {
            ui.add(egui::Label::new(look::sans(look.of(&claim.correct), 13.5).color(look.soft())).wrap());
        }
        ui.add(egui::Label::new(look::mono(&claim.source, 12.0).color(look.soft())).wrap());
        let scene = format!("{}/{}", session.run().mechanism().id, claim.shown.scene);
        let elsewhere = scene != session.run().id();
        let words = if elsewhere {
            let card = library.scenes().iter().find(|card| card.id == scene);
            let title = card.map_or(claim.shown.scene.as_str(), |card| look.of(&card.title));
            look.with("show-in", &[("scene", title.into())])
        } else {
            look.t("show-moment").to_owned()
        };
        let text = look::sans(format!("{} {words}", icon::EYE), 13.0);
        if ui.add(egui::Button::new(text)).accessible_name(format!("{words}: {}", look.of(&claim.says))).clicked() {
            out.push(Command::Open { scene, place: Some(Place::Moment(claim.shown.clone())) });
        }
    });
}
