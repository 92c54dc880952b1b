//! The contract's side of the map: starting, refusing, carrying out.

use rand_chacha::ChaCha8Rng;

use crate::machine::{Budget, Draw, Gauge, Machine, Progress, Refusal, refuse, set_up, within};
use crate::text::Text;

use super::super::keys::{Hashes, Key, KeyId, KeyTable};
use super::action::{Action, Op};
use super::event::Event;
use super::frame::{Call, Copying, Frame, Pc};
use super::sample::random_setup;
use super::setup::{KeyKind, Setup};
use super::state::{GoSwissMap, SLOTS};

/// The goroutine that plain actions run in.
pub const MAIN: u32 = 1;
/// Goroutines are numbered to this.
const LAST_GOROUTINE: u32 = 9;
/// The most operations that are shown as one step.
const MANY: u32 = 1_000;
/// So many entries a map may be made for.
const MOST: usize = 60_000;

impl Machine for GoSwissMap {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-swiss-map";
    const DRAWS: &'static [Draw] = &[Draw {
        name: "start of an iteration",
        source: "table.go: Iter.Init: entryOffset, dirOffset",
        weights: || vec![1.0; 16],
        outcome: drawn_start,
    }];
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "What Go draws from its per-thread generator is drawn from a seed: the same distribution, another stream.",
            "Go 用线程私有随机数生成器抽取的值，这里由种子抽取：分布相同，序列不同。",
        ),
        (
            "Hashes are given, or XXH64 under the map's seed: Go's own function (AES instructions) gives other numbers of the same kind.",
            "哈希值由场景给定，或为种子下的 XXH64：Go 用的 AES 哈希给出的是另一些同样随机的数。",
        ),
        (
            "Two goroutines interleave between the steps shown, never inside one.",
            "两个 goroutine 只在所示步骤之间交错，不在一步之内交错。",
        ),
    ];
    const GAUGES: &'static [&'static str] = &["used", "load", "tombstones", "tables"];
    const RARE: &'static [(&'static str, &'static str)] = &[
        ("Astray", "needs two writers that tear the same table; tested by its own interleaving"),
        ("PruneUseless", "needs tombstones that searches pass; tested by its own setup"),
    ];

    /// `NewMap`.
    fn start(setup: &Setup) -> Result<GoSwissMap, Refusal> {
        let hint = check_setup(setup)?;
        let mut map = GoSwissMap::empty(setup);
        if hint > u64::from(SLOTS) {
            map.make_for(hint);
        }
        Ok(map)
    }

    fn prelude(setup: &Setup) -> Vec<Action> {
        let whole = (0..setup.filled / MANY).map(|_| Action::Fill(MANY));
        let rest = Some(setup.filled % MANY).filter(|rest| *rest > 0).map(Action::Fill);
        whole.chain(rest).chain(setup.history.iter().cloned()).collect()
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
            Action::Finish(g) => Doing::Finish(*g),
            Action::Copy(g, groups) => {
                let copying = self.frame(*g).and_then(|frame| frame.copying);
                Doing::Copy { g: *g, from: copying.map_or(0, |c| c.at), groups: *groups, entries: 0 }
            }
            Action::Fill(n) => {
                let next = self.next_value.max(1) as u64;
                Doing::Many(Many::new(Repeated::Insert { first: next }, u64::from(*n)))
            }
            Action::Erase(from, to) => {
                Doing::Many(Many::new(Repeated::Delete { first: *from, used: self.used }, to - from + 1))
            }
            Action::Pairs(id, n) => {
                let before = self.iters.get(id).map_or(0, |iter| iter.yielded);
                Doing::Many(Many::new(Repeated::Next { id: *id, before }, u64::from(*n)))
            }
            plain => Doing::Main(plain.plain()),
        })
    }

    /// The value that an insertion will store, or the statement that a goroutine is in.
    fn next(&self, action: &Action) -> Option<Text> {
        match action {
            Action::Insert(_) | Action::Go(_, Op::Insert(_)) => Some(Text::same(self.next_value.to_string())),
            Action::Run(g) | Action::Copy(g, _) | Action::Finish(g) => {
                Some(Text::same(self.statement(self.frame(*g)?)))
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
        self.dead.as_ref().map(|dead| Text::same(dead.message))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        match doing {
            Doing::Start(g, op) => {
                let (g, op) = (*g, op.clone());
                *doing = Doing::Over;
                self.begin(g, &op);
                let call = self.frame(g).map_or("", |frame| self.op(frame));
                Progress::Step(Event::GoroutineStarted { g, op: call, key: op.key().cloned() })
            }
            Doing::One(g) => {
                let g = *g;
                *doing = Doing::Over;
                self.advance(g).into()
            }
            Doing::Finish(_) | Doing::Main(_) if self.dead.is_some() => Progress::Done,
            Doing::Finish(g) => self.advance(*g).into(),
            Doing::Copy { .. } => self.copy_groups(doing),
            Doing::Many(many) => match self.unseen(many) {
                None => Progress::Worked,
                Some(event) => {
                    *doing = Doing::Over;
                    Progress::Step(event)
                }
            },
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
        let groups: usize = self.tables.values().map(|table| table.groups.len()).sum();
        size_of::<GoSwissMap>() + groups * 112 + self.directory.len() * 4 + self.keys.list.len() * 96
    }

    fn gauges(&self) -> Vec<Gauge> {
        let current = self.current();
        let tables = || current.iter().filter_map(|number| self.tables.get(number));
        let slots: u32 = tables().map(|table| u32::from(table.capacity)).sum();
        // Counted: between two stores of an assignment the runtime's own formula is off by one.
        let tombstones: usize = tables().map(|table| table.counted().1).sum();
        let load = self.used as f64 / f64::from(slots.max(1));
        vec![
            Gauge::new("used", self.used as f64),
            Gauge::new("load", load).limit((!self.directory.is_empty()).then_some(0.875)),
            Gauge::new("tombstones", tombstones as f64),
            Gauge::new("tables", if self.directory.is_empty() { 0.0 } else { current.len() as f64 }),
        ]
    }

    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        random_setup(rng)
    }
}

/// Slot within its group and place at which an iteration over two tables begins, as one number.
fn drawn_start(seed: u64) -> usize {
    let setup = Setup { seed, hint: Some(1_000), filled: 1, ..Setup::default() };
    let mut drawn = usize::MAX;
    if let Ok(mut map) = set_up::<GoSwissMap>(&setup, &mut { Budget::ANY }) {
        let begun = map.apply(&Action::Iter(1), &mut |_, event| {
            if let Event::IterBegun { slot, place, .. } = event {
                drawn = (place * u64::from(SLOTS) + slot % u64::from(SLOTS)) as usize;
            }
        });
        debug_assert!(begun.is_ok(), "an iteration begins");
    }
    drawn
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub enum Doing {
    /// A goroutine that begins an operation.
    Start(u32, Op),
    /// One step of a goroutine.
    One(u32),
    /// A goroutine's operation.
    Finish(u32),
    /// Copying of so many groups from this slot on that shows as one step; `entries` have moved.
    #[allow(missing_docs, reason = "told above")]
    Copy { g: u32, from: u32, groups: u32, entries: u32 },
    /// Many operations of main that show as one step.
    Many(Many),
    /// Main's operation under way, then this one.
    Main(Option<Op>),
    /// Nothing.
    Over,
}

/// Many operations of main that show as one step.
#[derive(Clone, Debug)]
pub struct Many {
    what: Repeated,
    /// Operations that have begun, and that were asked for.
    done: u64,
    asked: u64,
    /// The key returned last.
    key: Option<KeyId>,
}

#[derive(Clone, Copy, Debug)]
enum Repeated {
    Insert { first: u64 },
    Delete { first: u64, used: u64 },
    Next { id: u32, before: u32 },
}

impl Many {
    fn new(what: Repeated, asked: u64) -> Many {
        Many { what, done: 0, asked, key: None }
    }
}

fn check_setup(setup: &Setup) -> Result<u64, Refusal> {
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
        && let Some(key) = given.keys().find(|key| !setup.key.holds(key))
    {
        return Err(wrong_kind(key, setup.key));
    }
    within(setup.filled as usize, MOST, ("entries", "个条目"))?;
    check_hint(setup.hint.unwrap_or(0))
}

/// Refuses a hint that `make` would refuse, and one too large to be shown.
fn check_hint(hint: i64) -> Result<u64, Refusal> {
    let Ok(hint) = u64::try_from(hint) else {
        return refuse!(
            "make panics with a size of {hint}: size out of range",
            "make 的大小为 {hint} 时会 panic：size out of range"
        );
    };
    within(hint.min(u64::from(u32::MAX)) as usize, MOST, ("entries in a hint", "个条目的 hint"))?;
    Ok(hint)
}

fn wrong_kind(key: &Key, kind: KeyKind) -> Refusal {
    let go = kind.go();
    Refusal::new(
        format!("the keys of this map are of type {go}: {key:?} is not"),
        format!("这个 map 的键类型是 {go}，而 {key:?} 不是"),
    )
}

impl GoSwissMap {
    /// The frame of a goroutine.
    pub fn frame(&self, g: u32) -> Option<&Frame> {
        self.frames.iter().find(|frame| frame.g == g)
    }

    /// What a goroutine carries out, in Go's words.
    pub fn statement(&self, frame: &Frame) -> String {
        let key = frame.key.map(|key| match self.key(key) {
            Key::Int(key) => key.to_string(),
            Key::Str(key) if self.kind == KeyKind::String => format!("\"{key}\""),
            Key::Str(key) => key.to_string(),
        });
        let key = key.unwrap_or_default();
        match frame.call {
            Call::Assign => format!("m[{key}] = {}", frame.value),
            Call::Access => format!("m[{key}]"),
            Call::Delete => format!("delete(m, {key})"),
            Call::Clear => String::from("clear(m)"),
            Call::IterInit { .. } | Call::IterNext { .. } => String::from("range m"),
            Call::Make { hint } => format!("make(map[{}]int, {hint})", self.kind.go()),
        }
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
                if !(MAIN..=LAST_GOROUTINE).contains(g) {
                    return refuse!(
                        "goroutines are numbered 1 to {LAST_GOROUTINE}; 1 is main",
                        "goroutine 编号为 1 到 {LAST_GOROUTINE}；1 是 main"
                    );
                }
                if self.frame(*g).is_some() {
                    return refuse!("goroutine {g} has an operation under way", "goroutine {g} 的操作尚未结束");
                }
                self.check_op(*g, op)
            }
            Action::Run(g) | Action::Finish(g) | Action::Copy(g, _) => self.check_turn(*g, action),
            Action::Fill(_) | Action::Pairs(..) | Action::Erase(..) => self.check_many(action),
            plain => {
                let Some(op) = plain.plain() else { return Ok(()) };
                let asks_state = matches!(op, Op::Make(_) | Op::Iter(_) | Op::IterAt(..) | Op::Next(_));
                match self.frame(MAIN).filter(|_| asks_state) {
                    None => self.check_op(MAIN, &op),
                    Some(_) => {
                        let mut later = self.clone();
                        while later.dead.is_none() && later.advance(MAIN).is_some() {}
                        if later.dead.is_some() { Ok(()) } else { later.check_op(MAIN, &op) }
                    }
                }
            }
        }
    }

    fn check_turn(&self, g: u32, action: &Action) -> Result<(), Refusal> {
        let Some(frame) = self.frame(g) else {
            return refuse!("goroutine {g} has nothing to run", "goroutine {g} 没有可执行的操作");
        };
        let Action::Copy(_, groups) = action else { return Ok(()) };
        if frame.pc != Pc::CopyEntry || self.rest(frame.copying) == 0 {
            return refuse!("goroutine {g} is copying no table", "goroutine {g} 没有在复制 table");
        }
        if *groups == 0 {
            return refuse!("at least one group is copied", "至少复制一个 group");
        }
        Ok(())
    }

    /// Full slots of the table being copied that have not moved yet.
    fn rest(&self, copying: Option<Copying>) -> usize {
        let Some(Copying { from, at, .. }) = copying else { return 0 };
        let Some(table) = self.table(from) else { return 0 };
        let slots = table.groups.iter().flat_map(|group| group.ctrl).skip(at as usize);
        slots.filter(|ctrl| ctrl.is_full()).count()
    }

    fn check_op(&self, g: u32, op: &Op) -> Result<(), Refusal> {
        if let Some(key) = op.key().filter(|key| !self.kind.holds(key)) {
            return Err(wrong_kind(key, self.kind));
        }
        let id = match op {
            Op::Make(_) if !self.nil => {
                return refuse!("this map has been made already", "这个 map 已经 make 过了");
            }
            Op::Make(_) if g != MAIN || !self.frames.is_empty() => {
                return refuse!(
                    "only main makes the map, and only while nobody is using it",
                    "只有 main 可以 make，而且此时不能有人在用这个 map"
                );
            }
            Op::Make(hint) => return check_hint(*hint).map(|_| ()),
            Op::Iter(id) | Op::IterAt(id, ..) | Op::Next(id) => *id,
            _ => return Ok(()),
        };
        if let Some(user) = self.frames.iter().find(|frame| frame.call.iteration() == Some(id) && frame.g != g) {
            return Err(Refusal::new(
                format!("goroutine {} is in the middle of iteration {id}", user.g),
                format!("goroutine {} 正在执行迭代 {id}", user.g),
            ));
        }
        if let Op::Next(_) = op { self.check_next(id) } else { Ok(()) }
    }

    fn check_next(&self, id: u32) -> Result<(), Refusal> {
        match self.iters.get(&id) {
            None => refuse!("there is no iteration {id}", "没有编号为 {id} 的迭代"),
            Some(iter) if iter.ended => refuse!("iteration {id} has ended", "迭代 {id} 已经结束"),
            Some(_) => Ok(()),
        }
    }

    /// Many operations in one step need a map that nobody else is using.
    fn check_many(&self, action: &Action) -> Result<(), Refusal> {
        let n = match action {
            Action::Fill(n) | Action::Pairs(_, n) => u64::from(*n),
            Action::Erase(from, to) => to.checked_sub(*from).map_or(0, |n| n.saturating_add(1)),
            _ => 1,
        };
        if !(1..=u64::from(MANY)).contains(&n) {
            return refuse!("1 to {MANY} at a time", "一次 1 到 {MANY} 个");
        }
        if self.nil || !self.frames.is_empty() {
            return refuse!(
                "this needs a map that has been made and that no operation is using",
                "需要一个已经 make 过、且没有操作正在进行的 map"
            );
        }
        if let Action::Pairs(id, _) = action { self.check_next(*id) } else { Ok(()) }
    }

    /// Puts an operation's frame in place; its first step has not been taken yet.
    pub(super) fn begin(&mut self, g: u32, op: &Op) {
        let key = op.key().map(|key| KeyTable::intern(&mut self.keys, key, None));
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
            Op::IterAt(id, entry, dir) => Call::IterInit { id, at: Some((entry, dir)) },
            Op::Next(id) => Call::IterNext { id },
            Op::Make(hint) => Call::Make { hint: hint.try_into().unwrap_or(0) },
        };
        self.place(Frame::new(g, call, key, value));
    }

    pub(super) fn place(&mut self, frame: Frame) {
        self.last = None;
        let at = self.frames.partition_point(|other| other.g < frame.g);
        self.frames.insert(at, frame);
    }

    /// One entry of the groups to be copied; the event when all are.
    fn copy_groups(&mut self, doing: &mut Doing) -> Progress<Event> {
        let Doing::Copy { g, from, groups, entries } = *doing else { return Progress::Done };
        let copying = self.frame(g).filter(|frame| frame.pc == Pc::CopyEntry).and_then(|frame| frame.copying);
        let until = (from / SLOTS).saturating_add(groups).saturating_mul(SLOTS);
        let next = copying.filter(|c| self.dead.is_none() && c.at < until && self.rest(copying) > 0).and_then(|c| {
            let table = self.table(c.from)?;
            let full = |at: &u32| table.group(at / SLOTS).ctrl[(at % SLOTS) as usize].is_full();
            (c.at..until.min(u32::from(table.capacity))).find(full)
        });
        if next.is_some() {
            self.advance(g);
            *doing = Doing::Copy { g, from, groups, entries: entries + 1 };
            return Progress::Worked;
        }
        *doing = Doing::Over;
        let Some(Copying { from: table, at, .. }) = copying else { return Progress::Done };
        Progress::Step(Event::EntriesMoved { g, table, groups, entries, next: at.div_ceil(SLOTS) })
    }

    /// One micro-step of many operations; the event when all are over.
    fn unseen(&mut self, many: &mut Many) -> Option<Event> {
        if self.dead.is_none() && self.frame(MAIN).is_some() {
            self.advance(MAIN);
            return None;
        }
        self.last = None;
        if let Repeated::Next { .. } = many.what {
            many.key = self.returned.key.filter(|_| many.done > 0).or(many.key);
        }
        let numbered = |n: u64| self.kind.numbered(n);
        if many.done < many.asked && self.dead.is_none() {
            let op = match many.what {
                Repeated::Insert { first } => Some(Op::Insert(numbered(first + many.done))),
                Repeated::Delete { first, .. } => Some(Op::Delete(numbered(first + many.done))),
                Repeated::Next { id, .. } => self.check_next(id).is_ok().then_some(Op::Next(id)),
            };
            many.done = if op.is_some() { many.done + 1 } else { many.asked };
            if let Some(op) = op {
                self.begin(MAIN, &op);
            }
            return None;
        }
        let last = |first: u64| numbered(first + many.asked - 1);
        Some(match many.what {
            Repeated::Insert { first } => {
                Event::Filled { g: MAIN, entries: many.asked as u32, from: numbered(first), to: last(first) }
            }
            Repeated::Delete { first, used } => Event::Erased {
                g: MAIN,
                entries: used.saturating_sub(self.used),
                from: numbered(first),
                to: last(first),
            },
            Repeated::Next { id, before } => {
                let pairs = self.iters.get(&id).map_or(0, |iter| iter.yielded) - before;
                Event::PairsReturned { g: MAIN, id, pairs, key: many.key.map(|key| self.key(key).clone()) }
            }
        })
    }
}
