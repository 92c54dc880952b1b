//! Why an export failed: the place and the cause.

use std::fmt;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::files;

/// Why an export failed.
#[derive(Debug)]
pub enum ExportError {
    /// A file or directory could not be written.
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// An encoder refused.
    Encoder(String),
    /// What was asked for makes no picture: no positions, no pixels, a frame rate that the format cannot keep.
    Impossible(String),
    /// Whoever watched the progress asked to stop.
    Stopped,
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::File { path, cause } => write!(f, "{}: {cause}", path.display()),
            ExportError::Encoder(cause) => write!(f, "the picture could not be encoded: {cause}"),
            ExportError::Impossible(cause) => f.write_str(cause),
            ExportError::Stopped => f.write_str("the export was stopped"),
        }
    }
}

impl std::error::Error for ExportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ExportError::File { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

impl ExportError {
    /// Puts the path beside what the system says.
    pub fn at(path: &Path) -> impl Fn(io::Error) -> ExportError + '_ {
        move |cause| ExportError::File { path: path.to_owned(), cause }
    }
}

/// Writes a file whole or not at all.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    files::replace(path, ExportError::at(path), write)
}
