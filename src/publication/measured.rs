//! The tables of measures that rest on answers. They are made after the table of answers is protected, because some of their
//! figures are other ways to write its counts.

use super::answers::Sheet;
use super::baseline;
use super::document::MeasureEntry;
use super::guard::Counting;
use super::tables;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::standing;
use crate::statistics::PublishedTable;

/// Makes them. `shown` is the protected table of answers, where there is one.
///
/// # Errors
/// When the database cannot be asked, or figures do not fit the edition.
pub(super) fn resting_on_answers(
    conn: &mut Conn,
    of: &Counting<'_>,
    sheet: &Sheet,
    shown: Option<&PublishedTable>,
) -> Result<Vec<MeasureEntry>> {
    let scheme = of.answers.edition.scheme();
    let points = of
        .answers
        .answered
        .iter()
        .filter_map(|one| Some((one.organisation, standing::points(&one.levels, scheme)?)))
        .collect();
    let mut made = vec![tables::points_by_sector(of.population, of.records, &points, of.rules)?];
    if let Some(shown) = shown {
        made.extend(tables::requirements_analysed(of.population, sheet, shown, of.rules)?);
    }
    let Some(drawn) = baseline::drawn_of(conn, of.answers.collection)? else { return Ok(made) };
    let responses = baseline::Responses::of(&drawn, of.records)?;
    let [share, mean] =
        baseline::estimates(of.population, &responses, of.records, of.regions, &points, of.rules)?;
    let entry = |name: &str, about: &str, table| MeasureEntry {
        name: name.to_owned(),
        about: about.to_owned(),
        table,
    };
    made.extend([
        entry(
            "baseline-response",
            "How many organisations of each kind were drawn for the baselining sample, and how many responded.",
            baseline::response(of.population, &drawn, &responses)?,
        ),
        entry("baseline-meeting", "What the baselining sample says of all organisations in scope.", share),
        entry("baseline-points", "What the baselining sample says of all organisations in scope.", mean),
    ]);
    Ok(made)
}
