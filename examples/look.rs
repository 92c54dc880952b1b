//! Draws the demonstration picture in both themes and two sizes into a directory: `cargo run --example look -- DIR`.

mod demo;

use std::path::Path;

use glassbox::diagram::palette::Theme;
use glassbox::export::png::{self, Effort};
use glassbox::paint::still::still;
use glassbox::text::Lang;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).unwrap_or_else(|| "target".to_owned());
    std::fs::create_dir_all(&directory)?;
    let diagram = demo::growth();
    for (theme, lang) in [(Theme::Dark, Lang::Zh), (Theme::Light, Lang::En)] {
        for (width, height) in [(1280, 720), (1920, 1080)] {
            let picture = still(&diagram, width, height, theme, lang);
            let name = format!("look-{}-{width}.png", theme.code());
            png::write(&Path::new(&directory).join(name), &picture, Effort::Small)?;
        }
    }
    Ok(())
}
