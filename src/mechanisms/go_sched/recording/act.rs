//! Driving M 0 through a call, and what a script puts together.

use serde_json::{Map, Value};

use crate::mechanisms::go_sched::event::Event;
use crate::mechanisms::go_sched::pc::Pc;
use crate::mechanisms::go_sched::state::{G, M, PStatus, Slot};

use super::queues::Bench;

/// The most places of the source that one call passes.
const MAX_PLACES: u32 = 200_000;

/// What a line says.
pub(super) type Words = Map<String, Value>;

/// The number of this name in a line.
pub(super) fn number(line: &Words, name: &str) -> Result<u64, String> {
    line.get(name).and_then(Value::as_u64).ok_or_else(|| format!("`{name}` is missing or no number"))
}

/// The same as 32 bits.
pub(super) fn small(line: &Words, name: &str) -> Result<u32, String> {
    u32::try_from(number(line, name)?).map_err(|_| format!("`{name}` is above 4294967295"))
}

pub(super) fn flag(line: &Words, name: &str) -> bool {
    line.get(name).and_then(Value::as_bool).unwrap_or_default()
}

/// The list of numbers of this name in a line.
pub(super) fn numbers(line: &Words, name: &str) -> Result<Vec<u32>, String> {
    let list = line.get(name).and_then(Value::as_array).ok_or_else(|| format!("`{name}` is missing or no list"))?;
    list.iter()
        .map(|value| value.as_u64().and_then(|n| u32::try_from(n).ok()))
        .collect::<Option<_>>()
        .ok_or_else(|| format!("`{name}` holds something else than numbers"))
}

impl Bench {
    /// The slot of a G, which is its number; 0 is no G.
    pub(super) fn slot(&mut self, g: u32) -> Result<Slot, String> {
        let slot = u16::try_from(g).map_err(|_| format!("G {g}: numbers go up to {}", u16::MAX))?;
        while self.machine.gs.len() <= slot.into() {
            let goid = self.machine.gs.len() as u32;
            self.machine.gs.push(G { goid, ..G::default() });
        }
        Ok(Slot(slot))
    }

    pub(super) fn slots(&mut self, gs: &[u32]) -> Result<Vec<Slot>, String> {
        gs.iter().map(|g| self.slot(*g)).collect()
    }

    /// The P of this name in a line; `None` for -1.
    pub(super) fn p(&self, line: &Words, name: &str) -> Result<Option<u32>, String> {
        let p = line.get(name).and_then(Value::as_i64).ok_or_else(|| format!("`{name}` is missing or no number"))?;
        match u32::try_from(p) {
            Err(_) => Ok(None),
            Ok(p) if p < self.machine.procs() => Ok(Some(p)),
            Ok(p) => Err(format!("`{name}` is {p}, but there are {} Ps", self.machine.procs())),
        }
    }

    /// M 0 as it is before a call, out of the idle list, with the P of the line if there is one.
    pub(super) fn take(&mut self, p: Option<u32>) {
        self.machine.sched.midle.retain(|m| *m != 0);
        self.machine.ms[0] = M { pc: Pc::Returned, ..M::default() };
        self.slept = false;
        if let Some(p) = p {
            self.leave(p);
            let pp = &mut self.machine.ps[p as usize];
            (pp.m, pp.status) = (Some(0), PStatus::Running);
            self.machine.ms[0].p = Some(p);
        }
    }

    /// P no longer has an M.
    pub(super) fn leave(&mut self, p: u32) {
        if let Some(m) = self.machine.ps[p as usize].m.take() {
            self.machine.ms[m as usize].p = None;
        }
    }

    /// After the call: the P that M 0 has goes to its own M.
    pub(super) fn give_back(&mut self) {
        if let Some(p) = self.machine.ms[0].p.take() {
            self.own_m(p);
        }
    }

    /// M 0 calls the function that begins at `pc` and goes on until it has returned, or stands at one of `stops`.
    pub(super) fn call(&mut self, pc: Pc, stops: &[Pc]) -> Result<Vec<Event>, String> {
        self.machine.call(0, pc, Pc::Returned);
        self.go_on(stops)
    }

    /// The same from where it stands.
    pub(super) fn go_on(&mut self, stops: &[Pc]) -> Result<Vec<Event>, String> {
        let mut events = Vec::new();
        for _ in 0..MAX_PLACES {
            let thread = &self.machine.ms[0];
            let pc = thread.pc;
            if pc == Pc::Returned || stops.contains(&pc) {
                return Ok(events);
            }
            if thread.until > self.machine.now && pc == Pc::StealNext {
                (self.slept, self.machine.now) = (true, thread.until);
            }
            let of_timer = matches!(thread.calls.top(), Some(Pc::FindTop | Pc::StealTimers));
            // A timer of a recording may ready nobody.
            if of_timer && pc == Pc::Ready && thread.w.put == Some(Slot(0)) {
                self.machine.ret(0);
                continue;
            }
            // The wakep of a timer was held back: it finds no idle P.
            let hidden = if of_timer && matches!(pc, Pc::Wakep | Pc::WakepP) {
                std::mem::take(&mut self.machine.sched.pidle)
            } else {
                Vec::new()
            };
            events.extend(self.machine.micro(0));
            self.machine.sched.pidle.extend(hidden);
        }
        Err(format!("the call does not return, M 0 stands at {:?}", self.machine.ms[0].pc))
    }

    /// `set`: what the script puts together.
    pub(super) fn set(&mut self, line: &Words) -> Result<(), String> {
        if line.contains_key("setnmspin") {
            self.machine.sched.nmspinning = small(line, "setnmspin")?.min(1_000_000) as i32;
            self.machine.sched.needspinning = small(line, "setneedspin")? != 0;
            self.machine.sched.lastpoll = Some(number(line, "lastpoll")?).filter(|last| *last != 0);
            self.gcwaiting = flag(line, "gcwaiting");
            return Ok(());
        }
        let p = self.p(line, "p")?.ok_or("`p` is missing")?;
        if let Some(status) = line.get("setstatus") {
            self.leave(p);
            self.machine.ps[p as usize].status = match status.as_str() {
                Some("running") => PStatus::Running,
                Some("syscall") => PStatus::Syscall,
                Some("idle") => PStatus::Idle,
                _ => return Err(format!("the status {status} is not known")),
            };
            if status == "running" {
                self.own_m(p);
            }
            return Ok(());
        }
        let pp = &mut self.machine.ps[p as usize];
        if line.contains_key("index") {
            (pp.runqhead, pp.runqtail) = (small(line, "index")?, small(line, "index")?);
        } else {
            (pp.schedtick, pp.syscalltick) = (small(line, "settick")?, small(line, "setstick")?);
        }
        Ok(())
    }

    /// Takes what an operation without a counterpart did from the recording.
    pub(super) fn adopt(&mut self, line: &Words) {
        let list = |value: &Value| -> Option<Vec<u32>> {
            value.as_array().map(|list| list.iter().filter_map(|n| u32::try_from(n.as_u64()?).ok()).collect())
        };
        if let Some(gs) = line.get("gq").and_then(list)
            && let Ok(slots) = self.slots(&gs)
        {
            self.machine.sched.runqsize = slots.len() as u32;
            self.machine.sched.runq = slots.into();
        }
        for (p, fields) in line.get("ps").and_then(Value::as_object).into_iter().flatten() {
            let Some(p) = p.parse().ok().filter(|p| *p < self.machine.procs()) else { continue };
            if fields["status"].is_string() {
                self.leave(p);
                self.machine.ps[p as usize].status = PStatus::Idle;
            }
        }
    }
}
