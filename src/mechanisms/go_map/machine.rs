//! The contract's side of the map: starting, refusing, carrying out, choosing.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

use crate::machine::{Gauge, Law, Machine, Mutant, Refusal};

use super::action::{Action, Op};
use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, load_limit, over_load_factor, overflow_limit};
use super::laws;
use super::memory::{BUCKET_COUNT, Bucket};
use super::setup::{Hash, Hashes, Key, KeyKind, Setup};

/// The goroutine that plain actions run in.
pub const MAIN: u32 = 1;
/// Goroutines that `Go` can start are numbered 2 to this.
pub const LAST_GOROUTINE: u32 = 9;
/// Maps of more than 2^16 buckets are not made.
const MAX_START_B: u8 = 16;

impl Machine for GoMap {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;

    const ID: &'static str = "go-map";
    const LAWS: &'static [Law<GoMap>] = laws::LAWS;
    const MUTANTS: &'static [Mutant<GoMap>] = laws::MUTANTS;

    /// `makemap`.
    fn start(setup: &Setup) -> Result<GoMap, Refusal> {
        let hint = check_setup(setup)?;
        let mut map = GoMap::empty(setup);
        if map.nil {
            return Ok(map);
        }
        map.seed_hashes(&setup.hashes);
        while over_load_factor(hint, map.h.B) {
            map.h.B += 1;
        }
        if map.h.B != 0 {
            let slot = map.mem.make_bucket_array(map.kind, map.h.B);
            map.h.buckets = Some(slot);
            map.h.next_overflow = map.mem.nth(slot, 1 << map.h.B);
        }
        map.prepare(setup)?;
        Ok(map)
    }

    fn choices(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let mut choices: Vec<Action> = self.frames.iter().map(|frame| Action::Run(frame.g)).collect();
        choices.extend(self.key_choices());
        choices.extend(self.goroutine_choices());
        if self.h.count > 0 {
            choices.extend(self.iteration_choices());
        }
        if self.h.count > 9 {
            choices.push(Action::Clear);
        }
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn apply(&mut self, action: &Action, step: &mut dyn FnMut(&Self, Event)) -> Result<(), Refusal> {
        self.check(action)?;
        match action {
            Action::Go(g, op) => {
                self.begin(*g, op);
                let (op, key) = (op.function(), op.key().cloned());
                step(self, Event::GoroutineStarted { g: *g, op, key });
            }
            Action::Run(g) => {
                if let Some(event) = self.advance(*g) {
                    step(self, event);
                }
            }
            plain => {
                self.finish(MAIN, step);
                if let Some(op) = plain.plain().filter(|_| self.dead.is_none()) {
                    self.begin(MAIN, &op);
                    self.finish(MAIN, step);
                }
            }
        }
        Ok(())
    }

    fn gauges(&self) -> Vec<Gauge> {
        let buckets = f64::from(1u32 << self.h.B);
        let limit = load_limit(self.h.B) as f64;
        let (moved, old) = self.evacuated().unwrap_or_default();
        let overflow = f64::from(overflow_limit(self.h.B));
        vec![
            Gauge { name: "count", value: self.h.count as f64, limit: Some(limit) },
            Gauge { name: "load", value: self.h.count as f64 / buckets, limit: Some(6.5) },
            Gauge { name: "evacuated", value: f64::from(moved), limit: self.h.growing().then_some(f64::from(old)) },
            Gauge { name: "noverflow", value: f64::from(self.h.noverflow), limit: Some(overflow) },
        ]
    }

    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        let key = if rng.random_range(0..2) == 0 { KeyKind::String } else { KeyKind::Uint64 };
        let nil = rng.random_range(0..40) == 0;
        let hints = [0, 8, 13, 13, 26, 26, 52, 105];
        let hint = (!nil && rng.random_range(0..3) > 0).then(|| hints[rng.random_range(0..hints.len())]);
        let hashes = match rng.random_range(0..4) {
            0 => Hashes::Seeded(rng.next_u32()),
            crowd => Hashes::Given(crowded(rng, key, crowd)),
        };
        let (filled, before) = if nil { (0, Vec::new()) } else { history(rng, key, hint.unwrap_or(0)) };
        let mut setup = Setup { key, hint, nil, hashes, filled, before, seed: rng.next_u64() };
        if rng.random_range(0..2) == 0 {
            cut_before_same_size(&mut setup);
        }
        setup
    }
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
    (1..=250).map(|n| (Key::numbered(kind, n), hash(rng, n))).collect()
}

/// Entries up to about the load limit; or a window that slides over the keys, so that holes and overflow buckets stay
/// behind.
fn history(rng: &mut ChaCha8Rng, key: KeyKind, hint: i64) -> (u32, Vec<Op>) {
    let mut limit = 8;
    while limit < hint as u64 {
        limit = (2 * limit).max(13);
    }
    match rng.random_range(0..4) {
        0 => (0, Vec::new()),
        1 => (rng.random_range(0..=limit as u32 + 2), Vec::new()),
        _ => {
            let window = limit - 1;
            let end = rng.random_range(1..=6 * limit);
            let insert = |n| Op::Insert(Key::numbered(key, n));
            let delete = |n: u64| n.checked_sub(window).filter(|n| *n > 0).map(|n| Op::Delete(Key::numbered(key, n)));
            (0, (1..=end).flat_map(|n| std::iter::once(insert(n)).chain(delete(n))).collect())
        }
    }
}

/// Ends the history where the next new key starts a growth to the same size, if it comes to that.
fn cut_before_same_size(setup: &mut Setup) {
    let before = std::mem::take(&mut setup.before);
    let Ok(mut map) = GoMap::start(setup) else { return };
    for op in before {
        if !map.h.growing() && map.h.noverflow >= overflow_limit(map.h.B) {
            break;
        }
        map.begin(MAIN, &op);
        map.finish(MAIN, &mut |_, _| {});
        setup.before.push(op);
    }
}

fn check_setup(setup: &Setup) -> Result<usize, Refusal> {
    if setup.nil && setup.hint.is_some() {
        return Err(Refusal::new(
            "the nil map was never made, so it has no hint",
            "nil map 从未 make 过，因此没有 hint",
        ));
    }
    if setup.nil && (setup.filled > 0 || !setup.before.is_empty()) {
        return Err(Refusal::new(
            "nothing can have been put into the nil map: assignment to entry in nil map",
            "nil map 里不可能有内容：assignment to entry in nil map",
        ));
    }
    if let Hashes::Given(given) = &setup.hashes
        && let Some(key) = given.keys().find(|key| key.kind() != setup.key)
    {
        return Err(wrong_kind(key, setup.key));
    }
    let hint = setup.hint.unwrap_or(0);
    let Ok(hint) = usize::try_from(hint) else {
        return Err(Refusal::new(
            format!("make panics with a size of {hint}: size out of range"),
            format!("make 的大小为 {hint} 时会 panic：size out of range"),
        ));
    };
    if over_load_factor(hint, MAX_START_B) {
        let limit = load_limit(MAX_START_B);
        return Err(Refusal::new(
            format!("a hint of {hint} asks for more than 2^16 buckets; at most {limit} can be shown"),
            format!("hint {hint} 需要超过 2^16 个桶；最多可展示 {limit}"),
        ));
    }
    Ok(hint)
}

fn wrong_kind(key: &Key, kind: KeyKind) -> Refusal {
    let go = kind.go();
    Refusal::new(
        format!("the keys of this map are of type {go}: {key:?} is not"),
        format!("这个 map 的键类型是 {go}，而 {key:?} 不是"),
    )
}

impl GoMap {
    fn empty(setup: &Setup) -> GoMap {
        GoMap {
            kind: setup.key,
            nil: setup.nil,
            h: Default::default(),
            mem: Default::default(),
            keys: Default::default(),
            seed: setup.seed,
            draws: 0,
            next_value: 1,
            frames: Vec::new(),
            iters: BTreeMap::new(),
            dead: None,
            garbage: false,
            raced: false,
            absorbed: false,
            wrong_read: None,
            stories: Default::default(),
            returned: Default::default(),
            reseeds: 0,
            fault: Default::default(),
        }
    }

    /// What was done before the run begins.
    fn prepare(&mut self, setup: &Setup) -> Result<(), Refusal> {
        let filled = (1..=u64::from(setup.filled)).map(|n| Op::Insert(Key::numbered(setup.key, n)));
        for op in filled.chain(setup.before.iter().cloned()) {
            self.check_op(MAIN, &op)?;
            self.begin(MAIN, &op);
            self.finish(MAIN, &mut |_, _| {});
        }
        self.stories = Default::default();
        Ok(())
    }

    /// The frame of a goroutine.
    pub fn frame(&self, g: u32) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.g == g)
    }

    fn check(&self, action: &Action) -> Result<(), Refusal> {
        if let Some(dead) = &self.dead {
            return Err(Refusal::new(
                format!("the process has ended: {}", dead.message),
                format!("进程已经结束：{}", dead.message),
            ));
        }
        match action {
            Action::Go(g, op) => {
                if !(MAIN + 1..=LAST_GOROUTINE).contains(g) {
                    return Err(Refusal::new(
                        format!("goroutines to start are numbered 2 to {LAST_GOROUTINE}; 1 is main"),
                        format!("可启动的 goroutine 编号为 2 到 {LAST_GOROUTINE}；1 是 main"),
                    ));
                }
                if self.frame(*g).is_some() {
                    return Err(Refusal::new(
                        format!("goroutine {g} has an operation under way"),
                        format!("goroutine {g} 的操作尚未结束"),
                    ));
                }
                self.check_op(*g, op)
            }
            Action::Run(g) if self.frame(*g).is_none() => Err(Refusal::new(
                format!("goroutine {g} has nothing to run"),
                format!("goroutine {g} 没有可执行的操作"),
            )),
            Action::Run(_) => Ok(()),
            plain => {
                let Some(op) = plain.plain() else { return Ok(()) };
                match self.frame(MAIN) {
                    None => self.check_op(MAIN, &op),
                    Some(_) => {
                        let mut later = self.clone();
                        later.finish(MAIN, &mut |_, _| {});
                        if later.dead.is_some() { Ok(()) } else { later.check_op(MAIN, &op) }
                    }
                }
            }
        }
    }

    fn check_op(&self, g: u32, op: &Op) -> Result<(), Refusal> {
        if let Some(key) = op.key().filter(|key| key.kind() != self.kind) {
            return Err(wrong_kind(key, self.kind));
        }
        let id = match op {
            Op::Iter(id) | Op::IterAt(id, ..) | Op::Next(id) => *id,
            _ => return Ok(()),
        };
        let uses = |frame: &&Frame| match frame.call {
            Call::IterInit { id: other, .. } | Call::IterNext { id: other } => other == id && frame.g != g,
            _ => false,
        };
        if let Some(user) = self.frames.iter().find(uses) {
            return Err(Refusal::new(
                format!("goroutine {} is in the middle of iteration {id}", user.g),
                format!("goroutine {} 正在执行迭代 {id}", user.g),
            ));
        }
        match op {
            Op::IterAt(_, start, offset) => self.check_start(*start, *offset),
            Op::Next(_) => self.check_next(id),
            _ => Ok(()),
        }
    }

    fn check_start(&self, start: u32, offset: u32) -> Result<(), Refusal> {
        let buckets = 1u32 << self.h.B;
        if start >= buckets || offset as usize >= BUCKET_COUNT {
            return Err(Refusal::new(
                format!("an iteration starts at a bucket below {buckets} and an offset of 0 to 7"),
                format!("迭代的起始桶应小于 {buckets}，偏移应为 0 到 7"),
            ));
        }
        Ok(())
    }

    fn check_next(&self, id: u32) -> Result<(), Refusal> {
        match self.iters.get(&id) {
            None => Err(Refusal::new(format!("there is no iteration {id}"), format!("没有编号为 {id} 的迭代"))),
            Some(iter) if iter.ended => {
                Err(Refusal::new(format!("iteration {id} has ended"), format!("迭代 {id} 已经结束")))
            }
            Some(_) => Ok(()),
        }
    }

    /// Puts an operation's frame in place; its first step has not been taken yet.
    fn begin(&mut self, g: u32, op: &Op) {
        let key = op.key().map(|key| self.intern(key, None));
        let mut value = 0;
        let call = match *op {
            Op::Insert(_) => {
                value = self.next_value;
                self.next_value += 1;
                Call::Assign
            }
            Op::Set(_, given) => {
                value = given;
                Call::Assign
            }
            Op::Get(_) => Call::Access,
            Op::Delete(_) => Call::Delete,
            Op::Clear => Call::Clear,
            Op::Iter(id) => Call::IterInit { id, at: None },
            Op::IterAt(id, start, offset) => Call::IterInit { id, at: Some((start, offset)) },
            Op::Next(id) => Call::IterNext { id },
        };
        self.place(Frame::new(g, call, key, value));
    }

    pub(super) fn place(&mut self, frame: Frame) {
        let at = self.frames.partition_point(|other| other.g < frame.g);
        self.frames.insert(at, frame);
    }

    /// Runs a goroutine to the end of its operation, or of the process.
    pub(super) fn finish(&mut self, g: u32, step: &mut dyn FnMut(&Self, Event)) {
        while self.dead.is_none() {
            let Some(event) = self.advance(g) else { return };
            step(self, event);
        }
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
        (0..2).map(|id| if open(&id) { Action::Next(id) } else { Action::Iter(id) }).collect()
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
        let unused = |from: u64| (from..).map(|n| Key::numbered(self.kind, n)).find(|key| !used(key));
        let mut fresh: Vec<Key> = unused(self.next_value.max(1) as u64).into_iter().chain(unused(1)).collect();
        fresh.dedup();
        (existing, fresh)
    }

    /// Whether `pc` lies in the part of a write where this chain is under construction.
    pub(super) fn any_frame(&self, at: &[Pc]) -> bool {
        self.frames.iter().any(|frame| at.contains(&frame.pc))
    }
}
