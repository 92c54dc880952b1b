//! What holds after every step, in the middle of the scheduler too, and what must happen some time.
//!
//! A goroutine, or a P, may be in the hands of a thread: taken from one queue and not yet put into the next. The laws
//! count such hands as places instead of looking away.

use crate::machine::{laws, none, reached};

use super::pc::Pc;
use super::state::{GStatus, GoSched, PStatus, RUNQ, Slot};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoSched;

    always("ring-bounds", "proc.go: runqput, runqgrab", ring_bounds)
        broken HeadTooFar: "a thief moves the head past the tail"
        broken RingOverfull: "a full ring takes one more";
    always("p-and-m-agree", "proc.go: wirep, releasep, reentersyscall", p_and_m_agree)
        broken UnwireHalf: "a system call leaves the P wired";
    always("idle-p-is-empty", "proc.go: pidleput", idle_p_is_empty)
        broken IdleWithWork: "a P with work is handed to nobody";
    always("nmspinning-exact", "proc.go: comment on worker thread parking, resetspinning", nmspinning_exact)
        broken SpinKept: "a searcher that found work stays counted";
    always("spinning-is-empty", "proc.go: schedule: spinning with local work", spinning_is_empty)
        broken SpinWithWork: "a P with work is handed to a searcher";
    always("one-poller", "proc.go: findRunnable: sched.lastpoll", one_poller)
        broken PollAnyway: "an M polls although another one does";
    always("inherited-slice", "proc.go: execute: inheritTime", inherited_slice)
        broken RunnextTicks: "a goroutine from runnext begins a new slice";
    always("runqsize-exact", "proc.go: globrunqput, globrunqputbatch, globrunqget", runqsize_exact)
        broken OverflowUncounted: "the overflow is not counted";
    always("steal-half", "proc.go: runqgrab", steal_half)
        broken StealsLess: "a thief rounds down";
    always("fair-batch", "proc.go: globrunqget", fair_batch)
        broken BatchUnshared: "the first P takes all of the global queue";
    always("overflow-129", "proc.go: runqputslow", overflow_129)
        broken OverflowShort: "a full ring gives away a quarter";
    always("thread-limit", "proc.go: checkmcount", thread_limit)
        broken ThreadsUnlimited: "threads are not counted";
    always("true-deadlock", "proc.go: checkdead", true_deadlock)
        broken DeadIgnoresSyscalls: "checkdead forgets system calls";
    always("no-idle-p-with-work", "proc.go: comment on worker thread parking, wakep", no_idle_p_with_work)
        broken NoWakep: "nobody is woken for new work"
        broken NoChain: "a searcher that found work wakes nobody";
    always("time-as-asked", "proc.go: preemptone, gopreempt_m", |s| s.wrong.none("time-as-asked"))
        broken ForgetsLeft: "an interrupted computation begins anew";
    always("one-place", "proc.go: every queue; runtime2.go: atomicstatus", one_place)
        broken TailStays: "runqput does not move the tail";
    sometimes("stole", "proc.go: stealWork", |s| reached(s.stories.steals > s.stories.next_steals))
        broken NoSteal: "thieves look at nobody";
    sometimes("stole-runnext", "proc.go: runqgrab", |s| reached(s.stories.next_steals > 0))
        broken NoRunnextSteal: "runnext is never stolen";
    sometimes("overflowed", "proc.go: runqputslow", |s| reached(s.stories.overflows > 0))
        broken OverflowAlone: "only the one that does not fit goes global";
    sometimes("retook", "proc.go: retake", |s| reached(s.stories.retakes > 0))
        broken NoRetake: "sysmon never retakes";
    sometimes("preempted", "proc.go: preemptone", |s| reached(s.stories.preemptions > 0))
        broken NoPreempt: "sysmon never preempts";
    sometimes("polled-global-at-61", "proc.go: findRunnable", |s| reached(s.stories.polled61 > 0))
        broken No61: "the tick is never looked at";
    sometimes("inherited", "proc.go: runqget", |s| reached(s.stories.inherited > 0))
        broken NoInherit: "runnext begins a new slice";
    sometimes("wake-chain", "proc.go: resetspinning", wake_chain)
        broken LateChain: "a searcher runs its find before it wakes another";
    sometimes("polled-network", "proc.go: findRunnable", |s| reached(s.stories.polls > 0))
        broken NoNetpoll: "nobody polls the network before stealing";
    sometimes("deadlock", "proc.go: checkdead",
        |s| reached(s.dead.as_ref().is_some_and(|dead| dead.message.ends_with("deadlock!"))))
        broken NoCheckDead: "nobody checks for a deadlock";
}

/// Only a searcher that is about to run what it has found calls `wakep` from there.
fn wake_chain(s: &GoSched) -> Result<(), String> {
    reached(s.ms.iter().any(|thread| thread.pc == Pc::Wakep && thread.calls.top() == Some(Pc::Execute)))
}

/// 0 ≤ runqtail − runqhead ≤ 256.
pub(super) fn ring_bounds(s: &GoSched) -> Result<(), String> {
    none(s.ps.iter().position(|p| p.runq_len() as usize > RUNQ), |p| {
        format!("P{p}: runqhead {}, runqtail {}", s.ps[p].runqhead, s.ps[p].runqtail)
    })
}

/// P and M point at each other or not at all; a goroutine runs only on an M with a P.
fn p_and_m_agree(s: &GoSched) -> Result<(), String> {
    for (m, thread) in s.ms.iter().enumerate() {
        if let Some(p) = thread.p
            && (s.ps[p as usize].m != Some(m as u32) || s.ps[p as usize].status != PStatus::Running)
        {
            let pp = &s.ps[p as usize];
            return Err(format!("M{m} has P{p}, which has M {:?} and status {:?}", pp.m, pp.status));
        }
        let running = thread.curg.is_some_and(|slot| s.g(slot).status == GStatus::Running);
        if thread.p.is_none() && running {
            return Err(format!("M{m} runs a goroutine without a P"));
        }
    }
    for (p, pp) in s.ps.iter().enumerate() {
        if let Some(m) = pp.m
            && s.ms[m as usize].p != Some(p as u32)
        {
            return Err(format!("P{p} has M{m}, which has P {:?}", s.ms[m as usize].p));
        }
    }
    Ok(())
}

/// A P on the idle list has no work; it is there once.
fn idle_p_is_empty(s: &GoSched) -> Result<(), String> {
    let mut seen = 0u64;
    for p in &s.sched.pidle {
        let pp = &s.ps[*p as usize];
        if seen & 1 << p != 0 {
            return Err(format!("P{p} is on the idle list twice"));
        }
        seen |= 1 << p;
        if !pp.is_empty() || pp.status != PStatus::Idle || pp.m.is_some() {
            return Err(format!("P{p} is on the idle list with {} in its ring, status {:?}", pp.runq_len(), pp.status));
        }
    }
    Ok(())
}

/// `nmspinning` = spinning Ms + Ms about to be started so; never negative, never above the number of Ps.
fn nmspinning_exact(s: &GoSched) -> Result<(), String> {
    let count = s.ms.iter().map(|thread| i32::from(thread.spinning) + i32::from(thread.w.token)).sum::<i32>();
    let nmspinning = s.sched.nmspinning;
    if count == nmspinning && (0..=s.ps.len() as i32).contains(&nmspinning) {
        return Ok(());
    }
    Err(format!("nmspinning {nmspinning}, but {count} Ms spin or are being started"))
}

/// A searcher has no local work before it has found some.
fn spinning_is_empty(s: &GoSched) -> Result<(), String> {
    let before = |pc: Pc| matches!(pc, Pc::Start | Pc::Parked | Pc::Schedule | Pc::StealPass | Pc::IdleLock);
    for (m, thread) in s.ms.iter().enumerate() {
        let p = thread.p.or(thread.nextp);
        if thread.spinning
            && before(thread.pc)
            && let Some(p) = p
            && !s.ps[p as usize].is_empty()
        {
            return Err(format!("M{m} spins while P{p} has {} in its ring", s.ps[p as usize].runq_len()));
        }
    }
    Ok(())
}

/// At most one M sleeps in the network poller, and `lastpoll` says so.
fn one_poller(s: &GoSched) -> Result<(), String> {
    let pollers = s.ms.iter().filter(|thread| thread.pc == Pc::NetWait).count();
    if pollers == usize::from(s.sched.lastpoll.is_none()) {
        return Ok(());
    }
    Err(format!("{pollers} Ms poll the network, lastpoll {:?}", s.sched.lastpoll))
}

/// `schedtick` counts the slices begun, not the goroutines run from `runnext`.
fn inherited_slice(s: &GoSched) -> Result<(), String> {
    none(s.ps.iter().position(|p| p.schedtick != p.slices), |p| {
        format!("P{p}: schedtick {}, but {} slices", s.ps[p].schedtick, s.ps[p].slices)
    })
}

fn taking(pc: Pc) -> bool {
    matches!(pc, Pc::GlobalFirst | Pc::GlobalRest)
}

/// `runqsize` is the length of the global queue, less what an M is taking right now.
pub(super) fn runqsize_exact(s: &GoSched) -> Result<(), String> {
    let taken: u32 = s.ms.iter().filter(|thread| taking(thread.pc)).map(|thread| thread.w.n).sum();
    if s.sched.runqsize + taken == s.sched.runq.len() as u32 {
        return Ok(());
    }
    Err(format!("runqsize {} and {taken} being taken, {} in the list", s.sched.runqsize, s.sched.runq.len()))
}

/// A thief copies half of the ring it saw, rounded up.
fn steal_half(s: &GoSched) -> Result<(), String> {
    let copying = |pc: Pc| matches!(pc, Pc::StealCopy | Pc::StealCas);
    none(s.ms.iter().find(|thread| copying(thread.pc) && thread.w.n != thread.w.size.div_ceil(2)), |thread| {
        format!("{} of {} taken", thread.w.n, thread.w.size)
    })
}

/// n = min(runqsize, runqsize/GOMAXPROCS + 1, 128).
fn fair_batch(s: &GoSched) -> Result<(), String> {
    let first = |thread: &&super::state::M| thread.pc == Pc::GlobalFirst;
    for thread in s.ms.iter().filter(first) {
        let (n, size) = (thread.w.n, thread.w.size);
        let limit = size.min(size / s.procs() + 1).min(128);
        if n != limit {
            return Err(format!("a batch of {n} from {size}, not {limit}"));
        }
    }
    Ok(())
}

/// A full ring gives 128 and the one that did not fit to the global queue.
fn overflow_129(s: &GoSched) -> Result<(), String> {
    let moving = |thread: &&super::state::M| thread.pc == Pc::PutSlowGlobal;
    none(s.ms.iter().find(|thread| moving(thread) && thread.w.batch.len() != 129), |thread| {
        format!("{} move to the global queue", thread.w.batch.len())
    })
}

/// Not more threads than `maxmcount`.
fn thread_limit(s: &GoSched) -> Result<(), String> {
    if s.ms.len() as u32 <= s.max_threads {
        return Ok(());
    }
    Err(format!("{} threads, {} are allowed", s.ms.len(), s.max_threads))
}

/// At a deadlock every goroutine waits.
fn true_deadlock(s: &GoSched) -> Result<(), String> {
    if !s.dead.as_ref().is_some_and(|dead| dead.message.ends_with("deadlock!")) {
        return Ok(());
    }
    none(s.live().find(|(_, g)| g.status != GStatus::Waiting), |(_, g)| {
        format!("deadlock, but G{} is {:?}", g.goid, g.status)
    })
}

/// When every thread computes, waits or sleeps: no P is idle while a goroutine is runnable.
fn no_idle_p_with_work(s: &GoSched) -> Result<(), String> {
    let busy = |pc: Pc| {
        matches!(pc, Pc::Parked | Pc::Computing | Pc::InSyscall | Pc::NetWait | Pc::SysmonSleep | Pc::SysmonDeep)
    };
    let calm = |thread: &super::state::M| busy(thread.pc) && !thread.note;
    if s.sched.pidle.is_empty() || s.sched.nmspinning != 0 || s.dead.is_some() || !s.ms.iter().all(calm) {
        return Ok(());
    }
    if s.sched.runqsize == 0 && s.ps.iter().all(|p| p.is_empty()) {
        return Ok(());
    }
    let filled = s.ps.iter().filter(|p| !p.is_empty()).count();
    let idle = s.sched.pidle.len();
    Err(format!("{idle} Ps are idle, {} wait in the global queue, {filled} Ps have work", s.sched.runqsize))
}

/// Every goroutine that has not ended is in exactly one place, and its status says in which kind.
fn one_place(s: &GoSched) -> Result<(), String> {
    let mut seen = Seen { s, kinds: vec![Kind::Nowhere; s.gs.len()], twice: None };
    for p in &s.ps {
        p.ring().for_each(|slot| seen.put(slot, Kind::Queue));
        p.runnext.iter().for_each(|slot| seen.put(*slot, Kind::Queue));
        p.timers.iter().for_each(|timer| seen.put(timer.g, Kind::Wait));
    }
    s.sched.runq.iter().for_each(|slot| seen.put(*slot, Kind::Queue));
    for chan in &s.chans {
        // One that is about to park stands in the queue of a channel that its M has locked, and still is curg.
        chan.recvq.iter().chain(&chan.sendq).for_each(|slot| seen.put(*slot, Kind::Chan));
    }
    s.waiting.iter().for_each(|waiter| seen.put(waiter.g, Kind::Wait));
    s.waiter.iter().for_each(|slot| seen.put(*slot, Kind::Wait));
    for (m, thread) in s.ms.iter().enumerate() {
        let parking = matches!(thread.pc, Pc::Park | Pc::ParkDrop | Pc::ParkCommit) && s.on_chan(m as u32);
        thread.curg.iter().filter(|_| !parking).for_each(|slot| seen.put(*slot, Kind::M));
        s.in_hand(m as u32).for_each(|slot| seen.put(slot, Kind::Hand));
    }
    if let Some(slot) = seen.twice {
        return Err(format!("G{} is in two places", s.goid(slot)));
    }
    for (at, g) in s.gs.iter().enumerate() {
        let kind = seen.kinds[at];
        let fits = match g.status {
            GStatus::Dead => kind != Kind::Queue && kind != Kind::Wait,
            GStatus::Runnable => matches!(kind, Kind::Queue | Kind::Hand | Kind::M),
            GStatus::Running => matches!(kind, Kind::M | Kind::Chan),
            GStatus::Syscall => kind == Kind::M,
            GStatus::Waiting => matches!(kind, Kind::Wait | Kind::Chan | Kind::Hand | Kind::M),
        };
        if !fits {
            return Err(format!("G{} has status {:?} and is {kind:?}", g.goid, g.status));
        }
    }
    Ok(())
}

/// Where a goroutine was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Nowhere,
    Queue,
    Wait,
    Chan,
    M,
    Hand,
}

struct Seen<'a> {
    s: &'a GoSched,
    kinds: Vec<Kind>,
    twice: Option<Slot>,
}

impl Seen<'_> {
    fn put(&mut self, slot: Slot, kind: Kind) {
        let Some(place) = self.kinds.get_mut(slot.at()) else { return };
        if *place != Kind::Nowhere && self.s.gs[slot.at()].status != GStatus::Dead {
            self.twice = Some(slot);
        }
        *place = kind;
    }
}
