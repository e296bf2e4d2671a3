//! A published table as a list of single figures, each with its denominator and its status; totals included.

use crate::statistics::PublishedTable;
use crate::statistics::estimators::percentage;

/// The key and label of a margin.
const TOTAL: (&str, &str) = ("total", "Total");

/// Why a figure is there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationStatus {
    /// It is there.
    Normal,
    /// It is there, and part of it is not final: not reviewed, or decided and open to challenge.
    Provisional,
    /// It is withheld so that nothing can be learnt about a single organisation.
    Confidential,
}

impl ObservationStatus {
    /// The word in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Provisional => "provisional",
            Self::Confidential => "confidential",
        }
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Observation<'a> {
    /// The group's key.
    pub row: &'a str,
    /// The group in words.
    pub row_label: &'a str,
    /// The category's key.
    pub column: &'a str,
    /// The category in words.
    pub column_label: &'a str,
    /// The number of organisations; none when withheld.
    pub count: Option<u64>,
    /// The group's size.
    pub denominator: Option<u64>,
    /// `count` of `denominator` with one decimal place; none without either.
    pub percentage: Option<String>,
    /// See [`ObservationStatus`].
    pub status: ObservationStatus,
}

/// Every figure, row by row, margins last.
pub fn observations(table: &PublishedTable, provisional: bool) -> Vec<Observation<'_>> {
    let rows = table.rows.categories().iter().enumerate().map(|(r, row)| {
        let total = table.row_totals.get(r).copied().flatten();
        ((row.key.as_str(), row.label.as_str()), table.row(r).to_vec(), total)
    });
    let margin = (!table.column_totals.is_empty()).then(|| (TOTAL, table.column_totals.clone(), table.total));
    rows.chain(margin)
        .flat_map(|((key, label), counts, total)| {
            let columns = table
                .columns
                .categories()
                .iter()
                .map(|column| (column.key.as_str(), column.label.as_str()))
                .chain([TOTAL]);
            columns.zip(counts.into_iter().chain([total])).map(move |(column, count)| Observation {
                row: key,
                row_label: label,
                column: column.0,
                column_label: column.1,
                count,
                denominator: total,
                percentage: count
                    .zip(total)
                    .and_then(|(count, of)| percentage(count, of, 1))
                    .map(|percent| percent.to_string()),
                status: match count {
                    None => ObservationStatus::Confidential,
                    Some(_) if provisional => ObservationStatus::Provisional,
                    Some(_) => ObservationStatus::Normal,
                },
            })
        })
        .collect()
}
