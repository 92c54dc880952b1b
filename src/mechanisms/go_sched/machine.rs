//! The contract's side of the scheduler: starting, refusing, carrying out, choosing.

use rand_chacha::ChaCha8Rng;

use crate::machine::{Draw, Gauge, Machine, Progress, Refusal};
use crate::text::Text;

use super::action::Action;
use super::event::Event;
use super::pc::{Pc, Place};
use super::program::refuse;
use super::sample;
use super::setup::Setup;
use super::state::{GoSched, PStatus};

/// The most steps that one action takes.
const MAX_STEPS: u32 = 1_000_000;

impl Machine for GoSched {
    type Setup = Setup;
    type Action = Action;
    type Event = Event;
    type Doing = Doing;

    const ID: &'static str = "go-sched";
    const ASSUMED: &'static [(&'static str, &'static str)] = &[
        (
            "Threads take their steps in turn, and a step of the runtime takes no time unless the setup says so.",
            "各线程轮流执行步骤；除非 setup 另有规定，运行时自身的步骤不耗时间。",
        ),
        (
            "What the runtime draws at random is drawn from a seed: the same distribution, another stream.",
            "运行时随机抽取的值由种子抽取：分布相同，序列不同。",
        ),
    ];
    const GAUGES: &'static [&'static str] = &["running", "spinning", "global", "local", "threads", "steals"];
    const DRAWS: &'static [Draw] = sample::DRAWS;
    const RARE: &'static [(&'static str, &'static str)] =
        &[("OverflowRaced", "needs a thief between two steps of runqputslow; met by some seeds, see the tests")];

    fn start(setup: &Setup) -> Result<GoSched, Refusal> {
        GoSched::build(setup)
    }

    fn choices(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let all = 0..self.ms.len() as u32;
        let ready: Vec<u32> = all.filter(|m| self.can_step(*m)).collect();
        let mut choices: Vec<Action> = ready.iter().take(8).map(|m| Action::Step(*m)).collect();
        choices.extend(ready.iter().take(4).map(|m| Action::Round(*m)));
        if self.next_due().is_some() {
            choices.push(Action::Tick);
        }
        if !ready.is_empty() || self.next_due().is_some() {
            choices.extend([Action::Run(10), Action::Run(100), Action::Skip(50)]);
        }
        choices.push(Action::Advance(100));
        if let Some(program) = self.programs.get(1 + self.goidgen as usize % (self.programs.len().max(2) - 1)) {
            choices.push(Action::Spawn(program.name.clone(), 5));
        }
        choices.extend(self.waiting.first().map(|waiter| Action::NetReady(self.goid(waiter.g))));
        let in_syscall = |m: &u32| self.ms[*m as usize].pc == Pc::InSyscall;
        choices.extend((0..self.ms.len() as u32).find(in_syscall).map(Action::Return));
        choices.retain(|action| self.check(action).is_ok());
        choices
    }

    fn accept(&self, action: &Action) -> Result<Doing, Refusal> {
        self.check(action)?;
        let doing = |what, left, to| Doing { what, left, to, taken: 0, from: self.now };
        Ok(match *action {
            Action::Step(m) => doing(What::Step(m), 1, 0),
            Action::Round(m) => doing(What::Round(m), 10_000, 0),
            Action::Tick => doing(What::Tick, 1, 0),
            Action::Run(n) => doing(What::All, n, u64::MAX),
            Action::Skip(n) => doing(What::Skip, n, u64::MAX),
            Action::Advance(us) => doing(What::All, MAX_STEPS, self.now + us),
            Action::SkipTo(us) => doing(What::Skip, MAX_STEPS, self.now + us),
            Action::Spawn(..) | Action::NetReady(_) | Action::Return(_) => doing(What::Once(action.clone()), 1, 0),
        })
    }

    fn proceed(&mut self, doing: &mut Doing) -> Progress<Event> {
        let left = doing.left;
        doing.left = left.saturating_sub(1);
        match &doing.what {
            What::Over => Progress::Done,
            What::Skip => {
                let turn = if left > 0 { self.turn_until(doing.to) } else { Progress::Done };
                match turn {
                    Progress::Step(_) => doing.taken += 1,
                    Progress::Worked => doing.left = left,
                    Progress::Done => return self.skipped(doing),
                }
                Progress::Worked
            }
            _ if left == 0 => Progress::Done,
            What::All => {
                let turn = self.turn_until(doing.to);
                if turn == Progress::Worked {
                    doing.left = left;
                }
                turn
            }
            What::Step(m) => self.advance(*m).into(),
            What::Round(m) => {
                let m = *m;
                let event = self.advance(m);
                if self.dead.is_some() || !self.can_step(m) || self.ms[m as usize].pc == Pc::User {
                    doing.left = 0;
                }
                event.into()
            }
            What::Tick => self.pass_time(u64::MAX).into(),
            What::Once(action) => Progress::Step(self.once(action)),
        }
    }

    /// What an M does next: the statement of its goroutine, or what it is about in the runtime.
    fn next(&self, action: &Action) -> Option<Text> {
        let (Action::Step(m) | Action::Round(m)) = *action else { return None };
        let thread = self.ms.get(m as usize)?;
        Some(match self.place(m) {
            Place::User => {
                let g = &self.gs[thread.curg?.at()];
                let text = &self.programs[usize::from(g.program)].text;
                let statement = text.get(usize::from(g.pc)).map_or("return", String::as_str);
                Text::same(format!("G{}: {statement}", g.goid))
            }
            Place::Spinning if matches!(thread.pc, Pc::StealOwn | Pc::StealCopy | Pc::StealCas | Pc::StealPublish) => {
                let victim = thread.w.pos;
                Text::new(format!("steals from P{victim}"), format!("从 P{victim} 偷取"))
            }
            Place::Spinning => Text::new("looks for work", "自旋找活"),
            Place::Scheduler => Text::new("in the scheduler", "执行调度"),
            Place::Syscall => Text::new("in the system call", "在系统调用中"),
            Place::Netpoll => Text::new("waits for the network", "等待网络"),
            Place::Idle => Text::new("wakes up", "被唤醒"),
            Place::Sysmon => Text::new("sysmon looks around", "sysmon 巡查"),
        })
    }

    /// Any M's next step, or the time until something is due.
    fn turns(&self) -> Vec<Action> {
        if self.dead.is_some() {
            return Vec::new();
        }
        let mut turns: Vec<Action> =
            (0..self.ms.len() as u32).filter(|m| self.can_step(*m)).map(Action::Step).collect();
        turns.extend(self.next_due().map(|_| Action::Tick));
        turns.retain(|action| self.check(action).is_ok());
        turns
    }

    fn alarm(&self) -> Option<Text> {
        self.dead.as_ref().filter(|dead| dead.exit != 0).map(|dead| Text::same(dead.message))
    }

    fn bytes(&self) -> usize {
        use super::state::{G, M, P};
        let (gs, ms, ps) = (self.gs.len(), self.ms.len(), self.ps.len());
        size_of::<GoSched>() + gs * size_of::<G>() + ms * size_of::<M>() + ps * size_of::<P>()
    }

    fn gauges(&self) -> Vec<Gauge> {
        let procs = f64::from(self.procs());
        let local: u32 = self.ps.iter().map(|p| p.runq_len() + u32::from(p.runnext.is_some())).sum();
        let running = self.ps.iter().filter(|p| p.status == PStatus::Running).count();
        vec![
            Gauge::new("running", running as f64).limit(procs),
            Gauge::new("spinning", f64::from(self.sched.nmspinning)).limit(procs / 2.0),
            Gauge::new("global", f64::from(self.sched.runqsize)),
            Gauge::new("local", f64::from(local)),
            Gauge::new("threads", self.ms.len() as f64),
            Gauge::new("steals", f64::from(self.stories.steals)),
        ]
    }

    fn sample(rng: &mut ChaCha8Rng) -> Setup {
        sample::sample(rng)
    }
}

/// What is left of an action.
#[derive(Clone, Debug)]
pub struct Doing {
    what: What,
    /// How many more steps it may take.
    left: u32,
    /// It ends at this time.
    to: u64,
    /// Steps that were skipped.
    taken: u32,
    /// When it began.
    from: u64,
}

#[derive(Clone, Debug)]
enum What {
    /// One step of this M.
    Step(u32),
    /// M alone, to the next statement of a goroutine or until it has to wait.
    Round(u32),
    /// Time passes to what is due next.
    Tick,
    /// All in turn.
    All,
    /// All in turn, shown as one step.
    Skip,
    /// What the viewer does from outside.
    Once(Action),
    /// Nothing.
    Over,
}

impl GoSched {
    /// The end of a stretch that was shown as one step.
    fn skipped(&mut self, doing: &mut Doing) -> Progress<Event> {
        doing.what = What::Over;
        self.jumps += 1;
        Progress::Step(Event::Skipped { steps: doing.taken, us: self.now - doing.from })
    }

    /// One turn of the own interleaving, while it is before the time `to`; `Done` if the process has ended or nothing can
    /// happen any more.
    fn turn_until(&mut self, to: u64) -> Progress<Event> {
        if self.dead.is_some() || self.now >= to {
            return Progress::Done;
        }
        if to == u64::MAX || self.next_m().is_some() { self.turn_step() } else { self.pass_time(to).into() }
    }

    /// What the viewer does to the machine from outside.
    fn once(&mut self, action: &Action) -> Event {
        self.acted = None;
        match action {
            Action::NetReady(goid) => {
                let now = self.now;
                let at = self.waiting.iter().position(|waiter| self.gs[waiter.g.at()].goid == *goid);
                if let Some(waiter) = at.and_then(|at| self.waiting.get_mut(at)) {
                    waiter.ready = now;
                }
                Event::NetReadyNow { g: *goid }
            }
            Action::Return(m) => {
                self.t(*m).until = self.now;
                Event::ReturnsNow { m: *m, g: self.curg(*m).map_or(0, |slot| self.goid(slot)) }
            }
            Action::Spawn(program, n) => self.spawn(program, *n),
            other => unreachable!("{other:?} is more than one step"),
        }
    }

    /// `check_spawn` has accepted it.
    fn spawn(&mut self, program: &str, n: u32) -> Event {
        let mut numbered = (0..=u16::MAX).zip(self.programs.iter());
        let (number, total) =
            numbered.find(|(_, known)| known.name == program).map_or((0, 0), |(number, known)| (number, known.total));
        let m = self.spawner().unwrap_or_default();
        let slot = self.curg(m).unwrap_or_default();
        self.budget = self.budget.saturating_sub(total.saturating_mul(u64::from(n)));
        self.gs[slot.at()].spawn = Some((number, n));
        Event::SpawnAsked { m, g: self.goid(slot), n, program: program.to_owned() }
    }

    /// The first M that runs a goroutine's own code, and has not been asked to start others yet.
    fn spawner(&self) -> Option<u32> {
        let runs = |m: &u32| {
            let thread = &self.ms[*m as usize];
            let user = matches!(thread.pc, Pc::User | Pc::Computing) && thread.wants.is_none();
            let ending = thread.curg.is_some_and(|slot| self.gs[slot.at()].closed);
            user && !ending && thread.curg.is_some_and(|slot| self.gs[slot.at()].spawn.is_none())
        };
        (0..self.ms.len() as u32).find(runs)
    }

    fn check(&self, action: &Action) -> Result<(), Refusal> {
        if let Some(dead) = &self.dead {
            let how = if dead.message.is_empty() { "main returned" } else { dead.message };
            return refuse(format!("the process has ended: {how}"), format!("进程已经结束：{how}"));
        }
        match action {
            Action::Step(m) | Action::Round(m) => self.check_step(*m),
            Action::Tick if self.next_due().is_none() => {
                refuse("nothing is due: time alone changes nothing", "没有任何到期的事情：仅靠时间流逝不会有变化")
            }
            Action::Run(n) | Action::Skip(n) if !(1..=MAX_STEPS).contains(n) => refuse(
                format!("{n} steps: 1 to {MAX_STEPS} can be taken at once"),
                format!("{n} 步：一次可执行 1 到 {MAX_STEPS} 步"),
            ),
            Action::Run(_) | Action::Skip(_) if self.next_m().is_none() && self.next_due().is_none() => {
                refuse("nothing can happen any more", "不会再发生任何事情")
            }
            Action::Advance(us) | Action::SkipTo(us) if !(1..=3_600_000_000).contains(us) => {
                refuse(format!("{us} µs: 1 µs to an hour"), format!("{us} µs：应为 1 µs 到一小时"))
            }
            Action::Spawn(program, n) => self.check_spawn(program, *n),
            Action::NetReady(goid) => {
                let waits = |waiter: &super::state::Waiter| self.goid(waiter.g) == *goid && waiter.ready > self.now;
                if self.waiting.iter().any(waits) {
                    return Ok(());
                }
                refuse(format!("G{goid} does not wait for the network"), format!("G{goid} 并未等待网络"))
            }
            Action::Return(m) => {
                let busy = |thread: &super::state::M| thread.pc == Pc::InSyscall && thread.until > self.now;
                if self.ms.get(*m as usize).is_some_and(busy) {
                    return Ok(());
                }
                refuse(format!("M{m} is not in a system call"), format!("M{m} 不在系统调用中"))
            }
            _ => Ok(()),
        }
    }

    fn check_step(&self, m: u32) -> Result<(), Refusal> {
        let Some(thread) = self.ms.get(m as usize) else {
            let last = self.ms.len() - 1;
            return refuse(
                format!("there is no M{m}: threads are M0 to M{last}"),
                format!("没有 M{m}：线程为 M0 到 M{last}"),
            );
        };
        if self.can_step(m) {
            return Ok(());
        }
        if let Some(holder) = thread.wants.and_then(|lock| self.holder(lock)) {
            return refuse(
                format!("M{m} waits for a lock that M{holder} holds"),
                format!("M{m} 正在等待 M{holder} 持有的锁"),
            );
        }
        let wait = thread.until.saturating_sub(self.now);
        match thread.pc {
            Pc::Parked => refuse(format!("M{m} sleeps until somebody wakes it"), format!("M{m} 在休眠，等待被唤醒")),
            Pc::NetWait if thread.until == u64::MAX => refuse(
                format!("M{m} sleeps in the network poller until a connection is ready"),
                format!("M{m} 在网络轮询器中休眠，直到有连接就绪"),
            ),
            Pc::Computing => refuse(
                format!("M{m} computes for another {wait} µs: let time pass"),
                format!("M{m} 还要计算 {wait} µs：请让时间前进"),
            ),
            Pc::InSyscall => refuse(
                format!("M{m} is in a system call for another {wait} µs: let time pass"),
                format!("M{m} 的系统调用还要 {wait} µs：请让时间前进"),
            ),
            _ => refuse(
                format!("M{m} sleeps for another {wait} µs: let time pass"),
                format!("M{m} 还要休眠 {wait} µs：请让时间前进"),
            ),
        }
    }

    fn check_spawn(&self, program: &str, n: u32) -> Result<(), Refusal> {
        let Some(known) = self.programs.iter().skip(1).find(|known| known.name == program) else {
            return refuse(format!("there is no program {program:?}"), format!("没有名为 {program:?} 的程序"));
        };
        let wanted = known.total.saturating_mul(u64::from(n));
        if n == 0 || wanted > self.budget {
            let left = self.budget;
            return refuse(
                format!("that leads to {wanted} goroutines: at least 1, and {left} more can be shown"),
                format!("这会带来 {wanted} 个 goroutine：至少 1 个，最多还可展示 {left} 个"),
            );
        }
        if self.spawner().is_none() {
            return refuse(
                "no goroutine is running that could start others",
                "没有正在运行的 goroutine，无法启动别的 goroutine",
            );
        }
        Ok(())
    }
}
