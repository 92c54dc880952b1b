//! The pace of a run: how long the picture moves in each step, and how long it rests after it.
//!
//! What only keeps the books passes quickly; where the story turns there is time to see it, and time to read it.

use super::mechanism::Kind;
use super::run::{Caption, Run};
use super::story::Story;
use crate::text::Lang;

/// Seconds for which a step that leads to a stop moves.
const TURNING: f64 = 0.9;
/// Seconds for which the picture rests at a stop at least.
const HOLD: f32 = 1.2;

/// Seconds for which a step of a kind moves, if it leads to no stop.
fn moving(kind: Kind) -> f64 {
    match kind {
        Kind::Look => 0.15,
        Kind::Write | Kind::Done => 0.25,
        Kind::Turn | Kind::Fault => 0.45,
        // Whatever travels is followed by the eye.
        Kind::Move => 0.6,
    }
}

/// When the picture reaches each position, in seconds of movement from the first, at speed 1.
pub fn clock(run: &dyn Run, story: &Story) -> Vec<f64> {
    let mut now = 0.0;
    let mut clock = Vec::with_capacity(run.steps() + 1);
    clock.push(now);
    for at in 1..=run.steps() {
        now += match story.stop(at) {
            Some(_) => TURNING,
            None => run.event(at).map_or(0.0, |event| moving(event.kind)),
        };
        clock.push(now);
    }
    clock
}

/// Seconds to read a sentence and look at the picture, at speed 1.
pub fn rest(caption: &Caption, stop: bool, lang: Lang) -> f32 {
    let per_second = if lang == Lang::Zh { 14.0 } else { 32.0 };
    let characters: usize = caption.means.iter().chain(&caption.did).map(|span| span.text.chars().count()).sum();
    (0.45 + characters as f32 / per_second).clamp(if stop { HOLD } else { 0.6 }, 4.0)
}
