//! The matrix of one collection with what its rows are grouped by.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::coding::Coding;
use crate::platform::error::{Error, Result};
use crate::platform::ids::OrganisationId;
use crate::publication::classes::{self, table_fault};
use crate::publication::record::Record;
use crate::standards::{Edition, SectorKey};
use crate::statistics::items::ItemAnalysis;
use crate::statistics::{AnswerMatrix, Dimension, GroupedCounts, Grouping, MatrixError};

crate::text_enum! {
    /// What answers are counted by.
    Breakdown {
        /// All organisations together.
        Everybody = "all", "All organisations";
        /// By sector.
        Sector = "sector", "Sector";
        /// By region.
        Region = "region", "Region";
        /// By sector and region.
        SectorAndRegion = "sector-region", "Sector and region";
    }
}

/// What an organisation in scope is counted under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::publication) struct Kind {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its sector.
    pub sector: SectorKey,
    /// Its region's code, where known.
    pub region: Option<String>,
}

impl Kind {
    /// Whether the other is counted under the same.
    fn is_like(&self, other: &Self) -> bool {
        self.sector == other.sector && self.region == other.region
    }
}

impl From<&Record> for Kind {
    fn from(record: &Record) -> Self {
        Self { organisation: record.organisation, sector: record.sector, region: record.region.clone() }
    }
}

/// Every submission of a collection that counts.
#[derive(Debug, Clone)]
pub struct Sheet {
    edition: Arc<Edition>,
    coding: Coding,
    matrix: AnswerMatrix,
    /// Every organisation in scope.
    places: HashMap<OrganisationId, Place>,
    sectors: Grouping,
    regions: Grouping,
}

/// Where an organisation stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Its place in the dimension of sectors.
    sector: usize,
    /// Its place in the dimension of regions.
    region: usize,
    /// Its row in the matrix, once it has submitted.
    row: Option<usize>,
}

fn fault(error: MatrixError) -> Error {
    Error::internal("failed to count answers", error)
}

impl Sheet {
    /// A sheet without submissions of the organisations in scope.
    pub(in crate::publication) fn of(
        edition: &Arc<Edition>,
        scope: &[Kind],
        regions: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let coding = Coding::of(edition)?;
        let pairs = edition
            .requirements()
            .iter()
            .map(|one| (one.code.as_str().to_owned(), format!("{} {}", one.code.as_str(), one.title)));
        let requirements = Dimension::new("requirement", "Requirement", pairs).map_err(table_fault)?;
        let matrix = AnswerMatrix::new(requirements, coding.levels().clone()).with_capacity(scope.len());
        // Where they come grouped, a look at the first of each group is enough.
        let firsts = || scope.chunk_by(Kind::is_like).filter_map(<[Kind]>::first);
        let present: BTreeSet<SectorKey> = firsts().map(|one| one.sector).collect();
        let sectors = classes::sectors_among(&present)?;
        let present: BTreeSet<Option<&str>> = firsts().map(|one| one.region.as_deref()).collect();
        let regions = classes::regions_among(&present, regions)?;
        let places = |of: &Dimension| -> HashMap<String, usize> {
            of.categories().iter().enumerate().map(|(place, one)| (one.key.clone(), place)).collect()
        };
        let (of_sector, of_region) = (places(&sectors), places(&regions));
        let mut all = HashMap::with_capacity(scope.len());
        for some in scope.chunk_by(Kind::is_like) {
            let Some(first) = some.first() else { continue };
            let sector = of_sector.get(first.sector.as_str());
            let region = of_region.get(first.region.as_deref().unwrap_or(classes::NO_REGION));
            if let (Some(&sector), Some(&region)) = (sector, region) {
                all.extend(some.iter().map(|one| (one.organisation, Place { sector, region, row: None })));
            }
        }
        Ok(Self {
            edition: Arc::clone(edition),
            coding,
            matrix,
            places: all,
            sectors: Grouping::new(sectors, []).map_err(fault)?,
            regions: Grouping::new(regions, []).map_err(fault)?,
        })
    }

    /// Puts an organisation's packed vector in, in place of the one that was there. One outside the scope is left out.
    ///
    /// # Errors
    /// When the vector does not fit the edition.
    pub(in crate::publication) fn put(&mut self, whose: OrganisationId, packed: &[u8]) -> Result<()> {
        let Some(place) = self.places.get_mut(&whose) else { return Ok(()) };
        let levels = self.coding.places(packed);
        if let Some(row) = place.row {
            return self.matrix.replace(row, &levels).map_err(fault);
        }
        self.matrix.push(&levels).map_err(fault)?;
        self.sectors.push(Some(place.sector)).map_err(fault)?;
        self.regions.push(Some(place.region)).map_err(fault)?;
        place.row = Some(self.matrix.submissions() - 1);
        Ok(())
    }

    /// Whether there is nothing to count.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edition.requirements().is_empty() || self.submissions() == 0
    }

    /// How many submissions there are.
    #[must_use]
    pub fn submissions(&self) -> usize {
        self.matrix.submissions()
    }

    /// The edition.
    #[must_use]
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The requirements.
    #[must_use]
    pub fn requirements(&self) -> &Dimension {
        self.matrix.requirements()
    }

    /// The levels; "no answer or not asked" is the last.
    #[must_use]
    pub fn levels(&self) -> &Dimension {
        self.matrix.levels()
    }

    /// The packed byte of each level but the last.
    pub(in crate::publication) fn answer_bytes(&self) -> &[u8] {
        self.coding.bytes()
    }

    /// Counts levels by group and requirement, in one scan.
    ///
    /// # Errors
    /// Never for a sound sheet; too many groups are a fault.
    pub fn count(&self, by: Breakdown) -> Result<GroupedCounts> {
        let grouping = match by {
            Breakdown::Everybody => Grouping::everybody(self.matrix.submissions()).map_err(fault)?,
            Breakdown::Sector => return self.matrix.count(&self.sectors).map_err(fault),
            Breakdown::Region => return self.matrix.count(&self.regions).map_err(fault),
            Breakdown::SectorAndRegion => self.sectors.crossed(&self.regions).map_err(fault)?,
        };
        self.matrix.count(&grouping).map_err(fault)
    }

    /// The groups of a breakdown.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub fn groups(&self, by: Breakdown) -> Result<Dimension> {
        match by {
            Breakdown::Everybody => Ok(Grouping::everybody(0).map_err(fault)?.groups().clone()),
            Breakdown::Sector => Ok(self.sectors.groups().clone()),
            Breakdown::Region => Ok(self.regions.groups().clone()),
            Breakdown::SectorAndRegion => {
                self.sectors.groups().crossed(self.regions.groups()).map_err(table_fault)
            }
        }
    }

    /// How hard each requirement is and how well it tells organisations apart.
    ///
    /// # Errors
    /// When a row does not fit the edition, which is a fault.
    pub fn analysed(&self) -> Result<ItemAnalysis> {
        let mut found = ItemAnalysis::new(self.requirements().len(), self.coding.most());
        for row in self.matrix.rows() {
            let scores: Vec<Option<u8>> = self.coding.scores(row).collect();
            found.add(&scores).map_err(|e| Error::internal("failed to analyse requirements", e))?;
        }
        Ok(found)
    }
}
