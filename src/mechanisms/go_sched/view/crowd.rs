//! Who is drawn where: each goroutine and each thread once.

use std::collections::{BTreeMap, HashSet};

use super::super::glance::Behind;
use super::super::pc::Place;
use super::super::state::{GoSched, Slot};

/// Everybody's places.
#[derive(Default)]
pub struct Crowd {
    /// By P.
    pub procs: Vec<Proc>,
    /// By thread: what it runs, and what it holds.
    pub curg: BTreeMap<u32, Slot>,
    pub hands: BTreeMap<u32, Vec<Slot>>,
    pub global: Vec<Slot>,
    pub polled: Vec<Slot>,
    /// All others that have not ended.
    pub parked: Vec<Slot>,
    /// Threads without a P that are at work, and idle ones, the one that is taken next last.
    pub outside: Vec<u32>,
    pub idle: Vec<u32>,
    /// Goroutines that a thread has copied out of the ring they are in.
    pub copied: HashSet<Slot>,
}

/// Who is at a P.
#[derive(Default)]
pub struct Proc {
    /// Its thread, or the one that is to run it; and one that only holds it.
    pub m: Option<u32>,
    pub held: Option<u32>,
    pub next: Option<Slot>,
    pub ring: Vec<Slot>,
    /// What is written behind the tail, and why.
    pub behind: Vec<Slot>,
    pub why: Option<Behind>,
}

impl Crowd {
    /// The places of a state.
    pub fn new(m: &GoSched) -> Crowd {
        let mut crowd =
            Crowd { procs: m.ps.iter().map(|p| Proc { m: p.m, ..Proc::default() }).collect(), ..Crowd::default() };
        let mut claimed = HashSet::new();
        for (number, thread) in (0..).zip(&m.ms) {
            crowd.copied.extend(m.copied(number));
            if let Some(p) = thread.nextp.filter(|p| crowd.procs[*p as usize].m.is_none()) {
                crowd.procs[p as usize].m = Some(number);
            }
            if let Some(p) = m.p_in_hand(number) {
                crowd.procs[p as usize].held = Some(number);
            }
            if let (Some(p), Some((why, slots))) = (thread.p, m.behind_tail(number)) {
                let proc = &mut crowd.procs[p as usize];
                (proc.why, proc.behind) = (Some(why), slots.to_vec());
                if why != Behind::Copied {
                    claimed.extend(slots);
                }
            }
        }
        crowd.seat(m, &claimed);
        crowd.threads(m);
        crowd
    }

    /// Goroutines, in the order in which places have them.
    fn seat(&mut self, m: &GoSched, claimed: &HashSet<Slot>) {
        let mut seated = claimed.clone();
        for (number, thread) in (0..).zip(&m.ms) {
            let curg = thread.curg.filter(|slot| seated.insert(*slot));
            self.curg.extend(curg.map(|slot| (number, slot)));
        }
        for number in 0..m.ms.len() as u32 {
            let hand: Vec<Slot> = m.in_hand(number).filter(|slot| seated.insert(*slot)).collect();
            if !hand.is_empty() {
                self.hands.insert(number, hand);
            }
        }
        for (proc, p) in self.procs.iter_mut().zip(&m.ps) {
            proc.next = p.runnext.filter(|slot| seated.insert(*slot));
            proc.ring = p.ring().filter(|slot| seated.insert(*slot)).collect();
        }
        self.global = m.sched.runq.iter().copied().filter(|slot| seated.insert(*slot)).collect();
        self.polled = m.waiting.iter().map(|waiter| waiter.g).filter(|slot| seated.insert(*slot)).collect();
        self.parked = m.live().map(|(slot, _)| slot).filter(|slot| !seated.contains(slot)).collect();
    }

    fn threads(&mut self, m: &GoSched) {
        let with: HashSet<u32> = self.procs.iter().filter_map(|proc| proc.m).collect();
        let listed = m.sched.midle.iter().copied();
        let rest = (0..m.ms.len() as u32).filter(|number| !m.sched.midle.contains(number) || with.contains(number));
        for number in listed.chain(rest).filter(|number| !with.contains(number)) {
            match m.place(number) {
                Place::Sysmon => {}
                Place::Idle => self.idle.push(number),
                _ => self.outside.push(number),
            }
        }
    }
}
