//! What is wrong with a picture: things outside the canvas, words that do not fit or cover each other, weak contrast.

use std::collections::{HashMap, HashSet};

use super::page;
use super::run::Run;
use crate::diagram::palette::{self, Rgb, Theme};
use crate::diagram::{CANVAS, Diagram, Fill, Label, Mark, Rect, Shape, Size, measure};
use crate::text::Lang;

/// The weakest contrast of words against what lies beneath them (WCAG 2.2, 1.4.3).
const MIN_CONTRAST: f32 = 4.5;
/// How far an arrow's end may lie from its mark, in units.
const ARROW_SLACK: f32 = 3.0;
/// How much two labels' rectangles may share before they count as overlapping, in units on each side.
const LABEL_SLACK: f32 = 1.0;

/// The most positions of a run whose pictures are judged: of a longer one so many, evenly spread, and its stops.
pub const JUDGED: usize = 600;

/// The positions from one on whose pictures are judged, rising.
fn judged(run: &dyn Run, from: usize) -> Vec<usize> {
    let steps = run.steps() + 1 - from.min(run.steps());
    if steps <= JUDGED {
        return (from..=run.steps()).collect();
    }
    let mut spread: Vec<usize> = (0..JUDGED).map(|i| from + i * (steps - 1) / (JUDGED - 1)).collect();
    spread.extend(run.story().stops.iter().map(|stop| stop.at).filter(|at| *at >= from).take(JUDGED));
    spread.sort_unstable();
    spread.dedup();
    spread
}

/// Everything wrong with a run's pages in every size it is drawn for, each with its step and language; at most one complaint
/// a kind, mark and size.
pub fn lint(run: &dyn Run) -> Vec<String> {
    lint_from(run, 0)
}

/// The same from a position on, for a branch whose beginning has been judged already.
pub fn lint_from(run: &dyn Run, from: usize) -> Vec<String> {
    let mut found = Vec::new();
    let judged = judged(run, from);
    for size in Size::ALL {
        let mut told = HashSet::new();
        for at in judged.iter().copied() {
            for lang in Lang::ALL {
                let place = format!("step {at} ({}, {})", size.code(), lang.code());
                if !page::fits(&run.caption(at, lang), size) {
                    found.push(format!("{place}: the caption is too long for its strip"));
                }
                for complaint in lint_picture(&page::compose(run, at, lang, size), lang, size) {
                    if told.insert((complaint.kind, complaint.mark.clone())) {
                        found.push(format!("{place}: {}: {}", complaint.mark, complaint.what));
                    }
                }
            }
        }
    }
    found
}

/// One thing wrong with a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Which rule is broken.
    pub kind: &'static str,
    /// The key of the mark.
    pub mark: String,
    /// What is wrong, with its figures.
    pub what: String,
}

/// Everything wrong with a picture in one language, in both themes; what is legible depends on whom it is drawn for.
pub fn lint_picture(diagram: &Diagram, lang: Lang, size: Size) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut complain = |kind: &'static str, mark: &Mark, what: String| {
        found.push(Complaint { kind, mark: mark.key.to_string(), what });
    };
    let (mut drawn, enlarged): (Vec<&Mark>, Vec<&Mark>) = diagram.marks.iter().partition(|mark| mark.seen_at(1.0));
    drawn.sort_by_key(|mark| mark.layer);
    let by_key: HashMap<&str, &Mark> = drawn.iter().map(|mark| (&*mark.key, *mark)).collect();
    let mut seen = HashSet::new();
    for mark in &drawn {
        if !seen.insert(&mark.key) {
            complain("key", mark, "two marks have this key".to_owned());
        }
        if !CANVAS.grown(0.5).holds(mark.rect) {
            complain("outside", mark, format!("outside the canvas: {:?}", mark.rect));
        }
        if let Shape::Arrow(arrow) = &mark.shape {
            for (end, key) in [(arrow.curve[0], &arrow.from), (arrow.curve[2], &arrow.to)] {
                match by_key.get(&**key) {
                    None => complain("arrow", mark, format!("there is no mark `{key}`")),
                    Some(target) => {
                        let reach = target.rect.grown(ARROW_SLACK);
                        if !reach.holds(Rect { x: end.x, y: end.y, w: 0.0, h: 0.0 }) {
                            complain("arrow", mark, format!("ends at {end:?}, away from `{key}`"));
                        }
                    }
                }
            }
        }
    }
    let labels = placed_labels(&drawn, lang);
    for label in &labels {
        if let Some(what) = label_fault(label, size) {
            complain("label", label.mark, what);
        }
    }
    for mark in enlarged {
        if !seen.insert(&mark.key) {
            complain("key", mark, "two marks have this key".to_owned());
        }
        let zoom = mark.from_zoom.unwrap_or(1.0);
        for label in mark.labels.iter().filter(|label| label.size * zoom < size.least_text() - 0.01) {
            let words = label.text.get(lang);
            complain("label", mark, format!("`{words}` is too small to be read where it is drawn, from {zoom}× on"));
        }
    }
    for (a, b) in overlapping(&labels) {
        let words = format!("`{}` overlaps `{}` of {}", a.words, b.words, b.mark.key);
        complain("overlap", a.mark, words);
    }
    let filled: Vec<(usize, &Mark)> =
        drawn.iter().copied().enumerate().filter(|(_, mark)| mark.fill != Fill::None && mark.opacity > 0.0).collect();
    for label in &labels {
        for (kind, what) in beneath_faults(label, &filled) {
            complain(kind, label.mark, what);
        }
    }
    found
}

fn label_fault(placed: &Placed, size: Size) -> Option<String> {
    let Placed { mark, label, words, bounds, .. } = *placed;
    if let Some(c) = measure::missing(words, label.face) {
        return Some(format!("no font has `{c}` (U+{:04X})", u32::from(c)));
    }
    let least = size.least_text();
    if label.size < least - 0.01 {
        return Some(format!("`{words}` is {} units high, at least {least} are legible", label.size));
    }
    let room = match mark.shape {
        Shape::Box { .. } | Shape::Circle | Shape::Triangle => mark.rect.grown(0.5),
        _ => CANVAS,
    };
    (!room.holds(bounds)).then(|| format!("`{words}` does not fit: {bounds:?} in {room:?}"))
}

struct Placed<'a> {
    mark: &'a Mark,
    label: &'a Label,
    words: &'a str,
    bounds: Rect,
    /// Its mark's place in the order of drawing.
    order: usize,
}

fn placed_labels<'a>(drawn: &[&'a Mark], lang: Lang) -> Vec<Placed<'a>> {
    let mut placed = Vec::new();
    for (order, &mark) in drawn.iter().enumerate() {
        for label in mark.labels.iter().filter(|label| !label.text.get(lang).trim().is_empty()) {
            let bounds = label.bounds(mark.rect, lang);
            placed.push(Placed { mark, label, words: label.text.get(lang), bounds, order });
        }
    }
    placed
}

fn overlapping<'a, 'b>(labels: &'b [Placed<'a>]) -> Vec<(&'b Placed<'a>, &'b Placed<'a>)> {
    let mut by_left: Vec<&Placed> = labels.iter().collect();
    by_left.sort_by(|a, b| a.bounds.x.total_cmp(&b.bounds.x));
    let mut found = Vec::new();
    for (i, a) in by_left.iter().enumerate() {
        let inner = a.bounds.grown(-LABEL_SLACK);
        for b in by_left[i + 1..].iter().take_while(|b| b.bounds.x < a.bounds.right()) {
            if inner.overlaps(b.bounds.grown(-LABEL_SLACK)) {
                found.push((*a, *b));
            }
        }
    }
    found
}

/// Marks drawn later that cover the words, and contrast against what lies beneath. `filled`: the marks that hide what is
/// below them, with their places in the order of drawing.
fn beneath_faults(label: &Placed, filled: &[(usize, &Mark)]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let (below, above) = filled.split_at(filled.partition_point(|(order, _)| *order <= label.order));
    let inner = label.bounds.grown(-2.0);
    if let Some((_, mark)) = above.iter().find(|(_, mark)| mark.rect.overlaps(inner)) {
        found.push(("covered", format!("`{}` is covered by {}", label.words, mark.key)));
    }
    let middle = Rect { w: 0.0, h: 0.0, x: label.bounds.center().x, y: label.bounds.center().y };
    let surface = below.iter().rev().find(|(_, mark)| mark.rect.holds(middle));
    for theme in Theme::ALL {
        let below: Rgb = surface
            .and_then(|(_, mark)| palette::fill(theme, mark.fill, mark.tone))
            .unwrap_or(palette::palette(theme).canvas);
        let ratio = palette::contrast(palette::ink(theme, label.label.ink, label.mark.tone), below);
        if ratio < MIN_CONTRAST {
            found.push(("contrast", format!("`{}` has contrast {ratio:.1}:1 in {theme:?}", label.words)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::{label, rect};

    fn kinds(marks: Vec<Mark>) -> Vec<&'static str> {
        kinds_at(marks, Size::Window)
    }

    fn kinds_at(marks: Vec<Mark>, size: Size) -> Vec<&'static str> {
        lint_picture(&Diagram { marks }, Lang::En, size).into_iter().map(|c| c.kind).collect()
    }

    #[test]
    fn a_sound_picture_has_no_complaints() {
        let a = Mark::new("a", rect(100.0, 100.0, 80.0, 40.0)).label(label("k1", 20.0));
        let b = Mark::new("b", rect(300.0, 100.0, 80.0, 40.0)).label(label("k2", 20.0));
        let arrow = Mark::arrow("a→b", &a, &b, 0.2);
        assert_eq!(kinds(vec![a, b, arrow]), Vec::<&str>::new());
    }

    #[test]
    fn each_rule_can_fail() {
        let mark = |key: &str, x: f32| Mark::new(key, rect(x, 100.0, 80.0, 40.0));
        assert_eq!(kinds(vec![mark("a", 0.0), mark("a", 200.0)]), ["key"]);
        assert_eq!(kinds(vec![mark("a", 1590.0)]), ["outside"]);
        assert_eq!(kinds(vec![mark("a", 0.0).label(label("a much longer label", 20.0))]), ["label"]);
        assert_eq!(kinds(vec![mark("a", 0.0).label(label("k1", 10.0))]), ["label"]);
        assert_eq!(kinds(vec![mark("a", 0.0).label(label("\u{1F980}", 20.0))]), ["label"]);
        let twice = mark("a", 0.0).label(label("k1", 20.0)).label(label("k2", 20.0));
        assert_eq!(kinds(vec![twice]), ["overlap"]);
        let covered = vec![mark("a", 0.0).label(label("k1", 20.0)), mark("b", 10.0)];
        assert_eq!(kinds(covered), ["covered"]);
        let lost = Mark::arrow("arrow", &mark("a", 0.0), &mark("gone", 300.0), 0.0);
        assert_eq!(kinds(vec![mark("a", 0.0), lost]), ["arrow"]);
        let tiny = |zoom| mark("a", 0.0).label(label("k1", 4.0)).from_zoom(zoom);
        assert_eq!(kinds(vec![tiny(2.0)]), ["label"]);
        assert_eq!(kinds(vec![tiny(4.0)]), Vec::<&str>::new());
        let afar = |height| kinds_at(vec![mark("a", 0.0).label(label("k1", height))], Size::Stage);
        assert_eq!(afar(27.0), ["label"]);
        assert_eq!(afar(28.0), Vec::<&str>::new());
        let faint = mark("a", 0.0).fill(Fill::Solid).tone(crate::diagram::Tone::Good).label(label("k1", 20.0));
        assert_eq!(kinds(vec![faint.label(label("", 20.0))]).first(), Some(&"contrast"));
    }
}
