//! Frames into files: still pictures, numbered frames, films.

pub mod error;
pub mod film;
pub mod frames;
pub mod gif;
pub mod png;
mod swatches;

pub use error::ExportError;
pub use film::Film;

#[cfg(test)]
mod tests;
