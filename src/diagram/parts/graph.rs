//! A graph as one would draw it on a whiteboard: things in layers from the left, arrows between them.
//!
//! Everything keeps its place: a node says in which layer and row it stands, and the graph is laid out for as many of both
//! as it was made for. What a node is at is said by shape and filling: [`Stage`].

use super::pointer::arrow_mark;
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
    /// White, round.
    Untouched,
    /// Grey, round, with a second rim.
    Begun,
    /// Black, with corners.
    Done,
    /// Dashes: it is there no more.
    Gone,
}

impl Stage {
    /// A mark in the colour of this stage.
    pub(super) fn on(self, mark: Mark) -> Mark {
        match self {
            Stage::Untouched => mark.fill(Fill::White),
            Stage::Begun => mark.fill(Fill::Grey),
            Stage::Done => mark.fill(Fill::Black),
            Stage::Gone => mark.fill(Fill::None).border(Border::Dashed),
        }
    }

    /// What a word on it is written in.
    pub(super) fn ink(self) -> Ink {
        match self {
            Stage::Untouched | Stage::Begun => Ink::Black,
            Stage::Done => Ink::White,
            Stage::Gone => Ink::Soft,
        }
    }
}

/// A thing in a graph, with its name in it.
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
    key: Key,
    nodes: Vec<Node>,
    edges: Vec<(Key, Key, Key, Tone)>,
    layers: usize,
    rows: usize,
}

/// A graph with room for so many layers and rows.
pub fn graph(key: impl Into<Key>, layers: usize, rows: usize) -> Graph {
    Graph { key: key.into(), nodes: Vec::new(), edges: Vec::new(), layers: layers.max(1), rows: rows.max(1) }
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

/// Width and height that a node and the arrows around it take, in cells.
const WIDE: f32 = 3.0;
const HIGH: f32 = 2.1;
/// The height of a node where there is room, in cells, and its share of the distance to the next.
const LARGE: f32 = 1.8;
const SHARE: f32 = 0.64;
/// The share of a layer that its widest node may take.
const OF_LAYER: f32 = 0.8;

impl Part for Graph {
    fn need(&self, _room: f32, size: Size) -> Need {
        let widest = self.nodes.iter().map(|node| node.width(size) / OF_LAYER).fold(size.cell() * WIDE, f32::max);
        let border = size.pad() * 1.2;
        let (w, h) = (self.layers as f32 * widest + border, self.rows as f32 * size.cell() * HIGH + border);
        Need { w: span(w * 0.5, w), h: span(h * 0.5, h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let inner = place.grown(-size.pad() * 0.6);
        let (w, h) = (inner.w / self.layers as f32, inner.h / self.rows as f32);
        let high = (h * SHARE).min(size.cell() * LARGE);
        if high < size.least_text() + 4.0 || w < high {
            return;
        }
        let board = Mark::new(self.key.clone(), place).shape(Shape::Box { radius: 10.0 }).fill(Fill::Board);
        picture.push(board.border(Border::None).layer(2));
        for node in &self.nodes {
            let (layer, row) = (node.layer.min(self.layers - 1), node.row.min(self.rows - 1));
            let middle = point(inner.x + w * (layer as f32 + 0.5), inner.y + h * (row as f32 + 0.5));
            let wide = node.width(size).max(high).min(w * OF_LAYER);
            node.draw(rect(middle.x - wide / 2.0, middle.y - high / 2.0, wide, high), size, picture);
        }
        for (key, from, to, tone) in &self.edges {
            let (Some(a), Some(b)) = (picture.get(from), picture.get(to)) else { continue };
            let mark = if a.key == b.key { around(key, a, *tone) } else { across(key, a, b, *tone) };
            picture.push(mark.layer(9));
        }
    }
}

impl Node {
    /// The width it takes for its name.
    fn width(&self, size: Size) -> f32 {
        wide(&self.name, size.body(), Face::Mono) + size.body()
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let border = if self.strong { Border::Thick } else { Border::Thin };
        // White in the light and black in the dark need a rim to be seen.
        let tone = if self.tone == Tone::Plain { Tone::Faint } else { self.tone };
        let radius = if self.stage == Stage::Done { 4.0 } else { place.h / 2.0 };
        let mark = Mark::new(self.key.clone(), place).shape(Shape::Box { radius }).border(border).tone(tone).layer(12);
        let about = self.about.clone().unwrap_or_else(|| self.name.clone());
        let mark = Mark { path: self.path.clone(), ..self.stage.on(mark) }.about(about);
        let height = size.body().min(place.h - 4.0);
        let name = fit(&self.name, height, Face::Mono, place.w - 6.0).filter(|_| !self.name.en.is_empty());
        picture.push(match name {
            Some((text, _)) => mark.label(mono(text, height).ink(self.stage.ink())),
            None => mark,
        });
        if self.stage == Stage::Begun {
            let rim = place.grown(-place.h * 0.1);
            let rim = Mark::new(format!("{}/rim", self.key), rim).shape(Shape::Box { radius: rim.h / 2.0 });
            picture.push(rim.fill(Fill::None).tone(Tone::Plain).layer(13));
        }
    }
}

/// An arrow that bows a little, more the farther it goes.
fn across(key: &Key, a: &Mark, b: &Mark, tone: Tone) -> Mark {
    let far = (a.rect.center().x - b.rect.center().x).abs() / a.rect.w.max(1.0);
    let bend = if far < 0.5 { 0.3 } else { 0.02 * far.min(5.0) };
    let control = geometry::bow(a.rect.center(), b.rect.center(), bend);
    let curve = [rim(a, control), control, rim(b, control)];
    let arrow = Arrow { from: a.key.clone(), to: b.key.clone(), curve, head: true, dotted: false };
    arrow_mark(key.clone(), arrow, tone)
}

/// Where a line from the middle of a node comes out of it.
fn rim(node: &Mark, towards: geometry::Point) -> geometry::Point {
    let Shape::Box { radius } = node.shape else { return node.rect.edge_towards(towards) };
    let (place, middle) = (node.rect, node.rect.center());
    if radius < place.h / 2.0 {
        return place.edge_towards(towards);
    }
    // Between an ellipse and a box, as a pill is.
    let (dx, dy) = ((towards.x - middle.x) / (place.w / 2.0), (towards.y - middle.y) / (place.h / 2.0));
    let power = 1.0 + place.w / place.h;
    let far = (dx.abs().powf(power) + dy.abs().powf(power)).powf(1.0 / power);
    if far <= 1.0 { middle } else { middle.lerp(towards, 1.0 / far) }
}

/// An arrow from a node to itself.
fn around(key: &Key, a: &Mark, tone: Tone) -> Mark {
    let (r, reach) = (a.rect, a.rect.h * 0.7);
    let curve = [point(r.right(), r.center().y), point(r.right() + reach, r.y - reach * 0.4), point(r.center().x, r.y)];
    let arrow = Arrow { from: a.key.clone(), to: a.key.clone(), curve, head: true, dotted: false };
    arrow_mark(key.clone(), arrow, tone)
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
            sign.draw(rect(x, place.center().y - side / 2.0, side, side), size, picture);
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
