//! The stage: the picture under a pan and zoom of its own, every mark within reach of pointer and screen reader.

use egui::{Id, Rect, Sense, Ui, Vec2, WidgetInfo, accesskit, emath::easing};

use super::ahead::look_ahead;
use super::command::Command;
use super::look::Look;
use super::session::Session;
use super::shelf::Library;
use super::widgets::IconButton;
use crate::diagram::{CANVAS_H, CANVAS_W, Diagram, Mark, Point, Shape, Tone, point, tween};
use crate::paint::{Canvas, icon};
use crate::player::Command as Move;

/// How far the picture can be enlarged.
const MAX_ZOOM: f32 = 12.0;

/// Which part of the canvas is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// 1 shows the whole canvas.
    zoom: f32,
    /// The place of the canvas in the middle of the stage.
    middle: Point,
}

impl Default for View {
    fn default() -> View {
        View { zoom: 1.0, middle: point(CANVAS_W / 2.0, CANVAS_H / 2.0) }
    }
}

impl View {
    /// Whether the whole canvas is seen.
    pub fn fits(&self) -> bool {
        *self == View::default()
    }

    /// The canvas on the screen, in `area`.
    fn canvas(&self, area: Rect, ui: &Ui, look: Look) -> Canvas {
        let fit = Canvas::fit(area, ui.pixels_per_point(), look.theme, look.lang);
        if self.fits() {
            return fit;
        }
        let scale = fit.scale * self.zoom;
        let offset = area.center().to_vec2() - Vec2::new(self.middle.x, self.middle.y) * scale;
        Canvas { scale, offset, zoom: self.zoom, ..fit }
    }

    /// Enlarges around a place of the canvas that stays where it is on the screen.
    fn zoom_around(&mut self, place: Point, by: f32) {
        let zoom = (self.zoom * by).clamp(0.5, MAX_ZOOM);
        let kept = self.zoom / zoom;
        self.middle = place.lerp(self.middle, kept);
        self.zoom = zoom;
        self.keep_near();
    }

    fn pan(&mut self, by: Vec2, scale: f32) {
        self.middle = self.middle.shifted(-by.x / scale, -by.y / scale);
        self.keep_near();
    }

    /// The picture can't be lost: its middle stays on the canvas.
    fn keep_near(&mut self) {
        self.middle = point(self.middle.x.clamp(0.0, CANVAS_W), self.middle.y.clamp(0.0, CANVAS_H));
    }
}

/// Draws the picture of this moment and takes what the pointer does to it.
pub fn stage_ui(ui: &mut Ui, look: Look, library: &dyn Library, session: &mut Session, out: &mut Vec<Command>) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, look.canvas());
    let stage = ui.interact(area, ui.scope_id().with("stage"), Sense::CLICK | Sense::DRAG);
    stage.widget_info(|| WidgetInfo::labeled(accesskit::Role::Canvas, true, look.t("stage")));
    let room = area.shrink2(egui::vec2(16.0, 12.0));
    move_view(ui, &stage, room, look, &mut session.view);
    let canvas = session.view.canvas(room, ui, look);

    let page = current(library, session, look);
    let painter = ui.painter().with_clip_rect(area);
    canvas.paint(&painter, &page);
    let fit = marks_ui(ui, look, &canvas, area, &page, session, out);
    if fit || stage.double_clicked() {
        out.push(Command::FitStage);
    } else if stage.clicked() {
        session.selected = None;
    }
    if !session.view.fits() {
        fit_button_ui(ui, look, area, out);
    }
    announce(ui, look, area, session);
    look_ahead(ui, look, library, session, &canvas);
}

/// The picture of this moment: a page, or what lies between two.
fn current(library: &dyn Library, session: &mut Session, look: Look) -> std::rc::Rc<Diagram> {
    let (from, to, part) = session.transport().between();
    let before = session.page(library, from, look.lang);
    if part == 0.0 || from == to {
        return before;
    }
    let after = session.page(library, to, look.lang);
    std::rc::Rc::new(tween(&before, &after, easing::cubic_in_out(part)))
}

fn move_view(ui: &Ui, stage: &egui::Response, room: Rect, look: Look, view: &mut View) {
    let canvas = view.canvas(room, ui, look);
    if stage.dragged() {
        view.pan(stage.drag_delta(), canvas.scale);
    }
    let Some(pointer) = ui.ctx().pointer_hover_pos().filter(|_| stage.contains_pointer()) else { return };
    let (pinch, wheel) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
    let by = pinch * (wheel.y / 240.0).exp();
    if by != 1.0 {
        view.zoom_around(canvas.canvas_from_screen(pointer), by);
    }
}

/// Puts every mark within reach; returns whether one was clicked twice.
fn marks_ui(
    ui: &Ui,
    look: Look,
    canvas: &Canvas,
    area: Rect,
    page: &Diagram,
    session: &mut Session,
    out: &mut Vec<Command>,
) -> bool {
    let mut twice = false;
    let mut clicked = None;
    let caption = page.caption_strip().grown(1.0);
    let mut order: Vec<&Mark> = page.marks.iter().collect();
    order.sort_by_key(|mark| mark.layer);
    for mark in order {
        // The caption is said by the live region, and what only comes or goes is not there to be pointed at.
        if mark.opacity < 0.5 || caption.holds(mark.rect) || !mark.seen_at(canvas.zoom) {
            continue;
        }
        let place = canvas.screen_rect(mark.rect).intersect(area);
        if !place.is_positive() {
            continue;
        }
        let sense = if mark.path.is_some() { Sense::CLICK } else { Sense::hover() };
        let response = ui.interact(place, mark_id(ui, mark), sense);
        let role = if mark.path.is_some() { accesskit::Role::Button } else { accesskit::Role::Label };
        response.widget_info(|| WidgetInfo::labeled(role, true, mark.name(look.lang)));
        twice |= response.double_clicked();
        if response.clicked() {
            clicked = Some((mark.key.to_string(), mark.path.clone()));
        }
        let response = match (&mark.path, &mark.about) {
            (None, None) => response,
            // Asking egui about the tips of hundreds of marks takes time, and one at most is shown.
            _ if !response.contains_pointer() && !response.is_tooltip_open() => response,
            (path, about) => response.on_hover_ui(|ui| tip_ui(ui, look, path.as_deref(), about.as_ref())),
        };
        let selected = session.selected.as_deref() == Some(&*mark.key);
        if (selected || (response.hovered() && mark.path.is_some())) && !matches!(mark.shape, Shape::Arrow(_)) {
            let (width, tone) = if selected { (2.0, Tone::Info) } else { (1.0, Tone::Plain) };
            let ring = place.expand(3.0);
            let stroke = egui::Stroke::new(width, look.tone(tone));
            ui.painter().with_clip_rect(area).rect_stroke(ring, 8.0, stroke, egui::StrokeKind::Outside);
        }
    }
    if let Some((key, path)) = clicked {
        session.selected = Some(key);
        out.extend(path.map(Command::Reveal));
    }
    twice
}

/// Where only a part of the picture is seen, a button shows the whole again.
fn fit_button_ui(ui: &mut Ui, look: Look, area: Rect, out: &mut Vec<Command>) {
    let place = Rect::from_min_size(area.right_top() + egui::vec2(-54.0, 14.0), egui::vec2(40.0, 36.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        let button = IconButton::new(icon::FRAME_CORNERS, look.t("key-fit")).keys("0");
        if button.show(ui, look).clicked() {
            out.push(Command::FitStage);
        }
    });
}

fn tip_ui(ui: &mut Ui, look: Look, path: Option<&str>, about: Option<&crate::text::Text>) {
    if let Some(about) = about {
        ui.label(look.of(about));
    }
    if let Some(path) = path {
        ui.label(super::look::mono(path, 12.5).color(look.soft()));
    }
}

fn mark_id(ui: &Ui, mark: &Mark) -> Id {
    ui.scope_id().with(("mark", &*mark.key))
}

/// The sentence of the step, said once when it changes: a live region without looks of its own.
fn announce(ui: &Ui, look: Look, area: Rect, session: &Session) {
    let id = Id::unique("glassbox-live-caption");
    let strip = Rect::from_min_size(area.left_bottom() - egui::vec2(0.0, 1.0), egui::vec2(area.width(), 1.0));
    let region = ui.interact(strip, id, Sense::hover());
    let here = session.here();
    let words = if here.at == 0 { look.of(here.run.title()) } else { here.spoken() };
    region.widget_info(|| WidgetInfo::labeled(accesskit::Role::Status, true, words));
    ui.ctx().accesskit_node_builder(id, |node| node.set_live(accesskit::Live::Polite));
}

/// The keys of a presenter's clicker do the same as everywhere; a click anywhere goes on.
pub fn presented_ui(ui: &mut Ui, look: Look, library: &dyn Library, session: &mut Session, out: &mut Vec<Command>) {
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, look.canvas());
    let stage = ui.interact(area, ui.scope_id().with("presented"), Sense::CLICK);
    stage.widget_info(|| WidgetInfo::labeled(accesskit::Role::Canvas, true, look.t("stage")));
    if stage.clicked() {
        out.push(Command::Move(Move::Step(crate::player::Direction::Forward)));
    }
    if stage.secondary_clicked() {
        out.push(Command::Move(Move::Step(crate::player::Direction::Back)));
    }
    let room = area.shrink(area.height() * 0.01);
    let canvas = View::default().canvas(room, ui, look);
    let page = current(library, session, look);
    canvas.paint(ui.painter(), &page);
    announce(ui, look, area, session);
}
