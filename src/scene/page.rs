//! A step as a page: the machine's picture with the caption in its strip. The window, films and lints all show this.

use super::mechanism::Kind;
use super::run::{Caption, Run, Span, Style};
use crate::diagram::{Anchor, Border, Diagram, Face, Fill, Ink, Label, Mark, Rect, Shape, Size, label, measure, rect};
use crate::text::{Lang, Text};

/// Text heights that a caption's two lines may have, largest first.
pub type Heights = [(f32, f32); 4];

const LEADING: f32 = 1.32;
const PADDING: f32 = 28.0;

/// The heights of a caption on the canvas: on the stage the sentence has 34 pixels of a picture of 1280 × 720, if it fits.
pub fn heights(size: Size) -> Heights {
    match size {
        Size::Window => [(27.0, 19.0), (24.0, 18.0), (21.0, 17.0), (18.0, 16.0)],
        // Figures are set a little smaller, and are legible too.
        Size::Stage => [(43.0, 29.5), (39.0, 29.5), (34.0, 29.5), (29.5, 29.5)],
    }
}

/// The picture at a position with its caption in one language.
pub fn compose(run: &dyn Run, at: usize, lang: Lang, size: Size) -> Diagram {
    let picture = run.picture(at, size);
    let caption = caption_marks(&run.caption(at, lang), size.caption(), &heights(size));
    let mut marks = Vec::with_capacity(picture.marks.len() + caption.len());
    marks.extend_from_slice(&picture.marks);
    marks.extend(caption);
    Diagram { marks }
}

/// The caption's box and its accent bar.
pub fn caption_marks(caption: &Caption, strip: Rect, heights: &Heights) -> [Mark; 2] {
    let tone = caption.kind.tone();
    let labels = set(caption, strip, heights).unwrap_or_else(|labels| labels);
    let words = Text::same(caption.spoken());
    let text = Mark { labels, ..Mark::new("caption", strip) }.fill(Fill::Panel).tone(tone).about(words).layer(60);
    let bar = Mark::new("caption/bar", rect(strip.x, strip.y, 6.0, strip.h))
        .shape(Shape::Box { radius: 3.0 })
        .fill(Fill::Solid)
        .border(Border::None)
        .tone(tone)
        .about(Text::same(kind_word(caption.kind)))
        .layer(61);
    [Mark { border: Border::None, ..text }, bar]
}

fn kind_word(kind: Kind) -> &'static str {
    kind.into()
}

/// Whether a caption fits its strip at some allowed height.
pub fn fits(caption: &Caption, size: Size) -> bool {
    set(caption, size.caption(), &heights(size)).is_ok()
}

/// The caption's lines at the largest size that fits; `Err` with the smallest where none does.
fn set(caption: &Caption, strip: Rect, heights: &Heights) -> Result<Vec<Label>, Vec<Label>> {
    let room = strip.w - 2.0 * PADDING;
    let mut smallest = Vec::new();
    for &(large, small) in heights {
        let sentence = even(&caption.means, large, room);
        let aside = even(&caption.did, small, room);
        let gap = if aside.is_empty() { 0.0 } else { small * 0.3 };
        let height = (sentence.len() as f32 * large + aside.len() as f32 * small) * LEADING + gap;
        let mut y = -height / 2.0;
        let mut labels = Vec::new();
        for (lines, size, ink, gap) in [(sentence, large, Ink::Text, gap), (aside, small, Ink::Soft, 0.0)] {
            for line in lines {
                labels.extend(line.into_iter().map(|piece| piece.label(size, ink, y + size * LEADING / 2.0)));
                y += size * LEADING;
            }
            y += gap;
        }
        if height <= strip.h - 12.0 {
            return Ok(labels);
        }
        smallest = labels;
    }
    Err(smallest)
}

struct Piece {
    text: String,
    style: Style,
    x: f32,
}

impl Piece {
    fn face(style: Style) -> Face {
        match style {
            Style::Plain => Face::Sans,
            Style::Figure => Face::Mono,
            Style::Strong => Face::Strong,
        }
    }

    /// Mono looks larger than sans of the same size.
    fn size(style: Style, size: f32) -> f32 {
        if style == Style::Figure { size * 0.96 } else { size }
    }

    fn width(text: &str, style: Style, size: f32) -> f32 {
        measure::width(text, Piece::size(style, size), Piece::face(style))
    }

    fn label(self, size: f32, ink: Ink, y: f32) -> Label {
        let face = Piece::face(self.style);
        let ink = match (self.style, ink) {
            (Style::Figure, Ink::Text) => Ink::Tone,
            (Style::Strong, _) => Ink::Text,
            (_, ink) => ink,
        };
        let size = Piece::size(self.style, size);
        Label { face, ink, anchor: Anchor::Left, ..label(Text::same(self.text), size).left(PADDING + self.x).down(y) }
    }
}

/// As many lines as [`wrap`] makes, without one word left alone on the last: then all become somewhat shorter.
fn even(spans: &[Span], size: f32, room: f32) -> Vec<Vec<Piece>> {
    let end = |piece: &Piece| piece.x + Piece::width(&piece.text, piece.style, size);
    let short = |lines: &[Vec<Piece>]| {
        lines.len() > 1 && lines.last().and_then(|line| line.last()).is_some_and(|last| end(last) < room * LAST)
    };
    let widest = wrap(spans, size, room);
    if !short(&widest) {
        return widest;
    }
    let narrower = (1..12).map(|n| wrap(spans, size, room * (1.0 - 0.04 * n as f32)));
    let narrower = narrower.take_while(|lines| lines.len() == widest.len()).find(|lines| !short(lines));
    narrower.unwrap_or(widest)
}

/// The share of the room that the last of several lines takes at least, where it can.
const LAST: f32 = 0.3;

/// Breaks spans into lines: between words in Latin text, between any two characters in Chinese, but never before a
/// closing mark or after an opening one.
fn wrap(spans: &[Span], size: f32, room: f32) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    let mut line: Vec<Piece> = Vec::new();
    let mut x = 0.0;
    for group in unbroken(spans) {
        let piece_width = |atom: &Atom| Piece::width(&atom.text, atom.style, size);
        let width: f32 = group.iter().map(piece_width).sum();
        let visible: f32 = width - group.last().map_or(0.0, |atom| trailing_space(atom, size));
        if x > 0.0 && x + visible > room {
            lines.push(std::mem::take(&mut line));
            x = 0.0;
        }
        for atom in group {
            let width = piece_width(&atom);
            match line.last_mut() {
                Some(last) if last.style == atom.style => last.text.push_str(&atom.text),
                _ => line.push(Piece { text: atom.text, style: atom.style, x }),
            }
            x += width;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

struct Atom {
    text: String,
    style: Style,
}

fn trailing_space(atom: &Atom, size: f32) -> f32 {
    let spaces = &atom.text[atom.text.trim_end().len()..];
    Piece::width(spaces, atom.style, size)
}

/// The stretches that must stay on one line.
fn unbroken(spans: &[Span]) -> Vec<Vec<Atom>> {
    let mut groups: Vec<Vec<Atom>> = Vec::new();
    let mut before = '\n';
    for span in spans {
        let mut within = false;
        for c in span.text.chars() {
            let kept = span.style == Style::Figure && within && span.text.chars().count() <= ONE;
            let starts = groups.is_empty() || breaks_between(before, c) && !kept;
            within = true;
            before = c;
            if starts {
                groups.push(Vec::new());
            }
            let Some(group) = groups.last_mut() else { continue };
            match group.last_mut() {
                Some(atom) if atom.style == span.style => atom.text.push(c),
                _ => group.push(Atom { text: c.to_string(), style: span.style }),
            }
        }
    }
    groups
}

/// A figure of so many characters is one word, with its unit.
const ONE: usize = 16;

fn breaks_between(before: char, after: char) -> bool {
    const NOT_AFTER: &str = "（「『《【“‘([{";
    const NOT_BEFORE: &str = "，。、；：？！）」』》】”’…,.;:?!)]}％%";
    if after.is_whitespace() || NOT_AFTER.contains(before) || NOT_BEFORE.contains(after) {
        return false;
    }
    before.is_whitespace() || wide(before) || wide(after)
}

fn wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Span> {
        vec![Span::plain(text)]
    }

    fn lines(text: &str, room: f32) -> Vec<String> {
        let wrapped = wrap(&words(text), 20.0, room);
        wrapped.into_iter().map(|line| line.into_iter().map(|piece| piece.text).collect()).collect()
    }

    #[test]
    fn latin_breaks_between_words_and_chinese_anywhere_but_before_a_full_stop() {
        assert_eq!(lines("one two three", 90.0), ["one two ", "three"]);
        assert_eq!(lines("渐进式扩容。", 100.0), ["渐进式扩", "容。"]);
    }

    #[test]
    fn no_word_stands_alone_on_the_last_line_and_a_figure_keeps_its_unit() {
        let ends = |lines: &[Vec<Piece>]| lines.iter().map(|line| line[0].text.clone()).collect::<Vec<_>>();
        let sentence = words("one two three four five six seven eight it.");
        assert_eq!(ends(&wrap(&sentence, 20.0, 375.0)), ["one two three four five six seven eight ", "it."]);
        assert_eq!(ends(&even(&sentence, 20.0, 375.0)), ["one two three four five six ", "seven eight it."]);
        let figure = [Span::plain("the deadline was "), Span { text: "11.2 ms".into(), style: Style::Figure }];
        assert!(wrap(&figure, 20.0, 200.0).iter().any(|line| line[0].text == "11.2 ms"));
    }

    #[test]
    fn a_long_caption_shrinks_before_it_is_too_long() {
        let strip = rect(0.0, 0.0, 800.0, 100.0);
        let caption = |n: usize| Caption { means: words(&"some words ".repeat(n)), ..Caption::default() };
        let fits = |n: usize| set(&caption(n), strip, &heights(Size::Window)).is_ok();
        assert!(fits(3) && fits(14) && !fits(80));
    }
}
