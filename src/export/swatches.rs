//! The colours of a GIF: those of the theme and their blends, so that text keeps its edges and no dithering is needed.

use strum::IntoEnumIterator;

use crate::diagram::palette::{self, Rgb, Theme, mix};
use crate::diagram::{Fill, Tone};

/// Colours that a GIF may name besides the one that stands for "as before".
pub const MOST: usize = 255;
/// Entries of the memory of colours already looked up, as a power of two.
const MEMORY_BITS: u32 = 12;

/// A list of colours and the way from any colour to the nearest of them.
pub struct Swatches {
    colours: Vec<Rgb>,
    /// Colours looked up before, with their number; an entry holds one colour at a time.
    memory: Vec<(u32, u8)>,
}

impl Swatches {
    /// The colours of a theme: surfaces, inks, lines, and what lies between them where one is drawn over the other.
    pub fn of(theme: Theme) -> Swatches {
        let base = palette::palette(theme);
        let grounds = [base.canvas, base.panel, base.well];
        let tones = || Tone::iter().map(move |meaning| (meaning, palette::tone(theme, meaning)));
        let tint = |meaning| palette::fill(theme, Fill::Tint, meaning).unwrap_or(base.panel);
        let mut list = List(Vec::with_capacity(MOST));
        list.add([base.canvas, base.panel, base.well, base.line, base.text, base.soft]);
        list.add(tones().flat_map(|(meaning, tone)| [tone, tint(meaning)]));
        for ground in grounds {
            list.blend(ground, base.text, 6);
            list.blend(ground, base.soft, 5);
            list.blend(ground, base.line, 3);
        }
        for (meaning, tone) in tones() {
            list.blend(tint(meaning), base.text, 5);
            list.blend(tint(meaning), tone, 4);
            list.blend(base.panel, tint(meaning), 1);
            for ground in grounds {
                list.blend(ground, tone, 3);
            }
        }
        list.0.truncate(MOST);
        Swatches { colours: list.0, memory: vec![(u32::MAX, 0); 1 << MEMORY_BITS] }
    }

    /// The colours by number.
    pub fn colours(&self) -> &[Rgb] {
        &self.colours
    }

    /// The number of the colour nearest to a pixel; equal distances go to the lower number.
    #[inline]
    pub fn nearest(&mut self, [r, g, b, _]: [u8; 4]) -> u8 {
        let key = u32::from_le_bytes([r, g, b, 0]);
        let slot = (key.wrapping_mul(0x9e37_79b1) >> (32 - MEMORY_BITS)) as usize;
        let (known, number) = self.memory[slot];
        if known == key {
            return number;
        }
        let number = self.search([r, g, b]);
        self.memory[slot] = (key, number);
        number
    }

    fn search(&self, colour: Rgb) -> u8 {
        let away = |other: &Rgb| {
            let part = |i: usize, weight: i32| {
                let d = i32::from(other[i]) - i32::from(colour[i]);
                weight * d * d
            };
            part(0, 3) + part(1, 5) + part(2, 2)
        };
        let nearest = self.colours.iter().enumerate().min_by_key(|(_, other)| away(other));
        nearest.map_or(0, |(number, _)| number as u8)
    }
}

/// Colours without repetition, in the order in which they came.
struct List(Vec<Rgb>);

impl List {
    fn add(&mut self, colours: impl IntoIterator<Item = Rgb>) {
        for colour in colours {
            if !self.0.contains(&colour) {
                self.0.push(colour);
            }
        }
    }

    /// `steps` colours between two, neither of them included.
    fn blend(&mut self, from: Rgb, to: Rgb, steps: usize) {
        self.add((1..=steps).map(|i| mix(from, to, i as f32 / (steps + 1) as f32)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_blend_is_cut_off_and_pure_colours_are_exact() {
        for theme in Theme::ALL {
            let mut swatches = Swatches::of(theme);
            assert!(swatches.colours().len() < MOST, "{theme:?}: {}", swatches.colours().len());
            let pure = palette::palette(theme);
            for colour in [pure.canvas, pure.panel, pure.well, pure.line, pure.text, pure.soft] {
                let number = swatches.nearest([colour[0], colour[1], colour[2], 255]);
                assert_eq!(swatches.colours()[usize::from(number)], colour);
            }
        }
    }
}
