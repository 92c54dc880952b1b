//! The one reader: regular files only, and never more than a limit.

use std::fmt;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

use crate::scene::Fault;

/// Why a file was not read.
#[derive(Debug)]
pub enum Unreadable {
    /// What the system says.
    System(io::Error),
    /// A folder, a pipe, a device: reading it may wait for ever, never end, or do something.
    NotAFile(&'static str),
    /// It has more bytes than are read.
    TooLarge {
        /// The most that are read.
        limit: usize,
    },
    /// Bytes that are no UTF-8 text.
    NotText {
        /// The line of the first wrong byte, from 1.
        line: usize,
        /// Its place in the file, from 0.
        byte: usize,
    },
}

impl Unreadable {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Unreadable::System(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// The same with the file, and the line where one is known.
    pub fn at(&self, path: &Path) -> Fault {
        let place = match self {
            Unreadable::NotText { line, .. } => Some((*line, 1)),
            _ => None,
        };
        Fault::at(&path.display().to_string(), place, self.to_string())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::System(error) => write!(f, "{error}"),
            Unreadable::NotAFile(what) => write!(f, "{what}: only regular files are read"),
            Unreadable::TooLarge { limit } => write!(f, "the file is larger than the {limit} bytes that are read"),
            Unreadable::NotText { byte, .. } => write!(f, "not UTF-8 text (byte {byte})"),
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Unreadable {
        Unreadable::System(error)
    }
}

/// The text of a regular file of at most `limit` bytes.
pub fn read_text(path: &Path, limit: usize) -> Result<String, Unreadable> {
    String::from_utf8(read_bytes(path, limit)?).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..byte].iter().filter(|byte| **byte == b'\n').count() + 1;
        Unreadable::NotText { line, byte }
    })
}

/// The bytes of a regular file of at most `limit` bytes.
fn read_bytes(path: &Path, limit: usize) -> Result<Vec<u8>, Unreadable> {
    // Asked before it is opened: to open a pipe is to wait for its writer. Asked again of what was opened.
    regular(fs::metadata(path)?.file_type())?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    regular(metadata.file_type())?;
    // The size is a hint: files of the kernel say 0, and others grow while they are read.
    let expected = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if expected > limit {
        return Err(Unreadable::TooLarge { limit });
    }
    let mut bytes = Vec::with_capacity(expected);
    file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit { Err(Unreadable::TooLarge { limit }) } else { Ok(bytes) }
}

fn regular(kind: FileType) -> Result<(), Unreadable> {
    match kind {
        kind if kind.is_file() => Ok(()),
        kind if kind.is_dir() => Err(Unreadable::NotAFile("a folder")),
        kind => Err(Unreadable::NotAFile(special(kind))),
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "a device"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> String {
        read_text(Path::new(path), 10).expect_err("not to be read").at(Path::new(path)).to_string()
    }

    #[test]
    fn as_much_as_the_limit_is_read_and_not_a_byte_more() {
        let path = std::env::temp_dir().join(format!("glassbox-read-{}", std::process::id()));
        fs::write(&path, "0123456789").expect("written");
        assert_eq!(read_text(&path, 10).expect("within the limit"), "0123456789");
        assert!(matches!(read_text(&path, 9), Err(Unreadable::TooLarge { limit: 9 })));
        fs::write(&path, b"one\ntwo \xff").expect("written");
        let error = read_text(&path, 10).expect_err("not text");
        assert!(matches!(error, Unreadable::NotText { line: 2, byte: 8 }), "{error}");
        fs::remove_file(&path).expect("removed");
        assert!(read_text(&path, 10).expect_err("gone").is_missing());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_folders_and_files_without_a_size_are_no_trap() {
        assert_eq!(told("/dev/zero"), "/dev/zero: a device: only regular files are read");
        assert_eq!(told("/proc"), "/proc: a folder: only regular files are read");
        assert!(told("/proc/cpuinfo").contains("larger than the 10 bytes"), "it says that its size is 0");
    }
}
