//! The heap of a few objects, in every order of every step; the pacer against damaged recordings.
//!
//! The orders of whole actions that lose an object are scenes: what the search finds must be what they play.

mod model;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::machine::{LawKind, Lawful, Machine, digest};
use crate::replay::{Recording, Replay};

use super::laws::Fault;
use super::machine::Action;
use super::setup::{Mode, Pointers, Routine, Setup, Stmt};
use super::state::{At, GoGc, NIL, Next, Pending};
use super::ways::{Way, round_up};

fn pointers(of: &[(&str, &str)]) -> Pointers {
    of.iter().map(|(name, to)| ((*name).to_owned(), (*to).to_owned())).collect()
}

/// Two objects with a slot and one without (with one for Green Tea, so that all lie in one span), two globals, a goroutine that knows both objects; W is in A, or on the stack.
fn small(gc: Mode, held: bool) -> GoGc {
    let (slot, var) = if held { (NIL, "W") } else { ("W", NIL) };
    let last = if gc == Mode::GreenTea { pointers(&[("f", NIL)]) } else { Pointers::new() };
    let objects = [("A", pointers(&[("f", slot)])), ("B", pointers(&[("f", NIL)])), ("W", last)];
    let setup = Setup {
        gc,
        objects: objects.map(|(name, slots)| (name.to_owned(), slots)).into(),
        globals: pointers(&[("g", "A"), ("h", "B")]),
        goroutines: vec![Routine { stack: pointers(&[("a", "A"), ("b", "B"), ("w", var)]), ..Routine::default() }],
        wbbuf: 2,
        procs: 1 + u32::from(held),
        ..Setup::default()
    };
    GoGc::start(&setup).unwrap()
}

/// All that the goroutine may do: take W from A, put it into B, forget it.
fn statements() -> Vec<Stmt> {
    let s = |text: &str| text.to_owned();
    vec![Stmt::Load(s("w"), s("a"), s("f")), Stmt::Store(s("b"), s("f"), s("w")), Stmt::Store(s("a"), s("f"), s(NIL))]
}

/// What a step does for the program or the collector, and the state after it; none after one whole cycle.
fn steps(m: &GoGc) -> Vec<GoGc> {
    let mut found = Vec::new();
    let mut push = |step: &dyn Fn(&mut GoGc)| {
        let mut next = m.clone();
        step(&mut next);
        found.push(next);
    };
    let swept = m.unswept().or(m.sweeping()).is_none();
    if m.cycles == 1 && m.next == Next::Sleep && swept {
        return Vec::new();
    }
    if m.can_go_on() && (m.cycles == 0 || m.next != Next::Sleep) {
        push(&|m| drop(m.collect()));
    }
    if m.next == Next::Sleep && !swept {
        push(&|m| drop(m.sweep("bgsweep")));
    }
    for p in m.workers.keys().filter(|p| m.can_work(**p)) {
        push(&|m| drop(m.work(*p)));
    }
    if m.free_to_run(1).is_ok() {
        if m.goroutines[&1].doing.is_some() {
            push(&|m| drop(m.advance(1)));
        } else {
            for stmt in statements().iter().filter(|stmt| m.check_stmt(1, stmt).is_ok()) {
                push(&|m| {
                    let pending = Pending { stmt: stmt.clone(), own: false, at: At::Begin };
                    m.goroutines.get_mut(&1).unwrap().doing = Some(pending);
                    m.advance(1);
                });
            }
        }
    }
    found
}

/// Every order of steps: how many states there are, and in how many W has been freed while it could be reached.
fn all_orders(start: GoGc) -> (usize, usize) {
    let laws: Vec<_> = GoGc::LAWS.iter().filter(|law| law.kind == LawKind::Always).collect();
    let mut known = HashSet::from([digest(&start)]);
    let mut todo = vec![start];
    let mut lost = 0;
    while let Some(state) = todo.pop() {
        for law in &laws {
            assert_eq!((law.check)(&state), Ok(()), "{}: {state:?}", law.name);
        }
        lost += usize::from(state.counts.lost > 0);
        todo.extend(steps(&state).into_iter().filter(|next| known.insert(digest(next))));
    }
    (known.len(), lost)
}

/// The sound barriers lose nothing in any order of steps, with a buffer that has to be flushed all the time and without;
/// none, or the new pointer alone, does. The old one alone does not as long as one worker scans the stack before any object:
/// it takes two, which [`shortest_loss`] has. A model that shares no line with the machine comes to the same numbers.
#[test]
fn every_order_of_steps_in_a_small_heap() {
    let mut counted = Vec::new();
    for (gc, _) in COUNTS {
        let (machine, model) = (all_orders(small(gc, false)), model::all_orders(gc));
        println!("{gc:?}: {machine:?}, {model:?}");
        counted.push((gc, machine, model));
    }
    let loses: Vec<Mode> = counted.iter().filter(|(_, (_, lost), _)| *lost > 0).map(|(gc, ..)| *gc).collect();
    assert_eq!(loses, [Mode::NoBarrier, Mode::OnlyNew]);
    for (gc, machine, model) in &counted {
        assert_eq!(machine, model, "{gc:?}: the machine, and the model");
    }
    let numbers: Vec<(Mode, usize)> = counted.iter().map(|(gc, (states, _), _)| (*gc, *states)).collect();
    assert_eq!(numbers, COUNTS);
}

/// Different states of each.
const COUNTS: [(Mode, usize); 7] = [
    (Mode::Hybrid, 2351),
    (Mode::GreenTea, 4463),
    (Mode::Insertion, 706),
    (Mode::Deletion, 606),
    (Mode::NoBarrier, 310),
    (Mode::OnlyNew, 2134),
    (Mode::OnlyOld, 3222),
];

/// With a second worker marks come in while a span is being scanned: still nothing is lost, and each law holds in every state.
#[test]
fn every_order_of_two_workers_under_green_tea() {
    assert_eq!(all_orders(small(Mode::GreenTea, true)), (23_603, 0));
}

/// Whole actions, as a scene plays them.
fn actions(m: &GoGc) -> Vec<Action> {
    let mut all = vec![Action::Phase, Action::Job(0), Action::Job(1), Action::Work(1), Action::SweepSpan];
    all.extend(statements().into_iter().map(|stmt| Action::Do(1, stmt)));
    // One cycle is enough.
    all.retain(|action| {
        m.accept(action).is_ok() && (*action != Action::Phase || m.cycles == 0 || m.next != Next::Sleep)
    });
    all
}

/// The shortest run of whole actions that frees a reachable object, if there is one.
fn shortest_loss(start: GoGc) -> Option<Vec<Action>> {
    let mut ways: HashMap<u128, (u128, Option<Action>)> = HashMap::from([(digest(&start), (0, None))]);
    let mut todo = VecDeque::from([start]);
    while let Some(state) = todo.pop_front() {
        let here = digest(&state);
        if state.counts.lost > 0 {
            let mut path = Vec::new();
            let mut at = here;
            while let Some((before, Some(action))) = ways.get(&at).cloned() {
                path.push(action);
                at = before;
            }
            path.reverse();
            return Some(path);
        }
        if state.cycles == 1 && state.next == Next::Sleep && state.unswept().is_none() {
            continue;
        }
        for action in actions(&state) {
            let mut next = state.clone();
            next.apply(&action, &mut |_, _| {}).unwrap();
            ways.entry(digest(&next)).or_insert_with(|| {
                todo.push_back(next);
                (here, Some(action))
            });
        }
    }
    None
}

/// The scenes play what the search finds, action by action.
#[test]
fn the_shortest_runs_that_lose_an_object_are_scenes() {
    for gc in [Mode::Hybrid, Mode::GreenTea, Mode::Insertion, Mode::Deletion] {
        assert_eq!(shortest_loss(small(gc, false)), None, "{gc:?}");
        assert_eq!(shortest_loss(small(gc, true)), None, "{gc:?}, with two workers");
    }
    let scenes = [
        (Mode::NoBarrier, false, "lost-shortest"),
        (Mode::OnlyNew, false, "lost-only-new"),
        (Mode::OnlyOld, true, "lost-only-old"),
    ];
    for (gc, held, scene) in scenes {
        let found = shortest_loss(small(gc, held)).expect("half a barrier loses W");
        let found: Vec<String> = found.iter().map(|action| ron::to_string(action).unwrap()).collect();
        println!("{gc:?}: {found:#?}");
        let file = format!("{}/scenes/go-gc/{scene}.ron", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let played: Vec<&str> = plain.split("(do:").skip(1).collect();
        assert_eq!(played.len(), found.len(), "{scene}");
        for (played, found) in played.iter().zip(&found) {
            assert!(played.starts_with(found.as_str()), "{scene}: {found}, and the scene plays {played}");
        }
    }
}

#[test]
fn a_damaged_recording_is_told_with_its_line() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/go-gc/minimum.jsonl");
    let text = std::fs::read_to_string(folder).unwrap();
    let replay = |text: &str| GoGc::replay(Recording::new(text));
    let report = replay(&text).unwrap();
    assert_eq!((report.mismatches, report.operations), (0, 192));
    let lines: Vec<&str> = text.lines().collect();
    let cut = replay(&lines[..40].join("\n")).unwrap_err();
    assert!(cut.cause.contains("ends after"), "{cut}");
    let unknown = replay(&text.replacen("\"op\":\"yield\"", "\"op\":\"dance\"", 1)).unwrap_err();
    assert!(unknown.cause.contains("dance") && unknown.line > 2, "{unknown}");
    let missing = replay(&text.replacen("\"consMark\":", "\"consmark\":", 1)).unwrap_err();
    assert!(missing.cause.contains("consMark") && missing.line == 2, "{missing}");
    // Each figure that the machine computes is compared: another one is a mismatch.
    for field in ["trigger", "goal", "runway", "gcPercentHeapGoal", "lastHeapGoal", "heapMinimum"] {
        let (from, to) = (format!("\"{field}\":"), format!("\"{field}\":1"));
        let report = replay(&text.replacen(&from, &to, 2)).unwrap();
        assert!(report.mismatches > 0, "{field}");
    }
}

/// Sizes by hand, from the table of size classes: sixteen parts of 256 bytes.
#[test]
fn what_a_request_allocates_follows_from_its_way() {
    for (asked, given) in [(1, 8), (2560, 2688), (32_760, 32_768), (32_761, 32_768), (32_769, 40_960)] {
        assert_eq!(round_up(asked), given);
    }
    let costs = |way: Way, first| way.costs(16, 256, first, Fault::None);
    let strings = [512, 768, 1024, 1280, 1536, 1792, 2048, 2304, 2688, 3072, 3072, 3456, 4096, 4096, 4096];
    assert_eq!(costs(Way::Concat, true), (strings.iter().sum(), 15));
    // 256, then doubled up to a capacity of 256 elements, and from there on by a quarter and 192 bytes.
    assert_eq!(costs(Way::Append, true), (256 + 512 + 896 + 1408 + 2048 + 3072 + 4096, 7));
    assert_eq!(costs(Way::Make, true), (4096, 1));
    assert_eq!((costs(Way::Pool, true), costs(Way::Pool, false)), ((4096 + 24, 2), (0, 0)));
}

/// Modes and their names as the setup writes them.
#[test]
fn every_mode_is_written_as_it_is_read() {
    let names: BTreeSet<&str> = <Mode as strum::IntoEnumIterator>::iter().map(Into::into).collect();
    assert_eq!(names.len(), 9);
    for name in names {
        assert!(ron::from_str::<Mode>(name).is_ok(), "{name}");
    }
}
