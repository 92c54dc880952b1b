//! The shapes of many marks in as few pieces as look the same: copying a mesh a mark, twice, took most of a frame.

use std::collections::HashMap;

use egui::epaint::{Mesh, TextShape, Vertex};
use egui::{Color32, Rect, Shape, Vec2};

use super::pen::Pen;

/// Shapes in the order of drawing. Triangles are gathered in one mesh and texts wait above it, for as long as nothing
/// drawn later lies over a text that waits.
///
/// Everything of a mark is given relative to its upper left corner.
#[derive(Default)]
pub struct Batch {
    shapes: Vec<Shape>,
    mesh: Mesh,
    /// Texts that wait, and where each leaves ink.
    texts: Vec<TextShape>,
    inked: Vec<Rect>,
    /// Where the corner of the mark lies.
    at: Vec2,
    /// How wide softened edges may reach over what is drawn, in points.
    soft: f32,
    /// The triangles of boxes so far: most of the hundreds of boxes in a picture look like another one.
    known: HashMap<BoxLook, Mesh>,
}

/// Everything that the triangles of a box depend on, numbers as their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BoxLook([u32; 5], [Color32; 2]);

impl BoxLook {
    /// The look of a box as large as `area`; dashed or not.
    pub fn new(area: Rect, radius: f32, inside: Color32, pen: Pen, dashed: bool) -> BoxLook {
        let bits = [area.width(), area.height(), radius, pen.width].map(f32::to_bits);
        BoxLook([bits[0], bits[1], bits[2], bits[3], u32::from(dashed)], [inside, pen.colour])
    }
}

impl Batch {
    /// For shapes whose edges are softened over `soft` points, with room for `vertices`.
    pub fn new(soft: f32, vertices: usize) -> Batch {
        let mut batch = Batch { soft, ..Batch::default() };
        batch.mesh.reserve_vertices(vertices);
        batch.mesh.reserve_triangles(2 * vertices);
        batch
    }

    /// Begins a mark whose upper left corner lies at `at`, in points.
    pub fn begin(&mut self, at: Vec2) {
        self.at = at;
    }

    /// Adds a box over all of the mark, `area`; `make` makes the triangles of the first one that looks so.
    pub fn add_box(&mut self, area: Rect, look: BoxLook, make: impl FnOnce(&mut Mesh)) {
        self.make_way(area);
        let made = self.known.entry(look).or_insert_with(|| {
            let mut mesh = Mesh::default();
            make(&mut mesh);
            mesh
        });
        let first = self.mesh.vertices.len() as u32;
        let moved = |vertex: &Vertex| Vertex { pos: vertex.pos + self.at, ..*vertex };
        self.mesh.vertices.extend(made.vertices.iter().map(moved));
        self.mesh.indices.extend(made.indices.iter().map(|index| first + index));
    }

    /// Adds any other shape.
    pub fn shape(&mut self, mut shape: Shape) {
        self.make_way(shape.visual_bounding_rect());
        self.flush_mesh();
        shape.translate(self.at);
        self.shapes.push(shape);
    }

    /// Adds a text.
    pub fn text(&mut self, mut text: TextShape) {
        // Not `translate`, which copies the rows of a galley that others hold too.
        text.pos += self.at;
        self.inked.push(text.galley.mesh_bounds.translate(text.pos.to_vec2()));
        self.texts.push(text);
    }

    /// All of it, in the order of drawing.
    pub fn finish(mut self) -> Vec<Shape> {
        let mesh = std::mem::take(&mut self.mesh);
        if !mesh.is_empty() {
            self.shapes.push(Shape::mesh(mesh));
        }
        self.flush();
        self.shapes
    }

    /// What waits is drawn before something that lies over it.
    fn make_way(&mut self, area: Rect) {
        let area = area.translate(self.at).expand(self.soft);
        if self.inked.iter().any(|inked| inked.intersects(area)) {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.flush_mesh();
        self.shapes.extend(self.texts.drain(..).map(Shape::from));
        self.inked.clear();
    }

    /// What is drawn early is little: it is copied, so that the room goes to the many cells that follow.
    fn flush_mesh(&mut self) {
        if !self.mesh.is_empty() {
            self.shapes.push(Shape::mesh(self.mesh.clone()));
            self.mesh.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use egui::epaint::text::{FontDefinitions, Fonts, TextOptions};
    use egui::{FontId, pos2, vec2};

    use super::*;

    /// What comes out, a letter a piece: m for a mesh, t for a text, c for a circle.
    fn order(fill: impl Fn(&mut Batch, TextShape)) -> String {
        let mut fonts = Fonts::new(TextOptions::default(), FontDefinitions::default());
        let galley =
            fonts.with_pixels_per_point(1.0).layout_no_wrap("k1".into(), FontId::monospace(12.0), Color32::WHITE);
        let mut batch = Batch::new(1.0, 0);
        fill(&mut batch, TextShape::new(pos2(4.0, 4.0), Arc::clone(&galley), Color32::WHITE));
        let letter = |shape: &Shape| match shape {
            Shape::Mesh(_) => 'm',
            Shape::Text(_) => 't',
            Shape::Circle(_) => 'c',
            _ => '?',
        };
        batch.finish().iter().map(letter).collect()
    }

    fn cell(batch: &mut Batch, at: Vec2) {
        let area = Rect::from_min_size(pos2(0.0, 0.0), vec2(30.0, 20.0));
        batch.begin(at);
        let look = BoxLook::new(area, 0.0, Color32::RED, Pen { width: 0.0, colour: Color32::RED }, false);
        batch.add_box(area, look, |mesh| mesh.add_colored_rect(area, Color32::RED));
    }

    #[test]
    fn cells_beside_each_other_share_a_mesh_below_their_texts() {
        let apart = order(|batch, text| {
            for x in [0.0, 40.0, 80.0] {
                cell(batch, vec2(x, 0.0));
                batch.text(text.clone());
            }
        });
        assert_eq!(apart, "mttt");
    }

    #[test]
    fn what_lies_over_a_text_is_drawn_after_it() {
        let over = order(|batch, text| {
            cell(batch, vec2(0.0, 0.0));
            batch.text(text.clone());
            cell(batch, vec2(2.0, 2.0));
            batch.text(text.clone());
        });
        assert_eq!(over, "mtmt");
        let circle = order(|batch, text| {
            cell(batch, vec2(0.0, 0.0));
            batch.text(text);
            batch.shape(Shape::circle_filled(pos2(8.0, 8.0), 5.0, Color32::RED));
        });
        assert_eq!(circle, "mtc");
    }

    #[test]
    fn a_shape_beside_the_texts_lies_over_the_triangles_before_it() {
        let beside = order(|batch, text| {
            cell(batch, vec2(0.0, 0.0));
            batch.text(text);
            batch.begin(vec2(100.0, 0.0));
            batch.shape(Shape::circle_filled(pos2(8.0, 8.0), 5.0, Color32::RED));
            cell(batch, vec2(200.0, 0.0));
        });
        assert_eq!(beside, "mcmt");
    }

    #[test]
    fn triangles_come_to_lie_where_their_mark_does() {
        let mut batch = Batch::new(1.0, 0);
        cell(&mut batch, vec2(10.0, 0.0));
        cell(&mut batch, vec2(100.0, 50.0));
        let shapes = batch.finish();
        let [Shape::Mesh(mesh)] = &shapes[..] else { panic!("{shapes:?}") };
        assert_eq!(mesh.calc_bounds(), Rect::from_min_max(pos2(10.0, 0.0), pos2(130.0, 70.0)));
        assert_eq!(mesh.vertices[4].pos, pos2(100.0, 50.0));
        assert_eq!(mesh.indices[6..], [4, 5, 6, 6, 5, 7]);
    }

    #[test]
    fn boxes_that_differ_in_anything_have_triangles_of_their_own() {
        let area = |side: f32| Rect::from_min_size(pos2(0.0, 0.0), vec2(side, 20.0));
        let pen = |width| Pen { width, colour: Color32::RED };
        let looks = [
            BoxLook::new(area(30.0), 4.0, Color32::BLACK, pen(1.0), false),
            BoxLook::new(area(31.0), 4.0, Color32::BLACK, pen(1.0), false),
            BoxLook::new(area(30.0), 5.0, Color32::BLACK, pen(1.0), false),
            BoxLook::new(area(30.0), 4.0, Color32::WHITE, pen(1.0), false),
            BoxLook::new(area(30.0), 4.0, Color32::BLACK, pen(2.0), false),
            BoxLook::new(area(30.0), 4.0, Color32::BLACK, pen(1.0), true),
            BoxLook::new(area(30.0), 4.0, Color32::BLACK, Pen { width: 1.0, colour: Color32::BLUE }, false),
        ];
        for (i, look) in looks.iter().enumerate() {
            assert_eq!(looks.iter().position(|other| other == look), Some(i));
        }
    }
}
