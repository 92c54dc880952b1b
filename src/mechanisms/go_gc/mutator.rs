//! What goroutines do: statements, the write barrier in them, allocation and its assists.

use super::event::Event;
use super::laws::Fault;
use super::setup::{MAX_GOROUTINES, MAX_OBJECTS, MAX_SPANS, MAX_VARS, Mode, Stmt, named};
use super::state::{At, Colour, GoGc, Goroutine, NIL, Next, Object, Pending, Phase, Span};
use super::tea::Bits;
use crate::machine::{Refusal, refuse};

impl GoGc {
    /// What a variable of `g` points at; `nil` where there is none.
    pub(super) fn var(&self, g: u32, x: &str) -> String {
        self.goroutines[&g].stack.get(x).map_or(NIL, String::as_str).to_owned()
    }

    /// Whether `g` could begin this statement, apart from what it is in the middle of.
    pub(super) fn check_stmt(&self, g: u32, stmt: &Stmt) -> Result<(), Refusal> {
        let stack = &self.goroutines[&g].stack;
        let has = |x: &String| match stack.contains_key(x) {
            true => Ok(()),
            false => refuse!("G{g} has no variable {x}", "G{g} 没有变量 {x}"),
        };
        let object = |a: &String, slot: &String| {
            has(a)?;
            let object = &stack[a];
            match self.objects.get(object) {
                None => refuse!("{a} is nil: {a}.{slot} would panic", "{a} 为 nil：{a}.{slot} 会 panic"),
                Some(freed) if freed.freed => {
                    refuse!(
                        "{object} has been freed: its memory may be anything",
                        "{object} 已被释放：那块内存里什么都可能有"
                    )
                }
                Some(object) if !object.slots.contains_key(slot) => {
                    refuse!("{a} has no slot {slot}", "{a} 没有槽 {slot}")
                }
                Some(_) => Ok(()),
            }
        };
        let global = |name: &String| match self.globals.contains_key(name) {
            true => Ok(()),
            false => refuse!("there is no global {name}", "没有全局变量 {name}"),
        };
        let room = |x: &String| match stack.len() < MAX_VARS || stack.contains_key(x) {
            true => named(x),
            false => refuse!("{MAX_VARS} variables a stack can be shown", "一个栈最多展示 {MAX_VARS} 个变量"),
        };
        match stmt {
            Stmt::New(x, object) => {
                room(x)?;
                named(object)?;
                let making = |pending: &Pending| matches!(&pending.stmt, Stmt::New(_, other) if other == object);
                let mut doing = self.goroutines.values().filter_map(|goroutine| goroutine.doing.as_ref());
                if self.objects.contains_key(object) || doing.any(making) {
                    return refuse!("there is an object {object} already", "已有对象 {object}");
                }
                let space = self.spans.len() < MAX_SPANS
                    || self.spans.iter().any(|span| self.takes_new(span) && span.slots.contains(&None));
                if self.objects.len() >= MAX_OBJECTS || !space && self.unswept().is_none() {
                    return refuse!("no room is left for one more object", "放不下更多对象了");
                }
                Ok(())
            }
            Stmt::Load(x, a, slot) => room(x).and_then(|()| object(a, slot)),
            Stmt::Read(x, name) => room(x).and_then(|()| global(name)),
            Stmt::Copy(x, y) => room(x).and_then(|()| has(y)),
            Stmt::Store(a, slot, x) => object(a, slot).and_then(|()| if x == NIL { Ok(()) } else { has(x) }),
            Stmt::Write(name, x) => global(name).and_then(|()| if x == NIL { Ok(()) } else { has(x) }),
            Stmt::Drop(x) => has(x),
            Stmt::Go(x) => match self.goroutines.len() < MAX_GOROUTINES {
                true => has(x),
                false => refuse!("{MAX_GOROUTINES} goroutines can be shown", "最多展示 {MAX_GOROUTINES} 个 goroutine"),
            },
        }
    }

    /// Begins a statement, or takes the next step of the one under way.
    pub(super) fn advance(&mut self, g: u32) -> Option<Event> {
        let pending = self.goroutines.get_mut(&g)?.doing.take()?;
        let Pending { stmt, own, at } = pending;
        let (event, then) = self.statement(g, &stmt, at);
        let goroutine = self.goroutines.get_mut(&g)?;
        goroutine.done += usize::from(own && then.is_none());
        goroutine.doing = then.map(|at| Pending { stmt, own, at });
        Some(event)
    }

    /// One step of a statement, and what it does next.
    fn statement(&mut self, g: u32, stmt: &Stmt, at: At) -> (Event, Option<At>) {
        let p = self.p_of(g);
        let set = |m: &mut GoGc, x: &String, to: &String| {
            m.goroutines.entry(g).or_default().stack.insert(x.clone(), to.clone());
        };
        match stmt {
            Stmt::New(x, name) => self.allocate(g, x, name, at),
            Stmt::Store(..) | Stmt::Write(..) => self.store(g, p, stmt, at),
            Stmt::Load(x, a, slot) => {
                let from = self.var(g, a);
                let obj = self.objects[&from].slots[slot].clone();
                set(self, x, &obj);
                (Event::Loaded { g, x: x.clone(), from, slot: slot.clone(), obj }, None)
            }
            Stmt::Read(x, global) => {
                let obj = self.globals[global].clone();
                set(self, x, &obj);
                (Event::GlobalRead { g, x: x.clone(), global: global.clone(), obj }, None)
            }
            Stmt::Copy(x, from) => {
                let obj = self.var(g, from);
                set(self, x, &obj);
                (Event::Copied { g, x: x.clone(), from: from.clone(), obj }, None)
            }
            Stmt::Drop(x) => {
                let obj = self.goroutines.entry(g).or_default().stack.remove(x).unwrap_or_default();
                (Event::Dropped { g, x: x.clone(), obj }, None)
            }
            Stmt::Go(x) => {
                let (new, obj) = (self.goroutines.len() as u32 + 1, self.var(g, x));
                // The closure is fresh memory: only what is stored there is recorded. Its stack is not scanned in this cycle.
                if self.barrier && self.gc.shades_new() && obj != NIL {
                    match self.gc.buffered() {
                        true => self.record(p, &obj),
                        false => drop(self.shade(&obj)),
                    }
                }
                let stack = [(x.clone(), obj.clone())].into();
                let gcscandone = self.phase != Phase::Off;
                self.goroutines.insert(new, Goroutine { stack, gcscandone, ..Goroutine::default() });
                (Event::Started { g, new, x: x.clone(), obj }, None)
            }
        }
    }

    /// Puts an entry into a wbBuf, which is flushed before if it is full.
    fn record(&mut self, p: u32, obj: &str) {
        if self.wbbufs.get(&p).is_some_and(|buffer| buffer.len() >= self.room) {
            self.flush(p);
        }
        self.wbbufs.entry(p).or_default().push(obj.to_owned());
    }

    /// `a.f = x` or `G = x`: flag test, the new pointer, the old one, the store.
    fn store(&mut self, g: u32, p: u32, stmt: &Stmt, at: At) -> (Event, Option<At>) {
        let (Stmt::Store(_, _, x) | Stmt::Write(_, x)) = stmt else { unreachable!("only stores have a barrier") };
        let new = if x == NIL { NIL.to_owned() } else { self.var(g, x) };
        let place = match stmt {
            Stmt::Store(a, slot, _) => Some((self.var(g, a), slot)),
            _ => None,
        };
        let old = match (&place, stmt) {
            (Some((into, slot)), _) => self.objects[into].slots[*slot].clone(),
            (None, Stmt::Write(global, _)) => self.globals[global].clone(),
            _ => String::new(),
        };
        // A constant nil needs no entry; which barrier runs decides about the rest.
        let after_new = if self.gc.shades_old() && self.fault != Fault::SkipsOld { At::Old } else { At::Store };
        let first = if self.gc.shades_new() && x != NIL { At::New } else { after_new };
        let buffered = self.gc.buffered();
        match at {
            At::Begin if self.barrier && self.gc.barrier() => {
                let room = self.room - usize::from(first == At::New && after_new == At::Old);
                if buffered && self.wbbufs.get(&p).is_some_and(|buffer| buffer.len() >= room) {
                    let (n, shaded) = self.flush(p);
                    return (Event::WbBufFlushed { p, by: "full", n, shaded }, Some(At::Begin));
                }
                (Event::FlagTested { g, stmt: stmt.to_string() }, Some(first))
            }
            At::New | At::Old => {
                let (obj, then) = if at == At::New { (new, after_new) } else { (old, At::Store) };
                let obj = if self.fault == Fault::SkipsNew && at == At::New { NIL.to_owned() } else { obj };
                if buffered {
                    self.wbbufs.entry(p).or_default().push(obj.clone());
                    let n = self.wbbufs[&p].len();
                    let event = match at {
                        At::New => Event::NewBuffered { g, p, obj, n },
                        _ => Event::OldBuffered { g, p, obj, n },
                    };
                    return (event, Some(then));
                }
                let colour = self.colour(&obj);
                self.shade(&obj);
                let event = match at {
                    At::New => Event::NewShaded { g, obj, colour },
                    _ => Event::OldShaded { g, obj, colour },
                };
                (event, Some(then))
            }
            _ => match (place, stmt) {
                (Some((into, slot)), _) => {
                    self.objects.entry(into.clone()).or_default().slots.insert(slot.clone(), new.clone());
                    (Event::Stored { g, into, slot: slot.clone(), old, obj: new }, None)
                }
                (None, Stmt::Write(global, _)) => {
                    self.globals.insert(global.clone(), new.clone());
                    (Event::GlobalStored { g, global: global.clone(), old, obj: new }, None)
                }
                _ => unreachable!("a store has a place"),
            },
        }
    }

    /// `mallocgc`: pays for itself while marking goes on, sweeps a span if it has to, takes a slot.
    fn allocate(&mut self, g: u32, x: &str, name: &str, at: At) -> (Event, Option<At>) {
        if self.assist && self.blacken && matches!(at, At::Begin | At::Parked) {
            if at == At::Begin {
                self.goroutines.entry(g).or_default().owed += 1;
            }
            if self.goroutines[&g].owed > 0 {
                return self.pay(g);
            }
        }
        let free = |span: &Span| span.slots.iter().position(Option::is_none);
        let swept = |span: &Span, m: &GoGc| span.sweepgen == m.sweepgen || m.fault == Fault::UsesUnswept;
        let fits = |span: &Span| self.takes_new(span) && free(span).is_some();
        let found = self.spans.iter().enumerate().find(|(_, span)| swept(span, self) && fits(span));
        let span = match (found, self.unswept()) {
            (Some((span, _)), _) => span,
            (None, Some(_)) => return (self.sweep("mallocgc"), Some(At::Make)),
            (None, None) if self.sweeping().is_some() => return (self.sweep("mallocgc"), Some(At::Make)),
            (None, _) => {
                let slots = vec![None; self.spans.first().map_or(4, |span| span.slots.len())];
                let bits = (self.gc == Mode::GreenTea).then(|| Bits::new(slots.len(), false));
                self.spans.push(Span { slots, sweepgen: self.sweepgen, bits });
                self.spans.len() - 1
            }
        };
        let place = free(&self.spans[span]).unwrap_or_default();
        self.spans[span].slots[place] = Some(name.to_owned());
        let marking = self.phase != Phase::Off;
        let black = marking && self.gc.allocates_black() && self.fault != Fault::AllocatesWhite;
        let colour = if black { Colour::Black } else { Colour::White };
        let born = if marking && self.gc.allocates_black() { self.cycles } else { 0 };
        // A new object has one slot, next, which is nil.
        let slots = [(String::from("next"), NIL.to_owned())].into();
        self.objects.insert(name.to_owned(), Object { slots, colour, span, freed: false, born });
        if colour == Colour::Black && self.fault != Fault::FreshUnmarked {
            self.set_bits(name, true);
        }
        self.goroutines.entry(g).or_default().stack.insert(x.to_owned(), name.to_owned());
        self.made += 1;
        (Event::Allocated { g, x: x.to_owned(), obj: name.to_owned(), span, colour }, None)
    }

    /// `gcAssistAlloc`: steals credit, or scans, or parks.
    fn pay(&mut self, g: u32) -> (Event, Option<At>) {
        if self.credit > 0 {
            self.credit -= 1;
            self.goroutines.entry(g).or_default().owed = 0;
            return (Event::CreditStolen { g, credit: self.credit }, Some(At::Make));
        }
        if self.queued() == 0 {
            self.assists.push_back(g);
            return (Event::AssistParked { g, place: self.assists.len() - 1 }, Some(At::Parked));
        }
        self.goroutines.entry(g).or_default().owed = 0;
        if self.workbuf.is_empty() {
            return (self.assist_span(g), Some(At::Make));
        }
        let (obj, shaded) = self.scan_next();
        (Event::Assisted { g, obj, shaded }, Some(At::Make))
    }

    /// Whether `g` is parked until somebody pays for it.
    pub(super) fn parked(&self, g: u32) -> bool {
        self.assists.contains(&g)
    }

    /// Whether `g` can take a step of what it is in the middle of, or begin something.
    pub(super) fn free_to_run(&self, g: u32) -> Result<(), Refusal> {
        let Some(goroutine) = self.goroutines.get(&g) else {
            let last = self.goroutines.len();
            return refuse!("there is no goroutine {g}; there are 1 to {last}", "没有 goroutine {g}；现有 1 到 {last}");
        };
        match () {
            () if self.stopped.is_some() => {
                refuse!("the world is stopped: no goroutine runs", "STW 期间没有 goroutine 能运行")
            }
            () if goroutine.suspended => {
                refuse!("G{g} is suspended while its stack is scanned", "G{g} 正被扫描栈，处于挂起状态")
            }
            () if self.parked(g) => {
                refuse!("G{g} is parked until its assist debt is paid", "G{g} 欠着 assist，已停车等待还清")
            }
            () => Ok(()),
        }
    }

    /// Whether marking by workers goes on.
    pub(super) fn marking(&self) -> bool {
        self.blacken && self.next == Next::Mark
    }
}
