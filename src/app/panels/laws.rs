//! The laws: what must hold after every step, judged at this one.

use egui::{ScrollArea, Ui};

use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::note;
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::Verdict;

/// Draws the panel.
pub fn laws_ui(ui: &mut Ui, look: Look, session: &Session) {
    let here = session.here();
    ScrollArea::vertical().id_salt("laws").auto_shrink([false, false]).show(ui, |ui| {
        ui.add_space(4.0);
        let always: Vec<&Verdict> = here.laws().iter().filter(|law| law.always).collect();
        let held = always.iter().filter(|law| law.outcome.is_ok()).count();
        note(ui, look, look.with("laws-held", &[("held", held.into()), ("all", always.len().into())]));
        for law in here.laws() {
            law_ui(ui, look, law);
        }
        if here.laws().is_empty() {
            note(ui, look, look.t("no-laws"));
        }
    });
}

fn law_ui(ui: &mut Ui, look: Look, law: &Verdict) {
    // A story that is not told yet is no fault.
    let (mark, tone, says) = match (&law.outcome, law.always) {
        (Ok(()), true) => (icon::CHECK_CIRCLE, Tone::Good, look.t("law-holds")),
        (Err(_), true) => (icon::X_CIRCLE, Tone::Bad, look.t("law-broken")),
        (Ok(()), false) => (icon::CHECK_CIRCLE, Tone::Info, look.t("law-reached")),
        (Err(_), false) => (icon::CIRCLE, Tone::Faint, look.t("law-not-yet")),
    };
    let frame = egui::Frame::new()
        .fill(look.panel())
        .stroke(egui::Stroke::new(1.0, if law.always && law.outcome.is_err() { look.tone(tone) } else { look.line() }))
        .corner_radius(8)
        .inner_margin(egui::Margin::symmetric(12, 9));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.label(look::sans(mark, 18.0).color(look.tone(tone)));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 3.0;
                ui.add(egui::Label::new(look::sans(look.of(&law.title), 14.0)).wrap());
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    ui.label(look::sans(says, 12.5).color(look.tone(tone)));
                    ui.label(look::mono(law.name, 12.0).color(look.soft()));
                });
                if !law.source.is_empty() {
                    ui.add(egui::Label::new(look::mono(law.source, 12.0).color(look.soft())).wrap());
                }
                if let Err(why) = &law.outcome
                    && law.always
                {
                    ui.add(egui::Label::new(look::mono(why, 12.5).color(look.tone(Tone::Bad))).wrap());
                }
            });
        });
    });
}
