//! Closed collections with a submission of every organisation, for the scenarios that count a nation's answers: an edition of
//! levels, its collection, and the levels that each organisation gave.

use diesel::prelude::*;
use portal::access::{Actor, ImportEditionBySystem, Permit, Subject};
use portal::platform::db::{Db, Tx};
use portal::platform::ids::{CollectionId, EditionId, OrganisationId};
use portal::schema::{annual_return, collection, collection_scope, submission};
use portal::standards::formats::{self, FileFormat, Names};
use portal::standards::{self, SectorKey};

use crate::driver::Result;
use crate::whole::rows::{ReturnRow, SubmissionRow};
use crate::whole::world::{insert, number};

/// The profile of every sector that has none of its own.
pub const EVERYBODY: &str = "all";
/// The name of the rules.
const RULE_SET: &str = "bench-levels.1";
/// Organisations in one change.
const PORTION: usize = 5_000;

/// An edition of requirements with levels 0 to 3, of which 2 is enough.
#[derive(Debug, Clone, Copy)]
pub struct Standard {
    /// How many there are.
    pub requirements: usize,
    /// Profiles, each with the sector whose default it is.
    pub profiles: &'static [(&'static str, &'static str)],
    /// Which profiles ask the requirement at a place.
    pub asks: fn(usize) -> &'static [&'static str],
}

impl Standard {
    /// The profile of a sector.
    pub fn profile(&self, sector: &str) -> &'static str {
        self.profiles.iter().find(|(_, of)| *of == sector).map_or(EVERYBODY, |(profile, _)| profile)
    }
}

/// A collection to be made.
#[derive(Debug, Clone, Copy)]
pub struct Year {
    /// Its key.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Seconds by which it lies before this year's.
    pub ago: i64,
    /// The collection that it follows.
    pub previous: Option<CollectionId>,
    /// Where the numbers of its rows begin.
    pub apart: usize,
}

/// What an organisation submitted.
#[derive(Debug, Clone)]
pub struct Given {
    /// The profile that it was held to.
    pub profile: &'static str,
    /// A byte for each requirement.
    pub levels: Vec<u8>,
    /// The grade that follows from them.
    pub grade: &'static str,
    /// Whether it was late.
    pub late: bool,
}

/// Imports the edition.
pub fn import(db: &Db, standard: &Standard) -> Result<EditionId> {
    let text = text_of(standard);
    let edition = formats::read(FileFormat::Toml, "bench.toml", text.as_bytes(), &Names::default())
        .map_err(|problems| format!("{problems:?}"))?
        .edition;
    Ok(db.write_now(Actor::system_reach(), move |tx| {
        let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
        standards::import_edition(tx, &permit, &edition)
    })?)
}

/// Makes a collection of the edition and puts in what the organisations gave, by their positions.
pub fn fill(
    db: &Db,
    (edition, standard): (EditionId, Standard),
    year: Year,
    given: &[Given],
) -> Result<CollectionId> {
    let id = db.housekeep_now(Actor::system_reach(), move |tx| begin(tx, edition, &standard, &year))?;
    for (portion, some) in given.chunks(PORTION).enumerate() {
        let some = some.to_vec();
        db.housekeep_now(Actor::system_reach(), move |tx| {
            submit(tx, (id, edition), &year, portion * PORTION, some)
        })?;
    }
    Ok(id)
}

/// A number as if by chance, the same for the same seed (the finaliser of S. Vigna's splitmix64).
pub fn chance(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn text_of(standard: &Standard) -> String {
    let mut text = format!(
        "format = 1\n[standard]\nkey = \"bench-levels\"\nname = \"Benchmark\"\nscheme = \"levels\"\n\
         description = \"Levels for a benchmark.\"\n[edition]\nkey = \"bench-levels-1\"\nlabel = \"bench\"\n\
         rule_set = \"{RULE_SET}\"\n"
    );
    for (key, sector) in standard.profiles {
        text.push_str(&format!(
            "[[profiles]]\nkey = \"{key}\"\nname = \"Profile {key}\"\nsectors = [\"{sector}\"]\n"
        ));
    }
    text.push_str(
        "[scoring]\nmax_level = 3\nsatisfactory_level = 2\n\
         bands = [{ label = \"red\", below = 40 }, { label = \"amber\", below = 70 }, { label = \"green\" }]\n\
         [[sections]]\ncode = \"1\"\ntitle = \"Everything\"\nguidance = \"For a benchmark.\"\n",
    );
    for place in 0..standard.requirements {
        let expected: Vec<String> = (standard.asks)(place).iter().map(|key| format!("{key} = 2")).collect();
        text.push_str(&format!(
            "[[requirements]]\ncode = \"1-{place:03}\"\nsection = \"1\"\ntitle = \"Requirement {place}\"\n\
             text = \"How far is it met?\"\nguidance = \"For a benchmark.\"\n\
             levels = [\"Not at all.\", \"A little.\", \"Mostly.\", \"Wholly.\"]\nexpected = {{ {} }}\n",
            expected.join(", ")
        ));
    }
    text
}

fn begin(
    tx: &mut Tx<'_>,
    edition: EditionId,
    standard: &Standard,
    year: &Year,
) -> portal::platform::error::Result<CollectionId> {
    let then = tx.now().plus_seconds(-year.ago);
    let id: CollectionId = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(edition),
            collection::previous_id.eq(year.previous),
            collection::key.eq(year.key),
            collection::name.eq(year.name),
            collection::year_label.eq("bench"),
            collection::state.eq("closed"),
            collection::opens_at.eq(then.plus_seconds(-3_000_000)),
            collection::deadline_at.eq(then.plus_seconds(-2_000_000)),
            collection::closes_at.eq(then.plus_seconds(-1_000_000)),
            collection::created_at.eq(then.plus_seconds(-4_000_000)),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    for sector in SectorKey::all() {
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(id),
                collection_scope::sector.eq(sector.as_str()),
                collection_scope::profile.eq(standard.profile(sector.as_str())),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

fn submit(
    tx: &mut Tx<'_>,
    of: (CollectionId, EditionId),
    year: &Year,
    from: usize,
    given: Vec<Given>,
) -> portal::platform::error::Result<()> {
    let at = tx.now().plus_seconds(-2_500_000 - year.ago);
    let (mut returns, mut submissions) = (Vec::new(), Vec::new());
    for (place, one) in given.into_iter().enumerate() {
        let position = from + place;
        let row = ReturnRow::sent(
            number(year.apart + position),
            OrganisationId::new(number(position)),
            of,
            (one.profile, "submitted"),
            at,
        );
        submissions.push(SubmissionRow {
            late: one.late,
            levels: one.levels,
            claimed_grade: one.grade.to_owned(),
            rule_set: RULE_SET.to_owned(),
            ..SubmissionRow::of(&row, at)
        });
        returns.push(row);
    }
    insert!(tx, annual_return, returns);
    insert!(tx, submission, submissions);
    Ok(())
}
