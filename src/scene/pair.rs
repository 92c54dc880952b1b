//! Two runs on one timeline: two machines, or one in two setups, that take the same actions.
//!
//! They are aligned by action: both begin it at the same position, and the one that is done sooner waits for the other. The first
//! one leads: its script has the author's words, its stops and phases are the pair's, and its words say what an action is.

mod picture;

use std::cell::RefCell;
use std::cmp::Ordering::{Greater, Less};
use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};

use super::mechanism::Mechanism;
use super::run::{
    ActionError, ActionRecord, Actions, Caption, Change, Choice, Curve, EventRecord, Question, Reason, Run, Span,
    Style, Verdict,
};
use super::script::Table;
use super::story::{Segment, Stop, Story};
use crate::diagram::{Diagram, Rect, Size};
use crate::text::{Lang, Text};

/// Pictures are kept for this many positions.
const PICTURES: usize = 16;

/// Two runs that take the same actions.
pub struct Pair {
    id: String,
    names: [Text; 2],
    runs: [Box<dyn Run>; 2],
    actions: Actions,
    story: OnceLock<Arc<Story>>,
    pictures: RefCell<Vec<(usize, Size, Arc<Diagram>)>>,
}

impl Pair {
    /// The leading run beside another one; both have taken the same actions.
    pub fn new(id: String, names: [Text; 2], runs: [Box<dyn Run>; 2]) -> Pair {
        let mut before = 0;
        let both = runs[0].actions().iter().zip(runs[1].actions());
        let actions = both.map(|(lead, other)| {
            let steps = lead.steps.max(other.steps);
            before += steps;
            ActionRecord { before: before - steps, steps, ..lead.clone() }
        });
        let actions = actions.collect();
        Pair { id, names, runs, actions, story: OnceLock::new(), pictures: RefCell::default() }
    }

    /// The action under way at a position, and how many steps of it have been taken.
    fn under_way(&self, at: usize) -> Option<(usize, usize)> {
        let number = under_way(&self.actions, at)?;
        Some((number, at - self.actions[number].before))
    }

    /// Where one of the runs is at a position, and whether it has just taken a step.
    fn place(&self, which: usize, at: usize) -> (usize, bool) {
        let own = self.runs[which].actions();
        match self.under_way(at) {
            Some((number, steps)) => {
                let ActionRecord { before, steps: all, .. } = own[number];
                (before + steps.min(all), steps <= all)
            }
            None if at == 0 => (0, false),
            None => (self.runs[which].steps(), false),
        }
    }

    /// The first position at which the leading run is at one of its own: the end of an action is the end for both.
    fn position(&self, lead: usize) -> usize {
        let own = self.runs[0].actions();
        under_way(own, lead).map_or(0, |number| {
            let steps = lead - own[number].before;
            let last = steps == own[number].steps;
            self.actions[number].before + if last { self.actions[number].steps } else { steps }
        })
    }

    /// A sentence with the name of the run that it is of before it.
    fn named(&self, which: usize, spans: Vec<Span>, lang: Lang) -> Vec<Span> {
        let name = format!("{}{}", self.names[which].get(lang), if lang == Lang::Zh { "：" } else { ": " });
        std::iter::once(Span { text: name, style: Style::Strong }).chain(spans).collect()
    }

    fn forked(&self, lead: Box<dyn Run>, other: Box<dyn Run>) -> Result<Pair, ActionError> {
        if lead.actions().len() != other.actions().len() {
            // One of them takes no step for the action under way, so it is not within it.
            return Err(ActionError::Refused(Text::new(
                "the two are not at the same action here",
                "此处两边不在同一个动作上",
            )));
        }
        Ok(Pair::new(self.id.clone(), self.names.clone(), [lead, other]))
    }
}

/// What keys and paths of each begin with.
const SIDES: [&str; 2] = ["left", "right"];

impl Run for Pair {
    fn mechanism(&self) -> &Arc<Mechanism> {
        self.runs[0].mechanism()
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &Text {
        self.runs[0].title()
    }

    fn table(&self) -> Option<&Table> {
        self.runs[0].table()
    }

    fn steps(&self) -> usize {
        self.actions.last().map_or(0, |action| action.before + action.steps)
    }

    fn story(&self) -> Arc<Story> {
        let tell = || {
            let lead = self.runs[0].story();
            let at = |own: usize| self.position(own);
            let segment = |segment: &Segment| Segment { from: at(segment.from), to: at(segment.to), ..segment.clone() };
            let stop = |stop: &Stop| Stop { at: at(stop.at), ..stop.clone() };
            Arc::new(Story {
                segments: lead.segments.iter().map(segment).collect(),
                stops: lead.stops.iter().map(stop).collect(),
                marked: lead.marked,
                // A loop of one of them is none of both.
                folds: Vec::new(),
                actions: self.actions.iter().map(|action| action.before + action.steps).collect(),
            })
        };
        Arc::clone(self.story.get_or_init(tell))
    }

    fn words(&self) -> Vec<Text> {
        self.runs[0].words()
    }

    fn questions(&self) -> Vec<Question> {
        let asked = self.runs[0].questions().into_iter();
        asked.map(|asked| Question { at: self.position(asked.at), ..asked }).collect()
    }

    fn actions(&self) -> &Actions {
        &self.actions
    }

    /// What the leading run did last; while it waits, the colour is that of the other's step.
    fn event(&self, at: usize) -> Option<EventRecord> {
        let action = self.under_way(at)?.0;
        let [(lead, moved), (other, _)] = [0, 1].map(|which| self.place(which, at));
        let event = self.runs[0].event(lead)?;
        let kind = if moved { event.kind } else { self.runs[1].event(other)?.kind };
        Some(EventRecord { action, kind, ..event })
    }

    fn figures(&self, at: usize) -> Value {
        self.runs[0].figures(self.place(0, at).0)
    }

    /// The first line says what the step means, the second what each has done.
    fn caption(&self, at: usize, lang: Lang) -> Caption {
        let places = [0, 1].map(|which| self.place(which, at));
        let own = |which: usize| self.runs[which].caption(places[which].0, lang);
        if at == 0 {
            return own(0);
        }
        let deed = |caption: &Caption| if caption.did.is_empty() { caption.means.clone() } else { caption.did.clone() };
        let moved: Vec<usize> = (0..2).filter(|which| places[*which].1).collect();
        let acts = own(moved.first().copied().unwrap_or(0));
        // A stop's sentence is about both; so is what is said of a step that both take.
        let of_both = moved.len() == 2 || self.story().stop(at).is_some();
        if !of_both {
            let which = moved.first().copied().unwrap_or(0);
            return Caption { means: self.named(which, acts.means, lang), ..acts };
        }
        let each = moved.iter().map(|which| self.named(*which, deed(&own(*which)), lang));
        let mut did = Vec::new();
        for deed in each {
            if !did.is_empty() {
                did.push(Span::plain("  ·  "));
            }
            did.extend(deed);
        }
        Caption { means: own(0).means, did, kind: acts.kind }
    }

    fn picture(&self, at: usize, size: Size) -> Arc<Diagram> {
        let kept =
            self.pictures.borrow().iter().find(|(of, whom, _)| (*of, *whom) == (at, size)).map(|kept| kept.2.clone());
        kept.unwrap_or_else(|| {
            let picture = Arc::new(self.drawn(at, size, size.area()));
            let mut kept = self.pictures.borrow_mut();
            if kept.len() == PICTURES {
                kept.remove(0);
            }
            kept.push((at, size, Arc::clone(&picture)));
            picture
        })
    }

    fn drawn(&self, at: usize, size: Size, area: Rect) -> Diagram {
        self.both(at, size, area)
    }

    fn state(&self, at: usize) -> Arc<Value> {
        let [lead, other] = [0, 1].map(|which| self.runs[which].state(self.place(which, at).0));
        Arc::new(json!({ "left": *lead, "right": *other }))
    }

    fn changes(&self, at: usize) -> Vec<Change> {
        let of = |which: usize| {
            let (own, moved) = self.place(which, at);
            let changes = if moved { self.runs[which].changes(own) } else { Vec::new() };
            changes
                .into_iter()
                .map(move |change| Change { path: format!("{}.{}", SIDES[which], change.path), ..change })
        };
        of(0).chain(of(1)).collect()
    }

    fn laws(&self, at: usize) -> Vec<Verdict> {
        let of = |which: usize| {
            let laws = self.runs[which].laws(self.place(which, at).0).into_iter();
            // Stories are the leading run's, as the scene's own are.
            let told = laws.filter(move |law| which == 0 || law.always);
            told.map(move |law| Verdict { title: with(&self.names[which], &law.title), ..law })
        };
        of(0).chain(of(1)).collect()
    }

    fn curves(&self) -> Vec<Curve> {
        let of = |which: usize| {
            let at = |values: &[f64]| -> Vec<f64> {
                if values.is_empty() {
                    return Vec::new();
                }
                let value = |at| values.get(self.place(which, at).0).or(values.last()).copied().unwrap_or_default();
                (0..=self.steps()).map(value).collect()
            };
            let curves = self.runs[which].curves().into_iter();
            let curves = curves.map(|curve| Curve {
                title: with(&self.names[which], &curve.title),
                values: at(&curve.values),
                limits: at(&curve.limits),
                ..curve
            });
            curves.collect::<Vec<_>>()
        };
        of(0).into_iter().chain(of(1)).collect()
    }

    fn reasons(&self, at: usize, patience: usize) -> Option<Vec<Reason>> {
        let (own, moved) = self.place(0, at);
        let which = usize::from(!moved);
        let own = if moved { own } else { self.place(1, at).0 };
        // Only the leading run's positions have one of the pair's.
        if which == 1 {
            return Some(Vec::new());
        }
        let found = self.runs[0].reasons(own, patience)?.into_iter();
        Some(
            found
                .map(|reason| Reason { at: self.position(reason.at), path: format!("left.{}", reason.path) })
                .collect(),
        )
    }

    /// What may happen in both.
    fn choices(&self, at: usize) -> Vec<Choice> {
        let other = self.runs[1].choices(self.place(1, at).0);
        let mut choices = self.runs[0].choices(self.place(0, at).0);
        choices.retain(|choice| other.iter().any(|other| other.text == choice.text));
        choices
    }

    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError> {
        let [lead, other] = [0, 1].map(|which| self.runs[which].fork(self.place(which, at).0, action));
        self.forked(lead?, other?).map(|pair| Box::new(pair) as Box<dyn Run>)
    }

    fn turn(&self, at: usize) -> Option<String> {
        let turn = self.runs[0].turn(self.place(0, at).0)?;
        self.choices(at).iter().any(|choice| choice.text == turn).then_some(turn)
    }

    fn alarm(&self, at: usize) -> Option<Text> {
        (0..2).find_map(|which| {
            let said = self.runs[which].alarm(self.place(which, at).0)?;
            Some(self.names[which].then(": ", "：").then(&said.en, &said.zh))
        })
    }

    fn act(&mut self, action: &str) -> Result<(), ActionError> {
        let [lead, other] = [0, 1].map(|which| self.runs[which].fork(self.runs[which].steps(), action));
        *self = self.forked(lead?, other?)?;
        Ok(())
    }

    fn same_until(&self, other: &dyn Run) -> usize {
        if self.state(0) != other.state(0) {
            return 0;
        }
        let same = |at: usize| self.event(at) == other.event(at) && self.changes(at) == other.changes(at);
        (1..=self.steps().min(other.steps())).take_while(|&at| same(at)).count()
    }

    fn find(&self, event: &str, nth: usize) -> Option<usize> {
        self.runs[0].find(event, nth).map(|own| self.position(own))
    }

    fn action_at(&self, at: usize) -> Option<usize> {
        self.under_way(at).map(|(number, _)| number)
    }
}

/// The number of the action that the step leading to a position belongs to.
fn under_way(actions: &Actions, at: usize) -> Option<usize> {
    let ends_before = |action: &ActionRecord| action.before + action.steps < at;
    let number = actions.binary_search_by(|action| if ends_before(action) { Less } else { Greater }).unwrap_err();
    actions.get(number).filter(|action| action.before < at).map(|_| number)
}

fn with(name: &Text, title: &Text) -> Text {
    name.then(" · ", " · ").then(&title.en, &title.zh)
}
