//! Answers to what is typed into the library's search: moments, each with its sentence; Enter opens the first.

use std::time::Duration;

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, FontId, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::command::{Command, Place};
use super::look::Look;
use super::shelf::Library;
use super::worker::Worker;
use crate::diagram::{Face, Tone};
use crate::paint::{fonts, icon};
use crate::search::{Answer, Index, Kind};

/// Answers that are shown.
const SHOWN: usize = 8;
/// Height of one, in points.
const ROW: f32 = 58.0;

/// The index of all moments, made when somebody first types, and what was found.
pub struct Answers {
    indexer: Worker<(u64, Index)>,
    /// Grows when scenes have changed: an index made before is of no use then.
    edition: u64,
    /// The edition that was asked for last.
    asked: Option<u64>,
    index: Option<Index>,
    /// The query and what was found for it.
    found: (String, Vec<Answer>),
}

/// How far a search is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nothing was typed.
    Nothing,
    /// The index is being made.
    Waiting,
    /// There are answers, or none.
    Found,
}

impl Answers {
    /// Nothing asked yet.
    pub fn new(ctx: &egui::Context) -> Answers {
        Answers { indexer: Worker::new(ctx), edition: 0, asked: None, index: None, found: Default::default() }
    }

    /// Scenes have changed.
    pub fn forget(&mut self) {
        self.edition += 1;
        self.index = None;
        self.found = Default::default();
    }

    /// Searches for what is typed, waiting for the index at most so long.
    pub fn ask(&mut self, library: &dyn Library, query: &str, patience: Duration) -> Asked {
        let query = query.trim();
        if query.is_empty() {
            return Asked::Nothing;
        }
        if self.index.is_none() && self.asked != Some(self.edition) {
            let (edition, plan) = (self.edition, library.index());
            self.asked = Some(edition);
            self.indexer.give(move || (edition, plan()));
        }
        while let Some((edition, index)) = self.indexer.wait(patience) {
            if edition == self.edition {
                self.index = Some(index);
            }
        }
        let Some(index) = &self.index else { return Asked::Waiting };
        if self.found.0 != query {
            let hits = index.find(query, SHOWN);
            self.found = (query.to_owned(), hits.into_iter().map(|hit| hit.answer.clone()).collect());
        }
        Asked::Found
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.1.is_empty()
    }

    /// The scenes of the answers, the best first.
    pub fn scenes(&self) -> impl Iterator<Item = &str> {
        let answers = &self.found.1;
        let first = |i: &usize| answers[..*i].iter().all(|before| before.scene != answers[*i].scene);
        (0..answers.len()).filter(first).map(|i| answers[i].scene.as_str())
    }

    /// Opens the best answer.
    pub fn open_first(&self, out: &mut Vec<Command>) {
        out.extend(self.found.1.first().map(open));
    }

    /// Draws the answers; a click opens one.
    pub fn answers_ui(&self, ui: &mut Ui, look: Look, out: &mut Vec<Command>) {
        let words = self.index.as_ref().map(|index| index.words(&self.found.0)).unwrap_or_default();
        ui.add_space(18.0);
        for (i, answer) in self.found.1.iter().enumerate() {
            let width = ui.available_width().min(1100.0);
            let (place, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::click());
            let text = look.of(&answer.text);
            let name = format!("{text} – {}", look.of(&answer.title));
            response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, &name));
            if response.clicked() {
                out.push(open(answer));
            }
            let lit = response.hovered() || response.has_focus();
            let edge = if lit { look.accent() } else { look.line() };
            ui.painter().rect_filled(place, 9.0, look.panel());
            ui.painter().rect_stroke(place, 9.0, Stroke::new(1.0, edge), StrokeKind::Inside);
            self.answer_ui(ui, look, answer, &words, place, i == 0);
            ui.add_space(2.0);
        }
    }

    fn answer_ui(&self, ui: &Ui, look: Look, answer: &Answer, words: &[String], place: Rect, first: bool) {
        let (sign, tone) = match answer.kind {
            Kind::Question => (icon::QUESTION, Tone::Active),
            Kind::Stop | Kind::Scene => (icon::FLAG, Tone::Info),
            Kind::Claim => (icon::CHECK, Tone::Good),
            Kind::Step => (icon::CARET_RIGHT, Tone::Plain),
        };
        let painter = ui.painter().with_clip_rect(place.shrink(4.0));
        let left = place.left() + 16.0;
        let ink = if tone == Tone::Plain { look.soft() } else { look.tone(tone) };
        let sign_at = pos2(left, place.top() + 19.0);
        painter.text(sign_at, egui::Align2::LEFT_CENTER, sign, FontId::proportional(16.0), ink);
        let mut job = marked(look, look.of(&answer.text), words);
        job.wrap = egui::text::TextWrapping::truncate_at_width(place.width() - 60.0);
        let galley = painter.layout_job(job);
        painter.galley(pos2(left + 26.0, place.top() + 19.0 - galley.size().y / 2.0), galley, look.text());
        let step = look.with("step-number", &[("at", answer.at.into())]);
        let mut below = format!("{}  ·  {step}", look.of(&answer.title));
        if first {
            below.push_str("   ⏎");
        }
        let at = pos2(left + 26.0, place.bottom() - 15.0);
        painter.text(at, egui::Align2::LEFT_CENTER, below, FontId::proportional(13.0), look.soft());
    }
}

fn open(answer: &Answer) -> Command {
    Command::Open { scene: answer.scene.clone(), place: Some(Place::Step(answer.at)) }
}

/// A sentence with the words that were looked for marked.
fn marked(look: Look, text: &str, words: &[String]) -> LayoutJob {
    let lower = text.to_lowercase();
    // Lower case may have other lengths in a few scripts: then nothing is marked.
    let same = lower.len() == text.len();
    let mut spots: Vec<(usize, usize)> = Vec::new();
    for word in words.iter().filter(|word| same && !word.is_empty()) {
        spots.extend(lower.match_indices(word.as_str()).map(|(at, _)| (at, at + word.len())));
    }
    spots.sort_unstable();
    let plain = |ink| TextFormat {
        font_id: FontId::proportional(15.5),
        color: ink,
        valign: Align::Center,
        ..TextFormat::default()
    };
    let strong = TextFormat { font_id: fonts::font(Face::Strong, 15.5), ..plain(look.accent()) };
    let mut job = LayoutJob::default();
    let mut from = 0;
    for (start, end) in spots {
        if start < from || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        job.append(&text[from..start], 0.0, plain(look.text()));
        job.append(&text[start..end], 0.0, strong.clone());
        from = end;
    }
    job.append(&text[from..], 0.0, plain(look.text()));
    job
}
