//! Reads a folder of scenes: `DIR/<mechanism>/*.ron`, or `DIR/*.ron` where the folder or the script names the mechanism.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::Source;
use crate::files::read_text;
use crate::scene::Fault;
use crate::scene::script::MAX_FILE;

/// The most files that are read from a folder.
const MAX_FILES: usize = 2_000;
/// The most entries that are looked at for them: a folder of something else is not a folder of scenes.
const MAX_ENTRIES: usize = 50_000;
/// The most bytes that are read from a folder. A scene of a hundred beats has some 8,000, so that is 8,000 scenes.
const MAX_BYTES: usize = 64 << 20;

/// The scenes of a folder and what could not be read of it. `Err` if the folder itself can't be read.
pub fn read(folder: &Path) -> Result<(Vec<Source>, Vec<Fault>), String> {
    let shown = folder.display().to_string();
    let mut found = Found::default();
    found.look_into(folder).map_err(|error| format!("{shown}: {error}"))?;
    let mut below = std::mem::take(&mut found.folders);
    below.sort();
    for folder in below {
        if let Err(error) = found.look_into(&folder) {
            found.faults.push(Fault::new(&folder.display().to_string(), error.to_string()));
        }
    }
    let Found { mut files, mut faults, entries, .. } = found;
    if entries > MAX_ENTRIES {
        faults.push(Fault::new(&shown, format!("more than {MAX_ENTRIES} entries; the rest is left out")));
    }
    files.sort();
    if files.len() > MAX_FILES {
        faults.push(Fault::new(&shown, format!("more than {MAX_FILES} files; the rest is left out")));
        files.truncate(MAX_FILES);
    }
    let (mut sources, mut bytes) = (Vec::new(), 0);
    for path in files {
        match source(&path) {
            Ok(source) if bytes + source.text.len() > MAX_BYTES => {
                faults.push(Fault::new(
                    &shown,
                    format!("more than {MAX_BYTES} bytes; {} and the rest are left out", source.path),
                ));
                break;
            }
            Ok(source) => {
                bytes += source.text.len();
                sources.push(source);
            }
            Err(fault) => faults.push(fault),
        }
    }
    Ok((sources, faults))
}

/// What lies in folders.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    faults: Vec<Fault>,
    entries: usize,
}

impl Found {
    /// Adds the scene files of a folder and the folders in it; hidden ones are none of ours.
    fn look_into(&mut self, folder: &Path) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                break;
            }
            let path = entry?.path();
            let scene = path.extension().is_some_and(|end| end == "ron") || path.ends_with("listing.txt");
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                self.folders.push(path);
            } else if scene {
                self.files.push(path);
            }
        }
        Ok(())
    }
}

fn source(path: &Path) -> Result<Source, Fault> {
    let text = read_text(path, MAX_FILE).map_err(|error| error.at(path))?;
    let name = |path: Option<&Path>| path.and_then(Path::file_stem).map(|name| name.to_string_lossy().into_owned());
    let folder = path.parent().map(|parent| fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned()));
    let folder = folder.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    Ok(Source {
        path: path.display().to_string(),
        folder: folder.unwrap_or_default(),
        name: name(Some(path)).unwrap_or_default(),
        text,
    })
}
