//! Searching from a scene: which order of turns leads its program to a deadlock, a leak, a panic, or breaks a law?
//!
//! All orders are tried, the shortest first, each state once; or orders drawn at random. What is found is a scene again.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::fault::Fault;
use super::script::{self, Script};
use crate::machine::{Budget, LawKind, Machine, carry_out, digest, set_up};
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

/// Memory of the states that wait to be looked at, in bytes.
pub const WAITING_BYTES: usize = 256 << 20;

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Searched {
    /// Different states, or runs.
    pub tried: usize,
    /// Actions carried out.
    pub actions: u64,
    /// States, or runs, in which nothing was left to do.
    pub ends: usize,
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

/// Searches from a script's setup, after its first `beats` beats.
pub fn search<M: Machine>(file: &str, text: &str, beats: usize, limits: Limits) -> Result<Searched, Vec<Fault>> {
    let script: Script<M::Setup, M::Action> = script::read_script(file, text).map_err(|fault| vec![fault])?;
    let told = |cause: String| vec![Fault::new(file, cause)];
    let mut budget = Budget::SCENE;
    let mut machine = set_up::<M>(&script.setup.clone().unwrap_or_default(), &mut budget)
        .map_err(|halt| told(format!("setup refused: {}", halt.reason().en)))?;
    let taken: Vec<&M::Action> =
        script.beats.iter().take(beats).flat_map(|beat| std::iter::repeat_n(&beat.action, beat.times)).collect();
    for action in script.before.iter().chain(taken.iter().copied()) {
        carry_out(&mut machine, action, &mut budget)
            .map_err(|halt| told(format!("{action:?} refused: {}", halt.reason().en)))?;
    }
    if let Some(what) = machine.alarm() {
        return Err(told(format!("it begins with what would be searched for: {}", what.en)));
    }
    let (mut searched, path) = match limits.runs {
        Some((runs, seed)) => drawn(&machine, runs, seed, limits.actions),
        None => all(&machine, limits),
    };
    searched.found = path.map(|(what, actions)| {
        let whole: Vec<&M::Action> = taken.into_iter().chain(&actions).collect();
        Found { scene: written(&script, M::ID, &what, &whole), what, actions: actions.len() }
    });
    Ok(searched)
}

type Wrong<A> = Option<(Text, Vec<A>)>;

/// What is wrong with a state, if anything is.
fn wrong<M: Machine>(machine: &M) -> Option<Text> {
    let always = M::LAWS.iter().filter(|law| law.kind == LawKind::Always);
    let broken = always.filter_map(|law| Some((law.name, (law.check)(machine).err()?))).next();
    broken.map(|(law, how)| Text::same(format!("{law}: {how}"))).or_else(|| machine.alarm())
}

/// Carries out an action; what goes wrong on the way.
fn take<M: Machine>(machine: &mut M, action: &M::Action) -> Option<Text> {
    let mut found = None;
    let outcome = machine.apply(action, &mut |state, _| found = found.take().or_else(|| wrong(state)));
    found.or_else(|| outcome.err().map(|refusal| refusal.reason))
}

/// All orders, the shortest first.
fn all<M: Machine>(start: &M, limits: Limits) -> (Searched, Wrong<M::Action>) {
    let mut searched = Searched { tried: 1, ..Searched::default() };
    let mut known = HashSet::from([digest(start)]);
    // Each state's way: the number of the state before it, and the action between.
    let mut ways: Vec<Option<(usize, M::Action)>> = vec![None];
    let mut todo = VecDeque::from([(0, 0, start.clone())]);
    let mut waiting = start.bytes();
    while let Some((number, depth, state)) = todo.pop_front() {
        waiting = waiting.saturating_sub(state.bytes());
        let turns = if depth < limits.actions { state.turns() } else { Vec::new() };
        searched.ends += usize::from(turns.is_empty());
        for action in turns {
            let mut next = state.clone();
            let what = take(&mut next, &action);
            searched.actions += 1;
            let new = known.insert(digest(&next));
            if new || what.is_some() {
                ways.push(Some((number, action)));
            }
            if let Some(what) = what {
                let mut path = Vec::new();
                let mut at = ways.len() - 1;
                while let Some((before, action)) = &ways[at] {
                    path.push(action.clone());
                    at = *before;
                }
                path.reverse();
                return (searched, Some((what, path)));
            }
            if new {
                searched.tried += 1;
                waiting += next.bytes();
                if searched.tried >= limits.states || waiting > WAITING_BYTES {
                    searched.cut = true;
                    return (searched, None);
                }
                todo.push_back((ways.len() - 1, depth + 1, next));
            }
        }
    }
    (searched, None)
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
fn written<S: serde::Serialize, A: serde::Serialize>(
    script: &Script<S, A>,
    mechanism: &str,
    what: &Text,
    actions: &[&A],
) -> String {
    let ron = |value: &dyn Fn() -> Result<String, ron::Error>| value().unwrap_or_default();
    let quoted = |words: &str| ron(&|| script::options().to_string(words));
    let short = |words: &str| words.chars().take(script::MAX_WORDS - 80).collect::<String>();
    let mut text = format!("(\n    mechanism: {},\n", quoted(mechanism));
    let title = |lang: &str, title: &str| quoted(&format!("{lang}{}", short(title)));
    let _ = writeln!(
        text,
        "    title: (en: {}, zh: {}),",
        title("Found from: ", &script.title.en),
        title("搜索所得：", &script.title.zh)
    );
    let _ = writeln!(text, "    summary: (en: {}, zh: {}),", quoted(&short(&what.en)), quoted(&short(&what.zh)));
    if let Some(setup) = &script.setup {
        let _ = writeln!(text, "    setup: {},", ron(&|| script::options().to_string(setup)));
    }
    if !script.before.is_empty() {
        let _ = writeln!(text, "    before: {},", ron(&|| script::options().to_string(&script.before)));
    }
    text.push_str("    beats: [\n");
    let mut rest: Vec<String> = actions.iter().map(|action| ron(&|| script::options().to_string(*action))).collect();
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
