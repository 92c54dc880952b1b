//! `makemap`, and shorthands for many operations in one step.

use crate::machine::{Refusal, refuse};

use super::action::{Action, Op};
use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, load_limit, over_load_factor};
use super::machine::{MAIN, check_hint};
use super::memory::KeyId;
use super::step::{Nil, Step};

/// The most operations that are shown as one step.
pub(super) const MANY: u32 = 1_000;

/// Many operations of main that show as one step.
#[derive(Clone, Debug)]
pub struct Many {
    what: Repeated,
    /// Operations that have not begun.
    left: u32,
    /// Operations that were asked for.
    asked: u32,
    /// Pairs that the iteration had returned before.
    before: u32,
    /// The key returned last.
    key: Option<KeyId>,
}

#[derive(Clone, Copy, Debug)]
enum Repeated {
    Insert { next: u64, first: u64 },
    Next(u32),
}

impl GoMap {
    /// `make` of a map that nobody is using.
    pub(super) fn check_make(&self, g: u32, hint: i64) -> Result<(), Refusal> {
        if !self.nil {
            return refuse!("this map has been made already", "这个 map 已经 make 过了");
        }
        if g != MAIN || !self.frames.is_empty() {
            return refuse!(
                "only main makes the map, and only while nobody is using it",
                "只有 main 可以 make，而且此时不能有人在用这个 map"
            );
        }
        check_hint(hint).map(|_| ())
    }

    /// Many operations in one step need a map that nobody else is using.
    pub(super) fn check_many(&self, action: &Action) -> Result<(), Refusal> {
        let (Action::Fill(n) | Action::Pairs(_, n)) = action else { return Ok(()) };
        if !(1..=MANY).contains(n) {
            let words = (format!("1 to {MANY} at a time"), format!("一次 1 到 {MANY} 个"));
            return Err(Refusal::new(words.0, words.1));
        }
        if self.nil || !self.frames.is_empty() {
            return refuse!(
                "this needs a map that has been made and that no operation is using",
                "需要一个已经 make 过、且没有操作正在进行的 map"
            );
        }
        match action {
            Action::Pairs(id, _) => self.check_next(*id),
            _ => Ok(()),
        }
    }

    /// So many insertions of further numbered keys.
    pub(super) fn filling(&self, entries: u32) -> Many {
        let next = self.next_value.max(1) as u64;
        Many { what: Repeated::Insert { next, first: next }, left: entries, asked: entries, before: 0, key: None }
    }

    /// So many pairs of an iteration, or what is left of them.
    pub(super) fn pairing(&self, id: u32, pairs: u32) -> Many {
        let before = self.iters.get(&id).map_or(0, |iter| iter.yielded);
        Many { what: Repeated::Next(id), left: pairs, asked: pairs, before, key: None }
    }

    /// One micro-step of many operations; the event when all are over.
    pub(super) fn unseen(&mut self, many: &mut Many) -> Option<Event> {
        if self.dead.is_none() && self.frame(MAIN).is_some() {
            self.advance(MAIN);
            return None;
        }
        self.last = None;
        if let Repeated::Next(_) = many.what {
            many.key = self.returned.key.filter(|_| many.left < many.asked).or(many.key);
        }
        if many.left > 0 && self.dead.is_none() {
            many.left -= 1;
            match &mut many.what {
                Repeated::Insert { next, .. } => {
                    let op = Op::Insert(self.kind.numbered(*next));
                    *next += 1;
                    self.begin(MAIN, &op);
                }
                Repeated::Next(id) if self.check_next(*id).is_ok() => self.begin(MAIN, &Op::Next(*id)),
                Repeated::Next(_) => many.left = 0,
            }
            return None;
        }
        Some(match many.what {
            Repeated::Insert { first, .. } => {
                let key = |n: u64| self.kind.numbered(n);
                let (from, to) = (key(first), key(first + u64::from(many.asked) - 1));
                Event::Filled { g: MAIN, entries: many.asked, from, to }
            }
            Repeated::Next(id) => {
                let pairs = self.iters.get(&id).map_or(0, |iter| iter.yielded) - many.before;
                Event::PairsReturned { g: MAIN, id, pairs, key: many.key.map(|key| self.key(key).clone()) }
            }
        })
    }

    /// `h = new(hmap)`, with a seed of its own.
    pub(super) fn make_header(&mut self, f: &mut Frame) -> Step {
        self.h.hash0 = self.first_hash0;
        f.pc = Pc::MakeSize;
        Ok(Some(Event::HeaderMade { g: f.g, hint: hint(f)?, hash0: self.h.hash0 }))
    }

    /// `for overLoadFactor(hint, B) { B++ }`.
    pub(super) fn make_size(&mut self, f: &mut Frame) -> Step {
        let (g, hint, B) = (f.g, hint(f)?, self.h.B);
        let limit = load_limit(B);
        if over_load_factor(hint, B) {
            self.h.B += 1;
            return Ok(Some(Event::HintExceeds { g, hint, B, limit, next: B + 1 }));
        }
        f.pc = if B == 0 { Pc::MakeReturn } else { Pc::MakeArray };
        Ok(Some(Event::HintFits { g, hint, B, limit }))
    }

    pub(super) fn make_array(&mut self, f: &mut Frame) -> Step {
        let B = self.h.B;
        let slot = self.mem.make_bucket_array(self.kind, B);
        self.h.buckets = Some(slot);
        f.pc = Pc::MakeSpare;
        let (buckets, wanted) = (self.mem.main_len(slot), if B < 4 { 0 } else { 1 << (B - 4) });
        let spare = self.mem.total_len(slot) - buckets;
        Ok(Some(Event::BucketsMade { g: f.g, B, buckets, wanted, more: spare - wanted, spare }))
    }

    pub(super) fn make_spare(&mut self, f: &mut Frame) -> Step {
        let slot = self.h.buckets.ok_or(Nil)?;
        f.pc = Pc::MakeReturn;
        self.h.next_overflow = self.mem.nth(slot, self.mem.main_len(slot));
        Ok(self.h.next_overflow.map(|_| Event::SpareSet { g: f.g, spare: self.spare() }))
    }

    /// The variable holds the map from here on.
    pub(super) fn make_return(&mut self, f: &mut Frame) -> Step {
        self.nil = false;
        f.pc = Pc::Done;
        Ok(Some(Event::MapMade { g: f.g, hint: hint(f)? }))
    }
}

fn hint(f: &Frame) -> Result<usize, Nil> {
    match f.call {
        Call::Make { hint } => Ok(hint),
        _ => Err(Nil),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::mechanisms::go_map::{Hashes, KeyKind, Setup};

    fn made(key: KeyKind, hint: i64) -> (GoMap, Vec<Event>) {
        let setup = Setup { key, nil: true, hashes: Hashes::Seeded(7), ..Setup::default() };
        let mut map = crate::machine::set_up::<GoMap>(&setup, &mut { crate::machine::Budget::ANY }).unwrap();
        let mut events = Vec::new();
        map.apply(&Action::Make(hint), &mut |map, event| {
            assert_eq!(map.is_nil(), !matches!(event, Event::MapMade { .. }), "nil until make returns");
            events.push(event);
        })
        .unwrap();
        (map, events)
    }

    /// Step by step it comes to the same map as a setup with the same hint.
    #[test]
    fn make_gives_what_a_hint_in_the_setup_gives() {
        for key in [KeyKind::String, KeyKind::Uint64] {
            for hint in [0, 8, 9, 52, 53, 105, 209, 417, 1000] {
                let setup = Setup { key, hint: Some(hint), hashes: Hashes::Seeded(7), ..Setup::default() };
                let (mut map, _) = made(key, hint);
                let mut other = crate::machine::set_up::<GoMap>(&setup, &mut { crate::machine::Budget::ANY }).unwrap();
                let figures = |map: &GoMap| (map.hmap().B, map.hmap().hash0, map.spare(), map.hmap().buckets);
                assert_eq!(figures(&map), figures(&other), "{key:?} {hint}");
                for map in [&mut map, &mut other] {
                    map.apply(&Action::Fill(60), &mut |_, _| {}).unwrap();
                }
                assert_eq!(serde_json::to_value(&map).unwrap(), serde_json::to_value(&other).unwrap());
            }
        }
    }

    #[test]
    fn a_hint_of_53_passes_four_sizes_and_gets_three_spares() {
        let (_, events) = made(KeyKind::String, 53);
        let over: Vec<_> = events.iter().filter(|event| matches!(event, Event::HintExceeds { .. })).collect();
        assert_eq!(over.len(), 4);
        let array = Event::BucketsMade { g: MAIN, B: 4, buckets: 16, wanted: 1, more: 2, spare: 3 };
        assert!(events.contains(&array) && events.contains(&Event::HintFits { g: MAIN, hint: 53, B: 4, limit: 104 }));
    }

    #[test]
    fn only_a_nil_map_that_nobody_uses_is_made() {
        let (mut map, _) = made(KeyKind::String, 8);
        for refused in [Action::Make(8), Action::Fill(0), Action::Fill(MANY + 1), Action::Pairs(0, 1)] {
            assert!(map.apply(&refused, &mut |_, _| {}).is_err(), "{refused:?}");
        }
    }
}
