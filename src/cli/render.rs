//! `glassbox render`: a picture, a GIF or numbered frames of a scene, without a display and without a GPU.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::terminal::{Out, Progress};
use super::{Failure, Language, staged};
use crate::catalog::Catalog;
use crate::diagram::Size;
use crate::diagram::palette::Theme;
use crate::export::film::Film;
use crate::export::png::{self, Effort};
use crate::export::{ExportError, frames, gif};
use crate::paint::still;
use crate::scene::page;
use crate::text::Lang;

/// What to render, and into what.
#[derive(Args)]
pub struct Render {
    /// The scene, such as go-map/growth; or a file with lines of GODEBUG=gctrace=1.
    #[arg(value_name = "SCENE|FILE")]
    pub scene: String,
    /// FILE.png for one step, FILE.gif for a film, a folder for numbered frames.
    #[arg(long, value_name = "FILE.png|FILE.gif|DIR")]
    out: PathBuf,
    /// The step of a picture; without it the middle of the scene.
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "to"])]
    step: Option<usize>,
    /// The first step of a film.
    #[arg(long, value_name = "A")]
    from: Option<usize>,
    /// The last step of a film.
    #[arg(long, value_name = "B")]
    to: Option<usize>,
    /// Width and height in pixels.
    #[arg(long, default_value = "1280x720", value_parser = size, value_name = "WxH")]
    size: (usize, usize),
    /// Frames per second of a film.
    #[arg(long, default_value_t = 30)]
    fps: u32,
    /// For the window, or for the stage before an audience: fewer and larger things.
    #[arg(long, value_enum, default_value = "window")]
    look: LookName,
    /// Dark or light.
    #[arg(long, value_enum, default_value = "dark")]
    theme: ThemeName,
    /// The language of captions and labels.
    #[arg(long, value_enum, default_value = "en")]
    lang: Language,
}

#[derive(Clone, Copy, ValueEnum)]
enum ThemeName {
    Dark,
    Light,
}

impl From<ThemeName> for Theme {
    fn from(name: ThemeName) -> Theme {
        match name {
            ThemeName::Dark => Theme::Dark,
            ThemeName::Light => Theme::Light,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum LookName {
    Window,
    Stage,
}

impl From<LookName> for Size {
    fn from(name: LookName) -> Size {
        match name {
            LookName::Window => Size::Window,
            LookName::Stage => Size::Stage,
        }
    }
}

/// `1280x720`, each from 16 to 8192.
fn size(text: &str) -> Result<(usize, usize), String> {
    let sides = text.split_once(['x', 'X', '×']);
    let pixels = |side: &str| side.trim().parse().ok().filter(|side| (16..=8192).contains(side));
    let size = sides.and_then(|(width, height)| Some((pixels(width)?, pixels(height)?)));
    size.ok_or_else(|| "a size is WIDTHxHEIGHT in pixels, each from 16 to 8192".to_owned())
}

/// What the end of the path says is to be made.
enum Kind {
    Picture,
    Film,
    Frames,
}

fn kind(path: &Path) -> Result<Kind, Failure> {
    match path.extension().map(|end| end.to_string_lossy().to_lowercase()).as_deref() {
        Some("png" | "gif") if path.is_dir() => {
            Err(Failure::wrong_use(format!("{} is a folder: a picture or a film is a file", path.display())))
        }
        _ if path.is_dir() => Ok(Kind::Frames),
        None if path.exists() => Err(Failure::wrong_use(format!(
            "{} is a file: frames go into a folder, a picture ends in .png, a film in .gif",
            path.display()
        ))),
        None => Ok(Kind::Frames),
        Some("png") => Ok(Kind::Picture),
        Some("gif") => Ok(Kind::Film),
        Some(end) => Err(Failure::wrong_use(format!(
            "`.{end}`: a picture ends in .png, a film in .gif, frames go into a folder"
        ))),
    }
}

/// What cannot be made of these arguments is wrong use; everything else was tried.
fn failure(error: ExportError) -> Failure {
    match error {
        ExportError::Impossible(cause) => Failure::wrong_use(cause),
        other => Failure::failed(other),
    }
}

/// Renders the scene with this id.
pub fn render(catalog: &Catalog, id: &str, render: &Render, out: &mut Out) -> Result<(), Failure> {
    let kind = kind(&render.out)?;
    let run = staged(catalog, id)?;
    let lang = Lang::from(render.lang);
    let theme = Theme::from(render.theme);
    let size = Size::from(render.look);
    let (width, height) = render.size;
    let within = |step: usize| match step <= run.steps() {
        true => Ok(step),
        false => Err(Failure::wrong_use(format!("{} has {} steps, there is no step {step}", run.id(), run.steps()))),
    };
    let one = render.step.map(within).transpose()?;
    if matches!(kind, Kind::Picture) {
        if render.from.is_some() || render.to.is_some() {
            return Err(Failure::wrong_use(
                "--from and --to make a film: give --out FILE.gif or a folder, or --step for a picture",
            ));
        }
        let at = one.unwrap_or(run.steps() / 2);
        let picture = still::still(&page::compose(&*run, at, lang, size), width, height, theme, lang);
        png::write(&render.out, &picture, Effort::Small).map_err(failure)?;
        out.line(format_args!("{}: step {at} of {}", render.out.display(), run.id()))?;
        return Ok(());
    }
    let (from, to) = (within(one.or(render.from).unwrap_or(0))?, within(one.or(render.to).unwrap_or(run.steps()))?);
    if from > to {
        return Err(Failure::wrong_use(format!("the film would begin at step {from} and end at step {to}")));
    }
    let film = Film { fps: render.fps, width, height, ..Film::of(&*run, from, to, size, theme, lang) };
    let (mut total, mut shown) = (0, Progress::new());
    let mut progress = |frame: usize, frames: usize| {
        total = frames;
        shown.at(frame + 1, frames, "frames");
        ControlFlow::Continue(())
    };
    let made = match kind {
        Kind::Film => gif::write(&render.out, &film, &mut progress),
        _ => frames::write(&render.out, &film, &mut progress),
    };
    drop(shown);
    made.map_err(failure)?;
    out.line(format_args!("{}: {total} frames of {}, steps {from} to {to}", render.out.display(), run.id()))?;
    Ok(())
}
