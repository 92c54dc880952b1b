//! The one list of mechanisms and scenes, and the only file that names concrete ones.
//!
//! Everything above asks here: for the scenes, for a run of one, for replays and explorations. Scenes come from the
//! program itself and, with `--scenes`, from a folder whose files somebody else has read.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::fidelity::{self, Compared, Fidelity};
use crate::kind::MechanismKind;
use crate::mechanisms::{go_chan, go_gc, go_gctrace, go_map, go_sched, go_swiss_map, go_sync_map};
use crate::replay::{self, Recording, RecordingError};
use crate::scene::fault::unknown;
use crate::scene::mechanism::Moment;
use crate::scene::pair::Pair;
use crate::scene::{Fault, Header, Mechanism, Run};
use crate::text::Lang;

/// The files of one mechanism that are built in.
struct Files {
    mechanism: &'static str,
    words: (&'static str, &'static str),
    listing: (&'static str, &'static str),
    scenes: &'static [(&'static str, &'static str)],
}

// `FILES`: what lies under scenes/, found by build.rs.
include!(concat!(env!("OUT_DIR"), "/scenes.rs"));

/// A new mechanism is one line here, its folder under mechanisms/ and its folder under scenes/.
fn kinds() -> Vec<MechanismKind> {
    vec![
        go_map::kind(),
        go_swiss_map::kind(),
        go_chan::kind(),
        go_sched::kind(),
        go_gc::kind(),
        go_sync_map::kind(),
        go_gctrace::kind(),
    ]
}

/// The built-in files of a mechanism.
fn files(kind: &MechanismKind) -> &'static Files {
    static NONE: Files = Files { mechanism: "", words: ("", ""), listing: ("", ""), scenes: &[] };
    FILES.iter().find(|files| files.mechanism == kind.id).unwrap_or(&NONE)
}

/// A file of a folder of scenes, as read by whoever may touch files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, for messages.
    pub path: String,
    /// The name of the folder that it lies in.
    pub folder: String,
    /// Its name without `.ron` or `.txt`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Stages a scene.
pub type Plan = Box<dyn FnOnce() -> Result<Box<dyn Run>, Vec<Fault>> + Send>;

/// One scene of the catalogue.
pub struct Scene {
    /// Its id, such as `go-map/growth`.
    pub id: String,
    /// The file, for messages.
    pub file: String,
    text: String,
    kind: usize,
    /// Whether its text is no script but a trace.
    traced: bool,
    header: OnceCell<Result<Header, Fault>>,
}

impl Scene {
    /// The script; of a trace its file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a trace that somebody brought, and no script.
    pub fn is_trace(&self) -> bool {
        self.traced
    }
}

/// All mechanisms and scenes.
pub struct Catalog {
    kinds: Vec<MechanismKind>,
    words: Vec<OnceCell<Result<Arc<Mechanism>, Vec<Fault>>>>,
    own_words: BTreeMap<(usize, &'static str), Source>,
    scenes: Vec<Scene>,
    faults: Vec<Fault>,
    report: OnceCell<BTreeMap<String, Compared>>,
}

impl Default for Catalog {
    fn default() -> Catalog {
        Catalog::with(Vec::new())
    }
}

impl Catalog {
    /// The built-in scenes, and those of a folder, which take the place of built-in ones with the same id.
    pub fn with(sources: Vec<Source>) -> Catalog {
        let mut catalog = Catalog::empty();
        for (kind, mechanism) in catalog.kinds.iter().enumerate() {
            for (file, text) in files(mechanism).scenes {
                let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".ron");
                catalog.scenes.push(Scene::new(mechanism.id, kind, name, file, (*text).to_owned()));
            }
        }
        catalog.add(sources);
        catalog
    }

    /// Only the scenes of a folder.
    pub fn only(sources: Vec<Source>) -> Catalog {
        let mut catalog = Catalog::empty();
        catalog.add(sources);
        catalog
    }

    fn empty() -> Catalog {
        let kinds = kinds();
        let words = kinds.iter().map(|_| OnceCell::new()).collect();
        Catalog {
            kinds,
            words,
            own_words: BTreeMap::new(),
            scenes: Vec::new(),
            faults: Vec::new(),
            report: OnceCell::new(),
        }
    }

    /// Adds a file that holds a trace, or a scene if it ends in `.ron`: the id of its scene.
    pub fn bring(&mut self, source: Source) -> Result<String, Fault> {
        let script = source.path.ends_with(".ron");
        let kind = if script { self.kind_of(&source) } else { self.traced(&source.text) };
        let Some(kind) = kind else {
            let none = || Fault::new(&source.path, "holds no trace that a machine plays");
            return Err(self.faults.pop().filter(|_| script).unwrap_or_else(none));
        };
        let mut scene = Scene::new(self.kinds[kind].id, kind, &source.name, &source.path, source.text);
        scene.traced = !script;
        let id = scene.id.clone();
        self.scenes.retain(|known| known.id != id);
        self.scenes.push(scene);
        Ok(id)
    }

    fn add(&mut self, sources: Vec<Source>) {
        for source in sources {
            let Some(kind) = self.kind_of(&source) else { continue };
            match source.name.as_str() {
                "mechanism" => drop(self.own_words.insert((kind, "words"), source)),
                "listing" => drop(self.own_words.insert((kind, "listing"), source)),
                name => {
                    let scene = Scene::new(self.kinds[kind].id, kind, name, &source.path, source.text.clone());
                    self.scenes.retain(|known| known.id != scene.id);
                    self.scenes.push(scene);
                }
            }
        }
        self.scenes.sort_by_cached_key(|scene| {
            (scene.kind, scene.header(&self.kinds).map_or(u32::MAX, |header| header.order), scene.id.clone())
        });
    }

    /// The machine that plays traces such as this text, if it is one.
    fn traced(&self, text: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.traced.as_ref().is_some_and(|tracer| (tracer.recognises)(text)))
    }

    /// The mechanism of a file: its folder's name, or what the script itself says.
    fn kind_of(&mut self, source: &Source) -> Option<usize> {
        let find = |name: &str| self.kinds.iter().position(|kind| kind.id == name);
        if let Some(kind) = find(&source.folder) {
            return Some(kind);
        }
        let said = declared_mechanism(&source.text);
        let kind = said.as_deref().and_then(find);
        if kind.is_none() {
            let ids = self.kinds.iter().map(|kind| kind.id);
            let cause = match said {
                Some(name) => unknown("mechanism", &name, ids),
                None => format!(
                    "the folder `{}` is no mechanism and the script names none with `mechanism: \"…\"` (known: {})",
                    source.folder,
                    ids.collect::<Vec<_>>().join(", ")
                ),
            };
            self.faults.push(Fault::new(&source.path, cause));
        }
        kind
    }

    /// The mechanisms.
    pub fn kinds(&self) -> &[MechanismKind] {
        &self.kinds
    }

    /// The mechanism with this id, or a message with the nearest one.
    pub fn kind(&self, id: &str) -> Result<&MechanismKind, String> {
        let found = self.kinds.iter().find(|kind| kind.id == id);
        found.ok_or_else(|| unknown("mechanism", id, self.kinds.iter().map(|kind| kind.id)))
    }

    /// How true a mechanism's machine is known to be.
    pub fn fidelity(&self, kind: &MechanismKind) -> Fidelity {
        Fidelity::of(kind, self.report.get_or_init(fidelity::report))
    }

    /// The scenes, by mechanism and in their order.
    pub fn scenes(&self) -> &[Scene] {
        &self.scenes
    }

    /// Files that belong to no mechanism.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The scene with this id, or a message with the nearest one.
    pub fn scene(&self, id: &str) -> Result<&Scene, String> {
        let found = self.scenes.iter().find(|scene| scene.id == id);
        found.ok_or_else(|| unknown("scene", id, self.scenes.iter().map(|scene| scene.id.as_str())))
    }

    /// The words of a mechanism.
    pub fn words(&self, id: &str) -> Result<Arc<Mechanism>, Vec<Fault>> {
        let kind = self.kinds.iter().position(|kind| kind.id == id);
        kind.map_or_else(|| Err(vec![Fault::new(id, "no such mechanism")]), |kind| self.words_of(kind))
    }

    fn words_of(&self, kind: usize) -> Result<Arc<Mechanism>, Vec<Fault>> {
        let read = || {
            let files = files(&self.kinds[kind]);
            let own = |part| self.own_words.get(&(kind, part)).map(|source| (source.path.as_str(), &*source.text));
            let (file, text) = own("words").unwrap_or(files.words);
            let (listing_file, listing) = own("listing").unwrap_or(files.listing);
            (self.kinds[kind].words)(file, text, listing_file, listing).map(Arc::new)
        };
        self.words[kind].get_or_init(read).clone()
    }

    /// Whether the words of a mechanism come from a folder rather than from the program.
    pub fn owns_words(&self, id: &str) -> bool {
        self.own_words.keys().any(|(kind, _)| self.kinds[*kind].id == id)
    }

    /// Title, summary and place of a scene, without staging it.
    pub fn header<'a>(&'a self, scene: &'a Scene) -> Result<&'a Header, Fault> {
        scene.header(&self.kinds)
    }

    /// The mechanism's id of a scene.
    pub fn mechanism_of(&self, scene: &Scene) -> &'static str {
        self.kinds[scene.kind].id
    }

    /// Stages a scene: a run, or everything that is wrong with it.
    pub fn stage(&self, id: &str) -> Result<Box<dyn Run>, Vec<Fault>> {
        self.plan(id)?()
    }

    /// How a scene is staged, to be carried out elsewhere: what costs little is done, and may have gone wrong, already.
    pub fn plan(&self, id: &str) -> Result<Plan, Vec<Fault>> {
        let scene = self.scene(id).map_err(|message| vec![Fault::new(id, message)])?;
        let words = self.words_of(scene.kind)?;
        let kind = &self.kinds[scene.kind];
        let stage = kind.traced.as_ref().filter(|_| scene.traced).map_or(kind.stage, |tracer| tracer.stage);
        let (id, file, text) = (scene.id.clone(), scene.file.clone(), scene.text.clone());
        // To read a script takes as long as to carry it out: it is not done twice for nothing.
        let paired = !scene.traced && text.contains("beside:");
        let beside = if paired { (kind.beside)(&file, &text).map_err(|fault| vec![fault])? } else { None };
        let Some((mechanism, names, script)) = beside else {
            return Ok(Box::new(move || stage(&words, &id, &file, &text)));
        };
        let other = self.kind(mechanism.as_deref().unwrap_or(kind.id));
        let other = other.map_err(|message| vec![Fault::new(&file, format!("beside: {message}"))])?;
        let place = self.kinds.iter().position(|kind| kind.id == other.id).unwrap_or(scene.kind);
        let (others, staged) = (self.words_of(place)?, other.stage);
        Ok(Box::new(move || {
            let lead = stage(&words, &id, &file, &text)?;
            let besides = |fault: Fault| Fault::new(&file, format!("beside: {}", fault.cause));
            let run = staged(&others, &id, &file, &script);
            let mut run = run.map_err(|faults| faults.into_iter().map(besides).collect::<Vec<_>>())?;
            for action in lead.actions() {
                run.act(&action.text).map_err(|error| {
                    let cause = format!("beside: `{}`: {}", action.text, error.message(Lang::En));
                    vec![Fault::new(&file, cause)]
                })?;
            }
            Ok(Box::new(Pair::new(id, names, [lead, run])) as Box<dyn Run>)
        }))
    }

    /// The scene's id and the position of a claim's moment.
    pub fn moment(&self, mechanism: &str, moment: &Moment) -> Result<(String, usize), String> {
        let id = format!("{mechanism}/{}", moment.scene);
        let run =
            self.stage(&id).map_err(|faults| faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))?;
        let at = run.find(&moment.event, moment.nth);
        at.map(|at| (id.clone(), at)).ok_or_else(|| format!("{id} has no step {} number {}", moment.event, moment.nth))
    }

    /// Replays a recording through the mechanism that it is of.
    pub fn replay(&self, text: &str) -> Result<(&'static str, replay::Report), RecordingError> {
        let header = replay::header(text)?;
        let recorded = |kind: &MechanismKind| {
            let recorded = kind.recorded.as_ref().filter(|recorded| (recorded.accepts)(&header))?;
            Some((kind.id, recorded.replay))
        };
        let (id, replay) = self.kinds.iter().find_map(recorded).ok_or_else(|| RecordingError {
            line: 1,
            cause: format!(
                "no machine replays recordings of mechanism {} (impl {}, go {})",
                header.get("mechanism").unwrap_or(&Value::Null),
                header.get("impl").unwrap_or(&Value::Null),
                header.get("go").unwrap_or(&Value::Null)
            ),
        })?;
        replay(Recording::new(text)).map(|report| (id, report))
    }
}

impl Scene {
    fn new(mechanism: &str, kind: usize, name: &str, file: &str, text: String) -> Scene {
        Scene {
            id: format!("{mechanism}/{name}"),
            file: file.to_owned(),
            text,
            kind,
            traced: false,
            header: OnceCell::new(),
        }
    }

    fn header(&self, kinds: &[MechanismKind]) -> Result<&Header, Fault> {
        let kind = &kinds[self.kind];
        let read = kind.traced.as_ref().filter(|_| self.traced).map_or(kind.header, |tracer| tracer.header);
        self.header.get_or_init(|| read(&self.file, &self.text)).as_ref().map_err(Fault::clone)
    }
}

/// What a script says with `mechanism: "…"`, read without knowing the rest of it.
fn declared_mechanism(text: &str) -> Option<String> {
    let after = text.split_once("mechanism")?.1.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    after.split_once('"').map(|(name, _)| name.to_owned())
}
