//! Sudogs: in a queue, in the hand of the goroutine that took it off, or with their owner.

use super::super::{Event, GoChan, Pc, Queue, Waiter};
use super::places::Places;
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

/// Width of a sudog.
pub const PILL: f32 = 124.0;
/// From one sudog to the next.
pub const STEP: f32 = PILL + 8.0;

/// Draws the sudogs that are in no queue.
pub fn draw(machine: &GoChan, event: Option<&Event>, places: &Places, picture: &mut Diagram) {
    for (goroutine, card) in machine.goroutines().iter().zip(&places.cards) {
        let id = goroutine.id;
        let area = card.sudogs;
        let mut x = area.x;
        let mut put = |key: String, words: Text, waiter: Waiter, picture: &mut Diagram| {
            if x + PILL > area.right() {
                return;
            }
            if !words.en.is_empty() && x + PILL + 70.0 <= area.right() {
                let words = label(words, 16.0).ink(Ink::Soft).left(0.0);
                let mark = Mark::text(key, point(x, area.center().y), words).layer(12);
                x = mark.rect.right() + 8.0;
                picture.push(mark);
            }
            picture.push(in_card(machine, event, waiter, rect(x, area.y, PILL, area.h)));
            x += STEP;
        };
        let taken = goroutine.frame.as_ref().and_then(|frame| frame.sg).filter(|sg| hand(machine, *sg) == Some(id));
        if let Some(waiter) = taken {
            put(format!("goroutine/{id}/holds"), Text::new("holds", "持有"), waiter, picture);
        }
        for n in 0..goroutine.waiting.len() {
            let waiter = Waiter { g: id, n };
            if queued(machine, waiter) || hand(machine, waiter).is_some() {
                continue;
            }
            let pointed = pointed_to(machine, id) == Some(n);
            let words = if pointed { Text::same("param ●→") } else { Text::default() };
            put(format!("goroutine/{id}/param"), words, waiter, picture);
        }
    }
}

/// Which of its sudogs a goroutine's `param` points to, also after a select has taken the pointer out of it.
fn pointed_to(machine: &GoChan, g: u32) -> Option<usize> {
    let goroutine = machine.goroutine(g)?;
    let own = goroutine.frame.as_ref().and_then(|frame| frame.sg).filter(|sg| sg.g == g);
    goroutine.param.or(own.map(|sg| sg.n))
}

fn queued(machine: &GoChan, waiter: Waiter) -> bool {
    machine.channels().iter().any(|channel| channel.sendq.iter().chain(&channel.recvq).any(|queued| *queued == waiter))
}

/// Who has taken this sudog off its queue and not told its owner yet.
fn hand(machine: &GoChan, waiter: Waiter) -> Option<u32> {
    let told = machine.goroutine(waiter.g).is_some_and(|owner| owner.param == Some(waiter.n));
    let mut others = machine.goroutines().iter().filter(|other| other.id != waiter.g && !told);
    others.find(|other| other.frame.as_ref().is_some_and(|frame| frame.sg == Some(waiter))).map(|other| other.id)
}

/// Which sudog of a select has won, once that is decided.
fn winner(machine: &GoChan, g: u32) -> Option<usize> {
    let won = |frame: &super::super::Frame| frame.sg.filter(|sg| sg.g == g && frame.pc != Pc::SelectDone);
    let taken = machine.goroutines().iter().filter_map(|other| won(other.frame.as_ref()?)).next();
    pointed_to(machine, g).or(taken.map(|sg| sg.n))
}

/// Whether it belongs to a select that another case has won.
fn stale(machine: &GoChan, waiter: Waiter) -> bool {
    let select = machine.sudog(waiter).is_some_and(|sudog| sudog.case.is_some());
    select && winner(machine, waiter.g).is_some_and(|n| n != waiter.n)
}

/// The sudogs of a queue, the head at `edge`, further ones in the direction of `way`.
pub fn in_queue(machine: &GoChan, event: Option<&Event>, ch: usize, queue: Queue, head: Rect, picture: &mut Diagram) {
    let channel = &machine.channels()[ch];
    let (way, most) = if queue == Queue::Sendq { (-1.0, 2) } else { (1.0, 4) };
    for (i, waiter) in channel.queue(queue).iter().take(most).enumerate() {
        let place = head.shifted(way * STEP * i as f32, 0.0);
        let joined = matches!(event, Some(Event::Enqueued { g, ch, .. }) if *g == waiter.g && *ch == channel.name);
        let mark =
            sudog(machine, *waiter, place, None).path(format!("channels.{}.{}[{i}]", channel.name, queue.field()));
        let mark = if joined { mark.tone(Tone::Active).border(Border::Thick) } else { mark };
        picture.push(mark);
    }
    let more = channel.queue(queue).len().saturating_sub(most);
    if more > 0 {
        let x = if queue == Queue::Sendq { head.right() - STEP * most as f32 } else { head.x + STEP * most as f32 };
        let words = label(format!("+{more}"), 17.0).ink(Ink::Soft);
        let words = if queue == Queue::Sendq { words.right(0.0) } else { words.left(0.0) };
        let key = format!("{}/{}/more", queue.field(), channel.name);
        picture.push(Mark::text(key, point(x, head.center().y), words).layer(13));
    }
}

/// A sudog that is in no queue, with its `success`.
fn in_card(machine: &GoChan, event: Option<&Event>, waiter: Waiter, place: Rect) -> Mark {
    let told = pointed_to(machine, waiter.g) == Some(waiter.n);
    let success = machine.sudog(waiter).is_some_and(|sudog| sudog.success);
    let field = if told { format!("success {success}") } else { String::from("success –") };
    let just = match event {
        Some(Event::WaiterTold { waiter: g, .. } | Event::WaiterListed { waiter: g, .. }) => *g == waiter.g && told,
        Some(Event::WinnerFound { g, .. }) => *g == waiter.g && told,
        Some(Event::SudogDequeued { waiter: g, .. } | Event::SelectDoneWon { waiter: g, .. }) => {
            *g == waiter.g && !stale(machine, waiter)
        }
        Some(Event::SudogPrepared { g, .. }) => *g == waiter.g,
        _ => false,
    };
    let mark = sudog(machine, waiter, place, Some(Text::same(field)));
    match (told, just) {
        (_, true) => mark.tone(Tone::Active).border(Border::Thick),
        (true, false) => mark.tone(if success { Tone::Good } else { Tone::Bad }),
        _ => mark,
    }
}

/// A sudog, wherever it stands: the goroutine, which case of its select, and a second line where there is room for it.
fn sudog(machine: &GoChan, waiter: Waiter, place: Rect, field: Option<Text>) -> Mark {
    let Waiter { g, n } = waiter;
    let sudog = machine.sudog(waiter);
    let case = sudog.and_then(|sudog| sudog.case);
    let words = case.map_or_else(|| format!("sudog G{g}"), |case| format!("sudog G{g}·c{case}"));
    let about = match case {
        Some(case) => Text::new(
            format!("sudog of goroutine {g}, select case {case}"),
            format!("goroutine {g} 的 sudog，select 第 {case} 个 case"),
        ),
        None => Text::new(format!("sudog of goroutine {g}"), format!("goroutine {g} 的 sudog")),
    };
    let stale = stale(machine, waiter);
    // Pass 3 has cleared its elem and c.
    let cleared = case.is_some() && sudog.is_some_and(|sudog| !sudog.is_select);
    let second = if stale { Some(Text::new("stale", "失效")) } else { field };
    let ink = if stale { Ink::Of(Tone::Bad) } else { Ink::Soft };
    let up = if second.is_some() { -9.5 } else { 0.0 };
    let size = if words.len() > 11 { 16.0 } else { 16.5 };
    let mark = Mark::new(format!("sudog/{g}/{n}"), place).fill(Fill::Well).about(about).layer(20);
    let mark = Mark { shape: Shape::Box { radius: 14.0 }, bend: 0.15, ..mark };
    let title = mono(words, size).ink(if cleared { Ink::Soft } else { Ink::Text }).down(up);
    let mark = mark.label(title);
    let mark = match second {
        Some(text) => mark.label(label(text, 16.0).ink(ink).down(10.5)),
        None => mark,
    };
    let mark = if stale || cleared { mark.border(Border::Dashed) } else { mark };
    if stale { mark.tone(Tone::Bad) } else { mark }
}
