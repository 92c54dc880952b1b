//! The words around the picture: where in the story one is, the sentence of the step, how far it is.

use egui::{Align2, Color32, FontId, Rect, Ui, pos2, vec2};

use super::look::Look;
use super::session::Session;
use crate::diagram::{self, Diagram, Face, measure};
use crate::paint::{Canvas, fonts, icon};
use crate::scene::page::{self, Heights};

/// Heights of a caption's two lines in the window, in points: never below 16.
pub const WINDOW: Heights = [(25.0, 17.0), (22.0, 16.5), (19.0, 16.0), (16.5, 16.0)];

/// The same before an audience; 1 is a screen 720 points high. In a small window nothing is below 16 either.
pub fn stage(scale: f32) -> Heights {
    [(34.0, 23.0), (31.0, 22.0), (27.0, 22.0), (23.0, 22.0)]
        .map(|(large, small)| ((large * scale).max(16.0), (small * scale).max(16.0)))
}

/// The caption in its band: a fixed size, whatever the picture's is. On the way to a stop the sentence of the one before stays.
pub fn caption_ui(ui: &Ui, look: Look, session: &Session, band: Rect, heights: &Heights) {
    let canvas = Canvas::of_points(band.min, ui.pixels_per_point(), look.theme, look.lang);
    let place = diagram::rect(0.0, 0.0, band.width(), band.height());
    let marks = match session.transport().travelling_from() {
        Some(from) => page::caption_marks(&session.run().caption(from, look.lang), place, heights),
        None => page::caption_marks(session.here().caption(), place, heights),
    };
    canvas.paint(&ui.painter().with_clip_rect(band.expand(4.0)), &Diagram { marks: marks.into() });
}

/// The line above the picture: the segment that the step is in, all phases in their order, the fold that passes.
pub fn phases_ui(ui: &Ui, look: Look, session: &Session, line: Rect) {
    let story = &session.spine().story;
    let phases = &session.run().mechanism().phases;
    if phases.is_empty() || line.height() < 10.0 {
        return;
    }
    let at = session.at();
    let y = line.center().y + 4.0;
    if let Some((kind, words)) = &session.told {
        let left = pos2(line.left() + 30.0, y);
        ui.painter().circle_filled(left + vec2(4.0, 0.0), 4.0, look.kind(*kind));
        let fitted = measure::fitted(words, 14.5, Face::Sans, line.width() - 90.0);
        let font = FontId::proportional(14.5);
        ui.painter().text(left + vec2(18.0, 0.0), Align2::LEFT_CENTER, fitted, font, look.text());
        return;
    }
    let mut x = line.left() + 30.0;
    let mut put = |words: &str, font: FontId, ink: Color32| {
        let galley = ui.painter().layout_no_wrap(words.to_owned(), font, ink);
        let size = galley.size();
        ui.painter().galley(pos2(x, y - size.y / 2.0), galley, ink);
        x += size.x;
        x
    };
    let mut right = folded_ui(ui, look, session, pos2(line.right() - 30.0, y));
    if session.branches().shown() > 0 {
        // Whoever looks at a branch should not take it for the scene.
        let words = format!("{} {}", icon::GIT_FORK, session.branch_name(session.branches().shown(), look.lang));
        let at = pos2(right - 18.0, y);
        let ink = look.tone(diagram::Tone::Moved);
        right = ui.painter().text(at, Align2::RIGHT_CENTER, words, FontId::proportional(14.5), ink).left();
    }
    let Some(segment) = story.segment(at) else { return };
    let tone = session.run().event(at.max(1)).map_or(look.accent(), |event| look.tone(event.kind.tone()));
    put("● ", FontId::proportional(13.0), tone);
    let end = put(look.of(&segment.title), fonts::font(Face::Strong, 15.0), look.text());
    put("     ", FontId::proportional(13.0), look.soft());
    let words: Vec<&str> = phases.iter().map(|phase| look.of(&phase.title)).collect();
    let wide: f32 = words.iter().map(|word| measure::width(word, 14.0, Face::Sans) + 26.0).sum();
    if end + 40.0 + wide > right {
        return;
    }
    for (i, word) in words.into_iter().enumerate() {
        if i > 0 {
            put(" → ", FontId::proportional(13.0), look.line());
        }
        let ink = if i == segment.phase { look.text() } else { look.soft() };
        put(word, FontId::proportional(14.0), ink);
    }
}

/// Which repetition of a loop this is; returns the left end of what was drawn.
fn folded_ui(ui: &Ui, look: Look, session: &Session, end: egui::Pos2) -> f32 {
    let story = &session.spine().story;
    let at = session.at();
    let words = match (story.fold(at), story.stop(at)) {
        (Some((fold, nth)), _) => format!("{} {nth} / {}", icon::REPEAT, fold.rounds),
        (None, Some(stop)) => format!("{} {}", icon::FLAG, look.of(&stop.title)),
        (None, None) => return end.x,
    };
    ui.painter().text(end, Align2::RIGHT_CENTER, words, FontId::proportional(14.5), look.accent()).left()
}

/// Before an audience: the scene, its segment, and how many stops are behind.
pub fn header_ui(ui: &Ui, look: Look, session: &Session, line: Rect, scale: f32) {
    let story = &session.spine().story;
    let at = session.transport().travelling_from().unwrap_or(session.at());
    let y = line.center().y + 4.0 * scale;
    let font = FontId::proportional(24.0 * scale);
    let painter = ui.painter();
    let count = format!("{} / {}", story.stops_passed(at), story.stops.len());
    let count =
        painter.text(pos2(line.right() - 34.0 * scale, y), Align2::RIGHT_CENTER, count, font.clone(), look.soft());
    let mut end = count.left() - 24.0 * scale;
    if let Some((fold, nth)) = story.fold(at) {
        let words = format!("{} {nth} / {}", icon::REPEAT, fold.rounds);
        end =
            painter.text(pos2(end, y), Align2::RIGHT_CENTER, words, font.clone(), look.accent()).left() - 24.0 * scale;
    }
    let left = line.left() + 34.0 * scale;
    let clip = painter.with_clip_rect(Rect::from_min_max(line.min, pos2(end, line.bottom())));
    let title =
        clip.text(pos2(left, y), Align2::LEFT_CENTER, look.of(session.run().title()), font.clone(), look.soft());
    let branch = session.branches().shown() > 0;
    let mut x = title.right();
    if branch {
        let words = format!("  {} {}", icon::GIT_FORK, session.branch_name(session.branches().shown(), look.lang));
        x = clip.text(pos2(x, y), Align2::LEFT_CENTER, words, font.clone(), look.tone(diagram::Tone::Moved)).right();
    }
    let told =
        story.stop(at).map(|stop| look.of(&stop.title)).or(story.segment(at).map(|segment| look.of(&segment.title)));
    if let Some(told) = told.filter(|told| !told.is_empty()) {
        let slash = clip.text(pos2(x, y), Align2::LEFT_CENTER, "  /  ", font.clone(), look.line());
        clip.text(pos2(slash.right(), y), Align2::LEFT_CENTER, told, font, look.accent());
    }
}

/// How much of the run is behind, along the lower edge.
pub fn progress_ui(ui: &Ui, look: Look, session: &Session, whole: Rect, scale: f32) {
    let steps = session.run().steps().max(1) as f32;
    let (from, _, part) = session.transport().between();
    let wide = whole.width() * (from as f32 + part) / steps;
    let bar = Rect::from_min_size(pos2(whole.left(), whole.bottom() - 5.0 * scale), vec2(wide, 5.0 * scale));
    ui.painter().rect_filled(bar, 0.0, look.accent());
}
