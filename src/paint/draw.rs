//! The one drawing path: a diagram becomes egui's shapes, in the window and in every export.

use std::sync::{Arc, Mutex, PoisonError};

use egui::epaint::{CircleShape, PathShape, RectShape, TextShape};
use egui::{Color32, Id, Pos2, Rect as ScreenRect, Shape as Drawn, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::batch::{Batch, BoxLook};
use super::labels::{Labels, Typesetter};
use super::outline;
use super::pen::Pen;
use super::theme;
use crate::diagram::palette::{self, Rgb, Theme};
use crate::diagram::{Anchor, Border, CANVAS, Diagram, Label, Mark, Point, Rect, Shape, Tone, measure, point};
use crate::text::Lang;

/// Width of a hairline in canvas units.
const THIN: f32 = 1.2;
/// Width of a strong line in canvas units.
const THICK: f32 = 2.4;
/// How much stronger a dashed line is than dashes around a box.
const WAY: f32 = 1.6;
/// About as many points as the triangles of a mark have.
const VERTICES: usize = 64;

/// Where the canvas lies on the screen, and how it is to look: everything that drawing needs besides the diagram.
///
/// Marks are placed on whole pixels, and everything in a mark is placed relative to it. So lines stay sharp, and a mark
/// that moves keeps its shape to the pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Points of the screen per unit of the canvas.
    pub scale: f32,
    /// Where the upper left corner of the canvas lies, in points.
    pub offset: Vec2,
    /// Pixels per point.
    pub pixels_per_point: f32,
    /// Dark or light.
    pub theme: Theme,
    /// The language of the labels.
    pub lang: Lang,
    /// How far it is enlarged: 1 shows the whole canvas.
    pub zoom: f32,
}

impl Canvas {
    /// The whole canvas as large as it fits in the middle of `area` (in points).
    pub fn fit(area: ScreenRect, pixels_per_point: f32, theme: Theme, lang: Lang) -> Canvas {
        Canvas::fit_part(area, CANVAS, pixels_per_point, theme, lang)
    }

    /// A part of the canvas as large as it fits in the middle of `area` (in points).
    pub fn fit_part(area: ScreenRect, part: Rect, pixels_per_point: f32, theme: Theme, lang: Lang) -> Canvas {
        let scale = (area.width() / part.w).min(area.height() / part.h).max(0.0);
        let room = area.size() - scale * vec2(part.w, part.h);
        let canvas = Canvas { scale, offset: Vec2::ZERO, pixels_per_point, theme, lang, zoom: 1.0 };
        let corner = area.min + room / 2.0 - scale * vec2(part.x, part.y);
        Canvas { offset: canvas.snap(corner).to_vec2(), ..canvas }
    }

    /// A canvas whose units are points and whose upper left corner lies there.
    pub fn of_points(corner: Pos2, pixels_per_point: f32, theme: Theme, lang: Lang) -> Canvas {
        let canvas = Canvas { scale: 1.0, offset: Vec2::ZERO, pixels_per_point, theme, lang, zoom: 1.0 };
        Canvas { offset: canvas.snap(corner).to_vec2(), ..canvas }
    }

    /// The place on the screen, in points, of a place on the canvas.
    pub fn screen_from_canvas(&self, place: Point) -> Pos2 {
        pos2(place.x * self.scale, place.y * self.scale) + self.offset
    }

    /// The place on the canvas of a place on the screen.
    pub fn canvas_from_screen(&self, place: Pos2) -> Point {
        let at = (place - self.offset).to_vec2() / self.scale.max(f32::EPSILON);
        point(at.x, at.y)
    }

    /// The rectangle on the screen, in points, of a rectangle on the canvas.
    pub fn screen_rect(&self, rect: crate::diagram::Rect) -> ScreenRect {
        let size = vec2(rect.w, rect.h) * self.scale;
        ScreenRect::from_min_size(self.screen_from_canvas(point(rect.x, rect.y)), size)
    }

    /// Draws a diagram, over the canvas colour that the caller has filled the area with.
    pub fn paint(&self, painter: &egui::Painter, diagram: &Diagram) {
        painter.extend(self.window_shapes(painter.ctx(), diagram));
    }

    /// The shapes of a diagram in a window, whose labels are kept with its other memory.
    pub fn window_shapes(&self, ctx: &egui::Context, diagram: &Diagram) -> Vec<Drawn> {
        let id = Id::unique("glassbox-labels");
        let labels = ctx.data_mut(|data| Arc::clone(data.get_temp_mut_or_default::<Arc<Mutex<Labels>>>(id)));
        let mut labels = labels.lock().unwrap_or_else(PoisonError::into_inner);
        ctx.fonts_mut(|fonts| self.diagram_shapes(&mut labels.with(fonts), diagram))
    }

    /// The shapes of a whole diagram in the order of drawing.
    pub fn diagram_shapes(&self, setter: &mut Typesetter<'_, '_>, diagram: &Diagram) -> Vec<Drawn> {
        let mut batch = Batch::new(1.0 / self.pixels_per_point, diagram.marks.len() * VERTICES);
        for i in drawing_order(diagram) {
            let mark = &diagram.marks[i];
            batch.begin(self.origin(mark).to_vec2());
            self.mark_shapes(setter, mark, &mut batch);
        }
        batch.finish()
    }

    /// The shapes of a mark as if its upper left corner were the screen's: they depend on everything in the mark but its
    /// place, so that a moving mark needs no new ones.
    pub fn local_shapes(&self, setter: &mut Typesetter<'_, '_>, mark: &Mark) -> Vec<Drawn> {
        let mut batch = Batch::new(1.0 / self.pixels_per_point, VERTICES);
        self.mark_shapes(setter, mark, &mut batch);
        batch.finish()
    }

    /// Where the upper left corner of a mark lies on the screen: on a whole pixel.
    pub fn origin(&self, mark: &Mark) -> Pos2 {
        self.snap(self.screen_from_canvas(point(mark.rect.x, mark.rect.y)))
    }

    fn mark_shapes(&self, setter: &mut Typesetter<'_, '_>, mark: &Mark, batch: &mut Batch) {
        if mark.opacity <= 0.0 || !mark.seen_at(self.zoom) {
            return;
        }
        let size = vec2(mark.rect.w, mark.rect.h) * self.scale;
        let area = ScreenRect::from_min_size(Pos2::ZERO, self.snap(size.to_pos2()).to_vec2());
        match &mark.shape {
            Shape::Box { radius } => self.draw_box(mark, area, *radius, batch),
            Shape::Circle => self.draw_circle(mark, area, batch),
            Shape::Triangle => self.draw_triangle(mark, area, batch),
            Shape::Text => {}
            Shape::Line { points } => {
                let mut points: Vec<Pos2> = points.iter().map(|p| self.local(mark, *p)).collect();
                let pen = self.upright(&mut points, self.pen(mark, self.colour(mark, palette::border)));
                // The way that something takes is to be seen from afar.
                let pen = if mark.border == Border::Dashed { Pen { width: pen.width * WAY, ..pen } } else { pen };
                outline::open(&points, pen, mark.border == Border::Dashed, self.scale, batch);
            }
            Shape::Arrow(arrow) => {
                let curve = arrow.curve.map(|p| self.local(mark, p));
                let pen = self.pen(mark, self.colour(mark, palette::tone));
                outline::arrow(curve, arrow.head, arrow.dotted, pen, self.scale, batch);
            }
        }
        for label in &mark.labels {
            self.draw_label(setter, mark, label, area, batch);
        }
    }

    fn draw_box(&self, mark: &Mark, area: ScreenRect, radius: f32, batch: &mut Batch) {
        let radius = (radius * self.scale).min(area.width().min(area.height()) / 2.0);
        let corner = radius.round().clamp(0.0, 255.0) as u8;
        let (inside, pen) = (self.inside(mark), self.line_pen(mark));
        let dashed = mark.border == Border::Dashed;
        let stroke = if dashed { Stroke::NONE } else { pen.stroke() };
        let room = area.width().min(area.height()) - 2.0 * (stroke.width + 1.0 / self.pixels_per_point);
        let filled = inside != Color32::TRANSPARENT || !stroke.is_empty();
        let round = corner > 0 && room > 0.0;
        if filled && !round {
            batch.shape(RectShape::new(area, corner, inside, stroke, StrokeKind::Inside).into());
        }
        if (filled && round) || dashed {
            batch.add_box(area, BoxLook::new(area, radius, inside, pen, dashed), |mesh| {
                if filled && round {
                    let pen = if dashed { Pen { width: 0.0, ..pen } } else { pen };
                    outline::rounded_box(area, f32::from(corner), inside, pen, self.pixels_per_point, mesh);
                }
                if dashed {
                    outline::dashed_box(area, radius, pen, self.scale, self.pixels_per_point, mesh);
                }
            });
        }
    }

    fn draw_circle(&self, mark: &Mark, area: ScreenRect, batch: &mut Batch) {
        let (inside, pen) = (self.inside(mark), self.line_pen(mark));
        let dashed = mark.border == Border::Dashed;
        let stroke = if dashed { Stroke::NONE } else { pen.stroke() };
        let radius = (area.width().min(area.height()) / 2.0 - pen.width / 2.0).max(0.0);
        if inside != Color32::TRANSPARENT || !stroke.is_empty() {
            // The stroke lies around the radius that is given, half of it inside as in a box.
            let radius = if stroke.is_empty() { radius } else { (radius - pen.width / 2.0).max(0.0) };
            batch.shape(Drawn::Circle(CircleShape { center: area.center(), radius, fill: inside, stroke }));
        }
        if dashed {
            outline::dashed_circle(area.center(), radius, pen, self.scale, batch);
        }
    }

    /// It is a thing, never a surface: its outline is as strong as its words.
    fn draw_triangle(&self, mark: &Mark, area: ScreenRect, batch: &mut Batch) {
        let (inside, pen) = (self.inside(mark), self.pen(mark, self.colour(mark, palette::tone)));
        let pen = if mark.border == Border::None { Pen { width: 0.0, ..pen } } else { pen };
        let dashed = mark.border == Border::Dashed;
        let area = area.shrink(pen.width / 2.0);
        let corners = vec![area.center_top(), area.right_bottom(), area.left_bottom()];
        if dashed {
            outline::closed(&corners, pen, self.scale, batch);
        }
        let stroke = if dashed { Stroke::NONE } else { pen.stroke() };
        if inside != Color32::TRANSPARENT || !stroke.is_empty() {
            batch.shape(PathShape::convex_polygon(corners, inside, stroke).into());
        }
    }

    /// Text at its final size, its capitals centred on the label's place.
    fn draw_label(
        &self,
        setter: &mut Typesetter<'_, '_>,
        mark: &Mark,
        label: &Label,
        area: ScreenRect,
        batch: &mut Batch,
    ) {
        let opacity = mark.opacity * label.opacity;
        let words = label.text.get(self.lang);
        if opacity <= 0.0 || words.is_empty() {
            return;
        }
        let size = label.size * self.scale;
        let galley = setter.galley(words, label.face, size);
        let Some(row) = galley.rows.first() else { return };
        let Some(glyph) = row.glyphs.first() else { return };
        // Where egui puts the baseline of the face itself, whichever font the first glyph is from.
        let drawn_at = glyph.font_ascent + row.size.y - glyph.line_height;
        let offset = vec2(label.offset.x, label.offset.y) * self.scale;
        let x = match label.anchor {
            Anchor::Center => area.center().x - galley.size().x / 2.0,
            Anchor::Left => area.left(),
            Anchor::Right => area.right() - galley.size().x,
        };
        let baseline = area.center().y + offset.y + measure::cap_height(label.face) * size / 2.0;
        let place = pos2(x + offset.x, self.snap_one(baseline) - self.snap_one(drawn_at));
        let ink = self.colour(mark, |theme, tone| palette::ink(theme, label.ink, tone));
        batch.text(TextShape::new(place, galley, colour(ink, opacity)));
    }

    /// The colour of the inside.
    fn inside(&self, mark: &Mark) -> Color32 {
        let now = palette::fill(self.theme, mark.fill, mark.tone);
        let rgb = match mark.fading {
            Some((old, share)) => match (palette::fill(self.theme, mark.fill, old), now) {
                (Some(old), Some(new)) => Some(palette::mix(new, old, share)),
                _ => now,
            },
            None => now,
        };
        rgb.map_or(Color32::TRANSPARENT, |rgb| colour(rgb, mark.opacity))
    }

    /// The pen of an outline on the pixel grid.
    fn line_pen(&self, mark: &Mark) -> Pen {
        let pen = self.pen(mark, self.colour(mark, palette::border));
        let width = if mark.border == Border::None { 0.0 } else { self.snap_one(pen.width) };
        Pen { width, ..pen }
    }

    /// Puts a line that runs level or upright on whole pixels; other lines stay as they are.
    fn upright(&self, points: &mut [Pos2], pen: Pen) -> Pen {
        let [a, b] = points else { return pen };
        let width = self.snap_one(pen.width);
        let on_grid = |v: f32| self.snap_one(v - width / 2.0) + width / 2.0;
        if a.y == b.y {
            (a.y, b.y) = (on_grid(a.y), on_grid(b.y));
        } else if a.x == b.x {
            (a.x, b.x) = (on_grid(a.x), on_grid(b.x));
        } else {
            return pen;
        }
        Pen { width, ..pen }
    }

    /// A pen as wide as the mark's border asks for, never thinner than a pixel.
    fn pen(&self, mark: &Mark, rgb: Rgb) -> Pen {
        let width = if mark.border == Border::Thick { THICK } else { THIN };
        Pen { width: (width * self.scale).max(1.0 / self.pixels_per_point), colour: colour(rgb, mark.opacity) }
    }

    /// A colour that depends on the tone, mixed while the tone changes.
    fn colour(&self, mark: &Mark, of: impl Fn(Theme, Tone) -> Rgb) -> Rgb {
        let now = of(self.theme, mark.tone);
        match mark.fading {
            Some((old, share)) => palette::mix(now, of(self.theme, old), share),
            None => now,
        }
    }

    fn local(&self, mark: &Mark, place: Point) -> Pos2 {
        pos2((place.x - mark.rect.x) * self.scale, (place.y - mark.rect.y) * self.scale)
    }

    fn snap(&self, place: Pos2) -> Pos2 {
        pos2(self.snap_one(place.x), self.snap_one(place.y))
    }

    fn snap_one(&self, points: f32) -> f32 {
        (points * self.pixels_per_point).round() / self.pixels_per_point
    }
}

/// The indices of the marks in the order of drawing: by layer, equal layers as they stand.
pub fn drawing_order(diagram: &Diagram) -> Vec<usize> {
    let mut order: Vec<usize> = (0..diagram.marks.len()).collect();
    order.sort_by_key(|&i| diagram.marks[i].layer);
    order
}

fn colour(rgb: Rgb, opacity: f32) -> Color32 {
    let opaque = theme::color(rgb);
    if opacity >= 1.0 { opaque } else { opaque.gamma_multiply(opacity.max(0.0)) }
}
