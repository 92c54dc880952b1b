//! Replays recordings of Go 1.23.9's scheduler with one P: the order in which goroutines ran.
//!
//! The form of a recording: a header with programs, channels and `schedtick` when main begins and when it ends; then
//! the log, pairs of goroutine and statement before every statement and at the end of every goroutine. Goroutine 0 is
//! main there and G1 here.

use serde::Deserialize;
use serde_json::Value;

use crate::machine::Machine;
use crate::replay::{Recording, RecordingError, Replay, Report};

use super::setup::{Setup, Stmt};
use super::state::GoSched;

/// Steps after which a run that has not ended is taken for endless.
const MAX_STEPS: u64 = 20_000_000;

impl Replay for GoSched {
    const WHAT: (&'static str, &'static str) =
        ("the order in which goroutines ran on one P", "单个 P 上 goroutine 运行的先后顺序");

    fn accepts(header: &Value) -> bool {
        header["mechanism"] == "sched" && header["gomaxprocs"] == 1 && header["schedtick"].is_u64()
    }

    fn replay(recording: Recording) -> Result<Report, RecordingError> {
        let mut lines = recording.text().lines();
        let header = read_header(lines.next().unwrap_or(""))?;
        let log = run(&header)?;
        let mut report = Report::default();
        let mut line = 1;
        let mut at = 0;
        for text in lines.filter(|text| !text.trim().is_empty()) {
            line += 1;
            let recorded: Line = serde_json::from_str(text)
                .map_err(|error| RecordingError::new(line, format!("not readable: {error}")))?;
            if recorded.from != at {
                let cause = format!("the log continues at entry {}, not {at}", recorded.from);
                return Err(RecordingError::new(line, cause));
            }
            for expected in recorded.log {
                let got = log.0.get(at).copied();
                report.operations += 1;
                report.compare(got == Some(expected), line, &format!("entry {at}"), "[goroutine, action]", || {
                    (show(Some(expected)), show(got))
                });
                at += 1;
            }
        }
        if at != header.events {
            let cause = format!("the recording ends after {at} of {} entries", header.events);
            return Err(RecordingError::new(line, cause));
        }
        let mut end = |field: &str, expected: u64, got: u64| {
            report.compare(expected == got, line, "end", field, || (expected.to_string(), got.to_string()));
        };
        end("number of entries", at as u64, log.0.len() as u64);
        end("schedtick_end", header.schedtick_end, u64::from(log.1));
        Ok(report)
    }
}

fn show(entry: Option<(u32, u32)>) -> String {
    entry.map_or(String::from("nothing"), |(g, action)| format!("[{g}, {action}]"))
}

/// An action of a recorded program: name, argument, count.
type Recorded = (String, u32, u32);

#[derive(Deserialize)]
struct Header {
    programs: Vec<Vec<Recorded>>,
    chans: Vec<u32>,
    schedtick: u32,
    schedtick_end: u64,
    events: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    from: usize,
    log: Vec<(u32, u32)>,
}

fn read_header(text: &str) -> Result<Header, RecordingError> {
    let value = crate::replay::header(text)?;
    if !GoSched::accepts(&value) {
        let (mechanism, procs) = (&value["mechanism"], &value["gomaxprocs"]);
        let cause = format!("mechanism {mechanism}, gomaxprocs {procs}: this is no run order of one P (sched, 1)");
        return Err(RecordingError::new(1, cause));
    }
    Header::deserialize(value).map_err(|error| RecordingError::new(1, format!("the header: {error}")))
}

/// Runs the recorded programs; the log and the P's last `schedtick`.
fn run(header: &Header) -> Result<(Vec<(u32, u32)>, u32), RecordingError> {
    let fail = |cause: String| RecordingError::new(1, cause);
    let statements = |actions: &[Recorded]| actions.iter().map(statement).collect::<Result<Vec<_>, _>>();
    let Some((main, others)) = header.programs.split_first() else {
        return Err(fail(String::from("there is no program")));
    };
    let mut setup = Setup {
        procs: 1,
        chans: header.chans.iter().enumerate().map(|(at, cap)| (chan(at as u32), *cap)).collect(),
        main: statements(main)?,
        schedtick: header.schedtick,
        sysmon: false,
        programs: Default::default(),
        ..Setup::default()
    };
    for (at, actions) in others.iter().enumerate() {
        setup.programs.insert(program(at as u32 + 1), statements(actions)?);
    }
    let mut machine = GoSched::start(&setup).map_err(|refusal| fail(refusal.reason.en))?;
    machine.log = Some(Vec::new());
    let mut steps = 0;
    while machine.dead().is_none() && steps < MAX_STEPS && machine.turn_step().is_some() {
        steps += 1;
    }
    Ok((machine.log.take().unwrap_or_default(), machine.ps()[0].schedtick))
}

/// Names sort as numbers do.
fn program(number: u32) -> String {
    format!("p{number:04}")
}

fn chan(number: u32) -> String {
    format!("c{number:04}")
}

fn statement((name, argument, count): &Recorded) -> Result<Stmt, RecordingError> {
    let one = match name.as_str() {
        "go" => return Ok(Stmt::Go(program(*argument), *count)),
        "wait" => return Ok(Stmt::Wait),
        "yield" => Stmt::Gosched,
        "send" => Stmt::Send(chan(*argument)),
        "recv" => Stmt::Recv(chan(*argument)),
        "close" => Stmt::Close(chan(*argument)),
        other => return Err(RecordingError::new(1, format!("action {other:?} is not known"))),
    };
    Ok(if *count == 1 { one } else { Stmt::Times(*count, Box::new(one)) })
}
