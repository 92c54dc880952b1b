//! A queue: a name and the tokens that wait, head first.

use super::more::more;
use super::token::{Token, token};
use super::words::{fit, wide, within};
use super::{Need, Part, Span, span};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, label, point, rect};
use crate::text::Text;

/// A name, and a capsule with tokens in their order. Empty it is a faint outline that keeps its place.
#[derive(Clone, Debug)]
pub struct Queue {
    key: Key,
    name: Text,
    tokens: Vec<Token>,
    slots: usize,
    bounded: bool,
    ends: usize,
    most: usize,
    widest: Option<Text>,
    tone: Tone,
    path: Option<Path>,
}

/// A queue without tokens.
pub fn queue(key: impl Into<Key>, name: impl Into<Text>) -> Queue {
    Queue {
        key: key.into(),
        name: name.into(),
        tokens: Vec::new(),
        slots: 1,
        bounded: false,
        ends: 0,
        most: usize::MAX,
        widest: None,
        tone: Tone::Plain,
        path: None,
    }
}

impl Queue {
    /// With one more token at its end.
    pub fn token(mut self, token: Token) -> Queue {
        self.tokens.push(token);
        self
    }

    /// With these tokens at its end.
    pub fn tokens(mut self, tokens: impl IntoIterator<Item = Token>) -> Queue {
        self.tokens.extend(tokens);
        self
    }

    /// Room for so many, so that it stays as long when they come and go.
    pub fn slots(self, slots: usize) -> Queue {
        Queue { slots: slots.max(1), ..self }
    }

    /// It holds no more than its slots, which are shown.
    pub fn bounded(self) -> Queue {
        Queue { bounded: true, ..self }
    }

    /// The last so many are seen too where not all have room.
    pub fn ends(self, ends: usize) -> Queue {
        Queue { ends, ..self }
    }

    /// No longer than for so many, however many there are.
    pub fn most(self, most: usize) -> Queue {
        Queue { most: most.max(1), ..self }
    }

    /// Slots wide enough for this word.
    pub fn widest(self, text: impl Into<Text>) -> Queue {
        Queue { widest: Some(text.into()), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Queue {
        Queue { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Queue {
        Queue { path: Some(path.into()), ..self }
    }

    fn slot(&self, size: Size) -> Span {
        let sample = token("", self.widest.clone().unwrap_or_else(|| Text::same("G1")));
        let more = Text::same(format!("+{}", self.count()));
        let least = Span::fixed(wide(&more, size.least_text(), Face::Sans));
        self.tokens.iter().fold(sample.width(size).max(least), |slot, token| slot.max(token.width(size)))
    }

    fn count(&self) -> usize {
        self.tokens.len().max(self.slots).min(self.most)
    }

    fn name_width(&self, size: Size) -> f32 {
        let w = wide(&self.name, size.body(), Face::Sans);
        if w > 0.0 { w + size.gap() * 0.8 } else { 0.0 }
    }
}

impl Part for Queue {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (slot, n) = (self.slot(size), self.count());
        let name = self.name_width(size);
        let wanted = name + slot.wanted * n as f32 + GAP * (n - 1) as f32 + 2.0 * INNER;
        // Of a bounded queue all slots are to be seen.
        let shown = if self.bounded { n.min(8) } else { n.min(2) } as f32;
        let least = name.min(size.body() * 4.0) + slot.least * shown + LEAST_GAP * (shown - 1.0) + 2.0 * INNER;
        Need { w: span(least, wanted), h: span(size.least_cell() + 4.0, size.cell() + 8.0) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let h = (size.cell() + 8.0).min(place.h);
        if h < size.least_text() + 6.0 {
            return;
        }
        let (slot, n) = (self.slot(size), self.count());
        let y = place.center().y;
        let enough = slot.least * n.min(2) as f32 + LEAST_GAP + 2.0 * INNER;
        let name = fit(&self.name, size.body(), Face::Sans, place.w - enough - size.gap());
        let mut x = place.x;
        if let Some((text, w)) = name.filter(|(_, w)| *w > 0.0) {
            // Beside the capsule in either language.
            let words = label(text, size.body()).ink(Ink::Soft).right(0.0);
            let mark = Mark::text(format!("{}/name", self.key), point(x + w, y), words);
            let mark = Mark { path: self.path.clone(), ..mark };
            picture.push(within(mark, place).layer(12));
            x += w + size.gap() * 0.8;
        }
        let room = place.right() - x - 2.0 * INNER;
        let plan = Plan::of(room, slot, n);
        if plan.shown == 0 {
            return;
        }
        let body = rect(x, y - h / 2.0, plan.length() + 2.0 * INNER, h);
        self.body(body, picture);
        let inset = ((h - size.least_text()) / 2.0 - 2.0).clamp(1.0, 4.0);
        let place_of = |i: usize| {
            let at = body.x + INNER + (plan.slot + plan.gap) * i as f32;
            rect(at, body.y + inset, plan.slot, h - 2.0 * inset)
        };
        let cut = plan.shown < if self.bounded { n } else { self.tokens.len() };
        let places = plan.shown - usize::from(cut);
        let shown = self.tokens.len().min(places);
        let ends = if shown < self.tokens.len() { self.ends.min(places / 2) } else { 0 };
        let (first, last) = (shown - ends, self.tokens.len() - ends);
        let at_end = self.tokens[last..].iter().zip(first + 1..);
        for (token, i) in self.tokens[..first].iter().zip(0..).chain(at_end) {
            let wanted = token.width(size).wanted.min(plan.slot);
            let place = place_of(i);
            let place = rect(place.center().x - wanted / 2.0, place.y, wanted, place.h);
            picture.marks.extend(token.mark(place, size));
        }
        for i in (shown..places).filter(|_| self.bounded) {
            let mark = Mark::new(format!("{}/slot/{i}", self.key), place_of(i).grown(-2.0));
            let mark = mark.fill(Fill::Well).border(Border::None);
            picture.push(mark.layer(6));
        }
        if cut && shown == self.tokens.len() {
            // Only empty slots have no room.
            let mark = Mark::new(format!("{}/more", self.key), place_of(places)).fill(Fill::None).border(Border::None);
            picture.push(mark.label(label("…", size.least_text()).ink(Ink::Soft)).layer(13));
        }
        let place = place_of(plan.shown - 1 - ends);
        more(&format!("{}/more", self.key), &self.tokens[first..last], place, size, picture);
    }
}

impl Queue {
    fn body(&self, place: Rect, picture: &mut Diagram) {
        let mark =
            Mark::new(self.key.clone(), place).shape(Shape::Box { radius: place.h / 2.0 }).tone(self.tone).layer(5);
        let mark = Mark { path: self.path.clone(), ..mark }.about(self.name.clone());
        // A short capsule would be all corners, which have no dashes.
        let round = self.tokens.is_empty() && !self.bounded && place.w < place.h * 1.4;
        let mark = if round { mark.shape(Shape::Circle) } else { mark };
        picture.push(match (self.tone, self.tokens.is_empty() && !self.bounded) {
            (_, true) => mark.fill(Fill::None).border(Border::Dashed),
            (Tone::Plain | Tone::Faint, false) => mark,
            (_, false) => mark.border(Border::Thick),
        });
    }
}

/// Between the ends of the capsule and its tokens.
const INNER: f32 = 6.0;
/// Between tokens.
const GAP: f32 = 8.0;
const LEAST_GAP: f32 = 3.0;

/// How many slots there are, how wide and how far apart.
struct Plan {
    shown: usize,
    slot: f32,
    gap: f32,
}

impl Plan {
    fn of(room: f32, slot: Span, n: usize) -> Plan {
        let length = |slot: f32, gap: f32| slot * n as f32 + gap * (n - 1) as f32;
        if length(slot.wanted, GAP) <= room {
            return Plan { shown: n, slot: slot.wanted, gap: GAP };
        }
        if length(slot.least, LEAST_GAP) <= room {
            let share =
                (room - length(slot.least, LEAST_GAP)) / (length(slot.wanted, GAP) - length(slot.least, LEAST_GAP));
            let mix = |least: f32, wanted: f32| least + (wanted - least) * share;
            return Plan { shown: n, slot: mix(slot.least, slot.wanted), gap: mix(LEAST_GAP, GAP) };
        }
        let shown = ((room + LEAST_GAP) / (slot.least + LEAST_GAP)).floor().max(0.0) as usize;
        Plan { shown, slot: slot.least, gap: LEAST_GAP }
    }

    fn length(&self) -> f32 {
        self.slot * self.shown as f32 + self.gap * self.shown.saturating_sub(1) as f32
    }
}
