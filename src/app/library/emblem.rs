//! A scene's emblem: what its picture is about at one of its stops, near enough to be read on a card.

use std::sync::Arc;

use crate::diagram::{CANVAS_W, Diagram, Fill, Mark, Point, Rect, Shape, Size, Tone, rect};
use crate::scene::{Grain, Run};

/// Height of an emblem as a share of its width.
pub const SHAPE: f32 = 0.475;
/// Width of the part of the canvas that an emblem shows at least, in units: what is smaller stands in its middle.
const NEAR: f32 = 620.0;

/// The stop whose picture says most of the scene, and that picture with the part of the canvas that is shown of it.
pub fn emblem(run: &dyn Run) -> (usize, Arc<Diagram>, Rect) {
    let stops = run.story().marks(Grain::Stop);
    // The last stop is where all is over, the first one where nothing has happened yet.
    let inner = match stops.len() {
        0..=2 => &stops[..],
        n => &stops[1..n - 1],
    };
    let looked_at = inner.iter().map(|at| {
        let picture = run.picture(*at, Size::Window);
        let (part, worth) = part(&picture);
        (worth, *at, picture, part)
    });
    let best = looked_at.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or_else(
        || {
            let picture = run.picture(0, Size::Window);
            let (part, _) = part(&picture);
            (0, picture, part)
        },
        |(_, at, picture, part)| (at, picture, part),
    )
}

/// The part of a picture that holds most of what its step touches, and how much that is.
fn part(picture: &Diagram) -> (Rect, f32) {
    let lit: Vec<&Mark> = picture.marks.iter().filter(|mark| is_lit(mark)).collect();
    let whole = Size::Window.area();
    let worth = |part: Rect| lit.iter().filter(|mark| part.holds(mark.rect)).map(|mark| value(mark)).sum::<f32>();
    let best = lit.iter().map(|mark| around(mark.rect.center())).map(|part| (part, worth(part)));
    let best = best.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let Some((part, worth)) = best else {
        return (rect(0.0, whole.y - 20.0, CANVAS_W, CANVAS_W * SHAPE), 0.0);
    };
    (centred(part, &lit), worth)
}

/// The part moved so that what it holds lies in its middle.
fn centred(part: Rect, lit: &[&Mark]) -> Rect {
    let held = lit.iter().map(|mark| mark.rect).filter(|place| part.holds(*place));
    let Some(all) = held.reduce(|a, b| a.union(b)) else { return part };
    around(all.center())
}

/// The part of the canvas around a place, as far as the canvas goes.
fn around(center: Point) -> Rect {
    let (area, w, h) = (Size::Window.area(), NEAR, NEAR * SHAPE);
    let x = (center.x - w / 2.0).clamp(0.0, CANVAS_W - w);
    let y = (center.y - h / 2.0).clamp(area.y - 20.0, area.bottom() + 10.0 - h);
    rect(x, y, w, h)
}

fn is_lit(mark: &Mark) -> bool {
    let toned = !matches!(mark.tone, Tone::Plain | Tone::Faint);
    let small = mark.rect.w < NEAR && mark.rect.h < NEAR * SHAPE;
    toned && small && !matches!(mark.shape, Shape::Arrow(_)) && mark.seen_at(1.0)
}

/// What is filled catches the eye, and what moves or went wrong tells more than what is looked at.
fn value(mark: &Mark) -> f32 {
    let filled = if matches!(mark.fill, Fill::Tint | Fill::Solid) { 2.0 } else { 1.0 };
    match mark.tone {
        Tone::Bad | Tone::Moved => filled * 2.0,
        Tone::Active => filled * 1.5,
        _ => filled,
    }
}
