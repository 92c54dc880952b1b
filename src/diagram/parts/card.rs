//! A card: a thing with a name, a status, and parts that belong to it.

use super::arrange::{Line, column};
use super::token::{Token, token};
use super::words::{fit, wide, within};
use super::{Need, Part, Span, span};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Key, Label, Mark, Path, Rect, Shape, Size, Tone, label, point, rect,
};
use crate::text::Text;

/// A box with a line of name and status, and parts below each other in it. It fills its place.
pub struct Card {
    key: Key,
    name: Text,
    note: Option<Text>,
    token: Option<Token>,
    status: Option<(Text, Tone)>,
    widest: Option<Text>,
    badges: Vec<Token>,
    tone: Tone,
    look: Look,
    body: Line,
    filled: bool,
    path: Option<Path>,
}

#[derive(Clone, Copy, PartialEq)]
enum Look {
    Here,
    Active,
    Away,
}

/// A card with nothing in it.
pub fn card(key: impl Into<Key>, name: impl Into<Text>) -> Card {
    Card {
        key: key.into(),
        name: name.into(),
        note: None,
        token: None,
        status: None,
        widest: None,
        badges: Vec::new(),
        tone: Tone::Plain,
        look: Look::Here,
        body: column().gap(BETWEEN),
        filled: false,
        path: None,
    }
}

impl Card {
    /// With a token before its name; a token that is elsewhere leaves an absent one here.
    pub fn token(self, token: Token) -> Card {
        Card { token: Some(token), ..self }
    }

    /// With the token of whom it is about, or the empty place of a token that is elsewhere now.
    pub fn home(self, word: impl Into<Text>, tone: Tone, elsewhere: bool) -> Card {
        let part = if elsewhere { "home" } else { "token" };
        let home = token(format!("{}/{part}", self.key), word);
        self.token(if elsewhere { home.absent() } else { home.tone(tone) })
    }

    /// With a word at the right of the name.
    pub fn status(self, text: impl Into<Text>, tone: Tone) -> Card {
        Card { status: Some((text.into(), tone)), ..self }
    }

    /// Room for this status too, so that the card stays as wide when its status changes.
    pub fn widest(self, status: impl Into<Text>) -> Card {
        Card { widest: Some(status.into()), ..self }
    }

    /// With a quiet remark behind the name, which goes first where room is scarce.
    pub fn note(self, note: impl Into<Text>) -> Card {
        Card { note: Some(note.into()), ..self }
    }

    /// With a small token before the status; badges come and go, and the card does not become wider.
    pub fn badge(mut self, badge: Token) -> Card {
        self.badges.push(badge);
        self
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Card {
        Card { tone, ..self }
    }

    /// What this step is about: a strong line.
    pub fn active(self) -> Card {
        Card { look: Look::Active, tone: if self.tone == Tone::Plain { Tone::Active } else { self.tone }, ..self }
    }

    /// Not at work now: dashes.
    pub fn away(self) -> Card {
        Card { look: Look::Away, ..self }
    }

    /// Active if it acts in this step, else away if it is not at work now.
    pub fn look(self, acts: bool, away: bool) -> Card {
        match (acts, away) {
            (true, _) => self.active(),
            (_, true) => self.away(),
            _ => self,
        }
    }

    /// With one more part below the others.
    pub fn with(self, part: impl Part + 'static) -> Card {
        Card { body: self.body.with(part), filled: true, ..self }
    }

    /// With one more part that takes the room that is left.
    pub fn filling(self, part: impl Part + 'static) -> Card {
        Card { body: self.body.filling(1.0, part), filled: true, ..self }
    }

    /// With one more part that goes where room is scarce.
    pub fn spare(self, part: impl Part + 'static) -> Card {
        Card { body: self.body.spare(part), filled: true, ..self }
    }

    /// With one more part that is drawn in one size only.
    pub fn only(self, size: Size, part: impl Part + 'static) -> Card {
        Card { body: self.body.only(size, part), filled: true, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Card {
        Card { path: Some(path.into()), ..self }
    }

    fn header(&self, size: Size) -> Span {
        span(size.least_text() * 1.2, size.cell() * 0.9)
    }
}

/// From how many one-line boxes on a card is high enough for the whole of its margins.
const ROOMY: f32 = 4.2;
/// Between the parts of a card, in usual gaps.
const BETWEEN: f32 = 0.6;

impl Part for Card {
    fn need(&self, room: f32, size: Size) -> Need {
        let pad = size.pad();
        let token = self.token.as_ref().map_or(Span::default(), |token| token.width(size).plus(size.gap() * 0.6));
        let name = wide(&self.name, size.body(), Face::Strong);
        let words = self.status.iter().map(|(text, _)| text).chain(&self.widest);
        let status = words.map(|text| wide(text, size.small(), Face::Sans) + size.gap()).fold(0.0, f32::max);
        let note = self.note.as_ref().map_or(0.0, |note| wide(note, size.small(), Face::Mono) + size.gap());
        let title = token.then(span(name.min(size.body() * 2.0), name + note + status));
        let body = self.body.need(room - 2.0 * pad, size);
        let header = self.header(size).plus(pad);
        let body_h = if self.filled { body.h.then(span(pad * 0.7, pad)) } else { Span::default() };
        Need { w: title.max(body.w).plus(2.0 * pad), h: header.then(body_h) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (pad, header) = (size.pad(), self.header(size));
        if place.h < header.least + 4.0 || place.w < 2.0 * pad + size.body() * 2.0 {
            return;
        }
        self.frame(place, picture);
        // By the place alone, so that the lines of cards beside and below each other are on the same levels.
        let tight = place.h < size.cell() * ROOMY;
        let (header, top) = if tight { (header.least + pad * 0.4, pad * 0.3) } else { (header.wanted, pad * 0.7) };
        let header = header.min(place.h - top);
        let line = rect(place.x + pad, place.y + top, place.w - 2.0 * pad, header);
        self.title(line, size, picture);
        if self.filled {
            let gap = if tight { pad * 0.3 } else { pad * 0.5 };
            let y = line.bottom() + gap;
            let below = if tight { pad * 0.5 } else { pad };
            let body = rect(line.x, y, line.w, place.bottom() - below - y);
            if body.h > 0.0 {
                self.body.draw(body, size, picture);
            }
        }
    }
}

impl Card {
    fn frame(&self, place: Rect, picture: &mut Diagram) {
        let mark = Mark::new(self.key.clone(), place).shape(Shape::Box { radius: 14.0 }).tone(self.tone).layer(2);
        let mark = Mark { path: self.path.clone(), ..mark };
        let says = |name: &Text, status: &Text| {
            Text::new(format!("{}: {}", name.en, status.en), format!("{}：{}", name.zh, status.zh))
        };
        let about = self.status.as_ref().map_or_else(|| self.name.clone(), |(status, _)| says(&self.name, status));
        let mark = mark.about(about);
        picture.push(match self.look {
            Look::Here => mark,
            Look::Active => mark.border(Border::Thick),
            Look::Away => mark.border(Border::Dashed).fill(Fill::None),
        });
    }

    fn title(&self, line: Rect, size: Size, picture: &mut Diagram) {
        let (y, mut x) = (line.center().y, line.x);
        if let Some(token) = &self.token {
            let w = token.width(size).wanted.min(line.w);
            let h = (line.h).min(size.cell() * 0.9);
            if let Some(mark) = token.mark(rect(x, y - h / 2.0, w, h), size) {
                x += w + size.gap() * 0.6;
                picture.push(mark);
            }
        }
        let name = fit(&self.name, size.body(), Face::Strong, line.right() - x);
        let room = line.right() - x - name.as_ref().map_or(0.0, |(_, w)| if *w > 0.0 { w + size.gap() } else { 0.0 });
        if let Some((text, _)) = name.filter(|(_, w)| *w > 0.0) {
            let mark =
                Mark::text(format!("{}/name", self.key), point(x, y), label(text, size.body()).strong().left(0.0));
            picture.push(Mark { path: self.path.clone(), ..within(mark, line) }.about(self.name.clone()).layer(12));
        }
        let mut right = line.right();
        if let Some((status, tone)) = &self.status
            && let Some((text, w)) = fit(status, size.small(), Face::Sans, room)
        {
            let ink = if *tone == Tone::Plain { Ink::Soft } else { Ink::Of(*tone) };
            let words = label(text, size.small()).ink(ink).right(0.0);
            let mark = Mark::text(format!("{}/status", self.key), point(right, y), words);
            picture.push(Mark { path: self.path.clone(), ..within(mark, line) }.about(status.clone()).layer(12));
            right -= w + size.gap();
        }
        let begin = line.right() - room;
        for badge in self.badges.iter().rev() {
            let (w, h) = (badge.width(size).wanted, (line.h - 2.0).min(size.cell() * 0.9));
            if right - w < begin {
                break;
            }
            picture.marks.extend(badge.mark(rect(right - w, y - h / 2.0, w, h), size));
            right -= w + size.gap() * 0.6;
        }
        let Some(note) = &self.note else { return };
        let w = wide(note, size.small(), Face::Mono);
        if w <= right - begin {
            let words = Label { face: Face::Mono, ..label(note.clone(), size.small()) }.ink(Ink::Soft).left(0.0);
            let mark = Mark::text(format!("{}/note", self.key), point(begin, y), words);
            picture.push(within(mark, line).layer(12));
        }
    }
}
