//! Sudogs: in a queue, in the hand of the goroutine that took it off, or with their owner.

use super::super::{Event, Frame, GoChan, Goroutine, Pc, Queue, Waiter};
use super::Shown;
use crate::diagram::Tone;
use crate::diagram::parts::{Capsule, capsule, token};
use crate::text::Text;

impl Shown<'_> {
    /// A sudog, wherever it stands: the goroutine with what it sends, or the place for what it receives; `path` is its place in
    /// a queue.
    pub(super) fn sudog(
        &self,
        waiter: Waiter,
        touched: bool,
        path: Option<&str>,
        note: Option<(Text, Tone)>,
    ) -> Capsule {
        let Waiter { g, n } = waiter;
        let (sudog, stale) = (self.m.sudog(waiter), stale(self.m, waiter));
        let case = sudog.and_then(|sudog| sudog.case);
        let about = match case {
            Some(case) => Text::new(
                format!("sudog of goroutine {g}, select case {case}"),
                format!("goroutine {g} 的 sudog，select 第 {case} 个 case"),
            ),
            None => Text::new(format!("sudog of goroutine {g}"), format!("goroutine {g} 的 sudog")),
        };
        let path = path.map_or_else(|| format!("goroutines.{g}.waiting[{n}]"), ToOwned::to_owned);
        let tone = match (stale, touched) {
            (true, _) => Tone::Bad,
            (_, true) => self.tone,
            _ => Tone::Moved,
        };
        let elem = sudog.and_then(|sudog| Some((sudog, sudog.elem?))).map(|(sudog, slot)| {
            let number = self.m.goroutine(g).and_then(|goroutine| goroutine.elem(sudog));
            let carried = match number.filter(|_| sudog.send) {
                Some(number) => Shown::value(self.m.sent(g, slot), number, Tone::Info),
                None => token(format!("sudog/{g}/{n}/elem"), "").square().absent(),
            };
            carried.path(format!("{path}.elem"))
        });
        let made =
            token(format!("sudog/{g}/{n}"), format!("G{g}")).tone(tone).bend(0.15).about(about).path(path.clone());
        let made = capsule(if touched { made.strong() } else { made }).carrying(elem).ghost(stale);
        match (stale, note) {
            (true, _) => made.note(Text::new("stale", "失效"), Tone::Bad),
            (false, Some((note, tone))) => made.note(note, tone),
            _ => made,
        }
    }

    /// As wide as any sudog of this queue; one of a select may become stale.
    pub(super) fn sample(&self, ch: usize, queue: Queue) -> Capsule {
        let cases = self.m.gs.iter().flat_map(|goroutine| &goroutine.program.instrs);
        let selected = cases.filter_map(|instr| super::cards::cases_of(&instr.what)).flatten();
        let selected = selected.into_iter().any(|case| case.ch == ch && case.send.is_some() == (queue == Queue::Sendq));
        let made = capsule(token("", "G1")).carrying(token("", "10").square());
        if selected { made.note(Text::new("stale", "失效"), Tone::Bad) } else { made }
    }

    /// The sudogs that a goroutine has in hand: the one it took off a queue, and its own, told and not given back yet.
    pub(super) fn in_hand(&self, goroutine: &Goroutine) -> Vec<Capsule> {
        let id = goroutine.id;
        let taken = goroutine.frame.as_ref().and_then(|frame| frame.sg).filter(|sg| hand(self.m, *sg) == Some(id));
        let own = (0..goroutine.waiting.len()).map(|n| Waiter { g: id, n });
        let own = own.filter(|waiter| !queued(self.m, *waiter) && hand(self.m, *waiter).is_none());
        taken.into_iter().chain(own).map(|waiter| self.held(waiter)).collect()
    }

    /// A sudog that is in no queue, with its `success` once it is told.
    fn held(&self, waiter: Waiter) -> Capsule {
        let told = pointed_to(self.m, waiter.g) == Some(waiter.n);
        let success = self.m.sudog(waiter).is_some_and(|sudog| sudog.success);
        let just = match self.event {
            Some(Event::WaiterTold { waiter: g, .. } | Event::WaiterListed { waiter: g, .. }) => *g == waiter.g && told,
            Some(Event::WinnerFound { g, .. }) => *g == waiter.g && told,
            Some(Event::SudogDequeued { waiter: g, .. } | Event::SelectDoneWon { waiter: g, .. }) => {
                *g == waiter.g && !stale(self.m, waiter)
            }
            Some(Event::SudogPrepared { g, .. }) => *g == waiter.g,
            _ => false,
        };
        let words = if success { Text::same("success") } else { Text::new("closed", "因关闭") };
        let note = told.then_some((words, if success { Tone::Good } else { Tone::Bad }));
        self.sudog(waiter, just, None, note)
    }
}

/// Which of its sudogs a goroutine's `param` points to, also after a select has taken the pointer out of it.
fn pointed_to(machine: &GoChan, g: u32) -> Option<usize> {
    let goroutine = machine.goroutine(g)?;
    let own = goroutine.frame.as_ref().and_then(|frame| frame.sg).filter(|sg| sg.g == g);
    goroutine.param.or(own.map(|sg| sg.n))
}

fn queued(machine: &GoChan, waiter: Waiter) -> bool {
    machine.channels().iter().any(|channel| channel.sendq.iter().chain(&channel.recvq).any(|queued| *queued == waiter))
}

/// Who has taken this sudog off its queue and not told its owner yet.
fn hand(machine: &GoChan, waiter: Waiter) -> Option<u32> {
    let told = machine.goroutine(waiter.g).is_some_and(|owner| owner.param == Some(waiter.n));
    let mut others = machine.goroutines().iter().filter(|other| other.id != waiter.g && !told);
    others.find(|other| other.frame.as_ref().is_some_and(|frame| frame.sg == Some(waiter))).map(|other| other.id)
}

/// Which sudog of a select has won, once that is decided.
fn winner(machine: &GoChan, g: u32) -> Option<usize> {
    let won = |frame: &Frame| frame.sg.filter(|sg| sg.g == g && frame.pc != Pc::SelectDone);
    let taken = machine.goroutines().iter().filter_map(|other| won(other.frame.as_ref()?)).next();
    pointed_to(machine, g).or(taken.map(|sg| sg.n))
}

/// Whether it belongs to a select that another case has won.
fn stale(machine: &GoChan, waiter: Waiter) -> bool {
    let select = machine.sudog(waiter).is_some_and(|sudog| sudog.case.is_some());
    select && winner(machine, waiter.g).is_some_and(|n| n != waiter.n)
}
