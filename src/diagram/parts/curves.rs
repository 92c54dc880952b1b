//! Curves: how a few figures went, each with its name and what it is now at the right.

use super::graph::line_mark;
use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Size, Tone, label, point, rect};
use crate::text::Text;

/// A frame with curves from the left to the right.
#[derive(Clone, Debug)]
pub struct Curves {
    key: Key,
    most: f32,
    samples: usize,
    curves: Vec<Curve>,
    path: Option<Path>,
}

#[derive(Clone, Debug)]
struct Curve {
    part: &'static str,
    name: Text,
    points: Vec<f32>,
    tone: Tone,
    strong: bool,
}

/// Curves of figures up to `most`, with room for so many samples.
pub fn curves(key: impl Into<Key>, most: f32, samples: usize) -> Curves {
    Curves {
        key: key.into(),
        most: most.max(f32::MIN_POSITIVE),
        samples: samples.max(2),
        curves: Vec::new(),
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
        self.curves.push(Curve { part, name: name.into(), points: points.into_iter().collect(), tone, strong });
        self
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Curves {
        Curves { path: Some(path.into()), ..self }
    }

    fn names(&self, size: Size) -> f32 {
        self.curves.iter().map(|curve| wide(&curve.name, size.body(), Face::Sans)).fold(0.0, f32::max) + size.gap()
    }
}

impl Part for Curves {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (w, h) = (size.cell() * 12.0 + self.names(size), size.cell() * 6.0);
        Need { w: span(w * 0.5, w), h: span(h * 0.5, h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let names = self.names(size).min(place.w * 0.4);
        let frame = rect(place.x, place.y, place.w - names, place.h);
        if frame.w < size.cell() * 2.0 || frame.h < size.cell() * 1.5 {
            return;
        }
        let mark = Mark::new(self.key.clone(), frame).fill(Fill::Panel).layer(4);
        picture.push(Mark { path: self.path.clone(), ..mark });
        let inner = frame.grown(-size.pad() * 0.7);
        let at = |i: usize, value: f32| {
            let share = (value / self.most).clamp(0.0, 1.0);
            point(inner.x + inner.w * i as f32 / (self.samples - 1) as f32, inner.bottom() - inner.h * share)
        };
        let mut levels = Vec::new();
        for curve in &self.curves {
            let begin = curve.points.len().saturating_sub(self.samples);
            let points: Vec<_> = curve.points[begin..].iter().enumerate().map(|(i, value)| at(i, *value)).collect();
            let level = points.last().map_or(inner.bottom(), |last| last.y);
            levels.push(level);
            if points.len() > 1 {
                let border = if curve.strong { Border::Thick } else { Border::Dashed };
                picture.push(
                    line_mark(format!("{}/{}", self.key, curve.part).into(), points, curve.tone)
                        .border(border)
                        .layer(12),
                );
            }
        }
        self.name_each(&levels, frame, names, size, picture);
    }
}

impl Curves {
    /// The names at the heights of the curves' ends, one below the other where they would meet.
    fn name_each(&self, levels: &[f32], frame: Rect, room: f32, size: Size, picture: &mut Diagram) {
        let high = size.body() * 1.35;
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
