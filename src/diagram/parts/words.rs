//! Words that stand on their own: a title, a remark.

use super::{Need, Part, Span, span};
use crate::diagram::{Diagram, Face, Ink, Key, Label, Mark, Path, Rect, Size, Tone, label, measure, point, rect};
use crate::text::{Lang, Text};

/// A line of words, its middle in the middle of its place, from the left.
#[derive(Clone, Debug)]
pub struct Words {
    key: Key,
    text: Text,
    note: Option<Text>,
    face: Face,
    tone: Tone,
    quiet: bool,
    title: bool,
    whole: bool,
    path: Option<Path>,
}

/// A line of words.
pub fn words(key: impl Into<Key>, text: impl Into<Text>) -> Words {
    Words {
        key: key.into(),
        text: text.into(),
        note: None,
        face: Face::Sans,
        tone: Tone::Plain,
        quiet: false,
        title: false,
        whole: false,
        path: None,
    }
}

impl Words {
    /// As a heading.
    pub fn title(self) -> Words {
        Words { title: true, face: Face::Strong, ..self }
    }

    /// In the face of identifiers and code.
    pub fn mono(self) -> Words {
        Words { face: Face::Mono, ..self }
    }

    /// To be read second.
    pub fn quiet(self) -> Words {
        Words { quiet: true, ..self }
    }

    /// In the colour of a meaning.
    pub fn tone(self, tone: Tone) -> Words {
        Words { tone, ..self }
    }

    /// All of them, or none where not all have room.
    pub fn whole(self) -> Words {
        Words { whole: true, ..self }
    }

    /// With a quiet remark behind them, which goes first where room is scarce.
    pub fn note(self, note: impl Into<Text>) -> Words {
        Words { note: Some(note.into()), ..self }
    }

    /// With their place in the state.
    pub fn path(self, path: impl Into<Path>) -> Words {
        Words { path: Some(path.into()), ..self }
    }

    fn height(&self, size: Size) -> f32 {
        if self.title { size.title() } else { size.body() }
    }

    fn note_width(&self, size: Size) -> f32 {
        self.note.as_ref().map_or(0.0, |note| wide(note, size.small(), Face::Sans) + size.small() * 0.6)
    }
}

impl Part for Words {
    fn need(&self, _room: f32, size: Size) -> Need {
        let height = self.height(size);
        let all = wide(&self.text, height, self.face);
        let least = if self.whole { all } else { all.min(height * 4.0) };
        Need { w: span(least, all + self.note_width(size)), h: Span::fixed(height * 1.4) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let height = self.height(size);
        let Some((text, w)) = fit(&self.text, height, self.face, place.w) else { return };
        if place.h < height || self.whole && text != self.text {
            return;
        }
        let y = place.center().y;
        let ink = if self.quiet { Ink::Soft } else { Ink::Text };
        let ink = if self.tone == Tone::Plain { ink } else { Ink::Of(self.tone) };
        let words = Label { face: self.face, ..label(text, height) }.ink(ink).left(0.0);
        let mark = Mark { path: self.path.clone(), ..Mark::text(self.key.clone(), point(place.x, y), words) };
        picture.push(within(mark, place).about(self.text.clone()).layer(12));
        let Some(note) = self.note.as_ref().filter(|_| w + self.note_width(size) <= place.w) else { return };
        // On the baseline of the words, not in their middle.
        let lower = (height - size.small()) * measure::cap_height(self.face) / 2.0;
        let at = point(place.x + w + size.small() * 0.6, y);
        let note = label(note.clone(), size.small()).ink(Ink::Soft).left(0.0).down(lower);
        picture.push(within(Mark::text(format!("{}/note", self.key), at, note), place).layer(12));
    }
}

/// What sums of widths may be off by.
const SLACK: f32 = 0.01;

/// A line of words in the middle of `place`, no higher than it.
pub fn within(mark: Mark, place: Rect) -> Mark {
    let h = mark.rect.h.min(place.h);
    Mark { rect: rect(mark.rect.x, mark.rect.center().y - h / 2.0, mark.rect.w, h), ..mark }
}

/// The width of words in the language that needs more.
pub fn wide(text: &Text, height: f32, face: Face) -> f32 {
    Lang::ALL.map(|lang| measure::width(text.get(lang), height, face)).into_iter().fold(0.0, f32::max)
}

/// Words as they fit `room`, and their width; `None` where a language has no room for two characters and an ellipsis.
pub fn fit(text: &Text, height: f32, face: Face, room: f32) -> Option<(Text, f32)> {
    let cut = |lang: Lang| {
        let words = text.get(lang);
        let cut = measure::fitted(words, height, face, room + SLACK);
        let legible = cut == words || cut.chars().count() > 2;
        legible.then_some(cut)
    };
    let text = Text::new(cut(Lang::En)?, cut(Lang::Zh)?);
    let width = wide(&text, height, face);
    Some((text, width))
}
