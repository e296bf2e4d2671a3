//! Pieces that several pages of a review are made of.

use serde::Serialize;

use crate::review::model::ReviewState;

/// A coloured word, as the `tag` component takes it.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct Tag {
    text: &'static str,
    colour: &'static str,
}

impl From<ReviewState> for Tag {
    fn from(state: ReviewState) -> Self {
        let colour = match state {
            ReviewState::Queued => "grey",
            ReviewState::Claimed => "blue",
            ReviewState::Query => "yellow",
            ReviewState::Second => "purple",
            ReviewState::Decided => "green",
            ReviewState::Superseded | ReviewState::Withdrawn => "white",
        };
        Self { text: state.words(), colour }
    }
}

/// A row of a summary list.
#[derive(Debug, Clone, Serialize)]
pub(in crate::review) struct Fact {
    key: &'static str,
    value: String,
}

impl Fact {
    pub fn new(key: &'static str, value: impl Into<String>) -> Self {
        Self { key, value: value.into() }
    }
}

/// One cell of a table, as the `table` component takes it: a plain text, which it writes fastest, or a link.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(in crate::review) enum Cell {
    Text(String),
    Link { text: String, href: String },
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link { text: text.into(), href: href.into() }
    }
}

/// One question with its thread.
pub(in crate::review) use crate::review::queries::Thread as QueryItem;

/// A text as its paragraphs: what people type has lines, and a page keeps them.
pub(in crate::review) fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A size as people read it.
pub(in crate::review) fn size_words(bytes: i64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_lines() {
        assert_eq!(
            [999, 1_000, 2_345_678].map(size_words),
            ["999 bytes".to_owned(), "1 KB".to_owned(), "2.3 MB".to_owned()]
        );
        assert_eq!(paragraphs("a\n\n b \n"), ["a", "b"]);
    }
}
