//! A painter without a GPU: egui's triangles become pixels.
//!
//! It does what egui's own renderers do: textured, vertex-coloured triangles, multiplied and blended in gamma space with
//! premultiplied alpha. Whether a pixel belongs to a triangle is decided in integers, and its colour depends on the mesh
//! and on that pixel alone. So any part of a picture can be drawn again and comes out the same to the bit.

mod blend;
mod quad;
mod texture;
mod triangle;

use egui::epaint::{ClippedPrimitive, Mesh, Primitive, TextureId, Vertex, WHITE_UV};
use egui::{TexturesDelta, epaint::ImageDelta};

use super::pixmap::{PixelRect, Pixmap};
use texture::Textures;

/// Units of the integer grid per pixel, as a power of two.
const SUBPIXEL_BITS: u32 = 8;
/// Units of the integer grid per pixel.
const SUBPIXEL: i64 = 1 << SUBPIXEL_BITS;
/// Coordinates beyond this many pixels from the mesh's origin are moved to it.
const FAR: f32 = 32_000.0;

/// The textures that meshes refer to, and the act of drawing with them.
#[derive(Debug, Default)]
pub struct Raster {
    textures: Textures,
}

/// A corner on the integer grid, relative to the mesh's origin.
#[derive(Clone, Copy)]
struct Corner {
    x: i64,
    y: i64,
    /// Premultiplied, 0 to 255.
    color: [u8; 4],
    uv: [f32; 2],
}

impl Raster {
    /// A painter that knows no textures yet.
    pub fn new() -> Raster {
        Raster::default()
    }

    /// Takes over all changes of textures of one frame, those to be freed included.
    pub fn apply(&mut self, mut delta: TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in &images {
                self.textures.set(id, image);
            }
        }
        for id in delta.free.drain() {
            self.textures.free(id);
        }
    }

    /// Takes over one change of a texture.
    pub fn set_texture(&mut self, id: TextureId, image: &ImageDelta) {
        self.textures.set(id, image);
    }

    /// Draws what egui tessellated. Callbacks into a GPU are left out.
    pub fn paint(&self, target: &mut Pixmap, primitives: &[ClippedPrimitive], pixels_per_point: f32) {
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            // As egui's renderers do: edges of the clip rectangle are rounded to whole pixels.
            let edge = |v: f32| (v * pixels_per_point).round().clamp(-FAR, FAR) as i32;
            let clip = PixelRect::new(
                edge(clip_rect.min.x),
                edge(clip_rect.min.y),
                edge(clip_rect.max.x),
                edge(clip_rect.max.y),
            );
            self.draw(target, mesh, pixels_per_point, (0, 0), clip);
        }
    }

    /// Draws a mesh moved by whole pixels, as far as it lies in `clip`.
    pub fn draw(&self, target: &mut Pixmap, mesh: &Mesh, scale: f32, origin: (i32, i32), clip: PixelRect) {
        let clip = clip.intersection(target.bounds());
        if clip.is_empty() {
            return;
        }
        let local = clip.shifted(-origin.0, -origin.1);
        let texture = self.textures.get(mesh.texture_id);
        let mut brush = Brush { target, clip: local, origin, texture };
        let corner = |i: u32| mesh.vertices.get(i as usize).map(|v| on_grid(v, scale));
        let mut rest = mesh.indices.as_slice();
        while let [a, b, c, tail @ ..] = rest {
            if let [c2, b2, d, after @ ..] = tail
                && (c2, b2) == (c, b)
                && let (Some(a), Some(b), Some(c), Some(d)) = (corner(*a), corner(*b), corner(*c), corner(*d))
                && brush.quad([a, b, c, d])
            {
                rest = after;
                continue;
            }
            if let (Some(a), Some(b), Some(c)) = (corner(*a), corner(*b), corner(*c)) {
                brush.triangle([a, b, c]);
            }
            rest = tail;
        }
    }
}

/// Where and with what one mesh is drawn; the clip is in the mesh's own coordinates.
struct Brush<'a> {
    target: &'a mut Pixmap,
    clip: PixelRect,
    origin: (i32, i32),
    texture: Option<&'a texture::Texture>,
}

impl Brush<'_> {
    /// The pixels of a row of the mesh's own coordinates.
    fn row(&mut self, y: i32, x0: i32, x1: i32) -> &mut [[u8; 4]] {
        let (dx, dy) = self.origin;
        self.target.row_mut(y + dy, x0 + dx, x1 + dx)
    }
}

fn on_grid(vertex: &Vertex, scale: f32) -> Corner {
    let grid = |v: f32| ((v * scale).clamp(-FAR, FAR) * SUBPIXEL as f32).round() as i64;
    Corner {
        x: grid(vertex.pos.x),
        y: grid(vertex.pos.y),
        color: vertex.color.to_array(),
        uv: [vertex.uv.x, vertex.uv.y],
    }
}

/// Whether a corner is coloured by nothing but its vertex colour.
fn is_plain(corner: &Corner) -> bool {
    corner.uv == [WHITE_UV.x, WHITE_UV.y]
}

#[cfg(test)]
mod tests;
