//! What lies over a page for a while: the table of keys and messages.

use std::path::Path;

use egui::{Align2, Area, Context, Frame, Grid, Margin, Order, ScrollArea, Ui, vec2};

use super::command::Command;
use super::keys::{BINDINGS, Place};
use super::look::{self, Look};
use super::ran_on::RanOn;
use super::settings::News;
use super::widgets::IconButton;
use crate::diagram::Tone;
use crate::paint::icon;

/// Something to be told once.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// What has happened to the settings' file.
    Settings(News),
    /// A scene could not be staged.
    Unstaged { scene: String, errors: Vec<String> },
    /// Branches that do not fit the scene as it is now.
    DormantBranches(Vec<String>),
    /// Saved scenes are not noticed, for this reason.
    NotWatched(String),
    /// Files of scenes that cannot be read.
    Broken(Vec<String>),
    /// What was typed is no position.
    NoNumber { typed: String, steps: usize },
    /// The scene has fewer steps.
    NoStep { at: usize, steps: usize },
    /// The run has no such moment.
    NoMoment { event: String },
    /// A branch was let run on.
    RanOn(RanOn),
    /// The scene's files were read again.
    Reloaded,
}

impl Notice {
    fn words(&self, look: Look) -> (Tone, String, Vec<String>) {
        match self {
            Notice::Settings(news) => settings_words(look, news),
            Notice::Unstaged { scene, errors } => {
                let words = look.with("unstaged", &[("scene", scene.as_str().into())]);
                (Tone::Bad, words, errors.clone())
            }
            Notice::DormantBranches(names) => {
                (Tone::Active, look.with("dormant-branches", &[("names", names.join("  ").into())]), Vec::new())
            }
            Notice::Broken(faults) => (Tone::Bad, look.t("broken-scenes").to_owned(), faults.clone()),
            Notice::NoNumber { typed, steps } => {
                let words = look.with("no-number", &[("typed", typed.as_str().into()), ("steps", (*steps).into())]);
                (Tone::Active, words, Vec::new())
            }
            Notice::NoStep { at, steps } => {
                let words = look.with("no-step", &[("at", (*at).into()), ("steps", (*steps).into())]);
                (Tone::Active, words, Vec::new())
            }
            Notice::NotWatched(cause) => (Tone::Bad, look.t("not-watched").to_owned(), vec![cause.clone()]),
            Notice::NoMoment { event } => {
                (Tone::Active, look.with("no-moment", &[("event", event.as_str().into())]), Vec::new())
            }
            Notice::RanOn(ran_on) => ran_on.words(look),
            Notice::Reloaded => (Tone::Good, look.t("reloaded").to_owned(), Vec::new()),
        }
    }
}

fn settings_words(look: Look, news: &News) -> (Tone, String, Vec<String>) {
    let of = |key: &str, place: &Path| look.with(key, &[("place", place.display().to_string().into())]);
    match news {
        News::SetAside { place, cause } => (Tone::Bad, of("damaged-settings", place), vec![cause.clone()]),
        News::NotSaved { place, cause } => (Tone::Bad, of("unsaved-settings", place), vec![cause.clone()]),
        News::PartlyRead(unread) => (Tone::Active, look.t("partly-read-settings").to_owned(), unread.clone()),
        News::Saved => (Tone::Good, look.t("saved-settings").to_owned(), Vec::new()),
    }
}

/// Says that a scene is being staged.
pub fn opening_ui(ctx: &Context, look: Look, scene: &str) {
    let anchor = vec2(0.0, super::top_bar::HEIGHT + 10.0);
    Area::new(egui::Id::unique("opening")).anchor(Align2::CENTER_TOP, anchor).order(Order::Foreground).show(
        ctx,
        |ui| {
            Frame::popup(ui.style()).inner_margin(Margin::same(12)).show(ui, |ui| {
                let words = format!("{scene}: {}", look.t("staging"));
                ui.label(look::sans(words, 14.0));
            });
        },
    );
}

/// Draws the messages below the top bar, where they cover no caption.
pub fn notices_ui(ctx: &Context, look: Look, notices: &[Notice], out: &mut Vec<Command>) {
    if notices.is_empty() {
        return;
    }
    let anchor = vec2(0.0, super::top_bar::HEIGHT + 10.0);
    Area::new(egui::Id::unique("notices")).anchor(Align2::CENTER_TOP, anchor).order(Order::Foreground).show(
        ctx,
        |ui| {
            for (i, notice) in notices.iter().enumerate() {
                notice_ui(ui, look, i, notice, out);
            }
        },
    );
}

fn notice_ui(ui: &mut Ui, look: Look, index: usize, notice: &Notice, out: &mut Vec<Command>) {
    let (tone, words, lines) = notice.words(look);
    let frame = Frame::popup(ui.style()).stroke(egui::Stroke::new(1.0, look.tone(tone))).inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_width(460.0);
        ui.horizontal_top(|ui| {
            let mark = if tone == Tone::Good { icon::CHECK_CIRCLE } else { icon::WARNING };
            ui.label(look::sans(mark, 17.0).color(look.tone(tone)));
            ui.vertical(|ui| {
                ui.set_width(380.0);
                ui.add(egui::Label::new(look::sans(&words, 14.0)).wrap());
                for line in lines.iter().take(8) {
                    ui.add(egui::Label::new(look::mono(line, 12.5).color(look.soft())).wrap());
                }
            });
            if IconButton::new(icon::X, look.t("dismiss")).size(26.0, 26.0).quiet().show(ui, look).clicked() {
                out.push(Command::Dismiss(index));
            }
        });
    });
}

/// Draws the table of keys: the table that binds them.
pub fn keys_ui(ctx: &Context, look: Look, out: &mut Vec<Command>) {
    let frame = Frame::window(&ctx.global_style()).inner_margin(Margin::same(22));
    let modal = egui::Modal::new(egui::Id::unique("keys")).frame(frame);
    let shown = modal.show(ctx, |ui| {
        let room = ui.ctx().content_rect().size();
        ui.set_width((room.x - 120.0).min(840.0));
        ui.horizontal(|ui| {
            ui.label(look::strong(look.t("keys"), 19.0));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if IconButton::new(icon::X, look.t("close"))
                    .keys("Esc")
                    .size(30.0, 30.0)
                    .quiet()
                    .show(ui, look)
                    .clicked()
                {
                    out.push(Command::ToggleKeys);
                }
            });
        });
        ui.add_space(6.0);
        let half = BINDINGS.len().div_ceil(2);
        // The area knows its height only after the first frame, so it is told.
        let tall = (half as f32 * 30.0).min(room.y - 170.0);
        ui.set_min_height(tall);
        let area = ScrollArea::vertical().max_height(tall).min_scrolled_height(tall).auto_shrink([false, true]);
        area.show(ui, |ui| {
            ui.columns(2, |columns| {
                for (i, (column, bindings)) in columns.iter_mut().zip(BINDINGS.chunks(half)).enumerate() {
                    Grid::new(("keys", i)).num_columns(2).min_row_height(20.0).spacing([18.0, 9.0]).show(
                        column,
                        |ui| {
                            for binding in bindings {
                                ui.label(look::mono(binding.shown, 14.0).color(look.accent()));
                                let place = match binding.place {
                                    Place::Stage => format!("  ({})", look.t("while-presenting")),
                                    _ => String::new(),
                                };
                                ui.label(look::sans(format!("{}{place}", look.t(binding.words)), 14.0));
                                ui.end_row();
                            }
                        },
                    );
                }
            });
        });
    });
    if shown.backdrop_response.clicked() {
        out.push(Command::ToggleKeys);
    }
}
