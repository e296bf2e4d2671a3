//! Small values that components take: a cell of a table, a row of a summary list, a coloured word.

use serde::Serialize;

/// One cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    href: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    format: &'static str,
}

impl Cell {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A link.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }

    /// A count, with its thousands apart and set to the right.
    #[must_use]
    pub fn number(count: i64) -> Self {
        Self { text: super::words::number(i128::from(count)), format: "numeric", ..Self::default() }
    }

    /// A text set to the right, such as a measure with decimals.
    pub fn numeric(text: impl Into<String>) -> Self {
        Self { text: text.into(), format: "numeric", ..Self::default() }
    }
}

/// One row of a summary list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fact {
    key: String,
    value: String,
}

impl Fact {
    /// What it is and what it says.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

/// A coloured word, as the `tag` component takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tag {
    text: String,
    colour: &'static str,
}

impl Tag {
    /// The word and one of the component's colours.
    pub fn new(text: impl Into<String>, colour: &'static str) -> Self {
        Self { text: text.into(), colour }
    }

    /// The word.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.text
    }
}
