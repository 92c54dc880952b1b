//! How long a frame of the window takes, before the GPU's share: UI pass and tessellation at 1600 × 1000, with real
//! input events. Prints medians and 95th percentiles.
//! `cargo bench -p glassbox-benches --bench window [-- PART…]`: only what has one of these parts in its name.

use std::time::Instant;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use glassbox::app::{Options, Shell};
use glassbox::catalog::Catalog;
use glassbox::cli::window::library;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A window without a screen.
struct Window {
    ctx: egui::Context,
    shell: Shell,
    time: f64,
}

impl Window {
    fn open(folder: &std::path::Path, scene: Option<&str>) -> Window {
        let ctx = egui::Context::default();
        let mut options = Options::new(library(Some(folder.to_owned())).expect("the scenes load"));
        options.config_dir = None;
        options.scene = scene.map(str::to_owned);
        let shell = Shell::new(&ctx, options);
        Window { ctx, shell, time: 0.0 }
    }

    /// Milliseconds for a frame with these events.
    fn frame(&mut self, events: Vec<Event>) -> f64 {
        self.time += 1.0 / 60.0;
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 1000.0)));
        let input = RawInput { screen_rect, time: Some(self.time), events, ..RawInput::default() };
        let begin = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| self.shell.frame_ui(ui));
        let drawn = self.ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
        let time = begin.elapsed().as_secs_f64() * 1e3;
        output.textures_delta.clear();
        assert!(!drawn.is_empty());
        time
    }

    fn key(&mut self, key: Key) -> f64 {
        let event =
            |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
        self.frame(vec![event(true), event(false)])
    }

    /// A click into the timeline, a share `at` of the way along: the frame that shows the place sought.
    fn seek(&mut self, at: f32) -> f64 {
        let pos = pos2(24.0 + 1550.0 * at, 880.0);
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        let pressed = self.frame(vec![Event::PointerMoved(pos), button(true)]);
        pressed.max(self.frame(vec![button(false)]))
    }
}

/// The library with as many scenes as forty-five mechanisms will have: its first frame, and frames while it is scrolled from
/// end to end, pictures being made on the way.
fn full_library() {
    let folder = std::env::temp_dir().join(format!("glassbox-bench-full-{}", std::process::id()));
    let catalog = Catalog::default();
    for scene in catalog.scenes() {
        let (mechanism, name) = scene.id.split_once('/').expect("an id has two parts");
        std::fs::create_dir_all(folder.join(mechanism)).expect("a folder of one's own");
        for copy in 0..400 / catalog.scenes().len() {
            let file = folder.join(mechanism).join(format!("{name}-{copy}.ron"));
            std::fs::write(file, scene.text()).expect("a copy is written");
        }
    }
    let begin = Instant::now();
    let mut window = Window::open(&folder, None);
    window.frame(Vec::new());
    println!("library of 400 scenes: first frame after {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    window.frame(vec![Event::PointerMoved(pos2(900.0, 600.0))]);
    let mut scroll = |by: f32| {
        let delta = vec2(0.0, by);
        let phase = egui::TouchPhase::Move;
        window.frame(vec![Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta,
            phase,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        }])
    };
    let down = spread((0..600).map(|_| scroll(-90.0)).collect());
    let up = spread((0..600).map(|_| scroll(90.0)).collect());
    println!("library of 400 scenes: scrolled down {down}; up again {up}");
    drop(std::fs::remove_dir_all(folder));
}

/// Median and 95th percentile.
fn spread(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    format!("median {:.2} ms, p95 {:.2} ms", times[times.len() / 2], times[times.len() * 95 / 100])
}

fn main() {
    let folder = std::env::temp_dir().join(format!("glassbox-bench-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("go-map")).expect("a folder of one's own");
    let beats = (0..256).map(|i| format!("(do: Insert(\"k{i}\"))"));
    let beats = beats.chain((0..720).map(|i| format!("(do: Get(\"k{}\"))", i * 7 % 256))).collect::<Vec<_>>().join(",");
    let words = "(en: \"long\", zh: \"long\")";
    let long = format!("(title: {words}, summary: {words}, beats: [{beats}])");
    std::fs::write(folder.join("go-map/long.ron"), long).expect("the long scene is written");

    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with('-')).collect();
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()));
    let begin = Instant::now();
    let mut window = Window::open(&folder, None);
    window.frame(Vec::new());
    println!("first frame of the library after {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    if wanted("library") {
        (0..120).for_each(|_| _ = window.frame(Vec::new()));
        println!("library: {}", spread((0..200).map(|_| window.frame(Vec::new())).collect()));
    }

    if wanted("library of 400") {
        full_library();
    }

    let catalog = Catalog::default();
    let scenes: Vec<&str> = catalog.scenes().iter().map(|scene| scene.id.as_str()).chain(["go-map/long"]).collect();
    for scene in scenes.into_iter().filter(|scene| wanted(scene)) {
        let begin = Instant::now();
        let mut window = Window::open(&folder, Some(scene));
        window.frame(Vec::new());
        let opened = begin.elapsed().as_secs_f64() * 1e3;
        (0..20).for_each(|_| _ = window.frame(Vec::new()));
        let still = spread((0..100).map(|_| window.frame(Vec::new())).collect());
        let sought = spread((0..200).map(|i| window.seek((i * 79 % 200) as f32 / 200.0)).collect());
        window.key(Key::Home);
        window.key(Key::Space);
        let played = spread((0..400).map(|_| window.frame(Vec::new())).collect());
        println!("{scene}: opened {opened:.1} ms; still {still}; sought {sought}; played {played}");
    }
    let mut window = Window::open(&folder, Some("go-map/long"));
    (0..20).for_each(|_| _ = window.frame(Vec::new()));
    for (panel, key) in [
        ("code", Key::Num1),
        ("state", Key::Num2),
        ("laws", Key::Num3),
        ("curves", Key::Num4),
        ("claims", Key::Num5),
        ("branches", Key::Num6),
    ] {
        if !wanted(&format!("go-map/long, {panel} panel")) {
            continue;
        }
        window.key(key);
        // The first places rasterise the glyphs that this panel needs: once in the life of the window.
        let cold = spread((0..40).map(|i| window.seek((i * 37 % 80) as f32 / 80.0 + 0.004)).collect());
        let sought = spread((0..200).map(|i| window.seek((i * 79 % 200) as f32 / 200.0)).collect());
        println!("go-map/long, {panel} panel: sought {sought}; the 40 before {cold}");
    }
    drop(std::fs::remove_dir_all(folder));
}
