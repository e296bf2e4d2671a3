//! What can go wrong between a page and its HTML.

/// Why a page or an asset could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// The design system's files were not there at build time.
    #[error("the design system's files are missing: run `scripts/assets`, then build again")]
    AssetsMissing,
    /// A template does not parse, or names a component, filter or block that does not exist.
    #[error("failed to read the templates: {0}")]
    Templates(String),
    /// A page could not be rendered.
    #[error("failed to render {template}: {reason}")]
    Render {
        /// The template of the page.
        template: &'static str,
        /// What the engine says, with the place.
        reason: String,
    },
    /// The time zone of the words for dates is not in the bundled data.
    #[error("failed to load the time zone Europe/London: {0}")]
    TimeZone(#[from] jiff::Error),
}

/// The engine's message with all its causes: it keeps the useful half in the source.
pub(super) fn explain(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
