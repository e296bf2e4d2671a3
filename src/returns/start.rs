//! Starting a return: last year's answers are carried forward to be confirmed, and nothing of them is lost.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};

use super::editions::{Before, EarlierReturn, Taken, before_of, earlier_of, keep_earlier, taken};
use super::library;
use super::model::{AnswerState, ReturnState};
use super::sites;
use super::store;
use super::submission::submission;
use crate::access::{Action, Permit};
use crate::collections::{self, Collection};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PieceId, RequirementId, ReturnId, SubmissionId};
use crate::schema::{annual_return, answer, answer_evidence, evidence, evidence_piece};
use crate::standards::{self, AnswerValue, Asked, ProfileKey, StoredEdition};

/// Rows inserted with one statement.
const BATCH: usize = 200;

/// Starts the return of the permit's organisation.
///
/// # Errors
/// [`Error::Refused`] when the collection is not open or does not ask this kind of organisation;
/// [`Error::Conflict`] when the return has been started already.
pub fn start_return<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: &Collection,
) -> Result<Recorded<ReturnId>> {
    let organisation = permit.organisation()?;
    let now = tx.now();
    let more_time = collections::extension_of(tx.conn(), of.id, organisation)?;
    if !of.takes_returns(now, more_time) {
        return Err(Error::Refused(format!("The collection {} is not open.", of.name)));
    }
    let sector = store::sector_of(tx.conn(), organisation)?;
    let Some(profile) = collections::profile_for(tx.conn(), of.id, &sector)? else {
        return Err(Error::Refused(format!("The collection {} does not ask your organisation.", of.name)));
    };
    let edition = standards::stored_edition(tx.conn(), of.edition_id)?;
    let before = before_of(tx.conn(), of, organisation, &edition)?;
    let earlier = match &before {
        Some(before) if before.submission.is_none() => earlier_of(tx.conn(), of, organisation)?,
        _ => None,
    };
    let with = before.as_ref().map(|before| &before.with);
    let id: ReturnId = diesel::insert_into(annual_return::table)
        .values((
            annual_return::organisation_id.eq(organisation),
            annual_return::collection_id.eq(of.id),
            annual_return::edition_id.eq(of.edition_id),
            annual_return::profile.eq(&profile),
            annual_return::state.eq(ReturnState::Draft),
            annual_return::opened_at.eq(now),
            annual_return::before_edition_id.eq(with.map(|with| with.edition)),
            annual_return::before_submission_id.eq(before.as_ref().and_then(|before| before.submission)),
            annual_return::mapping_id.eq(with.and_then(|with| with.mapping)),
            annual_return::change_hash.eq(with.map(|with| with.hash.clone())),
        ))
        .returning(annual_return::id)
        .get_result(tx.conn())?;
    sites::note_own_return(tx, organisation, of.id, id)?;
    if let Some(earlier) = &earlier {
        keep_earlier(tx, (id, organisation), earlier)?;
    }
    let asked = asked_of(&edition, &sector, &profile)?;
    let whence = earlier.as_ref().map(|earlier| (earlier.id, earlier.submission));
    let carried = carry_forward(tx, (before.as_ref(), earlier), (id, organisation), &edition, &asked)?;
    let data = json!({
        "collection": of.key,
        "profile": profile,
        "carried_from": before.as_ref().and_then(|before| before.submission),
        "carried_from_return": whence.map(|(from, _)| from),
        "carried_from_earlier": whence.and_then(|(_, submission)| submission),
        "mapping": with.and_then(|with| with.mapping),
        "carried": carried.answers.len(),
        "not_fitting": carried.as_text,
        "to_decide": carried.to_decide,
    });
    ledger::append(tx, &Event::of(permit, "return_started", format!("return/{id}"), data), id)
}

/// What is put to an organisation of this sector and profile.
fn asked_of(edition: &StoredEdition, sector: &str, profile: &str) -> Result<Vec<Asked>> {
    let fault = |what: &str| format!("failed to read the {what} of a new return");
    let sector = sector.parse().map_err(|e| Error::internal(fault("sector"), e))?;
    let profile = if profile.is_empty() {
        None
    } else {
        Some(ProfileKey::new(profile).map_err(|e| Error::internal(fault("profile"), e))?)
    };
    Ok(edition.edition().asked_of(sector, profile.as_ref()))
}

fn carry_forward(
    tx: &mut Tx<'_>,
    (before, earlier): (Option<&Before>, Option<EarlierReturn>),
    (into, whose): (ReturnId, OrganisationId),
    edition: &StoredEdition,
    asked: &[Asked],
) -> Result<Taken> {
    let Some(before) = before else { return Ok(Taken::default()) };
    let (answers, from) = match (before.submission, earlier) {
        (Some(from), _) => (submission(tx.conn(), from)?.parsed()?.answers, Some(from)),
        (None, Some(earlier)) => (earlier.answers, earlier.submission),
        (None, None) => return Ok(Taken::default()),
    };
    let change = before.change(tx.conn(), edition)?;
    let carried = taken(&answers, &change, asked)?;
    let row = |at: usize| {
        let id = edition.requirement_ids().get(at).copied();
        id.ok_or_else(|| Error::broken("an answer was carried to no requirement"))
    };
    let mut rows = Vec::with_capacity(carried.answers.len());
    for answer in &carried.answers {
        rows.push((row(answer.to)?, answer.value.clone(), answer.comment.clone()));
    }
    insert_answers(tx, (into, whose, from), &rows)?;
    let wanted = carried.evidence.iter().map(|(at, id)| Ok((row(*at)?, *id))).collect::<Result<Vec<_>>>()?;
    let links = links_now(tx.conn(), whose, wanted)?;
    link_evidence(tx, (into, whose), links)?;
    Ok(carried)
}

pub(super) fn insert_answers(
    tx: &mut Tx<'_>,
    (into, whose, from): (ReturnId, OrganisationId, Option<SubmissionId>),
    rows: &[(RequirementId, String, String)],
) -> Result<()> {
    let now = tx.now();
    for batch in rows.chunks(BATCH) {
        let values: Vec<_> = batch
            .iter()
            .map(|(to, value, comment)| {
                (
                    answer::return_id.eq(into),
                    answer::organisation_id.eq(whose),
                    answer::requirement_id.eq(*to),
                    answer::value.eq(value.as_str()),
                    answer::comment.eq(comment.as_str()),
                    answer::state.eq(AnswerState::ToConfirm),
                    answer::version.eq(1_i64),
                    answer::carried_from_submission_id.eq(from),
                    answer::updated_at.eq(now),
                )
            })
            .collect();
        crate::each!(tx.conn(), c => diesel::insert_into(answer::table).values(values).execute(c))?;
    }
    diesel::sql_query(
        "INSERT INTO answer_version (answer_id, version, organisation_id, value, comment, state, saved_at) \
         SELECT id, version, organisation_id, value, comment, state, updated_at FROM answer WHERE return_id = $1",
    )
    .bind::<BigInt, _>(into)
    .execute(tx.conn())?;
    Ok(())
}

/// The links of earlier files to requirements, each to the newest version of its piece, if the library still has it.
pub(super) fn links_now(
    conn: &mut Conn,
    whose: OrganisationId,
    wanted: Vec<(RequirementId, EvidenceId)>,
) -> Result<BTreeSet<(RequirementId, EvidenceId)>> {
    let ids: Vec<EvidenceId> = wanted.iter().map(|(_, id)| *id).collect();
    let held = kept_now(conn, whose, ids)?;
    Ok(wanted.into_iter().filter_map(|(to, id)| Some((to, *held.get(&id)?))).collect())
}

/// Last year's files stand beside the answers that are to be confirmed; they are linked, not copied.
pub(super) fn link_evidence(
    tx: &mut Tx<'_>,
    (into, whose): (ReturnId, OrganisationId),
    links: BTreeSet<(RequirementId, EvidenceId)>,
) -> Result<()> {
    let now: Timestamp = tx.now();
    let rows: Vec<_> = links
        .into_iter()
        .map(|(to, id)| {
            (
                answer_evidence::return_id.eq(into),
                answer_evidence::requirement_id.eq(to),
                answer_evidence::evidence_id.eq(id),
                answer_evidence::organisation_id.eq(whose),
                answer_evidence::linked_at.eq(now),
            )
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        crate::each!(tx.conn(), c => diesel::insert_into(answer_evidence::table).values(batch).execute(c))?;
    }
    Ok(())
}

/// The newest versions of the pieces that these were versions of; what has left the library since is left out.
fn kept_now(
    conn: &mut Conn,
    whose: OrganisationId,
    ids: Vec<EvidenceId>,
) -> Result<BTreeMap<EvidenceId, EvidenceId>> {
    let of: Vec<(EvidenceId, PieceId)> = evidence::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(evidence::organisation_id.eq(whose))
        .filter(evidence::id.eq_any(ids))
        .filter(evidence_piece::removed_at.is_null())
        .select((evidence::id, evidence_piece::id))
        .load(conn)?;
    let pieces: Vec<PieceId> = of.iter().map(|(_, piece)| *piece).collect();
    let newest = library::newest(conn, &pieces)?;
    Ok(of.into_iter().filter_map(|(id, piece)| Some((id, newest.get(&piece)?.id))).collect())
}

/// The value as canonical JSON, or `null`.
///
/// # Errors
/// When it does not serialise.
pub(super) fn stored_value(value: Option<&AnswerValue>) -> Result<String> {
    value.map_or(Ok("null".to_owned()), |value| to_string::<Value>(&value.to_json()))
}
