//! What can be checked of a table that counts what is not public: that its totals add up, that no group is smaller than the
//! rules allow, and that no withheld figure follows from everything that the table shows.

use super::verified::Mismatch;
use super::worked_out::{WorkedOut, worked_out};
use crate::publication::document::TableEntry;
use crate::statistics::Category;
use crate::statistics::disclosure::DisclosureRules;

/// Everything that does not hold of one table.
pub(super) fn check(entry: &TableEntry, rules: &DisclosureRules) -> Vec<Mismatch> {
    let table = &entry.table;
    let mut found = Vec::new();
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let totals = if table.column_totals.is_empty() { 0 } else { columns };
    if table.cells.len() != rows * columns
        || table.row_totals.len() != rows
        || table.column_totals.len() != totals
    {
        found.push(Mismatch::of(&entry.name, format!("{rows} rows of {columns} figures"), "another shape"));
        return found;
    }
    for (r, row) in table.rows.categories().iter().enumerate() {
        let total = table.row_totals.get(r).copied().flatten();
        found.extend(adds_up(&entry.name, &row.key, "total", table.row(r), total));
        found.extend(keeps_to_rules(entry, &row.key, r, total, rules));
    }
    for (c, column) in table.columns.categories().iter().enumerate().take(totals) {
        let cells: Vec<Option<u64>> = (0..rows).map(|r| table.at(r, c)).collect();
        let total = table.column_totals.get(c).copied().flatten();
        found.extend(adds_up(&entry.name, "total", &column.key, &cells, total));
    }
    if totals > 0 {
        found.extend(adds_up(&entry.name, "total", "total", &table.row_totals, table.total));
    }
    match worked_out(table) {
        Some(all) => found.extend(given_away(entry, &all)),
        // What does not add up is named already.
        None if found.is_empty() => found.push(Mismatch::of(
            &entry.name,
            "figures that some table fits",
            "figures that contradict each other",
        )),
        None => {}
    }
    found
}

/// Withheld figures that follow from what is shown around them. One that stands alone in its row is named with its row.
fn given_away(entry: &TableEntry, all: &[WorkedOut]) -> Vec<Mismatch> {
    let key = |categories: &[Category], place: usize| {
        categories.get(place).map(|category| category.key.clone()).unwrap_or_default()
    };
    let alone = |one: &WorkedOut| all.iter().filter(|other| other.row == one.row).count() == 1;
    let known = all.iter().filter(|one| one.values() == 1 && !alone(one));
    let told = known.map(|one| {
        let (rows, columns) = (entry.table.rows.categories(), entry.table.columns.categories());
        let (row, column) = (key(rows, one.row), key(columns, one.column));
        let expected = "a withheld figure that nobody can work out";
        Mismatch::at(&entry.name, &row, &column, expected, format!("one that must be {}", one.low))
    });
    told.collect()
}

/// Figures and their total: all shown must add up, one withheld alone could be worked out, and more never exceed it.
fn adds_up(
    name: &str,
    row: &str,
    column: &str,
    cells: &[Option<u64>],
    total: Option<u64>,
) -> Option<Mismatch> {
    let sum: u64 = cells.iter().flatten().fold(0, |sum, count| sum.saturating_add(*count));
    let withheld = cells.iter().filter(|cell| cell.is_none()).count();
    match (withheld, total) {
        (0, Some(total)) if sum != total => {
            Some(Mismatch::at(name, row, column, sum.to_string(), total.to_string()))
        }
        (0, None) if !cells.is_empty() => Some(Mismatch::at(
            name,
            row,
            column,
            "a figure withheld beside a withheld total",
            format!("a withheld total that is {sum}"),
        )),
        (1, Some(total)) => Some(Mismatch::at(
            name,
            row,
            column,
            "at least two withheld figures, or none",
            format!("one, which is {}", total.saturating_sub(sum)),
        )),
        (_, Some(total)) if sum > total => {
            Some(Mismatch::at(name, row, column, format!("at most {total} together"), sum.to_string()))
        }
        _ => None,
    }
}

/// The thresholds that can be told from what is shown.
fn keeps_to_rules(
    entry: &TableEntry,
    key: &str,
    row: usize,
    total: Option<u64>,
    rules: &DisclosureRules,
) -> Vec<Mismatch> {
    let Some(total) = total else { return Vec::new() };
    let cells = entry.table.columns.categories().iter().zip(entry.table.row(row));
    cells
        .filter_map(|(column, cell)| {
            let count = (*cell)?;
            if count > total {
                return Some(Mismatch::at(
                    &entry.name,
                    key,
                    &column.key,
                    format!("at most {total}"),
                    count.to_string(),
                ));
            }
            let needed = rules.requirement(total, count)?;
            let rule = format!("withheld ({} among {total})", needed.reason);
            Some(Mismatch::at(&entry.name, key, &column.key, rule, count.to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{CrossTable, Dimension, PublishedTable};

    fn entry(counts: Vec<u64>) -> TableEntry {
        let rows = Dimension::new("requirement", "R", [("a", "A"), ("b", "B")]).unwrap();
        let columns = Dimension::new("level", "L", [("0", "0"), ("1", "1"), ("2", "2")]).unwrap();
        let table = CrossTable::from_counts("p", rows, columns, counts).unwrap();
        TableEntry {
            name: "answers".into(),
            about: String::new(),
            protected: true,
            table: PublishedTable::of_public_facts(&table),
        }
    }

    #[test]
    fn honest_tables_pass_and_each_kind_of_slip_is_named() {
        let rules = DisclosureRules::default();
        let good = entry(vec![40, 30, 50, 100, 200, 300]);
        assert!(check(&good, &rules).is_empty());
        let with = |change: &dyn Fn(&mut PublishedTable)| {
            let mut other = good.clone();
            change(&mut other.table);
            check(&other, &rules)
        };
        let found = with(&|table| table.cells[1] = Some(31));
        assert_eq!((found[0].row.as_str(), found[0].found.as_str()), ("a", "120"));
        let found = with(&|table| table.cells[1] = None);
        assert!(found.iter().any(|one| one.row == "a" && one.found == "one, which is 30"), "{found:?}");
        assert_eq!(with(&|table| table.cells.truncate(2)).len(), 1);
        // Two are withheld, and nothing is left for either.
        let mut none = entry(vec![0, 0, 120, 100, 200, 300]);
        none.table.cells[0] = None;
        none.table.cells[1] = None;
        let found = check(&none, &rules);
        let told = found.iter().filter(|one| one.row == "a" && one.found == "one that must be 0");
        assert_eq!(told.count(), 2, "{found:?}");
        let small = entry(vec![3, 30, 20, 100, 200, 300]);
        assert!(check(&small, &rules)[0].expected.contains("small count"));
        let group = entry(vec![0, 0, 9, 100, 200, 300]);
        assert!(check(&group, &rules)[0].expected.contains("group disclosure among 9"));
        let few = entry(vec![1, 1, 1, 100, 200, 300]);
        assert!(check(&few, &rules).iter().any(|one| one.expected.contains("small group among 3")));
    }
}
