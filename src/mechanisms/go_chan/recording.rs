//! Replays recordings of Go 1.23.9's channels: what completed, in which order, and every hchan after every operation.
//!
//! An operation begins when all other goroutines are parked. The recorded goroutines never end and recover from every
//! panic; they ran on one P. Selects were made through `reflect.Select`, so that even one case goes through `selectgo`;
//! non-blocking operations are selects of one case and default.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::machine::Machine;
use crate::replay::{self, Comparing, Recording, RecordingError, Replay, Report};

use super::event::Event;
use super::goroutine::{Goroutine, Status};
use super::hchan::{Hchan, Queue, Waiter};
use super::program::{Select, SelectCase};
use super::setup::{Case, Main, Routine, Statement, Value};
use super::state::GoChan;

impl Replay for GoChan {
    const WHAT: (&'static str, &'static str) = (
        "what completed, in which order, and every hchan after every operation",
        "每次操作之后哪些操作完成、完成的顺序，以及每个 hchan",
    );

    fn accepts(header: &Json) -> bool {
        header["mechanism"] == "chan"
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let header = read_header(&recording)?;
        let mut replay = Run::start(&header)?;
        replay.chosen = chosen(recording);
        recording.each(header.ops, |line| {
            replay.line(line)?;
            Ok(replay.report.operations)
        })?;
        Ok(replay.report)
    }
}

#[derive(Deserialize)]
struct Header {
    caps: Vec<u32>,
    workers: usize,
    ops: usize,
}

impl Header {
    /// Slots of all channels.
    fn slots(&self) -> usize {
        self.caps.iter().fold(0, |sum, cap| sum.saturating_add(*cap as usize))
    }
}

fn read_header(recording: &Recording) -> Result<Header, RecordingError> {
    let header: Header = recording.header()?;
    if header.slots().saturating_add(header.caps.len()).saturating_add(header.workers) > MOST {
        return Err(RecordingError::new(1, too_many()));
    }
    Ok(header)
}

/// Slots of all channels, channels and goroutines together.
const MOST: usize = 1 << 16;

fn too_many() -> String {
    format!("more than {MOST} slots, channels and goroutines together cannot be replayed")
}

/// What a whole recording may copy to try the orders of selects' cases, in bytes: the recordings there are copy 10 MB.
const MOST_COPIED: usize = 1 << 29;

/// One operation, as recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    i: u64,
    g: u32,
    #[serde(borrow)]
    op: &'a str,
    ch: Option<i64>,
    v: Option<i64>,
    cases: Option<Vec<CaseLine<'a>>>,
    #[serde(default)]
    default: bool,
    #[serde(borrow)]
    done: Vec<Done<'a>>,
    chans: Vec<Chan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseLine<'a> {
    ch: i64,
    dir: &'a str,
    v: Option<i64>,
}

/// A completed operation.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Done<'a> {
    g: u32,
    i: u64,
    op: &'a str,
    v: Option<i64>,
    ok: Option<bool>,
    sel: Option<bool>,
    case: Option<i64>,
    len: Option<u32>,
    cap: Option<u32>,
    panic: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chan {
    qcount: u32,
    dataqsiz: u32,
    sendx: u32,
    recvx: u32,
    closed: u32,
    buf: Vec<i64>,
    recvq: Vec<Waits>,
    sendq: Vec<Waits>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waits {
    g: u32,
    #[serde(default)]
    sel: bool,
    v: Option<i64>,
}

struct Run {
    machine: GoChan,
    /// Channels of the recording; one more, the last, is nil.
    channels: usize,
    /// Slots of all channels.
    slots: usize,
    /// Of each goroutine the number and the kind of the operation that it is in.
    under_way: Vec<(u64, String)>,
    /// The case that each select will have chosen when it completes, by the number of the operation.
    chosen: BTreeMap<u64, usize>,
    /// Bytes copied so far to try orders.
    copied: usize,
    report: Report,
}

/// What the selects of a recording will choose. Lines that cannot be read are told later.
fn chosen(recording: Recording) -> BTreeMap<u64, usize> {
    let read = recording.lines().filter_map(|line| line.read::<Line>().ok());
    let done = read.flat_map(|line| line.done.iter().map(|done| (done.i, done.case)).collect::<Vec<_>>());
    done.filter_map(|(i, case)| Some((i, usize::try_from(case?).ok()?))).collect()
}

impl Run {
    fn start(header: &Header) -> Result<Run, RecordingError> {
        let named = |(n, cap): (usize, &u32)| Hchan::new(format!("c{n}").into(), *cap, false);
        let mut channels: Vec<Hchan> = header.caps.iter().enumerate().map(named).collect();
        channels.push(Hchan::new("null".into(), 0, true));
        let machine = GoChan::with(channels, Main::Elsewhere, 0);
        let mut run = Run {
            machine,
            channels: header.caps.len(),
            slots: header.slots(),
            under_way: Vec::new(),
            chosen: BTreeMap::new(),
            copied: 0,
            report: Report::default(),
        };
        run.workers(1, header.workers)?;
        Ok(run)
    }

    /// Goroutines wait for commands in the recorded program: here they are idle.
    fn workers(&mut self, line: usize, count: usize) -> Result<(), RecordingError> {
        while self.machine.goroutines().len() < count {
            let routine = Routine { recovers: true, ..Routine::default() };
            self.machine.add(&routine).map_err(|refusal| RecordingError::new(line, refusal.reason.en))?;
            self.under_way.push((0, String::new()));
        }
        (self.machine.runnext, self.machine.runq) = (None, Default::default());
        self.machine.gs.iter_mut().filter(|g| g.status == Status::Runnable).for_each(|g| g.status = Status::Running);
        Ok(())
    }

    fn line(&mut self, text: replay::Line) -> Result<(), RecordingError> {
        let (at, fail) = (text.number, |cause: String| text.fault(cause));
        let line: Line = text.read()?;
        let next = self.machine.goroutines().len() + 1;
        if line.g == 0 || line.g as usize > next {
            return Err(fail(format!("there is no goroutine {}; the next one would be {next}", line.g)));
        }
        if line.g as usize == next && self.slots + self.channels + next > MOST {
            return Err(fail(too_many()));
        }
        self.workers(at, line.g as usize)?;
        if !self.machine.goroutine(line.g).is_some_and(Goroutine::idle) {
            return Err(fail(format!("goroutine {} is in the middle of an operation", line.g)));
        }
        self.report.operations += 1;
        self.under_way[line.g as usize - 1] = (line.i, line.op.to_string());
        let orders = self.doubtful_orders(&line).map_err(fail)?;
        let before = (orders.len() > 1).then(|| (self.machine.clone(), self.report.clone()));
        let mismatches = self.report.mismatches;
        for order in &orders {
            if let Some(before) = &before {
                self.copied = self.copied.saturating_add(before.0.bytes());
                if self.copied > MOST_COPIED {
                    let (orders, most) = (orders.len(), MOST_COPIED >> 20);
                    let cause = format!("{orders} orders of a select's cases: copying the machine for each takes");
                    return Err(fail(format!("{cause} more than the {most} MiB that one recording may")));
                }
                (self.machine, self.report) = before.clone();
            }
            self.give(&line).map_err(fail)?;
            self.machine.g_mut(line.g).poll_order = order.clone();
            let done = self.run(line.g);
            self.compare(at, &line, &done)?;
            if self.report.mismatches == mismatches && self.chosen_is_first(&line) {
                break;
            }
        }
        Ok(())
    }

    fn channel(&self, ch: Option<i64>) -> Result<usize, String> {
        let ch = ch.ok_or("`ch` is missing")?;
        match usize::try_from(ch) {
            Err(_) if ch == -1 => Ok(self.channels),
            Ok(ch) if ch < self.channels => Ok(ch),
            _ => Err(format!("there is no channel {ch}")),
        }
    }

    /// Of the cases that wait in one queue the first one is chosen: whether it is the one that will be.
    fn chosen_is_first(&self, line: &Line) -> bool {
        let waiting = &self.machine.g(line.g).waiting;
        let Some(case) = self.chosen.get(&line.i) else { return true };
        let Some(chosen) = waiting.iter().find(|sudog| sudog.case == Some(*case)) else { return true };
        let first = waiting.iter().find(|sudog| (sudog.ch, sudog.send) == (chosen.ch, chosen.send));
        first.is_some_and(|sudog| sudog.case == Some(*case))
    }

    /// Two cases of one select in one queue stand there in an order that Go drew, and that shows at once (values to be
    /// sent) or only when one of them is chosen: every order is tried.
    fn doubtful_orders(&self, line: &Line) -> Result<Vec<Option<Vec<usize>>>, String> {
        let cases = line.cases.as_deref().unwrap_or(&[]);
        let twice = |(n, case): (usize, &CaseLine)| {
            cases[..n].iter().any(|other| other.ch >= 0 && (other.ch, other.dir) == (case.ch, case.dir))
        };
        if !cases.iter().enumerate().any(twice) || cases.len() > 7 {
            return Ok(vec![None]);
        }
        let open: Vec<usize> = (0..cases.len()).filter(|n| cases[*n].ch >= 0).collect();
        let mut orders = vec![Vec::new()];
        for _ in 0..open.len() {
            let longer = |order: &Vec<usize>| {
                let rest = open.iter().filter(|case| !order.contains(case));
                rest.map(|case| [&order[..], &[*case]].concat()).collect::<Vec<_>>()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        Ok(orders.into_iter().map(Some).collect())
    }

    /// Adds the operation to the goroutine's program.
    fn give(&mut self, line: &Line) -> Result<(), String> {
        let goroutine = self.machine.g_mut(line.g);
        // What it has done before is of no use any more.
        goroutine.program = Default::default();
        goroutine.at = 0;
        if line.op == "select" {
            let mut select = Select { block: !line.default, general: true, ..Select::default() };
            for case in line.cases.as_deref().ok_or("`cases` is missing")? {
                let send = match case.dir {
                    "send" => Some(Value::Int(case.v.ok_or("`v` of a case that sends is missing")?)),
                    "recv" => None,
                    other => return Err(format!("unknown direction {other:?}; known are send and recv")),
                };
                select.cases.push(SelectCase { ch: self.channel(Some(case.ch))?, send, keep: true, line: 0 });
            }
            let empty = select.cases.is_empty() && select.block;
            if empty {
                return Err(String::from("a select without cases blocks for ever"));
            }
            self.machine.g_mut(line.g).program.append_select(select);
            return Ok(());
        }
        let name = self.machine.name(self.channel(line.ch)?).to_string();
        let value = || line.v.map(Value::Int).ok_or("`v` is missing");
        let statement = match line.op {
            "send" => Statement::Send(name, value()?),
            "recv" => Statement::Recv(name),
            "close" => Statement::Close(name),
            "trysend" => Statement::Select(vec![Case::Send(name, value()?, Vec::new()), Case::Default(Vec::new())]),
            "tryrecv" => Statement::Select(vec![Case::Recv(name, Vec::new()), Case::Default(Vec::new())]),
            "len" => Statement::Len(name),
            other => return Err(format!("unknown operation {other:?}")),
        };
        let names: Vec<_> = self.machine.channels().iter().map(|channel| channel.name.clone()).collect();
        let goroutine = self.machine.g_mut(line.g);
        goroutine.program.append(&[statement], &names, 0).map_err(|refusal| refusal.reason.en.into())
    }

    /// One P: the goroutine until it is idle or parked, then whoever is in `runnext` or at the head of the queue.
    fn run<'a>(&mut self, first: u32) -> Vec<Done<'a>> {
        let mut done = Vec::new();
        let mut next = Some(first);
        while let Some(g) = next {
            while self.machine.can_run(g) && !self.machine.g(g).idle() {
                let Some(event) = self.machine.advance(g) else { break };
                self.report.met(&event);
                done.extend(self.completed(&event));
            }
            next = self.machine.runnext().or(self.machine.runq().front().copied());
        }
        done
    }

    /// The completion that an event means, but for the name of the operation.
    fn completed<'a>(&self, event: &Event) -> Option<Done<'a>> {
        let done = Done { g: event.goroutine(), ..Done::default() };
        let (i, op) = &self.under_way[done.g as usize - 1];
        let done = Done { i: *i, ..done };
        let tries = op == "trysend" || op == "tryrecv";
        let receives = op == "tryrecv";
        Some(match *event {
            Event::SendReturned { .. } | Event::CloseReturned { .. } => done,
            Event::ReceiveReturned { value, ok, .. } => Done { v: Some(value), ok: Some(ok), ..done },
            Event::SelectReturned { value, ok, sends, case, .. } => {
                let got = (!sends).then_some((value, ok));
                let sel = tries.then_some(true);
                let case = (!tries).then_some(case as i64);
                Done { v: got.map(|got| got.0), ok: got.map(|got| got.1), sel, case, ..done }
            }
            Event::DefaultReturned { .. } if tries => {
                Done { sel: Some(false), v: receives.then_some(0), ok: receives.then_some(false), ..done }
            }
            Event::DefaultReturned { .. } => Done { case: Some(-1), ..done },
            // The recorder asks for both; the machine has one statement for each.
            Event::LenRead { ref ch, len, .. } => {
                let cap = self.machine.channel(ch).map(|channel| channel.dataqsiz);
                Done { len: Some(len), cap, ..done }
            }
            Event::Recovered { message, .. } => Done { panic: message.strip_prefix("panic: "), ..done },
            _ => return None,
        })
    }

    fn compare(&mut self, at: usize, line: &Line, done: &[Done]) -> Result<(), RecordingError> {
        if line.chans.len() != self.channels {
            let (listed, made) = (line.chans.len(), self.channels);
            return Err(RecordingError::new(at, format!("{listed} channels are listed, {made} were made")));
        }
        let (under_way, machine) = (&self.under_way, &self.machine);
        let mut compare = self.report.at(at, line.op);
        compare.same("number of completions", &line.done.len(), &done.len());
        for (n, (recorded, got)) in line.done.iter().zip(done).enumerate() {
            let op = under_way.get(got.g as usize - 1).map_or("", |(_, op)| op.as_str());
            compare.same(&format!("done[{n}]"), recorded, &Done { op, ..got.clone() });
        }
        for (n, recorded) in line.chans.iter().enumerate() {
            compare_channel(&mut compare, machine, n, recorded);
        }
        Ok(())
    }
}

fn compare_channel(compare: &mut Comparing, machine: &GoChan, n: usize, recorded: &Chan) {
    let c = &machine.channels[n];
    let field = |name: &str| format!("chans[{n}].{name}");
    compare.same(&field("qcount"), &recorded.qcount, &c.qcount);
    compare.same(&field("dataqsiz"), &recorded.dataqsiz, &c.dataqsiz);
    compare.same(&field("sendx"), &recorded.sendx, &c.sendx);
    compare.same(&field("recvx"), &recorded.recvx, &c.recvx);
    compare.same(&field("closed"), &recorded.closed, &u32::from(c.closed));
    compare.same(&field("buf"), &recorded.buf, &c.buf);
    for (queue, expected) in [(Queue::Recvq, &recorded.recvq), (Queue::Sendq, &recorded.sendq)] {
        let waits = |waiter: &Waiter| Waits {
            g: waiter.g,
            sel: machine.sudog(*waiter).is_some_and(|sudog| sudog.is_select),
            v: machine.value_to_send(*waiter),
        };
        compare.same(&field(queue.field()), expected, &c.queue(queue).iter().map(waits).collect());
    }
}
