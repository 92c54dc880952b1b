//! The contract's side of the map: starting, refusing, carrying out, choosing.

use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

use crate::machine::{Budget, Dice, Draw, Gauge, Machine, Progress, Refusal, refuse, set_up};
use crate::text::Text;

use super::super::keys::{Hashes, Key};
use super::action::{Action, Op};
use super::choices::random_setup;
use super::event::Event;
use super::frame::{Call, Frame, Pc};
use super::hmap::{GoMap, load_limit, over_load_factor, overflow_limit};
use super::make::{MANY, Many};
use super::memory::BUCKET_COUNT;
use super::setup::{KeyKind, Setup};

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
    type Doing = Doing;

    const ID: &'static str = "go-map";
    const DRAWS: &'static [Draw] = &[
        Draw {
            name: "start of an iteration",
            source: "map.go: mapiterinit: startBucket, offset",
            weights: || vec![1.0; 32],
            outcome: drawn_start,
        },
        Draw {
            name: "noverflow from B = 16 on",
            source: "map.go: incrnoverflow: one in 2^(B-15)",
            weights: || vec![1.0, 3.0],
            outcome: drawn_noverflow,
        },
    ];
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "What Go draws from its per-thread generator is drawn from a seed: the same distribution, another stream.",
            "Go 用线程私有随机数生成器抽取的值，这里由种子抽取：分布相同，序列不同。",
        ),
        (
            "Two goroutines interleave between the steps shown, never inside one.",
            "两个 goroutine 只在所示步骤之间交错，不在一步之内交错。",
        ),
    ];
    const GAUGES: &'static [&'static str] = &["load", "evacuated", "noverflow", "count"];
    const RARE: &'static [(&'static str, &'static str)] = &[
        ("NoverflowSampledOut", "needs B >= 16; a test of its own grows that far"),
        ("ThrowBadMapState", "needs two writers in the same evacuation; tested by its own interleaving"),
        ("WrongValueRead", "needs a lookup to stop in a bucket while others move it; tested by its own interleaving"),
        ("GrowsForever", "needs racing writers to falsify count; met by some 12,000 runs"),
        ("MemoryFault", "needs racing writers to lose a pointer; met by some 12,000 runs"),
    ];

    /// `makemap`.
    fn start(setup: &Setup) -> Result<GoMap, Refusal> {
        let hint = check_setup(setup)?;
        let mut map = GoMap::empty(setup);
        if map.nil {
            map.seed_hashes(&setup.hashes);
            map.first_hash0 = std::mem::take(&mut map.h.hash0);
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
        let filled = setup.filled as usize;
        if over_load_factor(filled, MAX_START_B) {
            return Err(too_many(filled));
        }
        for op in &setup.history {
            map.check_op(MAIN, op)?;
        }
        Ok(map)
    }

    fn prelude(setup: &Setup) -> Vec<Action> {
        let whole = (0..setup.filled / MANY).map(|_| Action::Fill(MANY));
        let rest = Some(setup.filled % MANY).filter(|rest| *rest > 0).map(Action::Fill);
        whole.chain(rest).chain(setup.history.iter().cloned().map(Action::from)).collect()
    }

    fn begin_run(&mut self) {
        self.stories = Default::default();
    }

    fn choices(&self) -> Vec<Action> {
        self.offers()
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        self.check(action)?;
        Ok(match action {
            Action::Go(g, op) => Doing::Start(*g, op.clone()),
            Action::Run(g) => Doing::One(*g),
            Action::Fill(entries) => Doing::Many(self.filling(*entries)),
            Action::Pairs(id, pairs) => Doing::Many(self.pairing(*id, *pairs)),
            plain => Doing::Main(plain.plain()),
        })
    }

    /// The value that an insertion will store, or the statement that a goroutine is in.
    fn next(&self, action: &Action) -> Option<Text> {
        match action {
            Action::Insert(_) | Action::Go(_, Op::Insert(_)) => Some(Text::same(self.next_value.to_string())),
            Action::Run(g) => {
                let frame = self.frame(*g)?;
                let key = frame.key.map(|key| match self.key(key) {
                    Key::Int(key) => key.to_string(),
                    Key::Str(key) => format!("\"{key}\""),
                });
                let key = key.unwrap_or_default();
                Some(Text::same(match frame.call {
                    Call::Assign => format!("m[{key}] = {}", frame.value),
                    Call::Access => format!("m[{key}]"),
                    Call::Delete => format!("delete(m, {key})"),
                    Call::Clear => String::from("clear(m)"),
                    Call::IterInit { .. } | Call::IterNext { .. } => String::from("range m"),
                    Call::Make { .. } => String::from("make(map)"),
                }))
            }
            _ => None,
        }
    }

    /// Any goroutine's next step, as long as one is under way.
    fn turns(&self) -> Vec<Action> {
        let turns = self.frames.iter().map(|frame| Action::Run(frame.g));
        turns.filter(|action| self.check(action).is_ok()).collect()
    }

    /// A fatal error or a panic.
    fn alarm(&self) -> Option<Text> {
        if let Some(dead) = &self.dead {
            return Some(Text::same(dead.message));
        }
        let super::misread::Misread { g, key, value, .. } = self.misread.as_ref()?;
        Some(Text::new(
            format!("G{g} read a wrong value: m[{key}] gave {value}, and no order of the operations does"),
            format!("G{g} 读到错误的值：m[{key}] 得到 {value}，而操作无论怎样排先后都不会这样"),
        ))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        if let Some(event) = self.tell_misread() {
            return Progress::Step(event);
        }
        match doing {
            Doing::Start(g, op) => {
                let (g, op) = (*g, op.clone());
                *doing = Doing::Over;
                self.begin(g, &op);
                Progress::Step(Event::GoroutineStarted { g, op: op.function(), key: op.key().cloned() })
            }
            Doing::One(g) => {
                let g = *g;
                *doing = Doing::Over;
                self.advance(g).into()
            }
            Doing::Many(many) => match self.unseen(many) {
                None => Progress::Worked,
                Some(event) => {
                    *doing = Doing::Over;
                    Progress::Step(event)
                }
            },
            Doing::Main(_) if self.dead.is_some() => Progress::Done,
            Doing::Main(next) => match (self.advance(MAIN), next.take()) {
                (Some(event), op) => {
                    *next = op;
                    Progress::Step(event)
                }
                (None, Some(op)) => {
                    self.begin(MAIN, &op);
                    Progress::Worked
                }
                (None, None) => Progress::Done,
            },
            Doing::Over => Progress::Done,
        }
    }

    fn bytes(&self) -> usize {
        size_of::<GoMap>() + self.mem.bytes() + self.keys.list.len() * 96
    }

    fn gauges(&self) -> Vec<Gauge> {
        let buckets = f64::from(1u32 << self.h.B);
        let limit = load_limit(self.h.B) as f64;
        let (moved, old) = self.evacuated().unwrap_or_default();
        let overflow = f64::from(overflow_limit(self.h.B));
        vec![
            Gauge::new("load", self.h.count as f64 / buckets).limit(6.5),
            Gauge::new("evacuated", f64::from(moved)).limit(self.h.growing().then_some(f64::from(old))),
            Gauge::new("noverflow", f64::from(self.h.noverflow)).limit(overflow),
            Gauge::new("count", self.h.count as f64).limit(limit),
        ]
    }

    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        random_setup(rng)
    }
}

/// Where an iteration over four buckets starts: bucket and offset as one number.
fn drawn_start(seed: u64) -> usize {
    let setup = Setup { seed, hint: Some(26), filled: 20, ..Setup::default() };
    let mut drawn = usize::MAX;
    if let Ok(mut map) = set_up::<GoMap>(&setup, &mut { Budget::ANY }) {
        let begun = map.apply(&Action::Iter(1), &mut |_, event| {
            if let Event::IterStartChosen { start, offset, .. } = event {
                drawn = start as usize * BUCKET_COUNT + offset as usize;
            }
        });
        debug_assert!(begun.is_ok(), "an iteration begins");
    }
    drawn
}

/// Whether an overflow bucket of a map with B = 17 is counted (0) or not (1).
fn drawn_noverflow(seed: u64) -> usize {
    let Ok(mut map) = GoMap::start(&Setup { seed, ..Setup::default() }) else { return usize::MAX };
    map.h.B = 17;
    match map.count_overflow(&mut Frame::new(MAIN, Call::Assign, None, 0)) {
        Ok(Some(Event::NoverflowRaised { .. })) => 0,
        Ok(Some(Event::NoverflowSampledOut { .. })) => 1,
        _ => usize::MAX,
    }
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub enum Doing {
    /// A goroutine that begins an operation.
    Start(u32, Op),
    /// One step of a goroutine.
    One(u32),
    /// Many operations of main that show as one step.
    Many(Many),
    /// Main's operation under way, then this one.
    Main(Option<Op>),
    /// Nothing.
    Over,
}

fn too_many(filled: usize) -> Refusal {
    let limit = load_limit(MAX_START_B);
    Refusal::new(
        format!("{filled} entries need more than 2^16 buckets; at most {limit} can be shown"),
        format!("{filled} 个条目需要超过 2^16 个桶；最多可展示 {limit} 个"),
    )
}

fn check_setup(setup: &Setup) -> Result<usize, Refusal> {
    if setup.nil && setup.hint.is_some() {
        return refuse!("the nil map was never made, so it has no hint", "nil map 从未 make 过，因此没有 hint");
    }
    if setup.nil && (setup.filled > 0 || !setup.history.is_empty()) {
        return refuse!(
            "nothing can have been put into the nil map: assignment to entry in nil map",
            "nil map 里不可能有内容：assignment to entry in nil map"
        );
    }
    if let Hashes::Given(given) = &setup.hashes
        && let Some(key) = given.keys().find(|key| KeyKind::of(key) != setup.key)
    {
        return Err(wrong_kind(key, setup.key));
    }
    check_hint(setup.hint.unwrap_or(0))
}

/// Refuses a hint that `make` would refuse, and one too large to be shown.
pub(super) fn check_hint(hint: i64) -> Result<usize, Refusal> {
    let Ok(hint) = usize::try_from(hint) else {
        return refuse!(
            "make panics with a size of {hint}: size out of range",
            "make 的大小为 {hint} 时会 panic：size out of range"
        );
    };
    if over_load_factor(hint, MAX_START_B) {
        let limit = load_limit(MAX_START_B);
        return refuse!(
            "a hint of {hint} asks for more than 2^16 buckets; at most {limit} can be shown",
            "hint {hint} 需要超过 2^16 个桶；最多可展示 {limit}"
        );
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
            dice: Dice::seeded(setup.seed),
            next_value: 1,
            frames: Vec::new(),
            iters: BTreeMap::new(),
            dead: None,
            first_hash0: 0,
            last: None,
            garbage: false,
            raced: false,
            absorbed: false,
            wrong_read: None,
            due: BTreeMap::new(),
            misread: None,
            untold: false,
            stories: Default::default(),
            returned: Default::default(),
            reseeds: 0,
            fault: Default::default(),
        }
    }

    /// The frame of a goroutine.
    pub fn frame(&self, g: u32) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.g == g)
    }

    pub(super) fn check(&self, action: &Action) -> Result<(), Refusal> {
        if let Some(dead) = &self.dead {
            return Err(Refusal::new(
                format!("the process has ended: {}", dead.message),
                format!("进程已经结束：{}", dead.message),
            ));
        }
        match action {
            Action::Go(g, op) => {
                if !(MAIN + 1..=LAST_GOROUTINE).contains(g) {
                    return refuse!(
                        "goroutines to start are numbered 2 to {LAST_GOROUTINE}; 1 is main",
                        "可启动的 goroutine 编号为 2 到 {LAST_GOROUTINE}；1 是 main"
                    );
                }
                if self.frame(*g).is_some() {
                    return refuse!("goroutine {g} has an operation under way", "goroutine {g} 的操作尚未结束");
                }
                self.check_op(*g, op)
            }
            Action::Run(g) if self.frame(*g).is_none() => {
                refuse!("goroutine {g} has nothing to run", "goroutine {g} 没有可执行的操作")
            }
            Action::Run(_) => Ok(()),
            Action::Fill(_) | Action::Pairs(..) => self.check_many(action),
            plain => {
                let Some(op) = plain.plain() else { return Ok(()) };
                let asks_state = matches!(op, Op::Make(_) | Op::Iter(_) | Op::IterAt(..) | Op::Next(_));
                match self.frame(MAIN).filter(|_| asks_state) {
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
        if let Some(key) = op.key().filter(|key| KeyKind::of(key) != self.kind) {
            return Err(wrong_kind(key, self.kind));
        }
        let id = match op {
            Op::Make(hint) => return self.check_make(g, *hint),
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
            return refuse!(
                "an iteration starts at a bucket below {buckets} and an offset of 0 to 7",
                "迭代的起始桶应小于 {buckets}，偏移应为 0 到 7"
            );
        }
        Ok(())
    }

    pub(super) fn check_next(&self, id: u32) -> Result<(), Refusal> {
        match self.iters.get(&id) {
            None => refuse!("there is no iteration {id}", "没有编号为 {id} 的迭代"),
            Some(iter) if iter.ended => {
                refuse!("iteration {id} has ended", "迭代 {id} 已经结束")
            }
            Some(_) => Ok(()),
        }
    }

    /// Puts an operation's frame in place; its first step has not been taken yet.
    pub(super) fn begin(&mut self, g: u32, op: &Op) {
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
            Op::Make(hint) => Call::Make { hint: hint.try_into().unwrap_or(0) },
        };
        self.last = None;
        self.place(Frame::new(g, call, key, value));
    }

    pub(super) fn place(&mut self, frame: Frame) {
        self.note_begun(&frame);
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

    /// Whether some goroutine stands at one of these places.
    pub(super) fn any_frame(&self, at: &[Pc]) -> bool {
        self.frames.iter().any(|frame| at.contains(&frame.pc))
    }
}
