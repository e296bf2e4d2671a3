//! Cohen's kappa, plain (J. Cohen, 1960) and weighted (J. Cohen, 1968), with the large-sample standard error of J. L.
//! Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin
//! 72 (1969), 323-327, their formula for kappa that is not zero.
//!
//! With proportions p(i,j), margins r(i) and c(j), and weights w(i,j) that are 1 where the two agree:
//!
//! ```text
//! observed = sum w(i,j) p(i,j)      expected = sum w(i,j) r(i) c(j)
//! kappa    = (observed - expected) / (1 - expected)
//! u(i) = sum over j of w(i,j) c(j)      v(j) = sum over i of w(i,j) r(i)
//! variance = ( sum p(i,j) (w(i,j) - (u(i) + v(j)) (1 - kappa))^2 - (kappa - expected (1 - kappa))^2 )
//!            / ( n (1 - expected)^2 )
//! ```
//!
//! The interval is kappa plus and minus 1.959964 standard errors, held within -1 and 1.

use rust_decimal::Decimal;

use super::table::AgreementTable;
use crate::statistics::estimators::ratio;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How much of an agreement it is when two scores are so far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// None, unless they are the same: plain kappa.
    Same,
    /// Less by equal steps: `1 - |i - j| / (k - 1)`.
    Linear,
    /// Less by the square of the distance: `1 - (i - j)^2 / (k - 1)^2`.
    Quadratic,
}

impl Weights {
    /// The weight of a pair of categories of `categories`, as numerator and denominator.
    fn of(self, categories: usize, first: usize, second: usize) -> (i128, i128) {
        let widest = i128::try_from(categories.saturating_sub(1)).unwrap_or(i128::MAX);
        let apart = i128::try_from(first.abs_diff(second)).unwrap_or(i128::MAX);
        match self {
            Self::Same => (i128::from(first == second), 1),
            Self::Linear => (widest - apart, widest),
            Self::Quadratic => (widest * widest - apart * apart, widest * widest),
        }
    }
}

/// Why there is no kappa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undefined {
    /// Nothing was scored twice.
    #[error("nothing was scored twice")]
    NoCases,
    /// Both put every case into one and the same category: chance alone gives complete agreement, and 0 is divided by 0.
    #[error("both gave every answer the same status, so agreement cannot be told from chance")]
    OneCategory,
}

/// An estimate of kappa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// The exact value is this over `denominator`.
    numerator: i128,
    denominator: i128,
    /// In double precision; the terms are sums of at most a hundred numbers below 1, so it is right to about 12 digits.
    standard_error: f64,
    of: u64,
}

impl Kappa {
    pub(super) fn of(table: &AgreementTable, weights: Weights) -> Result<Self, Undefined> {
        let (categories, total) = (table.categories(), table.total());
        if total == 0 {
            return Err(Undefined::NoCases);
        }
        let (_, scale) = weights.of(categories, 0, 0);
        let weight = |first, second| weights.of(categories, first, second).0;
        let (rows, columns) = (table.firsts(), table.seconds());
        let n = i128::from(total);
        let observed: i128 =
            table.cells().map(|(first, second, count)| weight(first, second) * i128::from(count)).sum();
        let mut expected = 0;
        for (first, row) in rows.iter().enumerate() {
            for (second, column) in columns.iter().enumerate() {
                expected += weight(first, second) * i128::from(*row) * i128::from(*column);
            }
        }
        let denominator = scale * n * n - expected;
        if denominator == 0 {
            return Err(Undefined::OneCategory);
        }
        let numerator = n * observed - expected;
        let value = quotient(numerator, denominator);
        let share = quotient(expected, scale * n * n);
        let standard_error = standard_error(table, weights, value, share);
        Ok(Self { numerator, denominator, standard_error, of: total })
    }

    /// The estimate, rounded half to even from the exact ratio.
    #[must_use]
    pub fn rounded(&self, places: u32) -> Decimal {
        ratio(self.numerator, self.denominator, places).unwrap_or_default()
    }

    /// The estimate as numerator and denominator.
    #[must_use]
    pub const fn exact(&self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// The estimate in double precision.
    #[must_use]
    pub fn value(&self) -> f64 {
        quotient(self.numerator, self.denominator)
    }

    /// The large-sample standard error.
    #[must_use]
    pub const fn standard_error(&self) -> f64 {
        self.standard_error
    }

    /// The bounds of the 95 % interval.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        let half = Z * self.standard_error;
        ((self.value() - half).clamp(-1.0, 1.0), (self.value() + half).clamp(-1.0, 1.0))
    }

    /// The bounds as text with so many decimals.
    #[must_use]
    pub fn bounds(&self, places: usize) -> (String, String) {
        let (low, high) = self.interval();
        (shown(low, places), shown(high, places))
    }

    /// How many cases it rests on.
    #[must_use]
    pub const fn cases(&self) -> u64 {
        self.of
    }
}

/// A number without a negative nought.
fn shown(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

fn quotient(numerator: i128, denominator: i128) -> f64 {
    numerator as f64 / denominator as f64
}

fn standard_error(table: &AgreementTable, weights: Weights, kappa: f64, expected: f64) -> f64 {
    let categories = table.categories();
    let n = table.total() as f64;
    let weight = |first, second| {
        let (numerator, denominator) = weights.of(categories, first, second);
        quotient(numerator, denominator)
    };
    let shares = |counts: Vec<u64>| -> Vec<f64> { counts.iter().map(|count| *count as f64 / n).collect() };
    let (rows, columns) = (shares(table.firsts()), shares(table.seconds()));
    let mean_of_row = |first: usize| -> f64 {
        columns.iter().enumerate().map(|(second, share)| weight(first, second) * share).sum()
    };
    let mean_of_column = |second: usize| -> f64 {
        rows.iter().enumerate().map(|(first, share)| weight(first, second) * share).sum()
    };
    let spread: f64 = table
        .cells()
        .filter(|(.., count)| *count > 0)
        .map(|(first, second, count)| {
            let away = weight(first, second) - (mean_of_row(first) + mean_of_column(second)) * (1.0 - kappa);
            count as f64 / n * away * away
        })
        .sum();
    let centre = kappa - expected * (1.0 - kappa);
    let left = 1.0 - expected;
    // Complete agreement leaves a variance of nought, which rounding can turn slightly negative.
    ((spread - centre * centre).max(0.0) / (n * left * left)).sqrt()
}
