//! Pointers between what parts have drawn.

use crate::diagram::{Arrow, Border, Diagram, Fill, Key, Mark, Point, Rect, Shape, Tone, point, rect};

/// Draws a pointer from one mark to another, from the sides that face each other. A mark that has no room on the canvas now
/// has no pointer either.
pub fn pointer(picture: &mut Diagram, key: impl Into<Key>, from: &str, to: &str, tone: Tone) {
    let seen = |key: &str| picture.get(key).filter(|mark| mark.seen_at(1.0));
    let (Some(a), Some(b)) = (seen(from), seen(to)) else { return };
    let curve = facing(a.rect, b.rect);
    let arrow = Arrow { from: a.key.clone(), to: b.key.clone(), curve, head: true, dotted: false };
    picture.push(arrow_mark(key.into(), arrow, tone));
}

/// Draws the way something took from one mark to another: dashed, upright to the gutter between two other marks that stand
/// above and below each other, along it, and upright again, so that it runs over nothing.
pub fn trail(picture: &mut Diagram, key: &str, [from, to]: [&str; 2], gutter: [&str; 2], tone: Tone) {
    let seen = |key: &str| picture.get(key).filter(|mark| mark.seen_at(1.0));
    let ([Some(a), Some(b)], [Some(above), Some(below)]) = ([from, to].map(seen), gutter.map(seen)) else { return };
    let y = f32::midpoint(above.rect.bottom(), below.rect.y);
    let edge = |mark: &Mark| {
        let middle = mark.rect.center();
        point(middle.x, if middle.y < y { mark.rect.bottom() } else { mark.rect.y })
    };
    let (start, end) = (edge(a), edge(b));
    let turn = point(end.x, y);
    let points = vec![start, point(start.x, y), turn];
    let around = rect(start.x.min(end.x), start.y.min(y), (start.x - end.x).abs(), (start.y - y).abs());
    let line = Mark::new(key, around).shape(Shape::Line { points }).tone(tone).fill(Fill::None);
    let curve = [turn, turn.lerp(end, 0.5), end];
    let arrow = Arrow { from: line.key.clone(), to: b.key.clone(), curve, head: true, dotted: false };
    picture.push(line.border(Border::Dashed).layer(15));
    picture.push(arrow_mark(format!("{key}/head").into(), arrow, tone));
}

/// An arrow as a mark.
pub fn arrow_mark(key: Key, arrow: Arrow, tone: Tone) -> Mark {
    let [first, ..] = arrow.curve;
    let around = arrow.curve.iter().fold(rect(first.x, first.y, 0.0, 0.0), |r, p| r.union(rect(p.x, p.y, 0.0, 0.0)));
    Mark::new(key, around).shape(Shape::Arrow(arrow)).fill(Fill::None).tone(tone).layer(15)
}

/// From the side of one rectangle to the side of the other that faces it; level or upright where both allow it.
fn facing(a: Rect, b: Rect) -> [Point; 3] {
    let (start, end) = if a.right() <= b.x {
        (point(a.right(), a.center().y), point(b.x, b.center().y))
    } else if b.right() <= a.x {
        (point(a.x, a.center().y), point(b.right(), b.center().y))
    } else if a.bottom() <= b.y {
        (point(a.center().x, a.bottom()), point(b.center().x, b.y))
    } else {
        (point(a.center().x, a.y), point(b.center().x, b.bottom()))
    };
    let sideways = a.right() <= b.x || b.right() <= a.x;
    let middle = start.lerp(end, 0.5);
    let control = if sideways { point(middle.x, start.y) } else { point(start.x, middle.y) };
    [start, control, end]
}
