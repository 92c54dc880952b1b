//! What will soon be wanted is made in idle frames: the glyphs and pictures of other steps, so that the first visit of a
//! place costs about as much as a later one.

use egui::{FontId, Ui};

use super::look::Look;
use super::session::Session;
use crate::paint::Canvas;

/// So many places are looked at ahead, one a frame.
const PLACES: usize = 18;
/// So many lines of the listing a frame.
const LINES: usize = 14;

/// How far this has come, and what it was made for.
#[derive(Default)]
pub struct Ahead {
    done: usize,
    /// The size of the picture and the language: with others the glyphs are others.
    of: Option<(u32, crate::text::Lang)>,
    /// The position shown in the frame before: a frame that shows a new one has enough to do.
    at: usize,
}

/// Looks at one more place, if this frame has nothing else to do, and asks for another frame as long as there are places.
pub fn look_ahead(ui: &Ui, look: Look, session: &mut Session, canvas: &Canvas) {
    // Enlarged, one looks at this place, and the glyphs of others would fill the atlas.
    if canvas.zoom != 1.0 {
        return;
    }
    let at = session.at();
    let of = Some((canvas.scale.to_bits(), look.lang));
    let ahead = &mut session.ahead;
    if ahead.of != of {
        *ahead = Ahead { of, at: ahead.at, done: 0 };
    }
    let busy = std::mem::replace(&mut ahead.at, at) != at || session.transport().moving();
    let done = session.ahead.done;
    if done >= PLACES || busy {
        return;
    }
    session.ahead.done += 1;
    ui.ctx().request_repaint();
    let place = place(session, done);
    drop(canvas.window_shapes(ui.ctx(), &session.picture(place)));
    let run = session.run();
    let (sentence, changes) = (run.caption(place, look.lang).spoken(), run.changes(place));
    let lay = |words: String, font: FontId| drop(ui.painter().layout_no_wrap(words, font, look.text()));
    lay(sentence.clone(), FontId::proportional(13.0));
    lay(sentence, FontId::proportional(13.5));
    for change in changes.into_iter().take(8) {
        lay(change.path.clone(), FontId::monospace(12.0));
        lay(change.path, FontId::monospace(13.0));
    }
    for line in run.mechanism().listing.iter().skip(done * LINES).take(LINES) {
        lay(line.text.clone(), FontId::monospace(13.5));
    }
}

/// The first step of each kind of event, since those look most unlike each other; then places all over the run.
fn place(session: &Session, nth: usize) -> usize {
    match session.spine().kinds.get(nth) {
        Some((_, _, places)) => places[0],
        None => nth * session.run().steps() / PLACES,
    }
}
