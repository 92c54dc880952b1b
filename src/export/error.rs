//! Why an export failed: the place and the cause, and files that are written whole or not at all.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

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

/// Writes a file whole or not at all: into a temporary one beside it, which takes its place at the end.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let at = ExportError::at(path);
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut out = BufWriter::with_capacity(1 << 16, beside(directory).map_err(&at)?);
    let value = write(&mut out)?;
    out.flush().map_err(&at)?;
    let file = out.into_inner().map_err(|e| at(e.into_error()))?;
    file.persist(path).map_err(|e| at(e.error))?;
    Ok(value)
}

/// A temporary file as readable as any other that the user makes, not for the owner alone.
fn beside(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".glassbox-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}
