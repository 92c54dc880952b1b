//! Pictures as they should be: compared to the pixel, since the rasteriser does the same everywhere.

use std::path::{Path, PathBuf};

use glassbox::export::png::{self, Effort};
use glassbox::paint::Pixmap;

/// Compares a picture with `tests/pictures/<name>.png`. `UPDATE_PICTURES=1` writes the file instead.
///
/// `tolerance` is how far a channel of a pixel may be off, 0 to 255; 0 where nothing speaks against it.
pub fn check(name: &str, actual: &Pixmap, tolerance: u8) {
    let expected = directory().join(format!("{name}.png"));
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| value == "1") {
        png::write(&expected, actual, Effort::Small).unwrap_or_else(|e| panic!("{e}"));
        return;
    }
    let reference = png::read(&expected).unwrap_or_else(|e| panic!("{e}; UPDATE_PICTURES=1 writes it"));
    let differing = differences(&reference, actual, tolerance);
    if differing == 0 {
        return;
    }
    let shown = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/{name}.actual.png"));
    std::fs::create_dir_all(shown.parent().expect("it lies in a directory")).expect("target/ can be made");
    png::write(&shown, actual, Effort::Small).unwrap_or_else(|e| panic!("{e}"));
    panic!("{name}: {differing} pixels differ from {}; see {}", expected.display(), shown.display());
}

/// Fails if a reference picture has no test: `names` are all that are compared.
pub fn none_is_stale(names: &[&str]) {
    let entries = std::fs::read_dir(directory()).expect("tests/pictures can be read");
    for path in entries.map(|entry| entry.expect("tests/pictures can be read").path()) {
        let is_picture = path.extension().is_some_and(|extension| extension == "png");
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        assert!(!is_picture || names.contains(&name), "{}: no test compares it", path.display());
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

fn differences(a: &Pixmap, b: &Pixmap, tolerance: u8) -> usize {
    if (a.width(), a.height()) != (b.width(), b.height()) {
        return a.pixels().len().max(b.pixels().len());
    }
    let near = |a: &[u8; 4], b: &[u8; 4]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= tolerance);
    a.pixels().iter().zip(b.pixels()).filter(|(a, b)| !near(a, b)).count()
}
