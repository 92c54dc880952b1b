//! `glassbox render`.
use std::io::Write;
use std::path::PathBuf;
use clap::Args;
use super::{Failure, staged};
use crate::catalog::Catalog;
use crate::scene::page;
use crate::text::Lang;
use crate::diagram::palette::Theme;

#[derive(Args)]
pub struct Render { scene: String, #[arg(long)] out: PathBuf, #[arg(long)] step: Option<usize>, #[arg(long, default_value="zh")] lang: String, #[arg(long, default_value="dark")] theme: String, #[arg(long, default_value_t=1)] every: usize, #[arg(long, default_value_t=1280)] w: usize }

pub fn render(catalog: &Catalog, render: &Render, _out: &mut dyn Write) -> Result<(), Failure> {
    let run = staged(catalog, &render.scene)?;
    let theme = if render.theme == "dark" { Theme::Dark } else { Theme::Light };
    let lang = if render.lang == "zh" { Lang::Zh } else { Lang::En };
    let mut r = crate::paint::Renderer::new(render.w, render.w*9/16, theme, lang);
    std::fs::create_dir_all(&render.out)?;
    for at in (0..=run.steps()).step_by(render.every) {
        if render.step.is_some_and(|s| s != at) { continue }
        let p = r.render(&page::compose(&*run, at, lang));
        crate::export::png::write(&render.out.join(format!("{at:03}.png")), &p, crate::export::png::Effort::Fast).map_err(Failure::failed)?;
    }
    Ok(())
}
