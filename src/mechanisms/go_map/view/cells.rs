//! Cells, and the entries in them.

use super::super::event::{Array, EMPTY_ONE, EMPTY_REST, EVACUATED_X, EVACUATED_Y, Event, Top};
use super::super::frame::{Call, Pc};
use super::super::memory::{Bucket, KeyId};
use super::arrays::Arrays;
use super::focus::At;
use super::places::Detail;
use super::{hash, operation};
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Label, Mark, Rect, Shape, Tone, label, measure, mono};
use crate::text::Text;

/// How far the way of an entry bows that goes to another cell.
const BEND: f32 = -0.06;

/// What is to be shown of an entry.
struct Entry {
    top: Top,
    tone: Option<Tone>,
    /// Stored or marked, but not live in this cell.
    pending: bool,
    /// Its key memory has been zeroed.
    gone: bool,
    /// What stands in its elem memory.
    elem: i64,
    /// This step is about its value.
    valued: bool,
}

impl Arrays<'_> {
    #[expect(clippy::too_many_arguments, reason = "a cell is known by its bucket, its number and its place")]
    pub fn cell(
        &self,
        at: At,
        id: &str,
        bucket: &Bucket,
        cell: usize,
        place: Rect,
        path: Option<&str>,
        picture: &mut Diagram,
    ) {
        let top = bucket.tophash[cell];
        let lit = |(lit, from, to, tone): &(At, u32, u32, Tone)| {
            (*lit == at && (*from..=*to).contains(&(cell as u32))).then_some(*tone)
        };
        let tone = self.focus.cells.iter().find_map(lit);
        let held = bucket.keys[cell];
        let occupant = if top.is_live() { held.or_else(|| self.clearing(at, cell)) } else { self.in_flight(at, cell) };
        let slot = Mark::new(format!("cell/{id}/{cell}"), place)
            .fill(Fill::Well)
            .layer(12)
            .about(Text::same(format!("{}[{cell}] tophash {top}", path.unwrap_or("array"))));
        let slot = match path {
            Some(path) => slot.path(format!("{path}.tophash[{cell}]")),
            None => slot,
        };
        let slot = Mark { shape: rounded(place), ..slot };
        let slot = match tone {
            Some(tone) => slot.tone(tone).border(Border::Thick),
            // Dashes around a small hole would be nothing but noise.
            None if self.places.detail == Detail::Dots => slot.border(Border::None),
            None if top == EMPTY_REST => slot.border(Border::Dashed),
            None => slot,
        };
        match occupant {
            Some(key) => {
                picture.push(slot);
                let valued = self.focus.value == Some((at, cell as u32));
                let (pending, gone, elem) = (!top.is_live(), held.is_none(), bucket.elems[cell]);
                let state = Entry { top, tone, pending, gone, elem, valued };
                picture.push(self.entry(key, &state, place, path.map(|path| format!("{path}.keys[{cell}]"))));
            }
            None if (top == EVACUATED_X || top == EVACUATED_Y) && held.is_some() => {
                picture.push(self.left_behind(slot, top, held, place));
            }
            None => picture.push(self.blank(slot, top, place)),
        }
    }

    /// A cell without an entry says what its tophash is; a wide one in both ways, number and name.
    fn blank(&self, slot: Mark, top: Top, place: Rect) -> Mark {
        let ink = if top == EMPTY_REST { Ink::Of(Tone::Faint) } else { Ink::Soft };
        let name = top.to_string();
        if self.names(place) && measure::width(&name, 16.0, Face::Sans) < place.w - 6.0 {
            let code = mono(short(top), 18.0).ink(ink).down(-place.h * 0.2);
            return slot.label(code).label(label(name, 16.0).ink(ink).down(place.h * 0.2));
        }
        match self.places.detail {
            Detail::Dots => slot,
            _ => slot.label(mono(short(top), 16.0).ink(ink)),
        }
    }

    /// Whether cells are wide enough to write the names of tophash marks out.
    pub fn names(&self, place: Rect) -> bool {
        self.places.detail == Detail::Full && place.w >= 100.0
    }

    /// An old cell whose entry has moved, while its key is still in memory.
    fn left_behind(&self, slot: Mark, top: Top, key: Option<KeyId>, place: Rect) -> Mark {
        let Some(key) = key.filter(|_| self.places.detail == Detail::Full) else {
            return self.blank(slot, top, place);
        };
        let name = self.map.key(key).to_string();
        let size = key_size(place);
        let name = mono(measure::fitted(&name, size, Face::Mono, place.w - 4.0), size).down(place.h * 0.2);
        let slot = if slot.border == Border::Thick { slot } else { slot.border(Border::Dashed) };
        slot.label(top_label(top, place)).label(name.ink(Ink::Of(Tone::Faint)))
    }

    fn entry(&self, key: KeyId, state: &Entry, place: Rect, path: Option<String>) -> Mark {
        let name = self.map.key(key).to_string();
        let lit = self.focus.entry.as_ref().filter(|(lit, _)| lit == self.map.key(key)).map(|(_, tone)| *tone);
        let tone = state.tone.or(lit).unwrap_or(if state.pending { Tone::Moved } else { Tone::Plain });
        let mark = Mark::new(format!("entry/{name}"), place.grown(-1.0)).layer(20).tone(tone);
        let bend = if self.arrives(key) { BEND } else { 0.0 };
        let mark = Mark { shape: rounded(place), path, bend, ..mark };
        let quiet = matches!(tone, Tone::Plain | Tone::Faint);
        let mark = mark.fill(if quiet { Fill::Panel } else { Fill::Tint });
        let mark = mark.border(if state.gone || state.pending || tone == Tone::Faint {
            Border::Dashed
        } else if quiet {
            Border::Thin
        } else {
            Border::Thick
        });
        let about =
            Text::new(format!("key {name}, tophash {}", state.top), format!("键 {name}，tophash {}", state.top));
        let mark = mark.about(about);
        match self.places.detail {
            Detail::Full => self.lines(mark, key, &name, state, place),
            Detail::Keys => mark.label(mono(measure::fitted(&name, 17.0, Face::Mono, place.w - 8.0), 17.0)),
            Detail::Dots => mark.fill(Fill::Tint).tone(if tone == Tone::Plain { Tone::Info } else { tone }),
        }
    }

    /// Tophash above, key and elem below.
    fn lines(&self, mark: Mark, key: KeyId, name: &str, state: &Entry, place: Rect) -> Mark {
        let (size, low) = (key_size(place), place.h * 0.2);
        let shown = if state.gone { "—".to_owned() } else { measure::fitted(name, size, Face::Mono, place.w - 8.0) };
        let elem = format!(" = {}", state.elem);
        let (left, right) = (measure::width(&shown, size, Face::Mono), measure::width(&elem, 17.0, Face::Mono));
        let wide = place.w >= 100.0 && left + right <= place.w - 16.0 && !state.pending && !state.gone;
        let ticked = self.map.iterations().values().any(|iter| iter.has_returned(key));
        // In a narrow cell a value has room only where the tophash stands.
        let top = if state.valued && !wide {
            let long = format!("={}", state.elem);
            let fits = measure::width(&long, 16.0, Face::Mono) < place.w - 10.0;
            let value = if fits { long } else { state.elem.to_string() };
            let value = measure::fitted(&value, 16.0, Face::Mono, place.w - 6.0);
            mono(value, 16.0).ink(Ink::Tone).down(-place.h * 0.25)
        } else {
            top_label(state.top, place)
        };
        let crowded = ticked && place.w < 70.0;
        let mut mark = mark.label(if crowded { top.at(-9.0, -place.h * 0.25) } else { top });
        if ticked && !(crowded && state.valued) {
            let tick = label("✓", 16.0).strong().ink(Ink::Of(Tone::Good)).right(4.0);
            mark = mark.label(tick.down(-place.h * 0.25));
        }
        if !wide {
            return mark.label(mono(shown, size).down(low));
        }
        let ink = if state.valued { Ink::Tone } else { Ink::Soft };
        mark.label(mono(shown, size).at(-right / 2.0, low)).label(mono(elem, 17.0).ink(ink).at(left / 2.0, low))
    }

    /// Whether this step brings the entry to another cell. One that only has its place in a picture changed goes there
    /// straight, with its bucket.
    fn arrives(&self, key: KeyId) -> bool {
        matches!(self.event, Some(Event::EntryMoved { key: moved, .. } | Event::KeyStored { key: moved, .. })
            if moved == self.map.key(key))
    }

    /// The key of a cell that `delete` is clearing: its memory is zeroed before its tophash says so.
    fn clearing(&self, at: At, cell: usize) -> Option<KeyId> {
        let deletes = self.map.frames().iter().filter(|frame| frame.call == Call::Delete);
        deletes.filter_map(|frame| frame.spot.zip(frame.key)).find_map(|(spot, key)| {
            let here = spot.chain == at.bucket && spot.pos == at.pos && spot.cell == cell as u32;
            (here && self.map.array(spot.slot) == at.array).then_some(key)
        })
    }

    /// The key of a cell that holds an entry which does not count here yet or no more: stored before its tophash, or
    /// marked as evacuated and not copied yet.
    fn in_flight(&self, at: At, cell: usize) -> Option<KeyId> {
        self.map.frames().iter().find_map(|frame| {
            if let Some(spot) = frame.spot.filter(|_| frame.pc == Pc::StoreTophash) {
                let here = spot.chain == at.bucket && spot.pos == at.pos && spot.cell == cell as u32;
                return (here && self.map.array(spot.slot) == at.array).then_some(frame.key?);
            }
            let evac = frame.evac?;
            let here =
                at.array == Array::Oldbuckets && evac.old == at.bucket && evac.pos == at.pos && evac.i == cell as u32;
            if here { hash::evacuating(self.map, frame) } else { None }
        })
    }

    /// A new key waits beside its call until it is stored.
    pub fn newcomer(&self, picture: &mut Diagram) {
        let alive = self.map.dead().is_none();
        for frame in self.map.frames().iter().filter(|frame| alive && frame.call == Call::Assign) {
            let Some(key) = frame.key else { continue };
            let name = format!("entry/{}", self.map.key(key));
            let early = matches!(frame.pc, Pc::Checks | Pc::Hash);
            let waits = !early && frame.spot.is_none() && picture.get(&name).is_none();
            let place = operation::hand();
            if waits && frame.g == self.event.map_or(1, Event::goroutine) {
                let shown = measure::fitted(&self.map.key(key).to_string(), 20.0, Face::Mono, place.w - 8.0);
                let mark = Mark::new(name, place).tone(Tone::Active).fill(Fill::Tint).border(Border::Thick).layer(20);
                let mark = mark.label(mono(Top::of(frame.hash).to_string(), 16.0).ink(Ink::Soft).down(-12.0));
                picture.push(mark.label(mono(shown, 20.0).down(11.0)));
            }
        }
    }
}

/// The corners of a cell; those of a small one are smaller.
fn rounded(place: Rect) -> Shape {
    Shape::Box { radius: (place.h * 0.3).min(6.0) }
}

fn key_size(place: Rect) -> f32 {
    (place.h * 0.34).clamp(20.0, 26.0)
}

fn top_label(top: Top, place: Rect) -> Label {
    mono(short(top), (place.h * 0.26).clamp(16.0, 20.0)).ink(Ink::Soft).down(-place.h * 0.25)
}

/// The tophash in two characters.
fn short(top: Top) -> String {
    match top {
        EMPTY_REST => "0".to_owned(),
        EMPTY_ONE => "1".to_owned(),
        EVACUATED_X => "→X".to_owned(),
        EVACUATED_Y => "→Y".to_owned(),
        top if top.is_evacuated() => "→∅".to_owned(),
        top => top.to_string(),
    }
}
