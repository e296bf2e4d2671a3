//! A sample as anybody may have it: everything that it was drawn by and from, in codes. With the public grades, the share that
//! meets the standard follows from it, and from the seed so does the draw itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::{AllocationMethod, BaselinePlan, Codes, DrawnStratum};
use super::store::Drawn;
use super::strata::{allocated, read, taken};
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::CollectionId;

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::publication) struct OpenSample {
    /// The seed, which stood in the ledger before anything was drawn.
    seed: String,
    /// How many were to be drawn.
    size: u64,
    /// At least so many of each stratum.
    minimum: u64,
    /// How the size was given to the strata, by its stable name.
    method: String,
    /// When it was drawn.
    drawn_at: Timestamp,
    /// The strata with their sizes.
    strata: Vec<DrawnStratum>,
    /// The codes of everybody it was drawn from, by stratum.
    frame: Codes,
    /// The codes of those who were drawn, by stratum.
    taken: Codes,
}

impl OpenSample {
    /// What is stored of a draw.
    ///
    /// # Errors
    /// When it cannot be read, which means that the database was changed by hand.
    pub fn of(drawn: &Drawn) -> Result<Self> {
        Ok(Self {
            seed: drawn.seed.clone(),
            size: drawn.size,
            minimum: drawn.minimum,
            method: drawn.method.as_str().to_owned(),
            drawn_at: drawn.drawn_at,
            strata: drawn.strata()?,
            frame: read(&drawn.frame)?,
            taken: drawn.taken()?,
        })
    }

    /// The draw as tables are made from it.
    ///
    /// # Errors
    /// When it does not serialise, which is a fault.
    pub fn drawn(&self) -> Result<Drawn> {
        Ok(Drawn {
            // Tables name organisations by their codes; no collection of a database is asked.
            collection: CollectionId::new(0),
            size: self.size,
            minimum: self.minimum,
            method: self.method().unwrap_or(AllocationMethod::Proportional),
            seed: self.seed.clone(),
            strata: to_string(&self.strata)?,
            frame: to_string(&self.frame)?,
            taken: to_string(&self.taken)?,
            drawn_at: self.drawn_at,
        })
    }

    fn method(&self) -> Option<AllocationMethod> {
        self.method.parse().ok()
    }

    /// Allocates and draws once more, and says of each stratum that comes out otherwise what was expected and what is
    /// stated.
    pub fn drawn_otherwise(&self) -> Vec<(String, String, String)> {
        let all =
            |why: &str| vec![(String::new(), "a sample that its plan gives".to_owned(), why.to_owned())];
        let Some(method) = self.method() else { return all("a method that this program does not know") };
        for stratum in &self.strata {
            let members = self.frame.get(&stratum.key).map_or(0, |codes| codes.len() as u64);
            if members != stratum.population {
                let found = format!("a population of {}", stratum.population);
                return vec![(stratum.key.clone(), format!("{members} organisations on the list"), found)];
            }
        }
        let plan = BaselinePlan { size: self.size, minimum: self.minimum, method, ..BaselinePlan::FIRST };
        let mut strata = self.strata.clone();
        if allocated(&mut strata, &plan).is_err() {
            return all("a plan that cannot be carried out");
        }
        let mut differs = Vec::new();
        for (made, stated) in strata.iter().zip(&self.strata).filter(|(made, stated)| made != stated) {
            differs.push((
                made.key.clone(),
                format!("{} drawn", made.size),
                format!("{} drawn", stated.size),
            ));
        }
        let again = taken(&self.seed, &strata, &self.frame);
        let keys: BTreeSet<&String> = again.keys().chain(self.taken.keys()).collect();
        for key in keys {
            let codes = |from: &Codes| from.get(key).map(|codes| codes.join(" ")).unwrap_or_default();
            let (made, stated) = (codes(&again), codes(&self.taken));
            if made != stated {
                differs.push((key.clone(), made, stated));
            }
        }
        differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> OpenSample {
        let stratum = |key: &str, population: u64| DrawnStratum {
            key: key.to_owned(),
            label: key.to_owned(),
            sector: key.to_owned(),
            region: String::new(),
            population,
            variance: None,
            take_all: false,
            size: 0,
        };
        let codes = |stem: &str, count: u64| (0..count).map(|n| format!("{stem}{n:03}")).collect::<Vec<_>>();
        let mut strata = vec![stratum("gp", 60), stratum("icb", 20)];
        let plan = BaselinePlan {
            size: 20,
            minimum: 5,
            method: AllocationMethod::Proportional,
            ..BaselinePlan::FIRST
        };
        allocated(&mut strata, &plan).unwrap();
        let frame: Codes = [("gp".to_owned(), codes("A", 60)), ("icb".to_owned(), codes("Q", 20))].into();
        OpenSample {
            seed: "seed".to_owned(),
            size: 20,
            minimum: 5,
            method: "proportional".to_owned(),
            drawn_at: crate::platform::clock::parse_london("2026-01-05 12:00").unwrap(),
            taken: taken("seed", &strata, &frame),
            strata,
            frame,
        }
    }

    #[test]
    fn an_honest_draw_comes_out_again_and_every_change_is_named() {
        let honest = sample();
        assert_eq!(honest.drawn_otherwise(), []);
        assert_eq!(OpenSample::of(&honest.drawn().unwrap()).unwrap(), honest);
        let text = to_string(&honest).unwrap();
        assert_eq!(serde_json::from_str::<OpenSample>(&text).unwrap(), honest);
        let differs = |change: &dyn Fn(&mut OpenSample)| {
            let mut other = honest.clone();
            change(&mut other);
            other.drawn_otherwise()
        };
        assert_eq!(differs(&|one| one.seed.push('x')).len(), 2);
        let swapped = differs(&|one| one.taken.get_mut("icb").unwrap()[0] = "Q999".to_owned());
        assert_eq!((swapped.len(), swapped[0].0.as_str()), (1, "icb"));
        assert!(swapped[0].2.starts_with("Q999"), "{swapped:?}");
        assert!(
            differs(&|one| one.frame.get_mut("gp").unwrap().truncate(9))[0].1.contains("9 organisations")
        );
        assert!(!differs(&|one| one.strata[0].size += 1).is_empty());
        assert!(differs(&|one| one.method = "dice".to_owned())[0].2.contains("does not know"));
    }
}
