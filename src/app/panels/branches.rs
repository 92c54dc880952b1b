//! The branches: shown, named, removed, compared.

use egui::{Key, ScrollArea, Ui};
use serde_json::Value;

use super::super::command::Command;
use super::super::look::{self, Look};
use super::super::session::Session;
use super::super::widgets::{IconButton, card, note, section};
use crate::diagram::Tone;
use crate::paint::icon;
use crate::scene::diff::short;

/// The most differences that are listed.
const MOST: usize = 300;

/// Two branches side by side, and the one whose name is being typed.
#[derive(Default)]
pub struct Comparing {
    pair: Option<(usize, usize)>,
    /// At the position that is shown instead of at the ends.
    here: bool,
    naming: Option<(usize, String, bool)>,
    /// What was compared last: the revision, each branch with its position; and the differences found.
    found: Option<(Compared, Vec<Difference>)>,
}

/// The revision, and each branch with the position in it.
type Compared = (u64, [(usize, usize); 2]);

/// A place at which two states differ; `None` where one of them has no such place.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub path: String,
    pub left: Option<Value>,
    pub right: Option<Value>,
}

impl Comparing {
    /// Puts two branches side by side.
    pub fn compare(&mut self, left: usize, right: usize) {
        self.pair = Some((left, right));
    }
}

/// The places at which two states differ, in the order of the first, at most [`MOST`].
pub fn differences(left: &Value, right: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(Some(left), Some(right), String::new(), &mut found);
    found
}

fn collect(left: Option<&Value>, right: Option<&Value>, path: String, found: &mut Vec<Difference>) {
    if left == right || found.len() >= MOST {
        return;
    }
    match (left, right) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let more = b.keys().filter(|name| !a.contains_key(*name));
            for name in a.keys().chain(more) {
                let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(a.get(name), b.get(name), place, found);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for i in 0..a.len().max(b.len()) {
                collect(a.get(i), b.get(i), format!("{path}[{i}]"), found);
            }
        }
        _ => found.push(Difference { path, left: left.cloned(), right: right.cloned() }),
    }
}

/// Draws the panel.
pub fn branches_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let mut comparing = std::mem::take(&mut session.comparing);
    ScrollArea::vertical().id_salt("branches").auto_shrink([false, false]).show(ui, |ui| {
        ui.add_space(4.0);
        if session.branches().all().len() == 1 {
            note(ui, look, look.t("no-branches"));
        }
        for branch in 0..session.branches().all().len() {
            branch_ui(ui, look, session, &mut comparing, branch, out);
        }
        if session.branches().all().len() > 1 {
            compare_ui(ui, look, session, &mut comparing, out);
        }
    });
    session.comparing = comparing;
}

fn depth(session: &Session, mut branch: usize) -> usize {
    let mut depth = 0;
    while let Some((parent, _)) = session.branches().all().get(branch).and_then(|b| b.parent) {
        branch = parent;
        depth += 1;
    }
    depth
}

fn branch_ui(
    ui: &mut Ui,
    look: Look,
    session: &Session,
    comparing: &mut Comparing,
    number: usize,
    out: &mut Vec<Command>,
) {
    let branches = session.branches();
    let Some(branch) = branches.all().get(number) else { return };
    let shown = branches.shown() == number;
    let dormant = session.run_of(number).is_none();
    let name = session.branch_name(number, look.lang);
    let indent = 14.0 * depth(session, number) as f32;
    ui.horizontal(|ui| {
        ui.add_space(indent);
        ui.vertical(|ui| {
            if let Some((_, typed, fresh)) = comparing.naming.as_mut().filter(|naming| naming.0 == number) {
                let response = ui.text_edit_singleline(typed).accessible_name(look.t("branch-name"));
                if std::mem::take(fresh) {
                    response.request_focus();
                }
                if response.lost_focus() {
                    if ui.input(|input| input.key_pressed(Key::Enter)) {
                        out.push(Command::RenameBranch(number, typed.clone()));
                    }
                    comparing.naming = None;
                }
                return;
            }
            let said = look.with("show-branch", &[("name", name.into())]);
            let (response, renaming) = card(ui, look, &said, |ui| {
                let mut asked = false;
                ui.horizontal(|ui| {
                    let (mark, ink) = match (shown, dormant) {
                        (true, _) => (icon::EYE, look.tone(Tone::Active)),
                        (_, true) => (icon::GIT_BRANCH, look.soft()),
                        _ => (icon::GIT_BRANCH, look.tone(Tone::Moved)),
                    };
                    ui.label(look::sans(mark, 16.0).color(ink));
                    let words = look::strong(name, 14.0);
                    let words = if dormant { words.color(look.soft()) } else { words };
                    let room = ui.available_width() - 66.0;
                    ui.allocate_ui(egui::vec2(room, 20.0), |ui| {
                        ui.add(egui::Label::new(words).truncate().selectable(false));
                    });
                    if branch.parent.is_some() {
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            ui.spacing_mut().item_spacing.x = 2.0;
                            let remove = look.with("remove-branch", &[("name", name.into())]);
                            if IconButton::new(icon::TRASH, &remove).size(28.0, 26.0).quiet().show(ui, look).clicked() {
                                out.push(Command::RemoveBranch(number));
                            }
                            let rename = look.with("rename-branch", &[("name", name.into())]);
                            let pencil = IconButton::new(icon::PENCIL_SIMPLE, &rename).size(28.0, 26.0).quiet();
                            asked = pencil.show(ui, look).clicked();
                        });
                    }
                });
                if dormant {
                    note(ui, look, look.t("dormant"));
                }
                if let Some((parent, at)) = branch.parent {
                    let from = session.branch_name(parent, look.lang);
                    note(ui, look, look.with("leaves-at", &[("name", from.into()), ("at", at.into())]));
                    if branch.actions.len() > 1 || branch.actions.first().is_some_and(|action| action != name) {
                        let actions = branch.actions.join("  ");
                        ui.add(egui::Label::new(look::mono(actions, 12.0).color(look.soft())).wrap().selectable(false));
                    }
                }
                asked
            });
            if renaming {
                comparing.naming = Some((number, name.to_owned(), true));
            } else if response.clicked() && !shown && !dormant {
                out.push(Command::ShowBranch(number));
            }
        });
    });
}

fn compare_ui(ui: &mut Ui, look: Look, session: &Session, comparing: &mut Comparing, out: &mut Vec<Command>) {
    section(ui, look, look.t("compare"));
    let branches = session.branches();
    let shown = branches.shown();
    let living: Vec<usize> = (0..branches.all().len()).filter(|branch| session.run_of(*branch).is_some()).collect();
    let other = if shown == 0 { living.last().copied().unwrap_or(0) } else { 0 };
    let (mut left, mut right) = comparing.pair.unwrap_or((other.min(shown), other.max(shown)));
    let name = |number: usize| session.branch_name(number, look.lang).to_owned();
    let before = (left, right);
    for (salt, choice, says) in [("left", &mut left, "compare-left"), ("right", &mut right, "compare-right")] {
        ui.horizontal(|ui| {
            ui.label(look::sans(look.t(says), 13.0).color(look.soft()));
            let combo = egui::ComboBox::from_id_salt(("compare", salt))
                .selected_text(name(*choice))
                .truncate()
                .width(ui.available_width() - 8.0);
            let shown = combo.show_ui(ui, |ui| {
                for &number in &living {
                    ui.selectable_value(choice, number, name(number));
                }
            });
            shown.response.accessible_name(look.t(says));
        });
    }
    if (left, right) != before {
        out.push(Command::Compare(left, right));
    }
    ui.horizontal(|ui| {
        ui.selectable_value(&mut comparing.here, false, look.t("at-ends"));
        let here = look.with("at-position", &[("at", session.at().into())]);
        ui.selectable_value(&mut comparing.here, true, here);
    });
    let (Some(a), Some(b)) = (session.run_of(left), session.run_of(right)) else { return };
    let place = |steps: usize| if comparing.here { session.at().min(steps) } else { steps };
    let (at, other_at) = (place(a.steps()), place(b.steps()));
    let key = (session.revision(), [(left, at), (right, other_at)]);
    if comparing.found.as_ref().is_none_or(|(found, _)| *found != key) {
        comparing.found = Some((key, differences(&a.state(at), &b.state(other_at))));
    }
    let Some((_, found)) = &comparing.found else { return };
    differences_ui(ui, look, found, out);
}

fn differences_ui(ui: &mut Ui, look: Look, found: &[Difference], out: &mut Vec<Command>) {
    if found.is_empty() {
        note(ui, look, look.t("no-differences"));
        return;
    }
    note(ui, look, look.with("differences", &[("n", found.len().into())]));
    for difference in found {
        let value = |value: &Option<Value>| value.as_ref().map_or_else(|| look.t("not-there").to_owned(), short);
        let (left, right) = (value(&difference.left), value(&difference.right));
        let said = format!("{}: {left} ≠ {right}", difference.path);
        let (response, ()) = card(ui, look, &said, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(look::mono(&difference.path, 13.0)).wrap().selectable(false));
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let ink = |words: &str, tone| look::mono(words, 13.0).color(look.tone(tone));
                ui.add(egui::Label::new(ink(&left, Tone::Info)).selectable(false));
                ui.add(egui::Label::new(look::sans("≠", 13.0).color(look.soft())).selectable(false));
                ui.add(egui::Label::new(ink(&right, Tone::Moved)).selectable(false));
            });
        });
        if response.clicked() {
            out.push(Command::Reveal(difference.path.clone()));
        }
    }
}
