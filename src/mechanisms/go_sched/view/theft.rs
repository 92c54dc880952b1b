//! The way that stolen goroutines take, around the cards.

use super::super::event::Event;
use super::plan::{Layout, Plan, Size};
use super::tokens::Crowd;
use crate::diagram::{Arrow, Border, Diagram, Fill, Mark, Point, Rect, Shape, Tone, point, rect};
use crate::text::Text;

/// Draws the way from the victim's slots, or from its `runnext`, to where they land.
pub fn draw(layout: &Layout, crowd: &Crowd, picture: &mut Diagram) {
    let (Some(victim), Some(p)) = (crowd.focus.victim, crowd.focus.p) else { return };
    let plan = |number: u32| layout.cards.iter().find(|(p, _)| *p == number).map(|(_, plan)| plan);
    let (Some(from), Some(to)) = (plan(victim), plan(p)) else { return };
    let about = Text::new(format!("P{p} steals from P{victim}"), format!("P{p} 从 P{victim} 偷取"));
    let heads = &crowd.machine.ps()[victim as usize];
    match crowd.event {
        Some(Event::VictimFound { .. } | Event::StealCopied { .. } | Event::StealCommitted { .. })
        | Some(Event::RunnextStolen { .. })
            if from.size != Size::Full && from.size != Size::Short =>
        {
            across(victim, p, &about, picture);
        }
        Some(Event::VictimFound { n, .. } | Event::StealCopied { n, .. }) => {
            slots(crowd, (victim, from, heads.runqhead, *n), (p, to), &about, picture);
        }
        Some(Event::StealCommitted { n, .. }) => {
            slots(crowd, (victim, from, heads.runqhead.wrapping_sub(*n), *n), (p, to), &about, picture);
        }
        Some(Event::RunnextStolen { g, m, .. }) => next(victim, from, to, (*m, *g), &about, picture),
        _ => {}
    }
}

/// From card to card.
fn across(victim: u32, p: u32, about: &Text, picture: &mut Diagram) {
    let get = |p: u32| picture.get(&format!("p/{p}"));
    let (Some(from), Some(to)) = (get(victim), get(p)) else { return };
    let mut way = Mark::arrow("theft", from, to, 0.1).tone(Tone::Moved).border(Border::Thick);
    if let Shape::Arrow(arrow) = &mut way.shape {
        arrow.dotted = true;
    }
    picture.push(way.about(about.clone()));
}

/// From the victim's first slots to the first one behind the thief's tail, below both rings.
fn slots(
    crowd: &Crowd,
    (victim, from, head, n): (u32, &Plan, u32, u32),
    (p, to): (u32, &Plan),
    about: &Text,
    picture: &mut Diagram,
) {
    let key = |p: u32, plan: &Plan, index: u32| {
        let strip = format!("p/{p}/strip");
        let cell = || format!("p/{p}/slot/{}", index as usize % (plan.columns * plan.rows));
        if picture.get(&strip).is_some() { strip } else { cell() }
    };
    let first = picture.get(&key(victim, from, head)).map(|mark| mark.rect);
    let last = picture.get(&key(victim, from, head.wrapping_add(n / 2))).map(|mark| mark.rect);
    let tail = crowd.machine.ps()[p as usize].runqtail;
    let target = picture.get(&key(p, to, tail)).cloned();
    let (Some(first), Some(last), Some(target)) = (first, last, target) else { return };
    // Between two slots, so that the way covers nobody.
    let begin = if n > 1 && first.y == last.y { last.x - 2.0 } else { first.right() + 2.0 };
    let start = point(begin, first.bottom());
    let x = target.rect.x - 2.0;
    let mut points = vec![start, point(begin, from.low)];
    turn(from, to, from.low, to.low, &mut points);
    points.push(point(x, to.low));
    route("theft", points, &target, point(x, target.rect.bottom()), Tone::Moved, about, picture);
}

/// From one free line to another, through the gutter left of the thief's card.
fn turn(from: &Plan, to: &Plan, a: f32, b: f32, points: &mut Vec<Point>) {
    if (a - b).abs() > 1.0 {
        let gutter = if from.place.x < to.place.x { to.place.x - 10.0 } else { to.place.right() + 8.0 };
        points.extend([point(gutter, a), point(gutter, b)]);
    }
}

/// From the victim's `runnext` to the thief's hand.
fn next(victim: u32, from: &Plan, to: &Plan, (m, g): (u32, u32), about: &Text, picture: &mut Diagram) {
    let socket = picture.get(&format!("p/{victim}/runnext")).map(|mark| mark.rect);
    let hand = picture.get(&format!("m/{m}/hand")).map(|mark| mark.rect);
    let mine = |mark: &&Mark| mark.path.as_deref() == Some(&format!("allgs.{g}"));
    let token = picture.marks.iter().find(mine).cloned();
    let (Some(socket), Some(hand), Some(token)) = (socket, hand, token) else { return };
    let start = point(socket.center().x, socket.bottom());
    let mut points = vec![start, point(start.x, from.mid)];
    turn(from, to, from.mid, to.mid, &mut points);
    let below = token.rect.center().x;
    let clear = below > to.next.right() + 4.0;
    let end = if clear {
        points.push(point(below, to.mid));
        point(below, token.rect.bottom())
    } else {
        let x = to.next.right().max(token.rect.right()) + 22.0;
        points.extend([point(x, to.mid), point(x, hand.center().y)]);
        point(token.rect.right(), hand.center().y)
    };
    route("theft", points, &token, end, Tone::Moved, about, picture);
}

/// A dashed line through these places, and from the last one an arrow to a mark.
pub fn route(key: &str, points: Vec<Point>, to: &Mark, end: Point, tone: Tone, about: &Text, picture: &mut Diagram) {
    let Some(last) = points.last().copied() else { return };
    let at = |p: Point| rect(p.x, p.y, 0.0, 0.0);
    let around = |points: &[Point]| points.iter().fold(at(points[0]), |all, p| Rect::union(all, at(*p)));
    let line = Mark::new(format!("{key}/way"), around(&points)).shape(Shape::Line { points }).tone(tone);
    let line = line.fill(Fill::None).border(Border::Dashed).layer(30).about(about.clone());
    let curve = [last, last.lerp(end, 0.5), end];
    let arrow = Arrow { from: line.key.clone(), to: to.key.clone(), curve, head: true, dotted: false };
    let head = Mark::new(key.to_owned(), around(&curve)).shape(Shape::Arrow(arrow)).tone(tone).fill(Fill::None);
    picture.push(line);
    picture.push(head.layer(30).about(about.clone()));
}
