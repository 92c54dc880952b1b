//! Parts side by side or below each other.

use super::known::Known;
use super::{Need, Part, Span, span};
use crate::diagram::{Diagram, Rect, Size, rect};

/// Parts in a row or a column, each as long as it wants; those that fill share what is left.
pub struct Line {
    upright: bool,
    items: Vec<Item>,
    gap: f32,
    centered: bool,
    even: bool,
    strict: bool,
}

struct Item {
    part: Known,
    /// Share of the room that is left.
    fills: f32,
    /// Left out where there is not even the least room for all.
    spare: bool,
    /// Drawn only in this size.
    only: Option<Size>,
}

/// Parts side by side.
pub fn row() -> Line {
    Line { upright: false, items: Vec::new(), gap: 1.0, centered: false, even: false, strict: false }
}

/// Parts below each other.
pub fn column() -> Line {
    Line { upright: true, ..row() }
}

impl Line {
    /// With one more part.
    pub fn with(self, part: impl Part + 'static) -> Line {
        self.item(part, 0.0, false, None)
    }

    /// With one more part that takes a share of the room that is left.
    pub fn filling(self, share: f32, part: impl Part + 'static) -> Line {
        self.item(part, share, false, None)
    }

    /// With one more part that goes where room is scarce, the last one first.
    pub fn spare(self, part: impl Part + 'static) -> Line {
        self.item(part, 0.0, true, None)
    }

    /// With one more part that is drawn in one size only: the least important figures are for the window.
    pub fn only(self, size: Size, part: impl Part + 'static) -> Line {
        self.item(part, 0.0, false, Some(size))
    }

    /// With one more part if there is one.
    pub fn maybe(self, part: Option<impl Part + 'static>) -> Line {
        match part {
            Some(part) => self.with(part),
            None => self,
        }
    }

    /// With one more part for each.
    pub fn each(self, parts: impl IntoIterator<Item = impl Part + 'static>) -> Line {
        parts.into_iter().fold(self, Line::with)
    }

    /// With one more part for each, all sharing the room that is left.
    pub fn each_filling(self, parts: impl IntoIterator<Item = impl Part + 'static>) -> Line {
        parts.into_iter().fold(self, |line, part| line.filling(1.0, part))
    }

    /// Gaps of so many usual gaps: 2 to 4 leave a gutter for arrows.
    pub fn gap(self, gap: f32) -> Line {
        Line { gap, ..self }
    }

    /// Room that is left goes to both ends.
    pub fn centered(self) -> Line {
        Line { centered: true, ..self }
    }

    /// All as long as the longest of them.
    pub fn even(self) -> Line {
        Line { even: true, ..self }
    }

    /// Those that fill have their shares of the room whatever they want, so that they keep their places when what they show
    /// changes.
    pub fn strict(self) -> Line {
        Line { strict: true, ..self }
    }

    fn item(mut self, part: impl Part + 'static, fills: f32, spare: bool, only: Option<Size>) -> Line {
        self.items.push(Item { part: Known::new(part), fills, spare, only });
        self
    }

    fn items(&self, size: Size) -> Vec<&Item> {
        self.items.iter().filter(|item| item.only.is_none_or(|only| only == size)).collect()
    }

    fn gaps(&self, size: Size) -> Span {
        let wanted = size.gap() * self.gap;
        span(wanted * LEAST_GAP, wanted)
    }

    fn shares(&self, items: &[&Item], room: f32, cross: f32, size: Size) -> Shares {
        let wants = items.iter().map(|item| {
            let need = item.part.need(if self.upright { cross } else { f32::INFINITY }, size);
            Want { span: if self.upright { need.h } else { need.w }, fills: item.fills, spare: item.spare }
        });
        let mut wants: Vec<Want> = wants.collect();
        if self.even {
            let longest = wants.iter().fold(Span::default(), |longest, want| longest.max(want.span));
            wants.iter_mut().for_each(|want| want.span = longest);
        }
        if self.strict {
            wants.iter_mut().filter(|want| want.fills > 0.0).for_each(|want| want.span = Span::default());
        }
        share(room, wants, self.gaps(size))
    }
}

impl Part for Line {
    fn need(&self, room: f32, size: Size) -> Need {
        let items = self.items(size);
        let gaps = items.len().saturating_sub(1) as f32;
        let gap = self.gaps(size);
        let gap = span(gap.least * gaps, gap.wanted * gaps);
        let sum = |needs: &[Need], length: &dyn Fn(&Need) -> Span| {
            let longest = needs.iter().map(length).fold(Span::default(), Span::max);
            needs.iter().zip(&items).fold(gap, |sum, (need, item)| {
                let one = if self.even { longest } else { length(need) };
                sum.then(Span { least: if item.spare { 0.0 } else { one.least }, ..one })
            })
        };
        if self.upright {
            let needs: Vec<Need> = items.iter().map(|item| item.part.need(room, size)).collect();
            let w = needs.iter().fold(Span::default(), |w, need| w.max(need.w));
            return Need { w, h: sum(&needs, &|need| need.h) };
        }
        let needs: Vec<Need> = items.iter().map(|item| item.part.need(f32::INFINITY, size)).collect();
        let w = sum(&needs, &|need| need.w);
        let shares = self.shares(&items, room.min(w.wanted), 0.0, size);
        let heights = items.iter().zip(&shares.lengths).filter_map(|(item, w)| Some(item.part.need((*w)?, size).h));
        Need { w, h: heights.fold(Span::default(), Span::max) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let items = self.items(size);
        let (room, cross) = if self.upright { (place.h, place.w) } else { (place.w, place.h) };
        let shares = self.shares(&items, room, cross, size);
        let mut at = if self.centered { shares.left / 2.0 } else { 0.0 };
        for (item, length) in items.iter().zip(&shares.lengths) {
            let Some(length) = *length else { continue };
            let area = if self.upright {
                rect(place.x, place.y + at, cross, length)
            } else {
                rect(place.x + at, place.y, length, cross)
            };
            item.part.draw(area, size, picture);
            at += length + shares.gap;
        }
    }
}

/// The share of a gap that is kept where room is scarce.
const LEAST_GAP: f32 = 0.4;

struct Want {
    span: Span,
    fills: f32,
    spare: bool,
}

/// How long each becomes; `None` for what has been left out.
#[derive(Debug, PartialEq)]
struct Shares {
    lengths: Vec<Option<f32>>,
    gap: f32,
    /// What nobody takes.
    left: f32,
}

/// Shares `room` out: first the gaps give way, then the longest, then spare ones go, and at last all become shorter than
/// they can bear.
fn share(room: f32, wants: Vec<Want>, gap: Span) -> Shares {
    let mut here: Vec<bool> = vec![true; wants.len()];
    loop {
        let kept = || wants.iter().zip(&here).filter(|(_, here)| **here).map(|(want, _)| want);
        let gaps = kept().count().saturating_sub(1) as f32;
        let wanted: f32 = kept().map(|want| want.span.wanted).sum();
        let least: f32 = kept().map(|want| want.span.least).sum();
        let shared = |gap: f32, length: &dyn Fn(&Want) -> f32, left: f32| Shares {
            lengths: wants.iter().zip(&here).map(|(want, here)| here.then(|| length(want))).collect(),
            gap,
            left,
        };
        if wanted + gap.least * gaps <= room {
            let gap = if gaps > 0.0 { gap.wanted.min((room - wanted) / gaps) } else { gap.wanted };
            let left = (room - wanted - gap * gaps).max(0.0);
            let fills: f32 = kept().map(|want| want.fills).sum();
            if fills > 0.0 {
                return shared(gap, &|want| want.span.wanted + left * want.fills / fills, 0.0);
            }
            return shared(gap, &|want| want.span.wanted, left);
        }
        if least + gap.least * gaps <= room {
            let kept: Vec<Span> = kept().map(|want| want.span).collect();
            let level = level(room - gap.least * gaps, &kept);
            return shared(gap.least, &|want| level.clamp(want.span.least, want.span.wanted), 0.0);
        }
        match (0..wants.len()).rev().find(|i| here[*i] && wants[*i].spare) {
            Some(spare) => here[spare] = false,
            None => {
                let room = (room - gap.least * gaps).max(0.0);
                return shared(gap.least, &|want| want.span.least * room / least.max(1e-3), 0.0);
            }
        }
    }
}

/// The length above which none may be, so that all together fill `room`: the long ones give way to the short ones.
fn level(room: f32, spans: &[Span]) -> f32 {
    let sum = |level: f32| spans.iter().map(|span| level.clamp(span.least, span.wanted)).sum::<f32>();
    let mut corners: Vec<f32> = spans.iter().flat_map(|span| [span.least, span.wanted]).collect();
    corners.sort_by(f32::total_cmp);
    // Between two corners the sum grows evenly.
    let above = corners.iter().position(|corner| sum(*corner) >= room).unwrap_or(corners.len() - 1);
    let (low, high) = (corners[above.saturating_sub(1)], corners[above]);
    let (from, to) = (sum(low), sum(high));
    if to > from { low + (high - low) * ((room - from) / (to - from)).clamp(0.0, 1.0) } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(room: f32, wants: &[(f32, f32, f32, bool)]) -> Vec<Option<f32>> {
        let want =
            |&(least, wanted, fills, spare): &(f32, f32, f32, bool)| Want { span: span(least, wanted), fills, spare };
        share(room, wants.iter().map(want).collect(), span(4.0, 10.0)).lengths
    }

    #[test]
    fn room_that_is_left_goes_to_those_that_fill() {
        let wants = [(50.0, 100.0, 0.0, false), (50.0, 100.0, 1.0, false), (50.0, 100.0, 3.0, false)];
        assert_eq!(lengths(360.0, &wants), [Some(100.0), Some(110.0), Some(130.0)]);
    }

    #[test]
    fn gaps_give_way_before_parts_and_spare_parts_before_the_others() {
        let wants = [(50.0, 100.0, 0.0, false), (50.0, 100.0, 0.0, true)];
        assert_eq!(lengths(205.0, &wants), [Some(100.0), Some(100.0)]);
        assert_eq!(lengths(154.0, &wants), [Some(75.0), Some(75.0)]);
        let uneven = [(10.0, 40.0, 0.0, false), (10.0, 1000.0, 0.0, false), (30.0, 60.0, 0.0, false)];
        assert_eq!(lengths(208.0, &uneven), [Some(40.0), Some(100.0), Some(60.0)]);
        assert_eq!(lengths(98.0, &uneven), [Some(30.0), Some(30.0), Some(30.0)]);
        assert_eq!(lengths(103.0, &wants), [Some(100.0), None]);
        assert_eq!(lengths(40.0, &wants), [Some(40.0), None]);
    }
}
