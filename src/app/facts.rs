//! What the panels show of one position, computed once and only when a panel asks.

use std::cell::{Cell, OnceCell};
use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::scene::{Caption, Change, Choice, Reason, Run, Verdict, listing};
use crate::text::Lang;

/// How long a frame may look for reasons in a long run.
const PATIENCE: Duration = Duration::from_micros(300);

/// What is said of one position of one run in one language.
pub struct Facts {
    /// The run's revision, the position, the language.
    key: (u64, usize, Lang),
    caption: OnceCell<Caption>,
    spoken: OnceCell<String>,
    changes: OnceCell<Vec<Change>>,
    laws: OnceCell<Vec<Verdict>>,
    reasons: OnceCell<Vec<(Reason, String)>>,
    /// Whether reasons have been asked for before.
    asked: Cell<bool>,
    choices: OnceCell<Vec<Choice>>,
    goes_on: OnceCell<bool>,
    code_line: OnceCell<Option<usize>>,
}

/// The facts of a position together with the run that they are taken from.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub run: &'a dyn Run,
    pub at: usize,
    pub lang: Lang,
    facts: &'a Facts,
}

impl Facts {
    /// No facts yet.
    pub fn new() -> Facts {
        Facts::of((u64::MAX, 0, Lang::default()))
    }

    fn of(key: (u64, usize, Lang)) -> Facts {
        Facts {
            key,
            caption: OnceCell::new(),
            spoken: OnceCell::new(),
            changes: OnceCell::new(),
            laws: OnceCell::new(),
            reasons: OnceCell::new(),
            asked: Cell::new(false),
            choices: OnceCell::new(),
            goes_on: OnceCell::new(),
            code_line: OnceCell::new(),
        }
    }

    /// Forgets what belongs to another position.
    pub fn turn_to(&mut self, revision: u64, at: usize, lang: Lang) {
        if self.key != (revision, at, lang) {
            *self = Facts::of((revision, at, lang));
        }
    }

    /// The facts with their run.
    pub fn here<'a>(&'a self, run: &'a dyn Run) -> Here<'a> {
        Here { run, at: self.key.1, lang: self.key.2, facts: self }
    }
}

impl<'a> Here<'a> {
    /// The sentence for this step.
    pub fn caption(&self) -> &'a Caption {
        self.facts.caption.get_or_init(|| self.run.caption(self.at, self.lang))
    }

    /// The sentence for this step as a screen reader says it.
    pub fn spoken(&self) -> &'a str {
        self.facts.spoken.get_or_init(|| self.caption().spoken())
    }

    /// What this step changed.
    pub fn changes(&self) -> &'a [Change] {
        self.facts.changes.get_or_init(|| self.run.changes(self.at))
    }

    /// Every law, judged here.
    pub fn laws(&self) -> &'a [Verdict] {
        self.facts.laws.get_or_init(|| self.run.laws(self.at))
    }

    /// The steps that this one follows from, each with its sentence. `None` while they are still being looked for: the
    /// frame that turns to a position has enough to do, each later one spends [`PATIENCE`] on them.
    pub fn reasons(&self) -> Option<&'a [(Reason, String)]> {
        if !self.facts.asked.replace(true) {
            return None;
        }
        let begin = Instant::now();
        while self.facts.reasons.get().is_none() {
            if let Some(reasons) = self.run.reasons(self.at, 1) {
                let told = |reason: Reason| {
                    let sentence = self.run.caption(reason.at, self.lang).deed();
                    (reason, sentence)
                };
                self.facts.reasons.get_or_init(|| reasons.into_iter().map(told).collect());
            } else if begin.elapsed() > PATIENCE {
                return None;
            }
        }
        self.facts.reasons.get().map(Vec::as_slice)
    }

    /// The line of the listing that this step stands at.
    pub fn code_line(&self) -> Option<usize> {
        *self.facts.code_line.get_or_init(|| listing::line_at(self.run, self.at))
    }

    /// Whether anybody can run without being asked for anything new.
    pub fn goes_on(&self) -> bool {
        *self.facts.goes_on.get_or_init(|| self.run.turn(self.at).is_some())
    }

    /// What may happen next.
    pub fn choices(&self) -> &'a [Choice] {
        self.facts.choices.get_or_init(|| {
            let mut offered = HashSet::new();
            let choices = self.run.choices(self.at).into_iter();
            choices.filter(|choice| offered.insert(choice.text.clone())).collect()
        })
    }
}
