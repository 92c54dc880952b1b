//! A field: a name and its value, with the value before where this step changed it.

use super::words::{fit, wide};
use super::{Need, Part, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Size, Tone, label, mono, rect};
use crate::text::Text;

/// A box with a name and a value, as high as one line. What is empty (`0`, `nil`, `false`, nothing) is written quietly.
#[derive(Clone, Debug)]
pub struct Field {
    key: Key,
    name: Text,
    value: Text,
    was: Option<Text>,
    widest: Option<Text>,
    tone: Tone,
    inset: bool,
    bare: bool,
    path: Option<Path>,
    about: Option<Text>,
}

/// A field.
pub fn field(key: impl Into<Key>, name: impl Into<Text>, value: impl Into<Text>) -> Field {
    Field {
        key: key.into(),
        name: name.into(),
        value: value.into(),
        was: None,
        widest: None,
        tone: Tone::Plain,
        inset: false,
        bare: false,
        path: None,
        about: None,
    }
}

impl Field {
    /// The value before this step, where it differs: `old → new`.
    pub fn was(self, old: impl Into<Text>) -> Field {
        let old = old.into();
        Field { was: (old != self.value).then_some(old), ..self }
    }

    /// Room for this value too, so that the field stays as wide when its value changes.
    pub fn widest(self, value: impl Into<Text>) -> Field {
        Field { widest: Some(value.into()), ..self }
    }

    /// With a meaning; other than plain it gets a strong line.
    pub fn tone(self, tone: Tone) -> Field {
        Field { tone, ..self }
    }

    /// One level deeper: within a card.
    pub fn inset(self) -> Field {
        Field { inset: true, ..self }
    }

    /// Without a box, to be read second: one of many figures. With a meaning it has its box all the same.
    pub fn bare(self) -> Field {
        Field { bare: true, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Field {
        Field { path: Some(path.into()), ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Field {
        Field { about: Some(about.into()), ..self }
    }

    fn pad(&self, size: Size) -> f32 {
        if self.bare { size.pad() * 0.5 } else { size.pad() }
    }

    fn before(&self, size: Size) -> f32 {
        self.was.as_ref().map_or(0.0, |old| wide(&arrow_from(old), size.body(), Face::Mono))
    }
}

impl Part for Field {
    fn need(&self, _room: f32, size: Size) -> Need {
        let name = wide(&self.name, size.body(), Face::Sans);
        let value = wide(&self.value, size.body(), Face::Mono);
        let reserved = self.widest.as_ref().map_or(0.0, |text| wide(text, size.body(), Face::Mono));
        let gap = if name > 0.0 { space(size) } else { 0.0 };
        let wanted = 2.0 * self.pad(size) + name + gap + (value + self.before(size)).max(reserved);
        let least = self.pad(size) + name.min(size.body() * 3.0) + gap + value;
        Need { w: span(least, wanted), h: span(size.least_cell(), size.cell()) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let h = size.cell().min(place.h);
        let text = size.body().min(h - 6.0).max(size.least_text());
        let wanted = self.need(place.w, size).w.wanted;
        let pad = (self.pad(size) - (wanted - place.w).max(0.0) / 2.0).max(6.0);
        let room = place.w.min(wanted) - 2.0 * pad + 0.01;
        let Some((value, value_w)) = fit(&self.value, text, Face::Mono, room) else { return };
        if h < text + 2.0 {
            return;
        }
        let gap = space(size);
        let name = fit(&self.name, text, Face::Sans, room - value_w - gap);
        let begin = name.as_ref().map_or(0.0, |(_, w)| if *w > 0.0 { w + gap } else { 0.0 });
        let was = self.was.as_ref().map(|old| (arrow_from(old), wide(&arrow_from(old), text, Face::Mono)));
        let was = was.filter(|(_, w)| begin + w + value_w <= room);
        let quiet = (self.bare || is_empty(&self.value)) && self.tone == Tone::Plain;
        let area = rect(place.x, place.center().y - h / 2.0, room + 2.0 * pad, h);
        let mark = Mark::new(self.key.clone(), area).tone(self.tone).layer(10);
        let mark = Mark { path: self.path.clone(), ..mark };
        let about =
            Text::new(format!("{} {}", self.name.en, self.value.en), format!("{} {}", self.name.zh, self.value.zh));
        let mut mark = mark.about(self.about.clone().unwrap_or(about));
        mark = match (self.tone, self.inset) {
            (Tone::Plain | Tone::Faint, _) if self.bare => mark.fill(Fill::None).border(Border::None),
            (Tone::Plain | Tone::Faint, true) => mark.fill(Fill::Well).border(Border::None),
            (Tone::Plain | Tone::Faint, false) => mark.fill(Fill::Panel),
            _ => mark.fill(Fill::Tint).border(Border::Thick),
        };
        if let Some((name, _)) = name {
            mark = mark.label(label(name, text).ink(Ink::Soft).left(pad));
        }
        let mut x = pad + begin;
        if let Some((old, w)) = was {
            mark = mark.label(mono(old, text).ink(Ink::Soft).left(x));
            x += w;
        }
        let ink = if quiet { Ink::Soft } else { Ink::Text };
        picture.push(mark.label(mono(value, text).ink(ink).left(x)));
    }
}

/// Whether a value is to be written quietly: there is nothing to see.
pub fn is_empty(value: &Text) -> bool {
    matches!(value.en.as_str(), "" | "0" | "nil" | "false" | "–" | "[]" | "{}")
}

/// A value before, with the arrow to what it is now.
pub fn arrow_from(old: &Text) -> Text {
    Text::new(format!("{} → ", old.en), format!("{} → ", old.zh))
}

/// Between a name and its value.
fn space(size: Size) -> f32 {
    size.body() * 0.5
}
