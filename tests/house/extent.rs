//! How much is done: a seeded sample in `cargo test`, the whole with `GLASSBOX_FULL=1`, as `./check` runs it.
//!
//! A sample finds what is plainly broken in seconds a mechanism; only the whole may demand what needs many runs, such as
//! that every event was met.

use std::path::Path;

use glassbox::catalog::{Catalog, Scene};
use glassbox::kind::MechanismKind;

/// Whether the whole is asked for.
pub fn whole() -> bool {
    std::env::var_os("GLASSBOX_FULL").is_some_and(|value| value == "1")
}

/// A number for the sample, and one for the whole.
pub fn of<T>(sample: T, all: T) -> T {
    if whole() { all } else { sample }
}

/// Every so many-th of many alike, of the whole each one; each one also of a single mechanism, which there is time for.
pub fn every(nth: usize) -> usize {
    if std::env::var_os("GLASSBOX_ONLY").is_some() { 1 } else { of(nth, 1) }
}

/// The mechanism that the house is narrowed to by `GLASSBOX_ONLY=go-map`: `./check mutants` asks one at a time.
pub fn only(mechanism: &str) -> bool {
    std::env::var("GLASSBOX_ONLY").map_or(true, |only| only == mechanism)
}

/// Whether a folder of recordings is of a mechanism that is to be tried: it is named after it.
pub fn of_folder(folder: &Path, catalog: &Catalog) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    kinds(catalog).any(|kind| name.starts_with(kind.id))
}

/// The mechanisms to be tried.
pub fn kinds(catalog: &Catalog) -> impl Iterator<Item = &MechanismKind> {
    catalog.kinds().iter().filter(|kind| only(kind.id))
}

/// The scenes of those.
pub fn scenes(catalog: &Catalog) -> impl Iterator<Item = &Scene> {
    catalog.scenes().iter().filter(|scene| only(catalog.mechanism_of(scene)))
}
