//! How text becomes part of a page: what means something in HTML is escaped, and what HTML forbids is shown as unreadable. Names
//! come from registers and forms of others and may hold anything.

use std::io::{Result, Write};

/// Writes text into a page.
///
/// # Errors
/// When the page cannot be written.
pub(super) fn escape(text: &str, out: &mut dyn Write) -> Result<()> {
    if text.chars().all(|character| shown(character) == character) {
        return tera::escape_html(text, out);
    }
    let clean: String = text.chars().map(shown).collect();
    tera::escape_html(&clean, out)
}

/// The character, or U+FFFD for one that no page may hold: control characters that are no white space, and noncharacters.
pub(super) const fn shown(character: char) -> char {
    match character {
        '\t' | '\n' | '\u{c}' | '\r' => character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' => {
            '\u{fffd}'
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape(text, &mut out).expect("memory can be written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn what_pages_forbid_is_shown_as_unreadable_and_the_rest_is_kept() {
        assert_eq!(
            escaped("a\u{1}b\u{7f}\u{85}<i>\n\u{fffe}"),
            "a\u{fffd}b\u{fffd}\u{fffd}&lt;i&gt;\n\u{fffd}"
        );
        assert_eq!(escaped("Ysbyty \u{202e}\u{5d0} & \u{1f600}"), "Ysbyty \u{202e}\u{5d0} &amp; \u{1f600}");
    }
}
