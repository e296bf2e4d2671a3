//! A fictional nation: organisations, people, and four years of returns with their reviews, made from a seed.
//!
//! Regions are real, everything in them is invented. The register and the people are held in memory (64,000
//! organisations take some tens of megabytes); returns are made one at a time by [`Nation::returns`], so that a
//! caller which writes them down as they come needs no more memory at national scale than at the small one. Every
//! return depends only on the seed, the organisation and the year, and the same plan gives the same bytes on every
//! machine.

pub mod answers;
mod assembly;
pub mod calendar;
pub mod chance;
pub mod claims;
pub mod codes;
pub mod filing;
pub mod grades;
pub mod names;
pub mod organisations;
pub mod people;
mod person_names;
pub mod places;
pub mod prose;
pub mod quality;
pub mod relations;
pub mod returns;
pub mod review;
pub mod rules;
pub mod sector;
pub mod shape;
#[cfg(test)]
mod tests;
pub mod timing;

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use calendar::Year;
use grades::Grade;
use organisations::{Organisation, OrganisationIx};
use people::{Membership, Staff};
use places::Area;
use relations::Relation;
use returns::ReturnRecord;
use sector::Scale;
use shape::EditionShape;

/// What to make.
#[derive(Debug, Clone)]
pub struct NationPlan {
    /// Another seed gives another nation.
    pub seed: u64,
    /// How large.
    pub scale: Scale,
    /// The day on which the demo is "now": nothing that has happened is later.
    pub as_of: Date,
    /// The editions answered in the four years, oldest first.
    pub shapes: [Arc<EditionShape>; 4],
}

/// The nation.
#[derive(Debug, Clone)]
pub struct Nation {
    /// Its seed.
    pub seed: u64,
    /// Its "now".
    pub as_of: Date,
    /// The 42 invented areas.
    pub areas: Vec<Area>,
    /// The register, see [`organisations::organisations`] for its order.
    pub organisations: Vec<Organisation>,
    /// How organisations hang together.
    pub relations: Vec<Relation>,
    /// People, memberships and the central team.
    pub staff: Staff,
    /// The years, oldest first; the last one is running.
    pub years: Vec<Year>,
    /// Where each organisation's memberships lie.
    members: Vec<Range<usize>>,
}

impl Nation {
    /// Makes the register, the people and the calendar of a plan.
    #[must_use]
    pub fn generate(plan: &NationPlan) -> Self {
        let areas = places::areas(plan.seed);
        let organisations = organisations::organisations(plan.seed, plan.scale, plan.as_of, &areas);
        let relations = relations::relations(plan.seed, &organisations, &areas);
        let staff = people::staff(plan.seed, &organisations);
        let members = ranges(&staff.memberships, organisations.len());
        let years = calendar::years_around(plan.as_of, &plan.shapes).to_vec();
        Self { seed: plan.seed, as_of: plan.as_of, areas, organisations, relations, staff, years, members }
    }

    /// The organisation at a position.
    #[must_use]
    pub fn organisation(&self, at: OrganisationIx) -> Option<&Organisation> {
        self.organisations.get(at.index())
    }

    /// The memberships of an organisation.
    #[must_use]
    pub fn members(&self, organisation: OrganisationIx) -> &[Membership] {
        let range = self.members.get(organisation.index()).cloned().unwrap_or_default();
        self.staff.memberships.get(range).unwrap_or_default()
    }

    /// The return of one organisation in the year of that number; `None` where it did not exist then or the edition
    /// asks nothing of it.
    #[must_use]
    pub fn return_of(&self, organisation: OrganisationIx, year: usize) -> Option<ReturnRecord> {
        assembly::assemble(self, organisation, year)
    }

    /// Whether the organisation was published as approaching the standards in a year before that of the number.
    #[must_use]
    pub fn approached_before(&self, organisation: OrganisationIx, year: usize) -> bool {
        let published = |past| self.return_of(organisation, past).and_then(|record| record.published);
        (0..year).filter_map(published).any(|entry| entry.status.grade == Grade::ApproachingStandards)
    }

    /// All returns of a year in the order of the organisations, each made when it is asked for.
    pub fn returns(&self, year: usize) -> impl Iterator<Item = ReturnRecord> + '_ {
        let count = u32::try_from(self.organisations.len()).unwrap_or(u32::MAX);
        (0..count).filter_map(move |index| self.return_of(OrganisationIx(index), year))
    }
}

/// The stretch of memberships of each organisation; they are grouped by organisation in order.
fn ranges(memberships: &[Membership], organisations: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(organisations);
    let mut start = 0;
    for index in 0..organisations {
        let rest = memberships.iter().skip(start);
        let length = rest.take_while(|membership| membership.organisation.index() == index).count();
        ranges.push(start..start + length);
        start += length;
    }
    ranges
}
