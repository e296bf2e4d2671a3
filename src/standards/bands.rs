//! Words for ranges of percentages as people type them: one a line, the word and where the next one begins. Pure.

use super::model::Band;

/// Bands as text.
#[must_use]
pub fn bands_text(bands: &[Band]) -> String {
    let line = |band: &Band| match band.below {
        Some(below) => format!("{} {below}", band.label),
        None => band.label.clone(),
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads bands back; the last line is a word alone.
#[must_use]
pub fn bands_of(text: &str) -> Option<Vec<Band>> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let count = lines.len();
    lines
        .into_iter()
        .enumerate()
        .map(|(place, line)| {
            if place + 1 == count {
                return Some(Band { label: line.to_owned(), below: None });
            }
            let (label, below) = line.rsplit_once(' ')?;
            Some(Band { label: label.trim().to_owned(), below: Some(below.parse().ok()?) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let band = |label: &str, below| Band { label: label.to_owned(), below };
        let bands = vec![band("red", Some(40)), band("light amber", Some(70)), band("green 2", None)];
        assert_eq!(bands_text(&bands), "red 40\nlight amber 70\ngreen 2");
        assert_eq!(bands_of(&bands_text(&bands)), Some(bands));
        assert_eq!(bands_of(" \n"), Some(Vec::new()));
        for wrong in ["red\ngreen", "red forty\ngreen", "red 300\ngreen"] {
            assert_eq!(bands_of(wrong), None, "{wrong}");
        }
    }
}
