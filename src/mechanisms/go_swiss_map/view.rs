//! The picture: the operation and the map's figures; the directory; the old table left, the present ones right, each with its
//! groups; below, the hash and the eight control bytes that are compared at once.

use std::collections::BTreeSet;

use crate::diagram::parts::{
    Bits, Field, Flow, Hole, Line, Queue, Rack, Row, Sign, Table as Sheet, Thing, bits, cell, column, entry, field,
    flow, hole, meter, numbered, picture, queue, rack, rigid, row, section, steady, table, thing, token, tray, words,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::Event as _;
use crate::text::Text;
use crate::view::View;

use super::super::keys::{Key, KeyId};
use super::event::Event;
use super::frame::{Call, Copying, Frame, Pc, Spot};
use super::iterate::Iter;
use super::state::{Ctrl, DELETED, EMPTY, GoSwissMap, Group, MAX_TABLE, SLOTS, Table, limit};

/// What the pictures of a run have room for.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Whether a table stands beside the one that replaces it.
    pair: bool,
    /// Whether there is anything that can be searched.
    groups: bool,
    /// Whether there are iterations.
    iterates: bool,
    /// The longest directory.
    places: usize,
    /// Goroutines that use the map.
    goroutines: BTreeSet<u32>,
}

/// The most groups of a table that can have room: the neighbours of the one at work. In half the width they stand in one column.
const MOST: u32 = 16;
const MOST_IN_HALF: u32 = 4;
/// How far the ways of entries bow that move on their own.
const BEND: f32 = 0.25;

impl View for GoSwissMap {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        room.pair |= self.left_behind().is_some();
        room.groups |= !self.tables.is_empty();
        room.iterates |= !self.iters.is_empty();
        room.places = room.places.max(self.directory.len());
        room.goroutines.extend(self.frames.iter().chain(&self.last).map(|frame| frame.g));
        room.goroutines.extend(self.dead.iter().map(|dead| dead.g));
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let shown = Shown { m: self, event, tone, size, room: &room };
        picture(&shown.page(), area, size)
    }
}

impl GoSwissMap {
    /// The table that is being copied, or that an iteration walks though the map has replaced it.
    fn left_behind(&self) -> Option<u32> {
        let copied = self.frames.iter().find_map(|frame| frame.copying).map(|copying| copying.from);
        let current = self.current();
        let walked = self.iters.values().flat_map(|iter| iter.table.into_iter().chain(iter.small));
        copied.or_else(|| walked.filter(|table| !current.contains(table)).max())
    }
}

struct Shown<'a> {
    m: &'a GoSwissMap,
    event: Option<&'a Event>,
    tone: Tone,
    size: Size,
    room: &'a Room,
}

impl Shown<'_> {
    fn figure<T: Clone + 'static>(&self, name: &str) -> Option<T> {
        self.event?.figure(name)
    }

    fn tone_if(&self, about: bool) -> Tone {
        if about { self.tone } else { Tone::Plain }
    }

    /// The operation that the step belongs to, or the only one.
    fn frame(&self) -> Option<&Frame> {
        let m = self.m;
        let g: Option<u32> = self.figure("g");
        let frames = || m.frames.iter().chain(&m.last);
        g.and_then(|g| frames().find(|frame| frame.g == g)).or_else(|| m.frames.first())
    }

    fn copying(&self) -> Option<Copying> {
        self.m.frames.iter().find_map(|frame| frame.copying)
    }

    /// The table that the step is about.
    fn table_at_work(&self) -> Option<u32> {
        let current = self.m.current();
        let of_event = self.figure("to").or_else(|| self.figure("now")).or_else(|| self.figure("table"));
        let of_frame = || self.frame().and_then(|frame| frame.spot.map(|spot| spot.table).or(frame.table));
        let walked = || self.m.iters.values().filter(|iter| !iter.ended).find_map(|iter| iter.table);
        let known = |table: &u32| current.contains(table);
        let found = of_event.filter(known).or_else(|| of_frame().filter(known)).or_else(|| walked().filter(known));
        found.or_else(|| current.first().copied())
    }

    /// The present tables that are drawn: those being filled, or the one at work with its neighbour.
    fn present(&self) -> Vec<u32> {
        if let Some(copying) = self.copying() {
            return [Some(copying.left), copying.right].into_iter().flatten().collect();
        }
        let mut tables: Vec<u32> = self.m.directory.clone();
        tables.dedup();
        let Some(at) = self.table_at_work() else { return Vec::new() };
        match tables.iter().position(|table| *table == at) {
            Some(place) => tables.chunks(2).nth(place / 2).unwrap_or_default().to_vec(),
            None => vec![at],
        }
    }

    fn page(&self) -> Line {
        let page = column().with(self.header()).gap(0.8);
        let page = if self.room.goroutines.len() > 1 { page.with(self.goroutines()) } else { page };
        let page = if self.room.iterates { page.with(self.iterations()) } else { page };
        let page = if self.room.places > 0 { page.with(self.directory()) } else { page };
        let present = self.present();
        let page = if present.is_empty() {
            page.filling(1.0, row().with(self.nothing()).centered())
        } else {
            let right = column().each_filling(present.iter().map(|table| self.table(*table)));
            match self.m.left_behind() {
                Some(old) => {
                    page.filling(1.0, row().filling(1.0, self.table(old)).filling(1.0, right).gap(2.0).strict())
                }
                None if self.room.pair => page.filling(
                    1.0,
                    row()
                        .filling(1.0, self.sheet(self.table_at_work().unwrap_or(present[0])))
                        .filling(1.0, right)
                        .gap(2.0)
                        .strict(),
                ),
                None => page.filling(1.0, right),
            }
        };
        if self.room.groups { page.with(row().filling(1.0, self.hash()).with(self.trick()).gap(2.0)) } else { page }
    }

    // --- above ---

    fn header(&self) -> Line {
        let (m, line) = (self.m, row().gap(0.7));
        let line = match (&m.dead, self.frame()) {
            (Some(dead), _) => line.with(field("dead", "", dead.message).tone(Tone::Bad).path("dead")),
            (None, Some(frame)) => {
                let said = words("call", m.statement(frame)).mono().note(Text::same(m.op(frame))).path("goroutines");
                line.maybe(self.newcomer(frame)).with(said)
            }
            (None, None) => line,
        };
        self.figures().into_iter().fold(line.filling(1.0, flow()), Line::with)
    }

    /// A new key waits beside its call until it is stored.
    fn newcomer(&self, frame: &Frame) -> Option<impl crate::diagram::parts::Part + 'static> {
        let waits = frame.call == Call::Assign && frame.hashed.is_some() && self.m.dead.is_none();
        let key = frame.key.filter(|key| waits && self.m.find(*key).is_none() && !self.stored(*key))?;
        let name = self.m.key(key).to_string();
        Some(token(format!("entry/{name}"), name).tone(Tone::Active).square().strong())
    }

    /// Whether an assignment has stored this key and not yet set its control byte.
    fn stored(&self, key: KeyId) -> bool {
        let early = |frame: &&Frame| frame.key == Some(key) && frame.call == Call::Assign;
        let mut frames = self.m.frames.iter().filter(early).filter_map(|frame| frame.spot);
        frames.any(|spot| {
            self.m.table(spot.table).is_some_and(|t| t.group(spot.group).keys[spot.slot as usize] == Some(key))
        })
    }

    fn figures(&self) -> Vec<Field> {
        use Event::*;
        let (m, event) = (self.m, self.event);
        let lit = match event {
            Some(MapUsedRaised { .. } | MapUsedLowered { .. } | MapUsedReset { .. }) => "used",
            Some(WritingClear { .. } | WritingToggled { .. } | WritingHeld { .. } | WritingCleared { .. }) => "writing",
            Some(
                FatalReadWrite { .. } | FatalWritesAtStart { .. } | FatalWritesAtEnd { .. } | FatalIteration { .. },
            ) => "writing",
            Some(IterWritingClear { .. }) => "writing",
            Some(DirectoryDoubled { .. } | IterDirectoryGrew { .. } | DirectoryMade { .. }) => "globalDepth",
            Some(TombstonePossible { .. } | TombstonesGone { .. }) => "tombstonePossible",
            Some(Reseeded { .. } | Hashed { .. }) => "seed",
            Some(ClearSeqRaised { .. }) => "clearSeq",
            _ => "",
        };
        let one = |key: &'static str, value: String, en: &str, zh: &str| {
            let about = Text::new(format!("{key} {value}: {en}"), format!("{key} {value}：{zh}"));
            let made = field(format!("chip/{key}"), key, value).bare().about(about).path(key);
            (key, made.tone(self.tone_if(lit == key)))
        };
        if m.nil {
            let value = format!("map[{}]int(nil)", m.kind.go());
            return vec![field("chip/nil", "nil", value).bare()];
        }
        let shown = [
            one("seed", format!("{:08x}…", m.seed >> 32), "the hash seed", "哈希种子"),
            one("clearSeq", m.clear_seq.to_string(), "how often it was cleared", "clear 的次数"),
            one("tombstonePossible", m.tombstone_possible.to_string(), "tombstones may exist", "可能有墓碑"),
            one(
                "globalDepth",
                m.global_depth.to_string(),
                "bits that choose a place of the directory",
                "选目录项的位数",
            ),
            one("used", m.used.to_string(), "entries", "键值对个数"),
            one("writing", m.writing.to_string(), "toggled by each writer", "每个写者翻转一次"),
        ];
        let always: &[&str] = if self.size == Size::Window { &["globalDepth", "used", "writing"] } else { &["used"] };
        shown.into_iter().filter(|(key, _)| always.contains(key) || lit == *key).map(|(_, field)| field).collect()
    }

    fn goroutines(&self) -> Flow {
        let one = |g: &u32| {
            let frame = self.m.frame(*g);
            let said = frame.map_or_else(|| Text::new("not in the map", "不在 map 中"), |f| self.m.statement(f).into());
            let next = frame.map_or("", |frame| frame.pc.into());
            let said = match (frame, self.size) {
                (Some(_), Size::Window) => {
                    Text::new(format!("{} · next {next}", said.en), format!("{} · 下一步 {next}", said.zh))
                }
                _ => said,
            };
            let died = self.m.dead.as_ref().is_some_and(|dead| dead.g == *g);
            let tone = if died { Tone::Bad } else { self.tone_if(self.figure("g") == Some(*g)) };
            field(format!("goroutine/{g}"), format!("G{g}"), said).tone(tone)
        };
        flow().each(self.room.goroutines.iter().map(one))
    }

    fn iterations(&self) -> Flow {
        let one = |(id, iter): (&u32, &Iter)| {
            let place = iter.table.or(iter.small);
            let said = match (iter.ended, place) {
                (true, _) => Text::new("ended", "已结束"),
                (_, Some(table)) => Text::new(
                    format!("● start, ━ next, in table {table}"),
                    format!("● 起点，━ 下一个，在 table {table}"),
                ),
                _ => Text::new("begun", "已开始"),
            };
            let said =
                Text::new(format!("{}; ✓ {}", said.en, iter.yielded), format!("{}；✓ {}", said.zh, iter.yielded));
            let tone = self.tone_if(self.figure("id") == Some(*id));
            field(format!("iter/{id}"), format!("range {id}"), said).bare().tone(tone).path(format!("iterators.{id}"))
        };
        let none = self.m.iters.is_empty().then(|| field("iter/none", "range", "–").bare());
        flow().each(self.m.iters.iter().map(one)).each(none)
    }

    /// The directory: for each place the table that it leads to.
    fn directory(&self) -> Queue {
        let chosen: Option<u32> = match self.event {
            Some(Event::TableChosen { index, .. } | Event::TableReplaced { index, .. }) => Some(*index),
            Some(Event::HalfInstalled { index, .. } | Event::IterTable { place: index, .. }) => Some(*index),
            _ => None,
        };
        let doubled = matches!(self.event, Some(Event::DirectoryDoubled { .. } | Event::DirectoryMade { .. }));
        let place = |(i, table): (usize, &u32)| {
            let about = Text::new(format!("place {i}: table {table}"), format!("第 {i} 项：table {table}"));
            let lit = doubled || chosen.is_some_and(|index| (index as usize..index as usize + self.run()).contains(&i));
            token(format!("directory/{i}"), format!("{i}→T{table}")).square().about(about).tone(self.tone_if(lit))
        };
        let tokens = self.m.directory.iter().enumerate().map(place);
        queue("directory", "directory").slots(self.room.places).most(8).widest("0→T00").tokens(tokens).path("directory")
    }

    /// Places that the step has changed beside each other.
    fn run(&self) -> usize {
        self.figure::<u32>("entries").filter(|_| !matches!(self.event, Some(Event::TableChosen { .. }))).unwrap_or(1)
            as usize
    }

    fn nothing(&self) -> impl crate::diagram::parts::Part + 'static {
        let said = match self.m.nil {
            true => Text::new("nil map: nothing was made", "nil map：什么都没有"),
            false => {
                Text::new("dirPtr = nil: the first write allocates a group", "dirPtr = nil：首次写入才分配一个 group")
            }
        };
        words("no-groups", said).title().quiet()
    }

    // --- tables ---

    /// What decides on growing, in the place of an old table.
    fn sheet(&self, number: u32) -> Line {
        let Some(t) = self.m.table(number) else { return row() };
        let line = |key: &str, en: &str, zh: &str, value: String| {
            entry(format!("sheet/{key}"), [cell(Text::new(en, zh)).quiet(), cell(value)])
        };
        let path = |field: &str| format!("tables.{number}.{field}");
        let rows = if t.small {
            vec![
                line("slots", "slots, all may be filled", "槽，可以填满", SLOTS.to_string()),
                line("used", "full", "已填", self.m.used.to_string()).path("used".to_owned()),
            ]
        } else {
            let all = vec![
                line("capacity", "slots", "槽", t.capacity.to_string()).path(path("capacity")),
                line("limit", "may be filled: 7/8", "最多填：7/8", limit(t.capacity).to_string()),
                line("used", "full", "已填", t.used.to_string()).path(path("used")),
                line("tombstones", "deleted", "墓碑", t.tombstones().to_string()),
                line("left", "growthLeft", "growthLeft", t.growth_left.to_string()).path(path("growthLeft")),
            ];
            let skipped = if self.size == Size::Stage { 2 } else { 0 };
            all.into_iter().skip(skipped).collect()
        };
        let made: Sheet = table("sheet", name(number, t)).rows(rows);
        column().filling(1.0, flow()).with(row().with(made).centered()).filling(1.0, flow())
    }

    fn table(&self, number: u32) -> Line {
        let Some(t) = self.m.table(number) else { return column() };
        let path = |field: &str| format!("tables.{number}.{field}");
        let about = self.figure("table") == Some(number) || self.figure("to") == Some(number);
        let lit = |is: bool| self.tone_if(is && about);
        // Three tables leave the stage no lines for meters.
        if self.size == Size::Stage && self.room.places > 1 {
            return column().filling(1.0, self.rack(number, t, true));
        }
        let title = words(format!("table/{number}/name"), name(number, t)).title().path(format!("tables.{number}"));
        let line = row().with(rigid(title)).gap(0.7);
        let line = if t.small {
            line.filling(1.0, flow())
        } else {
            let (used, dead) = (f32::from(t.used), f32::from(t.tombstones().min(t.capacity)));
            let room = Text::new("full, deleted, and how many may be filled", "已填、墓碑，以及最多能填多少");
            let bar = meter(format!("table/{number}/meter"), f32::from(t.capacity), room).fill(0.0, used, Tone::Info);
            let bar = bar.fill(used, used + dead, Tone::Bad).limit(f32::from(limit(t.capacity)), Tone::Moved);
            let room = matches!(
                self.event,
                Some(
                    Event::RoomLeft { .. }
                        | Event::NoRoomLeft { .. }
                        | Event::GrowthLeftLowered { .. }
                        | Event::Pruned { .. }
                ) | Some(Event::GrowthLeftRaised { .. } | Event::TombstoneChosen { .. })
            );
            let left = field(format!("table/{number}/left"), "growthLeft", t.growth_left.to_string());
            let left = left.bare().widest("000").tone(lit(room)).path(path("growthLeft"));
            let used = field(format!("table/{number}/used"), "used", t.used.to_string()).bare().widest("000");
            let changed = matches!(self.event, Some(Event::TableUsedRaised { .. } | Event::TableUsedLowered { .. }));
            let index = field(format!("table/{number}/index"), "index", t.index.to_string()).bare().path(path("index"));
            let stale = matches!(self.event, Some(Event::TableStale { .. }));
            let depth = field(format!("table/{number}/depth"), "localDepth", t.local_depth.to_string()).bare();
            let line = line.filling(1.0, bar.path(path("growthLeft"))).with(left);
            // Where tables are told apart by depth and index, the bar alone shows what is used.
            let split = self.room.places > 1 || t.index == -1;
            let used = used.tone(lit(changed)).path(path("used"));
            let line = if !split { line.only(Size::Window, used) } else { line };
            let line = if split { line.only(Size::Window, depth.path(path("localDepth"))) } else { line };
            if split { line.only(Size::Window, index.tone(lit(stale))) } else { line }
        };
        column().with(line).filling(1.0, self.rack(number, t, false)).gap(0.2)
    }

    /// The group of this table that the step is about, or its operation.
    fn group_at_work(&self, number: u32, t: &Table) -> u32 {
        let to = self.target().filter(|spot| spot.table == number);
        let event = match (to, self.figure::<u32>("table") == Some(number)) {
            (Some(spot), _) => Some(spot.group),
            (_, true) => self.figure("group"),
            _ => None,
        };
        let here = |frame: &Frame| (frame.table == Some(number)).then_some(frame.group);
        let copied = self.copying().filter(|copying| copying.from == number).map(|copying| copying.at / SLOTS);
        let walks = |iter: &&Iter| !iter.ended && iter.table == Some(number);
        let walked = self.m.iters.values().find(walks).map(|iter| iter.slot(t.capacity) as u32 / SLOTS);
        let sibling = self.copying().map(|c| self.figure("to_group").unwrap_or(c.at.saturating_sub(1) / SLOTS));
        event.or(copied).or(sibling).or_else(|| self.frame().and_then(here)).or(walked).unwrap_or(0).min(t.mask())
    }

    /// Its groups, or of many the neighbours of the one at work; the heading has the table's name, where nothing else has.
    fn rack(&self, number: u32, t: &Table, named: bool) -> Rack {
        let at = self.group_at_work(number, t);
        let beside = self.present().len() > 1 && self.m.left_behind() != Some(number);
        let most = match (self.room.pair, beside) {
            (true, true) => MOST_IN_HALF / 2,
            (true, false) => MOST_IN_HALF,
            (false, _) => MOST,
        };
        let first = at / most * most;
        let rows = (first..t.mask().min(first + most - 1) + 1).map(|group| self.row(number, t, group));
        let name = if named {
            Text::same(format!("table {number} · growthLeft {}", t.growth_left))
        } else {
            Text::new("groups", "group")
        };
        let made = section(format!("groups/{number}"), name, t.groups.len()).rows(rows);
        rack()
            .section(made.path(format!("tables.{number}.groups")))
            .around((at - first) as usize)
            .widest(t.mask() as usize)
    }

    /// Where the step leads: to the slot that an entry moves to, or at which a key was looked up anew.
    fn target(&self) -> Option<Spot> {
        match self.event? {
            Event::EntryMoved { to, to_group, to_slot, .. } | Event::EntrySplit { to, to_group, to_slot, .. } => {
                Some(Spot { table: *to, group: *to_group, slot: *to_slot })
            }
            Event::IterLookedUp { key, .. } => self.m.find(*self.m.keys.index.get(key)?),
            _ => None,
        }
    }

    /// Whether the step is about this group, as one of its own or as where it leads.
    fn is_about(&self, number: u32, group: u32) -> bool {
        let own = self.figure("table") == Some(number) && self.figure("group") == Some(group);
        own || self.target().is_some_and(|spot| (spot.table, spot.group) == (number, group))
    }

    fn is_slot(&self, number: u32, group: u32, slot: u32) -> bool {
        let slots = self.figure::<Vec<u32>>("slots").unwrap_or_default();
        let of_event = self.figure::<u32>("slot").or_else(|| self.figure::<Option<u32>>("slot").flatten());
        let own = self.figure("table") == Some(number) && self.figure("group") == Some(group);
        let own = own && (of_event == Some(slot) || slots.contains(&slot));
        own || self.target() == Some(Spot { table: number, group, slot })
    }

    fn row(&self, number: u32, t: &Table, group: u32) -> Row {
        let cells = t.group(group);
        let lit = self.is_about(number, group).then_some(self.tone);
        let path = format!("tables.{number}.groups[{group}]");
        let full = cells.matching(Ctrl::is_full).count_ones();
        let about = Text::new(format!("group {group}: {full} of 8 full"), format!("group {group}：{full}/8 已填"));
        let left = self.m.left_behind() == Some(number) && self.copying().is_none_or(|c| group < c.at / SLOTS);
        let made =
            tray(format!("group/{number}/{group}")).lit(lit).left(left).path(Some(path.as_str().into())).about(about);
        let holes = (0..SLOTS).map(|slot| self.hole(number, t, group, cells, slot, &path));
        numbered(format!("group/{number}/{group}/no"), group as usize)
            .tone(lit.unwrap_or_default())
            .tray(made.holes(holes))
    }

    fn hole(&self, number: u32, t: &Table, group: u32, cells: &Group, slot: u32, path: &str) -> Hole {
        let (at, ctrl) = (slot as usize, cells.ctrl[slot as usize]);
        let tone = self.is_slot(number, group, slot).then_some(self.tone);
        let made =
            hole(format!("slot/{number}/{group}/{slot}")).tone(tone).path(Some(format!("{path}.ctrl[{slot}]").into()));
        let made = made.about(Text::new(format!("slot {slot}: {ctrl}"), format!("第 {slot} 槽：{ctrl}")));
        let made = self
            .signs(number, t, group, slot)
            .into_iter()
            .fold(made, |made, (key, sign)| made.sign(key, Tone::Moved, sign));
        let stored = self.m.frames.iter().find(|f| {
            f.spot.is_some_and(|s| (s.table, s.group, s.slot) == (number, group, slot))
                && f.call == Call::Assign
                && f.key == cells.keys[at]
        });
        let key = cells.keys[at].filter(|_| ctrl.is_full() || stored.is_some());
        let deletes =
            self.m.frames.iter().find(|f| f.spot.is_some_and(|s| (s.table, s.group, s.slot) == (number, group, slot)));
        let key = key.or_else(|| deletes.filter(|f| f.call == Call::Delete && ctrl.is_full()).and_then(|f| f.key));
        if let Some(key) = key {
            let moved = self.m.left_behind() == Some(number)
                && self.copying().is_none_or(|copying| group * SLOTS + slot < copying.at);
            if moved {
                return made
                    .dashed(tone.unwrap_or(self.side(key).unwrap_or(Tone::Faint)))
                    .words([self.m.key(key).to_string()]);
            }
            return made.thing(self.entry(cells, slot, key, tone).path(Some(format!("{path}.keys[{slot}]").into())));
        }
        let lit = self.is_about(number, group);
        match ctrl {
            DELETED => made.dashed(tone.unwrap_or(Tone::Bad)).words(["deleted", "fe"]),
            EMPTY if lit => made.words(["empty", "80"]),
            _ => made,
        }
    }

    fn entry(&self, cells: &Group, slot: u32, key: KeyId, tone: Option<Tone>) -> Thing {
        let (at, name) = (slot as usize, self.m.key(key).to_string());
        let (ctrl, elem) = (cells.ctrl[at], cells.elems[at]);
        let pending = !ctrl.is_full();
        let byte = if pending { format!("{:02x}", ctrl.0) } else { ctrl.to_string() };
        let own: Option<Key> = self.figure("key");
        let arrives = own.as_ref() == Some(self.m.key(key))
            && matches!(
                self.event,
                Some(Event::EntryMoved { .. } | Event::EntrySplit { .. } | Event::KeyStored { .. })
            );
        let side = self.side(key).unwrap_or_default();
        let made = thing(format!("entry/{name}"), if cells.keys[at].is_none() { "—".to_owned() } else { name.clone() });
        let made = made.tone(tone.unwrap_or(side)).strong(tone.is_some()).dashed(pending || cells.keys[at].is_none());
        let valued =
            matches!(self.event, Some(Event::ElemStored { .. } | Event::ValueReturned { .. })) && tone.is_some();
        let made = if valued { made.above(format!("={elem}"), true) } else { made.above(byte, false) };
        let about = Text::new(format!("key {name}, control byte {ctrl}"), format!("键 {name}，控制字节 {ctrl}"));
        let made = made.bend(if arrives { BEND } else { 0.0 }).about(about);
        if valued || pending { made } else { made.beside(format!(" = {elem}")) }
    }

    /// In a split: the colour of the half that a key goes to.
    fn side(&self, key: KeyId) -> Option<Tone> {
        let chosen = |frame: &Frame| {
            let table = frame.copying.filter(|c| c.right.is_some()).map(|c| c.from);
            let table = table.or_else(|| frame.table.filter(|_| frame.pc == Pc::MakeTables))?;
            self.m.table(table).filter(|t| t.capacity == MAX_TABLE).map(|t| t.local_depth)
        };
        let depth = self.m.frames.iter().find_map(chosen)?;
        let right = self.m.hash(key) >> (63 - depth.min(63)) & 1 == 1;
        Some(if right { Tone::Moved } else { Tone::Good })
    }

    /// Where an iteration began in this table and where it goes on; what it has returned.
    fn signs(&self, number: u32, t: &Table, group: u32, slot: u32) -> Vec<(String, Sign)> {
        let mut signs = Vec::new();
        for (id, iter) in
            self.m.iters.iter().filter(|(_, iter)| !iter.ended && iter.table.or(iter.small) == Some(number))
        {
            let (here, mask) = (u64::from(group * SLOTS + slot), u64::from(t.capacity) - 1);
            if iter.entry_offset & mask == here {
                signs.push((format!("iter/{id}/start"), Sign::Dot));
            }
            if iter.slot(t.capacity) == here && iter.entry_idx <= mask {
                signs.push((format!("iter/{id}/next"), Sign::Bar));
            }
            let key = t.group(group).keys[slot as usize].filter(|key| iter.seen.contains(key));
            signs.extend(key.map(|_| (format!("iter/{id}/returned/{here}"), Sign::Tick)));
        }
        signs
    }

    // --- below ---

    /// The hash in its parts: bits for the directory, for the group, and h2. In a split the bit that decides.
    fn hash(&self) -> Bits {
        let moved: Option<Key> = self
            .figure::<Key>("key")
            .filter(|_| matches!(self.event, Some(Event::EntrySplit { .. } | Event::EntryMoved { .. })));
        let moved = moved.and_then(|key| self.m.keys.index.get(&key).copied());
        let own =
            || self.frame().filter(|frame| frame.hashed.is_some()).and_then(|frame| Some((frame.key?, frame.hash()?)));
        let Some((key, hash)) = moved.map(|key| (key, self.m.hash(key))).or_else(own) else { return bits("hash", "") };
        let made = bits("hash", format!("hash({})", self.m.key(key)));
        let digits = format!("{hash:064b}");
        let h2 = Ctrl::of(hash);
        if let (Some(Event::EntrySplit { bit, .. }), Some(copying)) = (self.event, self.copying()) {
            let depth = self.m.table(copying.from).map_or(0, |t| usize::from(t.local_depth));
            let (tone, to) = if *bit == 1 { (Tone::Moved, copying.right) } else { (Tone::Good, Some(copying.left)) };
            let words = Text::new(format!("→ table {}", to.unwrap_or(0)), format!("→ table {}", to.unwrap_or(0)));
            let made = if depth > 0 { made.group("top", &digits[..depth], "", Tone::Plain) } else { made };
            return made.group("bit", &digits[depth..=depth], words, Tone::Active).decides(tone).group(
                "rest",
                "…",
                "",
                Tone::Plain,
            );
        }
        let depth = usize::from(self.m.global_depth.min(8));
        let table = moved.and_then(|_| self.figure("to")).or_else(|| self.frame().and_then(|frame| frame.table));
        let groups =
            table.and_then(|table| self.m.table(table)).map_or(0, |t| t.groups.len().trailing_zeros() as usize);
        let index = self.m.directory_index(hash);
        let made = match depth {
            0 => made,
            _ => made.group(
                "top",
                &digits[..depth],
                Text::new(format!("place {index}"), format!("第 {index} 项")),
                Tone::Info,
            ),
        };
        let made = made.group("middle", "…", "", Tone::Plain);
        let made = match groups {
            0 => made,
            _ => {
                let start = hash >> 7 & ((1 << groups) - 1);
                made.group("group", &digits[57 - groups..57], Text::same(format!("group {start}")), Tone::Moved)
            }
        };
        made.group("h2", &digits[57..], format!("h2 = {h2}"), Tone::Active)
    }

    /// The eight control bytes of the group at work, compared with h2 in one go.
    fn trick(&self) -> impl crate::diagram::parts::Part + 'static {
        let frame = self.frame().filter(|frame| matches!(frame.call, Call::Assign | Call::Access | Call::Delete));
        let at = frame.and_then(|frame| Some((frame, frame.h2()?, self.m.table(frame.table?)?)));
        let at =
            at.filter(|(frame, _, t)| frame.group <= t.mask() && frame.copying.is_none() && frame.pc != Pc::StartProbe);
        let lit = matches!(self.event, Some(Event::H2Matched { .. } | Event::H2Missed { .. }));
        let cells = |of: &dyn Fn(usize) -> (String, bool)| -> Vec<_> {
            (0..SLOTS as usize)
                .map(of)
                .map(|(text, on)| cell(text).tone(if on { Tone::Active } else { Tone::Plain }))
                .collect()
        };
        let byte = |slot: usize| {
            let ctrl = at.map(|(frame, _, t)| t.group(frame.group).ctrl[slot]);
            (ctrl.map_or_else(|| "–".to_owned(), |ctrl| format!("{:02x}", ctrl.0)), false)
        };
        let wanted = |_: usize| (at.map_or_else(|| "–".to_owned(), |(_, h2, _)| h2.to_string()), false);
        let equal = |slot: usize| match at {
            Some((frame, h2, t)) => {
                let same = t.group(frame.group).ctrl[slot] == h2;
                (u8::from(same).to_string(), same)
            }
            None => ("–".to_owned(), false),
        };
        let line = |key: &str, head: Text, mut rest: Vec<_>| {
            rest.insert(0, cell(head).quiet());
            entry(format!("trick/{key}"), rest)
        };
        let heading = match at {
            Some((frame, ..)) => {
                Text::new(format!("group {}: 8 at once", frame.group), format!("group {}：8 个一起比", frame.group))
            }
            None => Text::new("8 control bytes at once", "8 个控制字节一起比"),
        };
        let made = table("trick", heading).row(line("ctrl", "ctrl".into(), cells(&byte)));
        let made = made.row(line("h2", "h2".into(), cells(&wanted)));
        let made = made.row(line("equal", Text::new("equal", "相等"), cells(&equal)).tone(self.tone_if(lit)));
        steady(made, 9.0, 16.0)
    }
}

fn name(number: u32, t: &Table) -> Text {
    let slots = t.capacity;
    match t.small {
        true => Text::new("small map: one group", "小 map：只有一个 group"),
        false => Text::new(format!("table {number} · {slots} slots"), format!("table {number} · {slots} 槽")),
    }
}
