//! What a run begins with: channels, goroutines with their programs, and the seed of what Go draws at random.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::machine::{Refusal, refuse, within};

pub use super::case::Case;

/// Everything that a run needs besides its actions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The channels, in the order of their addresses: select locks them in this order.
    pub channels: Vec<Channel>,
    /// The goroutines, numbered from 1 on.
    pub goroutines: Vec<Routine>,
    /// Where the program's main goroutine is.
    pub main: Main,
    /// Whether all goroutines begin in `runq`, as after a while on a busy P. Otherwise the one started last stands in
    /// `runnext`, where `go` puts it.
    pub queued: bool,
    /// Seed of the order in which selects poll their cases.
    pub seed: u64,
}

/// A variable of type `chan int`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Its name in programs: a Go identifier of at most 12 characters.
    pub name: String,
    /// The size given to `make`, in values; 0 is unbuffered.
    #[serde(default)]
    pub cap: i64,
    /// Whether the variable is nil: `make` was never called.
    #[serde(default)]
    pub nil: bool,
}

/// A goroutine: a sequence of statements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routine {
    /// What it does, in a word: `producer`. May be empty.
    pub name: String,
    /// Its statements.
    pub program: Vec<Statement>,
    /// Whether each statement runs under a deferred `recover()`: a panic then ends the statement, not the process.
    pub recovers: bool,
}

/// Where the main goroutine is, whose return ends the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Hash)]
pub enum Main {
    /// Goroutine 1 is main.
    #[default]
    First,
    /// Main is not shown: it serves the network. It never returns, and the runtime never finds all goroutines asleep.
    Elsewhere,
}

/// A statement of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Statement {
    /// `c <- value`.
    Send(String, Value),
    /// `v, ok := <-c`.
    Recv(String),
    /// `<-c`: receives, and drops the value.
    Drop(String),
    /// `for v := range c { … }`; the statements may be left out.
    Range(String, #[serde(default)] Vec<Statement>),
    /// `close(c)`.
    Close(String),
    /// `cancel()` of a context whose `Done()` is this channel: closes it, unless it is cancelled already.
    Cancel(String),
    /// `len(c)`.
    Len(String),
    /// `cap(c)`.
    Cap(String),
    /// `select { … }`.
    Select(Vec<Case>),
    /// `for range n { … }`.
    Repeat(u32, Vec<Statement>),
    /// `for { … }`.
    Loop(Vec<Statement>),
    /// `for a != nil || b != nil { … }`: while one of these variables is not nil.
    ForNotNil(Vec<String>, Vec<Statement>),
    /// `if !ok { … }`: what the last `v, ok := <-c` said.
    IfNotOk(Vec<Statement>),
    /// `c = nil`: this goroutine's variable; the channel itself, and what others call it, stays.
    SetNil(String),
    /// `<-time.After(d)`, with `d` in milliseconds.
    After(u64),
    /// `break`: leaves the innermost loop or select.
    Break,
    /// `continue`: the next turn of the innermost loop.
    Continue,
    /// `return`.
    Return,
}

/// A value to be sent: a number, or `"v"`, the value that the goroutine received last (0 before).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number.
    Int(i64),
    /// The value received last.
    Last,
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Int(number) => write!(f, "{number}"),
            Value::Last => f.write_str("v"),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Last => serializer.serialize_str("v"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        struct ValueVisitor;
        impl Visitor<'_> for ValueVisitor {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an integer, or \"v\" for the value received last")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                match text {
                    "v" => Ok(Value::Last),
                    _ => Err(E::custom(
                        "a value is an integer, or \"v\" for the value received last / 值为整数，或 \"v\"：最近收到的值",
                    )),
                }
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Int(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
                i64::try_from(number)
                    .map(Value::Int)
                    .map_err(|_| E::custom("an int has 64 bits and a sign / int 是 64 位有符号整数"))
            }
        }
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// The most channels, goroutines, buffered values, cases of a select, and lines of a program that can be shown.
pub const MAX_CHANNELS: usize = 8;
/// See [`MAX_CHANNELS`]; goroutines started later count as well.
pub const MAX_GOROUTINES: usize = 16;
/// See [`MAX_CHANNELS`].
pub const MAX_CAP: i64 = 64;
/// See [`MAX_CHANNELS`].
pub const MAX_CASES: usize = 8;
/// See [`MAX_CHANNELS`].
pub const MAX_LINES: usize = 64;
/// The longest name, in characters.
pub const MAX_NAME: usize = 12;
/// The longest time of a timer, in milliseconds: an hour.
pub const MAX_AFTER: u64 = 3_600_000;
/// How deep statements can stand inside each other.
const MAX_DEPTH: usize = 6;

/// Refuses a setup that Go would refuse, or that cannot be shown. Programs are checked when they are compiled.
pub(super) fn check(setup: &Setup) -> Result<(), Refusal> {
    within(setup.channels.len(), MAX_CHANNELS, ("channels", "个 channel"))?;
    within(setup.goroutines.len(), MAX_GOROUTINES, ("goroutines", "个 goroutine"))?;
    for (at, channel) in setup.channels.iter().enumerate() {
        check_channel(channel)?;
        if setup.channels[..at].iter().any(|other| other.name == channel.name) {
            let name = &channel.name;
            return refuse!("two channels are named {name}", "有两个 channel 都叫 {name}");
        }
    }
    for routine in &setup.goroutines {
        if routine.name.chars().count() > MAX_NAME {
            return Err(long_name(&routine.name));
        }
    }
    Ok(())
}

fn long_name(name: &str) -> Refusal {
    Refusal::new(
        format!("the name {name} is too long; at most {MAX_NAME} characters can be shown"),
        format!("名称 {name} 太长，最多可展示 {MAX_NAME} 个字符"),
    )
}

fn check_channel(channel: &Channel) -> Result<(), Refusal> {
    let Channel { name, cap, nil } = channel;
    if name.chars().count() > MAX_NAME {
        return Err(long_name(name));
    }
    let letter = |c: char| c.is_alphabetic() || c == '_';
    if !name.starts_with(letter) || !name.chars().all(|c| letter(c) || c.is_numeric()) {
        return refuse!(
            "{name:?} is no Go identifier, so no channel can be named so",
            "{name:?} 不是 Go 标识符，不能用作 channel 的名称"
        );
    }
    if *nil && *cap != 0 {
        return refuse!(
            "{name} is nil: it was never made, so it has no capacity",
            "{name} 是 nil：从未 make 过，因此没有容量"
        );
    }
    if *cap < 0 {
        return refuse!(
            "make(chan int, {cap}) panics: makechan: size out of range",
            "make(chan int, {cap}) 会 panic：makechan: size out of range"
        );
    }
    if *cap > MAX_CAP {
        return refuse!(
            "{name} has room for {cap} values; at most {MAX_CAP} can be shown",
            "{name} 的容量为 {cap}，最多可展示 {MAX_CAP}"
        );
    }
    Ok(())
}

/// Refuses statements that Go would refuse, or that would turn for ever without doing anything.
pub(super) fn check_statements(statements: &[Statement], depth: usize) -> Result<(), Refusal> {
    within(depth, MAX_DEPTH, ("statements around another one", "层嵌套的语句"))?;
    for statement in statements {
        match statement {
            Statement::Repeat(0, _) => {
                return refuse!("a loop that repeats 0 times does nothing", "重复 0 次的循环什么也不做");
            }
            Statement::Repeat(_, body) | Statement::Loop(body) | Statement::ForNotNil(_, body) if body.is_empty() => {
                return refuse!(
                    "a loop without statements would turn for ever and touch no channel",
                    "没有语句的循环只会空转，不涉及任何 channel"
                );
            }
            Statement::ForNotNil(names, _) if names.is_empty() => {
                return refuse!("for asks for one variable at least", "for 的条件里至少要有一个变量");
            }
            Statement::Repeat(_, body)
            | Statement::Loop(body)
            | Statement::Range(_, body)
            | Statement::ForNotNil(_, body)
            | Statement::IfNotOk(body) => check_statements(body, depth + 1)?,
            Statement::After(ms) => check_after(*ms)?,
            Statement::Select(cases) => check_cases(cases, depth)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_cases(cases: &[Case], depth: usize) -> Result<(), Refusal> {
    if cases.iter().filter(|case| matches!(case, Case::Default(_))).count() > 1 {
        return refuse!("multiple defaults in select: Go does not compile it", "select 中有多个 default：Go 无法编译");
    }
    within(cases.len(), MAX_CASES, ("cases of one select", "个 case 在同一个 select 中"))?;
    for case in cases {
        if let Case::After(ms, _) = case {
            check_after(*ms)?;
        }
        check_statements(case.body(), depth + 1)?;
    }
    Ok(())
}

fn check_after(ms: u64) -> Result<(), Refusal> {
    if ms > MAX_AFTER {
        return refuse!(
            "a timer of {ms} ms: at most {MAX_AFTER} ms, an hour, can be shown",
            "{ms} ms 的定时器：最多可展示 {MAX_AFTER} ms，即一小时"
        );
    }
    Ok(())
}
