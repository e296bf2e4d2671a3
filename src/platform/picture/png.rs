//! Writes a picture of four colours as PNG (W3C, Portable Network Graphics, third edition): a palette, two bits a pixel, no
//! filters, one packed piece.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use crate::platform::error::{Error, Result};

/// What every file begins with.
const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Two bits a pixel, colours from a palette, the one way of packing, the one way of filtering, not interlaced.
const KIND: [u8; 5] = [2, 3, 0, 0, 0];

/// The file; `pixels` are places in the palette, row by row.
///
/// # Errors
/// When it cannot be packed, or is larger than PNG allows.
pub(super) fn written(width: usize, pixels: &[u8], palette: &[[u8; 3]]) -> Result<Vec<u8>> {
    let width = width.max(1);
    let size = |length: usize| {
        u32::try_from(length).map_err(|e| Error::internal("failed to write a picture that is too large", e))
    };
    let mut head = Vec::with_capacity(13);
    head.extend(size(width)?.to_be_bytes());
    head.extend(size(pixels.len() / width)?.to_be_bytes());
    head.extend(KIND);
    let failed = |e| Error::io("failed to pack a picture", e);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    for row in pixels.chunks(width) {
        let mut line = vec![0];
        line.extend(row.chunks(4).map(four));
        packed.write_all(&line).map_err(failed)?;
    }
    let packed = packed.finish().map_err(failed)?;
    let mut out = SIGNATURE.to_vec();
    for (name, content) in
        [(b"IHDR", head), (b"PLTE", palette.concat()), (b"IDAT", packed), (b"IEND", Vec::new())]
    {
        out.extend(size(content.len())?.to_be_bytes());
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(&content);
        out.extend(name);
        out.extend(content);
        out.extend(sum.sum().to_be_bytes());
    }
    Ok(out)
}

/// Up to four pixels in a byte, the first in its highest bits.
fn four(pixels: &[u8]) -> u8 {
    pixels.iter().enumerate().fold(0, |byte, (place, pixel)| byte | ((pixel & 3) << (6 - 2 * place)))
}
