//! The way that stolen goroutines take, around what is written in the cards; and whom sysmon acts on.

use super::super::event::Event;
use super::Shown;
use crate::diagram::parts::{pointer, way};
use crate::diagram::{Diagram, Point, Rect, Tone, point};
use crate::text::Text;

/// Draws the ways of this step.
pub fn draw(shown: &Shown, picture: &mut Diagram) {
    match shown.event {
        Some(Event::VictimFound { p, victim, n, .. } | Event::StealCopied { p, victim, n, .. }) => {
            let head = shown.m.ps[*victim as usize].runqhead;
            slots(shown, (*victim, head, *n), *p, picture);
        }
        Some(Event::StealCommitted { p, victim, n, head, .. }) => {
            slots(shown, (*victim, head.wrapping_sub(*n), *n), *p, picture);
        }
        Some(Event::RunnextStolen { p, victim, g, .. }) => next(*victim, *p, *g, picture),
        _ if shown.sends().is_some() => watches(shown, picture),
        _ => {}
    }
}

/// From sysmon's card to the P beside it.
fn watches(shown: &Shown, picture: &mut Diagram) {
    let [p] = shown.focus.ps[..] else { return };
    let key = format!("p/{p}");
    let (Some(from), Some(to)) = (place(picture, "sysmon"), place(picture, &key)) else { return };
    // What stands between them is not crossed.
    if shown.m.ps.len() == 1 {
        let y = from.center().y;
        let about = Text::new(format!("sysmon acts on P{p}"), format!("sysmon 对 P{p} 动手"));
        way(picture, "sysmon/act", &key, &[point(from.x, y), point(to.right(), y)], shown.tone, about);
    }
}

fn place(picture: &Diagram, key: &str) -> Option<Rect> {
    picture.get(key).map(|mark| mark.rect)
}

fn about(victim: u32, p: u32) -> Text {
    Text::new(format!("P{p} steals from P{victim}"), format!("P{p} 从 P{victim} 偷取"))
}

/// The slot of an index: where all have room, it goes by the index, else by the order.
fn slot(shown: &Shown, p: u32, index: u32, picture: &Diagram) -> Option<(String, Rect)> {
    let key = format!("p/{p}/ring/slot/");
    let n = picture.marks.iter().filter(|mark| mark.key.starts_with(&key)).count().max(1);
    let long = picture.get(&format!("p/{p}/ring/all")).is_some();
    let at = if long {
        index.wrapping_sub(shown.m.ps[p as usize].runqhead).min(n as u32 - 1) as usize
    } else {
        index as usize % n
    };
    let key = format!("{key}{at}");
    Some((key.clone(), place(picture, &key)?))
}

/// From the victim's first slots to the first one behind the thief's tail, below both rings.
fn slots(shown: &Shown, (victim, head, n): (u32, u32, u32), p: u32, picture: &mut Diagram) {
    let tail = shown.m.ps[p as usize].runqtail;
    let from = slot(shown, victim, head.wrapping_add(n.saturating_sub(1) / 2), picture);
    let (Some((_, from)), Some((key, to))) = (from, slot(shown, p, tail, picture)) else {
        return pointer(picture, "theft", &format!("p/{victim}"), &format!("p/{p}"), Tone::Moved);
    };
    let below = |p: u32| Some(place(picture, &format!("p/{p}/ring"))?.bottom() + to.h * 0.24);
    let (Some(low), Some(lower)) = (below(victim), below(p)) else { return };
    // Between two slots, so that the way covers nobody.
    let middle = to.center().x;
    let out = from.right() + 2.0;
    let into = if free(picture, middle, to.bottom(), lower) { middle } else { to.x - 2.0 };
    let mut corners = vec![point(out, from.bottom()), point(out, low)];
    corners.extend(turn(victim, p, low, lower, picture));
    corners.extend([point(into, lower), point(into, to.bottom())]);
    way(picture, "theft", &key, &corners, Tone::Moved, about(victim, p));
}

/// Whether nobody stands below a slot.
fn free(picture: &Diagram, x: f32, from: f32, to: f32) -> bool {
    let tokens = picture.marks.iter().filter(|mark| mark.layer >= 19 && !mark.labels.is_empty());
    !tokens.map(|mark| mark.rect).any(|at| at.x < x && x < at.right() && at.y < to && from < at.bottom())
}

/// From one free line to another, through the gutter beside the thief's card.
fn turn(victim: u32, p: u32, low: f32, lower: f32, picture: &Diagram) -> Vec<Point> {
    let card = |p: u32| place(picture, &format!("p/{p}"));
    let (Some(from), Some(to)) = (card(victim), card(p)) else { return Vec::new() };
    if (low - lower).abs() < 1.0 {
        return Vec::new();
    }
    let x = if from.x < to.x { to.x - 6.0 } else { to.right() + 6.0 };
    vec![point(x, low), point(x, lower)]
}

/// From the victim's `runnext` to the thief's hand.
fn next(victim: u32, p: u32, g: u32, picture: &mut Diagram) {
    let key = format!("g/{g}");
    let (Some(from), Some(to)) = (place(picture, &format!("p/{victim}/runnext")), place(picture, &key)) else { return };
    let aside = from.h * 0.12;
    let (low, lower) = (from.bottom() + aside, to.bottom() + aside + (from.h - to.h) / 2.0);
    let mut corners = vec![point(from.center().x, from.bottom()), point(from.center().x, low)];
    corners.extend(turn(victim, p, low, lower, picture));
    corners.extend([point(to.center().x, lower), point(to.center().x, to.bottom())]);
    way(picture, "theft", &key, &corners, Tone::Moved, about(victim, p));
}
