//! An explanation of what a quality check found. Checks that failed cannot be explained away.

use diesel::prelude::*;
use serde_json::json;

use super::{REASON_LIMIT, ask, settled, store};
use crate::access::{Permit, WordRelease};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::publication::pipeline::checks::Outcome;
use crate::publication::pipeline::gather::checks_of;
use crate::publication::release::ReleaseSummary;
use crate::schema::release_explanation;

/// Explains what a check found.
///
/// # Errors
/// [`Error::Invalid`] without words, [`Error::Refused`] where there is nothing to explain or nothing that could be,
/// [`Error::Conflict`] when somebody else changed the release first.
pub fn explain_check(
    tx: &mut Tx<'_>,
    permit: &Permit<WordRelease>,
    found: &ReleaseSummary,
    key: &str,
    explanation: &str,
) -> Result<Recorded<()>> {
    let mut problems = Vec::new();
    ask(&mut problems, "explanation", explanation, "Explain what was found", REASON_LIMIT);
    settled(problems)?;
    let (course, now) = (store::course(tx.conn(), found.id)?, tx.now());
    let check = checks_of(tx.conn(), found, &course, now)?.into_iter().find(|check| check.key == key);
    match check.ok_or(Error::NotFound)?.outcome {
        Outcome::Unexplained | Outcome::Explained => {}
        Outcome::Passed => return Err(Error::Refused("There is nothing to explain any more.".to_owned())),
        Outcome::Failed => {
            return Err(Error::Refused("This cannot be explained: it must be mended.".to_owned()));
        }
    }
    store::touch(tx.conn(), found)?;
    let row = (
        release_explanation::release_id.eq(found.id),
        release_explanation::check_key.eq(key),
        release_explanation::explanation.eq(explanation),
        release_explanation::explained_at.eq(now),
        release_explanation::explained_by.eq(permit.actor().id()),
    );
    let old = release_explanation::table
        .filter(release_explanation::release_id.eq(found.id))
        .filter(release_explanation::check_key.eq(key));
    diesel::delete(old).execute(tx.conn())?;
    diesel::insert_into(release_explanation::table).values(row).execute(tx.conn())?;
    let event = Event::of(
        permit,
        "release.check_explained",
        format!("release/{}", found.id),
        json!({"check": key, "explanation_sha256": hex(&sha256(explanation.as_bytes()))}),
    );
    ledger::append(tx, &event, ())
}
