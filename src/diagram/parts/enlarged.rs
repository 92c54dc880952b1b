//! A picture as large as its place allows.

use super::{Need, Part};
use crate::diagram::{Diagram, Label, Mark, Point, Rect, Shape, Size, point, rect};

/// A part with all that is in it, enlarged as long as it has all the room it wants.
pub struct Enlarged<P> {
    part: P,
    most: f32,
}

/// A part that is drawn up to `most` times as large as usual. How large depends on the room that it wants, so that should
/// be the same in all pictures of a run.
pub fn enlarged<P: Part>(part: P, most: f32) -> Enlarged<P> {
    Enlarged { part, most }
}

/// How often the range of possible enlargements is halved.
const HALVINGS: usize = 6;

impl<P: Part> Enlarged<P> {
    fn zoom(&self, place: Rect, size: Size) -> f32 {
        let fits = |by: f32| {
            let need = self.part.need(place.w / by, size);
            need.w.wanted * by <= place.w && need.h.wanted * by <= place.h
        };
        if fits(self.most) {
            return self.most;
        }
        let (mut low, mut high) = (1.0, self.most);
        for _ in 0..HALVINGS {
            let middle = f32::midpoint(low, high);
            if fits(middle) { low = middle } else { high = middle }
        }
        low
    }
}

impl<P: Part> Part for Enlarged<P> {
    fn need(&self, room: f32, size: Size) -> Need {
        self.part.need(room, size)
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let by = self.zoom(place, size);
        let mut own = Diagram::new();
        self.part.draw(rect(place.x, place.y, place.w / by, place.h / by), size, &mut own);
        picture.marks.extend(own.marks.into_iter().map(|mark| scaled(mark, point(place.x, place.y), by)));
    }
}

/// A mark `by` times as far from `origin` and as large.
fn scaled(mark: Mark, origin: Point, by: f32) -> Mark {
    let at = |p: Point| point(origin.x + (p.x - origin.x) * by, origin.y + (p.y - origin.y) * by);
    let corner = at(point(mark.rect.x, mark.rect.y));
    let place = rect(corner.x, corner.y, mark.rect.w * by, mark.rect.h * by);
    let label = |label: Label| Label {
        size: label.size * by,
        offset: point(label.offset.x * by, label.offset.y * by),
        ..label
    };
    let shape = match mark.shape {
        Shape::Box { radius } => Shape::Box { radius: radius * by },
        Shape::Line { points } => Shape::Line { points: points.into_iter().map(at).collect() },
        Shape::Arrow(mut arrow) => {
            arrow.curve = arrow.curve.map(at);
            Shape::Arrow(arrow)
        }
        other => other,
    };
    Mark { rect: place, labels: mark.labels.into_iter().map(label).collect(), shape, ..mark }
}
