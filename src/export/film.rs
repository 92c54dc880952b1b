//! The frames of a run: what the window would show, at a fixed rate, without a clock.
//!
//! One thread tweens and tessellates, the other draws what changed. Each frame is a function of the film and its number,
//! so the pixels are the same on every machine and every run.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use egui::epaint::{ImageDelta, TextureId};

use super::error::ExportError;
use crate::diagram::palette::Theme;
use crate::diagram::{Diagram, Size, ease, tween};
use crate::paint::compose::{Composer, Picture};
use crate::paint::raster::Raster;
use crate::paint::{PixelRect, Pixmap};
use crate::player::{Command, Direction, Outline, Transport};
use crate::scene::{Run, page, rhythm};
use crate::text::Lang;

/// Frames that may be composed before the first of them is drawn.
const AHEAD: usize = 8;
/// Pixels a side that a picture may have.
const MAX_SIDE: usize = 16_384;

/// What is filmed, and how.
#[derive(Clone, Debug)]
pub struct Film {
    /// The picture at each position, captions included.
    pub pictures: Vec<Arc<Diagram>>,
    /// Seconds for which the picture rests at each position, at speed 1, as in [`Outline::rests`].
    pub rests: Vec<f32>,
    /// When the picture reaches each position, in seconds of movement from the first, as in [`Outline::clock`].
    pub clock: Vec<f64>,
    /// 1 is the pace of the design.
    pub speed: f32,
    /// No movement between positions.
    pub reduced_motion: bool,
    /// Frames per second.
    pub fps: u32,
    /// Pixels from left to right.
    pub width: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    /// Dark or light.
    pub theme: Theme,
    /// The language of the labels.
    pub lang: Lang,
}

/// What a frame shows: a share `t` of the way from one position to another, 0 to 1, not yet eased.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The position that the picture comes from.
    pub from: usize,
    /// The position that it goes to.
    pub to: usize,
    /// The share of the time that has passed.
    pub t: f32,
}

/// One frame, lent to whoever keeps it.
#[derive(Debug)]
pub struct Frame<'a> {
    /// From 0.
    pub index: usize,
    /// How many frames the film has.
    pub total: usize,
    /// The whole frame.
    pub image: &'a Pixmap,
    /// Outside of these the frame is the same as the one before it; empty if it is the same everywhere.
    pub changed: &'a [PixelRect],
}

impl Film {
    /// Positions `from` to `to` of a run with their captions, at the window's pace, 1280 × 720 and 30 frames a second.
    pub fn of(run: &dyn Run, from: usize, to: usize, size: Size, theme: Theme, lang: Lang) -> Film {
        let story = run.story();
        let clock = rhythm::clock(run, &story);
        let rest = |at: usize| rhythm::rest(&run.caption(at, lang), story.stop(at).is_some(), lang);
        Film {
            pictures: (from..=to).map(|at| Arc::new(page::compose(run, at, lang, size))).collect(),
            rests: (from..=to).map(rest).collect(),
            clock: (from..=to).map(|at| clock[at] - clock[from]).collect(),
            speed: 1.0,
            reduced_motion: false,
            fps: 30,
            width: 1280,
            height: 720,
            theme,
            lang,
        }
    }

    /// What each frame shows: the transport's own pace, and as long a look at the first picture as at the others.
    pub fn moments(&self) -> Vec<Moment> {
        let Some(steps) = self.pictures.len().checked_sub(1) else { return Vec::new() };
        let run = Outline { steps, actions: &[], stops: &[], ends: &[], rests: &self.rests, clock: &self.clock };
        let dt = 1.0 / self.fps.max(1) as f32;
        let mut transport = Transport::default();
        transport.set_reduced_motion(self.reduced_motion);
        transport.apply(&Command::Speed(self.speed), run);
        let look = self.rests.first().copied().unwrap_or(0.0) / transport.speed() / dt;
        let mut moments = vec![Moment { from: 0, to: 0, t: 0.0 }; look.round().max(1.0) as usize];
        transport.apply(&Command::Play(Direction::Forward), run);
        loop {
            transport.tick(dt, run);
            if !transport.moving() {
                break;
            }
            let (from, to, t) = transport.between();
            moments.push(Moment { from, to, t });
        }
        let last = Moment { from: steps, to: steps, t: 0.0 };
        if moments.last() != Some(&last) {
            moments.push(last);
        }
        moments
    }

    /// The diagram of a moment.
    pub fn diagram(&self, moment: Moment) -> Arc<Diagram> {
        let Moment { from, to, t } = moment;
        if from == to || t <= 0.0 {
            return Arc::clone(&self.pictures[from]);
        }
        Arc::new(tween(&self.pictures[from], &self.pictures[to], ease(t)))
    }

    /// Calls `each` with every frame in order. Returns how many there were.
    pub fn play(&self, mut each: impl FnMut(&Frame<'_>) -> Result<(), ExportError>) -> Result<usize, ExportError> {
        self.check()?;
        let moments = self.moments();
        thread::scope(|scope| {
            let (send, receive) = sync_channel(AHEAD);
            scope.spawn(|| self.compose(&moments, &send_into(send)));
            self.draw(moments.len(), &receive, &mut each)
        })
    }

    fn check(&self) -> Result<(), ExportError> {
        let impossible = |cause: &str| Err(ExportError::Impossible(cause.to_owned()));
        if self.pictures.is_empty() {
            return impossible("a film needs at least one position");
        }
        if !(1..=MAX_SIDE).contains(&self.width) || !(1..=MAX_SIDE).contains(&self.height) {
            return impossible(&format!("a picture has 1 to {MAX_SIDE} pixels a side"));
        }
        if !(1..=240).contains(&self.fps) {
            return impossible("a film has 1 to 240 frames per second");
        }
        Ok(())
    }

    /// The first thread: from moments to triangles.
    fn compose(&self, moments: &[Moment], send: &dyn Fn(Composed) -> bool) {
        let mut composer = Composer::new(self.width, self.height, self.theme, self.lang);
        let whole = Pixmap::new(self.width, self.height, [0; 4]).bounds();
        let mut before = (None, Picture::default());
        for &moment in moments {
            let composed = if before.0 == Some(moment) {
                Composed::Same
            } else {
                let picture = composer.compose(self.diagram(moment), &before.1);
                let areas = match before.0 {
                    None => vec![whole],
                    Some(_) => picture.changes_since(&before.1, whole),
                };
                before = (Some(moment), picture.clone());
                Composed::New { picture, areas, font: composer.take_font_delta() }
            };
            if !send(composed) {
                return;
            }
        }
    }

    /// The second thread: from triangles to pixels.
    fn draw(
        &self,
        total: usize,
        receive: &Receiver<Composed>,
        each: &mut dyn FnMut(&Frame<'_>) -> Result<(), ExportError>,
    ) -> Result<usize, ExportError> {
        let background = crate::paint::theme::canvas(self.theme).to_array();
        let mut image = Pixmap::new(self.width, self.height, background);
        let mut raster = Raster::new();
        for index in 0..total {
            let changed = match receive.recv() {
                Ok(Composed::Same) => Vec::new(),
                Ok(Composed::New { picture, areas, font }) => {
                    if let Some(font) = font {
                        raster.set_texture(TextureId::default(), &font);
                    }
                    for &area in &areas {
                        image.fill(area, background);
                        picture.draw(&raster, &mut image, area);
                    }
                    areas
                }
                Err(_) => return Err(ExportError::Encoder("the composing thread ended early".to_owned())),
            };
            each(&Frame { index, total, image: &image, changed: &changed })?;
        }
        Ok(total)
    }
}

/// What the first thread hands to the second.
enum Composed {
    /// The frame is the one before it.
    Same,
    /// Another picture, where it differs, and the glyphs that are new in it.
    New { picture: Picture, areas: Vec<PixelRect>, font: Option<ImageDelta> },
}

/// `false` once nobody listens any more.
fn send_into(send: SyncSender<Composed>) -> impl Fn(Composed) -> bool {
    move |composed| send.send(composed).is_ok()
}
