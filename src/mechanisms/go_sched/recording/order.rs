//! One P: the order in which goroutines ran.
//!
//! A header with programs, channels and `schedtick` when main begins and when it ends; then the log, pairs of goroutine
//! and statement before every statement and at the end of every goroutine. Goroutine 0 is main there and G1 here.

use serde::Deserialize;

use crate::machine::{Budget, Machine, Progress};
use crate::replay::{Recording, RecordingError, Report};

use crate::mechanisms::go_sched::setup::{Setup, Stmt};
use crate::mechanisms::go_sched::state::GoSched;

pub(super) fn replay(recording: Recording) -> Result<Report, RecordingError> {
    let header: Header = recording.header()?;
    let mut report = Report::default();
    let (log, schedtick) = run(&header, &mut report)?;
    let (mut number, mut at) = (1, 0);
    for line in recording.lines() {
        number = line.number;
        let recorded: Line = line.read()?;
        if recorded.from != at {
            return Err(line.fault(format!("the log continues at entry {}, not {at}", recorded.from)));
        }
        for expected in recorded.log {
            report.operations += 1;
            report.at(number, &format!("entry {at}")).same(
                "[goroutine, action]",
                &Some(expected),
                &log.get(at).copied(),
            );
            at += 1;
        }
    }
    if at != header.events {
        let cause = format!("the recording ends after {at} of {} entries", header.events);
        return Err(RecordingError::new(number, cause));
    }
    let mut end = report.at(number, "end");
    end.same("number of entries", &at, &log.len());
    end.same("schedtick_end", &header.schedtick_end, &u64::from(schedtick));
    Ok(report)
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

/// Runs the recorded programs; the log and the P's last `schedtick`.
fn run(header: &Header, report: &mut Report) -> Result<(Vec<(u32, u32)>, u32), RecordingError> {
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
    let mut machine = GoSched::start(&setup).map_err(|refusal| fail(refusal.reason.en.into()))?;
    machine.log = Some(Vec::new());
    let most = Budget::SCENE.work;
    for _ in 0..most {
        // One entry more than was recorded is a difference already.
        if machine.dead().is_some() || machine.log.as_ref().is_some_and(|log| log.len() > header.events) {
            break;
        }
        match machine.turn_step() {
            Progress::Step(event) => report.met(&event),
            Progress::Worked => {}
            Progress::Done => break,
        }
    }
    if machine.dead().is_none()
        && machine.next_m().is_some()
        && machine.log.as_ref().is_some_and(|log| log.len() <= header.events)
    {
        return Err(fail(format!(
            "the programs do not end within {most} steps of the machine, all that a recording may take"
        )));
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
