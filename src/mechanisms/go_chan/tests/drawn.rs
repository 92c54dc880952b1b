//! What the pictures say: a value is one token all its way, and a sudog lies with whoever has it in hand.

use super::*;
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::view::View as _;

fn pictures(machine: &mut GoChan, action: Action) -> Vec<(&'static str, Diagram)> {
    let mut seen = Vec::new();
    machine
        .apply(&action, &mut |machine, event| {
            seen.push((
                event.name(),
                machine.view(Some(&event), Tone::Active, Size::Window, Size::Window.area(), &Default::default()),
            ))
        })
        .unwrap();
    seen
}

fn at<'a>(pictures: &'a [(&'static str, Diagram)], event: &str) -> &'a Diagram {
    &pictures.iter().find(|(name, _)| *name == event).unwrap().1
}

fn place(picture: &Diagram, key: &str) -> Rect {
    picture.get(key).unwrap_or_else(|| panic!("no {key}")).rect
}

const BUFFERED: &str = "(channels: [(name: \"c\", cap: 2)], main: Elsewhere, goroutines: [
    (program: [Send(\"c\", 5), Send(\"c\", 0)]), (program: [Recv(\"c\"), Recv(\"c\")])])";

#[test]
fn a_value_is_one_token_from_the_sender_through_a_slot_to_the_receiver() {
    let mut m = start(BUFFERED);
    let sent = pictures(&mut m, Action::Statement(1));
    let card = place(at(&sent, "Locked"), "goroutine/1");
    assert!(card.holds(place(at(&sent, "Locked"), "value/1.0.0")));
    for step in ["SlotWritten", "SendxMoved", "QcountRaised", "Unlocked", "SendReturned"] {
        let slot = place(at(&sent, step), "slot/c/0");
        assert!(slot.holds(place(at(&sent, step), "value/1.0.0")), "{step}");
    }
    let received = pictures(&mut m, Action::Statement(2));
    let card = place(at(&received, "SlotRead"), "goroutine/2");
    assert!(card.holds(place(at(&received, "SlotRead"), "value/1.0.0")));
    // The copy has left, the slot keeps its own until it is zeroed.
    assert_eq!(at(&received, "SlotRead").get("buffered/c/0").unwrap().labels.len(), 1);
    assert!(at(&received, "SlotZeroed").get("buffered/c/0").is_none());
    assert!(card.holds(place(at(&received, "ReceiveReturned"), "value/1.0.0")));
}

/// A slot is drawn by what was written, not by what the number is.
#[test]
fn a_zero_that_was_sent_is_a_value_too() {
    let mut m = start(BUFFERED);
    act(&mut m, Action::Statement(1));
    let sent = pictures(&mut m, Action::Statement(1));
    assert!(at(&sent, "SendReturned").get("value/1.1.0").is_some());
}

#[test]
fn a_sudog_lies_with_whoever_took_it_until_its_owner_is_told() {
    let mut m = start(
        "(channels: [(name: \"c\")], main: Elsewhere, goroutines: [(program: [Recv(\"c\")]), (program: [Send(\"c\", 1)])])",
    );
    act(&mut m, Action::Finish(1));
    let sent = pictures(&mut m, Action::Statement(2));
    for (step, holder) in
        [("SudogDequeued", 2), ("SentDirectly", 2), ("Unlocked", 2), ("WaiterTold", 1), ("Readied", 1)]
    {
        let card = place(at(&sent, step), &format!("goroutine/{holder}"));
        assert!(card.holds(place(at(&sent, step), "sudog/1/0")), "{step}");
    }
}

#[test]
fn a_dropped_value_leaves_v_alone() {
    let mut m = start(
        "(channels: [(name: \"c\", cap: 2)], main: Elsewhere, goroutines: [
            (program: [Send(\"c\", 5), Send(\"c\", 7), Recv(\"c\"), Drop(\"c\")])])",
    );
    for _ in 0..3 {
        act(&mut m, Action::Statement(1));
    }
    let dropped = act(&mut m, Action::Statement(1));
    assert_eq!(dropped.last(), Some(&Event::ReceiveReturned { g: 1, ch: "c".into(), value: 7, ok: true, kept: false }));
    assert_eq!((m.goroutine(1).unwrap().v, m.channel("c").unwrap().qcount), (5, 0));
}

#[test]
fn queued_goroutines_begin_in_runq_in_their_order() {
    let m = start("(queued: true, main: Elsewhere, goroutines: [(program: []), (program: []), (program: [])])");
    assert_eq!((m.runnext(), Vec::from(m.runq().clone())), (None, vec![1, 2, 3]));
}

/// Cards, channels, queues and slots keep their places for a whole run: what comes later has its room from the beginning.
#[test]
fn nothing_jumps() {
    let setup = "(channels: [(name: \"c\", cap: 1), (name: \"u\")], main: Elsewhere, goroutines: [
        (name: \"a\", program: [Loop([Select([Recv(\"c\"), Recv(\"u\")])])]),
        (program: [Send(\"c\", 10), Send(\"c\", 2), Send(\"u\", 3)]), (program: [Recv(\"u\"), Close(\"c\")])])";
    let actions = [1, 2, 3, 2, 1, 2, 3, 1].map(Action::Statement);
    let (mut room, mut m) = (Default::default(), start(setup));
    for action in &actions {
        let _ = m.apply(action, &mut |machine, _| machine.widen(&mut room));
    }
    for size in Size::ALL {
        let mut m = start(setup);
        let fixed = |picture: &Diagram| {
            let stays = |key: &str| {
                let alone = ["goroutine/", "channel/"].iter().any(|thing| key.starts_with(thing));
                alone && key.matches('/').count() == 1 || key.starts_with("slot/") || key.ends_with("/track")
            };
            let marks = picture.marks.iter().filter(|mark| stays(&mark.key));
            marks.map(|mark| (mark.key.clone(), mark.rect)).collect::<Vec<_>>()
        };
        let first = fixed(&m.view(None, Tone::Active, size, size.area(), &room));
        assert!(first.len() >= 10);
        for action in &actions {
            let _ = m.apply(action, &mut |machine, event| {
                let picture = machine.view(Some(&event), Tone::Active, size, size.area(), &room);
                assert_eq!(fixed(&picture), first, "{size:?}, {}", event.name());
            });
        }
    }
}

/// The box of a timer's channel is as wide before the timer is made, while it runs and when it has fired.
#[test]
fn a_timer_has_its_room_from_the_beginning() {
    let setup = "(channels: [(name: \"q\")], main: Elsewhere, goroutines: [
        (program: [Loop([Select([Recv(\"q\"), After(1000, [Return])])])]), (program: [After(400), Send(\"q\", 5)])])";
    let actions =
        [Action::Finish(1), Action::Finish(2), Action::Fire, Action::Finish(2), Action::Finish(1), Action::Fire];
    let (mut room, mut m) = (Default::default(), start(setup));
    for action in &actions {
        let _ = m.apply(action, &mut |machine, _| machine.widen(&mut room));
    }
    for size in Size::ALL {
        let mut m = start(setup);
        let boxes = |picture: &Diagram| {
            let channel = |key: &str| (key.starts_with("channel/") && key.matches('/').count() == 1) || key == "now";
            picture.marks.iter().filter(|mark| channel(&mark.key)).map(|mark| mark.rect).collect::<Vec<_>>()
        };
        let mut seen = Vec::new();
        for action in &actions {
            let _ = m.apply(action, &mut |machine, event| {
                let picture = machine.view(Some(&event), Tone::Active, size, size.area(), &room);
                seen.push((event.name(), boxes(&picture)));
            });
        }
        assert!(seen.iter().any(|(name, _)| *name == "TimerFired") && seen[0].1.len() >= 3, "{seen:?}");
        let first = &seen[0].1;
        seen.iter().for_each(|(name, now)| assert_eq!(now, first, "{size:?}, {name}"));
    }
}

/// A goroutine that starts later, and one that is reported as leaked, leave all cards where they are.
#[test]
fn cards_stay_when_a_goroutine_starts_or_is_reported() {
    let setup = "(channels: [(name: \"c\")], main: Elsewhere, goroutines: [
        (name: \"a\", program: [Recv(\"c\")]), (name: \"b\", program: [Len(\"c\"), Len(\"c\")])])";
    let actions: Vec<Action> =
        ["Finish(1)", "Do(3, Send(\"c\", 12345))", "Finish(3)", "Do(4, Recv(\"c\"))", "Finish(2)", "Finish(4)"]
            .iter()
            .map(|action| ron::from_str(action).unwrap())
            .collect();
    let (mut room, mut states) = (Default::default(), Vec::new());
    let mut m = start(setup);
    for action in &actions {
        let _ = m.apply(action, &mut |machine, event| states.push((machine.clone(), event)));
    }
    states.iter().for_each(|(machine, _)| machine.widen(&mut room));
    assert!(states.iter().any(|(_, event)| event.name() == "LeakFound"));
    for size in Size::ALL {
        let cards = |(machine, event): &(GoChan, Event)| {
            let picture = machine.view(Some(event), Tone::Active, size, size.area(), &room);
            [1, 2, 3, 4].map(|g| place(&picture, &format!("goroutine/{g}")))
        };
        let first = cards(&states[0]);
        states.iter().for_each(|state| assert_eq!(cards(state), first, "{size:?}, {}", state.1.name()));
    }
}
