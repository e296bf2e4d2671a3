//! The return of a large trust: a standard of well over a hundred requirements, all of them answered, shared out among
//! twenty owners, with a hundred pieces in the evidence library that stand beside three answers each.

use std::sync::Arc;

use diesel::prelude::*;
use portal::access::Actor;
use portal::demo::editions::{SampleStandard, four_years};
use portal::identity::{self, Password};
use portal::platform::canonical::{sha256, to_string};
use portal::platform::clock::{Clock, SystemClock, Timestamp};
use portal::platform::db::{Db, Target, Tx};
use portal::platform::ids::{
    AnswerId, EvidenceId, OrganisationId, PersonId, PieceId, RequirementId, ReturnId,
};
use portal::platform::random::SystemRandom;
use portal::schema::{
    annual_return, answer, answer_evidence, answer_owner, answer_version, evidence, evidence_piece,
    membership, person,
};
use portal::standards::{Asked, Edition, ItemKind, Requirement, RequirementKind, SectorKey};
use serde_json::{Value, json};

use super::rows::{AnswerRow, MembershipRow, PersonRow, ReturnRow, VersionRow};
use super::world::{COMMENT, Opened, PASSWORD, Size, code, count_on, email, insert, number, open_collection};
use crate::driver::Result;

/// The key of its collection.
pub const LARGE_YEAR: &str = "bench-large";
/// Colleagues to whom requirements were given.
pub const OWNERS: usize = 20;
/// Pieces in the library.
pub const PIECES: usize = 100;
/// Answers that each piece stands beside.
const BESIDE: usize = 3;

/// What there is to ask for.
#[derive(Debug, Clone)]
pub struct Large {
    /// The address of the return's task list.
    pub path: String,
    /// The lead's address.
    pub lead: String,
    /// The codes of the requirements that are asked, in order.
    pub codes: Vec<String>,
    /// Of those, the ones answered in words.
    pub in_words: Vec<String>,
}

#[derive(Insertable)]
#[diesel(table_name = answer_owner, treat_none_as_default_value = false)]
struct OwnerRow {
    return_id: ReturnId,
    requirement_id: RequirementId,
    organisation_id: OrganisationId,
    person_id: PersonId,
    due_on: &'static str,
    given_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = evidence_piece, treat_none_as_default_value = false)]
struct PieceRow {
    id: PieceId,
    organisation_id: OrganisationId,
    title: String,
    search: String,
    classification: &'static str,
    owner_id: Option<PersonId>,
    valid_to: Option<&'static str>,
    created_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = evidence, treat_none_as_default_value = false)]
struct EvidenceRow {
    id: EvidenceId,
    organisation_id: OrganisationId,
    piece_id: PieceId,
    number: i64,
    file_name: String,
    media_type: &'static str,
    size_bytes: i64,
    sha256: Vec<u8>,
    uploaded_at: Timestamp,
}

#[derive(Insertable)]
#[diesel(table_name = answer_evidence, treat_none_as_default_value = false)]
struct BesideRow {
    return_id: ReturnId,
    requirement_id: RequirementId,
    evidence_id: EvidenceId,
    organisation_id: OrganisationId,
    linked_at: Timestamp,
}

/// Makes the return beside what [`super::world::make`] made, for the first trust that has none.
pub fn make(url: &str, size: Size) -> Result<Large> {
    let db = Db::open(&Target::parse(url)?, 1, Arc::new(SystemClock))?;
    let [.., edition] = four_years(SampleStandard::Assertions, SystemClock.now().london_day().date())?;
    let position = size.submitted + size.drafts;
    let sector = SectorKey::new("nhs_trust").map_err(|e| e.to_string())?;
    let asked: Vec<bool> =
        edition.asked_of(sector, None).iter().map(|asked| *asked != Asked::NotAsked).collect();
    let put: Vec<Requirement> = edition
        .requirements()
        .iter()
        .zip(&asked)
        .filter(|(_, asked)| **asked)
        .map(|(one, _)| one.clone())
        .collect();
    let code_of = |one: &Requirement| one.code.to_string();
    let in_words =
        |one: &&Requirement| matches!(one.kind, RequirementKind::Item { item: ItemKind::Text, .. });
    let large = Large {
        path: format!("/organisations/{}/returns/{LARGE_YEAR}", code(position)),
        lead: email(position),
        codes: put.iter().map(code_of).collect(),
        in_words: put.iter().filter(in_words).map(code_of).collect(),
    };
    let hash = identity::hash(&Password::new(PASSWORD)?, &SystemRandom)?;
    db.housekeep_now(Actor::system_reach(), move |tx| {
        let owners = people(tx, position, &hash)?;
        let (id, requirements) = begin(tx, &edition, position)?;
        let put: Vec<(RequirementId, &Requirement)> = requirements
            .into_iter()
            .zip(edition.requirements())
            .zip(asked)
            .filter_map(|(pair, asked)| asked.then_some(pair))
            .collect();
        answers(tx, (id, position), &put)?;
        share_out(tx, (id, position), &owners, &put)?;
        library(tx, (id, position), &owners, &put)?;
        count_on(tx)
    })?;
    Ok(large)
}

/// The lead and the owners, who come after everybody else.
fn people(tx: &mut Tx<'_>, position: usize, hash: &str) -> portal::platform::error::Result<Vec<PersonId>> {
    let now = tx.now();
    let first = 1_000_000 + position;
    let ids: Vec<PersonId> = (0..=OWNERS).map(|turn| PersonId::new(number(first + turn))).collect();
    let rows: Vec<PersonRow<'_>> = ids
        .iter()
        .enumerate()
        .map(|(turn, id)| PersonRow {
            id: *id,
            name: if turn == 0 { "Lee Lead".to_owned() } else { format!("Owner number {turn}") },
            email: if turn == 0 { email(position) } else { format!("owner.{turn}@trust.example") },
            password_hash: hash,
            state: "active",
            created_at: now,
        })
        .collect();
    insert!(tx, person, rows);
    let members: Vec<MembershipRow> = ids
        .iter()
        .enumerate()
        .map(|(turn, id)| MembershipRow {
            person_id: *id,
            organisation_id: OrganisationId::new(number(position)),
            role: if turn == 0 { "ig_lead" } else { "contributor" },
            granted_at: now,
        })
        .collect();
    insert!(tx, membership, members);
    Ok(ids.into_iter().skip(1).collect())
}

/// The collection, open for a month, and the return in it.
fn begin(
    tx: &mut Tx<'_>,
    edition: &Edition,
    position: usize,
) -> portal::platform::error::Result<(ReturnId, Vec<RequirementId>)> {
    let opened = Opened {
        key: LARGE_YEAR,
        name: "Annual return of a large trust",
        sectors: &["nhs_trust"],
        profile: "",
    };
    let (edition_id, collection_id, requirements) = open_collection(tx, edition, &opened)?;
    let id = ReturnId::new(number(position));
    let row = [ReturnRow {
        id,
        organisation_id: OrganisationId::new(number(position)),
        collection_id,
        edition_id,
        profile: "",
        state: "draft",
        opened_at: tx.now().plus_seconds(-20 * 86_400),
        submission_id: None,
    }];
    insert!(tx, annual_return, row);
    Ok((id, requirements))
}

fn answers(
    tx: &mut Tx<'_>,
    (return_id, position): (ReturnId, usize),
    put: &[(RequirementId, &Requirement)],
) -> portal::platform::error::Result<()> {
    let now = tx.now();
    let organisation_id = OrganisationId::new(number(position));
    let mut rows = (Vec::new(), Vec::new());
    for (turn, (requirement_id, asked)) in put.iter().enumerate() {
        let row = AnswerRow {
            id: AnswerId::new(number(10_000_000 + turn)),
            return_id,
            organisation_id,
            requirement_id: *requirement_id,
            value: to_string(&value(asked))?,
            comment: COMMENT.to_owned(),
            state: "confirmed",
            version: 1,
            updated_at: now,
            updated_by: None,
        };
        rows.1.push(VersionRow {
            answer_id: row.id,
            version: 1,
            organisation_id,
            value: row.value.clone(),
            comment: row.comment.clone(),
            state: "confirmed",
            saved_at: now,
            saved_by: None,
        });
        rows.0.push(row);
    }
    insert!(tx, answer, rows.0);
    insert!(tx, answer_version, rows.1);
    Ok(())
}

fn value(asked: &Requirement) -> Value {
    match &asked.kind {
        RequirementKind::Item { item, .. } => match item {
            ItemKind::Text => json!({ "text": "We check this every quarter and write down what we find." }),
            ItemKind::YesNo => json!({ "yes_no": true }),
            ItemKind::Date => json!({ "date": "2026-09-30" }),
            ItemKind::Confirmation => json!({ "confirmed": true }),
            ItemKind::Document => json!({ "documents": true }),
        },
        _ => Value::Null,
    }
}

fn share_out(
    tx: &mut Tx<'_>,
    (return_id, position): (ReturnId, usize),
    owners: &[PersonId],
    put: &[(RequirementId, &Requirement)],
) -> portal::platform::error::Result<()> {
    let now = tx.now();
    let rows: Vec<OwnerRow> = put
        .iter()
        .zip(owners.iter().cycle())
        .map(|((requirement_id, _), owner)| OwnerRow {
            return_id,
            requirement_id: *requirement_id,
            organisation_id: OrganisationId::new(number(position)),
            person_id: *owner,
            due_on: "2099-03-31",
            given_at: now,
        })
        .collect();
    insert!(tx, answer_owner, rows);
    Ok(())
}

/// A hundred pieces. Their files need not be there: pages show what the library says of them.
fn library(
    tx: &mut Tx<'_>,
    (return_id, position): (ReturnId, usize),
    owners: &[PersonId],
    put: &[(RequirementId, &Requirement)],
) -> portal::platform::error::Result<()> {
    let now = tx.now();
    let organisation_id = OrganisationId::new(number(position));
    let pieces: Vec<PieceRow> = (0..PIECES)
        .zip(owners.iter().cycle())
        .map(|(turn, owner)| PieceRow {
            id: PieceId::new(number(turn)),
            organisation_id,
            title: format!("Paper number {turn} of the information governance group"),
            search: format!("paper number {turn} of the information governance group"),
            classification: "official",
            owner_id: Some(*owner),
            valid_to: turn.is_multiple_of(2).then_some("2099-12-31"),
            created_at: now,
        })
        .collect();
    let versions: Vec<EvidenceRow> = pieces
        .iter()
        .enumerate()
        .map(|(turn, piece)| EvidenceRow {
            id: EvidenceId::new(number(turn)),
            organisation_id,
            piece_id: piece.id,
            number: 1,
            file_name: format!("paper-{turn}.pdf"),
            media_type: "application/pdf",
            size_bytes: 250_000,
            sha256: sha256(format!("paper {turn}").as_bytes()).to_vec(),
            uploaded_at: now,
        })
        .collect();
    let beside: Vec<BesideRow> = versions
        .iter()
        .cycle()
        .zip(put.iter().cycle())
        .take(PIECES * BESIDE)
        .map(|(version, (requirement_id, _))| BesideRow {
            return_id,
            requirement_id: *requirement_id,
            evidence_id: version.id,
            organisation_id,
            linked_at: now,
        })
        .collect();
    insert!(tx, evidence_piece, pieces);
    insert!(tx, evidence, versions);
    insert!(tx, answer_evidence, beside);
    Ok(())
}
