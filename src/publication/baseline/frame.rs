//! The list that a sample is drawn from: every organisation in the collection's scope, by stratum, with how much the members
//! of a stratum differed last time.

use std::collections::BTreeMap;

use super::model::{Codes, DrawnStratum};
use crate::platform::error::Result;
use crate::publication::classes;
use crate::publication::record::{Record, meets};
use crate::publication::tables::Compared;
use crate::standards::scoring::GradeKey;

/// What the strata are made from.
pub(super) struct Frame<'a> {
    pub records: &'a [Record],
    pub regions: &'a BTreeMap<String, String>,
    pub before: Option<&'a Compared>,
    pub by_region: bool,
    pub take_all_up_to: u64,
}

/// What is known of a stratum while the list is gone through.
#[derive(Default)]
struct Seen {
    codes: Vec<String>,
    met: u64,
    graded: u64,
}

impl Frame<'_> {
    /// The strata in the order of the classifications, those that have anybody, and the codes in each.
    ///
    /// # Errors
    /// When a record lies outside the classifications, which is a fault.
    pub fn strata(&self) -> Result<(Vec<DrawnStratum>, Codes)> {
        let mut seen: BTreeMap<(String, String), Seen> = BTreeMap::new();
        for record in self.records {
            let region = if self.by_region { classes::region_key(record) } else { "" };
            let one = seen.entry((record.sector.as_str().to_owned(), region.to_owned())).or_default();
            one.codes.push(record.code.clone());
            let grade = self.before.and_then(|before| before.grades.get(&record.organisation));
            if let Some(grade) = grade.filter(|grade| **grade != GradeKey::NotPublished) {
                one.graded += 1;
                one.met += u64::from(meets(*grade));
            }
        }
        let (sectors, regions) = (classes::sectors(self.records)?, self.regions()?);
        let (mut strata, mut codes) = (Vec::new(), Codes::new());
        for sector in sectors.categories() {
            for (region, words) in &regions {
                let Some(mut one) = seen.remove(&(sector.key.clone(), region.clone())) else { continue };
                one.codes.sort_unstable();
                let population = one.codes.len() as u64;
                let key = key_of(&sector.key, region);
                strata.push(DrawnStratum {
                    label: [sector.label.as_str(), words.as_str()].join(if words.is_empty() {
                        ""
                    } else {
                        ", "
                    }),
                    sector: sector.key.clone(),
                    region: region.clone(),
                    population,
                    variance: variance(one.met, one.graded),
                    take_all: population <= self.take_all_up_to,
                    size: 0,
                    key: key.clone(),
                });
                codes.insert(key, one.codes);
            }
        }
        Ok((strata, codes))
    }

    fn regions(&self) -> Result<Vec<(String, String)>> {
        if !self.by_region {
            return Ok(vec![(String::new(), String::new())]);
        }
        let found = classes::regions(self.records, self.regions)?;
        Ok(found.categories().iter().map(|one| (one.key.clone(), one.label.clone())).collect())
    }
}

fn key_of(sector: &str, region: &str) -> String {
    if region.is_empty() { sector.to_owned() } else { format!("{sector}|{region}") }
}

/// The variance of "meets the standard" as it was, in millionths, with one more on either side: a stratum in which all were
/// alike last time is not for that certain to be so again. None where nobody was graded.
fn variance(met: u64, graded: u64) -> Option<u64> {
    if graded == 0 {
        return None;
    }
    let (yes, no, all) = (u128::from(met) + 1, u128::from(graded - met) + 1, u128::from(graded) + 2);
    u64::try_from(yes * no * 1_000_000 / (all * all)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variances_come_from_last_times_grades() {
        assert_eq!(variance(0, 0), None);
        assert_eq!(variance(49, 98), Some(250_000));
        assert_eq!(variance(98, 98), Some(9_900));
        assert_eq!((key_of("gp", ""), key_of("gp", "Y56")), ("gp".to_owned(), "gp|Y56".to_owned()));
    }
}
