//! How wide words are: the advance widths of the bundled fonts themselves, so that layout and lint need no painter.

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

/// The advances of 256 characters in a row; not a number where no font has one.
type Page = [f32; 256];

/// Layout asks for the width of some ten thousand words a picture: what is known lies in pages, a character's advance two
/// steps away.
struct Advances {
    faces: [Font<'static>; 4],
    pages: [Vec<Option<Box<Page>>>; 3],
}

static ADVANCES: LazyLock<Mutex<Advances>> = LazyLock::new(|| {
    let faces = [SANS, STRONG, MONO, CJK].map(|bytes| Font::parse(bytes, 0).expect("a bundled font is damaged"));
    let pages = (char::MAX as usize >> 8) + 1;
    Mutex::new(Advances { faces, pages: [(); 3].map(|()| vec![None; pages]) })
});

impl Advances {
    /// In shares of the text height; `None` if no font has the character.
    fn advance(&mut self, c: char, face: Face) -> Option<f32> {
        let advance = self.page(c, face)[c as usize & 0xff];
        (!advance.is_nan()).then_some(advance)
    }

    /// The page that a character is in.
    fn page(&mut self, c: char, face: Face) -> &Page {
        let first = match face {
            Face::Sans => 0,
            Face::Strong => 1,
            Face::Mono => 2,
        };
        let Advances { faces, pages } = self;
        pages[first][c as usize >> 8].get_or_insert_with(|| page_of(faces, c, first))
    }
}

/// The page of a character, in the face itself or in the first of the others that has it.
fn page_of(faces: &[Font<'static>; 4], c: char, first: usize) -> Box<Page> {
    let start = c as u32 & !0xff;
    let advance = |low: usize| {
        let c = char::from_u32(start + low as u32)?;
        [first, 3, 2, 0].into_iter().find_map(|i| {
            let font = &faces[i];
            let glyph = font.glyph_index(c)?;
            Some(f32::from(font.glyph_hor_advance(glyph)?) / f32::from(font.units_per_em()))
        })
    };
    Box::new(std::array::from_fn(|low| advance(low).unwrap_or(f32::NAN)))
}
