//! Questions that people asked in public, about programs that hang, leak, spin or answer wrongly: what is right is what the
//! machine says. Each is a small scene of our own; the last column names what its run must tell, in this order, and what it must
//! not.

use glassbox::catalog::{Catalog, Source};
use glassbox::scene::Run;
use glassbox::text::Lang;

use crate::extent;

struct Asked {
    /// What was asked.
    title: &'static str,
    mechanism: &'static str,
    setup: &'static str,
    before: &'static str,
    beats: &'static [&'static str],
    /// Events in this order, each with a piece of its caption.
    told: &'static [(&'static str, &'static str)],
    never: &'static [&'static str],
}

const CHAN: &str = "go-chan";

const ASKED: [Asked; 11] = [
    Asked {
        title: "a context is cancelled by both sides, and the worker leaks in its send",
        mechanism: CHAN,
        setup: r#"(main: Elsewhere, queued: true, channels: [(name: "fail"), (name: "out"), (name: "ctx")], goroutines: [
            (name: "watch", program: [Select([Recv("fail", [Cancel("ctx"), Send("out", 3)]), Recv("ctx", [Return])])]),
            (name: "stop", program: [Send("fail", 1), Cancel("ctx")])])"#,
        before: "",
        beats: &["Finish(1)", "Finish(2)", "Finish(1)"],
        told: &[("CancelRepeated", "cancelled already"), ("LeakFound", "G1 leaks, asleep in chan send")],
        never: &["PanicCloseOfClosed"],
    },
    Asked {
        title: "a closed channel in for-select: one core at full load, and main waits",
        mechanism: CHAN,
        setup: r#"(queued: true, channels: [(name: "feed"), (name: "quit")], goroutines: [
            (name: "main", program: [Close("feed"), Drop("quit")]),
            (name: "loop", program: [Loop([Select([Recv("feed"), Recv("quit", [Return])])])])])"#,
        before: "",
        beats: &["Finish(1)", "Statement(2)", "Statement(2)"],
        told: &[
            ("SpinsForEver", "G2 spins for ever"),
            ("MainHangs", "Main hangs in chan receive"),
            ("SelectReturned", "closed, v = 0, ok = false"),
        ],
        never: &["DeadlockFound", "NeverEnds", "LeakFound"],
    },
    Asked {
        title: "default has statements like any case",
        mechanism: CHAN,
        setup: r#"(channels: [(name: "halt"), (name: "work")], goroutines: [
            (name: "main", program: [Loop([Select([Recv("halt", [Return]), Default([Send("work", 4)])])])]),
            (name: "taker", program: [Drop("work"), Close("halt")])])"#,
        before: "",
        beats: &["Finish(1)", "Finish(2)", "Finish(1)"],
        told: &[
            ("DefaultReturned", "takes default"),
            ("Parked", "chan send"),
            ("SendReturned", "work <- 4 returns"),
            ("SelectReturned", "closed"),
            ("MainReturned", "code 0"),
        ],
        never: &["LeakFound", "DeadlockFound"],
    },
    Asked {
        title: "main waits for ever while another goroutine polls",
        mechanism: CHAN,
        setup: r#"(channels: [(name: "done"), (name: "in")], goroutines: [
            (name: "main", program: [Drop("done")]),
            (name: "poll", program: [Loop([Select([Recv("in"), Default])])])])"#,
        before: "",
        beats: &["Finish(1)", "Statement(2)"],
        told: &[("MainHangs", "one other goroutine can still run")],
        never: &["DeadlockFound", "LeakFound"],
    },
    Asked {
        title: "a case is switched off by nil, and with both off the loop ends",
        mechanism: CHAN,
        setup: r#"(queued: true, channels: [(name: "x"), (name: "y")], goroutines: [
            (name: "main", program: [ForNotNil(["x", "y"], [Select([
                Recv("x", [IfNotOk([SetNil("x")])]), Recv("y", [IfNotOk([SetNil("y")])])])])]),
            (name: "cx", program: [Close("x")]), (name: "cy", program: [Close("y")])])"#,
        before: "",
        beats: &["Finish(2)", "Finish(1)", "Finish(3)", "Finish(1)"],
        told: &[
            ("OkTested", "ok is false"),
            ("NilAssigned", "variable x is nil"),
            ("NilCaseDropped", "x is nil"),
            ("Parked", "select"),
            ("NilAssigned", "variable y is nil"),
            ("NilTested", "the loop ends"),
            ("MainReturned", "code 0"),
        ],
        never: &["SpinsForEver", "LeakFound"],
    },
    Asked {
        title: "without the question about nil, a select of switched-off cases sleeps for ever",
        mechanism: CHAN,
        setup: r#"(queued: true, channels: [(name: "x")], goroutines: [
            (name: "main", program: [Loop([Select([Recv("x", [IfNotOk([SetNil("x")])]), Recv("x")])])]),
            (name: "cx", program: [Close("x")])])"#,
        before: "",
        beats: &["Finish(2)", "PollOrder(1, [0, 1])", "Finish(1)"],
        told: &[("NilAssigned", "x"), ("DeadlockFound", "goroutine 1 [select]")],
        never: &["SpinsForEver"],
    },
    Asked {
        title: "a ticker wakes a goroutine for ever whose cancel never comes",
        mechanism: CHAN,
        setup: r#"(main: Elsewhere, queued: true, channels: [(name: "tick"), (name: "done")], goroutines: [
            (name: "call", program: [Return]),
            (name: "redial", program: [Loop([Select([Recv("tick"), Recv("done", [Return])])])]),
            (name: "beat", program: [Loop([Send("tick", 1)])])])"#,
        before: "",
        beats: &["Finish(2)", "Finish(1)", "Finish(3)", "Finish(2)", "Finish(3)"],
        told: &[("NeverEnds", "G2 can never end"), ("SelectReturned", "tick")],
        never: &["SpinsForEver", "LeakFound"],
    },
    Asked {
        title: "time.After in a loop: a timer a turn, and no goroutine leaks",
        mechanism: CHAN,
        setup: r#"(channels: [(name: "jobs", cap: 1)], goroutines: [
            (name: "main", program: [Loop([Select([Recv("jobs"), After(1000)])])]),
            (name: "post", program: [Send("jobs", 1)])])"#,
        before: "",
        beats: &["Finish(1)", "Finish(2)", "Finish(1)", "Schedule", "Finish(1)"],
        told: &[
            ("TimerMade", "timer1"),
            ("TimerDropped", "timer1, due at 1000 ms, has not fired"),
            ("TimerMade", "timer2"),
            ("TimerFired", "timer2"),
            ("TimerReceived", "the timeout"),
            ("TimerMade", "timer3, and a timer that fires at 2000 ms"),
        ],
        never: &["LeakFound", "DeadlockFound", "NeverEnds"],
    },
    Asked {
        title: "two goroutines that Gosched take turns",
        mechanism: "go-sched",
        setup: r#"(procs: 1, programs: {"b": [Gosched, Compute(1), Gosched, Compute(1)]},
            main: [Go("b", 1), Gosched, Compute(3), Gosched, Compute(3), Gosched, Compute(3)])"#,
        before: "",
        beats: &["Run(75)"],
        told: &[
            ("Computing", "G1 computes"),
            ("Computing", "G2 computes"),
            ("Computing", "G1 computes"),
            ("Computing", "G2 computes"),
        ],
        never: &[],
    },
    Asked {
        title: "preempted when nothing is left: it goes on, and computes nothing twice",
        mechanism: "go-sched",
        setup: r#"(procs: 1, programs: {"long": [Loop(11220)]}, main: [Go("long", 1), Wait])"#,
        before: "",
        beats: &["SkipTo(11219)", "Tick", "Step(1)", "Step(1)", "Run(30)"],
        told: &[("PreemptedBySignal", "0 µs before its end"), ("WaitGroupZero", "G2 is the last")],
        never: &["Computing"],
    },
    Asked {
        title: "a key that is in the map all the time is not found, and nothing is printed",
        mechanism: "go-map",
        setup: "(key: Uint64, hint: 26, filled: 26)",
        before: "Insert(27)",
        beats: &[
            "Go(4, Get(10))",
            "Run(4)",
            "Run(4)",
            "Run(4)",
            "Run(4)",
            "Run(4)",
            "Delete(9999)",
            "Run(4)",
            "Run(4)",
            "Run(4)",
            "Get(10)",
        ],
        told: &[
            ("ZeroReturned", "10 was not found"),
            ("WrongValueRead", "m[10] gave G4 0"),
            ("ValueReturned", "m[10] is 10"),
        ],
        never: &["FatalReadWrite"],
    },
];

fn staged(asked: &Asked) -> Box<dyn Run> {
    let beats: Vec<String> = asked.beats.iter().map(|action| format!("(do: {action})")).collect();
    let text = format!(
        "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: {}, before: [{}], beats: [{}])",
        asked.setup,
        asked.before,
        beats.join(", ")
    );
    let path = format!("own/{}/asked.ron", asked.mechanism);
    let own = Source { path, folder: asked.mechanism.to_owned(), name: "asked".to_owned(), text };
    let staged = Catalog::only(vec![own]).stage(&format!("{}/asked", asked.mechanism));
    staged.unwrap_or_else(|faults| panic!("{}: {faults:?}", asked.title))
}

#[test]
fn public_questions_are_answered_rightly() {
    for asked in ASKED.iter().filter(|asked| extent::only(asked.mechanism)) {
        let run = staged(asked);
        let mut told = asked.told.iter().peekable();
        for at in 1..=run.steps() {
            let event = run.event(at).unwrap().name;
            assert!(!asked.never.contains(&event), "{}: step {at} is {event}", asked.title);
            let caption = run.caption(at, Lang::En).deed();
            if told.peek().is_some_and(|(name, words)| *name == event && caption.contains(words)) {
                told.next();
            }
        }
        assert_eq!(told.next(), None, "{}: this is not told", asked.title);
    }
}

/// A search from the scene of the racing read finds the order by itself, and stops there.
#[test]
fn a_search_stops_at_a_wrong_read() {
    if !extent::only("go-map") {
        return;
    }
    let limits = glassbox::scene::search::Limits { states: 20_000, runs: Some((400, 3)), actions: 60 };
    let text = "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"),
        setup: (key: Uint64, hint: 26, filled: 26), before: [Insert(27)], beats: [(do: Go(4, Get(10))), (do: Go(5, Delete(9999)))])";
    let searched = Catalog::default().kind("go-map").unwrap().search("x.ron", text, 2, limits).unwrap();
    let found = searched.found.expect("the lookup misses what is moved meanwhile");
    assert!(found.what.en.contains("read a wrong value") || found.what.en.contains("concurrent map read"), "{found:?}");
}
