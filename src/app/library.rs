//! The library page: a card a scene, its picture drawn from the scene itself, staged a little in each frame.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{FontId, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::command::Command;
use super::look::{self, Look};
use super::settings::{Remembered, Settings};
use super::shelf::{Library, SceneCard};
use super::widgets::note;
use crate::diagram::{CANVAS_W, Diagram, Face, Tone};
use crate::paint::{Canvas, fonts, icon};

/// Time that a frame may spend on staging scenes for their pictures.
const BUDGET: Duration = Duration::from_millis(4);
/// The narrowest card and the room between two, in points.
const CARD: (f32, f32) = (330.0, 22.0);
/// Height of a card's words.
const WORDS: f32 = 118.0;
/// Height of a card's picture as a share of its width: the canvas above the caption.
const PICTURE: f32 = 0.475;

/// What the page keeps between frames.
#[derive(Default)]
pub struct Page {
    pub query: String,
    /// The keyboard is to go into the search.
    pub focus: bool,
    pictures: HashMap<String, Picture>,
    /// The query in lower case and the cards that match it.
    found: Option<(String, usize, Vec<usize>)>,
}

enum Picture {
    /// The picture, and its shapes for where it was drawn last.
    Staged { diagram: Arc<Diagram>, drawn: Option<(Canvas, Vec<egui::Shape>)> },
    /// The first error.
    Failed(String),
}

impl Page {
    /// Scenes have changed.
    pub fn forget(&mut self) {
        self.pictures.clear();
        self.found = None;
    }

    /// A scene was watched further: its picture shows another position.
    pub fn forget_picture(&mut self, id: &str) {
        self.pictures.remove(id);
    }

    fn find(&mut self, cards: &[SceneCard]) -> Vec<usize> {
        let query = self.query.trim().to_lowercase();
        match &self.found {
            Some((of, count, found)) if *of == query && *count == cards.len() => found.clone(),
            _ => {
                let found: Vec<usize> = (0..cards.len()).filter(|i| cards[*i].matches(&query)).collect();
                self.found = Some((query, cards.len(), found.clone()));
                found
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
    out: &mut Vec<Command>,
) {
    let frame = egui::Frame::new().fill(look.canvas()).inner_margin(egui::Margin::symmetric(28, 0));
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        ScrollArea::vertical().id_salt("library").auto_shrink([false, false]).show(ui, |ui| {
            ui.add_space(24.0);
            head_ui(ui, look, library, page);
            let cards = library.scenes();
            let found = page.find(cards);
            if found.is_empty() {
                ui.add_space(60.0);
                ui.vertical_centered(|ui| note(ui, look, look.t("nothing-found")));
            }
            let started = Instant::now();
            for group in found.chunk_by(|a, b| cards[*a].mechanism == cards[*b].mechanism) {
                group_ui(ui, look, library, settings, page, group, started, out);
            }
            ui.add_space(40.0);
        });
    });
}

fn head_ui(ui: &mut Ui, look: Look, library: &dyn Library, page: &mut Page) {
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.label(look::strong(look.t("library-title"), 26.0));
            note(ui, look, look.with("library-line", &[("n", library.scenes().len().into())]));
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let hint = format!("{}  {}", icon::MAGNIFYING_GLASS, look.t("search-scenes"));
            let field = egui::TextEdit::singleline(&mut page.query)
                .hint_text(look::sans(hint, 14.5).color(look.soft()))
                .margin(egui::Margin::symmetric(14, 10))
                .desired_width((ui.available_width() - 30.0).min(340.0));
            let response = ui.add(field).accessible_name(look.t("search-scenes"));
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

#[expect(clippy::too_many_arguments, reason = "one row of the page, taken apart for reading")]
fn group_ui(
    ui: &mut Ui,
    look: Look,
    library: &dyn Library,
    settings: &Settings,
    page: &mut Page,
    group: &[usize],
    started: Instant,
    out: &mut Vec<Command>,
) {
    let cards = library.scenes();
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
            replayed_chip(ui, look);
        }
    });
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
            let remembered = settings.scenes.get(&cards[*i].id);
            card_ui(ui, look, library, page, &cards[*i], remembered, place, started, out);
        }
        ui.add_space(CARD.1 - ui.spacing().item_spacing.y);
    }
}

/// The chip that says that recordings of the real thing prove the machine.
pub fn replayed_chip(ui: &mut Ui, look: Look) {
    let words = format!("{} {}", icon::CHECK, look.t("replayed"));
    super::widgets::chip(ui, look, &words, Some(Tone::Good)).on_hover_text(look.t("replayed-hint"));
}

#[expect(clippy::too_many_arguments, reason = "one card of the page, taken apart for reading")]
fn card_ui(
    ui: &mut Ui,
    look: Look,
    library: &dyn Library,
    page: &mut Page,
    card: &SceneCard,
    remembered: Option<&Remembered>,
    place: Rect,
    started: Instant,
    out: &mut Vec<Command>,
) {
    let response = ui.interact(place, ui.scope_id().with(("card", &card.id)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, look.of(&card.title)));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(look.of(&card.summary)));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        out.push(Command::Open { scene: card.id.clone(), moment: None });
    }
    if !ui.is_rect_visible(place) {
        return;
    }
    let lit = response.hovered() || response.has_focus();
    let edge = match (response.has_focus(), lit) {
        (true, _) => Stroke::new(2.0, look.accent()),
        (false, true) => Stroke::new(1.5, look.soft()),
        _ => Stroke::new(1.0, look.line()),
    };
    ui.painter().rect_filled(place, 12.0, look.panel());
    let picture = Rect::from_min_size(place.min, vec2(place.width(), place.width() * PICTURE));
    picture_ui(ui, look, library, page, card, remembered, picture, started);
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
    let share = (seen.seen as f32 / seen.steps as f32).clamp(0.0, 1.0);
    let whole = share >= 1.0;
    let tone = if whole { Tone::Good } else { Tone::Active };
    let done = Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
    ui.painter().rect_filled(done, 2.0, look.tone(tone));
    let text = format!("{} / {}", seen.seen, seen.steps);
    let ink = if whole { look.tone(tone) } else { look.soft() };
    ui.painter().text(place, egui::Align2::RIGHT_BOTTOM, text, font, ink);
}

#[expect(clippy::too_many_arguments, reason = "one picture of the page, taken apart for reading")]
fn picture_ui(
    ui: &Ui,
    look: Look,
    library: &dyn Library,
    page: &mut Page,
    card: &SceneCard,
    remembered: Option<&Remembered>,
    place: Rect,
    started: Instant,
) {
    let corners = egui::CornerRadius { nw: 12, ne: 12, sw: 0, se: 0 };
    ui.painter().rect_filled(place, corners, look.canvas());
    ui.painter().hline(place.x_range(), place.bottom(), Stroke::new(1.0, look.line()));
    if !page.pictures.contains_key(&card.id) {
        if started.elapsed() > BUDGET {
            ui.ctx().request_repaint();
            return;
        }
        page.pictures.insert(card.id.clone(), stage(library, card, remembered));
        ui.ctx().request_repaint();
    }
    let painter = ui.painter().with_clip_rect(place.shrink(1.0).intersect(ui.clip_rect()));
    match page.pictures.get_mut(&card.id) {
        Some(Picture::Staged { diagram, drawn }) => {
            let canvas = Canvas {
                scale: place.width() / CANVAS_W,
                offset: place.min.to_vec2(),
                pixels_per_point: ui.pixels_per_point(),
                theme: look.theme,
                lang: look.lang,
            };
            if drawn.as_ref().is_none_or(|(at, _)| *at != canvas) {
                let shapes = ui.ctx().fonts_mut(|fonts| canvas.diagram_shapes(fonts, diagram));
                *drawn = Some((canvas, shapes));
            }
            if let Some((_, shapes)) = drawn {
                painter.extend(shapes.iter().cloned());
            }
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
        None => {}
    }
}

/// The scene's own picture where it was left, else in its middle.
fn stage(library: &dyn Library, card: &SceneCard, remembered: Option<&Remembered>) -> Picture {
    match library.open(&card.id) {
        Ok(run) => {
            let left = remembered.map(|remembered| remembered.at).filter(|at| *at > 0);
            let at = left.unwrap_or(run.steps() / 2).min(run.steps());
            Picture::Staged { diagram: run.picture(at), drawn: None }
        }
        Err(errors) => Picture::Failed(errors.into_iter().next().unwrap_or_default()),
    }
}
