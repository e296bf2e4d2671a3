//! Writes well-formed SVG: every name is ours, every value and text is escaped here and nowhere else.

use std::fmt::Write as _;

/// An SVG document in the making. Elements close in the order in which they were opened.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

/// Attribute names are literals; values are escaped.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Markup {
    /// Opens an element that will have content.
    pub(crate) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// An element that holds only text.
    pub(crate) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        escape_into(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// The finished document; closes what is still open.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn start(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            // Writing to a String cannot fail.
            if write!(self.out, " {attribute}=\"").is_ok() {
                escape_into(&mut self.out, value);
                self.out.push('"');
            }
        }
    }
}

/// Escapes for text and attribute values alike. Characters that XML forbids become U+FFFD; direction overrides, which
/// could turn a label around, are left out.
fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_given_as_text_becomes_markup() {
        let mut markup = Markup::default();
        markup.open("g", &[("class", "\"><script>")]);
        markup.text("text", &[], "a & b <b>'x'</b> \u{0} \u{202e}c\n");
        let expected = "<g class=\"&quot;&gt;&lt;script&gt;\"><text>a &amp; b &lt;b&gt;&#39;x&#39;&lt;/b&gt; \u{fffd} c </text></g>";
        assert_eq!(markup.finish(), expected);
    }
}
