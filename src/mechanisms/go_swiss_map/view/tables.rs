//! Tables: what decides on growing, figures, groups.

use super::super::event::Event;
use super::super::frame::{Copying, Frame, Spot};
use super::super::iterate::Iter;
use super::super::state::{SLOTS, Table, limit};
use super::Shown;
use crate::diagram::parts::{
    Line, Rack, Table as Sheet, cell, column, entry, field, flow, meter, rack, rigid, row, section, table, words,
};
use crate::diagram::{Size, Tone};
use crate::text::Text;

/// The most groups of a table that can have room: the neighbours of the one at work. In half the width they stand in one column.
const MOST: u32 = 16;
const MOST_IN_HALF: u32 = 4;
/// In a split, the colours of keys whose bit is clear, and set.
pub(super) const LEFT: Tone = Tone::Good;
pub(super) const RIGHT: Tone = Tone::Moved;

impl Shown<'_> {
    /// What decides on growing, in the place of an old table.
    pub(super) fn sheet(&self, number: u32) -> Line {
        let Some(t) = self.m.table(number) else { return row() };
        let line = |key: &str, en: &str, zh: &str, value: String| {
            entry(format!("sheet/{key}"), [cell(Text::new(en, zh)).quiet(), cell(value)])
        };
        let (full, deleted) = t.counted();
        let groups = format!("tables.{number}.groups");
        let rows = if t.small {
            vec![
                line("slots", "slots, all may be filled", "槽，可以填满", SLOTS.to_string()),
                line("full", "full", "已填", full.to_string()).path(groups),
            ]
        } else {
            let (slots, most) = (t.capacity, limit(t.capacity));
            let limited =
                line("limit", &format!("7/8 of {slots} slots"), &format!("{slots} 槽的 7/8"), most.to_string());
            vec![
                limited.path(format!("tables.{number}.capacity")),
                line("full", "− full", "− 已填", full.to_string()).path(groups.clone()),
                line("deleted", "− deleted", "− 墓碑", deleted.to_string()).path(groups),
            ]
        };
        let heading = match self.present().len() {
            _ if t.small => Text::new("room in the group", "group 的名额"),
            0 | 1 => Text::new("room left: growthLeft", "剩余名额 growthLeft"),
            _ => Text::new(format!("table {number}: growthLeft"), format!("table {number}：growthLeft")),
        };
        let made: Sheet = table("sheet", heading).rows(rows);
        column().filling(1.0, flow()).with(row().with(made).centered()).filling(1.0, flow())
    }

    pub(super) fn table(&self, number: u32) -> Line {
        let Some(t) = self.m.table(number) else { return column() };
        let path = |field: &str| format!("tables.{number}.{field}");
        let about = self.figure("table") == Some(number) || self.figure("to") == Some(number);
        let lit = |is: bool| self.tone_if(is && about);
        // Three tables leave the stage no lines for meters.
        if self.size == Size::Stage && self.room.places > 1 {
            return column().filling(1.0, self.rack(number, t, true));
        }
        let title = words(format!("table/{number}/name"), name(number, t)).title().path(format!("tables.{number}"));
        let title = title.tone(self.half(number));
        let line = row().with(rigid(title)).gap(0.7);
        let line = if t.small {
            line.filling(1.0, flow())
        } else {
            let (full, deleted) = t.counted();
            let (full, deleted) = (full as f32, deleted as f32);
            let room = Text::new("full, deleted, and how many may be filled", "已填、墓碑，以及最多能填多少");
            let bar = meter(format!("table/{number}/meter"), f32::from(t.capacity), room).fill(0.0, full, Tone::Info);
            let bar = bar.fill(full, full + deleted, Tone::Bad).limit(f32::from(limit(t.capacity)), Tone::Moved);
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
            let line = line.filling(1.0, bar.path(path("growthLeft")));
            // Of a table that is being replaced, the index tells when it is.
            let old = self.old == Some(number);
            let line = match self.size {
                Size::Stage if old => line.with(index.clone().tone(lit(stale))),
                _ => line.with(left),
            };
            // Where tables are told apart by depth and index, the bar alone shows what is used.
            let split = self.room.places > 1 || old;
            let used = used.tone(lit(changed)).path(path("used"));
            let line = if !split { line.only(Size::Window, used) } else { line };
            let line = if split { line.only(Size::Window, depth.path(path("localDepth"))) } else { line };
            if split { line.only(Size::Window, index.tone(lit(stale))) } else { line }
        };
        column().with(line).filling(1.0, self.rack(number, t, false)).gap(0.2)
    }

    /// In a split: the colour of the keys that go to this table.
    fn half(&self, number: u32) -> Tone {
        match self.copying() {
            Some(Copying { left, right: Some(_), .. }) if number == left => LEFT,
            Some(Copying { right: Some(right), .. }) if number == right => RIGHT,
            _ => Tone::Plain,
        }
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
        let ended = match self.event {
            Some(Event::TableStale { table, .. }) => self.m.table(*table).map(|t| t.mask()),
            _ => None,
        };
        event
            .or(copied)
            .or(sibling)
            .or(ended)
            .or_else(|| self.frame().and_then(here))
            .or(walked)
            .unwrap_or(0)
            .min(t.mask())
    }

    /// Its groups, or of many the neighbours of the one at work; the heading has the table's name, where nothing else has.
    fn rack(&self, number: u32, t: &Table, named: bool) -> Rack {
        let at = self.group_at_work(number, t);
        let beside = self.present().len() > 1 && self.old != Some(number);
        let most = match (self.room.pair, beside) {
            (true, true) => MOST_IN_HALF / 2,
            (true, false) => MOST_IN_HALF,
            (false, _) => MOST,
        };
        let first = at / most * most;
        let rows = (first..t.mask().min(first + most - 1) + 1).map(|group| self.row(number, t, group));
        let name = match named {
            true if self.old == Some(number) => Text::same(format!("table {number} · index {}", t.index)),
            true => Text::same(format!("table {number} · growthLeft {}", t.growth_left)),
            false => Text::new("groups", "group"),
        };
        let stale = matches!(self.event, Some(Event::TableStale { table, .. }) if *table == number);
        let tone = match named {
            true if stale => self.tone,
            true => self.half(number),
            false => Tone::Plain,
        };
        let made = section(format!("groups/{number}"), name, t.groups.len()).rows(rows).tone(tone);
        rack()
            .section(made.path(format!("tables.{number}.groups")))
            .around((at - first) as usize)
            .widest(t.mask() as usize)
    }

    /// Where the step leads: to the slot that an entry moves to, or at which a key was looked up anew.
    pub(super) fn target(&self) -> Option<Spot> {
        match self.event? {
            Event::EntryMoved { to, to_group, to_slot, .. } | Event::EntrySplit { to, to_group, to_slot, .. } => {
                Some(Spot { table: *to, group: *to_group, slot: *to_slot })
            }
            Event::IterLookedUp { key, .. } => self.m.find(*self.m.keys.index.get(key)?),
            _ => None,
        }
    }
}

fn name(number: u32, t: &Table) -> Text {
    let slots = t.capacity;
    match t.small {
        true => Text::new("small map: one group", "小 map：只有一个 group"),
        false => Text::new(format!("table {number} · {slots} slots"), format!("table {number} · {slots} 槽")),
    }
}
