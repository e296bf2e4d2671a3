//! Tables without columns that say nothing: a column stays only where some row has something in it.

use super::parts::Cell;

/// The heads and rows without the columns in which every row is empty. Without any row all columns stay.
#[must_use]
pub fn filled_columns(
    head: &[&'static str],
    mut rows: Vec<Vec<Cell>>,
) -> (Vec<&'static str>, Vec<Vec<Cell>>) {
    let says = |column: usize| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
    let kept: Vec<bool> = (0..head.len()).map(|column| rows.is_empty() || says(column)).collect();
    for row in &mut rows {
        let mut column = kept.iter();
        row.retain(|_| column.next().copied().unwrap_or(true));
    }
    let head = head.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(words, _)| *words).collect();
    (head, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_say_something_stay() {
        let row = |cells: [&str; 3]| cells.map(Cell::text).to_vec();
        let head = ["What", "Result", "Remark"];
        let (none, rows) = filled_columns(&head, vec![row(["a", "1", ""]), row(["b", "2", ""])]);
        assert_eq!(none, ["What", "Result"]);
        assert!(rows.iter().all(|row| row.len() == 2));
        let (some, rows) = filled_columns(&head, vec![row(["a", "1", ""]), row(["b", "2", "Well done"])]);
        assert_eq!((some.len(), rows), (3, vec![row(["a", "1", ""]), row(["b", "2", "Well done"])]));
        assert_eq!(filled_columns(&head, Vec::new()).0, head);
    }
}
