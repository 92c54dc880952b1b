//! The state as a tree, with what changed in this step; only the rows in view are drawn.

use std::collections::{BTreeSet, HashMap};

use egui::{Align2, FontId, Rect, ScrollArea, Sense, Ui, vec2};
use serde_json::Value;

use super::super::command::Command;
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::IconButton;
use super::code::changes_ui;
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::Change;
use crate::scene::diff::short;

/// Height of a row in points.
const ROW: f32 = 22.0;
/// Indentation of a level in points.
const INDENT: f32 = 16.0;

/// Which places are open, and the rows that follow from it.
#[derive(Default)]
pub struct Tree {
    /// Places that the viewer opened or closed; others are open at the first level.
    toggled: HashMap<String, bool>,
    /// Grows with each toggle.
    version: u64,
    /// The place that was asked for last.
    revealed: Option<String>,
    /// It is still to be scrolled to.
    scroll: bool,
    rows: Vec<Row>,
    /// Revision of the run, position, version of the open places.
    key: Option<(u64, usize, u64)>,
}

struct Row {
    path: String,
    name: String,
    depth: usize,
    /// Whether it has parts, and is open.
    open: Option<bool>,
    value: String,
    /// What it was before this step, if it has changed.
    old: Option<String>,
    /// Something below it has changed.
    touched: bool,
}

impl Tree {
    /// Opens everything on the way to a place and scrolls there.
    pub fn reveal(&mut self, path: &str) {
        for parent in ancestors(path) {
            self.toggled.insert(parent.to_owned(), true);
        }
        self.revealed = Some(path.to_owned());
        self.scroll = true;
        self.version += 1;
    }

    fn toggle(&mut self, path: &str, open: bool) {
        self.toggled.insert(path.to_owned(), open);
        self.version += 1;
    }

    fn all(&mut self, open: bool, paths: impl Iterator<Item = String>) {
        self.toggled.extend(paths.map(|path| (path, open)));
        self.version += 1;
    }

    fn prepare(&mut self, key: (u64, usize), state: impl FnOnce() -> std::sync::Arc<Value>, changes: &[Change]) {
        let key = Some((key.0, key.1, self.version));
        if self.key == key {
            return;
        }
        self.key = key;
        let changed: HashMap<&str, &Change> = changes.iter().map(|change| (change.path.as_str(), change)).collect();
        let touched: BTreeSet<&str> = changes.iter().flat_map(|change| ancestors(&change.path)).collect();
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        let builder = Builder { toggled: &self.toggled, changed, touched };
        builder.parts(&state(), "", 0, &mut rows);
        self.rows = rows;
    }
}

struct Builder<'a> {
    toggled: &'a HashMap<String, bool>,
    changed: HashMap<&'a str, &'a Change>,
    touched: BTreeSet<&'a str>,
}

impl Builder<'_> {
    fn parts(&self, value: &Value, path: &str, depth: usize, rows: &mut Vec<Row>) {
        match value {
            Value::Object(parts) => {
                for (name, part) in parts {
                    let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    self.row(part, place, name.clone(), depth, rows);
                }
            }
            Value::Array(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    self.row(part, format!("{path}[{i}]"), format!("[{i}]"), depth, rows);
                }
            }
            _ => {}
        }
    }

    fn row(&self, value: &Value, path: String, name: String, depth: usize, rows: &mut Vec<Row>) {
        let parts = match value {
            Value::Object(parts) => parts.len(),
            Value::Array(parts) => parts.len(),
            _ => 0,
        };
        let touched = self.touched.contains(path.as_str());
        let change = self.changed.get(path.as_str());
        // What has changed shows itself; the viewer's own choice comes first.
        let by_default = touched || (depth == 0 && parts <= 8);
        let open = (parts > 0).then(|| self.toggled.get(&path).copied().unwrap_or(by_default));
        rows.push(Row {
            name,
            depth,
            open,
            value: if open == Some(true) { String::new() } else { short(value) },
            old: change.map(|change| short(&change.old)),
            touched,
            path: path.clone(),
        });
        if open == Some(true) {
            self.parts(value, &path, depth + 1, rows);
        }
    }
}

/// The places above a place: `buckets`, `buckets[3]` above `buckets[3].tophash`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.char_indices().filter(|(at, c)| *at > 0 && matches!(c, '.' | '[')).map(|(at, _)| &path[..at])
}

/// Draws the panel.
pub fn state_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let most = ui.available_height() * 0.34;
    ScrollArea::vertical().id_salt("state-changes").max_height(most).auto_shrink([false, true]).show(ui, |ui| {
        changes_ui(ui, look, session, out);
    });
    let mut tree = std::mem::take(&mut session.tree);
    let here = session.here();
    tree.prepare((session.revision(), here.at), || here.run.state(here.at), here.changes());
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.label(look::sans(look.t("whole-state"), 12.5).color(look.soft()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let closed = IconButton::new(icon::ARROWS_IN, look.t("close-all")).size(26.0, 26.0).quiet();
            if closed.show(ui, look).clicked() {
                let open: Vec<String> =
                    tree.rows.iter().filter(|r| r.open == Some(true)).map(|r| r.path.clone()).collect();
                tree.all(false, open.into_iter());
            }
            let opened = IconButton::new(icon::ARROWS_OUT, look.t("open-more")).size(26.0, 26.0).quiet();
            if opened.show(ui, look).clicked() {
                let shut: Vec<String> =
                    tree.rows.iter().filter(|r| r.open == Some(false)).map(|r| r.path.clone()).collect();
                tree.all(true, shut.into_iter());
            }
        });
    });
    rows_ui(ui, look, &mut tree);
    session.tree = tree;
}

fn rows_ui(ui: &mut Ui, look: Look, tree: &mut Tree) {
    let mut area = ScrollArea::vertical().id_salt("state").auto_shrink([false, false]);
    if std::mem::take(&mut tree.scroll) {
        let row = tree.revealed.as_ref().and_then(|path| nearest_row(&tree.rows, path));
        let top = row.unwrap_or(0) as f32 * ROW - ui.available_height() / 3.0;
        area = area.vertical_scroll_offset(top.max(0.0));
        ui.ctx().request_repaint();
    }
    let mut toggled = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, ROW, tree.rows.len(), |ui, range| {
        for row in &tree.rows[range] {
            let revealed = tree.revealed.as_deref() == Some(&row.path);
            if row_ui(ui, look, row, revealed)
                && let Some(open) = row.open
            {
                toggled = Some((row.path.clone(), !open));
            }
        }
    });
    if let Some((path, open)) = toggled {
        tree.toggle(&path, open);
        ui.ctx().request_repaint();
    }
}

/// The row of a place, or of the closest place above it that exists.
fn nearest_row(rows: &[Row], path: &str) -> Option<usize> {
    let exact = rows.iter().position(|row| row.path == path);
    exact.or_else(|| rows.iter().rposition(|row| path.starts_with(&row.path)))
}

/// Draws a row; returns whether it was clicked.
fn row_ui(ui: &mut Ui, look: Look, row: &Row, revealed: bool) -> bool {
    let (place, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let words = match &row.old {
        Some(old) => format!("{}: {old} → {}", row.path, row.value),
        None => format!("{}: {}", row.path, row.value),
    };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::TreeItem, true, &words));
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    if row.old.is_some() {
        painter.rect_filled(place, 4.0, look.tint(Tone::Good, 0.12));
    }
    if revealed || response.has_focus() {
        painter.rect_filled(place, 4.0, look.tint(Tone::Info, 0.16));
        painter.rect_stroke(place, 4.0, egui::Stroke::new(1.0, look.tone(Tone::Info)), egui::StrokeKind::Inside);
    } else if response.hovered() {
        painter.rect_filled(place, 4.0, look.tint(Tone::Plain, 0.08));
    }
    let x = place.left() + 4.0 + INDENT * row.depth as f32;
    let y = place.center().y;
    let font = FontId::monospace(13.0);
    if let Some(open) = row.open {
        let caret = if open { icon::CARET_DOWN } else { icon::CARET_RIGHT };
        painter.text(egui::pos2(x, y), Align2::LEFT_CENTER, caret, FontId::proportional(12.0), look.soft());
    }
    let ink = if row.touched { look.text() } else { look.soft() };
    let name = painter.text(egui::pos2(x + 16.0, y), Align2::LEFT_CENTER, &row.name, font.clone(), ink);
    let mut end = name.right() + 10.0;
    if let Some(old) = &row.old {
        let old = painter.text(egui::pos2(end, y), Align2::LEFT_CENTER, old, font.clone(), look.tone(Tone::Bad));
        painter.hline(old.x_range(), y, egui::Stroke::new(1.0, look.tone(Tone::Bad)));
        let arrow = Rect::from_min_size(egui::pos2(old.right(), place.top()), vec2(22.0, ROW));
        painter.text(arrow.center(), Align2::CENTER_CENTER, "→", font.clone(), look.soft());
        end = arrow.right();
    }
    let ink = match (&row.old, row.open) {
        (Some(_), _) => look.tone(Tone::Good),
        (None, Some(_)) => look.soft(),
        (None, None) => look.text(),
    };
    painter.text(egui::pos2(end, y), Align2::LEFT_CENTER, &row.value, font, ink);
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::ancestors;

    #[test]
    fn the_places_above_a_place_are_its_prefixes() {
        let above: Vec<&str> = ancestors("buckets[3].tophash[1]").collect();
        assert_eq!(above, ["buckets", "buckets[3]", "buckets[3].tophash"]);
    }
}
