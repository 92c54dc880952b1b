//! What a file from a stranger is put through, whatever bytes it holds: the fuzz targets and the house's tests do the
//! same. Nothing here may panic; a fault names a cause and, of a recording, a line that is there.
//!
//! The first byte of a scene and of words picks the mechanism: its number in the catalogue, `0` for the first.

#![allow(dead_code, reason = "each fuzz target uses one of them")]

use glassbox::catalog::{Catalog, Source};
use glassbox::diagram::Size;
use glassbox::scene::Run;
use glassbox::scene::fault::Fault;
use glassbox::text::Lang;

/// A scene: staged, looked at in three places, left for a what-if in the middle.
pub fn scene(input: &[u8]) {
    let Some((mechanism, text)) = picked(input) else { return };
    let catalog = Catalog::only(vec![source(mechanism, "x", text)]);
    match catalog.stage(&format!("{mechanism}/x")) {
        Ok(run) => look_at(&*run),
        Err(faults) => all_say_why(&faults),
    }
}

/// The words of a mechanism, and after a NUL its listing. The shortest built-in scene is then told with them.
pub fn words(input: &[u8]) {
    let Some((mechanism, text)) = picked(input) else { return };
    let (words, listing) = text.split_once('\0').map_or((&*text, None), |(words, listing)| (words, Some(listing)));
    let mut sources = vec![source(mechanism, "mechanism", words.to_owned())];
    sources.extend(listing.map(|listing| source(mechanism, "listing", listing.to_owned())));
    let catalog = Catalog::with(sources);
    match catalog.words(mechanism) {
        Ok(_) => {
            let scene = catalog.scenes().iter().find(|scene| catalog.mechanism_of(scene) == mechanism);
            match scene.map(|scene| catalog.stage(&scene.id)) {
                Some(Ok(run)) => look_at(&*run),
                Some(Err(faults)) => all_say_why(&faults),
                None => {}
            }
        }
        Err(faults) => all_say_why(&faults),
    }
}

/// A recording: replayed, or refused at a line.
pub fn recording(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Err(error) = Catalog::only(Vec::new()).replay(&text) {
        let lines = text.lines().count().max(1);
        assert!((1..=lines).contains(&error.line), "line {} of {lines}: {}", error.line, error.cause);
        assert!(!error.cause.trim().is_empty(), "line {}: no cause", error.line);
    }
}

/// A trace of the viewer's own program: played, or refused with a cause.
pub fn trace(input: &[u8]) {
    let mut catalog = Catalog::only(Vec::new());
    let text = String::from_utf8_lossy(input).into_owned();
    let own = Source { path: String::from("own/x"), folder: String::new(), name: String::from("x"), text };
    match catalog.bring(own).map(|id| catalog.stage(&id)) {
        Ok(Ok(run)) => look_at(&*run),
        Ok(Err(faults)) => all_say_why(&faults),
        Err(fault) => all_say_why(&[fault]),
    }
}

/// A settings file: what is read and written again says the same, and what was not changed stays to the letter.
#[cfg(feature = "app")]
pub fn settings(input: &[u8]) {
    use glassbox::app::settings::Record;

    let text = String::from_utf8_lossy(input);
    let Ok(record) = Record::parse(&text) else { return };
    let (settings, _) = record.settings();
    let written = record.to_string();
    let mut again = Record::parse(&written).unwrap_or_else(|cause| panic!("{cause} in {written}"));
    assert_eq!(again, record, "{written}");
    let loses = again.put(&settings, &settings).unwrap_or_else(|error| panic!("{error}"));
    assert!(!loses && again == record, "nothing was changed");
}

fn picked(input: &[u8]) -> Option<(&'static str, String)> {
    let (first, rest) = input.split_first()?;
    let catalog = Catalog::only(Vec::new());
    let kinds = catalog.kinds();
    let kind = &kinds[usize::from(first.wrapping_sub(b'0')) % kinds.len()];
    Some((kind.id, String::from_utf8_lossy(rest).into_owned()))
}

fn source(mechanism: &str, name: &str, text: String) -> Source {
    let path = format!("own/{mechanism}/{name}");
    Source { path, folder: mechanism.to_owned(), name: name.to_owned(), text }
}

fn all_say_why(faults: &[Fault]) {
    assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.cause.trim().is_empty()), "{faults:?}");
}

fn look_at(run: &dyn Run) {
    for at in [0, run.steps() / 2, run.steps()] {
        drop((
            run.picture(at, Size::Window),
            run.state(at),
            run.laws(at),
            run.choices(at),
            run.story(),
            run.questions(),
        ));
        for lang in Lang::ALL {
            drop(run.caption(at, lang).spoken());
        }
    }
    let at = run.steps() / 2;
    for choice in run.choices(at).iter().take(3) {
        if let Err(error) = run.fork(at, &choice.text) {
            assert!(!error.message(Lang::En).is_empty());
        }
    }
}
