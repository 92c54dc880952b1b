//! Reads a folder of scenes: `DIR/<mechanism>/*.ron`, or `DIR/*.ron` where the folder or the script names the mechanism.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::Source;
use crate::scene::Fault;
use crate::scene::script::MAX_FILE;

/// The most files that are read from a folder.
const MAX_FILES: usize = 2_000;

/// The scenes of a folder and what could not be read of it. `Err` if the folder itself can't be read.
pub fn read(folder: &Path) -> Result<(Vec<Source>, Vec<Fault>), String> {
    let mut files = files_in(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for below in &files.1.clone() {
        if let Ok((found, _)) = files_in(below) {
            files.0.extend(found);
        }
    }
    let mut paths = files.0;
    paths.sort();
    let mut faults = Vec::new();
    if paths.len() > MAX_FILES {
        faults.push(Fault::new(
            &folder.display().to_string(),
            format!("more than {MAX_FILES} files; the rest is left out"),
        ));
        paths.truncate(MAX_FILES);
    }
    let mut sources = Vec::new();
    for path in paths {
        match source(&path) {
            Ok(source) => sources.push(source),
            Err(fault) => faults.push(fault),
        }
    }
    Ok((sources, faults))
}

/// The scene files of a folder and the folders in it.
fn files_in(folder: &Path) -> std::io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let scene = path.extension().is_some_and(|end| end == "ron") || path.ends_with("listing.txt");
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            folders.push(path);
        } else if scene && !hidden {
            files.push(path);
        }
    }
    Ok((files, folders))
}

fn source(path: &Path) -> Result<Source, Fault> {
    let shown = path.display().to_string();
    let fault = |cause: String| Fault::new(&shown, cause);
    let size = fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
    if size > MAX_FILE as u64 {
        return Err(fault(format!("the file has {size} bytes, at most {MAX_FILE} are read")));
    }
    let bytes = fs::read(path).map_err(|error| fault(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
        Fault::at(&shown, Some((line, 1)), format!("not UTF-8 text (byte {good})"))
    })?;
    let name = |path: Option<&Path>| path.and_then(Path::file_stem).map(|name| name.to_string_lossy().into_owned());
    let folder = path.parent().map(|parent| fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned()));
    let folder = folder.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    Ok(Source { path: shown, folder: folder.unwrap_or_default(), name: name(Some(path)).unwrap_or_default(), text })
}
