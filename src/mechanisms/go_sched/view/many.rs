//! Many Ps: small cards for those that have been in use, or a tile for each.

use super::super::state::{GoSched, P};
use super::cards;
use super::plan::{LEFT, Layout, Plan, RIGHT, Size};
use super::tokens::Crowd;
use crate::diagram::{Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

/// Draws the small cards or tiles, and the block of Ps that have run nothing.
pub fn draw(machine: &GoSched, layout: &Layout, crowd: &mut Crowd, picture: &mut Diagram) {
    for (p, plan) in &layout.cards {
        if plan.size == Size::Tile {
            tile(machine, *p, plan, crowd, picture);
        } else {
            cards::draw(machine, *p, plan, crowd, picture);
        }
    }
    if !layout.unused.is_empty() {
        unused(machine, &layout.unused, crowd, picture);
    }
}

fn unused(machine: &GoSched, unused: &[u32], crowd: &Crowd, picture: &mut Diagram) {
    let n = unused.len();
    let area = rect(LEFT, 554.0, RIGHT - LEFT, 52.0);
    let verb = if n == 1 { "P has" } else { "Ps have" };
    let words = Text::new(format!("{n} {verb} run nothing yet"), format!("{n} 个 P 还没跑过 goroutine"));
    let words = label(words, 17.0).ink(Ink::Soft).left(0.0);
    let name = Mark::text("unused/name", point(area.x + 4.0, area.center().y), words).path("sched.pidle");
    let begin = name.rect.right() + 20.0;
    picture.push(name);
    let pitch = ((area.right() - begin) / 56.0_f32.max(n as f32)).min(22.0);
    for (i, p) in unused.iter().enumerate() {
        let place = rect(begin + pitch * i as f32, area.center().y - 8.0, pitch - 5.0, 16.0);
        cards::frame(machine, &machine.ps()[*p as usize], *p, place, crowd, picture);
    }
}

/// A P with its thread, what runs, what is held, `runnext` and how many wait.
fn tile(machine: &GoSched, number: u32, plan: &Plan, crowd: &mut Crowd, picture: &mut Diagram) {
    let p: &P = &machine.ps()[number as usize];
    cards::frame(machine, p, number, plan.place, crowd, picture);
    let name = label(format!("P{number}"), 17.0).strong().left(0.0);
    picture.push(Mark::text(format!("p/{number}/name"), plan.name, name).layer(11));
    cards::socket(p, number, plan.next, crowd, picture);
    let ink = if p.runq_len() > 0 { Ink::Of(Tone::Info) } else { Ink::Soft };
    let count = mono(p.runq_len().to_string(), 17.0).ink(ink).right(0.0);
    let count = Mark::text(format!("p/{number}/runq/len"), point(plan.tick.x, plan.next.center().y), count);
    let about = Text::new(format!("P{number}'s ring"), format!("P{number} 的环"));
    picture.push(count.path(format!("allp[{number}].runq")).about(about).layer(11));
    let m = p.m.or_else(|| crowd.awaited.get(&number).copied());
    let Some(m) = m else { return };
    crowd.thread(m, plan.m, 0.0, picture);
    if p.m.is_none() {
        return;
    }
    if let Some(g) = machine.ms()[m as usize].curg {
        let tone = crowd.carried(g);
        crowd.goroutine(g, plan.well, tone, picture);
    } else {
        let held = crowd.hand(m);
        crowd.row(&format!("m/{m}/hand"), held.into_iter(), &[plan.hand], Tone::Moved, picture);
    }
}

/// A figure to be seen from afar, with what it counts.
pub fn gauge(key: &str, n: usize, name: Text, place: Rect, path: &str, picture: &mut Diagram) {
    let words = format!("{}: {n}", name.en);
    let about = Text::new(words, format!("{}：{n}", name.zh));
    let number = mono(n.to_string(), 34.0).left(0.0).down(-12.0);
    let name = label(name, 17.0).ink(Ink::Soft).left(0.0).down(20.0);
    let mark = Mark::new(key.to_owned(), place).shape(Shape::Text).fill(Fill::None);
    picture.push(mark.label(number).label(name).about(about).path(path));
}
