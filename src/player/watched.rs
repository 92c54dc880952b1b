//! Which positions of a run were watched: reached by the film or by a step, not by a jump.

use serde::{Deserialize, Serialize};

/// Positions as spans, rising and apart from each other: first and last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watched(Vec<(usize, usize)>);

impl Watched {
    /// The positions from one to another were watched, in either direction.
    pub fn add(&mut self, a: usize, b: usize) {
        let (mut from, mut to) = (a.min(b), a.max(b));
        self.0.retain(|&(first, last)| {
            let touches = first <= to.saturating_add(1) && from <= last.saturating_add(1);
            if touches {
                (from, to) = (from.min(first), to.max(last));
            }
            !touches
        });
        let place = self.0.partition_point(|(first, _)| *first < from);
        self.0.insert(place, (from, to));
    }

    /// What others have watched was watched too.
    pub fn join(&mut self, other: &Watched) {
        other.0.iter().for_each(|&(from, to)| self.add(from, to));
    }

    /// How many steps of a run of so many were watched: positions from 1 on.
    pub fn steps(&self, of: usize) -> usize {
        self.0.iter().map(|&(from, to)| (to.min(of) + 1).saturating_sub(from.max(1))).sum()
    }

    /// Puts in order what a hand may have written.
    pub fn mended(&self) -> Watched {
        let mut mended = Watched::default();
        mended.join(self);
        mended
    }
}
