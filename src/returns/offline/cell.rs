//! Texts as cells hold them: what every program can store and give back, and what it says where a text is too long.

/// Stands in a cell whose text is too long for one; a cell that still says it changes nothing.
pub(super) const TOO_LONG: &str = "[This text is too long for a cell. Change it on the website.]";

/// The most UTF-16 units of a cell that is written. Excel takes 32,767.
pub(super) const CELL_LIMIT: usize = 32_000;

/// The text as every workbook can hold it: line ends as `\n`, without control characters and outer spaces. Two texts that
/// differ in nothing else are the same to a workbook.
pub(super) fn plain(text: &str) -> String {
    let ends =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let kept: String = ends.chars().filter(|c| is_kept(*c)).collect();
    kept.trim().to_owned()
}

/// XML 1.0 knows no control characters but these, and neither of the two that are no characters.
fn is_kept(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

/// A text that may be changed: in full, or not at all.
pub(super) fn entered(text: &str) -> String {
    let plain = plain(text);
    if plain.encode_utf16().count() > CELL_LIMIT { TOO_LONG.to_owned() } else { plain }
}

/// A text that is only read, cut where it is too long.
pub(super) fn shown(text: &str) -> String {
    let plain = plain(text);
    if plain.len() <= CELL_LIMIT {
        return plain;
    }
    // Two units a character at most, so half as many always fit.
    let mut cut: String = plain.chars().take(CELL_LIMIT / 2).collect();
    cut.push('\u{2026}');
    cut
}

/// The beginning of what a file says, fit to be quoted in a message.
pub(super) fn brief(text: &str) -> String {
    let mut brief: String = plain(text).chars().take(40).collect();
    if text.chars().count() > 40 {
        brief.push('\u{2026}');
    }
    format!("\"{brief}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_only_what_a_workbook_cannot_hold() {
        assert_eq!(plain(" a\r\nb\rc\u{0}\u{b}\td \n"), "a\nb\nc\td");
        assert_eq!(plain("=1+1"), "=1+1");
        assert_eq!(entered(&"x".repeat(CELL_LIMIT)), "x".repeat(CELL_LIMIT));
        assert_eq!(entered(&"x".repeat(CELL_LIMIT + 1)), TOO_LONG);
        assert_eq!(entered(&"\u{1F600}".repeat(CELL_LIMIT / 2 + 1)), TOO_LONG);
        assert!(shown(&"\u{1F600}".repeat(CELL_LIMIT)).encode_utf16().count() <= CELL_LIMIT + 1);
    }
}
