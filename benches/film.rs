//! How fast pictures are drawn and films are made. `cargo bench -p glassbox-benches --bench film`

use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use egui::epaint::text::{Fonts, ViewportKey};
use glassbox::catalog::Catalog;
use glassbox::diagram::palette::Theme;
use glassbox::diagram::{Diagram, Mark, Size, label, rect};
use glassbox::export::film::Film;
use glassbox::export::gif;
use glassbox::paint::labels::Labels;
use glassbox::paint::still::Renderer;
use glassbox::paint::{Canvas, fonts, theme};
use glassbox::text::Lang;

/// About 600 frames at 30 per second: 20 steps of the growth of Go's map, in which entries move, of half a second each
/// with half a second to read.
fn film() -> Film {
    let run = Catalog::default().stage("go-map/growth").expect("the scene stages");
    Film { rests: vec![0.5; 21], ..Film::of(&*run, 18, 38, Size::Window, Theme::Dark, Lang::Zh) }
}

fn draw(c: &mut Criterion) {
    let mut diagram = Diagram::new();
    for i in 0..800u16 {
        let place = rect(f32::from(i % 40) * 39.0, f32::from(i / 40) * 44.0, 36.0, 40.0);
        diagram.push(Mark::new(format!("m/{i}"), place).label(label(format!("k{i}"), 16.0)));
    }
    let options = theme::text_options(Theme::Dark);
    let (mut all, mut labels) = (Fonts::new(options, fonts::definitions()), Labels::default());
    let area = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 720.0));
    let canvas = Canvas::fit(area, 1.0, Theme::Dark, Lang::En);
    c.bench_function("shapes of 800 marks with 800 labels", |b| {
        b.iter(|| {
            all.begin_pass(options, ViewportKey::default());
            let mut view = all.with_pixels_per_point(1.0);
            black_box(canvas.diagram_shapes(&mut labels.with(&mut view), &diagram))
        });
    });
    let mut renderer = Renderer::new(1280, 720, Theme::Dark, Lang::Zh);
    let still = Arc::clone(&film().pictures[10]);
    c.bench_function("still of 1280 x 720", |b| b.iter(|| black_box(renderer.render(&still))));
}

fn films(c: &mut Criterion) {
    let film = film();
    let frames = film.moments().len() as u64;
    let mut group = c.benchmark_group("film");
    group.sample_size(10).throughput(Throughput::Elements(frames));
    group.bench_function("raw", |b| {
        b.iter(|| {
            film.play(|frame| {
                black_box(frame.image.bytes());
                Ok(())
            })
        })
    });
    group.bench_function("gif", |b| {
        b.iter(|| {
            let mut bytes = Vec::new();
            let made = gif::encode(&mut bytes, &film, &mut |_, _| ControlFlow::Continue(()));
            made.map(|()| black_box(bytes.len()))
        });
    });
    group.finish();
}

criterion_group!(benches, draw, films);
criterion_main!(benches);
