//! A scene's card: its emblem, its title and number in the order of reading, how much of it was watched.

use std::sync::Arc;

use egui::{FontId, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::emblem::{SHAPE, emblem};
use super::{Around, Page};
use crate::app::command::Command;
use crate::app::look::Look;
use crate::app::shelf::{Plan, SceneCard};
use crate::diagram::{Diagram, Face, Size, Tone, tween};
use crate::paint::{Canvas, fonts};
use crate::scene::Run;

/// A longer run is not played on its card: its steps are not kept for that.
const PLAYED: usize = 2000;
/// Height of a card's words.
const WORDS: f32 = 118.0;

/// The height of a card so wide.
pub fn height(wide: f32) -> f32 {
    wide * SHAPE + WORDS
}

/// What stands in a card's picture.
pub enum Picture {
    /// Asked for.
    Waiting,
    /// The picture at a position, and the part of it that is shown. The run is not kept: there may be hundreds of cards.
    Staged { diagram: Arc<Diagram>, part: crate::diagram::Rect, at: usize },
    /// The first error.
    Failed(String),
}

/// Stages a scene for its card.
pub fn stage(plan: Plan) -> Picture {
    match plan() {
        Ok(run) => {
            let (at, diagram, part) = emblem(&*run);
            Picture::Staged { diagram, part, at }
        }
        Err(errors) => Picture::Failed(errors.into_iter().next().unwrap_or_default()),
    }
}

/// The run of a card that is to be played, if it can be.
pub fn played(plan: Plan) -> Option<Box<dyn Run>> {
    plan().ok().filter(|run| run.steps() <= PLAYED)
}

/// Draws a card; `number` is its place in the order of reading.
pub fn card_ui(
    ui: &mut Ui,
    around: Around,
    page: &mut Page,
    (number, card): (usize, &SceneCard),
    place: Rect,
    out: &mut Vec<Command>,
) {
    let look = around.look;
    let response = ui.interact(place, egui::Id::unique(("card", &card.id)), Sense::click());
    if page.reach.as_ref() == Some(&card.id) {
        page.reach = None;
        response.request_focus();
    }
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, look.of(&card.title)));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(look.of(&card.summary)));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        out.push(Command::Open { scene: card.id.clone(), place: None });
    }
    if !ui.is_rect_visible(place) {
        return;
    }
    if response.hovered() && !around.settings.reduced_motion {
        let now = ui.input(|input| input.time);
        page.playing.take_if(|(id, _)| *id != card.id);
        page.playing.get_or_insert_with(|| (card.id.clone(), now));
    } else {
        page.playing.take_if(|(id, _)| *id == card.id);
    }
    let lit = response.hovered() || response.has_focus();
    let edge = match (response.has_focus(), lit) {
        (true, _) => Stroke::new(2.0, look.accent()),
        (false, true) => Stroke::new(1.5, look.soft()),
        _ => Stroke::new(1.0, look.line()),
    };
    ui.painter().rect_filled(place, 12.0, look.panel());
    let picture = Rect::from_min_size(place.min, vec2(place.width(), place.width() * SHAPE));
    picture_ui(ui, around, page, card, picture);
    ui.painter().rect_stroke(place, 12.0, edge, StrokeKind::Inside);
    let words = Rect::from_min_max(pos2(place.left() + 16.0, picture.bottom() + 12.0), place.max - vec2(16.0, 12.0));
    words_ui(ui, look, (number, card), words);
    progress_ui(ui, around, card, words);
}

/// Painted, not added as labels: a screen reader reads the card as one thing.
fn words_ui(ui: &Ui, look: Look, (number, card): (usize, &SceneCard), words: Rect) {
    let number = line(ui, &number.to_string(), FontId::monospace(15.0), look.soft(), 60.0, 1);
    let left = number.size().x + 10.0;
    let font = fonts::font(Face::Strong, 16.5);
    let title = line(ui, look.of(&card.title), font, look.text(), words.width() - left, 1);
    let below = words.min + vec2(0.0, title.size().y + 5.0);
    let summary = line(ui, look.of(&card.summary), FontId::proportional(13.5), look.soft(), words.width(), 2);
    let down = title.size().y - number.size().y - 1.0;
    ui.painter().galley(words.min + vec2(0.0, down), number, look.soft());
    ui.painter().galley(words.min + vec2(left, 0.0), title, look.text());
    ui.painter().galley(below, summary, look.soft());
}

/// Words on at most so many lines.
fn line(ui: &Ui, words: &str, font: FontId, ink: egui::Color32, room: f32, rows: usize) -> Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple(words.to_owned(), font, ink, room);
    job.wrap.max_rows = rows;
    ui.painter().layout_job(job)
}

fn progress_ui(ui: &Ui, around: Around, card: &SceneCard, words: Rect) {
    let look = around.look;
    let bar = Rect::from_min_max(pos2(words.left(), words.bottom() - 4.0), words.right_bottom());
    ui.painter().rect_filled(bar, 2.0, look.line());
    let place = pos2(words.right(), bar.top() - 5.0);
    let Some(seen) = around.settings.scenes.get(&card.id).filter(|remembered| remembered.steps > 0) else {
        let font = FontId::proportional(12.0);
        ui.painter().text(place, egui::Align2::RIGHT_BOTTOM, look.t("not-seen"), font, look.soft());
        return;
    };
    let share = around.seen(card);
    let tone = if share >= 1.0 { Tone::Good } else { Tone::Active };
    let done = Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
    ui.painter().rect_filled(done, 2.0, look.tone(tone));
    let text = format!("{} / {}", seen.watched.steps(seen.steps), seen.steps);
    let ink = if share >= 1.0 { look.tone(tone) } else { look.soft() };
    ui.painter().text(place, egui::Align2::RIGHT_BOTTOM, text, FontId::monospace(12.0), ink);
}

fn picture_ui(ui: &Ui, around: Around, page: &mut Page, card: &SceneCard, place: Rect) {
    let look = around.look;
    let playing = page.playing.as_ref().filter(|(id, _)| *id == card.id).map(|(_, since)| *since);
    let corners = egui::CornerRadius { nw: 12, ne: 12, sw: 0, se: 0 };
    ui.painter().rect_filled(place, corners, look.canvas());
    ui.painter().hline(place.x_range(), place.bottom(), Stroke::new(1.0, look.line()));
    let painter = ui.painter().with_clip_rect(place.shrink(1.0).intersect(ui.clip_rect()));
    let (picture, film_of) = page.picture(around.library, &card.id, playing.is_some());
    match picture {
        Picture::Staged { diagram, part, at } => {
            let canvas = |part| Canvas::fit_part(place, part, ui.pixels_per_point(), look.theme, look.lang);
            if let (Some(since), Some(run)) = (playing, film_of) {
                let area = Size::Window.area();
                let top = area.y - 28.0;
                let whole = crate::diagram::rect(0.0, top, crate::diagram::CANVAS_W, area.bottom() + 12.0 - top);
                let (film, rest) = film(run, *at, ui.input(|input| input.time) - since);
                canvas(whole).paint(&painter, &film);
                ui.ctx().request_repaint_after_secs(rest);
                return;
            }
            canvas(*part).paint(&painter, diagram);
        }
        Picture::Failed(error) => {
            let ink = look.tone(Tone::Bad);
            let galley = painter.layout(error.clone(), FontId::monospace(12.5), ink, place.width() - 32.0);
            painter.galley(place.min + vec2(16.0, 16.0), galley, ink);
        }
        Picture::Waiting => {
            let words = look.t("staging");
            painter.text(place.center(), egui::Align2::CENTER_CENTER, words, FontId::proportional(13.5), look.soft());
        }
    }
}

/// The picture `seconds` after a film began that starts at a position and begins again after the last one, and how
/// long it stays as it is.
fn film(run: &dyn Run, start: usize, seconds: f64) -> (Diagram, f32) {
    const REST: f64 = 0.6;
    const MOVE: f64 = 0.45;
    let passed = (seconds / (REST + MOVE)).max(0.0);
    let at = (start + passed as usize) % (run.steps() + 1);
    let moved = passed.fract() * (REST + MOVE) - REST;
    let part = (moved / MOVE).clamp(0.0, 1.0) as f32;
    let from = run.picture(at, Size::Window);
    if part == 0.0 || at == run.steps() {
        let rest = if moved < 0.0 { -moved } else { MOVE - moved };
        return (Diagram::clone(&from), rest as f32);
    }
    (tween(&from, &run.picture(at + 1, Size::Window), egui::emath::easing::cubic_in_out(part)), 0.0)
}
