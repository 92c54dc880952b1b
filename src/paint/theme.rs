//! The look of the window: egui's style, made from the palette of the diagrams.

use std::collections::BTreeMap;

use egui::epaint::text::TextOptions;
use egui::epaint::{FontColorTransferFunction, Shadow};
use egui::style::{HandleShape, ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Visuals, vec2};

use super::fonts;
use crate::diagram::palette::{self, Palette, Rgb, Theme, mix};
use crate::diagram::{Face, Tone};

/// Rounding of buttons and fields, in points.
const CORNER: u8 = 8;

/// A palette colour as egui's.
pub fn color(rgb: Rgb) -> Color32 {
    Color32::from_rgb(rgb[0], rgb[1], rgb[2])
}

/// The colour behind a diagram.
pub fn canvas(theme: Theme) -> Color32 {
    color(palette::palette(theme).canvas)
}

/// The colour of a tone's lines and words.
pub fn tone(theme: Theme, tone: Tone) -> Color32 {
    color(palette::tone(theme, tone))
}

/// Gives the whole window the look of a theme.
pub fn apply(ctx: &egui::Context, theme: Theme) {
    let egui_theme = match theme {
        Theme::Dark => egui::Theme::Dark,
        Theme::Light => egui::Theme::Light,
    };
    ctx.set_theme(egui_theme);
    ctx.set_style_of(egui_theme, style(theme));
}

/// How glyphs become coverage: the same in the window and in every export.
pub fn text_options(theme: Theme) -> TextOptions {
    let color_transfer_function = match theme {
        Theme::Dark => FontColorTransferFunction::DARK_MODE_DEFAULT,
        Theme::Light => FontColorTransferFunction::LIGHT_MODE_DEFAULT,
    };
    TextOptions { color_transfer_function, ..TextOptions::default() }
}

/// The style of a theme.
pub fn style(theme: Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), text_styles: text_styles(), ..Style::default() };
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(10.0, 8.0);
    spacing.button_padding = vec2(12.0, 7.0);
    spacing.interact_size = vec2(34.0, 32.0);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(8);
    // A scroll bar has room of its own: it covers nothing.
    spacing.scroll = ScrollStyle { bar_width: 8.0, floating_allocated_width: 10.0, ..ScrollStyle::floating() };
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    style.explanation_tooltips = false;
    style
}

/// The main colour of the theme: the button that matters, what has the focus.
pub fn accent(theme: Theme) -> Color32 {
    tone(theme, Tone::Active)
}

/// A filled button of the accent colour takes words of this colour.
pub fn on_accent(theme: Theme) -> Color32 {
    let colours = palette::palette(theme);
    let accent = palette::tone(theme, Tone::Active);
    let best = [colours.canvas, colours.text]
        .into_iter()
        .max_by(|a, b| palette::contrast(*a, accent).total_cmp(&palette::contrast(*b, accent)));
    color(best.unwrap_or(colours.text))
}

fn text_styles() -> BTreeMap<TextStyle, FontId> {
    BTreeMap::from([
        (TextStyle::Small, FontId::new(12.5, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(15.0, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(14.5, FontFamily::Proportional)),
        (TextStyle::Heading, fonts::font(Face::Strong, 19.0)),
        (TextStyle::Monospace, FontId::new(14.0, FontFamily::Monospace)),
    ])
}

fn visuals(theme: Theme) -> Visuals {
    let colours = palette::palette(theme);
    let accent = palette::tone(theme, Tone::Active);
    let base = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    let raised = raised(theme, colours);
    Visuals {
        text_options: text_options(theme),
        weak_text_color: Some(color(colours.soft)),
        widgets: widgets(theme, colours),
        selection: Selection {
            bg_fill: color(mix(colours.chrome, accent, if theme == Theme::Dark { 0.28 } else { 0.12 })),
            stroke: Stroke::new(2.0, color(accent)),
        },
        hyperlink_color: tone(theme, Tone::Info),
        faint_bg_color: color(mix(colours.chrome, colours.text, 0.03)),
        extreme_bg_color: color(colours.well),
        code_bg_color: color(colours.well),
        warn_fg_color: tone(theme, Tone::Active),
        error_fg_color: tone(theme, Tone::Bad),
        window_corner_radius: CornerRadius::same(12),
        window_fill: color(colours.chrome),
        window_stroke: Stroke::new(1.0, color(colours.line)),
        window_shadow: shadow(theme, 24),
        popup_shadow: shadow(theme, 12),
        menu_corner_radius: CornerRadius::same(10),
        panel_fill: color(colours.chrome),
        striped: false,
        slider_trailing_fill: true,
        handle_shape: HandleShape::Circle,
        interact_cursor: Some(egui::CursorIcon::PointingHand),
        text_edit_bg_color: Some(color(raised)),
        ..base
    }
}

fn shadow(theme: Theme, blur: u8) -> Shadow {
    let alpha = if theme == Theme::Dark { 120 } else { 40 };
    Shadow { offset: [0, 6], blur, spread: 0, color: Color32::from_black_alpha(alpha) }
}

/// The surface of a button: a step above the bars it sits in.
fn raised(theme: Theme, colours: &Palette) -> Rgb {
    match theme {
        Theme::Dark => mix(colours.panel, colours.text, 0.035),
        Theme::Light => colours.panel,
    }
}

/// Quiet buttons with a hairline; what has the focus gets a ring in the accent colour.
fn widgets(theme: Theme, colours: &Palette) -> Widgets {
    let accent = palette::tone(theme, Tone::Active);
    let raised = raised(theme, colours);
    let look = |fill: Rgb, edge: Stroke, words: Rgb| WidgetVisuals {
        bg_fill: color(fill),
        weak_bg_fill: color(fill),
        bg_stroke: edge,
        corner_radius: CornerRadius::same(CORNER),
        fg_stroke: Stroke::new(1.5, color(words)),
        expansion: 0.0,
    };
    let hairline = Stroke::new(1.0, color(colours.line));
    let hovered = mix(raised, colours.text, 0.07);
    Widgets {
        noninteractive: look(colours.chrome, hairline, colours.text),
        inactive: look(raised, hairline, colours.text),
        hovered: look(hovered, Stroke::new(1.0, color(mix(colours.line, colours.text, 0.35))), colours.text),
        active: look(mix(raised, accent, 0.18), Stroke::new(2.0, color(accent)), colours.text),
        open: look(hovered, hairline, colours.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_the_accent_and_on_what_is_chosen_are_legible() {
        for theme in Theme::ALL {
            let (accent, words) = (palette::tone(theme, Tone::Active), on_accent(theme));
            assert!(palette::contrast(accent, [words.r(), words.g(), words.b()]) >= 4.5, "{theme:?}");
            let chosen = visuals(theme).selection.bg_fill;
            assert!(palette::contrast(accent, [chosen.r(), chosen.g(), chosen.b()]) >= 4.5, "{theme:?}, chosen");
        }
    }
}
