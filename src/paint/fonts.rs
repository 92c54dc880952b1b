//! The bundled fonts as egui takes them: the same bytes and the same order of fallback as [`crate::diagram::measure`].

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId, FontTweak};
use ttf_parser::Face as Font;

use crate::diagram::{Face, measure};

/// The icons of the window: Phosphor Regular, cut to the names in [`super::icon`].
pub const ICONS: &[u8] = include_bytes!("../../assets/fonts/Phosphor-subset.ttf");

/// The name of the family for titles and emphasis.
pub const STRONG: &str = "strong";

/// Makes the bundled fonts the only fonts of a context.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(definitions());
}

/// The bundled fonts, without any of egui's own.
pub fn definitions() -> FontDefinitions {
    let mut font_data = BTreeMap::new();
    let mut add = |name: &str, bytes: &'static [u8], y_offset_factor: f32| {
        let tweak = FontTweak { y_offset_factor, ..FontTweak::default() };
        font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    };
    add("sans", measure::SANS, 0.0);
    add("strong", measure::STRONG, 0.0);
    add("mono", measure::MONO, 0.0);
    add("cjk", measure::CJK, lift(measure::CJK, measure::SANS));
    add("icons", ICONS, 0.0);
    let chain = |first: &str| [first, "cjk", "mono", "sans", "icons"].map(str::to_owned).to_vec();
    let families = BTreeMap::from([
        (FontFamily::Proportional, chain("sans")),
        (FontFamily::Name(STRONG.into()), chain("strong")),
        (FontFamily::Monospace, chain("mono")),
    ]);
    FontDefinitions { font_data, families }
}

/// The family of a face.
pub fn family(face: Face) -> FontFamily {
    thread_local! {
        static STRONG_NAME: Arc<str> = Arc::from(STRONG);
    }
    match face {
        Face::Sans => FontFamily::Proportional,
        Face::Strong => FontFamily::Name(STRONG_NAME.with(Arc::clone)),
        Face::Mono => FontFamily::Monospace,
    }
}

/// A face at a size in points.
pub fn font(face: Face, size: f32) -> FontId {
    FontId::new(size, family(face))
}

/// How far down, in shares of the text height, a fallback font must go to stand on the baseline of the font it serves:
/// egui centres the line of the one on the line of the other, whatever their baselines.
fn lift(fallback: &[u8], served: &[u8]) -> f32 {
    let baseline = |bytes: &[u8]| {
        let font = Font::parse(bytes, 0).ok()?;
        let em = f32::from(font.units_per_em());
        let (up, down, gap) = (f32::from(font.ascender()), f32::from(font.descender()), f32::from(font.line_gap()));
        Some((up - (up - down + gap) / 2.0) / em)
    };
    match (baseline(served), baseline(fallback)) {
        (Some(served), Some(fallback)) => served - fallback,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::icon;
    use egui::epaint::text::{Fonts, TextOptions, ViewportKey};

    #[test]
    fn egui_sets_words_as_wide_as_the_diagram_measures_them() {
        let mut fonts = Fonts::new(TextOptions::default(), definitions());
        fonts.begin_pass(TextOptions::default(), ViewportKey::default());
        let samples = [
            "Evacuate old bucket 1: k4 has the new hash bit 1, so it goes to the high half",
            "oldbuckets 2 = 2^(B-1)",
            "每次写入最多迁移两个旧桶：先迁移被命中的，再迁移编号最小、尚未迁移的。",
            "迁移旧桶 1：k4 的新增哈希位是 1，所以去高半区 Y，即新桶 3 = 1 + 2。",
            "schedtick 182 · nmspinning 1",
            "0x9e → k12",
        ];
        for face in [Face::Sans, Face::Strong, Face::Mono] {
            for text in samples {
                let size = 24.0;
                let mut view = fonts.with_pixels_per_point(1.0);
                let galley = view.layout_no_wrap(text.to_owned(), font(face, size), egui::Color32::WHITE);
                let (painted, measured) = (galley.size().x, measure::width(text, size, face));
                let off = (painted - measured).abs() / measured;
                assert!(off < 0.02, "{face:?} {text}: painted {painted}, measured {measured}");
            }
        }
    }

    #[test]
    fn no_font_before_the_icons_has_their_characters() {
        for (name, icon) in icon::ALL {
            let c = icon.chars().next().expect("an icon is one character");
            for face in [Face::Sans, Face::Strong, Face::Mono] {
                assert_eq!(measure::missing(icon, face), Some(c), "{name} is hidden by a text font");
            }
            let font = Font::parse(ICONS, 0).expect("the icon font is damaged");
            assert!(font.glyph_index(c).is_some(), "{name} is not in the icon font");
        }
    }
}
