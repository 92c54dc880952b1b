//! Labels that are laid out, kept from one picture to the next: egui forgets a layout that one frame did not need, and half
//! the labels of a picture were in one seen not long ago.

use std::collections::HashMap;
use std::sync::Arc;

use egui::epaint::text::FontsView;
use egui::{Color32, FontId, Galley};

use super::fonts;
use crate::diagram::Face;

/// So many labels are kept; with more all are laid out anew.
const MOST: usize = 8192;

/// The labels of the pictures before.
#[derive(Default)]
pub struct Labels {
    kept: HashMap<(Face, u32), HashMap<String, Arc<Galley>>>,
    count: usize,
    /// A layout that egui keeps as long as the letters in its atlas stay where they are, because every picture asks for it.
    witness: Option<Arc<Galley>>,
}

impl Labels {
    /// For one picture with these fonts. Layouts of other fonts, sizes of pixels or atlases are forgotten.
    pub fn with<'a, 'f>(&'a mut self, fonts: &'a mut FontsView<'f>) -> Typesetter<'a, 'f> {
        let witness = fonts.layout_no_wrap("·".to_owned(), FontId::proportional(12.0), Color32::PLACEHOLDER);
        let same = self.witness.as_ref().is_some_and(|before| Arc::ptr_eq(before, &witness));
        if !same || self.count > MOST {
            *self = Labels { witness: Some(witness), ..Labels::default() };
        }
        Typesetter { labels: self, fonts }
    }
}

/// Lays labels out.
pub struct Typesetter<'a, 'f> {
    labels: &'a mut Labels,
    fonts: &'a mut FontsView<'f>,
}

impl Typesetter<'_, '_> {
    /// Words on one line, without a colour of their own; `size` in points.
    pub fn galley(&mut self, words: &str, face: Face, size: f32) -> Arc<Galley> {
        let kept = self.labels.kept.entry((face, size.to_bits())).or_default();
        if let Some(galley) = kept.get(words) {
            return Arc::clone(galley);
        }
        let galley = self.fonts.layout_no_wrap(words.to_owned(), fonts::font(face, size), Color32::PLACEHOLDER);
        kept.insert(words.to_owned(), Arc::clone(&galley));
        self.labels.count += 1;
        galley
    }
}

#[cfg(test)]
mod tests {
    use egui::epaint::text::{Fonts, TextOptions, ViewportKey};

    use super::*;

    fn pass(fonts: &mut Fonts, options: TextOptions) {
        fonts.begin_pass(options, ViewportKey::default());
    }

    fn key(labels: &mut Labels, fonts: &mut Fonts, pixels_per_point: f32) -> Arc<Galley> {
        labels.with(&mut fonts.with_pixels_per_point(pixels_per_point)).galley("k42", Face::Mono, 14.0)
    }

    #[test]
    fn a_label_outlives_pictures_without_it() {
        let options = TextOptions::default();
        let (mut fonts, mut labels) = (Fonts::new(options, fonts::definitions()), Labels::default());
        pass(&mut fonts, options);
        let before = key(&mut labels, &mut fonts, 1.0);
        for _ in 0..3 {
            pass(&mut fonts, options);
            labels.with(&mut fonts.with_pixels_per_point(1.0));
        }
        pass(&mut fonts, options);
        assert!(Arc::ptr_eq(&before, &key(&mut labels, &mut fonts, 1.0)));
        assert_eq!(before.text(), "k42");
    }

    #[test]
    fn labels_differ_by_words_face_and_size() {
        let options = TextOptions::default();
        let (mut fonts, mut labels) = (Fonts::new(options, fonts::definitions()), Labels::default());
        let mut view = fonts.with_pixels_per_point(1.0);
        let mut setter = labels.with(&mut view);
        let one = setter.galley("k1", Face::Mono, 14.0);
        for (words, face, size) in [("k2", Face::Mono, 14.0), ("k1", Face::Sans, 14.0), ("k1", Face::Mono, 14.5)] {
            let other = setter.galley(words, face, size);
            assert_eq!(other.text(), words);
            assert!(!Arc::ptr_eq(&one, &other));
        }
    }

    #[test]
    fn letters_that_moved_in_the_atlas_are_laid_out_anew() {
        let options = TextOptions::default();
        let (mut fonts, mut labels) = (Fonts::new(options, fonts::definitions()), Labels::default());
        pass(&mut fonts, options);
        let before = key(&mut labels, &mut fonts, 1.0);
        assert!(!Arc::ptr_eq(&before, &key(&mut labels, &mut fonts, 2.0)), "other pixels");
        let before = key(&mut labels, &mut fonts, 1.0);
        // A pass without a picture: egui forgets the witness, and what happened meanwhile is not known.
        pass(&mut fonts, options);
        pass(&mut fonts, options);
        assert!(!Arc::ptr_eq(&before, &key(&mut labels, &mut fonts, 1.0)), "unwatched");
        let before = key(&mut labels, &mut fonts, 1.0);
        pass(&mut fonts, TextOptions { font_hinting: !options.font_hinting, ..options });
        assert!(!Arc::ptr_eq(&before, &key(&mut labels, &mut fonts, 1.0)), "other options");
    }
}
