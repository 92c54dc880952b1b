//! What is drawn, compared with small pictures of how it should look.
#![cfg(feature = "app")]

#[path = "../examples/demo/mod.rs"]
mod demo;
#[path = "pictures/reference.rs"]
mod reference;

use glassbox::diagram::palette::Theme;
use glassbox::paint::still::still;
use glassbox::text::Lang;

#[test]
fn marks_of_every_kind_look_as_they_should() {
    for (name, theme, lang) in [("marks-dark", Theme::Dark, Lang::Zh), ("marks-light", Theme::Light, Lang::En)] {
        reference::check(name, &still(&demo::growth(), 640, 360, theme, lang), 0);
    }
}

#[test]
fn every_reference_picture_has_a_test() {
    reference::none_is_stale(&["marks-dark", "marks-light"]);
}
