//! Random runs as numbers: two programs that give the same number for a run took the same steps to the same states.

use std::fmt::Write;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use twox_hash::XxHash3_128;

use super::{Options, Temper, WORK_A_STEP};
use crate::machine::{Budget, Course, LawKind, Machine, digest, set_up};

/// Of each run a number over its setup, its choices, its events with their figures, the whole machine after each step, its gauges,
/// and the message of a broken law, with which it ends. `spoil` breaks each machine before its first action.
pub fn trails<M: Machine>(options: Options, spoil: Option<fn(&mut M)>) -> Vec<u64> {
    (0..options.runs).map(|run| trail(options.seed + run, options.steps, spoil)).collect()
}

fn trail<M: Machine>(seed: u64, steps: u64, spoil: Option<fn(&mut M)>) -> u64 {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut trail = Trail(XxHash3_128::new());
    let setup = M::sample(&mut rng);
    trail.add(&setup);
    let mut machine = match set_up::<M>(&setup, &mut { Budget::ANY }) {
        Ok(machine) => machine,
        Err(halt) => {
            trail.add(&halt.reason());
            return trail.0.finish_128() as u64;
        }
    };
    if let Some(spoil) = spoil {
        spoil(&mut machine);
    }
    let temper = Temper::drawn(&mut rng);
    let mut step = 0;
    'run: while step < steps {
        let choices = machine.choices();
        trail.add(&choices.len());
        if choices.is_empty() {
            break;
        }
        let action = temper.pick(&choices, &mut rng);
        trail.add(action);
        let Ok(mut course) = Course::begin(&machine, action) else { break };
        let mut budget = Budget { work: steps.saturating_mul(WORK_A_STEP), ..Budget::ANY };
        while let Ok(Some(event)) = course.next(&mut machine, &mut budget) {
            trail.add(&event);
            trail.0.write(&digest(&machine).to_le_bytes());
            let always = M::LAWS.iter().filter(|law| law.kind == LawKind::Always);
            if let Some(broken) = always.filter_map(|law| Some((law.name, (law.check)(&machine).err()?))).next() {
                trail.add(&broken);
                break 'run;
            }
            trail.add(&machine.gauges());
            trail.add(&machine.bytes());
            step += 1;
            if step >= steps {
                break;
            }
        }
    }
    for law in M::LAWS.iter().filter(|law| law.kind == LawKind::Sometimes) {
        trail.add(&(law.check)(&machine).is_ok());
    }
    trail.0.finish_128() as u64
}

struct Trail(XxHash3_128);

impl Trail {
    fn add(&mut self, what: &impl std::fmt::Debug) {
        // Writing to a number cannot fail.
        let _ = write!(self, "{what:?}");
    }
}

impl Write for Trail {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}
