//! The code panel: the line that this step stands for, what it changed, and why it happened.

use std::ops::Range;
use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Rangef, Rect, ScrollArea, Sense, Ui, vec2};

use super::super::command::Command;
use super::super::look::Look;
use super::super::session::Session;
use super::super::widgets::{change_ui, note, section};
use super::{curves, why};
use crate::diagram::{Face, Tone, measure};
use crate::scene::CodeLine;
use crate::scene::diff::short;
use crate::scene::mechanism::Mechanism;

/// Height of a line of code in points.
const LINE: f32 = 23.0;
/// Height of its letters.
const CODE: f32 = 13.5;
/// Room for the numbers to its left.
const GUTTER: f32 = 42.0;

/// Draws the panel.
pub fn code_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let room = ui.available_height();
    ui.scope(|ui| listing_ui(ui, look, session, room * 0.5));
    ScrollArea::vertical().id_salt("beside-code").auto_shrink([false, false]).show(ui, |ui| {
        changes_ui(ui, look, session, out);
        why::why_ui(ui, look, session, out);
        why::questions_ui(ui, look, session, out);
        curves::first_ui(ui, look, session, out);
    });
}

/// The lines of the function that this step belongs to, the current one marked.
fn listing_ui(ui: &mut Ui, look: Look, session: &Session, most: f32) {
    let here = session.here();
    let listing = &here.run.mechanism().listing;
    if listing.is_empty() {
        note(ui, look, look.t("no-code"));
        return;
    }
    let marked = here.code_line();
    let lines = Lines::of(ui, here.run.mechanism());
    let height = (lines.bottom(listing.len()) + 4.0).min(most);
    let mut area = ScrollArea::vertical().id_salt("listing").max_height(height).auto_shrink([false, true]);
    // Scrolls when the marked line has changed, and leaves the viewer alone otherwise.
    let id = ui.scope_id().with("listing-marked");
    let pass = ui.ctx().cumulative_pass_nr();
    let before: Option<(Option<usize>, u64, i32)> = ui.data(|data| data.get_temp(id));
    let here = (marked, height.round() as i32);
    // Shown again after something else, or in another room: that is another view of it.
    let same = before.is_some_and(|(line, last, tall)| (line, tall) == here && last + 1 >= pass);
    ui.data_mut(|data| data.insert_temp(id, (here.0, pass, here.1)));
    if let Some(line) = marked.filter(|_| !same) {
        let top = lines.bottom(line) - height / 2.0;
        area = area.vertical_scroll_offset(top.clamp(0.0, (lines.bottom(listing.len()) - height).max(0.0)));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_viewport(ui, |ui, seen| {
        let rows = lines.seen(seen.y_range());
        ui.allocate_space(vec2(0.0, lines.bottom(rows.start)));
        let below = lines.bottom(listing.len()) - lines.bottom(rows.end);
        for i in rows {
            line_ui(ui, look, &listing[i], i + 1, laid_out(ui, &listing[i], lines.room), marked == Some(i));
        }
        ui.allocate_space(vec2(0.0, below));
    });
}

/// The lines of a listing, wrapped at the panel's width: what goes on stands below the line's own beginning.
#[derive(Clone)]
struct Lines {
    mechanism: Arc<Mechanism>,
    /// The width of the panel without the numbers.
    room: f32,
    /// Pixels a point: letters are laid out for them.
    scale: f32,
    /// Where each line ends, in points from the top.
    bottoms: Arc<[f32]>,
}

impl Lines {
    /// Measured once for a panel and a listing; a frame lays out the lines that it shows.
    fn of(ui: &Ui, mechanism: &Arc<Mechanism>) -> Lines {
        // The scroll bar stands to the right of them.
        let (room, scale) = (ui.available_width() - GUTTER - 14.0, ui.pixels_per_point());
        let id = ui.scope_id().with("listing-lines");
        let known: Option<Lines> = ui.data(|data| data.get_temp(id));
        let same =
            |known: &Lines| Arc::ptr_eq(&known.mechanism, mechanism) && (known.room, known.scale) == (room, scale);
        known.filter(same).unwrap_or_else(|| {
            let mut bottom = 0.0;
            let bottoms = mechanism.listing.iter().map(|line| {
                bottom += tall(&laid_out(ui, line, room));
                bottom
            });
            let lines = Lines { mechanism: Arc::clone(mechanism), room, scale, bottoms: bottoms.collect() };
            ui.data_mut(|data| data.insert_temp(id, lines.clone()));
            lines
        })
    }

    /// Where so many lines end, in points from the top.
    fn bottom(&self, lines: usize) -> f32 {
        lines.checked_sub(1).and_then(|line| self.bottoms.get(line)).copied().unwrap_or(0.0)
    }

    /// The lines that are seen in part of the listing's height.
    fn seen(&self, part: Rangef) -> Range<usize> {
        let first = self.bottoms.partition_point(|bottom| *bottom <= part.min);
        let last = self.bottoms.partition_point(|bottom| *bottom < part.max);
        first..(last + 1).min(self.bottoms.len())
    }
}

/// A line in so much room.
fn laid_out(ui: &Ui, line: &CodeLine, room: f32) -> Arc<Galley> {
    let letter = measure::width("m", CODE, Face::Mono);
    let wide = (room - indent(line) as f32 * letter).max(12.0 * letter);
    ui.painter().layout(line.text.trim().to_owned(), FontId::monospace(CODE), Color32::PLACEHOLDER, wide)
}

/// The height of a line: one row of text has [`LINE`], each further one as much as the text needs.
fn tall(galley: &Galley) -> f32 {
    let rows = galley.rows.len().max(1) as f32;
    LINE + galley.size().y * (rows - 1.0) / rows
}

/// Letters of room before a line.
fn indent(line: &CodeLine) -> usize {
    line.text.chars().take_while(|c| *c == ' ').count()
}

fn line_ui(ui: &mut Ui, look: Look, line: &CodeLine, number: usize, galley: Arc<Galley>, current: bool) {
    let ink = match (current, line.heading) {
        (true, _) => look.text(),
        (false, true) => look.tone(Tone::Info),
        (false, false) => look.soft(),
    };
    let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), tall(&galley)), Sense::hover());
    if current {
        ui.painter().rect_filled(place, 0.0, look.tint(Tone::Active, 0.13));
        let bar = Rect::from_min_size(place.min, vec2(3.0, place.height()));
        ui.painter().rect_filled(bar, 0.0, look.accent());
    }
    let number_at = place.left_top() + vec2(30.0, LINE / 2.0);
    ui.painter().text(number_at, Align2::RIGHT_CENTER, number, FontId::monospace(12.0), look.soft());
    let left = GUTTER + indent(line) as f32 * measure::width("m", CODE, Face::Mono);
    let text_at = place.left_center() + vec2(left, -galley.size().y / 2.0);
    ui.painter().galley(text_at, galley, ink);
    let words =
        if current { look.with("current-line", &[("line", line.text.trim().into())]) } else { line.text.clone() };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &words));
}

/// What this step changed; a click reaches the place in the state.
pub fn changes_ui(ui: &mut Ui, look: Look, session: &Session, out: &mut Vec<Command>) {
    let here = session.here();
    section(ui, look, look.t("changed"));
    if here.changes().is_empty() {
        note(ui, look, look.t("nothing-changed"));
    }
    for change in here.changes().iter().take(40) {
        let (old, new) = (short(&change.old), short(&change.new));
        if change_ui(ui, look, &change.path, &old, &new).clicked() {
            out.push(Command::Reveal(change.path.clone()));
        }
    }
    let more = here.changes().len().saturating_sub(40);
    if more > 0 {
        note(ui, look, look.with("and-more", &[("n", more.into())]));
    }
}
