//! What a return takes up where its organisation submitted nothing in the collection before: the answers stored there, or what
//! it last said in an earlier collection, followed along the mappings to the edition before. Fixed when the return is started.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::Value;

use super::carry::{LeftBehind, passed_on, says_something};
use crate::collections::{self, Collection};
use crate::platform::canonical::to_string;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{CollectionId, EditionId, OrganisationId, RequirementId, ReturnId, SubmissionId};
use crate::returns::content::evidence;
use crate::returns::model::{SnapshotAnswer, StoredAnswer};
use crate::returns::store;
use crate::returns::submission::submission;
use crate::schema::{annual_return, carried_before};
use crate::standards::mapping::{change_of, compared_with};
use crate::standards::stored_edition;

/// An earlier return whose answers are taken up.
#[derive(Debug)]
pub struct EarlierReturn {
    /// Its row.
    pub id: ReturnId,
    /// Its newest submission; none where it was never submitted.
    pub submission: Option<SubmissionId>,
    /// What it says, as answers to the edition before the one that is started.
    pub answers: Vec<SnapshotAnswer>,
    /// What no question took the place of on the way there.
    pub left: Vec<LeftBehind>,
}

/// What the organisation last said before this collection, for one that submitted nothing in the collection before it: the
/// nearest collection counts in which there is a submission or a stored answer.
///
/// # Errors
/// When the database cannot be asked, or something stored cannot be read.
pub fn earlier_of(conn: &mut Conn, of: &Collection, whose: OrganisationId) -> Result<Option<EarlierReturn>> {
    let mut editions: Vec<EditionId> = Vec::new();
    let mut next = of.previous_id;
    while let Some(id) = next {
        let one = collections::collection(conn, id)?;
        let found = match store::newest_submission(conn, whose, id)? {
            Some(sent) => Some(sent_in(conn, sent)?),
            None => stored_in(conn, whose, id)?,
        };
        editions.push(one.edition_id);
        if let Some(found) = found {
            return followed(conn, found, &editions).map(Some);
        }
        next = one.previous_id;
    }
    Ok(None)
}

fn sent_in(conn: &mut Conn, id: SubmissionId) -> Result<EarlierReturn> {
    let sent = submission(conn, id)?;
    let answers = sent.parsed()?.answers;
    Ok(EarlierReturn { id: sent.return_id, submission: Some(id), answers, left: Vec::new() })
}

/// What is stored with a return that was never submitted, whoever had confirmed it; none where nothing is.
fn stored_in(conn: &mut Conn, whose: OrganisationId, of: CollectionId) -> Result<Option<EarlierReturn>> {
    let found: Option<(ReturnId, EditionId)> = annual_return::table
        .filter(annual_return::organisation_id.eq(whose))
        .filter(annual_return::collection_id.eq(of))
        .select((annual_return::id, annual_return::edition_id))
        .first(conn)
        .optional()?;
    let Some((id, edition)) = found else { return Ok(None) };
    let edition = stored_edition(conn, edition)?;
    let files = store::attached(conn, id, None)?;
    let stored: HashMap<RequirementId, StoredAnswer> =
        store::answers(conn, id)?.into_iter().map(|answer| (answer.requirement, answer)).collect();
    let mut answers = Vec::new();
    for (requirement, row) in edition.edition().requirements().iter().zip(edition.requirement_ids().iter()) {
        let own = stored.get(row);
        let value: Value = match own {
            None => Value::Null,
            Some(own) => serde_json::from_str(&own.value).map_err(|e| {
                Error::internal(format!("failed to read the answer to {}", requirement.code), e)
            })?,
        };
        let said = SnapshotAnswer {
            requirement: requirement.code.to_string(),
            value,
            comment: own.map(|own| own.comment.clone()).unwrap_or_default(),
            evidence: files.iter().filter(|file| file.requirement == *row).map(evidence).collect(),
        };
        if says_something(&said) || !said.evidence.is_empty() {
            answers.push(said);
        }
    }
    let there = !answers.is_empty();
    Ok(there.then(|| EarlierReturn { id, submission: None, answers, left: Vec::new() }))
}

/// Follows answers from the last of these editions, the newest of which comes first, to the first.
fn followed(conn: &mut Conn, mut found: EarlierReturn, editions: &[EditionId]) -> Result<EarlierReturn> {
    for (to, from) in editions.iter().zip(editions.iter().skip(1)).rev() {
        if to == from {
            continue;
        }
        let to = stored_edition(conn, *to)?;
        let with = compared_with(conn, *from, &to)?;
        let change = change_of(conn, &with, &to)?;
        let (answers, left) = passed_on(&found.answers, &change)?;
        found.answers = answers;
        found.left.extend(left);
    }
    Ok(found)
}

/// Keeps with a return what it was started from. Part of starting it.
pub fn keep(tx: &mut Tx<'_>, (of, whose): (ReturnId, OrganisationId), earlier: &EarlierReturn) -> Result<()> {
    let now = tx.now();
    diesel::insert_into(carried_before::table)
        .values((
            carried_before::return_id.eq(of),
            carried_before::organisation_id.eq(whose),
            carried_before::from_return_id.eq(earlier.id),
            carried_before::submission_id.eq(earlier.submission),
            carried_before::answers.eq(to_string(&earlier.answers)?),
            carried_before::left_behind.eq(to_string(&earlier.left)?),
            carried_before::taken_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}
