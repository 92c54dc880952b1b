//! The commands: an interface that others script. Everything but the window works without a display and a GPU.

mod bring;
mod check;
mod explore;
mod find;
mod list;
#[cfg(feature = "app")]
mod render;
mod replay;
mod terminal;
mod trace;
#[cfg(feature = "app")]
pub mod window;

use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::catalog::{Catalog, Scene};
use crate::explore::{Bounds, Options};
use crate::folder;
use crate::scene::search::Limits;
use crate::scene::{Fault, Grain};
use crate::text::Lang;
use terminal::Out;
pub use terminal::tell;

/// Explains how backend systems work inside, by playing them.
#[derive(Parser)]
#[command(name = "glassbox", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// A folder with scenes of your own, added to the built-in ones; the window reloads it when a file is saved.
    #[arg(long, global = true, value_name = "DIR")]
    scenes: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// The window at a scene's step, paused: go-map/growth@44; or on a file with lines of GODEBUG=gctrace=1.
    Open {
        /// The scene or the file, and after @ the step.
        #[arg(value_name = "SCENE|FILE[@STEP]")]
        place: String,
    },
    /// Mechanisms and scenes: ids, titles, modelled version, steps.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Every scene's errors, layout and claims; exit 1 on any.
    Check {
        /// A folder of scenes; without it the built-in ones.
        dir: Option<PathBuf>,
    },
    /// A line a step: index, action, event, caption, changed state paths; of a file of GODEBUG=gctrace=1 a line a cycle.
    Trace {
        /// The scene, such as go-map/growth; or a file with lines of GODEBUG=gctrace=1.
        #[arg(value_name = "SCENE|FILE")]
        scene: String,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// The language of the captions.
        #[arg(long, value_enum, default_value = "en")]
        lang: Language,
        /// A line a step, a line an action, or a line a stop.
        #[arg(long, value_enum, default_value = "step")]
        grain: GrainName,
    },
    /// The moments that answer a question or show what words say, best first.
    Find {
        /// What is looked for, in Chinese or English, as a question if you like.
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
        /// The language of the answers.
        #[arg(long, value_enum, default_value = "en")]
        lang: Language,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Recordings of the real system through the machine; exit 1 on a mismatch.
    Replay {
        /// Recordings, JSON lines.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Random runs of a machine against its laws, exit 1 on a violation; or every order of a scene's program, until one goes wrong.
    Explore {
        /// The mechanism, such as go-map; or a scene, or a scene's file: what can happen to its program?
        #[arg(value_name = "MECHANISM|SCENE|FILE.ron")]
        what: String,
        /// How many random runs; of a scene all orders are tried if this is left out.
        #[arg(long)]
        runs: Option<u64>,
        /// The seed of all that is random.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The steps of a run of a machine, or the actions of a scene's, at most.
        #[arg(long, default_value_t = Options::default().steps)]
        steps: u64,
        /// Of a scene: so many of its beats are taken first.
        #[arg(long, default_value_t = 0, value_name = "BEATS")]
        after: usize,
        /// Of a machine: all that may happen, in every order, the shortest runs first.
        #[arg(long, conflicts_with = "runs")]
        exhaustive: bool,
        /// Of an exhaustive search: what it starts from, a setup as scenes write it, or a scene's file.
        #[arg(long, value_name = "FILE", requires = "exhaustive")]
        setup: Option<PathBuf>,
        /// Of an exhaustive search: actions of a run, at most.
        #[arg(long, value_name = "N", requires = "exhaustive")]
        depth: Option<usize>,
        /// Of all orders: different states that are looked at, at most.
        #[arg(long, default_value_t = 200_000, conflicts_with = "runs")]
        states: usize,
        /// Where the run that was found is written as a scene.
        #[arg(long, value_name = "FILE.ron")]
        out: Option<PathBuf>,
    },
    /// A picture, a GIF or numbered frames of a scene.
    #[cfg(feature = "app")]
    Render(render::Render),
}

/// A language on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Zh,
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// A grain on the command line.
#[derive(Clone, Copy, ValueEnum)]
enum GrainName {
    Stop,
    Action,
    Step,
}

impl From<GrainName> for Grain {
    fn from(name: GrainName) -> Grain {
        match name {
            GrainName::Stop => Grain::Stop,
            GrainName::Action => Grain::Action,
            GrainName::Step => Grain::Step,
        }
    }
}

/// Why the program ends otherwise than well.
#[derive(Debug)]
pub struct Failure {
    /// One line for stderr, if anything is left to say.
    pub message: Option<String>,
    /// 1: it was tried and failed; 2: wrong use.
    pub code: u8,
}

impl Failure {
    fn failed(message: impl Display) -> Failure {
        Failure { message: Some(message.to_string()), code: 1 }
    }

    fn wrong_use(message: impl Display) -> Failure {
        Failure { message: Some(message.to_string()), code: 2 }
    }

    /// What is wrong has been printed already.
    fn told() -> Failure {
        Failure { message: None, code: 1 }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        // A reader that has seen enough (`| head`) is no failure of ours to talk about.
        if error.kind() == io::ErrorKind::BrokenPipe { Failure::told() } else { Failure::failed(error) }
    }
}

/// Carries out what the arguments say.
pub fn run(arguments: impl Iterator<Item = OsString>) -> Result<(), Failure> {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return Err(Failure::wrong_use(one_line(&error.to_string()))),
        Err(help) => return Ok(Out::new(&mut io::stdout()).text(&help.to_string())?),
    };
    let own = arguments.scenes;
    let mut stdout = io::stdout().lock();
    let out = &mut Out::new(&mut stdout);
    match arguments.command {
        None => window(own, None),
        Some(Command::Open { place }) => window(own, Some(place)),
        Some(Command::List { json }) => list::list(&catalog(own)?, json, out),
        Some(Command::Check { dir }) => match dir.or(own) {
            Some(dir) => {
                let (sources, faults) = folder::read(&dir).map_err(Failure::wrong_use)?;
                check::check(&Catalog::only(sources), faults, out)
            }
            None => check::check(&Catalog::default(), Vec::new(), out),
        },
        Some(Command::Trace { scene, json, lang, grain }) => {
            let (catalog, id) = bring::brought(catalog(own)?, &scene)?;
            let run = staged(&catalog, &id)?;
            let traced = catalog.scene(&id).is_ok_and(Scene::is_trace);
            let print = if traced { trace::lines } else { trace::trace };
            print(&*run, json, lang.into(), grain.into(), out)
        }
        Some(Command::Find { words, lang, json }) => {
            find::find(&catalog(own)?, &words.join(" "), lang.into(), json, out)
        }
        Some(Command::Replay { files }) => replay::replay(&Catalog::default(), &files, out),
        Some(Command::Explore { what, exhaustive: true, setup, depth, states, out: file, .. }) => {
            let bounds = Bounds::new(depth.unwrap_or(usize::MAX), states);
            explore::exhaust(&Catalog::default(), &what, setup.as_deref(), bounds, file.as_deref(), out)
        }
        Some(Command::Explore { what, runs, seed, steps, after, states, out: file, .. }) => {
            if !what.contains('/') && !what.ends_with(".ron") {
                let runs = runs.unwrap_or(Options::default().runs);
                return explore::explore(&Catalog::default(), &what, Options { runs, seed, steps }, out);
            }
            let runs = runs.map(|runs| (runs, seed));
            let limits = Limits { states, runs, actions: usize::try_from(steps).unwrap_or(usize::MAX) };
            explore::search(catalog(own)?, &what, after, limits, file.as_deref(), out)
        }
        #[cfg(feature = "app")]
        Some(Command::Render(render)) => {
            let (catalog, id) = bring::brought(catalog(own)?, &render.scene)?;
            render::render(&catalog, &id, &render, out)
        }
    }
}

/// The built-in scenes and those of a folder; files that can't be read are told on stderr and left out.
fn catalog(own: Option<PathBuf>) -> Result<Catalog, Failure> {
    let Some(dir) = own else { return Ok(Catalog::default()) };
    let (sources, faults) = folder::read(&dir).map_err(Failure::wrong_use)?;
    let catalog = Catalog::with(sources);
    for fault in faults.iter().chain(catalog.faults()) {
        tell(fault);
    }
    Ok(catalog)
}

fn staged(catalog: &Catalog, id: &str) -> Result<Box<dyn crate::scene::Run>, Failure> {
    catalog.scene(id).map_err(|message| Failure::wrong_use(format!("{message}; `glassbox list` names every scene")))?;
    catalog.stage(id).map_err(|faults| Failure::failed(joined(&faults)))
}

fn joined(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
}

/// The parser's complaint, which comes with usage and hints on further lines, as one line.
fn one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
    told.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
}

#[cfg(not(feature = "app"))]
fn window(_: Option<PathBuf>, _: Option<String>) -> Result<(), Failure> {
    Err(Failure::failed("built without the window; there are: list, check, trace, find, replay, explore"))
}

#[cfg(feature = "app")]
fn window(own: Option<PathBuf>, place: Option<String>) -> Result<(), Failure> {
    window::open(own, place.as_deref())
}
