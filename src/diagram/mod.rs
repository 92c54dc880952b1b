//! A picture as a value: marks with names, on a canvas of 1600 × 900 units.
//!
//! A mark's key says what the thing *is* (`entry/k9`), never where it sits; [`tween`] moves it from its old place to its
//! new one. Nothing here knows egui: the same diagram goes to the window, to a film frame and to a lint.

pub mod geometry;
pub mod layout;
pub mod measure;
pub mod palette;
pub mod parts;
mod size;
mod tween;

use std::sync::Arc;

use serde::Serialize;
use smol_str::SmolStr;

pub use geometry::{Point, Rect, point, rect};
pub use size::Size;
pub use tween::{ease, tween};

use crate::text::{Lang, Text};

/// Width of the canvas in units.
pub const CANVAS_W: f32 = 1600.0;
/// Height of the canvas in units.
pub const CANVAS_H: f32 = 900.0;
/// The whole canvas.
pub const CANVAS: Rect = rect(0.0, 0.0, CANVAS_W, CANVAS_H);
/// The smallest text that a label may have, in units.
pub const MIN_TEXT: f32 = 16.0;

/// What a mark is, in words: `entry/k9`, `goroutine/3`. Unique in a diagram.
pub type Key = Arc<str>;

/// A place in the state, such as `buckets[3].tophash[1]`. What is short is copied, what is long shared.
pub type Path = SmolStr;

/// What a thing means right now; the palette gives each a colour in either theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Default, strum::EnumIter)]
pub enum Tone {
    /// Simply there.
    #[default]
    Plain,
    /// There, but not what this is about.
    Faint,
    /// What this step is about.
    Active,
    /// Moved, or moving.
    Moved,
    /// Written, found, in order.
    Good,
    /// Read, looked at, pointed out.
    Info,
    /// A fault.
    Bad,
}

/// How the inside of a shape is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Default)]
pub enum Fill {
    /// Not at all.
    None,
    /// As a quiet surface: a container, a chip.
    #[default]
    Panel,
    /// As a surface one level deeper: a slot inside a container.
    Well,
    /// With a tint of its tone.
    Tint,
    /// Wholly in the colour of its tone: a bar, a dot. Carries no words.
    Solid,
    /// A surface on which white, grey and black all stand out.
    Board,
    /// White, grey or black in either theme: where colours are what it is about. Words on it are in [`Ink::Black`], on black
    /// in [`Ink::White`].
    White,
    /// See [`Fill::White`].
    Grey,
    /// See [`Fill::White`].
    Black,
}

/// How the outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Default)]
pub enum Border {
    /// Not at all.
    None,
    /// A hairline.
    #[default]
    Thin,
    /// A strong line: what this step is about.
    Thick,
    /// Dashes: empty, left behind, not yet there.
    Dashed,
}

/// The outline of a mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Shape {
    /// A rectangle with rounded corners, radius in units.
    Box {
        /// Of the corners.
        radius: f32,
    },
    /// A circle inscribed in the mark's rectangle.
    Circle,
    /// A triangle that points up, inscribed in the mark's rectangle.
    Triangle,
    /// Nothing but its labels.
    Text,
    /// A line through these places.
    Line {
        /// In the order of drawing.
        points: Vec<Point>,
    },
    /// A curve from one mark to another.
    Arrow(Arrow),
}

/// A curve between two marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arrow {
    /// The mark it leaves; its start lies on or in that mark.
    pub from: Key,
    /// The mark it reaches; its end lies on or in that mark.
    pub to: Key,
    /// Start, control point, end of a quadratic curve.
    pub curve: [Point; 3],
    /// Whether it ends in a head.
    pub head: bool,
    /// Dots instead of a line: the way something took.
    pub dotted: bool,
}

/// The face of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Default)]
pub enum Face {
    /// Sentences and names.
    #[default]
    Sans,
    /// Titles and emphasis.
    Strong,
    /// Identifiers, numbers, code.
    Mono,
}

/// The colour of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Default)]
pub enum Ink {
    /// To be read first.
    #[default]
    Text,
    /// To be read second.
    Soft,
    /// The colour of the mark's tone.
    Tone,
    /// The colour of another tone.
    Of(Tone),
    /// Black in either theme, for [`Fill::White`] and [`Fill::Grey`].
    Black,
    /// White in either theme, for [`Fill::Black`].
    White,
}

/// Where in its mark a label sits; the label is centred vertically on that place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Default)]
pub enum Anchor {
    /// Centred on the middle.
    #[default]
    Center,
    /// Starts at the left edge.
    Left,
    /// Ends at the right edge.
    Right,
}

/// A line of text in or beside a mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Label {
    /// The words.
    pub text: Text,
    /// Height of the text in units, at least [`MIN_TEXT`].
    pub size: f32,
    /// Its face.
    pub face: Face,
    /// Its colour.
    pub ink: Ink,
    /// The place in the mark that it hangs on.
    pub anchor: Anchor,
    /// How far from that place, in units.
    pub offset: Point,
    /// 0 invisible, 1 opaque; below 1 only while something changes.
    pub opacity: f32,
}

/// A label in the middle of its mark.
pub fn label(text: impl Into<Text>, size: f32) -> Label {
    Label {
        text: text.into(),
        size,
        face: Face::Sans,
        ink: Ink::Text,
        anchor: Anchor::Center,
        offset: Point::default(),
        opacity: 1.0,
    }
}

/// A label in the mono face.
pub fn mono(text: impl Into<Text>, size: f32) -> Label {
    Label { face: Face::Mono, ..label(text, size) }
}

impl Label {
    /// In the strong face.
    pub fn strong(self) -> Label {
        Label { face: Face::Strong, ..self }
    }

    /// In another colour.
    pub fn ink(self, ink: Ink) -> Label {
        Label { ink, ..self }
    }

    /// Moved from its anchor.
    pub fn at(self, dx: f32, dy: f32) -> Label {
        Label { offset: point(dx, dy), ..self }
    }

    /// Starting `dx` from the left edge.
    pub fn left(self, dx: f32) -> Label {
        Label { anchor: Anchor::Left, offset: point(dx, self.offset.y), ..self }
    }

    /// Ending `dx` from the right edge.
    pub fn right(self, dx: f32) -> Label {
        Label { anchor: Anchor::Right, offset: point(-dx, self.offset.y), ..self }
    }

    /// Lower by `dy`.
    pub fn down(self, dy: f32) -> Label {
        Label { offset: point(self.offset.x, self.offset.y + dy), ..self }
    }

    /// The width of the words in one language, in units.
    pub fn width(&self, lang: Lang) -> f32 {
        measure::width(self.text.get(lang), self.size, self.face)
    }

    /// The rectangle the words take in a mark at `mark`.
    pub fn bounds(&self, mark: Rect, lang: Lang) -> Rect {
        let w = self.width(lang);
        let x = match self.anchor {
            Anchor::Center => mark.center().x - w / 2.0,
            Anchor::Left => mark.x,
            Anchor::Right => mark.right() - w,
        };
        rect(x + self.offset.x, mark.center().y + self.offset.y - self.size / 2.0, w, self.size)
    }
}

/// One thing in a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// What it is.
    pub key: Key,
    /// Where it is now.
    pub rect: Rect,
    /// Its outline.
    pub shape: Shape,
    /// What it means now.
    pub tone: Tone,
    /// The tone it comes from and the share of it that is left, while it changes.
    pub fading: Option<(Tone, f32)>,
    /// Its inside.
    pub fill: Fill,
    /// Its line.
    pub border: Border,
    /// Its words.
    pub labels: Vec<Label>,
    /// Higher is drawn later.
    pub layer: u8,
    /// 0 invisible, 1 opaque; below 1 only while it comes or goes.
    pub opacity: f32,
    /// How far its way to this place bows, as a share of the distance; 0 is straight.
    pub bend: f32,
    /// What a screen reader and a tooltip say, where the labels are not enough.
    pub about: Option<Text>,
    /// Its place in the state, such as `buckets[3].tophash[1]`.
    pub path: Option<Path>,
    /// Only drawn where the canvas is enlarged at least so far: what has no room on the whole canvas.
    pub from_zoom: Option<f32>,
    /// No longer drawn from this enlargement on: what stood for those that are seen there.
    pub until_zoom: Option<f32>,
}

impl Mark {
    /// A rounded box.
    pub fn new(key: impl Into<Key>, rect: Rect) -> Mark {
        Mark {
            key: key.into(),
            rect,
            shape: Shape::Box { radius: 8.0 },
            tone: Tone::Plain,
            fading: None,
            fill: Fill::Panel,
            border: Border::Thin,
            labels: Vec::new(),
            layer: 10,
            opacity: 1.0,
            bend: 0.0,
            about: None,
            path: None,
            from_zoom: None,
            until_zoom: None,
        }
    }

    /// A label that stands on its own; `at` is where its left end, middle or right end lies, by its anchor.
    pub fn text(key: impl Into<Key>, at: Point, label: Label) -> Mark {
        let w = Lang::ALL.map(|lang| label.width(lang)).into_iter().fold(0.0, f32::max);
        let x = match label.anchor {
            Anchor::Center => at.x - w / 2.0,
            Anchor::Left => at.x,
            Anchor::Right => at.x - w,
        };
        let place = rect(x, at.y - label.size * 0.7, w, label.size * 1.4);
        Mark { shape: Shape::Text, fill: Fill::None, border: Border::None, ..Mark::new(key, place) }.label(label)
    }

    /// A curve from the edge of one mark to the edge of another; `bend` as in [`Mark::bend`].
    pub fn arrow(key: impl Into<Key>, from: &Mark, to: &Mark, bend: f32) -> Mark {
        let (a, b) = (from.rect.center(), to.rect.center());
        let control = geometry::bow(a, b, bend);
        let curve = [from.rect.edge_towards(control), control, to.rect.edge_towards(control)];
        let arrow = Arrow { from: from.key.clone(), to: to.key.clone(), curve, head: true, dotted: false };
        let place = curve.iter().fold(rect(curve[0].x, curve[0].y, 0.0, 0.0), |r, p| r.union(rect(p.x, p.y, 0.0, 0.0)));
        Mark { shape: Shape::Arrow(arrow), fill: Fill::None, layer: 30, ..Mark::new(key, place) }
    }

    /// With another outline.
    pub fn shape(self, shape: Shape) -> Mark {
        Mark { shape, ..self }
    }

    /// With another meaning.
    pub fn tone(self, tone: Tone) -> Mark {
        Mark { tone, ..self }
    }

    /// With another inside.
    pub fn fill(self, fill: Fill) -> Mark {
        Mark { fill, ..self }
    }

    /// With another line.
    pub fn border(self, border: Border) -> Mark {
        Mark { border, ..self }
    }

    /// With one more label.
    pub fn label(mut self, label: Label) -> Mark {
        self.labels.push(label);
        self
    }

    /// Drawn later (higher) or earlier.
    pub fn layer(self, layer: u8) -> Mark {
        Mark { layer, ..self }
    }

    /// Arriving on a bowed way.
    pub fn bend(self, bend: f32) -> Mark {
        Mark { bend, ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Mark {
        Mark { about: Some(about.into()), ..self }
    }

    /// As one of several pictures on a canvas: its key, the keys that it names and its place begin with this.
    pub fn under(self, side: &str) -> Mark {
        let named = |key: &Key| -> Key { format!("{side}/{key}").into() };
        let shape = match self.shape {
            Shape::Arrow(arrow) => Shape::Arrow(Arrow { from: named(&arrow.from), to: named(&arrow.to), ..arrow }),
            shape => shape,
        };
        let path = self.path.map(|path| format!("{side}.{path}").into());
        Mark { key: named(&self.key), shape, path, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Mark {
        Mark { path: Some(path.into()), ..self }
    }

    /// Drawn only from this enlargement of the canvas on; 1 shows the whole canvas.
    pub fn from_zoom(self, zoom: f32) -> Mark {
        Mark { from_zoom: Some(zoom), ..self }
    }

    /// Drawn only below this enlargement of the canvas.
    pub fn until_zoom(self, zoom: f32) -> Mark {
        Mark { until_zoom: Some(zoom), ..self }
    }

    /// Whether it is drawn at this enlargement of the canvas.
    pub fn seen_at(&self, zoom: f32) -> bool {
        self.from_zoom.is_none_or(|from| zoom >= from) && self.until_zoom.is_none_or(|until| zoom < until)
    }

    /// What a screen reader says: its own words, else its labels, else its key.
    pub fn name(&self, lang: Lang) -> String {
        match &self.about {
            Some(about) => about.get(lang).to_owned(),
            None if self.labels.is_empty() => self.key.to_string(),
            None => self.labels.iter().map(|l| l.text.get(lang)).collect::<Vec<_>>().join(" "),
        }
    }
}

/// A picture of one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Default)]
pub struct Diagram {
    /// Its marks; equal layers are drawn in this order.
    pub marks: Vec<Mark>,
}

impl Diagram {
    /// An empty canvas.
    pub fn new() -> Diagram {
        Diagram::default()
    }

    /// Adds a mark.
    pub fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// The mark with this key.
    pub fn get(&self, key: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| &*mark.key == key)
    }
}
