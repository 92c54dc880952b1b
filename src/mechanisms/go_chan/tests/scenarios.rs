//! Short stories with exact steps and figures.

use std::collections::BTreeSet;

use super::*;

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
fn a_statement_in_a_loop_is_carried_out_once() {
    let mut m = start("(channels: [(name: \"c\", cap: 9)], goroutines: [(program: [Loop([Send(\"c\", 1)])])])");
    for n in 1..=3 {
        act(&mut m, Action::Statement(1));
        assert_eq!((m.channel("c").unwrap().qcount, m.goroutine(1).unwrap().completed), (n, n));
    }
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
    assert_eq!(events.last(), Some(&Event::LeakFound { g: 3, name: "late".into(), reason: "chan send", held: false }));
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

/// From public questions: main sleeps for ever while another goroutine runs; a closed case makes a loop spin.
#[test]
fn a_hang_of_main_and_a_loop_that_only_spins_are_told() {
    let polls = "(channels: [(name: \"d\"), (name: \"x\")], goroutines: [
        (name: \"main\", program: [Drop(\"d\")]), (name: \"other\", program: [Loop([Select([Recv(\"x\"), Default])])])])";
    let mut m = start(polls);
    let events = act(&mut m, Action::Finish(1));
    assert!(names(&events).contains(&"SpinsForEver"), "{events:?}");
    assert!(events.contains(&Event::MainHangs { g: 1, reason: "chan receive", others: 1 }), "{events:?}");
    assert_eq!(m.verdict(), Verdict::Running, "the runtime says nothing");

    let closed = "(channels: [(name: \"c\"), (name: \"d\")], goroutines: [
        (name: \"main\", program: [Close(\"c\"), Drop(\"d\")]),
        (name: \"w\", program: [Loop([Select([Recv(\"c\"), Recv(\"d\", [Return])])])])], queued: true)";
    let mut m = start(closed);
    let told = [act(&mut m, Action::Finish(1)), act(&mut m, Action::Finish(2))].concat();
    let told = names(&told);
    assert!(told.contains(&"MainHangs") && told.contains(&"SpinsForEver"), "{told:?}");

    // With somebody who may still close d, neither is so.
    let cured = "(channels: [(name: \"c\"), (name: \"d\")], goroutines: [
        (name: \"main\", program: [Close(\"c\"), Drop(\"d\")]),
        (name: \"w\", program: [Loop([Select([Recv(\"c\"), Recv(\"d\", [Return])])])]),
        (name: \"cure\", program: [Close(\"d\")])], queued: true)";
    let mut m = start(cured);
    let told = [act(&mut m, Action::Finish(1)), act(&mut m, Action::Statement(2))].concat();
    assert!(names(&told).iter().all(|name| *name != "MainHangs" && *name != "SpinsForEver"), "{told:?}");
}

fn text(m: &GoChan, g: u32) -> Vec<String> {
    let lines = &m.goroutine(g).unwrap().program.lines;
    lines.iter().map(|l| format!("{}{}", "\t".repeat(l.indent.into()), l.text)).collect()
}

#[test]
fn statements_of_real_code_are_written_as_go_writes_them() {
    let m = start(
        "(channels: [(name: \"a\"), (name: \"b\")], main: Elsewhere, goroutines: [
            (program: [ForNotNil([\"a\", \"b\"], [Select([
                Recv(\"a\", [IfNotOk([SetNil(\"a\"), Continue])]), After(1500, [Break]), Default([After(2000)])])])]),
            (program: [Repeat(2, [Recv(\"a\"), IfNotOk([Break])]), Cancel(\"b\"), After(1000)])])",
    );
    let loops = [
        "for a != nil || b != nil {",
        "\tselect {",
        "\tcase v, ok := <-a:",
        "\t\tif !ok {",
        "\t\t\ta = nil",
        "\t\t\tcontinue",
        "\t\t}",
        "\tcase <-time.After(1500 * time.Millisecond):",
        "\t\tbreak",
        "\tdefault:",
        "\t\t<-time.After(2 * time.Second)",
        "\t}",
        "}",
    ];
    assert_eq!(text(&m, 1), loops);
    let plain = [
        "for range 2 {",
        "\tv, ok := <-a",
        "\tif !ok {",
        "\t\tbreak",
        "\t}",
        "}",
        "cancel() // b",
        "<-time.After(time.Second)",
    ];
    assert_eq!(text(&m, 2), plain);
}

#[test]
fn what_go_does_not_compile_or_never_waits_is_refused() {
    let with = |program: &str| refused(&format!("(channels: [(name: \"c\")], goroutines: [(program: [{program}])])"));
    assert!(with("IfNotOk([Return])").starts_with("undefined: ok"));
    assert!(with("Select([Recv(\"c\")]), IfNotOk([Return])").starts_with("undefined: ok"));
    assert_eq!(with("Break"), "break is not in a loop or select");
    assert_eq!(with("Select([Recv(\"c\", [Continue])])"), "continue is not in a loop");
    for turns in ["Loop([Continue])", "Loop([Repeat(2, [Break])])", "Loop([Repeat(2, [Continue])])"] {
        assert_eq!(with(turns), "a loop that does nothing would turn for ever and touch no channel", "{turns}");
    }
    assert!(with("After(3600001)").contains("an hour"));
    let many = "After(1), ".repeat(8);
    assert!(with(&many).contains("channels"), "{}", with(&many));
}

/// `default` reads with and without statements, and is written back so.
#[test]
fn default_is_read_with_and_without_statements() {
    let both = "[Default,Default([Return]),Recv(\"c\",[]),After(5,[Break])]";
    let cases: Vec<Case> = ron::from_str(both).unwrap();
    assert_eq!(cases[..2], [Case::Default(Vec::new()), Case::Default(vec![Statement::Return])]);
    assert_eq!(ron::to_string(&cases).unwrap(), both);
    for wrong in ["[Default([Retrun])]", "[Default(1)]", "[Defalt]", "[Recv]", "[Send(\"c\")]"] {
        assert!(ron::from_str::<Vec<Case>>(wrong).is_err(), "{wrong}");
    }
}

/// A loop that counts, left by break, counts anew when it comes again.
#[test]
fn a_loop_that_was_left_counts_anew() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 9), (name: \"n\", cap: 1)], main: Elsewhere, goroutines: [
            (program: [Repeat(2, [Repeat(3, [Send(\"c\", 1), Select([Send(\"n\", 1, [Break]), Default([Break])]), Break])])])])",
    );
    act(&mut m, Action::Finish(1));
    assert_eq!(m.channel("c").unwrap().qcount, 2, "each turn of the outer loop sends once");
}

/// `c = nil` is a matter of the goroutine's own variable.
#[test]
fn nil_is_assigned_to_ones_own_variable() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 1)], main: Elsewhere, goroutines: [
            (program: [SetNil(\"c\"), Len(\"c\"), Select([Recv(\"c\"), Default]), Close(\"c\")]), (program: [Send(\"c\", 1), Recv(\"c\")])])",
    );
    act(&mut m, Action::Finish(2));
    let events = names(&act(&mut m, Action::Finish(1)));
    assert_eq!(events, ["Scheduled", "NilAssigned", "LenRead", "NilNotReady", "DefaultReturned", "PanicCloseOfNil"]);
    assert_eq!(m.goroutine(2).unwrap().v, 1);
    assert_eq!(state(&m)["goroutines"]["1"]["nil"], serde_json::json!(["c"]));
}

#[test]
fn timers_fire_in_their_order_and_each_call_makes_a_new_one() {
    let mut m = start(
        "(channels: [(name: \"q\")], goroutines: [
            (program: [Select([Recv(\"q\"), After(30)]), Select([Recv(\"q\"), After(30)])]), (program: [After(20), Send(\"q\", 8)])])",
    );
    act(&mut m, Action::Finish(1));
    act(&mut m, Action::Finish(2));
    let fired = act(&mut m, Action::Schedule);
    assert_eq!(fired, [Event::TimerFired { ch: "timer2".into(), now: 20, to: 2, kicked: 0 }]);
    assert!(m.channel("timer1").is_some() && m.verdict() == Verdict::Running);
    act(&mut m, Action::Finish(2));
    let events = act(&mut m, Action::Finish(1));
    let dropped = Event::TimerDropped { g: 1, ch: "timer1".into(), when: 30, pending: true };
    assert!(events.contains(&dropped), "{events:?}");
    assert!(events.contains(&Event::TimerMade { g: 1, ch: "timer3".into(), after: 30, when: 50 }), "{events:?}");
    // Nobody else can run, and yet it is no deadlock: a timer is pending.
    assert_eq!((m.next_scheduled(), m.verdict()), (None, Verdict::Running));
    act(&mut m, Action::Fire);
    let events = act(&mut m, Action::Finish(1));
    let received = Event::TimerReceived { g: 1, ch: "timer3".into(), case: 1, select: true, when: 50 };
    assert!(events.contains(&received), "{events:?}");
    assert_eq!((m.goroutine(1).unwrap().v, m.verdict()), (8, Verdict::Returned(Vec::new())));
}

/// A timer that fires while its goroutine is still on its way to sleep leaves the time in the buffer, and has to wait for a lock.
#[test]
fn a_timer_fires_into_its_buffer_and_waits_for_the_lock() {
    let mut m = start(
        "(channels: [(name: \"q\")], main: Elsewhere, goroutines: [(program: [Select([Recv(\"q\"), After(5)])])])",
    );
    until(&mut m, 1, "TimerMade");
    let mut early = m.clone();
    let fired = act(&mut early, Action::Fire);
    assert_eq!(fired, [Event::TimerFired { ch: "timer1".into(), now: 5, to: 0, kicked: 0 }]);
    assert!(names(&act(&mut early, Action::Finish(1))).contains(&"TimerReceived"));
    until(&mut m, 1, "NothingReady");
    assert!(refuse(&mut m, Action::Fire).contains("which goroutine 1 holds"));
    act(&mut m, Action::Finish(1));
    act(&mut m, Action::Fire);
    assert_eq!(refuse(&mut m, Action::Fire), "no timer is pending");
}

/// What stands behind a wait that nobody ends is in the text, and is never reached; a variable that is nil reaches nothing.
/// What the runtime reports at last is not called silent before.
#[test]
fn nothing_is_called_silent_that_ends_in_a_deadlock_or_a_panic() {
    let told = |goroutines: &str| {
        let text = format!("(channels: [(name: \"a\"), (name: \"b\")], goroutines: [{goroutines}])");
        let mut m = start(&text);
        let mut names = Vec::new();
        for _ in 0..400 {
            if m.apply(&Action::Schedule, &mut |_, event| names.push(event.name())).is_err() {
                break;
            }
        }
        names.retain(|name| ["MainHangs", "LeakFound", "NeverEnds", "SpinsForEver", "DeadlockFound"].contains(name));
        let panicked = m.dead().is_some_and(|dead| dead.message.starts_with("panic"));
        (names, panicked)
    };
    let main = |program: &str| format!("(name: \"main\", program: [{program}])");
    let deadlocks = [
        [main("Send(\"a\", 1), Recv(\"b\")"), "(program: [Send(\"b\", 1), Recv(\"a\")])".into()],
        [main("Send(\"a\", 1), Drop(\"b\")"), "(program: [Range(\"a\", []), Send(\"b\", 1)])".into()],
        [main("Drop(\"a\")"), "(program: [After(100)])".into()],
    ];
    for [main, other] in deadlocks {
        assert_eq!(told(&format!("{main}, {other}")), (vec!["DeadlockFound"], false), "{main}, {other}");
    }
    let panics = main("Drop(\"a\")") + ", (program: [SetNil(\"b\"), Close(\"b\")])";
    assert_eq!(told(&panics), (vec![], true));
    // A server that waits in `select {}` is as it should be.
    let server =
        main("Select([])") + ", (program: [Loop([Recv(\"a\")])]), (program: [Loop([After(100), Send(\"a\", 1)])])";
    assert_eq!(told(&server), (vec![], false));
    // Main is lost, and the others go on for ever: nobody will report it.
    let hang =
        main("Drop(\"b\")") + ", (program: [Loop([Recv(\"a\")])]), (program: [Loop([After(100), Send(\"a\", 1)])])";
    assert_eq!(told(&hang), (vec!["MainHangs"], false));
}

/// A timer that is due when somebody looks at its channel has fired.
#[test]
fn a_timer_of_zero_is_ready_at_once() {
    let mut m = start("(goroutines: [(program: [Select([After(0, []), Default])])])");
    m.apply(&Action::Finish(1), &mut |_, _| {}).unwrap();
    let chosen = m.goroutine(1).unwrap().outcome;
    assert!(matches!(chosen, Some(Outcome::Selected(0, _))), "{chosen:?}");
}

#[test]
fn leaks_go_by_what_can_be_reached_not_by_the_text() {
    let leaks = |rest: &str| {
        let ron = format!(
            "(channels: [(name: \"c\"), (name: \"d\"), (name: \"x\", cap: 1)], main: Elsewhere, goroutines: [
                (name: \"lost\", program: [Recv(\"c\")]), {rest}])"
        );
        let mut m = start(&ron);
        for g in 2..=m.goroutines().len() as u32 {
            act(&mut m, Action::Finish(g));
        }
        let events = act(&mut m, Action::Finish(1));
        events.iter().find_map(|event| match event {
            Event::LeakFound { g: 1, held, .. } => Some(*held),
            _ => None,
        })
    };
    // The close stands behind a receive that nobody serves.
    assert_eq!(leaks("(program: [Recv(\"d\"), Close(\"c\")])"), Some(false));
    // Somebody who can run still has the channel, but never sends to it: a search by reachability says nothing.
    assert_eq!(leaks("(program: [Loop([Send(\"x\", 1), Recv(\"x\"), Len(\"c\")])])"), Some(true));
    // The variable is nil by the time of the close.
    assert_eq!(
        leaks("(recovers: true, program: [SetNil(\"c\"), Loop([Send(\"x\", 1), Recv(\"x\"), Close(\"c\")])])"),
        Some(false)
    );
    // A timer lets it come to the close.
    assert_eq!(leaks("(program: [After(10), Close(\"c\")])"), None);
    // Behind if !ok of a channel that nobody closes.
    assert_eq!(
        leaks("(program: [Loop([Recv(\"x\"), IfNotOk([Close(\"c\")])])]), (program: [Loop([Send(\"x\", 1)])])"),
        Some(true)
    );
}

#[test]
fn who_polls_for_ever_never_ends_until_somebody_may_stop_it() {
    let polls = "(channels: [(name: \"stop\")], main: Elsewhere, goroutines: [
        (name: \"poll\", program: [Loop([Select([Recv(\"stop\", [Return]), Default([After(10)])])])])REST])";
    let mut m = start(&polls.replace("REST", ""));
    let events = act(&mut m, Action::Finish(1));
    assert!(names(&events).contains(&"NeverEnds") && !names(&events).contains(&"SpinsForEver"), "{events:?}");
    assert_eq!(m.alarm().unwrap().en, "G1 poll never ends: it is woken for ever");
    act(&mut m, Action::Do(2, Statement::Close("stop".into())));
    assert_eq!(m.alarm(), None);
    act(&mut m, Action::Finish(2));
    act(&mut m, Action::Fire);
    act(&mut m, Action::Finish(1));
    assert_eq!(m.goroutine(1).unwrap().status, Status::Dead);
    let mut m = start(&polls.replace("REST", ", (program: [After(50), Close(\"stop\")])"));
    assert!(!names(&act(&mut m, Action::Finish(1))).contains(&"NeverEnds"));
}

#[test]
fn a_context_may_be_cancelled_any_number_of_times() {
    let mut m = start(
        "(channels: [(name: \"ctx\")], goroutines: [(program: [Cancel(\"ctx\"), Cancel(\"ctx\")]), (program: [Drop(\"ctx\")])])",
    );
    act(&mut m, Action::Finish(2));
    let events = names(&act(&mut m, Action::Finish(1)));
    assert_eq!(events.iter().filter(|name| **name == "CloseReturned").count(), 1, "{events:?}");
    assert_eq!(events[events.len() - 2..], ["CancelRepeated", "MainReturned"]);
}
