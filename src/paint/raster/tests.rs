use egui::epaint::{Mesh, Vertex};
use egui::{Color32, pos2};

use super::*;

const BLACK: [u8; 4] = [0, 0, 0, 255];

fn mesh(corners: &[(f32, f32, Color32)], indices: &[u32]) -> Mesh {
    let vertices = corners.iter().map(|&(x, y, color)| Vertex { pos: pos2(x, y), uv: WHITE_UV, color }).collect();
    Mesh { indices: indices.to_vec(), vertices, ..Mesh::default() }
}

#[test]
fn triangles_that_share_a_side_cover_every_pixel_once() {
    let half = Color32::from_white_alpha(128);
    let corners = [(1.3, 2.1, half), (30.7, 5.9, half), (4.2, 28.4, half), (27.5, 31.6, half)];
    let mut target = Pixmap::new(40, 40, BLACK);
    Raster::new().draw(&mut target, &mesh(&corners, &[0, 1, 2, 2, 1, 3]), 1.0, (0, 0), PixelRect::new(0, 0, 40, 40));
    let colours: std::collections::BTreeSet<[u8; 4]> = target.pixels().iter().copied().collect();
    assert_eq!(colours.into_iter().collect::<Vec<_>>(), [BLACK, [128, 128, 128, 255]]);
}

#[test]
fn a_part_drawn_again_is_the_same_to_the_bit() {
    let corners = [
        (3.25, 1.5, Color32::from_rgba_premultiplied(200, 10, 30, 220)),
        (58.0, 20.25, Color32::from_rgba_premultiplied(0, 90, 0, 90)),
        (10.0, 47.75, Color32::TRANSPARENT),
        (44.0, 60.5, Color32::from_rgb(12, 34, 56)),
    ];
    let mesh = mesh(&corners, &[0, 1, 2, 2, 1, 3, 3, 0, 2]);
    let whole = PixelRect::new(0, 0, 64, 64);
    let mut once = Pixmap::new(64, 64, BLACK);
    Raster::new().draw(&mut once, &mesh, 1.0, (2, -3), whole);
    let mut pieced = Pixmap::new(64, 64, BLACK);
    for (y, x) in (0..64).step_by(5).flat_map(|y| (0..64).step_by(9).map(move |x| (y, x))) {
        Raster::new().draw(&mut pieced, &mesh, 1.0, (2, -3), PixelRect::new(x, y, x + 9, y + 5));
    }
    assert_eq!(once, pieced);
}

#[test]
fn a_whole_pixel_rectangle_is_the_same_as_its_two_triangles() {
    let color = Color32::from_rgba_premultiplied(40, 80, 20, 100);
    let corners = [(3.0, 4.0, color), (17.0, 4.0, color), (3.0, 12.0, color), (17.0, 12.0, color)];
    let whole = PixelRect::new(0, 0, 20, 20);
    let mut quad = Pixmap::new(20, 20, [9, 9, 9, 255]);
    Raster::new().draw(&mut quad, &mesh(&corners, &[0, 1, 2, 2, 1, 3]), 1.0, (0, 0), whole);
    let mut triangles = Pixmap::new(20, 20, [9, 9, 9, 255]);
    Raster::new().draw(&mut triangles, &mesh(&corners, &[2, 1, 3]), 1.0, (0, 0), whole);
    Raster::new().draw(&mut triangles, &mesh(&corners, &[0, 1, 2]), 1.0, (0, 0), whole);
    assert_eq!(quad, triangles);
}

#[test]
fn blending_rounds_to_the_nearest_value() {
    assert_eq!(blend::over([100, 0, 50, 128], [255, 255, 0, 255]), [227, 127, 50, 255]);
    assert_eq!(blend::over([255, 255, 255, 255], [1, 2, 3, 255]), [255, 255, 255, 255]);
    assert_eq!(blend::over([0, 0, 0, 0], [1, 2, 3, 255]), [1, 2, 3, 255]);
    let (color, texel) = ([200, 100, 50, 250], [128, 128, 128, 128]);
    let exact = 200.0 * 128.0 / 255.0 + 77.0 * (1.0 - 250.0 * 128.0 / 255.0 / 255.0);
    assert_eq!(f64::from(blend::tinted_over(color, texel, [77; 4])[0]), f64::round(exact));
}
