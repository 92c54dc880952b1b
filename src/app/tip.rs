//! What is said of the mark under the pointer: beside it, within the picture's area, so that no tip lies over the caption.

use egui::{FontId, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::look::Look;
use super::session::Session;
use crate::diagram::Mark;

/// Seconds that the pointer rests on a mark before it is told what that is.
const DELAY: f32 = 0.35;
/// Width in points at which its words break.
const WIDTH: f32 = 360.0;

/// Tells of the mark that is pointed at. A pointer that was left where it is says nothing of what passes below it.
pub fn tip_ui(ui: &Ui, look: Look, area: Rect, pointed_at: Option<(&Mark, Rect)>, session: &mut Session) {
    let at = session.at();
    let still = ui.input(|input| input.pointer.time_since_last_movement());
    if still == 0.0 {
        session.pointed_at = Some(at);
    }
    let Some((mark, place)) = pointed_at else { return };
    if session.pointed_at != Some(at) || session.transport().moving() {
        return;
    }
    if still < DELAY {
        return ui.ctx().request_repaint_after_secs(DELAY - still);
    }
    let painter = ui.painter().with_clip_rect(area);
    let about = mark.about.as_ref().map(|about| look.of(about)).filter(|about| !about.is_empty());
    let about = about.map(|words| painter.layout(words.to_owned(), FontId::proportional(14.5), look.text(), WIDTH));
    let path = mark.path.clone().map(|path| painter.layout(path.into(), FontId::monospace(12.5), look.soft(), WIDTH));
    let lines: Vec<_> = about.into_iter().chain(path).collect();
    let wide = lines.iter().map(|line| line.size().x).fold(0.0, f32::max);
    let tall = lines.iter().map(|line| line.size().y + 4.0).sum::<f32>() - 4.0;
    let tip = beside(place, vec2(wide + 20.0, tall + 14.0), area);
    painter.rect_filled(tip, 7.0, look.chrome());
    painter.rect_stroke(tip, 7.0, Stroke::new(1.0, look.soft()), StrokeKind::Inside);
    let mut y = tip.top() + 7.0;
    for line in lines {
        let tall = line.size().y;
        painter.galley(pos2(tip.left() + 10.0, y), line, look.text());
        y += tall + 4.0;
    }
}

/// A place for a tip: above what it tells of, else below, right or left of it, wholly within the area.
fn beside(of: Rect, size: egui::Vec2, area: Rect) -> Rect {
    const GAP: f32 = 8.0;
    let middle = of.center() - size / 2.0;
    let places = [
        pos2(middle.x, of.top() - GAP - size.y),
        pos2(middle.x, of.bottom() + GAP),
        pos2(of.right() + GAP, middle.y),
        pos2(of.left() - GAP - size.x, middle.y),
    ];
    let within = |min: egui::Pos2| {
        let x = min.x.min(area.right() - size.x).max(area.left());
        let y = min.y.min(area.bottom() - size.y).max(area.top());
        Rect::from_min_size(pos2(x, y), size)
    };
    let mut free = places.into_iter().map(within).filter(|tip| !tip.intersects(of));
    free.next().unwrap_or_else(|| within(places[0]))
}

#[cfg(test)]
mod tests {
    use egui::{Rect, pos2, vec2};

    use super::beside;

    #[test]
    fn a_tip_lies_beside_what_it_tells_of_and_within_the_picture() {
        let area = Rect::from_min_size(pos2(10.0, 50.0), vec2(900.0, 400.0));
        for (x, y) in [(10.0, 50.0), (880.0, 50.0), (10.0, 420.0), (880.0, 420.0), (450.0, 200.0)] {
            let of = Rect::from_min_size(pos2(x, y), vec2(30.0, 30.0));
            let tip = beside(of, vec2(300.0, 60.0), area);
            assert!(area.contains_rect(tip) && !tip.intersects(of), "{of:?}: {tip:?}");
        }
    }
}
