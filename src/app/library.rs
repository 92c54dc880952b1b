//! The library page: a card a scene, its picture drawn from the scene itself, staged a little in each frame.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use egui::{FontId, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::answers::{Answers, Asked};
use super::command::Command;
use super::look::{self, Look};
use super::settings::{Remembered, Settings};
use super::shelf::{Library, Plan, SceneCard};
use super::widgets::note;
use super::worker::Worker;
use crate::diagram::{CANVAS_W, Diagram, Face, Size, Tone, tween};
use crate::paint::{Canvas, fonts, icon};
use crate::scene::Run;

/// Only whoever is more patient than a window's frame, such as a test, waits for pictures.
const PATIENT_ENOUGH: Duration = Duration::from_millis(60);
/// A longer run is not played on its card: its steps are not kept for that.
const PLAYED: usize = 2000;
/// The narrowest card and the room between two, in points.
const CARD: (f32, f32) = (330.0, 22.0);
/// Height of a card's words.
const WORDS: f32 = 118.0;
/// Height of a card's picture as a share of its width: the canvas above the caption.
const PICTURE: f32 = 0.475;

/// What every card of a frame is drawn with.
#[derive(Clone, Copy)]
struct Around<'a> {
    look: Look<'a>,
    library: &'a dyn Library,
    settings: &'a Settings,
}

/// What the page keeps between frames.
pub struct Page {
    /// Whether a frame was shown before.
    shown: bool,
    stager: Worker<(u64, String, Picture)>,
    /// Grows when scenes have changed: pictures staged before are of no use then.
    edition: u64,
    pub query: String,
    /// The keyboard is to go into the search.
    pub focus: bool,
    pictures: HashMap<String, Picture>,
    pub(super) answers: Answers,
    /// The card under the pointer, and since when, in egui's seconds.
    playing: Option<(String, f64)>,
    /// The card that is to get the keyboard.
    reach: Option<String>,
}

enum Picture {
    /// Asked for.
    Waiting,
    /// The picture at a position, and the run to play while the pointer rests on it.
    Staged { diagram: Arc<Diagram>, at: usize, run: Option<Box<dyn Run>> },
    /// The first error.
    Failed(String),
}

impl Page {
    /// A page without pictures.
    pub fn new(ctx: &egui::Context) -> Page {
        Page {
            shown: false,
            stager: Worker::new(ctx),
            edition: 0,
            query: String::new(),
            focus: false,
            pictures: HashMap::new(),
            answers: Answers::new(ctx),
            playing: None,
            reach: None,
        }
    }

    /// Scenes have changed.
    pub fn forget(&mut self) {
        self.edition += 1;
        self.pictures.clear();
        self.answers.forget();
    }

    /// A scene was watched further: its picture shows another position.
    pub fn forget_picture(&mut self, id: &str) {
        self.pictures.remove(id);
    }

    /// Takes the pictures that have been staged, waiting for those asked for at most so long.
    fn receive(&mut self, patience: Duration) {
        while let Some((edition, id, picture)) = self.stager.wait(patience) {
            if edition == self.edition {
                self.pictures.insert(id, picture);
            }
        }
    }
}

/// Draws the page.
pub fn library_ui(
    ui: &mut Ui,
    look: Look,
    library: &dyn Library,
    settings: &Settings,
    page: &mut Page,
    patience: Duration,
    out: &mut Vec<Command>,
) {
    page.receive(if page.shown { patience.saturating_sub(PATIENT_ENOUGH) } else { Duration::ZERO });
    let frame = egui::Frame::new().fill(look.canvas()).inner_margin(egui::Margin::symmetric(28, 0));
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        ScrollArea::vertical().id_salt("library").auto_shrink([false, false]).show(ui, |ui| {
            ui.add_space(24.0);
            head_ui(ui, look, library, page, out);
            let cards = library.scenes();
            let asked = page.answers.ask(library, &page.query, patience);
            let found: Vec<usize> = match asked {
                Asked::Nothing => (0..cards.len()).collect(),
                Asked::Waiting => {
                    ui.add_space(60.0);
                    ui.vertical_centered(|ui| note(ui, look, look.t("searching")));
                    Vec::new()
                }
                Asked::Found if page.answers.is_empty() => {
                    ui.add_space(60.0);
                    ui.vertical_centered(|ui| note(ui, look, look.t("nothing-found")));
                    Vec::new()
                }
                Asked::Found => {
                    page.answers.answers_ui(ui, look, out);
                    let scenes = page.answers.scenes();
                    scenes.filter_map(|id| cards.iter().position(|card| card.id == id)).collect()
                }
            };
            page.shown = true;
            let around = Around { look, library, settings };
            for group in found.chunk_by(|a, b| cards[*a].mechanism == cards[*b].mechanism) {
                group_ui(ui, around, page, group, out);
            }
            ui.add_space(40.0);
            reach_cards(ui, &found, cards, page);
        });
    });
}

/// An arrow key reaches the first card; from there arrows go on by themselves, and Enter opens.
fn reach_cards(ui: &Ui, found: &[usize], cards: &[SceneCard], page: &mut Page) {
    let focused = ui.memory(|memory| memory.focused());
    let arrow = ui.input(|input| {
        let sideways = input.key_pressed(egui::Key::ArrowRight) || input.key_pressed(egui::Key::ArrowLeft);
        input.key_pressed(egui::Key::ArrowDown) || (sideways && focused.is_none())
    });
    if arrow && (focused.is_none() || ui.ctx().text_edit_focused()) {
        // In the next frame: in this one the arrow would at once move on from the first card.
        page.reach = found.first().map(|i| cards[*i].id.clone());
        ui.ctx().request_repaint();
    }
}

fn head_ui(ui: &mut Ui, look: Look, library: &dyn Library, page: &mut Page, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.label(look::strong(look.t("library-title"), 26.0));
            note(ui, look, look.with("library-line", &[("n", library.scenes().len().into())]));
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(14.0);
            let hint = format!("{}  {}", icon::MAGNIFYING_GLASS, look.t("search-scenes"));
            let field = egui::TextEdit::singleline(&mut page.query)
                .hint_text(look::sans(hint, 14.5).color(look.soft()))
                .margin(egui::Margin::symmetric(14, 10))
                .desired_width((ui.available_width() - 30.0).min(420.0));
            let response = ui.add(field).accessible_name(look.t("search-scenes"));
            if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter)) {
                page.answers.open_first(out);
            }
            if std::mem::take(&mut page.focus) {
                response.request_focus();
            }
        });
    });
    for fault in library.faults() {
        ui.add_space(6.0);
        ui.horizontal_top(|ui| {
            ui.label(look::sans(icon::WARNING, 15.0).color(look.tone(Tone::Bad)));
            ui.add(egui::Label::new(look::mono(fault, 13.0).color(look.tone(Tone::Bad))).wrap());
        });
    }
}

fn group_ui(ui: &mut Ui, around: Around, page: &mut Page, group: &[usize], out: &mut Vec<Command>) {
    let look = around.look;
    let cards = around.library.scenes();
    let Some(first) = group.first().map(|i| &cards[*i]) else { return };
    ui.add_space(26.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        ui.label(look::sans(look.of(&first.group), 15.0).color(look.soft()));
        ui.label(look::sans("/", 15.0).color(look.soft()));
        ui.label(look::strong(look.of(&first.mechanism_title), 17.0));
        ui.add_space(6.0);
        super::widgets::chip(ui, look, &first.models, None);
        if first.replayed {
            replayed_chip(ui, look, first);
        }
    });
    let fidelity = look.of(&first.fidelity);
    note(ui, look, fidelity.lines().next().unwrap_or_default()).on_hover_text(fidelity);
    ui.add_space(10.0);
    let width = ui.available_width();
    let columns = ((width + CARD.1) / (CARD.0 + CARD.1)).floor().max(1.0);
    let wide = ((width - CARD.1 * (columns - 1.0)) / columns).min(460.0);
    let tall = wide * PICTURE + WORDS;
    for row in group.chunks(columns as usize) {
        let (strip, _) = ui.allocate_exact_size(vec2(width, tall), Sense::hover());
        for (column, i) in row.iter().enumerate() {
            let left = strip.left() + (wide + CARD.1) * column as f32;
            let place = Rect::from_min_size(pos2(left, strip.top()), vec2(wide, tall));
            card_ui(ui, around, page, &cards[*i], place, out);
        }
        ui.add_space(CARD.1 - ui.spacing().item_spacing.y);
    }
}

/// The chip that says that recordings of the real thing prove the machine.
pub fn replayed_chip(ui: &mut Ui, look: Look, card: &SceneCard) {
    let words = format!("{} {}", icon::CHECK, look.t("replayed"));
    super::widgets::chip(ui, look, &words, Some(Tone::Good)).on_hover_text(format!(
        "{}\n{}",
        look.t("replayed-hint"),
        look.of(&card.fidelity)
    ));
}

fn card_ui(ui: &mut Ui, around: Around, page: &mut Page, card: &SceneCard, place: Rect, out: &mut Vec<Command>) {
    let look = around.look;
    let remembered = around.settings.scenes.get(&card.id);
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
    let picture = Rect::from_min_size(place.min, vec2(place.width(), place.width() * PICTURE));
    picture_ui(ui, around, page, card, picture);
    ui.painter().rect_stroke(place, 12.0, edge, StrokeKind::Inside);
    let words = Rect::from_min_max(pos2(place.left() + 16.0, picture.bottom() + 12.0), place.max - vec2(16.0, 12.0));
    // Painted, not added as labels: a screen reader reads the card as one thing.
    let title = line(ui, look.of(&card.title), fonts::font(Face::Strong, 16.5), look.text(), words.width(), 1);
    let below = words.min + vec2(0.0, title.size().y + 5.0);
    let summary = line(ui, look.of(&card.summary), FontId::proportional(13.5), look.soft(), words.width(), 2);
    ui.painter().galley(words.min, title, look.text());
    ui.painter().galley(below, summary, look.soft());
    progress_ui(ui, look, words, remembered);
}

/// Words on at most so many lines.
fn line(ui: &Ui, words: &str, font: FontId, ink: egui::Color32, room: f32, rows: usize) -> Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple(words.to_owned(), font, ink, room);
    job.wrap.max_rows = rows;
    ui.painter().layout_job(job)
}

fn progress_ui(ui: &Ui, look: Look, words: Rect, remembered: Option<&Remembered>) {
    let bar = Rect::from_min_max(pos2(words.left(), words.bottom() - 4.0), words.right_bottom());
    ui.painter().rect_filled(bar, 2.0, look.line());
    let font = egui::FontId::monospace(12.0);
    let place = pos2(words.right(), bar.top() - 5.0);
    let Some(seen) = remembered.filter(|remembered| remembered.steps > 0) else {
        let font = egui::FontId::proportional(12.0);
        ui.painter().text(place, egui::Align2::RIGHT_BOTTOM, look.t("not-seen"), font, look.soft());
        return;
    };
    let watched = seen.watched.steps(seen.steps);
    let share = (watched as f32 / seen.steps as f32).clamp(0.0, 1.0);
    let whole = share >= 1.0;
    let tone = if whole { Tone::Good } else { Tone::Active };
    let done = Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
    ui.painter().rect_filled(done, 2.0, look.tone(tone));
    let text = format!("{watched} / {}", seen.steps);
    let ink = if whole { look.tone(tone) } else { look.soft() };
    ui.painter().text(place, egui::Align2::RIGHT_BOTTOM, text, font, ink);
}

fn picture_ui(ui: &Ui, around: Around, page: &mut Page, card: &SceneCard, place: Rect) {
    let look = around.look;
    let playing = page.playing.as_ref().filter(|(id, _)| *id == card.id).map(|(_, since)| *since);
    let corners = egui::CornerRadius { nw: 12, ne: 12, sw: 0, se: 0 };
    ui.painter().rect_filled(place, corners, look.canvas());
    ui.painter().hline(place.x_range(), place.bottom(), Stroke::new(1.0, look.line()));
    if !page.pictures.contains_key(&card.id) {
        let left = around.settings.scenes.get(&card.id).map(|remembered| remembered.at);
        let (plan, edition, id) = (around.library.plan(&card.id), page.edition, card.id.clone());
        page.stager.give(move || (edition, id, stage(plan, left)));
        page.pictures.insert(card.id.clone(), Picture::Waiting);
    }
    let painter = ui.painter().with_clip_rect(place.shrink(1.0).intersect(ui.clip_rect()));
    match page.pictures.get(&card.id) {
        Some(Picture::Staged { diagram, at, run }) => {
            let canvas = Canvas {
                scale: place.width() / CANVAS_W,
                offset: place.min.to_vec2(),
                pixels_per_point: ui.pixels_per_point(),
                theme: look.theme,
                lang: look.lang,
                zoom: 1.0,
            };
            if let (Some(since), Some(run)) = (playing, run) {
                let (film, rest) = film(&**run, *at, ui.input(|input| input.time) - since);
                canvas.paint(&painter, &film);
                ui.ctx().request_repaint_after_secs(rest);
                return;
            }
            canvas.paint(&painter, diagram);
        }
        Some(Picture::Failed(error)) => {
            let galley = painter.layout(
                error.clone(),
                egui::FontId::monospace(12.5),
                look.tone(Tone::Bad),
                place.width() - 32.0,
            );
            painter.galley(place.min + vec2(16.0, 16.0), galley, look.tone(Tone::Bad));
        }
        Some(Picture::Waiting) | None => {
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

/// The scene's own picture where it was left, else in its middle.
fn stage(plan: Plan, left: Option<usize>) -> Picture {
    match plan() {
        Ok(run) => {
            let at = left.filter(|at| *at > 0).unwrap_or(run.steps() / 2).min(run.steps());
            let diagram = run.picture(at, Size::Window);
            Picture::Staged { diagram, at, run: Some(run).filter(|run| run.steps() <= PLAYED) }
        }
        Err(errors) => Picture::Failed(errors.into_iter().next().unwrap_or_default()),
    }
}
