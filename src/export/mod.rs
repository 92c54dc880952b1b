//! Frames into files: still pictures, numbered frames, films. The only floor besides the command line that writes them.

pub mod error;
pub mod png;

pub use error::ExportError;
