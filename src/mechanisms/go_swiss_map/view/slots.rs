//! Slots, and the entries in them.

use super::super::super::keys::{Key, KeyId};
use super::super::event::Event;
use super::super::frame::{Call, Spot};
use super::super::state::{Ctrl, DELETED, EMPTY, Group, SLOTS, Table};
use super::Shown;
use super::tables::{LEFT, RIGHT};
use crate::diagram::Tone;
use crate::diagram::parts::{Hole, Row, Sign, Thing, hole, numbered, thing, tray};
use crate::text::Text;

/// How far the ways of entries bow that move on their own.
const BEND: f32 = 0.25;

impl Shown<'_> {
    /// Whether the step is about this group, as one of its own or as where it leads.
    fn is_about(&self, number: u32, group: u32) -> bool {
        let own = self.figure("table") == Some(number) && self.figure("group") == Some(group);
        own || self.target().is_some_and(|spot| (spot.table, spot.group) == (number, group))
    }

    /// The colour of the frame around a group that the step is about. Pruning has to do with all that had tombstones.
    fn lights(&self, number: u32, group: u32, cells: &Group) -> Option<Tone> {
        if let Some(turned) = self.turned(number) {
            let pruned = turned.iter().any(|slot| slot / SLOTS == group);
            return pruned.then_some(self.tone).or(cells.first(DELETED).map(|_| Tone::Bad));
        }
        self.is_about(number, group).then_some(self.tone)
    }

    /// The slots of this table whose tombstones this step has turned back, counted over the table.
    fn turned(&self, number: u32) -> Option<&[u32]> {
        match self.event? {
            Event::Pruned { table, turned, .. } if *table == number => Some(turned),
            _ => None,
        }
    }

    /// As which group, from 1, the search at hand has come to this one.
    fn probed(&self, number: u32, group: u32) -> Option<usize> {
        let (frame, _, t) = self.search().filter(|(_, table, t)| *table == number && !t.small)?;
        let mut passed = t.probe(frame.hash()?).take(frame.index as usize + 1);
        passed.position(|passed| passed == group).map(|nth| nth + 1)
    }

    fn is_slot(&self, number: u32, group: u32, slot: u32) -> bool {
        let slots = self.figure::<Vec<u32>>("slots").unwrap_or_default();
        let of_event = self.figure::<u32>("slot").or_else(|| self.figure::<Option<u32>>("slot").flatten());
        let own = self.figure("table") == Some(number) && self.figure("group") == Some(group);
        let own = own && (of_event == Some(slot) || slots.contains(&slot));
        let turned = self.turned(number).is_some_and(|turned| turned.contains(&(group * SLOTS + slot)));
        own || turned || self.target() == Some(Spot { table: number, group, slot })
    }

    pub(super) fn row(&self, number: u32, t: &Table, group: u32) -> Row {
        let cells = t.group(group);
        let lit = self.lights(number, group, cells);
        let path = format!("tables.{number}.groups[{group}]");
        let full = cells.matching(Ctrl::is_full).count_ones();
        let about = Text::new(format!("group {group}: {full} of 8 full"), format!("group {group}：{full}/8 已填"));
        let nth = self.probed(number, group);
        let about = match nth {
            Some(nth) => Text::new(
                format!("{}; number {nth} of the search", about.en),
                format!("{}；查找的第 {nth} 个", about.zh),
            ),
            None => about,
        };
        let left = self.old == Some(number) && self.copying().is_none_or(|c| group < c.at / SLOTS);
        let made =
            tray(format!("group/{number}/{group}")).lit(lit).left(left).path(Some(path.as_str().into())).about(about);
        let holes = (0..SLOTS).map(|slot| self.hole(number, t, group, cells, slot, &path));
        numbered(format!("group/{number}/{group}/no"), group as usize)
            .tone(lit.unwrap_or(if nth.is_some() { Tone::Moved } else { Tone::Plain }))
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
            let moved =
                self.old == Some(number) && self.copying().is_none_or(|copying| group * SLOTS + slot < copying.at);
            if moved {
                return made
                    .dashed(tone.unwrap_or(self.side(key).unwrap_or(Tone::Faint)))
                    .words([self.m.key(key).to_string()]);
            }
            return made.thing(self.entry(cells, slot, key, tone).path(Some(format!("{path}.keys[{slot}]").into())));
        }
        let lit = self.lights(number, group, cells).is_some();
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
        let valued = matches!(self.event, Some(Event::ElemStored { .. } | Event::ValueReturned { .. }))
            || matches!(self.event, Some(Event::IterYielded { .. } | Event::IterLookedUp { .. }));
        let valued = valued && tone.is_some();
        let made = if valued { made.above(format!("={elem}"), true) } else { made.above(byte, false) };
        let about = Text::new(format!("key {name}, control byte {ctrl}"), format!("键 {name}，控制字节 {ctrl}"));
        let made = made.bend(if arrives { BEND } else { 0.0 }).about(about);
        if valued || pending { made } else { made.beside(format!(" = {elem}")) }
    }

    /// In a split: the colour of the half that a key goes to.
    fn side(&self, key: KeyId) -> Option<Tone> {
        let from = self.copying().filter(|copying| copying.right.is_some())?.from;
        let depth = self.m.table(from)?.local_depth;
        let right = self.m.hash(key) >> (63 - depth.min(63)) & 1 == 1;
        Some(if right { RIGHT } else { LEFT })
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
}
