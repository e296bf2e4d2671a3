//! Two wordings as one text, word by word: what stayed, what went, what came. Pure.

use serde::Serialize;
use similar::utils::diff_unicode_words;
use similar::{Algorithm, ChangeTag};

/// Longer texts are shown as a whole, the one and then the other: comparing them would take too long for a page.
const LONGEST: usize = 6_000;

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `same`, `gone` or `new`.
    pub is: &'static str,
    /// The text.
    pub text: String,
}

/// The parts of two wordings, in reading order.
#[must_use]
pub fn parts(before: &str, now: &str) -> Vec<Part> {
    let whole = |is, text: &str| Part { is, text: text.to_owned() };
    if before.is_empty() || now.is_empty() || before.len() + now.len() > LONGEST {
        let both = [whole("gone", before), whole("new", now)];
        return both.into_iter().filter(|part| !part.text.is_empty()).collect();
    }
    let mut parts: Vec<Part> = Vec::new();
    for (tag, text) in diff_unicode_words(Algorithm::Myers, before, now) {
        let is = match tag {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "gone",
            ChangeTag::Insert => "new",
        };
        match parts.last_mut() {
            Some(last) if last.is == is => last.text.push_str(text),
            _ => parts.push(whole(is, text)),
        }
    }
    calmed(parts)
}

/// Joins changes that only a space keeps apart, so that a changed phrase reads as one.
fn calmed(parts: Vec<Part>) -> Vec<Part> {
    let mut calm: Vec<Part> = Vec::new();
    let (mut gone, mut new) = (String::new(), String::new());
    let mut rest = parts.into_iter().peekable();
    while let Some(part) = rest.next() {
        let only_space = part.is == "same" && part.text.trim().is_empty();
        let within = !gone.is_empty() && !new.is_empty() && rest.peek().is_some();
        match part.is {
            "gone" => gone.push_str(&part.text),
            "new" => new.push_str(&part.text),
            _ if only_space && within => {
                gone.push_str(&part.text);
                new.push_str(&part.text);
            }
            _ => {
                flush(&mut calm, &mut gone, &mut new);
                calm.push(part);
            }
        }
    }
    flush(&mut calm, &mut gone, &mut new);
    calm
}

fn flush(calm: &mut Vec<Part>, gone: &mut String, new: &mut String) {
    for (is, text) in [("gone", gone), ("new", new)] {
        if !text.is_empty() {
            calm.push(Part { is, text: std::mem::take(text) });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(before: &str, now: &str) -> String {
        let sign = |part: Part| match part.is {
            "gone" => format!("[-{}-]", part.text),
            "new" => format!("[+{}+]", part.text),
            _ => part.text,
        };
        parts(before, now).into_iter().map(sign).collect()
    }

    #[test]
    fn words_that_changed_stand_beside_each_other() {
        assert_eq!(
            told("Training within thirty days.", "Training within fourteen days."),
            "Training within [-thirty-][+fourteen+] days."
        );
        assert_eq!(told("Kept.", "Kept."), "Kept.");
        assert_eq!(told("", "New text"), "[+New text+]");
        assert_eq!(told("Old text", ""), "[-Old text-]");
        assert_eq!(
            told("at another place", "out of reach entirely"),
            "[-at another place-][+out of reach entirely+]"
        );
        let long = "word ".repeat(2_000);
        assert_eq!(parts(&long, "short").len(), 2);
    }

    proptest! {
        #[test]
        fn both_wordings_can_be_read_from_the_parts(before in "[a-c é.\n]{0,40}", now in "[a-c é.\n]{0,40}") {
            let parts = parts(&before, &now);
            let read = |skip: &str| -> String {
                parts.iter().filter(|part| part.is != skip).map(|part| part.text.as_str()).collect()
            };
            if before != now {
                prop_assert_eq!(read("new"), before);
                prop_assert_eq!(read("gone"), now);
            }
        }
    }
}
