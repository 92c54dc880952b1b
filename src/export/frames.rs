//! A film as numbered pictures in a directory, for other programs to make a video of.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use super::error::{ExportError, write_whole};
use super::film::Film;
use super::png::{self, Effort};
use crate::files;

/// Something that lies in a directory.
fn entry_of(directory: &Path) -> Result<Option<String>, ExportError> {
    let first = std::fs::read_dir(directory).map_err(ExportError::at(directory))?.next();
    let first = first.transpose().map_err(ExportError::at(directory))?;
    Ok(first.map(|entry| entry.file_name().to_string_lossy().into_owned()))
}

/// Writes `frame-00000.png`, `frame-00001.png`, … into a directory, which is made if it is not there and
/// must be empty.
///
/// `progress` hears of each frame and how many there will be, and may stop; frames written so far stay.
pub fn write(
    directory: &Path,
    film: &Film,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(), ExportError> {
    std::fs::create_dir_all(directory).map_err(ExportError::at(directory))?;
    files::sweep(directory);
    if let Some(entry) = entry_of(directory)? {
        let cause = format!(
            "{} is not empty ({entry}): thousands of frames go into a folder of their own",
            directory.display()
        );
        return Err(ExportError::Impossible(cause));
    }
    let mut bytes = Vec::new();
    film.play(|frame| {
        if progress(frame.index, frame.total).is_break() {
            return Err(ExportError::Stopped);
        }
        if !frame.changed.is_empty() {
            bytes = png::encode(frame.image, Effort::Fast)?;
        }
        let path = directory.join(format!("frame-{:05}.png", frame.index));
        write_whole(&path, |out| out.write_all(&bytes).map_err(ExportError::at(&path)))
    })?;
    Ok(())
}
