//! Every order of choices up to a depth, each state visited once.

use std::collections::{HashSet, VecDeque};

use serde::Serialize;

use crate::machine::{LawKind, Machine, digest};

/// What an exhaustive search found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Exhausted {
    /// Different states, the first one included.
    pub states: usize,
    /// Actions carried out.
    pub actions: u64,
    /// Steps taken.
    pub steps: u64,
    /// States without any choice left.
    pub ends: usize,
    /// Whether `limit` cut the search off.
    pub cut: bool,
    /// The first broken law: the actions that lead there, the law, the message.
    pub violation: Option<(Vec<String>, &'static str, String)>,
}

/// All orders of choices from `start`, each up to `depth` actions, same states visited once: all of the
/// machine is compared, hidden fields too, since laws look at them.
/// `choose` narrows the choices; `visit` sees each new state. Stops at `limit` states or at the first broken law.
pub fn exhaustive<M: Machine>(
    start: &M,
    depth: usize,
    limit: usize,
    choose: impl Fn(&M) -> Vec<M::Action>,
    mut visit: impl FnMut(&M),
) -> Exhausted {
    let always: Vec<_> = M::LAWS.iter().filter(|law| law.kind == LawKind::Always).collect();
    let mut found = Exhausted { states: 1, ..Exhausted::default() };
    let mut known = HashSet::from([digest(start)]);
    let mut todo = VecDeque::from([(start.clone(), Vec::<String>::new())]);
    visit(start);
    while let Some((state, path)) = todo.pop_front() {
        let choices = if path.len() < depth { choose(&state) } else { continue };
        found.ends += usize::from(choices.is_empty());
        for action in choices {
            let mut next = state.clone();
            let mut path = path.clone();
            path.push(format!("{action:?}"));
            let mut broken = None;
            let outcome = next.apply(&action, &mut |state, _| {
                found.steps += 1;
                let failed = always.iter().find_map(|law| Some((law.name, (law.check)(state).err()?)));
                broken = broken.take().or(failed);
            });
            found.actions += 1;
            if let Err(refusal) = outcome {
                broken = Some(("accepted-choice", refusal.reason.en.into()));
            }
            if let Some((law, message)) = broken {
                found.violation = Some((path, law, message));
                return found;
            }
            if known.insert(digest(&next)) {
                found.states += 1;
                visit(&next);
                if found.states >= limit {
                    found.cut = true;
                    return found;
                }
                todo.push_back((next, path));
            }
        }
    }
    found
}
