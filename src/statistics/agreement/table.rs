//! The table of agreement: how often the first score was this and the second that.

use rust_decimal::Decimal;

use super::FEW;
use super::kappa::{Kappa, Undefined, Weights};
use crate::statistics::estimators::{ProportionInterval, percentage, wilson_95};

/// A square table of counts over ordered categories; rows are the first score, columns the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementTable {
    categories: usize,
    counts: Vec<u64>,
}

impl AgreementTable {
    /// An empty table of so many categories.
    #[must_use]
    pub fn new(categories: usize) -> Self {
        Self { categories, counts: vec![0; categories * categories] }
    }

    /// A table of these rows; `None` when they are not square.
    #[must_use]
    pub fn from_rows(rows: &[&[u64]]) -> Option<Self> {
        rows.iter()
            .all(|row| row.len() == rows.len())
            .then(|| Self { categories: rows.len(), counts: rows.concat() })
    }

    /// Counts so many cases with these scores; false, and nothing counted, for a score outside the categories.
    pub fn add(&mut self, first: usize, second: usize, cases: u64) -> bool {
        if first >= self.categories || second >= self.categories {
            return false;
        }
        match self.counts.get_mut(first * self.categories + second) {
            Some(count) => {
                *count += cases;
                true
            }
            None => false,
        }
    }

    /// How many categories there are.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// The cases scored so; 0 outside.
    #[must_use]
    pub fn at(&self, first: usize, second: usize) -> u64 {
        if second >= self.categories {
            return 0;
        }
        self.counts.get(first * self.categories + second).copied().unwrap_or(0)
    }

    /// Every cell with its place: first score, second score, cases.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
        let categories = self.categories.max(1);
        self.counts.iter().enumerate().map(move |(at, count)| (at / categories, at % categories, *count))
    }

    /// How many cases there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many cases were scored alike.
    #[must_use]
    pub fn agreed(&self) -> u64 {
        self.cells().filter(|(first, second, _)| first == second).map(|(.., count)| count).sum()
    }

    /// Cases by first score.
    #[must_use]
    pub fn firsts(&self) -> Vec<u64> {
        let row = |first| (0..self.categories).map(|second| self.at(first, second)).sum();
        (0..self.categories).map(row).collect()
    }

    /// Cases by second score.
    #[must_use]
    pub fn seconds(&self) -> Vec<u64> {
        let column = |second| (0..self.categories).map(|first| self.at(first, second)).sum();
        (0..self.categories).map(column).collect()
    }

    /// Percent scored alike; none without cases.
    #[must_use]
    pub fn percent(&self, places: u32) -> Option<Decimal> {
        percentage(self.agreed(), self.total(), places)
    }

    /// Percent scored alike with its 95 % Wilson interval.
    #[must_use]
    pub fn percent_interval(&self, places: u32) -> Option<ProportionInterval> {
        wilson_95(self.agreed(), self.total(), places)
    }

    /// Whether there are fewer than [`FEW`] cases.
    #[must_use]
    pub fn is_few(&self) -> bool {
        self.total() < FEW
    }

    /// Kappa under these weights.
    ///
    /// # Errors
    /// [`Undefined`], when chance alone would give complete agreement or there are no cases.
    pub fn kappa(&self, weights: Weights) -> Result<Kappa, Undefined> {
        Kappa::of(self, weights)
    }
}
