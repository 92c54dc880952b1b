//! The one writer: a file is there whole or not at all, and what a killed writer left behind is cleared away.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

/// How the name of an unfinished file begins.
const PREFIX: &str = ".glassbox-";
/// An unfinished file is not judged before it is so old: its writer makes it, and locks it a moment later.
const YOUNG: Duration = Duration::from_secs(60);

/// Writes into an unfinished file beside `path`, which takes its place at the end. `at` puts a place beside what the
/// system says.
pub fn replace<T, E>(
    path: &Path,
    at: impl Fn(io::Error) -> E,
    write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> Result<T, E>,
) -> Result<T, E> {
    let unfinished = beside(folder_of(path)).map_err(&at)?;
    // Its lock goes with its writer, however that ends, and tells `sweep` that somebody still writes. A file system
    // without locks costs no more than that.
    let _ = unfinished.as_file().try_lock();
    let mut out = BufWriter::with_capacity(1 << 16, unfinished);
    let value = write(&mut out)?;
    out.flush().map_err(&at)?;
    let file = out.into_inner().map_err(|error| at(error.into_error()))?;
    file.persist(path).map_err(|error| at(error.error))?;
    Ok(value)
}

/// Removes unfinished files whose writers were killed. What cannot be removed stays.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && abandoned(&entry).unwrap_or(false) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn abandoned(entry: &fs::DirEntry) -> io::Result<bool> {
    let metadata = entry.metadata()?;
    // The entry itself: a link is not followed.
    if !metadata.is_file() || metadata.modified()?.elapsed().is_ok_and(|age| age < YOUNG) {
        return Ok(false);
    }
    let file = fs::File::open(entry.path())?;
    Ok(file.try_lock().is_ok())
}

/// The folder that a path lies in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// An unfinished file as readable as any other that the user makes, not for the owner alone.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    fn old(path: &Path) -> fs::File {
        let file = fs::File::create(path).expect("made");
        file.set_modified(SystemTime::now() - 2 * YOUNG).expect("an hour ago");
        file
    }

    #[test]
    fn what_a_killed_writer_left_is_cleared_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        drop(old(&at(".glassbox-killed")));
        drop(old(&at("settings.ron")));
        let writing = old(&at(".glassbox-writing"));
        writing.try_lock().expect("nobody else has it");
        fs::write(at(".glassbox-young"), "").expect("made");
        fs::create_dir(at(".glassbox-folder")).expect("made");
        sweep(folder.path());
        let mut left: Vec<_> = fs::read_dir(folder.path()).expect("read").flatten().map(|e| e.file_name()).collect();
        left.sort();
        assert_eq!(left, [".glassbox-folder", ".glassbox-writing", ".glassbox-young", "settings.ron"]);
    }

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let put = |words: &'static str| {
            replace(
                &path,
                |error| error,
                move |out| {
                    out.write_all(words.as_bytes())?;
                    if words == "half" { Err(io::Error::other("the disk is full")) } else { Ok(()) }
                },
            )
        };
        put("whole").expect("written");
        put("half").expect_err("told");
        assert_eq!(fs::read_to_string(&path).expect("read"), "whole");
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1, "nothing is left beside it");
    }
}
