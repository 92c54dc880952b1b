//! From a diagram to triangles, mark by mark: what a picture without a window is made of.
//!
//! A mark is tessellated at the origin and moved by whole pixels. Its triangles therefore depend on the mark alone, can be
//! kept while it stands still or moves, and come out the same however often and in whatever order they are made.

use std::collections::HashMap;
use std::sync::Arc;

use egui::Rect;
use egui::epaint::text::{Fonts, FontsView, TextOptions, ViewportKey};
use egui::epaint::{ImageDelta, Mesh, TessellationOptions, Tessellator};

use super::draw::{Canvas, drawing_order};
use super::labels::Labels;
use super::pixmap::PixelRect;
use super::raster::Raster;
use super::{fonts, theme};
use crate::diagram::palette::Theme;
use crate::diagram::{self, Diagram, Key, Mark};
use crate::text::Lang;

/// How full the font atlas may become (0 to 1) before it is begun anew; egui's own limit is 0.8.
const ATLAS_FULL: f32 = 0.75;
/// Pictures after which layouts that were not used since are forgotten.
const FORGET_EVERY: u32 = 64;

/// Everything that turns diagrams of one size, theme and language into triangles.
pub struct Composer {
    canvas: Canvas,
    fonts: Fonts,
    labels: Labels,
    options: TextOptions,
    tessellator: Tessellator,
    atlas: [usize; 2],
    /// What the triangles of earlier pictures refer to; a new number after the atlas has changed its shape.
    generation: u32,
    since_pass: u32,
}

/// The triangles of one diagram in the order of drawing.
#[derive(Clone, Default)]
pub struct Picture {
    diagram: Arc<Diagram>,
    generation: u32,
    pieces: Vec<Piece>,
}

/// The triangles of one mark.
#[derive(Clone)]
struct Piece {
    /// Index in the diagram.
    mark: usize,
    mesh: Arc<Mesh>,
    origin: (i32, i32),
    bounds: PixelRect,
}

impl Composer {
    /// For pictures of `width` × `height` pixels, the canvas as large as it fits.
    pub fn new(width: usize, height: usize, theme: Theme, lang: Lang) -> Composer {
        let area = Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width as f32, height as f32));
        let options = theme::text_options(theme);
        let mut fonts = Fonts::new(options, fonts::definitions());
        fonts.begin_pass(options, ViewportKey::default());
        let atlas = fonts.font_image_size();
        let tessellator = tessellator(&fonts);
        let canvas = Canvas::fit(area, 1.0, theme, lang);
        Composer { canvas, fonts, labels: Labels::default(), options, tessellator, atlas, generation: 1, since_pass: 0 }
    }

    /// How the canvas lies in the picture.
    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The colour behind and around the canvas.
    pub fn background(&self) -> [u8; 4] {
        theme::canvas(self.canvas.theme).to_array()
    }

    /// What has changed in the font texture since the last call; to be given to the raster before the picture is drawn.
    pub fn take_font_delta(&mut self) -> Option<ImageDelta> {
        self.fonts.font_image_delta()
    }

    /// The triangles of a diagram. Those of marks that look the same in `before` are taken from there.
    pub fn compose(&mut self, diagram: Arc<Diagram>, before: &Picture) -> Picture {
        self.make_room();
        let order = drawing_order(&diagram);
        loop {
            let known: HashMap<&str, &Piece> = if before.generation == self.generation {
                before.pieces.iter().map(|piece| (&*before.mark(piece).key, piece)).collect()
            } else {
                HashMap::new()
            };
            let pieces = order.iter().map(|&i| self.piece(i, &diagram.marks[i], before, &known)).collect();
            if self.fonts.font_image_size() == self.atlas {
                return Picture { diagram, generation: self.generation, pieces };
            }
            // The font texture grew meanwhile: places in it, being shares of its size, have moved.
            self.renew();
        }
    }

    fn piece(&mut self, index: usize, mark: &Mark, before: &Picture, known: &HashMap<&str, &Piece>) -> Piece {
        let at = self.canvas.origin(mark);
        let origin = (at.x as i32, at.y as i32);
        let kept = known.get(&*mark.key).filter(|piece| looks_same(before.mark(piece), mark));
        let mesh = match kept {
            Some(piece) => Arc::clone(&piece.mesh),
            None => Arc::new(self.triangles(mark)),
        };
        let bounds = match kept {
            Some(piece) => piece.bounds.shifted(origin.0 - piece.origin.0, origin.1 - piece.origin.1),
            None => bounds(&mesh).shifted(origin.0, origin.1),
        };
        Piece { mark: index, mesh, origin, bounds }
    }

    fn triangles(&mut self, mark: &Mark) -> Mesh {
        let mut view: FontsView<'_> = self.fonts.with_pixels_per_point(1.0);
        let mut mesh = Mesh::default();
        for shape in self.canvas.local_shapes(&mut self.labels.with(&mut view), mark) {
            self.tessellator.tessellate_shape(shape, &mut mesh);
        }
        mesh
    }

    /// Begins the font atlas anew before it is full, and forgets old layouts now and then.
    fn make_room(&mut self) {
        self.since_pass += 1;
        if self.fonts.texture_atlas().fill_ratio() > ATLAS_FULL {
            self.fonts = Fonts::new(self.options, fonts::definitions());
            self.renew();
        } else if self.since_pass < FORGET_EVERY {
            return;
        }
        self.since_pass = 0;
        self.fonts.begin_pass(self.options, ViewportKey::default());
    }

    fn renew(&mut self) {
        self.atlas = self.fonts.font_image_size();
        self.tessellator = tessellator(&self.fonts);
        self.generation = self.generation.wrapping_add(1);
    }
}

impl Picture {
    fn mark(&self, piece: &Piece) -> &Mark {
        &self.diagram.marks[piece.mark]
    }

    /// The rectangles outside of which this picture looks the same as `before`, cut to `whole`.
    pub fn changes_since(&self, before: &Picture, whole: PixelRect) -> Vec<PixelRect> {
        if Arc::ptr_eq(&self.diagram, &before.diagram) {
            return Vec::new();
        }
        let key = |picture: &Picture, piece: &Piece| -> Key { Arc::clone(&picture.mark(piece).key) };
        let old: HashMap<Key, (usize, &Piece)> =
            before.pieces.iter().enumerate().map(|(i, piece)| (key(before, piece), (i, piece))).collect();
        let mut stays = vec![false; before.pieces.len()];
        let mut areas = Vec::new();
        let mut reached = 0;
        for piece in &self.pieces {
            let Some(&(i, other)) = old.get(&self.mark(piece).key) else {
                areas.push(piece.bounds);
                continue;
            };
            let same = piece.origin == other.origin && looks_same(before.mark(other), self.mark(piece));
            // One that was drawn later than those before it, and now earlier, may be covered where it was not.
            if same && i >= reached {
                reached = i;
                stays[i] = true;
            } else {
                areas.push(piece.bounds);
            }
        }
        areas.extend(before.pieces.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(piece, _)| piece.bounds));
        joined(areas.into_iter().map(|area| area.intersection(whole)))
    }

    /// Draws the part of the picture that lies in `area`.
    pub fn draw(&self, raster: &Raster, target: &mut super::Pixmap, area: PixelRect) {
        for piece in self.pieces.iter().filter(|piece| piece.bounds.overlaps(area)) {
            raster.draw(target, &piece.mesh, 1.0, piece.origin, area);
        }
    }
}

/// Whether two marks differ in nothing but their place and what is not drawn.
fn looks_same(a: &Mark, b: &Mark) -> bool {
    let placed = |mark: &Mark| matches!(mark.shape, diagram::Shape::Line { .. } | diagram::Shape::Arrow(_));
    let here = !placed(a) || (a.rect.x == b.rect.x && a.rect.y == b.rect.y);
    here && a.rect.w == b.rect.w
        && a.rect.h == b.rect.h
        && a.layer == b.layer
        && (a.tone, a.fading, a.fill, a.border, a.opacity) == (b.tone, b.fading, b.fill, b.border, b.opacity)
        && a.shape == b.shape
        && a.labels == b.labels
}

/// Rectangles that share pixels become one, until none do.
fn joined(areas: impl Iterator<Item = PixelRect>) -> Vec<PixelRect> {
    let mut apart: Vec<PixelRect> = Vec::new();
    for mut area in areas.filter(|area| !area.is_empty()) {
        while let Some(i) = apart.iter().position(|other| other.overlaps(area)) {
            area = area.union(apart.swap_remove(i));
        }
        apart.push(area);
    }
    apart.sort_by_key(|area| (area.y0, area.x0));
    apart
}

/// The pixels that a mesh may touch.
fn bounds(mesh: &Mesh) -> PixelRect {
    if mesh.vertices.is_empty() {
        return PixelRect::new(0, 0, 0, 0);
    }
    let around = mesh.calc_bounds();
    PixelRect::new(
        around.min.x.floor() as i32,
        around.min.y.floor() as i32,
        around.max.x.ceil() as i32 + 1,
        around.max.y.ceil() as i32 + 1,
    )
}

fn tessellator(fonts: &Fonts) -> Tessellator {
    let options = TessellationOptions { coarse_tessellation_culling: false, ..TessellationOptions::default() };
    Tessellator::new(1.0, options, fonts.font_image_size(), fonts.texture_atlas().prepared_discs())
}
