//! The state as a reader sees it: Go's hchan with its queues spelled out, and each goroutine with its locals.

use std::collections::VecDeque;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::frame::{Call, Frame};
use super::goroutine::{Goroutine, Outcome, Status, Sudog};
use super::hchan::{Hchan, Timer, Waiter};
use super::state::GoChan;

impl Serialize for GoChan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("channels", &Channels(self))?;
        map.serialize_entry("goroutines", &Goroutines(self))?;
        map.serialize_entry("runnext", &self.runnext)?;
        map.serialize_entry("runq", &self.runq)?;
        if self.channels.iter().any(|channel| channel.timer.is_some()) {
            map.serialize_entry("now", &self.now)?;
        }
        map.serialize_entry("draws", &self.dice.drawn())?;
        map.serialize_entry("dead", &self.dead)?;
        map.end()
    }
}

struct Channels<'a>(&'a GoChan);

impl Serialize for Channels<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let machine = self.0;
        let of = |channel| Channel { machine, channel };
        serializer.collect_map(machine.channels.iter().filter(|channel| channel.there()).map(|channel| {
            let shown = (!channel.nil).then_some(of(channel));
            (&*channel.name, shown)
        }))
    }
}

struct Channel<'a> {
    machine: &'a GoChan,
    channel: &'a Hchan,
}

impl Serialize for Channel<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (machine, c) = (self.machine, self.channel);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("qcount", &c.qcount)?;
        map.serialize_entry("dataqsiz", &c.dataqsiz)?;
        map.serialize_entry("buf", &c.buf)?;
        map.serialize_entry("closed", &u8::from(c.closed))?;
        map.serialize_entry("sendx", &c.sendx)?;
        map.serialize_entry("recvx", &c.recvx)?;
        map.serialize_entry("recvq", &Waiters { machine, queue: &c.recvq })?;
        map.serialize_entry("sendq", &Waiters { machine, queue: &c.sendq })?;
        map.serialize_entry("lock", &c.lock)?;
        if let Some(timer) = c.timer {
            map.serialize_entry("timer", &ShownTimer::from(timer))?;
        }
        map.end()
    }
}

/// A timer's fields under their names.
#[derive(Serialize)]
struct ShownTimer {
    after: u64,
    when: u64,
    pending: bool,
}

impl From<Timer> for ShownTimer {
    fn from(timer: Timer) -> ShownTimer {
        ShownTimer { after: timer.after, when: timer.when, pending: timer.pending }
    }
}

struct Waiters<'a> {
    machine: &'a GoChan,
    queue: &'a VecDeque<Waiter>,
}

impl Serialize for Waiters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.queue.iter().map(|waiter| {
            let goroutine = self.machine.g(waiter.g);
            Shown { g: Some(waiter.g), goroutine, sudog: goroutine.waiting.get(waiter.n), machine: self.machine }
        }))
    }
}

/// A sudog; in a queue with its goroutine, on a waiting list with its channel.
struct Shown<'a> {
    g: Option<u32>,
    goroutine: &'a Goroutine,
    sudog: Option<&'a Sudog>,
    machine: &'a GoChan,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(g) = self.g {
            map.serialize_entry("g", &g)?;
        }
        let Some(sudog) = self.sudog else { return map.end() };
        if self.g.is_none() {
            map.serialize_entry("c", &*self.machine.channels[sudog.ch].name)?;
        }
        // A sender's elem is a value, a receiver's a place to be filled.
        match (sudog.elem, sudog.send) {
            (None, _) => map.serialize_entry("elem", &None::<i64>)?,
            (Some(_), true) => map.serialize_entry("elem", &self.goroutine.elem(sudog))?,
            (Some(_), false) => map.serialize_entry("elem", "&v")?,
        }
        if let Some(case) = sudog.case {
            map.serialize_entry("case", &case)?;
        }
        map.serialize_entry("isSelect", &sudog.is_select)?;
        map.serialize_entry("success", &sudog.success)?;
        map.end()
    }
}

struct Goroutines<'a>(&'a GoChan);

impl Serialize for Goroutines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.gs.iter().map(|goroutine| (goroutine.id, Routine { machine: self.0, goroutine })))
    }
}

struct Routine<'a> {
    machine: &'a GoChan,
    goroutine: &'a Goroutine,
}

impl Serialize for Routine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (machine, g) = (self.machine, self.goroutine);
        let mut map = serializer.serialize_map(None)?;
        if !g.name.is_empty() {
            map.serialize_entry("name", &g.name)?;
        }
        map.serialize_entry("status", g.status.name())?;
        if let Status::Waiting(reason) = g.status {
            map.serialize_entry("waitReason", reason.text())?;
        }
        map.serialize_entry("line", &g.line().map(|line| line + 1))?;
        map.serialize_entry("lines", &g.program.lines.len())?;
        map.serialize_entry("v", &g.v)?;
        map.serialize_entry("ok", &g.ok)?;
        if !g.counters.is_empty() {
            map.serialize_entry("loops", &g.counters)?;
        }
        map.serialize_entry("last", &g.outcome.map(|outcome| told(&outcome)))?;
        let sudogs = g.waiting.iter().map(|sudog| Shown { g: None, goroutine: g, sudog: Some(sudog), machine });
        map.serialize_entry("waiting", &sudogs.collect::<Vec<_>>())?;
        map.serialize_entry("param", &g.param)?;
        map.serialize_entry("selectDone", &u8::from(g.select_done))?;
        if g.program.asks_nil() {
            let names: Vec<&str> = g.nils.iter().map(|ch| &*machine.channels[*ch].name).collect();
            map.serialize_entry("nil", &names)?;
        }
        if g.endless {
            map.serialize_entry("endless", &true)?;
        }
        if g.leaked {
            map.serialize_entry("leaked", &true)?;
        }
        if g.spins {
            map.serialize_entry("spins", &true)?;
        }
        if let Some(order) = &g.poll_order {
            map.serialize_entry("pollOrderChosen", order)?;
        }
        map.serialize_entry("call", &g.frame.as_ref().map(|frame| Locals { machine, frame }))?;
        map.end()
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Sent => String::from("sent"),
        Outcome::Received(v, ok) => format!("received {v}, {ok}"),
        Outcome::Closed => String::from("closed"),
        Outcome::Selected(case, None) => format!("case {case}"),
        Outcome::Selected(case, Some((v, ok))) => format!("case {case}: received {v}, {ok}"),
        Outcome::Default => String::from("default"),
        Outcome::Len(len) => format!("len {len}"),
        Outcome::Cap(cap) => format!("cap {cap}"),
        Outcome::Panicked(message) => (*message).into(),
    }
}

/// A call's local variables, as far as they are set.
struct Locals<'a> {
    machine: &'a GoChan,
    frame: &'a Frame,
}

impl Serialize for Locals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let f = self.frame;
        let name = |ch: usize| &*self.machine.channels[ch].name;
        let names = |list: &[usize]| list.iter().map(|ch| name(*ch)).collect::<Vec<_>>();
        let pc: &'static str = f.pc.into();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("func", f.call.function())?;
        map.serialize_entry("at", pc)?;
        if f.call != Call::Block {
            map.serialize_entry("c", name(f.ch))?;
        }
        map.serialize_entry("sends", &f.sending)?;
        map.serialize_entry("block", &f.block)?;
        map.serialize_entry("slots", &f.slots)?;
        map.serialize_entry("slot", &f.slot)?;
        map.serialize_entry("sg", &f.sg.map(|waiter| (waiter.g, waiter.n)))?;
        map.serialize_entry("holds", &names(&f.held))?;
        if let Some(ch) = f.wants {
            map.serialize_entry("spinsFor", name(ch))?;
        }
        map.serialize_entry("received", &f.received)?;
        if f.call == Call::Select {
            map.serialize_entry("pollorder", &f.sources(&f.pollorder))?;
            map.serialize_entry("lockorder", &f.sources(&f.lockorder))?;
            map.serialize_entry("next", &f.next)?;
        }
        map.serialize_entry("chosen", &f.chosen)?;
        let then: &'static str = f.then.into();
        map.serialize_entry("then", then)?;
        if f.call == Call::Close {
            map.serialize_entry("glist", &f.glist)?;
        }
        map.end()
    }
}
