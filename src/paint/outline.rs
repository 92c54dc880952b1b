//! Lines that are more than a stroke: dashes, dots, arrow heads. All lengths in points unless said otherwise.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use egui::epaint::{Mesh, PathShape, PathStroke};
use egui::{Color32, Pos2, Rect, Shape, Vec2, pos2, vec2};

use super::batch::Batch;
use super::pen::Pen;

/// Length of a dash, in canvas units.
const DASH: f32 = 5.0;
/// Room between dashes, in canvas units.
const GAP: f32 = 4.5;
/// Distance of the dots of a dotted curve, in canvas units.
const DOTS: f32 = 8.0;
/// Radius of such a dot, in canvas units.
const DOT: f32 = 1.35;
/// Length of an arrow's head, in canvas units.
const HEAD: f32 = 13.0;
/// Half the width of an arrow's head, in canvas units.
const HEAD_SIDE: f32 = 5.2;
/// Straight pieces of a curve.
const PIECES: usize = 40;

/// A line through points.
pub fn open(points: &[Pos2], pen: Pen, dashed: bool, scale: f32, batch: &mut Batch) {
    if dashed {
        let count = pieces(length(points), scale).max(1);
        dash(points, count as f32 * (DASH + GAP) - GAP, count, pen, batch);
    } else {
        batch.shape(Shape::line(points.to_vec(), pen.stroke()));
    }
}

/// A dashed line around a polygon, as many dashes as close it evenly.
pub fn closed(corners: &[Pos2], pen: Pen, scale: f32, batch: &mut Batch) {
    let Some(&first) = corners.first() else { return };
    for (i, &corner) in corners.iter().enumerate() {
        let side = [corner, corners.get(i + 1).copied().unwrap_or(first)];
        let count = pieces(length(&side), scale).max(1);
        // Each side begins and ends with half a dash, so that the corners are whole.
        let period = length(&side) / count as f32;
        let half = period * DASH / (DASH + GAP) / 2.0;
        let way = (side[1] - side[0]).normalized();
        for n in 0..=count {
            let middle = n as f32 * period;
            let from = (middle - half).max(0.0);
            let to = (middle + half).min(count as f32 * period);
            batch.shape(Shape::line_segment([side[0] + way * from, side[0] + way * to], pen.stroke()));
        }
    }
}

/// A dashed circle, as many dashes as close it evenly.
pub fn dashed_circle(center: Pos2, radius: f32, pen: Pen, scale: f32, batch: &mut Batch) {
    let count = pieces(TAU * radius, scale).max(6);
    let period = TAU / count as f32;
    let share = DASH / (DASH + GAP);
    for n in 0..count {
        let from = (n as f32 - share / 2.0) * period;
        batch.shape(Shape::line(arc(center, radius, from, from + share * period, 4), pen.stroke()));
    }
}

/// A dashed box: whole corners, and even dashes on whole pixels between them.
pub fn dashed_box(area: Rect, radius: f32, pen: Pen, scale: f32, pixels_per_point: f32, mesh: &mut Mesh) {
    let inner = area.shrink(pen.width / 2.0);
    let bend = (radius - pen.width / 2.0).max(0.0);
    if bend > 0.0 {
        let centers = [
            (pos2(area.right() - radius, area.bottom() - radius), 0.0),
            (pos2(area.left() + radius, area.bottom() - radius), FRAC_PI_2),
            (pos2(area.left() + radius, area.top() + radius), PI),
            (pos2(area.right() - radius, area.top() + radius), PI + FRAC_PI_2),
        ];
        for (center, from) in centers {
            corner(mesh, center, bend, from, pen, 1.0 / pixels_per_point);
        }
    }
    let snap = |v: f32| (v * pixels_per_point).round() / pixels_per_point;
    let mut side = |from: f32, to: f32, place: &dyn Fn(f32, f32) -> Rect| {
        // The corner counts as the dash before the first gap and after the last one.
        let room = to - from;
        let count = (((room - GAP * scale) / ((DASH + GAP) * scale)).round()).max(0.0);
        if room <= GAP * scale {
            return;
        }
        let gap = (room - count * DASH * scale) / (count + 1.0);
        for n in 0..count as usize {
            let start = from + gap + n as f32 * (DASH * scale + gap);
            mesh.add_colored_rect(place(snap(start), snap(start + DASH * scale)), pen.colour);
        }
    };
    let (left, right) = (area.left() + radius, area.right() - radius);
    let (top, bottom) = (area.top() + radius, area.bottom() - radius);
    let w = pen.width;
    side(left, right, &|a, b| Rect::from_min_max(pos2(a, area.top()), pos2(b, area.top() + w)));
    side(left, right, &|a, b| Rect::from_min_max(pos2(a, area.bottom() - w), pos2(b, area.bottom())));
    side(top, bottom, &|a, b| Rect::from_min_max(pos2(area.left(), a), pos2(area.left() + w, b)));
    side(top, bottom, &|a, b| Rect::from_min_max(pos2(area.right() - w, a), pos2(area.right(), b)));
    if bend == 0.0 {
        for corner in [inner.left_top(), inner.right_top(), inner.left_bottom(), inner.right_bottom()] {
            mesh.add_colored_rect(Rect::from_center_size(corner, Vec2::splat(w)), pen.colour);
        }
    }
}

/// Adds a filled box with round corners and its line just inside of it (none if the pen has no width). The tessellator's
/// own has twice as many points in a corner as anybody can see, and a picture has hundreds of boxes.
pub fn rounded_box(area: Rect, radius: f32, inside: Color32, pen: Pen, pixels_per_point: f32, mesh: &mut Mesh) {
    let soft = 1.0 / pixels_per_point;
    let radius = radius.min(area.width() / 2.0).min(area.height() / 2.0);
    let pieces = (radius / soft / 2.0).ceil().clamp(2.0, 12.0) as u32;
    // From nothing through the line to the inside.
    let line = across(pen, soft);
    let edge = [(-soft / 2.0, Color32::TRANSPARENT), (soft / 2.0, inside)];
    let (rings, start) = if pen.width > 0.0 { (&*line, pen.width / 2.0) } else { (&edge[..], 0.0) };
    let (round, deep) = (4 * (pieces + 1), rings.len() as u32);
    mesh.reserve_vertices((round * deep) as usize);
    mesh.reserve_triangles((round * (2 * deep - 1)) as usize);
    let inner = area.shrink(radius);
    let corners = [inner.right_bottom(), inner.left_bottom(), inner.left_top(), inner.right_top()];
    for (quarter, center) in corners.into_iter().enumerate() {
        for i in 0..=pieces {
            let way = Vec2::angled(FRAC_PI_2 * (quarter as f32 + i as f32 / pieces as f32));
            for (ring, &(depth, colour)) in rings.iter().enumerate() {
                let colour = if ring + 1 == rings.len() { inside } else { colour };
                mesh.colored_vertex(center + way * (radius - start - depth), colour);
            }
        }
    }
    for i in 0..round {
        let (here, next) = (i * deep, (i + 1) % round * deep);
        for ring in 0..deep - 1 {
            mesh.add_triangle(here + ring, here + ring + 1, next + ring);
            mesh.add_triangle(here + ring + 1, next + ring, next + ring + 1);
        }
    }
    if inside != Color32::TRANSPARENT {
        let last = deep - 1;
        for i in 1..round - 1 {
            mesh.add_triangle(last, i * deep + last, (i + 1) * deep + last);
        }
    }
}

/// Across a line, its edges softened over `soft` points as the tessellator does it: how far from its middle, in which
/// colour. A line thinner than the softened edge is as much fainter.
fn across(pen: Pen, soft: f32) -> Vec<(f32, Color32)> {
    let colour = if pen.width < soft { pen.colour.gamma_multiply(pen.width / soft) } else { pen.colour };
    let (whole, faded) = ((pen.width - soft).max(0.0) / 2.0, (pen.width.max(soft) + soft) / 2.0);
    let mut across =
        vec![(-faded, Color32::TRANSPARENT), (-whole, colour), (whole, colour), (faded, Color32::TRANSPARENT)];
    // Where no part of it is whole, its middle is one row of points.
    if whole == 0.0 {
        across.remove(1);
    }
    across
}

/// Adds a quarter of a circle's line, `from` an angle.
fn corner(mesh: &mut Mesh, center: Pos2, radius: f32, from: f32, pen: Pen, soft: f32) {
    let pieces = (radius / soft / 2.0).ceil().clamp(2.0, 8.0) as u32;
    let across = across(pen, soft);
    let (first, wide) = (mesh.vertices.len() as u32, across.len() as u32);
    for i in 0..=pieces {
        let way = Vec2::angled(from + FRAC_PI_2 * i as f32 / pieces as f32);
        for &(off, colour) in &across {
            mesh.colored_vertex(center + way * (radius + off).max(0.0), colour);
        }
    }
    for i in 0..pieces {
        for strip in 0..wide - 1 {
            let a = first + wide * i + strip;
            mesh.add_triangle(a, a + 1, a + wide);
            mesh.add_triangle(a + 1, a + wide, a + wide + 1);
        }
    }
}

/// A quadratic curve, whole or dotted, with or without a head at its end.
pub fn arrow(curve: [Pos2; 3], head: bool, dotted: bool, pen: Pen, scale: f32, batch: &mut Batch) {
    let [from, control, end] = curve;
    let way = (end - if (end - control).length() > 1e-3 { control } else { from }).normalized();
    let reach = if head { (HEAD * scale).min((end - from).length() * 0.6) } else { 0.0 };
    let neck = end - way * (reach * 0.8);
    let points: Vec<Pos2> = (0..=PIECES).map(|i| on_curve([from, control, neck], i as f32 / PIECES as f32)).collect();
    if dotted {
        dots(&points, pen, scale, batch);
    } else {
        batch.shape(Shape::line(points, pen.stroke()));
    }
    if head && reach > 0.0 {
        let side = vec2(-way.y, way.x) * (reach * HEAD_SIDE / HEAD);
        let base = end - way * reach;
        let corners = vec![end, base + side, base - side];
        batch.shape(PathShape::convex_polygon(corners, pen.colour, PathStroke::NONE).into());
    }
}

/// Dots at even distances, the first and the last at the ends.
fn dots(points: &[Pos2], pen: Pen, scale: f32, batch: &mut Batch) {
    let count = (length(points) / (DOTS * scale)).round().max(1.0);
    let radius = (DOT * scale).max(pen.width * 0.55);
    let period = length(points) / count;
    let mut walk = Walk::new(points);
    for n in 0..=count as usize {
        batch.shape(Shape::circle_filled(walk.at(n as f32 * period), radius, pen.colour));
    }
}

/// `count` dashes along a line whose length is `units` when a dash is [`DASH`] long.
fn dash(points: &[Pos2], units: f32, count: usize, pen: Pen, batch: &mut Batch) {
    let unit = length(points) / units;
    let mut walk = Walk::new(points);
    for n in 0..count {
        let from = n as f32 * (DASH + GAP) * unit;
        let mut piece = vec![walk.at(from)];
        let to = walk.at_collecting(from + DASH * unit, &mut piece);
        piece.push(to);
        batch.shape(Shape::line(piece, pen.stroke()));
    }
}

/// How many dashes with their gaps fit a length.
fn pieces(length: f32, scale: f32) -> usize {
    (length / ((DASH + GAP) * scale).max(1e-3)).round().clamp(0.0, 4096.0) as usize
}

fn length(points: &[Pos2]) -> f32 {
    points.windows(2).map(|pair| (pair[1] - pair[0]).length()).sum()
}

fn on_curve([a, control, b]: [Pos2; 3], t: f32) -> Pos2 {
    a.lerp(control, t).lerp(control.lerp(b, t), t)
}

fn arc(center: Pos2, radius: f32, from: f32, to: f32, pieces: usize) -> Vec<Pos2> {
    let at = |i: usize| center + radius * Vec2::angled(from + (to - from) * i as f32 / pieces as f32);
    (0..=pieces).map(at).collect()
}

/// A walk along a line; distances must not fall.
struct Walk<'a> {
    points: &'a [Pos2],
    /// The piece that the walk is on, and how far its start is from the line's.
    piece: usize,
    passed: f32,
}

impl<'a> Walk<'a> {
    fn new(points: &'a [Pos2]) -> Walk<'a> {
        Walk { points, piece: 0, passed: 0.0 }
    }

    /// The place `distance` along the line.
    fn at(&mut self, distance: f32) -> Pos2 {
        self.at_collecting(distance, &mut Vec::new())
    }

    /// The same, and the corners passed on the way there.
    fn at_collecting(&mut self, distance: f32, corners: &mut Vec<Pos2>) -> Pos2 {
        while let [a, b, rest @ ..] = &self.points[self.piece..] {
            let (a, b, last) = (*a, *b, rest.is_empty());
            let long = (b - a).length();
            if distance <= self.passed + long || last {
                let share = if long > 0.0 { ((distance - self.passed) / long).clamp(0.0, 1.0) } else { 0.0 };
                return a.lerp(b, share);
            }
            corners.push(b);
            self.passed += long;
            self.piece += 1;
        }
        self.points.last().copied().unwrap_or(Pos2::ZERO)
    }
}
