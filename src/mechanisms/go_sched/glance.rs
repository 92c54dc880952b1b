//! What a picture alone asks of the state: what is written and not yet to be seen by others, who searches how long.

use super::pc::Pc;
use super::state::{GoSched, P, Slot};

/// Why goroutines stand in slots behind a ring's tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// `runqput` has written one and not moved the tail yet.
    Put,
    /// `runqgrab` has copied them; they still belong to the victim.
    Copied,
    /// They have left the victim's ring; the tail will move over them.
    Stolen,
}

impl P {
    /// The slot of an index that runs freely, as `head` and `tail` do.
    pub(super) fn at_index(&self, index: u32) -> Slot {
        self.slot(index)
    }
}

impl GoSched {
    /// What a thread has written behind the tail of its P's ring.
    pub(super) fn behind_tail(&self, m: u32) -> Option<(Behind, &[Slot])> {
        let thread = &self.ms[m as usize];
        match thread.pc {
            Pc::PutTail => Some((Behind::Put, thread.w.put.as_slice())),
            Pc::StealCas => Some((Behind::Copied, &thread.w.batch)),
            Pc::StealPublish => Some((Behind::Stolen, &thread.w.batch)),
            _ => None,
        }
    }

    /// How many goroutines a thread copied in vain: they lie behind its P's tail until others are written over them.
    pub(super) fn void_copies(&self, m: u32) -> u32 {
        self.ms[m as usize].w.n
    }

    /// Goroutines that a thread has copied out of a ring while they are still there.
    pub(super) fn copied(&self, m: u32) -> &[Slot] {
        let thread = &self.ms[m as usize];
        match thread.pc {
            Pc::StealCas | Pc::PutSlowHead => &thread.w.batch,
            _ => &[],
        }
    }

    /// The stealing passes that a thread has begun or finished, 0 to 4; `None` if it does not steal.
    pub(super) fn passes(&self, m: u32) -> Option<u8> {
        let thread = &self.ms[m as usize];
        match thread.pc {
            Pc::StealPass => Some(thread.w.pass),
            Pc::StealVictim | Pc::StealTimers | Pc::StealOwn | Pc::StealCopy | Pc::StealCas | Pc::StealNext => {
                Some(thread.w.pass + 1)
            }
            _ => None,
        }
    }
}
