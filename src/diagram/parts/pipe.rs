//! A pipe: who waits to put something in, what lies in it, who waits to take something out.

use super::capsule::Capsule;
use super::more::more;
use super::pointer::pointer;
use super::token::{Token, token};
use super::words::{fit, wide, within};
use super::{Need, Part, Span, span};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, label, mono, point, rect,
};
use crate::text::Text;

/// Two queues that face each other, each with its head in the middle, and between them slots, or the place where both meet.
#[derive(Clone, Debug)]
pub struct Pipe {
    left: Side,
    middle: Middle,
    right: Side,
}

/// One of the two queues. Empty it is a faint outline that keeps its place.
#[derive(Clone, Debug)]
pub struct Side {
    key: Key,
    name: Text,
    waiters: Vec<Capsule>,
    room: usize,
    widest: Option<Capsule>,
    tone: Tone,
    path: Option<Path>,
}

/// What lies between the two queues.
#[derive(Clone, Debug)]
pub struct Middle {
    key: Key,
    /// What is said where there are no slots.
    text: Text,
    widest: Vec<Text>,
    slots: Vec<Well>,
    heads: Vec<Head>,
    tone: Tone,
    path: Option<Path>,
}

/// A place for a value.
#[derive(Clone, Debug)]
pub struct Well {
    key: Key,
    content: Option<Token>,
    tone: Tone,
    path: Option<Path>,
}

#[derive(Clone, Debug)]
struct Head {
    key: Key,
    name: Text,
    at: usize,
    tone: Tone,
    path: Option<Path>,
}

/// A pipe.
pub fn pipe(left: Side, middle: Middle, right: Side) -> Pipe {
    Pipe { left, middle, right }
}

/// A queue without waiters.
pub fn side(key: impl Into<Key>, name: impl Into<Text>) -> Side {
    let (key, name) = (key.into(), name.into());
    Side { key, name, waiters: Vec::new(), room: 1, widest: None, tone: Tone::Plain, path: None }
}

/// A middle without slots: a place to meet, and what is said there.
pub fn middle(key: impl Into<Key>, text: impl Into<Text>) -> Middle {
    let (key, text) = (key.into(), text.into());
    Middle { key, text, widest: Vec::new(), slots: Vec::new(), heads: Vec::new(), tone: Tone::Plain, path: None }
}

/// An empty slot.
pub fn well(key: impl Into<Key>) -> Well {
    Well { key: key.into(), content: None, tone: Tone::Plain, path: None }
}

impl Side {
    /// With these waiters, the head first.
    pub fn waiters(self, waiters: impl IntoIterator<Item = Capsule>) -> Side {
        Side { waiters: waiters.into_iter().collect(), ..self }
    }

    /// Room for so many, so that it stays as long when they come and go.
    pub fn room(self, waiters: usize) -> Side {
        Side { room: waiters.max(1), ..self }
    }

    /// Room for this one in each place.
    pub fn widest(self, waiter: Capsule) -> Side {
        Side { widest: Some(waiter), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Side {
        Side { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Side {
        Side { path: Some(path.into()), ..self }
    }

    fn slot(&self, size: Size) -> Span {
        self.widest.iter().chain(&self.waiters).fold(Span::fixed(size.cell()), |w, waiter| w.max(waiter.width(size)))
    }

    fn count(&self) -> usize {
        self.waiters.len().max(self.room)
    }

    fn width(&self, size: Size) -> Span {
        let (slot, n) = (self.slot(size), self.count() as f32);
        let name = wide(&self.name, size.small(), Face::Sans) + 4.0 * INNER;
        let shown = n.min(2.0);
        let least = slot.least * shown + GAP * (shown - 1.0) + 2.0 * INNER;
        span(least, (slot.wanted * n + GAP * (n - 1.0) + 2.0 * INNER).max(name))
    }

    /// Draws track and waiters; `to_right` says whether the middle lies at the right.
    fn draw(&self, track: Rect, to_right: bool, size: Size, picture: &mut Diagram) {
        let mark = Mark::new(self.key.clone(), track).shape(Shape::Box { radius: 18.0 }).tone(self.tone).layer(5);
        let mark = Mark { path: self.path.clone(), ..mark }.about(self.name.clone());
        picture.push(match self.waiters.is_empty() && self.tone == Tone::Plain {
            true => mark.fill(Fill::None).border(Border::Dashed),
            false if self.tone == Tone::Plain => mark.fill(Fill::Well),
            false => mark.fill(Fill::Well).border(Border::Thick),
        });
        let (span, n) = (self.slot(size), self.count());
        let room = track.w - 2.0 * INNER;
        let slot = ((room - GAP * (n - 1) as f32) / n as f32).min(span.wanted);
        let (slot, shown) = if slot >= span.least {
            (slot, n)
        } else {
            let least = span.least.min(room);
            (least, ((room + GAP) / (least + GAP) + 0.01).floor().max(1.0) as usize)
        };
        let place = |i: usize| {
            let by = (slot + GAP) * i as f32;
            let x = if to_right { track.right() - INNER - slot - by } else { track.x + INNER + by };
            rect(x, track.y + INNER, slot, track.h - 2.0 * INNER)
        };
        let drawn = if self.waiters.len() > shown { shown - 1 } else { self.waiters.len() };
        for (i, waiter) in self.waiters[..drawn].iter().enumerate() {
            let w = waiter.width(size).wanted.min(slot);
            let place = place(i);
            let x = if to_right { place.right() - w } else { place.x };
            picture.marks.extend(waiter.marks(rect(x, place.y, w, place.h), size));
        }
        let hidden: Vec<Token> = self.waiters[drawn..].iter().map(Capsule::plain).collect();
        more(&format!("{}/more", self.key), &hidden, place(drawn.min(shown - 1)), size, picture);
    }

    /// Its name below the end of the track that is away from the middle; `to_right` says where the middle lies.
    fn title(&self, line: Rect, to_right: bool, size: Size, picture: &mut Diagram) {
        let words = fit(&self.name, size.small(), Face::Sans, line.w - 4.0 * INNER);
        let Some((text, _)) = words.filter(|_| line.h >= size.small()) else { return };
        let ink = if self.tone == Tone::Plain { Ink::Soft } else { Ink::Of(self.tone) };
        let words = label(text, size.small()).ink(ink);
        let (x, words) = match to_right {
            true => (line.x + INNER * 2.0, words.left(0.0)),
            false => (line.right() - INNER * 2.0, words.right(0.0)),
        };
        let mark = Mark::text(format!("{}/name", self.key), point(x, line.center().y), words).layer(12);
        let mark = Mark { path: self.path.clone(), ..within(mark, line) };
        let apart = mark.rect.grown(size.gap() * 0.5);
        // A word below the first or last slot may reach as far.
        if !picture.marks.iter().any(|other| other.layer == 12 && other.rect.overlaps(apart)) {
            picture.push(mark);
        }
    }
}

impl Well {
    /// With a value in it.
    pub fn content(self, content: impl Into<Option<Token>>) -> Well {
        Well { content: content.into(), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Well {
        Well { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Well {
        Well { path: Some(path.into()), ..self }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let mark = Mark::new(self.key.clone(), place).tone(self.tone).fill(Fill::Well).layer(6);
        let mark = Mark { path: self.path.clone(), ..mark };
        picture.push(if self.tone == Tone::Plain { mark } else { mark.border(Border::Thick) });
        let inner = place.grown(if place.w < size.cell() { -2.0 } else { -5.0 });
        picture.marks.extend(self.content.as_ref().and_then(|content| content.mark(inner, size)));
    }
}

impl Middle {
    /// With these slots.
    pub fn slots(self, slots: impl IntoIterator<Item = Well>) -> Middle {
        Middle { slots: slots.into_iter().collect(), ..self }
    }

    /// With a word below a slot that points at it: where the next one goes in, or comes out. Two are shown at most.
    pub fn head(
        mut self,
        key: impl Into<Key>,
        name: impl Into<Text>,
        at: usize,
        tone: Tone,
        path: impl Into<Path>,
    ) -> Middle {
        self.heads.push(Head { key: key.into(), name: name.into(), at, tone, path: Some(path.into()) });
        self
    }

    /// Room for these words too.
    pub fn widest(mut self, text: impl Into<Text>) -> Middle {
        self.widest.push(text.into());
        self
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Middle {
        Middle { tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Middle {
        Middle { path: Some(path.into()), ..self }
    }

    fn width(&self, size: Size) -> Span {
        if self.slots.is_empty() {
            let words = self.widest.iter().chain([&self.text]).map(|text| wide(text, size.body(), Face::Sans));
            return Span::fixed(words.fold(0.0, f32::max) + 2.0 * size.pad());
        }
        let (n, cell) = (self.slots.len() as f32, size.cell() * SLOT);
        let of = |slot: f32, n: f32| slot * n + SLOT_GAP * (n - 1.0) + 2.0 * INNER;
        span(of(size.least_cell(), n.min(3.0)), of(cell * 1.3, n))
    }

    fn draw(&self, place: Rect, below: Rect, size: Size, picture: &mut Diagram) {
        let mark = Mark::new(self.key.clone(), place).tone(self.tone).layer(5);
        let mark = Mark { path: self.path.clone(), ..mark };
        let mark = if self.tone == Tone::Plain { mark } else { mark.border(Border::Thick) };
        if self.slots.is_empty() {
            let words = fit(&self.text, size.body(), Face::Sans, place.w - 12.0);
            let plain = self.tone == Tone::Plain;
            let mark = mark.shape(Shape::Box { radius: place.h / 2.0 });
            let mark =
                if plain { mark.fill(Fill::None).border(Border::Dashed) } else { mark.fill(Fill::Tint).layer(8) };
            let ink = if plain { Ink::Soft } else { Ink::Text };
            picture.push(match words {
                Some((text, _)) => mark.label(label(text, size.body()).ink(ink)),
                None => mark,
            });
            return;
        }
        picture.push(mark.shape(Shape::Box { radius: 12.0 }).fill(Fill::Panel));
        let n = self.slots.len();
        let room = place.w - 2.0 * INNER;
        let slot = ((room + SLOT_GAP) / n as f32 - SLOT_GAP).max(size.least_cell().min(room));
        let shown = (((room + SLOT_GAP) / (slot + SLOT_GAP) + 0.01).floor().max(1.0) as usize).min(n);
        let places = if shown < n { shown - 1 } else { n };
        let at = |i: usize| {
            rect(place.x + INNER + (slot + SLOT_GAP) * i as f32, place.y + INNER, slot, place.h - 2.0 * INNER)
        };
        for (i, well) in self.slots[..places].iter().enumerate() {
            well.draw(at(i), size, picture);
        }
        if places < n {
            let of = |well: &Well| well.content.clone().unwrap_or_else(|| token(well.key.clone(), "")).bend(0.0);
            let hidden: Vec<Token> = self.slots[places..].iter().map(of).collect();
            more(&format!("{}/more", self.key), &hidden, at(places), size, picture);
        }
        // Of two words the left one ends, and the right one begins, below its slot: so they never meet.
        let mut heads: Vec<&Head> = self.heads.iter().filter(|head| head.at < places).take(2).collect();
        heads.sort_by_key(|head| head.at);
        for (i, head) in heads.iter().enumerate() {
            let (ends, shared) = (i == 0 && heads.len() > 1, heads.iter().all(|other| other.at == head.at));
            head.draw(at(head.at).center().x, ends, shared, below, size, picture);
        }
    }
}

impl Head {
    fn draw(&self, x: f32, ends: bool, shared: bool, line: Rect, size: Size, picture: &mut Diagram) {
        let half = wide(&Text::same("▴"), size.small(), Face::Mono) / 2.0;
        let (en, zh) = (&self.name.en, &self.name.zh);
        // Where both words are below one slot, one sign is enough.
        let text = match (ends, shared) {
            (true, true) => Text::new(en.as_str(), zh.as_str()),
            (true, false) => Text::new(format!("{en}▴"), format!("{zh}▴")),
            (false, _) => Text::new(format!("▴{en}"), format!("▴{zh}")),
        };
        let ink = if self.tone == Tone::Plain { Ink::Soft } else { Ink::Of(self.tone) };
        let words = mono(text, size.small()).ink(ink);
        let end = if shared { x - half } else { x + half };
        let (x, words) = if ends { (end, words.right(0.0)) } else { (x - half, words.left(0.0)) };
        let mark = Mark::text(self.key.clone(), point(x, line.center().y), words).layer(12);
        let mark = Mark { path: self.path.clone(), ..within(mark, line) };
        if line.h >= size.small() && line.x <= mark.rect.x && mark.rect.right() <= line.right() {
            picture.push(mark);
        }
    }
}

/// Between a track or the frame of the slots and what is in it.
const INNER: f32 = 6.0;
/// Between waiters.
const GAP: f32 = 8.0;
/// Between slots.
const SLOT_GAP: f32 = 5.0;
/// Width of a slot, and height of the pipe, in usual cells.
const SLOT: f32 = 1.15;
const HEIGHT: f32 = 1.25;

impl Pipe {
    /// Heights of the pipe and of the words below it.
    fn heights(size: Size) -> (Span, f32) {
        (span(size.least_cell(), size.cell() * HEIGHT).plus(2.0 * INNER), size.small() * 1.35)
    }

    fn gaps(size: Size) -> Span {
        span(size.gap() * 0.6, size.gap() * 2.0)
    }
}

impl Part for Pipe {
    fn need(&self, _room: f32, size: Size) -> Need {
        let (h, below) = Pipe::heights(size);
        let gap = Pipe::gaps(size);
        let w = self.left.width(size).then(gap).then(self.middle.width(size)).then(gap).then(self.right.width(size));
        Need { w, h: h.plus(below) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let (h, below) = Pipe::heights(size);
        // Where there is no room for both, the pipe goes without the words below it.
        let below = if place.h - below < h.least { 0.0 } else { below };
        let need = self.need(place.w, size);
        let height = (place.h - below).min(h.wanted);
        if height < size.least_text() + 3.0 * INNER || place.w < size.cell() * 3.0 {
            return;
        }
        let give = if need.w.wanted > need.w.least {
            ((place.w - need.w.least) / (need.w.wanted - need.w.least)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let scale = (place.w / need.w.least).min(1.0);
        let mix = |w: Span| (w.least + (w.wanted - w.least) * give) * scale;
        let gap = mix(Pipe::gaps(size));
        let [left, middle, right] = [self.left.width(size), self.middle.width(size), self.right.width(size)].map(mix);
        // The queues take what is left, up to as much again; the pipe stands in the middle.
        let rest = (place.w - left - middle - right - 2.0 * gap).max(0.0);
        let (more_left, more_right) = (left.min(rest / 2.0), right.min(rest / 2.0));
        let (left, right) = (left + more_left, right + more_right);
        let x = place.x + (rest - more_left - more_right) / 2.0;
        let y = place.y + ((place.h - below - height) / 2.0).max(0.0);
        let level = |x: f32, w: f32| rect(x, y, w, height);
        let under = |x: f32, w: f32| rect(x, y + height, w, below);
        let (second, third) = (x + left + gap, x + left + middle + 2.0 * gap);
        self.middle.draw(level(second, middle), under(place.x, place.w), size, picture);
        self.left.draw(level(x, left), true, size, picture);
        self.left.title(under(x, left), true, size, picture);
        self.right.draw(level(third, right), false, size, picture);
        self.right.title(under(third, right), false, size, picture);
        for (side, other) in [(&self.left.key, &self.middle.key), (&self.middle.key, &self.right.key)] {
            pointer(picture, format!("{side}/flow"), side, other, Tone::Plain);
        }
    }
}
