//! The stage: the picture under a pan and zoom of its own, every mark within reach of pointer and screen reader.

use egui::{Id, Rect, Sense, Ui, Vec2, WidgetInfo, accesskit, emath::easing};

use super::ahead::look_ahead;
use super::command::Command;
use super::look::Look;
use super::session::Session;
use super::story;
use super::tip;
use super::widgets::IconButton;
use crate::diagram::{self, CANVAS_W, Diagram, Mark, Point, Shape, Size, Tone, point, tween};
use crate::paint::{Canvas, icon};
use crate::player::Command as Move;

/// How far the picture can be enlarged.
const MAX_ZOOM: f32 = 12.0;

/// Which part of the picture is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// 1 shows all of it.
    zoom: f32,
    /// How far the middle of the stage lies from the picture's middle, in units.
    shift: Point,
}

impl Default for View {
    fn default() -> View {
        View { zoom: 1.0, shift: point(0.0, 0.0) }
    }
}

impl View {
    /// Whether the whole picture is seen.
    pub fn fits(&self) -> bool {
        *self == View::default()
    }

    /// The canvas on the screen: the picture's part of it in `area`.
    fn canvas(&self, area: Rect, part: diagram::Rect, ui: &Ui, look: Look) -> Canvas {
        let fit = Canvas::fit_part(area, part, ui.pixels_per_point(), look.theme, look.lang);
        if self.fits() {
            return fit;
        }
        let scale = fit.scale * self.zoom;
        let middle = part.center().shifted(self.shift.x, self.shift.y);
        let offset = area.center().to_vec2() - Vec2::new(middle.x, middle.y) * scale;
        Canvas { scale, offset, zoom: self.zoom, ..fit }
    }

    /// Enlarges around a place of the picture that stays where it is on the screen.
    fn zoom_around(&mut self, place: Point, part: diagram::Rect, by: f32) {
        let zoom = (self.zoom * by).clamp(0.5, MAX_ZOOM);
        let middle = part.center();
        self.shift = place.shifted(-middle.x, -middle.y).lerp(self.shift, self.zoom / zoom);
        self.zoom = zoom;
        self.keep_near(part);
    }

    fn pan(&mut self, by: Vec2, part: diagram::Rect, scale: f32) {
        self.shift = self.shift.shifted(-by.x / scale, -by.y / scale);
        self.keep_near(part);
    }

    /// The picture can't be lost: its middle stays on the stage.
    fn keep_near(&mut self, part: diagram::Rect) {
        self.shift =
            point(self.shift.x.clamp(-part.w / 2.0, part.w / 2.0), self.shift.y.clamp(-part.h / 2.0, part.h / 2.0));
    }
}

/// The part of the canvas that has the picture: what lies above the caption.
fn picture_part(size: Size) -> diagram::Rect {
    let top = size.area().y - 28.0;
    diagram::rect(0.0, top, CANVAS_W, size.caption().y - 4.0 - top)
}

/// Draws the picture of this moment, with its phase above and its sentence below, and takes what the pointer does to it.
/// Returns where the picture lies.
pub fn stage_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) -> Rect {
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, look.canvas());
    let large = session.size == Size::Stage;
    let (above, area, band) = parts(whole, large);
    let stage = ui.interact(area, ui.scope_id().with("stage"), Sense::CLICK | Sense::DRAG);
    stage.widget_info(|| WidgetInfo::labeled(accesskit::Role::Canvas, true, look.t("stage")));
    let room = area.shrink2(egui::vec2(10.0, 2.0));
    let part = picture_part(session.size);
    move_view(ui, &stage, room, part, look, &mut session.view);
    let canvas = session.view.canvas(room, part, ui, look);

    let picture = current(session);
    let painter = ui.painter().with_clip_rect(area);
    canvas.paint(&painter, &picture);
    let fit = marks_ui(ui, look, &canvas, area, &picture, session, out);
    if fit || stage.double_clicked() {
        out.push(Command::FitStage);
    } else if stage.clicked() {
        session.selected = None;
    }
    if !session.view.fits() {
        fit_button_ui(ui, look, area, out);
    }
    story::phases_ui(ui, look, session, above);
    let heights = if large { story::stage(band.height() / 142.0) } else { story::WINDOW };
    story::caption_ui(ui, look, session, band.shrink2(egui::vec2(26.0, 0.0)), &heights);
    announce(ui, whole, session);
    look_ahead(ui, look, session, &canvas);
    area
}

/// The line of phases, the picture, the caption's band with room around it: its height does not follow the picture's zoom.
fn parts(whole: Rect, large: bool) -> (Rect, Rect, Rect) {
    let above = 34.0;
    let band = if large { whole.height() * 0.2 } else { (whole.height() * 0.15).clamp(80.0, 112.0) };
    let (above, rest) = whole.split_top_bottom_at_y(whole.top() + above);
    let (area, below) = rest.split_top_bottom_at_y(rest.bottom() - band - 14.0);
    (above, area, Rect::from_min_size(below.min, egui::vec2(below.width(), band)))
}

/// The picture of this moment, or what lies between two.
fn current(session: &Session) -> std::sync::Arc<Diagram> {
    let (from, to, part) = session.transport().between();
    let before = session.picture(from);
    if part == 0.0 || from == to {
        return before;
    }
    std::sync::Arc::new(tween(&before, &session.picture(to), easing::cubic_in_out(part)))
}

fn move_view(ui: &Ui, stage: &egui::Response, room: Rect, part: diagram::Rect, look: Look, view: &mut View) {
    let canvas = view.canvas(room, part, ui, look);
    if stage.dragged() {
        view.pan(stage.drag_delta(), part, canvas.scale);
    }
    let Some(pointer) = ui.ctx().pointer_hover_pos().filter(|_| stage.contains_pointer()) else { return };
    let (pinch, wheel) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
    let by = pinch * (wheel.y / 240.0).exp();
    if by != 1.0 {
        view.zoom_around(canvas.canvas_from_screen(pointer), part, by);
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
    let mut pointed_at = None;
    let mut order: Vec<&Mark> = page.marks.iter().collect();
    order.sort_by_key(|mark| mark.layer);
    for mark in order {
        // What only comes or goes is not there to be pointed at.
        if mark.opacity < 0.5 || !mark.seen_at(canvas.zoom) {
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
        // A way runs past many things: what it runs past is what is pointed at.
        let way = matches!(mark.shape, Shape::Arrow(_) | Shape::Line { .. });
        let tells = mark.path.is_some() || mark.about.is_some();
        if response.contains_pointer() && tells && !(way && pointed_at.is_some()) {
            pointed_at = Some((mark, place));
        }
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
        out.extend(path.map(|path| Command::Reveal(path.into())));
    }
    tip::tip_ui(ui, look, area, pointed_at, session);
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

fn mark_id(ui: &Ui, mark: &Mark) -> Id {
    ui.scope_id().with(("mark", &*mark.key))
}

/// The sentence of the step, said once when it changes: a live region without looks of its own.
fn announce(ui: &Ui, area: Rect, session: &Session) {
    let id = Id::unique("glassbox-live-caption");
    let strip = Rect::from_min_size(area.left_bottom() - egui::vec2(0.0, 1.0), egui::vec2(area.width(), 1.0));
    let region = ui.interact(strip, id, Sense::hover());
    let here = session.here();
    let words = here.spoken();
    region.widget_info(|| WidgetInfo::labeled(accesskit::Role::Status, true, words));
    ui.ctx().accesskit_node_builder(id, |node| node.set_live(accesskit::Live::Polite));
}

/// The keys of a presenter's clicker do the same as everywhere; a click anywhere goes on.
pub fn presented_ui(ui: &mut Ui, look: Look, session: &mut Session, out: &mut Vec<Command>) {
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0.0, look.canvas());
    let stage = ui.interact(whole, ui.scope_id().with("presented"), Sense::CLICK);
    stage.widget_info(|| WidgetInfo::labeled(accesskit::Role::Canvas, true, look.t("stage")));
    if stage.clicked() {
        out.push(Command::Move(Move::Press(crate::player::Direction::Forward)));
    }
    if stage.secondary_clicked() {
        out.push(Command::Move(Move::Press(crate::player::Direction::Back)));
    }
    // Everything in shares of the height: 1 is a screen of 1280 × 720.
    let scale = whole.height() / 720.0;
    let (above, rest) = whole.split_top_bottom_at_y(whole.top() + 64.0 * scale);
    let (area, below) = rest.split_top_bottom_at_y(rest.bottom() - 150.0 * scale);
    let part = picture_part(session.size);
    let canvas = Canvas::fit_part(area.shrink(6.0 * scale), part, ui.pixels_per_point(), look.theme, look.lang);
    canvas.paint(ui.painter(), &current(session));
    story::header_ui(ui, look, session, above, scale);
    let band =
        Rect::from_min_size(below.min, egui::vec2(below.width(), 142.0 * scale)).shrink2(egui::vec2(34.0 * scale, 0.0));
    story::caption_ui(ui, look, session, band, &story::stage(scale));
    story::progress_ui(ui, look, session, whole, scale);
    announce(ui, whole, session);
}
