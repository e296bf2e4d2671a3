//! The glossary for the public: the project's own, without the parts that only those need who build or run the portal.

use crate::publication::pages::{GlossaryPage, GlossarySection};

/// The project's glossary; words are explained in one place.
const WORDS: &str = include_str!("../../../docs/glossary.md");

/// Parts that readers of figures meet.
const SHOWN: [&str; 5] = [
    "Organisations and people",
    "Standards and scoring",
    "The yearly return",
    "Review and assurance",
    "Publication",
];

/// The page.
pub(super) fn page() -> GlossaryPage {
    GlossaryPage { sections: sections(WORDS) }
}

fn sections(text: &str) -> Vec<GlossarySection> {
    let parts = text.split("\n## ").skip(1);
    let shown = parts.filter_map(|part| {
        let (title, rest) = part.split_once('\n')?;
        SHOWN.contains(&title.trim()).then(|| GlossarySection {
            id: title.trim().to_ascii_lowercase().replace(' ', "-"),
            title: title.trim().to_owned(),
            words: words(rest),
        })
    });
    shown.collect()
}

/// Words with what they mean, by the alphabet; one that is explained twice keeps both explanations.
fn words(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for paragraph in text.split("\n\n") {
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some((word, meaning)) = line.split_once(": ").filter(|_| line.starts_with("**")) else {
            continue;
        };
        let (word, meaning) = (plain(word), sentence(&plain(meaning)));
        match found.iter_mut().find(|(known, _)| *known == word) {
            Some((_, meanings)) => meanings.push(meaning),
            None => found.push((word, vec![meaning])),
        }
    }
    found.sort_by_key(|(word, _)| word.to_lowercase());
    found
}

/// A text without the marks of its format: emphasis, code, and the addresses of links into the documentation.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out.push_str(before);
        let parts = link.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?.1)));
        match parts.filter(|(words, _)| !words.contains(']')) {
            Some((words, after)) => {
                out.push_str(words);
                rest = after;
            }
            // A mark of figures, such as [c].
            None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out.push_str(rest);
    out.replace(['*', '`'], "")
}

/// With a capital at the beginning.
fn sentence(text: &str) -> String {
    crate::platform::pages::words::capitalised(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_there_with_its_words_and_no_mark_is_left() {
        let found = sections(WORDS);
        let titles: Vec<&str> = found.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, SHOWN);
        for section in &found {
            assert!(section.words.len() > 10, "{}", section.title);
            for (word, meanings) in &section.words {
                assert!(!word.is_empty() && !meanings.is_empty());
                for text in std::iter::once(word).chain(meanings) {
                    assert!(!text.contains('*') && !text.contains('`') && !text.contains("]("), "{text}");
                }
            }
        }
        let release = found.iter().flat_map(|one| &one.words).find(|(word, _)| word == "Release").unwrap();
        assert!(release.1[0].starts_with("A dated set of statistics"), "{:?}", release.1);
    }

    #[test]
    fn links_lose_their_address_and_marks_of_figures_stay() {
        assert_eq!(plain("a *b* `[c]` and [d e](f/g.md) or [h"), "a b [c] and d e or [h");
    }
}
