//! Kappa against figures that others have printed, against an independent calculation with fractions, and against
//! what repeated sampling says of its interval.

use proptest::prelude::*;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use super::{AgreementTable, Undefined, Weights};

fn table(rows: &[&[u64]]) -> AgreementTable {
    AgreementTable::from_rows(rows).unwrap()
}

/// Estimate, standard error, lower and upper bound agree with what was printed with so many decimals.
#[track_caller]
fn printed(rows: &[&[u64]], weights: Weights, figures: [f64; 4], places: i32) {
    let found = table(rows).kappa(weights).unwrap();
    let (low, high) = found.interval();
    // Half a unit of the last printed place, and a little for the printing program's own rounding.
    let unit = 0.51 * 10_f64.powi(-places);
    for (ours, theirs) in [found.value(), found.standard_error(), low, high].into_iter().zip(figures) {
        assert!((ours - theirs).abs() <= unit, "{weights:?}: {ours}, printed {theirs}");
    }
}

/// The textbook case of 50 grant proposals read by two readers, 20 and 15 of them judged alike: 0.7 observed, 0.5 by
/// chance, kappa exactly two fifths.
#[test]
fn fifty_grant_proposals() {
    let proposals = table(&[&[20, 5], &[10, 15]]);
    assert_eq!(proposals.percent(1).unwrap().to_string(), "70.0");
    let (numerator, denominator) = proposals.kappa(Weights::Same).unwrap().exact();
    assert_eq!(numerator * 5, denominator * 2);
    for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
        // With two categories there is only one distance.
        assert_eq!(proposals.kappa(weights).unwrap().rounded(6).to_string(), "0.400000");
    }
}

/// Data `SexualFun` of the R package vcd, whose documentation prints `Kappa(SexualFun)` with its confidence limits.
#[test]
fn ninety_one_married_couples() {
    let rows: [&[u64]; 4] = [&[7, 7, 2, 3], &[2, 8, 3, 7], &[1, 5, 4, 9], &[2, 8, 9, 14]];
    printed(&rows, Weights::Same, [0.1293, 0.0686, -0.0051, 0.2638], 4);
    printed(&rows, Weights::Linear, [0.2374, 0.0783, 0.0839, 0.3909], 4);
}

/// SAS's FREQ procedure on the table that the tests of statsmodels quote with its printout.
#[test]
fn nineteen_cases_with_empty_cells() {
    let rows: [&[u64]; 3] = [&[0, 4, 1], &[0, 8, 0], &[0, 1, 5]];
    printed(&rows, Weights::Same, [0.4842, 0.1380, 0.2137, 0.7547], 4);
    printed(&rows, Weights::Linear, [0.4701, 0.1457, 0.1845, 0.7558], 4);
}

/// J. Uebersax's SAS example, quoted with its printout in the sandbox of statsmodels: the first never uses one category.
#[test]
fn seventy_two_cases_with_an_empty_row() {
    let rows: [&[u64]; 3] = [&[0, 0, 0], &[5, 16, 3], &[8, 12, 28]];
    printed(&rows, Weights::Same, [0.3333, 0.0814, 0.1738, 0.4929], 4);
    printed(&rows, Weights::Linear, [0.2895, 0.0756, 0.1414, 0.4376], 4);
}

/// Cohen's (1968) two hundred psychiatric diagnoses, as the documentation of the R package psych gives them with the
/// value that Cohen reports; and the 1969 paper's table of the same kind, whose kappa is three sevenths.
#[test]
fn two_hundred_psychiatric_diagnoses() {
    let cohen = table(&[&[88, 14, 18], &[10, 40, 10], &[2, 6, 12]]);
    assert_eq!(cohen.kappa(Weights::Same).unwrap().rounded(3).to_string(), "0.492");
    let fleiss = table(&[&[106, 10, 4], &[22, 28, 10], &[2, 12, 6]]);
    let (numerator, denominator) = fleiss.kappa(Weights::Same).unwrap().exact();
    assert_eq!(numerator * 7, denominator * 3);
}

#[test]
fn what_cannot_be_told_is_said() {
    let empty = AgreementTable::new(4);
    assert_eq!(empty.kappa(Weights::Same), Err(Undefined::NoCases));
    assert_eq!(empty.percent(1), None);
    let one = table(&[&[0, 0, 0], &[0, 12, 0], &[0, 0, 0]]);
    for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
        assert_eq!(one.kappa(weights), Err(Undefined::OneCategory));
    }
    assert_eq!(one.percent(1).unwrap().to_string(), "100.0");
    assert_eq!(table(&[&[9]]).kappa(Weights::Linear), Err(Undefined::OneCategory));
    // One of the two never changes his mind: agreement is what chance gives, no more.
    let constant = table(&[&[5, 0], &[7, 0]]);
    assert_eq!(constant.kappa(Weights::Same).unwrap().rounded(2).to_string(), "0.00");
    let perfect = table(&[&[5, 0], &[0, 7]]).kappa(Weights::Quadratic).unwrap();
    assert_eq!(
        (perfect.rounded(2).to_string(), perfect.bounds(2)),
        ("1.00".into(), ("1.00".into(), "1.00".into()))
    );
    let opposed = table(&[&[0, 6], &[6, 0]]).kappa(Weights::Same).unwrap();
    assert_eq!(opposed.rounded(2).to_string(), "-1.00");
    let mut grown = AgreementTable::new(2);
    assert!(grown.add(1, 0, 3) && !grown.add(2, 0, 1) && !grown.add(0, 2, 1));
    assert_eq!((grown.total(), grown.at(1, 0), grown.at(0, 9), grown.is_few()), (3, 3, 0, true));
    assert!(AgreementTable::from_rows(&[&[1, 2], &[3]]).is_none());
}

/// A fraction in lowest terms, for a second opinion that shares nothing with the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(top: i128, bottom: i128) -> Self {
        let (mut a, mut b) = (top.abs(), bottom.abs());
        while b > 0 {
            (a, b) = (b, a % b);
        }
        let sign = if bottom < 0 { -1 } else { 1 };
        Self(sign * top / a.max(1), sign * bottom / a.max(1))
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn times(self, other: Self) -> Self {
        Self::new(self.0 * other.0, self.1 * other.1)
    }
}

/// Kappa by way of disagreements, pair by pair of cases: one minus the mean distance within pairs over the mean distance
/// between every first and every second score.
fn second_opinion(pairs: &[(usize, usize)], power: u32) -> Option<Fraction> {
    let distance = |a: usize, b: usize| match power {
        0 => Fraction::new(i128::from(a != b), 1),
        power => Fraction::new((a.abs_diff(b) as i128).pow(power), 1),
    };
    let n = pairs.len() as i128;
    let none = Fraction(0, 1);
    let within = pairs.iter().fold(none, |sum, (a, b)| sum.plus(distance(*a, *b)));
    let mut between = none;
    for (a, _) in pairs {
        for (_, b) in pairs {
            between = between.plus(distance(*a, *b));
        }
    }
    (between.0 != 0).then(|| {
        let share = within.times(Fraction::new(n * n, n)).times(Fraction::new(between.1, between.0));
        Fraction(1, 1).plus(Fraction::new(-share.0, share.1))
    })
}

proptest! {
    #[test]
    fn kappa_is_the_exact_ratio(
        pairs in proptest::collection::vec((0_usize..4, 0_usize..4), 1..40),
    ) {
        let mut counted = AgreementTable::new(4);
        for (first, second) in &pairs {
            prop_assert!(counted.add(*first, *second, 1));
        }
        for (weights, power) in [(Weights::Same, 0), (Weights::Linear, 1), (Weights::Quadratic, 2)] {
            let ours = counted.kappa(weights).ok().map(|kappa| {
                let (numerator, denominator) = kappa.exact();
                Fraction::new(numerator, denominator)
            });
            prop_assert_eq!(ours, second_opinion(&pairs, power));
        }
    }

    /// Who is called first makes no difference, nor does counting everything three times; that narrows the interval.
    #[test]
    fn turned_around_and_tripled(
        counts in proptest::collection::vec(0_u64..20, 9),
    ) {
        let rows: Vec<&[u64]> = counts.chunks(3).collect();
        let (straight, mut turned, mut tripled) =
            (table(&rows), AgreementTable::new(3), AgreementTable::new(3));
        for (first, second, count) in straight.cells() {
            turned.add(second, first, count);
            tripled.add(first, second, 3 * count);
        }
        for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
            let (Ok(one), Ok(other), Ok(three)) =
                (straight.kappa(weights), turned.kappa(weights), tripled.kappa(weights)) else { continue };
            prop_assert!((one.value() - other.value()).abs() < 1e-12);
            prop_assert!((one.standard_error() - other.standard_error()).abs() < 1e-9);
            prop_assert!((one.value() - three.value()).abs() < 1e-12);
            prop_assert!((one.standard_error() - 3_f64.sqrt() * three.standard_error()).abs() < 1e-7);
            let (low, high) = one.interval();
            prop_assert!(low <= one.value() + 1e-12 && one.value() <= high + 1e-12);
        }
    }
}

/// Of two thousand samples drawn from a population whose kappa is known, about 95 in 100 intervals hold it.
#[test]
fn the_interval_holds_the_truth_about_as_often_as_it_says() {
    let population = table(&[&[30, 8, 2], &[6, 20, 6], &[2, 6, 20]]);
    let cumulative: Vec<(u64, (usize, usize))> = population
        .cells()
        .scan(0, |sum, (first, second, count)| {
            *sum += count;
            Some((*sum, (first, second)))
        })
        .collect();
    let mut chance = ChaCha20Rng::seed_from_u64(1969);
    for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
        let truth = population.kappa(weights).unwrap().value();
        let mut held = 0;
        for _ in 0..2_000 {
            let mut sample = AgreementTable::new(3);
            for _ in 0..300 {
                let at = chance.random_range(0..population.total());
                let (_, (first, second)) = cumulative.iter().find(|(upto, _)| at < *upto).unwrap();
                sample.add(*first, *second, 1);
            }
            let (low, high) = sample.kappa(weights).unwrap().interval();
            held += u32::from(low <= truth && truth <= high);
        }
        assert!((1_840..=1_960).contains(&held), "{weights:?}: {held} of 2,000");
    }
}

/// Leaving out one case at a time gives nearly the same standard error.
#[test]
fn the_jackknife_agrees_with_the_formula() {
    let full = table(&[&[7, 7, 2, 3], &[2, 8, 3, 7], &[1, 5, 4, 9], &[2, 8, 9, 14]]);
    for weights in [Weights::Same, Weights::Linear, Weights::Quadratic] {
        let found = full.kappa(weights).unwrap();
        let n = full.total() as f64;
        let mut left_out: Vec<(f64, f64)> = Vec::new();
        for (first, second, count) in full.cells().filter(|(.., count)| *count > 0) {
            let mut fewer = AgreementTable::new(4);
            for (a, b, cases) in full.cells() {
                fewer.add(a, b, cases - u64::from((a, b) == (first, second)));
            }
            left_out.push((fewer.kappa(weights).unwrap().value(), count as f64));
        }
        let mean = left_out.iter().map(|(value, count)| value * count).sum::<f64>() / n;
        let sum: f64 = left_out.iter().map(|(value, count)| (value - mean).powi(2) * count).sum();
        let jackknife = ((n - 1.0) / n * sum).sqrt();
        let apart = (jackknife / found.standard_error() - 1.0).abs();
        assert!(apart < 0.05, "{weights:?}: {jackknife} and {}", found.standard_error());
    }
}
