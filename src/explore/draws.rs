//! Whether what a machine draws at random is distributed as the real system's is.

use crate::machine::{Draw, Machine};

/// Seeds that each draw is made from.
const SEEDS: u64 = 4_000;

/// A draw's outcomes over many seeds, against its weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Its name.
    pub name: &'static str,
    /// How often each outcome was drawn.
    pub counts: Vec<u64>,
    /// How far the counts are from the weights: the sum of (counted - expected)² / expected. Infinite if an outcome was
    /// drawn that has no weight.
    pub chi_square: f64,
    /// What `chi_square` may come to.
    pub limit: f64,
}

/// Each draw of the machine, made from the seeds 1, 2, 3 and so on: always the same numbers.
pub fn draws<M: Machine>() -> Vec<Drawn> {
    M::DRAWS.iter().map(drawn).collect()
}

fn drawn(draw: &Draw) -> Drawn {
    let weights = (draw.weights)();
    let total: f64 = weights.iter().sum();
    let mut counts = vec![0u64; weights.len()];
    let mut strangers = 0u64;
    for seed in 1..=SEEDS {
        match counts.get_mut((draw.outcome)(seed)) {
            Some(count) => *count += 1,
            None => strangers += 1,
        }
    }
    let far = |(weight, count): (&f64, &u64)| {
        let expected = weight / total * SEEDS as f64;
        let differs = *count as f64 - expected;
        if differs == 0.0 { 0.0 } else { differs * differs / expected }
    };
    let sum: f64 = weights.iter().zip(&counts).map(far).sum();
    let chi_square = if strangers == 0 { sum } else { f64::INFINITY };
    Drawn { name: draw.name, counts, chi_square, limit: limit(weights.len()) }
}

/// Chi-square is exceeded by a fair draw once in about 10,000 times: 3.72 standard deviations, by Wilson and Hilferty's
/// cube. The seeds are fixed, so a draw that passes passes for ever.
fn limit(outcomes: usize) -> f64 {
    let free = outcomes.saturating_sub(1).max(1) as f64;
    let ninth = 2.0 / (9.0 * free);
    free * (1.0 - ninth + 3.72 * ninth.sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Dice;

    fn judged(weights: fn() -> Vec<f64>, outcome: fn(u64) -> usize) -> bool {
        let found = drawn(&Draw { name: "d", source: "", weights, outcome });
        found.chi_square <= found.limit
    }

    #[test]
    fn a_fair_draw_passes_and_a_loaded_one_does_not() {
        assert!(judged(|| vec![1.0; 6], |seed| Dice::seeded(seed).below(6)));
        assert!(judged(|| vec![2.0, 1.0], |seed| Dice::seeded(seed).below(3) / 2));
        assert!(!judged(|| vec![1.0; 6], |seed| Dice::seeded(seed).below(7) % 6));
        assert!(!judged(|| vec![1.0; 6], |seed| Dice::seeded(seed).below(5)), "an outcome that never comes");
        assert!(!judged(|| vec![1.0; 6], |seed| Dice::seeded(seed).below(7)), "an outcome that should not be");
        assert!(!judged(|| vec![1.0, 0.0], |seed| Dice::seeded(seed).below(2)));
    }

    /// 99.99th percentiles as tables give them (the cube is some per cent above them for few outcomes): 15.14 for 1 degree of freedom, 25.74 for 5, 52.39 for 20.
    #[test]
    fn limits_are_those_of_the_tables() {
        for (outcomes, table) in [(2, 15.14), (6, 25.74), (21, 52.39)] {
            assert!((limit(outcomes) / table - 1.0).abs() < 0.08, "{outcomes}: {}", limit(outcomes));
        }
    }
}
