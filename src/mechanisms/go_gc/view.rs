//! The picture: roots on the left, the heap in layers, workers and what is grey on the right, spans below.

mod pacing;
mod seats;
mod serving;
mod tea;

use std::collections::VecDeque;

use crate::diagram::parts::{
    Card, Flow, Graph, Line, Node, Queue, Stage, Token, card, column, field, flow, graph, legend, node, picture,
    pointer, queue, row, steady, token,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::machine::Event as _;
use crate::text::Text;
use crate::view::{View, narrow};

use super::event::Event;
use super::setup::{Mode, Pointers};
use super::state::{Colour, GoGc, Goroutine, Job, NIL, Next, Object, Phase};
use seats::{Seats, Source};

/// What has to have room in the pictures of a run.
#[derive(Clone, Debug, Default)]
pub struct Room {
    seats: Seats,
    spans: usize,
    goroutines: usize,
    vars: usize,
    entries: usize,
    grey: usize,
    spanq: usize,
    /// Bytes and samples of the pacer's curves.
    most: u64,
    samples: usize,
}

/// The last layer that pointers push an object into.
const DEEPEST: usize = 3;

impl View for GoGc {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        let mut todo: VecDeque<(&String, usize)> = self.root_pointers().map(|to| (to, 0)).collect();
        let mut seen: Vec<(&String, usize)> = Vec::new();
        while let Some((name, layer)) = todo.pop_front() {
            let Some(object) = self.objects.get(name) else { continue };
            if seen.iter().all(|(other, _)| *other != name) {
                seen.push((name, layer));
                todo.extend(object.slots.values().map(|to| (to, layer + 1)));
            }
        }
        // Pointers lead to the right, as far as they can.
        for _ in 0..DEEPEST {
            for at in 0..seen.len() {
                let (name, layer) = seen[at];
                let back = self.reach(self.objects[name].slots.values(), |_| true);
                let above = seen.iter().filter(|(other, _)| {
                    !back.contains(other.as_str()) && self.objects[*other].slots.values().any(|to| to == name)
                });
                let after = above.map(|(_, above)| above + 1).fold(layer, usize::max);
                seen[at].1 = after.min(DEEPEST);
            }
        }
        let alive = |name: &str| self.objects.contains_key(name);
        seen.into_iter().for_each(|(name, layer)| room.seats.seat(name, layer, alive));
        let last = room.seats.layers() - 1;
        self.objects.keys().for_each(|name| room.seats.seat(name, last, alive));
        let globals = (!self.globals.is_empty()).then_some(&self.globals);
        let cards = globals.into_iter().chain(self.goroutines.values().map(|goroutine| &goroutine.stack));
        let roots = cards.enumerate().flat_map(|(card, pointers)| {
            pointers.values().enumerate().map(move |(line, to)| (Source::Root(card, line), to))
        });
        let slots = self
            .objects
            .iter()
            .flat_map(|(name, object)| object.slots.values().map(move |to| (Source::Object(name.clone()), to)));
        roots.chain(slots).filter(|(_, to)| *to != NIL).for_each(|(from, to)| room.seats.point(from, to));
        room.spans = room.spans.max(self.spans.len());
        room.goroutines = room.goroutines.max(self.goroutines.len());
        room.vars = self.goroutines.values().map(|goroutine| goroutine.stack.len()).fold(room.vars, usize::max);
        let first = usize::from(globals.is_some());
        globals.iter().for_each(|globals| room.seats.card(0, globals.len()));
        (0..self.goroutines.len()).for_each(|g| room.seats.card(first + g, room.vars));
        room.entries = self.wbbufs.values().map(Vec::len).fold(room.entries, usize::max);
        room.grey = room.grey.max(self.workbuf.len());
        room.spanq = room.spanq.max(self.spanq.len());
        for served in &self.ways {
            room.most = served.line.iter().copied().fold(room.most, u64::max);
            room.samples = room.samples.max(served.line.len());
        }
        if let Some(pacer) = &self.pacer {
            let highest = pacer.history.iter().flatten().copied().filter(|n| *n < 1 << 50).max();
            room.most = room.most.max(highest.unwrap_or(1));
            room.samples = room.samples.max(pacer.history.len());
        }
    }

    fn view(&self, event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let shown = Shown { m: self, event, tone, room };
        if !self.ways.is_empty() {
            return picture(&shown.serving(), area, size);
        }
        if let Some(pacer) = &self.pacer {
            return picture(&shown.pacing(pacer), area, size);
        }
        let spans = if self.gc == Mode::GreenTea { shown.tea_spans(size) } else { shown.spans() };
        let whole = if narrow(area) {
            let body = row().with(shown.roots()).filling(1.0, shown.heap(true)).gap(1.4);
            column().with(shown.phase(true)).filling(1.0, body).with(shown.collector(true)).with(spans).gap(0.9)
        } else {
            let collector = steady(shown.collector(false), 7.0, 10.0);
            let body = row().with(shown.roots()).filling(1.0, shown.heap(false)).with(collector).gap(1.6);
            column().with(shown.phase(false)).filling(1.0, body).with(spans).gap(1.1)
        };
        let mut made = picture(&whole, area, size);
        for (from, to, tone) in shown.root_ways() {
            pointer(&mut made, format!("way/{from}"), &from, &format!("object/{to}"), tone);
        }
        made
    }
}

struct Shown<'a> {
    m: &'a GoGc,
    event: Option<&'a Event>,
    tone: Tone,
    room: &'a Room,
}

impl Shown<'_> {
    fn figure<T: Clone + 'static>(&self, name: &str) -> Option<T> {
        self.event?.figure(name)
    }

    /// The tone of what this step is about, and of everything else.
    fn tone_if(&self, about: bool) -> Tone {
        if about { self.tone } else { Tone::Plain }
    }

    /// Whether this step is about an object.
    fn about(&self, name: &str) -> bool {
        let is = |figure: &str| self.figure::<String>(figure).is_some_and(|obj| obj == name);
        is("obj") || self.figure::<Vec<String>>("shaded").is_some_and(|all| all.iter().any(|obj| obj == name))
    }

    // --- phase ---

    fn phase(&self, narrow: bool) -> Flow {
        use Event::{BlackenOff, BlackenOn, MarkPhase, OffPhase, TerminationPhase, WorldStarted, WorldStopped};
        let m = self.m;
        let turned = matches!(self.event, Some(MarkPhase { .. } | TerminationPhase | OffPhase { .. }));
        let world = match m.stopped {
            Some(why) => Text::new(format!("STW: {why}"), format!("STW：{why}")),
            None => Text::new("runs", "运行中"),
        };
        let moved = matches!(self.event, Some(WorldStopped { .. } | WorldStarted { .. }));
        let world_tone = if m.stopped.is_some() { Tone::Bad } else { self.tone_if(moved) };
        let on = |yes: bool| Text::new(if yes { "on" } else { "off" }, if yes { "开" } else { "关" });
        let flags = matches!(self.event, Some(BlackenOn | BlackenOff { .. }));
        let phase = field("phase", "gcphase", m.phase.text()).widest("_GCmarktermination");
        let phase = phase.tone(self.tone_if(turned)).path("phase");
        let world = field("world", Text::new("world", "程序"), world).widest("STW: mark termination");
        let world = world.tone(world_tone).path("stopped");
        let barrier = field("barrier", Text::new("write barrier", "写屏障"), on(m.barrier));
        let barrier = barrier.tone(self.tone_if(turned)).path("barrier");
        // Side by side it is the barrier that the two differ in.
        let made = match narrow {
            true => flow().with(barrier).with(phase).with(world),
            false => flow().with(phase).with(world).with(barrier),
        };
        if narrow {
            return made;
        }
        let next = if matches!(m.next, Next::Sleep) && m.unswept().is_some() { "bgsweep" } else { m.next.text() };
        let next = field("next", Text::new("next", "下一步"), next).widest("stopTheWorld(mark termination)");
        let blacken = field("blacken", "gcBlackenEnabled", u8::from(m.blacken).to_string());
        made.with(blacken.tone(self.tone_if(flags)).path("blacken")).with(next.path("next"))
    }

    // --- roots ---

    fn roots(&self) -> Line {
        let m = self.m;
        let made = column();
        let globals = (!m.globals.is_empty()).then(|| {
            let scanned = Text::new("scanned", "已扫描");
            let unscanned = Text::new("not scanned", "未扫描");
            let made = card("globals", Text::new("globals", "全局变量")).widest(unscanned.clone());
            let status = if m.globals_scanned { scanned } else { unscanned };
            let made =
                if m.phase == Phase::Off { made } else { made.status(status, self.root_tone(m.globals_scanned)) };
            made.path("globals").with(self.pointers("global", "globals", &m.globals, m.globals.len()))
        });
        let made = made.maybe(globals);
        made.each(m.goroutines.iter().map(|(g, goroutine)| self.goroutine(*g, goroutine))).gap(0.9)
    }

    fn root_tone(&self, scanned: bool) -> Tone {
        if scanned { Tone::Good } else { Tone::Moved }
    }

    fn goroutine(&self, g: u32, goroutine: &Goroutine) -> Card {
        let m = self.m;
        let marking = m.phase != Phase::Off;
        let (status, tone) = match &goroutine.doing {
            _ if goroutine.suspended => (Text::new("suspended: scan", "挂起扫描中"), Tone::Bad),
            _ if m.parked(g) => (Text::new("parked: assist", "assist park"), Tone::Moved),
            Some(pending) => (Text::same(pending.stmt.to_string()), Tone::Active),
            None if marking && goroutine.gcscandone => (Text::new("stack scanned", "栈已扫描"), Tone::Good),
            None if marking => (Text::new("not scanned", "栈未扫描"), Tone::Moved),
            None if m.stopped.is_some() => (Text::new("stopped", "已停"), Tone::Bad),
            None => (Text::new("runs", "运行"), Tone::Plain),
        };
        let acts = self.figure("g") == Some(g);
        let away = m.stopped.is_some() || goroutine.suspended || m.parked(g);
        let made = card(format!("goroutine/{g}"), goroutine.name.clone()).home(format!("G{g}"), Tone::Info, false);
        let made = made.status(status, tone).widest("suspended: scan").look(acts, away).path(format!("goroutines.{g}"));
        let vars = self.room.vars.max(1);
        made.with(self.pointers(&format!("goroutine/{g}"), &format!("goroutines.{g}.stack"), &goroutine.stack, vars))
    }

    /// Variables below each other, so that no pointer runs over another one.
    fn pointers(&self, key: &str, path: &str, pointers: &Pointers, room: usize) -> Line {
        let made = column().gap(0.4).each(pointers.iter().map(|(name, to)| {
            let written = self.figure::<String>("x").or_else(|| self.figure("global")).is_some_and(|x| x == *name);
            let acts = self
                .figure::<u32>("g")
                .is_none_or(|g| !path.starts_with("goroutines") || path == format!("goroutines.{g}.stack"));
            let made = field(format!("{key}/{name}"), name.clone(), to.clone()).widest("nil").inset();
            made.tone(self.tone_if(written && acts)).path(format!("{path}.{name}"))
        }));
        (pointers.len()..room).fold(made, |made, at| made.with(field(format!("{key}/none/{at}"), " ", " ").bare()))
    }

    /// From each variable to its object.
    fn root_ways(&self) -> Vec<(String, &String, Tone)> {
        let m = self.m;
        let globals = m.globals.iter().map(|(name, to)| (format!("global/{name}"), to));
        let stacks = m
            .goroutines
            .iter()
            .flat_map(|(g, goroutine)| goroutine.stack.iter().map(move |(x, to)| (format!("goroutine/{g}/{x}"), to)));
        let tone = |to: &str| match m.objects.get(to) {
            Some(object) if object.freed => Tone::Bad,
            _ => self.tone_if(self.about(to)),
        };
        globals.chain(stacks).filter(|(_, to)| *to != NIL).map(|(from, to)| (from, to, tone(to))).collect()
    }

    // --- the heap ---

    fn heap(&self, narrow: bool) -> Line {
        let m = self.m;
        let made: Graph = graph("heap", self.room.seats.layers(), self.room.seats.rows());
        let made = made.nodes(m.objects.iter().map(|(name, object)| self.object(name, object)));
        let made = m.objects.iter().fold(made, |made, (name, object)| {
            object.slots.iter().filter(|(_, to)| m.objects.contains_key(*to)).fold(made, |made, (slot, to)| {
                let stored = self.figure::<String>("into").is_some_and(|into| into == *name)
                    && self.figure::<String>("slot").is_some_and(|at| at == *slot);
                let tone = if m.objects[to].freed { Tone::Bad } else { self.tone_if(stored) };
                made.edge(format!("slot/{name}/{slot}"), format!("object/{name}"), format!("object/{to}"), tone)
            })
        });
        let white = Text::new("white", "白");
        let words = [
            (Stage::Untouched, white),
            (Stage::Begun, Text::new("grey", "灰")),
            (Stage::Done, Text::new("black", "黑")),
        ];
        let legend = (!narrow).then(|| legend(words));
        column().maybe(legend).filling(1.0, made).gap(0.6)
    }

    fn object(&self, name: &str, object: &Object) -> Node {
        let place = self.room.seats.of(name);
        let about = self.about(name);
        let tone = if object.freed { Tone::Bad } else { self.tone_if(about) };
        let slots: Vec<String> = object.slots.iter().map(|(slot, to)| format!("{slot}={to}")).collect();
        let says = Text::new(
            format!("{name}: {}, span {}, {}", object.colour, object.span, slots.join(" ")),
            format!("{name}：{}，span {}，{}", object.colour, object.span, slots.join(" ")),
        );
        node(format!("object/{name}"), name.to_owned(), place)
            .stage(self.stage(name))
            .tone(tone, about)
            .path(format!("objects.{name}"))
            .about(says)
    }

    // --- the collector ---

    fn collector(&self, narrow: bool) -> Line {
        let m = self.m;
        let roots = m.roots.iter().map(|job| token(format!("root/{job}"), job.to_string()).tone(Tone::Moved));
        let jobs = m.goroutines.len().max(1) + usize::from(!m.globals.is_empty());
        let roots = queue("roots", Text::new("root jobs", "根任务")).slots(jobs).tokens(roots).path("roots");
        let grey = m.workbuf.iter().rev().map(|name| self.small("grey", name).path("workbuf"));
        let grey = queue("workbuf", Text::new("work buffer", "work buffer")).slots(self.room.grey.max(2)).tokens(grey);
        let spans = (m.gc == Mode::GreenTea).then(|| self.span_queue());
        let made = if narrow { row() } else { column() };
        let made = made.with(roots).with(grey.path("workbuf")).maybe(spans).gap(0.9);
        let made = made.each(m.workers.keys().map(|p| self.worker(*p)));
        let parked = m.assists.iter().map(|g| token(format!("assist/{g}"), format!("G{g}")).tone(Tone::Moved));
        made.maybe(m.assist.then(|| {
            let credit =
                field("credit", Text::new("bgScanCredit", "bgScanCredit"), m.credit.to_string()).path("credit");
            row().with(credit).with(queue("assists", "assistQueue").slots(1).tokens(parked).path("assists"))
        }))
    }

    fn worker(&self, p: u32) -> Card {
        let m = self.m;
        let worker = &m.workers[&p];
        let (status, tone) = match &worker.job {
            Some(Job::Object(name)) => (Text::new(format!("scans {name}"), format!("扫描 {name}")), Tone::Active),
            Some(Job::Span(span)) => {
                (Text::new(format!("scans span {span}"), format!("扫描 span {span}")), Tone::Active)
            }
            Some(job) => (Text::new(format!("root {job}"), format!("根 {job}")), Tone::Active),
            None if m.phase == Phase::Mark && worker.waits => (Text::new("no work", "没活了"), Tone::Plain),
            None => (Text::new("–", "–"), Tone::Plain),
        };
        let acts = self.figure("p") == Some(p);
        let made = card(format!("p/{p}"), Text::same(format!("P{p}"))).status(status, tone).widest("root globals");
        let made = made.look(acts, false).path(format!("workers.{p}"));
        if !m.gc.buffered() {
            return made;
        }
        let entries = m.wbbufs[&p].iter().enumerate().map(|(at, name)| {
            let path = format!("wbbufs.{p}[{at}]");
            let entry = token(format!("wbbuf/{p}/{at}"), name.clone());
            if *name == NIL {
                entry.square().path(path)
            } else {
                entry.stage(self.stage(name)).tone(Tone::Moved).path(path)
            }
        });
        let slots = self.room.entries.clamp(2, 4);
        made.with(
            queue(format!("wbbuf/{p}"), "wbBuf")
                .slots(slots)
                .widest("nil")
                .most(4)
                .tokens(entries)
                .path(format!("wbbufs.{p}")),
        )
    }

    /// An object as a token, in its colour.
    fn small(&self, place: &str, name: &str) -> Token {
        token(format!("{place}/{name}"), name.to_owned()).stage(self.stage(name))
    }

    fn stage(&self, name: &str) -> Stage {
        match self.m.colour(name) {
            _ if self.m.objects.get(name).is_some_and(|object| object.freed) => Stage::Gone,
            Colour::White => Stage::Untouched,
            Colour::Grey => Stage::Begun,
            Colour::Black => Stage::Done,
        }
    }

    // --- spans ---

    fn spans(&self) -> Line {
        let m = self.m;
        let made = (0..self.room.spans)
            .map(|at| m.spans.get(at).map_or_else(|| queue(format!("span/{at}"), " "), |_| self.span(at)));
        row().each(made).gap(1.4)
    }

    fn span(&self, at: usize) -> Queue {
        let m = self.m;
        let span = &m.spans[at];
        let (words, tone) = match m.sweepgen - span.sweepgen.min(m.sweepgen) {
            0 => (Text::new("swept", "已清扫"), Tone::Plain),
            1 => (Text::new("sweeping", "清扫中"), Tone::Active),
            _ => (Text::new("to sweep", "待清扫"), Tone::Moved),
        };
        let name = Text::new(format!("span {at} · {}", words.en), format!("span {at} · {}", words.zh));
        let slots = span.slots.iter().enumerate().map(|(slot, name)| match name {
            Some(name) => {
                self.small(&format!("span/{at}"), name).strong_if(self.about(name)).path(format!("objects.{name}"))
            }
            None => token(format!("span/{at}/free/{slot}"), " ").absent(),
        });
        let about = self.figure("span") == Some(at);
        let tone = if about { self.tone } else { tone };
        queue(format!("span/{at}"), name).slots(span.slots.len()).tokens(slots).tone(tone).path(format!("spans[{at}]"))
    }
}

fn mib_f(bytes: u64) -> f32 {
    (bytes.min(1 << 50) >> 10) as f32 / 1024.0
}
