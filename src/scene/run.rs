//! A run of a scene as the floors above see it: recorded steps, without the machine's type.

use std::sync::Arc;

use imbl::Vector;
use serde::Serialize;
use serde_json::Value;

use crate::diagram::{Diagram, Rect, Size};
use crate::scene::mechanism::{Kind, Mechanism};
use crate::scene::script::Table;
use crate::scene::story::Story;
use crate::text::{Lang, Text};

/// The recorded steps of one run. Positions go from 0, before the first step, to [`Run::steps`]; position `n` shows
/// the state after step `n`. Every method is a pure function of the run and the position.
pub trait Run: Send {
    /// The words, the code listing and the claims of the mechanism.
    fn mechanism(&self) -> &Arc<Mechanism>;

    /// The scene's id, such as `go-map/growth`.
    fn id(&self) -> &str;

    /// The scene's title.
    fn title(&self) -> &Text;

    /// The table of differences of what the scene compares, if it compares two things.
    fn table(&self) -> Option<&Table> {
        None
    }

    /// The number of steps.
    fn steps(&self) -> usize;

    /// Its phases, stops and folds.
    fn story(&self) -> Arc<Story>;

    /// What the author says of it, with placeholders.
    fn words(&self) -> Vec<Text> {
        Vec::new()
    }

    /// What people ask, with the positions that answer.
    fn questions(&self) -> Vec<Question>;

    /// The actions in order; their steps lie side by side and cover the run.
    fn actions(&self) -> &Actions;

    /// What the step that led to position `at` did; `None` at 0.
    fn event(&self, at: usize) -> Option<EventRecord>;

    /// The figures of that event, by name; null at 0.
    fn figures(&self, at: usize) -> Value;

    /// The sentence for that step.
    fn caption(&self, at: usize, lang: Lang) -> Caption;

    /// The picture at a position in a size, without its caption.
    fn picture(&self, at: usize, size: Size) -> Arc<Diagram>;

    /// The same in a part of the canvas, drawn anew.
    fn drawn(&self, at: usize, size: Size, area: Rect) -> Diagram;

    /// The machine's state at a position.
    fn state(&self, at: usize) -> Arc<Value>;

    /// What the step that led to position `at` changed, in the order of the state.
    fn changes(&self, at: usize) -> Vec<Change>;

    /// Every law, judged at a position.
    fn laws(&self, at: usize) -> Vec<Verdict>;

    /// The machine's gauges over the whole run.
    fn curves(&self) -> Vec<Curve>;

    /// The earlier positions that the step at `at` follows from, latest first. Looks at no more than `patience` steps
    /// that it has not looked at before; `None` if that was not enough: ask again.
    fn reasons(&self, at: usize, patience: usize) -> Option<Vec<Reason>>;

    /// What may happen at a position: action texts that [`Run::fork`] takes, with how they are said.
    fn choices(&self, at: usize) -> Vec<Choice>;

    /// A new run that is this one up to position `at` and then takes `action` (RON, such as `Insert("k99")`).
    fn fork(&self, at: usize, action: &str) -> Result<Box<dyn Run>, ActionError>;

    /// Whose turn it is at a position, as an action: all who can run take turns. `None` if nobody can.
    fn turn(&self, at: usize) -> Option<String>;

    /// What has gone wrong at a position for the program that is played, in the real system's words.
    fn alarm(&self, _at: usize) -> Option<Text> {
        None
    }

    /// Takes another action at the end of the run.
    fn act(&mut self, action: &str) -> Result<(), ActionError>;

    /// The last position up to which the other run is the same.
    fn same_until(&self, other: &dyn Run) -> usize;

    /// The position that a claim's moment or a stop condition names: the `nth` (from 1) step with this event.
    fn find(&self, event: &str, nth: usize) -> Option<usize> {
        (1..=self.steps()).filter(|&at| self.event(at).is_some_and(|e| e.name == event)).nth(nth.checked_sub(1)?)
    }

    /// The index of the action that the step at `at` belongs to; `None` at 0.
    fn action_at(&self, at: usize) -> Option<usize> {
        self.event(at).map(|event| event.action)
    }
}

/// The actions of a run, shared with the runs that it branched off from and that branch off from it.
pub type Actions = Vector<ActionRecord>;

/// One action of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionRecord {
    /// As in a script: `Insert("k9")`.
    pub text: String,
    /// In the words of the mechanism: `m["k9"] = 9`.
    pub title: Text,
    /// The position before its first step.
    pub before: usize,
    /// How many steps it took.
    pub steps: usize,
    /// What the author says of it.
    pub remark: Option<Text>,
}

/// An action that may be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As in a script: `Insert("k9")`.
    pub text: String,
    /// In the words of the mechanism: `m["k9"] = 9`.
    pub title: Text,
}

/// What people ask, and where the run answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The question.
    pub ask: Text,
    /// The position that answers it.
    pub at: usize,
}

/// What a step did, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// The name of the event's variant.
    pub name: &'static str,
    /// Its colour on the timeline.
    pub kind: Kind,
    /// The index of its action.
    pub action: usize,
}

/// The sentence for a step.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Caption {
    /// The first line, in pieces: what it means, in the author's words, or why it is so in general; what was done where
    /// there is nothing more to say.
    pub means: Vec<Span>,
    /// The second line: what exactly was done, with its figures; empty if the first one says it.
    pub did: Vec<Span>,
    /// What kind of step it is.
    pub kind: Kind,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// How they are set.
    pub style: Style,
}

impl Span {
    /// Words set plainly.
    pub fn plain(text: impl Into<String>) -> Span {
        Span { text: text.into(), style: Style::Plain }
    }
}

/// How a piece of a sentence is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// A figure with the letters before it (`G7`, `0x3f`): in mono, in the colour of the step's kind.
    Figure,
    /// `*emphasis*`: in bold.
    Strong,
}

impl Caption {
    /// The first line as plain words.
    pub fn meaning(&self) -> String {
        plain(&self.means)
    }

    /// What was done, as plain words: the second line, or the first if it is the only one.
    pub fn deed(&self) -> String {
        plain(if self.did.is_empty() { &self.means } else { &self.did })
    }

    /// What is said besides what was done; empty if nothing is.
    pub fn remark(&self) -> String {
        if self.did.is_empty() { String::new() } else { plain(&self.means) }
    }

    /// Both lines, as they are read aloud.
    pub fn spoken(&self) -> String {
        let (means, did) = (plain(&self.means), plain(&self.did));
        if did.is_empty() { means } else { format!("{means} {did}") }
    }
}

fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// One change of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The place, such as `buckets[3].tophash[1]`.
    pub path: String,
    /// What was there; null if nothing was.
    pub old: Value,
    /// What is there now; null if nothing is.
    pub new: Value,
}

/// A law at one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its name, such as `canonical-tail`.
    pub name: &'static str,
    /// In words.
    pub title: Text,
    /// Where it comes from.
    pub source: &'static str,
    /// Whether it holds always or is to be reached sometimes.
    pub always: bool,
    /// Whether it holds, or is reached, here; else the place and the figures.
    pub outcome: Result<(), String>,
}

/// A gauge over the whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What is measured, such as `load`.
    pub name: &'static str,
    /// Of which of several things.
    pub of: Option<String>,
    /// In words.
    pub title: Text,
    /// The line that it is judged by, at each position; empty if there is none.
    pub limits: Vec<f64>,
    /// The figure at positions 0 to [`Run::steps`].
    pub values: Vec<f64>,
}

/// An earlier step that another one follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its position.
    pub at: usize,
    /// The place in the state that it changed and the later step rested on.
    pub path: String,
}

/// Why an action was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionError {
    /// It could not be read.
    Unreadable {
        /// Where, in characters from 1.
        column: usize,
        /// What stands there; empty at the end.
        found: String,
        /// What is wrong.
        cause: Text,
        /// What could be typed instead.
        forms: Vec<Choice>,
    },
    /// The machine refused it.
    Refused(Text),
    /// It would cost more than a scene may: the limit that was met.
    TooDear(Text),
    /// The run would grow over the limit.
    TooLong {
        /// In steps.
        limit: usize,
    },
}

impl ActionError {
    /// What could be typed instead.
    pub fn forms(&self) -> &[Choice] {
        match self {
            ActionError::Unreadable { forms, .. } => forms,
            _ => &[],
        }
    }

    /// The reason in one language.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (ActionError::Unreadable { found, cause, .. }, Lang::En) if found.is_empty() => {
                format!("at the end: {}", cause.en)
            }
            (ActionError::Unreadable { found, cause, .. }, Lang::Zh) if found.is_empty() => {
                format!("末尾：{}", cause.zh)
            }
            (ActionError::Unreadable { column, found, cause, .. }, Lang::En) => {
                format!("character {column}, at `{found}`: {}", cause.en)
            }
            (ActionError::Unreadable { column, found, cause, .. }, Lang::Zh) => {
                format!("第 {column} 个字符 `{found}` 处：{}", cause.zh)
            }
            (ActionError::Refused(reason) | ActionError::TooDear(reason), lang) => reason.get(lang).to_owned(),
            (ActionError::TooLong { limit }, Lang::En) => format!("a run has at most {limit} steps"),
            (ActionError::TooLong { limit }, Lang::Zh) => format!("一次运行最多 {limit} 步"),
        }
    }
}
