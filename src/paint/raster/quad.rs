//! The short way for what most of a picture is made of: upright rectangles on whole pixels, and glyphs.

use super::{Brush, Corner, SUBPIXEL, SUBPIXEL_BITS, blend, is_plain};

impl Brush<'_> {
    /// Draws the rectangle with these corners (left top, right top, left bottom, right bottom) if it lies on whole pixels
    /// and has one colour or copies texel by texel; `false` if it must be drawn as two triangles.
    pub(super) fn quad(&mut self, [a, b, c, d]: [Corner; 4]) -> bool {
        let upright = a.x == c.x && b.x == d.x && a.y == b.y && c.y == d.y && a.x <= b.x && a.y <= c.y;
        let whole = [a.x, b.x, a.y, c.y].into_iter().all(|v| v & (SUBPIXEL - 1) == 0);
        let one_colour = a.color == b.color && a.color == c.color && a.color == d.color;
        if !(upright && whole && one_colour) {
            return false;
        }
        let plain = [a, b, c, d].iter().all(is_plain);
        let texels = if plain { None } else { self.texels([a, b, c, d]) };
        if !plain && texels.is_none() {
            return false;
        }
        let pixel = |v: i64| (v >> SUBPIXEL_BITS) as i32;
        let (left, top) = (pixel(a.x), pixel(a.y));
        let (x0, x1) = (left.max(self.clip.x0), pixel(b.x).min(self.clip.x1));
        let (y0, y1) = (top.max(self.clip.y0), pixel(c.y).min(self.clip.y1));
        if x0 >= x1 {
            return true;
        }
        for y in y0..y1 {
            let Some((u, v)) = texels else {
                blend::over_run(a.color, self.row(y, x0, x1));
                continue;
            };
            let from = u + (x0 - left) as usize;
            let texture = self.texture;
            let line = texture.and_then(|t| t.row(v + (y - top) as usize, from, from + (x1 - x0) as usize));
            let Some(line) = line else { continue };
            for (pixel, texel) in self.row(y, x0, x1).iter_mut().zip(line) {
                match texel {
                    [0, 0, 0, 0] => {}
                    [255, 255, 255, 255] => *pixel = blend::over(a.color, *pixel),
                    _ => *pixel = blend::tinted_over(a.color, *texel, *pixel),
                }
            }
        }
        true
    }

    /// The first texel of a rectangle whose texels lie on its pixels one by one.
    fn texels(&self, [a, b, c, d]: [Corner; 4]) -> Option<(usize, usize)> {
        let texture = self.texture?;
        let [u0, v0] = whole(a.uv, texture.width, texture.height)?;
        let [u1, v1] = whole(d.uv, texture.width, texture.height)?;
        let upright = a.uv[0] == c.uv[0] && b.uv[0] == d.uv[0] && a.uv[1] == b.uv[1] && c.uv[1] == d.uv[1];
        let equal = (b.x - a.x) == (u1 - u0) * SUBPIXEL && (c.y - a.y) == (v1 - v0) * SUBPIXEL;
        (upright && equal && u0 >= 0 && v0 >= 0).then_some((u0 as usize, v0 as usize))
    }
}

/// A place in a texture that lies on the corner of a texel.
fn whole(uv: [f32; 2], width: usize, height: usize) -> Option<[i64; 2]> {
    let (u, v) = (uv[0] * width as f32, uv[1] * height as f32);
    let near = |v: f32| (v - v.round()).abs() < 1.0 / 64.0;
    (near(u) && near(v)).then(|| [u.round() as i64, v.round() as i64])
}
