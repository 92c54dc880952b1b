//! `makemap`, and shorthands for many operations in one step.

use crate::machine::Refusal;

use super::action::{Action, Op};
use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, load_limit, over_load_factor};
use super::machine::{MAIN, check_hint};
use super::setup::Key;
use super::step::{Nil, Step};

/// The most operations that are shown as one step.
const MANY: u32 = 1_000;

impl GoMap {
    /// `make` of a map that nobody is using.
    pub(super) fn check_make(&self, g: u32, hint: i64) -> Result<(), Refusal> {
        if !self.nil {
            return Err(Refusal::new("this map has been made already", "这个 map 已经 make 过了"));
        }
        if g != MAIN || !self.frames.is_empty() {
            return Err(Refusal::new(
                "only main makes the map, and only while nobody is using it",
                "只有 main 可以 make，而且此时不能有人在用这个 map",
            ));
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
            return Err(Refusal::new(
                "this needs a map that has been made and that no operation is using",
                "需要一个已经 make 过、且没有操作正在进行的 map",
            ));
        }
        match action {
            Action::Pairs(id, _) => self.check_next(*id),
            _ => Ok(()),
        }
    }

    /// So many insertions, unseen.
    pub(super) fn fill(&mut self, entries: u32) -> Event {
        let first = self.next_value.max(1) as u64;
        let key = |n: u64| Key::numbered(self.kind, n);
        let (from, to) = (key(first), key(first + u64::from(entries) - 1));
        for n in first..first + u64::from(entries) {
            self.unseen(&Op::Insert(Key::numbered(self.kind, n)));
        }
        Event::Filled { g: MAIN, entries, from, to }
    }

    /// So many pairs of an iteration, unseen, or what is left of them.
    pub(super) fn pairs(&mut self, id: u32, pairs: u32) -> Event {
        let before = self.iters.get(&id).map_or(0, |iter| iter.yielded);
        let mut key = None;
        for _ in 0..pairs {
            if self.check_next(id).is_ok() {
                self.unseen(&Op::Next(id));
                key = self.returned.key.or(key);
            }
        }
        let pairs = self.iters.get(&id).map_or(0, |iter| iter.yielded) - before;
        Event::PairsReturned { g: MAIN, id, pairs, key: key.map(|key| self.key(key).clone()) }
    }

    fn unseen(&mut self, op: &Op) {
        if self.dead.is_none() {
            self.begin(MAIN, op);
            self.finish(MAIN, &mut |_, _| {});
            self.last = None;
        }
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
