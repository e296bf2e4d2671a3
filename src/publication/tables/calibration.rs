//! What became of claims in review, requirement by requirement: how far self-assessment can be relied on. These figures
//! are about security, so the whole of disclosure control applies to them.

use super::requirements::explained;
use crate::platform::error::{Error, Result};
use crate::publication::classes::table_fault;
use crate::publication::document::TableEntry;
use crate::standards::Edition;
use crate::statistics::Dimension;
use crate::statistics::calibration::Calibration;
use crate::statistics::disclosure::{DisclosureRules, Protected};

/// The protected table with its decisions; none before the first review is decided.
///
/// # Errors
/// When the counts do not fit the edition, or the table cannot be protected.
pub fn claims_after_review(
    population: &str,
    edition: &Edition,
    counts: &Calibration,
    rules: &DisclosureRules,
) -> Result<Option<(TableEntry, Protected)>> {
    if counts.submissions() == 0 || edition.requirements().is_empty() {
        return Ok(None);
    }
    let pairs = edition
        .requirements()
        .iter()
        .map(|one| (one.code.as_str().to_owned(), format!("{} {}", one.code.as_str(), one.title)));
    let requirements = Dimension::new("requirement", "Requirement", pairs).map_err(table_fault)?;
    let decisions = counts
        .for_publication(population, requirements, rules)
        .map_err(|e| Error::internal("failed to protect what became of claims in review", e))?;
    let entry = TableEntry {
        name: "claims-after-review".to_owned(),
        about: "Whether the central review found answers as the organisations had claimed them. Small figures are \
                suppressed, and others with them so that they cannot be worked out."
            .to_owned(),
        protected: true,
        table: explained(decisions.published()),
    };
    Ok(Some((entry, decisions)))
}
