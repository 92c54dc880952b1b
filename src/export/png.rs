//! PNG: one picture, or the frames of a film as numbered files.

use std::path::Path;

use super::error::{ExportError, write_whole};
use crate::files;
use crate::paint::Pixmap;

/// How much time goes into small files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Effort {
    /// Small files: single pictures.
    #[default]
    Small,
    /// Little time: many frames.
    Fast,
}

/// The bytes of a PNG file, the same for the same picture: 8-bit sRGB without alpha.
pub fn encode(picture: &Pixmap, effort: Effort) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    encode_into(&mut bytes, picture, effort).map_err(|e| ExportError::Encoder(e.to_string()))?;
    Ok(bytes)
}

/// Writes a picture to a file, whole or not at all.
pub fn write(path: &Path, picture: &Pixmap, effort: Effort) -> Result<(), ExportError> {
    let bytes = encode(picture, effort)?;
    files::sweep(files::folder_of(path));
    write_whole(path, |out| std::io::Write::write_all(out, &bytes).map_err(ExportError::at(path)))
}

/// Reads an 8-bit picture with or without alpha.
pub fn read(path: &Path) -> Result<Pixmap, ExportError> {
    let file = std::fs::File::open(path).map_err(ExportError::at(path))?;
    let unreadable = |e: png::DecodingError| ExportError::Encoder(format!("{}: {e}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().map_err(unreadable)?;
    let wrong = || ExportError::Encoder(format!("{}: not an 8-bit RGB picture", path.display()));
    let mut bytes = vec![0; reader.output_buffer_size().ok_or_else(wrong)?];
    let info = reader.next_frame(&mut bytes).map_err(unreadable)?;
    let bytes = bytes.get(..info.buffer_size()).ok_or_else(wrong)?;
    let pixels = match (info.color_type, info.bit_depth) {
        (png::ColorType::Rgb, png::BitDepth::Eight) => {
            bytes.as_chunks::<3>().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect()
        }
        (png::ColorType::Rgba, png::BitDepth::Eight) => bytes.as_chunks::<4>().0.to_vec(),
        _ => return Err(wrong()),
    };
    Pixmap::from_pixels(info.width as usize, info.height as usize, pixels).ok_or_else(wrong)
}

fn encode_into(out: &mut Vec<u8>, picture: &Pixmap, effort: Effort) -> Result<(), png::EncodingError> {
    let side = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(out, side(picture.width()), side(picture.height()));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_compression(match effort {
        Effort::Small => png::Compression::Balanced,
        Effort::Fast => png::Compression::Fast,
    });
    let mut writer = encoder.write_header()?;
    let bytes: Vec<u8> = picture.pixels().iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    writer.write_image_data(&bytes)?;
    writer.finish()
}
