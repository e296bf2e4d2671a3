//! Who of a sample responded, stratum by stratum, and the sums that estimates are made from.

use std::collections::{BTreeMap, HashMap};

use super::model::{Codes, DrawnStratum};
use super::store::Drawn;
use crate::platform::error::Result;
use crate::platform::ids::OrganisationId;
use crate::publication::record::Record;
use crate::statistics::sampling::StratumTally;

/// A sample beside the lines of its collection.
pub(in crate::publication) struct Responses<'a> {
    strata: Vec<DrawnStratum>,
    taken: Codes,
    records: HashMap<&'a str, &'a Record>,
}

/// What became of those who were drawn from one stratum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::publication) struct Response {
    /// How many were drawn.
    pub drawn: u64,
    /// How many have submitted.
    pub responded: u64,
    /// How many closed, or left the scope otherwise, after the draw.
    pub gone: u64,
}

impl Response {
    /// How many could have submitted.
    pub const fn eligible(self) -> u64 {
        self.drawn.saturating_sub(self.gone)
    }
}

impl<'a> Responses<'a> {
    /// Reads a draw and looks its members up in the lines.
    pub fn of(drawn: &Drawn, records: &'a [Record]) -> Result<Self> {
        Ok(Self {
            strata: drawn.strata()?,
            taken: drawn.taken()?,
            records: records.iter().map(|record| (record.code.as_str(), record)).collect(),
        })
    }

    /// The strata.
    pub fn strata(&self) -> &[DrawnStratum] {
        &self.strata
    }

    /// The line of each member of a stratum; none for one that is no longer in scope.
    fn members(&self, stratum: &str) -> impl Iterator<Item = Option<&'a Record>> {
        let codes = self.taken.get(stratum).map(Vec::as_slice).unwrap_or_default();
        codes.iter().map(move |code| self.records.get(code.as_str()).copied())
    }

    /// What became of a stratum.
    pub fn response(&self, stratum: &str) -> Response {
        let mut found = Response::default();
        for member in self.members(stratum) {
            found.drawn += 1;
            match member {
                None => found.gone += 1,
                Some(record) => found.responded += u64::from(record.is_published()),
            }
        }
        found
    }

    /// What became of all of them.
    pub fn all(&self) -> Response {
        self.strata.iter().map(|one| self.response(&one.key)).fold(Response::default(), |sum, one| Response {
            drawn: sum.drawn + one.drawn,
            responded: sum.responded + one.responded,
            gone: sum.gone + one.gone,
        })
    }

    /// The sums of a figure over the part of the population that `inside` picks, stratum by stratum. Who is no longer in
    /// scope counts as a response from outside: that they are gone is known.
    pub fn tallies(
        &self,
        inside: &dyn Fn(&Record) -> bool,
        figure: &dyn Fn(&Record) -> Option<i32>,
    ) -> Vec<StratumTally> {
        let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
        self.strata
            .iter()
            .map(|stratum| {
                let next = groups.len();
                let group = *groups.entry(stratum.sector.as_str()).or_insert(next);
                let mut tally = StratumTally::new(group, stratum.population);
                for member in self.members(&stratum.key) {
                    match member {
                        None => tally.respond(None),
                        Some(record) if record.is_published() => {
                            tally.respond(figure(record).filter(|_| inside(record)));
                        }
                        Some(_) => {}
                    }
                }
                tally
            })
            .collect()
    }
}

/// Points that organisations reached, by organisation.
pub(in crate::publication) type PointsOf = HashMap<OrganisationId, u8>;
