//! What an organisation's page offers for other websites: the mark and the HTML that shows it.

use serde::Serialize;

/// The mark of an organisation.
#[derive(Debug, Clone, Serialize)]
pub struct MarkSnippet {
    /// Where the drawing is.
    pub href: String,
    /// What those who do not see it are told.
    pub alternative: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// The HTML to copy.
    pub html: String,
}

impl MarkSnippet {
    /// One for samples.
    pub(super) fn sample() -> Self {
        Self {
            href: "/public/organisations/RX1/mark.svg".into(),
            alternative: "Data security assurance of EXAMPLE TRUST".into(),
            width: 400,
            height: 250,
            html: "<a href=\"https://portal.example\"><img alt=\"\"></a>".into(),
        }
    }
}
