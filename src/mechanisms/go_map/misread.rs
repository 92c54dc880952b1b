//! What a lookup may give its caller, and whether it gave something else: a wrong value out of a race that no check noticed.
//!
//! A lookup is right if it gives what the map holds at some moment between its call and its return. Whatever a write that
//! overlaps it does to its key may come before that moment or after it. So what is allowed is what the key was at the call,
//! and what each write of the key makes of it that is under way then or begins later; a key that is not there gives zero.

use serde::Serialize;

use super::super::keys::Key;
use super::event::Event;
use super::frame::{Call, Frame};
use super::hmap::GoMap;
use super::step::Nil;

/// A lookup that gave its caller what no order of the operations gives.
#[derive(Clone, Debug, PartialEq, Serialize, Hash)]
pub struct Misread {
    /// The goroutine that read.
    pub g: u32,
    /// The key it asked for.
    pub key: Key,
    /// What it got.
    pub value: i64,
    /// What it could have got, were the operations carried out one after another.
    pub due: Vec<i64>,
}

impl GoMap {
    /// The last lookup that went wrong without anybody noticing.
    pub fn misread(&self) -> Option<&Misread> {
        self.misread.as_ref()
    }

    /// An operation begins: what it makes of the keys that lookups under way ask for; if it is a lookup, what it may give.
    pub(super) fn note_begun(&mut self, begun: &Frame) {
        let effect = |writer: &Frame, reader: &Frame| match writer.call {
            Call::Assign if writer.key == reader.key => Some(writer.value),
            Call::Delete if writer.key == reader.key => Some(0),
            Call::Clear | Call::Make { .. } => Some(0),
            _ => None,
        };
        if begun.call == Call::Access && !self.frames.is_empty() {
            let due = std::iter::once(self.held(begun)).chain(self.frames.iter().filter_map(|w| effect(w, begun)));
            self.due.insert(begun.g, due.collect());
        }
        for reader in self.frames.iter().filter(|frame| frame.call == Call::Access) {
            // A lookup that has been alone so far: the map is as it was at its call.
            let alone = !self.due.contains_key(&reader.g);
            let held = alone.then(|| self.held(reader));
            let due = self.due.entry(reader.g).or_default();
            due.extend(held);
            due.extend(effect(begun, reader).filter(|value| !due.contains(value)));
        }
    }

    /// What the map holds at a lookup's key.
    fn held(&self, reader: &Frame) -> i64 {
        let spot = reader.key.and_then(|key| self.find(key));
        spot.map_or(0, |spot| self.mem.at(spot.ptr).elems[spot.cell as usize])
    }

    /// A lookup has given this to its caller.
    pub(super) fn judge_read(&mut self, f: &Frame, value: i64) -> Result<(), Nil> {
        let due = self.due.remove(&f.g).unwrap_or_default();
        if f.call == Call::Access && !due.is_empty() && !due.contains(&value) {
            self.misread = Some(Misread { g: f.g, key: self.frame_key(f)?, value, due });
            self.untold = true;
        }
        Ok(())
    }

    /// The verdict on the lookup that has just returned, if it has not been told.
    pub(super) fn tell_misread(&mut self) -> Option<Event> {
        let told = self.misread.clone().filter(|_| std::mem::take(&mut self.untold))?;
        Some(Event::WrongValueRead { g: told.g, key: told.key, value: told.value, due: told.due })
    }
}
