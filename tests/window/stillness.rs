//! A window that does nothing costs nothing.

use crate::harness::Window;

#[test]
fn a_still_window_asks_for_no_frame() {
    for scene in [None, Some("fake/growth".to_owned())] {
        let mut window = Window::with(None, |options| {
            options.scene = scene;
            options.at = Some(8);
        });
        window.harness.run_steps(30);
        let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        assert_eq!(asked, std::time::Duration::MAX);
    }
}

#[test]
fn a_resting_film_sleeps_until_it_moves() {
    let mut window = Window::scene(0);
    window.click("Play");
    let mut slept = false;
    for _ in 0..120 {
        window.harness.step();
        let asked = window.harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
        slept |= asked > std::time::Duration::from_millis(100) && asked < std::time::Duration::from_secs(5);
    }
    assert!(slept, "between two steps the film rests, and no frame is drawn");
}
