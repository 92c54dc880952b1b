//! The way that something takes: around words, with round corners.

use super::pointer::arrow_mark;
use crate::diagram::geometry::on_curve;
use crate::diagram::{Arrow, Border, Diagram, Fill, Key, Mark, Point, Shape, Tone, rect};
use crate::text::Text;

/// Radius of a corner, in units.
const ROUND: f32 = 14.0;
/// Places on a corner.
const SMOOTH: usize = 5;

/// Draws a dashed way through these corners, with a head at its end, which lies on the mark `to`.
pub fn way(picture: &mut Diagram, key: &str, to: &str, corners: &[Point], tone: Tone, about: Text) {
    let (Some(to), [first, .., before, last]) = (picture.get(to).map(|mark| mark.key.clone()), corners) else { return };
    let points = rounded(corners);
    let around = points.iter().fold(rect(first.x, first.y, 0.0, 0.0), |all, p| all.union(rect(p.x, p.y, 0.0, 0.0)));
    let line = Mark::new(key.to_owned(), around).shape(Shape::Line { points }).fill(Fill::None).tone(tone);
    let line = line.border(Border::Dashed).layer(32).about(about);
    let back = last.lerp(*before, (10.0 / last.distance(*before).max(1.0)).min(1.0));
    let from: Key = line.key.clone();
    let arrow = Arrow { from, to, curve: [back, back.lerp(*last, 0.5), *last], head: true, dotted: false };
    let head = arrow_mark(format!("{key}/head").into(), arrow, tone);
    picture.push(line);
    picture.push(head.layer(33));
}

/// The corners cut round, as far as the lines between them allow.
fn rounded(corners: &[Point]) -> Vec<Point> {
    let mut points = vec![corners[0]];
    for three in corners.windows(3) {
        let [a, b, c] = [three[0], three[1], three[2]];
        let reach = |other: Point| (ROUND / b.distance(other).max(0.1)).min(0.5);
        let (into, out) = (b.lerp(a, reach(a)), b.lerp(c, reach(c)));
        points.extend((0..=SMOOTH).map(|i| on_curve(into, b, out, i as f32 / SMOOTH as f32)));
    }
    points.extend(corners.last());
    points
}
