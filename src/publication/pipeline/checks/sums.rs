//! Whether the figures of each table add up to its totals, and the totals to the release's denominator.

use super::{Found, has_both_margins};
use crate::publication::document::{Document, TableEntry};

/// Tables that count every organisation in scope once.
const OF_EVERYBODY: [&str; 9] = [
    "standing-by-sector",
    "grade-by-sector",
    "grade-by-region",
    "grade-by-own-sector",
    "grade-by-edition",
    "edition-by-sector",
    "late-by-sector",
    "late-by-region",
    "review-by-sector",
];

/// The check.
pub(super) fn check(document: &Document) -> Found {
    for entry in &document.tables {
        if let Some(what) = wrong(entry) {
            return Found::Wrong(format!("In \u{201c}{}\u{201d} {what}.", entry.table.caption));
        }
        let of_everybody = OF_EVERYBODY.contains(&entry.name.as_str());
        if of_everybody && entry.table.total != Some(document.headline.in_scope) {
            return Found::Wrong(format!(
                "\u{201c}{}\u{201d} counts {} organisations, and {} are in scope.",
                entry.table.caption,
                entry.table.total.unwrap_or_default(),
                document.headline.in_scope
            ));
        }
    }
    let headline = &document.headline;
    let parts = [
        headline.published,
        headline.meeting,
        headline.older,
        headline.inherited,
        headline.provisional,
        headline.challengeable,
    ];
    if parts.into_iter().chain(headline.late).any(|part| part > headline.in_scope) {
        return Found::Wrong("A headline figure is larger than its denominator.".to_owned());
    }
    Found::Nothing(format!("{} tables were added up again.", document.tables.len()))
}

/// What does not add up. Sums over a withheld figure prove nothing but an upper bound.
fn wrong(entry: &TableEntry) -> Option<String> {
    let table = &entry.table;
    for row in 0..table.rows.len() {
        if !adds_up(table.row(row).iter().copied(), table.row_totals.get(row).copied().flatten()) {
            return Some(format!("row {} does not add up to its total", row + 1));
        }
    }
    if !has_both_margins(entry) {
        return None;
    }
    for column in 0..table.columns.len() {
        let cells = (0..table.rows.len()).map(|row| table.at(row, column));
        if !adds_up(cells, table.column_totals.get(column).copied().flatten()) {
            return Some(format!("column {} does not add up to its total", column + 1));
        }
    }
    if !adds_up(table.row_totals.iter().copied(), table.total) {
        return Some("the totals of the rows do not add up".to_owned());
    }
    (!adds_up(table.column_totals.iter().copied(), table.total))
        .then(|| "the totals of the columns do not add up".to_owned())
}

/// Whether parts come to a total; where one is withheld, whether they leave room for it.
fn adds_up(parts: impl Iterator<Item = Option<u64>>, total: Option<u64>) -> bool {
    let Some(total) = total else { return true };
    let (mut sum, mut withheld) = (0_u64, false);
    for part in parts {
        match part {
            Some(part) => sum = sum.saturating_add(part),
            None => withheld = true,
        }
    }
    sum == total || (withheld && sum < total)
}

#[cfg(test)]
mod tests {
    use super::adds_up;

    #[test]
    fn parts_come_to_the_total_or_leave_room_for_what_is_withheld() {
        let total = |parts: &[Option<u64>], total| adds_up(parts.iter().copied(), total);
        assert!(total(&[Some(1), Some(2)], Some(3)));
        assert!(!total(&[Some(1), Some(2)], Some(4)));
        assert!(total(&[Some(1), None], Some(4)));
        assert!(!total(&[Some(5), None], Some(4)));
        assert!(total(&[Some(5)], None));
        assert!(total(&[], Some(0)));
    }
}
