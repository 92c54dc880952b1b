//! A small made-up mechanism for the tests of the window: a map of four-slot buckets that doubles when it is full.

mod library;
mod picture;

use std::sync::Arc;

use glassbox::diagram::{Diagram, Rect, Size};
use glassbox::scene::{
    ActionError, ActionRecord, Actions, Caption, Change, Choice, Curve, EventRecord, Kind, Mechanism, Question, Reason,
    Run, Span, Stop, Story, Style, Verdict, diff,
};
use glassbox::text::{Lang, Text};
use serde::Serialize;
use serde_json::{Value, json};

pub use library::FakeLibrary;

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
    actions: Actions,
}

impl FakeRun {
    /// A run that inserts `inserts` keys.
    pub fn new(id: &str, title: Text, inserts: u32) -> FakeRun {
        let start = Arc::new(Model { count: 0, buckets: vec![vec![None; SLOTS]; 2], old: None });
        let mechanism = Arc::new(library::mechanism());
        let mut run = FakeRun { id: id.to_owned(), title, mechanism, start, steps: vec![], actions: Actions::new() };
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

/// How an insertion is said.
fn said(key: u32) -> Text {
    Text::new(format!("put k{key}"), format!("放入 k{key}"))
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

    fn actions(&self) -> &Actions {
        &self.actions
    }

    fn event(&self, at: usize) -> Option<EventRecord> {
        Some(self.steps.get(at.checked_sub(1)?)?.event)
    }

    fn figures(&self, at: usize) -> Value {
        at.checked_sub(1).map_or(Value::Null, |step| json!({ "key": self.steps[step].key }))
    }

    fn caption(&self, at: usize, lang: Lang) -> Caption {
        let Some(step) = at.checked_sub(1).and_then(|step| self.steps.get(step)) else {
            return Caption { means: vec![Span::plain(self.title.get(lang))], ..Caption::default() };
        };
        let texts = &self.mechanism.captions[step.event.name];
        let text = if lang == Lang::Zh { &texts.zh } else { &texts.en };
        let (before, after) = text.split_once("{key}").unwrap_or((text, ""));
        let plain = |words: &str| Span::plain(words);
        let figure = Span { text: format!("k{}", step.key), style: Style::Figure };
        let means: Vec<Span> = texts.why.iter().map(|why| Span::plain(why.get(lang))).collect();
        let did = vec![plain(before), figure, plain(after)];
        let (means, did) = if means.is_empty() { (did, means) } else { (means, did) };
        Caption { means, did, kind: step.event.kind }
    }

    fn picture(&self, at: usize, _size: Size) -> Arc<Diagram> {
        let event = self.event(at);
        let key = at.checked_sub(1).map(|step| self.steps[step].key);
        Arc::new(picture::view(self.model(at), event, key))
    }

    fn drawn(&self, at: usize, size: Size, _area: Rect) -> Diagram {
        (*self.picture(at, size)).clone()
    }

    fn state(&self, at: usize) -> Arc<Value> {
        Arc::new(self.json(at))
    }

    fn changes(&self, at: usize) -> Vec<Change> {
        let Some(before) = at.checked_sub(1) else { return Vec::new() };
        diff::changes(&self.json(before), &self.json(at))
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
            of: None,
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

    fn story(&self) -> Arc<Story> {
        let actions: Vec<usize> = self.actions.iter().map(|action| action.before + action.steps).collect();
        let stop = |at: &usize| Stop {
            at: *at,
            title: Text::same(format!("stop {at}")),
            says: Text::same(format!("at {at}")),
        };
        let stops = actions.iter().step_by(3).chain(actions.last()).map(stop).collect::<Vec<_>>();
        let mut story = Story { stops, actions, ..Story::default() };
        story.stops.dedup();
        Arc::new(story)
    }

    fn questions(&self) -> Vec<Question> {
        Vec::new()
    }

    fn choices(&self, at: usize) -> Vec<Choice> {
        let next = self.model(at).count as u32 + 1;
        let choice = |key| Choice { text: format!("Insert(\"k{key}\")"), title: said(key) };
        (next..next + 6).map(choice).collect()
    }

    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError> {
        let mut actions: Actions = self.actions.iter().filter(|action| action.before < at).cloned().collect();
        if let Some(last) = actions.back_mut() {
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

    /// Keys above 90 are put in by themselves, one after another, up to 95.
    fn turn(&self, at: usize) -> Option<String> {
        let last = self.actions.iter().rfind(|action| action.before < at)?;
        let key: u32 = last.text.strip_prefix("Insert(\"k")?.strip_suffix("\")")?.parse().ok()?;
        (90..95).contains(&key).then(|| format!("Insert(\"k{}\")", key + 1))
    }

    /// k95 is the key that breaks everything.
    fn alarm(&self, at: usize) -> Option<Text> {
        let broken = self.steps[..at].iter().any(|step| step.key == 95);
        broken.then(|| Text::new("k95 breaks everything", "k95 弄坏了一切"))
    }

    fn act(&mut self, action: &str) -> Result<(), ActionError> {
        let unreadable = |cause: &str| ActionError::Unreadable {
            column: 1,
            found: action.to_owned(),
            cause: Text::same(cause),
            forms: vec![Choice { text: "Insert(\"k9\")".to_owned(), title: said(9) }],
        };
        let inner = action.strip_prefix("Insert(\"k").and_then(|rest| rest.strip_suffix("\")"));
        let Some(number) = inner else { return Err(unreadable("expected Insert(\"k…\")")) };
        let key: u32 = number.parse().map_err(|_| unreadable("expected a number after k"))?;
        if key == 0 {
            return Err(ActionError::Refused(Text::new("k0 is not a key", "k0 不是键")));
        }
        let before = self.steps.len();
        self.insert(key);
        let steps = self.steps.len() - before;
        self.actions.push_back(ActionRecord { text: action.to_owned(), title: said(key), before, steps, remark: None });
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
