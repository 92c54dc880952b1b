//! The machine against recordings of real channels, against its laws, and against what the sources say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::explore::{Options, exhaustive, explore};
use crate::machine::{Event as _, Law, LawKind, Machine};
use crate::replay::{RecordingError, Replay, Report};

use super::*;

fn recordings() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recordings/go-chan");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn recording(wanted: &str) -> String {
    recordings().into_iter().find(|(name, _)| name == wanted).unwrap().1
}

fn replay(text: &str) -> Result<Report, RecordingError> {
    GoChan::replay(text.lines())
}

#[test]
fn every_recording_replays_exactly() {
    let mut total = Report::default();
    let (mut files, mut completions) = (0, 0);
    for (name, text) in recordings() {
        let report = replay(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(report.mismatches, 0, "{name}: {report}");
        total.add(report);
        files += 1;
        completions += text.matches("\"g\":").count() - text.matches("{\"i\":").count() - waiting(&text);
    }
    println!("{files} files, {completions} completions, {total}");
    assert_eq!((files, total.operations, completions), (28, 615, 573));
}

/// Goroutines listed in queues.
fn waiting(text: &str) -> usize {
    let lines = text.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut count = 0;
    for line in lines {
        for channel in line["chans"].as_array().unwrap() {
            count += channel["recvq"].as_array().unwrap().len() + channel["sendq"].as_array().unwrap().len();
        }
    }
    count
}

#[test]
fn a_thousand_random_runs_keep_every_law_and_show_every_event() {
    let start = std::time::Instant::now();
    let report = explore::<GoChan>(Options::default(), None);
    println!("{:?}: {} actions, {} steps, {} checks", start.elapsed(), report.actions, report.steps, report.checks);
    println!("{:?}", report.coverage);
    assert_eq!(report.violated, 0, "{:#?}", report.violations);
    let unseen: Vec<_> = report.coverage.iter().filter(|(_, seen)| *seen == 0).map(|(name, _)| *name).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
    assert!(report.sometimes.iter().all(|(_, reached)| *reached), "{:?}", report.sometimes);
}

#[test]
fn every_law_catches_its_mutant() {
    for Law { name, kind, .. } in GoChan::LAWS {
        let mutants: Vec<_> = GoChan::MUTANTS.iter().filter(|mutant| mutant.law == *name).collect();
        assert!(!mutants.is_empty(), "{name} has no mutant");
        for mutant in mutants {
            let report = explore(Options { runs: 300, steps: 1000, ..Options::default() }, Some(mutant.spoil));
            match kind {
                LawKind::Always => {
                    let laws: BTreeSet<_> = report.violations.iter().map(|violation| violation.law).collect();
                    assert_eq!(laws, BTreeSet::from([*name]), "{}: {:#?}", mutant.what, report.violations.first());
                }
                LawKind::Sometimes => {
                    let (_, reached) = report.sometimes.iter().find(|(law, _)| law == name).unwrap();
                    assert!(!reached, "{}", mutant.what);
                }
            }
        }
    }
}

fn start(ron: &str) -> GoChan {
    GoChan::start(&ron::from_str(ron).unwrap()).unwrap()
}

fn refused(ron: &str) -> String {
    GoChan::start(&ron::from_str(ron).unwrap()).map(drop).unwrap_err().reason.en
}

fn act(machine: &mut GoChan, action: Action) -> Vec<Event> {
    let mut events = Vec::new();
    machine
        .apply(&action, &mut |_, event| events.push(event))
        .unwrap_or_else(|refusal| panic!("{}", refusal.reason.en));
    events
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.name()).collect()
}

/// Runs a goroutine until the named step has been taken.
fn until(machine: &mut GoChan, g: u32, name: &str) {
    for _ in 0..100 {
        if names(&act(machine, Action::Run(g))).contains(&name) {
            return;
        }
    }
    panic!("G{g} does not come to {name}");
}

fn state(machine: &GoChan) -> serde_json::Value {
    serde_json::to_value(machine).unwrap()
}

fn refuse(machine: &mut GoChan, action: Action) -> String {
    let before = state(machine);
    let refusal = machine.apply(&action, &mut |_, event| panic!("a step of a refused action: {event:?}")).unwrap_err();
    assert_eq!(state(machine), before);
    assert!(!refusal.reason.zh.is_empty());
    refusal.reason.en
}

fn send(ch: &str, value: i64) -> Statement {
    Statement::Send(ch.into(), value.into())
}

fn recv(ch: &str) -> Statement {
    Statement::Recv(ch.into())
}

/// The ring of a channel: slots, qcount, recvx, sendx.
fn ring(machine: &GoChan, ch: &str) -> (Vec<i64>, u32, u32, u32) {
    let c = machine.channel(ch).unwrap();
    (c.buf.clone(), c.qcount, c.recvx, c.sendx)
}

// Scenario A: unbuffered, the receiver first.
#[test]
fn a_send_to_a_waiting_receiver_goes_past_the_buffer() {
    let mut m =
        start("(channels: [(name: \"c\")], goroutines: [(program: [Recv(\"c\")]), (program: [Send(\"c\", 7)])])");
    assert_eq!(m.runnext(), Some(2));
    let parked = names(&act(&mut m, Action::Finish(1)));
    assert_eq!(parked, ["Locked", "SudogPrepared", "Enqueued", "Parked", "ParkUnlocked"]);
    assert_eq!(m.goroutine(1).unwrap().status, Status::Waiting(Reason::Receive));
    let sent = names(&act(&mut m, Action::Statement(2)));
    let order =
        ["Scheduled", "Locked", "SudogDequeued", "SentDirectly", "Unlocked", "WaiterTold", "Readied", "SendReturned"];
    assert_eq!(sent, order);
    assert_eq!(m.goroutine(1).unwrap().frame.as_ref().unwrap().slots, [Some(7)]);
    assert_eq!((m.runnext(), m.goroutine(1).unwrap().status), (Some(1), Status::Runnable));
    let woken = act(&mut m, Action::Statement(1));
    assert_eq!(names(&woken), ["Scheduled", "WokenUp", "ReceiveReturned"]);
    assert_eq!(m.goroutine(1).unwrap().outcome, Some(Outcome::Received(7, true)));
    assert_eq!(names(&act(&mut m, Action::Run(1))), ["MainReturned"]);
    assert_eq!(m.verdict(), Verdict::Returned(vec![2]));
}

// Scenario B: unbuffered, the sender first.
#[test]
fn a_blocked_sender_keeps_its_value_until_somebody_takes_it() {
    let mut m =
        start("(channels: [(name: \"c\")], goroutines: [(program: [Send(\"c\", 7)]), (program: [Recv(\"c\")])])");
    act(&mut m, Action::Finish(1));
    let waiter = m.channel("c").unwrap().sendq[0];
    assert_eq!((waiter.g, m.value_to_send(waiter)), (1, Some(7)));
    assert_eq!(state(&m)["channels"]["c"]["sendq"][0]["elem"], 7);
    let events = names(&act(&mut m, Action::Statement(2)));
    assert_eq!(events[2..4], ["SudogDequeued", "ReceivedDirectly"]);
    assert_eq!(m.goroutine(2).unwrap().outcome, Some(Outcome::Received(7, true)));
}

// Scenario C: a full buffer rotates.
#[test]
fn a_receive_from_a_full_buffer_lets_the_waiting_sender_in() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 2)], main: Elsewhere, goroutines: [
            (program: [Send(\"c\", 1), Send(\"c\", 2)]), (program: [Send(\"c\", 3)]), (program: [Repeat(3, [Recv(\"c\")])])])",
    );
    act(&mut m, Action::Finish(1));
    assert_eq!(ring(&m, "c"), (vec![1, 2], 2, 0, 0));
    act(&mut m, Action::Finish(2));
    let events = names(&act(&mut m, Action::Statement(3)));
    assert_eq!(events[2..7], ["SudogDequeued", "HeadTaken", "SlotRefilled", "RecvxMoved", "SendxFollowed"]);
    assert_eq!(ring(&m, "c"), (vec![3, 2], 2, 1, 1));
    assert_eq!((m.goroutine(3).unwrap().v, m.runnext()), (1, Some(2)));
    act(&mut m, Action::Statement(3));
    assert_eq!((ring(&m, "c"), m.goroutine(3).unwrap().v), ((vec![3, 0], 1, 0, 1), 2));
    act(&mut m, Action::Statement(3));
    assert_eq!((ring(&m, "c"), m.goroutine(3).unwrap().v), ((vec![0, 0], 0, 1, 1), 3));
}

// Scenario D: close wakes the first waiter first, then the others from the last to the second.
#[test]
fn close_wakes_in_the_order_that_was_recorded() {
    let receivers = "(program: [Recv(\"c\")]), ".repeat(5);
    let mut m = start(&format!(
        "(channels: [(name: \"c\")], main: Elsewhere, goroutines: [{receivers}(program: [Close(\"c\")])])"
    ));
    for g in 1..=5 {
        act(&mut m, Action::Finish(g));
    }
    let events = act(&mut m, Action::Finish(6));
    let woken: Vec<u32> =
        events.iter().filter_map(|e| if let Event::Readied { woken, .. } = e { Some(*woken) } else { None }).collect();
    assert_eq!(woken, [5, 4, 3, 2, 1]);
    let unlocked = names(&events).iter().position(|name| *name == "Unlocked").unwrap();
    assert!(unlocked < names(&events).iter().position(|name| *name == "Readied").unwrap());
    assert_eq!((m.runnext(), Vec::from(m.runq().clone())), (Some(1), vec![5, 4, 3, 2]));
    let mut ran = Vec::new();
    while let Some(g) = m.next_scheduled() {
        ran.push(g);
        act(&mut m, Action::Schedule);
        assert_eq!(m.goroutine(g).unwrap().outcome, Some(Outcome::Received(0, false)));
    }
    assert_eq!(ran, [1, 5, 4, 3, 2]);
}

// Scenario E: what is in the buffer survives close; a blocked sender does not.
#[test]
fn a_closed_channel_is_drained_and_a_blocked_sender_panics() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 2)], goroutines: [
            (program: [Send(\"c\", 1), Send(\"c\", 2), Close(\"c\"), Recv(\"c\"), Recv(\"c\"), Recv(\"c\"), Len(\"c\"), Cap(\"c\")])])",
    );
    let events = act(&mut m, Action::Finish(1));
    let got: Vec<(i64, bool)> = events
        .iter()
        .filter_map(|e| if let Event::ReceiveReturned { value, ok, .. } = e { Some((*value, *ok)) } else { None })
        .collect();
    assert_eq!(got, [(1, true), (2, true), (0, false)]);
    assert_eq!(names(&events).iter().filter(|name| **name == "ClosedButNotEmpty").count(), 2);
    assert!(events.contains(&Event::CapRead { g: 1, ch: "c".into(), cap: 2 }));

    let mut m =
        start("(channels: [(name: \"c\")], goroutines: [(program: [Close(\"c\")]), (program: [Send(\"c\", 1)])])");
    act(&mut m, Action::Finish(2));
    act(&mut m, Action::Statement(1));
    assert_eq!(names(&act(&mut m, Action::Finish(2))), ["Scheduled", "WokenUp", "PanicSendOnClosed"]);
    assert_eq!(m.verdict(), Verdict::Panic("panic: send on closed channel"));
    assert_eq!(refuse(&mut m, Action::Run(1)), "the process has ended: panic: send on closed channel");
    assert!(m.choices().is_empty());
}

const RACE: &str = "(channels: [(name: \"x\"), (name: \"y\")], main: Elsewhere, goroutines: [
    (program: [Select([Recv(\"x\"), Recv(\"y\")])]), (program: [Send(\"y\", 1)]), (program: [Send(\"x\", 2)])])";

// Scenario F: the sudog of a select that has been won elsewhere is thrown away.
#[test]
fn a_stale_sudog_is_dropped_and_the_send_waits_as_if_nobody_were_there() {
    let mut m = start(RACE);
    act(&mut m, Action::Finish(1));
    assert_eq!(m.goroutine(1).unwrap().waiting.len(), 2);
    act(&mut m, Action::Statement(2));
    let stale = m.channel("x").unwrap().recvq[0];
    assert!(m.stale(stale) && m.goroutine(1).unwrap().select_done);
    let events = names(&act(&mut m, Action::Finish(3)));
    let order = ["Scheduled", "Locked", "SudogDequeued", "StaleSudogDropped", "SudogPrepared", "Enqueued"];
    assert_eq!(events[..6], order);
    let events = act(&mut m, Action::Statement(1));
    let woken = names(&events);
    assert_eq!(woken[..6], ["Scheduled", "Locked", "Locked", "SelectDoneReset", "SudogsCleared", "LoserUnlinked"]);
    assert!(events.contains(&Event::LoserUnlinked { g: 1, case: 0, ch: "x".into(), queue: "recvq", queued: false }));
    // Nobody is left who would receive from x.
    assert_eq!(woken[6..], ["WinnerFound", "Unlocked", "Unlocked", "SelectReturned", "LeakFound"]);
    assert_eq!(m.goroutine(1).unwrap().outcome, Some(Outcome::Selected(1, Some((1, true)))));
}

const CLOSED_OR_READY: &str = "(channels: [(name: \"c\", cap: 1), (name: \"d\", cap: 1)], goroutines: [
    (program: [Close(\"c\"), Send(\"d\", 5), Select([Send(\"c\", 1), Recv(\"d\")])])], seed: SEED)";

// Scenario G: with one case closed and one ready, the poll order decides between a panic and a value.
#[test]
fn the_poll_order_decides_between_a_panic_and_a_value() {
    for (order, dies) in [(vec![0, 1], true), (vec![1, 0], false)] {
        let mut m = start(&CLOSED_OR_READY.replace("SEED", "1"));
        act(&mut m, Action::Statement(1));
        act(&mut m, Action::Statement(1));
        act(&mut m, Action::PollOrder(1, order.clone()));
        let events = act(&mut m, Action::Statement(1));
        let drawn = events
            .iter()
            .rev()
            .find_map(|e| if let Event::CaseShuffled { order, .. } = e { Some(order) } else { None });
        assert_eq!(drawn, Some(&order));
        assert_eq!(m.dead().is_some(), dies, "{order:?}");
    }
    let panics = (0..1000).filter(|seed| {
        let mut m = start(&CLOSED_OR_READY.replace("SEED", &seed.to_string()));
        act(&mut m, Action::Finish(1));
        m.dead().unwrap().exit == 2
    });
    let panics = panics.count();
    assert!((430..570).contains(&panics), "{panics} of 1000");
}

/// Every order of four cases, one of them on a nil channel, comes out as chosen.
#[test]
fn a_chosen_poll_order_comes_out() {
    let ron = "(channels: [(name: \"a\"), (name: \"b\"), (name: \"n\", nil: true)], goroutines: [
        (program: [Select([Recv(\"a\"), Send(\"n\", 1), Send(\"b\", 2), Recv(\"b\"), Recv(\"a\")])])], main: Elsewhere)";
    let mut orders = 0;
    for n in 0..256usize {
        let order: Vec<usize> = [n & 3, n >> 2 & 3, n >> 4 & 3, n >> 6].iter().map(|at| [0, 2, 3, 4][*at]).collect();
        if BTreeSet::from_iter(&order).len() < 4 {
            continue;
        }
        let mut m = start(ron);
        act(&mut m, Action::PollOrder(1, order.clone()));
        let events = act(&mut m, Action::Finish(1));
        let polled: Vec<usize> = events
            .iter()
            .filter_map(|e| if let Event::CaseNotReady { case, .. } = e { Some(*case) } else { None })
            .collect();
        assert_eq!(polled, order);
        orders += 1;
    }
    assert_eq!(orders, 24);
}

#[test]
fn selects_of_nothing_and_of_nil_channels() {
    let ron = |cases: &str| {
        format!(
            "(channels: [(name: \"n\", nil: true), (name: \"m\", nil: true)], goroutines: [(program: [Select([{cases}])])])"
        )
    };
    let run = |cases: &str| names(&act(&mut start(&ron(cases)), Action::Finish(1)));
    assert_eq!(run(""), ["ParkedForEver", "DeadlockFound"]);
    assert_eq!(run("Recv(\"n\")"), ["ParkedForEver", "DeadlockFound"]);
    assert_eq!(run("Recv(\"n\"), Default"), ["NilNotReady", "DefaultReturned", "MainReturned"]);
    let two = "Recv(\"n\"), Send(\"m\", 1)";
    assert_eq!(
        run(two),
        ["NilCaseDropped", "NilCaseDropped", "LockOrderSorted", "NothingReady", "Parked", "DeadlockFound"]
    );
    assert_eq!(
        run(&format!("{two}, Default"))[2..],
        ["LockOrderSorted", "DefaultChosen", "DefaultReturned", "MainReturned"]
    );
}

#[test]
fn a_deadlock_and_a_leak_are_found_and_named() {
    let mut m = start("(channels: [(name: \"c\")], goroutines: [(program: [Recv(\"c\")])])");
    act(&mut m, Action::Finish(1));
    assert_eq!(m.verdict(), Verdict::Deadlock);
    assert_eq!(m.dead().unwrap().message, "fatal error: all goroutines are asleep - deadlock!");

    // A worker that still waits to send when main has stopped listening.
    let mut m = start(
        "(channels: [(name: \"c\")], goroutines: [
            (program: [Recv(\"c\")]), (program: [Send(\"c\", 1)]), (name: \"late\", program: [Send(\"c\", 2)])])",
    );
    act(&mut m, Action::Finish(2));
    act(&mut m, Action::Finish(3));
    assert!(m.leaked().is_empty());
    let events = act(&mut m, Action::Statement(1));
    assert_eq!(events.last(), Some(&Event::LeakFound { g: 3, name: "late".into(), reason: "chan send" }));
    // What if main listened once more?
    let mut other = m.clone();
    act(&mut other, Action::Do(1, recv("c")));
    assert!(other.leaked().is_empty());
    act(&mut other, Action::Statement(1));
    assert_eq!(other.goroutine(1).unwrap().v, 2);
    act(&mut m, Action::Finish(1));
    assert_eq!(m.verdict(), Verdict::Returned(vec![2, 3]));
}

#[test]
fn a_lock_is_waited_for_and_a_what_if_may_begin_in_the_middle_of_an_action() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 1)], goroutines: [(program: [Send(\"c\", 1)]), (program: [Select([Send(\"c\", 2), Default])])])",
    );
    until(&mut m, 1, "SlotWritten");
    act(&mut m, Action::Run(2));
    assert_eq!(names(&act(&mut m, Action::Run(2))), ["FastPathPassed"]);
    assert_eq!(names(&act(&mut m, Action::Run(2))), ["LockBusy"]);
    assert_eq!(refuse(&mut m, Action::Run(2)), "goroutine 2 spins for the lock of c, which goroutine 1 holds");
    assert_eq!(m.blocked_by(2), Some((0, 1)));
    assert_eq!(names(&act(&mut m, Action::Do(3, recv("c")))), ["GoroutineStarted"]);
    act(&mut m, Action::Statement(1));
    assert_eq!(names(&act(&mut m, Action::Statement(2))), ["Locked", "WouldBlock", "Unlocked", "DefaultReturned"]);
    act(&mut m, Action::Finish(3));
    assert_eq!(m.goroutine(3).unwrap().outcome, Some(Outcome::Received(1, true)));
}

#[test]
fn the_lock_is_held_until_the_goroutine_is_parked() {
    let mut m =
        start("(channels: [(name: \"c\")], goroutines: [(program: [Recv(\"c\")]), (program: [Send(\"c\", 7)])])");
    until(&mut m, 1, "Parked");
    let g = m.goroutine(1).unwrap();
    assert!(matches!(g.status, Status::Waiting(_)) && !g.asleep() && m.channel("c").unwrap().lock == Some(1));
    act(&mut m, Action::Run(2));
    assert_eq!(names(&act(&mut m, Action::Run(2))), ["LockBusy"]);
    assert_eq!(names(&act(&mut m, Action::Run(1))), ["ParkUnlocked"]);
    assert_eq!(names(&act(&mut m, Action::Run(2))), ["Locked"]);
}

#[test]
fn programs_read_like_go_and_loops_run_as_often_as_they_say() {
    let mut m = start(
        "(channels: [(name: \"jobs\", cap: 2), (name: \"out\", cap: 9), (name: \"quit\")], main: Elsewhere, goroutines: [
            (program: [Range(\"jobs\", [Send(\"out\", \"v\")]), Close(\"out\")]),
            (program: [Repeat(2, [Repeat(3, [Send(\"jobs\", 4)])]), Close(\"jobs\")]),
            (program: [Loop([Select([Recv(\"quit\", [Return]), Send(\"out\", 1), Default])])])])",
    );
    let text: Vec<String> = m
        .goroutine(1)
        .unwrap()
        .program
        .lines
        .iter()
        .map(|l| format!("{}{}", "\t".repeat(l.indent.into()), l.text))
        .collect();
    assert_eq!(text, ["for v := range jobs {", "\tout <- v", "}", "close(out)"]);
    let select: Vec<&str> = m.goroutine(3).unwrap().program.lines.iter().map(|l| &*l.text).collect();
    assert_eq!(
        select,
        ["for {", "select {", "case v, ok := <-quit:", "return", "case out <- 1:", "default:", "}", "}"]
    );
    assert_eq!(m.goroutine(3).unwrap().case_line(1), Some(4));
    for _ in 0..20 {
        for g in [1, 2] {
            if m.can_run(g) {
                act(&mut m, Action::Finish(g));
            }
        }
    }
    assert_eq!(ring(&m, "out").0, [4, 4, 4, 4, 4, 4, 0, 0, 0]);
    assert!(m.channel("out").unwrap().closed);
    assert_eq!(act(&mut m, Action::Finish(3)).last(), Some(&Event::PanicSendOnClosed { g: 3, ch: "out".into() }));
}

#[test]
fn refusals_say_why_and_leave_the_state_as_it_was() {
    let mut m = start(RACE);
    assert_eq!(refuse(&mut m, Action::Run(9)), "there is no goroutine 9; there are 1 to 3");
    assert_eq!(refuse(&mut m, Action::Do(5, recv("x"))), "there is no goroutine 5; there are 1 to 3");
    assert_eq!(refuse(&mut m, Action::Do(2, send("z", 1))), "there is no channel z; there are: x, y");
    assert_eq!(
        refuse(&mut m, Action::PollOrder(1, vec![0, 0])),
        "an order of this select names each of the cases [0, 1] once"
    );
    assert!(refuse(&mut m, Action::PollOrder(2, vec![0])).contains("not about to draw"));
    act(&mut m, Action::Finish(1));
    assert_eq!(refuse(&mut m, Action::Finish(1)), "goroutine 1 waits (select): only another goroutine can wake it");
    act(&mut m, Action::Finish(2));
    assert_eq!(refuse(&mut m, Action::Run(2)), "goroutine 2 has ended");
    act(&mut m, Action::Finish(1));
    act(&mut m, Action::Finish(3));
    assert_eq!(refuse(&mut m, Action::Schedule), "no goroutine can run");
}

#[test]
fn impossible_setups_are_refused() {
    let with = |channels: &str, program: &str| {
        refused(&format!("(channels: [{channels}], goroutines: [(program: [{program}])])"))
    };
    assert_eq!(with("(name: \"c\", cap: -1)", ""), "make(chan int, -1) panics: makechan: size out of range");
    assert_eq!(with("(name: \"c\", cap: 65)", ""), "c has room for 65 values; at most 64 can be shown");
    assert_eq!(with("(name: \"c\", cap: 1, nil: true)", ""), "c is nil: it was never made, so it has no capacity");
    assert_eq!(with("(name: \"c\"), (name: \"c\")", ""), "two channels are named c");
    assert_eq!(with("(name: \"1c\")", ""), "\"1c\" is no Go identifier, so no channel can be named so");
    assert_eq!(with("(name: \"c\")", "Recv(\"d\")"), "there is no channel d; there are: c");
    assert_eq!(with("(name: \"c\")", "Loop([])"), "a loop without statements would turn for ever and touch no channel");
    assert_eq!(with("(name: \"c\")", "Repeat(0, [Recv(\"c\")])"), "a loop that repeats 0 times does nothing");
    assert_eq!(
        with("(name: \"c\")", "Select([Default, Default])"),
        "multiple defaults in select: Go does not compile it"
    );
}

/// All interleavings of the steps of a select and two senders that race for it.
#[test]
fn every_interleaving_of_a_raced_select_keeps_the_laws() {
    let m = start(RACE);
    let runs = |m: &GoChan| {
        let able = m.goroutines().iter().map(|g| g.id).filter(|g| m.can_run(*g));
        able.map(Action::Run).collect()
    };
    let mut outcomes = BTreeSet::new();
    let found = exhaustive(&m, 60, 400_000, runs, |m| {
        if let Some(Outcome::Selected(case, Some((v, ok)))) = m.goroutine(1).unwrap().outcome {
            outcomes.insert((case, v, ok));
        }
    });
    let figures = (found.states, found.actions, found.steps, found.ends, found.cut);
    assert_eq!((figures, found.violation), ((1325, 3068, 3116, 2, false), None));
    assert_eq!(outcomes, BTreeSet::from([(0, 2, true), (1, 1, true)]));
}

#[test]
fn a_tampered_recording_is_a_mismatch() {
    let text = recording("phases-cap1");
    let changes = [
        ("\"qcount\":1", "\"qcount\":2"),
        ("\"sendx\":0", "\"sendx\":5"),
        ("\"closed\":0", "\"closed\":1"),
        ("\"buf\":[0]", "\"buf\":[9]"),
        ("\"ok\":true", "\"ok\":false"),
        ("\"recvq\":[{\"g\":", "\"recvq\":[{\"g\":3},{\"g\":"),
        ("\"done\":[{\"g\":", "\"done\":[{\"op\":\"send\",\"g\":7,\"i\":0},{\"g\":"),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        let report = replay(&text.replacen(from, to, 1)).unwrap();
        assert!(report.mismatches > 0 && report.first.is_some(), "{from} -> {to}");
    }
}

#[test]
fn a_damaged_recording_says_where_and_why() {
    let text = recording("select-01");
    let lines: Vec<&str> = text.lines().collect();
    let with = |n: usize, line: &str| [&lines[..n - 1], &[line], &lines[n..]].concat().join("\n");
    let cases = [
        (String::new(), 1, "empty"),
        (String::from("{}"), 1, "no recording of channels"),
        (text.replacen("\"mechanism\":\"chan\"", "\"mechanism\":\"map\"", 1), 1, "no recording of channels"),
        (with(2, "nonsense"), 2, "not readable"),
        (with(2, &lines[1].replacen("\"op\":\"send\"", "\"op\":\"push\"", 1)), 2, "unknown operation"),
        (with(2, &lines[1].replacen("\"ch\":1", "\"ch\":7", 1)), 2, "no channel 7"),
        (with(2, &lines[1].replacen("\"g\":2", "\"g\":9", 1)), 2, "no goroutine 9"),
        (with(3, lines[1]), 3, "in the middle of an operation"),
        (lines[..5].join("\n"), 5, "ends after 4 of 24"),
    ];
    for (damaged, line, cause) in cases {
        let error = replay(&damaged).expect_err(cause);
        assert_eq!(error.line, line, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

/// A select that waits twice in one queue: the recording decides which order Go drew.
#[test]
fn two_cases_in_one_queue_are_replayed_in_either_order() {
    for (first, second) in [(1, 2), (2, 1)] {
        let text = format!(
            "{{\"mechanism\":\"chan\",\"caps\":[0],\"workers\":1,\"ops\":1}}\n{{\"i\":0,\"g\":1,\"op\":\"select\",\"cases\":\
             [{{\"ch\":0,\"dir\":\"send\",\"v\":1}},{{\"ch\":0,\"dir\":\"send\",\"v\":2}}],\"done\":[],\"chans\":[{{\"qcount\":0,\
             \"dataqsiz\":0,\"sendx\":0,\"recvx\":0,\"closed\":0,\"buf\":[],\"recvq\":[],\"sendq\":[{{\"g\":1,\"sel\":true,\
             \"v\":{first}}},{{\"g\":1,\"sel\":true,\"v\":{second}}}]}}]}}"
        );
        assert_eq!(replay(&text).unwrap().mismatches, 0, "{first}, {second}");
    }
}

#[test]
fn choices_are_few_and_accepted_and_setups_survive_their_own_text() {
    let report = explore::<GoChan>(Options { runs: 50, seed: 3, steps: 300 }, None);
    assert_eq!(report.violated, 0);
    let m = start(RACE);
    assert!((5..=25).contains(&m.choices().len()), "{:?}", m.choices());
    let setup: Setup = ron::from_str(RACE).unwrap();
    assert_eq!(ron::from_str::<Setup>(&ron::to_string(&setup).unwrap()).unwrap(), setup);
    let action = Action::Do(2, send("x", 7));
    assert_eq!(ron::to_string(&action).unwrap(), "Do(2,Send(\"x\",7))");
    let gauges: Vec<&str> = m.gauges().iter().map(|gauge| gauge.name).collect();
    assert_eq!(gauges, ["qcount", "senders", "receivers", "runnable"]);
}
