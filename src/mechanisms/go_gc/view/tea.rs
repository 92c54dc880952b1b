//! Green Tea's part of the picture: the queue of spans, and below the heap each span with its bits.

use crate::diagram::parts::{Cell, Line, Queue, Table, cell, entry, queue, row, table, token};
use crate::diagram::{Size, Tone};
use crate::text::Text;

use super::Shown;
use crate::mechanisms::go_gc::event::Event;
use crate::mechanisms::go_gc::state::{Phase, Span};
use crate::mechanisms::go_gc::tea::{Bits, Owned};

impl Shown<'_> {
    /// Spans that wait, the next one first, each with the object that has put it there.
    pub(super) fn span_queue(&self) -> Queue {
        let moved = matches!(self.event, Some(Event::SpanQueued { .. } | Event::SpanDequeued { .. }));
        let waiting = self.m.spanq.iter().enumerate().map(|(at, entry)| {
            let made = token(format!("spanq/{}", entry.span), format!("{} {}", entry.span, entry.obj)).square();
            made.tone(Tone::Info).path(format!("spanq[{at}]"))
        });
        queue("spanq", Text::new("span queue", "span 队列"))
            .slots(self.room.spanq.max(2))
            .widest("0 A")
            .tokens(waiting)
            .tone(self.tone_if(moved))
            .path("spanq")
    }

    /// Every span; those that are marked as a whole with their bits, on the stage both in one row.
    pub(super) fn tea_spans(&self, size: Size) -> Line {
        let made = (0..self.room.spans).map(|at| match self.m.spans.get(at) {
            Some(Span { bits: Some(bits), .. }) => row().with(self.bits(at, bits, size)),
            Some(_) => row().with(self.span(at)),
            None => row().with(queue(format!("span/{at}"), " ")),
        });
        row().each(made).gap(1.4)
    }

    fn bits(&self, at: usize, bits: &Bits, size: Size) -> Table {
        let slots = &self.m.spans[at].slots;
        let names = slots.iter().map(|slot| Text::same(slot.as_deref().unwrap_or("·")));
        let line = |key: &str, name: &'static str, path: &str, cells: Vec<Cell>| {
            let cells = std::iter::once(cell(name).quiet()).chain(cells);
            entry(format!("span/{at}/{key}"), cells).path(format!("spans[{at}].bits{path}"))
        };
        let each = |of: &dyn Fn(usize) -> Cell| (0..slots.len()).map(of).collect::<Vec<Cell>>();
        let tone = |slot: usize, tone| match slots[slot].as_ref().is_some_and(|name| self.about(name)) {
            true => self.tone,
            false => tone,
        };
        let marks = each(&|slot| bit(bits.marks[slot], tone(slot, Tone::Plain)));
        let scans = each(&|slot| bit(bits.scans[slot], tone(slot, Tone::Good)));
        let both = each(&|slot| {
            let words = format!("{} {}", u8::from(bits.marks[slot]), u8::from(bits.scans[slot]));
            let set = if bits.scans[slot] { Tone::Good } else { Tone::Plain };
            if bits.marks[slot] { cell(words).tone(tone(slot, set)) } else { cell(words).quiet() }
        });
        let made = table(format!("span/{at}"), self.title(at, bits));
        let made = made.columns(std::iter::once(Text::same(" ")).chain(names));
        let made = match (size, bits.noscan) {
            (_, true) => made.row(line("marks", "marks", ".marks", marks)),
            (Size::Stage, false) => made.row(line("bits", "m s", "", both)),
            (Size::Window, false) => {
                made.row(line("marks", "marks", ".marks", marks)).row(line("scans", "scans", ".scans", scans))
            }
        };
        let about = self.figure("span") == Some(at);
        made.room(if size == Size::Stage { 1 } else { 2 }).tone(self.tone_if(about)).path(format!("spans[{at}]"))
    }

    /// While marking goes on who owns it, else how far sweeping has come.
    fn title(&self, at: usize, bits: &Bits) -> Text {
        let m = self.m;
        let left = m.sweepgen - m.spans[at].sweepgen.min(m.sweepgen);
        let words = match (m.phase, left) {
            (_, 1) => Text::new("sweeping", "清扫中"),
            (Phase::Off, 2..) => Text::new("to sweep", "待清扫"),
            _ if bits.noscan => Text::same("noscan"),
            (Phase::Off, _) => Text::new("swept", "已清扫"),
            _ if bits.owned == Owned::Unowned => Text::same("unowned"),
            _ => Text::same(bits.owned.text()),
        };
        Text::new(format!("span {at} · {}", words.en), format!("span {at} · {}", words.zh))
    }
}

fn bit(set: bool, tone: Tone) -> Cell {
    if set { cell("1").tone(tone) } else { cell("0").quiet() }
}
