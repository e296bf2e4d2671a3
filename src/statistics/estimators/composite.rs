//! The composite score of a board: half its own status, half the plain mean of its trusts. Points are data; the
//! default is the rule that the centre once published (trusts by their geographic board).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::percentage::ratio;

/// Points per status.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositeRule {
    /// Points by status key. A status that is not listed is an error, never zero.
    pub points: BTreeMap<String, i32>,
    /// Decimal places of the result.
    pub places: u32,
}

/// Why a board has no composite score.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompositeError {
    /// The rule gives no points for a status.
    #[error("the composite rule gives no points for the status {status}")]
    UnknownStatus {
        /// The status key.
        status: String,
    },
    /// A mean of no trusts does not exist; the score is then not available rather than the board's own half doubled.
    #[error("the board has no trusts")]
    NoTrusts,
}

impl Default for CompositeRule {
    fn default() -> Self {
        let points = [
            ("standards_exceeded", 3),
            ("standards_met", 1),
            ("approaching_standards", -1),
            ("standards_not_met", -3),
            ("not_published", -3),
        ];
        Self { points: points.into_iter().map(|(key, points)| (key.to_owned(), points)).collect(), places: 2 }
    }
}

impl CompositeRule {
    /// The score of a board with status `own` and trusts with the given statuses, rounded once, half to even. A trust
    /// that lies in two boards counts fully in each.
    ///
    /// # Errors
    /// [`CompositeError`].
    pub fn score<S: AsRef<str>>(
        &self,
        own: &str,
        trusts: impl IntoIterator<Item = S>,
    ) -> Result<Decimal, CompositeError> {
        let own = i128::from(self.points_of(own)?);
        let (mut sum, mut count) = (0_i128, 0_i128);
        for trust in trusts {
            sum += i128::from(self.points_of(trust.as_ref())?);
            count += 1;
        }
        // (own + sum / count) / 2 as one fraction, so that there is one rounding.
        ratio(own * count + sum, 2 * count, self.places).ok_or(CompositeError::NoTrusts)
    }

    fn points_of(&self, status: &str) -> Result<i32, CompositeError> {
        let unknown = || CompositeError::UnknownStatus { status: status.to_owned() };
        self.points.get(status).copied().ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(own: &str, trusts: &[&str]) -> String {
        CompositeRule::default()
            .score(own, trusts)
            .map_or_else(|error| error.to_string(), |score| score.to_string())
    }

    #[test]
    fn half_the_board_and_half_the_mean_of_its_trusts() {
        assert_eq!(score("standards_exceeded", &["standards_exceeded"]), "3.00");
        assert_eq!(score("standards_met", &["standards_met", "standards_exceeded"]), "1.50");
        // (1 + (3 + 1 - 1) / 3) / 2 = 1; (-3 + (1 + 1 - 3) / 3) / 2 = -1.666..
        let mixed = ["standards_exceeded", "standards_met", "approaching_standards"];
        assert_eq!(score("standards_met", &mixed), "1.00");
        let worse = ["standards_met", "standards_met", "standards_not_met"];
        assert_eq!(score("not_published", &worse), "-1.67");
        assert_eq!(score("standards_not_met", &["not_published"; 9]), "-3.00");
    }

    #[test]
    fn no_trusts_or_an_unknown_status_have_no_score() {
        assert_eq!(score("standards_met", &[]), "the board has no trusts");
        assert_eq!(score("met", &[]), "the composite rule gives no points for the status met");
    }
}
