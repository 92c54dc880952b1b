//! Goroutines as circles, each drawn once, in the tone of what happens to it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::event::Event;
use super::super::glance::Behind;
use super::super::state::{GStatus, GoSched, Slot};
use super::focus::Focus;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, MIN_TEXT, Mark, Point, Rect, Shape, Tone, measure, mono, rect};
use crate::text::Text;

/// So many goroutines are named by a count that stands for those without room.
const NAMED: usize = 128;

/// How far the window enlarges.
const MOST_ZOOM: f32 = 12.0;

/// Diameter of a circle in units, where there is room.
pub const LARGE: f32 = 42.0;

/// What a thread has written into its P's ring behind the tail.
pub struct Unpublished {
    /// Why.
    pub why: Behind,
    /// Which goroutines, in the order of their slots.
    pub slots: Vec<Slot>,
}

/// What has been drawn already, and what the step is about.
pub struct Crowd<'a> {
    pub machine: &'a GoSched,
    /// What the step is about.
    pub focus: Focus,
    /// The event.
    pub event: Option<&'a Event>,
    /// By P: what stands behind its tail.
    pub behind: BTreeMap<u32, Unpublished>,
    /// Goroutines that somebody has copied out of the ring they are in.
    pub copied: HashSet<u32>,
    /// By P: the thread that is to run it, and the thread that holds it in its hand.
    pub awaited: BTreeMap<u32, u32>,
    pub held: BTreeMap<u32, u32>,
    pub(super) threads: BTreeSet<u32>,
    drawn: HashSet<u32>,
    /// Goroutines with a place in a ring's slots, though in a thread's hand.
    claimed: HashSet<Slot>,
    /// Added to the keys after steps were skipped: what happened in between was not seen.
    era: String,
}

impl<'a> Crowd<'a> {
    /// Nothing drawn yet.
    pub fn new(machine: &'a GoSched, event: Option<&'a Event>) -> Crowd<'a> {
        let era = if machine.jumps() == 0 { String::new() } else { format!("~{}", machine.jumps()) };
        let mut crowd = Crowd {
            machine,
            focus: Focus::new(machine, event),
            event,
            behind: BTreeMap::new(),
            copied: HashSet::new(),
            awaited: BTreeMap::new(),
            held: BTreeMap::new(),
            threads: BTreeSet::new(),
            drawn: HashSet::new(),
            claimed: HashSet::new(),
            era,
        };
        for m in 0..machine.ms().len() as u32 {
            crowd.look_at(m);
        }
        crowd
    }

    fn look_at(&mut self, m: u32) {
        let machine = self.machine;
        let thread = &machine.ms()[m as usize];
        self.copied.extend(machine.copied(m).iter().map(|slot| machine.goid(*slot)));
        self.awaited.extend(thread.nextp.map(|p| (p, m)));
        self.held.extend(machine.p_in_hand(m).map(|p| (p, m)));
        if let (Some(p), Some((why, slots))) = (thread.p, machine.behind_tail(m)) {
            if why != Behind::Copied {
                self.claimed.extend(slots);
            }
            self.behind.insert(p, Unpublished { why, slots: slots.to_vec() });
        }
    }

    /// What a thread holds, but for what it has written into slots.
    pub fn hand(&self, m: u32) -> Vec<Slot> {
        self.machine.in_hand(m).filter(|slot| !self.has(*slot) && !self.claimed.contains(slot)).collect()
    }

    /// Whether a goroutine has been drawn.
    pub fn has(&self, slot: Slot) -> bool {
        self.drawn.contains(&self.machine.goid(slot))
    }

    /// The width that a goroutine in a row needs.
    pub fn width(&self) -> f32 {
        if self.machine.last_goid() >= 1000 { 54.0 } else { LARGE }
    }

    /// The tone of a goroutine that is on a thread.
    pub fn carried(&self, slot: Slot) -> Tone {
        match self.machine.g(slot).status {
            GStatus::Running => Tone::Active,
            GStatus::Runnable => Tone::Moved,
            GStatus::Syscall => Tone::Bad,
            GStatus::Waiting | GStatus::Dead => Tone::Faint,
        }
    }

    /// Draws a goroutine, unless it stands elsewhere already.
    pub fn goroutine(&mut self, slot: Slot, place: Rect, tone: Tone, picture: &mut Diagram) {
        self.draw(slot, place, tone, false, picture);
    }

    /// Draws a goroutine that is written there and not published yet, unless it stands elsewhere already.
    pub fn unpublished(&mut self, slot: Slot, place: Rect, picture: &mut Diagram) {
        self.draw(slot, place, Tone::Moved, true, picture);
    }

    fn draw(&mut self, slot: Slot, place: Rect, tone: Tone, dashed: bool, picture: &mut Diagram) {
        let goid = self.machine.goid(slot);
        if !self.drawn.insert(goid) {
            return;
        }
        let g = self.machine.g(slot);
        let dead = g.status == GStatus::Dead;
        let tone = if dead { Tone::Faint } else { tone };
        let status: &'static str = g.status.into();
        let program = self.machine.programs().get(usize::from(g.program)).map_or("", |program| program.name.as_str());
        let about = Text::new(
            format!("goroutine {goid}, {status}, program {program}"),
            format!("goroutine {goid}，{status}，程序 {program}"),
        );
        let mark = circle(format!("g/{goid}{}", self.era), goid, place).tone(tone).about(about).layer(20);
        // One that has ended is no longer in the state, though its thread has not let go of it yet.
        let mark = if dead { mark.fill(Fill::None) } else { mark.path(format!("allgs.{goid}")) };
        let border = match (dead || dashed, self.focus.goids.contains(&goid)) {
            (true, _) => Border::Dashed,
            (false, true) => Border::Thick,
            (false, false) => Border::Thin,
        };
        // Goroutines that leave together spread out on their way; stolen ones keep below those that stay.
        let spread = 0.05 * (goid % 4) as f32;
        let bend = match (dashed, self.focus.victim, self.focus.p) {
            (true, Some(victim), Some(p)) if victim < p => 0.3 + spread,
            (true, Some(_), Some(_)) => -0.3 - spread,
            _ => 0.05 + spread,
        };
        picture.push(Mark { bend, ..mark.border(border) });
    }

    /// Draws a copy of a goroutine: dashed, for it is not there yet.
    pub fn copy(&self, key: String, slot: Slot, place: Rect, tone: Tone, picture: &mut Diagram) {
        let goid = self.machine.goid(slot);
        let about = Text::new(format!("a copy of G{goid}, not published"), format!("G{goid} 的副本，尚未发布"));
        picture.push(circle(key, goid, place).tone(tone).border(Border::Dashed).about(about).layer(19));
    }

    /// Draws as many goroutines as fit into `places`, the last one and those of the step among them; a count stands
    /// for the rest.
    pub fn row(
        &mut self,
        key: &str,
        slots: impl Iterator<Item = Slot>,
        places: &[Rect],
        tone: Tone,
        picture: &mut Diagram,
    ) {
        let waiting: Vec<Slot> = slots.filter(|slot| !self.has(*slot)).collect();
        if waiting.len() <= places.len() {
            for (slot, place) in waiting.iter().zip(places) {
                let tone = self.tinted(*slot, tone);
                self.goroutine(*slot, *place, tone, picture);
            }
            return;
        }
        let shown = self.chosen(&waiting, places.len().saturating_sub(1));
        let first = shown.iter().enumerate().take_while(|(i, at)| i == *at).count();
        for (i, at) in shown.iter().enumerate() {
            let place = places[if i < first { i } else { i + 1 }];
            let tone = self.tinted(waiting[*at], tone);
            self.goroutine(waiting[*at], place, tone, picture);
        }
        if let Some(place) = places.get(first) {
            let rest: Vec<Slot> = waiting.iter().filter(|slot| !self.has(**slot)).copied().collect();
            self.more(key, &rest, *place, tone, picture);
        }
    }

    fn tinted(&self, slot: Slot, tone: Tone) -> Tone {
        if self.copied.contains(&self.machine.goid(slot)) { Tone::Moved } else { tone }
    }

    /// Which of too many are shown, in order.
    fn chosen(&self, waiting: &[Slot], room: usize) -> Vec<usize> {
        let mut chosen = BTreeSet::new();
        let ends = match room {
            0..3 => 0,
            3..6 => 1,
            _ => 3,
        };
        chosen.extend(waiting.len().saturating_sub(ends)..waiting.len());
        let lit = (0..waiting.len()).filter(|at| self.focus.goids.contains(&self.machine.goid(waiting[*at])));
        let lit: Vec<usize> = lit.collect();
        // Of a long list of the step's the ends are enough.
        for at in lit.first().into_iter().chain(lit.last()) {
            if chosen.len() < room {
                chosen.insert(*at);
            }
        }
        for at in 0..waiting.len() {
            if chosen.len() >= room {
                break;
            }
            chosen.insert(at);
        }
        chosen.into_iter().collect()
    }

    /// A count that stands for goroutines without room.
    fn more(&self, key: &str, rest: &[Slot], place: Rect, tone: Tone, picture: &mut Diagram) {
        let count = format!("+{}", rest.len());
        let wide = measure::width(&count, 16.0, Face::Mono) + 2.0;
        let place = rect(place.x, place.y, place.w.max(wide), place.h);
        let more = Mark::new(format!("{key}/more"), place).border(Border::None).fill(Fill::None).layer(20);
        let more = match self.each(rest, place, tone, picture) {
            Some(zoom) => more.until_zoom(zoom),
            None => more,
        };
        let named: Vec<String> = rest.iter().take(NAMED).map(|slot| format!("G{}", self.machine.goid(*slot))).collect();
        let named = named.join(" ") + if rest.len() > NAMED { " …" } else { "" };
        let about = Text::new(format!("{} more: {named}", rest.len()), format!("还有 {} 个：{named}", rest.len()));
        picture.push(more.label(mono(count, 16.0).ink(Ink::Soft)).about(about));
    }

    /// Each of them as a tiny circle in the place of their count, to be read on zooming in; returns from which zoom on,
    /// if ever.
    fn each(&self, rest: &[Slot], place: Rect, tone: Tone, picture: &mut Diagram) -> Option<f32> {
        let columns = (rest.len() as f32 * place.w / place.h).sqrt().ceil().max(1.0);
        let rows = (rest.len() as f32 / columns).ceil();
        let pitch = (place.w / columns).min(place.h / rows);
        let digits = self.machine.last_goid().to_string();
        let size = pitch * 0.86 / measure::width(&digits, 1.0, Face::Mono).max(1.8);
        let zoom = (MIN_TEXT / size).max(2.0);
        if zoom > MOST_ZOOM {
            return None;
        }
        for (i, slot) in rest.iter().enumerate() {
            let (column, row) = (i % columns as usize, i / columns as usize);
            let at = rect(place.x + pitch * column as f32, place.y + pitch * row as f32, pitch * 0.94, pitch * 0.94);
            let goid = self.machine.goid(*slot);
            let mark = Mark::new(format!("each/{goid}"), at).shape(Shape::Circle).tone(tone);
            let mark = mark.fill(Fill::Tint).border(Border::None).label(mono(goid.to_string(), size));
            picture.push(mark.layer(20).from_zoom(zoom));
        }
        Some(zoom)
    }

    /// Goroutines that stand nowhere yet and are in no queue and no thread's hand: the count there stands for those of
    /// them that had no room.
    pub fn rest(&self) -> Vec<Slot> {
        let machine = self.machine;
        let local = machine.ps().iter().flat_map(|p| p.runnext.into_iter().chain(p.ring()));
        let shared = machine.sched().runq.iter().copied();
        let carried = machine.ms().iter().filter_map(|m| m.curg);
        let held = (0..machine.ms().len() as u32).flat_map(|m| machine.in_hand(m));
        let queued: HashSet<Slot> =
            local.chain(shared).chain(polled(machine)).chain(parked(machine)).chain(held).chain(carried).collect();
        machine.live().map(|(slot, _)| slot).filter(|slot| !self.has(*slot) && !queued.contains(slot)).collect()
    }
}

/// A goroutine's circle with its number, in the middle of its place; a pill where the number is long.
fn circle(key: String, goid: u32, place: Rect) -> Mark {
    let digits = goid.to_string();
    let d = place.w.min(place.h);
    let size = (d * 0.42).clamp(16.0, 22.0);
    let (wide, middle) = (measure::width(&digits, size, Face::Mono), place.center());
    if wide <= d - 3.0 {
        let mark = Mark::new(key, rect(middle.x - d / 2.0, middle.y - d / 2.0, d, d)).shape(Shape::Circle);
        return mark.fill(Fill::Tint).label(mono(digits, size));
    }
    let wide = measure::width(&digits, 16.0, Face::Mono);
    let (w, h) = ((wide + 12.0).min(place.w.max(wide + 2.0)), d.min(30.0));
    let pill = Mark::new(key, rect(middle.x - w / 2.0, middle.y - h / 2.0, w, h)).shape(Shape::Box { radius: h / 2.0 });
    pill.fill(Fill::Tint).label(mono(digits, 16.0))
}

/// Goroutines in the netpoller.
pub fn polled(machine: &GoSched) -> impl Iterator<Item = Slot> {
    machine.waiting().iter().map(|waiter| waiter.g)
}

/// Goroutines parked on channels.
pub fn parked(machine: &GoSched) -> impl Iterator<Item = Slot> {
    machine.chans().iter().flat_map(|chan| chan.recvq.iter().chain(&chan.sendq)).copied()
}

/// `n` places for circles of this width and height from `at` to the right.
pub fn places(at: Point, w: f32, h: f32, n: usize) -> Vec<Rect> {
    (0..n).map(|i| rect(at.x + (w + 6.0) * i as f32, at.y, w, h)).collect()
}
