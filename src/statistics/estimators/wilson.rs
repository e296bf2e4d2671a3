//! The Wilson score interval of a proportion, in decimal arithmetic throughout. Method: E. B. Wilson, 1927; method 3
//! in R. G. Newcombe's comparison of 1998, whose printed examples are the tests.

use rust_decimal::Decimal;

use super::percentage::percentage;

/// The 97.5 % point of the normal distribution and its square, times 10^15.
const Z: i64 = 1_959_963_984_540_054;
const Z_SQUARED: i64 = 3_841_458_820_694_124;
const PLACES: u32 = 15;
/// Decimals kept in the square root; its error moves a bound by less than 10^-9.
const ROOT_PLACES: u32 = 9;

/// A percentage with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ProportionInterval {
    /// The plain percentage, the middle of nothing: the interval is not symmetric about it.
    pub percentage: Decimal,
    /// Lower bound in percent.
    pub low: Decimal,
    /// Upper bound in percent.
    pub high: Decimal,
    /// The denominator.
    pub of: u64,
}

/// The 95 % Wilson interval of `count` out of `of`, in percent, rounded half to even at `places` decimals.
/// `None` when `of` is 0, `count` exceeds it, or the numbers are beyond any population (10^9).
#[must_use]
pub fn wilson_95(count: u64, of: u64, places: u32) -> Option<ProportionInterval> {
    if of == 0 || count > of || of > 1_000_000_000 {
        return None;
    }
    let (x, n) = (Decimal::from(count), Decimal::from(of));
    let (z, z_squared) = (Decimal::new(Z, PLACES), Decimal::new(Z_SQUARED, PLACES));
    let middle = x + z_squared / Decimal::TWO;
    let spread = z * root(x * (n - x) / n + z_squared / Decimal::from(4))?;
    let whole = n + z_squared;
    let percent = |bound: Decimal| {
        let bound = (bound / whole).clamp(Decimal::ZERO, Decimal::ONE) * Decimal::ONE_HUNDRED;
        let mut rounded = bound.round_dp(places);
        rounded.rescale(places);
        rounded
    };
    // At the ends the bound is the end itself; the square root's last digit must not show.
    let low = if count == 0 { Decimal::ZERO } else { middle - spread };
    let high = if count == of { whole } else { middle + spread };
    Some(ProportionInterval {
        percentage: percentage(count, of, places)?,
        low: percent(low),
        high: percent(high),
        of,
    })
}

/// Square root of a number from 0 to 10^10, rounded down at [`ROOT_PLACES`] decimals.
fn root(value: Decimal) -> Option<Decimal> {
    let scaled = value.checked_mul(Decimal::from(10_u64.pow(2 * ROOT_PLACES)))?.trunc();
    let mantissa = u128::try_from(scaled.mantissa()).ok()?;
    let integer = mantissa / 10_u128.pow(scaled.scale());
    Decimal::try_from_i128_with_scale(integer.isqrt().cast_signed(), ROOT_PLACES).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(count: u64, of: u64, places: u32) -> (String, String) {
        let interval = wilson_95(count, of, places).unwrap();
        (interval.low.to_string(), interval.high.to_string())
    }

    #[test]
    fn newcombes_printed_examples_come_out() {
        assert_eq!(bounds(81, 263, 2), ("25.53".into(), "36.62".into()));
        assert_eq!(bounds(15, 148, 2), ("6.24".into(), "16.05".into()));
        assert_eq!(bounds(0, 20, 2), ("0.00".into(), "16.11".into()));
        assert_eq!(bounds(1, 29, 2), ("0.61".into(), "17.18".into()));
    }

    #[test]
    fn bounds_mirror_each_other_and_hold_the_estimate() {
        for of in [1, 2, 7, 41, 200, 64_201, 7_000_000] {
            for count in [0, 1, of / 3, of / 2, of - 1, of] {
                let one = wilson_95(count.min(of), of, 6).unwrap();
                let mirrored = wilson_95(of - count.min(of), of, 6).unwrap();
                assert!(one.low <= one.percentage && one.percentage <= one.high, "{one:?}");
                let difference = (Decimal::ONE_HUNDRED - one.low - mirrored.high).abs();
                assert!(difference <= Decimal::new(1, 6), "{one:?} {mirrored:?}");
            }
        }
    }

    #[test]
    fn agrees_with_the_textbook_formula_in_floating_point() {
        let z = 1.959_963_984_540_054_f64;
        for (count, of) in [(3_u64, 10_u64), (57, 211), (20_001, 64_201), (1, 64_201), (64_200, 64_201)] {
            let (x, n) = (count as f64, of as f64);
            let p = x / n;
            let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
            let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
            let ours = wilson_95(count, of, 6).unwrap();
            for (ours, theirs) in [(ours.low, middle - half), (ours.high, middle + half)] {
                let ours: f64 = ours.to_string().parse().unwrap();
                assert!((ours - 100.0 * theirs).abs() < 1e-6, "{count}/{of}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn nothing_is_said_about_nobody() {
        assert_eq!(wilson_95(0, 0, 1), None);
        assert_eq!(wilson_95(2, 1, 1), None);
    }
}
