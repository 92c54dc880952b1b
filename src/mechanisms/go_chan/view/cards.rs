//! A card a goroutine: its status, its program with the line it is at, the runtime function under way, and what it has in hand.

use super::super::program::{Op, SelectCase, What};
use super::super::{Call, Event, Frame, GoChan, Goroutine, Got, Main, Pc, Sent, Status};
use super::{Shown, phase};
use crate::diagram::parts::{Card, Lines, Strip, Token, card, field, lines, queue, strip, token, words};
use crate::diagram::{Size, Tone};
use crate::text::Text;

impl Shown<'_> {
    pub(super) fn goroutine(&self, goroutine: &Goroutine) -> Card {
        let (m, id) = (self.m, goroutine.id);
        let acts = self.event.is_some_and(|event| event.goroutine() == id);
        let queued = m.runnext == Some(id) || m.runq.contains(&id);
        let listed = m.gs.iter().any(|g| g.frame.as_ref().is_some_and(|frame| frame.glist.contains(&id)));
        let tone = self.stands(goroutine);
        let made = card(format!("goroutine/{id}"), goroutine.name.clone()).status(status(m, goroutine), tone);
        let made = if queued || listed {
            made.home(format!("G{id}"), tone, true)
        } else {
            made.token(self.token(id, tone).path(format!("goroutines.{id}")))
        };
        let made = self.room.words.get(&id).into_iter().fold(made, |made, (_, status)| made.widest(status.clone()));
        let made = made.path(format!("goroutines.{id}"));
        let made = if acts { made.active().tone(self.tone) } else { made };
        let made = if !acts && goroutine.status != Status::Running { made.away() } else { made };
        made.filling(self.program(goroutine, acts)).spare(self.doing(goroutine)).spare(self.hands(goroutine))
    }

    /// The program; beside the cases of the select under way, its two orders.
    fn program(&self, goroutine: &Goroutine, acts: bool) -> Lines {
        let id = goroutine.id;
        let all = &goroutine.program.lines;
        let elsewhere = does_other_work(self.m, goroutine);
        let widest = self.room.words.get(&id).map_or_else(String::new, |(line, _)| line.to_string());
        let made = lines(format!("goroutine/{id}/code")).path(format!("goroutines.{id}"));
        let mut made = made.room(self.room.lines).widest(widest);
        if goroutine.program.instrs.iter().any(|instr| cases_of(&instr.what).is_some()) {
            // Room for the word beside a case that is left out, too.
            let (poll, nil) = (heading("", ("poll", "轮询")), token("", "nil").square());
            let first = if poll.cells(self.size) > nil.cells(self.size) { poll } else { nil };
            made = made.margin([first, heading("", ("lock", "加锁"))]);
        }
        let frame = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Select && !frame.pollorder.is_empty());
        let frame = frame.filter(|_| goroutine.status == Status::Running);
        let cases = goroutine.what().and_then(cases_of).unwrap_or_default();
        for (i, line) in all.iter().enumerate() {
            let dropped = dropped(self.m, goroutine, i);
            made = made.toned(line.indent.into(), line.text.clone(), if dropped { Tone::Faint } else { Tone::Plain });
            if dropped {
                made = made.tag(token(format!("goroutine/{id}/dropped/{i}"), "nil").square().absent());
            }
            let Some(frame) = frame else { continue };
            if goroutine.line() == Some(i) {
                let part = |part: &str| format!("goroutine/{id}/{part}");
                made = made.tag(heading(&part("pollorder"), ("poll", "轮询")));
                if !frame.lockorder.is_empty() {
                    made = made.tag(heading(&part("lockorder"), ("lock", "加锁")));
                }
            }
            let case = cases.iter().position(|case| case.line == i && Some(i) != goroutine.line());
            made = case.into_iter().flat_map(|case| self.orders(id, frame, case)).fold(made, Lines::tag);
        }
        if elsewhere {
            made = made.line(0, Text::new("… other work", "……其他工作"));
        }
        let at = if elsewhere { Some(all.len()) } else { current(goroutine) };
        let made = made.at(at);
        if acts { made } else { made.quiet() }
    }

    /// The places of a case in the two orders, from 1 on.
    fn orders(&self, id: u32, frame: &Frame, case: usize) -> Vec<Token> {
        let place = |order: &[usize]| order.iter().position(|index| frame.cases[*index].source == case);
        let chip = |order: &str, at: usize| {
            let made = token(format!("goroutine/{id}/{order}/{case}"), (at + 1).to_string()).square();
            made.path(format!("goroutines.{id}.call.{order}[{at}]"))
        };
        let polled = polled(frame);
        let (placed, sorted) = match self.event {
            Some(Event::CaseShuffled { g, case, .. }) if *g == id => (Some(*case), false),
            Some(Event::LockOrderSorted { g, .. }) => (None, *g == id),
            _ => (None, false),
        };
        let poll = place(&frame.pollorder).map(|at| {
            let made = chip("pollorder", at);
            match (frame.chosen.map(|chosen| frame.pollorder[at] == chosen), polled) {
                _ if placed == Some(case) => made.tone(self.tone).strong(),
                (Some(true), _) => made.tone(Tone::Good).strong(),
                (None, Some(polled)) if at == polled => made.tone(self.tone).strong(),
                (_, Some(polled)) if at < polled => made.absent(),
                _ => made,
            }
        });
        let lock = place(&frame.lockorder).map(|at| {
            let held = frame.held.contains(&frame.cases[frame.lockorder[at]].ch);
            match chip("lockorder", at) {
                made if sorted => made.tone(self.tone).strong(),
                made if held => made.tone(Tone::Active).strong(),
                made => made,
            }
        });
        poll.into_iter().chain(lock).collect()
    }

    /// The runtime function and what it does next; `selectDone` of a select.
    fn doing(&self, goroutine: &Goroutine) -> Strip {
        let id = goroutine.id;
        let made = strip(0.8);
        let Some(frame) = &goroutine.frame else { return made };
        let path = format!("goroutines.{id}.call.at");
        let (function, next) = (frame.call.function(), phase::next(self.m, goroutine, frame));
        let said = match next {
            Some(Text { en, zh }) => {
                let next = match self.size {
                    Size::Window => Text::new(format!("next: {en}"), format!("下一步：{zh}")),
                    Size::Stage => Text::new(format!("→ {en}"), format!("→ {zh}")),
                };
                words(format!("goroutine/{id}/phase"), next).note(function)
            }
            None => words(
                format!("goroutine/{id}/phase"),
                Text::new(format!("in {function}"), format!("停在 {function} 中")),
            )
            .quiet(),
        };
        let made = made.left(said.path(path));
        if frame.call != Call::Select {
            return made;
        }
        let (touched, was) = match self.event {
            Some(Event::SelectDoneWon { waiter, .. }) if *waiter == id => (true, "0"),
            Some(Event::StaleSudogDropped { waiter, .. }) if *waiter == id => (true, "1"),
            Some(Event::SelectDoneReset { g }) if *g == id => (true, "1"),
            _ => (false, if goroutine.select_done { "1" } else { "0" }),
        };
        if !touched && (!goroutine.select_done || goroutine.status == Status::Running) {
            return made;
        }
        let tone = if touched { self.tone } else { Tone::Plain };
        let done =
            field(format!("goroutine/{id}/selectDone"), "selectDone", u8::from(goroutine.select_done).to_string());
        let done = done.was(was).tone(tone).inset().path(format!("goroutines.{id}.selectDone"));
        made.right(done.about(Text::new(
            "selectDone: 1 once somebody has won the right to wake this select",
            "selectDone：为 1 表示已有人取得唤醒这个 select 的权利",
        )))
    }

    /// At the left what it sends, sudogs, those it is to wake; at the right the variable that it receives into.
    fn hands(&self, goroutine: &Goroutine) -> Strip {
        let id = goroutine.id;
        let mut made = strip(1.0);
        if let Some(frame) = goroutine.frame.as_ref().filter(|frame| !frame.glist.is_empty()) {
            let listed = frame.glist.iter().enumerate().map(|(i, g)| {
                let tone = self.m.goroutine(*g).map_or(Tone::Plain, |goroutine| self.stands(goroutine));
                let made = self.token(*g, tone).path(format!("goroutines.{id}.call.glist[{i}]")).bend(0.15);
                if i + 1 == frame.glist.len() { made.strong() } else { made }
            });
            let glist = queue(format!("goroutine/{id}/glist"), "glist");
            made = made.left(glist.tokens(listed).slots(2).path(format!("goroutines.{id}.call.glist")));
        }
        for (slot, number) in goroutine.frame.iter().flat_map(sends) {
            let travels = goroutine.waiting.iter().any(|sudog| sudog.send && sudog.elem == Some(slot));
            let left = goroutine.frame.as_ref().is_some_and(|frame| frame.left == Some(slot));
            let path = format!("goroutines.{id}.call.slots[{slot}]");
            let value = if left || travels {
                token(format!("goroutine/{id}/out/{slot}"), number.to_string()).square().absent()
            } else {
                Shown::value(self.m.sent(id, slot), number, Tone::Info)
            };
            made = made.left(value.path(path));
        }
        made = self.in_hand(goroutine).into_iter().fold(made, Strip::left);
        self.received(goroutine, made)
    }

    /// What it received last, or is receiving: in its frame, and then in `v`.
    fn received(&self, goroutine: &Goroutine, made: Strip) -> Strip {
        let id = goroutine.id;
        let arrived = arrived_now(goroutine);
        let keeps = receives(goroutine) || goroutine.got != Got::Nothing;
        if !keeps && arrived.is_none() {
            return made;
        }
        let path = format!("goroutines.{id}.v");
        let fresh = self.event.is_some_and(|event| brings(event, id));
        let value = |got: Option<Sent>, number: i64, tone: Tone| {
            let made = match got {
                Some(sent) => Shown::value(sent, number, tone),
                None => token(format!("zero/{id}"), number.to_string()).square().tone(tone),
            };
            let made = made.path(path.clone());
            if fresh { made.tone(self.tone).strong() } else { made }
        };
        let name = |part: &str, text: Text| {
            words(format!("goroutine/{id}/{part}"), text).quiet().path(format!("goroutines.{id}.v"))
        };
        let made = match arrived.filter(|_| drops(goroutine)) {
            Some((number, got)) => {
                made.right(name("dropped", Text::new("dropped", "丢弃"))).right(value(got, number, Tone::Moved))
            }
            None => made,
        };
        if !keeps {
            return made;
        }
        let (shown, ok) = match (arrived.filter(|_| !drops(goroutine)), goroutine.got) {
            (Some((number, got)), _) => {
                (Some(value(got, number, if got.is_some() { Tone::Good } else { Tone::Plain })), true)
            }
            (_, Got::Nothing) => (None, true),
            (_, Got::Zero) => (Some(value(None, goroutine.v, Tone::Plain)), goroutine.ok),
            (_, Got::Sent(sent)) => {
                let made = Shown::value(sent, goroutine.v, Tone::Good).path(path.clone());
                (Some(if fresh && !drops(goroutine) { made.tone(self.tone).strong() } else { made }), goroutine.ok)
            }
        };
        let empty = || token(format!("goroutine/{id}/v/place"), "").square().absent().path(path.clone());
        let made = made.right(name("v", if ok { Text::same("v") } else { Text::same("ok=false  v") }));
        made.right(shown.unwrap_or_else(empty))
    }
}

/// A goroutine's verdict, if there is one, and its status in words.
pub(super) fn status(machine: &GoChan, goroutine: &Goroutine) -> Text {
    match goroutine {
        Goroutine { spins: true, .. } => Text::new("spins for ever", "永远空转"),
        Goroutine { endless: true, .. } => {
            let Text { en, zh } = now(machine, goroutine);
            Text::new("never ends · ", "结束不了 · ").then(&en, &zh)
        }
        Goroutine { leaked: true, id: 1, .. } if machine.main() == Main::First => Text::new("hangs", "挂起"),
        Goroutine { leaked: true, .. } => Text::new("leaked", "泄漏"),
        _ => now(machine, goroutine),
    }
}

/// What it does now; what it waits for is quoted as the runtime prints it, in both languages.
fn now(machine: &GoChan, goroutine: &Goroutine) -> Text {
    match goroutine.status {
        Status::Waiting(reason) => Text::same(reason.text()),
        Status::Running => {
            machine.blocked_by(goroutine.id).map_or(Text::new("running", "运行中"), |(ch, holder)| {
                let name = &machine.channels[ch].name;
                Text::new(format!("spins: G{holder} holds {name}"), format!("自旋：{name} 被 G{holder} 锁着"))
            })
        }
        Status::Runnable => Text::new(goroutine.status.name(), "就绪"),
        Status::Dead => Text::new(goroutine.status.name(), "已退出"),
    }
}

fn heading(key: &str, (en, zh): (&str, &str)) -> Token {
    token(key, Text::new(en, zh)).bare()
}

/// The key of the mark that holds what a goroutine has received just now.
pub(super) fn received_key(goroutine: &Goroutine) -> String {
    match arrived_now(goroutine) {
        Some((_, Some(sent))) => format!("value/{}.{}.{}", sent.g, sent.nth, sent.slot),
        _ => format!("zero/{}", goroutine.id),
    }
}

/// Main, if it is one of those shown.
pub(super) fn is_main(machine: &GoChan, goroutine: &Goroutine) -> bool {
    machine.main() == Main::First && goroutine.id == 1
}

/// Main, having nothing to do on these channels now: it runs all the same.
fn does_other_work(machine: &GoChan, goroutine: &Goroutine) -> bool {
    let runs = goroutine.status == Status::Running && machine.dead().is_none();
    is_main(machine, goroutine) && goroutine.idle() && runs
}

/// The cases of a statement that is a `selectgo`, in the order of the source.
pub(super) fn cases_of(what: &What) -> Option<&[SelectCase]> {
    match what {
        What::Select { select, .. } if select.cases.len() != 1 || select.general => Some(&select.cases),
        _ => None,
    }
}

/// The line it is at: in a select, that of the case in hand.
fn current(goroutine: &Goroutine) -> Option<usize> {
    let case = goroutine.frame.as_ref().and_then(|frame| match frame.call {
        Call::Select => case_in_hand(frame),
        // A select of one case is the plain operation.
        _ => Some(0),
    });
    case.and_then(|case| goroutine.case_line(case)).or(goroutine.line())
}

/// The case of a select, by its number in the source, that the step was about: polled, waited on, or chosen.
fn case_in_hand(frame: &Frame) -> Option<usize> {
    if let Some(chosen) = frame.chosen {
        return frame.cases.get(chosen).map(|case| case.source);
    }
    let in_hand = match frame.pc {
        Pc::Poll | Pc::Prepare => frame.next > 0,
        Pc::Dequeue | Pc::SelectDone | Pc::Waiter | Pc::Choose | Pc::Enqueue => true,
        _ => false,
    };
    in_hand.then_some(frame.slot)
}

/// How far pass 1 has come: the place in pollorder of the case polled last.
fn polled(frame: &Frame) -> Option<usize> {
    if !matches!(frame.pc, Pc::Poll | Pc::Dequeue | Pc::SelectDone | Pc::Waiter | Pc::Choose) {
        return None;
    }
    frame.pollorder.iter().position(|index| Some(frame.cases[*index].source) == case_in_hand(frame))
}

/// Whether a line is a case that the select under way has left out, its channel being nil.
fn dropped(machine: &GoChan, goroutine: &Goroutine, line: usize) -> bool {
    let Some(frame) = goroutine.frame.as_ref().filter(|frame| frame.call == Call::Select) else { return false };
    let Some(What::Select { select, .. }) = goroutine.what() else { return false };
    let seen = |index: usize| frame.pc != Pc::Shuffle || index < frame.next;
    frame.cases.iter().enumerate().any(|(index, case)| {
        let here = select.cases.get(case.source).is_some_and(|source| source.line == line);
        here && machine.is_nil(goroutine.id, case.ch) && seen(index)
    })
}

/// The slots of a frame that hold values to be sent.
fn sends(frame: &Frame) -> Vec<(usize, i64)> {
    let all = frame.slots.iter().enumerate();
    let values = all.filter_map(|(slot, value)| Some((slot, (*value)?)));
    let sends = |slot: usize| match frame.call {
        Call::Select => frame.cases.iter().any(|case| case.source == slot && case.send),
        call => call == Call::Send,
    };
    values.filter(|(slot, _)| sends(*slot)).collect()
}

/// Whether its program has a receive that keeps the value.
fn receives(goroutine: &Goroutine) -> bool {
    goroutine.program.instrs.iter().any(|instr| match &instr.what {
        What::Op(Op::Recv { keep, .. }) => *keep,
        What::Range { .. } => true,
        What::Select { select, .. } => select.cases.iter().any(|case| case.keep),
        _ => false,
    })
}

/// Whether its statement drops what it receives.
fn drops(goroutine: &Goroutine) -> bool {
    match goroutine.what() {
        Some(What::Op(Op::Recv { keep, .. })) => !keep,
        // The case that has a value, or that was woken with one.
        Some(What::Select { select, .. }) => {
            let slots = goroutine.frame.as_ref().map(|frame| &frame.slots);
            let full = |at: &usize| slots.is_some_and(|slots| slots.get(*at).copied().flatten().is_some());
            let received = (0..select.cases.len()).find(|at| select.cases[*at].send.is_none() && full(at));
            received.is_some_and(|at| !select.cases[at].keep)
        }
        _ => false,
    }
}

/// What the receive under way has got so far.
fn arrived_now(goroutine: &Goroutine) -> Option<(i64, Option<Sent>)> {
    let frame = goroutine.frame.as_ref()?;
    let number = match frame.call {
        Call::Recv => frame.slots.first().copied().flatten(),
        Call::Select => {
            let receives = frame.cases.iter().filter(|case| !case.send);
            receives.filter_map(|case| frame.slots.get(case.source).copied().flatten()).next()
        }
        _ => None,
    };
    Some((number?, frame.got))
}

/// Whether a step brings a value to this goroutine.
fn brings(event: &Event, id: u32) -> bool {
    match *event {
        Event::SentDirectly { to: g, .. }
        | Event::WaiterZeroed { waiter: g, .. }
        | Event::TimerFired { to: g, .. }
        | Event::ReceivedDirectly { g, .. }
        | Event::SlotRead { g, .. }
        | Event::HeadTaken { g, .. }
        | Event::ZeroStored { g, .. }
        | Event::FastPathClosed { g, .. } => g == id,
        _ => false,
    }
}
