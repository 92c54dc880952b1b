//! How much is done: a seeded sample in `cargo test`, the whole with `GLASSBOX_FULL=1`, as `./check` runs it.
//!
//! A sample finds what is plainly broken in seconds a mechanism; only the whole may demand what needs many runs, such as
//! that every event was met.

/// Whether the whole is asked for.
pub fn whole() -> bool {
    std::env::var_os("GLASSBOX_FULL").is_some_and(|value| value == "1")
}

/// A number for the sample, and one for the whole.
pub fn of<T>(sample: T, all: T) -> T {
    if whole() { all } else { sample }
}
