//! What a reader can work out of a table from its totals: the bounds of every withheld figure, tightened sum by sum until
//! nothing moves. A part of its own, which knows nothing of how the table was protected.

use crate::statistics::PublishedTable;

/// The lowest and the highest that a figure can be.
type Bounds = (u64, u64);

/// A sum: the place of its total and those of its parts.
type Sum = (usize, Vec<usize>);

/// More rounds than any table takes whose bounds move by whole sums; one that is made to take longer is left as loose as it
/// is then, which finds less and claims nothing.
const ROUNDS: usize = 200;

/// A withheld figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WorkedOut {
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
    /// The lowest that it can be.
    pub low: u64,
    /// The highest.
    pub high: u64,
}

impl WorkedOut {
    /// How many values it can have.
    pub const fn values(self) -> u64 {
        self.high.saturating_sub(self.low).saturating_add(1)
    }
}

/// Every withheld cell with its bounds; none when no table at all fits what is shown.
pub(super) fn worked_out(table: &PublishedTable) -> Option<Vec<WorkedOut>> {
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let both = !table.column_totals.is_empty();
    let shown = |figure: Option<u64>| figure.map_or((0, u64::MAX), |count| (count, count));
    let mut bounds: Vec<Bounds> = table.cells.iter().copied().map(shown).collect();
    bounds.extend(table.row_totals.iter().copied().map(shown));
    bounds.extend(table.column_totals.iter().copied().map(shown));
    bounds.push(shown(table.total.filter(|_| both)));
    let cells = rows * columns;
    let mut sums: Vec<Sum> =
        (0..rows).map(|row| (cells + row, (row * columns..(row + 1) * columns).collect())).collect();
    if both {
        let column = |at: usize| (0..rows).map(|row| row * columns + at).collect();
        sums.extend((0..columns).map(|at| (cells + rows + at, column(at))));
        let whole = cells + rows + columns;
        sums.push((whole, (cells..cells + rows).collect()));
        sums.push((whole, (cells + rows..whole).collect()));
    }
    for _ in 0..ROUNDS {
        let before = bounds.clone();
        for sum in &sums {
            tighten(&mut bounds, sum)?;
        }
        if bounds == before {
            break;
        }
    }
    let withheld = table.cells.iter().enumerate().filter(|(_, cell)| cell.is_none());
    withheld
        .map(|(place, _)| {
            let (low, high) = bounds.get(place).copied()?;
            Some(WorkedOut { row: place / columns, column: place % columns, low, high })
        })
        .collect()
}

/// Draws the bounds of a total and its parts together; none when they contradict each other.
fn tighten(bounds: &mut [Bounds], (total, parts): &Sum) -> Option<()> {
    let of = |bounds: &[Bounds], place: usize| bounds.get(place).copied().unwrap_or((0, u64::MAX));
    let (mut low, mut high) = (0_u128, 0_u128);
    for place in parts {
        let (least, most) = of(bounds, *place);
        low += u128::from(least);
        high += u128::from(most);
    }
    let (least, most) = of(bounds, *total);
    let (least, most) = (u128::from(least).max(low), u128::from(most).min(high));
    narrow(bounds, *total, least, most)?;
    for place in parts {
        let (own_least, own_most) = of(bounds, *place);
        let others_least = low - u128::from(own_least);
        let others_most = high - u128::from(own_most);
        let most_left = most.checked_sub(others_least)?;
        narrow(
            bounds,
            *place,
            u128::from(own_least).max(least.saturating_sub(others_most)),
            u128::from(own_most).min(most_left),
        )?;
    }
    Some(())
}

fn narrow(bounds: &mut [Bounds], place: usize, low: u128, high: u128) -> Option<()> {
    if low > high {
        return None;
    }
    let whole = |value: u128| u64::try_from(value).unwrap_or(u64::MAX);
    if let Some(known) = bounds.get_mut(place) {
        *known = (whole(low), whole(high));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{CrossTable, Dimension, Margins};

    fn table(margins: Margins, counts: &[u64]) -> PublishedTable {
        let rows = Dimension::new("group", "G", [("a", "A"), ("b", "B"), ("c", "C")]).unwrap();
        let columns = Dimension::new("level", "L", [("0", "0"), ("1", "1"), ("2", "2")]).unwrap();
        let table = CrossTable::from_counts("p", rows, columns, counts.to_vec()).unwrap();
        PublishedTable::of_public_facts(&table.with_margins(margins))
    }

    fn without(mut table: PublishedTable, places: &[usize]) -> PublishedTable {
        for place in places {
            table.cells[*place] = None;
        }
        table
    }

    #[test]
    fn a_row_leaves_what_its_total_leaves() {
        let rows = |counts: &[u64], places: &[usize]| {
            worked_out(&without(table(Margins::Rows, counts), places)).unwrap()
        };
        let counts = [3, 4, 50, 10, 20, 30, 0, 0, 9];
        let found = rows(&counts, &[0, 1]);
        assert_eq!(found.iter().map(|one| (one.low, one.high)).collect::<Vec<_>>(), [(0, 7), (0, 7)]);
        assert_eq!(found[0].values(), 8);
        assert_eq!(rows(&counts, &[]), []);
        // Alone it is what is missing, and two of which nothing is left are none.
        assert_eq!(rows(&counts, &[4])[0].values(), 1);
        assert!(rows(&counts, &[6, 7]).iter().all(|one| (one.low, one.high) == (0, 0)));
    }

    #[test]
    fn columns_give_away_what_rows_alone_do_not() {
        let counts = [3, 4, 50, 10, 20, 30, 5, 6, 9];
        let both = table(Margins::Both, &counts);
        // Two in one row, each alone in its column.
        let found = worked_out(&without(both.clone(), &[0, 1])).unwrap();
        assert_eq!(found.iter().map(|one| (one.low, one.high)).collect::<Vec<_>>(), [(3, 3), (4, 4)]);
        // A rectangle stays open: its rows leave 7 and 30, its columns 13 and 24.
        let found = worked_out(&without(both.clone(), &[0, 1, 3, 4])).unwrap();
        let bounds: Vec<(u64, u64)> = found.iter().map(|one| (one.low, one.high)).collect();
        assert_eq!(bounds, [(0, 7), (0, 7), (6, 13), (17, 24)]);
        let mut hidden = without(both, &[0, 1]);
        hidden.column_totals[0] = None;
        hidden.column_totals[1] = None;
        assert_eq!(worked_out(&hidden).unwrap()[0].values(), 8);
    }

    #[test]
    fn what_contradicts_itself_fits_no_table() {
        let mut wrong = without(table(Margins::Rows, &[3, 4, 50, 10, 20, 30, 5, 6, 9]), &[0, 1]);
        wrong.row_totals[0] = Some(49);
        assert_eq!(worked_out(&wrong), None);
    }
}
