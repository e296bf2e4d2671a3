//! Item analysis: how hard each requirement is, and how well it tells organisations that do well elsewhere from those that do
//! not. Sums are whole numbers; a correlation is made from them with one integer square root and rounded once.

use rust_decimal::Decimal;

use super::estimators::{percentage, ratio};

/// One in so many is the finest step of the score over the other requirements.
const REST_STEPS: u64 = 10_000;

/// When a requirement is said to contribute little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ItemRules {
    /// A correlation below this, in hundredths, tells organisations hardly apart (the usual mark is 0.20).
    pub least_discrimination: i64,
    /// From this share at the top or at the bottom, in percent, nearly everybody is alike.
    pub nearly_all: u64,
}

impl Default for ItemRules {
    fn default() -> Self {
        Self { least_discrimination: 20, nearly_all: 95 }
    }
}

/// Why a requirement contributes little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContributesLittle {
    /// Nearly everybody has the most.
    NearlyAllAtTop,
    /// Nearly nobody has anything.
    NearlyAllAtBottom,
    /// It goes hardly together with the others.
    TellsLittleApart,
}

impl ContributesLittle {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NearlyAllAtTop => "Nearly all have the most",
            Self::NearlyAllAtBottom => "Nearly all have nothing",
            Self::TellsLittleApart => "Tells organisations hardly apart",
        }
    }
}

/// The sums of one requirement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Item {
    most: u8,
    answered: u64,
    at_top: u64,
    at_bottom: u64,
    sum: u64,
    /// Over those that answered another requirement as well: how many, and sums of the score x, the score over the others
    /// y, their squares and their product.
    paired: u64,
    x: u64,
    y: u64,
    xx: u64,
    yy: u128,
    xy: u128,
}

impl Item {
    /// How many answered it.
    #[must_use]
    pub const fn answered(&self) -> u64 {
        self.answered
    }

    /// How easy it is: the mean score as a percentage of the most.
    #[must_use]
    pub fn facility(&self) -> Option<Decimal> {
        percentage(self.sum, self.answered * u64::from(self.most), 1)
    }

    /// Percent with the most.
    #[must_use]
    pub fn top(&self) -> Option<Decimal> {
        percentage(self.at_top, self.answered, 1)
    }

    /// Percent with nothing.
    #[must_use]
    pub fn bottom(&self) -> Option<Decimal> {
        percentage(self.at_bottom, self.answered, 1)
    }

    /// The corrected item-total correlation: Pearson's between the score and the mean score over the other requirements
    /// (with two possible scores, the point-biserial), to two decimals. None where either is the same for everybody.
    #[must_use]
    pub fn discrimination(&self) -> Option<Decimal> {
        let n = u128::from(self.paired);
        let (x, y) = (u128::from(self.x), u128::from(self.y));
        let across = (n * self.xy).cast_signed() - (x * y).cast_signed();
        let (of_x, of_y) = (n * u128::from(self.xx) - x * x, n * self.yy - y * y);
        // At most (10^6)^2 * 3^2 and (10^6)^2 * 10^8 for a million organisations; the root keeps three more digits.
        let product = of_x.checked_mul(of_y)?;
        if product == 0 {
            return None;
        }
        let (scaled, digits) = match product.checked_mul(1_000_000) {
            Some(scaled) => (scaled, 1000),
            None => (product, 1),
        };
        let root = i128::try_from(scaled.isqrt()).ok()?;
        ratio(across.checked_mul(digits)?, root, 2)
    }

    /// Whether it contributes little, and why.
    #[must_use]
    pub fn contributes_little(&self, rules: &ItemRules) -> Option<ContributesLittle> {
        let nearly = |count: u64| {
            self.answered > 0
                && u128::from(count) * 100 >= u128::from(self.answered) * u128::from(rules.nearly_all)
        };
        if nearly(self.at_top) {
            return Some(ContributesLittle::NearlyAllAtTop);
        }
        if nearly(self.at_bottom) {
            return Some(ContributesLittle::NearlyAllAtBottom);
        }
        let mark = Decimal::new(rules.least_discrimination, 2);
        self.discrimination().filter(|found| *found < mark).map(|_| ContributesLittle::TellsLittleApart)
    }
}

/// Scores that do not fit the requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a submission has {found} scores where the edition has {expected} requirements")]
pub struct WrongScores {
    /// Scores given.
    pub found: usize,
    /// Requirements.
    pub expected: usize,
}

/// The analysis of one edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemAnalysis {
    most: u8,
    items: Vec<Item>,
}

impl ItemAnalysis {
    /// Nothing counted yet, for so many requirements that are each scored from 0 to `most`.
    #[must_use]
    pub fn new(requirements: usize, most: u8) -> Self {
        Self { most, items: vec![Item { most, ..Item::default() }; requirements] }
    }

    /// Counts one organisation: a score for each requirement, none where it was not asked, not relevant or not answered.
    /// Scores above the most count as the most.
    ///
    /// # Errors
    /// [`WrongScores`]; nothing is then counted.
    pub fn add(&mut self, scores: &[Option<u8>]) -> Result<(), WrongScores> {
        let (found, expected) = (scores.len(), self.items.len());
        if found != expected {
            return Err(WrongScores { found, expected });
        }
        let most = self.most;
        let scored = |score: &u8| u64::from((*score).min(most));
        let (sum, count) =
            scores.iter().flatten().fold((0, 0), |(sum, count), score| (sum + scored(score), count + 1));
        for (item, score) in self.items.iter_mut().zip(scores) {
            let Some(score) = score.as_ref().map(scored) else { continue };
            item.answered += 1;
            item.sum += score;
            item.at_top += u64::from(score == u64::from(most));
            item.at_bottom += u64::from(score == 0);
            let possible = (count - 1) * u64::from(most);
            if possible == 0 {
                continue;
            }
            // To the nearest step, halves up.
            let rest = ((sum - score) * REST_STEPS * 2 + possible) / (2 * possible);
            item.paired += 1;
            item.x += score;
            item.y += rest;
            item.xx += score * score;
            item.yy += u128::from(rest) * u128::from(rest);
            item.xy += u128::from(score) * u128::from(rest);
        }
        Ok(())
    }

    /// By requirement, in edition order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn analysed(most: u8, rows: &[Vec<Option<u8>>]) -> ItemAnalysis {
        let mut found = ItemAnalysis::new(rows.first().map_or(0, Vec::len), most);
        for row in rows {
            found.add(row).unwrap();
        }
        found
    }

    fn all(rows: &[[u8; 5]]) -> Vec<Vec<Option<u8>>> {
        rows.iter().map(|row| row.iter().map(|score| Some(*score)).collect()).collect()
    }

    const SCORES: [[u8; 5]; 10] = [
        [3, 2, 3, 1, 0],
        [2, 2, 2, 1, 3],
        [3, 3, 3, 2, 0],
        [1, 0, 1, 0, 3],
        [0, 1, 0, 0, 2],
        [3, 3, 2, 3, 1],
        [2, 1, 2, 0, 3],
        [1, 1, 0, 0, 3],
        [3, 2, 3, 2, 1],
        [2, 3, 3, 1, 0],
    ];

    // X = numpy.array(SCORES); [X[:, j].mean() / 3 * 100 for j in range(5)]
    // [numpy.corrcoef(X[:, j], numpy.delete(X, j, 1).sum(1))[0, 1] for j in range(5)]
    #[test]
    fn numpys_correlations_come_out() {
        let found = analysed(3, &all(&SCORES));
        let shown =
            |figure: Option<Decimal>| figure.map_or_else(|| "none".to_owned(), |figure| figure.to_string());
        let facilities: Vec<String> = found.items().iter().map(|item| shown(item.facility())).collect();
        assert_eq!(facilities, ["66.7", "60.0", "63.3", "33.3", "53.3"]);
        let correlations: Vec<String> =
            found.items().iter().map(|item| shown(item.discrimination())).collect();
        assert_eq!(correlations, ["0.87", "0.62", "0.63", "0.73", "-0.76"]);
        let little: Vec<bool> = found
            .items()
            .iter()
            .map(|item| item.contributes_little(&ItemRules::default()).is_some())
            .collect();
        assert_eq!(little, [false, false, false, false, true]);
    }

    #[test]
    fn what_is_alike_for_everybody_has_no_correlation() {
        let rows = vec![
            vec![Some(1), Some(1), Some(0)],
            vec![Some(1), Some(0), Some(0)],
            vec![Some(1), None, Some(0)],
        ];
        let found = analysed(1, &rows);
        let little: Vec<_> =
            found.items().iter().map(|item| item.contributes_little(&ItemRules::default())).collect();
        let (top, bottom) = (ContributesLittle::NearlyAllAtTop, ContributesLittle::NearlyAllAtBottom);
        assert_eq!(little, [Some(top), None, Some(bottom)]);
        assert!(found.items().iter().all(|item| item.discrimination().is_none()));
        assert_eq!(found.items()[1].answered(), 2);
        assert_eq!(found.items()[0].top().unwrap().to_string(), "100.0");
    }

    #[test]
    fn a_single_answer_pairs_with_nothing_and_a_wrong_length_is_refused() {
        let mut found = ItemAnalysis::new(2, 3);
        found.add(&[Some(3), None]).unwrap();
        assert_eq!(found.items()[0].paired, 0);
        assert_eq!(found.add(&[Some(3)]), Err(WrongScores { found: 1, expected: 2 }));
        assert_eq!(found.items()[0].answered(), 1);
    }

    proptest! {
        #[test]
        fn correlations_are_those_of_a_plain_calculation(
            rows in proptest::collection::vec(proptest::collection::vec(proptest::option::weighted(0.9, 0_u8..=3), 6), 2..80),
        ) {
            let found = analysed(3, &rows);
            for (at, item) in found.items().iter().enumerate() {
                let pairs: Vec<(f64, f64)> = rows
                    .iter()
                    .filter_map(|row| {
                        let others: Vec<f64> = row
                            .iter()
                            .enumerate()
                            .filter(|(other, _)| *other != at)
                            .filter_map(|(_, score)| score.map(f64::from))
                            .collect();
                        let rest = 10_000.0 * others.iter().sum::<f64>() / (3.0 * others.len() as f64);
                        row[at].filter(|_| !others.is_empty()).map(|score| (f64::from(score), rest.round()))
                    })
                    .collect();
                let n = pairs.len() as f64;
                let mean = |part: fn(&(f64, f64)) -> f64| pairs.iter().map(part).sum::<f64>() / n;
                let (mx, my) = (mean(|pair| pair.0), mean(|pair| pair.1));
                let sum = |part: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(part).sum::<f64>();
                let (vx, vy) = (sum(&|p| (p.0 - mx).powi(2)), sum(&|p| (p.1 - my).powi(2)));
                let plain = sum(&|p| (p.0 - mx) * (p.1 - my)) / (vx * vy).sqrt();
                match item.discrimination() {
                    Some(ours) => {
                        let ours: f64 = ours.to_string().parse().unwrap();
                        prop_assert!((ours - plain).abs() < 0.005_01, "{ours} {plain}");
                        prop_assert!((-1.0..=1.0).contains(&ours));
                    }
                    None => prop_assert!(pairs.is_empty() || vx < 1e-6 || vy < 1e-6, "{plain}"),
                }
            }
        }
    }
}
