//! Any triangle: which pixels it covers, and with what colour.

use super::{Brush, Corner, SUBPIXEL, SUBPIXEL_BITS, blend, is_plain};

/// Triangles no wider than this are tested pixel by pixel; wider ones get their ends by division. Both are exact.
const NARROW: i32 = 6;

/// One side: `a * x + b * y + c >= 0` for the grid places inside, sides that do not own their line left out by `c`.
#[derive(Clone, Copy)]
struct Side {
    a: i64,
    b: i64,
    c: i64,
}

impl Side {
    /// The side from `p` to `q` of a triangle that lies to the right of it on the screen.
    fn new(p: &Corner, q: &Corner) -> Side {
        let (a, b) = (p.y - q.y, q.x - p.x);
        // A pixel on a line belongs to the triangle that has the line as its upper or left side.
        let owns = (a == 0 && b > 0) || a > 0;
        Side { a, b, c: -(a * p.x + b * p.y) - i64::from(!owns) }
    }

    /// The value at the middle of a pixel of row `y` is `self.step() * x + self.start(y)`.
    fn start(self, y: i32) -> i64 {
        let middle = SUBPIXEL / 2;
        self.a * middle + self.b * ((i64::from(y) << SUBPIXEL_BITS) + middle) + self.c
    }

    fn step(self) -> i64 {
        self.a << SUBPIXEL_BITS
    }
}

/// What the colour and the place in the texture are at a pixel: a plane over the picture for each figure.
///
/// Counted from a pixel at a corner, where the figures are small, so that thin triangles lose no accuracy.
struct Plane<const N: usize> {
    from: (i32, i32),
    at: [f32; N],
    per_x: [f32; N],
    per_y: [f32; N],
}

impl<const N: usize> Plane<N> {
    /// Through three corners; `area` is twice the triangle's, in grid units.
    fn new(corners: &[Corner; 3], values: [[f32; N]; 3], area: i64) -> Plane<N> {
        let pixels = |v: i64| v as f32 / SUBPIXEL as f32;
        let [a, b, c] = corners;
        let inverse = (SUBPIXEL * SUBPIXEL) as f32 / area as f32;
        let (bx, by) = (pixels(b.x - a.x), pixels(b.y - a.y));
        let (cx, cy) = (pixels(c.x - a.x), pixels(c.y - a.y));
        let to_b: [f32; N] = std::array::from_fn(|i| values[1][i] - values[0][i]);
        let to_c: [f32; N] = std::array::from_fn(|i| values[2][i] - values[0][i]);
        let per_x: [f32; N] = std::array::from_fn(|i| (to_b[i] * cy - to_c[i] * by) * inverse);
        let per_y: [f32; N] = std::array::from_fn(|i| (to_c[i] * bx - to_b[i] * cx) * inverse);
        let from = ((a.x >> SUBPIXEL_BITS) as i32, (a.y >> SUBPIXEL_BITS) as i32);
        let to_middle = |v: i64| 0.5 - pixels(v & (SUBPIXEL - 1));
        let (x, y) = (to_middle(a.x), to_middle(a.y));
        let at = std::array::from_fn(|i| values[0][i] + per_x[i] * x + per_y[i] * y);
        Plane { from, at, per_x, per_y }
    }

    #[inline]
    fn row(&self, y: i32) -> [f32; N] {
        std::array::from_fn(|i| self.at[i] + self.per_y[i] * (y - self.from.1) as f32)
    }

    #[inline]
    fn pixel(&self, row: &[f32; N], x: i32) -> [f32; N] {
        std::array::from_fn(|i| row[i] + self.per_x[i] * (x - self.from.0) as f32)
    }
}

impl Brush<'_> {
    /// Draws a triangle of either orientation.
    pub(super) fn triangle(&mut self, mut corners: [Corner; 3]) {
        if corners.iter().all(|corner| corner.color == [0; 4]) {
            return;
        }
        let [a, b, c] = &corners;
        let mut area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
        if area == 0 {
            return;
        }
        if area < 0 {
            corners.swap(1, 2);
            area = -area;
        }
        let [a, b, c] = &corners;
        let first = |v: i64| ((v + SUBPIXEL / 2 - 1) >> SUBPIXEL_BITS) as i32;
        let last = |v: i64| ((v - SUBPIXEL / 2) >> SUBPIXEL_BITS) as i32;
        let x0 = first(a.x.min(b.x).min(c.x)).max(self.clip.x0);
        let x1 = (last(a.x.max(b.x).max(c.x)) + 1).min(self.clip.x1);
        let y0 = first(a.y.min(b.y).min(c.y)).max(self.clip.y0);
        let y1 = (last(a.y.max(b.y).max(c.y)) + 1).min(self.clip.y1);
        if x0 >= x1 || y0 >= y1 {
            return;
        }
        let sides = [Side::new(a, b), Side::new(b, c), Side::new(c, a)];
        let spans = Spans { sides, x0, x1, y0, y1 };
        if !corners.iter().all(is_plain) {
            self.textured(&corners, area, &spans);
        } else if a.color == b.color && a.color == c.color {
            let color = a.color;
            spans.each(|y, from, to| blend::over_run(color, self.row(y, from, to)));
        } else {
            let plane = Plane::new(&corners, corners.map(|c| c.color.map(f32::from)), area);
            spans.each(|y, from, to| {
                let row = plane.row(y);
                for (x, pixel) in (from..to).zip(self.row(y, from, to)) {
                    let color = plane.pixel(&row, x).map(|v| v.clamp(0.0, 255.0));
                    *pixel = blend::float_over(color, *pixel);
                }
            });
        }
    }

    fn textured(&mut self, corners: &[Corner; 3], area: i64, spans: &Spans) {
        let Some(texture) = self.texture else { return };
        let colors = Plane::new(corners, corners.map(|c| c.color.map(f32::from)), area);
        let places = Plane::new(corners, corners.map(|c| c.uv), area);
        spans.each(|y, from, to| {
            let (color_row, place_row) = (colors.row(y), places.row(y));
            for (x, pixel) in (from..to).zip(self.row(y, from, to)) {
                let [u, v] = places.pixel(&place_row, x);
                let texel = texture.sample(u, v);
                let color = colors.pixel(&color_row, x);
                let source = std::array::from_fn(|i| color[i].clamp(0.0, 255.0) * texel[i] * (1.0 / 255.0));
                *pixel = blend::float_over(source, *pixel);
            }
        });
    }
}

/// The pixels of a triangle, row by row.
struct Spans {
    sides: [Side; 3],
    x0: i32,
    x1: i32,
    y0: i32,
    y1: i32,
}

impl Spans {
    /// Calls `draw` with each row and its pixels' ends.
    #[inline]
    fn each(&self, mut draw: impl FnMut(i32, i32, i32)) {
        for y in self.y0..self.y1 {
            let starts = self.sides.map(|side| side.start(y));
            let (from, to) = if self.x1 - self.x0 <= NARROW { self.tested(starts) } else { self.divided(starts) };
            if from < to {
                draw(y, from, to);
            }
        }
    }

    fn tested(&self, starts: [i64; 3]) -> (i32, i32) {
        let inside =
            |x: i32| self.sides.iter().zip(starts).all(|(side, start)| side.step() * i64::from(x) + start >= 0);
        let Some(from) = (self.x0..self.x1).find(|&x| inside(x)) else { return (0, 0) };
        (from, (from..self.x1).find(|&x| !inside(x)).unwrap_or(self.x1))
    }

    fn divided(&self, starts: [i64; 3]) -> (i32, i32) {
        let (mut from, mut to) = (i64::from(self.x0), i64::from(self.x1));
        for (side, start) in self.sides.iter().zip(starts) {
            let step = side.step();
            match step {
                0 if start < 0 => return (0, 0),
                0 => {}
                1.. => from = from.max(-start.div_euclid(step)),
                _ => to = to.min(start.div_euclid(-step) + 1),
            }
        }
        (from as i32, to.max(from) as i32)
    }
}
