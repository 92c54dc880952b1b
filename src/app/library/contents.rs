//! The list of contents beside the cards: groups, mechanisms, and the scenes of the one that is looked at in the order in
//! which they are best read.

use egui::{Align, Align2, FontId, Rect, Sense, Ui, Vec2, WidgetInfo, accesskit, pos2, vec2};

use super::Around;
use crate::app::command::Command;
use crate::app::look::{self, Look};
use crate::app::shelf::SceneCard;
use crate::diagram::{Face, Tone, measure};
use crate::paint::{fonts, icon};

/// Width of the list, in points, and the width of the page below which it is left out.
pub const WIDTH: f32 = 264.0;
pub const LEAST_PAGE: f32 = 940.0;
/// Height of a line.
const ROW: f32 = 29.0;

/// What the list remembers.
#[derive(Default)]
pub struct Contents {
    /// The mechanism whose cards are seen at the top of the page.
    pub here: String,
    /// The mechanism that the page is to be scrolled to.
    pub go: Option<String>,
}

/// Draws the list; a click on a mechanism scrolls to it, one on a scene opens it.
pub fn contents_ui(ui: &mut Ui, around: Around, contents: &mut Contents, out: &mut Vec<Command>) {
    let look = around.look;
    let cards = around.library.scenes();
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical().id_salt("contents").auto_shrink([false, false]).show(ui, |ui| {
        ui.add_space(26.0);
        for group in cards.chunk_by(|a, b| a.group == b.group) {
            ui.label(look::sans(look.of(&group[0].group), 13.0).color(look.soft()));
            ui.add_space(4.0);
            for mechanism in group.chunk_by(|a, b| a.mechanism == b.mechanism) {
                mechanism_ui(ui, around, contents, mechanism, out);
            }
            ui.add_space(14.0);
        }
    });
}

fn mechanism_ui(ui: &mut Ui, around: Around, contents: &mut Contents, scenes: &[SceneCard], out: &mut Vec<Command>) {
    let look = around.look;
    let first = &scenes[0];
    let open = contents.here == first.mechanism;
    let seen = scenes.iter().filter(|scene| around.seen(scene) >= 1.0).count();
    let row = Row {
        lead: if open { icon::CARET_DOWN } else { icon::CARET_RIGHT },
        words: look.of(&first.mechanism_title),
        end: &format!("{seen} / {}", scenes.len()),
        strong: true,
        lit: open,
    };
    let response = row.show(ui, look);
    if response.clicked() {
        contents.go = Some(first.mechanism.clone());
    }
    if !open {
        return;
    }
    for (i, scene) in scenes.iter().enumerate() {
        let number = (i + 1).to_string();
        let end = match around.seen(scene) {
            share if share >= 1.0 => icon::CHECK.to_owned(),
            share if share > 0.0 => format!("{:.0} %", (share * 100.0).floor().max(1.0)),
            _ => String::new(),
        };
        let row = Row { lead: &number, words: look.of(&scene.title), end: &end, strong: false, lit: false };
        if row.show(ui, look).clicked() {
            out.push(Command::Open { scene: scene.id.clone(), place: None });
        }
    }
    ui.add_space(6.0);
}

/// One line of the list.
struct Row<'a> {
    lead: &'a str,
    words: &'a str,
    end: &'a str,
    strong: bool,
    lit: bool,
}

impl Row<'_> {
    fn show(&self, ui: &mut Ui, look: Look) -> egui::Response {
        let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        let said = format!("{} {} {}", if self.strong { "" } else { self.lead }, self.words, self.end);
        response.widget_info(|| WidgetInfo::labeled(accesskit::Role::Button, true, said.trim()));
        if response.gained_focus() {
            response.scroll_to_me(Some(Align::Center));
        }
        if !ui.is_rect_visible(place) {
            return response;
        }
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(place.shrink2(Vec2::new(0.0, 1.0)), 6.0, look.tint(Tone::Plain, 0.12));
        }
        let (face, size) = if self.strong { (Face::Strong, 15.0) } else { (Face::Sans, 14.0) };
        let ink = if self.strong { look.text() } else { look.soft() };
        let y = place.center().y;
        let left = place.left() + if self.strong { 8.0 } else { 30.0 };
        let lead_font = FontId::proportional(if self.strong { 12.0 } else { 13.0 });
        let lead_at = if self.strong { pos2(left, y) } else { pos2(left + 12.0, y) };
        let lead_align = if self.strong { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
        let lead_ink = if self.lit { look.accent() } else { look.soft() };
        ui.painter().text(lead_at, lead_align, self.lead, lead_font, lead_ink);
        let done = self.end == icon::CHECK;
        let end_ink = if done { look.tone(Tone::Good) } else { look.soft() };
        let end = ui.painter().text(
            pos2(place.right() - 8.0, y),
            Align2::RIGHT_CENTER,
            self.end,
            FontId::proportional(12.5),
            end_ink,
        );
        let start = left + 20.0;
        let fitted = measure::fitted(self.words, size, face, (end.left() - 8.0 - start).max(20.0));
        let painter = ui.painter().with_clip_rect(Rect::everything_left_of(end.left()).intersect(ui.clip_rect()));
        painter.text(pos2(start, y), Align2::LEFT_CENTER, &fitted, fonts::font(face, size), ink);
        if *fitted == *self.words { response } else { response.on_hover_text(self.words) }
    }
}
