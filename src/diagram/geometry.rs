//! Points and rectangles in canvas units: 1600 × 900, x to the right, y down.

use serde::Serialize;

/// A place on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A place on the canvas.
pub const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    /// The place a share `t` of the way to `other`; 0 is here.
    pub fn lerp(self, other: Point, t: f32) -> Point {
        point(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    /// This place moved by `dx` and `dy`.
    pub fn shifted(self, dx: f32, dy: f32) -> Point {
        point(self.x + dx, self.y + dy)
    }

    /// The distance to `other`.
    pub fn distance(self, other: Point) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// A rectangle on the canvas, by its upper left corner and its size.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

/// A rectangle by its upper left corner and its size.
pub const fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
    Rect { x, y, w, h }
}

impl Rect {
    /// Right edge.
    pub fn right(self) -> f32 {
        self.x + self.w
    }

    /// Lower edge.
    pub fn bottom(self) -> f32 {
        self.y + self.h
    }

    /// The middle.
    pub fn center(self) -> Point {
        point(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// This rectangle with `by` more on every side; negative shrinks it.
    pub fn grown(self, by: f32) -> Rect {
        rect(self.x - by, self.y - by, self.w + 2.0 * by, self.h + 2.0 * by)
    }

    /// This rectangle moved by `dx` and `dy`.
    pub fn shifted(self, dx: f32, dy: f32) -> Rect {
        rect(self.x + dx, self.y + dy, self.w, self.h)
    }

    /// Whether `inner` lies in this rectangle.
    pub fn holds(self, inner: Rect) -> bool {
        inner.x >= self.x && inner.y >= self.y && inner.right() <= self.right() && inner.bottom() <= self.bottom()
    }

    /// Whether the two share any area.
    pub fn overlaps(self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// The smallest rectangle around both.
    pub fn union(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        rect(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }

    /// The rectangle a share `t` of the way to `other`.
    pub fn lerp(self, other: Rect, t: f32) -> Rect {
        let mix = |a: f32, b: f32| a + (b - a) * t;
        rect(mix(self.x, other.x), mix(self.y, other.y), mix(self.w, other.w), mix(self.h, other.h))
    }

    /// Where the straight line from the middle towards `target` leaves this rectangle.
    pub fn edge_towards(self, target: Point) -> Point {
        let from = self.center();
        let (dx, dy) = (target.x - from.x, target.y - from.y);
        let reach = (self.w / 2.0 / dx.abs().max(1e-6)).min(self.h / 2.0 / dy.abs().max(1e-6)).min(1.0);
        point(from.x + dx * reach, from.y + dy * reach)
    }
}

/// A place on the quadratic curve from `a` to `b` drawn towards `control`, a share `t` along.
pub fn on_curve(a: Point, control: Point, b: Point, t: f32) -> Point {
    a.lerp(control, t).lerp(control.lerp(b, t), t)
}

/// The control point of a curve from `a` to `b` that bows by `bend` of the distance, to the right of the way for positive `bend`.
pub fn bow(a: Point, b: Point, bend: f32) -> Point {
    let middle = a.lerp(b, 0.5);
    middle.shifted(-(b.y - a.y) * bend, (b.x - a.x) * bend)
}
