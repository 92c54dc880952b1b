//! What tables have in common: a heading over a framed body.

use super::Part;
use super::words::words;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Key, Mark, Path, Rect, Shape, Size, Tone, label, rect};
use crate::text::Text;

/// Between the frame and the cells in it.
pub const INNER: f32 = 6.0;

/// A heading with its remark, and the frame below it.
#[derive(Clone, Debug)]
pub struct Frame {
    pub key: Key,
    pub name: Text,
    pub note: Option<Text>,
    pub tone: Tone,
    /// Said in the middle of an empty frame: `nil`.
    pub absent: Option<Text>,
    pub path: Option<Path>,
}

impl Frame {
    pub fn new(key: Key, name: Text) -> Frame {
        Frame { key, name, note: None, tone: Tone::Plain, absent: None, path: None }
    }

    /// Height of the heading with what lies below it.
    pub fn heading(&self, size: Size) -> f32 {
        if self.name.en.is_empty() { 0.0 } else { size.title() * 1.4 + size.gap() * 0.3 }
    }

    /// Width of the heading without and with its remark.
    pub fn width(&self, size: Size) -> super::Span {
        self.title().need(f32::INFINITY, size).w
    }

    fn title(&self) -> super::Words {
        let title = words(format!("{}/name", self.key), self.name.clone()).title();
        let title = if self.absent.is_some() { title.quiet() } else { title };
        let title = match &self.note {
            Some(note) => title.note(note.clone()),
            None => title,
        };
        match &self.path {
            Some(path) => title.path(path.clone()),
            None => title,
        }
    }

    /// Draws heading and frame; `body` is the frame's place, the heading has `room` units from its left edge.
    pub fn draw(&self, body: Rect, room: f32, size: Size, picture: &mut Diagram) {
        let heading = self.heading(size);
        if heading > 0.0 {
            let place = rect(body.x, body.y - heading, room, size.title() * 1.4);
            self.title().draw(place, size, picture);
        }
        let mark = Mark::new(self.key.clone(), body).shape(Shape::Box { radius: 12.0 }).tone(self.tone).layer(3);
        let mark = Mark { path: self.path.clone(), ..mark }.about(self.name.clone());
        let mark = match (&self.absent, self.tone) {
            (Some(_), _) => mark.fill(Fill::None).border(Border::Dashed),
            (None, Tone::Plain | Tone::Faint) => mark,
            (None, _) => mark.border(Border::Thick),
        };
        let words =
            self.absent.as_ref().and_then(|text| super::words::fit(text, size.body(), Face::Mono, body.w - 8.0));
        picture.push(match words {
            Some((text, _)) if body.h > size.body() * 1.4 => {
                mark.label(crate::diagram::Label { face: Face::Mono, ..label(text, size.body()) }.ink(Ink::Soft))
            }
            _ => mark,
        });
    }

    /// The faint place of something that is not there.
    pub fn slot(&self, n: usize, place: Rect, picture: &mut Diagram) {
        let mark = Mark::new(format!("{}/slot/{n}", self.key), place).fill(Fill::Well).border(Border::None).layer(4);
        picture.push(mark);
    }
}
