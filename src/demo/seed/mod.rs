//! Writes the fictional nation into an empty database: register, people, four collections, returns with their answers
//! and submissions, reviews. In large changes, each recorded in the ledger, with progress told as it goes.

mod allocation;
mod baselining;
mod chain;
mod circumstances;
mod corrections;
mod decisions;
mod desk;
mod line;
mod mappings;
mod numbers;
mod people;
mod reasons;
mod register;
mod returns;
mod reviews;
mod rows;
mod second_scoring;
mod standards;
mod years;

use std::sync::Arc;

use super::editions::{SampleStandard, four_years};
use super::nation::organisations::{Chain, OrganisationIx};
use super::nation::sector::{Scale, Sector};
use super::nation::{Nation, NationPlan};
use super::shapes::shape_of;
use crate::access::{Action, Actor, Permit, SeedPeople, Subject};
use crate::platform::clock::Day;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, PersonId};
use crate::publication::Source;
use crate::standards::Edition;

pub use people::PASSWORD;
pub use returns::Document;

/// What the demo is made from.
#[derive(Debug, Clone, Copy)]
pub struct SeedPlan {
    /// Another seed gives another nation.
    pub seed: u64,
    /// How large.
    pub scale: Scale,
    /// The day that is "now" in the demo.
    pub today: Day,
}

/// What is shared by the steps.
pub(super) struct Seeding {
    pub nation: Nation,
    pub editions: [Edition; 4],
    pub organisations: Vec<OrganisationId>,
    pub people: Vec<PersonId>,
    /// The head office that answers for its sites in the running year.
    pub chain: Option<OrganisationIx>,
}

/// Above this many organisations the nation is a large one.
const LARGE: usize = 5_000;

impl Seeding {
    /// Whether the nation is so large that its many small organisations are only in the register with the grades of
    /// past years: their returns would weigh several gigabytes.
    fn is_large(&self) -> bool {
        self.organisations.len() > LARGE
    }

    /// Whether organisations of the sector have returns.
    fn files(&self, sector: Sector) -> bool {
        !self.is_large() || sector.is_large()
    }

    /// Whether the head office of the organisation answers for it in this collection.
    fn is_covered(&self, at: OrganisationIx, collection: &years::Written) -> bool {
        let of = self.nation.organisation(at).map(|organisation| organisation.chain);
        collection.is_open && self.chain.is_some_and(|head| of == Some(Chain::SiteOf(head)))
    }

    /// Whether the answers are kept row by row beside the submission: of the running year everybody's, of past years
    /// those of trusts, boards and the other large ones.
    fn is_full(&self, sector: Sector, collection: &years::Written) -> bool {
        sector.is_large() || collection.is_open
    }

    /// Whether the grades of this collection are written as a register published them. Those of the first release
    /// follow from the returns, unless the nation is a large one.
    fn is_registered(&self, collection: &years::Written) -> bool {
        self.is_large() || !collection.is_last_closed
    }
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// Organisations in the register.
    pub organisations: usize,
    /// Returns of all years.
    pub returns: usize,
    /// What is published, oldest first: the registers of the years before, and last year's returns or, in a large nation,
    /// last year's register.
    pub releases: Vec<Source>,
}

/// Makes the nation and writes it.
///
/// # Errors
/// When the database refuses or a sample standard is damaged.
pub fn seed(
    db: &Db,
    plan: SeedPlan,
    password_hash: &str,
    documents: &[Document],
    tell: &dyn Fn(&str),
) -> Result<Seeded> {
    tell("Making a fictional nation");
    let today = plan.today.date();
    let editions = four_years(SampleStandard::Assertions, today)
        .map_err(|e| Error::internal("failed to read the sample standards", e))?;
    let mut shapes = Vec::new();
    for edition in &editions {
        shapes.push(Arc::new(
            shape_of(edition).map_err(|e| Error::internal("failed to read an edition's shape", e))?,
        ));
    }
    let shapes = <[_; 4]>::try_from(shapes).map_err(|_| Error::broken("four editions have four shapes"))?;
    let nation = Nation::generate(&NationPlan { seed: plan.seed, scale: plan.scale, as_of: today, shapes });
    tell(&format!("Writing {} organisations", nation.organisations.len()));
    let (nation, organisations) = register::write(db, nation)?;
    let chain = chain::head_office(&nation, editions.len() - 1);
    tell(&format!("Writing {} people", nation.staff.people.len()));
    let (nation, people) = people::write(db, nation, &organisations, password_hash, chain)?;
    let seeding = Arc::new(Seeding { nation, editions, organisations, people, chain });
    reasons::write(db)?;
    tell("Writing standards and collections");
    let mut collections = years::write(db, &seeding)?;
    mappings::write(db, &seeding, &mut collections, today)?;
    let mut written = 0;
    for (year, collection) in collections.iter().enumerate() {
        tell(&format!("Writing the returns of {}", collection.label));
        written += line::write(db, &seeding, year, collection, documents, tell)?;
    }
    numbers::settle(db)?;
    if let Some(open) = collections.iter().find(|collection| collection.is_open) {
        chain::write(db, &seeding, open)?;
        standards::write(db, &seeding, password_hash, open)?;
    }
    allocation::write(db, &seeding, &collections)?;
    if let Some(open) = collections.iter().find(|collection| collection.is_open) {
        desk::write(db, open)?;
        decisions::write(db, open)?;
    }
    let last = collections
        .iter()
        .find(|c| c.is_last_closed)
        .ok_or_else(|| Error::broken("the nation has a closed collection"))?;
    if !seeding.is_large() {
        tell("Scoring a sample a second time");
        second_scoring::write(db, last)?;
        corrections::write(db, &seeding, last)?;
        tell("Drawing a baselining sample");
        baselining::write(db, last)?;
    }
    let source = |collection: &years::Written| match &collection.register {
        Some(register) if seeding.is_registered(collection) => Source::Register(register.clone()),
        _ => Source::Collection(collection.key.clone()),
    };
    let releases = collections.iter().filter(|one| !one.is_open).map(source).collect();
    Ok(Seeded { organisations: seeding.organisations.len(), returns: written, releases })
}

/// The permit of the demo's own changes.
pub(super) fn permit<A: Action>(kind: &'static str) -> Result<Permit<A>> {
    Permit::grant(&Actor::system(), Some(Subject { kind, id: 0, organisation: None, state: "" }))
}

/// The permit under which the demo's records are written.
pub(super) fn seeding_permit() -> Result<Permit<SeedPeople>> {
    permit("programme")
}
