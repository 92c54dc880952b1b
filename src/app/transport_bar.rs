//! The row of buttons that move through a run.

use egui::{Align, Button, Key, Layout, Popup, Ui};

use super::command::Command;
use super::look::{self, Look};
use super::session::Session;
use super::widgets::{IconButton, named};
use crate::diagram::Tone;
use crate::paint::icon;
use crate::player::{Command as Move, Direction, SPEEDS};
use crate::scene::Grain;

/// Height of the row in points.
pub const HEIGHT: f32 = 60.0;
/// Below this width words give way to icons.
const NARROW: f32 = 1180.0;

/// Draws the row.
pub fn transport_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let narrow = ui.available_width() < NARROW;
    ui.spacing_mut().item_spacing.x = 6.0;
    ui.horizontal_centered(|ui| {
        ui.add_space(20.0);
        moves_ui(ui, look, session, out);
        ui.add_space(8.0);
        speed_ui(ui, look, session, out);
        grain_ui(ui, look, session, out);
        loop_ui(ui, look, session, narrow, out);
        until_ui(ui, look, session, narrow, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(20.0);
            whatif_button_ui(ui, look, session, narrow, out);
            ui.add_space(6.0);
            position_ui(ui, look, session, out);
            find_ui(ui, look, session, narrow, out);
        });
    });
}

fn moves_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    let at = session.at();
    let (first, last) = (at == 0, at == session.run().steps());
    let mut button = |ui: &mut Ui, icon, name, keys, enabled, command: Move| {
        if IconButton::new(icon, look.t(name)).keys(keys).enabled(enabled).show(ui, look).clicked() {
            out.push(Command::Move(command));
        }
    };
    button(ui, icon::SKIP_BACK, "to-start", "Home", !first, Move::Home);
    button(ui, icon::REWIND, "previous-stop", "↑", !first, Move::Travel(Direction::Back, Grain::Stop));
    button(ui, icon::CARET_LEFT, "step-back", "←", !first, Move::Step(Direction::Back));
    let playing = session.transport().playing().is_some();
    let (icon, name) = if playing { (icon::PAUSE, "pause") } else { (icon::PLAY, "play") };
    let big = IconButton::new(icon, look.t(name)).keys(look.t("space-key")).accent().size(62.0, 38.0);
    if big.show(ui, look).clicked() {
        out.push(Command::Move(Move::Toggle));
    }
    let mut button = |ui: &mut Ui, icon, name, keys, enabled, command: Move| {
        if IconButton::new(icon, look.t(name)).keys(keys).enabled(enabled).show(ui, look).clicked() {
            out.push(Command::Move(command));
        }
    };
    button(ui, icon::CARET_RIGHT, "step-forward", "→", !last, Move::Step(Direction::Forward));
    button(ui, icon::FAST_FORWARD, "next-stop", "↓", !last, Move::Travel(Direction::Forward, Grain::Stop));
    button(ui, icon::SKIP_FORWARD, "to-end", "End", !last, Move::End);
    ui.add_space(8.0);
    let rewinding = session.transport().playing() == Some(Direction::Back);
    let rewind = IconButton::new(icon::ARROW_COUNTER_CLOCKWISE, look.t("rewind")).keys("R").on(rewinding);
    if rewind.enabled(!first || rewinding).show(ui, look).clicked() {
        out.push(Command::ToggleRewind);
    }
}

fn speed_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    let speed = session.transport().speed();
    let words = speed_text(speed);
    let button = Button::new(look::mono(words, 14.0)).min_size(egui::vec2(62.0, 36.0));
    let name = look.with("speed-is", &[("speed", speed_text(speed).into())]);
    let response = named(ui, true, button, &name).on_hover_text(look.t("speed-hint"));
    Popup::menu(&response).show(|ui| {
        for choice in SPEEDS {
            let words = look::mono(speed_text(choice), 14.0);
            if ui.add(Button::selectable(choice == speed, words)).clicked() {
                out.push(Command::Move(Move::Speed(choice)));
                ui.close();
            }
        }
    });
}

/// How far one press goes.
fn grain_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for grain in Grain::ALL {
            let (words, hint) = match grain {
                Grain::Stop => ("grain-stop", "grain-stop-hint"),
                Grain::Action => ("grain-action", "grain-action-hint"),
                Grain::Step => ("grain-step", "grain-step-hint"),
            };
            let on = session.transport().grain() == grain;
            let ink = if on { look.accent() } else { look.soft() };
            let button =
                Button::selectable(on, look::sans(look.t(words), 13.5).color(ink)).min_size(egui::vec2(44.0, 36.0));
            if ui.add(button).on_hover_text(look.t(hint)).clicked() {
                out.push(Command::Move(Move::Grain(grain)));
            }
        }
    });
}

/// A speed as shown: `1×`, `0.25×`.
pub fn speed_text(speed: f32) -> String {
    format!("{speed}×")
}

fn loop_ui(ui: &mut Ui, look: Look, session: &Session, narrow: bool, out: &mut Vec<Command>) {
    let on = session.transport().looped().is_some();
    let clicked = if narrow {
        IconButton::new(icon::REPEAT, look.t("loop")).keys("L").on(on).show(ui, look).clicked()
    } else {
        word_button(ui, look, icon::REPEAT, look.t("loop"), on).on_hover_text("L").clicked()
    };
    if clicked {
        out.push(Command::Move(Move::ToggleLoop));
    }
}

fn until_ui(ui: &mut Ui, look: Look, session: &Session, narrow: bool, out: &mut Vec<Command>) {
    let response = if narrow {
        IconButton::new(icon::FLAG, look.t("until")).show(ui, look)
    } else {
        word_button(ui, look, icon::FLAG, look.t("until"), false).on_hover_text(look.t("until-hint"))
    };
    let menu = Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    menu.show(|ui| {
        ui.set_max_width(340.0);
        ui.label(look::sans(look.t("until-hint"), 12.5).color(look.soft()));
        let at = session.at();
        let id = ui.scope_id().with("until-filter");
        let mut filter: String = ui.data(|data| data.get_temp(id).unwrap_or_default());
        let field = egui::TextEdit::singleline(&mut filter).desired_width(f32::INFINITY);
        let field = ui.add(field.hint_text(look.t("until-filter"))).accessible_name(look.t("until-filter"));
        if field.changed() {
            ui.data_mut(|data| data.insert_temp(id, filter.clone()));
        }
        let wanted = filter.to_lowercase();
        egui::ScrollArea::vertical().max_height(330.0).show(ui, |ui| {
            let fits = |name: &str| name.to_lowercase().contains(wanted.trim());
            for (name, kind, places) in session.spine().kinds.iter().filter(|(name, ..)| fits(name)) {
                let ahead = places.len() - places.partition_point(|place| *place <= at);
                if ahead == 0 {
                    continue;
                }
                ui.horizontal(|ui| {
                    super::timeline::dot(ui, look.kind(*kind));
                    let words = look::mono(*name, 13.5);
                    let button =
                        Button::new(words).frame_when_inactive(false).right_text(look::mono(ahead.to_string(), 12.5));
                    let size = egui::vec2(ui.available_width(), 26.0);
                    if ui.add(button.min_size(size)).accessible_name(*name).clicked() {
                        out.push(Command::UntilEvent((*name).to_owned()));
                        ui.close();
                    }
                });
            }
        });
    });
}

/// A button with an icon and a word.
pub fn word_button(ui: &mut Ui, look: Look, icon: &str, words: &str, on: bool) -> egui::Response {
    let ink = if on { look.accent() } else { look.text() };
    let text = look::sans(format!("{icon} {words}"), 14.0).color(ink);
    let mut button = Button::new(text).min_size(egui::vec2(0.0, 36.0));
    if on {
        button = button.fill(look.tint(Tone::Active, 0.16)).stroke(egui::Stroke::new(1.0, look.accent()));
    }
    named(ui, true, button, words)
}

fn whatif_button_ui(ui: &mut Ui, look: Look, session: &Session, narrow: bool, out: &mut Vec<Command>) {
    let violet = look.tone(Tone::Moved);
    let words = if narrow { look.t("what-if-short") } else { look.t("what-if") };
    let text = look::sans(format!("{} {words}", icon::GIT_FORK), 14.5).color(violet);
    let fill = if session.whatif.open { look.tint(Tone::Moved, 0.25) } else { look.tint(Tone::Moved, 0.08) };
    let button = Button::new(text).fill(fill).stroke(egui::Stroke::new(1.0, violet)).min_size(egui::vec2(0.0, 36.0));
    if named(ui, true, button, look.t("what-if")).on_hover_text("F").clicked() {
        out.push(Command::ToggleWhatIf);
    }
}

/// The position as a field: a number and Enter seek.
fn position_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let (at, steps) = (session.at(), session.run().steps());
    let stops = &session.spine().story;
    ui.label(look::mono(format!("/ {steps}"), 14.0).color(look.soft())).on_hover_text(
        look.with("stops-passed", &[("n", stops.stops_passed(at).into()), ("all", stops.stops.len().into())]),
    );
    let id = ui.scope_id().with("position");
    let focused = ui.memory(|memory| memory.has_focus(id));
    if !focused {
        session.typed_position = at.to_string();
    }
    let digits = steps.to_string().len().max(3) as f32;
    let leads = session.typed_position.trim().parse().is_ok_and(|typed: usize| typed <= steps);
    let field = egui::TextEdit::singleline(&mut session.typed_position)
        .id(id)
        .text_color(if leads { look.text() } else { look.tone(Tone::Bad) })
        .font(egui::FontId::monospace(14.0))
        .align(egui::Align2::RIGHT_CENTER)
        .margin(egui::Margin::symmetric(8, 8))
        .desired_width(digits * 9.0 + 22.0);
    let response = ui.add(field).accessible_name(look.t("position")).on_hover_text(look.t("position-hint"));
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        out.push(Command::GoTo(session.typed_position.trim().to_owned()));
        if !leads {
            // What was typed stays to be mended.
            response.request_focus();
        }
    }
}

/// Search in the events.
fn find_ui(ui: &mut Ui, look: Look, session: &mut Session, narrow: bool, out: &mut Vec<Command>) {
    let at = session.at();
    let narrow = narrow || ui.available_width() < 330.0;
    if !session.find.query.is_empty() {
        let hits = session.find.hits();
        let nth = hits.partition_point(|hit| *hit <= at);
        let words = if hits.is_empty() { look.t("no-hits").to_owned() } else { format!("{nth} / {}", hits.len()) };
        let mut button = |ui: &mut Ui, icon, name, keys, way| {
            if IconButton::new(icon, look.t(name)).keys(keys).size(26.0, 30.0).quiet().show(ui, look).clicked() {
                out.push(Command::FindNext(way));
            }
        };
        // Where there is no room for buttons, Enter and N do the same.
        if !narrow {
            button(ui, icon::CARET_DOWN, "next-hit", "N", Direction::Forward);
            button(ui, icon::CARET_UP, "previous-hit", "Shift N", Direction::Back);
        }
        ui.label(look::mono(words, 12.5).color(look.soft()));
    }
    let focus = std::mem::take(&mut session.find.focus);
    let hint = format!("{} {}", icon::MAGNIFYING_GLASS, look.t("find-events"));
    let field = egui::TextEdit::singleline(&mut session.find.query)
        .id(ui.scope_id().with("find"))
        .hint_text(look::sans(hint, 13.5).color(look.soft()))
        .margin(egui::Margin::symmetric(8, 8))
        .desired_width((ui.available_width() - 24.0).clamp(40.0, if narrow { 96.0 } else { 150.0 }));
    let response = ui.add(field).accessible_name(look.t("find-events")).on_hover_text(look.t("find-hint"));
    if focus {
        response.request_focus();
    }
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
        out.push(Command::FindNext(Direction::Forward));
        // Enter again goes to the next one.
        response.request_focus();
    }
}
