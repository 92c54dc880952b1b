//! The colours of both themes as plain numbers, so that a lint can judge contrast without a painter.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Fill, Ink, Tone};

/// Dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Theme {
    /// Light on dark, the default.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

impl Theme {
    /// Both themes.
    pub const ALL: [Theme; 2] = [Theme::Dark, Theme::Light];

    /// The other theme.
    pub fn other(self) -> Theme {
        match self {
            Theme::Dark => Theme::Light,
            Theme::Light => Theme::Dark,
        }
    }

    /// The short name used on the command line: `dark` or `light`.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }
}

/// A colour: red, green, blue from 0 to 255, as sRGB.
pub type Rgb = [u8; 3];

/// The colours of one theme that do not depend on a tone.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Behind everything.
    pub canvas: Rgb,
    /// Window bars and side panels.
    pub chrome: Rgb,
    /// A quiet surface: containers, chips.
    pub panel: Rgb,
    /// One level deeper: a slot in a container.
    pub well: Rgb,
    /// See [`Fill::Board`].
    pub board: Rgb,
    /// Hairlines.
    pub line: Rgb,
    /// To be read first.
    pub text: Rgb,
    /// To be read second.
    pub soft: Rgb,
}

const DARK: Palette = Palette {
    canvas: [14, 17, 22],
    chrome: [20, 25, 34],
    panel: [23, 29, 41],
    well: [20, 26, 36],
    board: [42, 50, 66],
    line: [66, 78, 99],
    text: [230, 234, 240],
    soft: [156, 166, 183],
};

const LIGHT: Palette = Palette {
    canvas: [252, 251, 248],
    chrome: [244, 241, 234],
    panel: [255, 255, 255],
    well: [239, 235, 226],
    board: [228, 231, 236],
    line: [188, 182, 169],
    text: [28, 31, 38],
    soft: [92, 97, 107],
};

const WHITE: Rgb = [250, 250, 250];
const GREY: Rgb = [142, 149, 160];
const BLACK: Rgb = [8, 9, 12];

/// The colours of a theme.
pub fn palette(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

/// The colour of a tone's lines and words.
pub fn tone(theme: Theme, tone: Tone) -> Rgb {
    match (theme, tone) {
        (Theme::Dark, Tone::Plain) => [170, 180, 196],
        (Theme::Dark, Tone::Faint) => [146, 156, 173],
        (Theme::Dark, Tone::Active) => [242, 184, 75],
        (Theme::Dark, Tone::Moved) => [184, 150, 240],
        (Theme::Dark, Tone::Good) => [84, 199, 142],
        (Theme::Dark, Tone::Info) => [96, 176, 245],
        (Theme::Dark, Tone::Bad) => [246, 122, 112],
        (Theme::Light, Tone::Plain) => [78, 84, 96],
        (Theme::Light, Tone::Faint) => [98, 103, 114],
        (Theme::Light, Tone::Active) => [146, 84, 0],
        (Theme::Light, Tone::Moved) => [106, 62, 196],
        (Theme::Light, Tone::Good) => [22, 110, 68],
        (Theme::Light, Tone::Info) => [30, 90, 198],
        (Theme::Light, Tone::Bad) => [184, 44, 36],
    }
}

/// The colour of an outline.
pub fn border(theme: Theme, meaning: Tone) -> Rgb {
    match meaning {
        Tone::Plain | Tone::Faint => palette(theme).line,
        other => tone(theme, other),
    }
}

/// The colour of an inside; `None` where what lies beneath shows through.
pub fn fill(theme: Theme, fill: Fill, meaning: Tone) -> Option<Rgb> {
    let colours = palette(theme);
    match fill {
        Fill::None => None,
        Fill::Panel => Some(colours.panel),
        Fill::Well => Some(colours.well),
        Fill::Solid => Some(tone(theme, meaning)),
        Fill::Board => Some(colours.board),
        Fill::White => Some(WHITE),
        Fill::Grey => Some(GREY),
        Fill::Black => Some(BLACK),
        Fill::Tint => Some(mix(colours.panel, tone(theme, meaning), if theme == Theme::Dark { 0.16 } else { 0.1 })),
    }
}

/// The colour of words.
pub fn ink(theme: Theme, ink: Ink, meaning: Tone) -> Rgb {
    match ink {
        Ink::Text => palette(theme).text,
        Ink::Soft => palette(theme).soft,
        Ink::Tone => tone(theme, meaning),
        Ink::Of(other) => tone(theme, other),
        Ink::Black => BLACK,
        Ink::White => WHITE,
    }
}

/// A share `t` of the way from one colour to another.
pub fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    std::array::from_fn(|i| (f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * t).round() as u8)
}

/// Contrast of two colours from 1 to 21 (WCAG 2.2, "contrast ratio").
pub fn contrast(a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Rgb) -> f32 {
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
        std::array::from_fn(|c| {
            let c = c as f32 / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    });
    let linear = colour.map(|c| LINEAR[usize::from(c)]);
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_ink_is_legible_on_every_surface() {
        for theme in Theme::ALL {
            for meaning in Tone::iter() {
                for surface in [Fill::None, Fill::Panel, Fill::Well, Fill::Tint, Fill::Board] {
                    let beneath = fill(theme, surface, meaning).unwrap_or(palette(theme).canvas);
                    for words in [Ink::Text, Ink::Soft, Ink::Tone] {
                        let ratio = contrast(ink(theme, words, meaning), beneath);
                        assert!(ratio >= 4.5, "{theme:?} {meaning:?} {surface:?} {words:?}: {ratio:.2}");
                    }
                }
            }
            for (surface, words) in [(Fill::White, Ink::Black), (Fill::Grey, Ink::Black), (Fill::Black, Ink::White)] {
                let beneath = fill(theme, surface, Tone::Plain).expect("they hide what lies beneath");
                assert!(contrast(ink(theme, words, Tone::Plain), beneath) >= 4.5, "{surface:?} {words:?}");
            }
        }
    }
}
