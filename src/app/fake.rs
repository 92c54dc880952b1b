//! A small made-up mechanism for the tests of the window: a map of four-slot buckets that doubles when it is full.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::panels::branches::differences;
use super::{Library, SceneCard};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Tone, label, mono, point, rect};
use crate::scene::{
    ActionError, ActionRecord, Caption, Change, Claim, ClaimVerdict, CodeLine, Curve, EventRecord, Kind, Mechanism,
    Moment, Reason, Run, Span, Style, Verdict,
};
use crate::text::{Lang, Text};

const SLOTS: usize = 4;

#[derive(Clone, Serialize)]
struct Model {
    count: usize,
    buckets: Vec<Vec<Option<u32>>>,
    old: Option<Vec<Vec<Option<u32>>>>,
}

struct Step {
    event: EventRecord,
    key: u32,
    state: Arc<Model>,
}

/// A run of the made-up mechanism.
pub struct FakeRun {
    id: String,
    title: Text,
    mechanism: Arc<Mechanism>,
    start: Arc<Model>,
    steps: Vec<Arc<Step>>,
    actions: Vec<ActionRecord>,
}

impl FakeRun {
    /// A run that inserts `inserts` keys.
    pub fn new(id: &str, title: Text, inserts: u32) -> FakeRun {
        let start = Arc::new(Model { count: 0, buckets: vec![vec![None; SLOTS]; 2], old: None });
        let mechanism = Arc::new(mechanism());
        let mut run = FakeRun { id: id.to_owned(), title, mechanism, start, steps: vec![], actions: vec![] };
        for key in 1..=inserts {
            if run.act(&format!("Insert(\"k{key}\")")).is_err() {
                break;
            }
        }
        run
    }

    fn model(&self, at: usize) -> &Arc<Model> {
        at.checked_sub(1).map_or(&self.start, |step| &self.steps[step].state)
    }

    fn json(&self, at: usize) -> Value {
        serde_json::to_value(&**self.model(at)).unwrap_or_default()
    }

    fn take(&mut self, name: &'static str, kind: Kind, key: u32, model: &Model) {
        let event = EventRecord { name, kind, action: self.actions.len() };
        self.steps.push(Arc::new(Step { event, key, state: Arc::new(model.clone()) }));
    }

    fn insert(&mut self, key: u32) {
        let mut model = Model::clone(self.model(self.steps.len()));
        self.take("Hashed", Kind::Look, key, &model);
        if model.count + 1 > model.buckets.len() * SLOTS * 3 / 4 && model.buckets.len() < 32 {
            let empty = vec![vec![None; SLOTS]; model.buckets.len() * 2];
            model.old = Some(std::mem::replace(&mut model.buckets, empty));
            self.take("GrowthBegan", Kind::Turn, key, &model);
            let moved: Vec<u32> = model.old.iter().flatten().flatten().flatten().copied().collect();
            for moving in moved {
                if let Some(old) = &mut model.old {
                    old.iter_mut().flatten().filter(|slot| **slot == Some(moving)).for_each(|slot| *slot = None);
                }
                place(&mut model.buckets, moving);
                self.take("Moved", Kind::Move, moving, &model);
            }
            model.old = None;
            self.take("Grown", Kind::Done, key, &model);
        }
        self.take("Probed", Kind::Look, key, &model);
        if model.count + 1 > model.buckets.len() * SLOTS {
            let slots = model.buckets.len();
            model.buckets = vec![vec![None; SLOTS]; slots];
            model.count = 0;
            self.take("Cleared", Kind::Fault, key, &model);
        }
        place(&mut model.buckets, key);
        model.count += 1;
        self.take("Placed", Kind::Write, key, &model);
    }
}

fn place(buckets: &mut [Vec<Option<u32>>], key: u32) {
    let n = buckets.len();
    let wanted = key as usize * 7 % n;
    for bucket in (wanted..n).chain(0..wanted) {
        if let Some(slot) = buckets[bucket].iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(key);
            return;
        }
    }
}

impl Run for FakeRun {
    fn mechanism(&self) -> &Arc<Mechanism> {
        &self.mechanism
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &Text {
        &self.title
    }

    fn steps(&self) -> usize {
        self.steps.len()
    }

    fn actions(&self) -> &[ActionRecord] {
        &self.actions
    }

    fn event(&self, at: usize) -> Option<EventRecord> {
        Some(self.steps.get(at.checked_sub(1)?)?.event)
    }

    fn figures(&self, at: usize) -> Value {
        at.checked_sub(1).map_or(Value::Null, |step| json!({ "key": self.steps[step].key }))
    }

    fn caption(&self, at: usize, lang: Lang) -> Caption {
        let Some(step) = at.checked_sub(1).and_then(|step| self.steps.get(step)) else { return Caption::default() };
        let texts = &self.mechanism.captions[step.event.name];
        let text = if lang == Lang::Zh { &texts.zh } else { &texts.en };
        let (before, after) = text.split_once("{key}").unwrap_or((text, ""));
        let plain = |words: &str| Span::plain(words);
        let figure = Span { text: format!("k{}", step.key), style: Style::Figure };
        let aside = texts.why.iter().map(|why| Span::plain(why.get(lang))).collect();
        Caption { sentence: vec![plain(before), figure, plain(after)], aside, kind: step.event.kind }
    }

    fn picture(&self, at: usize) -> Arc<Diagram> {
        let event = self.event(at);
        let key = at.checked_sub(1).map(|step| self.steps[step].key);
        Arc::new(view(self.model(at), event, key))
    }

    fn state(&self, at: usize) -> Arc<Value> {
        Arc::new(self.json(at))
    }

    fn changes(&self, at: usize) -> Vec<Change> {
        let Some(before) = at.checked_sub(1) else { return Vec::new() };
        let found = differences(&self.json(before), &self.json(at)).into_iter();
        found
            .map(|d| Change { path: d.path, old: d.left.unwrap_or_default(), new: d.right.unwrap_or_default() })
            .collect()
    }

    fn laws(&self, at: usize) -> Vec<Verdict> {
        let model = self.model(at);
        let full = model.count > model.buckets.len() * SLOTS;
        let law = |name, en: &str, zh: &str, always, outcome| Verdict {
            name,
            title: Text::new(en, zh),
            source: "fake.rs, place",
            always,
            outcome,
        };
        vec![
            law(
                "count-matches",
                "count is the number of full slots",
                "count 等于已占用的槽数",
                true,
                if full { Err("count 9 > 8".to_owned()) } else { Ok(()) },
            ),
            law(
                "grows",
                "the table grows at least once",
                "至少扩容一次",
                false,
                if model.buckets.len() > 2 { Ok(()) } else { Err("not yet".to_owned()) },
            ),
        ]
    }

    fn curves(&self) -> Vec<Curve> {
        let curve = |name, title: Text, limits: Vec<f64>, of: &dyn Fn(&Model) -> f64| Curve {
            name,
            title,
            limits,
            values: (0..=self.steps()).map(|at| of(self.model(at))).collect(),
        };
        let load = |model: &Model| model.count as f64 / model.buckets.len() as f64;
        vec![
            curve("load", Text::new("Load factor", "负载因子"), vec![3.0; self.steps() + 1], &load),
            curve("moved", Text::new("Entries to move", "待迁移条目"), vec![], &|model: &Model| {
                model.old.iter().flatten().flatten().flatten().count() as f64
            }),
        ]
    }

    fn reasons(&self, at: usize, _patience: usize) -> Option<Vec<Reason>> {
        let here = self.event(at).map(|event| event.name);
        let named = |name: &str| (1..at).rev().find(|p| self.event(*p).is_some_and(|event| event.name == name));
        let reason = match here {
            Some("Moved" | "Grown") => named("GrowthBegan").map(|at| Reason { at, path: "old".to_owned() }),
            Some("GrowthBegan") => named("Placed").map(|at| Reason { at, path: "count".to_owned() }),
            _ => None,
        };
        Some(reason.into_iter().collect())
    }

    fn choices(&self, at: usize) -> Vec<String> {
        let next = self.model(at).count as u32 + 1;
        (next..next + 6).map(|key| format!("Insert(\"k{key}\")")).collect()
    }

    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError> {
        let mut actions: Vec<ActionRecord> = self.actions.iter().filter(|action| action.before < at).cloned().collect();
        if let Some(last) = actions.last_mut() {
            last.steps = last.steps.min(at - last.before);
        }
        let mut run = FakeRun {
            id: self.id.clone(),
            title: self.title.clone(),
            mechanism: Arc::clone(&self.mechanism),
            start: Arc::clone(&self.start),
            steps: self.steps[..at].to_vec(),
            actions,
        };
        run.act(action)?;
        Ok(Box::new(run))
    }

    fn act(&mut self, action: &str) -> Result<(), ActionError> {
        let unreadable = |cause: &str| ActionError::Unreadable { column: 1, cause: cause.to_owned() };
        let inner = action.strip_prefix("Insert(\"k").and_then(|rest| rest.strip_suffix("\")"));
        let Some(number) = inner else { return Err(unreadable("expected Insert(\"k…\")")) };
        let key: u32 = number.parse().map_err(|_| unreadable("expected a number after k"))?;
        if key == 0 {
            return Err(ActionError::Refused(Text::new("k0 is not a key", "k0 不是键")));
        }
        let before = self.steps.len();
        self.insert(key);
        let steps = self.steps.len() - before;
        self.actions.push(ActionRecord { text: action.to_owned(), before, steps, remark: None });
        Ok(())
    }

    fn same_until(&self, other: &dyn Run) -> usize {
        let most = self.steps().min(other.steps());
        let same = |at: &usize| {
            self.event(*at).map(|e| e.name) == other.event(*at).map(|e| e.name) && self.json(*at) == *other.state(*at)
        };
        (1..=most).take_while(same).count()
    }
}

fn view(model: &Model, event: Option<EventRecord>, key: Option<u32>) -> Diagram {
    let mut diagram = Diagram::new();
    let count = Mark::new("count", rect(48.0, 40.0, 150.0, 48.0));
    let written = event.is_some_and(|event| event.name == "Placed");
    let tone = if written { Tone::Active } else { Tone::Plain };
    let count = count.tone(tone).label(label("count", 20.0).ink(Ink::Soft).left(16.0));
    diagram.push(count.label(mono(model.count.to_string(), 20.0).right(16.0)).path("count"));
    for (name, x, buckets) in
        [("old", 48.0, model.old.as_deref().unwrap_or_default()), ("buckets", 840.0, &model.buckets[..])]
    {
        if buckets.is_empty() {
            continue;
        }
        let title = label(Text::new(name, if name == "old" { "旧桶" } else { "桶" }), 24.0).left(0.0);
        diagram.push(Mark::text(format!("title/{name}"), point(x, 136.0), title));
        let columns = if buckets.len() > 8 { 2 } else { 1 };
        let rows = buckets.len().div_ceil(columns);
        let (wide, tall) = (712.0 / columns as f32, (560.0 / rows as f32).min(76.0));
        for (b, slots) in buckets.iter().enumerate() {
            let left = x + wide * (b / rows) as f32;
            let top = 170.0 + tall * (b % rows) as f32;
            let place = rect(left + 40.0, top, wide - 56.0, tall - 8.0);
            diagram.push(Mark::new(format!("{name}/{b}"), place).path(format!("{name}[{b}]")));
            let number = mono(b.to_string(), 20.0).ink(Ink::Soft);
            diagram.push(Mark::text(format!("{name}/{b}/number"), point(left + 16.0, place.center().y), number));
            for (s, slot) in slots.iter().enumerate() {
                let w = (place.w - 16.0) / SLOTS as f32;
                let cell = rect(place.x + 8.0 + w * s as f32 + 3.0, place.y + 6.0, w - 6.0, place.h - 12.0);
                let path = format!("{name}[{b}][{s}]");
                let well = Mark::new(format!("{name}/{b}/{s}"), cell).fill(Fill::None).border(Border::Dashed).layer(12);
                diagram.push(well.path(path.clone()).about(Text::new(format!("slot {b}.{s}"), format!("槽 {b}.{s}"))));
                if let Some(k) = slot {
                    let mark = Mark::new(format!("entry/k{k}"), cell).layer(20).bend(0.25);
                    let tone = match event {
                        Some(event) if key == Some(*k) => event.kind.tone(),
                        _ => Tone::Plain,
                    };
                    let border = if tone == Tone::Plain { Border::Thin } else { Border::Thick };
                    let fill = if tone == Tone::Plain { Fill::Panel } else { Fill::Tint };
                    let mark = mark.tone(tone).border(border).fill(fill).label(mono(format!("k{k}"), 20.0));
                    diagram.push(mark.path(path));
                }
            }
        }
    }
    diagram
}

fn mechanism() -> Mechanism {
    let caption = |kind, en: &str, zh: &str| crate::scene::mechanism::CaptionText {
        kind,
        en: en.to_owned(),
        zh: zh.to_owned(),
        why: (kind == Kind::Turn).then(|| Text::new("Three quarters full is the limit.", "超过四分之三满就要扩容。")),
        cases: Vec::new(),
    };
    let captions = BTreeMap::from([
        (
            "Hashed".to_owned(),
            caption(Kind::Look, "Hash {key}: its low bits pick the bucket.", "计算 {key} 的哈希，低位选桶。"),
        ),
        ("Probed".to_owned(), caption(Kind::Look, "Look for a free slot for {key}.", "为 {key} 找一个空槽。")),
        ("Placed".to_owned(), caption(Kind::Write, "Put {key} into the first free slot.", "把 {key} 放进第一个空槽。")),
        (
            "GrowthBegan".to_owned(),
            caption(
                Kind::Turn,
                "One more than three quarters: {key} starts a growth.",
                "超过四分之三，{key} 触发扩容。",
            ),
        ),
        ("Moved".to_owned(), caption(Kind::Move, "Move {key} to its new bucket.", "把 {key} 迁移到新桶。")),
        (
            "Grown".to_owned(),
            caption(Kind::Done, "Everything is moved; {key} goes on.", "全部迁移完毕，继续写入 {key}。"),
        ),
        (
            "Cleared".to_owned(),
            caption(Kind::Fault, "No slot left for {key}: all are dropped.", "没有空槽给 {key}：全部丢弃。"),
        ),
    ]);
    let line = |text: &str, events: &[&str]| CodeLine {
        text: text.to_owned(),
        heading: text.starts_with("func"),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    };
    let claim = |verdict, en: &str, zh: &str, scene: &str, event: &str| Claim {
        says: Text::new(en, zh),
        verdict,
        correct: Text::new("It grows before the write that would cross the limit.", "在会越过上限的那次写入之前扩容。"),
        source: "fake.rs, insert".to_owned(),
        shown: Moment { scene: scene.to_owned(), event: event.to_owned(), nth: 1 },
    };
    Mechanism {
        id: "fake".to_owned(),
        title: Text::new("table", "表"),
        group: Text::new("Example", "示例"),
        models: "Example 1.0 · fake.rs".to_owned(),
        omits: vec![Text::new("deletion", "删除")],
        captions,
        laws: BTreeMap::new(),
        gauges: BTreeMap::new(),
        claims: vec![
            claim(
                ClaimVerdict::True,
                "The table grows at three quarters.",
                "四分之三满时扩容。",
                "growth",
                "GrowthBegan",
            ),
            claim(ClaimVerdict::False, "A growth takes one step.", "扩容一步完成。", "growth", "Moved"),
            claim(ClaimVerdict::Imprecise, "It doubles.", "容量翻倍。", "long", "Grown"),
        ],
        listing: vec![
            line("func insert(key):            // fake.rs, insert", &[]),
            line("  hash ← seed ^ key", &["Hashed"]),
            line("  if count + 1 > 3/4 of the slots:", &["GrowthBegan"]),
            line("    for each entry of old:", &[]),
            line("      move it", &["Moved"]),
            line("    old ← none", &["Grown"]),
            line("  look for a free slot", &["Probed"]),
            line("  none left: drop everything", &["Cleared"]),
            line("  slot ← key; count += 1", &["Placed"]),
        ],
    }
}

/// Three scenes of the made-up mechanism.
pub struct FakeLibrary {
    cards: Vec<SceneCard>,
    /// Number of keys that `fake/growth` inserts; the tests change it and reload.
    pub inserts: std::rc::Rc<std::cell::Cell<u32>>,
}

impl Default for FakeLibrary {
    fn default() -> FakeLibrary {
        let card = |name: &str, title: Text, summary: Text| SceneCard {
            id: format!("fake/{name}"),
            mechanism: "fake".to_owned(),
            group: Text::new("Example", "示例"),
            mechanism_title: Text::new("table", "表"),
            title,
            summary,
            models: "Example 1.0 · fake.rs".to_owned(),
            replayed: true,
            search: "Three quarters full is the limit. 超过四分之三满就要扩容。".to_owned(),
        };
        let cards = vec![
            card(
                "growth",
                Text::new("Growing", "扩容"),
                Text::new("Seven inserts, and the table doubles on the way.", "写入七个键，途中容量翻倍。"),
            ),
            card(
                "long",
                Text::new("A long run", "长运行"),
                Text::new("Thousands of steps, for the timeline.", "成千上万步，考验时间线。"),
            ),
            card("broken", Text::new("A broken scene", "坏场景"), Text::new("It can't be read.", "读不出来。")),
        ];
        FakeLibrary { cards, inserts: std::rc::Rc::new(std::cell::Cell::new(7)) }
    }
}

impl Library for FakeLibrary {
    fn scenes(&self) -> &[SceneCard] {
        &self.cards
    }

    fn open(&self, id: &str) -> Result<Box<dyn Run>, Vec<String>> {
        match id {
            "fake/growth" => Ok(Box::new(FakeRun::new(id, Text::new("Growing", "扩容"), self.inserts.get()))),
            "fake/long" => Ok(Box::new(FakeRun::new(id, Text::new("A long run", "长运行"), 3300))),
            _ => Err(vec![format!("scenes/{id}.ron:14:9: no action is called Insret; did you mean Insert?")]),
        }
    }

    fn page(&self, run: &dyn Run, at: usize, lang: Lang) -> Diagram {
        let mut page = Diagram::clone(&run.picture(at));
        let strip = page.caption_strip();
        page.push(Mark::new("caption", strip).layer(60));
        let caption = run.caption(at, lang);
        let words = if at == 0 { run.title().get(lang).to_owned() } else { caption.plain() };
        let sentence = rect(strip.x, strip.y, strip.w, strip.h * if !caption.aside.is_empty() { 0.62 } else { 1.0 });
        let mark = Mark::new("caption/sentence", sentence).fill(Fill::None).border(Border::None).layer(61);
        page.push(mark.label(label(words, 30.0).left(28.0)));
        if !caption.aside.is_empty() {
            let place = rect(strip.x, strip.y + strip.h * 0.5, strip.w, strip.h * 0.5);
            let mark = Mark::new("caption/aside", place).fill(Fill::None).border(Border::None).layer(61);
            page.push(mark.label(label(Text::same(caption.plain_aside()), 20.0).ink(Ink::Soft).left(28.0)));
        }
        page
    }

    fn reload(&mut self) -> bool {
        true
    }
}
