//! Where objects stand: in the layer that they are first reached in, in rows that keep arrows short and apart.
//!
//! All objects and pointers that a run ever has are seated at once, so that each keeps its place from the first picture on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Layer and row.
pub type Seat = (usize, usize);

/// So many objects stand below each other, at most.
const ROWS: usize = 4;
/// So many rows there are, at least: with fewer, arrows past an object run through it.
const LEAST_ROWS: usize = 3;

/// So many objects have a seat of their own; those that come later take one whose object is gone.
const SEATS: usize = 24;

/// Where a pointer is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// In a root's field: its card from the top, and its line there.
    Root(usize, usize),
    /// In a slot of an object.
    Object(String),
}

/// The objects of a run, and who points at them.
#[derive(Clone, Debug, Default)]
pub struct Seats {
    layers: BTreeMap<String, usize>,
    pointers: BTreeSet<(Source, String)>,
    /// Lines of each card of roots.
    cards: Vec<usize>,
    /// Of a long run: objects that sit where another one did.
    heirs: BTreeMap<String, String>,
    seated: OnceLock<BTreeMap<String, Seat>>,
}

impl Seats {
    /// An object that is there, in the layer that it is first seen in; `alive` says which others are.
    pub fn seat(&mut self, name: &str, layer: usize, alive: impl Fn(&str) -> bool) {
        if self.layers.contains_key(name) || self.heirs.contains_key(name) {
            return;
        }
        if self.layers.len() >= SEATS {
            let held = |seat: &String| alive(seat) || self.heirs.iter().any(|(heir, of)| of == seat && alive(heir));
            let free = self.layers.keys().find(|seat| !held(seat)).cloned();
            self.heirs.extend(free.map(|seat| (name.to_owned(), seat)));
            return;
        }
        // A full layer sends what comes to the next one.
        let full = |layer: &usize| self.layers.values().filter(|taken| *taken == layer).count() >= ROWS;
        let layer = (layer..).find(|layer| !full(layer)).unwrap_or(layer);
        self.layers.insert(name.to_owned(), layer);
        self.seated = OnceLock::new();
    }

    /// A card of roots has room for so many lines.
    pub fn card(&mut self, card: usize, lines: usize) {
        self.cards.resize(self.cards.len().max(card + 1), 0);
        if lines > self.cards[card] {
            self.cards[card] = lines;
            self.seated = OnceLock::new();
        }
    }

    /// A pointer that is there.
    pub fn point(&mut self, from: Source, to: &str) {
        let seated = |name: &str| self.layers.contains_key(name);
        let known = seated(to) && !matches!(&from, Source::Object(name) if !seated(name));
        if known && self.pointers.insert((from, to.to_owned())) {
            self.seated = OnceLock::new();
        }
    }

    /// How many layers there are.
    pub fn layers(&self) -> usize {
        self.layers.values().map(|layer| layer + 1).max().unwrap_or(1).max(2)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        let fullest = (0..self.layers()).map(|layer| self.layers.values().filter(|at| **at == layer).count()).max();
        fullest.unwrap_or(1).max(LEAST_ROWS)
    }

    /// Where an object stands.
    pub fn of(&self, name: &str) -> Seat {
        let name = self.heirs.get(name).map_or(name, String::as_str);
        self.seated.get_or_init(|| self.arranged()).get(name).copied().unwrap_or_default()
    }

    /// In each layer by the height of who points at them, the roots' fields first.
    fn ordered(&self) -> BTreeMap<String, Seat> {
        let mut seats: BTreeMap<String, Seat> = BTreeMap::new();
        for layer in 0..self.layers() {
            let height = |name: &String| {
                let sources = self.pointers.iter().filter(|(_, to)| to == name).filter_map(|(from, _)| match from {
                    Source::Root(card, line) => Some(self.field(*card, *line).1),
                    Source::Object(from) => seats.get(from).map(|seat| point(*seat).1),
                });
                let heights: Vec<f32> = sources.collect();
                if heights.is_empty() { f32::MAX } else { heights.iter().sum::<f32>() / heights.len() as f32 }
            };
            let mut names: Vec<&String> =
                self.layers.iter().filter(|(_, at)| **at == layer).map(|(name, _)| name).collect();
            names.sort_by(|a, b| height(a).total_cmp(&height(b)));
            let seated: Vec<_> =
                names.into_iter().enumerate().map(|(row, name)| (name.clone(), (layer, row))).collect();
            seats.extend(seated);
        }
        seats
    }

    /// Each layer in turn takes the best of all its arrangements, as long as one makes the picture better.
    fn arranged(&self) -> BTreeMap<String, Seat> {
        let mut seats = self.ordered();
        let mut cost = self.cost(&seats);
        loop {
            let before = cost;
            for layer in 0..self.layers() {
                let names: Vec<&String> =
                    self.layers.iter().filter(|(_, at)| **at == layer).map(|(name, _)| name).collect();
                for rows in arrangements(names.len(), self.rows()) {
                    let mut moved = seats.clone();
                    moved.extend(names.iter().zip(rows).map(|(name, row)| ((*name).clone(), (layer, row))));
                    let then = self.cost(&moved);
                    if then < cost {
                        (seats, cost) = (moved, then);
                    }
                }
            }
            if cost == before {
                return seats;
            }
        }
    }

    /// Where a root's field is, about: fields begin at the top and lie close, whatever the rows.
    fn field(&self, card: usize, line: usize) -> Point {
        let above = self.cards.iter().take(card).sum::<usize>() + line;
        (0.0, self.rows() as f32 * (0.03 + 0.0875 * above as f32 + 0.15 * card as f32).min(1.0) - 0.5)
    }

    /// How bad a picture is: arrows through objects, arrows that cross, long ones.
    fn cost(&self, seats: &BTreeMap<String, Seat>) -> usize {
        let place = |name: &String| seats.get(name).map(|seat| point(*seat));
        let ways: Vec<Way> = self
            .pointers
            .iter()
            .filter_map(|(from, to)| match from {
                Source::Root(card, line) => Some(bowed(self.field(*card, *line), place(to)?)),
                Source::Object(name) => Some(vec![place(name)?, place(to)?]),
            })
            .collect();
        let through = ways.iter().map(|way| seats.values().filter(|seat| passes(way, point(**seat))).count());
        let through: usize = through.sum();
        let crossed: usize =
            (0..ways.len()).map(|i| ways[..i].iter().filter(|other| cross(&ways[i], other)).count()).sum();
        let ends = ways.iter().map(|way| (way[0], way[way.len() - 1]));
        let long: f32 = ends.map(|(a, b)| (a.1 - b.1).powi(2) + 2.0 * f32::from(a.0 >= b.0)).sum();
        through * 200 + crossed * 60 + (long * 10.0) as usize
    }
}

type Point = (f32, f32);

/// The corners of an arrow.
type Way = Vec<Point>;

/// Pieces that the bow of a root's arrow is looked at in.
const PIECES: u8 = 5;

/// A root's arrow leaves its field level, as `pointer` draws it.
fn bowed(a: Point, b: Point) -> Way {
    let at = |piece: u8| {
        let t = f32::from(piece) / f32::from(PIECES);
        let (first, middle, last) = ((1.0 - t).powi(2), 2.0 * t * (1.0 - t), t.powi(2));
        (first * a.0 + middle * f32::midpoint(a.0, b.0) + last * b.0, (first + middle) * a.1 + last * b.1)
    };
    (0..=PIECES).map(at).collect()
}

/// Roots stand in the column before the first layer.
fn point((layer, row): Seat) -> Point {
    (layer as f32 + 1.0, row as f32)
}

/// All ways to give so many objects rows of their own.
fn arrangements(objects: usize, rows: usize) -> Vec<Vec<usize>> {
    (0..objects).fold(vec![Vec::new()], |made, _| {
        let longer = |taken: Vec<usize>| {
            let free: Vec<usize> = (0..rows).filter(|row| !taken.contains(row)).collect();
            free.into_iter().map(move |row| [taken.clone(), vec![row]].concat())
        };
        made.into_iter().flat_map(longer).collect()
    })
}

/// Whether an arrow runs through a place that is none of its ends.
fn passes(way: &[Point], place: Point) -> bool {
    if way.first() == Some(&place) || way.last() == Some(&place) {
        return false;
    }
    way.windows(2).any(|piece| {
        let (a, b) = (piece[0], piece[1]);
        let (along, to) = ((b.0 - a.0, b.1 - a.1), (place.0 - a.0, place.1 - a.1));
        let share = (along.0 * to.0 + along.1 * to.1) / (along.0.powi(2) + along.1.powi(2)).max(f32::MIN_POSITIVE);
        let nearest = (a.0 + along.0 * share.clamp(0.0, 1.0), a.1 + along.1 * share.clamp(0.0, 1.0));
        (nearest.0 - place.0).powi(2) + (nearest.1 - place.1).powi(2) < 0.12
    })
}

/// Whether two arrows cross, their ends left out.
fn cross(one: &[Point], other: &[Point]) -> bool {
    let side = |a: Point, b: Point, p: Point| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
    let meet = |(a, b): (Point, Point), (c, d): (Point, Point)| {
        side(a, b, c) * side(a, b, d) < -1e-6 && side(c, d, a) * side(c, d, b) < -1e-6
    };
    one.windows(2).any(|x| other.windows(2).any(|y| meet((x[0], x[1]), (y[0], y[1]))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(layers: &[(&str, usize)], pointers: &[(&str, &str)]) -> Seats {
        let mut made = Seats::default();
        layers.iter().for_each(|(name, layer)| made.seat(name, *layer, |_| true));
        for (from, to) in pointers {
            let root = from.parse().map(|line| Source::Root(0, line));
            let source = root.unwrap_or_else(|_| Source::Object((*from).to_owned()));
            made.point(source, to);
        }
        made
    }

    #[test]
    fn arrows_do_not_cross_where_they_need_not() {
        let made = seats(&[("A", 0), ("B", 0), ("C", 1), ("D", 1)], &[("0", "B"), ("1", "A"), ("A", "C"), ("B", "D")]);
        assert!(made.of("B").1 < made.of("A").1, "the upper root's object stands above");
        assert!(made.of("D").1 < made.of("C").1, "and what that points at as well");
    }

    #[test]
    fn an_arrow_past_an_object_does_not_run_through_it() {
        let made = seats(&[("A", 0), ("B", 1), ("C", 2)], &[("0", "A"), ("A", "B"), ("B", "C"), ("A", "C")]);
        let [a, b, c] = ["A", "B", "C"].map(|name| point(made.of(name)));
        assert!(!passes(&[a, c], b), "{a:?} {b:?} {c:?}");
    }

    #[test]
    fn the_bow_of_a_roots_arrow_does_not_run_through_an_object_either() {
        let made = seats(
            &[("B", 0), ("A", 1), ("W", 2), ("V", 3)],
            &[("0", "B"), ("1", "A"), ("2", "B"), ("3", "W"), ("B", "A"), ("A", "W"), ("W", "V")],
        );
        let names = ["B", "A", "W", "V"].map(|name| point(made.of(name)));
        for (at, to) in [(0, 0), (1, 1), (2, 0), (3, 2)] {
            let way = bowed(made.field(0, at), names[to]);
            assert!(!names.iter().any(|name| passes(&way, *name)), "{at} {names:?}");
        }
    }

    #[test]
    fn a_full_layer_goes_on_in_the_next() {
        let names = ["A", "B", "C", "D", "E"];
        let made = seats(&names.map(|name| (name, 0)), &[]);
        let places: BTreeSet<Seat> = names.iter().map(|name| made.of(name)).collect();
        assert_eq!(places.len(), 5, "each has a place of its own");
        assert_eq!(made.layers(), 2);
    }

    #[test]
    fn a_long_run_has_no_more_seats_than_others() {
        let mut made = Seats::default();
        let names: Vec<String> = (0..500).map(|i| format!("n{i}")).collect();
        for (i, name) in names.iter().enumerate() {
            let alive = &names[i.saturating_sub(9)..=i];
            made.seat(name, 0, |other| alive.iter().any(|name| name == other));
            let seats: BTreeSet<Seat> = alive.iter().map(|name| made.of(name)).collect();
            assert_eq!(seats.len(), alive.len(), "each that is there has a seat of its own at {name}");
        }
        assert!(made.layers() <= SEATS.div_ceil(ROWS));
    }
}
