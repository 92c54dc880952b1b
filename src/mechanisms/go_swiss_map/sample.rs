//! What may happen next, and setups for runs that nobody scripted.

use std::collections::BTreeMap;

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use crate::machine::{Budget, set_up};

use super::super::keys::{Hash, Hashes, Key};
use super::action::{Action, Op};
use super::frame::Pc;
use super::machine::MAIN;
use super::setup::{KeyKind, Setup};
use super::state::GoSwissMap;

impl GoSwissMap {
    /// A handful of everything: for what-ifs and for the searches.
    pub(super) fn offers(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let mut choices: Vec<Action> = self.frames.iter().map(|frame| Action::Run(frame.g)).collect();
        choices.extend(self.frames.iter().map(|frame| Action::Copy(frame.g, 16)));
        choices.extend(self.frames.iter().map(|frame| Action::Finish(frame.g)));
        let (existing, fresh) = self.sample_keys();
        choices.extend(fresh.iter().map(|key| Action::Insert(key.clone())));
        for (n, key) in existing.iter().enumerate() {
            choices.push(Action::Delete(key.clone()));
            choices.push(if n % 2 == 0 { Action::Get(key.clone()) } else { Action::Insert(key.clone()) });
        }
        if let Some(key) = fresh.last() {
            choices.extend([Action::Get(key.clone()), Action::Delete(key.clone())]);
        }
        if self.nil {
            choices.extend([Action::Make(8), Action::Make(20)]);
        }
        let open = |id: &u32| self.iters.get(id).is_some_and(|iter| !iter.ended);
        choices.extend((0..2).map(|id| if open(&id) { Action::Next(id) } else { Action::Iter(id) }));
        choices.extend(open(&0).then_some(Action::Pairs(0, 4)));
        choices.push(if self.used > 9 || self.tombstone_possible { Action::Clear } else { Action::Fill(6) });
        choices.extend(self.goroutine_offers(&existing, &fresh));
        choices.extend((self.used > 3).then_some(Action::Erase(2, 5)));
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn goroutine_offers(&self, existing: &[Key], fresh: &[Key]) -> Vec<Action> {
        let mut choices = Vec::new();
        for g in [2, 3].into_iter().filter(|g| self.frame(*g).is_none()) {
            let at = g as usize - 2;
            choices.extend(fresh.get(at).map(|key| Action::Go(g, Op::Insert(key.clone()))));
            choices.extend(existing.get(at).map(|key| match g {
                2 => Action::Go(g, Op::Get(key.clone())),
                _ => Action::Go(g, Op::Delete(key.clone())),
            }));
        }
        choices.extend([Action::Go(3, Op::Next(0)), Action::Go(3, Op::Clear)]);
        choices
    }

    /// A few keys that are in the map, first, middle and last of its tables, and two that are not.
    fn sample_keys(&self) -> (Vec<Key>, Vec<Key>) {
        let tables = self.current().into_iter().filter_map(|number| self.table(number));
        let slots = tables.flat_map(|table| table.groups.iter()).flat_map(|group| group.ctrl.iter().zip(group.keys));
        let full: Vec<_> = slots.filter(|(ctrl, _)| ctrl.is_full()).filter_map(|(_, id)| id).collect();
        let picked = [full.iter().min(), full.first(), full.get(full.len() / 2), full.last()];
        let mut existing: Vec<Key> = Vec::new();
        for key in picked.into_iter().flatten().map(|id| self.key(*id)) {
            if !existing.contains(key) {
                existing.push(key.clone());
            }
        }
        let used = |key: &Key| self.keys.index.get(key).is_some_and(|id| self.find(*id).is_some());
        let unused = |from: u64| (from..).map(|n| self.kind.numbered(n)).find(|key| !used(key));
        let mut fresh: Vec<Key> = unused(self.next_value.max(1) as u64).into_iter().chain(unused(1)).collect();
        fresh.dedup();
        (existing, fresh)
    }
}

/// A setup for a random run: hashes that collide, and a history that leads near to what is rare.
pub(super) fn random_setup(rng: &mut ChaCha8Rng) -> Setup {
    let key = [KeyKind::String, KeyKind::Uint64, KeyKind::Pair][rng.random_range(0..3)];
    let seed = rng.next_u64();
    match rng.random_range(0..40) {
        0 => return Setup { key, nil: true, seed, ..Setup::default() },
        1 | 2 => return splitting(rng, key, seed),
        3 if rng.random_range(0..2) == 0 => return uneven(key, seed),
        // The next new key splits the table.
        3 => return Setup { key, hashes: Hashes::Seeded(rng.next_u32()), filled: 896, seed, ..Setup::default() },
        _ => {}
    }
    let hints = [9, 14, 28, 56];
    let hint = (rng.random_range(0..3) == 0).then(|| hints[rng.random_range(0..hints.len())]);
    let crowd = rng.random_range(0..4);
    let hashes = if crowd == 0 { Hashes::Seeded(rng.next_u32()) } else { Hashes::Given(crowded(rng, key, crowd)) };
    let full = [0, 7, 8, 13, 14, 14, 27, 28, 56][rng.random_range(0..9)];
    let mut history = Vec::new();
    if full > 8 && rng.random_range(0..2) == 0 {
        history.push(Action::Erase(1, rng.random_range(1..=8)));
    }
    if full > 0 && rng.random_range(0..3) == 0 {
        history.push(Action::Iter(0));
        history.push(Action::Pairs(0, rng.random_range(1..=3)));
    }
    Setup { key, hint, hashes, filled: full, history, seed, ..Setup::default() }
}

/// Hashes that collide: few control bytes, and few groups or eight keys to a group in a row.
fn crowded(rng: &mut ChaCha8Rng, kind: KeyKind, crowd: u32) -> BTreeMap<Key, Hash> {
    let hash = |rng: &mut ChaCha8Rng, n: u64| {
        let group = match crowd {
            1 => rng.next_u64() & 1,
            2 => rng.next_u64() & 31,
            _ => (n - 1) / 8,
        };
        Hash(rng.next_u64() << 40 | group << 7 | u64::from(rng.random_range(0..12u8)))
    };
    (1..=120).map(|n| (kind.numbered(n), hash(rng, n))).collect()
}

/// A full table whose split is all but done, with an iteration under way or not.
fn splitting(rng: &mut ChaCha8Rng, key: KeyKind, seed: u64) -> Setup {
    let mut setup = Setup { key, hashes: Hashes::Seeded(rng.next_u32()), filled: 896, seed, ..Setup::default() };
    if rng.random_range(0..3) > 0 {
        setup.history = vec![Action::Iter(0), Action::Pairs(0, rng.random_range(1..=890))];
    }
    nearly_copied(setup, key.numbered(900), 127)
}

/// The insertion of a key that has no room has copied so many groups of its table.
fn nearly_copied(mut setup: Setup, next: Key, groups: u32) -> Setup {
    setup.history.push(Action::Go(MAIN, Op::Insert(next)));
    let Ok(mut map) = set_up::<GoSwissMap>(&setup, &mut { Budget::ANY }) else { return setup };
    while map.frame(MAIN).is_some_and(|frame| frame.pc != Pc::CopyEntry) {
        map.advance(MAIN);
        setup.history.push(Action::Run(MAIN));
    }
    setup.history.push(Action::Copy(MAIN, groups));
    setup
}

/// Two tables of 512 slots by a hint; one of them has grown and been split, so that the other, which is full, has two places of the
/// directory: it grows into both.
pub(super) fn uneven(key: KeyKind, seed: u64) -> Setup {
    let hash = |n: u64| {
        // Spread over groups and control bytes; the topmost bit says which table.
        let low = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        Hash(if n <= SPLIT { 1 << 63 | low } else { low })
    };
    let hashes = Hashes::Given((1..=SPLIT + FULL + 60).map(|n| (key.numbered(n), hash(n))).collect());
    let filled = (SPLIT + FULL) as u32;
    let setup = Setup { key, hint: Some(SPLIT as i64), hashes, filled, seed, ..Setup::default() };
    nearly_copied(setup, key.numbered(SPLIT + FULL + 1), 63)
}

/// Entries that a table of 1,024 slots does not take any more, and those that one of 512 takes.
const SPLIT: u64 = 897;
const FULL: u64 = 448;
