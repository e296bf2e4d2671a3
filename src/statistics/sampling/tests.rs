//! Estimates against those of another implementation (samplics 0.6.0 with numpy 2 and scipy 1, run once), the textbook's special cases,
//! and properties that hold for every sample.

use proptest::prelude::*;

use super::*;
use crate::statistics::estimators::{percentage, wilson_95};

fn tally(group: usize, population: u64, figures: &[i32]) -> StratumTally {
    let mut tally = StratumTally::new(group, population);
    figures.iter().for_each(|figure| tally.respond(Some(*figure)));
    tally
}

fn shown(of: &Estimate) -> [String; 3] {
    [of.value, of.low, of.high].map(|figure| figure.to_string())
}

const MEANS: [(u64, &[i32]); 3] =
    [(120, &[71, 64, 90, 55, 83, 77]), (45, &[20, 35, 41, 38]), (300, &[60, 52, 58, 66, 49, 71, 80, 44])];

// S = [("a", 120, [1,1,0,1,0,1,1,1,0,1,1,0]), ("b", 60, [0,1,0,0,1,0]),
//      ("c", 400, [1,0,0,1,0,0,0,1,0,0,0,0,1,0,0,0]), ("d", 30, [1,1,1,0,1,1])]
// y = [float(x) for k, N, v in S for x in v]; st = [k for k, N, v in S for x in v]
// w = [N / len(v) for k, N, v in S for x in v]; f = {k: 1 - len(v) / N for k, N, v in S}
// te = TaylorEstimator(PopParam.mean); te.estimate(y=y, samp_weight=w, stratum=st, fpc=f)
// te.point_est, te.stderror                    # 0.36885245901639346 0.07939942165159888
// V = te.stderror ** 2; ne = p * (1 - p) / V   # 36.927414354363655
// t = scipy.stats.t.ppf(0.975, 36); mid = (ne * p + t * t / 2) / (ne + t * t)
// h = t * sqrt(ne * p * (1 - p) + t * t / 4) / (ne + t * t)   # 0.22868469243340128 0.5353079396892415
// V / ((1 - 40 / 610) * p * (1 - p) / 39)      # 1.1302400353500832
#[test]
fn a_share_agrees_with_samplics() {
    let strata = [
        tally(0, 120, &[1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0]),
        tally(0, 60, &[0, 1, 0, 0, 1, 0]),
        tally(1, 400, &[1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]),
        tally(1, 30, &[1, 1, 1, 0, 1, 1]),
    ];
    let found = proportion_95(&strata, 4).unwrap();
    assert_eq!(shown(&found), ["36.8852", "22.8685", "53.5308"]);
    assert_eq!((found.of, found.population, found.effective), (40, 610, Some(36)));
    assert_eq!(found.design_effect.unwrap().to_string(), "1.13");
}

// As above with MEANS: 60.876344086021504, standard error 3.0248693902611197, interval at t(15)
// 54.42898759877176 to 67.32370057327124, design effect 0.6880505802004744.
#[test]
fn a_mean_agrees_with_samplics() {
    let strata = MEANS.map(|(population, figures)| tally(0, population, figures));
    let found = mean_95(&strata, 4).unwrap();
    assert_eq!(shown(&found), ["60.8763", "54.4290", "67.3237"]);
    assert_eq!((found.of, found.population), (18, 465));
    assert_eq!(found.design_effect.unwrap().to_string(), "0.69");
}

// The same with te.estimate(.., domain=d) for the members whose place is 1 in d: 60.025862068965516,
// standard error 4.221848421095124; interval at t(15) 51.02720517040005 to 69.02451896753098.
#[test]
fn a_mean_of_a_domain_across_strata_agrees_with_samplics() {
    let inside: [&[u8]; 3] = [&[1, 1, 0, 1, 0, 1], &[0, 1, 1, 0], &[1, 0, 0, 1, 1, 0, 1, 1]];
    let strata: Vec<StratumTally> = MEANS
        .iter()
        .zip(inside)
        .map(|((population, figures), inside)| {
            let mut tally = StratumTally::new(0, *population);
            for (figure, inside) in figures.iter().zip(inside) {
                tally.respond((*inside == 1).then_some(*figure));
            }
            tally
        })
        .collect();
    let found = mean_95(&strata, 3).unwrap();
    assert_eq!(shown(&found), ["60.026", "51.027", "69.025"]);
    assert_eq!((found.of, found.population), (11, 290));
}

#[test]
fn one_large_stratum_is_the_plain_wilson_interval() {
    // 81 of 263 as Newcombe prints it; a population so large and a t so near z that nothing else shows.
    let figures: Vec<i32> = (0..26_300).map(|n| i32::from(n % 263 < 81)).collect();
    let found = proportion_95(&[tally(0, 900_000_000, &figures)], 1).unwrap();
    let plain = wilson_95(8100, 26_300, 1).unwrap();
    assert_eq!((found.value, found.low, found.high), (plain.percentage, plain.low, plain.high));
}

#[test]
fn a_census_has_no_width() {
    let strata = [tally(0, 4, &[1, 0, 1, 1]), tally(1, 2, &[0, 1])];
    let found = proportion_95(&strata, 1).unwrap();
    assert_eq!(shown(&found), ["66.7", "66.7", "66.7"]);
    assert_eq!((found.population, found.effective), (6, None));
    assert_eq!(shown(&mean_95(&strata, 2).unwrap()), ["0.67", "0.67", "0.67"]);
}

#[test]
fn nobody_having_it_is_not_certainty() {
    let found = proportion_95(&[tally(0, 1000, &[0; 20])], 1).unwrap();
    assert_eq!(found.value.to_string(), "0.0");
    // Wilson for 0 of 20 / 0.98 at t(19) = 2.093024: 4.38075 / (20.40816 + 4.38075).
    assert_eq!((found.low.to_string(), found.high.to_string()), ("0.0".into(), "17.7".into()));
    let all = proportion_95(&[tally(0, 1000, &[1; 20])], 1).unwrap();
    assert_eq!(shown(&all), ["100.0", "82.3", "100.0"]);
}

#[test]
fn nothing_is_said_without_responses() {
    assert_eq!(proportion_95(&[], 1), None);
    assert_eq!(proportion_95(&[StratumTally::new(0, 50)], 1), None);
    assert_eq!(mean_95(&[tally(0, 50, &[3])], 1), None);
    let one = proportion_95(&[tally(0, 50, &[1])], 1).unwrap();
    assert_eq!(shown(&one), ["100.0", "0.0", "100.0"]);
    let mut outside = StratumTally::new(0, 50);
    outside.respond(None);
    assert_eq!(proportion_95(&[outside], 1), None);
}

/// A stratum that responds less weighs as much as it has members: 30 of 40 here and 5 of 40 there.
#[test]
fn non_response_is_made_up_for_within_strata() {
    let (often, rarely) = (tally(0, 400, &[1; 30]), tally(1, 400, &[0; 5]));
    assert_eq!(proportion_95(&[often, rarely], 1).unwrap().value.to_string(), "50.0");
}

proptest! {
    #[test]
    fn intervals_hold_their_estimate_and_stay_in_range(
        strata in proptest::collection::vec((0_usize..3, proptest::collection::vec(0_i32..=1, 0..12), 0_u64..40), 1..8),
    ) {
        let tallies: Vec<StratumTally> = strata
            .iter()
            .map(|(group, figures, more)| tally(*group, figures.len() as u64 + more, figures))
            .collect();
        let responded: u64 = tallies.iter().map(|one| one.responded).sum();
        match proportion_95(&tallies, 1) {
            None => prop_assert_eq!(responded, 0),
            Some(found) => {
                prop_assert!(found.low <= found.value && found.value <= found.high, "{:?}", found);
                prop_assert!(found.low >= 0.into() && found.high <= 100.into(), "{:?}", found);
                prop_assert_eq!(found.of, responded);
                let complete = tallies.iter().all(|one| one.responded == one.population);
                if complete {
                    let having: i64 = tallies.iter().map(|one| one.sum).sum();
                    prop_assert_eq!(Some(found.value), percentage(having as u64, responded, 1));
                }
            }
        }
    }

    /// Strata in another order say the same, unless some have to be put together with a neighbour.
    #[test]
    fn the_order_of_strata_does_not_matter(
        strata in proptest::collection::vec((proptest::collection::vec(0_i32..100, 2..9), 1_u64..40), 1..6),
    ) {
        let mut tallies: Vec<StratumTally> =
            strata.iter().map(|(figures, more)| tally(0, figures.len() as u64 + more, figures)).collect();
        let forward = mean_95(&tallies, 3);
        tallies.reverse();
        prop_assert_eq!(forward, mean_95(&tallies, 3));
    }
}
