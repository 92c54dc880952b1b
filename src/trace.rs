//! Traces: what another program has written about itself, played line by line. The file is the run; nothing is simulated.

use crate::machine::Machine;
use crate::text::Text;

/// A machine whose setup is a trace that somebody brings.
pub trait Traced: Machine {
    /// Whether a text holds a line of such a trace.
    fn recognises(text: &str) -> bool;

    /// What the text holds; where nothing of it can be played, the place and the cause.
    fn read(text: &str) -> Result<Trace<Self>, Damaged>;
}

/// A trace, ready to be played.
pub struct Trace<M: Machine> {
    /// What it holds, in a sentence.
    pub summary: Text,
    /// The lines, as the machine wants them.
    pub setup: M::Setup,
    /// How it is played: in stretches that end where something stands out.
    pub stretches: Vec<Stretch<M::Action>>,
    /// Lines that begin as lines of the trace do and end otherwise. They are left out.
    pub damaged: Vec<Damaged>,
}

/// A part of a trace that ends at something worth stopping at.
pub struct Stretch<A> {
    /// The action that plays it.
    pub action: A,
    /// What stands out at its end, in a few words.
    pub title: Text,
    /// The same in a sentence.
    pub says: Text,
}

/// A line that cannot be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its number in the file, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub cause: String,
}
