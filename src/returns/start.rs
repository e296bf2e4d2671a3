//! Starting a return: last year's answers are carried forward to be confirmed, and nothing of them is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::{Value, json};

use super::library;
use super::model::{AnswerState, ReturnState, Snapshot, SnapshotAnswer};
use super::store;
use super::submission::submission;
use super::words::words;
use crate::access::{Action, Permit};
use crate::collections::{self, Collection};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::to_string;
use crate::platform::clock::Timestamp;
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{EvidenceId, OrganisationId, PieceId, RequirementId, ReturnId, SubmissionId};
use crate::schema::{annual_return, answer, answer_evidence, evidence, evidence_piece};
use crate::standards::{self, AnswerValue, StoredEdition};

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
    let id: ReturnId = diesel::insert_into(annual_return::table)
        .values((
            annual_return::organisation_id.eq(organisation),
            annual_return::collection_id.eq(of.id),
            annual_return::edition_id.eq(of.edition_id),
            annual_return::profile.eq(&profile),
            annual_return::state.eq(ReturnState::Draft),
            annual_return::opened_at.eq(now),
        ))
        .returning(annual_return::id)
        .get_result(tx.conn())?;
    let edition = standards::stored_edition(tx.conn(), of.edition_id)?;
    let carried = carry_forward(tx, of, organisation, id, &edition)?;
    let data = json!({
        "collection": of.key,
        "profile": profile,
        "carried_from": carried.from,
        "carried": carried.answers,
        "not_fitting": carried.as_text,
    });
    ledger::append(tx, &Event::of(permit, "return_started", format!("return/{id}"), data), id)
}

/// What was carried forward.
#[derive(Debug, Default)]
struct Carried {
    from: Option<SubmissionId>,
    answers: usize,
    /// Of those, the ones that fit this year's question no more and became text.
    as_text: usize,
}

fn carry_forward(
    tx: &mut Tx<'_>,
    of: &Collection,
    whose: OrganisationId,
    into: ReturnId,
    edition: &StoredEdition,
) -> Result<Carried> {
    let Some(previous) = of.previous_id else { return Ok(Carried::default()) };
    let Some(from) = store::newest_submission(tx.conn(), whose, previous)? else {
        return Ok(Carried::default());
    };
    let snapshot = submission(tx.conn(), from)?.parsed()?;
    let earlier = standards::edition_by_key(tx.conn(), &snapshot.edition.key)?.map(|(stored, _)| stored);
    let mut carried = Carried { from: Some(from), ..Carried::default() };
    let mut rows = Vec::new();
    for old in snapshot.answers.iter().filter(|old| !old.value.is_null() || !old.comment.is_empty()) {
        let Some(to) = edition.requirement_id(&old.requirement) else { continue };
        let (value, comment, fits) = fit(old, edition, earlier.as_ref())?;
        carried.answers += 1;
        carried.as_text += usize::from(!fits);
        rows.push((to, value, comment));
    }
    insert_answers(tx, (into, whose, from), &rows)?;
    link_evidence(tx, (into, whose), &snapshot, edition)?;
    Ok(carried)
}

/// The old answer as an answer to this year's question; where it is none, its words join the comment.
fn fit(
    old: &SnapshotAnswer,
    edition: &StoredEdition,
    earlier: Option<&Arc<StoredEdition>>,
) -> Result<(String, String, bool)> {
    if old.value.is_null() {
        return Ok(("null".to_owned(), old.comment.clone(), true));
    }
    let now_asked = edition.edition().requirement(&old.requirement);
    if let Some(Ok(value)) = now_asked.map(|asked| AnswerValue::parse(asked, &old.value)) {
        return Ok((to_string(&value.to_json())?, old.comment.clone(), true));
    }
    let said = earlier
        .and_then(|stored| stored.edition().requirement(&old.requirement))
        .and_then(|asked| Some(words(asked, &AnswerValue::parse(asked, &old.value).ok()?).join("\n")));
    let said = match said {
        Some(said) => said,
        None => to_string(&old.value)?,
    };
    let note =
        format!("The question has changed, so last year's answer could not be carried over. It was:\n{said}");
    let comment = if old.comment.is_empty() { note } else { format!("{}\n\n{note}", old.comment) };
    Ok(("null".to_owned(), comment, false))
}

fn insert_answers(
    tx: &mut Tx<'_>,
    (into, whose, from): (ReturnId, OrganisationId, SubmissionId),
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

/// Last year's files stand beside the answers that are to be confirmed; they are linked, not copied.
fn link_evidence(
    tx: &mut Tx<'_>,
    (into, whose): (ReturnId, OrganisationId),
    snapshot: &Snapshot,
    edition: &StoredEdition,
) -> Result<()> {
    let wanted: Vec<(RequirementId, EvidenceId)> = snapshot
        .answers
        .iter()
        .filter_map(|old| Some((edition.requirement_id(&old.requirement)?, &old.evidence)))
        .flat_map(|(to, files)| files.iter().map(move |file| (to, file.id)))
        .collect();
    let ids: Vec<EvidenceId> = wanted.iter().map(|(_, id)| *id).collect();
    let held = kept_now(tx, whose, ids)?;
    let now: Timestamp = tx.now();
    let links: BTreeSet<(RequirementId, EvidenceId)> =
        wanted.into_iter().filter_map(|(to, id)| Some((to, *held.get(&id)?))).collect();
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
    tx: &mut Tx<'_>,
    whose: OrganisationId,
    ids: Vec<EvidenceId>,
) -> Result<BTreeMap<EvidenceId, EvidenceId>> {
    let of: Vec<(EvidenceId, PieceId)> = evidence::table
        .inner_join(evidence_piece::table.on(evidence_piece::id.eq(evidence::piece_id)))
        .filter(evidence::organisation_id.eq(whose))
        .filter(evidence::id.eq_any(ids))
        .filter(evidence_piece::removed_at.is_null())
        .select((evidence::id, evidence_piece::id))
        .load(tx.conn())?;
    let pieces: Vec<PieceId> = of.iter().map(|(_, piece)| *piece).collect();
    let newest = library::newest(tx.conn(), &pieces)?;
    Ok(of.into_iter().filter_map(|(id, piece)| Some((id, newest.get(&piece)?.id))).collect())
}

/// The value as canonical JSON, or `null`.
///
/// # Errors
/// When it does not serialise.
pub(super) fn stored_value(value: Option<&AnswerValue>) -> Result<String> {
    value.map_or(Ok("null".to_owned()), |value| to_string::<Value>(&value.to_json()))
}
