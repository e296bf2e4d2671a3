//! The nation that a release is made of: two years of submissions by every organisation, in every tenth return a decided
//! review. Requirements of all frequencies are fallen short of, and some are asked of trusts or boards only, so that the
//! tables have cells of all sizes, also such as must be suppressed. There is no baselining sample.

use std::sync::Arc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use portal::access::Actor;
use portal::platform::clock::{Clock as _, SystemClock, Timestamp};
use portal::platform::db::{Db, Target, Tx};
use portal::platform::ids::{CollectionId, OrganisationId, PersonId, RequirementId, ReviewId};
use portal::schema::{organisation, review, review_decision};
use portal::standards::scoring::{BYTE_NONE, PackedInput, PackedScorer, PlanStanding};
use portal::standards::{self, Edition, ProfileKey, SectorKey};

use crate::answers::{self, EVERYBODY, Given, Standard, Year};
use crate::driver::Result;
use crate::whole::rows::{DecisionRow, ReviewRow};
use crate::whole::world::{self, insert, number};

/// The key of this year's collection.
pub const KEY: &str = "nation";
/// Where the numbers of its rows begin.
const APART: usize = 9_000_000;
/// Organisations, the first ones, that are made boards.
const BOARDS: usize = 42;
const TRUST: &str = "trust";
const BOARD: &str = "board";
/// A return in so many was reviewed, and so many requirements of it were decided on.
const REVIEWED: usize = 10;
const DECISIONS: usize = 5;
const DAY: i64 = 86_400;

/// Makes the database at an empty target.
pub fn make(url: &str, organisations: usize, requirements: usize) -> Result<()> {
    world::make(url, world::Size { organisations, submitted: 1, drafts: 0 })?;
    let db = Db::open(&Target::parse(url)?, 1, Arc::new(SystemClock))?;
    db.housekeep_now(Actor::system_reach(), boards)?;
    let sectors: Vec<String> = db.read_now(Actor::system_reach(), |conn| {
        Ok(organisation::table.order(organisation::id).select(organisation::sector).load(conn)?)
    })?;
    let standard =
        Standard { requirements, profiles: &[(EVERYBODY, "gp"), (TRUST, "nhs_trust"), (BOARD, "icb")], asks };
    let id = answers::import(&db, &standard)?;
    let edition = db.read_now(Actor::system_reach(), move |conn| standards::edition(conn, id))?;
    let mut collection = None;
    let years = [
        ("nation-before", "Annual return of the year before", 365 * DAY, APART - 1_000_000),
        (KEY, "Annual return of the nation", 0, APART),
    ];
    for (turn, (key, name, ago, apart)) in years.into_iter().enumerate() {
        let given = given(&edition, &standard, &sectors, turn)?;
        let year = Year { key, name, ago, previous: collection, apart };
        let made = answers::fill(&db, (id, standard), year, &given)?;
        collection = Some(made);
        if key == KEY {
            let asked =
                db.read_now(Actor::system_reach(), move |conn| standards::requirement_ids(conn, id))?;
            let (reviews, decisions) = reviewed(&edition, made, (&sectors, &given), &asked)?;
            db.housekeep_now(Actor::system_reach(), move |tx| decide(tx, made, &reviews, &decisions))?;
        }
    }
    db.housekeep_now(Actor::system_reach(), world::count_on)?;
    Ok(())
}

/// Who is asked the requirement at a place: of eleven, one is for trusts and boards, and one for boards alone.
fn asks(place: usize) -> &'static [&'static str] {
    match place % 11 {
        9 => &[TRUST, BOARD],
        10 => &[BOARD],
        _ => &[EVERYBODY, TRUST, BOARD],
    }
}

/// The first organisations become boards, in whose areas the trusts lie.
fn boards(tx: &mut Tx<'_>) -> portal::platform::error::Result<()> {
    let statements = [
        format!("UPDATE organisation SET sector = 'icb' WHERE id <= {BOARDS}"),
        format!(
            "UPDATE organisation SET icb_code = (SELECT board.code FROM organisation board \
             WHERE board.id = 1 + organisation.id % {BOARDS}) WHERE sector = 'nhs_trust'"
        ),
    ];
    for statement in statements {
        tx.conn().batch_execute(&statement)?;
    }
    Ok(())
}

/// What every organisation submitted in a year, with the grade that the rules give for it: the release works out from
/// public grades what answers are possible, so grades must follow from answers.
fn given(edition: &Edition, standard: &Standard, sectors: &[String], year: usize) -> Result<Vec<Given>> {
    let mut scorer = PackedScorer::new(edition);
    let of = |(position, sector): (usize, &String)| -> Result<Given> {
        let profile = standard.profile(sector);
        let levels = levels(standard, profile, (year * 10_000_000 + position) as u64);
        let grade = grade(&mut scorer, sector, profile, &levels)?;
        Ok(Given { profile, levels, grade, late: position.is_multiple_of(17) })
    };
    sectors.iter().enumerate().map(of).collect()
}

/// Four of five do well everywhere. The others fall short here and there: in one requirement of fourteen every second of
/// them, in the next every fourth, and so on down to none or a few.
fn levels(standard: &Standard, profile: &'static str, whose: u64) -> Vec<u8> {
    let short = answers::chance(whose).is_multiple_of(5);
    (0..standard.requirements)
        .map(|place| {
            if !(standard.asks)(place).contains(&profile) {
                return BYTE_NONE;
            }
            let dice = answers::chance(whose * 1_000 + place as u64 + 1);
            if short && dice.is_multiple_of(2_u64 << (place % 14)) {
                match (dice >> 32) % 3 {
                    0 => 0,
                    1 => 1,
                    _ => BYTE_NONE,
                }
            } else if (dice >> 40).is_multiple_of(2) {
                2
            } else {
                3
            }
        })
        .collect()
}

fn grade(scorer: &mut PackedScorer<'_>, sector: &str, profile: &str, levels: &[u8]) -> Result<&'static str> {
    let (sector, profile) = (SectorKey::new(sector)?, ProfileKey::new(profile)?);
    let input = PackedInput {
        sector,
        profile: Some(&profile),
        levels,
        plan: PlanStanding::None,
        approached_before: false,
        lifted: false,
    };
    Ok(scorer.score(&input).grade.as_str())
}

/// The reviews of every tenth return: the answers decided on stood, but in every fifth review the first that could be was
/// found lower.
fn reviewed(
    edition: &Edition,
    collection_id: CollectionId,
    (sectors, given): (&[String], &[Given]),
    asked: &[RequirementId],
) -> Result<(Vec<ReviewRow>, Vec<DecisionRow>)> {
    let mut scorer = PackedScorer::new(edition);
    let (mut reviews, mut decisions) = (Vec::new(), Vec::new());
    let decided_at: Timestamp = SystemClock.now().plus_seconds(-10 * DAY);
    for (position, (sector, one)) in sectors.iter().zip(given).enumerate().skip(3).step_by(REVIEWED) {
        let id = number(APART + position);
        let (review_id, organisation_id) = (ReviewId::new(id), OrganisationId::new(number(position)));
        let mut levels = one.levels.clone();
        let mut lower = (position / REVIEWED).is_multiple_of(5);
        let claims = levels.iter_mut().zip(asked).skip(position % 7).step_by(7);
        for (level, requirement) in claims.filter(|(level, _)| **level != BYTE_NONE).take(DECISIONS) {
            let lowered = lower && *level > 0;
            if lowered {
                *level -= 1;
                lower = false;
            }
            decisions.push(DecisionRow {
                review_id,
                organisation_id,
                requirement_id: *requirement,
                outcome: if lowered { "downgrade" } else { "agree" },
                assessed_level: i64::from(*level),
                reason: "For a benchmark.",
                version: 1,
                decided_by: reviewer(),
                decided_at,
            });
        }
        let times = (decided_at.plus_seconds(-10 * DAY), decided_at.plus_seconds(10 * DAY));
        reviews.push(ReviewRow {
            state: "decided",
            reviewer_id: Some(reviewer()),
            assessed_grade: Some(grade(&mut scorer, sector, one.profile, &levels)?),
            assessed_levels: Some(levels),
            assessed_score: Some("{}"),
            summary: "For a benchmark.",
            decided_at: Some(decided_at),
            ..ReviewRow::waiting(id, organisation_id, collection_id, one.grade, times)
        });
    }
    Ok((reviews, decisions))
}

/// The one reviewer that [`world::make`] makes, after the lead of the one return.
fn reviewer() -> PersonId {
    PersonId::new(number(1))
}

fn decide(
    tx: &mut Tx<'_>,
    id: CollectionId,
    reviews: &[ReviewRow],
    decisions: &[DecisionRow],
) -> portal::platform::error::Result<()> {
    insert!(tx, review, reviews);
    insert!(tx, review_decision, decisions);
    tx.conn().batch_execute(&format!(
        "UPDATE annual_return SET state = 'decided', final_grade = (SELECT r.assessed_grade FROM review r \
         WHERE r.submission_id = annual_return.submission_id) \
         WHERE collection_id = {id} AND submission_id IN (SELECT submission_id FROM review WHERE collection_id = {id})"
    ))?;
    Ok(())
}
