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
    let mut right = folded_ui(ui, look, session, pos2(line.right() - 30.0, y), line.width() * 0.4);
    if session.branches().shown() > 0 {
        // Whoever looks at a branch should not take it for the scene.
        let name = session.branch_name(session.branches().shown(), look.lang);
        let room = line.width() * 0.3;
        let words = format!("{} {}", icon::GIT_FORK, measure::fitted(name, 14.5, Face::Sans, room));
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
fn folded_ui(ui: &Ui, look: Look, session: &Session, end: egui::Pos2, room: f32) -> f32 {
    let story = &session.spine().story;
    let at = session.at();
    let words = match (story.fold(at), story.stop(at)) {
        (Some((fold, nth)), _) => format!("{} {nth} / {}", icon::REPEAT, fold.rounds),
        (None, Some(stop)) => {
            format!("{} {}", icon::FLAG, measure::fitted(look.of(&stop.title), 14.5, Face::Sans, room))
        }
        (None, None) => return end.x,
    };
    ui.painter().text(end, Align2::RIGHT_CENTER, words, FontId::proportional(14.5), look.accent()).left()
}

/// Before an audience: the scene, its segment, and how many stops are behind.
pub fn header_ui(ui: &Ui, look: Look, session: &Session, line: Rect, scale: f32) {
    let story = &session.spine().story;
    let at = session.transport().travelling_from().unwrap_or(session.at());
    let y = line.center().y + 4.0 * scale;
    let size = 24.0 * scale;
    let put = |x: f32, side: Align2, words: &str, ink: Color32| {
        ui.painter().text(pos2(x, y), side, words, FontId::proportional(size), ink)
    };
    let count = format!("{} / {}", story.stops_passed(at), story.stops.len());
    let mut end = put(line.right() - 34.0 * scale, Align2::RIGHT_CENTER, &count, look.soft()).left() - 24.0 * scale;
    if let Some((fold, nth)) = story.fold(at) {
        let words = format!("{} {nth} / {}", icon::REPEAT, fold.rounds);
        end = put(end, Align2::RIGHT_CENTER, &words, look.accent()).left() - 24.0 * scale;
    }
    let told =
        story.stop(at).map(|stop| look.of(&stop.title)).or(story.segment(at).map(|segment| look.of(&segment.title)));
    let shown = session.branches().shown();
    let branch = (shown > 0).then(|| session.branch_name(shown, look.lang));
    let fork = format!("{} ", icon::GIT_FORK);
    let parts = [
        Some(("", look.of(session.run().title()), look.soft())),
        branch.map(|name| (&*fork, name, look.tone(diagram::Tone::Moved))),
        told.filter(|told| !told.is_empty()).map(|told| ("", told, look.accent())),
    ];
    let parts: Vec<(&str, &str, Color32)> = parts.into_iter().flatten().collect();
    let wide = |words: &str| measure::width(words, size, Face::Sans);
    // An icon is as wide as it is tall.
    let icon = |mark: &str| if mark.is_empty() { 0.0 } else { size + wide(" ") };
    let slash = "  /  ";
    let left = line.left() + 34.0 * scale;
    let between = wide(slash) * (parts.len() - 1) as f32;
    let wanted: Vec<f32> = parts.iter().map(|(mark, words, _)| icon(mark) + wide(words) + 1.0).collect();
    let mut x = left;
    for (i, (share, (mark, words, ink))) in shares(&wanted, end - left - between).into_iter().zip(parts).enumerate() {
        if i > 0 {
            x = put(x, Align2::LEFT_CENTER, slash, look.line()).right();
        }
        let fitted = measure::fitted(words, size, Face::Sans, share - icon(mark));
        x = put(x, Align2::LEFT_CENTER, &format!("{mark}{fitted}"), ink).right();
    }
}

/// What each gets of the room: whoever wants less than an equal share has what it wants, the others share the rest.
fn shares(wanted: &[f32], room: f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let (mut given, mut left) = (vec![0.0; wanted.len()], room.max(0.0));
    for (served, i) in order.into_iter().enumerate() {
        given[i] = wanted[i].min(left / (wanted.len() - served) as f32);
        left -= given[i];
    }
    given
}

/// How much of the run is behind, along the lower edge.
pub fn progress_ui(ui: &Ui, look: Look, session: &Session, whole: Rect, scale: f32) {
    let steps = session.run().steps().max(1) as f32;
    let (from, _, part) = session.transport().between();
    let wide = whole.width() * (from as f32 + part) / steps;
    let bar = Rect::from_min_size(pos2(whole.left(), whole.bottom() - 5.0 * scale), vec2(wide, 5.0 * scale));
    ui.painter().rect_filled(bar, 0.0, look.accent());
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn words_share_the_room_by_what_they_want() {
        assert_eq!(shares(&[100.0, 50.0], 400.0), [100.0, 50.0]);
        assert_eq!(shares(&[500.0, 50.0, 300.0], 450.0), [200.0, 50.0, 200.0]);
        assert_eq!(shares(&[500.0], -3.0), [0.0]);
    }
}
