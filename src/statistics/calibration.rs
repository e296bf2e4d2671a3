//! Calibration: how often claims survive review. Claimed and assessed statuses lie side by side as packed vectors, one
//! byte for each requirement, and one scan counts them by requirement, by group and by the status claimed. A claim counts
//! only where somebody decided about it: what nobody looked at has survived nothing.

use std::collections::BTreeMap;

use super::disclosure::{DisclosureError, DisclosureRules, Protected, Sensitivity, protect};
use super::estimators::{ProportionInterval, wilson_95};
use super::table::{CrossTable, Dimension, Margins, TableError};

/// The byte of "not answered, or not asked": nothing was claimed.
const NO_CLAIM: u8 = u8::MAX;

/// What became of claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Found as claimed.
    pub stood: u64,
    /// Found lower.
    pub lowered: u64,
    /// Found higher.
    pub raised: u64,
}

impl Tally {
    /// How many claims were reviewed.
    #[must_use]
    pub const fn claims(&self) -> u64 {
        self.stood + self.lowered + self.raised
    }

    /// How many were not found lower: those that survived.
    #[must_use]
    pub const fn survived(&self) -> u64 {
        self.stood + self.raised
    }

    /// Percent that survived, with its 95 % Wilson interval.
    #[must_use]
    pub fn survival(&self) -> Option<ProportionInterval> {
        wilson_95(self.survived(), self.claims(), 1)
    }

    fn add(&mut self, claimed: u8, assessed: u8) {
        match standing(assessed).cmp(&standing(claimed)) {
            std::cmp::Ordering::Less => self.lowered += 1,
            std::cmp::Ordering::Equal => self.stood += 1,
            std::cmp::Ordering::Greater => self.raised += 1,
        }
    }
}

/// Bytes by how much they claim: nothing is least, and not having to answer at all (253 and 254) is most.
fn standing(byte: u8) -> u16 {
    if byte == NO_CLAIM { 0 } else { u16::from(byte) + 1 }
}

/// Vectors that do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a submission has {claimed} claimed and {assessed} assessed statuses, {decided} of them said to be decided or not, \
     where the edition has {expected}"
)]
pub struct WrongLength {
    /// Bytes of the claimed vector.
    pub claimed: usize,
    /// Bytes of the assessed vector.
    pub assessed: usize,
    /// Length of what says which were decided.
    pub decided: usize,
    /// Requirements of the edition.
    pub expected: usize,
}

/// The counts of one edition's reviewed submissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calibration {
    by_requirement: Vec<Tally>,
    by_group: BTreeMap<String, Tally>,
    by_claim: BTreeMap<u8, Tally>,
    submissions: u64,
}

impl Calibration {
    /// No submission yet, of an edition of so many requirements.
    #[must_use]
    pub fn new(requirements: usize) -> Self {
        Self { by_requirement: vec![Tally::default(); requirements], ..Self::default() }
    }

    /// Counts one submission of this group: those of its claims about which a reviewer decided.
    ///
    /// # Errors
    /// [`WrongLength`]; nothing is then counted.
    pub fn add(
        &mut self,
        group: &str,
        claimed: &[u8],
        assessed: &[u8],
        decided: &[bool],
    ) -> Result<(), WrongLength> {
        let expected = self.by_requirement.len();
        let lengths = [claimed.len(), assessed.len(), decided.len()];
        if lengths.iter().any(|length| *length != expected) {
            let [claimed, assessed, decided] = lengths;
            return Err(WrongLength { claimed, assessed, decided, expected });
        }
        let of_group = self.by_group.entry(group.to_owned()).or_default();
        // Statuses are few: they are counted in place and the map is touched once for each that occurs.
        let mut claims = [Tally::default(); 256];
        let pairs = claimed.iter().zip(assessed).zip(decided);
        for (tally, ((claim, found), is_decided)) in self.by_requirement.iter_mut().zip(pairs) {
            if *claim == NO_CLAIM || !is_decided {
                continue;
            }
            tally.add(*claim, *found);
            of_group.add(*claim, *found);
            if let Some(of_claim) = claims.get_mut(usize::from(*claim)) {
                of_claim.add(*claim, *found);
            }
        }
        for (byte, counted) in (0_u8..=u8::MAX).zip(claims).filter(|(_, counted)| counted.claims() > 0) {
            let sum = self.by_claim.entry(byte).or_default();
            sum.stood += counted.stood;
            sum.lowered += counted.lowered;
            sum.raised += counted.raised;
        }
        self.submissions += 1;
        Ok(())
    }

    /// How many submissions were counted.
    #[must_use]
    pub const fn submissions(&self) -> u64 {
        self.submissions
    }

    /// By requirement, in edition order.
    #[must_use]
    pub fn by_requirement(&self) -> &[Tally] {
        &self.by_requirement
    }

    /// By group.
    #[must_use]
    pub const fn by_group(&self) -> &BTreeMap<String, Tally> {
        &self.by_group
    }

    /// By the status byte that was claimed.
    #[must_use]
    pub const fn by_claim(&self) -> &BTreeMap<u8, Tally> {
        &self.by_claim
    }

    /// Everything together.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.by_requirement.iter().fold(Tally::default(), |sum, one| Tally {
            stood: sum.stood + one.stood,
            lowered: sum.lowered + one.lowered,
            raised: sum.raised + one.raised,
        })
    }

    /// What may be published of it: requirements by what became of the claims, under the whole of disclosure control. A
    /// submission counts once for a requirement, so the total of a row is a number of organisations.
    ///
    /// # Errors
    /// [`Unpublishable`].
    pub fn for_publication(
        &self,
        population: &str,
        requirements: Dimension,
        rules: &DisclosureRules,
    ) -> Result<Protected, Unpublishable> {
        let columns = [("stood", "Stood"), ("lowered", "Found lower"), ("raised", "Found higher")];
        let columns = Dimension::new("review_finding", "After review", columns)?;
        let counts =
            self.by_requirement.iter().flat_map(|one| [one.stood, one.lowered, one.raised]).collect();
        let table = CrossTable::from_counts(format!("{population}/reviewed"), requirements, columns, counts)?
            .with_margins(Margins::Rows)
            .with_caption("What became of claims in review, by requirement")
            .with_note("The total of a row is the number of organisations whose claim was reviewed.");
        Ok(protect(table, Sensitivity::Security, rules)?)
    }
}

/// Why calibration cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unpublishable {
    /// Requirements and counts do not fit together.
    #[error("the counts do not make a table: {0}")]
    Table(#[from] TableError),
    /// The figures cannot be protected.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn claims_are_counted_by_what_became_of_them() {
        let mut found = Calibration::new(4);
        // Stood; lowered; not relevant refused; nothing claimed.
        found.add("trust", &[2, 3, 254, 255], &[2, 1, 0, 0], &[true; 4]).unwrap();
        found.add("gp", &[2, 1, 1, 0], &[3, 1, 255, 254], &[true; 4]).unwrap();
        let tally = |stood, lowered, raised| Tally { stood, lowered, raised };
        assert_eq!(found.by_requirement(), [tally(1, 0, 1), tally(1, 1, 0), tally(0, 2, 0), tally(0, 0, 1)]);
        assert_eq!(found.by_group().get("trust"), Some(&tally(1, 2, 0)));
        assert_eq!(found.by_claim().get(&2), Some(&tally(1, 0, 1)));
        assert_eq!((found.total(), found.submissions()), (tally(2, 3, 2), 2));
        assert_eq!(found.total().survival().unwrap().percentage.to_string(), "57.1");
        assert_eq!(
            found.add("gp", &[1], &[1, 1], &[]),
            Err(WrongLength { claimed: 1, assessed: 2, decided: 0, expected: 4 })
        );
        assert_eq!(found.submissions(), 2);
    }

    #[test]
    fn what_nobody_decided_about_has_survived_nothing() {
        let mut found = Calibration::new(3);
        found.add("gp", &[2, 2, 2], &[2, 1, 2], &[true, true, false]).unwrap();
        let tally = |stood, lowered| Tally { stood, lowered, raised: 0 };
        assert_eq!(found.by_requirement(), [tally(1, 0), tally(0, 1), Tally::default()]);
        assert_eq!(found.by_group().get("gp"), Some(&tally(1, 1)));
        assert_eq!((found.by_claim().get(&2), found.total().claims()), (Some(&tally(1, 1)), 2));
    }

    #[test]
    fn small_groups_are_withheld_before_anybody_sees_them() {
        let mut found = Calibration::new(2);
        for submission in 0_u8..40 {
            // The first is claimed by everybody, the second by four.
            let second = if submission < 4 { 1 } else { NO_CLAIM };
            found.add("trust", &[2, second], &[u8::from(submission % 2 == 0) + 1, 0], &[true; 2]).unwrap();
        }
        let requirements = Dimension::new("requirement", "Requirement", [("a", "A"), ("b", "B")]).unwrap();
        let shown =
            found.for_publication("p", requirements, &DisclosureRules::default()).unwrap().published();
        assert_eq!((shown.at(0, 0), shown.at(0, 1)), (Some(20), Some(20)));
        assert!((0..3).all(|column| shown.at(1, column).is_none()), "{shown:?}");
        let wrong = Dimension::new("requirement", "Requirement", [("a", "A")]).unwrap();
        assert!(found.for_publication("p", wrong, &DisclosureRules::default()).is_err());
    }

    proptest! {
        #[test]
        fn the_scan_counts_as_a_plain_look_does(
            rows in proptest::collection::vec(
                (0_usize..3, proptest::collection::vec((0_u8..6, 0_u8..6, any::<bool>()), 5)), 0..60,
            ),
        ) {
            let byte = |small: u8| match small { 4 => 254, 5 => NO_CLAIM, level => level };
            let rank = |byte: u8| i32::from(byte) - if byte == NO_CLAIM { 1000 } else { 0 };
            let mut found = Calibration::new(5);
            for (group, pairs) in &rows {
                let (claimed, assessed): (Vec<u8>, Vec<u8>) =
                    pairs.iter().map(|(a, b, _)| (byte(*a), byte(*b))).unzip();
                let decided: Vec<bool> = pairs.iter().map(|(.., decided)| *decided).collect();
                found.add(&group.to_string(), &claimed, &assessed, &decided).unwrap();
            }
            for at in 0..5 {
                let claims =
                    || rows.iter().map(|(_, pairs)| pairs[at]).filter(|(claim, _, decided)| *claim != 5 && *decided);
                let lowered = claims().filter(|(a, b, _)| rank(byte(*b)) < rank(byte(*a))).count() as u64;
                prop_assert_eq!(found.by_requirement()[at].claims(), claims().count() as u64);
                prop_assert_eq!(found.by_requirement()[at].lowered, lowered);
            }
            let sum = |tallies: Vec<Tally>| tallies.iter().map(Tally::claims).sum::<u64>();
            prop_assert_eq!(sum(found.by_group().values().copied().collect()), found.total().claims());
            prop_assert_eq!(sum(found.by_claim().values().copied().collect()), found.total().claims());
        }
    }
}
