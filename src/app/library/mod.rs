//! The library page: a list of contents, and a card a scene, its emblem drawn from the scene itself when it is first seen.

mod card;
mod contents;
mod emblem;

use std::collections::HashMap;
use std::time::Duration;

use egui::{Align, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use self::card::{Picture, card_ui};
use self::contents::Contents;
use super::answers::{Answers, Asked};
use super::command::Command;
use super::look::{self, Look};
use super::settings::Settings;
use super::shelf::{Library, SceneCard};
use super::widgets::note;
use super::worker::Worker;
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::Run;

/// Only whoever is more patient than a window's frame, such as a test, waits for pictures.
const PATIENT_ENOUGH: Duration = Duration::from_millis(60);
/// The narrowest card and the room between two, in points.
const CARD: (f32, f32) = (300.0, 20.0);

/// What every card of a frame is drawn with.
#[derive(Clone, Copy)]
struct Around<'a> {
    look: Look<'a>,
    library: &'a dyn Library,
    settings: &'a Settings,
}

impl Around<'_> {
    /// The share of a scene's steps that was watched, 0 to 1.
    fn seen(&self, card: &SceneCard) -> f32 {
        let remembered = self.settings.scenes.get(&card.id).filter(|remembered| remembered.steps > 0);
        remembered.map_or(0.0, |seen| seen.watched.steps(seen.steps) as f32 / seen.steps as f32).min(1.0)
    }
}

/// A scene and its run, if that has been staged and can be played.
type Filmed = (String, Option<Box<dyn Run>>);

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
    contents: Contents,
    pub(super) answers: Answers,
    /// The card under the pointer, and since when, in egui's seconds.
    playing: Option<(String, f64)>,
    /// The run of the card that is played or was last, as soon as it is staged.
    film: Option<Filmed>,
    filmer: Worker<(u64, Filmed)>,
    /// The card that is to get the keyboard.
    reach: Option<String>,
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
            contents: Contents::default(),
            answers: Answers::new(ctx),
            playing: None,
            film: None,
            filmer: Worker::new(ctx),
            reach: None,
        }
    }

    /// Scenes have changed.
    pub fn forget(&mut self) {
        self.edition += 1;
        self.pictures.clear();
        self.film = None;
        self.answers.forget();
    }

    /// What stands in a scene's card, asked for when it is first seen; and its run, if it is to be played and has been staged.
    fn picture(&mut self, library: &dyn Library, id: &str, plays: bool) -> (&Picture, Option<&dyn Run>) {
        if plays && self.film.as_ref().is_none_or(|(film, _)| film != id) {
            let (plan, edition, name) = (library.plan(id), self.edition, id.to_owned());
            self.filmer.give(move || (edition, (name, card::played(plan))));
            self.film = Some((id.to_owned(), None));
        }
        let film = self.film.as_ref().filter(|(film, _)| plays && film == id);
        let film = film.and_then(|(_, run)| run.as_deref());
        if !self.pictures.contains_key(id) {
            let (plan, edition, name) = (library.plan(id), self.edition, id.to_owned());
            self.stager.give(move || (edition, name, card::stage(plan)));
        }
        (self.pictures.entry(id.to_owned()).or_insert(Picture::Waiting), film)
    }

    /// Takes the pictures that have been staged, waiting for those asked for at most so long.
    fn receive(&mut self, patience: Duration) {
        while let Some((edition, id, picture)) = self.stager.wait(patience) {
            if edition == self.edition {
                self.pictures.insert(id, picture);
            }
        }
        while let Some((edition, (id, run))) = self.filmer.wait(Duration::ZERO) {
            if let Some(film) = self.film.as_mut().filter(|(film, _)| edition == self.edition && *film == id) {
                film.1 = run;
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
    let around = Around { look, library, settings };
    if ui.available_width() >= contents::LEAST_PAGE {
        let margin = egui::Margin { left: 20, right: 8, top: 0, bottom: 0 };
        let frame = egui::Frame::new().fill(look.chrome()).inner_margin(margin);
        egui::Panel::left("contents")
            .exact_size(contents::WIDTH)
            .resizable(false)
            .frame(frame)
            .show(ui, |ui| contents::contents_ui(ui, around, &mut page.contents, out));
    }
    let frame = egui::Frame::new().fill(look.canvas()).inner_margin(egui::Margin::symmetric(28, 0));
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.add_space(24.0);
        head_ui(ui, look, library, page, out);
        ui.add_space(10.0);
        if page.contents.go.is_some() {
            // What is gone to is among all scenes, not only among those that were found.
            page.query.clear();
        }
        ScrollArea::vertical().id_salt("library").auto_shrink([false, false]).show(ui, |ui| {
            // The scroll bar lies beside the cards, not on them.
            ui.set_width(ui.available_width() - 10.0);
            cards_ui(ui, around, page, patience, out);
        });
    });
}

fn cards_ui(ui: &mut Ui, around: Around, page: &mut Page, patience: Duration, out: &mut Vec<Command>) {
    let Around { look, library, .. } = around;
    let cards = library.scenes();
    faults_ui(ui, look, library);
    let found: Vec<usize> = match page.answers.ask(library, &page.query, patience) {
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
    let top = ui.clip_rect().top();
    let mut here = None;
    for group in found.chunk_by(|a, b| cards[*a].mechanism == cards[*b].mechanism) {
        let mechanism = &cards[group[0]].mechanism;
        let from = ui.cursor().top();
        group_ui(ui, around, page, group, out);
        if ui.cursor().top() > top + 120.0 {
            here.get_or_insert_with(|| mechanism.clone());
        }
        if page.contents.go.as_ref() == Some(mechanism) {
            let heading = Rect::from_min_size(pos2(ui.min_rect().left(), from + 10.0), vec2(10.0, 40.0));
            ui.scroll_to_rect(heading, Some(Align::TOP));
            page.contents.go = None;
        }
    }
    page.contents.here = here.unwrap_or_default();
    // Room enough that the last mechanism can be scrolled to the top.
    ui.add_space(40.0 + if page.query.is_empty() { (ui.clip_rect().height() - 420.0).max(0.0) } else { 0.0 });
    reach_cards(ui, &found, cards, page);
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
}

/// What could not be read.
fn faults_ui(ui: &mut Ui, look: Look, library: &dyn Library) {
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
    let tall = card::height(wide);
    let start = cards.iter().position(|card| card.mechanism == first.mechanism).unwrap_or(0);
    for row in group.chunks(columns as usize) {
        let (strip, _) = ui.allocate_exact_size(vec2(width, tall), Sense::hover());
        for (column, i) in row.iter().enumerate() {
            let left = strip.left() + (wide + CARD.1) * column as f32;
            let place = Rect::from_min_size(pos2(left, strip.top()), vec2(wide, tall));
            card_ui(ui, around, page, (i - start + 1, &cards[*i]), place, out);
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
