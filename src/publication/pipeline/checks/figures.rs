//! Whether the figures that a text names stand in the tables, so that a number typed wrong is noticed.

use std::collections::BTreeSet;

use super::Found;
use crate::publication::document::Document;
use crate::statistics::Figure;

/// Years are no figures of a table.
const YEARS: std::ops::RangeInclusive<u64> = 1990..=2100;

/// The check.
pub(super) fn check(document: &Document, commentary: &str) -> Found {
    let known = known(document);
    let named = figures_in(commentary);
    let unknown: Vec<&String> =
        named.iter().filter(|figure| !known.contains(*figure) && !is_label(figure, document)).collect();
    if unknown.is_empty() {
        return Found::Nothing(format!("{} figures were looked up.", named.len()));
    }
    let list = unknown.into_iter().cloned().collect::<Vec<_>>().join(", ");
    Found::Strange(format!("The text names figures that stand in no table: {list}."))
}

/// Every figure that the release shows, as text without separators of thousands.
fn known(document: &Document) -> BTreeSet<String> {
    let mut known: BTreeSet<String> =
        document.headline.measures().into_iter().map(|(_, count)| count.to_string()).collect();
    for share in [&document.headline.published_share, &document.headline.meeting_share].into_iter().flatten()
    {
        known.insert(share.trim_end_matches(".0").to_owned());
        known.insert(share.clone());
    }
    if let Some(change) = &document.change {
        let counts = [
            change.matched,
            change.improved,
            change.unchanged,
            change.worsened,
            change.not_comparable,
            change.joined,
            change.left,
            change.merged,
            change.formed,
        ];
        known.extend(counts.map(|count| count.to_string()));
    }
    for entry in &document.tables {
        let table = &entry.table;
        let all =
            table.cells.iter().chain(&table.row_totals).chain(&table.column_totals).chain([&table.total]);
        known.extend(all.flatten().map(ToString::to_string));
    }
    for entry in &document.measures {
        for figure in entry.table.figures.iter().filter_map(Figure::value) {
            known.insert(figure.trim_end_matches(".0").to_owned());
            known.insert(figure.to_owned());
        }
    }
    known
}

fn is_label(figure: &str, document: &Document) -> bool {
    figure.parse::<u64>().is_ok_and(|number| YEARS.contains(&number) || number < 10)
        || document.edition.split('/').any(|part| part == figure)
}

/// Numbers in a text: digits with separators of thousands, and decimals. Those inside a word, such as a code, are none.
fn figures_in(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, ',' | '.' | '/' | '-');
    let words = text.split(|c: char| !is_part(c)).map(|word| word.trim_matches([',', '.', '/', '-']));
    words
        .flat_map(|word| word.split(['/', '-']))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(|word| word.replace(',', ""))
        .filter(|word| word.chars().all(|c| c.is_ascii_digit() || c == '.'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::figures_in;

    #[test]
    fn figures_are_found_in_a_sentence() {
        let text = "Of 64,201 organisations, 68.2% met the standard in 2021/22 (code 1-101, ZZ001): 43,785.";
        assert_eq!(figures_in(text), ["64201", "68.2", "2021", "22", "1", "101", "43785"]);
        assert!(figures_in("None at all. Not one.").is_empty());
    }
}
