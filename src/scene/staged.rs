//! A tape with the words of its scene and its mechanism: what the floors above call a run.

use std::cell::{OnceCell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use imbl::Vector;
use serde_json::{Map, Value};

use super::actions;
use super::captions;
use super::complaint;
use super::diff;
use super::forms;
use super::mechanism::{Kind, Mechanism};
use super::run::{
    ActionError, ActionRecord, Actions, Caption, Change, Choice, Curve, EventRecord, Question, Reason, Run, Span,
    Verdict,
};
use super::script::{self, Asked, MAX_STEPS, StopMark, Table};
use super::story::{self, Stop, Story};
use super::tape::{Rejected, Tape, figures_of};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::{Budget, Event, LawKind};
use crate::text::{Lang, Text};
use crate::view::View;

/// Pictures are kept for this many positions.
const PICTURES: usize = 64;
/// States, which are large trees, for this many: a seek into memory never used before costs more than a state.
const STATES: usize = 16;
/// How far back reasons are looked for, in steps.
const REASONS_WITHIN: usize = 400;
/// The most reasons named.
const MAX_REASONS: usize = 4;

/// What an author says at an action.
#[derive(Clone, Default)]
pub struct Remark {
    /// At its first step, and before the run if it is the first action.
    pub say: Option<Text>,
    /// At steps with this event.
    pub at: BTreeMap<String, Text>,
    /// Where it is worth stopping.
    pub stops: Vec<StopMark>,
}

/// A run of a scene of the machine `M`.
pub struct Staged<M: View> {
    mechanism: Arc<Mechanism>,
    id: String,
    title: Text,
    summary: Text,
    table: Option<Arc<Table>>,
    asked: Arc<[Asked]>,
    tape: Tape<M>,
    remarks: Vector<Arc<Remark>>,
    records: Vector<ActionRecord>,
    cache: RefCell<Cache<M>>,
    marks: OnceCell<Vec<Marked>>,
    story: OnceCell<Arc<Story>>,
}

/// A beat of the script: what the author says of it, the positions before and after it.
struct Beat {
    remark: Arc<Remark>,
    from: usize,
    to: usize,
}

/// A stop of the author's with its position: which one of which beat.
struct Marked {
    at: usize,
    remark: Arc<Remark>,
    number: usize,
}

impl Marked {
    fn get(&self) -> &StopMark {
        &self.remark.stops[self.number]
    }
}

struct Cache<M> {
    machines: HashMap<usize, Arc<M>>,
    pictures: HashMap<usize, (Size, Arc<Diagram>)>,
    states: HashMap<usize, Arc<Value>>,
    changes: HashMap<usize, Arc<Vec<Change>>>,
}

/// Machines are kept for this many positions: picture, state, laws and choices of a position all ask for its own.
const MACHINES: usize = 2;

impl<M: View> Staged<M> {
    /// A run of an empty tape.
    pub fn new(mechanism: Arc<Mechanism>, id: String, title: Text, summary: Text, tape: Tape<M>) -> Staged<M> {
        let (remarks, records, cache) = (Vector::new(), Vector::new(), RefCell::default());
        let (asked, marks, story) = (Arc::default(), OnceCell::new(), OnceCell::new());
        Staged { mechanism, id, title, summary, table: None, asked, tape, remarks, records, cache, marks, story }
    }

    /// Gives it the questions that the scene answers.
    pub fn set_questions(&mut self, asked: Vec<Asked>) {
        self.asked = asked.into();
    }

    /// Gives it the table of differences that belongs to the scene.
    pub fn set_table(&mut self, table: Option<Table>) {
        self.table = table.map(Arc::new);
    }

    /// Takes an action with what the author says of it.
    pub fn take(&mut self, action: M::Action, remark: Arc<Remark>) -> Result<(), ActionError> {
        let text = script::options().to_string(&action).unwrap_or_else(|_| format!("{action:?}"));
        let title = actions::said(&self.mechanism.actions, self.tape.end(), &action);
        self.tape.act(action).map_err(|rejected| match rejected {
            Rejected::Refused(refusal) => ActionError::Refused(refusal.reason),
            Rejected::Full => ActionError::TooLong { limit: MAX_STEPS },
            Rejected::Dear(limit) => ActionError::TooDear(limit),
        })?;
        (self.marks, self.story) = (OnceCell::new(), OnceCell::new());
        self.cache.borrow_mut().pictures.clear();
        if let Some(taken) = self.tape.actions().last() {
            let said = remark.say.clone();
            self.records.push_back(ActionRecord {
                text,
                title,
                before: taken.before,
                steps: taken.steps,
                remark: said,
            });
        }
        self.remarks.push_back(remark);
        Ok(())
    }

    /// The action that the step leading to a position belongs to.
    fn action_of(&self, at: usize) -> Option<usize> {
        if at == 0 || at > Run::steps(self) {
            return None;
        }
        // The first record that begins at or after the position.
        let after = self.records.binary_search_by(|record| match record.before < at {
            true => Ordering::Less,
            false => Ordering::Greater,
        });
        after.unwrap_or_else(|place| place).checked_sub(1)
    }

    /// Where the last action, taken while another one was at work, has first finished that one, those steps are the other's.
    fn give_back(&mut self, whole: &Self, at: usize) {
        let kept = self.records.len() - 1;
        let (Some(interrupted), Some(new)) = (kept.checked_sub(1), self.records.back()) else { return };
        let Some(before) = whole.records.get(interrupted) else { return };
        let rest = (before.before + before.steps).saturating_sub(at);
        let same = |at: usize| self.tape.event(at).is_some() && self.tape.event(at) == whole.tape.event(at);
        if rest == 0 || rest >= new.steps || !(at + 1..=at + rest).all(same) {
            return;
        }
        if let Some(record) = self.records.get_mut(interrupted) {
            record.steps = before.steps;
        }
        if let Some(record) = self.records.back_mut() {
            record.before += rest;
            record.steps -= rest;
        }
    }

    /// Reads an action that was typed at a position.
    fn parse(&self, action: &str, at: usize) -> Result<M::Action, ActionError> {
        let typed = action.trim();
        script::options().from_str(typed).map_err(|error| {
            let mut known = self.choices(at);
            known.extend(self.records.iter().map(|r| Choice { text: r.text.clone(), title: r.title.clone() }));
            let forms = forms::near(typed, &error.code, known, &self.mechanism.actions);
            complaint::unreadable(typed, &error, forms)
        })
    }

    /// What the author says at a step, apart from stops.
    fn remark(&self, at: usize, event: &str) -> Option<&Text> {
        let action = self.action_of(at)?;
        let remark = self.remarks.get(action)?;
        let first = self.records.get(action).is_some_and(|record| record.before + 1 == at);
        remark.at.get(event).or(remark.say.as_ref().filter(|_| first))
    }

    /// What the author marks and the run does not come to: the number of the beat (none: a question of the scene), and what is missing.
    pub fn unmet(&self) -> Vec<(Option<usize>, String)> {
        let mut found = Vec::new();
        for (beat, Beat { remark, from, to }) in self.beats().into_iter().enumerate() {
            for (event, nth) in remark.stops.iter().filter_map(|mark| Some((mark.on.as_ref()?, mark.nth))) {
                let times = self.times(event, from, to);
                if nth == 0 || nth > times {
                    found.push((
                        Some(beat),
                        format!("a stop at {event} number {nth}, which happens {times} times there"),
                    ));
                }
            }
        }
        for (event, nth) in self.asked.iter().filter_map(|asked| Some((asked.on.as_ref()?, asked.nth))) {
            let times = self.times(event, 0, self.tape.len());
            if nth == 0 || nth > times {
                found.push((
                    None,
                    format!("a question is answered at {event} number {nth}, which happens {times} times"),
                ));
            }
        }
        found
    }

    fn times(&self, event: &str, from: usize, to: usize) -> usize {
        (from + 1..=to).filter(|at| self.tape.event(*at).is_some_and(|e| e.name() == event)).count()
    }

    /// The beats in order; one that is taken several times is one.
    fn beats(&self) -> Vec<Beat> {
        let mut beats: Vec<Beat> = Vec::new();
        for (remark, taken) in self.remarks.iter().zip(self.tape.actions()) {
            let to = taken.before + taken.steps;
            match beats.last_mut().filter(|beat| Arc::ptr_eq(&beat.remark, remark)) {
                Some(beat) => beat.to = to,
                None => beats.push(Beat { remark: Arc::clone(remark), from: taken.before, to }),
            }
        }
        beats
    }

    /// An event's figures, and of the state what the words name.
    fn figures_for(&self, at: usize, words: &[&Text]) -> Value {
        let mut figures = self.tape.event(at).map_or_else(|| Value::Object(Map::new()), figures_of);
        let places: Vec<&str> =
            words.iter().flat_map(|text| Lang::ALL.map(|lang| captions::places(text.get(lang)))).flatten().collect();
        if let (false, Value::Object(fields)) = (places.is_empty(), &mut figures) {
            let state = self.state(at);
            for place in places {
                if let Some(value) = crate::figures::at(&state, place) {
                    fields.insert(format!("={place}"), value.clone());
                }
            }
        }
        figures
    }

    /// The words that may stand at a position: what a stop or a remark says, else the reason of the event.
    fn words_at(&self, at: usize) -> Option<&Text> {
        match self.tape.event(at) {
            Some(event) => {
                self.marked(at).and_then(|mark| mark.says.as_ref()).or_else(|| self.remark(at, event.name()))
            }
            None => self.records.front().and_then(|action| action.remark.as_ref()),
        }
    }

    /// The stop that the author has set at a position.
    fn marked(&self, at: usize) -> Option<&StopMark> {
        let marks = self.marks();
        marks.binary_search_by_key(&at, |mark| mark.at).ok().map(|i| marks[i].get())
    }

    /// The author's stops, rising, one a position: found once, since every caption asks.
    fn marks(&self) -> &[Marked] {
        self.marks.get_or_init(|| {
            let mut found: Vec<Marked> = Vec::new();
            for Beat { remark, from, to } in self.beats() {
                for (number, mark) in remark.stops.iter().enumerate() {
                    let at = match &mark.on {
                        None => Some(to),
                        Some(event) => {
                            let named = |at: &usize| self.tape.event(*at).is_some_and(|e| e.name() == event);
                            (from + 1..=to).filter(named).nth(mark.nth.saturating_sub(1))
                        }
                    };
                    found.extend(at.map(|at| Marked { at, remark: Arc::clone(&remark), number }));
                }
            }
            found.sort_by_key(|mark| mark.at);
            found.dedup_by_key(|mark| mark.at);
            found
        })
    }

    fn tell(&self) -> Story {
        let steps = self.tape.len();
        let mechanism = &self.mechanism;
        let segments = story::segments(&mechanism.phases, steps, |at| match self.tape.event(at) {
            Some(event) => (mechanism.phase_of.get(event.name()).copied().unwrap_or(usize::MAX), figures_of(event)),
            None => (usize::MAX, Value::Null),
        });
        let kinds: Vec<usize> = (1..=steps).filter_map(|at| self.tape.event(at)).map(Event::number).collect();
        let folds = story::folds(&kinds);
        let plain = |at: usize, words: &Text| {
            let figures = self.figures_for(at, &[words]);
            let of = |lang| {
                captions::filled(words.get(lang), &figures, lang).into_iter().map(|span| span.text).collect::<String>()
            };
            Text::new(of(Lang::En), of(Lang::Zh))
        };
        let title_of = |at: usize| {
            let here = segments.get(segments.partition_point(|segment| segment.to < at));
            here.map(|segment| segment.title.clone()).filter(|title| !title.en.is_empty())
        };
        let said = |at: usize| match self.words_at(at) {
            Some(words) => plain(at, words),
            None => Text::new(self.caption(at, Lang::En).meaning(), self.caption(at, Lang::Zh).meaning()),
        };
        let mut stops: Vec<Stop> = self
            .marks()
            .iter()
            .map(|mark| Stop { at: mark.at, title: plain(mark.at, &mark.get().title), says: said(mark.at) })
            .collect();
        let marked = !stops.is_empty();
        if !marked {
            let remarked =
                (1..=steps).filter(|at| self.tape.event(*at).is_some_and(|e| self.remark(*at, e.name()).is_some()));
            stops = remarked
                .map(|at| {
                    let action = self.action_of(at).and_then(|action| self.records.get(action));
                    let title = title_of(at).or_else(|| action.map(|action| action.title.clone())).unwrap_or_default();
                    Stop { at, title, says: said(at) }
                })
                .collect();
        }
        if steps > 0 && stops.last().is_none_or(|stop| stop.at < steps) {
            let title = title_of(steps).unwrap_or_else(|| Text::new("The end", "到此为止"));
            stops.push(Stop { at: steps, title, says: said(steps) });
        }
        let ends = self.records.iter().map(|action| action.before + action.steps);
        let folded = |at: &usize| folds.iter().any(|fold| fold.from() < *at && *at < fold.to());
        let mut actions: Vec<usize> = ends.filter(|at| !folded(at)).collect();
        actions.dedup();
        Story { segments, stops, marked, folds, actions }
    }

    fn machine(&self, at: usize) -> Arc<M> {
        if let Some(known) = self.cache.borrow().machines.get(&at) {
            return Arc::clone(known);
        }
        let machine = Arc::new(self.tape.machine(at));
        keep(&mut self.cache.borrow_mut().machines, MACHINES, at, Arc::clone(&machine));
        machine
    }

    fn changes_cached(&self, at: usize) -> Arc<Vec<Change>> {
        if let Some(known) = self.cache.borrow().changes.get(&at) {
            return Arc::clone(known);
        }
        let found = match at {
            0 => Vec::new(),
            _ => diff::changes(&self.state(at - 1), &self.state(at)),
        };
        let found = Arc::new(found);
        self.cache.borrow_mut().changes.insert(at, Arc::clone(&found));
        found
    }
}

impl<M: View> Run for Staged<M> {
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
        self.tape.len()
    }

    fn table(&self) -> Option<&Table> {
        self.table.as_deref()
    }

    fn story(&self) -> Arc<Story> {
        Arc::clone(self.story.get_or_init(|| Arc::new(self.tell())))
    }

    fn words(&self) -> Vec<Text> {
        let said = self.remarks.iter().flat_map(|remark| {
            let stops = remark.stops.iter().flat_map(|mark| std::iter::once(&mark.title).chain(&mark.says));
            remark.say.iter().chain(remark.at.values()).chain(stops)
        });
        let mut words: Vec<Text> = said.cloned().collect();
        words.dedup();
        words
    }

    fn questions(&self) -> Vec<Question> {
        let place = |asked: &Asked| match &asked.on {
            Some(event) => self.find(event, asked.nth),
            None => Some(self.tape.len()),
        };
        self.asked.iter().filter_map(|asked| Some(Question { ask: asked.ask.clone(), at: place(asked)? })).collect()
    }

    fn actions(&self) -> &Actions {
        &self.records
    }

    fn event(&self, at: usize) -> Option<EventRecord> {
        let step = self.tape.step(at)?;
        let name = step.event.name();
        let kind = self.mechanism.captions.get(name).map_or(Kind::Look, |caption| caption.kind);
        Some(EventRecord { name, kind, action: self.action_of(at)? })
    }

    fn figures(&self, at: usize) -> Value {
        self.tape.event(at).map_or(Value::Null, figures_of)
    }

    fn caption(&self, at: usize, lang: Lang) -> Caption {
        let Some(event) = self.tape.event(at) else {
            let said = self.words_at(0).unwrap_or(&self.summary);
            let means = captions::filled(said.get(lang), &self.figures_for(0, &[said]), lang);
            return Caption { means, did: vec![Span::plain(self.title.get(lang))], kind: Kind::Look };
        };
        let said = self.words_at(at);
        match self.mechanism.captions.get(event.name()) {
            Some(words) => captions::render(words, said, &self.figures_for(at, said.as_slice()), lang),
            None => Caption { means: vec![Span::plain(event.name())], ..Caption::default() },
        }
    }

    fn picture(&self, at: usize, size: Size) -> Arc<Diagram> {
        if let Some((_, known)) = self.cache.borrow().pictures.get(&at).filter(|(of, _)| *of == size) {
            return Arc::clone(known);
        }
        let picture = Arc::new(self.drawn(at, size, size.area()));
        keep(&mut self.cache.borrow_mut().pictures, PICTURES, at, (size, Arc::clone(&picture)));
        picture
    }

    fn drawn(&self, at: usize, size: Size, area: Rect) -> Diagram {
        let tone = Run::event(self, at).map_or(Tone::Plain, |event| event.kind.tone());
        self.machine(at).view(self.tape.event(at), tone, size, area, self.tape.room())
    }

    fn state(&self, at: usize) -> Arc<Value> {
        if let Some(known) = self.cache.borrow().states.get(&at) {
            return Arc::clone(known);
        }
        let state = Arc::new(serde_json::to_value(&*self.machine(at)).unwrap_or(Value::Null));
        keep(&mut self.cache.borrow_mut().states, STATES, at, Arc::clone(&state));
        state
    }

    fn changes(&self, at: usize) -> Vec<Change> {
        self.changes_cached(at).to_vec()
    }

    fn laws(&self, at: usize) -> Vec<Verdict> {
        let machine = self.machine(at);
        let judged = |law: &crate::machine::Law<M>| Verdict {
            name: law.name,
            title: self.mechanism.laws.get(law.name).cloned().unwrap_or_else(|| Text::same(law.name)),
            source: law.source,
            always: law.kind == LawKind::Always,
            outcome: (law.check)(&machine),
        };
        M::LAWS.iter().map(judged).collect()
    }

    fn curves(&self) -> Vec<Curve> {
        let mut curves: Vec<Curve> = Vec::new();
        for (at, now) in self.tape.gauges().iter().enumerate() {
            for (i, gauge) in now.iter().enumerate() {
                let known = |curve: &Curve| curve.name == gauge.name && curve.of == gauge.of;
                let place = match curves.get(i).is_some_and(known) {
                    true => i,
                    false => curves.iter().position(known).unwrap_or_else(|| {
                        curves.push(self.mechanism.curve(gauge));
                        curves.len() - 1
                    }),
                };
                // Something that comes later has been nothing so far.
                curves[place].values.resize(at, 0.0);
                curves[place].values.push(gauge.value);
                curves[place].limits.extend(gauge.limit);
            }
        }
        let positions = self.tape.len() + 1;
        curves.iter_mut().for_each(|curve| curve.values.resize(positions, 0.0));
        curves
    }

    fn reasons(&self, at: usize, mut patience: usize) -> Option<Vec<Reason>> {
        let Some(event) = self.tape.event(at) else { return Some(Vec::new()) };
        let mut wanted = event.depends();
        let mut found: Vec<Reason> = Vec::new();
        for earlier in (1.max(at.saturating_sub(REASONS_WITHIN))..at).rev() {
            if wanted.is_empty() || found.len() == MAX_REASONS {
                break;
            }
            if !self.cache.borrow().changes.contains_key(&earlier) {
                patience = patience.checked_sub(1)?;
            }
            let changed = self.changes_cached(earlier);
            let Some(path) = wanted.iter().find(|path| changed.iter().any(|c| diff::touches(&c.path, path))).cloned()
            else {
                continue;
            };
            wanted.retain(|path| !changed.iter().any(|c| diff::touches(&c.path, path)));
            found.push(Reason { at: earlier, path });
        }
        Some(found)
    }

    fn choices(&self, at: usize) -> Vec<Choice> {
        let machine = self.machine(at);
        let words = &self.mechanism.actions;
        let choice = |action: &M::Action| {
            let text = script::options().to_string(action).ok()?;
            Some(Choice { text, title: actions::said(words, &*machine, action) })
        };
        machine.choices().iter().filter_map(choice).collect()
    }

    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError> {
        let action = self.parse(action, at)?;
        let tape = self.tape.until(at, Budget::WHAT_IF);
        let kept = tape.actions().len();
        let mut records = self.records.take(kept);
        // The last one may have first finished the one before it, whose steps those are.
        for number in kept.saturating_sub(2)..kept {
            if let Some(record) = records.get_mut(number) {
                record.before = record.before.min(at);
                record.steps = record.steps.min(at - record.before);
            }
        }
        let mut forked = Staged {
            mechanism: Arc::clone(&self.mechanism),
            id: self.id.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            table: self.table.clone(),
            asked: Arc::clone(&self.asked),
            tape,
            remarks: self.remarks.take(kept),
            records,
            cache: RefCell::default(),
            marks: OnceCell::new(),
            story: OnceCell::new(),
        };
        forked.take(action, Arc::default())?;
        forked.give_back(self, at);
        Ok(Box::new(forked))
    }

    fn turn(&self, at: usize) -> Option<String> {
        let text = |action: &M::Action| script::options().to_string(action).unwrap_or_else(|_| format!("{action:?}"));
        let turns: Vec<String> = self.machine(at).turns().iter().map(text).collect();
        let last = self.action_of(at).and_then(|action| self.records.get(action)).map(|record| &record.text);
        let after = turns.iter().position(|turn| Some(turn) == last).map_or(0, |place| (place + 1) % turns.len());
        turns.into_iter().nth(after)
    }

    fn alarm(&self, at: usize) -> Option<Text> {
        self.machine(at).alarm()
    }

    fn act(&mut self, action: &str) -> Result<(), ActionError> {
        let action = self.parse(action, self.tape.len())?;
        self.tape.allow(Budget::WHAT_IF);
        self.take(action, Arc::default())
    }

    fn same_until(&self, other: &dyn Run) -> usize {
        let same = |at: usize| self.event(at) == other.event(at) && self.figures(at) == other.figures(at);
        if self.state(0) != other.state(0) {
            return 0;
        }
        (1..=self.steps().min(other.steps())).take_while(|&at| same(at)).count()
    }
}

impl<M> Default for Cache<M> {
    fn default() -> Cache<M> {
        Cache { machines: HashMap::new(), pictures: HashMap::new(), states: HashMap::new(), changes: HashMap::new() }
    }
}

/// Keeps a value; when there are too many, the one furthest from it goes: one at a time, since a state is a large tree
/// and freeing many of them at once would be felt.
fn keep<T>(cache: &mut HashMap<usize, T>, most: usize, at: usize, value: T) {
    if cache.len() >= most
        && let Some(furthest) = cache.keys().copied().max_by_key(|position| position.abs_diff(at))
    {
        cache.remove(&furthest);
    }
    cache.insert(at, value);
}
