//! One colour over another: premultiplied, in gamma space, rounded to the nearest eighth bit as a GPU rounds.

/// `source` over `under`, both 0 to 255.
#[inline]
pub fn over(source: [u8; 4], under: [u8; 4]) -> [u8; 4] {
    let through = 255 - u32::from(source[3]);
    std::array::from_fn(|i| {
        let sum = u32::from(source[i]) * 255 + u32::from(under[i]) * through;
        ((sum + 127) / 255).min(255) as u8
    })
}

/// A vertex colour times a texel, over `under`; nothing is rounded before the sum.
#[inline]
pub fn tinted_over(color: [u8; 4], texel: [u8; 4], under: [u8; 4]) -> [u8; 4] {
    const ONE: u32 = 255 * 255;
    let through = ONE - u32::from(color[3]) * u32::from(texel[3]);
    std::array::from_fn(|i| {
        let sum = u32::from(color[i]) * u32::from(texel[i]) * 255 + u32::from(under[i]) * through;
        ((sum + ONE / 2) / ONE).min(255) as u8
    })
}

/// A colour in floats (0 to 255, premultiplied) over `under`.
#[inline]
pub fn float_over(source: [f32; 4], under: [u8; 4]) -> [u8; 4] {
    let through = 1.0 - source[3] * (1.0 / 255.0);
    std::array::from_fn(|i| (source[i] + f32::from(under[i]) * through + 0.5) as u8)
}

/// One colour over a run of pixels.
#[inline]
pub fn over_run(color: [u8; 4], run: &mut [[u8; 4]]) {
    match color {
        [_, _, _, 255] => run.fill(color),
        [0, 0, 0, 0] => {}
        _ => {
            for pixel in run {
                *pixel = over(color, *pixel);
            }
        }
    }
}
