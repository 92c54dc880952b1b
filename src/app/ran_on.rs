//! What a branch came to that was let run on.

use super::look::Look;
use crate::diagram::Tone;
use crate::scene::{ActionError, Run};
use crate::text::Text;

/// What a branch came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RanOn {
    /// Turns that were taken.
    pub turns: usize,
    /// Why no more were.
    pub rest: Rest,
    /// The step at which it stands.
    pub step: usize,
    /// What has gone wrong, in the real system's words.
    pub alarm: Option<Text>,
    /// A law that does not hold.
    pub broken: Option<Text>,
}

/// Why no more turns were taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Rest {
    /// Nobody can run.
    #[default]
    Nobody,
    /// So many are taken at once, and somebody can still run.
    Turns,
    /// The run would grow over a limit.
    Limit(ActionError),
}

impl RanOn {
    /// Reads at the end of the run what the machine knows.
    pub fn judge(&mut self, run: &dyn Run) {
        self.step = run.steps();
        self.alarm = run.alarm(self.step);
        let broken = run.laws(self.step).into_iter().find(|law| law.always && law.outcome.is_err());
        self.broken = broken.map(|law| law.title);
    }

    /// The message: how it is meant, the sentence, and what is to be said besides.
    pub fn words(&self, look: Look) -> (Tone, String, Vec<String>) {
        let mut lines = Vec::new();
        lines.extend(self.alarm.as_ref().map(|alarm| look.of(alarm).to_owned()));
        lines.extend(self.broken.as_ref().map(|law| look.with("ran-on-broken", &[("law", look.of(law).into())])));
        let wrong = !lines.is_empty();
        let key = match &self.rest {
            Rest::Nobody if wrong => "ran-on-stuck",
            Rest::Nobody => "ran-on-ended",
            Rest::Turns => "ran-on-turns",
            Rest::Limit(limit) => {
                lines.push(limit.message(look.lang));
                "ran-on-limit"
            }
        };
        let tone = match (&self.rest, wrong) {
            (_, true) => Tone::Bad,
            (Rest::Nobody, false) => Tone::Good,
            _ => Tone::Active,
        };
        (tone, look.with(key, &[("turns", self.turns.into()), ("step", self.step.into())]), lines)
    }
}
