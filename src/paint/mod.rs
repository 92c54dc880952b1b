//! Diagrams on a screen: fonts, theme, one drawing path to egui's shapes, and from egui's triangles to pixels.
//!
//! The window and every export draw through [`Canvas`], so that what is exported is what was seen.

mod batch;
pub mod compose;
pub mod draw;
pub mod fonts;
pub mod icon;
pub mod labels;
mod outline;
mod pen;
pub mod pixmap;
pub mod raster;
pub mod still;
pub mod theme;

pub use draw::Canvas;
pub use pixmap::{PixelRect, Pixmap};
pub use still::Renderer;
