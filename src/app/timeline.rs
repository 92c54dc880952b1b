//! The timeline: a tick a step, grouped by action, coloured by kind; a click or a drag seeks.

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Mesh, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::command::Command;
use super::look::Look;
use super::session::{Session, Spine};
use crate::diagram::palette::Theme;
use crate::diagram::{Face, Tone, measure};
use crate::paint::icon;
use crate::player::{Command as Move, Direction};
use crate::scene::{Actions, Kind, Run};
use crate::text::Lang;

/// Height of the whole strip in points.
pub const HEIGHT: f32 = 108.0;
/// Where the ticks' middle, the chapters and the actions' texts lie, from the upper edge.
const TICKS: f32 = 40.0;
const CHAPTERS: f32 = 74.0;
const ACTIONS: f32 = 97.0;
/// Room between two actions where there is enough of it.
const GAP: f32 = 9.0;
/// The widest and the narrowest distance of ticks that are drawn one by one.
const PITCH: (f32, f32) = (3.0, 30.0);
/// Size of the actions' texts.
const WORDS: f32 = 12.0;

/// Where the ticks lie: worked out once for a run and a width.
#[derive(Default)]
pub struct Ticks {
    /// Revision of the run, width in points, theme, language.
    key: Option<(u64, u32, Theme, Lang)>,
    /// The place of each position, from the left edge.
    places: Vec<f32>,
    /// The ticks, drawn from the origin.
    mesh: Arc<Mesh>,
    /// The actions whose texts have room: the action and its place.
    texts: Vec<(usize, f32)>,
}

impl Ticks {
    fn prepare(&mut self, revision: u64, width: f32, look: Look, spine: &Spine, actions: &Actions) {
        let key = Some((revision, width.to_bits(), look.theme, look.lang));
        if self.key == key {
            return;
        }
        self.key = key;
        let groups = actions.iter().filter(|action| action.steps > 0).count().saturating_sub(1);
        let steps = spine.events.len().max(1) as f32;
        let roomy = (width - groups as f32 * GAP) / steps;
        let (pitch, gap) = if roomy >= PITCH.0 + 1.0 { (roomy.min(PITCH.1), GAP) } else { (width / steps, 0.0) };
        self.places = places(&spine.events, pitch, gap);
        self.mesh = Arc::new(if pitch >= PITCH.0 {
            single_ticks(&self.places, spine, pitch, look)
        } else {
            binned_ticks(&self.places, spine, width, look)
        });
        self.texts = texts_with_room(&self.places, actions, width, look.lang);
    }

    /// The place of a position and of what lies between two, from the left edge.
    fn place(&self, from: usize, to: usize, part: f32) -> f32 {
        let at = |position: usize| self.places.get(position).or(self.places.last()).copied().unwrap_or(0.0);
        at(from) + (at(to) - at(from)) * part
    }

    /// The position that is nearest to a place.
    fn nearest(&self, place: f32) -> usize {
        let after = self.places.partition_point(|x| *x < place);
        let before = after.saturating_sub(1);
        let far = |i: usize| self.places.get(i).map_or(f32::INFINITY, |x| (x - place).abs());
        if far(before) <= far(after) { before } else { after }
    }
}

fn places(events: &[crate::scene::EventRecord], pitch: f32, gap: f32) -> Vec<f32> {
    let mut places = Vec::with_capacity(events.len() + 1);
    places.push(0.0);
    let mut x = -pitch / 2.0;
    let mut action = events.first().map_or(0, |event| event.action);
    for event in events {
        if event.action != action {
            action = event.action;
            x += gap;
        }
        x += pitch;
        places.push(x);
    }
    places
}

/// How tall a tick of a kind is: kinds differ by more than colour.
fn height(kind: Kind) -> f32 {
    match kind {
        Kind::Look => 14.0,
        Kind::Move => 18.0,
        Kind::Write | Kind::Done => 20.0,
        Kind::Turn => 26.0,
        Kind::Fault => 28.0,
    }
}

fn single_ticks(places: &[f32], spine: &Spine, pitch: f32, look: Look) -> Mesh {
    let mut mesh = Mesh::default();
    let wide = (pitch * 0.42).clamp(1.5, 5.0);
    for (event, x) in spine.events.iter().zip(&places[1..]) {
        let size = vec2(wide, height(event.kind));
        mesh.add_colored_rect(Rect::from_center_size(pos2(*x, 0.0), size), look.kind(event.kind));
    }
    mesh
}

/// More steps than there is room for: each column shows what weighs most in it.
fn binned_ticks(places: &[f32], spine: &Spine, width: f32, look: Look) -> Mesh {
    const COLUMN: f32 = 3.0;
    let mut columns: Vec<Option<Kind>> = vec![None; (width / COLUMN).ceil() as usize + 1];
    for (event, x) in spine.events.iter().zip(&places[1..]) {
        let column = ((x / COLUMN) as usize).min(columns.len() - 1);
        if columns[column].is_none_or(|kind| height(kind) < height(event.kind)) {
            columns[column] = Some(event.kind);
        }
    }
    let mut mesh = Mesh::default();
    for (column, kind) in columns.iter().enumerate() {
        let Some(kind) = *kind else { continue };
        let center = pos2((column as f32 + 0.5) * COLUMN, 0.0);
        mesh.add_colored_rect(Rect::from_center_size(center, vec2(COLUMN - 1.0, height(kind))), look.kind(kind));
    }
    mesh
}

fn texts_with_room(places: &[f32], actions: &Actions, width: f32, lang: Lang) -> Vec<(usize, f32)> {
    let mut texts = Vec::new();
    let mut free = 0.0;
    for (i, action) in actions.iter().enumerate().filter(|(_, action)| action.steps > 0) {
        let Some(&x) = places.get(action.before + 1) else { continue };
        let wide = measure::width(action.title.get(lang), WORDS, Face::Mono);
        let next = places.get(action.before + action.steps + 1).copied().unwrap_or(width);
        if x >= free && x + wide <= width {
            texts.push((i, x));
            free = (x + wide + 12.0).min(next.max(x + wide + 6.0));
        }
    }
    texts
}

/// Draws the timeline and takes what the pointer does to it.
pub fn timeline_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let area = ui.available_rect_before_wrap();
    let strip = area.shrink2(vec2(20.0, 0.0));
    let mut ticks = std::mem::take(&mut session.ticks);
    ticks.prepare(session.revision(), strip.width(), look, session.spine(), session.run().actions());
    let response = ui.interact(area, ui.scope_id().with("timeline"), Sense::click_and_drag());
    let steps = session.run().steps();
    response.widget_info(|| WidgetInfo::slider(true, session.at() as f64, look.t("timeline")));
    take_increments(ui, &response, out);
    if (response.dragged() || response.clicked() || response.drag_started())
        && let Some(pointer) = response.interact_pointer_pos()
    {
        out.push(Command::Move(Move::Seek(ticks.nearest(pointer.x - strip.left()).min(steps))));
    }

    let middle = strip.top() + TICKS;
    draw_below(ui, look, session, &ticks, strip, middle);
    let mut mesh = Mesh::clone(&ticks.mesh);
    mesh.translate(vec2(strip.left(), middle));
    ui.painter().add(Shape::mesh(mesh));
    draw_chapters(ui, look, session, &ticks, strip);
    draw_actions(ui, look, session, &ticks, strip);
    draw_stops(ui, look, session, &ticks, strip);
    draw_hits(ui, look, session, &ticks, strip, middle);
    draw_cursor(ui, look, session, &ticks, strip, middle);
    forks_ui(ui, look, session, &ticks, strip, out);
    let mut told = None;
    if let Some(pointer) = response.hover_pos()
        && !response.dragged()
    {
        let at = ticks.nearest(pointer.x - strip.left()).min(steps);
        let place = pos2(strip.left() + ticks.place(at, at, 0.0), middle);
        ui.painter().circle_stroke(place, 7.0, Stroke::new(1.5, look.soft()));
        told = Some(tell(look, session.run(), at));
    }
    session.told = told;
    session.ticks = ticks;
}

/// A screen reader's "more" and "less" are steps.
fn take_increments(ui: &Ui, response: &Response, out: &mut Vec<Command>) {
    let (more, less) = ui.input(|input| {
        let count = |action| input.num_accesskit_action_requests(response.id, action);
        (count(egui::accesskit::Action::Increment), count(egui::accesskit::Action::Decrement))
    });
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.add_action(egui::accesskit::Action::Increment);
        node.add_action(egui::accesskit::Action::Decrement);
    });
    out.extend((0..more).map(|_| Command::Move(Move::Step(Direction::Forward))));
    out.extend((0..less).map(|_| Command::Move(Move::Step(Direction::Back))));
}

/// What lies behind the ticks: the stretch that repeats, the stretch that a branch adds.
fn draw_below(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect, middle: f32) {
    let span = |from: usize, to: usize| {
        let left = strip.left() + ticks.place(from, from, 0.0);
        let right = strip.left() + ticks.place(to, to, 0.0);
        Rect::from_min_max(pos2(left + 2.0, middle - 20.0), pos2(right + 6.0, middle + 20.0))
    };
    if let Some((from, to)) = session.transport().looped() {
        let band = span(from, to);
        ui.painter().rect_filled(band, 6.0, look.tint(Tone::Active, 0.14));
        ui.painter().rect_stroke(band, 6.0, Stroke::new(1.0, look.accent()), egui::StrokeKind::Inside);
    }
    let shown = session.branches().shown();
    if let Some((_, at)) = session.branches().all().get(shown).and_then(|branch| branch.parent) {
        let band = span(at, session.run().steps());
        let line = Rect::from_min_max(pos2(band.left(), middle + 17.0), pos2(band.right(), middle + 19.0));
        ui.painter().rect_filled(line, 1.0, look.tone(Tone::Moved));
    }
}

/// The segments as chapters: the one that the step is in stands out.
fn draw_chapters(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect) {
    let spine = session.spine();
    let at = session.at();
    let current = spine.story.segment(at);
    let half = ticks.places.get(2).map_or(4.0, |second| (second - ticks.places[1]) / 2.0).max(1.0);
    let mut drawn = f32::NEG_INFINITY;
    for segment in &spine.story.segments {
        let left = ticks.place(segment.from + 1, segment.from + 1, 0.0) - half + 1.0;
        let right = ticks.place(segment.to, segment.to, 0.0) + half - 1.0;
        // Of many in one pixel one is enough.
        if right - left < 1.0 && right - drawn < 2.0 {
            continue;
        }
        drawn = right;
        let on = current == Some(segment);
        let kinds = &spine.events[segment.from..segment.to.min(spine.events.len())];
        let kind = kinds.iter().map(|event| event.kind).max_by_key(|kind| height(*kind) as u32).unwrap_or_default();
        let place = Rect::from_min_max(
            pos2(strip.left() + left, strip.top() + CHAPTERS - 10.0),
            pos2(strip.left() + right.max(left + 1.0), strip.top() + CHAPTERS + 10.0),
        );
        ui.painter().rect_filled(place, 3.0, look.tint(kind.tone(), if on { 0.42 } else { 0.13 }));
        let title = look.of(&segment.title);
        let words = measure::fitted(title, WORDS, Face::Sans, place.width() - 10.0);
        if words.chars().count() > 1 || words == title {
            let ink = if on { look.text() } else { look.soft() };
            let font = FontId::proportional(WORDS);
            ui.painter().text(pos2(place.left() + 5.0, place.center().y), Align2::LEFT_CENTER, words, font, ink);
        }
    }
}

/// A flag at each stop; those behind are filled with the accent.
fn draw_stops(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect) {
    let at = session.at();
    for stop in session.spine().story.stops.iter().take(600) {
        let foot = pos2(strip.left() + ticks.place(stop.at, stop.at, 0.0), strip.top() + 22.0);
        let ink = if stop.at <= at { look.accent() } else { look.soft() };
        let head = foot - vec2(0.0, 14.0);
        ui.painter().line_segment([foot, head], Stroke::new(1.2, ink));
        let cloth = vec![head, head + vec2(9.0, 3.5), head + vec2(0.0, 7.0)];
        ui.painter().add(Shape::convex_polygon(cloth, ink, Stroke::NONE));
    }
}

fn draw_actions(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect) {
    let actions = session.run().actions();
    let at = session.at();
    let current = session.run().action_at(at.max(1));
    let y = strip.top() + ACTIONS;
    let font = FontId::monospace(WORDS);
    // The current action's text is always there; those that it would cover in part give way.
    let alone = current.filter(|current| ticks.texts.iter().all(|(action, _)| action != current));
    let alone = alone.and_then(|action| actions.get(action)).map(|action| {
        let x = ticks.place(action.before + 1, action.before + 1, 0.0);
        let galley = ui.painter().layout_no_wrap(look.of(&action.title).to_owned(), font.clone(), look.accent());
        let left = (strip.left() + x - 2.0).min(strip.right() - galley.size().x).max(strip.left());
        (Rect::from_min_size(pos2(left, y - galley.size().y / 2.0), galley.size()), galley)
    });
    for &(action, x) in &ticks.texts {
        let ink = if Some(action) == current { look.accent() } else { look.soft() };
        let galley = ui.painter().layout_no_wrap(look.of(&actions[action].title).to_owned(), font.clone(), ink);
        let place = pos2(strip.left() + x - 2.0, y - galley.size().y / 2.0);
        let area = Rect::from_min_size(place, galley.size()).expand2(vec2(8.0, 0.0));
        if alone.as_ref().is_none_or(|(taken, _)| !taken.intersects(area)) {
            ui.painter().galley(place, galley, ink);
        }
    }
    if let Some((place, galley)) = alone {
        ui.painter().galley(place.min, galley, look.accent());
    }
}

fn draw_hits(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect, middle: f32) {
    let hits = session.find.hits();
    // More hits than pixels are of no use.
    for hit in hits.iter().take(600) {
        let x = strip.left() + ticks.place(*hit, *hit, 0.0);
        ui.painter().circle_filled(pos2(x, middle + 19.0), 2.5, look.tone(Tone::Info));
    }
}

fn draw_cursor(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect, middle: f32) {
    let (from, to, part) = session.transport().between();
    let x = strip.left() + ticks.place(from, to, part);
    let bar = Rect::from_center_size(pos2(x, middle), vec2(5.0, 38.0));
    ui.painter().rect_filled(bar.expand(2.0), 4.0, look.chrome());
    ui.painter().rect_filled(bar, 2.5, look.text());
}

/// Where branches leave the shown run, and where it leaves its own parent; a click shows the other one.
fn forks_ui(ui: &Ui, look: Look, session: &Session, ticks: &Ticks, strip: Rect, out: &mut Vec<Command>) {
    let branches = session.branches();
    let mut taken: Vec<usize> = Vec::new();
    for (number, branch) in branches.all().iter().enumerate() {
        let Some((parent, at)) = branch.parent else { continue };
        let other = match branches.shown() {
            shown if shown == parent => number,
            shown if shown == number => parent,
            _ => continue,
        };
        if session.run_of(other).is_none() {
            continue;
        }
        let beside = taken.iter().filter(|place| **place == at).count() as f32;
        taken.push(at);
        let center = pos2(strip.left() + ticks.place(at, at, 0.0) + beside * 16.0 + 16.0, strip.top() + 10.0);
        let place = Rect::from_center_size(center, vec2(18.0, 16.0));
        let response = ui.interact(place, ui.scope_id().with(("fork", number)), Sense::click());
        let name = session.branch_name(other, look.lang);
        let says = look.with("fork-mark", &[("name", name.into()), ("at", at.into())]);
        response.widget_info(|| WidgetInfo::labeled(egui::accesskit::Role::Button, true, &says));
        let ink = if response.hovered() { look.text() } else { look.tone(Tone::Moved) };
        ui.painter().text(center, Align2::CENTER_CENTER, icon::GIT_FORK, FontId::proportional(14.0), ink);
        if response.on_hover_text(says).clicked() {
            out.push(Command::ShowBranch(other));
        }
    }
}

/// What happened at a place, for the line above the picture: no tip covers the caption.
fn tell(look: Look, run: &dyn Run, at: usize) -> (Kind, String) {
    let Some(event) = run.event(at) else { return (Kind::Look, format!("0 · {}", look.t("before-first"))) };
    let stop = run.story().stop(at).map(|stop| format!("{} {} · ", icon::FLAG, look.of(&stop.title)));
    let deed = run.caption(at, look.lang).deed();
    (event.kind, format!("{at} · {}{} · {deed}", stop.unwrap_or_default(), look.kind_name(event.kind)))
}

/// A small round mark in a colour.
pub fn dot(ui: &mut Ui, colour: Color32) {
    let (place, _) = ui.allocate_exact_size(vec2(9.0, 14.0), Sense::hover());
    ui.painter().circle_filled(place.center(), 4.0, colour);
}
