//! Refusals, setups, coarse actions.

use super::*;

#[test]
fn refused_actions_leave_the_state_unchanged() {
    let mut machine = GoSched::start(&Setup::default()).unwrap();
    machine.apply(&Action::Run(40), &mut |_, _| {}).unwrap();
    let before = json(&machine);
    let spawn = |name: &str, n| Action::Spawn(String::from(name), n);
    let refused = [
        Action::Step(99),
        Action::Step(1),
        Action::Round(1),
        Action::Run(0),
        Action::Advance(0),
        Action::SkipTo(0),
        Action::Skip(0),
        spawn("nobody", 1),
        spawn("compute", 0),
        spawn("compute", 100_000),
        Action::NetReady(1),
        Action::Return(0),
        Action::Return(77),
    ];
    for action in refused {
        let mut steps = 0;
        let refusal = machine.apply(&action, &mut |_, _| steps += 1).unwrap_err();
        assert!(!refusal.reason.en.is_empty() && !refusal.reason.zh.is_empty());
        assert_eq!((steps, json(&machine)), (0, before.clone()), "{action:?}");
    }
    machine.apply(&Action::Run(100_000), &mut |_, _| {}).unwrap();
    assert!(machine.choices().is_empty());
    assert!(machine.apply(&Action::Run(1), &mut |_, _| {}).unwrap_err().reason.en.contains("main returned"));
}

/// What a limit allows is allowed, and one more is not.
#[test]
fn limits_hold_to_the_last_one() {
    let wait = || vec![Stmt::Wait];
    let sized = |cap| Setup { chans: [(String::from("c"), cap)].into(), ..setup(1, wait(), &[]) };
    let programs = |n: u32| {
        let named = (0..n).map(|i| (format!("w{i}"), Vec::new()));
        Setup { programs: named.collect(), ..setup(1, wait(), &[]) }
    };
    let spans = |us| setup(1, vec![Stmt::Compute(us)], &[]);
    let pairs = [
        (setup(64, wait(), &[]), setup(65, wait(), &[])),
        (sized(1_000_000), sized(1_000_001)),
        (programs(1000), programs(1001)),
        (Setup { round_us: 1000, ..setup(1, wait(), &[]) }, Setup { round_us: 1001, ..setup(1, wait(), &[]) }),
        (Setup { max_threads: 10_000, ..Setup::default() }, Setup { max_threads: 10_001, ..Setup::default() }),
        (setup(1, vec![go("w", 4999)], &[("w", vec![])]), setup(1, vec![go("w", 5000)], &[("w", vec![])])),
        (queued_in_ring(256), queued_in_ring(257)),
        (spans(3_600_000_000), spans(3_600_000_001)),
    ];
    for (most, too_much) in pairs {
        assert!(GoSched::start(&most).is_ok(), "refused: {:?}", GoSched::start(&most).err());
        assert!(GoSched::start(&too_much).is_err(), "accepted: {too_much:?}");
    }
    let mut machine = GoSched::start(&Setup { sysmon: false, ..setup(1, vec![Stmt::Compute(5)], &[]) }).unwrap();
    // Nothing is due yet, and time alone changes nothing.
    assert!(machine.apply(&Action::Tick, &mut |_, _| {}).unwrap_err().reason.en.contains("nothing is due"));
    for (most, too_much) in [
        (Action::Skip(1_000_000), Action::Skip(1_000_001)),
        (Action::Run(1_000_000), Action::Run(1_000_001)),
        (Action::Advance(3_600_000_000), Action::Advance(3_600_000_001)),
    ] {
        assert!(machine.accept(&most).is_ok() && machine.accept(&too_much).is_err(), "{most:?}");
    }
}

fn queued_in_ring(n: u32) -> Setup {
    Setup { queued: vec![local(0, "w", n)], ..setup(1, vec![Stmt::Wait], &[("w", vec![])]) }
}

#[test]
fn setups_that_cannot_be_are_refused() {
    let w = || vec![("w", vec![])];
    let wait = || vec![Stmt::Wait];
    let queued = |queued: Vec<Queued>| Setup { queued, ..setup(2, wait(), &w()) };
    let ch = || String::from("c");
    let cases = [
        (setup(0, wait(), &[]), "1 to 64"),
        (setup(65, wait(), &[]), "1 to 64"),
        (setup(1, vec![go("v", 1)], &w()), "there are: w"),
        (setup(1, vec![Stmt::Send(ch())], &[]), "no channel"),
        (setup(1, vec![Stmt::Compute(0)], &[]), "statement 0: 0 µs"),
        (setup(1, vec![Stmt::Again(3)], &[]), "nothing but"),
        (setup(1, wait(), &[("w", wait())]), "only main"),
        (setup(1, vec![go("w", 6000)], &w()), "6001 goroutines"),
        (setup(1, vec![go("w", 1)], &[("w", vec![go("w", 2)])]), "starts itself"),
        (queued(vec![local(0, "w", 257)]), "holds 256"),
        (queued(vec![local(2, "w", 1)]), "2 Ps"),
        (queued(vec![Queued::Running(0, String::from("w"))]), "main runs on P0"),
        (Setup { max_threads: 1, ..Setup::default() }, "max_threads"),
    ];
    for (setup, words) in cases {
        let refusal = GoSched::start(&setup).err().expect("accepted");
        assert!(refusal.reason.en.contains(words), "{:?} lacks {words:?}", refusal.reason.en);
        assert!(!refusal.reason.zh.is_empty());
    }
}

#[test]
fn a_setup_reads_well() {
    let text = r#"(procs: 2, chans: {"c": 1}, programs: {"worker": [Compute(50), Times(3, Send("c")), Syscall(200)]},
        main: [Go("worker", 3), Recv("c"), Wait], queued: [Local(1, "worker", 4), Global("worker", 2)])"#;
    let setup: Setup = ron::from_str(text).unwrap();
    let mut machine = GoSched::start(&setup).unwrap();
    let state = json(&machine);
    assert_eq!(state["allgs"]["1"]["at"], "for range 3 { go worker() }");
    assert_eq!(state["allp"][1]["runq"], serde_json::json!([2, 3, 4, 5]));
    assert_eq!(state["sched"]["runqsize"], 2);
    let action: Action = ron::from_str(r#"Spawn("worker", 5)"#).unwrap();
    machine.apply(&action, &mut |_, event| assert_eq!(event.name(), "SpawnAsked")).unwrap();
}

#[test]
fn coarse_actions_lead_where_fine_ones_do() {
    let setup = Setup { procs: 3, ..Setup::default() };
    let (mut fine, mut coarse) = (GoSched::start(&setup).unwrap(), GoSched::start(&setup).unwrap());
    fine.apply(&Action::Run(70), &mut |_, _| {}).unwrap();
    let mut events = Vec::new();
    coarse.apply(&Action::Skip(70), &mut |_, event| events.push(event)).unwrap();
    assert!(matches!(events[..], [Event::Skipped { steps: 70, .. }]));
    assert_eq!(json(&fine), json(&coarse));
}

#[test]
fn one_to_sixty_four_ps_run_to_the_end() {
    for procs in [1, 7, 64] {
        let w =
            vec![Stmt::Compute(40), Stmt::Gosched, Stmt::Syscall(50), Stmt::Sleep(30), Stmt::Net(20), Stmt::Again(2)];
        let events = run(&setup(procs, vec![go("w", 70), Stmt::Wait], &[("w", w)]));
        assert_eq!(count(&events, "GExited"), 70, "{procs}");
    }
}
