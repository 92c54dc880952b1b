//! Statements that call nothing of the runtime: `if !ok`, `c = nil`, a loop's question about nil, and `cancel()` of a context
//! that is cancelled (`context.go`: `cancelCtx.cancel`).

use super::event::Event;
use super::laws::Fault;
use super::program::{Op, What};
use super::state::GoChan;

impl GoChan {
    /// Carries out the goroutine's statement if it is one of these.
    pub(super) fn decide(&mut self, g: u32) -> Option<Event> {
        let (at, ok) = (self.g(g).at, self.g(g).ok);
        let (event, to) = match self.g(g).what()?.clone() {
            What::IfNotOk { exit } => {
                let enters = ok == (self.fault == Fault::AsksForOk);
                if enters == ok {
                    self.wrong.note("not-ok-decides", || format!("G{g}: ok is {ok}, and if !ok came out {enters}"));
                }
                (Event::OkTested { g, ok, enters }, if enters { at + 1 } else { exit })
            }
            What::SetNil { ch } => {
                if self.fault != Fault::NilAssignsNothing {
                    self.g_mut(g).nils.insert(ch);
                }
                (Event::NilAssigned { g, ch: self.name(ch) }, at + 1)
            }
            What::WhileNotNil { chs, exit } => {
                let named: Vec<_> = chs.iter().copied().filter(|ch| !self.is_nil(g, *ch)).collect();
                let to = if named.is_empty() { exit } else { at + 1 };
                let asked = chs.len();
                (Event::NilTested { g, asked, left: named.len() }, to)
            }
            // Under the context's own lock: whoever comes second finds that it is done.
            What::Op(Op::Close { ch, once: true }) if !self.is_nil(g, ch) => {
                let channel = self.ch(ch);
                if !std::mem::replace(&mut channel.cancelled, true) && !channel.closed {
                    return None;
                }
                (Event::CancelRepeated { g, ch: self.name(ch) }, at + 1)
            }
            _ => return None,
        };
        self.look = true;
        let goroutine = self.g_mut(g);
        goroutine.completed += 1;
        goroutine.at = to;
        self.settle(g);
        Some(event)
    }
}
