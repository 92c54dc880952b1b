//! Draws the demonstration picture in both themes and two sizes into a directory: `cargo run --example look -- DIR`.

mod demo;

use std::path::Path;

use glassbox::diagram::palette::Theme;
use glassbox::export::png::{self, Effort};
use glassbox::paint::Pixmap;
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
            if width == 1280 {
                for (i, (x, y)) in [(30, 40), (670, 440), (30, 430), (30, 600)].into_iter().enumerate() {
                    let name = format!("zoom-{}-{i}.png", theme.code());
                    png::write(&Path::new(&directory).join(name), &enlarged(&picture, x, y), Effort::Fast)?;
                }
            }
        }
    }
    Ok(())
}

/// A part of the picture, each pixel four times as large.
fn enlarged(picture: &Pixmap, x: usize, y: usize) -> Pixmap {
    let mut large = Pixmap::new(1280, 480, [0, 0, 0, 255]);
    for row in 0..480 {
        let from = picture.row((y + row / 4).min(719) as i32, x as i32, (x + 320) as i32).to_vec();
        for (column, pixel) in large.row_mut(row as i32, 0, 1280).iter_mut().enumerate() {
            *pixel = from[column / 4];
        }
    }
    large
}
