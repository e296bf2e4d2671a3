//! A database for the benchmark: a register of some size, one open collection of the sample outcome standard (47
//! outcomes), returns that were submitted with full answers and wait for review, and drafts to be answered.

use std::sync::Arc;

use diesel::prelude::*;
use portal::access::{Actor, ImportEditionBySystem, Permit, Subject};
use portal::demo::editions::{SampleStandard, four_years};
use portal::identity::{self, Password};
use portal::platform::canonical::{sha256, to_string};
use portal::platform::clock::{Clock, SystemClock, Timestamp};
use portal::platform::db::{self, Db, Target, Tx};
use portal::platform::ids::{
    AnswerId, CollectionId, EditionId, OrganisationId, PersonId, RequirementId, ReturnId, SubmissionId,
};
use portal::platform::random::SystemRandom;
use portal::returns::{Snapshot, SnapshotAnswer, SnapshotEdition, SnapshotOrganisation, score_of};
use portal::schema::{
    annual_return, answer, answer_version, central_role, collection, collection_scope, membership,
    organisation, person, region, review, submission,
};
use portal::standards::{
    AnswerValue, Edition, Requirement, RequirementKind, begin_use, import_edition, requirement_ids,
};
use serde_json::{Value, json};

use super::rows::{
    AnswerRow, MembershipRow, OrganisationRow, PersonRow, ReturnRow, ReviewRow, SubmissionRow, VersionRow,
};
use crate::driver::Result;

/// The password of everybody.
pub const PASSWORD: &str = "a benchmark is no secret";
/// The reviewer who has claimed reviews.
pub const REVIEWER: &str = "reviewer@programme.example";
/// The collection's key.
pub const YEAR: &str = "bench";

const REGIONS: [(&str, &str); 7] = [
    ("Y56", "London"),
    ("Y58", "South West"),
    ("Y59", "South East"),
    ("Y60", "Midlands"),
    ("Y61", "East of England"),
    ("Y62", "North West"),
    ("Y63", "North East and Yorkshire"),
];
/// Sectors of the organisations without a return, in turns.
const OTHERS: [&str; 6] = ["gp", "pharmacy", "dentist", "optician", "social_care", "company"];
/// So many organisations, the first ones, are trusts.
const TRUSTS: usize = 1_100;
/// The comment of every answer.
pub const COMMENT: &str = "Reviewed by the information governance group in its last meeting. The supporting papers are kept \
                       with its minutes, and the actions that came of it are in the register of actions.";
/// Rows in one statement, and statements' worth of organisations in one change.
pub const AT_ONCE: usize = 200;

/// How large to make it.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Organisations in the register.
    pub organisations: usize,
    /// Submitted returns, of the first organisations.
    pub submitted: usize,
    /// Drafts with full answers, of the next ones.
    pub drafts: usize,
}

/// What there is to ask for.
#[derive(Debug, Clone)]
pub struct World {
    /// Codes of the requirements, in order, each with the indicators that tick it as achieved.
    pub requirements: Vec<(String, Vec<String>)>,
    /// How large it is.
    pub size: Size,
}

impl World {
    /// The lead of a draft, from 0.
    pub fn lead_of_draft(&self, draft: usize) -> String {
        email(self.size.submitted + draft)
    }

    /// The code of the organisation of a draft, from 0.
    pub fn code_of_draft(&self, draft: usize) -> String {
        code(self.size.submitted + draft)
    }
}

/// The code of the organisation at a position.
pub fn code(position: usize) -> String {
    format!("ZB{position:05}")
}

/// The name of the organisation at a position.
fn name(position: usize) -> String {
    format!("Benchmark organisation number {position}")
}

/// The sector of the organisation at a position.
fn sector(position: usize) -> &'static str {
    let other = OTHERS.get(position % OTHERS.len()).filter(|_| position >= TRUSTS);
    other.copied().unwrap_or("nhs_trust")
}

/// The address of the lead of the organisation at a position.
pub fn email(position: usize) -> String {
    format!("lead.{position}@trust.example")
}

/// Puts rows into a table, many to a statement.
macro_rules! insert {
    ($tx:expr, $table:ident, $rows:expr) => {
        for some in $rows.chunks($crate::whole::world::AT_ONCE) {
            portal::each!($tx.conn(), c => diesel::insert_into($table::table).values(some).execute(c))?;
        }
    };
}

pub(crate) use insert;

/// What the returns have in common.
struct Year {
    edition: Edition,
    id: EditionId,
    collection: CollectionId,
    requirements: Vec<RequirementId>,
    now: Timestamp,
}

/// Makes the database at an empty target.
pub fn make(url: &str, size: Size) -> Result<World> {
    let target = Target::parse(url)?;
    db::migrate(&target)?;
    let db = Db::open(&target, 1, Arc::new(SystemClock))?;
    let [.., edition] = four_years(SampleStandard::Outcomes, SystemClock.now().london_day().date())?;
    let requirements =
        edition.requirements().iter().map(|one| (one.code.to_string(), achieved(one))).collect();
    let hash = identity::hash(&Password::new(PASSWORD)?, &SystemRandom)?;
    db.housekeep_now(Actor::system_reach(), move |tx| register(tx, size.organisations))?;
    db.housekeep_now(Actor::system_reach(), move |tx| people(tx, size, &hash))?;
    let year = Arc::new(db.housekeep_now(Actor::system_reach(), move |tx| begin(tx, edition))?);
    let all = size.submitted + size.drafts;
    for from in (0..all).step_by(AT_ONCE) {
        let year = Arc::clone(&year);
        let to = (from + AT_ONCE).min(all);
        db.housekeep_now(Actor::system_reach(), move |tx| returns(tx, &year, from..to, size))?;
    }
    db.housekeep_now(Actor::system_reach(), count_on)?;
    Ok(World { requirements, size })
}

fn register(tx: &mut Tx<'_>, organisations: usize) -> portal::platform::error::Result<()> {
    let now = tx.now();
    for (code, name) in REGIONS {
        let row = (region::code.eq(code), region::name.eq(name));
        portal::each!(tx.conn(), c => diesel::insert_into(region::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    let rows: Vec<OrganisationRow> = (0..organisations)
        .zip(REGIONS.iter().cycle())
        .map(|(position, (region, _))| {
            let name = name(position);
            OrganisationRow {
                id: OrganisationId::new(number(position)),
                code: code(position),
                search_name: name.to_lowercase(),
                name,
                sector: sector(position),
                region_code: region,
                postcode: format!("ZZ{} {}ZZ", position % 99, position % 9),
                opened_on: "2001-04-01",
                source: "benchmark",
                created_at: now,
                updated_at: now,
            }
        })
        .collect();
    insert!(tx, organisation, rows);
    Ok(())
}

/// A lead for every organisation with a return, and one reviewer.
fn people(tx: &mut Tx<'_>, size: Size, hash: &str) -> portal::platform::error::Result<()> {
    let now = tx.now();
    let leads = size.submitted + size.drafts;
    let person = |position: usize, name: String, email: String| PersonRow {
        id: PersonId::new(number(position)),
        name,
        email,
        password_hash: hash,
        state: "active",
        created_at: now,
    };
    let mut rows: Vec<PersonRow<'_>> =
        (0..leads).map(|position| person(position, format!("Lead {position}"), email(position))).collect();
    rows.push(person(leads, "Rowan Reviewer".to_owned(), REVIEWER.to_owned()));
    insert!(tx, person, rows);
    let members: Vec<MembershipRow> = (0..leads)
        .map(|position| MembershipRow {
            person_id: PersonId::new(number(position)),
            organisation_id: OrganisationId::new(number(position)),
            role: "ig_lead",
            granted_at: now,
        })
        .collect();
    insert!(tx, membership, members);
    diesel::insert_into(central_role::table)
        .values((
            central_role::person_id.eq(number(leads)),
            central_role::role.eq("central_reviewer"),
            central_role::granted_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A collection to be opened: its key and name, and the sectors that it asks with the profile of all of them.
pub struct Opened<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Whom it asks.
    pub sectors: &'a [&'a str],
    /// The profile of all of them; empty without one.
    pub profile: &'a str,
}

/// The edition and its collection, which has been open for a month.
pub fn open_collection(
    tx: &mut Tx<'_>,
    edition: &Edition,
    opened: &Opened<'_>,
) -> portal::platform::error::Result<(EditionId, CollectionId, Vec<RequirementId>)> {
    let (now, day) = (tx.now(), 86_400);
    let permit = Permit::<ImportEditionBySystem>::grant(&Actor::system(), Some(Subject::programme()))?;
    let id = *import_edition(tx, &permit, edition)?.value();
    begin_use(tx, id)?;
    let collection: CollectionId = diesel::insert_into(collection::table)
        .values((
            collection::edition_id.eq(id),
            collection::key.eq(opened.key),
            collection::name.eq(opened.name),
            collection::year_label.eq(edition.label()),
            collection::state.eq("open"),
            collection::opens_at.eq(now.plus_seconds(-30 * day)),
            collection::deadline_at.eq(now.plus_seconds(60 * day)),
            collection::closes_at.eq(now.plus_seconds(90 * day)),
            collection::created_at.eq(now.plus_seconds(-40 * day)),
            collection::opened_at.eq(Some(now.plus_seconds(-30 * day))),
        ))
        .returning(collection::id)
        .get_result(tx.conn())?;
    for sector in opened.sectors {
        diesel::insert_into(collection_scope::table)
            .values((
                collection_scope::collection_id.eq(collection),
                collection_scope::sector.eq(*sector),
                collection_scope::profile.eq(opened.profile),
            ))
            .execute(tx.conn())?;
    }
    Ok((id, collection, requirement_ids(tx.conn(), id)?.to_vec()))
}

fn begin(tx: &mut Tx<'_>, edition: Edition) -> portal::platform::error::Result<Year> {
    let sectors = [OTHERS.as_slice(), &["nhs_trust"]].concat();
    let opened =
        Opened { key: YEAR, name: "Annual return of the benchmark", sectors: &sectors, profile: "baseline" };
    let (id, collection, requirements) = open_collection(tx, &edition, &opened)?;
    Ok(Year { edition, id, collection, requirements, now: tx.now() })
}

fn returns(
    tx: &mut Tx<'_>,
    year: &Year,
    positions: std::ops::Range<usize>,
    size: Size,
) -> portal::platform::error::Result<()> {
    let mut rows = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for position in positions {
        let id = number(position);
        let sent = position < size.submitted;
        let (organisation_id, return_id) = (OrganisationId::new(id), ReturnId::new(id));
        let answers: Vec<Value> =
            year.edition.requirements().iter().map(|asked| value(asked, position)).collect();
        for (turn, (value, requirement)) in answers.iter().zip(&year.requirements).enumerate() {
            let answer = AnswerRow {
                id: AnswerId::new(number(position * year.requirements.len() + turn)),
                return_id,
                organisation_id,
                requirement_id: *requirement,
                value: to_string(value)?,
                comment: COMMENT.to_owned(),
                state: "confirmed",
                version: 1,
                updated_at: year.now,
                updated_by: Some(PersonId::new(id)),
            };
            rows.1.push(VersionRow {
                answer_id: answer.id,
                version: 1,
                organisation_id,
                value: answer.value.clone(),
                comment: answer.comment.clone(),
                state: "confirmed",
                saved_at: year.now,
                saved_by: answer.updated_by,
            });
            rows.0.push(answer);
        }
        rows.2.push(ReturnRow {
            id: return_id,
            organisation_id,
            collection_id: year.collection,
            edition_id: year.id,
            profile: "baseline",
            state: if sent { "submitted" } else { "draft" },
            opened_at: year.now.plus_seconds(-86_400),
            submission_id: sent.then_some(SubmissionId::new(id)),
        });
        if sent {
            let submission = submit(year, position, answers)?;
            rows.4.push(queue(year, position, size, &submission));
            rows.3.push(submission);
        }
    }
    insert!(tx, annual_return, rows.2);
    insert!(tx, answer, rows.0);
    insert!(tx, answer_version, rows.1);
    insert!(tx, submission, rows.3);
    insert!(tx, review, rows.4);
    Ok(())
}

/// A full answer. Every third organisation is a little behind in every fifth outcome.
fn value(asked: &Requirement, position: usize) -> Value {
    let behind = position.is_multiple_of(3) && asked.code.as_str().ends_with('b');
    let ticked = match &asked.kind {
        RequirementKind::Outcome { not_achieved, .. } if behind => {
            not_achieved.iter().map(|one| one.code.to_string()).take(1).collect()
        }
        _ => achieved(asked),
    };
    json!({ "indicators": ticked, "text": "The evidence is listed in the comment." })
}

fn achieved(asked: &Requirement) -> Vec<String> {
    match &asked.kind {
        RequirementKind::Outcome { achieved, .. } => {
            achieved.iter().map(|one| one.code.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// What the organisation at a position submits for a collection; without circumstances, and not signed.
pub fn snapshot(
    edition: &Edition,
    collection: &str,
    position: usize,
    answers: Vec<SnapshotAnswer>,
) -> Snapshot {
    Snapshot {
        v: 1,
        organisation: SnapshotOrganisation {
            code: code(position),
            name: name(position),
            sector: sector(position).to_owned(),
        },
        collection: collection.to_owned(),
        edition: SnapshotEdition {
            key: edition.key().to_string(),
            hash: edition.hash().to_hex(),
            rule_set: edition.rule_set().to_owned(),
        },
        profile: "baseline".to_owned(),
        answers,
        sign_offs: Vec::new(),
        reason: None,
        circumstances: None,
        filed_by: None,
    }
}

fn submit(
    year: &Year,
    position: usize,
    answers: Vec<Value>,
) -> portal::platform::error::Result<SubmissionRow> {
    let edition = &year.edition;
    let answers = edition
        .requirements()
        .iter()
        .zip(answers)
        .map(|(asked, value)| {
            debug_assert!(AnswerValue::parse(asked, &value).is_ok(), "{value}");
            SnapshotAnswer {
                requirement: asked.code.to_string(),
                value,
                comment: COMMENT.to_owned(),
                evidence: Vec::new(),
            }
        })
        .collect();
    let snapshot = snapshot(edition, YEAR, position, answers);
    let at = year.now;
    let score = score_of(&snapshot, edition, at.london_day())?;
    let text = to_string(&snapshot)?;
    let id = number(position);
    Ok(SubmissionRow {
        id: SubmissionId::new(id),
        return_id: ReturnId::new(id),
        organisation_id: OrganisationId::new(id),
        collection_id: year.collection,
        number: 1,
        submitted_by: Some(PersonId::new(id)),
        submitted_at: at,
        late: false,
        snapshot_hash: sha256(text.as_bytes()).to_vec(),
        snapshot: text,
        levels: score.levels_vector(),
        claimed_grade: score.grade.as_str().to_owned(),
        score: score.to_canonical_json(),
        rule_set: edition.rule_set().to_owned(),
    })
}

/// The submission's review: the first hundred are the reviewer's, the rest wait.
fn queue(year: &Year, position: usize, size: Size, sent: &SubmissionRow) -> ReviewRow {
    let claimed = position < 100;
    let reviewer = PersonId::new(number(size.submitted + size.drafts));
    let queued_at = sent.submitted_at;
    let due_at = queued_at.plus_seconds(86_400 * (10 + number(position) % 20));
    let times = (queued_at, due_at);
    ReviewRow {
        state: if claimed { "claimed" } else { "queued" },
        reviewer_id: claimed.then_some(reviewer),
        claimed_at: claimed.then_some(queued_at),
        ..ReviewRow::waiting(sent.id.get(), sent.organisation_id, year.collection, &sent.claimed_grade, times)
    }
}

/// The rows brought their own numbers: PostgreSQL must go on after them, and both plan by fresh statistics.
pub fn count_on(tx: &mut Tx<'_>) -> portal::platform::error::Result<()> {
    if let portal::platform::db::Conn::Postgres(conn) = tx.conn() {
        let tables = [
            "organisation",
            "person",
            "annual_return",
            "answer",
            "submission",
            "review",
            "evidence_piece",
            "evidence",
        ];
        for table in tables {
            // The second argument is never NULL, also where a table has no rows.
            diesel::sql_query(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            ))
            .execute(conn)?;
        }
        diesel::sql_query("ANALYZE").execute(conn)?;
    }
    Ok(())
}

/// The number of the row at a position.
pub fn number(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX - 1) + 1
}
