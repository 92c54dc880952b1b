//! A meter: a bar that says how much of something is used, and where a limit lies.

use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Fill, Key, Mark, Path, Rect, Shape, Size, Tone, point, rect};
use crate::text::Text;

/// A bar with filled stretches, as wide as its place.
#[derive(Clone, Debug)]
pub struct Meter {
    key: Key,
    of: f32,
    about: Text,
    stretches: Vec<(f32, f32, Tone)>,
    limit: Option<(f32, Tone)>,
    path: Option<Path>,
}

/// An empty bar that stands for `of`; `about` says of what.
pub fn meter(key: impl Into<Key>, of: f32, about: impl Into<Text>) -> Meter {
    Meter { key: key.into(), of: of.max(1e-3), about: about.into(), stretches: Vec::new(), limit: None, path: None }
}

impl Meter {
    /// Filled from here to there; what goes beyond its end does not show.
    pub fn fill(mut self, from: f32, to: f32, tone: Tone) -> Meter {
        self.stretches.push((from, to, tone));
        self
    }

    /// With a line across it at a limit.
    pub fn limit(self, at: f32, tone: Tone) -> Meter {
        Meter { limit: Some((at, tone)), ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Meter {
        Meter { path: Some(path.into()), ..self }
    }
}

/// Height of the bar in cells, and how far a limit stands out.
const HEIGHT: f32 = 0.3;
const OUT: f32 = 4.0;

impl Part for Meter {
    fn need(&self, _room: f32, size: Size) -> Need {
        let h = size.cell() * HEIGHT + 2.0 * OUT;
        Need { w: span(size.cell(), size.cell() * 3.0), h: Span::fixed(h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let h = (size.cell() * HEIGHT).min(place.h - 2.0 * OUT);
        if h < 4.0 || place.w < 8.0 {
            return;
        }
        let track = rect(place.x, place.center().y - h / 2.0, place.w, h);
        let x = |at: f32| track.x + track.w * (at / self.of).clamp(0.0, 1.0);
        let bar = |key: Key, area: Rect| {
            let mark = Mark::new(key, area).shape(Shape::Box { radius: h / 2.0 }).border(Border::None);
            Mark { path: self.path.clone(), ..mark }.about(self.about.clone())
        };
        picture.push(bar(self.key.clone(), track).fill(Fill::Well).layer(7));
        for (i, (from, to, tone)) in self.stretches.iter().enumerate().filter(|(_, (from, to, _))| to > from) {
            let begin = x(*from).min(track.right() - 2.0);
            let area = rect(begin, track.y, (x(*to) - begin).max(2.0), h);
            picture.push(bar(format!("{}/{i}", self.key).into(), area).tone(*tone).fill(Fill::Solid).layer(8));
        }
        if let Some((at, tone)) = self.limit {
            let points = vec![point(x(at), track.y - OUT), point(x(at), track.bottom() + OUT)];
            let area = rect(x(at), track.y - OUT, 0.0, h + 2.0 * OUT);
            let mark = Mark::new(format!("{}/limit", self.key), area).shape(Shape::Line { points }).tone(tone);
            picture.push(mark.fill(Fill::None).about(self.about.clone()).layer(10));
        }
    }
}
