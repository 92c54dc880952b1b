//! The picture: the operation and the map's figures; the directory; the old table left, the present ones right, each with its
//! groups; below, the hash and the eight control bytes that are compared at once.

mod hash;
mod header;
mod next;
mod slots;
mod tables;

use std::collections::BTreeSet;

use crate::diagram::parts::{Line, column, picture, row};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::Event as _;
use crate::view::{View, narrow};

use super::event::Event;
use super::frame::{Call, Copying, Frame, Pc};
use super::state::{GoSwissMap, Table};

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

impl View for GoSwissMap {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        room.pair |= self.left_behind(None).is_some();
        room.groups |= !self.tables.is_empty();
        room.iterates |= !self.iters.is_empty();
        room.places = room.places.max(self.directory.len());
        room.goroutines.extend(self.frames.iter().chain(&self.last).map(|frame| frame.g));
        room.goroutines.extend(self.dead.iter().map(|dead| dead.g));
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let old = self.left_behind(event);
        let shown = Shown { m: self, event, tone, size, narrow: narrow(area), old, room: &room };
        picture(&shown.page(), area, size)
    }
}

impl GoSwissMap {
    /// The table that is being copied, that this step has declared stale, or that an iteration walks though the map has
    /// replaced it.
    fn left_behind(&self, event: Option<&Event>) -> Option<u32> {
        let stale = match event {
            Some(Event::TableStale { table, .. }) => Some(*table).filter(|table| self.tables.contains_key(table)),
            _ => None,
        };
        let copied = || self.frames.iter().find_map(|frame| frame.copying).map(|copying| copying.from);
        let current = self.current();
        let walked = || self.iters.values().flat_map(|iter| iter.table.into_iter().chain(iter.small));
        stale.or_else(copied).or_else(|| walked().filter(|table| !current.contains(table)).max())
    }
}

struct Shown<'a> {
    m: &'a GoSwissMap,
    event: Option<&'a Event>,
    tone: Tone,
    size: Size,
    narrow: bool,
    /// The table on the left.
    old: Option<u32>,
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

    /// The operation that looks for its key by its hash, and the table that it looks in: one of the map's, group by group.
    fn search(&self) -> Option<(&Frame, u32, &Table)> {
        let searches = |frame: &&Frame| {
            let places = !matches!(frame.pc, Pc::PickTable | Pc::StartProbe) && frame.copying.is_none();
            matches!(frame.call, Call::Assign | Call::Access | Call::Delete) && places && !frame.unchecked
        };
        let frame = self.frame().filter(|frame| frame.hashed.is_some()).filter(searches)?;
        let number = frame.table.filter(|table| self.m.current().contains(table))?;
        let table = self.m.table(number).filter(|t| frame.group <= t.mask())?;
        Some((frame, number, table))
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
        found.or_else(|| self.table_to_be()).or_else(|| current.first().copied())
    }

    /// The table that the directory has for the key at hand.
    fn table_to_be(&self) -> Option<u32> {
        let hash = self.frame()?.hash()?;
        self.m.directory.get(self.m.directory_index(hash) as usize).copied()
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
        let page = if self.room.places > 0 && !self.narrow { page.with(self.directory()) } else { page };
        let present = self.present();
        let page = if present.is_empty() {
            page.filling(1.0, row().with(self.nothing()).centered())
        } else {
            let right = column().each_filling(present.iter().map(|table| self.table(*table)));
            let left = match self.old {
                Some(old) => Some(self.table(old)),
                None if self.room.pair && !self.narrow => Some(self.sheet(self.table_at_work().unwrap_or(present[0]))),
                None => None,
            };
            match left {
                Some(left) if self.narrow => {
                    page.filling(1.0, column().filling(0.7, left).filling(1.0, right).strict())
                }
                Some(left) => page.filling(1.0, row().filling(1.0, left).filling(1.0, right).gap(2.0).strict()),
                None => page.filling(1.0, right),
            }
        };
        if !self.room.groups {
            return page;
        }
        if self.narrow {
            let page = page.with(row().with(self.hash()).centered());
            return page.only(Size::Window, self.trick());
        }
        page.with(row().filling(1.0, self.hash()).filling(1.0, self.trick()).gap(2.0).strict())
    }
}
