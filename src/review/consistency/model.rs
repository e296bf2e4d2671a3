//! The states of what the second scoring works with, and how a sample is drawn: by the order of a hash, so that
//! whoever knows the seed can draw it again.

use std::collections::BTreeSet;

use crate::platform::ids::SubmissionId;

crate::text_enum! {
    /// When the sample of a collection is drawn.
    Moment {
        /// Once, when the collection has closed; again for what comes under extensions.
        AtClose = "at_close", "When the collection has closed";
        /// Every night from what has joined the queue.
        AsTheyCome = "as_they_come", "Every night, from what has come in";
    }
}

crate::text_enum! {
    /// How far a submission of the sample is.
    BlindState {
        /// Nobody scores it yet.
        Waiting = "waiting", "Waiting";
        /// Somebody scores it.
        Assigned = "assigned", "Being scored";
        /// Scored; the first reviewer is not done.
        Finished = "finished", "Scored";
        /// Both scores lie side by side.
        Compared = "compared", "Compared";
        /// The submission was taken back or replaced before both were done.
        Ended = "ended", "Ended, taken back or replaced";
    }
}

crate::text_enum! {
    /// What became of two scores.
    ComparisonState {
        /// They are the same.
        Agreed = "agreed", "Agreed";
        /// They differ, and nobody has settled it.
        Open = "open", "To settle";
        /// They differed, and a moderator settled it.
        Settled = "settled", "Settled";
    }
}

crate::text_enum! {
    /// What settling a disagreement did to the review.
    Effect {
        /// The first reviewer's status was confirmed.
        Stands = "stands", "The first decision stands";
        /// The decision was replaced by a new version.
        Replaced = "replaced", "The decision was replaced";
        /// The review is decided, and should be reopened.
        Reopen = "reopen", "The review should be reopened";
        /// The review is no longer in work: the settlement is only recorded.
        Recorded = "recorded", "Recorded only";
    }
}

crate::text_enum! {
    /// Whether a case is in use for training.
    GoldState {
        /// Reviewers practise on it.
        InUse = "in_use", "In use";
        /// It is not shown any more.
        Retired = "retired", "Retired";
    }
}

crate::text_enum! {
    /// What an alert is about.
    Measure {
        /// How often the reviewer downgrades.
        Downgrades = "downgrades", "Share of answers downgraded";
        /// How often the reviewer and second scorers agree.
        Agreement = "agreement", "Agreement with second scoring";
        /// How often the reviewer agrees with gold cases.
        Gold = "gold", "Agreement with gold cases";
    }
}

crate::text_enum! {
    /// How far an alert is.
    AlertState {
        /// Nobody has said anything about it.
        Open = "open", "Open";
        /// The programme manager has said what is done.
        Acknowledged = "acknowledged", "Acknowledged";
        /// The figures no longer show it.
        Over = "over", "Over";
    }
}

/// One stratum at a draw.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(in crate::review) struct Stratum {
    /// Its key: a sector, or nothing for everybody.
    pub key: String,
    /// Submissions of it in earlier draws.
    pub before: u64,
    /// Those of them that were taken.
    pub taken_before: u64,
    /// Submissions that are new to this draw.
    pub new: Vec<SubmissionId>,
}

/// Draws from one stratum: so many of the new ones that `share` percent of all so far are taken, rounded up, those first
/// whose hash of the seed and their number is smallest. `hash` is SHA-256 over the text given to it.
pub(in crate::review) fn drawn(
    seed: &str,
    share: u64,
    of: &Stratum,
    hash: impl Fn(&str) -> [u8; 32],
) -> BTreeSet<SubmissionId> {
    let new = u64::try_from(of.new.len()).unwrap_or(u64::MAX);
    let wanted = (of.before.saturating_add(new).saturating_mul(share)).div_ceil(100);
    let left = usize::try_from(wanted.saturating_sub(of.taken_before)).unwrap_or(usize::MAX);
    let mut ordered: Vec<([u8; 32], SubmissionId)> =
        of.new.iter().map(|id| (hash(&format!("{seed}:{id}")), *id)).collect();
    ordered.sort_unstable();
    ordered.into_iter().take(left).map(|(_, id)| id).collect()
}

/// The place of a status byte among the ordered categories of a scheme; none for a byte that has no place there (not
/// answered, not relevant, exempt): such pairs count for percent agreement and not for kappa.
pub(in crate::review) fn category(byte: i64, categories: usize) -> Option<usize> {
    usize::try_from(byte).ok().filter(|place| *place < categories)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::canonical::sha256;

    fn stratum(before: u64, taken_before: u64, ids: std::ops::Range<i64>) -> Stratum {
        Stratum { key: String::new(), before, taken_before, new: ids.map(SubmissionId::new).collect() }
    }

    fn draw(seed: &str, share: u64, of: &Stratum) -> BTreeSet<SubmissionId> {
        drawn(seed, share, of, |text| sha256(text.as_bytes()))
    }

    #[test]
    fn the_same_seed_draws_the_same_sample_and_another_does_not() {
        let all = stratum(0, 0, 1..201);
        assert_eq!(draw("a", 10, &all).len(), 20);
        assert_eq!(draw("a", 10, &all), draw("a", 10, &all));
        assert_ne!(draw("a", 10, &all), draw("b", 10, &all));
        assert_eq!(draw("a", 100, &all).len(), 200);
        assert_eq!(draw("a", 1, &stratum(0, 0, 1..2)).len(), 1, "a stratum with anybody in it has somebody");
        assert!(draw("a", 1, &stratum(0, 0, 1..1)).is_empty());
    }

    #[test]
    fn a_larger_share_keeps_what_a_smaller_one_took() {
        let all = stratum(0, 0, 1..300);
        assert!(draw("a", 5, &all).is_subset(&draw("a", 20, &all)));
    }

    #[test]
    fn categories_leave_out_what_has_no_order() {
        assert_eq!(
            [0, 3, 4, 254, 255, -1].map(|byte| category(byte, 4)),
            [Some(0), Some(3), None, None, None, None]
        );
    }

    proptest! {
        /// However the submissions come in, in the end the share is exact.
        #[test]
        fn draws_night_by_night_add_up(
            nights in proptest::collection::vec(0_i64..40, 1..12),
            share in 1_u64..=100,
        ) {
            let (mut next, mut before, mut taken) = (1, 0, 0);
            for count in nights {
                let tonight = stratum(before, taken, next..next + count);
                taken += draw("seed", share, &tonight).len() as u64;
                before += count as u64;
                next += count;
                prop_assert_eq!(taken, (before * share).div_ceil(100));
            }
        }
    }
}
