//! Textures and how they are sampled.

use std::collections::HashMap;

use egui::epaint::{ImageData, ImageDelta, TextureId, textures::TextureFilter};

/// Every texture that egui has announced and not yet freed.
#[derive(Debug, Default)]
pub struct Textures(HashMap<TextureId, Texture>);

impl Textures {
    pub fn get(&self, id: TextureId) -> Option<&Texture> {
        self.0.get(&id)
    }

    pub fn set(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size;
        let texels = || image.pixels.iter().map(|texel| texel.to_array());
        let linear = delta.options.magnification == TextureFilter::Linear;
        let Some([left, top]) = delta.pos else {
            self.0.insert(id, Texture { width, height, linear, texels: texels().collect() });
            return;
        };
        let Some(texture) = self.0.get_mut(&id) else { return };
        if left + width > texture.width || top + height > texture.height || width == 0 {
            return;
        }
        let texels: Vec<[u8; 4]> = texels().collect();
        for (row, line) in texels.chunks_exact(width).enumerate() {
            let start = (top + row) * texture.width + left;
            texture.texels[start..start + width].copy_from_slice(line);
        }
    }

    pub fn free(&mut self, id: TextureId) {
        self.0.remove(&id);
    }
}

/// One texture: premultiplied texels in rows.
#[derive(Debug)]
pub struct Texture {
    pub width: usize,
    pub height: usize,
    linear: bool,
    texels: Vec<[u8; 4]>,
}

impl Texture {
    /// The texels from column `x0` up to `x1` of a row; `None` if some do not exist.
    pub fn row(&self, y: usize, x0: usize, x1: usize) -> Option<&[[u8; 4]]> {
        let start = y * self.width;
        (x1 <= self.width && y < self.height).then(|| &self.texels[start + x0..start + x1])
    }

    /// The colour at a place in shares of the texture's size, 0 to 255; beyond the edge it goes on as at the edge.
    pub fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        if !self.linear {
            return self.texel(x.floor() as i64, y.floor() as i64).map(f32::from);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let [a, b] = [self.texel(left, top), self.texel(left + 1, top)];
        let [c, d] = [self.texel(left, top + 1), self.texel(left + 1, top + 1)];
        std::array::from_fn(|i| {
            let upper = f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * fx;
            let lower = f32::from(c[i]) + (f32::from(d[i]) - f32::from(c[i])) * fx;
            upper + (lower - upper) * fy
        })
    }

    fn texel(&self, x: i64, y: i64) -> [u8; 4] {
        let inside = |at: i64, size: usize| at.clamp(0, size as i64 - 1) as usize;
        self.texels[inside(y, self.height) * self.width + inside(x, self.width)]
    }
}
