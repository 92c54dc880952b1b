//! Files, read and written in one way: regular ones within a limit, written whole or not at all.

mod read;
mod replace;

pub use read::{Unreadable, read_text};
pub use replace::{folder_of, replace, sweep};
