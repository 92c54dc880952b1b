//! What is drawn, compared with small pictures of how it should look.

mod demo;
mod reference;

use glassbox::catalog::Catalog;
use glassbox::diagram::Size;
use glassbox::diagram::palette::Theme;
use glassbox::paint::raster::Raster;
use glassbox::paint::still::still;
use glassbox::paint::{self, Pixmap, fonts, icon};
use glassbox::scene::page;
use glassbox::text::Lang;

use crate::extent;

use crate::parts::demo as demo_parts;

#[test]
fn marks_of_every_kind_look_as_they_should() {
    for (name, theme, lang) in [("marks-dark", Theme::Dark, Lang::Zh), ("marks-light", Theme::Light, Lang::En)] {
        reference::check(name, &still(&demo::growth(), 640, 360, theme, lang), 0);
    }
}

/// Each size in another theme and language.
#[test]
fn parts_look_as_they_should() {
    let looks = [(Size::Window, Theme::Dark, Lang::Zh), (Size::Stage, Theme::Light, Lang::En)];
    for (size, theme, lang) in looks {
        let linked = demo_parts::draw(&demo_parts::expunging(), size);
        for (name, picture) in
            [("parts", demo_parts::sheet(size)), ("linked", linked), ("pipes", demo_parts::pipes(size))]
        {
            reference::check(&format!("{name}-{}", size.code()), &still(&picture, 640, 360, theme, lang), 0);
        }
    }
}

/// Buttons, a chosen one, a slider and a field: egui's own output through the same rasteriser.
#[test]
fn widgets_look_as_they_should() {
    for (name, theme) in [("widgets-dark", Theme::Dark), ("widgets-light", Theme::Light)] {
        reference::check(name, &widgets(theme), 0);
    }
}

fn widgets(theme: Theme) -> Pixmap {
    let ctx = egui::Context::default();
    fonts::install(&ctx);
    paint::theme::apply(&ctx, theme);
    let (mut raster, mut last) = (Raster::new(), Vec::new());
    let (mut value, mut words) = (0.4, "go-map/growth".to_owned());
    // The second pass has the fonts and the sizes of the first.
    for _ in 0..2 {
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(420.0, 150.0));
        let input = egui::RawInput { screen_rect: Some(screen), ..Default::default() };
        let mut output = ctx.run_ui(input, |ui| {
            egui::CentralPanel::default().show(ui, |ui| {
                ui.heading("渐进式扩容 Growth");
                ui.horizontal(|ui| {
                    let _ = ui.button(format!("{} 播放", icon::PLAY));
                    let _ = ui.button(icon::SKIP_FORWARD);
                    let _ = ui.add(egui::Button::new("1.0×").selected(true));
                    let accent = paint::theme::accent(theme);
                    let words = egui::RichText::new("演示 F5").color(paint::theme::on_accent(theme));
                    let _ = ui.add(egui::Button::new(words).fill(accent));
                    ui.weak("44 / 83");
                });
                ui.horizontal(|ui| {
                    ui.add(egui::Slider::new(&mut value, 0.0..=1.0));
                    ui.add(egui::TextEdit::singleline(&mut words).desired_width(130.0));
                });
                ui.monospace("if old == nevacuate: advance");
            });
        });
        raster.apply(std::mem::take(&mut output.textures_delta));
        last = ctx.tessellate(output.shapes, 1.0);
    }
    let mut pixmap = Pixmap::new(420, 150, [0, 0, 0, 255]);
    raster.paint(&mut pixmap, &last, 1.0);
    pixmap
}

/// A small picture of each scene's middle. Its name says in which theme and language: half of the names in each.
#[test]
fn scenes_look_as_they_should() {
    let catalog = Catalog::default();
    for scene in extent::scenes(&catalog) {
        let run = catalog.stage(&scene.id).unwrap();
        let even = scene.id.bytes().map(u32::from).sum::<u32>() % 2 == 0;
        let (theme, lang) = if even { (Theme::Dark, Lang::Zh) } else { (Theme::Light, Lang::En) };
        let picture = still(&page::compose(&*run, run.steps() / 2, lang, Size::Window), 640, 360, theme, lang);
        reference::check(&name_of(&scene.id), &picture, 0);
    }
}

fn name_of(scene: &str) -> String {
    scene.replace('/', "-")
}

#[test]
fn every_reference_picture_has_a_test() {
    let mut names: Vec<String> = Catalog::default().scenes().iter().map(|scene| name_of(&scene.id)).collect();
    names.extend(["marks-dark", "marks-light", "widgets-dark", "widgets-light"].map(str::to_owned));
    names.extend(
        ["parts-window", "parts-stage", "linked-window", "linked-stage", "pipes-window", "pipes-stage"]
            .map(str::to_owned),
    );
    reference::none_is_stale(&names.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The picture of a step is the same whoever drew what before it.
#[test]
fn rendering_twice_gives_identical_bytes() {
    let catalog = Catalog::default();
    let run = catalog.stage("go-map/growth").unwrap();
    let mut renderer = glassbox::paint::Renderer::new(640, 360, Theme::Light, Lang::Zh);
    for at in [0, 21, 40] {
        let page = page::compose(&*run, at, Lang::Zh, Size::Window);
        let fresh = still(&page, 640, 360, Theme::Light, Lang::Zh);
        assert_eq!(renderer.render(&page).bytes(), fresh.bytes(), "step {at}");
    }
}
