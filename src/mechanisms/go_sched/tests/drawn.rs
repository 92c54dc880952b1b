//! What the pictures say: goroutines and threads keep their keys, nothing jumps, a theft says its sum.

use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::view::View as _;

use super::*;

/// P2 steals half of what P1 cannot work off.
const STEAL: &str = r#"(procs: 3, sysmon: false, programs: {"w": [], "busy": [Compute(1000)]}, main: [Compute(1000)],
    queued: [Running(1, "busy"), Local(1, "w", 7), Runnext(1, "w")])"#;
/// Threads go to the kernel and come back, sysmon retakes, goroutines sleep and wait for the network.
const KERNEL: &str = r#"(procs: 2, programs: {"disk": [Syscall(1000)], "net": [Net(50)], "nap": [Sleep(40)]},
    main: [Go("disk", 3), Go("net", 2), Go("nap", 2), Wait])"#;

fn start(setup: &str) -> GoSched {
    GoSched::start(&ron::from_str::<Setup>(setup).unwrap()).unwrap()
}

/// The pictures of so many steps, each with its event, in room for all of them.
fn pictures(setup: &str, steps: u32, size: Size) -> Vec<(Event, GoSched, Diagram)> {
    let mut room = Default::default();
    let mut states = Vec::new();
    let _ = start(setup).apply(&Action::Run(steps), &mut |machine, event| {
        machine.widen(&mut room);
        states.push((event, machine.clone()));
    });
    let drawn = |(event, machine): (Event, GoSched)| {
        let picture = machine.view(Some(&event), Tone::Active, size, size.area(), &room);
        (event, machine, picture)
    };
    states.into_iter().map(drawn).collect()
}

fn places(picture: &Diagram, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Rect> {
    let marks = picture.marks.iter().filter(|mark| wanted(&mark.key));
    marks.map(|mark| (mark.key.to_string(), mark.rect)).collect()
}

#[test]
fn nothing_jumps() {
    let stays = |key: &str| {
        let cards = ["p/", "program/"].iter().any(|kind| key.starts_with(kind)) && key.matches('/').count() == 1;
        cards || key.contains("/slot/") || key.ends_with("/running") || key.ends_with("/runnext") || key == "sysmon"
    };
    for (setup, size) in [STEAL, KERNEL].into_iter().flat_map(|setup| Size::ALL.map(|size| (setup, size))) {
        let pictures = pictures(setup, 120, size);
        let first = places(&pictures[0].2, stays);
        assert!(first.len() >= 10, "{size:?}: {first:?}");
        for (event, _, picture) in &pictures {
            let now = places(picture, stays);
            let jumps: Vec<_> = first.iter().filter(|(key, place)| now.get(*key) != Some(place)).collect();
            assert!(jumps.is_empty() && now.len() == first.len(), "{size:?}, {}: {jumps:?}", event.name());
        }
    }
}

/// Whoever has not ended is somewhere, under the same key, unless a count stands for it.
#[test]
fn nobody_vanishes() {
    let many = |procs: u32| {
        format!(
            "(procs: {procs}, round_us: 1, sysmon: false, programs: {{\"w\": [Compute(20), Gosched]}}, main: [Go(\"w\", 12), Wait])"
        )
    };
    let setups = [STEAL.to_owned(), KERNEL.to_owned(), many(1), many(4), many(8)];
    for (setup, size) in setups.iter().flat_map(|setup| Size::ALL.map(|size| (setup, size))) {
        for (event, machine, picture) in pictures(setup, 70, size) {
            let counted = picture.marks.iter().any(|mark| mark.key.ends_with("/more"));
            for (_, g) in machine.live().filter(|_| !counted) {
                assert!(
                    picture.get(&format!("g/{}", g.goid)).is_some(),
                    "{size:?}: G{} after {event:?}, {setup}",
                    g.goid
                );
            }
            for m in 0..machine.ms().len() {
                assert!(picture.get(&format!("m/{m}")).is_some(), "{size:?}: M{m} after {event:?}, {setup}");
            }
        }
    }
}

#[test]
fn a_theft_shows_who_goes_where_and_why_so_many() {
    let pictures = pictures(STEAL, 40, Size::Window);
    let at = |name: &str| pictures.iter().position(|(event, ..)| event.name() == name).unwrap();
    let (before, after) = (&pictures[at("StealCommitted") - 1].2, &pictures[at("StealCommitted")].2);
    let place = |picture: &Diagram, key: &str| picture.get(key).unwrap_or_else(|| panic!("no {key}")).rect;
    for g in 3..=6 {
        assert!(place(before, "p/1").holds(place(before, &format!("g/{g}"))), "G{g}");
        assert!(place(after, "p/2").holds(place(after, &format!("g/{g}"))), "G{g}");
    }
    assert_eq!(after.get("p/2/why").unwrap().labels[0].text.en, "half of 7, rounded up = 4");
    assert_eq!(after.get("m/2/doing/note").unwrap().labels[0].text.en, "pass 1/4");
    let way = after.get("theft").unwrap().rect;
    assert!(way.x > place(after, "p/1").x && way.right() < place(after, "p/2").right());
}
