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
    /// In a root's field: its place among all fields of roots, from the top.
    Root(usize),
    /// In a slot of an object.
    Object(String),
}

/// The objects of a run, and who points at them.
#[derive(Clone, Debug, Default)]
pub struct Seats {
    layers: BTreeMap<String, usize>,
    pointers: BTreeSet<(Source, String)>,
    roots: usize,
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

    /// A pointer that is there.
    pub fn point(&mut self, from: Source, to: &str) {
        if let Source::Root(at) = from {
            self.roots = self.roots.max(at + 1);
        }
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

    /// Moves objects up and down, and two of a layer past each other, as long as that makes the picture better.
    fn arranged(&self) -> BTreeMap<String, Seat> {
        let mut seats = BTreeMap::new();
        let mut next = vec![0; self.layers() + 1];
        for (name, layer) in &self.layers {
            seats.insert(name.clone(), (*layer, next[*layer]));
            next[*layer] += 1;
        }
        let names: Vec<&String> = self.layers.keys().collect();
        let mut cost = self.cost(&seats);
        loop {
            let before = cost;
            for name in &names {
                for row in 0..self.rows() {
                    let moved = with(&seats, name, row);
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

    /// How bad a picture is: arrows through objects, arrows that cross, long ones.
    fn cost(&self, seats: &BTreeMap<String, Seat>) -> usize {
        let place = |name: &String| seats.get(name).map(|seat| point(*seat));
        let lines: Vec<(Point, Point)> = self
            .pointers
            .iter()
            .filter_map(|(from, to)| {
                let from = match from {
                    Source::Root(at) => Some((0.0, self.rows() as f32 * (*at as f32 + 0.5) / self.roots as f32 - 0.5)),
                    Source::Object(name) => place(name),
                };
                from.zip(place(to))
            })
            .collect();
        let through = lines.iter().map(|line| seats.values().filter(|seat| passes(*line, point(**seat))).count());
        let through: usize = through.sum();
        let crossed: usize =
            (0..lines.len()).map(|i| lines[..i].iter().filter(|other| cross(lines[i], **other)).count()).sum();
        let long: f32 = lines.iter().map(|(a, b)| (a.1 - b.1).powi(2) + 2.0 * f32::from(a.0 >= b.0)).sum();
        through * 200 + crossed * 60 + (long * 10.0) as usize
    }
}

type Point = (f32, f32);

/// Roots stand in the column before the first layer.
fn point((layer, row): Seat) -> Point {
    (layer as f32 + 1.0, row as f32)
}

/// With an object in another row; who stands there takes its place.
fn with(seats: &BTreeMap<String, Seat>, name: &str, row: usize) -> BTreeMap<String, Seat> {
    let mut moved = seats.clone();
    let Some(&(layer, was)) = seats.get(name) else { return moved };
    if let Some((other, _)) = seats.iter().find(|(_, seat)| **seat == (layer, row)) {
        moved.insert(other.clone(), (layer, was));
    }
    moved.insert(name.to_owned(), (layer, row));
    moved
}

/// Whether a line runs through a place that is none of its ends.
fn passes((a, b): (Point, Point), place: Point) -> bool {
    if a == place || b == place {
        return false;
    }
    let (along, to) = ((b.0 - a.0, b.1 - a.1), (place.0 - a.0, place.1 - a.1));
    let share = (along.0 * to.0 + along.1 * to.1) / (along.0 * along.0 + along.1 * along.1).max(f32::MIN_POSITIVE);
    let nearest = (a.0 + along.0 * share.clamp(0.0, 1.0), a.1 + along.1 * share.clamp(0.0, 1.0));
    (nearest.0 - place.0).powi(2) + (nearest.1 - place.1).powi(2) < 0.12
}

/// Whether two lines cross, their ends left out.
fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |a: Point, b: Point, p: Point| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
    side(a, b, c) * side(a, b, d) < -1e-6 && side(c, d, a) * side(c, d, b) < -1e-6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(layers: &[(&str, usize)], pointers: &[(&str, &str)]) -> Seats {
        let mut made = Seats::default();
        layers.iter().for_each(|(name, layer)| made.seat(name, *layer, |_| true));
        for (from, to) in pointers {
            let source = from.parse().map_or_else(|_| Source::Object((*from).to_owned()), Source::Root);
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
        assert!(!passes((a, c), b), "{a:?} {b:?} {c:?}");
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
