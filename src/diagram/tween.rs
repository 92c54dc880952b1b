//! The picture between two pictures: a pure function of both and of how far along it is.

use std::collections::HashMap;

use super::geometry::{bow, on_curve};
use super::{Arrow, Diagram, Label, Mark, Rect, Shape};

/// Share of the way by which leavers are gone.
const GONE_BY: f32 = 0.35;
/// Share of the way from which newcomers appear.
const COME_FROM: f32 = 0.6;
/// Layers by which a moving mark is lifted above those that stand still.
const LIFT: u8 = 100;

/// The picture a share `t` of the way from `from` to `to`, for `t` from 0 (is `from`) to 1 (is `to`).
///
/// Marks are paired by key. Pairs move, on a bowed way if the arriving mark asks for one; marks that leave fade early,
/// newcomers late. Rewinding is the same function with falling `t`.
pub fn tween(from: &Diagram, to: &Diagram, t: f32) -> Diagram {
    if t <= 0.0 {
        return from.clone();
    }
    if t >= 1.0 {
        return to.clone();
    }
    let before: HashMap<&str, &Mark> = from.marks.iter().map(|mark| (&*mark.key, mark)).collect();
    let after: HashMap<&str, &Mark> = to.marks.iter().map(|mark| (&*mark.key, mark)).collect();
    let leaving = (1.0 - t / GONE_BY).clamp(0.0, 1.0);
    let coming = ((t - COME_FROM) / (1.0 - COME_FROM)).clamp(0.0, 1.0);
    let mut marks = Vec::with_capacity(to.marks.len() + 8);
    if leaving > 0.0 {
        let gone = from.marks.iter().filter(|mark| !after.contains_key(&*mark.key));
        marks.extend(gone.map(|mark| Mark { opacity: mark.opacity * leaving, ..mark.clone() }));
    }
    for mark in &to.marks {
        match before.get(&*mark.key) {
            Some(old) => marks.push(between(old, mark, t)),
            None if coming > 0.0 => marks.push(Mark { opacity: mark.opacity * coming, ..mark.clone() }),
            None => {}
        }
    }
    Diagram { marks }
}

/// How far a movement has come when a share `t` of its time has passed: slow, fast, slow (a smooth cubic).
///
/// The window and every film ease by this function before they call [`tween`].
pub fn ease(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn between(old: &Mark, new: &Mark, t: f32) -> Mark {
    if old == new {
        return new.clone();
    }
    let moves = old.rect.center().distance(new.rect.center()) > 1.0;
    let mut mark = new.clone();
    mark.rect = way(old.rect, new.rect, new.bend, t);
    mark.opacity = old.opacity + (new.opacity - old.opacity) * t;
    if moves && !matches!(new.shape, Shape::Arrow(_)) {
        mark.layer = new.layer.saturating_add(LIFT);
    }
    if old.tone != new.tone || old.fill != new.fill {
        mark.fading = Some((old.tone, 1.0 - t));
        if t < 0.5 {
            mark.fill = old.fill;
            mark.border = old.border;
        }
    }
    mark.shape = reshaped(&old.shape, &new.shape, t);
    mark.labels = relabelled(&old.labels, &new.labels, t);
    mark
}

fn way(old: Rect, new: Rect, bend: f32, t: f32) -> Rect {
    let straight = old.lerp(new, t);
    if bend == 0.0 {
        return straight;
    }
    let (a, b) = (old.center(), new.center());
    let place = on_curve(a, bow(a, b, bend), b, t);
    let now = straight.center();
    straight.shifted(place.x - now.x, place.y - now.y)
}

fn reshaped(old: &Shape, new: &Shape, t: f32) -> Shape {
    match (old, new) {
        (Shape::Arrow(a), Shape::Arrow(b)) => {
            let curve = std::array::from_fn(|i| a.curve[i].lerp(b.curve[i], t));
            Shape::Arrow(Arrow { curve, ..b.clone() })
        }
        (Shape::Line { points: a }, Shape::Line { points: b }) if a.len() == b.len() => {
            Shape::Line { points: a.iter().zip(b).map(|(a, b)| a.lerp(*b, t)).collect() }
        }
        _ => new.clone(),
    }
}

/// Words that stay about where they are glide; the others give way at half time, so that the two are never over each
/// other.
fn relabelled(old: &[Label], new: &[Label], t: f32) -> Vec<Label> {
    let mut gone: Vec<&Label> = old.iter().collect();
    let mut labels = Vec::with_capacity(new.len());
    let coming = (2.0 * t - 1.0).max(0.0);
    for label in new {
        match gone.iter().position(|before| stays(before, label)) {
            Some(at) => {
                let before = gone.remove(at);
                let offset = before.offset.lerp(label.offset, t);
                let size = before.size + (label.size - before.size) * t;
                labels.push(Label { offset, size, ..label.clone() });
            }
            None => labels.push(Label { opacity: label.opacity * coming, ..label.clone() }),
        }
    }
    let leaving = (1.0 - 2.0 * t).max(0.0);
    labels.extend(gone.into_iter().map(|label| Label { opacity: label.opacity * leaving, ..label.clone() }));
    labels.retain(|label| label.opacity > 0.0);
    labels
}

/// Whether these are the same words in about the same place of their mark.
fn stays(old: &Label, new: &Label) -> bool {
    old.text == new.text && old.anchor == new.anchor && old.offset.distance(new.offset) < new.size * 1.5
}
