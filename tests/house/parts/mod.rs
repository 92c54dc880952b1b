//! Parts of every kind, with contents of every size: legible, inside their place, nothing over anything else.

pub mod demo;

use glassbox::diagram::geometry::on_curve;
use glassbox::diagram::parts::{
    Capsule, Part, Row, Sign, Stage as GraphStage, bits, capsule, card, cell, column, curves, enlarged, entry, field,
    flow, graph, head, hole, lane, lines, linked, meter, middle, node, numbered, pipe, queue, rack, ring, row, section,
    shelf, side, slot, socket, strip, table, thing, token, tray, well, words,
};
use glassbox::diagram::{Arrow, Diagram, Mark, Point, Rect, Shape, Size, Tone, rect};
use glassbox::scene::lint::lint_picture;
use glassbox::text::{Lang, Text};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::extent;

/// Places along a pointer that are looked at.
const SAMPLES: usize = 60;
/// Contents and places drawn for each part.
/// Rounds of random parts in random places: a sample, and the whole.
const ROUNDS: (u64, u64) = (40, 150);

fn some_text(rng: &mut ChaCha8Rng, most: usize) -> Text {
    let latin: String = (0..rng.random_range(1..=most)).map(|_| rng.random_range('a'..='z')).collect();
    let chinese: String =
        (0..rng.random_range(1..=most.div_ceil(2))).map(|_| *pick(rng, &['读', '写', '锁', '等', '键'])).collect();
    if rng.random_bool(0.5) { Text::same(latin) } else { Text::new(latin, chinese) }
}

fn pick<'a, T>(rng: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    &from[rng.random_range(0..from.len())]
}

fn tone(rng: &mut ChaCha8Rng) -> Tone {
    *pick(rng, &[Tone::Plain, Tone::Plain, Tone::Active, Tone::Moved, Tone::Good, Tone::Info, Tone::Bad, Tone::Faint])
}

/// A part of the `kind`-th kind with random contents; keys begin with `key`.
fn some_part(kind: usize, key: &str, rng: &mut ChaCha8Rng) -> Box<dyn Part> {
    let key = |part: &str| format!("{key}/{part}");
    match kind {
        0 => {
            let made = words(key("words"), some_text(rng, 24)).tone(tone(rng));
            let made = if rng.random() { made.note(some_text(rng, 12)) } else { made };
            let made = if rng.random_bool(0.2) { made.whole() } else { made };
            Box::new(if rng.random() { made.title() } else { made.mono() })
        }
        1 => {
            let made = field(key("field"), some_text(rng, 12), some_text(rng, 9)).tone(tone(rng));
            let made = if rng.random() { made.was(some_text(rng, 6)) } else { made.widest("a wide value") };
            Box::new(if rng.random() { made.inset() } else { made })
        }
        2 => Box::new(token(key("token"), some_text(rng, 6)).tone(tone(rng))),
        3 => {
            let n = rng.random_range(0..30);
            let tokens: Vec<_> =
                (0..n).map(|i| token(key(&format!("token/{i}")), some_text(rng, 4)).tone(tone(rng))).collect();
            let made =
                queue(key("queue"), some_text(rng, 10)).tokens(tokens).slots(rng.random_range(0..9)).tone(tone(rng));
            Box::new(if rng.random() { made.bounded() } else { made.ends(2) })
        }
        4 => {
            let n = rng.random_range(0..12);
            let made = (0..n).fold(lines(key("lines")), |made, _| {
                let (indent, tone) = (rng.random_range(0..4), tone(rng));
                made.toned(indent, some_text(rng, 30), tone)
            });
            Box::new(made.at((n > 0).then(|| rng.random_range(0..n))).room(rng.random_range(1..5)))
        }
        5 => {
            let columns = rng.random_range(1..4);
            let rows: Vec<_> = (0..rng.random_range(0..14))
                .map(|i| {
                    let cells: Vec<_> = (0..columns)
                        .map(|_| {
                            let made = cell(some_text(rng, 8)).tone(tone(rng));
                            if rng.random_bool(0.3) { made.was(some_text(rng, 8)) } else { made }
                        })
                        .collect();
                    entry(key(&format!("row/{i}")), cells).tone(tone(rng))
                })
                .collect();
            let made = table(key("table"), some_text(rng, 12)).rows(rows).room(rng.random_range(1..9)).tone(tone(rng));
            let names: Vec<Text> = (0..columns).map(|_| some_text(rng, 8)).collect();
            let made = if rng.random() { made.columns(names) } else { made.note(some_text(rng, 14)) };
            Box::new(if rng.random_bool(0.1) { made.absent("nil") } else { made })
        }
        6 => {
            let lanes: Vec<_> = (0..rng.random_range(0..14))
                .map(|i| {
                    let made = lane(key(&format!("entry/{i}")), some_text(rng, 9)).tone(tone(rng));
                    let made = if rng.random_bool(0.3) { made.was(some_text(rng, 9)) } else { made };
                    let made = made.ghost(rng.random_bool(0.2));
                    let made = (0..rng.random_range(0..3)).fold(made, |made, tag| {
                        made.tag(token(key(&format!("tag/{i}.{tag}")), some_text(rng, 4)).tone(tone(rng)))
                    });
                    let mut row = |side: &str, odds| {
                        rng.random_bool(odds)
                            .then(|| slot(key(&format!("{side}/{i}")), some_text(rng, 7)).tone(tone(rng)))
                    };
                    made.left(row("left", 0.8)).right(row("right", 0.6))
                })
                .collect();
            let right = head(key("right"), some_text(rng, 8));
            let right = if rng.random_bool(0.2) && lanes.is_empty() { right.absent("nil") } else { right };
            let left = head(key("left"), some_text(rng, 8)).note(some_text(rng, 12)).tone(tone(rng));
            Box::new(linked(key("linked"), left, right).lanes(lanes).room(rng.random_range(1..9)))
        }
        7 => {
            let made = card(key("card"), some_text(rng, 10)).status(some_text(rng, 14), tone(rng)).tone(tone(rng));
            let made = if rng.random() { made.token(token(key("card/token"), some_text(rng, 4))) } else { made };
            let fields: Vec<_> = (0..rng.random_range(0..7))
                .map(|i| field(key(&format!("card/local/{i}")), some_text(rng, 6), some_text(rng, 8)).inset())
                .collect();
            let program = (0..rng.random_range(1..5))
                .fold(lines(key("card/code")), |made, _| made.line(0, some_text(rng, 26)))
                .at(Some(0));
            let made = made.with(program).spare(flow().each(fields));
            Box::new(if rng.random() { made.active() } else { made.away() })
        }
        8 => {
            let sections = rng.random_range(1..3);
            let rows = 1 << rng.random_range(0..5);
            let made = (0..sections).fold(rack().around(rng.random_range(0..rows)), |made, side| {
                let rows: Vec<_> = (0..rows).map(|n| some_row(&key, side * rows + n, rng)).collect();
                let title = section(key(&format!("title/{side}")), some_text(rng, 12), sections * rows.len());
                made.section(title.rows(rows).tone(tone(rng)).all(rng.random_bool(0.2)))
            });
            Box::new(made)
        }
        9 => {
            let made = bits(key("hash"), some_text(rng, 14));
            let made = ["a", "b", "c"].into_iter().fold(made, |made, part| {
                let digits: String = (0..rng.random_range(1..9)).map(|_| *pick(rng, &['0', '1'])).collect();
                let words = if rng.random() { some_text(rng, 9) } else { Text::default() };
                let made = made.group(part, digits, words, tone(rng));
                if part == "b" && rng.random() { made.decides(tone(rng)) } else { made }
            });
            Box::new(made)
        }
        10 => Box::new(some_capsule(&key("capsule"), rng)),
        11 => {
            let mut side = |name: &str| {
                let waiters: Vec<_> =
                    (0..rng.random_range(0..6)).map(|i| some_capsule(&key(&format!("{name}/{i}")), rng)).collect();
                side(key(name), some_text(rng, 8)).waiters(waiters).room(rng.random_range(1..4)).tone(tone(rng))
            };
            let (left, right) = (side("left"), side("right"));
            let slots: Vec<_> = (0..rng.random_range(0..20))
                .map(|i| {
                    let value = token(key(&format!("value/{i}")), some_text(rng, 3)).square().tone(tone(rng));
                    well(key(&format!("slot/{i}"))).content(rng.random_bool(0.5).then_some(value)).tone(tone(rng))
                })
                .collect();
            let n = slots.len();
            let made = middle(key("middle"), some_text(rng, 10)).slots(slots).tone(tone(rng));
            let made = (0..n.min(2)).fold(made, |made, i| {
                made.head(key(&format!("head/{i}")), some_text(rng, 5), rng.random_range(0..n), tone(rng), "path")
            });
            Box::new(pipe(left, made, right))
        }
        12 => {
            let mut words = |name: &str| words(key(name), some_text(rng, 12));
            let made = strip(1.0).left(words("a")).spare(words("b")).right(words("c"));
            let capsule = some_capsule(&key("capsule"), rng);
            Box::new(made.left(capsule).right(token(key("token"), some_text(rng, 4))))
        }
        13 => {
            let n = rng.random_range(1..9);
            let cards: Vec<_> = (0..n)
                .map(|i| {
                    let key = key(&format!("card/{i}"));
                    let made = card(key.clone(), some_text(rng, 8)).note(some_text(rng, 8)).widest(some_text(rng, 9));
                    let made = made.badge(token(format!("{key}/badge"), some_text(rng, 6)));
                    let program = (0..rng.random_range(1..4)).fold(lines(format!("{key}/code")), |made, line| {
                        let tag = token(format!("{key}/tag/{line}"), some_text(rng, 3));
                        made.line(0, some_text(rng, 16)).tag(if line == 0 { tag.bare() } else { tag.square() })
                    });
                    made.filling(program.margin([token("", "abc"), token("", "x")]).at(Some(0)))
                })
                .collect();
            Box::new(enlarged(shelf(cards), 1.5))
        }
        14 => {
            let mut tokens = |name: &str, most: usize| -> Vec<_> {
                let n = rng.random_range(0..most);
                (0..n).map(|i| token(key(&format!("{name}/{i}")), some_text(rng, 4)).round().tone(tone(rng))).collect()
            };
            let (inside, behind) = (tokens("in", 40), tokens("behind", 4));
            let made = ring(key("ring"), some_text(rng, 9), 64, rng.random_range(0..200)).widest(some_text(rng, 4));
            Box::new(made.tokens(inside).behind(behind).left(rng.random_range(0..4)).room(rng.random_range(1..64)))
        }
        15 => {
            let made = socket(key("socket"), some_text(rng, 12)).tone(tone(rng)).lit(rng.random(), tone(rng));
            let inner = token(key("socket/token"), some_text(rng, 4)).round().dashed(rng.random());
            let made = made.token(rng.random::<bool>().then_some(inner)).widest(some_text(rng, 4));
            Box::new(if rng.random() { made.well() } else { made })
        }
        16 => {
            let made = meter(key("meter"), 10.0, "how much").limit(8.0, tone(rng));
            let bar = made.fill(0.0, rng.random_range(0.0..12.0), tone(rng));
            let thread = token(key("meter/thread"), some_text(rng, 5)).triangle().tone(tone(rng));
            Box::new(row().with(thread).filling(1.0, bar))
        }
        17 => {
            let (layers, rows) = (rng.random_range(1..6), rng.random_range(1..5));
            let stages = [GraphStage::Untouched, GraphStage::Begun, GraphStage::Done, GraphStage::Gone];
            let name = |layer: usize, row: usize| key(&format!("node/{layer}.{row}"));
            let places = (0..layers).flat_map(|layer| (0..rows).map(move |row| (layer, row)));
            let nodes: Vec<_> = places
                .map(|(layer, row)| {
                    let made = node(name(layer, row), some_text(rng, 6), (layer, row)).stage(*pick(rng, &stages));
                    made.tone(tone(rng), rng.random())
                })
                .collect();
            let made = graph(key("graph"), layers, rows).nodes(nodes);
            // To the next layer only: farther ones are the seats' affair.
            let made = (1..layers).fold(made, |made, layer| {
                let row = rng.random_range(0..rows);
                made.edge(key(&format!("edge/{layer}")), name(layer - 1, row), name(layer, row), tone(rng))
            });
            Box::new(made)
        }
        18 => {
            let samples = rng.random_range(2..20);
            let made = ["one", "two", "three"].into_iter().fold(curves(key("curves"), 90.0, samples), |made, part| {
                let points: Vec<f32> = (0..samples).map(|_| rng.random_range(0.0..120.0)).collect();
                let made = made.curve(part, some_text(rng, 14), points, tone(rng), rng.random());
                if rng.random() { made.steps() } else { made }
            });
            let along = if rng.random() { some_text(rng, 20) } else { Text::default() };
            Box::new(made.scale(|level| Text::same(format!("{level} MiB")), along))
        }
        _ => unreachable!("there are nineteen kinds"),
    }
}

fn some_row(key: &dyn Fn(&str) -> String, number: usize, rng: &mut ChaCha8Rng) -> Row {
    let made = numbered(key(&format!("index/{number}")), number).lines(rng.random_range(1..3)).tone(tone(rng));
    let made =
        if rng.random_bool(0.1) { made.sign(key(&format!("sign/{number}")), tone(rng), "next", "") } else { made };
    (0..rng.random_range(1..3)).fold(made, |made, pos| {
        let holes: Vec<_> = (0..8)
            .map(|i| {
                let made = hole(key(&format!("cell/{number}/{pos}/{i}"))).words(["a long word", "word", "0"]);
                let made = made.sign(key(&format!("sign/{number}/{pos}/{i}")), tone(rng), *pick(rng, &SIGNS));
                match rng.random_range(0..4) {
                    0 => made.dashed(tone(rng)),
                    1 => made.tone(Some(tone(rng))),
                    _ => made.thing(
                        thing(key(&format!("entry/{number}/{pos}/{i}")), some_text(rng, 9))
                            .above(some_text(rng, 3), rng.random())
                            .beside(some_text(rng, 4))
                            .strong(rng.random_bool(0.2))
                            .dashed(rng.random_bool(0.2))
                            .tone(tone(rng)),
                    ),
                }
            })
            .collect();
        let lit = rng.random_bool(0.3).then(|| tone(rng));
        made.tray(tray(key(&format!("bucket/{number}/{pos}"))).holes(holes).lit(lit).left(rng.random_bool(0.2)))
    })
}

const SIGNS: [Sign; 3] = [Sign::Dot, Sign::Bar, Sign::Tick];

const KINDS: usize = 19;

fn some_capsule(key: &str, rng: &mut ChaCha8Rng) -> Capsule {
    let made = capsule(token(key, some_text(rng, 5)).tone(tone(rng))).ghost(rng.random_bool(0.2));
    let carried = token(format!("{key}/value"), some_text(rng, 3)).square();
    let carried = if rng.random_bool(0.3) { carried.absent() } else { carried.tone(tone(rng)) };
    let made = made.carrying(rng.random_bool(0.7).then_some(carried));
    if rng.random_bool(0.3) { made.note(some_text(rng, 6), tone(rng)) } else { made }
}

struct Any(Box<dyn Part>);

impl Part for Any {
    fn need(&self, room: f32, size: Size) -> glassbox::diagram::parts::Need {
        self.0.need(room, size)
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        self.0.draw(place, size, picture);
    }
}

fn faults(picture: &Diagram, place: Rect, size: Size) -> Vec<String> {
    let mut found: Vec<String> = Lang::ALL
        .iter()
        .flat_map(|lang| lint_picture(picture, *lang, size))
        .map(|complaint| format!("{}: {}: {}", complaint.kind, complaint.mark, complaint.what))
        .collect();
    let outside = picture.marks.iter().filter(|mark| !place.grown(0.6).holds(mark.rect));
    found.extend(outside.map(|mark| format!("{} lies outside of the place: {:?}", mark.key, mark.rect)));
    found.extend(crossed(picture));
    found
}

/// Pointers and trails that run over words of a mark at neither of their ends.
fn crossed(picture: &Diagram) -> Vec<String> {
    let mut found = Vec::new();
    let seen: Vec<&Mark> = picture.marks.iter().filter(|mark| mark.seen_at(1.0)).collect();
    for mark in &seen {
        let way: Vec<Rect> = match &mark.shape {
            Shape::Arrow(Arrow { curve: [start, control, end], .. }) => {
                (0..=SAMPLES).map(|i| on_curve(*start, *control, *end, i as f32 / SAMPLES as f32)).map(spot).collect()
            }
            Shape::Line { points } => points.windows(2).map(|ends| spot(ends[0]).union(spot(ends[1]))).collect(),
            _ => continue,
        };
        let ends = |other: &Mark| match &mark.shape {
            Shape::Arrow(arrow) => other.key == arrow.from || other.key == arrow.to,
            _ => other.rect.overlaps(way[0]),
        };
        for other in seen.iter().filter(|other| !ends(other)) {
            for label in &other.labels {
                if Lang::ALL.iter().any(|lang| way.iter().any(|at| label.bounds(other.rect, *lang).overlaps(*at))) {
                    found.push(format!("{} runs over the words of {}", mark.key, other.key));
                }
            }
        }
    }
    found
}

fn spot(at: Point) -> Rect {
    rect(at.x - 1.0, at.y - 1.0, 2.0, 2.0)
}

fn some_place(rng: &mut ChaCha8Rng) -> Rect {
    let (w, h) = (rng.random_range(10.0..1500.0), rng.random_range(10.0..700.0));
    // Small places are where things go wrong.
    let (w, h) = if rng.random() { (w * 0.4, h * 0.4) } else { (w, h) };
    rect(rng.random_range(0.0..1600.0 - w), rng.random_range(0.0..900.0 - h), w, h)
}

#[test]
fn parts_of_every_kind_are_legible_in_any_place() {
    for size in Size::ALL {
        for kind in 0..KINDS {
            for seed in 0..extent::of(ROUNDS.0, ROUNDS.1) {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                let part = some_part(kind, "it", &mut rng);
                let place = some_place(&mut rng);
                let mut picture = Diagram::new();
                part.draw(place, size, &mut picture);
                let found = faults(&picture, place, size);
                assert_eq!(found, Vec::<String>::new(), "{size:?}, kind {kind}, seed {seed}, in {place:?}");
            }
        }
    }
}

#[test]
fn parts_beside_and_below_each_other_are_legible() {
    for size in Size::ALL {
        for seed in 0..extent::of(ROUNDS.0, ROUNDS.1) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut sheet = column();
            for i in 0..rng.random_range(1..4) {
                let mut line = row().gap(rng.random_range(0.5..4.0));
                for j in 0..rng.random_range(1..4) {
                    let part = Any(some_part(rng.random_range(0..KINDS), &format!("{i}/{j}"), &mut rng));
                    line = match rng.random_range(0..3) {
                        0 => line.with(part),
                        1 => line.spare(part),
                        _ => line.filling(1.0, part),
                    };
                }
                sheet = if rng.random() { sheet.with(line) } else { sheet.filling(1.0, line) };
            }
            let mut picture = Diagram::new();
            sheet.draw(size.area(), size, &mut picture);
            assert_eq!(faults(&picture, size.area(), size), Vec::<String>::new(), "{size:?}, seed {seed}");
        }
    }
}

/// In the room that it wants, a part shows all of its words: only with less it gives way.
#[test]
fn parts_show_everything_in_the_room_they_want() {
    for size in Size::ALL {
        // A strip takes what width it gets, and a long ring wants no room for all.
        for kind in (0..KINDS).filter(|kind| ![12, 14].contains(kind)) {
            for seed in 0..extent::of(ROUNDS.0, ROUNDS.1) {
                let mut rng = ChaCha8Rng::seed_from_u64(seed);
                let part = some_part(kind, "it", &mut rng);
                let w = part.need(f32::INFINITY, size).w.wanted;
                let h = part.need(w, size).h.wanted;
                let mut picture = Diagram::new();
                part.draw(rect(0.0, 0.0, w + 0.01, h + 0.01), size, &mut picture);
                assert!(kind == 4 || !picture.marks.is_empty(), "{size:?}, kind {kind}, seed {seed}: nothing is drawn");
                let cut = picture.marks.iter().flat_map(|mark| &mark.labels).find(|label| {
                    label.text.en.contains('…') || label.text.zh.contains('…') || label.text.en.starts_with('+')
                });
                assert_eq!(cut, None, "{size:?}, kind {kind}, seed {seed}: wants {w} × {h}");
            }
        }
    }
}

#[test]
fn the_demo_is_legible_for_one_to_eight_keys_and_one_to_three_goroutines() {
    for size in Size::ALL {
        for keys in 1..=8 {
            for goroutines in 1..=3 {
                let mut moment = demo::expunging();
                moment.goroutines.truncate(goroutines);
                moment.waiters.retain(|waiter| *waiter <= goroutines);
                while moment.entries.len() < keys {
                    let id = moment.entries.len() + 1;
                    let (key, value, dirty) = (format!("k{id}"), format!("v{id}"), id.is_multiple_of(2));
                    moment.entries.push(demo::Shared {
                        id,
                        key,
                        value,
                        was: None,
                        in_read: true,
                        in_dirty: dirty,
                        tone: Tone::Plain,
                        held: vec![],
                    });
                }
                moment.entries.truncate(keys);
                let picture = demo::draw(&moment, size);
                let what = format!("{size:?}, {keys} keys, {goroutines} goroutines");
                assert_eq!(faults(&picture, size.area(), size), Vec::<String>::new(), "{what}");
                for entry in &moment.entries {
                    assert!(picture.get(&format!("entry/{}", entry.id)).is_some(), "{what}: entry {}", entry.id);
                }
            }
        }
    }
}

#[test]
fn the_sheet_of_parts_is_legible() {
    for size in Size::ALL {
        for sheet in [demo::sheet(size), demo::pipes(size)] {
            assert_eq!(faults(&sheet, size.area(), size), Vec::<String>::new(), "{size:?}");
        }
    }
}

/// What has no room is counted, and is there when the canvas is enlarged.
#[test]
fn what_is_left_out_opens_on_zoom() {
    for size in Size::ALL {
        let tokens = (0..40).map(|i| token(format!("token/{i}"), format!("G{i}")));
        let mut picture = Diagram::new();
        queue("queue", "runq").tokens(tokens).draw(rect(100.0, 100.0, 700.0, 60.0), size, &mut picture);
        let tokens: Vec<&Mark> = picture.marks.iter().filter(|mark| mark.key.starts_with("token/")).collect();
        let hidden = tokens.iter().filter(|mark| !mark.seen_at(1.0)).count();
        assert_eq!(tokens.len(), 40, "{size:?}");
        assert!(hidden > 10, "{size:?}: {hidden}");
        let more = picture.get("queue/more").expect("it is drawn");
        assert_eq!(more.labels[0].text, Text::same(format!("+{hidden}")));
        let opens = more.until_zoom.expect("it opens");
        assert!(tokens.iter().all(|mark| mark.seen_at(opens)), "{size:?}");
    }
}

/// The 42nd of 64 rows is what the step is about: it is shown, and pointed at.
#[test]
fn rows_with_a_meaning_are_shown_before_plain_ones() {
    for size in Size::ALL {
        let sheet = demo::sheet(size);
        assert!(sheet.get("bucket/2.41").is_some_and(|row| row.seen_at(1.0)), "{size:?}");
        assert!(sheet.get("moves").is_some(), "{size:?}");
        assert!(sheet.get("bucket/2.40").is_none_or(|row| !row.seen_at(1.0)), "{size:?}");
    }
}
