//! The contract's side: starting, refusing, carrying out, choosing.

use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::machine::{Gauge, Machine, Progress, Refusal, refuse};
use crate::text::Text;

use super::choices;
use super::event::Event;
use super::pacer::{Kind, Pacer};
use super::setup::{self, Pointers, Routine, Setup, Stmt};
use super::state::{At, Colour, GoGc, Goroutine, Next, Object, Pending, Phase, Worker};
use super::tea;
use super::ways::Served;

/// What a script or a viewer can ask: the viewer is scheduler, mutator and collector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Goroutine `g` carries out this statement, apart from its program.
    Do(u32, Stmt),
    /// Goroutine `g` takes one step of what it is in the middle of, or begins the next statement of its program.
    Run(u32),
    /// Goroutine `g` goes on to the end of that statement, or until it parks.
    Statement(u32),
    /// The collector takes its next step outside of its workers.
    Gc,
    /// The collector goes on until workers have to mark, or until the cycle is over.
    Phase,
    /// The worker of a P takes one step.
    Work(u32),
    /// The worker of a P goes on to the end of its job.
    Job(u32),
    /// All workers in turn until no work is left.
    Mark,
    /// A P flushes its wbBuf.
    Flush(u32),
    /// One step of the background sweeper.
    Sweep,
    /// The background sweeper goes on to the end of a span.
    SweepSpan,
    /// Every way of the program serves so many more requests.
    Serve(u64),
    /// The heap grows by so many KiB.
    Alloc(u64, Kind),
    /// The program drops so many KiB of what it keeps.
    Release(u64),
    /// The cycle under way ends.
    Finish,
    /// `runtime.GC()`.
    Collect,
    /// sysmon starts a cycle: the last one was two minutes ago.
    Periodic,
    /// `debug.SetGCPercent(v)`.
    Gogc(i32),
    /// `debug.SetMemoryLimit(v)`, in KiB; -1 for none.
    Limit(i64),
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub struct Doing {
    action: Action,
    begun: bool,
    over: bool,
}

impl Machine for GoGc {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-gc";
    const GAUGES: &'static [&'static str] = &[
        "white",
        "grey",
        "black",
        "wbbuf",
        "pause",
        "queued",
        "scanned",
        "heap-live",
        "heap-goal",
        "heap-trigger",
        "concat",
        "append",
        "make",
        "pool",
    ];
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "How many grey objects an assist scans (one), and what an allocation costs (one object); Go counts bytes.",
            "一次 assist 扫描几个灰对象（一个）、一次分配欠多少（一个对象）；Go 按字节计。",
        ),
        (
            "In runs of the pacer without measurements: what is marked is what the program keeps and what was made meanwhile, nobody assists, and freed memory is given back at once.",
            "没有实测数据的调步场景：标记到的就是程序保留的加上期间新分配的，没有 assist，释放的内存立即归还。",
        ),
    ];

    fn start(setup: &Setup) -> Result<GoGc, Refusal> {
        setup::check(setup)?;
        let mut spans = tea::spans(setup);
        let Setup { gc, objects, globals, goroutines, procs, span, over512: _, wbbuf, assist, pacing, serving } =
            setup.clone();
        if spans.is_empty() && pacing.is_none() && serving.is_none() {
            spans.push(tea::empty_span(gc, span));
        }
        let object = |(name, slots): (String, Pointers)| {
            let span = spans.iter().position(|span| span.slots.contains(&Some(name.clone()))).unwrap_or_default();
            (name, Object { slots, span, ..Object::default() })
        };
        let routine = |Routine { name, stack, program }| Goroutine { name, stack, program, ..Goroutine::default() };
        Ok(GoGc {
            gc,
            room: wbbuf,
            assist,
            globals,
            objects: objects.into_iter().map(object).collect(),
            spans,
            goroutines: (1..).zip(goroutines.into_iter().map(routine)).collect(),
            wbbufs: (0..procs).map(|p| (p, Vec::new())).collect(),
            workers: (0..procs).map(|p| (p, Worker::default())).collect(),
            pacer: pacing.as_ref().map(|pacing| Box::new(Pacer::new(pacing))),
            ways: serving.iter().flat_map(|of| of.ways.iter().map(|way| Served::new(*way, of))).collect(),
            reply: serving.map_or((0, 0), |serving| (serving.parts, serving.bytes)),
            ..GoGc::default()
        })
    }

    fn choices(&self) -> Vec<Action> {
        let mut choices = self.turns();
        let running = self.workers.keys().filter(|p| self.can_work(**p));
        choices.extend(running.map(|p| Action::Job(*p)));
        if !self.ways.is_empty() {
            choices.extend([1, 10, 100].map(Action::Serve));
        } else if self.pacer.is_some() {
            let sizes = [64, 300, 1500].map(|kib| kib * (1 + u64::from(self.made % 3)));
            choices.extend(
                [Kind::Garbage, Kind::Noscan, Kind::Pointers].into_iter().zip(sizes).map(|(k, n)| Action::Alloc(n, k)),
            );
            choices.extend([Action::Release(900), Action::Finish, Action::Collect, Action::Periodic]);
            choices.extend([
                Action::Gogc(50),
                Action::Gogc(200),
                Action::Gogc(-1),
                Action::Limit(6 << 10),
                Action::Limit(-1),
            ]);
        } else {
            choices.extend([Action::Phase, Action::Mark, Action::SweepSpan]);
            choices.extend(self.workers.keys().map(|p| Action::Flush(*p)));
            for (g, goroutine) in &self.goroutines {
                choices.push(Action::Statement(*g));
                choices.extend(self.statements(goroutine).into_iter().map(|stmt| Action::Do(*g, stmt)));
            }
        }
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn turns(&self) -> Vec<Action> {
        let mut turns = vec![Action::Gc, Action::Sweep];
        turns.extend(self.workers.keys().map(|p| Action::Work(*p)));
        turns.extend(self.goroutines.keys().map(|g| Action::Run(*g)));
        turns.retain(|action| self.check(action).is_ok());
        turns
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        self.check(action)?;
        Ok(Doing { action: action.clone(), begun: false, over: false })
    }

    fn next(&self, action: &Action) -> Option<Text> {
        Some(match action {
            Action::Run(g) | Action::Statement(g) => {
                let goroutine = self.goroutines.get(g)?;
                let stmt = match &goroutine.doing {
                    Some(pending) => pending.stmt.to_string(),
                    None => goroutine.program.get(goroutine.done)?.to_string(),
                };
                Text::same(format!("G{g}: {stmt}"))
            }
            Action::Gc | Action::Phase => match self.next {
                Next::Sleep if self.unswept().is_some() => Text::same("gcStart: sweepone()"),
                Next::Sleep => Text::same("gcStart"),
                Next::Mark => Text::same("gcMarkDone"),
                next => Text::same(next.text()),
            },
            Action::Work(p) | Action::Job(p) => {
                let worker = self.workers.get(p)?;
                let next = worker.job.as_ref().or(self.roots.front()).map(ToString::to_string);
                let next = next.or_else(|| self.workbuf.last().cloned());
                let next = next.or_else(|| self.spanq.front().map(|entry| format!("span {}", entry.span)));
                let next = next.unwrap_or_else(|| String::from("wbBuf"));
                Text::new(format!("P{p}'s worker: {next}"), format!("P{p} 的 worker：{next}"))
            }
            _ => return None,
        })
    }

    fn alarm(&self) -> Option<Text> {
        let lost = self.objects.iter().find(|(_, object)| object.freed).map(|(name, _)| name)?;
        Some(Text::new(
            format!("{lost} was freed while it could still be reached"),
            format!("{lost} 仍然可达，却被释放了"),
        ))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        if doing.over {
            return Progress::Done;
        }
        let first = !std::mem::replace(&mut doing.begun, true);
        let event = match &doing.action {
            Action::Do(g, stmt) => {
                if first {
                    self.begin(*g, Pending { stmt: stmt.clone(), own: false, at: At::Begin });
                }
                self.run(*g, doing)
            }
            Action::Run(g) | Action::Statement(g) => {
                self.resume(*g);
                let event = self.run(*g, doing);
                doing.over |= matches!(doing.action, Action::Run(_));
                event
            }
            Action::Gc | Action::Phase => {
                let event = self.collect();
                let rests = matches!(self.next, Next::Sleep | Next::Mark) || !self.can_go_on();
                doing.over = matches!(doing.action, Action::Gc) || rests;
                Some(event)
            }
            Action::Work(p) | Action::Job(p) => {
                let event = self.work(*p);
                let goes_on = self.workers[p].job.is_some() && self.can_work(*p);
                doing.over = matches!(doing.action, Action::Work(_)) || !goes_on;
                Some(event)
            }
            Action::Mark => {
                let able = |m: &GoGc| m.workers.keys().find(|p| m.can_work(**p)).copied();
                let event = able(self).map(|p| self.work(p));
                doing.over = able(self).is_none();
                event
            }
            Action::Flush(p) => {
                let (n, shaded) = self.flush(*p);
                doing.over = true;
                Some(Event::WbBufFlushed { p: *p, by: "viewer", n, shaded })
            }
            Action::Sweep | Action::SweepSpan => {
                let event = self.sweep("bgsweep");
                doing.over = matches!(doing.action, Action::Sweep) || matches!(event, Event::SpanSwept { .. });
                Some(event)
            }
            Action::Serve(n) => {
                if first {
                    self.ask(*n);
                }
                let event = self.serve();
                doing.over = self.all_served();
                event
            }
            Action::Alloc(kib, kind) if first => {
                let event = self.grow(kib << 10, *kind);
                self.made += 1;
                doing.over = !self.at_trigger();
                Some(event)
            }
            other => {
                let event = self.pace_action(&other.clone());
                doing.over = true;
                Some(event)
            }
        };
        event.into()
    }

    fn bytes(&self) -> usize {
        let history = self.pacer.as_ref().map_or(0, |pacer| pacer.history.len() * 24 + size_of::<Pacer>());
        let programs: usize = self.goroutines.values().map(|g| g.program.len() * 96 + 256).sum();
        let buffers: usize = self.wbbufs.values().map(|buffer| buffer.len() * 32).sum();
        let ways = self.ways.len() * (size_of::<Served>() + 2048);
        self.objects.len() * 512 + ways + programs + buffers + history + size_of::<GoGc>()
    }

    fn gauges(&self) -> Vec<Gauge> {
        if !self.ways.is_empty() {
            return self.ways.iter().map(Served::gauge).collect();
        }
        if let Some(pacer) = &self.pacer {
            let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
            let (live, goal) = (mib(pacer.heap_live), mib(pacer.goal));
            let live = Gauge::new("heap-live", live).limit(goal);
            return vec![live, Gauge::new("heap-goal", goal), Gauge::new("heap-trigger", mib(pacer.trigger))];
        }
        let of =
            |colour| self.objects.values().filter(|object| object.colour == colour && !object.freed).count() as f64;
        let colours = [("white", Colour::White), ("grey", Colour::Grey), ("black", Colour::Black)];
        let mut gauges: Vec<Gauge> = colours.into_iter().map(|(name, colour)| Gauge::new(name, of(colour))).collect();
        gauges.push(Gauge::new("wbbuf", self.wbbufs.values().map(Vec::len).sum::<usize>() as f64));
        gauges.push(Gauge::new("pause", f64::from(self.counts.pause)));
        gauges.push(Gauge::new("queued", f64::from(self.counts.queued)));
        gauges.push(Gauge::new("scanned", f64::from(self.counts.scanned)));
        gauges
    }

    /// Small heaps of every mode; every fifth run is one of the pacer.
    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        choices::sample(rng)
    }
}

impl GoGc {
    fn check(&self, action: &Action) -> Result<(), Refusal> {
        if matches!(action, Action::Serve(_)) == self.ways.is_empty() {
            return refuse!(
                "requests are served by a program in a few ways, and by nothing else",
                "只有“同一程序的几种写法”能处理请求，也只能处理请求"
            );
        }
        let paced = matches!(
            action,
            Action::Alloc(..)
                | Action::Release(_)
                | Action::Finish
                | Action::Collect
                | Action::Periodic
                | Action::Gogc(_)
                | Action::Limit(_)
        );
        if paced != self.pacer.is_some() {
            return refuse!(
                "a run of the pacer has no objects, and one of the heap no bytes",
                "调步场景里没有对象，堆场景里没有字节数"
            );
        }
        let marks = self.phase == Phase::Mark;
        match action {
            Action::Serve(n) => self.check_serve(*n),
            Action::Do(g, stmt) => {
                self.free_to_run(*g)?;
                match &self.goroutines[g].doing {
                    Some(pending) => {
                        let doing = pending.stmt.to_string();
                        refuse!("G{g} is in the middle of {doing}", "G{g} 正在执行 {doing}")
                    }
                    None => self.check_stmt(*g, stmt),
                }
            }
            Action::Run(g) | Action::Statement(g) => {
                self.free_to_run(*g)?;
                let goroutine = &self.goroutines[g];
                match (&goroutine.doing, goroutine.program.get(goroutine.done)) {
                    (Some(_), _) => Ok(()),
                    (None, Some(stmt)) => self.check_stmt(*g, stmt),
                    (None, None) => refuse!("G{g}'s program is over", "G{g} 的程序已经走完"),
                }
            }
            Action::Gc | Action::Phase if !self.can_go_on() => match self.next {
                Next::Mark => refuse!("there is marking left to do", "还有标记工作没做完"),
                _ => refuse!(
                    "a goroutine is between flag test and store: it cannot be stopped there",
                    "有 goroutine 正处在屏障检查与写入之间，不可抢占"
                ),
            },
            Action::Work(p) | Action::Job(p) if !self.can_work(*p) => {
                refuse!("the worker of P{p} has nothing to do now", "P{p} 的 worker 现在没事可做")
            }
            Action::Mark if !self.workers.keys().any(|p| self.can_work(*p)) => {
                refuse!("no worker has anything to do now", "没有 worker 有事可做")
            }
            Action::Flush(p) => match self.wbbufs.get(p) {
                Some(buffer) if !buffer.is_empty() && marks && self.stopped.is_none() && !self.busy(Some(*p)) => Ok(()),
                _ => refuse!("P{p} has nothing to flush now", "P{p} 现在没有可刷出的内容"),
            },
            Action::Sweep | Action::SweepSpan => {
                let left = self.unswept().or(self.sweeping()).is_some();
                match left && self.stopped.is_none() && matches!(self.next, Next::Sleep | Next::SweepRest) {
                    true => Ok(()),
                    false => refuse!("no span is left to be swept", "没有待清扫的 span"),
                }
            }
            Action::Alloc(kib, _) | Action::Release(kib) if *kib == 0 || *kib > 1 << 20 => {
                refuse!("{kib} KiB: 1 to 1048576 at a time", "{kib} KiB：一次 1 到 1048576")
            }
            Action::Alloc(kib, _)
                if self.pacer.as_ref().is_some_and(|pacer| pacer.heap_live + (kib << 10) > 1 << 40) =>
            {
                refuse!("the heap would be larger than 1 TiB", "堆将超过 1 TiB")
            }
            Action::Finish if !marks => refuse!("no cycle is under way", "当前没有 GC 周期"),
            Action::Collect | Action::Periodic if marks => {
                refuse!("a cycle is under way already", "已有 GC 周期在进行")
            }
            Action::Periodic if self.pacer.as_ref().is_some_and(|pacer| pacer.gc_percent < 0) => {
                refuse!("with GOGC=off sysmon starts no cycle", "GOGC=off 时 sysmon 不会发起 GC")
            }
            Action::Gogc(gogc) if !(-1..=100_000).contains(gogc) => {
                refuse!("GOGC is -1 to 100000", "GOGC 应为 -1 到 100000")
            }
            Action::Limit(_) if self.unlimited => Ok(()),
            Action::Limit(kib) if !(-1..=1 << 30).contains(kib) => {
                refuse!("the limit is -1 to 1 TiB", "上限应为 -1 到 1 TiB")
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, g: u32, pending: Pending) {
        self.goroutines.entry(g).or_default().doing = Some(pending);
    }

    /// Begins the next statement of the program, if none is under way.
    fn resume(&mut self, g: u32) {
        let goroutine = self.goroutines.entry(g).or_default();
        if goroutine.doing.is_none()
            && let Some(stmt) = goroutine.program.get(goroutine.done).cloned()
        {
            goroutine.doing = Some(Pending { stmt, own: true, at: At::Begin });
        }
    }

    fn run(&mut self, g: u32, doing: &mut Doing) -> Option<Event> {
        let event = self.advance(g);
        doing.over = self.goroutines[&g].doing.is_none() || self.parked(g);
        event
    }

    /// The cycle that a grown heap starts, and what else the pacer is asked for.
    fn pace_action(&mut self, action: &Action) -> Event {
        let kib = |kib: i64| if kib < 0 || self.unlimited { -1 } else { kib << 10 };
        match action {
            Action::Release(kib) => self.drop_heap(kib << 10),
            Action::Finish => {
                let measured = self.pace().estimated();
                self.end_cycle(&measured)
            }
            Action::Collect => self.start_cycle("forced"),
            Action::Periodic => self.start_cycle("periodic"),
            Action::Gogc(gogc) => self.set_gogc(*gogc, true),
            Action::Limit(limit) => {
                let limit = kib(*limit);
                self.set_limit(limit, true)
            }
            _ => self.start_cycle("heap"),
        }
    }
}
