//! Programs: statements as Go would write them, and what a goroutine carries out of them.

use crate::machine::{Refusal, within};

use super::hchan::Name;
use super::setup::{Case, MAX_LINES, Statement, Value, check_statements};

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
    Close {
        ch: usize,
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
    pub line: usize,
}

impl Program {
    /// Adds statements at the end. Leaves the program as it was when it refuses them.
    pub(super) fn append(&mut self, statements: &[Statement], names: &[Name]) -> Result<(), Refusal> {
        check_statements(statements, 0)?;
        let mut longer = Compiler { program: self.clone(), names, depth: 0, loops: 0 };
        longer.block(statements)?;
        within(longer.program.lines.len(), MAX_LINES, ("lines of a program", "行程序"))?;
        *self = longer.program;
        Ok(())
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

struct Compiler<'a> {
    program: Program,
    names: &'a [Name],
    depth: u8,
    /// Counting loops around the statement.
    loops: usize,
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

    fn inside(&mut self, statements: &[Statement]) -> Result<(), Refusal> {
        self.depth += 1;
        let done = self.block(statements);
        self.depth -= 1;
        done
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
            }
            Statement::Drop(name) => {
                let op = Op::Recv { ch: self.channel(name)?, block: true, keep: false };
                self.plain(format!("<-{name}"), op);
            }
            Statement::Close(name) => {
                let op = Op::Close { ch: self.channel(name)? };
                self.plain(format!("close({name})"), op);
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
                self.looped(head, line, body)?;
            }
            Statement::Loop(body) => {
                let line = self.line(String::from("for {"));
                let head = self.here();
                self.looped(head, line, body)?;
            }
            Statement::Repeat(times, body) => {
                let line = self.line(format!("for range {times} {{"));
                let counter = self.loops;
                let head = self.emit(line, What::Repeat { counter, times: *times, exit: 0 });
                self.loops += 1;
                self.program.counters = self.program.counters.max(self.loops);
                self.looped(head, line, body)?;
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

    fn looped(&mut self, head: usize, line: usize, body: &[Statement]) -> Result<(), Refusal> {
        self.inside(body)?;
        self.emit(line, What::Jump(head));
        if !body.is_empty() {
            self.line(String::from("}"));
        }
        let after = self.here();
        if let What::Range { exit, .. } | What::Repeat { exit, .. } = &mut self.program.instrs[head].what {
            *exit = after;
        }
        Ok(())
    }

    /// `walkSelectCases`: no case blocks, one case is the plain operation, one and default the non-blocking one.
    fn select(&mut self, cases: &[Case]) -> Result<(), Refusal> {
        let block = !cases.contains(&Case::Default);
        if cases.is_empty() {
            self.plain(String::from("select {}"), Op::Block);
            return Ok(());
        }
        let head_line = self.line(String::from("select {"));
        let head = self.emit(head_line, What::Return);
        let (mut select, mut targets, mut default) = (Select { block, ..Select::default() }, Vec::new(), None);
        let mut ends = Vec::new();
        for case in cases {
            let (text, body) = match case {
                Case::Send(name, value, body) => (format!("case {name} <- {value}:"), Some(body)),
                Case::Recv(name, body) => (format!("case v, ok := <-{name}:"), Some(body)),
                Case::Default => (String::from("default:"), None),
            };
            let line = self.line(text);
            match case {
                Case::Send(name, value, _) => {
                    select.cases.push(SelectCase { ch: self.channel(name)?, send: Some(*value), line });
                }
                Case::Recv(name, _) => select.cases.push(SelectCase { ch: self.channel(name)?, send: None, line }),
                Case::Default => {}
            }
            match body {
                None => default = Some(self.here()),
                Some(_) => targets.push(self.here()),
            }
            if let Some(body) = body {
                self.inside(body)?;
            }
            ends.push(self.emit(line, What::Jump(0)));
        }
        self.line(String::from("}"));
        let after = self.here();
        for end in ends {
            self.program.instrs[end].what = What::Jump(after);
        }
        self.program.instrs[head].what = What::Select { select, targets, default: default.unwrap_or(after), after };
        Ok(())
    }
}
