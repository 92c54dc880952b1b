//! Goroutines' tokens: in the run queue of the one P, on the stack of those that `close` is to wake, or at home.

use super::super::{Call, Event, GoChan, Goroutine, Status};
use super::places::{Card, PAD, Places};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

const TOP: f32 = 42.0;
const TOKEN: (f32, f32) = (52.0, 40.0);
/// From one token in the queue to the next.
const STEP: f32 = 60.0;
/// From one token on the stack to the next.
const STORY: f32 = 40.0;

/// Draws the line along the upper edge, the stack of a `close`, and all tokens.
pub fn draw(machine: &GoChan, event: Option<&Event>, places: &Places, picture: &mut Diagram) {
    picture.push(Mark::text("runnext/name", point(48.0, TOP + 20.0), label("runnext", 19.0).ink(Ink::Soft).left(0.0)));
    let slot = Mark::new("runnext", rect(130.0, TOP - 4.0, TOKEN.0 + 8.0, TOKEN.1 + 8.0)).path("runnext");
    let slot = slot.border(Border::Dashed).fill(Fill::None);
    let slot = slot.about(Text::new("runnext: who runs next on this P", "runnext：这个 P 上接下来运行谁"));
    picture.push(Mark { shape: Shape::Box { radius: 24.0 }, ..slot });
    picture.push(Mark::text("runq/name", point(222.0, TOP + 20.0), label("runq", 19.0).ink(Ink::Soft).left(0.0)));
    for goroutine in machine.goroutines() {
        if let Some(card) = places.card(goroutine.id) {
            stack(goroutine, card, picture);
            if let Some(token) = token(machine, goroutine, event, places, card) {
                picture.push(token);
            }
        }
    }
}

/// A goroutine's token, wherever it stands now; none for one that stands too far back in the queue.
fn token(machine: &GoChan, goroutine: &Goroutine, event: Option<&Event>, places: &Places, card: Card) -> Option<Mark> {
    let id = goroutine.id;
    let queued = |x: f32| rect(x, TOP, TOKEN.0, TOKEN.1);
    let (place, path, bend) = if machine.runnext() == Some(id) {
        (queued(134.0), String::from("runnext"), 0.12)
    } else if let Some(i) = machine.runq().iter().position(|queued| *queued == id) {
        // One kicked out of runnext goes round the one that takes its place.
        (Some(i).filter(|i| *i < 17).map(|i| queued(276.0 + STEP * i as f32))?, format!("runq[{i}]"), 0.4)
    } else if let Some((closer, i)) = listed(machine, places, id) {
        (storey(places.card(closer)?, i), format!("goroutines.{closer}.call.glist[{i}]"), 0.15)
    } else {
        (home(card), format!("goroutines.{id}"), 0.12)
    };
    let mark = Mark::new(format!("goroutine/{id}/token"), place).tone(tone(goroutine, event)).fill(Fill::Tint);
    let about = Text::new(format!("goroutine {id}"), format!("goroutine {id}"));
    let mark = Mark { shape: Shape::Box { radius: 20.0 }, bend, ..mark }.path(path).about(about).layer(24);
    Some(mark.label(mono(format!("G{id}"), 18.0)))
}

/// Where a goroutine's token stands when it is in no queue.
pub fn home(card: Card) -> Rect {
    rect(card.place.x + PAD - 4.0, card.place.y + 8.0, TOKEN.0, 34.0)
}

/// Whether a goroutine's token is at home.
pub fn at_home(machine: &GoChan, places: &Places, id: u32) -> bool {
    machine.runnext() != Some(id) && !machine.runq().contains(&id) && listed(machine, places, id).is_none()
}

/// Who is going to wake this goroutine, and its place on that one's stack, if that one's card has room for a stack.
fn listed(machine: &GoChan, places: &Places, id: u32) -> Option<(u32, usize)> {
    let roomy = |closer: &&Goroutine| places.card(closer.id).is_some_and(|card| card.phase.is_some());
    machine.goroutines().iter().filter(roomy).find_map(|closer| {
        let glist = &closer.frame.as_ref()?.glist;
        Some((closer.id, glist.iter().position(|listed| *listed == id)?))
    })
}

/// The place of the `i`-th on the stack, counted from its bottom.
fn storey(card: Card, i: usize) -> Rect {
    let bottom = card.phase.map_or(card.sudogs.y, |phase| phase.y) - 8.0;
    let height = ((bottom - card.code.y - 24.0) / STORY).max(1.0) as usize;
    let i = i.min(height - 1);
    rect(card.place.right() - PAD - 64.0, bottom - STORY * (i as f32 + 1.0) + 4.0, TOKEN.0, STORY - 8.0)
}

/// How far up the stack of a `close` reaches, with its name.
pub fn stack_top(card: Card, listed: usize) -> f32 {
    storey(card, listed.saturating_sub(1)).y - 30.0
}

/// `closechan`'s list of those to wake: a stack, its top marked.
fn stack(goroutine: &Goroutine, card: Card, picture: &mut Diagram) {
    let id = goroutine.id;
    let frame = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Close && card.phase.is_some());
    let Some(frame) = frame else { return };
    let top = storey(card, frame.glist.len().saturating_sub(1));
    let bottom = storey(card, 0).bottom();
    let y = if frame.glist.is_empty() { bottom - STORY } else { top.y - 4.0 };
    let shaft = rect(top.x - 6.0, y, TOKEN.0 + 12.0, bottom + 4.0 - y);
    let mark = Mark::new(format!("goroutine/{id}/glist"), shaft).border(Border::Dashed).fill(Fill::None);
    let about = Text::new("glist: a stack of those to wake", "glist：待唤醒的栈");
    picture.push(mark.path(format!("goroutines.{id}.call.glist")).about(about).layer(12));
    let name = label("glist", 16.0).ink(Ink::Soft);
    picture.push(Mark::text(format!("goroutine/{id}/glist/name"), point(top.center().x, y - 14.0), name).layer(12));
    if !frame.glist.is_empty() {
        let words = label(Text::new("top ▸", "栈顶 ▸"), 16.0).ink(Ink::Of(Tone::Active)).right(0.0);
        let at = point(shaft.x - 6.0, top.center().y);
        picture.push(Mark::text(format!("goroutine/{id}/glist/top"), at, words).layer(12));
    }
}

/// Who was just made runnable, or kicked out of runnext; else by the goroutine's status.
fn tone(goroutine: &Goroutine, event: Option<&Event>) -> Tone {
    let id = goroutine.id;
    match event {
        Some(Event::Readied { woken, .. }) if *woken == id => return Tone::Good,
        Some(Event::Readied { kicked, .. } | Event::GoroutineStarted { kicked, .. }) if *kicked == id => {
            return Tone::Moved;
        }
        _ => {}
    }
    match goroutine.status {
        _ if goroutine.leaked => Tone::Bad,
        Status::Waiting(_) => Tone::Moved,
        Status::Running => Tone::Good,
        Status::Runnable => Tone::Info,
        Status::Dead => Tone::Faint,
    }
}
