//! Parts in reading order, in as many lines as they need.

use super::known::Known;
use super::{Need, Part, Span, span};
use crate::diagram::{Diagram, Rect, Size, rect};

/// Parts side by side that go on in the next line where one is full, as words do.
#[derive(Default)]
pub struct Flow {
    parts: Vec<Known>,
}

/// Parts in reading order.
pub fn flow() -> Flow {
    Flow::default()
}

impl Flow {
    /// With one more part.
    pub fn with(mut self, part: impl Part + 'static) -> Flow {
        self.parts.push(Known::new(part));
        self
    }

    /// With one more part for each.
    pub fn each(self, parts: impl IntoIterator<Item = impl Part + 'static>) -> Flow {
        parts.into_iter().fold(self, Flow::with)
    }

    /// The parts of each line with their widths.
    fn lines(&self, room: f32, size: Size) -> Vec<Vec<(&dyn Part, f32)>> {
        let mut lines: Vec<Vec<(&dyn Part, f32)>> = Vec::new();
        let mut x = f32::INFINITY;
        for part in &self.parts {
            let w = part.need(room, size).w.wanted.min(room);
            if x + w > room + 0.01 {
                lines.push(Vec::new());
                x = 0.0;
            }
            x += w + size.gap() * BETWEEN;
            if let Some(line) = lines.last_mut() {
                line.push((part, w));
            }
        }
        lines
    }
}

/// Between parts, as a share of the usual gap.
const BETWEEN: f32 = 0.6;

impl Part for Flow {
    fn need(&self, room: f32, size: Size) -> Need {
        let gap = size.gap() * BETWEEN;
        let widths = || self.parts.iter().map(|part| part.need(f32::INFINITY, size).w);
        let all = widths().map(|w| w.wanted + gap).sum::<f32>() - gap;
        let widest = widths().map(|w| w.wanted).fold(0.0, f32::max);
        let lines = self.lines(room, size);
        let height = |line: &Vec<(&dyn Part, f32)>| {
            line.iter().fold(Span::default(), |h, (part, w)| h.max(part.need(*w, size).h))
        };
        let h = lines.iter().map(height).fold(Span::default(), Span::then);
        let gaps = gap * lines.len().saturating_sub(1) as f32;
        Need { w: span(widest, all.max(0.0)), h: span(h.least + gaps * 0.5, h.wanted + gaps) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let lines = self.lines(place.w, size);
        let need = self.need(place.w, size).h;
        let give = if need.wanted > need.least {
            ((place.h - need.least) / (need.wanted - need.least)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let gap = size.gap() * BETWEEN * (0.5 + 0.5 * give);
        let mut y = place.y;
        for line in lines {
            let h = line.iter().fold(Span::default(), |h, (part, w)| h.max(part.need(*w, size).h));
            let h = h.least + (h.wanted - h.least) * give;
            // Lines without room are left out.
            if y + h > place.bottom() + 0.5 {
                return;
            }
            let mut x = place.x;
            for (part, w) in line {
                part.draw(rect(x, y, w, h), size, picture);
                x += w + size.gap() * BETWEEN;
            }
            y += h + gap;
        }
    }
}
