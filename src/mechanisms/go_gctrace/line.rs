//! One line of gctrace, read as `gcMarkTermination` prints it.

use serde::Serialize;

/// The most digits of a whole number, and of the whole part of a time: 10^9 MB, and 10^9 ms of all CPUs, are beyond any machine.
const DIGITS: usize = 9;

/// The figures of one cycle, as they are printed. Times are exact: gctrace prints milliseconds with three decimals at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Cycle {
    /// The cycle's number in its process, from 1.
    pub n: u64,
    /// When it began, in ms since the program started.
    pub at_ms: u64,
    /// The collector's share of the CPU since the program started, in percent, without idle workers.
    pub gc_percent: u64,
    /// Wall clock of sweep termination, with the world stopped, in µs.
    pub sweep_us: u64,
    /// Wall clock of concurrent mark, in µs.
    pub mark_us: u64,
    /// Wall clock of mark termination, with the world stopped, in µs.
    pub term_us: u64,
    /// CPU of sweep termination: its wall clock times the Ps, in µs.
    pub sweep_cpu_us: u64,
    /// CPU that goroutines spent marking because they allocated, in µs.
    pub assist_us: u64,
    /// CPU of dedicated and fractional workers, in µs.
    pub worker_us: u64,
    /// CPU of workers on Ps that had nothing else to do, in µs.
    pub idle_us: u64,
    /// CPU of mark termination, in µs.
    pub term_cpu_us: u64,
    /// The heap when the cycle began, in MB (2^20 bytes, rounded down, as the other sizes).
    pub start_mb: u64,
    /// The heap when marking ended.
    pub end_mb: u64,
    /// What was marked: the live heap.
    pub live_mb: u64,
    /// The size that the heap was not to exceed.
    pub goal_mb: u64,
    /// Stacks to be scanned; not printed by old releases.
    pub stacks_mb: Option<u64>,
    /// Globals to be scanned; not printed by old releases.
    pub globals_mb: Option<u64>,
    /// GOMAXPROCS.
    pub procs: u64,
    /// Whether the program asked for it with `runtime.GC()`.
    pub forced: bool,
    /// Whether the cycle looked for leaked goroutines: Go 1.27.
    pub leaks: bool,
    /// The line's number in the file, from 1.
    pub number: u32,
    /// The line, without what stands before and behind.
    pub line: String,
}

/// Where in a line it is no gctrace line, from 0, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The byte, from 0.
    pub at: usize,
    /// What is expected there.
    pub cause: String,
}

impl Cycle {
    /// Both pauses, in µs.
    pub fn stw_us(&self) -> u64 {
        self.sweep_us + self.term_us
    }

    /// All wall clock, in µs.
    pub fn clock_us(&self) -> u64 {
        self.stw_us() + self.mark_us
    }

    /// CPU that somebody else could have used: all but that of idle workers, in µs.
    pub fn cpu_us(&self) -> u64 {
        self.sweep_cpu_us + self.assist_us + self.worker_us + self.term_cpu_us
    }

    /// When it ended, in µs since the program started.
    pub fn end_us(&self) -> u64 {
        self.at_ms * 1_000 + self.clock_us()
    }
}

/// Where a line of gctrace begins within a line of a log: at the first `gc 7 @0`. What stands before is a prefix of the log's, or
/// what the program itself wrote without ending its line.
pub fn begins(line: &str) -> Option<usize> {
    let mut found = line.match_indices("gc ").map(|(at, _)| at);
    found.find(|at| {
        let rest = &line[at + 3..];
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = behind.len() < rest.len();
        number && behind.strip_prefix(" @").is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Reads the cycle that begins at this byte of a line.
pub fn read(line: &str, from: usize, number: u32) -> Result<Cycle, Wrong> {
    let mut cursor = Cursor { line, at: from };
    let c = &mut cursor;
    c.word("gc ")?;
    let n = c.whole(DIGITS)?;
    c.word(" @")?;
    let at_ms = c.thousandths()?;
    c.word("s ")?;
    let gc_percent = c.whole(3)?;
    c.word("%")?;
    let leaks = c.maybe(" (checking for goroutine leaks)");
    c.word(": ")?;
    let [sweep_us, mark_us, term_us] = [c.thousandths()?, c.then("+")?, c.then("+")?];
    c.word(" ms clock, ")?;
    let [sweep_cpu_us, assist_us] = [c.thousandths()?, c.then("+")?];
    let [worker_us, idle_us, term_cpu_us] = [c.then("/")?, c.then("/")?, c.then("+")?];
    c.word(" ms cpu, ")?;
    let start_mb = c.whole(DIGITS)?;
    c.word("->")?;
    let end_mb = c.whole(DIGITS)?;
    c.word("->")?;
    let live_mb = c.whole(DIGITS)?;
    c.word(" MB, ")?;
    let goal_mb = c.whole(DIGITS)?;
    c.word(" MB goal, ")?;
    let mut procs = c.whole(DIGITS)?;
    let (mut stacks_mb, mut globals_mb) = (None, None);
    if c.maybe(" MB stacks, ") {
        stacks_mb = Some(procs);
        globals_mb = Some(c.whole(DIGITS)?);
        c.word(" MB globals, ")?;
        procs = c.whole(DIGITS)?;
    }
    if procs == 0 || procs > 1_000_000 {
        return c.wrong("a number of Ps from 1 to 1000000");
    }
    c.word(" P")?;
    if line[c.at..].starts_with(|c: char| c.is_alphanumeric()) {
        return c.wrong("the end of the line");
    }
    let forced = c.maybe(" (forced)");
    let line = line[from..c.at].to_owned();
    Ok(Cycle {
        n,
        at_ms,
        gc_percent,
        sweep_us,
        mark_us,
        term_us,
        sweep_cpu_us,
        assist_us,
        worker_us,
        idle_us,
        term_cpu_us,
        start_mb,
        end_mb,
        live_mb,
        goal_mb,
        stacks_mb,
        globals_mb,
        procs,
        forced,
        leaks,
        number,
        line,
    })
}

struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn wrong<T>(&self, expected: &str) -> Result<T, Wrong> {
        Err(Wrong { at: self.at, cause: format!("{expected} is expected") })
    }

    fn maybe(&mut self, words: &str) -> bool {
        let there = self.line[self.at..].starts_with(words);
        self.at += if there { words.len() } else { 0 };
        there
    }

    fn word(&mut self, words: &str) -> Result<(), Wrong> {
        if self.maybe(words) { Ok(()) } else { self.wrong(&format!("`{words}`")) }
    }

    /// The digits that stand here.
    fn digits(&mut self, most: usize) -> Result<u64, Wrong> {
        let rest = &self.line[self.at..];
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest[..end].parse().ok().filter(|_| end <= most);
        let Some(number) = number else { return self.wrong(&format!("a number of 1 to {most} digits")) };
        self.at += end;
        Ok(number)
    }

    /// A whole number, which no decimals follow.
    fn whole(&mut self, most: usize) -> Result<u64, Wrong> {
        let number = self.digits(most)?;
        if self.line[self.at..].starts_with('.') { self.wrong("a whole number") } else { Ok(number) }
    }

    /// A time with up to three decimals, in thousandths.
    fn thousandths(&mut self) -> Result<u64, Wrong> {
        let whole = self.digits(DIGITS)? * 1_000;
        if !self.maybe(".") {
            return Ok(whole);
        }
        let from = self.at;
        let decimals = self.digits(3)?;
        Ok(whole + decimals * [1_000, 100, 10, 1][(self.at - from).min(3)])
    }

    fn then(&mut self, sign: &str) -> Result<u64, Wrong> {
        self.word(sign)?;
        self.thousandths()
    }
}
