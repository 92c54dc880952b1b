//! What may happen next, and setups for runs that nobody scripted.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use crate::machine::{Budget, set_up};

use super::super::keys::{Hash, Hashes, Key};
use super::action::{Action, Op};
use super::hmap::{GoMap, load_limit, over_load_factor, overflow_limit};
use super::machine::MAIN;
use super::memory::{BUCKET_COUNT, Bucket};
use super::setup::{KeyKind, Setup};

impl GoMap {
    /// A handful of everything: for what-ifs and for the searches.
    pub(super) fn offers(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let mut choices: Vec<Action> = self.frames.iter().map(|frame| Action::Run(frame.g)).collect();
        choices.extend(self.key_choices());
        choices.extend(self.goroutine_choices());
        if self.nil {
            choices.extend([Action::Make(8), Action::Make(53)]);
        }
        if self.h.count > 0 {
            choices.extend(self.iteration_choices());
        } else {
            choices.push(Action::Fill(8));
        }
        if self.h.count > 9 {
            choices.push(Action::Clear);
        }
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn key_choices(&self) -> Vec<Action> {
        let (existing, fresh) = self.sample_keys();
        let mut choices: Vec<Action> = fresh.iter().map(|key| Action::Insert(key.clone())).collect();
        for (n, key) in existing.iter().enumerate() {
            choices.push(Action::Delete(key.clone()));
            choices.push(if n % 2 == 0 { Action::Get(key.clone()) } else { Action::Insert(key.clone()) });
        }
        if let Some(key) = fresh.last().filter(|_| self.nil || self.h.count > 0) {
            choices.push(Action::Get(key.clone()));
            choices.push(Action::Delete(key.clone()));
        }
        choices
    }

    fn iteration_choices(&self) -> Vec<Action> {
        let open = |id: &u32| self.iters.get(id).is_some_and(|iter| !iter.ended);
        let one = |id| if open(&id) { Action::Next(id) } else { Action::Iter(id) };
        (0..2).map(one).chain(open(&0).then_some(Action::Pairs(0, 4))).collect()
    }

    fn goroutine_choices(&self) -> Vec<Action> {
        let (existing, fresh) = self.sample_keys();
        let mut choices = Vec::new();
        for g in [2, 3] {
            if self.frame(g).is_some() {
                continue;
            }
            if let Some(key) = fresh.get(g as usize - 2) {
                choices.push(Action::Go(g, Op::Insert(key.clone())));
            }
            if let Some(key) = existing.get(g as usize - 2) {
                let op = if g == 2 { Op::Get(key.clone()) } else { Op::Delete(key.clone()) };
                choices.push(Action::Go(g, op));
            }
        }
        if self.frame(3).is_none() {
            choices.extend([Action::Go(3, Op::Next(0)), Action::Go(3, Op::Iter(1)), Action::Go(3, Op::Clear)]);
        }
        choices
    }

    /// A few keys that are in the map (the oldest; while growing one of an unmoved old bucket), and two that are not.
    fn sample_keys(&self) -> (Vec<Key>, Vec<Key>) {
        let slots = self.h.oldbuckets.into_iter().chain(self.h.buckets);
        let buckets = slots.flat_map(|slot| self.heads(slot)).flat_map(|head| self.mem.chain(head));
        let live = |b: &&Bucket, cell: &usize| b.tophash[*cell].is_live();
        let cells = buckets.flat_map(|(_, b)| {
            (0..BUCKET_COUNT).filter(move |cell| live(&b, cell)).map(move |cell| (b.elems[cell], b.keys[cell]))
        });
        let cells: Vec<_> = cells.collect();
        let oldest = cells.iter().min();
        let picked = [oldest, cells.first(), cells.get(cells.len() / 2), cells.last()].into_iter().flatten();
        let mut existing: Vec<Key> = picked.filter_map(|(_, id)| Some(self.key((*id)?).clone())).collect();
        let mut known = BTreeSet::new();
        existing.retain(|key| known.insert(key.clone()));
        let used = |key: &Key| self.keys.index.get(key).is_some_and(|id| self.find(*id).is_some());
        let unused = |from: u64| (from..).map(|n| self.kind.numbered(n)).find(|key| !used(key));
        let mut fresh: Vec<Key> = unused(self.next_value.max(1) as u64).into_iter().chain(unused(1)).collect();
        fresh.dedup();
        (existing, fresh)
    }
}

/// A setup for a random run: hashes that collide, and a history that leads near to what is rare.
pub(super) fn random_setup(rng: &mut ChaCha8Rng) -> Setup {
    let key = if rng.random_range(0..2) == 0 { KeyKind::String } else { KeyKind::Uint64 };
    let nil = rng.random_range(0..40) == 0;
    let hints = [0, 8, 13, 13, 26, 26, 52, 105];
    let hint = (!nil && rng.random_range(0..3) > 0).then(|| hints[rng.random_range(0..hints.len())]);
    let hashes = match rng.random_range(0..4) {
        0 => Hashes::Seeded(rng.next_u32()),
        crowd => Hashes::Given(crowded(rng, key, crowd)),
    };
    let (filled, history) = if nil { (0, Vec::new()) } else { history(rng, key, hint.unwrap_or(0)) };
    let mut setup = Setup { key, hint, nil, hashes, filled, history, seed: rng.next_u64() };
    if rng.random_range(0..2) == 0 {
        cut_before_same_size(&mut setup);
    }
    setup
}

/// Hashes that collide: few tophashes, and few buckets or nine keys to a bucket in a row.
fn crowded(rng: &mut ChaCha8Rng, kind: KeyKind, crowd: u32) -> BTreeMap<Key, Hash> {
    let hash = |rng: &mut ChaCha8Rng, n: u64| {
        let low = match crowd {
            1 => rng.next_u64() & 3,
            2 => rng.next_u64() & 31,
            _ => n / 9,
        };
        Hash(u64::from(rng.random_range(0..12u8)) << 56 | low)
    };
    (1..=250).map(|n| (kind.numbered(n), hash(rng, n))).collect()
}

/// Entries up to about the load limit; a growth just begun, with an iteration; or a window that slides over the keys, so that holes and overflow buckets stay
/// behind.
fn history(rng: &mut ChaCha8Rng, key: KeyKind, hint: i64) -> (u32, Vec<Op>) {
    let mut b = 0;
    while over_load_factor(hint as usize, b) {
        b += 1;
    }
    let limit = load_limit(b) as u64;
    match rng.random_range(0..5) {
        0 => (0, Vec::new()),
        4 => (limit as u32 + rng.random_range(1..=2), vec![Op::Iter(0)]),
        1 => (rng.random_range(0..=limit as u32 + 2), Vec::new()),
        _ => {
            let window = limit - 1;
            let end = rng.random_range(1..=6 * limit);
            let insert = |n| Op::Insert(key.numbered(n));
            let delete = |n: u64| n.checked_sub(window).filter(|n| *n > 0).map(|n| Op::Delete(key.numbered(n)));
            (0, (1..=end).flat_map(|n| std::iter::once(insert(n)).chain(delete(n))).collect())
        }
    }
}

/// Ends the history where the next new key starts a growth to the same size, if it comes to that.
fn cut_before_same_size(setup: &mut Setup) {
    let history = std::mem::take(&mut setup.history);
    let Ok(mut map) = set_up::<GoMap>(setup, &mut { Budget::ANY }) else { return };
    for op in history {
        if !map.h.growing() && map.h.noverflow >= overflow_limit(map.h.B) {
            break;
        }
        map.begin(MAIN, &op);
        map.finish(MAIN, &mut |_, _| {});
        setup.history.push(op);
    }
}
