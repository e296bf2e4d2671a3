//! Taking out of a text what could name its organisation: as far as that can be done by rule, before a person does the
//! rest, and as a check of what the person left in.

/// What stands in place of a name.
const SOMEBODY: &str = "[the organisation]";

/// Words of a name that are in every other name too.
const COMMON: [&str; 14] = [
    "the",
    "and",
    "trust",
    "nhs",
    "foundation",
    "hospital",
    "hospitals",
    "group",
    "care",
    "health",
    "practice",
    "pharmacy",
    "limited",
    "sons",
];

/// The text with the organisation's name and code replaced, whatever their case.
pub(in crate::review) fn anonymised(text: &str, name: &str, code: &str) -> String {
    let text = replaced(text, name);
    replaced(&text, code)
}

fn replaced(text: &str, what: &str) -> String {
    if what.trim().is_empty() {
        return text.to_owned();
    }
    let (lower, wanted) = (text.to_lowercase(), what.to_lowercase());
    if lower.len() != text.len() {
        // A letter whose small form has another length: positions would not fit, so only the exact form is replaced.
        return text.replace(what, SOMEBODY);
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (found, _) in lower.match_indices(&wanted) {
        out.push_str(text.get(at..found).unwrap_or_default());
        out.push_str(SOMEBODY);
        at = found + wanted.len();
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// What still stands in a text that could tell whose it is, in words for the moderator; none when nothing is seen.
pub(super) fn telling(text: &str, name: &str, code: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let is_word = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|other| other == word);
    if is_word(&code.to_lowercase()) {
        return Some("the organisation's code".to_owned());
    }
    let part = name
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .find(|word| word.chars().count() > 2 && !COMMON.contains(&word.as_str()) && is_word(word));
    if let Some(part) = part {
        return Some(format!("\u{201c}{part}\u{201d}, a part of the organisation's name"));
    }
    let word = text
        .split_whitespace()
        .find(|word| word.contains('@') || word.contains("://") || word.contains("www."));
    word.map(|word| format!("\u{201c}{word}\u{201d}, an address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "Fenwick & Marsh Trust";

    #[test]
    fn names_and_codes_are_replaced_whatever_their_case() {
        let text = "FENWICK & MARSH TRUST (zz001) has a policy; Zz001's board saw it.";
        let said = anonymised(text, NAME, "ZZ001");
        assert_eq!(
            said,
            "[the organisation] ([the organisation]) has a policy; [the organisation]'s board saw it."
        );
        assert_eq!(
            anonymised("\u{130}stanbul Fenwick & Marsh Trust", NAME, ""),
            "\u{130}stanbul [the organisation]"
        );
    }

    #[test]
    fn what_still_tells_is_named() {
        assert_eq!(telling("We have a policy. The Trust reads it.", NAME, "ZZ001"), None);
        assert!(telling("as Marsh does", NAME, "ZZ001").unwrap().contains("marsh"));
        assert!(telling("see ZZ001", NAME, "ZZ001").unwrap().contains("code"));
        assert!(telling("write to ig@trust.example", NAME, "ZZ001").unwrap().contains("address"));
        assert!(telling("https://trust.example/policy", NAME, "ZZ001").unwrap().contains("address"));
    }
}
