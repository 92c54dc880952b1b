//! One atomic step of a thread, and the machine's own interleaving of all of them.

use crate::machine::Progress;

use super::event::Event;
use super::pc::{Pc, Work};
use super::state::{Dead, GoSched, M, Slot};

/// What one place of the source did: an event, or nothing that could be seen (then the next place follows at once).
pub(super) type Step = Option<Event>;

/// The most places of the source that a thread passes without a step; a pass over 64 Ps takes two at each.
const MAX_SILENT: u32 = 100_000;

impl GoSched {
    pub(super) fn t(&mut self, m: u32) -> &mut M {
        &mut self.ms[m as usize]
    }

    pub(super) fn w(&mut self, m: u32) -> &mut Work {
        &mut self.ms[m as usize].w
    }

    /// The P that an M owns, or holds in its hand: asked for only where it has one.
    pub(super) fn own(&self, m: u32) -> u32 {
        let thread = &self.ms[m as usize];
        thread.p.or(thread.w.pp).unwrap_or_default()
    }

    pub(super) fn go(&mut self, m: u32, pc: Pc) {
        self.t(m).pc = pc;
    }

    /// Calls `to`, which returns to `back`.
    pub(super) fn call(&mut self, m: u32, to: Pc, back: Pc) {
        let thread = self.t(m);
        thread.calls.push(back);
        thread.pc = to;
    }

    pub(super) fn ret(&mut self, m: u32) {
        let thread = self.t(m);
        thread.pc = thread.calls.pop();
    }

    pub(super) fn goids(&self, list: &[Slot]) -> Vec<u32> {
        list.iter().map(|slot| self.goid(*slot)).collect()
    }

    pub(super) fn die(&mut self, message: &'static str, exit: u8) {
        self.dead = Some(Dead { message, exit, goroutines: Vec::new() });
    }

    /// Whether an M can take a step now. A parked one waits to be woken, a busy one for its time, others for a lock.
    pub fn can_step(&self, m: u32) -> bool {
        let thread = &self.ms[m as usize];
        match thread.pc {
            Pc::Parked => thread.note,
            Pc::CheckDead => true,
            Pc::NetWait => {
                self.sched.netpoll_break
                    || self.now >= thread.until
                    || self.waiting.iter().any(|waiter| waiter.ready <= self.now)
            }
            Pc::SysmonDeep => thread.note || self.now >= thread.until,
            Pc::Computing => self.now >= thread.until || self.disturbed(m),
            _ => match thread.wants {
                Some(lock) => self.holder(lock).is_none(),
                None => self.now >= thread.until,
            },
        }
    }

    /// The next moment at which something is due, if time alone changes anything.
    pub fn next_due(&self) -> Option<u64> {
        let due = |thread: &M| match thread.pc {
            Pc::Parked => u64::MAX,
            Pc::NetWait => self.waiting.iter().map(|waiter| waiter.ready).min().unwrap_or(u64::MAX).min(thread.until),
            _ => thread.until,
        };
        self.ms.iter().map(due).filter(|when| *when > self.now && *when != u64::MAX).min()
    }

    /// The M whose turn it is among those that can take a step.
    pub fn next_m(&self) -> Option<u32> {
        let count = self.ms.len() as u32;
        let turns = (self.turn..count).chain(0..self.turn.min(count));
        turns.into_iter().find(|m| self.can_step(*m))
    }

    /// One turn of the own interleaving; `Done` if nothing can ever happen again. A thread that has nothing to show (its
    /// computation is over, and so is its program) takes its turn silently.
    pub(super) fn turn_step(&mut self) -> Progress<Event> {
        let Some(m) = self.next_m() else {
            return self.pass_time(u64::MAX).into();
        };
        if m < self.turn {
            self.now += self.round_us;
        }
        self.turn = m + 1;
        self.advance(m).map_or(Progress::Worked, Progress::Step)
    }

    /// Time passes until something is due, at most until `limit`.
    pub(super) fn pass_time(&mut self, limit: u64) -> Option<Event> {
        let to = match self.next_due() {
            Some(due) => due.min(limit),
            None if limit != u64::MAX => limit,
            None => return None,
        };
        self.acted = None;
        let from = std::mem::replace(&mut self.now, to);
        Some(Event::TimePassed { from, to, us: to - from })
    }

    /// Takes the next atomic step of an M that can take one.
    pub(super) fn advance(&mut self, m: u32) -> Option<Event> {
        self.acted = Some(m);
        let thread = self.t(m);
        thread.wants = None;
        if thread.signal && !matches!(thread.pc, Pc::User | Pc::Computing) {
            thread.signal = false;
            return Some(Event::SignalIgnored { m });
        }
        for _ in 0..MAX_SILENT {
            if let Some(event) = self.micro(m) {
                return Some(event);
            }
            let thread = &self.ms[m as usize];
            if thread.until > self.now && thread.pc != Pc::Computing {
                return None;
            }
        }
        panic!("M{m} takes no step at {:?}", self.ms[m as usize].pc)
    }

    /// What stands at a place of the source: one arm a place, so that none can be forgotten.
    pub(super) fn micro(&mut self, m: u32) -> Step {
        match self.ms[m as usize].pc {
            Pc::Start => self.start_thread(m),
            Pc::Parked => self.parked(m),
            Pc::CheckDead => self.check_dead(m),
            Pc::User => self.user(m),
            Pc::Computing => self.computing(m),
            Pc::NewG => self.new_g(m),
            Pc::NewRunnable => self.new_runnable(m),
            Pc::CloseReady => self.close_ready(m),
            Pc::Park => self.park(m),
            Pc::ParkDrop => self.dropg(m, Pc::ParkCommit),
            Pc::ParkCommit => self.park_commit(m),
            Pc::YieldStatus => self.yield_status(m),
            Pc::YieldDrop => self.dropg(m, Pc::YieldPut),
            Pc::YieldPut => self.yield_put(m),
            Pc::ExitStatus => self.exit_status(m),
            Pc::ExitDrop => self.dropg(m, Pc::ExitFree),
            Pc::ExitFree => self.exit_free(m),
            Pc::PutNext => self.put_next(m),
            Pc::PutRing => self.put_ring(m),
            Pc::PutTail => self.put_tail(m),
            Pc::PutSlowHead => self.put_slow_head(m),
            Pc::PutSlowGlobal => self.put_slow_global(m),
            Pc::Ready => self.ready(m),
            Pc::Wakep => self.wakep(m),
            Pc::WakepP => self.wakep_p(m),
            Pc::Startm => self.startm(m),
            Pc::StartmGive => self.startm_give(m),
            Pc::StartmWake => self.startm_wake(m),
            Pc::Handoff => self.handoff(m),
            Pc::HandoffIdle => self.handoff_idle(m),
            Pc::WakeNetPoller => self.wake_net_poller(m),
            Pc::Inject => self.inject(m),
            Pc::InjectGlobal => self.inject_global(m),
            Pc::InjectStart => self.inject_start(m),
            Pc::InjectLocal => self.inject_local(m),
            Pc::Schedule => self.schedule(m),
            Pc::FindTop => self.find_top(m),
            Pc::Find61 => self.find61(m),
            Pc::FindOne => self.find_one(m),
            Pc::FindLocal => self.find_local(m),
            Pc::FindGlobal => self.find_global(m),
            Pc::GlobalFirst => self.global_first(m),
            Pc::GlobalRest => self.global_rest(m),
            Pc::FindNetpoll => self.find_netpoll(m),
            Pc::NetGot => self.net_got(m),
            Pc::FindSpin => self.find_spin(m),
            Pc::StealPass => self.steal_pass(m),
            Pc::StealVictim => self.steal_victim(m),
            Pc::StealTimers => self.steal_timers(m),
            Pc::StealOwn => self.steal_own(m),
            Pc::StealCopy => self.steal_copy(m),
            Pc::StealCas => self.steal_cas(m),
            Pc::StealPublish => self.steal_publish(m),
            Pc::StealNext => self.steal_next(m),
            Pc::StealDone => self.steal_done(m),
            Pc::IdleLock => self.idle_lock(m),
            Pc::IdlePut => self.idle_put(m),
            Pc::IdleSpin => self.idle_spin(m),
            Pc::RecheckGlobal => self.recheck_global(m),
            Pc::RecheckBatch => self.size_batch(m),
            Pc::RecheckQueues => self.recheck_queues(m),
            Pc::RecheckAcquire => self.recheck_acquire(m),
            Pc::RecheckSpin => self.recheck_spin(m),
            Pc::NetBlock => self.net_block(m),
            Pc::NetWait => self.net_wait(m),
            Pc::NetGetP => self.net_get_p(m),
            Pc::NetAcquire => self.net_acquire(m),
            Pc::NetSpin => self.net_spin(m),
            Pc::Stopm => self.stopm(m),
            Pc::Found => self.got(m),
            Pc::Execute => self.execute(m),
            Pc::ExecRunning => self.exec_running(m),
            Pc::ExecTick => self.exec_tick(m),
            Pc::SysWakeMon => self.sys_wake_mon(m),
            Pc::SysUnwire => self.sys_unwire(m),
            Pc::SysStatus => self.sys_status(m),
            Pc::SysRelease => self.sys_release(m),
            Pc::SysBlocked => self.sys_blocked(m),
            Pc::InSyscall => self.in_syscall(m),
            Pc::SysExitOld => self.sys_exit_old(m),
            Pc::SysWire => self.sys_wire(m),
            Pc::SysPidle => self.sys_pidle(m),
            Pc::SysAcquire => self.sys_acquire(m, Pc::SysDone),
            Pc::SysDone => self.sys_done(m),
            Pc::SysSlow => self.sys_slow(m),
            Pc::SysDrop => self.dropg(m, Pc::SysPut),
            Pc::SysPut => self.sys_put(m),
            Pc::SysExecute => self.sys_acquire(m, Pc::Execute),
            Pc::SysmonSleep => self.sysmon_sleep(m),
            Pc::SysmonDeep => self.sysmon_deep(m),
            Pc::SysmonPoll => self.sysmon_poll(m),
            Pc::SysmonRetake => self.sysmon_retake(m),
            Pc::SysmonTick => self.sysmon_tick(m),
            Pc::SysmonCheck => self.sysmon_check(m),
            Pc::Returned => unreachable!("M{m} goes on after a call that has returned"),
        }
    }
}
