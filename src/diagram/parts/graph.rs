//! A graph as one would draw it on a whiteboard: things in layers from the left, arrows between them.
//!
//! Everything keeps its place: a node says in which layer and row it stands, and the graph is laid out for as many of both
//! as it was made for. What a node is at is said by shape and filling: [`Stage`].

use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{
    Arrow, Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, geometry, label, mono, point,
    rect,
};
use crate::text::Text;

/// How far something has come, told by shape, filling and line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A white circle.
    Untouched,
    /// A grey circle with a dot.
    Begun,
    /// A black square.
    Done,
    /// Dashes: it is there no more.
    Gone,
}

/// A thing in a graph, with its name below it.
#[derive(Clone, Debug)]
pub struct Node {
    key: Key,
    name: Text,
    layer: usize,
    row: usize,
    stage: Stage,
    tone: Tone,
    strong: bool,
    path: Option<Path>,
    about: Option<Text>,
}

/// A node that nothing has been done with yet.
pub fn node(key: impl Into<Key>, name: impl Into<Text>, (layer, row): (usize, usize)) -> Node {
    let (key, name) = (key.into(), name.into());
    Node { key, name, layer, row, stage: Stage::Untouched, tone: Tone::Plain, strong: false, path: None, about: None }
}

impl Node {
    /// How far it has come.
    pub fn stage(self, stage: Stage) -> Node {
        Node { stage, ..self }
    }

    /// With a meaning; what this step is about has a strong line.
    pub fn tone(self, tone: Tone, strong: bool) -> Node {
        Node { tone, strong, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Node {
        Node { path: Some(path.into()), ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Node {
        Node { about: Some(about.into()), ..self }
    }
}

/// Nodes in layers, and the arrows between them.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<(Key, Key, Key, Tone)>,
    layers: usize,
    rows: usize,
}

/// A graph with room for so many layers and rows.
pub fn graph(layers: usize, rows: usize) -> Graph {
    Graph { nodes: Vec::new(), edges: Vec::new(), layers: layers.max(1), rows: rows.max(1) }
}

impl Graph {
    /// With these nodes.
    pub fn nodes(mut self, nodes: impl IntoIterator<Item = Node>) -> Graph {
        self.nodes.extend(nodes);
        self
    }

    /// With an arrow from one node to another; without both it is not drawn.
    pub fn edge(mut self, key: impl Into<Key>, from: impl Into<Key>, to: impl Into<Key>, tone: Tone) -> Graph {
        self.edges.push((key.into(), from.into(), to.into(), tone));
        self
    }
}

/// Width and height of a node with its name, in cells.
const WIDE: f32 = 2.6;
const HIGH: f32 = 2.5;

impl Part for Graph {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (w, h) = (self.layers as f32 * size.cell() * WIDE, self.rows as f32 * size.cell() * HIGH);
        Need { w: span(w * 0.6, w), h: span(h * 0.5, h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (w, h) = (place.w / self.layers as f32, place.h / self.rows as f32);
        let high = size.body() * 1.3;
        let side = (h - high - 6.0).min(size.cell() * 1.7).min(w * 0.45);
        if side < size.least_text() * 0.6 {
            return;
        }
        for node in &self.nodes {
            let (layer, row) = (node.layer.min(self.layers - 1), node.row.min(self.rows - 1));
            // Every other layer stands a little lower, so that an arrow past it does not run through its nodes.
            let lower = if layer % 2 == 1 && self.rows > 1 { (h - side - high) * 0.45 } else { 0.0 };
            let at = point(place.x + w * (layer as f32 + 0.5), place.y + h * row as f32 + lower + 3.0);
            node.draw(rect(at.x - side / 2.0, at.y, side, side), w - 8.0, size, picture);
        }
        for (key, from, to, tone) in &self.edges {
            let (Some(a), Some(b)) = (picture.get(from), picture.get(to)) else { continue };
            let mark = if a.key == b.key { around(key, a) } else { across(key, a, b) };
            picture.push(mark.tone(*tone).layer(9));
        }
    }
}

impl Node {
    fn draw(&self, place: Rect, room: f32, size: Size, picture: &mut Diagram) {
        let shape = if self.stage == Stage::Done { Shape::Box { radius: 3.0 } } else { Shape::Circle };
        let fill = match self.stage {
            Stage::Untouched => Fill::White,
            Stage::Begun => Fill::Grey,
            Stage::Done => Fill::Black,
            Stage::Gone => Fill::None,
        };
        let border = match (self.stage, self.strong) {
            (Stage::Gone, _) => Border::Dashed,
            _ => Border::Thick,
        };
        // Black on a dark canvas needs a rim of its own.
        let tone = if self.tone == Tone::Plain && self.stage != Stage::Untouched { Tone::Info } else { self.tone };
        let mark = Mark::new(self.key.clone(), place).shape(shape).fill(fill).border(border).tone(tone).layer(12);
        let about = self.about.clone().unwrap_or_else(|| self.name.clone());
        picture.push(Mark { path: self.path.clone(), ..mark }.about(about));
        if self.stage == Stage::Begun {
            let dot = place.grown(-place.w * 0.34);
            let dot = Mark::new(format!("{}/dot", self.key), dot).shape(Shape::Circle).fill(Fill::Black);
            picture.push(dot.border(Border::None).layer(13));
        }
        let Some((text, w)) = fit(&self.name, size.body(), Face::Mono, room) else { return };
        let at = rect(place.center().x - w / 2.0 - 2.0, place.bottom() + 1.0, w + 4.0, size.body() * 1.25);
        let ink = if self.strong && self.tone != Tone::Plain { Ink::Of(self.tone) } else { Ink::Text };
        let words =
            Mark::new(format!("{}/name", self.key), at).shape(Shape::Text).fill(Fill::None).border(Border::None);
        debug_assert!(wide(&text, size.body(), Face::Mono) <= w + 1.0, "what fits fits");
        picture.push(words.label(mono(text, size.body()).ink(ink)).layer(14));
    }
}

/// An arrow that bows a little, more the farther it goes.
fn across(key: &Key, a: &Mark, b: &Mark) -> Mark {
    let far = (a.rect.center().x - b.rect.center().x).abs() / a.rect.w.max(1.0);
    let bend = if far < 1.0 { 0.35 } else { 0.03 * far.min(5.0) };
    Mark::arrow(key.clone(), a, b, bend)
}

/// An arrow from a node to itself.
fn around(key: &Key, a: &Mark) -> Mark {
    let (r, reach) = (a.rect, a.rect.w * 0.9);
    let curve = [point(r.right(), r.center().y), point(r.right() + reach, r.y - reach * 0.4), point(r.center().x, r.y)];
    let place = curve.iter().fold(rect(curve[0].x, curve[0].y, 0.0, 0.0), |all, p| all.union(rect(p.x, p.y, 0.0, 0.0)));
    let arrow = Arrow { from: a.key.clone(), to: a.key.clone(), curve, head: true, dotted: false };
    Mark::new(key.clone(), place).shape(Shape::Arrow(arrow)).fill(Fill::None)
}

/// What the shapes of a graph mean, in a row.
pub fn legend(words: [(Stage, Text); 3]) -> Legend {
    Legend { words }
}

/// See [`legend`].
#[derive(Clone, Debug)]
pub struct Legend {
    words: [(Stage, Text); 3],
}

impl Part for Legend {
    fn need(&self, _room: f32, size: Size) -> Need {
        let words: f32 =
            self.words.iter().map(|(_, text)| wide(text, size.small(), Face::Sans) + size.body() * 2.4).sum();
        Need { w: span(0.0, words), h: span(size.small(), size.small() * 1.6) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let mut x = place.x;
        let side = size.body();
        for (at, (stage, text)) in self.words.iter().enumerate() {
            let w = wide(text, size.small(), Face::Sans);
            if x + side * 2.4 + w > place.right() + 0.5 || place.h < size.small() {
                return;
            }
            let sign = node(format!("legend/{at}"), "", (0, 0)).stage(*stage).about(text.clone());
            sign.draw(rect(x, place.center().y - side / 2.0, side, side), 0.0, size, picture);
            let words = label(text.clone(), size.small()).ink(Ink::Soft).left(0.0);
            picture.push(
                Mark::text(format!("legend/{at}/words"), point(x + side * 1.4, place.center().y), words).layer(12),
            );
            x += side * 2.4 + w;
        }
    }
}

/// Where two curves of the same data would lie on each other the later one is seen.
pub(super) fn line_mark(key: Key, points: Vec<geometry::Point>, tone: Tone) -> Mark {
    let first = points.first().copied().unwrap_or_default();
    let place = points.iter().fold(rect(first.x, first.y, 0.0, 0.0), |all, p| all.union(rect(p.x, p.y, 0.0, 0.0)));
    Mark::new(key, place).shape(Shape::Line { points }).fill(Fill::None).tone(tone)
}
