//! One organisation's line in a release, from whichever source, and what follows from it.

use super::release::edition_year;
use crate::platform::clock::Day;
use crate::platform::ids::OrganisationId;
use crate::standards::SectorKey;
use crate::standards::scoring::GradeKey;

/// What a release says about one organisation. Every field is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name at the time.
    pub name: String,
    /// Its sector.
    pub sector: SectorKey,
    /// Its region's code, where known.
    pub region: Option<String>,
    /// The grade that was published under its own name, of whatever edition.
    pub grade: GradeKey,
    /// The words that were used for it then.
    pub label: String,
    /// The edition of that grade; empty when nothing was published.
    pub edition: String,
    /// The day it was published or submitted.
    pub published_on: Option<Day>,
    /// Whether it was submitted after its deadline.
    pub late: bool,
    /// Whether the grade is the organisation's own claim, not yet reviewed.
    pub provisional: bool,
    /// Whether the grade was decided in review and can still be challenged, or is being challenged: provisional as well.
    pub challengeable: bool,
    /// The grade that counts now: its own of a current edition, else its successor's, else not published.
    pub standing: GradeKey,
    /// The code of the successor whose status it inherits.
    pub inherited_from: Option<String>,
    /// The name of the head office that submitted for it; none where it submitted itself.
    pub filed_by: Option<String>,
}

impl Record {
    /// Whether a grade was published under its own name.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.grade != GradeKey::NotPublished
    }

    /// Whether its own grade is of an edition before the current one.
    #[must_use]
    pub fn is_stale(&self, current: &str) -> bool {
        self.is_published() && edition_year(&self.edition) < edition_year(current)
    }

    /// The word that data files use for how certain the line is.
    #[must_use]
    pub fn observation_status(&self) -> &'static str {
        match self {
            _ if !self.is_published() => "not_published",
            Self { provisional: true, .. } => "provisional",
            Self { challengeable: true, .. } => "open_to_challenge",
            Self { late: true, .. } => "late",
            _ => "normal",
        }
    }

    /// Whether the grade that counts now meets the standard.
    #[must_use]
    pub fn meets(&self) -> bool {
        meets(self.standing)
    }
}

/// Whether a grade meets the standard of its scheme.
#[must_use]
pub fn meets(grade: GradeKey) -> bool {
    grade.rank() >= GradeKey::StandardsMet.rank()
}

/// The edition that most organisations published for; among equals the later one. Empty when nobody published.
#[must_use]
pub fn usual_edition(records: &[Record]) -> String {
    let mut counts: std::collections::BTreeMap<(u32, &str), usize> = std::collections::BTreeMap::new();
    for record in records.iter().filter(|record| record.is_published()) {
        *counts.entry((edition_year(&record.edition), record.edition.as_str())).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|((year, label), count)| (*count, *year, (*label).to_owned()));
    most.map(|((_, label), _)| label.to_owned()).unwrap_or_default()
}
