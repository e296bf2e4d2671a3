//! A submission was taken back by its organisation: its review leaves the queue, and whoever works on it is told.

use diesel::prelude::*;
use serde_json::json;

use super::mail::{self, Links, Withdrawn};
use super::model::Step;
use super::store::{self, Review, moved_on};
use crate::access::{Permit, WithdrawReview};
use crate::ledger::{self, Event, Recorded};
use crate::platform::db::Tx;
use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::schema::{annual_return, collection, organisation, person, review};

/// Takes the permit's review out of work. What was decided in it stays beside the submission.
///
/// # Errors
/// [`crate::platform::error::Error::Conflict`] when it is final or was moved meanwhile.
pub fn withdraw_review(
    tx: &mut Tx<'_>,
    permit: &Permit<WithdrawReview>,
    as_read: &Review,
    links: &Links,
) -> Result<Recorded<()>> {
    let next = as_read.state.after(Step::Withdraw).ok_or_else(moved_on)?;
    store::hold(tx, as_read)?;
    diesel::update(review::table.filter(review::id.eq(as_read.id)))
        .set((review::state.eq(next), review::version.eq(review::version + 1)))
        .execute(tx.conn())?;
    super::queries::end_with_review(tx, as_read.id)?;
    super::consistency::end_with_review(tx, as_read.id)?;
    tell(tx, as_read, links)?;
    let data = json!({"from": as_read.state, "submission": as_read.submission});
    let event = Event::of(permit, "review_withdrawn", format!("review/{}", as_read.id), data)
        .in_organisation(as_read.organisation);
    ledger::append(tx, &event, ())
}

/// The reviewers who had it in hand.
fn tell(tx: &mut Tx<'_>, of: &Review, links: &Links) -> Result<()> {
    let hands: Vec<PersonId> = [of.reviewer, of.second_reviewer].into_iter().flatten().collect();
    if hands.is_empty() {
        return Ok(());
    }
    let (name, year): (String, String) = annual_return::table
        .inner_join(collection::table.on(collection::id.eq(annual_return::collection_id)))
        .inner_join(organisation::table.on(organisation::id.eq(annual_return::organisation_id)))
        .filter(annual_return::id.eq(of.return_id))
        .select((organisation::name, collection::year_label))
        .first(tx.conn())?;
    let people: Vec<(PersonId, String, String)> = person::table
        .filter(person::id.eq_any(hands))
        .order(person::id)
        .select((person::id, person::name, person::email))
        .load(tx.conn())?;
    let href = links.review(of.id);
    for (whom, reviewer, to) in people {
        let about = Withdrawn { to: &to, name: &reviewer, organisation: &name, year: &year, href: &href };
        mail::queue(tx, &mail::withdrawn(&about), &format!("review-withdrawn-{}-{whom}", of.id))?;
    }
    Ok(())
}
