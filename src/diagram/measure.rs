//! How wide words are: the advance widths of the bundled fonts themselves, so that layout and lint need no painter.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use ttf_parser::Face as Font;

use super::Face;

/// Sentences and names: Inter Regular.
pub const SANS: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// Titles and emphasis: Inter SemiBold.
pub const STRONG: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");
/// Identifiers and figures: JetBrains Mono Regular.
pub const MONO: &[u8] = include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf");
/// Chinese in every face: Noto Sans SC, the GB 2312 set.
pub const CJK: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf");

/// Width in units of `text` set on one line at `size` units.
pub fn width(text: &str, size: f32, face: Face) -> f32 {
    let mut known = ADVANCES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    text.chars().map(|c| known.advance(c, face).unwrap_or(0.6)).sum::<f32>() * size
}

/// The first character of `text` that no bundled font has.
pub fn missing(text: &str, face: Face) -> Option<char> {
    let mut known = ADVANCES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    text.chars().find(|&c| known.advance(c, face).is_none())
}

/// `text` cut so that it fits `room` units, ending in an ellipsis where something was cut off.
pub fn fitted(text: &str, size: f32, face: Face, room: f32) -> String {
    if width(text, size, face) <= room {
        return text.to_owned();
    }
    let mut kept: String = text.to_owned();
    while kept.pop().is_some() {
        let cut = format!("{kept}…");
        if width(&cut, size, face) <= room {
            return cut;
        }
    }
    String::new()
}

/// Height of a capital letter of a face, in shares of the text height: what centred text is centred by.
pub fn cap_height(face: Face) -> f32 {
    static HEIGHTS: LazyLock<[f32; 3]> = LazyLock::new(|| {
        [SANS, STRONG, MONO].map(|bytes| {
            let font = Font::parse(bytes, 0).expect("a bundled font is damaged");
            font.capital_height().map_or(0.73, |height| f32::from(height) / f32::from(font.units_per_em()))
        })
    });
    HEIGHTS[match face {
        Face::Sans => 0,
        Face::Strong => 1,
        Face::Mono => 2,
    }]
}

struct Advances {
    faces: [Font<'static>; 4],
    known: HashMap<(char, Face), Option<f32>>,
}

static ADVANCES: LazyLock<Mutex<Advances>> = LazyLock::new(|| {
    let faces = [SANS, STRONG, MONO, CJK].map(|bytes| Font::parse(bytes, 0).expect("a bundled font is damaged"));
    Mutex::new(Advances { faces, known: HashMap::new() })
});

impl Advances {
    /// In shares of the text height; `None` if no font has the character.
    fn advance(&mut self, c: char, face: Face) -> Option<f32> {
        if let Some(known) = self.known.get(&(c, face)) {
            return *known;
        }
        let first = match face {
            Face::Sans => 0,
            Face::Strong => 1,
            Face::Mono => 2,
        };
        let found = [first, 3, 2, 0].into_iter().find_map(|i| {
            let font = &self.faces[i];
            let glyph = font.glyph_index(c)?;
            Some(f32::from(font.glyph_hor_advance(glyph)?) / f32::from(font.units_per_em()))
        });
        self.known.insert((c, face), found);
        found
    }
}
