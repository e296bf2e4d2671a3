//! How answers are distributed, requirement by requirement. These figures are about security, so the whole of
//! disclosure control applies to them.

use super::known::{Answered, EarlierAnswers, known_groups};
use crate::platform::error::{Error, Result};
use crate::publication::answers::{Breakdown, Sheet};
use crate::publication::classes::table_fault;
use crate::publication::document::{RequirementSection, TableEntry};
use crate::standards::Edition;
use crate::statistics::disclosure::{DisclosureRules, Guarded, protect_against};
use crate::statistics::{CrossTable, Dimension, GroupedCounts, Margins, PublishedTable};

/// What readers can hold against the table.
pub struct Against<'a> {
    /// The submissions that are counted, one per organisation, with what is public of each.
    pub answered: &'a [Answered],
    /// Earlier releases that show the same table.
    pub earlier: &'a [EarlierAnswers],
}

/// The protected table with its section list.
pub struct ProtectedLevels {
    /// The public form.
    pub entry: TableEntry,
    /// The sections, in reading order.
    pub sections: Vec<RequirementSection>,
    /// The decisions, for the statistician.
    pub guarded: Guarded,
}

/// Counts levels by requirement and protects the table; none without submissions.
///
/// # Errors
/// When a vector does not fit the edition, or the table cannot be protected.
pub fn level_distribution(
    population: &str,
    sheet: &Sheet,
    against: &Against<'_>,
    rules: &DisclosureRules,
) -> Result<Option<ProtectedLevels>> {
    if sheet.is_empty() {
        return Ok(None);
    }
    let counted = sheet.count(Breakdown::Everybody)?;
    let table = answered_only(population, &counted, sheet.requirements(), sheet.levels())?;
    let groups = known_groups(sheet.edition(), sheet.answer_bytes(), against.answered, against.earlier)?;
    let seen: Vec<PublishedTable> = against.earlier.iter().map(|one| one.table.clone()).collect();
    let guarded = protect_against(table, &seen, &groups, rules)
        .map_err(|e| Error::internal("failed to protect the answers by requirement", e))?;
    let entry = TableEntry {
        name: "answers-by-requirement".to_owned(),
        about: "How far organisations that submitted meet each requirement, after review where there was one. Small \
                figures are suppressed, and others with them so that they cannot be worked out."
            .to_owned(),
        protected: true,
        table: explained(guarded.decisions.published()),
    };
    Ok(Some(ProtectedLevels { entry, sections: sections(sheet.edition()), guarded }))
}

/// A table without a single figure says why, or it would look like a fault.
pub(super) fn explained(mut table: PublishedTable) -> PublishedTable {
    if !table.cells.is_empty() && table.cells.iter().all(Option::is_none) {
        table.notes.push(
            "Every figure of this table is suppressed. With the grades that are public of each organisation, any of them \
             could point to what a few organisations answered."
                .to_owned(),
        );
    }
    table
}

/// The table without those that were not asked or did not answer: the denominator of a requirement is who answered it.
/// Counting the others in would make a requirement that three organisations were asked look like one of a large group.
fn answered_only(
    population: &str,
    counted: &GroupedCounts,
    requirements: &Dimension,
    levels: &Dimension,
) -> Result<CrossTable> {
    let kept = levels.len().saturating_sub(1);
    let shown = levels.categories().iter().take(kept).map(|one| (one.key.clone(), one.label.clone()));
    let shown = Dimension::new(levels.name(), levels.label(), shown).map_err(table_fault)?;
    let counts = (0..requirements.len())
        .flat_map(|requirement| (0..kept).map(move |level| counted.at(0, requirement, level)))
        .collect();
    let table = CrossTable::from_counts(format!("{population}/answers"), requirements.clone(), shown, counts)
        .map_err(table_fault)?;
    Ok(table
        .with_margins(Margins::Rows)
        .with_caption("Answers by requirement")
        .with_note("The total of a row is the number of organisations that answered the requirement."))
}

/// Sections that hold requirements themselves, in reading order.
fn sections(edition: &Edition) -> Vec<RequirementSection> {
    edition
        .sections_with_requirements()
        .filter(|(_, _, own)| !own.is_empty())
        .map(|(_, section, own)| RequirementSection {
            code: section.code.as_str().to_owned(),
            title: section.title.clone(),
            requirements: own.iter().map(|one| one.code.as_str().to_owned()).collect(),
        })
        .collect()
}
