//! GIF: a film that plays wherever a picture is shown. Each frame holds what changed, and nothing else.

use std::borrow::Cow;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use gif::{DisposalMethod, Encoder, EncodingError, Repeat};

use super::error::{ExportError, write_whole};
use super::film::{Film, Frame};
use super::swatches::{MOST, Swatches};
use crate::files;
use crate::paint::PixelRect;

/// The colour number that stands for "as before".
const KEEP: u8 = MOST as u8;
/// Frames that may wait for the encoder.
const AHEAD: usize = 8;
/// The format counts hundredths of a second, and players slow down what is shorter than two of them.
const MAX_FPS: u32 = 50;

/// Films into a file, whole or not at all. `progress` hears of each frame and how many there will be, and may stop.
pub fn write(
    path: &Path,
    film: &Film,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(), ExportError> {
    files::sweep(files::folder_of(path));
    write_whole(path, |out| encode(out, film, progress).map_err(|e| placed(e, path)))
}

/// Films into any writer.
pub fn encode<W: Write + Send>(
    out: W,
    film: &Film,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(), ExportError> {
    if film.fps > MAX_FPS {
        return Err(ExportError::Impossible(format!("a GIF plays at most {MAX_FPS} frames per second")));
    }
    let mut cutter = Cutter::new(film);
    let colours = cutter.swatches.colours().to_vec();
    thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        let encoder = scope.spawn(move || compress(out, film, &colours, &receive));
        let played = film.play(|frame| {
            if progress(frame.index, frame.total).is_break() {
                return Err(ExportError::Stopped);
            }
            cutter.take(frame, &send)
        });
        let finished = played.and_then(|total| cutter.finish(total, &send));
        drop(send);
        let written = encoder.join().map_err(|_| ExportError::Encoder("the encoding thread failed".to_owned()))?;
        // If the encoder gave up, its reason is the one that matters.
        written.and(finished)
    })
}

/// A changed part of a frame, as colour numbers in rows.
struct Cut {
    area: PixelRect,
    numbers: Vec<u8>,
    /// Hundredths of a second until the next one.
    delay: u16,
}

/// Finds what changed from frame to frame, in colour numbers.
struct Cutter {
    swatches: Swatches,
    fps: u32,
    width: usize,
    /// The colour numbers of the frame shown last.
    shown: Vec<u8>,
    /// Cut, but not sent: how long it stays is known when the next one comes. With the frame it belongs to.
    waiting: Option<(Cut, usize)>,
}

impl Cutter {
    fn new(film: &Film) -> Cutter {
        let shown = vec![KEEP; film.width * film.height];
        Cutter { swatches: Swatches::of(film.theme), fps: film.fps, width: film.width, shown, waiting: None }
    }

    fn take(&mut self, frame: &Frame<'_>, send: &SyncSender<Cut>) -> Result<(), ExportError> {
        let around = frame.changed.iter().fold(PixelRect::NOTHING, |all, area| all.union(*area));
        if frame.changed.is_empty() || around.is_empty() {
            return Ok(());
        }
        let mut numbers = vec![KEEP; around.area()];
        let mut touched = PixelRect::NOTHING;
        for &area in frame.changed {
            touched = touched.union(self.recolour(frame, area, around, &mut numbers));
        }
        if touched.is_empty() {
            return Ok(());
        }
        let cut = Cut { area: touched, numbers: cropped(&numbers, around, touched), delay: 0 };
        self.send_waiting(frame.index, send)?;
        self.waiting = Some((cut, frame.index));
        Ok(())
    }

    /// Writes the numbers of the pixels that changed in `area`, and returns where they lie.
    fn recolour(&mut self, frame: &Frame<'_>, area: PixelRect, around: PixelRect, numbers: &mut [u8]) -> PixelRect {
        let mut touched = PixelRect::NOTHING;
        for y in area.y0..area.y1 {
            let row = frame.image.row(y, area.x0, area.x1);
            let start = y as usize * self.width;
            let shown = &mut self.shown[start + area.x0 as usize..start + area.x1 as usize];
            let start = (y - around.y0) as usize * around.width() + (area.x0 - around.x0) as usize;
            let out = &mut numbers[start..start + row.len()];
            let (mut first, mut last) = (row.len(), 0);
            let mut run = ([0; 4], KEEP);
            for (i, pixel) in row.iter().enumerate() {
                if *pixel != run.0 || i == 0 {
                    run = (*pixel, self.swatches.nearest(*pixel));
                }
                if shown[i] != run.1 {
                    shown[i] = run.1;
                    out[i] = run.1;
                    first = first.min(i);
                    last = i + 1;
                }
            }
            if first < last {
                touched = touched.union(PixelRect::new(area.x0 + first as i32, y, area.x0 + last as i32, y + 1));
            }
        }
        touched
    }

    fn send_waiting(&mut self, next: usize, send: &SyncSender<Cut>) -> Result<(), ExportError> {
        let Some((mut cut, index)) = self.waiting.take() else { return Ok(()) };
        // Rounding each frame's start, not its length, keeps a long film in time.
        let start = |frame: usize| (frame as u64 * 100 + u64::from(self.fps) / 2) / u64::from(self.fps);
        cut.delay = u16::try_from(start(next) - start(index)).unwrap_or(u16::MAX);
        send.send(cut).map_err(|_| ExportError::Stopped)
    }

    fn finish(&mut self, total: usize, send: &SyncSender<Cut>) -> Result<(), ExportError> {
        self.send_waiting(total, send)
    }
}

/// The part of `numbers` (rows of `around`) that lies in `part`.
fn cropped(numbers: &[u8], around: PixelRect, part: PixelRect) -> Vec<u8> {
    if part == around {
        return numbers.to_vec();
    }
    let row = |y: i32| {
        let start = (y - around.y0) as usize * around.width() + (part.x0 - around.x0) as usize;
        &numbers[start..start + part.width()]
    };
    (part.y0..part.y1).flat_map(row).copied().collect()
}

/// The last thread: from colour numbers to bytes.
fn compress<W: Write>(out: W, film: &Film, colours: &[[u8; 3]], cuts: &Receiver<Cut>) -> Result<(), ExportError> {
    let side = |v: usize| u16::try_from(v).unwrap_or(u16::MAX);
    let mut table: Vec<u8> = colours.as_flattened().to_vec();
    table.resize((MOST + 1) * 3, 0);
    let mut encoder = Encoder::new(out, side(film.width), side(film.height), &table).map_err(refused)?;
    encoder.set_repeat(Repeat::Infinite).map_err(refused)?;
    for Cut { area, numbers, delay } in cuts {
        let frame = gif::Frame {
            delay,
            dispose: DisposalMethod::Keep,
            transparent: Some(KEEP),
            top: side(area.y0 as usize),
            left: side(area.x0 as usize),
            width: side(area.width()),
            height: side(area.height()),
            buffer: Cow::Owned(numbers),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).map_err(refused)?;
    }
    encoder.into_inner().map(drop).map_err(refused)
}

fn refused(error: EncodingError) -> ExportError {
    match error {
        EncodingError::Io(cause) => ExportError::File { path: Default::default(), cause },
        other => ExportError::Encoder(other.to_string()),
    }
}

/// An encoder knows no paths: the one that was written to is put beside what the system said.
fn placed(error: ExportError, path: &Path) -> ExportError {
    match error {
        ExportError::File { cause, .. } => ExportError::File { path: path.to_owned(), cause },
        other => other,
    }
}
