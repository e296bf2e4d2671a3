//! How complete and how certain the newest figures are. Every number is taken from the release's frozen document, so the page
//! says of the figures what they say of themselves.

use super::Issued;
use crate::platform::pages::Link;
use crate::platform::pages::words::number;
use crate::publication::document::{Document, TableEntry};
use crate::publication::pages::{DataQualityPage, QualityRow};
use crate::standards::scoring::GradeKey;
use crate::statistics::estimators::percentage;

/// What became of the figures since.
pub(super) struct Revised {
    /// Notices of corrections of rules that revise them.
    pub notices: Vec<Link>,
    /// How many versions of them are public.
    pub versions: usize,
}

/// The page.
pub(super) fn page((release, document): &Issued, revised: Revised) -> DataQualityPage {
    DataQualityPage {
        release_title: release.title.clone(),
        release_address: release.address(),
        as_at: release.as_at.micros(),
        source: document.source.name.clone(),
        is_collection: document.source.kind == "collection",
        coverage: coverage(document),
        certainty: certainty(document),
        response: document.table("grade-by-sector").map(response).unwrap_or_default(),
        withheld: withheld(document),
        versions: revised.versions as u64,
        notices: revised.notices,
        has_intervals: document.measures.iter().any(|entry| entry.name.starts_with("baseline-")),
        notes: document.notes.clone(),
    }
}

fn row(what: &str, count: u64, of: u64) -> QualityRow {
    QualityRow {
        what: what.to_owned(),
        count: number(count.into()),
        share: percentage(count, of, 1)
            .map_or_else(|| "not applicable".to_owned(), |share| format!("{share:.1}%")),
    }
}

/// Who is counted, and who said nothing.
fn coverage(document: &Document) -> Vec<QualityRow> {
    let headline = &document.headline;
    let all = headline.in_scope;
    let mut rows = vec![
        row("In scope", all, all),
        row("With a published grade, of any edition", headline.published, all),
        row("Without a published grade", all.saturating_sub(headline.published), all),
        row("With a grade of an older edition only", headline.older, all),
        row("With the status of the organisation that took over", headline.inherited, all),
    ];
    let input = |name: &str| document.source.inputs.get(name).copied();
    rows.extend(input("submissions").map(|count| row("Returns that count", count, all)));
    rows.extend(input("without_a_region").map(|count| row("Whose region is not known", count, all)));
    rows
}

/// How final the grades are. Lateness is left out where the source does not tell it.
fn certainty(document: &Document) -> Vec<QualityRow> {
    let headline = &document.headline;
    let published = headline.published;
    let mut rows = vec![
        row(
            "Provisional: the organisation\u{2019}s own claim, not reviewed yet",
            headline.provisional,
            published,
        ),
        row("Provisional: reviewed, and open to challenge", headline.challengeable, published),
    ];
    rows.extend(headline.late.map(|late| row("Filed after the deadline", late, published)));
    rows
}

/// Of each sector, how many published nothing.
fn response(entry: &TableEntry) -> Vec<QualityRow> {
    let table = &entry.table;
    let column = table.columns.position(GradeKey::NotPublished.as_str());
    let sectors = table.rows.categories().iter().enumerate();
    let of_sector = |(place, sector): (usize, &crate::statistics::table::Category)| {
        let all = table.row_totals.get(place).copied().flatten()?;
        // A table without this column has nobody who published nothing.
        let silent = column.map_or(Some(0), |column| table.at(place, column))?;
        (all > 0).then(|| row(&format!("{}, of {}", sector.label, number(all.into())), silent, all))
    };
    sectors.filter_map(of_sector).collect()
}

/// Tables in which figures are withheld: caption and how many.
fn withheld(document: &Document) -> Vec<(String, u64)> {
    let counted = document.tables.iter().map(|entry| (&entry.table.caption, entry.table.withheld()));
    let measured = document.measures.iter().map(|entry| (&entry.table.caption, entry.table.withheld()));
    let all = counted.chain(measured).filter(|(_, count)| *count > 0);
    all.map(|(caption, count)| (caption.clone(), count as u64)).collect()
}
