//! Cells, and the entries in them.

use smol_str::format_smolstr;

use super::super::event::{Array, EMPTY_ONE, EMPTY_REST, EVACUATED_X, EVACUATED_Y, Event, Top};
use super::super::frame::{Call, Frame, Pc, Spot};
use super::super::iterate::Iter;
use super::super::memory::{BUCKET_COUNT, Bucket, KeyId};
use super::arrays::{self, Role, roles};
use super::focus::At;
use super::{Shown, hash};
use crate::diagram::Tone;
use crate::diagram::parts::{Hole, Sign, Thing, hole, thing};
use crate::text::Text;

/// How far the way of an entry bows that goes to another cell.
const BEND: f32 = -0.06;

impl Shown<'_> {
    /// A cell; `lit` if the step is about its bucket.
    pub fn hole(&self, array: Role, at: At, id: &str, bucket: &Bucket, cell: usize, lit: bool) -> Hole {
        let (top, held) = (bucket.tophash[cell], bucket.keys[cell]);
        let about = |(of, from, to, tone): &(At, u32, u32, Tone)| {
            (*of == at && (*from..=*to).contains(&(cell as u32))).then_some(*tone)
        };
        let tone = self.focus.cells.iter().find_map(about);
        let path = arrays::path(at);
        let made =
            hole(format!("cell/{id}/{cell}")).path(path.as_ref().map(|path| format_smolstr!("{path}.tophash[{cell}]")));
        let made = made.about(Text::same(format!("{}[{cell}] tophash {top}", path.as_deref().unwrap_or("array"))));
        let made = self
            .signs(array, at, cell as u32)
            .into_iter()
            .fold(made.tone(tone), |made, (key, tone, sign)| made.sign(key, tone, sign));
        let occupant = if top.is_live() { held.or_else(|| self.clearing(at, cell)) } else { self.in_flight(at, cell) };
        if let Some(key) = occupant {
            let returned = self.map.iterations().iter().filter(|(_, iter)| iter.has_returned(key));
            let made = returned.fold(made, |made, (id, _)| {
                made.sign(format!("iter/{id}/returned/{}", self.map.key(key)), iteration_tone(*id), Sign::Tick)
            });
            let path = path.map(|path| format_smolstr!("{path}.keys[{cell}]"));
            return made.thing(self.entry(array, at, bucket, cell, key, tone).path(path));
        }
        let made = match top {
            _ if tone.is_some() => made,
            EVACUATED_X => made.dashed(Tone::Info),
            EVACUATED_Y => made.dashed(Tone::Moved),
            _ => made,
        };
        if let Some((_, _, key)) = self.destination().filter(|(to, i, _)| *to == at && *i == cell as u32) {
            return made.dashed(self.half(array, at, key)).words([self.map.key(key).to_string()]);
        }
        let deletes = self.map.frames().iter().any(|frame| frame.call == Call::Delete);
        made.words(marks(top, tone.is_some() || lit && deletes))
    }

    /// Where an iteration began, and where it stands.
    fn signs(&self, array: Role, at: At, cell: u32) -> Vec<(String, Tone, Sign)> {
        let mut signs = Vec::new();
        for (id, iter) in self.map.iterations().iter().filter(|(_, iter)| !iter.ended) {
            let tone = iteration_tone(*id);
            let Some(slot) = iter.buckets else { continue };
            let start = (slot, iter.start_bucket, 0);
            if (array.slot, at.bucket, at.pos, cell) == (start.0, start.1, 0, iter.offset) {
                signs.push((format!("iter/{id}/start"), tone, Sign::Dot));
            }
            let (place, i) = self.stands(*id, iter).unwrap_or((start, 0));
            let passed = (i + BUCKET_COUNT as u32 - 1 + iter.offset) % BUCKET_COUNT as u32;
            let now = if i == 0 { iter.offset } else { passed };
            if (array.slot, at.bucket, at.pos, cell) == (place.0, place.1, place.2, now) {
                signs.push((format!("iter/{id}/cursor"), tone, Sign::Bar));
            }
        }
        signs
    }

    /// The array, chain and bucket that an iteration stands in, and how many cells of it it has passed.
    fn stands(&self, id: u32, iter: &Iter) -> Option<((u32, u32, u32), u32)> {
        let walks = |call: Call| call == Call::IterNext { id };
        match self.map.frames().iter().find(|frame| walks(frame.call) && frame.pc != Pc::Checks) {
            Some(frame) if frame.b.is_some() => Some(((frame.slot, frame.chain, frame.pos), frame.i)),
            Some(frame) if iter.bptr.is_some() => Some(((frame.slot, frame.chain, frame.pos), BUCKET_COUNT as u32)),
            _ => iter.bptr.map(|_| (iter.place, iter.i)),
        }
    }

    fn entry(&self, array: Role, at: At, bucket: &Bucket, cell: usize, key: KeyId, about: Option<Tone>) -> Thing {
        let (top, elem) = (bucket.tophash[cell], bucket.elems[cell]);
        let (pending, gone) = (!top.is_live(), bucket.keys[cell].is_none());
        let name = self.map.key(key).to_string();
        let followed = self.focus.entry.as_ref().filter(|(lit, _)| lit == self.map.key(key)).map(|(_, tone)| *tone);
        let strong = about.or(followed);
        let tone = strong.unwrap_or_else(|| self.half(array, at, key));
        let valued = self.focus.value == Some((at, cell as u32));
        let made = thing(format!("entry/{name}"), if gone { "—".to_owned() } else { name.clone() });
        let made = made.tone(tone).strong(strong.is_some_and(|tone| tone != Tone::Faint)).dashed(pending || gone);
        let made = if valued { made.above(format!("={elem}"), true) } else { made.above(marked(top), false) };
        let made = made.bend(if self.arrives(key) { BEND } else { 0.0 });
        let about = Text::new(format!("key {name}, tophash {top}"), format!("键 {name}，tophash {top}"));
        let made = made.about(about);
        if pending || gone || valued { made } else { made.beside(format!(" = {elem}")) }
    }

    /// To which half an entry goes or has gone while the map doubles: the colour of X or Y.
    fn half(&self, array: Role, at: At, key: KeyId) -> Tone {
        let (Some(old), Some(new)) = roles(self.map) else { return Tone::Plain };
        let (few, many) = (self.map.memory().main_len(old.slot), self.map.memory().main_len(new.slot));
        let number = if array.slot == new.slot { u64::from(at.bucket) } else { self.map.hash(key) };
        match (many == few * 2, number & u64::from(few)) {
            (false, _) => Tone::Plain,
            (true, 0) => Tone::Info,
            (true, _) => Tone::Moved,
        }
    }

    /// The cell that a marked entry is going to be copied to, and its key.
    pub fn destination(&self) -> Option<(At, u32, KeyId)> {
        let marked =
            matches!(self.event?, Event::MarkedX { .. } | Event::MarkedY { .. } | Event::MarkedSameSize { .. });
        let frame = self.map.frames().iter().find(|frame| Some(frame.g) == self.event.map(Event::goroutine))?;
        let (evac, key) = (frame.evac.filter(|_| marked)?, hash::evacuating(self.map, frame)?);
        let to = evac.dst[usize::from(evac.y)];
        let at = At { array: Array::Buckets, bucket: to.chain, pos: to.pos };
        (to.i < BUCKET_COUNT as u32).then_some((at, to.i, key))
    }

    /// Whether this step brings the entry to another cell. One that only has its place in a picture changed goes there
    /// straight, with its bucket.
    fn arrives(&self, key: KeyId) -> bool {
        matches!(self.event, Some(Event::EntryMoved { key: moved, .. } | Event::KeyStored { key: moved, .. })
            if moved == self.map.key(key))
    }

    /// The key of a cell that `delete` is clearing: its memory is zeroed before its tophash says so.
    fn clearing(&self, at: At, cell: usize) -> Option<KeyId> {
        let deletes = self.map.frames().iter().filter(|frame| frame.call == Call::Delete);
        let here = |frame: &Frame| frame.spot.filter(|spot| self.is(*spot, at, cell)).and(frame.key);
        deletes.filter_map(here).next()
    }

    /// The key of a cell that holds an entry which does not count here yet or no more: stored before its tophash, or
    /// marked as evacuated and not copied yet.
    fn in_flight(&self, at: At, cell: usize) -> Option<KeyId> {
        self.map.frames().iter().find_map(|frame| {
            if let Some(spot) = frame.spot.filter(|_| frame.pc == Pc::StoreTophash) {
                return frame.key.filter(|_| self.is(spot, at, cell));
            }
            let evac = frame.evac?;
            let here =
                at.array == Array::Oldbuckets && evac.old == at.bucket && evac.pos == at.pos && evac.i == cell as u32;
            if here { hash::evacuating(self.map, frame) } else { None }
        })
    }

    fn is(&self, spot: Spot, at: At, cell: usize) -> bool {
        let here = spot.chain == at.bucket && spot.pos == at.pos && spot.cell == cell as u32;
        here && self.map.array(spot.slot) == at.array
    }
}

/// Iterations are told apart by their colours and, in words, by their numbers.
pub fn iteration_tone(id: u32) -> Tone {
    if id == 1 { Tone::Good } else { Tone::Moved }
}

/// What is said in a cell without an entry, from long to short: that the rest of a chain is empty only where a step is about
/// its bucket.
fn marks(top: Top, lit: bool) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match top {
        EMPTY_REST if lit => words(&["emptyRest", "rest", "0"]),
        EMPTY_ONE => words(&["emptyOne", "one", "1"]),
        EVACUATED_X | EVACUATED_Y => vec![marked(top)],
        top if top.is_evacuated() => vec![marked(top)],
        _ => Vec::new(),
    }
}

/// The tophash in two characters.
fn marked(top: Top) -> String {
    match top {
        EMPTY_REST => "0".to_owned(),
        EMPTY_ONE => "1".to_owned(),
        EVACUATED_X => "→X".to_owned(),
        EVACUATED_Y => "→Y".to_owned(),
        top if top.is_evacuated() => "→∅".to_owned(),
        top => top.to_string(),
    }
}
