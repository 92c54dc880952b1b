//! Calls of the real queue, steal, wake and retake functions on 1 to 64 Ps, and what they taught.

use super::*;

fn recordings() -> Vec<(String, String)> {
    recordings_in("go-sched-queues")
}

#[test]
fn every_call_on_several_ps_replays_exactly() {
    let mut total = Report::default();
    let mut wrong = Vec::new();
    for (name, text) in recordings() {
        let report = match replay(&text) {
            Ok(report) => report,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        if report.mismatches > 0 {
            wrong.push(format!("{name}: {report}"));
        }
        let left_out: usize = report.left_out.values().sum();
        assert!(left_out <= report.operations / 20, "{name}: {report}");
        total.add(report);
    }
    println!("{total}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let left_out = [("handoff", 1), ("stealwork", 1)].map(|(kind, n)| (kind.to_owned(), n));
    assert_eq!(total.left_out, BTreeMap::from(left_out));
}

#[test]
fn a_tampered_call_is_reported_with_its_line() {
    let files: BTreeMap<String, String> = recordings().into_iter().collect();
    for (file, from, to, field) in [
        ("drain-1", "\"n\":0", "\"n\":1", "n"),
        ("grab-1", "\"batch\":[[2,1],[3,2]]", "\"batch\":[[2,2],[3,1]]", "batch"),
        ("timers-1", "\"inherit\":true", "\"inherit\":false", "inherit"),
        ("retake-1", "\"preempted\":[0,1,2,3]", "\"preempted\":[0,1,2]", "preempted"),
    ] {
        let report = replay(&files[file].replacen(from, to, 1)).unwrap();
        assert_eq!(report.first.as_ref().map(|first| first.field.as_str()), Some(field), "{file}: {report}");
    }
    let head = files["next-1"].lines().take(2).collect::<Vec<_>>().join("\n");
    for (line, words) in [
        ("{\"op\":\"put\",\"p\":0,\"next\":true}", "`g`"),
        ("{\"op\":\"put\",\"p\":64,\"g\":1,\"next\":true}", "`p` is 64"),
        ("{\"op\":\"put\",\"p\":0,\"g\":70000,\"next\":true}", "G 70000"),
        ("{\"op\":\"arrive\",\"m\":1}", "was given no P"),
        ("{\"op\":\"enum\",\"i\":1}", "no order"),
        ("{\"op\":\"jump\"}", "jump"),
    ] {
        let error = replay(&format!("{head}\n{line}")).unwrap_err();
        assert!(error.line == 3 && error.cause.contains(words), "{error}");
    }
}

/// The heap of `time.go` moves no equal ones: first, last, last but one, …, second.
#[test]
fn sleepers_due_at_the_same_time_wake_in_the_heaps_order() {
    let mut setup = setup(1, vec![go("w", 5), Stmt::Compute(50), Stmt::Wait], &[("w", vec![Stmt::Sleep(100)])]);
    setup.sysmon = false;
    let events = run(&setup);
    let slept: Vec<u32> =
        events.iter().filter_map(|(_, e)| if let Event::TimerAdded { g, .. } = e { Some(*g) } else { None }).collect();
    let woken: Vec<u32> =
        events.iter().filter_map(|(_, e)| if let Event::TimerFired { g, .. } = e { Some(*g) } else { None }).collect();
    let whens: BTreeSet<u64> = events
        .iter()
        .filter_map(|(_, e)| if let Event::TimerAdded { when, .. } = e { Some(*when) } else { None })
        .collect();
    assert_eq!((slept.len(), whens.len()), (5, 1));
    assert_eq!(woken, [slept[0], slept[4], slept[3], slept[2], slept[1]]);
}

/// `checkRunqsNoP` sees work but no idle P: `checkTimersNoP` shortens the poll all the same.
#[test]
fn work_without_an_idle_p_does_not_keep_a_poller_from_the_next_timer() {
    let mut setup = setup(2, vec![Stmt::Compute(10)], &[("w", vec![])]);
    (setup.sysmon, setup.queued) = (false, vec![local(0, "w", 2)]);
    let mut machine = GoSched::start(&setup).unwrap();
    let g = machine.ps[0].slot(0);
    machine.ps[0].timers.push(Timer { when: 70, g });
    machine.sched.pidle.clear();
    machine.ms[0].pc = Pc::RecheckQueues;
    assert!(matches!(machine.micro(0), Some(Event::NeedSpinningSet { m: 0 })));
    assert_eq!((machine.ms[0].pc, machine.ms[0].w.poll_until), (Pc::NetBlock, 70));
}

/// Every step that is coprime to GOMAXPROCS is drawn, and every P to begin at.
#[test]
fn thieves_draw_all_orders() {
    let drawn: BTreeSet<usize> = (0..400).map(|seed| (GoSched::DRAWS[0].outcome)(seed)).collect();
    assert_eq!(drawn, (0..20).collect());
}

/// `runqputbatch` takes `sched.lock` for what does not fit, and only then.
#[test]
fn a_batch_that_fits_into_the_ring_does_not_wait_for_the_lock() {
    let mut setup = setup(2, vec![Stmt::Compute(10)], &[("w", vec![])]);
    setup.queued = vec![local(0, "w", 255), Queued::Global(String::from("w"), 2)];
    for (n, waits) in [(1, false), (2, true)] {
        let mut machine = GoSched::start(&setup).unwrap();
        machine.sched.runqsize -= n;
        machine.ms[0].w.list = machine.sched.runq.drain(..n as usize).collect();
        (machine.sched.lock, machine.ms[0].pc) = (Some(1), Pc::InjectLocal);
        let event = machine.micro(0).unwrap();
        assert_eq!(event.name() == "LockWaited", waits, "{event:?}");
    }
}

/// `runqputbatch`: of 300 connections that are ready at once the first goroutine runs, 256 fill the ring, 43 are left over.
#[test]
fn what_does_not_fit_the_ring_is_injected_globally() {
    let mut machine = GoSched::start(&Setup {
        sysmon: false,
        ..setup(1, vec![go("conn", 300), Stmt::Wait], &[("conn", vec![Stmt::Net(1_000)])])
    })
    .unwrap();
    let mut met = 0;
    machine
        .apply(&Action::Run(20_000), &mut |state, event| {
            let Event::InjectedLocal { gs, len, spilled, .. } = event else { return };
            let local: Vec<u32> = state.ps[0].ring().map(|slot| state.goid(slot)).collect();
            assert_eq!((&gs, len), (&local, 256));
            assert_eq!(
                (spilled, 43),
                (state.sched.runq.iter().map(|slot| state.goid(*slot)).collect::<Vec<_>>(), state.sched.runqsize)
            );
            met += 1;
        })
        .unwrap();
    assert_eq!(met, 1);
}

/// A recording of a stranger, found by fuzzing: the same P went idle twice, and a count of busy Ps below 0.
#[test]
fn a_state_that_the_runtime_cannot_be_in_is_refused_at_its_line() {
    let header = r#"{"go":"go1.23.9","gomaxprocs":2,"mechanism":"sched-queues","ms":2}"#;
    let start = r#"{"ps":{}}"#;
    for (line, cause) in [
        (r#"{"op":"idle","p":1}"#, "P 1 is twice in the list of idle Ps"),
        (r#"{"op":"find","p":1}"#, "P 1 is twice in the list of idle Ps"),
    ] {
        let text = [header, start, r#"{"op":"idle","p":1}"#, line].join("\n");
        let error = replay(&text).expect_err(cause);
        assert!(error.line == 4 && error.cause.contains(cause), "{error}");
    }
}
