//! Pictures made of pixels, for the few readers that take no drawings: rectangles and words in four colours, written as PNG. The
//! same picture is always the same bytes.

mod letters;
mod png;

use crate::platform::error::Result;
use letters::{HEIGHT, WIDTH, glyph};

/// A colour of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// White.
    White,
    /// The blue of the header.
    Blue,
    /// Nearly black.
    Ink,
    /// A light grey.
    Pale,
}

/// Red, green and blue of each colour, in their order.
const PALETTE: [[u8; 3]; 4] = [[255, 255, 255], [0, 94, 184], [33, 43, 50], [216, 221, 224]];

impl Colour {
    const fn index(self) -> u8 {
        match self {
            Self::White => 0,
            Self::Blue => 1,
            Self::Ink => 2,
            Self::Pale => 3,
        }
    }
}

/// Where something begins, in pixels from the left and from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(pub usize, pub usize);

/// A picture, white to begin with.
#[derive(Debug, Clone)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// An empty picture of this size.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![Colour::White.index(); width * height] }
    }

    /// Fills a rectangle; what lies outside the picture is left out.
    pub fn fill(&mut self, At(left, top): At, width: usize, height: usize, colour: Colour) {
        let right = left.saturating_add(width).min(self.width);
        for row in top..top.saturating_add(height).min(self.height) {
            let (start, end) = (row * self.width + left.min(right), row * self.width + right);
            if let Some(line) = self.pixels.get_mut(start..end) {
                line.fill(colour.index());
            }
        }
    }

    /// Writes a line of words in capital letters, each point of a letter so many pixels wide. A letter that there is no shape
    /// for is a box.
    pub fn words(&mut self, text: &str, At(left, top): At, point: usize, colour: Colour) {
        for (place, letter) in text.chars().enumerate() {
            let start = left + place * (WIDTH + 1) * point;
            for (row, bits) in glyph(letter).into_iter().enumerate() {
                for column in 0..WIDTH {
                    if (bits >> (WIDTH - 1 - column)) & 1 == 1 {
                        let at = At(start + column * point, top + row * point);
                        self.fill(at, point, point, colour);
                    }
                }
            }
        }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// When it cannot be packed, which is a fault.
    pub fn png(&self) -> Result<Vec<u8>> {
        png::written(self.width, &self.pixels, &PALETTE)
    }
}

/// How many letters of this size fit beside each other.
#[must_use]
pub const fn letters_in(width: usize, point: usize) -> usize {
    // The last letter needs no space after it.
    (width + point) / ((WIDTH + 1) * point)
}

/// How high a line of letters of this size is, with the space below it.
#[must_use]
pub const fn line_of(point: usize) -> usize {
    (HEIGHT + 4) * point
}

/// Breaks words into lines of at most so many letters; a word that is longer is broken where the line ends, and what does
/// not fit into so many lines ends with three dots.
#[must_use]
pub fn wrapped(text: &str, letters: usize, lines: usize) -> Vec<String> {
    let letters = letters.max(4);
    let mut found: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut rest: Vec<char> = word.chars().collect();
        let fits = |line: &String| line.chars().count() + 1 + rest.len() <= letters;
        match found.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.push(' ');
                line.extend(rest);
            }
            None => {
                while !rest.is_empty() {
                    let tail = rest.split_off(rest.len().min(letters));
                    found.push(rest.into_iter().collect());
                    rest = tail;
                }
            }
        }
    }
    if found.len() > lines {
        found.truncate(lines);
        if let Some(last) = found.last_mut() {
            *last = last.chars().take(letters - 3).chain("...".chars()).collect();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut picture = Picture::new(10, 4);
        picture.fill(At(8, 2), 100, 100, Colour::Ink);
        picture.fill(At(50, 50), 3, 3, Colour::Ink);
        assert_eq!(picture.pixels.iter().filter(|pixel| **pixel == Colour::Ink.index()).count(), 4);
        picture.words("\u{1f600}A", At(7, 1), 3, Colour::Blue);
        assert_eq!(picture.pixels.len(), 40);
    }

    #[test]
    fn words_are_drawn_point_by_point() {
        let mut picture = Picture::new(20, 9);
        picture.words("i", At(1, 1), 1, Colour::Ink);
        let row = |at: usize| -> String {
            picture.pixels[at * 20..at * 20 + 7]
                .iter()
                .map(|pixel| if *pixel == 2 { '#' } else { '.' })
                .collect()
        };
        assert_eq!(
            [row(0), row(1), row(2), row(7), row(8)],
            [".......", "..###..", "...#...", "..###..", "......."]
        );
        assert_eq!(letters_in(11, 1), 2);
        assert_eq!(letters_in(10, 1), 1);
    }

    #[test]
    fn lines_break_between_words_and_end_in_time() {
        assert_eq!(wrapped("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij", 4, 3), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("one two three four", 7, 2), ["one two", "thre..."]);
        assert!(wrapped("  ", 7, 2).is_empty());
        let long = "W".repeat(167);
        assert!(wrapped(&long, 40, 3).iter().all(|line| line.chars().count() <= 40));
        assert_eq!(wrapped(&long, 40, 3).len(), 3);
    }

    #[test]
    fn a_picture_is_a_png_of_its_size() {
        let mut picture = Picture::new(30, 10);
        picture.fill(At(0, 0), 30, 3, Colour::Blue);
        let bytes = picture.png().unwrap();
        assert_eq!(bytes, picture.png().unwrap());
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&bytes[16..24], [0, 0, 0, 30, 0, 0, 0, 10]);
        assert!(bytes.ends_with(b"IEND\xae\x42\x60\x82"));
        let start = bytes.windows(4).position(|window| window == b"IDAT").unwrap();
        let mut rows = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&bytes[start + 4..]), &mut rows)
            .unwrap();
        // Each row: how it is filtered, then four pixels in a byte.
        assert_eq!(rows.len(), 10 * (1 + 8));
        assert_eq!((rows[0], rows[1], rows[8]), (0, 0b0101_0101, 0b0101_0000));
        assert!(rows[27..].iter().all(|byte| *byte == 0));
    }
}
