//! What every part of the window needs to draw itself: words, language, colours.

use egui::{Color32, FontId, RichText};
use fluent_bundle::FluentValue;

use super::words::Words;
use crate::diagram::palette::{self, Theme};
use crate::diagram::{Face, Tone};
use crate::paint::{fonts, theme};
use crate::scene::Kind;
use crate::text::{Lang, Text};

/// Words, language and colours of this frame.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub words: &'a Words,
    pub lang: Lang,
    pub theme: Theme,
}

impl<'a> Look<'a> {
    /// Words of the window.
    pub fn t(&self, key: &'a str) -> &'a str {
        self.words.plain(self.lang, key)
    }

    /// Words of the window with a figure or a name in them.
    pub fn with(&self, key: &str, values: &[(&str, FluentValue)]) -> String {
        self.words.with(self.lang, key, values)
    }

    /// Words of a scene.
    pub fn of<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    pub fn tone(&self, tone: Tone) -> Color32 {
        theme::tone(self.theme, tone)
    }

    pub fn accent(&self) -> Color32 {
        theme::accent(self.theme)
    }

    pub fn text(&self) -> Color32 {
        theme::color(palette::palette(self.theme).text)
    }

    pub fn soft(&self) -> Color32 {
        theme::color(palette::palette(self.theme).soft)
    }

    pub fn line(&self) -> Color32 {
        theme::color(palette::palette(self.theme).line)
    }

    pub fn chrome(&self) -> Color32 {
        theme::color(palette::palette(self.theme).chrome)
    }

    pub fn panel(&self) -> Color32 {
        theme::color(palette::palette(self.theme).panel)
    }

    pub fn canvas(&self) -> Color32 {
        theme::canvas(self.theme)
    }

    /// A share `part` of a tone over the colour of the window's bars.
    pub fn tint(&self, tone: Tone, part: f32) -> Color32 {
        theme::color(palette::mix(palette::palette(self.theme).chrome, palette::tone(self.theme, tone), part))
    }

    /// The colour of a kind of step on the timeline: looking changes nothing and stays quiet.
    pub fn kind(&self, kind: Kind) -> Color32 {
        match kind {
            Kind::Look => {
                theme::color(palette::mix(palette::palette(self.theme).line, palette::palette(self.theme).soft, 0.45))
            }
            other => self.tone(other.tone()),
        }
    }

    /// The name of a kind of step.
    pub fn kind_name(&self, kind: Kind) -> &'a str {
        self.t(match kind {
            Kind::Look => "kind-look",
            Kind::Write => "kind-write",
            Kind::Turn => "kind-turn",
            Kind::Move => "kind-move",
            Kind::Done => "kind-done",
            Kind::Fault => "kind-fault",
        })
    }
}

/// Words in the mono face.
pub fn mono(text: impl Into<String>, size: f32) -> RichText {
    RichText::new(text).font(FontId::monospace(size))
}

/// Words in the sans face.
pub fn sans(text: impl Into<String>, size: f32) -> RichText {
    RichText::new(text).font(FontId::proportional(size))
}

/// Words in the strong face.
pub fn strong(text: impl Into<String>, size: f32) -> RichText {
    RichText::new(text).font(fonts::font(Face::Strong, size))
}
