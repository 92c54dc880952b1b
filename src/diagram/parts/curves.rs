//! Curves: how a few figures went over a scale, each with its name and what it is now at the right.

use super::graph::line_mark;
use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Point, Rect, Shape, Size, Tone, label, mono, point, rect,
};
use crate::text::Text;

/// The height of a name, in heights of its text.
const NAME: f32 = 1.4;

/// A frame with curves from the left to the right.
#[derive(Clone, Debug)]
pub struct Curves {
    key: Key,
    most: f32,
    samples: usize,
    curves: Vec<Curve>,
    scale: fn(f32) -> Text,
    along: Text,
    widest: Text,
    path: Option<Path>,
}

#[derive(Clone, Debug)]
struct Curve {
    part: &'static str,
    name: Text,
    points: Vec<f32>,
    tone: Tone,
    strong: bool,
    steps: bool,
}

/// Curves of figures up to `most`, with room for so many samples.
pub fn curves(key: impl Into<Key>, most: f32, samples: usize) -> Curves {
    Curves {
        key: key.into(),
        most: most.max(f32::MIN_POSITIVE),
        samples: samples.max(2),
        curves: Vec::new(),
        scale: |value| Text::same(format!("{value}")),
        along: Text::default(),
        widest: Text::default(),
        path: None,
    }
}

impl Curves {
    /// With one more curve: a name for its key, what it is and shows now, its figures from the first on.
    pub fn curve(
        mut self,
        part: &'static str,
        name: impl Into<Text>,
        points: impl IntoIterator<Item = f32>,
        tone: Tone,
        strong: bool,
    ) -> Curves {
        let points = points.into_iter().collect();
        self.curves.push(Curve { part, name: name.into(), points, tone, strong, steps: false });
        self
    }

    /// The curve named last keeps its level until it has another one: a setting, where others grow.
    pub fn steps(mut self) -> Curves {
        if let Some(curve) = self.curves.last_mut() {
            curve.steps = true;
        }
        self
    }

    /// With words for the levels of its scale, and for what goes on from the left to the right.
    pub fn scale(self, scale: fn(f32) -> Text, along: impl Into<Text>) -> Curves {
        Curves { scale, along: along.into(), ..self }
    }

    /// Makes room for this name, so that the frame keeps its width.
    pub fn widest(self, name: impl Into<Text>) -> Curves {
        Curves { widest: name.into(), ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Curves {
        Curves { path: Some(path.into()), ..self }
    }

    fn names(&self, size: Size) -> f32 {
        let names = self.curves.iter().map(|curve| &curve.name).chain([&self.widest]);
        names.map(|name| wide(name, size.body(), Face::Sans)).fold(0.0, f32::max) + size.gap()
    }

    /// The levels of its scale: some four round figures from 0 up.
    fn levels(&self) -> Vec<f32> {
        let rough = self.most / 4.0;
        let power = 10_f32.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(self.most);
        (0..8).map(|i| i as f32 * step).take_while(|level| *level <= self.most).collect()
    }

    /// The room that the words of the scale take at the left.
    fn scale_width(&self, size: Size) -> f32 {
        let words = self.levels().into_iter().map(|level| wide(&(self.scale)(level), size.small(), Face::Mono));
        words.fold(0.0, f32::max) + size.gap() * 0.6
    }

    /// Hairlines at the levels, each with its figure; below them what goes on.
    fn rule(&self, left: f32, frame: Rect, inner: Rect, size: Size, picture: &mut Diagram) {
        for (i, level) in self.levels().into_iter().enumerate() {
            let y = inner.bottom() - inner.h * level / self.most;
            let line = vec![point(frame.x, y), point(frame.right(), y)];
            picture.push(line_mark(format!("{}/level/{i}", self.key).into(), line, Tone::Plain).layer(5));
            let words = mono((self.scale)(level), size.small()).ink(Ink::Soft).right(0.0);
            let at = point(frame.x - size.gap() * 0.5, y.min(frame.bottom() - size.small() * 0.75));
            picture.push(Mark::text(format!("{}/level/{i}/words", self.key), at, words).layer(12));
        }
        let fits = fit(&self.along, size.small(), Face::Sans, frame.right() - left).filter(|(_, w)| *w > 0.0);
        if let Some((text, _)) = fits {
            let words = label(text, size.small()).ink(Ink::Soft).right(0.0);
            let at = point(frame.right(), frame.bottom() + size.small() * 0.9);
            picture.push(Mark::text(format!("{}/along", self.key), at, words).layer(12));
        }
    }
}

impl Part for Curves {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (w, h) = (size.cell() * 12.0 + self.names(size), size.cell() * 6.0);
        Need { w: span(w * 0.5, w), h: span(h * 0.5, h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let names = self.names(size).min(place.w * 0.4);
        let (left, foot) = (self.scale_width(size), if self.along.en.is_empty() { 0.0 } else { size.small() * 1.6 });
        let frame = rect(place.x + left, place.y, place.w - names - left, place.h - foot);
        let names_high = self.curves.len() as f32 * size.body() * NAME;
        if frame.w < size.cell() * 2.0 || frame.h < (size.cell() * 1.5).max(names_high) {
            return;
        }
        let mark = Mark::new(self.key.clone(), frame).fill(Fill::Panel).layer(4);
        picture.push(Mark { path: self.path.clone(), ..mark });
        let inner = rect(frame.x, frame.y + size.pad(), frame.w, frame.h - size.pad());
        self.rule(place.x, frame, inner, size, picture);
        let at = |i: usize, value: f32| {
            let share = (value / self.most).clamp(0.0, 1.0);
            point(inner.x + inner.w * i as f32 / (self.samples - 1) as f32, inner.bottom() - inner.h * share)
        };
        let mut ends = Vec::new();
        for curve in &self.curves {
            let begin = curve.points.len().saturating_sub(self.samples);
            let points: Vec<_> = curve.points[begin..].iter().enumerate().map(|(i, value)| at(i, *value)).collect();
            let points = if curve.steps { stepped(points) } else { points };
            let end = points.last().copied().unwrap_or(at(0, 0.0));
            ends.push(end.y);
            let border = if curve.strong { Border::Thick } else { Border::Dashed };
            let line = line_mark(format!("{}/{}", self.key, curve.part).into(), points, curve.tone);
            picture.push(line.border(border).layer(12));
            let dot = rect(end.x - 4.0, end.y - 4.0, 8.0, 8.0);
            let dot = Mark::new(format!("{}/{}/now", self.key, curve.part), dot).shape(Shape::Circle);
            picture.push(dot.fill(Fill::Solid).border(Border::None).tone(curve.tone).layer(13));
        }
        self.name_each(&ends, frame, names, size, picture);
    }
}

/// With corners instead of slopes.
fn stepped(points: Vec<Point>) -> Vec<Point> {
    let mut made: Vec<Point> = Vec::with_capacity(points.len() * 2);
    for next in points {
        if let Some(last) = made.last().copied() {
            made.push(point(next.x, last.y));
        }
        made.push(next);
    }
    made
}

impl Curves {
    /// The names at the heights of the curves' ends, one below the other where they would meet.
    fn name_each(&self, levels: &[f32], frame: Rect, room: f32, size: Size, picture: &mut Diagram) {
        let high = size.body() * NAME;
        let mut order: Vec<usize> = (0..self.curves.len()).collect();
        order.sort_by(|a, b| levels[*a].total_cmp(&levels[*b]));
        let last = frame.bottom() - high / 2.0 - high * order.len().saturating_sub(1) as f32;
        let mut y = frame.y + high / 2.0;
        for (place, i) in order.into_iter().enumerate() {
            y = levels[i].max(y).min(last + high * place as f32);
            let curve = &self.curves[i];
            if let Some((text, _)) = fit(&curve.name, size.body(), Face::Sans, room - size.gap() * 0.6) {
                let words = label(text, size.body()).ink(Ink::Of(curve.tone)).left(0.0);
                let at = point(frame.right() + size.gap() * 0.6, y);
                picture.push(Mark::text(format!("{}/{}/name", self.key, curve.part), at, words).layer(12));
            }
            y += high;
        }
    }
}
