//! Whether 95 in 100 intervals hold the truth: samples of the real register as a finite population, where
//! `../shared/data` has it; skipped with a printed reason elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;

const SAMPLES: u64 = 1000;

/// A generator of numbers for this test alone (the finaliser of S. Vigna's splitmix64), so that each run is the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((u128::from(z ^ (z >> 31)) * limit as u128) >> 64).unwrap()
    }

    /// So many different members, each as likely as any other: they end up in front.
    fn draw<'a>(&mut self, members: &'a mut [i32], size: usize) -> &'a [i32] {
        for place in 0..size {
            let other = place + self.below(members.len() - place);
            members.swap(place, other);
        }
        &members[..size]
    }
}

/// By sector: 1 for each organisation that met the standard then, 0 for every other.
fn population() -> Option<BTreeMap<String, Vec<i32>>> {
    let file = "register-2022-09-09.csv";
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "shared", "data", "register", file].iter().collect();
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("skipped: {file} is not in ../shared/data/register");
        return None;
    };
    let mut found: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let status = row["Status"].as_str();
        let meets = (status.contains("Met") && !status.contains("Not Met")) || status.contains("Exceeded");
        found.entry(row["Primary Sector"].clone()).or_default().push(i32::from(meets));
    }
    Some(found)
}

fn truth(members: &[&Vec<i32>]) -> f64 {
    let having: i64 = members.iter().flat_map(|some| some.iter()).map(|one| i64::from(*one)).sum();
    let all: usize = members.iter().map(|some| some.len()).sum();
    100.0 * having as f64 / all as f64
}

fn holds(found: &Estimate, truth: f64) -> bool {
    let number = |value: rust_decimal::Decimal| value.to_string().parse::<f64>().unwrap();
    number(found.low) - 5e-5 <= truth && truth <= number(found.high) + 5e-5
}

fn allocated(sectors: &BTreeMap<String, Vec<i32>>, size: u64) -> Vec<u64> {
    let strata: Vec<Stratum> = sectors
        .values()
        .map(|members| {
            let population = members.len() as u64;
            Stratum { population, variance: None, take_all: population < 30 }
        })
        .collect();
    allocate(&strata, size, 10, Method::Proportional).unwrap().sizes
}

#[test]
fn intervals_hold_the_register_about_95_times_in_100() {
    let Some(mut sectors) = population() else { return };
    assert_eq!(sectors.values().map(Vec::len).sum::<usize>(), 64_201);
    let sizes = allocated(&sectors, 1200);
    let everybody = truth(&sectors.values().collect::<Vec<_>>());
    let own: Vec<f64> = sectors.values().map(|members| truth(&[members])).collect();
    let mut numbers = Numbers(2022);
    let (mut hits, mut width, mut middle) = (0_u64, 0.0, 0.0);
    let mut hits_of = vec![0_u64; own.len()];
    for _ in 0..SAMPLES {
        let mut tallies: Vec<StratumTally> = Vec::with_capacity(own.len());
        for (group, (members, size)) in sectors.values_mut().zip(&sizes).enumerate() {
            let mut tally = StratumTally::new(group, members.len() as u64);
            let drawn = numbers.draw(members, usize::try_from(*size).unwrap());
            drawn.iter().for_each(|figure| tally.respond(Some(*figure)));
            tallies.push(tally);
        }
        let found = proportion_95(&tallies, 4).unwrap();
        hits += u64::from(holds(&found, everybody));
        let number = |value: rust_decimal::Decimal| value.to_string().parse::<f64>().unwrap();
        width += number(found.high) - number(found.low);
        middle += number(found.value);
        for ((tally, truth), hits) in tallies.iter().zip(&own).zip(&mut hits_of) {
            *hits += u64::from(holds(&proportion_95(&[*tally], 4).unwrap(), *truth));
        }
    }
    let average = hits_of.iter().sum::<u64>() as f64 / (SAMPLES * own.len() as u64) as f64;
    println!(
        "truth {everybody:.3}, mean {:.3}, width {:.3}",
        middle / SAMPLES as f64,
        width / SAMPLES as f64
    );
    println!("covered: all {hits} of {SAMPLES}, sectors {hits_of:?}, average {average:.3}");
    assert!((middle / SAMPLES as f64 - everybody).abs() < 0.2);
    // Three standard errors of 1,000 samples are 2 in 100.
    assert!((930..=975).contains(&hits), "{hits}");
    assert!((0.93..=0.99).contains(&average), "{average}");
    // A share near 0 or 100 of a small sample can take few values, so its coverage leaps; it must not fall far.
    assert!(hits_of.iter().all(|hits| *hits >= SAMPLES * 88 / 100), "{hits_of:?}");
}

#[test]
fn non_response_that_differs_between_strata_leaves_no_bias() {
    let Some(mut sectors) = population() else { return };
    let sizes = allocated(&sectors, 2500);
    let everybody = truth(&sectors.values().collect::<Vec<_>>());
    let mut numbers = Numbers(33);
    let (mut hits, mut middle, mut plain) = (0_u64, 0.0, 0.0);
    for _ in 0..SAMPLES {
        let mut tallies = Vec::with_capacity(sizes.len());
        for (group, (members, size)) in sectors.values_mut().zip(&sizes).enumerate() {
            let mut tally = StratumTally::new(group, members.len() as u64);
            // From 30 to 84 in 100 respond, more in some sectors than in others.
            let likely = 30 + 9 * (group % 7);
            for figure in numbers.draw(members, usize::try_from(*size).unwrap()).to_vec() {
                if numbers.below(100) < likely {
                    tally.respond(Some(figure));
                }
            }
            tallies.push(tally);
        }
        let found = proportion_95(&tallies, 4).unwrap();
        hits += u64::from(holds(&found, everybody));
        middle += found.value.to_string().parse::<f64>().unwrap();
        let (sum, responded): (i64, u64) =
            tallies.iter().fold((0, 0), |(sum, n), one| (sum + one.sum, n + one.responded));
        plain += 100.0 * sum as f64 / responded as f64;
    }
    let (middle, plain) = (middle / SAMPLES as f64, plain / SAMPLES as f64);
    println!(
        "truth {everybody:.3}, adjusted {middle:.3}, unadjusted {plain:.3}, covered {hits} of {SAMPLES}"
    );
    assert!((middle - everybody).abs() < 0.25, "{middle} {everybody}");
    assert!((plain - everybody).abs() > 4.0 * (middle - everybody).abs(), "{plain} {everybody}");
    assert!((925..=980).contains(&hits), "{hits}");
}
