//! The catalogue as the window's library, and `glassbox open`.

use std::path::{Path, PathBuf};

use super::terminal::tell;
use super::{Failure, bring, catalog, staged};
use crate::app::{self, IndexPlan, Library, Options, Plan, SceneCard};
use crate::catalog::{Catalog, Source};
use crate::folder;
use crate::scene::Fault;
use crate::search::Index;

/// The commands that need no display, as the window without one names them.
const COMMANDS: &str = "list, check, trace, replay, explore, render";

/// Opens the window, at a place such as `go-map/growth@44` if one is given.
pub fn open(own: Option<PathBuf>, place: Option<&str>) -> Result<(), Failure> {
    let (mut start, mut brought) = (None, None);
    if let Some(place) = place {
        let mut catalog = catalog(own.clone())?;
        // A file's name may hold an @, as a scene's may.
        let (file, step) = match (Path::new(place).exists(), place.rsplit_once('@')) {
            (false, Some((file, step))) => (file, Some(step)),
            _ => (place, None),
        };
        brought = bring::file(&catalog, file)?;
        let place = match brought.clone() {
            Some(source) => {
                let id = catalog.bring(source).map_err(Failure::failed)?;
                step.map_or(id.clone(), |step| format!("{id}@{step}"))
            }
            None => place.to_owned(),
        };
        start = Some(parse_place(&catalog, &place, own.is_some())?);
    }
    let mut options = Options::new(Box::new(Shelf::new(own.clone(), brought).map_err(Failure::wrong_use)?));
    options.watch = own;
    options.commands = COMMANDS.to_owned();
    if let Some((scene, at)) = start {
        (options.scene, options.at) = (Some(scene), Some(at));
    }
    app::open(options).map_err(Failure::failed)
}

/// The built-in scenes and those of a folder, as the window asks for them.
pub fn library(own: Option<PathBuf>) -> Result<Box<dyn Library>, String> {
    Ok(Box::new(Shelf::new(own, None)?))
}

/// `go-map/growth@44` as a scene and a position.
fn parse_place(catalog: &Catalog, place: &str, watched: bool) -> Result<(String, usize), Failure> {
    // A scene's own name may hold an @.
    let whole = catalog.scene(place).is_ok();
    let (id, step) = place.rsplit_once('@').filter(|_| !whole).unwrap_or((place, "0"));
    let step: usize = step.parse().map_err(|_| Failure::wrong_use(format!("`{step}` is no step number")))?;
    let run = match staged(catalog, id) {
        // A scene of one's own that is broken is opened as soon as it is mended.
        Err(failure) if watched && catalog.scene(id).is_ok() => {
            failure.message.into_iter().for_each(tell);
            return Ok((id.to_owned(), step));
        }
        staged => staged?,
    };
    if step > run.steps() {
        return Err(Failure::wrong_use(format!("{id} has {} steps, there is no step {step}", run.steps())));
    }
    Ok((id.to_owned(), step))
}

/// The built-in scenes and those of a folder, which is read again when asked.
struct Shelf {
    folder: Option<PathBuf>,
    /// The file that was brought, if one was.
    brought: Option<Source>,
    catalog: Catalog,
    cards: Vec<SceneCard>,
    faults: Vec<String>,
}

impl Shelf {
    fn new(folder: Option<PathBuf>, brought: Option<Source>) -> Result<Shelf, String> {
        let (cards, faults) = (Vec::new(), Vec::new());
        let mut shelf = Shelf { folder, brought, catalog: Catalog::default(), cards, faults };
        shelf.read()?;
        Ok(shelf)
    }

    fn read(&mut self) -> Result<(), String> {
        let (sources, unreadable) = match &self.folder {
            Some(folder) => folder::read(folder)?,
            None => Default::default(),
        };
        self.catalog = Catalog::with(sources);
        let unplayed = self.brought.clone().and_then(|source| self.catalog.bring(source).err());
        self.faults = unreadable.iter().chain(&unplayed).chain(self.catalog.faults()).map(Fault::to_string).collect();
        let mut cards = Vec::new();
        for scene in self.catalog.scenes() {
            let words = self.catalog.words(self.catalog.mechanism_of(scene));
            let kind = self.catalog.kind(self.catalog.mechanism_of(scene));
            let fidelity = kind.map(|kind| self.catalog.fidelity(kind));
            match (self.catalog.header(scene), words) {
                (Ok(header), Ok(words)) => cards.push(SceneCard {
                    id: scene.id.clone(),
                    mechanism: words.id.clone(),
                    group: words.group.clone(),
                    mechanism_title: words.title.clone(),
                    title: header.title.clone(),
                    summary: header.summary.clone(),
                    models: words.models.clone(),
                    replayed: fidelity.as_ref().is_ok_and(|fidelity| fidelity.recorded.is_some()),
                    fidelity: fidelity.map(|fidelity| fidelity.details()).unwrap_or_default(),
                }),
                (Err(fault), _) => self.faults.push(fault.to_string()),
                (_, Err(faults)) => self.faults.extend(faults.iter().map(Fault::to_string)),
            }
        }
        self.faults.dedup();
        self.cards = cards;
        Ok(())
    }
}

impl Library for Shelf {
    fn scenes(&self) -> &[SceneCard] {
        &self.cards
    }

    fn plan(&self, id: &str) -> Plan {
        let told = |faults: Vec<Fault>| faults.iter().map(Fault::to_string).collect();
        match self.catalog.plan(id) {
            Ok(plan) => Box::new(move || plan().map_err(told)),
            Err(faults) => Box::new(move || Err(told(faults))),
        }
    }

    fn index(&self) -> IndexPlan {
        Box::new(Index::plan(&self.catalog))
    }

    fn reload(&mut self) -> bool {
        match self.read() {
            Ok(()) => true,
            Err(cause) => {
                self.faults = vec![cause];
                false
            }
        }
    }

    fn faults(&self) -> &[String] {
        &self.faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Source;

    #[test]
    fn a_place_is_a_scene_and_a_step_and_a_name_may_hold_an_at() {
        let text = "(title: (en: \"a\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), beats: [(do: Get(\"k1\"))])";
        let own = Source {
            path: "a@2.ron".to_owned(),
            folder: "go-map".to_owned(),
            name: "a@2".to_owned(),
            text: text.to_owned(),
        };
        let catalog = Catalog::with(vec![own]);
        let place =
            |words: &str| parse_place(&catalog, words, false).map_err(|failure| (failure.code, failure.message));
        assert_eq!(place("go-map/a@2"), Ok(("go-map/a@2".to_owned(), 0)));
        assert_eq!(place("go-map/a@2@1"), Ok(("go-map/a@2".to_owned(), 1)));
        assert_eq!(place("go-map/growth@4"), Ok(("go-map/growth".to_owned(), 4)));
        let (code, message) = place("go-map/grwth@4").expect_err("no such scene");
        assert!(code == 2 && message.is_some_and(|words| words.contains("did you mean `go-map/growth`?")));
        assert_eq!(place("go-map/growth@x").expect_err("no number").0, 2);
    }
}
