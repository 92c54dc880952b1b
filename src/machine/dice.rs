//! What a machine draws at random: from a seed, from a named generator, and with a distribution that is tested.

use std::hash::{Hash, Hasher};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded generator that is part of a machine's state: equal seeds and equally many draws make it equal.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// A generator from a setup's seed: ChaCha8, whose stream is the same on every platform.
    pub fn seeded(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// The next 32 bits of the stream.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// The next 64 bits of the stream.
    pub fn wide(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to below `n`, as Go's `cheaprandn` and `fastrandn` make it: the upper half of a product. `n` is at
    /// least 1 and below 2^32.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.bits()) * n as u64) >> 32) as usize
    }

    /// How many times 32 bits have been drawn.
    pub fn drawn(&self) -> u64 {
        self.0.get_word_pos() as u64
    }
}

impl PartialEq for Dice {
    fn eq(&self, other: &Dice) -> bool {
        self.0 == other.0
    }
}

impl Eq for Dice {}

impl Hash for Dice {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.get_seed().hash(state);
        self.0.get_word_pos().hash(state);
    }
}

/// Something that a machine draws at random, and how it must be distributed.
pub struct Draw {
    /// Short and stable, such as `pollorder`.
    pub name: &'static str,
    /// Where the real system draws it: file and function.
    pub source: &'static str,
    /// The weight of each outcome, in any unit; at most some dozens of outcomes.
    pub weights: fn() -> Vec<f64>,
    /// What a machine with this seed draws: the number of the outcome. It drives the machine itself, not a copy of its
    /// arithmetic.
    pub outcome: fn(seed: u64) -> usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::digest;

    #[test]
    fn equal_seeds_and_draws_are_equal_and_others_are_not() {
        let (mut a, mut b) = (Dice::seeded(7), Dice::seeded(7));
        let drawn: Vec<usize> = (0..20).map(|_| a.below(6)).collect();
        assert_ne!(digest(&a), digest(&b));
        assert_eq!(drawn, (0..20).map(|_| b.below(6)).collect::<Vec<_>>());
        assert!(a == b && digest(&a) == digest(&b) && a.drawn() == 20);
        assert!(drawn.iter().all(|n| *n < 6) && (0..6).all(|n| drawn.contains(&n)), "{drawn:?}");
        assert_ne!(digest(&Dice::seeded(7)), digest(&Dice::seeded(8)));
    }
}
