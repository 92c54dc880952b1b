//! The picture of a pair: one beside the other, what differs framed in both, and said at the foot.

use super::{Pair, SIDES};
use crate::diagram::{
    Border, Diagram, Face, Fill, Ink, Mark, Rect, Shape, Size, Tone, label, measure, mono, point, rect,
};
use crate::scene::diff::{self, short};
use crate::scene::run::Change;
use crate::text::{Text, count};

/// Between the two pictures, in gaps.
const BETWEEN: f32 = 2.0;
/// With more differences than these nothing is framed: all would be.
const FRAMED: usize = 8;

impl Pair {
    /// Both at a position, each in its half.
    pub(super) fn both(&self, at: usize, size: Size, area: Rect) -> Diagram {
        let mut picture = Diagram::new();
        let gap = size.gap() * BETWEEN;
        let wide = (area.w - gap) / 2.0;
        let high = area.h - size.small() * 1.5;
        for which in 0..2 {
            let x = area.x + (wide + gap) * which as f32;
            self.half(which, at, size, rect(x, area.y, wide, high), &mut picture);
        }
        let middle = area.center().x;
        let line = Mark::new("pair/between", rect(middle, area.y, 0.0, high));
        let points = vec![point(middle, area.y), point(middle, area.y + high)];
        picture.push(line.shape(Shape::Line { points }).fill(Fill::None).layer(3));
        let differs = self.differs(at);
        if let Some(differs) = &differs {
            frame(differs, &mut picture);
        }
        let said = differs.map_or_else(|| self.costs(at), |differs| listed(&differs, size, area.w));
        let ink = if said.1 { Ink::Of(Tone::Moved) } else { Ink::Soft };
        let foot = point(middle, area.bottom() - size.small() * 0.6);
        picture.push(Mark::text("pair/differs", foot, label(said.0, size.small()).ink(ink)).layer(12));
        picture
    }

    /// One of the pictures in its half, under its name and how far it is.
    fn half(&self, which: usize, at: usize, size: Size, place: Rect, picture: &mut Diagram) {
        let run = &self.runs[which];
        let (own, moved) = self.place(which, at);
        let side = SIDES[which];
        let head = size.title() * 1.5;
        let middle = place.y + head / 2.0;
        let tone = if moved { Tone::Active } else { Tone::Plain };
        let name = label(self.names[which].clone(), size.title()).strong().left(0.0);
        picture.push(Mark::text(format!("{side}/name"), point(place.x, middle), name).layer(12));
        let taken = mono(Text::new(format!("step {own}"), format!("第 {own} 步")), size.small());
        let ink = if moved { Ink::Of(tone) } else { Ink::Soft };
        let mark = Mark::text(format!("{side}/steps"), point(place.right(), middle), taken.ink(ink).right(0.0));
        picture.push(mark.layer(12));
        let area = rect(place.x, place.y + head, place.w, place.h - head);
        picture.marks.extend(run.drawn(own, size, area).marks.into_iter().map(|mark| mark.under(side)));
    }

    /// Where the two states differ, if they are of one machine.
    fn differs(&self, at: usize) -> Option<Vec<Change>> {
        let [lead, other] = &self.runs;
        let same = lead.mechanism().id == other.mechanism().id;
        same.then(|| diff::changes(&lead.state(self.place(0, at).0), &other.state(self.place(1, at).0)))
    }

    /// Of two machines: how many steps each takes for the action under way, and whether that differs.
    fn costs(&self, at: usize) -> (Text, bool) {
        let Some((number, _)) = self.under_way(at) else {
            return (Text::new("both take the same actions", "两边做同样的动作"), false);
        };
        let [lead, other] = [0, 1].map(|which| self.runs[which].actions()[number].steps);
        let said = Text::new(
            format!("this action takes {} on the left, {} on the right", count(lead, "step"), count(other, "step")),
            format!("这个动作：左边 {lead} 步，右边 {other} 步"),
        );
        (said, lead != other)
    }
}

/// A frame around the smallest thing in either picture that shows a difference.
fn frame(differs: &[Change], picture: &mut Diagram) {
    if differs.len() > FRAMED {
        return;
    }
    for side in SIDES {
        let of = |change: &Change| {
            let path = format!("{side}.{}", change.path);
            let shows = |mark: &&Mark| mark.path.as_ref().is_some_and(|shown| within(&path, shown));
            let boxes = picture.marks.iter().filter(|mark| matches!(mark.shape, Shape::Box { .. } | Shape::Circle));
            boxes.filter(shows).max_by_key(|mark| mark.path.as_ref().map_or(0, |path| path.len())).map(|mark| {
                let around = Mark::new(format!("pair/differs/{}", mark.key), mark.rect.grown(4.0));
                around.shape(mark.shape.clone()).fill(Fill::None).border(Border::Dashed).tone(Tone::Moved).layer(29)
            })
        };
        let frames: Vec<Mark> = differs.iter().filter_map(of).collect();
        for frame in frames {
            if picture.get(&frame.key).is_none() {
                picture.push(frame);
            }
        }
    }
}

/// Whether a place in the state is at or below another one: `objects.W.freed` within `objects.W`.
fn within(path: &str, shown: &str) -> bool {
    path.strip_prefix(shown).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The differences with both values, as many as there is room for.
fn listed(differs: &[Change], size: Size, room: f32) -> (Text, bool) {
    if differs.is_empty() {
        return (Text::new("both states are the same", "两边状态相同"), false);
    }
    let said = |change: &Change| format!("{}: {} | {}", change.path, short(&change.old), short(&change.new));
    let n = differs.len();
    let [en, zh] = [format!("they differ in {}", count(n, "place")), format!("两边有 {n} 处不同")];
    let mut made = Text::new(&en, &zh);
    for (at, change) in differs.iter().enumerate() {
        let before = if at == 0 { ["  ", "  "] } else { [", ", "，"] };
        let next = made.then(&format!("{}{}", before[0], said(change)), &format!("{}{}", before[1], said(change)));
        let more = if at + 1 < n { 2.0 } else { 0.0 };
        if measure::width(&next.en, size.small(), Face::Sans) + more * size.small() > room {
            return (made.then(" …", " ……"), true);
        }
        made = next;
    }
    (made, true)
}
