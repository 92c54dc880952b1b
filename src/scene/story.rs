//! A run as a story: which phase each step belongs to, the stops where it is worth resting, the loops that repeat
//! themselves, and how far one press goes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::{Lang, Text};

/// What is going on in a span of steps (find, decide, move, write); every event of a mechanism belongs to one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name in the files: `find`.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What it is about, in figures of its events: `bucket {bucket}`. Where they change, another segment begins.
    #[serde(default)]
    pub about: Option<Text>,
    /// Its events.
    pub events: Vec<String>,
}

/// Consecutive steps of one phase: those that lead to the positions `from + 1` to `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The position before its first step.
    pub from: usize,
    /// The position after its last step.
    pub to: usize,
    /// The number of the phase in [`super::Mechanism::phases`].
    #[serde(skip)]
    pub phase: usize,
    /// The phase's title, and what it is about here.
    pub title: Text,
}

/// A moment worth stopping at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// Its position.
    pub at: usize,
    /// Its title.
    pub title: Text,
    /// What it means, in one sentence.
    pub says: Text,
}

/// Repetitions of one little loop: the third and later ones pass as one press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fold {
    /// The position before the first repetition.
    pub first: usize,
    /// Steps in a repetition.
    pub round: usize,
    /// How many there are.
    pub rounds: usize,
}

impl Fold {
    /// The position before the third repetition: what follows passes as one press.
    pub fn from(&self) -> usize {
        self.first + (SHOWN - 1) * self.round
    }

    /// The position after the last repetition.
    pub fn to(&self) -> usize {
        self.first + self.rounds * self.round
    }

    /// Which repetition the step that leads to a position belongs to, from 1.
    pub fn nth(&self, at: usize) -> Option<usize> {
        (self.first < at && at <= self.to()).then(|| (at - self.first - 1) / self.round + 1)
    }
}

/// The repetition from which on a loop is folded.
const SHOWN: usize = 3;
/// The longest loop that is looked for, in steps.
const LONGEST: usize = 24;

/// How far one press goes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize, strum::EnumIter, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Grain {
    /// To the next stop; what lies between is played, quickened.
    #[default]
    Stop,
    /// To the end of the action.
    Action,
    /// One atomic step.
    Step,
}

impl Grain {
    /// All of them, the coarsest first.
    pub const ALL: [Grain; 3] = [Grain::Stop, Grain::Action, Grain::Step];

    /// The next finer one; after the finest the coarsest.
    pub fn next(self) -> Grain {
        match self {
            Grain::Stop => Grain::Action,
            Grain::Action => Grain::Step,
            Grain::Step => Grain::Stop,
        }
    }
}

/// The story of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// The segments, side by side.
    pub segments: Vec<Segment>,
    /// The stops, rising; the last position is one.
    pub stops: Vec<Stop>,
    /// Whether the author has set them.
    pub marked: bool,
    /// The folds, rising and apart from each other.
    pub folds: Vec<Fold>,
    /// The positions where a press at the grain of actions ends: ends of actions, but not within a fold.
    pub actions: Vec<usize>,
}

impl Story {
    /// The segment of the step that leads to a position; of position 0 the first one.
    pub fn segment(&self, at: usize) -> Option<&Segment> {
        self.segments.get(self.segments.partition_point(|segment| segment.to < at))
    }

    /// The stop at a position.
    pub fn stop(&self, at: usize) -> Option<&Stop> {
        self.stops.binary_search_by_key(&at, |stop| stop.at).ok().map(|i| &self.stops[i])
    }

    /// The number of stops at or before a position.
    pub fn stops_passed(&self, at: usize) -> usize {
        self.stops.partition_point(|stop| stop.at <= at)
    }

    /// The fold that the step leading to a position belongs to, and which repetition it is.
    pub fn fold(&self, at: usize) -> Option<(Fold, usize)> {
        let fold = *self.folds.get(self.folds.partition_point(|fold| fold.to() < at))?;
        Some((fold, fold.nth(at)?))
    }

    /// The positions that a press at this grain leads to, rising; empty for [`Grain::Step`], which stops everywhere.
    pub fn marks(&self, grain: Grain) -> Vec<usize> {
        match grain {
            Grain::Stop => self.stops.iter().map(|stop| stop.at).collect(),
            Grain::Action => self.actions.clone(),
            Grain::Step => Vec::new(),
        }
    }
}

/// Divides steps into segments: `phase_of` gives a step's phase and its figures.
pub fn segments(phases: &[Phase], steps: usize, step: impl Fn(usize) -> (usize, Value)) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    // What the last segment is about, as far as its steps have said so.
    let mut about: Option<Text> = None;
    for at in 1..=steps {
        let (phase, figures) = step(at);
        let says = phases.get(phase).and_then(|phase| phase.about.as_ref()).and_then(|about| filled(about, &figures));
        let goes_on = found.last().is_some_and(|last| last.phase == phase)
            && (says.is_none() || about.is_none() || says == about);
        if goes_on {
            if let Some(last) = found.last_mut() {
                last.to = at;
            }
            about = about.or(says);
        } else {
            found.push(Segment { from: at - 1, to: at, phase, title: Text::default() });
            about = says;
        }
        if let Some(last) = found.last_mut() {
            last.title = titled(phases, phase, about.as_ref());
        }
    }
    found
}

fn titled(phases: &[Phase], phase: usize, about: Option<&Text>) -> Text {
    let title = phases.get(phase).map(|phase| phase.title.clone()).unwrap_or_default();
    match about {
        Some(about) => Text::new(format!("{} · {}", title.en, about.en), format!("{} · {}", title.zh, about.zh)),
        None => title,
    }
}

/// The words with their figures, if the figures fill them.
fn filled(words: &Text, figures: &Value) -> Option<Text> {
    let of = |lang: Lang| {
        let words = words.get(lang);
        let spans = super::captions::filled(words, figures, lang);
        super::captions::unfilled(words, figures)
            .is_empty()
            .then(|| spans.into_iter().map(|span| span.text).collect::<String>())
    };
    Some(Text::new(of(Lang::En)?, of(Lang::Zh)?))
}

/// Finds what repeats itself at least three times in a row, the shortest loop first.
pub fn folds<T: PartialEq>(steps: &[T]) -> Vec<Fold> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < steps.len() {
        let loops = (1..=LONGEST.min((steps.len() - first) / SHOWN)).filter_map(|round| {
            let same = steps[first..].iter().zip(&steps[first + round..]).take_while(|(a, b)| a == b).count();
            let rounds = same / round + 1;
            (rounds >= SHOWN).then_some(Fold { first, round, rounds })
        });
        // The longest stretch; of equal ones the shortest loop, which comes first.
        match loops.max_by_key(|fold| (fold.rounds * fold.round, usize::MAX - fold.round)) {
            Some(fold) => {
                first = fold.to();
                found.push(fold);
            }
            None => first += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn loops(steps: &str) -> Vec<(usize, usize, usize)> {
        let steps: Vec<char> = steps.chars().collect();
        folds(&steps).into_iter().map(|fold| (fold.first, fold.round, fold.rounds)).collect()
    }

    #[test]
    fn a_loop_is_folded_from_its_third_round_on() {
        assert_eq!(loops("abcabc"), []);
        assert_eq!(loops("xabcabcabcaby"), [(1, 3, 3)]);
        assert_eq!(loops("aaaa"), [(0, 1, 4)]);
        assert_eq!(loops("ababababxxxyz"), [(0, 2, 4), (8, 1, 3)]);
        let fold = Fold { first: 1, round: 3, rounds: 5 };
        assert_eq!((fold.from(), fold.to()), (7, 16));
        assert_eq!([1, 2, 4, 5, 16, 17].map(|at| fold.nth(at)), [None, Some(1), Some(1), Some(2), Some(5), None]);
    }

    #[test]
    fn a_segment_ends_where_the_phase_changes_or_what_it_is_about() {
        let phase = |id: &str, about: Option<&str>| Phase {
            id: id.to_owned(),
            title: Text::same(id),
            about: about.map(Text::same),
            events: Vec::new(),
        };
        let phases = [phase("find", Some("{key}")), phase("move", None)];
        let steps =
            [(0, json!({"key": "k1"})), (0, json!({})), (0, json!({"key": "k2"})), (1, json!({})), (1, json!({}))];
        let found = segments(&phases, steps.len(), |at| steps[at - 1].clone());
        let told: Vec<_> = found.iter().map(|s| (s.from, s.to, s.title.en.as_str())).collect();
        assert_eq!(told, [(0, 2, "find · k1"), (2, 3, "find · k2"), (3, 5, "move")]);
    }
}
