//! The picture: the goroutines above; the mutex and what it guards; read and dirty map with the entries between them.

use std::collections::BTreeMap;

use crate::diagram::parts::{
    Card, Lane, Line, Linked, card, column, field, flow, head, lane, lines, linked, picture, queue, row, slot, token,
};
use crate::diagram::{Diagram, Size, Tone};
use crate::machine::Event as _;
use crate::text::Text;
use crate::view::View;

use super::event::Event;
use super::setup::{Call, Key};
use super::state::{Frame, GoSyncMap, P, Pc};

impl View for GoSyncMap {
    fn view(&self, event: Option<&Event>, size: Size) -> Diagram {
        let shown = Shown { m: self, event };
        let cards = row().each_filling(self.goroutines.keys().map(|g| shown.goroutine(*g)));
        let cards = cards.only(Size::Window, shown.counted());
        picture(&column().filling(1.0, cards).with(shown.guarded()).with(shown.maps()).gap(1.6), size)
    }
}

struct Shown<'a> {
    m: &'a GoSyncMap,
    event: Option<&'a Event>,
}

impl Shown<'_> {
    fn figure<T: Clone + 'static>(&self, name: &str) -> Option<T> {
        self.event?.figure(name)
    }

    /// How the step's own things are toned.
    fn tone(&self) -> Tone {
        match self.event {
            Some(Event::CasFailed { .. } | Event::ComparePanicked { .. } | Event::StoreLost { .. }) => Tone::Bad,
            Some(Event::ExpungeFailed { .. } | Event::LeftOut { .. }) => Tone::Bad,
            Some(Event::EntryCopied { .. } | Event::Promoted { .. }) => Tone::Moved,
            Some(Event::ValueLoaded { .. } | Event::Visited { .. }) => Tone::Good,
            Some(
                Event::ReadHit { .. }
                | Event::ReadHitLocked { .. }
                | Event::PointerLoaded { .. }
                | Event::ExpungedFound { .. }
                | Event::CompareDiffers { .. }
                | Event::NotExpunged { .. }
                | Event::DirtyHit { .. }
                | Event::NilSeen { .. }
                | Event::VisitSkipped { .. },
            ) => Tone::Info,
            _ => Tone::Active,
        }
    }

    /// What the step's entry pointed at before.
    fn was(&self) -> Option<P> {
        match self.event? {
            Event::CasDone { from, .. } | Event::Swapped { from, .. } => Some(*from),
            Event::Expunged { .. } => Some(P::Nil),
            Event::Unexpunged { .. } => Some(P::Expunged),
            _ => None,
        }
    }

    // --- goroutines ---

    fn goroutine(&self, g: u32) -> Card {
        let key = |part: &str| format!("goroutine/{g}/{part}");
        let goroutine = self.m.g(g);
        let acts = self.figure("g") == Some(g);
        let sleeps = self.m.mu.waiters.contains(&g);
        let (status, tone) = self.status(g);
        let home = token(if sleeps { key("home") } else { key("token") }, format!("G{g}"));
        let home = if sleeps { home.absent() } else { home.tone(tone) };
        let made = card(format!("goroutine/{g}"), goroutine.name.clone()).token(home).status(status, tone);
        let made = made.path(format!("goroutines.{g}")).filling(self.program(g, acts)).with(self.locals(g));
        match (acts, sleeps || self.m.idle(g)) {
            (true, _) => made.active(),
            (_, true) => made.away(),
            _ => made,
        }
    }

    fn status(&self, g: u32) -> (Text, Tone) {
        let mu = &self.m.mu;
        match () {
            () if mu.holder == Some(g) => (Text::new("holds mu", "持有 mu"), Tone::Active),
            () if mu.waiters.contains(&g) => (Text::new("sleeps for mu", "等 mu，睡眠"), Tone::Moved),
            () if mu.woken == Some(g) => (Text::new("woken for mu", "已唤醒，抢 mu"), Tone::Moved),
            () if self.m.idle(g) => (Text::new("done", "已完成"), Tone::Plain),
            () if self.m.g(g).stack.is_empty() => (Text::new("between calls", "调用之间"), Tone::Plain),
            () => (Text::new("no lock", "无锁"), Tone::Good),
        }
    }

    /// The calls, and below the innermost one under way what it does next.
    fn program(&self, g: u32, acts: bool) -> impl crate::diagram::parts::Part + 'static {
        let goroutine = self.m.g(g);
        let mut shown = lines(format!("goroutine/{g}/code")).room(4);
        let mut count = 0;
        let mut at = None;
        for (i, call) in goroutine.program.iter().enumerate() {
            shown = shown.line(0, call.to_string());
            let here = i == goroutine.done;
            at = at.or(here.then_some(count));
            count += 1;
            for (depth, frame) in goroutine.stack.iter().enumerate().filter(|_| here) {
                let (words, more) = now(frame, goroutine.stack.get(depth + 1));
                shown = shown.line(depth + 1, words).path(format!("goroutines.{g}.stack[{depth}]"));
                (at, count) = (Some(count), count + 1);
                if let Some(call) = more {
                    shown = shown.line(depth + 1, call);
                    count += 1;
                }
            }
        }
        let shown = shown.at(at);
        if acts { shown } else { shown.quiet() }
    }

    fn locals(&self, g: u32) -> impl crate::diagram::parts::Part + 'static {
        let goroutine = self.m.g(g);
        let local = |name: &'static str, value: Text, path: String| {
            field(format!("goroutine/{g}/local/{name}"), name, value).inset().path(path)
        };
        let mut found = flow();
        let inner = goroutine.stack.last().map(|frame| (goroutine.stack.len() - 1, frame));
        if let Some((depth, frame)) = inner {
            let path = |name: &str| format!("goroutines.{g}.stack[{depth}].{name}");
            if let Some(read) = frame.read {
                let old = read.map != self.m.read.map;
                let of = if old { ("map {}, an old one", "map {}，旧的") } else { ("map {}", "map {}") };
                let words =
                    Text::new(of.0.replace("{}", &read.map.to_string()), of.1.replace("{}", &read.map.to_string()));
                let made = local("read", words, path("read"));
                found = found.with(if old { made.tone(Tone::Bad) } else { made });
            }
            if let Some(e) = frame.e {
                found = found.with(local("e", Text::same(format!("entry {e}")), path("e")));
            }
            if let Some(p) = frame.p {
                found = found.with(local("p", Text::same(p.to_string()), path("p")));
            }
        } else if let Some(last) = &goroutine.last {
            let made = field(format!("goroutine/{g}/last"), Text::new("returned", "返回"), last.clone());
            found = found.with(made.inset().path(format!("goroutines.{g}.last")));
        }
        found
    }

    fn counted(&self) -> Card {
        let counts = &self.m.counts;
        let count = |key: &str, name: Text, value: u32| {
            field(format!("counts/{key}"), name, value.to_string()).widest("100").path(format!("counts.{key}")).inset()
        };
        let made = card("counts", Text::new("so far", "累计")).path("counts");
        let made = made.with(count("locks", Text::new("mu taken", "mu 加锁"), counts.locks));
        let made = made.with(count("calls", Text::new("a map + Mutex", "普通 map + Mutex"), counts.calls));
        let made = made.with(count("copied", Text::new("entries copied", "复制的 entry"), counts.copied));
        if !self.m.without_expunged {
            return made;
        }
        let lost = count("lost", Text::new("values lost", "丢失的值"), counts.lost);
        made.with(if counts.lost > 0 { lost.tone(Tone::Bad) } else { lost })
    }

    // --- what the mutex guards ---

    fn guarded(&self) -> Line {
        let (m, mu) = (self.m, &self.m.mu);
        let holder = mu.holder.map_or_else(|| String::from("–"), |g| format!("G{g}"));
        let tone = if mu.holder.is_some() { Tone::Active } else { Tone::Plain };
        let lock = field("mu", "mu", holder).widest("G1").tone(tone).path("mu.holder");
        let waiters = mu.waiters.iter().enumerate().map(|(i, g)| {
            token(format!("goroutine/{g}/token"), format!("G{g}")).tone(Tone::Moved).path(format!("mu.waiters[{i}]"))
        });
        let waiters = queue("mu/waiters", Text::new("waiters", "等锁")).slots(2).tokens(waiters).path("mu.waiters");
        let changed =
            matches!(self.event, Some(Event::Missed { .. } | Event::DirtyDropped { .. } | Event::DirtyCleared { .. }));
        let tone = if changed { Tone::Active } else { Tone::Plain };
        let misses = field("misses", "misses", m.misses.to_string()).widest("0 → 0").tone(tone).path("misses");
        let was = self.figure::<usize>("misses").map(|n| if m.misses == 0 { n } else { n.saturating_sub(1) });
        let misses = if let Some(was) = was { misses.was(was.to_string()) } else { misses };
        let len = m.keys(m.dirty).len();
        let len = field("dirty/len", "len(dirty)", len.to_string()).widest("10").path("dirty");
        row().with(lock).with(waiters).with(misses).with(len).gap(2.0)
    }

    fn maps(&self) -> Linked {
        let m = self.m;
        let same = m.dirty == m.read.map;
        let left_key = if m.read.map == 0 { "map/none/read".to_owned() } else { format!("map/{}", m.read.map) };
        let right_key = if same || m.dirty == 0 { "map/none/dirty".to_owned() } else { format!("map/{}", m.dirty) };
        let (read, dirty) = (m.read.map, m.dirty);
        let left = head(left_key, "read").path("read");
        let left = left.note(Text::same(format!("map {read} · amended {}", m.read.amended)));
        let touched =
            matches!(self.event, Some(Event::AmendedSet { .. } | Event::ReadCleared { .. } | Event::Promoted { .. }));
        let left = if touched { left.tone(self.tone()) } else { left };
        let right = head(right_key.clone(), "dirty").path("dirty");
        let right = match dirty {
            0 => right.absent("nil"),
            map => right.note(Text::same(format!("map {map}"))),
        };
        let right = if matches!(self.event, Some(Event::DirtyMade { .. } | Event::DirtyDropped { .. })) {
            right.tone(self.tone())
        } else {
            right
        };
        let lanes = self.lanes().into_iter().map(|(e, key)| self.lane(e, key, &right_key));
        linked("entries", left, right).widest("expunged → expunged").room(self.room()).lanes(lanes)
    }

    /// Every entry that somebody can reach, by key.
    fn lanes(&self) -> Vec<(u32, Option<Key>)> {
        let mut keys: BTreeMap<u32, Key> = BTreeMap::new();
        for map in self.m.maps.values() {
            keys.extend(map.iter().map(|(key, e)| (*e, *key)));
        }
        let held = self.m.goroutines.values().flat_map(|goroutine| &goroutine.stack);
        for (frame, e) in held.filter_map(|frame| Some((frame, frame.e?))) {
            keys.entry(e).or_insert(frame.call.key().unwrap_or(Key(0)));
        }
        let mut lanes: Vec<(u32, Option<Key>)> = self.m.entries.keys().map(|e| (*e, keys.get(e).copied())).collect();
        lanes.sort_by_key(|(e, key)| (*key, *e));
        lanes
    }

    /// As many lanes as the programs have keys.
    fn room(&self) -> usize {
        fn keys(program: &[Call], found: &mut Vec<Key>) {
            for call in program {
                found.extend(call.key());
                if let Call::Range(body) = call {
                    keys(body, found);
                }
            }
        }
        let mut found = Vec::new();
        self.m.goroutines.values().for_each(|goroutine| keys(&goroutine.program, &mut found));
        found.sort_unstable();
        found.dedup();
        found.len().clamp(4, 7)
    }

    fn lane(&self, e: u32, key: Option<Key>, right_key: &str) -> Lane {
        let m = self.m;
        let p = m.entries[&e];
        let about = self.figure::<u32>("e") == Some(e);
        let tone = if about { self.tone() } else { Tone::Plain };
        let made = lane(format!("entry/{e}"), p.to_string()).tone(tone).path(format!("entries.{e}"));
        let made = match self.was().filter(|_| about) {
            Some(was) => made.was(was.to_string()),
            None => made,
        };
        let made = if p == P::Expunged { made.ghost() } else { made };
        let holders =
            m.goroutines.iter().filter(|(_, goroutine)| goroutine.stack.iter().any(|frame| frame.e == Some(e)));
        let made = holders.fold(made, |made, (g, _)| {
            made.tag(token(format!("goroutine/{g}/hand"), format!("G{g}")).tone(Tone::Info))
        });
        let Some(key) = key else { return made };
        let row = |map: u32, of: String| {
            let tone = if self.figure::<u32>("m") == Some(map) && about { self.tone() } else { Tone::Plain };
            slot(format!("{of}/{key}"), key.to_string()).tone(tone).path(format!("maps.{map}.{key}"))
        };
        let in_map = |map: u32| m.entry(map, key) == Some(e);
        let made = if in_map(m.read.map) { made.left(row(m.read.map, format!("map/{}", m.read.map))) } else { made };
        if in_map(m.dirty) { made.right(row(m.dirty, right_key.to_owned())) } else { made }
    }
}

/// What a frame does next, and the call of a Range's function that comes then.
fn now(frame: &Frame, inner: Option<&Frame>) -> (String, Option<String>) {
    if let Some(inner) = inner {
        let pair = frame.pair.map_or_else(String::new, |(key, value)| format!("f({key}, {value}):"));
        return (pair, Some(inner.call.to_string()));
    }
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
