//! Makes what people wrote fit to be set: characters without a glyph in our fonts become the replacement character, which
//! PDF/UA-1 would otherwise refuse the whole paper for, and words too long for a line get places to break.

use serde_json::Value;

/// Longest run without a place to break.
const LONGEST: usize = 24;
/// So many characters of a longer run stay together.
const TOGETHER: usize = 12;
/// Where a line may break without a sign of it.
const BREAK: char = '\u{200b}';
const REPLACEMENT: char = '\u{fffd}';

/// Every text of a value, sifted; `has_glyph` says whether our fonts can set a character.
pub(super) fn sift(value: Value, has_glyph: &dyn Fn(char) -> bool) -> Value {
    match value {
        Value::String(text) => Value::String(sift_text(&text, has_glyph)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| sift(item, has_glyph)).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(name, item)| (name, sift(item, has_glyph))).collect())
        }
        other => other,
    }
}

fn sift_text(text: &str, has_glyph: &dyn Fn(char) -> bool) -> String {
    // A fingerprint is compared and searched for as one word; it is short enough for its place.
    let whole = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut out = String::with_capacity(text.len());
    let long: Vec<bool> = long_words(text);
    for (word, piece) in text.split_inclusive(char::is_whitespace).enumerate() {
        let breaks = !whole && long.get(word).copied().unwrap_or_default();
        let mut run = 0_usize;
        for character in piece.chars() {
            let Some(character) = fit(character, has_glyph) else { continue };
            if character == REPLACEMENT && out.ends_with(REPLACEMENT) {
                continue;
            }
            if breaks && run > 0 && run.is_multiple_of(TOGETHER) && character.is_alphanumeric() {
                out.push(BREAK);
            }
            out.push(character);
            run += 1;
        }
    }
    out
}

/// Which of the words are too long for the narrowest column.
fn long_words(text: &str) -> Vec<bool> {
    text.split_inclusive(char::is_whitespace).map(|word| word.chars().count() > LONGEST).collect()
}

/// The character as it is set: none for what has no look of its own or would turn the text around.
fn fit(character: char, has_glyph: &dyn Fn(char) -> bool) -> Option<char> {
    match character {
        '\n' | ' '..='~' => Some(character),
        '\t' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{ad}' => None,
        '\u{e000}'..='\u{f8ff}' => Some(REPLACEMENT),
        other if has_glyph(other) => Some(other),
        _ => Some(REPLACEMENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sifted(text: &str) -> String {
        sift_text(text, &|character| (character as u32) < 0x700)
    }

    #[test]
    fn what_has_no_glyph_is_replaced_once_and_what_has_no_look_is_left_out() {
        assert_eq!(sifted("a \u{4e2d}\u{6587}\u{1f600} b"), "a \u{fffd} b");
        assert_eq!(sifted("a\u{202e}b\u{0}c\u{200d}\u{fe0f}\u{feff}"), "abc");
        assert_eq!(sifted("one\ttwo\nthree"), "one two\nthree");
        assert_eq!(sifted("\u{e000}"), "\u{fffd}");
        assert_eq!(
            sifted("\u{645}\u{633}\u{62a}\u{634}\u{641}\u{649}"),
            "\u{645}\u{633}\u{62a}\u{634}\u{641}\u{649}"
        );
    }

    #[test]
    fn long_words_may_break_and_fingerprints_may_not() {
        let broken = sifted(&"W".repeat(167));
        assert!(broken.split(BREAK).all(|piece| piece.chars().count() <= TOGETHER), "{broken}");
        assert_eq!(broken.replace(BREAK, ""), "W".repeat(167));
        assert_eq!(sifted("counterrevolutionaries"), "counterrevolutionaries");
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(sifted(&hash), hash);
    }

    #[test]
    fn texts_are_sifted_wherever_they_stand() {
        let value = serde_json::json!({"a": ["x\u{0}", 1, null, {"b": "\u{4e2d}"}]});
        let expected = serde_json::json!({"a": ["x", 1, null, {"b": "\u{fffd}"}]});
        assert_eq!(sift(value, &|c| c.is_ascii()), expected);
    }
}
