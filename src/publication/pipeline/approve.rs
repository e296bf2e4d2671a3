//! Approval by a second person: not whoever composed the release, worded it, or submitted it.

use diesel::prelude::*;
use serde_json::json;

use super::checks::are_settled;
use super::gather::checks_of;
use super::store::{self, Course};
use super::{REASON_LIMIT, ask, settled};
use crate::access::{Action, ApproveRelease, Permit};
use crate::ledger::{self, Event, Recorded};
use crate::platform::canonical::{hex, sha256};
use crate::platform::db::Tx;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PersonId;
use crate::publication::release::{ReleaseSummary, Step};
use crate::publication::store::replace_paper;
use crate::schema::release_course;

/// Proof that a person had no hand in a release. Made only from its course, in the change that approves it.
#[derive(Debug)]
struct SecondPerson(PersonId);

impl SecondPerson {
    fn of<A: Action>(permit: &Permit<A>, course: &Course) -> Result<Self> {
        let person = permit.actor().id().ok_or_else(|| Error::broken("a release is approved by a person"))?;
        let hands = [course.composed_by, course.worded_by, course.checked_by];
        if hands.contains(&Some(person)) {
            return Err(Error::Forbidden(
                "You had a hand in this release yourself. It is approved by somebody else.".to_owned(),
            ));
        }
        Ok(Self(person))
    }
}

/// Approves it. The checks are made once more: what changed since it was submitted is not approved unseen. `paper` is the report
/// with the words that are approved, typeset before this change from the release as it is seen in it; with it the report is as
/// final as the figures.
///
/// # Errors
/// [`Error::Forbidden`] for whoever had a hand in it, [`Error::Invalid`] without a statement, [`Error::Refused`] where a
/// check is no longer settled, [`Error::Conflict`] when somebody else changed the release first.
pub fn approve_release(
    tx: &mut Tx<'_>,
    permit: &Permit<ApproveRelease>,
    found: &ReleaseSummary,
    statement: &str,
    paper: Option<&[u8]>,
) -> Result<Recorded<()>> {
    let (course, now) = (store::course(tx.conn(), found.id)?, tx.now());
    let second = SecondPerson::of(permit, &course)?;
    let mut problems = Vec::new();
    ask(&mut problems, "statement", statement, "Say what you have checked", REASON_LIMIT);
    settled(problems)?;
    if !are_settled(&checks_of(tx.conn(), found, &course, now)?) {
        return Err(Error::Refused(
            "A quality check has come out otherwise since the release was submitted. Send it back."
                .to_owned(),
        ));
    }
    store::move_on(tx.conn(), found, Step::Approve)?;
    diesel::update(release_course::table.filter(release_course::release_id.eq(found.id)))
        .set((
            release_course::approved_at.eq(Some(now)),
            release_course::approved_by.eq(Some(second.0)),
            release_course::statement.eq(statement),
        ))
        .execute(tx.conn())?;
    if let Some(paper) = paper {
        replace_paper(tx.conn(), found.id, paper)?;
    }
    let event = Event::of(
        permit,
        "release.approved",
        format!("release/{}", found.id),
        json!({
            "document": hex(&found.document_hash),
            "commentary_sha256": hex(&sha256(course.commentary.as_bytes())),
            "contact_sha256": hex(&sha256(course.contact.as_bytes())),
            "checks_sha256": hex(&sha256(course.checks.as_bytes())),
            "statement_sha256": hex(&sha256(statement.as_bytes())),
            "paper": paper.map(|paper| hex(&sha256(paper))),
        }),
    );
    ledger::append(tx, &event, ())
}
