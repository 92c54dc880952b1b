//! What running a machine may cost: the same counters for every mechanism.

use super::{Machine, Progress, Refusal};
use crate::text::Text;

/// Work and memory that are left. Work is counted in pieces ([`Machine::proceed`]), memory as the machine tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Pieces that may still be carried out.
    pub work: u64,
    /// Bytes that the machine may hold.
    pub bytes: usize,
}

impl Budget {
    /// What one scene may cost: with the slowest machine under two seconds of one core, and far from what a scene of 90
    /// steps needs, which is some thousand pieces at most. A machine of 64 MiB is a map of 2^16 buckets with all its keys.
    pub const SCENE: Budget = Budget { work: 2_000_000, bytes: 64 << 20 };
    /// What one action of a viewer may cost: it is carried out between two frames, so a quarter of a scene.
    pub const WHAT_IF: Budget = Budget { work: 500_000, ..Budget::SCENE };
    /// No limit but the counters' own.
    pub const ANY: Budget = Budget { work: u64::MAX, bytes: usize::MAX };
}

/// Why an action was not carried out, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The machine refused it, and is unchanged.
    Refused(Refusal),
    /// The work that was left is used up, in the middle of the action.
    Work,
    /// The machine grew over the memory that it may hold, in the middle of the action.
    Memory {
        /// What it may hold.
        limit: usize,
    },
}

impl Halt {
    /// The reason in both languages.
    pub fn reason(&self) -> Text {
        match self {
            Halt::Refused(refusal) => refusal.reason.clone(),
            Halt::Work => {
                let (scene, what_if) = (Budget::SCENE.work, Budget::WHAT_IF.work);
                Text::new(
                    format!("too much work: a scene may take {scene} steps of its machine, a what-if {what_if}"),
                    format!("运算量过大：一个场景最多执行状态机的 {scene} 个微步，一次 what-if 最多 {what_if} 个"),
                )
            }
            Halt::Memory { limit } => {
                let mib = limit >> 20;
                Text::new(
                    format!("the machine would hold more than {mib} MiB"),
                    format!("状态机占用的内存会超过 {mib} MiB"),
                )
            }
        }
    }
}

/// The machine's memory is looked at every so many pieces, and at the end of each action.
const WEIGH_EVERY: u64 = 256;

/// An action on its way, within a budget.
#[derive(Clone)]
pub struct Course<M: Machine> {
    doing: M::Doing,
    pieces: u64,
}

impl<M: Machine> Course<M> {
    /// Begins an action; the machine is as it was.
    pub fn begin(machine: &M, action: &M::Action) -> Result<Course<M>, Refusal> {
        machine.accept(action).map(Course::resume)
    }

    /// Goes on with what was left of an action, by the machine that it was left by.
    pub fn resume(doing: M::Doing) -> Course<M> {
        Course { doing, pieces: 0 }
    }

    /// What is left of the action.
    pub fn doing(&self) -> &M::Doing {
        &self.doing
    }

    /// Goes on to the next step and tells what it did; `None` when the action is over. What it takes is taken from
    /// `budget`. After [`Halt::Work`] and [`Halt::Memory`] the machine stands in the middle of the action.
    pub fn next(&mut self, machine: &mut M, budget: &mut Budget) -> Result<Option<M::Event>, Halt> {
        loop {
            budget.work = budget.work.checked_sub(1).ok_or(Halt::Work)?;
            self.pieces += 1;
            let progress = machine.proceed(&mut self.doing);
            let over = progress == Progress::Done;
            if (over || self.pieces.is_multiple_of(WEIGH_EVERY)) && machine.bytes() > budget.bytes {
                return Err(Halt::Memory { limit: budget.bytes });
            }
            match progress {
                Progress::Step(event) => return Ok(Some(event)),
                Progress::Done => return Ok(None),
                Progress::Worked => {}
            }
        }
    }
}

/// A machine set up, its prelude carried out within `budget`. Where an action of the prelude is refused or too dear, the
/// error says so.
pub fn set_up<M: Machine>(setup: &M::Setup, budget: &mut Budget) -> Result<M, Halt> {
    let mut machine = M::start(setup).map_err(Halt::Refused)?;
    for action in M::prelude(setup) {
        carry_out(&mut machine, &action, budget)?;
    }
    machine.begin_run();
    Ok(machine)
}

/// Carries out an action within `budget`, unseen.
pub fn carry_out<M: Machine>(machine: &mut M, action: &M::Action, budget: &mut Budget) -> Result<(), Halt> {
    let mut course = Course::begin(machine, action).map_err(Halt::Refused)?;
    while course.next(machine, budget)?.is_some() {}
    Ok(())
}
