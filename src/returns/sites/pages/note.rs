//! What the overview of a return says about its organisation's sites.

use serde::Serialize;

/// A few lines and links; nothing for an organisation without sites.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SitesNote {
    /// The list of sites; empty where there is none.
    pub(in crate::returns::sites) href: String,
    /// What the return covers.
    pub(in crate::returns::sites) words: String,
    /// Answers that sites still need.
    pub(in crate::returns) blocks: usize,
    /// How far the submission has got; empty before one.
    pub(in crate::returns::sites) progress_href: String,
    pub(in crate::returns::sites) progress: String,
}

impl SitesNote {
    /// An example.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            href: "/organisations/ZZ001/returns/2026/sites".to_owned(),
            words: "This return covers 12 sites; 3 answers of theirs differ from yours.".to_owned(),
            blocks: 1,
            progress_href: "/organisations/ZZ001/returns/2026/sites/progress".to_owned(),
            progress: "Sites: 12 submitted.".to_owned(),
        }
    }
}
