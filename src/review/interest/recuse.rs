//! A reviewer who gains a conflict of interest in the middle of a review: what they have in hand of that organisation, or
//! of one that belongs with it, goes back. Their decisions stay and are marked for the next reviewer.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Action, CentralRole, Permit};
use crate::identity::{self, ConflictCause};
use crate::ledger::{self, Event, Recorded};
use crate::platform::clock::Timestamp;
use crate::platform::db::{Conn, Tx};
use crate::platform::error::Result;
use crate::platform::ids::{OrganisationId, PersonId, RequirementId, ReviewId};
use crate::returns;
use crate::review::allocation::{GivenBack, given_back};
use crate::review::mail::{self, Links};
use crate::review::model::{ReviewState, Step};
use crate::review::store::{self, Review, moved_on};
use crate::schema::{review, review_decision, review_recusal};

/// Somebody who gave the review back because of a conflict, with what they had decided before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Recusal {
    /// When.
    pub at: Timestamp,
    /// What the conflict rested on.
    pub cause: ConflictCause,
    /// The requirements that they decided and nobody has decided again since.
    pub decided: Vec<RequirementId>,
}

/// Who gave a review back because of a conflict, in order.
pub(in crate::review) fn recusals_of(conn: &mut Conn, of: ReviewId) -> Result<Vec<Recusal>> {
    let rows: Vec<(PersonId, Timestamp, ConflictCause)> = review_recusal::table
        .filter(review_recusal::review_id.eq(of))
        .order(review_recusal::id)
        .select((review_recusal::person_id, review_recusal::recused_at, review_recusal::cause))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (person, at, cause) in rows {
        let decided = review_decision::table
            .filter(review_decision::review_id.eq(of))
            .filter(review_decision::decided_by.eq(person))
            .filter(review_decision::decided_at.le(at))
            .order(review_decision::requirement_id)
            .select(review_decision::requirement_id)
            .load(conn)?;
        found.push(Recusal { at, cause, decided });
    }
    Ok(found)
}

/// Gives back every open review that the person has in hand and must not have, and tells the programme managers.
pub(in crate::review) fn give_back_reviews<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    who: PersonId,
    cause: ConflictCause,
    links: &Links,
) -> Result<Vec<Recorded<ReviewId>>> {
    let day = tx.now().london_day();
    let barred = identity::conflicts_of(tx.conn(), who, day)?;
    let in_hand: Vec<(ReviewId, OrganisationId)> = review::table
        .filter(review::reviewer_id.eq(who))
        .filter(review::state.eq_any(ReviewState::OPEN.to_vec()))
        .order(review::id)
        .select((review::id, review::organisation_id))
        .load(tx.conn())?;
    let mut recorded = Vec::new();
    let mut told = Vec::new();
    for (id, organisation) in in_hand {
        if barred.contains_key(&organisation) {
            let as_read = store::review(tx.conn(), id)?;
            recorded.push(hand_back(tx, permit, &as_read, (who, cause))?);
            told.push((id, store::organisation_of(tx.conn(), organisation)?));
        }
    }
    if !told.is_empty() {
        tell(tx, who, &told, links)?;
    }
    Ok(recorded)
}

fn hand_back<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    of: &Review,
    (who, cause): (PersonId, ConflictCause),
) -> Result<Recorded<ReviewId>> {
    let next = of.state.after(Step::Recuse).ok_or_else(moved_on)?;
    store::hold(tx, of)?;
    let now = tx.now();
    diesel::update(review::table.filter(review::id.eq(of.id)))
        .set((
            review::state.eq(next),
            review::reviewer_id.eq(None::<PersonId>),
            review::claimed_at.eq(None::<Timestamp>),
            review::version.eq(review::version + 1),
        ))
        .execute(tx.conn())?;
    if next == ReviewState::Queued {
        returns::mark_released(tx, permit, of.return_id)?;
    }
    diesel::insert_into(review_recusal::table)
        .values((
            review_recusal::review_id.eq(of.id),
            review_recusal::organisation_id.eq(of.organisation),
            review_recusal::person_id.eq(who),
            review_recusal::cause.eq(cause),
            review_recusal::recused_at.eq(now),
        ))
        .execute(tx.conn())?;
    let data = json!({"reviewer": who, "cause": cause, "from": of.state, "to": next});
    let event = Event::of(permit, "review_recused", format!("review/{}", of.id), data)
        .in_organisation(of.organisation);
    ledger::append(tx, &event, of.id)
}

fn tell(
    tx: &mut Tx<'_>,
    who: PersonId,
    reviews: &[(ReviewId, (String, String))],
    links: &Links,
) -> Result<()> {
    let Some((reviewer, _)) = store::address_of(tx.conn(), who)? else { return Ok(()) };
    let organisations: Vec<String> =
        reviews.iter().map(|(_, (code, name))| format!("{name} ({code})")).collect();
    let href = links.allocation();
    let stamp = tx.now().micros();
    for (person, name, to) in identity::central_holders(tx.conn(), &[CentralRole::ProgrammeManager])? {
        let about = GivenBack {
            to: &to,
            name: &name,
            reviewer: &reviewer,
            organisations: &organisations,
            href: &href,
        };
        mail::queue(tx, &given_back(&about), &format!("given-back-{who}-{stamp}-{person}"))?;
    }
    Ok(())
}
