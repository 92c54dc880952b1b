//! `+N`: what stands for the things that have no room, and opens when the canvas is enlarged.

use super::token::Token;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Mark, Rect, Size, label, layout, measure, mono};

/// How far the window enlarges the canvas.
const MOST_ZOOM: f32 = 12.0;

/// Draws `+N` in `place` for hidden tokens, and the tokens themselves as small as they fit there.
pub fn more(key: &str, hidden: &[Token], place: Rect, size: Size, picture: &mut Diagram) {
    if hidden.is_empty() {
        return;
    }
    let words = format!("+{}", hidden.len());
    let fits = |height: &f32| measure::width(&words, *height, Face::Sans) <= place.w && *height <= place.h;
    let Some(height) = [size.body(), size.small(), size.least_text()].into_iter().find(fits) else { return };
    let zoom = open(hidden, place, size, picture);
    let mark = Mark::new(key.to_owned(), place).fill(Fill::None).border(Border::None).layer(13);
    let mark = mark.label(label(words, height).ink(Ink::Soft));
    picture.push(match zoom {
        Some(zoom) => mark.until_zoom(zoom),
        None => mark,
    });
}

/// Draws the hidden tokens as small as they fit; from which enlargement on, if that can be reached.
fn open(hidden: &[Token], place: Rect, size: Size, picture: &mut Diagram) -> Option<f32> {
    let columns =
        ((hidden.len() as f32 * place.w / place.h.max(1.0) / 2.0).sqrt().ceil() as usize).clamp(1, hidden.len());
    let rows = hidden.len().div_ceil(columns);
    let cell = (place.w / columns as f32, place.h / rows as f32);
    let widest = hidden.iter().map(|token| super::words::wide(&token.text, 1.0, Face::Mono)).fold(0.5, f32::max);
    let height = (cell.1 * 0.6).min(cell.0 * 0.85 / widest);
    let zoom = (size.least_text() / height).max(1.5) * 1.001;
    if zoom > MOST_ZOOM {
        return None;
    }
    for (token, cell) in hidden.iter().zip(layout::grid(place, hidden.len(), columns, 0.0)) {
        let inner = cell.grown(-cell.h.min(cell.w) * 0.05);
        let mark = Mark::new(token.key.clone(), inner).tone(token.tone).fill(Fill::Tint).layer(20).from_zoom(zoom);
        picture.push(mark.label(mono(token.text.clone(), height)));
    }
    Some(zoom)
}
