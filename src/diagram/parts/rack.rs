//! A rack: numbered rows of cells in which things lie, with further rows hanging below some of them.

use super::words::{wide, within, words};
use super::{Need, Part, Span, Words, span};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, measure, mono, point, rect,
};
use crate::text::Text;

/// Numbered rows in sections below each other, in as many columns as they need. Where not all have room, those around one
/// row are shown, the same of each section.
#[derive(Clone, Debug, Default)]
pub struct Rack {
    sections: Vec<Section>,
    around: usize,
    widest: usize,
    signs: bool,
}

/// Rows with a heading.
#[derive(Clone, Debug)]
pub struct Section {
    key: Key,
    name: Text,
    tone: Tone,
    all: bool,
    of: usize,
    path: Option<Path>,
    rows: Vec<Row>,
}

/// A numbered row, and those that hang below it.
#[derive(Clone, Debug)]
pub struct Row {
    key: Key,
    number: usize,
    tone: Tone,
    lines: usize,
    sign: Option<(Key, Tone, Text, Path)>,
    trays: Vec<Tray>,
}

/// Cells side by side in a frame.
#[derive(Clone, Debug)]
pub struct Tray {
    key: Key,
    tone: Tone,
    lit: bool,
    left: bool,
    path: Option<Path>,
    about: Text,
    holes: Vec<Hole>,
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Hole {
    key: Key,
    words: Vec<Text>,
    tone: Tone,
    dashed: bool,
    signs: Vec<(Key, Tone, Sign)>,
    path: Option<Path>,
    about: Text,
    thing: Option<Thing>,
}

/// A small sign on a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A dot in the upper left corner: something began here.
    Dot,
    /// A bar along the lower edge: something stands here.
    Bar,
    /// A tick at the upper right corner: what lies here is done with.
    Tick,
}

/// A thing in a cell. Its key names the thing, so that it moves when it lies in another cell.
#[derive(Clone, Debug)]
pub struct Thing {
    key: Key,
    name: Text,
    above: Option<(Text, bool)>,
    beside: Option<Text>,
    tone: Tone,
    strong: bool,
    dashed: bool,
    bend: f32,
    path: Option<Path>,
    about: Text,
}

/// A rack without rows.
pub fn rack() -> Rack {
    Rack::default()
}

/// Rows with a heading; `of` is how many there are in all of which these are some.
pub fn section(key: impl Into<Key>, name: impl Into<Text>, of: usize) -> Section {
    Section { key: key.into(), name: name.into(), tone: Tone::Plain, all: false, of, path: None, rows: Vec::new() }
}

/// A row; its key is that of its number.
pub fn numbered(key: impl Into<Key>, number: usize) -> Row {
    Row { key: key.into(), number, tone: Tone::Plain, lines: 1, sign: None, trays: Vec::new() }
}

/// Cells in a frame.
pub fn tray(key: impl Into<Key>) -> Tray {
    let key = key.into();
    let about = Text::same(&*key);
    Tray { key, tone: Tone::Plain, lit: false, left: false, path: None, about, holes: Vec::new() }
}

/// An empty cell.
pub fn hole(key: impl Into<Key>) -> Hole {
    let key = key.into();
    let about = Text::same(&*key);
    Hole { key, words: Vec::new(), tone: Tone::Plain, dashed: false, signs: Vec::new(), path: None, about, thing: None }
}

/// A thing in a cell.
pub fn thing(key: impl Into<Key>, name: impl Into<Text>) -> Thing {
    let name = name.into();
    Thing {
        key: key.into(),
        about: name.clone(),
        name,
        above: None,
        beside: None,
        tone: Tone::Plain,
        strong: false,
        dashed: false,
        bend: 0.0,
        path: None,
    }
}

impl Rack {
    /// With one more section below the others.
    pub fn section(mut self, section: Section) -> Rack {
        self.sections.push(section);
        self
    }

    /// The row of each section, from 0, that is to be seen where not all are.
    pub fn around(self, row: usize) -> Rack {
        Rack { around: row, ..self }
    }

    /// Room for a sign before the numbers, at whatever step there is one.
    pub fn signs(self, signs: bool) -> Rack {
        Rack { signs, ..self }
    }

    /// Room for numbers up to this one.
    pub fn widest(self, number: usize) -> Rack {
        Rack { widest: number, ..self }
    }
}

impl Section {
    /// With a meaning: its name has the colour.
    pub fn tone(self, tone: Tone) -> Section {
        Section { tone, ..self }
    }

    /// This step is about all of it: a strong line around its rows.
    pub fn all(self, all: bool) -> Section {
        Section { all, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: impl Into<Path>) -> Section {
        Section { path: Some(path.into()), ..self }
    }

    /// With these rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Section {
        self.rows.extend(rows);
        self
    }
}

impl Row {
    /// Its number has a meaning.
    pub fn tone(self, tone: Tone) -> Row {
        Row { tone, ..self }
    }

    /// Room for so many trays, so that nothing moves when one is hung below.
    pub fn lines(self, lines: usize) -> Row {
        Row { lines: lines.max(1), ..self }
    }

    /// With a sign before its number that points at it, and what that means, and its place in the state.
    pub fn sign(self, key: impl Into<Key>, tone: Tone, about: impl Into<Text>, path: impl Into<Path>) -> Row {
        Row { sign: Some((key.into(), tone, about.into(), path.into())), ..self }
    }

    /// With one more tray below the others.
    pub fn tray(mut self, tray: Tray) -> Row {
        self.trays.push(tray);
        self
    }
}

impl Tray {
    /// This step is about it: a strong line.
    pub fn lit(self, tone: Option<Tone>) -> Tray {
        Tray { lit: tone.is_some(), tone: tone.unwrap_or(self.tone), ..self }
    }

    /// Left behind, or not there yet: dashes.
    pub fn left(self, left: bool) -> Tray {
        Tray { left, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: Option<Path>) -> Tray {
        Tray { path, ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Tray {
        Tray { about: about.into(), ..self }
    }

    /// With these cells.
    pub fn holes(self, holes: impl IntoIterator<Item = Hole>) -> Tray {
        Tray { holes: holes.into_iter().collect(), ..self }
    }
}

impl Hole {
    /// What is said where nothing lies: the first of these words that fits.
    pub fn words(self, words: impl IntoIterator<Item = impl Into<Text>>) -> Hole {
        Hole { words: words.into_iter().map(Into::into).collect(), ..self }
    }

    /// This step is about it.
    pub fn tone(self, tone: Option<Tone>) -> Hole {
        Hole { tone: tone.unwrap_or(self.tone), ..self }
    }

    /// Something is gone from here, or will be here: dashes in the colour of a meaning.
    pub fn dashed(self, tone: Tone) -> Hole {
        Hole { dashed: true, tone, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: Option<Path>) -> Hole {
        Hole { path, ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Hole {
        Hole { about: about.into(), ..self }
    }

    /// With a sign on it.
    pub fn sign(mut self, key: impl Into<Key>, tone: Tone, sign: Sign) -> Hole {
        self.signs.push((key.into(), tone, sign));
        self
    }

    /// With a thing in it.
    pub fn thing(self, thing: Thing) -> Hole {
        Hole { thing: Some(thing), ..self }
    }
}

impl Thing {
    /// With a small figure above its name where there is room; `said` gives it the colour of the meaning.
    pub fn above(self, text: impl Into<Text>, said: bool) -> Thing {
        Thing { above: Some((text.into(), said)), ..self }
    }

    /// With a value behind its name where there is room.
    pub fn beside(self, text: impl Into<Text>) -> Thing {
        Thing { beside: Some(text.into()), ..self }
    }

    /// With a meaning.
    pub fn tone(self, tone: Tone) -> Thing {
        Thing { tone, ..self }
    }

    /// What this step is about: a strong line.
    pub fn strong(self, strong: bool) -> Thing {
        Thing { strong, ..self }
    }

    /// It does not count here, yet or any more: dashes.
    pub fn dashed(self, dashed: bool) -> Thing {
        Thing { dashed, ..self }
    }

    /// How far its way to this place bows.
    pub fn bend(self, bend: f32) -> Thing {
        Thing { bend, ..self }
    }

    /// With its place in the state.
    pub fn path(self, path: Option<Path>) -> Thing {
        Thing { path, ..self }
    }

    /// With words for a tooltip and a screen reader.
    pub fn about(self, about: impl Into<Text>) -> Thing {
        Thing { about: about.into(), ..self }
    }
}

/// Which rows are shown, in how many columns, and how high.
struct Plan {
    first: usize,
    shown: usize,
    columns: usize,
    pitch: f32,
    /// Width of a column without the gap after it.
    width: f32,
}

/// What all cells of a rack have in common.
#[derive(Clone, Copy)]
struct Scale {
    size: Size,
    /// Room for numbers before the rows.
    index: f32,
    /// Width of the longest name in text heights: all names are equally high.
    ems: f32,
}

/// Numbers of columns that are tried.
const COLUMNS: [usize; 3] = [1, 2, 4];
/// How far a row is set in that hangs below another.
const INSET: f32 = 18.0;
/// Between the rows and the line around all of them.
const OUTLINE: f32 = 3.0;
/// Between a frame and its cells.
const INNER: f32 = 3.0;
/// From how many text heights on a cell has room for a value beside the name of what lies in it.
const ROOMY: f32 = 6.4;
/// Names shorter than the first are as high as those as long; those longer than the second shrink alone, in text heights.
const LEAST_EMS: f32 = 1.8;
const MOST_EMS: f32 = 3.0;
/// Between cells.
const BETWEEN: f32 = 4.0;

impl Rack {
    fn heading(size: Size) -> f32 {
        size.title() * 1.5
    }

    fn index(&self, size: Size) -> f32 {
        let numbers = self.sections.iter().flat_map(|section| &section.rows).map(|row| row.number);
        let widest = numbers.chain([self.widest]).max().unwrap_or_default();
        let signs = self.signs || self.sections.iter().flat_map(|section| &section.rows).any(|row| row.sign.is_some());
        let sign = if signs { size.body() * 0.9 } else { 0.0 };
        measure::width(&widest.to_string(), size.body(), Face::Mono) + size.gap() + sign
    }

    /// Height of a row that has room for a figure above the names, the least, and the most.
    fn pitches(size: Size) -> [f32; 3] {
        match size {
            Size::Window => [54.0, 30.0, 170.0],
            Size::Stage => [82.0, 56.0, 170.0],
        }
    }

    fn plan(&self, place: Rect, size: Size) -> Option<Plan> {
        let n = self.sections.iter().map(|section| section.rows.len()).max().filter(|n| *n > 0)?;
        let room = place.h / self.sections.len() as f32 - Rack::heading(size);
        if room < size.least_text() || place.w < self.index(size) + size.cell() {
            return None;
        }
        let cells = self.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.trays);
        let cells = cells.map(|tray| tray.holes.len()).max().unwrap_or(1) as f32;
        let least = cells * size.least_text() * 2.3 + self.index(size);
        let width = |columns: usize| (place.w - size.gap() * 2.0 * (columns - 1) as f32) / columns as f32;
        let [roomy, low, most] = Rack::pitches(size);
        let mut shown = n;
        loop {
            for pitch in [roomy, low] {
                for columns in COLUMNS.into_iter().filter(|columns| *columns <= shown) {
                    let lines = self.lines(shown, columns);
                    if (columns == 1 || width(columns) >= least) && lines as f32 * pitch <= room || shown == 1 {
                        let first = self.around.min(n - 1) / shown * shown;
                        // Cells are not much higher than wide.
                        let cell = (width(columns) - self.index(size)) / cells;
                        let pitch = (room / lines as f32).min(most).min((cell * 1.4).max(roomy));
                        return Some(Plan {
                            first,
                            shown: shown.min(n - first),
                            columns,
                            pitch,
                            width: width(columns),
                        });
                    }
                }
            }
            shown = shown.div_ceil(2);
        }
    }

    /// The most trays below each other where so many rows are shown in so many columns.
    fn lines(&self, shown: usize, columns: usize) -> usize {
        let column = |rows: &[Row]| rows.iter().map(|row| row.lines.max(row.trays.len())).sum();
        let runs = self.sections.iter().flat_map(|section| section.rows.chunks(shown));
        runs.flat_map(|run| run.chunks(shown.div_ceil(columns))).map(column).max().unwrap_or(1).max(1)
    }
}

impl Part for Rack {
    fn need(&self, _room: f32, size: Size) -> Need {
        let [roomy, low, _] = Rack::pitches(size);
        let (n, heading) = (self.sections.len() as f32, Rack::heading(size));
        let lines = self.lines(self.sections.iter().map(|section| section.rows.len()).max().unwrap_or(1).max(1), 1);
        let trays = self.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.trays);
        let tray = trays.fold(Span::default(), |w, tray| w.max(tray.width(size)));
        let names =
            self.sections.iter().map(|section| section.title(Text::default()).need(f32::INFINITY, size).w.wanted);
        let index = self.index(size);
        let w = tray.plus(OUTLINE).max(Span::fixed(names.fold(0.0, f32::max))).plus(index);
        Need { w, h: span((low + heading) * n, (roomy * lines as f32 + heading) * n) }
    }

    fn draw(&self, place: Rect, size: Size, picture: &mut Diagram) {
        let Some(plan) = self.plan(place, size) else { return };
        let heading = Rack::heading(size);
        let rows = self.sections.iter().flat_map(|section| section.rows.iter().skip(plan.first).take(plan.shown));
        let things =
            rows.flat_map(|row| &row.trays).flat_map(|tray| &tray.holes).filter_map(|hole| hole.thing.as_ref());
        let longest = things.map(|thing| wide(&thing.name, 1.0, Face::Mono)).fold(0.0, f32::max);
        let scale = Scale { size, index: self.index(size), ems: longest.clamp(LEAST_EMS, MOST_EMS) };
        let high = heading + self.lines(plan.shown, plan.columns) as f32 * plan.pitch;
        // What is left goes between the sections and above them.
        let n = self.sections.len() as f32;
        let left = (place.h / n - high).max(0.0);
        for (i, section) in self.sections.iter().enumerate() {
            let y = place.y + left * 0.4 * n.min(1.6) + (high + left * 0.3) * i as f32;
            section.draw(rect(place.x, y, place.w, high), &plan, scale, picture);
        }
    }
}

impl Section {
    fn title(&self, note: Text) -> Words {
        let title = words(self.key.clone(), self.name.clone()).title().quiet().note(note).tone(self.tone);
        match &self.path {
            Some(path) => title.path(path.clone()),
            None => title,
        }
    }

    fn draw(&self, place: Rect, plan: &Plan, scale: Scale, picture: &mut Diagram) {
        let Scale { size, index, .. } = scale;
        let rows: Vec<&Row> = self.rows.iter().skip(plan.first).take(plan.shown).collect();
        let numbers = rows.first().map_or(0, |row| row.number)..=rows.last().map_or(0, |row| row.number);
        let note = match numbers.end() + 1 - numbers.start() {
            // The number stands before the row.
            1 if self.of > 1 => Text::default(),
            n if n == self.of && n.is_power_of_two() => Text::same(format!("{n} = 2{}", raised(n.trailing_zeros()))),
            _ => Text::new(
                format!("{}–{} of {}", numbers.start(), numbers.end(), self.of),
                format!("{}–{}，共 {}", numbers.start(), numbers.end(), self.of),
            ),
        };
        let title = self.title(note);
        let heading = Rack::heading(size);
        title.draw(rect(place.x + index, place.y, place.w - index, size.title() * 1.4), size, picture);
        let mut around: Option<Rect> = None;
        for (c, column) in rows.chunks(plan.shown.div_ceil(plan.columns)).enumerate() {
            let x = place.x + (plan.width + size.gap() * 2.0) * c as f32;
            let mut y = place.y + heading;
            for row in column {
                let drawn = row.draw(rect(x, y, plan.width, place.bottom() + 0.5 - y), plan.pitch, scale, picture);
                around = around.into_iter().chain(drawn).reduce(Rect::union);
                y += plan.pitch * row.lines.max(row.trays.len()) as f32;
            }
        }
        if let Some(around) = around.filter(|_| self.all) {
            let outline = Mark::new(format!("{}/all", self.key), around.grown(OUTLINE)).fill(Fill::None);
            picture.push(outline.border(Border::Thick).tone(Tone::Active).layer(8).about(self.name.clone()));
        }
    }
}

impl Row {
    /// Draws what has room in `place`; returns where the trays are.
    fn draw(&self, place: Rect, pitch: f32, scale: Scale, picture: &mut Diagram) -> Option<Rect> {
        let index = scale.index;
        let gap = (pitch * 0.14).clamp(6.0, 14.0);
        let mut around: Option<Rect> = None;
        for (i, tray) in self.trays.iter().enumerate() {
            let inset = if i == 0 { 0.0 } else { INSET };
            let x = place.x + index + inset;
            let at = rect(x, place.y + pitch * i as f32 + gap / 2.0, place.right() - OUTLINE - x, pitch - gap);
            if at.bottom() > place.bottom() || at.h < 2.0 * INNER {
                break;
            }
            if i == 0 {
                self.number(place.x + index, at, scale.size, picture);
            } else {
                let (x, y, top) = (at.x - 11.0, at.center().y, at.y - gap);
                let points = vec![point(x, top), point(x, y), point(at.x, y)];
                let line = Mark::new(format!("{}/link", tray.key), rect(x, top, 11.0, y - top));
                let line = line.shape(Shape::Line { points }).fill(Fill::None).tone(if tray.lit {
                    tray.tone
                } else {
                    Tone::Faint
                });
                picture.push(line.about(Text::new("overflow pointer", "overflow 指针")));
            }
            tray.draw(at, scale, picture);
            around = Some(around.map_or(at, |around| around.union(at)));
        }
        around
    }

    fn number(&self, right: f32, at: Rect, size: Size, picture: &mut Diagram) {
        if at.h < size.least_text() {
            return;
        }
        let height = size.body().min(at.h - 2.0).max(size.least_text());
        let ink = if self.tone == Tone::Plain { Ink::Soft } else { Ink::Of(self.tone) };
        let number = mono(self.number.to_string(), height).ink(ink).right(0.0);
        let mark = Mark::text(self.key.clone(), point(right - size.gap() * 0.7, at.center().y), number);
        let mark = within(mark, at).layer(11);
        let x = mark.rect.x;
        picture.push(mark);
        if let Some((key, tone, about, path)) = &self.sign {
            let sign = mono("▸", height).ink(Ink::Of(*tone)).right(0.0);
            let mark = Mark::text(key.clone(), point(x - 2.0, at.center().y), sign);
            picture.push(within(mark, at).layer(11).about(about.clone()).path(path.clone()).tone(*tone));
        }
    }
}

impl Tray {
    /// Width with cells for the longest name as small as it is legible, and for three characters.
    fn width(&self, size: Size) -> Span {
        let n = self.holes.len() as f32;
        let things = self.holes.iter().filter_map(|hole| hole.thing.as_ref());
        let longest = things.map(|thing| wide(&thing.name, size.least_text(), Face::Mono)).fold(0.0, f32::max) + 8.0;
        let least = size.least_text() * LEAST_EMS + 8.0;
        span(least * n, longest.max(least) * n).plus(n * BETWEEN + 2.0 * INNER + INSET)
    }

    fn draw(&self, place: Rect, scale: Scale, picture: &mut Diagram) {
        let frame = Mark::new(self.key.clone(), place).shape(Shape::Box { radius: (place.h * 0.2).min(10.0) });
        let frame = Mark { path: self.path.clone(), ..frame }.about(self.about.clone()).tone(self.tone).layer(10);
        picture.push(match (self.lit, self.left) {
            (true, _) => frame.border(Border::Thick),
            (false, true) => frame.border(Border::Dashed).fill(Fill::None),
            (false, false) => frame,
        });
        let inner = place.grown(-INNER);
        let n = self.holes.len().max(1) as f32;
        let w = (inner.w - BETWEEN * (n - 1.0)) / n;
        for (i, hole) in self.holes.iter().enumerate() {
            hole.draw(rect(inner.x + (w + BETWEEN) * i as f32, inner.y, w, inner.h), self.lit, scale, picture);
        }
    }
}

fn corners(place: Rect) -> Shape {
    Shape::Box { radius: (place.h * 0.2).min(7.0) }
}

impl Hole {
    fn draw(&self, place: Rect, lit: bool, scale: Scale, picture: &mut Diagram) {
        let small = scale.size.small();
        let mark = Mark::new(self.key.clone(), place).shape(corners(place)).fill(Fill::Well).layer(12).tone(self.tone);
        let mark = Mark { path: self.path.clone(), ..mark }.about(self.about.clone());
        let mark = match (self.dashed, self.tone) {
            (true, _) => mark.border(if lit { Border::Dashed } else { Border::None }),
            (_, Tone::Plain) => mark.border(Border::None),
            _ => mark.border(Border::Thick),
        };
        // Signs stand on the rim: words keep clear of them.
        let (beside, high) = if self.signs.is_empty() { (4.0, small) } else { (26.0, small * 1.6) };
        let fits = |words: &&Text| wide(words, small, Face::Mono) <= place.w - beside;
        let words = self.words.iter().find(fits).filter(|_| self.thing.is_none() && place.h >= high);
        let ink = if self.tone == Tone::Plain { Ink::Of(Tone::Faint) } else { Ink::Tone };
        picture.push(match words {
            Some(words) => mark.label(mono(words.clone(), small).ink(ink)),
            None => mark,
        });
        if let Some(thing) = &self.thing {
            picture.push(thing.mark(place.grown(-1.0), lit, scale));
        }
        picture.marks.extend(self.signs.iter().map(|(key, tone, sign)| sign.mark(key.clone(), place, *tone)));
    }
}

impl Sign {
    fn mark(self, key: Key, cell: Rect, tone: Tone) -> Mark {
        let sized = |x: f32, y: f32, w: f32, h: f32| Mark::new(key.clone(), rect(x, y, w, h)).tone(tone).layer(26);
        match self {
            Sign::Dot => sized(cell.x - 3.0, cell.y - 3.0, 8.0, 8.0).shape(Shape::Circle),
            Sign::Bar => sized(cell.x, cell.bottom() - 1.0, cell.w, 4.0).shape(Shape::Box { radius: 2.0 }),
            Sign::Tick => {
                let s = (cell.h / 11.0).min(1.0);
                let (x, y) = (cell.right() - 13.0 * s, cell.y - 3.0 * s);
                let points = vec![point(x, y + 6.0 * s), point(x + 5.0 * s, y + 11.0 * s), point(x + 14.0 * s, y)];
                let tick = sized(x, y, 14.0 * s, 11.0 * s).shape(Shape::Line { points }).fill(Fill::None);
                return tick.border(Border::Thick);
            }
        }
        .fill(Fill::Solid)
        .border(Border::None)
    }
}

impl Thing {
    fn mark(&self, place: Rect, lit: bool, scale: Scale) -> Mark {
        let quiet = !lit && !self.strong;
        let mark = Mark::new(self.key.clone(), place).shape(corners(place)).tone(self.tone).layer(20);
        let mark = Mark { path: self.path.clone(), bend: self.bend, ..mark }.about(self.about.clone());
        let plain = matches!(self.tone, Tone::Plain | Tone::Faint);
        let mark = mark.fill(if plain { Fill::Panel } else { Fill::Tint }).border(match () {
            () if self.dashed => Border::Dashed,
            () if self.strong => Border::Thick,
            () if quiet && !plain => Border::None,
            () => Border::Thin,
        });
        let ink = match (quiet, plain) {
            (true, true) => Ink::Soft,
            (true, false) => Ink::Tone,
            (false, _) => Ink::Text,
        };
        self.labels(mark, place, ink, scale)
    }

    fn labels(&self, mark: Mark, place: Rect, ink: Ink, scale: Scale) -> Mark {
        let size = scale.size;
        let small = size.least_text().max((place.h * 0.2).min(size.body()));
        let two = place.h >= size.least_text() * 2.3;
        let most = (if two { place.h * 0.44 } else { place.h * 0.85 }).min(size.title() * 1.8);
        let ems = scale.ems.max(wide(&self.name, 1.0, Face::Mono));
        let height = most.min((place.w - 7.0) / ems).max(size.least_text());
        let name = super::words::fit(&self.name, height, Face::Mono, place.w - 6.0);
        let Some((name, w)) = name.filter(|_| height <= place.h) else { return mark };
        let (up, low) = if two { (-place.h * 0.27, place.h * 0.17) } else { (0.0, 0.0) };
        let beside = self.beside.as_ref().filter(|_| two && place.w >= size.least_text() * ROOMY);
        // A long value is written smaller than the others before it is left out.
        let heights = [(height * 0.8).max(size.least_text()), size.least_text()];
        let beside = beside.and_then(|beside| {
            let mut tried = heights.into_iter().map(|less| (beside, less, wide(beside, less, Face::Mono)));
            tried.find(|(_, _, more)| w + more + 12.0 <= place.w)
        });
        let mark = match beside {
            Some((beside, less, more)) => mark
                .label(mono(name, height).ink(ink).at(-more / 2.0, low))
                .label(mono(beside.clone(), less).ink(Ink::Soft).at(w / 2.0, low)),
            None => mark.label(mono(name, height).ink(ink).at(0.0, low)),
        };
        match self.above.as_ref().filter(|(above, _)| two && wide(above, small, Face::Mono) + 4.0 <= place.w) {
            Some((above, said)) => {
                let ink = if *said { Ink::Tone } else { Ink::Soft };
                mark.label(mono(above.clone(), small).ink(ink).at(0.0, up))
            }
            None => mark,
        }
    }
}

/// A number as an exponent.
fn raised(n: u32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    n.to_string().chars().filter_map(|c| c.to_digit(10)).map(|digit| DIGITS[digit as usize]).collect()
}
