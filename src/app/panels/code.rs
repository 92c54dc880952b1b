//! The code panel: the line that this step stands for, what it changed, and why it happened.

use egui::{Align2, FontId, Rect, ScrollArea, Sense, Ui, vec2};

use super::super::command::Command;
use super::super::facts::short;
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::{change_ui, note, section};
use super::{curves, why};
use crate::diagram::Tone;
use crate::scene::CodeLine;

/// Height of a line of code in points.
const LINE: f32 = 23.0;

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
    let height = (listing.len() as f32 * LINE + 4.0).min(most);
    let mut area = ScrollArea::both().id_salt("listing").max_height(height).auto_shrink([false, true]);
    // Scrolls when the marked line has changed, and leaves the viewer alone otherwise.
    let id = ui.scope_id().with("listing-marked");
    let pass = ui.ctx().cumulative_pass_nr();
    let before: Option<(Option<usize>, u64, i32)> = ui.data(|data| data.get_temp(id));
    let here = (marked, height.round() as i32);
    // Shown again after something else, or in another room: that is another view of it.
    let same = before.is_some_and(|(line, last, tall)| (line, tall) == here && last + 1 >= pass);
    ui.data_mut(|data| data.insert_temp(id, (here.0, pass, here.1)));
    if let Some(line) = marked.filter(|_| !same) {
        let top = line as f32 * LINE - height / 2.0;
        area = area.vertical_scroll_offset(top.clamp(0.0, (listing.len() as f32 * LINE - height).max(0.0)));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, LINE, listing.len(), |ui, rows| {
        let first = rows.start;
        for (i, line) in listing[rows].iter().enumerate() {
            line_ui(ui, look, line, first + i + 1, marked == Some(first + i));
        }
    });
}

fn line_ui(ui: &mut Ui, look: Look, line: &CodeLine, number: usize, current: bool) {
    let font = FontId::monospace(13.5);
    let ink = match (current, line.heading) {
        (true, _) => look.text(),
        (false, true) => look.tone(Tone::Info),
        (false, false) => look.soft(),
    };
    let galley = ui.painter().layout_no_wrap(line.text.clone(), font.clone(), ink);
    let clipped = galley.size().x + 52.0 > ui.clip_rect().width();
    let wide = (galley.size().x + 52.0).max(ui.available_width());
    let (place, response) = ui.allocate_exact_size(vec2(wide, LINE), Sense::hover());
    if current {
        ui.painter().rect_filled(place, 0.0, look.tint(Tone::Active, 0.13));
        let bar = Rect::from_min_size(place.min, vec2(3.0, LINE));
        ui.painter().rect_filled(bar, 0.0, look.accent());
    }
    let number_at = place.left_center() + vec2(30.0, 0.0);
    ui.painter().text(number_at, Align2::RIGHT_CENTER, number, FontId::monospace(12.0), look.soft());
    let text_at = place.left_center() + vec2(42.0, -galley.size().y / 2.0);
    ui.painter().galley(text_at, galley, ink);
    let words =
        if current { look.with("current-line", &[("line", line.text.trim().into())]) } else { line.text.clone() };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &words));
    if clipped {
        response.on_hover_text(look::mono(line.text.trim(), 13.0));
    }
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
