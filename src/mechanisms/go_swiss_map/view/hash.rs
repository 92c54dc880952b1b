//! Below the tables: the hash in its parts, and the control bytes that are compared with one of them.

use super::super::super::keys::Key;
use super::super::event::Event;
use super::super::frame::Pc;
use super::super::state::{Ctrl, SLOTS};
use super::Shown;
use crate::diagram::Tone;
use crate::diagram::parts::{Bits, Part, bits, cell, entry, steady, table};
use crate::text::Text;

impl Shown<'_> {
    /// The hash in its parts: bits for the directory, for the group, and h2. In a split the bit that decides.
    pub(super) fn hash(&self) -> Bits {
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
            let made = made.group("bit", &digits[depth..=depth], words, Tone::Active).decides(tone);
            return made.group("rest", "…", "", Tone::Plain);
        }
        let depth = usize::from(self.m.global_depth.min(8));
        // A table that has just been replaced has nothing to choose any more.
        let chosen = || self.frame().and_then(|frame| frame.table).filter(|table| self.m.current().contains(table));
        let table = moved.and_then(|_| self.figure("to")).or_else(chosen);
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

    /// The eight control bytes of the group at work, compared with h2 in one go. The answer is there from the comparison on.
    pub(super) fn trick(&self) -> impl Part + 'static {
        // Where the key goes, or is, and until that is known the group that is looked through.
        let at = self.search().and_then(|(frame, number, t)| {
            let group = frame.spot.filter(|spot| spot.table == number).map_or(frame.group, |spot| spot.group);
            Some((group, frame.h2()?, t.groups.get(group as usize)?, frame.pc != Pc::MatchH2))
        });
        let lit = matches!(self.event, Some(Event::H2Matched { .. } | Event::H2Missed { .. }));
        let cells = |of: &dyn Fn(usize) -> (String, bool)| -> Vec<_> {
            (0..SLOTS as usize)
                .map(of)
                .map(|(text, on)| cell(text).tone(if on { Tone::Active } else { Tone::Plain }))
                .collect()
        };
        let byte = |slot: usize| {
            let ctrl = at.map(|(_, _, cells, _)| cells.ctrl[slot]);
            (ctrl.map_or_else(|| "–".to_owned(), |ctrl| format!("{:02x}", ctrl.0)), false)
        };
        let wanted = |_: usize| (at.map_or_else(|| "–".to_owned(), |(_, h2, ..)| h2.to_string()), false);
        let equal = |slot: usize| match at {
            Some((_, h2, cells, true)) => {
                let same = cells.ctrl[slot] == h2;
                (u8::from(same).to_string(), same)
            }
            _ => ("–".to_owned(), false),
        };
        let line = |key: &str, head: Text, mut rest: Vec<_>| {
            rest.insert(0, cell(head).quiet());
            entry(format!("trick/{key}"), rest)
        };
        let heading = match at {
            Some((group, ..)) => Text::new(format!("group {group}: 8 at once"), format!("group {group}：8 个一起比")),
            None => Text::new("8 control bytes at once", "8 个控制字节一起比"),
        };
        let made = table("trick", heading).row(line("ctrl", "ctrl".into(), cells(&byte)));
        let made = made.row(line("h2", "h2".into(), cells(&wanted)));
        let made = made.row(line("equal", Text::new("equal", "相等"), cells(&equal)).tone(self.tone_if(lit)));
        steady(made, 9.0, 16.0)
    }
}
