//! The panels beside the stage: what a step did, seen from six sides.

pub mod branches;
mod claims;
mod code;
pub mod curves;
mod laws;
pub mod state;
mod why;

use egui::{Align2, Rect, Sense, Stroke, Ui, WidgetInfo, vec2};
use strum::IntoEnumIterator;

use super::command::Command;
use super::look::Look;
use super::session::Session;
use super::settings::PanelTab;
use super::shelf::Library;
use crate::diagram::{Face, measure};
use crate::paint::fonts;

/// Draws the tabs and the panel that is chosen.
pub fn panels_ui(
    ui: &mut Ui,
    look: Look,
    library: &dyn Library,
    tab: PanelTab,
    session: &mut Session,
    out: &mut Vec<Command>,
) {
    tabs_ui(ui, look, tab, session, out);
    let frame = egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 14, top: 8, bottom: 8 });
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        match tab {
            PanelTab::Code => code::code_ui(ui, look, session, out),
            PanelTab::State => state::state_ui(ui, look, session, out),
            PanelTab::Laws => laws::laws_ui(ui, look, session),
            PanelTab::Curves => curves::curves_ui(ui, look, session, out),
            PanelTab::Claims => claims::claims_ui(ui, look, library, session, out),
            PanelTab::Branches => branches::branches_ui(ui, look, session, out),
        }
    });
}

/// The words for a tab.
pub fn tab_key(tab: PanelTab) -> &'static str {
    match tab {
        PanelTab::Code => "panel-code",
        PanelTab::State => "panel-state",
        PanelTab::Laws => "panel-laws",
        PanelTab::Curves => "panel-curves",
        PanelTab::Claims => "panel-claims",
        PanelTab::Branches => "panel-branches",
    }
}

fn tabs_ui(ui: &mut Ui, look: Look, chosen: PanelTab, session: &Session, out: &mut Vec<Command>) {
    let height = 42.0;
    let (strip, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().hline(strip.x_range(), strip.bottom() - 0.5, Stroke::new(1.0, look.line()));
    let broken = session.here().laws().iter().any(|verdict| verdict.always && verdict.outcome.is_err());
    // Each tab as wide as its word, and an even share of what is left.
    let words: Vec<f32> = PanelTab::iter().map(|tab| measure::width(look.t(tab_key(tab)), 14.0, Face::Sans)).collect();
    let spare = (strip.width() - 12.0 - words.iter().sum::<f32>()) / words.len() as f32;
    let mut left = strip.left() + 6.0;
    for (i, tab) in PanelTab::iter().enumerate() {
        let wide = words[i] + spare.min(34.0);
        let place = Rect::from_min_size(egui::pos2(left, strip.top()), vec2(wide, height));
        left += wide;
        let response = ui.interact(place, ui.scope_id().with(("tab", i)), Sense::click());
        let name = look.t(tab_key(tab));
        response.widget_info(|| WidgetInfo::selected(egui::accesskit::Role::Tab, true, tab == chosen, name));
        let ink = match tab {
            _ if tab == chosen => look.text(),
            _ if response.hovered() || response.has_focus() => look.text(),
            _ => look.soft(),
        };
        let font = fonts::font(Face::Sans, if spare < 4.0 { 12.5 } else { 14.0 });
        ui.painter().text(place.center(), Align2::CENTER_CENTER, name, font, ink);
        if tab == chosen {
            let line = Rect::from_min_max(place.left_bottom() - vec2(0.0, 2.5), place.right_bottom());
            ui.painter().rect_filled(line.shrink2(vec2(spare.clamp(0.0, 24.0) / 4.0, 0.0)), 1.0, look.accent());
        }
        if tab == PanelTab::Laws && broken {
            let dot = place.right_top() + vec2(-spare.clamp(4.0, 24.0) / 2.0 + 3.0, 14.0);
            ui.painter().circle_filled(dot, 3.5, look.tone(crate::diagram::Tone::Bad));
        }
        if response.has_focus() {
            ui.painter().rect_stroke(place.shrink(3.0), 6.0, ui.visuals().selection.stroke, egui::StrokeKind::Inside);
        }
        if response.on_hover_text(format!("{}", i + 1)).clicked() {
            out.push(Command::Panel(tab));
        }
    }
}
