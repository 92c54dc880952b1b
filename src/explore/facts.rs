//! Whether what people read is so: in random runs each figure of an event is looked up where its spec says that it
//! stands, and each place that an event depends on must be there.

use std::collections::{BTreeMap, BTreeSet};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::{Options, Temper, WORK_A_STEP};
use crate::figures::{self, Held, Moment};
use crate::machine::{Budget, Course, Event, Fact, Machine, figure_texts, set_up};

/// An event is judged this many times, then every so many steps of its kind: serialising a machine is what costs.
const FIRST: u64 = 24;
/// See [`FIRST`].
const THEN_EVERY: u64 = 64;
/// Faults kept in a report.
const KEPT: usize = 40;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Figures found where their spec says.
    pub checked: u64,
    /// Figures that are only said to be derived: event and figure.
    pub derived: BTreeSet<(&'static str, &'static str)>,
    /// Events that were judged.
    pub events: BTreeSet<&'static str>,
    /// The names of the gauges that were met.
    pub gauges: BTreeSet<&'static str>,
    /// Paths that were found in the state.
    pub resolved: u64,
    /// What is not so, once for each event and figure or template: place, and what stands there instead.
    pub faults: BTreeMap<(&'static str, &'static str), String>,
}

/// Judges the figures and the `depends` of every event that random runs meet.
pub fn facts<M: Machine>(options: Options) -> Facts {
    let mut facts = Facts::default();
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut met: BTreeMap<&'static str, u64> = BTreeMap::new();
    // Templates that begin with `?` must lead to a place at least once.
    let mut optional: BTreeMap<(&'static str, &'static str), bool> = BTreeMap::new();
    for _ in 0..options.runs {
        let Ok(mut machine) = set_up::<M>(&M::sample(&mut rng), &mut { Budget::ANY }) else { continue };
        let temper = Temper::drawn(&mut rng);
        let mut step = 0;
        while step < options.steps {
            let choices = machine.choices();
            if choices.is_empty() {
                break;
            }
            let Ok(mut course) = Course::begin(&machine, temper.pick(&choices, &mut rng)) else { break };
            let mut budget = Budget { work: options.steps.saturating_mul(WORK_A_STEP), ..Budget::ANY };
            let mut before = machine.clone();
            while let Ok(Some(event)) = course.next(&mut machine, &mut budget) {
                let count = met.entry(event.name()).or_default();
                *count += 1;
                if *count <= FIRST || count.is_multiple_of(THEN_EVERY) {
                    let fact = &M::Event::FACTS[event.number()];
                    judge(&mut facts, &mut optional, fact, &event, &before, &machine);
                }
                before.clone_from(&machine);
                step += 1;
                if step >= options.steps {
                    break;
                }
            }
        }
    }
    for ((event, template), _) in optional.into_iter().filter(|(_, resolved)| !resolved) {
        facts.note((event, template), format!("{event}: {template} was never a place of the state"));
    }
    facts
}

fn judge<M: Machine>(
    facts: &mut Facts,
    optional: &mut BTreeMap<(&'static str, &'static str), bool>,
    fact: &Fact,
    event: &M::Event,
    before: &M,
    after: &M,
) {
    facts.gauges.extend(after.gauges().iter().map(|gauge| gauge.name));
    let state = |machine: &M| serde_json::to_value(machine).unwrap_or(Value::Null);
    let (before, after, texts) = (state(before), state(after), figure_texts(event));
    let moment = Moment { before: &before, after: &after, figures: &texts };
    facts.events.insert(fact.name);
    for (figure, spec) in fact.figures {
        let common = || M::Event::FIGURES.iter().find(|(name, _)| name == figure).map(|(_, spec)| *spec);
        let Some(spec) = spec.or_else(common) else {
            facts.note((fact.name, figure), format!("{}.{figure} has no spec", fact.name));
            continue;
        };
        match figures::judge(spec, figure, moment) {
            Ok(Held::Checked) => facts.checked += 1,
            Ok(Held::Derived) => drop(facts.derived.insert((fact.name, figure))),
            Err(cause) => facts.note((fact.name, figure), format!("{event:?}: {cause}")),
        }
    }
    for template in fact.depends {
        let found = figures::paths(template, &texts).iter().filter(|path| moment.has(path)).count() as u64;
        facts.resolved += found;
        if template.starts_with('?') {
            *optional.entry((fact.name, template)).or_default() |= found > 0;
        }
        match figures::unresolved(template, moment) {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => facts.note((fact.name, template), format!("{event:?}: there is no {}", gone.join(", "))),
            Err(cause) => facts.note((fact.name, template), format!("{}: {cause}", fact.name)),
        }
    }
}

impl Facts {
    fn note(&mut self, of: (&'static str, &'static str), cause: String) {
        if self.faults.len() < KEPT {
            self.faults.entry(of).or_insert(cause);
        }
    }
}
