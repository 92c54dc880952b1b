//! Every order of choices up to a depth, each state visited once.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use crate::machine::{LawKind, Machine, digest};
use crate::text::Text;

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Actions of a run, at most.
    pub depth: usize,
    /// Different states, at most.
    pub states: usize,
    /// Memory of the states that wait to be looked at, in bytes, at most.
    pub bytes: usize,
}

impl Bounds {
    /// Memory that waiting states may take, unless it is said otherwise.
    pub const BYTES: usize = 256 << 20;

    /// So many actions and states.
    pub const fn new(depth: usize, states: usize) -> Bounds {
        Bounds { depth, states, bytes: Bounds::BYTES }
    }
}

/// What an exhaustive search found; `A` is the machine's action.
#[derive(Clone, Debug, PartialEq)]
pub struct Exhausted<A> {
    /// Different states, the first one included.
    pub states: usize,
    /// Actions carried out.
    pub actions: u64,
    /// Steps taken.
    pub steps: u64,
    /// States without any choice left.
    pub ends: usize,
    /// Actions from the first state to the farthest one.
    pub depth: usize,
    /// Whether a bound cut the search off: there may be more.
    pub cut: bool,
    /// The shortest way to something wrong, and what that is.
    pub found: Option<(Vec<A>, Text)>,
}

/// The first law that does not hold in a state, and how.
pub fn broken<M: Machine>(machine: &M) -> Option<Text> {
    let always = M::LAWS.iter().filter(|law| law.kind == LawKind::Always);
    always
        .filter_map(|law| Some((law.name, (law.check)(machine).err()?)))
        .next()
        .map(|(law, how)| Text::same(format!("{law}: {how}")))
}

/// All orders of choices from `start`, the shortest first, same states visited once: all of the machine is compared,
/// hidden fields too, since laws look at them.
/// `choose` names the choices, `wrong` is asked at each step, `visit` sees each new state. Ends at a bound or at the first
/// wrong.
pub fn exhaustive<M: Machine>(
    start: &M,
    bounds: Bounds,
    choose: impl Fn(&M) -> Vec<M::Action>,
    wrong: impl Fn(&M) -> Option<Text>,
    mut visit: impl FnMut(&M),
) -> Exhausted<M::Action> {
    let mut all = Exhausted { states: 1, actions: 0, steps: 0, ends: 0, depth: 0, cut: false, found: None };
    let mut known = Known::from_iter([digest(start)]);
    // Each state's way: the number of the state before it, and the action between.
    let mut ways: Vec<Option<(usize, M::Action)>> = vec![None];
    let mut todo = VecDeque::from([(0, 0, start.clone())]);
    let mut waiting = start.bytes();
    visit(start);
    while let Some((number, depth, state)) = todo.pop_front() {
        waiting = waiting.saturating_sub(state.bytes());
        let choices = choose(&state);
        all.depth = depth;
        all.ends += usize::from(choices.is_empty());
        if depth == bounds.depth {
            all.cut |= !choices.is_empty();
            continue;
        }
        for action in choices {
            let mut next = state.clone();
            let mut what = None;
            let outcome = next.apply(&action, &mut |state, _| {
                all.steps += 1;
                what = what.take().or_else(|| wrong(state));
            });
            all.actions += 1;
            let what = what.or_else(|| outcome.err().map(|refusal| refusal.reason));
            let new = known.insert(digest(&next));
            if new || what.is_some() {
                ways.push(Some((number, action)));
            }
            if let Some(what) = what {
                all.found = Some((way(&ways), what));
                return all;
            }
            if new {
                all.states += 1;
                visit(&next);
                waiting += next.bytes();
                if all.states >= bounds.states || waiting > bounds.bytes {
                    all.cut = true;
                    return all;
                }
                todo.push_back((ways.len() - 1, depth + 1, next));
            }
        }
    }
    all
}

/// The actions that lead to the last state.
fn way<A: Clone>(ways: &[Option<(usize, A)>]) -> Vec<A> {
    let mut path = Vec::new();
    let mut at = ways.len() - 1;
    while let Some((before, action)) = &ways[at] {
        path.push(action.clone());
        at = *before;
    }
    path.reverse();
    path
}

/// States by their digests, which need not be hashed again.
type Known = HashSet<u128, BuildHasherDefault<Ready>>;

#[derive(Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn write(&mut self, bytes: &[u8]) {
        let word = bytes.iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.0 = word;
    }

    fn write_u128(&mut self, digest: u128) {
        self.0 = digest as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
