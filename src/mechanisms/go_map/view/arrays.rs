//! The arrays: buckets, cells, entries, and the way an entry took.

use super::super::event::{Array, EMPTY_ONE, EVACUATED_X, EVACUATED_Y, Event, Top};
use super::super::frame::{Call, Pc};
use super::super::hmap::GoMap;
use super::super::memory::{BUCKET_COUNT, Bucket, KeyId, Ptr};
use super::focus::{At, Focus};
use super::operation;
use super::places::{ArrayPlaces, Detail, Places, Span, places};
use crate::diagram::{
    Arrow, Border, CANVAS_W, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Tone, label, measure, mono, point, rect,
};
use crate::text::Text;

const CELL_GAP: f32 = 2.0;
/// The most buckets of an array that are drawn; of a larger one those around the bucket that the step is about.
const MOST: u32 = 256;

/// Draws the arrays into an area.
pub fn draw(map: &GoMap, event: Option<&Event>, focus: &Focus, area: Rect, picture: &mut Diagram) {
    let Some(scene) = Arrays::new(map, event, focus, area) else {
        return empty(map, area, picture);
    };
    scene.draw(picture);
    scene.spare(picture);
    scene.trail(picture);
}

fn empty(map: &GoMap, area: Rect, picture: &mut Diagram) {
    let words = if map.is_nil() {
        Text::new("nil map: no hmap, no buckets", "nil map：没有 hmap，也没有桶")
    } else {
        Text::new("buckets = nil: the first write allocates one", "buckets = nil：首次写入时才分配")
    };
    let place = rect(area.x + area.w / 2.0 - 330.0, area.y + 170.0, 660.0, 90.0);
    picture.push(
        Mark::new("no-buckets", place).border(Border::Dashed).fill(Fill::None).label(label(words, 22.0).ink(Ink::Soft)),
    );
}

/// The part of an array that is drawn.
fn window(map: &GoMap, slot: u32, role: Array, focus: &Focus) -> Span {
    let all = map.memory().main_len(slot);
    let about = focus.buckets.iter().find(|(at, _)| at.array == role).map_or(0, |(at, _)| at.bucket);
    let first = if all > MOST { about / MOST * MOST } else { 0 };
    let drawn = map.heads(slot).skip(first as usize).take(MOST as usize);
    Span { first: first as usize, chains: drawn.map(|head| map.memory().chain(head).count()).collect() }
}

/// One array on the canvas.
struct Shown<'a> {
    role: Array,
    slot: u32,
    /// Not yet published by `hashGrow`.
    coming: bool,
    places: &'a ArrayPlaces,
}

struct Arrays<'a> {
    map: &'a GoMap,
    event: Option<&'a Event>,
    focus: &'a Focus,
    /// The old or only array, and the new one.
    left: (u32, Array, bool),
    right: Option<(u32, Array, bool)>,
    places: Places,
    area: Rect,
}

impl<'a> Arrays<'a> {
    fn new(map: &'a GoMap, event: Option<&'a Event>, focus: &'a Focus, area: Rect) -> Option<Arrays<'a>> {
        let h = map.hmap();
        let fresh = map.frames().iter().find(|frame| frame.growing()).and_then(|frame| frame.fresh).map(|ptr| ptr.slot);
        let current = h.buckets?;
        let (left, right) = match (h.oldbuckets, fresh) {
            (Some(old), Some(fresh)) if old == current => {
                ((old, Array::Oldbuckets, false), Some((fresh, Array::Snapshot, true)))
            }
            (Some(old), _) => ((old, Array::Oldbuckets, false), Some((current, Array::Buckets, false))),
            (None, Some(fresh)) => ((current, Array::Buckets, false), Some((fresh, Array::Snapshot, true))),
            (None, None) => ((current, Array::Buckets, false), None),
        };
        let span = |slot: u32, role: Array| window(map, slot, role, focus);
        let right_span = right.map(|(slot, role, _)| span(slot, role)).unwrap_or_default();
        let strip = if map.spare() > 0 || map.frames().iter().any(|frame| frame.fresh.is_some()) { 34.0 } else { 0.0 };
        let room = rect(area.x, area.y, area.w, area.h - strip);
        let places = places(&span(left.0, left.1), &right_span, room);
        Some(Arrays { map, event, focus, left, right, places, area })
    }

    fn shown(&self) -> Vec<Shown<'_>> {
        let (slot, role, coming) = self.left;
        let mut shown = vec![Shown { role, slot, coming, places: &self.places.left }];
        if let Some((slot, role, coming)) = self.right {
            shown.push(Shown { role, slot, coming, places: &self.places.right });
        }
        shown
    }

    fn draw(&self, picture: &mut Diagram) {
        for array in self.shown() {
            self.titles(&array, picture);
            for (number, head) in self.map.heads(array.slot).enumerate() {
                for (pos, (ptr, bucket)) in self.map.memory().chain(head).enumerate() {
                    if let Some(place) = array.places.bucket(number, pos) {
                        let at = At { array: array.role, bucket: number as u32, pos: pos as u32 };
                        self.bucket(&array, at, ptr, bucket, place, picture);
                    }
                }
            }
        }
        self.newcomer(picture);
    }

    fn titles(&self, array: &Shown, picture: &mut Diagram) {
        let h = self.map.hmap();
        let n = self.map.memory().main_len(array.slot);
        let serial = self.map.memory().serial(array.slot);
        for (i, column) in array.places.columns.iter().enumerate() {
            let halves = self.right.is_some() && array.places.columns.len() == 2 && array.role != Array::Oldbuckets;
            let name = match (array.role, array.coming) {
                (_, true) => Text::new("new array, not yet in hmap", "新数组，尚未挂到 hmap"),
                (Array::Oldbuckets, _) => Text::same("oldbuckets"),
                _ => Text::same("buckets"),
            };
            let exponent = n.trailing_zeros();
            let size = match (halves, i) {
                (true, 0) => Text::new(format!("X: 0…{}", n / 2 - 1), format!("X：0…{}", n / 2 - 1)),
                (true, _) => Text::new(format!("Y: {}…{}", n / 2, n - 1), format!("Y：{}…{}", n / 2, n - 1)),
                _ if array.role == Array::Oldbuckets && !h.same_size_grow() => Text::same(format!("{n} = 2^(B-1)")),
                _ if array.coming => Text::same(format!("{n} = 2^{exponent}")),
                _ => Text::same(format!("{n} = 2^B")),
            };
            if !halves && i > 0 {
                continue;
            }
            let name = label(name, 20.0).ink(Ink::Soft).left(0.0).down(-4.0);
            let dx = crate::text::Lang::ALL.map(|lang| name.width(lang)).into_iter().fold(0.0, f32::max) + 12.0;
            let size = label(size, 18.0).ink(Ink::Of(Tone::Faint)).left(dx).down(-3.0);
            let mark = Mark { shape: Shape::Text, ..Mark::new(format!("title/{serial}/{i}"), column.title) };
            let path = if array.role == Array::Oldbuckets { "oldbuckets" } else { "buckets" };
            picture.push(mark.fill(Fill::None).border(Border::None).label(name).label(size).path(path));
        }
    }

    fn bucket(&self, array: &Shown, at: At, ptr: Ptr, bucket: &Bucket, place: Rect, picture: &mut Diagram) {
        let id = self.bucket_key(ptr);
        let path = path(at);
        let tone = self.focus.buckets.iter().find(|(lit, _)| *lit == at && !array.coming).map(|(_, tone)| *tone);
        let frame = Mark::new(format!("bucket/{id}"), place.grown(3.0))
            .about(bucket_words(at, bucket))
            .fill(Fill::Panel)
            .layer(10);
        let frame = Mark { path: path.clone(), ..frame };
        picture.push(match tone {
            Some(tone) => frame.tone(tone).border(Border::Thick),
            None if array.coming => frame.border(Border::Dashed),
            None => frame,
        });
        if at.pos == 0 {
            let size = if place.h < 20.0 { 16.0 } else { 19.0 };
            let number = mono(at.bucket.to_string(), size).right(0.0).ink(Ink::Soft);
            let index = Mark::text(format!("index/{id}"), point(place.x - 12.0, place.center().y), number);
            if place.h >= 16.0 {
                picture.push(index.layer(11));
            }
        } else {
            let y = place.center().y;
            let x = place.x - 13.0;
            let points = vec![point(x, place.y - 8.0), point(x, y), point(place.x - 4.0, y)];
            let line = Mark::new(format!("link/{id}"), rect(x, place.y - 8.0, 9.0, y - place.y + 8.0));
            let about = Text::new("overflow pointer", "overflow 指针");
            picture.push(
                line.shape(Shape::Line { points }).fill(Fill::None).tone(tone.unwrap_or(Tone::Faint)).about(about),
            );
        }
        if self.places.detail == Detail::Dots && bucket.tophash.iter().all(|top| !top.is_live()) && tone.is_none() {
            return;
        }
        let w = place.w / BUCKET_COUNT as f32;
        for cell in 0..BUCKET_COUNT {
            let slot = rect(place.x + w * cell as f32, place.y, w, place.h).grown(-CELL_GAP);
            self.cell(at, &id, bucket, cell, slot, path.as_deref(), picture);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a cell is known by its bucket, its number and its place")]
    fn cell(
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
        let slot = Mark { shape: Shape::Box { radius: 6.0 }, ..slot };
        let slot = match tone {
            Some(tone) => slot.tone(tone).border(Border::Thick),
            None if top == Top(0) => slot.border(Border::Dashed),
            None => slot,
        };
        match occupant {
            Some(key) => {
                picture.push(slot);
                let state =
                    Entry { top, tone, pending: !top.is_live(), gone: held.is_none(), elem: bucket.elems[cell] };
                picture.push(self.entry(key, &state, place, path.map(|path| format!("{path}.keys[{cell}]"))));
            }
            None if bucket.tophash == [Top(0); BUCKET_COUNT] && tone.is_none() => picture.push(slot),
            None => picture.push(self.blank(slot, top, place)),
        }
    }

    /// A cell without an entry says what its tophash is.
    fn blank(&self, slot: Mark, top: Top, place: Rect) -> Mark {
        let words = match top {
            EVACUATED_X => "→X",
            EVACUATED_Y => "→Y",
            EMPTY_ONE => "1",
            Top(0) => "0",
            _ => "4",
        };
        let ink = if top == Top(0) { Ink::Of(Tone::Faint) } else { Ink::Soft };
        match self.places.detail {
            Detail::Full => {
                let name = top.to_string();
                let long = label(name.clone(), 16.0);
                let fits = top != Top(0) && measure::width(&name, 16.0, Face::Sans) < place.w - 4.0;
                if fits { slot.label(long.ink(ink)) } else { slot.label(mono(words, 16.0).ink(ink)) }
            }
            Detail::Keys if top != Top(0) => slot.label(mono(words, 16.0).ink(ink)),
            _ => slot,
        }
    }

    fn entry(&self, key: KeyId, state: &Entry, place: Rect, path: Option<String>) -> Mark {
        let name = self.map.key(key).to_string();
        let lit = self.focus.entry.as_ref().filter(|(lit, _)| lit == self.map.key(key)).map(|(_, tone)| *tone);
        let tone = state.tone.or(lit).unwrap_or(if state.pending { Tone::Moved } else { Tone::Plain });
        let mark = Mark::new(format!("entry/{name}"), place.grown(-1.0)).layer(20).tone(tone);
        let mark = Mark { shape: Shape::Box { radius: 6.0 }, path, bend: 0.14, ..mark };
        let mark = mark.fill(if tone == Tone::Plain { Fill::Panel } else { Fill::Tint });
        let mark = mark.border(if state.gone || state.pending {
            Border::Dashed
        } else if tone == Tone::Plain {
            Border::Thin
        } else {
            Border::Thick
        });
        let about =
            Text::new(format!("key {name}, tophash {}", state.top), format!("键 {name}，tophash {}", state.top));
        let mark = mark.about(about);
        let room = place.w - 8.0;
        let shown = if state.gone {
            "—".to_owned()
        } else {
            measure::fitted(&name, (place.h * 0.34).clamp(20.0, 26.0), Face::Mono, room)
        };
        match self.places.detail {
            Detail::Full => {
                let size = (place.h * 0.34).clamp(20.0, 26.0);
                let low = place.h * 0.2;
                let top = mono(short(state.top), (place.h * 0.26).clamp(16.0, 20.0)).ink(Ink::Soft);
                let mut mark = mark.label(top.down(-place.h * 0.25));
                if self.map.iterations().values().any(|iter| iter.has_returned(key)) {
                    let tick = label("✓", 16.0).strong().ink(Ink::Of(Tone::Good)).right(5.0);
                    mark = mark.label(tick.down(-place.h * 0.25));
                }
                let elem = format!(" = {}", state.elem);
                let (right, left) = (measure::width(&elem, 17.0, Face::Mono), measure::width(&shown, size, Face::Mono));
                if place.w < 100.0 || left + right > place.w - 16.0 || state.pending || state.gone {
                    return mark.label(mono(shown, size).down(low));
                }
                let x = (place.w - 2.0 - left - right) / 2.0;
                mark.label(mono(shown, size).left(x).down(low))
                    .label(mono(elem, 17.0).ink(Ink::Soft).left(x + left).down(low))
            }
            Detail::Keys => mark.label(mono(measure::fitted(&name, 17.0, Face::Mono, place.w - 8.0), 17.0)),
            Detail::Dots => mark.fill(Fill::Tint).tone(if tone == Tone::Plain { Tone::Info } else { tone }),
        }
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
            if here { operation::evacuating(self.map, frame) } else { None }
        })
    }

    /// A new key waits beside its call until it is stored.
    fn newcomer(&self, picture: &mut Diagram) {
        for frame in self.map.frames().iter().filter(|frame| frame.call == Call::Assign) {
            let Some(key) = frame.key else { continue };
            let name = format!("entry/{}", self.map.key(key));
            let waits = !matches!(frame.pc, Pc::Checks | Pc::Hash) && picture.get(&name).is_none();
            let place = operation::hand();
            if waits && frame.g == self.event.map_or(1, Event::goroutine) {
                let shown = measure::fitted(&self.map.key(key).to_string(), 20.0, Face::Mono, place.w - 8.0);
                let mark = Mark::new(name, place).tone(Tone::Active).fill(Fill::Tint).border(Border::Thick).layer(20);
                let mark = mark.label(mono(Top::of(frame.hash).to_string(), 16.0).ink(Ink::Soft).down(-12.0));
                picture.push(Mark { bend: 0.14, ..mark }.label(mono(shown, 20.0).down(11.0)));
            }
        }
    }

    /// The preallocated overflow buckets, and one that is being linked.
    fn spare(&self, picture: &mut Diagram) {
        let y = self.places.bottom + 8.0;
        let mut x = self.area.x + 40.0;
        let spare = self.map.hmap().next_overflow.into_iter().flat_map(|next| {
            (next.index..self.map.memory().total_len(next.slot)).map(move |index| Ptr { slot: next.slot, index })
        });
        let linking = self.map.frames().iter().filter(|frame| !frame.growing()).filter_map(|frame| frame.fresh);
        for (ptr, tone) in linking.map(|ptr| (ptr, Tone::Active)).chain(spare.map(|ptr| (ptr, Tone::Faint))) {
            if x + 60.0 > CANVAS_W - 48.0 {
                break;
            }
            let key = format!("bucket/{}", self.bucket_key(ptr));
            if picture.get(&key).is_some() {
                continue;
            }
            let about = Text::new("an overflow bucket not yet in use", "尚未使用的溢出桶");
            picture
                .push(Mark::new(key, rect(x, y, 52.0, 20.0)).border(Border::Dashed).tone(tone).about(about).layer(10));
            x += 60.0;
        }
    }

    /// The way that the entry of this step took.
    fn trail(&self, picture: &mut Diagram) {
        let Some(Event::EntryMoved { old, from_pos, from_cell, to, pos, cell, .. }) = self.event else { return };
        let slot = |slot: u32, bucket: u32, pos: u32, cell: u32| {
            let head = self.map.memory().nth(slot, bucket)?;
            let (ptr, _) = self.map.memory().chain(head).nth(pos as usize)?;
            picture.get(&format!("cell/{}/{cell}", self.bucket_key(ptr)))
        };
        let Some((right, ..)) = self.right else { return };
        let (Some(from), Some(to)) = (slot(self.left.0, *old, *from_pos, *from_cell), slot(right, *to, *pos, *cell))
        else {
            return;
        };
        let mut trail = Mark::arrow("trail", from, to, 0.14).tone(Tone::Moved).layer(15);
        if let Shape::Arrow(Arrow { dotted, .. }) = &mut trail.shape {
            *dotted = true;
        }
        let about = Text::new("the way the entry took", "条目的去向");
        picture.push(trail.about(about));
    }

    fn bucket_key(&self, ptr: Ptr) -> String {
        format!("{}.{}", self.map.memory().serial(ptr.slot), ptr.index)
    }
}

struct Entry {
    top: Top,
    tone: Option<Tone>,
    /// Stored or marked, but not live in this cell.
    pending: bool,
    /// Its key memory has been zeroed.
    gone: bool,
    /// What stands in its elem memory.
    elem: i64,
}

/// The tophash in two characters.
fn short(top: Top) -> String {
    match top {
        EVACUATED_X => "→X".to_owned(),
        EVACUATED_Y => "→Y".to_owned(),
        Top(byte) if byte < 5 => byte.to_string(),
        top => top.to_string(),
    }
}

/// Its place in the state.
fn path(at: At) -> Option<String> {
    let array = match at.array {
        Array::Buckets => "buckets",
        Array::Oldbuckets => "oldbuckets",
        Array::Snapshot => return None,
    };
    Some(format!("{array}[{}]{}", at.bucket, ".overflow".repeat(at.pos as usize)))
}

fn bucket_words(at: At, bucket: &Bucket) -> Text {
    let live = bucket.live();
    match at.pos {
        0 => Text::new(format!("bucket {}: {live} of 8", at.bucket), format!("{} 号桶：{live}/8", at.bucket)),
        pos => Text::new(
            format!("overflow bucket {pos} of bucket {}: {live} of 8", at.bucket),
            format!("{} 号桶的第 {pos} 个溢出桶：{live}/8", at.bucket),
        ),
    }
}
