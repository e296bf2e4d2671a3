//! How answers are distributed, requirement by requirement. These figures are about security, so the whole of
//! disclosure control applies to them.

use std::collections::BTreeMap;

use super::known::{Answered, EarlierAnswers, known_groups};
use crate::platform::error::{Error, Result};
use crate::publication::answers::{Breakdown, Sheet};
use crate::publication::classes::table_fault;
use crate::publication::document::{RequirementSection, TableEntry};
use crate::standards::Edition;
use crate::standards::scoring::{BYTE_NONE, Status};
use crate::statistics::disclosure::{DisclosureRules, Guarded, protect_against};
use crate::statistics::{
    AnswerMatrix, CrossTable, Dimension, GroupedCounts, Grouping, Margins, PublishedTable,
};

/// The submissions that count, for one edition, and what earlier releases showed.
pub struct LevelsInput<'a> {
    /// The release's population, as a stable key.
    pub population: &'a str,
    /// The edition the vectors are of.
    pub edition: &'a Edition,
    /// One submission per organisation that submitted.
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
/// When the table cannot be protected.
pub fn level_distribution(
    population: &str,
    sheet: &Sheet,
    rules: &DisclosureRules,
) -> Result<Option<ProtectedLevels>> {
    if input.answered.is_empty() || input.edition.requirements().is_empty() {
        return Ok(None);
    }
    let fault =
        |e: crate::statistics::MatrixError| Error::internal("failed to count levels by requirement", e);
    let (levels, position_of) = levels_of(input)?;
    let requirements = Dimension::new(
        "requirement",
        "Requirement",
        input
            .edition
            .requirements()
            .iter()
            .map(|one| (one.code.as_str().to_owned(), format!("{} {}", one.code.as_str(), one.title))),
    )
    .map_err(table_fault)?;
    let mut matrix =
        AnswerMatrix::new(requirements.clone(), levels.clone()).with_capacity(input.answered.len());
    for one in input.answered {
        let packed: Vec<u8> =
            one.levels.iter().map(|byte| position_of.get(byte).copied().unwrap_or(u8::MAX)).collect();
        matrix.push(&packed).map_err(fault)?;
    }
    let everybody =
        Dimension::new("all", "All organisations", [("all", "All organisations")]).map_err(table_fault)?;
    let grouping = Grouping::new(everybody, input.answered.iter().map(|_| Some(0))).map_err(fault)?;
    let counted = matrix.count(&grouping).map_err(fault)?;
    let table = answered_only(input.population, &counted, &requirements, &levels)?;
    let bytes = bytes_of(&position_of, table.columns().len());
    let groups = known_groups(input.edition, &bytes, input.answered, input.earlier)?;
    let seen: Vec<PublishedTable> = input.earlier.iter().map(|one| one.table.clone()).collect();
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
    Ok(Some(ProtectedLevels { entry, sections: sections(input.edition), guarded }))
}

/// The byte of each column, in order.
fn bytes_of(position_of: &BTreeMap<u8, u8>, columns: usize) -> Vec<u8> {
    let mut found: Vec<(u8, u8)> = position_of.iter().map(|(byte, place)| (*place, *byte)).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, byte)| byte).take(columns).collect()
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

/// The levels that occur in the edition's scheme, as categories, and the position of each byte.
fn levels_of(input: &LevelsInput<'_>) -> Result<(Dimension, BTreeMap<u8, u8>)> {
    let scheme = input.edition.scheme().kind();
    let most = match input.edition.scheme() {
        crate::standards::Scheme::Levels(levels) => levels.max_level,
        crate::standards::Scheme::Assertions(_) | crate::standards::Scheme::Outcomes {} => 2,
    };
    let mut categories: Vec<(String, String)> = Vec::new();
    let mut position_of = BTreeMap::new();
    // Only an edition with exemptions has the status, so the tables of the others keep their columns.
    let excused = (!input.edition.exemptions().is_empty()).then_some(crate::standards::scoring::BYTE_EXCUSED);
    let bytes = (0..=most).chain([crate::standards::scoring::BYTE_NOT_RELEVANT]).chain(excused);
    for byte in bytes {
        if let Some(status) = Status::from_byte(scheme, byte) {
            position_of.insert(byte, u8::try_from(categories.len()).unwrap_or(u8::MAX));
            categories.push((status.as_str().to_owned(), status.label()));
        }
    }
    position_of.insert(BYTE_NONE, u8::try_from(categories.len()).unwrap_or(u8::MAX));
    categories.push(("none".to_owned(), "No answer or not asked".to_owned()));
    let levels = Dimension::new("level", "Answer", categories).map_err(table_fault)?;
    Ok((levels, position_of))
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
