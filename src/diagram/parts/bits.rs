//! Digits of a number in groups, each with what it decides.

use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Key, Label, Mark, Rect, Size, Tone, label, measure, mono, point, rect,
};
use crate::text::Text;

/// The digits of a number, as large as they fit: with a name before or, where that is too wide, above them.
#[derive(Clone, Debug)]
pub struct Bits {
    key: Key,
    name: Text,
    groups: Vec<Group>,
}

#[derive(Clone, Debug)]
struct Group {
    part: &'static str,
    digits: String,
    words: Text,
    tone: Tone,
    decides: bool,
    says: Tone,
}

/// A number without digits.
pub fn bits(key: impl Into<Key>, name: impl Into<Text>) -> Bits {
    Bits { key: key.into(), name: name.into(), groups: Vec::new() }
}

impl Bits {
    /// With one more group of digits, and what it says below them; one without a meaning is quiet.
    pub fn group(mut self, part: &'static str, digits: impl Into<String>, words: impl Into<Text>, tone: Tone) -> Bits {
        self.groups.push(Group { part, digits: digits.into(), words: words.into(), tone, decides: false, says: tone });
        self
    }

    /// The last group is the one that decides: it is the largest, and what it says has the colour of another meaning.
    pub fn decides(mut self, says: Tone) -> Bits {
        if let Some(group) = self.groups.last_mut() {
            (group.decides, group.says) = (true, says);
        }
        self
    }

    fn height(size: Size) -> f32 {
        match size {
            Size::Window => 40.0,
            Size::Stage => 54.0,
        }
    }

    fn name_width(&self, size: Size) -> f32 {
        wide(&self.name, size.title(), Face::Mono) + size.gap() * 1.5
    }

    fn widths(&self, height: f32, size: Size) -> Vec<f32> {
        self.groups.iter().map(|group| group.width(height, size)).collect()
    }

    fn length(&self, height: f32, size: Size) -> f32 {
        self.widths(height, size).iter().sum::<f32>() + GAP * self.groups.len().saturating_sub(1) as f32
    }
}

impl Group {
    fn of(&self, height: f32) -> f32 {
        if self.decides { height * LARGER } else { height }
    }

    fn width(&self, height: f32, size: Size) -> f32 {
        let pad = if self.tone == Tone::Plain { 0.1 } else { 0.5 };
        let digits = measure::width(&self.digits, self.of(height), Face::Mono) + height * pad;
        // What the deciding digit says has a line to itself.
        if self.decides { digits } else { digits.max(wide(&self.words, says(height, size), Face::Sans)) }
    }
}

/// Between groups.
const GAP: f32 = 8.0;
/// Height of the words below with the way above them, in text heights.
const BELOW: f32 = 1.9;
/// How much larger the deciding digits are.
const LARGER: f32 = 1.3;
/// Height of a box in text heights.
const BOX: f32 = 1.35;

/// Height of the words below digits of this height.
fn says(height: f32, size: Size) -> f32 {
    (height * 0.42).clamp(size.small(), size.title())
}

impl Part for Bits {
    fn need(&self, _room: f32, size: Size) -> Need {
        let height = Bits::height(size);
        let low = height * BOX * LARGER + size.small() * BELOW;
        let w = span(self.length(size.least_text(), size), self.length(height, size) + self.name_width(size));
        Need { w, h: span(low, low) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let name = self.name_width(size);
        let fits = |room: f32| {
            let roomy = (place.h - size.small() * BELOW) / BOX / LARGER;
            let mut height = roomy.min(Bits::height(size) * 1.5).max(size.least_text());
            while height > size.least_text() && self.length(height, size) > room {
                height = (height - 1.0).max(size.least_text());
            }
            (self.length(height, size) <= room + 0.5).then_some(height)
        };
        let below = size.small() * BELOW;
        let line = |height: f32| height * BOX * LARGER;
        let beside = fits(place.w - name).filter(|height| *height >= Bits::height(size) * 0.75);
        let Some(height) = beside.or_else(|| fits(place.w)) else { return };
        if place.h + 0.5 < line(height) {
            return;
        }
        let below = if place.h + 0.5 < line(height) + below { 0.0 } else { below };
        let named = beside.is_some() || place.h >= line(height) + below + size.title() * 2.0;
        let above = if beside.is_some() || !named { 0.0 } else { size.title() * 2.0 };
        let used = self.length(height, size) + if beside.is_some() { name } else { 0.0 };
        let mut x = place.x + ((place.w - used) / 2.0).max(0.0);
        let top = place.y + ((place.h - above - line(height) - below) / 2.0).max(0.0);
        let middle = top + above + line(height) / 2.0;
        // Above the digits the name leaves the way down to the deciding one free.
        let free = self.groups.iter().take_while(|group| !group.decides).map(|group| group.width(height, size) + GAP);
        let room = if beside.is_some() { name } else { free.sum::<f32>().max(size.title() * 4.0) };
        let fits = |height: &f32| wide(&self.name, *height, Face::Mono) <= room;
        let high = [size.title(), size.body(), size.small()].into_iter().find(fits).unwrap_or(size.least_text());
        if let Some((text, w)) = fit(&self.name, high, Face::Mono, room).filter(|_| named) {
            let at = if beside.is_some() { point(x, middle) } else { point(x, top + size.title() * 0.7) };
            let words = mono(text, high).ink(Ink::Soft).left(0.0);
            picture.push(Mark::text(format!("{}/name", self.key), at, words).about(self.name.clone()).layer(12));
            x += if beside.is_some() { w + size.gap() * 1.5 } else { 0.0 };
        }
        // Below the way that leaves the deciding digit.
        let level = match self.groups.iter().any(|group| group.decides) {
            true => middle + line(height) / 2.0 + below - says(height, size) * 0.72,
            false => middle + height * BOX / 2.0 + says(height, size) * 0.7,
        };
        for group in &self.groups {
            let (w, h) = (group.width(height, size), group.of(height) * BOX);
            let place_of = rect(x, middle - h / 2.0, w, h);
            // Where one decides, it alone says so.
            let says = below > 0.0 && (group.decides || self.groups.iter().all(|group| !group.decides));
            let room = if says { place } else { rect(place.x, place.y, 0.0, 0.0) };
            group.draw(&self.key, place_of, level, height, size, room, picture);
            x += w + GAP;
        }
    }
}

impl Group {
    #[expect(clippy::too_many_arguments, reason = "a group is drawn at a place, its words on a level below all groups")]
    fn draw(&self, key: &str, at: Rect, level: f32, height: f32, size: Size, room: Rect, picture: &mut Diagram) {
        let quiet = self.tone == Tone::Plain;
        let digits = mono(self.digits.clone(), self.of(height)).ink(if quiet { Ink::Soft } else { Ink::Tone });
        let mark = Mark::new(format!("{key}/{}", self.part), at).tone(self.tone).layer(14).label(digits);
        picture.push(match (quiet, self.decides) {
            (true, _) => mark.fill(Fill::None).border(Border::None),
            (false, true) => mark.fill(Fill::Tint).border(Border::Thick),
            (false, false) => mark.fill(Fill::None).border(Border::None),
        });
        let words: Label = label(self.words.clone(), says(height, size)).ink(Ink::Of(self.says));
        let w = wide(&self.words, says(height, size), Face::Sans);
        // Beside the way that leaves the deciding digit downwards.
        let (x, aside) = (at.center().x, size.gap());
        let (x, words) = match self.decides {
            true if x + aside + w <= room.right() => (x + aside, words.left(0.0)),
            true => (x - aside, words.right(0.0)),
            false => (x, words),
        };
        if w == 0.0 || room.w == 0.0 || self.decides && x - w < room.x && x + w > room.right() {
            return;
        }
        picture.push(Mark::text(format!("{key}/{}/words", self.part), point(x, level), words).layer(14));
    }
}
