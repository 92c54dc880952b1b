//! Programs with their names resolved, and what is refused on the way.

use smol_str::SmolStr;

use crate::machine::{Refusal, within};

use super::setup::{MAX_GOROUTINES, Queued, Setup, Stmt};

/// The longest duration of a statement: an hour.
const MAX_US: u64 = 3_600_000_000;

/// The most programs, and the most channels: more than anybody can follow, and few enough to be looked at one after the
/// other.
const MAX_PROGRAMS: usize = 1000;

/// A statement with names resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// See [`Stmt::Compute`].
    Compute(u64),
    /// See [`Stmt::Loop`].
    Loop(u64),
    /// The program's number.
    Go(u16),
    /// The channel's number.
    Send(u16),
    /// The channel's number.
    Recv(u16),
    /// The channel's number.
    Close(u16),
    /// See [`Stmt::Syscall`].
    Syscall(u64),
    /// See [`Stmt::SyscallBlock`].
    SyscallBlock(u64),
    /// See [`Stmt::Net`].
    Net(u64),
    /// See [`Stmt::Sleep`].
    Sleep(u64),
    /// See [`Stmt::Gosched`].
    Gosched,
    /// See [`Stmt::Wait`].
    Wait,
    /// See [`Stmt::Again`].
    Again(u32),
}

/// A program: statements and how often each is carried out in a row.
#[derive(Clone, Debug, Default, Hash)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// The statements.
    pub code: Vec<(Code, u32)>,
    /// The statements as written, for the reader.
    pub text: Vec<String>,
    /// How many goroutines one that runs it leads to, itself included.
    pub total: u64,
}

/// Number of the main program; the others follow in the order of their names.
pub const MAIN_PROGRAM: u16 = 0;

pub(super) fn refuse<T>(en: impl Into<SmolStr>, zh: impl Into<SmolStr>) -> Result<T, Refusal> {
    Err(Refusal::new(en, zh))
}

impl Setup {
    /// The programs with names resolved, main first; refuses what no Go program could be or nobody could watch.
    pub(super) fn compile(&self) -> Result<Vec<Program>, Refusal> {
        self.check_sizes()?;
        let mut programs = vec![self.program("main", &self.main)?];
        for (name, statements) in &self.programs {
            programs.push(self.program(name, statements)?);
        }
        for (name, statements) in &self.programs {
            if let Some(at) = statements.iter().position(|stmt| *stmt == Stmt::Wait) {
                return refuse(
                    format!("program {name:?}, statement {at}: only main can Wait, for all the others"),
                    format!("程序 {name:?} 的第 {at} 条语句：只有 main 能 Wait，它等待其余全部 goroutine"),
                );
            }
        }
        self.check_queued()?;
        let mut totals = vec![Total::Unknown; programs.len()];
        for at in 0..programs.len() {
            programs[at].total = total(&programs, at, &mut totals)?;
        }
        check_growth(&programs, &self.queued)?;
        Ok(programs)
    }

    fn check_sizes(&self) -> Result<(), Refusal> {
        if !(1..=64).contains(&self.procs) {
            let procs = self.procs;
            return refuse(
                format!("GOMAXPROCS {procs}: 1 to 64 can be shown"),
                format!("GOMAXPROCS 为 {procs}：可展示 1 到 64"),
            );
        }
        let least = 1 + u32::from(self.sysmon);
        if !(least..=10_000).contains(&self.max_threads) {
            let max = self.max_threads;
            return refuse(
                format!("max_threads {max}: {least} are needed at the start, 10000 is Go's own limit"),
                format!("max_threads 为 {max}：启动时需要 {least} 个线程，Go 自身的上限是 10000"),
            );
        }
        within(self.programs.len(), MAX_PROGRAMS, ("programs", "个程序"))?;
        within(self.chans.len(), MAX_PROGRAMS, ("channels", "个 channel"))?;
        if let Some((name, cap)) = self.chans.iter().find(|(_, cap)| **cap > 1_000_000) {
            return refuse(
                format!("channel {name:?} has a capacity of {cap}; at most 1000000"),
                format!("channel {name:?} 的容量为 {cap}；最多 1000000"),
            );
        }
        if self.round_us > 1000 {
            return refuse("round_us is at most 1000: a millisecond a step", "round_us 最多为 1000：每步一毫秒");
        }
        Ok(())
    }

    fn program(&self, name: &str, statements: &[Stmt]) -> Result<Program, Refusal> {
        if statements.len() > usize::from(u16::MAX) {
            let (most, has) = (u16::MAX, statements.len());
            return refuse(
                format!("program {name:?} has {has} statements; at most {most}"),
                format!("程序 {name:?} 有 {has} 条语句；最多 {most} 条"),
            );
        }
        let mut program = Program { name: name.to_string(), ..Program::default() };
        for (at, stmt) in statements.iter().enumerate() {
            let code = self.code(stmt, 1).map_err(|Refusal { reason }| {
                let (en, zh) = (reason.en, reason.zh);
                Refusal::new(
                    format!("program {name:?}, statement {at}: {en}"),
                    format!("程序 {name:?} 的第 {at} 条语句：{zh}"),
                )
            })?;
            program.code.push(code);
            program.text.push(stmt.go());
        }
        let idle = program.code.iter().all(|(code, _)| matches!(code, Code::Again(_)));
        if idle && !program.code.is_empty() {
            return refuse(
                format!("program {name:?} does nothing but start Again"),
                format!("程序 {name:?} 只有 Again，什么也不做"),
            );
        }
        Ok(program)
    }

    fn code(&self, stmt: &Stmt, times: u32) -> Result<(Code, u32), Refusal> {
        let code = match stmt {
            Stmt::Compute(us) => Code::Compute(span(*us, 1)?),
            Stmt::Loop(us) => Code::Loop(span(*us, 1)?),
            Stmt::Syscall(us) => Code::Syscall(span(*us, 0)?),
            Stmt::SyscallBlock(us) => Code::SyscallBlock(span(*us, 0)?),
            Stmt::Net(us) => Code::Net(span(*us, 0)?),
            Stmt::Sleep(us) => Code::Sleep(span(*us, 1)?),
            Stmt::Go(name, n) => {
                if *n == 0 {
                    return refuse("`go` zero times", "`go` 的次数为 0");
                }
                return Ok((Code::Go(self.program_number(name)?), n.saturating_mul(times)));
            }
            Stmt::Send(name) => Code::Send(self.chan_number(name)?),
            Stmt::Recv(name) => Code::Recv(self.chan_number(name)?),
            Stmt::Close(name) => Code::Close(self.chan_number(name)?),
            Stmt::Gosched => Code::Gosched,
            Stmt::Wait => Code::Wait,
            Stmt::Times(0, _) => return refuse("a statement zero times", "语句的次数为 0"),
            Stmt::Times(n, inner) => match **inner {
                Stmt::Again(_) | Stmt::Times(..) | Stmt::Wait => {
                    return refuse("Times cannot hold Times, Again or Wait", "Times 里不能再放 Times、Again 或 Wait");
                }
                _ => return self.code(inner, *n),
            },
            Stmt::Again(n) => return Ok((Code::Again(*n), 1)),
        };
        Ok((code, times))
    }

    /// The number of a program.
    pub(super) fn program_number(&self, name: &str) -> Result<u16, Refusal> {
        match self.programs.keys().position(|known| known == name) {
            Some(at) => number(at + 1, "program", "程序"),
            None => {
                let known: Vec<_> = self.programs.keys().map(String::as_str).collect();
                let known = known.join(", ");
                refuse(
                    format!("there is no program {name:?}; there are: {known}"),
                    format!("没有名为 {name:?} 的程序；已有：{known}"),
                )
            }
        }
    }

    fn chan_number(&self, name: &str) -> Result<u16, Refusal> {
        match self.chans.keys().position(|known| known == name) {
            Some(at) => number(at, "channel", " channel"),
            None => refuse(
                format!("there is no channel {name:?} in `chans`"),
                format!("`chans` 里没有名为 {name:?} 的 channel"),
            ),
        }
    }

    fn check_queued(&self) -> Result<(), Refusal> {
        let mut local = vec![0u32; self.procs as usize];
        let (mut running, mut next) = (vec![false; self.procs as usize], vec![false; self.procs as usize]);
        for queued in &self.queued {
            let (p, name) = match queued {
                Queued::Local(p, name, _) | Queued::Runnext(p, name) | Queued::Running(p, name) => (*p, name),
                Queued::Global(name, _) => (0, name),
            };
            self.program_number(name)?;
            let Some(at) = (p < self.procs).then_some(p as usize) else {
                let procs = self.procs;
                return refuse(
                    format!("{queued:?}: there are {procs} Ps, numbered from 0"),
                    format!("{queued:?}：共有 {procs} 个 P，从 0 起编号"),
                );
            };
            match queued {
                Queued::Local(_, _, n) => local[at] = local[at].saturating_add(*n),
                Queued::Runnext(..) if std::mem::replace(&mut next[at], true) => {
                    return refuse(
                        format!("P{p} has one runnext, not two"),
                        format!("P{p} 只有一个 runnext，放不下两个"),
                    );
                }
                Queued::Running(..) if p == 0 || std::mem::replace(&mut running[at], true) => {
                    return refuse(
                        format!("{queued:?}: that P is running another goroutine (main runs on P0)"),
                        format!("{queued:?}：这个 P 已在运行别的 goroutine（main 在 P0 上）"),
                    );
                }
                _ => {}
            }
            if local[at] > 256 {
                return refuse(
                    format!("the ring of P{p} holds 256 goroutines, not {}", local[at]),
                    format!("P{p} 的环形队列只能放 256 个 goroutine，放不下 {} 个", local[at]),
                );
            }
        }
        Ok(())
    }
}

/// The number of a program or of a channel, which has 16 bits here.
fn number(at: usize, en: &str, zh: &str) -> Result<u16, Refusal> {
    u16::try_from(at).or_else(|_| {
        let most = u16::MAX;
        refuse(
            format!("{en} number {at}: they are numbered up to {most}"),
            format!("第 {at} 个{zh}：编号最大为 {most}"),
        )
    })
}

fn span(us: u64, least: u64) -> Result<u64, Refusal> {
    if (least..=MAX_US).contains(&us) {
        return Ok(us);
    }
    refuse(
        format!("{us} µs: a duration is {least} to {MAX_US} µs"),
        format!("{us} µs：时长应为 {least} 到 {MAX_US} µs"),
    )
}

/// What is known of a program's total.
#[derive(Clone, Copy, PartialEq)]
enum Total {
    Unknown,
    UnderWay,
    Known(u64),
}

/// How many goroutines a program leads to, itself included; each program is looked at once. A goroutine that ends by
/// starting one successor (`go` once, last) counts once: the number alive does not grow.
fn total(programs: &[Program], at: usize, totals: &mut [Total]) -> Result<u64, Refusal> {
    let program = &programs[at];
    match totals[at] {
        Total::Known(sum) => return Ok(sum),
        Total::UnderWay => {
            let name = &program.name;
            return refuse(
                format!("program {name:?} starts itself again and again: only a last `go` of one successor may"),
                format!("程序 {name:?} 会不断启动自己：只允许在结尾用 go 启动一个后继"),
            );
        }
        Total::Unknown => totals[at] = Total::UnderWay,
    }
    let mut sum = 1u64;
    let rounds = program.code.iter().map(|(code, _)| if let Code::Again(n) = code { *n } else { 0 }).max();
    let rounds = 1 + u64::from(rounds.unwrap_or(0));
    let only = program.code.iter().filter(|(code, _)| matches!(code, Code::Go(_))).count() == 1;
    for (index, (code, times)) in program.code.iter().enumerate() {
        let Code::Go(next) = *code else { continue };
        let last = *times == 1 && rounds == 1 && index + 1 == program.code.len();
        if last && only && at != 0 {
            continue;
        }
        let children = total(programs, usize::from(next), totals)?.saturating_mul(u64::from(*times));
        sum = sum.saturating_add(children.saturating_mul(rounds));
    }
    totals[at] = Total::Known(sum);
    Ok(sum)
}

/// How many goroutines the whole setup leads to.
pub(super) fn all_goroutines(programs: &[Program], queued: &[Queued]) -> u64 {
    let mut sum = programs[0].total;
    for queued in queued {
        let (name, n) = match queued {
            Queued::Local(_, name, n) | Queued::Global(name, n) => (name, *n),
            Queued::Runnext(_, name) | Queued::Running(_, name) => (name, 1),
        };
        let total = programs.iter().skip(1).find(|program| program.name == *name).map_or(0, |program| program.total);
        sum = sum.saturating_add(total.saturating_mul(u64::from(n)));
    }
    sum
}

fn check_growth(programs: &[Program], queued: &[Queued]) -> Result<(), Refusal> {
    let sum = all_goroutines(programs, queued);
    within(sum as usize, MAX_GOROUTINES as usize, ("goroutines that programs start", "个由程序启动的 goroutine"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Channels, programs and statements have numbers of 16 bits: what does not fit is refused, never another one.
    #[test]
    fn no_number_wraps() {
        let many = 70_000;
        let names = || (0..many).map(|n| format!("n{n:05}"));
        let last = format!("n{:05}", many - 1);
        let chans = Setup { chans: names().map(|name| (name, 1)).collect(), ..Setup::default() };
        let programs = names().map(|name| (name, vec![Stmt::Gosched])).collect();
        let programs = Setup { programs, ..Setup::default() };
        for (setup, main, what) in [
            (chans, vec![Stmt::Send(last.clone())], "channel"),
            (programs, vec![Stmt::Go(last, 1)], "program"),
            (Setup::default(), vec![Stmt::Gosched; many], "statements"),
        ] {
            let refusal = Setup { main, ..setup }.compile().map(drop).unwrap_err();
            assert!(refusal.reason.en.contains(what), "{}", refusal.reason.en);
        }
        assert_eq!(number(65_535, "channel", " channel"), Ok(u16::MAX));
        assert!(number(65_536, "channel", " channel").is_err());
    }
}
