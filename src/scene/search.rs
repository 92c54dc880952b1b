//! Searching from a scene: which order of turns leads its program to a deadlock, a leak, a panic, or breaks a law?
//!
//! All orders are tried, the shortest first, each state once; or orders drawn at random. What is found is a scene again.

use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::fault::Fault;
use super::script::{self, Script};
use crate::explore::{self, Bounds, Exhausted};
use crate::machine::{Budget, Machine, carry_out, set_up};
use crate::text::Text;

/// How much is tried.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Different states of a search of all orders.
    pub states: usize,
    /// Instead of all orders so many drawn at random, from this seed.
    pub runs: Option<(u64, u64)>,
    /// Actions of a run, at most.
    pub actions: usize,
}

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Searched {
    /// Different states, or runs.
    pub tried: usize,
    /// Actions carried out.
    pub actions: u64,
    /// Steps taken, of a search of all orders.
    pub steps: u64,
    /// States, or runs, in which nothing was left to do.
    pub ends: usize,
    /// Actions to the farthest state, of a search of all orders.
    pub depth: usize,
    /// Whether a limit ended it: there may be more.
    pub cut: bool,
    /// What was found, if anything.
    pub found: Option<Found>,
}

/// A run that leads to something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What is wrong, in the real system's words, or the law that is broken.
    pub what: Text,
    /// The number of actions that lead there.
    pub actions: usize,
    /// The run as a scene.
    pub scene: String,
}

/// Searches the turns of a script's program from its setup, after its first `beats` beats.
pub fn search<M: Machine>(file: &str, text: &str, beats: usize, limits: Limits) -> Result<Searched, Vec<Fault>> {
    let script: Script<M::Setup, M::Action> = script::read_script(file, text).map_err(|fault| vec![fault])?;
    let taken: Vec<M::Action> =
        script.beats.iter().take(beats).flat_map(|beat| std::iter::repeat_n(beat.action.clone(), beat.times)).collect();
    let from = From { title: script.title, setup: script.setup, before: script.before };
    let machine: M = from.machine(file, &taken)?;
    if let Some(what) = machine.alarm() {
        return Err(vec![Fault::new(file, format!("it begins with what would be searched for: {}", what.en))]);
    }
    let (mut searched, path) = match limits.runs {
        Some((runs, seed)) => drawn(&machine, runs, seed, limits.actions),
        None => {
            let bounds = Bounds::new(limits.actions, limits.states);
            split(explore::exhaustive(&machine, bounds, M::turns, wrong, |_| {}))
        }
    };
    searched.found = path.map(|(what, actions)| found(&from, M::ID, taken, what, actions));
    Ok(searched)
}

/// Searches all that may happen in a machine, from a setup: a setup's own text, or a script's; without one, from the machine's
/// own. Only laws are judged.
pub fn exhaust<M: Machine>(given: Option<(&str, &str)>, bounds: Bounds) -> Result<Searched, Vec<Fault>> {
    let title = Text::new(M::ID, M::ID);
    let (file, from) = match given {
        None => (M::ID, From { title, setup: None, before: Vec::new() }),
        Some((file, text)) => match script::read(file, text) {
            Ok(setup) => (file, From { title, setup: Some(setup), before: Vec::new() }),
            // A whole scene has a title, which no setup has.
            Err(fault) => match script::read_script::<M::Setup, M::Action>(file, text) {
                Ok(script) => (file, From { title: script.title, setup: script.setup, before: script.before }),
                Err(other) => return Err(vec![if text.contains("title:") { other } else { fault }]),
            },
        },
    };
    let machine: M = from.machine(file, &[])?;
    let (mut searched, path) = split(explore::exhaustive(&machine, bounds, M::choices, explore::broken, |_| {}));
    searched.found = path.map(|(what, actions)| found(&from, M::ID, Vec::new(), what, actions));
    Ok(searched)
}

/// Where a search begins.
struct From<S, A> {
    title: Text,
    setup: Option<S>,
    before: Vec<A>,
}

impl<S, A> From<S, A> {
    fn machine<M: Machine<Setup = S, Action = A>>(&self, file: &str, taken: &[A]) -> Result<M, Vec<Fault>>
    where
        S: Clone + Default,
        A: std::fmt::Debug,
    {
        let told = |cause: String| vec![Fault::new(file, cause)];
        let mut budget = Budget::SCENE;
        let mut machine = set_up::<M>(&self.setup.clone().unwrap_or_default(), &mut budget)
            .map_err(|halt| told(format!("setup refused: {}", halt.reason().en)))?;
        for action in self.before.iter().chain(taken) {
            carry_out(&mut machine, action, &mut budget)
                .map_err(|halt| told(format!("{action:?} refused: {}", halt.reason().en)))?;
        }
        Ok(machine)
    }
}

type Wrong<A> = Option<(Text, Vec<A>)>;

fn split<A>(all: Exhausted<A>) -> (Searched, Wrong<A>) {
    let Exhausted { states, actions, steps, ends, depth, cut, found } = all;
    let searched = Searched { tried: states, actions, steps, ends, depth, cut, found: None };
    (searched, found.map(|(path, what)| (what, path)))
}

fn found<S: Serialize, A: Serialize>(
    from: &From<S, A>,
    mechanism: &str,
    mut taken: Vec<A>,
    what: Text,
    actions: Vec<A>,
) -> Found {
    let length = actions.len();
    taken.extend(actions);
    Found { scene: written(from, mechanism, &what, &taken), what, actions: length }
}

/// What is wrong with a state, if anything is.
fn wrong<M: Machine>(machine: &M) -> Option<Text> {
    explore::broken(machine).or_else(|| machine.alarm())
}

/// Carries out an action; what goes wrong on the way.
fn take<M: Machine>(machine: &mut M, action: &M::Action) -> Option<Text> {
    let mut found = None;
    let outcome = machine.apply(action, &mut |state, _| found = found.take().or_else(|| wrong(state)));
    found.or_else(|| outcome.err().map(|refusal| refusal.reason))
}

/// Orders drawn at random; of what is found the shortest.
fn drawn<M: Machine>(start: &M, runs: u64, seed: u64, longest: usize) -> (Searched, Wrong<M::Action>) {
    let mut searched = Searched { cut: true, ..Searched::default() };
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut best: Wrong<M::Action> = None;
    for _ in 0..runs {
        searched.tried += 1;
        let mut machine = start.clone();
        let mut path = Vec::new();
        let most = best.as_ref().map_or(longest, |(_, path)| path.len() - 1);
        while path.len() < most {
            let turns = machine.turns();
            if turns.is_empty() {
                searched.ends += 1;
                break;
            }
            let action = turns[rng.random_range(0..turns.len())].clone();
            let what = take(&mut machine, &action);
            searched.actions += 1;
            path.push(action);
            if let Some(what) = what {
                best = Some((what, path));
                break;
            }
        }
    }
    (searched, best)
}

/// A run as a script, with the setup of the one that it was found from.
fn written<S: Serialize, A: Serialize>(from: &From<S, A>, mechanism: &str, what: &Text, actions: &[A]) -> String {
    let ron = |value: &dyn Fn() -> Result<String, ron::Error>| value().unwrap_or_default();
    let quoted = |words: &str| ron(&|| script::options().to_string(words));
    let short = |words: &str| words.chars().take(script::MAX_WORDS - 80).collect::<String>();
    let mut text = format!("(\n    mechanism: {},\n", quoted(mechanism));
    let title = |lang: &str, title: &str| quoted(&format!("{lang}{}", short(title)));
    let _ = writeln!(
        text,
        "    title: (en: {}, zh: {}),",
        title("Found from: ", &from.title.en),
        title("搜索所得：", &from.title.zh)
    );
    let _ = writeln!(text, "    summary: (en: {}, zh: {}),", quoted(&short(&what.en)), quoted(&short(&what.zh)));
    if let Some(setup) = &from.setup {
        let _ = writeln!(text, "    setup: {},", ron(&|| script::options().to_string(setup)));
    }
    if !from.before.is_empty() {
        let _ = writeln!(text, "    before: {},", ron(&|| script::options().to_string(&from.before)));
    }
    text.push_str("    beats: [\n");
    let mut rest: Vec<String> = actions.iter().map(|action| ron(&|| script::options().to_string(action))).collect();
    rest.reverse();
    while let Some(action) = rest.pop() {
        let mut times = 1;
        while rest.last() == Some(&action) {
            rest.pop();
            times += 1;
        }
        let times = if times > 1 { format!(", times: {times}") } else { String::new() };
        let _ = writeln!(text, "        (do: {action}{times}),");
    }
    text.push_str("    ],\n)\n");
    text
}
