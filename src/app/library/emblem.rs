//! A scene's emblem: what its picture is about at one of its stops, near enough to be read on a card.

use std::sync::Arc;

use crate::diagram::{CANVAS_W, Diagram, Fill, Mark, Rect, Shape, Size, Tone, rect};
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
    let near = rect(0.0, 0.0, NEAR, NEAR * SHAPE);
    let around = |mark: &Mark| {
        let center = mark.rect.center();
        let x = (center.x - near.w / 2.0).clamp(0.0, CANVAS_W - near.w);
        let y = (center.y - near.h / 2.0).clamp(whole.y - 20.0, whole.y + whole.h + 10.0 - near.h);
        rect(x, y, near.w, near.h)
    };
    let worth = |part: Rect| lit.iter().filter(|mark| part.holds(mark.rect)).map(|mark| value(mark)).sum::<f32>();
    let best = lit.iter().map(|mark| around(mark)).map(|part| (part, worth(part)));
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
    let center = all.center();
    let area = Size::Window.area();
    let x = (center.x - part.w / 2.0).clamp(0.0, CANVAS_W - part.w);
    let y = (center.y - part.h / 2.0).clamp(area.y - 20.0, area.y + area.h + 10.0 - part.h);
    rect(x, y, part.w, part.h)
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
