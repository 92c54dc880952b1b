//! The bits of the hash that decides a step: its top byte, and the low bits that choose a bucket.

use super::super::event::{EVACUATED_EMPTY, Event, MIN_TOP_HASH, Top};
use super::super::frame::{Call, Frame, Pc};
use super::super::hmap::GoMap;
use super::super::memory::KeyId;
use super::{Shown, operation};
use crate::diagram::Tone;
use crate::diagram::parts::{Bits, bits};
use crate::text::Text;

/// What of a hash is shown.
struct Hash {
    key: KeyId,
    hash: u64,
    /// The low bits that have chosen a bucket, if they have.
    low: Option<u8>,
    /// Whether the highest of them is told apart, as the bit that a doubling adds.
    split: bool,
}

impl Shown<'_> {
    /// The hash that this step is about; without digits if it is about none.
    pub fn hash(&self) -> Bits {
        let frame = operation::at_work(self.map, self.event);
        match frame.and_then(|frame| shown(self.map, self.event, frame)) {
            Some(hash) => hash.bits(self.map),
            None => bits("hash", ""),
        }
    }
}

impl Hash {
    fn bits(&self, map: &GoMap) -> Bits {
        let digits = format!("{:064b}", self.hash);
        let low = usize::from(self.low.unwrap_or(0).min(16));
        let number = self.hash & ((1 << low) - 1);
        let made = bits("hash", format!("hash({})", map.key(self.key)));
        let made = if self.split {
            made.group("middle", format!("…{}", &digits[60 - low..64 - low]), "", Tone::Plain)
        } else {
            let (byte, top) = ((self.hash >> 56) as u8, Top::of(self.hash));
            let below = byte < MIN_TOP_HASH.0;
            let words = if below { format!("{byte:02x} + 5 = {top}") } else { format!("tophash {top}") };
            let made = made.group("top", &digits[..8], words, Tone::Moved);
            made.group("middle", format!("…{}", &digits[62 - low..64 - low]), "", Tone::Plain)
        };
        if low == 0 {
            return made;
        }
        if !self.split {
            let words = Text::new(format!("bucket {number}"), format!("桶 {number}"));
            return made.group("low", &digits[64 - low..], words, Tone::Info);
        }
        // The bit that a doubling adds, in the colour of the half that it leads to.
        let bit = &digits[64 - low..65 - low];
        let (side, tone) = if bit == "1" { ("Y", Tone::Moved) } else { ("X", Tone::Info) };
        let words = Text::new(format!("new bit → {side}"), format!("新看的一位 → {side}"));
        let made = made.group("new", bit, words, Tone::Active).decides(tone);
        if low > 1 { made.group("low", &digits[65 - low..], "", Tone::Info) } else { made }
    }
}

fn shown(map: &GoMap, event: Option<&Event>, frame: &Frame) -> Option<Hash> {
    let h = map.hmap();
    let doubling = h.growing() && !h.same_size_grow();
    let of_entry = |key: KeyId| Hash { key, hash: map.hash(key), low: Some(h.B), split: true };
    if evacuates(event, frame) {
        let hit = frame.evac.is_some_and(|evac| evac.hit);
        return match event {
            _ if !doubling => own(frame, false).filter(|_| !h.growing()),
            Some(Event::EntryMoved { key, .. }) => map.key_id(key).map(of_entry),
            // The key of the operation itself has led to its old bucket.
            _ => evacuating(map, frame).map(of_entry).or_else(|| own(frame, true).filter(|_| hit)),
        };
    }
    let consulted = matches!(event, Some(Event::OldBucketConsulted { .. } | Event::NewBucketConsulted { .. }));
    let searched = frame.call == Call::Access && h.oldbuckets == Some(frame.slot) && frame.b.is_some();
    own(frame, doubling && (consulted || searched))
}

/// The hash of the operation's own key, once it has been computed.
fn own(frame: &Frame, split: bool) -> Option<Hash> {
    let key = frame.key.filter(|_| !matches!(frame.pc, Pc::Checks | Pc::Hash) && frame.top != Top(0))?;
    Some(Hash { key, hash: frame.hash, low: frame.chosen, split })
}

/// Whether the step is one of an evacuation, in which the operation's own key plays no part.
fn evacuates(event: Option<&Event>, frame: &Frame) -> bool {
    use Event::{EvacuationMarkAdvanced, EvacuationMarkSkips, EvacuationMarkStays};
    use Event::{NothingLeftToEvacuate, OldArrayFreed, SameSizeFlagCleared};
    let ends = matches!(
        event,
        Some(
            EvacuationMarkStays { .. }
                | EvacuationMarkAdvanced { .. }
                | EvacuationMarkSkips { .. }
                | OldArrayFreed { .. }
                | SameSizeFlagCleared { .. }
                | NothingLeftToEvacuate { .. }
        )
    );
    frame.evac.is_some() || ends
}

/// The key that `evacuate` has marked and not copied yet.
pub fn evacuating(map: &GoMap, frame: &Frame) -> Option<KeyId> {
    let evac = frame.evac.filter(|_| frame.pc.copies() && frame.pc != Pc::EvacuateCell)?;
    let bucket = map.memory().at(evac.b);
    let cell = evac.i as usize;
    let marked = bucket.tophash.get(cell).is_some_and(|top| top.is_evacuated() && *top != EVACUATED_EMPTY);
    if marked { bucket.keys.get(cell).copied().flatten() } else { None }
}
