//! A film as numbered pictures in a directory, for other programs to make a video of.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use super::error::{ExportError, write_whole};
use super::film::Film;
use super::png::{self, Effort};
use crate::files;

/// A frame that lies in a directory already.
fn frame_in(directory: &Path) -> Result<Option<String>, ExportError> {
    for entry in std::fs::read_dir(directory).map_err(ExportError::at(directory))? {
        let name = entry.map_err(ExportError::at(directory))?.file_name().to_string_lossy().into_owned();
        if name.starts_with("frame-") && name.ends_with(".png") {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Writes `frame-00000.png`, `frame-00001.png`, … into a directory, which is made if it is not there and
/// must hold no frames of another film.
///
/// `progress` hears of each frame and how many there will be, and may stop; frames written so far stay.
pub fn write(
    directory: &Path,
    film: &Film,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(), ExportError> {
    std::fs::create_dir_all(directory).map_err(ExportError::at(directory))?;
    files::sweep(directory);
    if let Some(frame) = frame_in(directory)? {
        let cause = format!("{} holds {frame} of another film already: give another folder", directory.display());
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
