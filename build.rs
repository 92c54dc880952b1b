//! Finds the scenes: every folder under scenes/ is a mechanism, with mechanism.ron, listing.txt and its scripts.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenes");
    println!("cargo::rerun-if-changed=build.rs");
    let top = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut code = String::from("static FILES: &[Files] = &[\n");
    for folder in entries(&top.join("scenes"))?.into_iter().filter(|path| path.is_dir()) {
        let mechanism = name(&folder);
        let scripts = entries(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "ron"));
        let scripts = scripts.filter(|path| name(path) != "mechanism.ron");
        let file = |path: &Path| {
            let place = format!("scenes/{mechanism}/{}", name(path));
            format!("({place:?}, include_str!({:?}))", path.display().to_string())
        };
        let words = file(&folder.join("mechanism.ron"));
        let listing = file(&folder.join("listing.txt"));
        let scenes: Vec<String> = scripts.map(|path| file(&path)).collect();
        let scenes = scenes.join(", ");
        writeln!(
            code,
            "    Files {{ mechanism: {mechanism:?}, words: {words}, listing: {listing}, scenes: &[{scenes}] }},"
        )
        .map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    // A new file takes the old one's place: the old one may be shared with a copy of this folder.
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("scenes.new"), code)?;
    fs::rename(out.join("scenes.new"), out.join("scenes.rs"))
}

/// What lies in a folder, by name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
