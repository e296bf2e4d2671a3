//! Choosing who reviews what, pure. The queue is taken in its order; each review goes to whoever suits it and has the
//! smallest part of their capacity in use; ties go to whoever has fewer in hand, and then by the run's seed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::platform::canonical::{hex, sha256};
use crate::platform::clock::{Day, Timestamp};
use crate::platform::ids::{CollectionId, OrganisationId, PersonId, ReviewId};

/// A time for which somebody is away now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Away {
    /// The last day.
    pub until: Day,
    /// Who stands in, if anybody.
    pub cover: Option<PersonId>,
}

/// A reviewer as the choice sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Reviewer {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    /// Reviews they can have in hand at a time.
    pub capacity: i64,
    /// Reviews they have in hand.
    pub in_hand: i64,
    /// Sectors they know; empty for all.
    pub sectors: BTreeSet<String>,
    /// Standards they know, by key; empty for all.
    pub standards: BTreeSet<String>,
    pub away: Option<Away>,
    /// Counts the changes of their settings; 0 while they have none.
    pub version: i64,
}

/// A review that waits for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Waiting {
    pub review: ReviewId,
    pub version: i64,
    pub organisation: OrganisationId,
    pub code: String,
    pub name: String,
    pub sector: String,
    pub standard: String,
    pub collection: CollectionId,
    pub year: String,
    pub risk: i64,
    pub due_at: Timestamp,
    /// Who scores its submission a second time without sight of the review.
    pub blind: Option<PersonId>,
}

/// What becomes of one review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Line {
    pub waiting: Waiting,
    /// Who gets it; nobody when nobody can.
    pub to: Option<PersonId>,
    /// Why.
    pub why: String,
}

/// The organisations that each person must keep away from.
pub(in crate::review) type Bars = BTreeMap<PersonId, BTreeSet<OrganisationId>>;

/// Why a reviewer cannot take a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unfit {
    Conflict,
    Blind,
    Away,
    Unskilled,
    Full,
}

fn unfit(reviewer: &Reviewer, of: &Waiting, bars: &Bars) -> Option<Unfit> {
    let knows = |known: &BTreeSet<String>, wanted: &String| known.is_empty() || known.contains(wanted);
    if bars.get(&reviewer.person).is_some_and(|barred| barred.contains(&of.organisation)) {
        Some(Unfit::Conflict)
    } else if of.blind == Some(reviewer.person) {
        Some(Unfit::Blind)
    } else if reviewer.away.is_some() {
        Some(Unfit::Away)
    } else if !knows(&reviewer.sectors, &of.sector) || !knows(&reviewer.standards, &of.standard) {
        Some(Unfit::Unskilled)
    } else if reviewer.in_hand >= reviewer.capacity {
        Some(Unfit::Full)
    } else {
        None
    }
}

/// Who gets each of these reviews, in their order.
pub(in crate::review) fn choose(
    reviewers: &[Reviewer],
    bars: &Bars,
    waiting: Vec<Waiting>,
    seed: &str,
) -> Vec<Line> {
    let mut reviewers = reviewers.to_vec();
    let mut lines = Vec::with_capacity(waiting.len());
    for of in waiting {
        let mut refused = Vec::new();
        let mut fit: Vec<&mut Reviewer> = Vec::new();
        for reviewer in &mut reviewers {
            match unfit(reviewer, &of, bars) {
                Some(why) => refused.push(why),
                None => fit.push(reviewer),
            }
        }
        let others = fit.len().saturating_sub(1);
        let best = fit.into_iter().min_by(|a, b| less_loaded(a, b, of.review, seed));
        lines.push(match best {
            Some(best) => {
                let why = why_them(best, others, refused.len());
                best.in_hand += 1;
                Line { to: Some(best.person), why, waiting: of }
            }
            None => Line { to: None, why: why_nobody(&refused), waiting: of },
        });
    }
    lines
}

/// Parts of a capacity are compared as fractions, without rounding.
fn less_loaded(a: &Reviewer, b: &Reviewer, of: ReviewId, seed: &str) -> Ordering {
    let (left, right) = (a.in_hand.saturating_mul(b.capacity), b.in_hand.saturating_mul(a.capacity));
    left.cmp(&right)
        .then(a.in_hand.cmp(&b.in_hand))
        .then_with(|| lot(seed, of, a.person).cmp(&lot(seed, of, b.person)))
        .then(a.person.cmp(&b.person))
}

fn lot(seed: &str, of: ReviewId, person: PersonId) -> [u8; 32] {
    sha256(format!("{seed}/{of}/{person}").as_bytes())
}

fn why_them(best: &Reviewer, others: usize, unfit: usize) -> String {
    let known: Vec<&str> = [
        (!best.sectors.is_empty()).then_some("knows the sector"),
        (!best.standards.is_empty()).then_some("knows the standard"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let skill = if known.is_empty() { "takes every sector".to_owned() } else { known.join(" and ") };
    let load = format!("has {} of {} in hand", best.in_hand, best.capacity);
    let choice = match others {
        0 => "nobody else can take it".to_owned(),
        1 => "no more of the capacity in use than the other who could take it".to_owned(),
        more => format!("no more of the capacity in use than any of the {more} others who could take it"),
    };
    let rest = if unfit == 0 { String::new() } else { format!("; {unfit} cannot") };
    format!("{load}, {choice}; {skill}{rest}")
}

fn why_nobody(refused: &[Unfit]) -> String {
    let count = |wanted: Unfit| refused.iter().filter(|why| **why == wanted).count();
    let parts: Vec<String> = [
        (Unfit::Conflict, "with a conflict of interest"),
        (Unfit::Blind, "scoring it a second time"),
        (Unfit::Away, "away"),
        (Unfit::Unskilled, "not knowing the sector or the standard"),
        (Unfit::Full, "full"),
    ]
    .into_iter()
    .map(|(why, words)| (count(why), words))
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect();
    if parts.is_empty() {
        "There is no reviewer.".to_owned()
    } else {
        format!("Nobody can take it: {}.", parts.join(", "))
    }
}

/// What a plan comes down to: a later look that gives another digest is another plan.
pub(in crate::review) fn digest(lines: &[Line]) -> String {
    let mut all = String::new();
    for line in lines {
        let to = line.to.map(|to| to.to_string()).unwrap_or_default();
        all.push_str(&format!("{}/{}/{to};", line.waiting.review, line.waiting.version));
    }
    hex(&sha256(all.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reviewer(person: i64, capacity: i64, in_hand: i64) -> Reviewer {
        Reviewer {
            person: PersonId::new(person),
            name: format!("Person {person}"),
            email: format!("p{person}@people.example"),
            capacity,
            in_hand,
            sectors: BTreeSet::new(),
            standards: BTreeSet::new(),
            away: None,
            version: 0,
        }
    }

    fn waiting(review: i64, organisation: i64) -> Waiting {
        Waiting {
            review: ReviewId::new(review),
            version: 1,
            organisation: OrganisationId::new(organisation),
            code: format!("ZZ{organisation}"),
            name: String::new(),
            sector: "nhs_trust".to_owned(),
            standard: "sample".to_owned(),
            collection: CollectionId::new(1),
            year: "2026".to_owned(),
            risk: 0,
            due_at: Timestamp::from_micros(0),
            blind: None,
        }
    }

    fn away() -> Option<Away> {
        Some(Away { until: "2026-01-20".parse().unwrap(), cover: None })
    }

    #[test]
    fn the_least_loaded_by_part_of_capacity_gets_it() {
        // 2 of 10 is less than 1 of 4; after one more, 3 of 10 is more than 1 of 4.
        let reviewers = [reviewer(1, 10, 2), reviewer(2, 4, 1)];
        let lines = choose(&reviewers, &Bars::new(), vec![waiting(1, 1), waiting(2, 2), waiting(3, 3)], "s");
        let to: Vec<i64> = lines.iter().map(|line| line.to.unwrap().get()).collect();
        assert_eq!(to, [1, 2, 1]);
        assert!(lines[0].why.contains("has 2 of 10 in hand"), "{}", lines[0].why);
    }

    #[test]
    fn whoever_cannot_is_counted_by_why() {
        let mut unskilled = reviewer(3, 10, 0);
        unskilled.sectors.insert("gp".to_owned());
        let reviewers = [
            reviewer(1, 10, 0),
            Reviewer { away: away(), ..reviewer(2, 10, 0) },
            unskilled,
            reviewer(4, 1, 1),
        ];
        let bars = Bars::from([(PersonId::new(1), BTreeSet::from([OrganisationId::new(1)]))]);
        let lines = choose(&reviewers, &bars, vec![waiting(1, 1)], "s");
        assert_eq!(lines[0].to, None);
        assert_eq!(
            lines[0].why,
            "Nobody can take it: 1 with a conflict of interest, 1 away, 1 not knowing the sector or the standard, 1 full."
        );
        assert_eq!(choose(&[], &bars, vec![waiting(1, 1)], "s")[0].why, "There is no reviewer.");
    }

    #[test]
    fn whoever_scores_it_blind_is_passed_over() {
        let reviewers = [reviewer(1, 10, 0), reviewer(2, 10, 5)];
        let blind = |person: i64| Waiting { blind: Some(PersonId::new(person)), ..waiting(1, 1) };
        let given = |of: Waiting| choose(&reviewers, &Bars::new(), vec![of], "s").remove(0);
        assert_eq!(given(blind(1)).to, Some(PersonId::new(2)), "the other has more in hand");
        assert_eq!(given(blind(2)).to, Some(PersonId::new(1)));
        let alone = choose(&reviewers[..1], &Bars::new(), vec![blind(1)], "s").remove(0);
        assert_eq!((alone.to, alone.why.as_str()), (None, "Nobody can take it: 1 scoring it a second time."));
    }

    #[test]
    fn ties_go_by_the_seed_and_a_seed_gives_one_plan() {
        let reviewers = [reviewer(1, 5, 0), reviewer(2, 5, 0)];
        let first = |seed: &str| choose(&reviewers, &Bars::new(), vec![waiting(1, 1)], seed)[0].to.unwrap();
        let seen: BTreeSet<PersonId> = (0..20).map(|n| first(&n.to_string())).collect();
        assert_eq!(seen.len(), 2, "chance decides");
        let lines = || choose(&reviewers, &Bars::new(), vec![waiting(1, 1), waiting(2, 2)], "s");
        assert_eq!(digest(&lines()), digest(&lines()));
    }

    proptest! {
        /// Never conflicted, never away, never beyond capacity; nobody is left without while somebody could take it; and
        /// between two who can take everything the parts in use differ by no more than one review.
        #[test]
        fn a_plan_keeps_its_promises(
            people in proptest::collection::vec((1_i64..6, 0_i64..6, any::<bool>()), 1..6),
            barred in proptest::collection::vec((0_usize..6, 0_i64..8), 0..12),
            count in 0_i64..25,
            seed in "[a-z]{4}",
        ) {
            let reviewers: Vec<Reviewer> = people
                .iter()
                .zip(1..)
                .map(|((capacity, in_hand, gone), person)| Reviewer {
                    away: if *gone { away() } else { None },
                    ..reviewer(person, *capacity, *in_hand)
                })
                .collect();
            let mut bars = Bars::new();
            for (at, organisation) in barred {
                if let Some(reviewer) = reviewers.get(at) {
                    bars.entry(reviewer.person).or_default().insert(OrganisationId::new(organisation));
                }
            }
            let queue: Vec<Waiting> = (0..count).map(|n| waiting(n + 1, n % 8)).collect();
            let lines = choose(&reviewers, &bars, queue, &seed);
            prop_assert_eq!(lines.len(), usize::try_from(count).unwrap());
            let mut held: BTreeMap<PersonId, i64> = reviewers.iter().map(|r| (r.person, r.in_hand)).collect();
            for line in &lines {
                let could: Vec<&Reviewer> = reviewers
                    .iter()
                    .filter(|r| r.away.is_none() && held[&r.person] < r.capacity)
                    .filter(|r| !bars.get(&r.person).is_some_and(|b| b.contains(&line.waiting.organisation)))
                    .collect();
                match line.to {
                    None => prop_assert!(could.is_empty(), "{}", line.why),
                    Some(to) => {
                        let chosen = could.iter().find(|r| r.person == to);
                        prop_assert!(chosen.is_some());
                        let chosen = chosen.unwrap();
                        for other in &could {
                            prop_assert!(held[&to] * other.capacity <= held[&other.person] * chosen.capacity);
                        }
                        *held.get_mut(&to).unwrap() += 1;
                    }
                }
            }
        }
    }
}
