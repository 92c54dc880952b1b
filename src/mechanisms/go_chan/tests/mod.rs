//! The machine against its laws, its refusals, and what the tests of stories share.

mod drawn;
mod recorded;
mod scenarios;

use std::collections::BTreeSet;

use crate::explore::{Bounds, Options, broken, exhaustive, explore};
use crate::machine::{Event as _, Machine};

use super::*;

fn start(ron: &str) -> GoChan {
    GoChan::start(&ron::from_str(ron).unwrap()).unwrap()
}

fn refused(ron: &str) -> String {
    GoChan::start(&ron::from_str(ron).unwrap()).map(drop).unwrap_err().reason.en.into()
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
    refusal.reason.en.into()
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

const RACE: &str = "(channels: [(name: \"x\"), (name: \"y\")], main: Elsewhere, goroutines: [
    (program: [Select([Recv(\"x\"), Recv(\"y\")])]), (program: [Send(\"y\", 1)]), (program: [Send(\"x\", 2)])])";

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
    let found = exhaustive(&m, Bounds::new(60, 400_000), runs, broken, |m| {
        if let Some(Outcome::Selected(case, Some((v, ok)))) = m.goroutine(1).unwrap().outcome {
            outcomes.insert((case, v, ok));
        }
    });
    // Some of them look alike: they differ in what laws look at, such as the tickets of waiters.
    let figures = (found.states, found.actions, found.steps, found.ends, found.cut);
    assert_eq!((figures, found.found), ((1516, 3445, 3504, 7, false), None));
    assert_eq!(outcomes, BTreeSet::from([(0, 2, true), (1, 1, true)]));
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
