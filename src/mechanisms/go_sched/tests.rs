//! The machine against recordings of the real scheduler, against its laws, and against what the sources say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::explore::{Options, explore};
use crate::machine::{Event as _, LawKind, Lawful, Machine};
use crate::replay::{Recording, RecordingError, Replay, Report};

use super::*;

mod contract;
mod drawn;
mod laws;
mod queues;

fn recordings() -> Vec<(String, String)> {
    recordings_in("go-sched")
}

fn recordings_in(folder: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoSched::replay(Recording::new(text))
}

#[test]
fn every_recording_replays_exactly() {
    let mut total = Report::default();
    for (name, text) in recordings() {
        let report = replay(&text).unwrap();
        assert_eq!(report.mismatches, 0, "{name}: {report}");
        total.add(report);
    }
    println!("{total}");
    assert_eq!((total.operations, total.fields), (16_356, 16_428));
}

#[test]
fn tampered_recordings_are_reported() {
    let files: BTreeMap<String, String> = recordings().into_iter().collect();
    let swapped = replay(&files["broadcast-5"].replace("[5,1],[4,1]", "[4,1],[5,1]")).unwrap();
    assert_eq!(swapped.mismatches, 2);
    let first = swapped.first.unwrap();
    let place = (first.line, first.op.as_str(), first.expected.as_str(), first.got.as_str());
    assert_eq!(place, (2, "entry 9", "Some((4, 1))", "Some((5, 1))"));
    let tick = replay(&files["loop-2"].replace("\"schedtick_end\":33", "\"schedtick_end\":34")).unwrap();
    assert_eq!(tick.first.unwrap().field, "schedtick_end");
    // Another phase of the 61 rule leads to another order.
    let phase = replay(&files["loop-400"].replace("\"schedtick\":93", "\"schedtick\":94")).unwrap();
    assert!(phase.mismatches > 2);
    let short: Vec<&str> = files["loop-400"].lines().take(3).collect();
    assert!(replay(&short.join("\n")).unwrap_err().cause.contains("ends after"));
    assert_eq!(replay("").unwrap_err().line, 1);
    assert!(replay("{\"mechanism\":\"map\"}").is_err());
    assert!(replay(&files["loop-2"].replace("\"wait\"", "\"sleep\"")).unwrap_err().cause.contains("sleep"));
    assert!(replay(&files["loop-2"].replace("\"from\":0", "\"from\":1")).is_err());
}

// --- helpers ---

fn setup(procs: u32, main: Vec<Stmt>, programs: &[(&str, Vec<Stmt>)]) -> Setup {
    let programs = programs.iter().map(|(name, code)| (String::from(*name), code.clone())).collect();
    Setup { procs, main, programs, ..Setup::default() }
}

fn go(name: &str, n: u32) -> Stmt {
    Stmt::Go(String::from(name), n)
}

fn local(p: u32, name: &str, n: u32) -> Queued {
    Queued::Local(p, String::from(name), n)
}

/// Runs until the process ends, at most `most` steps; every law is checked after every step.
fn play(machine: &mut GoSched, most: u32) -> Vec<(u64, Event)> {
    let mut events = Vec::new();
    machine
        .apply(&Action::Run(most), &mut |state, event| {
            for law in GoSched::LAWS.iter().filter(|law| law.kind == LawKind::Always) {
                assert_eq!((law.check)(state), Ok(()), "{} after {event:?}", law.name);
            }
            events.push((state.now(), event));
        })
        .unwrap();
    events
}

fn run(setup: &Setup) -> Vec<(u64, Event)> {
    let mut machine = GoSched::start(setup).unwrap();
    let events = play(&mut machine, 200_000);
    assert!(machine.dead().is_some(), "the process did not end");
    events
}

/// The goroutines in the order in which they began to run.
fn order(events: &[(u64, Event)]) -> Vec<u32> {
    let g = |event: &Event| if let Event::GRunning { g, .. } = event { Some(*g) } else { None };
    events.iter().filter_map(|(_, event)| g(event)).collect()
}

fn find<T>(events: &[(u64, Event)], pick: impl Fn(u64, &Event) -> Option<T>) -> T {
    events.iter().find_map(|(now, event)| pick(*now, event)).expect("the event was not seen")
}

fn count(events: &[(u64, Event)], name: &str) -> usize {
    events.iter().filter(|(_, event)| event.name() == name).count()
}

/// The names of the steps that a thread took.
fn names(events: &[(u64, Event)], m: u32) -> Vec<&'static str> {
    let by = |event: &Event| serde_json::to_value(event).unwrap()[event.name()]["m"] == m;
    events.iter().filter(|(_, event)| by(event)).map(|(_, event)| event.name()).collect()
}

fn json(machine: &GoSched) -> serde_json::Value {
    serde_json::to_value(machine).unwrap()
}

// --- the order of the sources ---

#[test]
fn six_hundred_goroutines_run_in_the_recorded_order() {
    let mut setup = setup(1, vec![go("w", 600), Stmt::Wait], &[("w", vec![]), ("sys", vec![])]);
    setup.queued = vec![local(0, "sys", 1)];
    setup.schedtick = 4;
    let order: Vec<u32> = order(&run(&setup)).into_iter().filter(|g| *g > 2).map(|g| g - 3).collect();
    let ranges = [
        599..=599,
        385..=501,
        0..=0,
        502..=512,
        514..=562,
        1..=1,
        563..=598,
        2..=25,
        129..=129,
        26..=85,
        130..=130,
        86..=126,
        255..=255,
        127..=128,
        131..=146,
        259..=259,
        147..=206,
        260..=260,
        207..=254,
        384..=384,
        256..=258,
        261..=383,
        513..=513,
    ];
    assert_eq!(order, ranges.into_iter().flatten().collect::<Vec<u32>>());
}

#[test]
fn a_burst_runs_the_newest_first() {
    for (n, expected) in [(4, vec![5, 2, 3, 4, 1]), (6, vec![7, 2, 3, 4, 5, 6, 1])] {
        let events = run(&setup(1, vec![go("w", n), Stmt::Wait], &[("w", vec![])]));
        assert_eq!(order(&events), expected);
        // The first and main, woken by the last one, come from runnext and inherit a slice.
        assert_eq!(count(&events, "SliceInherited"), 2);
        assert_eq!(count(&events, "SchedtickRaised"), n as usize - 1);
    }
}

#[test]
fn a_full_ring_gives_away_129() {
    let mut setup = setup(1, vec![go("w", 1), Stmt::Wait], &[("w", vec![])]);
    setup.queued = vec![local(0, "w", 256), Queued::Runnext(0, String::from("w"))];
    let mut machine = GoSched::start(&setup).unwrap();
    let events = play(&mut machine, 6);
    assert_eq!(events[5].1, Event::OverflowToGlobal { m: 0, p: 0, n: 129, first: 2, last: 258, runqsize: 129 });
    let p = &machine.ps()[0];
    assert_eq!((p.runq_len(), p.runqhead, machine.goid(p.runnext.unwrap())), (128, 128, 259));
    assert_eq!(machine.goid(machine.sched().runq[128]), 258);
}

#[test]
fn every_61st_slice_belongs_to_the_global_queue() {
    let mut setup = setup(1, vec![Stmt::Wait], &[("w", vec![]), ("x", vec![])]);
    setup.queued = vec![local(0, "w", 100), Queued::Global(String::from("x"), 2)];
    setup.schedtick = 1;
    let events = run(&setup);
    let order = order(&events);
    assert_eq!(order.iter().position(|g| *g == 102), Some(60));
    assert_eq!(
        find(&events, |_, e| if let Event::GlobalDue { schedtick, .. } = e { Some(*schedtick) } else { None }),
        61
    );
    assert_eq!(order.iter().position(|g| *g == 103), Some(101));
}

#[test]
fn a_chain_of_runnext_starves_the_global_queue_until_sysmon_preempts() {
    let pair = |next: &str| vec![Stmt::Compute(3), go(next, 1)];
    let mut setup =
        setup(1, vec![go("a", 1), Stmt::Gosched, Stmt::Wait], &[("a", pair("b")), ("b", pair("a")), ("x", vec![])]);
    setup.queued = vec![Queued::Global(String::from("x"), 1)];
    setup.schedtick = 1;
    let mut machine = GoSched::start(&setup).unwrap();
    let events = play(&mut machine, 100_000);
    let x = find(&events, |now, e| matches!(e, Event::GRunning { g: 2, .. }).then_some(now));
    let stopped =
        find(
            &events,
            |now, e| if let Event::PreemptRequested { for_us, .. } = e { Some((now, *for_us)) } else { None },
        );
    assert!(stopped.1 >= 10_000 && stopped.0 <= x && x < stopped.0 + 10, "{stopped:?}, {x}");
    let before = events.iter().take_while(|(_, e)| !matches!(e, Event::GRunning { g: 2, .. }));
    assert!(before.filter(|(_, e)| matches!(e, Event::SliceInherited { .. })).count() > 3000);
}

#[test]
fn a_thief_takes_half_rounded_up_and_runs_the_newest() {
    let mut setup = setup(3, vec![Stmt::Compute(1000)], &[("busy", vec![Stmt::Compute(1000)]), ("w", vec![])]);
    setup.queued =
        vec![Queued::Running(1, String::from("busy")), local(1, "w", 7), Queued::Runnext(1, String::from("w"))];
    let mut machine = GoSched::start(&setup).unwrap();
    let mut events = Vec::new();
    while count(&events, "StealPublished") == 0 {
        events.extend(play(&mut machine, 1));
    }
    let copied = find(&events, |_, e| if let Event::StealCopied { gs, .. } = e { Some(gs.clone()) } else { None });
    assert_eq!(copied, [3, 4, 5, 6]);
    let taken = find(&events, |_, e| {
        if let Event::StealCommitted { victim, n, left, g, .. } = e { Some((*victim, *n, *left, *g)) } else { None }
    });
    assert_eq!(taken, (1, 4, 3, 6));
    let ring = |p: usize| machine.ps()[p].ring().map(|slot| machine.goid(slot)).collect::<Vec<_>>();
    assert_eq!((ring(1), ring(2)), (vec![7, 8, 9], vec![3, 4, 5]));
    assert_eq!(machine.ps()[1].runnext.map(|slot| machine.goid(slot)), Some(10));
}

#[test]
fn runnext_is_stolen_only_in_the_last_pass_and_after_3_us() {
    let mut setup = setup(2, vec![go("w", 1), Stmt::Compute(1000)], &[("w", vec![])]);
    setup.sysmon = false;
    let events = run(&setup);
    let (at, until) =
        find(&events, |now, e| if let Event::RunnextGrace { until, .. } = e { Some((now, *until)) } else { None });
    assert_eq!(until, at + 3);
    let before = events.iter().take_while(|(_, e)| !matches!(e, Event::RunnextGrace { .. }));
    assert_eq!(before.filter(|(_, e)| matches!(e, Event::PassEmpty { .. })).count(), 3);
    assert_eq!(find(&events, |now, e| matches!(e, Event::RunnextStolen { victim: 0, g: 2, .. }).then_some(now)), until);
}

#[test]
fn a_short_system_call_takes_its_p_back() {
    let events = run(&setup(2, vec![Stmt::Syscall(10)], &[]));
    assert_eq!(find(&events, |now, e| matches!(e, Event::OldPRegained { m: 0, p: 0 }).then_some(now)), 10);
    assert_eq!(count(&events, "PRetaken"), 0);
}

#[test]
fn a_long_system_call_loses_its_p_at_the_second_look() {
    let mut setup = setup(1, vec![Stmt::Syscall(1000)], &[("w", vec![Stmt::Compute(5000)])]);
    setup.queued = vec![local(0, "w", 1)];
    let events = run(&setup);
    let retaken =
        find(&events, |now, e| if let Event::PRetaken { for_us, .. } = e { Some((now, *for_us)) } else { None });
    assert_eq!(retaken, (40, 20));
    let after: Vec<&str> = names(&events, 0).into_iter().skip_while(|name| *name != "SyscallReturned").collect();
    let expected = ["SyscallReturned", "OldPLost", "NoIdleP", "SyscallGRunnable", "GDropped", "GlobalPut", "MParked"];
    assert_eq!(after[..7], expected);
}

#[test]
fn a_long_system_call_keeps_its_p_for_10_ms_if_nobody_needs_it() {
    let events = run(&setup(2, vec![Stmt::Syscall(40_000)], &[]));
    let for_us = find(&events, |_, e| if let Event::PRetaken { for_us, .. } = e { Some(*for_us) } else { None });
    assert!((10_000..20_100).contains(&for_us), "{for_us}");
    assert!(count(&events, "RetakeDeferred") > 50);
    // It was the last P, so that an M has to look after the network before the P is idle.
    assert_eq!(count(&events, "HandoffPoll"), 1);
    assert!(events.iter().any(|(now, e)| *now == 40_000 && matches!(e, Event::IdlePTaken { m: 0, .. })));
}

#[test]
fn a_call_known_to_block_hands_its_p_off_at_once() {
    let mut setup = setup(1, vec![Stmt::SyscallBlock(100)], &[("w", vec![Stmt::Compute(10)])]);
    setup.queued = vec![local(0, "w", 1)];
    let events = run(&setup);
    assert_eq!(
        names(&events, 0)[..5],
        ["SyscallEntered", "PReleased", "HandoffWork", "ThreadCreated", "SyscallBlocks"]
    );
    assert_eq!(count(&events, "PRetaken"), 0);
}

/// What the state says that threads do: each of them, at the steps that it is told by.
#[test]
fn what_a_thread_does_is_said_of_it() {
    let mut setup = setup(2, vec![Stmt::SyscallBlock(100)], &[("net", vec![Stmt::Net(50)])]);
    setup.queued = vec![local(0, "net", 1)];
    let mut machine = GoSched::start(&setup).unwrap();
    let mut told = std::collections::BTreeMap::<&str, std::collections::BTreeSet<String>>::new();
    let run = machine.apply(&Action::Run(10_000), &mut |state, event| {
        let shown = json(state);
        let Some(m) = event.figure::<u32>("m") else { return };
        let place = shown["allm"][m as usize]["place"].as_str().unwrap_or_default();
        told.entry(event.name()).or_default().insert(place.to_owned());
    });
    run.unwrap();
    let places = |name: &str| told[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(places("SyscallBlocks"), ["Syscall"], "{told:?}");
    assert_eq!(places("NetpollBlocked"), ["Netpoll"], "{told:?}");
    assert!(told.values().any(|places| places.contains("Sysmon")), "{told:?}");
}

#[test]
fn busy_goroutines_get_slices_of_20_ms() {
    let mut setup = setup(1, vec![go("w", 2), Stmt::Wait], &[("w", vec![Stmt::Loop(200_000)])]);
    setup.schedtick = 1;
    let events = run(&setup);
    let stops: Vec<u64> =
        events.iter().filter(|(_, e)| matches!(e, Event::PreemptedBySignal { .. })).map(|(now, _)| *now).collect();
    let slices: Vec<u64> = stops.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(stops[0] >= 10_000 && slices.len() > 8);
    assert!(slices[1..].iter().all(|us| *us == 20_000), "{slices:?}");
    // Without signals a loop that calls nothing is never stopped.
    setup.asyncpreemptoff = true;
    let events = run(&setup);
    assert_eq!(count(&events, "PreemptedBySignal"), 0);
    assert!(events.iter().all(|(_, e)| !matches!(e, Event::PreemptedAtCall { left: 1.., .. })));
    assert!(count(&events, "PreemptRequested") > 0);
}

#[test]
fn a_wake_chain_fills_all_ps() {
    let events = run(&setup(4, vec![go("w", 8), Stmt::Wait], &[("w", vec![Stmt::Compute(100)])]));
    let ps: BTreeSet<u32> =
        events.iter().filter_map(|(_, e)| if let Event::GRunning { p, .. } = e { Some(*p) } else { None }).collect();
    assert_eq!(ps.len(), 4);
    assert!(count(&events, "SpinReset") >= 3);
    // With too little work for all, the last searcher finds nothing, looks once more, and sleeps.
    let events = run(&setup(4, vec![go("w", 2), Stmt::Compute(500), Stmt::Wait], &[("w", vec![Stmt::Compute(100)])]));
    assert!(count(&events, "RecheckEmpty") >= 1);
}

#[test]
fn a_deadlock_is_found_but_not_while_somebody_waits_for_the_network() {
    let mut dead = setup(2, vec![Stmt::Recv(String::from("c"))], &[]);
    dead.chans.insert(String::from("c"), 0);
    let mut machine = GoSched::start(&dead).unwrap();
    play(&mut machine, 10_000);
    assert_eq!(machine.dead().unwrap().message, "fatal error: all goroutines are asleep - deadlock!");
    let events = run(&setup(2, vec![Stmt::Net(5_000), Stmt::Sleep(5_000)], &[]));
    assert_eq!(count(&events, "NetpollReturned"), 2);
    assert_eq!(events.last().unwrap().0, 10_000);
}
