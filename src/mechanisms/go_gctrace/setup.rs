//! What a run begins with: the lines of a file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::line::{self, Cycle};
use crate::machine::{Refusal, refuse};

/// The most cycles that are played: as many as a run may have actions. One a second fills five hours.
pub const MAX_CYCLES: usize = 20_000;

/// The gctrace lines of a file, and how many others it has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The lines, in the order of the file.
    pub lines: Vec<Line>,
    /// How many other lines stood between them.
    pub skipped: u32,
    /// How many gctrace lines were damaged, and left out.
    pub damaged: u32,
}

/// A line with its number in the file, from 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line(pub u32, pub String);

/// The cycles of a setup.
pub fn cycles(setup: &Setup) -> Result<Arc<[Cycle]>, Refusal> {
    let n = setup.lines.len();
    if n > MAX_CYCLES {
        return refuse!("{n} cycles; at most {MAX_CYCLES} are played", "有 {n} 轮 GC，最多播放 {MAX_CYCLES} 轮");
    }
    let read = |Line(number, text): &Line| match line::read(text, 0, *number) {
        Ok(cycle) => Ok(cycle),
        Err(line::Wrong { at, cause }) => {
            let column = at + 1;
            refuse!("line {number}, column {column}: {cause}", "第 {number} 行第 {column} 列：{cause}")
        }
    };
    setup.lines.iter().map(read).collect()
}
