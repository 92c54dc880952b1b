//! What people look for: moments that answer, and orders in which a program goes wrong.

use glassbox::catalog::{Catalog, Source};
use glassbox::scene::search::{Limits, Searched};
use glassbox::search::{Index, Kind};
use glassbox::text::Lang;

/// What people type, and the scenes of which one has to come first.
const ASKED: [(&str, &[&str]); 15] = [
    ("map 怎么扩容", &["go-map/growth", "go-map/first-growth"]),
    ("为什么遍历无序", &["go-map/iteration"]),
    ("load factor", &["go-map/growth", "go-map/same-size", "go-map/first-growth", "go-swiss-map/grow"]),
    ("负载因子", &["go-map/growth", "go-map/same-size", "go-map/first-growth", "go-swiss-map/grow"]),
    ("GMP", &["go-sched/letters"]),
    ("6.5", &["go-map/growth", "go-map/first-growth", "go-map/same-size"]),
    ("deadlock", &["go-chan/leaks"]),
    ("goroutine 泄漏", &["go-chan/leaks"]),
    ("抢占", &["go-sched/sysmon", "go-sched/tick61"]),
    ("how does select choose?", &["go-chan/select"]),
    ("work stealing", &["go-sched/steal"]),
    ("tombstone", &["go-swiss-map/tombstones", "go-swiss-map/prune"]),
    ("expunged", &["go-sync-map/why-expunged", "go-sync-map/deleted"]),
    ("concurrent map writes", &["go-map/writers", "go-map/concurrent"]),
    ("evacuate", &["go-map/growth", "go-map/first-growth"]),
];

#[test]
fn what_people_type_brings_the_right_moment_first() {
    let catalog = Catalog::default();
    let index = Index::plan(&catalog)();
    let mut wrong = Vec::new();
    for (query, scenes) in ASKED {
        let hits = index.find(query, 10);
        match hits.first() {
            Some(hit) if scenes.contains(&hit.answer.scene.as_str()) => {}
            other => wrong.push(format!("{query}: {:?}", other.map(|hit| (&hit.answer.scene, &hit.answer.text.zh)))),
        }
        assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score), "{query}: not in order");
        for hit in hits {
            let steps = catalog.stage(&hit.answer.scene).unwrap().steps();
            assert!(hit.answer.at <= steps && !hit.answer.text.get(Lang::En).is_empty(), "{query}: {hit:?}");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let hit = index.find("map 怎么扩容", 1).remove(0);
    assert_eq!(hit.answer.kind, Kind::Question, "{hit:?}");
}

const LIMITS: Limits = Limits { states: 20_000, runs: None, actions: 200 };

fn searched(mechanism: &str, setup: &str, beats: &str, limits: Limits) -> Searched {
    let text = format!(
        "(mechanism: \"{mechanism}\", title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), setup: {setup}, beats: [{beats}])"
    );
    let catalog = Catalog::default();
    let after = usize::from(!beats.is_empty());
    catalog.kind(mechanism).unwrap().search("x.ron", &text, after, limits).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Two goroutines that wait for each other in one of two orders: the order is found, it is the shortest, and it is a scene.
#[test]
fn the_order_in_which_a_program_hangs_is_found_and_can_be_played() {
    let setup = |second: &str| {
        format!(
            "(channels: [(name: \"a\", cap: 1), (name: \"b\", cap: 1)], main: Elsewhere, goroutines: [
                (name: \"one\", program: [Send(\"a\", 1), Send(\"b\", 1), Recv(\"a\"), Recv(\"b\")]), (name: \"two\", program: [{second}])])"
        )
    };
    let crossed = setup("Send(\"b\", 2), Send(\"a\", 2), Recv(\"b\"), Recv(\"a\")");
    for limits in [LIMITS, Limits { runs: Some((60, 1)), ..LIMITS }] {
        let found = searched("go-chan", &crossed, "", limits).found.expect("one holds a, the other b");
        assert!(found.what.en.contains("leaks") && found.actions <= 8, "{found:?}");
        let source = Source {
            path: "found.ron".into(),
            folder: "go-chan".into(),
            name: "found".into(),
            text: found.scene.clone(),
        };
        let run = Catalog::only(vec![source])
            .stage("go-chan/found")
            .unwrap_or_else(|faults| panic!("{faults:?}\n{}", found.scene));
        assert_eq!(run.event(run.steps()).map(|event| event.name), Some("LeakFound"), "{}", found.scene);
    }
    let sound = setup("Recv(\"a\"), Recv(\"b\")");
    let searched = searched("go-chan", &sound, "", LIMITS);
    // One puts two in and takes two out; whoever comes late waits for ever.
    assert!(searched.found.is_some(), "{searched:?}");
}

#[test]
fn a_sound_program_is_searched_to_its_end_and_a_limit_is_told() {
    let setup = "(channels: [(name: \"a\")], main: Elsewhere, goroutines: [
        (name: \"one\", program: [Send(\"a\", 1)]), (name: \"two\", program: [Recv(\"a\")])])";
    let whole = searched("go-chan", setup, "", LIMITS);
    assert!(whole.found.is_none() && !whole.cut && whole.ends > 0 && whole.tried > 3, "{whole:?}");
    let cut = searched("go-chan", setup, "", Limits { states: 3, ..LIMITS });
    assert!(cut.found.is_none() && cut.cut, "{cut:?}");
}

/// The map is searched after a beat that has a writer under way: a second one that passes the check meets it.
#[test]
fn what_two_goroutines_do_to_a_map_is_found() {
    let beats = "(do: Go(2, Set(\"k1\", 1)))";
    let one = searched("go-map", "(filled: 3)", beats, LIMITS);
    assert!(one.found.is_none(), "{one:?}");
}
