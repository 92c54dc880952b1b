//! Above the arrays: the operation at hand and the figures of `hmap`; goroutines and iterations, where there are several.

use std::collections::BTreeMap;

use super::super::event::Top;
use super::super::frame::{Call, Frame, Pc};
use super::super::hmap::{Dead, load_limit, overflow_limit};
use super::super::iterate::Iter;
use super::cells::iteration_tone;
use super::{Shown, operation};
use crate::diagram::parts::{
    Card, Field, Flow, Line, Table, Token, Words, card, cell, entry, field, flow, row, table, token, words,
};
use crate::diagram::{Size, Tone};
use crate::text::Text;

/// The figures that the stage shows always; of the others the one that the step is about.
const FIRST: [&str; 2] = ["count", "B"];

impl Shown<'_> {
    /// One line: what was called, and the figures.
    pub fn header(&self) -> Line {
        let line = row().gap(0.7);
        let line = match self.map.dead() {
            Some(dead) => line.with(end(dead)),
            None if self.room.goroutines.len() > 1 => line,
            None => {
                let frame = operation::at_work(self.map, self.event);
                line.maybe(self.newcomer()).maybe(frame.map(|frame| self.call(frame)))
            }
        };
        self.figures().into_iter().fold(line.filling(1.0, flow()), Line::with)
    }

    fn call(&self, frame: &Frame) -> Words {
        let said = operation::outcome(self.map, self.event, frame).unwrap_or_else(|| operation::call(self.map, frame));
        words("call", said).mono().note(Text::same(frame.call.function())).path("goroutines")
    }

    /// A new key waits beside its call until it is stored.
    fn newcomer(&self) -> Option<Token> {
        let frame = operation::at_work(self.map, self.event).filter(|frame| frame.call == Call::Assign)?;
        let early = matches!(frame.pc, Pc::Checks | Pc::Hash);
        let waits = !early && frame.spot.is_none() && self.map.dead().is_none();
        let key = frame.key.filter(|key| waits && self.map.find(*key).is_none())?;
        let name = self.map.key(key).to_string();
        Some(token(format!("entry/{name}"), name).tone(Tone::Active).square().strong())
    }

    fn figures(&self) -> Vec<Field> {
        let map = self.map;
        if map.is_nil() && !self.being_made() {
            let value = format!("map[{}]int(nil)", map.kind().go());
            return vec![self.figure("nil", "nil", value, "", "the map was never made", "map 从未创建").1];
        }
        let h = map.hmap();
        let buckets = 1u64 << h.B;
        let load = h.count as f64 / buckets as f64;
        let (limit, most) = (overflow_limit(h.B), load_limit(h.B));
        let (moved, all) = map.evacuated().unwrap_or_default();
        let count = format!("{} entries", h.count);
        let figures = [
            self.figure("hash0", "hash0", format!("{:08x}", h.hash0), "", "the hash seed", "哈希种子"),
            self.figure(
                "spare",
                "spare",
                map.spare().to_string(),
                "0",
                "preallocated overflow buckets left",
                "剩余的备用溢出桶",
            ),
            self.figure("count", "count", h.count.to_string(), "00", &count, "键值对个数"),
            self.figure(
                "B",
                "B",
                h.B.to_string(),
                "0",
                &format!("2^B = {buckets} buckets"),
                &format!("2^B = {buckets} 个桶"),
            ),
            self.figure(
                "load",
                Text::new("load", "负载"),
                format!("{load:.2}"),
                "0.00",
                &format!("{} / {buckets}; a new key grows the map beyond {most} entries", h.count),
                &format!("{} / {buckets}；超过 {most} 个后，新键触发扩容", h.count),
            ),
            self.figure(
                "noverflow",
                "noverflow",
                h.noverflow.to_string(),
                "0",
                &format!("overflow buckets; from {limit} on a new key starts a same-size growth"),
                &format!("溢出桶个数；达到 {limit} 后，新键触发等量扩容"),
            ),
            self.figure(
                "nevacuate",
                "nevacuate",
                h.nevacuate.to_string(),
                "0",
                &format!("old buckets below it have moved; {moved} of {all} in all"),
                &format!("编号更小的旧桶都已迁移；共 {moved}/{all} 个已迁移"),
            ),
            self.figure("flags", "flags", h.flags.to_string(), "", "hmap.flags", "hmap.flags"),
        ];
        let wanted = |key: &str| match (self.size, map.dead()) {
            (Size::Window, None) if !self.narrow => key != "hash0" || self.lit(key),
            (Size::Stage, Some(_)) => false,
            _ => FIRST.contains(&key) || self.lit(key) || self.room.goroutines.len() > 1 && key == "flags",
        };
        figures.into_iter().filter(|(key, _)| wanted(key)).map(|(_, figure)| figure).collect()
    }

    fn lit(&self, key: &str) -> bool {
        self.focus.figures.contains(&key)
    }

    fn figure(
        &self,
        key: &'static str,
        name: impl Into<Text>,
        value: String,
        widest: &'static str,
        en: &str,
        zh: &str,
    ) -> (&'static str, Field) {
        let about = Text::new(format!("{key} {value}: {en}"), format!("{key} {value}：{zh}"));
        let made = field(format!("chip/{key}"), name, value).widest(widest).bare().about(about);
        let made = made.tone(if self.lit(key) { Tone::Active } else { Tone::Plain });
        (key, if matches!(key, "load" | "nil") { made } else { made.path(key) })
    }

    /// What decides on the next growth, as long as there is no old array in its place.
    pub fn grows(&self) -> Table {
        let h = self.map.hmap();
        let (n, most) = (1u64 << h.B, load_limit(h.B));
        let limit = if most > 8 { format!("6.5 × {n} = {most}") } else { format!("{most}") };
        let line =
            |key: &str, name: Text, value: String| entry(format!("hmap/{key}"), [cell(name).quiet(), cell(value)]);
        let about = |key| if self.lit(key) { Tone::Active } else { Tone::Plain };
        let rows = [
            line("count", Text::same("count"), h.count.to_string()).tone(about("count")).path("count"),
            line("limit", Text::new("doubles beyond", "超过就翻倍"), limit).tone(about("load")),
            line("oldbuckets", Text::same("oldbuckets"), "nil".to_owned()).path("oldbuckets"),
        ];
        table("hmap", "hmap").rows(rows)
    }

    // --- several goroutines ---

    /// A card for each goroutine: what it called and what it does next.
    pub fn cards(&self) -> Line {
        let ended = self.map.ended().filter(|ended| self.map.frames().iter().all(|frame| frame.g != ended.g));
        let frames = self.map.frames().iter().map(|frame| (frame, false)).chain(ended.map(|frame| (frame, true)));
        let frames: BTreeMap<u32, (&Frame, bool)> = frames.map(|(frame, ended)| (frame.g, (frame, ended))).collect();
        let cards = self.room.goroutines.iter().map(|g| self.card(*g, frames.get(g).copied()));
        row().each_filling(cards).even()
    }

    fn card(&self, g: u32, frame: Option<(&Frame, bool)>) -> Card {
        let acts = self.event.is_some_and(|event| event.goroutine() == g);
        let died = self.map.dead().is_some_and(|dead| dead.g == g);
        let tone = if died { Tone::Bad } else { Tone::Active };
        let key = format!("goroutine/{g}");
        let made = |name: Text| {
            let card = card(key.clone(), name).home(format!("G{g}"), if acts { tone } else { Tone::Plain }, false);
            card.tone(if died { Tone::Bad } else { Tone::Plain }).path("goroutines")
        };
        let Some((frame, ended)) = frame else {
            let words = words(format!("{key}/next"), Text::new("not in the map", "没在用 map")).quiet();
            return made(Text::default()).look(acts, !acts).with(words);
        };
        let outcome = if ended { operation::outcome(self.map, self.event, frame) } else { None };
        let card = made(outcome.unwrap_or_else(|| operation::call(self.map, frame))).look(acts || died, false);
        let writes = frame.toggled && self.size == Size::Window;
        let card = if writes { card.status("hashWriting", Tone::Bad) } else { card };
        let next = match (died, ended, self.map.dead()) {
            (true, ..) => Text::new("ends the process", "进程终止"),
            (_, true, _) => Text::new("has returned", "已返回"),
            (_, _, Some(_)) => Text::new("ends with the process", "随进程终止"),
            _ => {
                let next = operation::next(frame.pc);
                let Text { en, zh } = next.clone();
                if self.size == Size::Stage {
                    next
                } else {
                    Text::new(format!("next: {en}"), format!("下一步：{zh}"))
                }
            }
        };
        let next = words(format!("{key}/next"), next).note(Text::same(frame.call.function()));
        let card = card.with(if acts { next.tone(tone) } else { next.quiet() });
        card.only(Size::Window, self.locals(&key, frame))
    }

    /// What an operation knows of its key so far.
    fn locals(&self, key: &str, frame: &Frame) -> Flow {
        let local = |name: &'static str, value: Option<String>| {
            let made = field(format!("{key}/local/{name}"), name, value.clone().unwrap_or_else(|| "–".to_owned()));
            made.inset().widest("0[0]")
        };
        let hashed = frame.top != Top(0);
        let cell = frame.spot.or(frame.inserti).map(|spot| format!("[{}]", spot.cell)).unwrap_or_default();
        let bucket = frame.chosen.map(|_| format!("{}{cell}", frame.bucket));
        flow().with(local("tophash", hashed.then(|| frame.top.to_string()))).with(local("bucket", bucket))
    }

    // --- iterations ---

    /// Where each iteration began, where it stands, how many pairs it has returned.
    pub fn iterations(&self) -> Flow {
        let begun = self.map.iterations().iter().filter(|(_, iter)| iter.buckets.is_some() || iter.ended);
        let line = begun.flat_map(|(id, iter)| self.iteration(*id, iter)).fold(flow(), Flow::with);
        // The line keeps its place while there is none.
        let none = self.map.iterations().values().all(|iter| iter.buckets.is_none() && !iter.ended);
        line.each(none.then(|| field("iter/none", "range", "–").bare()))
    }

    fn iteration(&self, id: u32, iter: &Iter) -> Vec<Field> {
        let lit = self.lit("iter");
        let tone = iteration_tone(id);
        let part = |part: &str, name: Text, value: Text| {
            let made = field(format!("iter/{id}/{part}"), name, value).path(format!("iterators.{id}"));
            made.bare().tone(if lit { tone } else { Tone::Plain })
        };
        let start = (iter.start_bucket, iter.offset);
        let start =
            Text::new(format!("bucket {}, cell {}", start.0, start.1), format!("桶 {} 槽 {}", start.0, start.1));
        let now = match iter.ended {
            true => Text::new("ended", "已结束"),
            false => Text::new(format!("bucket {}", iter.bucket), format!("桶 {}", iter.bucket)),
        };
        let returned = Text::same(iter.yielded.to_string());
        vec![
            part("from", Text::new(format!("range {id}  ● start"), format!("range {id}  ● 起点")), start),
            part("next", Text::new("━ here, next", "━ 当前，下一个"), now),
            part("yielded", Text::new("✓ returned", "✓ 已返回"), returned),
        ]
    }
}

/// What Go prints when the process dies.
fn end(dead: &Dead) -> Field {
    let exit = dead.exit.map_or_else(String::new, |exit| format!("  (exit status {exit})"));
    field("dead", "", format!("{}{exit}", dead.message)).tone(Tone::Bad).path("dead")
}
