//! Programs: statements as Go would write them, and what a goroutine carries out of them.

use crate::machine::{Refusal, refuse, within};

use super::hchan::Name;
use super::setup::{Case, MAX_CHANNELS, MAX_LINES, Statement, Value, check_statements};

/// One line of a program's text.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Line {
    /// How deep it stands inside other statements.
    pub indent: u8,
    /// The text in Go, without indentation.
    pub text: String,
}

/// A program, compiled.
#[derive(Clone, Debug, Default, Hash)]
pub struct Program {
    /// Its text.
    pub lines: Vec<Line>,
    pub(super) instrs: Vec<Instr>,
    /// Nested loops that count.
    pub(super) counters: usize,
    /// Milliseconds of each `time.After`, in the order of the text.
    pub(super) timers: Vec<u64>,
    /// Whether a statement at the end would know `ok`.
    knows_ok: bool,
}

/// What is carried out at one place of a program.
#[derive(Clone, Debug, Hash)]
pub(super) struct Instr {
    pub line: usize,
    pub what: What,
}

#[derive(Clone, Debug, Hash)]
pub(super) enum What {
    /// A channel operation; the program goes on at the next place.
    Op(Op),
    /// A receive; the program goes on at `exit` when the channel is closed and empty.
    Range {
        ch: usize,
        exit: usize,
    },
    /// A select; the program goes on at the chosen case's place, the last one is default's.
    Select {
        select: Select,
        targets: Vec<usize>,
        default: usize,
        after: usize,
    },
    Jump(usize),
    Repeat {
        counter: usize,
        times: u32,
        exit: usize,
    },
    /// `break` out of a loop that counts.
    Leave {
        counter: usize,
        to: usize,
    },
    /// The loop goes on while one of these variables is not nil.
    WhileNotNil {
        chs: Vec<usize>,
        exit: usize,
    },
    /// `if !ok {`: on at the next place, or at `exit`.
    IfNotOk {
        exit: usize,
    },
    /// `c = nil`.
    SetNil {
        ch: usize,
    },
    Return,
}

/// One channel operation. `block` is false for a select of one case and default (`selectnbsend`, `selectnbrecv`).
#[derive(Clone, Debug, Hash)]
pub(super) enum Op {
    Send {
        ch: usize,
        value: Value,
        block: bool,
    },
    /// `keep`: whether the value goes to `v` and `ok`.
    Recv {
        ch: usize,
        block: bool,
        keep: bool,
    },
    /// `once`: a context's cancel function, which may be called any number of times.
    Close {
        ch: usize,
        once: bool,
    },
    Len {
        ch: usize,
    },
    Cap {
        ch: usize,
    },
    Block,
}

/// A select as `selectgo` gets it.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Select {
    /// In the order of the source.
    pub cases: Vec<SelectCase>,
    /// Whether there is no default.
    pub block: bool,
    /// Whether it goes through `selectgo` even if it has one case only.
    pub general: bool,
}

#[derive(Clone, Debug, Hash)]
pub(super) struct SelectCase {
    pub ch: usize,
    /// The value to be sent; `None` receives.
    pub send: Option<Value>,
    /// Whether what it receives goes to `v` and `ok`.
    pub keep: bool,
    pub line: usize,
}

impl Program {
    /// Adds statements at the end; the channels of their timers are numbered from `free` on. Leaves the program as it was
    /// when it refuses them.
    pub(super) fn append(&mut self, statements: &[Statement], names: &[Name], free: usize) -> Result<(), Refusal> {
        check_statements(statements, 0)?;
        let before = self.timers.len();
        let mut longer = Compiler { program: self.clone(), names, free, depth: 0, loops: 0, around: Vec::new() };
        longer.block(statements)?;
        within(longer.program.lines.len(), MAX_LINES, ("lines of a program", "行程序"))?;
        if longer.program.timers.len() > before {
            within(longer.free, MAX_CHANNELS, ("channels, those of timers among them,", "个 channel（含定时器的）"))?;
        }
        if turns_silently(&longer.program.instrs) {
            return Err(never_waits());
        }
        *self = longer.program;
        Ok(())
    }

    /// Whether a statement makes a variable nil, or asks whether it is.
    pub(super) fn asks_nil(&self) -> bool {
        self.instrs.iter().any(|instr| matches!(instr.what, What::SetNil { .. } | What::WhileNotNil { .. }))
    }

    /// Adds a select that goes through `selectgo` whatever its size, as `reflect.Select` does.
    pub(super) fn append_select(&mut self, select: Select) {
        let after = self.instrs.len() + 1;
        let targets = vec![after; select.cases.len()];
        let line = self.lines.len();
        self.lines.push(Line { indent: 0, text: String::from("select { … }") });
        self.instrs.push(Instr { line, what: What::Select { select, targets, default: after, after } });
    }
}

fn never_waits() -> Refusal {
    Refusal::new(
        "a loop that does nothing would turn for ever and touch no channel",
        "什么也不做的循环只会空转，不涉及任何 channel",
    )
}

/// Whether there is a way round a loop on which nothing is carried out. A loop that counts is entered once at least.
fn turns_silently(instrs: &[Instr]) -> bool {
    let next = |at: usize| match instrs.get(at).map(|instr| &instr.what) {
        Some(What::Jump(to) | What::Leave { to, .. }) => Some(*to),
        Some(What::Repeat { .. }) => Some(at + 1),
        _ => None,
    };
    (0..instrs.len()).any(|start| {
        let way = std::iter::successors(next(start), |at| next(*at)).take(instrs.len() + 1);
        way.into_iter().any(|at| at == start)
    })
}

struct Compiler<'a> {
    program: Program,
    names: &'a [Name],
    /// The number of the next timer's channel.
    free: usize,
    depth: u8,
    /// Counting loops around the statement.
    loops: usize,
    /// Loops and selects around the statement, the innermost one last.
    around: Vec<Around>,
}

/// A loop or a select while its statements are compiled.
struct Around {
    /// Where a loop begins; a select has no next turn.
    head: Option<usize>,
    counter: Option<usize>,
    /// The places that leave it.
    breaks: Vec<usize>,
}

impl Compiler<'_> {
    fn channel(&self, name: &str) -> Result<usize, Refusal> {
        self.names.iter().position(|known| **known == *name).ok_or_else(|| {
            let known: Vec<&str> = self.names.iter().map(|name| &**name).collect();
            Refusal::new(
                format!("there is no channel {name}; there are: {}", known.join(", ")),
                format!("没有名为 {name} 的 channel；已有：{}", known.join("、")),
            )
        })
    }

    fn line(&mut self, text: String) -> usize {
        self.program.lines.push(Line { indent: self.depth, text });
        self.program.lines.len() - 1
    }

    fn emit(&mut self, line: usize, what: What) -> usize {
        self.program.instrs.push(Instr { line, what });
        self.program.instrs.len() - 1
    }

    fn here(&self) -> usize {
        self.program.instrs.len()
    }

    fn block(&mut self, statements: &[Statement]) -> Result<(), Refusal> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    /// Statements in brackets: what is declared there is known there only.
    fn inside(&mut self, statements: &[Statement]) -> Result<(), Refusal> {
        self.depth += 1;
        let known = self.program.knows_ok;
        let done = self.block(statements);
        self.program.knows_ok = known;
        self.depth -= 1;
        done
    }

    /// The channel of a `time.After`.
    fn timer(&mut self, ms: u64) -> usize {
        self.program.timers.push(ms);
        self.free += 1;
        self.free - 1
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Refusal> {
        match statement {
            Statement::Send(name, value) => {
                let op = Op::Send { ch: self.channel(name)?, value: *value, block: true };
                self.plain(format!("{name} <- {value}"), op);
            }
            Statement::Recv(name) => {
                let op = Op::Recv { ch: self.channel(name)?, block: true, keep: true };
                self.plain(format!("v, ok := <-{name}"), op);
                self.program.knows_ok = true;
            }
            Statement::After(ms) => {
                let op = Op::Recv { ch: self.timer(*ms), block: true, keep: false };
                self.plain(format!("<-{}", after(*ms)), op);
            }
            Statement::SetNil(name) => {
                let ch = self.channel(name)?;
                let line = self.line(format!("{name} = nil"));
                self.emit(line, What::SetNil { ch });
            }
            Statement::IfNotOk(body) => {
                if !self.program.knows_ok {
                    return refuse!(
                        "undefined: ok: v, ok := <-c has to come first, in the same block or around it",
                        "undefined: ok：同一个块或外层要先有 v, ok := <-c"
                    );
                }
                let line = self.line(String::from("if !ok {"));
                let head = self.emit(line, What::IfNotOk { exit: 0 });
                self.inside(body)?;
                self.line(String::from("}"));
                let exit = self.here();
                self.program.instrs[head].what = What::IfNotOk { exit };
            }
            Statement::Break | Statement::Continue => self.leave(*statement == Statement::Break)?,
            Statement::ForNotNil(names, body) => {
                let chs = names.iter().map(|name| self.channel(name)).collect::<Result<Vec<_>, _>>()?;
                let asked: Vec<String> = names.iter().map(|name| format!("{name} != nil")).collect();
                let line = self.line(format!("for {} {{", asked.join(" || ")));
                let head = self.emit(line, What::WhileNotNil { chs, exit: 0 });
                self.looped(head, line, None, body)?;
            }
            Statement::Drop(name) => {
                let op = Op::Recv { ch: self.channel(name)?, block: true, keep: false };
                self.plain(format!("<-{name}"), op);
            }
            Statement::Close(name) => {
                let op = Op::Close { ch: self.channel(name)?, once: false };
                self.plain(format!("close({name})"), op);
            }
            Statement::Cancel(name) => {
                let op = Op::Close { ch: self.channel(name)?, once: true };
                self.plain(format!("cancel() // {name}"), op);
            }
            Statement::Len(name) => {
                let op = Op::Len { ch: self.channel(name)? };
                self.plain(format!("len({name})"), op);
            }
            Statement::Cap(name) => {
                let op = Op::Cap { ch: self.channel(name)? };
                self.plain(format!("cap({name})"), op);
            }
            Statement::Return => {
                let line = self.line(String::from("return"));
                self.emit(line, What::Return);
            }
            Statement::Range(name, body) => {
                let ch = self.channel(name)?;
                let close = if body.is_empty() { " }" } else { "" };
                let line = self.line(format!("for v := range {name} {{{close}"));
                let head = self.emit(line, What::Range { ch, exit: 0 });
                self.looped(head, line, None, body)?;
            }
            Statement::Loop(body) => {
                let line = self.line(String::from("for {"));
                let head = self.here();
                self.looped(head, line, None, body)?;
            }
            Statement::Repeat(times, body) => {
                let line = self.line(format!("for range {times} {{"));
                let counter = self.loops;
                let head = self.emit(line, What::Repeat { counter, times: *times, exit: 0 });
                self.loops += 1;
                self.program.counters = self.program.counters.max(self.loops);
                self.looped(head, line, Some(counter), body)?;
                self.loops -= 1;
            }
            Statement::Select(cases) => self.select(cases)?,
        }
        Ok(())
    }

    fn plain(&mut self, text: String, op: Op) {
        let line = self.line(text);
        self.emit(line, What::Op(op));
    }

    fn looped(&mut self, head: usize, line: usize, counter: Option<usize>, body: &[Statement]) -> Result<(), Refusal> {
        self.around.push(Around { head: Some(head), counter, breaks: Vec::new() });
        self.inside(body)?;
        self.emit(line, What::Jump(head));
        if !body.is_empty() {
            self.line(String::from("}"));
        }
        let after = self.here();
        match &mut self.program.instrs[head].what {
            What::Range { exit, .. } | What::Repeat { exit, .. } | What::WhileNotNil { exit, .. } => *exit = after,
            _ => {}
        }
        self.over(after);
        Ok(())
    }

    /// The innermost loop or select ends here.
    fn over(&mut self, after: usize) {
        let Some(around) = self.around.pop() else { return };
        for at in around.breaks {
            self.program.instrs[at].what = match around.counter {
                Some(counter) => What::Leave { counter, to: after },
                None => What::Jump(after),
            };
        }
    }

    /// `break`, `continue`: as in Go, `break` in a select leaves the select.
    fn leave(&mut self, breaks: bool) -> Result<(), Refusal> {
        let at = self.here();
        let head = self.around.iter().rev().find_map(|around| around.head);
        let to = match (breaks, head, self.around.last_mut()) {
            (true, _, Some(around)) => {
                around.breaks.push(at);
                at
            }
            (false, Some(head), _) => head,
            (true, ..) => {
                return refuse!("break is not in a loop or select", "break 不在循环或 select 里");
            }
            (false, ..) => return refuse!("continue is not in a loop", "continue 不在循环里"),
        };
        let line = self.line(String::from(if breaks { "break" } else { "continue" }));
        self.emit(line, What::Jump(to));
        Ok(())
    }

    /// `walkSelectCases`: no case blocks, one case is the plain operation, one and default the non-blocking one.
    fn select(&mut self, cases: &[Case]) -> Result<(), Refusal> {
        let block = !cases.iter().any(|case| matches!(case, Case::Default(_)));
        if cases.is_empty() {
            self.plain(String::from("select {}"), Op::Block);
            return Ok(());
        }
        let head_line = self.line(String::from("select {"));
        let head = self.emit(head_line, What::Return);
        let (mut select, mut targets, mut default) = (Select { block, ..Select::default() }, Vec::new(), None);
        self.around.push(Around { head: None, counter: None, breaks: Vec::new() });
        let mut ends = Vec::new();
        for case in cases {
            let line = self.line(match case {
                Case::Send(name, value, _) => format!("case {name} <- {value}:"),
                Case::Recv(name, _) => format!("case v, ok := <-{name}:"),
                Case::After(ms, _) => format!("case <-{}:", after(*ms)),
                Case::Default(_) => String::from("default:"),
            });
            let operation = match case {
                Case::Send(name, value, _) => Some((self.channel(name)?, Some(*value))),
                Case::Recv(name, _) => Some((self.channel(name)?, None)),
                Case::After(ms, _) => Some((self.timer(*ms), None)),
                Case::Default(_) => None,
            };
            match operation {
                None => default = Some(self.here()),
                Some((ch, send)) => {
                    select.cases.push(SelectCase { ch, send, keep: matches!(case, Case::Recv(..)), line });
                    targets.push(self.here());
                }
            }
            let known = self.program.knows_ok;
            self.program.knows_ok |= matches!(case, Case::Recv(..));
            self.inside(case.body())?;
            self.program.knows_ok = known;
            ends.push(self.emit(line, What::Jump(0)));
        }
        self.line(String::from("}"));
        let after = self.here();
        for end in ends {
            self.program.instrs[end].what = What::Jump(after);
        }
        self.over(after);
        self.program.instrs[head].what = What::Select { select, targets, default: default.unwrap_or(after), after };
        Ok(())
    }
}

/// A timer of so many milliseconds, as Go writes it.
pub(super) fn after(ms: u64) -> String {
    match (ms / 1000, ms % 1000) {
        (1, 0) => String::from("time.After(time.Second)"),
        (seconds, 0) if seconds > 0 => format!("time.After({seconds} * time.Second)"),
        _ => format!("time.After({ms} * time.Millisecond)"),
    }
}
