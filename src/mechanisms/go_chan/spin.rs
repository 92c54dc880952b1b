//! Loops that never wait: whether a goroutine keeps a core busy and changes nothing.

use super::goroutine::{Goroutine, Status};
use super::program::{Op, What};
use super::reach::{Deed, Reach};
use super::state::GoChan;

impl GoChan {
    /// Whether all that a goroutine can still do is to look at channels on which nothing will ever change: no statement waits,
    /// none sends, closes or receives what was sent, and the program does not end.
    pub(super) fn only_spins(&self, goroutine: &Goroutine, reach: &Reach) -> bool {
        if goroutine.status == Status::Dead || goroutine.asleep() || goroutine.frame.is_some() {
            return false;
        }
        let (id, me) = (goroutine.id, goroutine.id as usize - 1);
        // A closed and empty channel stays so: a receive from it is always ready, and changes nothing.
        let drained = |ch: usize| !self.is_nil(id, ch) && self.channels[ch].closed && self.channels[ch].qcount == 0;
        let quiet = |ch: usize, sends: bool| {
            let channel = &self.channels[ch];
            let other = if sends { Deed::Recv } else { Deed::Send };
            let met = reach.met(me, ch, Deed::Close) || reach.met(me, ch, other);
            let ready = match sends {
                true => !channel.recvq.is_empty() || channel.qcount < channel.dataqsiz,
                false => !channel.sendq.is_empty() || channel.qcount > 0 || channel.timer.is_some(),
            };
            let ready = ready || channel.closed;
            self.is_nil(id, ch) || (!met && !ready)
        };
        let instrs = &goroutine.program.instrs;
        let mut seen = vec![false; instrs.len()];
        let mut todo = vec![goroutine.at];
        while let Some(at) = todo.pop() {
            let Some(instr) = instrs.get(at) else { return false };
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &instr.what {
                What::Return => return false,
                What::Op(Op::Recv { ch, .. }) if drained(*ch) => todo.push(at + 1),
                What::Op(Op::Len { .. } | Op::Cap { .. }) => todo.push(at + 1),
                What::SetNil { ch } if self.is_nil(id, *ch) => todo.push(at + 1),
                What::Jump(to) | What::Leave { to, .. } => todo.push(*to),
                What::Repeat { exit, .. } | What::IfNotOk { exit } => todo.extend([at + 1, *exit]),
                What::WhileNotNil { chs, exit } => {
                    let goes_on = chs.iter().any(|ch| !self.is_nil(id, *ch));
                    todo.push(if goes_on { at + 1 } else { *exit });
                }
                What::Select { select, targets, default, .. } => {
                    let mut never_waits = !select.block;
                    for (case, target) in select.cases.iter().zip(targets) {
                        if case.send.is_none() && drained(case.ch) {
                            never_waits = true;
                            todo.push(*target);
                        } else if !quiet(case.ch, case.send.is_some()) {
                            return false;
                        }
                    }
                    if !never_waits {
                        return false;
                    }
                    todo.extend((!select.block).then_some(*default));
                }
                What::Op(_) | What::Range { .. } | What::SetNil { .. } => return false,
            }
        }
        // A program that is seen through without an end goes round.
        true
    }
}
