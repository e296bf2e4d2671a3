//! How organisations moved between two years: a table over those present in both, with who joined and who left kept
//! apart, because comparing two different populations would show change that is none.

use std::collections::BTreeMap;

use crate::statistics::table::{CrossTable, Dimension, TableError};

/// An organisation that occurs twice in one year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepeatedOrganisation {
    /// Counting it twice, or keeping either, would be a silent choice.
    #[error("an organisation occurs twice in one year (as {first} and {second})")]
    Repeated {
        /// Its first category.
        first: String,
        /// Its second category.
        second: String,
    },
    /// A category outside the dimension.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Counts of organisations by direction of change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Movement {
    /// Moved to a better category.
    pub improved: u64,
    /// Stayed in the same category, or in one of equal rank.
    pub unchanged: u64,
    /// Moved to a worse category.
    pub worsened: u64,
    /// At least one of the two categories has no rank (for example "not published").
    pub not_comparable: u64,
}

/// Transitions between two years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transitions {
    matched: CrossTable,
    joined: Vec<u64>,
    left: Vec<u64>,
}

impl Transitions {
    /// Matches two years by organisation. `categories` lists every category of either year; the rows of the table are
    /// the earlier year, its columns the later one.
    ///
    /// # Errors
    /// [`RepeatedOrganisation`].
    pub fn between<K: Ord, A: AsRef<str>, B: AsRef<str>>(
        population: impl Into<String>,
        categories: &Dimension,
        earlier: impl IntoIterator<Item = (K, A)>,
        later: impl IntoIterator<Item = (K, B)>,
    ) -> Result<Self, RepeatedOrganisation> {
        let (before, mut after) = (by_organisation(earlier)?, by_organisation(later)?);
        let mut left = vec![0; categories.len()];
        let mut joined = vec![0; categories.len()];
        let mut pairs: Vec<(String, String)> = Vec::with_capacity(before.len());
        for (organisation, was) in before {
            match after.remove(&organisation) {
                Some(is) => pairs.push((was, is)),
                None => add(&mut left, categories, &was)?,
            }
        }
        for is in after.into_values() {
            add(&mut joined, categories, &is)?;
        }
        let year = |name: &str, label: &str| {
            let pairs = categories.categories().iter().map(|one| (one.key.clone(), one.label.clone()));
            Dimension::new(
                format!("{}_{name}", categories.name()),
                format!("{} {label}", categories.label()),
                pairs,
            )
        };
        let (rows, columns) = (year("before", "in the earlier year")?, year("after", "in the later year")?);
        Ok(Self { matched: CrossTable::count(population, rows, columns, pairs)?, joined, left })
    }

    /// The table over organisations present in both years.
    #[must_use]
    pub fn matched(&self) -> &CrossTable {
        &self.matched
    }

    /// How many organisations are in both years: the denominator of every statement about change.
    #[must_use]
    pub fn matched_total(&self) -> u64 {
        self.matched.total()
    }

    /// By category of the later year, organisations that were not there before.
    #[must_use]
    pub fn joined(&self) -> &[u64] {
        &self.joined
    }

    /// By category of the earlier year, organisations that are gone.
    #[must_use]
    pub fn left(&self) -> &[u64] {
        &self.left
    }

    /// Sums up directions; `rank` gives a category's rank (higher is better) or `None` when it has no place in the
    /// order.
    #[must_use]
    pub fn movement(&self, rank: impl Fn(&str) -> Option<i64>) -> Movement {
        let mut movement = Movement::default();
        for (r, was) in self.matched.rows().categories().iter().enumerate() {
            for (is, count) in self.matched.columns().categories().iter().zip(self.matched.row(r)) {
                let place = match (rank(&was.key), rank(&is.key)) {
                    (Some(was), Some(is)) if is > was => &mut movement.improved,
                    (Some(was), Some(is)) if is < was => &mut movement.worsened,
                    (Some(_), Some(_)) => &mut movement.unchanged,
                    _ => &mut movement.not_comparable,
                };
                *place += count;
            }
        }
        movement
    }
}

fn by_organisation<K: Ord, C: AsRef<str>>(
    records: impl IntoIterator<Item = (K, C)>,
) -> Result<BTreeMap<K, String>, RepeatedOrganisation> {
    let mut found = BTreeMap::new();
    for (organisation, category) in records {
        let second = category.as_ref().to_owned();
        if let Some(first) = found.insert(organisation, second.clone()) {
            return Err(RepeatedOrganisation::Repeated { first, second });
        }
    }
    Ok(found)
}

fn add(counts: &mut [u64], categories: &Dimension, key: &str) -> Result<(), TableError> {
    let count = categories.position(key).and_then(|index| counts.get_mut(index)).ok_or_else(|| {
        TableError::UnknownKey { dimension: categories.name().to_owned(), key: key.to_owned() }
    })?;
    *count += 1;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades() -> Dimension {
        let grades =
            [("exceeded", "Exceeded"), ("met", "Met"), ("not_met", "Not met"), ("none", "Not published")];
        Dimension::new("grade", "Grade", grades).unwrap()
    }

    fn rank(key: &str) -> Option<i64> {
        match key {
            "exceeded" => Some(3),
            "met" => Some(2),
            "not_met" => Some(0),
            _ => None,
        }
    }

    #[test]
    fn only_organisations_of_both_years_are_compared() {
        let earlier = [("A", "met"), ("B", "not_met"), ("C", "met"), ("D", "none"), ("E", "exceeded")];
        let later = [("B", "met"), ("C", "met"), ("D", "met"), ("E", "not_met"), ("F", "none")];
        let change = Transitions::between("2021-22", &grades(), earlier, later).unwrap();
        assert_eq!(change.matched_total(), 4);
        assert_eq!(change.matched().get("not_met", "met"), Some(1));
        assert_eq!((change.left(), change.joined()), (&[0, 1, 0, 0][..], &[0, 0, 0, 1][..]));
        let expected = Movement { improved: 1, unchanged: 1, worsened: 1, not_comparable: 1 };
        assert_eq!(change.movement(rank), expected);
    }

    #[test]
    fn repeated_organisations_and_unknown_grades_are_refused() {
        let twice = Transitions::between("y", &grades(), [("A", "met"), ("A", "none")], [("A", "met")]);
        assert!(matches!(twice, Err(RepeatedOrganisation::Repeated { .. })));
        for (earlier, later) in [(vec![("A", "?")], vec![]), (vec![], vec![("A", "?")])] {
            let unknown = Transitions::between("y", &grades(), earlier, later);
            assert!(matches!(unknown, Err(RepeatedOrganisation::Table(TableError::UnknownKey { .. }))));
        }
    }

    #[test]
    fn two_empty_years_are_a_table_of_zeros() {
        let none: [(&str, &str); 0] = [];
        assert_eq!(Transitions::between("y", &grades(), none, none).unwrap().matched_total(), 0);
    }
}
