//! Lengths, label wrapping and number formats. Charts on pages are fluid: lengths across are percentages and text
//! keeps its size, so that a chart is as readable at 320 pixels as at 1280 without any script.

use rust_decimal::Decimal;

/// What a chart is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canvas {
    /// A web page: as wide as its place. Needs at least 288 CSS pixels.
    Fluid,
    /// A fixed width in pixels, for reports, share images and embedding.
    Fixed(u32),
}

/// The narrowest place a fluid chart must fit: a 320 pixel screen without its margins.
pub(crate) const NARROWEST: u32 = 288;

/// A position across the chart in hundredths of a percent, 0 to 10,000.
pub(crate) type Across = u32;
pub(crate) const FULL: Across = 10_000;

impl Canvas {
    /// A length attribute for a position or width.
    pub(crate) fn length(self, across: Across) -> String {
        let across = across.min(FULL);
        match self {
            Self::Fluid => format!("{}%", decimal(across, 2)),
            Self::Fixed(width) => decimal(width.saturating_mul(across) / 100, 2),
        }
    }

    /// Pixels surely available across this part of the chart.
    pub(crate) fn pixels(self, across: Across) -> u32 {
        let width = match self {
            Self::Fluid => NARROWEST,
            Self::Fixed(width) => width,
        };
        width.saturating_mul(across.min(FULL)) / FULL
    }

    /// The whole width as an attribute.
    pub(crate) fn width(self) -> String {
        match self {
            Self::Fluid => "100%".to_owned(),
            Self::Fixed(width) => width.to_string(),
        }
    }
}

/// `value` with the point `places` from the right, without trailing zeros.
fn decimal(value: u32, places: u32) -> String {
    Decimal::from_i128_with_scale(i128::from(value), places).normalize().to_string()
}

/// A share of the width from a percentage; values outside 0 to 100 stop at the edges.
pub(crate) fn across(percentage: Decimal) -> Across {
    let hundredths = (percentage * Decimal::ONE_HUNDRED).round().clamp(Decimal::ZERO, Decimal::from(FULL));
    u32::try_from(hundredths.mantissa() / 10_i128.pow(hundredths.scale())).unwrap_or(FULL)
}

/// A whole number with commas between thousands.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Estimated width of a text in thousandths of the font size, for Arial and its metric twins; errs on the wide side.
fn width_of(character: char) -> u32 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | ':' | ';' | '!' => 280,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' | 'I' => 340,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 900,
        'A'..='Z' => 720,
        '\0'..='\u{24f}' => 560,
        _ => 1000,
    }
}

/// Estimated width in pixels at a font size.
pub(crate) fn text_width(text: &str, font_size: u32) -> u32 {
    (text.chars().map(width_of).sum::<u32>() * font_size).div_ceil(1000)
}

/// Breaks a label into at most `lines` lines of `pixels`, at spaces where possible; what is too long ends in "…".
/// The full text always stands in the chart's table.
pub(crate) fn wrap(text: &str, font_size: u32, pixels: u32, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        for (index, piece) in pieces(word, font_size, pixels).into_iter().enumerate() {
            let Some(line) = wrapped.last_mut() else { continue };
            let space = if line.is_empty() || index > 0 { "" } else { " " };
            let longer = format!("{line}{space}{piece}");
            if index == 0 && text_width(&longer, font_size) <= pixels {
                *line = longer;
            } else if line.is_empty() {
                *line = piece;
            } else {
                wrapped.push(piece);
            }
        }
    }
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            while text_width(last, font_size) + font_size > pixels && last.pop().is_some() {}
            let kept = last.trim_end().len();
            last.truncate(kept);
            last.push('…');
        }
    }
    wrapped
}

/// A word cut into pieces that each fit a line.
fn pieces(word: &str, font_size: u32, pixels: u32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
            if text_width(piece, font_size) > pixels && piece.chars().count() > 1 {
                piece.pop();
                pieces.push(character.to_string());
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_exact_and_bounded() {
        assert_eq!(Canvas::Fluid.length(3333), "33.33%");
        assert_eq!(Canvas::Fluid.length(20_000), "100%");
        assert_eq!(Canvas::Fixed(640).length(2500), "160");
        assert_eq!(across(Decimal::new(12_345, 3)), 1234);
        assert_eq!((across(Decimal::new(-1, 0)), across(Decimal::new(101, 0))), (0, FULL));
        assert_eq!(
            (thousands(0), thousands(999), thousands(64_201)),
            ("0".into(), "999".into(), "64,201".into())
        );
        assert_eq!(thousands(7_062_110), "7,062,110");
    }

    #[test]
    fn labels_of_any_length_fit_their_lines() {
        let long = "NORTHERN ".repeat(18) + &"X".repeat(60);
        for text in ["", "London", &long, &"W".repeat(167), "\u{1f600}".repeat(50).as_str(), "a b  c"] {
            for pixels in [40, 130, 280] {
                let lines = wrap(text, 16, pixels, 2);
                assert!(
                    lines.len() <= 2 && lines.iter().all(|line| text_width(line, 16) <= pixels),
                    "{lines:?}"
                );
            }
        }
        assert_eq!(wrap("North East and Yorkshire", 16, 120, 2), ["North East and", "Yorkshire"]);
        assert!(wrap(&long, 16, 280, 2)[1].ends_with('…'));
    }
}
