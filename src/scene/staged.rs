//! A tape with the words of its scene and its mechanism: what the floors above call a run.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use imbl::Vector;
use serde_json::Value;

use super::captions;
use super::diff;
use super::fault::explained;
use super::mechanism::{Kind, Mechanism};
use super::run::{ActionError, ActionRecord, Actions, Caption, Change, Curve, EventRecord, Reason, Run, Span, Verdict};
use super::script::{self, MAX_STEPS, Table};
use super::tape::{Rejected, Tape, figures_of};
use crate::diagram::{Diagram, Size, Tone};
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
}

/// A run of a scene of the machine `M`.
pub struct Staged<M: View> {
    mechanism: Arc<Mechanism>,
    id: String,
    title: Text,
    summary: Text,
    table: Option<Arc<Table>>,
    tape: Tape<M>,
    remarks: Vector<Arc<Remark>>,
    records: Vector<ActionRecord>,
    cache: RefCell<Cache<M>>,
}

struct Cache<M> {
    machines: HashMap<usize, Arc<M>>,
    pictures: HashMap<usize, Arc<Diagram>>,
    states: HashMap<usize, Arc<Value>>,
    changes: HashMap<usize, Arc<Vec<Change>>>,
}

/// Machines are kept for this many positions: picture, state, laws and choices of a position all ask for its own.
const MACHINES: usize = 2;

impl<M: View> Staged<M> {
    /// A run of an empty tape.
    pub fn new(mechanism: Arc<Mechanism>, id: String, title: Text, summary: Text, tape: Tape<M>) -> Staged<M> {
        let (remarks, records, cache) = (Vector::new(), Vector::new(), RefCell::default());
        Staged { mechanism, id, title, summary, table: None, tape, remarks, records, cache }
    }

    /// Gives it the table of differences that belongs to the scene.
    pub fn set_table(&mut self, table: Option<Table>) {
        self.table = table.map(Arc::new);
    }

    /// Takes an action with what the author says of it.
    pub fn take(&mut self, action: M::Action, remark: Arc<Remark>) -> Result<(), ActionError> {
        let text = script::options().to_string(&action).unwrap_or_else(|_| format!("{action:?}"));
        self.tape.act(action).map_err(|rejected| match rejected {
            Rejected::Refused(refusal) => ActionError::Refused(refusal.reason),
            Rejected::Full => ActionError::TooLong { limit: MAX_STEPS },
            Rejected::Dear(limit) => ActionError::TooDear(limit),
        })?;
        if let Some(taken) = self.tape.actions().last() {
            let said = remark.say.clone();
            self.records.push_back(ActionRecord { text, before: taken.before, steps: taken.steps, remark: said });
        }
        self.remarks.push_back(remark);
        Ok(())
    }

    fn parse(action: &str) -> Result<M::Action, ActionError> {
        script::options()
            .from_str(action.trim())
            .map_err(|error| ActionError::Unreadable { column: error.span.start.col, cause: explained(&error.code) })
    }

    fn remark(&self, at: usize, event: &str) -> Option<&Text> {
        let step = self.tape.step(at)?;
        let remark = self.remarks.get(step.action)?;
        let first = self.tape.actions().get(step.action).is_some_and(|taken| taken.before + 1 == at);
        remark.at.get(event).or(remark.say.as_ref().filter(|_| first))
    }

    fn machine(&self, at: usize) -> Arc<M> {
        if let Some(known) = self.cache.borrow().machines.get(&at) {
            return Arc::clone(known);
        }
        let machine = Arc::new(self.tape.machine(at));
        keep(&mut self.cache.borrow_mut().machines, MACHINES, at, &machine);
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

    fn actions(&self) -> &Actions {
        &self.records
    }

    fn event(&self, at: usize) -> Option<EventRecord> {
        let step = self.tape.step(at)?;
        let name = step.event.name();
        let kind = self.mechanism.captions.get(name).map_or(Kind::Look, |caption| caption.kind);
        Some(EventRecord { name, kind, action: step.action })
    }

    fn figures(&self, at: usize) -> Value {
        self.tape.event(at).map_or(Value::Null, figures_of)
    }

    fn caption(&self, at: usize, lang: Lang) -> Caption {
        let Some(event) = self.tape.event(at) else {
            let said = self.records.front().and_then(|action| action.remark.as_ref()).unwrap_or(&self.summary);
            let aside = captions::filled(said.get(lang), &Value::Null, lang);
            return Caption { sentence: vec![Span::plain(self.title.get(lang))], aside, kind: Kind::Look };
        };
        match self.mechanism.captions.get(event.name()) {
            Some(words) => captions::render(words, self.remark(at, event.name()), &figures_of(event), lang),
            None => Caption { sentence: vec![Span::plain(event.name())], ..Caption::default() },
        }
    }

    fn picture(&self, at: usize) -> Arc<Diagram> {
        if let Some(known) = self.cache.borrow().pictures.get(&at) {
            return Arc::clone(known);
        }
        let tone = Run::event(self, at).map_or(Tone::Plain, |event| event.kind.tone());
        let picture = Arc::new(self.machine(at).view(self.tape.event(at), tone, Size::Window));
        keep(&mut self.cache.borrow_mut().pictures, PICTURES, at, &picture);
        picture
    }

    fn state(&self, at: usize) -> Arc<Value> {
        if let Some(known) = self.cache.borrow().states.get(&at) {
            return Arc::clone(known);
        }
        let state = Arc::new(serde_json::to_value(&*self.machine(at)).unwrap_or(Value::Null));
        keep(&mut self.cache.borrow_mut().states, STATES, at, &state);
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

    fn choices(&self, at: usize) -> Vec<String> {
        let choices = self.machine(at).choices();
        choices.iter().filter_map(|action| script::options().to_string(action).ok()).collect()
    }

    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError> {
        let action = Self::parse(action)?;
        let tape = self.tape.until(at, Budget::WHAT_IF);
        let kept = tape.actions().len();
        let mut records = self.records.take(kept);
        if let (Some(record), Some(taken)) = (records.back_mut(), tape.actions().last()) {
            record.steps = taken.steps;
        }
        let mut forked = Staged {
            mechanism: Arc::clone(&self.mechanism),
            id: self.id.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            table: self.table.clone(),
            tape,
            remarks: self.remarks.take(kept),
            records,
            cache: RefCell::default(),
        };
        forked.take(action, Arc::default())?;
        Ok(Box::new(forked))
    }

    fn act(&mut self, action: &str) -> Result<(), ActionError> {
        let action = Self::parse(action)?;
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
fn keep<T>(cache: &mut HashMap<usize, Arc<T>>, most: usize, at: usize, value: &Arc<T>) {
    if cache.len() >= most
        && let Some(furthest) = cache.keys().copied().max_by_key(|position| position.abs_diff(at))
    {
        cache.remove(&furthest);
    }
    cache.insert(at, Arc::clone(value));
}
