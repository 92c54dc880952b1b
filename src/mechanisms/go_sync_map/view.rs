//! The picture: the goroutines above; the mutex and what it guards; read and dirty map with the entries between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagram::parts::{
    Card, Flow, Lane, Line, Lines, Linked, card, column, enlarged, field, flow, head, lane, lines, linked, picture,
    queue, row, slot, steady, strip, token,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::Event as _;
use crate::text::Text;
use crate::view::View;

use super::event::Event;
use super::setup::{Call, Key};
use super::state::{Counts, Frame, GoSyncMap, Goroutine, P, Pc};

impl View for GoSyncMap {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        for (g, goroutine) in &self.goroutines {
            let calls = room.calls.entry(*g).or_default();
            *calls = (*calls).max(goroutine.program.len());
        }
        room.keys = room.keys.max(self.keys_called());
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let shown = Shown { m: self, event, tone, room: &room };
        let cards = row().each_filling(self.goroutines.iter().map(|(g, goroutine)| shown.goroutine(*g, goroutine)));
        if room.calls.len() > 1 {
            let page = column().filling(1.0, cards.even()).with(shown.guarded()).filling(1.0, shown.maps()).gap(1.6);
            return picture(&page, area, size);
        }
        // A single program is narrow: beside it the maps have the whole height.
        let below = column().with(shown.guarded()).filling(1.0, shown.maps()).gap(1.6);
        let (program, maps) = if size == Size::Window { (8.0, 23.0) } else { (8.0, 14.6) };
        let page = row().with(steady(cards, 5.0, program)).filling(1.0, steady(below, 12.0, maps)).gap(1.6);
        picture(&enlarged(page, ALONE), area, size)
    }
}

/// How far the picture of a single goroutine is enlarged: it has less in it than there is place for.
const ALONE: f32 = 1.6;

/// What has to have room in all pictures of a run.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Calls of each goroutine's program.
    calls: BTreeMap<u32, usize>,
    /// Keys that the programs name.
    keys: usize,
}

impl GoSyncMap {
    fn keys_called(&self) -> usize {
        let calls = self.goroutines.values().flat_map(|goroutine| &goroutine.program).flat_map(|call| call.all(0));
        calls.filter_map(|(call, _)| call.facts().key).collect::<BTreeSet<Key>>().len()
    }
}

struct Shown<'a> {
    m: &'a GoSyncMap,
    event: Option<&'a Event>,
    tone: Tone,
    room: &'a Room,
}

impl Shown<'_> {
    fn figure<T: Clone + 'static>(&self, name: &str) -> Option<T> {
        self.event?.figure(name)
    }

    /// The tone of what this step is about, and of everything else.
    fn tone_if(&self, about: bool) -> Tone {
        if about { self.tone } else { Tone::Plain }
    }

    // --- goroutines ---

    fn goroutine(&self, g: u32, goroutine: &Goroutine) -> Card {
        let (acts, sleeps) = (self.figure("g") == Some(g), self.m.mu.waiters.contains(&g));
        let (status, tone) = self.status(g, goroutine);
        let made = card(format!("goroutine/{g}"), goroutine.name.clone()).home(format!("G{g}"), tone, sleeps);
        let made = made.status(status, tone).path(format!("goroutines.{g}")).look(acts, sleeps || self.m.idle(g));
        let calls = self.room.calls.get(&g).copied().unwrap_or_default();
        let made = made.filling(program(g, goroutine, calls, acts));
        // One line of them, there or not: the card is as high at every step.
        let alone = self.room.calls.len() == 1;
        if alone {
            made.with(strip(1.25).left(self.locals(g, goroutine)))
        } else {
            made.with(self.locals(g, goroutine))
        }
    }

    fn status(&self, g: u32, goroutine: &Goroutine) -> (Text, Tone) {
        let mu = &self.m.mu;
        match () {
            () if mu.holder == Some(g) => (Text::new("holds mu", "持有 mu"), Tone::Active),
            () if mu.waiters.contains(&g) => (Text::new("sleeps for mu", "等 mu，睡眠"), Tone::Moved),
            () if mu.woken == Some(g) => (Text::new("woken for mu", "已唤醒，抢 mu"), Tone::Moved),
            () if self.m.idle(g) => (Text::new("done", "已完成"), Tone::Plain),
            () if goroutine.stack.is_empty() => (Text::new("between calls", "调用之间"), Tone::Plain),
            () => (Text::new("no lock", "无锁"), Tone::Good),
        }
    }

    /// What the innermost call has seen, or what the last one returned.
    fn locals(&self, g: u32, goroutine: &Goroutine) -> Flow {
        let Some((frame, outer)) = goroutine.stack.split_last() else {
            let last = goroutine.last.iter().map(|last| {
                let made = field(format!("goroutine/{g}/last"), Text::new("returned", "返回"), last.clone());
                made.inset().path(format!("goroutines.{g}.last"))
            });
            return flow().each(last);
        };
        let local = |name: &'static str, value: Text| {
            let path = format!("goroutines.{g}.stack[{}].{name}", outer.len());
            field(format!("goroutine/{g}/local/{name}"), name, value).inset().path(path)
        };
        let read = frame.read.map(|read| {
            let old = if read.map == self.m.read.map { ("", "") } else { (", an old one", "，旧的") };
            local("read", map_name(read.map).then(old.0, old.1))
        });
        flow().each(read).each(frame.p.map(|p| local("p", p.to_string().into())))
    }

    // --- what the mutex guards ---

    /// The mutex with those who wait for it, and how often it was taken; at the right misses, which lead to a promotion.
    fn guarded(&self) -> Line {
        use Event::{DirtyCleared, DirtyDropped, Missed};
        let (m, mu, Counts { calls, locks, lost, .. }) = (self.m, &self.m.mu, &self.m.counts);
        let holder = mu.holder.map_or_else(|| String::from("–"), |g| format!("G{g}"));
        let lock = field("mu", "mu", holder).widest("G1").path("mu.holder");
        let lock = lock.tone(if mu.holder.is_some() { Tone::Active } else { Tone::Plain });
        let waiters = mu.waiters.iter().enumerate().map(|(i, g)| {
            token(format!("goroutine/{g}/token"), format!("G{g}")).tone(Tone::Moved).path(format!("mu.waiters[{i}]"))
        });
        let waiters = queue("mu/waiters", Text::new("waiters", "等锁")).slots(2).tokens(waiters).path("mu.waiters");
        let often = Text::new(format!("{locks} of {calls} calls"), format!("{locks} / {calls} 次调用"));
        let taken = field("counts/locks", Text::new("taken by", "加锁"), often).path("counts.locks");
        let lost = field("counts/lost", Text::new("values lost", "丢失的值"), lost.to_string());
        let lost = lost.tone(if m.counts.lost > 0 { Tone::Bad } else { Tone::Plain }).path("counts.lost");
        let was = match self.event {
            Some(Missed { .. }) => m.misses.saturating_sub(1),
            Some(DirtyDropped { misses, .. }) => *misses,
            _ => m.misses,
        };
        let changed = matches!(self.event, Some(Missed { .. } | DirtyDropped { .. } | DirtyCleared { .. }));
        let misses = field("misses", "misses", m.misses.to_string()).was(was.to_string()).widest("0 → 0");
        let misses = misses.tone(self.tone_if(changed)).path("misses");
        let len = field("dirty/len", "len(dirty)", m.keys(m.dirty).len().to_string()).widest("10").path("dirty");
        let left = row().with(lock).with(waiters).only(Size::Window, taken).maybe(m.without_expunged.then_some(lost));
        left.filling(1.0, flow()).with(misses).with(len).gap(2.0)
    }

    fn maps(&self) -> Linked {
        use Event::{AmendedSet, DirtyDropped, DirtyMade, Promoted, ReadCleared};
        let (m, read, dirty) = (self.m, self.m.read.map, self.m.dirty);
        let key = |map: u32, side: &str| if map == 0 { format!("map/none/{side}") } else { format!("map/{map}") };
        let (left_key, right_key) = (key(read, "read"), key(if dirty == read { 0 } else { dirty }, "dirty"));
        let (name, amended) = (map_name(read), m.read.amended);
        let note = Text::new(format!("{} · amended {amended}", name.en), format!("{} · amended {amended}", name.zh));
        let touched = matches!(self.event, Some(AmendedSet { .. } | ReadCleared { .. } | Promoted { .. }));
        let left = head(left_key.clone(), "read").note(note).tone(self.tone_if(touched)).path("read");
        let right = head(right_key.clone(), "dirty").path("dirty");
        let right = if dirty == 0 { right.absent("nil") } else { right.note(map_name(dirty)) };
        let right = right.tone(self.tone_if(matches!(self.event, Some(DirtyMade { .. } | DirtyDropped { .. }))));
        let lanes = self.lanes().into_iter().map(|(key, e)| self.lane(e, key, [&left_key, &right_key]));
        linked("entries", left, right).widest("expunged → expunged").room(self.room.keys.clamp(4, 7)).lanes(lanes)
    }

    /// Every entry that somebody can reach, by key.
    fn lanes(&self) -> Vec<(Option<Key>, u32)> {
        let held = self.m.frames().filter_map(|frame| Some((frame.e?, frame.key())));
        let keys: BTreeMap<u32, Key> = held.chain(self.m.maps.values().flatten().map(|(key, e)| (*e, *key))).collect();
        let mut lanes: Vec<_> = self.m.entries.keys().map(|e| (keys.get(e).copied(), *e)).collect();
        lanes.sort_unstable();
        lanes
    }

    fn lane(&self, e: u32, key: Option<Key>, [left, right]: [&str; 2]) -> Lane {
        let (m, p) = (self.m, self.m.entries[&e]);
        let about = self.figure("e") == Some(e);
        let was = match self.event.filter(|_| about) {
            Some(Event::Expunged { .. }) => P::Nil,
            Some(Event::Unexpunged { .. }) => P::Expunged,
            _ => self.figure("from").filter(|_| about).unwrap_or(p),
        };
        let made = lane(format!("entry/{e}"), p.to_string()).was(was.to_string()).ghost(p == P::Expunged);
        let made = made.tone(self.tone_if(about)).path(format!("entries.{e}"));
        let holders =
            m.goroutines.iter().filter(|(_, goroutine)| goroutine.stack.iter().any(|frame| frame.e == Some(e)));
        let made = holders.fold(made, |made, (g, _)| {
            made.tag(token(format!("goroutine/{g}/hand"), format!("G{g}")).tone(Tone::Info))
        });
        let row = |map: u32, table: &str| {
            let key = key.filter(|key| m.entry(map, *key) == Some(e))?;
            let tone = self.tone_if(about && self.figure("m") == Some(map));
            Some(slot(format!("{table}/{key}"), key.to_string()).tone(tone).path(format!("maps.{map}.{key}")))
        };
        made.left(row(m.read.map, left)).right(row(m.dirty, right))
    }
}

/// A Go map's name; 0 has never been made.
fn map_name(map: u32) -> Text {
    if map == 0 { Text::new("empty", "空") } else { Text::same(format!("map {map}")) }
}

/// The calls, and below the one under way what it does next.
fn program(g: u32, goroutine: &Goroutine, calls: usize, acts: bool) -> Lines {
    let mut shown = lines(format!("goroutine/{g}/code")).room(calls + 3);
    // A step that ends a call is about that call, not about the next.
    let returned = acts && goroutine.stack.is_empty() && goroutine.done > 0;
    let at = goroutine.done - usize::from(returned);
    for (i, call) in goroutine.program.iter().enumerate() {
        shown = shown.line(0, call.to_string());
        if i != at {
            continue;
        }
        shown = shown.here();
        for (depth, frame) in goroutine.stack.iter().enumerate() {
            let (words, call) = now(frame);
            shown = shown.line(depth + 1, words).path(format!("goroutines.{g}.stack[{depth}]")).here();
            shown = call.into_iter().fold(shown, |shown, call| shown.line(depth + 1, call));
        }
    }
    if acts { shown } else { shown.quiet() }
}

/// What a frame does next; and the call that a Range's function makes then.
fn now(frame: &Frame) -> (String, Option<String>) {
    match (&frame.call, frame.pc, frame.pair) {
        (Call::Range(body), Pc::Body, Some((key, value))) => {
            (format!("f({key}, {value}):"), body.get(frame.at).map(Call::to_string))
        }
        (_, Pc::CopyNext | Pc::Next, _) if !frame.todo.is_empty() => {
            (format!("{}: {}", frame.pc.text(), frame.todo[0]), None)
        }
        _ => (frame.pc.text().to_owned(), None),
    }
}
