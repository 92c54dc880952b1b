//! Films are the same every time, and the same as if every frame were drawn anew.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::film::Film;
use super::{ExportError, gif, png};
use crate::diagram::palette::Theme;
use crate::diagram::{Border, Diagram, Fill, Mark, Shape, Tone, label, mono, rect};
use crate::paint::{Pixmap, Renderer};
use crate::text::{Lang, Text};

/// Cells, one of them recoloured, a token on a bowed way with its arrow, a caption, something that comes and goes.
fn moment(at: usize) -> Arc<Diagram> {
    let mut diagram = Diagram::new();
    for i in 0..12usize {
        let place = rect(60.0 + 120.0 * i as f32, 200.0 + 30.0 * (i % 3) as f32, 104.0, 80.0);
        let (tone, fill) = if i == at * 5 % 12 { (Tone::Moved, Fill::Tint) } else { (Tone::Plain, Fill::Panel) };
        let border = if i % 4 == 3 { Border::Dashed } else { Border::Thin };
        let words = mono(format!("k{i}"), 24.0);
        diagram.push(Mark::new(format!("cell/{i}"), place).tone(tone).fill(fill).border(border).label(words));
    }
    let place = rect(100.0 + 310.0 * (at * 3 % 5) as f32, 470.0 - 70.0 * at as f32, 80.0, 80.0);
    let token = Mark::new("token", place).shape(Shape::Circle).tone(Tone::Active).fill(Fill::Tint).bend(0.3);
    let mut way = Mark::arrow("way", &token, &diagram.marks[at % 12], 0.2).tone(Tone::Active);
    if let Shape::Arrow(arrow) = &mut way.shape {
        arrow.dotted = at.is_multiple_of(2);
    }
    diagram.push(way);
    diagram.push(token.label(mono("7", 26.0)));
    if at % 2 == 1 {
        diagram.push(Mark::new("guest", rect(700.0, 560.0, 130.0, 90.0)).shape(Shape::Triangle).tone(Tone::Bad));
    }
    let sentence = Text::new(format!("Step {at} moves the token."), format!("第 {at} 步：移动令牌。"));
    diagram.push(Mark::new("caption", rect(48.0, 768.0, 1504.0, 100.0)).label(label(sentence, 28.0).left(30.0)));
    Arc::new(diagram)
}

fn film(theme: Theme) -> Film {
    Film {
        pictures: (0..4).map(moment).collect(),
        rests: vec![0.2, 0.1, 0.3, 0.2],
        clock: vec![0.0, 0.15, 0.75, 1.2],
        speed: 1.0,
        reduced_motion: false,
        fps: 25,
        width: 480,
        height: 300,
        theme,
        lang: Lang::Zh,
    }
}

fn frames(film: &Film) -> Vec<Pixmap> {
    let mut frames = Vec::new();
    film.play(|frame| {
        frames.push(frame.image.clone());
        Ok(())
    })
    .expect("the film can be made");
    frames
}

#[test]
fn drawing_what_changed_is_drawing_everything_to_the_bit() {
    for theme in Theme::ALL {
        let film = film(theme);
        let frames = frames(&film);
        let moments = film.moments();
        assert_eq!(frames.len(), moments.len());
        for (i, (frame, moment)) in frames.iter().zip(&moments).enumerate() {
            // A new renderer has other glyphs at other places in its font texture.
            let anew = Renderer::new(film.width, film.height, theme, film.lang).render(&film.diagram(*moment));
            let differing = frame.pixels().iter().zip(anew.pixels()).filter(|(a, b)| a != b).count();
            assert_eq!(differing, 0, "{theme:?}, frame {i}, {moment:?}");
        }
    }
}

#[test]
fn a_film_is_the_same_bytes_every_time() {
    let gif = |film: &Film| {
        let mut bytes = Vec::new();
        gif::encode(&mut bytes, film, &mut |_, _| ControlFlow::Continue(())).expect("the film can be made");
        bytes
    };
    let film = film(Theme::Dark);
    assert_eq!(gif(&film), gif(&film));
}

#[test]
fn a_gif_read_back_shows_the_frames_and_lasts_as_long() {
    let film = film(Theme::Light);
    let mut bytes = Vec::new();
    gif::encode(&mut bytes, &film, &mut |_, _| ControlFlow::Continue(())).expect("the film can be made");
    let mut options = ::gif::DecodeOptions::new();
    options.set_color_output(::gif::ColorOutput::RGBA);
    let mut reader = options.read_info(bytes.as_slice()).expect("it is a GIF");
    let mut canvas = vec![[0u8; 4]; film.width * film.height];
    let mut lasts = 0;
    while let Some(frame) = reader.read_next_frame().expect("it is whole") {
        lasts += usize::from(frame.delay);
        let width = usize::from(frame.width);
        for (y, row) in frame.buffer.as_chunks::<4>().0.chunks_exact(width).enumerate() {
            let start = (usize::from(frame.top) + y) * film.width + usize::from(frame.left);
            for (under, pixel) in canvas[start..start + width].iter_mut().zip(row) {
                if pixel[3] > 0 {
                    *under = *pixel;
                }
            }
        }
    }
    let frames = frames(&film);
    assert_eq!(lasts, frames.len() * 100 / film.fps as usize);
    let last = frames.last().expect("a film has frames");
    // Where one thing lies half over another, a colour may be between those that the film names.
    let off = |a: &[u8; 4], b: &[u8; 4]| (0..3).any(|i| a[i].abs_diff(b[i]) > 24);
    let wrong = last.pixels().iter().zip(&canvas).filter(|(a, b)| off(a, b)).count();
    assert!(wrong * 400 < canvas.len(), "{wrong} pixels are not what the film ended with");
}

#[test]
fn every_position_is_shown_and_rests_as_long_as_it_should() {
    let film = film(Theme::Dark);
    let moments = film.moments();
    for at in 0..film.pictures.len() {
        let still = moments.iter().filter(|m| m.t == 0.0 && m.from == at).count() as f32;
        let expected = film.rests[at] * film.fps as f32;
        assert!((still - expected).abs() <= 1.5, "position {at}: {still} frames, not {expected}");
    }
    let reduced = Film { reduced_motion: true, ..film };
    assert!(reduced.moments().iter().all(|m| m.t == 0.0));
}

#[test]
fn a_png_read_back_is_the_picture() {
    let picture = Renderer::new(160, 90, Theme::Dark, Lang::En).render(&moment(1));
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("picture.png");
    png::write(&path, &picture, png::Effort::Small).expect("it can be written");
    assert_eq!(png::read(&path).expect("it can be read"), picture);
    assert_eq!(std::fs::read_dir(directory.path()).expect("it is there").count(), 1, "nothing else was left behind");
}

#[test]
fn errors_name_the_path_and_leave_nothing() {
    let film = film(Theme::Dark);
    let nowhere = std::path::Path::new("/nowhere/at/all/film.gif");
    let error = gif::write(nowhere, &film, &mut |_, _| ControlFlow::Continue(())).expect_err("there is no such place");
    assert!(error.to_string().starts_with("/nowhere/at/all/film.gif: "), "{error}");
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("film.gif");
    let stop_at_5 = &mut |index, _| if index < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    assert!(matches!(gif::write(&path, &film, stop_at_5), Err(ExportError::Stopped)));
    assert_eq!(std::fs::read_dir(directory.path()).expect("it is there").count(), 0);
    let fast = Film { fps: 60, ..film };
    assert!(matches!(
        gif::encode(Vec::new(), &fast, &mut |_, _| ControlFlow::Continue(())),
        Err(ExportError::Impossible(_))
    ));
}
