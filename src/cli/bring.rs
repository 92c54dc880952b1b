//! Files where a scene could stand: `glassbox open gc.log`, `glassbox trace found.ron`.

use std::path::Path;

use super::Failure;
use super::terminal::tell;
use crate::catalog::{Catalog, Source};
use crate::files;
use crate::scene::Fault;
use crate::scene::script::MAX_FILE as MAX_SCENE;
use crate::text::visible;

/// The largest file that is read, in bytes: a night of a program's stderr.
const MAX_FILE: usize = 64 << 20;
/// So many damaged lines are told one by one.
const TOLD: usize = 5;

/// The catalogue with the file that a place names, and its scene's id: a place that is no scene may be a file. What of a trace
/// cannot be played is told on stderr.
pub fn brought(mut catalog: Catalog, place: &str) -> Result<(Catalog, String), Failure> {
    let Some(source) = file(&catalog, place)? else { return Ok((catalog, place.to_owned())) };
    let id = catalog.bring(source).map_err(Failure::failed)?;
    Ok((catalog, id))
}

/// The file of a trace or of a scene that a place names, read; none if the place is a scene of the catalogue, or no file's.
pub fn file(catalog: &Catalog, place: &str) -> Result<Option<Source>, Failure> {
    let path = Path::new(place);
    if catalog.scene(place).is_ok() {
        return Ok(None);
    }
    if place.ends_with(".ron") {
        return script(path).map(Some);
    }
    if !path.exists() {
        return Ok(None);
    }
    let text = files::read_text(path, MAX_FILE).map_err(|error| Failure::failed(error.at(path)))?;
    let lines = text.lines().count();
    let mut tracers = catalog.kinds().iter().filter_map(|kind| kind.traced.as_ref());
    let Some(tracer) = tracers.find(|tracer| (tracer.recognises)(&text)) else {
        let cause = format!("no cycle of GODEBUG=gctrace=1 in {lines} lines: such a line begins `gc 1 @0.006s 6%: `");
        return Err(Failure::failed(Fault::new(place, cause)));
    };
    let faults = (tracer.faults)(place, &text).map_err(Failure::failed)?;
    for fault in faults.iter().take(TOLD) {
        tell(format_args!("{fault}; the line is left out"));
    }
    if faults.len() > TOLD {
        tell(format_args!("{place}: {} more damaged lines are left out", faults.len() - TOLD));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Some(Source { path: place.to_owned(), folder: String::new(), name: visible(&name).into_owned(), text }))
}

/// A file of a scene, named after its mechanism's folder or naming its mechanism itself.
fn script(path: &Path) -> Result<Source, Failure> {
    let text = files::read_text(path, MAX_SCENE)
        .map_err(|error| Failure::wrong_use(format!("{}: {error}", path.display())))?;
    let name =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = name(whole.parent().and_then(Path::file_name));
    Ok(Source { path: path.display().to_string(), folder, name: name(path.file_stem()), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenes_file_is_played_by_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let text = "(mechanism: \"go-map\", title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), beats: [(do: Get(\"k1\"))])";
        let path = folder.path().join("found.ron");
        std::fs::write(&path, text).unwrap();
        let place = path.to_str().unwrap();
        let (catalog, id) =
            brought(Catalog::default(), place).unwrap_or_else(|failure| panic!("{:?}", failure.message));
        assert_eq!(id, "go-map/found");
        assert!(catalog.stage(&id).is_ok() && catalog.scene("go-map/growth").is_ok());
        let missing = brought(Catalog::default(), "nowhere.ron").map(|_| ()).unwrap_err();
        assert!(missing.code == 2 && missing.message.is_some_and(|words| words.contains("nowhere.ron")));
        std::fs::write(&path, text.replace("go-map", "go-mop")).unwrap();
        let unknown = brought(Catalog::default(), place).map(|_| ()).unwrap_err();
        assert!(unknown.message.is_some_and(|words| words.contains("go-mop") && words.contains("`go-map`")));
    }
}
