//! The state as a reader sees it: sched, Ps, Ms and Gs under the runtime's names.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::event::Reason;
use super::pc::Place;
use super::state::{Chan, G, GStatus, GoSched, M, P, PStatus, Slot, SysmonTick};

impl Serialize for GoSched {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("now", &self.now)?;
        map.serialize_entry("sched", &self.show_sched())?;
        map.serialize_entry("allp", &Each(|| self.ps.iter().map(|p| self.show_p(p))))?;
        map.serialize_entry("allm", &Each(|| (0..self.ms.len() as u32).map(|m| self.show_m(m))))?;
        map.serialize_entry("allgs", &Goroutines(self))?;
        if !self.chans.is_empty() {
            map.serialize_entry("chans", &Chans(self))?;
        }
        map.serialize_entry(
            "netpoll",
            &Each(|| self.waiting.iter().map(|waiter| (self.goid(waiter.g), waiter.ready))),
        )?;
        map.serialize_entry("wait", &self.waiter.map(|slot| self.goid(slot)))?;
        map.serialize_entry("others", &self.others)?;
        map.serialize_entry("sysmon", &self.sysmon_pace().map(|(idle, delay)| Pace { idle, delay }))?;
        map.serialize_entry("turn", &self.turn)?;
        map.serialize_entry("draws", &self.rng.drawn())?;
        map.serialize_entry("dead", &self.dead)?;
        map.end()
    }
}

/// sysmon's rounds without a retake and its sleep.
#[derive(Serialize)]
struct Pace {
    idle: u32,
    delay: u64,
}

/// A list made when it is asked for.
struct Each<F>(F);

impl<T: Serialize, I: Iterator<Item = T>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[derive(Serialize)]
struct ShowSched {
    lock: Option<u32>,
    runq: Vec<u32>,
    runqsize: u32,
    pidle: Vec<u32>,
    npidle: usize,
    midle: Vec<u32>,
    nmidle: usize,
    nmspinning: i32,
    needspinning: bool,
    lastpoll: Option<u64>,
    #[serde(rename = "pollUntil")]
    poll_until: u64,
    sysmonwait: bool,
    #[serde(rename = "gFree")]
    gfree: usize,
}

#[derive(Serialize)]
struct ShowP {
    status: PStatus,
    m: Option<u32>,
    schedtick: u32,
    syscalltick: u32,
    runqhead: u32,
    runqtail: u32,
    runq: Vec<u32>,
    runnext: Option<u32>,
    timers: Vec<(u32, u64)>,
    preempt: bool,
    #[serde(rename = "gFree")]
    gfree: usize,
    sysmontick: SysmonTick,
}

#[derive(Serialize)]
struct ShowM {
    place: Place,
    pc: &'static str,
    p: Option<u32>,
    oldp: Option<u32>,
    nextp: Option<u32>,
    curg: Option<u32>,
    spinning: bool,
    until: Option<u64>,
    note: bool,
    signal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wants: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hand: Vec<u32>,
    #[serde(rename = "handP", skip_serializing_if = "Option::is_none")]
    hand_p: Option<u32>,
}

impl GoSched {
    fn numbers<'a>(&self, slots: impl Iterator<Item = &'a Slot>) -> Vec<u32> {
        slots.map(|slot| self.goid(*slot)).collect()
    }

    fn show_sched(&self) -> ShowSched {
        let s = &self.sched;
        ShowSched {
            lock: s.lock,
            runq: self.numbers(s.runq.iter()),
            runqsize: s.runqsize,
            pidle: s.pidle.iter().rev().copied().collect(),
            npidle: s.pidle.len(),
            midle: s.midle.iter().rev().copied().collect(),
            nmidle: s.midle.len(),
            nmspinning: s.nmspinning,
            needspinning: s.needspinning,
            lastpoll: s.lastpoll,
            poll_until: s.poll_until,
            sysmonwait: s.sysmonwait,
            gfree: s.gfree.len(),
        }
    }

    fn show_p(&self, p: &P) -> ShowP {
        ShowP {
            status: p.status,
            m: p.m,
            schedtick: p.schedtick,
            syscalltick: p.syscalltick,
            runqhead: p.runqhead,
            runqtail: p.runqtail,
            runq: p.ring().map(|slot| self.goid(slot)).collect(),
            runnext: p.runnext.map(|slot| self.goid(slot)),
            timers: p.timers.iter().map(|timer| (self.goid(timer.g), timer.when)).collect(),
            preempt: p.preempt,
            gfree: p.gfree.len(),
            sysmontick: p.sysmontick,
        }
    }

    fn show_m(&self, m: u32) -> ShowM {
        let thread: &M = &self.ms[m as usize];
        ShowM {
            place: self.place(m),
            pc: thread.pc.into(),
            p: thread.p,
            oldp: thread.oldp,
            nextp: thread.nextp,
            curg: thread.curg.map(|slot| self.goid(slot)),
            spinning: thread.spinning,
            until: (thread.until > self.now && thread.until != u64::MAX).then_some(thread.until),
            note: thread.note,
            signal: thread.signal,
            wants: thread.wants.map(|lock| self.lock_name(lock)),
            hand: self.in_hand(m).map(|slot| self.goid(slot)).collect(),
            hand_p: thread.w.pp,
        }
    }

    fn show_g<'a>(&'a self, g: &'a G) -> ShowG<'a> {
        let program = &self.programs[usize::from(g.program)];
        ShowG {
            status: g.status,
            m: g.m,
            program: &program.name,
            at: program.text.get(usize::from(g.pc)).map_or("return", String::as_str),
            pc: g.pc,
            done: g.done,
            rounds: g.rounds,
            left: g.left,
            preempt: g.preempt,
            waitreason: g.waitreason,
            spawn: g.spawn.map(|(program, n)| (self.programs[usize::from(program)].name.as_str(), n)),
        }
    }
}

#[derive(Serialize)]
struct ShowG<'a> {
    status: GStatus,
    m: Option<u32>,
    program: &'a str,
    at: &'a str,
    pc: u16,
    #[serde(skip_serializing_if = "is_zero")]
    done: u32,
    #[serde(skip_serializing_if = "is_zero")]
    rounds: u32,
    #[serde(skip_serializing_if = "is_none_left")]
    left: u64,
    preempt: bool,
    waitreason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spawn: Option<(&'a str, u32)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_none_left(us: &u64) -> bool {
    *us == 0
}

/// Goroutines that have not ended, by number.
struct Goroutines<'a>(&'a GoSched);

impl Serialize for Goroutines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all: Vec<_> = self.0.live().map(|(_, g)| g).collect();
        all.sort_unstable_by_key(|g| g.goid);
        serializer.collect_map(all.into_iter().map(|g| (g.goid, self.0.show_g(g))))
    }
}

/// Channels by name.
struct Chans<'a>(&'a GoSched);

#[derive(Serialize)]
struct ShowChan {
    qcount: u32,
    dataqsiz: u32,
    closed: bool,
    lock: Option<u32>,
    recvq: Vec<u32>,
    sendq: Vec<u32>,
}

impl Serialize for Chans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let show = |chan: &Chan| ShowChan {
            qcount: chan.count,
            dataqsiz: chan.cap,
            closed: chan.closed,
            lock: chan.lock,
            recvq: self.0.numbers(chan.recvq.iter()),
            sendq: self.0.numbers(chan.sendq.iter()),
        };
        serializer.collect_map(self.0.chans.iter().map(|chan| (&chan.name, show(chan))))
    }
}
