//! Telling organisations that a correction changed their result: only those, and each once. The mail and the mark that it
//! was written are one change.

use diesel::prelude::*;
use serde_json::json;

use super::mail::{Told, told};
use super::model::Run;
use super::store;
use crate::access::{Actor, OrganisationRole, Permit, TellOfRules};
use crate::identity;
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrganisationId, RuleCorrectionId, SubmissionId};
use crate::platform::mail;
use crate::schema::{collection, corrected_result as table, organisation, submission};
use crate::standards::scoring::GradeKey;

/// The kind of the job that tells organisations; the payload is the correction's number.
pub(super) const TELL: &str = "corrections.tell";

/// Organisations that one change tells.
const CHUNK: i64 = 100;

/// Mails that are sent in a minute, so that other mail is not kept waiting.
const A_MINUTE: i64 = 300;

/// Who is told.
const WHO: [OrganisationRole; 3] =
    [OrganisationRole::IgLead, OrganisationRole::OrganisationAdministrator, OrganisationRole::Siro];

/// How many organisations are still to be told.
pub(super) fn left(conn: &mut Conn, of: RuleCorrectionId) -> Result<i64> {
    Ok(table::table
        .filter(table::correction_id.eq(of))
        .filter(table::run.eq(Run::Result.as_str()))
        .filter(table::changed.eq(true))
        .filter(table::told_at.is_null())
        .count()
        .get_result(conn)?)
}

/// One return whose organisation is to be told.
type Row = (
    (SubmissionId, OrganisationId, String, String, String, String),
    (bool, String, String, Option<String>, Option<String>),
);

/// Tells some of the organisations that are still to be told; how many.
///
/// # Errors
/// [`Error::Conflict`] when another worker told the last of them.
pub(super) fn tell_some(tx: &mut Tx<'_>, id: RuleCorrectionId, public_url: &str) -> Result<Recorded<usize>> {
    let found = store::correction(tx.conn(), id)?;
    let permit = Permit::<TellOfRules>::grant(&Actor::system(), Some(found.subject()))?;
    let rows: Vec<Row> = table::table
        .inner_join(submission::table.on(submission::id.eq(table::submission_id)))
        .inner_join(collection::table.on(collection::id.eq(submission::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(table::organisation_id)))
        .filter(table::correction_id.eq(id))
        .filter(table::run.eq(Run::Result.as_str()))
        .filter(table::changed.eq(true))
        .filter(table::told_at.is_null())
        .order(table::submission_id)
        .limit(CHUNK)
        .select((
            (
                table::submission_id,
                table::organisation_id,
                organisation::code,
                organisation::name,
                collection::key,
                collection::year_label,
            ),
            (
                table::is_final,
                table::old_claimed,
                table::new_claimed,
                table::old_assessed,
                table::new_assessed,
            ),
        ))
        .load(tx.conn())?;
    if rows.is_empty() {
        return Err(Error::Conflict("Every organisation has been told.".to_owned()));
    }
    let now = tx.now();
    for (place, row) in rows.iter().enumerate() {
        let place = i64::try_from(place).unwrap_or_default();
        one(tx, id, row, public_url, now.plus_seconds(place * 60 / A_MINUTE))?;
    }
    let these: Vec<SubmissionId> = rows.iter().map(|((submission, ..), _)| *submission).collect();
    diesel::update(
        table::table
            .filter(table::correction_id.eq(id))
            .filter(table::run.eq(Run::Result.as_str()))
            .filter(table::submission_id.eq_any(these)),
    )
    .set(table::told_at.eq(Some(now)))
    .execute(tx.conn())?;
    let data = json!({"organisations": rows.len(), "rule_set": found.rule_set});
    let event = Event::of(&permit, "told_of_rules", format!("rule-correction/{id}"), data);
    ledger::append(tx, &event, rows.len())
}

fn one(
    tx: &mut Tx<'_>,
    id: RuleCorrectionId,
    ((submission, whose, code, name, year, label), result): &Row,
    public_url: &str,
    not_before: Timestamp,
) -> Result<()> {
    let (is_final, old, new, old_assessed, new_assessed) = result;
    let words = |claimed: &str, assessed: &Option<String>| {
        let key = assessed.as_deref().filter(|_| *is_final).unwrap_or(claimed);
        GradeKey::parse(key).map_or_else(|| key.to_owned(), |grade| grade.label().to_owned())
    };
    let href = format!("{public_url}/organisations/{code}/returns/{year}/corrected");
    for (person, addressee, to) in identity::holders_of(tx.conn(), *whose, &WHO)? {
        let letter = told(&Told {
            to: &to,
            name: &addressee,
            organisation: name,
            year: label,
            old: &words(old, old_assessed),
            new: &words(new, new_assessed),
            href: &href,
        });
        let key = format!("rules-{id}-{submission}-{person}");
        mail::queue_for(tx, &letter, &key, not_before)?;
    }
    Ok(())
}
