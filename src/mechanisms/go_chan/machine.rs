//! The contract's side: starting, refusing, carrying out.

use std::collections::{BTreeSet, VecDeque};

use rand_chacha::ChaCha8Rng;

use crate::machine::{Dice, Draw, Gauge, Machine, Notes, Progress, Refusal, refuse, within};
use crate::text::Text;

use super::action::{Action, SLICE};
use super::event::Event;
use super::goroutine::{Goroutine, Got, Status};
use super::hchan::{Hchan, Name};
use super::laws::Fault;
use super::program::Program;
use super::setup::{self, Case, MAX_GOROUTINES, Main, Routine, Setup, Statement};
use super::state::GoChan;

impl Machine for GoChan {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-chan";
    const DRAWS: &'static [Draw] = &[Draw {
        name: "pollorder",
        source: "select.go: selectgo: cheaprandn(norder + 1)",
        weights: || vec![1.0; 6],
        outcome: drawn_order,
    }];
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "pollorder is drawn from a seed: the same distribution as in Go, another stream.",
            "pollorder 由种子抽取：分布与 Go 相同，序列不同。",
        ),
        (
            "Time passes only when a timer fires: whatever runs in between takes none.",
            "时间只在定时器触发时前进：其间执行的一切都不耗时。",
        ),
        (
            "Channels lie in memory in the order in which the setup lists them.",
            "channel 的地址顺序即 setup 中的排列顺序。",
        ),
    ];
    const GAUGES: &'static [&'static str] = &["qcount", "senders", "receivers", "runnable", "buffered"];

    /// The channels are made and the goroutines started; none has run yet.
    fn start(setup: &Setup) -> Result<GoChan, Refusal> {
        setup::check(setup)?;
        let main = if setup.goroutines.is_empty() { Main::Elsewhere } else { setup.main };
        let channels = setup.channels.iter().map(|channel| {
            let cap = u32::try_from(channel.cap).unwrap_or(0);
            Hchan::new(channel.name.as_str().into(), cap, channel.nil)
        });
        let mut machine = GoChan::with(channels.collect(), main, setup.seed);
        for routine in &setup.goroutines {
            machine.add(routine)?;
        }
        if setup.queued {
            let last = machine.runnext.take();
            machine.runq.extend(last);
        }
        if main == Main::First {
            // Main runs already: it has just started the others.
            machine.gs[0].status = Status::Running;
            machine.runq.retain(|g| *g != 1);
            machine.runnext = machine.runnext.filter(|g| *g != 1);
        }
        Ok(machine)
    }

    fn choices(&self) -> Vec<Action> {
        super::choices::choices(self)
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        self.check(action)?;
        let run = |g: u32, left: u32, until: Option<u32>| Doing { first: None, noticing: false, g, left, until };
        Ok(match action {
            Action::Run(g) => run(*g, 1, None),
            Action::Statement(g) => run(*g, SLICE, Some(self.g(*g).completed)),
            Action::Finish(g) => run(*g, SLICE, None),
            Action::Schedule => match self.next_scheduled() {
                Some(g) => run(g, SLICE, None),
                None => Doing { first: Some(Action::Fire), ..run(0, 0, None) },
            },
            Action::Fire => Doing { first: Some(Action::Fire), ..run(0, 0, None) },
            other @ (Action::Do(g, _) | Action::PollOrder(g, _)) => {
                Doing { first: Some(other.clone()), ..run(*g, 0, None) }
            }
        })
    }

    /// The line that the goroutine is at.
    fn next(&self, action: &Action) -> Option<Text> {
        let g = match action {
            Action::Run(g) | Action::Statement(g) | Action::Finish(g) => *g,
            Action::Schedule => match self.next_scheduled() {
                Some(g) => g,
                None => return self.next(&Action::Fire),
            },
            Action::Fire => return Some(Text::same(self.name(self.next_timer()?).to_string())),
            Action::Do(..) | Action::PollOrder(..) => return None,
        };
        let goroutine = self.goroutines().get(g.checked_sub(1)? as usize)?;
        let line = goroutine.line().and_then(|line| goroutine.program.lines.get(line));
        let statement = line.map_or("return", |line| line.text.trim_end_matches(" {"));
        Some(Text::same(format!("G{g}: {statement}")))
    }

    /// Any goroutine's next statement; a select's polling order, where it matters.
    fn turns(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let able: Vec<u32> = self.gs.iter().map(|g| g.id).filter(|g| self.can_run(*g)).collect();
        let mut turns: Vec<Action> = able.iter().map(|g| Action::Statement(*g)).collect();
        for g in able {
            let chosen = self.g(g).poll_order.is_some();
            if let Some(mut order) = self.open_poll_order(g).filter(|order| order.len() > 1 && !chosen) {
                turns.push(Action::PollOrder(g, order.clone()));
                order.reverse();
                turns.push(Action::PollOrder(g, order));
            }
        }
        turns.push(Action::Fire);
        turns.retain(|action| self.check(action).is_ok());
        turns
    }

    /// A deadlock, a panic, a goroutine that nobody will wake.
    fn alarm(&self) -> Option<Text> {
        if let Some(dead) = self.dead.as_ref().filter(|dead| dead.exit != 0) {
            return Some(Text::same(dead.message));
        }
        if let Some(spins) = self.gs.iter().find(|g| g.spins) {
            let id = spins.id;
            return Some(Text::new(format!("G{id} spins for ever"), format!("G{id} 永远空转")));
        }
        if let Some(endless) = self.gs.iter().find(|g| g.endless) {
            let (id, name) = (endless.id, &endless.name);
            return Some(Text::new(
                format!("G{id} {name} never ends: it is woken for ever"),
                format!("G{id} {name} 永远结束不了：一再被唤醒"),
            ));
        }
        let leaked = self.gs.iter().find(|g| g.leaked)?;
        let (id, name) = (leaked.id, &leaked.name);
        if id == 1 && self.main == Main::First {
            return Some(Text::new("main hangs: nobody will wake it", "main 挂起：再没有谁会唤醒它"));
        }
        Some(Text::new(
            format!("G{id} {name} leaks: nobody will wake it"),
            format!("G{id} {name} 泄漏：再没有谁会唤醒它"),
        ))
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        match doing.first.take() {
            Some(Action::Do(g, statement)) => {
                doing.noticing = true;
                return Progress::Step(self.add_statement(g, &statement));
            }
            Some(Action::PollOrder(g, order)) => {
                self.g_mut(g).poll_order = Some(order.clone());
                return Progress::Step(Event::PollOrderChosen { g, order });
            }
            Some(Action::Fire) => {
                doing.noticing = true;
                return self.fire().map_or(Progress::Done, Progress::Step);
            }
            _ => {}
        }
        if doing.noticing {
            if let Some(event) = self.notice() {
                doing.left = doing.left.saturating_sub(1);
                return Progress::Step(event);
            }
            doing.noticing = false;
            return Progress::Worked;
        }
        let statement_over = |machine: &GoChan| doing.until.is_some_and(|n| machine.g(doing.g).completed != n);
        if doing.left == 0 || !self.can_run(doing.g) || statement_over(self) {
            return Progress::Done;
        }
        doing.left -= 1;
        let Some(event) = self.advance(doing.g) else { return Progress::Worked };
        doing.noticing = true;
        Progress::Step(event)
    }

    fn bytes(&self) -> usize {
        let waiters = |channel: &Hchan| (channel.recvq.len() + channel.sendq.len()) * 32;
        let channels: usize = self.channels.iter().map(|c| c.dataqsiz as usize * 24 + waiters(c) + 128).sum();
        let lines = |goroutine: &Goroutine| goroutine.program.lines.len() * 96 + size_of::<Goroutine>();
        channels + self.gs.iter().map(lines).sum::<usize>() + size_of::<GoChan>()
    }

    /// `qcount`, `senders` and `receivers` of all channels together, then each channel's buffer, then `runnable`.
    fn gauges(&self) -> Vec<Gauge> {
        let live = |queue: fn(&Hchan) -> &VecDeque<super::hchan::Waiter>| {
            let waiters = self.channels.iter().flat_map(queue).filter(|waiter| self.live(**waiter));
            waiters.count() as f64
        };
        let runs = |g: &&Goroutine| matches!(g.status, Status::Runnable | Status::Running);
        let qcount: u32 = self.channels.iter().map(|channel| channel.qcount).sum();
        let size: u32 = self.channels.iter().map(|channel| channel.dataqsiz).sum();
        let mut gauges = vec![
            Gauge::new("qcount", f64::from(qcount)).limit(f64::from(size)),
            Gauge::new("senders", live(|channel| &channel.sendq)),
            Gauge::new("receivers", live(|channel| &channel.recvq)),
            Gauge::new("runnable", self.gs.iter().filter(runs).count() as f64),
        ];
        if self.channels.len() > 1 {
            let each = self.channels.iter().filter(|channel| channel.dataqsiz > 0 && channel.timer.is_none());
            gauges.extend(each.map(|channel| {
                let (value, limit) = (f64::from(channel.qcount), f64::from(channel.dataqsiz));
                Gauge::new("buffered", value).of(channel.name.to_string()).limit(limit)
            }));
        }
        gauges
    }

    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        super::choices::sample(rng)
    }
}

/// Which of the six orders a select over three channels polls them in.
fn drawn_order(seed: u64) -> usize {
    let names = ["a", "b", "c"].map(String::from);
    let channels = names.iter().map(|name| Hchan::new(name.as_str().into(), 1, false)).collect();
    let mut machine = GoChan::with(channels, Main::Elsewhere, seed);
    let cases = names.map(|name| Case::Recv(name, Vec::new())).to_vec();
    let routine = Routine { program: vec![Statement::Select(cases)], ..Routine::default() };
    let mut drawn = Vec::new();
    if machine.add(&routine).is_ok() {
        let finished = machine.apply(&Action::Finish(1), &mut |_, event| {
            if let Event::CaseShuffled { order, .. } = event {
                drawn = order;
            }
        });
        debug_assert!(finished.is_ok(), "the select begins");
    }
    match drawn[..] {
        [first, second, third] => first * 2 + usize::from(second > third),
        _ => usize::MAX,
    }
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub struct Doing {
    /// What the viewer does to the program before anything runs.
    first: Option<Action>,
    /// Whether what the last step makes certain is still to be looked for.
    noticing: bool,
    /// The goroutine that runs.
    g: u32,
    /// How many more steps it may take.
    left: u32,
    /// It runs while this is the number of its completed statements.
    until: Option<u32>,
}

impl GoChan {
    pub(super) fn with(channels: Vec<Hchan>, main: Main, seed: u64) -> GoChan {
        GoChan {
            channels,
            gs: Vec::new(),
            runnext: None,
            runq: VecDeque::new(),
            main,
            dice: Dice::seeded(seed),
            now: 0,
            timers: 0,
            dead: None,
            revised: false,
            look: false,
            tickets: 0,
            wrong: Notes::default(),
            stories: Default::default(),
            fault: Fault::None,
        }
    }

    /// `newproc`: one goroutine more, which lands in `runnext`; the one that was there is returned.
    pub(super) fn add(&mut self, routine: &Routine) -> Result<Option<u32>, Refusal> {
        let id = self.gs.len() as u32 + 1;
        let mut program = Program::default();
        program.append(&routine.program, &self.names(), self.channels.len())?;
        self.add_timers(&program.timers);
        self.gs.push(Goroutine {
            id,
            name: routine.name.clone(),
            program,
            recovers: routine.recovers,
            status: Status::Runnable,
            v: 0,
            ok: false,
            got: Got::Nothing,
            outcome: None,
            completed: 0,
            frame: None,
            waiting: Vec::new(),
            param: None,
            select_done: false,
            leaked: false,
            spins: false,
            endless: false,
            nils: BTreeSet::new(),
            poll_order: None,
            at: 0,
            counters: Vec::new(),
        });
        self.settle(id);
        Ok(self.put_next(id))
    }

    /// The channels that programs can name.
    fn names(&self) -> Vec<Name> {
        let named = self.channels.iter().filter(|channel| channel.timer.is_none());
        named.map(|channel| channel.name.clone()).collect()
    }

    /// Places for the channels of a program's timers.
    fn add_timers(&mut self, timers: &[u64]) {
        let all = timers.iter().map(|after| Hchan::of_timer("time.After".into(), *after));
        self.channels.extend(all);
    }

    /// Who runs next if one P schedules: whoever runs already, `runnext`, the head of the queue.
    pub fn next_scheduled(&self) -> Option<u32> {
        let running = self.gs.iter().filter(|g| g.status == Status::Running || g.committing()).map(|g| g.id);
        running.chain(self.runnext).chain(self.runq.iter().copied()).find(|g| self.can_run(*g))
    }

    /// `check_do` has accepted it.
    fn add_statement(&mut self, g: u32, statement: &Statement) -> Event {
        (self.look, self.revised) = (true, true);
        let (names, free) = (self.names(), self.channels.len());
        if g as usize > self.gs.len() {
            let routine = Routine { program: vec![statement.clone()], ..Routine::default() };
            let kicked = self.add(&routine).ok().flatten().unwrap_or(0);
            return Event::GoroutineStarted { g, statement: self.g(g).program.lines[0].text.clone(), kicked };
        }
        let goroutine = self.g_mut(g);
        let first = goroutine.program.lines.len();
        let before = goroutine.program.timers.len();
        let added = goroutine.program.append(std::slice::from_ref(statement), &names, free);
        debug_assert!(added.is_ok(), "an accepted statement cannot be added: {statement:?}");
        let timers = goroutine.program.timers[before..].to_vec();
        self.add_timers(&timers);
        let goroutine = self.g_mut(g);
        let statement = goroutine.program.lines[first].text.clone();
        self.settle(g);
        Event::StatementAdded { g, statement }
    }

    pub(super) fn check(&self, action: &Action) -> Result<(), Refusal> {
        if let Some(dead) = &self.dead {
            let (en, zh) = match dead.message {
                "" => ("main has returned", "main 已返回"),
                message => (message, message),
            };
            return refuse!("the process has ended: {en}", "进程已经结束：{zh}");
        }
        match action {
            Action::Run(g) | Action::Statement(g) | Action::Finish(g) => self.check_run(*g),
            Action::Schedule if self.next_scheduled().is_none() && self.next_timer().is_none() => {
                refuse!("no goroutine can run", "没有可以运行的 goroutine")
            }
            Action::Schedule if self.next_scheduled().is_some() => Ok(()),
            Action::Schedule | Action::Fire => self.check_fire(),
            Action::Do(g, statement) => self.check_do(*g, statement),
            Action::PollOrder(g, order) => self.check_order(*g, order),
        }
    }

    fn known(&self, g: u32) -> Result<&Goroutine, Refusal> {
        let last = self.gs.len();
        let goroutine = self.goroutine(g).ok_or_else(|| {
            Refusal::new(
                format!("there is no goroutine {g}; there are 1 to {last}"),
                format!("没有 goroutine {g}；现有 1 到 {last}"),
            )
        })?;
        if goroutine.status == Status::Dead {
            return refuse!("goroutine {g} has ended", "goroutine {g} 已经结束");
        }
        Ok(goroutine)
    }

    fn check_run(&self, g: u32) -> Result<(), Refusal> {
        let goroutine = self.known(g)?;
        if let (true, Status::Waiting(reason)) = (goroutine.asleep(), goroutine.status) {
            let reason_text = reason.text();
            let (en, zh) = match reason.for_ever() {
                true => ("nobody can ever wake it", "没有人能唤醒它"),
                false => ("only another goroutine can wake it", "只有别的 goroutine 能唤醒它"),
            };
            return refuse!(
                "goroutine {g} waits ({reason_text}): {en}",
                "goroutine {g} 正在等待（{reason_text}）：{zh}"
            );
        }
        if let Some((ch, holder)) = self.blocked_by(g) {
            let name = self.name(ch);
            return refuse!(
                "goroutine {g} spins for the lock of {name}, which goroutine {holder} holds",
                "goroutine {g} 在自旋等待 {name} 的锁，锁由 goroutine {holder} 持有"
            );
        }
        Ok(())
    }

    fn check_fire(&self) -> Result<(), Refusal> {
        let Some(ch) = self.next_timer() else {
            return refuse!("no timer is pending", "没有未到期的定时器");
        };
        if let Some(holder) = self.channels[ch].lock {
            let name = self.name(ch);
            return refuse!(
                "{name} has to wait for the lock of its channel, which goroutine {holder} holds",
                "{name} 要等它的 channel 的锁，锁由 goroutine {holder} 持有"
            );
        }
        Ok(())
    }

    fn check_do(&self, g: u32, statement: &Statement) -> Result<(), Refusal> {
        let (names, free) = (self.names(), self.channels.len());
        let next = self.gs.len() as u32 + 1;
        if g != next {
            return self.known(g)?.program.clone().append(std::slice::from_ref(statement), &names, free);
        }
        within(self.gs.len() + 1, MAX_GOROUTINES, ("goroutines", "个 goroutine"))?;
        Program::default().append(std::slice::from_ref(statement), &names, free)
    }

    fn check_order(&self, g: u32, order: &[usize]) -> Result<(), Refusal> {
        self.known(g)?;
        let Some(cases) = self.open_poll_order(g) else {
            return refuse!(
                "goroutine {g} is not about to draw the order of a select with several cases",
                "goroutine {g} 的下一步不是为多个 case 的 select 抽取轮询顺序"
            );
        };
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        if sorted != cases {
            return refuse!(
                "an order of this select names each of the cases {cases:?} once",
                "这个 select 的顺序应当恰好包含 {cases:?} 中的每个 case 一次"
            );
        }
        Ok(())
    }
}
