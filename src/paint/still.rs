//! A picture without a window and without a GPU.

use std::sync::Arc;

use egui::epaint::TextureId;

use super::compose::{Composer, Picture};
use super::pixmap::Pixmap;
use super::raster::Raster;
use crate::diagram::Diagram;
use crate::diagram::palette::Theme;
use crate::text::Lang;

/// Renders diagrams of one size, theme and language; keeps fonts and glyphs from one picture to the next.
pub struct Renderer {
    composer: Composer,
    raster: Raster,
    size: [usize; 2],
}

impl Renderer {
    /// For pictures of `width` × `height` pixels; the canvas is as large as it fits, the rest has its colour.
    pub fn new(width: usize, height: usize, theme: Theme, lang: Lang) -> Renderer {
        Renderer { composer: Composer::new(width, height, theme, lang), raster: Raster::new(), size: [width, height] }
    }

    /// The picture of a diagram.
    pub fn render(&mut self, diagram: &Diagram) -> Pixmap {
        let picture = self.composer.compose(Arc::new(diagram.clone()), &Picture::default());
        if let Some(delta) = self.composer.take_font_delta() {
            self.raster.set_texture(TextureId::default(), &delta);
        }
        let mut pixmap = Pixmap::new(self.size[0], self.size[1], self.composer.background());
        let whole = pixmap.bounds();
        picture.draw(&self.raster, &mut pixmap, whole);
        pixmap
    }
}

/// The picture of one diagram; for several of the same kind, keep a [`Renderer`].
pub fn still(diagram: &Diagram, width: usize, height: usize, theme: Theme, lang: Lang) -> Pixmap {
    Renderer::new(width, height, theme, lang).render(diagram)
}
