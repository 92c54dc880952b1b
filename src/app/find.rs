//! Search in the events of a run: names, actions and sentences.

use crate::scene::Run;
use crate::text::Lang;

/// Sentences read in one go; a frame never waits for all of a long run.
const BATCH: usize = 400;

/// A search and its hits.
#[derive(Default)]
pub struct Find {
    /// What is searched for, as typed.
    pub query: String,
    /// What each step says, in lower case, as far as it was read.
    words: Vec<String>,
    /// The query that the hits belong to, and how many steps were looked through.
    searched: (String, usize),
    hits: Vec<usize>,
    /// The keyboard is to go into the field.
    pub focus: bool,
}

impl Find {
    /// The positions that match, rising.
    pub fn hits(&self) -> &[usize] {
        &self.hits
    }

    /// Takes the search a bit further. `true` if there is more to do.
    pub fn advance(&mut self, run: &dyn Run, lang: Lang) -> bool {
        let query = self.query.trim().to_lowercase();
        if query != self.searched.0 {
            self.hits.clear();
            self.searched = (query, 0);
        }
        if self.searched.0.is_empty() {
            return false;
        }
        let steps = run.steps();
        let until = (self.words.len() + BATCH).min(steps);
        for at in self.words.len() + 1..=until {
            self.words.push(spoken(run, at, lang));
        }
        let (query, looked) = (&self.searched.0, self.searched.1);
        let matches = |step: &usize| query.split_whitespace().all(|word| self.words[*step].contains(word));
        let found: Vec<usize> = (looked..self.words.len()).filter(matches).map(|step| step + 1).collect();
        self.hits.extend(found);
        self.searched.1 = self.words.len();
        self.words.len() < steps
    }

    /// The hit after or before a position; around the end it begins again.
    pub fn next(&self, at: usize) -> Option<usize> {
        let after = self.hits.partition_point(|hit| *hit <= at);
        self.hits.get(after).or(self.hits.first()).copied()
    }

    /// The hit before a position.
    pub fn previous(&self, at: usize) -> Option<usize> {
        let before = self.hits.partition_point(|hit| *hit < at);
        before.checked_sub(1).and_then(|i| self.hits.get(i)).or(self.hits.last()).copied()
    }

    /// Forgets what the steps say: another run or another language is shown.
    pub fn forget_words(&mut self) {
        self.words.clear();
        self.hits.clear();
        self.searched = (String::new(), 0);
    }
}

fn spoken(run: &dyn Run, at: usize, lang: Lang) -> String {
    let event = run.event(at);
    let name = event.map_or("", |event| event.name);
    let action = event.and_then(|event| run.actions().get(event.action)).map_or("", |action| action.text.as_str());
    format!("{name} {action} {}", run.caption(at, lang).spoken()).to_lowercase()
}
