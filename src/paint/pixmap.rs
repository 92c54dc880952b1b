//! Pixels in memory, and rectangles of them.

/// A rectangle of whole pixels; the right and lower edges are not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelRect {
    /// Left edge.
    pub x0: i32,
    /// Upper edge.
    pub y0: i32,
    /// First column to the right of it.
    pub x1: i32,
    /// First row below it.
    pub y1: i32,
}

impl PixelRect {
    /// No pixel at all; the neutral element of [`PixelRect::union`].
    pub const NOTHING: PixelRect = PixelRect { x0: i32::MAX, y0: i32::MAX, x1: i32::MIN, y1: i32::MIN };

    /// A rectangle by its edges.
    pub fn new(x0: i32, y0: i32, x1: i32, y1: i32) -> PixelRect {
        PixelRect { x0, y0, x1, y1 }
    }

    /// Whether no pixel lies in it.
    pub fn is_empty(self) -> bool {
        self.x0 >= self.x1 || self.y0 >= self.y1
    }

    /// Number of columns.
    pub fn width(self) -> usize {
        usize::try_from(i64::from(self.x1) - i64::from(self.x0)).unwrap_or(0)
    }

    /// Number of rows.
    pub fn height(self) -> usize {
        usize::try_from(i64::from(self.y1) - i64::from(self.y0)).unwrap_or(0)
    }

    /// Number of pixels.
    pub fn area(self) -> usize {
        self.width() * self.height()
    }

    /// The smallest rectangle around both.
    pub fn union(self, other: PixelRect) -> PixelRect {
        PixelRect {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// What both have in common; may be empty.
    pub fn intersection(self, other: PixelRect) -> PixelRect {
        PixelRect {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// Whether the two share a pixel.
    pub fn overlaps(self, other: PixelRect) -> bool {
        !self.intersection(other).is_empty()
    }

    /// This rectangle moved by whole pixels.
    pub fn shifted(self, dx: i32, dy: i32) -> PixelRect {
        PixelRect { x0: self.x0 + dx, y0: self.y0 + dy, x1: self.x1 + dx, y1: self.y1 + dy }
    }
}

/// A picture of opaque pixels: red, green, blue, alpha, each 0 to 255, sRGB, rows from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixmap {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

impl Pixmap {
    /// A picture of one colour.
    pub fn new(width: usize, height: usize, colour: [u8; 4]) -> Pixmap {
        Pixmap { width, height, pixels: vec![colour; width * height] }
    }

    /// A picture of given pixels in rows; `None` if their number is not `width * height`.
    pub fn from_pixels(width: usize, height: usize, pixels: Vec<[u8; 4]>) -> Option<Pixmap> {
        (pixels.len() == width * height).then_some(Pixmap { width, height, pixels })
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Every pixel.
    pub fn bounds(&self) -> PixelRect {
        PixelRect::new(0, 0, i32::try_from(self.width).unwrap_or(0), i32::try_from(self.height).unwrap_or(0))
    }

    /// The pixels in rows.
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.pixels
    }

    /// The pixels as bytes: four a pixel.
    pub fn bytes(&self) -> &[u8] {
        self.pixels.as_flattened()
    }

    /// The pixels from column `x0` up to `x1` of row `y`, all of which must exist.
    pub fn row(&self, y: i32, x0: i32, x1: i32) -> &[[u8; 4]] {
        let start = y as usize * self.width;
        &self.pixels[start + x0 as usize..start + x1 as usize]
    }

    /// The pixels from column `x0` up to `x1` of row `y`, to be changed.
    pub fn row_mut(&mut self, y: i32, x0: i32, x1: i32) -> &mut [[u8; 4]] {
        let start = y as usize * self.width;
        &mut self.pixels[start + x0 as usize..start + x1 as usize]
    }

    /// Fills a rectangle, as far as it lies in the picture, with one colour.
    pub fn fill(&mut self, area: PixelRect, colour: [u8; 4]) {
        let area = area.intersection(self.bounds());
        if area.is_empty() {
            return;
        }
        for y in area.y0..area.y1 {
            self.row_mut(y, area.x0, area.x1).fill(colour);
        }
    }
}
