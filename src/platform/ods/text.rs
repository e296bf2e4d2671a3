//! People's texts in the markup of OpenDocument: spaces that XML would drop are written out, and characters that XML
//! cannot hold become the replacement character.

use quick_xml::escape::escape;

/// A line with its tabs, and with its spaces where XML would drop them: the first, the last and all but one of several.
/// Carriage returns are left out.
pub fn write_line(out: &mut String, line: &str) {
    let mut text = String::with_capacity(line.len());
    let mut after_space = true;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // A reader of XML takes it for the end of a line.
            '\r' => {}
            '\t' => {
                flush(out, &mut text);
                out.push_str("<text:tab/>");
                after_space = true;
            }
            ' ' if after_space || rest.peek().is_none() => {
                flush(out, &mut text);
                out.push_str("<text:s/>");
            }
            _ => {
                after_space = c == ' ';
                text.push(fit(c));
            }
        }
    }
    flush(out, &mut text);
}

fn flush(out: &mut String, text: &mut String) {
    out.push_str(&escape(text.as_str()));
    text.clear();
}

/// A text as the content of an element or attribute, escaped.
#[must_use]
pub fn written(text: &str) -> String {
    let fitting: String = text.chars().map(fit).collect();
    escape(fitting.as_str()).into_owned()
}

/// The character, where XML 1.0 has it.
const fn fit(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => c,
        _ => char::REPLACEMENT_CHARACTER,
    }
}
